/* SPDX-License-Identifier: GPL-3.0-or-later */
/* finding_json.c - a finding as JSON, and its schema: its fields (field.c) and lists.
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
#include "base/buf.h"
#include <openssl/evp.h>

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
	fields_json(out, finding_fields, f);
	buf_text(out, ",\"features\":[");
	for (u32 i = 0; i < f->feature_count; i++) {
		buf_text(out, i ? ",{" : "{");
		fields_json(out, feature_fields, &f->features[i]);
		buf_byte(out, '}');
	}
	buf_text(out, "],\"related\":[");
	for (u32 i = 0; i < f->related_count; i++) {
		buf_text(out, i ? ",{" : "{");
		fields_json(out, related_fields, &f->related[i]);
		buf_byte(out, '}');
	}
	buf_text(out, "],\"evidence\":[");
	for (u32 i = 0; i < f->evidence_count; i++)
		buf_fmt(out, "%s\"%s\"", i ? "," : "",
			hex_text(f->evidence[i], DIGEST_OCTETS, hex));
	buf_byte(out, ']');
	put_summary(out, f);
}

void finding_schema(struct buf *out)
{
	buf_text(out, "{\"title\":\"finding\",");
	fields_schema(out, finding_fields,
		      ",\"features\",\"related\",\"evidence\",\"summary\"");
	buf_fmt(out, ",\"features\":{\"type\":\"array\",\"maxItems\":%u,\"items\":{",
		FINDING_FEATURES_MAX);
	fields_schema(out, feature_fields, "");
	buf_fmt(out, "}}},\"related\":{\"type\":\"array\",\"maxItems\":%u,\"items\":{",
		FINDING_RELATED_MAX);
	fields_schema(out, related_fields, "");
	buf_fmt(out, "}}},\"evidence\":{\"type\":\"array\",\"maxItems\":%u,"
		"\"description\":\"SHA-256 of each message kept\","
		"\"items\":{\"type\":\"string\",\"pattern\":\"^[0-9a-f]{64}$\"}},",
		FINDING_EVIDENCE_MAX);
	buf_fmt(out, "\"summary\":{"
		"\"description\":\"the packed summary that was judged\","
		"\"type\":\"string\",\"contentEncoding\":\"base64\",\"maxLength\":%u}}}",
		4 * ((FINDING_SUMMARY_MAX + 2) / 3));
}
