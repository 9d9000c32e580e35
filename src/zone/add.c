/* SPDX-License-Identifier: GPL-3.0-or-later */
/* add.c - see add.h.
 *
 * A record's names are looked up in a table that no cache holds, so the items ahead are
 * asked for early: their slots AHEAD items before, the names behind these NEARER before. */
#include "zone/add.h"
#include "zone/own.h"
#include <math.h>

#define AHEAD 24u
#define NEARER 12u
#define TTL_DEFAULT 3600u	/* what Knot DNS and NSD take when nothing is said */

/* What goes on from block to block of one file. */
struct level {
	enum carried owner_is;	/* CARRY_OLD: nothing said one yet */
	u8 owner[NAME_WIRE_MAX], owner_len;
	u64 hash;
	u32 line;		/* of the next block's first line */
};

struct adder {
	const struct zone_read_conf *conf;
	struct zone_read_result *result;
	pthread_mutex_t *talk;
	struct zone *zone;
	u64 size;
	struct level levels[ZONE_INCLUDE_DEEP + 1];
	u32 owner;		/* of the last record */
	u32 line;		/* of the record that is added */
	bool has_ttl, has_minimum, told_ttl, cut;
	u32 ttl, minimum;	/* the last one said; the SOA's */
	struct zone_trouble *held;	/* told when the first record is there */
	unsigned held_count;
};

int adder_make(struct adder **ret, const struct zone_read_conf *conf,
	       struct zone_read_result *result, pthread_mutex_t *talk, u64 size)
{
	struct adder *a = calloc(1, sizeof *a);
	int rc = -ENOMEM;

	if (a == NULL)
		return rc;
	a->conf = conf;
	a->result = result;
	a->talk = talk;
	a->size = size;
	if ((a->held = calloc(ADD_BAD_FIRST, sizeof *a->held)) == NULL ||
	    (rc = zone_make(&a->zone, conf->origin, conf->memory, conf->key)) < 0)
		return adder_free(a), rc;
	*ret = a;
	return 0;
}

struct adder *adder_free(struct adder *a)
{
	if (a == NULL)
		return NULL;
	zone_free(a->zone);
	free(a->held);
	free(a);
	return NULL;
}

/* ---- troubles ---- */

static void tell_now(struct adder *a, const struct zone_trouble *t)
{
	a->cut |= t->kind == ZONE_CUT_SHORT || t->kind == ZONE_FULL || t->kind == ZONE_BROKEN;
	a->result->troubles++;
	pthread_mutex_lock(a->talk);
	a->conf->trouble(a->conf->to, t);
	pthread_mutex_unlock(a->talk);
}

static void tell_held(struct adder *a)
{
	for (unsigned i = 0; i < a->held_count; i++)
		tell_now(a, &a->held[i]);
	a->held_count = 0;
}

/* Bad lines before the first record wait until it is clear that this is a zone: 0, or 1
 * when it is not. */
static int tell(struct adder *a, struct zone_trouble *t)
{
	if (t->kind == ZONE_BAD_LINE && a->result->records == 0) {
		if (a->held_count < ADD_BAD_FIRST) {
			a->held[a->held_count++] = *t;
			return 0;
		}
		t = &a->held[0];
		t->kind = ZONE_BROKEN;
		snprintf(t->text, sizeof t->text,
			 N_("a hundred bad lines and no record: this is no zone"));
		tell_now(a, t);
		a->held_count = 0;
		return 1;
	}
	tell_held(a);
	tell_now(a, t);
	return 0;
}

static int say(struct adder *a, const struct block *b, u32 line, enum zone_trouble_kind kind,
	       const char *text)
{
	struct zone_trouble t = { .kind = kind, .file = b->file, .line = line };

	snprintf(t.text, sizeof t.text, "%s", text);
	return tell(a, &t);
}

static int pass_on(struct adder *a, const struct block *b, const struct packed *it, u32 line)
{
	struct zone_trouble t = { .kind = it->type, .file = b->file, .line = line };
	int rc;

	memcpy(t.text, it->rest, it->rdlen);
	rc = tell(a, &t);
	if (it->flags & ITEM_ORIGIN) {
		tell_held(a);
		return OOPS_UNKNOWN;
	}
	return rc;
}

/* ---- records ---- */

static u32 minimum_of(const u8 *rdata, u32 len)
{
	const u8 *p = rdata + len - 4;

	return (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | p[3];
}

/* The TTL of a record that says none, in a text without $TTL: the one stated last (RFC 1035,
 * 5.1), before any the SOA's minimum, as BIND and ldns have it. It is told once. */
static int take_ttl(struct adder *a, const struct block *b, const struct packed *it, u32 *ttl)
{
	bool told = a->told_ttl, none;

	if (it->flags & ITEM_TTL) {
		if (it->type == TYPE_SOA && !a->has_minimum) {
			a->minimum = minimum_of(it->rest + it->owner_len, it->rdlen);
			a->has_minimum = true;
		}
		*ttl = a->has_ttl ? a->ttl : a->has_minimum ? a->minimum : TTL_DEFAULT;
	}
	none = (it->flags & ITEM_TTL) && !a->has_ttl && !a->has_minimum;
	a->told_ttl = true;
	return told ? 0 : say(a, b, a->levels[b->level].line + it->line, ZONE_WARNING, none ?
			      N_("no TTL, no $TTL, and no TTL before it: 3600 is taken") :
			      N_("no TTL and no $TTL: the one stated last is meant (RFC "
			      "1035, 5.1), but some servers take 3600"));
}

/* The owner's handle, or 0 with *rc: 0 when it was only told that there is none. */
static u32 take_owner(struct adder *a, const struct block *b, const struct packed *it, int *rc)
{
	struct level *lv = &a->levels[b->level];

	*rc = 0;
	if (it->flags & ITEM_SAME)
		return a->owner;
	if (it->owner_len)
		return zone_intern(a->zone, it->rest, it->owner_len, it->hash, rc);
	if (lv->owner_is == CARRY_NEW)
		return zone_intern(a->zone, lv->owner, lv->owner_len, lv->hash, rc);
	*rc = say(a, b, lv->line + it->line, ZONE_BAD_LINE,
		  lv->owner_is == CARRY_BAD ? BLOCK_OWNER_BAD : N_("no owner, and none "
		  	"before it"));
	return 0;
}

static u32 take_value(struct adder *a, const struct packed *it, int *rc)
{
	const u8 *rdata = it->rest + it->owner_len;
	u32 value;
	u64 hash;

	*rc = 0;
	switch (it->type) {
	case TYPE_NS:
		memcpy(&hash, rdata, 8);
		return zone_intern(a->zone, rdata + 8, it->rdlen - 8u, hash, rc);
	case TYPE_A:
		memcpy(&value, rdata, 4);
		return value;
	default:
		return zone_put(a->zone, rdata, it->rdlen, rc);
	}
}

/* One record: 0, also when it was left out and told; 1 or negative as adder_block(). */
static int add_record(struct adder *a, const struct block *b, const struct packed *it)
{
	struct zone_row r = { .ttl = it->ttl, .type = it->type, .file = b->file,
		.line = a->levels[b->level].line + it->line };
	int rc;

	a->line = r.line;
	if ((r.owner = take_owner(a, b, it, &rc)) == 0)
		return rc;
	if ((it->flags & (ITEM_TTL | ITEM_TTL_TAKEN)) && (rc = take_ttl(a, b, it, &r.ttl)))
		return rc;
	r.value = take_value(a, it, &rc);
	if (rc < 0 || (rc = zone_append(a->zone, &r, it->flags & ITEM_AFTER)) < 0)
		return rc;
	a->owner = r.owner;
	if (a->result->records++ == 0)
		tell_held(a);
	return 0;
}

/* ---- blocks ---- */

static const struct packed *item_at(const struct block *b, u64 at)
{
	return (const struct packed *)(b->pack + at);
}

static u64 hash_of_target(const struct packed *it)
{
	u64 hash;

	memcpy(&hash, it->rest + it->owner_len, 8);
	return hash;
}

inline_always void ahead(const struct zone *z, const struct packed *it)
{
	if (it->owner_len)
		zone_ahead(z, it->hash);
	if (it->type == TYPE_NS && !(it->flags & ITEM_TROUBLE))
		zone_ahead(z, hash_of_target(it));
}

inline_always void nearer(const struct zone *z, const struct packed *it)
{
	if (it->type == TYPE_NS && !(it->flags & ITEM_TROUBLE))
		zone_nearer(z, hash_of_target(it));
}

/* Three walks over the items, one behind the other. */
static int add_items(struct adder *a, const struct block *b)
{
	u64 far = 0, near = 0, at = 0;
	int rc = 0;

	for (u64 n = 0; at < b->pack_len && rc == 0; n++) {
		const struct packed *it;

		if (far < b->pack_len) {
			ahead(a->zone, it = item_at(b, far));
			far += it->size * 8u;
		}
		if (n < NEARER)
			continue;
		if (near < b->pack_len) {
			nearer(a->zone, it = item_at(b, near));
			near += it->size * 8u;
		}
		if (n < AHEAD)
			continue;
		it = item_at(b, at);
		if (it->flags & ITEM_TROUBLE)
			rc = pass_on(a, b, it, a->levels[b->level].line + it->line);
		else
			rc = add_record(a, b, it);
		at += it->size * 8u;
	}
	return rc;
}

/* What the next block takes over. */
static void carry(struct adder *a, const struct block *b)
{
	struct level *lv = &a->levels[b->level];

	lv->line += b->lines;
	if (b->owner_is != CARRY_OLD)
		lv->owner_is = b->owner_is;
	if (b->owner_is == CARRY_NEW) {
		memcpy(lv->owner, b->owner, b->owner_len);
		lv->owner_len = b->owner_len;
		lv->hash = b->owner_hash;
	}
	if (b->ttl_is == CARRY_NEW) {
		a->ttl = b->ttl;
		a->has_ttl = true;
	}
	a->result->lines += b->lines;
	a->result->octets = b->octets;
}

/* How many names there will be, once a part of the text has been seen: owners come as the
 * text does, of the names that NS records point at less and less are new. */
static void expect(struct adder *a, const struct block *b)
{
	const struct zone *z = a->zone;
	double more, names;

	if (b->octets < 1u << 20 || b->octets >= a->size)
		return;
	more = (double)a->size / (double)b->octets;
	names = z->owner_count * more + (z->name_count - z->owner_count) * sqrt(more);
	a->zone->expect = (u32)(names < UINT32_MAX / 2 ? names : UINT32_MAX / 2);
}

int adder_block(struct adder *a, const struct block *b)
{
	int rc;

	if (b->error)
		return b->error;
	if (b->begins)
		a->levels[b->level] = (struct level){ .line = 1 };
	expect(a, b);
	rc = add_items(a, b);
	if (rc == OOPS_LIMIT) {
		rc = say(a, b, a->line, ZONE_FULL,
			 N_("the memory for one zone is used up"));
		rc = 1;
	}
	carry(a, b);
	if (a->conf->progress) {
		pthread_mutex_lock(a->talk);
		a->conf->progress(a->conf->to, b->octets);
		pthread_mutex_unlock(a->talk);
	}
	a->cut |= rc == 1;
	return rc;
}

int adder_end(struct adder *a, struct zone **ret, unsigned threads)
{
	tell_held(a);
	a->result->whole = !a->cut;
	a->zone->threads = threads;
	*ret = a->zone;
	a->zone = NULL;
	return 0;
}
