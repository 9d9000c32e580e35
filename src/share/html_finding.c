/* SPDX-License-Identifier: GPL-3.0-or-later */
/* html_finding.c - one finding in full: what was measured against what the rule
 * wants, who takes part, what it rests on. */
#include "share/html.h"
#include "model/digest.h"
#include <math.h>

#define BAR 160.0	/* px, as in the style */

/* A bar of the value with a mark at the threshold, on one scale from zero. */
static void bar(struct buf *out, const struct feature *f)
{
	double most = fmax(fmax(fabs(f->value), fabs(f->threshold)) * 1.08, 1e-12);
	int value = (int)lround(BAR * fmax(f->value, 0) / most);
	int want = (int)lround(BAR * fmax(f->threshold, 0) / most);

	buf_fmt(out, "<svg class=bar viewBox=\"0 0 %d 14\" aria-hidden=true>"
		"<rect class=track x=0.5 y=0.5 width=%d height=13 rx=2 />"
		"<rect class=%s x=1 y=2 width=%d height=10 rx=1 />"
		"<line class=want x1=%d x2=%d y1=0 y2=14 /></svg>", (int)BAR,
		(int)BAR - 1, feature_meets(f) ? "met" : "not", value < 2 ? 2 : value - 1,
		want < 1 ? 1 : want, want < 1 ? 1 : want);
}

static void feature(struct buf *out, const struct feature *f)
{
	static const char *const wants[] = { "", "at least ", "at most " };
	char number[REAL_TEXT_MAX];

	buf_text(out, "<tr><td class=wide>");
	html_name(out, f->name);
	if (f->help[0]) {
		buf_text(out, "<br><span class=\"mute small\">");
		html_text(out, f->help);
		buf_text(out, "</span>");
	}
	buf_fmt(out, "</td><td class=n data-is=Measured>%s&nbsp;",
		share_value(f->value, number));
	html_text(out, f->unit);
	buf_text(out, "</td><td>");
	if (f->rule != FEATURE_SHOWN)
		bar(out, f);
	buf_text(out, "</td><td data-is=Wanted>");
	if (f->rule != FEATURE_SHOWN)
		buf_fmt(out, "%s%s: %s", wants[f->rule],
			share_value(f->threshold, number),
			feature_meets(f) ? "met" : "not&nbsp;met");
	buf_text(out, "</td></tr>\n");
}

static void features(struct buf *out, const struct finding *f)
{
	if (f->feature_count == 0)
		return;
	buf_text(out, "<h4>Measured against the rule</h4>\n<table class=cards><thead><tr>"
		 "<th>Feature</th><th class=n>Measured</th>"
		 "<th>Against the mark</th><th>Wanted</th></tr>"
		 "</thead><tbody>\n");
	for (u32 i = 0; i < f->feature_count; i++)
		feature(out, &f->features[i]);
	buf_text(out, "</tbody></table>\n");
}

static void parties(struct buf *out, const struct finding *f)
{
	if (f->related_count == 0)
		return;
	buf_text(out, "<h4>Who takes part</h4>\n<table class=cards><thead><tr>"
		 "<th>Role</th><th>Who</th><th>What</th></tr></thead><tbody>\n");
	for (u32 i = 0; i < f->related_count; i++) {
		buf_text(out, "<tr><td>");
		html_text(out, f->related[i].role);
		buf_text(out, "</td><td class=wide>");
		html_name(out, f->related[i].name);
		buf_text(out, "</td><td class=wide>");
		html_text(out, f->related[i].note);
		buf_text(out, "</td></tr>\n");
	}
	buf_text(out, "</tbody></table>\n");
}

static void loss(struct buf *out, const struct finding *f)
{
	if (share_of_zone(f)) {
		html_count(out, f->lost);
		buf_text(out, " lines or files could not be read; ");
		html_count(out, f->frames);
		buf_text(out, " records were");
		return;
	}
	html_count(out, f->lost);
	buf_text(out, " of ");
	html_count(out, f->frames);
	buf_text(out, " frames in the window were lost or unreadable");
	if (f->crowded) {
		buf_text(out, "; ");
		html_count(out, f->crowded);
		buf_text(out, " keys found no room");
	}
	if (f->late) {
		buf_text(out, "; ");
		html_count(out, f->late);
		buf_text(out, " messages came too late");
	}
}

/* The window, or the zone with the instant and the place. */
static void when(struct buf *out, const struct finding *f)
{
	char span[NUM_TEXT_MAX], place[SHARE_PLACE_MAX];

	if (share_of_zone(f)) {
		buf_text(out, "<dl><dt>Zone</dt><dd>");
		html_name(out, f->zone);
		buf_text(out, " as of ");
		html_time(out, f->from);
		buf_text(out, " UTC</dd>");
		if (f->line) {
			buf_text(out, "<dt>Where</dt><dd>");
			html_name(out, share_place(f, SHARE_PLACE_MAX, place));
			buf_text(out, "</dd>");
		}
		return;
	}
	buf_text(out, "<dl><dt>Window</dt><dd>");
	html_time(out, f->from);
	buf_fmt(out, " UTC for %s</dd>", share_span(f->until - f->from, span));
}

static void facts(struct buf *out, const struct finding *f)
{
	int label = label_parse(f->label);

	when(out, f);
	buf_text(out, "<dt>Rule</dt><dd><a href=\"#r-");
	html_text(out, f->rule);
	buf_text(out, "\"><code>");
	html_text(out, f->rule);
	buf_fmt(out, "</code></a>, version %llu</dd><dt>Confidence</dt>"
		"<dd>%llu&nbsp;%%</dd><dt>Label</dt><dd>",
		(unsigned long long)f->rule_version, (unsigned long long)f->confidence);
	if (label >= 0)
		html_label(out, (enum label)label);
	else
		buf_text(out, "none");
	buf_text(out, "</dd><dt>Evidence</dt><dd>");
	html_count(out, f->evidence_kept);
	buf_text(out, " of ");
	html_count(out, f->evidence_all);
	buf_text(out, share_of_zone(f) ? " RRsets" : " messages");
	buf_text(out, " kept</dd><dt>Loss</dt><dd>");
	loss(out, f);
	buf_fmt(out, "</dd><dt>Id</dt><dd class=id>%s</dd></dl>\n", f->id);
}

static void evidence(struct buf *out, const struct finding *f)
{
	char hex[DIGEST_TEXT];

	if (f->evidence_count == 0)
		return;
	buf_fmt(out, "<details><summary>SHA-256 of the %u messages kept</summary>"
		"<ul class=hashes>", f->evidence_count);
	for (u32 i = 0; i < f->evidence_count; i++)
		buf_fmt(out, "<li class=id>%s</li>",
			hex_text(f->evidence[i], DIGEST_OCTETS, hex));
	buf_text(out, "</ul></details>\n");
}

void html_finding(struct buf *out, const struct finding *f, const struct catalogue_row *c)
{
	const char *severity = severity_name(f->severity);

	buf_fmt(out, "<article id=\"f-%.16s\" class=%s>\n<h3>"
		"<span class=badge>%s</span> ", f->id, severity, severity);
	html_text(out, c ? c->title : f->rule);
	buf_text(out, ": ");
	html_name(out, f->subject);
	buf_text(out, "</h3>\n<p class=say>");
	html_text(out, f->sentence);
	buf_text(out, "</p>\n");
	features(out, f);
	parties(out, f);
	facts(out, f);
	evidence(out, f);
	buf_text(out, "</article>\n");
}
