/* SPDX-License-Identifier: GPL-3.0-or-later */
/* list_fuzz.c - block lists of all kinds, by their first octet's choice, and the lists that
 * they are held against; the laws are those of exchange_law.h. */
#include "exchange_law.h"
#include "share/overblock.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t n);

/* What stands in a list is refused, and so is what is above it. */
static void overblock_law(const u8 *data, size_t n)
{
	struct overblock *g;
	char why[EXCHANGE_WHY];

	must(overblock_new(&g, NULL, false) == 0);
	if (overblock_add(g, "list", data, n) == 0) {
		overblock_seal(g);
		must(overblock_count(g) > 0);
		overblock_name(g, "a.example", why);
		overblock_prefix(g, "192.0.2.1", why);
		overblock_prefix(g, "2001:db8::/48", why);
	}
	overblock_free(g);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t n)
{
	static const char *const formats[] = { "hosts", "dnsmasq", "unbound", "list" };

	if (n == 0)
		return 0;
	exchange_law(formats[data[0] % 4], data, n);
	overblock_law(data, n);
	return 0;
}
