/* SPDX-License-Identifier: GPL-3.0-or-later */
/* popular.h - the lists that a block list is held against, from the files that the operator
 * names: `--block-popular FILE,FILE`, `--block-own FILE`, `--block-suffixes FILE`.
 *
 * Cost: the files in memory while they are read; then share/overblock.h. They are the
 * operator's own files, read like the public suffix list, not a stranger's. */
#pragma once
#include "base/opt.h"
#include "share/overblock.h"

#define POPULAR_OCTETS_MAX ((u64)256 << 20)

struct popular_conf { const char *popular, *own, *suffixes; int over; };
extern const struct opt popular_rows[];	/* of a group named "block" */

struct popular {
	struct overblock *gate;	/* for struct exchange_write */
	struct suffixes *suffixes;
};
/* Reads what the options name: 0, or negative and one sentence in why[]. *ret is always good
 * for popular_close(). */
int popular_open(struct popular *ret, const struct popular_conf *c, char why[OPT_WHY]);
void popular_close(struct popular *p);
