/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.c - see table.h. */
#include "packet/table.h"

int table_open(struct table *t, u32 max, size_t size)
{
	must((max & (max - 1)) == 0 && max >= TABLE_BLOCK && size >= sizeof(struct node));
	*t = (struct table){ .mask = max - 1, .max = max, .size = (size + 15) & ~(size_t)15 };
	t->bucket = calloc(max, sizeof *t->bucket);
	t->block = calloc(max / TABLE_BLOCK, sizeof *t->block);
	if (t->bucket && t->block)
		return 0;
	table_close(t);
	return -ENOMEM;
}

void table_close(struct table *t)
{
	for (u32 i = 0; t->block && i * TABLE_BLOCK < t->top; i++)
		free(t->block[i]);
	free(t->bucket);
	free(t->block);
	*t = (struct table){ .max = 0 };
}

static void list_add(struct table *t, struct node *n, unsigned list)
{
	n->list = (u8)list;
	n->newer = NULL;
	n->older = t->list[list].newest;
	if (n->older)
		n->older->newer = n;
	else
		t->list[list].oldest = n;
	t->list[list].newest = n;
}

static void list_drop(struct table *t, struct node *n)
{
	if (n->older)
		n->older->newer = n->newer;
	else
		t->list[n->list].oldest = n->newer;
	if (n->newer)
		n->newer->older = n->older;
	else
		t->list[n->list].newest = n->older;
}

void table_move(struct table *t, struct node *n, unsigned list)
{
	list_drop(t, n);
	list_add(t, n, list);
}

/* A place that was never used. */
static struct node *fresh(struct table *t)
{
	u8 **block = &t->block[t->top / TABLE_BLOCK];

	if (t->top % TABLE_BLOCK == 0)
		*block = malloc(TABLE_BLOCK * t->size);
	if (*block == NULL)
		return NULL;
	return (struct node *)(void *)(*block + t->size * (t->top++ % TABLE_BLOCK));
}

void *table_add(struct table *t, u64 hash, u64 time_ns, unsigned list)
{
	struct node *n = t->unused;

	must(!table_is_full(t));
	if (n)
		t->unused = n->chain;
	else if ((n = fresh(t)) == NULL)
		return NULL;
	memset(n, 0, t->size);
	n->hash = hash;
	n->time_ns = time_ns;
	n->chain = t->bucket[hash & t->mask];
	t->bucket[hash & t->mask] = n;
	list_add(t, n, list);
	t->count++;
	return n;
}

void table_remove(struct table *t, struct node *n)
{
	struct node **at = &t->bucket[n->hash & t->mask];

	while (*at != n)
		at = &(*at)->chain;
	*at = n->chain;
	list_drop(t, n);
	n->chain = t->unused;
	t->unused = n;
	t->count--;
}
