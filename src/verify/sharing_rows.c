/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sharing_rows.c - what the sharing family can find, and its options: data only. */
#include "verify/sharing.h"

static const char *const references_spread[] = {
	"RFC 2182, 3 (secondary servers in different places and networks)",
	"RFC 1034, 4.1",
	NULL
};
static const char *const references_cut[] = {
	"RFC 2182, 3.1",
	"RFC 3258 (one server in many places; it stays one operator and one prefix)",
	"Khuller and Saha, On Finding Dense Subgraphs, 2009 (what is hard about it)",
	NULL
};
static const char *const references_what_if[] = {
	"RFC 2182, 3",
	"RFC 8624 (algorithms of DNSSEC)",
	NULL
};
static const char *const references_input[] = {
	"RFC 7607 (AS 0)",
	NULL
};

#define DETECT N_("registry, zone operator")
#define MITIGATE N_("registrant, DNS operator")
#define PREVENT N_("registrant, registry policy")

const struct catalogue_row sharing_rows[] = {
	[SHARING_SPREAD] = { .id = "sharing.spread",
	  .title = N_("How few carry the delegations"),
	  .area = AREA_FATE_SHARING, .remit = REMIT_DNS, .detect = DETECT,
	  .mitigate = MITIGATE, .prevent = PREVENT, .severity = SEVERITY_INFO,
	  .meaning = N_("Names look independent and rest on the same operators, servers, "
		"addresses, networks. Each delegation spreads 1 over what it rests on at "
		"this level; the shares give the Herfindahl-Hirschman index and the "
		"number of equal elements that would be as concentrated. Addresses are "
		"known from this zone's own records only, so at the levels of addresses, "
		"prefixes and AS the part that is not known is said."),
	  .remedy = N_("None by itself. Watch the figures over the years, and the "
		"delegations that rest on a single element."),
	  .references = references_spread },
	[SHARING_HEAVY] = { .id = "sharing.heavy",
	  .title = N_("One failure takes down much of the zone"),
	  .area = AREA_FATE_SHARING, .remit = REMIT_DNS, .detect = DETECT,
	  .mitigate = MITIGATE, .prevent = PREVENT, .severity = SEVERITY_MEDIUM,
	  .meaning = N_("So many delegations have all their servers with one operator, "
		"at one address, in one network or AS that its failure, attack or "
		"takeover takes them all at once: half of the zone or of the critical "
		"list, unless --sharing-heavy says another share."),
	  .remedy = N_("Give the important ones a second operator in another network; "
		"talk with the operator about what happens when it fails."),
	  .references = references_cut },
	[SHARING_CUT] = { .id = "sharing.cut",
	  .title = N_("Smallest set that takes down a share"),
	  .area = AREA_FATE_SHARING, .remit = REMIT_DNS, .detect = DETECT,
	  .mitigate = MITIGATE, .prevent = PREVENT, .severity = SEVERITY_INFO,
	  .meaning = N_("The fewest operators, servers, addresses, prefixes or AS that "
		"were found whose loss leaves this share of the delegations without a "
		"server, and how many are needed at least, which is proven "
		"(--certificates writes the proof; tools/check-cut checks it)."),
	  .remedy = N_("None by itself: it is the list of those whose failure matters "
		"most."),
	  .references = references_cut },
	[SHARING_CRITICAL_CUT] = { .id = "sharing.critical-cut",
	  .title = N_("Smallest set that takes down critical names"),
	  .area = AREA_FATE_SHARING, .remit = REMIT_DNS, .detect = DETECT,
	  .mitigate = MITIGATE, .prevent = PREVENT, .severity = SEVERITY_INFO,
	  .meaning = N_("The same for the delegations that --critical names."),
	  .remedy = N_("Spread the critical delegations over more operators and networks "
		"than an attacker can take at once."),
	  .references = references_cut },
	[SHARING_WHAT_IF] = { .id = "sharing.what-if",
	  .title = N_("What falls without these"),
	  .area = AREA_FATE_SHARING, .remit = REMIT_DNS, .detect = DETECT,
	  .mitigate = MITIGATE, .prevent = PREVENT, .severity = SEVERITY_INFO,
	  .meaning = N_("The answer to --what-if: delegations that lose all their "
		"servers or some of them, or the chain of trust, when all that the "
		"question names is lost."),
	  .remedy = N_("None: it was asked for."),
	  .references = references_what_if },
	[SHARING_CRITICAL_UNKNOWN] = { .id = "sharing.critical-unknown",
	  .title = N_("Critical names that are not delegated here"),
	  .area = AREA_FATE_SHARING, .remit = REMIT_DNS, .detect = DETECT,
	  .mitigate = MITIGATE, .prevent = PREVENT, .severity = SEVERITY_LOW,
	  .meaning = N_("Lines of the file of --critical are no names, or no delegation "
		"of this zone holds them: nothing is said about them."),
	  .remedy = N_("Correct the list; names in other zones need an audit of those."),
	  .references = references_spread },
	[SHARING_ASN_LINES] = { .id = "sharing.asn-lines",
	  .title = N_("Lines of an AS table that cannot be read"),
	  .area = AREA_FATE_SHARING, .remit = REMIT_DNS, .detect = DETECT,
	  .mitigate = MITIGATE, .prevent = PREVENT, .severity = SEVERITY_LOW,
	  .meaning = N_("Lines of the file of --asn or --asn6 are not of the form "
		"start,end,number,name and were left out. MaxMind's .mmdb files are not "
		"read."),
	  .remedy = N_("Give a table in CSV."),
	  .references = references_input },
	[SHARING_LIMIT] = { .id = "sharing.limit",
	  .title = N_("Too many different sets of servers"),
	  .area = AREA_FATE_SHARING, .remit = REMIT_DNS, .detect = DETECT,
	  .mitigate = MITIGATE, .prevent = PREVENT, .severity = SEVERITY_LOW,
	  .meaning = N_("The zone has more different sets of name servers than are kept "
		"(--sharing-sets, and 268 million members of them): the delegations with "
		"the last ones are left out of the figures of fate sharing."),
	  .remedy = N_("Raise --sharing-sets if it was lowered; the other findings are "
		"about the rest."),
	  .references = references_spread },
	{ .id = NULL }
};

#define AT(f) offsetof(struct sharing_conf, f)
const struct opt sharing_opts[] = {
	{ .name = "loss", .type = OPT_TEXT, .list = true, .at = AT(losses),
	  .def = "10%,50%", .arg = "SHARES",
	  .help = N_("shares of the zone and of the critical list for which the smallest "
		"sets are looked for (with commas between)") },
	{ .name = "heavy", .type = OPT_RATIO, .at = AT(heavy), .def = "50%", .min = 1,
	  .max = 1000, .arg = "RATIO",
	  .help = N_("one operator, address, network or AS that takes down this share is "
		"told") },
	{ .name = "least", .type = OPT_COUNT, .at = AT(least), .def = "20", .min = 1,
	  .max = 1000000000, .arg = "N",
	  .help = N_("delegations that the zone has at least, for --sharing-heavy: in a "
		"small one a single operator is the rule") },
	{ .name = "sets", .type = OPT_COUNT, .at = AT(sets), .def = "4194304", .min = 1,
	  .max = SHARING_SETS_MAX, .arg = "N",
	  .help = N_("different sets of name servers that are kept (40 octets each, some "
		"200 with servers of their own); delegations with others are left out, "
		"and a finding says so") },
	{ .name = "work", .type = OPT_COUNT, .at = AT(work), .def = "100000000", .min = 0,
	  .max = 1000000000000, .arg = "STEPS",
	  .help = N_("looks at members of sets that proofs may take together; past it a "
		"gap stays, which is said") },
	{ .name = NULL }
};
