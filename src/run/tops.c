/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tops.c - see tops.h. */
#include "run/tops.h"
#include "detect/detect.h"
#include "dns/name.h"
#include "model/finding.h"
#include "model/utf8.h"
#include "window/bound.h"

static int by_weight(const void *a, const void *b)
{
	const struct top *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	return (x->key > y->key) - (x->key < y->key);
}

/* The heaviest entries of one table: a heap whose top is the lightest of them, so that most
 * entries cost one compare. */
struct pick { u64 weight, key; u32 at; };
struct picks { struct pick heap[TOPS_KEPT]; u32 count; };

static bool lighter(const struct pick *a, const struct pick *b)
{
	return a->weight != b->weight ? a->weight < b->weight : a->key > b->key;
}

static void sink(struct picks *p, u32 i)
{
	for (;;) {
		u32 least = i, child = 2 * i + 1;
		struct pick swap;

		for (u32 c = child; c < child + 2 && c < p->count; c++)
			if (lighter(&p->heap[c], &p->heap[least]))
				least = c;
		if (least == i)
			return;
		swap = p->heap[i];
		p->heap[i] = p->heap[least];
		p->heap[least] = swap;
		i = least;
	}
}

static bool wants(const struct picks *p, const struct pick *x)
{
	return p->count < TOPS_KEPT || lighter(&p->heap[0], x);
}

static void add_pick(struct picks *p, const struct pick *x)
{
	if (!wants(p, x))
		return;
	if (p->count < TOPS_KEPT) {
		p->heap[p->count++] = *x;
		if (p->count == TOPS_KEPT)
			for (u32 i = TOPS_KEPT / 2; i-- > 0;)
				sink(p, i);
		return;
	}
	p->heap[0] = *x;
	sink(p, 0);
}

static struct top *find(struct top_list *l, u64 key)
{
	for (u32 i = 0; i < l->count; i++)
		if (l->at[i].key == key)
			return &l->at[i];
	return NULL;
}

/* Adds one row to those of the days before. */
static void add(struct top_list *l, const struct top *t, bool known)
{
	struct top *old = known ? find(l, t->key) : NULL;

	if (old) {
		old->messages += t->messages;
		old->weight += t->weight;
		old->bound_out += t->bound_out;
		old->bound_in += t->bound_in;
		old->names += t->names;
		old->clients = max_u64(old->clients, t->clients);
		return;
	}
	if (l->at == NULL && (l->at = calloc(2 * TOPS_KEPT, sizeof *l->at)) == NULL)
		return;
	if (l->count < 2 * TOPS_KEPT)
		l->at[l->count++] = *t;
}

static void cut(struct top_list *l)
{
	if (l->count)
		qsort(l->at, l->count, sizeof *l->at, by_weight);
	if (l->count > TOPS_KEPT)
		l->count = TOPS_KEPT;
}

static void name_domain(struct top *t, const struct window *w, const struct domain_sum *d)
{
	char text[NAME_TEXT_MAX] = "?";

	if (d->name_len)
		name_text(pool_at(&w->pool[SUMMARY_DOMAIN], d->name), d->name_len, text);
	snprintf(t->name, sizeof t->name, "%s", text);
}

static void add_domain(struct top_list *l, const struct window *w, const struct pick *x,
		       bool known)
{
	const struct domain_sum *d = keytab_at(&w->table[SUMMARY_DOMAIN], x->at);
	struct top row = { .key = d->key, .messages = (u64)d->queries + d->responses,
		.weight = x->weight };
	struct bound b;

	bound_of(&b, w, d);
	name_domain(&row, w, d);
	row.bound_out = b.most_out;
	row.bound_in = b.most_in;
	row.names = (u64)(b.names + 0.5);
	row.clients = domain_clients(d);
	add(l, &row, known);
}

/* By messages, and by what can have left: the plain sum bounds that and is at hand, so few
 * bounds have to be worked out. */
static void take_domains(struct tops *t, const struct window *w, struct picks *p, bool bounds,
			 bool known)
{
	const struct keytab *tab = &w->table[SUMMARY_DOMAIN];

	p->count = 0;
	for (u32 i = 0; i < tab->count; i++) {
		const struct domain_sum *d = keytab_at(tab, i);
		struct pick x = { .key = d->key, .at = i };
		struct bound b;

		x.weight = bounds ? d->out_queries + d->out_responses + domain_lost(w, d)
				  : (u64)d->queries + d->responses;
		if (!wants(p, &x))
			continue;
		if (bounds) {
			bound_of(&b, w, d);
			x.weight = b.most_out;
		}
		add_pick(p, &x);
	}
	for (u32 i = 0; i < p->count; i++)
		add_domain(bounds ? &t->senders : &t->domains, w, &p->heap[i], known);
}

static u64 messages_of(const struct window *w, unsigned kind, u32 i)
{
	const struct client_sum *c = keytab_at(&w->table[kind], i);
	const struct server_sum *s = keytab_at(&w->table[kind], i);

	if (kind == SUMMARY_CLIENT && c->network)
		return 0;
	return kind == SUMMARY_CLIENT ? (u64)c->queries + c->responses
				      : (u64)s->queries + s->responses;
}

static void take_addresses(struct top_list *l, const struct window *w, struct picks *p,
			   unsigned kind, bool known)
{
	const struct keytab *tab = &w->table[kind];

	p->count = 0;
	for (u32 i = 0; i < tab->count; i++) {
		struct pick x = { .weight = messages_of(w, kind, i),
			.key = *(const u64 *)keytab_at(tab, i), .at = i };

		if (x.weight)
			add_pick(p, &x);
	}
	for (u32 i = 0; i < p->count; i++) {
		const struct client_sum *c = keytab_at(tab, p->heap[i].at);
		const struct server_sum *s = keytab_at(tab, p->heap[i].at);
		struct top row = { .key = p->heap[i].key, .messages = p->heap[i].weight,
			.weight = p->heap[i].weight };

		address_text(kind == SUMMARY_CLIENT ? &c->addr : &s->addr, row.name);
		add(l, &row, known);
	}
}

void tops_take(struct tops *t, const struct window *day)
{
	bool known = t->clients.count > 0;
	struct picks *p = malloc(sizeof *p);

	if (p == NULL)
		return;
	take_domains(t, day, p, false, known);
	take_domains(t, day, p, true, known);
	take_addresses(&t->clients, day, p, SUMMARY_CLIENT, known);
	take_addresses(&t->servers, day, p, SUMMARY_SERVER, known);
	free(p);
	cut(&t->domains);
	cut(&t->senders);
	cut(&t->clients);
	cut(&t->servers);
}

static void json_list(const struct top_list *l, const char *name, bool domains, struct buf *out)
{
	buf_fmt(out, "\"%s\":[", name);
	for (u32 i = 0; i < l->count && i < TOPS_SHOWN; i++) {
		const struct top *t = &l->at[i];

		buf_fmt(out, "%s{\"name\":", i ? "," : "");
		utf8_json(out, t->name);
		buf_fmt(out, ",\"messages\":%llu", (unsigned long long)t->messages);
		if (domains)
			buf_fmt(out, ",\"names\":%llu,\"clients\":%llu,\"bound_out\":%llu,"
				"\"bound_in\":%llu", (unsigned long long)t->names,
				(unsigned long long)t->clients, (unsigned long long)t->bound_out,
				(unsigned long long)t->bound_in);
		buf_text(out, "}");
	}
	buf_text(out, "]");
}

void tops_json(const struct tops *t, struct buf *out)
{
	json_list(&t->domains, "top_domains", true, out);
	buf_text(out, ",");
	json_list(&t->senders, "top_bounds", true, out);
	buf_text(out, ",");
	json_list(&t->clients, "top_clients", false, out);
	buf_text(out, ",");
	json_list(&t->servers, "top_servers", false, out);
}
