/* SPDX-License-Identifier: GPL-3.0-or-later */
/* closing_test.c - minutes and days of whole analyses: late messages, gaps of years,
 * time that goes back, wild stamps, two days; and one worker says what eight say.
 *
 * Captures are made in memory (raw IP in pcap, nanoseconds) and go through
 * analysis_run(), sandbox and all. */
#include "run/analysis.h"
#include "base/buf.h"
#include "dns/rrtype.h"
#include "draw.h"
#include "traffic.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <unistd.h>

#define SECOND 1000000000ull

/* --- captures ------------------------------------------------------------ */

static void put_le32(struct buf *b, u32 v)
{
	buf_add(b, (u8[4]){ (u8)v, (u8)(v >> 8), (u8)(v >> 16), (u8)(v >> 24) }, 4);
}

static void put_ip(struct buf *b, const struct payload *p, u32 udp)
{
	if (addr_is4(&p->src)) {
		buf_u16(b, 0x4500);
		buf_u16(b, (u16)(20 + udp));
		buf_u32(b, 0);
		buf_u32(b, 64u << 24 | 17u << 16);
		buf_add(b, p->src.at + 12, 4);
		buf_add(b, p->dst.at + 12, 4);
		return;
	}
	buf_u32(b, 6u << 28);
	buf_u16(b, (u16)udp);
	buf_u16(b, 17 << 8 | 64);
	buf_add(b, p->src.at, 16);
	buf_add(b, p->dst.at, 16);
}

static void put_frame(struct buf *b, const struct traffic *t, u32 i)
{
	const struct payload *p = &t->letters[i].p;
	u32 udp = 8 + p->len, len = udp + (addr_is4(&p->src) ? 20 : 40);

	put_le32(b, (u32)(p->time_ns / SECOND));
	put_le32(b, (u32)(p->time_ns % SECOND));
	put_le32(b, len);
	put_le32(b, len);
	put_ip(b, p, udp);
	buf_u16(b, p->sport);
	buf_u16(b, p->dport);
	buf_u16(b, (u16)udp);
	buf_u16(b, 0);
	buf_add(b, t->wire.at + t->letters[i].at, p->len);
}

/* The messages as a capture file in the order they stand in. */
static void save(const struct traffic *t, char path[64])
{
	struct buf b = { 0 };
	int fd;

	snprintf(path, 64, "/tmp/closing-test-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	put_le32(&b, 0xa1b23c4d);
	put_le32(&b, 4u << 16 | 2);
	put_le32(&b, 0);
	put_le32(&b, 0);
	put_le32(&b, 65535);
	put_le32(&b, 101);	/* LINKTYPE_RAW */
	for (u32 i = 0; i < t->count; i++)
		put_frame(&b, t, i);
	assert_int_equal(buf_error(&b), 0);
	assert_int_equal(write(fd, b.at, b.len), b.len);
	close(fd);
	buf_free(&b);
}

/* --- analyses ------------------------------------------------------------ */

static void analyse(struct analysis *a, const char *path, const char *workers)
{
	struct opt_group groups[20];
	unsigned n = run_groups(groups, COUNT(groups));
	struct opts o;
	char why[OPT_WHY];

	assert_int_equal(opts_init(&o, groups, n), 0);
	assert_int_equal(opts_set(&o, "", "workers", workers, OPT_COMMAND, why), 0);
	assert_int_equal(opts_set(&o, "", "memory", "64M", OPT_COMMAND, why), 0);
	if (analysis_run(a, &o, &path, 1, NULL, NULL, why) < 0)
		fail_msg("%s", why);
	opts_free(&o);
}

static u64 counter(const struct analysis *a, const char *name)
{
	const struct run_report *r = &a->report.report;

	for (u32 i = 0; i < r->counter_count; i++)
		if (strcmp(r->counters[i].name, name) == 0)
			return r->counters[i].value;
	return 0;
}

static const struct finding *found(const struct analysis *a, const char *rule,
				   unsigned nth)
{
	for (u32 i = 0; i < a->finding_count; i++)
		if (strncmp(a->findings[i]->rule, rule, strlen(rule)) == 0 && nth-- == 0)
			return a->findings[i];
	return NULL;
}

/* Runs the traffic, in the order it stands in, and sees that each frame was counted. */
static void run(struct analysis *a, const struct traffic *t)
{
	char path[64];

	save(t, path);
	analyse(a, path, "1");
	remove(path);
	assert_int_equal(a->crash_count, 0);
	assert_true(counter(a, "frames.message") == t->count);
	assert_true(report_sum(&a->report.report, COUNTER_PART) +
			    report_sum(&a->report.report, COUNTER_LOSS) ==
		    a->report.report.inputs[0].frames);
}

/* How many messages the statistics know. */
static u64 folded(const struct analysis *a)
{
	static const char *const ways[] = { "queries", "responses" };
	u64 sum = 0;

	for (unsigned way = 0; way < 2; way++)
		for (int family = 4; family <= 6; family += 2) {
			char sought[60];
			unsigned long long n;
			const char *at;

			snprintf(sought, sizeof sought,
				 "\"%s_udp_ipv%d\":{\"messages\":", ways[way], family);
			at = strstr(a->report.report.stats, sought);
			assert_non_null(at);
			assert_int_equal(sscanf(at + strlen(sought), "%llu", &n), 1);
			sum += n;
		}
	return sum;
}

/* --- traffic ------------------------------------------------------------- */

static struct ask query(u64 time_ns)
{
	struct ask a = { .time_ns = time_ns,
			 .client = addr_of4((u8[]){ 192, 0, 2, 1 }),
			 .server = addr_of4((u8[]){ 192, 0, 2, 53 }),
			 .port = 4000,
			 .qtype = TYPE_TXT };

	return a;
}

static void add_ordinary(struct traffic *t, u64 time_ns)
{
	struct ask a = query(time_ns);

	memcpy(a.qname, "\3www\7example\3com", 17);
	a.qname_len = 17;
	traffic_add(t, &a);
}

/* n questions that carry data, one every `step`. */
static void add_leak(struct traffic *t, u64 time_ns, u32 n, u64 step, u64 seed)
{
	for (u32 i = 0; i < n; i++) {
		struct ask a = query(time_ns + i * step);

		a.qtype = TYPE_A;
		a.qname[0] = 60;
		for (unsigned j = 1; j <= 60; j++)
			a.qname[j] = (u8) "abcdefghijklmnopqrstuvwxyz234567"[draw_below(
				&seed, 32)];
		memcpy(a.qname + 61, "\1t\7example\3org", 15);
		a.qname_len = 61 + 15;
		traffic_add(t, &a);
	}
}

/* --- cases --------------------------------------------------------------- */

/* No stamps at all: everything is in one minute of 1970. */
static void test_zero_stamps(void **state)
{
	struct traffic t = { 0 };
	struct analysis a;

	(void)state;
	add_leak(&t, 0, 200, 0, 1);
	run(&a, &t);
	assert_true(folded(&a) == 200);
	assert_non_null(found(&a, "tunnel.out", 0));
	assert_true(counter(&a, "late") == 0 && counter(&a, "lost_late") == 0);
	analysis_free(&a);
	traffic_free(&t);
}

/* Out of order within `late` (5 s): nothing is late. Later than that: for the day
 * only. */
static void test_late(void **state)
{
	const u64 minute = TRAFFIC_T0 + 10 * MINUTE_NS;
	struct traffic t = { 0 };
	struct analysis a;

	(void)state;
	add_ordinary(&t, minute - 30 * SECOND);
	add_ordinary(&t, minute + 4 * SECOND);
	add_ordinary(&t, minute - SECOND);		/* in time */
	add_ordinary(&t, minute + 6 * SECOND);		/* closes the minute before */
	add_ordinary(&t, minute - SECOND);		/* late */
	add_leak(&t, minute - 40 * SECOND, 100, 0, 2);	/* late as well */
	run(&a, &t);
	assert_true(folded(&a) == 105);
	assert_true(counter(&a, "late") == 101 && counter(&a, "lost_late") == 0);
	/* the rules of a minute did not see it; those of the day did */
	assert_non_null(found(&a, "tunnel.out", 0));
	assert_true(found(&a, "tunnel.out", 0)->late > 0);
	analysis_free(&a);
	traffic_free(&t);
}

/* What comes for yesterday, when it is over, is left out and counted. */
static void test_yesterday(void **state)
{
	struct traffic t = { 0 };
	struct analysis a;

	(void)state;
	add_ordinary(&t, TRAFFIC_T0 - 10 * MINUTE_NS);
	add_ordinary(&t, TRAFFIC_T0 + 10 * MINUTE_NS);
	for (int i = 0; i < 7; i++)
		add_ordinary(&t, TRAFFIC_T0 - 9 * MINUTE_NS);
	add_ordinary(&t, TRAFFIC_T0 + 11 * MINUTE_NS);
	run(&a, &t);
	assert_true(folded(&a) == 3 && counter(&a, "lost_late") == 7);
	analysis_free(&a);
	traffic_free(&t);
}

/* A gap of years between two leaks: both are found, and no message is lost on the way. */
static void test_gap(void **state)
{
	struct traffic t = { 0 };
	struct analysis a;

	(void)state;
	add_leak(&t, TRAFFIC_T0, 100, SECOND / 10, 3);
	add_leak(&t, TRAFFIC_T0 + 3 * 365 * DAY_NS, 100, SECOND / 10, 4);
	add_ordinary(&t, TRAFFIC_T0 + 3 * 365 * DAY_NS + 90 * MINUTE_NS);
	add_ordinary(&t, TRAFFIC_T0 + 3 * 365 * DAY_NS + 90 * MINUTE_NS + 1);
	run(&a, &t);
	assert_true(folded(&a) + counter(&a, "lost_late") == 202);
	assert_true(folded(&a) == 202);
	assert_non_null(found(&a, "tunnel.out", 1));
	assert_null(found(&a, "tunnel.out", 2));
	analysis_free(&a);
	traffic_free(&t);
}

/* Two days of a slow leak: a finding a day, each within its day. */
static void test_two_days(void **state)
{
	const u64 day = TRAFFIC_T0 / DAY_NS * DAY_NS;
	struct traffic t = { 0 };
	struct analysis a;

	(void)state;
	add_leak(&t, day + MINUTE_NS, 2 * 90, 2 * DAY_NS / 181, 5);
	run(&a, &t);
	for (unsigned i = 0; i < 2; i++) {
		const struct finding *f = found(&a, "tunnel.out", i);

		assert_non_null(f);
		assert_true(f->from >= day + i * DAY_NS &&
			    f->until <= day + (i + 1) * DAY_NS);
		assert_true(f->until - f->from > 20 * 60 * MINUTE_NS);
	}
	assert_null(found(&a, "tunnel.out", 2));
	analysis_free(&a);
	traffic_free(&t);
}

/* The second half of a capture before the first: the day has all of it. */
static void test_backwards(void **state)
{
	struct traffic t = { 0 };
	struct analysis a;

	(void)state;
	add_leak(&t, TRAFFIC_T0 + 600 * MINUTE_NS, 50, SECOND, 6);
	add_leak(&t, TRAFFIC_T0 + 60 * MINUTE_NS, 50, SECOND, 7);
	run(&a, &t);
	assert_true(folded(&a) == 100);
	assert_true(counter(&a, "late") == 50);
	assert_non_null(found(&a, "tunnel.out", 0));
	analysis_free(&a);
	traffic_free(&t);
}

/* One broken stamp, at the beginning, in the middle or at the end, early or late: no
 * other message is lost. */
static void test_wild_stamp(void **state)
{
	static const u64 stamps[] = { 0,
				      1,
				      TRAFFIC_T0 - 400 * DAY_NS,
				      TRAFFIC_T0 + 2 * 60 * MINUTE_NS,
				      TRAFFIC_T0 + 400 * DAY_NS,
				      4294967295ull * SECOND };
	static const u32 places[] = { 0, 100, 299 };

	(void)state;
	for (unsigned i = 0; i < COUNT(stamps); i++)
		for (unsigned j = 0; j < COUNT(places); j++) {
			struct traffic t = { 0 };
			struct analysis a;

			add_leak(&t, TRAFFIC_T0, 300, SECOND / 10, 8);
			t.letters[places[j]].p.time_ns = stamps[i];
			run(&a, &t);
			if (folded(&a) < 299 ||
			    folded(&a) + counter(&a, "lost_late") != 300)
				fail_msg("stamp %u at place %u: %u messages folded, %u "
					 "lost",
					 i, places[j], (unsigned)folded(&a),
					 (unsigned)counter(&a, "lost_late"));
			if (found(&a, "tunnel.out", 0) == NULL)
				fail_msg("stamp %u at place %u: no finding", i,
					 places[j]);
			analysis_free(&a);
			traffic_free(&t);
		}
}

/* --- many workers -------------------------------------------------------- */

static void text_of(const struct analysis *a, struct buf *out)
{
	buf_clear(out);
	for (u32 i = 0; i < a->finding_count; i++) {
		finding_json(out, a->findings[i]);
		buf_text(out, "\n");
	}
	report_json(out, &a->report.report);
	assert_int_equal(buf_error(out), 0);
}

static void test_workers(void **state)
{
	static const char *const workers[] = { "2", "3", "8" };
	struct buf one = { 0 }, many = { 0 };
	struct traffic t = { 0 };
	struct analysis a;
	char path[64];
	u64 seed = 3;

	(void)state;
	traffic_random(&t, 77, 20000, 30);
	add_leak(&t, TRAFFIC_T0 + 2 * DAY_NS, 200, SECOND, 8);
	for (u32 i = 0; i < t.count; i += 50)	/* some of them late, a little or very */
		t.letters[i].p.time_ns -= draw_below(&seed,
						     i % 100 ? SECOND : 20 * MINUTE_NS);
	save(&t, path);
	analyse(&a, path, "1");
	assert_true(a.finding_count > 10 && a.evidence_count > 100);
	assert_true(counter(&a, "late") > 0 && counter(&a, "crowded") == 0);
	text_of(&a, &one);
	analysis_free(&a);
	for (unsigned i = 0; i < COUNT(workers); i++) {
		size_t same = 0;

		analyse(&a, path, workers[i]);
		text_of(&a, &many);
		while (same < one.len && same < many.len && one.at[same] == many.at[same])
			same++;
		if (one.len != many.len || same < one.len)
			fail_msg("%s workers differ:\n%.300s\n---\n%.300s", workers[i],
				 one.at + (same > 150 ? same - 150 : 0),
				 many.at + (same > 150 ? same - 150 : 0));
		analysis_free(&a);
	}
	remove(path);
	buf_free(&one);
	buf_free(&many);
	traffic_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zero_stamps),
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_yesterday),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_two_days),
		cmocka_unit_test(test_backwards),
		cmocka_unit_test(test_wild_stamp),
		cmocka_unit_test(test_workers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
