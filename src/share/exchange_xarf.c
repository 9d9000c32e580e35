/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_xarf.c - abuse reports in XARF version 4 (xarf.org): what abuse desks of
 * registrars, hosters and access providers take. One report is one object, several are an
 * array.
 *
 *   item                          report
 *   abuse, subject_kind     <->   category, type, and what that type must have (types[])
 *   subject                 <->   source_identifier; url and domain of content
 *   source                  <->   reporter.org <reporter.contact>
 *   title, text             <->   description
 *   created                 <->   timestamp
 *   tlp, pap, severity      <->   tags "tlp:amber", "pap:green", "severity:high"
 *   what is left            <->   an object "vedette", which the schema lets us add
 *
 * Who writes is the sender, who says so the reporter. A reporter without an address is at
 * reporter.invalid (RFC 2606), because the format wants one. Incidents, notes and what shall
 * pass are no reports and are left out. report_id is made from the item's id.
 *
 * Read are versions 4 and 3. A report that lacks what its type must have is told, marked
 * "incomplete" and believed less; without a source it is none. */
#include "share/overblock.h"
#include "share/rest.h"
#include <openssl/evp.h>
#include "base/stamp.h"
#include "model/digest.h"
#include "model/remark.h"

#define REPORTS_MAX 100000u
#define SAMPLE_MAX 65536u
#define EVIDENCE_MAX 50u	/* of one report (the schema's maxItems) */
#define TAGS_MAX 20u
#define DESCRIPTION_MAX 1000u	/* characters */
#define NOBODY "unknown@reporter.invalid"

/* Which type tells what; the first that fits. `needs`: what the type must have besides. */
static const struct type {
	u8 abuse;
	const char *kinds;	/* of subjects: letters of kind_letter() */
	const char *category, *type;
} types[] = {
	{ ABUSE_PHISHING, "du", "content", "phishing" },
	{ ABUSE_MALWARE, "du", "content", "malware" },
	{ ABUSE_BOTNET, "dua", "infrastructure", "botnet" },
	{ ABUSE_SPAM, "e", "messaging", "spam" },
	{ ABUSE_COUNT, "", "reputation", "threat_intelligence" },
};

static const struct { const char *category, *type; u8 abuse; } meanings[] = {
	{ "content", "phishing", ABUSE_PHISHING }, { "content", "malware", ABUSE_MALWARE },
	{ "content", "remote_compromise", ABUSE_MALWARE },
	{ "content", "fraud", ABUSE_PHISHING },
	{ "infrastructure", "", ABUSE_BOTNET }, { "connection", "infected_host", ABUSE_BOTNET },
	{ "connection", "bot", ABUSE_BOTNET }, { "messaging", "phishing", ABUSE_PHISHING },
	{ "messaging", "", ABUSE_SPAM }, { "", "phishing", ABUSE_PHISHING },
	{ "", "malware", ABUSE_MALWARE }, { "", "botnet", ABUSE_BOTNET },
	{ "", "spam", ABUSE_SPAM }, { "", "pharming", ABUSE_PHARMING },
};

/* What reports of a category must have (each type's schema). */
static const struct { const char *category, *member; } needs[] = {
	{ "content", "url" }, { "messaging", "protocol" }, { "connection", "protocol" },
	{ "vulnerability", "service" }, { "reputation", "threat_type" },
};

static char kind_letter(u8 kind)
{
	switch (kind) {
	case SUBJECT_URL: return 'u';
	case SUBJECT_DOMAIN: case SUBJECT_ZONE: return 'd';
	case SUBJECT_ADDRESS: case SUBJECT_SERVER: case SUBJECT_CLIENT: return 'a';
	case SUBJECT_EMAIL: return 'e';
	default: return '-';
	}
}

/* ---- reading ---- */

struct room { struct buf subject, source, tags, text, title, evidence; };

static void room_free(struct room *r)
{
	buf_free(&r->subject);
	buf_free(&r->source);
	buf_free(&r->tags);
	buf_free(&r->text);
	buf_free(&r->title);
	buf_free(&r->evidence);
}

static bool starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static void take_tags(struct item *i, json_t *tags, struct room *room)
{
	json_t *tag;
	size_t k;

	json_array_foreach(tags, k, tag) {
		const char *text = json_string_value(tag);
		int n = OOPS_UNKNOWN;

		if (text == NULL)
			continue;
		if (starts(text, "tlp:") && (n = label_parse(text)) >= 0)
			i->tlp = (u8)n;
		else if (starts(text, "pap:") && (n = pap_parse(text)) >= 0)
			i->pap = (u8)n;
		else if (starts(text, "severity:") && (n = severity_parse(text + 9)) >= 0)
			i->severity = (enum severity)n;
		if (n < 0)
			rest_line(&room->tags, text);
	}
	i->tags = buf_str(&room->tags);
}

/* Base64 (RFC 4648, 4) into its digest: false when it is none. */
static bool digest_base64(const char *text, char hex[DIGEST_TEXT])
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				       "0123456789+/";
	struct digest d;
	u8 out[3 * 256], hash[DIGEST_OCTETS];
	size_t n = 0, bits = 0;
	u32 held = 0;
	bool good = true;

	digest_init(&d);
	for (; *text && *text != '='; text++) {
		const char *at = strchr(alphabet, *text);

		if (*text == '\n' || *text == '\r')
			continue;
		if (at == NULL) {
			good = false;
			break;
		}
		held = held << 6 | (u32)(at - alphabet);
		if ((bits += 6) < 8)
			continue;
		out[n++] = (u8)(held >> (bits -= 8));
		if (n == sizeof out) {
			digest_add(&d, out, n);
			n = 0;
		}
	}
	digest_add(&d, out, n);
	digest_end(&d, hash);
	hex_text(hash, sizeof hash, hex);
	return good;
}

static void digest_plain(const char *text, char hex[DIGEST_TEXT])
{
	struct digest d;
	u8 hash[DIGEST_OCTETS];

	digest_init(&d);
	digest_add(&d, text, strlen(text));
	digest_end(&d, hash);
	hex_text(hash, sizeof hash, hex);
}

/* A mail, or its headers: not a picture of it. */
static bool is_message(const char *type)
{
	return strncasecmp(type, "message/", 8) == 0 ||
	       strncasecmp(type, "text/rfc822-headers", 19) == 0;
}

/* A member as version 4 calls it, or as version 3 does. */
static const char *either(json_t *o, const char *four, const char *three)
{
	return rest_text(o, four)[0] ? rest_text(o, four) : rest_text(o, three);
}

/* The octets are the desk's (respond/inbox.h); a tag says that a message is among them. */
static void take_evidence(struct item *i, json_t *list, struct room *room)
{
	char hex[DIGEST_TEXT];
	bool message = false;
	json_t *one;
	size_t k;

	json_array_foreach(list, k, one) {
		const char *payload = either(one, "payload", "Payload");
		bool plain = json_is_false(json_object_get(one, "Base64Encoded"));

		if (k >= EVIDENCE_MAX || !payload[0])
			continue;
		if (plain)
			digest_plain(payload, hex);
		else if (!digest_base64(payload, hex))
			continue;
		rest_line(&room->evidence, hex);
		message |= is_message(either(one, "content_type", "ContentType"));
	}
	if (message)
		rest_line(&room->tags, "evidence:message");
	i->tags = buf_str(&room->tags);
	i->evidence = buf_str(&room->evidence);
}

static u8 abuse_of(const char *category, const char *type, const char *threat)
{
	for (size_t k = 0; k < COUNT(meanings); k++) {
		if (meanings[k].category[0] && strcmp(meanings[k].category, category))
			continue;
		if (meanings[k].type[0] && strcmp(meanings[k].type, type) &&
		    strcmp(meanings[k].type, threat))
			continue;
		return meanings[k].abuse;
	}
	return ABUSE_NONE;
}

static void take_subject(struct item *i, const char *text, struct room *room)
{
	subject_clean(&room->subject, text, strlen(text));
	i->subject = buf_str(&room->subject);
	i->subject_kind = (u8)subject_kind_of(i->subject);
}

/* "title\n\ntext", or one line. */
static void take_description(struct item *i, const char *text, struct room *room)
{
	const char *gap = strstr(text, "\n\n");

	if (gap && !memchr(text, '\n', (size_t)(gap - text))) {
		buf_add(&room->title, text, (size_t)(gap - text));
		buf_text(&room->text, gap + 2);
	} else {
		buf_text(&room->text, text);
	}
	i->title = rest_cut(&room->title, buf_str(&room->title));
	i->text = buf_str(&room->text);
}

/* Beside a URL or name the address where it is: who routes the report looks for it there. */
static void take_address(const char *url, const char *address, struct room *room)
{
	char host[SUBJECT_HOST_MAX];

	if (url[0] && subject_kind_of(address) == SUBJECT_ADDRESS &&
	    strlen(address) < REMARK_ADDRESS_MAX &&
	    strcmp(subject_host(url, host), address)) {
		buf_fmt(&room->text, REMARK_ADDRESS, address);
		buf_byte(&room->text, '\n');
	}
}

static const char *source_of(json_t *who, const char *org, const char *contact,
			     struct room *room)
{
	org = rest_text(who, org);
	contact = rest_text(who, contact);
	buf_text(&room->source, org);
	if (contact[0] && strcmp(contact, NOBODY))
		buf_fmt(&room->source, "%s<%.300s>", org[0] ? " " : "", contact);
	return buf_str(&room->source);
}

static const char *missing(json_t *o, const char *category)
{
	static const char *const always[] = { "report_id", "timestamp", "reporter", "category",
					      "type", "source_identifier" };

	for (size_t k = 0; k < COUNT(always); k++)
		if (json_object_get(o, always[k]) == NULL)
			return always[k];
	for (size_t k = 0; k < COUNT(needs); k++)
		if (strcmp(needs[k].category, category) == 0 &&
		    json_object_get(o, needs[k].member) == NULL)
			return needs[k].member;
	return NULL;
}

/* A report of version 4 as anybody would read it: what it lacks, or NULL. */
static const char *read_four(struct item *i, json_t *o, struct room *room)
{
	const char *category = rest_text(o, "category"), *type = rest_text(o, "type");
	const char *url = rest_text(o, "url"), *lacks = missing(o, category);
	json_t *confidence = json_object_get(o, "confidence");
	double sure = json_is_number(confidence) ? json_number_value(confidence) : 0.5;

	i->kind = ITEM_REPORT;
	i->severity = SEVERITY_MEDIUM;
	i->confidence = sure >= 0 && sure <= 1 ? (u64)(sure * 100 + 0.5) : 0;
	i->id = rest_text(o, "report_id");
	i->abuse = abuse_of(category, type, rest_text(o, "threat_type"));
	i->created = i->modified = rest_stamp(o, "timestamp");
	i->first_seen = rest_stamp(o, "first_seen");
	i->last_seen = rest_stamp(o, "last_seen");
	i->source = source_of(json_object_get(o, "reporter"), "org", "contact", room);
	take_address(url, rest_text(o, "source_identifier"), room);
	take_description(i, rest_text(o, "description"), room);
	take_subject(i, url[0] ? url : rest_text(o, "source_identifier"), room);
	take_tags(i, json_object_get(o, "tags"), room);
	take_evidence(i, json_object_get(o, "evidence"), room);
	return lacks;
}

static const char *first_text(json_t *o, const char *const *keys)
{
	for (; *keys; keys++)
		if (rest_text(o, *keys)[0])
			return rest_text(o, *keys);
	return "";
}

static const char *read_three(struct item *i, json_t *o, struct room *room)
{
	static const char *const places[] = { "SourceUrl", "Url", "URL", "SourceIp", "SourceIP",
		"IP", "Value", "SourceValue", "Domain", NULL };
	json_t *report = json_object_get(o, "Report"), *source;
	json_t *who = json_object_get(o, "ReporterInfo");
	const char *place, *says;

	source = json_object_get(report, "Source");
	place = first_text(report, places);
	if (place[0] == 0)
		place = json_is_string(source) ? json_string_value(source)
			: first_text(source, places);
	i->kind = ITEM_REPORT;
	i->severity = SEVERITY_MEDIUM;
	i->confidence = 50;
	i->abuse = abuse_of("", rest_text(report, "ReportType"), "");
	for (size_t k = 0; i->abuse == ABUSE_NONE && k < ABUSE_COUNT; k++)
		if (k && strcasestr(rest_text(report, "ReportType"), abuse_names[k]))
			i->abuse = (u8)k;
	i->created = i->modified = rest_stamp(report, "Date");
	i->first_seen = rest_stamp(report, "FirstSeen");
	i->first_seen = i->first_seen ? i->first_seen : rest_stamp(report, "StartDate");
	i->last_seen = rest_stamp(report, "EndDate");
	i->source = source_of(who, "ReporterOrg", rest_text(who, "ReporterContactEmail")[0]
			      ? "ReporterContactEmail" : "ReporterOrgEmail", room);
	says = either(report, "AdditionalInfo", "AttackDescription");
	if (subject_kind_of(place) != SUBJECT_ADDRESS)
		take_address(place, either(report, "SourceIp", "SourceIP"), room);
	take_description(i, says[0] ? says : rest_text(report, "SmtpMessageSubject"), room);
	take_subject(i, place, room);
	take_evidence(i, json_object_get(report, "Samples"), room);
	i->id = "";
	if (json_is_false(json_object_get(o, "Disclosure")))
		i->tlp = LABEL_AMBER_STRICT;
	return i->created ? NULL : "Date";
}

static int read_one(const struct exchange_read *r, json_t *o, size_t number)
{
	struct marking unmarked = rest_unmarked(NULL);
	struct item i = { .tlp = unmarked.tlp, .pap = unmarked.pap };
	struct room room = { 0 };
	char where[40], why[FIELD_WHY + 60], id[65];
	const char *lacks;
	int rc = 0;

	lacks = json_object_get(o, "ReporterInfo") ? read_three(&i, o, &room)
		: read_four(&i, o, &room);
	snprintf(where, sizeof where, "report %zu", number + 1);
	if (lacks) {
		snprintf(why, sizeof why, N_("it lacks %s"), lacks);
		r->trouble(r->to, where, why);
		rest_line(&room.tags, "incomplete");
		i.tags = buf_str(&room.tags);
		i.confidence = min_u64(i.confidence, 30);
	}
	why[0] = 0;
	if (json_object_get(o, "vedette") == NULL)	/* a stranger's: when it was seen */
		i.first_seen = i.first_seen ? i.first_seen : i.created;
	else if (rest_take(&i, json_object_get(o, "vedette"), NULL, why))
		r->trouble(r->to, where, why);
	if (i.id == NULL || i.id[0] == 0)
		item_identify(&i, id);
	if (i.subject == NULL || i.subject[0] == 0)
		r->trouble(r->to, where, N_("no source that we could name"));
	else
		rc = r->item(r->to, &i);
	room_free(&room);
	return rc;
}

static int xarf_read(const struct exchange_read *r, char why[EXCHANGE_WHY])
{
	json_t *root = rest_load(r->octets, r->n, why);
	size_t count = json_is_array(root) ? json_array_size(root) : 1;
	int rc = 0;

	if (root == NULL)
		return OOPS_FORMAT;
	for (size_t k = 0; k < count && rc == 0; k++) {
		json_t *one = json_is_array(root) ? json_array_get(root, k) : root;
		char where[40];

		snprintf(where, sizeof where, "report %zu", k + 1);
		if (k >= REPORTS_MAX) {
			r->trouble(r->to, where, N_("too many reports in one document"));
			break;
		}
		if (json_is_object(one))
			rc = read_one(r, one, k);
		else
			r->trouble(r->to, where, N_("not an object"));
	}
	json_decref(root);
	return rc;
}

/* ---- writing ---- */

static bool xarf_omits(const struct exchange_write *w, const struct item *i,
		       char why[EXCHANGE_WHY])
{
	(void)w;
	why[0] = 0;
	if (i->kind == ITEM_INCIDENT || i->kind == ITEM_NOTE)
		snprintf(why, EXCHANGE_WHY, N_("%s: not a report of abuse"),
			item_kinds[i->kind]);
	else if (i->action == ACTION_PASSTHRU)
		snprintf(why, EXCHANGE_WHY, N_("it shall pass, so it is no abuse"));
	else if (i->subject == NULL || i->subject[0] == 0)
		snprintf(why, EXCHANGE_WHY, N_("it is about nothing that has a name"));
	return why[0] != 0;
}

/* A UUID as version 4 has them, the same for the same id. */
static void put_uuid(json_t *o, const char *id)
{
	u8 hash[DIGEST_OCTETS];
	char hex[DIGEST_TEXT], text[37];
	struct digest d;

	digest_init(&d);
	digest_text(&d, "XARF report_id");
	digest_text(&d, id ? id : "");
	digest_end(&d, hash);
	hash[6] = (u8)((hash[6] & 0x0f) | 0x40);	/* RFC 9562, 4.1, 4.2 */
	hash[8] = (u8)((hash[8] & 0x3f) | 0x80);
	hex_text(hash, 16, hex);
	snprintf(text, sizeof text, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
		 hex + 16, hex + 20);
	rest_put(o, "report_id", text);
}

static void put_stamp(json_t *o, const char *key, u64 ns)
{
	char text[STAMP_TEXT_MAX];

	if (ns || strcmp(key, "timestamp") == 0)
		rest_put(o, key, stamp_text(ns, ns % STAMP_NS ? 9 : 0, text));
}

static void put_contact(json_t *o, const char *key, const char *org, const char *contact)
{
	const char *at = contact ? strrchr(contact, '@') : NULL;
	char cut[201];
	json_t *who = json_object();

	if (at == NULL || subject_kind_of(contact) != SUBJECT_EMAIL)
		contact = NOBODY;
	snprintf(cut, sizeof cut, "%s", org);
	rest_put(who, "org", cut);
	rest_put(who, "contact", contact);
	rest_put(who, "domain", strrchr(contact, '@') + 1);
	json_object_set_new(o, key, who);
}

/* "namespace:predicate" of the schema. */
static bool is_tag(const char *text, size_t n)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	static const char more[] = "abcdefghijklmnopqrstuvwxyz0123456789_+-";
	const char *colon = memchr(text, ':', n);
	size_t m = colon ? (size_t)(colon - text) : 0;

	if (m == 0 || m + 1 == n || !strchr(first, text[0]) || !strchr(first, text[m + 1]))
		return false;
	return strspn(text, more) == m &&
	       strspn(text + m + 1, "abcdefghijklmnopqrstuvwxyz0123456789_+-.") >= n - m - 1;
}

static void put_tags(json_t *o, const struct item *i)
{
	json_t *tags = json_array();
	const char *p = i->tags ? i->tags : "";
	const char *const own[] = { label_text(i->tlp), pap_text(i->pap) };
	char text[64];

	for (size_t k = 0; k < COUNT(own); k++) {
		snprintf(text, sizeof text, "%s", own[k]);
		for (char *c = text; *c; c++)
			*c = (char)(*c >= 'A' && *c <= 'Z' ? *c | 32 : *c);
		json_array_append_new(tags, rest_string(text));
	}
	snprintf(text, sizeof text, "severity:%s", severity_name(i->severity));
	json_array_append_new(tags, rest_string(text));
	for (size_t n; *p; p += n + (p[n] == '\n')) {
		n = strcspn(p, "\n");
		if (n < 200 && json_array_size(tags) < TAGS_MAX && is_tag(p, n))
			json_array_append_new(tags, json_stringn(p, n));
	}
	json_object_set_new(o, "tags", tags);
}

/* The first characters of a text, whole ones. */
static void put_description(json_t *o, const struct item *i)
{
	struct buf text = { 0 };
	size_t n = 0, characters = 0;

	if (i->title && i->title[0])
		buf_fmt(&text, "%s%s", i->title, i->text && i->text[0] ? "\n\n" : "");
	buf_text(&text, i->text ? i->text : "");
	for (; n < text.len; n++)
		if (((u8)text.at[n] & 0xc0) != 0x80 && characters++ == DESCRIPTION_MAX)
			break;
	if (n)
		text.at[n] = 0;
	if (n)
		rest_put(o, "description", buf_str(&text));
	buf_free(&text);
}

/* The URI of what is served there: false when the subject has none. */
static bool uri_of(struct buf *to, const struct item *i, const char *host)
{
	char url[SUBJECT_HOST_MAX + 16];

	if (i->subject_kind == SUBJECT_URL)
		return rest_uri(to, i->subject);
	snprintf(url, sizeof url, "http://%s/", host);
	return subject_kind_of(host) == SUBJECT_DOMAIN && rest_uri(to, url);
}

static bool is_content(const struct type *t)
{
	return strcmp(t->category, "content") == 0;
}

/* The first type that fits; content is what has a URI. */
static const struct type *type_of(const struct item *i, bool has_uri)
{
	const struct type *t = types;

	while (t->abuse != ABUSE_COUNT && (t->abuse != i->abuse || (is_content(t) && !has_uri) ||
	       !strchr(t->kinds, kind_letter(i->subject_kind))))
		t++;
	return t;
}

/* What the type must have. */
static void put_type(json_t *o, const struct item *i)
{
	char host[SUBJECT_HOST_MAX], ascii[OVERBLOCK_NAME_MAX];
	struct buf uri = { 0 };
	const struct type *t;

	subject_host(i->subject, host);
	t = type_of(i, uri_of(&uri, i, host));
	rest_put(o, "category", t->category);
	rest_put(o, "type", t->type);
	if (is_content(t)) {
		rest_put(o, "url", buf_str(&uri));
		if (subject_kind_of(host) == SUBJECT_DOMAIN && overblock_ascii(host, ascii))
			rest_put(o, "domain", ascii);
	} else if (strcmp(t->category, "infrastructure") == 0) {
		rest_put(o, "compromise_evidence", i->title && i->title[0] ? i->title
			 : "part of a botnet, see description and tags");
	} else if (strcmp(t->category, "messaging") == 0) {
		rest_put(o, "protocol", "other");
	} else {
		rest_put(o, "threat_type", i->abuse ? abuse_names[i->abuse]
			 : i->rule && i->rule[0] ? i->rule : "dns_abuse");
	}
	rest_put(o, "source_identifier", is_content(t) && host[0] ? host : i->subject);
	buf_free(&uri);
}

/* At most SAMPLE_MAX octets: "small", says the standard, and a report goes by mail. */
static int put_sample(json_t *o, const struct exchange_write *w, const struct item *i)
{
	struct exchange_sample s = { .octets = { 0 } };
	char hex[DIGEST_TEXT];
	u8 hash[DIGEST_OCTETS];
	struct digest d;
	unsigned char *text = NULL;
	int rc = w->sample ? w->sample(w->sample_of, i, &s) : 0;

	if (rc == 1 && s.octets.len && s.octets.len <= SAMPLE_MAX &&
	    (text = malloc(s.octets.len * 4 / 3 + 8))) {
		digest_init(&d);
		digest_add(&d, s.octets.at, s.octets.len);
		digest_end(&d, hash);
		EVP_EncodeBlock(text, (const u8 *)s.octets.at, (int)s.octets.len);
		json_object_set_new(o, "evidence", json_pack("[{s:s, s:s, s:s, s:s+, s:I}]",
			"content_type", s.media, "description", s.says, "payload", text,
			"hash", "sha256:", hex_text(hash, sizeof hash, hex), "size",
			(json_int_t)s.octets.len));
	}
	free(text);
	buf_free(&s.octets);
	return rc < 0 ? rc : 0;
}

/* What was lost on the way goes along. */
static int put_rest(json_t *o, const struct item *i)
{
	struct item got = { .tlp = i->tlp, .pap = i->pap };
	struct room room = { 0 };
	json_t *rest;
	int rc;

	read_four(&got, o, &room);
	rest = rest_make(i, &got, &rc);
	if (rest)
		rc = json_object_set_new(o, "vedette", rest) ? -ENOMEM : 0;
	room_free(&room);
	return rc;
}

static json_t *report_of(const struct exchange_write *w, const struct item *i, int *rc)
{
	const char *by = w->producer ? w->producer : "Vedette";
	json_t *o = json_object();

	rest_put(o, "xarf_version", "4.0.0");
	put_uuid(o, i->id);
	put_stamp(o, "timestamp", i->created ? i->created : w->at);
	put_contact(o, "reporter", i->source && i->source[0] ? i->source : by, w->contact);
	put_contact(o, "sender", by, w->contact);
	put_type(o, i);
	rest_put(o, "evidence_source", i->kind == ITEM_OBSERVATION ? "traffic_analysis"
		 : i->kind == ITEM_REPORT ? "user_report" : "threat_intelligence");
	if (i->confidence <= 100)
		json_object_set_new(o, "confidence", json_real((double)i->confidence / 100));
	put_description(o, i);
	put_stamp(o, "first_seen", i->first_seen);
	put_stamp(o, "last_seen", i->last_seen);
	put_tags(o, i);
	*rc = o ? put_sample(o, w, i) : -ENOMEM;
	if (*rc == 0)
		*rc = put_rest(o, i);
	return o;
}

static int put_json(const char *text, size_t n, void *to)
{
	buf_add(to, text, n);
	return buf_error(to) ? -1 : 0;
}

static int xarf_write(struct buf *out, const struct exchange_write *w,
		      char why[EXCHANGE_WHY])
{
	size_t count = release_count(w->release), held = 0, put = 0;
	int rc = 0;

	for (size_t k = 0; k < count; k++)
		held += !xarf_omits(w, release_item(w->release, k), why);
	if (held != 1)
		buf_text(out, "[\n");
	for (size_t k = 0; k < count && rc == 0; k++) {
		const struct item *i = release_item(w->release, k);
		json_t *o;

		if (xarf_omits(w, i, why))
			continue;
		if (put++)
			buf_text(out, ",\n");
		o = report_of(w, i, &rc);
		if (rc == 0 && json_dump_callback(o, put_json, out, JSON_COMPACT |
						  JSON_REAL_PRECISION(6)))
			rc = buf_error(out) ? buf_error(out) : -ENOMEM;
		json_decref(o);
	}
	buf_text(out, held != 1 ? "\n]\n" : "\n");
	why[0] = 0;
	return rc ? rc : buf_error(out);
}

static bool xarf_knows(const u8 *octets, size_t n)
{
	if (octets == NULL)
		return false;
	n = min_u64(n, 65536);
	while (n && strchr(" \t\r\n", *octets) && *octets)
		octets++, n--;
	return n && (*octets == '{' || *octets == '[') &&
	       (memmem(octets, n, "\"xarf_version\"", 14) ||
		(memmem(octets, n, "\"ReporterInfo\"", 14) &&
		 memmem(octets, n, "\"Report\"", 8)));
}

const struct exchange exchange_xarf = {
	.id = "xarf",
	.title = N_("XARF 4 abuse reports"),
	.extension = ".json",
	.media = "application/json",
	.story = N_("Each observation, indicator and report as an abuse report of the "
		 "type that fits; an array when there are several. Read are versions 4 "
		 "and 3. The fields that the format has no place for go along in an "
		 "object of our own."),
	.carries = "id kind subject_kind subject abuse rule title text severity confidence "
		   "first_seen last_seen created modified valid_until sightings source "
		   "references tags parent evidence action tlp pap",
	.cap = { LABEL_AMBER_STRICT, PAP_AMBER },
	.omits = xarf_omits,
	.write = xarf_write,
	.knows = xarf_knows,
	.read = xarf_read,
};
