/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verify_test.c - how families say findings: rows, places, limits, evidence, ids; and that
 * the families of the registry are put together well. */
#include "zone_make.h"
#include "base/buf.h"
#include "dns/msg.h"
#include "model/evidence.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const struct catalogue_row rows[] = {
	{ .id = "test.owner", .title = "An owner", .severity = SEVERITY_LOW },
	{ .id = "test.other", .title = "Another thing", .severity = SEVERITY_HIGH },
	{ .id = NULL }
};

struct conf { u64 extra; };
static const struct opt opts[] = {
	{ .name = "extra", .type = OPT_COUNT, .at = offsetof(struct conf, extra), .def = "3",
	  .max = 9, .help = "cases that are counted only" },
	{ .name = NULL }
};

/* Says every owner once, and one thing twice. */
static int look(struct audit *a, const struct zone *z, const void *conf)
{
	const struct zone_record *r = zone_records(z, NULL);
	struct finding *f;

	for (u32 i = 0; i < zone_owner_count(z); i++) {
		u32 owner = zone_owner(z, i);
		const struct zone_name *name = zone_name(z, owner);
		struct zone_rrset s = zone_rrset_at(z, name->first);

		if ((f = audit_begin(a, 0, owner, &r[name->first])) == NULL)
			continue;
		finding_least(f, "records", s.count, 1, "in the first set");
		audit_rrset(a, f, &s);
		finding_party(f, "server", "ns1.example", 1, "a party");
		audit_end(a, f, "Owner number %u.", i);
	}
	for (unsigned i = 0; i < 2; i++)
		if ((f = audit_begin_other(a, 1, "operator", "example.net")))
			audit_end(a, f, "The same thing, time %u.", i);
	audit_more(a, 1, ((const struct conf *)conf)->extra);
	return 0;
}

static const struct check_family family = {
	.id = "test", .title = "A family for tests", .version = 7, .opts = opts,
	.conf_size = sizeof(struct conf), .rows = rows, .look = look,
};

static const char text[] =
	"@ SOA ns1 mail 1 2 3 4 5\n"
	"@ NS ns1\n"
	"@ NS ns2\n"
	"sub NS ns1.sub\n"
	"ns1.sub A 192.0.2.1\n"
	"ns1 A 192.0.2.2\n"
	"plain TXT \"hello\"\n";

static void says(void **state)
{
	struct zone *z = zone_of("example.", text);
	const struct finding *f;
	struct said s = { 0 };

	(void)state;
	zone_look(&s, &family, z, &(struct zone_look){ 0 });
	assert_int_equal(s.count, 6);
	assert_int_equal(s.cases[0], 5);
	assert_int_equal(s.cases[1], 5);	/* told once, again, and three more */
	assert_int_equal(said_count(&s, "test.other"), 1);
	f = said_find(&s, "test.owner", "sub.example");
	assert_non_null(f);
	assert_string_equal(f->subject_kind, "delegation");
	assert_int_equal(f->severity, SEVERITY_LOW);
	assert_int_equal(f->rule_version, 7);
	assert_true(f->from == 1700000000ull * 1000000000 && f->until > f->from);
	assert_true(said_value(f, "line") == 4 && said_value(f, "records") == 1);
	assert_int_equal(f->related_count, 1);
	assert_int_equal(f->evidence_count, 1);
	assert_string_equal(said_find(&s, "test.owner", "example")->subject_kind, "zone");
	assert_string_equal(said_find(&s, "test.owner", "ns1.sub.example")->subject_kind,
			    "server");
	assert_string_equal(said_find(&s, "test.owner", "plain.example")->subject_kind, "name");
	assert_null(said_find(&s, "test.owner", "nobody.example"));
	said_free(&s);
	zone_free(z);
}

static void limits(void **state)
{
	struct zone *z = zone_of("example.", text);
	struct said s = { 0 };

	(void)state;
	zone_look(&s, &family, z, &(struct zone_look){ .most = 2,
						       .options = "test:\n  extra: 9\n" });
	assert_int_equal(said_count(&s, "test.owner"), 2);
	assert_non_null(said_find(&s, "test.owner", "example"));	/* the first ones */
	assert_int_equal(s.cases[0], 5);
	assert_int_equal(s.cases[1], 11);
	said_free(&s);
	zone_free(z);
}

/* The same zone, instant and rule: the same ids; another instant: others. */
static void ids(void **state)
{
	struct zone *z = zone_of("example.", text);
	struct said s = { 0 }, t = { 0 };

	(void)state;
	zone_look(&s, &family, z, &(struct zone_look){ 0 });
	zone_look(&t, &family, z, &(struct zone_look){ .threads = 2 });
	assert_int_equal(s.count, t.count);
	for (u32 i = 0; i < s.count; i++) {
		assert_string_equal(s.at[i].id, t.at[i].id);
		for (u32 j = 0; j < i; j++)
			assert_string_not_equal(s.at[i].id, s.at[j].id);
	}
	zone_look(&t, &family, z, &(struct zone_look){ .at = 1800000000 });
	assert_string_not_equal(s.at[0].id, t.at[0].id);
	said_free(&s);
	said_free(&t);
	zone_free(z);
}

static u8 packed[EVIDENCE_OCTETS_MAX + EVIDENCE_HEAD];
static size_t packed_len;

static void keep_item(void *to, const u8 *at, size_t n)
{
	(void)to;
	must(n <= sizeof packed);
	memcpy(packed, at, n);
	packed_len = n;
}

static void no_finding(void *to, const struct finding *f)
{
	(void)to;
	(void)f;
}

/* A family that shows the set of a type at the origin. */
static int show_txt(struct audit *a, const struct zone *z, const void *conf)
{
	struct zone_rrset s;
	struct finding *f = audit_begin(a, 0, zone_origin(z), NULL);

	(void)conf;
	assert_true(zone_rrset(z, zone_origin(z), TYPE_TXT, &s));
	audit_rrset(a, f, &s);
	audit_end(a, f, "Shown.");
	return 0;
}

static struct msg shown(const char *zone_text_of)
{
	struct zone *z = zone_of("example.", zone_text_of);
	struct check_family show = family;
	struct audit_conf conf = { .zone = z, .most = 1, .finding = no_finding,
				   .evidence = keep_item };
	struct audit *a;
	struct evidence e;
	struct msg m;

	show.look = show_txt;
	assert_int_equal(audit_open(&a, &conf), 0);
	assert_int_equal(audit_look(a, &show, NULL), 0);
	audit_close(a);
	zone_free(z);
	assert_int_equal(evidence_unpack(&e, packed, packed_len), 0);
	assert_int_equal(msg_read(&m, e.octets, e.len), MSG_OK);
	return m;
}

/* Evidence is a DNS message that a decoder takes. */
static void evidence(void **state)
{
	struct msg m = shown("@ 60 TXT a\n@ 60 TXT b\n");

	(void)state;
	assert_int_equal(m.count[1], 2);
	assert_false(m.flags & MSG_TC);
}

/* A set that no message holds: as many as fit, and TC. */
static void evidence_cut(void **state)
{
	struct buf many = { 0 };
	struct msg m;

	(void)state;
	for (unsigned i = 0; i < 400; i++)
		buf_fmt(&many, "@ 60 TXT %0200u\n", i);
	m = shown(buf_str(&many));
	assert_true(m.count[1] > 250 && m.count[1] < 400);
	assert_true(m.flags & MSG_TC);
	buf_free(&many);
}

/* Rows of the registry: ids begin with the family's, texts are there, none comes twice. */
static void registry(void **state)
{
	(void)state;
	for (unsigned i = 0; check_families[i]; i++) {
		const struct check_family *f = check_families[i];
		size_t n = strlen(f->id);

		assert_true(f->version > 0 && f->title[0]);
		for (const struct catalogue_row *r = f->rows; r->id; r++) {
			assert_true(strncmp(r->id, f->id, n) == 0 && r->id[n] == '.');
			assert_true(strlen(r->id) < sizeof ((struct finding *)0)->rule);
			assert_non_null(r->title);
			assert_non_null(r->meaning);
			assert_non_null(r->remedy);
			assert_non_null(r->references);
			for (const struct catalogue_row *q = f->rows; q != r; q++)
				assert_string_not_equal(q->id, r->id);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says), cmocka_unit_test(limits), cmocka_unit_test(ids),
		cmocka_unit_test(evidence), cmocka_unit_test(evidence_cut),
		cmocka_unit_test(registry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
