/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auditor.h - the locked-up half of an audit; audit.h is the other. */
#pragma once
#include "dns/name.h"
#include "run/audit.h"
#include "run/job.h"

#define AUDIT_FAMILIES_MAX 32u

/* job_note.phase: what the auditor is at. From AUDIT_CHECKING on: the family's number. */
enum audit_phase { AUDIT_READING, AUDIT_SORTING, AUDIT_CHECKING };

/* What the parent hands to the auditor (by fork). */
struct audit_setup {
	const char *name;		/* of the file, for people */
	int fd;
	u64 size;			/* of it; 0 = not known */
	bool has_origin;
	u8 origin[NAME_WIRE_MAX];
	u64 memory, most;
	struct audit_input input;	/* without troubles */
	const void *family_conf[AUDIT_FAMILIES_MAX];	/* by the order of check_families[] */
	bool wanted[AUDIT_FAMILIES_MAX];
	bool crashed[AUDIT_FAMILIES_MAX];	/* left out for that */
	bool progress;
};

/* The job (job.h): 0 when the end was reached. */
int auditor_run(int socket, struct job_note *note, void *setup);
