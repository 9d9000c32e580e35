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

struct saying {
	struct group *g;
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
		if (i->from <= s->pasts[low].until + s->g->conf->gap &&
		    s->pasts[low].from <= i->until + s->g->conf->gap)
			best = max_u64(best, s->pasts[low].incident);
	return best;
}

/* ---- words ---- */

static void member_reason(const struct saying *s, const struct tied *i, u64 other,
			  char to[REASON_MAX])
{
	const struct texts *w = &s->g->words;
	char gap[NUM_TEXT_MAX];
	size_t n;

	if (i->why)
		n = (size_t)snprintf(to, REASON_MAX, N_("%.290s takes part here, too; "
			"about %.200s"),
				     word(w, i->why), word(w, i->key));
	else
		n = (size_t)snprintf(to, REASON_MAX, N_("about %.200s, no more than %s "
			"apart"),
				     word(w, i->key), num_rough_text(s->g->conf->gap, gap));
	if (other)
		snprintf(to + n, REASON_MAX - n, N_("; incident %llu would fit as well"),
			 (unsigned long long)other);
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

static void fill(struct saying *s, size_t at, const struct tied *i, u64 other)
{
	const struct texts *w = &s->g->words;

	member_reason(s, i, other, s->reasons[at]);
	s->members[at] = (struct member){ .kind = MEMBER_FINDING, .id = i->id,
		.reason = s->reasons[at], .rule = word(w, i->rule),
		.subject_kind = i->subject_kind, .subject = word(w, i->subject),
		.severity = (enum severity)i->severity, .confidence = i->confidence,
		.from = i->from, .until = i->until, .exposed = i->parties, .tlp = i->tlp,
		.pap = PAP_GREEN };
}

/* ---- opening ---- */

static const struct tied *top_of(const struct group *g, const u32 *order, size_t n)
{
	const struct tied *top = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct tied *is = &g->items[order[i]];

		if (top == NULL || is->severity > top->severity ||
		    (is->severity == top->severity && is->confidence > top->confidence))
			top = is;
	}
	return top;
}

/* How many subjects there are, and the parties that tie them, in words. */
static u64 reason_of(const struct group *g, const u32 *order, size_t n, char to[REASON_MAX])
{
	u32 named[NAMED_MAX] = { 0 }, names = 0;
	u64 subjects = 0;
	size_t len;

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
	len = (size_t)snprintf(to, REASON_MAX, names ? N_("%llu subjects that share")
		: N_("all about one subject"), (unsigned long long)subjects);
	for (u32 j = 0; j < names && len < REASON_MAX - 1; j++)
		len += (size_t)snprintf(to + len, REASON_MAX - len, "%s %.150s", j ? "," : "",
					word(&g->words, named[j]));
	return subjects;
}

static int open_one(struct saying *s, const u32 *order, size_t n)
{
	struct group *g = s->g;
	const struct tied *top = top_of(g, order, n);
	char title[TITLE_MAX], reason[REASON_MAX], family[64];
	struct incident is = { .title = title, .reason = reason, .owner = "", .clocks = "",
		.family = family, .subject_kind = top->subject_kind,
		.subject = word(&g->words, top->key) };
	struct case_new c = { .incident = &is, .members = s->members, .member_count = n,
		.fresh = true, .bulk = true };
	u64 subjects = reason_of(g, order, n, reason), number;
	const char *rule = word(&g->words, top->rule);
	int rc = 0;

	snprintf(family, sizeof family, "%.*s", (int)strcspn(rule, "."), rule);
	title_of(rule, is.subject, subjects - 1, title);
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
	return case_open(g->desk, &c, &number);
}

/* ---- joining ---- */

/* The open incidents of a component: the first two. */
struct homes { u64 least, next; };

static struct homes homes_of(const struct group *g, const u32 *order, size_t n, u32 key)
{
	struct homes h = { 0 };

	for (size_t i = 0; i < n; i++) {
		const struct tied *is = &g->items[order[i]];
		u64 number = is->incident;

		if (number == 0 || (key && is->key != key) || number == h.least)
			continue;
		if (h.least == 0 || number < h.least) {
			h.next = h.least;
			h.least = number;
		} else if (h.next == 0 || number < h.next) {
			h.next = number;
		}
	}
	return h;
}

static int join_homes(struct saying *s, const u32 *order, size_t n)
{
	struct group *g = s->g;
	const struct homes all = homes_of(g, order, n, 0);
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		const struct tied *is = &g->items[order[i]];
		struct homes own;

		if (is->incident)
			continue;
		own = all.next ? homes_of(g, order, n, is->key) : all;
		if (own.least == 0)
			own = all;
		fill(s, 0, is, own.next);
		g->report->joined++;
		g->report->bridged += own.next != 0;
		rc = case_add(g->desk, (struct case_ref){ own.least, 0 }, s->members, 1, true);
	}
	return rc;
}

/* Most components have one home: then its new members go in together. */
static int join_home(struct saying *s, const u32 *order, size_t n, u64 home)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		if (s->g->items[order[i]].incident == 0)
			fill(s, count++, &s->g->items[order[i]], 0);
	s->g->report->joined += count;
	return case_add(s->g->desk, (struct case_ref){ home, 0 }, s->members, count, true);
}

static int component(struct saying *s, const u32 *order, size_t n)
{
	const struct homes h = homes_of(s->g, order, n, 0);
	size_t fresh = 0;
	int rc = ensure(s, n);

	for (size_t i = 0; i < n; i++)
		fresh += s->g->items[order[i]].incident == 0;
	if (rc || fresh == 0)
		return rc;
	if (h.next)
		return join_homes(s, order, n);
	if (h.least)
		return join_home(s, order, n, h.least);
	for (size_t i = 0; i < n; i++)
		fill(s, i, &s->g->items[order[i]], 0);
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
	size_t to;
	int rc = find_pasts(&s);

	for (size_t at = 0; at < g->count && rc == 0; at = to) {
		u32 root = group_find(g, order[at]);

		for (to = at; to < g->count && group_find(g, order[to]) == root;)
			to++;
		rc = component(&s, order + at, to - at);
	}
	if (rc == 0 && g->report->opened + g->report->joined)
		rc = log_it(g);
	free(s.pasts);
	free(s.reasons);
	free(s.members);
	return rc;
}

const struct desk_kind group_kinds[] = {
	{ "group.run", "findings, opened, joined, muted, came_back", NULL },
	{ .name = NULL }
};
