/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verify.h - what every family of zone checks looks like from outside.
 *
 * A family is one file (and its helpers) and one row in verify.c. It looks at a sealed zone
 * and says findings; it reads no clock, no file and no random number, and neither stores nor
 * prints. Its checks are catalogue rows: story, RFC, remedy, the tag that Zonemaster or
 * DNSViz have for the same.
 *
 *   zone (sealed) + audit_input --look--> audit_begin() .. audit_end() --> run/
 *
 * A zone of ten million names can break one rule ten million times. So each row keeps its
 * first `most` findings in the order in which they are said, and counts the rest; a family
 * says them in canonical order of the names, whatever its threads do, so that the same zone
 * gives the same findings. */
#pragma once
#include "base/opt.h"
#include "dns/sig_seen.h"
#include "model/finding.h"
#include "zone/zone.h"

struct audit;

/* Files that the user names beside the zone, read and unpacked. One row here is an option
 * and a place in audit_input.files[]. */
#define AUDIT_FILE_ROWS(F)                                                     \
	F(ANCHORS, "anchors", N_("trust anchors of the zone: DS or DNSKEY lines, or " \
	  "root-anchors XML (RFC 7958)"))                                      \
	F(ASN4, "asn", N_("address ranges and their AS: CSV lines "            \
	  "start,end,number,name"))                                            \
	F(ASN6, "asn6", N_("the same for IPv6, when it is another file"))      \
	F(CRITICAL, "critical", N_("delegations that matter most: a name a line"))
#define F(name, option, help) AUDIT_FILE_##name,
enum audit_file_row { AUDIT_FILE_ROWS(F) AUDIT_FILES };
#undef F
struct audit_file {
	const char *name;	/* as given; NULL: it was not */
	const u8 *at;
	size_t len;
};

/* What the checks are given beside the zone. All views. */
struct audit_input {
	u64 at;			/* the instant of the audit, seconds of Unix time */
	unsigned threads;	/* may be started for one family */
	const struct suffixes *suffixes;	/* public suffix list; dns/suffix.h */
	u64 key;		/* hash key of the run */
	const struct zone_trouble *troubles;	/* of reading, in order; zone/read.h */
	u32 trouble_count;
	const u64 *trouble_cases;	/* by kind: all, also those not among them */
	/* The zone's snapshot of --since and the one made of this zone; both or none. */
	const struct snapshot *old, *now;
	/* Signatures that were good when `old` was made (may have none), and where those that
	 * are good now are gathered for the next time; NULL: nobody wants them. */
	struct sig_seen seen;
	struct sig_marks *marks;
	struct audit_file files[AUDIT_FILES];
	const char *what_if;		/* the question of --what-if, or NULL */
};

struct check_family {
	const char *id;		/* "delegation": names options, rows "delegation.no-glue", docs */
	const char *title;
	unsigned version;	/* goes up when the same zone may lead to other findings */
	const struct opt *opts;	/* ends with name NULL; may be NULL */
	size_t conf_size;
	const struct catalogue_row *rows;	/* ends with id NULL */
	bool without_zone;	/* looks also when there is none (z is NULL then) */
	bool always;		/* not left out by --only */
	bool early;		/* looks longer than others on one thread: begun before them */
	/* May be NULL. Before anything is read: do what_if and the options make sense? Of files
	 * only the names are there. 0, or negative with one sentence in why[OPT_WHY]. */
	int (*check)(const struct audit_input *in, const void *conf, char *why);
	/* 0, or negative when it could not be done (-ENOMEM). */
	int (*look)(struct audit *a, const struct zone *z, const void *conf);
};

/* The registry, NULL-terminated; verify.c. */
extern const struct check_family *const check_families[];

/* What the audit was given beside the zone. */
const struct audit_input *audit_input(const struct audit *a);

/* Counts one case of a row (by its place in the family's rows) and gives a finding to fill
 * in, or NULL when the row has its `most` already: then there is nothing more to do.
 * Row, version, severity, time and subject are set. `name` is the subject; `record` (may be
 * NULL) gives file and line. Not for several threads at once. */
struct finding *audit_begin(struct audit *a, unsigned row, u32 name,
			    const struct zone_record *record);
/* The same about the set that a record is of (an RRSIG: the set that it covers). The first set of
 * a name that breaks a rule is told with the name as its subject, each other one as "name
 * TYPE"; of one set only the first case. The sets of a name come one after the other. */
struct finding *audit_begin_set(struct audit *a, unsigned row, u32 name,
				const struct zone_record *record);
/* The same about something that is not a name of the zone: an operator, an AS, a key. */
struct finding *audit_begin_other(struct audit *a, unsigned row, const char *kind,
				  const char *subject);
/* The same about a place in the zone's text: its subject is "file:line". */
struct finding *audit_begin_place(struct audit *a, unsigned row, unsigned file, u32 line);
/* The name of a file of the zone, for people; 0 is the first. */
const char *audit_file(const struct audit *a, unsigned file);
/* So many more cases of the row that are not told one by one. */
void audit_more(struct audit *a, unsigned row, u64 cases);
/* A number for the report, beside the findings: "dnssec.checked", "signatures checked". Both
 * texts outlive the audit; past AUDIT_COUNTS_MAX of a family they are dropped. */
#define AUDIT_COUNTS_MAX 8u
void audit_count(struct audit *a, const char *name, const char *text, u64 value);
/* Sets the sentence: "what.example has ..."; ends the finding and keeps it. */
void audit_end(struct audit *a, struct finding *f, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The records of a set are evidence of the finding. */
void audit_rrset(struct audit *a, struct finding *f, const struct zone_rrset *set);

/* Are certificates wanted (--certificates)? Then a family may say them: whole lines of JSON,
 * proofs that a program that shares no code with it can check. */
bool audit_certifies(const struct audit *a);
void audit_certificate(struct audit *a, const char *lines, size_t n);
/* Is a picture of the zone wanted (verify/picture.h)? Then one is told, once. */
bool audit_pictures(const struct audit *a);
void audit_picture(struct audit *a, const char *text, size_t n);
