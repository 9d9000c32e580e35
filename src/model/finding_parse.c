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
#include <jansson.h>
#include <openssl/evp.h>

static int fault(char *why, int error, const char *key)
{
	if (why)
		snprintf(why, FINDING_WHY, "%s", key);
	return error;
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

static int take_features(json_t *from, struct finding *f, char *why)
{
	int rc = 0;
	json_t *item, *items = list(from, "features", FINDING_FEATURES_MAX, &rc);
	size_t i;

	if (items == NULL)
		return fault(why, rc, "features");
	json_array_foreach(items, i, item) {
		rc = fields_parse(item, feature_fields, NULL, &f->features[i], why);
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
		rc = fields_parse(item, related_fields, NULL, &f->related[i], why);
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
	if (f->label[0] && marking_parse(f->label, &(struct marking){ 0 }))
		return fault(why, OOPS_UNKNOWN, "label");
	finding_id(f, id);
	return strcmp(id, f->id) ? fault(why, OOPS_CHANGED, "id") : 0;
}

static int take_finding(json_t *from, struct finding *f, char *why)
{
	static const struct field lists[] = {
		{ .name = "features" }, { .name = "related" },
		{ .name = "evidence" }, { .name = "summary" }, { .name = NULL }
	};
	int rc = fields_parse(from, finding_fields, lists, f, why);

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
