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
 * (domain_out). */
#include "base/buf.h"
#include "base/hash.h"
#include "base/rd.h"
#include "dns/rrtype.h"
#include "sketch/distinct.h"
#include "dns/published.h"
#include "dns/subname.h"
#include "window/table.h"

static void keys(const struct observation *o, unsigned n, u64 *key)
{
	for (unsigned i = 0; i < n; i++)
		key[i] = o[i].named && msg_opcode(&o[i].msg) == 0 ? o[i].qname.domain : 0;
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

static u8 mark_of(const struct observation *o)
{
	return o->response ? mark_of_response(o) : NAME_ASKED;
}

static void ahead(const struct window *w, const struct observation *o, unsigned n, const u64 *key)
{
	const struct pool *p = &w->pool[SUMMARY_DOMAIN];

	for (unsigned i = 0; i < n; i++) {
		const struct domain_sum *d = keytab_guess(&w->table[SUMMARY_DOMAIN], key[i]);

		if (d == NULL || key[i] == 0)
			continue;
		window_seen_hint(w, hash_of_name(w, &o[i]) + mark_of(&o[i]));
		__builtin_prefetch(pool_at(p, d->names.block), 1);
		if (o[i].response)
			__builtin_prefetch(pool_at(p, d->answers.block), 1);
	}
}

/* A reversed address; what stands behind it goes into `least` as a hash. */
static void mark_numeric(const struct window *w, struct item *it, const struct qname *q)
{
	unsigned rest;

	it->least = 0;
	if (!subname_numeric(q, &rest))
		return;
	it->mark |= NAME_NUMERIC;
	if (rest)
		it->least = hash_bytes(w->key, q->lower + q->domain_at - rest, rest) & 0xffffff;
}

static void fold_name(struct window *w, struct domain_sum *d, const struct observation *o)
{
	u64 hash = hash_of_name(w, o);
	u32 weight = o->qname.domain_at ? o->qname.domain_at : 1;
	u8 mark = mark_of(o);
	struct item *it;
	bool fresh;

	if (window_seen(w, hash + mark))
		return;
	distinct_reg_add(d->count, NAMES_LOG, hash);
	if (!sample_wants(&d->names, hash, weight))
		return;
	it = sample_item(&d->names, &w->pool[SUMMARY_DOMAIN], hash, weight, &fresh);
	if (it == NULL)
		return;
	if (fresh) {
		it->value = (u16)subname_bits(&o->qname, o->qname.domain_at);
		it->mark = subname_nested(&o->qname) ? NAME_NESTED : 0;
		mark_numeric(w, it, &o->qname);
	}
	it->mark |= mark;
}

static bool is_published(const struct rr *rr, const u8 *wire)
{
	return rr->type == TYPE_TXT && published_text(wire + rr->rdata, rr->rdlen);
}

/* A record's octets without the TTL; its owner as it stands on the wire (a pointer
 * that stands elsewhere makes another record of it: more is counted, never less). */
static void fold_record(struct window *w, struct domain_sum *d, const struct observation *o,
			const struct rr *rr)
{
	const u8 *wire = o->msg.wire;
	u32 head = rr->rdata - 10 - rr->owner, weight = head + 4 + rr->rdlen;
	u64 hash;
	struct item *it;
	bool fresh;

	if (weight > SAMPLE_WEIGHT_MAX)
		weight = SAMPLE_WEIGHT_MAX;
	hash = hash_bytes(w->key, wire + rr->owner, head + 4);
	hash = hash_bytes(hash, wire + rr->rdata, rr->rdlen);
	if (window_seen(w, (hash ^ d->key) + rr->section) ||
	    !sample_wants(&d->answers, hash, weight))
		return;
	it = sample_item(&d->answers, &w->pool[SUMMARY_DOMAIN], hash, weight, &fresh);
	if (it == NULL)
		return;
	it->value = (u16)(type_class(rr->type) | (is_published(rr, wire) ? ANSWER_PUBLISHED : 0));
	it->mark |= (u8)(1 << rr->section);
}

/* The same answer again (all octets behind the question equal) has no new record. */
static void fold_records(struct window *w, struct domain_sum *d, const struct observation *o)
{
	const struct msg *m = &o->msg;
	u32 octets = m->len > m->body ? m->len - m->body : 0;
	struct rr_iter it = rr_first(m);
	struct rr rr;

	if (octets == 0)
		return;
	d->in_octets += octets;
	d->records += (u32)m->count[1] + m->count[2] + m->count[3];
	if (window_seen(w, hash_bytes(d->key ^ w->key, m->wire + m->body, octets)))
		return;
	while (rr_next(&it, &rr))
		if (rr.type != TYPE_OPT)
			fold_record(w, d, o, &rr);
}

static void count_response(struct domain_sum *d, const struct observation *o)
{
	u8 mark = mark_of_response(o);

	d->responses++;
	d->answered += mark == NAME_ANSWERED;
	d->empty += mark == NAME_EMPTY;
	d->nx += mark == NAME_NX;
	d->failed += mark == NAME_FAILED;
	d->truncated += (o->msg.flags & MSG_TC) != 0;
	d->out_responses += o->qname.domain_at;
	d->response_octets += o->octets;
}

static void fold_one(struct window *w, struct domain_sum *d, const struct observation *o)
{
	stamp_join(&d->first_ns, &d->last_ns, o->time_ns);
	d->types[o->type_class]++;
	d->tcp += o->transport == TRANSPORT_TCP;
	if (o->response) {
		count_response(d, o);
		fold_records(w, d, o);
	} else {
		d->queries++;
		d->out_queries += o->qname.domain_at;
		d->query_octets += o->octets;
		d->mixed_case += o->qname.upper != 0;
	}
	fold_name(w, d, o);
	distinct_reg_add(d->askers, ASKERS_LOG, hash_mix(o->client_key ^ w->key, HASH_A));
}

static void set_name(struct window *w, struct domain_sum *d, const u8 *name, unsigned len)
{
	d->name = pool_get(&w->pool[SUMMARY_DOMAIN], len);
	if (d->name) {
		memcpy(pool_at(&w->pool[SUMMARY_DOMAIN], d->name), name, len);
		d->name_len = (u8)len;
	}
}

static void fold(struct window *w, const struct observation *o, unsigned n, const u64 *key)
{
	struct keytab *t = &w->table[SUMMARY_DOMAIN];

	for (unsigned i = 0; i < n; i++) {
		struct domain_sum *d;
		bool fresh;

		if (key[i] == 0)
			continue;
		w->responses += o[i].response;
		w->queries += !o[i].response;
		d = keytab_get(t, key[i], &fresh);
		if (fresh) {
			const struct qname *q = &o[i].qname;

			set_name(w, d, q->lower + q->domain_at, q->len - q->domain_at);
			d->unlisted = !q->listed;
		}
		fold_one(w, d, &o[i]);
	}
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

static void close_minute(void *entry)
{
	struct domain_sum *d = entry;

	d->peak_nx = d->nx;
	d->peak_queries = d->queries > d->responses ? d->queries : d->responses;
}

static u64 weigh(const void *entry)
{
	const struct domain_sum *d = entry;

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
	.keys = keys, .ahead = ahead, .fold = fold, .merge = merge, .close = close_minute,
	.weigh = weigh, .drop = drop, .pack = pack, .unpack = unpack,
};
