/* SPDX-License-Identifier: GPL-3.0-or-later */
/* label.c - see label.h. */
#include "model/label.h"
#include <strings.h>

const char *const label_names[] = {
#define F(name, text) text,
	LABELS(F) NULL
};
const char *const pap_names[] = {
	PAPS(F) NULL
#undef F
};

enum label label_join(enum label a, enum label b)
{
	return a > b ? a : b;
}

bool label_allows(enum label thing, enum label audience)
{
	return thing <= audience;
}

const char *label_text(enum label l)
{
	must(l < LABEL_COUNT);
	return label_names[l];
}

const char *pap_text(enum pap p)
{
	must(p < PAP_COUNT);
	return pap_names[p];
}

/* The one of `names` that is the text, with or without its first four octets. */
static int parse(const char *const *names, const char *text)
{
	if (strncasecmp(text, names[0], 4) == 0)
		text += 4;
	for (int i = 0; names[i]; i++)
		if (strcasecmp(text, names[i] + 4) == 0)
			return i;
	return strcasecmp(text, "WHITE") == 0 ? 0 : OOPS_UNKNOWN;
}

int label_parse(const char *text)
{
	return parse(label_names, text);
}

int pap_parse(const char *text)
{
	return parse(pap_names, text);
}

struct marking marking_join(struct marking a, struct marking b)
{
	return (struct marking){ a.tlp > b.tlp ? a.tlp : b.tlp,
				 a.pap > b.pap ? a.pap : b.pap };
}

bool marking_allows(struct marking thing, struct marking audience)
{
	return thing.tlp <= audience.tlp && thing.pap <= audience.pap;
}

char *marking_text(struct marking m, char to[MARKING_TEXT_MAX])
{
	snprintf(to, MARKING_TEXT_MAX, "%s %s", label_text(m.tlp), pap_text(m.pap));
	return to;
}

int marking_parse(const char *text, struct marking *ret)
{
	struct marking m = *ret;
	bool said[2] = { false, false };
	char word[24];
	int n;

	do {
		bool is_pap;

		n = (int)strcspn(text, " ,");
		snprintf(word, sizeof word, "%.*s", n, text);
		is_pap = strncasecmp(word, "PAP:", 4) == 0;
		n = is_pap ? pap_parse(word) : label_parse(word);
		if (n < 0 || said[is_pap])
			return OOPS_UNKNOWN;
		said[is_pap] = true;
		*(is_pap ? &m.pap : &m.tlp) = (u8)n;
		text += strcspn(text, " ,");
		text += strspn(text, " ,");
	} while (*text);
	*ret = m;
	return 0;
}

struct marking marking_read(const char *label)
{
	struct marking m = { LABEL_RED, PAP_GREEN };

	return marking_parse(label, &m) ? MARKING_STRICTEST : m;
}

char *marking_label(struct marking m, char to[MARKING_TEXT_MAX])
{
	if (m.pap != PAP_GREEN)
		return marking_text(m, to);
	snprintf(to, MARKING_TEXT_MAX, "%s", label_text(m.tlp));
	return to;
}
