/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stix_fuzz.c - STIX documents and patterns of strangers.
 *
 *   input: '[' or '{' begins a document, anything else is a pattern
 *
 * A document obeys exchange_law.h. A pattern is read twice alike, and each subject of it that STIX
 * has an observable for is, written as a pattern, a pattern of just that subject. */
#include "exchange_law.h"
#include "share/exchange_stix.h"

struct subjects { enum subject_kind kind[64]; char *text[64]; u32 count; };

static void keep_subject(void *to, enum subject_kind kind, const char *text)
{
	struct subjects *s = to;

	if (s->count == COUNT(s->text))
		return;
	s->kind[s->count] = kind;
	must(s->text[s->count++] = strdup(text));
}

static void forget(struct subjects *s)
{
	for (u32 i = 0; i < s->count; i++)
		free(s->text[i]);
	s->count = 0;
}

static void subject_law(enum subject_kind kind, const char *text)
{
	struct subjects back = { .count = 0 };
	struct buf pattern = { 0 };
	struct stix_value v;
	char why[STIX_WHY];

	must(stix_value(&v, kind, text) == 0);
	if (v.type) {
		stix_pattern(&pattern, &v, text);
		must(stix_pattern_read(buf_str(&pattern), keep_subject, &back, why) == 1);
		must(back.kind[0] == kind || kind == SUBJECT_PREFIX);
		must(strcmp(back.text[0], text) == 0);
	}
	forget(&back);
	buf_free(&pattern);
	buf_free(&v.text);
}

static void pattern_law(const u8 *data, size_t n)
{
	struct subjects one = { .count = 0 }, two = { .count = 0 };
	char why[STIX_WHY], *text = strndup((const char *)data, n);
	int found;

	must(text);
	found = stix_pattern_read(text, keep_subject, &one, why);
	must(found > 0 || why[0]);
	must(stix_pattern_read(text, keep_subject, &two, why) == found);
	must(one.count == two.count && (found < 0 || one.count == min_u64((u64)found, 64)));
	must(found >= 0 || one.count == 0);
	for (u32 i = 0; i < one.count; i++)
		subject_law(one.kind[i], one.text[i]);
	forget(&one);
	forget(&two);
	free(text);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t n);

int LLVMFuzzerTestOneInput(const u8 *data, size_t n)
{
	if (n && (data[0] == '{' || (data[0] == '[' && n > 1 && data[1] == '{')))
		exchange_law("stix", data, n);
	else
		pattern_law(data, n);
	return 0;
}
