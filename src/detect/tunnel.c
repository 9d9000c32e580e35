/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tunnel.c - data carried through DNS, in either direction.
 *
 * First the bound. What leaves through a registered domain leaves in the names that are
 * asked below it; what comes in comes in its answers. A name or a record that was seen
 * before carries nothing new. So over a window, for all clients together,
 *
 *   out <= sum of the octets of distinct sub-domains     (label lengths included)
 *   in  <= sum of the octets of distinct records         (TTL left out)
 *
 * whatever the encoding: no alphabet is assumed. Up to 60 distinct names the sum is
 * exact; beyond it is estimated from a weighted sample and widened until it is too low
 * with probability below one in a million; it never exceeds the plain sum over all
 * messages, which is a bound as well and is kept exactly. What a full table may have
 * lost is added. For one client the smaller of the domain's bound and the client's own
 * plain sum holds.
 *
 * Outside the bound: what lies in the order and the timing of messages, in repeated
 * names, in the case of letters, in the choice of type, id, ports, flags and TTLs, in EDNS
 * options, and in sections of a query behind its question.
 *
 * Every domain has a bound: a content network's is in kilobytes. When is it an alarm?
 * Information has to be told from naming by its nature:
 *
 *   density   bits an octet that the names take under the model of names people choose
 *             (charmodel.h): 4 or so for words, 6 and more for encoded data
 *   fresh     distinct names for each question asked: a channel hardly repeats itself,
 *             because a cache would answer instead of the far end (but the same question is
 *             seen again on its way from a resolver, and when it is sent again)
 *   carried   share of questions for types whose answers hold free data (TXT, NULL, keys,
 *             private types) or names (CNAME, MX, SRV, PTR outside arpa). Those for services
 *             and signatures count where there are more of them than for addresses, beside
 *             which browsers and validators ask them
 *   drawn     addresses in answers where nobody can be reached: one in twenty and more, which
 *             addresses of hosts never are. Then they are data, drawn from all addresses
 *   pointed   octets of distinct answer records of those types for each name that was
 *             answered, whatever was asked: a question for an address may be answered by an
 *             alias that is full of data
 *   spoken    octets of distinct answer records for each name that was answered: a far end
 *             that speaks has something new to say; look-up services answer with a few codes,
 *             or with a line of words, which does not count
 *   long      octets of a sub-domain that change: who sends data fills the names; hashes are
 *             shorter, also where a customer's key and the list's name stand behind each
 *   numeric   share of names that are reversed addresses: block lists and reverse DNS, which
 *             say one thing a name (which address was asked) and answer with a code or a line;
 *             where the answers are longer than a line, or what stands behind the addresses
 *             (a list's zone, a customer's key) is as new as they, the form is no excuse
 *   published octets of answers in the form of published keys, policies, signatures and tokens
 *             (DKIM, SPF, ACME, DNSSEC, ...; dns/published.c). Validators and mail servers fetch
 *             them under random names from providers' domains, each one new: from outside a
 *             download. So they are not counted as said. But anybody can write that form: what a
 *             client fetches of it beyond an allowance is a hint
 *   encoded   share of the free data that is no text. A download of readable lines is a hint:
 *             block lists explain themselves in lines
 *   alone     many clients of which each asks one name and no other: something that measures
 *             who asks. A channel is used more than once; this is a hint
 *
 * The rules are stated in judge(). They read summaries of a minute and of the day so far,
 * so a leak of some kilobytes a day is a day's finding.
 *
 * What is not seen: data in readable names that nobody answers with anything new; with answers
 * it is a hint (tunnel.words), because crawlers do the same. A channel that changes its domain
 * before any one is suspicious: tunnel_spread.c looks at clients instead. Data in the form of
 * reversed addresses, 4 or 16 octets a name, answered with a line or nothing; keys and tokens
 * within the allowance; addresses that are data but where somebody could be reached. The bound
 * holds for all of them.
 *
 * Sources: Paxson et al., USENIX Security 2013 (bounds over distinct look-ups); Nadler et
 * al., Computers & Security 2019 (long windows); Ozery et al. 2023 (distinct weighted
 * heavy hitters in constant memory). */
#include "detect/tunnel.h"
#include "base/num.h"
#include <math.h>

#define AT(f) offsetof(struct tunnel_conf, f)
static const struct opt opts[] = {
	{ .name = "names", .type = OPT_COUNT, .at = AT(names), .def = "8", .min = 2, .max = 1000000,
	  .arg = "N",
	  .help = N_("distinct names under one domain before anything is said") },
	{ .name = "out", .type = OPT_SIZE, .at = AT(out), .def = "2k", .min = 64, .max = 1ull << 40,
	  .arg = "SIZE",
	  .help = N_("outward bound that makes address look-ups an alarm") },
	{ .name = "slow", .type = OPT_SIZE, .at = AT(slow), .def = "4k", .min = 64,
	  .max = 1ull << 40,
	  .arg = "SIZE", .help = N_("outward bound in a day that makes a slow leak") },
	{ .name = "download", .type = OPT_SIZE, .at = AT(download), .def = "4k", .min = 64,
	  .max = 1ull << 40,
	  .arg = "SIZE",
	  .help = N_("inward bound that makes free-data answers an alarm") },
	{ .name = "density", .type = OPT_RATIO, .at = AT(density), .def = "5.5", .min = 1000,
	  .max = 20000,
	  .arg = "BITS", .help = N_("bits an octet from which names count as encoded") },
	{ .name = "fresh", .type = OPT_RATIO, .at = AT(fresh), .def = "0.2", .min = 0, .max = 1000,
	  .arg = "RATIO", .help = N_("distinct names for each question, at least") },
	{ .name = "carried", .type = OPT_RATIO, .at = AT(carried), .def = "0.5", .min = 0,
	  .max = 1000,
	  .arg = "RATIO",
	  .help = N_("share of questions for types that carry data or names") },
	{ .name = "spoken", .type = OPT_RATIO, .at = AT(spoken), .def = "10", .min = 0,
	  .max = 65535000, .arg = "OCTETS",
	  .help = N_("octets of distinct answer records for each answered name, at "
	  	"least") },
	{ .name = "long", .type = OPT_COUNT, .at = AT(filled), .def = "80", .min = 1, .max = 253,
	  .arg = "OCTETS",
	  .help = N_("mean length of a sub-domain from which one-way traffic is "
	  	"an alarm") },
	{ .name = "numeric", .type = OPT_RATIO, .at = AT(numeric), .def = "0.5", .min = 0,
	  .max = 1000,
	  .arg = "RATIO", .help = N_("share of names that are numbers, at most") },
	{ .name = "published", .type = OPT_SIZE, .at = AT(published), .def = "256k", .min = 0,
	  .max = 1ull << 40, .arg = "SIZE",
	  .help = N_("published keys and tokens that a client may fetch under one domain "
	  	"before they are worth a hint") },
	{ .name = "words", .type = OPT_COUNT, .at = AT(words), .def = "50", .min = 2,
	  .max = 1000000, .arg = "N",
	  .help = N_("readable names, each with an answer of its own, that are worth a "
	  	"hint") },
	{ .name = "domains", .type = OPT_COUNT, .at = AT(domains), .def = "8", .min = 2,
	  .max = 60, .arg = "N",
	  .help = N_("domains that a client's encoded names are spread over, at least") },
	{ .name = "spread", .type = OPT_RATIO, .at = AT(spread), .def = "0.5", .min = 0,
	  .max = 1000, .arg = "RATIO",
	  .help = N_("share of encoded names in the octets of all names of a client, at "
	  	"least") },
	{ .name = NULL }
};

static const char *const references[] = {
	"Paxson et al., Practical Comprehensive Bounds on Surreptitious Communication "
	"over DNS, USENIX Security 2013",
	"Nadler, Aminov, Shabtai, Detection of malicious and low throughput data "
	"exfiltration over the DNS protocol, Computers & Security 80, 2019",
	"Ozery, Nadler, Shabtai, Information based heavy hitters for real-time DNS "
	"data exfiltration detection, 2023",
	"MITRE ATT&CK T1071.004, T1048, T1572",
	NULL
};

static const struct catalogue_row rows[] = {
	{ .id = "tunnel.data",
	  .title = N_("Data channel through DNS"), .area = AREA_VEHICLE,
	  .first = 20, .abuse = ABUSE_MALWARE, .remit = REMIT_DNS,
	  .detect = N_("resolver operator, network operator, authoritative operator of "
	  	"the parent"),
	  .mitigate = N_("resolver operator, network operator, registrar of the domain"),
	  .prevent = N_("network operator (only resolvers may speak DNS to the outside)"),
	  .severity = SEVERITY_HIGH,
	  .meaning = N_("Names that are new every time and look encoded are asked under "
		"one domain, and its answers differ every time: both ends are talking. "
		"Tools such as iodine, dnscat2 and dns2tcp do this to carry a shell, "
		"files or a whole network connection past controls that leave DNS open. "
		"The bound says how much can have moved."),
	  .remedy = N_("Find the process on the client that asks these names. Block the "
		"domain at the resolver (RPZ) when it is not a service you know. Keep "
		"the evidence pack. If the client is a resolver, repeat the search in "
		"its own traffic."),
	  .references = references },
	{ .id = "tunnel.out",
	  .title = N_("Data leaving in DNS names"), .area = AREA_VEHICLE,
	  .first = 14, .abuse = ABUSE_MALWARE, .remit = REMIT_DNS,
	  .detect = N_("resolver operator, network operator"),
	  .mitigate = N_("resolver operator, network operator, registrar of the domain"),
	  .prevent = N_("network operator (only resolvers may speak DNS to the outside)"),
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("Long encoded names, new every time, are asked under one domain, "
	  	"while its answers say little: data may be leaving one way. Look-up "
	  	"services that send hashes (antivirus, telemetry) look the same from "
	  	"outside, only shorter: the bound is true of them as well, the severity "
	  	"is low, and what they send is for their customer to judge."),
	  .remedy = N_("Ask whose service the domain is. When it is nobody's you know, "
	  	"block it, find the process on the client, and treat up to the bound as "
	  	"lost."),
	  .references = references },
	{ .id = "tunnel.in",
	  .title = N_("Data arriving in DNS answers"), .area = AREA_VEHICLE,
	  .first = 14, .abuse = ABUSE_MALWARE, .remit = REMIT_DNS,
	  .detect = N_("resolver operator, network operator"),
	  .mitigate = N_("resolver operator, registrar of the domain, its DNS operator"),
	  .prevent = N_("network operator"),
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("A domain answers with kilobytes of distinct data: texts, aliases "
	  	"that look encoded, or addresses at which nobody can be reached. A "
	  	"program or commands may be delivered through DNS. Low where the data is "
	  	"lines of text, or keys and tokens of published form, of which there are "
	  	"only very many: mail servers and certificate authorities fetch those."),
	  .remedy = N_("Read the answers (vedette show ID): what is encoded or "
	  	"encrypted and belongs to no published use (SPF, DKIM, verification) "
	  	"should be blocked with the domain."),
	  .references = references },
	{ .id = "tunnel.words",
	  .title = N_("Readable names that all get answers of their own"),
	  .area = AREA_VEHICLE, .first = 20, .abuse = ABUSE_NONE, .remit = REMIT_DNS,
	  .detect = N_("resolver operator, network operator"),
	  .mitigate = N_("resolver operator, registrar of the domain"),
	  .prevent = N_("network operator (only resolvers may speak DNS to the outside)"),
	  .severity = SEVERITY_LOW,
	  .meaning = N_("Names that look like people's, new every time, are asked under "
	  	"one domain for types that carry data or names, and each has an answer "
	  	"of its own. A channel that writes its data in words looks like this; so "
	  	"does a crawler that reads a zone name by name, and a lookup service "
	  	"with readable keys."),
	  .remedy = N_("Find out what asks. A desktop has no reason to do this."),
	  .references = references },
	{ .id = "tunnel.spread",
	  .title = N_("Encoded names under many domains from one client"),
	  .area = AREA_VEHICLE, .first = 14, .abuse = ABUSE_MALWARE, .remit = REMIT_DNS,
	  .detect = N_("resolver operator, network operator"),
	  .mitigate = N_("network operator, registrars of the domains"),
	  .prevent = N_("network operator (only resolvers may speak DNS to the outside)"),
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("Most of what this client asks are long encoded names, spread "
	  	"over many domains so that none stands out: a channel that changes its "
	  	"domain as it goes. The bounds are of all that the client asked and got, "
	  	"whatever the domain."),
	  .remedy = N_("Find the process on the client. Look at the domains in the "
	  	"evidence: who registered them, when, and which servers they share."),
	  .references = references },
	{ .id = NULL }
};

#define NEWS 4		/* times the records of one response: the same ones again bring nothing */
#define FLOOD_CLIENTS 50	/* what so many ask and nobody answers is no channel: nxstorm.c */

#define POINTED 80	/* octets of an alias: those of hosts and tenants are shorter */
#define FULL 30		/* octets of a name beside it */
#define LINE 100	/* octets of a record: look-up services answer with a code or a line */
#define LINES 10	/* times the inward bound, from which lines are a download as well */

/* Kilobytes of new data came in. */
static bool arrives(const struct measure *m, const struct tunnel_conf *c)
{
	return m->free_data >= (double)c->download && m->records >= (double)c->names &&
	       m->records >= NEWS * m->each && (m->carried >= c->carried || m->drawn);
}

#define WORDS_FRESH 0.5

/* Readable names, each with an answer of its own. */
static bool talks(const struct measure *m, const struct tunnel_conf *c)
{
	return m->names >= (double)c->words && m->fresh >= WORDS_FRESH &&
	       m->carried >= c->carried && m->spoken >= c->spoken &&
	       m->records >= m->names * m->answered / 2;
}

/* A far end answers more than a name or two, and each has an answer of its own. */
static bool answers(const struct measure *m, const struct tunnel_conf *c)
{
	if (2 * round(m->names * m->answered) < (double)c->names)
		return false;
	return (m->carried >= c->carried && m->spoken >= c->spoken) ||
	       (m->drawn && m->records >= m->names * m->answered / 2);
}

/* Full names get full aliases, whatever they were asked for. */
static bool points(const struct measure *m)
{
	return m->pointed >= POINTED && m->alias >= POINTED && m->mean >= FULL &&
	       m->answered >= 0.5;
}

static double enough_of(const struct tunnel_conf *c, bool day)
{
	return (double)(day ? c->slow : c->out);
}

/* Which row fits, or NULL. */
static const char *judge(const struct measure *m, const struct tunnel_conf *c, bool day)
{
	double enough = enough_of(c, day);
	bool flood = m->answered < 0.2 && m->clients >= FLOOD_CLIENTS;
	bool numbers = m->numeric > c->numeric && m->spoken < LINE;
	bool encoded = !flood && m->density >= c->density && m->names >= (double)c->names &&
		       m->fresh >= c->fresh;

	if (numbers)
		return NULL;
	if (encoded && answers(m, c))
		return "tunnel.data";
	if (encoded && points(m) && m->out >= enough)
		return "tunnel.data";
	if (encoded && m->reaches && m->mean >= 20 && m->out >= enough)
		return "tunnel.out";
	if (arrives(m, c) || m->beyond >= (double)c->download)
		return "tunnel.in";
	if (!flood && m->out >= enough && talks(m, c))
		return "tunnel.words";
	return NULL;
}

#define ALONE_CLIENTS 20	/* so many, and hardly a second name from any: they are measured */

/* Look-up services do what these do. */
static bool is_hint(const struct measure *m, const struct tunnel_conf *c, const char *row)
{
	bool lines = m->text < LINE && m->free_data < LINES * (double)c->download;

	if (m->clients >= ALONE_CLIENTS && m->names < 2 * (double)m->clients)
		return true;
	if (strcmp(row, "tunnel.out") == 0)
		return m->mean < (double)c->filled;
	return strcmp(row, "tunnel.in") == 0 &&
	       (!arrives(m, c) || m->encoded < 0.5 || (lines && !m->drawn));
}

static enum severity severity_of(const struct measure *m, const struct tunnel_conf *c,
				 const char *row, enum severity most)
{
	if (is_hint(m, c, row))
		return SEVERITY_LOW;
	if (strcmp(row, "tunnel.data") == 0 && m->carried < c->carried && !m->drawn)
		return SEVERITY_MEDIUM;	/* only the answers are of such types */
	return most;
}

/* A mark beside what the row rests on; of the rest the value alone, as "not met" would mislead. */
static void least_if(bool rests, struct finding *f, const char *name, double value, double mark,
		     const char *help)
{
	if (rests)
		finding_least(f, name, value, mark, help);
	else
		finding_value(f, name, value, "", help);
}

static void add_names(struct finding *f, const struct measure *m, const struct tunnel_conf *c)
{
	bool words = strcmp(f->rule, "tunnel.words") == 0;
	bool names = words || strcmp(f->rule, "tunnel.in") != 0;
	bool spoke = m->carried >= c->carried && m->spoken >= c->spoken;
	bool answers = words || (strcmp(f->rule, "tunnel.data") == 0 && spoke);

	least_if(names, f, "distinct_names", m->names, (double)(words ? c->words : c->names),
		 N_("different names asked"));
	least_if(names && !words, f, "density", m->density, c->density,
		 N_("bits an octet of the names"));
	least_if(names, f, "fresh", m->fresh, words ? WORDS_FRESH : c->fresh,
		 N_("different names for each question"));
	least_if(answers, f, "carried", m->carried, c->carried,
		 N_("share of questions for types that carry data or names"));
	finding_value(f, "pointed", m->pointed, "octets", "octets of different answer "
		"records of such types for each answered name; from 80 on the questions may be "
		"for others");
	least_if(answers, f, "spoken", m->spoken, c->spoken,
		 N_("octets of different answer records for each answered name"));
	finding_most(f, "numeric", m->numeric, c->numeric, "share of names that are numbers");
	least_if(strcmp(f->rule, "tunnel.out") == 0, f, "mean_name", m->mean, (double)c->filled,
		 N_("octets of a sub-domain that change; shorter ones make one-way traffic a "
		    "low finding"));
	finding_value(f, "answered", m->answered, "", "share of names that got an answer");
}

static void add_features(struct finding *f, const struct measure *m, const struct tunnel_conf *c)
{
	static const char data[] = N_("octets of data in distinct records, without keys and tokens "
		"of published form");

	finding_value(f, "bound_out", (double)m->bound.most_out, "octets",
		      "at most this much left in names, by all clients; theirs may add up to "
		      "more: what several asked counts for each");
	finding_value(f, "bound_in", (double)m->bound.most_in, "octets",
		      "at most this much came in answers, to all clients; theirs may add up to "
		      "more: what several got counts for each");
	add_names(f, m, c);
	if (strcmp(f->rule, "tunnel.in") == 0 && arrives(m, c))
		finding_least(f, "free_data", m->free_data, (double)c->download, data);
	else
		finding_value(f, "free_data", m->free_data, "octets", data);
	finding_value(f, "encoded", m->encoded, "", "share of that data that is no text");
	finding_value(f, "drawn", m->drawn, "", "1 where the addresses in answers are data: too "
		"many at which nobody can be reached");
	finding_value(f, "published", m->published, "octets", "octets in keys, policies, "
		"signatures and tokens of published form");
	finding_value(f, "free_asked", m->free_asked, "", "share of questions for TXT, NULL and "
		"like types");
	finding_value(f, "questions", (double)m->bound.questions, "messages", "questions seen");
	finding_value(f, "clients", (double)m->clients, "clients",
		      "different clients that asked, about");
}

/* A domain that the rule speaks of, and its heaviest pairs. */
struct fired {
	const struct domain_sum *d;
	const char *row;
	u32 count;
	const struct pair_sum *pair[FINDING_RELATED_MAX];
};

static u64 moved(const struct pair_sum *p)
{
	return pair_out(p) + pair_in(p);
}

static bool heavier(const struct pair_sum *a, const struct pair_sum *b)
{
	return moved(a) != moved(b) ? moved(a) > moved(b) : a->key < b->key;
}

/* Keeps the heaviest pairs in order. */
static void add_pair(struct fired *f, const struct pair_sum *p)
{
	u32 at = f->count < FINDING_RELATED_MAX ? f->count++ : FINDING_RELATED_MAX - 1;

	if (at == FINDING_RELATED_MAX - 1 && f->pair[at] && !heavier(p, f->pair[at]))
		return;
	for (; at > 0 && heavier(p, f->pair[at - 1]); at--)
		f->pair[at] = f->pair[at - 1];
	f->pair[at] = p;
}

/* The clients that moved most, each with its own bound. */
static void add_clients(struct finding *f, const struct window *w, const struct fired *fired,
			const struct measure *m)
{
	for (u32 i = 0; i < fired->count; i++) {
		const struct pair_sum *p = fired->pair[i];
		char name[ADDRESS_TEXT_MAX], note[120], out[NUM_TEXT_MAX], in[NUM_TEXT_MAX];
		u64 most_out, most_in, lost = pair_lost(w, p);

		most_out = min_u64(m->bound.most_out,
				   pair_out(p) + lost);
		most_in = min_u64(m->bound.most_in, pair_in(p) + lost);
		snprintf(note, sizeof note, N_("at most %s out, %s in"),
			 num_octets_text(most_out, out), num_octets_text(most_in, in));
		finding_party(f, "client", address_text(&p->addr, name), most_out + most_in, note);
	}
}

static void say_one(const struct look *l, const struct fired *fired, say_fn *say, void *to)
{
	extern const struct detector detector_tunnel;
	const struct domain_sum *d = fired->d;
	const struct tunnel_conf *c = l->conf;
	struct measure all, *m = &all;
	struct finding f;
	char out[NUM_TEXT_MAX], in[NUM_TEXT_MAX], names[NUM_TEXT_MAX];

	tunnel_measure(m, l, d);
	find_begin(&f, l, &detector_tunnel, fired->row);
	find_domain(&f, l->w, d);
	add_features(&f, m, c);
	add_clients(&f, l->w, fired, m);
	f.confidence = m->names >= 50 ? 95 : m->names >= 20 ? 85 : 70;
	if (strcmp(fired->row, "tunnel.words") == 0)
		f.confidence = 40;
	f.severity = severity_of(m, c, fired->row, f.severity);
	f.evidence_all = (u64)d->queries + d->responses;
	snprintf(f.sentence, sizeof f.sentence,
		 d->names.bar ? N_("About %s different names under %s can have carried "
				   "at most %s out and %s in (%s of them answered; %.1f "
				   "bits an octet).")
			      : N_("%s different names under %s can have carried at most "
				   "%s out and %s in (%s of them answered; %.1f bits an "
				   "octet)."),
		 num_count_text((u64)llround(m->names), names),
		 f.subject, num_octets_text(m->bound.most_out, out),
		 num_octets_text(m->bound.most_in, in),
		 m->answered >= 0.995 ? NC_("phrase", "all") :
		 m->answered > 0.5 ? NC_("phrase", "most") :
		 m->answered > 0.005 ? NC_("phrase", "some") : NC_("phrase", "none"), m->density);
	say(to, &f);
}

/* What judge() wants of every row where few questions carry: octets enough, and encoded. */
static bool may_fit(const struct look *l, const struct domain_sum *d)
{
	const struct tunnel_conf *c = l->conf;
	struct measure m;
	double octets, density;

	tunnel_types(&m, l->w, d);
	if (m.carried >= c->carried || tunnel_drawn(l->w, d))
		return true;
	octets = tunnel_names(l->w, d, &density);
	return octets >= enough_of(c, l->day) && density >= c->density;
}

/* The row that fits a domain, or NULL; most domains are let go by their counts or their names
 * alone. */
static const char *row_of(const struct look *l, const struct domain_sum *d)
{
	const struct tunnel_conf *c = l->conf;
	struct measure m;

	if (d->name_len <= 1 || (d->names.count < c->names && d->names.bar == 0 &&
				 d->answers.count < c->names && d->answers.bar == 0))
		return NULL;
	if (!may_fit(l, d))
		return NULL;
	tunnel_measure(&m, l, d);
	return judge(&m, c, l->day);
}

static int by_key(const void *a, const void *b)
{
	const struct fired *x = a, *y = b;

	return (x->d->key > y->d->key) - (x->d->key < y->d->key);
}

/* One pass over all pairs finds those of the domains that fired. */
static void find_pairs(const struct window *w, struct fired *fired, u32 n)
{
	const struct keytab *t = &w->table[SUMMARY_PAIR];

	for (u32 i = 0; i < t->count; i++) {
		const struct pair_sum *p = keytab_at(t, i);
		struct domain_sum sought = { .key = p->domain };
		struct fired key = { .d = &sought }, *at;

		if ((at = bsearch(&key, fired, n, sizeof key, by_key)) != NULL)
			add_pair(at, p);
	}
}

#define FIRED_MAX 10000u	/* domains spoken of in one window */

static void look_at_domains(const struct look *l, say_fn *say, void *to)
{
	const struct keytab *t = &l->w->table[SUMMARY_DOMAIN];
	struct fired *fired = NULL;
	u32 n = 0;

	for (u32 i = 0; i < t->count && n < FIRED_MAX; i++) {
		const struct domain_sum *d = keytab_at(t, i);
		const char *row = row_of(l, d);

		if (row == NULL)
			continue;
		if (n % 64 == 0) {
			struct fired *more = realloc(fired, (n + 64) * sizeof *more);

			if (more == NULL)
				break;
			fired = more;
		}
		fired[n++] = (struct fired){ .d = d, .row = row };
	}
	if (n) {
		qsort(fired, n, sizeof *fired, by_key);
		find_pairs(l->w, fired, n);
	}
	for (u32 i = 0; i < n; i++)
		say_one(l, &fired[i], say, to);
	free(fired);
}

static void look(const struct look *l, say_fn *say, void *to)
{
	look_at_domains(l, say, to);
	tunnel_spread_look(l, say, to);
}

const struct detector detector_tunnel = {
	.id = "tunnel", .title = N_("Data carried through DNS"), .version = 3,
	.opts = opts, .conf_size = sizeof(struct tunnel_conf), .rows = rows, .look = look,
};
