/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case_join.c - two incidents that become one: what of them differs; see case.h. Merging itself
 * is case_merge.c, their clocks case_sets.c. */
#include "respond/case_own.h"
#include "base/buf.h"
#include "base/num.h"
#include "base/stamp.h"
#include "respond/clock.h"

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

/* Sets that run for the one and not for the other run on beside those that it has. */
static void clocks_differ(struct buf *out, const struct incident *from,
			  const struct incident *into)
{
	const char *lines = from->clocks;
	char set[CLOCK_NAME_MAX];

	while (into->clocks[0] && (lines = clocks_next(lines, set)))
		if (!clocks_has(into->clocks, set))
			differ(out, N_("clocks: %.60s runs on beside those that it has"), set, "");
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
	clocks_differ(out, from, into);
	markings_differ(out, from, into);
	if (from->aware && from->aware < into->aware)
		differ(out, N_("known: %s earlier; its deadlines count from then"),
		       num_rough_text(into->aware - from->aware, text), "");
}
