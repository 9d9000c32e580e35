/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_misp_object.c - what a part of a MISP event says in the terms of items.
 *
 * An attribute for detection (to_ids) is an indicator, another an observation; of a composite
 * one ("domain|ip", "filename|sha256") each part that can be a subject. A comment's
 * first line is the title. Tags of the taxonomies tlp and PAP are labels, of rsit an abuse,
 * misp:confidence-level the confidence; all others stay tags. Not said: confidence 50. */
#include "share/exchange_misp.h"
#include "base/stamp.h"
#include <strings.h>

void misp_room_free(struct misp_room *room)
{
	buf_free(&room->id);
	buf_free(&room->tags);
	buf_free(&room->title);
	buf_free(&room->text);
	buf_free(&room->subject);
}

/* ---- types ---- */

static const struct { const char *type; enum subject_kind kind; unsigned rank; } types[] = {
	{ "domain", SUBJECT_DOMAIN, 0 }, { "hostname", SUBJECT_DOMAIN, 0 },
	{ "ip-dst", SUBJECT_ADDRESS, 0 }, { "ip-src", SUBJECT_ADDRESS, 0 },
	{ "ip", SUBJECT_ADDRESS, 0 }, { "url", SUBJECT_URL, 0 }, { "AS", SUBJECT_AS, 0 },
	{ "email", SUBJECT_EMAIL, 0 }, { "email-src", SUBJECT_EMAIL, 0 },
	{ "email-dst", SUBJECT_EMAIL, 0 }, { "email-reply-to", SUBJECT_EMAIL, 0 },
	{ "dns-soa-email", SUBJECT_EMAIL, 0 }, { "md5", SUBJECT_HASH, 1 },
	{ "sha1", SUBJECT_HASH, 2 }, { "sha512", SUBJECT_HASH, 3 },
	{ "sha256", SUBJECT_HASH, 4 },
};

static int type_of(const char *type, size_t n)
{
	for (size_t k = 0; k < COUNT(types); k++)
		if (strlen(types[k].type) == n && strncmp(types[k].type, type, n) == 0)
			return (int)k;
	return -1;
}

unsigned misp_hash_rank(const char *type)
{
	int k = type_of(type, strlen(type));

	return k < 0 ? 0 : types[k].rank;
}

static bool is_hash(const char *text)
{
	size_t n = strlen(text);

	return (n == 32 || n == 40 || n == 64 || n == 128) &&
	       strspn(text, "0123456789abcdefABCDEF") == n;
}

static bool is_as(const char *text)
{
	size_t n = strspn(text, "0123456789");

	return n && n <= 10 && text[n] == 0;
}

/* The kind of a text whose type says `kind`, or SUBJECT_OTHER when it has not its form. */
static enum subject_kind sound(enum subject_kind kind, const char *text)
{
	enum subject_kind looks = subject_kind_of(text);

	switch (kind) {
	case SUBJECT_ADDRESS:
		return looks == SUBJECT_PREFIX || looks == SUBJECT_ADDRESS ? looks : SUBJECT_OTHER;
	case SUBJECT_URL:	/* many write a bare name or address there */
		return looks == SUBJECT_DOMAIN || looks == SUBJECT_ADDRESS || looks == kind
			? looks : SUBJECT_OTHER;
	case SUBJECT_HASH:
		return is_hash(text) ? kind : SUBJECT_OTHER;
	case SUBJECT_AS:
		return is_as(text + 2 * (strncmp(text, "AS", 2) == 0)) ? kind : SUBJECT_OTHER;
	default:
		return looks == kind ? kind : SUBJECT_OTHER;
	}
}

struct misp_value misp_value(enum subject_kind kind, const char *subject)
{
	static const char *const network = "Network activity", *const mail = "Payload delivery";
	const char *s = subject && subject[0] ? subject : "-";
	enum subject_kind looks = subject_kind_of(s);

	if ((kind == SUBJECT_DOMAIN || kind == SUBJECT_ZONE) && looks == SUBJECT_DOMAIN)
		return (struct misp_value){ "domain", network, s };
	if (kind == SUBJECT_CLIENT && looks == SUBJECT_ADDRESS)
		return (struct misp_value){ "ip-src", network, s };
	if (((kind == SUBJECT_ADDRESS || kind == SUBJECT_SERVER) && looks == SUBJECT_ADDRESS) ||
	    (kind == SUBJECT_PREFIX && looks == SUBJECT_PREFIX))
		return (struct misp_value){ "ip-dst", network, s };
	if (kind == SUBJECT_URL && looks == SUBJECT_URL)
		return (struct misp_value){ "url", network, s };
	if (kind == SUBJECT_AS && strncmp(s, "AS", 2) == 0 && is_as(s + 2))
		return (struct misp_value){ "AS", network, s };
	if (kind == SUBJECT_EMAIL && looks == SUBJECT_EMAIL)
		return (struct misp_value){ "email", mail, s };
	if (kind == SUBJECT_HASH && is_hash(s))
		return (struct misp_value){ strlen(s) == 32 ? "md5" : strlen(s) == 40 ? "sha1"
			: strlen(s) == 64 ? "sha256" : "sha512", mail, s };
	return (struct misp_value){ "other", "Other", s };
}

/* ---- tags ---- */

static const struct { const char *tag; enum abuse abuse; } abuses[] = {
	{ "rsit:fraud=\"phishing\"", ABUSE_PHISHING },
	{ "rsit:malicious-code=\"malware-distribution\"", ABUSE_MALWARE },
	{ "rsit:malicious-code=\"infected-system\"", ABUSE_MALWARE },
	{ "rsit:malicious-code=\"c2-server\"", ABUSE_BOTNET },
	{ "rsit:abusive-content=\"spam\"", ABUSE_SPAM },
};
static const struct { const char *tag; u64 confidence; } levels[] = {
	{ "misp:confidence-level=\"completely-confident\"", 100 },
	{ "misp:confidence-level=\"usually-confident\"", 75 },
	{ "misp:confidence-level=\"fairly-confident\"", 50 },
	{ "misp:confidence-level=\"rarely-confident\"", 25 },
	{ "misp:confidence-level=\"unconfident\"", 0 },
};

static bool is_label(const char *tag)
{
	return strncasecmp(tag, "tlp:", 4) == 0 || strncasecmp(tag, "pap:", 4) == 0;
}

struct misp_label misp_label(json_t *tags)
{
	struct misp_label l = { -1, -1, NULL };

	for (size_t k = 0; k < json_array_size(tags); k++) {
		const char *tag = rest_text(json_array_get(tags, k), "name");
		bool tlp = strncasecmp(tag, "tlp:", 4) == 0;
		int n = tlp ? label_parse(tag) : pap_parse(tag);

		if (!is_label(tag))
			continue;
		if (n < 0)
			l.odd = l.odd ? l.odd : tag;
		else if (tlp)
			l.tlp = n > l.tlp ? n : l.tlp;
		else
			l.pap = n > l.pap ? n : l.pap;
	}
	if (l.odd) {
		l.tlp = LABEL_RED;
		l.pap = PAP_RED;
	}
	return l;
}

static enum abuse abuse_of(const char *tag)
{
	for (size_t k = 0; k < COUNT(abuses); k++)
		if (strcasecmp(abuses[k].tag, tag) == 0)
			return abuses[k].abuse;
	return ABUSE_NONE;
}

void misp_tags(struct buf *to, json_t *tags)
{
	for (size_t k = 0; k < json_array_size(tags); k++) {
		const char *tag = rest_text(json_array_get(tags, k), "name");

		if (!is_label(tag) && !abuse_of(tag))
			rest_line(to, tag);
	}
}

static void take_tags(struct misp_take *t, struct item *i)
{
	json_t *tags = json_object_get(t->of, "Tag");

	i->confidence = 50;
	for (size_t k = 0; k < json_array_size(tags); k++) {
		const char *tag = rest_text(json_array_get(tags, k), "name");

		if (i->abuse == ABUSE_NONE)
			i->abuse = (u8)abuse_of(tag);
		for (size_t l = 0; l < COUNT(levels); l++)
			if (strcasecmp(levels[l].tag, tag) == 0)
				i->confidence = levels[l].confidence;
	}
	buf_clear(&t->room->tags);
	misp_tags(&t->room->tags, tags);
	rest_more(&t->room->tags, t->near->tags);
	i->tags = buf_str(&t->room->tags);
}

/* ---- parts ---- */

static void take_near(struct misp_take *t, struct item *i)
{
	const struct misp_near *n = t->near;

	i->source = n->source ? n->source : "";
	i->parent = n->parent ? n->parent : "";
	i->severity = n->severity;
	i->tlp = n->marking.tlp;
	i->pap = n->marking.pap;
	i->created = i->modified = rest_stamp(t->of, "timestamp");
	i->subject = i->title = i->text = i->rule = i->references = i->evidence = "";
	take_tags(t, i);
}

/* The first line is the title, if it is not too long for one. */
static void take_comment(struct misp_take *t, struct item *i)
{
	const char *comment = rest_text(t->of, "comment");
	size_t n;

	if (comment[0] == 0 && t->near->comment)
		comment = t->near->comment;
	n = strcspn(comment, "\n");
	buf_clear(&t->room->title);
	if (n <= 250) {
		buf_add(&t->room->title, comment, n);
		i->title = buf_str(&t->room->title);
		comment += n + (comment[n] == '\n');
	}
	i->text = rest_cut(&t->room->text, comment);
}

static int give(struct misp_take *t, struct item *i)
{
	char id[65];

	if (t->count++ == 0) {
		i->id = rest_text(t->of, "uuid");
		if (i->id[0] == 0)
			item_identify(i, id);
	} else {
		buf_clear(&t->room->id);
		buf_fmt(&t->room->id, "%.100s#%u", rest_text(t->of, "uuid"), t->count);
		i->id = buf_str(&t->room->id);
	}
	return t->fn(t->to, i);
}

void misp_links(struct buf *to, json_t *event)
{
	json_t *all = json_object_get(event, "Attribute"), *a;
	size_t k;

	json_array_foreach(all, k, a)
		if (strcmp(rest_text(a, "type"), "link") == 0)
			rest_line(to, rest_text(a, "value"));
}

json_t *misp_comment(json_t *event)
{
	json_t *all = json_object_get(event, "Attribute"), *a;
	size_t k;

	json_array_foreach(all, k, a)
		if (strcmp(rest_text(a, "type"), "comment") == 0)
			return a;
	return NULL;
}

int misp_event(struct misp_take *t)
{
	static const enum severity threats[] = { SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_MEDIUM,
		SEVERITY_LOW, SEVERITY_MEDIUM };
	json_t *level = json_object_get(t->of, "threat_level_id");
	const char *text = json_string_value(level);
	json_int_t n = text ? text[0] - '0' : json_integer_value(level);
	struct item i = { .kind = ITEM_REPORT };

	take_near(t, &i);
	i.title = rest_cut(&t->room->title, rest_text(t->of, "info"));
	i.text = rest_cut(&t->room->text, rest_text(misp_comment(t->of), "value"));
	i.references = t->near->references ? t->near->references : "";
	i.severity = threats[n > 0 && n < (json_int_t)COUNT(threats) ? n : 0];
	i.created = rest_stamp(t->of, "date");
	if (i.created == 0)
		i.created = i.modified;
	return give(t, &i);
}

int misp_report(struct misp_take *t)
{
	struct item i = { .kind = ITEM_NOTE };

	take_near(t, &i);
	i.title = rest_cut(&t->room->title, rest_text(t->of, "name"));
	i.text = rest_cut(&t->room->text, rest_text(t->of, "content"));
	return give(t, &i);
}

static void take_seen(struct misp_take *t, struct item *i)
{
	json_t *all = json_object_get(t->of, "Sighting");

	i->first_seen = rest_stamp(t->of, "first_seen");
	i->last_seen = rest_stamp(t->of, "last_seen");
	for (size_t k = 0; k < json_array_size(all); k++) {
		json_t *one = json_array_get(all, k), *type = json_object_get(one, "type");

		/* 1 is a false positive, 2 an expiration */
		if (strcmp(rest_text(one, "type"), "0") == 0 ||
		    (json_is_integer(type) && json_integer_value(type) == 0))
			i->sightings++;
	}
}

/* One part of a value, of n octets. */
static int take_part(struct misp_take *t, struct item *i, int type, const char *text, size_t n)
{
	enum subject_kind kind = type < 0 ? SUBJECT_OTHER : types[type].kind;
	bool bare = kind == SUBJECT_AS && n && text[0] >= '0' && text[0] <= '9';

	if (n > FIELD_WORDS_MAX) {
		t->why = N_("a value that is too long");
		return 0;
	}
	buf_clear(&t->room->subject);
	if (bare)
		buf_text(&t->room->subject, "AS");
	buf_add(&t->room->subject, text, n);
	i->subject = buf_str(&t->room->subject);
	i->subject_kind = (u8)sound(kind, i->subject);
	if (i->subject_kind == SUBJECT_OTHER && !t->lax) {
		t->why = N_("a value that has not the form of its type");
		return 0;
	}
	return give(t, i);
}

int misp_attribute(struct misp_take *t)
{
	const char *type = rest_text(t->of, "type"), *value = rest_text(t->of, "value");
	struct item i = { .kind = ITEM_OBSERVATION };
	json_t *to_ids = json_object_get(t->of, "to_ids");
	int rc = 0, known;

	t->why = NULL;
	if (json_is_true(to_ids) || json_integer_value(to_ids) == 1 ||
	    strcmp(rest_text(t->of, "to_ids"), "1") == 0)
		i.kind = ITEM_INDICATOR;
	take_near(t, &i);
	take_comment(t, &i);
	take_seen(t, &i);
	if (strcmp(type, "malware-sample") == 0)
		type = "filename|md5";
	while (*type && rc == 0) {
		size_t n = strcspn(type, "|"), m = type[n] ? strcspn(value, "|") : strlen(value);

		known = type_of(type, n);
		if (known >= 0 || t->lax)
			rc = take_part(t, &i, known, value, m);
		type += n + (type[n] == '|');
		value += m + (value[m] == '|');
	}
	return rc;
}
