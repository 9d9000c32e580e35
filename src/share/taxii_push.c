/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taxii_push.c - giving objects to a TAXII 2.1 server; see taxii.h.
 *
 *   bundle: [ context ][ observable, object, sighting ] [ object ] ...
 *   envelopes: { context, some of these }, { context, the next of these }, ... */
#include "share/taxii.h"
#include "share/rest.h"

#define COMMAS 2u	/* octets between two objects */

/* ---- envelopes ---- */

struct cutting {
	json_t *by_id;		/* every object of the bundle */
	json_t *context;	/* what stands in each envelope */
	json_t *open, *inside;	/* the envelope at hand, and the ids in it */
	size_t context_octets, octets;
	u64 octets_max;
	taxii_envelope_fn *fn;
	void *to;
};

static bool is_context(const char *type)
{
	return strcmp(type, "marking-definition") == 0 || strcmp(type, "identity") == 0 ||
	       strcmp(type, "extension-definition") == 0;
}

/* Objects that name others and that others are named by: not to be drawn in by a reference. */
static bool stands_alone(const char *type)
{
	static const char *const types[] = { "indicator", "observed-data", "report", "grouping",
		"note", "sighting", "incident", "relationship" };

	for (size_t k = 0; k < COUNT(types); k++)
		if (strcmp(type, types[k]) == 0)
			return true;
	return is_context(type);
}

static size_t octets_of(json_t *o)
{
	return json_dumpb(o, NULL, 0, JSON_COMPACT) + COMMAS;
}

static int begin(struct cutting *c)
{
	json_decref(c->open);
	json_decref(c->inside);
	c->open = json_copy(c->context);
	c->inside = json_object();
	c->octets = c->context_octets;
	return c->open && c->inside ? 0 : -ENOMEM;
}

static int flush(struct cutting *c)
{
	json_t *whole;
	struct buf out = { 0 };
	char *text;
	int rc = -ENOMEM;

	if (json_array_size(c->open) == json_array_size(c->context))
		return 0;
	whole = json_pack("{s:O}", "objects", c->open);
	if (whole && (text = json_dumps(whole, JSON_COMPACT))) {
		buf_text(&out, text);
		free(text);
		rc = buf_error(&out) ? buf_error(&out) : c->fn(c->to, &out);
	}
	json_decref(whole);
	buf_free(&out);
	return rc ? rc : begin(c);
}

static int put(struct cutting *c, json_t *o)
{
	const char *id = rest_text(o, "id");

	if (json_object_get(c->inside, id))
		return 0;
	c->octets += octets_of(o);
	return json_array_append(c->open, o) || json_object_set(c->inside, id, o) ? -ENOMEM : 0;
}

/* Calls back for each object of the bundle that `o` refers to and that is drawn in with it. */
static int each_needed(struct cutting *c, json_t *o, int (*fn)(struct cutting *, json_t *))
{
	json_t *refs = json_object_get(o, "object_refs"), *ref, *of;
	size_t k;
	int rc = 0;

	json_array_foreach(refs, k, ref) {
		const char *id = json_string_value(ref);

		of = id ? json_object_get(c->by_id, id) : NULL;
		if (rc == 0 && of && !stands_alone(rest_text(of, "type")))
			rc = fn(c, of);
	}
	return rc;
}

static int count(struct cutting *c, json_t *o)
{
	if (json_object_get(c->inside, rest_text(o, "id")) == NULL)
		c->octets += octets_of(o);
	return 0;
}

/* Would it be too large with this one? */
static bool is_full(struct cutting *c, json_t *o)
{
	size_t was = c->octets;
	bool full;

	count(c, o);
	(void)each_needed(c, o, count);
	full = c->octets > c->octets_max || json_array_size(c->open) >= TAXII_ENVELOPE_OBJECTS;
	c->octets = was;
	return full && json_array_size(c->open) > json_array_size(c->context);
}

static int put_unit(struct cutting *c, json_t *o, json_t *sighting)
{
	int rc = 0;

	if (is_full(c, o))
		rc = flush(c);
	if (rc == 0)
		rc = each_needed(c, o, put);
	if (rc == 0)
		rc = put(c, o);
	return rc == 0 && sighting ? put(c, sighting) : rc;
}

static int cut(struct cutting *c, json_t *all)
{
	json_t *o, *next;
	const char *type;
	size_t k;
	int rc = begin(c);

	json_array_foreach(all, k, o) {
		type = rest_text(o, "type");
		next = json_array_get(all, k + 1);
		if (rc || is_context(type) || !stands_alone(type) || strcmp(type, "sighting") == 0)
			continue;
		if (strcmp(rest_text(next, "sighting_of_ref"), rest_text(o, "id")))
			next = NULL;
		rc = put_unit(c, o, next);
	}
	return rc ? rc : flush(c);
}

int taxii_envelopes(const struct buf *bundle, u64 octets_max, taxii_envelope_fn *fn, void *to)
{
	json_t *root = json_loadb(buf_str(bundle), bundle->len, 0, NULL), *o;
	json_t *all = json_object_get(root, "objects");
	struct cutting c = { .by_id = json_object(), .context = json_array(), .fn = fn, .to = to,
		.octets_max = octets_max, .context_octets = 20 };
	size_t k;
	int rc = json_is_object(root) ? 0 : OOPS_FORMAT;

	json_array_foreach(all, k, o) {
		json_object_set(c.by_id, rest_text(o, "id"), o);
		if (is_context(rest_text(o, "type"))) {
			json_array_append(c.context, o);
			c.context_octets += octets_of(o);
		}
	}
	if (rc == 0)
		rc = cut(&c, all);
	json_decref(c.open);
	json_decref(c.inside);
	json_decref(c.by_id);
	json_decref(c.context);
	json_decref(root);
	return rc;
}

/* ---- what others refer to ---- */

static void look_at(json_t *missing, json_t *there, json_t *ref)
{
	const char *id = json_string_value(ref);

	if (id && strstr(id, "--") && json_object_get(there, id) == NULL)
		json_object_set_new(missing, id, json_true());
}

json_t *taxii_missing(json_t *objects)
{
	static const char *const lists[] = { "object_refs", "object_marking_refs",
		"where_sighted_refs" };
	static const char *const ones[] = { "created_by_ref", "sighting_of_ref", "source_ref",
		"target_ref" };
	json_t *there = json_object(), *missing = json_object(), *ret = json_array(), *o, *ref;
	const char *id;
	size_t k, n;

	json_array_foreach(objects, k, o)
		json_object_set(there, rest_text(o, "id"), o);
	json_array_foreach(objects, k, o) {
		for (size_t l = 0; l < COUNT(lists); l++)
			json_array_foreach(json_object_get(o, lists[l]), n, ref)
				look_at(missing, there, ref);
		for (size_t l = 0; l < COUNT(ones); l++)
			look_at(missing, there, json_object_get(o, ones[l]));
	}
	json_object_foreach(missing, id, ref)
		json_array_append_new(ret, json_string(id));
	json_decref(there);
	json_decref(missing);
	return ret;
}

/* ---- status ---- */

static u64 number(json_t *of, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(of, key));

	return n > 0 ? (u64)n : 0;
}

static void take_status(json_t *root, struct taxii_status *ret)
{
	snprintf(ret->id, sizeof ret->id, "%s", rest_text(root, "id"));
	ret->complete = strcmp(rest_text(root, "status"), "complete") == 0;
	ret->total = number(root, "total_count");
	ret->good = number(root, "success_count");
	ret->bad = number(root, "failure_count");
	ret->pending = number(root, "pending_count");
}

int taxii_add(const struct taxii *t, const struct taxii_query *q, const struct buf *envelope,
	      struct taxii_status *ret, char why[TAXII_WHY])
{
	struct http_answer a = { 0 };
	struct buf url = { 0 };
	char said[HTTP_WHY] = "";
	json_t *root = NULL;
	int rc;

	why[0] = 0;
	taxii_collection_url(&url, q);
	buf_text(&url, "objects/");
	rc = t->post(t->from, buf_str(&url), envelope, &a, said);
	if (rc)
		snprintf(why, TAXII_WHY, "%.300s", said[0] ? said : oops_text(rc));
	else
		rc = taxii_answer(&a, 202, buf_str(&url), &root, why);
	if (rc == 0)
		take_status(root, ret);
	json_decref(root);
	http_answer_free(&a);
	buf_free(&url);
	return rc;
}

int taxii_ask_status(const struct taxii *t, const struct taxii_query *q,
		     struct taxii_status *status, taxii_failure_fn *fn, void *to)
{
	struct http_answer a = { 0 };
	struct buf url = { 0 };
	char why[TAXII_WHY] = "";
	json_t *root = NULL, *o;
	size_t k, n = strlen(q->root);
	int rc;

	buf_fmt(&url, "%s%sstatus/%s/", q->root, n && q->root[n - 1] == '/' ? "" : "/", status->id);
	rc = strspn(status->id, "0123456789abcdefABCDEF-") == strlen(status->id) ? 0 : OOPS_FORMAT;
	if (rc == 0 && (rc = t->get(t->from, buf_str(&url), &a, why)) == 0)
		rc = taxii_answer(&a, 200, buf_str(&url), &root, why);
	if (rc == 0)
		take_status(root, status);
	json_array_foreach(json_object_get(root, "failures"), k, o)
		fn(to, rest_text(o, "id"), rest_text(o, "message"));
	if (rc)
		fn(to, "", why[0] ? why : oops_text(rc));
	json_decref(root);
	http_answer_free(&a);
	buf_free(&url);
	return rc;
}
