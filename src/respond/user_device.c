/* SPDX-License-Identifier: GPL-3.0-or-later */
/* user_device.c - devices that signed in before; see user.h.
 *
 *   when 16 hex digits (ns) | base64url of HMAC-SHA-512-256(key, login NUL when)
 *   secret "device" "key" -> the key, made at the first sign-in
 *
 * The store keeps nothing for a device, so nobody can fill it with devices. Who has the text
 * of somebody else's is asked for the password as everybody is; they wait in another queue
 * than strangers do. It counts for the login alone that it was made for. A time to come is
 * taken: what we signed while a clock was wrong is ours still. */
#include "respond/user_own.h"
#include <sodium.h>

#define KEY crypto_auth_KEYBYTES
#define WHEN 16u
_Static_assert(crypto_auth_BYTES == 32, "43 characters of base64url");

static int read_key(struct store *s, u8 key[KEY])
{
	struct secret is;
	int rc = store_secret_get(s, "device", "key", 0, &is);

	if (rc == 1 && is.n != KEY)
		rc = 0;
	if (rc == 1)
		memcpy(key, is.value, KEY);
	return rc;
}

static void text_of(const u8 key[KEY], const char *login, u64 when, char to[DEVICE_TEXT])
{
	char signs[USER_LOGIN_MAX + 1 + WHEN + 1];
	u8 mac[crypto_auth_BYTES];
	int n = snprintf(signs, sizeof signs, "%.*s%c%016llx", USER_LOGIN_MAX - 1, login, 0,
			 (unsigned long long)when);

	must(n > 0 && (size_t)n < sizeof signs);
	crypto_auth(mac, (const u8 *)signs, (size_t)n, key);
	snprintf(to, WHEN + 1, "%016llx", (unsigned long long)when);
	sodium_bin2base64(to + WHEN, DEVICE_TEXT - WHEN, mac, sizeof mac,
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

int device_make(struct desk *d, const char *login, char to[DEVICE_TEXT])
{
	u8 key[KEY];
	int rc = read_key(desk_store(d), key);

	if (rc == 0) {
		randombytes_buf(key, sizeof key);
		rc = store_secret_put(desk_store(d), "device", "key", key, sizeof key, 0);
	}
	if (rc >= 0)
		text_of(key, login, desk_now(d), to);
	sodium_memzero(key, sizeof key);
	return rc < 0 ? rc : 0;
}

static bool read_when(const char *text, u64 *ret)
{
	char digits[WHEN + 1], *end;

	snprintf(digits, sizeof digits, "%.16s", text);
	*ret = strtoull(digits, &end, 16);
	return *end == 0 && strspn(digits, "0123456789abcdef") == WHEN;
}

int user_device(struct store *s, const char *login, const char *device, u64 now)
{
	char right[DEVICE_TEXT];
	u8 key[KEY];
	u64 when;
	int rc;

	if (strlen(device) != DEVICE_TEXT - 1 || strlen(login) >= USER_LOGIN_MAX ||
	    !read_when(device, &when) || (now > when && now - when > DEVICE_LENGTH_NS))
		return 0;
	rc = read_key(s, key);
	if (rc == 1) {
		text_of(key, login, when, right);
		rc = sodium_memcmp(right, device, DEVICE_TEXT - 1) == 0;
	}
	sodium_memzero(key, sizeof key);
	return rc;
}
