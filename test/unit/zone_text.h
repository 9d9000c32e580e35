/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zone_text.h - zone text through the reader in a test, and a zone as text.
 *
 *	struct zone_text t = { .text = "...", .origin = "example." };
 *
 *	assert_int_equal(zone_text_read(&t), 0);
 *	assert_string_equal(t.troubles, "bad 3 invalid IPv4 address: A 1\n");
 *	assert_string_equal(t.dump, "example 0 SOA 3600 ...\n");
 *	zone_text_free(&t);
 *
 * A trouble is a line "kind line text" (kind file:line text in another file than the first),
 * a record "owner line type ttl hex". Zeroed members mean: no origin, the whole text, one
 * thread, blocks of 128 KiB, all the memory. */
#pragma once
#include "base/buf.h"
#include "zone/read.h"

struct zone_text {
	const char *text;
	size_t len;		/* 0: a C string */
	const char *origin;
	unsigned threads, block;
	u64 memory, unpacked;	/* unpacked 0: any number of octets */
	int fd;			/* > 0: read instead of the text, and closed */
	/* What $INCLUDE finds: name, text, name, text, ..., NULL. NULL: nothing is included. */
	const char *const *files;
	bool open;		/* do not seal */
	/* what came of it */
	struct zone *zone;
	struct zone_read_result *result;
	char *troubles, *dump;	/* never NULL after a read that gave 0 */
	struct buf told;
};

/* What zone_read() and zone_seal() say. */
int zone_text_read(struct zone_text *t);
void zone_text_free(struct zone_text *t);
/* A sealed zone as text: records with their flags, then cuts and hosts. Without line
 * numbers when `lines` is false. Owned by the caller. */
char *zone_dump(const struct zone *z, bool lines);
