/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inputs.c - see inputs.h. */
#include "run/inputs.h"
#include "run/spool.h"
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define DESCRIPTORS_ELSE 64	/* standard ones, jobs, the store */
#define DESCRIPTORS_A_SPOOL 6

static int open_one(const char *name)
{
	struct stat st;
	int fd;

	if (strcmp(name, "-") == 0)
		return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		return -EISDIR;
	}
	return fd;
}

/* Asks the system for that many descriptors; shells give few at first. */
static bool descriptors(u64 n)
{
	struct rlimit most;

	if (getrlimit(RLIMIT_NOFILE, &most) < 0)
		return false;
	if (most.rlim_cur < n + DESCRIPTORS_ELSE && most.rlim_cur < most.rlim_max) {
		most.rlim_cur = most.rlim_max;
		setrlimit(RLIMIT_NOFILE, &most);
	}
	return most.rlim_cur >= n + DESCRIPTORS_ELSE;
}

/* How many of them may be pipes; standard input shares its position, too. */
static unsigned once_only(const char *const *names, unsigned count)
{
	unsigned n = 0;

	for (unsigned i = 0; i < count; i++) {
		struct stat st;

		n += strcmp(names[i], "-") == 0 ||
		     (stat(names[i], &st) == 0 && !S_ISREG(st.st_mode));
	}
	return n;
}

static int allocate(struct inputs *in)
{
	in->fds = malloc(SETS * in->count * sizeof *in->fds);
	in->sizes = calloc(in->count, sizeof *in->sizes);
	in->piped = calloc(in->count, sizeof *in->piped);
	in->spools = calloc(in->count, sizeof *in->spools);
	for (unsigned i = 0; in->fds && i < SETS * in->count; i++)
		in->fds[i] = -ESPIPE;
	return in->fds && in->sizes && in->piped && in->spools ? 0 : -ENOMEM;
}

static int *second_look(const struct inputs *in, unsigned i)
{
	return &in->fds[SET_SECOND * in->count + i];
}

static void make_spool(struct inputs *in, unsigned i, u64 limit)
{
	int rc = spool_open(&in->spools[i], &in->fds[i], limit);

	if (rc < 0) {
		snprintf(in->trouble, sizeof in->trouble, N_("%.300s: no temporary file "
			 "can be made for it (%s): none of its messages are kept as "
			 "evidence"),
			 in->names[i], oops_text(rc));
		return;
	}
	in->fds[i] = spool_pipe(in->spools[i]);
	*second_look(in, i) = spool_file(in->spools[i]);
}

static void open_input(struct inputs *in, unsigned i, u64 spool)
{
	struct stat st;

	in->fds[i] = open_one(in->names[i]);
	if (in->fds[i] >= 0 && fstat(in->fds[i], &st) == 0 && S_ISREG(st.st_mode))
		in->sizes[i] = (u64)st.st_size;
	in->piped[i] = in->fds[i] >= 0 && lseek(in->fds[i], 0, SEEK_CUR) < 0;
	if (in->piped[i] && spool)
		make_spool(in, i, spool);
	if (!in->piped[i])
		*second_look(in, i) = open_one(in->names[i]);
}

int inputs_open(struct inputs *in, const char *const *names, unsigned count,
		u64 spool)
{
	unsigned pipes = once_only(names, count);

	*in = (struct inputs){ .names = names, .count = count };
	if (!descriptors((u64)SETS * count + pipes * DESCRIPTORS_A_SPOOL))
		return -EMFILE;
	if (allocate(in) < 0)
		return -ENOMEM;
	for (unsigned i = 0; i < count; i++)
		open_input(in, i, spool);
	return 0;
}

void inputs_handed_over(struct inputs *in)
{
	for (unsigned i = 0; i < in->count; i++) {
		if (in->spools[i] == NULL || in->fds[i] < 0)
			continue;
		close(in->fds[i]);	/* so that the spool sees when the analyser is gone */
		in->fds[i] = spool_file(in->spools[i]);
		if (!in->handed_over)
			spool_begin(in->spools[i]);
	}
	in->handed_over = true;
}

const char *inputs_again(struct inputs *in)
{
	for (unsigned i = 0; i < in->count; i++) {
		struct spool_end end;

		if (in->piped[i] && in->spools[i] == NULL)
			return N_("a pipe cannot be read again, so its findings are "
				"lost");
		if (in->spools[i] == NULL)
			continue;
		end = spool_wait(in->spools[i]);
		if (!end.whole)
			return N_("what came by a pipe is not all in its spool "
			       "(--spool), so its findings are lost");
		in->sizes[i] = end.octets;
	}
	return NULL;
}

/* What the spool met, for people: of several the last. */
static void end_spool(struct inputs *in, unsigned i)
{
	struct spool_end end = spool_stop(in->spools[i]);

	if (end.full)
		snprintf(in->trouble, sizeof in->trouble, N_("%.300s: its temporary file "
			 "cannot be written (%s): none of its messages are kept as "
			 "evidence"),
			 in->names[i], strerror(end.full));
	if (end.broken) {
		snprintf(in->trouble, sizeof in->trouble, N_("%.300s: reading stopped "
			"(%s)"),
			 in->names[i], strerror(end.broken));
		in->unread = true;
	}
	in->spools[i] = spool_free(in->spools[i]);
}

void inputs_close(struct inputs *in)
{
	for (unsigned i = 0; in->fds && i < SETS * in->count; i++)
		if (in->fds[i] >= 0)
			close(in->fds[i]);
	for (unsigned i = 0; in->spools && i < in->count; i++)
		if (in->spools[i])
			end_spool(in, i);
	free(in->fds);
	free(in->sizes);
	free(in->piped);
	free(in->spools);
	in->fds = NULL;
	in->sizes = NULL;
	in->piped = NULL;
	in->spools = NULL;
}
