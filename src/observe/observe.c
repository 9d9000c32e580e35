/* SPDX-License-Identifier: GPL-3.0-or-later */
/* observe.c - a decoded message becomes an observation: who asked whom what. */
#include "observe/observe.h"

/* QR says which way a message goes. A "response" to the DNS port from another one,
 * or a "query" from it, is taken by its QR all the same: tunnels and reflectors do
 * what they like with ports. */
void observe(struct observation *o, const struct payload *p, const struct suffixes *s, u64 key)
{
	const struct msg *m = &o->msg;
	unsigned rcode = msg_rcode(m);

	o->response = msg_is_response(m);
	o->client = o->response ? p->dst : p->src;
	o->server = o->response ? p->src : p->dst;
	o->client_port = o->response ? p->dport : p->sport;
	o->server_port = o->response ? p->sport : p->dport;
	o->client_key = address_key(&o->client, key);
	o->server_key = address_key(&o->server, key);
	o->time_ns = p->time_ns;
	o->number = p->number;
	o->file = p->file;
	o->octets = p->full_len > p->len ? p->full_len : p->len;
	o->transport = p->transport;
	o->payload_flags = p->flags;
	o->ttl = p->ttl;
	o->v6 = !addr_is4(&p->src);
	o->rcode = rcode < 255 ? (u8)rcode : 255;
	o->type_class = type_class(m->qtype);
	o->join = JOIN_NONE;
	o->latency_ns = 0;
	o->named = m->qname_len != 0;
	if (o->named)
		qname_read(&o->qname, s, m->wire + DNS_HEADER, m->qname_len);
}
