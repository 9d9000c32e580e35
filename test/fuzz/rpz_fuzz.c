/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rpz_fuzz.c - a policy zone of a stranger; the laws are those of exchange_law.h. */
#include "exchange_law.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t n);

int LLVMFuzzerTestOneInput(const u8 *data, size_t n)
{
	exchange_law("rpz", data, n);
	return 0;
}
