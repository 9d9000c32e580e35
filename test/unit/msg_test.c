/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msg_test.c - whole messages: what is read, and each reason to refuse one. Names
 * and their limits are in msg_name_test.c; agreement with libknot in
 * msg_knot_test.c. */
#include "msg_make.h"
#include "dns/rdata.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define READ(b, m) msg_read(m, (const u8 *)(b)->at, (b)->len)

static const u8 address[4] = { 192, 0, 2, 1 };

/* A response with a CNAME, an address, an SOA and an OPT. */
static void make_response(struct buf *b)
{
	static const u8 soa[] = { 2, 'n', 's', 0xc0, 16, 4, 'r', 'o', 'o', 't', 0xc0, 16,
		0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5 };

	MAKE_HEADER(b, 0x8580, 1, 2, 1, 1);
	make_question(b, "www.example.com", TYPE_A);
	make_rr(b, TYPE_CNAME, CLASS_IN, "\3web\xc0\x10", 6);
	buf_add(b, "\3web\xc0\x10", 6);
	make_rest(b, TYPE_A, CLASS_IN, address, 4);
	buf_u16(b, 0xc010);
	make_rest(b, TYPE_SOA, CLASS_IN, soa, sizeof soa);
	make_opt(b, 1232, "\0\12\0\10abcdefgh\0\3\0\0", 16);
}

static void query_is_read(void **state)
{
	struct buf b = { 0 };
	struct msg m;
	struct rr_iter it;
	struct rr r;

	(void)state;
	MAKE_HEADER(&b, 0x0120, 1, 0, 0, 0);
	make_question(&b, "Example.COM", TYPE_AAAA);
	assert_int_equal(READ(&b, &m), MSG_OK);
	assert_int_equal(m.id, 0x1234);
	assert_int_equal(m.flags, MSG_RD | MSG_AD);
	assert_false(msg_is_response(&m));
	assert_int_equal(msg_opcode(&m), OPCODE_QUERY);
	assert_int_equal(m.qname_len, 13);
	assert_memory_equal(m.wire + DNS_HEADER, "\7Example\3COM", 13);
	assert_int_equal(m.qtype, TYPE_AAAA);
	assert_int_equal(m.qclass, CLASS_IN);
	assert_int_equal(m.body, b.len);
	assert_int_equal(m.end, b.len);
	assert_false(m.has_edns);
	it = rr_first(&m);
	assert_false(rr_next(&it, &r));
	buf_free(&b);
}

static void response_is_read(void **state)
{
	static const struct {
		u16 type;
		u8 section;
		u16 rdlen;
		const char *owner;
	} want[] = {
		{ TYPE_CNAME, SECTION_ANSWER, 6, "www.example.com" },
		{ TYPE_A, SECTION_ANSWER, 4, "web.example.com" },
		{ TYPE_SOA, SECTION_AUTHORITY, 32, "example.com" },
		{ TYPE_OPT, SECTION_ADDITIONAL, 16, "." },
	};
	struct buf b = { 0 };
	u8 name[NAME_WIRE_MAX];
	char text[NAME_TEXT_MAX];
	struct rr_iter it;
	struct msg m;
	struct rr r;

	(void)state;
	make_response(&b);
	assert_int_equal(READ(&b, &m), MSG_OK);
	assert_true(msg_is_response(&m));
	it = rr_first(&m);
	for (size_t i = 0; i < COUNT(want); i++) {
		int n;

		assert_true(rr_next(&it, &r));
		assert_int_equal(r.type, want[i].type);
		assert_int_equal(r.section, want[i].section);
		assert_int_equal(r.rdlen, want[i].rdlen);
		n = msg_name(&m, r.owner, name);
		assert_true(n > 0);
		assert_string_equal(name_text(name, (size_t)n, text), want[i].owner);
		if (i == 0 || r.section != want[i - 1].section)
			assert_int_equal(m.section[r.section], r.owner);
		if (r.type == TYPE_A)
			assert_memory_equal(m.wire + r.rdata, address, 4);
		if (r.type != TYPE_OPT)
			assert_int_equal(r.ttl, 300);
	}
	assert_false(rr_next(&it, &r));
	assert_false(rr_next(&it, &r));
	buf_free(&b);
}

static void edns_is_read(void **state)
{
	struct buf b = { 0 };
	struct option_iter it;
	struct edns_option o;
	struct msg m;

	(void)state;
	make_response(&b);
	memcpy(b.at + b.len - 16 - 6, "\1\2\200\3", 4);	/* rcode, version, flags */
	assert_int_equal(READ(&b, &m), MSG_OK);
	assert_true(m.has_edns);
	assert_int_equal(m.edns.udp_size, 1232);
	assert_int_equal(m.edns.ext_rcode, 1);
	assert_int_equal(m.edns.version, 2);
	assert_int_equal(m.edns.flags, 0x8003);
	assert_int_equal(msg_rcode(&m), RCODE_BADVERS);
	it = option_first(&m);
	assert_true(option_next(&it, &o));
	assert_int_equal(o.code, 10);
	assert_int_equal(o.len, 8);
	assert_memory_equal(o.data, "abcdefgh", 8);
	assert_true(option_next(&it, &o));
	assert_int_equal(o.code, 3);
	assert_int_equal(o.len, 0);
	assert_false(option_next(&it, &o));
	buf_free(&b);
}

static void options_fill_the_opt(void **state)
{
	static const struct {
		const char *options;
		size_t n;
		enum msg_error e;
	} rows[] = {
		{ "", 0, MSG_OK },
		{ "\0\3\0\0", 4, MSG_OK },
		{ "\0\3\0\1x", 5, MSG_OK },
		{ "\0", 1, MSG_BAD_RECORD },
		{ "\0\3\0", 3, MSG_BAD_RECORD },
		{ "\0\3\0\1", 4, MSG_BAD_RECORD },
		{ "\0\3\0\1xy", 6, MSG_BAD_RECORD },
		{ "\0\3\0\1x\0\3\0", 8, MSG_BAD_RECORD },
		{ "\0\3\377\377x", 5, MSG_BAD_RECORD },
	};
	struct buf b = { 0 };
	struct msg m;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		MAKE_HEADER(&b, 0x0100, 1, 0, 0, 1);
		make_question(&b, "example", TYPE_A);
		make_opt(&b, 1232, rows[i].options, rows[i].n);
		assert_int_equal(make_verdict(&b, &m), rows[i].e);
		assert_int_equal(m.has_edns, rows[i].e == MSG_OK);
	}
	buf_free(&b);
}

/* The rules of RFC 6891, 6.1.1 on where and how often; payload size 1 without
 * options is no class IN without data (msg.md). */
static void opt_has_its_place(void **state)
{
	struct buf b = { 0 };
	struct msg m;

	(void)state;
	MAKE_HEADER(&b, 0x0100, 1, 0, 0, 2);
	make_question(&b, "example", TYPE_A);
	make_opt(&b, 1232, "", 0);
	make_opt(&b, 1232, "", 0);
	assert_int_equal(make_verdict(&b, &m), MSG_BAD_RECORD);
	for (int i = 1; i <= 3; i++) {
		MAKE_HEADER(&b, 0x0100, 1, i == 1, i == 2, i == 3);
		make_question(&b, "example", TYPE_A);
		make_opt(&b, i == 3 ? 1 : 1232, "", 0);
		assert_int_equal(make_verdict(&b, &m), i == 3 ? MSG_OK : MSG_BAD_RECORD);
	}
	buf_free(&b);
}

/* RFC 8945, 4.2 and 5.1: one, last, in the additional section, and whole. */
static void tsig_is_last_and_whole(void **state)
{
	static const u8 tsig[] = "\0" "\0\0\0\0\0\0" "\1\54" "\0\2" "mm"
				 "\22\64" "\0\0" "\0\1" "o";
	const size_t n = sizeof tsig - 1;
	struct buf b = { 0 };
	struct msg m;

	(void)state;
	for (size_t cut = 0; cut <= n + 1; cut++) {
		u8 more[sizeof tsig + 1] = { 0 };

		memcpy(more, tsig, n);
		MAKE_HEADER(&b, 0x0100, 1, 0, 0, 1);
		make_question(&b, "example", TYPE_A);
		make_rr(&b, TYPE_TSIG, CLASS_ANY, more, cut);
		assert_int_equal(make_verdict(&b, &m) == MSG_OK, cut == n);
	}
	for (int place = 0; place < 4; place++) {
		MAKE_HEADER(&b, 0x0100, 1, place == 0, place == 1, place > 1 ? 2 : 0);
		make_question(&b, "example", TYPE_A);
		if (place == 3)
			make_opt(&b, 512, "", 0);
		make_rr(&b, TYPE_TSIG, CLASS_ANY, tsig, n);
		if (place == 2)
			make_opt(&b, 512, "", 0);
		assert_int_equal(make_verdict(&b, &m),
				 place == 3 ? MSG_OK : MSG_BAD_RECORD);
	}
	buf_free(&b);
}

static void questions(void **state)
{
	struct buf b = { 0 };
	struct msg m;

	(void)state;
	MAKE_HEADER(&b, 0x8000, 0, 1, 0, 0);	/* as in a long zone transfer */
	make_name(&b, "example");
	make_rest(&b, TYPE_A, CLASS_IN, address, 4);
	assert_int_equal(make_verdict(&b, &m), MSG_OK);
	assert_int_equal(m.qname_len, 0);
	assert_int_equal(m.body, DNS_HEADER);
	MAKE_HEADER(&b, 0, 2, 0, 0, 0);		/* RFC 9619 */
	make_question(&b, "example", TYPE_MX);
	make_question(&b, "example", TYPE_A);
	assert_int_equal(make_verdict(&b, &m), MSG_BAD_QUESTION);
	assert_int_equal(m.qtype, TYPE_MX);
	assert_int_equal(m.qname_len, 9);
	MAKE_HEADER(&b, 0, 1, 0, 0, 0);		/* a pointer, even to a root's octet */
	buf_u16(&b, 0xc00a);
	buf_u32(&b, 0x00010001);
	assert_int_equal(make_verdict(&b, &m), MSG_BAD_QUESTION);
	assert_int_equal(m.qname_len, 0);
	buf_free(&b);
}

static void trailing_octets(void **state)
{
	struct buf b = { 0 };
	struct rr_iter it;
	struct msg m;
	struct rr r;
	int n = 0;

	(void)state;
	make_response(&b);
	buf_byte(&b, 0);
	assert_int_equal(READ(&b, &m), MSG_BAD_TRAILING);
	assert_int_equal(m.end, b.len - 1);
	assert_true(m.has_edns);
	for (it = rr_first(&m); rr_next(&it, &r);)
		n++;
	assert_int_equal(n, 4);
	buf_free(&b);
}

/* Counts that promise more than there is: the good records can still be read. */
static void counts_too_high(void **state)
{
	struct buf b = { 0 };
	struct rr_iter it;
	struct msg m;
	struct rr r;

	(void)state;
	MAKE_HEADER(&b, 0x8180, 1, 65535, 65535, 65535);
	make_question(&b, "example", TYPE_A);
	make_rr(&b, TYPE_A, CLASS_IN, address, 4);
	assert_int_equal(READ(&b, &m), MSG_BAD_RECORD);
	it = rr_first(&m);
	assert_true(rr_next(&it, &r));
	assert_int_equal(r.type, TYPE_A);
	assert_false(rr_next(&it, &r));
	buf_free(&b);
}

/* RFC 2136, 2.4 and 2.5: classes ANY and NONE with nothing in the RDATA. */
static void update_records_without_data(void **state)
{
	static const u16 classes[] = { CLASS_NONE, CLASS_ANY, CLASS_CH };
	struct buf b = { 0 };
	struct msg m;

	(void)state;
	for (size_t i = 0; i < COUNT(classes); i++) {
		MAKE_HEADER(&b, OPCODE_UPDATE << 11, 1, 1, 1, 0);
		make_question(&b, "example", TYPE_SOA);
		make_rr(&b, TYPE_A, classes[i], "", 0);
		make_rr(&b, TYPE_CNAME, classes[i], "", 0);
		assert_int_equal(make_verdict(&b, &m), MSG_OK);
		assert_int_equal(msg_opcode(&m), OPCODE_UPDATE);
	}
	buf_free(&b);
}

static enum msg_error rdata_verdict(u16 type, const void *rdata, size_t n)
{
	struct buf b = { 0 };
	struct msg m;
	enum msg_error e;

	MAKE_HEADER(&b, 0x8000, 1, 1, 0, 0);
	make_question(&b, "example", type);
	make_rr(&b, type, CLASS_IN, rdata, n);
	e = make_verdict(&b, &m);
	buf_free(&b);
	return e;
}

/* For every type: the shortest RDATA that its layout allows is good, an octet less
 * is not, an octet more only where anything may follow. */
static void rdata_of_every_layout(void **state)
{
	(void)state;
	for (u32 type = 0; type < RDATA_LAYOUTS + 10; type++) {
		const struct rdata_layout *l = rdata_layout((u16)type);
		size_t n = l->kind == RDATA_SOME ? 1 : l->pre + l->names;
		bool any = l->kind == RDATA_ANY, rest = l->post == RDATA_REST;
		u8 zeros[64] = { 0 };

		if (type == TYPE_OPT || type == TYPE_TSIG)
			continue;
		rest = rest || any || l->kind == RDATA_SOME;
		if (l->kind == RDATA_NAPTR)
			n += 3;
		n += l->post == RDATA_REST ? 0 : l->post;
		assert_int_equal(rdata_verdict((u16)type, zeros, n), MSG_OK);
		if (n)
			assert_true(rdata_verdict((u16)type, zeros, n - 1) != MSG_OK);
		assert_int_equal(rdata_verdict((u16)type, zeros, n + 1) == MSG_OK, rest);
		assert_int_equal(rdata_verdict((u16)type, zeros, 0) == MSG_OK, any);
	}
}

static void rdata_is_unpacked(void **state)
{
	static const u8 naptr[] = "\0\1\0\2\1u\3sip\2!!\xc0\x0c";
	static const u8 want[] = "\0\1\0\2\1u\3sip\2!!\7example";
	struct buf b = { 0 };
	struct rr_iter it;
	struct msg m;
	struct rr r;
	u8 to[64];

	(void)state;
	MAKE_HEADER(&b, 0x8000, 1, 2, 0, 0);
	make_question(&b, "example", 35);
	make_rr(&b, 35, CLASS_IN, naptr, sizeof naptr - 1);
	make_rr(&b, TYPE_SOA, CLASS_IN, "\2ns\xc0\x0c\0aaaabbbbccccddddeeee", 26);
	assert_int_equal(READ(&b, &m), MSG_OK);
	it = rr_first(&m);
	assert_true(rr_next(&it, &r));
	assert_int_equal(rdata_unpack(&m, &r, to, sizeof to), sizeof want);
	assert_memory_equal(to, want, sizeof want);
	assert_int_equal(rdata_unpack(&m, &r, to, sizeof want), sizeof want);
	for (size_t room = 0; room < sizeof want; room++)
		assert_int_equal(rdata_unpack(&m, &r, to, room), OOPS_LIMIT);
	assert_true(rr_next(&it, &r));
	assert_int_equal(rdata_unpack(&m, &r, to, sizeof to), 33);
	assert_memory_equal(to, "\2ns\7example\0\0aaaabbbbccccddddeeee", 33);
	buf_free(&b);
}

/* Every prefix of a good message is refused, and what was good is still given. */
static void every_prefix(void **state)
{
	struct buf b = { 0 };
	struct msg m;

	(void)state;
	make_response(&b);
	for (size_t n = 0; n < b.len; n++) {
		u8 *copy = make_copy(b.at, n);
		enum msg_error e = msg_read(&m, copy, n);
		struct rr_iter it = rr_first(&m);
		struct rr r;
		u8 name[NAME_WIRE_MAX];

		assert_int_not_equal(e, MSG_OK);
		assert_int_not_equal(e, MSG_BAD_TRAILING);
		assert_true(m.end <= n || n < DNS_HEADER);
		assert_int_equal(m.qname_len, n >= 12 + 17 + 4 ? 17 : 0);
		while (rr_next(&it, &r)) {
			assert_true(r.rdata + r.rdlen <= n);
			assert_true(msg_name(&m, r.owner, name) > 0);
		}
		assert_int_equal(msg_read_start(&m, copy, n) == MSG_OK, n >= 12 + 17 + 4);
		it = rr_first(&m);
		assert_false(rr_next(&it, &r));
		free(copy);
	}
	buf_free(&b);
}

static void sizes(void **state)
{
	static u8 big[DNS_MESSAGE_MAX + 1];
	struct buf b = { 0 };
	struct rr_iter it;
	struct msg m;
	struct rr r;
	u32 n = 0, count = (DNS_MESSAGE_MAX - 25) / 16;

	(void)state;
	assert_int_equal(msg_read(&m, NULL, 0), MSG_BAD_HEADER);
	assert_int_equal(msg_read(&m, big, sizeof big), MSG_BAD_HEADER);
	assert_int_equal(msg_read(&m, big, 12), MSG_OK);
	assert_int_equal(msg_read(&m, big, 13), MSG_BAD_TRAILING);
	MAKE_HEADER(&b, 0x8000, 1, (u16)count, 0, 0);	/* as a zone transfer */
	make_question(&b, "example", TYPE_AXFR);
	for (u32 i = 0; i < count; i++)
		make_rr(&b, TYPE_A, CLASS_IN, address, 4);
	assert_int_equal(READ(&b, &m), MSG_OK);
	for (it = rr_first(&m); rr_next(&it, &r);)
		n++;
	assert_int_equal(n, count);
	buf_free(&b);
}

/* RFC 2181, 8: the value is the reader's affair; it is given as it came. */
static void ttl_with_the_top_bit(void **state)
{
	struct buf b = { 0 };
	struct rr_iter it;
	struct msg m;
	struct rr r;

	(void)state;
	MAKE_HEADER(&b, 0x8000, 1, 1, 0, 0);
	make_question(&b, "example", TYPE_A);
	make_rr(&b, TYPE_A, CLASS_IN, address, 4);
	memset(b.at + b.len - 10, 0xff, 4);
	assert_int_equal(READ(&b, &m), MSG_OK);
	it = rr_first(&m);
	assert_true(rr_next(&it, &r));
	assert_int_equal(r.ttl, UINT32_MAX);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(query_is_read),
		cmocka_unit_test(response_is_read),
		cmocka_unit_test(edns_is_read),
		cmocka_unit_test(options_fill_the_opt),
		cmocka_unit_test(opt_has_its_place),
		cmocka_unit_test(tsig_is_last_and_whole),
		cmocka_unit_test(questions),
		cmocka_unit_test(trailing_octets),
		cmocka_unit_test(counts_too_high),
		cmocka_unit_test(update_records_without_data),
		cmocka_unit_test(rdata_of_every_layout),
		cmocka_unit_test(rdata_is_unpacked),
		cmocka_unit_test(every_prefix),
		cmocka_unit_test(sizes),
		cmocka_unit_test(ttl_with_the_top_bit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
