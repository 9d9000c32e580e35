/* SPDX-License-Identifier: GPL-3.0-or-later */
/* serve_run.c - the processes of `vedette serve`; see serve.h.
 *
 *   this one      the desk for writing; answers questions, decides what runs
 *   foreman       uploads onto the disk, workers (run/foreman.h); no walls, looks into nothing
 *   web process   the listening socket, the store for reading, walls (web/web.h)
 *   sender        what was approved leaves from there (sender.h)
 *
 * The foreman and web processes are forked while no secret is in memory: the desk, with the
 * key that signs the log, is closed before, and the certificate's key is read for a web
 * process alone and wiped. When one of them dies it is started again; who is signed in, and
 * what runs, is not touched by the other's death. For new certificates a second web process
 * takes over: the first answers what it has begun. */
#include "cli/cli.h"
#include "cli/house.h"
#include "cli/say.h"
#include "cli/sender.h"
#include "cli/serve.h"
#include "cli/version.h"
#include "link/codec.h"
#include "link/pass.h"
#include "respond/throttle.h"
#include "respond/writer.h"
#include "respond/catalogue.h"
#include "run/jobs.h"
#include "web/web.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#define DEATHS 20u	/* of processes, each within FORGET_NS of the one before: then it ends */
#define FORGET_NS (600ull * 1000000000)
#define LOOK_MS 500
#define DRAIN_NS ((WEB_DRAIN_S + 5ull) * 1000000000)
#define WEBS 2u

struct web_process {
	struct job job;		/* pid 0: there is none */
	int leash;		/* closed: it shall finish what it has begun */
	struct codec codec;
	u64 until;		/* of one that finishes; 0 = it serves */
};
struct serving {
	const struct serve_setup *s;
	struct jobs *jobs;
	struct desk *desk;
	struct writer writer;
	struct house house;
	struct web_process web[WEBS];
	unsigned deaths;
	u64 died;
	bool sends;	/* there is a sender */
};

static volatile sig_atomic_t stopping, renewing;

static void take_signal(int signal)
{
	if (signal == SIGHUP)
		renewing = 1;
	else
		stopping = 1;
}

u64 serve_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (u64)t.tv_sec * 1000000000u + (u64)t.tv_nsec;
}

static u64 desk_clock(void *world)
{
	(void)world;
	return serve_clock();
}

int serve_desk(struct desk **ret, const char *db, const char *key)
{
	const struct desk_setup setup = { .path = db, .author = "vedette", .now = desk_clock,
		.key = key };
	char why[DESK_WHY];

	if (desk_open(ret, &setup, why) == 0)
		return STATUS_FINE;
	say_error("%s", why);
	return STATUS_INPUT;
}

/* ---- the web process ---- */

struct child {
	struct web_setup setup;
	struct jobs *jobs;
	int leash;
	struct web *web;
	char why[WEB_WHY];
};

static int child_prepare(void *arg)
{
	struct child *c = arg;

	jobs_forget(c->jobs);
	return web_open(&c->web, &c->setup, c->why);
}

static int child_run(int socket, struct job_note *note, void *arg)
{
	struct child *c = arg;

	(void)note;
	return web_serve(c->web, socket, c->leash) ? 1 : 0;
}

static int fork_web(struct serving *v, struct web_process *w, const struct serve_pem *pem)
{
	const bool tls = v->s->conf->certificate;
	struct child c = { .jobs = v->jobs, .setup = { .version = VEDETTE_VERSION,
		.now = serve_clock, .catalogue = catalogue_all(NULL), .db = v->s->db,
		.producer = v->s->conf->producer, .listening = v->s->listening,
		.each = serve_is_loopback(v->s->listening) ? 0 : (unsigned)v->s->conf->each,
		.proxies = *v->s->proxies,
		.board = jobs_board(v->jobs), .clocks = v->s->house->clocks,
		.certificate = tls ? buf_str(&pem->certificate) : NULL,
		.key = tls ? buf_str(&pem->key) : NULL } };
	int leash[2], rc = pipe2(leash, O_CLOEXEC) == -1 ? -errno : 0;

	if (rc)
		return rc;
	for (size_t i = 0; i < TONGUES_MAX; i++) {
		c.setup.options[i] = buf_str(&v->s->house->said[i].options);
		c.setup.playbooks[i] = buf_str(&v->s->house->said[i].playbooks);
	}
	c.leash = leash[0];
	const int keep[] = { v->s->listening, leash[0] };
	const struct job_setup setup = { .name = "web", .keep = keep, .keep_count = 2,
		.serves = WEB_CONNECTIONS + FOREMAN_UPLOADS + 100, .prepare = child_prepare,
		.run = child_run, .arg = &c };

	rc = job_start(&w->job, &setup);
	close(leash[0]);
	if (rc)
		close(leash[1]);
	else
		w->leash = leash[1];
	return rc;
}

/* The desk is closed. */
static int start_web(struct serving *v, struct web_process *w)
{
	const struct serve_conf *c = v->s->conf;
	struct serve_pem pem = { 0 };
	int status = STATUS_FINE, rc;

	if (c->certificate)
		status = serve_pem_read(&pem, c->certificate, c->tls_key,
					serve_clock() / 1000000000u);
	if (status != STATUS_FINE)
		return status;
	*w = (struct web_process){ .leash = -1 };
	if ((rc = fork_web(v, w, &pem))) {
		say_error("the web process cannot be started: %s", oops_text(rc));
		status = STATUS_TROUBLE;
	}
	serve_pem_free(&pem);
	return status;
}

static int end_web(struct web_process *w)
{
	int rc;

	if (w->leash >= 0)
		close(w->leash);
	rc = job_end(&w->job);
	job_free(&w->job);
	codec_free(&w->codec);
	*w = (struct web_process){ .leash = -1 };
	return rc;
}

static struct web_process *current(struct serving *v)
{
	for (unsigned i = 0; i < WEBS; i++)
		if (v->web[i].job.pid && v->web[i].until == 0)
			return &v->web[i];
	return NULL;
}

/* One that serves is told to finish, when there is another for what comes. */
static void let_go(struct web_process *w)
{
	close(w->leash);
	w->leash = -1;
	w->until = serve_clock() + DRAIN_NS;
}

/* ---- questions ---- */

static int answer(struct serving *v, int socket, const u8 *question, size_t n)
{
	json_t *a = writer_answer(&v->writer, (const char *)question, n);
	char *text = a ? json_dumps(a, JSON_COMPACT) : NULL;
	int rc = text ? 0 : -ENOMEM, fd = jobs_pass(v->jobs);

	if (rc == 0 && upload_passes(v->writer.op))
		rc = pass_send(socket, fd, fd < 0 ? "not now" : "");
	if (fd >= 0)
		close(fd);
	if (rc == 0)
		rc = codec_write(socket, CODEC_ANSWER, text, strlen(text));
	free(text);
	json_decref(a);
	return rc;
}

/* What one web process asks: negative when it is gone. */
static int hear_web(struct serving *v, struct web_process *w)
{
	enum codec_kind kind;
	const u8 *body;
	size_t n;
	int rc = codec_fill(&w->codec, w->job.socket);

	if (rc <= 0)
		return rc == -EINTR ? 0 : rc ? rc : -EPIPE;
	while ((rc = codec_next(&w->codec, &kind, &body, &n)) == 1)
		if (kind != CODEC_ASK || answer(v, w->job.socket, body, n))
			return -EPIPE;
	return rc < 0 ? rc : 0;
}

/* ---- the loop ---- */

static bool too_many_deaths(struct serving *v)
{
	const u64 now = serve_clock();

	v->deaths = now - v->died < FORGET_NS ? v->deaths + 1 : 1;
	v->died = now;
	return v->deaths > DEATHS;
}

static void close_desk(struct serving *v)
{
	v->desk = desk_close(v->desk);
}

static int open_all(struct serving *v)
{
	struct web_process *old = current(v), *free_one = NULL;
	int status = STATUS_FINE, rc;

	for (unsigned i = 0; i < WEBS; i++)
		if (v->web[i].job.pid == 0)
			free_one = &v->web[i];
	close_desk(v);
	if ((rc = jobs_start(v->jobs))) {
		say_error("no process for uploads can be started: %s", oops_text(rc));
		return STATUS_TROUBLE;
	}
	if ((old == NULL || renewing) && free_one) {
		status = start_web(v, free_one);
		if (status == STATUS_FINE && old)
			let_go(old);
		else if (old)
			say_error("the certificate of before is used on");
		renewing = 0;
	}
	if (status != STATUS_FINE && old == NULL)
		return status;
	if ((status = serve_desk(&v->desk, v->s->db, v->s->key)) != STATUS_FINE)
		return status;
	v->writer.desk = v->desk;
	house_settle(v->s->house, v->desk);
	v->house = *desk_house(v->desk);
	v->house.hands = jobs_hands(v->jobs);
	v->house.sends = v->sends;
	desk_settle(v->desk, &v->house);
	if (jobs_desk(v->jobs, v->desk))
		say_error("jobs cannot go on: %s", desk_error(v->desk));
	return STATUS_FINE;
}

static int bury(struct serving *v, struct web_process *w)
{
	const bool serving = w->until == 0;
	const int end = end_web(w);

	jobs_tick(v->jobs, v->desk, true);
	if (!serving)
		return STATUS_FINE;
	say_error("the web process ended (%d) and is started again", end);
	if (!too_many_deaths(v))
		return STATUS_FINE;
	say_error("its processes died too often");
	return STATUS_TROUBLE;
}

static int hear_jobs(struct serving *v)
{
	if (jobs_hear(v->jobs, v->desk) == 0)
		return STATUS_FINE;
	say_error("the process for uploads ended and is started again");
	return too_many_deaths(v) ? STATUS_TROUBLE : STATUS_FINE;
}

static int look(struct serving *v)
{
	struct pollfd p[1 + WEBS] = { { .fd = jobs_socket(v->jobs), .events = POLLIN } };
	int status = STATUS_FINE;

	for (unsigned i = 0; i < WEBS; i++)
		p[1 + i] = (struct pollfd){ .fd = v->web[i].job.pid ? v->web[i].job.socket : -1,
					    .events = POLLIN };
	if (poll(p, COUNT(p), LOOK_MS) > 0) {
		for (unsigned i = 0; i < WEBS && status == STATUS_FINE; i++)
			if (p[1 + i].revents && hear_web(v, &v->web[i]))
				status = bury(v, &v->web[i]);
		if (status == STATUS_FINE && p[0].revents)
			status = hear_jobs(v);
	} else {
		jobs_tick(v->jobs, v->desk, false);
	}
	for (unsigned i = 0; i < WEBS; i++)
		if (v->web[i].until && serve_clock() > v->web[i].until)
			kill(v->web[i].job.pid, SIGKILL);
	return status;
}

static int run_all(struct serving *v)
{
	int status = STATUS_FINE;

	while (!stopping && status == STATUS_FINE) {
		if (v->desk == NULL || current(v) == NULL || jobs_socket(v->jobs) < 0 ||
		    (renewing && v->s->conf->certificate))
			status = open_all(v);
		if (status == STATUS_FINE)
			status = look(v);
	}
	for (unsigned i = 0; i < WEBS; i++)
		if (v->web[i].job.pid)
			end_web(&v->web[i]);
	return status;
}

static int open_jobs(struct serving *v)
{
	const struct serve_conf *c = v->s->conf;
	const struct jobs_setup setup = { .db = v->s->db, .config = v->s->config,
		.key = v->s->key, .version = VEDETTE_VERSION, .opts = v->s->opts,
		.limits = { .octets = c->upload_size, .quota = c->upload_quota,
			    .each = (unsigned)c->jobs_each },
		.at_once = (unsigned)c->jobs, .memory = c->job_memory, .time_ns = c->job_time };
	char why[JOBS_WHY];

	if (jobs_open(&v->jobs, &setup, why) == 0)
		return STATUS_FINE;
	say_error("%s", why);
	return STATUS_TROUBLE;
}

void serve_signals(void)
{
	struct sigaction take = { .sa_handler = take_signal };

	sigaction(SIGINT, &take, NULL);
	sigaction(SIGTERM, &take, NULL);
	sigaction(SIGHUP, &take, NULL);
	signal(SIGPIPE, SIG_IGN);
}

int serve_run(const struct serve_setup *s)
{
	struct sender sender = { .db = s->db, .key = s->key, .house = s->house };
	struct serving v = { .s = s, .web = { { .leash = -1 }, { .leash = -1 } } };
	int status = open_jobs(&v);

	if (status == STATUS_FINE && throttle_open(&v.writer.throttle))
		status = STATUS_TROUBLE;
	if (status == STATUS_FINE)
		status = sender_start(&sender);
	v.sends = sender.pid != 0;
	if (status == STATUS_FINE)
		status = run_all(&v);
	sender_end(&sender);
	jobs_close(v.jobs);
	throttle_close(v.writer.throttle);
	close_desk(&v);	/* the last one: nothing of SQLite's stays beside it */
	return status;
}
