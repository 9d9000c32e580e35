/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auth.c - who is it, and may they? Every request passes here before anything is looked at.
 *
 *   Authorization: Bearer TOKEN      scripts
 *   Authorization: Basic ...         the same, of clients of TAXII and there only: login and
 *                                    token. A browser would send it by itself (so a page of
 *                                    others could make it), hence nowhere else
 *   Cookie: vedette=SESSION          browsers; what changes something also needs the header
 *                                    X-CSRF with the session's word, and must not come from
 *                                    another site (Sec-Fetch-Site)
 *
 *   Cookie: vedette-device=TEXT      a browser that signed in before: it opens nothing, and
 *                                    waits in another queue at signing in (respond/throttle.h)
 *
 * Cookies are HttpOnly, SameSite=Strict and, over TLS, Secure with the __Host- prefix
 * (RFC 6265bis, 4.1.3.2). A wrong token never falls back to a cookie. */
#include "web/own.h"
#include <sodium.h>

static const char *cookie_name(const struct request *q)
{
	return q->secure ? "__Host-vedette" : "vedette";
}

void auth_cookie(struct request *q, const char *session, u64 seconds)
{
	snprintf(q->cookie, sizeof q->cookie, "%s=%s; Path=/; HttpOnly; SameSite=Strict; "
		 "Max-Age=%llu%s", cookie_name(q), session ? session : "",
		 (unsigned long long)(session ? seconds : 0), q->secure ? "; Secure" : "");
}

static const char *device_name(const struct request *q)
{
	return q->secure ? "__Host-vedette-device" : "vedette-device";
}

const char *auth_device(const struct request *q)
{
	return MHD_lookup_connection_value(q->connection, MHD_COOKIE_KIND, device_name(q));
}

void auth_known(struct request *q, const char *device)
{
	snprintf(q->known, sizeof q->known, "%s=%s; Path=/; HttpOnly; SameSite=Strict; "
		 "Max-Age=%llu%s", device_name(q), device,
		 (unsigned long long)(DEVICE_LENGTH_NS / 1000000000), q->secure ? "; Secure" : "");
}

static bool changes(const struct request *q)
{
	return strcmp(q->route->method, "GET") != 0;
}

static int check_csrf(struct request *q)
{
	const char *word = request_header(q, "X-CSRF");
	const char *site = request_header(q, "Sec-Fetch-Site");

	if (site && strcmp(site, "same-origin") && strcmp(site, "none"))
		return request_fault(q, -EPERM, "a change must come from this site's own page");
	if (word == NULL || strlen(word) != strlen(q->who.csrf) ||
	    sodium_memcmp(word, q->who.csrf, strlen(word)))
		return request_fault(q, -EPERM, "the header X-CSRF does not hold this "
				     "session's word");
	return 0;
}

/* "login:token" in base64 (RFC 7617): the token, when it is that login's. */
static int identify_basic(struct request *q, const char *text)
{
	char both[USER_LOGIN_MAX + sizeof q->token], *colon;
	size_t n = 0;
	int rc;

	q->session = "";
	if (sodium_base642bin((u8 *)both, sizeof both - 1, text, strlen(text), NULL, &n, NULL,
			      sodium_base64_VARIANT_ORIGINAL))
		return 0;
	both[n] = 0;
	if ((colon = strchr(both, ':')) == NULL || strlen(colon + 1) >= sizeof q->token)
		return 0;
	*colon = 0;
	snprintf(q->token, sizeof q->token, "%s", colon + 1);
	q->session = q->token;
	rc = user_of_token(q->store, q->token, q->now, &q->who);
	if (rc == 1 && strcmp(both, q->who.login))
		rc = 0;
	sodium_memzero(both, sizeof both);
	return rc;
}

static bool is_over(const struct web *w, const char *id)
{
	for (unsigned i = 0; i < w->overs && i < WEB_OVER_MAX; i++)
		if (strcmp(w->over[i], id) == 0)
			return true;
	return false;
}

void auth_over(struct web *w, const char *id)
{
	pthread_mutex_lock(&w->lock);
	if (!is_over(w, id))	/* or one that is ended often would push the others out */
		snprintf(w->over[w->overs++ % WEB_OVER_MAX], SESSION_ID, "%s", id);
	pthread_mutex_unlock(&w->lock);
}

bool auth_has_ended(struct web *w, const struct caller *who)
{
	bool has;

	pthread_mutex_lock(&w->lock);
	has = is_over(w, who->by_token ? who->token : who->session);
	pthread_mutex_unlock(&w->lock);
	return has;
}

static int look_up(struct request *q)
{
	const char *header = request_header(q, "Authorization");
	const char *session = MHD_lookup_connection_value(q->connection, MHD_COOKIE_KIND,
							  cookie_name(q));

	if (header && q->route->taxii && strncasecmp(header, "Basic ", 6) == 0)
		return identify_basic(q, header + 6);
	if (header) {
		q->session = strncasecmp(header, "Bearer ", 7) ? "" : header + 7;
		return user_of_token(q->store, q->session, q->now, &q->who);
	}
	q->session = session;
	return session ? user_of_session(q->store, session, q->now, &q->who) : 0;
}

static int identify(struct request *q)
{
	int rc = look_up(q);

	return rc == 1 && auth_has_ended(q->web, &q->who) ? 0 : rc;
}

static enum role least(const struct api_route *r)
{
	const struct op *o = r->op ? op_find(r->op) : NULL;

	return o && o->role > r->role ? o->role : r->role;
}

/* Somebody with a one-time password sets their own first, and can do nothing else. */
static bool only_password(const struct request *q)
{
	return q->who.must_change && !(q->route->op &&
		strcmp(q->route->op, "user.password") == 0 &&
		strcmp(q->values.at[0], q->who.login) == 0) &&
		strcmp(q->route->path, "/api/v1/me");
}

int auth_check(struct request *q)
{
	struct audience audience;
	int known;

	if (q->route->open)
		return 0;
	known = identify(q);
	if (known < 0)
		return request_fault(q, known, "the store cannot be read");
	if (known == 0)
		return request_fault(q, -EACCES, q->session && q->session[0]
			? N_("this session or token is not known, or no longer")
			: N_("a session or a token is wanted"));
	if (changes(q) && !q->who.by_token && check_csrf(q))
		return -EPERM;
	if (q->who.role < least(q->route))
		return request_fault(q, -EPERM, "this is for the role %s and above",
				     roles[least(q->route)]);
	if (only_password(q))
		return request_fault(q, -EPERM, "set a password of your own first");
	audience = (struct audience){ q->who.login, q->who.clearance };
	if (gate_open(&q->gate, NULL, q->store, &audience))
		return -ENOMEM;
	gate_discreet(q->gate);
	return 0;
}
