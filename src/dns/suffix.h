/* SPDX-License-Identifier: GPL-3.0-or-later */
/* suffix.h - where a name's registered domain begins: the public suffix list.
 *
 * The list (both its sections) is read once, before the sandbox, into a table of
 * suffix hashes; a look-up walks the name's suffixes from the right and stops at
 * the first that no rule continues, so an ordinary name costs two probes of a
 * table that stays in the cache. libpsl answers the same questions, but takes
 * about a microsecond a name (bench/), ten times the whole budget of a message;
 * a test holds the two against each other on every rule of the list.
 *
 * The algorithm is that of publicsuffix.org: the longest matching rule counts,
 * an exception beats all, "*" stands for one label, and a name that no rule
 * matches has its last label as suffix. */
#pragma once
#include "base/base.h"

#define SUFFIX_FILE "/usr/share/publicsuffix/public_suffix_list.dat"
#define SUFFIX_LABELS_MAX 8	/* labels of the longest rule and one more */
#define SUFFIX_RULES_MAX 100000u

struct suffixes;

/* Reads a list in the format of public_suffix_list.dat (UTF-8; rules with
 * international labels are turned into A-labels by libidn2). 0, -ENOMEM,
 * OOPS_FORMAT (no rule in it) or OOPS_LIMIT. `key` is the hash key of the run. */
int suffixes_parse(struct suffixes **ret, const char *text, size_t n, u64 key);
/* The same from a file: also -errno. */
int suffixes_open(struct suffixes **ret, const char *path, u64 key);
/* A list without a rule: every name's last label is its suffix. */
int suffixes_none(struct suffixes **ret, u64 key);
struct suffixes *suffixes_free(struct suffixes *s);	/* takes NULL, gives NULL */
u32 suffixes_count(const struct suffixes *s);

/* Hash of the suffix that a label (n lower-case octets, at most 63, readable 8
 * octets past its end) makes with the hash of the suffix right of it; the root's is
 * suffixes_root(), which comes from the key, so that nobody who does not know it can
 * choose names that hash alike. */
u64 suffixes_root(const struct suffixes *s);
u64 suffix_hash(u64 right, const u8 *label, unsigned n);

/* How many labels the public suffix has of a name whose suffix hashes, from the
 * right, are hash[0 .. labels-1] (only the first SUFFIX_LABELS_MAX are needed).
 * *kind (may be NULL): which section of the list has the rule that matched. */
enum suffix_kind {
	SUFFIX_UNLISTED,	/* no rule, the default */
	SUFFIX_ICANN,		/* below it names are registered */
	SUFFIX_PRIVATE,		/* below it somebody gives names out: hosters, dynamic DNS */
};
unsigned suffix_labels(const struct suffixes *s, const u64 *hash, unsigned labels,
		       enum suffix_kind *kind);
