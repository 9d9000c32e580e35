/* SPDX-License-Identifier: GPL-3.0-or-later */
/* client.c - the summary of an address that asks, or in whose name is asked.
 *
 * `nx_domains` samples the registered domains that the client asked for and that do
 * not exist: the NXDOMAIN's SOA record lies above the domain (RFC 2308, 2.2), or there
 * is none and the domain itself (or its www) was asked. Names under an existing domain
 * (block lists, antivirus look-ups, telemetry) thereby stay out. Names below the private
 * suffixes of hosters and content networks are often given out by machines: they must look
 * made by PRIVATE_LLR more. An item's value is the domain label's log-likelihood ratio
 * (charmodel.h) offset by NX_LLR_ZERO; its `least` is the label's length (6 bits) and a tag of
 * its public suffix (18 bits), for clusters.
 *
 * `coded` samples the long names that look encoded, under whatever domain: weighted by the
 * octets of the sub-domain, with the domain's tag. One client that asks them under many domains
 * may be one channel; no domain's summary shows that. `out_*` is what all its names together
 * hold. Below a suffix that does not exist nobody owns a domain, and the whole name counts. Names
 * of less than CODED_MIN octets are let go unread: nearly all of them.
 *
 * `coded` and all that follows is the rare part: one client in ten has it, and the others do
 * not pay for it (window.rare).
 *
 * `big_*` counts responses of BIG_RESPONSE octets and more that were sent to the address,
 * asked for or not: a victim of reflection is a client here. Fragments of datagrams that
 * never completed count beside them. */
#include "window/client.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/rd.h"
#include "dns/charmodel.h"
#include "dns/rrtype.h"
#include "dns/subname.h"
#include "window/table.h"

#define CODED_MIN 40u	/* octets of a sub-domain: hashes and tokens are shorter */
#define CODED_BITS 11	/* for two octets: 5.5 each; as tunnel.density has it */
#define CODED_SEEN HASH_B
#define PRIVATE_LLR (2 * CHARMODEL_BIT)
#define SHORT_LABEL 7

_Static_assert(sizeof(struct client_rare) <= CLIENT_RARE_BLOCK, "one block of window.rare");

const struct client_rare *client_rare(const struct window *w, const struct client_sum *c)
{
	static const struct client_rare none = { .big_servers.k = 15, .big_questions.k = 15 };

	return c->rare ? pool_at(&w->rare, c->rare) : &none;
}

struct client_rare *client_rare_make(struct window *w, struct client_sum *c)
{
	struct client_rare *r;

	if (c->rare)
		return pool_at(&w->rare, c->rare);
	c->rare = pool_get(&w->rare, sizeof *r);
	must(c->rare);	/* as many blocks as keys */
	r = pool_at(&w->rare, c->rare);
	*r = (struct client_rare){ .big_servers.k = 15, .big_questions.k = 15 };
	return r;
}

static void keys(const struct turn *t, unsigned n, u64 *key)
{
	for (unsigned i = 0; i < n; i++)
		key[i] = t[i].o->client_key;
}

/* Octets of the qname left of the zone that denies it (the owner of the SOA in the
 * authority section), or -1 without one. Only owners that are a pointer into the
 * question or the root are needed: servers write no others in practice, and another
 * form just counts as not known. */
static int denied_at(const struct observation *o)
{
	struct rr_iter it = rr_first(&o->msg);
	const u8 *wire = o->msg.wire;
	struct rr rr;

	while (rr_next(&it, &rr)) {
		if (rr.section != SECTION_AUTHORITY || rr.type != TYPE_SOA)
			continue;
		if (wire[rr.owner] == 0)
			return o->qname.len - 1;
		if (wire[rr.owner] >= 0xc0) {
			int at = (wire[rr.owner] & 0x3f) << 8 | wire[rr.owner + 1];

			if (at >= DNS_HEADER && at < DNS_HEADER + o->qname.len)
				return at - DNS_HEADER;
		}
		return -1;
	}
	return -1;
}

/* Services of Tor, whose names are keys: nobody registers them, and the root denies them. */
static bool below_onion(const struct qname *q)
{
	return q->len > 7 && strncasecmp((const char *)q->wire + q->len - 7, "\5onion", 7) == 0;
}

static bool domain_is_missing(const struct observation *o)
{
	const struct qname *q = &o->qname;
	int at;

	if (q->domain_at + 1u >= q->len || !q->listed)
		return false;	/* the root's junk and suffixes that do not exist */
	if (below_onion(q))
		return false;	/* on the public suffix list, but RFC 7686 */
	at = denied_at(o);
	if (at >= 0)
		return at > q->domain_at;
	return q->sub_labels == 0 || (q->sub_labels == 1 && q->domain_at == 4 &&
				      strncasecmp((const char *)q->wire, "\3www", 4) == 0);
}

/* Labels made of the initials of Chinese syllables have none of these three letters. */
static bool has_no_initial(const u8 *label, unsigned len)
{
	for (unsigned i = 0; i < len; i++)
		if (label[i] == 'i' || label[i] == 'u' || label[i] == 'v')
			return true;
	return false;
}

static void fold_nx(struct window *w, struct client_sum *c, const struct observation *o)
{
	struct qname q = o->qname;
	u64 hash = hash_mix(q.domain ^ w->key, HASH_A);
	u8 lower[QNAME_LOWER], *label = lower + q.domain_at;
	struct sampled *it;
	bool fresh;
	int llr;

	if (!sample_wants(&c->nx_domains, hash, 1) || !domain_is_missing(o))
		return;
	it = sample_item(&c->nx_domains, &w->pool[SUMMARY_CLIENT], hash, 1, &fresh);
	if (it == NULL)
		return;
	if (o->msg.qtype != TYPE_MX && o->msg.qtype != TYPE_TXT)
		it->mark |= NX_NOT_MAIL;
	if (!fresh)
		return;
	qname_lower(&q, lower);
	llr = charmodel_llr(label + 1, label[0]) + NX_LLR_ZERO;
	llr -= q.listed == SUFFIX_PRIVATE ? PRIVATE_LLR : 0;
	if (label[0] < SHORT_LABEL)	/* initials look drawn: half as much */
		llr = NX_LLR_ZERO + (llr - NX_LLR_ZERO) / 2;
	it->value = (u16)(llr < 0 ? 0 : llr > UINT16_MAX ? UINT16_MAX : llr);
	it->mark |= has_no_initial(label + 1, label[0]) ? NX_NO_INITIALS : 0;
	it->least = (u32)label[0] << 18 | (u32)(q.suffix & 0x3ffff);
}

static void fold_big(struct window *w, struct client_rare *c, const struct observation *o)
{
	u64 server = hash_mix(o->server_key ^ w->key, HASH_A);
	u64 question = hash_mix(o->qname.hash ^ w->key ^ o->msg.qtype, HASH_A);
	bool fresh;

	c->big++;
	c->big_any += o->type_class == TYPES_ANY;
	c->big_dnssec += o->type_class == TYPES_DNSSEC;
	c->big_text += o->type_class == TYPES_TEXT;
	c->big_low_port += o->client_port < 1024;
	c->big_octets += o->octets;
	if (sample_wants(&c->big_servers, server, 1)) {
		struct sampled *it = sample_item(&c->big_servers, &w->pool[SUMMARY_CLIENT], server,
					      1, &fresh);

		if (it)
			it->least = o->server_key & 0xffffff;
	}
	if (o->named && sample_wants(&c->big_questions, question, 1))
		sample_item(&c->big_questions, &w->pool[SUMMARY_CLIENT], question, 1, &fresh);
}

/* Octets of a name that can be data: below a suffix that does not exist, all of them. */
static u32 octets_of(const struct observation *o)
{
	return o->qname.listed ? o->qname.domain_at : o->qname.len - 1u;
}

static bool is_coded(struct qname q, u32 octets)
{
	u8 lower[QNAME_LOWER];
	unsigned rest;

	qname_lower(&q, lower);
	return subname_bits(&q, octets) * 2 >= octets * CODED_BITS && !subname_numeric(&q, &rest);
}

static u8 mark_of(const struct observation *o)
{
	enum type_class c = o->type_class;
	bool carried = c == TYPES_TEXT || c == TYPES_RAW || c == TYPES_NAME || c == TYPES_SERVICE;
	bool answered = o->response && o->rcode == RCODE_NOERROR && o->msg.count[1];

	return (u8)(NAME_ASKED | (answered ? NAME_ANSWERED : 0) | (carried ? NAME_CARRIED : 0));
}

static void fold_coded(struct window *w, struct client_sum *c, const struct observation *o,
		       u32 octets)
{
	struct sample *coded;
	const struct qname *q = &o->qname;
	u64 hash = hash_mix(q->hash ^ w->key, HASH_A);
	u8 mark = mark_of(o);
	struct sampled *it;
	bool fresh;

	if (window_seen(w, (hash ^ o->client_key ^ CODED_SEEN) + mark) ||
	    !sample_wants(&client_rare(w, c)->coded, hash, octets) || !is_coded(*q, octets))
		return;
	coded = &client_rare_make(w, c)->coded;
	it = sample_item(coded, &w->pool[SUMMARY_CLIENT], hash, octets, &fresh);
	if (it == NULL)
		return;
	it->least = q->domain & 0xffffff;
	it->mark |= mark;
}

/* Of a pair the response's mark says what the query's would. */
static void fold_name(struct window *w, struct client_sum *c, const struct turn *t)
{
	u32 octets = octets_of(t->o);

	if (t->o->response)
		c->out_responses += octets;
	if (t->query || !t->o->response)
		c->out_queries += octets;
	if (unlikely(octets >= CODED_MIN) && msg_opcode(&t->o->msg) == OPCODE_QUERY)
		fold_coded(w, c, t->o, octets);
}

static void fold_query(struct client_sum *c, const struct observation *o)
{
	stamp_join(&c->first_ns, &c->last_ns, o->time_ns);
	c->tcp += o->transport == TRANSPORT_TCP;
	c->queries++;
	c->query_octets += o->octets;
}

static void fold_response(struct window *w, struct client_sum *c, const struct observation *o)
{
	stamp_join(&c->first_ns, &c->last_ns, o->time_ns);
	c->tcp += o->transport == TRANSPORT_TCP;
	c->responses++;
	c->response_octets += o->octets;
	if (o->rcode == RCODE_NOERROR) {
		c->answered += o->msg.count[1] != 0;
		c->empty += o->msg.count[1] == 0;
	} else if (o->rcode == RCODE_NXDOMAIN) {
		c->nx++;
		if (o->named)
			fold_nx(w, c, o);
	} else {
		c->failed++;
	}
	if (o->octets >= BIG_RESPONSE && o->transport == TRANSPORT_UDP)
		fold_big(w, client_rare_make(w, c), o);
}

static void fold(struct window *w, const struct turn *t, unsigned n, const u64 *key)
{
	for (unsigned i = 0; i < n; i++, t++) {
		struct client_sum *c;
		bool fresh;

		c = keytab_get(&w->table[SUMMARY_CLIENT], key[i], &fresh);
		if (fresh)
			c->addr = t->o->client;
		if (t->o->named)
			fold_name(w, c, t);
		if (t->query)
			fold_query(c, t->query);
		if (t->o->response)
			fold_response(w, c, t->o);
		else
			fold_query(c, t->o);
	}
}

static void merge_rare(struct window *into, struct client_rare *r, const struct window *from,
		       const struct client_rare *f)
{
	struct pool *p = &into->pool[SUMMARY_CLIENT];
	const struct pool *fp = &from->pool[SUMMARY_CLIENT];

#define F(type, name) COUNT_ADD_##type(r->name, f->name);
	CLIENT_RARE_COUNTS(F)
#undef F
	r->peak_big_octets = max_u64(r->peak_big_octets, f->peak_big_octets);
	sample_merge(&r->coded, p, &f->coded, fp);
	sample_merge(&r->big_servers, p, &f->big_servers, fp);
	sample_merge(&r->big_questions, p, &f->big_questions, fp);
}

static void merge(struct window *into, void *entry, const struct window *from, const void *e)
{
	struct client_sum *c = entry;
	const struct client_sum *f = e;

	c->addr = f->addr;
	c->network = f->network;
	stamp_join(&c->first_ns, &c->last_ns, f->first_ns);
	stamp_join(&c->first_ns, &c->last_ns, f->last_ns);
#define F(type, name) COUNT_ADD_##type(c->name, f->name);
	CLIENT_COUNTS(F)
#undef F
	sample_merge(&c->nx_domains, &into->pool[SUMMARY_CLIENT], &f->nx_domains,
		     &from->pool[SUMMARY_CLIENT]);
	if (f->rare)
		merge_rare(into, client_rare_make(into, c), from, client_rare(from, f));
}

static void reach(const struct window *w, const void *entry)
{
	const struct client_sum *c = entry;

	if (c->nx_domains.block)
		sample_fetch(&c->nx_domains, &w->pool[SUMMARY_CLIENT]);
	if (c->rare)
		__builtin_prefetch(pool_at(&w->rare, c->rare), 1);
}

static void close_minute(struct window *w, void *entry)
{
	struct client_sum *c = entry;
	struct client_rare *r = c->rare ? client_rare_make(w, c) : NULL;

	if (r)
		r->peak_big_octets = r->big_octets + r->fragment_octets;
}

static u64 weigh(const void *window, const void *entry)
{
	const struct client_sum *c = entry;

	return c->query_octets + c->response_octets + client_rare(window, c)->fragment_octets;
}

static void drop(void *window, void *entry)
{
	struct window *w = window;
	struct client_sum *c = entry;
	struct client_rare *r = c->rare ? client_rare_make(w, c) : NULL;

	sample_free(&c->nx_domains, &w->pool[SUMMARY_CLIENT]);
	if (r == NULL)
		return;
	sample_free(&r->coded, &w->pool[SUMMARY_CLIENT]);
	sample_free(&r->big_servers, &w->pool[SUMMARY_CLIENT]);
	sample_free(&r->big_questions, &w->pool[SUMMARY_CLIENT]);
	pool_put(&w->rare, c->rare, sizeof *r);
}

static void pack(const struct window *w, const void *entry, struct buf *out)
{
	const struct client_sum *c = entry;
	const struct client_rare *r = client_rare(w, c);

	buf_u64(out, c->key);
	buf_add(out, c->addr.at, 16);
	buf_byte(out, c->network);
	buf_u64(out, c->first_ns);
	buf_u64(out, c->last_ns);
#define F(type, name) COUNT_PACK_##type(out, c->name);
	CLIENT_COUNTS(F)
#undef F
	sample_pack(&c->nx_domains, &w->pool[SUMMARY_CLIENT], out);
#define F(type, name) COUNT_PACK_##type(out, r->name);
	CLIENT_RARE_COUNTS(F)
#undef F
	buf_u64(out, r->peak_big_octets);
	sample_pack(&r->coded, &w->pool[SUMMARY_CLIENT], out);
	sample_pack(&r->big_servers, &w->pool[SUMMARY_CLIENT], out);
	sample_pack(&r->big_questions, &w->pool[SUMMARY_CLIENT], out);
}

static int unpack_rare(struct window *w, struct client_rare *r, struct rd *in)
{
	struct pool *p = &w->pool[SUMMARY_CLIENT];

#define F(type, name) r->name = COUNT_READ_##type(in);
	CLIENT_RARE_COUNTS(F)
#undef F
	r->peak_big_octets = rd_u64(in);
	if (in->bad || sample_unpack(&r->coded, p, in) < 0 ||
	    sample_unpack(&r->big_servers, p, in) < 0 ||
	    sample_unpack(&r->big_questions, p, in) < 0)
		return OOPS_FORMAT;
	return 0;
}

static int unpack(struct window *w, struct rd *in)
{
	u64 key = rd_u64(in);
	const u8 *addr = rd_take(in, 16);
	u8 network = rd_u8(in);
	struct client_sum *c;
	bool fresh;

	if (in->bad || network > 128)
		return OOPS_FORMAT;
	c = keytab_get(&w->table[SUMMARY_CLIENT], key, &fresh);
	if (!fresh)
		return OOPS_FORMAT;
	c->addr = addr_of6(addr);
	c->network = network;
	c->first_ns = rd_u64(in);
	c->last_ns = rd_u64(in);
#define F(type, name) c->name = COUNT_READ_##type(in);
	CLIENT_COUNTS(F)
#undef F
	if (in->bad || sample_unpack(&c->nx_domains, &w->pool[SUMMARY_CLIENT], in) < 0)
		return OOPS_FORMAT;
	return unpack_rare(w, client_rare_make(w, c), in);
}

const struct summary_kind summary_client = {
	.id = "client", .size = sizeof(struct client_sum), .share = 25,
	.rare = CLIENT_RARE_BLOCK, .grown = 32,
	.keys = keys, .fold = fold, .merge = merge, .reach = reach, .close = close_minute,
	.weigh = weigh, .drop = drop, .pack = pack, .unpack = unpack,
};
