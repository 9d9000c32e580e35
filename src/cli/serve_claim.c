/* SPDX-License-Identifier: GPL-3.0-or-later */
/* serve_claim.c - one server a store.
 *
 * A server that begins takes what ran for interrupted, and octets that no upload names for
 * left over: beside another one it would put an end to work that goes on. So it holds a lock
 * (flock) on the store's own file, whatever path leads there, from before it looks into it
 * until it ends; the kernel gives it back however it ends. Nothing is written for it, and who
 * reads or writes the store otherwise does not notice: SQLite's locks are of another kind.
 *
 * The descriptor is open before the first one of SQLite and closed after the last one, because
 * closing any descriptor of a file gives back SQLite's locks on it (fcntl(2)). Children close
 * theirs before they open the store (run/job.c, sender.c), and so never hold the lock.
 *
 * Where a file system has no such lock (NFS: only for who may write, and then it would be one
 * of SQLite's) the server says so and begins. */
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/serve.h"
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* "1: FLOCK  ADVISORY  WRITE 812 fe:01:131090 0 EOF": the process, when it is of that file; else
 * 0. One of another PID namespace is 0 there, too. */
static int holder_in(const char *line, const struct stat *is)
{
	unsigned major_is, minor_is;
	unsigned long long inode;
	int pid;

	if (sscanf(line, "%*[^:]: FLOCK ADVISORY WRITE %d %x:%x:%llu", &pid, &major_is, &minor_is,
		   &inode) != 4)
		return 0;
	return inode == is->st_ino && major_is == major(is->st_dev) &&
	       minor_is == minor(is->st_dev) ? pid : 0;
}

/* Who holds the lock on an open file; 0: it is not known. */
static int holder_of(int fd)
{
	FILE *locks = fopen("/proc/locks", "re");
	struct stat is;
	char line[200];
	int pid = 0;

	if (fstat(fd, &is) == 0)
		while (locks && pid == 0 && fgets(line, sizeof line, locks))
			pid = holder_in(line, &is);
	if (locks)
		fclose(locks);
	return pid;
}

static int refuse(const char *db, int pid)
{
	if (pid)
		say_error("'%s' is served already, by process %d: two servers would end each "
			  "other's uploads and jobs; open the page of that one, or end it first",
			  db, pid);
	else
		say_error("'%s' is served already, by another process: two servers would end "
			  "each other's uploads and jobs; open the page of that one, or end it "
			  "first", db);
	return STATUS_TROUBLE;
}

int serve_claim(const char *db, int *ret)
{
	int fd = open(db, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), error;

	*ret = fd;
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0)
		return STATUS_FINE;	/* what cannot be opened, the desk says better */
	error = errno;
	if (error == EWOULDBLOCK)
		return refuse(db, holder_of(fd));
	say_error("warning: '%s' cannot be locked (%s): nobody will notice a second 'vedette "
		  "serve' on it, which would end this one's uploads and jobs", db,
		  oops_text(-error));
	return STATUS_FINE;
}
