/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pack.h - an evidence pack: one finding and its messages in one file that others open.
 *
 *   a tar archive (ustar), every octet of it determined by what it holds:
 *     MANIFEST.sha256      as sha256sum -c reads it: a hash and a name a line
 *     README.txt           what this is and how to judge it again
 *     finding.json         the finding, with the packed summary it was judged on
 *     messages.pcap        the messages for other tools (addresses and ports are true, the
 *                          IP, UDP and TCP headers around them are made up)
 *     evidence/0001.msg    each message as it was seen (model/evidence.h), in order
 *
 * Reading is strict: the manifest must name every other member and no more, each must have
 * its hash, the finding must have its id, and the archive must be octet for octet what
 * pack_write() makes of it: a changed byte anywhere is noticed. */
#pragma once
#include "base/buf.h"
#include "model/evidence.h"
#include "model/finding.h"

#define PACK_MAX (64u << 20)
#define PACK_WHY 200

struct pack {
	struct finding finding;
	u32 count;		/* messages, in the order of finding.evidence */
	struct evidence *evidence;	/* views into `octets` */
	struct buf octets;
};

/* Appends the archive: 0, -ENOMEM or OOPS_LIMIT. Items are packed evidence, `count` of them;
 * ones that are missing from a store are NULL and left out. */
int pack_write(struct buf *out, const struct finding *f, const struct evidence *const *items,
	       u32 count);
/* The messages of a finding on their way into a pack: pack_item() takes each as a store hands
 * it out (packed is NULL when it is not there; the octets are copied). */
struct pack_items {
	struct evidence at[FINDING_EVIDENCE_MAX];
	u8 *octets[FINDING_EVIDENCE_MAX];	/* NULL: it is missing */
	u32 count;
};
/* 0, -ENOMEM, OOPS_LIMIT or OOPS_FORMAT. `items` is a struct pack_items, zeroed at first. */
int pack_item(void *items, const u8 hash[32], const u8 *packed, size_t n);
/* pack_write() of them. */
int pack_items_write(struct buf *out, const struct finding *f, const struct pack_items *items);
void pack_items_free(struct pack_items *items);

/* Reads an archive: 0, OOPS_FORMAT, OOPS_CHANGED, OOPS_LIMIT, -ENOMEM, and why[]. Zero *ret
 * first; pack_free() in any case. */
int pack_read(struct pack *ret, const u8 *at, size_t n, char why[PACK_WHY]);
void pack_free(struct pack *p);
