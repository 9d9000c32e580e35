/* SPDX-License-Identifier: GPL-3.0-or-later */
/* finding_json.c - a finding as JSON, and its schema: loops over the lists.
 *
 *   {"id":"9f..","rule":"tunnel.data", ...scalars of FINDING_FIELDS...,
 *    "features":[{...FEATURE_FIELDS...}], "related":[{...RELATED_FIELDS...}],
 *    "evidence":["hex SHA-256"], "summary":"base64"}
 *
 * Writing is by hand, so that keys keep their order and equal findings give equal
 * octets; reading is finding_parse.c. Counts are written as integers below 2^63,
 * which every reader of JSON integers and SQLite hold.
 * Cost: a few microseconds and one pass over the record. */
#include "model/finding.h"
#include "model/digest.h"
#include "model/utf8.h"
#include "base/buf.h"
#include "base/stamp.h"
#include <math.h>
#include <openssl/evp.h>

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

static void put_value(struct buf *out, const struct finding_field *f, const void *at)
{
	char text[STAMP_TEXT_MAX > REAL_TEXT_MAX ? STAMP_TEXT_MAX : REAL_TEXT_MAX];
	u64 count = 0;

	if (f->kind == FIELD_count || f->kind == FIELD_stamp)
		memcpy(&count, at, sizeof count);
	switch (f->kind) {
	case FIELD_text:
		utf8_json(out, at);
		break;
	case FIELD_count:
		buf_fmt(out, "%llu", (unsigned long long)min_u64(count, INT64_MAX));
		break;
	case FIELD_stamp:
		stamp_text(count, count % STAMP_NS ? 9 : 0, text);
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
	}
}

static void put_fields(struct buf *out, const struct finding_field *fields,
		       const void *of)
{
	for (const struct finding_field *f = fields; f->name; f++) {
		buf_fmt(out, "%s\"%s\":", f == fields ? "" : ",", f->name);
		put_value(out, f, (const char *)of + f->at);
	}
}

static void put_summary(struct buf *out, const struct finding *f)
{
	u8 text[4 * (FINDING_SUMMARY_MAX / 3 + 1) + 1];
	int n = EVP_EncodeBlock(text, f->summary.bytes, (int)f->summary.len);

	buf_text(out, ",\"summary\":\"");
	buf_add(out, text, n < 0 ? 0 : (size_t)n);
	buf_text(out, "\"}");
}

void finding_json(struct buf *out, const struct finding *f)
{
	char hex[DIGEST_TEXT];

	buf_byte(out, '{');
	put_fields(out, finding_fields, f);
	buf_text(out, ",\"features\":[");
	for (u32 i = 0; i < f->feature_count; i++) {
		buf_text(out, i ? ",{" : "{");
		put_fields(out, feature_fields, &f->features[i]);
		buf_byte(out, '}');
	}
	buf_text(out, "],\"related\":[");
	for (u32 i = 0; i < f->related_count; i++) {
		buf_text(out, i ? ",{" : "{");
		put_fields(out, related_fields, &f->related[i]);
		buf_byte(out, '}');
	}
	buf_text(out, "],\"evidence\":[");
	for (u32 i = 0; i < f->evidence_count; i++)
		buf_fmt(out, "%s\"%s\"", i ? "," : "",
			hex_text(f->evidence[i], DIGEST_OCTETS, hex));
	buf_byte(out, ']');
	put_summary(out, f);
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

static void schema_value(struct buf *out, const struct finding_field *f)
{
	switch (f->kind) {
	case FIELD_text:
		buf_fmt(out, "\"type\":\"string\",\"maxLength\":%zu", f->size - 1);
		break;
	case FIELD_count:
		buf_fmt(out, "\"type\":\"integer\",\"minimum\":0,\"maximum\":%s",
			strcmp(f->name, "confidence") ? "9223372036854775807" : "100");
		break;
	case FIELD_stamp:
		buf_text(out, "\"type\":\"string\",\"format\":\"date-time\"");
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
	}
}

/* An object's beginning, up to its first property. */
static void schema_object(struct buf *out, const struct finding_field *fields,
			  const char *more)
{
	buf_text(out, "\"type\":\"object\",\"additionalProperties\":false,"
		 "\"required\":[");
	for (const struct finding_field *f = fields; f->name; f++)
		buf_fmt(out, "%s\"%s\"", f == fields ? "" : ",", f->name);
	buf_fmt(out, "%s],\"properties\":{", more);
	for (const struct finding_field *f = fields; f->name; f++) {
		buf_fmt(out, "%s\"%s\":{", f == fields ? "" : ",", f->name);
		buf_text(out, "\"description\":");
		utf8_json(out, f->help);
		buf_byte(out, ',');
		schema_value(out, f);
		buf_byte(out, '}');
	}
}

void finding_schema(struct buf *out)
{
	buf_text(out, "{\"title\":\"finding\",");
	schema_object(out, finding_fields,
		      ",\"features\",\"related\",\"evidence\",\"summary\"");
	buf_fmt(out, ",\"features\":{\"type\":\"array\",\"maxItems\":%u,\"items\":{",
		FINDING_FEATURES_MAX);
	schema_object(out, feature_fields, "");
	buf_fmt(out, "}}},\"related\":{\"type\":\"array\",\"maxItems\":%u,\"items\":{",
		FINDING_RELATED_MAX);
	schema_object(out, related_fields, "");
	buf_fmt(out, "}}},\"evidence\":{\"type\":\"array\",\"maxItems\":%u,"
		"\"description\":\"SHA-256 of each message kept\","
		"\"items\":{\"type\":\"string\",\"pattern\":\"^[0-9a-f]{64}$\"}},",
		FINDING_EVIDENCE_MAX);
	buf_fmt(out, "\"summary\":{"
		"\"description\":\"the packed summary that was judged\","
		"\"type\":\"string\",\"contentEncoding\":\"base64\",\"maxLength\":%u}}}",
		4 * ((FINDING_SUMMARY_MAX + 2) / 3));
}
