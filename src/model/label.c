/* SPDX-License-Identifier: GPL-3.0-or-later */
/* label.c - see label.h. */
#include "model/label.h"
#include <strings.h>

static const char *const texts[] = {
#define F(name, text) text,
	LABELS(F)
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
	return texts[l];
}

int label_parse(const char *text)
{
	if (strncasecmp(text, "TLP:", 4) == 0)
		text += 4;
	for (int i = 0; i < LABEL_COUNT; i++)
		if (strcasecmp(text, texts[i] + 4) == 0)
			return i;
	return strcasecmp(text, "WHITE") == 0 ? LABEL_CLEAR : OOPS_UNKNOWN;
}
