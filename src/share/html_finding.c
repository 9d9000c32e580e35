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
	static const char *const wants[][2] = { { "", "" },
		{ N_("at least %s: met"), N_("at least %s: not met") },
		{ N_("at most %s: met"), N_("at most %s: not met") } };
	char number[REAL_TEXT_MAX];

	buf_text(out, "<tr><td class=wide>");
	html_name(out, f->name);
	if (f->help[0]) {
		buf_text(out, "<br>");
		html_in(out, "span class=\"mute small\"", f->help);
	}
	buf_fmt(out, "</td><td class=n data-is=\"%s\">%s&nbsp;", _("Measured"),
		share_value(f->value, number));
	html_text(out, C_("unit", f->unit));
	buf_text(out, "</td><td>");
	if (f->rule != FEATURE_SHOWN)
		bar(out, f);
	buf_fmt(out, "</td><td data-is=\"%s\">", _("Wanted"));
	if (f->rule != FEATURE_SHOWN)
		buf_fmt(out, _(wants[f->rule][!feature_meets(f)]),
			share_value(f->threshold, number));
	buf_text(out, "</td></tr>\n");
}

static void features(struct buf *out, const struct finding *f)
{
	static const char *const heads[] = { N_("Feature"), ">Measured",
		N_("Against the mark"), N_("Wanted"), NULL };

	if (f->feature_count == 0)
		return;
	html_in(out, "h4", N_("Measured against the rule"));
	buf_text(out, "\n<table class=cards>");
	html_heads(out, heads);
	for (u32 i = 0; i < f->feature_count; i++)
		feature(out, &f->features[i]);
	buf_text(out, "</tbody></table>\n");
}

static void parties(struct buf *out, const struct finding *f)
{
	static const char *const heads[] = { N_("Role"), N_("Who"), N_("What"), NULL };

	if (f->related_count == 0)
		return;
	html_in(out, "h4", N_("Who takes part"));
	buf_text(out, "\n<table class=cards>");
	html_heads(out, heads);
	for (u32 i = 0; i < f->related_count; i++) {
		buf_text(out, "<tr><td>");
		html_text(out, C_("role", f->related[i].role));
		buf_text(out, "</td><td class=wide>");
		html_name(out, f->related[i].name);
		buf_text(out, "</td><td class=wide>");
		html_say(out, f->related[i].note);
		buf_text(out, "</td></tr>\n");
	}
	buf_text(out, "</tbody></table>\n");
}

static void loss(struct buf *out, const struct finding *f)
{
	char a[NUM_TEXT_MAX], b[NUM_TEXT_MAX];

	share_number(f->lost, a);
	share_number(f->frames, b);
	buf_fmt(out, share_of_zone(f)
		? _("%s lines or files could not be read; %s records were")
		: _("%s of %s frames in the window were lost or unreadable"), a, b);
	if (share_of_zone(f))
		return;
	if (f->crowded)
		buf_fmt(out, _(", %s keys found no room"), share_number(f->crowded, a));
	if (f->late)
		buf_fmt(out, _(", %s messages came too late"), share_number(f->late, a));
}

/* The name of a fact, behind what ends the one before. */
static void fact(struct buf *out, const char *before, const char *name)
{
	buf_text(out, before);
	html_in(out, "dt", name);
	buf_text(out, "<dd>");
}

/* The window, or the zone with the instant and the place. */
static void when(struct buf *out, const struct finding *f)
{
	char span[NUM_TEXT_MAX], place[SHARE_PLACE_MAX];

	if (share_of_zone(f)) {
		fact(out, "<dl>", N_("Zone"));
		html_name(out, f->zone);
		buf_text(out, ", ");
		html_time(out, f->from);
		buf_text(out, " UTC</dd>");
		if (f->line) {
			fact(out, "", N_("Where"));
			html_name(out, share_place(f, SHARE_PLACE_MAX, place));
			buf_text(out, "</dd>");
		}
		return;
	}
	fact(out, "<dl>", N_("Window"));
	html_time(out, f->from);
	buf_fmt(out, " UTC, %s</dd>", share_span(f->until - f->from, span));
}

static void facts(struct buf *out, const struct finding *f)
{
	char a[NUM_TEXT_MAX], b[NUM_TEXT_MAX];
	const struct marking m = marking_read(f->label);

	when(out, f);
	fact(out, "", N_("Rule"));
	buf_text(out, "<a href=\"#r-");
	html_text(out, f->rule);
	buf_text(out, "\"><code>");
	html_text(out, f->rule);
	buf_text(out, "</code></a>, ");
	buf_fmt(out, _("version %llu"), (unsigned long long)f->rule_version);
	fact(out, "</dd>", N_("Confidence"));
	buf_fmt(out, "%llu&nbsp;%%", (unsigned long long)f->confidence);
	fact(out, "</dd>", N_("Label"));
	if (f->label[0])
		html_label(out, (enum label)m.tlp);
	if (f->label[0] && m.pap != PAP_GREEN)
		buf_fmt(out, " %s", pap_text(m.pap));
	if (f->label[0] == 0)
		html_say(out, N_("no label"));
	fact(out, "</dd>", N_("Evidence"));
	buf_fmt(out, share_of_zone(f) ? _("%s of %s RRsets kept") : _("%s of %s messages kept"),
		share_number(f->evidence_kept, a), share_number(f->evidence_all, b));
	fact(out, "</dd>", N_("Loss"));
	loss(out, f);
	buf_fmt(out, "</dd><dt>Id</dt><dd class=id>%s</dd></dl>\n", f->id);
}

static void evidence(struct buf *out, const struct finding *f)
{
	char hex[DIGEST_TEXT];

	if (f->evidence_count == 0)
		return;
	buf_text(out, "<details><summary>");
	buf_fmt(out, _("SHA-256 of the %u messages kept"), f->evidence_count);
	buf_text(out, "</summary><ul class=hashes>");
	for (u32 i = 0; i < f->evidence_count; i++)
		buf_fmt(out, "<li class=id>%s</li>",
			hex_text(f->evidence[i], DIGEST_OCTETS, hex));
	buf_text(out, "</ul></details>\n");
}

void html_finding(struct buf *out, const struct finding *f, const struct catalogue_row *c)
{
	const char *severity = severity_name(f->severity);

	buf_fmt(out, "<article id=\"f-%.16s\" class=%s>\n<h3>"
		"<span class=badge>%s</span> ", f->id, severity, C_("severity", severity));
	html_text(out, c ? _(c->title) : f->rule);
	buf_text(out, C_("sentence", ": "));
	html_name(out, f->subject);
	buf_text(out, "</h3>\n");
	html_in(out, "p class=say", f->sentence);
	buf_byte(out, '\n');
	features(out, f);
	parties(out, f);
	facts(out, f);
	evidence(out, f);
	buf_text(out, "</article>\n");
}
