/* SPDX-License-Identifier: GPL-3.0-or-later */
/* window_test.c - the law: what was dealt out and merged is what was never dealt out.
 *
 * Random messages (traffic_random) and those of real captures are folded into one window,
 * and dealt to 2, 3 and 16 windows, by lot and by time, which are merged in random order.
 * Then every entry is the same octet for octet, and so is every finding. */
#include "base/rd.h"
#include "draw.h"
#include "traffic.h"
#include "window/whole.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define MEMORY (96ull << 20)
#define PARTS_MAX 16
#define SMALL 200	/* messages; for fewer one way of dealing is enough */

static const unsigned parting[] = { 2, 3, 16 };

enum deal { BY_LOT, BY_TIME, DEALS };

/* Which part each message and loss goes to; by time, minutes are dealt in turn. */
static u8 *deal(const struct traffic *t, unsigned ways, enum deal how, u64 *seed)
{
	u8 *which = malloc(t->count + t->loss_count + 1);

	assert_non_null(which);
	for (u32 i = 0; i < t->count + t->loss_count; i++) {
		u64 at = i < t->count ? t->letters[i].p.time_ns
				      : t->losses[i - t->count].time_ns;

		which[i] = (u8)(how == BY_LOT ? draw_below(seed, ways)
					      : at / MINUTE_NS % ways);
	}
	return which;
}

static void span(struct window *w)
{
	w->from_ns = TRAFFIC_T0;
	w->until_ns = TRAFFIC_T0 + 10 * MINUTE_NS;
	w->frames = 1000;
	w->lost = 3;
}

/* The parts, each merged into a random one that is left, until one is. */
static struct window *fold_dealt(const struct traffic *t, unsigned ways, enum deal how,
				 u64 seed)
{
	struct window *w[PARTS_MAX];
	u8 *which = deal(t, ways, how, &seed);

	for (unsigned i = 0; i < ways; i++) {
		w[i] = traffic_window(MEMORY);
		traffic_fold(t, w[i], which, (u8)i);
	}
	free(which);
	for (unsigned n = ways; n > 1; n--) {
		unsigned from = (unsigned)draw_below(&seed, n), into;

		draw_order(&seed, w, n, sizeof w[0]);
		do
			into = (unsigned)draw_below(&seed, n);
		while (into == from);
		window_merge(w[into], w[from]);
		window_free(w[from]);
		w[from] = w[n - 1];
	}
	span(w[0]);
	return w[0];
}

static struct window *fold_whole(const struct traffic *t)
{
	struct window *w = traffic_window(MEMORY);

	traffic_fold(t, w, NULL, 0);
	span(w);
	return w;
}

static void same_text(const struct buf *a, const struct buf *b, const char *what)
{
	size_t n = a->len < b->len ? a->len : b->len, i = 0;

	while (i < n && a->at[i] == b->at[i])
		i++;
	if (a->len != b->len || i < n) {
		size_t from = i > 300 ? i - 300 : 0;

		print_error(
			"%s differs at octet %zu of %zu and %zu\n%.600s\n---\n%.600s\n",
			what, i, a->len, b->len,
			strncmp(what, "find", 4) ? "" : a->at + from,
			strncmp(what, "find", 4) ? "" : b->at + from);
		fail();
	}
}

static void same(const struct window *a, const struct window *b, const struct judge *j)
{
	struct buf x = { 0 }, y = { 0 };

	assert_true(window_crowded(a) == 0 && window_crowded(b) == 0);
	judge_pack(a, &x);
	judge_pack(b, &y);
	same_text(&x, &y, "entries");
	buf_clear(&x);
	buf_clear(&y);
	whole_json(a->whole, &x);
	whole_json(b->whole, &y);
	same_text(&x, &y, "statistics");
	for (int day = 0; day < 2; day++) {
		buf_clear(&x);
		buf_clear(&y);
		judge_text(j, a, day, &x);
		judge_text(j, b, day, &y);
		same_text(&x, &y, "findings");
	}
	buf_free(&x);
	buf_free(&y);
}

/* Every detector has spoken, so that the comparison compared something. */
static void all_spoke(const struct window *w, const struct judge *j)
{
	static const char *const rules[] = { "tunnel.data", "dga.client",
					     "nxstorm.domain", "reflection.victim",
					     "reflection.server" };
	struct buf x = { 0 };
	char sought[80];

	judge_text(j, w, false, &x);
	for (unsigned i = 0; i < COUNT(rules); i++) {
		snprintf(sought, sizeof sought, "\"rule\":\"%s\"", rules[i]);
		if (strstr(buf_str(&x), sought) == NULL)
			fail_msg("no finding %s", rules[i]);
	}
	buf_free(&x);
}

static void test_law(void **state)
{
	struct judge j;

	(void)state;
	judge_open(&j);
	for (u64 seed = 1; seed <= 3; seed++) {
		struct traffic t = { 0 };
		struct window *whole;

		traffic_random(&t, seed, 6000, 9);
		whole = fold_whole(&t);
		window_close(whole);
		all_spoke(whole, &j);
		for (unsigned i = 0; i < COUNT(parting); i++)
			for (enum deal how = 0; how < DEALS; how++) {
				struct window *w = fold_dealt(&t, parting[i], how,
							      seed * 100 + i);

				window_close(w);
				same(whole, w, &j);
				window_free(w);
			}
		window_free(whole);
		traffic_free(&t);
	}
	judge_close(&j);
}

/* --- the packed form ----------------------------------------------------- */

/* An entry goes out, into another window, and out again. */
static void round_trip(const struct window *w, unsigned kind, const void *entry,
		       struct window *other)
{
	struct buf x = { 0 }, y = { 0 };
	struct rd in;

	summary_kinds[kind]->pack(w, entry, &x);
	in = rd_of(x.at, x.len);
	assert_int_equal(summary_kinds[kind]->unpack(other, &in), 0);
	assert_int_equal(rd_left(&in), 0);
	summary_kinds[kind]->pack(
		other, keytab_find(&other->table[kind], *(const u64 *)entry), &y);
	assert_int_equal(x.len, y.len);
	assert_memory_equal(x.at, y.at, x.len);
	/* a second time it is there already */
	in = rd_of(x.at, x.len);
	assert_true(summary_kinds[kind]->unpack(other, &in) < 0);
	buf_free(&x);
	buf_free(&y);
}

static void test_pack(void **state)
{
	struct traffic t = { 0 };
	struct window *w, *other = traffic_window(MEMORY);

	(void)state;
	traffic_random(&t, 4, 4000, 5);
	w = fold_whole(&t);
	window_close(w);
	for (unsigned k = 0; k < SUMMARY_KINDS; k++) {
		assert_true(w->table[k].count > 10);
		for (u32 i = 0; i < w->table[k].count; i++)
			round_trip(w, k, keytab_at(&w->table[k], i), other);
		assert_int_equal(other->table[k].count, w->table[k].count);
	}
	window_free(other);
	window_free(w);
	traffic_free(&t);
}

/* Octets changed, cut off or added: an error, or an entry with which all still works. */
static void mutate(const struct window *w, const struct judge *j, unsigned kind,
		   const void *entry, u64 *seed)
{
	struct window *other = traffic_window(1 << 20);
	struct buf x = { 0 }, y = { 0 };
	struct rd in;

	summary_kinds[kind]->pack(w, entry, &x);
	for (u64 n = draw_below(seed, 4); n; n--)
		x.at[draw_below(seed, x.len)] = (char)draw(seed);
	if (draw_below(seed, 2))
		x.len = draw_below(seed, x.len + 1);
	in = rd_of(x.at, x.len);
	if (summary_kinds[kind]->unpack(other, &in) == 0) {
		span(other);
		judge_text(j, other, false, &y);
		window_merge(other, w);
		judge_pack(other, &y);
	}
	buf_free(&x);
	buf_free(&y);
	window_free(other);
}

static void test_mutated(void **state)
{
	struct traffic t = { 0 };
	struct judge j;
	struct window *w;
	u64 seed = 6;

	(void)state;
	judge_open(&j);
	traffic_random(&t, 5, 300, 1);
	w = fold_whole(&t);
	for (unsigned k = 0; k < SUMMARY_KINDS; k++)
		for (u32 i = 0; i < 300; i++)
			mutate(w, &j, k, keytab_at(&w->table[k], i % w->table[k].count),
			       &seed);
	judge_close(&j);
	window_free(w);
	traffic_free(&t);
}

/* --- real captures ------------------------------------------------------- */

struct captures {
	struct judge judge;
	unsigned files, findings;
	u64 messages;
};

static void hold_capture(struct captures *c, const struct traffic *t)
{
	struct window *whole = fold_whole(t);
	struct buf said = { 0 };

	window_close(whole);
	judge_text(&c->judge, whole, false, &said);
	c->findings += said.len > 0;
	for (unsigned i = 0; i < COUNT(parting); i++)
		for (enum deal how = 0; how < DEALS; how++) {
			struct window *w;

			if (t->count < SMALL && (i + how) % 2)
				continue;
			w = fold_dealt(t, parting[i], how, t->count + i);
			window_close(w);
			same(whole, w, &c->judge);
			window_free(w);
		}
	window_free(whole);
	buf_free(&said);
}

static void take_capture(void *to, const char *path)
{
	struct captures *c = to;
	struct traffic t = { 0 };

	if (traffic_load(&t, path) && t.count) {
		print_message("# %s: %u messages\n", path, t.count);
		hold_capture(c, &t);
		c->files++;
		c->messages += t.count;
	}
	traffic_free(&t);
}

static void test_demo(void **state)
{
	const char *root = getenv("VEDETTE_SOURCE");
	struct captures c = { .files = 0 };
	char path[4096];

	(void)state;
	snprintf(path, sizeof path, "%s/test/data/demo.pcap.xz", root ? root : ".");
	judge_open(&c.judge);
	take_capture(&c, path);
	assert_int_equal(c.files, 1);
	assert_true(c.findings > 0);
	judge_close(&c.judge);
}

static void test_captures(void **state)
{
	static const char *const folders[] = { "pcap/tunnel", "pcap/benign",
					       "pcap/authoritative", "pcap/amplification",
					       "pcap/poisoning" };
	struct captures c = { .files = 0 };

	(void)state;
	judge_open(&c.judge);
	for (unsigned i = 0; i < COUNT(folders); i++)
		if (traffic_files(folders[i], take_capture, &c) < 0) {
			print_message(
				"skipped: there are no captures below VEDETTE_DATA\n");
			judge_close(&c.judge);
			skip();
		}
	assert_true(c.files > 0 && c.findings > 0);
	print_message("%u captures, %llu messages, findings in %u\n", c.files,
		      (unsigned long long)c.messages, c.findings);
	judge_close(&c.judge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_law),
		cmocka_unit_test(test_pack),
		cmocka_unit_test(test_mutated),
		cmocka_unit_test(test_demo),
		cmocka_unit_test(test_captures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
