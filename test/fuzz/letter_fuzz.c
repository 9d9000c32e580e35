/* SPDX-License-Identifier: GPL-3.0-or-later */
/* letter_fuzz.c - any letter, filled with any words: the title is one line, nothing that acts
 * comes out of foreign words, twice is the same, and an error says where. The first octet
 * says how long the foreign word is. */
#include "model/utf8.h"
#include "respond/letter.h"

static bool shown(const char *text, bool lines)
{
	size_t n = strlen(text), took;
	u32 c;

	for (size_t at = 0; at < n; at += took) {
		took = utf8_next(text + at, n - at, &c);
		if (c == UTF8_BAD || (utf8_hidden(c) && !(lines && (c == '\n' || c == '\t'))))
			return false;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t n);
int LLVMFuzzerTestOneInput(const u8 *data, size_t n)
{
	size_t len = n ? min_u64(data[0], n - 1) : 0;
	char *word = strndup(n ? (const char *)data + 1 : "", len);
	const struct letter_word words[] = { { "a", word }, { "b", "" }, { "c", "x" },
		{ NULL, NULL } };
	const char *const columns[] = { "r.a", NULL }, *const cells[] = { word, "" };
	const struct letter_list lists[] = { { "r", columns, cells, 2 },
		{ "none", columns, NULL, 0 }, { NULL, NULL, NULL, 0 } };
	const struct letter_data with = { words, lists };
	struct buf text = { 0 }, title = { 0 }, body = { 0 }, again = { 0 };
	char why[LETTER_WHY] = "";
	int rc;

	must(word);
	buf_text(&text, "Subject: {a} {c}\n\n");
	if (n)
		buf_add(&text, data + 1 + len, n - 1 - len);
	rc = letter_fill(text.at, text.len, &with, &title, &body, why);
	must(rc <= 0 && (rc == 0 || why[0]));
	must(shown(buf_str(&title), false));
	must(rc || shown(buf_str(&body), true));
	buf_clear(&title);
	must(letter_fill(text.at, text.len, &with, &title, &again, why) == rc);
	must(again.len == body.len && memcmp(buf_str(&again), buf_str(&body), body.len) == 0);
	buf_free(&text);
	buf_free(&title);
	buf_free(&body);
	buf_free(&again);
	free(word);
	return 0;
}
