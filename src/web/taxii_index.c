/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taxii_index.c - see taxii_index.h.
 *
 *   gate_each(...) -> entries, with repetitions -> by id, the earliest stays -> by time
 *
 * INDEXES of them are kept, for as many clearances; the one that was not asked for longest
 * makes room. One lock: who comes while an index is made waits for it instead of making it, too. */
#include "web/taxii_index.h"
#include "base/stamp.h"
#include "model/uuid.h"

#define INDEXES 6u
#define EVENTS_LOOKED 5000u	/* newer than that, and the index is made anew */

static const char *const types[] = { "marking-definition", "extension-definition", "identity",
	"domain-name", "ipv4-addr", "ipv6-addr", "url", "email-addr", "autonomous-system",
	"file", "indicator", "observed-data", "report", "grouping", "note", "sighting" };

struct index {
	struct marking clearance;
	struct taxii_entry *entries;
	struct taxii_item *items;
	size_t count, room, item_count, item_room;
	u64 event;		/* the last that it knows of; 0 = not made */
	u64 used, made;		/* by the clock of struct taxii */
};
/* An incident with thousands of members is on many pages: its bundle stays for the next one,
 * as long as the index is the same and no run adds findings, which no event tells of. */
#define KEPT_LEAST 200u		/* objects in it */
#define KEPT_MOST 20000u
struct kept { u64 made, incident, run; json_t *bundle; };

struct taxii {
	pthread_mutex_t lock;
	struct index all[INDEXES];
	u64 clock;
	struct kept kept;
};

const char *taxii_type(unsigned type)
{
	return type < COUNT(types) ? types[type] : NULL;
}

char *taxii_id(const struct taxii_entry *e, char to[STIX_ID_MAX])
{
	char uuid[UUID_TEXT];

	snprintf(to, STIX_ID_MAX, "%s--%s", types[e->type], uuid_text(e->uuid, uuid));
	return to;
}

int taxii_start(struct web *w)
{
	if ((w->taxii = calloc(1, sizeof *w->taxii)) == NULL)
		return -ENOMEM;
	pthread_mutex_init(&w->taxii->lock, NULL);
	return 0;
}

static void forget(struct index *x)
{
	free(x->entries);
	free(x->items);
	*x = (struct index){ .used = x->used };
}

void taxii_stop(struct web *w)
{
	if (w->taxii == NULL)
		return;
	for (unsigned i = 0; i < INDEXES; i++)
		forget(&w->taxii->all[i]);
	json_decref(w->taxii->kept.bundle);
	pthread_mutex_destroy(&w->taxii->lock);
	free(w->taxii);
	w->taxii = NULL;
}

/* ---- making ---- */

struct making {
	struct index *index;
	struct gate *gate;
	const char *producer;
	struct finding *finding;	/* room for one */
	u64 added;
};

static int nibble(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f'
	     ? (c | 32) - 'a' + 10 : -1;
}

/* "type--uuid"; false when it is none. */
static bool id_parse(const char *id, size_t n, struct taxii_entry *ret)
{
	const char *p = memmem(id, n, "--", 2);
	unsigned k = 0, digits = 0;

	while (p && k < COUNT(types) && (strlen(types[k]) != (size_t)(p - id) ||
					 memcmp(types[k], id, (size_t)(p - id))))
		k++;
	if (p == NULL || k == COUNT(types) || (size_t)(id + n - p) != 2 + UUID_TEXT - 1)
		return false;
	for (p += 2; p < id + n; p++) {
		int v = nibble(*p);

		if (*p == '-' && (digits == 8 || digits == 12 || digits == 16 || digits == 20))
			continue;
		if (v < 0 || digits == 32)
			return false;
		ret->uuid[digits / 2] = (u8)(digits % 2 ? ret->uuid[digits / 2] | v : v << 4);
		digits++;
	}
	ret->type = (u8)k;
	return digits == 32;
}

/* A list with room for one more, or NULL and the old one is as it was. */
static void *roomy(void *list, size_t count, size_t *room, size_t size)
{
	size_t more = *room ? 2 * *room : 1024;

	if (count < *room)
		return list;
	if ((list = reallocarray(list, more, size)))
		*room = more;
	return list;
}

static int add_entry(void *to, const char *id, u64 version)
{
	struct making *m = to;
	struct index *x = m->index;
	struct taxii_entry *more, e = { .added = m->added, .version = version,
		.item = (u32)(x->item_count - 1) };

	if (!id_parse(id, strlen(id), &e))
		return 0;	/* no type of ours */
	if ((more = roomy(x->entries, x->count, &x->room, sizeof *more)) == NULL)
		return -ENOMEM;
	x->entries = more;
	x->entries[x->count++] = e;
	return 0;
}

static int new_item(struct making *m, u64 incident, const char *indicator)
{
	struct index *x = m->index;
	struct taxii_item *more;

	if (x->item_count && incident && x->items[x->item_count - 1].incident == incident)
		return 0;
	if ((more = roomy(x->items, x->item_count, &x->item_room, sizeof *more)) == NULL)
		return -ENOMEM;
	x->items = more;
	x->items[x->item_count] = (struct taxii_item){ .incident = incident };
	snprintf(x->items[x->item_count++].indicator, sizeof x->items->indicator, "%s",
		 indicator ? indicator : "");
	return 0;
}

static int add_item(struct making *m, const struct item *i, u64 incident, u64 added)
{
	int rc = new_item(m, incident, incident ? NULL : i->id);

	m->added = added;
	return rc ? rc : stix_parts(i, m->producer, add_entry, m);
}

static int add_incident(void *to, const void *record)
{
	const struct incident *i = record;
	struct making *m = to;
	struct gate_room room;
	struct item it;
	int rc;

	if (i->state == INCIDENT_MERGED)
		return 0;
	if ((rc = gate_incident_id(m->gate, i->number, room.id)))
		return rc;
	item_of_incident(&it, i, &room);
	return add_item(m, &it, i->number, i->changed);
}

static int add_report(struct making *m, const struct member *of)
{
	const struct report key = { .number = strtoull(of->id, NULL, 10) };
	struct gate_room room;
	struct item it;
	void *found = NULL;
	int rc = gate_take(m->gate, DESK_report, &key, &found);

	if (rc == 1) {
		const struct report *r = found;

		item_of_report(&it, r, &room);
		rc = add_item(m, &it, of->incident,
			      max_u64(of->changed, max_u64(r->received, r->changed)));
	}
	free(found);
	return rc == -EPERM ? 0 : rc;
}

/* One that is in the store no more, or stricter than its membership, is left out. */
static int add_finding(struct making *m, const struct member *of)
{
	struct gate_room room;
	struct item it;
	int rc = gate_finding(m->gate, of->id, m->finding);

	if (rc)
		return rc == -EPERM || rc == OOPS_UNKNOWN || rc == OOPS_LIMIT ? 0 : rc;
	item_of_finding(&it, m->finding, &room);
	return add_item(m, &it, of->incident, of->changed);
}

static int add_member(void *to, const void *record)
{
	const struct member *of = record;

	return of->kind == MEMBER_FINDING ? add_finding(to, of) : add_report(to, of);
}

static int add_note(void *to, const void *record)
{
	const struct note *n = record;
	struct making *m = to;
	struct gate_room room;
	struct item it;
	int rc = gate_incident_id(m->gate, n->incident, room.parent);

	if (rc)
		return rc;
	item_of_note(&it, n, &room);
	return add_item(m, &it, n->incident, n->at);
}

static int add_indicator(void *to, const void *record)
{
	const struct indicator *i = record;
	struct making *m = to;
	struct item it;

	if (strlen(i->id) >= sizeof m->index->items->indicator)
		return 0;
	item_of_indicator(&it, i);
	return add_item(m, &it, 0, i->taken);
}

static int by_id(const void *a, const void *b)
{
	const struct taxii_entry *x = a, *y = b;
	int d = memcmp(x->uuid, y->uuid, sizeof x->uuid);

	d = d ? d : x->type - y->type;
	d = d ? d : (x->added > y->added) - (x->added < y->added);
	return d ? d : (x->item > y->item) - (x->item < y->item);
}

static int by_time(const void *a, const void *b)
{
	const struct taxii_entry *x = a, *y = b;
	int d = (x->added > y->added) - (x->added < y->added);

	d = d ? d : memcmp(x->uuid, y->uuid, sizeof x->uuid);
	return d ? d : x->type - y->type;
}

static bool same_object(const struct taxii_entry *a, const struct taxii_entry *b)
{
	return a->type == b->type && memcmp(a->uuid, b->uuid, sizeof a->uuid) == 0;
}

static void keep_first(struct index *x)
{
	size_t n = 0;

	qsort(x->entries, x->count, sizeof *x->entries, by_id);
	for (size_t i = 0; i < x->count; i++)
		if (n == 0 || !same_object(&x->entries[n - 1], &x->entries[i]))
			x->entries[n++] = x->entries[i];
	x->count = n;
	qsort(x->entries, x->count, sizeof *x->entries, by_time);
}

static u64 made(json_t *marking)
{
	u64 at = rest_stamp(marking, "created");

	json_decref(marking);
	return at;
}

/* What every document has stands with the first item: markings, the program, who writes. */
static int add_frame(struct making *m)
{
	struct index *x = m->index;
	size_t from = x->count;
	u32 first;
	int rc;

	if (x->count == 0)
		return 0;
	qsort(x->entries, x->count, sizeof *x->entries, by_time);
	m->added = x->entries[0].added;
	first = x->entries[0].item;
	rc = stix_frame(m->producer, add_entry, m);
	for (u8 l = 0; rc == 0 && l <= x->clearance.tlp; l++)
		rc = add_entry(m, stix_tlp_id((enum label)l), made(stix_tlp((enum label)l)));
	for (u8 p = 0; rc == 0 && p <= x->clearance.pap; p++)
		rc = add_entry(m, stix_pap_id((enum pap)p), made(stix_pap((enum pap)p)));
	for (size_t i = from; i < x->count; i++)
		x->entries[i].item = first;
	return rc;
}

static int each(struct making *m, enum desk_table table, const char *order,
		store_record_fn *fn)
{
	const struct store_query all = { .table = table, .order = order };

	return gate_each(m->gate, &all, fn, m);
}

static int make(struct request *q, struct index *x, struct marking clearance, u64 event)
{
	const struct audience who = { q->who.login, clearance };
	struct making m = { .index = x, .producer = stix_said(q->web->setup.producer) };
	int rc;

	forget(x);
	x->clearance = clearance;
	if (m.producer[0] == 0)
		m.producer = STIX_PROJECT;
	if ((rc = gate_open(&m.gate, NULL, q->store, &who)))
		return rc;
	if ((m.finding = malloc(sizeof *m.finding)) == NULL)
		rc = -ENOMEM;
	if (rc == 0)
		rc = each(&m, DESK_incident, "number", add_incident);
	if (rc == 0)
		rc = each(&m, DESK_member, "incident kind id", add_member);
	if (rc == 0)
		rc = each(&m, DESK_note, "event", add_note);
	if (rc == 0)
		rc = each(&m, DESK_indicator, "id", add_indicator);
	if (rc == 0)
		rc = add_frame(&m);
	if (rc)
		request_fault(q, rc, "%s", gate_error(m.gate));
	gate_close(m.gate);
	free(m.finding);
	if (rc == 0) {
		keep_first(x);
		x->event = event;
	} else {
		forget(x);
	}
	return rc;
}

/* ---- taking ---- */

struct news { u64 last, count; bool any; };

/* Events that change nothing that a collection holds. */
static int look_event(void *to, const struct event *e)
{
	static const char *const idle[] = { "gate.", "taxii.", "user.", "token.", "notice.",
		"drill.", "vouch.", "task.", "clock.", "proof." };
	struct news *n = to;

	for (size_t k = 0; k < COUNT(idle); k++)
		if (strncmp(e->kind, idle[k], strlen(idle[k])) == 0) {
			n->last = e->number;
			return ++n->count > EVENTS_LOOKED;
		}
	n->any = true;
	return 1;
}

/* Is the index still what the log says? */
static int is_fresh(struct request *q, struct index *x, u64 *last, bool *fresh)
{
	const struct audience all = { "taxii", MARKING_STRICTEST };
	struct news n = { .last = x->event };
	struct gate *g = NULL;
	int rc = gate_open(&g, NULL, q->store, &all);

	if (rc == 0)
		rc = gate_last_event(g, last);
	if (rc == 0 && x->event && x->event <= *last) {
		rc = gate_events_after(g, x->event, look_event, &n);
		if ((*fresh = rc == 0 && !n.any))
			x->event = n.last;
		rc = rc > 0 ? 0 : rc;
	}
	gate_close(g);
	return rc;
}

/* With the lock. */
static int take(struct request *q, struct marking clearance, struct index **ret)
{
	struct taxii *t = q->web->taxii;
	struct index *x = &t->all[0];
	bool fresh = false;
	u64 last = 0;
	int rc;

	for (unsigned i = 0; i < INDEXES; i++) {
		struct index *it = &t->all[i];

		if (it->event && memcmp(&it->clearance, &clearance, sizeof clearance) == 0) {
			x = it;
			break;
		}
		if (it->used < x->used)
			x = it;
	}
	if (memcmp(&x->clearance, &clearance, sizeof clearance))
		forget(x);
	rc = is_fresh(q, x, &last, &fresh);
	if (rc == 0 && !fresh && (rc = make(q, x, clearance, last)) == 0)
		x->made = ++t->clock;
	x->used = ++t->clock;
	*ret = x;
	return rc;
}

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

	return id_parse(text, n, &is) && same_object(&is, e);
}

static bool match_type(const struct taxii_entry *e, const char *text, size_t n)
{
	return strlen(types[e->type]) == n && memcmp(types[e->type], text, n) == 0;
}

/* Of each object there is one version: the first, the last and all are the same. */
static bool match_version(const struct taxii_entry *e, const char *text, size_t n)
{
	char one[STAMP_TEXT_MAX];
	u64 at, version = e->version ? e->version : e->added;

	snprintf(one, sizeof one, "%.*s", (int)min_u64(n, sizeof one - 1), text);
	if (strcmp(one, "first") == 0 || strcmp(one, "last") == 0 || strcmp(one, "all") == 0)
		return true;
	return stamp_parse(one, &at) == 0 && at / 1000 == version / 1000;
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
		int high = nibble(text[2 * i]), low = nibble(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return OOPS_FORMAT;
		if (i == sizeof octets)
			ret->type = (u8)(high << 4 | low);
		else
			octets[i] = (u8)(high << 4 | low);
	}
	ret->added = 0;
	for (size_t i = 0; i < 8; i++)
		ret->added = ret->added << 8 | octets[i];
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
	size_t low = 0, high = x->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct taxii_entry *e = &x->entries[middle];

		if (e->added / 1000 <= w->after / 1000 ||
		    (w->next && by_time(e, next) <= 0))
			low = middle + 1;
		else
			high = middle;
	}
	return w->after || w->next ? low : 0;
}

static int fill(const struct index *x, const struct taxii_wish *w, size_t from,
		struct taxii_page *ret)
{
	ret->entries = calloc(w->limit, sizeof *ret->entries);
	ret->items = calloc(w->limit, sizeof *ret->items);
	if (ret->entries == NULL || ret->items == NULL)
		return -ENOMEM;
	for (size_t i = from; i < x->count; i++) {
		const struct taxii_entry *e = &x->entries[i];

		if (!any_of(e, w->types, match_type) || !any_of(e, w->ids, match_id) ||
		    !any_of(e, w->versions, match_version) || !any_of(e, w->specs, match_spec))
			continue;
		if (ret->count == w->limit) {
			ret->more = true;
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
	pthread_mutex_lock(&q->web->taxii->lock);
	rc = take(q, w->clearance, &x);
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

static int last_run(void *to, const struct store_run *run)
{
	*(u64 *)to = run->ended ? run->number : UINT64_MAX;
	return 1;
}

/* The last run of the store, 0 when there is none; UINT64_MAX while it goes on. */
static u64 settled(struct gate *g)
{
	u64 run = 0;

	return gate_latest_runs(g, 0, 1, last_run, &run) < 0 ? UINT64_MAX : run;
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
