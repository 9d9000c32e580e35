/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contact_test.c - contacts: what is refused, who covers what, the order of a route, and that
 * the tables made again from the log are the same. */
#include "respond/contact.h"
#include "store_place.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static u64 tick(void *world)
{
	return *(u64 *)world += 1000000000ull;
}

static u64 now = 1700000000ull * 1000000000ull;

static struct desk *open_desk(void **state)
{
	struct place *p = *state;
	struct desk *d = NULL;
	char why[DESK_WHY] = "";

	assert_int_equal(desk_open(&d, &(struct desk_setup){ .path = p->path,
		.author = "ana", .now = tick, .world = &now }, why), 0);
	return d;
}

static int put(struct desk *d, const struct contact *c)
{
	int rc = desk_begin(d);

	assert_int_equal(rc, 0);
	return desk_end(d, contact_set(d, c));
}

static int put_address(struct desk *d, const char *id, enum channel ch, const char *value)
{
	assert_int_equal(desk_begin(d), 0);
	return desk_end(d, contact_address(d, &(struct address){ .contact = id,
		.channel = (u8)ch, .value = value }));
}

static void refused(void **state)
{
	struct desk *d = open_desk(state);
	char long_cover[CONTACT_TEXT_MAX + 2];

	assert_int_equal(put(d, &(struct contact){ .id = "A", .name = "x" }), OOPS_FORMAT);
	assert_int_equal(put(d, &(struct contact){ .id = "", .name = "x" }), OOPS_FORMAT);
	assert_int_equal(put(d, &(struct contact){ .id = "a", .name = "" }), OOPS_FORMAT);
	assert_int_equal(put(d, &(struct contact){ .id = "a", .name = "x", .roles = "king" }),
			 OOPS_FORMAT);
	assert_non_null(strstr(desk_error(d), "'king' is no role"));
	assert_int_equal(put(d, &(struct contact){ .id = "a", .name = "x",
		.covers = "a..example" }), OOPS_FORMAT);
	assert_int_equal(put(d, &(struct contact){ .id = "a", .name = "x",
		.organisation = "nobody" }), OOPS_UNKNOWN);
	assert_int_equal(put(d, &(struct contact){ .id = "a", .name = "x",
		.organisation = "a" }), OOPS_FORMAT);
	memset(long_cover, 'a', sizeof long_cover);
	long_cover[sizeof long_cover - 1] = 0;
	assert_int_equal(put(d, &(struct contact){ .id = "a", .name = "x",
		.covers = long_cover }), OOPS_LIMIT);
	assert_int_equal(put(d, &(struct contact){ .id = "a", .name = "x",
		.roles = "cert, police\ncert" }), 0);
	assert_int_equal(put_address(d, "b", CHANNEL_MAIL, "a@b.example"), OOPS_UNKNOWN);
	assert_int_equal(put_address(d, "a", CHANNEL_MAIL, "a@b.example\r\nBcc: x@y.example"),
			 OOPS_FORMAT);
	assert_int_equal(put_address(d, "a", CHANNEL_MAIL, "a@b.example,c@d.example"),
			 OOPS_FORMAT);
	assert_int_equal(put_address(d, "a", CHANNEL_WEBHOOK, "ftp://b.example"), OOPS_FORMAT);
	assert_int_equal(put_address(d, "a", CHANNEL_KEY, "abc"), OOPS_FORMAT);
	assert_int_equal(put_address(d, "a", CHANNEL_MAIL, "a@b.example"), 0);
	desk_close(d);
}

static u32 match(const char *line, const char *about)
{
	assert_true(cover_good(line, strlen(line)));
	return cover_match(line, strlen(line), about);
}

static void covers(void **state)
{
	(void)state;
	assert_true(match("example", "a.b.example") > 0);
	assert_true(match("b.example", "a.B.Example.") > match("example", "a.b.example"));
	assert_true(match("example", "example") > match(".", "example"));
	assert_int_equal(match("ample", "example"), 0);
	assert_int_equal(match("a.example", "example"), 0);
	assert_true(match("b.example", "https://user@a.b.example:8443/path?x@y") > 0);
	assert_true(match("b.example", "someone@b.example") > 0);
	assert_true(match("192.0.2.0/24", "192.0.2.255") > match("192.0.0.0/16", "192.0.2.255"));
	assert_int_equal(match("192.0.2.0/24", "192.0.3.0"), 0);
	assert_true(match("192.0.2.0/24", "192.0.2.128/25") > 0);
	assert_int_equal(match("192.0.2.128/25", "192.0.2.0/24"), 0);
	assert_true(match("2001:db8::/32", "https://[2001:db8::1]/") > 0);
	assert_int_equal(match("::/0", "192.0.2.1"), 0);
	assert_int_equal(match(".", "192.0.2.1"), 0);
	assert_true(match("AS64500", "as64500") > 0);
	assert_int_equal(match("AS64500", "AS645001"), 0);
	assert_true(match("iana:9999", "iana:9999") > 0);
	assert_int_equal(match("as64500", "as64500.example"), 0);
	assert_false(cover_good("a_b/c", 5));
	assert_false(cover_good("192.0.2.0/33", 12));
	assert_false(cover_good("", 0));
	assert_false(cover_good("999.1.1.1", 9));
	assert_true(cover_good("999.1.1.example", 15));
}

static void may_be_covered(void **state)
{
	static const char *const yes[] = { "shop.example", "shop.example.", ".", "192.0.2.7",
		"2001:db8::/32", "https://[2001:db8::1]/x",
		"https://user@a.example:8443/", "AS64500",
		"iana:9999", "someone@b.example", "_dmarc.example" };
	static const char *const no[] = { "", "not..valid", "999.1.1.1", "192.0.2.0/33", "a b",
		".example", "https://", "someone@", "x/y" };

	(void)state;
	for (size_t i = 0; i < COUNT(yes); i++)
		if (!cover_may_match(yes[i]))
			fail_msg("'%s' is refused", yes[i]);
	for (size_t i = 0; i < COUNT(no); i++)
		if (cover_may_match(no[i]))
			fail_msg("'%s' is taken", no[i]);
}

static void languages(void **state)
{
	struct desk *d = open_desk(state);
	static const struct { const char *text; int want; } rows[] = {
		{ "es en fr", 0 }, { "ast, pt-br zh-hant-tw", 0 }, { "", 0 },
		{ "xx", OOPS_FORMAT }, { "es qq", OOPS_FORMAT }, { "e", OOPS_FORMAT },
		{ "ES", OOPS_FORMAT }, { "english", OOPS_FORMAT },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (put(d, &(struct contact){ .id = "a", .name = "A",
				.languages = rows[i].text }) != rows[i].want)
			fail_msg("'%s': %s", rows[i].text, desk_error(d));
	desk_close(d);
}

static void add(struct desk *d, const char *id, const char *roles_of, const char *covers_of)
{
	assert_int_equal(put(d, &(struct contact){ .id = id, .name = id, .roles = roles_of,
		.covers = covers_of, .place = id[0] == 'z' ? 1 : 2 }), 0);
}

static void expect(struct desk *d, const char *about, const char *ids)
{
	struct route *r = calloc(1, sizeof *r);
	char got[400] = "";

	assert_non_null(r);
	assert_int_equal(route_find(r, d, &about, 1, 0), 0);
	for (u32 i = 0; i < r->count; i++)
		snprintf(got + strlen(got), sizeof got - strlen(got), "%s%s", i ? " " : "",
			 r->step[i].contact->id);
	assert_string_equal(got, ids);
	route_free(r);
	free(r);
}

static void routes(void **state)
{
	struct desk *d = open_desk(state);

	add(d, "cert", "cert", ".");
	add(d, "tld", "registry", "example");
	add(d, "cc", "registry", "co.example");
	add(d, "reg", "registrar", "shop.example iana:9999");
	add(d, "zreg", "registrar", "shop.example");
	add(d, "host", "host operator", "192.0.2.0/24");
	add(d, "nobody", "reporter", "example");
	assert_int_equal(put(d, &(struct contact){ .id = "reg-abuse", .name = "desk",
		.roles = "abuse", .organisation = "reg", .place = 9 }), 0);
	expect(d, "www.shop.example", "reg-abuse zreg reg tld cert");
	expect(d, "a.co.example", "cc tld cert");
	expect(d, "iana:9999", "reg-abuse reg");
	expect(d, "192.0.2.9", "host host");
	expect(d, "other.test", "cert");
	assert_int_equal(desk_begin(d), 0);
	assert_int_equal(desk_end(d, contact_remove(d, "reg")), 0);
	expect(d, "iana:9999", "");
	desk_close(d);
}

static int dump(void *to, const void *record)
{
	char **text = to;
	json_t *body = desk_body(DESK_contact, record);
	char *line = json_dumps(body, JSON_COMPACT), *all = NULL;

	assert_true(asprintf(&all, "%s%s\n", *text ? *text : "", line) > 0);
	free(*text);
	free(line);
	json_decref(body);
	*text = all;
	return 0;
}

static char *all_contacts(struct desk *d)
{
	const struct store_query q = { .table = DESK_contact, .order = "id" };
	char *text = NULL;

	assert_int_equal(store_each(desk_store(d), &q, dump, &text), 0);
	assert_non_null(text);
	return text;
}

static void proof_and_again(void **state)
{
	struct desk *d = open_desk(state);
	const struct address key = { .contact = "a", .channel = CHANNEL_MAIL,
		.value = "second@b.example" };
	struct address *reach = NULL;
	struct contact *c = NULL;
	char *before, *after;

	add(d, "a", "cert", ".");
	assert_int_equal(put_address(d, "a", CHANNEL_MAIL, "first@b.example"), 0);
	assert_int_equal(put_address(d, "a", CHANNEL_MAIL, "second@b.example"), 0);
	assert_int_equal(desk_begin(d), 0);
	assert_int_equal(desk_end(d, contact_proof(d, &key, PROOF_ANSWERED)), 0);
	assert_int_equal(contact_find(d, "a", &c), 1);
	assert_true(c->proven > 0 && c->proven <= now);
	free(c);
	assert_int_equal(desk_begin(d), 0);
	assert_int_equal(desk_end(d, contact_proof(d, &(struct address){ .contact = "a",
		.channel = CHANNEL_MAIL, .value = "first@b.example" }, PROOF_BOUNCED)), 0);
	assert_int_equal(contact_reach(d, "a", CHANNEL_MAIL, &reach), 1);
	assert_string_equal(reach->value, "second@b.example");
	free(reach);
	before = all_contacts(d);
	assert_int_equal(desk_rebuild(d), 0);
	after = all_contacts(d);
	assert_string_equal(before, after);
	free(before);
	free(after);
	desk_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(refused, place_up, place_down),
		cmocka_unit_test(covers),
		cmocka_unit_test(may_be_covered),
		cmocka_unit_test_setup_teardown(languages, place_up, place_down),
		cmocka_unit_test_setup_teardown(routes, place_up, place_down),
		cmocka_unit_test_setup_teardown(proof_and_again, place_up, place_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
