/* SPDX-License-Identifier: GPL-3.0-or-later */
/* backup.c - a copy of a store as of one moment, while others write; see store.h.
 *
 *   store --sqlite3_backup, one read transaction--> TO.part --checked, on the disk--> TO
 *
 * A plain copy of the file would lack what lies beside it in the -wal, and may be torn. The
 * copy is one file, with nothing beside it. TO is there only when it is whole: a name that
 * exists is never written over. Who writes TO.part holds its lock: one that nobody holds was
 * left by a copy that was interrupted, and goes when the next is made. Cost: one reading
 * and writing of the whole file, and one more reading for the check; writers do not wait. */
#include "store/own.h"
#include "base/buf.h"
#include <fcntl.h>
#include <libgen.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int trouble(char why[STORE_WHY], int error, const char *name, const char *what)
{
	snprintf(why, STORE_WHY, "'%.400s': %s", name, what);
	return error;
}

/* The first line that the check says, which is "ok" when all is well. */
static int check(sqlite3 *db, const char *name, char why[STORE_WHY])
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(db, "PRAGMA integrity_check(1)", -1, &st, NULL);
	const char *said = rc == 0 && sqlite3_step(st) == SQLITE_ROW
		? (const char *)sqlite3_column_text(st, 0) : NULL;

	if (said && strcmp(said, "ok") == 0)
		rc = 0;
	else
		rc = trouble(why, -EIO, name, said ? said : sqlite3_errmsg(db));
	sqlite3_finalize(st);
	return rc;
}

static int copy(sqlite3 *from, sqlite3 *to, const char *name, char why[STORE_WHY])
{
	sqlite3_backup *b;
	int rc;

	/* A new file has nothing to go back to: no journal lies beside it. */
	sqlite3_exec(to, "PRAGMA journal_mode=MEMORY", NULL, NULL, NULL);
	b = sqlite3_backup_init(to, "main", from, "main");
	rc = b ? sqlite3_backup_step(b, -1) : SQLITE_ERROR;

	sqlite3_backup_finish(b);
	if (rc != SQLITE_DONE ||
	    sqlite3_exec(to, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL))
		return trouble(why, (sqlite3_errcode(to) & 0xff) == SQLITE_FULL ? -ENOSPC : -EIO,
			       name, sqlite3_errmsg(to));
	return check(to, name, why);
}

static int fill(struct store *s, const char *part, char why[STORE_WHY])
{
	sqlite3 *to = NULL;
	int rc = sqlite3_open_v2(part, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
				 SQLITE_OPEN_PRIVATECACHE, NULL);

	rc = rc ? trouble(why, -EIO, part, to ? sqlite3_errmsg(to) : N_("there is no memory left"))
		: copy(s->db, to, part, why);
	sqlite3_close(to);
	return rc;
}

/* What a name leads to is on the disk: a file, or a folder with its names. */
static int settle(const char *path, int flags)
{
	int fd = open(path, flags | O_RDONLY | O_CLOEXEC), rc = fd < 0 ? -errno : 0;

	if (fd >= 0 && fsync(fd))
		rc = -errno;
	if (fd >= 0)
		close(fd);
	return rc;
}

static int give_name(const char *part, const char *to, char why[STORE_WHY])
{
	char *folder = strdup(to);
	int rc = folder ? settle(part, 0) : -ENOMEM;

	if (rc == 0 && link(part, to))
		rc = -errno;
	if (rc == 0)
		rc = settle(dirname(folder), O_DIRECTORY);
	free(folder);
	if (rc)
		trouble(why, rc, to, rc == -EEXIST ? N_("it is there already") : strerror(-rc));
	return rc;
}

/* The lock of a file is ours, and the name still leads to it. */
static bool is_ours(int fd, const char *part)
{
	struct stat is, named;

	return flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &is) == 0 &&
		lstat(part, &named) == 0 && is.st_dev == named.st_dev &&
		is.st_ino == named.st_ino;
}

/* A copy begins with the words of SQLite, or had not come that far. */
static bool is_copy(int fd)
{
	static const char words[16] = "SQLite format 3", none[16];
	char first[16];
	ssize_t n = pread(fd, first, sizeof first, 0);

	return n == 0 || (n == sizeof first && (memcmp(first, words, sizeof first) == 0 ||
						memcmp(first, none, sizeof first) == 0));
}

/* Only the name goes: the file may have been given another, by link. */
static void drop_left_over(const char *part)
{
	int fd = open(part, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return;
	if (is_copy(fd) && is_ours(fd, part))
		unlink(part);
	close(fd);
}

/* A new file of that name, locked until it is closed: its descriptor, or -errno. */
static int begin_part(const char *part)
{
	int fd;

	drop_left_over(part);
	fd = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	if (fd < 0)
		return -errno;
	if (is_ours(fd, part))
		return fd;
	close(fd);
	return -EEXIST;
}

int store_backup(struct store *s, const char *to, char why[STORE_WHY])
{
	struct buf part = { 0 };
	int rc, fd;

	if (access(to, F_OK) == 0)
		return trouble(why, -EEXIST, to, N_("it is there already"));
	buf_fmt(&part, "%s.part", to);
	if (buf_error(&part))
		return trouble(why, -ENOMEM, to, N_("there is no memory left"));
	fd = begin_part(buf_str(&part));
	if (fd < 0) {
		rc = trouble(why, fd, buf_str(&part), strerror(-fd));
		buf_free(&part);
		return rc;
	}
	rc = fill(s, buf_str(&part), why);
	if (rc == 0)
		rc = give_name(buf_str(&part), to, why);
	unlink(buf_str(&part));
	close(fd);
	buf_free(&part);
	return rc;
}
