/* SPDX-License-Identifier: GPL-3.0-or-later */
/* remark.h - what the reader of a report remarks on it, above all why the mail reader takes a
 * thing for reported: a sentence of ours on the first line of a report's text, above the words
 * of the message.
 *
 *   "written so that nobody clicks on it\nHello, the page hxxps://... is phishing our bank"
 *
 * It is for the desk, which weighs by it; what leaves (letters, formats) begins behind it, for
 * others would read it as the reporter's words, or as a judgement of ours. */
#pragma once
#include "base/base.h"

#define REMARKS(F)                                                             \
	F(TEXT, N_("named in the text"))                                       \
	F(OWN, N_("of the reporter or the addressee: a signature or a way to answer")) \
	F(EVERYWHERE, N_("stands in messages of every kind"))                  \
	F(FOOTER, N_("in a signature or a footer"))                            \
	F(DEFANGED, N_("written so that nobody clicks on it"))                 \
	F(QUOTED, N_("in quoted text"))                                        \
	F(ATTACHED, N_("in the message that is reported"))                     \
	F(FIELD, N_("a field of the report names it"))

#define F(name, text) REMARK_##name,
enum remark { REMARKS(F) REMARK_COUNT };
#undef F
extern const char *const remarks[];	/* NULL-terminated */
/* The same of a report that gives an address beside the URL or name that it is about: who
 * routes it to a host reads it there. */
#define REMARK_ADDRESS N_("its address, as the report says: %s")
#define REMARK_ADDRESS_MAX 64u
/* The address of such a first line; "" where there is none. */
const char *remark_address(const char *text, char to[REMARK_ADDRESS_MAX]);
/* The text behind such a line; the text itself where it begins with none. */
const char *behind_remark(const char *text);
struct buf;
struct tongue;
/* Appends the text with such a line in that language; the rest is as it is. */
void remark_said(struct buf *out, const struct tongue *t, const char *text);
