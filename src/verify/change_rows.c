/* SPDX-License-Identifier: GPL-3.0-or-later */
/* change_rows.c - what the change family can find: catalogue rows, nothing else. */
#include "verify/change.h"

#define WHO "registry"
#define ACT N_("registry, registrar")

static const char *const refs_0[] = { "SAC025", NULL };
static const char *const refs_1[] = { "RFC 1034, 4.2", NULL };
static const char *const refs_2[] = { "RFC 1034, 4.2", "SAC040", NULL };
static const char *const refs_3[] = { "RFC 4035, 2.4", NULL };
static const char *const refs_4[] = { "RFC 7583, 3.3", "RFC 6781, 4.1", NULL };
static const char *const refs_5[] = { "RFC 4035, 2.4", "RFC 6781, 4.3.5", NULL };
static const char *const refs_6[] = { "SAC040", "RFC 6781, 4.3.5", NULL };
static const char *const refs_7[] = { "SAC040", "SAC025", NULL };
static const char *const refs_8[] = { "SAC040", NULL };
static const char *const refs_9[] = { "RFC 9471", NULL };
static const char *const refs_10[] = { "SAC040", "RFC 9471", NULL };
static const char *const refs_11[] = { "RFC 1982, 3.2", "RFC 1912, 3.1", NULL };
static const char *const refs_12[] = { "RFC 1982, 3.2", "RFC 1912, 2.2", NULL };
static const char *const refs_13[] = { "RFC 7583", "RFC 6781, 4.1", NULL };
static const char *const refs_14[] = { "RFC 7583, 3.2.1", "RFC 6781, 4.1.1", NULL };

const struct catalogue_row change_rows[] = {
	[CHANGE_SUMMARY] = {
	  .id = "change.summary", .title = N_("What changed in a zone"),
	  .area = AREA_AVAILABILITY,
	  .remit = REMIT_DNS, .detect = WHO, .mitigate = ACT,
	  .prevent = ACT, .severity = SEVERITY_INFO,
	  .meaning = N_("How many delegations are new, gone, moved or have other DS "
		"records since the last snapshot. A registry knows its own "
		"rhythm; a day out of it is worth a look."),
	  .remedy = N_("Compare with what was registered and deleted meanwhile."),
	  .references = refs_0 },
	[CHANGE_NEW] = {
	  .id = "change.new", .title = N_("New delegation"),
	  .area = AREA_IDENTITY,
	  .remit = REMIT_REGISTRATION, .detect = WHO, .mitigate = ACT,
	  .prevent = ACT, .severity = SEVERITY_INFO,
	  .meaning = N_("A delegation that the last snapshot did not have."),
	  .remedy = N_("None, if it was registered."),
	  .references = refs_1 },
	[CHANGE_GONE] = {
	  .id = "change.gone", .title = N_("Delegation that is gone"),
	  .area = AREA_AVAILABILITY,
	  .remit = REMIT_DNS, .detect = WHO, .mitigate = ACT,
	  .prevent = ACT, .severity = SEVERITY_INFO,
	  .meaning = N_("A delegation of the last snapshot is not in the zone any "
		"more: its name and all below it no longer resolve."),
	  .remedy = N_("Make sure that it was deleted or put on hold on purpose."),
	  .references = refs_1 },
	[CHANGE_MOVED] = {
	  .id = "change.moved", .title = N_("Delegation with other servers"),
	  .area = AREA_IDENTITY,
	  .remit = REMIT_REGISTRATION, .detect = WHO, .mitigate = ACT,
	  .prevent = ACT, .severity = SEVERITY_INFO,
	  .meaning = N_("The set of name servers is another one than in the last "
		"snapshot; one server more or less is told here, too, because "
		"whoever adds one answers for a share of the queries. Mostly its "
		"holder changed the provider; a hijack at the registrar or "
		"registry looks the same."),
	  .remedy = N_("None, if its holder wanted it. For names that matter, ask by "
		"a second way (registry lock)."),
	  .references = refs_2 },
	[CHANGE_MASS] = {
	  .id = "change.mass", .title = N_("Many delegations gone or moved at once"),
	  .area = AREA_AVAILABILITY,
	  .remit = REMIT_DNS, .detect = WHO, .mitigate = ACT,
	  .prevent = ACT, .severity = SEVERITY_HIGH,
	  .meaning = N_("A share of the zone that no ordinary day changes is gone or "
		"elsewhere. Either a large provider changed its servers, or the zone was "
		"made from broken data or by somebody else."),
	  .remedy = N_("Stop the publication until the cause is known; compare with "
		"the registration database."),
	  .references = refs_0 },
	[CHANGE_DS_ADDED] = {
	  .id = "change.ds-added", .title = N_("Delegation is signed now"),
	  .area = AREA_TRUST,
	  .remit = REMIT_REGISTRATION, .detect = WHO, .mitigate = ACT,
	  .prevent = ACT, .severity = SEVERITY_INFO,
	  .meaning = N_("DS records came: resolvers that validate demand signatures "
		"from now on."),
	  .remedy = N_("None, if the child is signed; else remove them at once."),
	  .references = refs_3 },
	[CHANGE_DS_CHANGED] = {
	  .id = "change.ds-changed", .title = N_("Delegation with other DS records"),
	  .area = AREA_TRUST,
	  .remit = REMIT_REGISTRATION, .detect = WHO, .mitigate = ACT,
	  .prevent = ACT, .severity = SEVERITY_INFO,
	  .meaning = N_("The DS set is another one: a key rollover, a change of the "
		"operator, or a hijack that brings its own keys."),
	  .remedy = N_("None, if its holder wanted it."),
	  .references = refs_4 },
	[CHANGE_DS_REMOVED] = {
	  .id = "change.ds-removed", .title = N_("Delegation that lost its DS records"),
	  .area = AREA_TRUST,
	  .remit = REMIT_REGISTRATION, .detect = WHO, .mitigate = ACT,
	  .prevent = ACT, .severity = SEVERITY_LOW,
	  .meaning = N_("The DS records are gone, the servers stayed. Resolvers no "
		"longer validate the name, so whoever can forge its answers can send its "
		"visitors elsewhere. Holders do this before they change the operator; "
		"attackers do it as a first step."),
	  .remedy = N_("Ask the holder. Put the DS records back when it was not "
		"wanted."),
	  .references = refs_5 },
	[CHANGE_UNSIGNED_AND_MOVED] = {
	  .id = "change.unsigned-and-moved",
	  .title = N_("DS removed while the servers move"),
	  .area = AREA_IDENTITY, .first = 2,
	  .remit = REMIT_REGISTRATION, .detect = WHO, .mitigate = ACT,
	  .prevent = ACT, .severity = SEVERITY_HIGH,
	  .meaning = N_("In one step the delegation lost its DS records and came to "
		"other servers: nothing validates any more, and somebody else "
		"answers. Campaigns such as Sea Turtle (2019) changed "
		"delegations at registrars in this way; so does a careless "
		"change of the provider."),
	  .remedy = N_("Ask the holder by a way that does not depend on the domain. "
		"Look at certificates issued for the name since. Put the old "
		"delegation back when nobody wanted the new one."),
	  .references = refs_6 },
	[CHANGE_GATHERING] = {
	  .id = "change.gathering",
	  .title = N_("Unrelated names move to one new operator"),
	  .area = AREA_IDENTITY, .first = 2,
	  .remit = REMIT_REGISTRATION, .detect = WHO, .mitigate = ACT,
	  .prevent = ACT, .severity = SEVERITY_HIGH,
	  .meaning = N_("Many delegations that were with different operators came to "
		"one operator at once that served hardly anybody here before. "
		"Holders do not agree on such a thing: it is the work of one "
		"hand, with access to an account, a registrar or the registry; "
		"or a new hoster's first day."),
	  .remedy = N_("Look who asked for the changes: one registrar, one account? "
		"Ask some holders. Freeze the rest until they answer."),
	  .references = refs_7 },
	[CHANGE_MIGRATION] = {
	  .id = "change.migration",
	  .title = N_("Names move from one operator to another"),
	  .area = AREA_FATE_SHARING,
	  .remit = REMIT_REGISTRATION, .detect = WHO, .mitigate = ACT,
	  .prevent = ACT, .severity = SEVERITY_INFO,
	  .meaning = N_("Many delegations moved together from one operator to another: "
		"a provider renamed its servers or sold its customers."),
	  .remedy = N_("None; it explains the moves of this snapshot."),
	  .references = refs_1 },
	[CHANGE_RETURNED] = {
	  .id = "change.returned", .title = N_("Short move that came back"),
	  .area = AREA_IDENTITY, .first = 2,
	  .remit = REMIT_REGISTRATION, .detect = WHO, .mitigate = ACT,
	  .prevent = ACT, .severity = SEVERITY_MEDIUM,
	  .meaning = N_("The delegation was elsewhere for a short while and is back "
		"where it was. A change that was regretted looks like this; so "
		"does a hijack that lasted as long as it took to obtain a "
		"certificate and collect passwords."),
	  .remedy = N_("Ask the holder whether both changes were wanted. When not: look "
		"at certificates of those days (certificate transparency), have "
		"passwords changed."),
	  .references = refs_8 },
	[CHANGE_CHURN] = {
	  .id = "change.churn", .title = N_("Delegation that keeps moving"),
	  .area = AREA_VEHICLE, .first = 13,
	  .remit = REMIT_REGISTRATION, .detect = WHO, .mitigate = ACT,
	  .prevent = ACT, .severity = SEVERITY_MEDIUM,
	  .meaning = N_("The set of name servers changed again and again within the "
		"memory of the snapshots: double flux, where even the servers of a "
		"malicious name are disposable."),
	  .remedy = N_("Look at what the name is used for; hold it when it is abuse."),
	  .references = refs_0 },
	[CHANGE_HOST_MOVED] = {
	  .id = "change.host-moved", .title = N_("Name server with other glue"),
	  .area = AREA_IDENTITY,
	  .remit = REMIT_REGISTRATION, .detect = WHO, .mitigate = ACT,
	  .prevent = ACT, .severity = SEVERITY_INFO,
	  .meaning = N_("The address records that the parent hands out for a name "
		"server changed. Everything that it serves follows them."),
	  .remedy = N_("None, if its operator wanted it."),
	  .references = refs_9 },
	[CHANGE_HOSTS_GATHERING] = {
	  .id = "change.hosts-gathering",
	  .title = N_("Glue of unrelated servers moves to one address"),
	  .area = AREA_IDENTITY, .first = 2,
	  .remit = REMIT_REGISTRATION, .detect = WHO, .mitigate = ACT,
	  .prevent = ACT, .severity = SEVERITY_HIGH,
	  .meaning = N_("The glue of name servers of different operators moved to one "
		"new address at once: whoever holds it answers for all their "
		"names."),
	  .remedy = N_("Look who asked for the changes; put the old addresses back "
		"when the operators know nothing."),
	  .references = refs_10 },
	[CHANGE_FLUX] = {
	  .id = "change.flux", .title = N_("Moved, and may move again soon"),
	  .area = AREA_VEHICLE, .first = 13,
	  .remit = REMIT_REGISTRATION, .detect = WHO, .mitigate = ACT,
	  .prevent = ACT, .severity = SEVERITY_LOW,
	  .meaning = N_("The delegation moved, and its NS or glue records have a TTL so "
		"short that they can follow quick changes. Parents use a day or more; "
		"minutes are a sign of flux."),
	  .remedy = N_("Watch it; use the registry's own TTL for delegations."),
	  .references = refs_0 },
	[CHANGE_SERIAL_BACK] = {
	  .id = "change.serial-back", .title = N_("SOA serial went back"),
	  .area = AREA_AVAILABILITY,
	  .remit = REMIT_DNS, .detect = WHO, .mitigate = ACT,
	  .prevent = ACT, .severity = SEVERITY_HIGH,
	  .meaning = N_("The serial is smaller (RFC 1982) than the last snapshot's. "
		"Secondaries that hold the larger one do not transfer the zone: parts of "
		"the world keep the old content."),
	  .remedy = N_("Publish with a serial that is larger, by the steps of RFC "
		"1912 when it is too large."),
	  .references = refs_11 },
	[CHANGE_SERIAL_SAME] = {
	  .id = "change.serial-same", .title = N_("Other content under the same serial"),
	  .area = AREA_AVAILABILITY,
	  .remit = REMIT_DNS, .detect = WHO, .mitigate = ACT,
	  .prevent = ACT, .severity = SEVERITY_MEDIUM,
	  .meaning = N_("The delegations differ, the serial does not: secondaries see "
		"no reason to transfer the zone."),
	  .remedy = N_("Raise the serial with every change."),
	  .references = refs_12 },
	[CHANGE_KEYS] = {
	  .id = "change.keys", .title = N_("The zone's keys changed"),
	  .area = AREA_CRYPTOGRAPHY,
	  .remit = REMIT_DNS, .detect = WHO, .mitigate = ACT,
	  .prevent = ACT, .severity = SEVERITY_INFO,
	  .meaning = N_("The DNSKEY set of the apex has keys that are new, or lacks "
		"some that were there: a step of a rollover."),
	  .remedy = N_("None, if a rollover is under way; the parent's DS records "
		"have to follow a new key-signing key."),
	  .references = refs_13 },
	[CHANGE_KEY_EARLY] = {
	  .id = "change.key-early", .title = N_("Key in use before caches know it"),
	  .area = AREA_CRYPTOGRAPHY,
	  .remit = REMIT_DNS, .detect = WHO, .mitigate = ACT,
	  .prevent = ACT, .severity = SEVERITY_HIGH,
	  .meaning = N_("The zone is signed by a key alone that was not in the DNSKEY "
		"set less than that set's TTL ago. Validators that fetched the set "
		"before hold it without the key, and take everything signed since for "
		"forged until it expires."),
	  .remedy = N_("Sign with the old key as well until the TTL is over; next "
		"time publish a key for longer than the DNSKEY TTL before it "
		"signs."),
	  .references = refs_14 },
	[CHANGE_KEY_GONE] = {
	  .id = "change.key-gone", .title = N_("Key removed while caches need it"),
	  .area = AREA_CRYPTOGRAPHY,
	  .remit = REMIT_DNS, .detect = WHO, .mitigate = ACT,
	  .prevent = ACT, .severity = SEVERITY_HIGH,
	  .meaning = N_("The key that alone signed the zone is gone from the DNSKEY set "
		"before what it signed has left the caches. Validators that fetch the "
		"keys now cannot check the data they hold."),
	  .remedy = N_("Publish the old key again until the largest TTL is over."),
	  .references = refs_14 },
	{ .id = NULL }
};
