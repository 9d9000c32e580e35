/* SPDX-License-Identifier: GPL-3.0-or-later */
/* server.c - the summary of an address that answers: what went in, what came out, and
 * to whom the big answers went (reflection abuses servers that answer big). */
#include "base/buf.h"
#include "base/hash.h"
#include "base/rd.h"
#include "dns/rrtype.h"
#include "window/table.h"

static void keys(const struct turn *t, unsigned n, u64 *key)
{
	for (unsigned i = 0; i < n; i++)
		key[i] = t[i].o->server_key;
}

static void fold_big(struct window *w, struct server_sum *s, const struct observation *o)
{
	u64 hash = hash_mix(o->client_key ^ w->key, HASH_A);
	struct sampled *it;
	bool fresh;

	s->big++;
	s->big_any += o->type_class == TYPES_ANY;
	s->big_dnssec += o->type_class == TYPES_DNSSEC;
	s->big_text += o->type_class == TYPES_TEXT;
	s->big_octets += o->octets;
	if (sample_wants(&s->big_clients, hash, 1) &&
	    (it = sample_item(&s->big_clients, &w->pool[SUMMARY_SERVER], hash, 1, &fresh)))
		it->least = o->client_key & 0xffffff;
}

static void fold_one(struct window *w, struct server_sum *s, const struct observation *o)
{
	stamp_join(&s->first_ns, &s->last_ns, o->time_ns);
	if (!o->response) {
		s->queries++;
		s->query_octets += o->octets;
		return;
	}
	s->responses++;
	s->response_octets += o->octets;
	s->answered += o->rcode == RCODE_NOERROR && o->msg.count[1];
	s->nx += o->rcode == RCODE_NXDOMAIN;
	s->failed += o->rcode != RCODE_NOERROR && o->rcode != RCODE_NXDOMAIN;
	if (o->octets >= BIG_RESPONSE && o->transport == TRANSPORT_UDP)
		fold_big(w, s, o);
}

static void fold(struct window *w, const struct turn *t, unsigned n, const u64 *key)
{
	for (unsigned i = 0; i < n; i++) {
		struct server_sum *s;
		bool fresh;

		s = keytab_get(&w->table[SUMMARY_SERVER], key[i], &fresh);
		if (fresh) {
			s->addr = t[i].o->server;
			s->big_clients.k = 15;
		}
		if (t[i].query)
			fold_one(w, s, t[i].query);
		fold_one(w, s, t[i].o);
	}
}

static void merge(struct window *into, void *entry, const struct window *from, const void *e)
{
	struct server_sum *s = entry;
	const struct server_sum *f = e;

	s->addr = f->addr;
	stamp_join(&s->first_ns, &s->last_ns, f->first_ns);
	stamp_join(&s->first_ns, &s->last_ns, f->last_ns);
#define F(type, name) COUNT_ADD_##type(s->name, f->name);
	SERVER_COUNTS(F)
#undef F
	s->big_clients.k = 15;
	sample_merge(&s->big_clients, &into->pool[SUMMARY_SERVER], &f->big_clients,
		     &from->pool[SUMMARY_SERVER]);
}

static u64 weigh(const void *window, const void *entry)
{
	const struct server_sum *s = entry;

	(void)window;
	return s->query_octets + s->response_octets + s->fragment_octets;
}

static void drop(void *window, void *entry)
{
	struct server_sum *s = entry;

	sample_free(&s->big_clients, &((struct window *)window)->pool[SUMMARY_SERVER]);
}

static void pack(const struct window *w, const void *entry, struct buf *out)
{
	const struct server_sum *s = entry;

	buf_u64(out, s->key);
	buf_add(out, s->addr.at, 16);
	buf_u64(out, s->first_ns);
	buf_u64(out, s->last_ns);
#define F(type, name) COUNT_PACK_##type(out, s->name);
	SERVER_COUNTS(F)
#undef F
	sample_pack(&s->big_clients, &w->pool[SUMMARY_SERVER], out);
}

static int unpack(struct window *w, struct rd *in)
{
	u64 key = rd_u64(in);
	const u8 *addr = rd_take(in, 16);
	struct server_sum *s;
	bool fresh;

	if (in->bad)
		return OOPS_FORMAT;
	s = keytab_get(&w->table[SUMMARY_SERVER], key, &fresh);
	if (!fresh)
		return OOPS_FORMAT;
	s->addr = addr_of6(addr);
	s->first_ns = rd_u64(in);
	s->last_ns = rd_u64(in);
#define F(type, name) s->name = COUNT_READ_##type(in);
	SERVER_COUNTS(F)
#undef F
	return in->bad || sample_unpack(&s->big_clients, &w->pool[SUMMARY_SERVER], in) < 0
		       ? OOPS_FORMAT
		       : 0;
}

const struct summary_kind summary_server = {
	.id = "server", .size = sizeof(struct server_sum), .share = 10, .grown = 32,
	.keys = keys, .fold = fold, .merge = merge,
	.weigh = weigh, .drop = drop, .pack = pack, .unpack = unpack,
};
