/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mates.c - see mates.h. */
#include "observe/mates.h"
#include "base/hash.h"

#define QUESTION_END 4	/* octets of type and class */

void mates_begin(struct mates *m, struct observation *batch)
{
	m->batch = batch;
	memset(m->at, 0, sizeof m->at);
}

static inline u8 *place_of(struct mates *m, const struct observation *o)
{
	u64 ends = hash_load(o->client.at + 8, 8) ^ (u64)o->client_port << 16 ^ o->msg.id;

	return &m->at[ends * HASH_A >> 32 & (MATES_PLACES - 1)];
}

static inline bool same_addr(const struct addr *a, const struct addr *b)
{
	return ((hash_load(a->at, 8) ^ hash_load(b->at, 8)) |
		(hash_load(a->at + 8, 8) ^ hash_load(b->at + 8, 8))) == 0;
}

/* Octet for octet; a header stands before both, so the first ones may be read again. */
static inline bool same_octets(const u8 *a, const u8 *b, unsigned n)
{
	u64 differ = hash_load(a + n - 8, 8) ^ hash_load(b + n - 8, 8);

	for (unsigned i = 0; i + 8 < n; i += 8)
		differ |= hash_load(a + i, 8) ^ hash_load(b + i, 8);
	return differ == 0;
}

static inline bool is_mate(const struct observation *q, const struct observation *r)
{
	const struct msg *a = &q->msg, *b = &r->msg;

	return a->id == b->id && q->v6 == r->v6 && q->client_port == r->client_port &&
	       q->server_port == r->server_port && q->transport == r->transport &&
	       a->qname_len == b->qname_len && msg_opcode(a) == msg_opcode(b) &&
	       same_addr(&q->client, &r->client) && same_addr(&q->server, &r->server) &&
	       same_octets(a->wire + DNS_HEADER, b->wire + DNS_HEADER,
			   a->qname_len + QUESTION_END);
}

void mates_look(struct mates *m, struct observation *o)
{
	u8 *place = place_of(m, o);

	o->query = NULL;
	if (!o->named)
		return;
	if (!o->response) {
		*place = (u8)(o - m->batch + 1);
	} else if (*place && is_mate(&m->batch[*place - 1], o)) {
		o->query = &m->batch[*place - 1];
		*place = 0;
	}
}
