/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stix_test.c - STIX as others write it: patterns, ids, markings, what was changed on the
 * way, and the files of the collection. */
#include "share/exchange_stix.h"
#include "model/uuid.h"
#include "item_draw.h"
#include "taken.h"
#include <setjmp.h>
#include <stdarg.h>
#include <fcntl.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/octets.h"

#define STAMP_2024 1704067200000000000ull

static struct back read_text(const char *text)
{
	return back_of("stix", text, strlen(text));
}

/* ---- patterns ---- */

static void join(void *to, enum subject_kind kind, const char *text)
{
	buf_fmt(to, "%s %s;", subject_kinds[kind], text);
}

static void patterns(void **state)
{
	static const struct { const char *pattern; int n; const char *subjects; } cases[] = {
		{ "[domain-name:value = 'a.example']", 1, "domain a.example;" },
		{ " [ ipv4-addr:value == '192.0.2.1' ] ", 1, "address 192.0.2.1;" },
		{ "[url:value='http://a/\\'x\\\\']", 1, "url http://a/'x\\;" },
		{ "[a:b = 1 OR domain-name:value = 'a.example' OR url:value = 'http://b/']", 2,
		  "domain a.example;url http://b/;" },
		{ "[domain-name:value IN ('a.example', 'b.example')]", 2,
		  "domain a.example;domain b.example;" },
		{ "[domain-name:value NOT IN ('a.example', 'b.example')]", 0, "" },
		{ "[domain-name:value = 'a.example'] OR [ipv6-addr:value = '::1']", 2,
		  "domain a.example;address ::1;" },
		{ "[domain-name:value = 'a.example'] AND [ipv6-addr:value = '::1']", 0, "" },
		{ "[domain-name:value = 'a.example'] FOLLOWEDBY [url:value = 'b'] OR "
		  "[url:value = 'c']", 0, "" },
		{ "[domain-name:value = 'a.example' AND url:value = 'http://b/']", 0, "" },
		{ "[domain-name:value != 'a.example']", 0, "" },
		{ "[NOT domain-name:value = 'a.example']", 0, "" },
		{ "[domain-name:value LIKE '%.example']", 0, "" },
		{ "[ipv4-addr:value ISSUBSET '198.51.100.0/24']", 1, "prefix 198.51.100.0/24;" },
		{ "[ipv4-addr:value = '198.51.100.0/24']", 1, "prefix 198.51.100.0/24;" },
		{ "[autonomous-system:number = 64500]", 1, "as AS64500;" },
		{ "[file:hashes.MD5 = 'aa' AND file:hashes.'SHA-256' = 'bb' AND file:size > 3]",
		  1, "hash bb;" },
		{ "[file:hashes.md5 = 'aa']", 1, "hash aa;" },
		{ "[file:name = 'x' AND file:size = 3]", 0, "" },
		{ "[network-traffic:dst_ref.type = 'ipv4-addr' AND "
		  "network-traffic:dst_ref.value = '192.0.2.9']", 1, "address 192.0.2.9;" },
		{ "[network-traffic:dst_ref.value = '192.0.2.9' AND network-traffic:dst_port = 4]",
		  0, "" },
		{ "[(domain-name:value = 'a.example' OR domain-name:value = 'b.example')]", 2,
		  "domain a.example;domain b.example;" },
		{ "([email-addr:value = 'a@b.example'])", 1, "email a@b.example;" },
		{ "[domain-name:value = 'a.example'] REPEATS 5 TIMES WITHIN 10 SECONDS", 0, "" },
		{ "[domain-name:value = 'a.example'] START t'2024-01-01T00:00:00Z' STOP "
		  "t'2024-02-01T00:00:00Z'", 0, "" },
		{ "[EXISTS domain-name:value]", 0, "" },
		{ "[x:y.z[*].'a b'[2] MATCHES '^x' OR domain-name:value = 'a.example' /* c */]", 1,
		  "domain a.example;" },
		{ "", OOPS_FORMAT, "" }, { "[x", OOPS_FORMAT, "" },
		{ "domain-name:value = 'x'", OOPS_FORMAT, "" },
		{ "[domain-name:value = 'x'", OOPS_FORMAT, "" },
		{ "[domain-name:value = 'x]", OOPS_FORMAT, "" },
		{ "[domain-name:value 'x']", OOPS_FORMAT, "" },
		{ "[domain-name:value = 'x'] OR", OOPS_FORMAT, "" },
		{ "[domain-name:value = 'x'] x", OOPS_FORMAT, "" },
		{ "[domain-name:value = 'x'] WITHIN 5", OOPS_FORMAT, "" },
		{ "[domain-name:value IN ('x', )]", OOPS_FORMAT, "" },
	};
	char why[STIX_WHY];

	(void)state;
	for (size_t k = 0; k < COUNT(cases); k++) {
		struct buf got = { 0 };
		int n = stix_pattern_read(cases[k].pattern, join, &got, why);

		if (n != cases[k].n || strcmp(buf_str(&got), cases[k].subjects))
			fail_msg("%s: %d '%s' (%s)", cases[k].pattern, n, buf_str(&got), why);
		if (n <= 0)
			assert_true(why[0]);
		buf_free(&got);
	}
}

/* Deep and long ones are refused with a word. */
static void patterns_bounded(void **state)
{
	struct buf b = { 0 };
	char why[STIX_WHY];

	(void)state;
	buf_byte(&b, '[');
	buf_fill(&b, '(', 100000);
	assert_int_equal(stix_pattern_read(buf_str(&b), join, NULL, why), OOPS_LIMIT);
	buf_clear(&b);
	buf_text(&b, "[a:b = 1");
	for (u32 i = 0; i < 2 * STIX_PATTERN_NODES; i++)
		buf_text(&b, " OR a:b = 1");
	buf_byte(&b, ']');
	assert_int_equal(stix_pattern_read(buf_str(&b), join, NULL, why), OOPS_LIMIT);
	buf_free(&b);
}

/* ---- ids ---- */

/* Of examples in the standard and in what others publish. */
static void observable_ids(void **state)
{
	static const struct { enum subject_kind kind; const char *subject, *id; } cases[] = {
		{ SUBJECT_DOMAIN, "example.com",
		  "domain-name--bedb4899-d24b-5401-bc86-8f6b4cc18ec7" },
		{ SUBJECT_SERVER, "198.51.100.3",
		  "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4" },
	};

	(void)state;
	for (size_t k = 0; k < COUNT(cases); k++) {
		struct stix_value v;
		struct buf id = { 0 };

		assert_int_equal(stix_value(&v, cases[k].kind, cases[k].subject), 0);
		stix_value_id(&id, &v);
		assert_string_equal(buf_str(&id), cases[k].id);
		buf_free(&id);
		buf_free(&v.text);
	}
}

/* RFC 9562, A.4. */
static void uuids(void **state)
{
	const u8 dns[UUID_OCTETS] = { 0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4,
				      0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8 };
	char text[UUID_TEXT];

	(void)state;
	assert_string_equal(uuid_name_text(dns, "www.example.com", text),
			    "2ed6657d-e927-568b-95e1-2665a8aea6a2");
	assert_true(uuid_is(text));
	text[8] = 'x';
	assert_false(uuid_is(text));
	assert_false(uuid_is(""));
}

/* ---- markings ---- */

#define INDICATOR(more)                                                            \
	"{\"type\":\"indicator\",\"spec_version\":\"2.1\",\"id\":\"indicator--1\","       \
	"\"created\":\"2024-01-01T00:00:00.000Z\",\"modified\":\"2024-01-01T00:00:00.000Z\"," \
	"\"pattern\":\"[domain-name:value = 'a.example']\",\"pattern_type\":\"stix\","     \
	"\"valid_from\":\"2024-01-01T00:00:00Z\"" more "}"
#define BUNDLE(objects) "{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":[" objects "]}"
#define MARKED(id) INDICATOR(",\"object_marking_refs\":[\"marking-definition--" id "\"]")

static void markings(void **state)
{
	static const struct { const char *text; u8 tlp, pap; u32 troubles; } cases[] = {
		{ BUNDLE(INDICATOR("")), LABEL_AMBER, PAP_GREEN, 0 },
		{ BUNDLE(MARKED("613f2e26-407d-48c7-9eca-b8e91df99dc9")), LABEL_CLEAR, PAP_GREEN,
		  0 },
		{ BUNDLE(MARKED("5e57c739-391a-4eb3-b6be-7d15ca92d5ed")), LABEL_RED, PAP_GREEN, 0 },
		{ BUNDLE(MARKED("939a9414-2ddd-4d32-a0cd-375ea402b003")), LABEL_AMBER_STRICT,
		  PAP_GREEN, 0 },
		{ BUNDLE(MARKED("740d36e5-7714-4c30-961a-3ae632ceee0e")), LABEL_AMBER, PAP_RED, 0 },
		{ BUNDLE(MARKED("00000000-0000-4000-8000-000000000000")), LABEL_RED, PAP_RED, 1 },
		/* defined in the document, by definition, name or extension */
		{ BUNDLE("{\"type\":\"marking-definition\",\"id\":\"marking-definition--x\","
			 "\"definition_type\":\"tlp\",\"definition\":{\"tlp\":\"green\"}},"
			 MARKED("x")), LABEL_GREEN, PAP_GREEN, 0 },
		{ BUNDLE("{\"type\":\"marking-definition\",\"id\":\"marking-definition--x\","
			 "\"definition_type\":\"statement\",\"definition\":{\"statement\":"
			 "\"Copyright\"}}," MARKED("x")), LABEL_AMBER, PAP_GREEN, 0 },
		{ BUNDLE("{\"type\":\"marking-definition\",\"id\":\"marking-definition--x\","
			 "\"definition_type\":\"statement\",\"definition\":{\"statement\":"
			 "\"PAP:AMBER\"}}," MARKED("x")), LABEL_AMBER, PAP_AMBER, 0 },
		{ BUNDLE("{\"type\":\"marking-definition\",\"id\":\"marking-definition--x\","
			 "\"extensions\":{\"extension-definition--other\":{}}}," MARKED("x")),
		  LABEL_RED, PAP_RED, 1 },
		/* the strictest of several, also of parts */
		{ BUNDLE(INDICATOR(",\"object_marking_refs\":[\"marking-definition--"
			 "94868c89-83c2-464b-929b-a1a8aa3c8487\"],\"granular_markings\":[{"
			 "\"selectors\":[\"pattern\"],\"marking_ref\":\"marking-definition--"
			 "e828b379-4e03-4974-9ac4-e53a884c97c1\"}]")), LABEL_RED, PAP_GREEN, 0 },
	};

	(void)state;
	for (size_t k = 0; k < COUNT(cases); k++) {
		struct back b = read_text(cases[k].text);

		assert_int_equal(b.count, 1);
		if (b.items[0]->tlp != cases[k].tlp || b.items[0]->pap != cases[k].pap ||
		    b.troubles != cases[k].troubles)
			fail_msg("%s: %s %s (%s)", cases[k].text, label_text(b.items[0]->tlp),
				 pap_text(b.items[0]->pap), b.why);
		back_free(&b);
	}
}

/* ---- what others write ---- */

static void relations(void **state)
{
	struct back b = read_text(BUNDLE(
		INDICATOR(",\"created_by_ref\":\"identity--1\",\"labels\":[\"phishing\",\"x\"],"
			  "\"revoked\":true") ","
		"{\"type\":\"identity\",\"id\":\"identity--1\",\"name\":\"cert.example\"},"
		"{\"type\":\"malware\",\"id\":\"malware--1\",\"name\":\"Worm\"},"
		"{\"type\":\"relationship\",\"id\":\"relationship--1\",\"relationship_type\":"
		"\"indicates\",\"source_ref\":\"indicator--1\",\"target_ref\":\"malware--1\"},"
		"{\"type\":\"sighting\",\"id\":\"sighting--1\",\"count\":3,\"sighting_of_ref\":"
		"\"indicator--1\",\"last_seen\":\"2024-03-01T00:00:00Z\"},"
		"{\"type\":\"report\",\"id\":\"report--1\",\"name\":\"A worm\",\"object_refs\":"
		"[\"indicator--1\",\"malware--1\"]},"
		"{\"type\":\"location\",\"id\":\"location--1\"}"));

	(void)state;
	assert_int_equal(b.count, 2);
	assert_int_equal(b.items[0]->kind, ITEM_INDICATOR);
	assert_string_equal(b.items[0]->subject, "a.example");
	assert_string_equal(b.items[0]->source, "cert.example");
	assert_string_equal(b.items[0]->tags, "x\nmalware:Worm");
	assert_string_equal(b.items[0]->parent, "report--1");
	assert_string_equal(b.items[0]->id, "indicator--1");
	assert_int_equal(b.items[0]->abuse, ABUSE_PHISHING);
	assert_int_equal(b.items[0]->sightings, 3);
	assert_int_equal(b.items[0]->valid_until, b.items[0]->modified);
	assert_int_equal(b.items[1]->kind, ITEM_REPORT);
	assert_string_equal(b.items[1]->title, "A worm");
	assert_int_equal(b.troubles, 1);
	assert_non_null(strstr(b.why, "1 of type location"));
	back_free(&b);
}

static void newest_version(void **state)
{
	struct back b = read_text("{\"more\":false,\"objects\":["
		INDICATOR(",\"name\":\"old\"") ","
		"{\"type\":\"indicator\",\"id\":\"indicator--1\",\"name\":\"new\",\"modified\":"
		"\"2024-02-01T00:00:00.000Z\",\"pattern\":\"[domain-name:value = 'b.example' OR "
		"domain-name:value = 'c d' OR domain-name:value = 'c.example']\"}]}");

	(void)state;
	assert_int_equal(b.count, 2);
	assert_string_equal(b.items[0]->title, "new");
	assert_string_equal(b.items[1]->subject, "c.example");
	assert_string_equal(b.items[1]->id, "indicator--1#2");
	assert_int_equal(b.troubles, 1);
	back_free(&b);
}

static void refused(void **state)
{
	static const char *const bad[] = { "", "{", "7", "{\"a\":1,\"a\":2}", "{\"x\":{}}" };
	const struct exchange *e = exchange_find("stix");
	struct back b = { .count = 0 };
	struct buf deep = { 0 };
	char why[EXCHANGE_WHY];

	(void)state;
	for (size_t k = 0; k <= COUNT(bad); k++) {
		struct exchange_read r = { .item = back_take, .trouble = back_trouble, .to = &b };

		buf_fill(&deep, '[', 100000);
		r.octets = (const u8 *)(k < COUNT(bad) ? bad[k] : deep.at);
		r.n = k < COUNT(bad) ? strlen(bad[k]) : deep.len;
		why[0] = 0;
		assert_int_equal(e->read(&r, why), OOPS_FORMAT);
		assert_true(why[0]);
	}
	assert_int_equal(b.count, 0);
	buf_free(&deep);
}

/* ---- our own, there and back, and changed on the way ---- */

static struct buf written(struct release *r)
{
	const struct exchange_write w = { .release = r, .at = 1720000000000000000u,
		.producer = "desk.example", .version = "0" };
	struct buf out = { 0 };
	char why[EXCHANGE_WHY];

	assert_int_equal(exchange_write(exchange_find("stix"), &out, &w, why), 0);
	return out;
}

static const char *said(const char *text)
{
	return text ? text : "";
}

/* Everything, also of awkward items. */
static void comes_back(void **state)
{
	u64 seed = 3;

	(void)state;
	for (u32 k = 0; k < 300; k++) {
		struct release *r = item_release(&seed, k % 30);
		struct buf one = written(r), two = written(r), was = { 0 }, is = { 0 };
		struct back b = back_of("stix", one.at, one.len);

		assert_string_equal(buf_str(&one), buf_str(&two));
		assert_int_equal(b.count, release_count(r));
		assert_int_equal(b.troubles, 0);
		for (u32 i = 0; i < b.count; i++) {
			buf_clear(&was);
			buf_clear(&is);
			item_json(&was, release_item(r, i));
			item_json(&is, b.items[i]);
			assert_string_equal(buf_str(&is), buf_str(&was));
		}
		back_free(&b);
		buf_free(&one);
		buf_free(&two);
		buf_free(&was);
		buf_free(&is);
		release_free(r);
	}
}

/* The same length, so that it can be done in place. */
static void change(struct buf *b, const char *from, const char *to)
{
	char *at = strstr(b->at, from);

	assert_non_null(at);
	assert_int_equal(strlen(from), strlen(to));
	memcpy(at, to, strlen(to));
}

static struct release *one_item(void)
{
	const struct audience all = { "all", MARKING_STRICTEST };
	const struct item i = { .id = ITEM_HASH, .kind = ITEM_INDICATOR, .title = "mine",
		.subject_kind = SUBJECT_ZONE, .subject = "a.example", .rule = "tunnel.data",
		.created = STAMP_2024, .modified = STAMP_2024, .tlp = LABEL_GREEN };
	struct release *r;

	assert_int_equal(release_new(&r, &all, MARKING_STRICTEST, RELEASE_WHOLE), 0);
	assert_int_equal(release_add(r, &i), 1);
	return r;
}

/* What somebody changed in the object counts; a rest that speaks of another thing does not. */
static void changed(void **state)
{
	struct release *r = one_item();
	struct buf b = written(r);
	struct back back;

	(void)state;
	change(&b, "\"name\":\"mine\"", "\"name\":\"hers\"");
	back = back_of("stix", b.at, b.len);
	assert_int_equal(back.count, 1);
	assert_string_equal(back.items[0]->title, "hers");
	assert_string_equal(back.items[0]->rule, "tunnel.data");
	assert_int_equal(back.items[0]->subject_kind, SUBJECT_ZONE);
	back_free(&back);
	change(&b, "\"subject_kind\":\"zone\"", "\"subject_kind\":\"hash\"");
	back = back_of("stix", b.at, b.len);
	assert_int_equal(back.count, 1);
	assert_int_equal(back.items[0]->subject_kind, SUBJECT_DOMAIN);
	assert_string_equal(said(back.items[0]->rule), "");
	assert_int_equal(back.troubles, 1);
	back_free(&back);
	change(&b, "\"rule\":", "\"tlp\" :");
	back = back_of("stix", b.at, b.len);
	assert_int_equal(back.items[0]->tlp, LABEL_GREEN);
	assert_int_equal(back.troubles, 1);
	back_free(&back);
	buf_free(&b);
	release_free(r);
}

/* ---- the collection ---- */

static struct back read_file(const char *name)
{
	const char *data = getenv("VEDETTE_DATA");
	struct back b;
	struct buf octets = { 0 };
	char path[1000];
	int fd;

	snprintf(path, sizeof path, "%s/stix/%s", data ? data : "", name);
	if ((fd = open(path, O_RDONLY)) < 0) {
		print_message("left out: %s is not there\n", path);
		skip();
	}
	assert_int_equal(octets_read(&octets, fd, 1 << 24), 0);
	close(fd);
	assert_ptr_equal(exchange_guess((u8 *)octets.at, octets.len), exchange_find("stix"));
	b = back_of("stix", octets.at, octets.len);
	buf_free(&octets);
	return b;
}

/* Counted in the files: indicators and reports, one more for each alternative of a pattern,
 * less those with a test that no item can be. */
static void collection(void **state)
{
	static const struct { const char *name; u32 items, troubles; } files[] = {
		{ "unit42-2024-02-15-Bradesco-phishing.json", 5, 0 },
		{ "unit42-2024-07-15-phishing.json", 13, 0 },
		{ "unit42-2024-08-01-cryptocurrency-phishing-scams.json", 50, 0 },
		{ "unit42-2024-10-17-cybersquatting-domains-from-new-TLDs.json", 40, 0 },
		{ "unit42-2025-01-30-phishing-domain-mimicking-DeepSeek.json", 4, 0 },
		{ "unit42-njrat-active-pastebin-c2-tunnels.json", 61, 0 },
		{ "oasis/examples/indicator-for-c2-ip-address.json", 1, 0 },
		{ "oasis/examples/indicator-to-campaign-relationship.json", 1, 0 },
		{ "oasis/examples/indicators-for-C2-with-COA.json", 2, 1 },
		{ "oasis/examples/malicious-email-indicator-with-attachment.json", 0, 2 },
		{ "oasis/examples/interop-objectmarking-test.json", 0, 1 },
		{ "oasis/examples/threat-reports/apt1.json", 11, 2 },
		{ "taxii/tweetfeed-page-2026-08-09.2.json", 1, 0 },
	};

	(void)state;
	for (size_t k = 0; k < COUNT(files); k++) {
		struct back b = read_file(files[k].name);

		if (b.count != files[k].items || b.troubles != files[k].troubles)
			fail_msg("%s: %u items, %u troubles (%s)", files[k].name, b.count,
				 b.troubles, b.why);
		back_free(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns), cmocka_unit_test(patterns_bounded),
		cmocka_unit_test(observable_ids), cmocka_unit_test(uuids),
		cmocka_unit_test(markings), cmocka_unit_test(relations),
		cmocka_unit_test(newest_version), cmocka_unit_test(refused),
		cmocka_unit_test(comes_back), cmocka_unit_test(changed),
		cmocka_unit_test(collection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
