/* SPDX-License-Identifier: GPL-3.0-or-later */
/* observe_test.c - who asked whom what, whichever way the message went. */
#include "observe/observe.h"
#include "dns/rrtype.h"
#include "observe/mates.h"
#include "traffic.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct ask base(void)
{
	struct ask a = { .time_ns = TRAFFIC_T0 + 5,
			 .client = addr_of4((u8[]){ 192, 0, 2, 1 }),
			 .server = addr_of4((u8[]){ 198, 51, 100, 53 }),
			 .port = 4000,
			 .id = 77,
			 .qtype = TYPE_TXT,
			 .qname = "\3wWw\7example\3com",
			 .qname_len = 17 };

	return a;
}

static struct traffic one(const struct ask *a, struct observation *o)
{
	struct traffic t = { 0 };

	memset(o, 0xa5, sizeof *o);
	traffic_add(&t, a);
	assert_true(traffic_read(&t, 0, o));
	return t;
}

static void test_both_ways(void **state)
{
	struct observation q, r;
	struct ask a = base();
	struct traffic t = one(&a, &q), u;

	(void)state;
	a.response = true;
	a.flags = RCODE_NXDOMAIN;
	u = one(&a, &r);
	assert_false(q.response);
	assert_true(r.response);
	assert_memory_equal(&q.client, &r.client, sizeof q.client);
	assert_memory_equal(&q.server, &r.server, sizeof q.server);
	assert_true(q.client_key == r.client_key && q.server_key == r.server_key);
	assert_true(q.client_key != q.server_key);
	assert_true(q.client_port == 4000 && r.client_port == 4000);
	assert_true(q.server_port == 53 && r.server_port == 53);
	assert_true(q.named && r.named && q.qname.hash == r.qname.hash &&
		    q.qname.upper == 1);
	assert_true(q.time_ns == TRAFFIC_T0 + 5 && q.octets == 12 + 17 + 4);
	assert_true(q.join == JOIN_NONE && r.join == JOIN_NONE && r.latency_ns == 0);
	assert_true(r.rcode == RCODE_NXDOMAIN && q.rcode == 0);
	assert_true(q.type_class == TYPES_TEXT && !q.v6);
	traffic_free(&t);
	traffic_free(&u);
}

static void test_odd(void **state)
{
	struct observation o;
	struct ask a = base();
	struct traffic t;

	(void)state;
	a.qname_len = 0;
	t = one(&a, &o);
	assert_true(!o.named && o.octets == 12);
	traffic_free(&t);
	a = base();
	a.client = addr_of6((u8[16]){ 0x20, 1, 0xd, 0xb8, [15] = 1 });
	a.transport = TRANSPORT_TCP;
	a.response = true;
	a.edns = 1232;
	t = one(&a, &o);
	assert_true(o.transport == TRANSPORT_TCP);
	t.wire.at[t.wire.len - 6] = 1;	/* extended RCODE: 16 = BADVERS */
	assert_true(traffic_read(&t, 0, &o));
	assert_int_equal(o.rcode, RCODE_BADVERS);
	t.wire.at[t.wire.len - 6] = (char)0xff;
	assert_true(traffic_read(&t, 0, &o));
	assert_int_equal(o.rcode, 255);
	traffic_free(&t);
}

/* Of a message that was cut, the octets on the wire count. */
static void test_partial(void **state)
{
	struct observation o;
	struct ask a = base();
	struct traffic t;

	(void)state;
	a.response = true;
	t = one(&a, &o);
	t.letters[0].p.flags = PAYLOAD_PARTIAL | PAYLOAD_FRAGMENTED;
	t.letters[0].p.full_len = 3000;
	assert_true(traffic_read(&t, 0, &o));
	assert_true(o.octets == 3000 &&
		    o.payload_flags == (PAYLOAD_PARTIAL | PAYLOAD_FRAGMENTED));
	traffic_free(&t);
}

static void test_keys(void **state)
{
	struct addr a = addr_of4((u8[]){ 192, 0, 2, 1 }),
		    b = addr_of4((u8[]){ 192, 0, 2, 2 });

	(void)state;
	assert_true(address_key(&a, 1) == address_key(&a, 1));
	assert_true(address_key(&a, 1) != address_key(&b, 1));
	assert_true(address_key(&a, 1) != address_key(&a, 2));
	for (u64 key = 0; key < 1000; key++)
		assert_true(address_key(&a, key) != 0);
}

static void test_classes(void **state)
{
	static const struct { u16 type; enum type_class class;
	} want[] = {
		{ TYPE_A, TYPES_ADDRESS },
		{ TYPE_AAAA, TYPES_ADDRESS },
		{ TYPE_PTR, TYPES_PTR },
		{ TYPE_TXT, TYPES_TEXT },
		{ 99, TYPES_TEXT },
		{ TYPE_NULL, TYPES_RAW },
		{ TYPE_CNAME, TYPES_NAME },
		{ TYPE_MX, TYPES_NAME },
		{ TYPE_NS, TYPES_NAME },
		{ TYPE_SRV, TYPES_SERVICE },
		{ TYPE_HTTPS, TYPES_SERVICE },
		{ TYPE_DNSKEY, TYPES_DNSSEC },
		{ TYPE_ANY, TYPES_ANY },
		{ 65399, TYPES_RAW },
		{ 257, TYPES_RAW },
		{ 25, TYPES_RAW },
		{ 36, TYPES_NAME },
		{ 249, TYPES_OTHER },
		{ 32769, TYPES_OTHER },
		{ 0, TYPES_OTHER },
		{ 65535, TYPES_RAW },
		{ 300, TYPES_RAW },
		{ 252, TYPES_OTHER },
	};

	(void)state;
	for (unsigned i = 0; i < COUNT(want); i++)
		assert_int_equal(type_class(want[i].type), want[i].class);
	for (u32 type = 0; type < 65536; type++)
		assert_in_range(type_class((u16)type), 0, TYPES_COUNT - 1);
	for (int c = 0; c < TYPES_COUNT; c++)
		assert_true(*type_class_name(c) != 0);
}

/* --- a query and its response in one batch --------------------------------- */

/* The message of a letter as the next observation of a batch. */
static void next(struct observation *o, struct mates *m, const struct ask *a)
{
	static u8 wire[8][512];		/* views of them stay good */
	static unsigned turn;
	struct traffic t = { 0 };
	struct observation alone;
	u8 *at = wire[turn++ % 8];

	traffic_add(&t, a);
	assert_true(traffic_read(&t, 0, &alone) && alone.msg.len <= sizeof wire[0]);
	memcpy(at, alone.msg.wire, alone.msg.len);
	*o = alone;
	o->msg.wire = at;
	mates_look(m, o);
	traffic_free(&t);
}

static void test_mates(void **state)
{
	static struct observation o[8];
	static struct mates m;
	struct ask a = base(), r = base(), other;

	(void)state;
	r.response = true;
	r.flags = RCODE_NXDOMAIN;
	mates_begin(&m, o);
	next(&o[0], &m, &a);
	assert_null(o[0].query);
	other = r;
	other.id++;
	next(&o[1], &m, &other);
	other = r;
	other.qtype++;
	next(&o[2], &m, &other);
	other = r;
	other.qname[2] = 'w';	/* another case: another question on the wire */
	next(&o[3], &m, &other);
	other = r;
	other.server = addr_of4((u8[]){ 198, 51, 100, 54 });
	next(&o[4], &m, &other);
	assert_true(!o[1].query && !o[2].query && !o[3].query && !o[4].query);
	next(&o[5], &m, &r);
	assert_ptr_equal(o[5].query, &o[0]);
	next(&o[6], &m, &r);	/* the query is taken */
	assert_null(o[6].query);
	next(&o[7], &m, &a);
	mates_begin(&m, o);	/* what was before is forgotten */
	next(&o[0], &m, &r);
	assert_null(o[0].query);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mates),
		cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_odd),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_classes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
