/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compose_once.c - see compose_once.h. What may be equal is sorted: faults by rule and subject,
 * reports by subject, words and who says them, then by time. Of equal ones the last stays and
 * gets the first one's time. Findings in traffic are each their own. */
#include "run/compose_once.h"
#include "base/num.h"
#include "respond/catalogue.h"

static bool is_fault(const struct item *i)
{
	return i->kind == ITEM_OBSERVATION && i->rule && i->subject && catalogue_of_zone(i->rule);
}

static bool is_report(const struct item *i)
{
	return i->kind == ITEM_REPORT && i->subject;
}

static int texts(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

/* 0: they are told as one. */
static int order(const struct item *a, const struct item *b)
{
	int diff = (a->kind > b->kind) - (a->kind < b->kind);

	if (diff == 0)
		diff = strcmp(a->subject, b->subject);
	if (diff || a->kind != ITEM_REPORT)
		return diff ? diff : strcmp(a->rule, b->rule);
	diff = texts(a->text, b->text);
	return diff ? diff : texts(a->source, b->source);
}

/* 0 is a time that nobody said. */
static u64 earlier(u64 a, u64 b)
{
	return a && b ? min_u64(a, b) : a + b;
}

static int by_order(const void *a, const void *b, void *to)
{
	const u32 i = *(const u32 *)a, k = *(const u32 *)b;
	const struct item *x = release_item(to, i), *y = release_item(to, k);
	int diff = order(x, y);

	if (diff == 0)
		diff = (x->last_seen > y->last_seen) - (x->last_seen < y->last_seen);
	return diff ? diff : i < k ? -1 : i > k;
}

static void join(const struct release *r, const u32 *list, size_t n, struct once *once)
{
	for (size_t i = 0; i + 1 < n; i++) {
		struct once *was = &once[list[i]], *next = &once[list[i + 1]];

		if (order(release_item(r, list[i]), release_item(r, list[i + 1])))
			continue;
		was->joined = true;
		next->first = earlier(next->first, was->first);
	}
}

int compose_once(const struct release *r, struct once **ret)
{
	const size_t all = r ? release_count(r) : 0;
	struct once *once = calloc(all + 1, sizeof *once);
	u32 *list = malloc((all + 1) * sizeof *list);
	size_t n = 0;

	*ret = once;
	if (once == NULL || list == NULL) {
		free(list);
		return -ENOMEM;
	}
	for (size_t i = 0; i < all; i++) {
		once[i].first = release_item(r, i)->first_seen;
		if (is_fault(release_item(r, i)) || is_report(release_item(r, i)))
			list[n++] = (u32)i;
	}
	qsort_r(list, n, sizeof *list, by_order, (void *)r);
	join(r, list, n, once);
	free(list);
	return 0;
}
