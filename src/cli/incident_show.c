/* SPDX-License-Identifier: GPL-3.0-or-later */
/* incident_show.c - `vedette incident show | export`: one incident with all that hangs on
 * it, for people and as JSON Lines. What was shown is noted, so that a change by hand later
 * is held against it. */
#include "cli/incident.h"
#include "base/buf.h"
#include "base/prose.h"
#include "base/stamp.h"
#include "cli/cli.h"
#include "cli/notify.h"
#include "cli/say.h"
#include "cli/table.h"
#include "cli/term.h"
#include "model/utf8.h"
#include "respond/event_said.h"
#include "respond/priority.h"

#define EVENTS_SHOWN 8u

struct showing {
	struct sitting *s;
	struct buf *out;
	u64 now, number, count;
	u64 closed;	/* when it ended; 0 = not yet */
};

static void fact(struct buf *out, const char *what, const char *text)
{
	table_fact(out, (struct fact_style){ 2, 12 }, what[0] ? C_("incident", what) : "", text);
}

/* What may be a sentence of ours, which was stored in English. */
static void line(struct buf *out, const char *what, const char *text)
{
	struct buf said = { 0 };

	say_stored(&said, tongue_now(), text);
	fact(out, what, buf_str(&said));
	buf_free(&said);
}

/* The same as part of a line. */
static void show_said(struct buf *out, const char *text)
{
	struct buf said = { 0 };

	say_stored(&said, tongue_now(), text);
	utf8_show(out, buf_str(&said), 0);
	buf_free(&said);
}

static void when(struct buf *out, const char *what, u64 at, u64 now)
{
	char text[STAMP_TEXT_MAX], rel[TABLE_TIME_MAX], both[STAMP_TEXT_MAX + TABLE_TIME_MAX + 4];

	if (at == 0)
		return;
	snprintf(both, sizeof both, "%s (%s)", stamp_text(at, 0, text), table_ago(now, at, rel));
	fact(out, what, both);
}

/* "confirmed: the report was right": a word of ours and why. */
static void word_and_why(struct buf *out, const char *what, const char *word, const char *why)
{
	struct buf text = { 0 };

	buf_fmt(&text, "%s%s", word, why[0] ? C_("sentence", ": ") : "");
	say_stored(&text, tongue_now(), why);
	fact(out, what, buf_str(&text));
	buf_free(&text);
}

/* Of what it was, or becomes: other incidents. */
static void relatives(struct buf *out, const struct incident *i)
{
	char text[200];

	if (i->into) {
		snprintf(text, sizeof text, i->state == INCIDENT_MERGED
			 ? _("goes on in incident %llu") : _("was split from incident %llu"),
			 (unsigned long long)i->into);
		fact(out, "", text);
	}
	if (i->before) {
		snprintf(text, sizeof text, _("incident %llu, which had ended, came back"),
			 (unsigned long long)i->before);
		fact(out, "", text);
	}
}

static void head(struct showing *w, const struct incident *i)
{
	char text[1200], marking[MARKING_TEXT_MAX], why[PRIORITY_WHY];
	enum priority p = priority_of(i, w->now, why);
	struct buf *out = w->out;

	buf_fmt(out, _("%sIncident %llu: "), incident_colour("b"), (unsigned long long)i->number);
	show_said(out, i->title);
	buf_fmt(out, "%s\n", incident_colour(""));
	word_and_why(out, NC_("incident", "state"), C_("state", incident_states[i->state]),
		     i->verdict);
	word_and_why(out, NC_("incident", "priority"), C_("priority", priorities[p]), why);
	fact(out, NC_("incident", "label"),
	     marking_text((struct marking){ i->tlp, i->pap }, marking));
	fact(out, NC_("incident", "owner"), i->owner[0] ? i->owner : _("nobody"));
	snprintf(text, sizeof text, "%s %s", C_("subject kind", subject_kinds[i->subject_kind]),
		 i->subject);
	fact(out, NC_("incident", "subject"), i->subject[0] ? text : "");
	fact(out, NC_("incident", "family"), i->family);
	line(out, NC_("incident", "reason"), i->reason);
	relatives(out, i);
	when(out, NC_("incident", "aware"), i->aware, w->now);
	when(out, NC_("incident", "first seen"), i->first_seen, w->now);
	when(out, NC_("incident", "last seen"), i->last_seen, w->now);
	when(out, NC_("incident", "changed"), i->changed, w->now);
	snprintf(text, sizeof text, "%llu", (unsigned long long)i->version);
	fact(out, NC_("incident", "version"), text);
}

static void title(struct showing *w, const char *text)
{
	if (w->count++ == 0)
		buf_fmt(w->out, "\n%s\n", _(text));
}

static int member(void *to, const void *record)
{
	const struct member *m = record;
	struct showing *w = to;
	char id[20], marking[MARKING_TEXT_MAX];

	title(w, N_("Members"));
	snprintf(id, sizeof id, "%.12s", m->id);
	buf_text(w->out, "  ");
	prose_cell(w->out, C_("member", member_kinds[m->kind]), 7);
	buf_fmt(w->out, " %-12s ", id);
	prose_cell(w->out, C_("severity", severity_name(m->severity)), 8);
	buf_byte(w->out, ' ');
	utf8_show(w->out, m->rule, 28);
	buf_byte(w->out, ' ');
	utf8_show(w->out, m->subject, 60);
	buf_fmt(w->out, "  %s\n", marking_text((struct marking){ m->tlp, m->pap }, marking));
	if (m->reason[0]) {
		buf_text(w->out, "          ");
		show_said(w->out, m->reason);
		buf_byte(w->out, '\n');
	}
	return 0;
}

/* "; met 2026-01-31T10:00:00Z (late) by ana, by hand" */
static void met(struct buf *out, const struct deadline *t)
{
	char at[STAMP_TEXT_MAX];
	struct buf by = { 0 };

	say_stored(&by, tongue_now(), t->by);
	buf_fmt(out, t->met > t->due ? C_("clock", "; met %s, late, by %s")
		: C_("clock", "; met %s by %s"),
		stamp_text(t->met, 0, at), buf_str(&by));
	buf_free(&by);
}

/* How a deadline stands, and in which colour. What has ended is late no more: it has missed it,
 * or ended before. */
static const char *stands(const struct deadline *t, const struct showing *w, const char **colour)
{
	const bool missed = t->met == 0 && t->due <= (w->closed ? w->closed : w->now);

	*colour = t->met ? "g" : missed ? "r" : w->closed ? "" :
		t->due - w->now < 86400 * STAMP_NS ? "y" : "";
	return t->met ? C_("clock", "met") : w->closed
	     ? missed ? C_("clock", "missed") : C_("clock", "ended")
	     : missed ? C_("clock", "OVERDUE") : C_("clock", "running");
}

static int deadline(void *to, const void *record)
{
	const struct deadline *t = record;
	struct showing *w = to;
	struct buf text = { 0 };
	char at[STAMP_TEXT_MAX], rel[TABLE_TIME_MAX];
	const char *colour, *how = stands(t, w, &colour);

	title(w, N_("Clocks"));
	buf_fmt(w->out, "  %s", *colour ? incident_colour(colour) : "");
	prose_cell(w->out, how, 9);
	buf_text(w->out, *colour ? incident_colour("") : "");
	buf_fmt(&text, t->met > t->due || w->closed ? C_("clock", "%s (%s), was due %s (%s)")
		: C_("clock", "%s (%s), due %s (%s)"), C_("clock", t->name), t->set,
		stamp_text(t->due, 0, at), table_ago(w->now, t->due, rel));
	if (t->met)
		met(&text, t);
	utf8_show(w->out, buf_str(&text), 0);
	buf_byte(w->out, '\n');
	buf_free(&text);
	return 0;
}

static void task_line(struct buf *out, const char *what, const char *text)
{
	struct buf said = { 0 };

	say_stored(&said, tongue_now(), text);
	table_fact(out, (struct fact_style){ 9, 9 }, what, buf_str(&said));
	buf_free(&said);
}

static int task(void *to, const void *record)
{
	const struct task *t = record;
	struct showing *w = to;
	static const char *const boxes[] = { "[ ]", "[x]", "[-]" };

	title(w, N_("Tasks"));
	buf_fmt(w->out, "  %s %2llu ", boxes[t->state], (unsigned long long)t->place);
	show_said(w->out, t->title);
	if (t->actor[0]) {
		buf_text(w->out, "  (");
		show_said(w->out, t->actor);
		buf_byte(w->out, ')');
	}
	buf_byte(w->out, '\n');
	if (t->state == TASK_OPEN) {
		task_line(w->out, C_("task", "ask"), t->ask);
		task_line(w->out, C_("task", "needs"), t->needs);
	}
	return 0;
}

static int note(void *to, const void *record)
{
	const struct note *n = record;
	struct showing *w = to;
	char rel[TABLE_TIME_MAX], marking[MARKING_TEXT_MAX];

	title(w, N_("Notes"));
	buf_text(w->out, "  ");
	utf8_show(w->out, n->author, 0);
	buf_fmt(w->out, ", %s, %s%s, ", table_ago(w->now, n->at, rel),
		marking_text((struct marking){ n->tlp, n->pap }, marking),
		n->place == NOTE_APART ? _(", kept apart") : "");
	buf_fmt(w->out, _("note %llu\n"), (unsigned long long)n->event);
	for (const char *p = n->text; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		char one[2000];

		snprintf(one, sizeof one, "%.*s", (int)strcspn(p, "\n"), p);
		buf_text(w->out, "    ");
		utf8_show(w->out, one, 0);
		buf_byte(w->out, '\n');
	}
	return 0;
}

static int notice(void *to, const void *record)
{
	const struct notice *n = record;
	struct showing *w = to;
	char text[1200];

	title(w, N_("Notices"));
	snprintf(text, sizeof text, C_("notice", "%.100s to %.200s (%.300s)"),
		 notify_letter_said(n->letter), n->contact, n->value);
	table_fact(w->out, (struct fact_style){ 2, 12 }, C_("notice", notice_states[n->state]),
		   text);
	return 0;
}

static int event(void *to, const struct event *e)
{
	struct showing *w = to;
	struct buf said = { 0 };
	char at[STAMP_TEXT_MAX];

	title(w, N_("Log"));
	buf_fmt(w->out, "  %6llu  %s  ", (unsigned long long)e->number,
		stamp_text(e->at, 0, at));
	utf8_show(w->out, e->author, 20);
	buf_text(w->out, "  ");
	utf8_show(w->out, e->kind, 0);
	buf_text(w->out, "  ");
	event_said(&said, e);
	utf8_show(w->out, buf_str(&said), term_room());
	buf_free(&said);
	buf_byte(w->out, '\n');
	return 0;
}

/* ---- as JSON ---- */

static int json_of(struct showing *w, enum desk_table t, const void *record)
{
	buf_fmt(w->out, "{\"noun\":\"%s\",", desk_nouns[t].name);
	fields_json(w->out, desk_nouns[t].fields, record);
	buf_text(w->out, "}\n");
	return buf_error(w->out);
}

#define JSON_OF(noun) static int json_##noun(void *to, const void *record)               \
	{ return json_of(to, DESK_##noun, record); }
JSON_OF(member) JSON_OF(note) JSON_OF(task) JSON_OF(deadline) JSON_OF(notice)
#undef JSON_OF

/* What hangs on an incident, in the order of a page. */
static const struct hanging {
	enum desk_table table;
	const char *order;
	store_record_fn *text, *json;
} hangings[] = {
	{ DESK_deadline, "due", deadline, json_deadline },
	{ DESK_task, "place", task, json_task },
	{ DESK_member, "-severity id", member, json_member },
	{ DESK_note, "event", note, json_note },
	{ DESK_notice, "number", notice, json_notice },
};

static int each_hanging(struct showing *w, bool as_json)
{
	const struct store_cond own = { .field = "incident", .op = STORE_IS,
		.number = w->number };
	int rc = 0;

	for (size_t i = 0; i < COUNT(hangings) && rc == 0; i++) {
		const struct store_query q = { .table = hangings[i].table, .conds = &own,
			.count = 1, .order = hangings[i].order, .limit = incident_conf.limit };

		w->count = 0;
		rc = gate_each(w->s->gate, &q, as_json ? hangings[i].json : hangings[i].text, w);
		if (rc == 0 && w->count == incident_conf.limit && !as_json)
			buf_text(w->out, _("  and perhaps more: see --limit\n"));
	}
	return rc;
}

/* The last events, oldest first. */
struct last { struct showing *w; u64 all, at; };

static int count_event(void *to, const struct event *e)
{
	(void)e;
	((struct last *)to)->all++;
	return 0;
}

static int late_event(void *to, const struct event *e)
{
	struct last *l = to;

	return l->at++ + EVENTS_SHOWN >= l->all ? event(l->w, e) : 0;
}

static int events(struct showing *w)
{
	struct last l = { .w = w };
	char about[40];
	int rc;

	snprintf(about, sizeof about, "incident:%llu", (unsigned long long)w->number);
	w->count = 0;
	rc = gate_each_event(w->s->gate, about, count_event, &l);
	return rc ? rc : gate_each_event(w->s->gate, about, late_event, &l);
}

static int find(struct sitting *s, const char *text, struct incident **ret)
{
	struct incident key = { 0 };
	void *found = NULL;
	int rc;

	if (!incident_number(text, &key.number))
		return STATUS_USAGE;
	rc = gate_take(s->gate, DESK_incident, &key, &found);
	*ret = found;
	if (rc == 1)
		return STATUS_FINE;
	if (rc == 0)
		say_error("there is no incident %s", text);
	else
		say_error("%s", gate_error(s->gate));
	return rc == 0 || rc == -EPERM ? STATUS_USAGE : STATUS_TROUBLE;
}

int incident_show(struct sitting *s, int argc, char **argv)
{
	struct buf out = { 0 };
	struct showing w = { .s = s, .out = &out, .now = desk_now(s->desk) };
	struct incident *i = NULL;
	int rc = 0, status = find(s, argv[0], &i);

	(void)argc;
	if (status)
		return status;
	w.number = i->number;
	w.closed = i->closed;
	if (incident_conf.json)
		rc = json_of(&w, DESK_incident, i);
	else
		head(&w, i);
	if (rc == 0)
		rc = each_hanging(&w, incident_conf.json);
	if (rc == 0 && !incident_conf.json)
		rc = events(&w);
	status = rc ? sitting_fault(s, rc) : incident_print(&out);
	if (status == STATUS_FINE)
		incident_saw(s, i->number, i->version);
	buf_free(&out);
	free(i);
	return status;
}
