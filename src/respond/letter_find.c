/* SPDX-License-Identifier: GPL-3.0-or-later */
/* letter_find.c - where letters lie: a folder of the user's, then the program; see letter.h. */
#include "respond/letter.h"
#include "base/embedded.h"
#include "base/octets.h"
#include <fcntl.h>
#include <unistd.h>

extern const struct embedded letters_embedded[];

const char *const letter_languages[] = { "en", "es", "fr", NULL };

/* "es-mx" is Spanish; "est" is not. */
static const char *written(const char *word)
{
	const size_t n = strcspn(word, "- ");

	for (unsigned i = 0; letter_languages[i]; i++)
		if (strlen(letter_languages[i]) == n && memcmp(letter_languages[i], word, n) == 0)
			return letter_languages[i];
	return NULL;
}

const char *letter_language(const char *languages)
{
	const char *found = NULL;

	for (const char *p = languages; found == NULL && *p; p += strcspn(p, " "), p += *p == ' ')
		found = written(p);
	return found ? found : letter_languages[0];
}

static const char *embedded(const char *language, const char *name)
{
	char path[120];

	snprintf(path, sizeof path, "%s/%s.txt", language, name);
	for (const struct embedded *e = letters_embedded; e->path; e++)
		if (strcmp(e->path, path) == 0)
			return e->text;
	return NULL;
}

bool letter_name(unsigned n, char to[48])
{
	for (const struct embedded *e = letters_embedded; e->path; e++) {
		if (strncmp(e->path, "en/", 3) || strcmp(e->path, "en/words.txt") == 0 || n--)
			continue;
		snprintf(to, 48, "%.*s", (int)strcspn(e->path + 3, "."), e->path + 3);
		return true;
	}
	return false;
}

bool letter_exists(const char *name)
{
	return strcmp(name, "words") && embedded("en", name);
}

static bool plain_word(const char *word)
{
	size_t n = strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n && n <= 40 && word[n] == 0;
}

static int from_folder(const char *folder, const char *language, const char *name,
		       struct buf *out)
{
	char path[4096];
	int fd, rc;

	if (snprintf(path, sizeof path, "%s/%s/%s.txt", folder, language, name) >=
	    (int)sizeof path)
		return OOPS_LIMIT;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? OOPS_UNKNOWN : -errno;
	rc = octets_read(out, fd, LETTER_OCTETS_MAX);
	close(fd);
	return rc;
}

static int one_language(const char *folder, const char *language, const char *name,
			struct buf *out)
{
	const char *text = embedded(language, name);
	int rc = folder ? from_folder(folder, language, name, out) : OOPS_UNKNOWN;

	if (rc != OOPS_UNKNOWN || text == NULL)
		return rc;
	buf_text(out, text);
	return buf_error(out);
}

int letter_read(const char *folder, const char *name, const char **language, struct buf *out)
{
	int rc;

	if (!plain_word(name) || !plain_word(*language) || strcmp(name, "words") == 0)
		return OOPS_UNKNOWN;
	rc = one_language(folder, *language, name, out);
	if (rc == OOPS_UNKNOWN && strcmp(*language, "en")) {
		*language = "en";
		rc = one_language(folder, "en", name, out);
	}
	return rc;
}

const char *letter_term(const char *language, const char *word, char to[100])
{
	const char *text = embedded(language, "words");
	size_t n = strlen(word);

	for (const char *p = text ? text : ""; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		if (strncmp(p, word, n) || strncmp(p + n, " = ", 3))
			continue;
		snprintf(to, 100, "%.*s", (int)strcspn(p + n + 3, "\n"), p + n + 3);
		return to;
	}
	return word;
}
