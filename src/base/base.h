/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base.h - what every file of Vedette may count on.
 *
 * Short names for fixed-width integers, three strengths of promise, and the
 * list of library functions that do not compile in this house. Include it
 * first; it includes nothing of ours but refused.h.
 *
 *   must(x)  a broken program: abort, always compiled in
 *   odd(x)   should not be: true when x is true; the caller counts and recovers
 *
 * Errors are negative ints: -errno, or one of enum oops below. oops_text()
 * has a sentence for each. */
#pragma once
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int16_t i16;
typedef int32_t i32;
typedef int64_t i64;

/* Marks a text that people read for translation, where it stands in a table or is stored in
 * English; whoever shows it asks base/tongue.h. With a context: for words of many meanings. */
#define N_(text) text
#define NC_(context, text) text
/* The same of a format that goes by number, its first; English, and n once more as a value. */
#define nN_(one, many, n) ((n) == 1 ? one : many)

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
/* For functions that do nothing but prefetch: gcc holds them for pure and drops the call
 * unless it is inlined before it looks. */
#define inline_always static inline __attribute__((always_inline))
#define must(x)                                                                \
	do {                                                                   \
		if (unlikely(!(x)))                                            \
			must_failed(#x, __FILE__, __LINE__);                   \
	} while (0)
#define odd(x) unlikely(x)

/* Says which promise was broken on standard error and aborts. */
_Noreturn void must_failed(const char *what, const char *file, int line);

/* Errors of our own, below every -errno. One text each: oops.c. */
enum oops {
	OOPS_FIRST = -1000,
	OOPS_FORMAT,	/* bytes that no known format begins with */
	OOPS_SHORT,	/* the input ends in the middle of something */
	OOPS_RANGE,	/* a number outside what is allowed */
	OOPS_TYPE,	/* a value of another type than is wanted */
	OOPS_UNKNOWN,	/* a key, name or id that does not exist */
	OOPS_CHANGED,	/* bytes are not what their hash says */
	OOPS_VERSION,	/* made by a version that is not understood */
	OOPS_LIMIT,	/* a named limit was reached */
	OOPS_KEPT,	/* a file that is not written over */
	OOPS_LAST
};

/* One short phrase for a negative error of ours or of errno's. Never NULL. */
const char *oops_text(int error);

static inline u64 min_u64(u64 a, u64 b) { return a < b ? a : b; }
static inline u64 max_u64(u64 a, u64 b) { return a > b ? a : b; }

#include "base/refused.h"
