/* SPDX-License-Identifier: GPL-3.0-or-later */
/* field.c - records as JSON and its schema, by hand, so that keys keep their order and
 * equal records give equal octets; see field.h. Reading them back is field_parse.c. */
#include "model/finding.h"
#include "model/utf8.h"
#include "base/buf.h"
#include "base/stamp.h"
#include <math.h>

/* The decimal point of a locale may be anything; JSON's is a full stop. */
static void full_stop(char *text)
{
	char *from = text, *to = text;

	while (*from) {
		if (strchr("0123456789+-eE", *from)) {
			*to++ = *from++;
			continue;
		}
		*to++ = '.';
		while (*from && !strchr("0123456789+-eE", *from))
			from++;
	}
	*to = 0;
}

char *real_text(double v, char to[REAL_TEXT_MAX])
{
	if (!isfinite(v) || v == 0)
		v = 0;
	if (fabs(v) < 1e15 && v == floor(v)) {
		snprintf(to, REAL_TEXT_MAX, "%.0f", v);
		return to;
	}
	for (int digits = 6; digits <= 17; digits++) {
		snprintf(to, REAL_TEXT_MAX, "%.*g", digits, v);
		if (strtod(to, NULL) == v)
			break;
	}
	full_stop(to);
	return to;
}

static const char *choice_name(const char *const *choices, unsigned n)
{
	unsigned i = 0;

	while (choices[i] && i < n)
		i++;
	must(choices[i]);
	return choices[i];
}

int choice_parse(const char *const *choices, const char *text)
{
	for (int i = 0; choices[i]; i++)
		if (strcmp(choices[i], text) == 0)
			return i;
	return OOPS_UNKNOWN;
}

const struct field *field_find(const struct field *fields, const char *name)
{
	for (const struct field *f = fields; f && f->name; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

void fields_mend(const struct field *fields, void *of)
{
	for (const struct field *p = fields; p->name; p++)
		if (p->kind == FIELD_text)
			utf8_mend((char *)of + p->at);
}

void field_json(struct buf *out, const struct field *f, const void *of)
{
	const void *at = (const char *)of + f->at;
	char text[STAMP_TEXT_MAX > REAL_TEXT_MAX ? STAMP_TEXT_MAX : REAL_TEXT_MAX];
	u64 count = 0;
	const char *words;

	if (f->kind == FIELD_count || f->kind == FIELD_stamp)
		memcpy(&count, at, sizeof count);
	switch (f->kind) {
	case FIELD_text:
		utf8_json(out, at);
		break;
	case FIELD_words:
		memcpy(&words, at, sizeof words);
		utf8_json(out, words ? words : "");
		break;
	case FIELD_count:
		buf_fmt(out, "%llu", (unsigned long long)min_u64(count, INT64_MAX));
		break;
	case FIELD_stamp:
		stamp_text(count, count % STAMP_NS ? 9 : 0, text);
		if (f->later && count == 0)
			buf_text(out, "null");
		else
			buf_fmt(out, "\"%s\"", text);
		break;
	case FIELD_severity:
		utf8_json(out, severity_name(*(const enum severity *)at));
		break;
	case FIELD_real:
		buf_text(out, real_text(*(const double *)at, text));
		break;
	case FIELD_rule:
		utf8_json(out, feature_rule_name(*(const u8 *)at));
		break;
	case FIELD_choice:
		utf8_json(out, choice_name(f->choices, *(const u8 *)at));
		break;
	}
}

void fields_json(struct buf *out, const struct field *fields, const void *of)
{
	for (const struct field *f = fields; f->name; f++) {
		buf_fmt(out, "%s\"%s\":", f == fields ? "" : ",", f->name);
		field_json(out, f, of);
	}
}

static void schema_severity(struct buf *out)
{
	buf_text(out, "\"enum\":[");
	for (unsigned i = 0; i < SEVERITY_COUNT; i++)
		buf_fmt(out, "%s\"%s\"", i ? "," : "", severity_name(i));
	buf_byte(out, ']');
}

static void schema_rule(struct buf *out)
{
	buf_text(out, "\"enum\":[");
	for (unsigned i = 0; i < FEATURE_RULE_COUNT; i++)
		buf_fmt(out, "%s\"%s\"", i ? "," : "", feature_rule_name(i));
	buf_byte(out, ']');
}

static void schema_choice(struct buf *out, const char *const *choices)
{
	buf_text(out, "\"enum\":[");
	for (unsigned i = 0; choices[i]; i++) {
		buf_text(out, i ? "," : "");
		utf8_json(out, choices[i]);
	}
	buf_byte(out, ']');
}

static void schema_value(struct buf *out, const struct field *f)
{
	switch (f->kind) {
	case FIELD_text:
		buf_fmt(out, "\"type\":\"string\",\"maxLength\":%zu", f->size - 1);
		break;
	case FIELD_words:
		buf_fmt(out, "\"type\":\"string\",\"maxLength\":%u", FIELD_WORDS_MAX);
		break;
	case FIELD_count:
		buf_fmt(out, "\"type\":\"integer\",\"minimum\":0,\"maximum\":%s",
			strcmp(f->name, "confidence") ? "9223372036854775807" : "100");
		break;
	case FIELD_stamp:
		buf_text(out, f->later ? "\"type\":[\"string\",\"null\"],"
			 "\"format\":\"date-time\"" : "\"type\":\"string\","
			 "\"format\":\"date-time\"");
		break;
	case FIELD_severity:
		schema_severity(out);
		break;
	case FIELD_real:
		buf_text(out, "\"type\":\"number\"");
		break;
	case FIELD_rule:
		schema_rule(out);
		break;
	case FIELD_choice:
		schema_choice(out, f->choices);
		break;
	}
}

void fields_schema(struct buf *out, const struct field *fields, const char *more)
{
	buf_text(out, "\"type\":\"object\",\"additionalProperties\":false,"
		 "\"required\":[");
	for (const struct field *f = fields; f->name; f++)
		buf_fmt(out, "%s\"%s\"", f == fields ? "" : ",", f->name);
	buf_fmt(out, "%s],\"properties\":{", more);
	for (const struct field *f = fields; f->name; f++) {
		buf_fmt(out, "%s\"%s\":{", f == fields ? "" : ",", f->name);
		buf_text(out, "\"description\":");
		utf8_json(out, f->help);
		buf_byte(out, ',');
		schema_value(out, f);
		buf_byte(out, '}');
	}
}
