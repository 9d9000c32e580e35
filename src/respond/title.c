/* SPDX-License-Identifier: GPL-3.0-or-later */
/* title.c - see title.h. */
#include "respond/title.h"
#include "respond/catalogue.h"
#include <jansson.h>

static const char *const reported[ABUSE_COUNT] = {
	[ABUSE_NONE] = N_("Reported abuse"), [ABUSE_PHISHING] = N_("Reported phishing"),
	[ABUSE_MALWARE] = N_("Reported malware"), [ABUSE_BOTNET] = N_("Reported botnet"),
	[ABUSE_PHARMING] = N_("Reported pharming"), [ABUSE_SPAM] = N_("Reported spam"),
};

const char *title_of_rule(const char *rule)
{
	const struct catalogue_row *row = catalogue_find(rule);

	if (row)
		return row->title;
	for (unsigned i = 0; i < ABUSE_COUNT; i++)
		if (strcmp(abuse_name((enum abuse)i), rule) == 0)
			return reported[i];
	return rule;
}

char *title_of(const char *rule, const char *subject, u64 others, char to[TITLE_MAX])
{
	const char *what = title_of_rule(rule);

	if (others)
		snprintf(to, TITLE_MAX, N_("%.120s: %.200s and %llu more"), what, subject,
			 (unsigned long long)others);
	else
		snprintf(to, TITLE_MAX, N_("%.120s: %.200s"), what, subject);
	return to;
}

char *title_of_names(const char *rule, const char *of, u64 names, char to[TITLE_MAX])
{
	snprintf(to, TITLE_MAX, N_("%.120s: %llu names of %.200s"), title_of_rule(rule),
		 (unsigned long long)names, of);
	return to;
}

/* ---- in the reader's language ---- */

static void add_head(json_t *all, const struct tongue *t, const char *title, const char *text)
{
	if (strcasestr(say_in(t, title), text))
		json_array_append_new(all, json_string(title));
}

char *title_heads(const struct tongue *t, const char *text)
{
	json_t *all = t && text && text[0] ? json_array() : NULL;
	char *ret = NULL;

	for (const struct catalogue_row *const *r = catalogue_all(NULL); all && *r; r++)
		add_head(all, t, (*r)->title, text);
	for (unsigned i = 0; all && i < ABUSE_COUNT; i++)
		add_head(all, t, reported[i], text);
	if (json_array_size(all))
		ret = json_dumps(all, JSON_COMPACT);
	json_decref(all);
	return ret;
}

/* ---- of members ---- */

#define OTHERS_MAX 1000u	/* members whose subjects are compared */

static u64 other_subjects(const struct member *m, size_t n)
{
	u64 others = 0;

	for (size_t i = 1; i < n && i < OTHERS_MAX; i++) {
		size_t j = 0;

		while (j < i && strcmp(m[j].subject, m[i].subject))
			j++;
		others += j == i;
	}
	return others;
}

static bool is_said(const char *text)
{
	return text && text[0];
}

void title_fill(struct incident *i, const struct member *m, size_t n,
		struct title_room *room)
{
	const bool about = is_said(i->subject);

	if (about)
		i->subject_kind = (u8)subject_kind_of(i->subject);
	else
		i->subject = n ? m[0].subject : "";
	if (!about && n)
		i->subject_kind = m[0].subject_kind;
	if (!is_said(i->family) && n) {
		snprintf(room->family, sizeof room->family, "%.*s",
			 (int)strcspn(m[0].rule, "."), m[0].rule);
		i->family = room->family;
	}
	if (!is_said(i->title) && n)
		i->title = title_of(m[0].rule, i->subject, about ? 0 : other_subjects(m, n),
				    room->title);
}
