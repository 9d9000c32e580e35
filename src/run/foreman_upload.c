/* SPDX-License-Identifier: GPL-3.0-or-later */
/* foreman_upload.c - octets of uploads onto the disk.
 *
 *   FOLDER/TOKEN.part/NAME   while they come
 *   FOLDER/TOKEN/NAME        all of them are there, and on the disk (fdatasync, fsync)
 *
 * A name that ends in .part is nobody's when the foreman begins; of the others, those that the
 * desk does not name. Both are swept away then: whatever was killed, nothing stays. */
#include "run/foreman_own.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define FLUSH_EACH (8u << 20)	/* octets; then the disk may begin */
#define TAKES 32u		/* parcels of one upload before others have their turn */

static bool is_token(const char *text)
{
	return strlen(text) == TOKEN_TEXT - 1 &&
	       strspn(text, "0123456789abcdef") == TOKEN_TEXT - 1;
}

static void part_of(const char *token, char to[48])
{
	snprintf(to, 48, "%s.part", token);
}

/* Takes a folder with files, but no folders, in it away. */
static void remove_folder(int in, const char *name)
{
	int fd = openat(in, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	while (d && (e = readdir(d)))
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			unlinkat(dirfd(d), e->d_name, 0);
	if (d)
		closedir(d);
	else if (fd >= 0)
		close(fd);
	unlinkat(in, name, AT_REMOVEDIR);
}

/* Octets into a folder of their own: the file, or -errno. */
static int make_file(struct foreman *f, const struct receiving *r)
{
	char part[48];
	int folder, fd;

	part_of(r->token, part);
	if (mkdirat(f->folder, part, 0700) == -1)
		return -errno;
	folder = openat(f->folder, part, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return -errno;
	fd = openat(folder, r->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	fd = fd < 0 ? -errno : fd;
	close(folder);
	return fd;
}

static void answer(int socket, int error)
{
	char text[16];
	int n = snprintf(text, sizeof text, "%d", error);

	parcel_send(socket, text, (size_t)n, NULL, 0);
}

static void leave(struct receiving *r)
{
	u8 unused[DIGEST_OCTETS];

	if (r->file >= 0)
		close(r->file);
	digest_end(&r->digest, unused);
	close(r->socket);
	*r = (struct receiving){ .socket = -1, .file = -1 };
}

static void break_off(struct foreman *f, struct receiving *r, int error)
{
	char part[48];

	part_of(r->token, part);
	foreman_say(f, json_pack("{s:s, s:s, s:i}", "said", "broken", "token", r->token, "error",
				 error));
	answer(r->socket, error);
	leave(r);
	remove_folder(f->folder, part);
}

void receive_begin(struct foreman *f, json_t *what, int socket)
{
	const char *token = json_string_value(json_object_get(what, "token"));
	const char *name = json_string_value(json_object_get(what, "name"));
	struct receiving *r = NULL;

	for (unsigned i = 0; i < FOREMAN_UPLOADS && r == NULL; i++)
		if (f->in[i].socket < 0)
			r = &f->in[i];
	if (r == NULL || token == NULL || name == NULL || !is_token(token) || socket < 0) {
		if (socket >= 0)
			close(socket);	/* whoever sends is told that nobody listens */
		return;
	}
	*r = (struct receiving){ .socket = socket, .file = -1,
		.most = (u64)json_integer_value(json_object_get(what, "most")) };
	snprintf(r->token, sizeof r->token, "%s", token);
	snprintf(r->name, sizeof r->name, "%s", name);
	digest_init(&r->digest);
	if ((r->file = make_file(f, r)) < 0)
		break_off(f, r, r->file);
}

static int write_all(int fd, const u8 *octets, size_t n)
{
	while (n) {
		ssize_t step = write(fd, octets, n);

		if (step < 0 && errno != EINTR)
			return -errno;
		octets += step > 0 ? step : 0;
		n -= step > 0 ? (size_t)step : 0;
	}
	return 0;
}

static int take_data(struct receiving *r, const u8 *octets, size_t n)
{
	int rc;

	if (r->octets + n > r->most)
		return OOPS_LIMIT;
	if ((rc = write_all(r->file, octets, n)))
		return rc;
	digest_add(&r->digest, octets, n);
	r->octets += n;
	if (r->octets - r->flushed >= FLUSH_EACH) {	/* so that the end is short */
		sync_file_range(r->file, (off_t)r->flushed, (off_t)(r->octets - r->flushed),
				SYNC_FILE_RANGE_WRITE);
		r->flushed = r->octets;
	}
	return 0;
}

/* After this it is on the disk under its name, whatever happens: 0 or -errno. */
static int settle(struct foreman *f, struct receiving *r)
{
	char part[48];
	int folder, rc = fdatasync(r->file) == -1 ? -errno : 0;

	part_of(r->token, part);
	folder = openat(f->folder, part, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (rc == 0 && (folder < 0 || fsync(folder) == -1))
		rc = -errno;
	if (folder >= 0)
		close(folder);
	if (rc == 0 && renameat(f->folder, part, f->folder, r->token) == -1)
		rc = -errno;
	if (rc == 0 && fsync(f->folder) == -1)
		rc = -errno;
	return rc;
}

static void finish(struct foreman *f, struct receiving *r)
{
	char text[DIGEST_TEXT];
	u8 hash[DIGEST_OCTETS];
	int rc = settle(f, r);

	if (rc) {
		receive_drop(f, r->token);
		break_off(f, r, rc);
		return;
	}
	digest_end(&r->digest, hash);
	digest_init(&r->digest);	/* for leave() */
	foreman_say(f, json_pack("{s:s, s:s, s:I, s:s}", "said", "there", "token", r->token,
		"octets", (json_int_t)r->octets, "sha256", hex_text(hash, sizeof hash, text)));
	answer(r->socket, 0);
	leave(r);
}

void receive_more(struct foreman *f, struct receiving *r)
{
	u8 octets[FOREMAN_DATA + 1];
	int fds[PARCEL_FDS], rc = 0;

	for (unsigned i = 0; i < TAKES; i++) {
		int n = parcel_take(r->socket, octets, sizeof octets, fds);

		for (unsigned k = 0; k < PARCEL_FDS; k++)
			if (fds[k] >= 0)
				close(fds[k]);
		if (n == -EAGAIN)
			return;
		if (n > 0 && octets[0] == 'E') {
			finish(f, r);
			return;
		}
		rc = n <= 0 ? -EPIPE : octets[0] != 'D' ? OOPS_FORMAT
		   : take_data(r, octets + 1, (size_t)n - 1);
		if (rc) {
			break_off(f, r, rc);
			return;
		}
	}
}

void receive_drop(struct foreman *f, const char *token)
{
	if (is_token(token))
		remove_folder(f->folder, token);
}

/* Those that come in at the moment are theirs who send them. */
static bool under_way(const struct foreman *f, const char *name)
{
	char part[48];

	for (unsigned i = 0; i < FOREMAN_UPLOADS; i++) {
		part_of(f->in[i].token, part);
		if (f->in[i].socket >= 0 && strcmp(part, name) == 0)
			return true;
	}
	return false;
}

void receive_sweep(struct foreman *f)
{
	int fd = openat(f->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		char token[TOKEN_TEXT];

		snprintf(token, sizeof token, "%.32s", e->d_name);
		if (!is_token(token) || (e->d_name[32] && strcmp(e->d_name + 32, ".part")))
			continue;	/* none of ours */
		if (e->d_name[32] ? !under_way(f, e->d_name)
				  : json_object_get(f->kept, token) == NULL)
			remove_folder(f->folder, e->d_name);
	}
	if (d)
		closedir(d);
	else if (fd >= 0)
		close(fd);
	json_object_clear(f->kept);
}
