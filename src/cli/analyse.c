/* SPDX-License-Identifier: GPL-3.0-or-later */
/* analyse.c - see analyse.h. */
#include "cli/analyse.h"
#include "base/num.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/term.h"
#include <time.h>

/* At most ten a second, by the clock of the terminal's owner. */
static void progress(void *to, const struct analysis_step *step)
{
	struct timespec now;
	u64 *last = to, at;
	char text[120], n[NUM_TEXT_MAX];

	clock_gettime(CLOCK_MONOTONIC, &now);
	at = (u64)now.tv_sec * 10 + (u64)now.tv_nsec / 100000000;
	if (at == *last)
		return;
	*last = at;
	num_count_text(step->frames, n);
	if (step->all)
		snprintf(text, sizeof text, "reading: %3.0f %%, %s frames",
			 100.0 * (double)step->done / (double)step->all, n);
	else
		snprintf(text, sizeof text, "reading: %s frames", n);
	term_progress(text);
}

static void say_troubles(const struct analysis *a)
{
	const struct run_report *r = &a->report.report;

	for (unsigned i = 0; i < a->crash_count; i++)
		say_error("%s", a->crashes[i]);
	if (a->spool[0])
		say_error("%s", a->spool);
	for (u32 i = 0; i < r->input_count; i++)
		if (r->inputs[i].trouble[0])
			say_error("%s: %s", r->inputs[i].name, r->inputs[i].trouble);
}

int analyse(struct analysis *ret, const struct opts *o, int argc, char **argv)
{
	char why[OPT_WHY];
	u64 last = 0;
	int rc = analysis_run(ret, o, (const char *const *)argv, (unsigned)argc, progress, &last,
			      why);

	term_progress_end();
	if (rc == 0)
		return 0;
	say_troubles(ret);
	say_error("%s", why);
	return rc == OOPS_UNKNOWN || rc == OOPS_RANGE ? STATUS_USAGE : STATUS_TROUBLE;
}

int analyse_end(const struct analysis *a, int status)
{
	say_troubles(a);
	return status == STATUS_TROUBLE || !a->unread ? status : STATUS_INPUT;
}
