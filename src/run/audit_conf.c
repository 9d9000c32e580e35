/* SPDX-License-Identifier: GPL-3.0-or-later */
/* audit_conf.c - the options of an audit, and what they make of it; see audit.h. */
#include "base/hash.h"
#include "base/stamp.h"
#include "dns/suffix.h"
#include "run/auditor.h"
#include "run/marked.h"
#include "verify/audit.h"
#include <sched.h>

#define AT(f) offsetof(struct audit_run_conf, f)
#define TEXT .type = OPT_TEXT, .some = true

const struct opt audit_run_rows[] = {
	MARKED_ROW(AT(marking)),
	{ .name = "origin", TEXT, .at = AT(origin), .arg = "NAME", .cli_only = true,
	  .help = N_("name of the zone, where the file does not begin with its SOA "
	  	"record") },
	{ .name = "at", TEXT, .at = AT(at), .arg = "TIME", .cli_only = true,
	  .help = N_("the instant for which signatures are judged, now when not given "
	  	"(2026-01-31T10:00:00Z, 20260131, 20260131100000 or Unix seconds)") },
	{ .name = "only", TEXT, .list = true, .at = AT(only), .arg = "FAMILIES", .cli_only = true,
	  .help = N_("run only these families of checks (names with commas between)") },
	{ .name = "most", .type = OPT_COUNT, .at = AT(most), .def = "100", .min = 0,
	  .max = AUDIT_FINDINGS_MAX, .arg = "N",
	  .help = N_("findings told of one check; the others are counted") },
	{ .name = "since", TEXT, .at = AT(since), .arg = "FILE", .cli_only = true,
	  .help = N_("tell what changed since this snapshot (of --snapshot) or older "
	  	"zone file") },
	{ .name = "snapshot", TEXT, .at = AT(snapshot), .arg = "FILE", .cli_only = true,
	  .help = N_("write what the next audit's --since needs: delegations, keys, late "
	  	"moves") },
	{ .name = "history", .type = OPT_SPAN, .at = AT(history), .def = "30d", .min = 0,
	  .max = 3650ull * 86400 * STAMP_NS, .arg = "TIME",
	  .help = N_("how long snapshots remember where a delegation was before it "
	  	"moved") },
	{ .name = "what-if", TEXT, .list = true, .at = AT(what_if), .arg = "QUESTION",
	  .cli_only = true,
	  .help = N_("tell what falls without these, all at once: as:64500, "
	  	"operator:example.net, prefix:192.0.2.0/24, host:ns1.example.net, "
	  	"address:192.0.2.1, algorithm:8 (with commas between)") },
	{ .name = "certificates", TEXT, .at = AT(certificates), .arg = "FILE",
	  .cli_only = true,
	  .help = N_("write proofs of what is said about smallest sets, for "
	  	"tools/check-cut") },
#define F(row, option, text) { .name = option, TEXT, \
	  .at = AT(files) + AUDIT_FILE_##row * sizeof(char *), .arg = "FILE", .help = text },
	AUDIT_FILE_ROWS(F)
#undef F
	{ .name = "workers", .letter = 'w', .type = OPT_COUNT, .at = AT(workers), .min = 1,
	  .max = 64, .arg = "N", .cli_only = true,
	  .help = N_("threads; one for each processor when not given") },
	{ .name = "memory", .letter = 'm', .type = OPT_SIZE, .at = AT(memory), .def = "2G",
	  .min = 1u << 20, .max = 1ull << 44, .arg = "SIZE", .cli_only = true,
	  .help = N_("what the zone may take; past it the rest of the file is left out, "
	  	"and a finding says so") },
	{ .name = "unpacked", .type = OPT_SIZE, .at = AT(unpacked), .def = "64G",
	  .min = 1u << 20, .max = 1ull << 44, .arg = "SIZE", .cli_only = true,
	  .help = N_("what a compressed zone file may unpack to, with the files it "
	  	"includes; past it the rest is left out, and a finding says so") },
	{ .name = "tsig-file", TEXT, .at = AT(tsig_file), .arg = "FILE",
	  .help = N_("keys for transfers, as name servers have them: key \"name\" { "
	  	"algorithm hmac-sha256; secret \"base64\"; };") },
	{ .name = "suffixes", TEXT, .at = AT(suffixes), .def = SUFFIX_FILE,
	  .arg = "FILE", .help = N_("the public suffix list") },
	{ .name = "hash-key", TEXT, .at = AT(hash_key), .def = "vedette",
	  .arg = "TEXT",
	  .help = N_("secret that keeps outsiders from choosing names that make tables "
	  	"slow") },
	{ .name = NULL }
};

unsigned audit_groups(struct opt_group *out, unsigned max)
{
	unsigned n = 0;

	must(max > 0);
	out[n++] = (struct opt_group){ .name = "",
	  .title = N_("Audit"), .rows = audit_run_rows,
				       .size = sizeof(struct audit_run_conf) };
	for (unsigned i = 0; check_families[i]; i++) {
		const struct check_family *f = check_families[i];

		if (f->opts == NULL)
			continue;
		must(n < max);
		out[n++] = (struct opt_group){ .name = f->id, .title = f->title,
					       .rows = f->opts, .size = f->conf_size };
	}
	return n;
}

/* "20260131" or "20260131100000" as RFC 3339 has it; false when it is neither. */
static bool spread(const char *d, char to[24])
{
	size_t n = strlen(d);

	if ((n != 8 && n != 14) || strspn(d, "0123456789") != n)
		return false;
	snprintf(to, 24, "%.4s-%.2s-%.2s", d, d + 4, d + 6);
	if (n == 14)
		snprintf(to + 10, 14, "T%.2s:%.2s:%.2sZ", d + 8, d + 10, d + 12);
	return true;
}

int audit_instant(const char *text, u64 *ret_ns)
{
	char spaced[24];

	return stamp_parse(spread(text, spaced) ? spaced : text, ret_ns);
}

/* ---- what they say ---- */

int audit_name(const char *text, u8 *to)
{
	for (const char *p = text; *p; p++) {
		if (*p == '\\' && p[1])
			p++;
		else if (*p <= ' ' || *p >= 0x7f || strchr("@\"();,#$", *p))
			return OOPS_FORMAT;	/* signed char: also all that is not ASCII */
	}
	return name_parse(text, to) < 0 ? OOPS_FORMAT : 0;
}

static bool named(const char *list, const char *id)
{
	size_t n;

	for (; *list; list += n) {
		list += strspn(list, ", ");
		n = strcspn(list, ", ");
		if (n == strlen(id) && memcmp(list, id, n) == 0)
			return true;
	}
	return false;
}

static const char *const answers[][2] = {
	{ "what-if", "sharing" }, { "certificates", "sharing" }, { "critical", "sharing" },
	{ "asn", "sharing" }, { "asn6", "sharing" }, { "anchors", "dnssec" },
};

/* What is asked for on the command line has a family that answers it. */
static int asks_nobody(const struct audit_setup *s, const struct opts *o, char why[OPT_WHY])
{
	for (unsigned i = 0; i < COUNT(answers); i++) {
		if (opts_source(o, "", answers[i][0]) != OPT_COMMAND)
			continue;
		for (unsigned j = 0; check_families[j]; j++)
			if (!s->wanted[j] && strcmp(check_families[j]->id, answers[i][1]) == 0) {
				snprintf(why, OPT_WHY, N_("--%s is for the checks of "
					 "'%s', which do not run here: add them to "
					 "--only"), answers[i][0],
					 answers[i][1]);
				return OOPS_RANGE;
			}
	}
	return 0;
}

static int unknown_family(const char *name, char why[OPT_WHY])
{
	size_t used = (size_t)snprintf(why, OPT_WHY, N_("--only: %s%s%s; write some of"),
				       name[0] ? N_("there is no family of checks "
				       	"'") : N_("no family"),
				       name, name[0] ? "'" : N_(" is named"));

	for (unsigned i = 0; check_families[i] && used < OPT_WHY - 40; i++)
		used += (size_t)snprintf(why + used, OPT_WHY - used, " %s",
					 check_families[i]->id);
	return OOPS_UNKNOWN;
}

/* Which families look; a name in --only that none has is an error. */
static int choose(struct audit_setup *s, const struct opts *o, const char *only,
		  char why[OPT_WHY])
{
	const char *at = only;
	bool some = false;
	size_t n;

	for (unsigned i = 0; check_families[i]; i++) {
		const struct check_family *f = check_families[i];

		must(i < AUDIT_FAMILIES_MAX);
		s->wanted[i] = only == NULL || f->always || named(only, f->id);
		s->family_conf[i] = f->opts ? opts_conf(o, f->opts) : NULL;
	}
	for (; at && *at; at += n) {
		char name[40];
		bool known = false;

		at += strspn(at, ", ");
		n = strcspn(at, ", ");
		snprintf(name, sizeof name, "%.*s", (int)(n < 39 ? n : 39), at);
		for (unsigned i = 0; check_families[i]; i++)
			known |= strcmp(check_families[i]->id, name) == 0;
		if (!known && n)
			return unknown_family(name, why);
		some |= known;
	}
	if (only && !some)
		return unknown_family("", why);
	return asks_nobody(s, o, why);
}

int audit_take_options(struct audit_setup *s, const struct opts *o, u64 now, char why[OPT_WHY])
{
	const struct audit_run_conf *c = opts_conf(o, audit_run_rows);
	cpu_set_t cpus;
	u64 at = now;

	if (c->at && audit_instant(c->at, &at) < 0) {
		snprintf(why, OPT_WHY, N_("--at: '%.60s' is not a time; write "
			 "2026-01-31T10:00:00Z, 20260131, 20260131100000 or Unix "
			 "seconds"), c->at);
		return OOPS_RANGE;
	}
	if (c->origin && audit_name(c->origin, s->origin) < 0) {
		snprintf(why, OPT_WHY, N_("--origin: '%.80s' is not a name; write "
			 "example.org, and A-labels (xn--...) for others than "
			 "ASCII"), c->origin);
		return OOPS_RANGE;
	}
	s->has_origin = c->origin != NULL;
	s->memory = c->memory;
	s->unpacked = c->unpacked;
	s->most = c->most;
	s->history = c->history / STAMP_NS;
	s->input.at = at / STAMP_NS;
	s->input.what_if = c->what_if;
	s->input.threads = (unsigned)c->workers;
	if (c->workers == 0)
		s->input.threads = sched_getaffinity(0, sizeof cpus, &cpus) == 0
			? (unsigned)min_u64((u64)CPU_COUNT(&cpus), AUDIT_WORKERS_MAX) : 1;
	s->input.key = hash_bytes(0, c->hash_key ? c->hash_key : "",
				  c->hash_key ? strlen(c->hash_key) : 0);
	/* Of a series only what changed is asked for, when nothing else is. */
	return choose(s, o, c->only || !s->series ? c->only : "change", why);
}
