/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rest.c - see rest.h. A rest is written and read through a table that holds just its
 * fields, so it is as strict as an item. */
#include "share/rest.h"
#include "base/plain.h"
#include "base/stamp.h"
#include "model/utf8.h"

#define AT(member) offsetof(struct rest_conf, member)
const struct opt rest_rows[] = {
	{ .name = "unmarked", .type = OPT_CHOICE, .at = AT(unmarked), .def = "TLP:AMBER",
	  .arg = "LABEL",
	  .help = N_("label of what comes without one"), .choices = label_names },
	{ .name = "unmarked-pap", .type = OPT_CHOICE, .at = AT(unmarked_pap),
	  .def = "PAP:GREEN", .arg = "PAP",
	  .help = N_("what may be done with what comes without a word on it"),
	  .choices = pap_names },
	{ 0 }
};

struct marking rest_unmarked(const struct rest_conf *conf)
{
	if (conf == NULL)
		return (struct marking){ LABEL_AMBER, PAP_GREEN };
	return (struct marking){ (u8)conf->unmarked, (u8)conf->unmarked_pap };
}

static bool same(const struct field *f, const struct item *a, const struct item *b)
{
	const char *x = (const char *)a + f->at, *y = (const char *)b + f->at;
	const char *s, *t;

	if (f->kind != FIELD_words)
		return memcmp(x, y, f->size) == 0;
	s = *(const char *const *)x;
	t = *(const char *const *)y;
	return strcmp(s ? s : "", t ? t : "") == 0;
}

/* Fields that a rest may hold. */
static bool may(const struct field *f)
{
	return f->at != offsetof(struct item, tlp) && f->at != offsetof(struct item, pap);
}

json_t *rest_make(const struct item *want, const struct item *got, int *rc)
{
	struct field table[ITEM_FIELDS_MAX + 1] = { 0 };
	struct buf text = { 0 };
	json_t *ret = NULL;
	unsigned n = 0;

	*rc = 0;
	for (const struct field *f = item_fields; f->name; f++)
		if (may(f) && !same(f, want, got))
			table[n++] = *f;
	if (n == 0)
		return NULL;
	buf_byte(&text, '{');
	fields_json(&text, table, want);
	buf_byte(&text, '}');
	if ((*rc = buf_error(&text)) == 0 &&
	    (ret = json_loadb(text.at, text.len, 0, NULL)) == NULL)
		*rc = -ENOMEM;
	buf_free(&text);
	return ret;
}

static bool passed_over(const char *const *but, const char *key)
{
	for (; but && *but; but++)
		if (strcmp(*but, key) == 0)
			return true;
	return false;
}

int rest_take(struct item *to, json_t *from, const char *const *but, char why[FIELD_WHY])
{
	struct field table[ITEM_FIELDS_MAX + 1] = { 0 }, over[4] = { 0 };
	struct item item = *to;
	const char *key;
	json_t *value;
	unsigned n = 0;
	int rc;

	for (unsigned i = 0; but && but[i] && i < COUNT(over) - 1; i++)
		over[i].name = but[i];
	json_object_foreach(from, key, value) {
		const struct field *f = field_find(item_fields, key);

		if (passed_over(but, key))
			continue;
		if (f == NULL || !may(f)) {
			snprintf(why, FIELD_WHY, "%.60s", key);
			return OOPS_UNKNOWN;
		}
		table[n++] = *f;
	}
	if ((rc = fields_parse(from, table, over, &item, why)))
		return rc;
	if (item.confidence > 100) {
		snprintf(why, FIELD_WHY, "confidence");
		return OOPS_RANGE;
	}
	*to = item;
	return 0;
}

/* How deep the brackets go, outside of strings; more than `most` is most + 1. */
static unsigned depth_of(const u8 *p, size_t n, unsigned most)
{
	unsigned depth = 0, deepest = 0;
	bool inside = false;

	for (size_t i = 0; i < n && deepest <= most; i++) {
		if (inside) {
			if (p[i] == '\\')
				i++;
			else if (p[i] == '"')
				inside = false;
		} else if (p[i] == '"') {
			inside = true;
		} else if (p[i] == '{' || p[i] == '[') {
			if (++depth > deepest)
				deepest = depth;
		} else if ((p[i] == '}' || p[i] == ']') && depth) {
			depth--;
		}
	}
	return deepest;
}

json_t *rest_load(const u8 *octets, size_t n, char why[EXCHANGE_WHY])
{
	json_error_t e;
	json_t *root;

	if (n >= 3 && memcmp(octets, "\xef\xbb\xbf", 3) == 0)
		octets += 3, n -= 3;	/* a mark that some editors leave */
	if (depth_of(octets, n, EXCHANGE_DEPTH_MAX) > EXCHANGE_DEPTH_MAX) {
		snprintf(why, EXCHANGE_WHY, N_("nested deeper than %d"),
			EXCHANGE_DEPTH_MAX);
		return NULL;
	}
	root = json_loadb((const char *)octets, n, JSON_REJECT_DUPLICATES, &e);
	if (root == NULL)
		snprintf(why, EXCHANGE_WHY, "line %d: %s", e.line, e.text);
	return root;
}

const char *rest_text(json_t *of, const char *key)
{
	const char *text = json_string_value(json_object_get(of, key));

	return text ? text : "";
}

u64 rest_stamp(json_t *of, const char *key)
{
	json_t *v = json_object_get(of, key);
	u64 ns = 0;

	if (json_is_integer(v) && json_integer_value(v) >= 0 &&
	    (u64)json_integer_value(v) < (u64)INT64_MAX / STAMP_NS)
		return (u64)json_integer_value(v) * STAMP_NS;
	if (json_is_string(v) && stamp_foreign(json_string_value(v), &ns) == 0 &&
	    ns <= (u64)INT64_MAX)
		return ns;
	return 0;
}

json_t *rest_string(const char *text)
{
	json_t *s = json_string(text ? text : "");
	char *copy;

	if (s || (copy = strdup(text)) == NULL)
		return s;
	utf8_mend(copy);
	s = json_string(copy);
	free(copy);
	return s;
}

void rest_put(json_t *of, const char *key, const char *text)
{
	json_object_set_new(of, key, rest_string(text));
}

void rest_line(struct buf *to, const char *text)
{
	if (text[0] == 0 || to->len + 1 + strlen(text) > FIELD_WORDS_MAX)
		return;
	if (to->len)
		buf_byte(to, '\n');
	for (; *text; text++)
		buf_byte(to, *text == '\n' || *text == '\r' ? ' ' : (u8)*text);
}

void rest_more(struct buf *to, const char *lines)
{
	if (lines == NULL || lines[0] == 0 || to->len + strlen(lines) >= FIELD_WORDS_MAX)
		return;
	if (to->len)
		buf_byte(to, '\n');
	buf_text(to, lines);
}

void rest_lines(const char *text, void (*line)(void *to, const char *at, size_t n), void *to)
{
	while (text && *text) {
		size_t n = strcspn(text, "\n");

		if (n)
			line(to, text, n);
		text += n + (text[n] == '\n');
	}
}

const char *rest_cut(struct buf *room, const char *text)
{
	size_t n = strlen(text), end = FIELD_WORDS_MAX;

	if (n <= FIELD_WORDS_MAX)
		return text;
	while (end && ((u8)text[end] & 0xc0) == 0x80)
		end--;	/* not in the middle of a character */
	buf_clear(room);
	buf_add(room, text, end);
	return buf_str(room);
}
