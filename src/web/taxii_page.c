/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taxii_page.c - pages of an index, and the bundles that their objects are taken from; see
 * taxii_index.h. */
#include "web/taxii_own.h"
#include "base/rd.h"
#include "base/stamp.h"

/* ---- filters ---- */

typedef bool match_fn(const struct taxii_entry *e, const char *text, size_t n);

/* Any of a list with commas; NULL lets everything through. */
static bool any_of(const struct taxii_entry *e, const char *list, match_fn *match)
{
	for (const char *p = list; p && *p; p += strcspn(p, ","), p += *p == ',')
		if (match(e, p, strcspn(p, ",")))
			return true;
	return list == NULL;
}

static bool match_id(const struct taxii_entry *e, const char *text, size_t n)
{
	struct taxii_entry is = { 0 };

	return taxii_id_parse(text, n, &is) && taxii_same(&is, e);
}

static bool match_type(const struct taxii_entry *e, const char *text, size_t n)
{
	return strlen(taxii_type(e->type)) == n && memcmp(taxii_type(e->type), text, n) == 0;
}

/* A version as one writes it: a time, or (0) a word for that which there is: of each object there
 * is one version, so that the first, the last and all are the same. */
static int read_version(const char *text, size_t n, u64 *ret)
{
	static const char *const words[] = { "first", "last", "all" };
	char one[STAMP_TEXT_MAX];

	*ret = 0;
	for (size_t k = 0; k < COUNT(words); k++)
		if (n == strlen(words[k]) && memcmp(text, words[k], n) == 0)
			return 0;
	if (n == 0 || n >= sizeof one)
		return OOPS_FORMAT;
	snprintf(one, sizeof one, "%.*s", (int)n, text);
	return stamp_parse(one, ret) || *ret == 0 ? OOPS_FORMAT : 0;
}

static bool match_version(const struct taxii_entry *e, const char *text, size_t n)
{
	u64 at, version = e->version ? e->version : e->added;

	return read_version(text, n, &at) == 0 && (at == 0 || at / 1000 == version / 1000);
}

static bool versions_fit(const char *list)
{
	u64 at;

	for (const char *p = list; p; p = *p ? p + 1 : NULL) {
		const size_t n = strcspn(p, ",");

		if (read_version(p, n, &at))
			return false;
		p += n;
	}
	return true;
}

static bool match_spec(const struct taxii_entry *e, const char *text, size_t n)
{
	(void)e;
	return n == 3 && memcmp(text, "2.1", 3) == 0;
}

/* "added uuid" in hex. */
static int read_next(const char *text, struct taxii_entry *ret)
{
	u8 octets[24];

	if (strlen(text) != 2 * sizeof octets + 2)
		return OOPS_FORMAT;
	for (size_t i = 0; i <= sizeof octets; i++) {
		int high = taxii_nibble(text[2 * i]), low = taxii_nibble(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return OOPS_FORMAT;
		if (i == sizeof octets)
			ret->type = (u8)(high << 4 | low);
		else
			octets[i] = (u8)(high << 4 | low);
	}
	ret->added = be64(octets);
	memcpy(ret->uuid, octets + 8, sizeof ret->uuid);
	return 0;
}

char *taxii_next(const struct taxii_page *p, char to[TAXII_NEXT_MAX])
{
	const struct taxii_entry *e = &p->entries[p->count - 1];
	int n = snprintf(to, TAXII_NEXT_MAX, "%016llx", (unsigned long long)e->added);

	for (size_t i = 0; i < sizeof e->uuid; i++)
		n += snprintf(to + n, (size_t)(TAXII_NEXT_MAX - n), "%02x", e->uuid[i]);
	snprintf(to + n, (size_t)(TAXII_NEXT_MAX - n), "%02x", e->type);
	return to;
}

/* The first entry behind the place that is asked for. */
static size_t begin(const struct index *x, const struct taxii_wish *w,
		    const struct taxii_entry *next)
{
	size_t low = 0, high = x->entries.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct taxii_entry *e = &x->entries.at[middle];

		if (e->added / 1000 <= w->after / 1000 ||
		    (w->next && taxii_by_time(e, next) <= 0))
			low = middle + 1;
		else
			high = middle;
	}
	return w->after || w->next ? low : 0;
}

/* A page ends where the time changes, when it can: a manifest has no `next` in the standard, so
 * that clients go on with what was added after its last, and would lose what is as old as that.
 * `e` is the first that has no room. */
static void end_page(struct taxii_page *p, const struct taxii_entry *e)
{
	size_t n = p->count;

	p->more = true;
	while (n > 0 && p->entries[n - 1].added / 1000 == e->added / 1000)
		n--;
	p->count = n ? n : p->count;
}

static int fill(const struct index *x, const struct taxii_wish *w, size_t from,
		struct taxii_page *ret)
{
	ret->entries = calloc(w->limit, sizeof *ret->entries);
	ret->items = calloc(w->limit, sizeof *ret->items);
	if (ret->entries == NULL || ret->items == NULL)
		return -ENOMEM;
	for (size_t i = from; i < x->entries.count; i++) {
		const struct taxii_entry *e = &x->entries.at[i];

		if (!any_of(e, w->types, match_type) || !any_of(e, w->ids, match_id) ||
		    !any_of(e, w->versions, match_version) || !any_of(e, w->specs, match_spec))
			continue;
		if (ret->count == w->limit) {
			end_page(ret, e);
			return 0;
		}
		ret->items[ret->count] = x->items[e->item];
		ret->entries[ret->count++] = *e;
	}
	return 0;
}

int taxii_look(struct request *q, const struct taxii_wish *w, struct taxii_page *ret)
{
	struct taxii_entry next = { 0 };
	struct index *x = NULL;
	int rc = w->next ? read_next(w->next, &next) : 0;

	*ret = (struct taxii_page){ 0 };
	if (rc)
		return request_fault(q, OOPS_FORMAT, "next: this is none that was given here");
	if (!versions_fit(w->versions))
		return request_fault(q, OOPS_FORMAT, "match[version]: first, last, all or times "
				     "are wanted: 2026-01-31T10:00:00.000Z");
	pthread_mutex_lock(&q->web->taxii->lock);
	rc = taxii_take(q, w->clearance, &x);
	if (rc == 0)
		rc = fill(x, w, begin(x, w, &next), ret);
	if (rc == 0)
		ret->made = x->made;
	pthread_mutex_unlock(&q->web->taxii->lock);
	return rc;
}

void taxii_page_free(struct taxii_page *p)
{
	free(p->entries);
	free(p->items);
	*p = (struct taxii_page){ 0 };
}

/* ---- writing ---- */

static int write_item(struct request *q, struct gate *g, const struct taxii_item *item,
		      struct buf *out)
{
	const struct store_cond one = { .field = "id", .op = STORE_IS, .text = item->indicator };
	const struct store_query indicators = { .table = DESK_indicator, .conds = &one,
		.count = 1 };
	const struct gate_wish wish = { .incidents = &item->incident,
		.incident_count = item->incident != 0, .parts = GATE_ALL,
		.indicators = item->incident ? NULL : &indicators };
	const struct exchange *stix = exchange_find("stix");
	struct exchange_write w = { .at = q->now, .producer = q->web->setup.producer,
		.version = q->web->setup.version };
	struct release *r = NULL;
	char why[EXCHANGE_WHY] = "";
	int rc = gate_release(g, &wish, stix->cap, RELEASE_REDACTED, &r);

	if (rc)
		return request_fault(q, rc, "%s", gate_error(g));
	w.release = r;
	if (release_count(r) && (rc = exchange_write(stix, out, &w, why)))
		request_fault(q, rc, "%s", why);
	release_free(r);
	return rc;
}

/* The last run of the store, 0 when there is none; UINT64_MAX while it goes on. */
static u64 settled(struct gate *g)
{
	u64 run;

	return gate_settled(g, &run) < 0 ? UINT64_MAX : run;
}

/* The kept one, or NULL. */
static json_t *find_kept(struct taxii *t, struct gate *g, u64 made, u64 incident)
{
	u64 run = settled(g);
	json_t *bundle = NULL;

	pthread_mutex_lock(&t->lock);
	if (incident && t->kept.made == made && t->kept.incident == incident &&
	    run != UINT64_MAX && t->kept.run == run)
		bundle = json_incref(t->kept.bundle);
	pthread_mutex_unlock(&t->lock);
	return bundle;
}

static void keep(struct taxii *t, const struct kept *k)
{
	size_t n = json_array_size(json_object_get(k->bundle, "objects"));

	if (k->incident == 0 || n < KEPT_LEAST || n > KEPT_MOST)
		return;
	pthread_mutex_lock(&t->lock);
	json_decref(t->kept.bundle);
	t->kept = *k;
	json_incref(k->bundle);
	pthread_mutex_unlock(&t->lock);
}

int taxii_bundle(struct request *q, struct gate *g, u64 made, const struct taxii_item *item,
		 json_t **ret)
{
	struct buf out = { .limit = 256u << 20 };
	u64 run;
	int rc;

	if ((*ret = find_kept(q->web->taxii, g, made, item->incident)))
		return 0;
	run = settled(g);	/* before it is read */
	rc = write_item(q, g, item, &out);
	if (rc == OOPS_UNKNOWN)	/* it was there when the index was made */
		rc = 0;
	else if (rc == 0 && out.len && (*ret = json_loadb(out.at, out.len, 0, NULL)))
		keep(q->web->taxii, &(struct kept){ made, item->incident, run, *ret });
	buf_free(&out);
	return rc;
}
