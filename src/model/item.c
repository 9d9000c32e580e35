/* SPDX-License-Identifier: GPL-3.0-or-later */
/* item.c - see item.h. A copy is one block: the struct, then its texts. */
#include "model/item.h"
#include "base/buf.h"
#include "base/num.h"
#include "model/digest.h"
#include <arpa/inet.h>
#include <jansson.h>
#include <strings.h>

#define F(name, text) text,
const char *const item_kinds[] = { ITEM_KINDS(F) NULL };
const char *const subject_kinds[] = { SUBJECT_KINDS(F) NULL };
const char *const item_actions[] = { ITEM_ACTIONS(F) NULL };
const char *const abuse_names[] = { ABUSES(F) NULL };
#undef F

#define F(kind, member, help) FIELD_ROW(item, kind, member, help)
#define C(member, choices, help) FIELD_ROW_C(item, member, choices, help)
const struct field item_fields[] = { ITEM_FIELDS(F, C) FIELD_END };
#undef F
#undef C
_Static_assert(COUNT(item_fields) <= ITEM_FIELDS_MAX, "a bit for each field");

u32 item_bit(const char *name)
{
	const struct field *f = field_find(item_fields, name);

	must(f);
	return (u32)(f - item_fields);
}

void item_json(struct buf *out, const struct item *i)
{
	buf_byte(out, '{');
	fields_json(out, item_fields, i);
	buf_byte(out, '}');
}

static const char **words_of(const struct item *i, const struct field *f)
{
	return (const char **)((char *)(uintptr_t)i + f->at);
}

struct item *item_copy(const struct item *i)
{
	size_t n = sizeof *i;
	struct item *copy;
	char *at;

	for (const struct field *f = item_fields; f->name; f++)
		if (f->kind == FIELD_words && *words_of(i, f))
			n += strlen(*words_of(i, f)) + 1;
	if ((copy = malloc(n)) == NULL)
		return NULL;
	*copy = *i;
	at = (char *)(copy + 1);
	for (const struct field *f = item_fields; f->name; f++) {
		const char *text;

		if (f->kind != FIELD_words)
			continue;
		text = *words_of(i, f);
		if (text == NULL) {
			*words_of(copy, f) = "";
			continue;
		}
		n = strlen(text) + 1;
		*words_of(copy, f) = memcpy(at, text, n);
		at += n;
	}
	return copy;
}

static void add_words(struct digest *d, const char *text)
{
	digest_text(d, text ? text : "");
}

void item_identify(struct item *i, char to[65])
{
	struct digest d;
	u8 hash[DIGEST_OCTETS];

	digest_init(&d);
	digest_text(&d, "VI1");
	digest_text(&d, item_kinds[i->kind]);
	digest_text(&d, subject_kinds[i->subject_kind]);
	add_words(&d, i->subject);
	add_words(&d, i->rule);
	add_words(&d, i->source);
	digest_u64(&d, i->created);
	add_words(&d, i->title);
	add_words(&d, i->parent);
	digest_end(&d, hash);
	i->id = hex_text(hash, sizeof hash, to);
}

static bool is_address(const char *text)
{
	u8 octets[16];

	return inet_pton(AF_INET, text, octets) == 1 ||
	       inet_pton(AF_INET6, text, octets) == 1;
}

static bool is_prefix(const char *text)
{
	char address[INET6_ADDRSTRLEN];
	const char *slash = strchr(text, '/');
	size_t n = slash ? (size_t)(slash - text) : 0;
	u64 length;

	if (n == 0 || n >= sizeof address)
		return false;
	memcpy(address, text, n);
	address[n] = 0;
	return is_address(address) &&
	       num_u64(slash + 1, 0, strchr(address, ':') ? 128 : 32, &length) == 0;
}

/* Labels of 1 to 63 letters, digits, hyphens, underlines or octets beyond ASCII; two of
 * them at least, the last not a number. */
static bool is_name(const char *text)
{
	size_t n = strlen(text), label = 0, labels = 0, digits = 0;

	if (n && text[n - 1] == '.')
		n--;
	if (n == 0 || n > 253)
		return false;
	for (size_t i = 0; i <= n; i++) {
		u8 c = i < n ? (u8)text[i] : '.';

		if (c == '.') {
			if (label == 0 || label > 63)
				return false;
			labels++;
			if (i < n)
				label = digits = 0;
			continue;
		}
		if (c < 0x80 && !((c | 32) >= 'a' && (c | 32) <= 'z') &&
		    !(c >= '0' && c <= '9') && c != '-' && c != '_')
			return false;
		label++;
		digits += c >= '0' && c <= '9';
	}
	return labels > 1 && digits < label;
}

/* Printable, without blanks, with one @ and a name behind it. */
static bool is_email(const char *text)
{
	const char *at = strchr(text, '@');

	if (at == NULL || at == text || strpbrk(text, " \t\r\n<>"))
		return false;
	return is_name(at + 1);
}

static bool is_hash(const char *text)
{
	size_t n = strlen(text);

	return (n == 32 || n == 40 || n == 64 || n == 128) &&
	       strspn(text, "0123456789abcdefABCDEF") == n;
}

static bool is_as(const char *text)
{
	u64 number;

	return strncasecmp(text, "AS", 2) == 0 &&
	       num_u64(text + 2, 0, UINT32_MAX, &number) == 0;
}

enum subject_kind subject_kind_of(const char *text)
{
	const char *scheme = strstr(text, "://");

	if (is_address(text))
		return SUBJECT_ADDRESS;
	if (is_prefix(text))
		return SUBJECT_PREFIX;
	if (scheme && scheme > text && scheme[3] && !strpbrk(text, " \t\r\n"))
		return SUBJECT_URL;
	if (is_email(text))
		return SUBJECT_EMAIL;
	if (is_hash(text))
		return SUBJECT_HASH;
	if (is_as(text))
		return SUBJECT_AS;
	return is_name(text) ? SUBJECT_DOMAIN : SUBJECT_OTHER;
}

int item_parse(struct item_box *ret, const char *json, size_t n, char why[FIELD_WHY])
{
	struct item item = { 0 };
	json_t *root;
	int rc;

	if (n > ITEM_JSON_MAX)
		return OOPS_RANGE;
	root = json_loadb(json, n, JSON_REJECT_DUPLICATES, NULL);
	if (root == NULL)
		return OOPS_FORMAT;
	rc = fields_parse(root, item_fields, NULL, &item, why);
	if (rc == 0 && item.confidence > 100)
		rc = OOPS_RANGE;
	if (rc) {
		json_decref(root);
		return rc;
	}
	ret->item = item;
	ret->own = root;
	return 0;
}

void item_free(struct item_box *box)
{
	json_decref(box->own);
	*box = (struct item_box){ 0 };
}
