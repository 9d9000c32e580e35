/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox_sift.c - `vedette inbox triage`: thousands of new reports as a few heaps, each with
 * its reason; --apply closes what looks like noise, a heap an event, and makes incidents of
 * what looks genuine. What is doubtful is left for people. */
#include "cli/inbox.h"
#include "base/buf.h"
#include "base/prose.h"
#include "cli/cli.h"
#include "cli/incident.h"
#include "cli/say.h"
#include "cli/table.h"

static void tell_heap(struct buf *out, const struct inbox_heap *h)
{
	char n[TABLE_TIME_MAX];

	table_count(h->set.count, n);
	buf_fill(out, ' ', 12 - min_u64(12, prose_columns(n)));
	buf_fmt(out, "%s  %-9s %s\n", n, h->is_plain ? "-" : inbox_facts[h->fact].word,
		_(inbox_heap_text(h)));
}

/* `what` has a place for how many. */
static void tell_pile(struct buf *out, const struct inbox_triage *t, enum inbox_pile pile,
		      const char *what) __attribute__((format(printf, 4, 0)));
static void tell_pile(struct buf *out, const struct inbox_triage *t, enum inbox_pile pile,
		      const char *what)
{
	char n[TABLE_TIME_MAX];

	if (t->per[pile] == 0)
		return;
	buf_byte(out, '\n');
	buf_fmt(out, what, table_count(t->per[pile], n));
	buf_byte(out, '\n');
	for (size_t i = 0; i < t->count; i++) {
		const struct inbox_heap *h = &t->heaps[i];

		if (h->pile == pile)
			tell_heap(out, h);
	}
}

static void tell(struct buf *out, const struct inbox_triage *t)
{
	char n[TABLE_TIME_MAX];

	if (t->all == 0) {
		say_hint(out, "%s", _("No report is new: there is nothing to sort. 'vedette "
				      "inbox add FILE' takes some in.\n"));
		return;
	}
	buf_fmt(out, n_("%s new report.\n", "%s new reports.\n", t->all),
		table_count(t->all, n));
	tell_pile(out, t, PILE_NOISE, n_("%s looks like noise, mainly because",
		"%s look like noise, mainly because", t->per[PILE_NOISE]));
	tell_pile(out, t, PILE_DOUBTFUL, n_("%s is doubtful: somebody must look; against it is",
		"%s are doubtful: somebody must look; against them is",
		t->per[PILE_DOUBTFUL]));
	tell_pile(out, t, PILE_GENUINE, n_("%s looks genuine, mainly because",
		"%s look genuine, mainly because", t->per[PILE_GENUINE]));
	if (t->per[PILE_NOISE] + t->per[PILE_GENUINE])
		say_hint(out, "%s", _("\n"
			 "'vedette inbox list --fact WORD --state new' shows a heap; "
			 "with --apply the noise is\n"
			 "closed, a heap an event, and the genuine become incidents.\n"));
}

static void put_heap(struct buf *out, const struct inbox_heap *h, u64 event)
{
	buf_fmt(out, "{\"pile\":\"%s\",\"fact\":\"%s\",\"count\":%zu,\"event\":%llu,"
		"\"reports\":\"", inbox_piles[h->pile],
		h->is_plain ? "" : inbox_facts[h->fact].word, h->set.count,
		(unsigned long long)event);
	inbox_set_text(out, &h->set);
	buf_byte(out, '"');
}

static void tell_json(struct buf *out, const struct inbox_heap *h, u64 event)
{
	put_heap(out, h, event);
	buf_text(out, "}\n");
}

/* The same with the incidents that are marked stricter by it. */
static void tell_accepted(struct buf *out, const struct inbox_heap *h,
			  const struct inbox_accepted *made)
{
	put_heap(out, h, made->event);
	buf_text(out, ",\"stricter\":[");
	for (size_t i = 0; i < made->stricter_count && i < INBOX_STRICTER_MAX; i++)
		buf_fmt(out, "%s%llu", i ? "," : "", (unsigned long long)made->stricter[i].number);
	buf_text(out, "]}\n");
}

static int close_heap(struct sitting *s, const struct inbox_heap *h, struct buf *out)
{
	char reason[200], n[TABLE_TIME_MAX];
	const struct inbox_decision is = { .state = REPORT_NOISE, .reason = reason };
	u64 event = 0;
	int rc;

	snprintf(reason, sizeof reason, N_("weighs at most %llu: %s"),
		 (unsigned long long)inbox_conf.noise, inbox_heap_text(h));
	rc = inbox_decide(s->desk, &h->set, &is, &event);
	if (rc == 0 && inbox_conf.json)
		tell_json(out, h, event);
	else if (rc == 0)
		say_hint(out, _("Closed %s: %s. 'vedette inbox undo %llu' takes it back.\n"),
			 table_count(h->set.count, n), _(inbox_heap_text(h)),
			 (unsigned long long)event);
	return rc;
}

static int accept_heap(struct sitting *s, const struct inbox_heap *h, struct buf *out)
{
	struct inbox_accepted made;
	char n[TABLE_TIME_MAX];
	int rc = inbox_accept_all(s->desk, &h->set, &made);

	if (rc == 0 && inbox_conf.json)
		tell_accepted(out, h, &made);
	else if (rc == 0)
		say_hint(out, _("Accepted %s; incidents: %llu opened, %llu went on. 'vedette inbox "
			 "undo %llu' takes it back.\n"), table_count(h->set.count, n),
			 (unsigned long long)made.opened, (unsigned long long)made.joined,
			 (unsigned long long)made.event);
	for (size_t i = 0; rc == 0 && !inbox_conf.json && i < made.stricter_count &&
	     i < INBOX_STRICTER_MAX; i++)
		incident_put_raised(out, s, made.stricter[i].number, &made.stricter[i].was);
	return rc;
}

static int apply(struct sitting *s, const struct inbox_triage *t, struct buf *out)
{
	int rc = 0;

	for (size_t i = 0; i < t->count && rc == 0; i++) {
		if (t->heaps[i].pile == PILE_NOISE)
			rc = close_heap(s, &t->heaps[i], out);
		else if (t->heaps[i].pile == PILE_GENUINE)
			rc = accept_heap(s, &t->heaps[i], out);
	}
	return rc;
}

/* ---- looking again ---- */

static void put_looked(struct buf *out, const struct inbox *in, const struct inbox_looked *l)
{
	static const char *const names[] = { "zones", "popular", "suffixes" };

	buf_fmt(out, "{\"again\":{\"changed\":%llu", (unsigned long long)l->changed);
	for (size_t i = 0; i < INBOX_FILE_COUNT; i++)
		buf_fmt(out, ",\"%s\":{\"looked\":%s,\"kept\":%llu}", names[i],
			inbox_looks(in, (enum inbox_file)i) ? "true" : "false",
			(unsigned long long)l->kept[i]);
	buf_text(out, "}}\n");
}

/* Which sources were looked at, what stays of the others. */
static void tell_looked(struct buf *out, const struct inbox *in, const struct inbox_looked *l)
{
	char n[TABLE_TIME_MAX];

	buf_fmt(out, n_("%s report weighs otherwise now. ", "%s reports weigh otherwise now. ",
		l->changed), table_count(l->changed, n));
	buf_fmt(out, _("Looked at: %s"), _("the store"));
	for (size_t i = 0; i < INBOX_FILE_COUNT; i++)
		if (inbox_looks(in, (enum inbox_file)i))
			buf_fmt(out, ", %s", _(inbox_files[i]));
	buf_text(out, ".\n");
	for (size_t i = 0; i < INBOX_FILE_COUNT; i++)
		if (l->kept[i])
			buf_fmt(out, n_("Kept as it was known: %s fact of %s.\n",
					"Kept as they were known: %s facts of %s.\n", l->kept[i]),
				table_count(l->kept[i], n), _(inbox_files[i]));
}

/* Looks the facts of all new ones of the query up again. */
static int weigh_again(struct sitting *s, const struct inbox_query *query, struct buf *out)
{
	struct inbox_set set = { 0 };
	struct inbox_looked looked;
	struct inbox *in = NULL;
	int status = inbox_ready(s, &in), rc;

	if (status)
		return status;
	rc = inbox_find(s->gate, &query->q, &set);
	if (rc == 0)
		rc = inbox_again(in, &set, &looked);
	if (rc == 0 && inbox_conf.json)
		put_looked(out, in, &looked);
	else if (rc == 0)
		tell_looked(out, in, &looked);
	free(set.at);
	inbox_close(in);
	return rc ? sitting_fault(s, rc) : STATUS_FINE;
}

int inbox_sift(struct sitting *s, int argc, char **argv)
{
	struct inbox_query query;
	struct inbox_triage t = { 0 };
	struct buf out = { 0 };
	int rc, status = STATUS_FINE;

	(void)argc;
	(void)argv;
	inbox_conf.state = "new";
	if (!inbox_query(&query, "triage"))
		return STATUS_USAGE;
	if (inbox_conf.again)
		status = weigh_again(s, &query, &out);
	if (status) {
		buf_free(&out);
		return status;
	}
	rc = inbox_sort(s->gate, &query.q, (unsigned)inbox_conf.noise,
			(unsigned)inbox_conf.genuine, &t);
	if (rc == 0 && inbox_conf.apply)
		rc = apply(s, &t, &out);
	else if (rc == 0 && inbox_conf.json)
		for (size_t i = 0; i < t.count; i++)
			tell_json(&out, &t.heaps[i], 0);
	else if (rc == 0)
		tell(&out, &t);
	if (rc)
		status = sitting_fault(s, rc);
	rc = say_print(&out);
	buf_free(&out);
	inbox_triage_free(&t);
	return status ? status : rc;
}
