/* SPDX-License-Identifier: GPL-3.0-or-later */
/* drill.c - see drill.h. */
#include "respond/drill.h"
#include "model/digest.h"
#include "respond/contact.h"

#define SILENT "no answer in time"

char *drill_token(const char *key, char to[DRILL_TOKEN_MAX])
{
	struct digest d;
	u8 raw[DIGEST_OCTETS];

	digest_init(&d);
	digest_text(&d, "VT1");
	digest_text(&d, key);
	digest_end(&d, raw);
	memcpy(to, "vd-", 3);
	hex_text(raw, 8, to + 3);
	return to;
}

static int say(struct desk *d, const struct drill *r, const char *kind, json_t *body)
{
	char about[CONTACT_ID_MAX + 16];

	snprintf(about, sizeof about, "contact:%s", r->contact);
	return desk_say(d, kind, about, body, NULL);
}

int drill_ask(struct desk *d, const struct drill *drill, enum channel channel)
{
	struct drill r = *drill;
	int rc;

	r.sent = desk_now(d);
	rc = say(d, &r, "drill.asked", desk_body(DESK_drill, &r));
	return rc ? rc : contact_proof(d, &(struct address){ .contact = r.contact,
		.channel = (u8)channel, .value = r.value }, PROOF_ASKED);
}

/* The address may be gone or of another channel meanwhile: then only the drill is marked. */
static int mark(struct desk *d, const struct drill *r, enum proof proof)
{
	int rc = OOPS_UNKNOWN;

	for (unsigned ch = CHANNEL_MAIL; ch <= CHANNEL_WEBHOOK && rc == OOPS_UNKNOWN; ch++)
		rc = contact_proof(d, &(struct address){ .contact = r->contact,
			.channel = (u8)ch, .value = r->value }, proof);
	return rc == OOPS_UNKNOWN ? 0 : rc;
}

int drill_answer(struct desk *d, const char *token, const char *answer)
{
	void *found = NULL;
	struct drill *r;
	int rc = desk_find(d, DESK_drill, &(struct drill){ .token = token }, &found);

	r = found;
	if (rc == 0)
		return desk_fault(d, OOPS_UNKNOWN, "no drill has the token '%.60s'", token);
	if (rc == 1 && r->answered)
		rc = desk_fault(d, OOPS_CHANGED, "an answer to '%.60s' was noted before", token);
	if (rc == 1)
		rc = say(d, r, "drill.answered", json_pack("{s:s, s:s}", "token", token,
			"answer", answer));
	if (rc == 0)
		rc = mark(d, r, PROOF_ANSWERED);
	free(found);
	return rc;
}

int drill_bounce(struct desk *d, const char *token, const char *answer)
{
	void *found = NULL;
	const struct drill *r;
	int rc = desk_find(d, DESK_drill, &(struct drill){ .token = token }, &found);

	r = found;
	if (rc == 1 && r->answered == 0 && r->answer[0] == 0)
		rc = say(d, r, "drill.bounced", json_pack("{s:s, s:s}", "token", token,
			"answer", answer));
	free(found);
	return rc < 0 ? rc : 0;
}

struct lapsing { void *record[1000]; u32 count; };

static int gather(void *to, const void *record)
{
	struct lapsing *l = to;

	if (l->count == COUNT(l->record))
		return 1;
	l->record[l->count] = desk_copy(DESK_drill, record);
	return l->record[l->count] ? (l->count++, 0) : -ENOMEM;
}

int drill_lapse(struct desk *d, u64 *silent)
{
	const struct store_cond conds[] = {
		{ .field = "answered", .op = STORE_IS, .number = 0 },
		{ .field = "due", .op = STORE_MOST, .number = desk_now(d) },
		{ .field = "answer", .op = STORE_IS, .text = "" },
	};
	const struct store_query q = { .table = DESK_drill, .conds = conds, .count = 3 };
	struct lapsing *l = calloc(1, sizeof *l);
	int rc = l ? store_each(desk_store(d), &q, gather, l) : -ENOMEM;

	*silent = 0;
	for (u32 i = 0; l && i < l->count; i++) {
		const struct drill *r = l->record[i];

		if (rc >= 0)
			rc = say(d, r, "drill.silent", json_pack("{s:s, s:s}", "token", r->token,
				"answer", SILENT));
		if (rc >= 0)
			rc = mark(d, r, PROOF_SILENT);
		*silent += rc == 0;
		free(l->record[i]);
	}
	free(l);
	return rc < 0 ? rc : 0;
}

/* ---- folding ---- */

static int apply_asked(struct desk *d, const struct desk_event *e)
{
	struct drill r = { 0 };
	int rc = desk_record(d, e, DESK_drill, &r);

	return rc ? rc : store_put(desk_store(d), DESK_drill, &r);
}

static int apply_end(struct desk *d, const struct desk_event *e)
{
	void *found = NULL;
	struct drill *r;
	int rc = desk_find(d, DESK_drill, &(struct drill){ .token = desk_text(e, "token") },
			   &found);

	r = found;
	if (rc != 1)
		return rc < 0 ? rc : desk_damaged(d, e, N_("there is no such drill"));
	r->answer = desk_text(e, "answer");
	if (strcmp(e->event->kind, "drill.answered") == 0)
		r->answered = e->event->at;
	rc = store_put(desk_store(d), DESK_drill, r);
	free(found);
	return rc;
}

const struct desk_kind drill_kinds[] = {
	{ "drill.asked", "the whole drill", apply_asked },
	{ "drill.answered", "token, answer", apply_end },
	{ "drill.silent", "token, answer", apply_end },
	{ "drill.bounced", "token, answer", apply_end },
	{ .name = NULL }
};
