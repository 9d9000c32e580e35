/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clock_own.h - what clock.c and clock_calendar.c share and nobody else sees. */
#pragma once
#include "respond/clock.h"

#define HOLIDAYS_MAX 400u

struct calendar {
	char name[40], zone[60];
	u8 days;	/* bit 0 = Sunday */
	u16 open, close;	/* minutes of the day; 0 and 1440 = all of it */
	struct { u16 year; u8 month, day; } holidays[HOLIDAYS_MAX];	/* year 0 = each */
	unsigned holiday_count;
};
enum span_kind { SPAN_REAL, SPAN_MONTHS, SPAN_WORKING_HOURS, SPAN_WORKING_DAYS };
struct span { enum span_kind kind; u64 n; };	/* ns, months, hours, days */

/* Reads "24h", "1 month", "8 working hours", "2 working days": 0 or OOPS_TYPE. */
int span_read(const char *text, struct span *ret);
/* True when ICU knows the zone. */
bool zone_known(const char *zone);
/* When a span that begins at `start` (ns) ends, by the calendar: 0, or OOPS_RANGE when no
 * working day comes for ten years, -EIO when ICU fails. */
int span_end(const struct span *s, const struct calendar *c, u64 start, u64 *ret);
