/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sender.c - see sender.h. */
#include "cli/sender.h"
#include "cli/cli.h"
#include "cli/queue.h"
#include "cli/say.h"
#include "run/tell_rules.h"
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SENDER_LOOK_MS 1000
#define SENDER_AGAIN_S 15
#define SENDER_STARTS 20u	/* then something is really wrong */
#define SENDER_END_S 20
#define AUTHOR "sender"

static volatile sig_atomic_t stopping;

static void stop(int signal)
{
	(void)signal;
	stopping = 1;
}

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000 }, NULL);
}

/* What came of it is in the log; here only what somebody must do something about. */
static void told(void *to, const struct notice *n, const struct sent_report *r)
{
	(void)to;
	if (r->outcome == SENT_NEVER || r->outcome == SENT_UNSURE)
		say_error("notice %llu: %s (%.200s)", (unsigned long long)n->number,
			  r->outcome == SENT_NEVER ? N_("refused for good")
			  : N_("may have been sent"),
			  r->answer);
}

static void trouble(void *to, const char *rule, u64 incident, const char *why)
{
	(void)to;
	say_error("rule %s, incident %llu: %.300s", rule, (unsigned long long)incident, why);
}

/* Rules, then the queue: when something was written, and every SENDER_AGAIN_S, because tries
 * fall due again. */
static int go_on(struct desk *d, struct queue *q, struct tell_rules *rules)
{
	struct post_report report;
	u64 version = 0, was = 0, next = 0;
	int rc = 0;

	while (!stopping && rc == 0) {
		const u64 now = sitting_now(NULL);

		rc = store_version(desk_store(d), &version);
		if (rc == 0 && (version != was || now >= next)) {
			was = version;
			next = now + SENDER_AGAIN_S * 1000000000ull;
			rc = tell_rules(d, rules);
			if (rc == 0)
				rc = post_run(d, &q->setup, told, NULL, &report);
		}
		pause_ms(SENDER_LOOK_MS);
	}
	return rc;
}

static int work(const struct sender *s)
{
	const struct desk_setup setup = { .path = s->db, .author = AUTHOR, .now = sitting_now,
		.key = s->key };
	struct desk *d = NULL;
	struct queue q = { 0 };
	struct tell_rules rules = { .conf = &s->house->tell, .trouble = trouble,
		.tried = calloc(1, sizeof *rules.tried) };
	char why[DESK_WHY];
	int rc, status;

	if (desk_open(&d, &setup, why)) {
		say_error("the sender: %s", why);
		return STATUS_INPUT;
	}
	house_settle(s->house, d);
	status = rules.tried ? queue_open(&q, d) : STATUS_TROUBLE;
	if (status == STATUS_FINE && (rc = go_on(d, &q, &rules))) {
		say_error("the sender: %s", desk_error(d));
		status = STATUS_TROUBLE;
	}
	queue_free(&q);
	desk_close(d);
	free(rules.tried);
	return status;
}

static bool has_way_out(const struct sender *s)
{
	return (notify_mail.server && notify_mail.from) || notify_hook.secret || s->key;
}

/* In a new process that ends when the one that made it does. */
static void settle_down(pid_t parent, const char *name)
{
	const struct sigaction end = { .sa_handler = stop };

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(STATUS_TROUBLE);
	prctl(PR_SET_NAME, name);
	sigaction(SIGTERM, &end, NULL);
	signal(SIGINT, SIG_IGN);	/* Control-C: the parent says when */
}

/* Waits for the sender to end by itself, or after it was told to, SENDER_END_S at most. */
static void wait_for(pid_t pid)
{
	int left = SENDER_END_S * 20;

	while (waitpid(pid, NULL, WNOHANG) != pid) {
		if (stopping && left == SENDER_END_S * 20)
			kill(pid, SIGTERM);
		if (stopping && left-- == 0) {
			kill(pid, SIGKILL);
			waitpid(pid, NULL, 0);
			return;
		}
		pause_ms(50);
	}
}

/* One sender after the other, each a fork of a process that has no store open. */
static void keep_one(const struct sender *s)
{
	for (unsigned starts = 0; !stopping; starts++) {
		const pid_t keeper = getpid(), pid = starts < SENDER_STARTS ? fork() : -1;

		if (pid == 0) {
			settle_down(keeper, "sender");
			_exit(work(s));
		}
		if (pid < 0) {
			say_error("the sender cannot be started, or dies too often; "
				  "approved notices wait for 'vedette notices send'");
			return;
		}
		wait_for(pid);
		if (!stopping) {
			say_error("the sender ended and is started again");
			pause_ms(SENDER_LOOK_MS);
		}
	}
}

int sender_start(struct sender *s)
{
	const pid_t parent = getpid();

	s->pid = 0;
	if (!has_way_out(s))
		return STATUS_FINE;
	fflush(NULL);
	s->pid = fork();
	if (s->pid < 0) {
		s->pid = 0;
		say_error("the sender cannot be started: %s", strerror(errno));
		return STATUS_TROUBLE;
	}
	if (s->pid)
		return STATUS_FINE;
	settle_down(parent, "sender-keeper");
	close_range(3, ~0u, 0);		/* sockets of the others */
	keep_one(s);
	_exit(STATUS_FINE);
}

void sender_end(struct sender *s)
{
	if (s->pid == 0)
		return;
	kill(s->pid, SIGTERM);
	waitpid(s->pid, NULL, 0);
	s->pid = 0;
}
