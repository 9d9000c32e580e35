/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv_fuzz.c - a table of a stranger; the laws are those of exchange_law.h. */
#include "exchange_law.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t n);

int LLVMFuzzerTestOneInput(const u8 *data, size_t n)
{
	exchange_law("csv", data, n);
	return 0;
}
