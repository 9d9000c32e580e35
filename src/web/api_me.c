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

const struct api_route me_routes[] = {
	{ .method = "POST", .path = "/api/v1/sign-in", .open = true, .run = sign_in,
	  .help = "Opens a session: login, password and, where it is wanted, a code." },
	{ .method = "POST", .path = "/api/v1/sign-out", .run = sign_out,
	  .help = "Ends the session." },
	{ .method = "GET", .path = "/api/v1/me", .run = me,
	  .help = "Who one is, what one may, and the word for X-CSRF." },
	{ .method = NULL }
};

const struct api_route user_routes[] = {
	{ .method = "POST", .path = "/api/v1/users", .op = "user.add" },
	{ .method = "PATCH", .path = "/api/v1/users/{login}", .op = "user.change" },
	{ .method = "POST", .path = "/api/v1/users/{login}/password", .op = "user.password" },
	{ .method = "POST", .path = "/api/v1/me/totp", .op = "user.totp" },
	{ .method = "POST", .path = "/api/v1/tokens", .op = "token.add" },
	{ .method = "DELETE", .path = "/api/v1/tokens/{id}", .op = "token.revoke" },
	{ .method = NULL }
};
