/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stamp.h - instants as RFC 3339 text, always UTC. No clock is read here.
 *
 * An instant is a u64 count of nanoseconds since 1970-01-01T00:00:00Z, without
 * leap seconds (POSIX time): it ends in the year 2554. */
#pragma once
#include "base/base.h"

#define STAMP_NS 1000000000ull
#define STAMP_TEXT_MAX 40
/* "2026-01-31T23:59:59Z", with 0 to 9 decimals (0, 3, 6 or 9 are usual; what is
 * finer is cut off). Into `to`, which is returned. */
char *stamp_text(u64 time_ns, int decimals, char to[STAMP_TEXT_MAX]);
/* Reads what stamp_text() writes with any number of decimals up to 9, a date
 * alone (midnight), or unix seconds with up to 9 decimals: 0, or OOPS_FORMAT and
 * *ret_ns is not touched. No offsets but Z, no second 60 (RFC 3339, 5.6 knows
 * both), nothing before 1970. */
int stamp_parse(const char *text, u64 *ret_ns);
/* Reads instants as strangers write them, for what comes from outside: RFC 3339 with any
 * offset, with a blank for the T, with slashes in the date, without a zone (then UTC) or
 * without seconds; a date alone; Unix seconds. 0, or OOPS_FORMAT and *ret_ns is not
 * touched; a second 60 is the 59th. */
int stamp_foreign(const char *text, u64 *ret_ns);
