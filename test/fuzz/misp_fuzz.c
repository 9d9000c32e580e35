/* SPDX-License-Identifier: GPL-3.0-or-later */
/* misp_fuzz.c - MISP events of strangers obey exchange_law.h. */
#include "exchange_law.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t n);

int LLVMFuzzerTestOneInput(const u8 *data, size_t n)
{
	exchange_law("misp", data, n);
	return 0;
}
