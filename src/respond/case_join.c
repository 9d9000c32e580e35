/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case_join.c - two incidents that become one: what of them differs, and whose clocks go on;
 * see case.h. Merging itself is case_merge.c.
 *
 * Who merges 13 into 12 knew of both, so 12 has been known since the earlier of both times:
 * its deadlines are worked out anew from then, and what was met stays met. If no clock runs
 * for 12, that of 13 goes on. Sets that this house does not know any more keep the
 * deadlines that they have. */
#include "respond/case_own.h"
#include "base/buf.h"
#include "base/num.h"
#include "base/stamp.h"
#include "respond/clock.h"
#include "respond/house.h"

#define APART_LEAST (86400 * STAMP_NS)	/* of windows; less is no difference */

/* ---- what differs ---- */

/* One sentence, one line. */
static void differ(struct buf *out, const char *format, const char *a, const char *b)
	__attribute__((format(printf, 2, 0)));
static void differ(struct buf *out, const char *format, const char *a, const char *b)
{
	buf_fmt(out, format, a, b);
	buf_byte(out, '\n');
}

static void texts_differ(struct buf *out, const char *format, const char *a, const char *b)
	__attribute__((format(printf, 2, 0)));
static void texts_differ(struct buf *out, const char *format, const char *a, const char *b)
{
	if (a[0] && b[0] && strcmp(a, b))
		differ(out, format, a, b);
}

/* How far apart their windows are; 0 when they touch or are not known. */
static u64 apart(const struct incident *a, const struct incident *b)
{
	if (a->last_seen == 0 || b->last_seen == 0)
		return 0;
	if (a->last_seen < b->first_seen)
		return b->first_seen - a->last_seen;
	return b->last_seen < a->first_seen ? a->first_seen - b->last_seen : 0;
}

static void markings_differ(struct buf *out, const struct incident *from,
			    const struct incident *into)
{
	const struct marking is = { into->tlp, into->pap };
	const struct marking will = marking_join(is, (struct marking){ from->tlp, from->pap });
	char a[MARKING_TEXT_MAX], b[MARKING_TEXT_MAX];

	if (will.tlp != is.tlp || will.pap != is.pap)
		differ(out, N_("marking: it becomes %s, and was %s"), marking_text(will, a),
		       marking_text(is, b));
}

void case_differs(struct buf *out, const struct incident *from, const struct incident *into)
{
	char text[NUM_TEXT_MAX];
	u64 gap = apart(from, into);

	if (gap >= APART_LEAST)
		differ(out, N_("time: nothing was seen of either for %s between them"),
		       num_rough_text(gap, text), "");
	texts_differ(out, N_("subjects: %.200s and %.200s"), from->subject, into->subject);
	texts_differ(out, N_("families: %.200s and %.200s"), from->family, into->family);
	texts_differ(out, N_("owners: %.200s and %.200s"), from->owner, into->owner);
	texts_differ(out, N_("clocks: %.200s and %.200s"), from->clocks, into->clocks);
	markings_differ(out, from, into);
	if (from->aware && from->aware < into->aware)
		differ(out, N_("known: %s earlier; its deadlines count from then"),
		       num_rough_text(into->aware - from->aware, text), "");
}

/* ---- clocks ---- */

bool case_clocks_change(const struct incident *from, const struct incident *into)
{
	return (from->aware && from->aware < into->aware) ||
	       (from->clocks[0] && into->clocks[0] == 0);
}

/* The deadlines of a set by the house's clocks, else by those that come with the program. */
static int work_out(struct desk *d, struct case_clock *c,
		    struct deadline list[CLOCK_DEADLINES_MAX], struct clocks **own)
{
	const struct clocks *clocks = desk_house(d)->clocks;
	char why[CLOCK_WHY];
	int n = 0;

	if (clocks == NULL && (n = clocks_open(own, NULL, why)))
		return n;
	n = clocks_deadlines(clocks ? clocks : *own, c->set, c->aware, list);
	if (n >= 0) {
		c->deadlines = list;
		c->count = (size_t)n;
	}
	return n < 0 ? n : 0;
}

/* Those that an incident has, as they are. */
static int as_they_are(struct desk *d, u64 number, struct deadline list[CLOCK_DEADLINES_MAX],
		       struct case_rows *rows)
{
	const struct store_cond own = { .field = "incident", .op = STORE_IS, .number = number };
	const struct store_query q = { .table = DESK_deadline, .conds = &own, .count = 1 };
	int rc;

	rows->table = DESK_deadline;
	rc = store_each(desk_store(d), &q, case_keep, rows);
	for (size_t i = 0; i < rows->count && i < CLOCK_DEADLINES_MAX; i++)
		list[i] = *(const struct deadline *)rows->at[i];
	return rc;
}

int case_clocks_set(struct desk *d, const struct case_clocks *want)
{
	struct deadline list[CLOCK_DEADLINES_MAX];
	struct case_clock c = { .set = want->set, .aware = want->aware };
	struct case_rows rows = { 0 };
	struct clocks *own = NULL;
	int rc = c.set[0] ? work_out(d, &c, list, &own) : 0;

	if (rc == OOPS_UNKNOWN) {
		rc = as_they_are(d, want->like, list, &rows);
		c.deadlines = list;
		c.count = min_u64(rows.count, CLOCK_DEADLINES_MAX);
	}
	if (rc == 0)
		rc = case_clock(d, (struct case_ref){ want->number, 0 }, &c);
	case_forget(&rows);
	clocks_free(own);
	return rc;
}
