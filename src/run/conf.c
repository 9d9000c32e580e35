/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conf.c - see conf.h. */
#include "run/conf.h"
#include "dns/suffix.h"
#include "run/hash_key.h"
#include "run/marked.h"

#define AT(f) offsetof(struct run_conf, f)
#define SECOND 1000000000ull
#define WORKERS_MAX 64

const struct opt run_rows[] = {
	MARKED_ROW(AT(marking)),
	{ .name = "workers", .letter = 'w', .type = OPT_COUNT, .at = AT(workers), .def = "1",
	  .min = 1, .max = WORKERS_MAX, .arg = "N",
	  .help = N_("threads that work; each takes its share of the address pairs") },
	{ .name = "memory", .letter = 'm', .type = OPT_SIZE, .at = AT(memory), .def = "512M",
	  .min = 32u << 20, .max = 1ull << 44, .arg = "SIZE",
	  .help = N_("what the analysis may hold; past it the light keys give way and "
	  	"are counted") },
	{ .name = "ports", .letter = 'p', .type = OPT_PORTS, .at = AT(ports), .def = "53",
	  .arg = "PORTS", .help = N_("UDP and TCP ports that carry DNS") },
	{ .name = "mdns", .type = OPT_FLAG, .at = AT(mdns),
	  .help = N_("take multicast DNS (port 5353) as well") },
	{ .name = "only", .type = OPT_TEXT, .list = true, .at = AT(only), .arg = "NAMES",
	  .help = N_("run only these detectors (names with commas between, or none)") },
	{ .name = "evidence", .type = OPT_COUNT, .at = AT(evidence), .def = "64", .min = 0,
	  .max = FINDING_EVIDENCE_MAX, .arg = "N",
	  .help = N_("messages kept for each finding") },
	{ .name = "spool", .type = OPT_SIZE, .at = AT(spool), .def = "1G", .min = 0,
	  .max = 1ull << 44, .arg = "SIZE",
	  .help = N_("what is kept of a pipe in a temporary file (in TMPDIR, or "
		  "/var/tmp), for evidence and after a crash; 0 keeps nothing") },
	{ .name = "late", .type = OPT_SPAN, .at = AT(late), .def = "5s", .min = 0,
	  .max = 60 * SECOND,
	  .arg = "TIME",
	  .help = N_("how long a minute waits for messages that come out of order") },
	{ .name = "timeout", .type = OPT_SPAN, .at = AT(timeout), .def = "10s",
	  .min = SECOND / 1000,
	  .max = 600 * SECOND, .arg = "TIME",
	  .help = N_("how long a query waits for its response") },
	{ .name = "transactions", .type = OPT_COUNT, .at = AT(transactions), .def = "131072",
	  .min = 64, .max = 1u << 26, .arg = "N",
	  .help = N_("queries that may wait at a time") },
	{ .name = "suffixes", .type = OPT_TEXT, .at = AT(suffixes), .def = SUFFIX_FILE,
	  .arg = "FILE",
	  .help = N_("the public suffix list") },
	{ .name = "hash-key", .type = OPT_TEXT, .some = true, .at = AT(hash_key),
	  .def = HASH_KEY_PUBLIC, .arg = "TEXT",
	  .help = N_("secret that keeps outsiders from choosing names that hide from "
	  	"samples") },
	{ .name = NULL }
};

static struct run_conf conf;
static _Alignas(max_align_t) u8 detector_confs[16][512];

unsigned run_groups(struct opt_group *out, unsigned max)
{
	unsigned n = 0;

	must(max > 0);
	out[n++] = (struct opt_group){ "", N_("Analysis"), run_rows, &conf };
	for (unsigned i = 0; detectors[i]; i++) {
		must(n < max && i < COUNT(detector_confs));
		must(detectors[i]->conf_size <= sizeof detector_confs[i]);
		out[n++] = (struct opt_group){ detectors[i]->id, detectors[i]->title,
			detectors[i]->opts, detector_confs[i] };
	}
	return n;
}

const struct run_conf *run_conf_of(const struct opts *o)
{
	return opts_conf(o, run_rows);
}

const void *run_detector_conf(const struct opts *o, const struct detector *d)
{
	return opts_conf(o, d->opts);
}

/* The next name of a list with commas; its length, 0 at the end. */
static size_t next_name(const char **at, const char **name)
{
	*at += strspn(*at, ", ");
	*name = *at;
	*at += strcspn(*at, ", ");
	return (size_t)(*at - *name);
}

static bool is_name(const struct detector *d, const char *name, size_t n)
{
	return strlen(d->id) == n && memcmp(d->id, name, n) == 0;
}

bool run_wants(const struct run_conf *c, const struct detector *d)
{
	const char *at = c->only, *name;
	size_t n;

	if (at == NULL)
		return true;
	while ((n = next_name(&at, &name)) > 0)
		if (is_name(d, name, n))
			return true;
	return false;
}

int run_check_only(const struct run_conf *c, char why[OPT_WHY])
{
	const char *at = c->only, *name;
	size_t n, used;
	bool known;

	while (at && (n = next_name(&at, &name)) > 0) {
		known = n == 4 && memcmp(name, "none", 4) == 0;
		for (unsigned i = 0; detectors[i]; i++)
			known |= is_name(detectors[i], name, n);
		if (known)
			continue;
		used = (size_t)snprintf(why, OPT_WHY, N_("--only: there is no detector "
			"'%.*s'; write none or some of"),
					(int)(n < 40 ? n : 40), name);
		for (unsigned i = 0; detectors[i] && used < OPT_WHY - 40; i++)
			used += (size_t)snprintf(why + used, OPT_WHY - used, " %s",
						 detectors[i]->id);
		return OOPS_UNKNOWN;
	}
	return 0;
}
