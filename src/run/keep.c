/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keep.c - see keep.h. */
#include "run/keep.h"

static int begin(struct store *s, struct store_run *run, const char *label)
{
	int rc;

	run->label = label;
	rc = store_begin_run(s, run);
	run->number = rc ? 0 : store_run_number(s);
	return rc;
}

int keep_analysis(struct store *s, const struct analysis *a, struct store_run *run,
		  keep_clock_fn *now)
{
	int rc = begin(s, run, a->label);

	for (u32 i = 0; i < a->evidence_count && rc >= 0; i++)
		rc = store_add_evidence(s, a->evidence[i].at, a->evidence[i].len);
	for (u32 i = 0; i < a->finding_count && rc >= 0; i++)
		rc = store_add_finding(s, a->findings[i]);
	if (rc >= 0)
		rc = store_end_run(s, now(), &a->report.report);
	return rc < 0 ? rc : 0;
}

int keep_audit(struct store *s, const struct audit_result *r, struct store_run *run,
	       keep_clock_fn *now)
{
	struct finding *f = malloc(sizeof *f);
	int rc = f ? begin(s, run, r->label) : -ENOMEM;

	for (u32 i = 0; i < r->evidence_count && rc >= 0; i++)
		rc = store_add_evidence(s, (const u8 *)r->evidence[i].at, r->evidence[i].len);
	for (u32 i = 0; i < r->finding_count && rc >= 0; i++)
		if ((rc = audit_finding(r, i, f)) == 0)
			rc = store_add_finding(s, f);
	if (rc >= 0 && r->picture)
		rc = store_add_part(s, "picture", r->picture);
	if (rc >= 0)
		rc = store_end_run(s, now(), &r->report.report);
	free(f);
	return rc < 0 ? rc : 0;
}
