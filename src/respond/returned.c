/* SPDX-License-Identifier: GPL-3.0-or-later */
/* returned.c - see returned.h. */
#include "respond/returned.h"
#include "model/ticket.h"
#include "model/utf8.h"
#include "respond/case.h"
#include "respond/drill.h"
#include "respond/notice.h"

#define ANSWER_MAX 2000u	/* octets of an answer that its note has */
#define SAID_MAX 500u	/* octets of what they say that are kept in the log */

/* The value of the first tag "answers...:" from *at on; NULL when there is none. */
static const char *tag(const char **at, const char *name, char *to, size_t size)
{
	size_t n = strlen(name);

	for (const char *p = *at; *p; p = *at) {
		size_t line = strcspn(p, "\n");

		*at = p + line + (p[line] == '\n');
		if (line <= n || strncmp(p, name, n))
			continue;
		snprintf(to, size, "%.*s", (int)min_u64(line - n, size - 1), p + n);
		return to;
	}
	return NULL;
}

static bool first_tag(const struct item *i, const char *name, char *to, size_t size)
{
	const char *at = i->tags ? i->tags : "";

	to[0] = 0;
	return tag(&at, name, to, size) != NULL;
}

bool returned_is(const struct item *i)
{
	char kind[16];

	return i->kind == ITEM_NOTE && first_tag(i, "answers:", kind, sizeof kind);
}

/* ---- who is next ---- */

/* An address that letters go to, and that did not bounce: 1, 0, negative. */
static int can_reach(struct desk *d, const char *id)
{
	static const enum channel by[] = { CHANNEL_MAIL, CHANNEL_WEBHOOK };
	int rc = 0;

	for (size_t i = 0; i < COUNT(by) && rc == 0; i++) {
		struct address *a = NULL;

		rc = contact_reach(d, id, by[i], &a);
		if (rc == 1 && a->proof == PROOF_BOUNCED)
			rc = 0;
		free(a);
	}
	return rc;
}

/* The first behind `after` in the order of escalation, then those before it. */
static int next_of(struct desk *d, const struct route *r, const char *after,
		   struct returned_next *ret)
{
	u32 from = 0;
	int rc = 0;

	while (from < r->count && strcmp(r->step[from].contact->id, after))
		from++;
	for (u32 i = 0; i < r->count && rc == 0; i++) {
		const char *id = r->step[(from + i) % r->count].contact->id;

		if (strcmp(id, after) == 0)
			continue;
		if ((rc = can_reach(d, id)) == 1)
			snprintf(ret->id, sizeof ret->id, "%s", id);
	}
	return rc < 0 ? rc : 0;
}

int returned_next(struct desk *d, const struct notice *n, struct returned_next *ret)
{
	struct route *r = calloc(1, sizeof *r);
	struct incident *i = NULL;
	const char *about;
	int rc = r ? can_reach(d, n->contact) : -ENOMEM;

	*ret = (struct returned_next){ .same = rc == 1 };
	if (rc == 1)
		snprintf(ret->id, sizeof ret->id, "%s", n->contact);
	if (rc == 0 && n->incident && (rc = case_find(d, n->incident, &i)) == 0) {
		about = i->subject;
		rc = route_find(r, d, &about, 1, 0);
		if (rc == 0)
			rc = next_of(d, r, n->contact, ret);
		route_free(r);
	}
	free(i);
	free(r);
	return rc < 0 && rc != OOPS_UNKNOWN ? rc : 0;
}

/* ---- what it means ---- */

/* The notice that one of the keys is of: 0, OOPS_UNKNOWN. */
static int find_notice(struct desk *d, const struct item *i, struct notice **ret)
{
	const char *at = i->tags;
	char key[TICKET_KEY_MAX];
	u64 number = 0;
	int rc = OOPS_UNKNOWN;

	while (rc == OOPS_UNKNOWN && tag(&at, "answers-key:", key, sizeof key))
		rc = notice_by_key(d, key, &number);
	return rc ? rc : notice_find(d, number, ret);
}

static void answer_of(const struct item *i, char to[SAID_MAX])
{
	char status[16];
	int n;

	first_tag(i, "answers-status:", status, sizeof status);
	n = snprintf(to, SAID_MAX, "%s%s%.200s%s", status, status[0] ? " " : "",
		     i->subject ? i->subject : "", i->subject && i->subject[0] ? ": " : "");
	snprintf(to + n, SAID_MAX - (size_t)n, "%.*s", (int)(SAID_MAX - 8 - (size_t)n),
		 i->text ? i->text : "");
	utf8_mend(to);	/* cut in the midst of a character, perhaps */
}

static int bounced(struct desk *d, const struct item *i, const struct notice *n,
		   struct returned *ret)
{
	char said[SAID_MAX], token[DRILL_TOKEN_MAX];
	struct returned_next next;
	int rc;

	if (n->state != NOTICE_SENT && n->state != NOTICE_SENDING) {
		ret->kind = RETURNED_KNOWN;
		return 0;
	}
	answer_of(i, said);
	rc = notice_bounce(d, n->number, said);
	if (rc == 0 && n->incident == 0)
		rc = drill_bounce(d, drill_token(n->key, token), said);
	if (rc == 0)
		rc = returned_next(d, n, &next);
	if (rc)
		return rc;
	ret->kind = RETURNED_BOUNCED;
	memcpy(ret->next, next.id, sizeof ret->next);
	ret->same = next.same;
	return 0;
}

static int answered(struct desk *d, const char *token, const struct item *i,
		    struct returned *ret)
{
	char said[SAID_MAX];
	int rc;

	snprintf(said, sizeof said, "by mail from %.200s: %.200s", i->source ? i->source : "",
		 i->title ? i->title : "");
	utf8_mend(said);
	rc = drill_answer(d, token, said);
	if (rc == OOPS_UNKNOWN)
		return 0;
	ret->kind = rc == OOPS_CHANGED ? RETURNED_KNOWN : RETURNED_PROVED;
	return rc == OOPS_CHANGED ? 0 : rc;
}

static int seen_note(void *to, const void *record)
{
	(void)record;
	*(bool *)to = true;
	return 1;
}

/* Is there a note about that message? */
static int has_note(struct desk *d, u64 incident, const char *mark, bool *ret)
{
	const struct store_cond conds[] = {
		{ .field = "incident", .op = STORE_IS, .number = incident },
		{ .field = "text", .op = STORE_HOLDS, .text = mark },
	};
	const struct store_query q = { .table = DESK_note, .conds = conds, .count = 2,
		.limit = 1 };
	int rc;

	*ret = false;
	rc = store_each(desk_store(d), &q, seen_note, ret);
	return rc < 0 ? rc : 0;
}

/* As the letter, or as they say themselves if that is stricter. */
static struct marking marking_of(const struct item *i, const struct notice *n)
{
	struct marking m = { n->tlp, n->pap };
	char word[24];
	int label;

	if (!first_tag(i, "answers-label:", word, sizeof word))
		return m;
	label = label_parse(word);
	return label < 0 ? m : marking_join(m, (struct marking){ (u8)label, PAP_CLEAR });
}

static int add_note(struct desk *d, u64 number, const char *text, struct returned *ret)
{
	const struct case_ref r = { number, 0 };
	struct incident *is = NULL;
	int rc = case_find(d, number, &is);

	if (rc == 0)
		ret->apart = !marking_allows(ret->marking, (struct marking){ is->tlp, is->pap });
	free(is);
	if (rc)
		return rc;
	return ret->apart ? case_note_apart(d, r, text, ret->marking)
			  : case_note(d, r, text, &ret->marking);
}

static int replied(struct desk *d, const struct item *i, const struct notice *n,
		   struct returned *ret)
{
	const char *said = i->text ? i->text : "";
	const size_t length = utf8_cut(said, ANSWER_MAX);
	char text[ANSWER_MAX + 1100], mark[80];
	bool known = false;
	int rc;

	if (n->incident == 0)
		return 0;
	snprintf(mark, sizeof mark, "message %.64s", i->evidence ? i->evidence : "");
	rc = has_note(d, n->incident, mark, &known);
	ret->kind = known ? RETURNED_KNOWN : RETURNED_REPLY;
	if (rc || known)
		return rc;
	snprintf(text, sizeof text, "Answer to notice %llu (%.100s), from %.250s: %.300s\n%.*s%s"
		 "\n%s", (unsigned long long)n->number, n->contact, i->source ? i->source : "",
		 i->title ? i->title : "", (int)length, said, said[length] ? " \u2026" : "", mark);
	utf8_mend(text);
	ret->marking = marking_of(i, n);
	return add_note(d, n->incident, text, ret);
}

int returned_take(struct desk *d, const struct item *i, struct returned *ret)
{
	struct notice *n = NULL;
	char kind[16], token[TICKET_TOKEN_MAX];
	bool has_token = first_tag(i, "answers-token:", token, sizeof token), reply;
	int rc;

	*ret = (struct returned){ .kind = RETURNED_NOT_OURS };
	if (!first_tag(i, "answers:", kind, sizeof kind))
		return 0;
	reply = strcmp(kind, "reply") == 0;
	rc = find_notice(d, i, &n);
	if (rc == 0) {
		ret->kind = RETURNED_NOTHING;
		ret->notice = n->number;
		ret->incident = n->incident;
		snprintf(ret->contact, sizeof ret->contact, "%s", n->contact);
	}
	if (rc == 0 && strcmp(kind, "failed") == 0)
		rc = bounced(d, i, n, ret);
	else if (rc == 0 && reply)
		rc = replied(d, i, n, ret);
	if (rc == OOPS_UNKNOWN)
		rc = 0;
	if (rc == 0 && reply && has_token && (ret->incident == 0 || n == NULL))
		rc = answered(d, token, i, ret);
	free(n);
	return rc;
}
