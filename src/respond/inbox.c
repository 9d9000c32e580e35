/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox.c - a report comes in; see inbox.h.
 *
 * Is it known? What one sender said in one document is taken once. Else in this
 * order, the first that fits counts, and always the first of them all:
 *   - the same item again: word for word the same report, whenever that was;
 *   - the same subject and abuse as one that is new or accepted, within the window; of a
 *     URL the abuse may differ, and who says nothing of the abuse agrees with everybody.
 * A duplicate adds to the copies of the first, and what it knows more (inbox_copy.c). It is
 * kept: its sender waits for an answer, too. */
#include "respond/inbox_own.h"
#include "respond/catalogue.h"
#include "model/digest.h"

int inbox_open(struct inbox **ret, struct desk *d, const struct inbox_setup *setup,
	       char why[DESK_WHY])
{
	struct inbox *in = calloc(1, sizeof *in);
	int rc = -ENOMEM;

	snprintf(why, DESK_WHY, "%s", oops_text(rc));
	if (in == NULL)
		return rc;
	in->desk = d;
	in->setup = *setup;
	in->senders = calloc(SENDERS_KEPT, sizeof *in->senders);
	if (in->senders && (rc = known_open(&in->known, setup, why)) == 0)
		*ret = in;
	else
		inbox_close(in);
	return rc;
}

struct inbox *inbox_close(struct inbox *in)
{
	if (in == NULL)
		return NULL;
	known_free(&in->known);
	free(in->senders);
	buf_free(&in->subject);
	buf_free(&in->text);
	buf_free(&in->references);
	free(in);
	return NULL;
}

int inbox_keep(struct inbox *in, const void *octets, size_t n, char hash[65])
{
	return store_keep(desk_store(in->desk), octets, n, hash);
}

/* ---- a report out of an item ---- */

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* At most so many octets, no code point cut in two. */
static const char *cut(struct buf *to, const char *text, size_t most)
{
	size_t n = strlen(text);

	buf_clear(to);
	if (n > most)
		for (n = most; n && ((u8)text[n] & 0xc0) == 0x80;)
			n--;
	buf_add(to, text, n);
	if (text[n])
		buf_text(to, " ...");
	return buf_str(to);
}

/* What it says, whoever says it. */
static void identify(const struct report *r, char ret[65])
{
	struct digest d;
	u8 hash[DIGEST_OCTETS];

	digest_init(&d);
	digest_text(&d, "VR1");
	digest_text(&d, subject_kinds[r->subject_kind]);
	digest_text(&d, r->subject);
	digest_text(&d, abuse_names[r->abuse]);
	digest_text(&d, r->title);
	digest_text(&d, r->text);
	digest_text(&d, r->references);
	digest_u64(&d, r->seen);
	digest_end(&d, hash);
	hex_text(hash, sizeof hash, ret);
}

/* Without a subject it is about the first URL that it names. */
static const char *subject_of(const struct item *i, struct buf *room)
{
	const char *subject = or_empty(i->subject), *urls = or_empty(i->references);

	if (subject[0] || urls[0] == 0)
		return subject;
	buf_clear(room);
	buf_add(room, urls, strcspn(urls, "\n"));
	return buf_str(room);
}

static struct marking marking_of(const struct inbox *in, const struct item *i, bool is_marked)
{
	return is_marked ? marking_join(item_marking(i), in->setup.floor) : in->setup.floor;
}

static int fill(struct inbox *in, const struct inbox_letter *l, struct report *r,
		char item[65])
{
	const struct item *i = l->item;
	struct marking m = marking_of(in, i, l->is_marked);
	enum subject_kind kind = i->subject_kind;
	const char *subject = subject_of(i, &in->text);

	buf_clear(&in->subject);
	if (i->subject == NULL || i->subject[0] == 0)
		kind = SUBJECT_OTHER;
	inbox_subject(&in->subject, subject, &kind);
	*r = (struct report){
		.received = desk_now(in->desk), .format = or_empty(l->format),
		.sender = or_empty(i->source), .title = or_empty(i->title),
		.text = cut(&in->text, or_empty(i->text), INBOX_TEXT_MAX),
		.subject_kind = (u8)kind, .subject = buf_str(&in->subject),
		.abuse = i->abuse, .seen = i->first_seen ? i->first_seen : i->last_seen,
		.original = or_empty(l->original),
		.references = cut(&in->references, or_empty(i->references), INBOX_TEXT_MAX),
		.state = REPORT_NEW, .reasons = "", .verdict = "", .by = "",
		.tlp = m.tlp, .pap = m.pap,
	};
	identify(r, item);
	r->item = item;
	return buf_error(&in->subject) ? buf_error(&in->subject) :
	       buf_error(&in->text) ? buf_error(&in->text) : buf_error(&in->references);
}

/* ---- is it known? ---- */

struct match {
	const struct report *is;
	u64 since, number;
	u8 state;
};

static int take_first(void *to, const void *record)
{
	const struct report *r = record;
	struct match *m = to;

	m->number = r->same ? r->same : r->number;
	m->state = r->state;
	return 1;
}

static int same_item(struct inbox *in, struct match *m)
{
	const struct store_cond conds[] = {
		{ .field = "item", .op = STORE_IS, .text = m->is->item },
		{ .field = "same", .op = STORE_IS, .number = 0 },
	};
	struct store_query q = { .table = DESK_report, .conds = conds, .count = 2,
		.order = "number", .limit = 1 };
	int rc = store_each(desk_store(in->desk), &q, take_first, m);

	if (rc == 0) {	/* the first one may be a duplicate itself */
		q.count = 1;
		rc = store_each(desk_store(in->desk), &q, take_first, m);
	}
	return rc < 0 ? rc : 0;
}

static int take_senders(void *to, const void *record)
{
	const struct report *r = record;
	struct match *m = to;

	return strcmp(r->sender, m->is->sender) == 0 ? take_first(to, record) : 0;
}

/* Taken before, out of the same document and from the same sender: it was read twice. The
 * sender is no condition, or SQLite might take all that this sender ever reported. */
static int same_document(struct inbox *in, struct match *m)
{
	const struct store_cond conds[] = {
		{ .field = "item", .op = STORE_IS, .text = m->is->item },
		{ .field = "original", .op = STORE_IS, .text = m->is->original },
	};
	const struct store_query q = { .table = DESK_report, .conds = conds, .count = 2 };
	int rc = m->is->original[0] ? store_each(desk_store(in->desk), &q, take_senders, m) : 0;

	return rc < 0 ? rc : 0;
}

static int take_open(void *to, const void *record)
{
	const struct report *r = record;
	struct match *m = to;

	if (r->received < m->since || (r->subject_kind != SUBJECT_URL && r->abuse &&
	    m->is->abuse && r->abuse != m->is->abuse))
		return 0;
	return take_first(to, record);
}

static int same_subject(struct inbox *in, struct match *m, enum report_state state)
{
	const struct store_cond conds[] = {
		{ .field = "subject", .op = STORE_IS, .text = m->is->subject },
		{ .field = "state", .op = STORE_IS, .number = state },
	};
	const struct store_query q = { .table = DESK_report, .conds = conds, .count = 2,
		.order = "number" };
	int rc = store_each(desk_store(in->desk), &q, take_open, m);

	return rc < 0 ? rc : 0;
}

static int find_same(struct inbox *in, const struct report *r, u64 *ret, bool *again)
{
	struct match m = { .is = r };
	int rc = same_document(in, &m);

	*again = m.number != 0;
	if (rc == 0 && m.number == 0)
		rc = same_item(in, &m);
	m.since = r->received > in->setup.window_ns ? r->received - in->setup.window_ns : 0;
	if (rc == 0 && m.number == 0 && r->subject[0])
		rc = same_subject(in, &m, REPORT_NEW);
	if (rc == 0 && m.number == 0 && r->subject[0])
		rc = same_subject(in, &m, REPORT_ACCEPTED);
	*ret = m.number;
	return rc;
}

/* ---- receiving ---- */

bool inbox_is_fault(const struct item *i)
{
	const char *family = strstr(i->tags ? i->tags : "", "family:");

	if (i->abuse)
		return false;
	if (i->kind == ITEM_OBSERVATION)
		return i->rule && catalogue_of_zone(i->rule);
	if (i->kind == ITEM_INCIDENT && family && (family == i->tags || family[-1] == '\n')) {
		char name[40];

		family += strlen("family:");
		snprintf(name, sizeof name, "%.*s", (int)strcspn(family, "\n"), family);
		return catalogue_of_zone(name);
	}
	return false;
}

static int take_number(void *to, const void *record)
{
	*(u64 *)to = ((const struct report *)record)->number;
	return 1;
}

/* Numbers are given by whoever has the change open, so they are asked for in each. */
static int next_number(struct inbox *in, u64 *ret)
{
	const struct store_query q = { .table = DESK_report, .order = "-number", .limit = 1 };
	u64 last = 0;
	int rc = store_each(desk_store(in->desk), &q, take_number, &last);

	*ret = last + 1;
	return rc < 0 ? rc : 0;
}

/* A duplicate is not weighed, but should it be reopened, this is known of it by nothing else. */
static int note_headers(struct report *r, struct buf *reasons)
{
	buf_fmt(reasons, "+0 %s: %s", inbox_facts[FACT_HEADERS].word,
		N_("the message that it is about is with it"));
	r->reasons = buf_str(reasons);
	return buf_error(reasons);
}

int inbox_take(struct inbox *in, const struct inbox_letter *l, struct inbox_told *ret)
{
	struct buf reasons = { .limit = INBOX_TEXT_MAX };
	struct report r;
	char item[65], about[40];
	bool again = false;
	int rc = fill(in, l, &r, item);

	if (rc == 0 && (rc = next_number(in, &r.number)) == 0)
		rc = find_same(in, &r, &r.same, &again);
	if (rc == 0 && again) {
		*ret = (struct inbox_told){ .number = r.same, .again = true };
		return 0;
	}
	if (rc == 0 && r.same == 0)
		rc = inbox_weigh(in, &r, l->headers, &reasons);
	else if (rc == 0 && l->headers)
		rc = note_headers(&r, &reasons);
	r.state = r.same ? REPORT_DUPLICATE : REPORT_NEW;
	snprintf(about, sizeof about, "report:%llu", (unsigned long long)r.number);
	if (rc == 0)
		rc = desk_say(in->desk, "report.received", about, desk_body(DESK_report, &r),
			      NULL);
	if (rc == 0 && r.same)
		rc = inbox_absorb(in, &r, l->headers);
	if (rc == 0)
		*ret = (struct inbox_told){ r.number, r.same, r.state, (unsigned)r.weight, false };
	buf_free(&reasons);
	return rc;
}

/* ---- folding ---- */

int inbox_fold_find(struct desk *d, const struct desk_event *e, u64 number,
		    struct report **ret)
{
	const struct report key = { .number = number };
	void *copy = NULL;
	int rc = desk_find(d, DESK_report, &key, &copy);

	*ret = copy;
	if (rc == 0)
		return desk_damaged(d, e, N_("there is no such report"));
	return rc < 0 ? rc : 0;
}

int inbox_fold_received(struct desk *d, const struct desk_event *e)
{
	struct report r = { 0 }, *first = NULL;
	void *other = NULL;
	int rc = desk_record(d, e, DESK_report, &r);

	if (rc)
		return rc;
	if (r.number == 0 || r.number > INT64_MAX || r.weight > 100)
		return desk_damaged(d, e, N_("number or weight"));
	rc = desk_find(d, DESK_report, &r, &other);
	free(other);
	if (rc)
		return rc < 0 ? rc : desk_damaged(d, e, N_("its number is taken"));
	if (r.same && (rc = inbox_fold_find(d, e, r.same, &first)) == 0) {
		first->copies++;
		rc = store_put(desk_store(d), DESK_report, first);
	}
	free(first);
	return rc ? rc : store_put(desk_store(d), DESK_report, &r);
}

extern const struct desk_kind inbox_kinds[];
const struct desk_kind inbox_kinds[] = {
	{ "report.received", "the report, all its fields", inbox_fold_received },
	{ "report.weighed", "items: number, reasons, weight; what a duplicate adds",
	  inbox_fold_weighed },
	{ "report.bulk", "numbers, state, opened, joined: of the decisions before it", NULL },
	{ "report.decided", "numbers, state, reason, same, freed, incident, undoes",
	  inbox_fold_decided },
	{ "indicators.taken", "format, document, items", inbox_fold_indicators },
	{ .name = NULL }
};
