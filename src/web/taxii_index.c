/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taxii_index.c - see taxii_index.h.
 *
 *   gate_each(...) -> raw entries, with repetitions, by id -> the earliest of each -> by time
 *
 * What happens afterwards is followed: the events since say which incidents and indicators
 * changed (taxii_news.c); what these had is taken out of the raw entries and read again, and the
 * entries of the ids that came or went find their places (taxii_order.c). So a change costs what
 * its incidents have, and a pass over the entries; only the first use reads everything.
 *
 * INDEXES of them are kept, for as many clearances; the one that was not asked for longest
 * makes room. One lock: who comes while an index is made waits for it instead of making it, too. */
#include "web/taxii_own.h"
#include "base/stamp.h"
#include "model/uuid.h"

#define GONE_MAX 1024u	/* items that were read again, before they are forgotten */

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
	free(x->entries.at);
	free(x->raw.at);
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
	struct taxii_list *to;		/* of entries */
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

void *taxii_roomy(void *list, size_t count, size_t *room, size_t size)
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
	struct taxii_entry e = { .added = m->added, .version = version,
		.item = (u32)(m->index->item_count - 1) };

	return taxii_id_parse(id, strlen(id), &e) ? taxii_list_add(m->to, &e) : 0;
}

static int new_item(struct making *m, u64 incident, const char *indicator)
{
	struct index *x = m->index;
	struct taxii_item *more;

	if (x->item_count && incident && x->items[x->item_count - 1].incident == incident)
		return 0;
	if ((more = taxii_roomy(x->items, x->item_count, &x->item_room, sizeof *more)) == NULL)
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
	int rc = n->place == NOTE_APART ? 0 : gate_incident_id(m->gate, n->incident, room.parent);

	if (rc || n->place == NOTE_APART)	/* for people at the desk, and nobody else */
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

static u64 made(json_t *marking)
{
	u64 at = rest_stamp(marking, "created");

	json_decref(marking);
	return at;
}

/* What every document has: markings, the program, who writes. */
static int read_frame(struct making *m, struct taxii_list *frame)
{
	const struct marking most = m->index->clearance;
	int rc;

	m->to = frame;
	rc = stix_frame(m->producer, add_entry, m);
	for (u8 l = 0; rc == 0 && l <= most.tlp; l++)
		rc = add_entry(m, stix_tlp_id((enum label)l), made(stix_tlp((enum label)l)));
	for (u8 p = 0; rc == 0 && p <= most.pap; p++)
		rc = add_entry(m, stix_pap_id((enum pap)p), made(stix_pap((enum pap)p)));
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

static int read_indicator(struct making *m, const char *id)
{
	const struct store_cond is = { .field = "id", .op = STORE_IS, .text = id };
	const struct store_query one = { .table = DESK_indicator, .conds = &is, .count = 1 };

	return gate_each(m->gate, &one, add_indicator, m);
}

/* Takes what is read again out of the items and raw entries. */
static int take_out(struct index *x, const struct taxii_news *n, struct taxii_list *changed)
{
	bool *out = calloc(x->item_count + 1, sizeof *out);
	size_t kept = 0;
	int rc = out ? 0 : -ENOMEM;

	for (size_t i = 0; i < x->item_count && rc == 0; i++)
		if ((out[i] = taxii_is_news(&x->items[i], n))) {
			x->items[i] = (struct taxii_item){ 0 };
			x->gone++;
		}
	for (size_t i = 0; i < x->raw.count && rc == 0; i++) {
		if (out[x->raw.at[i].item])
			rc = taxii_list_add(changed, &x->raw.at[i]);
		else
			x->raw.at[kept++] = x->raw.at[i];
	}
	x->raw.count = kept;
	free(out);
	return rc;
}

/* Forgets items that were taken out, once they are as many as the others. */
static int tidy(struct index *x)
{
	u32 *places, count = 0;

	if (x->gone < GONE_MAX || x->gone < x->item_count / 2)
		return 0;
	if ((places = calloc(x->item_count, sizeof *places)) == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < x->item_count; i++)
		if (x->items[i].incident || x->items[i].indicator[0]) {
			places[i] = count;
			x->items[count++] = x->items[i];
		}
	for (size_t i = 0; i < x->raw.count; i++)
		x->raw.at[i].item = places[x->raw.at[i].item];
	for (size_t i = 0; i < x->entries.count; i++)
		x->entries.at[i].item = places[x->entries.at[i].item];
	x->item_count = count;
	x->gone = 0;
	free(places);
	return 0;
}

static int read_again(struct making *m, const struct taxii_news *n, struct taxii_list *changed)
{
	struct index *x = m->index;
	int rc = take_out(x, n, changed);
	const size_t kept = x->raw.count;

	m->to = &x->raw;
	for (size_t i = 0; i < n->incidents.count && rc == 0; i++)
		rc = read_one(m, n->incidents.at[i]);
	for (size_t i = 0; i < n->indicator_count && rc == 0; i++)
		rc = read_indicator(m, n->indicators[i]);
	for (size_t i = kept; i < x->raw.count && rc == 0; i++)
		rc = taxii_list_add(changed, &x->raw.at[i]);
	return rc ? rc : taxii_raw_order(x, kept);
}

static int read_by(struct making *m, const struct taxii_news *n)
{
	struct taxii_list frame = { 0 }, changed = { 0 };
	int rc = read_frame(m, &frame);

	m->to = &m->index->raw;
	if (rc == 0 && !n->all)
		rc = read_again(m, n, &changed);
	else if (rc == 0 && (rc = read_all(m)) == 0)
		rc = taxii_raw_order(m->index, 0);
	if (rc == 0)
		rc = taxii_order(m->index, n->all ? NULL : &changed, &frame);
	free(changed.at);
	free(frame.at);
	return rc ? rc : tidy(m->index);
}

/* Makes it, or reads again what the news say. */
static int make(struct request *q, struct index *x, const struct taxii_news *n)
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
		rc = read_by(&m, n);
	if (rc == -ECANCELED)
		rc = request_fault(q, -EAGAIN, "the server ends; ask again");
	else if (rc)
		request_fault(q, rc, "%s", gate_error(m.gate));
	gate_close(m.gate);
	free(m.finding);
	if (rc == 0)
		x->event = n->last;
	else
		forget(x);
	return rc;
}

static int renew(struct request *q, struct index *x)
{
	struct taxii *t = q->web->taxii;
	const struct marking clearance = x->clearance;
	struct taxii_news n;
	int rc = taxii_news(q, x, &n);

	if (rc == 0 && n.all) {
		forget(x);
		x->clearance = clearance;
	}
	if (rc == 0 && (n.all || n.incidents.count || n.indicator_count)) {
		rc = make(q, x, &n);
		x->made = ++t->clock;
	} else if (rc == 0) {
		x->event = n.last;
	}
	taxii_news_free(&n);
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
