/* SPDX-License-Identifier: GPL-3.0-or-later */
/* returned.h - what came back to letters of ours: bounces, answers.
 *
 *   note of the mail reader (tags "answers:...", share/exchange_mail_return.h)
 *      --key--> notice --failed--> notice.bounced, the address is marked, who is next?
 *                      --reply---> a note of the incident
 *      --token--> drill --reply--> drill.answered
 *
 * Only what holds the key of a letter, or a drill's token, speaks of it; both are drawn at
 * random and known to whom we wrote. What they answer is marked as the letter was, for they
 * know what was in it; stricter only where they say so themselves. Then it is kept apart, and
 * no answer raises an incident. What a machine answers by itself proves nothing: nobody
 * need have read it. Read twice, it changes nothing twice. */
#pragma once
#include "model/item.h"
#include "respond/contact.h"

enum returned_kind {
	RETURNED_NOT_OURS,	/* nothing was said in the log */
	RETURNED_BOUNCED,
	RETURNED_PROVED,	/* a drill was answered */
	RETURNED_REPLY,		/* to a notice: noted in its incident */
	RETURNED_NOTHING,	/* ours, and it changes nothing: delayed, delivered, automatic */
	RETURNED_KNOWN,		/* was said before */
	RETURNED_KIND_COUNT
};
struct returned {
	enum returned_kind kind;
	u64 notice, incident;		/* 0 = none */
	char contact[CONTACT_ID_MAX + 1];	/* whom we wrote to */
	char next[CONTACT_ID_MAX + 1];	/* BOUNCED: who is next; "" = nobody is on record */
	bool same;	/* next is the same contact, by another address */
	struct marking marking;	/* REPLY: of the note */
	bool apart;		/* it is kept apart: it is marked stricter than the incident */
};
/* True when an item of the mail reader may be an answer to us. */
bool returned_is(const struct item *i);
/* In the open change. 0 or negative. */
int returned_take(struct desk *d, const struct item *i, struct returned *ret);
/* Who is next when a notice's address does not work: another address of the same contact,
 * else the next in the order of escalation for its incident's subject. "" when nobody is.
 * 0 or negative. */
struct returned_next { char id[CONTACT_ID_MAX + 1]; bool same; };
int returned_next(struct desk *d, const struct notice *n, struct returned_next *ret);
