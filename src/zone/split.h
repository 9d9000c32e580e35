/* SPDX-License-Identifier: GPL-3.0-or-later */
/* split.h - the files of a zone, one inside the other, become blocks in order.
 *
 * Whether a newline ends a record depends on all the text before it, so this is the one
 * part of reading that goes through the text in order. It is cheap: a block without a
 * parenthesis, quote or dollar sign is seen to have none, and ends at its last newline.
 * Other blocks are walked line by line; directives are obeyed here, and once more by the
 * scanner, which also says what is wrong with them.
 *
 * Bounds: ZONE_LINE_MAX for a logical line (then it is left out up to the next newline),
 * ZONE_FILES_MAX for files tried, ZONE_INCLUDE_DEEP, ZONE_GENERATE_ALL. */
#pragma once
#include "zone/block.h"
#include <pthread.h>

struct splitter;

struct split_conf {
	const struct zone_read_conf *read;
	struct zone_read_result *result;	/* names and files are filled in */
	u32 block;		/* octets of text in a block, about */
	pthread_mutex_t *talk;	/* held while a callback of `read` runs */
};

/* 0, -ENOMEM, or -errno of the first read of `fd`. `conf` is copied. */
int splitter_make(struct splitter **ret, const struct split_conf *conf, int fd);
struct splitter *splitter_free(struct splitter *sp);	/* takes NULL, gives NULL */
/* The next block, into b, whose buffers are used again: 1; 0 at the end; -ENOMEM. */
int split_next(struct splitter *sp, struct block *b);
/* Octets of the first file when it is a plain one: its size; 0 when not known. */
u64 split_size(const struct splitter *sp);
