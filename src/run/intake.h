/* SPDX-License-Identifier: GPL-3.0-or-later */
/* intake.h - reports, indicators and lists of others come in: files, folders of mail, or
 * standard input, read behind the walls by the formats of share/exchange.h.
 *
 *   parent: opens one after the other, keeps a copy     reader (job.h): reads, parses
 *     <-- "next?" ---------------------------------------
 *     copy's descriptor (link/pass.h) ------------------>  exchange_guess(), exchange_read()
 *     <-- items, remarks, "that was all of it" (codec.h) -
 *
 * The reader holds one file at a time and nothing else. The parent parses every item anew and
 * strictly, and hashes the octets itself while it copies them, so that what an item is said
 * to come from is what was there. A file that crashes the reader, or on which it says
 * nothing for INTAKE_SILENCE_S, is told and a new reader goes on with the next; what it
 * had said of it before stands.
 *
 * Cost: a copy of each file in memory (EXCHANGE_OCTETS_MAX); one process for all of them. */
#pragma once
#include "base/opt.h"
#include "share/exchange.h"

#define INTAKE_FILES_MAX 1000000u
#define INTAKE_REMARKS_MAX 1000u	/* told of one file; the rest is counted */
#define INTAKE_SILENCE_S 120u
#define INTAKE_CRASHES_MAX 100u		/* then no more files are tried */

struct intake {
	/* "-" is standard input; a folder is a Maildir (cur, new), a MISP feed (manifest.json) or
	 * its plain files. */
	const char *const *paths;
	unsigned count;
	const struct exchange *format;	/* NULL: guessed for each file */
	const struct opts *opts;	/* of the formats; NULL = their defaults */
	u64 memory;			/* of the reader; 0 = 2 GiB */
};

struct intake_file {
	const char *name;	/* path, "-" for standard input */
	char sha256[65];	/* of its octets as they are in the file */
	const char *format;	/* id; "" when it is none that we know */
	u64 octets, items, troubles;
	int copy;		/* of its octets, which nobody can change; -1 = none */
};
/* Appends the octets that an item came out of, as they were hashed; while its callback runs.
 * 0, -ENOMEM or -errno. */
struct buf;
int intake_octets(const struct intake_file *f, struct buf *out);

/* An item (a view); other than 0 stops. */
typedef int intake_item_fn(void *to, const struct intake_file *from, const struct item *i);
/* What could not be read: where is "" for the whole file. The texts are the parser's, made
 * safe to show. */
typedef void intake_trouble_fn(void *to, const struct intake_file *from, const char *where,
			       const char *why);

/* Reads all of them, in order (a folder's by name). 0; what item() stopped with; -errno when
 * no reader can be started; OOPS_LIMIT when too many files crashed it. A file that cannot be
 * read is told and the next is taken. */
int intake_read(const struct intake *setup, intake_item_fn *item,
		intake_trouble_fn *trouble, void *to);
