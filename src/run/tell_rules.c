/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tell_rules.c - see tell_rules.h. */
#include "run/tell_rules.h"
#include "base/hash.h"
#include "respond/case.h"
#include "respond/notice_rule.h"

struct telling {
	struct desk *d;
	struct tell_rules *all;
	const struct notice_rule *rule;
	struct gate *gate;
};

/* ---- what was tried ---- */

static bool tried(struct tell_tried *t, u64 hash)
{
	for (u32 i = 0; i < t->count; i++)
		if (t->at[i] == hash)
			return true;
	t->at[t->next] = hash;
	t->next = (t->next + 1) % TELL_TRIED_MAX;
	if (t->count < TELL_TRIED_MAX)
		t->count++;
	return false;
}

static int version_of(struct desk *d, u64 incident, u64 *ret)
{
	struct incident *i = NULL;
	int rc = case_find(d, incident, &i);

	if (rc == 0)
		*ret = i->version;
	free(i);
	return rc;
}

/* ---- telling ---- */

static int tell(void *to, u64 incident)
{
	struct telling *t = to;
	const struct notice_rule *r = t->rule;
	char by[60], why[COMPOSE_WHY] = "";
	const struct tell_wish w = { .incident = incident, .role = r->role, .letter = r->letter,
		.redacted = r->form == LETTER_REDACTED, .by = by };
	u64 key[3] = { r->number, incident, 0 }, number;
	struct composed c;
	int rc = version_of(t->d, incident, &key[2]);

	if (rc || tried(t->all->tried, hash_bytes(0, key, sizeof key)))
		return rc;
	snprintf(by, sizeof by, "rule %s", r->name);
	rc = tell_compose(&c, t->d, t->all->conf, &w, why);
	if (rc == 0 && (rc = tell_keep(t->d, &c, &w, &number)))
		snprintf(why, sizeof why, "%s", desk_error(t->d));
	if (rc == 0)
		t->all->written++;
	else if (t->all->trouble)
		t->all->trouble(t->all->to, r->name, incident, why);
	composed_free(&c);
	return rc == -ENOMEM || rc == -EIO || rc == -ENOSPC ? rc : 0;	/* the others go on */
}

struct rules { struct notice_rule **at; size_t count; };

static int keep(void *to, const void *record)
{
	struct rules *all = to;
	struct notice_rule **more = reallocarray(all->at, all->count + 1, sizeof *more);

	if (more == NULL)
		return -ENOMEM;
	all->at = more;
	more[all->count] = desk_copy(DESK_notice_rule, record);
	return more[all->count] ? (all->count++, 0) : -ENOMEM;
}

int tell_rules(struct desk *d, struct tell_rules *r)
{
	const struct store_cond cond = { .field = "lifted", .op = STORE_IS, .number = 0 };
	const struct store_query q = { .table = DESK_notice_rule, .conds = &cond, .count = 1,
		.order = "number" };
	const struct audience us = { N_("the rules"), MARKING_STRICTEST };
	struct telling t = { .d = d, .all = r };
	struct rules all = { .at = NULL };
	int rc = gate_open(&t.gate, d, NULL, &us);

	r->written = 0;
	if (rc == 0)
		rc = gate_each(t.gate, &q, keep, &all);
	for (size_t i = 0; i < all.count && rc == 0; i++) {
		t.rule = all.at[i];
		rc = notice_rule_each(t.gate, t.rule, tell, &t);
	}
	for (size_t i = 0; i < all.count; i++)
		free(all.at[i]);
	free(all.at);
	gate_close(t.gate);
	return rc;
}
