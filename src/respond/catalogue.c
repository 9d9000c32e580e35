/* SPDX-License-Identifier: GPL-3.0-or-later */
/* catalogue.c - see catalogue.h. The list is made once, on the first call. */
#include "respond/catalogue.h"
#include "detect/detect.h"
#include "verify/verify.h"

#define ROWS_MAX 512

struct joined {
	const struct catalogue_row *rows[ROWS_MAX + 1];
	unsigned count;
};

static void join(struct joined *all, const struct catalogue_row *r)
{
	for (; r->id; r++) {
		must(all->count < ROWS_MAX);
		all->rows[all->count++] = r;
	}
}

const struct catalogue_row *const *catalogue_all(unsigned *n)
{
	static struct joined all;

	if (all.count == 0) {
		for (unsigned i = 0; detectors[i]; i++)
			join(&all, detectors[i]->rows);
		for (unsigned i = 0; check_families[i]; i++)
			join(&all, check_families[i]->rows);
	}
	if (n)
		*n = all.count;
	return all.rows;
}

bool catalogue_of_zone(const char *id)
{
	const size_t n = strcspn(id, ".");

	for (unsigned i = 0; n && check_families[i]; i++)
		for (const struct catalogue_row *r = check_families[i]->rows; r->id; r++)
			if (strncmp(r->id, id, n) == 0 && r->id[n] == '.')
				return true;
	return false;
}

enum stance catalogue_stance(const char *id)
{
	const size_t n = strlen(id);
	unsigned rows = 0, victims = 0;

	if (catalogue_of_zone(id))
		return STANCE_FAULTY;
	for (const struct catalogue_row *const *r = catalogue_all(NULL); *r && n; r++) {
		if (strncmp((*r)->id, id, n) || ((*r)->id[n] && (*r)->id[n] != '.'))
			continue;
		rows++;
		victims += (*r)->victim;
	}
	return rows && victims == rows ? STANCE_VICTIM : STANCE_ABUSED;
}

const struct catalogue_row *catalogue_find(const char *id)
{
	for (const struct catalogue_row *const *r = catalogue_all(NULL); *r; r++)
		if (strcmp((*r)->id, id) == 0)
			return *r;
	return NULL;
}
