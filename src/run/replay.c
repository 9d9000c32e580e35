/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replay.c - see replay.h. */
#include "run/replay.h"
#include "dns/sig.h"
#include "link/codec.h"
#include "model/digest.h"
#include "model/utf8.h"
#include "observe/observe.h"
#include "run/job.h"
#include "run/judged.h"
#include "run/worker.h"
#include "share/pack.h"
#include "verify/audit.h"
#include <jansson.h>
#include <unistd.h>

static void line(struct buf *out, const char *what, const char *text)
{
	buf_fmt(out, "%-8s ", what);
	utf8_show(out, text, 0);
	buf_byte(out, '\n');
}

/* --- messages ---------------------------------------------------------------- */

static int read_message(struct observation *o, const struct evidence *e, const struct judged *j)
{
	struct payload p = { .data = e->octets, .len = e->len, .full_len = e->full_len,
		.time_ns = e->time_ns, .sport = e->sport, .dport = e->dport,
		.transport = e->transport < TRANSPORT_COUNT ? e->transport : TRANSPORT_UDP,
		.flags = e->flags };

	memcpy(p.src.at, e->src, 16);
	memcpy(p.dst.at, e->dst, 16);
	if (reader_message(&o->msg, &p) != FRAME_MESSAGE)
		return OOPS_FORMAT;
	observe(o, &p, &(struct observe_setup){ .suffixes = j->suffixes, .key = j->key });
	return 0;
}

static bool belongs(const struct observation *o, const struct finding *f)
{
	char text[NAME_TEXT_MAX];
	u8 lower[QNAME_LOWER];
	struct qname q;
	const char *kind = f->subject_kind;

	if (o->time_ns < f->from || o->time_ns >= f->until)
		return false;
	if (strcmp(kind, "domain") == 0) {
		if (!o->named)
			return false;
		q = o->qname;
		qname_lower(&q, lower);
		name_text(q.lower + q.domain_at, q.len - q.domain_at, text);
		return strcmp(f->subject, text) == 0;
	}
	if (strcmp(kind, "network") == 0)
		return strcmp(f->subject, network_text(&o->client, text)) == 0;
	return strcmp(f->subject,
		      address_text(strcmp(kind, "server") == 0 ? &o->server : &o->client,
				   text)) == 0;
}

/* Folds all messages into an empty window: false when one does not belong. */
static bool fold_messages(struct window *w, const struct pack *p, const struct judged *j,
			  struct buf *out)
{
	struct observation *o = calloc(1, sizeof *o);
	char why[80];

	for (u32 i = 0; o && i < p->count; i++) {
		const char *wrong = NULL;

		if (read_message(o, &p->evidence[i], j) < 0)
			wrong = N_("is no DNS message");
		else if (!belongs(o, &p->finding))
			wrong = N_("does not belong to the subject and its window");
		if (wrong) {
			snprintf(why, sizeof why, "message %u %s", i + 1, wrong);
			line(out, "messages", why);
			free(o);
			return false;
		}
		window_fold(w, o, 1);
	}
	free(o);
	return true;
}

/* Merging what the messages say into what was judged must change no sample. */
static bool contained(const struct judged *j, const struct window *messages,
		      const struct finding *f)
{
	const struct domain_sum *in = window_domain(messages, f->key),
				*all = window_domain(j->w, f->key);
	struct buf before = { 0 }, after = { 0 };
	struct pool pool;
	struct sample copy = { 0 };
	bool same = false;

	if (in == NULL || all == NULL)
		return in == NULL;
	if (pool_open(&pool, 1 << 20) < 0)
		return false;
	copy.k = all->names.k;
	sample_merge(&copy, &pool, &all->names, &j->w->pool[SUMMARY_DOMAIN]);
	sample_pack(&copy, &pool, &before);
	sample_merge(&copy, &pool, &in->names, &messages->pool[SUMMARY_DOMAIN]);
	sample_pack(&copy, &pool, &after);
	same = before.len == after.len &&
	       memcmp(buf_str(&before), buf_str(&after), before.len) == 0;
	buf_free(&before);
	buf_free(&after);
	pool_close(&pool);
	return same;
}

static enum replay_status check_messages(const struct pack *p, const struct judged *j,
					 struct buf *out)
{
	const struct finding *f = &p->finding;
	struct window *w;
	struct finding again;
	char why[OPT_WHY];
	enum replay_status status = REPLAY_DIFFERS;

	if (window_open(&w, 8u << 20, j->key) < 0)
		return REPLAY_UNREADABLE;
	if (!fold_messages(w, p, j, out))
		goto out;
	if (p->count < f->evidence_all) {
		snprintf(why, sizeof why, N_("%u of %llu kept; each belongs to the "
			"subject and %s"),
			 p->count,
			 (unsigned long long)f->evidence_all, contained(j, w, f)
			 ? N_("is part of what was "
			 	"judged") : N_("but one is NOT part of what was judged"));
		line(out, "messages", why);
		status = contained(j, w, f) ? REPLAY_SAME : REPLAY_DIFFERS;
		goto out;
	}
	w->from_ns = f->from;
	w->until_ns = f->until;
	w->queries = j->w->queries;
	w->responses = j->w->responses;
	window_close(w);
	if (!judged_again(j, w, f, &again))
		line(out, "messages", N_("all were kept, but they alone do not lead to "
			"the finding"));
	else if (judged_differs(f, &again, why))
		line(out, "messages", why);
	else {
		line(out, "messages", N_("all were kept, and they alone lead to the same "
			"finding"));
		status = REPLAY_SAME;
	}
out:
	window_free(w);
	return status;
}

/* --- verdict ----------------------------------------------------------------- */

static void describe(const struct finding *f, struct buf *out)
{
	char text[OPT_WHY];

	line(out, "finding", f->id);
	snprintf(text, sizeof text, N_("%s, version %llu"), f->rule,
		 (unsigned long long)f->rule_version);
	line(out, "rule", text);
	line(out, f->subject_kind[0] ? f->subject_kind : "subject", f->subject);
	line(out, "verdict", f->sentence);
}

static u64 subject_key(const struct judged *j)
{
	const struct keytab *t = &j->w->table[SUMMARY_DOMAIN];

	return t->count ? *(const u64 *)keytab_at(t, 0) : 0;
}

/* --- zones ------------------------------------------------------------------- */

/* The family looks at a zone of the packed RRsets alone. */
static enum replay_status judge_zone(struct pack *p, struct buf *out)
{
	const struct finding *f = &p->finding;
	const struct check_family *family = audit_family(f);
	struct finding again;
	const char *differs;
	int rc;

	if (strcmp(f->subject_kind, "zone"))
		line(out, "zone", f->zone);
	if (family == NULL || f->summary.len == 0 || p->count < f->evidence_count) {
		line(out, "replay", family == NULL ? N_("this program has no such rule")
		     : f->summary.len ? N_("RRsets are missing from the pack")
		     : N_("this rule looks at more of the zone than the RRsets in the "
		     "pack: they are whole, but cannot be judged again by themselves"));
		return REPLAY_UNREADABLE;
	}
	rc = audit_again(family, f, p->evidence, p->count, &again);
	if (rc < 0) {
		line(out, "replay", rc == OOPS_VERSION
		     ? N_("this program has another version of the "
		     	"rule") : oops_text(rc));
		return rc == OOPS_FORMAT ? REPLAY_DIFFERS : REPLAY_UNREADABLE;
	}
	differs = rc ? audit_differs(f, &again) : N_("the rule does not speak of these "
		"RRsets");
	line(out, "replay", differs ? differs
	     : N_("the same rule reaches the same finding from the packed RRsets"));
	if (differs == NULL)
		line(out, "note", N_("RRsets show what a zone has; that it lacks "
			"something else is the word of who made the pack"));
	return differs ? REPLAY_DIFFERS : REPLAY_SAME;
}

static enum replay_status judge(struct pack *p, struct buf *out)
{
	struct judged j;
	struct finding again;
	char why[OPT_WHY];
	enum replay_status status = REPLAY_UNREADABLE;

	describe(&p->finding, out);
	if (p->finding.zone[0])
		return judge_zone(p, out);
	if (judged_open(&j, &p->finding, why) < 0 ||
	    (j.suffixes == NULL && suffixes_none(&j.suffixes, j.key) < 0)) {
		line(out, "replay", why);
		goto out;
	}
	p->finding.key = subject_key(&j);
	status = REPLAY_DIFFERS;
	if (!judged_again(&j, j.w, &p->finding, &again))
		line(out, "replay", N_("the rule does not speak of this summary"));
	else if (judged_differs(&p->finding, &again, why) ||
		 judged_misquotes(&p->finding, &again, why))
		line(out, "replay", why);
	else {
		line(out, "replay", N_("the same rule reaches the same finding from the "
			"packed summary"));
		status = p->count ? check_messages(p, &j, out) : REPLAY_SAME;
	}
out:
	judged_close(&j);
	return status;
}

enum replay_status replay_judge(const u8 *pack, size_t n, struct buf *out)
{
	struct pack *p = calloc(1, sizeof *p);
	char why[PACK_WHY] = N_("out of memory");
	enum replay_status status = REPLAY_UNREADABLE;

	if (p && pack_read(p, pack, n, why) == 0)
		status = judge(p, out);
	else
		line(out, "pack", why);
	if (p)
		pack_free(p);
	free(p);
	return status;
}

/* --- the job ------------------------------------------------------------------ */

static int run_inside(int socket, struct job_note *note, void *arg)
{
	const int *fd = arg;
	struct buf pack = { .limit = PACK_MAX + 1 }, out = { 0 };
	u8 some[16384];
	ssize_t got;
	enum replay_status status;

	(void)note;
	while ((got = read(*fd, some, sizeof some)) > 0 || (got < 0 && errno == EINTR)) {
		buf_add(&pack, some, got > 0 ? (size_t)got : 0);
		if (buf_error(&pack))
			break;
	}
	if (got < 0 || buf_error(&pack)) {
		line(&out, "pack", got < 0 ? oops_text(-errno) : N_("it is too long"));
		status = REPLAY_UNREADABLE;
	} else {
		status = replay_judge((const u8 *)pack.at, pack.len, &out);
	}
	if (buf_error(&out) || codec_write(socket, CODEC_STATS, buf_str(&out), out.len) < 0)
		return 100;
	return (int)status;
}

/* The job may have been taken over: its lines are foreign text. */
static void show_lines(struct buf *out, const u8 *at, size_t n)
{
	struct buf one = { 0 };

	for (size_t i = 0; i < n; i++) {
		if (at[i] != '\n' && at[i] != 0) {
			buf_byte(&one, at[i]);
			continue;
		}
		utf8_show(out, buf_str(&one), 0);
		buf_byte(out, '\n');
		buf_clear(&one);
	}
	buf_free(&one);
}

#define REPLAY_MEMORY (768u << 20)

int replay_run(int fd, struct buf *out)
{
	struct job_setup setup = { .name = "replay", .keep = &fd, .keep_count = 1,
		.memory_max = REPLAY_MEMORY, .run = run_inside, .arg = &fd };
	struct job job;
	struct codec c = { 0 };
	enum codec_kind kind;
	const u8 *body;
	size_t n;
	int rc;

	json_object_seed(0);
	digest_prepare();
	if ((rc = sig_prepare()) < 0 || (rc = job_start(&job, &setup)) < 0)
		return rc;
	do {
		rc = codec_next(&c, &kind, &body, &n);
	} while (rc == 0 && ((rc = codec_fill(&c, job.socket)) > 0 || rc == -EINTR));
	if (rc > 0)
		show_lines(out, body, n);
	codec_free(&c);
	rc = job_end(&job);
	job_free(&job);
	if (rc < 0 || rc > REPLAY_UNREADABLE) {
		buf_text(out, N_("replay   the job that read the pack crashed; the pack "
			"is broken on purpose\n"));
		return REPLAY_UNREADABLE;
	}
	return rc;
}
