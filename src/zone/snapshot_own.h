/* SPDX-License-Identifier: GPL-3.0-or-later */
/* snapshot_own.h - what snapshot.c and snapshot_make.c share. */
#pragma once
#include "base/buf.h"
#include "zone/snapshot.h"

struct snapshot_own {
	void *map;		/* of a file */
	size_t map_len;
	struct buf part[SNAPSHOT_PARTS];	/* of one that was made here */
};

struct hashing {
	void *ctx;	/* EVP_MD_CTX */
};

extern const u8 snapshot_magic[8];
/* Sets the views from the parts and their lengths in the head. */
void snapshot_lay(struct snapshot *s, const u8 *const part[SNAPSHOT_PARTS]);
/* Octets of a part. */
const u8 *snapshot_part(const struct snapshot *s, unsigned part);
