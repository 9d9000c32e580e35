/* SPDX-License-Identifier: GPL-3.0-or-later */
/* secret.h - what must be kept and must not be in the log: hashes of passwords and tokens,
 * seeds of one-time codes, sessions.
 *
 *   kind "password" id login -> Argon2id text      kind "session" id SHA-256 -> JSON
 *   kind "totp"     id login -> seed               kind "token"   id -> SHA-256
 *   kind "device"   id "key" -> the key that signs what devices are known by
 *
 * They are no state of the desk: folding the log anew leaves them as they are. Values are
 * octets; expires 0 = never. Errors as in store.h. */
#pragma once
#include "store/store.h"

#define SECRET_MAX 4096u

/* Writes it, over the one that was there. In the open transaction, or begins one. */
int store_secret_put(struct store *s, const char *kind, const char *id, const void *value,
		     size_t n, u64 expires);
/* 1 with up to `size` octets in value and their number in *n; 0 when there is none, or it
 * expired before `now`; negative (OOPS_LIMIT when it is longer). */
struct secret { u8 value[SECRET_MAX]; size_t n; u64 expires; };
int store_secret_get(struct store *s, const char *kind, const char *id, u64 now,
		     struct secret *ret);
int store_secret_drop(struct store *s, const char *kind, const char *id);
typedef int store_secret_fn(void *to, const char *id, const struct secret *s);
/* Each secret of a kind, in the order of ids, those too that expired; what each() gives other
 * than 0 ends it and comes back. */
int store_secret_each(struct store *s, const char *kind, store_secret_fn *each, void *to);
/* Takes away every secret of a kind of which which() says 1; negative stops. */
int store_secret_drop_each(struct store *s, const char *kind, store_secret_fn *which,
			   void *to);
/* Takes away what expired before `now`. */
int store_secret_sweep(struct store *s, u64 now);
