/* SPDX-License-Identifier: GPL-3.0-or-later */
/* user.h - who works at the desk: sign-in, sessions, tokens, roles.
 *
 *   user, token   nouns of the desk: in the log, folded (model/desk.h)
 *   secrets       hashes and seeds (store/secret.h): never in the log, never shown
 *
 * Passwords are kept as Argon2id (RFC 9106) by libsodium at its "interactive" cost (64 MiB,
 * 2 passes; some 50 ms). One-time codes are TOTP (RFC 6238: SHA-1, 6 digits, 30 s; one step
 * to either side; a code counts once). Sessions and tokens are 32 random octets, of which
 * only the SHA-256 is kept; a stolen store opens no door.
 *
 * Roles: viewer looks; analyst works on incidents, inbox and contacts; lead approves what
 * goes out, lowers labels, mutes; admin also keeps users and tokens. What a user may see is
 * their clearance. Who tries passwords is slowed down by who asks (throttle.h).
 *
 * Times in ns. Functions that change begin and end the change themselves. */
#pragma once
#include "respond/desk.h"

#define USER_LOGIN_MAX 64
#define USER_PASSWORD_MIN 10u
#define USER_PASSWORD_MAX 200u
#define USER_SECRET_TEXT 44		/* base64url of 32 octets, and NUL */
#define USER_TRIES 5u			/* wrong ones of user_confirm() before waiting */
#define USER_WAIT_NS (60ull * 1000000000)	/* doubles with each further one */
#define USER_WAIT_MOST_NS (3600ull * 1000000000)
#define SESSION_LENGTH_NS (12ull * 3600 * 1000000000)
#define DEVICE_TEXT 60			/* with NUL */
#define DEVICE_LENGTH_NS (180ull * 86400 * 1000000000)

/* Adds a user (login, name, role, ... of u); with password NULL a one-time password is made
 * and written to `made`, which must be changed at the first sign-in. 0, OOPS_RANGE (a login
 * or password that is not allowed; the sentence says what is), OOPS_CHANGED (exists). */
int user_add(struct desk *d, const struct user *u, const char *password,
	     char made[USER_SECRET_TEXT]);
/* Changes what is told of a user (not the password). The last active admin cannot be locked
 * or made less: OOPS_LIMIT. Who was changed since u->changed (0: whenever): OOPS_CHANGED. */
int user_change(struct desk *d, const struct user *u);
/* Sets a new password and ends their sessions and tokens. `own`: the id of the session in which
 * they set it themselves, which goes on ("": none does); NULL: somebody else set it, it counts
 * once. */
int user_password(struct desk *d, const char *login, const char *password, const char *own);
/* Makes a seed for one-time codes: its otpauth:// URI for the person's device. It counts, and
 * the one before no more, from the first right code on (user_totp_confirm). */
#define USER_URI_MAX 300
int user_totp_begin(struct desk *d, const char *login, char uri[USER_URI_MAX]);
int user_totp_confirm(struct desk *d, const char *login, const char *code);
/* Ends one's own. Somebody else's, by who lets people in: their sessions end as well, and what
 * they had begun to set up; OOPS_RANGE when no codes are wanted of them. */
int user_totp_end(struct desk *d, const char *login);
int user_totp_take(struct desk *d, const char *login);
/* Makes a one-time password for somebody who cannot get in any more, and with `codes` takes
 * their one-time codes away if there are any; their sessions and tokens end. One change. */
int user_reset(struct desk *d, const char *login, bool codes, char made[USER_SECRET_TEXT]);
/* Are codes wanted of them? 1, 0 or negative. */
int user_totp_wanted(struct store *s, const char *login);

/* What came of a sign-in. */
enum sign_in {
	SIGN_IN_GOOD, SIGN_IN_WRONG,	/* login or password: never which */
	SIGN_IN_CODE,			/* the password is right, a code is wanted */
	SIGN_IN_CODE_WRONG,		/* and the one that came is not it */
	SIGN_IN_WAIT,			/* of user_confirm() */
	SIGN_IN_LOCKED, SIGN_IN_TROUBLE,
};
struct signing_in {
	const char *login, *password, *code;	/* code NULL or "": none */
	const char *from;	/* the address that it comes from, for the log */
	const char *agent;	/* what the browser calls itself; NULL or "": not said */
	bool tell;		/* a wrong one stands in the log, */
	u64 untold;		/* which says how many before it do not */
};
struct signed_in {
	char session[USER_SECRET_TEXT], csrf[USER_SECRET_TEXT];
	char device[DEVICE_TEXT];	/* what the device is known by from now on */
	u64 expires;
	bool must_change;
	int fault;		/* why SIGN_IN_TROUBLE; its sentence in desk_error() */
};
/* Checks and, when all is right, opens a session. An unknown login costs the same time. How
 * often somebody may ask is the asker's matter (throttle.h). */
enum sign_in user_sign_in(struct desk *d, const struct signing_in *in,
			  struct signed_in *ret);
/* Is that the password of who is signed in? GOOD, WRONG, WAIT (*wait_ns), TROUBLE. After
 * USER_TRIES wrong ones it waits longer each time, whatever the password. */
enum sign_in user_confirm(struct desk *d, const char *login, const char *password,
			  u64 *wait_ns);
/* Did that device sign in as that login before, in DEVICE_LENGTH_NS? Looks only. 1, 0 or
 * negative. It opens nothing: it is a place in the queue, no more. */
int user_device(struct store *s, const char *login, const char *device, u64 now);
int user_sign_out(struct desk *d, const char *session);

/* When they signed in last, by the log, into *ret (0: never): 0 or negative. */
int user_signed_in(struct store *s, const char *login, u64 *ret);

/* A session, as the one whose it is may see it. */
#define SESSION_ID 17
struct session {
	char id[SESSION_ID];	/* begins the hash of what the browser holds; opens nothing */
	const char *from, *agent;	/* as of signing_in; of the call */
	u64 began, expires;
};
typedef int user_session_fn(void *to, const struct session *s);
/* The open sessions of a login, in no order: 0, negative, or what each() gave that is not 0. */
int user_sessions(struct store *s, const char *login, u64 now, user_session_fn *each,
		  void *to);
/* Ends one of them: 0; OOPS_UNKNOWN when `login` has none with that id. */
int user_session_end(struct desk *d, const char *login, const char *id);

/* Who a request is from; texts are copies inside. */
struct caller {
	char login[USER_LOGIN_MAX];
	enum role role;
	struct marking clearance;
	char csrf[USER_SECRET_TEXT];	/* "" for tokens, which need none */
	char session[SESSION_ID];	/* its id; "" for tokens */
	char token[SESSION_ID];		/* its id; "" for sessions */
	bool by_token, must_change;
	char language[8];
};
/* The owner of a session or token; looks only, so it also works on a store opened for
 * reading. 1, 0 when it is unknown, expired, revoked or its user locked, or negative. */
int user_of_session(struct store *s, const char *session, u64 now, struct caller *ret);
int user_of_token(struct store *s, const char *token, u64 now, struct caller *ret);

/* A token for `login` that may do what `role` may and expires (at most a year on): the text
 * to show once in `made`. */
int token_add(struct desk *d, const struct token *t, char made[64]);
int token_revoke(struct desk *d, const char *id);

/* Are there any users? 1, 0 or negative. */
int user_any(struct store *s);
