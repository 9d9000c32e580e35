/* SPDX-License-Identifier: GPL-3.0-or-later */
/* incident_list.c - `vedette incident list`: what is due first, then what matters most.
 *
 * Two questions to the store, each with a limit, so that 100,000 incidents cost what a
 * page of them costs: those with a deadline, by it; the others, by severity and
 * confidence. Both together are put in order of priority. */
#include "cli/incident.h"
#include "base/buf.h"
#include "base/num.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/term.h"
#include "model/utf8.h"
#include "respond/priority.h"

#define CONDS 8

struct row {
	struct prioritised of;
	char why[PRIORITY_WHY];
};
struct listing {
	struct row *rows;
	size_t count;
	u64 now, left;	/* left: of one question */
	bool more;
	struct store_cond conds[CONDS];
	unsigned cond_count;
};

static void cond(struct listing *l, const char *field, enum store_op op, const char *text,
		 u64 number)
{
	must(l->cond_count < CONDS);
	l->conds[l->cond_count++] = (struct store_cond){ field, op, text, number };
}

static void choose(struct listing *l, const struct sitting *s)
{
	const struct incident_conf *c = &incident_conf;

	if (c->state)
		cond(l, "state", STORE_IS, NULL, (u64)c->state - 1);
	else if (!c->all)
		cond(l, "state", STORE_AMONG, NULL, CASE_OPEN_STATES);
	if (c->severity)
		cond(l, "severity", STORE_LEAST, NULL, (u64)c->severity);
	if (c->owner || c->mine || c->nobodys)
		cond(l, "owner", STORE_IS, c->nobodys ? "" : c->mine ? desk_author(s->desk)
		     : c->owner, 0);
	if (c->subject)
		cond(l, "subject", STORE_IS, c->subject, 0);
	if (c->family)
		cond(l, "family", STORE_IS, c->family, 0);
}

static int take(void *to, const void *record)
{
	struct listing *l = to;
	struct row *row;

	if (l->left == 0) {
		l->more = true;
		return 0;
	}
	l->left--;
	l->rows = reallocarray(l->rows, l->count + 1, sizeof *l->rows);
	if (l->rows == NULL)
		return -ENOMEM;
	row = &l->rows[l->count];
	if ((row->of.is = desk_copy(DESK_incident, record)) == NULL)
		return -ENOMEM;
	row->of.priority = priority_of(row->of.is, l->now, row->why);
	l->count++;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return priority_order(&x->of, &y->of);
}

static int ask(struct listing *l, struct sitting *s, const char *text, bool with_due)
{
	struct store_query q = { .table = DESK_incident, .conds = l->conds,
		.count = l->cond_count + 1, .any = "title subject family owner", .text = text,
		.order = with_due ? "due" : "-severity -confidence",
		.limit = incident_conf.limit + 1 };

	must(l->cond_count + 1 < CONDS);
	l->conds[l->cond_count] = (struct store_cond){ "due", with_due ? STORE_LEAST : STORE_IS,
		NULL, with_due };
	if (with_due && incident_conf.overdue) {
		l->conds[q.count++] = (struct store_cond){ "due", STORE_MOST, NULL, l->now };
	}
	l->left = incident_conf.limit;
	return gate_each(s->gate, &q, take, l);
}

/* ---- printing ---- */

static const char *due_text(const struct incident *i, u64 now, char to[60])
{
	char span[NUM_TEXT_MAX];

	if (i->due == 0)
		return "-";
	if (i->due <= now)
		snprintf(to, 60, _("overdue by %s"), num_rough_text(now - i->due, span));
	else
		snprintf(to, 60, _("due in %s"), num_rough_text(i->due - now, span));
	return to;
}

static void cell(struct buf *out, const char *text, unsigned columns)
{
	unsigned used = utf8_show(out, text, columns);

	buf_fill(out, ' ', columns - used + 2);
}

static void print_row(struct buf *out, const struct row *r, u64 now)
{
	const struct incident *i = r->of.is;
	static const char *const colours[] = { "", "", "y", "r" };
	char due[60], ago[NUM_TEXT_MAX], line[64];
	int width = term_width() - 92;

	snprintf(line, sizeof line, "%llu", (unsigned long long)i->number);
	cell(out, line, 7);
	if (colours[r->of.priority][0])
		buf_text(out, incident_colour(colours[r->of.priority]));
	cell(out, priorities[r->of.priority], 8);
	if (colours[r->of.priority][0])
		buf_text(out, incident_colour(""));
	cell(out, incident_states[i->state], 11);
	cell(out, due_text(i, now, due), 18);
	cell(out, i->owner[0] ? i->owner : "-", 10);
	snprintf(line, sizeof line, "%s ago", num_rough_text(now > i->changed ?
		 now - i->changed : 0, ago));
	cell(out, line, 11);
	cell(out, label_text(i->tlp) + 4, 12);
	utf8_show(out, i->title, width < 30 ? 30 : (unsigned)width);
	buf_byte(out, '\n');
}

static void print_json(struct buf *out, const struct row *r)
{
	buf_byte(out, '{');
	fields_json(out, desk_nouns[DESK_incident].fields, r->of.is);
	buf_fmt(out, ",\"priority\":\"%s\",\"priority_why\":", priorities[r->of.priority]);
	utf8_json(out, r->why);
	buf_text(out, "}\n");
}

static int print(struct listing *l)
{
	struct buf out = { 0 };

	if (l->count)
		qsort(l->rows, l->count, sizeof *l->rows, compare);
	if (!incident_conf.json && l->count)
		buf_fmt(&out, "%-7s  %-8s  %-11s  %-18s  %-10s  %-11s  %-12s  %s\n", "NUMBER",
			"PRIORITY", "STATE", "CLOCK", "OWNER", "CHANGED", "TLP", "TITLE");
	for (size_t i = 0; i < l->count && i < incident_conf.limit; i++) {
		if (incident_conf.json)
			print_json(&out, &l->rows[i]);
		else
			print_row(&out, &l->rows[i], l->now);
	}
	if (l->count == 0 && !incident_conf.json)
		buf_text(&out, _("no incident is like that\n"));
	if ((l->more || l->count > incident_conf.limit) && !incident_conf.json)
		buf_fmt(&out, _("and more: see --limit\n"));
	return incident_print(&out);
}

int incident_list(struct sitting *s, int argc, char **argv)
{
	struct listing l = { .now = desk_now(s->desk) };
	const char *text = argc ? argv[0] : NULL;
	int status, rc;

	choose(&l, s);
	rc = ask(&l, s, text, true);
	if (rc == 0 && !incident_conf.overdue)
		rc = ask(&l, s, text, false);
	status = rc ? sitting_fault(s, rc) : print(&l);
	if (status == STATUS_FINE && gate_withheld(s->gate))
		say_error("%llu incidents are withheld: they are marked stricter than "
			  "--clearance", (unsigned long long)gate_withheld(s->gate));
	for (size_t i = 0; i < l.count; i++)
		free(l.rows[i].of.is);
	free(l.rows);
	return status;
}
