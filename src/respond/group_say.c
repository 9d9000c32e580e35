/* SPDX-License-Identifier: GPL-3.0-or-later */
/* group_say.c - from components to incidents: which is joined, which is opened, and the
 * words for it; see group.h. */
#include "respond/group_own.h"
#include "base/num.h"
#include "respond/title.h"

#define REASON_MAX 700
#define NAMED_MAX 3u	/* parties named in an incident's reason */

/* ---- what had ended before ---- */

struct past { u32 key; u64 from, until, incident; };

/* The open incidents of a component or of what is about one thing: the first two. */
struct homes { u64 least, next; };
struct going { struct homes to; size_t at; };

struct saying {
	struct group *g;
	u64 done;		/* findings that found an incident */
	struct homes *homes;	/* by key, while a component is looked at; else zeroes */
	u32 *told;		/* findings by key, while an incident is named; else zeroes */
	u64 *fault_homes;	/* by fault: the first open incident that has it */
	struct past *pasts;	/* members of ended incidents, by key */
	size_t past_count;
	char (*reasons)[REASON_MAX];	/* of the members at hand */
	struct member *members;
	size_t room;
};

static int by_key(const void *a, const void *b)
{
	const struct past *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->incident > y->incident) - (x->incident < y->incident);
}

static int find_pasts(struct saying *s)
{
	struct group *g = s->g;

	if ((s->pasts = reallocarray(NULL, g->count, sizeof *s->pasts)) == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < g->count; i++)
		if (g->items[i].ended)
			s->pasts[s->past_count++] = (struct past){ g->items[i].key,
				g->items[i].from, g->items[i].until, g->items[i].incident };
	qsort(s->pasts, s->past_count, sizeof *s->pasts, by_key);
	return 0;
}

/* A lasting fault goes to where it is, wherever people moved it. */
static int find_fault_homes(struct saying *s)
{
	struct group *g = s->g;

	if ((s->fault_homes = calloc(g->faults.count + 1ull, sizeof *s->fault_homes)) == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < g->count; i++) {
		const struct tied *is = &g->items[i];
		u64 *home = is->fault ? &s->fault_homes[is->fault - 1] : NULL;

		if (home && is->incident && !is->ended &&
		    (*home == 0 || is->incident < *home))
			*home = is->incident;
	}
	return 0;
}

static u64 fault_home(const struct saying *s, const struct tied *i)
{
	return i->fault ? s->fault_homes[i->fault - 1] : 0;
}

static bool is_near(const struct saying *s, const struct past *p, const struct tied *i)
{
	const u64 gap = s->g->conf->gap;

	return i->fault || (i->from <= p->until + gap && p->from <= i->until + gap);
}

/* The latest incident that has ended and that the item goes on with; 0 = none. */
static u64 past_of(const struct saying *s, const struct tied *i)
{
	size_t low = 0, high = s->past_count;
	u64 best = 0;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (s->pasts[mid].key < i->key)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < s->past_count && s->pasts[low].key == i->key; low++)
		if (is_near(s, &s->pasts[low], i))
			best = max_u64(best, s->pasts[low].incident);
	return best;
}

/* ---- words ---- */

/* Why it is in that incident. */
static size_t member_why(const struct saying *s, const struct tied *i, char to[REASON_MAX])
{
	const struct texts *w = &s->g->words;
	char gap[NUM_TEXT_MAX];

	if (i->fault)
		return group_cause_why(s->g, i, to, REASON_MAX);
	if (i->why)
		return (size_t)snprintf(to, REASON_MAX, N_("%.290s takes part here, too; "
			"about %.200s"), word(w, i->why), word(w, i->key));
	return (size_t)snprintf(to, REASON_MAX, N_("about %.200s, no more than %s apart"),
				word(w, i->key), num_rough_text(s->g->conf->gap, gap));
}

static void member_reason(const struct saying *s, const struct tied *i,
			  const struct homes *to, char reason[REASON_MAX])
{
	size_t n = 0;

	if (to->least && fault_home(s, i) == to->least)
		n = (size_t)snprintf(reason, REASON_MAX, "%s; ", N_("the same fault, seen again"));
	n += member_why(s, i, reason + n);
	if (to->next && n < REASON_MAX) {
		n += (size_t)snprintf(reason + n, REASON_MAX - n, "; ");
		snprintf(reason + n, REASON_MAX - n, N_("incident %llu would fit as well"),
			 (unsigned long long)to->next);
	}
}

static int ensure(struct saying *s, size_t n)
{
	void *reasons, *members;

	if (n <= s->room)
		return 0;
	reasons = reallocarray(s->reasons, n, sizeof *s->reasons);
	if (reasons)
		s->reasons = reasons;
	members = reallocarray(s->members, n, sizeof *s->members);
	if (members)
		s->members = members;
	if (reasons == NULL || members == NULL)
		return -ENOMEM;
	s->room = n;
	return 0;
}

/* `to`: the incidents that it goes to and could go to; zeroes: a new one. */
static void fill(struct saying *s, size_t at, const struct tied *i, const struct homes *to)
{
	const struct texts *w = &s->g->words;

	s->g->report->again += to->least && fault_home(s, i) == to->least;
	member_reason(s, i, to, s->reasons[at]);
	s->members[at] = (struct member){ .kind = MEMBER_FINDING, .id = i->id,
		.reason = s->reasons[at], .rule = word(w, i->rule),
		.subject_kind = i->subject_kind, .subject = word(w, i->subject),
		.severity = (enum severity)i->severity, .confidence = i->confidence,
		.from = i->from, .until = i->until, .exposed = i->parties, .tlp = i->tlp,
		.pap = i->pap };
}

/* ---- opening ---- */

static bool is_address(const char *subject)
{
	return subject_kind_of(subject) == SUBJECT_ADDRESS;
}

/* Which of two names the incident better: the stronger, then the surer, then what is told of more
 * often, then a name rather than an address. Equal ones by their texts, so that times and ids say
 * nothing. */
static int by_weight(const struct saying *s, const struct tied *a, const struct tied *b)
{
	const struct texts *w = &s->g->words;
	const char *first = word(w, a->key), *second = word(w, b->key);
	int order;

	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->confidence != b->confidence)
		return a->confidence > b->confidence ? -1 : 1;
	if (s->told[a->key] != s->told[b->key])
		return s->told[a->key] > s->told[b->key] ? -1 : 1;
	order = is_address(first) - is_address(second);
	if (order == 0)
		order = strcmp(first, second);
	return order ? order : strcmp(word(w, a->rule), word(w, b->rule));
}

static const struct tied *top_of(struct saying *s, const u32 *order, size_t n)
{
	const struct tied *items = s->g->items, *top = &items[order[0]];

	for (size_t i = 0; i < n; i++)
		s->told[items[order[i]].key]++;
	for (size_t i = 1; i < n; i++)
		if (by_weight(s, &items[order[i]], top) < 0)
			top = &items[order[i]];
	for (size_t i = 0; i < n; i++)
		s->told[items[order[i]].key] = 0;
	return top;
}

/* The parties by their names alone: a role is a word of English, the sentence is said in the
 * reader's language. */
static void say_shared(const struct group *g, const u32 *named, u32 names, u64 subjects,
		       char to[REASON_MAX])
{
	char list[REASON_MAX] = "";
	size_t len = 0;

	for (u32 j = 0; j < names && len < sizeof list - 1; j++) {
		const char *party = word(&g->words, named[j]), *blank = strchr(party, ' ');

		len += (size_t)snprintf(list + len, sizeof list - len, "%s%.150s",
					j ? ", " : "", blank ? blank + 1 : party);
	}
	snprintf(to, REASON_MAX, N_("%llu subjects that share %s"), (unsigned long long)subjects,
		 list);
}

/* How many subjects there are, and the parties that tie them, in words: of traffic. */
static u64 reason_of(const struct group *g, const u32 *order, size_t n, char to[REASON_MAX])
{
	u32 named[NAMED_MAX] = { 0 }, names = 0;
	u64 subjects = 0;

	for (size_t i = 0; i < n; i++) {
		const struct tied *is = &g->items[order[i]];
		bool seen = false;

		for (size_t j = 0; j < i && j < 1000 && !seen; j++)
			seen = g->items[order[j]].key == is->key;
		subjects += !seen;
		for (u32 j = 0; j < names; j++)
			seen = seen || named[j] == is->why;
		if (is->why && names < NAMED_MAX && (names == 0 || named[names - 1] != is->why))
			named[names++] = is->why;
	}
	if (names && subjects > 1)
		say_shared(g, named, names, subjects, to);
	else	/* what ties a subject to itself says nothing */
		snprintf(to, REASON_MAX, "%s", N_("all about one subject"));
	return subjects;
}

/* ---- slices ---- */

/* Begins a change. Did others say something since the last one? */
static int begin_slice(struct group *g)
{
	char hash[65];
	u64 event;
	int rc = desk_begin(g->desk);

	if (rc)
		return rc;
	if ((rc = store_last_event(desk_store(g->desk), &event, hash)))
		return desk_end(g->desk, rc);
	g->disturbed = g->disturbed || event != g->event;
	return 0;
}

static int end_slice(struct group *g, int rc)
{
	char hash[65];

	if (rc == 0)
		rc = store_last_event(desk_store(g->desk), &g->event, hash);
	return desk_end(g->desk, rc);
}

/* Lets others write when it is time: a change is open before and after, or it failed and none
 * is (g->sliced is false then). */
static int slice(struct group *g)
{
	int rc;

	if (!g->sliced || !g->conf->due(g->conf->to))
		return 0;
	if ((rc = end_slice(g, 0)) == 0) {
		g->conf->rest(g->conf->to);
		rc = begin_slice(g);
	}
	g->sliced = rc == 0;
	return rc;
}

static int is_home(struct group *g, u64 number, bool *open)
{
	const struct incident key = { .number = number };
	void *found = NULL;
	int rc = desk_find(g->desk, DESK_incident, &key, &found);

	*open = rc == 1 && !case_ended(((struct incident *)found)->state);
	free(found);
	return rc < 0 ? rc : 0;
}

/* Is a component still as it was read? */
static int is_still(struct group *g, const u32 *order, size_t n, bool *still)
{
	u64 home = 0, number;
	int rc = 0;

	*still = true;
	for (size_t i = 0; i < n && *still && rc == 0; i++) {
		const struct tied *is = &g->items[order[i]];

		if (is->incident == 0) {
			rc = case_of(g->desk, MEMBER_FINDING, is->id, &number);
			*still = number == 0;
		} else if (!is->ended && is->incident != home) {
			rc = is_home(g, home = is->incident, still);
		}
	}
	return rc;
}

/* What one event and change holds at most of a large component. */
#define PORTION (10 * CASE_MEMBERS_MAX)

static int add_portions(struct saying *s, u64 home, size_t from, size_t n)
{
	bool open = true;
	int rc = 0;

	for (size_t at = from, k; at < n && rc == 0; at += k) {
		k = n - at < PORTION ? n - at : PORTION;
		rc = slice(s->g);
		if (rc == 0 && s->g->disturbed)
			rc = is_home(s->g, home, &open);
		if (!open)
			s->g->report->left += n - at;
		if (rc || !open)
			return rc;
		rc = case_add(s->g->desk, (struct case_ref){ home, 0 }, s->members + at, k, true);
	}
	return rc;
}

struct naming { char title[TITLE_MAX], reason[REASON_MAX], family[64]; };

/* What an incident is called, about and for: `top` is the worst of what is in it. */
static void name_it(struct saying *s, const u32 *order, size_t n, struct incident *is,
		    struct naming *to)
{
	const struct group *g = s->g;
	const struct tied *top = top_of(s, order, n);
	const char *rule = word(&g->words, top->rule);
	struct group_words w = { .top = top, .reason = to->reason, .room = sizeof to->reason };

	*is = (struct incident){ .title = to->title, .reason = to->reason, .owner = "",
		.clocks = "", .family = to->family, .subject_kind = top->subject_kind,
		.subject = word(&g->words, top->key) };
	snprintf(to->family, sizeof to->family, "%.*s", (int)strcspn(rule, "."), rule);
	if (top->fault == 0) {
		title_of(rule, is->subject, reason_of(g, order, n, to->reason) - 1, to->title);
		return;
	}
	group_cause_reason(g, order, n, &w);
	is->subject = w.about;
	is->subject_kind = (u8)subject_kind_of(w.about);
	if (w.names > 1)
		title_of_names(rule, w.about, w.names, to->title);
	else
		title_of(rule, w.called, 0, to->title);
}

static int open_one(struct saying *s, const u32 *order, size_t n)
{
	struct group *g = s->g;
	struct naming room;
	struct incident is;
	struct case_new c = { .incident = &is, .members = s->members,
		.member_count = n < PORTION ? n : PORTION, .fresh = true, .bulk = true };
	u64 number;
	int rc = 0;

	name_it(s, order, n, &is, &room);
	for (size_t i = 0; i < n; i++)
		is.before = max_u64(is.before, past_of(s, &g->items[order[i]]));
	if (g->conf->clocks && g->conf->deadlines) {
		is.clocks = g->conf->clocks;
		rc = g->conf->deadlines(g->conf->to, desk_now(g->desk), &c.deadlines,
					&c.deadline_count);
	}
	if (rc)
		return rc;
	g->report->opened++;
	g->report->came_back += is.before != 0;
	rc = case_open(g->desk, &c, &number);
	return rc ? rc : add_portions(s, number, c.member_count, n);
}

/* ---- joining ---- */

static void add_home(struct homes *h, u64 number)
{
	if (number == 0 || number == h->least)
		return;
	if (h->least == 0 || number < h->least) {
		h->next = h->least;
		h->least = number;
	} else if (h->next == 0 || number < h->next) {
		h->next = number;
	}
}

static struct homes homes_of(const struct group *g, const u32 *order, size_t n)
{
	struct homes h = { 0 };

	for (size_t i = 0; i < n; i++)
		add_home(&h, g->items[order[i]].incident);
	return h;
}

static int by_home(const void *a, const void *b)
{
	const struct going *x = a, *y = b;

	if (x->to.least != y->to.least)
		return x->to.least < y->to.least ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

/* Where each new finding goes: to the incidents that are about the same, else to the first
 * one of all. Their number. */
static size_t find_homes(struct saying *s, const u32 *order, size_t n, struct homes all,
			 struct going *to)
{
	const struct group *g = s->g;
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		add_home(&s->homes[g->items[order[i]].key], g->items[order[i]].incident);
	for (size_t i = 0; i < n; i++) {
		const struct tied *is = &g->items[order[i]];
		const struct homes own = s->homes[is->key], same = { fault_home(s, is), 0 };

		if (is->incident == 0)
			to[count++] = (struct going){ same.least ? same : own.least ? own : all,
				i };
	}
	for (size_t i = 0; i < n; i++)
		s->homes[g->items[order[i]].key] = (struct homes){ 0 };
	qsort(to, count, sizeof *to, by_home);
	return count;
}

static int join_homes(struct saying *s, const u32 *order, size_t n, struct homes all)
{
	struct group *g = s->g;
	struct going *to = reallocarray(NULL, n, sizeof *to);
	const size_t count = to ? find_homes(s, order, n, all, to) : 0;
	int rc = to ? 0 : -ENOMEM;

	for (size_t i = 0, k; i < count && rc == 0; i += k) {
		const u64 home = to[i].to.least;

		for (k = 0; i + k < count && to[i + k].to.least == home; k++) {
			fill(s, k, &g->items[order[to[i + k].at]], &to[i + k].to);
			g->report->bridged += to[i + k].to.next != 0;
		}
		g->report->joined += k;
		rc = add_portions(s, home, 0, k);
	}
	free(to);
	return rc;
}

/* Most components have one home: then its new members go in together. */
static int join_home(struct saying *s, const u32 *order, size_t n, u64 home)
{
	const struct homes to = { home, 0 };
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		if (s->g->items[order[i]].incident == 0)
			fill(s, count++, &s->g->items[order[i]], &to);
	s->g->report->joined += count;
	return add_portions(s, home, 0, count);
}

static size_t fresh_of(const struct group *g, const u32 *order, size_t n)
{
	size_t fresh = 0;

	for (size_t i = 0; i < n; i++)
		fresh += g->items[order[i]].incident == 0;
	return fresh;
}

static int component(struct saying *s, const u32 *order, size_t n)
{
	const size_t fresh = fresh_of(s->g, order, n);
	struct homes h;
	bool still = true;
	int rc = ensure(s, n);

	if (rc || fresh == 0)
		return rc;
	if (s->g->conf->most && s->done >= s->g->conf->most) {
		s->g->report->left += fresh;
		return 0;
	}
	s->done += fresh;
	if (s->g->disturbed && ((rc = is_still(s->g, order, n, &still)) || !still)) {
		s->g->report->left += still ? 0 : fresh;
		return rc;
	}
	h = homes_of(s->g, order, n);
	if (h.next)
		return join_homes(s, order, n, h);
	if (h.least)
		return join_home(s, order, n, h.least);
	for (size_t i = 0; i < n; i++)
		fill(s, i, &s->g->items[order[i]], &(struct homes){ 0 });
	return open_one(s, order, n);
}

static int log_it(struct group *g)
{
	const struct group_report *r = g->report;

	return desk_say(g->desk, "group.run", "", json_pack("{s:I, s:I, s:I, s:I, s:I}",
		"findings", (json_int_t)r->findings, "opened", (json_int_t)r->opened,
		"joined", (json_int_t)r->joined, "muted", (json_int_t)r->muted, "came_back",
		(json_int_t)r->came_back), NULL);
}

int group_say(struct group *g, const u32 *order)
{
	struct saying s = { .g = g };
	const bool sliced = g->sliced;
	size_t to;
	int rc = find_pasts(&s);

	if (rc == 0)
		rc = find_fault_homes(&s);
	s.homes = calloc(g->words.count + 1, sizeof *s.homes);
	s.told = calloc(g->words.count + 1, sizeof *s.told);
	if (rc == 0 && (s.homes == NULL || s.told == NULL))
		rc = -ENOMEM;
	if (rc == 0 && sliced)
		rc = begin_slice(g);
	g->sliced = sliced && rc == 0;
	for (size_t at = 0; at < g->count && rc == 0; at = to) {
		u32 root = group_find(g, order[at]);

		for (to = at; to < g->count && group_find(g, order[to]) == root;)
			to++;
		if ((rc = slice(g)) == 0)
			rc = component(&s, order + at, to - at);
	}
	if (rc == 0 && g->report->opened + g->report->joined)
		rc = log_it(g);
	if (g->sliced)
		rc = end_slice(g, rc);
	free(s.homes);
	free(s.told);
	free(s.fault_homes);
	free(s.pasts);
	free(s.reasons);
	free(s.members);
	return rc;
}

const struct desk_kind group_kinds[] = {
	{ "group.run", "findings, opened, joined, muted, came_back", NULL },
	{ .name = NULL }
};
