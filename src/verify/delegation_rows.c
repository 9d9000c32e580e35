/* SPDX-License-Identifier: GPL-3.0-or-later */
/* delegation_rows.c - what the delegation family can find, and its options: data only, in the
 * order of enum delegation_row.
 *
 * budget: one table */
#include "verify/delegation.h"

static const char *const references_glue[] = {
	"RFC 9471, 2 (glue in referrals)",
	"RFC 1034, 4.2.1 and 4.2.2",
	NULL
};
static const char *const references_lame[] = {
	"RFC 1034, 4.2.2",
	"RFC 9471, 2",
	"RFC 1912, 2.8 (lame delegations)",
	NULL
};
static const char *const references_cycle[] = {
	"Moura et al., TsuNAME: Exploiting Misconfiguration and Vulnerability to DDoS "
		"DNS, 2021",
	"Pappas et al., Impact of Configuration Errors on DNS Robustness, 2004",
	"RFC 9520 (negative caching of failures)",
	NULL
};
static const char *const references_hijack[] = {
	"Akiwate et al., Risky BIZness: Risks Derived from Registrar Name Management, "
		"2021",
	"Alowaisheq et al., Zombie Awakening: Stealthy Hijacking of Active Domains, 2020",
	"Sitting Ducks, Infoblox and Eclypsium, 2024",
	"RFC 9803 and EPP host objects (RFC 5732, 1.1)",
	NULL
};
static const char *const references_host[] = {
	"RFC 1034, 4.2.2",
	"RFC 1912, 2.8",
	NULL
};
static const char *const references_special[] = {
	"RFC 6761 (special-use domain names) and its registry",
	"RFC 6762, 7686, 8375, 9462, 9476",
	NULL
};
static const char *const references_impossible[] = {
	"RFC 1123, 2.1",
	"RFC 3696, 2",
	NULL
};
static const char *const references_null[] = {
	"RFC 1034, 4.2.1",
	"RFC 2181, 10.3",
	NULL
};
static const char *const references_tld[] = {
	"IANA root zone database",
	"publicsuffix.org",
	"RFC 8023 (name collisions)",
	NULL
};
static const char *const references_alike[] = {
	"Vissers et al., The Wolf of Name Street: Hijacking Domains Through Their "
		"Nameservers, 2017",
	"Nikiforakis et al., Bitsquatting, 2013",
	NULL
};
static const char *const references_address[] = {
	"RFC 6890, RFC 8190 (special-purpose address registries)",
	"RFC 4291, 2.4",
	NULL
};
static const char *const references_diverse[] = {
	"RFC 2182, 3.1 (topological and geographical diversity)",
	"RFC 1034, 4.1",
	NULL
};
static const char *const references_few[] = {
	"RFC 1034, 4.1 (at least two servers)",
	"RFC 2182, 5 (how many)",
	NULL
};
static const char *const references_ds[] = {
	"RFC 4035, 5.2 (a DS that is not supported counts as none)",
	"RFC 8624, 3.3",
	"RFC 9904 and the IANA registries of algorithms",
	"RFC 9905 (SHA-1), RFC 9906 (GOST)",
	NULL
};
static const char *const references_dswhere[] = {
	"RFC 4034, 5",
	"RFC 4035, 2.4",
	NULL
};
static const char *const references_orphan[] = {
	"SAC048, SSAC Comment on Orphan Glue Records, 2011",
	"Kalafut et al., An Empirical Study of Orphan DNS Servers in the Internet, "
		"2010",
	NULL
};
static const char *const references_extra[] = {
	"RFC 9471, 2",
	"RFC 1034, 4.2.1",
	NULL
};
static const char *const references_ttl[] = {
	"SAC025, SSAC Advisory on Fast Flux Hosting and DNS, 2008",
	"Holz et al., Measuring and Detecting Fast-Flux Service Networks, 2008",
	"RFC 9803 (TTLs in EPP)",
	NULL
};
static const char *const references_wild[] = {
	"RFC 4592, 4.2 (NS at a wildcard)",
	NULL
};
static const char *const references_self[] = {
	"RFC 1034, 4.2.1",
	"RFC 2182, 3.1",
	NULL
};
static const char *const references_limit[] = {
	"RFC 2181, 5 (RRsets)",
	NULL
};

const struct catalogue_row delegation_rows[] = {
	{ .id = "delegation.no-glue",
	  .title = N_("Glue missing"), .area = AREA_AVAILABILITY,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"),
	  .mitigate = N_("registrar, domain holder"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("A server's name lies in the very domain that is delegated to "
		"it, and the zone has no address for it. Nobody can find that server: to "
		"ask it for its address one would have to know the address. High when "
		"the delegation has no other server."),
	  .remedy = N_("Add the host's address at the registry (host object or host "
		"attribute), or name another server."),
	  .references = references_glue,
	  .dnsviz = "MISSING_GLUE_FOR_NS_NAME" },
	{ .id = "delegation.unresolvable",
	  .title = N_("Delegation that nobody can resolve"), .area = AREA_AVAILABILITY,
	  .first = 3, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"),
	  .mitigate = N_("registrar, domain holder"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_HIGH,
	  .meaning = N_("No server of this delegation has an address, and none can get "
		"one: each name is missing in this zone, cannot exist, or is reserved. "
		"That is certain from this zone alone; whether the other delegations' "
		"servers answer would need queries."),
	  .remedy = N_("Ask the holder for working servers; withdraw the delegation when "
		"nobody answers."),
	  .references = references_lame,
	  .dnsviz = "NO_ADDRESS_FOR_NS_NAME" },
	{ .id = "delegation.depends-on-broken",
	  .title = N_("Delegation that leans on a broken one"), .area = AREA_AVAILABILITY,
	  .first = 3, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"),
	  .mitigate = N_("registrar, domain holder"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_HIGH,
	  .meaning = N_("All servers of this delegation lie in other delegations of this "
		"zone that cannot be resolved themselves, directly or over some steps. "
		"It is down although its own records look right. The chain names the "
		"cause."),
	  .remedy = N_("Mend the delegation at the end of the chain, or add glue, or "
		"name other servers."),
	  .references = references_lame,
	  .dnsviz = "NO_ADDRESS_FOR_NS_NAME" },
	{ .id = "delegation.cycle", .title = N_("Circular dependency of servers"),
	  .area = AREA_AVAILABILITY,
	  .first = 11, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"),
	  .mitigate = N_("registrar, domain holder"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_HIGH,
	  .meaning = N_("To find the servers of the first delegation one has to find "
		"those of the second, and so on until the first again; no glue breaks "
		"the circle. Such delegations cannot be resolved, and resolvers that do "
		"not notice ask again and again (TsuNAME). Medium when other servers "
		"answer."),
	  .remedy = N_("Give one of the delegations a server outside of the circle, or "
		"glue."),
	  .references = references_cycle },
	{ .id = "delegation.claimable",
	  .title = N_("Servers under a domain that anybody may register"),
	  .area = AREA_IMPERSONATION,
	  .first = 3, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"),
	  .mitigate = N_("registry, registrar, domain holder"),
	  .prevent = N_("registry (delete or rename hosts with their domain safely)"),
	  .severity = SEVERITY_HIGH,
	  .meaning = N_("Delegations name servers under a domain that does not exist in "
		"this zone, where names are given to whoever asks. Its next holder "
		"answers for all of them: their web sites, mail and certificates. The "
		"zone cannot tell a free name from one that is registered without being "
		"delegated (on hold, just new): ask the registry's database. Critical "
		"from the weight that the options set."),
	  .remedy = N_("Look the domain up in the registry; keep it from being "
		"registered at once; ask the registrars of the delegations to name other "
		"servers."),
	  .references = references_hijack },
	{ .id = "delegation.no-host",
	  .title = N_("Server that this zone knows not to exist"),
	  .area = AREA_AVAILABILITY,
	  .first = 3, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"),
	  .mitigate = N_("registrar, domain holder"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("The server's name lies in this zone, outside of every "
		"delegation, and has no address here. This zone is the authority for it, "
		"so there is none anywhere."),
	  .remedy = N_("Correct the name (a forgotten dot at the end makes such names), "
		"or add its address."),
	  .references = references_host,
	  .dnsviz = "NO_ADDRESS_FOR_NS_NAME" },
	{ .id = "delegation.special-use",
	  .title = N_("Servers under a special-use domain"),
	  .area = AREA_AVAILABILITY,
	  .first = 3, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"),
	  .mitigate = N_("registrar, domain holder"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("The server's name ends in a domain that is reserved and never "
		"delegated. Resolvers answer such names themselves or ask the local "
		"network, so who is near the user can answer instead."),
	  .remedy = N_("Name a server with a public name."),
	  .references = references_special },
	{ .id = "delegation.impossible-name",
	  .title = N_("Server name that cannot exist"),
	  .area = AREA_AVAILABILITY,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"),
	  .mitigate = N_("registrar, domain holder"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("The server's name ends in a label that no top-level domain can "
		"have, often an address written where a name belongs, or it is a single "
		"label. No public server has such a name."),
	  .remedy = N_("Name the server, not its address; write whole names."),
	  .references = references_impossible },
	{ .id = "delegation.null-server", .title = N_("The root as a server"),
	  .area = AREA_AVAILABILITY,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"),
	  .mitigate = N_("registrar, domain holder"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("A delegation names \".\" as its server. The root is no host. "
		"Some mean \"no service\" with it, which NS records cannot say; "
		"resolvers send needless queries to the root."),
	  .remedy = N_("Withdraw the delegation instead."),
	  .references = references_null },
	{ .id = "delegation.unknown-tld",
	  .title = N_("Servers under an unknown top-level domain"),
	  .area = AREA_AVAILABILITY,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"),
	  .mitigate = N_("registrar, domain holder"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_LOW,
	  .meaning = N_("The server's top-level domain is not in the public suffix list "
		"of this machine. It was withdrawn, never existed, or is newer than the "
		"list: compare with the root zone."),
	  .remedy = N_("Correct the name; renew the list."),
	  .references = references_tld },
	{ .id = "delegation.lookalike", .title = N_("Operator that looks like a big one"),
	  .area = AREA_IMPERSONATION,
	  .first = 15, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"),
	  .mitigate = N_("registrar, domain holder"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("Few delegations name servers of a domain that is one slip away "
		"from an operator that serves very many of this zone. It may be an "
		"honest small operator, a typing error in those delegations, or a domain "
		"registered to catch such errors. Names alone cannot tell; who holds it "
		"can."),
	  .remedy = N_("Look at the delegations that name it: holders who meant the big "
		"operator have to correct them; see who registered the other."),
	  .references = references_alike },
	{ .id = "delegation.unroutable-address",
	  .title = N_("Server address that cannot be reached"), .area = AREA_AVAILABILITY,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"),
	  .mitigate = N_("domain holder, registrar"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("An address of a name server lies in a block that the registries "
		"of special-purpose addresses call not globally reachable. Nobody on the "
		"Internet reaches it there, or worse, something in the user's own "
		"network answers."),
	  .remedy = N_("Replace the address by a public one."),
	  .references = references_address,
	  .zonemaster = "A01_ADDR_NOT_GLOBALLY_REACHABLE" },
	{ .id = "delegation.one-address", .title = N_("All servers are one address"),
	  .area = AREA_FATE_SHARING,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"), .mitigate = N_("domain holder"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("The delegation has two or more servers by name and a single "
		"machine by address. One failure, one full link takes the domain away. "
		"Told only when all addresses stand in this zone."),
	  .remedy = N_("Add a server elsewhere."),
	  .references = references_diverse,
	  .zonemaster = "DEL_NS_SAME_IP" },
	{ .id = "delegation.one-prefix", .title = N_("All servers are in one network"),
	  .area = AREA_FATE_SHARING,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"), .mitigate = N_("domain holder"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_LOW,
	  .meaning = N_("All IPv4 addresses of the servers lie in one /24 and all IPv6 "
		"addresses in one /48, the longest prefixes that are routed on their "
		"own: one routing failure takes them all. Anycast may stand behind one "
		"prefix, which a zone does not show. Told only when all addresses "
		"stand in this zone."),
	  .remedy = N_("Add a server in another network."),
	  .references = references_diverse },
	{ .id = "delegation.same-address",
	  .title = N_("Different servers with one address"), .area = AREA_FATE_SHARING,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"), .mitigate = N_("domain holder"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_LOW,
	  .meaning = N_("Some of the delegation's servers have the same address, so "
		"there are fewer than their names promise."),
	  .remedy = N_("Remove the names that repeat others, or give them machines of "
		"their own."),
	  .references = references_diverse,
	  .zonemaster = "DEL_NS_SAME_IP" },
	{ .id = "delegation.few-servers", .title = N_("Too few servers"),
	  .area = AREA_AVAILABILITY,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"), .mitigate = N_("domain holder"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_LOW,
	  .meaning = N_("A delegation needs at least two servers, so that the domain "
		"lives when one is away."),
	  .remedy = N_("Add a second server."),
	  .references = references_few,
	  .zonemaster = "NOT_ENOUGH_NS_DEL" },
	{ .id = "delegation.many-servers", .title = N_("Very many servers"),
	  .area = AREA_AVAILABILITY,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"), .mitigate = N_("domain holder"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_INFO,
	  .meaning = N_("More servers than the threshold. Thirteen are what fitted into "
		"the 512 octets of old; beyond seven little is gained and referrals "
		"grow."),
	  .remedy = N_("Remove servers that add nothing."),
	  .references = references_few },
	{ .id = "delegation.ds-unsupported",
	  .title = N_("DS records that no validator follows"), .area = AREA_TRUST,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"), .mitigate = N_("domain holder"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_HIGH,
	  .meaning = N_("None of the delegation's DS records has a digest type and an "
		"algorithm that validators support. They treat the domain as unsigned, "
		"so its signatures protect nobody."),
	  .remedy = N_("Publish a DS record with SHA-256 (type 2) for a key of a current "
		"algorithm."),
	  .references = references_ds,
	  .dnsviz = "DIGEST_ALGORITHM_NOT_SUPPORTED" },
	{ .id = "delegation.ds-sha1", .title = N_("DS records with SHA-1 only"),
	  .area = AREA_CRYPTOGRAPHY,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"), .mitigate = N_("domain holder"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_LOW,
	  .meaning = N_("The only digest of the child's key is SHA-1, which must not be "
		"used for new delegations. Validators still follow it; some already do "
		"not."),
	  .remedy = N_("Publish a DS record with SHA-256 (type 2) and remove the old "
		"one."),
	  .references = references_ds,
	  .zonemaster = "DS01_DS_ALGO_DEPRECATED" },
	{ .id = "delegation.ds-algorithm",
	  .title = N_("DS records for RSA with SHA-1 only"), .area = AREA_CRYPTOGRAPHY,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"), .mitigate = N_("domain holder"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_LOW,
	  .meaning = N_("The child is signed with RSASHA1 (5 or 7) only. These "
		"algorithms must not be used for signing any more, and validators on "
		"hardened systems take the domain as unsigned."),
	  .remedy = N_("Roll the child to ECDSA P-256 (13) and replace its DS records."),
	  .references = references_ds },
	{ .id = "delegation.ds-length", .title = N_("DS record of wrong length"),
	  .area = AREA_TRUST,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"), .mitigate = N_("domain holder"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("The digest of a DS record does not have the length of its type. "
		"It matches no key; when no other DS record is good, the domain is bogus "
		"for validators."),
	  .remedy = N_("Publish the DS record again from the child's key."),
	  .references = references_dswhere },
	{ .id = "delegation.ds-alone", .title = N_("DS record without a delegation"),
	  .area = AREA_TRUST,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"),
	  .mitigate = N_("registrar, domain holder"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("A DS record stands at a name that is not delegated. It secures "
		"nothing and tells validators of a zone that is not there."),
	  .remedy = N_("Remove it, or restore the NS records."),
	  .references = references_dswhere },
	{ .id = "delegation.ds-apex", .title = N_("DS record at the apex"),
	  .area = AREA_TRUST,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_DNS,
	  .detect = N_("registry, zone owner"), .mitigate = N_("zone owner"),
	  .prevent = N_("zone owner"),
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("The DS record of a zone belongs to its parent. At the zone's "
		"own apex it is wrong data of the child side that confuses servers and "
		"validators."),
	  .remedy = N_("Move it to the parent zone."),
	  .references = references_dswhere },
	{ .id = "delegation.orphan-glue", .title = N_("Orphan glue in use"),
	  .area = AREA_TRUST,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"), .mitigate = N_("registry"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("The zone keeps addresses of a server though the domain that the "
		"server lies in is not delegated any more, and other delegations still "
		"lean on them. Criminals have used this to keep their servers alive "
		"after their domain was taken away. The registry may keep it on "
		"purpose, for innocent delegations."),
	  .remedy = N_("See who depends on it, tell them, then remove the addresses."),
	  .references = references_orphan },
	{ .id = "delegation.stray-address", .title = N_("Address without a delegation"),
	  .area = AREA_TRUST,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"), .mitigate = N_("registry"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_INFO,
	  .meaning = N_("Address records lie below a name that does not exist in this "
		"zone, and no NS record names them: most often glue that was left over. "
		"Told only for zones whose names are given out to others."),
	  .remedy = N_("Remove them when nothing of the registry's own needs them."),
	  .references = references_orphan },
	{ .id = "delegation.unneeded-glue", .title = N_("Glue that is not needed"),
	  .area = AREA_TRUST,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"), .mitigate = N_("registry"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_INFO,
	  .meaning = N_("An address record at or below a delegation belongs to a name "
		"that no NS record of the zone names. It is never an answer, and as glue "
		"it is not sent either."),
	  .remedy = N_("Remove it."),
	  .references = references_extra },
	{ .id = "delegation.no-sibling-glue", .title = N_("Sibling glue missing"),
	  .area = AREA_AVAILABILITY,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"), .mitigate = N_("registry"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_INFO,
	  .meaning = N_("A server lies in another delegation of this zone and has no "
		"address here. Resolvers can find it by asking that other domain first, "
		"so this costs time and makes the one depend on the other. Many "
		"registries publish no sibling glue on purpose."),
	  .remedy = N_("Publish the addresses that the registry has, as RFC 9471 "
		"allows."),
	  .references = references_glue },
	{ .id = "delegation.low-ttl", .title = N_("Delegation of very low TTL"),
	  .area = AREA_TRUST,
	  .first = 13, .abuse = ABUSE_BOTNET, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"),
	  .mitigate = N_("registrar, domain holder"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_LOW,
	  .meaning = N_("NS or address records of this delegation may be cached for a "
		"few minutes only, unlike most of the zone. Double-flux networks move "
		"their servers that way; a planned move looks the same for a day."),
	  .remedy = N_("Look at how often its servers changed (--since)."),
	  .references = references_ttl },
	{ .id = "delegation.low-ttl-all", .title = N_("Zone of very low delegation TTLs"),
	  .area = AREA_AVAILABILITY,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_DNS,
	  .detect = N_("registry, zone owner"), .mitigate = N_("zone owner"),
	  .prevent = N_("zone owner"),
	  .severity = SEVERITY_INFO,
	  .meaning = N_("Most delegations of the zone have a TTL below the threshold: "
		"the zone's own choice. Outages of its servers are felt sooner, and it "
		"gets more queries."),
	  .remedy = N_("Raise the TTL of NS records and glue to hours."),
	  .references = references_ttl },
	{ .id = "delegation.wildcard",
	  .title = N_("Wildcard delegation"), .area = AREA_TRUST,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("registry, zone owner"),
	  .mitigate = N_("registrar, domain holder"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("A delegation whose name begins with an asterisk. What it means "
		"is not defined; servers that expand it give every name that does not "
		"exist to the same servers, and DNSSEC cannot deny that."),
	  .remedy = N_("Remove it; delegate names that exist."),
	  .references = references_wild },
	{ .id = "delegation.self-hosted",
	  .title = N_("Delegation to the zone's own servers"), .area = AREA_FATE_SHARING,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_DNS,
	  .detect = N_("registry, zone owner"), .mitigate = N_("registry"),
	  .prevent = N_("registry (checks at registration)"),
	  .severity = SEVERITY_INFO,
	  .meaning = N_("The delegation has the same set of servers as the zone above "
		"it: they fail together, and one operator answers for both."),
	  .remedy = N_("Nothing to do where this is meant."),
	  .references = references_self },
	{ .id = "delegation.limit", .title = N_("Not looked at: a limit was reached"),
	  .area = AREA_AVAILABILITY,
	  .first = 0, .abuse = ABUSE_NONE, .remit = REMIT_DNS,
	  .detect = N_("registry, zone owner"), .mitigate = N_("zone owner"),
	  .prevent = N_("registry"),
	  .severity = SEVERITY_INFO,
	  .meaning = N_("The zone has more of something than is looked at, as a bound "
		"against hostile zones. What was left out is named."),
	  .remedy = N_("Look at the delegation by hand."),
	  .references = references_limit },
	{ .id = NULL }
};
_Static_assert(COUNT(delegation_rows) == ROW_COUNT + 1, "a row for each of the enum");

#define AT(f) offsetof(struct delegation_conf, f)
const struct opt delegation_opts[] = {
	{ .name = "servers-least", .type = OPT_COUNT, .at = AT(servers_least), .def = "2",
	  .min = 1, .max = 13, .arg = "N",
	  .help = N_("servers that a delegation needs (RFC 1034, 4.1 and RFC 2182, 5: "
		"two)") },
	{ .name = "servers-most", .type = OPT_COUNT, .at = AT(servers_most), .def = "13",
	  .min = 1, .max = 1u << 20, .arg = "N",
	  .help = N_("more servers are told (13 fitted into 512 octets)") },
	{ .name = "ttl", .type = OPT_SPAN, .at = AT(ttl), .def = "5m", .min = 0,
	  .max = 604800000000000ull, .arg = "TIME",
	  .help = N_("NS and glue TTLs below it are told (double flux needs minutes)") },
	{ .name = "weight", .type = OPT_COUNT, .at = AT(weight), .def = "100", .min = 1,
	  .arg = "N",
	  .help = N_("delegations that a claimable domain carries to be critical") },
	{ .name = "alike-big", .type = OPT_COUNT, .at = AT(alike_big), .def = "500",
	  .min = 2,
	  .arg = "N",
	  .help = N_("delegations on one server that make its operator a big one") },
	{ .name = "alike-share", .type = OPT_RATIO, .at = AT(alike_share), .def = "0.01",
	  .min = 0, .max = 1000, .arg = "RATIO",
	  .help = N_("delegations of a look-alike for each of the big one, at most") },
	{ .name = "alike-length", .type = OPT_COUNT, .at = AT(alike_length), .def = "6",
	  .min = 3, .max = 63, .arg = "N",
	  .help = N_("letters of a big operator's label; shorter ones are alike by "
		"chance") },
	{ .name = NULL }
};
