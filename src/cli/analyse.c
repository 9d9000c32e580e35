/* SPDX-License-Identifier: GPL-3.0-or-later */
/* analyse.c - see analyse.h. */
#include "cli/analyse.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/table.h"
#include "cli/term.h"
#include <sys/stat.h>
#include <time.h>

/* At most ten a second, by the clock of the terminal's owner. */
static void progress(void *to, const struct analysis_step *step)
{
	struct timespec now;
	u64 *last = to, at;
	char text[160], n[TABLE_TIME_MAX];

	clock_gettime(CLOCK_MONOTONIC, &now);
	at = (u64)now.tv_sec * 10 + (u64)now.tv_nsec / 100000000;
	if (at == *last)
		return;
	*last = at;
	table_count(step->frames, n);
	if (step->all)
		snprintf(text, sizeof text, _("reading: %3.0f %%, %s frames"),
			 100.0 * (double)step->done / (double)step->all, n);
	else
		snprintf(text, sizeof text, _("reading: %s frames"), n);
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

/* ---- a file that is named twice ---- */

struct named {
	dev_t device;
	ino_t inode;
	int at;		/* in the words */
};

static int by_file(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

/* The words without regular files that were named before, which is said; how many. NULL when
 * there is no memory. */
static const char **once(int argc, char **argv, int *count)
{
	struct named *all = calloc((size_t)argc + 1, sizeof *all);
	const char **names = calloc((size_t)argc + 1, sizeof *names);
	int files = 0, left = 0, gone = 0;
	const char *again = NULL;
	struct stat st;

	for (int i = 0; all && names && i < argc; i++) {
		names[i] = argv[i];
		if (strcmp(argv[i], "-") && stat(argv[i], &st) == 0 && S_ISREG(st.st_mode))
			all[files++] = (struct named){ st.st_dev, st.st_ino, i };
	}
	if (files > 1)
		qsort(all, (size_t)files, sizeof *all, by_file);
	for (int i = 1; i < files; i++)
		if (all[i].device == all[i - 1].device && all[i].inode == all[i - 1].inode) {
			again = argv[all[i].at];
			names[all[i].at] = NULL;
			gone++;
		}
	if (gone == 1)
		say_error("%s was named before: it is read once", again);
	else if (gone)
		say_error("%d files were named before, %s among them: each is read once", gone,
			  again);
	for (int i = 0; names && i < argc; i++)
		if (names[i])
			names[left++] = names[i];
	*count = left;
	if (all == NULL) {
		free(names);
		names = NULL;
	}
	free(all);
	return names;
}

int analyse(struct analysis *ret, const struct opts *o, int argc, char **argv)
{
	char why[OPT_WHY];
	int count = 0, rc = -ENOMEM;
	const char **names = once(argc, argv, &count);
	u64 last = 0;

	*ret = (struct analysis){ 0 };
	snprintf(why, sizeof why, "%s", oops_text(-ENOMEM));
	if (names)
		rc = analysis_run(ret, o, names, (unsigned)count, progress, &last, why);
	free(names);
	term_progress_end();
	if (rc == 0)
		return 0;
	say_troubles(ret);
	say_error("%s", why);
	return rc == OOPS_UNKNOWN || rc == OOPS_RANGE ? STATUS_USAGE : STATUS_TROUBLE;
}

bool analyse_nothing(const struct analysis *a)
{
	const struct run_report *r = &a->report.report;

	for (u32 i = 0; i < r->input_count; i++)
		if (r->inputs[i].frames || r->inputs[i].trouble[0] == 0)
			return false;
	return a->unread && a->finding_count == 0;
}

int analyse_end(const struct analysis *a, int status)
{
	say_troubles(a);
	return status == STATUS_TROUBLE || !a->unread ? status : STATUS_INPUT;
}
