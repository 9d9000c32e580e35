/* SPDX-License-Identifier: GPL-3.0-or-later */
/* opt_own.h - what the files opt*.c share and nobody else includes.
 *
 *   opt.c        the set: defaults, look-up, one value from text
 *   opt_kind.c   what each type reads, writes and allows
 *   opt_line.c   the command line
 *   opt_yaml.c   the file
 *   opt_help.c   --help and the manual page
 *   opt_show.c   `config show` */
#pragma once
#include "base/opt.h"

/* What is known of one row beside its value. */
struct opt_slot {
	char *text;	/* OPT_TEXT: owned */
	u32 line;	/* in the file, 0 = not there */
	u8 source;	/* enum opt_source */
};

struct opt_own {
	unsigned *first;	/* slot of each group's row 0 */
	struct opt_slot *slots;
	void **confs;		/* conf structs that the set made, by group */
	char *file;		/* name of the file read last */
};

/* Where a row is; {0} begins a walk. */
struct opt_ref {
	unsigned group, row;
};

/* What a type is: one row each in opt_kind.c. */
struct opt_kind {
	const char *noun;	/* "a size" */
	const char *plain;	/* what --help calls the value when the row does not */
	size_t size;		/* of the value in the conf struct */
	/* Reads text into a value of `size` octets: 0, OOPS_TYPE or OOPS_RANGE. */
	int (*read)(const struct opt *row, const char *text, void *value);
	void (*write)(const struct opt *row, const void *value, struct buf *out);
	void (*allowed)(const struct opt *row, struct buf *out);
};
extern const struct opt_kind opt_kinds[];	/* by enum opt_type */
#define OPT_VALUE_MAX 48	/* octets of the largest value */

static inline struct opt_own *opt_own(const struct opts *o)
{
	return o->own;
}
static inline const struct opt *opt_row(const struct opts *o, struct opt_ref at)
{
	return &o->groups[at.group].rows[at.row];
}
static inline struct opt_slot *opt_slot(const struct opts *o, struct opt_ref at)
{
	return &opt_own(o)->slots[opt_own(o)->first[at.group] + at.row];
}
static inline const void *opt_at(const struct opt_group *g, const struct opt *row)
{
	return (const char *)g->conf + row->at;
}

/* Steps to the row at or after *at, in any group; false at the end. To go on,
 * the caller adds one to at->row. */
bool opt_each(const struct opts *o, struct opt_ref *at);
/* The same for rows of that group and name that `source` may set. */
bool opt_find(const struct opts *o, const char *group, const char *name,
	      enum opt_source source, struct opt_ref *at);
/* True when the row's group is on this command line. */
bool opt_on_line(const struct opts *o, struct opt_ref at);

/* Puts a sentence into `why`, cut to fit; gives `code` back. */
int opt_why(char why[OPT_WHY], int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* 'text' in quotes, cut to some 60 octets; for opt_why(). */
#define OPT_QUOTE 72
char *opt_quote(const char *text, char to[OPT_QUOTE]);
/* A name of a row or group: lower case, digits, single hyphens between. */
bool opt_name_good(const char *name);
