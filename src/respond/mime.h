/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mime.h - an e-mail message as octets (RFC 5322, 2045 to 2047): headers, a text in UTF-8,
 * attachments.
 *
 *   multipart/mixed -- text/plain (quoted-printable)
 *                  +-- attachment (base64) ...
 *
 * The same mail gives the same octets: the time is an argument, the boundary comes from the
 * message's id. No header can be slipped in: a value with a control character is refused.
 * Lines end in CR LF, none has more than 78 octets but for what cannot be folded.
 * Not here: reading mail; sending it (net/smtp.h). */
#pragma once
#include "base/buf.h"

struct mime_part {
	const char *name, *media;	/* "report.json", "application/json" */
	const void *octets;
	size_t n;
};
struct mime_mail {
	const char *from, *from_name, *to, *to_name;	/* names: UTF-8 or NULL */
	const char *title, *body;			/* UTF-8 */
	const char *id;		/* "abc@host" without the angle brackets */
	const char *in_reply_to;	/* the same of another message, or NULL */
	const char *label;	/* "TLP:AMBER PAP:GREEN", also a header */
	u64 at;			/* ns */
	const struct mime_part *parts;
	size_t part_count;
};
/* Appends the message: 0, OOPS_FORMAT (a value that may not stand in a header; an address of
 * another form), or -ENOMEM. */
int mime_write(struct buf *out, const struct mime_mail *m);
/* The SHA-256 of octets in hex; into `to`. */
char *mime_sha256(const void *octets, size_t n, char to[65]);
/* Appends n octets as base64 in lines of 76 that end in CR LF. */
void mime_base64(struct buf *out, const void *octets, size_t n);
