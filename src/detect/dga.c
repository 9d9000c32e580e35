/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dga.c - clients that ask for machine-made names.
 *
 * Malware that finds its controller by generated names asks for many registered domains
 * of which hardly any exists. One odd name says nothing (brands, hashes and foreign words
 * look odd); what speaks is a client whose *missing* domains are many and, taken together,
 * better explained by a machine than by people:
 *
 *   missing   distinct registered domains that the client asked for and that do not
 *             exist, as told by the zone above them (client.c says how)
 *   llr       log-likelihood ratio of each one's own label, in bits (charmodel.h); typing
 *             errors and expired names lie below 0, letters drawn by a machine above
 *   made      share of the missing domains with llr above 0
 *   mean      mean llr over them; what is wanted falls with their number
 *
 * dga.client wants enough missing domains with `made` and `mean` over their thresholds;
 * so a single odd name never alarms, and a resolver's mixed noise does not, because errors
 * of people pull the mean down. Generators that join words escape the letters; what is left
 * of them is a client with very many missing domains and little else: dga.missing, low, a
 * hint and not an alarm (address checkers and mail servers do that as well).
 *
 * Initials are the exception among what people choose: companies in China name domains by the
 * first letters of syllables (szhhjx, 51pzx), which looks drawn. No syllable begins with i, u or
 * v. So short labels that look made are taken as initials, and say nothing, when those three
 * letters are clearly rarer among them than lots would have them: three names or more are
 * expected to have one, and less than a third of those do.
 * A generator of short names without these letters is left with dga.missing.
 *
 * Mail servers look for senders whose domains were drawn by lot: who asks hardly anything but MX
 * and TXT of the missing domains gets a low finding.
 *
 * Clusters are shown beside: how many public suffixes the missing domains have, how even
 * their lengths are.
 *
 * Not here: algorithms known by name. Sources: Antonakakis et al., USENIX Security 2012
 * (NXDOMAINs of one client cluster); Schueppen et al., USENIX Security 2018. */
#include "detect/detect.h"
#include "base/num.h"
#include "dns/charmodel.h"
#include "window/client.h"
#include <math.h>

struct conf {
	u64 missing, many;
	double made, mean, share;
};

#define AT(f) offsetof(struct conf, f)
static const struct opt opts[] = {
	{ .name = "missing", .type = OPT_COUNT, .at = AT(missing), .def = "10", .min = 2,
	  .max = 1000000, .arg = "N",
	  .help = N_("distinct domains that do not exist, at least") },
	{ .name = "many", .type = OPT_COUNT, .at = AT(many), .def = "60", .min = 2,
	  .max = 1000000, .arg = "N",
	  .help = N_("so many missing domains are worth a hint by "
	  	"themselves") },
	{ .name = "made", .type = OPT_RATIO, .at = AT(made), .def = "0.5", .min = 0, .max = 1000,
	  .arg = "RATIO",
	  .help = N_("share of them that look made by a machine, at least") },
	{ .name = "mean", .type = OPT_RATIO, .at = AT(mean), .def = "1.5", .min = 0, .max = 20000,
	  .arg = "BITS",
	  .help = N_("mean log-likelihood ratio that the least number of names must "
		  "reach; more names need less") },
	{ .name = "share", .type = OPT_RATIO, .at = AT(share), .def = "0.5", .min = 0, .max = 1000,
	  .arg = "RATIO",
	  .help = N_("share of NXDOMAIN among the responses for the hint") },
	{ .name = NULL }
};

static const char *const references[] = {
	"Antonakakis et al., From Throw-Away Traffic to Bots, USENIX Security 2012",
	"Plohmann et al., A Comprehensive Measurement Study of Domain Generating "
	"Malware, USENIX Security 2016",
	"Schueppen et al., FANCI: Feature-based Automated NXDomain Classification and "
	"Intelligence, USENIX Security 2018",
	"RFC 2308, 2.1 and 2.2 (negative answers name the zone)",
	"MITRE ATT&CK T1568.002",
	NULL
};

static const struct catalogue_row rows[] = {
	{ .id = "dga.client",
	  .title = N_("Client asks for machine-made names"), .area = AREA_VEHICLE,
	  .first = 1, .abuse = ABUSE_BOTNET, .remit = REMIT_REGISTRATION,
	  .detect = N_("resolver operator, network operator, TLD registry"),
	  .mitigate = N_("network operator (clean the client), registries (hold the "
	  	"names to come)"),
	  .prevent = N_("registries and registrars (bulk registration checks)"),
	  .severity = SEVERITY_HIGH,
	  .meaning = N_("The client asked for many registered domains that do not exist "
	  	"and that look drawn by a machine. Malware does this to find the one "
	  	"name that its operator has registered."),
	  .remedy = N_("Isolate the client and look for the process. Look at the few of "
	  	"these names that did resolve: one of them may be the controller. Give "
	  	"the list of names to the registries concerned."),
	  .references = references },
	{ .id = "dga.missing", .title = N_("Client asks for many missing domains"),
	  .area = AREA_VEHICLE,
	  .first = 1, .abuse = ABUSE_NONE, .remit = REMIT_REGISTRATION,
	  .detect = N_("resolver operator, TLD registry"),
	  .mitigate = N_("network operator"),
	  .prevent = N_("network operator"), .severity = SEVERITY_LOW,
	  .meaning = N_("The client asked for very many registered domains that do not "
	  	"exist, and got little else. Generated names made of words look like "
	  	"this, and so do address checkers, crawlers with old lists and mail "
	  	"servers."),
	  .remedy = N_("Find out what the client is. A desktop has no reason to do "
	  	"this."),
	  .references = references },
	{ .id = NULL }
};

struct measure {
	double missing, made, mean, length, spread, share, initials, mail;
	unsigned suffixes, sampled;
};

static unsigned count_suffixes(const struct sampled *it, unsigned n)
{
	unsigned kinds = 0;

	for (unsigned i = 0; i < n; i++) {
		bool seen = false;

		for (unsigned j = 0; j < i && !seen; j++)
			seen = nx_suffix(&it[j]) == nx_suffix(&it[i]);
		kinds += !seen;
	}
	return kinds;
}

#define INITIALS_MAX 8	/* letters: longer labels are no initials */
#define TELL 3		/* names expected to have i, u or v: from here on their lack tells */

static bool like_initials(const struct sampled *it)
{
	return nx_length(it) <= INITIALS_MAX && nx_llr(it) > 0;
}

/* Short made-looking labels without i, u, v: too many of them to be drawn by lot? */
static bool are_initials(const struct sampled *it, unsigned n)
{
	double expected = 0;
	unsigned with = 0;

	for (unsigned i = 0; i < n; i++) {
		if (!like_initials(&it[i]))
			continue;
		with += it[i].mark & NX_NO_INITIALS;
		expected += 1 - pow(23.0 / 26, nx_length(&it[i]));
	}
	return expected >= TELL && 3 * with < expected;
}

/* Leaves initials out of the items: how many are left. */
static unsigned without_initials(struct sampled *it, unsigned n)
{
	unsigned left = 0;

	if (!are_initials(it, n))
		return n;
	for (unsigned i = 0; i < n; i++)
		if (!like_initials(&it[i]))
			it[left++] = it[i];
	return left;
}

static void measure_labels(struct measure *m, const struct sampled *it, unsigned n)
{
	double squares = 0;

	for (unsigned i = 0; i < n; i++) {
		double llr = (double)nx_llr(&it[i]) / CHARMODEL_BIT;

		m->mean += llr / n;
		m->made += (llr > 0 ? 1.0 : 0) / n;
		m->mail += (it[i].mark & NX_NOT_MAIL ? 0.0 : 1) / n;
		m->length += (double)nx_length(&it[i]) / n;
		squares += (double)nx_length(&it[i]) * nx_length(&it[i]) / n;
	}
	m->spread = sqrt(fmax(0, squares - m->length * m->length));
	m->suffixes = count_suffixes(it, n);
}

static void measure(struct measure *m, const struct window *w, const struct client_sum *c)
{
	struct sampled it[SAMPLE_K_MAX];
	unsigned left;

	*m = (struct measure){ 0 };
	m->sampled = sample_items(&c->nx_domains, &w->pool[SUMMARY_CLIENT], it);
	m->missing = sample_distinct(&c->nx_domains, &w->pool[SUMMARY_CLIENT]);
	left = without_initials(it, m->sampled);
	if (m->sampled)
		m->initials = m->missing * (1 - (double)left / m->sampled);
	measure_labels(m, it, left);
	m->share = c->responses ? (double)c->nx / c->responses : 0;
}

/* The missing domains that say something. */
static double telling(const struct measure *m)
{
	return m->missing - m->initials;
}

/* The more names, the less each has to say: the mean that so many names must reach. Half of it
 * at twice the least number; charmodel.md measures what chance does to sums. */
static double mean_wanted(const struct measure *m, const struct conf *c)
{
	return c->mean * fmin(1, (double)c->missing / fmax(1, telling(m)));
}

static const char *judge(const struct measure *m, const struct conf *c)
{
	if (telling(m) >= (double)c->missing && m->made >= c->made && m->mean >= mean_wanted(m, c))
		return "dga.client";
	if (m->missing >= (double)c->many && m->share >= c->share)
		return "dga.missing";
	return NULL;
}

static u64 confidence_of(const struct measure *m, bool made)
{
	if (!made)
		return 40;
	return telling(m) >= 30 && m->mean >= 3 ? 95 : telling(m) >= 20 ? 85 : 70;
}

static void say_one(const struct look *l, const struct client_sum *c, const struct measure *m,
		    const char *row, say_fn *say, void *to)
{
	extern const struct detector detector_dga;
	const struct conf *conf = l->conf;
	struct finding f;
	char n[NUM_TEXT_MAX];
	bool made = strcmp(row, "dga.client") == 0;

	find_begin(&f, l, &detector_dga, row);
	find_address(&f, "client", &c->addr, c->key);
	finding_least(&f, "missing", made ? telling(m) : m->missing,
		      made ? (double)conf->missing : (double)conf->many,
		      "distinct registered domains that do not exist");
	if (made) {
		finding_least(&f, "made", m->made, conf->made,
			      "share that looks made by a machine");
		finding_least(&f, "mean_llr", m->mean, mean_wanted(m, conf),
			      "bits by which a machine "
			"explains them better");
		finding_value(&f, "nx_share", m->share, "",
			      "share of NXDOMAIN among the responses");
	} else {
		finding_value(&f, "made", m->made, "", "share that looks made by a machine");
		finding_value(&f, "mean_llr", m->mean, "bits", "by which a machine explains them "
			"better");
		finding_least(&f, "nx_share", m->share, conf->share, "share of NXDOMAIN among the "
			"responses");
	}
	finding_value(&f, "mail", m->mail, "",
		      "share asked for MX and TXT only, as mail servers do");
	finding_value(&f, "initials", m->initials, "domains", "short ones like initials, which say "
		"nothing");
	finding_value(&f, "suffixes", m->suffixes, "suffixes", "different public suffixes among "
		"those sampled");
	finding_value(&f, "length", m->length, "octets", "mean length of the domain's own label");
	finding_value(&f, "length_spread", m->spread, "octets",
		      "standard deviation of that length");
	finding_value(&f, "responses", c->responses, "messages", "responses that the client got");
	f.confidence = confidence_of(m, made);
	if (m->mail > 0.5)
		f.severity = SEVERITY_LOW;
	f.evidence_all = (u64)c->queries + c->responses;
	num_count_text((u64)llround(made ? telling(m) : m->missing), n);
	if (made)
		snprintf(f.sentence, sizeof f.sentence,
			 N_("%s asked for %s registered domains that do not exist; %.0f "
			 "%% of them look made by a machine (%.1f bits "
			 "each)."), f.subject, n, m->made * 100, m->mean);
	else
		snprintf(f.sentence, sizeof f.sentence,
			 N_("%s asked for %s registered domains that do not exist; %.0f "
			 "%% of its responses were "
			 "NXDOMAIN."), f.subject, n, m->share * 100);
	say(to, &f);
}

/* One pass over the clients that are resolvers, or over those that are not: how many spoke, and
 * how many of the others would have. */
static u32 look_at(const struct look *l, bool resolvers, u32 *others, say_fn *say, void *to)
{
	const struct keytab *t = &l->w->table[SUMMARY_CLIENT];
	u32 spoke = 0;

	*others = 0;
	for (u32 i = 0; i < t->count; i++) {
		const struct client_sum *c = keytab_at(t, i);
		struct measure m;
		const char *row;

		if (c->nx_domains.count < 2 || c->network)
			continue;
		measure(&m, l->w, c);
		if ((row = judge(&m, l->conf)) == NULL)
			continue;
		if (is_resolver(l->w, c) != resolvers) {
			(*others)++;
			continue;
		}
		say_one(l, c, &m, row, say, to);
		spoke++;
	}
	return spoke;
}

/* A capture on both sides of a resolver shows the same names twice. The client is the one to
 * name; the resolver only where no client of anybody is to be seen. */
static void look(const struct look *l, say_fn *say, void *to)
{
	u32 others;

	if (look_at(l, false, &others, say, to) == 0 && others)
		look_at(l, true, &others, say, to);
}

const struct detector detector_dga = {
	.id = "dga", .title = N_("Machine-made names"), .version = 2,
	.opts = opts, .conf_size = sizeof(struct conf), .rows = rows, .look = look,
};
