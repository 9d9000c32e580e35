/* SPDX-License-Identifier: GPL-3.0-or-later */
/* html_report.c - the end of the page: what the rules mean, what was read, what
 * was lost. Nothing here is left out because it is zero but single counters. */
#include "share/html.h"

static void fact(struct buf *out, const char *name, const char *text)
{
	if (text == NULL || text[0] == 0)
		return;
	buf_fmt(out, "<dt>%s</dt><dd>", name);
	html_text(out, text);
	buf_text(out, "</dd>");
}

static void references(struct buf *out, const struct catalogue_row *c)
{
	if (c->references == NULL || c->references[0] == NULL)
		return;
	buf_text(out, "<dt>References</dt><dd>");
	for (unsigned i = 0; c->references[i]; i++) {
		buf_text(out, i ? "<br>" : "");
		html_text(out, c->references[i]);
	}
	buf_text(out, "</dd>");
}

static void rule(struct buf *out, const struct catalogue_row *c)
{
	buf_text(out, "<p>");
	html_text(out, c->meaning);
	buf_text(out, "</p>\n<p><b>What to do:</b> ");
	html_text(out, c->remedy);
	buf_text(out, "</p>\n<dl>");
	fact(out, "Area", area_name(c->area));
	fact(out, "FIRST technique", first_technique(c->first));
	fact(out, "Can detect", c->detect);
	fact(out, "Can mitigate", c->mitigate);
	fact(out, "Can prevent", c->prevent);
	references(out, c);
	buf_text(out, "</dl>\n");
}

void html_rules(struct buf *out, const struct share *s, const struct html_page *p)
{
	buf_text(out, "<section>\n<h2>What these findings mean</h2>\n");
	for (u32 i = 0; i < p->rule_count; i++) {
		const struct catalogue_row *c = share_row(s, p->rules[i]);

		buf_text(out, "<article id=\"r-");
		html_text(out, p->rules[i]);
		buf_text(out, "\">\n<h3>");
		html_text(out, c ? c->title : p->rules[i]);
		if (c) {
			buf_text(out, " <code class=mute>");
			html_text(out, p->rules[i]);
			buf_text(out, "</code>");
		}
		buf_text(out, "</h3>\n");
		if (c)
			rule(out, c);
		else
			buf_text(out, "<p>This program has no words on this rule.</p>\n");
		buf_text(out, "</article>\n");
	}
	buf_text(out, "</section>\n");
}

static void inputs(struct buf *out, const struct run_report *r)
{
	const char *unit = r->unit == REPORT_RECORDS ? "Records" : "Frames";
	char size[NUM_TEXT_MAX];

	if (r->input_count == 0)
		return;
	buf_fmt(out, "<table class=cards><caption>Inputs</caption><thead><tr>"
		 "<th>Name</th><th class=n>%s</th><th class=n>Size</th>"
		 "<th>Trouble</th></tr></thead><tbody>\n", unit);
	for (u32 i = 0; i < r->input_count; i++) {
		const struct report_input *in = &r->inputs[i];

		buf_text(out, "<tr><td class=wide>");
		html_name(out, in->name);
		buf_fmt(out, "</td><td class=n data-is=%s>", unit);
		html_count(out, in->frames);
		buf_fmt(out, "</td><td class=n data-is=Size>%s</td><td class=wide "
			"data-is=Trouble>", num_octets_text(in->octets, size));
		html_text(out, in->trouble ? in->trouble : "");
		buf_text(out, "</td></tr>\n");
	}
	buf_text(out, "</tbody></table>\n");
}

static u32 used(const struct run_report *r, enum counter_class class)
{
	u32 n = 0;

	for (u32 i = 0; i < r->counter_count; i++)
		n += r->counters[i].class == class && r->counters[i].value;
	return n;
}

/* The counters of a class that are not zero; else a sentence. */
static void counters(struct buf *out, const struct run_report *r,
		     enum counter_class class, const char *title, const char *none)
{
	if (used(r, class) == 0) {
		if (none)
			buf_fmt(out, "<h4>%s</h4>\n<p>%s</p>\n", title, none);
		return;
	}
	buf_fmt(out, "<h4>%s</h4>\n<table class=counts><tbody>\n", title);
	for (u32 i = 0; i < r->counter_count; i++) {
		const struct report_counter *c = &r->counters[i];

		if (c->class != class || c->value == 0)
			continue;
		buf_text(out, "<tr><td class=n>");
		html_count(out, c->value);
		buf_text(out, "</td><td class=wide>");
		html_text(out, c->text);
		buf_text(out, "</td></tr>\n");
	}
	buf_text(out, "</tbody></table>\n");
}

void html_report(struct buf *out, const struct run_report *r)
{
	buf_text(out, "<section id=read>\n<h2>What was read, and what was lost</h2>\n");
	inputs(out, r);
	counters(out, r, COUNTER_LOSS, "Lost", "Nothing was lost.");
	counters(out, r, COUNTER_LIMIT, "Limits reached", "No limit was reached.");
	counters(out, r, COUNTER_PART, r->unit == REPORT_RECORDS ? "Read"
		 : "Where the other frames ended", NULL);
	counters(out, r, COUNTER_NOTE, "Other numbers", NULL);
	buf_text(out, "</section>\n");
}
