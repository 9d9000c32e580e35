/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msg_parts.h - a message field by field, each with its place: for people who look at the
 * octets beside what they mean.
 *
 *   depth 0  header | question | answer 1 | ... | not decoded
 *         1    id | flags | counts     name | type | class     owner | type | ... | data
 *         2      qr | opcode | ...                                    fields of the data
 *
 * Parts come in the order of the octets; those of a greater depth lie inside the one before
 * them. A compressed name is one part with its whole text and, one deeper, the pointer. Texts
 * are printable ASCII, whatever the message holds (names as in dns/name.h, strings quoted).
 * Data is taken apart by a table, a row a type; a type without one, or data that is not as
 * its row wants, is one part of hexadecimal digits. A broken message is told as far as it is
 * good; what follows is one part "not decoded".
 *
 * Cost: one pass and a little for each name; no more than `most` parts are told. */
#pragma once
#include "dns/msg.h"

#define MSG_PARTS_MAX 4000u
#define MSG_PART_TEXT 1100u	/* octets of a text; longer ones end with "..." */

struct msg_part {
	const char *name;	/* "rdlength", "answer 3" */
	const char *text;	/* what it says; may be empty */
	u32 at, len;		/* octets of the message */
	unsigned depth;
};
typedef void msg_part_fn(void *to, const struct msg_part *p);
/* Tells the parts of a payload. MSG_OK or what is wrong with it; *left_out (may be NULL) is
 * how many parts were not told because there are more than `most`. */
enum msg_error msg_parts(const u8 *wire, size_t len, u32 most, msg_part_fn *each, void *to,
			 u32 *left_out);
