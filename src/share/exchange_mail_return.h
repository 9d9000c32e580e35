/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_mail_return.h - is a message an answer to a letter of ours: a bounce, a reply?
 *
 *   multipart/report; delivery-status (RFC 3464)    Action, Status, Diagnostic-Code
 *   a mailer's own words (qmail, Exim, others)      from a mailer, with words that say so
 *   Auto-Submitted (RFC 3834) and its elders        nobody read it
 *   anything else that names our letter             a reply
 *
 * It names it by the key of its Message-ID (In-Reply-To, References, or the headers that a
 * bounce quotes) or by a drill's token. Whether there is such a letter only the desk knows
 * (respond/returned.h); here it becomes tags of a note:
 *
 *   answers:failed | delayed | delivered | automatic | reply
 *   answers-key:KEY   (at most MAIL_KEYS_MAX)    answers-token:vd-...    answers-status:5.1.1
 *   answers-label:TLP:RED   that somebody wrote into it
 *
 * whose subject is the address that could not be reached, and whose text what was said. */
#pragma once
#include "model/ticket.h"
#include "share/exchange_mail.h"
#include <gmime/gmime.h>

#define MAIL_KEYS_MAX 8u
#define MAIL_SAID_MAX 2400u	/* octets of the text that is kept, without quoted lines */

struct mail_return {
	char keys[MAIL_KEYS_MAX][TICKET_KEY_MAX];
	unsigned key_count;
	char token[TICKET_TOKEN_MAX];
	char status[12], recipient[256], said[MAIL_SAID_MAX];
	bool failed, delayed, delivered;	/* a delivery report says so */
	bool words_failed, words_delayed;	/* words like those of a mailer */
	bool from_mailer, automatic;
};
/* Looks at the headers; at a text of the message, or headers that it quotes; at the fields of a
 * delivery report; at the headers of a message that is attached. */
void mail_return_head(struct mail_return *r, GMimeMessage *m);
void mail_return_text(struct mail_return *r, const char *text);
void mail_return_status(struct mail_return *r, const char *fields);
void mail_return_attached(struct mail_return *r, GMimeMessage *inner);
/* What it is, one of the words above; NULL when it names no letter of ours. */
const char *mail_return_kind(const struct mail_return *r);
/* Its tags, one a line. */
void mail_return_tags(const struct mail_return *r, struct buf *to);
