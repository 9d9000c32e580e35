/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crowded_test.c - windows that are far too small: bounds stay bounds, and the heavy attacker
 * is still found.
 *
 * A hostile crowd of domains fills the tables and the pool; the truth is counted beside. */
#include "draw.h"
#include "dns/rrtype.h"
#include "traffic.h"
#include "window/bound.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define DOMAINS 6000u
#define ATTACKERS 4u	/* the last of them */

struct truth { u64 key, out, in; u32 names; };

/* A name of `len` letters and digits below domain d, asked and answered with TXT. */
static void exchange(struct traffic *t, struct truth *of, u32 d, unsigned len, u64 *seed)
{
	static struct answer r;
	struct ask a = { .time_ns = TRAFFIC_T0, .qtype = TYPE_TXT, .port = 4000 };
	char domain[40];
	u8 wire[NAME_WIRE_MAX];
	int n;

	snprintf(domain, sizeof domain, "d%u-example.org", d);
	n = name_parse(domain, wire);
	a.qname[0] = (u8)len;
	for (unsigned i = 1; i <= len; i++)
		a.qname[i] = (u8)"abcdefghijklmnopqrstuvwxyz234567"[draw_below(seed, 32)];
	memcpy(a.qname + 1 + len, wire, (size_t)n);
	a.qname_len = 1 + len + (unsigned)n;
	a.client = addr_of4((u8[]){ 10, 0, (u8)(d >> 8), (u8)d });
	a.server = addr_of4((u8[]){ 192, 0, 2, 53 });
	traffic_add(t, &a);
	r = (struct answer){ .type = TYPE_TXT, .ttl = 60, .len = (u16)(1 + len) };
	for (unsigned i = 0; i < r.len; i++)
		r.rdata[i] = (u8)draw(seed);
	a.response = true;
	a.answers = &r;
	a.answer_count = 1;
	traffic_add(t, &a);
	of->out += 1 + len;
	of->in += 2 + 4 + 2 + r.len;
	of->names++;
}

/* The crowd has `names` names each and comes first; the attackers come when all is full. */
static void make(struct traffic *t, struct truth *truth, u32 names, u64 seed)
{
	struct observation o;

	for (u32 round = 0; round < names; round++)
		for (u32 d = 0; d < DOMAINS - ATTACKERS; d++)
			exchange(t, &truth[d], d, 8, &seed);
	for (u32 round = 0; round < 600; round++)
		for (u32 d = DOMAINS - ATTACKERS; d < DOMAINS; d++) {
			exchange(t, &truth[d], d, 60, &seed);
			if (round == 0) {
				assert_true(traffic_read(t, t->count - 1, &o));
				truth[d].key = o.qname.domain;
			}
		}
}

static void hold_bounds(const struct window *w, const struct truth *truth)
{
	unsigned there = 0;

	for (u32 d = DOMAINS - ATTACKERS; d < DOMAINS; d++) {
		const struct domain_sum *e = window_domain(w, truth[d].key);
		struct bound b;

		if (e == NULL)
			continue;
		there++;
		bound_of(&b, w, e);
		if (b.most_out < truth[d].out || b.most_in < truth[d].in)
			fail_msg("domain %u: bound %llu out of %llu, %llu in of %llu", d,
				 (unsigned long long)b.most_out, (unsigned long long)truth[d].out,
				 (unsigned long long)b.most_in, (unsigned long long)truth[d].in);
	}
	assert_int_equal(there, ATTACKERS);
}

static void hold_findings(const struct window *w)
{
	struct buf said = { 0 };
	struct judge j;
	char sought[80];

	judge_open(&j);
	judge_text(&j, w, false, &said);
	for (u32 d = DOMAINS - ATTACKERS; d < DOMAINS; d++) {
		snprintf(sought, sizeof sought, "\"subject\":\"d%u-example.org\"", d);
		if (strstr(buf_str(&said), sought) == NULL)
			fail_msg("the attacker d%u is not found", d);
	}
	judge_close(&j);
	buf_free(&said);
}

static void span(struct window *w)
{
	w->from_ns = TRAFFIC_T0;
	w->until_ns = TRAFFIC_T0 + MINUTE_NS;
}

static void hold(u64 memory, u32 names)
{
	struct truth *truth = calloc(DOMAINS, sizeof *truth);
	struct window *w = traffic_window(memory), *parts[4], *merged = traffic_window(memory);
	struct traffic t = { 0 };
	u8 *which;
	u64 seed = names;

	assert_non_null(truth);
	make(&t, truth, names, names);
	traffic_fold(&t, w, NULL, 0);
	span(w);
	print_message("# %u names a domain, %llu octets: crowded %llu, %u domains kept\n", names,
		      (unsigned long long)memory, (unsigned long long)window_crowded(w),
		      w->table[SUMMARY_DOMAIN].count);
	hold_bounds(w, truth);
	hold_findings(w);
	which = malloc(t.count);
	assert_non_null(which);
	for (u32 i = 0; i < t.count; i++)
		which[i] = (u8)draw_below(&seed, COUNT(parts));
	for (unsigned i = 0; i < COUNT(parts); i++) {
		parts[i] = traffic_window(memory / 2);
		traffic_fold(&t, parts[i], which, (u8)i);
		window_merge(merged, parts[i]);
		window_free(parts[i]);
	}
	span(merged);
	hold_bounds(merged, truth);
	hold_findings(merged);
	free(which);
	free(truth);
	window_free(w);
	window_free(merged);
	traffic_free(&t);
}

/* Many domains of few names: the table is full, the pool is not. */
static void test_table_full(void **state)
{
	(void)state;
	hold(1 << 20, 3);
	hold(2 << 20, 1);
}

/* Domains of many names and answers: the pool is full before the table is. */
static void test_pool_full(void **state)
{
	(void)state;
	hold(4 << 20, 20);
	hold(8 << 20, 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_full),
		cmocka_unit_test(test_pool_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
