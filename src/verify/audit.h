/* SPDX-License-Identifier: GPL-3.0-or-later */
/* audit.h - the other side of verify.h: who runs the families and takes what they say.
 *
 *   audit_open -> audit_look(family) ... -> audit_cases, audit_close
 *                    |
 *                    +--> finding, evidence: told as they come, views
 *
 * Nothing is kept here but counters and the ids of what was told (33 octets a finding), so
 * the memory of an audit does not grow with what is wrong. */
#pragma once
#include "model/evidence.h"
#include "verify/verify.h"

#define AUDIT_SET "rrset"	/* kind of a subject that is "name TYPE" */
#define AUDIT_MOST 100u		/* findings told a row when nobody says otherwise */

struct audit_conf {
	struct audit_input input;
	const struct zone *zone;	/* sealed */
	u64 most;			/* findings told a row; the others are counted */
	const char (*files)[64];	/* names for "file:line"; may be NULL */
	unsigned file_count;
	u64 records, lost;		/* read, and lines left out: stand in each finding */
	bool again;			/* pack what lets others judge findings again */
	bool sets;			/* audit_begin_set() always names the set */
	/* A finding with its right id; its evidence was told before. */
	void (*finding)(void *to, const struct finding *f);
	/* A packed item of evidence (model/evidence.h). May be NULL. */
	void (*evidence)(void *to, const u8 *packed, size_t n);
	/* Lines of certificates (audit_certificate()). NULL: none are wanted. */
	void (*certificate)(void *to, const char *lines, size_t n);
	/* The picture of the zone, as JSON (verify/picture.h). NULL: none is wanted. */
	void (*picture)(void *to, const char *text, size_t n);
	void *to;
};

/* 0 or -ENOMEM. The conf and what it points at outlive the audit. */
int audit_open(struct audit **ret, const struct audit_conf *conf);
struct audit *audit_close(struct audit *a);	/* takes NULL, gives NULL */
/* Lets a family look, with its own conf: 0, or what it said. */
int audit_look(struct audit *a, const struct check_family *f, const void *conf);
/* Cases of a row of the family that looked last: all, and those told as findings. */
u64 audit_cases(const struct audit *a, unsigned row);
u64 audit_told(const struct audit *a, unsigned row);
/* The numbers that it gave for the report (audit_count()): how many, a view in *ret. */
struct audit_counted { const char *name, *text; u64 value; };
unsigned audit_counts(const struct audit *a, const struct audit_counted **ret);

/* ---- judging again: again.c ---- */

struct buf;
/* Appends the options of a family that are not at their default, as YAML. */
void audit_options(struct buf *out, const struct check_family *f, const void *conf);
/* Packs the options into f->summary. */
void audit_pack(struct finding *f, const char *options);
/* The family that said a finding, or NULL. */
const struct check_family *audit_family(const struct finding *f);
/* Makes a zone of the evidence and lets the family look at it: 1 and *ret, the finding of the
 * same id; 0 when it does not say it; OOPS_FORMAT (no summary, evidence that is no
 * records), OOPS_VERSION, OOPS_LIMIT, -ENOMEM. */
int audit_again(const struct check_family *family, const struct finding *f,
		const struct evidence *items, u32 n, struct finding *ret);
/* What two findings of one id differ in, as a clause, or NULL. Places and labels do not
 * count. */
const char *audit_differs(const struct finding *was, const struct finding *is);
