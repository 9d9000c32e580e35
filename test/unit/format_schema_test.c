/* SPDX-License-Identifier: GPL-3.0-or-later */
/* format_schema_test.c - documents of drawn items held against what their standards say.
 *
 *   IODEF   test/data/iodef.xsd, by libxml2: RFC 7970 said anew for the part that is written
 *   XARF    the core schema of version 4 and those of the types that are written, as rules
 *           below: what must be there, of which form and length
 *
 * STIX has a test of its own, with the schemas of OASIS (stix_schema_test.c). */
#include "share/exchange.h"
#include "base/stamp.h"
#include "item_draw.h"
#include "share/rest.h"
#include <libxml/xmlschemas.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define DOCUMENTS 300u

static void write_one(struct buf *out, const char *format, u64 *seed, u32 k)
{
	struct release *r = item_release(seed, 1 + k % 40);
	struct exchange_write w = { .release = r, .at = 1720000000000000000u,
		.producer = k % 3 ? "desk.example" : NULL, .version = "0",
		.contact = k % 2 ? "desk@desk.example" : NULL };
	char why[EXCHANGE_WHY];

	assert_int_equal(exchange_write(exchange_find(format), out, &w, why), 0);
	release_free(r);
}

/* ---- IODEF ---- */

static void say(void *to, const char *format, ...)
{
	va_list args;

	(void)to;
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
}

static void iodef(void **state)
{
	const char *source = getenv("VEDETTE_SOURCE");
	xmlSchemaParserCtxt *p;
	xmlSchemaValidCtxt *v;
	xmlSchema *schema;
	char path[1000];
	u64 seed = 7;

	(void)state;
	snprintf(path, sizeof path, "%s/test/data/iodef.xsd", source ? source : ".");
	assert_non_null(p = xmlSchemaNewParserCtxt(path));
	assert_non_null(schema = xmlSchemaParse(p));
	assert_non_null(v = xmlSchemaNewValidCtxt(schema));
	xmlSchemaSetValidErrors(v, say, say, NULL);
	for (u32 k = 0; k < DOCUMENTS; k++) {
		struct buf out = { 0 };
		xmlDoc *doc;

		write_one(&out, "iodef", &seed, k);
		doc = xmlReadMemory(out.at, (int)out.len, NULL, NULL, XML_PARSE_NONET);
		assert_non_null(doc);
		assert_int_equal(xmlSchemaValidateDoc(v, doc), 0);
		xmlFreeDoc(doc);
		buf_free(&out);
	}
	xmlSchemaFreeValidCtxt(v);
	xmlSchemaFree(schema);
	xmlSchemaFreeParserCtxt(p);
}

/* ---- XARF ---- */

static size_t characters(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += ((u8)*text & 0xc0) != 0x80;
	return n;
}

/* JSON Schema's "hostname": RFC 1123, labels of letters, digits and hyphens. */
static bool is_hostname(const char *text)
{
	if (strlen(text) > 253 || text[0] == 0)
		return false;
	while (*text) {
		size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

		if (n == 0 || n > 63 || text[0] == '-' || text[n - 1] == '-')
			return false;
		text += n;
		if (*text == '.')
			text++;
		else if (*text)
			return false;
	}
	return true;
}

/* "uri": a scheme and what RFC 3986 lets stand behind it. */
static bool is_uri(const char *text)
{
	const char *p = text + strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789+-.");

	if (p == text || *p++ != ':')
		return false;
	for (; *p; p++) {
		if (*p == '%' && (!strchr("0123456789abcdefABCDEF", p[1]) || p[1] == 0 ||
				  !strchr("0123456789abcdefABCDEF", p[2]) || p[2] == 0))
			return false;
		if ((u8)*p <= 0x20 || (u8)*p >= 0x7f || strchr("\"<>\\^`{|}", *p))
			return false;
	}
	return true;
}

static bool is_instant(const char *text)
{
	u64 at;

	return strchr(text, 'T') && text[strlen(text) - 1] == 'Z' && stamp_parse(text, &at) == 0;
}

static void contact(json_t *o)
{
	const char *mail = rest_text(o, "contact"), *at = strchr(mail, '@');

	assert_int_equal(json_object_size(o), 3);
	assert_true(characters(rest_text(o, "org")) <= 200 && rest_text(o, "org")[0]);
	assert_true(at && at > mail && is_hostname(at + 1));
	assert_true(is_hostname(rest_text(o, "domain")));
}

static void tag(const char *text)
{
	static const char more[] = "abcdefghijklmnopqrstuvwxyz0123456789_+-.";
	size_t n = strcspn(text, ":");

	assert_true(n && text[n] == ':' && text[n + 1]);
	assert_true(strchr(more, text[0]) < strchr(more, '_'));
	assert_true(strspn(text, more) == n && memchr(text, '.', n) == NULL);
	assert_true(strchr(more, text[n + 1]) < strchr(more, '_'));
	assert_int_equal(strspn(text + n + 1, more), strlen(text + n + 1));
}

static void evidence(json_t *o)
{
	const char *hash = rest_text(o, "hash");

	assert_true(rest_text(o, "content_type")[0] && rest_text(o, "payload")[0]);
	assert_true(characters(rest_text(o, "description")) <= 500);
	assert_true(strncmp(hash, "sha256:", 7) == 0 && strlen(hash) == 71);
	assert_in_range(json_integer_value(json_object_get(o, "size")), 0, 5242880);
	assert_int_equal(json_object_size(o), 5);
}

static void of_type(json_t *o)
{
	const char *category = rest_text(o, "category"), *type = rest_text(o, "type");

	if (strcmp(category, "content") == 0) {
		assert_true(strcmp(type, "phishing") == 0 || strcmp(type, "malware") == 0);
		if (!is_uri(rest_text(o, "url")))
			fail_msg("%s", rest_text(o, "url"));
		assert_true(!json_object_get(o, "domain") || is_hostname(rest_text(o, "domain")));
	} else if (strcmp(category, "infrastructure") == 0) {
		assert_string_equal(type, "botnet");
		assert_true(rest_text(o, "compromise_evidence")[0]);
	} else if (strcmp(category, "messaging") == 0) {
		assert_string_equal(type, "spam");
		assert_string_equal(rest_text(o, "protocol"), "other");
	} else {
		assert_string_equal(category, "reputation");
		assert_string_equal(type, "threat_intelligence");
		assert_true(rest_text(o, "threat_type")[0]);
	}
}

static void report(json_t *o)
{
	const char *id = rest_text(o, "report_id");
	double sure = json_number_value(json_object_get(o, "confidence"));
	json_t *one;
	size_t k;

	assert_string_equal(rest_text(o, "xarf_version"), "4.0.0");
	assert_true(strlen(id) == 36 && id[14] == '4' && strchr("89ab", id[19]));
	assert_true(is_instant(rest_text(o, "timestamp")));
	contact(json_object_get(o, "reporter"));
	contact(json_object_get(o, "sender"));
	assert_true(rest_text(o, "source_identifier")[0]);
	of_type(o);
	assert_true(rest_text(o, "evidence_source")[0]);
	assert_true(sure >= 0 && sure <= 1);
	assert_true(characters(rest_text(o, "description")) <= 1000);
	for (const char *const *key = (const char *const []){ "first_seen", "last_seen", NULL };
	     *key; key++)
		assert_true(!json_object_get(o, *key) || is_instant(rest_text(o, *key)));
	assert_true(json_array_size(json_object_get(o, "tags")) <= 20);
	json_array_foreach(json_object_get(o, "tags"), k, one)
		tag(json_string_value(one));
	assert_true(json_array_size(json_object_get(o, "evidence")) <= 50);
	json_array_foreach(json_object_get(o, "evidence"), k, one)
		evidence(one);
	assert_null(json_object_get(o, "_internal"));
}

static void xarf(void **state)
{
	u64 seed = 11;

	(void)state;
	for (u32 k = 0; k < DOCUMENTS; k++) {
		struct buf out = { 0 };
		json_t *root, *one;
		size_t n;

		write_one(&out, "xarf", &seed, k);
		root = json_loadb(out.at, out.len, JSON_REJECT_DUPLICATES, NULL);
		assert_non_null(root);
		if (json_is_object(root))
			report(root);
		json_array_foreach(root, n, one)
			report(one);
		json_decref(root);
		buf_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(iodef), cmocka_unit_test(xarf) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
