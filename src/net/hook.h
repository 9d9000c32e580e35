/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hook.h - posts one signed message to a URL, by libcurl.
 *
 *   POST  Content-Type: application/json
 *         Vedette-Time: 1700000000           seconds
 *         Vedette-Key: 5be0...               the same on every try: take each key once
 *         Vedette-Signature: hmac-sha256=HEX | ed25519=HEX
 *
 * What is signed: the time as it is written, a full stop, the body. A receiver checks the
 * signature, refuses times that are minutes away, and keys that it has seen.
 *
 * By net/http.h: https only, no redirects, no proxy. The address that is connected to is
 * looked at after the resolver spoke: loopback, private, link-local and multicast ones are
 * refused unless the setup lets them. Only edges call this. */
#pragma once
#include "net/sent.h"

struct hook_setup {
	const char *ca;		/* PEM file; NULL = the system's */
	bool private_too;	/* addresses of one's own networks, and plain http */
	unsigned timeout_s;
	/* Signs n octets: writes "ed25519=..." or "hmac-sha256=..." to `to`: 0 or negative. */
	int (*sign)(void *own, const void *octets, size_t n, char to[200]);
	void *own;
};
struct hook_message {
	const char *url, *key;
	const char *body;
	size_t n;
	u64 at;			/* ns */
};
/* Tries once; what became of it is in *ret. Answers 2xx are taken; 408, 425, 429 and 5xx are
 * tried again later; others are for good. */
void hook_send(const struct hook_setup *s, const struct hook_message *m,
	       struct sent_report *ret);
/* "hmac-sha256=..." of the octets with a secret. */
void hook_hmac(const void *secret, size_t secret_n, const void *octets, size_t n,
	       char to[200]);
