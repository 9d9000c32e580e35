/* SPDX-License-Identifier: GPL-3.0-or-later */
/* user.c - users, roles and passwords; see user.h. Sessions: user_session.c. */
#include "respond/user_own.h"
#include "model/digest.h"
#include "model/utf8.h"
#include "base/buf.h"
#include "base/tongue.h"
#include <sodium.h>

void secret_text(char to[USER_SECRET_TEXT])
{
	u8 raw[32];

	randombytes_buf(raw, sizeof raw);
	sodium_bin2base64(to, USER_SECRET_TEXT, raw, sizeof raw,
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(raw, sizeof raw);
}

void secret_hash(const char *text, char to[65])
{
	u8 raw[DIGEST_OCTETS];
	struct digest d;

	digest_init(&d);
	digest_add(&d, text, strlen(text));
	digest_end(&d, raw);
	hex_text(raw, sizeof raw, to);
}

static int keep(void *to, const void *record)
{
	struct user **u = to;

	*u = desk_copy(DESK_user, record);
	return *u ? 0 : -ENOMEM;
}

int user_find(struct store *s, const char *login, struct user **ret)
{
	const struct user key = { .login = login };

	return store_take(s, DESK_user, &key, keep, ret);
}

/* ---- what is allowed ---- */

static int check_login(struct desk *d, const char *login)
{
	size_t n = login ? strlen(login) : 0;

	if (n == 0 || n >= USER_LOGIN_MAX ||
	    strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789.-_@") != n)
		return desk_fault(d, OOPS_RANGE, "a login has 1 to %u small letters, digits or "
				  "one of . - _ @", USER_LOGIN_MAX - 1);
	return 0;
}

/* The page and its letters are there in these; another one would be English without a word. */
static int check_language(struct desk *d, const char *language)
{
	char are[100] = "en";
	bool known;

	if (strcmp(tongue_lang(tongue_find(language, &known)), language) == 0 && known)
		return 0;
	for (const struct tongue *t = tongues; t->lang; t++)
		snprintf(are + strlen(are), sizeof are - strlen(are), ", %s", t->lang);
	return desk_fault(d, OOPS_RANGE, "'%.20s' is no language of Vedette; there are %s",
			  language, are);
}

static int check_password(struct desk *d, const char *login, const char *password)
{
	size_t n = strlen(password);

	if (n < USER_PASSWORD_MIN || n > USER_PASSWORD_MAX)
		return desk_fault(d, OOPS_RANGE, "a password has %u to %u characters",
				  USER_PASSWORD_MIN, USER_PASSWORD_MAX);
	if (strstr(password, login) || strspn(password, (char[]){ password[0], 0 }) == n)
		return desk_fault(d, OOPS_RANGE, "a password must not hold the login, nor be "
				  "one character many times");
	return 0;
}

static int keep_password(struct desk *d, const char *login, const char *password)
{
	char text[crypto_pwhash_STRBYTES];
	int rc;

	if (crypto_pwhash_str(text, password, strlen(password),
		crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE))
		return desk_fault(d, -ENOMEM, "there is no memory left for the password's hash");
	rc = store_secret_put(desk_store(d), "password", login, text, strlen(text) + 1, 0);
	sodium_memzero(text, sizeof text);
	return rc;
}

/* ---- the fold ---- */

static int put_user(struct desk *d, const struct desk_event *e)
{
	struct user u = { 0 };
	int rc = desk_record(d, e, DESK_user, &u);

	return rc ? rc : store_put(desk_store(d), DESK_user, &u);
}

static int put_token(struct desk *d, const struct desk_event *e)
{
	struct token t = { 0 };
	int rc = desk_record(d, e, DESK_token, &t);

	return rc ? rc : store_put(desk_store(d), DESK_token, &t);
}

const struct desk_kind user_kinds[] = {
	{ "user.add", "the user", put_user },
	{ "user.change", "the user", put_user },
	{ "user.password", "that it was set, never what it is", NULL },
	{ "user.totp", "that one-time codes are wanted, no longer, or taken away", NULL },
	{ "user.sign-in", "from where", NULL },
	{ "user.sign-in-refused", "from where; of many in a row the first and each tenth", NULL },
	{ "user.sign-out", "", NULL },
	{ "token.add", "the token, without its secret", put_token },
	{ "token.revoke", "the token", put_token },
	{ .name = NULL }
};

/* ---- changes ---- */

static int say_user(struct desk *d, const char *kind, const struct user *u)
{
	char about[USER_LOGIN_MAX + 8];

	snprintf(about, sizeof about, "user:%s", u->login);
	return desk_say(d, kind, about, desk_body(DESK_user, u), NULL);
}

static int add(struct desk *d, const struct user *u, const char *password)
{
	struct user *was = NULL;
	int rc = user_find(desk_store(d), u->login, &was);

	free(was);
	if (rc == 1)
		return desk_fault(d, OOPS_CHANGED, "there is a user %s already", u->login);
	if (rc == 0)
		rc = keep_password(d, u->login, password);
	return rc ? rc : say_user(d, "user.add", u);
}

int user_add(struct desk *d, const struct user *u, const char *password,
	     char made[USER_SECRET_TEXT])
{
	struct user is = *u;
	int rc = desk_begin(d);

	is.changed = rc ? 0 : desk_now(d);
	is.standing = password ? STANDING_ACTIVE : STANDING_MUST_CHANGE;
	if (password == NULL)
		secret_text(made);
	if (rc == 0)
		rc = check_login(d, u->login);
	if (rc == 0)
		rc = check_language(d, u->language);
	if (rc == 0 && password)
		rc = check_password(d, u->login, password);
	if (rc == 0)
		rc = add(d, &is, password ? password : made);
	return desk_end(d, rc);
}

static int count_admin(void *to, const void *record)
{
	const struct user *u = record;
	u64 *n = to;

	*n += u->role == ROLE_ADMIN && u->standing != STANDING_LOCKED;
	return 0;
}

/* Somebody must be left who can let others in. */
static int keeps_an_admin(struct desk *d, const struct user *was, const struct user *is)
{
	const struct store_query all = { .table = DESK_user };
	u64 admins = 0;
	int rc;

	if (was->role != ROLE_ADMIN || was->standing == STANDING_LOCKED ||
	    (is->role == ROLE_ADMIN && is->standing != STANDING_LOCKED))
		return 0;
	rc = store_each(desk_store(d), &all, count_admin, &admins);
	if (rc == 0 && admins < 2)
		rc = desk_fault(d, OOPS_LIMIT, "%s is the only admin who can sign in: make "
				"another one first", was->login);
	return rc;
}

static int change(struct desk *d, const struct user *u)
{
	struct user *was = NULL, is = *u;
	char about[USER_LOGIN_MAX + 8];
	int rc = user_find(desk_store(d), u->login, &was);

	snprintf(about, sizeof about, "user:%s", u->login);
	if (rc == 0)
		rc = desk_fault(d, OOPS_UNKNOWN, "there is no user %s", u->login);
	else if (rc == 1)
		rc = desk_still(d, about, was->changed, u->changed);
	if (rc == 0 && was && strcmp(was->language, u->language))
		rc = check_language(d, u->language);
	if (rc == 0 && was)
		rc = keeps_an_admin(d, was, u);
	is.changed = desk_now(d);
	if (rc == 0)
		rc = say_user(d, "user.change", &is);
	if (rc == 0 && is.standing == STANDING_LOCKED)
		rc = sessions_end(d, is.login, "");
	free(was);
	return rc;
}

int user_change(struct desk *d, const struct user *u)
{
	int rc = desk_begin(d);

	return desk_end(d, rc ? rc : change(d, u));
}

static int tokens_end(struct desk *d, const char *login);

static int set_password(struct desk *d, const char *login, const char *password,
			const char *own)
{
	struct user *was = NULL, is;
	char about[USER_LOGIN_MAX + 8];
	int rc = user_find(desk_store(d), login, &was);

	if (rc <= 0)
		return rc ? rc : desk_fault(d, OOPS_UNKNOWN, "there is no user %s", login);
	is = *was;
	is.changed = desk_now(d);
	if (is.standing != STANDING_LOCKED)
		is.standing = own ? STANDING_ACTIVE : STANDING_MUST_CHANGE;
	rc = check_password(d, login, password);
	if (rc == 0)
		rc = keep_password(d, login, password);
	snprintf(about, sizeof about, "user:%s", login);
	if (rc == 0)
		rc = desk_say(d, "user.password", about, json_object(), NULL);
	if (rc == 0 && is.standing != was->standing)
		rc = say_user(d, "user.change", &is);
	if (rc == 0)
		rc = sessions_end(d, login, own ? own : "");
	if (rc == 0)	/* who stole one is put out, too */
		rc = tokens_end(d, login);
	free(was);
	return rc;
}

int user_password(struct desk *d, const char *login, const char *password, const char *own)
{
	int rc = desk_begin(d);

	return desk_end(d, rc ? rc : set_password(d, login, password, own));
}

int user_reset(struct desk *d, const char *login, bool codes, char made[USER_SECRET_TEXT])
{
	int rc = desk_begin(d);

	secret_text(made);
	if (rc == 0)
		rc = set_password(d, login, made, NULL);
	if (rc == 0 && codes && (rc = totp_take(d, login)) > 0)
		rc = 0;
	return desk_end(d, rc);
}

int user_any(struct store *s)
{
	const struct store_query all = { .table = DESK_user };
	u64 n = 0;
	int rc = store_total(s, &all, &n);

	return rc ? rc : n > 0;
}

/* ---- tokens ---- */

static int add_token(struct desk *d, const struct token *t, char made[64])
{
	char secret[USER_SECRET_TEXT], hash[65], id[17];
	struct user *owner = NULL;
	struct token is = *t;
	u8 raw[8];
	int rc = user_find(desk_store(d), t->login, &owner);

	free(owner);
	if (rc <= 0)
		return rc ? rc : desk_fault(d, OOPS_UNKNOWN, "there is no user %s", t->login);
	if (t->expires <= desk_now(d) || t->expires - desk_now(d) > 366ull * 86400 * 1000000000)
		return desk_fault(d, OOPS_RANGE, "a token expires, at most a year from now");
	randombytes_buf(raw, sizeof raw);
	secret_text(secret);
	is.id = hex_text(raw, sizeof raw, id);
	is.made = desk_now(d);
	snprintf(made, 64, "%s%.43s", id, secret);
	secret_hash(made, hash);
	rc = store_secret_put(desk_store(d), "token", id, hash, sizeof hash, is.expires);
	return rc ? rc : desk_say(d, "token.add", "", desk_body(DESK_token, &is), NULL);
}

int token_add(struct desk *d, const struct token *t, char made[64])
{
	int rc = desk_begin(d);

	return desk_end(d, rc ? rc : add_token(d, t, made));
}

static int revoke(struct desk *d, const char *id)
{
	const struct token key = { .id = id };
	struct token *t = NULL;
	void *found = NULL;
	int rc = desk_find(d, DESK_token, &key, &found);

	if (rc <= 0)
		return rc ? rc : desk_fault(d, OOPS_UNKNOWN, "there is no token %.16s", id);
	t = found;
	t->revoked = desk_now(d);
	rc = store_secret_drop(desk_store(d), "token", id);
	if (rc == 0)
		rc = desk_say(d, "token.revoke", "", desk_body(DESK_token, t), NULL);
	free(t);
	return rc;
}

static int take_id(void *to, const void *record)
{
	const struct token *t = record;
	struct buf *ids = to;

	if (t->revoked == 0)
		buf_add(ids, t->id, strlen(t->id) + 1);
	return buf_error(ids);
}

/* All of a login's, in the open change. */
static int tokens_end(struct desk *d, const char *login)
{
	const struct store_cond own = { .field = "login", .op = STORE_IS, .text = login };
	const struct store_query q = { .table = DESK_token, .conds = &own, .count = 1 };
	struct buf ids = { 0 };
	int rc = store_each(desk_store(d), &q, take_id, &ids);

	for (size_t at = 0; rc == 0 && at < ids.len; at += strlen(ids.at + at) + 1)
		rc = revoke(d, ids.at + at);
	buf_free(&ids);
	return rc;
}

int token_revoke(struct desk *d, const char *id)
{
	int rc = desk_begin(d);

	return desk_end(d, rc ? rc : revoke(d, id));
}
