/* SPDX-License-Identifier: GPL-3.0-or-later */
/* client.h - how the items of a client's nx_domains sample are to be read. */
#pragma once
#include "window/summary.h"

#define NX_LLR_ZERO 32768

static inline int nx_llr(const struct sampled *it) { return (int)it->value - NX_LLR_ZERO; }
static inline unsigned nx_length(const struct sampled *it) { return it->least >> 18; }
static inline u32 nx_suffix(const struct sampled *it) { return it->least & 0x3ffff; }
enum nx_mark {
	NX_NO_INITIALS = 1,	/* the domain's own label has an i, a u or a v */
	NX_NOT_MAIL = 2,	/* asked for something else than MX and TXT */
};
