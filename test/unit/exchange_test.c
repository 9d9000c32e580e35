/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_test.c - laws that every format of exchange obeys, on drawn items: what it
 * says that it carries comes back as it was, and nothing leaves a release that is not for
 * the audience. One row more in exchange.c is tested here without a line more. */
#include "share/exchange.h"
#include "share/rows.h"
#include "model/digest.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define ITEMS 12u
#define ROUNDS 200u

static u64 draw(u64 *seed, u64 below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (*seed >> 33) % below;
}

static const char *const subjects[][3] = {
	[SUBJECT_OTHER] = { "something", "a thing", "x" },
	[SUBJECT_DOMAIN] = { "example.com", "xn--bcher-kva.example", "a.b.c.example.org" },
	[SUBJECT_ADDRESS] = { "192.0.2.1", "2001:db8::5", "198.51.100.77" },
	[SUBJECT_PREFIX] = { "192.0.2.0/24", "2001:db8::/32", "198.51.100.0/25" },
	[SUBJECT_AS] = { "AS64500", "AS64511", "AS4200000001" },
	[SUBJECT_URL] = { "https://example.com/a?b=c&d", "http://192.0.2.1/x,y",
			  "https://example.org/'\"%20" },
	[SUBJECT_EMAIL] = { "a@example.com", "b.c+d@example.org", "x@example.net" },
	[SUBJECT_SERVER] = { "192.0.2.53", "2001:db8::53", "203.0.113.53" },
	[SUBJECT_CLIENT] = { "192.0.2.7", "2001:db8::7", "203.0.113.7" },
	[SUBJECT_ZONE] = { "example.com", "example", "." },
	[SUBJECT_HASH] = { "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
			   "d7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592",
			   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
};

static const char *const texts[] = {
	"", "a plain line", "two\nlines", "\"quotes\", <tags> & 'more'; = + @",
	"caf\303\251 \346\227\245\346\234\254", "=cmd|' /C calc'!A0", " blanks \t",
	"one; two; three | four",
};
static const char *const lists[] = {
	"", "one", "one\ntwo", ("https://example.com/a\n" "https://example.org/b"),
};

static const char *any(u64 *seed, const char *const *from, size_t n)
{
	return from[draw(seed, n)];
}

static struct item drawn(u64 *seed, char id[65])
{
	struct item i = {
		.kind = (u8)draw(seed, ITEM_KIND_COUNT),
		.subject_kind = (u8)draw(seed, SUBJECT_KIND_COUNT),
		.abuse = (u8)draw(seed, ABUSE_COUNT),
		.rule = draw(seed, 2) ? "tunnel.data" : "",
		.title = any(seed, texts, 2), .text = any(seed, texts, COUNT(texts)),
		.severity = (enum severity)draw(seed, SEVERITY_COUNT),
		.confidence = draw(seed, 101),
		.first_seen = draw(seed, 2) * (1700000000u + draw(seed, 1000)) * 1000000000u,
		.created = (1710000000u + draw(seed, 100000)) * 1000000000ull,
		.sightings = draw(seed, 5), .source = draw(seed, 2) ? "cert.example" : "",
		.references = any(seed, lists, COUNT(lists)), .tags = any(seed, lists, 3),
		.action = (u8)draw(seed, ACTION_COUNT),
		.tlp = (u8)draw(seed, LABEL_COUNT), .pap = (u8)draw(seed, PAP_COUNT),
	};

	i.subject = subjects[i.subject_kind][draw(seed, 3)];
	i.last_seen = i.first_seen ? i.first_seen + draw(seed, 9) * 1000000000u : 0;
	i.modified = i.created + draw(seed, 9) * 1000000000u;
	i.valid_until = draw(seed, 2) * (i.modified + 86400000000000ull);
	item_identify(&i, id);
	return i;
}

struct back {
	struct item *items[4 * ITEMS];
	u32 count;
	const char *format, *document;
};

static int take(void *to, const struct item *i)
{
	struct back *b = to;

	assert_true(b->count < COUNT(b->items));
	assert_non_null(b->items[b->count++] = item_copy(i));
	return 0;
}

static void no_trouble(void *to, const char *where, const char *why)
{
	const struct back *b = to;

	fail_msg("%s: %s: %s in %s", b->format, where, why, b->document);
}

static const char *words(const struct item *i, const struct field *f)
{
	const char *text = *(const char *const *)((const char *)i + f->at);

	return text ? text : "";
}

static void same(const struct exchange *e, const struct item *a, const struct item *b)
{
	u64 carries = exchange_carries(e);

	for (const struct field *f = item_fields; f->name; f++) {
		if (!(carries >> (f - item_fields) & 1))
			continue;
		if (f->kind == FIELD_words && strcmp(words(a, f), words(b, f)))
			fail_msg("%s: %s: '%s' came back as '%s'", e->id, f->name,
				 words(a, f), words(b, f));
		if (f->kind != FIELD_words && memcmp((const char *)a + f->at,
			(const char *)b + f->at, f->size))
			fail_msg("%s: %s of '%s' came back as another", e->id, f->name,
				 a->subject);
	}
}

static struct release *release_of(const struct exchange *e, u64 *seed, u32 count)
{
	const struct audience all = { "everybody", MARKING_STRICTEST };
	struct release *r;
	char id[65];

	assert_int_equal(release_new(&r, &all, e->cap, RELEASE_REDACTED), 0);
	for (u32 i = 0; i < count; i++) {
		struct item one = drawn(seed, id);

		assert_true(release_add(r, &one) >= 0);
	}
	return r;
}

static const struct item *with_id(const struct back *b, const char *id)
{
	for (u32 i = 0; i < b->count; i++)
		if (strcmp(b->items[i]->id, id) == 0)
			return b->items[i];
	return NULL;
}

static void round_trip(const struct exchange *e, struct release *r)
{
	const struct exchange_write w = { .release = r, .at = 1720000000000000000u,
		.producer = "desk.example", .version = "0" };
	struct buf out = { 0 };
	struct back back = { 0 };
	char why[EXCHANGE_WHY] = "";
	u32 held = 0;
	struct exchange_read in = { .name = "drawn", .item = take, .trouble = no_trouble,
		.to = &back };

	if (exchange_write(e, &out, &w, why))
		fail_msg("%s: %s", e->id, why);
	back.format = e->id;
	back.document = buf_str(&out);
	in.octets = (const u8 *)buf_str(&out);
	in.n = out.len;
	for (size_t i = 0; i < release_count(r); i++)
		held += !e->omits || !e->omits(&w, release_item(r, i), why);
	if (held && e->knows)
		assert_true(e->knows(in.octets, in.n));
	if (exchange_read(e, &in, why))
		fail_msg("%s: %s", e->id, why);
	for (size_t i = 0; i < release_count(r) && (exchange_carries(e) & 1); i++) {
		const struct item *was = release_item(r, i), *is = with_id(&back, was->id);

		if (e->omits && e->omits(&w, was, why))
			continue;
		if (is == NULL)
			fail_msg("%s: lost %s %s", e->id, item_kinds[was->kind],
				 was->subject);
		else
			same(e, was, is);
	}
	for (u32 i = 0; i < back.count; i++)
		free(back.items[i]);
	buf_free(&out);
}

static void comes_back(void **state)
{
	u64 seed = 7;

	(void)state;
	for (const struct exchange *const *e = exchanges; *e; e++)
		for (u32 k = 0; (*e)->write && (*e)->read && k < ROUNDS; k++) {
			struct release *r = release_of(*e, &seed, 1 + k % ITEMS);

			round_trip(*e, r);
			release_free(r);
		}
}

/* A word that only the items of a stricter marking have is in no document. */
static void holds_back(void **state)
{
	static const char secret[] = "c4n4rY";
	const struct audience public = { "public", { LABEL_CLEAR, PAP_CLEAR } };
	u64 seed = 11;
	char id[65], why[EXCHANGE_WHY];

	(void)state;
	for (const struct exchange *const *e = exchanges; *e; e++) {
		if ((*e)->write == NULL)
			continue;
		for (u32 k = 0; k < ROUNDS; k++) {
			struct release *r;
			struct buf out = { 0 };
			struct item one = drawn(&seed, id);
			struct exchange_write w = { .at = 1720000000000000000u,
				.version = "0" };

			assert_int_equal(release_new(&r, &public, (*e)->cap, k % 2
				? RELEASE_REDACTED : RELEASE_WHOLE), 0);
			one.tlp = (u8)(1 + k % (LABEL_COUNT - 1));
			one.title = one.text = one.source = one.subject = secret;
			one.tags = one.references = one.rule = one.evidence = secret;
			assert_int_equal(release_add(r, &one), 0);
			w.release = r;
			assert_int_equal(exchange_write(*e, &out, &w, why),
					 k % 2 ? 0 : -EPERM);
			assert_null(memmem(buf_str(&out), out.len, secret,
					   strlen(secret)));
			if (k % 2 == 0)
				assert_int_equal(out.len, 0);
			buf_free(&out);
			release_free(r);
		}
	}
}

/* What a document is taken for. */
static void tables_and_lists(void **state)
{
	static const struct { const char *is, *text; } known[] = {
		{ "csv", "url,category,first_seen,reporter\n"
			 "http://a.example/x.exe,malware,2026-11-21T10:00:00Z,f@l.example\n" },
		{ "csv", "url,abuse,reporter\nhttp://a.example/,other,x\n"
			 "http://b.example/,other,x\nhttp://c.example/,other,x\n"
			 "http://d.example/,other,x\nhttp://e.example/,other,x\n" },
		{ "csv", "\357\273\277URL;Type\r\nhttp://a.example/;phishing\r\n" },
		{ "csv", "http://a.example/,phishing\nhttp://b.example/,malware\n" },
		{ "csv", "http://a.example/,2026-11-21 10:00:00,x\n" },
		{ "csv", "domain,notes\na.example,;;;;;;;;\nb.example,\n" },
		{ "list", "http://a.example/x,y\nhttp://b.example/?a;b\n" },
		{ "list", "# url, ip, domain\na.example\n192.0.2.1\n" },
		{ "list", "a.example\nb.example\n" },
		{ "hosts", "0.0.0.0 a.example\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(known); i++) {
		const struct exchange *e = exchange_guess((const u8 *)known[i].text,
							  strlen(known[i].text));

		assert_non_null(e);
		assert_string_equal(e->id, known[i].is);
	}
}

static int count_item(void *to, const struct item *i)
{
	(void)i;
	++*(unsigned *)to;
	return 0;
}

static void count_trouble(void *to, const char *where, const char *why)
{
	assert_string_equal(where, "line 1");
	assert_string_equal(why, "not an entry of a list");
	*(unsigned *)to += 100;
}

/* Said to be a list, a table gives no URLs that are its rows. */
static void rows_are_no_urls(void **state)
{
	static const char text[] = "http://a.example/x,malware,2026-11-21T10:00:00Z\n"
		"http://b.example/x,y\n";
	unsigned count = 0;
	const struct exchange_read r = { .octets = (const u8 *)text, .n = strlen(text),
		.item = count_item, .trouble = count_trouble, .to = &count };
	char why[EXCHANGE_WHY];

	(void)state;
	assert_int_equal(exchange_read(exchange_find("list"), &r, why), 0);
	assert_int_equal(count, 101);
}

static void look(const char *octets, size_t n)
{
	u8 *alone = malloc(n);	/* what is read behind its end is found by the sanitizer */

	assert_non_null(alone);
	memcpy(alone, octets, n);
	for (const struct exchange *const *e = exchanges; *e; e++)
		if ((*e)->knows && (*e)->knows(alone, n))
			assert_int_not_equal(n, 0);
	csv_headed(alone, n);
	free(alone);
}

/* Who looks at a document's beginning reads it and no more, wherever it ends. */
static void looks_no_further(void **state)
{
	static const char *const heads[] = {
		"\357\273\277domain,type\na.example,phishing\n", "#a;b\n#c;d\n1;2",
		"{\"type\":\"bundle\",\"id\":\"bundle--1\"}", "{\"Event\":{\"info\":\"x\"}}",
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?><IODEF-Document", "\"a\",\"b\"\r\n",
		"$TTL 300\n@ SOA localhost. x. 1 2 3 4 5\na CNAME .", "From a@example.com\n",
		"Received: from x\r\nSubject: y\r\n\r\nz", "address=/bad.example/#\nlocal=/x/",
		"server:\nlocal-zone: \"a.\" always_nxdomain", "||a.example^\n0.0.0.0 b.example",
		"\xef\xbb\xbf{\"XARF-Version\":\"4\"}", " \t\r\n\xef\xbb\xbf \xef\xbb",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(heads); i++)
		for (size_t n = 0; n <= strlen(heads[i]); n++)
			look(heads[i], n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(looks_no_further),
		cmocka_unit_test(tables_and_lists), cmocka_unit_test(rows_are_no_urls),
		cmocka_unit_test(comes_back), cmocka_unit_test(holds_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
