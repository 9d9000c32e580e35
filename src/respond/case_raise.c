/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case_raise.c - see case_raise.h. */
#include "respond/case_raise.h"
#include "respond/case_own.h"
#include "respond/contact.h"
#include "respond/notice.h"

/* They could have it, and cannot now. */
static bool is_left_out(const struct case_raised *r, struct marking clearance)
{
	return marking_allows(r->from, clearance) && !marking_allows(r->to, clearance);
}

/* Is the word in "a, b, c"? */
static bool named(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = strstr(list, word); p; p = strstr(p + 1, word))
		if ((p == list || p[-1] == ' ') && (p[n] == ',' || p[n] == 0))
			return true;
	return false;
}

static void name(char *list, size_t size, u64 *count, const char *word)
{
	size_t at = strlen(list);

	if (named(list, word))
		return;
	if (++*count <= RAISED_NAMED)
		snprintf(list + at, size - at, "%s%s", at ? ", " : "", word);
}

static int one_user(void *to, const void *record)
{
	const struct user *u = record;
	struct case_raised *r = to;

	if (u->standing != STANDING_LOCKED &&
	    is_left_out(r, (struct marking){ u->tlp, u->pap }))
		name(r->people, sizeof r->people, &r->people_count, u->login);
	return 0;
}

static void one_contact(struct case_raised *r, const struct contact *c)
{
	if (is_left_out(r, (struct marking){ c->tlp, c->pap }))
		name(r->contacts, sizeof r->contacts, &r->contact_count, c->id);
}

/* Who can act for the subject. */
static int who_covers(struct desk *d, const char *subject, struct case_raised *r)
{
	struct route *all = calloc(1, sizeof *all);
	int rc = all ? route_find(all, d, &subject, 1, 0) : -ENOMEM;

	for (u32 i = 0; rc == 0 && i < all->count; i++)
		one_contact(r, all->step[i].contact);
	if (all)
		route_free(all);
	free(all);
	return rc;
}

/* Who was told of it. */
static int who_knows(struct desk *d, u64 number, struct case_raised *r)
{
	const struct store_cond own = { .field = "incident", .op = STORE_IS, .number = number };
	const struct store_query q = { .table = DESK_notice, .conds = &own, .count = 1,
		.order = "number" };
	struct case_rows told = { .table = DESK_notice };
	int rc = store_each(desk_store(d), &q, case_keep, &told);

	for (size_t i = 0; i < told.count && rc >= 0; i++) {
		struct contact *c = NULL;

		rc = contact_find(d, ((struct notice *)told.at[i])->contact, &c);
		if (rc == 1)
			one_contact(r, c);
		free(c);
	}
	case_forget(&told);
	return rc < 0 ? rc : 0;
}

int case_raised(struct desk *d, u64 number, struct marking from, struct marking to,
		struct case_raised *ret)
{
	const struct store_query users = { .table = DESK_user, .order = "login" };
	struct incident *i = NULL;
	int rc;

	*ret = (struct case_raised){ .from = from, .to = to,
		.rose = !marking_allows(to, from) };
	if (!ret->rose)
		return 0;
	ret->no_mail = is_left_out(ret, NOTICE_CAP);
	rc = case_find(d, number, &i);
	if (rc == 0)
		rc = who_covers(d, i->subject, ret);
	if (rc == 0)
		rc = who_knows(d, number, ret);
	if (rc == 0)
		rc = store_each(desk_store(d), &users, one_user, ret);
	free(i);
	return rc;
}

int case_sight(struct desk *d, const struct case_sight *s)
{
	const struct user key = { .login = desk_author(d) };
	struct marking sees = s->clearance;
	char label[MARKING_TEXT_MAX], most[MARKING_TEXT_MAX];
	void *found = NULL;
	int rc = s->hide ? 0 : desk_find(d, DESK_user, &key, &found);

	if (rc == 1) {
		const struct user *u = found;

		sees.tlp = u->tlp < sees.tlp ? u->tlp : sees.tlp;
		sees.pap = u->pap < sees.pap ? u->pap : sees.pap;
	}
	free(found);
	if (rc < 0 || s->hide || !marking_allows(s->was, sees) || marking_allows(s->would, sees))
		return rc < 0 ? rc : 0;
	return desk_refuse(d, CODE_HIDES, OOPS_RANGE, "it would be %s, and you, who may see up to "
			   "%s, could not see it afterwards", marking_text(s->would, label),
			   marking_text(sees, most));
}
