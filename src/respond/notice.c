/* SPDX-License-Identifier: GPL-3.0-or-later */
/* notice.c - see notice.h. */
#include "respond/notice.h"
#include "respond/contact.h"
#include "base/stamp.h"
#include "model/digest.h"
#include <sodium.h>

u64 notice_backoff(u64 tries)
{
	static const u16 minutes[] = { 1, 5, 30, 120, 480, 1440 };

	must(tries > 0);
	return minutes[min_u64(tries - 1, COUNT(minutes) - 1)] * 60 * STAMP_NS;
}

const char *notice_words(const struct notice *n)
{
	if (n->state == NOTICE_SENDING)
		return N_("may have been sent");
	if (n->state == NOTICE_APPROVED && n->tries)
		return N_("to be tried again");
	return notice_states[n->state];
}

/* ---- looking ---- */

struct picking { struct notice *copy; };

static int pick(void *to, const void *record)
{
	struct picking *p = to;

	p->copy = desk_copy(DESK_notice, record);
	return p->copy ? 1 : -ENOMEM;
}

/* The first of a query as a copy: 1, 0, negative. */
static int first(struct desk *d, const struct store_query *q, struct notice **ret)
{
	struct picking p = { 0 };
	int rc = store_each(desk_store(d), q, pick, &p);

	*ret = p.copy;
	return rc;
}

int notice_find(struct desk *d, u64 number, struct notice **ret)
{
	void *found = NULL;
	int rc = desk_find(d, DESK_notice, &(struct notice){ .number = number }, &found);

	*ret = found;
	if (rc == 0)
		return desk_fault(d, OOPS_UNKNOWN, "there is no notice %llu",
				  (unsigned long long)number);
	return rc < 0 ? rc : 0;
}

int notice_by_key(struct desk *d, const char *key, u64 *number)
{
	const struct store_cond cond = { .field = "key", .op = STORE_IS, .text = key };
	const struct store_query q = { .table = DESK_notice, .conds = &cond, .count = 1,
		.limit = 1 };
	struct notice *n = NULL;
	int rc = first(d, &q, &n);

	if (rc == 1)
		*number = n->number;
	free(n);
	return rc == 0 ? desk_fault(d, OOPS_UNKNOWN, "no notice has that key") : rc < 0 ? rc : 0;
}

int notice_due(struct desk *d, u64 after, u64 *number)
{
	const struct store_cond conds[] = {
		{ .field = "state", .op = STORE_IS, .number = NOTICE_APPROVED },
		{ .field = "next", .op = STORE_MOST, .number = desk_now(d) },
		{ .field = "number", .op = STORE_LEAST, .number = after + 1 },
	};
	const struct store_query q = { .table = DESK_notice, .conds = conds, .count = 3,
		.order = "number", .limit = 1 };
	struct notice *n = NULL;
	int rc = first(d, &q, &n);

	if (rc == 1)
		*number = n->number;
	free(n);
	return rc == 0 ? OOPS_UNKNOWN : rc < 0 ? rc : 0;
}

struct asking { const char *but; u64 by; bool found; };

static bool asks_to_act(const char *letter)
{
	static const char *const others[] = { "acknowledgement", "closing", "drill" };

	for (size_t i = 0; i < COUNT(others); i++)
		if (strcmp(letter, others[i]) == 0)
			return false;
	return strncmp(letter, "regulator-", 10) != 0;
}

static int look_asked(void *to, const void *record)
{
	const struct notice *n = record;
	struct asking *a = to;

	if (strcmp(n->contact, a->but) && asks_to_act(n->letter))
		a->found = n->state == NOTICE_FAILED || n->state == NOTICE_BOUNCED ||
			   (n->state == NOTICE_SENT && n->sent <= a->by);
	return a->found;
}

int notice_asked(struct desk *d, u64 incident, const char *but, u64 by, bool *ret)
{
	const struct store_cond cond = { .field = "incident", .op = STORE_IS,
		.number = incident };
	const struct store_query q = { .table = DESK_notice, .conds = &cond, .count = 1,
		.order = "number" };
	struct asking a = { but, by, false };
	int rc = store_each(desk_store(d), &q, look_asked, &a);

	*ret = a.found;
	return rc < 0 ? rc : 0;
}

/* ---- saying ---- */

static int say(struct desk *d, const struct notice *n, const char *kind, json_t *body)
{
	char about[CONTACT_ID_MAX + 32];

	if (n->incident)
		snprintf(about, sizeof about, "incident:%llu", (unsigned long long)n->incident);
	else
		snprintf(about, sizeof about, "contact:%s", n->contact);
	return desk_say(d, kind, about, body, NULL);
}

int notice_next(struct desk *d, u64 *number)
{
	const struct store_query q = { .table = DESK_notice, .order = "-number", .limit = 1 };
	struct notice *last = NULL;
	int rc = first(d, &q, &last);

	*number = last ? last->number + 1 : 1;
	free(last);
	return rc < 0 ? rc : 0;
}

char *notice_key(char key[65])
{
	u8 raw[32];

	must(sodium_init() >= 0);
	randombytes_buf(raw, sizeof raw);
	return hex_text(raw, sizeof raw, key);
}

/* OOPS_CHANGED when the same was drafted before and not cancelled. */
static int only_once(struct desk *d, const struct notice *n)
{
	const struct store_cond conds[] = {
		{ .field = "incident", .op = STORE_IS, .number = n->incident },
		{ .field = "contact", .op = STORE_IS, .text = n->contact },
		{ .field = "letter", .op = STORE_IS, .text = n->letter },
		{ .field = "state", .op = STORE_NOT, .number = NOTICE_CANCELLED },
	};
	const struct store_query q = { .table = DESK_notice, .conds = conds, .count = 4,
		.order = "-number", .limit = 1 };
	struct notice *was = NULL;
	int rc = first(d, &q, &was);

	if (rc == 1)
		rc = desk_refuse(d, CODE_TOLD, OOPS_CHANGED, "notice %llu tells '%.100s' this "
			"already (%s)", (unsigned long long)was->number, n->contact,
			notice_words(was));
	free(was);
	return rc;
}

int notice_draft(struct desk *d, const struct notice_draft *draft, u64 *number)
{
	struct notice n = *draft->notice;
	char key[65], hash[65];
	int rc = draft->n > NOTICE_OCTETS_MAX ? desk_fault(d, OOPS_LIMIT, "a notice of %zu "
		"octets is too large; %u are taken", draft->n, NOTICE_OCTETS_MAX) : 0;

	if (rc == 0 && n.incident && !draft->again)
		rc = only_once(d, &n);
	if (rc == 0)
		rc = notice_next(d, &n.number);
	if (rc == 0)
		rc = store_keep(desk_store(d), draft->octets, draft->n, hash);
	if (rc)
		return rc;
	if (n.key == NULL || n.key[0] == 0)
		n.key = notice_key(key);
	n.message = hash;
	n.state = NOTICE_DRAFT;
	n.at = desk_now(d);
	n.tries = n.next = n.sent = 0;
	*number = n.number;
	return say(d, &n, "notice.draft", desk_body(DESK_notice, &n));
}

/* A change from one of the states in the bits `from`. */
struct turn {
	u64 number;
	u32 from;
	const char *kind, *why_not;
};

static int turn(struct desk *d, const struct turn *t, struct notice **ret)
{
	int rc = notice_find(d, t->number, ret);

	if (rc == 0 && !(t->from >> (*ret)->state & 1))
		rc = desk_fault(d, OOPS_CHANGED, "notice %llu is '%s': %s",
				(unsigned long long)t->number, notice_words(*ret), t->why_not);
	return rc;
}

/* The same with a body of the number and one text. */
static int turn_with(struct desk *d, const struct turn *t, const char *key, const char *text)
{
	struct notice *n = NULL;
	int rc = turn(d, t, &n);

	if (rc == 0)
		rc = say(d, n, t->kind, json_pack("{s:I, s:s, s:s}", "number",
			(json_int_t)t->number, key, text, "message", n->message));
	free(n);
	return rc;
}

int notice_approve(struct desk *d, u64 number, const char *by)
{
	return turn_with(d, &(struct turn){ number, 1u << NOTICE_DRAFT, "notice.approved",
		N_("only a draft can be approved") }, "by", by ? by : desk_author(d));
}

int notice_cancel(struct desk *d, u64 number, const char *reason)
{
	return turn_with(d, &(struct turn){ number, 1u << NOTICE_DRAFT | 1u << NOTICE_APPROVED |
		1u << NOTICE_SENDING | 1u << NOTICE_FAILED, "notice.cancelled",
		N_("there is nothing to cancel") }, "reason", reason);
}

int notice_again(struct desk *d, u64 number, const char *reason)
{
	unsigned from = 1u << NOTICE_SENDING | 1u << NOTICE_FAILED | 1u << NOTICE_BOUNCED;
	struct notice *n = NULL;

	if (notice_find(d, number, &n) == 0 && n->tries)	/* now, and not when it is due */
		from |= 1u << NOTICE_APPROVED;
	free(n);
	return turn_with(d, &(struct turn){ number, from, "notice.again", N_("it need not be "
		"tried again") }, "reason", reason);
}

int notice_bounce(struct desk *d, u64 number, const char *answer)
{
	struct notice *n = NULL;
	int rc = turn_with(d, &(struct turn){ number, 1u << NOTICE_SENT | 1u << NOTICE_SENDING,
		"notice.bounced", N_("it was not sent") }, "answer", answer);

	if (rc == 0)
		rc = notice_find(d, number, &n);
	if (rc == 0)
		rc = contact_proof(d, &(struct address){ .contact = n->contact,
			.channel = n->channel, .value = n->value }, PROOF_BOUNCED);
	free(n);
	return rc == OOPS_UNKNOWN ? 0 : rc;	/* the address may be gone meanwhile */
}

int notice_sending(struct desk *d, u64 number, struct notice **ret)
{
	int rc = turn(d, &(struct turn){ number, 1u << NOTICE_APPROVED, "", N_("it is "
		"not waiting") },
		      ret);

	if (rc == 0 && (*ret)->next > desk_now(d))
		rc = desk_fault(d, OOPS_CHANGED, "notice %llu is not due yet",
				(unsigned long long)number);
	if (rc == 0)
		rc = say(d, *ret, "notice.sending", json_pack("{s:I, s:I, s:s, s:s}", "number",
			(json_int_t)number, "try", (json_int_t)(*ret)->tries + 1, "to",
			(*ret)->value, "message", (*ret)->message));
	if (rc == 0) {
		free(*ret);
		*ret = NULL;
		rc = notice_find(d, number, ret);
	}
	return rc;
}

int notice_outcome(struct desk *d, u64 number, const struct sent_report *r)
{
	static const char *const kinds[] = { [SENT_TAKEN] = "notice.sent",
		[SENT_LATER] = "notice.later", [SENT_NEVER] = "notice.failed",
		[SENT_UNSURE] = "notice.unsure" };
	struct notice *n = NULL;
	int rc = turn(d, &(struct turn){ number, 1u << NOTICE_SENDING, "", N_("it is not "
		"being sent") }, &n);
	enum sent is = r->outcome;
	u64 next = 0;

	if (rc == 0 && is == SENT_LATER && n->tries >= NOTICE_TRIES_MAX)
		is = SENT_NEVER;
	if (rc == 0 && is == SENT_LATER)
		next = desk_now(d) + notice_backoff(n->tries);
	if (rc == 0) {
		char stamp[STAMP_TEXT_MAX];

		rc = say(d, n, kinds[is], json_pack("{s:I, s:s, s:s, s:s}", "number",
			(json_int_t)number, "answer", r->answer, "message", n->message, "next",
			next ? stamp_text(next, 9, stamp) : ""));
	}
	free(n);
	return rc;
}

/* ---- folding ---- */

static int apply_draft(struct desk *d, const struct desk_event *e)
{
	struct notice n = { 0 };
	int rc = desk_record(d, e, DESK_notice, &n);

	if (rc == 0 && n.number == 0)
		rc = desk_damaged(d, e, N_("it has no number"));
	return rc ? rc : store_put(desk_store(d), DESK_notice, &n);
}

/* The state that an event's kind leads to. */
static u8 state_of(const char *kind)
{
	static const struct { const char *kind; u8 state; } rows[] = {
		{ "notice.approved", NOTICE_APPROVED }, { "notice.cancelled", NOTICE_CANCELLED },
		{ "notice.again", NOTICE_APPROVED }, { "notice.bounced", NOTICE_BOUNCED },
		{ "notice.sending", NOTICE_SENDING }, { "notice.sent", NOTICE_SENT },
		{ "notice.later", NOTICE_APPROVED }, { "notice.failed", NOTICE_FAILED },
		{ "notice.unsure", NOTICE_SENDING },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (strcmp(rows[i].kind, kind) == 0)
			return rows[i].state;
	return NOTICE_DRAFT;
}

static int apply_turn(struct desk *d, const struct desk_event *e)
{
	const char *kind = e->event->kind, *next = desk_text(e, "next");
	struct notice *n = NULL;
	int rc = notice_find(d, desk_number(e, "number"), &n);

	if (rc)
		return desk_damaged(d, e, N_("it is about a notice that is not there"));
	n->state = state_of(kind);
	n->next = 0;
	if (next[0] && stamp_parse(next, &n->next))
		rc = desk_damaged(d, e, "next");
	if (desk_text(e, "answer")[0])
		n->answer = desk_text(e, "answer");
	if (strcmp(kind, "notice.approved") == 0)
		n->by = desk_text(e, "by");
	if (strcmp(kind, "notice.again") == 0)
		n->tries = 0;
	if (strcmp(kind, "notice.sending") == 0)
		n->tries++;
	if (n->state == NOTICE_SENT)
		n->sent = e->event->at;
	if (rc == 0)
		rc = store_put(desk_store(d), DESK_notice, n);
	free(n);
	return rc;
}

const struct desk_kind notice_kinds[] = {
	{ "notice.draft", "the whole notice", apply_draft },
	{ "notice.approved", "number, by, message", apply_turn },
	{ "notice.cancelled", "number, reason, message", apply_turn },
	{ "notice.again", "number, reason, message", apply_turn },
	{ "notice.sending", "number, try, to, message", apply_turn },
	{ "notice.sent", "number, answer, message", apply_turn },
	{ "notice.later", "number, answer, next, message", apply_turn },
	{ "notice.failed", "number, answer, message", apply_turn },
	{ "notice.unsure", "number, answer, message", apply_turn },
	{ "notice.bounced", "number, answer, message", apply_turn },
	{ .name = NULL }
};
