/* SPDX-License-Identifier: GPL-3.0-or-later */
/* about.c - see about.h. */
#include "respond/about.h"
#include "model/remark.h"

#define MEMBERS_MAX 1000u	/* that are looked at */

struct gathering {
	struct about *about;
	struct desk *desk;
	struct gate *gate;
	u64 reports[ABOUT_MAX];
	size_t report_count;
};

/* 1 when there is room for no more. */
static int add(struct about *a, const char *text)
{
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->at[i], text) == 0)
			return 0;
	if (a->count == ABOUT_MAX || text[0] == 0)
		return a->count == ABOUT_MAX;
	a->at[a->count] = strdup(text);
	return a->at[a->count] ? (a->count++, 0) : -ENOMEM;
}

static int add_member(void *to, const void *record)
{
	const struct member *m = record;
	struct gathering *g = to;

	if (m->kind == MEMBER_REPORT && g->report_count < ABOUT_MAX)
		g->reports[g->report_count++] = strtoull(m->id, NULL, 10);
	return add(g->about, m->subject);
}

/* The address that a report gives; one that may not be seen says nothing. */
static int add_report(struct gathering *g, u64 number)
{
	const struct report key = { .number = number };
	char address[REMARK_ADDRESS_MAX];
	void *found = NULL;
	int rc = g->gate ? gate_take(g->gate, DESK_report, &key, &found)
			 : desk_find(g->desk, DESK_report, &key, &found);

	if (rc == 1)
		rc = add(g->about, remark_address(((struct report *)found)->text, address));
	else if (rc == -EPERM)
		rc = 0;
	free(found);
	return rc;
}

int about_incident(struct about *ret, struct desk *d, struct gate *g, const struct incident *i)
{
	const struct store_cond own = { .field = "incident", .op = STORE_IS,
		.number = i->number };
	const struct store_query q = { .table = DESK_member, .conds = &own, .count = 1,
		.order = "-severity id", .limit = MEMBERS_MAX };
	struct gathering all = { .about = ret, .desk = d, .gate = g };
	int rc;

	*ret = (struct about){ .count = 0 };
	rc = add(ret, i->subject);
	if (rc == 0)
		rc = g ? gate_each(g, &q, add_member, &all)
		       : store_each(desk_store(d), &q, add_member, &all);
	for (size_t k = 0; k < all.report_count && rc == 0; k++)
		rc = add_report(&all, all.reports[k]);
	return rc < 0 ? rc : 0;
}

void about_forget(struct about *a)
{
	for (size_t i = 0; i < a->count; i++)
		free((void *)(uintptr_t)a->at[i]);
	a->count = 0;
}
