/* SPDX-License-Identifier: GPL-3.0-or-later */
/* audit_files.c - audits that compare: the files of --since and --snapshot, and a series.
 *
 *   zone FILE     --since old.snap -> audit -> new.snap.part, renamed when it is whole
 *   series        a -> [snapshot of a] -> b -> [of b] -> c ...      in memory (memfd)
 *
 * A snapshot replaces an older one only when the audit came to its end: a full disk or a crash
 * leaves the old one. */
#include "run/auditor.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_since(struct audit_task *t, const char *name, char why[OPT_WHY])
{
	struct stat st;
	int rc;

	t->since = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	rc = t->since < 0 || fstat(t->since, &st) < 0 ? -errno :
	     S_ISREG(st.st_mode) ? 0 : -EINVAL;
	if (rc < 0) {
		snprintf(why, OPT_WHY, "%.160s: cannot be opened: %s", name,
			 rc == -EINVAL ? "not a regular file" : oops_text(rc));
		return OOPS_TYPE;
	}
	t->since_name = name;
	t->since_time = (u64)st.st_mtime;
	return 0;
}

static int open_snapshot(struct audit_task *t, struct buf *part, const char *name,
			 char why[OPT_WHY])
{
	struct stat st;

	if (lstat(name, &st) == 0 && !S_ISREG(st.st_mode)) {	/* it would be replaced */
		snprintf(why, OPT_WHY, "%.160s: is not a regular file; a snapshot takes the "
			 "place of an older one", name);
		return OOPS_TYPE;
	}
	buf_fmt(part, "%s.part", name);
	t->snapshot = open(buf_str(part), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
			   0640);
	if (t->snapshot >= 0)
		return 0;
	snprintf(why, OPT_WHY, "%.160s: cannot be written: %s", name, oops_text(-errno));
	return OOPS_TYPE;
}

/* The new snapshot takes its name, or is removed: also when the file held no zone, which a
 * finding tells. */
static int keep_snapshot(const struct audit_task *t, const char *part, const char *name, int rc,
			 char why[OPT_WHY])
{
	bool empty = lseek(t->snapshot, 0, SEEK_END) == 0;

	if (rc == 0 && !empty && (fsync(t->snapshot) < 0 || rename(part, name) < 0)) {
		rc = -errno;
		snprintf(why, OPT_WHY, "%.160s: cannot be written: %s", name, oops_text(rc));
	}
	if (rc < 0 || empty)
		unlink(part);
	return rc;
}

int audit_run(struct audit_result *ret, const struct opts *o, const char *name, u64 now,
	      audit_progress_fn *progress, void *to, char why[OPT_WHY])
{
	const struct audit_run_conf *c = opts_conf(o, audit_run_rows);
	struct audit_task t = { .name = name, .now = now, .since = -1, .snapshot = -1,
		.progress = progress, .to = to };
	struct buf part = { 0 };
	int rc = 0;

	*ret = (struct audit_result){ 0 };
	if (c->since)
		rc = open_since(&t, c->since, why);
	if (rc == 0 && c->snapshot)
		rc = open_snapshot(&t, &part, c->snapshot, why);
	if (rc == 0)
		rc = audit_one(ret, o, &t, why);
	if (t.snapshot >= 0) {
		rc = keep_snapshot(&t, buf_str(&part), c->snapshot, rc, why);
		close(t.snapshot);
	}
	if (t.since >= 0)
		close(t.since);
	buf_free(&part);
	return rc;
}

/* ---- series ---- */

/* The items of `more` behind those of `all`, which takes them over. */
static int join_items(struct audit_item **all, u32 *count, u32 *room, struct audit_item *more,
		      u32 n)
{
	void *at = realloc(*all, ((u64)*count + n + 1) * sizeof **all);

	if (at == NULL)
		return -ENOMEM;
	*all = at;
	*room = *count + n + 1;
	if (n)
		memcpy(*all + *count, more, n * sizeof *more);
	*count += n;
	return 0;
}

static int join_reports(struct audit_result *all, const struct audit_result *more)
{
	const struct run_report *both[2] = { &all->report.report, &more->report.report };
	struct report_box joined = { 0 };
	int rc;

	if (all->report.own == NULL)
		rc = report_merge(&joined, both + 1, 1);
	else
		rc = report_merge(&joined, both, 2);
	if (rc < 0)
		return rc;
	report_free(&all->report);
	all->report = joined;
	return 0;
}

static int join(struct audit_result *all, struct audit_result *more)
{
	int rc = join_reports(all, more);

	for (unsigned i = 0; i < more->crash_count && all->crash_count < COUNT(all->crashes); i++)
		memcpy(all->crashes[all->crash_count++], more->crashes[i], sizeof all->crashes[0]);
	all->unread |= more->unread;
	if (rc < 0)
		return rc;
	rc = join_items(&all->findings, &all->finding_count, &all->finding_room, more->findings,
			more->finding_count);
	if (rc < 0)
		return rc;
	more->finding_count = 0;
	rc = join_items(&all->evidence, &all->evidence_count, &all->evidence_room,
			more->evidence, more->evidence_count);
	if (rc == 0)
		more->evidence_count = 0;
	return rc;
}

static int one_of_series(struct audit_result *all, const struct opts *o, struct audit_task *t,
			 char why[OPT_WHY])
{
	struct audit_result r;
	int rc;

	if ((t->snapshot = memfd_create("snapshot", MFD_CLOEXEC)) < 0) {
		snprintf(why, OPT_WHY, "%.160s: no memory for its snapshot: %s", t->name,
			 oops_text(-errno));
		return -ENOMEM;
	}
	rc = audit_one(&r, o, t, why);
	if (rc == 0 && (rc = join(all, &r)) < 0)
		snprintf(why, OPT_WHY, "%.160s: %s", t->name, oops_text(rc));
	audit_result_free(&r);
	if (t->since >= 0)
		close(t->since);
	t->since = t->snapshot;
	t->since_name = t->name;
	return rc;
}

int audit_series(struct audit_result *ret, const struct opts *o, char *const *names,
		 unsigned count, audit_progress_fn *progress, void *to, char why[OPT_WHY])
{
	struct audit_task t = { .since = -1, .snapshot = -1, .series = true,
		.progress = progress, .to = to };
	int rc = 0;

	*ret = (struct audit_result){ 0 };
	for (unsigned i = 0; i < count && rc == 0; i++) {
		t.name = names[i];
		rc = one_of_series(ret, o, &t, why);
	}
	if (t.since >= 0)
		close(t.since);
	return rc;
}
