/* SPDX-License-Identifier: GPL-3.0-or-later */
/* published.h - text records of published use. */
#pragma once
#include "base/base.h"

/* The RDATA of a TXT record is a key, a policy or a token in a form that a standard or custom
 * has published. n octets from at; broken RDATA is none. */
bool published_text(const u8 *at, unsigned n);
