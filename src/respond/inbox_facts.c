/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox_facts.c - what speaks for and against a report; see inbox.h.
 *
 *   +30 finding: tunnel.data (high) of 2026-11-21 is about bad.example.net
 *   -45 absent: bad.example is not delegated in the zone example (of 2026-11-20)
 *
 * One line a fact, the rows of INBOX_FACTS in words. What the store says about a name or
 * address is looked up for the subject, its host and its registered domain. */
#include "respond/inbox_own.h"
#include "base/stamp.h"
#include "respond/gate.h"
#include "store/read.h"
#include <arpa/inet.h>
#include <stdarg.h>

#define F(name, word, most, help) { #word, most, help },
const struct inbox_fact_row inbox_facts[INBOX_FACT_COUNT] = { INBOX_FACTS(F) };
#undef F

#define FINDINGS_SHOWN 4u
#define SERVERS_SHOWN 3u
#define AHEAD_NS (86400 * STAMP_NS)	/* clocks and time zones differ by less */

struct weighing {
	struct inbox *in;
	const struct report *r;
	struct buf *reasons;
	int sum;
	char host[SUBJECT_HOST_MAX];	/* name or address that the subject lies at */
	bool is_address, is_name;
	struct known_name name;
	unsigned findings, servers, parts;
	struct marking made_of;	/* of what the reasons tell */
};

static void add(struct weighing *w, enum inbox_fact f, int weight, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void add(struct weighing *w, enum inbox_fact f, int weight, const char *format, ...)
{
	size_t from;
	va_list args;
	char text[600];

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	buf_fmt(w->reasons, "%s%+d %s: ", w->reasons->len ? "\n" : "", weight,
		inbox_facts[f].word);
	from = w->reasons->len;
	buf_text(w->reasons, text);
	for (size_t i = from; i < w->reasons->len; i++)	/* a line stays one */
		if (w->reasons->at[i] == '\n')
			w->reasons->at[i] = ' ';
	w->sum += weight;
}

static void add_most(struct weighing *w, enum inbox_fact f, const char *text)
{
	add(w, f, inbox_facts[f].most, "%s", text);
}

static char *day(u64 at, char to[STAMP_TEXT_MAX])
{
	stamp_text(at, 0, to);
	to[10] = 0;
	return to;
}

/* ---- what the report brings ---- */

static void weigh_evidence(struct weighing *w, bool headers)
{
	bool url = w->r->subject_kind == SUBJECT_URL || strstr(w->r->references, "://");

	if (url)
		add_most(w, FACT_URL, N_("a URL is given"));
	if (w->r->seen)
		add_most(w, FACT_TIME, N_("it is said when it was seen"));
	if (headers)
		add_most(w, FACT_HEADERS, N_("the message that it is about is with it"));
	if (w->r->abuse)
		add_most(w, FACT_KIND, abuse_names[w->r->abuse]);
	if (!url && !w->r->seen && !headers)
		add_most(w, FACT_NO_EVIDENCE, inbox_facts[FACT_NO_EVIDENCE].help);
	if (w->r->subject[0] == 0)
		add_most(w, FACT_NO_SUBJECT, inbox_facts[FACT_NO_SUBJECT].help);
}

static void weigh_time(struct weighing *w)
{
	u64 seen = w->r->seen, now = w->r->received;
	char text[STAMP_TEXT_MAX];

	if (seen == 0)
		return;
	if (seen > now + AHEAD_NS)
		add(w, FACT_FUTURE, inbox_facts[FACT_FUTURE].most,
		    N_("it was seen on %s, which is still to come"), day(seen, text));
	else if (now > seen && now - seen > w->in->setup.old_ns)
		add(w, FACT_OLD, inbox_facts[FACT_OLD].most,
		    N_("it was seen on %s, %llu days before it was reported"),
		    	day(seen, text),
		    (unsigned long long)((now - seen) / (86400 * STAMP_NS)));
}

/* ---- the name or address ---- */

static bool is_local4(const u8 *a)
{
	return a[0] == 0 || a[0] == 10 || a[0] == 127 || a[0] >= 224 ||
	       (a[0] == 172 && (a[1] & 0xf0) == 16) || (a[0] == 192 && a[1] == 168) ||
	       (a[0] == 169 && a[1] == 254) || (a[0] == 100 && (a[1] & 0xc0) == 64);
}

/* RFC 6890 and what is no unicast: private, loopback, link-local, shared. */
static bool is_local(const char *text, bool *is_address)
{
	static const u8 nothing[15];
	u8 a[16];

	*is_address = true;
	if (inet_pton(AF_INET, text, a) == 1)
		return is_local4(a);
	if (inet_pton(AF_INET6, text, a) == 1)
		return (a[0] & 0xfe) == 0xfc || (a[0] == 0xfe && (a[1] & 0xc0) == 0x80) ||
		       a[0] == 0xff || (memcmp(a, nothing, 15) == 0 && a[15] <= 1);
	*is_address = false;
	return false;
}

static void weigh_popular(struct weighing *w)
{
	bool platform = w->r->subject_kind == SUBJECT_URL;
	u32 rank = known_rank(&w->in->known, w->name.domain);
	char text[STAMP_TEXT_MAX];

	if (rank == 0)
		return;
	add(w, FACT_POPULAR, platform ? inbox_facts[FACT_POPULAR].most / 2
	    : inbox_facts[FACT_POPULAR].most, N_("%.120s is place %u of the popular "
	    	"names of %s%s"),
	    w->name.domain, rank, day(w->in->known.popular_at, text),
	    platform ? N_("; its own desk can take the page "
	    	"away") : "");
}

static void weigh_zone(struct weighing *w)
{
	struct known_name *n = &w->name;
	char text[STAMP_TEXT_MAX];

	if (n->in_zone && inbox_knows_later(w->r->reasons, n))
		n->in_zone = false;	/* this look is the older one */
	if (!n->in_zone)
		return;
	if (n->exists)
		add(w, FACT_EXISTS, inbox_facts[FACT_EXISTS].most,
		    N_("%.120s is delegated in the zone %.60s (of %s)"),
		    	n->domain, n->zone,
		    day(n->zone_at, text));
	else
		add(w, FACT_ABSENT, inbox_facts[FACT_ABSENT].most,
		    N_("%.120s is not delegated in the zone %.60s (of %s)"),
		    	n->domain, n->zone,
		    day(n->zone_at, text));
}

static void weigh_name(struct weighing *w)
{
	known_name(&w->in->known, w->host, &w->name);
	if (w->name.domain[0] == 0)
		return;
	w->is_name = true;
	if (w->name.no_suffix && !w->name.in_zone) {	/* our own zones know better */
		const char *dot = strrchr(w->host, '.');

		add(w, FACT_NO_SUFFIX, inbox_facts[FACT_NO_SUFFIX].most,
		    N_("the public suffix list has nothing under '%.60s'"),
		    dot ? dot + 1 : w->host);
		return;
	}
	if (w->name.is_suffix && w->r->subject_kind != SUBJECT_URL)
		add(w, FACT_SUFFIX, inbox_facts[FACT_SUFFIX].most,
		    N_("%.120s is a public suffix: a whole registry, not a site"),
		    	w->host);
	weigh_zone(w);
	weigh_popular(w);
}

/* ---- the store ---- */

struct seen {	/* of a finding, that outlives it */
	char rule[48], id[FINDING_ID_MAX], server[SERVERS_SHOWN][256];
	enum severity severity;
	u64 until;
	bool traffic;
	unsigned servers;
	struct marking marking;
};
struct seens { struct seen at[FINDINGS_SHOWN]; unsigned count; };

static int take_finding(void *to, const struct finding *f)
{
	struct seens *all = to;
	struct seen *s = &all->at[all->count++];

	*s = (struct seen){ .severity = f->severity, .until = f->until,
		.traffic = f->zone[0] == 0, .marking = marking_read(f->label) };
	snprintf(s->rule, sizeof s->rule, "%s", f->rule);
	snprintf(s->id, sizeof s->id, "%s", f->id);
	for (u32 i = 0; i < f->related_count && s->servers < SERVERS_SHOWN; i++)
		if (strcmp(f->related[i].role, "server") == 0)
			snprintf(s->server[s->servers++], sizeof s->server[0], "%s",
				 f->related[i].name);
	return all->count == FINDINGS_SHOWN;
}

/* Traffic speaks of abuse; a zone check speaks of trust, and of abuse when it is severe. */
static int finding_weight(const struct seen *s)
{
	int most = inbox_facts[FACT_FINDING].most;

	if (!s->traffic)
		return s->severity >= SEVERITY_HIGH ? most / 3 : 0;
	return s->severity >= SEVERITY_HIGH ? most :
	       s->severity == SEVERITY_MEDIUM ? most * 2 / 3 : most / 3;
}

static bool is_victim(const char *rule)
{
	size_t n = strlen(rule);

	return n > 7 && strcmp(rule + n - 7, ".victim") == 0;
}

static void say_finding(struct weighing *w, const struct seen *s, const char *subject)
{
	char text[STAMP_TEXT_MAX];

	if (is_victim(s->rule))
		add(w, FACT_VICTIM, inbox_facts[FACT_VICTIM].most,
		    N_("%.120s is a target in %s %.12s: what comes from it may be "
		    	"forged"), subject,
		    s->rule, s->id);
	else	/* the first counts, the others are shown */
		add(w, FACT_FINDING, w->findings++ ? 0 : finding_weight(s),
		    N_("%s (%s) %.12s of %s is about %.120s"),
		    	s->rule, severity_name(s->severity),
		    s->id, day(s->until, text), subject);
	for (unsigned i = 0; i < s->servers && w->servers < SERVERS_SHOWN; i++, w->servers++)
		add(w, FACT_SERVER, 0, N_("%.120s was answered for by %.120s in %.12s"),
			subject,
		    s->server[i], s->id);
}

/* The finding's own marking and what people raised it to in incidents. */
static int join_finding(struct weighing *w, const struct seen *s)
{
	w->made_of = marking_join(w->made_of, s->marking);
	return store_join_member(desk_store(w->in->desk), MEMBER_FINDING, s->id, &w->made_of);
}

static int weigh_findings(struct weighing *w, const char *subject)
{
	const struct store_filter filter = { .subject = subject, .limit = FINDINGS_SHOWN };
	struct seens all = { .count = 0 };
	int rc = store_each_finding(desk_store(w->in->desk), &filter, take_finding, &all);

	rc = rc < 0 ? rc : 0;
	for (unsigned i = 0; i < all.count && rc == 0; i++) {
		say_finding(w, &all.at[i], subject);
		rc = join_finding(w, &all.at[i]);
	}
	return rc;
}

/* ---- findings in which it takes part: by the store's index of parties ---- */

struct parts { u64 at[FINDINGS_SHOWN]; unsigned count; };

static int take_part(void *to, u64 number)
{
	struct parts *p = to;

	if (p->count == 0 || p->at[p->count - 1] != number)
		p->at[p->count++] = number;
	return 0;
}

/* As what; NULL: as a target, or it is about it itself. */
static const char *role_of(const struct finding *f, const char *subject)
{
	for (u32 i = 0; i < f->related_count && strcasecmp(f->subject, subject); i++)
		if (strcasecmp(f->related[i].name, subject) == 0)
			return strcmp(f->related[i].role, "victim") &&
			       strcmp(f->related[i].role, "target") ? f->related[i].role : NULL;
	return NULL;
}

/* The first counts, the others are shown. */
static int say_part(struct weighing *w, const struct finding *f, const char *subject)
{
	const char *role = role_of(f, subject);
	struct seens one = { .count = 0 };
	char text[STAMP_TEXT_MAX];

	if (role == NULL)
		return 0;
	take_finding(&one, f);
	add(w, FACT_PARTY, w->parts++ ? 0 : inbox_facts[FACT_PARTY].most,
	    N_("%.120s takes part as %.20s in %s (%s) %.12s of %s, about %.120s"), subject, role,
	    f->rule, severity_name(f->severity), f->id, day(f->until, text), f->subject);
	return join_finding(w, &one.at[0]);
}

static int weigh_parts(struct weighing *w, const char *subject)
{
	struct store *s = desk_store(w->in->desk);
	struct finding *f = malloc(sizeof *f);
	struct parts all = { .count = 0 };
	int rc = f ? store_each_related(s, subject, false, FINDINGS_SHOWN, take_part, &all)
		   : -ENOMEM;

	for (unsigned i = 0; i < all.count && rc == 0; i++)
		if ((rc = store_numbered(s, all.at[i], true, f)) == 0)
			rc = say_part(w, f, subject);
	free(f);
	return rc;
}

struct listing {	/* what was met, and the join of its markings */
	const struct report *report;
	u64 number, confidence;
	char a[200], b[64];
	struct marking made_of;
};

static int take_indicator(void *to, const void *record)
{
	const struct indicator *i = record;
	struct listing *l = to;

	if (i->valid_until && i->valid_until < l->report->received)
		return 0;
	l->number++;
	l->made_of = marking_join(l->made_of, (struct marking){ i->tlp, i->pap });
	if (l->number == 1 || i->confidence > l->confidence) {
		snprintf(l->a, sizeof l->a, "%s", i->source[0] ? i->source : i->format);
		snprintf(l->b, sizeof l->b, "%s", abuse_names[i->abuse]);
		l->confidence = i->confidence;
	}
	return 0;
}

/* Who lists it, and for what. */
static void say_listed(struct weighing *w, const char *subject, const struct listing *l)
{
	const int most = inbox_facts[FACT_LISTED].most;
	char by[240];

	snprintf(by, sizeof by, l->number > 1 ? N_("%.120s and others") : "%.120s", l->a);
	if (l->b[0])
		add(w, FACT_LISTED, most, N_("%.120s is listed for %.60s by %s"), subject, l->b,
		    by);
	else
		add(w, FACT_LISTED, most, N_("%.120s is listed by %s"), subject, by);
}

static int weigh_listed(struct weighing *w, const char *subject)
{
	const struct store_cond cond = { .field = "subject", .op = STORE_IS, .text = subject };
	const struct store_query q = { .table = DESK_indicator, .conds = &cond, .count = 1,
		.limit = 100 };
	struct listing l = { .report = w->r };
	int rc = store_each(desk_store(w->in->desk), &q, take_indicator, &l);

	if (rc == 0 && l.number)
		say_listed(w, subject, &l);
	w->made_of = marking_join(w->made_of, l.made_of);
	return rc;
}

static int take_incident(void *to, const void *record)
{
	const struct incident *i = record;
	struct listing *l = to;

	if (i->state == INCIDENT_CLOSED || i->state == INCIDENT_FALSE_ALARM ||
	    i->state == INCIDENT_MERGED || i->number == l->report->incident)
		return 0;
	l->number = i->number;
	l->made_of = (struct marking){ i->tlp, i->pap };
	snprintf(l->a, sizeof l->a, "%s", incident_states[i->state]);
	return 1;
}

static int weigh_incident(struct weighing *w, const char *subject)
{
	const struct store_cond cond = { .field = "subject", .op = STORE_IS, .text = subject };
	const struct store_query q = { .table = DESK_incident, .conds = &cond, .count = 1,
		.order = "-number" };
	struct listing l = { .report = w->r };
	int rc = store_each(desk_store(w->in->desk), &q, take_incident, &l);

	if (rc >= 0 && l.number)
		add(w, FACT_INCIDENT, inbox_facts[FACT_INCIDENT].most,
		    N_("incident %llu (%s) is about %.120s"),
		    	(unsigned long long)l.number, l.a,
		    subject);
	w->made_of = marking_join(w->made_of, l.made_of);
	return rc < 0 ? rc : 0;
}

/* The subject, its host, its registered domain: each once, until one is known. */
static int weigh_each(struct weighing *w, int (*weigh)(struct weighing *, const char *))
{
	const char *names[] = { w->r->subject, w->host, w->is_name ? w->name.domain : "" };
	size_t before = w->reasons->len;
	int rc = 0;

	for (size_t i = 0; i < COUNT(names) && rc == 0 && w->reasons->len == before; i++)
		if (names[i][0] && (i == 0 || strcmp(names[i], names[i - 1])))
			rc = weigh(w, names[i]);
	return rc;
}

/* ---- others, and who says so ---- */

/* Of those that are stricter nothing is said: anybody's would take the report out of sight. */
static int take_other(void *to, const void *record)
{
	const struct report *r = record;
	struct listing *l = to;

	if (r->number != l->report->number && strcmp(r->sender, l->report->sender) &&
	    inbox_may_say(l->report, r))
		l->number++;
	return 0;
}

static int weigh_others(struct weighing *w)
{
	const struct store_cond conds[] = {
		{ .field = "subject", .op = STORE_IS, .text = w->r->subject },
		{ .field = "state", .op = STORE_AMONG, .number = 1u << REPORT_NEW |
		  1u << REPORT_ACCEPTED | 1u << REPORT_DUPLICATE },
	};
	const struct store_query q = { .table = DESK_report, .conds = conds, .count = 2,
		.limit = 100 };
	struct listing l = { .report = w->r };
	int rc = w->r->subject[0] ? store_each(desk_store(w->in->desk), &q, take_other, &l) : 0;

	if (rc == 0 && l.number == 1)
		add_most(w, FACT_OTHERS, N_("one other report of it, by somebody else"));
	else if (rc == 0 && l.number)
		add(w, FACT_OTHERS, inbox_facts[FACT_OTHERS].most,
		    N_("%llu other reports of it, by somebody else"),
		    (unsigned long long)l.number);
	return rc;
}

/* Nobody's reports become good by a duplicate twice: what the sender has counts, or else what
 * the best of those has who said the same later. */
static void weigh_record(struct weighing *w, const struct sender *s, u64 copy)
{
	const unsigned long long all = s->right + s->wrong, right = s->right;
	const int least = (int)(INBOX_SENDER_MOST * inbox_least(s->right, s->right + s->wrong));

	if (copy)
		add(w, FACT_RECORD_GOOD, least, N_("report %llu says the same: of %llu reports by "
			"its sender that were decided, %llu were right"),
			(unsigned long long)copy, all, right);
	else
		add(w, FACT_RECORD_GOOD, least, N_("of %llu reports by this sender that were "
			"decided, %llu were right"), all, right);
}

static bool is_good(const struct sender *s)
{
	return inbox_least(s->right, s->right + s->wrong) >= 0.5;
}

static int weigh_sender(struct weighing *w)
{
	struct sender s = { 0 };
	struct copy_senders later;
	double wrong;
	int rc = w->r->sender[0] ? inbox_sender(w->in, w->r->sender, &s) : 0;

	if (rc || (rc = inbox_copy_senders(w->in, w->r, &later)))
		return rc;
	if (s.is_contact)
		add_most(w, FACT_CONTACT, inbox_facts[FACT_CONTACT].help);
	else if (later.contact)
		add(w, FACT_CONTACT, inbox_facts[FACT_CONTACT].most, N_("report %llu says the "
			"same: its sender's address is that of a contact of ours"),
			(unsigned long long)later.contact);
	wrong = inbox_least(s.wrong, s.right + s.wrong);
	if (is_good(&s))
		weigh_record(w, &s, 0);
	else if (is_good(&later.best))
		weigh_record(w, &later.best, later.right);
	else if (wrong >= 0.5)
		add(w, FACT_RECORD_BAD, -(int)(INBOX_SENDER_MOST * wrong),
		    N_("of %llu reports by this sender that were decided, %llu were "
		    	"wrong"),
		    (unsigned long long)(s.right + s.wrong), (unsigned long long)s.wrong);
	return 0;
}

int inbox_weigh(struct inbox *in, struct report *r, bool headers, struct buf *reasons)
{
	struct weighing w = { .in = in, .r = r, .reasons = reasons,
		.made_of = { r->tlp, r->pap } };
	int rc;

	buf_clear(reasons);
	subject_host(r->subject, w.host);
	if (is_local(w.host, &w.is_address))
		add(&w, FACT_LOCAL, inbox_facts[FACT_LOCAL].most,
		    N_("%s is an address that is not routed in the Internet"), w.host);
	else if (!w.is_address)
		weigh_name(&w);
	w.sum += inbox_kept(in, &w.name, r->reasons, reasons);
	weigh_evidence(&w, headers);
	weigh_time(&w);
	if ((rc = weigh_each(&w, weigh_findings)) || (rc = weigh_each(&w, weigh_parts)) ||
	    (rc = weigh_each(&w, weigh_listed)) || (rc = weigh_each(&w, weigh_incident)) ||
	    (rc = weigh_others(&w)) || (rc = weigh_sender(&w)))
		return rc;
	r->weight = w.sum < -INBOX_START ? 0 : min_u64((u64)(INBOX_START + w.sum), 100);
	r->reasons = buf_str(reasons);
	r->tlp = w.made_of.tlp;
	r->pap = w.made_of.pap;
	return buf_error(reasons);
}

int inbox_main_fact(const char *reasons, int sign)
{
	struct inbox_reason r;
	int best = -1, most = 0;

	while (inbox_reason(&reasons, &r))
		if (r.weight * sign > most && r.fact >= 0) {
			most = r.weight * sign;
			best = r.fact;
		}
	return best;
}
