/* SPDX-License-Identifier: GPL-3.0-or-later */
/* foreman.c - see foreman.h. One thread, one loop: what the parent says, octets that come,
 * what workers say, and whose time is up. */
#include "run/foreman_own.h"
#include "base/num.h"
#include "base/rd.h"
#include "run/errand.h"
#include "run/replay.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LOOK_MS 500

static u64 monotonic(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u64)t.tv_sec * 1000000000u + (u64)t.tv_nsec;
}

void foreman_say(struct foreman *f, json_t *what)
{
	char *text = what ? json_dumps(what, JSON_COMPACT) : NULL;
	int rc = -EAGAIN;

	for (unsigned i = 0; text && rc == -EAGAIN && i < 1000; i++) {
		rc = parcel_send(f->s->socket, text, strlen(text), NULL, 0);
		if (rc == -EAGAIN)	/* the parent is busy; it always takes in time */
			nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
	}
	f->gone |= rc != 0;
	free(text);
	json_decref(what);
}

/* ---- the board ---- */

static struct board_slot *slot_of(struct foreman *f, const struct running *r)
{
	return r->number ? &f->s->board->at[r - f->out] : NULL;
}

static void post(struct board_slot *s, const u8 *body, size_t n)
{
	struct rd r = rd_of(body, n);
	const u64 done = rd_u64(&r), all = rd_u64(&r), frames = rd_u64(&r), found = rd_u64(&r);
	size_t left = r.bad ? 0 : (size_t)(r.end - r.p);
	char phase[BOARD_PHASE] = "";

	if (r.bad)
		return;
	for (size_t i = 0; i < left && i < BOARD_PHASE - 1; i++)
		phase[i] = (char)(r.p[i] < ' ' || r.p[i] > '~' ? '?' : r.p[i]);
	atomic_store(&s->done, done);
	atomic_store(&s->all, all);
	atomic_store(&s->frames, frames);
	atomic_store(&s->found, found);
	memcpy(s->phase, phase, sizeof phase);
	atomic_fetch_add(&s->changes, 1);
}

/* ---- errands ---- */

static const char *text_of(json_t *what, const char *key)
{
	const char *text = json_string_value(json_object_get(what, key));

	return text ? text : "";
}

static void say_ended(struct foreman *f, u64 number, enum upload_state state, const char *why)
{
	foreman_say(f, json_pack("{s:s, s:I, s:s, s:s}", "said", "ended", "number",
		(json_int_t)number, "state", upload_states[state], "why", why));
}

static void place(struct foreman *f, struct running *r, json_t *what)
{
	struct board_slot *s = &f->s->board->at[r - f->out];

	atomic_store(&s->tlp, (u8)json_integer_value(json_object_get(what, "tlp")));
	atomic_store(&s->pap, (u8)json_integer_value(json_object_get(what, "pap")));
	s->phase[0] = 0;
	atomic_store(&s->done, 0);
	atomic_store(&s->all, 0);
	atomic_store(&s->frames, 0);
	atomic_store(&s->found, 0);
	atomic_store(&s->number, r->number);
	atomic_fetch_add(&s->changes, 1);
}

static void start(struct foreman *f, json_t *what)
{
	const u64 number = (u64)json_integer_value(json_object_get(what, "number"));
	struct errand e = { .number = number, .name = text_of(what, "name"),
		.kind = (enum upload_kind)json_integer_value(json_object_get(what, "kind")),
		.origin = text_of(what, "origin"), .owner = text_of(what, "owner"),
		.db = f->s->db, .config = f->s->config, .key = f->s->key, .opts = f->s->opts,
		.version = f->s->version, .memory = f->s->memory,
		.marking = { (u8)json_integer_value(json_object_get(what, "tlp")),
			     (u8)json_integer_value(json_object_get(what, "pap")) } };
	const struct job_setup setup = { .name = "errand", .trusted = true, .run = errand_run,
		.arg = &e };
	struct running *r = NULL;
	char folder[4096];
	int rc;

	for (unsigned i = 0; i < BOARD_SLOTS && r == NULL; i++)
		if (f->out[i].job.pid == 0)
			r = &f->out[i];
	snprintf(folder, sizeof folder, "%s/%s", f->s->folder, text_of(what, "token"));
	e.folder = folder;
	rc = r ? job_start(&r->job, &setup) : -EBUSY;
	if (rc) {
		say_ended(f, number, UPLOAD_FAILED, oops_text(rc));
		return;
	}
	r->number = number;
	r->answer = -1;
	r->until = monotonic() + f->s->time_ns;
	place(f, r, what);
}

/* ---- replays ---- */

struct replaying { int pack; };

/* Opens the walls of its own (replay_run()); this only carries its words. */
static int replay_errand(int socket, struct job_note *note, void *arg)
{
	const struct replaying *is = arg;
	struct buf out = { 0 };
	int rc = replay_run(is->pack, &out);
	char status = rc < 0 ? 'x' : (char)('0' + rc);

	(void)note;
	if (codec_write(socket, CODEC_STATS, &status, 1) == 0)
		codec_write(socket, CODEC_DONE, buf_str(&out), min_u64(out.len,
			FOREMAN_ANSWER - 1));
	buf_free(&out);
	return 0;
}

static void replay(struct foreman *f, int pack, int answer)
{
	struct replaying is = { pack };
	const struct job_setup setup = { .name = "replaying", .trusted = true, .keep = &is.pack,
		.keep_count = 1, .run = replay_errand, .arg = &is };
	struct running *r = NULL;

	for (unsigned i = BOARD_SLOTS; i < RUNNING && r == NULL; i++)
		if (f->out[i].job.pid == 0)
			r = &f->out[i];
	if (r && pack >= 0 && answer >= 0 && job_start(&r->job, &setup) == 0) {
		r->answer = answer;
		r->until = monotonic() + FOREMAN_REPLAY_S * 1000000000ull;
	} else if (answer >= 0) {
		close(answer);	/* who waits there is told that it is busy */
	}
	if (pack >= 0)
		close(pack);
}

/* ---- what workers say ---- */

static void take(struct foreman *f, struct running *r, enum codec_kind kind, const u8 *body,
		 size_t n)
{
	struct board_slot *s = slot_of(f, r);

	if (kind == CODEC_PROGRESS && s)
		post(s, body, n);
	else if (kind == CODEC_DONE && s && r->end == NULL)
		r->end = json_loadb((const char *)body, n, JSON_REJECT_DUPLICATES, NULL);
	else if (r->answer >= 0 && (kind == CODEC_STATS || kind == CODEC_DONE) && n)
		send(r->answer, body, n, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void say_end(struct foreman *f, struct running *r, int status)
{
	char why[200], time[NUM_TEXT_MAX];

	if (r->end && !r->late) {
		json_object_set_new(r->end, "said", json_string("ended"));
		json_object_set_new(r->end, "number", json_integer((json_int_t)r->number));
		foreman_say(f, json_incref(r->end));
		return;
	}
	if (r->late)
		snprintf(why, sizeof why, "it took longer than %s (--serve-job-time)",
			 num_span_exact(f->s->time_ns, time));
	else
		snprintf(why, sizeof why, "its process ended before the work did (%d)", status);
	say_ended(f, r->number, UPLOAD_FAILED, why);
}

static void end(struct foreman *f, struct running *r)
{
	struct board_slot *s = slot_of(f, r);
	int status = job_end(&r->job);

	job_free(&r->job);
	if (r->number)
		say_end(f, r, status);
	if (s) {
		atomic_store(&s->number, 0);
		atomic_fetch_add(&s->changes, 1);
	}
	if (r->answer >= 0)
		close(r->answer);
	codec_free(&r->codec);
	json_decref(r->end);
	*r = (struct running){ .answer = -1 };
}

static void hear(struct foreman *f, struct running *r)
{
	int n = codec_fill(&r->codec, r->job.socket), rc;
	enum codec_kind kind;
	const u8 *body;
	size_t size;

	while ((rc = codec_next(&r->codec, &kind, &body, &size)) == 1)
		take(f, r, kind, body, size);
	if ((n <= 0 && n != -EINTR) || rc < 0)
		end(f, r);
}

/* A worker that is killed says nothing more: its end is heard as any other's. */
static void kill_one(struct running *r)
{
	if (r->job.pid)
		kill(r->job.pid, SIGKILL);
}

static void kill_late(struct foreman *f)
{
	const u64 now = monotonic();

	for (unsigned i = 0; i < RUNNING; i++)
		if (f->out[i].job.pid && now > f->out[i].until && !f->out[i].late) {
			f->out[i].late = true;
			kill_one(&f->out[i]);
		}
}

/* ---- what the parent says ---- */

static void stop(struct foreman *f, json_t *what)
{
	const u64 number = (u64)json_integer_value(json_object_get(what, "number"));

	for (unsigned i = 0; i < BOARD_SLOTS; i++)
		if (f->out[i].job.pid && f->out[i].number == number)
			kill_one(&f->out[i]);
}

static void obey(struct foreman *f, json_t *what, int fds[PARCEL_FDS])
{
	const char *verb = text_of(what, "do"), *token = text_of(what, "token");

	if (strcmp(verb, "upload") == 0) {
		receive_begin(f, what, fds[0]);
		fds[0] = -1;
	} else if (strcmp(verb, "replay") == 0) {
		replay(f, fds[0], fds[1]);
		fds[0] = fds[1] = -1;
	} else if (strcmp(verb, "start") == 0) {
		start(f, what);
	} else if (strcmp(verb, "stop") == 0) {
		stop(f, what);
	} else if (strcmp(verb, "drop") == 0) {
		receive_drop(f, token);
	} else if (strcmp(verb, "keep") == 0) {
		json_object_set_new(f->kept, token, json_true());
	} else if (strcmp(verb, "sweep") == 0) {
		receive_sweep(f);
	}
}

static void listen_to_parent(struct foreman *f)
{
	char text[PARCEL_OCTETS];
	int fds[PARCEL_FDS], n;

	while ((n = parcel_take(f->s->socket, text, sizeof text, fds)) > 0) {
		json_t *what = json_loadb(text, (size_t)n, 0, NULL);

		obey(f, what, fds);
		json_decref(what);
		for (unsigned i = 0; i < PARCEL_FDS; i++)
			if (fds[i] >= 0)
				close(fds[i]);
	}
	f->gone |= n != -EAGAIN;
}

/* ---- the loop ---- */

/* Whom the n-th polled descriptor is of: a worker, or an upload behind them. */
static void look_at_all(struct foreman *f)
{
	struct pollfd p[1 + RUNNING + FOREMAN_UPLOADS];

	p[0] = (struct pollfd){ .fd = f->s->socket, .events = POLLIN };
	for (unsigned i = 0; i < RUNNING; i++)
		p[1 + i] = (struct pollfd){ .fd = f->out[i].job.pid ? f->out[i].job.socket : -1,
					    .events = POLLIN };
	for (unsigned i = 0; i < FOREMAN_UPLOADS; i++)
		p[1 + RUNNING + i] = (struct pollfd){ .fd = f->in[i].socket, .events = POLLIN };
	if (poll(p, COUNT(p), LOOK_MS) <= 0)
		return;
	for (unsigned i = 0; i < RUNNING; i++)
		if (p[1 + i].revents)
			hear(f, &f->out[i]);
	for (unsigned i = 0; i < FOREMAN_UPLOADS; i++)
		if (p[1 + RUNNING + i].revents)
			receive_more(f, &f->in[i]);
	if (p[0].revents)
		listen_to_parent(f);
}

int foreman_run(int socket, struct job_note *note, void *arg)
{
	struct foreman *f = calloc(1, sizeof *f);
	u8 octet;

	(void)note;
	if (f == NULL)
		return 1;
	f->s = arg;
	f->kept = json_object();
	for (unsigned i = 0; i < FOREMAN_UPLOADS; i++)
		f->in[i] = (struct receiving){ .socket = -1, .file = -1 };
	for (unsigned i = 0; i < RUNNING; i++)
		f->out[i] = (struct running){ .answer = -1 };
	f->folder = open(f->s->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (f->folder >= 0 && f->kept && !f->gone) {
		look_at_all(f);
		kill_late(f);
		f->gone |= recv(socket, &octet, 1, MSG_DONTWAIT | MSG_PEEK) == 0;
	}
	for (unsigned i = 0; i < RUNNING; i++)
		kill_one(&f->out[i]);
	for (unsigned i = 0; i < RUNNING; i++)
		if (f->out[i].job.pid)
			job_end(&f->out[i].job);
	return 0;
}
