/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox_copy.c - what a duplicate adds to the report that came first.
 *
 *   1  "please look at shop.example"            weighs 15: nothing to act on
 *   2  XARF: shop.example, phishing, 09:40,     the same, and it knows more
 *      with the message
 *
 *   1  weighs 60; +0 copy: report 2 of R <r@x> adds: when it was seen; the kind of abuse; ...
 *
 * That goes for one that is called a duplicate by hand, too.
 *
 * Anybody can send a duplicate. So it adds to a report that nobody decided on yet, never to an
 * accepted one, of which others were told; and nothing that is marked stricter, which would
 * take the first out of sight: such a one stands for itself.
 *
 * The first is what people decide on, so the evidence must be there, whoever brought it: what
 * the first does not say itself is filled in, and all facts are looked up again, its sender's
 * among them (inbox_sender.c). The duplicate stays as it came, is not weighed, and what it
 * added stays when it is reopened: it was said.
 *
 * Limits: COPIES_SAID add something, each with its line; those behind them count in
 * FACT_OTHERS and by their sender alone. */
#include "respond/inbox_own.h"
#include "base/stamp.h"
#include "model/utf8.h"

#define COPIES_SAID 10u
#define SENDER_SAID 120u	/* octets */
#define AHEAD_NS (86400 * STAMP_NS)

bool inbox_may_say(const struct report *first, const struct report *other)
{
	return marking_allows((struct marking){ other->tlp, other->pap },
			      (struct marking){ first->tlp, first->pap });
}

struct adding {
	struct inbox *in;
	const struct report *copy;
	struct report first;
	struct buf reasons, references, what;
	bool headers;		/* the first has the message with it, by now */
};

static void adds(struct adding *a, const char *what)
{
	buf_fmt(&a->what, "%s%s", a->what.len ? "; " : "", what);
}

/* Among the lines of a text. */
static bool has_line(const char *text, const char *line, size_t n)
{
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
		if (strcspn(text, "\n") == n && memcmp(text, line, n) == 0)
			return true;
	return false;
}

static void add_references(struct adding *a)
{
	const char *p = a->copy->references;
	bool url = false;

	buf_text(&a->references, a->first.references);
	for (size_t n; *p; p += n + (p[n] == '\n')) {
		n = strcspn(p, "\n");
		if (n == 0 || has_line(a->first.references, p, n) ||
		    a->references.len + n >= INBOX_TEXT_MAX)
			continue;
		if (a->references.len)
			buf_byte(&a->references, '\n');
		buf_add(&a->references, p, n);
		url = true;
	}
	a->first.references = buf_str(&a->references);
	if (url)
		adds(a, N_("where more is said"));
}

/* Is a time old, or to come, of a report that came when the first did? */
static bool is_off(const struct adding *a, u64 seen)
{
	const u64 came = a->first.received;

	return seen > came ? seen - came > AHEAD_NS : came - seen > a->in->setup.old_ns;
}

/* A time that the first lacks, or has an old one: but none by which a stranger would make a good
 * report look bad. */
static bool is_better(const struct adding *a)
{
	const u64 was = a->first.seen, is = a->copy->seen;

	return is && !is_off(a, is) && (was == 0 || (is > was && is_off(a, was)));
}

static void add_evidence(struct adding *a, bool headers)
{
	if (is_better(a)) {
		a->first.seen = a->copy->seen;
		adds(a, N_("when it was seen"));
	}
	if (a->first.abuse == ABUSE_NONE && a->copy->abuse) {
		a->first.abuse = a->copy->abuse;
		adds(a, N_("the kind of abuse"));
	}
	if (headers && !a->headers) {
		a->headers = true;
		adds(a, N_("the message that it is about"));
	}
	add_references(a);
}

static unsigned copies_said(const char *reasons)
{
	struct inbox_reason r;
	unsigned n = 0;

	while (inbox_reason(&reasons, &r))
		n += r.fact == FACT_COPY;
	return n;
}

/* The line of what was added stands with what was known: it outlives every look. */
static void say_added(struct adding *a, struct buf *known)
{
	const char *sender = a->copy->sender[0] ? a->copy->sender : "-";
	char who[SENDER_SAID + 1];

	buf_text(known, a->first.reasons);
	if (a->what.len) {
		buf_fmt(known, "%s+0 %s: ", known->len ? "\n" : "", inbox_facts[FACT_COPY].word);
		snprintf(who, utf8_cut(sender, SENDER_SAID) + 1, "%s", sender);
		buf_fmt(known, N_("report %llu of %.120s adds: %s"),
			(unsigned long long)a->copy->number, who, buf_str(&a->what));
	}
	a->first.reasons = buf_str(known);
}

static int say(struct adding *a)
{
	static const char *const fields[] = { "number", "reasons", "weight", "tlp", "pap", "seen",
		"abuse", "references" };
	json_t *all = desk_body(DESK_report, &a->first), *one = json_object();
	char about[40];
	json_t *body;

	for (size_t i = 0; i < COUNT(fields); i++)
		json_object_set(one, fields[i], json_object_get(all, fields[i]));
	body = all ? json_pack("{s:[O]}", "items", one) : NULL;
	json_decref(all);
	json_decref(one);
	snprintf(about, sizeof about, "report:%llu", (unsigned long long)a->first.number);
	return desk_say(a->in->desk, "report.weighed", about, body, NULL);
}

static int weigh(struct adding *a, bool headers)
{
	const char *was = a->first.reasons;
	struct buf known = { 0 };
	int rc;

	a->headers = inbox_has_fact(was, FACT_HEADERS);
	if (copies_said(was) < COPIES_SAID)
		add_evidence(a, headers);
	say_added(a, &known);
	rc = inbox_weigh(a->in, &a->first, a->headers, &a->reasons);
	if (rc == 0 && (rc = buf_error(&a->references)) == 0 &&
	    (a->what.len || strcmp(a->first.reasons, was)))
		rc = say(a);
	buf_free(&known);
	return rc;
}

/* By one that said so before there is nothing more to know. */
static bool may_add(const struct report *first, const struct report *copy, bool headers)
{
	return first->state == REPORT_NEW && inbox_may_say(first, copy) &&
	       (headers || strcmp(first->item, copy->item) ||
		strcmp(first->sender, copy->sender));
}

int inbox_absorb(struct inbox *in, const struct report *copy, bool headers)
{
	struct adding a = { .in = in, .copy = copy };
	void *found = NULL;
	int rc = desk_find(in->desk, DESK_report, &(struct report){ .number = copy->same }, &found);

	if (rc == 1) {
		memcpy(&a.first, found, sizeof a.first);
		a.reasons.limit = INBOX_TEXT_MAX;
		rc = may_add(&a.first, copy, headers) ? weigh(&a, headers) : 0;
	}
	buf_free(&a.reasons);
	buf_free(&a.references);
	buf_free(&a.what);
	free(found);
	return rc;
}
