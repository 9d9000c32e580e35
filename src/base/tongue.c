/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tongue.c - see tongue.h. A catalogue is gettext's MO file: a head, two tables of length
 * and offset sorted by the English, and the texts (gettext manual, "The Format of GNU MO
 * Files"). Ours were made by msgfmt with this program, so they are not doubted.
 *
 * Two pointers change: the language of the process, set once by main(), and that of each
 * thread, so that threads of the web process can answer different people. */
#include "base/tongue_own.h"
#include "base/buf.h"
#include "base/num.h"
#include <ctype.h>

static const struct tongue *home;
static _Thread_local const struct tongue *spoken;
static _Thread_local bool speaks;

void tongue_home(const struct tongue *t)
{
	home = t;
}

void tongue_speak(const struct tongue *t)
{
	spoken = t;
	speaks = true;
}

const struct tongue *tongue_now(void)
{
	return speaks ? spoken : home;
}

/* ---- looking up ---- */

static u32 word(const struct tongue *t, size_t at)
{
	const u8 *p = t->mo + at;

	return p[0] | (u32)p[1] << 8 | (u32)p[2] << 16 | (u32)p[3] << 24;
}

u32 tongue_count(const struct tongue *t)
{
	return word(t, 8);
}

struct tongue_message tongue_message(const struct tongue *t, u32 i)
{
	size_t id = word(t, 12) + 8 * (size_t)i, text = word(t, 16) + 8 * (size_t)i;

	return (struct tongue_message){
		.id = (const char *)t->mo + word(t, id + 4),
		.text = (const char *)t->mo + word(t, text + 4),
		.text_len = word(t, text),
	};
}

bool tongue_look(const struct tongue *t, const char *id, struct tongue_message *ret)
{
	u32 from = 0, until = tongue_count(t);

	while (from < until) {
		u32 middle = from + (until - from) / 2;
		int order;

		*ret = tongue_message(t, middle);
		order = strcmp(ret->id, id);
		if (order == 0)
			return ret->text_len > 0;
		if (order < 0)
			from = middle + 1;
		else
			until = middle;
	}
	return false;
}

const char *say_in(const struct tongue *t, const char *text)
{
	struct tongue_message m;

	if (t == NULL || text == NULL || *text == 0)
		return text;
	return tongue_look(t, text, &m) ? m.text : text;
}

const char *say_of(const struct tongue *t, const char *context, const char *text)
{
	char id[256];
	struct tongue_message m;

	if (t == NULL || text == NULL)
		return text;
	if ((size_t)snprintf(id, sizeof id, "%s\004%s", context, text) >= sizeof id)
		return text;
	return tongue_look(t, id, &m) ? m.text : text;
}

/* The line "Plural-Forms:" of the catalogue's head, which is the message "". */
static const char *plural_forms(const struct tongue *t)
{
	static const char key[] = "Plural-Forms:";
	struct tongue_message m;
	const char *line;

	if (!tongue_look(t, "", &m) || (line = strstr(m.text, key)) == NULL)
		return "";
	return line + strlen(key);
}

const char *say_many(const struct tongue *t, const char *one, const char *many, u64 n)
{
	struct tongue_message m;
	const char *form, *end;

	if (t == NULL || !tongue_look(t, one, &m))
		return n == 1 ? one : many;
	form = m.text;
	end = m.text + m.text_len;
	for (unsigned i = tongue_form(plural_forms(t), n); i > 0; i--) {
		form += strlen(form) + 1;
		if (form > end)
			return m.text;
	}
	return form;
}

/* ---- which language ---- */

/* The letters at the beginning are the language: "es-MX" is Spanish, "est" is not. */
static bool is_lang(const char *name, size_t n, const char *lang)
{
	size_t letters = 0;

	while (letters < n && isalpha((u8)name[letters]))
		letters++;
	return letters == strlen(lang) && strncasecmp(name, lang, letters) == 0;
}

static const struct tongue *find(const char *name, size_t n, bool *known)
{
	*known = true;
	for (const struct tongue *t = tongues; t->lang; t++)
		if (is_lang(name, n, t->lang))
			return t;
	*known = is_lang(name, n, "en");
	return NULL;
}

const struct tongue *tongue_find(const char *name, bool *known)
{
	bool unused;

	return find(name, strlen(name), known ? known : &unused);
}

/* The weight behind an item, in thousandths: ";q=0.8"; 1000 without one. */
static unsigned weight(const char *item, size_t n)
{
	const char *q = memmem(item, n, "q=", 2);
	unsigned sum = 0, place = 1000;

	if (q == NULL)
		return 1000;
	for (q += 2; q < item + n && place; q++) {
		if (*q == '.')
			continue;
		if (!isdigit((u8)*q))
			break;
		sum += (unsigned)(*q - '0') * place;
		place /= 10;
	}
	return sum > 1000 ? 1000 : sum;
}

const struct tongue *tongue_accept(const char *header)
{
	const struct tongue *best = NULL;
	unsigned most = 0;

	for (const char *p = header ? header : ""; *p;) {
		const struct tongue *t;
		unsigned w;
		size_t n;
		bool known;

		p += strspn(p, " \t,");
		n = strcspn(p, ",");
		t = find(p, n, &known);
		w = weight(p, n);
		if (known && w > most) {
			most = w;
			best = t;
		}
		p += n;
	}
	return best;
}

/* The first language of a list with colons that there is. */
static const struct tongue *first_of(const char *list, bool *known)
{
	*known = false;
	for (size_t n; *list && !*known; list += n + (list[n] == ':')) {
		const struct tongue *t;

		n = strcspn(list, ":");
		t = find(list, n, known);
		if (*known)
			return t;
	}
	return NULL;
}

const struct tongue *tongue_environment(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	const char *list = getenv("LANGUAGE"), *locale = NULL;
	const struct tongue *t;
	bool known;

	for (size_t i = 0; i < COUNT(names) && (locale == NULL || *locale == 0); i++)
		locale = getenv(names[i]);
	if (locale && (strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0))
		return NULL;
	if (list && *list) {
		t = first_of(list, &known);
		if (known)
			return t;
	}
	return locale ? tongue_find(locale, NULL) : NULL;
}
