/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox_accept.c - reports that are right become members of incidents, and come back.
 *
 * Accepting is two events in one change: the incident's (case.h: it gets members) and the
 * reports' (report.decided). Reports about one host become one incident, or join the one that
 * is open about it: in bulk, and by hand unless somebody names an incident or a title. */
#include "respond/case.h"
#include "respond/inbox_own.h"
#include "respond/title.h"

/* ---- the reports of a set ---- */

struct gathered {
	struct report **reports;	/* copies */
	struct member *members;
	char (*ids)[24];
	size_t count;
};

static void release(struct gathered *g)
{
	for (size_t i = 0; i < g->count; i++)
		free(g->reports[i]);
	free(g->reports);
	free(g->members);
	free(g->ids);
}

static int gather(struct desk *d, const struct inbox_set *s, struct gathered *g)
{
	g->reports = calloc(s->count + 1, sizeof *g->reports);
	g->members = calloc(s->count + 1, sizeof *g->members);
	g->ids = calloc(s->count + 1, sizeof *g->ids);
	if (g->reports == NULL || g->members == NULL || g->ids == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < s->count; i++) {
		struct member *m = &g->members[i];
		struct report *r;
		int rc = inbox_report(d, s->at[i], &r);

		if (rc)
			return rc;
		g->reports[g->count++] = r;
		member_of_report(m, r, g->ids[i]);
		m->reason = N_("reported");
		m->from = m->until = r->seen ? r->seen : r->received;
	}
	return 0;
}

int inbox_accept(struct desk *d, const struct inbox_set *s, u64 incident, u64 *event)
{
	struct gathered g = { 0 };
	int rc = inbox_may(d, s, REPORT_ACCEPTED);

	if (rc == 0)
		rc = gather(d, s, &g);
	for (size_t i = 0; i < g.count && rc == 0; i += CASE_MEMBERS_MAX)
		rc = case_add(d, (struct case_ref){ incident, 0 }, g.members + i,
			      (size_t)min_u64(g.count - i, CASE_MEMBERS_MAX), false);
	if (rc == 0)
		rc = inbox_say_accepted(d, s, incident, event);
	release(&g);
	return rc;
}

/* ---- a new incident ---- */

struct opening { const char *title; bool bulk; u64 *event; };

static int accept_new(struct desk *d, const struct inbox_set *s, struct opening as,
		      u64 *incident)
{
	char made[TITLE_MAX], host[SUBJECT_HOST_MAX];
	struct gathered g = { 0 };
	struct incident is = { .reason = N_("reports from outside about the same host") };
	struct case_new c = { .incident = &is, .bulk = as.bulk };
	int rc = inbox_may(d, s, REPORT_ACCEPTED);

	if (rc == 0)
		rc = gather(d, s, &g);
	if (rc == 0) {
		const struct report *first = g.reports[0];

		is.subject = subject_host(first->subject, host);
		is.title = as.title ? as.title : title_of(abuse_names[first->abuse], host[0]
			? host : N_("an unknown place"), 0, made);
		is.family = first->abuse ? abuse_names[first->abuse] : "report";
		is.subject_kind = (u8)subject_kind_of(host);
		is.aware = first->received;
		c.members = g.members;
		c.member_count = g.count;
		rc = case_open(d, &c, incident);
	}
	if (rc == 0)
		rc = inbox_say_accepted(d, s, *incident, as.event);
	release(&g);
	return rc;
}

int inbox_accept_new(struct desk *d, const struct inbox_set *s, const char *title,
		     u64 *incident, u64 *event)
{
	return accept_new(d, s, (struct opening){ title, false, event }, incident);
}

/* ---- in bulk ---- */

struct hosted { char host[SUBJECT_HOST_MAX]; u64 number; };

static int by_host(const void *a, const void *b)
{
	const struct hosted *x = a, *y = b;
	int order = strcmp(x->host, y->host);

	return order ? order : (x->number > y->number) - (x->number < y->number);
}

static int hosts_of(struct desk *d, const struct inbox_set *s, struct hosted *to)
{
	for (size_t i = 0; i < s->count; i++) {
		struct report *r;
		int rc = inbox_report(d, s->at[i], &r);

		if (rc)
			return rc;
		to[i].number = s->at[i];
		subject_host(r->subject, to[i].host);
		if (to[i].host[0] == 0)	/* of no host: each by itself */
			snprintf(to[i].host, sizeof to[i].host, " %zu", i);
		free(r);
	}
	qsort(to, s->count, sizeof *to, by_host);
	return 0;
}

static int take_open(void *to, const void *record)
{
	const struct incident *i = record;

	if (case_ended(i->state))
		return 0;
	*(u64 *)to = i->number;
	return 1;
}

static int marking_of(struct desk *d, u64 incident, struct marking *ret)
{
	struct incident *i = NULL;
	int rc = case_find(d, incident, &i);

	if (rc == 0)
		*ret = (struct marking){ i->tlp, i->pap };
	free(i);
	return rc;
}

/* Into the open incident, which may be marked stricter by that. */
static int join_open(struct desk *d, const struct inbox_set *s, u64 incident,
		     struct inbox_accepted *ret)
{
	struct marking was, is;
	int rc = marking_of(d, incident, &was);

	if (rc == 0)
		rc = inbox_accept(d, s, incident, NULL);
	if (rc == 0)
		rc = marking_of(d, incident, &is);
	if (rc || marking_allows(is, was))
		return rc;
	if (ret->stricter_count < INBOX_STRICTER_MAX) {
		ret->stricter[ret->stricter_count].number = incident;
		ret->stricter[ret->stricter_count].was = was;
		ret->stricter[ret->stricter_count].is = is;
	}
	ret->stricter_count++;
	return 0;
}

/* The open incident about the host, or 0. */
static int open_about(struct desk *d, const char *host, u64 *ret)
{
	const struct store_cond cond = { .field = "subject", .op = STORE_IS, .text = host };
	const struct store_query q = { .table = DESK_incident, .conds = &cond, .count = 1,
		.order = "-number" };
	int rc;

	*ret = 0;
	rc = store_each(desk_store(d), &q, take_open, ret);
	return rc < 0 ? rc : 0;
}

int inbox_open_about(struct desk *d, const struct inbox_set *s, u64 *ret)
{
	struct hosted *h = calloc(s->count + 1, sizeof *h);
	int rc = h ? hosts_of(d, s, h) : -ENOMEM;

	*ret = 0;
	if (rc == 0 && s->count && h[0].host[0] != ' ' &&
	    strcmp(h[0].host, h[s->count - 1].host) == 0)	/* they are sorted */
		rc = open_about(d, h[0].host, ret);
	free(h);
	return rc;
}

static int one_host(struct desk *d, const struct hosted *h, size_t n,
		    struct inbox_accepted *ret)
{
	struct inbox_set s = { calloc(n, sizeof *s.at), n };
	u64 incident = 0;
	int rc = s.at ? open_about(d, h->host, &incident) : -ENOMEM;

	for (size_t i = 0; i < n && s.at; i++)
		s.at[i] = h[i].number;
	if (rc >= 0 && incident) {
		ret->joined++;
		rc = join_open(d, &s, incident, ret);
	} else if (rc >= 0) {
		ret->opened++;
		rc = accept_new(d, &s, (struct opening){ NULL, true, NULL }, &incident);
	}
	ret->incident = ret->opened + ret->joined == 1 ? incident : 0;
	free(s.at);
	return rc;
}

static int each_host(struct desk *d, const struct inbox_set *s, struct hosted *h,
		     struct inbox_accepted *ret)
{
	int rc = hosts_of(d, s, h);

	for (size_t i = 0, n; i < s->count && rc == 0; i += n) {
		for (n = 1; i + n < s->count && strcmp(h[i].host, h[i + n].host) == 0;)
			n++;
		rc = one_host(d, h + i, n, ret);
	}
	return rc;
}

/* One event for all of it, by which it can be taken back. */
static int say_bulk(struct desk *d, const struct inbox_set *s, struct inbox_accepted *ret)
{
	struct buf numbers = { 0 };
	json_t *body;

	inbox_set_text(&numbers, s);
	body = buf_error(&numbers) ? NULL : json_pack("{s:s, s:s, s:I, s:I}", "numbers",
		buf_str(&numbers), "state", report_states[REPORT_ACCEPTED], "opened",
		(json_int_t)ret->opened, "joined", (json_int_t)ret->joined);
	buf_free(&numbers);
	return desk_say(d, "report.bulk", "", body, &ret->event);
}

int inbox_accept_all(struct desk *d, const struct inbox_set *s, struct inbox_accepted *ret)
{
	struct hosted *h = calloc(s->count + 1, sizeof *h);
	int rc = h ? desk_begin(d) : -ENOMEM;

	*ret = (struct inbox_accepted){ 0 };
	if (rc == 0)
		rc = each_host(d, s, h, ret);
	if (h && rc == 0)
		rc = say_bulk(d, s, ret);
	if (h)
		rc = desk_end(d, rc);
	free(h);
	return rc;
}

/* ---- and back ---- */

/* An incident that the acceptance opened, that nothing is left in and that nobody has taken on,
 * ends with it. */
static int end_empty(struct desk *d, u64 number, u64 accepted, const char *reason)
{
	struct incident *i = NULL;
	int rc = case_find(d, number, &i);

	if (rc == 0 && i->findings + i->reports == 0 && i->state == INCIDENT_NEW &&
	    i->opened == accepted)
		rc = case_state(d, (struct case_ref){ number, 0 }, INCIDENT_CLOSED, reason);
	free(i);
	return rc;
}

/* One that was accepted leaves its incident, wherever that has gone on. */
static int leave(struct desk *d, const struct report *r, const char *reason)
{
	char id[24];
	u64 where = 0;
	int rc;

	snprintf(id, sizeof id, "%llu", (unsigned long long)r->number);
	rc = case_of(d, MEMBER_REPORT, id, &where);
	if (rc || where == 0)
		return rc;
	rc = case_remove(d, (struct case_ref){ where, 0 }, MEMBER_REPORT, id, reason);
	return rc ? rc : end_empty(d, where, r->changed, reason);
}

int inbox_leave(struct desk *d, const struct inbox_set *s, const char *reason)
{
	int rc = 0;

	for (size_t i = 0; i < s->count && rc == 0; i++) {
		struct report *r;

		if ((rc = inbox_report(d, s->at[i], &r)))
			return rc;
		if (r->state == REPORT_ACCEPTED)
			rc = leave(d, r, reason);
		free(r);
	}
	return rc;
}
