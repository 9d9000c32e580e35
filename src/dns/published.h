/* SPDX-License-Identifier: GPL-3.0-or-later */
/* published.h - records of published use. */
#pragma once
#include "base/base.h"

/* The RDATA of a TXT record is a key, a policy or a token in a form that a standard or custom
 * has published. n octets from at; broken RDATA is none. */
bool published_text(const u8 *at, unsigned n);
/* The same of a record of any type (n octets of RDATA): also keys, signatures, digests and
 * fingerprints that are laid out as their standard has them. */
bool published_record(u16 type, const u8 *at, unsigned n);
