/* SPDX-License-Identifier: GPL-3.0-or-later */
/* observe.c - a decoded message becomes an observation: who asked whom what. */
#include "observe/observe.h"
#include "dns/question.h"
#include "observe/mates.h"

/* QR says which way a message goes. A "response" to the DNS port from another one,
 * or a "query" from it, is taken by its QR all the same: tunnels and reflectors do
 * what they like with ports. */
static inline void copy_ends(struct observation *o, const struct payload *p)
{
	o->response = msg_is_response(&o->msg);
	o->client = o->response ? p->dst : p->src;
	o->server = o->response ? p->src : p->dst;
	o->client_port = o->response ? p->dport : p->sport;
	o->server_port = o->response ? p->sport : p->dport;
	o->time_ns = p->time_ns;
	o->number = p->number;
	o->file = p->file;
	o->octets = p->full_len > p->len ? p->full_len : p->len;
	o->transport = p->transport;
	o->payload_flags = p->flags;
	o->ttl = p->ttl;
	o->v6 = !addr_is4(&p->src);
}

/* What a response has of its query. */
static inline void take_over(struct observation *o, const struct observation *query)
{
	o->client_key = query->client_key;
	o->server_key = query->server_key;
	o->type_class = query->type_class;
	o->question = query->question;
}

static inline void find_out(struct observation *o, const struct observe_setup *s)
{
	const struct msg *m = &o->msg;

	o->client_key = address_key(&o->client, s->key);
	o->server_key = address_key(&o->server, s->key);
	o->type_class = type_class(m->qtype);
	o->question = NULL;
	if (o->named)
		o->question = questions_place(s->asked, m->wire + DNS_HEADER, m->qname_len);
}

void observe_ends(struct observation *o, const struct payload *p, const struct observe_setup *s)
{
	unsigned rcode = msg_rcode(&o->msg);

	copy_ends(o, p);
	o->rcode = rcode < 255 ? (u8)rcode : 255;
	o->join = JOIN_NONE;
	o->latency_ns = 0;
	o->named = o->msg.qname_len != 0;
	o->query = NULL;
	if (s->mates)
		mates_look(s->mates, o);
	if (o->query)
		take_over(o, o->query);
	else
		find_out(o, s);
}

void observe_name(struct observation *o, const struct observe_setup *s)
{
	const u8 *wire = o->msg.wire + DNS_HEADER;

	if (o->query) {
		o->qname = o->query->qname;
		o->qname.wire = wire;
	} else if (o->named) {
		question_read(o->question, &o->qname, s->suffixes, wire, o->msg.qname_len);
	}
}

void observe(struct observation *o, const struct payload *p, const struct observe_setup *s)
{
	observe_ends(o, p, s);
	observe_name(o, s);
}
