/* SPDX-License-Identifier: GPL-3.0-or-later */
/* english_left.c - see english_left.h. */
#include "english_left.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/tongue_own.h"
#include <pthread.h>

#define SLOTS 65536u

/* The words of all translations, by their hash; 0 is an empty slot. */
static u64 words[TONGUES_MAX][SLOTS];
static pthread_once_t words_made = PTHREAD_ONCE_INIT;

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (u8)c >= 0x80;
}

static u64 *slot(const struct tongue *t, const char *word, size_t n)
{
	u64 *all = words[tongue_index(t)], hash = hash_bytes(1, word, n) | 1;
	size_t i = hash % SLOTS;

	while (all[i] && all[i] != hash)
		i = (i + 1) % SLOTS;
	return &all[i];
}

static void learn(const struct tongue *t, const char *text)
{
	for (size_t n; *text; text += n ? n : 1) {
		for (n = 0; is_letter(text[n]); )
			n++;
		if (n)
			*slot(t, text, n) = hash_bytes(1, text, n) | 1;
	}
}

static void learn_all(void)
{
	for (const struct tongue *t = tongues; t->lang; t++)
		for (u32 i = 0; i < tongue_count(t); i++) {
			struct tongue_message m = tongue_message(t, i);

			for (const char *p = m.text; p < m.text + m.text_len; p += strlen(p) + 1)
				learn(t, p);
		}
}

/* The next word of small letters between blanks and marks: its length, 0 = no more. */
static size_t next_word(const char **at)
{
	for (const char *p = *at; *p; ) {
		size_t n = strspn(p, "abcdefghijklmnopqrstuvwxyz"), end = strcspn(p, " ");
		size_t behind = n + strspn(p + n, ",;:.!?)\"");

		if (n > 1 && behind == end) {
			*at = p;
			return n;
		}
		p += end;
		p += strspn(p, " (\"");
	}
	return 0;
}

static bool has_word(const char *text, const char *word, size_t n)
{
	for (size_t m; (m = next_word(&text)); text += m)
		if (m == n && memcmp(text, word, n) == 0)
			return true;
	return false;
}

/* In neither language, though one may stand in a translation as the name of something. */
static const char little[] = "the of is are was were and that which with by its has have not for "
	"from it all at to they their them be been would does takes this these there";

bool english_left(const struct tongue *t, const char *english, const char *said,
		  const char *names, char left[ENGLISH_LEFT_MAX])
{
	pthread_once(&words_made, learn_all);
	for (size_t n; (n = next_word(&said)); said += n) {
		if (!has_word(english, said, n) || has_word(names, said, n) ||
		    (*slot(t, said, n) && !has_word(little, said, n)))
			continue;
		snprintf(left, ENGLISH_LEFT_MAX, "%.*s", (int)n, said);
		return true;
	}
	return false;
}

/* A text with several words in every language. */
static void said_whole(const struct finding *f, const char *text)
{
	char left[ENGLISH_LEFT_MAX], names[FINDING_SUBJECT_MAX + 16];
	struct buf said = { 0 };

	/* the SOA record's last field is called so, in every language */
	snprintf(names, sizeof names, "%s minimum", f->subject);
	for (const struct tongue *t = tongues; t->lang; t++) {
		buf_clear(&said);
		say_anew(&said, t, text);
		if (english_left(t, text, buf_str(&said), names, left)) {
			fprintf(stderr, "%s, %s: \"%s\" is left of \"%s\": %s\n", f->rule,
				t->lang, left, text, buf_str(&said));
			abort();
		}
	}
	buf_free(&said);
}

/* A word of a list: src/share/share.c has those that are said. Types of records are none. */
static void word_known(const struct finding *f, const char *context, const char *text)
{
	if (*text < 'a' || *text > 'z' || say_of(&tongues[0], context, text) != text)
		return;
	fprintf(stderr, "%s: the %s \"%s\" is not among those that are translated\n", f->rule,
		context, text);
	abort();
}

void finding_said_whole(const struct finding *f)
{
	said_whole(f, f->sentence);
	for (u32 i = 0; i < f->feature_count; i++) {
		said_whole(f, f->features[i].help);
		word_known(f, "unit", f->features[i].unit);
	}
	for (u32 i = 0; i < f->related_count; i++) {
		said_whole(f, f->related[i].note);
		word_known(f, "role", f->related[i].role);
	}
}
