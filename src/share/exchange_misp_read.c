/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_misp_read.c - MISP events to items.
 *
 *   { "Event": {} } | { "response": [ { "Event": {} } ] } | [ ... ] | a bare event
 *
 * An event is a report, to which what is in it belongs; its links are references. Of the
 * hashes in one object only the best names the file. Attributes that were deleted are passed
 * over; types that no item can be are told once an event. A part is marked as strictly as
 * the strictest of its own tags and the event's; a tag that looks like a label and is none
 * means the strictest there is. Only a part with an object of ours (MISP_REST) is marked by
 * its own tags alone: whoever wrote it labelled each part. */
#include "share/exchange_misp.h"

#define TYPES_MAX 32u

struct rest { const char *of; json_t *item; };
struct other { const char *type; u32 count; };
struct reading {
	const struct exchange_read *r;
	unsigned event_at;
	json_t *event;
	struct misp_label label;	/* of the event */
	struct misp_near near;
	json_t *comment;		/* what is said about the event */
	struct rest *rests;		/* by uuid */
	size_t rest_count;
	struct other others[TYPES_MAX];
	unsigned other_count;
	struct misp_room room;
	struct buf tags, references;
};

static void tell(const struct reading *g, const char *part, size_t at, const char *why)
{
	char where[100];

	snprintf(where, sizeof where, "event %u, %s[%zu]", g->event_at, part, at);
	g->r->trouble(g->r->to, where, why);
}

/* ---- our objects ---- */

static bool is_ours(json_t *object)
{
	return strcmp(rest_text(object, "name"), MISP_REST) == 0 &&
	       strcmp(rest_text(object, "template_uuid"), MISP_REST_TEMPLATE) == 0;
}

static const char *related(json_t *object, const char *relation)
{
	json_t *all = json_object_get(object, "Attribute");

	for (size_t k = 0; k < json_array_size(all); k++)
		if (strcmp(rest_text(json_array_get(all, k), "object_relation"), relation) == 0)
			return rest_text(json_array_get(all, k), "value");
	return "";
}

static int by_uuid(const void *a, const void *b)
{
	const struct rest *x = a, *y = b;

	return strcmp(x->of, y->of);
}

static int take_rests(struct reading *g)
{
	json_t *objects = json_object_get(g->event, "Object");
	size_t n = json_array_size(objects);
	char why[EXCHANGE_WHY];

	g->rest_count = 0;
	if ((g->rests = calloc(n + 1, sizeof *g->rests)) == NULL)
		return -ENOMEM;
	for (size_t k = 0; k < n; k++) {
		json_t *object = json_array_get(objects, k), *item;
		const char *text = related(object, "item");

		if (!is_ours(object))
			continue;
		item = rest_load((const u8 *)text, strlen(text), why);
		if (json_is_object(item))
			g->rests[g->rest_count++] = (struct rest){ related(object, "of"), item };
		else
			tell(g, "Object", k, "what it holds is no item"), json_decref(item);
	}
	qsort(g->rests, g->rest_count, sizeof *g->rests, by_uuid);
	return 0;
}

static json_t *rest_of(const struct reading *g, json_t *part)
{
	const struct rest key = { rest_text(part, "uuid"), NULL }, *found;

	found = key.of[0] ? bsearch(&key, g->rests, g->rest_count, sizeof key, by_uuid) : NULL;
	return found ? found->item : NULL;
}

/* ---- one part ---- */

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

static struct marking marking_of(const struct reading *g, json_t *part, bool own)
{
	struct marking unmarked = rest_unmarked(g->r->conf);
	struct misp_label l = misp_label(json_object_get(part, "Tag"));
	int tlp = l.tlp, pap = l.pap;

	if (tlp < 0 || (!own && g->label.tlp > tlp))
		tlp = g->label.tlp;
	if (pap < 0 || (!own && g->label.pap > pap))
		pap = g->label.pap;
	return (struct marking){ tlp < 0 ? unmarked.tlp : (u8)tlp,
				 pap < 0 ? unmarked.pap : (u8)pap };
}

/* True when the part is what we would write for the item. */
static bool agrees(json_t *part, const char *kind, const struct item *i)
{
	struct misp_value v = misp_value(i->subject_kind, i->subject);

	if (strcmp(kind, "Event") == 0)
		return i->kind == ITEM_INCIDENT;
	if (strcmp(kind, "EventReport") == 0)
		return i->kind == ITEM_NOTE;
	return i->kind != ITEM_NOTE && i->kind != ITEM_INCIDENT &&
	       strcmp(v.type, rest_text(part, "type")) == 0 &&
	       strcmp(v.value, rest_text(part, "value")) == 0;
}

typedef int read_fn(struct misp_take *t);
struct part { const char *kind; size_t at; json_t *o; read_fn *read; };

static int read_part(struct reading *g, const struct part *p)
{
	json_t *rest = rest_of(g, p->o);
	struct misp_take t = { .of = p->o, .near = &g->near, .room = &g->room };
	struct item i = { 0 };
	char why[FIELD_WHY] = "", said[EXCHANGE_WHY];
	const char *odd = misp_label(json_object_get(p->o, "Tag")).odd;
	int rc;

	if (odd) {
		snprintf(said, sizeof said, N_("tag %.80s is no label that is known: "
			 "read as TLP:RED PAP:RED"), odd);
		tell(g, p->kind, p->at, said);
	}
	g->near.marking = marking_of(g, p->o, rest != NULL);
	t.lax = rest != NULL;
	t.fn = keep;
	t.to = &i;
	if (rest && p->read(&t) == 0 && t.count == 1) {
		rc = rest_take(&i, rest, NULL, why);
		if (rc == 0 && agrees(p->o, p->kind, &i))
			return pass_on(g, &i);
		snprintf(said, sizeof said, N_("its object of ours is not used: %s"),
			 rc ? why : N_("it is about another thing"));
		tell(g, p->kind, p->at, said);
		g->near.marking = marking_of(g, p->o, false);
	}
	t.count = 0;
	t.lax = false;
	t.fn = pass_on;
	t.to = g;
	rc = p->read(&t);
	if (t.why)
		tell(g, p->kind, p->at, t.why);
	return rc;
}

static void count_other(struct reading *g, const char *type)
{
	unsigned k = 0;

	while (k < g->other_count && strcmp(g->others[k].type, type))
		k++;
	if (k == TYPES_MAX)
		return;
	if (k == g->other_count)
		g->others[g->other_count++] = (struct other){ type, 0 };
	g->others[k].count++;
}

static bool is_deleted(json_t *part)
{
	json_t *v = json_object_get(part, "deleted");

	return json_is_true(v) || json_integer_value(v) == 1;
}

/* True when the type has a part that can be a subject. */
static bool may_be_item(json_t *attribute)
{
	static const char *const types[] = { "domain", "hostname", "ip-src", "ip-dst", "url",
		"AS", "email", "email-src", "email-dst", "email-reply-to", "dns-soa-email",
		"malware-sample" };
	const char *type = rest_text(attribute, "type"), *bar = strchr(type, '|');
	size_t n = strcspn(type, "|");

	for (size_t k = 0; k < COUNT(types); k++)
		if (strlen(types[k]) == n && strncmp(types[k], type, n) == 0)
			return true;
	return misp_hash_rank(bar ? bar + 1 : type) > 0;
}

static int read_attribute(struct reading *g, json_t *a, size_t at)
{
	const struct part part = { "Attribute", at, a, misp_attribute };

	if (is_deleted(a) || strcmp(rest_text(a, "type"), "link") == 0 || a == g->comment)
		return 0;
	if (!may_be_item(a) && !rest_of(g, a)) {
		count_other(g, rest_text(a, "type"));
		return 0;
	}
	return read_part(g, &part);
}

/* An object's attributes; of its hashes the best. */
static int read_object(struct reading *g, json_t *object, size_t at)
{
	json_t *all = json_object_get(object, "Attribute");
	unsigned best = 0;
	int rc = 0;

	if (is_ours(object) || is_deleted(object))
		return 0;
	g->near.comment = rest_text(object, "comment");
	for (size_t k = 0; k < json_array_size(all); k++) {
		json_t *a = json_array_get(all, k);
		unsigned rank = is_deleted(a) ? 0 : misp_hash_rank(rest_text(a, "type"));

		best = rank > best ? rank : best;
	}
	for (size_t k = 0; rc == 0 && k < json_array_size(all); k++) {
		json_t *a = json_array_get(all, k);
		unsigned rank = misp_hash_rank(rest_text(a, "type"));

		if (rank == 0 || rank == best)
			rc = read_attribute(g, a, at);
	}
	g->near.comment = NULL;
	return rc;
}

/* ---- an event ---- */

static bool is_container(const struct reading *g)
{
	json_t *tags = json_object_get(g->event, "Tag");

	for (size_t k = 0; k < json_array_size(tags); k++)
		if (strcmp(rest_text(json_array_get(tags, k), "name"), MISP_CONTAINER) == 0)
			return true;
	return false;
}

static int keep_severity(void *to, const struct item *i)
{
	*(enum severity *)to = i->severity;
	return 0;
}

/* The event itself, as an item; what its parts need to know of it goes into g->near. */
static int read_head(struct reading *g)
{
	json_t *organisation = json_object_get(g->event, "Orgc");
	const struct part part = { "Event", g->event_at, g->event, misp_event };
	struct misp_take t = { .of = g->event, .near = &g->near, .room = &g->room,
		.fn = keep_severity };
	json_t *rest = rest_of(g, g->event);
	enum severity severity = SEVERITY_MEDIUM;
	int rc = 0;

	g->near = (struct misp_near){ .source = rest_text(organisation, "name") };
	if (strlen(g->near.source) > FIELD_WORDS_MAX)
		g->near.source = "";
	buf_clear(&g->references);
	misp_links(&g->references, g->event);
	g->near.references = buf_str(&g->references);
	t.to = &severity;
	(void)misp_event(&t);
	if (!is_container(g)) {
		rc = read_part(g, &part);
		g->near.parent = rest ? rest_text(rest, "id") : "";
		if (g->near.parent[0] == 0)
			g->near.parent = rest_text(g->event, "uuid");
	}
	buf_clear(&g->tags);
	misp_tags(&g->tags, json_object_get(g->event, "Tag"));
	g->near.tags = buf_str(&g->tags);
	g->near.severity = severity;
	return rc;
}

static int read_parts(struct reading *g)
{
	json_t *attributes = json_object_get(g->event, "Attribute");
	json_t *objects = json_object_get(g->event, "Object");
	json_t *reports = json_object_get(g->event, "EventReport");
	int rc = 0;

	for (size_t k = 0; rc == 0 && k < json_array_size(attributes); k++)
		rc = read_attribute(g, json_array_get(attributes, k), k);
	for (size_t k = 0; rc == 0 && k < json_array_size(objects); k++)
		rc = read_object(g, json_array_get(objects, k), k);
	for (size_t k = 0; rc == 0 && k < json_array_size(reports); k++) {
		const struct part part = { "EventReport", k, json_array_get(reports, k),
			misp_report };

		if (!is_deleted(part.o))
			rc = read_part(g, &part);
	}
	return rc;
}

static void tell_others(struct reading *g)
{
	char where[40], why[EXCHANGE_WHY];

	snprintf(where, sizeof where, "event %u", g->event_at);
	for (unsigned k = 0; k < g->other_count; k++) {
		snprintf(why, sizeof why, N_("%u attributes of type %.60s: not what an "
			"item can be"),
			 g->others[k].count, g->others[k].type);
		g->r->trouble(g->r->to, where, why);
	}
}

static int read_event(struct reading *g)
{
	int rc = take_rests(g);

	g->label = misp_label(json_object_get(g->event, "Tag"));
	g->comment = misp_comment(g->event);
	g->other_count = 0;
	if (rc == 0 && (rc = read_head(g)) == 0)
		rc = read_parts(g);
	if (rc == 0)
		tell_others(g);
	for (size_t k = 0; k < g->rest_count; k++)
		json_decref(g->rests[k].item);
	free(g->rests);
	g->rests = NULL;
	g->rest_count = 0;
	return rc;
}

/* ---- a document ---- */

/* The event in an element of a list, or that is the document. */
static json_t *event_of(json_t *o)
{
	json_t *event = json_object_get(o, "Event");

	if (json_is_object(event))
		return event;
	return rest_text(o, "info")[0] && rest_text(o, "uuid")[0] ? o : NULL;
}

static int read_all(struct reading *g, json_t *root, char why[EXCHANGE_WHY])
{
	json_t *list = json_object_get(root, "response"), *one;
	int rc = 0;

	if (json_is_array(root))
		list = root;
	if (!json_is_array(list)) {
		if ((g->event = event_of(list ? list : root)))
			return read_event(g);
		snprintf(why, EXCHANGE_WHY, N_("no event of MISP"));
		return OOPS_FORMAT;
	}
	json_array_foreach(list, g->event_at, one) {
		if ((g->event = event_of(one)))
			rc = read_event(g);
		else
			tell(g, "response", g->event_at, "no event of MISP");
		if (rc)
			break;
	}
	return rc;
}

int misp_read(const struct exchange_read *r, char why[EXCHANGE_WHY])
{
	struct reading g = { .r = r };
	json_t *root = rest_load(r->octets, r->n, why);
	int rc = root ? read_all(&g, root, why) : OOPS_FORMAT;

	misp_room_free(&g.room);
	buf_free(&g.tags);
	buf_free(&g.references);
	json_decref(root);
	return rc;
}
