/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tunnel.h - what the parts of the detector share: the measures of one domain (tunnel_measure.c),
 * how they are judged (tunnel.c), and one client (tunnel_spread.c). */
#pragma once
#include "detect/detect.h"
#include "window/bound.h"

struct tunnel_conf {
	u64 names, out, slow, download, filled, published, words, domains;
	double density, fresh, carried, spoken, numeric, spread;
};

/* Clients that spread encoded names over many domains. */
void tunnel_spread_look(const struct look *l, say_fn *say, void *to);

/* What is measured of a domain; all shares are of distinct things. */
struct measure {
	double names, out, records;
	double density, fresh, carried, named, spoken, pointed, numeric, answered, mean;
	double free_data, free_asked;
	double each;	/* records in one response */
	double text, alias;	/* octets of one free-data record; of one of them and of aliases */
	double encoded;	/* share of the free data that is no text */
	double published;	/* octets of published keys and tokens */
	double beyond;	/* of them beyond the clients' allowance */
	bool drawn;	/* its addresses are data */
	struct bound bound;
	u64 clients;
	bool reaches;	/* somebody is there to receive what leaves */
};

/* All of it, from the summaries of a domain that was asked for. */
void tunnel_measure(struct measure *ret, const struct look *l, const struct domain_sum *d);
/* Parts of it, for a first look: shares of question types (carried, free_asked); octets of distinct
 * names and their bits an octet; whether the addresses in answers are data. */
void tunnel_types(struct measure *ret, const struct window *w, const struct domain_sum *d);
double tunnel_names(const struct window *w, const struct domain_sum *d, double *density);
bool tunnel_drawn(const struct window *w, const struct domain_sum *d);
