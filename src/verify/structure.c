/* SPDX-License-Identifier: GPL-3.0-or-later */
/* structure.c - is it a zone at all: the apex. */
#include "verify/verify.h"

enum { ROW_NO_SOA, ROW_MANY_SOA, ROW_NO_NS };

#define WHO "zone owner, DNS operator, registry"

static const char *const apex[] = { "RFC 1035, 5.2", "RFC 2181, 6.1", NULL };

static const struct catalogue_row rows[] = {
	[ROW_NO_SOA] = {
	  .id = "structure.no-soa", .title = "Zone without a SOA record",
	  .area = AREA_AVAILABILITY, .remit = REMIT_DNS, .detect = WHO, .mitigate = WHO,
	  .prevent = WHO, .severity = SEVERITY_CRITICAL,
	  .meaning = "There is no SOA record at the apex. No name server loads such a zone, and "
	  	"no secondary can tell whether its copy is current.",
	  .remedy = "Restore the SOA record, or give the right origin with --origin.",
	  .references = apex },
	[ROW_MANY_SOA] = {
	  .id = "structure.many-soa", .title = "More than one SOA record",
	  .area = AREA_AVAILABILITY, .remit = REMIT_DNS, .detect = WHO, .mitigate = WHO,
	  .prevent = WHO, .severity = SEVERITY_HIGH,
	  .meaning = "A zone has one SOA record. With several, servers refuse the zone or take "
	  	"any of them, and serial numbers mean nothing.",
	  .remedy = "Leave the right one in the zone.", .references = apex },
	[ROW_NO_NS] = {
	  .id = "structure.no-ns", .title = "Zone without NS records at its apex",
	  .area = AREA_AVAILABILITY, .remit = REMIT_DNS, .detect = WHO, .mitigate = WHO,
	  .prevent = WHO, .severity = SEVERITY_CRITICAL,
	  .meaning = "The apex has no NS records, so the zone names no server for itself. Most "
	  	"servers do not load it, and resolvers that ask for them get nothing.",
	  .remedy = "Add the zone's own NS records, the same as in its parent.",
	  .references = apex },
	{ .id = NULL }
};

static int look(struct audit *a, const struct zone *z, const void *conf)
{
	u32 origin = zone_origin(z);
	struct zone_rrset s;
	struct finding *f;
	char name[NAME_TEXT_MAX];

	(void)conf;
	zone_text(z, origin, name);
	if (!zone_rrset(z, origin, TYPE_SOA, &s)) {
		if ((f = audit_begin(a, ROW_NO_SOA, origin, NULL)))
			audit_end(a, f, "%s has no SOA record: no server loads this zone.", name);
	} else if (s.count > 1 && (f = audit_begin(a, ROW_MANY_SOA, origin,
						   &zone_records(z, NULL)[s.first + 1]))) {
		audit_rrset(a, f, &s);
		audit_end(a, f, "%s has %u SOA records; a zone has one.", name, s.count);
	}
	if (!zone_rrset(z, origin, TYPE_NS, &s) && (f = audit_begin(a, ROW_NO_NS, origin, NULL)))
		audit_end(a, f, "%s has no NS records at its apex.", name);
	return 0;
}

const struct check_family family_structure = {
	.id = "structure", .title = "Structure of the zone", .version = 1, .rows = rows,
	.look = look,
};
