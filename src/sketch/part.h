/* SPDX-License-Identifier: GPL-3.0-or-later */
/* part.h - what every mergeable part of a summary offers.
 *
 * merge(fold(a), fold(b)) == fold(a u b), in any order and grouping: one generic
 * property test (test/unit/sketch_test.c) holds every row of parts[] to it. A part
 * of fixed size lives inside its owner; pack/unpack is its form on the wire and
 * on disk (big-endian, the same on every machine). */
#pragma once
#include "base/base.h"

struct buf;
struct rd;

struct part {
	const char *id;
	size_t size;
	void (*init)(void *part);
	/* One thing seen: its hash and its weight (octets, ns, ...). Parts that do
	 * not care for one of the two ignore it. */
	void (*add)(void *part, u64 hash, u64 weight);
	void (*merge)(void *into, const void *from);
	void (*pack)(const void *part, struct buf *out);
	/* Into a part that was made: 0, or OOPS_FORMAT and the part is empty. */
	int (*unpack)(void *part, struct rd *in);
	bool idempotent;	/* adding the same thing again changes nothing */
	bool exact;	/* merge law is byte-exact; else the error bounds are the law */
};
extern const struct part *const parts[];	/* NULL-terminated; parts.c */
