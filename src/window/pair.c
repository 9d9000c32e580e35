/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pair.c - octets between one client and one registered domain: the heavy ones.
 *
 * Together with the domain's own bound over distinct names they bound what this client can
 * have moved (the smaller of the two counts). A table of all pairs would be the largest and
 * the slowest of all: in ordinary traffic nearly every message is of a new pair that never
 * matters. So messages are picked by a hash of what they hold (the same everywhere, so that the
 * sums merge), with a chance that grows with what they could carry:
 *
 *   name of 64 octets and more     always, its octets are added        (long_*)
 *   shorter, w octets              with chance w / 64, counted         (short_*)
 *   answer of 1024 octets or more  always; shorter with chance w / 1024
 *
 * n picks stand for at most n + 4.76 sqrt(n) + 14 times the unit (a Poisson tail of one in a
 * million). A client that moves kilobytes is known within some tens of per cent; one that
 * moved less has the domain's bound. Names that come again add again. The table is the
 * heavy hitter: when it is full the light pairs give way. */
#include "base/buf.h"
#include "base/hash.h"
#include "base/rd.h"
#include "window/table.h"
#include <math.h>

u64 pair_key(u64 client, u64 domain)
{
	return hash_mix(client ^ HASH_B, domain ^ HASH_A) | 1;
}

u64 pair_lost(const struct window *w, const struct pair_sum *p)
{
	return p->lost + keytab_lost(&w->table[SUMMARY_PAIR], p->key);
}

#define OUT_UNIT 64u
#define IN_UNIT 1024u

/* Picked by chance w / unit, by 32 bits of a hash. */
static bool picked(u32 draw, u32 w, u32 unit)
{
	return w >= unit || (u64)draw * unit < (u64)w << 32;
}

static u32 answer_octets(const struct observation *o)
{
	return o->response && o->msg.len > o->msg.body ? o->msg.len - o->msg.body : 0;
}

/* What is asked is drawn by the name, so that it is drawn alike when it comes again; what is
 * answered by the message, because the answers to one name may differ. */
static u32 draw_out(const struct observation *o)
{
	return (u32)hash_mix(o->qname.hash ^ HASH_B, o->client_key ^ HASH_A);
}

static u32 draw_in(const struct observation *o)
{
	return (u32)hash_mix(o->qname.hash ^ o->msg.id ^ HASH_A, o->client_key ^ HASH_B);
}

static void keys(const struct turn *t, unsigned n, u64 *key)
{
	for (unsigned i = 0; i < n; i++) {
		const struct observation *o = t[i].o;

		key[i] = 0;
		if (o->named && msg_opcode(&o->msg) == 0 &&
		    (picked(draw_out(o), o->qname.domain_at, OUT_UNIT) ||
		     picked(draw_in(o), answer_octets(o), IN_UNIT)))
			key[i] = pair_key(o->client_key, o->qname.domain);
	}
}

/* What a name adds is the same for a query and its response; an answer is the response's. */
static void fold_one(struct pair_sum *p, const struct turn *t)
{
	const struct observation *o = t->o;
	u32 out = o->qname.domain_at, in = answer_octets(o);
	u32 queries = t->query || !o->response, responses = o->response;

	if (out >= OUT_UNIT) {
		p->long_responses += responses * out;
		p->long_queries += queries * out;
	} else if (picked(draw_out(o), out, OUT_UNIT)) {
		p->short_responses += responses;
		p->short_queries += queries;
	}
	if (in >= IN_UNIT)
		p->long_in += in;
	else if (picked(draw_in(o), in, IN_UNIT))
		p->short_in++;
}

static u64 most(u64 octets, u32 picks, u32 unit)
{
	return octets + (u64)ceil(unit * (picks + 4.76 * sqrt(picks) + 14));
}

u64 pair_out(const struct pair_sum *p)
{
	u64 queries = most(p->long_queries, p->short_queries, OUT_UNIT);
	u64 responses = most(p->long_responses, p->short_responses, OUT_UNIT);

	return max_u64(queries, responses);
}

u64 pair_in(const struct pair_sum *p)
{
	return most(p->long_in, p->short_in, IN_UNIT);
}

static void fold(struct window *w, const struct turn *t, unsigned n, const u64 *key)
{
	for (unsigned i = 0; i < n; i++) {
		const struct observation *o = t[i].o;
		struct pair_sum *p;
		bool fresh;

		if (key[i] == 0)
			continue;
		p = keytab_get(&w->table[SUMMARY_PAIR], key[i], &fresh);
		if (fresh) {
			p->client = o->client_key;
			p->addr = o->client;
			p->domain = o->qname.domain;
		}
		fold_one(p, &t[i]);
	}
}

static void merge(struct window *into, void *entry, const struct window *from, const void *e)
{
	struct pair_sum *p = entry;
	const struct pair_sum *f = e;

	(void)into;
	(void)from;
	p->client = f->client;
	p->lost += f->lost;
	p->addr = f->addr;
	p->domain = f->domain;
#define F(type, name) COUNT_ADD_##type(p->name, f->name);
	PAIR_COUNTS(F)
#undef F
}

static u64 weigh(const void *window, const void *entry)
{
	const struct pair_sum *p = entry;

	(void)window;
	return p->long_queries + p->long_responses + p->long_in +
	       OUT_UNIT * ((u64)p->short_queries + p->short_responses) + (u64)IN_UNIT * p->short_in;
}

static void pack(const struct window *w, const void *entry, struct buf *out)
{
	const struct pair_sum *p = entry;

	buf_u64(out, p->key);
	buf_u64(out, pair_lost(w, p));
	buf_u64(out, p->client);
	buf_u64(out, p->domain);
	buf_add(out, p->addr.at, 16);
#define F(type, name) COUNT_PACK_##type(out, p->name);
	PAIR_COUNTS(F)
#undef F
}

static int unpack(struct window *w, struct rd *in)
{
	u64 key = rd_u64(in), lost = rd_u64(in);
	struct pair_sum *p;
	const u8 *addr;
	bool fresh;

	if (in->bad || key == 0)
		return OOPS_FORMAT;
	p = keytab_get(&w->table[SUMMARY_PAIR], key, &fresh);
	if (!fresh)
		return OOPS_FORMAT;
	p->lost = lost;
	p->client = rd_u64(in);
	p->domain = rd_u64(in);
	if ((addr = rd_take(in, 16)) != NULL)
		p->addr = addr_of6(addr);
#define F(type, name) p->name = COUNT_READ_##type(in);
	PAIR_COUNTS(F)
#undef F
	return in->bad ? OOPS_FORMAT : 0;
}

const struct summary_kind summary_pair = {
	.id = "pair", .size = sizeof(struct pair_sum), .share = 25, .grown = 0,
	.keys = keys, .fold = fold, .merge = merge, .weigh = weigh,
	.pack = pack, .unpack = unpack,
};
