/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compose.h - from an incident and somebody who is to be told, to the octets that go out.
 *
 *   gate of the recipient's clearance --> release --> words --> letter --+--> MIME message
 *                                            +--> formats (XARF, ...) ---+    or JSON body
 *
 * Evidence packs go with it as far as there is room; the others it names with their hashes
 * (compose_pack.h).
 *
 * Everything that a letter says about the incident comes out of that release, or through
 * that gate: nothing else of the store is looked at, so a letter cannot say more than its
 * recipient is cleared for. It says "we have evidence" of what rests on findings of our own, or
 * was confirmed, and else that it was reported, or is suspected. What was refused is in the log.
 * A first letter that says "used for abuse" is not written of who is attacked, or of a fault of a
 * zone; XARF, which machines act on, does not go with one of those.
 * A release with refusals is not composed unless the redacted form is asked for; if then nothing
 * is left that names a subject, there is no letter.
 *
 * Not here: approving, sending (post.h). */
#pragma once
#include "base/buf.h"
#include "respond/desk.h"
#include "respond/gate.h"
#include "respond/mime.h"
#include "run/compose_pack.h"

#define COMPOSE_WHY 800
#define COMPOSE_PARTS (2u + COMPOSE_PACKS)
#define COMPOSE_EVIDENCE ((u64)4 << 20)	/* octets of packs that are attached */

/* What a letter is shown with as long as nobody is set whom it comes from; no name below
 * .invalid exists (RFC 6761, 6.4). */
#define COMPOSE_NO_SENDER "sender-not-set@desk.invalid"

struct compose_us {	/* who writes */
	const char *name, *mail, *phone;
};
struct compose_ask {
	const char *contact;
	u64 incident;			/* 0: none (a drill) */
	const char *letter, *language;	/* language NULL: the contact's first that we have */
	bool fitting;			/* another first letter may be taken that fits better */
	const char *letters;		/* the user's folder of letters, or NULL */
	const char *basis, *token;
	const char *signature;		/* of the token, hex; or NULL */
	const char *key;		/* notice_key(), when the token hangs on it; or NULL */
	u64 evidence;			/* octets of packs that are attached, at most */
	u64 deadline;			/* an answer is wanted by then, ns; 0 = none */
	bool redacted;
	bool reporters;			/* who reported is named */
	bool shown;			/* only shown, never kept or sent: needs no sender */
	struct compose_us us;
};
struct composed {
	struct notice notice;		/* views into what is below */
	struct buf title, body, message;
	struct buf part[2];
	struct mime_part parts[COMPOSE_PARTS];
	size_t part_count;
	struct compose_packs packs;	/* attached ones are among the parts, too */
	u64 withheld;			/* items that were left out */
	/* The state of an incident that goes on and that nobody has confirmed, when its letter
	 * says what it is used for; else INCIDENT_STATE_COUNT. It is for who sends it. */
	enum incident_state unconfirmed;
	bool no_sender;			/* COMPOSE_NO_SENDER stands where the sender will */
	enum desk_code code;		/* of a refusal */
	char key[65];
	void *contact, *address;	/* copies */
};
/* Composes; with the number that the next notice has, and a new key. 0, or negative and why[]:
 * -EPERM when labels forbid it (CODE_STRICTER; the sentence says which item), OOPS_UNKNOWN for
 * a contact, address, incident or letter that is not there; OOPS_RANGE for a first letter that
 * would accuse a victim; OOPS_CHANGED (CODE_NO_SENDER) when it
 * goes by mail and nobody is set whom it comes from. *ret is good for
 * composed_free() in any case. */
int compose(struct composed *ret, struct desk *d, const struct compose_ask *ask,
	    char why[COMPOSE_WHY]);
void composed_free(struct composed *c);
/* The first letter that fits a contact's roles: "first-registrar", "regulator-warning", ... */
const char *compose_letter_for(const char *acts_as);
/* "VD-12": how others name the incident when they answer. */
char *compose_ticket(u64 incident, char to[32]);
/* Appends a name or URL with its dots and scheme broken, so that nobody clicks it and no
 * filter trips over it: evil[.]example, hxxps://... */
void compose_safe(struct buf *out, const char *subject);
