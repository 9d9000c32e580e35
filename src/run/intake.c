/* SPDX-License-Identifier: GPL-3.0-or-later */
/* intake.c - see intake.h. Child above, parent below. */
#include "run/intake.h"
#include "base/octets.h"
#include "base/plain.h"
#include "link/codec.h"
#include "link/pass.h"
#include "model/digest.h"
#include "model/uuid.h"
#include "run/job.h"
#include "share/rest.h"
#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANIFEST_MAX (64u << 20)	/* octets of a feed's manifest */

/* ---- the reader ---- */

struct reader {
	const struct intake *setup;
	int socket;
	int error;		/* of the socket */
	u64 remarks;
	struct buf frame;
};

static void send_frame(struct reader *r, enum codec_kind kind, const void *body, size_t n)
{
	if (r->error == 0)
		r->error = codec_write(r->socket, kind, body, n);
}

static int send_item(void *to, const struct item *i)
{
	struct reader *r = to;

	buf_clear(&r->frame);
	item_json(&r->frame, i);
	if (buf_error(&r->frame))
		return buf_error(&r->frame);
	send_frame(r, CODEC_ITEM, buf_str(&r->frame), r->frame.len);
	return r->error;
}

/* where, NUL, why */
static void send_remark(void *to, const char *where, const char *why)
{
	struct reader *r = to;

	if (++r->remarks > INTAKE_REMARKS_MAX)
		return;
	buf_clear(&r->frame);
	buf_add(&r->frame, where, strlen(where) + 1);
	buf_add(&r->frame, why, strlen(why));
	send_frame(r, CODEC_REMARK, buf_str(&r->frame), r->frame.len);
}

/* The end of a file: its format, NUL, what was wrong with the whole, or nothing. */
static void send_end(struct reader *r, const struct exchange *e, const char *why)
{
	char more[60];

	if (r->remarks > INTAKE_REMARKS_MAX) {
		snprintf(more, sizeof more, N_("%llu more parts could not be read"),
			 (unsigned long long)(r->remarks - INTAKE_REMARKS_MAX));
		r->remarks = 0;
		send_remark(r, "more", more);
	}
	buf_clear(&r->frame);
	buf_add(&r->frame, e ? e->id : "", e ? strlen(e->id) + 1 : 1);
	buf_text(&r->frame, why);
	send_frame(r, CODEC_READ, buf_str(&r->frame), r->frame.len);
}

static void read_file(struct reader *r, int fd)
{
	const struct exchange *e = r->setup->format;
	struct exchange_read in = { .item = send_item, .trouble = send_remark, .to = r };
	char why[EXCHANGE_WHY] = "";
	struct buf text = { .limit = EXCHANGE_OCTETS_MAX + 1 };
	int rc = octets_read(&text, fd, EXCHANGE_OCTETS_MAX);

	r->remarks = 0;
	in.octets = (const u8 *)buf_str(&text);
	in.n = text.len;
	in.name = "";
	if (rc == 0 && e == NULL)
		e = exchange_guess(in.octets, in.n);
	if (rc == 0 && e && r->setup->opts && e->rows)
		in.conf = opts_conf(r->setup->opts, e->rows);
	if (rc == 0 && e == NULL)
		snprintf(why, sizeof why, N_("no format that Vedette reads"));
	else if (rc == 0)
		send_frame(r, CODEC_KNOWN, e->id, strlen(e->id));
	if (rc == 0 && e)
		rc = exchange_read(e, &in, why);
	if (rc < 0 && why[0] == 0)
		snprintf(why, sizeof why, "%s", oops_text(rc));
	send_end(r, e, why);
	buf_free(&text);
}

static int work(int socket, struct job_note *note, void *arg)
{
	struct reader r = { .setup = arg, .socket = socket };
	char why[PASS_OCTETS];
	int fd;

	while (r.error == 0) {
		send_frame(&r, CODEC_WANT, "next", 4);
		if (r.error || (fd = pass_receive(socket, why)) < 0)
			break;
		note->file++;
		read_file(&r, fd);
		close(fd);
	}
	buf_free(&r.frame);
	return r.error != 0 && r.error != -EPIPE;
}

/* ---- the parent ---- */

struct parent {
	const struct intake *setup;
	intake_item_fn *item;
	intake_trouble_fn *trouble;
	void *to;
	char **names;		/* of the files */
	size_t count, room, next;
	struct intake_file file;	/* the one that is being read */
	char format[32];	/* what file.format points to */
	bool open;		/* a file is with the reader */
	int stopped;
	unsigned crashes;
};

static void tell(struct parent *p, const char *where, const char *why)
{
	struct buf a = { 0 }, b = { 0 };

	plain_text(&a, where, strlen(where));
	plain_text(&b, why, strlen(why));
	p->file.troubles++;
	p->trouble(p->to, &p->file, buf_str(&a), buf_str(&b));
	buf_free(&a);
	buf_free(&b);
}

static int add_name(struct parent *p, const char *folder, const char *name)
{
	size_t n = strlen(folder);
	char *path;

	if (p->count == INTAKE_FILES_MAX)
		return OOPS_LIMIT;
	if (p->count == p->room) {
		size_t more = p->room ? p->room * 2 : 64;
		char **at = reallocarray(p->names, more, sizeof *at);

		if (at == NULL)
			return -ENOMEM;
		p->names = at;
		p->room = more;
	}
	if (asprintf(&path, "%s%s%s", folder, n && folder[n - 1] != '/' ? "/" : "", name) < 0)
		return -ENOMEM;
	p->names[p->count++] = path;
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int add_folder(struct parent *p, const char *folder)
{
	DIR *d = opendir(folder);
	size_t from = p->count;
	struct dirent *e;
	int rc = d ? 0 : -errno;

	while (rc == 0 && (e = readdir(d)))
		if (e->d_name[0] != '.' && (e->d_type == DT_REG || e->d_type == DT_UNKNOWN))
			rc = add_name(p, folder, e->d_name);
	if (d)
		closedir(d);
	if (p->count > from)
		qsort(p->names + from, p->count - from, sizeof *p->names, by_text);
	return rc;
}

/* The manifest of a MISP feed: a new reference, NULL when the folder has none. */
static json_t *manifest_of(const char *path)
{
	struct buf octets = { .limit = MANIFEST_MAX };
	char name[4096], why[EXCHANGE_WHY];
	json_t *manifest = NULL;
	int fd;

	snprintf(name, sizeof name, "%.4000s/manifest.json", path);
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return NULL;
	if (octets_read(&octets, fd, MANIFEST_MAX) == 0)
		manifest = rest_load((const u8 *)buf_str(&octets), octets.len, why);
	close(fd);
	buf_free(&octets);
	return manifest;
}

/* The events that the manifest of a feed names (share/exchange_misp_feed.h): 1, 0 when the
 * folder is none, or negative. A manifest whose keys are no UUIDs leads nowhere. */
static int add_feed(struct parent *p, const char *path)
{
	json_t *manifest = manifest_of(path), *entry;
	size_t from = p->count;
	const char *uuid;
	char name[UUID_TEXT + 8];
	bool is = json_object_size(manifest) > 0;
	int rc = 0;

	json_object_foreach(manifest, uuid, entry)
		is &= uuid_is(uuid);
	json_object_foreach(manifest, uuid, entry) {
		snprintf(name, sizeof name, "%.36s.json", uuid);
		if (is && rc == 0)
			rc = add_name(p, path, name);
	}
	if (p->count > from)
		qsort(p->names + from, p->count - from, sizeof *p->names, by_text);
	json_decref(manifest);
	return rc ? rc : is;
}

/* A folder with cur and new is a Maildir, one with a manifest a feed. */
static int add_path(struct parent *p, const char *path)
{
	static const char *const parts[] = { "cur", "new" };
	char sub[4096];
	struct stat st;
	bool maildir = false;
	int rc = 0;

	if (strcmp(path, "-") == 0 || stat(path, &st) < 0 || !S_ISDIR(st.st_mode))
		return add_name(p, "", path);
	for (size_t i = 0; i < COUNT(parts) && rc == 0; i++) {
		snprintf(sub, sizeof sub, "%.4000s/%s", path, parts[i]);
		if (stat(sub, &st) < 0 || !S_ISDIR(st.st_mode))
			continue;
		maildir = true;
		rc = add_folder(p, sub);
	}
	if (rc == 0 && !maildir && (rc = add_feed(p, path)) == 0)
		rc = add_folder(p, path);
	rc = rc > 0 ? 0 : rc;
	if (rc < 0 && rc != OOPS_LIMIT && rc != -ENOMEM) {
		p->file = (struct intake_file){ .name = path, .format = "", .copy = -1 };
		tell(p, "", oops_text(rc));
		rc = 0;
	}
	return rc;
}

int intake_octets(const struct intake_file *f, struct buf *out)
{
	u8 octets[65536];
	off_t at = 0;
	ssize_t n;

	if (f->copy < 0)
		return OOPS_UNKNOWN;
	while ((n = pread(f->copy, octets, sizeof octets, at)) > 0) {
		buf_add(out, octets, (size_t)n);
		at += n;
	}
	return n < 0 ? -errno : buf_error(out);
}

/* The reader gets the same copy, so it is sealed: what is kept is what was hashed. */
static int seal(int fd)
{
	return fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL)
	       < 0 ? -errno : 0;
}

/* The octets into memory, hashed on the way. */
static int copy(int from, int to, struct intake_file *file)
{
	static const size_t step = 65536;
	u8 octets[65536], hash[DIGEST_OCTETS];
	struct digest d;
	ssize_t n;
	int rc = 0;

	digest_init(&d);
	while (rc == 0 && (n = read(from, octets, step)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			rc = -errno;
		else if ((file->octets += (u64)n) > EXCHANGE_OCTETS_MAX)
			rc = OOPS_LIMIT;
		else if (write(to, octets, (size_t)n) != n)
			rc = -ENOSPC;
		else
			digest_add(&d, octets, (size_t)n);
	}
	digest_end(&d, hash);
	hex_text(hash, sizeof hash, file->sha256);
	return rc == 0 && lseek(to, 0, SEEK_SET) < 0 ? -errno : rc;
}

static int open_input(const char *name)
{
	struct stat st;
	int fd;

	if (strcmp(name, "-") == 0)
		return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return OOPS_TYPE;
	}
	return fd;
}

/* Of the file before. */
static void let_go(struct parent *p)
{
	if (p->file.copy >= 0)
		close(p->file.copy);
	p->file.copy = -1;
}

/* The next file that can be had, as a descriptor; -1 when there is none. */
static int next_file(struct parent *p)
{
	while (p->next < p->count) {
		const char *name = p->names[p->next++];
		int from, to, rc;

		let_go(p);
		p->file = (struct intake_file){ .name = name, .format = "", .copy = -1 };
		from = open_input(name);
		to = from < 0 ? -1 : memfd_create("intake", MFD_CLOEXEC | MFD_ALLOW_SEALING);
		rc = from < 0 ? from : to < 0 ? -errno : copy(from, to, &p->file);
		if (rc == 0)
			rc = seal(to);
		if (from >= 0)
			close(from);
		if (rc == 0)
			return to;
		if (to >= 0)
			close(to);
		tell(p, "", oops_text(rc));
	}
	return -1;
}

static int give(struct parent *p, int socket)
{
	int fd = next_file(p), rc;

	p->open = fd >= 0;
	rc = pass_send(socket, fd, fd < 0 ? N_("that was the last") : "");
	p->file.copy = fd;
	return rc;
}

static int take_item(struct parent *p, const u8 *body, size_t n)
{
	struct item_box box = { 0 };
	char why[FIELD_WHY] = "", text[FIELD_WHY + 60];
	int rc = item_parse(&box, (const char *)body, n, why);

	if (rc < 0) {	/* our own child writes items that are none, or too long */
		snprintf(text, sizeof text, N_("an item that cannot be kept: %s"),
			why[0] ? why
			 : oops_text(rc));
		tell(p, "", text);
		return 0;
	}
	if (++p->file.items > EXCHANGE_ITEMS_MAX)
		rc = OOPS_LIMIT;
	else
		p->stopped = p->item(p->to, &p->file, &box.item);
	item_free(&box);
	return rc;
}

/* "where NUL why" as two texts. */
static void take_remark(struct parent *p, const u8 *body, size_t n)
{
	char where[200], why[EXCHANGE_WHY];
	size_t m = strnlen((const char *)body, n);

	snprintf(where, sizeof where, "%.*s", (int)min_u64(m, 199), (const char *)body);
	snprintf(why, sizeof why, "%.*s", m < n ? (int)min_u64(n - m - 1, EXCHANGE_WHY - 1) : 0,
		 (const char *)body + (m < n ? m + 1 : 0));
	if (p->file.troubles <= INTAKE_REMARKS_MAX)
		tell(p, where, why);
}

/* Which format it is: said before its items, whose markings depend on it, and at the end. */
static void take_format(struct parent *p, const u8 *body, size_t n)
{
	const struct exchange *e;

	snprintf(p->format, sizeof p->format, "%.*s", (int)min_u64(n, 31), (const char *)body);
	e = exchange_find(p->format);
	p->file.format = e ? e->id : "";
}

static void take_end(struct parent *p, const u8 *body, size_t n)
{
	size_t m = strnlen((const char *)body, n);

	take_format(p, body, m);
	if (m + 1 < n) {
		char why[EXCHANGE_WHY];

		snprintf(why, sizeof why, "%.*s", (int)min_u64(n - m - 1, EXCHANGE_WHY - 1),
			 (const char *)body + m + 1);
		tell(p, "", why);
	}
	p->open = false;
}

static int take_frame(struct parent *p, int socket, enum codec_kind kind, const u8 *body,
		      size_t n)
{
	if (kind == CODEC_WANT)
		return p->open ? OOPS_FORMAT : give(p, socket);
	if (!p->open)
		return OOPS_FORMAT;
	if (kind == CODEC_ITEM)
		return take_item(p, body, n);
	if (kind == CODEC_REMARK)
		take_remark(p, body, n);
	else if (kind == CODEC_KNOWN)
		take_format(p, body, n);
	else if (kind == CODEC_READ)
		take_end(p, body, n);
	else
		return OOPS_FORMAT;
	return 0;
}

struct hearing { struct parent *p; int socket; };

/* The one who takes the items may end it: that is no trouble. */
static int hear(void *to, enum codec_kind kind, const u8 *body, size_t n)
{
	const struct hearing *h = to;
	int rc = take_frame(h->p, h->socket, kind, body, n);

	return rc >= 0 && h->p->stopped ? -ECANCELED : rc;
}

/* Frames until the end of the stream: 0, or why it ended before. */
static int listen_to(struct parent *p, int socket)
{
	int rc = codec_each(socket, (int)INTAKE_SILENCE_S * 1000, hear,
			    &(struct hearing){ p, socket });

	return p->stopped ? 0 : rc;
}

static void tell_crash(struct parent *p, int rc, int end)
{
	char why[160];

	if (rc == -ETIME)
		snprintf(why, sizeof why, N_("it is left: nothing was heard of it for %u "
			"s"),
			 INTAKE_SILENCE_S);
	else if (end == -SIGSYS)
		snprintf(why, sizeof why, N_("it is left: its reader tried what it may "
			"not do"));
	else if (end < 0 && end > -64)
		snprintf(why, sizeof why, N_("it is left: its reader crashed (%s)"),
			 strsignal(-end));
	else
		snprintf(why, sizeof why, N_("it is left: its reader gave up (%s)"),
			 rc < 0 ? oops_text(rc) : N_("no room"));
	tell(p, "", why);
}

/* One reader: 1 when it crashed on a file and there may be more. */
static int run_once(struct parent *p)
{
	const struct job_setup setup = {
		.name = "intake", .receives = 1, .run = work,
		.arg = (void *)(uintptr_t)p->setup,
		.memory_max = p->setup->memory ? p->setup->memory : (u64)2 << 30,
	};
	struct job job = { 0 };
	int rc = job_start(&job, &setup), end;

	if (rc)
		return rc;
	p->open = false;
	rc = listen_to(p, job.socket);
	if (rc == -ETIME)
		kill(job.pid, SIGKILL);
	end = job_end(&job);
	job_free(&job);
	if (p->stopped)
		return p->stopped;
	if (p->open || rc < 0) {
		tell_crash(p, rc, end);
		p->open = false;
		return ++p->crashes < INTAKE_CRASHES_MAX ? 1 : OOPS_LIMIT;
	}
	return end == 0 ? 0 : OOPS_UNKNOWN;
}

int intake_read(const struct intake *setup, intake_item_fn *item, intake_trouble_fn *trouble,
		void *to)
{
	struct parent p = { .setup = setup, .item = item, .trouble = trouble, .to = to,
		.file = { .copy = -1 } };
	int rc = 0;

	for (unsigned i = 0; i < setup->count && rc == 0; i++)
		rc = add_path(&p, setup->paths[i]);
	json_object_seed(0);	/* these read files, which the reader cannot */
	digest_prepare();
	for (const struct exchange *const *e = exchanges; *e; e++)
		if ((*e)->prepare)
			(*e)->prepare();
	if (rc == 0) {
		do
			rc = p.next < p.count ? run_once(&p) : 0;
		while (rc == 1);
	}
	let_go(&p);
	for (size_t i = 0; i < p.count; i++)
		free(p.names[i]);
	free(p.names);
	return rc;
}
