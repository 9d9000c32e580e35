/* SPDX-License-Identifier: GPL-3.0-or-later */
/* network.h - clients of one network together; see network.c. */
#pragma once
#include "window/window.h"

/* Bits of the prefix that an address is put under: 24 or 48. */
unsigned network_bits(const struct addr *a);
/* The first address of that network, and its key in the client table (never an address's). */
struct addr network_of(const struct addr *a);
u64 network_key(const struct addr *a, u64 key);
/* Adds the networks of a minute that is complete to its client table. */
void networks_close(struct window *w);
