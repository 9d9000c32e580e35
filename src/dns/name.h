/* SPDX-License-Identifier: GPL-3.0-or-later */
/* name.h - domain names as wire octets: text, labels, lower case.
 *
 * Names are uncompressed wire format (RFC 1035, 3.1), at most 255 octets with
 * the root's. Text is presentation format (RFC 1035, 5.1) that can stand in a zone
 * file: \DDD for a space and what is not printable ASCII, a backslash before
 * . \ " ( ) ; @ $ , "." for the root, no trailing dot otherwise. */
#pragma once
#include "base/base.h"

#define NAME_WIRE_MAX 255
#define NAME_TEXT_MAX 1009	/* every octet escaped, and the NUL */
#define NAME_LABELS_MAX 127
#define NAME_LABEL_MAX 63	/* octets in one label */

/* Text of a wire name into `to` (NAME_TEXT_MAX); returns `to`. The name must be
 * well-formed within n octets; otherwise the text ends where it breaks. */
char *name_text(const u8 *wire, size_t n, char *to);
/* Wire form of text into `to` (255 octets): length or OOPS_FORMAT. A trailing dot
 * is allowed; "" is not a name. Case is kept. On failure `to` may be half filled. */
int name_parse(const char *text, u8 *to);
/* Lower-cases ASCII letters (RFC 4343) of n octets; src may be dst. Label lengths
 * (at most 63) are no letters, so a whole name can be given. */
void name_lower(u8 *dst, const u8 *src, size_t n);
/* Number of labels without the root; offsets of each label in at[] (NAME_LABELS_MAX;
 * may be NULL), leftmost first. -1 when it is not well-formed within n octets. The
 * name may end before n. */
int name_labels(const u8 *wire, size_t n, u8 *at);
/* The same octets, ASCII case folded (RFC 4343). */
bool name_equal(const u8 *a, size_t an, const u8 *b, size_t bn);
/* Canonical order of two well-formed names (RFC 4034, 6.1), ASCII case folded: below 0,
 * 0 or above 0. Labels are compared from the right, as octet strings. */
int name_order(const u8 *a, const u8 *b);
