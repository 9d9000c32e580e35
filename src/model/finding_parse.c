/* SPDX-License-Identifier: GPL-3.0-or-later */
/* finding_parse.c - a finding from JSON, as a stranger may have written it.
 *
 * Nothing is repaired: a key too many or too few, a word or number out of its
 * range, a stamp in another form, an id that is not the content's - each is an
 * error with the key's name. So what was read is written back as the same octets.
 * Limits: FINDING_JSON_MAX octets; jansson bounds the depth (2048) and refuses
 * duplicate keys, NUL and what is no UTF-8. */
#include "model/finding.h"
#include "model/digest.h"
#include "model/label.h"
#include "base/stamp.h"
#include <jansson.h>
#include <openssl/evp.h>

static int fault(char *why, int error, const char *key)
{
	if (why)
		snprintf(why, FINDING_WHY, "%s", key);
	return error;
}

static int take_text(json_t *from, size_t size, char *to)
{
	if (!json_is_string(from))
		return OOPS_TYPE;
	if (json_string_length(from) >= size)
		return OOPS_RANGE;
	memcpy(to, json_string_value(from), json_string_length(from) + 1);
	return 0;
}

static int take_count(json_t *from, u64 *to)
{
	if (!json_is_integer(from))
		return OOPS_TYPE;
	if (json_integer_value(from) < 0)
		return OOPS_RANGE;
	*to = (u64)json_integer_value(from);
	return 0;
}

/* Only the form that stamp_text() gives. */
static int take_stamp(json_t *from, u64 *to)
{
	char text[STAMP_TEXT_MAX];

	if (!json_is_string(from))
		return OOPS_TYPE;
	if (stamp_parse(json_string_value(from), to) < 0)
		return OOPS_FORMAT;
	stamp_text(*to, *to % STAMP_NS ? 9 : 0, text);
	return strcmp(text, json_string_value(from)) ? OOPS_FORMAT : 0;
}

static int take_severity(json_t *from, enum severity *to)
{
	int s;

	if (!json_is_string(from))
		return OOPS_TYPE;
	s = severity_parse(json_string_value(from));
	if (s < 0)
		return s;
	*to = (enum severity)s;
	return 0;
}

static int take_real(json_t *from, double *to)
{
	if (!json_is_number(from))
		return OOPS_TYPE;
	*to = json_number_value(from);
	return *to > FINDING_VALUE_MAX || *to < -FINDING_VALUE_MAX ? OOPS_RANGE : 0;
}

static int take_rule(json_t *from, u8 *to)
{
	if (!json_is_string(from))
		return OOPS_TYPE;
	for (unsigned i = 0; i < FEATURE_RULE_COUNT; i++) {
		if (strcmp(json_string_value(from), feature_rule_name(i)) == 0) {
			*to = (u8)i;
			return 0;
		}
	}
	return OOPS_UNKNOWN;
}

static int take_value(json_t *from, const struct finding_field *f, void *to)
{
	switch (f->kind) {
	case FIELD_text:
		return take_text(from, f->size, to);
	case FIELD_count:
		return take_count(from, to);
	case FIELD_stamp:
		return take_stamp(from, to);
	case FIELD_severity:
		return take_severity(from, to);
	case FIELD_real:
		return take_real(from, to);
	case FIELD_rule:
		return take_rule(from, to);
	}
	return OOPS_TYPE;
}

static bool field_known(const struct finding_field *fields, const char *key)
{
	for (; fields->name; fields++)
		if (strcmp(fields->name, key) == 0)
			return true;
	return false;
}

/* All fields of an object, and no key but they and those in `more`. */
static int take_fields(json_t *from, const struct finding_field *fields,
		       const struct finding_field *more, void *to, char *why)
{
	const char *key;
	json_t *value;

	if (!json_is_object(from))
		return fault(why, OOPS_TYPE, "object");
	json_object_foreach(from, key, value)
		if (!field_known(fields, key) && !field_known(more, key))
			return fault(why, OOPS_UNKNOWN, key);
	for (const struct finding_field *f = fields; f->name; f++) {
		int rc;

		if ((value = json_object_get(from, f->name)) == NULL)
			return fault(why, OOPS_FORMAT, f->name);
		if ((rc = take_value(value, f, (char *)to + f->at)))
			return fault(why, rc, f->name);
	}
	return 0;
}

/* The list under `key`: its items, or NULL and the error. */
static json_t *list(json_t *from, const char *key, size_t max, int *rc)
{
	json_t *items = json_object_get(from, key);

	if (items == NULL)
		*rc = OOPS_FORMAT;
	else if (!json_is_array(items))
		*rc = OOPS_TYPE;
	else if (json_array_size(items) > max)
		*rc = OOPS_RANGE;
	else
		return items;
	return NULL;
}

static const struct finding_field nothing_more[] = { { .name = NULL } };

static int take_features(json_t *from, struct finding *f, char *why)
{
	int rc = 0;
	json_t *item, *items = list(from, "features", FINDING_FEATURES_MAX, &rc);
	size_t i;

	if (items == NULL)
		return fault(why, rc, "features");
	json_array_foreach(items, i, item) {
		rc = take_fields(item, feature_fields, nothing_more, &f->features[i],
				 why);
		if (rc)
			return rc;
	}
	f->feature_count = (u32)json_array_size(items);
	return 0;
}

static int take_related(json_t *from, struct finding *f, char *why)
{
	int rc = 0;
	json_t *item, *items = list(from, "related", FINDING_RELATED_MAX, &rc);
	size_t i;

	if (items == NULL)
		return fault(why, rc, "related");
	json_array_foreach(items, i, item) {
		rc = take_fields(item, related_fields, nothing_more, &f->related[i], why);
		if (rc)
			return rc;
	}
	f->related_count = (u32)json_array_size(items);
	return 0;
}

static int take_evidence(json_t *from, struct finding *f, char *why)
{
	int rc = 0;
	json_t *item, *items = list(from, "evidence", FINDING_EVIDENCE_MAX, &rc);
	size_t i;

	if (items == NULL)
		return fault(why, rc, "evidence");
	json_array_foreach(items, i, item) {
		if (!json_is_string(item))
			return fault(why, OOPS_TYPE, "evidence");
		if (hex_parse(json_string_value(item), DIGEST_OCTETS, f->evidence[i]))
			return fault(why, OOPS_FORMAT, "evidence");
	}
	f->evidence_count = (u32)json_array_size(items);
	return 0;
}

/* Base64 (RFC 4648, 4) that is exactly what the octets would be written as. */
static int take_summary(json_t *from, struct finding *f, char *why)
{
	json_t *value = json_object_get(from, "summary");
	size_t n = json_string_length(value), pad;
	const char *text = json_string_value(value);
	u8 octets[FINDING_SUMMARY_MAX + 3], again[4 * (FINDING_SUMMARY_MAX / 3 + 2)];

	if (text == NULL)
		return fault(why, value ? OOPS_TYPE : OOPS_FORMAT, "summary");
	if (n > 4 * ((FINDING_SUMMARY_MAX + 2) / 3))
		return fault(why, OOPS_RANGE, "summary");
	if (n == 0)
		return 0;
	if (n % 4 || EVP_DecodeBlock(octets, (const u8 *)text, (int)n) < 0)
		return fault(why, OOPS_FORMAT, "summary");
	pad = (text[n - 1] == '=') + (text[n - 2] == '=');
	n = n / 4 * 3 - pad;
	if (n > FINDING_SUMMARY_MAX)
		return fault(why, OOPS_RANGE, "summary");
	EVP_EncodeBlock(again, octets, (int)n);
	if (strcmp((const char *)again, text))
		return fault(why, OOPS_FORMAT, "summary");
	memcpy(f->summary.bytes, octets, n);
	f->summary.len = (u32)n;
	return 0;
}

static int check(const struct finding *f, char *why)
{
	char id[FINDING_ID_MAX];

	if (f->confidence > 100)
		return fault(why, OOPS_RANGE, "confidence");
	if (f->until < f->from)
		return fault(why, OOPS_RANGE, "until");
	if (f->label[0] && label_parse(f->label) < 0)
		return fault(why, OOPS_UNKNOWN, "label");
	finding_id(f, id);
	return strcmp(id, f->id) ? fault(why, OOPS_CHANGED, "id") : 0;
}

static int take_finding(json_t *from, struct finding *f, char *why)
{
	static const struct finding_field lists[] = {
		{ .name = "features" }, { .name = "related" },
		{ .name = "evidence" }, { .name = "summary" }, { .name = NULL }
	};
	int rc = take_fields(from, finding_fields, lists, f, why);

	if (rc == 0)
		rc = take_features(from, f, why);
	if (rc == 0)
		rc = take_related(from, f, why);
	if (rc == 0)
		rc = take_evidence(from, f, why);
	if (rc == 0)
		rc = take_summary(from, f, why);
	return rc ? rc : check(f, why);
}

int finding_parse(struct finding *ret, const char *json, size_t n, char why[FINDING_WHY])
{
	struct finding *f;
	json_t *root;
	int rc;

	if (n > FINDING_JSON_MAX)
		return fault(why, OOPS_RANGE, "length");
	root = json_loadb(json, n, JSON_REJECT_DUPLICATES, NULL);
	if (root == NULL)
		return fault(why, OOPS_FORMAT, "JSON");
	f = calloc(1, sizeof *f);
	rc = f ? take_finding(root, f, why) : fault(why, -ENOMEM, "memory");
	if (rc == 0)
		*ret = *f;
	free(f);
	json_decref(root);
	return rc;
}
