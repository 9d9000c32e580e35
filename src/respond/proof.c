/* SPDX-License-Identifier: GPL-3.0-or-later */
/* proof.c - see proof.h. */
#include "respond/proof.h"
#include "base/buf.h"
#include "base/stamp.h"
#include "model/utf8.h"
#include "respond/event_said.h"
#include "respond/mime.h"

struct proving {
	struct desk *d;
	struct gate *g;
	char about[40];
	struct buf *record, *page;
	struct buf messages;	/* hashes, one a line, each once */
	bool redacted;
	struct marking marking;	/* of the incident */
	struct marking held;	/* of the record: of all that stands in it */
	u64 first, last;	/* events about the incident */
	u64 shown, withheld;	/* of them */
	struct buf numbers;	/* of those withheld: "3,4,9" */
	struct marking strictest;	/* among those withheld */
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
	struct buf said = { 0 };
	char at[STAMP_TEXT_MAX];

	buf_fmt(p->page, "%6llu  %.19s  ", (unsigned long long)e->number,
		stamp_text(e->at, 0, at));
	utf8_show(p->page, e->author, 20);
	buf_text(p->page, "  ");
	utf8_show(p->page, e->kind, 30);
	buf_fmt(p->page, "%s\n        ", e->signature[0] ? "  (signed)" : "");
	event_said(&said, e);
	utf8_show(p->page, buf_str(&said), 0);
	buf_free(&said);
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

static int take_marking(void *to, const void *record)
{
	const struct notice *n = record;

	*(struct marking *)to = (struct marking){ n->tlp, n->pap };
	return 0;
}

/* What an event about the incident is marked with: what it tells of; redacted, the notice
 * that it is about, else the incident. */
static int marking_of(const struct proving *p, const struct event *e, struct marking *ret)
{
	struct marking of = p->marking;
	json_t *body;
	int rc = 0;

	*ret = gate_event_marking(e);
	if (!p->redacted)
		return 0;
	if (strncmp(e->kind, "notice.", 7) == 0 && (body = json_loads(e->body, 0, NULL))) {
		json_int_t n = json_integer_value(json_object_get(body, "number"));

		rc = store_take(desk_store(p->d), DESK_notice,
				&(struct notice){ .number = n > 0 ? (u64)n : 0 }, take_marking,
				&of);
		json_decref(body);
	}
	*ret = marking_join(*ret, of);
	return rc < 0 ? rc : 0;
}

static int bare_hash(struct proving *p, const struct event *e)
{
	if (p->hashes++ == 0) {
		p->from = e->number;
		buf_text(p->record, "{\"between\":[");
	}
	buf_fmt(p->record, "%s\"%s\"", p->hashes > 1 ? "," : "", e->hash);
	return buf_error(p->record);
}

static int one_event(void *to, const struct event *e)
{
	struct proving *p = to;
	struct marking m;
	int rc;

	if (strcmp(e->about, p->about))
		return bare_hash(p, e);
	if ((rc = marking_of(p, e, &m)))
		return rc;
	if (marking_allows(m, gate_audience(p->g)->clearance)) {
		p->shown++;
		p->held = marking_join(p->held, m);
		whole_event(p, e);
		return buf_error(p->record);
	}
	buf_fmt(&p->numbers, "%s%llu", p->withheld++ ? "," : "", (unsigned long long)e->number);
	p->strictest = marking_join(p->strictest, m);
	return bare_hash(p, e);
}

/* What is not shown, and why. */
static void say_withheld(struct proving *p)
{
	char label[MARKING_TEXT_MAX];

	end_run(p);
	if (p->withheld == 0)
		return;
	marking_text(p->strictest, label);
	buf_fmt(p->record, "{\"withheld\":[%s]", buf_str(&p->numbers));
	member(p->record, "marking", label);
	buf_text(p->record, "}\n");
	buf_fmt(p->page, "\n%llu events about it are withheld: they are marked up to %s. Their "
		"hashes are in the record.\n", (unsigned long long)p->withheld, label);
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
		p->held = marking_join(p->held, (struct marking){ n->tlp, n->pap });
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
	if (p->redacted)
		buf_text(p->record, ",\"redacted\":true");
	member(p->record, "audience", who->name);
	member(p->record, "marking", marking_text(p->held, label));
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
	if (p->redacted) {
		buf_text(p->page, "Redacted: only what its audience may have.\n\n");
		return 0;
	}
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

static int nothing_left(struct proving *p, const struct incident *i)
{
	char label[MARKING_TEXT_MAX];

	return desk_fault(p->d, -EPERM, "nothing of incident %llu (%s) is left that '%.100s' may "
			  "have: they were told nothing", (unsigned long long)i->number,
			  marking_text(p->marking, label), gate_audience(p->g)->name);
}

/* Events and messages. */
static int content(struct proving *p, const struct incident *i)
{
	int rc = store_each_event(desk_store(p->d), 0, 0, p->about, find_ends, p);

	if (rc == 0)
		rc = store_each_event(desk_store(p->d), p->first, p->last, NULL, one_event, p);
	if (rc == 0 && p->shown == 0)
		rc = nothing_left(p, i);
	if (rc == 0) {
		say_withheld(p);
		rc = messages(p, i->number);
	}
	buf_free(&p->messages);
	buf_free(&p->numbers);
	return rc;
}

/* The head is written last: how strict the record is, is known when all stands in it. */
static int prove(struct proving *p, const struct incident *i)
{
	struct buf *record = p->record, *page = p->page, below = { 0 }, lines = { 0 };
	int rc;

	p->record = &below;
	p->page = &lines;
	p->held = p->marking;
	rc = content(p, i);
	p->record = record;
	p->page = page;
	if (rc == 0)
		rc = head(p, i);
	if (rc == 0) {
		buf_add(record, below.at, below.len);
		buf_add(page, lines.at, lines.len);
		if ((rc = buf_error(&below)) == 0 && (rc = buf_error(&lines)) == 0)
			seal(p);
	}
	buf_free(&below);
	buf_free(&lines);
	return rc ? rc : buf_error(record);
}

int proof_write(struct desk *d, struct gate *g, struct proof_wish wish, struct buf *record,
		struct buf *page)
{
	const struct incident key = { .number = wish.incident };
	struct proving p = { .d = d, .g = g, .record = record, .page = page,
		.redacted = wish.redacted };
	void *found = NULL;
	int rc = wish.redacted ? desk_find(d, DESK_incident, &key, &found)
			       : gate_take(g, DESK_incident, &key, &found);

	if (rc == 0)
		return desk_fault(d, OOPS_UNKNOWN, "there is no incident %llu",
				  (unsigned long long)wish.incident);
	snprintf(p.about, sizeof p.about, "incident:%llu", (unsigned long long)wish.incident);
	if (rc == 1) {
		p.marking = (struct marking){ ((struct incident *)found)->tlp,
					      ((struct incident *)found)->pap };
		rc = prove(&p, found);
	}
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
