/* SPDX-License-Identifier: GPL-3.0-or-later */
/* op_user.c - operations on users and tokens. Whoever is no admin changes themselves only,
 * and never their own role or clearance.
 *
 * All of it is done by people, signed in: a token must not make another one that outlives it,
 * nor let anybody in. What a token may do here is to end itself. */
#include "respond/op.h"

static int in_person(struct desk *d, const struct caller *who)
{
	return who->by_token ? desk_fault(d, -EPERM, "users, passwords, sessions and tokens are "
					  "changed by who is signed in, not by a token") : 0;
}

static struct user user_from(json_t *args, const struct user *was)
{
	struct user u = *was;

	if (op_given(args, "name"))
		u.name = op_text(args, "name");
	if (op_given(args, "email"))
		u.email = op_text(args, "email");
	if (op_given(args, "language"))
		u.language = op_text(args, "language");
	if (op_given(args, "timezone"))
		u.timezone = op_text(args, "timezone");
	u.role = op_choice(args, "role", roles, was->role);
	u.standing = op_choice(args, "standing", standings, was->standing);
	u.tlp = op_choice(args, "tlp", label_names, was->tlp);
	u.pap = op_choice(args, "pap", pap_names, was->pap);
	return u;
}

static int add(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const struct user none = { .login = op_text(args, "login"), .name = "", .email = "",
		.language = "en", .timezone = "", .tlp = LABEL_AMBER_STRICT,
		.pap = PAP_AMBER };
	const struct user u = user_from(args, &none);
	char made[USER_SECRET_TEXT];
	int rc = in_person(d, who);

	if (rc == 0)
		rc = user_add(d, &u, NULL, made);
	if (rc == 0 && json_object_set_new(reply, "password", json_string(made)))
		rc = -ENOMEM;
	return rc;
}

/* Nobody comes between looking and writing (user_change()). */
static int change_it(struct desk *d, const char *login, json_t *args)
{
	const struct user key = { .login = login };
	struct user u;
	void *was = NULL;
	int rc = desk_find(d, DESK_user, &key, &was);

	if (rc == 0)
		rc = desk_fault(d, OOPS_UNKNOWN, "there is no user %.64s", login);
	if (rc == 1) {
		u = user_from(args, was);
		if (op_given(args, "changed"))
			u.changed = max_u64(op_time(args, "changed"), 1);
		rc = user_change(d, &u);
	}
	free(was);
	return rc;
}

static int change(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const char *login = op_text(args, "login");
	const bool own = strcmp(login, who->login) == 0;
	int rc = in_person(d, who);

	(void)reply;
	if (rc)
		return rc;
	if (who->role < ROLE_ADMIN && (!own || op_given(args, "role") ||
		op_given(args, "standing") || op_given(args, "tlp") || op_given(args, "pap")))
		return desk_fault(d, -EPERM, "others, roles, standing and clearance are changed "
				  "by an admin");
	if (!own && !op_given(args, "changed"))
		return desk_fault(d, OOPS_FORMAT, "%s: %s", "changed", N_("it is missing"));
	return change_it(d, login, args);
}

/* An open browser is not yet its owner: what lets them in is changed by who knows the
 * password. Wrong ones make it wait; strangers' tries at signing in do not. */
static int confirm(struct desk *d, const struct caller *who, json_t *args)
{
	const char *current = op_text(args, "current");
	u64 wait;

	if (current[0] == 0)
		return desk_fault(d, OOPS_RANGE, "the password that you have now is wanted");
	switch (user_confirm(d, who->login, current, &wait)) {
	case SIGN_IN_GOOD:
		return 0;
	case SIGN_IN_WRONG:
		return desk_fault(d, -EPERM, "the password that you have now is another one");
	case SIGN_IN_WAIT:
		return desk_fault(d, -EDQUOT, "too many wrong tries; wait %llu seconds",
				  (unsigned long long)(wait / 1000000000 + 1));
	default:
		return -EIO;
	}
}

static int password(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const char *login = op_text(args, "login");
	bool own = strcmp(login, who->login) == 0;
	int rc = in_person(d, who);

	(void)reply;
	if (rc)
		return rc;
	if (!own && who->role < ROLE_ADMIN)
		return desk_fault(d, -EPERM, "others' passwords are set by an admin");
	if (own && !who->must_change)	/* one that counts once was typed just now */
		rc = confirm(d, who, args);
	return rc ? rc : user_password(d, login, op_text(args, "password"),
				       own ? who->session : NULL);
}

static int end_session(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	int rc = in_person(d, who);

	(void)reply;
	return rc ? rc : user_session_end(d, who->login, op_text(args, "id"));
}

static int own_totp(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	char uri[USER_URI_MAX];
	const char *step = op_text(args, "step");
	int rc = in_person(d, who);

	if (rc == 0 && strcmp(step, "confirm"))
		rc = confirm(d, who, args);
	if (rc)
		return rc;
	if (strcmp(step, "begin") == 0) {
		rc = user_totp_begin(d, who->login, uri);
		if (rc == 0 && json_object_set_new(reply, "uri", json_string(uri)))
			rc = -ENOMEM;
		return rc;
	}
	return strcmp(step, "confirm") == 0
	     ? user_totp_confirm(d, who->login, op_text(args, "code"))
	     : user_totp_end(d, who->login);
}

/* For who lost the device. One's own are ended by who knows the password. */
static int take_codes(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const char *login = op_text(args, "login");
	int rc = in_person(d, who);

	(void)reply;
	if (rc)
		return rc;
	if (strcmp(login, who->login) == 0)
		return desk_fault(d, -EPERM, "your own one-time codes are turned off under your "
				  "account, with the password; another admin can take them away");
	return user_totp_take(d, login);
}

static int add_token(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const struct token t = { .login = who->login, .name = op_text(args, "name"),
		.role = op_choice(args, "role", roles, ROLE_VIEWER),
		.expires = op_time(args, "expires") };
	char made[64];
	int rc = in_person(d, who);

	if (rc)
		return rc;
	if (t.role > who->role)
		return desk_fault(d, -EPERM, "a token can do no more than you");
	rc = token_add(d, &t, made);
	if (rc == 0 && json_object_set_new(reply, "token", json_string(made)))
		rc = -ENOMEM;
	return rc;
}

static int revoke_token(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const struct token key = { .id = op_text(args, "id") };
	void *was = NULL;
	int rc = desk_find(d, DESK_token, &key, &was);
	bool own = rc == 1 && strcmp(((struct token *)was)->login, who->login) == 0;

	(void)reply;
	free(was);
	if (rc == 0)
		return desk_fault(d, OOPS_UNKNOWN, "there is no such token");
	if (rc == 1 && !(own && strcmp(key.id, who->token) == 0) && in_person(d, who))
		return -EPERM;
	if (rc == 1 && !own && who->role < ROLE_ADMIN)
		return desk_fault(d, -EPERM, "others' tokens are revoked by an admin");
	return rc < 0 ? rc : token_revoke(d, key.id);
}

#define TOLD(needs_login)                                                      \
	{ "login", "what is typed to sign in", OP_TEXT, needs_login, 63, NULL }, \
	{ "name", "as it is written", OP_TEXT, false, 0, NULL },               \
	{ "email", "where to reach them", OP_TEXT, false, 0, NULL },           \
	{ "language", "en, es or fr", OP_TEXT, false, 7, NULL },               \
	{ "timezone", "Europe/Madrid", OP_TEXT, false, 64, NULL },             \
	{ "role", "what they may do", OP_CHOICE, false, 0, roles },            \
	{ "tlp", "the strictest label they may see", OP_CHOICE, false, 0, label_names }, \
	{ "pap", "the strictest PAP they may see", OP_CHOICE, false, 0, pap_names }

#define CURRENT { "current", "one's own that counts now; wanted to change what lets one in", \
	OP_TEXT, false, USER_PASSWORD_MAX, NULL }

static const struct op_arg add_args[] = { TOLD(true), { .name = NULL } };
static const struct op_arg change_args[] = { TOLD(true),
	{ "standing", "may they sign in?", OP_CHOICE, false, 0, standings },
	{ "changed", "what it said of that when it was looked at: wanted to change somebody "
	  "else; it is refused (409) when they were changed since", OP_TIME, false, 0, NULL },
	{ .name = NULL } };
static const struct op_arg password_args[] = {
	{ "login", "whose", OP_TEXT, true, 63, NULL },
	{ "password", "10 to 200 characters", OP_TEXT, true, USER_PASSWORD_MAX, NULL },
	CURRENT, { .name = NULL } };
static const struct op_arg codes_args[] = {
	{ "login", "whose", OP_TEXT, true, 63, NULL }, { .name = NULL } };
static const char *const totp_steps[] = { "begin", "confirm", "end", NULL };
static const struct op_arg totp_args[] = {
	{ "step", "begin, confirm or end", OP_CHOICE, true, 0, totp_steps },
	{ "code", "of this moment, to confirm", OP_TEXT, false, 6, NULL },
	CURRENT, { .name = NULL } };
static const struct op_arg token_args[] = {
	{ "name", "what it is for", OP_TEXT, true, 0, NULL },
	{ "role", "the most that it may do", OP_CHOICE, false, 0, roles },
	{ "expires", "at most a year from now", OP_TIME, true, 0, NULL }, { .name = NULL } };
static const struct op_arg revoke_args[] = {
	{ "id", "16 hex digits", OP_TEXT, true, 16, NULL }, { .name = NULL } };

static const struct op_arg session_args[] = {
	{ "id", "16 hex digits", OP_TEXT, true, 16, NULL }, { .name = NULL } };

const struct op user_ops[] = {
	{ "user.add", "Adds a user; a one-time password comes back.", ROLE_ADMIN, add_args, add },
	{ "user.change", "Changes what is told of a user.", ROLE_VIEWER, change_args, change },
	{ "user.password", "Sets a password; their other sessions and all of their tokens end.",
	  ROLE_VIEWER, password_args, password },
	{ "user.codes", "Takes somebody's one-time codes away; their sessions end.", ROLE_ADMIN,
	  codes_args, take_codes },
	{ "user.totp", "Begins, confirms or ends one's one-time codes.", ROLE_VIEWER, totp_args,
	  own_totp },
	{ "session.end", "Ends one of one's own sessions.", ROLE_VIEWER, session_args,
	  end_session },
	{ "token.add", "Makes a token for scripts; it is shown once. Not by a token.", ROLE_VIEWER,
	  token_args, add_token },
	{ "token.revoke", "Takes a token back. A token takes back itself alone.", ROLE_VIEWER,
	  revoke_args, revoke_token },
	{ .name = NULL }
};
