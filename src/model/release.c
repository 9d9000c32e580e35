/* SPDX-License-Identifier: GPL-3.0-or-later */
/* release.c - see release.h. */
#include "model/release.h"

struct release {
	struct audience to;
	char *name;		/* what to.name points to */
	enum release_mode mode;
	struct item **items;
	struct refusal *refusals;
	size_t count, refused;
};

int release_new(struct release **ret, const struct audience *to, struct marking cap,
		enum release_mode mode)
{
	struct release *r = calloc(1, sizeof *r);

	if (r == NULL || (r->name = strdup(to->name ? to->name : "")) == NULL) {
		free(r);
		return -ENOMEM;
	}
	r->to.name = r->name;
	r->to.clearance.tlp = (u8)min_u64(to->clearance.tlp, cap.tlp);
	r->to.clearance.pap = (u8)min_u64(to->clearance.pap, cap.pap);
	r->mode = mode;
	*ret = r;
	return 0;
}

struct release *release_free(struct release *r)
{
	if (r == NULL)
		return NULL;
	for (size_t i = 0; i < r->count; i++)
		free(r->items[i]);
	for (size_t i = 0; i < r->refused; i++)
		free((char *)(uintptr_t)r->refusals[i].id);
	free(r->items);
	free(r->refusals);
	free(r->name);
	free(r);
	return NULL;
}

/* Room for one more in a list that doubles. */
static void *room(void *list, size_t count, size_t size)
{
	if (count & (count - 1))
		return list;
	return reallocarray(list, count ? 2 * count : 1, size);
}

static int keep(struct release *r, const struct item *i)
{
	struct item **more = room(r->items, r->count, sizeof *more);

	if (more == NULL)
		return -ENOMEM;
	r->items = more;
	if ((more[r->count] = item_copy(i)) == NULL)
		return -ENOMEM;
	r->count++;
	return 1;
}

static int refuse(struct release *r, const struct item *i)
{
	struct refusal *more = room(r->refusals, r->refused, sizeof *more);
	char *id = strdup(i->id ? i->id : "");

	if (more)
		r->refusals = more;
	if (more == NULL || id == NULL) {
		free(id);
		return -ENOMEM;
	}
	more[r->refused++] = (struct refusal){ id, i->kind, item_marking(i) };
	return 0;
}

/* The frame that is left of an incident: everything else hangs on its id. */
static int keep_frame(struct release *r, const struct item *i)
{
	const struct item frame = { .id = i->id, .kind = i->kind,
		.tlp = r->to.clearance.tlp, .pap = r->to.clearance.pap };

	return keep(r, &frame);
}

int release_add(struct release *r, const struct item *i)
{
	int rc;

	if (r->count + r->refused >= RELEASE_ITEMS_MAX)
		return OOPS_LIMIT;
	if (marking_allows(item_marking(i), r->to.clearance))
		return keep(r, i);
	rc = refuse(r, i);
	if (rc == 0 && r->mode == RELEASE_REDACTED && i->kind == ITEM_INCIDENT &&
	    (rc = keep_frame(r, i)) > 0)
		rc = 0;
	return rc;
}

bool release_good(const struct release *r)
{
	return r->refused == 0 || r->mode == RELEASE_REDACTED;
}

const struct audience *release_audience(const struct release *r)
{
	return &r->to;
}

size_t release_count(const struct release *r)
{
	return release_good(r) ? r->count : 0;
}

const struct item *release_item(const struct release *r, size_t at)
{
	must(at < release_count(r));
	return r->items[at];
}

size_t release_refused(const struct release *r)
{
	return r->refused;
}

const struct refusal *release_refusal(const struct release *r, size_t at)
{
	must(at < r->refused);
	return &r->refusals[at];
}

struct marking release_marking(const struct release *r)
{
	struct marking m = { 0 };

	for (size_t i = 0; i < release_count(r); i++)
		m = marking_join(m, item_marking(r->items[i]));
	return m;
}
