/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msg_knot_test.c - msg_read() against libknot: on messages that libknot made, on
 * the same with damage, and on every payload of the captures under VEDETTE_DATA.
 * src/dns/msg.md lists the differences that are meant; each is shown here. */
#include "captures.h"
#include "dns/rdata.h"
#include "knot_diff.h"
#include "msg_make.h"
#include <libknot/libknot.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define SEED 0x5eed5eedu
#define MESSAGES 3000
#define DAMAGES 60
#define NAMES 8

struct maker {
	u32 seed;
	u8 name[NAMES][NAME_WIRE_MAX];	/* a message's names; some end in others */
	size_t len[NAMES];
};

static u32 next(struct maker *k)
{
	k->seed = k->seed * 1664525u + 1013904223u;
	return k->seed >> 8;
}

static void octets(struct maker *k, u8 *to, size_t n)
{
	while (n--)
		*to++ = (u8)next(k);
}

/* Some labels, then the root or a name that is there already. */
static void name_invent(struct maker *k, int i)
{
	int tail = i ? (int)(next(k) % (u32)i) : 0;
	size_t n = 0, tail_len = i ? k->len[tail] : 1, label;

	for (u32 labels = next(k) % 4; labels; labels--) {
		label = 1 + next(k) % (next(k) % 8 ? 8 : NAME_LABEL_MAX);
		if (n + 1 + label + tail_len > NAME_WIRE_MAX)
			break;
		k->name[i][n++] = (u8)label;
		octets(k, k->name[i] + n, label);
		n += label;
	}
	memcpy(k->name[i] + n, i ? k->name[tail] : (const u8 *)"", tail_len);
	k->len[i] = n + tail_len;
}

static const knot_rdata_descriptor_t *descriptor(u16 type)
{
	const knot_rdata_descriptor_t *d = knot_get_rdata_descriptor(type);

	return d->type_name ? d : knot_get_obsolete_rdata_descriptor(type);
}

static bool is_name(int block)
{
	return block == KNOT_RDATA_WF_COMPRESSIBLE_DNAME ||
	       block == KNOT_RDATA_WF_DECOMPRESSIBLE_DNAME ||
	       block == KNOT_RDATA_WF_FIXED_DNAME;
}

/* RDATA as the type's descriptor wants it; options for an OPT. */
static size_t rdata_invent(struct maker *k, u16 type, u8 *to)
{
	size_t n = 0;

	if (type == TYPE_OPT) {
		n = (size_t[]){ 0, 4, 9 }[next(k) % 3];
		memcpy(to, "\0\12\0\0\0\3\0\1x", n);
		return n;
	}
	for (const int *b = descriptor(type)->block_types; *b != KNOT_RDATA_WF_END; b++) {
		if (is_name(*b)) {
			u32 i = next(k) % NAMES;

			memcpy(to + n, k->name[i], k->len[i]);
			n += k->len[i];
		} else if (*b == KNOT_RDATA_WF_NAPTR_HEADER) {
			memcpy(to + n, "\0\1\0\2\1u\3sip\0", 11);
			n += 11;
		} else {
			size_t fixed = *b > 0 ? (size_t)*b : 1 + next(k) % 40;

			octets(k, to + n, fixed);
			n += fixed;
		}
	}
	return n;
}

static u16 type_invent(struct maker *k, knot_section_t section)
{
	static const u16 common[] = {
		TYPE_A, TYPE_AAAA, TYPE_NS, TYPE_CNAME, TYPE_SOA, TYPE_MX, TYPE_TXT,
		TYPE_RRSIG, TYPE_SRV, TYPE_PTR, 35, 47, 17, 26, 30, 99, 257,
	};
	u16 type = (u16)(next(k) % 4 ? common[next(k) % COUNT(common)] : next(k) % 300);

	if (type == TYPE_TSIG || (type == TYPE_OPT && section != KNOT_ADDITIONAL))
		return TYPE_A;
	return type;
}

static void record_invent(struct maker *k, knot_pkt_t *p, knot_section_t section)
{
	u8 rdata[2048];
	u16 type = type_invent(k, section);
	size_t n = rdata_invent(k, type, rdata);
	knot_rrset_t *set = knot_rrset_new(k->name[next(k) % NAMES], type, KNOT_CLASS_IN,
					   next(k) << 8, NULL);

	assert_non_null(set);
	if (type == TYPE_OPT)
		set->rclass = (u16)next(k);
	assert_int_equal(knot_rrset_add_rdata(set, rdata, (u16)n, NULL), KNOT_EOK);
	if (type != TYPE_OPT || p->opt_rr == NULL)
		knot_pkt_put(p, KNOT_COMPR_HINT_NONE, set,
			     KNOT_PF_FREE | KNOT_PF_NOTRUNC);
	/* the packet holds the RDATA only once it was put */
	if (p->rrset_count && p->rr[p->rrset_count - 1].rrs.rdata == set->rrs.rdata)
		free(set);
	else
		knot_rrset_free(set, NULL);
}

static knot_pkt_t *message_invent(struct maker *k)
{
	knot_pkt_t *p = knot_pkt_new(NULL, 4096, NULL);

	assert_non_null(p);
	knot_pkt_clear(p);
	for (int i = 0; i < NAMES; i++)
		name_invent(k, i);
	knot_wire_set_id(p->wire, (u16)next(k));
	p->wire[2] = (u8)next(k);
	p->wire[3] = (u8)next(k);
	if (next(k) % 10)
		knot_pkt_put_question(p, k->name[next(k) % NAMES], KNOT_CLASS_IN, TYPE_A);
	for (knot_section_t s = KNOT_ANSWER; s <= KNOT_ADDITIONAL; s++) {
		assert_int_equal(knot_pkt_begin(p, s), KNOT_EOK);
		for (u32 n = next(k) % 5; n; n--)
			record_invent(k, p, s);
	}
	return p;
}

/* One or a few changes of the kinds that break decoders. */
static size_t damage(struct maker *k, u8 *wire, size_t len)
{
	static const u8 likes[] = { 0, 1, 12, 41, 63, 64, 0x80, 0xc0, 0xc1, 0xfa, 0xff };
	size_t at, n;

	for (u32 times = 1 + next(k) % 3; times && len > 1; times--) {
		at = next(k) % len;
		switch (next(k) % 7) {
		case 0:
			wire[at] ^= (u8)(1u << next(k) % 8);
			break;
		case 1:
			wire[at] = likes[next(k) % COUNT(likes)];
			break;
		case 2:
			wire[at] += next(k) % 2 ? 1 : 0xff;
			break;
		case 3:
			len = at;
			break;
		case 4:		/* a pointer to somewhere before */
			if (at + 1 < len) {
				n = next(k) % (at + 1);
				wire[at] = (u8)(0xc0 | n >> 8);
				wire[at + 1] = (u8)n;
			}
			break;
		case 5:		/* an octet goes */
			memmove(wire + at, wire + at + 1, --len - at);
			break;
		default:	/* an octet comes */
			memmove(wire + at + 1, wire + at, len++ - at);
		}
	}
	return len;
}

static int same(const u8 *wire, size_t len)
{
	u8 *copy = make_copy(wire, len);
	char why[KNOT_WHY];
	int rule = knot_diff(copy, len, why);

	if (rule < 0) {
		print_error("%s; the message:\n", why);
		for (size_t i = 0; i < len; i++)
			print_error("%02x%s", copy[i], i % 32 == 31 ? "\n" : "");
		print_error("\n");
	}
	free(copy);
	return rule;
}

static void messages_by_libknot(void **state)
{
	struct maker k = { .seed = SEED };
	u8 wire[4096 + 16];
	u32 good = 0, rules[KNOT_RULES] = { 0 };
	struct msg m;

	(void)state;
	for (int i = 0; i < MESSAGES; i++) {
		knot_pkt_t *p = message_invent(&k);

		assert_int_equal(same(p->wire, p->size), KNOT_SAME);
		assert_int_equal(msg_read(&m, p->wire, p->size), MSG_OK);
		for (int d = 0; d < DAMAGES; d++) {
			size_t len;
			int rule;

			memcpy(wire, p->wire, p->size);
			len = damage(&k, wire, p->size);
			rule = same(wire, len);
			assert_true(rule >= 0 && rule < KNOT_RULES);
			rules[rule]++;
			good += msg_read(&m, wire, len) == MSG_OK;
		}
		knot_pkt_free(p);
	}
	/* the damage is neither too little nor too much to say anything */
	assert_in_range(good, MESSAGES, MESSAGES * DAMAGES * 9 / 10);
	assert_in_range(rules[KNOT_SAME], MESSAGES * DAMAGES * 9 / 10,
			MESSAGES * DAMAGES);
}

static void octets_left_over(void **state)
{
	struct buf b = { 0 };

	(void)state;
	MAKE_HEADER(&b, 0x8000, 1, 1, 0, 0);
	make_question(&b, "a-name-with-some-octets.example", TYPE_CNAME);
	make_rr(&b, TYPE_CNAME, CLASS_IN, "\3www\xc0\x0chidden", 12);
	assert_int_equal(same((u8 *)b.at, b.len), KNOT_RULE_LEFT_OVER);
	buf_free(&b);
}

static void pointer_to_the_root(void **state)
{
	struct buf b = { 0 };

	(void)state;
	MAKE_HEADER(&b, 0x8000, 1, 1, 0, 0);
	make_question(&b, "example", TYPE_MX);
	make_rr(&b, TYPE_MX, CLASS_IN, "\0\0\xc0\x14", 4);	/* RFC 7505, compressed */
	assert_int_equal(same((u8 *)b.at, b.len), KNOT_RULE_ROOT_POINTER);
	buf_free(&b);
}

static void many_pointers(void **state)
{
	struct buf b = { 0 };

	(void)state;
	MAKE_HEADER(&b, 0x8000, 0, 2, 0, 0);
	buf_byte(&b, 0);
	make_rest(&b, TYPE_TXT, CLASS_IN, "\xc0\x0c", 2);
	for (u16 i = 0; i < 200; i++)
		buf_u16(&b, (u16)(0xc000 + 23 + 2 * i));
	b.at[22] = (char)(2 + 400);	/* RDLENGTH */
	b.at[21] = (char)(402 >> 8);
	buf_u16(&b, (u16)(0xc000 + 23 + 400));
	make_rest(&b, TYPE_A, CLASS_IN, "abcd", 4);
	assert_int_equal(same((u8 *)b.at, b.len), KNOT_RULE_POINTERS);
	buf_free(&b);
}

static void small_opt(void **state)
{
	struct buf b = { 0 };

	(void)state;
	MAKE_HEADER(&b, 0, 1, 0, 0, 1);
	make_question(&b, "example", TYPE_A);
	make_opt(&b, 1, "", 0);
	assert_int_equal(same((u8 *)b.at, b.len), KNOT_RULE_SMALL_OPT);
	buf_free(&b);
}

/* An NSEC that fills the message, its name ending in a part of itself. */
static void long_rdata(void **state)
{
	const u16 n = DNS_MESSAGE_MAX - DNS_HEADER - 11;
	u8 *rdata = calloc(1, n);
	struct buf b = { 0 };

	(void)state;
	assert_non_null(rdata);
	rdata[0] = 63;
	rdata[1] = 50;			/* a label of 50 and the root in that of 63 */
	memcpy(rdata + 64, "\xc0\x18", 2);
	MAKE_HEADER(&b, 0x8000, 0, 1, 0, 0);
	buf_byte(&b, 0);
	make_rest(&b, 47, CLASS_IN, rdata, n);
	assert_int_equal(b.len, DNS_MESSAGE_MAX);
	assert_int_equal(same((u8 *)b.at, b.len), KNOT_RULE_LONG_RDATA);
	free(rdata);
	buf_free(&b);
}

/* The table of rdata.c says of every type what libknot's descriptor says. */
static void layouts(void **state)
{
	(void)state;
	for (u32 type = 0; type <= UINT16_MAX; type++) {
		const knot_rdata_descriptor_t *d = descriptor((u16)type);
		const struct rdata_layout *l = rdata_layout((u16)type);
		int pre = 0, names = 0, post = 0;

		if (d->type_name == NULL || type == TYPE_OPT || type == KNOT_RRTYPE_APL) {
			assert_int_equal(l->kind, RDATA_ANY);
			continue;
		}
		for (const int *b = d->block_types; *b != KNOT_RDATA_WF_END; b++) {
			if (is_name(*b))
				names++;
			else if (*b == KNOT_RDATA_WF_REMAINDER)
				post = RDATA_REST;
			else
				*(names ? &post : &pre) = *b > 0 ? *b : 4;
		}
		assert_int_equal(l->names, names);
		assert_int_equal(l->pre, pre);
		if (names == 0) {
			assert_int_equal(l->kind, post ? RDATA_SOME : RDATA_FIXED);
			continue;
		}
		assert_int_equal(l->post, post);
		assert_int_equal(l->kind, type == 35 ? RDATA_NAPTR : RDATA_NAMES);
	}
}

struct sum { u32 payloads, dns, good; bool differs; };

static void each(void *to, const struct payload *p)
{
	struct sum *s = to;
	struct msg m;

	s->payloads++;
	s->dns += p->dns;
	s->good += msg_read(&m, p->wire, p->len) == MSG_OK;
	if (same(p->wire, p->len) != KNOT_SAME) {
		print_error("%s: frame %u\n", p->file, p->frame);
		s->differs = true;
	}
}

/* Not one difference, meant or not, in real traffic. */
static void captures(void **state)
{
	struct sum s = { 0 };
	int files = captures_each("pcap", each, &s);

	(void)state;
	if (files <= 0) {
		print_message("skipped: VEDETTE_DATA does not name the test data\n");
		skip();
	}
	print_message("%d files, %u payloads, %u of port 53, %u good messages\n", files,
		      s.payloads, s.dns, s.good);
	assert_false(s.differs);
	assert_in_range(s.good, 1000, s.payloads);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_by_libknot),
		cmocka_unit_test(octets_left_over),
		cmocka_unit_test(pointer_to_the_root),
		cmocka_unit_test(many_pointers),
		cmocka_unit_test(small_opt),
		cmocka_unit_test(long_rdata),
		cmocka_unit_test(layouts),
		cmocka_unit_test(captures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
