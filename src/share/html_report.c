/* SPDX-License-Identifier: GPL-3.0-or-later */
/* html_report.c - the end of the page: what the rules mean, what was read, what
 * was lost. Nothing here is left out because it is zero but single counters. */
#include "share/html.h"

static void fact(struct buf *out, const char *name, const char *text)
{
	if (text == NULL || text[0] == 0)
		return;
	html_in(out, "dt", name);
	html_in(out, "dd", text);
}

static void references(struct buf *out, const struct catalogue_row *c)
{
	if (c->references == NULL || c->references[0] == NULL)
		return;
	html_in(out, "dt", N_("References"));
	buf_text(out, "<dd>");
	for (unsigned i = 0; c->references[i]; i++) {
		buf_text(out, i ? "<br>" : "");
		html_text(out, c->references[i]);
	}
	buf_text(out, "</dd>");
}

static void rule(struct buf *out, const struct catalogue_row *c)
{
	html_in(out, "p", c->meaning);
	buf_text(out, "\n<p>");
	html_in(out, "b", N_("What to do:"));
	buf_byte(out, ' ');
	html_say(out, c->remedy);
	buf_text(out, "</p>\n<dl>");
	fact(out, N_("Area"), C_("area", area_name(c->area)));
	fact(out, N_("FIRST technique"), first_technique(c->first));
	fact(out, N_("Can detect"), c->detect);
	fact(out, N_("Can mitigate"), c->mitigate);
	fact(out, N_("Can prevent"), c->prevent);
	references(out, c);
	buf_text(out, "</dl>\n");
}

void html_rules(struct buf *out, const struct share *s, const struct html_page *p)
{
	buf_text(out, "<section>\n");
	html_in(out, "h2", N_("What these findings mean"));
	buf_byte(out, '\n');
	for (u32 i = 0; i < p->rule_count; i++) {
		const struct catalogue_row *c = share_row(s, p->rules[i]);

		buf_text(out, "<article id=\"r-");
		html_text(out, p->rules[i]);
		buf_text(out, "\">\n<h3>");
		html_text(out, c ? _(c->title) : p->rules[i]);
		if (c) {
			buf_text(out, " <code class=mute>");
			html_text(out, p->rules[i]);
			buf_text(out, "</code>");
		}
		buf_text(out, "</h3>\n");
		if (c)
			rule(out, c);
		else
			html_in(out, "p", N_("This program has no words on this rule."));
		buf_text(out, "</article>\n");
	}
	buf_text(out, "</section>\n");
}

static void inputs(struct buf *out, const struct run_report *r)
{
	const char *unit = r->unit == REPORT_RECORDS ? N_("Records") : N_("Frames");
	char size[NUM_TEXT_MAX];

	if (r->input_count == 0)
		return;
	buf_text(out, "<table class=cards>");
	html_in(out, "caption", N_("Inputs"));
	buf_text(out, "<thead><tr>");
	html_in(out, "th", N_("Name"));
	html_in(out, "th class=n", unit);
	html_in(out, "th class=n", N_("Size"));
	html_in(out, "th", N_("Trouble"));
	buf_text(out, "</tr></thead><tbody>\n");
	for (u32 i = 0; i < r->input_count; i++) {
		const struct report_input *in = &r->inputs[i];

		buf_text(out, "<tr><td class=wide>");
		html_name(out, in->name);
		buf_fmt(out, "</td><td class=n data-is=\"%s\">", _(unit));
		html_count(out, in->frames);
		buf_fmt(out, "</td><td class=n data-is=\"%s\">%s</td><td class=wide "
			"data-is=\"%s\">", _("Size"), share_octets(in->octets, size),
			_("Trouble"));
		html_say(out, in->trouble ? in->trouble : "");
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
		if (none) {
			html_in(out, "h4", title);
			html_in(out, "p", none);
		}
		return;
	}
	html_in(out, "h4", title);
	buf_text(out, "\n<table class=counts><tbody>\n");
	for (u32 i = 0; i < r->counter_count; i++) {
		const struct report_counter *c = &r->counters[i];

		if (c->class != class || c->value == 0)
			continue;
		buf_text(out, "<tr><td class=n>");
		html_count(out, c->value);
		buf_text(out, "</td><td class=wide>");
		html_say(out, c->text);
		buf_text(out, "</td></tr>\n");
	}
	buf_text(out, "</tbody></table>\n");
}

void html_report(struct buf *out, const struct run_report *r)
{
	buf_text(out, "<section id=read>\n");
	html_in(out, "h2", N_("What was read, and what was lost"));
	buf_byte(out, '\n');
	inputs(out, r);
	counters(out, r, COUNTER_LOSS, N_("Lost"), N_("Nothing was lost."));
	counters(out, r, COUNTER_LIMIT, N_("Limits reached"),
		 N_("No limit was reached."));
	counters(out, r, COUNTER_PART, r->unit == REPORT_RECORDS ? N_("Read")
		 : N_("Where the other frames ended"), NULL);
	counters(out, r, COUNTER_NOTE, N_("Other numbers"), NULL);
	buf_text(out, "</section>\n");
}
