/* SPDX-License-Identifier: GPL-3.0-or-later */
/* audit_files.c - what an audit compares with and leaves behind: the files of --since,
 * --snapshot and --certificates; and a series.
 *
 *   zone FILE     --since old.snap -> audit -> a file without a name, named when it is whole
 *   series        a -> [snapshot of a] -> b -> [of b] -> c ...      in memory (memfd)
 *
 * A snapshot (certificates likewise) replaces an older one only when the audit came to its
 * end: a full disk or a crash leaves the old one. Nothing but an older one is replaced, so that
 * a slip of the hand costs nobody the zone file. What has no name goes with the process,
 * whatever ends it; on file systems without such files (O_TMPFILE), and where an audit was
 * killed on one, it is new.snap.part. */
#include "run/auditor.h"
#include "zone/snapshot.h"
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* "-" is no file for what is read twice or takes the place of an older one. */
static int is_file(const char *option, const char *name, char why[OPT_WHY])
{
	if (strcmp(name, "-"))
		return 0;
	snprintf(why, OPT_WHY, N_("--%s: a file is wanted, not a pipe; ./- is the file "
		"of that name"),
		 option);
	return OOPS_RANGE;
}

static int open_since(struct audit_task *t, const char *name, char why[OPT_WHY])
{
	struct stat st;
	int rc = is_file("since", name, why);

	if (rc < 0)
		return rc;
	t->since = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	rc = t->since < 0 || fstat(t->since, &st) < 0 ? -errno :
	     S_ISREG(st.st_mode) ? 0 : -EINVAL;
	if (rc < 0) {
		snprintf(why, OPT_WHY, N_("%.160s: cannot be opened: %s"), name,
			 rc == -EINVAL ? N_("a file is wanted, no pipe or folder") : oops_text(rc));
		return OOPS_TYPE;
	}
	t->since_name = name;
	t->since_time = (u64)st.st_mtime;
	return 0;
}

/* A file that takes its name when it is whole. */
struct part_file {
	const char *option, *name;	/* name NULL: it is not wanted */
	bool (*is_such)(const u8 *octets, size_t n);	/* a file's first ones */
	struct buf part;	/* name while it is written, or while it gets its own */
	int fd;
	bool unnamed;
};

static bool is_certificates(const u8 *octets, size_t n)
{
	static const char begins[] = "{\"certificates\":";

	return n >= sizeof begins - 1 && memcmp(octets, begins, sizeof begins - 1) == 0;
}

/* May a file be replaced? A regular one that is empty or of its kind; not somebody's zone. */
static bool is_own(const struct part_file *f, int fd)
{
	struct stat st;
	u8 first[32];
	ssize_t n;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return false;
	n = pread(fd, first, sizeof first, 0);
	return n == 0 || (n > 0 && f->is_such(first, (size_t)n));
}

static int refuse_part(const char *name, const char *what, char why[OPT_WHY])
{
	snprintf(why, OPT_WHY, "%.160s: %s", name, what);
	return OOPS_TYPE;
}

#define NOT_OWN "is there and is something else; what is written takes only the place of an " \
	"older one"

/* What has the name already. */
static int look_at_place(const struct part_file *f, char why[OPT_WHY])
{
	int fd = open(f->name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
	bool good = fd < 0 ? errno == ENOENT || errno == ENOTDIR : is_own(f, fd);

	if (fd >= 0)
		close(fd);
	return good ? 0 : refuse_part(f->name, NOT_OWN, why);
}

/* Two audits must not write into one file. The lock may have been had when the other audit
 * had given the file its name. */
static bool lock_part(int fd, const char *part)
{
	struct stat own, there;

	return flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &own) == 0 &&
		lstat(part, &there) == 0 && own.st_ino == there.st_ino &&
		own.st_dev == there.st_dev;
}

#define PART_FLAGS (O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
#define PART_MODE 0640

/* "/proc/self/fd/N", by which a file without a name gets one. */
static const char *by_number(int fd, char to[40])
{
	snprintf(to, 40, "/proc/self/fd/%d", fd);
	return to;
}

/* A file that has no name yet, in the folder of f->name; -1 when there are none here. */
static int open_unnamed(const struct part_file *f)
{
	const char *slash = strrchr(f->name, '/');
	char *folder = slash ? strndup(f->name, (size_t)(slash - f->name) + 1) : strdup(".");
	int fd = folder ? open(folder, PART_FLAGS | O_TMPFILE, PART_MODE) : -1;
	char path[40];

	free(folder);
	if (fd < 0 || access(by_number(fd, path), F_OK) == 0)
		return fd;
	close(fd);
	return -1;
}

/* One that was left by an audit that was killed, a new one without a name, or with one. */
static int open_some(struct part_file *f)
{
	const char *part = buf_str(&f->part);
	int fd = open(part, PART_FLAGS | O_NOFOLLOW);

	if (fd >= 0 || errno != ENOENT)
		return fd;
	fd = open_unnamed(f);
	f->unnamed = fd >= 0;
	return f->unnamed ? fd : open(part, PART_FLAGS | O_NOFOLLOW | O_CREAT, PART_MODE);
}

static int open_part(struct part_file *f, char why[OPT_WHY])
{
	const char *part;
	int rc;

	if (f->name == NULL)
		return 0;
	if ((rc = is_file(f->option, f->name, why)) < 0 || (rc = look_at_place(f, why)) < 0)
		return rc;
	buf_fmt(&f->part, "%s.part", f->name);
	part = buf_str(&f->part);
	if ((f->fd = open_some(f)) < 0) {
		snprintf(why, OPT_WHY, N_("%.160s: cannot be written: %s"), f->name,
			 oops_text(-errno));
		return OOPS_TYPE;
	}
	if (f->unnamed)
		return 0;
	if (!is_own(f, f->fd))
		rc = refuse_part(part, NOT_OWN, why);
	else if (!lock_part(f->fd, part))
		rc = refuse_part(part, N_("another audit writes it"), why);
	if (rc == 0)
		return 0;
	close(f->fd);	/* it is not ours to remove */
	f->fd = -1;
	return rc;
}

/* The file takes its name, in the place of an older one: 0 or -errno. */
static int name_part(struct part_file *f)
{
	const char *part = buf_str(&f->part);
	char path[40];

	if (fsync(f->fd) < 0)
		return -errno;
	if (f->unnamed && linkat(AT_FDCWD, by_number(f->fd, path), AT_FDCWD, part,
				 AT_SYMLINK_FOLLOW) < 0)
		return -errno;
	f->unnamed = false;
	return rename(part, f->name) < 0 ? -errno : 0;
}

/* It takes its name, or is removed: also when it is empty, because there was no zone, which a
 * finding tells. */
static int keep_part(struct part_file *f, int rc, char why[OPT_WHY])
{
	bool empty;

	if (f->fd < 0)
		return rc;
	empty = lseek(f->fd, 0, SEEK_END) == 0;
	if (rc == 0 && !empty && (rc = name_part(f)) < 0)
		snprintf(why, OPT_WHY, N_("%.160s: cannot be written: %s"), f->name,
			 rc == -EEXIST ? N_("another audit writes it") : oops_text(rc));
	if ((rc < 0 || empty) && !f->unnamed)
		unlink(buf_str(&f->part));
	close(f->fd);
	return rc;
}

int audit_run(struct audit_result *ret, const struct opts *o, const char *name, u64 now,
	      audit_progress_fn *progress, void *to, char why[OPT_WHY])
{
	const struct audit_run_conf *c = opts_conf(o, audit_run_rows);
	struct audit_task t = { .name = name, .now = now, .since = -1, .progress = progress,
		.to = to };
	struct part_file snapshot = { "snapshot", c->snapshot, snapshot_is,
		{ 0 }, -1, false };
	struct part_file certificates = { "certificates", c->certificates,
		is_certificates, { 0 }, -1, false };
	int rc = 0;

	*ret = (struct audit_result){ 0 };
	if (c->since)
		rc = open_since(&t, c->since, why);
	if (rc == 0)
		rc = open_part(&snapshot, why);
	if (rc == 0)
		rc = open_part(&certificates, why);
	t.snapshot = snapshot.fd;
	t.certificates = certificates.fd;
	if (rc == 0)
		rc = audit_one(ret, o, &t, why);
	rc = keep_part(&snapshot, rc, why);
	rc = keep_part(&certificates, rc, why);
	if (t.since >= 0)
		close(t.since);
	buf_free(&snapshot.part);
	buf_free(&certificates.part);
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
	memcpy(all->label, more->label, sizeof all->label);	/* the same of all */
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
		snprintf(why, OPT_WHY, N_("%.160s: no memory for its snapshot: %s"),
			t->name,
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
	struct audit_task t = { .since = -1, .snapshot = -1, .certificates = -1, .series = true,
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
