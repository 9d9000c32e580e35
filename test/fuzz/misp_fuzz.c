/* SPDX-License-Identifier: GPL-3.0-or-later */
/* misp_fuzz.c - MISP events of strangers obey items_law.h. */
#include "items_law.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t n);

int LLVMFuzzerTestOneInput(const u8 *data, size_t n)
{
	items_law(exchange_find("misp"), data, n);
	return 0;
}
