/* SPDX-License-Identifier: GPL-3.0-or-later */
/* traffic.c - see traffic.h. */
#include "traffic.h"
#include "draw.h"
#include "dns/question.h"
#include "dns/rrtype.h"
#include "observe/mates.h"
#include "window/whole.h"

/* --- messages ------------------------------------------------------------ */

static void write_owner(struct buf *b, const struct ask *a, unsigned skip)
{
	unsigned at = 0;

	for (; skip && at + 1 < a->qname_len; skip--)
		at += 1u + a->qname[at];
	if (skip || at + 1 >= a->qname_len)
		buf_byte(b, 0);
	else
		buf_u16(b, (u16)(0xc000 | (DNS_HEADER + at)));
}

static void write_answer(struct buf *b, const struct ask *a, const struct answer *r)
{
	write_owner(b, a, r->skip);
	buf_u16(b, r->type);
	buf_u16(b, CLASS_IN);
	buf_u32(b, r->ttl);
	buf_u16(b, r->len);
	buf_add(b, r->rdata, r->len);
}

static void write_message(struct buf *b, const struct ask *a)
{
	u16 count[SECTION_COUNT] = { 0 };

	for (unsigned i = 0; i < a->answer_count; i++)
		count[a->answers[i].section]++;
	buf_u16(b, a->id);
	buf_u16(b, (u16)(a->flags | (a->response ? MSG_QR : 0)));
	buf_u16(b, a->qname_len != 0);
	buf_u16(b, count[0]);
	buf_u16(b, count[1]);
	buf_u16(b, (u16)(count[2] + (a->edns != 0)));
	if (a->qname_len) {
		buf_add(b, a->qname, a->qname_len);
		buf_u16(b, a->qtype);
		buf_u16(b, CLASS_IN);
	}
	for (unsigned s = 0; s < SECTION_COUNT; s++)
		for (unsigned i = 0; i < a->answer_count; i++)
			if (a->answers[i].section == s)
				write_answer(b, a, &a->answers[i]);
	if (a->edns) {
		buf_byte(b, 0);
		buf_u16(b, TYPE_OPT);
		buf_u16(b, a->edns);
		buf_u32(b, 0);
		buf_u16(b, 0);
	}
}

static struct letter *next_letter(struct traffic *t)
{
	if (t->count == t->room) {
		t->room = t->room ? t->room * 2 : 1024;
		t->letters = realloc(t->letters, t->room * sizeof *t->letters);
		must(t->letters != NULL);
	}
	return &t->letters[t->count++];
}

void traffic_add(struct traffic *t, const struct ask *a)
{
	struct letter *l = next_letter(t);
	u64 at = t->wire.len;

	write_message(&t->wire, a);
	must(buf_error(&t->wire) == 0);
	*l = (struct letter){ .at = at, .p = { .len = (u32)(t->wire.len - at), .ttl = 64,
		.time_ns = a->time_ns, .number = t->count, .transport = a->transport } };
	must(l->p.len <= DNS_MESSAGE_MAX);
	l->p.full_len = l->p.len;
	l->p.src = a->response ? a->server : a->client;
	l->p.dst = a->response ? a->client : a->server;
	l->p.sport = a->response ? 53 : a->port;
	l->p.dport = a->response ? a->port : 53;
}

void traffic_put(struct traffic *t, const struct payload *p)
{
	struct letter *l = next_letter(t);

	*l = (struct letter){ .at = t->wire.len, .p = *p };
	l->p.number = t->count;
	l->p.data = NULL;
	buf_add(&t->wire, p->data, p->len);
	must(buf_error(&t->wire) == 0);
}

void traffic_lose(struct traffic *t, const struct fragment_loss *loss)
{
	if (t->loss_count == t->loss_room) {
		t->loss_room = t->loss_room ? t->loss_room * 2 : 64;
		t->losses = realloc(t->losses, t->loss_room * sizeof *t->losses);
		must(t->losses != NULL);
	}
	t->losses[t->loss_count++] = *loss;
}

void traffic_free(struct traffic *t)
{
	buf_free(&t->wire);
	free(t->letters);
	free(t->losses);
	*t = (struct traffic){ 0 };
}

static int by_time(const void *a, const void *b)
{
	const struct letter *x = a, *y = b;

	if (x->p.time_ns != y->p.time_ns)
		return x->p.time_ns < y->p.time_ns ? -1 : 1;
	return x->p.number < y->p.number ? -1 : x->p.number > y->p.number;
}

static int by_loss_time(const void *a, const void *b)
{
	const struct fragment_loss *x = a, *y = b;

	return x->time_ns < y->time_ns ? -1 : x->time_ns > y->time_ns;
}

void traffic_sort(struct traffic *t)
{
	if (t->count)
		qsort(t->letters, t->count, sizeof *t->letters, by_time);
	if (t->loss_count)
		qsort(t->losses, t->loss_count, sizeof *t->losses, by_loss_time);
}

/* --- folding ------------------------------------------------------------- */

const struct suffixes *traffic_suffixes(void)
{
	static struct suffixes *s;

	if (s == NULL)
		must(suffixes_open(&s, SUFFIX_FILE, 0) == 0);
	return s;
}

/* The questions of all traffic share one table, as those of a worker do. */
static struct questions *traffic_asked(void)
{
	static struct questions *q;

	if (q == NULL)
		must(questions_open(&q) == 0);
	return q;
}

static bool read_letter(const struct traffic *t, u32 i, struct observation *ret,
			struct mates *mates)
{
	struct payload p = t->letters[i].p;

	p.data = (const u8 *)t->wire.at + t->letters[i].at;
	if ((p.flags & PAYLOAD_PARTIAL ? msg_read_start : msg_read)(&ret->msg, p.data,
								    p.len))
		return false;
	observe(ret, &p, &(struct observe_setup){ .suffixes = traffic_suffixes(),
						   .asked = traffic_asked(), .key = TRAFFIC_KEY,
						   .mates = mates });
	return true;
}

bool traffic_read(const struct traffic *t, u32 i, struct observation *ret)
{
	return read_letter(t, i, ret, NULL);
}

void traffic_fold(const struct traffic *t, struct window *w, const u8 *which, u8 mine)
{
	static struct observation batch[WINDOW_BATCH];
	static struct mates mates;
	unsigned n = 0;

	mates_begin(&mates, batch);

	for (u32 i = 0; i < t->count; i++) {
		if (which && which[i] != mine)
			continue;
		must(read_letter(t, i, &batch[n], &mates));
		/* batches of 1 to WINDOW_BATCH: the law does not depend on them */
		if (++n > i % WINDOW_BATCH) {
			window_fold(w, batch, n);
			mates_begin(&mates, batch);
			n = 0;
		}
	}
	window_fold(w, batch, n);
	for (u32 i = 0; i < t->loss_count; i++)
		if (which == NULL || which[t->count + i] == mine)
			window_fold_fragments(w, &t->losses[i]);
}

struct window *traffic_window(u64 memory)
{
	struct window *w;

	must(window_open(&w, memory, TRAFFIC_KEY) == 0);
	return w;
}

/* --- judging ------------------------------------------------------------- */

void judge_open(struct judge *j)
{
	*j = (struct judge){ .count = 0 };
	for (unsigned i = 0; detectors[i]; i++) {
		must(j->count < COUNT(j->groups));
		j->groups[j->count++] = (struct opt_group){ .name = detectors[i]->id,
			.title = detectors[i]->title, .rows = detectors[i]->opts,
			.size = detectors[i]->conf_size };
	}
	must(opts_init(&j->opts, j->groups, j->count) == 0);
}

void judge_close(struct judge *j)
{
	opts_free(&j->opts);
}

bool judge_set(struct judge *j, const char *option, const char *value, char why[OPT_WHY])
{
	const char *dot = strchr(option, '.');
	char group[32];

	snprintf(why, OPT_WHY, "options are written detector.name");
	if (dot == NULL || (size_t)(dot - option) >= sizeof group)
		return false;
	snprintf(group, sizeof group, "%.*s", (int)(dot - option), option);
	return opts_set(&j->opts, group, dot + 1, value, OPT_COMMAND, why) == 0;
}

void judge_look(const struct judge *j, const struct window *w, bool day, say_fn *say,
		void *to)
{
	for (unsigned i = 0; detectors[i]; i++) {
		struct look l = { .w = w, .day = day,
			.conf = opts_conf(&j->opts, detectors[i]->opts) };

		detectors[i]->look(&l, say, to);
	}
}

struct said { struct finding **at; u32 count, room; };

static void keep(void *to, struct finding *f)
{
	struct said *s = to;

	if (s->count == s->room) {
		s->room = s->room ? s->room * 2 : 64;
		s->at = realloc(s->at, s->room * sizeof *s->at);
		must(s->at != NULL);
	}
	s->at[s->count] = malloc(sizeof *f);
	must(s->at[s->count] != NULL);
	*s->at[s->count++] = *f;
}

static int by_finding(const void *a, const void *b)
{
	return finding_compare(*(struct finding *const *)a, *(struct finding *const *)b);
}

void judge_text(const struct judge *j, const struct window *w, bool day, struct buf *out)
{
	struct said s = { 0 };

	judge_look(j, w, day, keep, &s);
	for (u32 i = 0; i < s.count; i++)
		finding_identify(s.at[i]);
	if (s.count)
		qsort(s.at, s.count, sizeof *s.at, by_finding);
	for (u32 i = 0; i < s.count; i++) {
		finding_json(out, s.at[i]);
		buf_text(out, "\n");
		free(s.at[i]);
	}
	free(s.at);
	must(buf_error(out) == 0);
}

static int by_key(const void *a, const void *b)
{
	u64 x = **(u64 *const *)a, y = **(u64 *const *)b;

	return x < y ? -1 : x > y;
}

void judge_pack(const struct window *w, struct buf *out)
{
	for (unsigned k = 0; k < SUMMARY_KINDS; k++) {
		const struct keytab *t = &w->table[k];
		const u64 **entry = calloc(t->count + 1, sizeof *entry);

		must(entry != NULL);
		for (u32 i = 0; i < t->count; i++)
			entry[i] = keytab_at(t, i);
		qsort(entry, t->count, sizeof *entry, by_key);
		buf_text(out, summary_kinds[k]->id);
		for (u32 i = 0; i < t->count; i++)
			summary_kinds[k]->pack(w, entry[i], out);
		free(entry);
	}
	must(buf_error(out) == 0);
}
