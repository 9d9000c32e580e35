/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nxstorm.c - random-subdomain (water torture) floods.
 *
 * Names that cannot be in any cache are asked under one domain, so that every question
 * reaches its authoritative servers and wears out the resolvers on the way. Ordinary
 * NXDOMAIN traffic is no flood: a root server says NXDOMAIN to more than half of what it
 * is asked. What makes a flood, in one minute and under one registered domain:
 *
 *   names    very many distinct names,
 *   fresh    hardly any of them asked again but on its way (client, resolver, retries),
 *   failed   hardly any of them answered: NXDOMAIN, SERVFAIL, REFUSED or nothing,
 *   numeric  not reversed addresses: block lists fail most of what they are asked,
 *   share    and they are a real part of all the traffic seen.
 *
 * Names below suffixes that do not exist have no registered domain and belong to the root
 * (dns/qname.h), which is never accused. Distinct names come from the domain's weighted
 * sample, so a flood of any size costs what a small domain costs.
 *
 * One or two clients are a low finding until they ask ten times as much: mail servers ask
 * lists of bad domains and hashes like that, and NXDOMAIN is the good answer there.
 *
 * The same holds for names that hold a whole name (shop.example.com.list.example): clusters of
 * mail servers ask lists of bad domains, and a company's search suffix is appended to all that
 * people visit; and for reversed addresses below many keys, at the server of a block list. A
 * flood of names made like that is low until it is ten times as large.
 *
 * Not told apart: ten thousand browsers that begin to probe for honest NXDOMAIN in one minute,
 * below one search suffix.
 *
 * Not here: floods of random registered domains against a TLD (the registered domain is
 * then different each time). Sources: Afek et al., 2020 (distinct heavy hitters); Luo et
 * al., RAID 2018 (large-scale view of water torture). */
#include "detect/detect.h"
#include "base/num.h"
#include "window/bound.h"
#include <math.h>

/* One mail server that asks a list of bad domains or hashes looks like a small flood. */
#define FEW_CLIENTS 2
#define MANY_TIMES 10
#define NESTED 0.2	/* share of the names; those of a flood that chose none hold none */

struct conf {
	u64 names;
	double fresh, failed, numeric, share;
};

#define AT(f) offsetof(struct conf, f)
static const struct opt opts[] = {
	{ .name = "names", .type = OPT_COUNT, .at = AT(names), .def = "1000", .min = 10,
	  .max = 1u << 30,
	  .arg = "N",
	  .help = N_("distinct names under one domain in a minute, at least") },
	{ .name = "fresh", .type = OPT_RATIO, .at = AT(fresh), .def = "0.2", .min = 0, .max = 1000,
	  .arg = "RATIO", .help = N_("distinct names for each question, at least") },
	{ .name = "failed", .type = OPT_RATIO, .at = AT(failed), .def = "0.8", .min = 0,
	  .max = 1000,
	  .arg = "RATIO", .help = N_("share of the names that got no answer, at least") },
	{ .name = "numeric", .type = OPT_RATIO, .at = AT(numeric), .def = "0.5", .min = 0,
	  .max = 1000,
	  .arg = "RATIO", .help = N_("share of the names that are numbers, at most") },
	{ .name = "share", .type = OPT_RATIO, .at = AT(share), .def = "0.02", .min = 0, .max = 1000,
	  .arg = "RATIO", .help = N_("share of all questions in the minute, at least") },
	{ .name = NULL }
};

static const char *const references[] = {
	"Luo et al., A Large Scale Analysis of DNS Water Torture Attack, 2018",
	"Afek, Bremler-Barr, Feibish, Zero-Day Signature Extraction for High-Volume "
		"Attacks, 2019",
	"RFC 8198 (aggressive use of validated denial)",
		"RFC 9520 (negative caching of failures)",
	NULL
};

static const struct catalogue_row rows[] = {
	{ .id = "nxstorm.domain",
	  .title = N_("Random-subdomain flood"), .area = AREA_AVAILABILITY,
	  .first = 10, .abuse = ABUSE_NONE, .remit = REMIT_DNS,
	  .detect = N_("authoritative operator, resolver operator"),
	  .mitigate = N_("resolver operator (rate limits by domain, RFC 8198), "
	  	"authoritative operator"),
	  .prevent = N_("network operator (open forwarders, infected clients), zone "
	  	"owner (sign with NSEC)"),
	  .severity = SEVERITY_HIGH, .victim = true,
	  .meaning = N_("Names made up on the spot are asked under this domain by the "
	  	"thousand. No cache can answer them, so all reach its authoritative "
	  	"servers, and every resolver on the way waits for answers. The domain is "
	  	"the victim, not the culprit."),
	  .remedy = N_("At a resolver: limit outgoing queries for this domain, use "
	  	"aggressive NSEC, find the clients that ask. At the authoritative "
	  	"server: add capacity or answer from a wildcard or rate limiter in "
	  	"front; tell the operators of the resolvers that carry it."),
	  .references = references },
	{ .id = NULL }
};

struct measure {
	double names, fresh, failed, numeric, nested, share, length;
	u64 questions;
};

static u64 questions_of(const struct domain_sum *d)
{
	return d->queries > d->responses ? d->queries : d->responses;
}

static void measure(struct measure *m, const struct window *w, const struct domain_sum *d, u64 all)
{
	const struct sampled *it = sample_view(&d->names, &w->pool[SUMMARY_DOMAIN]);
	u64 names = 0, octets = 0, nested = 0, failed = 0;
	bool same;

	*m = (struct measure){ .questions = questions_of(d) };
	for (unsigned i = 0; i < d->names.count; i++) {
		u64 scale = sample_scale(&d->names, &it[i]);

		names += scale;
		octets += scale * it[i].weight;
		nested += it[i].mark & (NAME_NESTED | NAME_NUMERIC) ? scale : 0;
		failed += it[i].mark & (NAME_ANSWERED | NAME_EMPTY) ? 0 : scale;
	}
	if (names == 0)
		return;
	m->names = names_of(w, d);
	m->numeric = names_numeric(w, d, &same);
	m->numeric = same ? m->numeric : 0;
	m->nested = (double)nested / (double)names;
	m->failed = (double)failed / (double)names;
	m->length = (double)octets / (double)names;
	m->fresh = m->questions ? fmin(1, m->names / (double)m->questions) : 0;
	m->share = all ? (double)m->questions / (double)all : 0;
}

/* Queries without any response in the whole window: the capture holds one direction, so
 * that "not answered" says nothing; then twice as many names are asked for. */
static bool judge(const struct measure *m, const struct conf *c, bool one_way)
{
	double names = (double)c->names * (one_way ? 2 : 1);

	return m->names >= names && m->fresh >= c->fresh && m->failed >= c->failed &&
	       m->numeric <= c->numeric && m->share >= c->share;
}

static void say_one(const struct look *l, const struct domain_sum *d, const struct measure *m,
		    say_fn *say, void *to)
{
	extern const struct detector detector_nxstorm;
	const struct conf *c = l->conf;
	struct finding f;
	char n[NUM_TEXT_MAX], q[NUM_TEXT_MAX];

	find_begin(&f, l, &detector_nxstorm, "nxstorm.domain");
	find_domain(&f, l->w, d);
	finding_least(&f, "distinct_names", m->names, (double)c->names, "different names in the "
		"minute");
	finding_least(&f, "fresh", m->fresh, c->fresh, "different names for each question");
	finding_least(&f, "failed", m->failed, c->failed, "share of the names that got no answer");
	finding_most(&f, "numeric", m->numeric, c->numeric, "share of the names that are numbers");
	finding_least(&f, "share", m->share, c->share, "share of all questions seen in the minute");
	finding_value(&f, "questions", (double)m->questions, "messages",
		      "questions under the domain");
	finding_value(&f, "nxdomain", d->nx, "messages", "responses NXDOMAIN");
	finding_value(&f, "servfail", d->failed, "messages", "responses SERVFAIL, REFUSED and the "
		"like");
	finding_value(&f, "nested", m->nested, "",
		      "share of the names that hold a whole name; from "
		"0.2 on it is a low finding, unless it is ten times as large");
	finding_value(&f, "clients", (double)domain_clients(d), "clients", "who asked, about");
	finding_value(&f, "mean_name", m->length, "octets", "length of a sub-domain");
	f.confidence = m->names >= 2 * (double)c->names ? 95 : 85;
	if ((domain_clients(d) <= FEW_CLIENTS || m->nested >= NESTED) &&
	    m->names < MANY_TIMES * (double)c->names)
		f.severity = SEVERITY_LOW;
	f.evidence_all = (u64)d->queries + d->responses;
	snprintf(f.sentence, sizeof f.sentence,
		 N_("About %s different names were asked under %s in one minute (%s "
		 "questions); %.0f %% of them got no "
		 "answer."), num_count_text((u64)llround(m->names), n), f.subject,
		 num_count_text(m->questions, q), m->failed * 100);
	say(to, &f);
}

static void look(const struct look *l, say_fn *say, void *to)
{
	const struct keytab *t = &l->w->table[SUMMARY_DOMAIN];
	const struct conf *c = l->conf;
	u64 all = max_u64(l->w->queries, l->w->responses);

	if (l->day)
		return;
	for (u32 i = 0; i < t->count; i++) {
		const struct domain_sum *d = keytab_at(t, i);
		struct measure m;

		if (questions_of(d) < c->names || d->name_len <= 1)
			continue;
		measure(&m, l->w, d, all);
		if (judge(&m, c, l->w->responses == 0))
			say_one(l, d, &m, say, to);
	}
}

const struct detector detector_nxstorm = {
	.id = "nxstorm", .title = N_("Random-subdomain floods"), .version = 2,
	.opts = opts, .conf_size = sizeof(struct conf), .rows = rows, .look = look,
};
