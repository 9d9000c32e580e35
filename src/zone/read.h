/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read.h - zone text (RFC 1035, 5.1) into a zone, by several threads.
 *
 *   fd -> [decompress] -> splitter: blocks of whole lines, with $ORIGIN and $TTL
 *                             | side by side
 *                          scanners (plain.c, libzscanner): packed records
 *                             | in order
 *                          zone_add()
 *
 * Blocks are cut where a record ends and carry what was said before them (block.h), so the
 * result is that of one reader, whatever the number of threads. Each thread does what is
 * next: add the oldest block when it is scanned, scan one, read one.
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
#define ZONE_GENERATE_ALL (1u << 22)	/* of all $GENERATE together */
#define ZONE_LINE_MAX (1u << 20)	/* octets of one record's text */

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
	u64 unpacked;		/* octets that packed files may unpack to, together; 0: any */
	unsigned threads;
	/* A descriptor of an included file (owned by the reader), or negative; `why` (200
	 * octets) says why. NULL: nothing may be included. */
	int (*include)(void *to, const char *name, char *why);
	/* Told in the order of the input. All callbacks come one at a time, but from any of
	 * the reader's threads. */
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
