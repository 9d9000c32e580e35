/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compose_pack.c - see compose_pack.h. */
#include "run/compose_pack.h"
#include "respond/mime.h"
#include "share/pack.h"

void compose_packs_free(struct compose_packs *p)
{
	for (size_t i = 0; i < p->count; i++)
		buf_free(&p->at[i].attached);
	*p = (struct compose_packs){ 0 };
}

/* ---- which findings ---- */

/* A finding's sightings are the messages that show it. */
static bool has_evidence(const struct item *i)
{
	return i->kind == ITEM_OBSERVATION && i->id && i->id[0] && i->sightings;
}

static bool worse(const struct item *a, const struct item *b)
{
	return a->severity != b->severity ? a->severity > b->severity
					  : a->confidence > b->confidence;
}

/* The worst ones, in order; of equal ones the first, of one fault the last. */
static size_t choose(const struct release *r, const struct once *once,
		     const struct item *to[COMPOSE_PACKS_LOOKED], u64 *more)
{
	size_t n = 0;

	*more = 0;
	for (size_t i = 0; i < release_count(r); i++) {
		const struct item *is = release_item(r, i);
		size_t at = n;

		if (!has_evidence(is) || once[i].joined)
			continue;
		while (at && worse(is, to[at - 1]))
			at--;
		*more += n == COMPOSE_PACKS_LOOKED;
		if (at == COMPOSE_PACKS_LOOKED)
			continue;
		n += n < COMPOSE_PACKS_LOOKED;
		memmove(to + at + 1, to + at, (n - at - 1) * sizeof *to);
		to[at] = is;
	}
	return n;
}

/* ---- one ---- */

/* Its octets: 0; OOPS_UNKNOWN when there is nothing to pack. */
static int pack(struct gate *g, const char *id, struct buf *out)
{
	struct finding *f = calloc(1, sizeof *f);
	struct pack_items *items = calloc(1, sizeof *items);
	bool any = false;
	int rc = f && items ? gate_finding(g, id, f) : -ENOMEM;

	if (rc == 0)
		rc = gate_evidence(g, f, pack_item, items);
	for (u32 i = 0; rc == 0 && i < items->count; i++)
		any = any || items->octets[i];
	if (rc == 0)
		rc = any ? pack_items_write(out, f, items) : OOPS_UNKNOWN;
	if (items)
		pack_items_free(items);
	free(items);
	free(f);
	return rc ? rc : buf_error(out);
}

/* What could not be packed is left out: a letter is not held up by it. */
static bool is_left_out(int rc)
{
	return rc == OOPS_UNKNOWN || rc == OOPS_LIMIT || rc == OOPS_FORMAT ||
	       rc == OOPS_CHANGED || rc == -EPERM;
}

int compose_packs(struct compose_packs *ret, struct gate *g, const struct release *r,
		  const struct once *once, size_t most)
{
	const struct item *items[COMPOSE_PACKS_LOOKED + 1];
	const size_t n = choose(r, once, items, &ret->more);
	size_t attached = 0, octets = 0;
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		struct compose_pack *p = &ret->at[ret->count];

		*p = (struct compose_pack){ .attached = { .limit = PACK_MAX } };
		rc = pack(g, items[i]->id, &p->attached);
		if (rc) {
			buf_free(&p->attached);
			rc = is_left_out(rc) ? 0 : rc;
			continue;
		}
		ret->count++;
		snprintf(p->name, sizeof p->name, "%.12s.vedette", items[i]->id);
		p->octets = p->attached.len;
		mime_sha256(p->attached.at, p->octets, p->sha256);
		if (attached == COMPOSE_PACKS || p->octets > most - octets) {
			buf_free(&p->attached);
			continue;
		}
		attached++;
		octets += p->octets;
	}
	return rc;
}
