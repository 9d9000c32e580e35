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
#include "verify/verify.h"

#define AUDIT_MOST 100u		/* findings told a row when nobody says otherwise */

struct audit_conf {
	struct audit_input input;
	const struct zone *zone;	/* sealed */
	u64 most;			/* findings told a row; the others are counted */
	const char (*files)[64];	/* names for "file:line"; may be NULL */
	unsigned file_count;
	u64 records, lost;		/* read, and lines left out: stand in each finding */
	/* A finding with its right id; its evidence was told before. */
	void (*finding)(void *to, const struct finding *f);
	/* A packed item of evidence (model/evidence.h). May be NULL. */
	void (*evidence)(void *to, const u8 *packed, size_t n);
	/* Lines of certificates (audit_certificate()). NULL: none are wanted. */
	void (*certificate)(void *to, const char *lines, size_t n);
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
