/* SPDX-License-Identifier: GPL-3.0-or-later */
/* field_parse.c - a record from JSON, as a stranger may have written it; see field.h.
 *
 * Nothing is repaired: a key too many or too few, a word or number out of its range, a
 * stamp in another form is an error with the key's name. */
#include "model/finding.h"
#include "base/stamp.h"
#include <jansson.h>

static int fault(char *why, int error, const char *key)
{
	if (why)
		snprintf(why, FIELD_WHY, "%s", key);
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

/* Only the form that stamp_text() gives, or null where it may not be yet. */
static int take_stamp(json_t *from, bool later, u64 *to)
{
	char text[STAMP_TEXT_MAX];

	if (later && json_is_null(from)) {
		*to = 0;
		return 0;
	}
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

static int take_words(json_t *from, const char **to)
{
	if (!json_is_string(from))
		return OOPS_TYPE;
	if (json_string_length(from) > FIELD_WORDS_MAX)
		return OOPS_RANGE;
	*to = json_string_value(from);
	return 0;
}

static int take_choice(json_t *from, const char *const *choices, u8 *to)
{
	int n;

	if (!json_is_string(from))
		return OOPS_TYPE;
	if ((n = choice_parse(choices, json_string_value(from))) < 0)
		return n;
	*to = (u8)n;
	return 0;
}

static int take_value(json_t *from, const struct field *f, void *to)
{
	switch (f->kind) {
	case FIELD_text:
		return take_text(from, f->size, to);
	case FIELD_words:
		return take_words(from, to);
	case FIELD_count:
		return take_count(from, to);
	case FIELD_stamp:
		return take_stamp(from, f->later, to);
	case FIELD_severity:
		return take_severity(from, to);
	case FIELD_real:
		return take_real(from, to);
	case FIELD_rule:
		return take_rule(from, to);
	case FIELD_choice:
		return take_choice(from, f->choices, to);
	}
	return OOPS_TYPE;
}

/* All fields of an object, and no key but they and those in `more`. */
int fields_parse(json_t *from, const struct field *fields,
		 const struct field *more, void *to, char why[FIELD_WHY])
{
	const char *key;
	json_t *value;

	if (!json_is_object(from))
		return fault(why, OOPS_TYPE, "object");
	json_object_foreach(from, key, value)
		if (!field_find(fields, key) && !field_find(more, key))
			return fault(why, OOPS_UNKNOWN, key);
	for (const struct field *f = fields; f->name; f++) {
		int rc;

		if ((value = json_object_get(from, f->name)) == NULL)
			return fault(why, OOPS_FORMAT, f->name);
		if ((rc = take_value(value, f, (char *)to + f->at)))
			return fault(why, rc, f->name);
	}
	return 0;
}
