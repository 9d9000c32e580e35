/* SPDX-License-Identifier: GPL-3.0-or-later */
/* num.h - numbers, sizes and durations as people write them.
 *
 *   num_u64    42               digits only
 *   num_size   256M 4k 1.5G     powers of 1024: k M G T P in either case; "B" or
 *                               "iB" may follow; none = octets
 *   num_span   90s 5m 1h 2d     ns us ms s m h d w; none = seconds
 *   num_ratio  0.25 25%
 *
 * Sizes, spans and ratios take up to 12 decimals; what is finer than an octet or
 * a nanosecond is cut off ("1.1k" is 1126 octets), and a fraction of an octet
 * ("1.5", "1.5B") is refused. One number and one unit: "1h30m" is refused, as are
 * signs, blanks, hexadecimal and exponents. The whole text is taken or none of
 * it; *ret is written on success only.
 *
 * Errors: OOPS_TYPE when it is not written like that, OOPS_RANGE when it is but
 * lies outside min..max (negative numbers and those beyond 64 bits too).
 * The decimal point is a point in every locale. */
#pragma once
#include "base/base.h"

/* Each: 0, OOPS_TYPE or OOPS_RANGE; *ret is written on success only. */
int num_u64(const char *text, u64 min, u64 max, u64 *ret);
int num_size(const char *text, u64 min, u64 max, u64 *ret);	/* octets */
int num_span(const char *text, u64 min_ns, u64 max_ns, u64 *ret);	/* nanoseconds */
int num_ratio(const char *text, double min, double max, double *ret);

#define NUM_TEXT_MAX 32
/* For people; into `to`, which is returned. Cut, not rounded up.
 * "1.4 MB" (powers of 1000), "12,345", and the two largest units of a span:
 * "1m 30s", "2d 3h", below a minute "1.5s", "250ms", "12us", "7ns". */
char *num_octets_text(u64 octets, char to[NUM_TEXT_MAX]);
char *num_count_text(u64 n, char to[NUM_TEXT_MAX]);
char *num_span_text(u64 ns, char to[NUM_TEXT_MAX]);
/* Exact, and read back by num_size(), num_span() and num_ratio(): "256M",
 * "90s", "0.25". A ratio that num_ratio() gave comes back bit for bit. */
char *num_size_exact(u64 octets, char to[NUM_TEXT_MAX]);
char *num_span_exact(u64 ns, char to[NUM_TEXT_MAX]);
char *num_ratio_exact(double ratio, char to[NUM_TEXT_MAX]);
/* The largest unit of a span alone: "40 s", "3 min", "48 h", "5 d". */
char *num_rough_text(u64 ns, char to[NUM_TEXT_MAX]);
