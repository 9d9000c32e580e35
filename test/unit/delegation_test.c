/* SPDX-License-Identifier: GPL-3.0-or-later */
/* delegation_test.c - the delegation family: every row has a zone in which it speaks and one,
 * as like it as can be, in which it is silent; the graph against a slow one; real zones. */
#include "zone_make.h"
#include "base/buf.h"
#include "dns/suffix.h"
#include "draw.h"
#include "zone/read.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <fcntl.h>
#include <unistd.h>

extern const struct check_family family_delegation;

#define TOP "@ SOA ns.top.org. mail.top.org. 1 2 3 4 5\n@ NS ns.top.org.\n" \
	"@ NS ns.top.net.\n"
#define TWO(name) name " NS ns1.host.org.\n" name " NS ns2.host.org.\n"
#define DIGEST "0011223344556677889900112233445566778899001122334455667788990011"

struct row_case {
	const char *row, *subject;
	const char *origin, *fires, *silent;	/* after TOP */
	const char *options;
};

static const struct row_case cases[] = {
	{ "delegation.no-glue", "a.se", "se.",
	  "a NS ns1.a\na NS ns2.host.org.\n",
	  "a NS ns1.a\na NS ns2.host.org.\nns1.a AAAA 2001:500::1\n" },
	{ "delegation.unresolvable", "a.se", "se.",
	  TWO("b") "a NS gone\na NS 192.0.2.1.\n", TWO("b") "a NS gone\na NS "
	    "ns2.host.org.\n" },
	{ "delegation.depends-on-broken", "c.se", "se.",
	  "a NS gone\nb NS ns.a\nb NS gone\nc NS ns.b\nc NS ns2.b\n",
	  "a NS gone\na NS x.org.\nb NS ns.a\nb NS gone\nc NS ns.b\nc NS ns2.b\n" },
	{ "delegation.cycle", "a.se", "se.",
	  "a NS ns.b\na NS x.org.\nb NS ns.c\nb NS y.c\nc NS ns.a\nc NS ns2.a\n",
	  "a NS ns.b\na NS x.org.\nb NS ns.c\nb NS y.c\nc NS ns.a\nc NS ns2.a\n"
	  "ns.a A 9.9.9.9\nns2.a A 9.9.8.9\n" },
	{ "delegation.claimable", "gone.se", "se.",
	  "a NS ns1.gone\nb NS ns2.gone\nb NS ns2.host.org.\n",
	  "a NS ns1.gone\nb NS ns2.gone\nb NS ns2.host.org.\n" TWO("gone") },
	{ "delegation.no-host", "ns1.gone.firm.org", "firm.org.",
	  "a NS ns1.gone\na NS ns2.host.org.\n",
	  "a NS ns1.gone\na NS ns2.host.org.\nns1.gone A 9.9.9.9\n" },
	{ "delegation.special-use", "local", "se.",
	  "a NS ns1.firm.local.\na NS ns2.host.org.\n", TWO("a") },
	{ "delegation.impossible-name", "192.0.2.1", "se.",
	  "a NS 192.0.2.1.\na NS ns2.host.org.\n", TWO("a") "b NS 192.0.2.1.org.\n" },
	{ "delegation.null-server", ".", "se.", "a NS .\na NS ns2.host.org.\n",
		TWO("a") },
	{ "delegation.unknown-tld", "nosuchtld", "se.",
	  "a NS ns1.b.nosuchtld.\na NS ns2.host.org.\n", TWO("a") "b NS a.mm.\n" },
	{ "delegation.lookalike", "bighostng.org", "se.",
	  "a NS ns1.bighosting.org.\nb NS ns1.bighosting.org.\nc NS ns1.bighosting.org.\n"
	  "d NS ns1.bighosting.org.\ne NS ns1.bighostng.org.\n",
	  "a NS ns1.bighosting.org.\nb NS ns1.bighosting.org.\nc NS ns1.bighosting.org.\n"
	  "d NS ns1.bighosting.org.\ne NS ns1.bigmosaic.org.\n",
	  "delegation:\n  alike-big: 4\n  alike-share: 0.5\n" },
	{ "delegation.unroutable-address", "ns1.a.se", "se.",
	  "a NS ns1.a\na NS ns2.host.org.\nns1.a A 10.1.2.3\n",
	  "a NS ns1.a\na NS ns2.host.org.\nns1.a A 11.1.2.3\n" },
	{ "delegation.one-address", "a.se", "se.",
	  "a NS ns1.a\na NS ns2.a\nns1.a A 9.9.9.9\nns2.a A 9.9.9.9\n",
	  "a NS ns1.a\na NS ns2.a\nns1.a A 9.9.9.9\nns2.a A 9.9.9.8\n" },
	{ "delegation.one-prefix", "a.se", "se.",
	  "a NS ns1.a\na NS ns2.a\nns1.a A 9.9.9.9\nns2.a A 9.9.9.8\nns1.a AAAA "
	  "2001:500:1::1\n",
	  "a NS ns1.a\na NS ns2.a\nns1.a A 9.9.9.9\nns2.a A 9.9.9.8\nns1.a AAAA "
	  "2001:500:1::1\n"
	  "ns2.a AAAA 2001:500:2::1\n" },
	{ "delegation.same-address", "a.se", "se.",
	  "a NS ns1.a\na NS ns2.a\na NS ns3.a\nns1.a A 9.9.9.9\nns2.a A 9.9.9.9\nns3.a "
	  "A 8.8.8.8\n",
	  "a NS ns1.a\na NS ns2.a\na NS ns3.a\nns1.a A 9.9.9.9\nns2.a A 9.9.8.9\nns3.a "
	  "A 8.8.8.8\n" },
	{ "delegation.few-servers", "a.se", "se.",
	  "a NS ns1.host.org.\na NS ns1.host.org.\n", TWO("a") },
	{ "delegation.many-servers", "a.se", "se.", TWO("a") "a NS ns3.host.org.\n",
		TWO("a"),
	  "delegation:\n  servers-most: 2\n" },
	{ "delegation.ds-unsupported", "a.se", "se.",
	  TWO("a") "a DS 1 13 3 " DIGEST "\na DS 2 12 2 " DIGEST "\n",
	  TWO("a") "a DS 1 13 3 " DIGEST "\na DS 2 13 2 " DIGEST "\n" },
	{ "delegation.ds-sha1", "a.se", "se.",
	  TWO("a") "a DS 1 8 1 0011223344556677889900112233445566778899\n",
	  TWO("a") "a DS 1 8 1 0011223344556677889900112233445566778899\na DS 1 8 2 "
	    "" DIGEST "\n" },
	{ "delegation.ds-algorithm", "a.se", "se.",
	  TWO("a") "a DS 1 7 2 " DIGEST "\n", TWO("a") "a DS 1 8 2 " DIGEST "\n" },
	{ "delegation.ds-length", "a.se", "se.",
	  TWO("a") "a TYPE43 \\# 7 0001 0D 02 001122\na DS 1 8 2 " DIGEST "\n",
	  TWO("a") "a TYPE43 \\# 7 0001 0D C8 001122\na DS 1 8 2 " DIGEST "\n" },
	{ "delegation.ds-alone", "b.se", "se.",
	  TWO("a") "b DS 1 8 2 " DIGEST "\n", TWO("a") "a DS 1 8 2 " DIGEST "\n" },
	{ "delegation.ds-apex", "se", "se.", TWO("a") "@ DS 1 8 2 " DIGEST "\n",
	  TWO("a") "a DS 1 8 2 " DIGEST "\n" },
	{ "delegation.orphan-glue", "ns1.gone.se", "se.",
	  "a NS ns1.gone\na NS ns2.host.org.\nns1.gone A 9.9.9.9\n",
	  "a NS ns1.gone\na NS ns2.host.org.\nns1.gone A 9.9.9.9\nwww.gone TXT ours\n" },
	{ "delegation.stray-address", "ns1.gone.se", "se.",
	  TWO("a") "ns1.gone A 9.9.9.9\n", TWO("a") "ns1.there A 9.9.9.9\nthere A "
	    "9.9.9.9\n" },
	{ "delegation.unneeded-glue", "ns3.a.se", "se.",
	  TWO("a") "ns3.a A 9.9.9.9\n", TWO("a") "b NS ns3.a\nb NS x.org.\nns3.a A "
	    "9.9.9.9\n" },
	{ "delegation.no-sibling-glue", "a.se", "se.",
	  TWO("b") "a NS ns.b\na NS x.org.\n", TWO("b") "a NS ns.b\na NS x.org.\nns.b A "
	    "9.9.9.9\n" },
	{ "delegation.low-ttl", "a.se", "se.",
	  "a 60 NS ns1.host.org.\na 60 NS ns2.host.org.\n" TWO("b") TWO("c"),
	  TWO("a") TWO("b") TWO("c") },
	{ "delegation.low-ttl-all", "se", "se.",
	  "a 60 NS ns1.host.org.\na 60 NS ns2.host.org.\nb 60 NS x.org.\n" TWO("c"),
	  "a 60 NS ns1.host.org.\na 60 NS ns2.host.org.\n" TWO("b") TWO("c") },
	{ "delegation.wildcard", "*.se", "se.", TWO("*"), TWO("x*") },
	{ "delegation.self-hosted", "a.se", "se.",
	  "a NS ns.top.org.\na NS ns.top.net.\n", "a NS ns.top.org.\na NS "
	  "ns.top.com.\n" },
};

static struct audit_input input;

static struct zone *zone_in(const char *origin, const char *text)
{
	struct buf b = { 0 };
	struct zone *z;

	buf_text(&b, TOP);
	buf_text(&b, text);
	z = zone_of(origin, buf_str(&b));
	buf_free(&b);
	return z;
}

static void look(struct said *s, const struct zone *z, const char *options)
{
	zone_look(s, &family_delegation, z,
		  &(struct zone_look){ .input = &input, .options = options });
}

static void look_text(struct said *s, const char *origin, const char *text,
	const char *options)
{
	struct zone *z = zone_in(origin, text);

	look(s, z, options);
	zone_free(z);
}

static void each_row_speaks(void **state)
{
	struct said s = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct row_case *c = &cases[i];

		look_text(&s, c->origin, c->fires, c->options);
		if (!said_find(&s, c->row, c->subject)) {
			said_print(&s);
			fail_msg("%s does not speak of %s", c->row, c->subject);
		}
		look_text(&s, c->origin, c->silent, c->options);
		if (said_count(&s, c->row)) {
			said_print(&s);
			fail_msg("%s speaks where it should not", c->row);
		}
	}
	said_free(&s);
}

/* ... and no row is without a case; the row of limits has its own test. */
static void no_row_without_case(void **state)
{
	(void)state;
	for (const struct catalogue_row *r = family_delegation.rows; r->id; r++) {
		bool found = strcmp(r->id, "delegation.limit") == 0;

		for (size_t i = 0; i < COUNT(cases); i++)
			found = found || strcmp(cases[i].row, r->id) == 0;
		if (!found)
			fail_msg("%s has no case", r->id);
	}
}

static void limit_speaks(void **state)
{
	struct buf b = { 0 };
	struct said s = { 0 };

	(void)state;
	buf_text(&b, "a NS ns1.a\na NS ns2.a\nns2.a A 9.9.9.9\n");
	for (int i = 0; i < 70; i++)
		buf_fmt(&b, "ns1.a A 8.8.8.%d\n", i);
	look_text(&s, "se.", buf_str(&b), NULL);
	assert_non_null(said_find(&s, "delegation.limit", "a.se"));
	said_free(&s);
	buf_free(&b);
}

static void good_zone_is_silent(void **state)
{
	struct said s = { 0 };

	(void)state;
	look_text(&s, "se.", TWO("a") "b NS ns1.b\nb NS ns2.b\nns1.b A 9.9.9.9\nns2.b A "
		"8.8.8.8\n"
		  "b DS 1 13 2 " DIGEST "\nnic NS ns1.b\nnic NS ns1.host.org.\n", NULL);
	if (s.count)
		said_print(&s);
	assert_int_equal(s.count, 0);
	said_free(&s);
}

/* ---- details ---- */

static void claimable_by_weight(void **state)
{
	struct said s = { 0 };
	struct buf b = { 0 };
	const struct finding *f;

	(void)state;
	buf_text(&b, "x NS ns.small\nx NS y.org.\n");
	for (int i = 0; i < 5; i++)
		buf_fmt(&b, "a%d NS ns1.large\na%d NS ns2.large\n", i, i);
	look_text(&s, "se.", buf_str(&b), "delegation:\n  weight: 5\n");
	assert_int_equal(said_count(&s, "delegation.claimable"), 2);
	f = said_find(&s, "delegation.claimable", NULL);
	assert_string_equal(f->subject, "large.se");
	assert_int_equal(f->severity, SEVERITY_CRITICAL);
	assert_int_equal((int)said_value(f, "delegations"), 5);
	assert_int_equal((int)said_value(f, "whole"), 5);
	assert_int_equal((int)said_value(f, "servers"), 2);
	f = said_find(&s, "delegation.claimable", "small.se");
	assert_int_equal(f->severity, SEVERITY_HIGH);
	assert_int_equal((int)said_value(f, "whole"), 0);
	said_free(&s);
	buf_free(&b);
}

/* Nobody may register what the registry uses itself, nor names below arpa or the root. */
static void not_claimable(void **state)
{
	struct said s = { 0 };

	(void)state;
	look_text(&s, "se.", "a NS ns9.nic\na NS y.org.\nwww.nic CNAME x.org.\n", NULL);
	assert_int_equal(said_count(&s, "delegation.claimable"), 0);
	assert_int_equal(said_count(&s, "delegation.no-host"), 1);
	look_text(&s, "in-addr.arpa.", "1 NS ns9.nic\n1 NS y.org.\n", NULL);
	assert_int_equal(said_count(&s, "delegation.claimable"), 0);
	look_text(&s, ".", "se. NS ns9.nic.\nse. NS y.org.\norg. NS a.org.\na.org. A "
		"9.9.9.9\n",
		  NULL);
	assert_int_equal(said_count(&s, "delegation.claimable"), 0);
	assert_non_null(said_find(&s, "delegation.no-host", "ns9.nic"));
	assert_int_equal(said_count(&s, "delegation.no-host"),
		1);	/* y.org is org's */
	said_free(&s);
}

/* Wildcards, aliases and DNAMEs may answer; nothing is said of what is not known. */
static void aliases_are_not_missing(void **state)
{
	struct said s = { 0 };

	(void)state;
	look_text(&s, "firm.org.", "a NS ns1.w\na NS al\na NS x.d\n*.w A 9.9.9.9\nal "
		"CNAME x.com.\n"
		  "d DNAME x.com.\n", NULL);
	assert_int_equal(s.count, 0);
	said_free(&s);
}

static void lookalikes(void **state)
{
	static const struct { const char *name, *how; } like[] = {
		{ "bighostng", "left out" }, { "bighostting", "added" },
			{ "bighositng", "swapped" },
		{ "bigh0sting", "looks like" }, { "bighksting", "one letter." },
		{ "bighiosting", "added" }, { "bighpsting", "neighbour" },
			{ "fighosting", "one bit" },
		{ "bigliosting", NULL }, { "bighosting7", NULL }, { "bigmousing", NULL },
	};
	struct said s = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(like); i++) {
		struct buf b = { 0 };
		const struct finding *f;

		for (int j = 0; j < 4; j++)
			buf_fmt(&b, "a%d NS ns1.bighosting.org.\n", j);
		buf_fmt(&b, "e NS ns.%s.org.\n", like[i].name);
		look_text(&s, "se.", buf_str(&b), "delegation:\n  alike-big: 4\n  "
			"alike-share: 0.5\n");
		f = said_find(&s, "delegation.lookalike", NULL);
		if ((f != NULL) != (like[i].how != NULL))
			fail_msg("%s: %s", like[i].name, f ? f->sentence : "silence");
		buf_free(&b);
	}
	look_text(&s, "se.", "a NS a.comhost.org.\nb NS a.comhost.org.\nc NS "
		"a.cornhost.org.\n",
		  "delegation:\n  alike-big: 2\n  alike-share: 0.5\n");
	assert_int_equal(said_count(&s, "delegation.lookalike"), 1);
	said_free(&s);
}

static void cycle_is_printed(void **state)
{
	struct said s = { 0 };
	const struct finding *f;

	(void)state;
	look_text(&s, "se.", "a NS n.b\nb NS n.c\nc NS n.a\nd NS n.a\n", NULL);
	f = said_find(&s, "delegation.cycle", NULL);
	assert_non_null(strstr(f->sentence, "a.se -> b.se -> c.se -> a.se"));
	assert_int_equal(f->severity, SEVERITY_HIGH);
	assert_int_equal(said_count(&s, "delegation.cycle"), 1);
	f = said_find(&s, "delegation.depends-on-broken", "d.se");
	assert_non_null(f);
	assert_int_equal(said_count(&s, "delegation.depends-on-broken"), 1);
	look_text(&s, "se.", "a NS n.b\nb NS n.a\nb NS x.org.\n", NULL);
	assert_int_equal(said_find(&s, "delegation.cycle", NULL)->severity,
		SEVERITY_MEDIUM);
	assert_int_equal(said_count(&s, "delegation.depends-on-broken"), 0);
	said_free(&s);
}

static void addresses(void **state)
{
	static const struct { const char *text; bool odd; } all[] = {
		{ "192.0.0.9", false }, { "192.0.0.8", true }, { "100.63.255.255",
			false },
		{ "100.64.0.0", true }, { "172.32.0.1", false }, { "172.31.255.255",
			true },
		{ "240.0.0.1", true }, { "223.255.255.255", false }, { "0.1.2.3", true },
		{ "2001:503:ba3e::2:30", false }, { "2001:db8::1", true }, { "2001::1",
			true },
		{ "2001:3::1", false }, { "2001:4:112::1", false }, { "2001:5::1", true },
		{ "2001:1ff:ffff::", true }, { "2001:200::1", false }, { "3fff:fff::1",
			true },
		{ "3fff:1000::1", false }, { "fe80::1", true }, { "fd00::1", true },
		{ "4000::1", true }, { "2002:909:909::1", true }, { "::ffff:9.9.9.9",
			true },
	};
	struct said s = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		struct buf b = { 0 };

		buf_fmt(&b, "a NS ns1.a\na NS x.org.\nns1.a %s %s\n",
			   strchr(all[i].text, ':') ? "AAAA" : "A", all[i].text);
		look_text(&s, "se.", buf_str(&b), NULL);
		if (said_count(&s, "delegation.unroutable-address") != all[i].odd)
			fail_msg("%s", all[i].text);
		buf_free(&b);
	}
	said_free(&s);
}

/* ---- the graph against a slow one ---- */

#define NODES 12
struct slow {
	bool edge[NODES][NODES], own[NODES], reach[NODES][NODES], alive[NODES];
};

static void slow_solve(struct slow *g)
{
	bool more = true;

	memcpy(g->alive, g->own, sizeof g->alive);
	while (more) {
		more = false;
		for (int i = 0; i < NODES; i++)
			for (int j = 0; j < NODES; j++)
				if (g->edge[i][j] && g->alive[j] && !g->alive[i])
					g->alive[i] = more = true;
	}
	memcpy(g->reach, g->edge, sizeof g->reach);
	for (int k = 0; k < NODES; k++)
		for (int i = 0; i < NODES; i++)
			for (int j = 0; j < NODES; j++)
				g->reach[i][j] |= g->reach[i][k] && g->reach[k][j];
}

static void graph_agrees(void **state)
{
	u64 r = 7;
	struct said s = { 0 };

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct slow g = { 0 };
		struct buf b = { 0 };
		u32 cycles = 0, hanging = 0;
		u64 dense = 1 + draw_below(&r, 4);

		for (int i = 0; i < NODES; i++) {
			u64 out = draw_below(&r, dense);

			g.own[i] = draw_below(&r, 4) == 0;
			buf_fmt(&b, "n%02d NS %s\n", i, g.own[i] ? "x.org." :
				"bad.invalid.");
			for (u64 e = 0; e <= out; e++) {
				unsigned j = (unsigned)draw_below(&r, NODES);

				if ((int)j == i)
					continue;
				g.edge[i][j] = true;
				buf_fmt(&b, "n%02d NS ns.n%02u\n", i, j);
			}
		}
		slow_solve(&g);
		for (int i = 0; i < NODES; i++) {
			bool first = g.reach[i][i], leans = false;

			for (int j = 0; j < i; j++)
				first = first && !(g.reach[i][j] && g.reach[j][i]);
			for (int j = 0; j < NODES; j++)
				leans = leans || g.edge[i][j];
			cycles += first;
			hanging += leans && !g.alive[i] && !g.reach[i][i];
		}
		look_text(&s, "se.", buf_str(&b), NULL);
		if (said_count(&s, "delegation.cycle") != cycles ||
		    said_count(&s, "delegation.depends-on-broken") != hanging)
			fail_msg("%s\n%u cycles, %u hang", buf_str(&b), cycles, hanging);
		buf_free(&b);
	}
	said_free(&s);
}

/* A long chain in bounded time and memory, and the same with more threads. */
static void long_chain(void **state)
{
	struct buf b = { 0 };
	struct said s = { 0 }, t = { 0 };
	struct zone *z;

	(void)state;
	for (int i = 0; i < 50000; i++)
		buf_fmt(&b, "n%d NS ns.n%d\n", i, i + 1);
	z = zone_in("se.", buf_str(&b));
	zone_look(&s, &family_delegation, z, &(struct zone_look){ .input = &input,
		.most = 50 });
	zone_look(&t, &family_delegation, z,
		  &(struct zone_look){ .input = &input, .most = 50, .threads = 4 });
	assert_int_equal(s.cases[2], 49999);	/* depends-on-broken: all but the last */
	assert_int_equal(said_count(&s, "delegation.claimable"), 1);
	assert_int_equal(s.count, t.count);
	for (u32 i = 0; i < s.count; i++)
		assert_string_equal(s.at[i].id, t.at[i].id);
	said_free(&s);
	said_free(&t);
	zone_free(z);
	buf_free(&b);
}

/* ---- the root zone of three days ---- */

static void no_trouble(void *to, const struct zone_trouble *t)
{
	(void)to;
	fail_msg("line %u: %s", t->line, t->text);
}

static u64 cases_of(const struct said *s, const char *row)
{
	for (unsigned i = 0; family_delegation.rows[i].id; i++)
		if (strcmp(family_delegation.rows[i].id, row) == 0)
			return s->cases[i];
	return 0;
}

static struct zone *zone_from(const char *file)
{
	static struct zone_read_result result;
	struct zone_read_conf conf = { .name = file, .memory = 1ull << 30, .key = 3,
		.threads = 1, .trouble = no_trouble };
	char path[4096];
	struct zone *z = NULL;
	int fd;

	snprintf(path, sizeof path, "%s/zone/root/%s",
		 getenv("VEDETTE_DATA") ? getenv("VEDETTE_DATA") : "", file);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return NULL;
	assert_int_equal(zone_read(&z, fd, &conf, &result), 0);
	assert_int_equal(zone_seal(z), 0);
	close(fd);
	return z;
}

/* Counted apart from this program, by a script over the text: DS records by algorithm and
 * digest type, servers by network. Nothing else is wrong with these. */
static void real_root(void **state)
{
	static const struct { const char *file; u64 algorithm, sha1; } zones[] = {
		{ "root-20140625-signed.zone", 80, 7 },
		{ "root-20170821-signed.zone", 284, 10 },
		{ "root-20180312-norrsig.zone", 284, 8 },
	};
	struct said s = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(zones); i++) {
		struct zone *z = zone_from(zones[i].file);

		if (z == NULL) {
			print_message("%s is not here: left out\n", zones[i].file);
			skip();
		}
		look(&s, z, NULL);
		assert_int_equal(cases_of(&s, "delegation.ds-algorithm"), zones[i].algorithm);
		assert_int_equal(cases_of(&s, "delegation.ds-sha1"), zones[i].sha1);
		assert_int_equal(cases_of(&s, "delegation.one-prefix"), 3);
		assert_non_null(said_find(&s, "delegation.one-prefix", "bh"));
		assert_non_null(said_find(&s, "delegation.one-prefix", "kp"));
		assert_non_null(said_find(&s, "delegation.one-prefix", "pf"));
		assert_int_equal(s.count, zones[i].algorithm + zones[i].sha1 + 3);
		zone_free(z);
	}
	said_free(&s);
}

static int open_suffixes(void **state)
{
	struct suffixes *s;
	static const char list[] = "// ===BEGIN ICANN "
		"DOMAINS===\nse\norg\nnet\ncom\narpa\n"
		"in-addr.arpa\n*.mm\n// ===END ICANN DOMAINS===\n";

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
		cmocka_unit_test(each_row_speaks),
		cmocka_unit_test(no_row_without_case),
		cmocka_unit_test(limit_speaks),
		cmocka_unit_test(good_zone_is_silent),
		cmocka_unit_test(claimable_by_weight),
		cmocka_unit_test(not_claimable),
		cmocka_unit_test(aliases_are_not_missing),
		cmocka_unit_test(lookalikes),
		cmocka_unit_test(cycle_is_printed),
		cmocka_unit_test(addresses),
		cmocka_unit_test(graph_agrees),
		cmocka_unit_test(long_chain),
		cmocka_unit_test(real_root),
	};

	return cmocka_run_group_tests(tests, open_suffixes, close_suffixes);
}
