/* SPDX-License-Identifier: GPL-3.0-or-later */
/* jobs.c - see jobs.h. */
#include "run/jobs_own.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SAY_TRIES 2000u		/* of 1 ms each */
#define LOOK_EACH_NS (60ull * 1000000000)
#define UNCLAIMED_NS (120ull * 1000000000)	/* octets that are there and nobody adds */

/* ---- opening ---- */

/* A page of memory that the foreman writes and that the web process can only read, also when
 * it was taken over: later mappings of a sealed file cannot be written. */
static int make_board(struct jobs *j)
{
	int fd = memfd_create("board", MFD_CLOEXEC | MFD_ALLOW_SEALING), rc = 0;
	void *to = MAP_FAILED, *from = MAP_FAILED;

	if (fd < 0)
		return -errno;
	if (ftruncate(fd, sizeof *j->board) == 0)
		to = mmap(NULL, sizeof *j->board, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (to != MAP_FAILED && fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE | F_SEAL_SHRINK |
				      F_SEAL_GROW | F_SEAL_SEAL) == 0)
		from = mmap(NULL, sizeof *j->board, PROT_READ, MAP_SHARED, fd, 0);
	if (to == MAP_FAILED || from == MAP_FAILED)
		rc = -errno;
	close(fd);
	if (to != MAP_FAILED)
		j->board = to;
	if (from != MAP_FAILED)
		j->shown = from;
	return rc;
}

int jobs_open(struct jobs **ret, const struct jobs_setup *setup, char why[JOBS_WHY])
{
	struct jobs *j = calloc(1, sizeof *j);
	int rc;

	snprintf(why, JOBS_WHY, "there is no memory left");
	if (j == NULL)
		return -ENOMEM;
	j->setup = *setup;
	j->socket = j->pass = -1;
	j->hands = (struct upload_hands){ .own = j, .begin = jobs_begin, .add = jobs_add,
		.replay = jobs_replay };
	j->unsaid = json_array();
	if (j->unsaid == NULL || asprintf(&j->folder, "%s.uploads", setup->db) < 0) {
		rc = -ENOMEM;
	} else if ((rc = make_board(j)) == 0 && mkdir(j->folder, 0700) == -1 && errno != EEXIST) {
		rc = -errno;
		snprintf(why, JOBS_WHY, "%.200s cannot be made: %s", j->folder, oops_text(rc));
	}
	if (rc)
		jobs_close(j);
	else
		*ret = j;
	return rc;
}

static void end_foreman(struct jobs *j)
{
	if (j->socket >= 0)
		close(j->socket);
	j->socket = -1;
	if (j->foreman.pid) {
		job_end(&j->foreman);
		job_free(&j->foreman);
	}
}

struct jobs *jobs_close(struct jobs *j)
{
	if (j == NULL)
		return NULL;
	end_foreman(j);
	if (j->folder)
		rmdir(j->folder);	/* when it is empty */
	jobs_forget(j);
	if (j->shown)
		munmap((void *)(uintptr_t)j->shown, sizeof *j->shown);
	if (j->pass >= 0)
		close(j->pass);
	json_decref(j->unsaid);
	free(j->folder);
	free(j);
	return NULL;
}

void jobs_forget(struct jobs *j)
{
	if (j->board)
		munmap(j->board, sizeof *j->board);
	j->board = NULL;
}

const struct board *jobs_board(const struct jobs *j)
{
	return j->shown;
}

int jobs_start(struct jobs *j)
{
	int ends[2], rc;

	if (j->foreman.pid)
		return 0;
	if ((rc = parcel_pair(ends)))
		return rc;
	struct foreman_setup f = { .socket = ends[1], .folder = j->folder, .db = j->setup.db,
		.config = j->setup.config, .key = j->setup.key, .version = j->setup.version,
		.opts = j->setup.opts, .board = j->board, .memory = j->setup.memory,
		.time_ns = j->setup.time_ns };
	const struct job_setup setup = { .name = "foreman", .trusted = true, .keep = &ends[1],
		.keep_count = 1, .run = foreman_run, .arg = &f };

	memset(j->board, 0, sizeof *j->board);
	rc = mkdir(j->folder, 0700) == -1 && errno != EEXIST ? -errno : 0;
	if (rc == 0)
		rc = job_start(&j->foreman, &setup);
	close(ends[1]);
	if (rc) {
		close(ends[0]);
		return rc;
	}
	j->socket = ends[0];
	j->fresh = true;
	return 0;
}

const struct upload_hands *jobs_hands(struct jobs *j)
{
	return &j->hands;
}

int jobs_socket(const struct jobs *j)
{
	return j->socket;
}

int jobs_pass(struct jobs *j)
{
	int fd = j->pass;

	j->pass = -1;
	return fd;
}

/* ---- the foreman ---- */

int jobs_say(struct jobs *j, json_t *what, const int *fds, unsigned count)
{
	char *text = what ? json_dumps(what, JSON_COMPACT) : NULL;
	int rc = text ? -EAGAIN : -ENOMEM;

	if (text && strlen(text) > PARCEL_OCTETS)
		rc = OOPS_LIMIT;
	for (unsigned i = 0; rc == -EAGAIN && i < SAY_TRIES; i++) {
		rc = j->socket < 0 ? -EPIPE
		   : parcel_send(j->socket, text, strlen(text), fds, count);
		if (rc == -EAGAIN)
			nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
	}
	free(text);
	json_decref(what);
	return rc;
}

void jobs_drop(struct jobs *j, const char *token)
{
	jobs_say(j, json_pack("{s:s, s:s}", "do", "drop", "token", token), NULL, 0);
}

static void drop(void *own, const char *folder)
{
	jobs_drop(own, folder);
}

static void stop(void *own, u64 number)
{
	jobs_say(own, json_pack("{s:s, s:I}", "do", "stop", "number", (json_int_t)number), NULL, 0);
}

static u64 *place_of(struct jobs *j, u64 number)
{
	for (unsigned i = 0; i < j->setup.at_once; i++)
		if (j->running[i] == number)
			return &j->running[i];
	return NULL;
}

static int tell_start(struct jobs *j, const struct upload *u)
{
	return jobs_say(j, json_pack("{s:s, s:I, s:i, s:s, s:s, s:s, s:s, s:i, s:i}", "do", "start",
		"number", (json_int_t)u->number, "kind", u->kind, "token", u->folder, "name",
		u->name, "origin", u->origin, "owner", u->owner, "tlp", u->tlp, "pap", u->pap),
		NULL, 0);
}

void jobs_queue(struct jobs *j, struct desk *d)
{
	struct upload *u;
	u64 *place;

	while ((place = place_of(j, 0)) && j->socket >= 0) {
		u = NULL;
		if (upload_next(d, &u) != 1)
			break;
		u->state = UPLOAD_RUNNING;
		u->why = "";
		desk_as(d, "vedette");
		if (upload_set(d, u, true) || tell_start(j, u)) {
			free(u);
			break;	/* the log is full or the foreman gone: later */
		}
		*place = u->number;
		free(u);
	}
}

/* ---- what it says ---- */

static const char *text_of(json_t *what, const char *key)
{
	const char *text = json_string_value(json_object_get(what, key));

	return text ? text : "";
}

struct coming *jobs_coming(struct jobs *j, const char *token)
{
	for (unsigned i = 0; i < FOREMAN_UPLOADS; i++)
		if (strcmp(j->coming[i].token, token) == 0)
			return &j->coming[i];
	return NULL;
}

static void take_coming(struct jobs *j, struct desk *d, json_t *what)
{
	struct coming *c = text_of(what, "token")[0] ? jobs_coming(j, text_of(what, "token"))
						     : NULL;

	if (c == NULL)
		return;
	c->since = desk_now(d);
	c->octets = (u64)json_integer_value(json_object_get(what, "octets"));
	c->error = (int)json_integer_value(json_object_get(what, "error"));
	c->state = strcmp(text_of(what, "said"), "there") ? BROKEN : THERE;
	snprintf(c->sha256, sizeof c->sha256, "%s", text_of(what, "sha256"));
}

/* True when the log has it, or need not. */
static bool take_end(struct jobs *j, struct desk *d, json_t *what)
{
	const u64 number = (u64)json_integer_value(json_object_get(what, "number"));
	const int state = choice_parse(upload_states, text_of(what, "state"));
	struct upload *u = NULL;
	bool kept = state != UPLOAD_DONE;
	int rc = upload_find(d, number, &u);

	if (rc == 0 && u->state == UPLOAD_RUNNING && state >= 0) {
		u->state = (u8)state;
		u->run = (u64)json_integer_value(json_object_get(what, "run"));
		u->found = (u64)json_integer_value(json_object_get(what, "found"));
		u->why = text_of(what, "why");
		desk_as(d, "vedette");
		rc = upload_set(d, u, kept);
		if (rc == 0 && !kept)
			jobs_drop(j, u->folder);
	}
	free(u);
	return rc == 0 || rc == OOPS_UNKNOWN;
}

static void take(struct jobs *j, struct desk *d, json_t *what)
{
	u64 number = (u64)json_integer_value(json_object_get(what, "number")), *place;

	if (strcmp(text_of(what, "said"), "ended")) {
		take_coming(j, d, what);
		return;
	}
	if (number && (place = place_of(j, number)))
		*place = 0;
	if (!take_end(j, d, what))
		json_array_append(j->unsaid, what);
	jobs_queue(j, d);
}

int jobs_hear(struct jobs *j, struct desk *d)
{
	char text[PARCEL_OCTETS];
	int fds[PARCEL_FDS], n = -EAGAIN;

	while (j->socket >= 0 && (n = parcel_take(j->socket, text, sizeof text, fds)) > 0) {
		json_t *what = json_loadb(text, (size_t)n, 0, NULL);

		take(j, d, what);
		json_decref(what);
	}
	if (n == -EAGAIN)
		return 0;
	end_foreman(j);
	return -EPIPE;
}

/* ---- the desk ---- */

struct finding_uploads { struct jobs *jobs; u64 *ran; size_t count; int rc; };

static int note_one(void *to, const struct upload *u)
{
	struct finding_uploads *f = to;
	u64 *more;

	if (u->state == UPLOAD_RUNNING) {
		if ((more = realloc(f->ran, (f->count + 1) * sizeof *more)) == NULL)
			return -ENOMEM;
		f->ran = more;
		f->ran[f->count++] = u->number;
	}
	return jobs_say(f->jobs, json_pack("{s:s, s:s}", "do", "keep", "token", u->folder), NULL,
			0);
}

int jobs_desk(struct jobs *j, struct desk *d)
{
	struct finding_uploads f = { .jobs = j };
	struct upload *u = NULL;
	int rc = 0;

	j->hands.drop = drop;
	j->hands.stop = stop;
	if (j->fresh) {
		memset(j->running, 0, sizeof j->running);
		memset(j->coming, 0, sizeof j->coming);
		json_array_clear(j->unsaid);
		rc = upload_each(d, note_one, &f);
		if (rc == 0)
			rc = jobs_say(j, json_pack("{s:s}", "do", "sweep"), NULL, 0);
		desk_as(d, "vedette");
		for (size_t i = 0; i < f.count && rc == 0; i++) {
			if ((rc = upload_find(d, f.ran[i], &u)))
				break;
			u->state = UPLOAD_INTERRUPTED;
			u->why = "the server ended while it ran";
			rc = upload_set(d, u, true);
			free(u);
		}
		free(f.ran);
		j->fresh = rc != 0;
	}
	if (rc == 0)
		jobs_queue(j, d);
	return rc;
}

/* ---- what is old ---- */

struct aging { u64 now; u64 number; };

static int is_old(void *to, const struct upload *u)
{
	struct aging *a = to;

	if (u->state == UPLOAD_QUEUED || u->state == UPLOAD_RUNNING ||
	    a->now - u->ended < UPLOAD_KEPT_NS)
		return 0;
	a->number = u->number;
	return 1;
}

static void give_up_old(struct jobs *j, struct desk *d)
{
	struct aging a = { .now = desk_now(d) };
	struct upload *u = NULL;

	while (upload_each(d, is_old, &a) == 1 && upload_find(d, a.number, &u) == 0) {
		char folder[TOKEN_TEXT];

		snprintf(folder, sizeof folder, "%s", u->folder);
		u->state = UPLOAD_CANCELLED;
		u->why = "nobody started it again in time";
		desk_as(d, "vedette");
		if (upload_set(d, u, false) == 0)
			jobs_drop(j, folder);
		else
			a.now = 0;	/* the log cannot take it: later */
		free(u);
	}
}

static void say_unsaid(struct jobs *j, struct desk *d)
{
	while (json_array_size(j->unsaid)) {
		if (!take_end(j, d, json_array_get(j->unsaid, 0)))
			break;
		json_array_remove(j->unsaid, 0);
	}
}

void jobs_tick(struct jobs *j, struct desk *d, bool web_gone)
{
	const u64 now = desk_now(d);

	for (unsigned i = 0; i < FOREMAN_UPLOADS; i++) {
		struct coming *c = &j->coming[i];

		if (c->token[0] == 0 || c->state == COMING ||
		    (!web_gone && now - c->since < UNCLAIMED_NS))
			continue;
		if (c->state == THERE)
			jobs_drop(j, c->token);
		*c = (struct coming){ 0 };
	}
	say_unsaid(j, d);
	if (now - j->looked > LOOK_EACH_NS) {
		j->looked = now;
		give_up_old(j, d);
	}
	jobs_queue(j, d);
}
