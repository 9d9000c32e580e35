/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_desk.c - lists of the desk's nouns and single ones, through the caller's gate.
 *
 *   GET /api/v1/incidents?state=new&text=bank&limit=100&cursor=...
 *     {"items":[{...}],"next":"cursor or null"}
 *
 * One row a noun; filters are fields of it. Lists are in the order of their key; cursors are
 * places in it (cursor.c), so that what comes in meanwhile shifts nothing. */
#include "web/put.h"
#include "base/stamp.h"

struct listing {
	enum desk_table table;
	const char *order;	/* of store_query: "-number"; it ends with the key */
	const char *any;	/* fields that ?text= looks into */
	const char *filters;	/* fields that may be asked for, blanks between */
};

static const struct listing listings[] = {
	{ DESK_notice_rule, "-number", "name family letter", "state role" },
	{ DESK_mute, "-number", "rule subject reason", "owner" },
	{ DESK_user, "login", "login name", "role standing" },
	{ DESK_token, "id", "login name", "login" },
	{ DESK_member, "incident kind id", "subject rule", "incident kind" },
	{ DESK_note, "event", "text", "incident" },
	{ DESK_task, "incident place", "title", "incident state" },
	{ DESK_deadline, "incident set name", "name", "incident set" },
	{ DESK_address, "contact channel value", "value", "contact channel proof" },
	{ DESK_drill, "token", "contact", "contact" },
};

#define CONDS_MAX 8

static const struct listing *listing_of(const char *path)
{
	for (size_t i = 0; i < COUNT(listings); i++) {
		const char *name = desk_nouns[listings[i].table].name;
		size_t n = strlen(name);

		if (strncmp(path, name, n) == 0 && (strcmp(path + n, "es") == 0 ||
			(path[n] == 's' && (path[n + 1] == 0 || path[n + 1] == '/'))))
			return &listings[i];
	}
	return NULL;
}

/* One condition out of a parameter; a choice by its name, a number as it is. */
static int condition(struct request *q, const struct field *f, const char *text,
		     struct store_cond *ret)
{
	int n;

	*ret = (struct store_cond){ .field = f->name, .op = STORE_IS };
	switch (f->kind) {
	case FIELD_words:
		ret->text = text;
		return 0;
	case FIELD_choice:
		n = choice_parse(f->choices, text);
		break;
	case FIELD_severity:
		n = severity_parse(text);
		ret->op = STORE_LEAST;
		break;
	default:
		return request_count(q, f->name, INT64_MAX, &ret->number);
	}
	if (n < 0)
		return request_fault(q, OOPS_RANGE, "%s: '%.60s' is none of its words", f->name,
				     text);
	ret->number = (u64)n;
	return 0;
}

static int conditions(struct request *q, const struct listing *l, struct store_cond *conds,
		      unsigned *count)
{
	const struct field *fields = desk_nouns[l->table].fields;
	int rc = 0;

	for (const char *p = l->filters; *p && rc == 0; p += strcspn(p, " "), p += *p == ' ') {
		char name[32];
		const char *text;

		snprintf(name, sizeof name, "%.*s", (int)strcspn(p, " "), p);
		if ((text = request_param(q, name)) && *count < CONDS_MAX)
			rc = condition(q, field_find(fields, name), text, &conds[(*count)++]);
	}
	return rc;
}

static int put(void *to, struct buf *out, const void *record)
{
	const struct listing *l = to;

	put_noun(out, l->table, record);
	return 0;
}

/* For admins: with how they come in, which is no part of the record. */
static int put_user(void *to, struct buf *out, const void *record)
{
	struct request *q = to;
	const struct user *u = record;
	const int codes = user_totp_wanted(q->store, u->login);
	char at[STAMP_TEXT_MAX];
	u64 last;
	int rc = codes < 0 ? codes : user_signed_in(q->store, u->login, &last);

	if (rc)
		return rc;
	put_noun(out, DESK_user, u);
	buf_fmt(out, ",\"codes\":%s,\"signed_in\":", codes ? "true" : "false");
	if (last)
		buf_fmt(out, "\"%s\"", stamp_text(last, 0, at));
	else
		buf_text(out, "null");
	return 0;
}

static int list(struct request *q)
{
	const struct listing *l = listing_of(q->route->path + strlen("/api/v1/"));
	struct store_cond conds[CONDS_MAX];
	struct store_query query = { .table = l->table, .conds = conds, .order = l->order,
		.any = l->any, .text = request_param(q, "text") };
	int rc = conditions(q, l, conds, &query.count);

	if (rc)
		return rc;
	return l->table == DESK_user ? request_list(q, &query, put_user, q)
				     : request_list(q, &query, put, (void *)(uintptr_t)l);
}

static int one(struct request *q)
{
	const struct listing *l = listing_of(q->route->path + strlen("/api/v1/"));

	return l->table == DESK_user ? request_one(q, l->table, put_user, q)
				     : request_one(q, l->table, put, (void *)(uintptr_t)l);
}

#define PAGING { "limit", "at most so many, up to 500", OP_COUNT, NULL },          \
	{ "cursor", "what `next` was", OP_TEXT, NULL },                        \
	{ "text", "holds this text", OP_TEXT, NULL }

static const struct api_param mute_params[] = { PAGING,
	{ "owner", "of this person", OP_TEXT, NULL }, { .name = NULL } };
static const struct api_param rule_params[] = { PAGING,
	{ "state", "about incidents in this state", OP_CHOICE, incident_states },
	{ "role", "for whom", OP_TEXT, NULL }, { .name = NULL } };
static const struct api_param user_params[] = { PAGING,
	{ "role", "with this role", OP_CHOICE, roles },
	{ "standing", "of this standing", OP_CHOICE, standings }, { .name = NULL } };
static const struct api_param token_params[] = { PAGING,
	{ "login", "of this user", OP_TEXT, NULL }, { .name = NULL } };
static const struct api_param member_params[] = { PAGING,
	{ "incident", "of this incident", OP_COUNT, NULL },
	{ "kind", "findings or reports", OP_CHOICE, member_kinds }, { .name = NULL } };
static const struct api_param of_incident_params[] = { PAGING,
	{ "incident", "of this incident", OP_COUNT, NULL }, { .name = NULL } };
static const struct api_param task_params[] = { PAGING,
	{ "incident", "of this incident", OP_COUNT, NULL },
	{ "state", "in this state", OP_CHOICE, task_states }, { .name = NULL } };
static const struct api_param address_params[] = { PAGING,
	{ "contact", "of this contact", OP_TEXT, NULL },
	{ "channel", "of this kind", OP_CHOICE, channels },
	{ "proof", "so proven", OP_CHOICE, proofs }, { .name = NULL } };
static const struct api_param drill_params[] = { PAGING,
	{ "contact", "of this contact", OP_TEXT, NULL }, { .name = NULL } };

static const struct api_member user_members[] = {
	{ "codes", "flag", "one-time codes are wanted at signing in", NULL },
	{ "signed_in", "stamp|null", "the last time, by the log; null: never", NULL },
	{ .name = NULL } };
const struct api_shape desk_shapes[] = {
	{ .name = "user_row", .noun = SHAPE_OF(user), .members = user_members },
	{ .name = "user_rows", .items = "user_row" },
	{ .name = NULL }
};

#define LIST_OF(nouns, rows, with, least) { .method = "GET", .path = "/api/v1/" nouns,      \
	.run = list, .params = with, .reply = rows, .role = least,             \
	.help = "The " nouns " that the caller may see." }
#define LIST(nouns, with, least) LIST_OF(nouns, nouns, with, least)

const struct api_route desk_routes[] = {
	LIST("mutes", mute_params, ROLE_VIEWER),
	LIST("notice_rules", rule_params, ROLE_VIEWER),
	LIST_OF("users", "user_rows", user_params, ROLE_ADMIN),
	{ .method = "GET", .path = "/api/v1/users/{login}", .run = one, .reply = "user_row",
	  .role = ROLE_ADMIN, .help = "One user." },
	LIST("tokens", token_params, ROLE_ADMIN),
	LIST_OF("members", "member_rows", member_params, ROLE_VIEWER),
	LIST("notes", of_incident_params, ROLE_VIEWER),
	LIST("tasks", task_params, ROLE_VIEWER),
	LIST_OF("deadlines", "deadline_rows", of_incident_params, ROLE_VIEWER),
	{ .method = "GET", .path = "/api/v1/addresses", .run = list,
	  .params = address_params, .reply = "addresss",
	  .help = "The addresses of contacts." },
	LIST("drills", drill_params, ROLE_VIEWER),
	{ .method = NULL }
};
