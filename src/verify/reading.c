/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reading.c - what was wrong with the text itself: lines that are no records, a file that
 * ends too early, files that may not be included, limits.
 *
 * The reader (zone/read.h) goes on after a bad line, so one bad line costs one record. These
 * findings stand beside all others whatever --only says, because what was not read can hide
 * what is wrong. */
#include "verify/verify.h"
#include "zone/read.h"

enum {
	ROW_SYNTAX, ROW_WARNING, ROW_CLASS, ROW_INCLUDE, ROW_TRUNCATED, ROW_LIMIT, ROW_UNREADABLE,
	ROW_NO_ZONE,
};

static const u8 row_of[] = {
	[ZONE_BAD_LINE] = ROW_SYNTAX, [ZONE_WARNING] = ROW_WARNING,
	[ZONE_BAD_CLASS] = ROW_CLASS, [ZONE_BAD_INCLUDE] = ROW_INCLUDE,
	[ZONE_CUT_SHORT] = ROW_TRUNCATED, [ZONE_FULL] = ROW_LIMIT,
	[ZONE_BROKEN] = ROW_UNREADABLE,
};

#define OWNER N_("zone owner, DNS operator")
#define WHO .area = AREA_AVAILABILITY, .remit = REMIT_DNS, .detect = OWNER, .mitigate = OWNER, \
	.prevent = N_("whoever makes the file (check it before it is published)")

static const char *const master_file[] = { "RFC 1035, 5.1", "RFC 2308, 4 ($TTL)",
	"RFC 3597, 5 (unknown types)", NULL };

static const struct catalogue_row rows[] = {
	[ROW_SYNTAX] = { .id = "zone.syntax", .title = N_("Line that is no record"), WHO,
	  .severity = SEVERITY_HIGH,
	  .meaning = N_("A line of the zone file cannot be understood. Most name servers "
	  	"refuse the whole zone then: the old version stays in service until it "
	  	"expires, and after that the zone is gone."),
	  .remedy = N_("Correct the line. Check the file before it is loaded, and keep "
	  	"the last good version."),
	  .references = master_file },
	[ROW_WARNING] = { .id = "zone.warning",
	  .title = N_("Line that is read in more than one way"),
	  WHO, .severity = SEVERITY_LOW,
	  .meaning = N_("A line is understood, but it is not written as it should be; "
	  	"another program may read it differently or refuse it."),
	  .remedy = N_("Write it as the sentence says."), .references = master_file },
	[ROW_CLASS] = { .id = "zone.class", .title = N_("Record of another class"), WHO,
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("All records of a zone have one class, IN. A record of another "
	  	"one is refused by name servers, and with it the zone."),
	  .remedy = N_("Take the record out, or correct its class."),
	  .references = (const char *const[]){ "RFC 1035, 5.2", NULL } },
	[ROW_INCLUDE] = { .id = "zone.include",
	  .title = N_("Included file that was not read"), WHO,
	  .severity = SEVERITY_HIGH,
	  .meaning = N_("The file names another one with $INCLUDE that is missing, "
	  	"cannot be read, or lies outside of the zone file's folder, where this "
	  	"program does not look. What stands in it was not checked."),
	  .remedy = N_("Put the file where it belongs, or audit a file in which "
	  	"everything is included: `named-compilezone -s full` and `kzonecheck -p` "
	  	"write one."),
	  .references = master_file },
	[ROW_TRUNCATED] = { .id = "zone.truncated",
	  .title = N_("Zone file that ends too early"), WHO,
	  .severity = SEVERITY_CRITICAL,
	  .meaning = N_("The text ends in the middle of a record: in parentheses, in a "
	  	"quoted string, or in the middle of a compressed stream. A copy or "
	  	"transfer was cut off, and nobody knows how much is missing."),
	  .remedy = N_("Get the whole file again; do not publish this one. Write zone "
	  	"files beside their name and rename them when they are whole."),
	  .references = master_file },
	[ROW_LIMIT] = { .id = "zone.limit",
	  .title = N_("Limit reached while the zone was read"), WHO,
	  .severity = SEVERITY_HIGH,
	  .meaning = N_("A named limit of this program was reached. What comes after it "
	  	"in the file was not read, so what is said about the zone holds for a "
	  	"part of it."),
	  .remedy = N_("Raise the limit that the sentence names (--memory, --unpacked), "
	  	"or look for what makes the file so large. A file that is packed more "
	  	"tightly than any zone can be read when you unpack it before."),
	  .references = master_file },
	[ROW_UNREADABLE] = { .id = "zone.unreadable",
	  .title = N_("Zone file that cannot be read on"),
	  WHO, .severity = SEVERITY_CRITICAL,
	  .meaning = N_("Reading failed: the disk, or what compresses the file, says "
	  	"that it is damaged. What follows was not checked."),
	  .remedy = N_("Get the file again from where it comes from."),
	  .references = master_file },
	[ROW_NO_ZONE] = { .id = "zone.none", .title = N_("No zone in the file"), WHO,
	  .severity = SEVERITY_CRITICAL,
	  .meaning = N_("There is no SOA record and no origin was given, so the file "
	  	"does not say which zone it is: perhaps it is no zone file at all."),
	  .remedy = N_("Name the zone with --origin, or check what this file is."),
	  .references = master_file },
	{ .id = NULL }
};

static void say_trouble(struct audit *a, const struct zone_trouble *t)
{
	struct finding *f = audit_begin_place(a, row_of[t->kind], t->file, t->line);

	if (f)
		audit_end(a, f, t->kind == ZONE_BAD_LINE || t->kind == ZONE_BAD_CLASS
			  ? N_("%s: %s; it is left out here, and servers may refuse the "
			  	"zone for it.")
			  : N_("%s %s."), f->subject, t->text);
}

static int look(struct audit *a, const struct zone *z, const void *conf)
{
	const struct audit_input *in = audit_input(a);
	u64 told[ZONE_TROUBLE_KINDS] = { 0 };
	struct finding *f;

	(void)conf;
	for (u32 i = 0; i < in->trouble_count; i++) {
		say_trouble(a, &in->troubles[i]);
		told[in->troubles[i].kind]++;
	}
	for (unsigned i = 0; in->trouble_cases && i < ZONE_TROUBLE_KINDS; i++)
		if (in->trouble_cases[i] > told[i])
			audit_more(a, row_of[i], in->trouble_cases[i] - told[i]);
	for (u32 i = 0; i < in->trouble_count && z == NULL; i++)
		if (in->troubles[i].kind == ZONE_BROKEN)
			return 0;	/* that is why there is none */
	if (z == NULL && in->now == NULL &&	/* a file of a series may be a snapshot */
	    (f = audit_begin_other(a, ROW_NO_ZONE, "file", audit_file(a, 0))))
		audit_end(a, f, "%s does not say which zone it is: it has no SOA record.",
			  f->subject);
	return 0;
}

const struct check_family family_reading = {
	.id = "zone",
	  .title = N_("Reading the zone"), .version = 1, .rows = rows, .look = look,
	.without_zone = true, .always = true,
};
