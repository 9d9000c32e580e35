/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_me.c - signing in and out, and who one is. */
#include "web/own.h"
#include "model/utf8.h"

/* {"login","password","code"} -> a cookie and the word for X-CSRF. */
static int sign_in(struct request *q)
{
	json_t *args = q->body ? json_incref(q->body) : json_object(), *reply = NULL;
	const char *site = request_header(q, "Sec-Fetch-Site");
	const char *session;
	int rc;

	if (site && strcmp(site, "same-origin") && strcmp(site, "none"))
		rc = request_fault(q, -EPERM, "sign in from this site's own page");
	else
		rc = request_ask(q, "sign-in", args, &reply);
	session = json_string_value(json_object_get(reply, "session"));
	if (rc == 0 && session)
		auth_cookie(q, session, SESSION_LENGTH_NS / 1000000000);
	if (rc == 0) {
		char *text;

		json_object_del(reply, "session");
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

	auth_cookie(q, NULL, 0);
	buf_text(q->out, "{}\n");
	json_decref(args);
	json_decref(reply);
	return rc;
}

static int me(struct request *q)
{
	buf_text(q->out, "{\"login\":");
	utf8_json(q->out, q->who.login);
	buf_fmt(q->out, ",\"role\":\"%s\",\"tlp\":\"%s\",\"pap\":\"%s\",\"language\":",
		roles[q->who.role], label_text(q->who.clearance.tlp),
		pap_text(q->who.clearance.pap));
	utf8_json(q->out, q->who.language);
	buf_fmt(q->out, ",\"must_change\":%s,\"csrf\":", q->who.must_change ? "true" : "false");
	utf8_json(q->out, q->who.csrf);
	buf_text(q->out, "}\n");
	return 0;
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
	{ "csrf", "text", "the word for X-CSRF; empty with a token", NULL }, { .name = NULL } };
static const struct api_member made_members[] = {
	{ "password", "text", "counts once; it is shown only now", NULL }, { .name = NULL } };
static const struct api_member totp_members[] = {
	{ "uri", "text?", "of `begin`: otpauth:// for the person's device", NULL },
	{ .name = NULL } };
static const struct api_member token_members[] = {
	{ "token", "text", "it is shown only now", NULL }, { .name = NULL } };
const struct api_shape me_shapes[] = {
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
	{ .method = NULL }
};

#define USERS "/api/v1/users"
const struct api_route user_routes[] = {
	{ .method = "POST", .path = USERS, .op = "user.add", .reply = "user_made" },
	{ .method = "PATCH", .path = USERS "/{login}", .op = "user.change", .reply = "nothing" },
	{ .method = "POST", .path = USERS "/{login}/password", .op = "user.password",
	  .reply = "nothing" },
	{ .method = "POST", .path = "/api/v1/me/totp", .op = "user.totp", .reply = "totp" },
	{ .method = "POST", .path = "/api/v1/tokens", .op = "token.add", .reply = "token_made" },
	{ .method = "DELETE", .path = "/api/v1/tokens/{id}", .op = "token.revoke",
	  .reply = "nothing" },
	{ .method = NULL }
};
