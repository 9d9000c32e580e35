/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_misp_write.c - a release as MISP events.
 *
 *   { "response": [ { "Event": {...} }, ... ] }
 *
 * An event for each incident with all that belongs to it, and one for items without an
 * incident. UUIDs are made from the items' ids. Each part carries the tags of its own
 * labels. What a stranger would not read back of it goes into an object of ours in the same
 * event (share/rest.h).
 *
 * Cost: one event at a time in memory as JSON, 66 us of one core an item (100,000 drawn items
 * in one event at -O2 on a busy machine; 1.6 kB each). */
#include "share/exchange_misp.h"
#include "base/stamp.h"
#include "model/uuid.h"

#define SIGHTINGS_MAX 32u	/* written one by one; more stand in the rest alone */

struct child { const char *parent; u32 at; };
struct writing {
	const struct exchange_write *w;
	const char *producer;
	struct child *children;	/* by parent, then as they were offered */
	size_t child_count;
	const char **incidents;	/* ids, sorted */
	size_t incident_count;
	struct misp_room room;
	int rc;
};

static const char *said(const char *text)
{
	return text ? text : "";
}

/* ---- members ---- */

static void put_uuid(json_t *o, const char *key, const char *what, const char *name)
{
	struct buf b = { 0 };
	char uuid[UUID_TEXT];

	buf_fmt(&b, "%s%s", what, name);
	rest_put(o, key, uuid_name_text(uuid_of_vedette, buf_str(&b), uuid));
	buf_free(&b);
}

static void put_seconds(json_t *o, const char *key, u64 ns)
{
	char text[32];

	snprintf(text, sizeof text, "%llu", (unsigned long long)(ns / STAMP_NS));
	rest_put(o, key, text);
}

/* As MISP writes instants: microseconds, an offset. */
static void put_instant(json_t *o, const char *key, u64 ns)
{
	char text[STAMP_TEXT_MAX + 8];

	if (ns == 0)
		return;
	stamp_text(ns, 6, text);
	snprintf(text + strlen(text) - 1, 8, "+00:00");
	rest_put(o, key, text);
}

static void add_tag(void *to, const char *at, size_t n)
{
	json_t *name = json_stringn(at, n);

	json_array_append_new(to, json_pack("{s:o}", "name", name ? name : json_string("?")));
}

static void add_name(json_t *tags, const char *name)
{
	add_tag(tags, name, strlen(name));
}

/* tlp:amber and PAP:GREEN, as the taxonomies spell them. */
static void add_labels(json_t *tags, struct marking m)
{
	char tlp[32];

	snprintf(tlp, sizeof tlp, "%s", label_text(m.tlp));
	for (char *p = tlp; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p | 32);
	add_name(tags, tlp);
	add_name(tags, pap_text(m.pap));
}

static void put_tags(json_t *o, const struct item *i)
{
	static const char *const abuses[ABUSE_COUNT] = {
		[ABUSE_PHISHING] = "rsit:fraud=\"phishing\"",
		[ABUSE_MALWARE] = "rsit:malicious-code=\"malware-distribution\"",
		[ABUSE_BOTNET] = "rsit:malicious-code=\"c2-server\"",
		[ABUSE_SPAM] = "rsit:abusive-content=\"spam\"",
	};
	json_t *tags = json_array();

	add_labels(tags, item_marking(i));
	if (abuses[i->abuse])
		add_name(tags, abuses[i->abuse]);
	rest_lines(i->tags, add_tag, tags);
	json_object_set_new(o, "Tag", tags);
}

static void put_organisation(json_t *o, const char *name)
{
	json_t *org = json_object();

	rest_put(org, "name", name);
	put_uuid(org, "uuid", "identity ", name);
	json_object_set_new(o, "Orgc", org);
}

/* ---- the rest ---- */

static json_t *rest_attribute(const struct item *i, const char *relation, const char *value)
{
	json_t *a = json_object();

	put_uuid(a, "uuid", relation, said(i->id));
	rest_put(a, "object_relation", relation);
	rest_put(a, "type", "text");
	rest_put(a, "category", "Other");
	json_object_set_new(a, "to_ids", json_false());
	json_object_set_new(a, "disable_correlation", json_true());
	put_seconds(a, "timestamp", i->modified);
	rest_put(a, "value", value);
	return a;
}

/* The object that holds `rest` of an item whose part in the event is `of`. */
static json_t *rest_object(const struct item *i, json_t *of, json_t *rest)
{
	json_t *o = json_object(), *attributes = json_array();
	char *text = json_dumps(rest, JSON_COMPACT);

	put_uuid(o, "uuid", "misp rest ", said(i->id));
	rest_put(o, "name", MISP_REST);
	rest_put(o, "meta-category", "misc");
	rest_put(o, "description", "What an item of Vedette says that MISP has no member for.");
	rest_put(o, "template_uuid", MISP_REST_TEMPLATE);
	rest_put(o, "template_version", "1");
	put_seconds(o, "timestamp", i->modified);
	json_array_append_new(attributes, rest_attribute(i, "of", rest_text(of, "uuid")));
	json_array_append_new(attributes, rest_attribute(i, "item", said(text)));
	json_object_set_new(o, "Attribute", attributes);
	free(text);
	return o;
}

static int keep(void *to, const struct item *i)
{
	*(struct item *)to = *i;
	return 0;
}

typedef int read_fn(struct misp_take *t);

static void add_rest(struct writing *w, json_t *event, json_t *of, const struct item *i,
		     read_fn *read, const struct misp_near *near)
{
	struct item got = { 0 };
	struct misp_take t = { .of = of, .near = near, .room = &w->room, .lax = true,
		.fn = keep, .to = &got };
	int rc = read(&t);
	json_t *rest = rc ? NULL : rest_make(i, &got, &rc);

	if (rest)
		json_array_append_new(json_object_get(event, "Object"),
				      rest_object(i, of, rest));
	json_decref(rest);
	w->rc = w->rc ? w->rc : rc;
}

/* ---- parts of an event ---- */

static void put_sightings(json_t *a, const struct item *i, const char *source)
{
	json_t *all = json_array();
	char number[16];

	for (u32 k = 0; i->sightings <= SIGHTINGS_MAX && k < i->sightings; k++) {
		json_t *one = json_object();

		snprintf(number, sizeof number, "sighting %u ", k);
		put_uuid(one, "uuid", number, said(i->id));
		rest_put(one, "type", "0");
		put_seconds(one, "date_sighting", i->last_seen ? i->last_seen : i->modified);
		rest_put(one, "source", source);
		json_array_append_new(all, one);
	}
	json_object_set_new(a, "Sighting", all);
}

static void add_attribute(struct writing *w, json_t *event, const struct item *i,
			  const struct misp_near *near)
{
	struct misp_value v = misp_value(i->subject_kind, i->subject);
	const char *title = said(i->title), *text = said(i->text);
	struct buf comment = { 0 };
	json_t *a = json_object();

	buf_fmt(&comment, "%s%s%s", title, text[0] ? "\n" : "", text);
	put_uuid(a, "uuid", "", said(i->id));
	rest_put(a, "type", v.type);
	rest_put(a, "category", v.category);
	rest_put(a, "value", v.value);
	json_object_set_new(a, "to_ids", json_boolean(i->kind == ITEM_INDICATOR &&
						      i->action != ACTION_PASSTHRU));
	rest_put(a, "comment", buf_str(&comment));
	put_seconds(a, "timestamp", i->modified);
	rest_put(a, "distribution", "5");	/* that of the event */
	json_object_set_new(a, "disable_correlation", json_false());
	json_object_set_new(a, "deleted", json_false());
	put_instant(a, "first_seen", i->first_seen);
	if (i->last_seen >= i->first_seen)
		put_instant(a, "last_seen", i->last_seen);
	put_tags(a, i);
	if (i->sightings)
		put_sightings(a, i, near->source);
	json_array_append(json_object_get(event, "Attribute"), a);
	add_rest(w, event, a, i, misp_attribute, near);
	json_decref(a);
	buf_free(&comment);
}

static void add_report(struct writing *w, json_t *event, const struct item *i,
		       const struct misp_near *near)
{
	json_t *r = json_object();

	put_uuid(r, "uuid", "", said(i->id));
	rest_put(r, "name", said(i->title)[0] ? i->title : "-");
	rest_put(r, "content", said(i->text));
	rest_put(r, "distribution", "5");
	put_seconds(r, "timestamp", i->modified);
	json_object_set_new(r, "deleted", json_false());
	put_tags(r, i);
	json_array_append(json_object_get(event, "EventReport"), r);
	add_rest(w, event, r, i, misp_report, near);
	json_decref(r);
}

/* What is said about an event, or a link of it. */
static void add_about(json_t *event, const char *type, const char *category, json_t *value)
{
	json_t *a = json_object();
	char name[UUID_TEXT + 12];

	snprintf(name, sizeof name, "%s %zu", rest_text(event, "uuid"),
		 json_array_size(json_object_get(event, "Attribute")));
	put_uuid(a, "uuid", "misp about ", name);
	rest_put(a, "type", type);
	rest_put(a, "category", category);
	json_object_set_new(a, "value", value ? value : json_string("?"));
	json_object_set_new(a, "to_ids", json_false());
	rest_put(a, "timestamp", rest_text(event, "timestamp"));
	json_array_append_new(json_object_get(event, "Attribute"), a);
}

static void add_reference(void *to, const char *at, size_t n)
{
	add_about(to, "link", "External analysis", json_stringn(at, n));
}

static bool has_incident(const struct writing *w, const char *id);

static void add_item(struct writing *w, json_t *event, const struct item *i,
		     const struct misp_near *near)
{
	if (i->kind == ITEM_NOTE)
		add_report(w, event, i, near);
	else
		add_attribute(w, event, i, near);
}

/* ---- events ---- */

/* 1 high, 2 medium, 3 low, 4 undefined */
static const char *threat(enum severity s)
{
	return s >= SEVERITY_HIGH ? "1" : s == SEVERITY_MEDIUM ? "2"
		: s == SEVERITY_LOW ? "3" : "4";
}

/* Who MISP may pass it to: 0 nobody else, 1 this community, 3 everybody. */
static const char *distribution(u8 tlp)
{
	return tlp == LABEL_CLEAR ? "3" : tlp == LABEL_GREEN ? "1" : "0";
}

static void put_event(json_t *event, const struct item *i, const char *source)
{
	char date[STAMP_TEXT_MAX];

	stamp_text(i->created, 0, date);
	date[10] = 0;
	rest_put(event, "info", said(i->title)[0] ? i->title : said(i->subject)[0] ? i->subject
		 : "-");
	rest_put(event, "date", date);
	put_seconds(event, "timestamp", i->modified);
	rest_put(event, "publish_timestamp", "0");
	json_object_set_new(event, "published", json_false());
	rest_put(event, "analysis", "1");
	rest_put(event, "threat_level_id", threat(i->severity));
	rest_put(event, "distribution", distribution(i->tlp));
	put_organisation(event, source);
	put_tags(event, i);
	json_object_set_new(event, "Attribute", json_array());
	json_object_set_new(event, "Object", json_array());
	json_object_set_new(event, "EventReport", json_array());
}

static json_t *wrapped(json_t *event)
{
	char count[24];

	snprintf(count, sizeof count, "%zu", json_array_size(json_object_get(event, "Attribute")));
	rest_put(event, "attribute_count", count);
	return json_pack("{s:o}", "Event", event);
}

static json_t *incident_event(struct writing *w, const struct item *i, size_t from, size_t to)
{
	const char *source = said(i->source)[0] ? i->source : w->producer;
	struct misp_near none = { .source = source, .marking = item_marking(i) };
	struct misp_near near = { .source = source, .parent = said(i->id) };
	json_t *event = json_object();
	struct buf tags = { 0 }, links = { 0 };

	put_uuid(event, "uuid", "", said(i->id));
	put_event(event, i, source);
	if (said(i->text)[0])
		add_about(event, "comment", "Other", rest_string(i->text));
	rest_lines(i->references, add_reference, event);
	misp_links(&links, event);
	none.references = buf_str(&links);
	add_rest(w, event, event, i, misp_event, &none);
	misp_tags(&tags, json_object_get(event, "Tag"));
	near.tags = buf_str(&tags);
	near.severity = i->severity >= SEVERITY_HIGH ? SEVERITY_HIGH
		: i->severity == SEVERITY_LOW ? SEVERITY_LOW : SEVERITY_MEDIUM;
	for (; from < to; from++) {
		const struct item *child = release_item(w->w->release, w->children[from].at);

		near.marking = item_marking(child);
		add_item(w, event, child, &near);
	}
	buf_free(&tags);
	buf_free(&links);
	return wrapped(event);
}

/* Items that belong to no incident of the release. */
static json_t *other_event(struct writing *w, size_t n)
{
	struct marking all = { 0 };
	struct item head = { .created = w->w->at, .modified = w->w->at,
		.severity = SEVERITY_MEDIUM, .tags = MISP_CONTAINER };
	struct misp_near near = { .source = w->producer, .severity = SEVERITY_MEDIUM,
		.tags = MISP_CONTAINER };
	struct buf title = { 0 };
	json_t *event = json_object();

	for (size_t k = 0; k < n; k++) {
		const struct item *i = release_item(w->w->release, k);

		if (i->kind != ITEM_INCIDENT && !has_incident(w, said(i->parent)))
			all = marking_join(all, item_marking(i));
	}
	buf_fmt(&title, "Items of %s without an incident", w->producer);
	head.title = buf_str(&title);
	head.tlp = all.tlp;
	head.pap = all.pap;
	put_uuid(event, "uuid", "misp items of ", w->producer);
	put_event(event, &head, w->producer);
	for (size_t k = 0; k < n; k++) {
		const struct item *i = release_item(w->w->release, k);

		if (i->kind == ITEM_INCIDENT || has_incident(w, said(i->parent)))
			continue;
		near.marking = item_marking(i);
		add_item(w, event, i, &near);
	}
	buf_free(&title);
	return wrapped(event);
}

/* ---- what belongs to what ---- */

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

static bool has_incident(const struct writing *w, const char *id)
{
	return id[0] && bsearch(&id, w->incidents, w->incident_count, sizeof id, by_text);
}

/* Fills the lists; how many items stand in no incident's event. */
static size_t sort_out(struct writing *w, size_t n)
{
	size_t others = 0;

	for (size_t k = 0; k < n; k++) {
		const struct item *i = release_item(w->w->release, k);

		if (i->kind == ITEM_INCIDENT)
			w->incidents[w->incident_count++] = said(i->id);
	}
	qsort(w->incidents, w->incident_count, sizeof *w->incidents, by_text);
	for (size_t k = 0; k < n; k++) {
		const struct item *i = release_item(w->w->release, k);

		if (i->kind == ITEM_INCIDENT)
			continue;
		if (has_incident(w, said(i->parent)))
			w->children[w->child_count++] = (struct child){ i->parent, (u32)k };
		else
			others++;
	}
	qsort(w->children, w->child_count, sizeof *w->children, by_parent);
	return others;
}

/* The first child of an id, or where it would stand. */
static size_t first_of(const struct writing *w, const char *id)
{
	size_t low = 0, high = w->child_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(w->children[middle].parent, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int give(struct writing *w, json_t *event, misp_event_fn *fn, void *to)
{
	int rc = w->rc ? w->rc : event ? fn(to, event) : -ENOMEM;

	json_decref(event);
	return rc;
}

int misp_events(const struct exchange_write *how, misp_event_fn *fn, void *to)
{
	struct writing w = { .w = how,
		.producer = said(how->producer)[0] ? how->producer : "Vedette" };
	size_t n = release_count(how->release), others = 0;
	int rc = 0;

	w.children = calloc(n + 1, sizeof *w.children);
	w.incidents = calloc(n + 1, sizeof *w.incidents);
	if (w.children && w.incidents)
		others = sort_out(&w, n);
	else
		rc = -ENOMEM;
	for (size_t k = 0; rc == 0 && k < n; k++) {
		const struct item *i = release_item(how->release, k);
		size_t from = first_of(&w, said(i->id)), end = from;

		if (i->kind != ITEM_INCIDENT)
			continue;
		while (end < w.child_count && !strcmp(w.children[end].parent, said(i->id)))
			end++;
		rc = give(&w, incident_event(&w, i, from, end), fn, to);
	}
	if (rc == 0 && others)
		rc = give(&w, other_event(&w, n), fn, to);
	free(w.children);
	free(w.incidents);
	misp_room_free(&w.room);
	return rc;
}

/* ---- one document ---- */

struct document { struct buf *out; u32 count; };

static int to_buf(const char *octets, size_t n, void *to)
{
	buf_add(to, octets, n);
	return buf_error(to) ? -1 : 0;
}

static int add_event(void *to, json_t *event)
{
	struct document *d = to;

	if (d->count++)
		buf_text(d->out, ",\n");
	if (json_dump_callback(event, to_buf, d->out, JSON_COMPACT))
		return buf_error(d->out) ? buf_error(d->out) : -ENOMEM;
	return 0;
}

int misp_write(struct buf *out, const struct exchange_write *how, char why[EXCHANGE_WHY])
{
	struct document d = { out, 0 };
	size_t from = out->len;
	int rc;

	(void)why;
	buf_text(out, "{\"response\":[");
	rc = misp_events(how, add_event, &d);
	buf_text(out, "]}\n");
	if (rc && !buf_error(out))
		out->at[out->len = from] = 0;	/* nothing half */
	return rc ? rc : buf_error(out);
}
