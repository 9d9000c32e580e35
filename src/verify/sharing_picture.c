/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sharing_picture.c - the graph of a zone in a form small enough to be kept with its audit: the
 * sets of servers that most delegations have, and what these servers rest on. See picture.h.
 *
 * Cost: one sort of the different sets; names are made for what is told only. */
#include "verify/sharing.h"
#include "verify/picture.h"
#include "model/utf8.h"
#include "base/buf.h"

struct numbering { u32 *of, *at, count; };	/* of: element -> number + 1 */

struct drawing {
	struct sharing *s;
	struct numbering level[SHARING_LEVEL_COUNT];
	struct buf out;
};

static u32 number_of(struct drawing *d, enum sharing_level level, u32 element)
{
	struct numbering *n = &d->level[level];

	if (n->of[element] == 0) {
		n->at[n->count] = element;
		n->of[element] = ++n->count;
	}
	return n->of[element] - 1;
}

/* ---- sets ---- */

static int by_weight(const void *a, const void *b, void *of)
{
	const struct sharing_sets *s = of;
	const u32 x = *(const u32 *)a, y = *(const u32 *)b;

	if (s->at[x].weight != s->at[y].weight)
		return s->at[x].weight > s->at[y].weight ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void put_set(struct drawing *d, u32 set, const char *comma)
{
	const struct sharing_sets *g = &d->s->groups;
	const u32 *hosts = sharing_members(g, set);

	buf_fmt(&d->out, "%s[%u,%u,[", comma, g->at[set].weight, g->at[set].critical);
	for (u32 i = 0; i < sharing_size(g, set); i++)
		buf_fmt(&d->out, "%s%u", i ? "," : "", number_of(d, BY_HOST, hosts[i]));
	buf_text(&d->out, "]]");
}

/* The heaviest, as long as there is room for their servers. */
static int put_sets(struct drawing *d)
{
	const struct sharing_sets *g = &d->s->groups;
	u32 *order = malloc((g->count + 1ull) * sizeof *order);

	if (order == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < g->count; i++)
		order[i] = i;
	qsort_r(order, g->count, sizeof *order, by_weight, (void *)(uintptr_t)g);
	buf_text(&d->out, ",\"sets\":[");
	for (u32 i = 0; i < g->count && i < PICTURE_SETS; i++) {
		if (d->level[BY_HOST].count + sharing_size(g, order[i]) > PICTURE_HOSTS)
			break;
		put_set(d, order[i], i ? "," : "");
	}
	buf_byte(&d->out, ']');
	free(order);
	return 0;
}

/* ---- what they rest on ---- */

static void put_name(struct drawing *d, enum sharing_level level, u32 element)
{
	char name[SHARING_NAME], brief[SHARING_BRIEF];

	utf8_json(&d->out, level == BY_AS ? sharing_brief(d->s, level, element, brief)
					  : sharing_name(d->s, level, element, name));
}

static void put_hosts(struct drawing *d)
{
	const struct sharing *s = d->s;

	buf_text(&d->out, ",\"hosts\":[");
	for (u32 i = 0; i < d->level[BY_HOST].count; i++) {
		u32 host = d->level[BY_HOST].at[i], first = s->first_address[host];

		buf_text(&d->out, i ? ",[" : "[");
		put_name(d, BY_HOST, host);
		buf_fmt(&d->out, ",%u,[", number_of(d, BY_OPERATOR, s->operator[host]));
		for (u32 a = first; a < s->first_address[host + 1]; a++)
			buf_fmt(&d->out, "%s%u", a == first ? "" : ",",
				number_of(d, BY_ADDRESS, s->address[a]));
		buf_text(&d->out, "]]");
	}
	buf_byte(&d->out, ']');
}

static void put_addresses(struct drawing *d)
{
	const struct sharing *s = d->s;

	buf_text(&d->out, ",\"addresses\":[");
	for (u32 i = 0; i < d->level[BY_ADDRESS].count; i++) {
		u32 address = d->level[BY_ADDRESS].at[i];

		buf_text(&d->out, i ? ",[" : "[");
		put_name(d, BY_ADDRESS, address);
		buf_fmt(&d->out, ",%u", number_of(d, BY_PREFIX, s->prefix[address]));
		if (s->as && s->as[address] != SHARING_NONE)
			buf_fmt(&d->out, ",%u]", number_of(d, BY_AS, s->as[address]));
		else
			buf_text(&d->out, ",-1]");
	}
	buf_byte(&d->out, ']');
}

static void put_names(struct drawing *d, const char *what, enum sharing_level level)
{
	buf_fmt(&d->out, ",\"%s\":[", what);
	for (u32 i = 0; i < d->level[level].count; i++) {
		buf_text(&d->out, i ? "," : "");
		put_name(d, level, d->level[level].at[i]);
	}
	buf_byte(&d->out, ']');
}

static int begin(struct drawing *d)
{
	for (unsigned l = 0; l < SHARING_LEVEL_COUNT; l++) {
		u64 room = 1ull + (l == BY_HOST ? d->s->host_count
				   : sharing_elements(d->s, (enum sharing_level)l));

		d->level[l].of = calloc(room, sizeof(u32));
		d->level[l].at = calloc(room, sizeof(u32));
		if (d->level[l].of == NULL || d->level[l].at == NULL)
			return -ENOMEM;
	}
	return 0;
}

static int draw(struct drawing *d)
{
	struct sharing *s = d->s;
	char zone[NAME_TEXT_MAX];
	int rc = begin(d);

	if (rc)
		return rc;
	buf_text(&d->out, "{\"zone\":");
	utf8_json(&d->out, zone_text(s->z, zone_origin(s->z), zone));
	buf_fmt(&d->out, ",\"delegations\":%u,\"critical\":%u,\"different\":%u",
		s->cut_count - s->left_out, s->criticals, s->groups.count);
	if ((rc = put_sets(d)))
		return rc;
	put_hosts(d);
	put_addresses(d);
	put_names(d, "operators", BY_OPERATOR);
	put_names(d, "prefixes", BY_PREFIX);
	put_names(d, "ases", BY_AS);
	buf_byte(&d->out, '}');
	return 0;
}

int sharing_picture(struct sharing *s)
{
	struct drawing d = { .s = s, .out = { .limit = PICTURE_OCTETS } };
	int rc;

	if (!audit_pictures(s->a))
		return 0;
	rc = draw(&d);
	if (rc == 0 && buf_error(&d.out) == 0)
		audit_picture(s->a, buf_str(&d.out), d.out.len);
	for (unsigned l = 0; l < SHARING_LEVEL_COUNT; l++) {
		free(d.level[l].of);
		free(d.level[l].at);
	}
	buf_free(&d.out);
	return rc;	/* one that is too large is none */
}
