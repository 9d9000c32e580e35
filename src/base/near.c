/* SPDX-License-Identifier: GPL-3.0-or-later */
/* near.c - see near.h. */
#include "base/near.h"

struct near near_to(const char *wanted)
{
	return (struct near){ .wanted = wanted };
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Three rows of the table are kept: two back for swaps. */
static unsigned distance(const char *a, size_t na, const char *b, size_t nb)
{
	unsigned rows[3][NEAR_MAX + 1];

	for (size_t j = 0; j <= nb; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= na; i++) {
		unsigned *now = rows[i % 3], *up = rows[(i + 2) % 3];
		const unsigned *two_up = rows[(i + 1) % 3];

		now[0] = (unsigned)i;
		for (size_t j = 1; j <= nb; j++) {
			now[j] = least(up[j - 1] + (a[i - 1] != b[j - 1]),
				       least(up[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = least(now[j], two_up[j - 2] + 1);
		}
	}
	return rows[na % 3][nb];
}

static unsigned steps_allowed(size_t n)
{
	return n <= 3 ? 1 : n <= 7 ? 2 : 3;
}

void near_try(struct near *n, const char *name)
{
	size_t a = strlen(n->wanted), b = strlen(name);
	unsigned steps;

	if (a == 0 || a > NEAR_MAX || b > NEAR_MAX)
		return;
	steps = distance(n->wanted, a, name, b);
	if (a >= 2 && strncmp(n->wanted, name, a) == 0)
		steps = 1;
	if (steps > steps_allowed(a) || steps >= max_u64(a, b) ||
	    (n->steps && steps >= n->steps))
		return;
	n->steps = steps ? steps : 1;
	memcpy(n->best, name, b + 1);
}

const char *near_best(const struct near *n)
{
	return n->steps ? n->best : NULL;
}
