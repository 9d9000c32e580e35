/* SPDX-License-Identifier: GPL-3.0-or-later */
/* user_totp.c - one-time codes (RFC 6238 on RFC 4226): 20 random octets as the seed, SHA-1,
 * six digits, steps of 30 s; see user.h.
 *
 *   secret "totp" login      -> confirmed 1 | last step that was used 8 | seed 20
 *   secret "totp-new" login  -> the same, until its first code came: the one before it
 *                               counts until then, so that a beginning ends nothing */
#include "respond/user_own.h"
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#define SEED 20u
#define STEP_NS (30ull * 1000000000)

struct totp { u8 confirmed, last[8], seed[SEED]; };

static u64 load(const u8 at[8])
{
	u64 v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | at[i];
	return v;
}

static void save(u8 at[8], u64 v)
{
	for (int i = 7; i >= 0; i--, v >>= 8)
		at[i] = (u8)v;
}

/* RFC 4226, 5.3. */
static u32 code_of(const u8 seed[SEED], u64 step)
{
	u8 text[8], mac[20];
	unsigned n = sizeof mac, at;

	save(text, step);
	must(HMAC(EVP_sha1(), seed, SEED, text, sizeof text, mac, &n));
	at = mac[19] & 15;
	return ((u32)(mac[at] & 127) << 24 | (u32)mac[at + 1] << 16 | (u32)mac[at + 2] << 8 |
		mac[at + 3]) % 1000000;
}

static int get(struct store *from, const char *kind, const char *login, struct totp *ret)
{
	struct secret s;
	int rc = store_secret_get(from, kind, login, 0, &s);

	if (rc == 1 && s.n == sizeof *ret)
		memcpy(ret, s.value, sizeof *ret);
	else if (rc == 1)
		rc = 0;
	return rc;
}

static int put(struct desk *d, const char *kind, const char *login, const struct totp *t)
{
	return store_secret_put(desk_store(d), kind, login, t, sizeof *t, 0);
}

/* The step whose code it is, one to either side of now, later than the last used. */
static u64 step_of(const struct totp *t, const char *code, u64 now)
{
	u64 is = now / STEP_NS;
	char text[8];

	for (u64 step = is - 1; step <= is + 1; step++) {
		snprintf(text, sizeof text, "%06u", code_of(t->seed, step));
		if (step > load(t->last) && strlen(code) == 6 &&
		    sodium_memcmp(text, code, 6) == 0)
			return step;
	}
	return 0;
}

int totp_check(struct desk *d, const char *login, const char *code)
{
	struct totp t;
	u64 step;
	int rc = get(desk_store(d), "totp", login, &t);

	if (rc < 0)
		return rc;
	if (rc == 0 || !t.confirmed)
		return 2;
	if (code == NULL || (step = step_of(&t, code, desk_now(d))) == 0)
		return 0;
	save(t.last, step);
	rc = put(d, "totp", login, &t);
	return rc ? rc : 1;
}

int user_totp_wanted(struct store *s, const char *login)
{
	struct totp t;
	int rc = get(s, "totp", login, &t);

	return rc == 1 ? t.confirmed : rc;
}

/* RFC 4648 base32, as the devices want it. */
static void base32(const u8 *at, size_t n, char *to)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	u32 bits = 0, held = 0;

	for (size_t i = 0; i < n; i++) {
		bits = bits << 8 | at[i];
		for (held += 8; held >= 5; held -= 5)
			*to++ = digits[bits >> (held - 5) & 31];
	}
	*to = 0;
}

int user_totp_begin(struct desk *d, const char *login, char uri[USER_URI_MAX])
{
	struct totp t = { 0 };
	struct user *u = NULL;
	char seed[40];
	int rc = desk_begin(d);

	if (rc == 0 && (rc = user_find(desk_store(d), login, &u)) == 0)
		rc = desk_fault(d, OOPS_UNKNOWN, "there is no user %.64s", login);
	free(u);
	if (rc == 1) {
		randombytes_buf(t.seed, sizeof t.seed);
		base32(t.seed, sizeof t.seed, seed);
		snprintf(uri, USER_URI_MAX, "otpauth://totp/Vedette:%s?secret=%s"
			 "&issuer=Vedette", login, seed);
		rc = put(d, "totp-new", login, &t);
	}
	sodium_memzero(&t, sizeof t);
	return desk_end(d, rc);
}

static int say(struct desk *d, const char *login, const char *what)
{
	char about[USER_LOGIN_MAX + 8];

	snprintf(about, sizeof about, "user:%s", login);
	return desk_say(d, "user.totp", about, json_pack("{s:s}", "codes", what), NULL);
}

int user_totp_confirm(struct desk *d, const char *login, const char *code)
{
	struct totp t;
	u64 step = 0;
	int rc = desk_begin(d);

	if (rc == 0 && (rc = get(desk_store(d), "totp-new", login, &t)) == 1)
		step = step_of(&t, code, desk_now(d));
	if (rc == 0 || (rc == 1 && step == 0))
		rc = desk_fault(d, OOPS_RANGE, "that is not the code of this moment");
	if (rc == 1) {
		t.confirmed = 1;
		save(t.last, step);
		rc = put(d, "totp", login, &t);
		if (rc == 0)
			rc = store_secret_drop(desk_store(d), "totp-new", login);
		if (rc == 0)
			rc = say(d, login, NC_("codes", "wanted"));
	}
	return desk_end(d, rc);
}

int user_totp_end(struct desk *d, const char *login)
{
	int rc = desk_begin(d);

	if (rc == 0)
		rc = store_secret_drop(desk_store(d), "totp", login);
	if (rc == 0)
		rc = say(d, login, NC_("codes", "not wanted"));
	return desk_end(d, rc);
}

int totp_take(struct desk *d, const char *login)
{
	int wanted = user_totp_wanted(desk_store(d), login), rc = wanted < 0 ? wanted : 0;

	if (rc == 0)
		rc = store_secret_drop(desk_store(d), "totp-new", login);
	if (rc == 0)
		rc = store_secret_drop(desk_store(d), "totp", login);
	if (rc == 0 && wanted)
		rc = say(d, login, NC_("codes", "taken away"));
	return rc ? rc : wanted;
}

static int take(struct desk *d, const char *login)
{
	struct user *u = NULL;
	int rc = user_find(desk_store(d), login, &u);

	free(u);
	if (rc == 0)
		return desk_fault(d, OOPS_UNKNOWN, "there is no user %.64s", login);
	if (rc == 1 && (rc = totp_take(d, login)) == 0)
		rc = desk_fault(d, OOPS_RANGE, "no one-time codes are wanted of %.64s", login);
	return rc < 0 ? rc : sessions_end(d, login, "");
}

int user_totp_take(struct desk *d, const char *login)
{
	int rc = desk_begin(d);

	return desk_end(d, rc ? rc : take(d, login));
}
