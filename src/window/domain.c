/* SPDX-License-Identifier: GPL-3.0-or-later */
/* domain.c - the summary of a registered domain.
 *
 * Three samples carry it. `names` holds distinct sub-domains weighted by their
 * octets, so that the sum over it estimates what the questions could have carried
 * out, exactly below 60 names; each item's value is the name's information under the
 * model of human-chosen names (charmodel.h), its mark how it was answered. How many names there
 * are is counted
 * beside (`count`), because a sample by weight says little about the short ones. `answers` holds
 * distinct
 * records (owner, type, class, RDATA; the TTL is left out, it changes in every
 * cache) weighted by their octets: what could have come in. `askers` counts the clients.
 *
 * Counting both the query and its response would count names twice, and a capture
 * may hold one of them only: totals are kept apart and the greater one is used
 * (domain_out).
 *
 * Cost: the work is in the memory, so a batch goes through it in steps, each of which
 * fetches ahead what the next one needs:
 *
 *   entries -> counters, list of records -> names -> records seen lately? -> their samples
 *
 * What was done already is not done again: a question carries a note (dns/question.h)
 * where its domain's entry is and how its name was folded into this window, and hashes of
 * answers and records are looked up in a small cache (window_seen). */
#include "base/buf.h"
#include "base/hash.h"
#include "base/rd.h"
#include "dns/encoded.h"
#include "dns/published.h"
#include "dns/question.h"
#include "dns/rrtype.h"
#include "dns/subname.h"
#include "sketch/distinct.h"
#include "window/table.h"

static void keys(const struct turn *t, unsigned n, u64 *key)
{
	for (unsigned i = 0; i < n; i++) {
		const struct observation *o = t[i].o;

		key[i] = o->named && msg_opcode(&o->msg) == 0 ? o->qname.domain : 0;
	}
}

u64 domain_clients(const struct domain_sum *d)
{
	return distinct_reg_count(d->askers, ASKERS_LOG);
}

u64 domain_lost(const struct window *w, const struct domain_sum *d)
{
	return d->lost + keytab_lost(&w->table[SUMMARY_DOMAIN], d->key);
}

static u8 mark_of_response(const struct observation *o)
{
	switch (o->rcode) {
	case RCODE_NOERROR:
		return o->msg.count[1] ? NAME_ANSWERED : NAME_EMPTY;
	case RCODE_NXDOMAIN:
		return NAME_NX;
	default:
		return NAME_FAILED;
	}
}

static u64 hash_of_name(const struct window *w, const struct observation *o)
{
	return hash_mix(o->qname.hash ^ w->key, HASH_A);
}

static u8 mark_of(const struct turn *t)
{
	u8 asked = t->query || !t->o->response ? NAME_ASKED : 0;

	return t->o->response ? asked | mark_of_response(t->o) : asked;
}

/* A reversed address; what stands behind it goes into `least` as a hash. Of other names it is
 * what stands behind their longest label: its octets, and a hash of 16 bits (name_rest()). */
static void mark_numeric(const struct window *w, struct sampled *it, const struct qname *q)
{
	bool numeric;
	unsigned rest;
	u64 hash;

	numeric = subname_numeric(q, &rest);
	if (numeric)
		it->mark |= NAME_NUMERIC;
	else
		rest = subname_rest(q);
	hash = rest ? hash_bytes(w->key, q->lower + q->domain_at - rest, rest) : 0;
	it->least = numeric ? hash & 0xffffff : rest << 16 | (hash & 0xffff);
}

/* What a new item says of its name. */
static void describe(const struct window *w, struct sampled *it, struct qname q)
{
	u8 lower[QNAME_LOWER];

	qname_lower(&q, lower);
	it->value = (u16)subname_bits(&q, q.domain_at);
	it->mark = subname_nested(&q) ? NAME_NESTED : 0;
	mark_numeric(w, it, &q);
}

static void fold_name(struct window *w, struct domain_sum *d, const struct observation *o,
		      u8 mark)
{
	u64 hash = hash_of_name(w, o);
	u32 weight = o->qname.domain_at ? o->qname.domain_at : 1;
	struct sampled *it;
	bool fresh;

	distinct_reg_add(d->count, NAMES_LOG, hash);
	if (!sample_wants(&d->names, hash, weight))
		return;
	it = sample_item(&d->names, &w->pool[SUMMARY_DOMAIN], hash, weight, &fresh);
	if (it == NULL)
		return;
	if (fresh)
		describe(w, it, o->qname);
	it->mark |= mark;
}

/* --- records, a batch at a time ------------------------------------------ */

/* Records wait in a list between the steps: their places in the cache of what was seen, and
 * then their samples, come from memory meanwhile. */
struct waiting {
	u64 hash;		/* of the record; then its rank */
	struct domain_sum *d;
	const u8 *rdata;
	u16 rdlen, type, weight;
	u8 section;
};

#define WAITING_MAX 128u

struct records { struct waiting at[WAITING_MAX]; u32 count; };

static u64 seen_hash(const struct waiting *r)
{
	return (r->hash ^ r->d->key) + r->section;
}

/* What a new item says of its record. */
static u16 describe_record(const struct waiting *r)
{
	u16 value = type_class(r->type);

	if (published_record(r->type, r->rdata, r->rdlen))
		value |= ANSWER_PUBLISHED;
	if (encoded_record(r->type, r->rdata, r->rdlen))
		value |= ANSWER_ENCODED;
	else if (encoded_line(r->type, r->rdata, r->rdlen))
		value |= ANSWER_LINE;
	if (encoded_nowhere(r->type, r->rdata, r->rdlen))
		value |= ANSWER_NOWHERE;
	return value;
}

static void fold_record(struct window *w, const struct waiting *r)
{
	struct sampled *it;
	bool fresh;

	it = sample_place(&r->d->answers, &w->pool[SUMMARY_DOMAIN], r->hash, r->weight, &fresh);
	if (it == NULL)
		return;
	if (fresh) {
		it->value = describe_record(r);
		it->least = r->rdlen ? r->rdata[0] : 0;
	}
	it->mark |= (u8)(1 << r->section);
}

static void fold_waiting(struct window *w, struct records *l)
{
	const struct pool *p = &w->pool[SUMMARY_DOMAIN];
	u32 kept = 0;

	for (u32 i = 0; i < l->count; i++) {
		struct waiting *r = &l->at[i];

		if (window_seen(w, seen_hash(r)) ||
		    !sample_wants(&r->d->answers, r->hash, r->weight))
			continue;
		r->hash = sample_rank(r->hash, r->weight);
		sample_reach(&r->d->answers, p, r->hash);
		l->at[kept++] = *r;
	}
	for (u32 i = 0; i < kept; i++)
		fold_record(w, &l->at[i]);
	l->count = 0;
}

/* A record's octets without the TTL; its owner as it stands on the wire (a pointer
 * that stands elsewhere makes another record of it: more is counted, never less). */
static void list_record(struct window *w, struct records *l, struct domain_sum *d,
			const struct observation *o, const struct rr *rr)
{
	const u8 *wire = o->msg.wire;
	u32 head = rr->rdata - 10 - rr->owner, weight = head + 4 + rr->rdlen;
	struct waiting *r;

	if (l->count == WAITING_MAX)
		fold_waiting(w, l);
	r = &l->at[l->count++];
	r->hash = hash_bytes(w->key, wire + rr->owner, head + 4);
	r->hash = hash_bytes(r->hash, wire + rr->rdata, rr->rdlen);
	r->d = d;
	r->weight = (u16)min_u64(weight, SAMPLE_WEIGHT_MAX);
	r->rdata = wire + rr->rdata;
	r->rdlen = rr->rdlen;
	r->type = rr->type;
	r->section = rr->section;
	window_seen_hint(w, seen_hash(r));
	sample_hint(&d->answers, &w->pool[SUMMARY_DOMAIN]);
}

static u32 answer_octets(const struct observation *o)
{
	return o->response && o->msg.len > o->msg.body ? o->msg.len - o->msg.body : 0;
}

static u64 answer_hash(const struct window *w, const struct observation *o, u64 domain)
{
	return hash_bytes(domain ^ w->key, o->msg.wire + o->msg.body, answer_octets(o));
}

/* The same answer again (all octets behind the question equal) has no new record. */
static void list_records(struct window *w, struct records *l, struct domain_sum *d,
			 const struct observation *o, u64 hash)
{
	struct rr_iter it = rr_first(&o->msg);
	struct rr rr;

	if (window_seen(w, hash))
		return;
	while (rr_next(&it, &rr))
		if (rr.type != TYPE_OPT)
			list_record(w, l, d, o, &rr);
}

/* --- messages ------------------------------------------------------------ */

static void count_response(struct domain_sum *d, const struct observation *o, u8 mark)
{
	d->responses++;
	d->answered += mark == NAME_ANSWERED;
	d->empty += mark == NAME_EMPTY;
	d->nx += mark == NAME_NX;
	d->failed += mark == NAME_FAILED;
	d->truncated += (o->msg.flags & MSG_TC) != 0;
	d->out_responses += o->qname.domain_at;
	d->response_octets += o->octets;
	d->in_octets += answer_octets(o);
	if (answer_octets(o))
		d->records += (u32)o->msg.count[1] + o->msg.count[2] + o->msg.count[3];
}

static void count_message(struct window *w, struct domain_sum *d, const struct observation *o)
{
	stamp_join(&d->first_ns, &d->last_ns, o->time_ns);
	d->types[o->type_class]++;
	d->tcp += o->transport == TRANSPORT_TCP;
	if (o->response) {
		w->responses++;
		count_response(d, o, mark_of_response(o));
	} else {
		w->queries++;
		d->queries++;
		d->out_queries += o->qname.domain_at;
		d->query_octets += o->octets;
		d->mixed_case += o->qname.upper != 0;
	}
}

static void count_turn(struct window *w, struct domain_sum *d, const struct turn *t)
{
	if (t->query)
		count_message(w, d, t->query);
	count_message(w, d, t->o);
	distinct_reg_add(d->askers, ASKERS_LOG, hash_mix(t->o->client_key ^ w->key, HASH_A));
}

/* What this window noted about the question, or NULL. */
static struct question_note *note_of(const struct window *w, const struct observation *o)
{
	struct question *q = o->question;

	if (q == NULL || q->name.hash != o->qname.hash)	/* another one took its place */
		return NULL;
	if (q->note.where != w || q->note.turn != w->turn)
		q->note = (struct question_note){ .where = w, .turn = w->turn,
						  .entry = UINT32_MAX };
	return &q->note;
}

static void set_name(struct window *w, struct domain_sum *d, const u8 *name, unsigned len)
{
	d->name = pool_get(&w->pool[SUMMARY_DOMAIN], len);
	if (d->name) {
		memcpy(pool_at(&w->pool[SUMMARY_DOMAIN], d->name), name, len);
		d->name_len = (u8)len;
	}
}

static struct domain_sum *entry_of(struct window *w, const struct observation *o, u64 key,
				   struct question_note *note)
{
	struct keytab *t = &w->table[SUMMARY_DOMAIN];
	struct qname q = o->qname;
	u8 lower[QNAME_LOWER];
	struct domain_sum *d;
	bool fresh;

	if (note && note->entry < t->count) {
		d = keytab_at(t, note->entry);
		if (likely(d->key == key))
			return d;
	}
	d = keytab_get(t, key, &fresh);
	if (note)
		note->entry = keytab_place(t, d);
	if (fresh) {
		qname_lower(&q, lower);
		set_name(w, d, lower + q.domain_at, q.len - q.domain_at);
		d->unlisted = !q.listed;
	}
	return d;
}

/* A turn on its way through the steps of a batch. */
struct step {
	const struct turn *t;
	struct domain_sum *d;
	struct question_note *note;
	u64 answer;		/* hash; 0 = none */
};

/* Entries, and what they need next: no entry may give way meanwhile. */
static unsigned steps_begin(struct window *w, const struct turn *t, unsigned n,
			    const u64 *key, struct step *step)
{
	unsigned count = 0;

	for (unsigned i = 0; i < n; i++) {
		struct step *s = &step[count];

		if (key[i] == 0)
			continue;
		s->t = &t[i];
		s->note = note_of(w, t[i].o);
		s->d = entry_of(w, t[i].o, key[i], s->note);
		s->answer = 0;
		if (answer_octets(t[i].o)) {
			s->answer = answer_hash(w, t[i].o, key[i]);
			window_seen_hint(w, s->answer);
		}
		count++;
	}
	return count;
}

static void fold_some(struct window *w, const struct turn *t, unsigned n, const u64 *key)
{
	struct step step[WINDOW_BATCH];
	struct records records;
	const struct step *end = step + steps_begin(w, t, n, key, step);

	records.count = 0;
	for (struct step *s = step; s < end; s++) {
		count_turn(w, s->d, s->t);
		sample_hint(&s->d->names, &w->pool[SUMMARY_DOMAIN]);
		if (s->answer)
			list_records(w, &records, s->d, s->t->o, s->answer);
	}
	for (struct step *s = step; s < end; s++) {
		u8 mark = mark_of(s->t);

		if (s->note == NULL || (s->note->marks & mark) != mark)
			fold_name(w, s->d, s->t->o, mark);
		if (s->note)
			s->note->marks |= mark;
	}
	fold_waiting(w, &records);
}

/* In a table that is about to be full entries give way to each other: one turn at a time
 * then. */
static void fold(struct window *w, const struct turn *t, unsigned n, const u64 *key)
{
	const struct keytab *table = &w->table[SUMMARY_DOMAIN];

	if (likely(table->count + n <= table->cap)) {
		fold_some(w, t, n, key);
		return;
	}
	for (unsigned i = 0; i < n; i++)
		fold_some(w, t + i, 1, key + i);
}

static void merge(struct window *into, void *entry, const struct window *from, const void *e)
{
	struct domain_sum *d = entry;
	const struct domain_sum *f = e;

	d->unlisted = f->unlisted;
	d->lost += f->lost;
	if (d->name == 0 && f->name)
		set_name(into, d, pool_at(&from->pool[SUMMARY_DOMAIN], f->name), f->name_len);
	stamp_join(&d->first_ns, &d->last_ns, f->first_ns);
	stamp_join(&d->first_ns, &d->last_ns, f->last_ns);
#define F(type, name) COUNT_ADD_##type(d->name, f->name);
	DOMAIN_COUNTS(F)
#undef F
	for (unsigned i = 0; i < TYPES_COUNT; i++)
		COUNT_ADD_u32(d->types[i], f->types[i]);
	d->peak_nx = d->peak_nx > f->peak_nx ? d->peak_nx : f->peak_nx;
	d->peak_queries = d->peak_queries > f->peak_queries ? d->peak_queries : f->peak_queries;
	distinct_reg_merge(d->askers, f->askers, ASKERS_LOG);
	distinct_reg_merge(d->count, f->count, NAMES_LOG);
	sample_merge(&d->names, &into->pool[SUMMARY_DOMAIN], &f->names,
		     &from->pool[SUMMARY_DOMAIN]);
	sample_merge(&d->answers, &into->pool[SUMMARY_DOMAIN], &f->answers,
		     &from->pool[SUMMARY_DOMAIN]);
}

static void reach(const struct window *w, const void *entry)
{
	const struct domain_sum *d = entry;

	sample_fetch(&d->names, &w->pool[SUMMARY_DOMAIN]);
	sample_fetch(&d->answers, &w->pool[SUMMARY_DOMAIN]);
}

static void close_minute(struct window *w, void *entry)
{
	struct domain_sum *d = entry;

	(void)w;
	d->peak_nx = d->nx;
	d->peak_queries = d->queries > d->responses ? d->queries : d->responses;
}

static u64 weigh(const void *window, const void *entry)
{
	const struct domain_sum *d = entry;

	(void)window;
	return d->queries + d->responses + d->in_octets + max_u64(d->out_queries, d->out_responses);
}

static void drop(void *window, void *entry)
{
	struct window *w = window;
	struct domain_sum *d = entry;

	pool_put(&w->pool[SUMMARY_DOMAIN], d->name, d->name_len);
	sample_free(&d->names, &w->pool[SUMMARY_DOMAIN]);
	sample_free(&d->answers, &w->pool[SUMMARY_DOMAIN]);
}

static void pack(const struct window *w, const void *entry, struct buf *out)
{
	const struct domain_sum *d = entry;

	buf_u64(out, d->key);
	buf_u64(out, domain_lost(w, d));
	buf_byte(out, d->unlisted);
	buf_byte(out, d->name_len);
	buf_add(out, pool_at(&w->pool[SUMMARY_DOMAIN], d->name), d->name_len);
	buf_u64(out, d->first_ns);
	buf_u64(out, d->last_ns);
#define F(type, name) COUNT_PACK_##type(out, d->name);
	DOMAIN_COUNTS(F)
#undef F
	for (unsigned i = 0; i < TYPES_COUNT; i++)
		buf_u32(out, d->types[i]);
	buf_u32(out, d->peak_nx);
	buf_u32(out, d->peak_queries);
	buf_add(out, d->askers, sizeof d->askers);
	buf_add(out, d->count, sizeof d->count);
	sample_pack(&d->names, &w->pool[SUMMARY_DOMAIN], out);
	sample_pack(&d->answers, &w->pool[SUMMARY_DOMAIN], out);
}

static int unpack(struct window *w, struct rd *in)
{
	u64 key = rd_u64(in), lost = rd_u64(in);
	u8 unlisted = rd_u8(in), len = rd_u8(in);
	const u8 *name = rd_take(in, len), *askers, *count;
	struct domain_sum *d;
	bool fresh;

	if (in->bad || key == 0)
		return OOPS_FORMAT;
	d = keytab_get(&w->table[SUMMARY_DOMAIN], key, &fresh);
	if (!fresh)
		return OOPS_FORMAT;
	if (len)
		set_name(w, d, name, len);
	d->unlisted = unlisted != 0;
	d->lost = lost;
	d->first_ns = rd_u64(in);
	d->last_ns = rd_u64(in);
#define F(type, name) d->name = COUNT_READ_##type(in);
	DOMAIN_COUNTS(F)
#undef F
	for (unsigned i = 0; i < TYPES_COUNT; i++)
		d->types[i] = rd_u32(in);
	d->peak_nx = rd_u32(in);
	d->peak_queries = rd_u32(in);
	if ((askers = rd_take(in, sizeof d->askers)) && (count = rd_take(in, sizeof d->count))) {
		if (!distinct_reg_good(askers, ASKERS_LOG) || !distinct_reg_good(count, NAMES_LOG))
			return OOPS_FORMAT;
		memcpy(d->askers, askers, sizeof d->askers);
		memcpy(d->count, count, sizeof d->count);
	}
	if (in->bad || sample_unpack(&d->names, &w->pool[SUMMARY_DOMAIN], in) < 0 ||
	    sample_unpack(&d->answers, &w->pool[SUMMARY_DOMAIN], in) < 0)
		return OOPS_FORMAT;
	return 0;
}

const struct summary_kind summary_domain = {
	.id = "domain", .size = sizeof(struct domain_sum), .share = 40, .grown = 512,
	.keys = keys, .fold = fold, .merge = merge, .reach = reach, .close = close_minute,
	.weigh = weigh, .drop = drop, .pack = pack, .unpack = unpack,
};
