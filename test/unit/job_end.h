/* SPDX-License-Identifier: GPL-3.0-or-later */
/* job_end.h - a job from its start to its end, for tests. */
#pragma once
#include "run/job.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* Runs a job to its end; notes go to *ret when asked for. */
static inline int run_to_end(const struct job_setup *s, struct job_note *ret, unsigned notes)
{
	struct job j;
	int rc = job_start(&j, s);

	if (rc)
		return rc;
	assert_int_equal(j.notes, s->threads + 1);
	rc = job_end(&j);
	if (ret)
		memcpy(ret, j.note, notes * sizeof *ret);
	job_free(&j);
	return rc;
}
