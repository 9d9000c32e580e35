/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tunnel.h - what the two halves of the detector share: one domain, and one client. */
#pragma once
#include "detect/detect.h"

struct tunnel_conf {
	u64 names, out, slow, download, filled, published, words, domains;
	double density, fresh, carried, spoken, numeric, spread;
};

/* Clients that spread encoded names over many domains. */
void tunnel_spread_look(const struct look *l, say_fn *say, void *to);
