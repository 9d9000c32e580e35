/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sharing_test.c - the sharing family: figures worked out by hand, every row, and random zones
 * against a model that keeps nothing but lists. */
#include "zone_make.h"
#include "base/buf.h"
#include "dns/suffix.h"
#include "draw.h"
#include "verify/sharing.h"
#include <setjmp.h>
#include <math.h>
#include <stdarg.h>
#include <cmocka.h>

extern const struct check_family family_sharing;

#define TOP "@ SOA ns.top.org. mail.top.org. 1 2 3 4 5\n@ NS ns.top.org.\n@ NS ns.a.net.\n"
#define DIGEST "0011223344556677889900112233445566778899001122334455667788990011"
static struct audit_input input;

static void give(struct audit_input *in, enum audit_file_row row, const char *text)
{
	in->files[row] = (struct audit_file){ "given", (const u8 *)text, strlen(text) };
}

static void look(struct said *s, const char *text, const struct audit_input *in,
		 const char *options)
{
	struct zone *z = zone_of("se.", text);

	zone_look(s, &family_sharing, z, &(struct zone_look){ .input = in, .options = options });
	zone_free(z);
}

static void near(const struct finding *f, const char *feature, double wanted)
{
	double is = said_value(f, feature);

	if (fabs(is - wanted) > 1e-9)
		fail_msg("%s %s %s: %g, not %g", f->rule, f->subject, feature, is, wanted);
}

static const char *note(const struct finding *f, const char *name)
{
	for (u32 i = 0; i < f->related_count; i++)
		if (strcmp(f->related[i].name, name) == 0)
			return f->related[i].note;
	return "";
}

/* Four delegations: a and b with one operator, c with two, d with glue of its own. */
static const char four[] = TOP
	"a NS ns1.one.org.\na NS ns2.one.org.\n"
	"b NS ns1.one.org.\nb NS ns2.one.org.\nb NS ns1.one.org.\n"
	"c NS ns1.one.org.\nc NS ns1.two.net.\n"
	"d NS ns1.d\nd NS ns2.d\nns1.d A 192.0.2.1\nns1.d AAAA 2001:db8:7:1::1\n"
	"ns2.d A 192.0.2.2\n"
	"d DS 1 8 2 " DIGEST "\na DS 1 8 2 " DIGEST "\na DS 1 13 2 " DIGEST "\n";

static const char ranges[] = "192.0.2.0,192.0.2.255,64500,\"Example, Inc.\"\n"
	"2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,64501,Six\n";

static void spread(void **state)
{
	struct audit_input in = input;
	struct said s = { 0 };
	const struct finding *f;

	(void)state;
	give(&in, AUDIT_FILE_ASN4, ranges);
	look(&s, four, &in, NULL);
	/* one.org 2.5, two.net 0.5, d.se 1 */
	f = said_find(&s, "sharing.spread", "operator");
	assert_non_null(f);
	near(f, "elements", 3);
	near(f, "hhi", (2.5 * 2.5 + 0.25 + 1) / 16);
	near(f, "effective", 16 / 7.5);
	near(f, "largest", 0.625);
	near(f, "single", 0.75);
	near(f, "unknown", 0);
	assert_string_equal(note(f, "one.org"), "62.5 %; 2 fall with it alone");
	f = said_find(&s, "sharing.spread", "host");
	near(f, "elements", 5);
	near(f, "largest", 1.5 / 4);
	near(f, "single", 0);
	f = said_find(&s, "sharing.spread", "address");		/* only d's are known */
	near(f, "elements", 3);
	near(f, "hhi", 1 / 3.0);
	near(f, "unknown", 0.75);
	f = said_find(&s, "sharing.spread", "prefix");
	near(f, "elements", 2);
	assert_string_equal(note(f, "192.0.2.0/24"), "50.0 %; 0 fall with it alone");
	assert_string_equal(note(f, "2001:db8:7::/48"), "50.0 %; 0 fall with it alone");
	f = said_find(&s, "sharing.spread", "as");
	assert_string_equal(note(f, "AS64500"),
			    "50.0 %; 0 fall with it alone (Example, Inc.)");
	said_free(&s);
}

static void heavy(void **state)
{
	struct audit_input in = input;
	struct said s = { 0 };
	const struct finding *f;

	(void)state;
	look(&s, four, &in, "sharing:\n  least: 4\n");
	f = said_find(&s, "sharing.heavy", NULL);
	assert_non_null(f);
	assert_string_equal(f->subject, "one.org");
	assert_int_equal(f->severity, SEVERITY_MEDIUM);
	assert_int_equal(said_count(&s, "sharing.heavy"), 1);
	look(&s, four, &in, "sharing:\n  least: 5\n");
	assert_int_equal(said_count(&s, "sharing.heavy"), 0);
	give(&in, AUDIT_FILE_CRITICAL, "d.se\n");
	look(&s, four, &in, NULL);
	assert_int_equal(said_count(&s, "sharing.heavy"), 1);	/* its own operator */
	assert_non_null(said_find(&s, "sharing.heavy", "d.se"));
	said_free(&s);
}

static void lists(void **state)
{
	struct audit_input in = input;
	struct said s = { 0 };
	const struct finding *f;

	(void)state;
	give(&in, AUDIT_FILE_CRITICAL, "# list\na.se\r\nA.SE.\nwww.b.se # bank\nx.se\ny..se\nse\n");
	give(&in, AUDIT_FILE_ASN6, "what\n");
	look(&s, four, &in, NULL);
	f = said_find(&s, "sharing.critical-unknown", "given");
	assert_non_null(f);
	near(f, "lines", 3);
	near(f, "critical", 2);
	f = said_find(&s, "sharing.asn-lines", "given");
	near(f, "lines", 1);
	look(&s, four, &input, NULL);
	assert_int_equal(said_count(&s, "sharing.critical-unknown"), 0);
	assert_int_equal(said_count(&s, "sharing.asn-lines"), 0);
	assert_int_equal(said_count(&s, "sharing.limit"), 0);
	look(&s, four, &input, "sharing:\n  sets: 2\n");
	f = said_find(&s, "sharing.limit", "se");
	near(f, "left_out", 1);
	said_free(&s);
}

struct question {
	const char *text;
	double fall, weakened, critical_fall, chain, zone;
};
static const struct question questions[] = {
	{ "operator:one.org", 2, 1, 1, -1, 0 },
	{ "operator:ONE.org.,operator:two.net", 3, 0, 2, -1, 0 },
	{ "host:ns1.one.org, host:ns1.two.net", 1, 2, 1, -1, 0 },
	{ "address:192.0.2.1", 0, 0, 0, -1, 0 },	/* ns1.d has another one */
	{ "address:192.0.2.2", 0, 1, 0, -1, 0 },
	{ "prefix:192.0.2.0/24", 0, 1, 0, -1, 0 },
	{ "prefix:192.0.2.0/24,prefix:2001:db8::/32", 1, 0, 0, -1, 0 },
	{ "prefix:::/0", 0, 0, 0, -1, 0 },
	{ "prefix:0.0.0.0/0", 0, 1, 0, -1, 0 },
	{ "as:64500,as:AS64501", 1, 0, 0, -1, 0 },
	{ "as:64501,address:192.0.2.1", 0, 1, 0, -1, 0 },
	{ "algorithm:8", 0, 0, 0, 1, 0 },
	{ "algorithm:8,algorithm:13", 0, 0, 0, 2, 0 },
	{ "host:ns.top.org,host:ns.a.net", 0, 0, 0, -1, 2 },
	{ "host:ns.top.org", 0, 0, 0, -1, 1 },
	{ "host:nowhere.org", 0, 0, 0, -1, 0 },
};

static void what_if(void **state)
{
	struct audit_input in = input;
	struct said s = { 0 };

	(void)state;
	give(&in, AUDIT_FILE_ASN4, ranges);
	give(&in, AUDIT_FILE_CRITICAL, "a.se\nc.se\n");
	for (unsigned i = 0; i < COUNT(questions); i++) {
		const struct question *q = &questions[i];
		const struct finding *f;

		in.what_if = q->text;
		look(&s, four, &in, NULL);
		f = said_find(&s, "sharing.what-if", q->text);
		assert_non_null(f);
		near(f, "fall", q->fall);
		near(f, "weakened", q->weakened);
		near(f, "critical", 2);
		near(f, "chain", q->chain);
		near(f, "zone", q->zone);
		near(f, "critical_fall", q->critical_fall);
		assert_int_equal(strstr(f->sentence, "Nothing here has") != NULL,
				 i == COUNT(questions) - 1);
	}
	said_free(&s);
}

static void what_if_names(void **state)
{
	struct audit_input in = input;
	struct said s = { 0 };
	const struct finding *f;

	(void)state;
	in.what_if = "operator:one.org,operator:d.se";
	give(&in, AUDIT_FILE_CRITICAL, "d.se\n");
	look(&s, four, &in, NULL);
	f = said_find(&s, "sharing.what-if", NULL);
	assert_int_equal(f->related_count, 3);
	assert_string_equal(note(f, "d.se"), "falls; on the critical list");
	assert_string_equal(note(f, "a.se"), "falls");
	said_free(&s);
}

static void wrong_questions(void **state)
{
	static const char *const wrong[] = { "", ",", "as:", "as:x", "as:0", "as:4294967296",
		"operator", "operator:", "operator:a..b", "host:", "address:1.2.3",
		"address:1.2.3.4/24", "prefix:1.2.3.4", "prefix:1.2.3.4/33", "prefix:::1/129",
		"algorithm:256", "algorithm:RSA", "colour:red", ":1", "as:1" };
	static const char *const shares[] = { "0", "101%", "10%,x", "-1",
		"1%,2%,3%,4%,5%,6%,7%,8%,9%" };
	struct sharing_conf conf = { .losses = "10%, 0.5" };
	struct audit_input in = { 0 };
	char why[OPT_WHY];

	(void)state;
	for (unsigned i = 0; i < COUNT(wrong); i++) {
		why[0] = '\0';
		in.what_if = wrong[i];
		assert_int_equal(family_sharing.check(&in, &conf, why), OOPS_RANGE);
		assert_true(strncmp(why, "--what-if: ", 11) == 0);
	}
	in.files[AUDIT_FILE_ASN6].name = "given";
	assert_int_equal(family_sharing.check(&in, &conf, why), 0);
	in.what_if = NULL;
	for (unsigned i = 0; i < COUNT(shares); i++) {
		conf.losses = shares[i];
		assert_int_equal(family_sharing.check(&in, &conf, why), OOPS_RANGE);
		assert_true(strncmp(why, "--sharing-loss: ", 16) == 0);
	}
}

/* ---- smallest sets ---- */

static void cuts(void **state)
{
	struct audit_input in = input;
	struct said s = { 0 };
	const struct finding *f;

	(void)state;
	give(&in, AUDIT_FILE_CRITICAL, "c.se\nd.se\n");
	look(&s, four, &in, "sharing:\n  loss: \"75%,25%\"\n");
	f = said_find(&s, "sharing.cut", "operator 75%");	/* one.org and two.net or d.se */
	near(f, "need", 3);
	near(f, "size", 2);
	near(f, "at_least", 2);
	near(f, "fall", 3);
	assert_int_equal(f->severity, SEVERITY_INFO);
	f = said_find(&s, "sharing.cut", "operator 25%");
	near(f, "size", 1);
	f = said_find(&s, "sharing.cut", "host 25%");
	near(f, "size", 2);
	f = said_find(&s, "sharing.cut", "address 25%");
	near(f, "size", 3);
	f = said_find(&s, "sharing.cut", "address 75%");	/* only d's are known */
	near(f, "can_fall", 1);
	near(f, "size", -1);
	f = said_find(&s, "sharing.critical-cut", "operator 25%");
	near(f, "need", 1);
	near(f, "size", 1);
	assert_string_equal(f->related[0].name, "d.se");
	f = said_find(&s, "sharing.critical-cut", "operator 75%");
	near(f, "need", 2);
	near(f, "size", 3);
	look(&s, four, &input, "sharing:\n  loss: \"\"\n");
	assert_int_equal(said_count(&s, "sharing.cut"), 0);
	said_free(&s);
}

/* Hard enough to need a search: with no work there is a gap, and it says so. */
static void no_work(void **state)
{
	struct buf text = { 0 };
	struct said s = { 0 };
	const struct finding *f;
	double least;

	(void)state;
	buf_text(&text, TOP);
	for (unsigned i = 0; i < 60; i++)
		buf_fmt(&text, "d%u NS ns.h%u.org.\nd%u NS ns.h%u.org.\nd%u NS ns.h%u.org.\n",
			i, i % 11, i, i * 7 % 13, i, i * i % 17);
	look(&s, buf_str(&text), &input, "sharing:\n  work: 0\n  loss: 40%\n");
	f = said_find(&s, "sharing.cut", "operator 40%");
	least = said_value(f, "at_least");
	assert_true(least < said_value(f, "size"));
	assert_non_null(strstr(f->sentence, "are needed (proven)"));
	look(&s, buf_str(&text), &input, "sharing:\n  loss: 40%\n");
	f = said_find(&s, "sharing.cut", "operator 40%");
	assert_true(said_value(f, "at_least") >= least);
	near(f, "size", said_value(f, "at_least"));
	assert_non_null(strstr(f->sentence, "no smaller set does"));
	said_free(&s);
	buf_free(&text);
}

/* ---- random zones ---- */

#define HOSTS 12
#define CUTS 25

struct model {
	u32 cut[CUTS];		/* bits: its hosts */
	u32 address[HOSTS];	/* bits: its addresses, 10.0.N.1 */
	unsigned cuts;
};

static void draw_model(u64 *seed, struct model *m, struct buf *text)
{
	buf_text(text, TOP);
	m->cuts = 1 + (unsigned)draw_below(seed, CUTS);
	for (unsigned i = 0; i < HOSTS; i++) {
		m->address[i] = 0;
		for (unsigned j = 0; j < 6; j++)
			if (draw_below(seed, 4) == 0)
				m->address[i] |= 1u << j;
		for (unsigned j = 0; j < 6; j++)
			if (m->address[i] >> j & 1)
				buf_fmt(text, "h%u.o%u A 10.0.%u.1\n", i, i / 3, j);
	}
	for (unsigned i = 0; i < m->cuts; i++) {
		unsigned n = 1 + (unsigned)draw_below(seed, 4);

		m->cut[i] = 0;
		for (unsigned j = 0; j < n; j++)
			m->cut[i] |= 1u << draw_below(seed, HOSTS);
		for (unsigned j = 0; j < HOSTS; j++)
			if (m->cut[i] >> j & 1)
				buf_fmt(text, "d%u NS h%u.o%u\n", i, j, j / 3);
	}
}

/* A question about hosts, operators and addresses; the hosts that fall. */
static u32 draw_question(u64 *seed, const struct model *m, struct buf *text)
{
	u32 hosts = 0, addresses = 0;

	for (unsigned i = 0; i < HOSTS; i++)
		if (draw_below(seed, 6) == 0) {
			buf_fmt(text, "host:h%u.o%u.se,", i, i / 3);
			hosts |= 1u << i;
		}
	for (unsigned i = 0; i < HOSTS / 3; i++)
		if (draw_below(seed, 6) == 0) {
			buf_fmt(text, "operator:o%u.se,", i);
			hosts |= 7u << 3 * i;
		}
	for (unsigned i = 0; i < 6; i++)
		if (draw_below(seed, 2) == 0) {
			buf_fmt(text, draw_below(seed, 2) ? "address:10.0.%u.1,"
				: "prefix:10.0.%u.0/24,", i);
			addresses |= 1u << i;
		}
	buf_text(text, "host:no.host");
	for (unsigned i = 0; i < HOSTS; i++)
		if (m->address[i] && (m->address[i] & ~addresses) == 0)
			hosts |= 1u << i;
	return hosts;
}

static void count_down(const struct model *m, u32 lost, u32 *down, u32 *weak)
{
	*down = *weak = 0;
	for (unsigned i = 0; i < m->cuts; i++) {
		*down += (m->cut[i] & ~lost) == 0;
		*weak += (m->cut[i] & lost) && (m->cut[i] & ~lost);
	}
}

static void ask_and_compare(u64 *seed, const struct model *m, const char *zone)
{
	struct audit_input in = input;
	struct said s = { 0 };
	double before = 0;
	struct buf both = { 0 };
	u32 lost = 0, down, weak;

	for (unsigned i = 0; i < 3; i++) {	/* more is asked each time, so more falls */
		const struct finding *f;

		lost |= draw_question(seed, m, &both);
		for (unsigned h = 0; h < HOSTS; h++) {	/* addresses of both questions */
			char part[40];
			bool all = m->address[h] != 0;

			for (unsigned j = 0; j < 6; j++) {
				snprintf(part, sizeof part, ":10.0.%u.", j);
				all &= !(m->address[h] >> j & 1) || strstr(buf_str(&both), part);
			}
			lost |= (u32)all << h;
		}
		in.what_if = buf_str(&both);
		look(&s, zone, &in, NULL);
		f = said_find(&s, "sharing.what-if", NULL);
		assert_non_null(f);
		count_down(m, lost, &down, &weak);
		near(f, "fall", down);
		near(f, "weakened", weak);
		assert_true(said_value(f, "fall") >= before);
		before = said_value(f, "fall");
		buf_text(&both, ",");
	}
	buf_free(&both);
	said_free(&s);
}

static void laws_of_spread(const char *zone)
{
	struct said s = { 0 };

	look(&s, zone, &input, NULL);
	for (u32 i = 0; i < s.count; i++) {
		const struct finding *f = &s.at[i];
		double n = said_value(f, "elements"), hhi = said_value(f, "hhi"), sum = 0;

		if (strcmp(f->rule, "sharing.spread"))
			continue;
		assert_true(hhi >= 1 / n - 1e-9 && hhi <= 1 + 1e-9);
		assert_true(said_value(f, "largest") >= 1 / n - 1e-9);
		for (u32 j = 0; j < f->related_count; j++)
			sum += strtod(f->related[j].note, NULL);
		if (n <= 8)	/* all are told */
			assert_true(fabs(sum - 100) < 0.05 * n);
		else
			assert_true(sum <= 100.5);
	}
	said_free(&s);
}

static void random_zones(void **state)
{
	u64 seed = 3;

	(void)state;
	for (unsigned i = 0; i < 150; i++) {
		struct buf text = { 0 };
		struct model m;

		draw_model(&seed, &m, &text);
		ask_and_compare(&seed, &m, buf_str(&text));
		laws_of_spread(buf_str(&text));
		buf_free(&text);
	}
}

/* ---- */

static int open_suffixes(void **state)
{
	static const char list[] = "se\norg\nnet\n";
	struct suffixes *s;

	(void)state;
	assert_int_equal(suffixes_parse(&s, list, sizeof list - 1, 1), 0);
	input.suffixes = s;
	input.key = 99;
	return 0;
}

static int close_suffixes(void **state)
{
	(void)state;
	suffixes_free((struct suffixes *)input.suffixes);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spread), cmocka_unit_test(heavy), cmocka_unit_test(lists),
		cmocka_unit_test(what_if), cmocka_unit_test(what_if_names),
		cmocka_unit_test(wrong_questions), cmocka_unit_test(cuts),
		cmocka_unit_test(no_work), cmocka_unit_test(random_zones),
	};

	return cmocka_run_group_tests(tests, open_suffixes, close_suffixes);
}
