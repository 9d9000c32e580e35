/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sharing.c - what falls together: operators, servers, addresses, networks, AS.
 *
 *   delegation -> set of servers -> operator
 *                                -> address -> prefix (/24, /48)
 *                                           -> AS (--asn)
 *
 * A server falls when its operator is lost or all its addresses are; a delegation falls when
 * all its servers do. A server without a known address (addresses are known from this zone
 * only) never falls by addresses; how many delegations that concerns is said.
 *
 *   spread, heavy    concentration of each level                       sharing_level.c
 *   cut              the fewest whose loss takes down a share          sharing_cut_least.c
 *   what-if          what falls without these                          sharing_what_if.c
 *
 * Cost: one walk over the delegations, then over their different sets for each level: a TLD of
 * millions of delegations has few. Memory: sharing.h.
 * Not seen: one operator under several domains, or several behind one; anycast; routes. */
#include "verify/sharing.h"
#include "base/num.h"

/* ---- what was given ---- */

static int read_asn(struct sharing *s)
{
	static const unsigned rows[] = { AUDIT_FILE_ASN4, AUDIT_FILE_ASN6 };
	u64 bad = 0;
	int rc = 0;

	for (unsigned i = 0; i < COUNT(rows) && rc == 0; i++) {
		const struct audit_file *file = &s->in->files[rows[i]];
		struct finding *f;

		if (file->name == NULL)
			continue;
		if (s->asn == NULL && (rc = asn_make(&s->asn)) < 0)
			return rc;
		rc = asn_add(s->asn, file->at, file->len, &bad);
		if (bad == 0 || rc < 0 ||
		    (f = audit_begin_other(s->a, SHARING_ASN_LINES, "file", file->name)) == NULL)
			continue;
		finding_value(f, "lines", (double)bad, "lines", "that were left out");
		audit_end(s->a, f, "%.200s: lines that are no address ranges with their AS, and "
			  "were left out: %llu.", file->name, (unsigned long long)bad);
	}
	if (s->asn)
		asn_seal(s->asn);
	return rc;
}

/* The delegation at or above a name, or SHARING_NONE. */
static u32 cut_of(const struct sharing *s, const u8 *wire, unsigned len)
{
	u32 name = zone_above(s->z, wire, len, ZONE_CUT);

	return name ? zone_cut_number(s->z, name) : SHARING_NONE;
}

/* One line of the list: false when it is about nothing here. */
static bool take_critical(struct sharing *s, const char *text)
{
	u8 wire[NAME_WIRE_MAX];
	int n = name_parse(text, wire);
	u32 cut;

	if (n < 0)
		return false;
	name_lower(wire, wire, (size_t)n);
	cut = cut_of(s, wire, (unsigned)n);
	if (cut == SHARING_NONE)
		return false;
	s->criticals += !s->critical[cut];
	s->critical[cut] = 1;
	return true;
}

#define UNKNOWN_TOLD 3u

static void tell_unknown(struct sharing *s, u64 unknown, const char *some)
{
	const char *file = s->in->files[AUDIT_FILE_CRITICAL].name;
	struct finding *f;

	if (unknown == 0 || (f = audit_begin_other(s->a, SHARING_CRITICAL_UNKNOWN, "file", file))
	    == NULL)
		return;
	finding_value(f, "lines", (double)unknown, "lines", "that name no delegation of this zone");
	finding_value(f, "critical", s->criticals, "names", "delegations that are on the list");
	audit_end(s->a, f, "%.120s: names that are not delegated in this zone: %llu (%s%s).", file,
		  (unsigned long long)unknown, some, unknown > UNKNOWN_TOLD ? ", ..." : "");
}

/* A name a line; "#" begins a comment. */
static int read_critical(struct sharing *s)
{
	const struct audit_file *file = &s->in->files[AUDIT_FILE_CRITICAL];
	char line[NAME_TEXT_MAX], some[160] = "";
	u64 unknown = 0;

	if (file->name == NULL)
		return 0;
	s->critical = calloc(s->cut_count + 1ull, 1);
	if (s->critical == NULL)
		return -ENOMEM;
	for (size_t at = 0, n; at < file->len; at += n + 1) {
		const u8 *end = memchr(file->at + at, '\n', file->len - at);
		size_t used;

		n = end ? (size_t)(end - file->at) - at : file->len - at;
		snprintf(line, sizeof line, "%.*s", (int)(n < sizeof line ? n : sizeof line - 1),
			 (const char *)file->at + at);
		line[strcspn(line, "#\r \t")] = '\0';
		if (line[0] == '\0' || take_critical(s, line))
			continue;
		used = strlen(some);
		if (unknown++ < UNKNOWN_TOLD)
			snprintf(some + used, sizeof some - used, "%s%.40s", used ? ", " : "",
				 line);
	}
	tell_unknown(s, unknown, some);
	return 0;
}

/* ---- the whole ---- */

static void tell_limit(struct sharing *s)
{
	char zone[NAME_TEXT_MAX], n[NUM_TEXT_MAX];
	struct finding *f;

	zone_text(s->z, zone_origin(s->z), zone);
	if (s->left_out == 0 || (f = audit_begin_other(s->a, SHARING_LIMIT, "zone", zone)) == NULL)
		return;
	finding_value(f, "left_out", s->left_out, "names", "delegations that were not looked at");
	audit_end(s->a, f, "%.200s has too many different sets of servers: %s delegations are left "
		  "out of what is said about fate sharing.", zone,
		  num_count_text(s->left_out, n));
}

static int look_at(struct sharing *s)
{
	int rc = 0;

	s->work = s->c->work;
	for (unsigned level = 0; level < SHARING_LEVEL_COUNT; level++)
		s->problems += sharing_elements(s, level) ? 1 + (s->criticals > 0) : 0;
	sharing_prove_begin(s);
	for (unsigned level = 0; level < SHARING_LEVEL_COUNT && rc == 0; level++) {
		struct sharing_spread p;

		if (sharing_elements(s, level) == 0)
			continue;
		rc = sharing_spread(s, level, &p);
		if (rc == 0)
			rc = sharing_tell_spread(s, &p);
		sharing_spread_slim(&p);
		if (rc == 0)
			rc = sharing_least(s, &p);
		sharing_spread_free(&p);
	}
	tell_limit(s);
	if (rc == 0)
		rc = sharing_picture(s);
	if (rc == 0 && s->in->what_if)
		rc = sharing_what_if(s);
	return rc;
}

static int look(struct audit *a, const struct zone *z, const void *conf)
{
	struct sharing s = { .a = a, .z = z, .in = audit_input(a), .c = conf,
		.records = zone_records(z, NULL) };
	int rc;

	s.cut_count = zone_cut_count(z);
	s.hosts = zone_hosts(z, &s.host_count);
	rc = read_asn(&s);
	if (rc == 0)
		rc = read_critical(&s);
	if (rc == 0)
		rc = sharing_graph(&s);
	if (rc == 0 && s.cut_count)
		rc = look_at(&s);
	sharing_graph_free(&s);
	return rc;
}

static int check(const struct audit_input *in, const void *conf, char *why)
{
	double losses[SHARING_LOSSES_MAX];
	int rc = sharing_losses(((const struct sharing_conf *)conf)->losses, losses, why);

	if (rc < 0)
		return rc;
	return in->what_if ? sharing_what_if_check(in, why) : 0;
}

const struct check_family family_sharing = {
	.id = "sharing",
	.title = N_("Fate sharing"),
	.version = 1,
	.opts = sharing_opts,
	.conf_size = sizeof(struct sharing_conf),
	.rows = sharing_rows,
	.early = true,
	.check = check,
	.look = look,
};
