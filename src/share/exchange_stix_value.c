/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_stix_value.c - subjects as observables of STIX and back, and markings.
 *
 *   domain, zone             domain-name       address, server, client   ipv4-addr, ipv6-addr
 *   prefix                   ipv4-addr, ...    as                        autonomous-system
 *   url, email               url, email-addr   hash                      file
 *
 * What has not the form that STIX wants of it (a zone ".", a hash of another length) has no
 * observable; its item goes as a note. */
#include "share/exchange_stix.h"
#include "base/num.h"
#include "model/utf8.h"
#include "model/uuid.h"
#include <strings.h>

static const struct { size_t digits; const char *name; } hashes[] = {
	{ 64, "SHA-256" }, { 128, "SHA-512" }, { 40, "SHA-1" }, { 32, "MD5" },
};

static const char *hash_name(const char *text)
{
	size_t n = strlen(text);

	for (size_t k = 0; k < COUNT(hashes); k++)
		if (n == hashes[k].digits && strspn(text, "0123456789abcdefABCDEF") == n)
			return hashes[k].name;
	return NULL;
}

/* A name that a host could have; one label is enough. */
static bool is_host(const char *text)
{
	char longer[260];

	if (strlen(text) > 253 || text[0] == 0 || text[0] == '-')
		return false;
	snprintf(longer, sizeof longer, "%s%sexample", text,
		 text[strlen(text) - 1] == '.' ? "" : ".");
	return subject_kind_of(longer) == SUBJECT_DOMAIN;
}

/* "AS64500" in the form that we write. */
static bool is_as(const char *text, u64 *number)
{
	return strncmp(text, "AS", 2) == 0 && (text[2] != '0' || text[3] == 0) &&
	       num_u64(text + 2, 0, UINT32_MAX, number) == 0;
}

static void value_is(struct stix_value *v, const char *type, const char *key,
		     const char *text)
{
	v->type = type;
	v->key = key;
	buf_text(&v->text, text);
}

/* An address or prefix. The last four octets of an IPv6 address that are written like an
 * IPv4 address become hex groups: the schemas of OASIS know no other form. */
static void put_address(struct stix_value *v, const char *text)
{
	const char *tail = strrchr(text, ':');
	struct buf *to = &v->text;
	unsigned a, b, c, d;
	int n = 0;

	v->type = tail ? "ipv6-addr" : "ipv4-addr";
	v->key = "value";
	if (!tail || sscanf(tail + 1, "%3u.%3u.%3u.%3u%n", &a, &b, &c, &d, &n) < 4 || n == 0) {
		buf_text(to, text);
		return;
	}
	buf_add(to, text, (size_t)(tail + 1 - text));
	buf_fmt(to, "%x:%x%s", (a & 255) << 8 | (b & 255), (c & 255) << 8 | (d & 255),
		tail + 1 + n);
}

int stix_value(struct stix_value *v, enum subject_kind kind, const char *subject)
{
	const char *s = subject ? subject : "";
	enum subject_kind looks = subject_kind_of(s);
	u64 number;

	*v = (struct stix_value){ 0 };
	if ((kind == SUBJECT_DOMAIN || kind == SUBJECT_ZONE) && is_host(s))
		value_is(v, "domain-name", "value", s);
	else if (((kind == SUBJECT_ADDRESS || kind == SUBJECT_SERVER ||
		   kind == SUBJECT_CLIENT) && looks == SUBJECT_ADDRESS) ||
		 (kind == SUBJECT_PREFIX && looks == SUBJECT_PREFIX))
		put_address(v, s);
	else if (kind == SUBJECT_AS && is_as(s, &number))
		value_is(v, "autonomous-system", "number", s + 2);
	else if (kind == SUBJECT_EMAIL && looks == SUBJECT_EMAIL)
		value_is(v, "email-addr", "value", s);
	else if (kind == SUBJECT_HASH && hash_name(s))
		value_is(v, "file", hash_name(s), s);
	else if (kind == SUBJECT_URL && looks == SUBJECT_URL && rest_uri(&v->text, s))
		v->type = "url", v->key = "value";
	return buf_error(&v->text);
}

void stix_pattern(struct buf *out, const struct stix_value *v, const char *subject)
{
	if (strcmp(v->type, "autonomous-system") == 0) {
		buf_fmt(out, "[autonomous-system:number = %s]", buf_str(&v->text));
		return;
	}
	if (strcmp(v->type, "file") == 0)
		buf_fmt(out, "[file:hashes.'%s' = '", v->key);
	else
		buf_fmt(out, "[%s:%s = '", v->type, v->key);
	for (; *subject; subject++) {
		if (*subject == '\'' || *subject == '\\')
			buf_byte(out, '\\');
		buf_byte(out, (u8)*subject);
	}
	buf_text(out, "']");
}

/* A string as RFC 8785, 3.2.2.2 writes it. */
static void canonical(struct buf *out, const char *text)
{
	static const char names[] = "\"\\\b\f\n\r\t", escapes[] = "\"\\bfnrt";

	buf_byte(out, '"');
	for (; *text; text++) {
		const char *at = strchr(names, *text);

		if (at)
			buf_fmt(out, "\\%c", escapes[at - names]);
		else if ((u8)*text < 0x20)
			buf_fmt(out, "\\u%04x", (u8)*text);
		else
			buf_byte(out, (u8)*text);
	}
	buf_byte(out, '"');
}

void stix_value_id(struct buf *out, const struct stix_value *v)
{
	struct buf name = { 0 };
	char text[UUID_TEXT];
	u8 uuid[UUID_OCTETS];

	if (strcmp(v->type, "file") == 0) {
		buf_fmt(&name, "{\"hashes\":{\"%s\":", v->key);
		canonical(&name, buf_str(&v->text));
		buf_byte(&name, '}');
	} else if (strcmp(v->key, "number") == 0) {
		buf_fmt(&name, "{\"number\":%s", buf_str(&v->text));
	} else {
		buf_text(&name, "{\"value\":");
		canonical(&name, buf_str(&v->text));
	}
	buf_byte(&name, '}');
	uuid_name(uuid_of_oasis, buf_str(&name), name.len, uuid);
	buf_fmt(out, "%s--%s", v->type, uuid_text(uuid, text));
	if (buf_error(&name) && out->error == 0)
		out->error = buf_error(&name);
	buf_free(&name);
}

static bool hash_of(json_t *file, enum subject_kind *kind, const char **text)
{
	json_t *of = json_object_get(file, "hashes");

	*kind = SUBJECT_HASH;
	for (size_t k = 0; k < COUNT(hashes); k++)
		if (*(*text = rest_text(of, hashes[k].name)))
			return true;
	return false;
}

bool stix_subject(json_t *of, enum subject_kind *kind, const char **text, struct buf *room)
{
	static const struct { const char *type; enum subject_kind kind; } types[] = {
		{ "domain-name", SUBJECT_DOMAIN }, { "ipv4-addr", SUBJECT_ADDRESS },
		{ "ipv6-addr", SUBJECT_ADDRESS }, { "url", SUBJECT_URL },
		{ "email-addr", SUBJECT_EMAIL },
	};
	const char *type = rest_text(of, "type");
	json_t *number = json_object_get(of, "number");

	if (strcmp(type, "file") == 0)
		return hash_of(of, kind, text);
	if (strcmp(type, "autonomous-system") == 0 && json_is_integer(number)) {
		buf_clear(room);
		buf_fmt(room, "AS%lld", (long long)json_integer_value(number));
		*kind = SUBJECT_AS;
		*text = buf_str(room);
		return true;
	}
	for (size_t k = 0; k < COUNT(types); k++) {
		if (strcmp(type, types[k].type))
			continue;
		*text = rest_text(of, "value");
		*kind = types[k].kind;
		if (*kind == SUBJECT_ADDRESS && strchr(*text, '/'))
			*kind = SUBJECT_PREFIX;
		return **text != 0;
	}
	return false;
}

/* ---- markings ---- */

#define TLP_2 "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
#define PAP_EXTENSION "extension-definition--f8d78575-edfd-406e-8e84-6162a8450f5b"
#define ID(uuid) "marking-definition--" uuid

/* The published objects (OASIS cti-stix-common-objects) have these ids, names and dates. */
static const struct known { const char *id, *created, *word; u8 value; } tlps[] = {
	{ ID("94868c89-83c2-464b-929b-a1a8aa3c8487"), "2022-10-01T00:00:00.000Z", "clear",
	  LABEL_CLEAR },
	{ ID("bab4a63c-aed9-4cf5-a766-dfca5abac2bb"), "2022-10-01T00:00:00.000Z", "green",
	  LABEL_GREEN },
	{ ID("55d920b0-5e8b-4f79-9ee9-91f868d9b421"), "2022-10-01T00:00:00.000Z", "amber",
	  LABEL_AMBER },
	{ ID("939a9414-2ddd-4d32-a0cd-375ea402b003"), "2022-10-01T00:00:00.000Z",
	  "amber+strict", LABEL_AMBER_STRICT },
	{ ID("e828b379-4e03-4974-9ac4-e53a884c97c1"), "2022-10-01T00:00:00.000Z", "red",
	  LABEL_RED },
	/* TLP 1.0 (7.2.1.4) */
	{ ID("613f2e26-407d-48c7-9eca-b8e91df99dc9"), NULL, NULL, LABEL_CLEAR },
	{ ID("34098fce-860f-48ae-8e50-ebd3cc5e41da"), NULL, NULL, LABEL_GREEN },
	{ ID("f88d31f6-486f-44da-b317-01333bde0b82"), NULL, NULL, LABEL_AMBER },
	{ ID("5e57c739-391a-4eb3-b6be-7d15ca92d5ed"), NULL, NULL, LABEL_RED },
}, paps[] = {
	{ ID("ad15a0cd-55b6-4588-a14c-a66105329b92"), "2022-10-01T00:00:00.000Z", "clear",
	  PAP_CLEAR },
	{ ID("c43594d1-4b11-4c59-93ab-1c9b14d53ce9"), "2022-10-09T00:00:00.000Z", "green",
	  PAP_GREEN },
	{ ID("60f8932b-e51e-4458-b265-a2e8be9a80ab"), "2022-10-02T00:00:00.000Z", "amber",
	  PAP_AMBER },
	{ ID("740d36e5-7714-4c30-961a-3ae632ceee0e"), "2022-10-06T00:00:00.000Z", "red",
	  PAP_RED },
	{ ID("a3bea94c-b469-41dc-9cfe-d6e7daba7730"), NULL, NULL, PAP_CLEAR },	/* white */
};

const char *stix_tlp_id(enum label l)
{
	must(l < LABEL_COUNT);
	return tlps[l].id;
}

const char *stix_pap_id(enum pap p)
{
	must(p < PAP_COUNT);
	return paps[p].id;
}

static json_t *definition(const struct known *k, const char *name, const char *extension,
			  const char *key)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:{s:{s:s, s:s}}}",
			 "type", "marking-definition", "spec_version", "2.1", "id", k->id,
			 "created", k->created, "name", name, "extensions", extension,
			 "extension_type", "property-extension", key, k->word);
}

json_t *stix_tlp(enum label l)
{
	return definition(&tlps[l], label_text(l), TLP_2, "tlp_2_0");
}

json_t *stix_pap(enum pap p)
{
	return definition(&paps[p], pap_text(p), PAP_EXTENSION, "pap");
}

static int known_of(const struct known *list, size_t n, const char *id)
{
	for (size_t k = 0; k < n; k++)
		if (strcasecmp(list[k].id, id) == 0)
			return list[k].value;
	return -1;
}

/* "TLP:AMBER" or "PAP:RED" as a name, or the whole of a statement. */
static bool said(const char *text, int *tlp, int *pap)
{
	if (strncasecmp(text, "TLP:", 4) == 0)
		*tlp = label_parse(text);
	else if (strncasecmp(text, "PAP:", 4) == 0)
		*pap = pap_parse(text);
	if (*tlp < 0)
		*tlp = -1;
	if (*pap < 0)
		*pap = -1;
	return *tlp >= 0 || *pap >= 0;
}

/* By what it says in its extensions, definition or name. */
static bool defined(json_t *o, int *tlp, int *pap)
{
	json_t *in = json_object_get(o, "extensions"), *of = json_object_get(o, "definition");
	const char *word;

	if (*(word = rest_text(json_object_get(in, TLP_2), "tlp_2_0")) ||
	    *(word = rest_text(of, "tlp")))
		*tlp = label_parse(word);
	else if (*(word = rest_text(json_object_get(in, PAP_EXTENSION), "pap")))
		*pap = pap_parse(word);
	else
		return said(rest_text(of, "statement"), tlp, pap) ||
		       (json_object_get(o, "definition") == NULL &&
			said(rest_text(o, "name"), tlp, pap)) ||
		       strcmp(rest_text(o, "definition_type"), "statement") == 0;
	return *tlp >= 0 || *pap >= 0;
}

bool stix_marking(const char *id, json_t *o, int *tlp, int *pap)
{
	bool known;

	*tlp = known_of(tlps, COUNT(tlps), id);
	*pap = known_of(paps, COUNT(paps), id);
	if (*tlp >= 0 || *pap >= 0)
		return true;
	known = o && defined(o, tlp, pap);
	if (*tlp < 0)
		*tlp = -1;
	if (*pap < 0)
		*pap = -1;
	return known;
}
