/* SPDX-License-Identifier: GPL-3.0-or-later */
/* html_timeline.c - when it happened: one lane a severity, one stroke a finding.
 *
 *   critical |        o                   <- strokes from `from` to `until`;
 *   high     | o--o       o    ooo           widths do not scale with the page
 *            +--------------------------
 *             10:00      10:30     11:00
 *
 * All text stands outside of the SVG, so that it keeps its size on a telephone.
 * Strokes that would lie on each other take another of ROWS rows of their lane.
 * Readers that see no picture get counts for SLICES equal slices of the time. */
#include "share/html.h"
#include "base/stamp.h"

#define UNITS 1000.0	/* width of the drawing */
#define LANE 36.0	/* height of a lane, as in the style */
#define ROWS 3
#define APART 10.0	/* units between two strokes of a row */
#define SLICES 12

struct span { u64 from, until; };

static struct span whole(const struct html_page *p, const struct run_report *r)
{
	struct span s = { p->marks[0].from, p->marks[0].until };

	for (u32 i = 0; i < p->mark_count; i++) {
		s.from = min_u64(s.from, p->marks[i].from);
		s.until = max_u64(s.until, p->marks[i].until);
	}
	if (r->from || r->until) {
		s.from = min_u64(s.from, r->from);
		s.until = max_u64(s.until, r->until);
	}
	if (s.until == s.from)
		s.until++;
	return s;
}

static double x_of(const struct span *s, u64 at)
{
	return UNITS * (double)(at - s->from) / (double)(s->until - s->from);
}

static int by_time(const void *a, const void *b)
{
	const struct html_mark *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return strcmp(x->id, y->id);
}

/* The first row of the lane that is free at x, or the one that is free soonest. */
static int row_for(double taken[ROWS], double x, double until)
{
	int best = 0;

	for (int i = 0; i < ROWS; i++) {
		if (taken[i] + APART <= x) {
			best = i;
			break;
		}
		if (taken[i] < taken[best])
			best = i;
	}
	taken[best] = until > taken[best] ? until : taken[best];
	return best;
}

static void stroke(struct buf *out, const struct html_mark *m, const struct span *s,
		   double taken[ROWS])
{
	static const double rows[ROWS] = { 18, 8, 28 };	/* the middle first */
	double x = x_of(s, m->from), until = x_of(s, m->until);
	double y = (SEVERITY_COUNT - 1 - (int)m->severity) * LANE +
		   rows[row_for(taken, x, until)];
	const char *severity = severity_name(m->severity);
	char at[SHARE_TIME_MAX];

	/* tenths as whole numbers: no decimal point of a locale gets in */
	buf_fmt(out, "<a href=\"#f-%s\" tabindex=-1 class=%s><title>%s, %s</title>"
		"<path d=\"M%d %dH%d\"/></a>\n", m->id, severity, C_("severity", severity),
		share_time(m->from, at), (int)(10 * x), (int)(10 * y),
		(int)(10 * until) + 1);
}

static void drawing(struct buf *out, const struct html_page *p, const struct span *s)
{
	double taken[SEVERITY_COUNT][ROWS];

	for (int i = 0; i < SEVERITY_COUNT * ROWS; i++)
		taken[i / ROWS][i % ROWS] = -UNITS;
	buf_fmt(out, "<svg viewBox=\"0 0 %d %d\" preserveAspectRatio=none role=img "
		"aria-label=\"%s\">\n", (int)(10 * UNITS), (int)(10 * LANE * SEVERITY_COUNT),
		_("Findings by time and severity; in words below"));
	for (int i = 0; i <= SEVERITY_COUNT; i++)
		buf_fmt(out, "<line x1=0 x2=%d y1=%d y2=%d />", (int)(10 * UNITS),
			(int)(10 * LANE) * i, (int)(10 * LANE) * i);
	for (u32 i = 0; i < p->mark_count; i++)
		stroke(out, &p->marks[i], s, taken[p->marks[i].severity]);
	buf_text(out, "</svg>");
}

static void axis(struct buf *out, const struct span *s)
{
	const u64 at[] = { s->from, s->from + (s->until - s->from) / 2, s->until };

	buf_text(out, "<div class=axis>");
	for (size_t i = 0; i < COUNT(at); i++) {
		char text[STAMP_TEXT_MAX];

		stamp_text(at[i], 0, text);
		buf_fmt(out, "<span>%.10s<br>%.8s</span>", text, text + 11);
	}
	buf_text(out, "</div>");
}

static void slice(struct buf *out, const u32 counts[SEVERITY_COUNT], const struct span *s)
{
	u32 all = 0;

	for (int i = 0; i < SEVERITY_COUNT; i++)
		all += counts[i];
	if (all == 0)
		return;
	buf_text(out, "<li>");
	html_time(out, s->from - s->from % STAMP_NS);
	buf_text(out, " &ndash; ");
	html_time(out, s->until - s->until % STAMP_NS);
	buf_fmt(out, ": %u", all);
	for (int i = SEVERITY_COUNT - 1; i >= 0; i--)
		if (counts[i])
			buf_fmt(out, ", %u %s", counts[i],
				C_("severity", severity_name((enum severity)i)));
	buf_text(out, "</li>");
}

static void words(struct buf *out, const struct html_page *p, const struct span *s)
{
	u32 counts[SLICES][SEVERITY_COUNT] = { 0 };
	u64 length = s->until - s->from;

	for (u32 i = 0; i < p->mark_count; i++) {
		const struct html_mark *m = &p->marks[i];
		double at = SLICES * (double)(m->from - s->from) / (double)length;

		counts[min_u64((u64)at, SLICES - 1)][m->severity]++;
	}
	buf_text(out, "<figcaption>");
	html_say(out, N_("Each stroke is a finding, from the start to the end of its window."));
	buf_text(out, " <details>");
	html_in(out, "summary", N_("The same in words"));
	buf_text(out, "<ul class=plain>");
	for (u64 i = 0; i < SLICES; i++) {
		bool last = i + 1 == SLICES;
		u64 end = last ? s->until : s->from + length / SLICES * (i + 1);
		struct span part = { s->from + length / SLICES * i, end };

		slice(out, counts[i], &part);
	}
	buf_text(out, "</ul></details></figcaption>");
}

void html_timeline(struct buf *out, struct html_page *p, const struct run_report *r)
{
	struct span s = whole(p, r);

	qsort(p->marks, p->mark_count, sizeof p->marks[0], by_time);
	buf_text(out, "<section>\n");
	html_in(out, "h2", N_("Timeline"));
	buf_text(out, "\n<figure>\n<div class=lanes>");
	for (int i = SEVERITY_COUNT - 1; i >= 0; i--) {
		const char *severity = severity_name((enum severity)i);

		buf_fmt(out, "<span class=%s>%s</span>", severity, C_("severity", severity));
	}
	drawing(out, p, &s);
	axis(out, &s);
	buf_text(out, "</div>\n");
	words(out, p, &s);
	buf_text(out, "</figure>\n</section>\n");
}
