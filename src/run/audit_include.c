/* SPDX-License-Identifier: GPL-3.0-or-later */
/* audit_include.c - see audit_include.h. */
#include "run/audit_include.h"
#include "base/base.h"
#include "link/pass.h"
#include "zone/read.h"
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#define INCLUDES_MAX ZONE_FILES_MAX

/* One that was opened; it is not kept open. */
struct included { char *name; struct stat was; };

static int open_beneath(int folder, const char *name)
{
	const struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	long fd;

	do
		fd = syscall(SYS_openat2, folder, name, &how, sizeof how);
	while (fd < 0 && errno == EAGAIN);	/* something was renamed meanwhile */
	return fd < 0 ? -errno : (int)fd;
}

static const char *refusal(int error)
{
	switch (error) {
	case -EXDEV:
	case -ELOOP:
		return N_("lies outside of the zone file's folder, where nothing is "
			"read");
	case -ENOENT:
	case -ENOTDIR:
		return N_("does not exist");
	case -ENOSYS:
		return N_("cannot be opened safely on this system (openat2)");
	default:
		return oops_text(error);
	}
}

/* Noted while it is opened, so that what happens from now on is seen. */
static void watch_include(struct includes *p, const char *name, int fd)
{
	struct included *i;

	if (p->at == NULL)
		p->at = calloc(INCLUDES_MAX, sizeof *p->at);
	if (p->at == NULL || p->count == INCLUDES_MAX)
		return;
	i = &p->at[p->count];
	if (fstat(fd, &i->was) == 0 && (i->name = strdup(name)))
		p->count++;
}

void includes_forget(struct includes *p)
{
	for (unsigned i = 0; i < p->count; i++)
		free(p->at[i].name);
	free(p->at);
	p->at = NULL;
	p->tried = p->count = 0;
}

/* The descriptor, or negative and *why. */
static int open_include(struct includes *p, const char *name, const char **why)
{
	size_t n = p->path ? strlen(p->path) : 0;
	struct stat st;
	int fd;

	*why = N_("standard input has no folder to include files from");
	if (p->folder < 0)
		return -1;
	*why = N_("more files are included than are read");
	if (p->tried++ >= INCLUDES_MAX)
		return -1;
	if (n && strncmp(name, p->path, n) == 0)
		name += n;	/* the same folder, written in full */
	if ((fd = open_beneath(p->folder, name)) < 0) {
		*why = refusal(fd);
		return -1;
	}
	*why = N_("is not a regular file");
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		watch_include(p, name, fd);
		return fd;
	}
	close(fd);
	return -1;
}

int includes_give(struct includes *p, int socket, const u8 *body, size_t n)
{
	char name[PATH_MAX], answer[PASS_OCTETS];
	const char *why;
	int fd, rc;

	if (n == 0 || n >= sizeof name || memchr(body, 0, n))
		return pass_send(socket, -1, N_("has a name that no file can have"));
	memcpy(name, body, n);
	name[n] = 0;
	fd = open_include(p, name, &why);
	snprintf(answer, sizeof answer, "%s", fd < 0 ? why : "");
	rc = pass_send(socket, fd, answer);
	if (fd >= 0)
		close(fd);
	return rc == -EPIPE ? 0 : rc;	/* the job is gone, which its end tells */
}

void includes_free(struct includes *p)
{
	includes_forget(p);
	if (p->folder >= 0)
		close(p->folder);
	free(p->path);
}

/* ---- did they change? ---- */

bool includes_differ(const struct stat *is, const struct stat *was)
{
	return is->st_size != was->st_size || is->st_mtim.tv_sec != was->st_mtim.tv_sec ||
	       is->st_mtim.tv_nsec != was->st_mtim.tv_nsec;
}

const char *includes_changed(const struct includes *p)
{
	for (unsigned i = 0; i < p->count; i++) {
		const struct included *one = &p->at[i];
		int fd = open_beneath(p->folder, one->name);
		struct stat is;
		bool changed = fd >= 0 && fstat(fd, &is) == 0 &&
			is.st_ino == one->was.st_ino && is.st_dev == one->was.st_dev &&
			includes_differ(&is, &one->was);

		if (fd >= 0)
			close(fd);
		if (changed)
			return one->name;
	}
	return NULL;
}
