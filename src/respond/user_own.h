/* SPDX-License-Identifier: GPL-3.0-or-later */
/* user_own.h - what the files of user.h share and nobody else sees. */
#pragma once
#include "respond/user.h"
#include "store/secret.h"

/* 32 random octets as base64url. */
void secret_text(char to[USER_SECRET_TEXT]);
/* Lower-case hex SHA-256 of a text. */
void secret_hash(const char *text, char to[65]);
/* The user as a copy: 1, 0, negative. */
int user_find(struct store *s, const char *login, struct user **ret);
/* True when the code is right for the user's seed, and was not used before; remembers it.
 * 1 right, 0 wrong, 2 when the user has no seed, negative. */
int totp_check(struct desk *d, const char *login, const char *code);
/* Takes seeds away and says so, in the open change. 1 when codes were wanted of them, 0 when
 * not, negative. */
int totp_take(struct desk *d, const char *login);
/* Ends all sessions of a login but one (its id, or ""). In the open change. */
int sessions_end(struct desk *d, const char *login, const char *but);
/* What a device is known by that just signed in as that login. In the open change. */
int device_make(struct desk *d, const char *login, char to[DEVICE_TEXT]);
