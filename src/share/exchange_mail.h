/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_mail.h - what the files of the mail reader share: text in, subjects out.
 *
 *   octets of a message --GMime--> parts --text--> lines --> things that could be reported
 *
 * A report in words names more than what it reports: the reporter's own site in a signature,
 * an unsubscribe link, the hoster's form. Every name is given with how likely it is meant,
 * and why; nothing is thrown away, because the one that is wrongly thrown away is the case.
 * Cost: one pass over the text. */
#pragma once
#include "share/exchange.h"

#define MAIL_FOUND_MAX 2000u	/* different subjects out of one message */
#define MAIL_PASSAGE 480u	/* octets of what is quoted of a message for each of them */
#define MAIL_TEXT_MAX (4u << 20)	/* octets of text that are looked at in a message */

/* Where it stood. */
enum mail_place { MAIL_BODY, MAIL_QUOTED, MAIL_SIGNATURE, MAIL_ATTACHED, MAIL_FIELD };

struct mail_found {
	char *subject;		/* owned */
	u8 kind, confidence;
	const char *reason;	/* static */
	char passage[MAIL_PASSAGE + 8];	/* what was said where it stood: mail_passage() */
};
struct mail_finds {
	struct mail_found *at;
	size_t count, room;
	bool crowded;		/* there were more */
	const char *own[8];	/* hosts of the reporter and of us, lower case; NULL-ended */
	int error;
};
void mail_finds_free(struct mail_finds *f);
/* Adds the subjects of a text (UTF-8). */
void mail_find(struct mail_finds *f, const char *text, enum mail_place place);
/* Adds one that a field names; what is no subject is left out. */
void mail_find_one(struct mail_finds *f, const char *text, u8 confidence,
		   const char *reason);
/* The sentence, over several lines perhaps, that a thing in a text (UTF-8) belongs to; where it
 * is too long it is cut at a word, with an ellipsis. */
struct mail_spot { const char *line, *thing; };	/* where its line begins, where it does */
void mail_passage(const char *text, const struct mail_spot *s, char to[MAIL_PASSAGE + 8]);
/* HTML as text: tags off, entities as characters, addresses of links after their words. */
void mail_html_text(struct buf *out, const char *html);
/* What kind of abuse a text speaks of; ABUSE_NONE. */
u8 mail_abuse(const char *text);
/* An instant as RFC 5322, 3.3 writes it: 0 when it is none. */
u64 mail_date(const char *text);
/* Opens what GMime would open later; may be called again. */
void mail_prepare(void);
/* Makes names of character sets that are not open unknown ones, in a copy of the message. */
void mail_mask_charsets(char *text, size_t n);
