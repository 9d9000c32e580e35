/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig_bn.h - our 256-bit numbers as octets and as libcrypto's, for tests. */
#pragma once
#include "dns/sig_p256.h"
#include <openssl/bn.h>

static inline void octets_of(const struct num *a, u8 to[32])
{
	for (int i = 0; i < 32; i++)
		to[31 - i] = (u8)(a->w[i / 8] >> i % 8 * 8);
}

static inline BIGNUM *bn_of(const struct num *a)
{
	u8 octets[32];

	octets_of(a, octets);
	return BN_bin2bn(octets, 32, NULL);
}

static inline struct num num_of(const BIGNUM *a)
{
	u8 octets[32];

	must(BN_bn2binpad(a, octets, 32) == 32);
	return num_read(octets);
}
