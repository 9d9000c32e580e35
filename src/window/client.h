/* SPDX-License-Identifier: GPL-3.0-or-later */
/* client.h - a client's rare part, and how the items of its nx_domains sample are to be read. */
#pragma once
#include "window/window.h"

#define NX_LLR_ZERO 32768

/* The rare part of a client, for reading: all zero where there is none. */
const struct client_rare *client_rare(const struct window *w, const struct client_sum *c);
/* The same to be written: made where there is none. */
struct client_rare *client_rare_make(struct window *w, struct client_sum *c);

static inline int nx_llr(const struct item *it) { return (int)it->value - NX_LLR_ZERO; }
static inline unsigned nx_length(const struct item *it) { return it->least >> 18; }
static inline u32 nx_suffix(const struct item *it) { return it->least & 0x3ffff; }
enum nx_mark {
	NX_NO_INITIALS = 1,	/* the domain's own label has an i, a u or a v */
	NX_NOT_MAIL = 2,	/* asked for something else than MX and TXT */
};
