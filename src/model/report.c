/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.c - see report.h. What is read back stays in the JSON tree that jansson
 * made; the box holds the tree and two arrays of views into it. */
#include "model/report.h"
#include "model/utf8.h"
#include "base/buf.h"
#include "base/stamp.h"
#include <jansson.h>

struct own {
	json_t *root;
	char *stats;
	struct report_input *inputs;
	struct report_counter *counters;
};

const char *counter_class_name(enum counter_class c)
{
#define F(name, text) text,
	static const char *const names[] = { COUNTER_CLASSES(F) };
#undef F

	must(c < COUNT(names));
	return names[c];
}

const char *report_unit_name(enum report_unit u)
{
#define F(name, text) text,
	static const char *const names[] = { REPORT_UNITS(F) };
#undef F

	must(u < COUNT(names));
	return names[u];
}

u64 report_sum(const struct run_report *r, enum counter_class class)
{
	u64 sum = 0;

	for (u32 i = 0; i < r->counter_count; i++)
		if (r->counters[i].class == class)
			sum += r->counters[i].value;
	return sum;
}

static void put_text(struct buf *out, const char *key, const char *text)
{
	buf_fmt(out, "\"%s\":", key);
	if (text)
		utf8_json(out, text);
	else
		buf_text(out, "null");
}

static void put_number(struct buf *out, const char *key, u64 n)
{
	buf_fmt(out, "\"%s\":%llu", key, (unsigned long long)min_u64(n, INT64_MAX));
}

static bool spanless(const struct run_report *r)
{
	return r->from == 0 && r->until == 0;
}

static void put_stamp(struct buf *out, const char *key, const u64 *at)
{
	char text[STAMP_TEXT_MAX];

	put_text(out, key, at ? stamp_text(*at, *at % STAMP_NS ? 9 : 0, text) : NULL);
	buf_byte(out, ',');
}

static void put_input(struct buf *out, const struct report_input *in)
{
	buf_byte(out, '{');
	put_text(out, "name", in->name);
	buf_byte(out, ',');
	put_number(out, "octets", in->octets);
	buf_byte(out, ',');
	put_number(out, "frames", in->frames);
	buf_byte(out, ',');
	put_text(out, "sha256", in->sha256);
	buf_byte(out, ',');
	put_text(out, "trouble", in->trouble ? in->trouble : "");
	buf_byte(out, '}');
}

static void put_counter(struct buf *out, const struct report_counter *c)
{
	buf_byte(out, '{');
	put_text(out, "name", c->name);
	buf_byte(out, ',');
	put_text(out, "class", counter_class_name(c->class));
	buf_byte(out, ',');
	put_number(out, "value", c->value);
	buf_byte(out, ',');
	put_text(out, "text", c->text);
	buf_byte(out, '}');
}

/* Statistics come from a process that read hostile bytes: they are read and
 * written again, in ASCII; what is no JSON object becomes null. */
static void put_stats(struct buf *out, const char *stats)
{
	json_t *root = stats ? json_loads(stats, JSON_REJECT_DUPLICATES, NULL) : NULL;
	char *text = json_is_object(root)
			? json_dumps(root, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;

	buf_fmt(out, "\"stats\":%s", text ? text : "null");
	free(text);
	json_decref(root);
}

void report_json(struct buf *out, const struct run_report *r)
{
	buf_byte(out, '{');
	put_stamp(out, "from", spanless(r) ? NULL : &r->from);
	put_stamp(out, "until", spanless(r) ? NULL : &r->until);
	put_text(out, "unit", report_unit_name(r->unit));
	buf_text(out, ",\"inputs\":[");
	for (u32 i = 0; i < r->input_count; i++) {
		buf_text(out, i ? "," : "");
		put_input(out, &r->inputs[i]);
	}
	buf_text(out, "],\"counters\":[");
	for (u32 i = 0; i < r->counter_count; i++) {
		buf_text(out, i ? "," : "");
		put_counter(out, &r->counters[i]);
	}
	buf_text(out, "],");
	put_stats(out, r->stats);
	buf_byte(out, '}');
}

/* One member of an object in the schema: its name and what it must be. */
struct member { const char *name, *must; };

#define S_TEXT "{\"type\":\"string\"}"
#define S_COUNT "{\"type\":\"integer\",\"minimum\":0}"
#define S_STAMP "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}"

static const struct member input_members[] = {
	{ "name", S_TEXT }, { "octets", S_COUNT }, { "frames", S_COUNT },
	{ "sha256", "{\"type\":[\"string\",\"null\"],"
		    "\"pattern\":\"^[0-9a-f]{64}$\"}" },
	{ "trouble", S_TEXT }, { NULL, NULL }
};
static const struct member counter_members[] = {
	{ "name", S_TEXT },
	{ "class", NULL },	/* one of COUNTER_CLASSES */
	{ "value", S_COUNT }, { "text", S_TEXT }, { NULL, NULL }
};

static void schema_unit(struct buf *out)
{
	buf_text(out, "{\"enum\":[");
	for (unsigned i = 0; i < REPORT_UNIT_COUNT; i++)
		buf_fmt(out, "%s\"%s\"", i ? "," : "", report_unit_name(i));
	buf_text(out, "]}");
}

static void schema_class(struct buf *out)
{
	buf_text(out, "{\"enum\":[");
	for (unsigned i = 0; i < COUNTER_CLASS_COUNT; i++)
		buf_fmt(out, "%s\"%s\"", i ? "," : "", counter_class_name(i));
	buf_text(out, "]}");
}

static void schema_object(struct buf *out, const struct member *members)
{
	buf_text(out, "{\"type\":\"object\",\"additionalProperties\":false,"
		 "\"required\":[");
	for (const struct member *m = members; m->name; m++)
		buf_fmt(out, "%s\"%s\"", m == members ? "" : ",", m->name);
	buf_text(out, "],\"properties\":{");
	for (const struct member *m = members; m->name; m++) {
		buf_fmt(out, "%s\"%s\":", m == members ? "" : ",", m->name);
		if (m->must)
			buf_text(out, m->must);
		else
			schema_class(out);
	}
	buf_text(out, "}}");
}

void report_schema(struct buf *out)
{
	struct buf in = { 0 }, counter = { 0 };

	schema_object(&in, input_members);
	schema_object(&counter, counter_members);
	buf_text(out, "{\"title\":\"report of a run\",\"type\":\"object\","
		 "\"additionalProperties\":false,\"required\":"
		 "[\"from\",\"until\",\"unit\",\"inputs\",\"counters\",\"stats\"],"
		 "\"properties\":{\"from\":" S_STAMP ",\"until\":" S_STAMP ",\"unit\":");
	schema_unit(out);
	buf_byte(out, ',');
	buf_fmt(out, "\"inputs\":{\"type\":\"array\",\"maxItems\":%u,"
		"\"items\":%s},", REPORT_INPUTS_MAX, buf_str(&in));
	buf_fmt(out, "\"counters\":{\"type\":\"array\",\"maxItems\":%u,"
		"\"items\":%s},", REPORT_COUNTERS_MAX, buf_str(&counter));
	buf_text(out, "\"stats\":{\"type\":[\"object\",\"null\"]}}}");
	buf_free(&in);
	buf_free(&counter);
}

/* Text, or NULL where null is allowed. */
static int take_text(json_t *from, const char *key, bool may_null, const char **ret)
{
	json_t *value = json_object_get(from, key);

	if (value == NULL)
		return OOPS_FORMAT;
	*ret = json_string_value(value);
	return *ret || (may_null && json_is_null(value)) ? 0 : OOPS_TYPE;
}

static int take_number(json_t *from, const char *key, u64 *ret)
{
	json_t *value = json_object_get(from, key);

	if (value == NULL)
		return OOPS_FORMAT;
	if (!json_is_integer(value))
		return OOPS_TYPE;
	if (json_integer_value(value) < 0)
		return OOPS_RANGE;
	*ret = (u64)json_integer_value(value);
	return 0;
}

static int take_stamp(json_t *from, const char *key, u64 *ret)
{
	const char *text = NULL;
	int rc = take_text(from, key, true, &text);

	if (rc || text == NULL)
		return rc;
	return stamp_parse(text, ret) < 0 ? OOPS_FORMAT : 0;
}

static int take_input(json_t *from, struct report_input *to)
{
	int rc = take_text(from, "name", false, &to->name);

	if (rc == 0)
		rc = take_number(from, "octets", &to->octets);
	if (rc == 0)
		rc = take_number(from, "frames", &to->frames);
	if (rc == 0)
		rc = take_text(from, "sha256", true, &to->sha256);
	if (rc == 0)
		rc = take_text(from, "trouble", false, &to->trouble);
	return rc;
}

static int take_counter(json_t *from, struct report_counter *to)
{
	const char *class;
	int rc = take_text(from, "name", false, &to->name);

	if (rc == 0)
		rc = take_text(from, "class", false, &class);
	if (rc == 0)
		rc = take_number(from, "value", &to->value);
	if (rc == 0)
		rc = take_text(from, "text", false, &to->text);
	if (rc)
		return rc;
	for (unsigned i = 0; i < COUNTER_CLASS_COUNT; i++) {
		if (strcmp(class, counter_class_name(i)) == 0) {
			to->class = (enum counter_class)i;
			return 0;
		}
	}
	return OOPS_UNKNOWN;
}

/* The list under `key`, of at most `max`; an array for it in *at. */
static int take_list(json_t *from, const char *key, u32 max, size_t size, void **at)
{
	json_t *list = json_object_get(from, key);

	if (!json_is_array(list))
		return list ? OOPS_TYPE : OOPS_FORMAT;
	if (json_array_size(list) > max)
		return OOPS_RANGE;
	*at = calloc(json_array_size(list) + 1, size);
	return *at ? (int)json_array_size(list) : -ENOMEM;
}

static int take_inputs(struct own *own, struct run_report *r)
{
	void *at = NULL;
	int n = take_list(own->root, "inputs", REPORT_INPUTS_MAX, sizeof *own->inputs,
			  &at);
	json_t *list = json_object_get(own->root, "inputs");

	own->inputs = at;
	for (int i = 0, rc; i < n; i++)
		if ((rc = take_input(json_array_get(list, (size_t)i), &own->inputs[i])))
			return rc;
	r->inputs = own->inputs;
	r->input_count = n < 0 ? 0 : (u32)n;
	return n < 0 ? n : 0;
}

static int take_counters(struct own *own, struct run_report *r)
{
	void *at = NULL;
	int n = take_list(own->root, "counters", REPORT_COUNTERS_MAX,
			  sizeof *own->counters, &at);
	json_t *list = json_object_get(own->root, "counters");

	own->counters = at;
	for (int i = 0, rc; i < n; i++) {
		rc = take_counter(json_array_get(list, (size_t)i), &own->counters[i]);
		if (rc)
			return rc;
	}
	r->counters = own->counters;
	r->counter_count = n < 0 ? 0 : (u32)n;
	return n < 0 ? n : 0;
}

static int take_stats(struct own *own, struct run_report *r)
{
	json_t *stats = json_object_get(own->root, "stats");

	if (stats == NULL || json_is_null(stats))
		return 0;
	if (!json_is_object(stats))
		return OOPS_TYPE;
	r->stats = own->stats = json_dumps(stats, JSON_COMPACT);
	return own->stats ? 0 : -ENOMEM;
}

/* Reports of older stores do not say it: they are about frames. */
static int take_unit(json_t *from, enum report_unit *ret)
{
	json_t *value = json_object_get(from, "unit");
	const char *text = json_string_value(value);

	*ret = REPORT_FRAMES;
	if (text == NULL)
		return value ? OOPS_TYPE : 0;
	for (unsigned i = 0; i < REPORT_UNIT_COUNT; i++) {
		if (strcmp(text, report_unit_name(i)) == 0) {
			*ret = (enum report_unit)i;
			return 0;
		}
	}
	return OOPS_UNKNOWN;
}

static int take_report(struct own *own, struct run_report *r)
{
	int rc = take_stamp(own->root, "from", &r->from);

	if (rc == 0)
		rc = take_unit(own->root, &r->unit);
	if (rc == 0)
		rc = take_stamp(own->root, "until", &r->until);
	if (rc == 0)
		rc = take_inputs(own, r);
	if (rc == 0)
		rc = take_counters(own, r);
	return rc ? rc : take_stats(own, r);
}

static void own_free(struct own *own)
{
	if (own == NULL)
		return;
	json_decref(own->root);
	free(own->stats);
	free(own->inputs);
	free(own->counters);
	free(own);
}

int report_parse(struct report_box *ret, const char *json, size_t n)
{
	struct run_report r = { 0 };
	struct own *own;
	int rc;

	if (n > REPORT_JSON_MAX)
		return OOPS_RANGE;
	if ((own = calloc(1, sizeof *own)) == NULL)
		return -ENOMEM;
	own->root = json_loadb(json, n, JSON_REJECT_DUPLICATES, NULL);
	rc = own->root ? take_report(own, &r) : OOPS_FORMAT;
	if (rc) {
		own_free(own);
		return rc;
	}
	*ret = (struct report_box){ .report = r, .own = own };
	return 0;
}

void report_free(struct report_box *box)
{
	own_free(box->own);
	*box = (struct report_box){ 0 };
}

/* Adds to the counter of that name, or one more at the end: the new count. */
static u32 sum_counter(struct report_counter *at, u32 count,
		       const struct report_counter *c)
{
	for (u32 i = 0; i < count; i++) {
		if (strcmp(at[i].name, c->name) == 0) {
			at[i].value += c->value;
			return count;
		}
	}
	if (count == REPORT_COUNTERS_MAX)
		return count + 1;
	at[count] = *c;
	return count + 1;
}

static void sum_span(struct run_report *sum, const struct run_report *r)
{
	if (spanless(r))
		return;
	sum->from = spanless(sum) ? r->from : min_u64(sum->from, r->from);
	sum->until = max_u64(sum->until, r->until);
}

static int sum_one(struct run_report *sum, struct own *own, const struct run_report *r)
{
	sum_span(sum, r);
	if (r->input_count)
		sum->unit = sum->input_count && sum->unit != r->unit ? REPORT_MIXED : r->unit;
	for (u32 i = 0; i < r->input_count; i++)
		own->inputs[sum->input_count++] = r->inputs[i];
	for (u32 i = 0; i < r->counter_count; i++) {
		sum->counter_count = sum_counter(own->counters, sum->counter_count,
						 &r->counters[i]);
		if (sum->counter_count > REPORT_COUNTERS_MAX)
			return OOPS_LIMIT;
	}
	return 0;
}

static size_t inputs_of(const struct run_report *const *all, size_t n)
{
	size_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += all[i]->input_count;
	return sum;
}

int report_merge(struct report_box *ret, const struct run_report *const *all, size_t n)
{
	struct own own = {
		.inputs = calloc(inputs_of(all, n) + 1, sizeof *own.inputs),
		.counters = calloc(REPORT_COUNTERS_MAX, sizeof *own.counters),
	};
	struct run_report sum = { .inputs = own.inputs, .counters = own.counters,
				  .stats = n == 1 ? all[0]->stats : NULL };
	struct buf out = { 0 };
	int rc = own.inputs && own.counters ? 0 : -ENOMEM;

	if (inputs_of(all, n) > REPORT_INPUTS_MAX)
		rc = OOPS_LIMIT;
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = sum_one(&sum, &own, all[i]);
	if (rc == 0) {
		report_json(&out, &sum);
		rc = buf_error(&out);
	}
	if (rc == 0)
		rc = report_parse(ret, buf_str(&out), out.len);
	buf_free(&out);
	free(own.inputs);
	free(own.counters);
	return rc;
}
