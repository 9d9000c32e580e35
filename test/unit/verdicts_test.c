/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verdicts_test.c - of all that is said about one subject in one day, one finding is
 * kept. */
#include "run/verdicts.h"
#include "run/judged.h"
#include "draw.h"
#include "traffic.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define DAY (TRAFFIC_T0 / DAY_NS * DAY_NS)

struct desk {	/* where findings are said */
	struct judge judge;
	struct window *w;
	struct look look;
	struct verdicts v;
};

static void open_desk(struct desk *d)
{
	*d = (struct desk){ .w = traffic_window(1 << 20) };
	judge_open(&d->judge);
	d->look = (struct look){ .w = d->w,
				 .conf = opts_conf(&d->judge.opts, detectors[0]->opts) };
	d->v.look = &d->look;
	d->v.detector = detectors[0];
}

static void close_desk(struct desk *d)
{
	verdicts_free(&d->v);
	judge_close(&d->judge);
	window_free(d->w);
}

struct word {
	const char *rule, *subject;
	enum severity severity;
	u64 confidence;
	double value;
};

/* One finding of minute `minute` of the day, or of the whole day. */
static void say(struct desk *d, const struct word *word, unsigned minute, bool day)
{
	struct feature x = { .name = "first", .value = word->value };
	struct finding f = { .severity = word->severity, .confidence = word->confidence,
		.rule_version = 1 };

	snprintf(f.rule, sizeof f.rule, "%s", word->rule);
	snprintf(f.subject, sizeof f.subject, "%s", word->subject);
	snprintf(f.subject_kind, sizeof f.subject_kind, "domain");
	f.from = DAY + (day ? 0 : minute * MINUTE_NS);
	f.until = day ? DAY + DAY_NS : f.from + MINUTE_NS;
	for (const char *p = word->subject; *p; p++)
		f.key = f.key * 131 + (u8)*p;
	finding_feature(&f, &x);
	d->look.day = day;
	verdicts_say(&d->v, &f);
}

static void test_one_a_day(void **state)
{
	const struct word low = { "tunnel.out", "example.com", SEVERITY_LOW, 70, 10 };
	const struct word high = { "tunnel.data", "example.com", SEVERITY_HIGH, 70, 5 };
	struct desk d;

	(void)state;
	open_desk(&d);
	say(&d, &low, 1, false);
	say(&d, &high, 2, false);
	say(&d, &low, 3, false);
	say(&d, &low, 0, true);
	verdicts_finish(&d.v);
	assert_int_equal(d.v.count, 1);
	assert_string_equal(d.v.at[0].f->rule, "tunnel.data");
	assert_int_equal(d.v.at[0].minutes, 3);
	assert_true(d.v.at[0].first == DAY + MINUTE_NS &&
		    d.v.at[0].last == DAY + 4 * MINUTE_NS);
	assert_int_equal(d.v.at[0].f->related_count, 1);
	assert_string_equal(d.v.at[0].f->related[0].role, "minutes");
	assert_string_equal(d.v.at[0].f->related[0].name, "3");
	assert_int_equal(strlen(d.v.at[0].f->id), 64);
	close_desk(&d);
}

/* Severity, then the day, then confidence, then the first feature; of equals the
 * first. */
static void test_strongest(void **state)
{
	static const struct { struct word word; bool day; } rising[] = {
		{ { "tunnel.out", "example.com", SEVERITY_LOW, 50, 1 }, false },
		{ { "tunnel.out", "example.com", SEVERITY_LOW, 50, 2 }, false },
		{ { "tunnel.out", "example.com", SEVERITY_LOW, 90, 0 }, false },
		{ { "tunnel.out", "example.com", SEVERITY_LOW, 10, 0 }, true },
		{ { "tunnel.out", "example.com", SEVERITY_LOW, 20, 0 }, true },
		{ { "tunnel.out", "example.com", SEVERITY_HIGH, 5, 0 }, false },
		{ { "tunnel.out", "example.com", SEVERITY_HIGH, 1, 0 }, true },
	};
	unsigned order[COUNT(rising)];
	u64 seed = 4;

	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		unsigned best = 0;
		struct desk d;

		open_desk(&d);
		for (unsigned i = 0; i < COUNT(rising); i++)
			order[i] = i;
		draw_order(&seed, order, COUNT(rising), sizeof order[0]);
		for (unsigned i = 0; i < COUNT(rising); i++) {
			say(&d, &rising[order[i]].word, 7, rising[order[i]].day);
			best = order[i] > best ? order[i] : best;
			assert_int_equal(d.v.count, 1);
			assert_int_equal(d.v.at[0].f->confidence,
					 rising[best].word.confidence);
			assert_int_equal(d.v.at[0].day, rising[best].day);
		}
		close_desk(&d);
	}
}

static void test_apart(void **state)
{
	const struct word word = { "tunnel.out", "example.com", SEVERITY_LOW, 50, 1 };
	const struct word other = { "tunnel.out", "example.net", SEVERITY_LOW, 50, 1 };
	const struct word rule = { "tunnels.out", "example.com", SEVERITY_LOW, 50, 1 };
	struct desk d;

	(void)state;
	open_desk(&d);
	say(&d, &word, 1, false);
	say(&d, &other, 1, false);
	say(&d, &rule, 1, false);
	say(&d, &word, 1440 + 1, false);	/* tomorrow */
	assert_int_equal(d.v.count, 4);
	verdicts_finish(&d.v);
	for (u32 i = 1; i < d.v.count; i++)
		assert_true(finding_compare(d.v.at[i - 1].f, d.v.at[i].f) < 0);
	close_desk(&d);
}

/* Past the limit the weakest give way, are counted, and the strong ones are all there. */
static void test_limit(void **state)
{
	unsigned strong = 0;
	struct desk d;

	(void)state;
	open_desk(&d);
	for (u32 i = 0; i < 2 * VERDICTS_MAX; i++) {
		char name[32];
		struct word word = { "tunnel.out", name,
				     i % 10 ? SEVERITY_LOW : SEVERITY_HIGH, 50, i };

		snprintf(name, sizeof name, "d%u.example", i);
		say(&d, &word, 1, false);
	}
	verdicts_finish(&d.v);
	assert_int_equal(d.v.count, VERDICTS_MAX);
	assert_int_equal(d.v.dropped, VERDICTS_MAX);
	for (u32 i = 0; i < d.v.count; i++)
		strong += d.v.at[i].f->severity == SEVERITY_HIGH;
	assert_int_equal(strong, 2 * VERDICTS_MAX / 10);
	close_desk(&d);
	verdicts_free(&(struct verdicts){ 0 });
}

/* --- what a verdict carries ---------------------------------------------- */

static void mutate(const struct finding *f, u64 *seed)
{
	static struct finding bad, again;
	char why[OPT_WHY];
	struct judged j;

	bad = *f;
	for (u64 i = 1 + draw_below(seed, 5); i; i--)
		bad.summary.bytes[draw_below(seed, draw_below(seed, 3) ? bad.summary.len
								       : 90)] = (u8)
			draw(seed);
	if (draw_below(seed, 3) == 0)
		bad.summary.len = (u32)draw_below(seed, bad.summary.len + 1);
	if (judged_open(&j, &bad, why) == 0)
		judged_again(&j, j.w, &bad, &again);
	judged_close(&j);
}

/* Packs come from strangers: whatever octets they hold, judging them ends well. */
static void test_hostile(void **state)
{
	struct traffic t = { 0 };
	struct desk d;
	u64 seed = 5;

	(void)state;
	open_desk(&d);
	window_free(d.w);
	d.w = traffic_window(32 << 20);
	d.look.w = d.w;
	traffic_random(&t, 9, 4000, 1);
	traffic_fold(&t, d.w, NULL, 0);
	d.w->from_ns = DAY;
	d.w->until_ns = DAY + MINUTE_NS;
	window_close(d.w);
	for (unsigned i = 0; detectors[i]; i++) {
		d.look.conf = opts_conf(&d.judge.opts, detectors[i]->opts);
		d.v.detector = detectors[i];
		detectors[i]->look(&d.look, verdicts_say, &d.v);
	}
	verdicts_finish(&d.v);
	assert_true(d.v.count > 5);
	for (unsigned round = 0; round < 1500; round++)
		mutate(d.v.at[round % d.v.count].f, &seed);
	close_desk(&d);
	traffic_free(&t);
}

/* --- related parties ----------------------------------------------------- */

/* In whatever order they come, the greatest are kept, in one order. */
static void test_related(void **state)
{
	struct finding a, b;
	u64 amounts[60], seed = 6;

	(void)state;
	for (unsigned i = 0; i < COUNT(amounts); i++)
		amounts[i] = 1000 + i / 2;	/* pairs of equals */
	for (unsigned round = 0; round < 300; round++) {
		unsigned n = 1 + (unsigned)draw_below(&seed, COUNT(amounts));

		memset(&a, 0, sizeof a);
		memset(&b, 0, sizeof b);
		for (unsigned i = 0; i < n; i++)
			finding_party(&a, "client", i % 2 ? "odd" : "even", amounts[i], "");
		for (unsigned i = n; i--;)
			finding_party(&b, "client", i % 2 ? "odd" : "even", amounts[i], "");
		assert_memory_equal(&a, &b, sizeof a);
		assert_int_equal(a.related_count,
				 n < FINDING_RELATED_MAX ? n : FINDING_RELATED_MAX);
		assert_true(a.related[0].amount == amounts[n - 1]);
		for (u32 i = 1; i < a.related_count; i++)
			assert_true(a.related[i - 1].amount >= a.related[i].amount);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_a_day),
		cmocka_unit_test(test_strongest),
		cmocka_unit_test(test_apart),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_related),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
