/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cost_test.c - the cost family: every row has a zone in which it speaks and one in which it
 * is silent; sizes against messages that libknot writes; counts against the arithmetic of
 * the attacks' papers. */
#include "zone_make.h"
#include "base/buf.h"
#include "draw.h"
#include <libknot/libknot.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

extern const struct check_family family_cost;

#define TOP "@ SOA ns.top.org. mail.top.org. 1 2 3 4 5\n@ NS ns.top.org.\n@ NS ns.top.net.\n"
#define DIGEST "0011223344556677889900112233445566778899001122334455667788990011"
#define KEY " DNSKEY 257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAe" \
	"F+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==\n"
#define SIG(type) " RRSIG " type " 13 1 3600 20400101000000 20200101000000 2371 se. " \
	"qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXAyGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw==\n"

struct row_case { const char *row, *fires, *silent, *options; };

#define EIGHT "a NS ns1.host.org.\na NS ns2.host.org.\na NS ns3.host.org.\na NS ns4.host.org.\n" \
	"a NS ns5.host.org.\na NS ns6.host.org.\na NS ns7.host.org.\na NS ns8.host.org.\n"
#define FOUR "a NS ns1.host.org.\na NS ns2.host.org.\na NS ns3.host.org.\na NS ns4.host.org.\n"
#define HUGE "ns2.a AAAA 2001:500::11\nns2.a AAAA 2001:500::12\n" \
	"ns1.a AAAA 2001:500::21\nns1.a AAAA 2001:500::22\n" \
	"ns2.a AAAA 2001:500::31\nns2.a AAAA 2001:500::32\n" \
	"ns1.a AAAA 2001:500::41\nns1.a AAAA 2001:500::42\n" \
	"ns2.a AAAA 2001:500::51\nns2.a AAAA 2001:500::52\n" \
	"ns1.a AAAA 2001:500::61\nns1.a AAAA 2001:500::62\n" \
	"ns2.a AAAA 2001:500::71\nns2.a AAAA 2001:500::72\n" \
	"ns1.a AAAA 2001:500::81\nns1.a AAAA 2001:500::82\n" \
	"ns2.a AAAA 2001:500::91\nns2.a AAAA 2001:500::92\n"
#define TWO "a NS ns1.a\na NS ns2.a\n"

static const struct row_case cases[] = {
	{ "cost.keytrap", "@" KEY "@" SIG("SOA"), "@" SIG("SOA"),
	  "cost:\n  verifications: 1\n" },
	{ "cost.nsec3", "@ NSEC3PARAM 1 0 10 -\n", "@ NSEC3PARAM 1 0 0 -\n" },
	{ "cost.many-ds", FOUR "a DS 1 13 2 " DIGEST "\na DS 2 13 2 " DIGEST "\n",
	  FOUR "a DS 1 13 2 " DIGEST "\na DS 1 13 2 " DIGEST "\n", "cost:\n  ds: 2\n" },
	{ "cost.nxns", EIGHT, FOUR, "cost:\n  fan-out: 16\n" },
	{ "cost.many-servers", EIGHT, FOUR, "cost:\n  servers: 8\n" },
	{ "cost.referral-512", TWO HUGE, TWO "ns1.a A 9.9.9.1\n" },
	{ "cost.referral-edns", TWO "a DS 1 13 2 " DIGEST "\na DS 2 13 2 " DIGEST "\na "
	  "DS 3 13 2 "
	  DIGEST "\na DS 4 13 2 " DIGEST "\na DS 5 13 2 " DIGEST "\na DS 6 13 2 "
	  "" DIGEST "\n"
	  "a DS 7 13 2 " DIGEST "\na DS 8 13 2 " DIGEST "\na DS 9 13 2 " DIGEST "\n"
	  "a DS 10 13 2 " DIGEST "\n", TWO "a DS 1 13 2 " DIGEST "\n",
	  "cost:\n  edns: 512\n" },
	{ "cost.amplification", "@ TXT " DIGEST "\n", "@ TXT 0\n",
	  "cost:\n  factor: 3.4\n" },
	{ "cost.any", "@ TXT " DIGEST DIGEST "\n", "@ TXT 0\n", "cost:\n  factor: 7\n" },
	{ "cost.many-records", "x A 1.1.1.1\nx A 1.1.1.2\nx A 1.1.1.3\n", "x A 1.1.1.1\n",
	  "cost:\n  records: 3\n" },
	{ "cost.many-types", "x A 1.1.1.1\nx TXT x\nx AAAA ::1\n",
	  "x A 1.1.1.1\nx TXT x\n",
	  "cost:\n  types: 3\n" },
	{ "cost.cname-chain", "a CNAME b\nb CNAME c\nc CNAME d\n",
	  "a CNAME b\nb CNAME d\n",
	  "cost:\n  chain: 3\n" },
	{ "cost.cname-loop", "a CNAME b\nb CNAME c\nc CNAME b\n",
	  "a CNAME b\nb CNAME c\n" },
};

static struct audit_input input = { .key = 7 };

static void look_text(struct said *s, const char *text, const char *options)
{
	struct buf b = { 0 };
	struct zone *z;

	buf_text(&b, TOP);
	buf_text(&b, text);
	z = zone_of("se.", buf_str(&b));
	zone_look(s, &family_cost, z,
		  &(struct zone_look){ .input = &input, .options = options });
	zone_free(z);
	buf_free(&b);
}

static void each_row_speaks(void **state)
{
	struct said s = { 0 };

	(void)state;
	for (const struct catalogue_row *r = family_cost.rows; r->id; r++) {
		const struct row_case *c = cases;

		while (c < cases + COUNT(cases) && strcmp(c->row, r->id))
			c++;
		if (c == cases + COUNT(cases))
			fail_msg("%s has no case", r->id);
		look_text(&s, c->fires, c->options);
		if (said_count(&s, c->row) == 0) {
			said_print(&s);
			fail_msg("%s does not speak", c->row);
		}
		look_text(&s, c->silent, c->options);
		if (said_count(&s, c->row)) {
			said_print(&s);
			fail_msg("%s speaks where it should not", c->row);
		}
	}
	said_free(&s);
}

static void ordinary_zone_is_silent(void **state)
{
	struct said s = { 0 };

	(void)state;
	look_text(&s, "@" KEY "@" SIG("SOA") "@" SIG("NS") "@" SIG("DNSKEY") FOUR
		  "a DS 1 13 2 " DIGEST "\nwww CNAME a.org.\n@ NSEC3PARAM 1 0 0 -\n",
		  NULL);
	if (s.count)
		said_print(&s);
	assert_int_equal(s.count, 0);
	said_free(&s);
}

/* KeyTrap: the same key tag n times and m signatures make n x m. The tag is a sum of 16-bit
 * words, so words that change places keep it. */
static void keytrap_multiplies(void **state)
{
	struct buf b = { 0 };
	struct said s = { 0 };
	const struct finding *f;

	(void)state;
	for (int i = 0; i < 6; i++) {
		u8 words[32] = { 0 };
		char hex[65];

		words[2 * i] = 1;	/* the one word stands elsewhere each time */
		for (int j = 0; j < 32; j++)
			snprintf(hex + 2 * j, 3, "%02x", words[j]);
		buf_fmt(&b, "@ TYPE48 \\# 36 0101030d%s\n", hex);
	}
	for (int i = 0; i < 5; i++)	/* tag: 0101 + 030d + 0100 = 1294 */
		buf_fmt(&b, "x RRSIG TXT 13 2 3600 2040010100000%d 20200101000000 1294 "
			"se. qx6wLYo=\n", i);
	buf_text(&b, "x TXT x\n");
	look_text(&s, buf_str(&b), NULL);
	f = said_find(&s, "cost.keytrap", "se");
	assert_non_null(f);
	assert_int_equal((int)said_value(f, "verifications"), 30);
	assert_int_equal((int)said_value(f, "colliding_keys"), 6);
	assert_int_equal((int)said_value(f, "signatures"), 5);
	said_free(&s);
	buf_free(&b);
}

/* The longest question under se. has (255 - 4) / 2 labels more. */
static void nsec3_blocks(void **state)
{
	struct said s = { 0 };
	const struct finding *f;
	int blocks = 0;

	(void)state;
	for (int len = 4; len <= 255; len += 2)
		blocks += (len + 4 + 8) / 64 + 1 + 100;	/* message, 0x80 and length in 64 octets */
	look_text(&s, "@ NSEC3PARAM 1 0 100 aabbccdd\n", NULL);
	f = said_find(&s, "cost.nsec3", NULL);
	assert_int_equal((int)said_value(f, "blocks"), blocks);
	assert_int_equal((int)said_value(f, "labels"), 126);
	assert_int_equal(f->severity, SEVERITY_MEDIUM);
	said_free(&s);
}

static void fan_out_names_the_victim(void **state)
{
	struct buf b = { 0 };
	struct said s = { 0 };
	const struct finding *f;

	(void)state;
	for (int i = 0; i < 40; i++)
		buf_fmt(&b, "a NS n%d.victim.org.\n", i);
	buf_text(&b, "a NS x.host.org.\na NS ns.a\nns.a A 9.9.9.9\n");
	look_text(&s, buf_str(&b), NULL);
	f = said_find(&s, "cost.nxns", "a.se");
	assert_int_equal((int)said_value(f, "queries"), 82);
	assert_int_equal((int)said_value(f, "one_domain"), 40);
	assert_string_equal(f->related[0].name, "victim.org");
	said_free(&s);
	buf_free(&b);
}

static void chains_and_loops(void **state)
{
	struct buf b = { 0 };
	struct said s = { 0 };

	(void)state;
	for (int i = 0; i < 20000; i++)
		buf_fmt(&b, "c%d CNAME C%d\n", i, i + 1);	/* case does not matter */
	buf_text(&b, "x CNAME y\ny CNAME z\nz CNAME x\nw CNAME x\nself CNAME self\n");
	look_text(&s, buf_str(&b), NULL);
	assert_int_equal(said_count(&s, "cost.cname-chain"), 1);
	assert_int_equal((int)said_value(said_find(&s, "cost.cname-chain", "c0.se"),
					 "steps"), 20000);
	assert_int_equal(said_count(&s, "cost.cname-loop"), 2);
	assert_int_equal((int)said_value(said_find(&s, "cost.cname-loop", "x.se"),
					 "steps"), 3);
	said_free(&s);
	buf_free(&b);
}

/* ---- sizes, as libknot writes the message ---- */

static knot_rrset_t *records_of(const char *owner, u16 type, const u8 *const *rdata,
				const u16 *len, unsigned n)
{
	knot_dname_t *name = knot_dname_from_str_alloc(owner);
	knot_rrset_t *r = knot_rrset_new(name, type, KNOT_CLASS_IN, 3600, NULL);

	for (unsigned i = 0; i < n; i++)
		must(knot_rrset_add_rdata(r, rdata[i], len[i], NULL) == 0);
	knot_dname_free(name, NULL);
	return r;
}

static size_t knot_answer(const char *owner, u16 type, char names[][80], unsigned n)
{
	knot_pkt_t *p = knot_pkt_new(NULL, 65535, NULL);
	knot_dname_t *q = knot_dname_from_str_alloc(owner);
	u8 store[64][256];
	const u8 *rdata[64];
	u16 len[64];
	knot_rrset_t *r;
	size_t size;

	for (unsigned i = 0; i < n; i++) {
		unsigned skip = type == KNOT_RRTYPE_MX ? 2 : 0;

		memset(store[i], 0, 2);
		must(knot_dname_from_str(store[i] + skip, names[i], 254));
		rdata[i] = store[i];
		len[i] = (u16)(skip + knot_dname_size(store[i] + skip));
	}
	r = records_of(owner, type, rdata, len, n);
	must(knot_pkt_put_question(p, q, KNOT_CLASS_IN, type) == 0);
	must(knot_pkt_begin(p, KNOT_ANSWER) == 0);
	must(knot_pkt_put(p, KNOT_COMPR_HINT_QNAME, r, KNOT_PF_FREE) == 0);
	size = p->size;
	free(r);
	knot_dname_free(q, NULL);
	knot_pkt_free(p);
	return size + 11;	/* EDNS */
}

static void sizes_agree_with_libknot(void **state)
{
	static const char *const parts[] = { "a", "ns", "mail", "example", "org",
					    "a-long-label" };
	u64 seed = 5;
	struct said s = { 0 };

	(void)state;
	for (int round = 0; round < 300; round++) {
		u16 type = draw_below(&seed, 2) ? TYPE_NS : TYPE_MX;
		unsigned n = 1 + (unsigned)draw_below(&seed, 12);
		char names[64][80];
		struct buf b = { 0 };
		const struct finding *f;

		for (unsigned i = 0; i < n; i++) {
			snprintf(names[i], sizeof names[i], "n%u.%s.%s.%s.", i,
				 parts[draw_below(&seed, 6)],
				 parts[draw_below(&seed, 6)],
				 draw_below(&seed, 3) ? "org" : "se");
			buf_fmt(&b, "@ %s %s\n", type == TYPE_NS ? "NS" : "MX 0",
				names[i]);
		}
		if (type == TYPE_NS) {	/* beside those of TOP */
			snprintf(names[n++], 80, "ns.top.org.");
			snprintf(names[n++], 80, "ns.top.net.");
		}
		look_text(&s, buf_str(&b), "cost:\n  factor: 1\n");
		f = said_find(&s, "cost.amplification", type == TYPE_NS ? "NS" : "MX");
		assert_non_null(f);
		/* libknot sorts a set and points at the last name only, so it is never smaller;
		 * with one suffix for all it is the same. */
		if (said_value(f, "octets") > (double)knot_answer("se.", type, names, n))
			fail_msg("%s%.0f octets, libknot %zu", buf_str(&b),
				 said_value(f, "octets"),
				 knot_answer("se.", type, names, n));
		buf_free(&b);
	}
	said_free(&s);
}

/* The answer of the root's servers to a resolver's first question has 811 octets. */
static void priming(void **state)
{
	struct buf b = { 0 };
	struct said s = { 0 };
	struct zone *z;

	(void)state;
	buf_text(&b, ". SOA a.root-servers.net. x. 1 2 3 4 5\n");
	for (char c = 'a'; c <= 'm'; c++)
		buf_fmt(&b, ". NS %c.root-servers.net.\n%c.root-servers.net. A "
			"198.41.0.4\n"
			"%c.root-servers.net. AAAA 2001:503:ba3e::2:30\n", c, c, c);
	z = zone_of(".", buf_str(&b));
	zone_look(&s, &family_cost, z, &(struct zone_look){ .input = &input });
	assert_int_equal((int)said_value(said_find(&s, "cost.amplification", "NS"),
					 "octets"), 811);
	zone_free(z);
	said_free(&s);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_speaks),
		cmocka_unit_test(ordinary_zone_is_silent),
		cmocka_unit_test(keytrap_multiplies),
		cmocka_unit_test(nsec3_blocks),
		cmocka_unit_test(fan_out_names_the_victim),
		cmocka_unit_test(chains_and_loops),
		cmocka_unit_test(sizes_agree_with_libknot),
		cmocka_unit_test(priming),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
