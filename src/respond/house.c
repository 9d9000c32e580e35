/* SPDX-License-Identifier: GPL-3.0-or-later */
/* house.c - see house.h. */
#include "respond/house.h"
#include "respond/own.h"

#define DAY_NS (86400ull * 1000000000)

/* What the options' defaults are. */
static const struct house plain = {
	.inbox = { .window_ns = 7 * DAY_NS, .old_ns = 30 * DAY_NS,
		   .floor = { LABEL_AMBER, PAP_GREEN } },
};

const struct house *desk_house(const struct desk *d)
{
	return d->house ? d->house : &plain;
}

void desk_settle(struct desk *d, const struct house *h)
{
	d->house = h;
}
