/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xarf_fuzz.c - abuse reports in XARF; the laws are those of exchange_law.h. */
#include "exchange_law.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t n);

int LLVMFuzzerTestOneInput(const u8 *data, size_t n)
{
	exchange_law("xarf", data, n);
	return 0;
}
