/* SPDX-License-Identifier: GPL-3.0-or-later */
/* user_test.c - who gets in: passwords, one-time codes, sessions, tokens, roles; and that
 * none of it shows up in the log. The clock is the test's. */
#include "respond/user.h"
#include "model/digest.h"
#include "store_place.h"
#include "base/buf.h"
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <unistd.h>

#define SECOND 1000000000ull
#define LATER 1000000ull	/* changes of one instant are a microsecond apart each */

struct world { struct place place; u64 now; struct desk *d; };

static u64 now(void *world)
{
	return ((struct world *)world)->now;
}

static int up(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	void *place = NULL;
	const struct desk_setup setup = { .author = "test", .now = now, .world = w };
	struct desk_setup s = setup;
	char why[DESK_WHY];

	place_up(&place);
	w->place = *(struct place *)place;
	free(place);
	w->now = 1800000000ull * SECOND;
	s.path = w->place.path;
	if (desk_open(&w->d, &s, why))
		fail_msg("%s", why);
	*state = w;
	return 0;
}

static int down(void **state)
{
	struct world *w = *state;
	struct place *place = malloc(sizeof *place);
	void *to = place;

	desk_close(w->d);
	*place = w->place;
	free(w);
	return place_down(&to);
}

static void add(struct world *w, const char *login, enum role role, const char *password)
{
	const struct user u = { .login = login, .name = "N", .role = role, .language = "en",
		.email = "", .timezone = "", .tlp = LABEL_RED, .pap = PAP_RED };
	char made[USER_SECRET_TEXT];

	if (user_add(w->d, &u, password, made))
		fail_msg("%s", desk_error(w->d));
}

static enum sign_in in(struct world *w, const char *password, const char *code,
		       struct signed_in *ret)
{
	return user_sign_in(w->d, &(struct signing_in){ "ana", password, code, "192.0.2.1" },
			    ret);
}

static void sessions(void **state)
{
	struct world *w = *state;
	struct signed_in s;
	struct caller c;

	assert_int_equal(user_any(desk_store(w->d)), 0);
	add(w, "ana", ROLE_ADMIN, "correct horse 1");
	assert_int_equal(user_any(desk_store(w->d)), 1);
	assert_int_equal(in(w, "correct horse 2", NULL, &s), SIGN_IN_WRONG);
	assert_int_equal(in(w, "correct horse 1", NULL, &s), SIGN_IN_GOOD);
	assert_int_equal(user_of_session(desk_store(w->d), s.session, w->now, &c), 1);
	assert_string_equal(c.login, "ana");
	assert_string_equal(c.csrf, s.csrf);
	assert_int_equal(c.role, ROLE_ADMIN);
	assert_int_equal(user_of_session(desk_store(w->d), s.csrf, w->now, &c), 0);
	assert_int_equal(user_of_session(desk_store(w->d), s.session,
		w->now + SESSION_LENGTH_NS + LATER, &c), 0);
	assert_int_equal(user_sign_out(w->d, s.session), 0);
	assert_int_equal(user_of_session(desk_store(w->d), s.session, w->now, &c), 0);
	/* a new password ends what was open */
	assert_int_equal(in(w, "correct horse 1", NULL, &s), SIGN_IN_GOOD);
	assert_int_equal(user_password(w->d, "ana", "another horse", ""), 0);
	assert_int_equal(user_of_session(desk_store(w->d), s.session, w->now, &c), 0);
	assert_int_equal(in(w, "correct horse 1", NULL, &s), SIGN_IN_WRONG);
	assert_int_equal(in(w, "another horse", NULL, &s), SIGN_IN_GOOD);
}

struct opened { unsigned count; char last[SESSION_ID], from[40], agent[40]; };

static int see(void *to, const struct session *s)
{
	struct opened *is = to;

	is->count++;
	snprintf(is->last, sizeof is->last, "%s", s->id);
	snprintf(is->from, sizeof is->from, "%s", s->from);
	snprintf(is->agent, sizeof is->agent, "%s", s->agent);
	return 0;
}

static unsigned open_ones(struct world *w, const char *login, struct opened *is)
{
	*is = (struct opened){ 0 };
	assert_int_equal(user_sessions(desk_store(w->d), login, w->now, see, is), 0);
	return is->count;
}

static void ones_own_sessions(void **state)
{
	struct world *w = *state;
	struct signed_in here, there, bobs;
	struct caller c, other;
	struct opened is;

	add(w, "ana", ROLE_ANALYST, "correct horse 1");
	add(w, "bob", ROLE_ADMIN, "correct horse 2");
	assert_int_equal(in(w, "correct horse 1", NULL, &here), SIGN_IN_GOOD);
	assert_int_equal(in(w, "correct horse 1", NULL, &there), SIGN_IN_GOOD);
	assert_int_equal(user_sign_in(w->d, &(struct signing_in){ "bob", "correct horse 2",
		NULL, "192.0.2.2", "curl/8" }, &bobs), SIGN_IN_GOOD);
	assert_int_equal(open_ones(w, "ana", &is), 2);
	assert_int_equal(open_ones(w, "bob", &is), 1);
	assert_string_equal(is.from, "192.0.2.2");
	assert_string_equal(is.agent, "curl/8");
	/* nobody ends another's, not even an admin by this way */
	user_of_session(desk_store(w->d), there.session, w->now, &c);
	assert_int_equal(user_session_end(w->d, "bob", c.session), OOPS_UNKNOWN);
	assert_int_equal(user_session_end(w->d, "ana", c.session), 0);
	assert_int_equal(user_session_end(w->d, "ana", c.session), OOPS_UNKNOWN);
	assert_int_equal(user_of_session(desk_store(w->d), there.session, w->now, &c), 0);
	/* a password of one's own ends all but the one it was set in */
	assert_int_equal(in(w, "correct horse 1", NULL, &there), SIGN_IN_GOOD);
	assert_int_equal(user_of_session(desk_store(w->d), here.session, w->now, &c), 1);
	assert_int_equal(user_password(w->d, "ana", "another horse", c.session), 0);
	assert_int_equal(user_of_session(desk_store(w->d), here.session, w->now, &c), 1);
	assert_int_equal(user_of_session(desk_store(w->d), there.session, w->now, &other), 0);
	assert_int_equal(open_ones(w, "ana", &is), 1);
	assert_string_equal(is.last, c.session);
	w->now += SESSION_LENGTH_NS + LATER;
	assert_int_equal(open_ones(w, "ana", &is), 0);
}

/* Is it the password? Opens nothing; wrong ones make it wait, and strangers' do not. */
static void confirming(void **state)
{
	struct world *w = *state;
	struct signed_in s;
	struct opened is;
	u64 wait;

	add(w, "ana", ROLE_ADMIN, "correct horse 1");
	for (unsigned i = 0; i < USER_TRIES + 1; i++)
		assert_int_equal(in(w, "wrong horse 11", NULL, &s), SIGN_IN_WRONG);
	assert_int_equal(user_confirm(w->d, "ana", "correct horse 1", &wait), SIGN_IN_GOOD);
	assert_int_equal(open_ones(w, "ana", &is), 0);
	for (unsigned i = 0; i < USER_TRIES; i++)
		assert_int_equal(user_confirm(w->d, "ana", "wrong horse 11", &wait),
				 SIGN_IN_WRONG);
	assert_int_equal(user_confirm(w->d, "ana", "correct horse 1", &wait), SIGN_IN_WAIT);
	assert_int_equal(wait, USER_WAIT_NS);
	w->now += USER_WAIT_NS + LATER;
	assert_int_equal(user_confirm(w->d, "ana", "wrong horse 11", &wait), SIGN_IN_WRONG);
	w->now += USER_WAIT_NS + LATER;
	assert_int_equal(user_confirm(w->d, "ana", "correct horse 1", &wait), SIGN_IN_WAIT);
	w->now -= 30ull * 86400 * SECOND;	/* a clock that was wrong and was set right */
	assert_int_equal(user_confirm(w->d, "ana", "correct horse 1", &wait), SIGN_IN_WAIT);
	assert_true(wait <= USER_WAIT_MOST_NS);
	w->now += 30ull * 86400 * SECOND + USER_WAIT_NS;
	assert_int_equal(user_confirm(w->d, "ana", "correct horse 1", &wait), SIGN_IN_GOOD);
}

/* A device that signed in is known as that of its login, for its time. */
static void devices(void **state)
{
	struct world *w = *state;
	struct store *s = desk_store(w->d);
	struct signed_in one, two;
	char other[DEVICE_TEXT];

	add(w, "ana", ROLE_ADMIN, "correct horse 1");
	assert_int_equal(user_device(s, "ana", "", w->now), 0);
	assert_int_equal(in(w, "wrong horse 11", NULL, &one), SIGN_IN_WRONG);
	assert_string_equal(one.device, "");
	assert_int_equal(in(w, "correct horse 1", NULL, &one), SIGN_IN_GOOD);
	assert_int_equal(strlen(one.device), DEVICE_TEXT - 1);
	assert_int_equal(user_device(s, "ana", one.device, w->now), 1);
	assert_int_equal(user_device(s, "bob", one.device, w->now), 0);
	assert_int_equal(user_device(s, "ana", one.session, w->now), 0);
	assert_int_equal(user_device(s, "ana", one.device, w->now - SECOND), 1);
	assert_int_equal(user_device(s, "ana", one.device, w->now + DEVICE_LENGTH_NS), 1);
	assert_int_equal(user_device(s, "ana", one.device, w->now + DEVICE_LENGTH_NS + SECOND), 0);
	for (unsigned i = 0; i < DEVICE_TEXT - 1; i++) {
		memcpy(other, one.device, sizeof other);
		other[i] = other[i] == 'a' ? 'b' : 'a';
		assert_int_equal(user_device(s, "ana", other, w->now), 0);
	}
	w->now += SECOND;
	assert_int_equal(in(w, "correct horse 1", NULL, &two), SIGN_IN_GOOD);
	assert_string_not_equal(one.device, two.device);
	assert_int_equal(user_device(s, "ana", one.device, w->now), 1);
}

/* RFC 6238 by another road: the seed from the URI, the HMAC here. */
static void code_at(const char *uri, u64 at, char code[8])
{
	const char *from = strstr(uri, "secret=") + 7;
	u8 seed[20], text[8], mac[20];
	u64 step = at / (30 * SECOND);
	unsigned n = sizeof mac, held = 0, bits = 0, k = 0;

	for (; *from != '&'; from++) {
		bits = bits << 5 | (unsigned)(*from >= 'A' ? *from - 'A' : *from - '2' + 26);
		for (held += 5; held >= 8; held -= 8)
			seed[k++] = (u8)(bits >> (held - 8));
	}
	for (int i = 7; i >= 0; i--, step >>= 8)
		text[i] = (u8)step;
	assert_int_equal(k, 20);
	HMAC(EVP_sha1(), seed, 20, text, 8, mac, &n);
	k = mac[19] & 15;
	snprintf(code, 8, "%06u", ((unsigned)(mac[k] & 127) << 24 | (unsigned)mac[k + 1] << 16 |
		(unsigned)mac[k + 2] << 8 | mac[k + 3]) % 1000000);
}

static void one_time_codes(void **state)
{
	struct world *w = *state;
	char uri[USER_URI_MAX], code[8];
	struct signed_in s;

	add(w, "ana", ROLE_ADMIN, "correct horse 1");
	assert_int_equal(user_totp_begin(w->d, "ana", uri), 0);
	assert_int_equal(in(w, "correct horse 1", NULL, &s), SIGN_IN_GOOD);	/* not yet */
	assert_int_equal(user_totp_confirm(w->d, "ana", "000000x"), OOPS_RANGE);
	code_at(uri, w->now, code);
	assert_int_equal(user_totp_confirm(w->d, "ana", code), 0);
	assert_int_equal(in(w, "correct horse 1", NULL, &s), SIGN_IN_CODE);
	assert_int_equal(in(w, "correct horse 1", code, &s), SIGN_IN_CODE_WRONG);	/* used */
	assert_int_equal(in(w, "wrong horse 11", code, &s), SIGN_IN_WRONG);
	w->now += 60 * SECOND;
	code_at(uri, w->now + 30 * SECOND, code);	/* a clock that is ahead */
	assert_int_equal(in(w, "correct horse 1", code, &s), SIGN_IN_GOOD);
	/* a new seed that nobody confirmed leaves the old one as it was */
	assert_int_equal(user_totp_begin(w->d, "ana", uri), 0);
	assert_int_equal(user_totp_wanted(desk_store(w->d), "ana"), 1);
	assert_int_equal(in(w, "correct horse 1", NULL, &s), SIGN_IN_CODE);
	assert_int_equal(user_totp_end(w->d, "ana"), 0);
	assert_int_equal(user_totp_wanted(desk_store(w->d), "ana"), 0);
	assert_int_equal(in(w, "correct horse 1", NULL, &s), SIGN_IN_GOOD);
}

/* Who lost the device, or the password, is let in by somebody else, and only then. */
static void the_way_back_in(void **state)
{
	struct world *w = *state;
	char uri[USER_URI_MAX], code[8], made[USER_SECRET_TEXT];
	struct signed_in s, before;
	struct caller c;

	add(w, "ana", ROLE_ADMIN, "correct horse 1");
	assert_int_equal(user_totp_take(w->d, "ben"), OOPS_UNKNOWN);
	assert_int_equal(user_totp_take(w->d, "ana"), OOPS_RANGE);
	assert_int_equal(user_totp_begin(w->d, "ana", uri), 0);
	code_at(uri, w->now, code);
	assert_int_equal(user_totp_confirm(w->d, "ana", code), 0);
	w->now += 60 * SECOND;
	code_at(uri, w->now, code);
	assert_int_equal(in(w, "correct horse 1", code, &before), SIGN_IN_GOOD);
	assert_int_equal(user_totp_begin(w->d, "ana", uri), 0);	/* half way to new ones */
	assert_int_equal(user_totp_take(w->d, "ana"), 0);
	assert_int_equal(user_of_session(desk_store(w->d), before.session, w->now, &c), 0);
	assert_int_equal(in(w, "correct horse 1", NULL, &s), SIGN_IN_GOOD);
	code_at(uri, w->now, code);
	assert_int_equal(user_totp_confirm(w->d, "ana", code), OOPS_RANGE);
	/* a password that counts once: with codes, and without them */
	assert_int_equal(user_totp_begin(w->d, "ana", uri), 0);
	code_at(uri, w->now, code);
	assert_int_equal(user_totp_confirm(w->d, "ana", code), 0);
	assert_int_equal(user_reset(w->d, "ben", true, made), OOPS_UNKNOWN);
	assert_int_equal(user_reset(w->d, "ana", false, made), 0);
	assert_int_equal(in(w, "correct horse 1", NULL, &s), SIGN_IN_WRONG);
	assert_int_equal(in(w, made, NULL, &s), SIGN_IN_CODE);
	assert_int_equal(user_reset(w->d, "ana", true, made), 0);
	assert_int_equal(in(w, made, NULL, &s), SIGN_IN_GOOD);
	assert_true(s.must_change);
}

static void tokens(void **state)
{
	struct world *w = *state;
	const struct token t = { .login = "ana", .name = "script", .role = ROLE_VIEWER,
		.expires = w->now + 3600 * SECOND };
	struct token never = t;
	char made[64], id[17];
	struct caller c;

	add(w, "ana", ROLE_ADMIN, "correct horse 1");
	never.expires = 0;
	assert_int_equal(token_add(w->d, &never, made), OOPS_RANGE);
	assert_int_equal(token_add(w->d, &t, made), 0);
	assert_int_equal(user_of_token(desk_store(w->d), made, w->now, &c), 1);
	assert_int_equal(c.role, ROLE_VIEWER);
	assert_true(c.by_token);
	assert_int_equal(user_of_token(desk_store(w->d), made, t.expires + 1, &c), 0);
	made[58] ^= 1;
	assert_int_equal(user_of_token(desk_store(w->d), made, w->now, &c), 0);
	made[58] ^= 1;
	snprintf(id, sizeof id, "%.16s", made);
	assert_string_equal(c.token, "");
	assert_int_equal(user_of_token(desk_store(w->d), made, w->now, &c), 1);
	assert_string_equal(c.token, id);
	assert_int_equal(token_revoke(w->d, id), 0);
	assert_int_equal(user_of_token(desk_store(w->d), made, w->now, &c), 0);
}

/* Whoever stole one is put out by a new password, whoever sets it; others' go on. */
static void a_password_ends_tokens(void **state)
{
	struct world *w = *state;
	struct token t = { .login = "ana", .name = "script", .role = ROLE_VIEWER,
		.expires = w->now + 3600 * SECOND };
	char hers[2][64], his[64], made[USER_SECRET_TEXT];
	struct store *s = desk_store(w->d);
	struct caller c;

	add(w, "ana", ROLE_ADMIN, "correct horse 1");
	add(w, "bob", ROLE_VIEWER, "correct horse 2");
	for (unsigned by = 0; by < 2; by++) {
		t.login = "ana";
		assert_int_equal(token_add(w->d, &t, hers[0]), 0);
		assert_int_equal(token_add(w->d, &t, hers[1]), 0);
		t.login = "bob";
		assert_int_equal(token_add(w->d, &t, his), 0);
		assert_int_equal(by ? user_reset(w->d, "ana", false, made)
				    : user_password(w->d, "ana", "another horse", ""), 0);
		assert_int_equal(user_of_token(s, hers[0], w->now, &c), 0);
		assert_int_equal(user_of_token(s, hers[1], w->now, &c), 0);
		assert_int_equal(user_of_token(s, his, w->now, &c), 1);
	}
}

static void rules(void **state)
{
	struct world *w = *state;
	struct user u = { .login = "ana", .name = "", .role = ROLE_VIEWER, .email = "",
		.language = "en", .timezone = "" };
	char made[USER_SECRET_TEXT];
	struct signed_in s;
	struct caller c;

	add(w, "ana", ROLE_ADMIN, "correct horse 1");
	assert_int_equal(user_change(w->d, &u), OOPS_LIMIT);	/* the last admin */
	u.role = ROLE_ADMIN;
	u.standing = STANDING_LOCKED;
	assert_int_equal(user_change(w->d, &u), OOPS_LIMIT);
	add(w, "bob", ROLE_ADMIN, "correct horse 2");
	assert_int_equal(in(w, "correct horse 1", NULL, &s), SIGN_IN_GOOD);
	assert_int_equal(user_change(w->d, &u), 0);
	assert_int_equal(user_of_session(desk_store(w->d), s.session, w->now, &c), 0);
	assert_int_equal(in(w, "correct horse 1", NULL, &s), SIGN_IN_LOCKED);
	u.language = "xx";
	assert_int_equal(user_change(w->d, &u), OOPS_RANGE);
	assert_string_equal(desk_error(w->d), "'xx' is no language of Vedette; there are en, es, "
			    "fr");
	u.language = "es-MX";
	assert_int_equal(user_change(w->d, &u), OOPS_RANGE);
	u.language = "es";
	assert_int_equal(user_change(w->d, &u), 0);
	u.login = "A b";
	assert_int_equal(user_add(w->d, &u, "correct horse 1", made), OOPS_RANGE);
	u.login = "carl";
	assert_int_equal(user_add(w->d, &u, "short", made), OOPS_RANGE);
	assert_int_equal(user_add(w->d, &u, "aaaaaaaaaaaa", made), OOPS_RANGE);
	u.language = "";
	assert_int_equal(user_add(w->d, &u, NULL, made), OOPS_RANGE);
	u.language = "fr";
	assert_int_equal(user_add(w->d, &u, NULL, made), 0);
	assert_int_equal(user_sign_in(w->d, &(struct signing_in){ "carl", made, NULL, "" },
				      &s), SIGN_IN_GOOD);
	assert_true(s.must_change);
	assert_int_equal(user_add(w->d, &u, NULL, made), OOPS_CHANGED);
}

static int no_secret(void *to, const struct event *e)
{
	(void)to;
	assert_null(strstr(e->body, "horse"));
	assert_null(strstr(e->body, "argon"));
	return 0;
}

static void log_holds_no_secret(void **state)
{
	struct world *w = *state;
	struct signed_in s;
	struct log_report r;

	sessions(state);
	assert_int_equal(store_each_event(desk_store(w->d), 1, 0, NULL, no_secret, NULL), 0);
	assert_int_equal(log_verify(desk_store(w->d), NULL, NULL, &r), 0);
	assert_true(r.events > 3);
	/* and folding it again leaves who may come in */
	assert_int_equal(desk_rebuild(w->d), 0);
	assert_int_equal(in(w, "another horse", NULL, &s), SIGN_IN_GOOD);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, up, down)
	const struct CMUnitTest tests[] = {
		T(sessions), T(ones_own_sessions), T(confirming), T(devices),
		T(one_time_codes), T(the_way_back_in),
		T(tokens), T(a_password_ends_tokens), T(rules), T(log_holds_no_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
