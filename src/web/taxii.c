/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taxii.c - what a TAXII 2.1 server shows; see taxii.h.
 *
 *   entries of a page (taxii_index.h) --> for each item its bundle, from a release
 *     --> the objects whose ids the page has, in its order --> log --> envelope
 *
 * The log has what left before it leaves: a page that cannot be noted is not given. */
#include "web/taxii.h"
#include "base/num.h"
#include "base/stamp.h"
#include "model/digest.h"
#include "model/utf8.h"
#include "model/uuid.h"
#include "web/taxii_index.h"

#define TOLD_MAX 100u	/* ids named in one event, as in gate_told() */

/* ---- words ---- */

void taxii_problem(struct request *q, const char *title)
{
	q->media = TAXII_MEDIA;
	buf_text(q->out, "{\"title\":");
	utf8_json(q->out, title);
	if (q->why[0]) {
		buf_text(q->out, ",\"description\":");
		utf8_json(q->out, q->why);
	}
	buf_fmt(q->out, ",\"http_status\":\"%u\"}\n", q->status);
}

/* "q=0", "q=0.000": this one is not wanted. */
static bool is_unwanted(const char *text, size_t n)
{
	const char *q = memmem(text, n, ";", 1);

	for (; q; q = memmem(q, (size_t)(text + n - q), ";", 1)) {
		q += 1 + strspn(q + 1, " \t");
		if (q + 2 < text + n && strncasecmp(q, "q=0", 3) == 0 &&
		    strspn(q + 3, ".0 ") == strcspn(q + 3, ",;"))
			return true;
	}
	return false;
}

/* One media range of a list; parameters but the version and how much it is wanted are passed
 * over. */
static bool range_fits(const char *text, size_t n)
{
	static const char media[] = "application/taxii+json";
	const char *version = memmem(text, n, "version=", 8);
	size_t name = 0;

	if (is_unwanted(text, n))
		return false;
	while (name < n && text[name] != ';' && text[name] != ' ')
		name++;
	if ((name == 3 && memcmp(text, "*/*", 3) == 0) ||
	    (name == 13 && strncasecmp(text, "application/*", 13) == 0))
		return true;
	if (name != sizeof media - 1 || strncasecmp(text, media, name))
		return false;
	if (version == NULL)
		return true;
	version += 8;
	version += *version == '"';
	return (size_t)(text + n - version) >= 3 && memcmp(version, "2.1", 3) == 0 &&
	       (version + 3 == text + n || strchr("\"; ", version[3]));
}

bool taxii_takes(const char *type)
{
	return type && *type != '*' && strncasecmp(type, "application/*", 13) &&
	       range_fits(type, strlen(type));
}

int taxii_accepts(struct request *q)
{
	const char *accept = request_header(q, "Accept");

	if (accept == NULL)
		return 0;
	for (const char *p = accept; *p; p += strcspn(p, ","), p += *p == ',') {
		p += strspn(p, " \t");
		if (range_fits(p, strcspn(p, ",")))
			return 0;
	}
	return request_fault(q, -EPROTONOSUPPORT, "it is to be had as " TAXII_MEDIA " only");
}

void taxii_put(struct request *q, json_t *o)
{
	char *text = o ? json_dumps(o, JSON_COMPACT) : NULL;

	if (text)
		buf_text(q->out, text);
	else
		q->out->error = -ENOMEM;
	buf_byte(q->out, '\n');
	free(text);
	json_decref(o);
}

/* ---- discovery (4.1), API root (4.2) ---- */

static const char *producer(const struct request *q)
{
	const char *name = q->web->setup.producer;

	return name && name[0] ? name : "Vedette";
}

static int discovery(struct request *q)
{
	int rc = taxii_accepts(q);

	if (rc == 0)
		taxii_put(q, json_pack("{s:s, s:s, s:s, s:[s]}", "title", producer(q),
			"description", "What this desk shares, by the label that who asks is "
			"cleared for.", "default", TAXII_ROOT, "api_roots", TAXII_ROOT));
	return rc;
}

static int root(struct request *q)
{
	int rc = taxii_accepts(q);

	if (rc == 0)
		taxii_put(q, json_pack("{s:s, s:[s], s:i}", "title", producer(q), "versions",
			TAXII_MEDIA, "max_content_length", (int)WEB_BODY_MAX));
	return rc;
}

/* ---- collections (5.1, 5.2) ---- */

static const char *const aliases[] = { "clear", "green", "amber", "amber-strict", "red" };

/* Of a label and a PAP; NULL: of the inbox. */
static char *collection_id(const struct marking *m, char to[UUID_TEXT])
{
	char name[80], text[MARKING_TEXT_MAX];

	snprintf(name, sizeof name, "taxii collection %s", m ? marking_text(*m, text) : "inbox");
	return uuid_name_text(uuid_of_vedette, name, to);
}

static json_t *collection(const struct request *q, int tlp)
{
	const struct marking m = { (u8)tlp, q->who.clearance.pap };
	char id[UUID_TEXT], text[MARKING_TEXT_MAX], title[80];

	if (tlp < 0)
		return json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:[s]}", "id",
			collection_id(NULL, id), "title", "Inbox", "description",
			"Takes objects: each becomes a report that people decide on.", "alias",
			"inbox", "can_read", 0, "can_write", (int)(q->who.role >= ROLE_ANALYST),
			"media_types", "application/stix+json;version=2.1");
	snprintf(title, sizeof title, "Up to %s", marking_text(m, text));
	return json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:[s]}", "id", collection_id(&m, id),
		"title", title, "description", "Incidents with all that hangs on them, and "
		"indicators, of that label and below.", "alias", aliases[tlp], "can_read", 1,
		"can_write", 0, "media_types", "application/stix+json;version=2.1");
}

bool taxii_is_inbox(const struct request *q)
{
	char id[UUID_TEXT];

	return strcmp(q->values.at[0], "inbox") == 0 ||
	       strcasecmp(q->values.at[0], collection_id(NULL, id)) == 0;
}

/* The label of the collection in the path, -1 of the inbox, or OOPS_UNKNOWN: no one learns
 * of collections above their clearance. */
static int which(struct request *q)
{
	for (int tlp = 0; tlp <= q->who.clearance.tlp; tlp++) {
		const struct marking m = { (u8)tlp, q->who.clearance.pap };
		char id[UUID_TEXT];

		if (strcmp(q->values.at[0], aliases[tlp]) == 0 ||
		    strcasecmp(q->values.at[0], collection_id(&m, id)) == 0)
			return tlp;
	}
	return taxii_is_inbox(q) ? -1
	     : request_fault(q, OOPS_UNKNOWN, "there is no such collection");
}

static int collections(struct request *q)
{
	json_t *list;
	int rc = taxii_accepts(q);

	if (rc || (list = json_array()) == NULL)
		return rc ? rc : -ENOMEM;
	for (int tlp = 0; tlp <= q->who.clearance.tlp; tlp++)
		json_array_append_new(list, collection(q, tlp));
	json_array_append_new(list, collection(q, -1));
	taxii_put(q, json_pack("{s:o}", "collections", list));
	return 0;
}

static int one_collection(struct request *q)
{
	int rc = taxii_accepts(q), tlp = rc ? rc : which(q);

	if (tlp < -1)
		return tlp;
	taxii_put(q, collection(q, tlp));
	return 0;
}

/* ---- pages (3.4, 3.5) ---- */

static int wish_of(struct request *q, struct taxii_wish *w)
{
	const char *after = request_param(q, "added_after"), *limit = request_param(q, "limit");
	int rc = taxii_accepts(q), tlp = rc ? rc : which(q);

	if (tlp < -1)
		return tlp;
	if (tlp < 0)
		return request_fault(q, -EPERM, "this collection takes objects and gives none");
	*w = (struct taxii_wish){ .clearance = { (u8)tlp, q->who.clearance.pap },
		.next = request_param(q, "next"), .ids = request_param(q, "match[id]"),
		.types = request_param(q, "match[type]"),
		.versions = request_param(q, "match[version]"),
		.specs = request_param(q, "match[spec_version]") };
	if (after && (stamp_parse(after, &w->after) || w->after == 0))
		return request_fault(q, OOPS_TYPE, "added_after: a time is wanted: "
				     "2026-01-31T10:00:00.000000Z");
	rc = request_count(q, "limit", 1000000000, &w->limit);
	if (rc == 0 && limit && w->limit == 0)
		rc = request_fault(q, OOPS_TYPE, "limit: a number from 1 on is wanted");
	w->limit = min_u64(w->limit ? w->limit : WEB_PAGE, WEB_PAGE_MAX);
	return rc;
}

static void dates(struct request *q, const struct taxii_page *p)
{
	if (p->count == 0)
		return;
	stamp_text(p->entries[0].added, 6, q->added_first);
	stamp_text(p->entries[p->count - 1].added, 6, q->added_last);
}

/* `more` and `next` around a list. */
static json_t *envelope(const struct taxii_page *p, const char *key, json_t *list)
{
	char next[TAXII_NEXT_MAX];
	json_t *o;

	if (json_array_size(list) == 0 && !p->more) {
		json_decref(list);
		return json_object();
	}
	o = json_pack("{s:b}", "more", (int)p->more);
	if (json_array_size(list))
		json_object_set(o, key, list);
	json_decref(list);
	if (p->more)
		json_object_set_new(o, "next", json_string(taxii_next(p, next)));
	return o;
}

static json_t *marking_of(const char *id)
{
	for (u8 l = 0; l < LABEL_COUNT; l++)
		if (strcmp(id, stix_tlp_id((enum label)l)) == 0)
			return stix_tlp((enum label)l);
	for (u8 p = 0; p < PAP_COUNT; p++)
		if (strcmp(id, stix_pap_id((enum pap)p)) == 0)
			return stix_pap((enum pap)p);
	return NULL;
}

/* Puts the objects of a bundle in their places on the page. */
static void place(const struct taxii_page *p, size_t item, json_t *bundle, json_t **objects)
{
	json_t *all = json_object_get(bundle, "objects"), *o, *ids = json_object();
	char id[STIX_ID_MAX];
	size_t k;

	json_array_foreach(all, k, o)
		json_object_set(ids, rest_text(o, "id"), o);
	for (size_t i = item; i < p->count; i++)
		if (objects[i] == NULL && memcmp(&p->items[i], &p->items[item],
						 sizeof p->items[i]) == 0)
			objects[i] = json_incref(json_object_get(ids,
				taxii_id(&p->entries[i], id)));
	json_decref(ids);
}

/* The objects of a page, NULL where there is none any more; free them with drop(). */
static int render(struct request *q, const struct taxii_page *p, struct marking clearance,
		  json_t **objects)
{
	const struct audience who = { q->who.login, clearance };
	bool *seen = calloc(p->count + 1, sizeof *seen);
	char id[STIX_ID_MAX];
	struct gate *g = NULL;
	json_t *bundle;
	int rc = seen ? gate_open(&g, NULL, q->store, &who) : -ENOMEM;

	for (size_t i = 0; rc == 0 && i < p->count; i++)
		objects[i] = marking_of(taxii_id(&p->entries[i], id));
	for (size_t i = 0; rc == 0 && i < p->count; i++) {
		if (objects[i] || seen[i])
			continue;
		for (size_t k = i; k < p->count; k++)
			seen[k] |= memcmp(&p->items[k], &p->items[i], sizeof p->items[i]) == 0;
		rc = taxii_bundle(q, g, p->made, &p->items[i], &bundle);
		if (rc == 0)
			place(p, i, bundle, objects);
		json_decref(bundle);
	}
	gate_close(g);
	free(seen);
	return rc;
}

static void drop(json_t **objects, size_t n)
{
	for (size_t i = 0; objects && i < n; i++)
		json_decref(objects[i]);
	free(objects);
}

/* ---- what leaves is told ---- */

static bool is_frame(const char *id)
{
	return strncmp(id, "marking-", 8) == 0 || strncmp(id, "extension-", 10) == 0;
}

/* Asks the writer to note it. */
static int tell(struct request *q, const struct taxii_wish *w, json_t *list)
{
	json_t *args, *reply = NULL, *ids = json_array(), *o;
	char hash[65];
	struct digest d;
	u8 raw[DIGEST_OCTETS];
	size_t k, count = 0;
	int rc;

	digest_init(&d);
	digest_add(&d, q->out->at, q->out->len);
	digest_end(&d, raw);
	json_array_foreach(list, k, o)
		if (!is_frame(rest_text(o, "id")) && count++ < TOLD_MAX)
			json_array_append(ids, json_object_get(o, "id"));
	args = json_pack("{s:s, s:I, s:o, s:s, s:s, s:s}", "format", "taxii", "count",
		(json_int_t)count, "items", ids, "tlp", label_text(w->clearance.tlp), "pap",
		pap_text(w->clearance.pap), "document", hex_text(raw, sizeof raw, hash));
	rc = args == NULL ? -ENOMEM : count ? request_ask(q, "share.told", args, &reply) : 0;
	json_decref(args);
	json_decref(reply);
	return rc;
}

/* ---- objects (5.4, 5.6), manifest (5.3), versions (5.8) ---- */

enum page_form { FORM_OBJECTS, FORM_MANIFEST, FORM_VERSIONS };

static json_t *version_of(const struct taxii_entry *e, int decimals)
{
	char text[STAMP_TEXT_MAX];

	return json_string(stamp_text(e->version ? e->version : e->added,
				      e->version ? decimals : 6, text));
}

static json_t *record(const struct taxii_entry *e)
{
	char id[STIX_ID_MAX], added[STAMP_TEXT_MAX];

	return json_pack("{s:s, s:s, s:o, s:s}", "id", taxii_id(e, id), "date_added",
		stamp_text(e->added, 6, added), "version", version_of(e, 3), "media_type",
		"application/stix+json;version=2.1");
}

static int put_objects(struct request *q, const struct taxii_wish *w, const struct taxii_page *p)
{
	json_t **objects = calloc(p->count + 1, sizeof *objects), *list = json_array(), *whole;
	int rc = objects && list ? render(q, p, w->clearance, objects) : -ENOMEM;

	for (size_t i = 0; rc == 0 && i < p->count; i++)
		if (objects[i] && json_array_append(list, objects[i]))
			rc = -ENOMEM;
	if (rc == 0) {
		whole = envelope(p, "objects", json_incref(list));
		taxii_put(q, whole);
		rc = buf_error(q->out) ? buf_error(q->out) : tell(q, w, list);
	}
	drop(objects, p->count);
	json_decref(list);
	return rc;
}

static int put_list(struct request *q, const struct taxii_page *p, enum page_form form)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->count; i++)
		json_array_append_new(list, form == FORM_MANIFEST ? record(&p->entries[i])
				      : version_of(&p->entries[i], 3));
	taxii_put(q, envelope(p, form == FORM_MANIFEST ? "objects" : "versions", list));
	return 0;
}

static int page(struct request *q, const char *id, enum page_form form)
{
	struct taxii_page p = { 0 };
	struct taxii_wish w, any;
	int rc = wish_of(q, &w);

	if (id && rc == 0) {
		w.ids = id;
		any = (struct taxii_wish){ .clearance = w.clearance, .ids = id, .limit = 1 };
		if ((rc = taxii_look(q, &any, &p)) == 0 && p.count == 0)
			rc = request_fault(q, OOPS_UNKNOWN, "there is no such object here");
		taxii_page_free(&p);
	}
	if (rc == 0)
		rc = taxii_look(q, &w, &p);
	if (rc == 0) {
		dates(q, &p);
		rc = form == FORM_OBJECTS ? put_objects(q, &w, &p) : put_list(q, &p, form);
	}
	if (rc)
		q->added_first[0] = 0;
	taxii_page_free(&p);
	return rc;
}

static int objects(struct request *q)
{
	return page(q, NULL, FORM_OBJECTS);
}

static int manifest(struct request *q)
{
	return page(q, NULL, FORM_MANIFEST);
}

/* One id: no list of them. */
static const char *one_id(struct request *q)
{
	return strchr(q->values.at[1], ',') ? "" : q->values.at[1];
}

static int one_object(struct request *q)
{
	return page(q, one_id(q), FORM_OBJECTS);
}

static int versions(struct request *q)
{
	return page(q, one_id(q), FORM_VERSIONS);
}

/* 5.7: what a desk told is in its log, and is not untold by who was told. */
static int refuse_delete(struct request *q)
{
	int tlp = which(q);

	return tlp < -1 ? tlp : request_fault(q, -EPERM,
		"nobody takes an object away here: it changes, or its label does");
}

#define BY_TIME { "added_after", "added later than this time", OP_TIME, NULL },     \
	{ "limit", "at most so many, up to 500", OP_COUNT, NULL },             \
	{ "next", "what `next` was", OP_TEXT, NULL }
#define BY_SPEC { "match[spec_version]", "of these versions of STIX, commas between", OP_TEXT, \
	NULL }
#define BY_VERSION { "match[version]", "first, last, all or times, commas between", OP_TEXT, \
	NULL }

static const struct api_param many_params[] = { BY_TIME,
	{ "match[id]", "these ids, commas between", OP_TEXT, NULL },
	{ "match[type]", "of these types, commas between", OP_TEXT, NULL },
	BY_VERSION, BY_SPEC, { .name = NULL } };
static const struct api_param one_params[] = { BY_TIME, BY_VERSION, BY_SPEC, { .name = NULL } };
static const struct api_param version_params[] = { BY_TIME, BY_SPEC, { .name = NULL } };

#define GET(where, does, with, says) { .method = "GET", .path = where, .run = does,         \
	.params = with, .media = TAXII_MEDIA, .taxii = true, .help = says }
/* The same of what may wait until the list of a collection is made. */
#define LIST(where, does, with, says) { .method = "GET", .path = where, .run = does,        \
	.params = with, .media = TAXII_MEDIA, .taxii = true, .aside = true, .help = says }

const struct api_route taxii_routes[] = {
	GET("/taxii2/", discovery, NULL, "TAXII 2.1: discovery."),
	GET(TAXII_ROOT, root, NULL, "TAXII 2.1: the API root."),
	GET(TAXII_ROOT "collections/", collections, NULL, "TAXII 2.1: the collections."),
	GET(TAXII_ONE, one_collection, NULL, "TAXII 2.1: one collection."),
	LIST(TAXII_ONE "objects/", objects, many_params, "TAXII 2.1: objects of a collection."),
	{ .method = "POST", .path = TAXII_ONE "objects/", .run = taxii_post, .taxii = true,
	  .role = ROLE_ANALYST, .media = TAXII_MEDIA,
	  .help = "TAXII 2.1: objects for the inbox." },
	LIST(TAXII_ONE "manifest/", manifest, many_params, "TAXII 2.1: what there is."),
	LIST(TAXII_ONE "objects/{object}/", one_object, one_params, "TAXII 2.1: one object."),
	{ .method = "DELETE", .path = TAXII_ONE "objects/{object}/", .run = refuse_delete,
	  .taxii = true, .media = TAXII_MEDIA, .help = "TAXII 2.1: is refused." },
	LIST(TAXII_ONE "objects/{object}/versions/", versions, version_params,
	    "TAXII 2.1: the versions of one object."),
	GET(TAXII_ROOT "status/{status}/", taxii_status, NULL,
	    "TAXII 2.1: what became of objects that were given."),
	{ .method = NULL }
};
