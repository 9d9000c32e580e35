/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pair.c - octets between one client and one registered domain.
 *
 * Plain sums, repeats included: together with the domain's own bound over distinct
 * names they bound what this client can have moved (the smaller of the two counts).
 * The table is the heavy hitter: when it is full the light pairs give way. */
#include "base/buf.h"
#include "base/hash.h"
#include "base/rd.h"
#include "window/table.h"

u64 pair_key(u64 client, u64 domain)
{
	return hash_mix(client ^ HASH_B, domain ^ HASH_A) | 1;
}

u64 pair_lost(const struct window *w, const struct pair_sum *p)
{
	return p->lost + keytab_lost(&w->table[SUMMARY_PAIR], p->key);
}

static void keys(const struct observation *o, unsigned n, u64 *key)
{
	for (unsigned i = 0; i < n; i++)
		key[i] = o[i].named && msg_opcode(&o[i].msg) == 0
			? pair_key(o[i].client_key, o[i].qname.domain) : 0;
}

static void fold(struct window *w, const struct observation *o, unsigned n, const u64 *key)
{
	struct keytab *t = &w->table[SUMMARY_PAIR];

	for (unsigned i = 0; i < n; i++, o++) {
		struct pair_sum *p;
		bool fresh;

		if (key[i] == 0)
			continue;
		p = keytab_get(t, key[i], &fresh);
		if (fresh) {
			p->client = o->client_key;
			p->addr = o->client;
			p->domain = o->qname.domain;
		}
		if (o->response) {
			p->responses++;
			p->out_responses += o->qname.domain_at;
			p->in_octets += o->msg.len - o->msg.body;
		} else {
			p->queries++;
			p->out_queries += o->qname.domain_at;
		}
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

static u64 weigh(const void *entry)
{
	const struct pair_sum *p = entry;

	return p->queries + p->responses + p->in_octets + max_u64(p->out_queries, p->out_responses);
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
