/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sharing_level.c - how much of the zone rests on how few, level by level.
 *
 * Each delegation spreads 1 over its different elements: two servers in one AS and one in
 * another give one half to each AS. Shares are out of the delegations of which something is
 * known. HHI is the sum of their squares (0 = spread without end, 1 = one carries all);
 * 1/HHI is the number of equal elements that would be as concentrated. */
#include "verify/sharing.h"
#include "base/num.h"
#include <stdarg.h>

static const struct { const char *id, *many, *one; } levels[] = {
#define F(name, id, many, one) { id, many, one },
	SHARING_LEVELS(F)
#undef F
};

const char *sharing_level_id(enum sharing_level level)
{
	return levels[level].id;
}

const char *sharing_level_name(enum sharing_level level, bool many)
{
	return many ? levels[level].many : levels[level].one;
}

char *sharing_percent(u64 part, u64 of, char to[16])
{
	double share = of ? 100.0 * (double)part / (double)of : 0;

	snprintf(to, 16, share > 0 && share < 0.1 ? "%.2g %%" : "%.1f %%", share);
	return to;
}

void sharing_then(char *to, size_t size, const char *format, ...)
{
	size_t at = strlen(to);
	va_list args;

	if (at + 1 < size)
		to[at++] = ' ';
	va_start(args, format);
	vsnprintf(to + at, size - at, format, args);
	va_end(args);
}

/* ---- measuring ---- */

static void count_side(struct sharing_side *side, u32 weight, int unknown, u32 elements)
{
	side->all += weight;
	if (elements == 0)
		side->blind += weight;
	if (unknown)
		side->immune += weight;
	else
		side->single += elements == 1 ? weight : 0;
}

static int take_group(struct sharing *s, u32 group, struct sharing_list *l,
		      struct sharing_spread *to)
{
	const struct sharing_set *g = &s->groups.at[group];
	int unknown = sharing_carriers(s, to->level, group, l);

	if (unknown < 0)
		return unknown;
	count_side(&to->zone, g->weight, unknown, l->count);
	count_side(&to->critical, g->critical, unknown, l->count);
	for (u32 i = 0; i < l->count; i++)
		to->share[l->at[i]] += (double)g->weight / l->count;
	if (unknown || l->count == 0)
		return 0;
	if (l->count == 1) {
		to->alone[l->at[0]] += g->weight;
		to->alone_critical[l->at[0]] += g->critical;
	}
	if (to->level == BY_HOST)
		return 0;
	return sharing_intern(&to->made, l->at, l->count, g, NULL);
}

int sharing_spread(struct sharing *s, enum sharing_level level, struct sharing_spread *ret)
{
	u32 n = sharing_elements(s, level);
	struct sharing_list l = { 0 };
	int rc = 0;

	*ret = (struct sharing_spread){ .level = level, .elements = n };
	ret->made.key = s->in->key;
	ret->sets = level == BY_HOST ? &s->groups : &ret->made;
	ret->share = calloc(n + 1ull, sizeof *ret->share);
	ret->alone = calloc(n + 1ull, sizeof *ret->alone);
	ret->alone_critical = calloc(n + 1ull, sizeof *ret->alone_critical);
	if (ret->share == NULL || ret->alone == NULL || ret->alone_critical == NULL)
		rc = -ENOMEM;
	for (u32 i = 0; i < s->groups.count && rc == 0; i++)
		rc = take_group(s, i, &l, ret);
	free(l.at);
	sharing_sets_seal(&ret->made);
	return rc;
}

void sharing_spread_slim(struct sharing_spread *p)
{
	free(p->share);
	free(p->alone);
	free(p->alone_critical);
	p->share = NULL;
	p->alone = p->alone_critical = NULL;
}

void sharing_spread_free(struct sharing_spread *p)
{
	sharing_spread_slim(p);
	sharing_sets_free(&p->made);
}

/* ---- telling ---- */

#define LARGEST 8u

/* The elements of the largest shares, by share and number; how many. */
static u32 largest(const struct sharing_spread *p, u32 to[LARGEST])
{
	u32 n = 0;

	for (u32 i = 0; i < p->elements; i++) {
		u32 at = n;

		if (p->share[i] <= 0 || (n == LARGEST && p->share[i] <= p->share[to[n - 1]]))
			continue;
		n += n < LARGEST;
		for (at = at < LARGEST ? at : LARGEST - 1;
		     at && p->share[to[at - 1]] < p->share[i]; at--)
			to[at] = to[at - 1];
		to[at] = i;
	}
	return n;
}

static void tell_largest(struct sharing *s, const struct sharing_spread *p, struct finding *f,
			 const u32 *most, u32 count)
{
	double known = (double)(p->zone.all - p->zone.blind);
	char name[SHARING_NAME], brief[SHARING_BRIEF], note[120], alone[NUM_TEXT_MAX];

	for (u32 i = 0; i < count; i++) {
		const char *more = strchr(sharing_brief(s, p->level, most[i], brief), ' ');

		sharing_name(s, p->level, most[i], name);
		snprintf(note, sizeof note, N_("%.1f %%; %s fall with it alone%s"),
			 100 * p->share[most[i]] / known,
			 num_count_text(p->alone[most[i]], alone), more ? more : "");
		finding_party(f, sharing_level_id(p->level), name, (u64)(p->share[most[i]] + 0.5),
			      note);
	}
}

static void tell_values(struct finding *f, const struct sharing_spread *p, u32 used, double hhi,
			double most)
{
	double all = (double)p->zone.all;

	finding_value(f, "elements", used, "", "that delegations rest on");
	finding_value(f, "hhi", hhi, "", "Herfindahl-Hirschman index: sum of the squared shares");
	finding_value(f, "effective", 1 / hhi, "", "equal elements that would be as concentrated");
	finding_value(f, "largest", most, "", "share of the largest element");
	finding_value(f, "single", (double)p->zone.single / all, "",
		      "share of the delegations that rest on one element alone");
	finding_value(f, "unknown", (double)p->zone.immune / all, "",
		      "share of the delegations with a server of which this level is not known");
	finding_value(f, "delegations", all, "names", "delegations that were looked at");
}

static void tell_heavy(struct sharing *s, const struct sharing_spread *p, u32 element)
{
	struct finding *f;
	char subject[SHARING_NAME], brief[SHARING_BRIEF], n[NUM_TEXT_MAX], percent[16];
	double share = (double)p->alone[element] / (double)p->zone.all;
	double critical = p->critical.all ? (double)p->alone_critical[element] /
		(double)p->critical.all : 0;

	sharing_name(s, p->level, element, subject);
	f = audit_begin_other(s->a, SHARING_HEAVY, sharing_level_id(p->level), subject);
	if (f == NULL)
		return;
	finding_least(f, critical > share ? "critical" : "share", critical > share
		      ? critical : share, s->c->heavy, "what falls with it alone");
	finding_value(f, "delegations", p->alone[element], "names", "that fall with it alone");
	num_count_text(p->alone[element], n);
	sharing_percent(p->alone[element], p->zone.all, percent);
	sharing_brief(s, p->level, element, brief);
	if (p->critical.all)
		audit_end(s->a, f, "%s (%s of the zone) and %u of the %llu critical ones have "
			  "nothing but the %s %s: they fall with it.", n, percent,
			  p->alone_critical[element], (unsigned long long)p->critical.all,
			  sharing_level_name(p->level, false), brief);
	else
		audit_end(s->a, f, "%s (%s of the zone) have nothing but the %s %s: they fall with "
			  "it.", n, percent, sharing_level_name(p->level, false), brief);
}

static void find_heavy(struct sharing *s, const struct sharing_spread *p)
{
	const struct sharing_conf *c = s->c;

	for (u32 i = 0; i < p->elements; i++) {
		bool zone = p->zone.all >= c->least &&
			(double)p->alone[i] >= c->heavy * (double)p->zone.all;
		bool critical = p->critical.all && p->alone_critical[i] &&
			(double)p->alone_critical[i] >= c->heavy * (double)p->critical.all;

		if (zone || critical)
			tell_heavy(s, p, i);
	}
}

int sharing_tell_spread(struct sharing *s, const struct sharing_spread *p)
{
	double known = (double)(p->zone.all - p->zone.blind), hhi = 0;
	u32 most[LARGEST], count = largest(p, most), used = 0;
	struct finding *f;
	char brief[SHARING_BRIEF], more[200] = "", percent[16], n[NUM_TEXT_MAX];

	for (u32 i = 0; i < p->elements; i++) {
		used += p->share[i] > 0;
		hhi += p->share[i] / known * (p->share[i] / known);
	}
	if (count == 0 || (f = audit_begin_other(s->a, SHARING_SPREAD, "level",
						 sharing_level_id(p->level))) == NULL)
		return 0;
	tell_values(f, p, used, hhi, p->share[most[0]] / known);
	tell_largest(s, p, f, most, count);
	if (p->zone.single)
		sharing_then(more, sizeof more, N_("%s rest on one alone."),
			     sharing_percent(p->zone.single, p->zone.all, percent));
	if (p->zone.immune)
		sharing_then(more, sizeof more, N_("Of %s one server or more is not known here."),
			     sharing_percent(p->zone.immune, p->zone.all, percent));
	audit_end(s->a, f, used == 1
		  ? N_("%s %s carries the delegations as %.1f equal one would; the largest, %s, "
		       "has %.1f %%.%s")
		  : N_("%s %s carry the delegations as %.1f equal ones would; the largest, %s, "
		       "has %.1f %%.%s"), num_count_text(used, n),
		  sharing_level_name(p->level, used != 1), 1 / hhi,
		  sharing_brief(s, p->level, most[0], brief), 100 * p->share[most[0]] / known,
		  more);
	find_heavy(s, p);
	return 0;
}
