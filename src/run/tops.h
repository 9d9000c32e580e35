/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tops.h - the heaviest domains, clients and servers, and each domain's bounds.
 *
 * Taken from each day's window when it ends and added up by key over the days: a key
 * that is among the TOPS_KEPT of every day is exact, one that comes and goes is at least
 * what is said. */
#pragma once
#include "base/buf.h"
#include "window/window.h"

#define TOPS_KEPT 200u
#define TOPS_SHOWN 50u

struct top {
	u64 key, messages, weight;
	u64 bound_out, bound_in, names, clients;	/* domains only */
	char name[256];
};

struct top_list { struct top *at; u32 count; };
struct tops { struct top_list domains, clients, servers, senders; };

/* Adds a day's window, which is complete. */
void tops_take(struct tops *t, const struct window *day);
/* "top_domains":[...],"top_clients":[...],... (members of a JSON object) */
void tops_json(const struct tops *t, struct buf *out);
