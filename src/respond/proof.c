/* SPDX-License-Identifier: GPL-3.0-or-later */
/* proof.c - see proof.h. */
#include "respond/proof.h"
#include "base/buf.h"
#include "base/stamp.h"
#include "model/utf8.h"
#include "respond/mime.h"

struct proving {
	struct desk *d;
	struct gate *g;
	char about[40];
	struct buf *record, *page;
	struct buf messages;	/* hashes, one a line, each once */
	u64 first, last;	/* events about the incident */
	u64 from, hashes;	/* the run of bare hashes that is open */
	char prev[65];		/* hash of the event before the first */
};

static void member(struct buf *out, const char *name, const char *text)
{
	buf_fmt(out, ",\"%s\":", name);
	utf8_json(out, text);
}

/* ---- the log ---- */

static int find_ends(void *to, const struct event *e)
{
	struct proving *p = to;

	if (p->first == 0)
		p->first = e->number;
	p->last = e->number;
	return 0;
}

static void end_run(struct proving *p)
{
	if (p->hashes)
		buf_fmt(p->record, "],\"from\":%llu}\n", (unsigned long long)p->from);
	p->hashes = 0;
}

/* The messages that an event names, to be shown after the events. */
static void note_message(struct proving *p, const struct event *e)
{
	json_t *body = json_loads(e->body, 0, NULL);
	const char *hash = json_string_value(json_object_get(body, "message"));

	if (hash && strlen(hash) == 64 && strncmp(e->kind, "notice.", 7) == 0 &&
	    !strstr(buf_str(&p->messages), hash))
		buf_fmt(&p->messages, "%s\n", hash);
	json_decref(body);
}

static void page_line(struct proving *p, const struct event *e)
{
	char at[STAMP_TEXT_MAX];

	buf_fmt(p->page, "%6llu  %.19s  ", (unsigned long long)e->number,
		stamp_text(e->at, 0, at));
	utf8_show(p->page, e->author, 20);
	buf_text(p->page, "  ");
	utf8_show(p->page, e->kind, 30);
	buf_fmt(p->page, "%s\n        ", e->signature[0] ? "  (signed)" : "");
	utf8_show(p->page, e->body, 400);
	buf_fmt(p->page, "\n        %s\n", e->hash);
}

static void whole_event(struct proving *p, const struct event *e)
{
	end_run(p);
	buf_fmt(p->record, "{\"event\":{\"number\":%llu,\"at\":%llu",
		(unsigned long long)e->number, (unsigned long long)e->at);
	member(p->record, "author", e->author);
	member(p->record, "kind", e->kind);
	member(p->record, "about", e->about);
	member(p->record, "body", e->body);
	member(p->record, "prev", e->prev);
	member(p->record, "hash", e->hash);
	member(p->record, "signature", e->signature);
	member(p->record, "signer", e->signer);
	buf_text(p->record, "}}\n");
	note_message(p, e);
	page_line(p, e);
}

static int one_event(void *to, const struct event *e)
{
	struct proving *p = to;

	if (strcmp(e->about, p->about) == 0 &&
	    marking_allows(gate_event_marking(e), gate_audience(p->g)->clearance)) {
		whole_event(p, e);
		return buf_error(p->record);
	}
	if (p->hashes++ == 0) {
		p->from = e->number;
		buf_text(p->record, "{\"between\":[");
	}
	buf_fmt(p->record, "%s\"%s\"", p->hashes > 1 ? "," : "", e->hash);
	return buf_error(p->record);
}

/* ---- what was sent ---- */

static int one_notice(void *to, const void *record)
{
	struct proving *p = to;
	const struct notice *n = record;
	struct buf octets = { 0 }, text = { 0 };
	int rc;

	if (n->message[0] == 0 || !strstr(buf_str(&p->messages), n->message))
		return 0;
	rc = gate_kept(p->g, n->message, (struct marking){ n->tlp, n->pap }, &octets);
	if (rc == 0) {
		mime_base64(&text, octets.at, octets.len);
		buf_fmt(p->record, "{\"message\":\"%s\"", n->message);
		for (size_t i = 0; i < text.len; i++)	/* on one line */
			text.at[i] = text.at[i] == '\r' || text.at[i] == '\n' ? ' ' : text.at[i];
		member(p->record, "octets", buf_str(&text));
		buf_text(p->record, "}\n");
	}
	buf_free(&octets);
	buf_free(&text);
	return rc == -EPERM || rc == OOPS_UNKNOWN ? 0 : rc;
}

static int messages(struct proving *p, u64 incident)
{
	const struct store_cond cond = { .field = "incident", .op = STORE_IS,
		.number = incident };
	const struct store_query q = { .table = DESK_notice, .conds = &cond, .count = 1,
		.order = "number" };

	return gate_each(p->g, &q, one_notice, p);
}

/* ---- the whole ---- */

static int head(struct proving *p, const struct incident *i)
{
	const struct audience *who = gate_audience(p->g);
	char at[STAMP_TEXT_MAX], label[MARKING_TEXT_MAX], id[65], hash[65];
	u64 last;
	int rc = store_last_event(desk_store(p->d), &last, hash);

	if (rc == 0)
		rc = gate_incident_id(p->g, i->number, id);
	if (rc)
		return rc;
	buf_fmt(p->record, "{\"proof\":\"VP1\",\"incident\":%llu,\"id\":\"%s\"",
		(unsigned long long)i->number, id);
	member(p->record, "audience", who->name);
	member(p->record, "marking", marking_text((struct marking){ i->tlp, i->pap }, label));
	member(p->record, "by", desk_author(p->d));
	member(p->record, "made", stamp_text(desk_now(p->d), 0, at));
	buf_fmt(p->record, ",\"log\":{\"events\":%llu,\"head\":\"%s\"}}\n",
		(unsigned long long)last, hash);
	buf_fmt(p->page, "Record of incident %llu (%s)\nFor ", (unsigned long long)i->number,
		label);
	utf8_show(p->page, who->name, 80);
	buf_fmt(p->page, ", made %s by ", at);
	utf8_show(p->page, desk_author(p->d), 80);
	buf_text(p->page, "\n\n");
	utf8_show(p->page, i->title, 0);
	buf_fmt(p->page, "\nState: %s\n\n", incident_states[i->state]);
	return 0;
}

static void seal(struct proving *p)
{
	char hash[65], signature[129] = "";

	mime_sha256(p->record->at, p->record->len, hash);
	if (desk_sign(p->d, hash, 64, signature))
		signature[0] = 0;
	buf_fmt(p->record, "{\"seal\":\"%s\",\"signature\":\"%s\",\"signer\":\"%s\"}\n", hash,
		signature, desk_signer(p->d));
	buf_fmt(p->page, "\nSeal %s%s%s\n", hash, signature[0] ? ", signed with " : ", not signed",
		desk_signer(p->d));
}

const char *proof_seal(const struct buf *record, char to[65])
{
	const char *at = record->len ? strstr(buf_str(record), "\n{\"seal\":\"") : NULL;

	snprintf(to, 65, "%.64s", at ? at + 10 : "");
	return to;
}

static int prove(struct proving *p, const struct incident *i)
{
	int rc = head(p, i);

	if (rc == 0)
		rc = gate_each_event(p->g, p->about, find_ends, p);
	if (rc == 0)
		rc = store_each_event(desk_store(p->d), p->first, p->last, NULL, one_event, p);
	if (rc == 0)
		rc = messages(p, i->number);
	if (rc == 0)
		seal(p);
	buf_free(&p->messages);
	return rc ? rc : buf_error(p->record);
}

int proof_write(struct desk *d, struct gate *g, u64 incident, struct buf *record,
		struct buf *page)
{
	struct proving p = { .d = d, .g = g, .record = record, .page = page };
	void *found = NULL;
	int rc = gate_take(g, DESK_incident, &(struct incident){ .number = incident }, &found);

	if (rc == 0)
		return desk_fault(d, OOPS_UNKNOWN, "there is no incident %llu",
				  (unsigned long long)incident);
	snprintf(p.about, sizeof p.about, "incident:%llu", (unsigned long long)incident);
	if (rc == 1)
		rc = prove(&p, found);
	free(found);
	return rc;
}

int proof_note(struct desk *d, u64 incident, const char *audience, const char *seal_hash)
{
	char about[40];

	snprintf(about, sizeof about, "incident:%llu", (unsigned long long)incident);
	return desk_say(d, "proof.made", about, json_pack("{s:I, s:s, s:s}", "number",
		(json_int_t)incident, "audience", audience, "seal", seal_hash), NULL);
}

const struct desk_kind proof_kinds[] = {
	{ "proof.made", "number, audience, seal", NULL },
	{ .name = NULL }
};
