/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tunnel_measure.c - what is measured of a domain, before anything is judged (tunnel.c says what
 * each measure is for).
 *
 *   names    sample of distinct sub-domains   octets, bits, answered, reversed, what they end in
 *   answers  sample of distinct records       data, aliases, addresses, published forms
 *   types    messages by the question's type  how many ask for what can carry
 *
 * All of it is sums over two samples of at most 60 items; nothing is kept. */
#include "detect/tunnel.h"
#include <math.h>

/* Distinct names: how many, their octets and bits, and how many were answered. */
struct asked { u64 names, out, bits, answered; };

static void sum_names(struct asked *a, const struct window *w, const struct domain_sum *d)
{
	const struct sampled *it = sample_view(&d->names, &w->pool[SUMMARY_DOMAIN]);

	for (unsigned i = 0; i < d->names.count; i++) {
		u64 scale = sample_scale(&d->names, &it[i]);

		a->names += scale;
		a->out += scale * it[i].weight;
		a->bits += scale * it[i].value;
		a->answered += it[i].mark & NAME_ANSWERED ? scale : 0;
	}
}

static double density_of(const struct asked *a)
{
	return a->out ? (double)a->bits / (double)a->out : 0;
}

#define RESTS_SAME 4	/* names of a sample that end alike: what they end in says nothing new */

/* Octets that names have in common with others, behind their longest labels. */
static u64 common_octets(const struct window *w, const struct domain_sum *d)
{
	const struct sampled *it = sample_view(&d->names, &w->pool[SUMMARY_DOMAIN]);
	u64 octets = 0;

	for (unsigned i = 0; i < d->names.count; i++) {
		unsigned same = 0;

		if (it[i].mark & NAME_NUMERIC || name_rest(&it[i]) == 0)
			continue;
		for (unsigned j = 0; j < d->names.count; j++)
			same += it[j].least == it[i].least;
		if (same >= RESTS_SAME)
			octets += sample_scale(&d->names, &it[i]) * name_rest(&it[i]);
	}
	return octets;
}

static void measure_names(struct measure *m, const struct window *w, const struct domain_sum *d)
{
	struct asked a = { 0 };
	bool same;

	sum_names(&a, w, d);
	m->names = m->bound.names;
	m->out = (double)a.out / SAMPLE_ONE;
	m->density = density_of(&a);
	m->numeric = names_numeric(w, d, &same);
	m->numeric = same ? m->numeric : 0;
	m->answered = a.names ? (double)a.answered / (double)a.names : 0;
	if (m->names > 0)
		m->mean = (m->out - (double)common_octets(w, d) / SAMPLE_ONE) / m->names;
	m->fresh = m->bound.questions ? fmin(1, m->names / (double)m->bound.questions) : 0;
}

/* Octets of distinct answer records: all, those of free data, and so on. */
struct said {
	u64 all, lines, published, free_data, free_records, encoded, pointing, pointing_encoded;
	u64 records, pointing_records, addresses;
	unsigned hosts, nowhere;	/* addresses in the sample */
	u64 begin[4];	/* the first octets that they have, a bit each */
};

static void sum_answer(struct said *s, const struct sampled *it, u64 scale)
{
	u64 octets = scale * it->weight, encoded = it->value & ANSWER_ENCODED ? octets : 0;

	s->records += scale;
	if (it->value & ANSWER_PUBLISHED) {
		s->published += octets;
		return;
	}
	s->all += octets;
	s->lines += it->value & ANSWER_LINE ? octets : 0;
	switch (it->value & ANSWER_CLASS) {
	case TYPES_ADDRESS:
		s->hosts++;
		s->nowhere += (it->value & ANSWER_NOWHERE) != 0;
		s->begin[it->least >> 6 & 3] |= 1ull << (it->least & 63);
		s->addresses += octets;
		break;
	case TYPES_TEXT:
	case TYPES_RAW:
	case TYPES_DNSSEC:
		s->free_records += scale;
		s->free_data += octets;
		s->encoded += encoded;
		break;
	case TYPES_NAME:
	case TYPES_SERVICE:
	case TYPES_PTR:
		s->pointing_records += scale;
		s->pointing += octets;
		s->pointing_encoded += encoded;
		break;
	}
}

static void sum_answers(struct said *s, const struct window *w, const struct domain_sum *d)
{
	const struct sampled *it = sample_view(&d->answers, &w->pool[SUMMARY_DOMAIN]);

	for (unsigned i = 0; i < d->answers.count; i++)
		if (it[i].mark & 1 << SECTION_ANSWER)
			sum_answer(s, &it[i], sample_scale(&d->answers, &it[i]));
}

#define HOSTS_MIN 16	/* addresses, of which 2 are nowhere by lot; in IPv6 nearly all */
#define NOWHERE_MIN 3
#define NOWHERE_PART 20

/* From all addresses there are: a proxy that makes addresses up takes them from one block. */
static bool are_drawn(const struct said *s)
{
	unsigned begins = 0;

	for (unsigned i = 0; i < COUNT(s->begin); i++)
		begins += (unsigned)__builtin_popcountll(s->begin[i]);
	return s->hosts >= HOSTS_MIN && s->nowhere >= NOWHERE_MIN &&
	       s->nowhere * NOWHERE_PART >= s->hosts && 2 * begins >= s->hosts;
}

/* Data that came in: of free types, in names that look encoded, in addresses that are drawn. */
static void measure_data(struct measure *m, const struct said *s)
{
	u64 names = s->pointing_encoded, hosts = m->drawn ? s->addresses : 0;
	u64 data = s->free_data + names + hosts;

	m->free_data = (double)data / SAMPLE_ONE;
	m->encoded = data ? (double)(s->encoded + names + hosts) / (double)data : 0;
	m->text = s->free_records ? (double)s->free_data / (double)s->free_records : 0;
}

/* What is in published form is not said. */
static void measure_answers(struct measure *m, const struct said *s, const struct tunnel_conf *c)
{
	double answered = m->names * m->answered;
	u64 spoken;

	m->records = (double)s->records / SAMPLE_ONE;
	m->published = (double)s->published / SAMPLE_ONE;
	m->beyond = fmax(0, m->published - (double)c->published * (double)m->clients);
	m->drawn = are_drawn(s);
	measure_data(m, s);
	if (answered <= 0)
		return;
	/* an alias before the answer to a question for something else only leads there */
	spoken = s->all - s->lines - (2 * m->named < m->carried ? s->pointing : 0);
	m->spoken = (double)spoken / SAMPLE_ONE / answered;
	m->pointed = (double)(s->pointing + s->free_data) / SAMPLE_ONE / answered;
	if (s->pointing + s->free_data)
		m->alias = (double)(s->pointing + s->free_data) /
			   (double)(s->pointing_records + s->free_records);
}

static bool below_arpa(const struct window *w, const struct domain_sum *d)
{
	const u8 *name = pool_at(&w->pool[SUMMARY_DOMAIN], d->name);

	return d->name_len >= 6 && memcmp(name + d->name_len - 6, "\4arpa", 6) == 0;
}

/* So many more than another. */
static u64 more(u64 n, u64 other)
{
	return n > other ? n - other : 0;
}

void tunnel_types(struct measure *m, const struct window *w, const struct domain_sum *d)
{
	u64 all = 0, free_asked, named, carried, hosts = d->types[TYPES_ADDRESS];

	for (unsigned i = 0; i < TYPES_COUNT; i++)
		all += d->types[i];
	free_asked = (u64)d->types[TYPES_TEXT] + d->types[TYPES_RAW];
	named = d->types[TYPES_NAME] + more(d->types[TYPES_SERVICE], hosts) +
		(below_arpa(w, d) ? 0 : d->types[TYPES_PTR]);
	carried = free_asked + named + more(d->types[TYPES_DNSSEC], hosts);
	m->named = all ? (double)named / (double)all : 0;
	m->free_asked = all ? (double)free_asked / (double)all : 0;
	m->carried = all ? (double)carried / (double)all : 0;
}

void tunnel_measure(struct measure *m, const struct look *l, const struct domain_sum *d)
{
	const struct window *w = l->w;
	struct said said = { 0 };

	*m = (struct measure){ .clients = domain_clients(d) };
	bound_of(&m->bound, w, d);
	m->each = d->responses ? (double)d->records / d->responses : 0;
	tunnel_types(m, w, d);
	measure_names(m, w, d);
	sum_answers(&said, w, d);
	measure_answers(m, &said, l->conf);
	m->reaches = m->answered > 0 || !d->unlisted || w->responses == 0;
}

double tunnel_names(const struct window *w, const struct domain_sum *d, double *density)
{
	struct asked a = { 0 };

	sum_names(&a, w, d);
	*density = density_of(&a);
	return (double)a.out / SAMPLE_ONE;
}

bool tunnel_drawn(const struct window *w, const struct domain_sum *d)
{
	struct said said = { 0 };

	if (d->answers.count < HOSTS_MIN)
		return false;
	sum_answers(&said, w, d);
	return are_drawn(&said);
}
