/* SPDX-License-Identifier: GPL-3.0-or-later */
/* errand.c - see errand.h. */
#include "run/errand.h"
#include "base/octets.h"
#include "link/codec.h"
#include "model/utf8.h"
#include "run/keep.h"
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TELL_NS 200000000u	/* progress at most that often */
#define WHY_MAX 400u
#define OUTPUT_MAX (64u << 10)

struct working {
	const struct errand *e;
	int socket;
	u64 told;		/* when progress was told last */
	bool failed;
	u64 run, found;
	char why[WHY_MAX];
	char marking[MARKING_TEXT_MAX];
};

static u64 clock_ns(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (u64)t.tv_sec * 1000000000u + (u64)t.tv_nsec;
}

static u64 wall(void)
{
	return clock_ns(CLOCK_REALTIME);
}

static void fail(struct working *w, const char *why)
{
	w->failed = true;
	if (why != w->why)
		snprintf(w->why, sizeof w->why, "%s", why);
}

/* ---- how far it is ---- */

static void tell(struct working *w, const struct analysis_step *s, const char *phase)
{
	const u64 now = clock_ns(CLOCK_MONOTONIC);
	struct buf b = { 0 };

	if (now - w->told < TELL_NS)
		return;
	w->told = now;
	buf_u64(&b, s->done);
	buf_u64(&b, s->all);
	buf_u64(&b, s->frames);
	buf_u64(&b, s->found);
	buf_text(&b, phase);
	if (buf_error(&b) == 0)
		codec_write(w->socket, CODEC_PROGRESS, b.at, b.len);
	buf_free(&b);
}

static void analysis_told(void *to, const struct analysis_step *step)
{
	tell(to, step, "reading");
}

static void audit_told(void *to, const char *text, u64 done, u64 all)
{
	const struct analysis_step step = { .done = done, .all = all };
	char phase[48];

	snprintf(phase, sizeof phase, "%.*s", (int)(strncmp(text, "reading", 7) ? 47 : 7), text);
	tell(to, &step, phase);
}

/* ---- captures and zones ---- */

/* What this errand has of its own, over the options: the process is its own. */
static void set_options(struct working *w)
{
	const struct errand *e = w->e;
	struct audit_run_conf *audit = opts_conf(e->opts, audit_run_rows);
	struct run_conf *analysis = opts_conf(e->opts, run_rows);

	if (e->memory)
		audit->memory = analysis->memory = e->memory;
	if (e->origin[0])
		audit->origin = e->origin;
	audit->marking = analysis->marking = marking_text(e->marking, w->marking);
}

static const char *arguments(const struct errand *e, const char *verb, char to[400])
{
	snprintf(to, 400, "%s %s (upload %llu of %s)", verb, e->name,
		 (unsigned long long)e->number, e->owner);
	return to;
}

/* The first trouble of an input is what people should know of a run that ended well. */
static void troubles(struct working *w, const struct run_report *r)
{
	for (u32 i = 0; i < r->input_count && w->why[0] == 0; i++)
		if (r->inputs[i].trouble[0])
			snprintf(w->why, sizeof w->why, "%s", r->inputs[i].trouble);
}

static void keep(struct working *w, const void *result, struct store_run *run)
{
	const bool audit = w->e->kind == UPLOAD_ZONE;
	char why[STORE_WHY];
	struct store *s = NULL;
	int rc = store_open(&s, w->e->db, STORE_WRITE, why);

	if (rc == 0) {
		rc = audit ? keep_audit(s, result, run, wall) : keep_analysis(s, result, run, wall);
		if (rc)
			snprintf(why, sizeof why, "%s", store_error(s)[0] ? store_error(s)
				 : oops_text(rc));
	}
	store_close(s);
	w->run = run->number;
	if (rc)
		fail(w, why);
}

static void do_capture(struct working *w)
{
	char text[400], why[OPT_WHY] = "";
	struct store_run run = { .started = wall(), .version = w->e->version,
		.arguments = arguments(w->e, "observe", text) };
	const struct analysis_step storing = { 0 };
	struct analysis a;

	set_options(w);
	if (analysis_run(&a, w->e->opts, &w->e->name, 1, analysis_told, w, why)) {
		troubles(w, &a.report.report);
		fail(w, w->why[0] ? w->why : a.crash_count ? a.crashes[0] : why);
	} else if (a.unread && a.finding_count == 0 && a.report.report.from == 0) {
		troubles(w, &a.report.report);	/* nothing in it could be read */
		fail(w, w->why[0] ? w->why : N_("nothing of it could be read"));
	} else {
		w->found = a.finding_count;
		troubles(w, &a.report.report);
		if (w->why[0] == 0 && a.crash_count)
			snprintf(w->why, sizeof w->why, "%.*s", (int)WHY_MAX - 1, a.crashes[0]);
		w->told = 0;
		tell(w, &storing, "storing");
		keep(w, &a, &run);
	}
	analysis_free(&a);
}

static void do_zone(struct working *w)
{
	char text[400], why[OPT_WHY] = "";
	struct store_run run = { .started = wall(), .version = w->e->version,
		.arguments = arguments(w->e, "verify zone", text) };
	const struct analysis_step storing = { 0 };
	struct audit_result r;

	set_options(w);
	if (audit_run(&r, w->e->opts, w->e->name, run.started, audit_told, w, why)) {
		fail(w, why[0] ? why : r.crash_count ? r.crashes[0] : N_("it cannot be audited"));
	} else {
		w->found = r.finding_count;
		if (r.unread)
			snprintf(w->why, sizeof w->why, "%s",
				 N_("not all of the zone could be read"));
		if (r.crash_count)
			snprintf(w->why, sizeof w->why, "%.*s", (int)WHY_MAX - 1, r.crashes[0]);
		w->told = 0;
		tell(w, &storing, "storing");
		keep(w, &r, &run);
	}
	audit_result_free(&r);
}

/* ---- reports ---- */

/* This program anew, its output into two files in memory. */
static _Noreturn void execute(const struct errand *e, const int out[2])
{
	char marking[MARKING_TEXT_MAX];
	const char *argv[18] = { "vedette", "inbox", "add", "--json", "--lang", "en", "--db", e->db,
		"--author", e->owner,	/* what it says is stored: in English */
		"--marking", marking_text(e->marking, marking) };
	unsigned n = 12;

	if (e->config) {
		argv[n++] = "--config";
		argv[n++] = e->config;
	}
	if (e->key) {
		argv[n++] = "--key";
		argv[n++] = e->key;
	}
	argv[n++] = e->name;
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (dup2(out[0], STDOUT_FILENO) >= 0 && dup2(out[1], STDERR_FILENO) >= 0)
		execv("/proc/self/exe", (char *const *)(uintptr_t)argv);
	_exit(127);
}

static void take_output(const int fd, struct buf *to)
{
	if (lseek(fd, 0, SEEK_SET) == 0)
		octets_read(to, fd, OUTPUT_MAX);
}

/* What it printed: counts on one line of JSON, and sentences. */
static void take_reports(struct working *w, int status, const int out[2])
{
	struct buf json = { 0 }, said = { 0 };
	json_t *counts;

	take_output(out[0], &json);
	take_output(out[1], &said);
	counts = json_loadb(buf_str(&json), json.len, JSON_DISABLE_EOF_CHECK, NULL);
	w->found = (u64)json_integer_value(json_object_get(counts, "new"));
	if (said.len) {
		const char *text = buf_str(&said);

		if (strncmp(text, "vedette: ", 9) == 0)
			text += 9;
		snprintf(w->why, sizeof w->why, "%.*s", (int)strcspn(text, "\n"), text);
	}
	if (counts == NULL)
		fail(w, w->why[0] ? w->why : N_("it cannot be taken in"));
	else if (status && json_integer_value(json_object_get(counts, "items")) == 0)
		w->failed = true;
	json_decref(counts);
	buf_free(&json);
	buf_free(&said);
}

static void do_report(struct working *w)
{
	const struct analysis_step none = { 0 };
	const int out[2] = { memfd_create("out", MFD_CLOEXEC), memfd_create("err", MFD_CLOEXEC) };
	int status = -1;
	pid_t pid = -1;

	tell(w, &none, "reading");
	if (out[0] >= 0 && out[1] >= 0)
		pid = fork();
	if (pid == 0)
		execute(w->e, out);
	if (pid < 0)
		fail(w, oops_text(-errno));
	else if (waitpid(pid, &status, 0) != pid)
		fail(w, N_("its process was lost"));
	else
		take_reports(w, status, out);
	for (unsigned i = 0; i < 2; i++)
		if (out[i] >= 0)
			close(out[i]);
}

/* ---- the job ---- */

static int say_end(const struct working *w)
{
	struct buf b = { 0 };
	int rc;

	buf_fmt(&b, "{\"state\":\"%s\",\"run\":%llu,\"found\":%llu,\"why\":",
		upload_states[w->failed ? UPLOAD_FAILED : UPLOAD_DONE],
		(unsigned long long)w->run, (unsigned long long)w->found);
	utf8_json(&b, w->why);
	buf_byte(&b, '}');
	rc = buf_error(&b) ? buf_error(&b) : codec_write(w->socket, CODEC_DONE, b.at, b.len);
	buf_free(&b);
	return rc;
}

int errand_run(int socket, struct job_note *note, void *arg)
{
	struct working w = { .e = arg, .socket = socket };

	(void)note;
	if (chdir(w.e->folder) == -1)
		fail(&w, N_("its octets are gone: send it again"));
	else if (w.e->kind == UPLOAD_CAPTURE)
		do_capture(&w);
	else if (w.e->kind == UPLOAD_ZONE)
		do_zone(&w);
	else
		do_report(&w);
	return say_end(&w) ? 1 : 0;
}
