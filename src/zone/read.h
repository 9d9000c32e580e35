/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read.h - zone text (RFC 1035, 5.1) into a zone, by several threads.
 *
 *   fd -> [decompress] -> blocks cut at lines -> scanners (libzscanner), side by side
 *                                                   | packed records, in order
 *                                                   v
 *                                        one adder -> zone_add()
 *
 * Blocks are scanned ahead with a guess of the state that the one before them leaves ($ORIGIN,
 * $TTL, no open parenthesis); a guess that was wrong is scanned again with the right state,
 * so the result is always that of one reader.
 *
 * Master files as people write them: $ORIGIN, $TTL, $INCLUDE (through `include`, which
 * decides what may be opened), $GENERATE (as BIND has it), parentheses, unknown types
 * (RFC 3597); compressed with gzip, xz, zstd, lz4 or bzip2. A bad line is told to `trouble` and
 * reading goes on with the next.
 *
 * It opens nothing, reads no clock. Cost and figures: bench/README.md. */
#pragma once
#include "zone/zone.h"

#define ZONE_FILES_MAX 1024u		/* files of one zone, with the included ones */
#define ZONE_INCLUDE_DEEP 16u
#define ZONE_GENERATE_MAX 65536u	/* records of one $GENERATE */
#define ZONE_LINE_MAX (16u << 20)	/* octets of one record's text */

enum zone_trouble_kind {
	ZONE_BAD_LINE,		/* a record or directive that cannot be understood; left out */
	ZONE_WARNING,		/* understood, but not as it should be written */
	ZONE_BAD_CLASS,		/* a record of another class; left out */
	ZONE_BAD_INCLUDE,	/* an included file that may not or cannot be read; left out */
	ZONE_CUT_SHORT,		/* the text ends in the middle of something */
	ZONE_FULL,		/* `memory` or another limit was reached; the rest is left out */
	ZONE_BROKEN,		/* the input cannot be read on: decompression, I/O */
	ZONE_TROUBLE_KINDS,
};

struct zone_trouble {
	enum zone_trouble_kind kind;
	u16 file;
	u32 line;
	char text[200];		/* one clause for people, without file and line */
};

struct zone_read_conf {
	const char *name;	/* of the first file, for people */
	const u8 *origin;	/* wire; NULL: $ORIGIN or the SOA's owner has to say it */
	u64 memory, key;
	unsigned threads;
	/* A descriptor of an included file (owned by the reader), or negative; `why` (200
	 * octets) says why. NULL: nothing may be included. */
	int (*include)(void *to, const char *name, char *why);
	/* Told in the order of the input. */
	void (*trouble)(void *to, const struct zone_trouble *t);
	/* Now and then: octets read of the (compressed) input. May be NULL. */
	void (*progress)(void *to, u64 octets);
	void *to;
};

struct zone_read_result {
	u64 octets;		/* of the input as it lies */
	u64 lines, records, troubles;
	bool whole;		/* read to its end */
	char names[ZONE_FILES_MAX][64];	/* of the files, for "file:line"; cut when longer */
	unsigned files;
};

/* Reads the whole input into a new zone that is not sealed. `fd` stays the caller's. 0 (also
 * with troubles), -ENOMEM, -errno of the first read, or OOPS_UNKNOWN when the origin cannot
 * be known. */
int zone_read(struct zone **ret, int fd, const struct zone_read_conf *conf,
	      struct zone_read_result *result);
