/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.c - findings for people at a terminal.
 *
 *   SEVERITY  FROM (UTC)           FOR      SUBJECT
 *   high      2026-01-31 10:00:00  1m       t.example.com
 *             tunnel.data 9d0ff2b214d5
 *             41,200 different names under t.example.com can have carried ...
 *
 * then, when asked for, a block for each finding with what was measured against
 * what the rule wants; then always what was read, what was lost and which limits
 * were reached, so that "nothing found" says what it rests on.
 *
 * A finding about a zone has its place there instead:
 *
 *   SEVERITY  WHERE                         SUBJECT
 *   high      db.example:12                 sub.example
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
#define PLACE 28u		/* columns of a place in a file */
#define WANTED 34u		/* columns of "wanted at least 1,234,567: not met" */

static const char *const paints[] = {
	[SEVERITY_INFO] = "2", [SEVERITY_LOW] = "36", [SEVERITY_MEDIUM] = "33",
	[SEVERITY_HIGH] = "31", [SEVERITY_CRITICAL] = "1;31",
};

/* Text in a colour, filled up with blanks to `columns`. */
static void paint(struct share *s, struct buf *out, const char *how, const char *text,
		  size_t columns)
{
	size_t n = prose_columns(text);

	if (s->style.color)
		buf_fmt(out, "\x1b[%sm%s\x1b[0m", how, text);
	else
		buf_text(out, text);
	if (n < columns)
		buf_fill(out, ' ', columns - n);
}

/* Ends a line, without the blanks at its end. */
static void line_end(struct buf *out)
{
	while (out->len && out->at[out->len - 1] == ' ')
		out->len--;
	buf_byte(out, '\n');
}

/* A foreign sentence as a paragraph at an indent. */
static void paragraph(struct share *s, struct buf *out, const char *text, unsigned indent)
{
	struct buf safe = { 0 }, said = { 0 };

	say_anew(&said, tongue_now(), text);
	utf8_show(&safe, buf_str(&said), 0);
	buf_free(&said);
	buf_fill(out, ' ', indent);
	prose_wrap(out, buf_str(&safe), (struct prose){ .at = (int)indent,
		   .indent = (int)indent, .width = (int)s->style.width });
	buf_byte(out, '\n');
	if (buf_error(&safe) && s->error == 0)
		s->error = buf_error(&safe);
	buf_free(&safe);
}

static void heading(struct share *s, const struct finding *f)
{
	if (s->style.width < NARROW || share_count(s) > 1)
		return;
	paint(s, &s->text, "1", share_of_zone(f)
	      /* TRANSLATORS: columns of 10, 30 and the rest */
	      ? _("SEVERITY  WHERE                         SUBJECT")
	      /* TRANSLATORS: columns of 10, 21, 9 and the rest */
	      : _("SEVERITY  FROM (UTC)           FOR      SUBJECT"), 0);
	buf_byte(&s->text, '\n');
}

/* The subject in its column, or on the next line when it does not fit. */
static void subject(struct share *s, const struct finding *f, unsigned at,
		    unsigned indent)
{
	if (at + utf8_width(f->subject) > s->style.width) {
		line_end(&s->text);
		buf_fill(&s->text, ' ', indent);
	}
	utf8_show(&s->text, f->subject, 0);
	buf_byte(&s->text, '\n');
}

/* When, or where in a file: what stands between severity and subject. */
static void between(struct share *s, const struct finding *f)
{
	bool narrow = s->style.width < NARROW;
	char at[SHARE_TIME_MAX], span[NUM_TEXT_MAX], place[SHARE_PLACE_MAX];
	struct buf *out = &s->text;
	unsigned used;

	buf_text(out, "  ");
	if (share_of_zone(f)) {
		used = utf8_show(out, share_place(f, PLACE, place), 0);
		buf_fill(out, ' ', narrow || used > PLACE ? 0 : PLACE + 2 - used);
		return;
	}
	share_time(f->from, at);
	share_span(f->until - f->from, span);
	buf_fmt(out, narrow ? "%s  %s" : "%-19s  %-7s  ", at, span);
}

static void row(struct share *s, const struct finding *f)
{
	bool narrow = s->style.width < NARROW;
	unsigned indent = narrow ? 2 : INDENT;
	struct buf *out = &s->text;
	char id[13];

	paint(s, out, paints[f->severity], C_("severity", severity_name(f->severity)), 8);
	between(s, f);
	subject(s, f, narrow ? s->style.width : SUBJECT_AT, indent);
	buf_fill(out, ' ', indent);
	utf8_show(out, f->rule, 0);
	buf_byte(out, ' ');
	snprintf(id, sizeof id, "%.12s", f->id);
	paint(s, out, "2", id, 0);
	buf_byte(out, '\n');
	paragraph(s, out, f->sentence, indent);
}

/* The widest of the features' names and of their values with units. */
static void widths(const struct finding *f, unsigned *name, unsigned *value)
{
	char number[REAL_TEXT_MAX];

	for (u32 i = 0; i < f->feature_count; i++) {
		unsigned n = utf8_width(f->features[i].name);
		unsigned v = prose_columns(share_value(f->features[i].value, number)) +
			     1 + utf8_width(C_("unit", f->features[i].unit));

		*name = n > *name ? n : *name;
		*value = v > *value ? v : *value;
	}
}

static void shown(struct buf *out, const char *text, unsigned columns)
{
	unsigned used = utf8_show(out, text, 0);

	buf_fill(out, ' ', used < columns ? columns - used : 0);
}

static void feature(struct share *s, const struct feature *f, unsigned name,
		    unsigned value)
{
	static const char *const wants[][2] = { { "", "" },
		{ N_("wanted at least %s: met"), N_("wanted at least %s: not met") },
		{ N_("wanted at most %s: met"), N_("wanted at most %s: not met") } };
	struct buf *out = &s->more;
	char number[REAL_TEXT_MAX];
	size_t from, used;

	buf_text(out, "  ");
	shown(out, f->name, name + 2);
	from = out->len;
	buf_fmt(out, "%s ", share_value(f->value, number));
	shown(out, C_("unit", f->unit), 0);
	used = prose_columns(buf_str(out) + from);
	buf_fill(out, ' ', value + 2 > used ? value + 2 - used : 0);
	if (name + value + 4 + WANTED > s->style.width) {
		line_end(out);
		buf_text(out, "    ");
	}
	if (f->rule != FEATURE_SHOWN)
		buf_fmt(out, _(wants[f->rule][!feature_meets(f)]),
			share_value(f->threshold, number));
	line_end(out);
	if (f->help[0])
		paragraph(s, out, f->help, 4);
}

static void features(struct share *s, const struct finding *f)
{
	unsigned name = 0, value = 0;

	widths(f, &name, &value);
	if (f->feature_count)
		paint(s, &s->more, "1", _("  Measured"), 0);
	if (f->feature_count)
		buf_byte(&s->more, '\n');
	for (u32 i = 0; i < f->feature_count; i++)
		feature(s, &f->features[i], name, value);
}

/* Role, who and what on one line where they fit. */
static void party(struct share *s, const struct related *r, unsigned role)
{
	struct buf *out = &s->more;
	char said[4 * sizeof r->note];
	unsigned name = utf8_width(r->name), note;

	say_anew_to(tongue_now(), r->note, said, sizeof said);
	note = utf8_width(said);

	buf_text(out, "  ");
	shown(out, C_("role", r->role), role + 2);
	if (role + 4 + name > s->style.width) {
		line_end(out);
		buf_text(out, "    ");
	}
	utf8_show(out, r->name, 0);
	if (note && role + 6 + name + note <= s->style.width) {
		buf_text(out, "  ");
		utf8_show(out, said, 0);
		note = 0;
	}
	buf_byte(out, '\n');
	if (note)
		paragraph(s, out, r->note, role + 4);
}

static void parties(struct share *s, const struct finding *f)
{
	unsigned role = 0;

	for (u32 i = 0; i < f->related_count; i++)
		if (utf8_width(C_("role", f->related[i].role)) > role)
			role = utf8_width(C_("role", f->related[i].role));
	if (f->related_count)
		paint(s, &s->more, "1", _("  Who takes part"), 0);
	if (f->related_count)
		buf_byte(&s->more, '\n');
	for (u32 i = 0; i < f->related_count; i++)
		party(s, &f->related[i], role);
}

/* What the finding rests on: evidence and loss. */
static void grounds(struct share *s, const struct finding *f)
{
	char a[NUM_TEXT_MAX], b[NUM_TEXT_MAX];
	struct buf line = { 0 };

	buf_fmt(&line, share_of_zone(f) ? _("Evidence: %s of %s RRsets kept. ")
					: _("Evidence: %s of %s messages kept. "),
		share_number(f->evidence_kept, a), share_number(f->evidence_all, b));
	if (share_of_zone(f))
		buf_fmt(&line, _("%s records of the zone were read, %s lines or files "
			"could not be"),
			share_number(f->frames, b), share_number(f->lost, a));
	else
		buf_fmt(&line, _("In the window %s of %s frames were lost or unreadable"),
			share_number(f->lost, a), share_number(f->frames, b));
	if (f->crowded)
		buf_fmt(&line, _(", %s keys found no room"),
			share_number(f->crowded, a));
	if (f->late)
		buf_fmt(&line, _(", %s messages came too late"),
			share_number(f->late, a));
	buf_byte(&line, '.');
	paint(s, &s->more, "1", _("  What it rests on"), 0);
	buf_byte(&s->more, '\n');
	paragraph(s, &s->more, buf_str(&line), 2);
	buf_free(&line);
}

static void facts(struct share *s, const struct finding *f,
		  const struct catalogue_row *c)
{
	char at[SHARE_TIME_MAX], span[NUM_TEXT_MAX], place[SHARE_PLACE_MAX];
	struct buf line = { 0 };

	share_time(f->from, at);
	if (c)
		buf_fmt(&line, _("%s (%s, version %llu); "), _(c->title), f->rule,
			(unsigned long long)f->rule_version);
	else
		buf_fmt(&line, _("%s, version %llu; "), f->rule,
			(unsigned long long)f->rule_version);
	if (share_of_zone(f))
		buf_fmt(&line, _("zone %s as of %s UTC%s%s"), f->zone, at, f->line ? ", " : "",
			share_place(f, SHARE_PLACE_MAX, place));
	else
		buf_fmt(&line, _("from %s UTC for %s"), at, share_span(f->until - f->from, span));
	buf_fmt(&line, _("; confidence %llu%%; %s"), (unsigned long long)f->confidence,
		f->label[0] ? f->label : _("no label"));
	paragraph(s, &s->more, buf_str(&line), 2);
	buf_clear(&line);
	buf_fmt(&line, "id %s", f->id);
	paragraph(s, &s->more, buf_str(&line), 2);
	buf_free(&line);
}

static void block(struct share *s, const struct finding *f)
{
	const struct catalogue_row *c = share_row(s, f->rule);

	paint(s, &s->more, paints[f->severity], C_("severity", severity_name(f->severity)), 0);
	buf_text(&s->more, "  ");
	if (10 + utf8_width(f->subject) > s->style.width) {
		line_end(&s->more);
		buf_text(&s->more, "  ");
	}
	utf8_show(&s->more, f->subject, 0);
	buf_byte(&s->more, '\n');
	paragraph(s, &s->more, f->sentence, 2);
	facts(s, f, c);
	features(s, f);
	parties(s, f);
	grounds(s, f);
	if (c == NULL || c->remedy == NULL)
		return;
	paint(s, &s->more, "1", _("  What to do"), 0);
	buf_byte(&s->more, '\n');
	paragraph(s, &s->more, c->remedy, 2);
}

static void finding(struct share *s, const struct finding *f)
{
	heading(s, f);
	row(s, f);
	share_flush(s, &s->text);
	if (s->style.verbose) {
		buf_byte(&s->more, '\n');
		block(s, f);
	}
}

int share_story(struct buf *out, const struct finding *f, const struct share_style *style)
{
	struct share s = { .style = *style };
	int rc;

	if (s.style.width == 0)
		s.style.width = 80;
	block(&s, f);
	rc = s.error ? s.error : buf_error(&s.more);
	buf_add(out, buf_str(&s.more), s.more.len);
	share_free(&s);
	return rc;
}

/* So many findings of a severity: a format of their number. */
static const char *counted(int severity, u64 n)
{
	switch (severity) {
	case SEVERITY_CRITICAL:
		return n_("%s critical", "%s critical", n);
	case SEVERITY_HIGH:
		return n_("%s high", "%s high", n);
	case SEVERITY_MEDIUM:
		return n_("%s medium", "%s medium", n);
	case SEVERITY_LOW:
		return n_("%s low", "%s low", n);
	default:
		return n_("%s info", "%s info", n);
	}
}

/* One "12 high" of the tally, on a new line when it does not fit: the column. */
static size_t tallied(struct share *s, int severity, size_t at, const char *between)
{
	const u64 count = s->counts[severity];
	char n[NUM_TEXT_MAX], text[NUM_TEXT_MAX + 60];
	size_t more;

	snprintf(text, sizeof text, counted(severity, count), share_number(count, n));
	more = prose_columns(text) + 3;
	if (at + more > s->style.width) {
		buf_fmt(&s->text, "%.*s\n ", (int)strlen(between) - 1, between);
		between = " ";
		at = 1;
	}
	buf_text(&s->text, between);
	paint(s, &s->text, paints[severity], text, 0);
	return at + more;
}

/* "3 findings: 1 high, 2 medium." */
static void tally(struct share *s)
{
	u64 all = share_count(s);
	struct buf *out = &s->text;
	char n[NUM_TEXT_MAX];
	const char *between = C_("sentence", ": ");
	size_t at;

	if (all == 0) {
		buf_text(out, _("Nothing found.\n"));
		return;
	}
	buf_byte(out, '\n');
	at = out->len;
	buf_fmt(out, n_("%s finding", "%s findings", all), share_number(all, n));
	at = prose_columns(buf_str(out) + at);
	for (int i = SEVERITY_COUNT - 1; i >= 0; i--) {
		if (s->counts[i] == 0)
			continue;
		at = tallied(s, i, at, between);
		between = ", ";
	}
	buf_text(out, ".\n");
}

static void read_what(struct share *s, const struct run_report *r)
{
	char a[NUM_TEXT_MAX], b[NUM_TEXT_MAX], at[SHARE_TIME_MAX];
	/* TRANSLATORS: how many, octets, "2 inputs" */
	static const char *const units[] = { N_("Read %s frames (%s) from %s"),
		N_("Read %s records (%s) from %s"), N_("Read %s frames and records (%s) from %s") };
	char from[64];
	u64 frames = 0, octets = 0;
	struct buf line = { 0 };

	for (u32 i = 0; i < r->input_count; i++) {
		frames += r->inputs[i].frames;
		octets += r->inputs[i].octets;
	}
	snprintf(from, sizeof from, n_("%u input", "%u inputs", r->input_count), r->input_count);
	buf_fmt(&line, _(units[r->unit]), share_number(frames, a), share_octets(octets, b), from);
	if (r->unit == REPORT_RECORDS && r->from == r->until) {
		buf_fmt(&line, _("; audited as of %s UTC"), share_time(r->from, at));
	} else if (r->from || r->until) {
		char until[SHARE_TIME_MAX];

		buf_fmt(&line, _(", %s to %s UTC"), share_time(r->from, at),
			share_time(r->until, until));
	}
	buf_byte(&line, '.');
	paragraph(s, &s->text, buf_str(&line), 0);
	buf_free(&line);
}

/* The counters of a class that are not zero, under a heading; how many. */
static u32 counters(struct share *s, const struct run_report *r,
		    enum counter_class class, const char *title)
{
	char n[NUM_TEXT_MAX], said[512];
	struct buf line = { 0 };
	u32 count = 0;

	for (u32 i = 0; i < r->counter_count; i++) {
		const struct report_counter *c = &r->counters[i];

		if (c->class != class || c->value == 0)
			continue;
		if (count++ == 0 && title) {
			paint(s, &s->text, "1", title, 0);
			buf_byte(&s->text, '\n');
		}
		buf_clear(&line);
		say_anew_to(tongue_now(), c->text, said, sizeof said);
		utf8_show(&line, said, 0);
		share_number(c->value, n);
		buf_fill(&s->text, ' ', 14 > prose_columns(n) ? 14 - prose_columns(n) : 0);
		buf_fmt(&s->text, "%s  ", n);
		prose_wrap(&s->text, buf_str(&line), (struct prose){ .at = 16,
			   .indent = 16, .width = (int)s->style.width });
		buf_byte(&s->text, '\n');
	}
	buf_free(&line);
	return count;
}

/* True when an input had one. */
static bool troubles(struct share *s, const struct run_report *r)
{
	bool any = false;

	for (u32 i = 0; i < r->input_count; i++) {
		const struct report_input *in = &r->inputs[i];
		struct buf line = { 0 };

		if (in->trouble == NULL || in->trouble[0] == 0)
			continue;
		buf_fmt(&line, _("Trouble with %s: %s"), in->name, in->trouble);
		paragraph(s, &s->text, buf_str(&line), 0);
		buf_free(&line);
		any = true;
	}
	return any;
}

static void end(struct share *s, const struct run_report *r)
{
	u32 lost, limits;

	share_flush(s, &s->more);
	tally(s);
	read_what(s, r);
	counters(s, r, COUNTER_PART, NULL);
	counters(s, r, COUNTER_NOTE, NULL);
	lost = counters(s, r, COUNTER_LOSS, _("Lost"));
	limits = counters(s, r, COUNTER_LIMIT, _("Limits reached"));
	paragraph(s, &s->text, troubles(s, r) || lost || limits
		  ? _("What was lost or turned away can hide more than was found.")
		  : _("Nothing was lost and no limit was reached."), 0);
	share_flush(s, &s->text);
}

const struct share_format share_text = {
	.id = "text",
	.title = N_("a table for people"),
	.finding = finding,
	.end = end,
};
