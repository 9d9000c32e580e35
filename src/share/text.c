/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.c - findings for people at a terminal.
 *
 *   SEVERITY  FROM (UTC)           FOR      SUBJECT
 *   high      2026-01-31 10:00:00  1m       t.example.com
 *             tunnel.data 9f31c04a77d1
 *             41,200 different names under t.example.com can have carried ...
 *
 * then, when asked for, a block for each finding with what was measured against
 * what the rule wants; then always what was read, what was lost and which limits
 * were reached, so that "nothing found" says what it rests on.
 *
 * Nothing of a subject or a sentence is cut; a subject too long for its column goes
 * on a line of its own. Below NARROW columns the table becomes a list. Colours are
 * never the only carrier of a meaning. */
#include "share/share.h"
#include "base/prose.h"
#include "model/utf8.h"

#define NARROW 64u
#define INDENT 10u		/* of what stands under a row */
#define SUBJECT_AT 40u		/* column of the subject */

static const char *const paints[] = {
	[SEVERITY_INFO] = "2", [SEVERITY_LOW] = "36", [SEVERITY_MEDIUM] = "33",
	[SEVERITY_HIGH] = "31", [SEVERITY_CRITICAL] = "1;31",
};

/* Text in a colour, filled up with blanks to `columns`. */
static void paint(struct share *s, struct buf *out, const char *how, const char *text,
		  size_t columns)
{
	size_t n = strlen(text);

	if (s->style.color)
		buf_fmt(out, "\x1b[%sm%s\x1b[0m", how, text);
	else
		buf_text(out, text);
	if (n < columns)
		buf_fill(out, ' ', columns - n);
}

/* A foreign sentence as a paragraph at an indent. */
static void paragraph(struct share *s, struct buf *out, const char *text, unsigned indent)
{
	struct buf safe = { 0 };

	utf8_show(&safe, text, 0);
	buf_fill(out, ' ', indent);
	prose_wrap(out, buf_str(&safe), (struct prose){ .at = (int)indent,
		   .indent = (int)indent, .width = (int)s->style.width });
	buf_byte(out, '\n');
	if (buf_error(&safe) && s->error == 0)
		s->error = buf_error(&safe);
	buf_free(&safe);
}

static void heading(struct share *s)
{
	if (s->style.width < NARROW || share_count(s) > 1)
		return;
	paint(s, &s->text, "1", "SEVERITY  FROM (UTC)           FOR      SUBJECT", 0);
	buf_byte(&s->text, '\n');
}

/* The subject in its column, or on the next line when it does not fit. */
static void subject(struct share *s, const struct finding *f, unsigned at, unsigned indent)
{
	if (at + utf8_width(f->subject) > s->style.width) {
		buf_byte(&s->text, '\n');
		buf_fill(&s->text, ' ', indent);
	}
	utf8_show(&s->text, f->subject, 0);
	buf_byte(&s->text, '\n');
}

static void row(struct share *s, const struct finding *f)
{
	char at[SHARE_TIME_MAX], span[NUM_TEXT_MAX];
	unsigned indent = s->style.width < NARROW ? 2 : INDENT;
	struct buf *out = &s->text;

	share_time(f->from, at);
	share_span(f->until - f->from, span);
	paint(s, out, paints[f->severity], severity_name(f->severity), 8);
	if (s->style.width < NARROW) {
		buf_fmt(out, "  %s  %s", at, span);
		subject(s, f, s->style.width, indent);
	} else {
		buf_fmt(out, "  %-19s  %-7s  ", at, span);
		subject(s, f, SUBJECT_AT, indent);
	}
	buf_fill(out, ' ', indent);
	utf8_show(out, f->rule, 0);
	buf_byte(out, ' ');
	paint(s, out, "2", (char[]){ f->id[0], f->id[1], f->id[2], f->id[3], f->id[4],
	      f->id[5], f->id[6], f->id[7], f->id[8], f->id[9], f->id[10], f->id[11], 0 },
	      0);
	buf_byte(out, '\n');
	paragraph(s, out, f->sentence, indent);
}
