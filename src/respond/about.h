/* SPDX-License-Identifier: GPL-3.0-or-later */
/* about.h - what an incident is about, for finding who can act (contact.h, route_find): its
 * subject, those of its members, and addresses that reports in it give beside a URL or name.
 * At most ABOUT_MAX, each once, the incident's own first. */
#pragma once
#include "respond/gate.h"

#define ABOUT_MAX 16u

struct about {
	const char *at[ABOUT_MAX];	/* owned */
	size_t count;
};
/* Through a gate, or (NULL) all that the desk has. 0 or negative; about_forget() in any case. */
int about_incident(struct about *ret, struct desk *d, struct gate *g, const struct incident *i);
void about_forget(struct about *a);
