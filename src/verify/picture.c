/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture.c - see picture.h. */
#include "verify/picture.h"
#include <jansson.h>
#include <strings.h>

const char *const picture_kinds[] = {
#define F(name, text) text,
	PICTURE_KINDS(F) NULL
#undef F
};

/* ---- reading ---- */

static bool number(json_t *from, u64 most, u64 *ret)
{
	json_int_t n = json_integer_value(from);

	if (!json_is_integer(from) || n < 0 || (u64)n > most)
		return false;
	*ret = (u64)n;
	return true;
}

static bool index_of(json_t *from, u32 count, u32 *ret)
{
	u64 n;

	if (count == 0 || !number(from, count - 1u, &n))
		return false;
	*ret = (u32)n;
	return true;
}

static json_t *list(json_t *from, const char *name, size_t most)
{
	json_t *l = json_object_get(from, name);

	return json_is_array(l) && json_array_size(l) <= most ? l : NULL;
}

/* Numbers of a list, behind each other in *at from *used on. */
static bool numbers(json_t *from, u32 below, u32 *at, u32 *used, u32 room)
{
	size_t i;
	json_t *one;

	if (!json_is_array(from) || json_array_size(from) > room - *used)
		return false;
	json_array_foreach(from, i, one)
		if (!index_of(one, below, &at[(*used)++]))
			return false;
	return true;
}

/* How many numbers stand in the lists at place `at` of all rows. */
static size_t total(json_t *rows, size_t at)
{
	size_t n = 0, i;
	json_t *row;

	json_array_foreach(rows, i, row)
		n += json_array_size(json_array_get(row, at));
	return n;
}

static bool read_sets(struct picture *p, json_t *rows)
{
	u32 used = 0, room = (u32)total(rows, 2);
	size_t i;
	json_t *row;

	json_array_foreach(rows, i, row) {
		struct picture_set *s = &p->sets[p->set_count++];
		u64 weight, critical;

		s->first = used;
		if (!number(json_array_get(row, 0), UINT32_MAX, &weight) ||
		    !number(json_array_get(row, 1), weight, &critical) ||
		    !numbers(json_array_get(row, 2), p->count[PICTURE_HOST], p->hosts, &used,
			     room))
			return false;
		s->weight = (u32)weight;
		s->critical = (u32)critical;
		s->count = used - s->first;
		p->known += weight;
	}
	return p->known <= p->delegations;
}

static bool read_hosts(struct picture *p, json_t *rows)
{
	u32 used = 0, room = (u32)total(rows, 2);
	size_t i;
	json_t *row;

	json_array_foreach(rows, i, row) {
		struct picture_element *e = &p->at[PICTURE_HOST][i];

		e->name = json_string_value(json_array_get(row, 0));
		e->first = used;
		if (e->name == NULL ||
		    !index_of(json_array_get(row, 1), p->count[PICTURE_OPERATOR], &e->up) ||
		    !numbers(json_array_get(row, 2), p->count[PICTURE_ADDRESS], p->addresses,
			     &used, room))
			return false;
		e->count = used - e->first;
	}
	return true;
}

static bool read_addresses(struct picture *p, json_t *rows)
{
	size_t i;
	json_t *row;

	json_array_foreach(rows, i, row) {
		struct picture_element *e = &p->at[PICTURE_ADDRESS][i];
		json_t *as = json_array_get(row, 2);

		e->name = json_string_value(json_array_get(row, 0));
		e->as = UINT32_MAX;
		if (e->name == NULL ||
		    !index_of(json_array_get(row, 1), p->count[PICTURE_PREFIX], &e->up) ||
		    (json_integer_value(as) != -1 &&
		     !index_of(as, p->count[PICTURE_AS], &e->as)))
			return false;
	}
	return true;
}

static bool read_names(struct picture *p, enum picture_kind kind, json_t *rows)
{
	size_t i;
	json_t *row;

	json_array_foreach(rows, i, row)
		if ((p->at[kind][i].name = json_string_value(row)) == NULL)
			return false;
	return true;
}

static int make_room(struct picture *p, json_t *const *rows, json_t *sets)
{
	for (unsigned k = 0; k < PICTURE_KIND_COUNT; k++) {
		p->count[k] = (u32)json_array_size(rows[k]);
		p->at[k] = calloc(p->count[k] + 1ull, sizeof *p->at[k]);
		if (p->at[k] == NULL)
			return -ENOMEM;
	}
	p->sets = calloc(json_array_size(sets) + 1, sizeof *p->sets);
	p->hosts = calloc(total(sets, 2) + 1, sizeof *p->hosts);
	p->addresses = calloc(total(rows[PICTURE_HOST], 2) + 1, sizeof *p->addresses);
	return p->sets && p->hosts && p->addresses ? 0 : -ENOMEM;
}

int picture_read(struct picture *ret, const char *text, size_t n)
{
	static const char *const names[] = { "operators", "hosts", "addresses", "prefixes",
		"ases" };
	json_t *all = n <= PICTURE_OCTETS ? json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL)
					  : NULL;
	json_t *rows[PICTURE_KIND_COUNT], *sets = list(all, "sets", PICTURE_SETS);
	int rc;

	*ret = (struct picture){ .own = all };
	ret->zone = json_string_value(json_object_get(all, "zone"));
	if (ret->zone == NULL || sets == NULL ||
	    !number(json_object_get(all, "delegations"), UINT32_MAX, &ret->delegations) ||
	    !number(json_object_get(all, "critical"), ret->delegations, &ret->critical) ||
	    !number(json_object_get(all, "different"), UINT32_MAX, &ret->different))
		return OOPS_FORMAT;
	for (unsigned k = 0; k < PICTURE_KIND_COUNT; k++)
		if ((rows[k] = list(all, names[k], 1u << 20)) == NULL)
			return OOPS_FORMAT;
	if ((rc = make_room(ret, rows, sets)))
		return rc;
	return read_names(ret, PICTURE_OPERATOR, rows[PICTURE_OPERATOR]) &&
	       read_names(ret, PICTURE_PREFIX, rows[PICTURE_PREFIX]) &&
	       read_names(ret, PICTURE_AS, rows[PICTURE_AS]) &&
	       read_addresses(ret, rows[PICTURE_ADDRESS]) &&
	       read_hosts(ret, rows[PICTURE_HOST]) && read_sets(ret, sets) ? 0 : OOPS_FORMAT;
}

void picture_free(struct picture *p)
{
	for (unsigned k = 0; k < PICTURE_KIND_COUNT; k++)
		free(p->at[k]);
	free(p->sets);
	free(p->hosts);
	free(p->addresses);
	json_decref(p->own);
	*p = (struct picture){ 0 };
}

/* ---- what rests on what ---- */

/* Does the host rest on the element of that kind, with all (`whole`) or some of what it has? */
static bool rests(const struct picture *p, u32 host, enum picture_kind kind, u32 element,
		  bool whole)
{
	const struct picture_element *h = &p->at[PICTURE_HOST][host];
	u32 hits = 0;

	if (kind == PICTURE_HOST)
		return host == element;
	if (kind == PICTURE_OPERATOR)
		return h->up == element;
	for (u32 i = 0; i < h->count; i++) {
		u32 address = p->addresses[h->first + i];
		const struct picture_element *a = &p->at[PICTURE_ADDRESS][address];

		hits += kind == PICTURE_ADDRESS ? address == element
		      : kind == PICTURE_PREFIX ? a->up == element : a->as == element;
	}
	return whole ? h->count && hits == h->count : hits > 0;
}

/* Elements of a kind that a host rests on, one by one; false past the last. */
static bool nth(const struct picture *p, u32 host, enum picture_kind kind, u32 n, u32 *ret)
{
	const struct picture_element *h = &p->at[PICTURE_HOST][host], *a;
	u32 address;

	if (kind == PICTURE_HOST || kind == PICTURE_OPERATOR) {
		*ret = kind == PICTURE_HOST ? host : h->up;
		return n == 0;
	}
	if (n >= h->count)
		return false;
	address = p->addresses[h->first + n];
	a = &p->at[PICTURE_ADDRESS][address];
	*ret = kind == PICTURE_ADDRESS ? address : kind == PICTURE_PREFIX ? a->up : a->as;
	return true;
}

/* True when an earlier host of the set, or place of this one, had the element already. */
static bool is_again(const struct picture *p, const struct picture_set *s, u32 host_place,
		     enum picture_kind kind, u32 place, u32 element)
{
	u32 other;

	for (u32 i = 0; i < host_place; i++)
		if (rests(p, p->hosts[s->first + i], kind, element, false))
			return true;
	for (u32 i = 0; i < place; i++)
		if (nth(p, p->hosts[s->first + host_place], kind, i, &other) && other == element)
			return true;
	return false;
}

static bool falls_alone(const struct picture *p, const struct picture_set *s,
			enum picture_kind kind, u32 element)
{
	for (u32 i = 0; i < s->count; i++)
		if (!rests(p, p->hosts[s->first + i], kind, element, true))
			return false;
	return s->count > 0;
}

static void count_set(struct picture *p, const struct picture_set *s, enum picture_kind kind)
{
	u32 element;

	for (u32 i = 0; i < s->count; i++)
		for (u32 j = 0; nth(p, p->hosts[s->first + i], kind, j, &element); j++) {
			struct picture_element *e = &p->at[kind][element];

			if (element == UINT32_MAX || is_again(p, s, i, kind, j, element))
				continue;
			e->uses += s->weight;
			if (!falls_alone(p, s, kind, element))
				continue;
			e->alone += s->weight;
			e->critical += s->critical;
		}
}

/* ---- asking ---- */

static bool same_name(const char *a, const char *b, size_t n)
{
	size_t len = strcspn(a, " ");	/* "AS64500 (Example)" */

	if (n && b[n - 1] == '.')
		n--;
	if (len && a[len - 1] == '.')
		len--;
	return len == n && strncasecmp(a, b, n) == 0;
}

static bool lose(struct picture *p, enum picture_kind kind, const char *name, size_t n)
{
	bool hit = false;

	if (kind == PICTURE_AS && n > 2 && strncasecmp(name, "as", 2) == 0) {
		name += 2;
		n -= 2;
	}
	for (u32 i = 0; i < p->count[kind]; i++) {
		const char *is = p->at[kind][i].name;

		if (same_name(kind == PICTURE_AS && strncmp(is, "AS", 2) == 0 ? is + 2 : is, name,
			      n))
			p->at[kind][i].lost = hit = true;
	}
	return hit;
}

static int lose_part(struct picture *p, const char *part, size_t n, bool *hit)
{
	const char *colon = memchr(part, ':', n);
	size_t kind_len = colon ? (size_t)(colon - part) : 0;

	for (unsigned k = 0; k < PICTURE_KIND_COUNT && colon; k++)
		if (strlen(picture_kinds[k]) == kind_len &&
		    memcmp(picture_kinds[k], part, kind_len) == 0) {
			*hit = lose(p, (enum picture_kind)k, colon + 1, n - kind_len - 1);
			return 0;
		}
	return OOPS_FORMAT;
}

/* What was lost goes down to addresses and hosts. */
static void spread_loss(struct picture *p)
{
	for (u32 i = 0; i < p->count[PICTURE_ADDRESS]; i++) {
		struct picture_element *a = &p->at[PICTURE_ADDRESS][i];

		a->lost |= p->at[PICTURE_PREFIX][a->up].lost ||
			   (a->as != UINT32_MAX && p->at[PICTURE_AS][a->as].lost);
	}
	for (u32 i = 0; i < p->count[PICTURE_HOST]; i++) {
		struct picture_element *h = &p->at[PICTURE_HOST][i];
		bool all = h->count > 0;

		for (u32 j = 0; j < h->count; j++)
			all &= p->at[PICTURE_ADDRESS][p->addresses[h->first + j]].lost;
		h->lost |= all || p->at[PICTURE_OPERATOR][h->up].lost;
	}
}

static void judge(struct picture *p, struct picture_set *s)
{
	u32 lost = 0;

	for (u32 i = 0; i < s->count; i++)
		lost += p->at[PICTURE_HOST][p->hosts[s->first + i]].lost;
	s->state = lost == 0 ? PICTURE_STANDS : lost < s->count ? PICTURE_WEAK : PICTURE_DOWN;
	p->fall += s->state == PICTURE_DOWN ? s->weight : 0;
	p->weak += s->state == PICTURE_WEAK ? s->weight : 0;
	p->fall_critical += s->state == PICTURE_DOWN ? s->critical : 0;
	p->weak_critical += s->state == PICTURE_WEAK ? s->critical : 0;
}

int picture_ask(struct picture *p, const char *question, char unused[PICTURE_UNUSED])
{
	size_t used = 0, n;

	unused[0] = 0;
	for (const char *at = question; *at; at += n) {
		bool hit;

		at += strspn(at, ", ");
		n = strcspn(at, ", ");
		if (n == 0)
			continue;
		if (lose_part(p, at, n, &hit))
			return OOPS_FORMAT;
		if (!hit && used < PICTURE_UNUSED)
			used += (size_t)snprintf(unused + used, PICTURE_UNUSED - used, "%s%.*s",
						 used ? "," : "", (int)min_u64(n, 100), at);
	}
	spread_loss(p);
	for (u32 i = 0; i < p->set_count; i++) {
		judge(p, &p->sets[i]);
		for (unsigned k = 0; k < PICTURE_KIND_COUNT; k++)
			count_set(p, &p->sets[i], (enum picture_kind)k);
	}
	return 0;
}
