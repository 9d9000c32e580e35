/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zone_make.c - see zone_make.h. libzscanner reads the text in one piece. */
#include "zone_make.h"
#include "english_left.h"
#include "base/buf.h"
#include "base/hash.h"
#include "model/digest.h"
#include "model/evidence.h"
#include <libzscanner/scanner.h>

#define KEY 0x5eedu

static void add_record(zs_scanner_t *s)
{
	struct zone *z = s->process.data;
	u8 owner[NAME_WIRE_MAX];
	struct zone_input in = { .owner = owner, .owner_len = s->r_owner_length,
		.type = s->r_type, .ttl = s->r_ttl, .line = (u32)s->line_counter,
		.rdata = s->r_data, .rdlen = s->r_data_length };

	name_lower(owner, s->r_owner, s->r_owner_length);
	in.hash = zone_hash(KEY, owner, in.owner_len);
	must(zone_add(z, &in) == 0);
}

static void bad_line(zs_scanner_t *s)
{
	fprintf(stderr, "zone_of: line %llu: %s\n", (unsigned long long)s->line_counter,
		zs_strerror(s->error.code));
	abort();
}

struct zone *zone_open_of(const char *origin, const char *text)
{
	zs_scanner_t *s = calloc(1, sizeof *s);
	u8 wire[NAME_WIRE_MAX];
	struct zone *z;

	must(s && name_parse(origin, wire) > 0 && zone_make(&z, wire, 1ull << 32, KEY) == 0);
	must(zs_init(s, origin, 1, 3600) == 0);
	must(zs_set_input_string(s, text, strlen(text)) == 0);
	must(zs_set_processing(s, add_record, bad_line, z) == 0);
	must(zs_parse_all(s) == 0);
	zs_deinit(s);
	free(s);
	return z;
}

struct zone *zone_of(const char *origin, const char *text)
{
	struct zone *z = zone_open_of(origin, text);

	must(zone_seal(z) == 0);
	return z;
}

static void take_finding(void *to, const struct finding *f)
{
	struct said *s = to;
	struct buf json = { 0 };
	char why[FINDING_WHY] = "";

	s->at = realloc(s->at, (s->count + 1) * sizeof *s->at);
	must(s->at);
	finding_json(&json, f);
	if (finding_parse(&s->at[s->count], buf_str(&json), json.len, why) < 0) {
		fprintf(stderr, "zone_look: %s is no good: %s\n", f->rule, why);
		abort();
	}
	s->count++;
	buf_free(&json);
}

static void take_evidence(void *to, const u8 *packed, size_t n)
{
	struct said *s = to;
	struct evidence e;

	must(evidence_unpack(&e, packed, n) == 0);
	s->evidence = realloc(s->evidence, (s->evidence_count + 1) * 32);
	must(s->evidence);
	memcpy(s->evidence[s->evidence_count++], e.id, 32);
}

static bool has_evidence(const struct said *s, const u8 id[32])
{
	for (u32 i = 0; i < s->evidence_count; i++)
		if (memcmp(s->evidence[i], id, 32) == 0)
			return true;
	return false;
}

static void check(const struct said *s, const struct check_family *family)
{
	for (u32 i = 0; i < s->count; i++) {
		const struct finding *f = &s->at[i];
		const struct catalogue_row *r = family->rows;

		while (r->id && strcmp(r->id, f->rule))
			r++;
		must(r->id && f->subject[0] && f->subject_kind[0]);
		must(f->sentence[0] && f->sentence[strlen(f->sentence) - 1] == '.');
		if (strncmp(f->rule, "test.", 5))
			finding_said_whole(f);
		for (u32 j = 0; j < f->evidence_count; j++)
			must(has_evidence(s, f->evidence[j]));
	}
}

void zone_look(struct said *ret, const struct check_family *family, const struct zone *z,
	       const struct zone_look *how)
{
	struct opt_group group = { .name = family->id, .title = family->title,
		.rows = family->opts, .size = family->conf_size + 1 };
	struct audit_conf conf = { .zone = z, .most = how->most ? how->most : 1000,
		.finding = take_finding, .evidence = take_evidence, .to = ret,
		.again = how->again };
	struct audit *a;
	struct opts o;
	char why[OPT_WHY];

	said_free(ret);
	if (how->input)
		conf.input = *how->input;
	conf.input.at = how->at ? how->at : 1700000000;
	conf.input.threads = how->threads ? how->threads : 1;
	must(opts_init(&o, &group, 1) == 0);
	if (how->options && opts_parse(&o, how->options, strlen(how->options), "options",
				       why) < 0) {
		fprintf(stderr, "zone_look: %s\n", why);
		abort();
	}
	must(audit_open(&a, &conf) == 0);
	must(audit_look(a, family, family->opts ? opts_conf(&o, family->opts) : NULL) == 0);
	for (unsigned i = 0; family->rows[i].id && i < COUNT(ret->cases); i++)
		ret->cases[i] = audit_cases(a, i);
	audit_close(a);
	opts_free(&o);
	check(ret, family);
}

void said_free(struct said *s)
{
	free(s->at);
	free(s->evidence);
	*s = (struct said){ 0 };
}

u32 said_count(const struct said *s, const char *row)
{
	u32 n = 0;

	for (u32 i = 0; i < s->count; i++)
		n += row == NULL || strcmp(s->at[i].rule, row) == 0;
	return n;
}

const struct finding *said_find(const struct said *s, const char *row, const char *subject)
{
	for (u32 i = 0; i < s->count; i++)
		if (strcmp(s->at[i].rule, row) == 0 &&
		    (subject == NULL || strcmp(s->at[i].subject, subject) == 0))
			return &s->at[i];
	return NULL;
}

double said_value(const struct finding *f, const char *feature)
{
	if (strcmp(feature, "line") == 0)
		return f->line ? (double)f->line : -1;
	for (u32 i = 0; i < f->feature_count; i++)
		if (strcmp(f->features[i].name, feature) == 0)
			return f->features[i].value;
	return -1;
}

void said_print(const struct said *s)
{
	for (u32 i = 0; i < s->count; i++)
		printf("%s %s %.0f %s\n", s->at[i].rule, s->at[i].subject,
		       said_value(&s->at[i], "line"), s->at[i].sentence);
}
