/* SPDX-License-Identifier: GPL-3.0-or-later */
/* question.c - see question.h. */
#include "dns/question.h"
#include "base/hash.h"

#define PLACES_LOG 12

_Static_assert(sizeof(struct question) == 128, "two cache lines");

struct questions { struct question at[1u << PLACES_LOG]; };

int questions_open(struct questions **ret)
{
	struct questions *q = aligned_alloc(64, sizeof *q);

	if (q == NULL)
		return -ENOMEM;
	memset(q, 0, sizeof *q);
	*ret = q;
	return 0;
}

struct questions *questions_free(struct questions *q)
{
	free(q);
	return NULL;
}

/* The octets' last eight may overlap those before: n >= 8 is not needed, because a
 * question has five and a header of twelve stands before it. */
static inline u64 tail(const u8 *end)
{
	return hash_load(end - 8, 8);
}

static inline u64 place_of(const u8 *wire, unsigned n)
{
	u64 sum = tail(wire + n) * HASH_A + n;

	for (unsigned i = 0; i + 8 < n; i += 8)
		sum = (sum ^ hash_load(wire + i, 8)) * HASH_B;
	return (sum ^ sum >> 29) * HASH_A >> (64 - PLACES_LOG);
}

/* For 8 octets and more the last eight are compared at once, some of them again. */
static inline bool equal(const u8 *a, const u8 *b, unsigned n)
{
	u64 differ = 0;

	for (unsigned i = 0; i + 8 < n; i += 8)
		differ |= hash_load(a + i, 8) ^ hash_load(b + i, 8);
	if (unlikely(n < 8))
		return memcmp(a, b, n) == 0;
	return (differ | (hash_load(a + n - 8, 8) ^ hash_load(b + n - 8, 8))) == 0;
}

struct question *questions_place(struct questions *q, const u8 *wire, unsigned len)
{
	struct question *place;

	if (unlikely(q == NULL || len + 4 > QUESTION_OCTETS))
		return NULL;
	place = &q->at[place_of(wire, len + 4)];
	__builtin_prefetch(place, 1);
	__builtin_prefetch(place->at, 1);
	return place;
}

void question_read(struct question *place, struct qname *ret, const struct suffixes *s,
		   const u8 *wire, unsigned len)
{
	unsigned n = len + 4;

	if (likely(place != NULL) && place->octets == n && equal(place->at, wire, n)) {
		*ret = place->name;
		ret->wire = wire;
		return;
	}
	qname_read(ret, s, wire, len);
	if (place == NULL)
		return;
	place->name = *ret;
	place->octets = (u16)n;
	place->note = (struct question_note){ .where = NULL };
	memcpy(place->at, wire, n);
}
