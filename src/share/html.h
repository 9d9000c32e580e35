/* SPDX-License-Identifier: GPL-3.0-or-later */
/* html.h - what the files of the HTML page share. */
#pragma once
#include "model/label.h"
#include "share/share.h"

#define HTML_FINDINGS_MAX 5000u	/* in full on one page; the rest are counted */
#define HTML_RULES_MAX 64u

struct html_mark {	/* one finding on the timeline */
	u64 from, until;
	enum severity severity;
	char id[17];	/* as in the anchors */
};

struct html_page {	/* the format's own block */
	struct html_mark marks[HTML_FINDINGS_MAX];
	u32 mark_count, rule_count, zone_count;	/* zone_count: findings about zones */
	int label;			/* the strictest of them; -1 = none has one */
	char rules[HTML_RULES_MAX][48];	/* that spoke, each once */
};

extern const char html_css[];

/* Appends foreign text: markup escaped, hidden code points written out. */
void html_text(struct buf *out, const char *text);
/* A text of ours, or a sentence that was stored, in the language of the page. */
void html_say(struct buf *out, const char *text);
/* The same in an element: html_in(out, "h4", N_("Who takes part")). */
void html_in(struct buf *out, const char *element, const char *text);
/* Heads of a table's columns, NULL-terminated; "" is an empty one, ">" before a text says that
 * numbers stand below. */
void html_heads(struct buf *out, const char *const *heads);
/* The same where it may be in a script of the other direction: isolated. */
void html_name(struct buf *out, const char *text);
/* <time>: "2026-01-31 10:00:00". */
void html_time(struct buf *out, u64 time_ns);
void html_count(struct buf *out, u64 n);	/* 12,345 */

/* The figure: SVG, axis, the same in words. Sorts the marks. */
void html_timeline(struct buf *out, struct html_page *p, const struct run_report *r);
/* The label in the colours of TLP 2.0. */
void html_label(struct buf *out, enum label l);
/* One finding in full. */
void html_finding(struct buf *out, const struct finding *f, const struct catalogue_row *c);
/* The kinds of finding that occurred; then inputs, counters, limits. */
void html_rules(struct buf *out, const struct share *s, const struct html_page *p);
void html_report(struct buf *out, const struct run_report *r);
