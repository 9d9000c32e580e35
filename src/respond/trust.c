/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trust.c - see trust.h. */
#include "respond/trust.h"
#include "base/stamp.h"
#include "model/digest.h"
#include "respond/contact.h"
#include <sodium.h>

#define HEAD "VEDETTE-VOUCH-1\n"

void trust_text(struct buf *out, const struct trust_claim *c)
{
	char at[STAMP_TEXT_MAX], until[STAMP_TEXT_MAX];

	buf_fmt(out, HEAD "says: %s\nby: %s\nwhom: %s\nkey: %s\nat: %s\nuntil: %s\n",
		c->revokes ? "revoke" : "vouch", c->by, c->whom, c->key,
		stamp_text(c->at, 0, at), stamp_text(c->until, 0, until));
}

/* ---- reading ---- */

struct claim_box { struct trust_claim claim; char text[6][CONTACT_ID_MAX + 1]; };

/* One line "name: value" from *p on: false when it is another. */
static bool line(const char **p, const char *name, char value[CONTACT_ID_MAX + 1])
{
	size_t n = strlen(name), len;

	if (strncmp(*p, name, n) || strncmp(*p + n, ": ", 2))
		return false;
	*p += n + 2;
	len = strcspn(*p, "\n");
	if (len == 0 || len > CONTACT_ID_MAX || (*p)[len] != '\n')
		return false;
	snprintf(value, CONTACT_ID_MAX + 1, "%.*s", (int)len, *p);
	*p += len + 1;
	return true;
}

/* Reads the text that is signed; *p stands behind it. 0 or OOPS_FORMAT. */
static int claim_read(const char **p, struct claim_box *ret)
{
	static const char *const names[] = { "says", "by", "whom", "key", "at", "until" };
	struct trust_claim *c = &ret->claim;
	u8 key[32];

	if (strncmp(*p, HEAD, strlen(HEAD)))
		return OOPS_FORMAT;
	*p += strlen(HEAD);
	for (unsigned i = 0; i < COUNT(names); i++)
		if (!line(p, names[i], ret->text[i]))
			return OOPS_FORMAT;
	*c = (struct trust_claim){ strcmp(ret->text[0], "revoke") == 0, ret->text[1],
		ret->text[2], ret->text[3], 0, 0 };
	if ((!c->revokes && strcmp(ret->text[0], "vouch")) || strlen(c->key) != 64 ||
	    hex_parse(c->key, 32, key) || stamp_parse(ret->text[4], &c->at) ||
	    stamp_parse(ret->text[5], &c->until))
		return OOPS_FORMAT;
	return 0;
}

static bool signature_good(const char *text, size_t n, const char *key_hex,
			   const char *signature_hex)
{
	u8 key[32], signature[64];

	return strlen(key_hex) == 64 && strlen(signature_hex) == 128 &&
	       hex_parse(key_hex, 32, key) == 0 &&
	       hex_parse(signature_hex, 64, signature) == 0 &&
	       crypto_sign_verify_detached(signature, (const u8 *)text, n, key) == 0;
}

/* ---- saying ---- */

static int record(struct desk *d, const struct trust_claim *c, const struct vouch *v)
{
	char about[CONTACT_ID_MAX + 16];
	void *found = NULL;
	int rc = desk_find(d, DESK_vouch, v, &found);

	if (rc == 1 && ((struct vouch *)found)->at >= c->at)
		rc = desk_fault(d, OOPS_CHANGED, "something newer of '%.60s' about '%.60s' is "
				"known", c->by, c->whom);
	free(found);
	if (rc < 0)
		return rc;
	snprintf(about, sizeof about, "contact:%s", c->whom);
	return desk_say(d, c->revokes ? "vouch.revoked" : "vouch.given", about,
			desk_body(DESK_vouch, v), NULL);
}

static int copy_contact(void *to, const void *record_of)
{
	*(char **)to = strdup(((const struct address *)record_of)->contact);
	return *(char **)to ? 1 : -ENOMEM;
}

int trust_self(struct desk *d, char **ret)
{
	const struct store_cond conds[] = {
		{ .field = "value", .op = STORE_IS, .text = desk_signer(d) },
		{ .field = "channel", .op = STORE_IS, .number = CHANNEL_KEY },
	};
	const struct store_query q = { .table = DESK_address, .conds = conds, .count = 2,
		.order = "contact", .limit = 1 };
	int rc;

	*ret = NULL;
	rc = store_each(desk_store(d), &q, copy_contact, ret);
	if (rc == 0 && (*ret = strdup(TRUST_SELF)) == NULL)
		rc = -ENOMEM;
	return rc < 0 ? rc : 0;
}

int trust_say(struct desk *d, const struct trust_claim *c, struct buf *passed_on)
{
	struct buf text = { 0 };
	char signature[129];
	int rc;

	trust_text(&text, c);
	rc = buf_error(&text);
	if (rc == 0 && desk_sign(d, text.at, text.len, signature))
		rc = desk_refuse(d, CODE_NO_KEY, OOPS_RANGE, "a vouch is signed, and there is no "
				 "key to sign it with");
	if (rc == 0)
		rc = record(d, c, &(struct vouch){ .by = c->by, .whom = c->whom,
			.key = desk_signer(d), .statement = buf_str(&text),
			.signature = signature, .at = c->at, .until = c->until });
	if (rc == 0 && passed_on)
		buf_fmt(passed_on, "%ssigner: %s\nsignature: %s\n", buf_str(&text),
			desk_signer(d), signature);
	buf_free(&text);
	return rc;
}

int trust_take(struct desk *d, const char *passed_on)
{
	const char *p = passed_on;
	struct claim_box box;
	char signer[CONTACT_ID_MAX + 1], signature[132] = "", text[1000];
	size_t n;

	if (claim_read(&p, &box))
		return desk_fault(d, OOPS_FORMAT, "this is no vouch");
	n = (size_t)(p - passed_on);
	if (!line(&p, "signer", signer) || sscanf(p, "signature: %130s", signature) != 1 ||
	    n >= sizeof text)
		return desk_fault(d, OOPS_FORMAT, "this vouch has no signer and signature");
	if (!signature_good(passed_on, n, signer, signature))
		return desk_fault(d, OOPS_CHANGED, "the signature is not that of its signer");
	snprintf(text, sizeof text, "%.*s", (int)n, passed_on);
	return record(d, &box.claim, &(struct vouch){ .by = box.claim.by,
		.whom = box.claim.whom, .key = signer, .statement = text,
		.signature = signature, .at = box.claim.at, .until = box.claim.until });
}

/* ---- paths ---- */

/* A vouch that holds, and the key that it names. */
struct edge {
	struct vouch *vouch;
	char key[65];
	u32 from, depth;	/* index of the edge before it; 1 = ours; 0 = not reached */
};
struct graph {
	struct edge *edge;
	u32 count;
	u64 now;
	struct trust_path *path;
};

static int add_edge(void *to, const void *record_of)
{
	const struct vouch *v = record_of;
	struct graph *g = to;
	const char *p = v->statement;
	struct claim_box box;
	struct edge *more;

	g->path->looked_at++;
	if (claim_read(&p, &box) || *p || box.claim.revokes || strcmp(box.claim.by, v->by) ||
	    strcmp(box.claim.whom, v->whom) || box.claim.until <= g->now ||
	    box.claim.at > g->now || !signature_good(v->statement, strlen(v->statement),
						      v->key, v->signature)) {
		g->path->bad++;
		return 0;
	}
	if (g->count == TRUST_VOUCHES_MAX)
		return OOPS_LIMIT;
	if ((g->count & (g->count - 1)) == 0) {
		more = realloc(g->edge, (g->count ? g->count * 2 : 1) * sizeof *more);
		if (more == NULL)
			return -ENOMEM;
		g->edge = more;
	}
	g->edge[g->count] = (struct edge){ .vouch = desk_copy(DESK_vouch, v) };
	memcpy(g->edge[g->count].key, box.claim.key, 65);
	return g->edge[g->count].vouch ? (g->count++, 0) : -ENOMEM;
}

/* Breadth first: edges of depth `depth` from those before. The first to `whom`, or count. */
static u32 widen(struct graph *g, u32 depth, const char *root, const char *whom)
{
	for (u32 i = 0; i < g->count; i++) {
		struct edge *e = &g->edge[i];

		if (e->depth)
			continue;
		if (depth == 1 && strcmp(e->vouch->key, root) == 0)
			e->depth = 1;
		for (u32 k = 0; depth > 1 && k < g->count && e->depth == 0; k++)
			if (g->edge[k].depth == depth - 1 &&
			    strcmp(g->edge[k].key, e->vouch->key) == 0 &&
			    strcmp(g->edge[k].vouch->whom, e->vouch->by) == 0) {
				e->depth = depth;
				e->from = k;
			}
		if (e->depth && strcmp(e->vouch->whom, whom) == 0)
			return i;
	}
	return g->count;
}

int trust_path(struct trust_path *ret, struct desk *d, const char *root, const char *whom,
	       u32 most)
{
	const struct store_query q = { .table = DESK_vouch, .order = "by whom key" };
	struct graph g = { .now = desk_now(d), .path = ret };
	u32 at = 0;
	int rc;

	*ret = (struct trust_path){ 0 };
	rc = store_each(desk_store(d), &q, add_edge, &g);
	at = g.count;
	for (u32 depth = 1; rc == 0 && at == g.count && depth <= most &&
	     depth <= TRUST_STEPS_MAX; depth++)
		at = widen(&g, depth, root, whom);
	if (rc == 0 && at == g.count)
		rc = OOPS_UNKNOWN;
	for (u32 depth = rc ? 0 : g.edge[at].depth; depth > 0; depth--) {
		ret->step[depth - 1] = g.edge[at].vouch;
		ret->count++;
		g.edge[at].vouch = NULL;
		at = g.edge[at].from;
	}
	for (u32 i = 0; i < g.count; i++)
		free(g.edge[i].vouch);
	free(g.edge);
	return rc;
}

void trust_path_free(struct trust_path *p)
{
	for (u32 i = 0; i < p->count; i++)
		free(p->step[i]);
	*p = (struct trust_path){ 0 };
}

/* ---- folding ---- */

static int apply_vouch(struct desk *d, const struct desk_event *e)
{
	struct vouch v = { 0 };
	int rc = desk_record(d, e, DESK_vouch, &v);

	return rc ? rc : store_put(desk_store(d), DESK_vouch, &v);
}

const struct desk_kind trust_kinds[] = {
	{ "vouch.given", "the whole vouch", apply_vouch },
	{ "vouch.revoked", "the statement that takes it back", apply_vouch },
	{ .name = NULL }
};
