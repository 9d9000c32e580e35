/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shape.c - the schemas of what comes back, made from the shapes of the routes' files:
 *
 *   { "text|null?", ... }  ->  {"anyOf":[{"type":"string"},{"type":"null"}]}, not required
 *
 * Every object says all of its members, so that types made of the description are exact. By
 * the same shapes replies of other processes are said in the reader's language. */
#include "web/api.h"
#include "base/tongue.h"
#include "model/utf8.h"

static void put_choices(struct buf *out, const char *const *choices)
{
	buf_text(out, "\"type\":\"string\",\"enum\":[");
	for (unsigned i = 0; choices[i]; i++) {
		buf_text(out, i ? "," : "");
		utf8_json(out, choices[i]);
	}
	buf_byte(out, ']');
}

/* n octets of a type without its suffixes, as the inside of a schema. */
static void put_type(struct buf *out, const char *type, size_t n, const char *const *choices)
{
	static const struct { const char *name, *schema; } plain[] = {
		{ "text", "\"type\":\"string\"" },
		{ "said", "\"type\":\"string\"" },
		{ "count", "\"type\":\"integer\",\"minimum\":0" },
		{ "real", "\"type\":\"number\"" },
		{ "number", "\"type\":\"integer\"" },
		{ "flag", "\"type\":\"boolean\"" },
		{ "stamp", "\"type\":\"string\",\"format\":\"date-time\"" },
		{ "any", "\"type\":\"object\",\"additionalProperties\":true" },
	};

	if (n > 2 && type[0] == '[') {
		buf_text(out, "\"type\":\"array\",\"items\":{");
		put_type(out, type + 1, n - 2, choices);
		buf_byte(out, '}');
		return;
	}
	if (n == 6 && memcmp(type, "choice", 6) == 0) {
		put_choices(out, choices);
		return;
	}
	for (size_t i = 0; i < COUNT(plain); i++)
		if (strlen(plain[i].name) == n && memcmp(plain[i].name, type, n) == 0) {
			buf_text(out, plain[i].schema);
			return;
		}
	buf_fmt(out, "\"$ref\":\"#/components/schemas/%.*s\"", (int)n, type);
}

static bool may_miss(const struct api_member *m)
{
	return m->type[strlen(m->type) - 1] == '?';
}

static void put_member(struct buf *out, const struct api_member *m)
{
	size_t n = strcspn(m->type, "|?");
	bool none = m->type[n] == '|';

	utf8_json(out, m->name);
	buf_text(out, ":{\"description\":");
	utf8_json(out, m->help);
	buf_text(out, none ? ",\"anyOf\":[{" : ",");
	put_type(out, m->type, n, m->choices);
	buf_text(out, none ? "},{\"type\":\"null\"}]}" : "}");
}

/* ,"name" of each that is always there; the first comma only when something is before it. */
static void put_required(struct buf *out, const struct api_member *members, bool first)
{
	for (const struct api_member *m = members; m && m->name; m++) {
		if (may_miss(m))
			continue;
		buf_text(out, first ? "" : ",");
		utf8_json(out, m->name);
		first = false;
	}
}

static void put_members(struct buf *out, unsigned noun, const struct api_member *members)
{
	struct buf required = { 0 };

	put_required(&required, members, noun == 0);
	if (noun)
		fields_schema(out, desk_nouns[noun - 1].fields, buf_str(&required));
	else
		buf_fmt(out, "\"type\":\"object\",\"additionalProperties\":false,\"required\":[%s],"
			"\"properties\":{", buf_str(&required));
	for (const struct api_member *m = members; m && m->name; m++) {
		buf_text(out, m == members && noun == 0 ? "" : ",");
		put_member(out, m);
	}
	buf_byte(out, '}');
	buf_free(&required);
}

static void put_shape(struct buf *out, const struct api_shape *s)
{
	char list[80];
	const struct api_member page[] = {
		{ "items", list, "of this page", NULL },
		{ "next", "text|null", "the cursor of the next page; null: there is none", NULL },
		{ .name = NULL }
	};

	if (s->items)
		snprintf(list, sizeof list, "[%s]", s->items);
	put_members(out, s->noun, s->items ? page : s->members);
}

void api_put_shapes(struct buf *out)
{
	for (const struct api_shape *const *list = api_shapes; *list; list++)
		for (const struct api_shape *s = *list; s->name; s++) {
			buf_byte(out, ',');
			utf8_json(out, s->name);
			buf_text(out, ":{");
			put_shape(out, s);
			buf_byte(out, '}');
		}
}

/* ---- in the reader's language ---- */

static json_t *said(const char *text)
{
	struct buf out = { 0 };
	json_t *ret;

	say_stored(&out, tongue_now(), text);
	ret = json_string(buf_str(&out));
	buf_free(&out);
	return ret;
}

static void say_shape(json_t *of, const char *name, size_t n);

/* A value, or each of a list of them. */
static void say_member(json_t *of, const struct api_member *m)
{
	json_t *value = json_object_get(of, m->name), *one;
	const bool list = m->type[0] == '[';
	const size_t n = strcspn(m->type + list, "]|?");
	size_t i;

	if (n == 4 && memcmp(m->type, "said", 4) == 0 && json_is_string(value)) {
		json_object_set_new(of, m->name, said(json_string_value(value)));
		return;
	}
	if (!list)
		say_shape(value, m->type, n);
	json_array_foreach(value, i, one)
		say_shape(one, m->type + 1, n);
}

static const struct api_shape *shape_of(const char *name, size_t n)
{
	for (const struct api_shape *const *list = api_shapes; *list; list++)
		for (const struct api_shape *s = *list; s->name; s++)
			if (strlen(s->name) == n && memcmp(s->name, name, n) == 0)
				return s;
	return NULL;
}

static void say_shape(json_t *of, const char *name, size_t n)
{
	const struct api_shape *s = shape_of(name, n);
	size_t i;
	json_t *one;

	for (const struct api_member *m = s ? s->members : NULL; m && m->name; m++)
		say_member(of, m);
	if (s && s->items)
		json_array_foreach(json_object_get(of, "items"), i, one)
			say_shape(one, s->items, strlen(s->items));
}

void api_say(json_t *reply, const char *shape)
{
	if (tongue_now() && shape)
		say_shape(reply, shape, strlen(shape));
}
