/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_stix_read.c - a document of STIX to items.
 *
 *   bundle | one object | TAXII envelope | array of objects
 *      objects, by id: the newest version of each      what refers to what
 *      around an object: who made it, what lists it, what it indicates, its sightings
 *
 * Objects that are items by their type are told when nothing of them can be one, or not all;
 * other types are told once each, unless they only serve items (names, markings, references).
 * Markings are joined, also granular ones; one that is not known makes the object
 * TLP:RED PAP:RED, because it may forbid anything. Our own extension is taken when the object
 * is what we would have written for it: else somebody made the two say different things,
 * and the object alone counts.
 *
 * Cost: the document in memory as JSON, some 64 octets an object beside; sorting. */
#include "share/exchange_stix.h"
#include "model/uuid.h"

#define TAGS_MAX 64u		/* of one object by its relationships */
#define OBSERVABLES_MAX 1000u	/* of one object */
#define TYPES_MAX 32u		/* of objects that are no items, told by name */

struct entry {
	const char *id;
	json_t *o;
	u32 at;			/* in the document */
	u32 parent;		/* entry that lists it, + 1 */
	u64 sightings, first_seen, last_seen;
	bool newest, used;
};
struct link { u32 from, to; };
struct other { const char *type; u32 count; };

struct reading {
	const struct exchange_read *r;
	json_t *objects;
	struct entry *entries;	/* by id, then by change */
	u32 count;
	struct link *links;	/* from items to what they indicate, by from */
	size_t link_count;
	struct other others[TYPES_MAX];
	unsigned other_count;
	struct stix_room room;
	struct buf tags;
	json_t *observables[OBSERVABLES_MAX];
};

static void tell(const struct reading *g, u32 at, const char *why)
{
	char where[40];

	snprintf(where, sizeof where, "objects[%u]", at);
	g->r->trouble(g->r->to, where, why);
}

/* ---- by id ---- */

static int by_id(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = strcmp(x->id, y->id);
	u64 p, q;

	if (order)
		return order;
	p = rest_stamp(x->o, "modified");
	q = rest_stamp(y->o, "modified");
	return p != q ? (p > q) - (p < q) : (x->at > y->at) - (x->at < y->at);
}

/* The newest object of that id, or NULL. */
static struct entry *find(const struct reading *g, const char *id)
{
	u32 low = 0, high = g->count;

	while (low < high) {	/* the first one past it */
		u32 middle = low + (high - low) / 2;

		if (strcmp(g->entries[middle].id, id) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low && strcmp(g->entries[low - 1].id, id) == 0 ? &g->entries[low - 1] : NULL;
}

static struct entry *find_ref(const struct reading *g, json_t *of, const char *key)
{
	const char *id = rest_text(of, key);

	return id[0] ? find(g, id) : NULL;
}

static int index_all(struct reading *g)
{
	size_t n = json_array_size(g->objects);

	if (n > EXCHANGE_ITEMS_MAX)
		return OOPS_LIMIT;
	if ((g->entries = calloc(n + 1, sizeof *g->entries)) == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		json_t *o = json_array_get(g->objects, i);

		if (!json_is_object(o) || rest_text(o, "type")[0] == 0)
			tell(g, (u32)i, "no object of STIX");
		else
			g->entries[g->count++] = (struct entry){ .o = o, .at = (u32)i,
				.id = rest_text(o, "id") };
	}
	qsort(g->entries, g->count, sizeof *g->entries, by_id);
	for (u32 i = 0; i < g->count; i++) {
		struct entry *e = &g->entries[i];

		e->newest = i + 1 == g->count || e->id[0] == 0 || strcmp(e->id, e[1].id);
	}
	return 0;
}

static const char *type_of(const struct entry *e)
{
	return rest_text(e->o, "type");
}

/* ---- what refers to what ---- */

static void take_sighting(struct reading *g, const struct entry *s)
{
	struct entry *of = find_ref(g, s->o, "sighting_of_ref");
	json_t *count = json_object_get(s->o, "count");
	u64 first = rest_stamp(s->o, "first_seen"), last = rest_stamp(s->o, "last_seen");
	json_int_t n = json_is_integer(count) ? json_integer_value(count) : 1;

	if (of == NULL) {
		tell(g, s->at, "a sighting of what is not in the document");
		return;
	}
	if (n > 0)
		of->sightings += min_u64((u64)n, 999999999);
	if (first && (of->first_seen == 0 || first < of->first_seen))
		of->first_seen = first;
	of->last_seen = max_u64(of->last_seen, last);
}

/* What a report, grouping or incident lists belongs to it, the first that does. */
static void take_list(struct reading *g, struct entry *e)
{
	json_t *refs = json_object_get(e->o, "object_refs");

	for (size_t k = 0; k < json_array_size(refs); k++) {
		const char *id = json_string_value(json_array_get(refs, k));
		struct entry *of = id ? find(g, id) : NULL;

		if (of && of != e && of->parent == 0)
			of->parent = (u32)(e - g->entries) + 1;
	}
}

static bool gives_tag(const char *type)
{
	static const char *const types[] = { "malware", "campaign", "threat-actor",
		"intrusion-set", "tool", "attack-pattern", "infrastructure", "vulnerability" };

	for (size_t k = 0; k < COUNT(types); k++)
		if (strcmp(type, types[k]) == 0)
			return true;
	return false;
}

static bool lists(const char *type)
{
	return !strcmp(type, "report") || !strcmp(type, "grouping") ||
	       !strcmp(type, "incident");
}

/* Links of one object; without `links` they are only counted. */
static void take_links(struct reading *g, struct entry *e, bool keep)
{
	json_t *refs = json_object_get(e->o, "object_refs");
	struct entry *from = e, *to;

	if (strcmp(type_of(e), "relationship") == 0) {
		from = find_ref(g, e->o, "source_ref");
		to = find_ref(g, e->o, "target_ref");
		if (!from || !to || !stix_is_item(type_of(from)) || !gives_tag(type_of(to)))
			return;
		to->used = e->used = true;
		if (keep)
			g->links[g->link_count] = (struct link){ (u32)(from - g->entries),
				(u32)(to - g->entries) };
		g->link_count++;
		return;
	}
	for (size_t k = 0; lists(type_of(e)) && k < json_array_size(refs); k++) {
		const char *id = json_string_value(json_array_get(refs, k));

		if (!id || !(to = find(g, id)) || !gives_tag(type_of(to)))
			continue;
		to->used = true;
		if (keep)
			g->links[g->link_count] = (struct link){ (u32)(e - g->entries),
				(u32)(to - g->entries) };
		g->link_count++;
	}
}

static int by_from(const void *a, const void *b)
{
	const struct link *x = a, *y = b;

	return x->from != y->from ? (x->from > y->from) - (x->from < y->from)
				  : (x->to > y->to) - (x->to < y->to);
}

static int relate_all(struct reading *g)
{
	for (u32 i = 0; i < g->count; i++) {
		struct entry *e = &g->entries[i];

		if (!e->newest)
			continue;
		if (strcmp(type_of(e), "sighting") == 0)
			take_sighting(g, e);
		else if (lists(type_of(e)))
			take_list(g, e);
		take_links(g, e, false);
	}
	if ((g->links = calloc(g->link_count + 1, sizeof *g->links)) == NULL)
		return -ENOMEM;
	g->link_count = 0;
	for (u32 i = 0; i < g->count; i++)
		if (g->entries[i].newest)
			take_links(g, &g->entries[i], true);
	qsort(g->links, g->link_count, sizeof *g->links, by_from);
	return 0;
}

/* ---- markings ---- */

struct marks { struct reading *g; const struct entry *e; struct marking m; bool tlp, pap; };

static void take_mark(struct marks *k, const char *id)
{
	struct entry *of = id ? find(k->g, id) : NULL;
	int tlp, pap;

	if (id == NULL || !stix_marking(id, of ? of->o : NULL, &tlp, &pap)) {
		char why[EXCHANGE_WHY];

		snprintf(why, sizeof why, N_("marking %.80s is not known: read as "
			 "TLP:RED PAP:RED"), id ? id : N_("without an id"));
		tell(k->g, k->e->at, why);
		k->m = MARKING_STRICTEST;
		k->tlp = k->pap = true;
		return;
	}
	k->m = marking_join(k->m, (struct marking){ (u8)(tlp > 0 ? tlp : 0),
						    (u8)(pap > 0 ? pap : 0) });
	k->tlp |= tlp >= 0;
	k->pap |= pap >= 0;
}

static struct marking marking_of(struct reading *g, const struct entry *e)
{
	struct marks k = { .g = g, .e = e };
	struct marking unmarked = rest_unmarked(g->r->conf);
	json_t *refs = json_object_get(e->o, "object_marking_refs");
	json_t *parts = json_object_get(e->o, "granular_markings");

	for (size_t i = 0; i < json_array_size(refs); i++)
		take_mark(&k, json_string_value(json_array_get(refs, i)));
	for (size_t i = 0; i < json_array_size(parts); i++)
		if (json_object_get(json_array_get(parts, i), "marking_ref"))
			take_mark(&k, rest_text(json_array_get(parts, i), "marking_ref"));
	if (!k.tlp)
		k.m.tlp = unmarked.tlp;
	if (!k.pap)
		k.m.pap = unmarked.pap;
	return k.m;
}

/* ---- items ---- */

static json_t *extension_of(const struct entry *e)
{
	return json_object_get(json_object_get(e->o, "extensions"), STIX_EXTENSION);
}

/* The id that the item of an object has, or will have. */
static const char *item_id(const struct entry *e)
{
	const char *id = rest_text(extension_of(e), "id");

	return id[0] ? id : e->id;
}

static const char *tags_of(struct reading *g, u32 of)
{
	size_t low = 0, high = g->link_count, n = 0;
	struct buf one = { 0 };

	buf_clear(&g->tags);
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (g->links[middle].from < of)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < g->link_count && g->links[low].from == of && n < TAGS_MAX; low++, n++) {
		const struct entry *to = &g->entries[g->links[low].to];

		if (low && g->links[low - 1].from == of &&
		    g->links[low - 1].to == g->links[low].to)
			continue;
		buf_clear(&one);
		buf_fmt(&one, "%s:%.200s", type_of(to), rest_text(to->o, "name"));
		rest_line(&g->tags, buf_str(&one));
	}
	buf_free(&one);
	return buf_str(&g->tags);
}

static size_t observables_of(struct reading *g, const struct entry *e)
{
	json_t *refs = json_object_get(e->o, "object_refs");
	size_t n = 0, all = json_array_size(refs);

	for (size_t k = 0; k < all && n < OBSERVABLES_MAX; k++) {
		const char *id = json_string_value(json_array_get(refs, k));
		struct entry *of = id ? find(g, id) : NULL;
		enum subject_kind kind;
		const char *text;

		if (of == NULL || !stix_subject(of->o, &kind, &text, &g->room.subject))
			continue;
		of->used = true;
		g->observables[n++] = of->o;
	}
	if (n == OBSERVABLES_MAX && all > n)
		tell(g, e->at, "more observables than are read");
	return n;
}

static int pass_on(void *to, const struct item *i)
{
	const struct reading *g = to;

	return g->r->item(g->r->to, i);
}

static int keep(void *to, const struct item *i)
{
	*(struct item *)to = *i;
	return 0;
}

/* True when the object is what we would write for the item. */
static bool agrees(const struct entry *e, const struct stix_near *near, const struct item *i)
{
	struct stix_value v;
	struct buf text = { 0 };
	bool ok;

	if (stix_value(&v, i->subject_kind, i->subject)) {
		buf_free(&v.text);
		return false;
	}
	ok = strcmp(stix_type(i, &v), type_of(e)) == 0;
	if (ok && strcmp(type_of(e), "indicator") == 0) {
		stix_pattern(&text, &v, i->subject);
		ok = strcmp(rest_text(e->o, "pattern"), buf_str(&text)) == 0;
	} else if (ok && v.type) {
		stix_value_id(&text, &v);
		ok = near->observable_count == 1 &&
		     strcmp(rest_text(near->observables[0], "id"), buf_str(&text)) == 0;
	}
	buf_free(&text);
	buf_free(&v.text);
	return ok;
}

/* An object with our extension; *done when the item was made of both. */
static int read_own(struct reading *g, const struct entry *e, struct stix_take *t,
		    bool *done)
{
	static const char *const but[] = { "extension_type", NULL };
	struct item i = { 0 };
	char why[FIELD_WHY] = "", said[EXCHANGE_WHY];
	int rc;

	t->lax = true;
	t->fn = keep;
	t->to = &i;
	if (stix_items(t) == 0 && t->count == 1) {
		rc = rest_take(&i, extension_of(e), but, why);
		if (rc == 0 && agrees(e, t->near, &i)) {
			*done = true;
			return pass_on(g, &i);
		}
		if (rc == 0)
			snprintf(why, sizeof why, N_("it is about another thing"));
		snprintf(said, sizeof said, N_("its extension is not used: %s"), why);
		tell(g, e->at, said);
	}
	return 0;
}

static int read_object(struct reading *g, struct entry *e)
{
	struct stix_near near = {
		.observables = g->observables,
		.sightings = e->sightings, .first_seen = e->first_seen,
		.last_seen = e->last_seen, .marking = marking_of(g, e),
	};
	struct stix_take t = { .object = e->o, .near = &near, .room = &g->room };
	struct entry *maker = find_ref(g, e->o, "created_by_ref");
	bool done = false;
	int rc;

	near.source = maker ? rest_text(maker->o, "name") : "";
	if (strlen(near.source) > FIELD_WORDS_MAX)
		near.source = "";
	near.tags = tags_of(g, (u32)(e - g->entries));
	near.observable_count = observables_of(g, e);
	if (e->parent)
		near.parent = item_id(&g->entries[e->parent - 1]);
	if (extension_of(e) && ((rc = read_own(g, e, &t, &done)) || done))
		return rc;
	t.lax = false;
	t.fn = pass_on;
	t.to = g;
	rc = stix_items(&t);
	if (t.why[0])
		tell(g, e->at, t.why);
	return rc;
}

/* ---- what is left ---- */

static bool serves(const char *type)
{
	static const char *const types[] = { "identity", "marking-definition", "relationship",
		"sighting", "extension-definition" };

	for (size_t k = 0; k < COUNT(types); k++)
		if (strcmp(type, types[k]) == 0)
			return true;
	return false;
}

static void count_other(struct reading *g, const struct entry *e)
{
	unsigned k = 0;

	if (e->used || serves(type_of(e)))
		return;
	while (k < g->other_count && strcmp(g->others[k].type, type_of(e)))
		k++;
	if (k == TYPES_MAX)
		return;
	if (k == g->other_count)
		g->others[g->other_count++].type = type_of(e);
	g->others[k].count++;
}

static void tell_others(struct reading *g)
{
	char why[EXCHANGE_WHY];

	for (unsigned k = 0; k < g->other_count; k++) {
		snprintf(why, sizeof why, N_("%u of type %.60s: not what an item can be, "
			 "and nothing refers to "
			 "it"), g->others[k].count, g->others[k].type);
		g->r->trouble(g->r->to, "objects", why);
	}
}

static int by_place(const void *a, const void *b)
{
	const struct entry *const *x = a, *const *y = b;

	return ((*x)->at > (*y)->at) - ((*x)->at < (*y)->at);
}

/* In the order of the document. */
static int read_all(struct reading *g)
{
	struct entry **order = calloc(g->count + 1u, sizeof(struct entry *));
	int rc = order ? 0 : -ENOMEM;

	for (u32 i = 0; order && i < g->count; i++)
		order[i] = &g->entries[i];
	if (order)
		qsort(order, g->count, sizeof(struct entry *), by_place);
	for (u32 i = 0; rc == 0 && i < g->count; i++)
		if (order[i]->newest && stix_is_item(type_of(order[i])))
			rc = read_object(g, order[i]);
	for (u32 i = 0; rc == 0 && i < g->count; i++)
		if (order[i]->newest && !stix_is_item(type_of(order[i])))
			count_other(g, order[i]);
	free(order);
	if (rc == 0)
		tell_others(g);
	return rc;
}

/* The objects of a document of any shape, a new reference; NULL when it has none. */
static json_t *objects_of(json_t *root, char why[EXCHANGE_WHY])
{
	json_t *inside = json_object_get(root, "objects");
	const char *type = rest_text(root, "type");
	json_t *one;

	if (json_is_array(root))
		return json_incref(root);
	if (json_is_array(inside) && (strcmp(type, "bundle") == 0 || type[0] == 0))
		return json_incref(inside);
	if (strcmp(type, "bundle") == 0 && inside == NULL)
		return json_array();
	if (json_is_object(root) && type[0] && (one = json_array())) {
		json_array_append(one, root);
		return one;
	}
	snprintf(why, EXCHANGE_WHY, N_("no bundle and no object of STIX"));
	return NULL;
}

int stix_read(const struct exchange_read *r, char why[EXCHANGE_WHY])
{
	struct reading *g = calloc(1, sizeof *g);
	json_t *root = rest_load(r->octets, r->n, why);
	int rc = g == NULL ? -ENOMEM : OOPS_FORMAT;

	if (g && root && (g->objects = objects_of(root, why))) {
		g->r = r;
		rc = index_all(g);
		if (rc == 0 && (rc = relate_all(g)) == 0)
			rc = read_all(g);
		stix_room_free(&g->room);
		buf_free(&g->tags);
		free(g->entries);
		free(g->links);
		json_decref(g->objects);
	}
	json_decref(root);
	free(g);
	return rc;
}
