/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox_show.c - `vedette inbox list | show`: reports with the reasons of their weights. */
#include "cli/inbox.h"
#include "base/buf.h"
#include "base/stamp.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/table.h"
#include "model/remark.h"
#include "model/utf8.h"

#define LIST_INDENT 10u	/* of reasons below their report */

static int print(struct buf *out)
{
	int status = say_print(out);

	buf_free(out);
	return status;
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

static const struct column columns[] = {
	{ .title = NC_("column", "NUMBER"), .width = 6 },
	{ .title = NC_("column", "CAME (UTC)"), .width = 16 },
	{ .title = NC_("column", "STATE"), .width = 5, .context = "report",
	  .words = report_states },
	{ .title = NC_("column", "WEIGHT"), .width = 6, .right = true },
	{ .title = NC_("column", "ABUSE"), .width = 5, .context = "abuse",
	  .words = abuse_names },
	{ .title = NC_("column", "SUBJECT") },
	{ .title = NULL }
};

static void head(struct buf *out)
{
	if (!inbox_conf.json)
		table_head(&(struct table){ out, columns, 0 });
}

/* "+30 finding: ...": weight and word as they are, the sentence in the reader's language. */
static void reason(struct buf *out, char *line)
{
	struct buf said = { 0 };
	char *text = strstr(line, ": ");

	if (text) {
		text[1] = 0;
		utf8_show(out, line, 0);
		buf_byte(out, ' ');
		text += 2;
	}
	if (text && strchr(text, ' ') == NULL)
		buf_text(&said, C_("abuse", text));
	else
		say_anew(&said, tongue_now(), text ? text : line);
	utf8_show(out, buf_str(&said), 0);
	buf_free(&said);
}

/* One reason a line; in a list those that count nothing are left to 'inbox show'. */
static void reasons(struct buf *out, const char *text, unsigned indent)
{
	const bool counting = indent == LIST_INDENT;

	for (const char *p = text; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		char line[700];

		if (counting && strncmp(p, "+0 ", 3) == 0)
			continue;
		snprintf(line, sizeof line, "%.*s", (int)strcspn(p, "\n"), p);
		buf_fill(out, ' ', indent);
		reason(out, line);
		buf_byte(out, '\n');
	}
}

/* What became of it, behind its subject. */
static void tail(struct buf *out, const struct report *r)
{
	if (r->copies)
		buf_fmt(out, "  (+%llu)", (unsigned long long)r->copies);
	if (r->same)
		buf_fmt(out, "  = %llu", (unsigned long long)r->same);
	if (r->incident)
		buf_fmt(out, _("  -> incident %llu"), (unsigned long long)r->incident);
}

static int list_one(void *to, const void *record)
{
	const struct report *r = record;
	struct buf *out = to;
	struct table t = { out, columns, 0 };
	char at[STAMP_TEXT_MAX];

	if (inbox_conf.json) {
		buf_byte(out, '{');
		fields_json(out, desk_nouns[DESK_report].fields, r);
		buf_text(out, "}\n");
		return buf_error(out);
	}
	table_number(&t, r->number);
	table_put(&t, minute(r->received, at));
	table_put(&t, report_states[r->state]);
	if (r->same)
		table_put(&t, "");
	else
		table_number(&t, r->weight);
	table_put(&t, abuse_names[r->abuse]);
	table_put(&t, r->subject);
	tail(out, r);
	table_end(&t);
	reasons(out, r->reasons, LIST_INDENT);
	return buf_error(out);
}

static void empty(struct buf *out, bool chosen)
{
	say_hint(out, "%s", chosen ? _("No report is like that.\n")
		 : _("The inbox is empty: here lie reports from outside, each with what speaks "
		     "for and against it. 'vedette inbox add FILE' takes some in.\n"));
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
	query.q.order = "state -weight number";
	query.q.limit = inbox_conf.limit;
	rc = gate_total(s->gate, &query.q, &all);
	if (rc == 0 && all)
		head(&out);
	if (rc == 0)
		rc = gate_each(s->gate, &query.q, list_one, &out);
	if (rc) {
		buf_free(&out);
		return sitting_fault(s, rc);
	}
	if (!inbox_conf.json && all > inbox_conf.limit)
		buf_fmt(&out, _("And %llu more: --limit shows them.\n"),
			(unsigned long long)(all - inbox_conf.limit));
	if (!inbox_conf.json && all == 0 && gate_withheld(s->gate) == 0)
		empty(&out, query.q.count || query.q.any);
	if (gate_withheld(s->gate))
		say_error(n_("%llu report is withheld: it is marked stricter than --clearance",
			     "%llu reports are withheld: they are marked stricter than "
			     "--clearance", gate_withheld(s->gate)),
			  (unsigned long long)gate_withheld(s->gate));
	return print(&out);
}

/* ---- one ---- */

static void fact(struct buf *out, const char *what, const char *text)
{
	table_fact(out, (struct fact_style){ 2, 11 }, C_("inbox", what), text);
}

/* What may be a sentence of ours, stored in English. */
static void fact_said(struct buf *out, const char *what, const char *text)
{
	struct buf said = { 0 };

	say_stored(&said, tongue_now(), text);
	fact(out, what, buf_str(&said));
	buf_free(&said);
}

static void fact_number(struct buf *out, const char *what, u64 n)
{
	char text[24];

	snprintf(text, sizeof text, "%llu", (unsigned long long)n);
	if (n)
		fact(out, what, text);
}

static void outcome(struct buf *out, const struct report *r)
{
	const char *state = C_("report", report_states[r->state]);
	char text[300], at[STAMP_TEXT_MAX];

	if (r->changed) {
		snprintf(text, sizeof text, C_("inbox", "%s, by %.100s, %s"), state, r->by,
			 minute(r->changed, at));
		fact(out, NC_("inbox", "state"), text);
		fact_said(out, NC_("inbox", "because"), r->verdict);
	} else {
		fact(out, NC_("inbox", "state"), state);
	}
	fact_number(out, NC_("inbox", "same as"), r->same);
	fact_number(out, NC_("inbox", "copies"), r->copies);
	fact_number(out, NC_("inbox", "incident"), r->incident);
}

static void show_report(struct buf *out, const struct report *r)
{
	char at[STAMP_TEXT_MAX], marking[MARKING_TEXT_MAX], weight[200];
	struct buf text = { 0 };

	buf_fmt(out, _("Report %llu  %s\n"), (unsigned long long)r->number,
		marking_text((struct marking){ r->tlp, r->pap }, marking));
	fact_said(out, NC_("inbox", "title"), r->title);
	fact(out, NC_("inbox", "subject"), r->subject);
	fact(out, NC_("inbox", "abuse"), r->abuse ? C_("abuse", abuse_names[r->abuse]) : "");
	fact(out, NC_("inbox", "seen"), r->seen ? minute(r->seen, at) : "");
	fact(out, NC_("inbox", "came"), minute(r->received, at));
	fact(out, NC_("inbox", "sender"), r->sender);
	fact(out, NC_("inbox", "format"), r->format);
	fact(out, NC_("inbox", "see"), r->references);
	fact(out, NC_("inbox", "original"), r->original);
	outcome(out, r);
	if (r->same == 0) {
		snprintf(weight, sizeof weight, _("%llu of 100 = %d, and:"),
			 (unsigned long long)r->weight, INBOX_START);
		fact(out, NC_("inbox", "weight"), weight);
		reasons(out, r->reasons, 14);
	}
	remark_said(&text, tongue_now(), r->text);
	fact(out, NC_("inbox", "they say"), buf_str(&text));
	buf_free(&text);
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
			say_error("there is no report %llu",
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
		buf_fmt(out, _("And %zu more.\n"), set->count - 10);
	return 0;
}
