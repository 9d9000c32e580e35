/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transfer_key.c - keys for TSIG out of the form that name servers have them in; see
 * transfer.h.
 *
 *   key "transfer.example." {
 *	algorithm hmac-sha256;		// comments as in C and C++, and #
 *	secret "c2VjcmV0";
 *   };
 */
#include "zone/transfer_own.h"

#define WORD_MAX 1024

struct words {
	const char *at, *end;
	bool bad;
};

/* Blanks and comments. */
static void skip(struct words *w)
{
	for (;;) {
		while (w->at < w->end && strchr(" \t\r\n", *w->at) && *w->at)
			w->at++;
		if (w->end - w->at >= 2 && w->at[0] == '/' && w->at[1] == '*') {
			const size_t left = (size_t)(w->end - w->at - 2);
			const char *close = memmem(w->at + 2, left, "*/", 2);

			w->at = close ? close + 2 : w->end;
		} else if ((w->at < w->end && *w->at == '#') ||
			   (w->end - w->at >= 2 && memcmp(w->at, "//", 2) == 0)) {
			const char *line = memchr(w->at, '\n', (size_t)(w->end - w->at));

			w->at = line ? line + 1 : w->end;
		} else {
			return;
		}
	}
}

/* The next word into to[WORD_MAX]: one of { } ; or a string, in quotes or not. False at the
 * end. */
static bool word(struct words *w, char *to)
{
	size_t n = 0;
	bool quoted;

	skip(w);
	to[0] = 0;
	if (w->at == w->end)
		return false;
	if (strchr("{};", *w->at)) {
		to[n++] = *w->at++;
		to[n] = 0;
		return true;
	}
	quoted = *w->at == '"';
	w->at += quoted;
	while (w->at < w->end && (quoted ? *w->at != '"' : !strchr(" \t\r\n{};\"", *w->at))) {
		if (n + 1 < WORD_MAX)
			to[n++] = *w->at;
		else
			w->bad = true;
		w->at++;
	}
	to[n] = 0;
	w->bad |= quoted && w->at == w->end;
	w->at += quoted && w->at < w->end;
	return true;
}

static void expect(struct words *w, const char *what)
{
	char got[WORD_MAX];

	if (!word(w, got) || strcmp(got, what))
		w->bad = true;
}

struct parsed { char name[WORD_MAX], algorithm[WORD_MAX], secret[WORD_MAX]; };

/* One clause, after the word "key". */
static void clause(struct words *w, struct parsed *p)
{
	char what[WORD_MAX];

	memset(p, 0, sizeof *p);
	word(w, p->name);
	expect(w, "{");
	while (!w->bad && word(w, what) && strcmp(what, "}")) {
		if (strcmp(what, "algorithm") == 0)
			word(w, p->algorithm);
		else if (strcmp(what, "secret") == 0)
			word(w, p->secret);
		else
			w->bad = true;
		expect(w, ";");
	}
	w->bad |= strcmp(what, "}") != 0;
	expect(w, ";");
}

/* Names of keys are domain names: case and a dot at the end do not matter. */
static bool same_name(const char *a, const char *b)
{
	size_t an = strlen(a), bn = strlen(b);

	an -= an > 1 && a[an - 1] == '.';
	bn -= bn > 1 && b[bn - 1] == '.';
	return an == bn && strncasecmp(a, b, an) == 0;
}

static int make(struct transfer_key **ret, const struct parsed *p)
{
	struct transfer_key *k = calloc(1, sizeof *k);

	if (k == NULL)
		return -ENOMEM;
	if (knot_tsig_key_init(&k->tsig, p->algorithm, p->name, p->secret) != KNOT_EOK) {
		free(k);
		return OOPS_FORMAT;
	}
	*ret = k;
	return 0;
}

int transfer_key_read(struct transfer_key **ret, const char *text, size_t n, const char *name)
{
	struct words w = { .at = text, .end = text + n };
	struct parsed p, found;
	char what[WORD_MAX];
	unsigned hits = 0;
	int rc;

	if (n > TRANSFER_KEYS_MAX)
		return OOPS_LIMIT;
	while (!w.bad && word(&w, what)) {
		if (strcmp(what, "key")) {
			w.bad = true;
			break;
		}
		clause(&w, &p);
		if (name[0] == 0 || same_name(name, p.name)) {
			found = p;
			hits++;
		}
	}
	rc = w.bad ? OOPS_FORMAT : hits != 1 ? OOPS_UNKNOWN : make(ret, &found);
	explicit_bzero(&p, sizeof p);
	explicit_bzero(&found, sizeof found);
	explicit_bzero(what, sizeof what);
	return rc;
}

struct transfer_key *transfer_key_free(struct transfer_key *k)
{
	if (k == NULL)
		return NULL;
	if (k->tsig.secret.data)
		explicit_bzero(k->tsig.secret.data, k->tsig.secret.size);
	knot_tsig_key_deinit(&k->tsig);
	free(k);
	return NULL;
}
