/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_me.c - signing in and out, who one is, one's own sessions and tokens. */
#include "web/own.h"
#include "base/stamp.h"
#include "model/utf8.h"

#define AGENT_MAX 200	/* of what a browser calls itself */

/* What was sent, what the device is known by, what the browser calls itself, cut. */
static json_t *signing_in(struct request *q)
{
	json_t *args = q->body ? json_copy(q->body) : json_object();
	const char *agent = request_header(q, "User-Agent"), *device = auth_device(q);
	char cut[AGENT_MAX + 1];

	snprintf(cut, sizeof cut, "%s", agent ? agent : "");
	utf8_mend(cut);
	json_object_set_new(args, "agent", json_string(cut));
	json_object_set_new(args, "device", json_string(device ? device : ""));
	return args;
}

/* {"login","password","code"} -> a cookie and the word for X-CSRF. */
static int sign_in(struct request *q)
{
	json_t *args = signing_in(q), *reply = NULL;
	const char *site = request_header(q, "Sec-Fetch-Site");
	const char *session, *device;
	int rc;

	if (site && strcmp(site, "same-origin") && strcmp(site, "none"))
		rc = request_fault(q, -EPERM, "sign in from this site's own page");
	else
		rc = request_ask(q, "sign-in", args, &reply);
	session = json_string_value(json_object_get(reply, "session"));
	if (rc == 0 && session)
		auth_cookie(q, session, SESSION_LENGTH_NS / 1000000000);
	device = json_string_value(json_object_get(reply, "device"));
	if (rc == 0 && device)
		auth_known(q, device);
	if (rc == 0) {
		char *text;

		json_object_del(reply, "session");
		json_object_del(reply, "device");
		text = json_dumps(reply, JSON_COMPACT);
		buf_text(q->out, text ? text : "{}");
		buf_byte(q->out, '\n');
		free(text);
	}
	json_decref(args);
	json_decref(reply);
	return rc;
}

static int sign_out(struct request *q)
{
	json_t *args = json_object(), *reply = NULL;
	int rc = request_ask(q, "sign-out", args, &reply);

	if (rc && q->who.session[0]) {
		auth_over(q->web, q->who.session);
		request_fault(q, rc, "you are signed out, but the server could not write that: "
			      "when it has room again, sign in and end this session, or it "
			      "counts again once the server was started anew or took a new "
			      "certificate");
	}
	auth_cookie(q, NULL, 0);
	buf_text(q->out, "{}\n");
	json_decref(args);
	json_decref(reply);
	return rc;
}

/* ---- what cannot be written ---- */

static int is_that(void *to, const struct session *s)
{
	return strcmp(to, s->id) == 0;
}

/* Who ends what may be a thief's does not wait for the disk. */
static void end_session(struct request *q, int error)
{
	char *id = q->values.at[0];

	if (user_sessions(q->store, q->who.login, q->now, is_that, id) != 1)
		return;
	auth_over(q->web, id);
	request_fault(q, error, "that session has ended, but the server could not write that: "
		      "end it once more when it has room, or it counts again once the server "
		      "was started anew or took a new certificate");
}

/* 0: they may end it. */
static int is_theirs(void *to, const void *record)
{
	const struct request *q = to;
	const struct token *t = record;
	const bool may = q->who.by_token ? strcmp(q->who.token, t->id) == 0
		: strcmp(t->login, q->who.login) == 0 || q->who.role == ROLE_ADMIN;

	return may ? 0 : OOPS_UNKNOWN;
}

static void end_token(struct request *q, int error)
{
	const struct token key = { .id = q->values.at[0] };

	if (store_take(q->store, DESK_token, &key, is_theirs, q) != 1)
		return;
	auth_over(q->web, key.id);
	request_fault(q, error, "that token has ended, but the server could not write that: "
		      "take it back once more when it has room, or it counts again once the "
		      "server was started anew or took a new certificate");
}

/* ---- who one is ---- */

static int me(struct request *q)
{
	buf_text(q->out, "{\"login\":");
	utf8_json(q->out, q->who.login);
	buf_fmt(q->out, ",\"role\":\"%s\",\"tlp\":\"%s\",\"pap\":\"%s\",\"language\":",
		roles[q->who.role], label_text(q->who.clearance.tlp),
		pap_text(q->who.clearance.pap));
	utf8_json(q->out, q->who.language);
	buf_fmt(q->out, ",\"must_change\":%s,\"codes\":%s,\"csrf\":",
		q->who.must_change ? "true" : "false",
		user_totp_wanted(q->store, q->who.login) == 1 ? "true" : "false");
	utf8_json(q->out, q->who.csrf);
	buf_text(q->out, "}\n");
	return 0;
}

static int put_session(void *to, const struct session *s)
{
	struct request *q = to;
	char text[STAMP_TEXT_MAX];

	buf_text(q->out, q->out->at[q->out->len - 1] == '[' ? "\n{" : ",\n{");
	buf_fmt(q->out, "\"id\":\"%s\",\"this\":%s,\"from\":", s->id,
		strcmp(s->id, q->who.session) ? "false" : "true");
	utf8_json(q->out, s->from);
	buf_text(q->out, ",\"agent\":");
	utf8_json(q->out, s->agent);
	buf_fmt(q->out, ",\"began\":\"%s\"", stamp_text(s->began, 0, text));
	buf_fmt(q->out, ",\"expires\":\"%s\"}", stamp_text(s->expires, 0, text));
	return 0;
}

static int sessions(struct request *q)
{
	int rc;

	buf_text(q->out, "{\"items\":[");
	rc = user_sessions(q->store, q->who.login, q->now, put_session, q);
	buf_text(q->out, "]}\n");
	return rc ? request_fault(q, rc, "the store cannot be read") : 0;
}

static int put_token(void *to, const void *record)
{
	struct request *q = to;

	buf_text(q->out, q->out->at[q->out->len - 1] == '[' ? "\n{" : ",\n{");
	fields_json(q->out, desk_nouns[DESK_token].fields, record);
	buf_byte(q->out, '}');
	return 0;
}

/* Without the gate: whoever holds a token knows of it, whatever their clearance. */
static int own_tokens(struct request *q)
{
	const struct store_cond own = { .field = "login", .op = STORE_IS, .text = q->who.login };
	const struct store_query query = { .table = DESK_token, .conds = &own, .count = 1,
		.order = "-made", .limit = WEB_PAGE_MAX };
	int rc;

	buf_text(q->out, "{\"items\":[");
	rc = store_each(q->store, &query, put_token, q);
	buf_text(q->out, "],\n\"next\":null}\n");
	return rc ? request_fault(q, rc, "the store cannot be read") : 0;
}

static const struct op_arg sign_in_args[] = {
	{ "login", "who", OP_TEXT, true, 63, NULL },
	{ "password", "theirs", OP_TEXT, true, USER_PASSWORD_MAX, NULL },
	{ "code", "of this moment, where one is wanted", OP_TEXT, false, 6, NULL },
	{ .name = NULL } };
static const struct api_member signed_members[] = {
	{ "csrf", "text?", "the word for X-CSRF; missing: a code is wanted", NULL },
	{ "must_change", "flag?", "the password counts once: set another one first", NULL },
	{ "code_wanted", "flag?", "the password is right, a code is wanted", NULL },
	{ .name = NULL } };
static const struct api_member me_members[] = {
	{ "login", "text", "what is typed to sign in", NULL },
	{ "role", "choice", "what one may do", roles },
	{ "tlp", "choice", "the strictest label that one may see", label_names },
	{ "pap", "choice", "and PAP", pap_names },
	{ "language", "text", "en, es or fr", NULL },
	{ "must_change", "flag", "the password counts once: set another one first", NULL },
	{ "codes", "flag", "one-time codes are wanted at signing in", NULL },
	{ "csrf", "text", "the word for X-CSRF; empty with a token", NULL }, { .name = NULL } };
static const struct api_member made_members[] = {
	{ "password", "text", "counts once; it is shown only now", NULL }, { .name = NULL } };
static const struct api_member totp_members[] = {
	{ "uri", "text?", "of `begin`: otpauth:// for the person's device", NULL },
	{ .name = NULL } };
static const struct api_member token_members[] = {
	{ "token", "text", "it is shown only now", NULL }, { .name = NULL } };
static const struct api_member session_members[] = {
	{ "id", "text", "16 hex digits; it opens nothing", NULL },
	{ "this", "flag", "the one that asks", NULL },
	{ "from", "text", "the address that it was opened from", NULL },
	{ "agent", "text", "what the browser calls itself", NULL },
	{ "began", "stamp", "signed in", NULL }, { "expires", "stamp", "ends by itself", NULL },
	{ .name = NULL } };
static const struct api_member sessions_members[] = {
	{ "items", "[session]", "all that are open", NULL }, { .name = NULL } };
const struct api_shape me_shapes[] = {
	{ .name = "session", .members = session_members },
	{ .name = "sessions", .members = sessions_members },
	{ .name = "signed_in", .members = signed_members },
	{ .name = "me", .members = me_members },
	{ .name = "user_made", .members = made_members },
	{ .name = "totp", .members = totp_members },
	{ .name = "token_made", .members = token_members },
	{ .name = NULL }
};

const struct api_route me_routes[] = {
	{ .method = "POST", .path = "/api/v1/sign-in", .open = true, .run = sign_in,
	  .args = sign_in_args, .reply = "signed_in",
	  .help = "Opens a session: login, password and, where it is wanted, a code." },
	{ .method = "POST", .path = "/api/v1/sign-out", .run = sign_out, .reply = "nothing",
	  .help = "Ends the session." },
	{ .method = "GET", .path = "/api/v1/me", .run = me, .reply = "me",
	  .help = "Who one is, what one may, and the word for X-CSRF." },
	{ .method = "GET", .path = "/api/v1/me/sessions", .run = sessions, .reply = "sessions",
	  .help = "One's own sessions that are open." },
	{ .method = "GET", .path = "/api/v1/me/tokens", .run = own_tokens, .reply = "tokens",
	  .help = "One's own tokens, the latest 500, those too that count no more." },
	{ .method = NULL }
};

#define USERS "/api/v1/users"
const struct api_route user_routes[] = {
	{ .method = "POST", .path = USERS, .op = "user.add", .reply = "user_made" },
	{ .method = "PATCH", .path = USERS "/{login}", .op = "user.change", .reply = "nothing" },
	{ .method = "POST", .path = USERS "/{login}/password", .op = "user.password",
	  .reply = "nothing" },
	{ .method = "DELETE", .path = USERS "/{login}/codes", .op = "user.codes",
	  .reply = "nothing" },
	{ .method = "POST", .path = "/api/v1/me/totp", .op = "user.totp", .reply = "totp" },
	{ .method = "DELETE", .path = "/api/v1/me/sessions/{id}", .op = "session.end",
	  .unwritten = end_session, .reply = "nothing" },
	{ .method = "POST", .path = "/api/v1/tokens", .op = "token.add", .reply = "token_made" },
	{ .method = "DELETE", .path = "/api/v1/tokens/{id}", .op = "token.revoke",
	  .unwritten = end_token, .reply = "nothing" },
	{ .method = NULL }
};
