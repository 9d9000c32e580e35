/* SPDX-License-Identifier: GPL-3.0-or-later */
/* audit_conf.c - the options of an audit; see audit.h. */
#include "base/stamp.h"
#include "dns/suffix.h"
#include "run/audit.h"
#include "verify/audit.h"

#define AT(f) offsetof(struct audit_run_conf, f)

const struct opt audit_run_rows[] = {
	{ .name = "origin", .type = OPT_TEXT, .at = AT(origin), .arg = "NAME", .cli_only = true,
	  .help = "name of the zone, where the file does not begin with its SOA record" },
	{ .name = "at", .type = OPT_TEXT, .at = AT(at), .arg = "TIME", .cli_only = true,
	  .help = "the instant for which signatures are judged, now when not given "
	  	"(2026-01-31T10:00:00Z, 20260131, 20260131100000 or Unix seconds)" },
	{ .name = "only", .type = OPT_TEXT, .at = AT(only), .arg = "FAMILIES", .cli_only = true,
	  .help = "run only these families of checks (names with commas between)" },
	{ .name = "most", .type = OPT_COUNT, .at = AT(most), .def = "100", .min = 0,
	  .max = AUDIT_FINDINGS_MAX, .arg = "N",
	  .help = "findings told of one check; the others are counted" },
	{ .name = "since", .type = OPT_TEXT, .at = AT(since), .arg = "FILE", .cli_only = true,
	  .help = "tell what changed since this snapshot (of --snapshot) or older zone file" },
	{ .name = "snapshot", .type = OPT_TEXT, .at = AT(snapshot), .arg = "FILE",
	  .cli_only = true,
	  .help = "write what the next audit's --since needs: delegations, keys, late moves" },
	{ .name = "history", .type = OPT_SPAN, .at = AT(history), .def = "30d", .min = 0,
	  .max = 3650ull * 86400 * STAMP_NS, .arg = "TIME",
	  .help = "how long snapshots remember where a delegation was before it moved" },
	{ .name = "what-if", .type = OPT_TEXT, .at = AT(what_if), .arg = "QUESTION",
	  .cli_only = true,
	  .help = "tell what falls without these, all at once: as:64500, operator:example.net, "
	  	"prefix:192.0.2.0/24, host:ns1.example.net, address:192.0.2.1, algorithm:8 (with "
	  	"commas between)" },
	{ .name = "certificates", .type = OPT_TEXT, .at = AT(certificates), .arg = "FILE",
	  .cli_only = true,
	  .help = "write proofs of what is said about smallest sets, for tools/check-cut" },
#define F(row, option, text) { .name = option, .type = OPT_TEXT, \
	  .at = AT(files) + AUDIT_FILE_##row * sizeof(char *), .arg = "FILE", .help = text },
	AUDIT_FILE_ROWS(F)
#undef F
	{ .name = "workers", .letter = 'w', .type = OPT_COUNT, .at = AT(workers), .min = 1,
	  .max = 64, .arg = "N", .cli_only = true,
	  .help = "threads; one for each processor when not given" },
	{ .name = "memory", .letter = 'm', .type = OPT_SIZE, .at = AT(memory), .def = "2G",
	  .min = 1u << 20, .max = 1ull << 44, .arg = "SIZE", .cli_only = true,
	  .help = "what the zone may take; past it the rest of the file is left out, and a "
	  	"finding says so" },
	{ .name = "unpacked", .type = OPT_SIZE, .at = AT(unpacked), .def = "64G",
	  .min = 1u << 20, .max = 1ull << 44, .arg = "SIZE", .cli_only = true,
	  .help = "what a compressed zone file may unpack to, with the files it includes; past "
	  	"it the rest is left out, and a finding says so" },
	{ .name = "tsig-file", .type = OPT_TEXT, .at = AT(tsig_file), .arg = "FILE",
	  .help = "keys for transfers, as name servers have them: key \"name\" { algorithm "
	  	"hmac-sha256; secret \"base64\"; };" },
	{ .name = "suffixes", .type = OPT_TEXT, .at = AT(suffixes), .def = SUFFIX_FILE,
	  .arg = "FILE", .help = "the public suffix list" },
	{ .name = "hash-key", .type = OPT_TEXT, .at = AT(hash_key), .def = "vedette",
	  .arg = "TEXT",
	  .help = "secret that keeps outsiders from choosing names that make tables slow" },
	{ .name = NULL }
};

unsigned audit_groups(struct opt_group *out, unsigned max)
{
	unsigned n = 0;

	must(max > 0);
	out[n++] = (struct opt_group){ .name = "", .title = "Audit", .rows = audit_run_rows,
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
