/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reflection.c - servers used for amplification, and their victims.
 *
 * An attacker sends questions in the victim's name to servers that answer big. Seen from
 * the server, a "client" asks the same few big questions over and over, never by TCP, and
 * gets many times the octets that it sent; seen from the victim, big answers to nothing it
 * asked arrive from many servers. One summary holds both, because the victim is the client
 * either way, and one rule reads it, over one minute:
 *
 *   volume      octets of big UDP responses (BIG_RESPONSE and more) and of fragments sent to
 *               the address: a fragment that never found its datagram still filled the line
 *   gain        octets sent to it for each octet it (seemed to have) sent: at the server;
 *               or no questions at all: at the victim, or in a one-way capture
 *   repeated    big responses for each different question: a cache asks once, a flood repeats
 *               (one that asks a wildcard need not: but then MORE times the volume and the
 *               gain are no cache's and hardly a channel's)
 *
 * Carpet bombing spreads the flood over all addresses of a network, so that none of them gets
 * much. What the addresses of a /24 or a /48 got is therefore summed at the end of the minute
 * (window/network.c) and judged as one victim, where many of them share it evenly. Networks of
 * resolvers look a little like that at the server of a signed zone: many addresses ask for the
 * same big answers. But each of them asks once and then knows; so the repetition that counts is
 * that of each address (`each`).
 *
 * A carpet over many networks leaves each of them less than the volume. What is left to see is the
 * server: it sends MORE times the volume in answers to ANY, which nobody needs (RFC 8482), many
 * times what it is asked. It is reported without a victim.
 *
 * Not seen: such wide carpets by other types, and those over a network that send each address one
 * answer or two in a minute.
 *
 * A validating resolver also gets big answers (DNSKEY), but for many questions, each once in
 * a TTL; its volume for each question stays near one response.
 *
 * Type mix (ANY, DNSSEC, TXT), the number of servers, ports below 1024 at the receiving end and
 * the absence of TCP are shown: signs of spoofing that the rule does not need. Servers that
 * send the same way are reported on their own (reflection.server), for their operators.
 *
 * Sources: van Rijswijk-Deij, Sperotto, Pras, IMC 2014 (gain by type); Rossow, NDSS 2014;
 * BCP 38, BCP 140 (RFC 5358); RFC 8482 (answers to ANY). */
#include "detect/detect.h"
#include "base/num.h"
#include <math.h>

struct conf {
	u64 volume, spread;
	double gain, repeated, each;
};

#define AT(f) offsetof(struct conf, f)
static const struct opt opts[] = {
	{ .name = "volume", .type = OPT_SIZE, .at = AT(volume), .def = "500k", .min = 1024,
	  .max = 1ull << 50, .arg = "SIZE",
	  .help = N_("big answers to one address or network in a "
	  	"minute, at least") },
	{ .name = "gain", .type = OPT_RATIO, .at = AT(gain), .def = "10", .min = 1000,
	  .max = 100000000, .arg = "FACTOR",
	  .help = N_("octets received for each octet asked, at "
	  	"least") },
	{ .name = "repeated", .type = OPT_RATIO, .at = AT(repeated), .def = "10", .min = 1000,
	  .max = 100000000, .arg = "TIMES",
	  .help = N_("big answers for each different question, "
	  	"at least") },
	{ .name = "spread", .type = OPT_COUNT, .at = AT(spread), .def = "16", .min = 8,
	  .max = 65536, .arg = "N",
	  .help = N_("addresses of a network that share the flood, at "
	  	"least") },
	{ .name = "each", .type = OPT_RATIO, .at = AT(each), .def = "3", .min = 1000,
	  .max = 100000000, .arg = "TIMES",
	  .help = N_("big answers for each different question of "
	  	"each address of a network, at least") },
	{ .name = NULL }
};

static const char *const references[] = {
	"van Rijswijk-Deij, Sperotto, Pras, DNSSEC and Its Potential for DDoS "
		"Attacks, IMC 2014",
	"Rossow, Amplification Hell: Revisiting Network Protocols for DDoS Abuse, "
		"NDSS 2014",
	"RFC 5358 (BCP 140), RFC 2827 (BCP 38), RFC 8482",
	NULL
};

static const struct catalogue_row rows[] = {
	{ .id = "reflection.victim",
	  .title = N_("Victim of DNS reflection"), .area = AREA_AVAILABILITY,
	  .first = 11, .abuse = ABUSE_NONE, .remit = REMIT_ROUTING,
	  .detect = N_("authoritative operator, resolver operator, network operator of "
	  	"the victim"),
	  .mitigate = N_("network operators (filter, trace the source), operators of the "
	  	"servers (RRL)"),
	  .prevent = N_("network operators (BCP 38), operators of the servers (no open "
	  	"recursion, minimal ANY)"),
	  .severity = SEVERITY_HIGH, .victim = true,
	  .meaning = N_("Big DNS answers that it never asked for are sent to this "
	  	"address: somebody asks in its name. The servers are tools, the address "
	  	"is the target."),
	  .remedy = N_("At a server: switch on response rate limiting, answer ANY "
	  	"minimally, close open recursion. At the victim: filter UDP source port "
	  	"53 upstream and ask the networks of the servers to trace where the "
	  	"questions enter."),
	  .references = references },
	{ .id = "reflection.network",
	  .title = N_("Network under carpet bombing by DNS reflection"),
	  .area = AREA_AVAILABILITY,
	  .first = 11, .abuse = ABUSE_NONE, .remit = REMIT_ROUTING,
	  .detect = N_("authoritative operator, resolver operator, network operator of "
	  	"the victim"),
	  .mitigate = N_("network operators (filter, trace the source), operators of the "
	  	"servers (RRL by prefix)"),
	  .prevent = N_("network operators (BCP 38), operators of the servers (no open "
	  	"recursion, minimal ANY)"),
	  .severity = SEVERITY_HIGH,
	  .meaning = N_("Big DNS answers that nobody there asked for are spread over the "
	  	"addresses of this network, so that no address gets enough to stand out. "
	  	"The line of the whole network is the target."),
	  .remedy = N_("At a server: response rate limiting works by prefix (/24 and /56 "
	  	"as BIND and NSD have it); switch it on. At the victim: filter UDP "
	  	"source port 53 for the whole network upstream."),
	  .references = references },
	{ .id = "reflection.server", .title = N_("Server used for DNS amplification"),
	  .area = AREA_AVAILABILITY,
	  .first = 11, .abuse = ABUSE_NONE, .remit = REMIT_DNS,
	  .detect = N_("operator of the server, network operator"),
	  .mitigate = N_("operator of the server"),
	  .prevent = N_("operator of the server (RRL, no open recursion, minimal ANY)"),
	  .severity = SEVERITY_MEDIUM,
	  .meaning = N_("This server sends big answers to addresses that are targets of "
	  	"reflection, or very many answers to ANY to addresses all over, which "
	  	"nobody asks for himself."),
	  .remedy = N_("Switch on response rate limiting and DNS cookies, answer ANY "
	  	"minimally (RFC 8482), close recursion to strangers."),
	  .references = references },
	{ .id = NULL }
};

struct measure {
	u64 volume;
	double gain, repeated, each, questions, servers;
	double share_any, share_dnssec, share_text, low_port;
	bool silent;	/* no question in its name was seen */
};

static void measure(struct measure *m, const struct window *w, const struct client_sum *c)
{
	const struct pool *p = &w->pool[SUMMARY_CLIENT];
	const struct client_rare *r = client_rare(w, c);
	double big = r->big ? r->big : 1;

	*m = (struct measure){ .volume = r->big_octets + r->fragment_octets };
	m->silent = c->queries == 0;
	m->questions = sample_distinct(&r->big_questions, p);
	m->servers = sample_distinct(&r->big_servers, p);
	m->gain = c->query_octets ? (double)(c->response_octets + r->fragment_octets) /
				    (double)c->query_octets : 0;
	m->each = r->each_questions ? (double)r->big / r->each_questions : 0;
	m->repeated = m->questions > 0 ? (double)r->big / m->questions : 0;
	m->share_any = r->big_any / big;
	m->share_dnssec = r->big_dnssec / big;
	m->share_text = r->big_text / big;
	m->low_port = r->big_low_port / big;
}

#define MORE 4

/* A victim's capture of fragments may hold hardly a first one: then the fragments that came
 * with nothing stand for the repetition. Where questions are seen as well, big answers to
 * somebody who asked nothing need no repetition. */
static bool judge(const struct measure *m, const struct client_sum *c, const struct look *l)
{
	const struct client_rare *r = client_rare(l->w, c);
	const struct conf *conf = l->conf;
	bool two_way = l->w->queries > l->w->responses / 2;	/* its questions would be seen */
	bool again = c->network ? m->each >= conf->each : m->repeated >= conf->repeated;
	bool wild = m->volume >= MORE * conf->volume && m->gain >= MORE * conf->gain;
	bool repeated = again || wild ||
			(r->fragment_octets > r->big_octets && r->fragments >= 50) ||
			(m->silent && two_way);

	return m->volume >= conf->volume && repeated &&
	       (c->network == 0 || r->spread >= conf->spread) &&
	       (m->silent || m->gain >= conf->gain);
}

static void add_servers(struct finding *f, const struct window *w, const struct client_sum *c)
{
	struct sampled it[SAMPLE_K_MAX];
	unsigned n = sample_items(&client_rare(w, c)->big_servers, &w->pool[SUMMARY_CLIENT], it);
	const struct keytab *t = &w->table[SUMMARY_SERVER];

	for (u32 i = 0; i < t->count; i++) {
		const struct server_sum *s = keytab_at(t, i);
		char name[ADDRESS_TEXT_MAX], note[120], sent[NUM_TEXT_MAX];

		for (unsigned j = 0; j < n; j++) {
			if (it[j].least != (s->key & 0xffffff) || s->big == 0)
				continue;
			snprintf(note, sizeof note, N_("sent %s in big answers in all"),
				 num_octets_text(s->big_octets, sent));
			finding_party(f,
				      "server", address_text(&s->addr, name), s->big_octets, note);
			break;
		}
	}
}

static void add_features(struct finding *f, const struct look *l, const struct client_sum *c,
			 const struct measure *m)
{
	const struct client_rare *r = client_rare(l->w, c);
	const struct conf *conf = l->conf;

	finding_least(f, "volume", (double)m->volume, (double)conf->volume,
		      "octets of big answers and fragments in the minute");
	if (m->silent)
		finding_value(f, "queries", 0, "messages", "no question in its name was seen");
	else
		finding_least(f, "gain", m->gain, conf->gain,
			      "octets received for each octet asked");
	if (c->network) {
		finding_least(f, "spread", r->spread, (double)conf->spread,
			      "addresses that share it, if each got as much");
		finding_least(f, "each", m->each, conf->each, "big answers for each different "
			"question of each address");
	} else {
		finding_least(f, "repeated", m->repeated, conf->repeated, "big answers for each "
			"different question");
	}
	finding_value(f, "big_answers", r->big, "messages", "answers of 512 octets and more");
	finding_value(f, "fragments", r->fragments, "fragments",
		      "fragments that never made a whole datagram");
	finding_value(f, "servers", m->servers, "servers",
		      "servers that sent big answers (estimated past 15)");
	finding_value(f, "any", m->share_any, "", "share of big answers to ANY");
	finding_value(f, "dnssec", m->share_dnssec, "", "share of big answers to DNSKEY, "
		"RRSIG and the like");
	finding_value(f, "text", m->share_text, "", "share of big answers to TXT");
	finding_value(f, "low_port", m->low_port, "", "share of big answers sent to a "
		"port below 1024");
	finding_value(f, "tcp", c->tcp, "messages", "messages by TCP, which cannot be "
		"spoofed blindly");
}

static void say_victim(const struct look *l, const struct client_sum *c, const struct measure *m,
		       say_fn *say, void *to)
{
	extern const struct detector detector_reflection;
	const struct conf *conf = l->conf;
	struct finding f;
	char sent[NUM_TEXT_MAX];

	find_begin(&f, l, &detector_reflection,
		   c->network ? "reflection.network" : "reflection.victim");
	find_client(&f, "victim", c);
	add_features(&f, l, c, m);
	add_servers(&f, l->w, c);
	f.confidence = c->tcp == 0 && (m->silent || m->gain >= 2 * conf->gain) ? 95 : 75;
	f.evidence_all = (u64)c->queries + c->responses;
	snprintf(f.sentence, sizeof f.sentence,
		 N_("%s in big DNS answers and fragments went to %s in one minute, %s."),
		 num_octets_text(m->volume, sent), f.subject,
		 m->silent ? N_("which was not seen to ask anything") :
		 N_("many times what was asked in its name"));
	say(to, &f);
}

static double share_of(u64 part, u64 all)
{
	return all ? (double)part / (double)all : 0;
}

static void add_victim(struct finding *f, const struct look *l, const struct server_sum *s,
		       const struct client_sum *victim)
{
	char sent[NUM_TEXT_MAX], name[ADDRESS_TEXT_MAX];

	num_octets_text(s->big_octets, sent);
	if (victim == NULL) {
		snprintf(f->sentence, sizeof f->sentence,
			 N_("%s sent %s in big answers in one minute, most of them to ANY, "
			 "spread over many addresses."),
			 f->subject, sent);
		return;
	}
	if (victim->network)
		network_text(&victim->addr, name);
	else
		address_text(&victim->addr, name);
	finding_party(f, "victim", name, client_rare(l->w, victim)->big_octets, "target");
	snprintf(f->sentence, sizeof f->sentence,
		 N_("%s sent %s in big answers in one minute, much of it to %s, which is "
		 	"a target."), f->subject, sent, name);
}

/* A server is reported when what it sent to victims alone is a volume. Victims are known by
 * the clients its sample of big answers points to; a wide carpet has none. */
static void say_server(const struct look *l, const struct server_sum *s,
		       const struct client_sum *victim, say_fn *say, void *to)
{
	extern const struct detector detector_reflection;
	const struct conf *conf = l->conf;
	struct finding f;

	find_begin(&f, l, &detector_reflection, "reflection.server");
	find_address(&f, "server", &s->addr, s->key);
	finding_least(&f, "volume", (double)s->big_octets, (double)conf->volume,
		      "octets of big answers in the minute");
	finding_value(&f, "gain", share_of(s->response_octets, s->query_octets), "",
		      "octets sent for each octet received");
	finding_value(&f, "big_answers", s->big, "messages", "answers of 512 octets and more");
	finding_value(&f, "any", share_of(s->big_any, s->big), "", "share of big answers to ANY");
	finding_value(&f, "dnssec", share_of(s->big_dnssec, s->big), "",
		      "share of big answers to DNSSEC types");
	add_victim(&f, l, s, victim);
	f.confidence = 80;
	f.evidence_all = (u64)s->queries + s->responses;
	say(to, &f);
}

#define VICTIMS_MAX 64u	/* looked through for each server */

struct victims { const struct client_sum *at[VICTIMS_MAX]; u32 count; };

/* The victim that got most among those that have the server in their sample. */
static const struct client_sum *victim_of(const struct look *l, const struct server_sum *s,
					  const struct victims *v)
{
	const struct client_sum *worst = NULL;
	u64 most = 0;

	for (u32 i = 0; i < v->count; i++) {
		const struct client_rare *r = client_rare(l->w, v->at[i]);
		const struct sampled *it = sample_view(&r->big_servers,
						       &l->w->pool[SUMMARY_CLIENT]);

		for (u32 j = 0; j < r->big_servers.count; j++)
			if (it[j].least == (s->key & 0xffffff) &&
			    (worst == NULL || r->big_octets > most)) {
				worst = v->at[i];
				most = r->big_octets;
			}
	}
	return worst;
}

static void look_at_victims(const struct look *l, struct victims *v, say_fn *say, void *to)
{
	const struct keytab *t = &l->w->table[SUMMARY_CLIENT];
	const struct conf *conf = l->conf;

	for (u32 i = 0; i < t->count; i++) {
		const struct client_sum *c = keytab_at(t, i);
		const struct client_rare *r = client_rare(l->w, c);
		struct measure m;

		if (r->big_octets + r->fragment_octets < conf->volume)
			continue;
		measure(&m, l->w, c);
		if (!judge(&m, c, l))
			continue;
		say_victim(l, c, &m, say, to);
		if (v->count < VICTIMS_MAX)
			v->at[v->count++] = c;
	}
}

/* Nobody is left to name but the server. */
static bool is_wide(const struct server_sum *s, const struct conf *c)
{
	double gain = share_of(s->response_octets, s->query_octets);

	return s->big_octets >= MORE * c->volume && share_of(s->big_any, s->big) >= 0.5 &&
	       (s->queries == 0 || gain >= c->gain);
}

static void look(const struct look *l, say_fn *say, void *to)
{
	const struct keytab *t = &l->w->table[SUMMARY_SERVER];
	const struct conf *conf = l->conf;
	struct victims v = { .count = 0 };

	if (l->day)
		return;
	look_at_victims(l, &v, say, to);
	for (u32 i = 0; i < t->count; i++) {
		const struct server_sum *s = keytab_at(t, i);
		const struct client_sum *victim;

		if (s->big_octets < conf->volume)
			continue;
		victim = victim_of(l, s, &v);
		if (victim || is_wide(s, conf))
			say_server(l, s, victim, say, to);
	}
}

const struct detector detector_reflection = {
	.id = "reflection", .title = N_("Reflection and amplification"), .version = 3,
	.opts = opts, .conf_size = sizeof(struct conf), .rows = rows, .look = look,
};
