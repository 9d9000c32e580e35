/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tunnel_spread.c - a channel that changes its domain before any one is suspicious.
 *
 * What it cannot change is that one client asks names full of data, and hardly anything else
 * at that time, under domains of which none stands out. That is read from the client's own
 * summary, of a minute and of the day so far:
 *
 *   coded     octets of distinct names that are long (40 octets and more) and look encoded
 *   share     of them in all that the client asks: resolvers, mail servers and desktops ask
 *             such names as well (hashes, trackers, clouds), among much else
 *   domains   they lie under: the inverse of the sum of squared shares, so that a big one
 *             does not hide behind small ones. One service has a few domains
 *   mean      length of the names, as for a single domain: hashes are shorter than data
 *
 * The bounds are of all that the client asked and got: plain sums over its messages.
 *
 * What is not seen: shorter names, and such a client behind a resolver, whose own names drown
 * it there. */
#include "detect/tunnel.h"
#include "base/num.h"
#include <math.h>

struct spread {
	double octets, names, mean, share, domains, answered, carried;
};

/* The octets of each domain in the sample; n is small. */
static unsigned sum_domains(const struct sample *s, const struct sampled *it, u64 octets[])
{
	unsigned n = 0;
	u32 tag[SAMPLE_K_MAX];

	for (unsigned i = 0; i < s->count; i++) {
		unsigned j = 0;

		while (j < n && tag[j] != it[i].least)
			j++;
		if (j == n) {
			tag[n] = it[i].least;
			octets[n++] = 0;
		}
		octets[j] += sample_scale(s, &it[i]) * it[i].weight / SAMPLE_ONE;
	}
	return n;
}

/* How many domains there would be if each had as much as any other. */
static double even_domains(const struct sample *s, const struct sampled *it)
{
	u64 octets[SAMPLE_K_MAX];
	unsigned n = sum_domains(s, it, octets);
	unsigned __int128 sum = 0, squares = 0;

	for (unsigned i = 0; i < n; i++) {
		sum += octets[i];
		squares += (unsigned __int128)octets[i] * octets[i];
	}
	return squares ? (double)sum * (double)sum / (double)squares : 0;
}

static void measure_spread(struct spread *m, const struct window *w, const struct client_sum *c)
{
	const struct sample *coded = &client_rare(w, c)->coded;
	const struct sampled *it = sample_view(coded, &w->pool[SUMMARY_CLIENT]);
	u64 all = max_u64(c->out_queries, c->out_responses);
	u64 names = 0, answered = 0, carried = 0;

	*m = (struct spread){ .octets = sample_weight(coded, &w->pool[SUMMARY_CLIENT]) };
	for (unsigned i = 0; i < coded->count; i++) {
		u64 scale = sample_scale(coded, &it[i]);

		names += scale;
		answered += it[i].mark & NAME_ANSWERED ? scale : 0;
		carried += it[i].mark & NAME_CARRIED ? scale : 0;
	}
	m->names = (double)names / SAMPLE_ONE;
	m->domains = even_domains(coded, it);
	m->share = all ? fmin(1, m->octets / (double)all) : 0;
	if (names) {
		m->mean = m->octets / m->names;
		m->answered = (double)answered / (double)names;
		m->carried = (double)carried / (double)names;
	}
}

static bool judge_spread(const struct spread *m, const struct tunnel_conf *c, bool day)
{
	return m->octets >= (double)(day ? c->slow : c->out) &&
	       m->domains >= (double)c->domains && m->share >= c->spread;
}

static void say_spread(const struct look *l, const struct client_sum *c, const struct spread *m,
		       say_fn *say, void *to)
{
	extern const struct detector detector_tunnel;
	const struct tunnel_conf *conf = l->conf;
	u64 most_out = c->out_queries + c->out_responses;
	struct finding f;
	char out[NUM_TEXT_MAX];

	find_begin(&f, l, &detector_tunnel, "tunnel.spread");
	find_address(&f, "client", &c->addr, c->key);
	finding_value(&f, "bound_out", (double)most_out, "octets",
		      "at most this much left in names, under all domains");
	finding_value(&f, "bound_in", (double)c->response_octets, "octets",
		      "at most this much came in answers, under all domains");
	finding_least(&f, "coded", m->octets, (double)(l->day ? conf->slow : conf->out),
		      "octets of distinct long encoded names");
	finding_least(&f, "domains", m->domains, (double)conf->domains,
		      "domains they are spread over, if evenly (in a sample of 60)");
	finding_least(&f, "share", m->share, conf->spread,
		      "share of the octets of all names that the client asked");
	finding_least(&f, "mean_name", m->mean, (double)conf->filled,
		      "octets of a sub-domain; shorter ones make it a low finding");
	finding_value(&f, "distinct_names", m->names, "names", "long encoded names");
	finding_value(&f, "answered", m->answered, "", "share of them that got an answer");
	finding_value(&f, "carried", m->carried, "",
		      "share of questions for types that carry data or names");
	f.confidence = m->domains >= 2 * (double)conf->domains ? 85 : 70;
	if (m->mean < (double)conf->filled)
		f.severity = SEVERITY_LOW;
	f.evidence_all = (u64)c->queries + c->responses;
	snprintf(f.sentence, sizeof f.sentence,
		 N_("%s asked %s of long encoded names, %.0f %% of all that it asked, "
		 "spread over %.0f domains and more."), f.subject,
		 num_octets_text((u64)llround(m->octets), out), m->share * 100,
		 floor(m->domains));
	say(to, &f);
}

/* As in dga.c: on both sides of a resolver the client is the one to name. */
static u32 look_at_clients(const struct look *l, bool resolvers, u32 *others, say_fn *say,
			   void *to)
{
	const struct keytab *t = &l->w->table[SUMMARY_CLIENT];
	const struct tunnel_conf *conf = l->conf;
	u32 spoke = 0;

	*others = 0;
	for (u32 i = 0; i < t->count; i++) {
		const struct client_sum *c = keytab_at(t, i);
		struct spread m;

		if (client_rare(l->w, c)->coded.count < conf->domains || c->network)
			continue;
		measure_spread(&m, l->w, c);
		if (!judge_spread(&m, conf, l->day))
			continue;
		if (is_resolver(l->w, c) != resolvers) {
			(*others)++;
			continue;
		}
		say_spread(l, c, &m, say, to);
		spoke++;
	}
	return spoke;
}

void tunnel_spread_look(const struct look *l, say_fn *say, void *to)
{
	u32 others;

	if (look_at_clients(l, false, &others, say, to) == 0 && others)
		look_at_clients(l, true, &others, say, to);
}
