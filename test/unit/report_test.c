/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report_test.c - the report of a run: there and back, sums, foreign stats. */
#include "model/report.h"
#include "base/buf.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const struct report_input inputs[] = {
	{ .name = "a.pcap", .octets = 100, .frames = 7, .trouble = "" },
	{ .name = "evil\x1b[2J\xe2\x80\xae", .octets = 1, .sha256 = "00ff",
	  .trouble = "ends at octet 90" },
};
static const struct report_counter counters[] = {
	{ "frames.dns", "DNS messages", COUNTER_PART, 5 },
	{ "frames.cut", "cut by the snap length", COUNTER_LOSS, 2 },
	{ "limit.streams", "TCP streams given up", COUNTER_LIMIT, 1 },
};
static const struct run_report sample = {
	.from = 1000000000, .until = 61500000000, .inputs = inputs, .input_count = 2,
	.counters = counters, .counter_count = 3, .stats = "{\"messages\": 5}",
};

static void there_and_back(void **state)
{
	struct buf one = { 0 }, two = { 0 };
	struct report_box box = { 0 };

	(void)state;
	report_json(&one, &sample);
	assert_int_equal(report_parse(&box, one.at, one.len), 0);
	report_json(&two, &box.report);
	assert_string_equal(buf_str(&one), buf_str(&two));
	assert_int_equal(box.report.until, 61500000000);
	assert_string_equal(box.report.inputs[1].name, inputs[1].name);
	assert_null(box.report.inputs[0].sha256);
	assert_int_equal(report_sum(&box.report, COUNTER_PART), 5);
	assert_int_equal(report_sum(&box.report, COUNTER_LOSS), 2);
	assert_null(strchr(one.at, 0x1b));
	report_free(&box);
	buf_free(&one);
	buf_free(&two);
}

static void empty(void **state)
{
	struct buf one = { 0 };
	struct report_box box = { 0 };

	(void)state;
	report_json(&one, &(struct run_report){ 0 });
	assert_string_equal(buf_str(&one), "{\"from\":null,\"until\":null,\"unit\":\"frames\","
					   "\"inputs\":[],\"counters\":[],\"stats\":null}");
	assert_int_equal(report_parse(&box, one.at, one.len), 0);
	assert_int_equal(box.report.input_count, 0);
	report_free(&box);
	buf_free(&one);
}

/* A report of an older store has no unit; two runs of different kinds are mixed. */
static void units(void **state)
{
	static const char old[] = "{\"from\":null,\"until\":null,\"inputs\":[],\"counters\":[]}";
	static const struct report_input in = { .name = "a", .frames = 3 };
	const struct run_report zone = { .unit = REPORT_RECORDS, .inputs = &in,
					 .input_count = 1 };
	const struct run_report traffic = { .inputs = &in, .input_count = 1 }, nothing = { 0 };
	const struct run_report *const all[] = { &zone, &nothing, &zone, &traffic };
	struct report_box box = { 0 };

	(void)state;
	assert_int_equal(report_parse(&box, old, sizeof old - 1), 0);
	assert_int_equal(box.report.unit, REPORT_FRAMES);
	report_free(&box);
	assert_int_equal(report_merge(&box, all, 3), 0);
	assert_int_equal(box.report.unit, REPORT_RECORDS);
	report_free(&box);
	assert_int_equal(report_merge(&box, all, 4), 0);
	assert_int_equal(box.report.unit, REPORT_MIXED);
	report_free(&box);
}

/* What is no JSON object cannot get into the line, nor can octets that act. */
static void foreign_stats(void **state)
{
	static const char *const stats[] = {
		"{}},\"evil\":{", "[1]", "", "{\"a\":1}\n{\"b\":2}", "{\"a\":\"\xff\"}",
	};
	struct run_report r = sample;
	struct buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(stats); i++) {
		buf_clear(&out);
		r.stats = stats[i];
		report_json(&out, &r);
		assert_non_null(strstr(out.at, "\"stats\":null}"));
	}
	buf_clear(&out);
	r.stats = "{\"name\":\"\xe2\x80\xae\"}";
	report_json(&out, &r);
	assert_non_null(strstr(out.at, "{\"name\":\"\\u202E\"}"));
	buf_free(&out);
}

static void sums(void **state)
{
	static const struct report_counter other[] = {
		{ "frames.dns", "DNS messages", COUNTER_PART, 10 },
		{ "notes", "else", COUNTER_NOTE, 3 },
	};
	const struct run_report more = { .from = 500, .until = 600, .counters = other,
					 .counter_count = 2 };
	const struct run_report *const all[] = { &sample, &more };
	struct report_box box = { 0 };

	(void)state;
	assert_int_equal(report_merge(&box, all, 2), 0);
	assert_int_equal(box.report.counter_count, 4);
	assert_int_equal(box.report.counters[0].value, 15);
	assert_int_equal(box.report.from, 500);
	assert_int_equal(box.report.until, sample.until);
	assert_null(box.report.stats);
	report_free(&box);
	assert_int_equal(report_merge(&box, all, 1), 0);
	assert_string_equal(box.report.stats, "{\"messages\":5}");
	report_free(&box);
	assert_int_equal(report_merge(&box, all, 0), 0);
	report_free(&box);
}

static void refused(void **state)
{
	static const struct { const char *json; int error; } bad[] = {
		{ "", OOPS_FORMAT }, { "[]", OOPS_FORMAT }, { "{}", OOPS_FORMAT },
		{ "{\"from\":1,\"until\":null,\"inputs\":[],\"counters\":[]}",
		  OOPS_TYPE },
		{ "{\"from\":null,\"until\":null,\"inputs\":{},\"counters\":[]}",
		  OOPS_TYPE },
		{ "{\"from\":null,\"until\":null,\"inputs\":[3],\"counters\":[]}",
		  OOPS_FORMAT },
		{ "{\"from\":null,\"until\":null,\"inputs\":[],\"counters\":[{\"name\":"
		  "\"a\",\"class\":\"x\",\"value\":1,\"text\":\"\"}]}", OOPS_UNKNOWN },
		{ "{\"from\":null,\"until\":null,\"inputs\":[],\"counters\":[{\"name\":"
		  "\"a\",\"class\":\"loss\",\"value\":-1,\"text\":\"\"}]}", OOPS_RANGE },
		{ "{\"from\":null,\"until\":null,\"inputs\":[],\"counters\":[],"
		  "\"stats\":[]}", OOPS_TYPE },
		{ "{\"from\":null,\"until\":null,\"unit\":\"miles\",\"inputs\":[],"
		  "\"counters\":[]}", OOPS_UNKNOWN },
	};
	struct report_box box = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(report_parse(&box, bad[i].json, strlen(bad[i].json)),
				 bad[i].error);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back), cmocka_unit_test(empty),
		cmocka_unit_test(foreign_stats), cmocka_unit_test(sums),
		cmocka_unit_test(refused), cmocka_unit_test(units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
