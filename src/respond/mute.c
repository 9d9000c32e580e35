/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mute.c - see mute.h. Many mutes are about one subject each, so they are found by hash:
 * the subject itself and each name above it are looked up, at most 128 probes. */
#include "respond/mute.h"
#include "respond/case_own.h"
#include "base/hash.h"
#include "model/finding.h"

struct mutes {
	struct case_rows rows;
	u32 *table;	/* hash of a subject -> row and 1; 0 = free; others follow */
	u32 mask;
};

/* ---- what a mute covers ---- */

/* "tunnel" holds tunnel and tunnel.data, not tunnels. */
static bool rule_in(const char *scope, const char *rule)
{
	size_t n = strlen(scope);

	return n == 0 || (rule && strncmp(rule, scope, n) == 0 &&
			  (rule[n] == 0 || rule[n] == '.' || scope[n - 1] == '.'));
}

static bool subject_in(const char *scope, const char *subject)
{
	size_t n = strlen(scope), all = strlen(subject);

	if (n == 0)
		return true;
	if (all < n || strcasecmp(subject + all - n, scope))
		return false;
	return all == n || subject[all - n - 1] == '.';
}

bool mute_covers(const struct mute *m, const char *rule, const char *subject)
{
	return rule_in(m->rule, rule) && subject_in(m->subject, subject);
}

static u64 hash_of(const char *subject)
{
	char low[FINDING_SUBJECT_MAX];
	size_t n = 0;

	for (; subject[n] && n < sizeof low - 1; n++)
		low[n] = (char)(subject[n] >= 'A' && subject[n] <= 'Z' ? subject[n] | 32
				: subject[n]);
	return hash_bytes(0, low, n);
}

static int table(struct mutes *m)
{
	u32 room = 16;

	while (room < m->rows.count * 2)
		room *= 2;
	m->mask = room - 1;
	if ((m->table = calloc(room, sizeof m->table[0])) == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < m->rows.count; i++) {
		u32 at = (u32)hash_of(((struct mute *)m->rows.at[i])->subject) & m->mask;

		while (m->table[at])
			at = (at + 1) & m->mask;
		m->table[at] = (u32)i + 1;
	}
	return 0;
}

int mutes_open(struct desk *d, u64 now, struct mutes **ret)
{
	const struct store_cond conds[] = {
		{ .field = "expires", .op = STORE_LEAST, .number = now + 1 },
		{ .field = "from", .op = STORE_MOST, .number = now },
		{ .field = "lifted", .op = STORE_IS, .number = 0 },
	};
	const struct store_query q = { .table = DESK_mute, .conds = conds, .count = 3,
		.order = "number" };
	struct mutes *m = calloc(1, sizeof *m);
	int rc;

	if (m == NULL)
		return -ENOMEM;
	m->rows.table = DESK_mute;
	rc = store_each(desk_store(d), &q, case_keep, &m->rows);
	if (rc == 0)
		rc = table(m);
	if (rc)
		mutes_free(m);
	else
		*ret = m;
	return rc;
}

struct mutes *mutes_free(struct mutes *m)
{
	if (m) {
		case_forget(&m->rows);
		free(m->table);
		free(m);
	}
	return NULL;
}

/* Those whose scope is exactly this name. */
static const struct mute *at_name(const struct mutes *m, const char *name, const char *rule,
				  const char *subject)
{
	for (u32 at = (u32)hash_of(name) & m->mask; m->table[at]; at = (at + 1) & m->mask) {
		const struct mute *is = m->rows.at[m->table[at] - 1];

		if (strcasecmp(is->subject, name) == 0 && mute_covers(is, rule, subject))
			return is;
	}
	return NULL;
}

const struct mute *mutes_find(const struct mutes *m, const char *rule, const char *subject)
{
	const struct mute *is = NULL;

	if (m->rows.count == 0)
		return NULL;
	for (const char *p = subject; p && *p && is == NULL;) {
		is = at_name(m, p, rule, subject);
		p = strchr(p, '.');
		p = p ? p + 1 : NULL;
	}
	return is ? is : at_name(m, "", rule, subject);
}

/* ---- operations ---- */

static int scope(struct desk *d, const struct mute *m)
{
	const u64 now = desk_now(d);
	int rc = case_line(d, "a reason", m->reason, true);

	if (rc == 0)
		rc = case_line(d, "a rule", m->rule, false);
	if (rc == 0)
		rc = case_line(d, "a subject", m->subject, false);
	if (rc)
		return rc;
	if ((!m->rule || !m->rule[0]) && (!m->subject || !m->subject[0]))
		return desk_fault(d, -EINVAL, "a mute needs a rule or a subject: nobody turns "
				  "everything off");
	if (m->expires <= now || m->expires - now > MUTE_MAX_NS)
		return desk_fault(d, OOPS_RANGE, "a mute ends, after now and within a year");
	return 0;
}

int mute_add(struct desk *d, const struct mute *m, u64 *number)
{
	struct mute is = *m;
	json_t *body;
	int rc = scope(d, m);

	if (rc)
		return rc;
	is.owner = m->owner && m->owner[0] ? m->owner : desk_author(d);
	is.from = desk_now(d);
	body = desk_body(DESK_mute, &is);
	json_object_del(body, "number");
	json_object_del(body, "lifted");
	return desk_say(d, "mute.add", "", body, number);
}

int mute_lift(struct desk *d, u64 number, const char *reason)
{
	const struct mute key = { .number = number };
	void *found = NULL;
	char about[CASE_ABOUT];
	int rc = case_line(d, "a reason", reason, true);

	if (rc)
		return rc;
	if ((rc = desk_find(d, DESK_mute, &key, &found)) == 0)
		return desk_fault(d, OOPS_UNKNOWN, "there is no mute %llu",
				  (unsigned long long)number);
	if (rc == 1 && ((struct mute *)found)->lifted)
		rc = desk_fault(d, OOPS_RANGE, "mute %llu was lifted already",
				(unsigned long long)number);
	free(found);
	if (rc < 0)
		return rc;
	snprintf(about, sizeof about, "mute:%llu", (unsigned long long)number);
	return desk_say(d, "mute.lift", about, json_pack("{s:I, s:s}", "number",
			(json_int_t)number, "why", reason), NULL);
}

/* ---- folding ---- */

static int added(struct desk *d, const struct desk_event *e)
{
	struct mute m = { .rule = "", .subject = "", .reason = "", .owner = "" };
	int rc = desk_record(d, e, DESK_mute, &m);

	m.number = e->event->number;
	return rc ? rc : store_put(desk_store(d), DESK_mute, &m);
}

static int lifted(struct desk *d, const struct desk_event *e)
{
	const struct mute key = { .number = desk_number(e, "number") };
	void *found = NULL;
	int rc = desk_find(d, DESK_mute, &key, &found);

	if (rc == 0)
		return desk_damaged(d, e, "number");
	if (rc == 1) {
		((struct mute *)found)->lifted = e->event->at;
		rc = store_put(desk_store(d), DESK_mute, found);
	}
	free(found);
	return rc;
}

const struct desk_kind mute_kinds[] = {
	{ "mute.add", "rule, subject_kind, subject, reason, owner, from, expires, incident",
	  added },
	{ "mute.lift", "number, why", lifted },
	{ .name = NULL }
};
