/* SPDX-License-Identifier: GPL-3.0-or-later */
/* html.c - one page that needs nothing but itself.
 *
 * No script, no network, no font, no image: the style stands in the page and is
 * the only one that its Content-Security-Policy lets in (by SHA-256), so that text
 * of an outsider that got past the escaping still could do nothing. Light and dark
 * as the reader's system is; for screens from 320 px on and for paper.
 *
 *   title, tally, notice of loss | timeline | table | each finding in full |
 *   the kinds of finding | what was read, what was lost
 *
 * Collected in memory, because the timeline stands before what it is made of:
 * some 6 KB a finding, HTML_FINDINGS_MAX of them; the rest (the least severe, as
 * they come in order) are counted and said. */
#include "share/html.h"
#include "base/stamp.h"
#include "model/digest.h"
#include "model/utf8.h"
#include <openssl/evp.h>

void html_text(struct buf *out, const char *text)
{
	struct buf safe = { 0 };

	utf8_show(&safe, text, 0);
	for (const char *p = buf_str(&safe); *p; p++) {
		switch (*p) {
		case '&':
			buf_text(out, "&amp;");
			break;
		case '<':
			buf_text(out, "&lt;");
			break;
		case '>':
			buf_text(out, "&gt;");
			break;
		case '"':
			buf_text(out, "&quot;");
			break;
		case '\'':
			buf_text(out, "&#39;");
			break;
		default:
			buf_byte(out, (u8)*p);
		}
	}
	buf_free(&safe);
}

void html_say(struct buf *out, const char *text)
{
	struct buf said = { 0 };

	say_anew(&said, tongue_now(), text);
	html_text(out, buf_str(&said));
	buf_free(&said);
}

void html_in(struct buf *out, const char *element, const char *text)
{
	buf_fmt(out, "<%s>", element);
	html_say(out, text);
	buf_fmt(out, "</%.*s>", (int)strcspn(element, " "), element);
}

void html_heads(struct buf *out, const char *const *heads)
{
	buf_text(out, "<thead><tr>");
	for (; *heads; heads++)
		html_in(out, **heads == '>' ? "th class=n" : "th", *heads + (**heads == '>'));
	buf_text(out, "</tr></thead><tbody>\n");
}

void html_name(struct buf *out, const char *text)
{
	buf_text(out, "<bdi class=name>");
	html_text(out, text);
	buf_text(out, "</bdi>");
}

void html_time(struct buf *out, u64 time_ns)
{
	char text[SHARE_TIME_MAX], machine[STAMP_TEXT_MAX];

	stamp_text(time_ns, time_ns % STAMP_NS ? 9 : 0, machine);
	buf_fmt(out, "<time datetime=\"%s\">%s</time>", machine,
		share_time(time_ns, text));
}

void html_label(struct buf *out, enum label l)
{
	buf_fmt(out, "<span class=\"tlp tlp%u\">%s</span>", (unsigned)l, label_text(l));
}

void html_count(struct buf *out, u64 n)
{
	char text[NUM_TEXT_MAX];

	buf_text(out, share_number(n, text));
}

static void begin(struct share *s)
{
	struct html_page *p = s->own = calloc(1, sizeof *p);

	if (p)
		p->label = -1;
	else
		s->error = -ENOMEM;
}

/* What is made of several things takes the strictest of their labels. */
static void join_label(struct html_page *p, const char *text)
{
	int l = text[0] ? marking_read(text).tlp : -1;

	if (l >= 0)
		p->label = p->label < 0 ? l : (int)label_join((enum label)p->label,
							      (enum label)l);
}

static void remember_rule(struct html_page *p, const char *rule)
{
	for (u32 i = 0; i < p->rule_count; i++)
		if (strcmp(p->rules[i], rule) == 0)
			return;
	if (p->rule_count < HTML_RULES_MAX)
		snprintf(p->rules[p->rule_count++], sizeof p->rules[0], "%s", rule);
}

static void table_row(struct buf *out, const struct finding *f,
		      const struct catalogue_row *c)
{
	const char *severity = severity_name(f->severity);
	char span[NUM_TEXT_MAX], place[SHARE_PLACE_MAX];

	buf_fmt(out, "<tr class=%s><td><span class=badge>%s</span></td><td>",
		severity, C_("severity", severity));
	if (share_of_zone(f)) {
		html_name(out, share_place(f, SHARE_PLACE_MAX, place));
		buf_text(out, "</td><td>");
	} else {
		html_time(out, f->from);
		buf_fmt(out, "</td><td>%s", share_span(f->until - f->from, span));
	}
	buf_fmt(out, "</td><td class=wide><a href=\"#f-%.16s\">", f->id);
	html_name(out, f->subject);
	buf_text(out, "</a></td><td class=wide>");
	html_text(out, c ? _(c->title) : f->rule);
	buf_fmt(out, "</td><td class=n data-is=\"%s\">%llu&nbsp;%%</td></tr>\n",
		_("Confidence"), (unsigned long long)f->confidence);
}

static void finding(struct share *s, const struct finding *f)
{
	const struct catalogue_row *c = share_row(s, f->rule);
	struct html_page *p = s->own;
	struct html_mark *m;

	if (p == NULL || p->mark_count == HTML_FINDINGS_MAX)
		return;
	m = &p->marks[p->mark_count++];
	*m = (struct html_mark){ .from = f->from, .until = f->until,
				 .severity = f->severity };
	snprintf(m->id, sizeof m->id, "%.16s", f->id);
	remember_rule(p, f->rule);
	join_label(p, f->label);
	p->zone_count += share_of_zone(f);
	table_row(&s->text, f, c);
	html_finding(&s->more, f, c);
}

static void head(struct share *s, struct buf *out)
{
	struct digest d;
	u8 hash[DIGEST_OCTETS], text[48];

	digest_init(&d);
	digest_add(&d, html_css, strlen(html_css));
	digest_end(&d, hash);
	EVP_EncodeBlock(text, hash, sizeof hash);
	buf_fmt(out, "<!DOCTYPE html>\n<html lang=%s>\n<head>\n<meta charset=utf-8>\n"
		"<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; "
		"style-src 'sha256-%s'; base-uri 'none'; form-action 'none'\">\n"
		"<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
		"<meta name=referrer content=no-referrer>\n"
		"<meta name=color-scheme content=\"light dark\">\n<title>",
		tongue_lang(tongue_now()), text);
	html_say(out, s->style.title ? s->style.title : N_("Findings"));
	buf_fmt(out, "</title>\n<style>%s</style>\n</head>\n<body>\n", html_css);
}

static void tally(struct share *s, struct buf *out)
{
	buf_text(out, "<ul class=tally>");
	for (int i = SEVERITY_COUNT - 1; i >= 0; i--) {
		const char *severity = severity_name((enum severity)i);

		if (s->counts[i] == 0)
			continue;
		buf_fmt(out, "<li class=%s><b>", severity);
		html_count(out, s->counts[i]);
		buf_fmt(out, "</b>%s</li>", C_("severity", severity));
	}
	buf_text(out, "</ul>\n");
}

/* What a reader has to know before the first finding. */
static void notices(struct share *s, struct buf *out, const struct run_report *r)
{
	u64 lost = report_sum(r, COUNTER_LOSS), limits = report_sum(r, COUNTER_LIMIT);
	u64 all = share_count(s);
	char n[NUM_TEXT_MAX];

	if (all == 0) {
		buf_text(out, "<p class=\"notice quiet\">");
		html_in(out, "b", N_("Nothing found."));
		buf_byte(out, ' ');
		html_say(out, N_("What that rests on stands below: what was read, and what "
				 "was lost."));
		buf_text(out, "</p>\n");
	}
	if (lost || limits) {
		buf_text(out, "<p class=notice>");
		html_in(out, "b", N_("Not everything was seen:"));
		buf_byte(out, ' ');
		html_say(out, N_("parts of the input were lost or unreadable, or a limit was "
				 "reached; there can be more than was found."));
		buf_byte(out, ' ');
		html_in(out, "a href=\"#read\"", N_("What was lost"));
		buf_text(out, "</p>\n");
	}
	if (all <= HTML_FINDINGS_MAX)
		return;
	buf_text(out, "<p class=notice>");
	html_in(out, "b", N_("This page is not all:"));
	buf_fmt(out, _(" %s more findings, none more severe than the last one here, are in "
		       "the other formats."), share_number(all - HTML_FINDINGS_MAX, n));
	buf_text(out, "</p>\n");
}

static void top(struct share *s, struct buf *out, const struct run_report *r)
{
	const struct html_page *p = s->own;

	buf_text(out, "<header>\n");
	if (p->label >= 0)
		html_label(out, (enum label)p->label);
	buf_text(out, "<h1>");
	html_say(out, s->style.title ? s->style.title : N_("Findings"));
	buf_text(out, "</h1>\n<p class=mute>");
	if (r->unit == REPORT_RECORDS && r->from == r->until) {
		html_say(out, N_("Audited as of"));
		buf_byte(out, ' ');
		html_time(out, r->from);
		buf_text(out, " UTC, ");
	} else if (r->from || r->until) {
		html_time(out, r->from);
		buf_text(out, " &ndash; ");
		html_time(out, r->until);
		buf_text(out, " UTC, ");
	}
	if (r->input_count == 1)
		html_name(out, r->inputs[0].name);
	else
		buf_fmt(out, n_("%u input", "%u inputs", r->input_count), r->input_count);
	buf_text(out, ". ");
	html_say(out, N_("All times are UTC."));
	buf_text(out, "</p>\n");
	if (share_count(s))
		tally(s, out);
	notices(s, out, r);
	buf_text(out, "</header>\n<main>\n");
}

/* What was collected, in its order: timeline, table, each finding in full. */
static void body(struct share *s, struct buf *out, const struct run_report *r)
{
	const struct html_page *p = s->own;
	bool zones = p->zone_count == p->mark_count;	/* all of one instant: no timeline */
	static const char *const of_zone[] = { N_("Severity"), N_("Where"), "", N_("Subject"),
		N_("What"), ">Confidence", NULL };
	static const char *const of_traffic[] = { N_("Severity"), N_("From (UTC)"), N_("For"),
		N_("Subject"), N_("What"), ">Confidence", NULL };

	if (!zones)
		html_timeline(out, s->own, r);
	buf_text(out, "<section>\n");
	html_in(out, "h2", N_("Overview"));
	buf_text(out, "\n<table class=\"cards brief\">");
	html_heads(out, zones ? of_zone : of_traffic);
	share_flush(s, out);
	share_flush(s, &s->text);
	buf_text(out, "</tbody></table>\n</section>\n<section>\n");
	html_in(out, "h2", N_("Findings"));
	buf_byte(out, '\n');
	share_flush(s, out);
	share_flush(s, &s->more);
	buf_text(out, "</section>\n");
	html_rules(out, s, s->own);
}

static void end(struct share *s, const struct run_report *r)
{
	struct html_page *p = s->own;
	struct buf out = { 0 };

	if (p == NULL)
		return;
	head(s, &out);
	top(s, &out, r);
	if (p->mark_count)
		body(s, &out, r);
	html_report(&out, r);
	buf_text(&out, "</main>\n<footer class=\"mute small\">");
	buf_fmt(&out, _("Made by Vedette %s."), s->style.version ? s->style.version : "");
	buf_byte(&out, ' ');
	html_say(&out, N_("This page loads nothing and runs nothing."));
	buf_byte(&out, ' ');
	if (p->label >= 0)
		html_label(&out, (enum label)p->label);
	buf_text(&out, "</footer>\n"
		 "</body>\n</html>\n");
	share_flush(s, &out);
	buf_free(&out);
}

const struct share_format share_html = {
	.id = "html",
	.title = N_("one self-contained page"),
	.begin = begin,
	.finding = finding,
	.end = end,
};
