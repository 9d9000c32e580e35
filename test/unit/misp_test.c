/* SPDX-License-Identifier: GPL-3.0-or-later */
/* misp_test.c - MISP events as others write them, ours there and back, and the files of the
 * collection. */
#include "share/exchange_misp.h"
#include "share/exchange_misp_feed.h"
#include "base/octets.h"
#include "item_draw.h"
#include "taken.h"
#include <setjmp.h>
#include <stdarg.h>
#include <fcntl.h>
#include <unistd.h>
#include <cmocka.h>

#define EVENT(more)                                                                \
	"{\"Event\":{\"uuid\":\"e\",\"info\":\"An event\",\"date\":\"2024-01-02\","        \
	"\"timestamp\":\"1704200000\",\"threat_level_id\":\"1\",\"Orgc\":{\"name\":"      \
	"\"cert.example\"}" more "}}"
#define TAG(name) ",\"Tag\":[{\"name\":\"" name "\"}]"
#define ATTRIBUTE(type, value, more)                                               \
	"{\"type\":\"" type "\",\"uuid\":\"a\",\"timestamp\":\"1704200001\",\"value\":\""   \
	value "\"" more "}"
#define ONE(tag, type, value, more)                                                \
	EVENT(tag ",\"Attribute\":[" ATTRIBUTE(type, value, more) "]")

static void attributes(void **state)
{
	static const struct { const char *text; u32 count; enum subject_kind kind;
			      const char *subject; u32 troubles; } cases[] = {
		{ ONE("", "domain", "a.example", ""), 1, SUBJECT_DOMAIN, "a.example", 0 },
		{ ONE("", "ip-dst", "192.0.2.0/24", ""), 1, SUBJECT_PREFIX, "192.0.2.0/24", 0 },
		{ ONE("", "ip-src|port", "192.0.2.1|53", ""), 1, SUBJECT_ADDRESS, "192.0.2.1", 0 },
		{ ONE("", "domain|ip", "a.example|192.0.2.1", ""), 2, SUBJECT_ADDRESS,
		  "192.0.2.1", 0 },
		{ ONE("", "filename|sha256", "x y|" ITEM_HASH, ""), 1, SUBJECT_HASH, ITEM_HASH, 0 },
		{ ONE("", "malware-sample", "x|d41d8cd98f00b204e9800998ecf8427e", ""), 1,
		  SUBJECT_HASH, "d41d8cd98f00b204e9800998ecf8427e", 0 },
		{ ONE("", "AS", "64500", ""), 1, SUBJECT_AS, "AS64500", 0 },
		{ ONE("", "domain", "no name", ""), 0, 0, NULL, 1 },
		{ ONE("", "mutex", "x", ""), 0, 0, NULL, 1 },
		{ ONE("", "link", "https://example.com/", ""), 0, 0, NULL, 0 },
		{ ONE("", "domain", "a.example", ",\"deleted\":true"), 0, 0, NULL, 0 },
	};

	(void)state;
	for (size_t k = 0; k < COUNT(cases); k++) {
		struct back b = back_of("misp", cases[k].text, strlen(cases[k].text));

		if (b.count != 1 + cases[k].count || b.troubles != cases[k].troubles)
			fail_msg("%s: %u items, %u troubles (%s)", cases[k].text, b.count,
				 b.troubles, b.why);
		assert_int_equal(b.items[0]->kind, ITEM_REPORT);
		assert_string_equal(b.items[0]->title, "An event");
		assert_int_equal(b.items[0]->severity, SEVERITY_HIGH);
		if (cases[k].count) {
			assert_int_equal(b.items[b.count - 1]->subject_kind, cases[k].kind);
			assert_string_equal(b.items[b.count - 1]->subject, cases[k].subject);
			assert_string_equal(b.items[b.count - 1]->parent, "e");
			assert_string_equal(b.items[b.count - 1]->source, "cert.example");
		}
		back_free(&b);
	}
}

static void labels(void **state)
{
	static const struct { const char *text; u8 tlp, pap; u32 troubles; } cases[] = {
		{ ONE("", "url", "http://a/", ""), LABEL_AMBER, PAP_GREEN, 0 },
		{ ONE(TAG("tlp:white"), "url", "http://a/", ""), LABEL_CLEAR, PAP_GREEN, 0 },
		{ ONE(TAG("tlp:red"), "url", "http://a/", TAG("tlp:clear")), LABEL_RED, PAP_GREEN,
		  0 },
		{ ONE(TAG("tlp:green"), "url", "http://a/", TAG("TLP:AMBER+STRICT")),
		  LABEL_AMBER_STRICT, PAP_GREEN, 0 },
		{ ONE(TAG("PAP:RED"), "url", "http://a/", ""), LABEL_AMBER, PAP_RED, 0 },
		{ ONE("", "url", "http://a/", TAG("tlp:ex:chr")), LABEL_RED, PAP_RED, 1 },
	};

	(void)state;
	for (size_t k = 0; k < COUNT(cases); k++) {
		struct back b = back_of("misp", cases[k].text, strlen(cases[k].text));

		assert_int_equal(b.count, 2);
		if (b.items[1]->tlp != cases[k].tlp || b.items[1]->pap != cases[k].pap ||
		    b.troubles != cases[k].troubles)
			fail_msg("%s: %s %s", cases[k].text, label_text(b.items[1]->tlp),
				 pap_text(b.items[1]->pap));
		back_free(&b);
	}
}

static void members(void **state)
{
	static const char text[] = "{\"response\":[" ONE(TAG("Worm") ",\"Object\":[{\"name\":"
		"\"file\",\"comment\":\"of the object\",\"Attribute\":["
		ATTRIBUTE("md5", "d41d8cd98f00b204e9800998ecf8427e", "") ","
		ATTRIBUTE("sha256", ITEM_HASH, "") "," ATTRIBUTE("filename", "x", "") "]}],"
		"\"EventReport\":[{\"uuid\":\"r\",\"name\":\"Notes\",\"content\":\"# x\"}]",
		"url", "http://a/", ",\"to_ids\":true,\"comment\":\"first\\nmore\\nlines\","
		"\"first_seen\":\"2023-06-01T10:20:30.000000+00:00\",\"Tag\":[{\"name\":"
		"\"rsit:fraud=\\\"phishing\\\"\"},{\"name\":\"misp:confidence-level="
		"\\\"usually-confident\\\"\"}],\"Sighting\":[{\"type\":\"0\"},{\"type\":\"1\"},"
		"{\"type\":\"0\"}]") "]}";
	struct back b = back_of("misp", text, strlen(text));

	(void)state;
	assert_int_equal(b.count, 4);
	assert_int_equal(b.items[1]->kind, ITEM_INDICATOR);
	assert_string_equal(b.items[1]->title, "first");
	assert_string_equal(b.items[1]->text, "more\nlines");
	assert_int_equal(b.items[1]->abuse, ABUSE_PHISHING);
	assert_int_equal(b.items[1]->confidence, 75);
	assert_int_equal(b.items[1]->sightings, 2);
	assert_int_equal(b.items[1]->first_seen, 1685614830000000000u);
	assert_non_null(strstr(b.items[1]->tags, "Worm"));
	assert_string_equal(b.items[2]->subject, ITEM_HASH);
	assert_string_equal(b.items[2]->title, "of the object");
	assert_int_equal(b.items[3]->kind, ITEM_NOTE);
	assert_string_equal(b.items[3]->text, "# x");
	assert_int_equal(b.troubles, 1);	/* the name of the file */
	back_free(&b);
}

static void refused(void **state)
{
	static const char *const bad[] = { "", "{", "[[[", "{\"Event\":7}", "{\"response\":7}" };
	struct back b = { .count = 0 };
	char why[EXCHANGE_WHY];

	(void)state;
	for (size_t k = 0; k < COUNT(bad); k++) {
		assert_int_equal(back_read(&b, "misp", bad[k], strlen(bad[k]), why), OOPS_FORMAT);
		assert_true(why[0]);
	}
	assert_int_equal(b.count, 0);
}

static struct buf written(struct release *r)
{
	const struct exchange_write w = { .release = r, .at = 1720000000000000000u,
		.producer = "desk.example", .version = "0" };
	struct buf out = { 0 };
	char why[EXCHANGE_WHY];

	assert_int_equal(exchange_write(exchange_find("misp"), &out, &w, why), 0);
	return out;
}

static const struct item *with_id(const struct back *b, const char *id)
{
	for (u32 i = 0; i < b->count; i++)
		if (strcmp(b->items[i]->id, id) == 0)
			return b->items[i];
	fail_msg("lost %s", id);
	return NULL;
}

/* Everything, also of awkward items; events change the order. */
static void comes_back(void **state)
{
	u64 seed = 3;

	(void)state;
	for (u32 k = 0; k < 300; k++) {
		struct release *r = item_release(&seed, k % 30);
		struct buf one = written(r), two = written(r), was = { 0 }, is = { 0 };
		struct back b = back_of("misp", one.at, one.len);

		assert_string_equal(buf_str(&one), buf_str(&two));
		assert_ptr_equal(exchange_guess((u8 *)one.at, one.len), exchange_find("misp"));
		assert_int_equal(b.count, release_count(r));
		if (b.troubles)
			fail_msg("%s", b.why);
		for (u32 i = 0; i < b.count; i++) {
			buf_clear(&was);
			buf_clear(&is);
			item_json(&was, release_item(r, i));
			item_json(&is, with_id(&b, release_item(r, i)->id));
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

/* ---- a feed ---- */

struct files { char *names[64]; struct buf octets[64]; u32 count; };

static int put_file(void *to, const char *name, const void *octets, size_t n)
{
	struct files *f = to;

	assert_true(f->count < COUNT(f->names));
	f->names[f->count] = strdup(name);
	buf_add(&f->octets[f->count++], octets, n);
	return 0;
}

static int get_file(void *from, const char *name, struct buf *ret)
{
	struct files *f = from;

	for (u32 i = 0; i < f->count; i++)
		if (strcmp(f->names[i], name) == 0) {
			buf_add(ret, f->octets[i].at, f->octets[i].len);
			return 0;
		}
	return -ENOENT;
}

static int read_feed(struct back *b, struct files *f)
{
	const struct exchange_read r = { .name = "feed", .item = back_take, .trouble = back_trouble,
		.to = b };
	char why[EXCHANGE_WHY] = "";
	int rc = misp_feed_read(&r, get_file, f, why);

	assert_true(rc == 0 || why[0]);
	return rc;
}

static void feed(void **state)
{
	static const char *const bad[] = { "{\"../../etc/passwd\":{}}", "[]", "{" };
	static const u32 troubles[] = { 1, 0, 0 };
	u64 seed = 9;
	struct release *r = item_release(&seed, 30);
	const struct exchange_write w = { .release = r, .at = 1720000000000000000u,
		.producer = "desk.example", .version = "0" };
	struct files f = { .count = 0 };
	struct back b = { .count = 0 };
	char why[EXCHANGE_WHY];

	(void)state;
	assert_int_equal(misp_feed_write(&w, put_file, &f, why), 0);
	assert_true(f.count > 3);
	assert_string_equal(f.names[f.count - 1], "manifest.json");
	assert_string_equal(f.names[f.count - 2], "hashes.csv");
	assert_int_equal(strcspn(buf_str(&f.octets[f.count - 2]), ","), 32);
	assert_int_equal(read_feed(&b, &f), 0);
	assert_int_equal(b.count, release_count(r));
	assert_int_equal(b.troubles, 0);
	back_free(&b);
	/* a file that is gone, and one that is no event */
	b.count = 0;
	f.names[0][0] = 'x';
	buf_clear(&f.octets[1]);
	assert_int_equal(read_feed(&b, &f), 0);
	assert_true(b.count < release_count(r));
	assert_int_equal(b.troubles, 2);
	back_free(&b);
	for (size_t k = 0; k < COUNT(bad); k++) {
		b.count = b.troubles = 0;
		buf_clear(&f.octets[f.count - 1]);
		buf_text(&f.octets[f.count - 1], bad[k]);
		assert_int_equal(read_feed(&b, &f), k ? OOPS_FORMAT : 0);
		assert_int_equal(b.troubles, troubles[k]);
		assert_int_equal(b.count, 0);
	}
	for (u32 i = 0; i < f.count; i++) {
		free(f.names[i]);
		buf_free(&f.octets[i]);
	}
	release_free(r);
}

/* ---- the collection ---- */

/* Counted with a script over the files: one for the event, one for each attribute of a type
 * that can be a subject, two of a "domain|ip", of an object's hashes one. */
static void collection(void **state)
{
	static const struct { const char *name; u32 items; } files[] = {
		{ "eset-glupteba.misp-event.json", 1 + 270 + 40 + 6 + 2 * 4 },
		{ "eset-misp-machete-event.json", 1 + 3 * 104 + 15 + 6 },
		{ "eset-misp-turla-crutch-event.json", 1 + 4 + 4 + 1 },
		{ "eset-misp.event_2021-06-10_backdoordiplomacy.json", 1 + 3 * 22 },
		{ "eset-stantinko.misp-event.json", 1 + 121 + 2 * 77 + 10 + 5 + 4 },
		{ "eset-mozi.misp-event.json", 1 + 21 + 11 + 5 },
	};
	const char *data = getenv("VEDETTE_DATA");
	char path[1000];

	(void)state;
	for (size_t k = 0; k < COUNT(files); k++) {
		struct buf octets = { 0 };
		struct back b;
		int fd;

		snprintf(path, sizeof path, "%s/feeds/misp/%s", data ? data : "", files[k].name);
		if ((fd = open(path, O_RDONLY)) < 0) {
			print_message("left out: %s is not there\n", path);
			skip();
		}
		assert_int_equal(octets_read(&octets, fd, 1 << 24), 0);
		close(fd);
		assert_ptr_equal(exchange_guess((u8 *)octets.at, octets.len),
				 exchange_find("misp"));
		b = back_of("misp", octets.at, octets.len);
		if (b.count != files[k].items)
			fail_msg("%s: %u items, not %u (%u troubles, %s)", files[k].name, b.count,
				 files[k].items, b.troubles, b.why);
		back_free(&b);
		buf_free(&octets);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attributes), cmocka_unit_test(labels),
		cmocka_unit_test(members), cmocka_unit_test(refused),
		cmocka_unit_test(comes_back), cmocka_unit_test(feed),
		cmocka_unit_test(collection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
