/* SPDX-License-Identifier: GPL-3.0-or-later */
/* group_cause.c - findings of an audit: what each is about in the end; see group.h.
 *
 *   finding                                              key                       incident about
 *   of the zone: dnssec, syntax, its apex                \3 family zone            gal
 *   a measure of the zone: sharing, info                 \4 zone                   gal
 *   a delegation that rests on another's servers         \1 their operators        cheapdns.gal
 *   a name that nobody but itself is the cause of,
 *     high or critical                                   \1 its registered domain  shop.gal
 *     less, and others rest on it                        \1 its registered domain  cheapdns.gal
 *     less                                               \2 rule zone              gal
 *
 * The NS set, which the finding shows as its first evidence, says whose servers they are, so
 * nothing has to be added to findings (their packs are judged again octet by octet). An
 * operator is the registered domain of a server's name; servers of several are one cause of
 * their own. Keys begin with an octet that no name has: traffic about the same domain is
 * another matter. Some 20 us a finding: its evidence is read and its hash compared. */
#include "respond/group_own.h"
#include "dns/msg.h"
#include "dns/name.h"
#include "dns/rrtype.h"
#include "model/evidence.h"
#include "store/read.h"

enum lead { LEAD_NAME = 1, LEAD_FAULT, LEAD_ZONE, LEAD_MEASURES };
#define OPERATORS_MAX 4u	/* of one NS set that are told apart */
#define KEY_MAX (FINDING_SUBJECT_MAX + 64)

/* ---- whose servers ---- */

struct operators {
	const struct suffixes *suffixes;
	char names[OPERATORS_MAX][NAME_TEXT_MAX];
	u32 count;
	bool many;		/* more than that, or nothing that can be read */
};

static void add_operator(struct operators *o, const char *server)
{
	char name[GROUP_NAME_MAX];
	u32 at = 0;

	group_registered(o->suffixes, server, name);
	while (at < o->count && strcmp(o->names[at], name) < 0)
		at++;
	if (at < o->count && strcmp(o->names[at], name) == 0)
		return;
	if (o->count == OPERATORS_MAX) {
		o->many = true;
		return;
	}
	memmove(o->names + at + 1, o->names + at, (o->count - at) * sizeof o->names[0]);
	snprintf(o->names[at], sizeof o->names[at], "%.1000s", name);
	o->count++;
}

/* An NS set, as verify/verify.c puts it into a message. */
static int take_set(void *to, const u8 hash[32], const u8 *packed, size_t n)
{
	struct operators *o = to;
	u8 wire[NAME_WIRE_MAX];
	char text[NAME_TEXT_MAX];
	struct evidence e;
	struct rr_iter it;
	struct msg m;
	struct rr rr;
	int len;

	(void)hash;
	if (packed == NULL || evidence_unpack(&e, packed, n) < 0 ||
	    msg_read(&m, e.octets, e.len) != MSG_OK)
		return 0;
	for (it = rr_first(&m); rr_next(&it, &rr);)
		if (rr.type == TYPE_NS && (len = msg_name(&m, rr.rdata, wire)) > 0)
			add_operator(o, name_text(wire, (size_t)len, text));
	return 0;
}

/* Servers that are told as parties, where there is no evidence. */
static void take_parties(struct operators *o, const struct store_gist *s)
{
	for (u32 i = 0; i < s->related_count; i++)
		if (strcmp(s->related[i].role, "server") == 0)
			add_operator(o, s->related[i].name);
}

static int find_operators(struct group *g, const struct store_gist *s, struct operators *o)
{
	int rc = store_first_evidence(desk_store(g->desk), s->number, take_set, o);

	if (rc == OOPS_CHANGED)		/* whoever looks at it is told */
		rc = 0;
	if (rc == 0 && o->count == 0)
		take_parties(o, s);
	return rc;
}

/* ---- keys ---- */

static bool is_one_of(const char *text, size_t n, const char *const *list)
{
	for (; *list; list++)
		if (strlen(*list) == n && memcmp(*list, text, n) == 0)
			return true;
	return false;
}

/* Is it about the zone, and not about some name in it? */
static bool is_of_zone(const struct store_gist *s)
{
	static const char *const families[] = { "dnssec", "zone", "sharing", NULL },
		*const names[] = { "delegation", "server", "name", "domain", "rrset", NULL };

	return is_one_of(s->rule, strcspn(s->rule, "."), families) ||
	       !is_one_of(s->subject_kind, strlen(s->subject_kind), names);
}

static int of_zone(struct group *g, const struct store_gist *s, u32 *key)
{
	const int family = (int)strcspn(s->rule, ".");
	char text[KEY_MAX];

	if (s->severity == SEVERITY_INFO || strncmp(s->rule, "sharing.", 8) == 0)
		snprintf(text, sizeof text, "%c%s", LEAD_MEASURES, s->zone);
	else
		snprintf(text, sizeof text, "%c%.*s %s", LEAD_ZONE, family, s->rule, s->zone);
	return texts_add(&g->words, text, key);
}

/* Of nobody's making but its own. */
static int of_itself(struct group *g, const struct store_gist *s, const char *own,
		     struct tied *i)
{
	char text[KEY_MAX];
	int rc;

	snprintf(text, sizeof text, "%c%s", LEAD_NAME, own);
	if (s->severity >= SEVERITY_HIGH)
		return texts_add(&g->words, text, &i->key);
	rc = texts_add(&g->own, text, &i->own);
	snprintf(text, sizeof text, "%c%s %s", LEAD_FAULT, s->rule, s->zone);
	i->slight = true;
	return rc ? rc : texts_add(&g->words, text, &i->key);
}

static int of_operators(struct group *g, const struct operators *o, u32 *key)
{
	char text[OPERATORS_MAX * (NAME_TEXT_MAX + 2) + 2];
	size_t at = (size_t)snprintf(text, sizeof text, "%c", LEAD_NAME);

	for (u32 i = 0; i < o->count; i++)
		at += (size_t)snprintf(text + at, sizeof text - at, "%s%s", i ? ", " : "",
				       o->names[i]);
	return texts_add(&g->words, text, key);
}

int group_cause(struct group *g, const struct suffixes *suffixes, const struct store_gist *s,
		struct tied *i)
{
	struct operators *o;
	char own[GROUP_NAME_MAX];
	int rc = 0;

	if (is_of_zone(s))
		return of_zone(g, s, &i->key);
	if ((o = calloc(1, sizeof *o)) == NULL)
		return -ENOMEM;
	o->suffixes = suffixes;
	group_registered(suffixes, s->subject, own);
	if (strcmp(s->subject_kind, "delegation") == 0)
		rc = find_operators(g, s, o);
	i->rests = o->count && !o->many && (o->count > 1 || strcmp(o->names[0], own));
	if (rc == 0)
		rc = i->rests ? of_operators(g, o, &i->key) : of_itself(g, s, own, i);
	free(o);
	return rc;
}

void group_settle(struct group *g)
{
	u32 key;

	for (size_t i = 0; i < g->count; i++)
		if (g->items[i].slight &&
		    texts_find(&g->words, word(&g->own, g->items[i].own), &key)) {
			g->items[i].key = key;
			g->items[i].slight = false;
		}
}

/* ---- words ---- */

const char *group_about(const struct group *g, u32 key)
{
	const char *text = word(&g->words, key), *blank;

	if (text[0] == LEAD_NAME || text[0] == LEAD_MEASURES)
		return text + 1;
	if (text[0] != LEAD_FAULT && text[0] != LEAD_ZONE)
		return text;
	blank = strchr(text, ' ');
	return blank ? blank + 1 : text + 1;
}

size_t group_cause_why(const struct group *g, const struct tied *i, char *to, size_t room)
{
	const char *about = group_about(g, i->key);
	const char lead = word(&g->words, i->key)[0];

	if (lead == LEAD_MEASURES)
		return (size_t)snprintf(to, room, N_("a measure of the whole zone %.200s"), about);
	if (lead == LEAD_ZONE)
		return (size_t)snprintf(to, room, N_("a fault of the zone %.200s itself"), about);
	if (lead == LEAD_FAULT)
		return (size_t)snprintf(to, room, N_("one of the names of %.200s with this "
						     "fault"), about);
	if (i->rests)
		return (size_t)snprintf(to, room, N_("rests on the servers of %.200s"), about);
	return (size_t)snprintf(to, room, N_("a fault of %.200s itself"), about);
}

/* Names that it is about: all of them, or those that rest on the cause. */
static u64 count_names(const struct group *g, const u32 *order, size_t n, bool rests)
{
	u64 count = 0;

	for (size_t i = 0; i < n; i++) {
		const struct tied *is = &g->items[order[i]];
		bool seen = is->fault == 0 || (rests && !is->rests);

		for (size_t j = 0; j < i && j < 1000 && !seen; j++)
			seen = g->items[order[j]].subject == is->subject &&
			       (!rests || g->items[order[j]].rests);
		count += !seen;
	}
	return count;
}

/* One name is told as itself, however it came about. */
static bool is_one_name(const struct group *g, const u32 *order, size_t n)
{
	const char lead = word(&g->words, g->items[order[0]].key)[0];

	return (lead == LEAD_NAME || lead == LEAD_FAULT) &&
	       count_names(g, order, n, false) == 1;
}

void group_cause_reason(const struct group *g, const u32 *order, size_t n,
			struct group_words *w)
{
	const struct tied *top = w->top;
	const char *about = group_about(g, top->key);
	const char lead = word(&g->words, top->key)[0];
	const u64 rest = count_names(g, order, n, true), all = count_names(g, order, n, false);

	if (lead == LEAD_MEASURES)
		snprintf(w->reason, w->room, N_("measures of the whole zone %.200s"), about);
	else if (lead == LEAD_ZONE)
		snprintf(w->reason, w->room, N_("faults of the zone %.200s itself"), about);
	else if (lead == LEAD_FAULT && all > 1)
		snprintf(w->reason, w->room, N_("the same fault of %llu names in %.200s, each "
			 "of its own making"), (unsigned long long)all, about);
	else if (rest > 1)
		snprintf(w->reason, w->room, N_("%llu names that rest on the servers of "
			 "%.200s"), (unsigned long long)rest, about);
	else if (rest)
		snprintf(w->reason, w->room, N_("rests on the servers of %.200s"), about);
	else
		snprintf(w->reason, w->room, N_("all about one subject"));
	w->names = lead == LEAD_FAULT ? all : top->rests ? rest : 1;
	w->about = is_one_name(g, order, n) ? word(&g->words, top->subject) : about;
	w->called = w->names == 1 && top->rests ? word(&g->words, top->subject) : w->about;
}
