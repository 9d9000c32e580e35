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

static struct top *find(struct top_list *l, u64 key)
{
	for (u32 i = 0; i < l->count; i++)
		if (l->at[i].key == key)
			return &l->at[i];
	return NULL;
}

/* Adds one row; the list holds twice what is kept and is cut back when it is full. */
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
	if (l->count == 2 * TOPS_KEPT) {
		qsort(l->at, l->count, sizeof *l->at, by_weight);
		l->count = TOPS_KEPT;
	}
	l->at[l->count++] = *t;
}

static void cut(struct top_list *l)
{
	if (l->count)
		qsort(l->at, l->count, sizeof *l->at, by_weight);
	if (l->count > TOPS_KEPT)
		l->count = TOPS_KEPT;
}

/* Below this weight a row of this day has no chance: rows need not be made for it. */
static u64 floor_of(const struct top_list *l)
{
	u64 least = UINT64_MAX;

	if (l->count < TOPS_KEPT)
		return 0;
	for (u32 i = 0; i < l->count; i++)
		least = min_u64(least, l->at[i].weight);
	return least;
}

static void name_domain(struct top *t, const struct window *w, const struct domain_sum *d)
{
	char text[NAME_TEXT_MAX] = "?";

	if (d->name_len)
		name_text(pool_at(&w->pool[SUMMARY_DOMAIN], d->name), d->name_len, text);
	snprintf(t->name, sizeof t->name, "%s", text);
}

static void take_domains(struct tops *t, const struct window *w, bool first)
{
	const struct keytab *tab = &w->table[SUMMARY_DOMAIN];
	struct top_list *heavy = &t->domains, *senders = &t->senders;
	u64 floor_heavy = 0, floor_senders = 0;

	for (u32 i = 0; i < tab->count; i++) {
		const struct domain_sum *d = keytab_at(tab, i);
		struct top row = { .key = d->key, .messages = (u64)d->queries + d->responses };
		u64 plain = max_u64(d->out_queries, d->out_responses) + domain_lost(w, d);
		struct bound b;

		if (i % TOPS_KEPT == 0) {
			floor_heavy = floor_of(heavy);
			floor_senders = floor_of(senders);
		}
		if (row.messages < floor_heavy && plain < floor_senders)
			continue;
		bound_of(&b, w, d);
		name_domain(&row, w, d);
		row.bound_out = b.most_out;
		row.bound_in = b.most_in;
		row.names = (u64)(b.names + 0.5);
		row.clients = (u64)(sample_distinct(&d->clients, &w->pool[SUMMARY_DOMAIN]) + 0.5);
		row.weight = row.messages;
		add(heavy, &row, !first);
		row.weight = row.bound_out;
		add(senders, &row, !first);
	}
}

static void take_addresses(struct top_list *l, const struct window *w, unsigned kind, bool first)
{
	const struct keytab *tab = &w->table[kind];
	u64 least = 0;

	for (u32 i = 0; i < tab->count; i++) {
		const struct client_sum *c = keytab_at(tab, i);
		const struct server_sum *s = keytab_at(tab, i);
		struct top row = { .key = c->key };

		row.messages = kind == SUMMARY_CLIENT ? (u64)c->queries + c->responses
						      : (u64)s->queries + s->responses;
		row.weight = row.messages;
		if (i % TOPS_KEPT == 0)
			least = floor_of(l);
		if (row.weight < least)
			continue;
		address_text(kind == SUMMARY_CLIENT ? &c->addr : &s->addr, row.name);
		add(l, &row, !first);
	}
}

void tops_take(struct tops *t, const struct window *day)
{
	bool first = t->clients.count == 0;

	take_domains(t, day, first);
	take_addresses(&t->clients, day, SUMMARY_CLIENT, first);
	take_addresses(&t->servers, day, SUMMARY_SERVER, first);
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
