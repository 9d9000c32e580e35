/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compose.c - see compose.h. */
#include "run/compose.h"
#include "model/digest.h"
#include "respond/case.h"
#include "respond/catalogue.h"
#include "respond/contact.h"
#include "respond/notice.h"
#include "run/compose_once.h"
#include "run/compose_words.h"
#include "share/exchange.h"

#define PART_MAX (4u << 20)	/* octets of one attachment; a larger one is left out */

struct composing {
	struct composed *c;
	struct desk *d;
	const struct compose_ask *ask;
	struct gate *gate;
	struct release *release;
	struct once *once;	/* for each item of it */
	struct incident *incident;
	const char *language;
	const char *letter;
	enum stance stance;	/* of whom it is about */
	bool confirmed;
	struct compose_us us;
	char *why;
};

static int fault(struct composing *k, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static int fault(struct composing *k, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(k->why, COMPOSE_WHY, format, args);
	va_end(args);
	return error;
}

static int refusal(struct composing *k, enum desk_code code, int rc)
{
	k->c->code = code;
	return rc;
}

char *compose_ticket(u64 incident, char to[32])
{
	snprintf(to, 32, "VD-%llu", (unsigned long long)incident);
	return to;
}

const char *compose_letter_for(const char *acts_as)
{
	static const struct { const char *role, *letter; } rows[] = {
		{ "regulator", "regulator-warning" }, { "registrar", "first-registrar" },
		{ "registry", "first-registry" }, { "host", "first-host" },
		{ "operator", "first-operator" }, { "reporter", "acknowledgement" },
		{ "cert", "first-authority" }, { "police", "first-authority" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (contact_has(acts_as, rows[i].role))
			return rows[i].letter;
	return "first-operator";
}

/* ---- who ---- */

static enum channel wanted(const struct contact *c)
{
	return strcmp(c->prefers, "webhook") == 0 ? CHANNEL_WEBHOOK : CHANNEL_MAIL;
}

static int find_contact(struct composing *k)
{
	struct contact *c = NULL;
	struct address *a = NULL;
	int rc = contact_find(k->d, k->ask->contact, &c);

	k->c->contact = c;
	if (rc == 0)
		return fault(k, OOPS_UNKNOWN, N_("there is no contact '%.100s'"),
			k->ask->contact);
	if (rc > 0)
		rc = contact_reach(k->d, c->id, wanted(c), &a);
	if (rc == 0)
		rc = contact_reach(k->d, c->id, wanted(c) == CHANNEL_MAIL ? CHANNEL_WEBHOOK
				   : CHANNEL_MAIL, &a);
	k->c->address = a;
	if (rc == 0)
		return fault(k, OOPS_UNKNOWN, N_("'%.100s' has no e-mail address and no "
			     "webhook on record"), c->id);
	return rc < 0 ? rc : 0;
}

/* Whom it comes from. A letter that is only shown says that nobody is set. */
static int find_sender(struct composing *k)
{
	const struct address *a = k->c->address;

	k->us = k->ask->us;
	if (a->channel != CHANNEL_MAIL || (k->us.mail && k->us.mail[0]))
		return 0;
	if (!k->ask->shown)
		return refusal(k, CODE_NO_SENDER, fault(k, OOPS_CHANGED, N_("nobody is set whom "
			"letters come from, so none can go out by mail")));
	k->us.mail = COMPOSE_NO_SENDER;
	k->c->no_sender = true;
	return 0;
}

/* ---- what ---- */

static int told_refusal(struct composing *k)
{
	const struct refusal *r = release_refusal(k->release, 0);
	const struct contact *c = k->c->contact;
	char is[MARKING_TEXT_MAX], may[MARKING_TEXT_MAX], first[40];
	struct marking clearance = release_audience(k->release)->clearance;

	if (r->kind == ITEM_INCIDENT)
		snprintf(first, sizeof first, "incident %llu",
			 (unsigned long long)k->ask->incident);
	else
		snprintf(first, sizeof first, "%s %.12s", r->kind == ITEM_OBSERVATION
			 ? "finding" : item_kinds[r->kind], r->id);
	return refusal(k, CODE_STRICTER, fault(k, -EPERM, N_("'%.60s' may have %s by mail, and "
		"%zu of what would be told is marked stricter; the first is %s, %s"), c->id,
		marking_text(clearance, may), release_refused(k->release), first,
		marking_text(r->marking, is)));
}

static int make_release(struct composing *k)
{
	const struct gate_wish wish = { .incidents = &k->ask->incident, .incident_count = 1,
		.parts = GATE_FINDINGS | GATE_REPORTS, .reporters = k->ask->reporters };
	int rc = gate_release(k->gate, &wish, NOTICE_CAP, k->ask->redacted
			      ? RELEASE_REDACTED : RELEASE_WHOLE, &k->release);

	if (rc)
		return fault(k, rc, "%s", gate_error(k->gate)[0] ? gate_error(k->gate)
			     : oops_text(rc));
	if (!release_good(k->release))
		return told_refusal(k);
	k->c->withheld = release_refused(k->release);
	if (words_subject(k->release) == NULL)
		return fault(k, -EPERM, N_("nothing is left of incident %llu that "
			     "'%.60s' may be told: all of it is marked too strictly"),
			     (unsigned long long)k->ask->incident, k->ask->contact);
	return 0;
}

/* What the one it is about is in it: by the findings that are about just them, else by all,
 * else by the incident's family. Who was reported is said to be used for abuse. */
static enum stance stance_of(const struct composing *k)
{
	const struct item *about = words_subject(k->release);
	unsigned own[3] = { 0 }, all[3] = { 0 };
	const unsigned *n = all;

	for (size_t i = 0; i < release_count(k->release); i++) {
		const struct item *it = release_item(k->release, i);
		const enum stance s = it->kind == ITEM_OBSERVATION && it->rule
				    ? catalogue_stance(it->rule) : STANCE_ABUSED;

		if (it->kind != ITEM_OBSERVATION && it->kind != ITEM_REPORT)
			continue;
		all[s]++;
		own[s] += it->subject && about && strcmp(it->subject, about->subject) == 0;
	}
	if (own[0] + own[1] + own[2])
		n = own;
	if (n[0] + n[1] + n[2] == 0)
		return k->incident ? catalogue_stance(k->incident->family) : STANCE_ABUSED;
	return n[STANCE_ABUSED] ? STANCE_ABUSED
	     : n[STANCE_VICTIM] ? STANCE_VICTIM : STANCE_FAULTY;
}

static bool accuses(const char *letter)
{
	static const char *const all[] = { "first-registrar", "first-registry", "first-host",
		"first-operator", "first-authority" };

	for (size_t i = 0; i < COUNT(all); i++)
		if (strcmp(letter, all[i]) == 0)
			return true;
	return false;
}

/* Who is attacked, or runs a zone with a fault, is not told to be used for abuse. */
static int fit_letter(struct composing *k)
{
	static const char *const fit[] = { [STANCE_VICTIM] = "first-victim",
		[STANCE_FAULTY] = "first-fault" };
	static const char *const is[] = { [STANCE_VICTIM] = N_("somebody who is attacked"),
		[STANCE_FAULTY] = N_("a fault to mend") };

	k->stance = k->release ? stance_of(k) : STANCE_ABUSED;
	if (k->stance == STANCE_ABUSED || !accuses(k->letter))
		return 0;
	if (!k->ask->fitting)
		return fault(k, OOPS_RANGE, N_("'%.60s' says of somebody that they are used for "
			"abuse, and incident %llu is about %s: the letter for it is '%s'"),
			k->letter, (unsigned long long)k->ask->incident, is[k->stance],
			fit[k->stance]);
	k->letter = fit[k->stance];
	return 0;
}

/* Who only says that a report came, or that all is over, says nothing of what it is about. */
static bool says_what(const char *letter)
{
	return strcmp(letter, "acknowledgement") && strcmp(letter, "closing");
}

static int look_confirmed(struct composing *k)
{
	const enum incident_state s = k->incident->state;
	int rc = case_confirmed(k->d, k->ask->incident, &k->confirmed);

	if (!k->confirmed && !case_ended(s) && says_what(k->letter))
		k->c->unconfirmed = s;
	return rc ? fault(k, rc, "%s", oops_text(rc)) : 0;
}

static int open_up(struct composing *k)
{
	const struct contact *c = k->c->contact;
	const struct audience who = { c->id, { c->tlp, c->pap } };
	void *found = NULL;
	int rc = gate_open(&k->gate, k->d, NULL, &who);

	if (rc)
		return fault(k, rc, "%s", oops_text(rc));
	if (k->ask->incident == 0)
		return 0;
	rc = make_release(k);
	if (rc == 0)
		rc = gate_take(k->gate, DESK_incident,
			       &(struct incident){ .number = k->ask->incident }, &found);
	k->incident = found;
	if (rc == 1)
		return look_confirmed(k);
	return rc == -EPERM && k->release && release_good(k->release) &&
	       words_subject(k->release) ? 0 : rc;
}

/* Is there anything in the release that the format has a place for? */
static bool can_say(const struct exchange *e, const struct exchange_write *w)
{
	char why[EXCHANGE_WHY];

	for (size_t i = 0; i < release_count(w->release); i++)
		if (e->omits == NULL || !e->omits(w, release_item(w->release, i), why))
			return true;
	return false;
}

/* The release in a format, as an attachment: left out when the format cannot say it, may not,
 * or makes it too large. */
static int attach(struct composing *k, const char *format, const char *name)
{
	const struct exchange *e = exchange_find(format);
	struct buf *out = &k->c->part[k->c->part_count];
	const struct exchange_write w = { .release = k->release, .at = desk_now(k->d),
		.producer = k->us.name, .contact = k->us.mail,
		.version = VEDETTE_VERSION };
	char why[EXCHANGE_WHY];

	if (e == NULL || e->write == NULL || k->release == NULL ||
	    !marking_allows(release_marking(k->release), e->cap) || !can_say(e, &w))
		return 0;
	out->limit = PART_MAX;
	if (exchange_write(e, out, &w, why) || buf_error(out) || out->len == 0) {
		buf_free(out);
		return 0;
	}
	k->c->parts[k->c->part_count++] = (struct mime_part){ name, "application/json",
		out->at, out->len };
	return 0;
}

/* Evidence packs, behind what says what they are about. */
static int attach_packs(struct composing *k)
{
	int rc = k->release ? compose_packs(&k->c->packs, k->gate, k->release, k->once,
					    (size_t)k->ask->evidence) : 0;

	for (size_t i = 0; i < k->c->packs.count && rc == 0; i++) {
		const struct compose_pack *p = &k->c->packs.at[i];

		if (p->attached.len)
			k->c->parts[k->c->part_count++] = (struct mime_part){ p->name,
				"application/x-tar", p->attached.at, p->attached.len };
	}
	return rc;
}

static int attachments(struct composing *k)
{
	int rc = compose_once(k->release, &k->once);

	if (rc)
		return rc;
	if (k->stance == STANCE_ABUSED)	/* machines block whom it names */
		attach(k, "xarf", "xarf.json");
	if (k->c->part_count == 0)
		attach(k, "jsonl", "items.jsonl");
	return attach_packs(k);
}

static int write_letter(struct composing *k)
{
	const struct words_from from = { k->gate, k->release, k->once, k->incident,
		k->c->contact, k->ask, &k->us, k->c, k->language, k->confirmed };
	struct buf letter = { 0 };
	struct words *words = NULL;
	char why[LETTER_WHY] = "";
	int rc = letter_read(k->ask->letters, k->letter, &k->language, &letter);

	if (rc)
		fault(k, rc, N_("there is no letter '%.60s' that can be read: %s"),
			k->letter, oops_text(rc));
	else if ((rc = words_make(&words, &from)))
		fault(k, rc, "%s", oops_text(rc));
	else if ((rc = letter_fill(letter.at, letter.len, words_data(words), &k->c->title,
				   &k->c->body, why)))
		fault(k, rc, "letter %s/%.60s: %s", k->language, k->letter, why);
	words_free(words);
	buf_free(&letter);
	return rc ? rc : buf_error(&k->c->title) ? buf_error(&k->c->title)
	     : buf_error(&k->c->body);
}

/* ---- as octets ---- */

static int as_mail(struct composing *k)
{
	const struct contact *c = k->c->contact;
	const struct address *a = k->c->address;
	const char *at = strchr(k->us.mail, '@');
	struct marking m = { k->c->notice.tlp, k->c->notice.pap };
	char id[320], label[MARKING_TEXT_MAX];
	int rc;

	snprintf(id, sizeof id, "%s%.200s", k->c->key, at ? at : "");
	rc = mime_write(&k->c->message, &(struct mime_mail){ .from = k->us.mail,
		.from_name = k->us.name, .to = a->value, .to_name = c->name,
		.title = buf_str(&k->c->title), .body = buf_str(&k->c->body), .id = id,
		.label = marking_text(m, label), .at = desk_now(k->d),
		.parts = k->c->parts, .part_count = k->c->part_count });
	return rc ? fault(k, rc, N_("the message cannot be written: an address or a name in it "
		"is not fit for a header")) : 0;
}

/* What a mail has attached, and the packs that it only names. */
static json_t *files(const struct composing *k)
{
	json_t *all = json_array();
	char hash[65];

	for (size_t i = 0; i < k->c->part_count; i++) {
		const struct mime_part *p = &k->c->parts[i];
		struct buf text = { 0 };

		mime_base64(&text, p->octets, p->n);
		json_array_append_new(all, json_pack("{s:s, s:s, s:s, s:s}", "name", p->name,
			"media", p->media, "sha256", mime_sha256(p->octets, p->n, hash),
			"base64", buf_str(&text)));
		buf_free(&text);
	}
	for (size_t i = 0; i < k->c->packs.count; i++)
		if (k->c->packs.at[i].attached.len == 0)
			json_array_append_new(all, json_pack("{s:s, s:s, s:I}", "name",
				k->c->packs.at[i].name, "sha256", k->c->packs.at[i].sha256,
				"octets", (json_int_t)k->c->packs.at[i].octets));
	return all;
}

static int as_json(struct composing *k)
{
	char ticket[32], label[MARKING_TEXT_MAX];
	json_t *items = json_array(), *all;
	char *text;

	for (size_t i = 0; k->release && i < release_count(k->release); i++) {
		struct buf one = { 0 };

		item_json(&one, release_item(k->release, i));
		json_array_append_new(items, json_loads(buf_str(&one), 0, NULL));
		buf_free(&one);
	}
	all = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "key", k->c->key, "ticket",
		k->ask->incident ? compose_ticket(k->ask->incident, ticket) : "", "letter",
		k->letter, "label", marking_text((struct marking){ k->c->notice.tlp,
		k->c->notice.pap }, label), "from", k->us.name ? k->us.name : "",
		"title", buf_str(&k->c->title), "text", buf_str(&k->c->body), "items", items,
		"files", files(k));
	text = all ? json_dumps(all, JSON_COMPACT) : NULL;
	json_decref(all);
	buf_text(&k->c->message, text ? text : "");
	free(text);
	return text ? buf_error(&k->c->message) : fault(k, -ENOMEM, N_("no memory is "
		"left"));
}

static int finish(struct composing *k)
{
	const struct contact *c = k->c->contact;
	const struct address *a = k->c->address;
	struct marking m = k->release ? release_marking(k->release) : (struct marking){ 0 };
	struct notice *n = &k->c->notice;
	int rc = notice_next(k->d, &n->number);

	if (rc)
		return fault(k, rc, "%s", desk_error(k->d));
	if (k->ask->key)
		snprintf(k->c->key, sizeof k->c->key, "%s", k->ask->key);
	else
		notice_key(k->c->key);
	n->key = k->c->key;
	n->incident = k->ask->incident;
	n->contact = c->id;
	n->channel = a->channel;
	n->value = a->value;
	n->letter = k->letter;
	n->language = k->language;
	n->title = buf_str(&k->c->title);
	n->basis = k->ask->basis;
	n->tlp = m.tlp;
	n->pap = m.pap;
	return a->channel == CHANNEL_MAIL ? as_mail(k) : as_json(k);
}

int compose(struct composed *ret, struct desk *d, const struct compose_ask *ask,
	    char why[COMPOSE_WHY])
{
	struct composing k = { .c = ret, .d = d, .ask = ask, .letter = ask->letter,
		.why = why };
	int rc;

	*ret = (struct composed){ .unconfirmed = INCIDENT_STATE_COUNT };
	why[0] = 0;
	if ((rc = find_contact(&k)) == 0)
		rc = find_sender(&k);
	if (rc == 0) {
		const struct contact *to = k.c->contact;

		k.language = ask->language ? ask->language : letter_language(to->languages);
		rc = open_up(&k);
	}
	if (rc == 0)
		rc = fit_letter(&k);
	if (rc == 0)
		rc = attachments(&k);
	if (rc == 0)
		rc = write_letter(&k);
	if (rc == 0)
		rc = finish(&k);
	if (rc && why[0] == 0)
		fault(&k, rc, "%s", desk_error(d)[0] ? desk_error(d) : oops_text(rc));
	release_free(k.release);
	gate_close(k.gate);
	free(k.once);
	free(k.incident);
	return rc;
}

void composed_free(struct composed *c)
{
	buf_free(&c->title);
	buf_free(&c->body);
	buf_free(&c->message);
	for (unsigned i = 0; i < COUNT(c->part); i++)
		buf_free(&c->part[i]);
	compose_packs_free(&c->packs);
	free(c->contact);
	free(c->address);
	*c = (struct composed){ 0 };
}
