/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalogue.c - see catalogue.h. The list is made once, on the first call. */
#include "run/catalogue.h"
#include "detect/detect.h"

#define ROWS_MAX 512

const struct catalogue_row *const *catalogue_all(unsigned *n)
{
	static const struct catalogue_row *rows[ROWS_MAX + 1];
	static unsigned count;

	if (count == 0)
		for (unsigned i = 0; detectors[i]; i++)
			for (const struct catalogue_row *r = detectors[i]->rows; r->id; r++) {
				must(count < ROWS_MAX);
				rows[count++] = r;
			}
	if (n)
		*n = count;
	return rows;
}

const struct catalogue_row *catalogue_find(const char *id)
{
	for (const struct catalogue_row *const *r = catalogue_all(NULL); *r; r++)
		if (strcmp((*r)->id, id) == 0)
			return *r;
	return NULL;
}
