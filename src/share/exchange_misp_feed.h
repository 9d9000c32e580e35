/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_misp_feed.h - a MISP feed: a folder that others fetch.
 *
 *   manifest.json   { "UUID": { "info":, "date":, "timestamp":, "Orgc":, "Tag": ... }, ... }
 *   hashes.csv      MD5 of a value, UUID of the event that has it
 *   UUID.json       { "Event": {...} }
 *
 * No file is touched here: the caller writes and opens them. Names are UUIDs and nothing
 * else, so that a manifest of strangers cannot lead out of its folder. */
#pragma once
#include "share/exchange.h"

#define MISP_FEED_EVENTS_MAX 100000u

/* One file of a feed; a value other than 0 stops. */
typedef int misp_file_fn(void *to, const char *name, const void *octets, size_t n);
/* Writes a release as a feed, the manifest last, so that it never names what is not there.
 * 0, what fn stopped with, -EPERM when the release is not good (why[] as exchange_write()), or
 * -ENOMEM. */
int misp_feed_write(const struct exchange_write *how, misp_file_fn *fn, void *to,
		    char why[EXCHANGE_WHY]);

/* Appends what a file of that name holds: 0 or negative. */
typedef int misp_fetch_fn(void *from, const char *name, struct buf *ret);
/* Reads a feed by its manifest; `how` without octets. A file that is not there or cannot be
 * read is told and the others are read. 0, what item() stopped with, or negative and why[]. */
int misp_feed_read(const struct exchange_read *how, misp_fetch_fn *fetch, void *from,
		   char why[EXCHANGE_WHY]);
