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
#include "base/octets.h"
#include "link/pass.h"
#include "run/auditor_own.h"
#include <stdarg.h>
#include <time.h>
#include <unistd.h>

/* ---- to the parent ---- */

void auditor_send(struct auditor *a, enum codec_kind kind, const void *body, size_t n)
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
	struct looker *l = to;

	buf_clear(&l->out);
	finding_json(&l->out, f);
	if (buf_error(&l->out))
		l->rc = buf_error(&l->out);
	else
		auditor_send(l->a, CODEC_FINDING, l->out.at, l->out.len);
}

static void take_evidence(void *to, const u8 *packed, size_t n)
{
	auditor_send(((struct looker *)to)->a, CODEC_EVIDENCE, packed, n);
}

/* Ten times a second at most: done, all, phase. */
static void tell_progress(struct auditor *a, u64 done, u64 phase)
{
	const u64 say[3] = { done, a->setup->size, phase };
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
	auditor_send(a, CODEC_PROGRESS, body, sizeof body);
}

/* ---- reading ---- */

static void take_progress(void *to, u64 octets)
{
	struct auditor *a = to;

	a->note->offset = octets;
	tell_progress(a, octets, AUDIT_READING);
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

int auditor_include(void *to, const char *name, char *why)
{
	struct auditor *a = to;
	int rc;

	auditor_send(a, CODEC_WANT, name, strlen(name));
	rc = a->error ? a->error : pass_receive(a->socket, why);
	if (rc < 0 && rc != -EACCES)
		snprintf(why, PASS_OCTETS, "%s", oops_text(rc));
	return rc;
}

int auditor_refuse(struct auditor *a, const char *format, ...)
{
	char text[OPT_WHY];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	auditor_send(a, CODEC_TROUBLE, text, strlen(text));
	return OOPS_TYPE;
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
			return rc == -ENOMEM ? rc :
				auditor_refuse(a, "%.160s: cannot be read: %s", name,
					       oops_text(rc));
		a->files[i] = (struct audit_file){ name, (const u8 *)buf_str(&all), all.len };
	}
	return 0;
}

static bool late(void *to)
{
	const struct auditor *a = to;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec - a->begun > TRANSFER_MOST_S;
}

static int transfer_zone(struct auditor *a, struct zone_read_conf *conf)
{
	const struct audit_setup *s = a->setup;
	const struct transfer t = { .key = s->key, .id = s->id, .late = late };
	struct timespec now;
	int rc;

	clock_gettime(CLOCK_MONOTONIC, &now);
	a->begun = (u64)now.tv_sec;
	conf->name = s->name;
	rc = zone_transfer(&a->zone, s->fd, conf, &t, &a->read);
	return rc == 0 && a->zone == NULL ? OOPS_UNKNOWN : rc;
}

static int read_zone(struct auditor *a)
{
	const struct audit_setup *s = a->setup;
	const char *slash = strrchr(s->name, '/');
	struct zone_read_conf conf = { .name = slash ? slash + 1 : s->name, .memory = s->memory,
		.unpacked = s->unpacked, .origin = s->has_origin ? s->origin : NULL,
		.key = s->input.key, .threads = s->input.threads, .include = auditor_include,
		.trouble = take_trouble, .progress = take_progress, .to = a };
	int rc;

	a->note->phase = AUDIT_READING;
	if ((rc = read_files(a)) < 0 || (rc = since_read_old(a)) < 0)
		return rc;
	if (!s->transfer && since_is_snapshot(s->fd))
		return s->series ? since_read_now(a) :
			auditor_refuse(a, "%.150s: is a snapshot, not a zone; give it to --since, "
				       "or to vedette verify series", s->name);
	rc = s->transfer ? transfer_zone(a, &conf)
			 : zone_read(&a->zone, s->fd, &conf, &a->read);
	if (rc == 0) {
		a->note->phase = AUDIT_SORTING;
		tell_progress(a, a->read.octets, AUDIT_SORTING);
		rc = zone_seal(a->zone);
	}
	if (rc == 0)
		rc = since_make_now(a);
	if (rc == OOPS_UNKNOWN) {	/* no zone; the troubles say more */
		a->zone = zone_free(a->zone);
		rc = 0;
	}
	return rc;
}

/* ---- the whole ---- */

static bool looks(const struct auditor *a, unsigned family)
{
	const struct audit_setup *s = a->setup;

	return s->wanted[family] && !s->crashed[family] &&
	       (a->zone || check_families[family]->without_zone);
}

static int look_once(struct looker *l, struct audit *audit, unsigned family)
{
	const struct check_family *f = check_families[family];
	const struct audit_counted *counted;
	struct auditor *a = l->a;
	int rc;

	l->note->phase = AUDIT_CHECKING + family;
	if (l->note == a->note) {
		a->last_progress = 0;
		tell_progress(a, 0, l->note->phase);
	}
	rc = audit_look(audit, f, a->setup->family_conf[family]);
	for (unsigned i = 0; f->rows[i].id; i++) {
		must(i < AUDIT_ROWS_MAX);
		a->counts[family][i].cases = audit_cases(audit, i);
		a->counts[family][i].told = audit_told(audit, i);
	}
	a->counted_count[family] = audit_counts(audit, &counted);
	memcpy(a->counted[family], counted, a->counted_count[family] * sizeof *counted);
	l->note->phase = AUDIT_SORTING;
	return rc < 0 ? rc : l->rc;
}

static unsigned families(void)
{
	unsigned n = 0;

	while (check_families[n])
		n++;
	return n;
}

/* The family that is taken at turn `turn`: the early ones come first, each in its place. */
static unsigned taken_at(unsigned turn)
{
	unsigned early = 0, n = 0;

	for (unsigned i = 0; i < families(); i++)
		early += check_families[i]->early;
	for (unsigned i = 0; i < families(); i++)
		if (check_families[i]->early == (turn < early) &&
		    n++ == (turn < early ? turn : turn - early))
			return i;
	return 0;
}

/* One after the other, those that no other thread has taken. */
static void *look(void *arg)
{
	struct looker *l = arg;
	struct audit_conf conf = l->a->conf;
	struct audit *audit;
	unsigned turn, family;

	conf.to = l;
	l->rc = audit_open(&audit, &conf);
	if (l->rc < 0)
		return NULL;
	while (l->rc == 0 && (turn = atomic_fetch_add(&l->a->next, 1)) < families())
		if (looks(l->a, family = taken_at(turn)))
			l->rc = look_once(l, audit, family);
	audit_close(audit);
	return NULL;
}

#define LOOKERS_MAX 4u

/* Families know nothing of each other, so several look at a time; the parent puts what they
 * say in order. */
static int look_all(struct auditor *a)
{
	struct looker lookers[LOOKERS_MAX] = { { 0 } };
	unsigned n = a->setup->careful ? 1
		: (unsigned)min_u64(a->setup->input.threads, LOOKERS_MAX);
	unsigned started = 1;
	int rc = 0;

	for (unsigned i = 0; i < n; i++)
		lookers[i] = (struct looker){ .a = a, .note = &a->note[i] };
	while (started < n && pthread_create(&lookers[started].thread, NULL, look,
					     &lookers[started]) == 0)
		started++;
	look(&lookers[0]);
	for (unsigned i = 0; i < started; i++) {
		if (i)
			pthread_join(lookers[i].thread, NULL);
		rc = rc < 0 ? rc : lookers[i].rc;
		buf_free(&lookers[i].out);
	}
	auditor_count(a);
	return rc;
}

static void take_certificate(void *to, const char *lines, size_t n)
{
	for (size_t step; n; n -= step, lines += step) {
		step = n < CODEC_BODY_MAX ? n : CODEC_BODY_MAX;
		auditor_send(((struct looker *)to)->a, CODEC_CERTIFICATE, lines, step);
	}
}

static void take_picture(void *to, const char *text, size_t n)
{
	auditor_send(((struct looker *)to)->a, CODEC_PICTURE, text, n);
}

static int check_zone(struct auditor *a)
{
	struct audit_conf *conf = &a->conf;

	*conf = (struct audit_conf){ .input = a->setup->input, .zone = a->zone,
		.most = a->setup->most, .files = (const char (*)[64])a->read.names,
		.file_count = a->read.files, .records = a->read.records,
		.lost = auditor_left_out(a), .again = true, .finding = take_finding,
		.evidence = take_evidence,
		.picture = take_picture,
		.certificate = a->setup->certificates ? take_certificate : NULL };
	conf->input.at = a->at;
	memcpy(conf->input.files, a->files, sizeof a->files);
	conf->input.old = a->old;
	conf->input.now = a->now;
	conf->input.marks = a->setup->snapshot && a->now ? &a->marks : NULL;
	conf->input.troubles = a->troubles;
	conf->input.trouble_count = a->trouble_count;
	conf->input.trouble_cases = a->trouble_cases;
	if (a->old && a->old->head.part[SNAPSHOT_SEEN].len &&
	    sig_seen_view(&conf->input.seen, a->old->seen,
			  a->old->head.part[SNAPSHOT_SEEN].len) < 0)
		return auditor_refuse(a, "%.150s: its set of signatures is no good",
				      a->setup->since_name);
	return look_all(a);
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
		rc = since_send(a);
	if (rc == 0)
		auditor_report(a);
	if (rc == -ENOMEM || a->error == -ENOMEM)
		return 1;
	return rc < 0 || a->error ? 2 : 0;
}
