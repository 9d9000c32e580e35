/* SPDX-License-Identifier: GPL-3.0-or-later */
/* structure_rows.c - the catalogue of the structure family; see structure.h. */
#include "verify/structure.h"

#define OWNER N_("zone owner, DNS operator")
#define WHO .remit = REMIT_DNS, .detect = OWNER, .mitigate = OWNER, \
	.prevent = N_("whoever makes the zone (check it before it is published)")
#define REFERENCES(...) (const char *const[]){ __VA_ARGS__, NULL }

const struct catalogue_row structure_rows[] = {
	[ROW_NO_SOA] = { .id = "structure.no-soa",
	  .title = N_("Zone without a SOA record"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_CRITICAL,
	  .meaning = N_("There is no SOA record at the apex. No name server loads such "
		"a zone, and no secondary can tell whether its copy is current."),
	  .remedy = N_("Restore the SOA record, or give the right origin with "
		"--origin."),
	  .references = REFERENCES("RFC 1035, 5.2", "RFC 2181, 6.1") },
	[ROW_MANY_SOA] = { .id = "structure.many-soa",
	  .title = N_("More than one SOA record"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_HIGH,
	  .meaning = N_("A zone has one SOA record. With several, servers refuse the "
		"zone or take any of them, and serial numbers mean nothing."),
	  .remedy = N_("Leave the right one in the zone."),
	  .zonemaster = "MULTIPLE_SOA",
	  .references = REFERENCES("RFC 1035, 5.2") },
	[ROW_SOA_ELSEWHERE] = { .id = "structure.soa-elsewhere",
	  .title = N_("SOA record below the apex"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_HIGH,
	  .meaning = N_("A SOA record stands at a name below the apex. Two zones were "
		"put into one file, or an origin is wrong; name servers refuse "
		"the file."),
	  .remedy = N_("Give each zone its own file, and delegate the lower one."),
	  .references = REFERENCES("RFC 1034, 4.2.1", "RFC 1035, 5.2") },
	[ROW_NO_NS] = { .id = "structure.no-ns",
	  .title = N_("Zone without NS records at its apex"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_CRITICAL,
	  .meaning = N_("The apex has no NS records, so the zone names no server for "
		"itself. Most servers do not load it, and resolvers that ask for them "
		"get nothing."),
	  .remedy = N_("Add the zone's own NS records, the same as in its parent."),
	  .references = REFERENCES("RFC 1035, 5.2", "RFC 2181, 6.1") },
	[ROW_FEW_NS] = { .id = "structure.few-servers",
	  .title = N_("One name server only"),
	  .area = AREA_FATE_SHARING, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("The apex names one server. One broken machine, one broken line "
		"or one attack takes the whole zone away."),
	  .remedy = N_("Have a second server, in another network and with another "
		"power supply."),
	  .zonemaster = "NOT_ENOUGH_NS_CHILD",
	  .references = REFERENCES("RFC 1034, 4.1", "RFC 2182, 5") },
	[ROW_NO_IPV4] = { .id = "structure.no-ipv4",
	  .title = N_("No name server with IPv4"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("All servers of the zone lie in it, and none has an IPv4 "
		"address here. Resolvers that have IPv4 only cannot resolve "
		"anything in the zone."),
	  .remedy = N_("Give at least one server an A record."),
	  .references = REFERENCES("RFC 3901, 4") },
	[ROW_MNAME] = { .id = "structure.soa-mname",
	  .title = N_("SOA record with an unusable primary"),
	  .area = AREA_IDENTITY, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("The SOA record's first name is the primary server: dynamic "
		"updates go there, and secondaries do not notify it. This one "
		"cannot be used."),
	  .remedy = N_("Name the primary. Where it is hidden on purpose, a name of the "
		"public servers serves as well."),
	  .zonemaster = "Z01_MNAME_NOT_RESOLVE",
	  .references = REFERENCES("RFC 1035, 3.3.13", "RFC 1996, 3.3", "RFC 2136, 4.3") },
	[ROW_RNAME] = { .id = "structure.soa-rname",
	  .title = N_("SOA record with an unusable mailbox"),
	  .area = AREA_IDENTITY, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("The SOA record's second name is the mailbox of who runs the "
		"zone, with a dot in place of the @. Nobody can be reached by "
		"this one when the zone is abused or broken."),
	  .remedy = N_("Write hostmaster.example.org for hostmaster@example.org; a dot "
		"in the local part has a backslash before it."),
	  .zonemaster = "RNAME_RFC822_INVALID",
	  .references = REFERENCES("RFC 1035, 3.3.13", "RFC 1912, 2.2", "RFC 2142, 7") },
	[ROW_REFRESH] = { .id = "structure.soa-refresh",
	  .title = N_("SOA refresh is low"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("Secondaries ask for the serial number very often. Notifications "
		"(RFC 1996) do that job; polling only catches what they miss."),
	  .remedy = N_("Set refresh to between 20 minutes and 12 hours."),
	  .zonemaster = "REFRESH_MINIMUM_VALUE_LOWER",
	  .references = REFERENCES("RFC 1912, 2.2") },
	[ROW_RETRY] = { .id = "structure.soa-retry",
	  .title = N_("SOA retry is out of proportion"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("Retry says how soon a secondary asks again after a failure. "
		"Very low, it hammers a primary that is down; at or above "
		"refresh, it does nothing."),
	  .remedy = N_("Set retry to a fraction of refresh, 2 minutes or more."),
	  .zonemaster = "RETRY_MINIMUM_VALUE_LOWER",
	  .references = REFERENCES("RFC 1912, 2.2") },
	[ROW_EXPIRE] = { .id = "structure.soa-expire", .title = N_("SOA expire is low"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("After this time without the primary, secondaries stop "
		"answering: the zone is gone though its servers are up. Below "
		"refresh and retry together (then the finding is medium) one "
		"failed refresh is enough."),
	  .remedy = N_("Set expire to two to four weeks."),
	  .zonemaster = "EXPIRE_MINIMUM_VALUE_LOWER",
	  .references = REFERENCES("RFC 1912, 2.2") },
	[ROW_MINIMUM] = { .id = "structure.soa-minimum",
	  .title = N_("SOA minimum is out of proportion"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("The last field of the SOA record is how long resolvers "
		"remember that a name does not exist. Long, a new name is "
		"missing for long; zero, each question for a missing name comes "
		"to the servers."),
	  .remedy = N_("Set it to between a minute and some hours."),
	  .zonemaster = "SOA_DEFAULT_TTL_MAXIMUM_VALUE_HIGHER",
	  .references = REFERENCES("RFC 2308, 4 and 5") },
	[ROW_CNAME_OTHER] = { .id = "structure.cname-and-other",
	  .title = N_("CNAME with other records"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_HIGH,
	  .meaning = N_("A name that is an alias has no other data. Name servers refuse "
		"the whole zone, or answer with one or the other."),
	  .remedy = N_("Remove the CNAME or the other records. At the apex use "
		"addresses, or an HTTPS record in AliasMode."),
	  .references = REFERENCES("RFC 1034, 3.6.2", "RFC 2181, 10.1") },
	[ROW_CNAME_MANY] = { .id = "structure.cname-multiple",
	  .title = N_("Several CNAME records at one name"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_HIGH,
	  .meaning = N_("A name is an alias of one other name. With several, name "
		"servers refuse the zone, and resolvers follow any of them."),
	  .remedy = N_("Leave one."),
	  .references = REFERENCES("RFC 1034, 3.6.2", "RFC 2181, 10.1") },
	[ROW_CNAME_LOOP] = { .id = "structure.cname-loop",
	  .title = N_("Aliases in a circle"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_MEDIUM,
	  .meaning = N_("The alias leads through others back to itself. Who asks for it "
		"gets an error, after as many steps as the resolver is willing "
		"to go."),
	  .remedy = N_("Point one of them at a name that has data."),
	  .references = REFERENCES("RFC 1034, 3.6.2") },
	[ROW_CNAME_CHAIN] = { .id = "structure.cname-chain",
	  .title = N_("Long chain of aliases"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("The alias leads to an alias, and so on. Every step costs a "
		"question, and resolvers give up after some."),
	  .remedy = N_("Point the first alias at the last name."),
	  .references = REFERENCES("RFC 1034, 3.6.2", "RFC 1912, 2.4") },
	[ROW_CNAME_NOWHERE] = { .id = "structure.cname-nowhere",
	  .title = N_("Alias of a name that does not exist"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("The alias points at a name in this zone that has no records. "
		"Who asks gets NXDOMAIN for a name that is there."),
	  .remedy = N_("Remove the alias, or add what it points at; look for a missing "
		"dot at the end of the target."),
	  .references = REFERENCES("RFC 1034, 3.6.2") },
	[ROW_DNAME_MANY] = { .id = "structure.dname-multiple",
	  .title = N_("Several DNAME records at one name"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_HIGH,
	  .meaning = N_("A subtree is renamed to one other place. With several DNAME "
		"records servers refuse the zone."),
	  .remedy = N_("Leave one."),
	  .references = REFERENCES("RFC 6672, 2.4") },
	[ROW_DNAME_CUT] = { .id = "structure.dname-at-cut",
	  .title = N_("DNAME at a delegation"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("The name is delegated, so the DNAME record belongs into the "
		"delegated zone; here nobody sees it."),
	  .remedy = N_("Move it, or remove the delegation."),
	  .references = REFERENCES("RFC 6672, 2.3") },
	[ROW_DNAME_LOOP] = { .id = "structure.dname-loop",
	  .title = N_("DNAME that leads below itself"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_MEDIUM,
	  .meaning = N_("The subtree is renamed into itself: names grow with every step "
		"until they are too long, and resolvers work for nothing."),
	  .remedy = N_("Point it elsewhere."),
	  .references = REFERENCES("RFC 6672, 3.2") },
	[ROW_OCCLUDED] = { .id = "structure.hidden",
	  .title = N_("Records that nobody sees"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("The records lie at or below a delegation and are no glue, or "
		"below a DNAME. Servers answer with the delegation or the new "
		"name and never with them. Often a delegation was added and the "
		"old data left."),
	  .remedy = N_("Remove them, or move them into the delegated zone."),
	  .references = REFERENCES("RFC 2136, 7.18", "RFC 6672, 2.4") },
	[ROW_OUTSIDE] = { .id = "structure.outside",
	  .title = N_("Records out of the zone"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_MEDIUM,
	  .meaning = N_("The name is not at or below the zone's apex. Servers drop such "
		"records or refuse the zone. Often a dot at the end was "
		"forgotten, or an origin is wrong."),
	  .remedy = N_("Correct the name, or move the record to its zone."),
	  .references = REFERENCES("RFC 1035, 5.2", "RFC 2181, 6.1") },
	[ROW_REPEATED] = { .id = "structure.repeated",
	  .title = N_("The same record twice"),
	  .area = AREA_VULNERABILITY, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("A record stands in its set more than once. Servers keep one; "
		"programs that make and compare zones may not."),
	  .remedy = N_("Remove the copies, and look at what made them."),
	  .references = REFERENCES("RFC 2181, 5") },
	[ROW_TTL_MIXED] = { .id = "structure.ttl-mixed",
	  .title = N_("Different TTLs in one set"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("All records of a set have one TTL. Servers take one of the "
		"values for all, and not all the same one."),
	  .remedy = N_("Give the whole set one TTL."),
	  .references = REFERENCES("RFC 2181, 5.2") },
	[ROW_TTL_ZERO] = { .id = "structure.ttl-zero", .title = N_("TTL of zero"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_INFO,
	  .meaning = N_("Nothing is cached: each use is a question to the servers, and "
		"an attack on them is felt at once."),
	  .remedy = N_("Use a minute or more, but for what really changes with every "
		"answer."),
	  .references = REFERENCES("RFC 1035, 3.2.1", "RFC 1912, 2.2") },
	[ROW_TTL_LONG] = { .id = "structure.ttl-long", .title = N_("Very long TTL"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_INFO,
	  .meaning = N_("The records live very long in caches. Resolvers cut that down "
		"(mostly to a day or a week), so it helps nobody, and mistakes "
		"stay for long."),
	  .remedy = N_("Use a day or less, two days for delegations."),
	  .references = REFERENCES("RFC 8767, 4", "RFC 1912, 2.2") },
	[ROW_WILDCARD] = { .id = "structure.wildcard",
	  .title = N_("Asterisk where it does not work"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("An asterisk is a wildcard only as the leftmost label; "
		"elsewhere it is a name like any other, and it keeps the real "
		"wildcard above from covering names below it. A wildcard with a "
		"DNAME record has no defined meaning."),
	  .remedy = N_("Write the names out, or put the asterisk first."),
	  .references = REFERENCES("RFC 4592, 2.1 and 4.2 to 4.7", "RFC 6672, 3.3") },
	[ROW_HOST_NAME] = { .id = "structure.host-name",
	  .title = N_("Host with a name that is not legal"),
	  .area = AREA_IDENTITY, WHO, .severity = SEVERITY_MEDIUM,
	  .meaning = N_("The name has an address or takes mail, but it has a character "
		"or a hyphen that host names do not have. Name servers that check names "
		"refuse the zone; certificates, mail and browsers do not take it."),
	  .remedy = N_("Use letters, digits and hyphens inside labels."),
	  .zonemaster = "NON_ALLOWED_CHARS",
	  .references = REFERENCES("RFC 952", "RFC 1123, 2.1", "RFC 2181, 11") },
	[ROW_HYPHENS] = { .id = "structure.hyphens",
	  .title = N_("Hyphens kept for A-labels"),
	  .area = AREA_IDENTITY, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("Labels with hyphens in the third and fourth place are "
		"reserved; only those that begin with xn-- mean something. "
		"Registries and IDN software refuse others."),
	  .remedy = N_("Choose another label."),
	  .zonemaster = "DISCOURAGED_DOUBLE_DASH",
	  .references = REFERENCES("RFC 5891, 4.2.3.1", "RFC 5890, 2.3.1") },
	[ROW_A_LABEL] = { .id = "structure.a-label",
	  .title = N_("A-label that stands for nothing"),
	  .area = AREA_IMPERSONATION, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("The label begins with xn--, but it is not what any allowed "
		"Unicode label is written as. Some programs show it as it is, "
		"others make something of it: good for names that look like "
		"others."),
	  .remedy = N_("Make the label anew from the Unicode name by IDNA2008."),
	  .references = REFERENCES("RFC 5890, 2.3.2.1", "RFC 5891, 4") },
	[ROW_ORIGIN_TWICE] = { .id = "structure.origin-twice",
	  .title = N_("Name that holds the zone's name twice"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("A name without a dot at its end is relative: the zone's name is "
		"put behind it. A whole name without the dot becomes one that nobody "
		"asks for, and the one that was meant does not exist."),
	  .remedy = N_("Write a dot behind whole names, in the records and in what makes them."),
	  .references = REFERENCES("RFC 1035, 5.1", "RFC 1912, 2.1") },
	[ROW_NS_ALIAS] = { .id = "structure.ns-alias",
	  .title = N_("Name server that is an alias"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_MEDIUM,
	  .meaning = N_("NS records name a host, not an alias. Many resolvers do not "
		"follow the CNAME, and for them this server does not exist."),
	  .remedy = N_("Point the NS record at the host itself."),
	  .zonemaster = "NS_IS_CNAME",
	  .references = REFERENCES("RFC 2181, 10.3", "RFC 1912, 2.4") },
	[ROW_NS_NO_ADDRESS] = { .id = "structure.ns-no-address",
	  .title = N_("Name server of the zone without an address"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_HIGH,
	  .meaning = N_("The zone names a server in itself that has no address here. "
		"Servers that check refuse the zone; for resolvers the server "
		"does not exist."),
	  .remedy = N_("Add its A and AAAA records, or remove the NS record."),
	  .references = REFERENCES("RFC 1034, 4.2.1", "RFC 1912, 2.3") },
	[ROW_MX_ALIAS] = { .id = "structure.mx-alias",
	  .title = N_("Mail server that is an alias"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_MEDIUM,
	  .meaning = N_("MX records name a host, not an alias. Some senders do not "
		"deliver."),
	  .remedy = N_("Point the MX record at the host itself."),
	  .zonemaster = "MX_RECORD_IS_CNAME",
	  .references = REFERENCES("RFC 2181, 10.3", "RFC 5321, 5.1") },
	[ROW_MX_NO_ADDRESS] = { .id = "structure.mx-no-address",
	  .title = N_("Mail server without an address"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_MEDIUM,
	  .meaning = N_("The MX record points at a name in this zone that has no "
		"address. Mail for this name is not delivered there."),
	  .remedy = N_("Add its address, or remove the MX record; look for a missing "
		"dot at the end of the target."),
	  .references = REFERENCES("RFC 5321, 5.1", "RFC 1912, 2.5") },
	[ROW_MX_NULL] = { .id = "structure.mx-null", .title = N_("Null MX beside others"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_MEDIUM,
	  .meaning = N_("\"MX 0 .\" says that a name takes no mail, and stands alone. "
		"Beside other MX records senders may take either."),
	  .remedy = N_("Remove the null MX, or all others."),
	  .zonemaster = "Z09_NULL_MX_WITH_OTHER_MX",
	  .references = REFERENCES("RFC 7505, 3") },
	[ROW_SRV_ALIAS] = { .id = "structure.srv-alias",
	  .title = N_("Service on an alias"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("The target of a SRV record is a host, not an alias. Some "
		"clients do not follow it."),
	  .remedy = N_("Point the SRV record at the host itself."),
	  .references = REFERENCES("RFC 2782") },
	[ROW_SRV_NO_ADDRESS] = { .id = "structure.srv-no-address",
	  .title = N_("Service on a host without an address"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("The SRV record points at a name in this zone that has no "
		"address: the service is announced and cannot be reached."),
	  .remedy = N_("Add its address, or remove the record."),
	  .references = REFERENCES("RFC 2782") },
	[ROW_TARGET_NAME] = { .id = "structure.target-name",
	  .title = N_("Record that points at no host name"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_MEDIUM,
	  .meaning = N_("NS, MX, SRV, SVCB and (for addresses) PTR records point at "
		"hosts. This name cannot be one, or it is an address where a "
		"name belongs. Servers that check names refuse the zone."),
	  .remedy = N_("Name the host. An address goes into an A or AAAA record of it."),
	  .zonemaster = "MX_NON_ALLOWED_CHARS",
	  .references = REFERENCES("RFC 1123, 2.1", "RFC 2181, 11", "RFC 9460, 2.5") },
	[ROW_SPF_MANY] = { .id = "structure.spf-multiple",
	  .title = N_("More than one SPF policy"),
	  .area = AREA_IMPERSONATION, WHO, .severity = SEVERITY_MEDIUM,
	  .meaning = N_("A name has one SPF record. With several, receivers get a "
		"permanent error and treat mail in this name as if there were "
		"none."),
	  .remedy = N_("Join them into one."),
	  .references = REFERENCES("RFC 7208, 3.2 and 4.5") },
	[ROW_DMARC_MANY] = { .id = "structure.dmarc-multiple",
	  .title = N_("More than one DMARC policy"),
	  .area = AREA_IMPERSONATION, WHO, .severity = SEVERITY_MEDIUM,
	  .meaning = N_("With several DMARC records receivers apply none of them, so "
		"mail that pretends to come from here is not refused."),
	  .remedy = N_("Leave one."),
	  .references = REFERENCES("RFC 7489, 6.6.3") },
	[ROW_OBSOLETE] = { .id = "structure.obsolete-type",
	  .title = N_("Record of a type of the past"),
	  .area = AREA_VULNERABILITY, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("The type was given up or never came into use. Nobody asks for "
		"it; it makes answers larger and hides that what replaced it is "
		"missing."),
	  .remedy = N_("Remove it. SPF policies belong into TXT records."),
	  .references = REFERENCES(
		"IANA, DNS parameters", "RFC 7208, 3.1", "RFC 1123, 2.2") },
	[ROW_META] = { .id = "structure.meta-type",
	  .title = N_("Record of a type that no zone has"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_HIGH,
	  .meaning = N_("The type is one of questions or of messages (ANY, OPT, TSIG, "
		"...). It is no data, and servers refuse the zone."),
	  .remedy = N_("Remove it."),
	  .references = REFERENCES("RFC 6895, 3.1") },
	[ROW_RESERVED] = { .id = "structure.reserved-address",
	  .title = N_("Apex with an address that reaches nobody"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("The zone's own name has a private, documentation or otherwise "
		"reserved address. Outside it leads nowhere, or to a machine of "
		"somebody else's network."),
	  .remedy = N_("Give the public address. For inner use have a view of the "
		"zone."),
	  .references = REFERENCES(
		"RFC 6890", N_("IANA, special-purpose address registries")) },
	[ROW_CAA] = { .id = "structure.caa",
	  .title = N_("CAA record that says less than it should"),
	  .area = AREA_TRUST, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("A CAA record has a tag that certificate authorities do not "
		"know, or no tag. They ignore it (then it protects nothing), or, where "
		"it is marked as critical, issue nothing."),
	  .remedy = N_("Use issue, issuewild, issuemail and iodef, with flags 0 or "
		"128."),
	  .references = REFERENCES("RFC 8659, 4.1 and 7.1") },
	[ROW_SVCB_ALIAS] = { .id = "structure.svcb-alias-parameters",
	  .title = N_("Service alias with parameters"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_MEDIUM,
	  .meaning = N_("A SVCB or HTTPS record with priority 0 is an alias and has no "
		"parameters. Clients ignore them, and servers that check refuse "
		"the zone."),
	  .remedy = N_("Give it a priority of 1 or more, or remove the parameters."),
	  .references = REFERENCES("RFC 9460, 2.4.2") },
	[ROW_SVCB_PARAMS] = { .id = "structure.svcb-parameters",
	  .title = N_("Service record with wrong parameters"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_MEDIUM,
	  .meaning = N_("The parameters contradict themselves. Clients treat the whole "
		"set of records as if it were not there."),
	  .remedy = N_("Correct what the sentence names."),
	  .references = REFERENCES("RFC 9460, 2.2, 7.1 and 8") },
	[ROW_SVCB_MIXED] = { .id = "structure.svcb-mixed",
	  .title = N_("Service alias beside others"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("An alias (priority 0) stands alone. Beside others clients use "
		"it and ignore the rest, or take any of several."),
	  .remedy = N_("Leave the alias, or the others."),
	  .references = REFERENCES("RFC 9460, 2.4.1 and 2.4.2") },
	[ROW_SVCB_DNS] = { .id = "structure.svcb-dns",
	  .title = N_("DNS service that clients cannot use"),
	  .area = AREA_AVAILABILITY, WHO, .severity = SEVERITY_MEDIUM,
	  .meaning = N_("The record says how to reach a DNS server (_dns), but names no "
		"protocol that DNS is spoken over, or DNS over HTTPS without a "
		"path."),
	  .remedy = N_("Give alpn (dot, doq, h2, h3), and dohpath where HTTP is among "
		"them."),
	  .references = REFERENCES("RFC 9461, 4 and 5") },
	[ROW_FINGERPRINT] = { .id = "structure.fingerprint",
	  .title = N_("Fingerprint of a wrong length"),
	  .area = AREA_TRUST, WHO, .severity = SEVERITY_MEDIUM,
	  .meaning = N_("A SSHFP, TLSA or SMIMEA record has a digest that is not as "
		"long as its kind. It matches nothing: who relies on it is "
		"refused, or warned."),
	  .remedy = N_("Make the record anew from the key or certificate."),
	  .references = REFERENCES("RFC 4255, 3.1", "RFC 6594, 4", "RFC 6698, 2.1.3") },
	{ .id = NULL }
};
