/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox_show.c - `vedette inbox list | show`: reports with the reasons of their weights. */
#include "cli/inbox.h"
#include "base/buf.h"
#include "base/stamp.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/term.h"
#include "model/utf8.h"

static int print(struct buf *out)
{
	int status = say_print(out);

	buf_free(out);
	return status;
}

static void cell(struct buf *out, const char *text, unsigned columns)
{
	unsigned used = utf8_show(out, text, columns);

	if (columns)
		buf_fill(out, ' ', columns - used + 2);
}

static const char *minute(u64 at, char to[STAMP_TEXT_MAX])
{
	if (at == 0)
		return "-";
	stamp_text(at, 0, to);
	to[10] = ' ';
	to[16] = 0;
	return to;
}

static void head(struct buf *out)
{
	if (!inbox_conf.json)
		buf_fmt(out, "%-7s %-16s  %-9s  %6s  %-9s  %s\n", "NUMBER", "CAME (UTC)",
			"STATE", "WEIGHT", "ABUSE", "SUBJECT");
}

/* One reason a line, as they are. */
static void reasons(struct buf *out, const char *text, const char *indent)
{
	for (const char *p = text; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		char line[700];

		snprintf(line, sizeof line, "%.*s", (int)strcspn(p, "\n"), p);
		buf_text(out, indent);
		utf8_show(out, line, 0);
		buf_byte(out, '\n');
	}
}

static int list_one(void *to, const void *record)
{
	const struct report *r = record;
	struct buf *out = to;
	char at[STAMP_TEXT_MAX];

	if (inbox_conf.json) {
		buf_byte(out, '{');
		fields_json(out, desk_nouns[DESK_report].fields, r);
		buf_text(out, "}\n");
		return buf_error(out);
	}
	buf_fmt(out, "%-7llu ", (unsigned long long)r->number);
	cell(out, minute(r->received, at), 16);
	cell(out, report_states[r->state], 9);
	if (r->same)
		buf_fmt(out, "%6s  ", "");
	else
		buf_fmt(out, "%6llu  ", (unsigned long long)r->weight);
	cell(out, abuse_names[r->abuse], 9);
	utf8_show(out, r->subject, 0);
	if (r->copies)
		buf_fmt(out, "  (+%llu)", (unsigned long long)r->copies);
	if (r->same)
		buf_fmt(out, "  = %llu", (unsigned long long)r->same);
	if (r->incident)
		buf_fmt(out, "  -> incident %llu", (unsigned long long)r->incident);
	buf_byte(out, '\n');
	reasons(out, r->reasons, "          ");
	return buf_error(out);
}

int inbox_list(struct sitting *s, int argc, char **argv)
{
	struct inbox_query query;
	struct buf out = { 0 };
	u64 all = 0;
	int rc;

	(void)argc;
	(void)argv;
	if (!inbox_query(&query, "list"))
		return STATUS_USAGE;
	head(&out);
	query.q.order = "state -weight number";
	query.q.limit = inbox_conf.limit;
	rc = gate_each(s->gate, &query.q, list_one, &out);
	if (rc == 0)
		rc = gate_total(s->gate, &query.q, &all);
	if (rc) {
		buf_free(&out);
		return sitting_fault(s, rc);
	}
	if (!inbox_conf.json && all > inbox_conf.limit)
		buf_fmt(&out, _("%llu more; --limit shows them.\n"),
			(unsigned long long)(all - inbox_conf.limit));
	if (gate_withheld(s->gate))
		say_error("%llu reports are withheld: they are marked stricter than "
			  "--clearance", (unsigned long long)gate_withheld(s->gate));
	return print(&out);
}

/* ---- one ---- */

static void fact(struct buf *out, const char *what, const char *text)
{
	if (text == NULL || text[0] == 0)
		return;
	buf_fmt(out, "  %-10s", what);
	for (const char *p = text; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		char line[2000];

		snprintf(line, sizeof line, "%.*s", (int)strcspn(p, "\n"), p);
		if (p != text)
			buf_fmt(out, "  %-10s", "");
		utf8_show(out, line, 0);
		buf_byte(out, '\n');
	}
}

static void outcome(struct buf *out, const struct report *r)
{
	char text[200], at[STAMP_TEXT_MAX];

	if (r->changed) {
		snprintf(text, sizeof text, "%s, by %.100s, %s", report_states[r->state], r->by,
			 minute(r->changed, at));
		fact(out, "state", text);
		fact(out, "because", r->verdict);
	} else {
		fact(out, "state", report_states[r->state]);
	}
	if (r->same)
		buf_fmt(out, "  %-10sreport %llu\n", _("same as"),
			(unsigned long long)r->same);
	if (r->copies)
		buf_fmt(out, "  %-10s%llu\n", "copies", (unsigned long long)r->copies);
	if (r->incident)
		buf_fmt(out, "  %-10s%llu\n", "incident", (unsigned long long)r->incident);
}

static void show_report(struct buf *out, const struct report *r)
{
	char at[STAMP_TEXT_MAX], marking[MARKING_TEXT_MAX];

	buf_fmt(out, "report %llu  %s\n", (unsigned long long)r->number,
		marking_text((struct marking){ r->tlp, r->pap }, marking));
	fact(out, "title", r->title);
	fact(out, "subject", r->subject);
	fact(out, "abuse", abuse_names[r->abuse]);
	fact(out, "seen", r->seen ? minute(r->seen, at) : "");
	fact(out, "came", minute(r->received, at));
	fact(out, "sender", r->sender);
	fact(out, "format", r->format);
	fact(out, "see", r->references);
	fact(out, "original", r->original);
	outcome(out, r);
	if (r->same == 0) {
		buf_fmt(out, "  %-10s%llu of 100 = %d, and:\n", "weight",
			(unsigned long long)r->weight, INBOX_START);
		reasons(out, r->reasons, "            ");
	}
	fact(out, _("they say"), r->text);
}

int inbox_show(struct sitting *s, int argc, char **argv)
{
	struct inbox_set set;
	struct buf out = { 0 };
	int status = inbox_chosen(s, argc, argv, &set), rc = 0;

	if (status)
		return status;
	for (size_t i = 0; i < set.count && rc == 0; i++) {
		const struct report key = { .number = set.at[i] };
		void *copy = NULL;

		rc = gate_take(s->gate, DESK_report, &key, &copy);
		if (rc == 0) {
			say_error("inbox: there is no report %llu",
				  (unsigned long long)set.at[i]);
			status = STATUS_USAGE;
		} else if (rc < 0) {
			say_error("%s", gate_error(s->gate));
			status = STATUS_USAGE;
		} else if (inbox_conf.json) {
			list_one(&out, copy);
		} else {
			show_report(&out, copy);
		}
		free(copy);
		rc = status ? -1 : 0;
	}
	free(set.at);
	rc = print(&out);
	return status ? status : rc;
}

int inbox_examples(struct sitting *s, const struct inbox_set *set, struct buf *out)
{
	head(out);
	for (size_t i = 0; i < set->count && i < 10; i++) {
		const struct report key = { .number = set->at[i] };
		void *copy = NULL;
		int rc = gate_take(s->gate, DESK_report, &key, &copy);

		if (rc < 0)
			return rc;
		if (rc == 1)
			list_one(out, copy);
		free(copy);
	}
	if (set->count > 10)
		buf_fmt(out, _("and %zu more.\n"), set->count - 10);
	return 0;
}
