/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_stix_write.c - a release as a STIX 2.1 bundle.
 *
 *   bundle [ marking definitions, extension definition, identities,
 *            for each item: its observable, its object, its sighting ]
 *
 * Two passes: the first finds what objects share (an observable is there once, marked as
 * strictly as the strictest item about it), the second writes one object after the other.
 * Objects are named after the items' ids, observables as section 2.9 says, the bundle after
 * all that is in it: the same release gives the same octets. Each object is read as a
 * stranger would read it; what does not come back goes into our extension (share/rest.h).
 *
 * Cost: 40 octets an item beside the text, 35 us of one core an item (100,000
 * drawn items at -O2 on a busy machine; 1.2 kB each). */
#include "share/exchange_stix.h"
#include "base/stamp.h"
#include "model/digest.h"
#include "model/uuid.h"

#define SIGHTINGS_MAX 999999999u	/* sections 4.15 and 5.2 */

/* Something that several items refer to; keyed by its id. */
struct common { u8 key[UUID_OCTETS]; struct marking marking; bool used, written; };
struct child { const char *parent; u32 at; };

struct writing {
	const struct exchange_write *w;
	struct buf *out;
	struct common *commons;
	size_t mask;
	struct child *children;		/* by parent, then as they were offered */
	size_t child_count;
	const char **incidents;		/* ids, sorted */
	size_t incident_count;
	u32 tlps, paps;			/* labels that occur, as bits */
	const char *producer;
	char producer_id[STIX_ID_MAX];
	struct stix_room room;
	bool any;
	int rc;
};

/* ---- what is shared ---- */

static struct common *common_of(struct writing *w, const char *id)
{
	u8 key[UUID_OCTETS];
	u64 at;

	uuid_name(uuid_of_vedette, id, strlen(id), key);
	memcpy(&at, key, sizeof at);
	for (;; at++) {
		struct common *c = &w->commons[at & w->mask];

		if (!c->used) {
			memcpy(c->key, key, sizeof key);
			c->used = true;
			return c;
		}
		if (memcmp(c->key, key, sizeof key) == 0)
			return c;
	}
}

static void common_mark(struct writing *w, const char *id, struct marking m)
{
	struct common *c = common_of(w, id);

	c->marking = marking_join(c->marking, m);
}

static int by_parent(const void *a, const void *b)
{
	const struct child *x = a, *y = b;
	int order = strcmp(x->parent, y->parent);

	return order ? order : (x->at > y->at) - (x->at < y->at);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *source_of(const struct writing *w, const struct item *i)
{
	return stix_said(i->source)[0] ? i->source : w->producer;
}

/* The first pass over one item. */
static void look(struct writing *w, u32 at)
{
	const struct item *i = release_item(w->w->release, at);
	struct stix_value v;
	char id[STIX_ID_MAX];

	w->rc = stix_value(&v, i->subject_kind, i->subject);
	if (w->rc == 0 && v.type)
		common_mark(w, stix_observable_id(&v, id), item_marking(i));
	buf_free(&v.text);
	common_mark(w, stix_identity_id(source_of(w, i), id), item_marking(i));
	w->tlps |= 1u << i->tlp;
	w->paps |= 1u << i->pap;
	if (stix_said(i->parent)[0] && strcmp(i->parent, stix_said(i->id)))
		w->children[w->child_count++] = (struct child){ i->parent, at };
	if (i->kind == ITEM_INCIDENT)
		w->incidents[w->incident_count++] = stix_said(i->id);
}

static int look_all(struct writing *w, size_t n)
{
	size_t room = 16;

	while (room < 6 * n)	/* object, observable, source, sighting */
		room *= 2;
	w->mask = room - 1;
	w->commons = calloc(room, sizeof *w->commons);
	w->children = calloc(n + 1, sizeof *w->children);
	w->incidents = calloc(n + 1, sizeof *w->incidents);
	if (!w->commons || !w->children || !w->incidents)
		return -ENOMEM;
	for (size_t i = 0; i < n && w->rc == 0; i++)
		look(w, (u32)i);
	qsort(w->children, w->child_count, sizeof *w->children, by_parent);
	qsort(w->incidents, w->incident_count, sizeof *w->incidents, by_text);
	return w->rc;
}

/* ---- objects ---- */

static int to_buf(const char *octets, size_t n, void *to)
{
	buf_add(to, octets, n);
	return buf_error(to) ? -1 : 0;
}

/* Writes an object and gives it back to the heap. */
static void emit(struct writing *w, json_t *o)
{
	if (o == NULL) {
		w->rc = w->rc ? w->rc : -ENOMEM;
		return;
	}
	buf_text(w->out, w->any ? ",\n" : "\n");
	w->any = true;
	if (json_dump_callback(o, to_buf, w->out, JSON_COMPACT) && w->rc == 0)
		w->rc = buf_error(w->out) ? buf_error(w->out) : -ENOMEM;
	json_decref(o);
}

static void put_marking(json_t *o, struct marking m)
{
	json_object_set_new(o, "object_marking_refs",
			    json_pack("[s, s]", stix_tlp_id(m.tlp), stix_pap_id(m.pap)));
}

/* Whole milliseconds where section 3.2 wants them, else as fine as it is. */
static void put_stamp(json_t *o, const char *key, u64 ns, bool exact)
{
	char text[STAMP_TEXT_MAX];

	rest_put(o, key, stamp_text(ns, exact && ns % 1000000u ? 9 : 3, text));
}

static json_t *begin(const char *type, const char *id)
{
	return json_pack("{s:s, s:s, s:s}", "type", type, "spec_version", "2.1", "id", id);
}

static void emit_identity(struct writing *w, const char *name, const char *about)
{
	char id[STIX_ID_MAX];
	struct common *c = common_of(w, stix_identity_id(name, id));
	bool ours = w->w->contact && strcmp(name, w->producer) == 0;
	json_t *o;

	if (c->written)
		return;
	c->written = true;
	if ((o = begin("identity", id)) == NULL) {
		w->rc = -ENOMEM;
		return;
	}
	rest_put(o, "created", STIX_FOR_EVER);
	rest_put(o, "modified", STIX_FOR_EVER);
	if (ours && w->w->at > 1767225600 * STAMP_NS)	/* STIX_FOR_EVER */
		put_stamp(o, "modified", w->w->at, false);
	rest_put(o, "name", name);
	if (about)
		rest_put(o, "description", about);
	rest_put(o, "identity_class", about ? "system" : "organization");
	if (ours)
		rest_put(o, "contact_information", w->w->contact);
	if (!about)
		put_marking(o, c->marking);
	emit(w, o);
}

static void emit_extension(struct writing *w)
{
	char maker[STIX_ID_MAX];
	json_t *o = begin("extension-definition", STIX_EXTENSION);

	if (o) {
		rest_put(o, "created_by_ref", stix_identity_id(STIX_PROJECT, maker));
		rest_put(o, "created", STIX_FOR_EVER);
		rest_put(o, "modified", STIX_FOR_EVER);
		rest_put(o, "name", "Vedette item");
		rest_put(o, "description", "Fields of an item of Vedette that the object "
			 "has no property for.");
		rest_put(o, "schema", "Members are named as in the JSON Lines of items; "
			 "each is optional and stands beside what the object says itself.");
		rest_put(o, "version", "1.0.0");
		json_object_set_new(o, "extension_types", json_pack("[s]", "property-extension"));
	}
	emit(w, o);
}

static void emit_observable(struct writing *w, const char *id, json_t *o)
{
	struct common *c = common_of(w, id);
	json_t *copy;

	if (c->written)
		return;
	c->written = true;
	if ((copy = json_copy(o)))
		put_marking(copy, c->marking);
	emit(w, copy);
}

static json_t *observable(const struct stix_value *v, const char *id)
{
	json_t *o = begin(v->type, id), *hashes;

	if (o == NULL)
		return NULL;
	if (strcmp(v->type, "file") == 0) {
		if ((hashes = json_object())) {
			rest_put(hashes, v->key, buf_str(&v->text));
			json_object_set_new(o, "hashes", hashes);
		}
	} else if (strcmp(v->key, "number") == 0) {
		json_object_set_new(o, v->key,
				    json_integer(strtoll(buf_str(&v->text), NULL, 10)));
	} else {
		rest_put(o, v->key, buf_str(&v->text));
	}
	return o;
}

/* ---- what an item becomes ---- */

static void add_label(void *to, const char *at, size_t n)
{
	json_t *label = json_stringn(at, n);

	if (label == NULL)	/* no UTF-8 */
		label = json_string("?");
	json_array_append_new(to, label);
}

static void add_reference(void *to, const char *at, size_t n)
{
	struct buf line = { 0 };
	struct stix_value v = { 0 };
	json_t *o = json_pack("{s:s}", "source_name", "reference");

	buf_add(&line, at, n);
	(void)stix_value(&v, SUBJECT_URL, buf_str(&line));
	if (v.type && strcmp(buf_str(&v.text), buf_str(&line)) == 0)
		rest_put(o, "url", buf_str(&line));
	else
		rest_put(o, "description", buf_str(&line));
	json_array_append_new(to, o);
	buf_free(&v.text);
	buf_free(&line);
}

static void put_list(json_t *o, const char *key, json_t *list)
{
	if (json_array_size(list))
		json_object_set(o, key, list);
	json_decref(list);
}

static void put_common(struct writing *w, json_t *o, const struct item *i)
{
	json_t *labels = json_array(), *references = json_array();
	char maker[STIX_ID_MAX];

	rest_put(o, "created_by_ref", stix_identity_id(source_of(w, i), maker));
	put_stamp(o, "created", i->created, false);
	put_stamp(o, "modified", max_u64(i->created, i->modified), false);
	if (i->abuse)
		add_label(labels, abuse_names[i->abuse], strlen(abuse_names[i->abuse]));
	rest_lines(i->tags, add_label, labels);
	rest_lines(i->references, add_reference, references);
	put_list(o, "labels", labels);
	json_object_set_new(o, "confidence", json_integer((json_int_t)i->confidence));
	put_list(o, "external_references", references);
	put_marking(o, item_marking(i));
}

static void put_name(json_t *o, const char *key, const char *text)
{
	if (stix_said(text)[0])
		rest_put(o, key, text);
}

static void put_indicator(json_t *o, const struct item *i, const struct stix_value *v)
{
	u64 from = i->first_seen ? i->first_seen : i->created;
	struct buf pattern = { 0 };
	const char *sort = i->action == ACTION_PASSTHRU ? "benign"
		: i->abuse ? "malicious-activity" : "anomalous-activity";

	stix_pattern(&pattern, v, i->subject);
	put_name(o, "name", i->title);
	put_name(o, "description", i->text);
	json_object_set_new(o, "indicator_types", json_pack("[s]", sort));
	rest_put(o, "pattern", buf_str(&pattern));
	rest_put(o, "pattern_type", "stix");
	rest_put(o, "pattern_version", "2.1");
	put_stamp(o, "valid_from", from, true);
	if (i->valid_until > from)
		put_stamp(o, "valid_until", i->valid_until, true);
	buf_free(&pattern);
}

static void put_observed(json_t *o, const struct item *i)
{
	u64 from = i->first_seen ? i->first_seen : i->created;
	u64 count = i->sightings ? min_u64(i->sightings, SIGHTINGS_MAX) : 1;

	put_stamp(o, "first_observed", from, true);
	put_stamp(o, "last_observed", max_u64(from, i->last_seen), true);
	json_object_set_new(o, "number_observed", json_integer((json_int_t)count));
}

static void put_note(json_t *o, const struct item *i)
{
	put_name(o, "abstract", i->title);
	rest_put(o, "content", stix_said(i->text)[0] ? i->text : stix_said(i->title)[0] ? i->title
		 : stix_said(i->subject)[0] ? i->subject : "-");
}

static void put_rest_of(json_t *o, const struct item *i)
{
	rest_put(o, "name", stix_said(i->title)[0] ? i->title
		 : stix_said(i->subject)[0] ? i->subject
		 : stix_said(i->id)[0] ? i->id : "-");
	put_name(o, "description", i->text);
	if (i->kind == ITEM_INCIDENT) {
		rest_put(o, "context", "suspicious-activity");
	} else {
		json_object_set_new(o, "report_types", json_pack("[s]", "observed-data"));
		put_stamp(o, "published", i->created, true);
	}
}

/* Refers to its observable, what belongs to it, or else to who writes. */
static void put_references(struct writing *w, json_t *o, const struct item *i,
			   const char *observable_at)
{
	json_t *refs = json_array();
	char id[STIX_ID_MAX];
	size_t low = 0, high = w->child_count;

	if (observable_at[0])
		json_array_append_new(refs, json_string(observable_at));
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(w->children[middle].parent, stix_said(i->id)) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; i->kind == ITEM_INCIDENT && low < w->child_count &&
	       strcmp(w->children[low].parent, stix_said(i->id)) == 0; low++) {
		const struct item *child = release_item(w->w->release, w->children[low].at);

		json_array_append_new(refs, json_string(stix_item_id(child, id)));
	}
	if (json_array_size(refs) == 0)
		json_array_append_new(refs, json_string(w->producer_id));
	json_object_set_new(o, "object_refs", refs);
}

static int keep(void *to, const struct item *i)
{
	*(struct item *)to = *i;
	return 0;
}

/* What a reader does not find in the object by itself. */
static void put_extension(struct writing *w, json_t *o, const struct item *i,
			  const struct stix_near *near)
{
	struct item got = { 0 };
	struct stix_take t = { .object = o, .near = near, .room = &w->room, .lax = true,
		.fn = keep, .to = &got };
	int rc = stix_items(&t);
	json_t *rest = rc ? NULL : rest_make(i, &got, &rc), *extension;

	if (rest && (extension = json_pack("{s:s}", "extension_type", "property-extension"))) {
		json_object_update(extension, rest);
		json_object_set_new(o, "extensions",
				    json_pack("{s:o}", STIX_EXTENSION, extension));
	}
	json_decref(rest);
	w->rc = w->rc ? w->rc : rc;
}

static bool has_incident(const struct writing *w, const char *id)
{
	return bsearch(&id, w->incidents, w->incident_count, sizeof id, by_text) != NULL;
}

/* A sighting of an indicator; what a reader will find in it stands in *near. */
static void emit_sighting(struct writing *w, const struct item *i, const char *of,
			  struct stix_near *near, json_t **ret)
{
	char id[STIX_ID_MAX], maker[STIX_ID_MAX];
	json_t *o;

	*ret = NULL;
	if (i->sightings == 0)
		return;
	o = *ret = begin("sighting", stix_object_id("sighting", stix_said(i->id), id));
	if (o == NULL) {
		w->rc = -ENOMEM;
		return;
	}
	near->sightings = min_u64(i->sightings, SIGHTINGS_MAX);
	rest_put(o, "created_by_ref", stix_identity_id(source_of(w, i), maker));
	put_stamp(o, "created", i->created, false);
	put_stamp(o, "modified", max_u64(i->created, i->modified), false);
	put_marking(o, item_marking(i));
	json_object_set_new(o, "count", json_integer((json_int_t)near->sightings));
	if ((near->first_seen = i->first_seen))
		put_stamp(o, "first_seen", i->first_seen, true);
	if (i->last_seen >= i->first_seen && (near->last_seen = i->last_seen))
		put_stamp(o, "last_seen", i->last_seen, true);
	rest_put(o, "sighting_of_ref", of);
	json_object_set_new(o, "where_sighted_refs", json_pack("[s]", maker));
}

static void emit_item(struct writing *w, const struct item *i)
{
	struct stix_value v;
	char id[STIX_ID_MAX], about[STIX_ID_MAX] = "";
	const char *type;
	json_t *o, *seen = NULL, *sighting = NULL;
	struct common *c;
	struct stix_near near = { .source = source_of(w, i), .marking = item_marking(i) };

	if ((w->rc = stix_value(&v, i->subject_kind, i->subject)))
		return;
	type = stix_type(i, &v);
	c = common_of(w, stix_object_id(type, stix_said(i->id), id));
	if (c->written || (o = begin(type, id)) == NULL) {
		w->rc = c->written ? 0 : -ENOMEM;	/* the same id a second time */
		buf_free(&v.text);
		return;
	}
	c->written = true;
	put_common(w, o, i);
	if (v.type && (seen = observable(&v, stix_observable_id(&v, about)))) {
		near.observables = &seen;
		near.observable_count = 1;
	}
	if (strcmp(type, "indicator") == 0) {
		put_indicator(o, i, &v);
		emit_sighting(w, i, id, &near, &sighting);
		near.observable_count = 0;
	} else {
		if (strcmp(type, "observed-data") == 0)
			put_observed(o, i);
		else if (strcmp(type, "note") == 0)
			put_note(o, i);
		else
			put_rest_of(o, i);
		put_references(w, o, i, about);
		if (seen)
			emit_observable(w, about, seen);
	}
	if (stix_said(i->parent)[0] && strcmp(i->parent, stix_said(i->id)) &&
	    has_incident(w, i->parent))
		near.parent = i->parent;
	put_extension(w, o, i, &near);
	emit(w, o);
	if (sighting)
		emit(w, sighting);
	json_decref(seen);
	buf_free(&v.text);
}

/* Named after all that it holds. */
static void bundle_id(const struct writing *w, size_t n, char to[STIX_ID_MAX])
{
	struct digest d;
	struct buf text = { 0 };
	u8 hash[DIGEST_OCTETS];
	char hex[DIGEST_TEXT], name[DIGEST_TEXT + 8];

	digest_init(&d);
	digest_u64(&d, w->w->at);
	digest_text(&d, w->producer);
	for (size_t i = 0; i < n; i++) {
		buf_clear(&text);
		item_json(&text, release_item(w->w->release, i));
		digest_text(&d, buf_str(&text));
	}
	digest_end(&d, hash);
	buf_free(&text);
	snprintf(name, sizeof name, "bundle %s", hex_text(hash, sizeof hash, hex));
	stix_object_id("bundle", name, to);
}

static void emit_all(struct writing *w, size_t n)
{
	for (u8 l = 0; l < LABEL_COUNT; l++)
		if (w->tlps >> l & 1)
			emit(w, stix_tlp((enum label)l));
	for (u8 p = 0; p < PAP_COUNT; p++)
		if (w->paps >> p & 1)
			emit(w, stix_pap((enum pap)p));
	emit_identity(w, STIX_PROJECT, "The program that wrote this: a DNS security observatory.");
	emit_extension(w);
	common_mark(w, w->producer_id, release_marking(w->w->release));
	emit_identity(w, w->producer, NULL);
	for (size_t i = 0; i < n && w->rc == 0; i++) {
		const struct item *one = release_item(w->w->release, i);

		emit_identity(w, source_of(w, one), NULL);
		emit_item(w, one);
	}
}

int stix_write(struct buf *out, const struct exchange_write *how, char why[EXCHANGE_WHY])
{
	struct writing w = { .w = how, .out = out,
		.producer = stix_said(how->producer)[0] ? how->producer : STIX_PROJECT };
	size_t n = release_count(how->release), from = out->len;
	char id[STIX_ID_MAX];

	(void)why;
	stix_identity_id(w.producer, w.producer_id);
	w.rc = look_all(&w, n);
	bundle_id(&w, n, id);
	buf_fmt(out, "{\"type\":\"bundle\",\"id\":\"%s\"", id);
	if (n && w.rc == 0) {
		buf_text(out, ",\"objects\":[");
		emit_all(&w, n);
		buf_text(out, "\n]");
	}
	buf_text(out, "}\n");
	if (w.rc && !buf_error(out))
		out->at[out->len = from] = 0;	/* nothing half */
	free(w.commons);
	free(w.children);
	free(w.incidents);
	stix_room_free(&w.room);
	return w.rc ? w.rc : buf_error(out);
}
