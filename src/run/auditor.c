/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auditor.c - the job that reads a zone and lets the families look at it.
 *
 *   (--since) -> zone_read -> zone_seal -> family after family -> report (-> --snapshot)
 *
 * It lives in the sandbox, holds the zone file's descriptor and a socket, and answers in frames
 * (link/codec.h) as it goes: troubles are kept until the families look, findings are not kept.
 * Included files come from the parent, one at a time (link/pass.h).
 *
 * Memory: --memory for the zone; what sorting and the families need beside it is bounded by
 * the wall of audit.c. */
#include "base/hash.h"
#include "base/octets.h"
#include "link/codec.h"
#include "link/pass.h"
#include "run/auditor.h"
#include "verify/audit.h"
#include "zone/read.h"
#include "zone/snapshot.h"
#include <pthread.h>
#include <stdarg.h>
#include <time.h>
#include <unistd.h>

#define ROWS_MAX 700

struct rows { struct report_counter at[ROWS_MAX]; u32 count; };

struct auditor {
	const struct audit_setup *setup;
	int socket, error;		/* error: the first that sending met */
	struct job_note *note;
	pthread_mutex_t sending;
	struct buf out;
	struct zone *zone;
	struct zone_read_result read;
	struct snapshot *old, *now;
	struct audit_file files[AUDIT_FILES];
	struct sig_marks marks;		/* good signatures, for the snapshot */
	struct zone_trouble *troubles;
	u32 trouble_count, trouble_room;
	u64 trouble_cases[ZONE_TROUBLE_KINDS];
	u64 at;				/* the instant of the audit, seconds */
	u64 last_progress;		/* tenths of a second */
	struct rows rows;
	char names[ROWS_MAX][64], texts[ROWS_MAX][96];
	u64 findings, untold;
};

/* ---- to the parent ---- */

static void send_frame(struct auditor *a, enum codec_kind kind, const void *body, size_t n)
{
	int rc;

	pthread_mutex_lock(&a->sending);
	rc = a->error ? a->error : codec_write(a->socket, kind, body, n);
	if (rc < 0)
		a->error = rc;
	pthread_mutex_unlock(&a->sending);
}

static void take_finding(void *to, const struct finding *f)
{
	struct auditor *a = to;

	buf_clear(&a->out);
	finding_json(&a->out, f);
	if (buf_error(&a->out))
		a->error = buf_error(&a->out);
	else
		send_frame(a, CODEC_FINDING, a->out.at, a->out.len);
	a->findings++;
}

static void take_evidence(void *to, const u8 *packed, size_t n)
{
	send_frame(to, CODEC_EVIDENCE, packed, n);
}

/* Ten times a second at most: done, all, phase. */
static void tell_progress(struct auditor *a, u64 done)
{
	const u64 say[3] = { done, a->setup->size, a->note->phase };
	struct timespec now;
	u8 body[24];
	u64 at;

	if (!a->setup->progress)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	at = (u64)now.tv_sec * 10 + (u64)now.tv_nsec / 100000000;
	if (at == a->last_progress)
		return;
	a->last_progress = at;
	for (unsigned i = 0; i < 24; i++)
		body[i] = (u8)(say[i / 8] >> (56 - i % 8 * 8));
	send_frame(a, CODEC_PROGRESS, body, sizeof body);
}

/* ---- reading ---- */

static void take_progress(void *to, u64 octets)
{
	struct auditor *a = to;

	a->note->offset = octets;
	tell_progress(a, octets);
}

/* Keeps the first `most` of a kind. */
static void take_trouble(void *to, const struct zone_trouble *t)
{
	struct auditor *a = to;

	if (a->trouble_cases[t->kind]++ >= a->setup->most)
		return;
	if (a->trouble_count == a->trouble_room) {
		u32 more = a->trouble_room ? a->trouble_room * 2 : 64;
		void *at = realloc(a->troubles, more * sizeof *a->troubles);

		if (at == NULL)
			return;	/* it is counted */
		a->troubles = at;
		a->trouble_room = more;
	}
	a->troubles[a->trouble_count++] = *t;
}

static int include(void *to, const char *name, char *why)
{
	struct auditor *a = to;
	int rc;

	send_frame(a, CODEC_WANT, name, strlen(name));
	rc = a->error ? a->error : pass_receive(a->socket, why);
	if (rc < 0 && rc != -EACCES)
		snprintf(why, PASS_OCTETS, "%s", oops_text(rc));
	return rc;
}

/* Ends the job with a sentence. */
__attribute__((format(printf, 2, 3)))
static int refuse(struct auditor *a, const char *format, ...)
{
	char text[OPT_WHY];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	send_frame(a, CODEC_TROUBLE, text, strlen(text));
	return OOPS_TYPE;
}

static bool holds_snapshot(int fd)
{
	u8 first[8];

	return pread(fd, first, sizeof first, 0) == sizeof first && snapshot_is(first, 8);
}

static void ignore_trouble(void *to, const struct zone_trouble *t)
{
	(void)to;
	(void)t;
}

/* A snapshot of a zone file: the older one of two, or one without a history. */
static int snapshot_of_text(struct auditor *a, int fd, const char *name, u64 time,
			    struct snapshot **ret)
{
	struct zone_read_conf conf = { .name = name, .memory = a->setup->memory,
		.origin = a->setup->has_origin ? a->setup->origin : NULL,
		.key = a->setup->input.key, .threads = a->setup->input.threads,
		.include = include, .trouble = ignore_trouble, .to = a };
	struct zone_read_result *result = calloc(1, sizeof *result);
	struct snapshot_about about = { .at = 0, .key = conf.key };
	struct zone *z = NULL;
	int rc = result ? zone_read(&z, fd, &conf, result) : -ENOMEM;

	if (rc == 0)
		rc = zone_seal(z);
	if (rc == 0)
		rc = snapshot_make(ret, z, &about);
	if (rc == 0 && ((*ret)->head.at = snapshot_serial_instant((*ret)->head.serial)) == 0)
		(*ret)->head.at = time;
	zone_free(z);
	free(result);
	return rc;
}

static int read_old(struct auditor *a)
{
	const struct audit_setup *s = a->setup;
	int rc;

	if (s->since < 0)
		return 0;
	if (holds_snapshot(s->since))
		rc = snapshot_open(&a->old, s->since);
	else
		rc = snapshot_of_text(a, s->since, s->since_name, s->since_time, &a->old);
	return rc < 0 && rc != -ENOMEM
		? refuse(a, "%.150s: cannot be compared with: %s", s->since_name,
			 rc == OOPS_UNKNOWN ? "it holds no zone" : oops_text(rc)) : rc;
}

/* The zone's own snapshot, with the old one's history. */
static int make_now(struct auditor *a, const struct snapshot *from)
{
	const struct audit_setup *s = a->setup;
	struct snapshot_about about = { .at = a->at, .key = s->input.key, .old = a->old,
		.memory = s->history };
	char now[NAME_TEXT_MAX], old[NAME_TEXT_MAX];
	int rc;

	if (a->old == NULL && !s->snapshot)
		return 0;
	rc = from ? snapshot_renew(&a->now, from, &about) : snapshot_make(&a->now, a->zone, &about);
	if (rc < 0 || a->old == NULL)
		return rc;
	name_text(a->now->head.origin, a->now->head.origin_len, now);
	name_text(a->old->head.origin, a->old->head.origin_len, old);
	if (strcmp(now, old))
		return refuse(a, "%.120s: is a snapshot of %.60s, not of %.60s", s->since_name,
			      old, now);
	return 0;
}

/* When the zone was so: --at, or in a series what the zone itself says. */
static int take_instant(struct auditor *a, u32 serial)
{
	const struct audit_setup *s = a->setup;

	if (s->series && (a->at = snapshot_serial_instant(serial)) == 0)
		a->at = s->time;
	if (a->old && a->old->head.at >= a->at && s->series)
		a->at = a->old->head.at + 1;	/* the order of the files counts */
	return 0;
}

/* A file of a series that is a snapshot itself. */
static int read_snapshot(struct auditor *a)
{
	struct snapshot *file;
	int rc = snapshot_open(&file, a->setup->fd);

	if (rc < 0)
		return rc == -ENOMEM ? rc : refuse(a, "%.150s: is no good snapshot: %s",
						   a->setup->name, oops_text(rc));
	a->at = file->head.at;
	if (a->old && a->old->head.at >= a->at)
		a->at = a->old->head.at + 1;
	rc = make_now(a, file);
	snapshot_free(file);
	return rc;
}

static int put_octets(void *to, const void *octets, size_t n)
{
	struct auditor *a = to;
	const u8 *at = octets;

	for (size_t step; n; n -= step, at += step) {
		step = n < CODEC_BODY_MAX ? n : CODEC_BODY_MAX;
		send_frame(a, CODEC_SNAPSHOT, at, step);
	}
	return a->error;
}

static int put_buf(void *to, const void *octets, size_t n)
{
	buf_add(to, octets, n);
	return buf_error(to);
}

/* The snapshot with the signatures that were good, to the parent. */
static int send_snapshot(struct auditor *a)
{
	struct buf seen = { .limit = sig_seen_size(&a->marks) + 1 };
	int rc = 0;

	if (a->marks.count && (rc = sig_marks_sort(&a->marks)) == 0 &&
	    (rc = sig_seen_write(&a->marks, put_buf, &seen)) == 0)
		snapshot_attach_seen(a->now, seen.at, seen.len);
	if (rc == 0)
		rc = snapshot_write(a->now, put_octets, a);
	buf_free(&seen);
	return rc;
}

static u32 serial_of(const struct zone *z)
{
	struct zone_rrset set;
	const u8 *d;
	u32 n;

	if (!zone_rrset(z, zone_origin(z), TYPE_SOA, &set))
		return 0;
	d = zone_rdata(z, &zone_records(z, NULL)[set.first], &n);
	return n < 20 ? 0 : (u32)d[n - 20] << 24 | (u32)d[n - 19] << 16 | (u32)d[n - 18] << 8 |
	       d[n - 17];
}

#define FILE_OCTETS_MAX (256u << 20)	/* of each file beside the zone, unpacked */

/* The files beside the zone into memory, for as long as the job lives. */
static int read_files(struct auditor *a)
{
	for (unsigned i = 0; i < AUDIT_FILES; i++) {
		struct buf all = { 0 };
		const char *name = a->setup->input.files[i].name;
		int rc;

		if (a->setup->files[i] < 0)
			continue;
		lseek(a->setup->files[i], 0, SEEK_SET);
		rc = octets_read(&all, a->setup->files[i], FILE_OCTETS_MAX);
		if (rc < 0)
			return rc == -ENOMEM ? rc : refuse(a, "%.160s: cannot be read: %s", name,
							   oops_text(rc));
		a->files[i] = (struct audit_file){ name, (const u8 *)buf_str(&all), all.len };
	}
	return 0;
}

static int read_zone(struct auditor *a)
{
	const struct audit_setup *s = a->setup;
	const char *slash = strrchr(s->name, '/');
	struct zone_read_conf conf = { .name = slash ? slash + 1 : s->name, .memory = s->memory,
		.origin = s->has_origin ? s->origin : NULL, .key = s->input.key,
		.threads = s->input.threads, .include = include, .trouble = take_trouble,
		.progress = take_progress, .to = a };
	int rc;

	a->note->phase = AUDIT_READING;
	if ((rc = read_files(a)) < 0 || (rc = read_old(a)) < 0)
		return rc;
	if (holds_snapshot(s->fd))
		return s->series ? read_snapshot(a) :
			refuse(a, "%.150s: is a snapshot, not a zone; give it to --since, or to "
			       "vedette verify series", s->name);
	rc = zone_read(&a->zone, s->fd, &conf, &a->read);
	if (rc == 0) {
		a->note->phase = AUDIT_SORTING;
		tell_progress(a, a->read.octets);
		rc = zone_seal(a->zone);
	}
	if (rc == 0)
		rc = take_instant(a, serial_of(a->zone));
	if (rc == 0)
		rc = make_now(a, NULL);
	if (rc == OOPS_UNKNOWN) {	/* no zone; the troubles say more */
		a->zone = zone_free(a->zone);
		rc = 0;
	}
	return rc;
}

/* ---- the report ---- */

static void row(struct auditor *a, const char *name, const char *text,
		enum counter_class class, u64 value)
{
	if (a->rows.count < ROWS_MAX)
		a->rows.at[a->rows.count++] =
			(struct report_counter){ name, text, class, value };
}

static u64 count_type(const struct zone *z, u16 type)
{
	const struct zone_record *r = zone_records(z, NULL);
	u64 n = 0;

	for (; r->owner; r++)
		n += r->type == type;
	return n;
}

static u64 left_out(const struct auditor *a)
{
	return a->trouble_cases[ZONE_BAD_LINE] + a->trouble_cases[ZONE_BAD_CLASS] +
	       a->trouble_cases[ZONE_BAD_INCLUDE];
}

static void rows_of_zone(struct auditor *a)
{
	u32 owners, cuts;

	zone_owners(a->zone, &owners);
	zone_cuts(a->zone, &cuts);
	row(a, "zone.names", "names with records", COUNTER_NOTE, owners);
	row(a, "zone.delegations", "delegations", COUNTER_NOTE, cuts);
	row(a, "zone.ds", "DS records", COUNTER_NOTE, count_type(a->zone, TYPE_DS));
	row(a, "zone.signatures", "signatures", COUNTER_NOTE,
	    count_type(a->zone, TYPE_RRSIG));
	row(a, "zone.memory", "octets of memory that hold the zone", COUNTER_NOTE,
	    zone_memory(a->zone));
}

static void rows_of_reading(struct auditor *a)
{
	row(a, "zone.records", "records of the zone", COUNTER_PART, a->read.records);
	row(a, "zone.left_out", "lines and files left out because they cannot be read",
	    COUNTER_LOSS, left_out(a));
	row(a, "zone.lines", "lines", COUNTER_NOTE, a->read.lines);
	if (a->read.files > 1)
		row(a, "zone.files", "files", COUNTER_NOTE, a->read.files);
	row(a, "zone.limit", "limits reached while the zone was read; the rest is left out",
	    COUNTER_LIMIT, a->trouble_cases[ZONE_FULL]);
	row(a, "findings.untold", "cases that are counted and not told one by one (--most)",
	    COUNTER_NOTE, a->untold);
}

static void rows_of_family(struct auditor *a, const struct audit *audit,
			   const struct check_family *f)
{
	for (unsigned i = 0; f->rows[i].id; i++) {
		u64 cases = audit_cases(audit, i), told = audit_told(audit, i);
		u32 at = a->rows.count;

		if (cases == told || at == ROWS_MAX)
			continue;
		a->untold += cases - told;
		snprintf(a->names[at], sizeof a->names[at], "cases.%s", f->rows[i].id);
		snprintf(a->texts[at], sizeof a->texts[at], "cases of %s, %llu of them told",
			 f->rows[i].id, (unsigned long long)told);
		row(a, a->names[at], a->texts[at], COUNTER_NOTE, cases);
	}
}

static void send_report(struct auditor *a)
{
	const struct audit_setup *s = a->setup;
	struct report_input in = { .name = s->name, .octets = a->read.octets,
		.frames = a->read.records + left_out(a), .trouble =
		a->trouble_cases[ZONE_BROKEN] ? "cannot be read on" :
		a->trouble_cases[ZONE_FULL] ? "a limit was reached and the rest left out" :
		a->trouble_cases[ZONE_CUT_SHORT] ? "ends in the middle of something" :
		a->zone == NULL && a->now == NULL ? "holds no zone" : "" };
	const u64 at = a->at * 1000000000ull;
	struct run_report report = { .from = at, .until = at, .unit = REPORT_RECORDS,
		.inputs = &in,
		.input_count = 1 };

	rows_of_reading(a);
	if (a->zone)
		rows_of_zone(a);
	report.counters = a->rows.at;
	report.counter_count = a->rows.count;
	buf_clear(&a->out);
	report_json(&a->out, &report);
	if (buf_error(&a->out))
		a->error = buf_error(&a->out);
	else
		send_frame(a, CODEC_DONE, a->out.at, a->out.len);
}

/* ---- the whole ---- */

static int look(struct auditor *a, struct audit *audit)
{
	const struct audit_setup *s = a->setup;
	int rc = 0;

	for (unsigned i = 0; check_families[i] && rc == 0; i++) {
		const struct check_family *f = check_families[i];

		if (!s->wanted[i] || s->crashed[i] || (a->zone == NULL && !f->without_zone))
			continue;
		a->note->phase = AUDIT_CHECKING + i;
		a->last_progress = 0;
		tell_progress(a, 0);
		rc = audit_look(audit, f, s->family_conf[i]);
		rows_of_family(a, audit, f);
	}
	return rc;
}

static int check_zone(struct auditor *a)
{
	struct audit_conf conf = { .input = a->setup->input, .zone = a->zone,
		.most = a->setup->most, .files = (const char (*)[64])a->read.names,
		.file_count = a->read.files, .records = a->read.records,
		.lost = left_out(a), .finding = take_finding, .evidence = take_evidence,
		.to = a };
	struct audit *audit;
	int rc;

	conf.input.at = a->at;
	memcpy(conf.input.files, a->files, sizeof a->files);
	conf.input.old = a->old;
	conf.input.now = a->now;
	conf.input.marks = a->setup->snapshot && a->now ? &a->marks : NULL;
	conf.input.troubles = a->troubles;
	conf.input.trouble_count = a->trouble_count;
	conf.input.trouble_cases = a->trouble_cases;
	if (a->old && a->old->head.part[SNAPSHOT_SEEN].len &&
	    sig_seen_view(&conf.input.seen, a->old->seen,
			  a->old->head.part[SNAPSHOT_SEEN].len) < 0)
		return refuse(a, "%.150s: its set of signatures is no good", a->setup->since_name);
	if ((rc = audit_open(&audit, &conf)) < 0)
		return rc;
	rc = look(a, audit);
	audit_close(audit);
	return rc;
}

/* The process ends with the job: what it holds is not given back by hand. */
int auditor_run(int socket, struct job_note *note, void *setup)
{
	struct auditor *a = calloc(1, sizeof *a);
	int rc;

	if (a == NULL)
		return 1;
	a->setup = setup;
	a->socket = socket;
	a->note = note;
	pthread_mutex_init(&a->sending, NULL);
	a->at = a->setup->input.at;
	rc = read_zone(a);
	if (rc == 0)
		rc = check_zone(a);
	if (rc == 0 && a->setup->snapshot && a->now)
		rc = send_snapshot(a);
	if (rc == 0)
		send_report(a);
	if (rc == -ENOMEM || a->error == -ENOMEM)
		return 1;
	return rc < 0 || a->error ? 2 : 0;
}
