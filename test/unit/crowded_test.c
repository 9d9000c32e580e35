/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crowded_test.c - windows that are far too small: bounds stay bounds, and the heavy
 * attacker is still found.
 *
 * A hostile crowd of domains fills the tables and the pool; the truth is counted
 * beside. */
#include "draw.h"
#include "dns/rrtype.h"
#include "traffic.h"
#include "window/bound.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define DOMAINS_MAX 6000u
#define ATTACKERS 4u	/* the last of the domains */

struct truth { u64 key, out, in; };

struct crowd { u32 domains, names; u64 memory; };

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
}

/* The crowd has `names` names each and comes first; the attackers come when all is
 * full. */
static void make(struct traffic *t, struct truth *truth, const struct crowd *c)
{
	struct observation o;
	u64 seed = c->names;

	for (u32 round = 0; round < c->names; round++)
		for (u32 d = 0; d < c->domains - ATTACKERS; d++)
			exchange(t, &truth[d], d, 8, &seed);
	for (u32 round = 0; round < 600; round++)
		for (u32 d = c->domains - ATTACKERS; d < c->domains; d++) {
			exchange(t, &truth[d], d, 60, &seed);
			if (round == 0) {
				assert_true(traffic_read(t, t->count - 1, &o));
				truth[d].key = o.qname.domain;
			}
		}
}

static void hold_bounds(const struct window *w, const struct truth *truth,
			const struct crowd *c)
{
	unsigned there = 0;

	for (u32 d = c->domains - ATTACKERS; d < c->domains; d++) {
		const struct domain_sum *e = window_domain(w, truth[d].key);
		struct bound b;

		if (e == NULL)
			continue;
		there++;
		bound_of(&b, w, e);
		if (b.most_out < truth[d].out || b.most_in < truth[d].in)
			fail_msg("domain %u: bound %llu out of %llu, %llu in of %llu", d,
				 (unsigned long long)b.most_out,
				 (unsigned long long)truth[d].out,
				 (unsigned long long)b.most_in,
				 (unsigned long long)truth[d].in);
	}
	assert_int_equal(there, ATTACKERS);
}

static void hold_findings(const struct window *w, const struct crowd *c)
{
	struct buf said = { 0 };
	struct judge j;
	char sought[80];

	judge_open(&j);
	judge_text(&j, w, false, &said);
	for (u32 d = c->domains - ATTACKERS; d < c->domains; d++) {
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

static void hold(const struct crowd *c)
{
	struct truth *truth = calloc(DOMAINS_MAX, sizeof *truth);
	struct window *w = traffic_window(c->memory), *merged = traffic_window(c->memory);
	struct window *part[4];
	struct traffic t = { 0 };
	u64 seed = c->names;
	u8 *which;

	assert_non_null(truth);
	make(&t, truth, c);
	traffic_fold(&t, w, NULL, 0);
	span(w);
	print_message("# %u domains of %u names in %llu octets: crowded %llu, %u domains "
		      "kept, pool "
		      "%llu of %llu\n",
		      c->domains, c->names, (unsigned long long)c->memory,
		      (unsigned long long)window_crowded(w),
		      w->table[SUMMARY_DOMAIN].count,
		      (unsigned long long)w->pool[SUMMARY_DOMAIN].top,
		      (unsigned long long)w->pool[SUMMARY_DOMAIN].limit);
	hold_bounds(w, truth, c);
	hold_findings(w, c);
	which = malloc(t.count);
	assert_non_null(which);
	for (u32 i = 0; i < t.count; i++)
		which[i] = (u8)draw_below(&seed, COUNT(part));
	for (unsigned i = 0; i < COUNT(part); i++) {
		part[i] = traffic_window(c->memory / 2);
		traffic_fold(&t, part[i], which, (u8)i);
		window_merge(merged, part[i]);
		window_free(part[i]);
	}
	span(merged);
	hold_bounds(merged, truth, c);
	hold_findings(merged, c);
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
	hold(&(struct crowd){ 6000, 3, 1 << 20 });
	hold(&(struct crowd){ 6000, 1, 2 << 20 });
}

/* Domains of many names and answers: the pool is full before the table is. */
static void test_pool_full(void **state)
{
	(void)state;
	hold(&(struct crowd){ 6000, 20, 4 << 20 });
	hold(&(struct crowd){ 1900, 64, 4 << 20 });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_full),
		cmocka_unit_test(test_pool_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
