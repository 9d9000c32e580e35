/* SPDX-License-Identifier: GPL-3.0-or-later */
/* notice_rule.c - see notice_rule.h. */
#include "respond/notice_rule.h"
#include "base/octets.h"
#include "respond/case_own.h"
#include "respond/contact.h"

#define NAME_MAX_OCTETS 39u

/* ---- which incidents ---- */

struct matching { u64 *at; size_t count; };

static int take(void *to, const void *record)
{
	struct matching *m = to;

	if ((m->count & (m->count - 1)) == 0) {
		u64 *more = reallocarray(m->at, m->count ? 2 * m->count : 1, sizeof *more);

		if (more == NULL)
			return -ENOMEM;
		m->at = more;
	}
	m->at[m->count++] = ((const struct incident *)record)->number;
	return 0;
}

/* Was that letter written about the incident? 1, 0, negative. */
static int told(struct gate *g, u64 number, const char *letter)
{
	const struct store_cond conds[] = {
		{ .field = "incident", .op = STORE_IS, .number = number },
		{ .field = "letter", .op = STORE_IS, .text = letter },
		{ .field = "state", .op = STORE_NOT, .number = NOTICE_CANCELLED },
	};
	const struct store_query q = { .table = DESK_notice, .conds = conds, .count = 3 };
	u64 count = 0;
	int rc = gate_total(g, &q, &count);

	return rc ? rc : count > 0;
}

int notice_rule_each(struct gate *g, const struct notice_rule *r, notice_rule_fn *each,
		     void *to)
{
	const struct store_cond conds[] = {
		{ .field = "state", .op = STORE_IS, .number = r->state },
		{ .field = "severity", .op = STORE_LEAST, .number = r->severity },
		{ .field = "family", .op = STORE_BEGINS, .text = r->family },
	};
	const struct store_query q = { .table = DESK_incident, .conds = conds,
		.count = r->family[0] ? 3 : 2, .order = "number" };
	struct matching m = { .at = NULL };
	int rc = gate_each(g, &q, take, &m);

	for (size_t i = 0; i < m.count && rc == 0; i++) {
		const int was = told(g, m.at[i], r->letter);

		rc = was < 0 ? was : was ? 0 : each(to, m.at[i]);
	}
	free(m.at);
	return rc;
}

/* ---- operations ---- */

static bool plain(const char *text, size_t most)
{
	const size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n && n <= most && text[n] == 0;
}

struct looking { const char *name; u64 count; bool taken; };

static int look(void *to, const void *record)
{
	const struct notice_rule *r = record;
	struct looking *l = to;

	l->count++;
	l->taken = l->taken || strcmp(r->name, l->name) == 0;
	return 0;
}

static int is_free(struct desk *d, const char *name)
{
	const struct store_cond cond = { .field = "lifted", .op = STORE_IS, .number = 0 };
	const struct store_query q = { .table = DESK_notice_rule, .conds = &cond, .count = 1 };
	struct looking l = { .name = name };
	int rc = store_each(desk_store(d), &q, look, &l);

	if (rc == 0 && l.taken)
		rc = desk_fault(d, OOPS_CHANGED, "there is a rule '%.40s' already", name);
	if (rc == 0 && l.count >= NOTICE_RULES_MAX)
		rc = desk_fault(d, OOPS_LIMIT, "at most %u rules hold at a time",
				NOTICE_RULES_MAX);
	return rc;
}

int notice_rule_add(struct desk *d, const struct notice_rule *r, u64 *number)
{
	struct notice_rule is = *r;
	json_t *body;
	int rc;

	if (!plain(r->name, NAME_MAX_OCTETS))
		return desk_fault(d, OOPS_RANGE, "a name of up to %u small letters, digits and "
				  "hyphens is wanted", NAME_MAX_OCTETS);
	if (choice_parse(contact_roles, r->role) < 0)
		return desk_fault(d, OOPS_RANGE, "'%.40s' is no role", r->role);
	if (!plain(r->letter, 40))
		return desk_fault(d, OOPS_RANGE, "'%.40s' is no name of a letter", r->letter);
	if (case_ended((enum incident_state)r->state))
		return desk_fault(d, OOPS_RANGE, "what has ended is told by nobody's rule");
	if ((rc = case_line(d, "a family", r->family, false)) || (rc = is_free(d, r->name)))
		return rc;
	is.owner = desk_author(d);
	is.made = desk_now(d);
	body = desk_body(DESK_notice_rule, &is);
	json_object_del(body, "number");
	json_object_del(body, "lifted");
	return desk_say(d, "rule.add", "", body, number);
}

int notice_rule_lift(struct desk *d, u64 number, const char *reason)
{
	const struct notice_rule key = { .number = number };
	void *found = NULL;
	char about[CASE_ABOUT];
	int rc = case_line(d, "a reason", reason, true);

	if (rc)
		return rc;
	if ((rc = desk_find(d, DESK_notice_rule, &key, &found)) == 0)
		return desk_fault(d, OOPS_UNKNOWN, "there is no rule %llu",
				  (unsigned long long)number);
	if (rc == 1 && ((struct notice_rule *)found)->lifted)
		rc = desk_fault(d, OOPS_CHANGED, "rule %llu was lifted already",
				(unsigned long long)number);
	free(found);
	if (rc < 0)
		return rc;
	snprintf(about, sizeof about, "rule:%llu", (unsigned long long)number);
	return desk_say(d, "rule.lift", about, json_pack("{s:I, s:s}", "number",
			(json_int_t)number, "why", reason), NULL);
}

/* ---- folding ---- */

static int added(struct desk *d, const struct desk_event *e)
{
	struct notice_rule r = { .name = "", .role = "", .letter = "", .family = "",
		.owner = "" };
	int rc = desk_record(d, e, DESK_notice_rule, &r);

	r.number = e->event->number;
	return rc ? rc : store_put(desk_store(d), DESK_notice_rule, &r);
}

static int lifted(struct desk *d, const struct desk_event *e)
{
	const struct notice_rule key = { .number = desk_number(e, "number") };
	void *found = NULL;
	int rc = desk_find(d, DESK_notice_rule, &key, &found);

	if (rc == 0)
		return desk_damaged(d, e, "number");
	if (rc == 1) {
		((struct notice_rule *)found)->lifted = e->event->at;
		rc = store_put(desk_store(d), DESK_notice_rule, found);
	}
	free(found);
	return rc;
}

const struct desk_kind notice_rule_kinds[] = {
	{ "rule.add", "name, role, letter, state, severity, family, form, owner, made", added },
	{ "rule.lift", "number, why", lifted },
	{ .name = NULL }
};
