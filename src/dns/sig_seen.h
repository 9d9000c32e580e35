/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig_seen.h - signatures that were found good before, so that a day costs what changed.
 *
 *   sig_mark(key, signed octets, signature) -> 16 octets     truncated SHA-256
 *   today:      sig_seen_has(yesterday, mark)?  else sig_check();  good -> sig_marks_add()
 *   to keep:    sig_seen_write(marks)
 *   tomorrow:   sig_seen_view(the octets)
 *
 * A mark stands for the key's whole RDATA, the signed octets (RRSIG fields with times, and
 * the RRset) and the signature. Whether it is in its time is not part of it: the caller
 * judges that anew each time. A mark that two contents share would take 2^64 SHA-256 to make.
 *
 * The set is as trustworthy as the file that it lies in: who can write it can put marks in.
 * Its checksum tells accidents only.
 *
 *   head    magic "VdSeen\r\n" | version 4 | octets a mark 4 | marks 8 | 0 8 |
 *           SHA-256 of the head before it and of all marks, 32          64 octets
 *   marks   ascending, each once                                        16 octets each
 *
 * Integers are little-endian. Cost: 16 octets a signature; a look-up by interpolation, about
 * three reads. Limits: SIG_MARKS_MAX. Not here: files (the caller maps and writes them). */
#pragma once
#include "dns/sig.h"

#define SIG_MARK 16u		/* octets of a mark */
#define SIG_MARKS_MAX (1u << 28)	/* of one set: 4 GiB */
#define SIG_SEEN_VERSION 1u

/* The mark of a check: 0 or -ENOMEM. Of the worker's thread. `good` is not looked at. */
int sig_mark(struct sig_worker *w, const struct sig_check *c, u8 to[SIG_MARK]);

/* Marks being gathered, in any order; zero it first. One thread's. */
struct sig_marks {
	u8 (*at)[SIG_MARK];
	u32 count, room;
};
/* 0, -ENOMEM, or OOPS_LIMIT: SIG_MARKS_MAX are there. */
int sig_marks_add(struct sig_marks *m, const u8 mark[SIG_MARK]);
/* Moves the marks of `from` to `into`; `from` is empty afterwards. On an error (as above)
 * both are as they were. */
int sig_marks_join(struct sig_marks *into, struct sig_marks *from);
/* Sorts them and drops those that are there twice: 0 or -ENOMEM. */
int sig_marks_sort(struct sig_marks *m);
void sig_marks_free(struct sig_marks *m);	/* takes zeroed and freed ones */

/* Octets of the set that these marks make. */
u64 sig_seen_size(const struct sig_marks *m);
/* Writes sorted marks as a set through `put` (0 or negative, which ends it). 0, -ENOMEM. */
int sig_seen_write(const struct sig_marks *m,
		   int (*put)(void *to, const void *octets, size_t n), void *to);

struct sig_seen {	/* a view */
	const u8 (*at)[SIG_MARK];
	u32 count;
};
/* Reads a set of exactly n octets, of any alignment, which stay the caller's and must not
 * change. 0; OOPS_FORMAT: no set; OOPS_VERSION; OOPS_SHORT: cut off; OOPS_LIMIT; OOPS_CHANGED:
 * the octets are not what their hash says, or not in order; -ENOMEM. */
int sig_seen_view(struct sig_seen *ret, const u8 *octets, size_t n);
/* Any number of threads; {0} has none. */
bool sig_seen_has(const struct sig_seen *s, const u8 mark[SIG_MARK]);
