/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taxii_order.c - the entries of an index in their order, out of the raw ones; see taxii_index.h.
 *
 *   raw      by id, each as often as an item has it     a a b c c c d
 *   entries  by time, each once: the earliest           c a d b
 *
 * After a change only the ids that came or went are looked for among the raw entries and put
 * in their places; the other entries are passed over once, where a set of bits of their first
 * octets says of most of them that they are not meant.
 *
 * The frame is what every document has. It stands with the first item, and where that changes
 * the frame goes along, so it is taken out and put in each time. */
#include "web/taxii_own.h"

#define BITS 65536u	/* one for each pair of first octets of an id */

static int by_id(const void *a, const void *b)
{
	const struct taxii_entry *x = a, *y = b;
	int d = memcmp(x->uuid, y->uuid, sizeof x->uuid);

	d = d ? d : x->type - y->type;
	d = d ? d : (x->added > y->added) - (x->added < y->added);
	return d ? d : (x->item > y->item) - (x->item < y->item);
}

int taxii_by_time(const void *a, const void *b)
{
	const struct taxii_entry *x = a, *y = b;
	int d = (x->added > y->added) - (x->added < y->added);

	d = d ? d : memcmp(x->uuid, y->uuid, sizeof x->uuid);
	return d ? d : x->type - y->type;
}

bool taxii_same(const struct taxii_entry *a, const struct taxii_entry *b)
{
	return a->type == b->type && memcmp(a->uuid, b->uuid, sizeof a->uuid) == 0;
}

int taxii_list_add(struct taxii_list *l, const struct taxii_entry *e)
{
	struct taxii_entry *more = taxii_roomy(l->at, l->count, &l->room, sizeof *more);

	if (more == NULL)
		return -ENOMEM;
	l->at = more;
	l->at[l->count++] = *e;
	return 0;
}

typedef int order_fn(const void *a, const void *b);

static void sort(struct taxii_list *l, order_fn *order)
{
	if (l->count)
		qsort(l->at, l->count, sizeof *l->at, order);
}

/* Puts `more`, which is in order, among `l`, which is too. */
static int merge(struct taxii_list *l, const struct taxii_list *more, order_fn *order)
{
	size_t left = l->count, at = more->count, to = left + at;
	struct taxii_entry *roomy;

	if (to > l->room) {
		if ((roomy = reallocarray(l->at, to + to / 4, sizeof *roomy)) == NULL)
			return -ENOMEM;
		l->at = roomy;
		l->room = to + to / 4;
	}
	l->count = to;
	while (at > 0) {
		if (left > 0 && order(&l->at[left - 1], &more->at[at - 1]) > 0)
			l->at[--to] = l->at[--left];
		else
			l->at[--to] = more->at[--at];
	}
	return 0;
}

int taxii_raw_order(struct index *x, size_t from)
{
	struct taxii_list more = { 0 };
	int rc = 0;

	if (from == 0) {
		sort(&x->raw, by_id);
		return 0;
	}
	for (size_t i = from; i < x->raw.count && rc == 0; i++)
		rc = taxii_list_add(&more, &x->raw.at[i]);
	x->raw.count = from;
	sort(&more, by_id);
	rc = rc ? rc : merge(&x->raw, &more, by_id);
	free(more.at);
	return rc;
}

/* The first of that id in a list that is by id, or NULL. */
static const struct taxii_entry *find(const struct taxii_list *l, const struct taxii_entry *id)
{
	struct taxii_entry least = *id;
	size_t low = 0, high = l->count;

	least.added = least.item = 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_id(&l->at[middle], &least) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < l->count && taxii_same(&l->at[low], id) ? &l->at[low] : NULL;
}

static u8 *bit(u8 *bits, const struct taxii_entry *e, u8 *mask)
{
	const unsigned k = (unsigned)(e->uuid[0] << 8 | e->uuid[1]) % BITS;

	*mask = (u8)(1u << k % 8);
	return &bits[k / 8];
}

static void mark(u8 *bits, const struct taxii_list *l)
{
	u8 mask;

	for (size_t i = 0; i < l->count; i++) {
		u8 *octet = bit(bits, &l->at[i], &mask);

		*octet |= mask;
	}
}

/* Takes entries of those ids out. */
static void take_out(struct taxii_list *entries, const struct taxii_list *changed,
		     const struct taxii_list *frame)
{
	u8 bits[BITS / 8] = { 0 }, mask;
	size_t kept = 0;

	mark(bits, changed);
	mark(bits, frame);
	for (size_t i = 0; i < entries->count; i++) {
		const struct taxii_entry *e = &entries->at[i];

		if ((*bit(bits, e, &mask) & mask) && (find(changed, e) || find(frame, e)))
			continue;
		entries->at[kept++] = *e;
	}
	entries->count = kept;
}

/* The earliest of each changed id that there is, but for those of the frame. */
static int gather(const struct index *x, const struct taxii_list *changed,
		  const struct taxii_list *frame, struct taxii_list *ret)
{
	int rc = 0;

	for (size_t i = 0; i < changed->count && rc == 0; i++) {
		const struct taxii_entry *e = &changed->at[i], *first;

		if (i && taxii_same(e, &changed->at[i - 1]))
			continue;
		if (find(frame, e) == NULL && (first = find(&x->raw, e)))
			rc = taxii_list_add(ret, first);
	}
	sort(ret, taxii_by_time);
	return rc;
}

/* The frame goes along with the first entry. */
static int add_frame(const struct taxii_list *entries, const struct taxii_list *frame,
		     struct taxii_list *fresh)
{
	const struct taxii_entry *first = entries->count ? entries->at : fresh->at;
	struct taxii_entry with;
	int rc = 0;

	if (entries->count && fresh->count && taxii_by_time(fresh->at, first) < 0)
		first = fresh->at;
	if (first == NULL)
		return 0;
	with = *first;
	for (size_t i = 0; i < frame->count && rc == 0; i++) {
		struct taxii_entry e = frame->at[i];

		e.added = with.added;
		e.item = with.item;
		rc = taxii_list_add(fresh, &e);
	}
	sort(fresh, taxii_by_time);
	return rc;
}

int taxii_order(struct index *x, struct taxii_list *changed, struct taxii_list *frame)
{
	struct taxii_list fresh = { 0 };
	int rc;

	for (size_t i = 0; i < frame->count; i++)	/* as find() wants them */
		frame->at[i].added = frame->at[i].item = 0;
	sort(frame, by_id);
	if (changed) {
		sort(changed, by_id);
		take_out(&x->entries, changed, frame);
	} else {
		x->entries.count = 0;
	}
	rc = gather(x, changed ? changed : &x->raw, frame, &fresh);
	if (rc == 0)
		rc = add_frame(&x->entries, frame, &fresh);
	if (rc == 0)
		rc = merge(&x->entries, &fresh, taxii_by_time);
	free(fresh.at);
	return rc;
}
