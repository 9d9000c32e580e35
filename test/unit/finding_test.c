/* SPDX-License-Identifier: GPL-3.0-or-later */
/* finding_test.c - findings: identity, JSON there and back, order.
 *
 * The round trip is a property: random findings with hostile text are written,
 * read and written again; the record and the octets must be the same. A second
 * property changes single octets of good JSON: what is read then is never a
 * finding with a wrong id, and never a crash. The seed is fixed. */
#include "model/finding.h"
#include "base/buf.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <jansson.h>
#include <locale.h>
#include <math.h>

struct dice { u64 state; };

static u64 roll(struct dice *d)
{
	u64 z = d->state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

/* What an outsider might put where a name is expected. */
static const char *const pieces[] = {
	"www.example.com", "\\000\\255", "\"", "\\", "</script>", "\x1b[31m", "\n", "\t",
	"\x7f", "\xc2\x85", "\xe2\x80\xaegpj.exe", "\xe2\x80\x8b", "\xf3\xa0\x81\x81",
	"\xc3\xa9", "\xe4\xb8\xad\xe6\x96\x87", "\xf0\x9f\x98\x80", "\xff", "\xc0\x80",
	"\xed\xa0\x80", "%s%n", "'; DROP TABLE finding;--", "=cmd|' /C calc'!A0", " ",
};

static void text(struct dice *d, char *to, size_t size)
{
	size_t len = 0;

	to[0] = 0;
	for (u64 left = roll(d) % 9; left; left--) {
		const char *piece = pieces[roll(d) % COUNT(pieces)];
		int n = snprintf(to + len, size - len, "%s", piece);

		len += min_u64((u64)n, size - len - 1);
	}
}

static double number(struct dice *d)
{
	u64 bits = roll(d);
	double v;

	memcpy(&v, &bits, sizeof v);
	switch (roll(d) % 5) {
	case 0:
		return v;	/* any bits: NaN, infinities, denormals */
	case 1:
		return (double)(bits % 1000000);
	case 2:
		return (double)(bits % 1000) / 1000;
	case 3:
		return (double)bits;
	default:
		return -0.0;
	}
}

static void fill_lists(struct dice *d, struct finding *f)
{
	for (u64 n = roll(d) % (FINDING_FEATURES_MAX + 2); n; n--) {
		struct feature add = { .value = number(d), .threshold = number(d),
				       .rule = (u8)(roll(d) % FEATURE_RULE_COUNT) };

		text(d, add.name, sizeof add.name);
		text(d, add.unit, sizeof add.unit);
		text(d, add.help, sizeof add.help);
		finding_feature(f, &add);
	}
	for (u64 n = roll(d) % (FINDING_RELATED_MAX + 2); n; n--) {
		struct related add = { .amount = roll(d) >> 1 };

		text(d, add.role, sizeof add.role);
		text(d, add.name, sizeof add.name);
		text(d, add.note, sizeof add.note);
		finding_related(f, &add);
	}
	f->evidence_count = (u32)(roll(d) % (FINDING_EVIDENCE_MAX + 1));
	for (u32 i = 0; i < f->evidence_count; i++)
		for (int k = 0; k < 32; k++)
			f->evidence[i][k] = (u8)roll(d);
	f->summary.len = (u32)(roll(d) % (FINDING_SUMMARY_MAX + 1));
	for (u32 i = 0; i < f->summary.len; i++)
		f->summary.bytes[i] = (u8)roll(d);
}

static void fill(struct dice *d, struct finding *f)
{
	static const char *const labels[] = { "", "TLP:CLEAR", "TLP:AMBER+STRICT" };

	*f = (struct finding){
		.rule_version = roll(d) >> 1, .from = roll(d) >> 1,
		.severity = (enum severity)(roll(d) % SEVERITY_COUNT),
		.confidence = roll(d) % 101, .frames = roll(d) >> 1, .lost = roll(d) % 9,
		.crowded = roll(d) % 9, .late = roll(d) % 9, .evidence_all = roll(d) >> 1,
		.evidence_kept = roll(d) % 512, .line = roll(d) % 3 ? 0 : roll(d) >> 1,
	};
	if (roll(d) & 1)
		f->from -= f->from % 1000000000;
	f->until = f->from + roll(d) % 1000000000000;
	text(d, f->rule, sizeof f->rule);
	text(d, f->subject_kind, sizeof f->subject_kind);
	text(d, f->subject, sizeof f->subject);
	text(d, f->sentence, sizeof f->sentence);
	if (f->line) {
		text(d, f->zone, sizeof f->zone);
		text(d, f->file, sizeof f->file);
	}
	snprintf(f->label, sizeof f->label, "%s", labels[roll(d) % COUNT(labels)]);
	fill_lists(d, f);
	finding_identify(f);
}

static void there_and_back(void **state)
{
	struct dice d = { 1 };
	struct finding *f = malloc(sizeof *f), *g = malloc(sizeof *g);
	struct buf one = { 0 }, two = { 0 };
	char why[FINDING_WHY];

	(void)state;
	for (int i = 0; i < 2000; i++) {
		fill(&d, f);
		buf_clear(&one);
		buf_clear(&two);
		finding_json(&one, f);
		assert_int_equal(buf_error(&one), 0);
		assert_int_equal(finding_parse(g, one.at, one.len, why), 0);
		finding_json(&two, g);
		assert_int_equal(one.len, two.len);
		assert_memory_equal(one.at, two.at, one.len);
		assert_string_equal(f->subject, g->subject);
		assert_string_equal(f->sentence, g->sentence);
		assert_int_equal(f->from, g->from);
		assert_int_equal(f->until, g->until);
		assert_int_equal(f->feature_count, g->feature_count);
		for (u32 k = 0; k < f->feature_count; k++)
			assert_true(f->features[k].value == g->features[k].value);
		assert_memory_equal(f->evidence, g->evidence, 32 * f->evidence_count);
		assert_int_equal(f->summary.len, g->summary.len);
		assert_memory_equal(f->summary.bytes, g->summary.bytes, f->summary.len);
		assert_int_equal(finding_compare(f, g), 0);
	}
	buf_free(&one);
	buf_free(&two);
	free(f);
	free(g);
}

/* No octet of the output is a control, a bidirectional mark or not UTF-8. */
static void json_is_safe_to_print(void **state)
{
	struct dice d = { 2 };
	struct finding *f = malloc(sizeof *f);
	struct buf out = { 0 };

	(void)state;
	for (int i = 0; i < 500; i++) {
		fill(&d, f);
		buf_clear(&out);
		finding_json(&out, f);
		for (size_t k = 0; k < out.len; k++)
			assert_true((u8)out.at[k] >= 0x20 && (u8)out.at[k] != 0x7f);
		assert_null(strstr(out.at, "\xe2\x80\xae"));
		assert_null(strstr(out.at, "\xe2\x80\x8b"));
		assert_null(strstr(out.at, "\xc2\x85"));
		assert_null(strstr(out.at, "\xf3\xa0"));
	}
	buf_free(&out);
	free(f);
}

static void one_octet_changed(void **state)
{
	struct dice d = { 3 };
	struct finding *f = malloc(sizeof *f), *g = malloc(sizeof *g);
	struct buf out = { 0 };
	char id[FINDING_ID_MAX];
	unsigned refused = 0;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		if (i % 50 == 0)
			fill(&d, f);
		buf_clear(&out);
		finding_json(&out, f);
		out.at[roll(&d) % out.len] ^= (char)(1 + roll(&d) % 255);
		if (finding_parse(g, out.at, out.len, NULL)) {
			refused++;
			continue;
		}
		finding_id(g, id);
		assert_string_equal(id, g->id);
	}
	assert_true(refused > 100);
	buf_free(&out);
	free(f);
	free(g);
}

struct fault { const char *from, *to, *why; int error; };

/* One good text; each case replaces one part of it. */
static const char good[] =
	"{\"id\":\"%s\",\"rule\":\"tunnel.data\",\"rule_version\":1,"
	"\"subject_kind\":\"domain\",\"subject\":\"t.example\","
	"\"from\":\"2026-01-31T10:00:00Z\",\"until\":\"2026-01-31T10:01:00.500000000Z\","
	"\"severity\":\"high\",\"confidence\":90,\"sentence\":\"\",\"frames\":10,"
	"\"lost\":0,\"crowded\":0,\"late\":0,\"label\":\"TLP:AMBER\",\"evidence_all\":0,"
	"\"evidence_kept\":0,\"zone\":\"\",\"file\":\"\",\"line\":0,"
	"\"features\":[{\"name\":\"n\",\"unit\":\"\",\"help\":\"\","
	"\"value\":1.5,\"threshold\":1e+16,\"rule\":\"shown\"}],\"related\":[],"
	"\"evidence\":[],\"summary\":\"AAE=\"}";

static const struct fault faults[] = {
	{ "1e+16", "1e+19", "threshold", OOPS_RANGE },
	{ "1e+16", "\"1\"", "threshold", OOPS_TYPE },
	{ "1e+16", "1e+17", NULL, 0 },
	{ "\"lost\":0,", "", "lost", OOPS_FORMAT },
	{ "\"lost\":0,", "\"lost\":-1,", "lost", OOPS_RANGE },
	{ "\"lost\":0,", "\"lost\":0.5,", "lost", OOPS_TYPE },
	{ "\"lost\":0,", "\"lost\":0,\"lost\":0,", "JSON", OOPS_FORMAT },
	{ "\"lost\":0,", "\"lost\":0,\"extra\":0,", "extra", OOPS_UNKNOWN },
	{ "\"lost\":0,", "\"lost\":18446744073709551615,", "JSON", OOPS_FORMAT },
	{ "90", "101", "confidence", OOPS_RANGE },
	{ "\"high\"", "\"awful\"", "severity", OOPS_UNKNOWN },
	{ "TLP:AMBER", "TLP:MAUVE", "label", OOPS_UNKNOWN },
	{ "2026-01-31T10:00:00Z", "1769853600", "from", OOPS_FORMAT },
	{ "2026-01-31T10:00:00Z", "2026-02-31T10:00:00Z", "from", OOPS_FORMAT },
	{ "2026-01-31T10:00:00Z", "2026-01-31T10:02:00Z", "until", OOPS_RANGE },
	{ "t.example", "u.example", "id", OOPS_CHANGED },
	{ "t.example", "t.exampl\\u0000", "JSON", OOPS_FORMAT },
	{ "\"shown\"", "\"about\"", "rule", OOPS_UNKNOWN },
	{ "AAE=", "AAF=", "summary", OOPS_FORMAT },
	{ "AAE=", "AAE", "summary", OOPS_FORMAT },
	{ "AAE=", "====", "summary", OOPS_FORMAT },
	{ "\"evidence\":[]", "\"evidence\":[\"AB\"]", "evidence", OOPS_FORMAT },
	{ "\"evidence\":[]", "\"evidence\":{}", "evidence", OOPS_TYPE },
	{ "\"n\"", "\"a name that is much too long for a feature\"", "name", OOPS_RANGE },
};

static void replace(struct buf *out, const char *in, const struct fault *by)
{
	const char *at = strstr(in, by->from);

	assert_non_null(at);
	buf_add(out, in, (size_t)(at - in));
	buf_text(out, by->to);
	buf_text(out, at + strlen(by->from));
}

static void strict(void **state)
{
	struct finding *f = calloc(1, sizeof *f);
	struct buf base = { 0 }, out = { 0 };
	char why[FINDING_WHY];

	(void)state;
	*f = (struct finding){ .rule = "tunnel.data", .rule_version = 1,
		.subject_kind = "domain", .subject = "t.example",
		.from = 1769853600000000000, .until = 1769853660500000000 };
	finding_identify(f);
	buf_fmt(&base, good, f->id);
	for (size_t i = 0; i < COUNT(faults); i++) {
		buf_clear(&out);
		replace(&out, base.at, &faults[i]);
		why[0] = 0;
		assert_int_equal(finding_parse(f, out.at, out.len, why), faults[i].error);
		if (faults[i].why)
			assert_string_equal(why, faults[i].why);
	}
	buf_free(&base);
	buf_free(&out);
	free(f);
}

static void too_many(void **state)
{
	struct finding *f = calloc(1, sizeof *f);
	struct feature one = { .name = "x" };
	struct related who = { .role = "client" };

	(void)state;
	for (int i = 0; i < 100; i++) {
		finding_feature(f, &one);
		finding_related(f, &who);
	}
	assert_int_equal(f->feature_count, FINDING_FEATURES_MAX);
	assert_int_equal(f->related_count, FINDING_RELATED_MAX);
	free(f);
}

static void numbers(void **state)
{
	char to[REAL_TEXT_MAX];
	static const struct { double v; const char *text; } cases[] = {
		{ 0, "0" }, { -0.0, "0" }, { NAN, "0" }, { 41200, "41200" },
		{ 123456789, "123456789" }, { 0.1, "0.1" },
		{ 1.0 / 3, "0.3333333333333333" }, { 0.25, "0.25" }, { 1e18, "1e+18" },
		{ -2.5, "-2.5" }, { 1e-9, "1e-09" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(real_text(cases[i].v, to), cases[i].text);
	if (setlocale(LC_NUMERIC, "de_DE.UTF-8") || setlocale(LC_NUMERIC, "fr_FR.UTF-8"))
		assert_string_equal(real_text(0.5, to), "0.5");
	setlocale(LC_NUMERIC, "C");
}

static void identity(void **state)
{
	struct finding *f = calloc(1, sizeof *f);
	char before[FINDING_ID_MAX];

	(void)state;
	snprintf(f->rule, sizeof f->rule, "a");
	snprintf(f->subject_kind, sizeof f->subject_kind, "bc");
	finding_identify(f);
	snprintf(before, sizeof before, "%s", f->id);
	f->lost = 7;		/* what was measured does not identify */
	f->severity = SEVERITY_HIGH;
	finding_identify(f);
	assert_string_equal(f->id, before);
	snprintf(f->rule, sizeof f->rule, "ab");	/* parts do not run together */
	snprintf(f->subject_kind, sizeof f->subject_kind, "c");
	finding_identify(f);
	assert_string_not_equal(f->id, before);
	free(f);
}

static void order(void **state)
{
	struct finding *f = calloc(4, sizeof *f);

	(void)state;
	f[0].severity = SEVERITY_HIGH;
	f[0].until = 9;
	f[1].severity = SEVERITY_LOW;
	f[1].until = 1;
	f[2].severity = SEVERITY_LOW;
	f[2].until = 2;
	f[3] = f[2];
	snprintf(f[3].rule, sizeof f[3].rule, "z");
	for (int i = 0; i < 3; i++) {
		assert_true(finding_compare(&f[i], &f[i + 1]) < 0);
		assert_true(finding_compare(&f[i + 1], &f[i]) > 0);
	}
	free(f);
}

static void names(void **state)
{
	(void)state;
	for (int i = 0; i < SEVERITY_COUNT; i++)
		assert_int_equal(severity_parse(severity_name((enum severity)i)), i);
	assert_int_equal(severity_parse("awful"), OOPS_UNKNOWN);
	assert_string_equal(first_technique(1), "DGAs");
	assert_string_equal(first_technique(20), "DNS tunneling");
	assert_string_equal(first_technique(21), "DNS beacons - C2 communication");
	assert_string_equal(first_technique(0), "");
	assert_string_equal(first_technique(22), "");
}

/* Every key that is written is required by the schema, and no other. */
static void schema(void **state)
{
	struct dice d = { 5 };
	struct finding *f = malloc(sizeof *f);
	struct buf s = { 0 }, one = { 0 };
	json_t *schema, *finding, *required, *properties, *value;
	const char *key;

	(void)state;
	fill(&d, f);
	finding_schema(&s);
	finding_json(&one, f);
	schema = json_loadb(s.at, s.len, JSON_REJECT_DUPLICATES, NULL);
	finding = json_loadb(one.at, one.len, 0, NULL);
	assert_non_null(schema);
	assert_non_null(finding);
	required = json_object_get(schema, "required");
	properties = json_object_get(schema, "properties");
	assert_int_equal(json_array_size(required), json_object_size(finding));
	json_object_foreach(finding, key, value)
		assert_non_null(json_object_get(properties, key));
	assert_int_equal(json_object_size(properties), json_object_size(finding));
	json_decref(schema);
	json_decref(finding);
	buf_free(&s);
	buf_free(&one);
	free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back), cmocka_unit_test(json_is_safe_to_print),
		cmocka_unit_test(one_octet_changed), cmocka_unit_test(strict),
		cmocka_unit_test(too_many), cmocka_unit_test(numbers),
		cmocka_unit_test(identity), cmocka_unit_test(order),
		cmocka_unit_test(names), cmocka_unit_test(schema),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
