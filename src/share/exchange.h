/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange.h - formats in which desks talk to desks and to filters: one struct a format,
 * one row in exchange.c.
 *
 *   release (cleared items) --> write --> octets      octets --> read --> items
 *
 * Writers see a release and never the store. Readers get a whole document in memory from
 * a stranger, in a process that can open nothing (run/intake.h), and give items by a
 * callback; a bad part is told with its place and the rest is read where the format
 * allows. The same release gives the same octets on every machine: ids are made from
 * content, the time of writing is an argument.
 *
 * `carries` says which fields of an item the format can hold: for those
 * read(write(item)) == item, which one property test checks for every row; what it can't
 * hold `vedette share formats` tells, and a writer loses nothing else.
 *
 * To add a format: write one file, add one row. A format may bring its own options. */
#pragma once
#include "base/buf.h"
#include "base/opt.h"
#include "model/release.h"

#define EXCHANGE_WHY 400
#define EXCHANGE_OCTETS_MAX ((u64)256 << 20)	/* of a document that is read */
#define EXCHANGE_ITEMS_MAX 1000000u		/* out of one document */
#define EXCHANGE_DEPTH_MAX 64			/* of nesting in a document */

/* A part that could not be read or is not written: where ("line 7", "objects[12]", or an
 * item's subject) and why. */
typedef void exchange_trouble_fn(void *to, const char *where, const char *why);

/* Evidence that goes along with an item: some octets, and what they are. */
struct exchange_sample { struct buf octets; const char *media, *says; };
/* Fills it: 1, 0 when there is none that the release's audience may have, or negative. */
typedef int exchange_sample_fn(void *of, const struct item *i, struct exchange_sample *ret);

struct overblock;
struct exchange_write {
	const struct release *release;
	u64 at;			/* the time of writing, ns */
	const char *producer;	/* who writes: an organisation's name; NULL = "Vedette" */
	const char *contact;	/* an address for answers; NULL = none */
	const char *version;	/* of this program */
	const void *conf;	/* of the format's options; NULL = its defaults */
	const struct overblock *gate;	/* what no block list may hold (overblock.h); NULL =
					 * what is known without any file */
	exchange_trouble_fn *trouble;	/* items that are left out; may be NULL */
	void *to;
	exchange_sample_fn *sample;	/* of formats that carry evidence itself; NULL: none */
	void *sample_of;
};

/* Each item as it is read, a view; a value other than 0 stops the reading. */
typedef int exchange_item_fn(void *to, const struct item *i);
struct exchange_read {
	const u8 *octets;
	size_t n;
	const char *name;	/* of the file, for words */
	const void *conf;
	exchange_item_fn *item;
	exchange_trouble_fn *trouble;
	void *to;
};

struct exchange {
	const char *id;		/* "stix": also the option's word */
	const char *title;	/* "STIX 2.1 bundle" */
	const char *extension;	/* ".json" */
	const char *media;	/* "application/stix+json;version=2.1" */
	const char *story;	/* what becomes what, what is not carried: some sentences */
	const char *carries;	/* fields of an item: "id kind subject ..." */
	struct marking cap;	/* the strictest that its use can honour */
	const struct opt *rows;	/* its options; NULL = none */
	size_t conf_size;
	/* Makes libraries read the files that they want, before the process is locked up
	 * (run/intake.h); may be called again. NULL: nothing. */
	void (*prepare)(void);
	/* True when the item has no place in this document: another kind than the format
	 * has, expired, or of harm in it; why[] says which. NULL: every item has. What
	 * has a place is written. */
	bool (*omits)(const struct exchange_write *w, const struct item *i,
		      char why[EXCHANGE_WHY]);
	/* Appends the document: 0, -ENOMEM, OOPS_LIMIT, or OOPS_RANGE when the items
	 * cannot be said in it, with why[]. NULL: not written. The caller has seen that
	 * the release is good. */
	int (*write)(struct buf *out, const struct exchange_write *w,
		     char why[EXCHANGE_WHY]);
	/* True when the octets look like this format; for guessing. NULL: no. */
	bool (*knows)(const u8 *octets, size_t n);
	/* 0, what item() stopped with, or negative and why[] (nothing could be read).
	 * NULL: not read. */
	int (*read)(const struct exchange_read *r, char why[EXCHANGE_WHY]);
};
extern const struct exchange *const exchanges[];	/* NULL-terminated; exchange.c */

/* The format of that id, or NULL. */
const struct exchange *exchange_find(const char *id);
/* The format that the octets are in, or NULL. */
const struct exchange *exchange_guess(const u8 *octets, size_t n);
/* The fields that it carries, as bits. */
u64 exchange_carries(const struct exchange *e);
/* Appends what each format carries as a table in Markdown: a column for each format, a row for
 * each field, and rows for whether it is written and read and the strictest labels (TLP and
 * PAP) that it may hold. */
void exchange_table(struct buf *out);
/* Writes a release in a format: what every way out calls; items without a place in it are
 * told to w->trouble. 0, or negative and why[]: -EPERM when the release is
 * not good (nothing is appended; why[] names the first refusal), or as write(). */
int exchange_write(const struct exchange *e, struct buf *out,
		   const struct exchange_write *w, char why[EXCHANGE_WHY]);
/* Reads a document: what everyone calls who has octets. As read(); OOPS_TYPE when the
 * format is not read, OOPS_LIMIT past EXCHANGE_OCTETS_MAX or EXCHANGE_ITEMS_MAX. */
int exchange_read(const struct exchange *e, const struct exchange_read *r,
		  char why[EXCHANGE_WHY]);
