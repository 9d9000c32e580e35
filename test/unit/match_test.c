/* SPDX-License-Identifier: GPL-3.0-or-later */
/* match_test.c - queries find their responses, and every message is counted once.
 *
 *   queries   == answered + unanswered + duplicate_queries
 *   responses == answered + unsolicited + duplicate_responses */
#include "observe/match.h"
#include "dns/rrtype.h"
#include "draw.h"
#include "traffic.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define TIMEOUT 10000000000ull
#define MS 1000000ull

static struct match *table(u32 transactions)
{
	struct match *m;

	assert_int_equal(match_open(&m, transactions, TIMEOUT), 0);
	return m;
}

/* One message with a key that was made up; what became of it. */
static enum join look(struct match *m, bool response, u64 key, u64 time_ns, u64 *latency)
{
	struct observation o = { .response = response,
				 .time_ns = time_ns,
				 .latency_ns = 0 };

	match_hint(m, key);
	match_look(m, &o, key);
	if (latency)
		*latency = o.latency_ns;
	return o.join;
}

static void balance(const struct match *m, u64 queries, u64 responses)
{
	const struct match_counts *c = match_counts(m);

	assert_true(queries == c->answered + c->unanswered + c->duplicate_queries);
	assert_true(responses == c->answered + c->unsolicited + c->duplicate_responses);
}

static void test_story(void **state)
{
	struct match *m = table(1000);
	const struct match_counts *c = match_counts(m);
	u64 t = TRAFFIC_T0, latency;

	(void)state;
	assert_int_equal(look(m, false, 5, t, NULL), JOIN_NONE);
	assert_int_equal(look(m, false, 5, t + 5 * MS, NULL), JOIN_DUPLICATE);
	assert_int_equal(look(m, true, 5, t + 20 * MS, &latency), JOIN_ANSWERED);
	assert_true(latency == 20 * MS);
	assert_int_equal(look(m, true, 5, t + 21 * MS, NULL), JOIN_DUPLICATE);
	assert_int_equal(look(m, true, 6, t + 21 * MS, NULL), JOIN_UNSOLICITED);
	/* the same id and port again: another transaction */
	assert_int_equal(look(m, false, 5, t + 30 * MS, NULL), JOIN_NONE);
	assert_int_equal(look(m, true, 5, t + 31 * MS, &latency), JOIN_ANSWERED);
	assert_true(latency == MS);
	/* event time goes back a little */
	assert_int_equal(look(m, false, 7, t + 40 * MS, NULL), JOIN_NONE);
	assert_int_equal(look(m, true, 7, t + 39 * MS, &latency), JOIN_ANSWERED);
	assert_true(latency == 0);
	match_finish(m);
	balance(m, 4, 5);
	assert_true(c->answered == 3 && c->unanswered == 0 && c->pushed == 0);
	match_free(m);
	match_free(NULL);
}

static void test_timeout(void **state)
{
	struct match *m = table(1000);
	const struct match_counts *c = match_counts(m);
	u64 t = TRAFFIC_T0;

	(void)state;
	look(m, false, 1, t, NULL);
	assert_int_equal(look(m, true, 1, t + TIMEOUT, NULL), JOIN_ANSWERED);
	look(m, false, 2, t, NULL);
	assert_int_equal(look(m, true, 2, t + TIMEOUT + 2, NULL), JOIN_UNSOLICITED);
	look(m, false, 3, t, NULL);
	assert_int_equal(look(m, false, 3, t + TIMEOUT + 2, NULL), JOIN_NONE);
	assert_true(c->unanswered == 2);
	match_finish(m);
	balance(m, 4, 2);
	assert_true(c->answered == 1 && c->unanswered == 3 && c->unsolicited == 1);
	match_free(m);
}

/* Five in a bucket of four: the oldest goes, whether or not it was put in first. */
static void test_full(void **state)
{
	struct match *m = table(
		64); /* 16 buckets: keys that are equal in 4 bits share one */
	const struct match_counts *c = match_counts(m);
	u64 t = TRAFFIC_T0;

	(void)state;
	for (u64 i = 1; i <= 4; i++)
		look(m, false, i << 4, t + (i == 2 ? 0 : i) * MS, NULL);
	look(m, false, 5 << 4, t + 9 * MS, NULL);
	assert_true(c->pushed == 1 && c->unanswered == 1);
	assert_int_equal(look(m, true, 2 << 4, t + 10 * MS, NULL), JOIN_UNSOLICITED);
	for (u64 i = 1; i <= 5; i++)
		if (i != 2)
			assert_int_equal(look(m, true, i << 4, t + 10 * MS, NULL),
					 JOIN_ANSWERED);
	/* answered ones give way without being counted as pushed */
	look(m, false, 6 << 4, t + 11 * MS, NULL);
	assert_true(c->pushed == 1);
	match_finish(m);
	balance(m, 6, 5);
	match_free(m);
}

/* The input goes back an hour: what waits there must not fill the buckets for ever. */
static void test_backwards(void **state)
{
	struct match *m = table(64);
	u64 t = TRAFFIC_T0;

	(void)state;
	for (u64 i = 1; i <= 4; i++)
		look(m, false, i << 4, t + 3600000 * MS, NULL);
	for (u64 i = 1; i <= 4; i++)
		look(m, false, (8 + i) << 4, t, NULL);
	for (u64 i = 1; i <= 4; i++)
		assert_int_equal(look(m, true, (8 + i) << 4, t + MS, NULL), JOIN_ANSWERED);
	assert_true(match_counts(m)->pushed == 0 && match_counts(m)->unanswered == 4);
	match_finish(m);
	balance(m, 8, 4);
	match_free(m);
}

/* --- against a plain list ------------------------------------------------ */

#define KEYS 300u

struct reference { u64 time[KEYS]; bool waits[KEYS], done[KEYS]; struct match_counts c; };

static enum join expect(struct reference *r, bool response, u32 k, u64 now)
{
	bool there = (r->waits[k] || r->done[k]) && r->time[k] + TIMEOUT >= now;

	if (!there && r->waits[k])
		r->c.unanswered++;
	if (!there)
		r->waits[k] = r->done[k] = false;
	if (response && r->waits[k]) {
		r->waits[k] = false;
		r->done[k] = true;
		r->c.answered++;
		return JOIN_ANSWERED;
	}
	if (response) {
		*(r->done[k] ? &r->c.duplicate_responses : &r->c.unsolicited) += 1;
		return r->done[k] ? JOIN_DUPLICATE : JOIN_UNSOLICITED;
	}
	if (r->waits[k]) {
		r->c.duplicate_queries++;
		return JOIN_DUPLICATE;
	}
	r->waits[k] = true;
	r->done[k] = false;
	r->time[k] = now;
	return JOIN_NONE;
}

static void test_reference(void **state)
{
	struct match *m = table(1u << 18);
	struct reference r = { 0 };
	u64 seed = 4, now = TRAFFIC_T0, queries = 0, key[KEYS];

	(void)state;
	for (u32 i = 0; i < KEYS; i++)
		key[i] = draw(&seed);
	for (u32 i = 0; i < 200000; i++) {
		u32 k = (u32)draw_below(&seed, KEYS);
		bool response = draw_below(&seed, 2);

		now += 2 * draw_below(&seed, 60 * MS);
		now -= draw_below(&seed, 20) ? 0 : 2 * draw_below(&seed, 50 * MS);
		queries += !response;
		assert_int_equal(look(m, response, key[k], now, NULL),
				 expect(&r, response, k, now));
	}
	match_finish(m);
	for (u32 k = 0; k < KEYS; k++)
		r.c.unanswered += r.waits[k];
	assert_memory_equal(match_counts(m), &r.c, sizeof r.c);
	balance(m, queries, 200000 - queries);
	match_free(m);
}

/* Far too small a table: the counters balance all the same. */
static void test_crowded(void **state)
{
	struct match *m = table(1);
	u64 seed = 5, now = TRAFFIC_T0, queries = 0;

	(void)state;
	for (u32 i = 0; i < 100000; i++) {
		bool response = draw_below(&seed, 3) == 0;

		now += 2 * draw_below(&seed, MS);
		queries += !response;
		look(m, response, draw_below(&seed, 2000) * 0x9e3779b97f4a7c15ull, now,
		     NULL);
	}
	match_finish(m);
	balance(m, queries, 100000 - queries);
	assert_true(match_counts(m)->pushed > 1000);
	match_free(m);
}

/* --- what makes a transaction -------------------------------------------- */

static struct ask base(void)
{
	struct ask a = { .time_ns = TRAFFIC_T0,
			 .client = addr_of4((u8[]){ 192, 0, 2, 1 }),
			 .server = addr_of4((u8[]){ 192, 0, 2, 53 }),
			 .port = 4000,
			 .id = 77,
			 .qtype = TYPE_A,
			 .qname = "\3www\7example\3com",
			 .qname_len = 17 };

	return a;
}

/* What becomes of a response that differs from the query in one thing. */
static enum join answer_with(void (*change)(struct ask *))
{
	struct match *m = table(1000);
	struct traffic t = { 0 };
	struct observation o;
	struct ask a = base();
	enum join join = JOIN_NONE;

	traffic_add(&t, &a);
	a.response = true;
	change(&a);
	traffic_add(&t, &a);
	for (u32 i = 0; i < 2; i++) {
		assert_true(traffic_read(&t, i, &o));
		match_look(m, &o, match_key(&o));
		join = o.join;
	}
	traffic_free(&t);
	match_free(m);
	return join;
}

static void nothing(struct ask *a) { (void)a; }
static void upper_case(struct ask *a) { a->qname[1] = 'W'; }
static void flags(struct ask *a) { a->flags = MSG_AA | RCODE_NXDOMAIN; }
static void other_id(struct ask *a) { a->id++; }
static void other_port(struct ask *a) { a->port++; }
static void other_client(struct ask *a) { a->client.at[15]++; }
static void other_server(struct ask *a) { a->server.at[15]++; }
static void other_name(struct ask *a) { a->qname[1] = 'v'; }
static void other_type(struct ask *a) { a->qtype = TYPE_AAAA; }
static void other_transport(struct ask *a) { a->transport = TRANSPORT_TCP; }

static void test_key(void **state)
{
	static void (*const fits[])(struct ask *) = { nothing, upper_case, flags };
	static void (*const differs[])(
		struct ask *) = { other_id,   other_port, other_client,	  other_server,
				  other_name, other_type, other_transport };

	(void)state;
	for (unsigned i = 0; i < COUNT(fits); i++)
		assert_int_equal(answer_with(fits[i]), JOIN_ANSWERED);
	for (unsigned i = 0; i < COUNT(differs); i++)
		assert_int_equal(answer_with(differs[i]), JOIN_UNSOLICITED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_story),
		cmocka_unit_test(test_timeout),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_backwards),
		cmocka_unit_test(test_reference),
		cmocka_unit_test(test_crowded),
		cmocka_unit_test(test_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
