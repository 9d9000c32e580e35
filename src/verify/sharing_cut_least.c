/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sharing_cut_least.c - the fewest operators, servers, addresses, prefixes or AS whose loss takes
 * down a share of the zone, or of the critical list; see sharing_cut.h for how.
 *
 * Delegations with a server of which the level is not known count in the share, and never
 * fall. Of the work (--sharing-work) each level and list may take an equal part of what those
 * before have left. */
#include "verify/sharing.h"
#include "verify/sharing_cut.h"
#include "base/num.h"
#include "base/pages.h"
#include <math.h>

#define NAMED 3u	/* in the sentence */
#define LISTS 2u	/* the zone, the critical ones */

int sharing_losses(const char *text, double to[SHARING_LOSSES_MAX], char why[OPT_WHY])
{
	char one[NUM_TEXT_MAX];
	size_t n;
	int count = 0;

	for (const char *at = text ? text : ""; *at; at += n) {
		at += strspn(at, ", ");
		n = strcspn(at, ", ");
		if (n == 0)
			continue;
		snprintf(one, sizeof one, "%.*s", (int)(n < 30 ? n : 30), at);
		if (count == SHARING_LOSSES_MAX || num_ratio(one, 1e-6, 1, &to[count]) < 0) {
			snprintf(why, OPT_WHY, N_("--sharing-loss: '%s' is no share; "
				 "write at most %u of them, from 0.0001%% to 100%%, with "
				 "commas between"), one,
				 SHARING_LOSSES_MAX);
			return OOPS_RANGE;
		}
		count++;
	}
	return count;
}

/* ---- the problem ---- */

static u32 weight_of(const struct sharing_sets *s, u32 set, bool critical)
{
	return critical ? s->at[set].critical : s->at[set].weight;
}

/* Numbers the elements of the sets that weigh something anew, in their order: how many, and
 * how many sets and members there are. */
static u32 number_anew(const struct sharing_spread *from, bool critical, u32 *number,
		       u32 *sets, u32 *members)
{
	const struct sharing_sets *s = from->sets;
	u32 elements = 0;

	*sets = *members = 0;
	for (u32 i = 0; i < s->count; i++) {
		const u32 *at = sharing_members(s, i);
		u32 n = sharing_size(s, i);

		if (weight_of(s, i, critical) == 0)
			continue;
		for (u32 j = 0; j < n; j++)
			number[at[j]] = 1;
		*members += n;
		++*sets;
	}
	for (u32 i = 0; i < from->elements; i++)	/* ascending stays ascending */
		if (number[i])
			number[i] = elements++;
	return elements;
}

/* The sets of all elements as they stand, by the numbers that these have. */
static void borrow_sets(struct cut_problem *p, const struct sharing_spread *from, bool critical)
{
	const struct sharing_sets *s = from->sets;

	p->origin = NULL;
	p->members = s->members;
	for (u32 i = 0; i < s->count; i++) {
		p->weight[i] = weight_of(s, i, critical);
		p->first[i + 1] = s->at[i + 1].first;
	}
}

static void copy_sets(struct cut_problem *p, const struct sharing_spread *from, bool critical,
		      const u32 *number)
{
	const struct sharing_sets *s = from->sets;
	u32 set = 0, to = 0;

	for (u32 i = 0; i < s->count; i++) {
		const u32 *at = sharing_members(s, i);
		u32 n = sharing_size(s, i);

		if (weight_of(s, i, critical) == 0)
			continue;
		p->weight[set] = weight_of(s, i, critical);
		for (u32 j = 0; j < n; j++) {
			p->members[to++] = number[at[j]];
			p->origin[number[at[j]]] = at[j];
		}
		p->first[++set] = to;
	}
}

/* The sets that weigh something, their elements numbered anew. When that is all of them, with
 * nearly all elements, they are used where they are. 0 or -ENOMEM. */
static int copy(struct cut_problem *p, const struct sharing_spread *from, bool critical)
{
	u64 octets = (from->elements + 1ull) * sizeof(u32);
	u32 *number = pages_get(octets), elements, sets, members;
	bool all = false;
	int rc = -ENOMEM;

	if (number) {
		elements = number_anew(from, critical, number, &sets, &members);
		all = sets == from->sets->count && elements >= from->elements / 8 * 7;
		rc = cut_make(p, sets, members, all ? from->elements : elements);
	}
	if (rc == 0 && all)
		borrow_sets(p, from, critical);
	else if (rc == 0)
		copy_sets(p, from, critical, number);
	pages_put(number, octets);
	return rc;
}

/* ---- telling ---- */

struct telling {
	struct sharing *s;
	const struct cut_problem *p;
	const struct cut_answer *a;
	struct sharing_claim c;
};

/* The set by falling score. */
static void sort_set(const struct cut_problem *p, const struct cut_answer *a)
{
	for (u32 i = 1; i < a->count && a->count <= 4096; i++) {
		u32 it = a->set[i], j = i;

		for (; j && p->score[a->set[j - 1]] < p->score[it]; j--)
			a->set[j] = a->set[j - 1];
		a->set[j] = it;
	}
}

static char *some(const struct telling *t, char to[360])
{
	char name[SHARING_BRIEF], list[330] = "";
	size_t at = 0;
	u32 i = 0;

	for (; i < t->a->count && i < NAMED; i++)
		at += (size_t)snprintf(list + at, sizeof list - at, "%s%s", i ? ", " : "",
				       sharing_brief(t->s, t->c.level,
						     cut_origin(t->p, t->a->set[i]), name));
	snprintf(to, 360, i < t->a->count ? N_("%s and %u more") : "%s", list, t->a->count - i);
	return to;
}

static void tell_parties(const struct telling *t, struct finding *f)
{
	char name[SHARING_NAME], brief[SHARING_BRIEF], note[120];

	for (u32 i = 0; i < t->a->count && i < FINDING_RELATED_MAX; i++) {
		u32 element = cut_origin(t->p, t->a->set[i]);
		u64 score = t->p->score[t->a->set[i]] / CUT_UNIT;
		const char *more = strchr(sharing_brief(t->s, t->c.level, element, brief), ' ');

		snprintf(note, sizeof note, N_("its part of what falls: about %llu%s"),
			 (unsigned long long)score, more ? more : "");
		finding_party(f, sharing_level_id(t->c.level),
			      sharing_name(t->s, t->c.level, element, name), score, note);
	}
}

static struct finding *begin(const struct telling *t)
{
	char subject[80], share[NUM_TEXT_MAX];

	snprintf(subject, sizeof subject, "%s %s%%", sharing_level_id(t->c.level),
		 num_ratio_exact(t->c.share * 100, share));
	return audit_begin_other(t->s->a, t->c.critical ? SHARING_CRITICAL_CUT : SHARING_CUT,
				 "level", subject);
}

static void tell_impossible(const struct telling *t, struct finding *f)
{
	char can[16], want[16];
	const char *what = t->c.critical ? N_("critical delegations")
					 : NC_("phrase", "delegations");

	finding_value(f, "can_fall", (double)t->p->all, "names",
		      "delegations of which everything is known at this level");
	audit_end(t->s->a, f, "No loss of %s that are known here takes down %s of the %s: of %s "
		  "only all servers are known at this level.",
		  sharing_level_name(t->c.level, true),
		  sharing_percent(t->a->need, t->c.all, want), what,
		  sharing_percent(t->p->all, t->c.all, can));
}

static void tell(const struct telling *t)
{
	const struct cut_answer *a = t->a;
	struct finding *f = begin(t);
	char names[360], proof[80], percent[16], falls[NUM_TEXT_MAX], all[NUM_TEXT_MAX];

	if (f == NULL)
		return;
	finding_value(f, "need", (double)a->need, "names", "delegations that have to fall");
	if (!a->possible) {
		tell_impossible(t, f);
		return;
	}
	finding_value(f, "size", a->count, "", "elements in the smallest set that was found");
	finding_value(f, "at_least", a->at_least, "", "so many are needed: proven");
	finding_value(f, "fall", (double)a->falls, "names", "delegations that fall with the set");
	finding_value(f, "leaves", (double)a->leaves, "", "cases of the proof");
	tell_parties(t, f);
	snprintf(proof, sizeof proof, a->at_least == a->count ? N_("no smaller set does")
		 : N_("at least %u are needed (proven)"), a->at_least);
	audit_end(t->s->a, f, "The loss of %u %s takes down %s of the %s (%s of %s): %s; %s.",
		  a->count, sharing_level_name(t->c.level, a->count != 1),
		  sharing_percent(a->falls, t->c.all, percent),
		  t->c.critical ? N_("critical delegations") : NC_("phrase", "delegations"),
		  num_count_text(a->falls, falls), num_count_text(t->c.all, all),
		  some(t, names), proof);
}

/* ---- the whole ---- */

/* What this problem leaves of its part of the work goes on to the next. */
static int solve_all(struct telling *t, struct cut_problem *p)
{
	double losses[SHARING_LOSSES_MAX];
	char why[OPT_WHY];
	int n = sharing_losses(t->s->c->losses, losses, why), rc = 0;

	if (n <= 0)
		return 0;
	cut_spread(p);
	sharing_prove_groups(t->s, p, &t->c);
	for (int i = 0; i < n && rc == 0; i++) {
		u64 need = (u64)ceil(losses[i] * (double)t->c.all - 1e-9);
		u64 mine = p->work / (unsigned)(n - i), others = p->work - mine;
		struct cut_answer a;

		p->work = mine;
		t->c.share = losses[i];
		t->a = &a;
		rc = cut_solve(p, need ? need : 1, &a);
		if (rc == 0) {
			sort_set(p, &a);
			tell(t);
			sharing_prove(t->s, p, &t->c, &a);
		}
		cut_answer_free(&a);
		p->work += others;
	}
	return rc;
}

static void tell_too_large(struct sharing *s, enum sharing_level level, u64 members)
{
	struct finding *f = audit_begin_other(s->a, SHARING_LIMIT, "level",
					      sharing_level_id(level));

	if (f == NULL)
		return;
	finding_most(f, "members", (double)members, CUT_MEMBERS_MAX, "of all different sets");
	audit_end(s->a, f, "The smallest sets of %s are not looked for: the delegations have too "
		  "many different sets of them.", sharing_level_name(level, true));
}

int sharing_least(struct sharing *s, struct sharing_spread *from)
{
	const struct sharing_sets *sets = from->sets;
	u64 members = sets->count ? sets->at[sets->count].first : 0, part;
	int rc = 0;

	if (members > CUT_MEMBERS_MAX) {
		tell_too_large(s, from->level, members);
		return 0;
	}
	for (unsigned critical = 0; critical < LISTS && rc == 0; critical++) {
		struct cut_problem p = { 0 };
		struct telling t = { .s = s, .p = &p, .c = { .level = from->level,
			.critical = critical,
			.all = critical ? from->critical.all : from->zone.all } };

		if (t.c.all == 0 || members == 0)
			continue;
		part = s->work / s->problems;
		s->problems -= s->problems > 1;
		p.work = part;
		rc = copy(&p, from, critical);
		if ((critical || from->critical.all == 0) && p.members != from->made.members)
			sharing_sets_free(&from->made);	/* nothing reads them any more */
		if (rc == 0) {
			cut_open(&p);
			rc = solve_all(&t, &p);
		}
		s->work -= part - p.work;
		cut_close(&p);
	}
	return rc;
}
