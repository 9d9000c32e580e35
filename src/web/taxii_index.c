/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taxii_index.c - see taxii_index.h.
 *
 *   gate_each(...) -> raw entries, with repetitions, by id -> the earliest of each -> by time
 *
 * What happens afterwards is followed: the events since say which incidents changed, whose
 * items are taken out of the raw entries and read again. What events do not say so plainly (a
 * merge, decisions on reports, indicators) makes the index anew. So a change costs what its
 * incident has, and a pass over the entries: some 30 ms of 100,000, where making takes seconds.
 *
 * INDEXES of them are kept, for as many clearances; the one that was not asked for longest
 * makes room. One lock: who comes while an index is made waits for it instead of making it, too. */
#include "web/taxii_own.h"
#include "base/stamp.h"
#include "model/uuid.h"

#define EVENTS_LOOKED 5000u	/* newer than that, and the index is made anew */

static const char *const types[] = { "marking-definition", "extension-definition", "identity",
	"domain-name", "ipv4-addr", "ipv6-addr", "url", "email-addr", "autonomous-system",
	"file", "indicator", "observed-data", "report", "grouping", "note", "sighting" };

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
	free(x->raw);
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
	const atomic_bool *ending;	/* of the server */
};

int taxii_nibble(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f'
	     ? (c | 32) - 'a' + 10 : -1;
}

/* "type--uuid"; false when it is none. */
bool taxii_id_parse(const char *id, size_t n, struct taxii_entry *ret)
{
	const char *p = memmem(id, n, "--", 2);
	unsigned k = 0, digits = 0;

	while (p && k < COUNT(types) && (strlen(types[k]) != (size_t)(p - id) ||
					 memcmp(types[k], id, (size_t)(p - id))))
		k++;
	if (p == NULL || k == COUNT(types) || (size_t)(id + n - p) != 2 + UUID_TEXT - 1)
		return false;
	for (p += 2; p < id + n; p++) {
		int v = taxii_nibble(*p);

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

	if (!taxii_id_parse(id, strlen(id), &e))
		return 0;	/* no type of ours */
	if ((more = roomy(x->raw, x->raw_count, &x->raw_room, sizeof *more)) == NULL)
		return -ENOMEM;
	x->raw = more;
	x->raw[x->raw_count++] = e;
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
	int rc = atomic_load(m->ending) ? -ECANCELED
	       : new_item(m, incident, incident ? NULL : i->id);

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

int taxii_by_time(const void *a, const void *b)
{
	const struct taxii_entry *x = a, *y = b;
	int d = (x->added > y->added) - (x->added < y->added);

	d = d ? d : memcmp(x->uuid, y->uuid, sizeof x->uuid);
	return d ? d : x->type - y->type;
}

bool taxii_same(const struct taxii_entry *a, const struct taxii_entry *b)
{
	return a->type == b->type && memcmp(a->uuid, b->uuid, sizeof a->uuid) == 0;
}

static u64 made(json_t *marking)
{
	u64 at = rest_stamp(marking, "created");

	json_decref(marking);
	return at;
}

/* The raw entries from `from` on go to their places among those before, which are in order. */
static int merge_in(struct index *x, size_t from)
{
	const size_t n = x->raw_count - from;
	struct taxii_entry *more;
	size_t left = from, to = x->raw_count, at = n;

	if (n == 0)
		return 0;
	if ((more = reallocarray(NULL, n, sizeof *more)) == NULL)
		return -ENOMEM;
	memcpy(more, x->raw + from, n * sizeof *more);
	qsort(more, n, sizeof *more, by_id);
	while (at > 0) {
		if (left > 0 && by_id(&x->raw[left - 1], &more[at - 1]) > 0)
			x->raw[--to] = x->raw[--left];
		else
			x->raw[--to] = more[--at];
	}
	free(more);
	return 0;
}

static size_t first_of(const struct index *x, size_t count)
{
	size_t first = 0;

	for (size_t i = 1; i < count; i++)
		if (taxii_by_time(&x->raw[i], &x->raw[first]) < 0)
			first = i;
	return first;
}

/* What every document has stands with the first item: markings, the program, who writes. It is
 * put behind the raw entries, for settle() alone. */
static int add_frame(struct making *m)
{
	struct index *x = m->index;
	const size_t from = x->raw_count, first = first_of(x, from);
	const u32 item = from ? x->raw[first].item : 0;
	int rc;

	if (from == 0)
		return 0;
	m->added = x->raw[first].added;
	rc = stix_frame(m->producer, add_entry, m);
	for (u8 l = 0; rc == 0 && l <= x->clearance.tlp; l++)
		rc = add_entry(m, stix_tlp_id((enum label)l), made(stix_tlp((enum label)l)));
	for (u8 p = 0; rc == 0 && p <= x->clearance.pap; p++)
		rc = add_entry(m, stix_pap_id((enum pap)p), made(stix_pap((enum pap)p)));
	for (size_t i = from; i < x->raw_count; i++)
		x->raw[i].item = item;
	return rc;
}

/* The entries out of the raw ones: of each object the earliest; frames where nothing else has
 * that id. */
static int settle(struct making *m)
{
	struct index *x = m->index;
	const size_t raw = x->raw_count;
	struct taxii_entry *more;
	int rc = add_frame(m);

	if (rc == 0 && x->room < x->raw_count) {
		more = reallocarray(x->entries, x->raw_count + x->raw_count / 4, sizeof *more);
		if (more == NULL)
			return -ENOMEM;
		x->entries = more;
		x->room = x->raw_count + x->raw_count / 4;
	}
	x->count = 0;
	for (size_t i = 0; i < raw && rc == 0; i++)
		if (i == 0 || !taxii_same(&x->raw[i - 1], &x->raw[i]))
			x->entries[x->count++] = x->raw[i];
	for (size_t i = raw; i < x->raw_count && rc == 0; i++)
		x->entries[x->count++] = x->raw[i];
	x->raw_count = raw;
	if (x->count)
		qsort(x->entries, x->count, sizeof *x->entries, taxii_by_time);
	return rc;
}

/* ---- reading ---- */

/* Records of a table: of one incident, or (0) of all. */
static int each(struct making *m, enum desk_table table, const char *order, u64 incident,
		store_record_fn *fn)
{
	const struct store_cond of = { "incident", STORE_IS, NULL, incident };
	const struct store_query query = { .table = table, .order = order, .conds = &of,
		.count = incident != 0 };

	return gate_each(m->gate, &query, fn, m);
}

static int read_all(struct making *m)
{
	int rc = each(m, DESK_incident, "number", 0, add_incident);

	if (rc == 0)
		rc = each(m, DESK_member, "incident kind id", 0, add_member);
	if (rc == 0)
		rc = each(m, DESK_note, "event", 0, add_note);
	return rc ? rc : each(m, DESK_indicator, "id", 0, add_indicator);
}

/* What hangs on an incident goes only with it: the rest is looked at where that may be seen. */
static int read_one(struct making *m, u64 number)
{
	const struct incident key = { .number = number };
	void *found = NULL;
	int rc = gate_take(m->gate, DESK_incident, &key, &found);

	if (rc == 1)
		rc = add_incident(m, found);
	free(found);
	rc = rc == -EPERM ? 0 : rc;
	if (rc == 0)
		rc = each(m, DESK_member, "incident kind id", number, add_member);
	return rc ? rc : each(m, DESK_note, "event", number, add_note);
}

static bool is_among(const u64 *numbers, size_t n, u64 number)
{
	for (size_t i = 0; i < n; i++)
		if (numbers[i] == number)
			return true;
	return false;
}

static int read_again(struct making *m, const u64 *numbers, size_t n)
{
	struct index *x = m->index;
	size_t kept = 0;
	int rc = 0;

	for (size_t i = 0; i < x->raw_count; i++)
		if (!is_among(numbers, n, x->items[x->raw[i].item].incident))
			x->raw[kept++] = x->raw[i];
	x->raw_count = kept;
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = read_one(m, numbers[i]);
	return rc ? rc : merge_in(x, kept);
}

/* Makes it (numbers NULL), or reads some incidents again. */
static int make(struct request *q, struct index *x, u64 event, const u64 *numbers, size_t n)
{
	const struct audience who = { q->who.login, x->clearance };
	struct making m = { .index = x, .producer = stix_said(q->web->setup.producer),
		.ending = &q->web->ending };
	int rc;

	if (m.producer[0] == 0)
		m.producer = STIX_PROJECT;
	if ((rc = gate_open(&m.gate, NULL, q->store, &who)))
		return rc;
	if ((m.finding = malloc(sizeof *m.finding)) == NULL)
		rc = -ENOMEM;
	if (rc == 0)
		rc = numbers ? read_again(&m, numbers, n) : read_all(&m);
	if (rc == 0 && numbers == NULL && x->raw_count)
		qsort(x->raw, x->raw_count, sizeof *x->raw, by_id);
	if (rc == 0)
		rc = settle(&m);
	if (rc == -ECANCELED)
		rc = request_fault(q, -EAGAIN, "the server ends; ask again");
	else if (rc)
		request_fault(q, rc, "%s", gate_error(m.gate));
	gate_close(m.gate);
	free(m.finding);
	if (rc == 0)
		x->event = event;
	else
		forget(x);
	return rc;
}

/* ---- what happened ---- */

#define TOUCHED_MAX 64u		/* incidents; more, and the index is made anew */
#define FOLLOWS_MAX 20000u	/* items of before stay until then */

struct news {
	struct gate *gate;
	u64 last, count;
	u64 touched[TOUCHED_MAX];
	size_t touched_count;
	bool all;
};

static void touch(struct news *n, u64 incident)
{
	if (is_among(n->touched, n->touched_count, incident))
		return;
	if (n->touched_count == TOUCHED_MAX)
		n->all = true;
	else
		n->touched[n->touched_count++] = incident;
}

static int touch_home(void *to, const void *record)
{
	touch(to, ((const struct member *)record)->incident);
	return 0;
}

/* A report that comes in is in no incident; the one that it says the same as may be. */
static int look_received(struct news *n, const struct event *e)
{
	json_t *body = json_loads(e->body, JSON_REJECT_DUPLICATES, NULL);
	const json_int_t same = json_integer_value(json_object_get(body, "same"));
	char id[24];
	const struct store_cond conds[] = { { "kind", STORE_IS, NULL, MEMBER_REPORT },
		{ "id", STORE_IS, id, 0 } };
	const struct store_query homes = { .table = DESK_member, .conds = conds, .count = 2 };

	n->all = n->all || body == NULL;
	json_decref(body);
	snprintf(id, sizeof id, "%lld", (long long)same);
	return same ? gate_each(n->gate, &homes, touch_home, n) : 0;
}

/* Events that change nothing that a collection holds. */
static bool is_idle(const char *kind)
{
	static const char *const idle[] = { "gate.", "taxii.", "user.", "token.", "notice.",
		"drill.", "vouch.", "task.", "clock.", "proof.", "contact.", "rule.", "mute.",
		"upload.", "group.", "report.bulk" };

	for (size_t k = 0; k < COUNT(idle); k++)
		if (strncmp(kind, idle[k], strlen(idle[k])) == 0)
			return true;
	return false;
}

/* Events that change one incident and nothing else. */
static bool is_of_one(const char *kind)
{
	static const char *const of_one[] = { "open", "add", "apart", "assign", "clock", "label",
		"mark", "met", "note", "remove", "state", "title" };

	if (strncmp(kind, "incident.", 9))
		return false;
	for (size_t k = 0; k < COUNT(of_one); k++)
		if (strcmp(kind + 9, of_one[k]) == 0)
			return true;
	return false;
}

static int look_event(void *to, const struct event *e)
{
	struct news *n = to;
	unsigned long long number;
	int rc = 0;

	n->last = e->number;
	if (is_idle(e->kind))
		n->all = n->all || ++n->count > EVENTS_LOOKED;
	else if (is_of_one(e->kind) && sscanf(e->about, "incident:%llu", &number) == 1)
		touch(n, number);
	else if (strcmp(e->kind, "report.received") == 0)
		rc = look_received(n, e);
	else
		n->all = true;
	return rc ? rc : n->all;
}

/* What the log says since the index was made. */
static int look(struct request *q, struct index *x, u64 *last, struct news *n)
{
	const struct audience all = { "taxii", MARKING_STRICTEST };
	int rc = gate_open(&n->gate, NULL, q->store, &all);

	if (rc == 0)
		rc = gate_last_event(n->gate, last);
	n->last = x->event;
	n->all = x->event == 0 || x->event > *last || x->follows > FOLLOWS_MAX;
	if (rc == 0 && !n->all)
		rc = gate_events_after(n->gate, x->event, look_event, n);
	if (rc < 0)
		request_fault(q, rc, "%s", gate_error(n->gate));
	gate_close(n->gate);
	return rc < 0 ? rc : 0;
}

static int renew(struct request *q, struct index *x)
{
	struct taxii *t = q->web->taxii;
	const struct marking clearance = x->clearance;
	struct news n = { .count = 0 };
	u64 last = 0;
	int rc = look(q, x, &last, &n);

	if (rc == 0 && n.all) {
		forget(x);
		x->clearance = clearance;
		rc = make(q, x, last, NULL, 0);
		x->made = ++t->clock;
	} else if (rc == 0 && n.touched_count) {
		rc = make(q, x, n.last, n.touched, n.touched_count);
		x->follows++;
		x->made = ++t->clock;
	} else if (rc == 0) {
		x->event = n.last;
	}
	return rc;
}

int taxii_take(struct request *q, struct marking clearance, struct index **ret)
{
	struct taxii *t = q->web->taxii;
	struct index *x = &t->all[0];
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
	x->clearance = clearance;
	rc = renew(q, x);
	x->used = ++t->clock;
	*ret = x;
	return rc;
}
