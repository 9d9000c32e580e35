/* SPDX-License-Identifier: GPL-3.0-or-later */
/* user_session.c - signing in, and who a request is from; see user.h.
 *
 *   secret "session" SHA-256(session) -> {"login", "csrf", "from", "agent"}
 *   secret "tries" login              -> {"wrong", "last"}: how often somebody who is signed
 *                                        in did not know the password, and when
 *
 * A session ends SESSION_LENGTH_NS after it began. */
#include "respond/user_own.h"
#include "model/digest.h"
#include <sodium.h>

struct tries { u64 wrong, last; };

/* The hash that a password is checked against when there is no such login, so that the
 * time it takes tells nothing. */
static const char nobody[] = "$argon2id$v=19$m=65536,t=2,p=1$6WhAFeuxsg50/23gW47/tQ$"
	"4+T4STBYPuWxfW+r1FGPliyq0X1xO5puJvwUIgRrYaA";

static int read_tries(struct desk *d, const char *login, struct tries *ret)
{
	struct secret s;
	int rc = store_secret_get(desk_store(d), "tries", login, 0, &s);

	*ret = (struct tries){ 0 };
	if (rc == 1 && s.n == sizeof *ret)
		memcpy(ret, s.value, sizeof *ret);
	return rc < 0 ? rc : 0;
}

static u64 waits(const struct tries *t, u64 now)
{
	const u64 past = now > t->last ? now - t->last : 0;
	u64 wait = USER_WAIT_NS;

	if (t->wrong < USER_TRIES)
		return 0;
	for (u64 i = USER_TRIES; i < t->wrong && wait < USER_WAIT_MOST_NS; i++)
		wait *= 2;
	wait = min_u64(wait, USER_WAIT_MOST_NS);
	return past < wait ? wait - past : 0;
}

static int say(struct desk *d, const char *kind, const char *login, const char *from)
{
	char about[USER_LOGIN_MAX + 8];

	snprintf(about, sizeof about, "user:%.*s", USER_LOGIN_MAX - 1, login);
	return desk_say(d, kind, about, json_pack("{s:s}", "from", from ? from : ""), NULL);
}

/* A wrong try in the log, and how many before it are not there. */
static int say_wrong(struct desk *d, const struct signing_in *in)
{
	char about[USER_LOGIN_MAX + 8];
	json_t *body = json_pack("{s:s}", "from", in->from ? in->from : "");

	if (in->untold)
		json_object_set_new(body, "untold", json_integer((json_int_t)in->untold));
	snprintf(about, sizeof about, "user:%s", in->login);
	return desk_say(d, "user.sign-in-refused", about, body, NULL);
}

static bool password_right(struct desk *d, const struct user *u, const char *password)
{
	struct secret s;
	const char *hash = nobody;
	bool good;

	if (u && store_secret_get(desk_store(d), "password", u->login, 0, &s) == 1 && s.n) {
		s.value[s.n - 1] = 0;
		hash = (const char *)s.value;
	}
	good = crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
	sodium_memzero(&s, sizeof s);
	return good && u;
}

static int open_session(struct desk *d, const struct user *u, const struct signing_in *in,
			struct signed_in *ret)
{
	char hash[65], *text;
	json_t *body;
	int rc = -ENOMEM;

	secret_text(ret->session);
	secret_text(ret->csrf);
	secret_hash(ret->session, hash);
	ret->expires = desk_now(d) + SESSION_LENGTH_NS;
	ret->must_change = u->standing == STANDING_MUST_CHANGE;
	body = json_pack("{s:s, s:s, s:s, s:s}", "login", u->login, "csrf", ret->csrf,
		"from", in->from ? in->from : "", "agent", in->agent ? in->agent : "");
	text = body ? json_dumps(body, JSON_COMPACT) : NULL;
	if (text)
		rc = store_secret_put(desk_store(d), "session", hash, text, strlen(text),
				      ret->expires);
	json_decref(body);
	free(text);
	return rc;
}

static int judge(struct desk *d, const struct signing_in *in, const struct user *u,
		 enum sign_in *came)
{
	int code;

	*came = SIGN_IN_WRONG;
	if (!password_right(d, u, in->password))
		return 0;
	*came = SIGN_IN_LOCKED;
	if (u->standing == STANDING_LOCKED)
		return 0;
	if ((code = totp_check(d, in->login, in->code)) < 0)
		return code;
	*came = code ? SIGN_IN_GOOD : in->code && in->code[0] ? SIGN_IN_CODE_WRONG : SIGN_IN_CODE;
	return 0;
}

static int attempt(struct desk *d, const struct signing_in *in, struct signed_in *ret,
		   struct user **u, enum sign_in *came)
{
	int rc = user_find(desk_store(d), in->login, u);

	if (rc < 0 || (rc = judge(d, in, *u, came)))
		return rc;
	if ((*came == SIGN_IN_WRONG || *came == SIGN_IN_CODE_WRONG) && in->tell)
		return say_wrong(d, in);
	if (*came == SIGN_IN_GOOD && (rc = open_session(d, *u, in, ret)) == 0 &&
	    (rc = device_make(d, in->login, ret->device)) == 0)
		rc = say(d, "user.sign-in", in->login, in->from);
	return rc;
}

enum sign_in user_sign_in(struct desk *d, const struct signing_in *in, struct signed_in *ret)
{
	struct user *u = NULL;
	enum sign_in came = SIGN_IN_WRONG;
	int rc;

	*ret = (struct signed_in){ 0 };
	if (strlen(in->login) >= USER_LOGIN_MAX || strlen(in->password) > USER_PASSWORD_MAX)
		return SIGN_IN_WRONG;
	if ((rc = desk_begin(d)) == 0)
		rc = attempt(d, in, ret, &u, &came);
	free(u);
	if ((rc = desk_end(d, rc)) == 0)
		return came;
	*ret = (struct signed_in){ .fault = rc };
	return SIGN_IN_TROUBLE;
}

/* ---- is it them? ---- */

static enum sign_in confirm(struct desk *d, const char *login, const char *password,
			    u64 *wait_ns)
{
	struct tries t;
	struct user *u = NULL;
	bool right;
	int rc = read_tries(d, login, &t);

	if (rc || user_find(desk_store(d), login, &u) < 0)
		return SIGN_IN_TROUBLE;
	*wait_ns = waits(&t, desk_now(d));
	right = *wait_ns == 0 && password_right(d, u, password);
	free(u);
	if (*wait_ns)
		return SIGN_IN_WAIT;
	t = (struct tries){ t.wrong + 1, desk_now(d) };
	rc = right ? store_secret_drop(desk_store(d), "tries", login)
		   : store_secret_put(desk_store(d), "tries", login, &t, sizeof t,
				      t.last + 24 * USER_WAIT_MOST_NS);
	return rc ? SIGN_IN_TROUBLE : right ? SIGN_IN_GOOD : SIGN_IN_WRONG;
}

enum sign_in user_confirm(struct desk *d, const char *login, const char *password, u64 *wait_ns)
{
	enum sign_in came = SIGN_IN_TROUBLE;

	*wait_ns = 0;
	if (desk_begin(d) == 0)
		came = confirm(d, login, password, wait_ns);
	if (desk_end(d, came == SIGN_IN_TROUBLE ? -EIO : 0))
		came = SIGN_IN_TROUBLE;
	return came;
}

int user_sign_out(struct desk *d, const char *session)
{
	struct caller who;
	char hash[65];
	int rc = desk_begin(d), known = 0;

	secret_hash(session, hash);
	if (rc == 0)
		known = user_of_session(desk_store(d), session, desk_now(d), &who);
	if (rc == 0)
		rc = store_secret_drop(desk_store(d), "session", hash);
	if (rc == 0 && known == 1)
		rc = say(d, "user.sign-out", who.login, "");
	return desk_end(d, rc);
}

static int take_sign_in(void *to, const struct event *e)
{
	if (strcmp(e->kind, "user.sign-in"))
		return 0;
	*(u64 *)to = e->at;
	return 1;
}

int user_signed_in(struct store *s, const char *login, u64 *ret)
{
	char about[USER_LOGIN_MAX + 8];
	int rc;

	*ret = 0;
	snprintf(about, sizeof about, "user:%.*s", USER_LOGIN_MAX - 1, login);
	rc = store_each_event_back(s, 0, about, take_sign_in, ret);
	return rc < 0 ? rc : 0;
}

/* ---- who is it? ---- */

static int caller_of(struct store *s, const char *login, struct caller *ret)
{
	struct user *u = NULL;
	int rc = user_find(s, login, &u);

	if (rc == 1 && u->standing == STANDING_LOCKED)
		rc = 0;
	if (rc == 1) {
		snprintf(ret->login, sizeof ret->login, "%s", u->login);
		snprintf(ret->language, sizeof ret->language, "%s", u->language);
		ret->role = u->role;
		ret->clearance = (struct marking){ u->tlp, u->pap };
		ret->must_change = u->standing == STANDING_MUST_CHANGE;
	}
	free(u);
	return rc;
}

int user_of_session(struct store *s, const char *session, u64 now, struct caller *ret)
{
	char hash[65];
	struct secret found;
	json_t *body;
	int rc;

	*ret = (struct caller){ 0 };
	secret_hash(session, hash);
	if ((rc = store_secret_get(s, "session", hash, now, &found)) != 1)
		return rc;
	body = json_loadb((const char *)found.value, found.n, 0, NULL);
	rc = 0;
	if (body) {
		snprintf(ret->csrf, sizeof ret->csrf, "%s",
			 json_string_value(json_object_get(body, "csrf")));
		snprintf(ret->session, sizeof ret->session, "%.16s", hash);
		rc = caller_of(s, json_string_value(json_object_get(body, "login")), ret);
	}
	json_decref(body);
	return rc;
}

static int keep_token(void *to, const void *record)
{
	void **copy = to;

	*copy = desk_copy(DESK_token, record);
	return *copy ? 0 : -ENOMEM;
}

int user_of_token(struct store *s, const char *token, u64 now, struct caller *ret)
{
	char id[17], hash[65];
	const struct token key = { .id = id };
	struct secret found;
	void *copy = NULL;
	int rc;

	*ret = (struct caller){ .by_token = true };
	if (strlen(token) != 16 + 43)
		return 0;
	snprintf(id, sizeof id, "%.16s", token);
	secret_hash(token, hash);
	rc = store_secret_get(s, "token", id, now, &found);
	if (rc != 1 || found.n != sizeof hash || sodium_memcmp(found.value, hash, found.n))
		return rc < 0 ? rc : 0;
	rc = store_take(s, DESK_token, &key, keep_token, &copy);
	if (rc == 1) {
		const struct token *t = copy;

		rc = t->revoked ? 0 : caller_of(s, t->login, ret);
		ret->role = (enum role)min_u64(ret->role, t->role);
		snprintf(ret->token, sizeof ret->token, "%s", id);
	}
	ret->by_token = true;
	free(copy);
	return rc;
}

/* ---- the sessions of one ---- */

struct owned {
	const char *login;
	u64 now;
	user_session_fn *each;
	void *to;
};

static int one_session(void *to, const char *id, const struct secret *s)
{
	const struct owned *o = to;
	json_t *body = json_loadb((const char *)s->value, s->n, 0, NULL);
	const char *login = json_string_value(json_object_get(body, "login"));
	const char *from = json_string_value(json_object_get(body, "from"));
	const char *agent = json_string_value(json_object_get(body, "agent"));
	struct session is = { .from = from ? from : "", .agent = agent ? agent : "",
		.expires = s->expires };
	int rc = 0;

	snprintf(is.id, sizeof is.id, "%.16s", id);
	is.began = is.expires > SESSION_LENGTH_NS ? is.expires - SESSION_LENGTH_NS : 0;
	if (login && strcmp(login, o->login) == 0 && is.expires >= o->now)
		rc = o->each(o->to, &is);
	json_decref(body);
	return rc;
}

int user_sessions(struct store *s, const char *login, u64 now, user_session_fn *each,
		  void *to)
{
	struct owned o = { login, now, each, to };

	return store_secret_each(s, "session", one_session, &o);
}

static int goes_but(void *to, const struct session *s)
{
	return strcmp(to, s->id) != 0;	/* 1: this one goes */
}

int sessions_end(struct desk *d, const char *login, const char *but)
{
	struct owned o = { login, 0, goes_but, (void *)but };

	return store_secret_drop_each(desk_store(d), "session", one_session, &o);
}

struct ending { const char *id; bool found; };

static int goes(void *to, const struct session *s)
{
	struct ending *e = to;
	bool is = strcmp(e->id, s->id) == 0;

	e->found |= is;
	return is;
}

int user_session_end(struct desk *d, const char *login, const char *id)
{
	struct ending e = { id, false };
	struct owned o = { login, 0, goes, &e };
	int rc = desk_begin(d);

	if (rc == 0)
		rc = store_secret_drop_each(desk_store(d), "session", one_session, &o);
	if (rc == 0 && !e.found)
		rc = desk_fault(d, OOPS_UNKNOWN, "there is no such session");
	if (rc == 0)
		rc = say(d, "user.sign-out", login, "");
	return desk_end(d, rc);
}
