/* SPDX-License-Identifier: GPL-3.0-or-later */
/* incident_list.c - `vedette incident list`: what is due first, then what matters most.
 *
 * Two questions to the store, each with a limit, so that 100,000 incidents cost what a
 * page of them costs: those with a deadline, by it; the others, by severity and
 * confidence. Both together are put in order of priority. */
#include "cli/incident.h"
#include "base/buf.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/table.h"
#include "cli/term.h"
#include "model/utf8.h"
#include "respond/priority.h"
#include "respond/title.h"

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
	char *heads = title_heads(tongue_now(), text);
	struct store_query q = { .table = DESK_incident, .conds = l->conds,
		.count = l->cond_count + 1, .any = "title subject family owner", .text = text,
		.heads = heads,
		.order = with_due ? "due" : "-severity -confidence",
		.limit = incident_conf.limit + 1 };
	int rc;

	must(l->cond_count + 1 < CONDS);
	l->conds[l->cond_count] = (struct store_cond){ "due", with_due ? STORE_LEAST : STORE_IS,
		NULL, with_due };
	if (with_due && incident_conf.overdue) {
		l->conds[q.count++] = (struct store_cond){ "due", STORE_MOST, NULL, l->now };
	}
	l->left = incident_conf.limit;
	rc = gate_each(s->gate, &q, take, l);
	free(heads);
	return rc;
}

/* ---- printing ---- */

static const struct column columns[] = {
	{ .title = NC_("column", "NUMBER"), .width = 6 },
	{ .title = NC_("column", "PRIORITY"), .width = 6, .context = "priority",
	  .words = priorities },
	{ .title = NC_("column", "STATE"), .width = 5, .context = "state",
	  .words = incident_states },
	{ .title = NC_("column", "CLOCK"), .width = 18 },
	{ .title = NC_("column", "OWNER"), .width = 10 },
	{ .title = NC_("column", "CHANGED"), .width = 10, .ago = true },
	{ .title = NC_("column", "TLP"), .width = 12 },
	{ .title = NC_("column", "TITLE") },
	{ .title = NULL }
};

static const char *due_text(const struct incident *i, u64 now, char to[TABLE_TIME_MAX + 20])
{
	char span[TABLE_TIME_MAX];

	if (i->due == 0)
		return "-";
	if (i->due <= now)
		snprintf(to, TABLE_TIME_MAX + 20, _("overdue by %s"),
			 table_rough(now - i->due, span));
	else
		snprintf(to, TABLE_TIME_MAX + 20, _("due in %s"),
			 table_rough(i->due - now, span));
	return to;
}

/* The title, and the subject when it does not name it: as much as the terminal has room for,
 * all of it where there is none. */
static void put_title(struct table *t, const struct incident *i)
{
	unsigned room = term_room(), used = table_used(t) + 1;
	struct buf said = { 0 }, cut = { 0 };

	say_stored(&said, tongue_now(), i->title);
	if (i->subject[0] && !strstr(buf_str(&said), i->subject))
		buf_fmt(&said, " (%s)", i->subject);
	utf8_show(&cut, buf_str(&said), room == 0 ? 0 : room < used + 30 ? 30 : room - used);
	table_put(t, buf_str(&cut));
	buf_free(&cut);
	buf_free(&said);
}

static void print_row(struct buf *out, const struct row *r, u64 now)
{
	static const char *const colours[] = { "", "", "y", "r" };
	const struct incident *i = r->of.is;
	const char *colour = colours[r->of.priority];
	struct table t = { out, columns, 0 };
	char due[TABLE_TIME_MAX + 20], ago[TABLE_TIME_MAX];

	table_number(&t, i->number);
	table_paint(&t, colour[0] ? incident_colour(colour) : "", priorities[r->of.priority]);
	table_put(&t, incident_states[i->state]);
	table_put(&t, due_text(i, now, due));
	table_put(&t, i->owner[0] ? i->owner : "-");
	table_put(&t, table_ago(now, min_u64(i->changed, now), ago));
	table_put(&t, label_text(i->tlp) + 4);
	put_title(&t, i);
	table_end(&t);
}

static void print_json(struct buf *out, const struct row *r)
{
	buf_byte(out, '{');
	fields_json(out, desk_nouns[DESK_incident].fields, r->of.is);
	buf_fmt(out, ",\"priority\":\"%s\",\"priority_why\":", priorities[r->of.priority]);
	utf8_json(out, r->why);
	buf_text(out, "}\n");
}

static void empty(struct buf *out, bool chosen)
{
	say_hint(out, "%s", chosen
		 ? _("No incident is like that. 'vedette incident list --all' shows the ended "
		     "ones, too.\n")
		 : _("No incident is open: here stands who works on what, and by when. 'vedette "
		     "incident group' makes incidents of findings, 'vedette incident open' opens "
		     "one by hand.\n"));
}

/* `chosen`: not all that are open were asked for. */
static int print(struct listing *l, const struct sitting *s, bool chosen)
{
	struct buf out = { 0 };

	if (l->count)
		qsort(l->rows, l->count, sizeof *l->rows, compare);
	if (!incident_conf.json && l->count)
		table_head(&(struct table){ &out, columns, 0 });
	for (size_t i = 0; i < l->count && i < incident_conf.limit; i++) {
		if (incident_conf.json)
			print_json(&out, &l->rows[i]);
		else
			print_row(&out, &l->rows[i], l->now);
	}
	if (l->count == 0 && !incident_conf.json && gate_withheld(s->gate) == 0)
		empty(&out, chosen);
	if ((l->more || l->count > incident_conf.limit) && !incident_conf.json)
		buf_text(&out, _("And more: see --limit.\n"));
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
	status = rc ? sitting_fault(s, rc)
		    : print(&l, s, text || incident_conf.overdue || l.cond_count > 1 ||
				incident_conf.state);
	if (status == STATUS_FINE && gate_withheld(s->gate))
		say_error(n_("%llu incident is withheld: it is marked stricter than --clearance",
			     "%llu incidents are withheld: they are marked stricter than "
			     "--clearance", gate_withheld(s->gate)),
			  (unsigned long long)gate_withheld(s->gate));
	for (size_t i = 0; i < l.count; i++)
		free(l.rows[i].of.is);
	free(l.rows);
	return status;
}
