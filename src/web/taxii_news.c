/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taxii_news.c - what the log says since an index was made; see taxii_index.h.
 *
 *   event of one incident    -> it
 *   a merge, a split         -> both
 *   a merge that is undone   -> both, and what was merged into either before
 *   an event of reports      -> the incidents that they are members of now; from those that they
 *                               have left, an event of the incident took them
 *   indicators taken         -> they
 *
 * It is enough to know what has changed since: the index reads it as it is now. An event of a
 * kind that this file does not know makes it anew, so that none is missed. */
#include "web/taxii_own.h"
#include "respond/inbox.h"

#define HOMES_ASKED 200u	/* reports that are looked up one by one; of more all members are
				 * passed over */

struct looking {
	struct taxii_news *news;
	struct gate *gate;
	struct taxii_numbers reports, heads;
};

static int name(struct taxii_numbers *to, u64 number)
{
	u64 *more = number ? taxii_roomy(to->at, to->count, &to->room, sizeof *more) : to->at;

	if (number == 0)
		return 0;
	if (more == NULL)
		return -ENOMEM;
	to->at = more;
	to->at[to->count++] = number;
	return 0;
}

static int by_number(const void *a, const void *b)
{
	const u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return (x > y) - (x < y);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In order, each once. */
static void sort_numbers(struct taxii_numbers *n)
{
	size_t kept = 0;

	if (n->count)
		qsort(n->at, n->count, sizeof *n->at, by_number);
	for (size_t i = 0; i < n->count; i++)
		if (i == 0 || n->at[i] != n->at[kept - 1])
			n->at[kept++] = n->at[i];
	n->count = kept;
}

static void sort_texts(struct taxii_news *n)
{
	size_t kept = 0;

	if (n->indicator_count)
		qsort(n->indicators, n->indicator_count, sizeof *n->indicators, by_text);
	for (size_t i = 0; i < n->indicator_count; i++) {
		if (i == 0 || strcmp(n->indicators[i], n->indicators[kept - 1]))
			n->indicators[kept++] = n->indicators[i];
		else
			free(n->indicators[i]);
	}
	n->indicator_count = kept;
}

static bool has(const struct taxii_numbers *n, u64 number)
{
	return n->count && bsearch(&number, n->at, n->count, sizeof number, by_number);
}

bool taxii_is_news(const struct taxii_item *i, const struct taxii_news *n)
{
	const char *id = i->indicator;

	if (i->incident)
		return has(&n->incidents, i->incident);
	return *id && n->indicator_count && bsearch(&id, n->indicators, n->indicator_count,
						    sizeof id, by_text);
}

void taxii_news_free(struct taxii_news *n)
{
	for (size_t i = 0; i < n->indicator_count; i++)
		free(n->indicators[i]);
	free(n->indicators);
	free(n->incidents.at);
}

/* ---- events ---- */

static u64 number_of(json_t *body, const char *key)
{
	const json_int_t n = json_integer_value(json_object_get(body, key));

	return n > 0 ? (u64)n : 0;
}

/* The incident that an event is about; 0 = none. */
static u64 about(const struct event *e)
{
	unsigned long long number = 0;

	return sscanf(e->about, "incident:%llu", &number) == 1 ? number : 0;
}

typedef int look_fn(struct looking *l, const struct event *e, json_t *body);

static int one(struct looking *l, const struct event *e, json_t *body)
{
	(void)body;
	return name(&l->news->incidents, about(e));
}

static int merged(struct looking *l, const struct event *e, json_t *body)
{
	int rc = one(l, e, body);

	return rc ? rc : name(&l->news->incidents, number_of(body, "into"));
}

static int was_split(struct looking *l, const struct event *e, json_t *body)
{
	int rc = one(l, e, body);

	return rc ? rc : name(&l->news->incidents, number_of(body, "number"));
}

/* What lay between the two is made anew, too: below one of them or, when a later event took it
 * away, below what that is about. */
static int unmerged(struct looking *l, const struct event *e, json_t *body)
{
	int rc = name(&l->heads, about(e));

	return rc ? rc : name(&l->heads, number_of(body, "from"));
}

/* One that comes in is in no incident; the one that it says the same as may be. */
static int received(struct looking *l, const struct event *e, json_t *body)
{
	(void)e;
	return name(&l->reports, number_of(body, "same"));
}

static int weighed(struct looking *l, const struct event *e, json_t *body)
{
	json_t *list = json_object_get(body, "items"), *item;
	size_t k;
	int rc = 0;

	(void)e;
	json_array_foreach(list, k, item)
		rc = rc ? rc : name(&l->reports, number_of(item, "number"));
	return rc;
}

static int decided(struct looking *l, const struct event *e, json_t *body)
{
	json_t *freed = json_object_get(body, "freed"), *number;
	const char *numbers = json_string_value(json_object_get(body, "numbers"));
	struct inbox_set s = { 0 };
	size_t k;
	int rc = received(l, e, body);

	/* an older program wrote it when it does not say who lost a copy */
	l->news->all |= freed == NULL || numbers == NULL || inbox_set_parse(numbers, &s);
	json_array_foreach(freed, k, number)
		rc = rc ? rc : name(&l->reports, (u64)json_integer_value(number));
	for (size_t i = 0; i < s.count && rc == 0; i++)
		rc = name(&l->reports, s.at[i]);
	free(s.at);
	return rc;
}

static int listed(struct looking *l, const struct event *e, json_t *body)
{
	json_t *list = json_object_get(body, "items"), *item;
	struct taxii_news *n = l->news;
	size_t k;

	(void)e;
	json_array_foreach(list, k, item) {
		const char *id = json_string_value(json_object_get(item, "id"));
		char **more = taxii_roomy(n->indicators, n->indicator_count,
					  &n->indicator_room, sizeof *more);

		if (more == NULL)
			return -ENOMEM;
		n->indicators = more;
		if (id && (more[n->indicator_count] = strdup(id)) == NULL)
			return -ENOMEM;
		n->indicator_count += id != NULL;
	}
	return 0;
}

/* Events that change nothing that a collection holds; of a name that ends with a point all. */
static const char *const idle[] = { "gate.", "taxii.", "user.", "token.", "notice.", "drill.",
	"vouch.", "task.", "clock.", "proof.", "contact.", "rule.", "mute.", "upload.", "group.",
	"report.bulk" };

static const struct { const char *kind; look_fn *look; } kinds[] = {
	{ "incident.open", one }, { "incident.add", one }, { "incident.remove", one },
	{ "incident.apart", one }, { "incident.assign", one }, { "incident.clock", one },
	{ "incident.clocks", one },
	{ "incident.label", one }, { "incident.mark", one }, { "incident.met", one },
	{ "incident.note", one }, { "incident.state", one }, { "incident.title", one },
	{ "incident.merge", merged }, { "incident.unmerge", unmerged },
	{ "incident.split", was_split }, { "report.received", received },
	{ "report.weighed", weighed }, { "report.decided", decided },
	{ "indicators.taken", listed },
};

static look_fn *how(const char *kind)
{
	for (size_t k = 0; k < COUNT(kinds); k++)
		if (strcmp(kind, kinds[k].kind) == 0)
			return kinds[k].look;
	return NULL;
}

static bool is_idle(const char *kind)
{
	for (size_t k = 0; k < COUNT(idle); k++)
		if (strncmp(kind, idle[k], strlen(idle[k])) == 0)
			return true;
	return false;
}

static int look_event(void *to, const struct event *e)
{
	struct looking *l = to;
	look_fn *look = how(e->kind);
	json_t *body;
	int rc = 0;

	l->news->last = e->number;
	if (look == NULL) {
		l->news->all |= !is_idle(e->kind);
	} else {
		body = look == one ? NULL : json_loads(e->body, JSON_REJECT_DUPLICATES, NULL);
		l->news->all |= look != one && body == NULL;
		rc = look(l, e, body);
		json_decref(body);
	}
	return rc ? rc : l->news->all;
}

/* ---- where it leads ---- */

static int take_head(void *to, const void *record)
{
	return name(to, ((const struct incident *)record)->number);
}

/* The heads, and all that is merged into them. */
static int look_below(struct looking *l)
{
	struct taxii_numbers *heads = &l->heads;
	int rc = 0;

	for (size_t i = 0; i < heads->count && rc == 0; i++) {
		const struct store_cond conds[] = {
			{ "into", STORE_IS, NULL, heads->at[i] },
			{ "state", STORE_IS, NULL, INCIDENT_MERGED },
		};
		const struct store_query q = { .table = DESK_incident, .conds = conds,
			.count = 2 };

		if (has(&l->news->incidents, heads->at[i]))
			continue;
		rc = gate_each(l->gate, &q, take_head, heads);
		rc = rc ? rc : name(&l->news->incidents, heads->at[i]);
		sort_numbers(&l->news->incidents);
	}
	return rc;
}

struct passing { const struct taxii_numbers *reports; struct taxii_numbers *to; };

static int take_home(void *to, const void *record)
{
	const struct passing *p = to;
	const struct member *m = record;

	return has(p->reports, strtoull(m->id, NULL, 10)) ? name(p->to, m->incident) : 0;
}

/* The incidents of the reports. */
static int look_homes(struct looking *l)
{
	struct passing p = { &l->reports, &l->news->incidents };
	char id[24];
	const struct store_cond conds[] = { { "kind", STORE_IS, NULL, MEMBER_REPORT },
		{ "id", STORE_IS, id, 0 } };
	struct store_query q = { .table = DESK_member, .conds = conds, .count = 1 };
	int rc = 0;

	sort_numbers(&l->reports);
	if (l->reports.count > HOMES_ASKED)
		return gate_each(l->gate, &q, take_home, &p);
	q.count = 2;
	for (size_t i = 0; i < l->reports.count && rc == 0; i++) {
		snprintf(id, sizeof id, "%llu", (unsigned long long)l->reports.at[i]);
		rc = gate_each(l->gate, &q, take_home, &p);
	}
	return rc;
}

static int look(struct looking *l, const struct index *x)
{
	struct taxii_news *n = l->news;
	int rc = gate_last_event(l->gate, &n->last);

	n->all = x->event == 0 || x->event > n->last;
	if (rc || n->all)
		return rc;
	rc = gate_events_after(l->gate, x->event, look_event, l);
	if (n->all)
		return rc < 0 ? rc : gate_last_event(l->gate, &n->last);
	sort_numbers(&n->incidents);
	rc = rc ? rc : look_below(l);
	rc = rc ? rc : look_homes(l);
	sort_numbers(&n->incidents);
	sort_texts(n);
	return rc;
}

int taxii_news(struct request *q, const struct index *x, struct taxii_news *ret)
{
	const struct audience all = { "taxii", MARKING_STRICTEST };
	struct looking l = { .news = ret };
	int rc;

	*ret = (struct taxii_news){ 0 };
	if ((rc = gate_open(&l.gate, NULL, q->store, &all)))
		return rc;
	if ((rc = look(&l, x)) < 0)
		request_fault(q, rc, "%s", gate_error(l.gate));
	gate_close(l.gate);
	free(l.reports.at);
	free(l.heads.at);
	return rc;
}
