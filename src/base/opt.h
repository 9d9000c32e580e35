/* SPDX-License-Identifier: GPL-3.0-or-later */
/* opt.h - one row an option: said once, used everywhere.
 *
 * Parsing of the command line and of the YAML file, ranges, defaults, --help,
 * `vedette config show`, the manual page and shell completion walk the same
 * rows. A plug-in brings its rows in a group of its own name:
 *
 *   rows:  { "min-bytes", OPT_SIZE, AT(min_bytes), ... }   group "tunnel"
 *   YAML:  tunnel:                        command line:  --tunnel-min-bytes 4k
 *            min-bytes: 4k
 *
 * The group without a name ("") holds the general options: `memory: 256M`,
 * `--memory 256M`. The order of precedence is default, file, command line: a
 * value never gives way to one from a lower source, whichever comes first.
 *
 * One file serves every command, so a set may hold groups that the command at
 * hand does not use: they are read and checked in the file, not on the command
 * line (`file_only`). Several groups may bear one name; a key that two of them
 * have is one key and sets both (their types must agree).
 *
 * The conf structs are plain; text values in them are owned by the set
 * (opts_free). Cost: a look-up walks all rows; there are some hundreds. */
#pragma once
#include "base/tongue.h"

enum opt_type {
	OPT_FLAG,	/* bool; YAML true/false; `--json`, `--no-json` */
	OPT_COUNT,	/* u64, min..max */
	OPT_SIZE,	/* u64 octets: 256M (num_size) */
	OPT_SPAN,	/* u64 ns: 60s, 5m (num_span) */
	OPT_RATIO,	/* double, 0.25 or 25% */
	OPT_TEXT,	/* const char *, NULL when not set; "" means not set */
	OPT_CHOICE,	/* int index into choices[] */
	OPT_PORTS,	/* struct opt_ports: 53,5353; 1..65535, no two the same */
};

#define OPT_PORTS_MAX 16
struct opt_ports { unsigned count; u16 at[OPT_PORTS_MAX]; };

#define OPT_TEXT_MAX 4096	/* octets of a text value; UTF-8 */

struct opt {
	const char *name;	/* "min-bytes": lower case, digits, hyphens */
	char letter;		/* short form, 0 = none */
	enum opt_type type;
	size_t at;		/* offset in the group's conf struct */
	/* Default as the user would write it. NULL: unset, false, 0, no ports, the
	 * first choice (whatever the range). */
	const char *def;
	/* COUNT, SIZE, SPAN (ns); RATIO in thousandths. max 0 = no upper limit. */
	u64 min, max;
	const char *arg;	/* word for the value in --help: "SIZE", "FILE" */
	const char *help;	/* one sentence without a full stop */
	const char *const *choices;	/* OPT_CHOICE; NULL-terminated */
	bool cli_only;		/* makes no sense in a file (--help, --config) */
	bool list;		/* OPT_TEXT of parts with commas: said twice on the command line,
				 * the values are put together */
	bool some;		/* OPT_TEXT: "" is refused: more likely an empty variable than
				 * meant */
	const char *was;	/* the name of before, taken on the command line still and shown
				 * nowhere; or NULL */
};

struct opt_group {
	const char *name;	/* "" or the plug-in's id */
	const char *title;	/* heading in --help and in the manual */
	const struct opt *rows;	/* ends with name NULL; NULL = none */
	void *conf;		/* where values go; NULL: the set makes `size` octets */
	size_t size;
	bool file_only;		/* keys of the file that this command line has not */
	const char *of;		/* the command that brought it, for sentences; or NULL */
	bool unlisted;		/* taken on the command line, not shown in help */
};

/* Where each value came from is kept, for `config show`. */
enum opt_source { OPT_DEFAULT, OPT_FILE, OPT_COMMAND };

struct opts {
	struct opt_group *groups;
	unsigned count;
	void *own;	/* struct opt_own: sources, owned texts (opt_own.h) */
};

/* Sets every option to its default: 0 or -ENOMEM (then nothing is held). The
 * groups must outlive the set. Rows that contradict themselves or each other
 * (a default that its own row refuses, one spelling twice on a command line)
 * are a broken program. */
int opts_init(struct opts *o, struct opt_group *groups, unsigned count);
void opts_free(struct opts *o);	/* takes zeroed and half-made sets */

/* The conf struct of the group that has these rows, NULL when none has. */
void *opts_conf(const struct opts *o, const struct opt *rows);
/* Where the value of an option that exists came from. */
enum opt_source opts_source(const struct opts *o, const char *group, const char *name);

/* Sets one option of a group from text. On failure `why` (a buffer of OPT_WHY)
 * says what is wrong and what is allowed, as one clause: "'9q' is not a size;
 * write 1M to 64G". 0, OOPS_UNKNOWN, OOPS_TYPE, OOPS_RANGE or -ENOMEM. Foreign
 * text in `why` is cut, not escaped. text NULL: not set, as before any default;
 * only OPT_TEXT and numbers and ports without a default take it. */
#define OPT_WHY 300
int opts_set(struct opts *o, const char *group, const char *name, const char *text,
	     enum opt_source source, char why[OPT_WHY]);

/* The YAML file (libyaml): 0, or negative and `why` names file, line and what is
 * allowed ("vedette.yaml:12: unknown key 'tunel'; did you mean 'tunnel'?").
 * Bounded: OPT_FILE_MAX octets, nesting of two (and a list for OPT_PORTS), one
 * document, no aliases, anchors or tags, no key twice. An empty file is fine.
 * `db:` with nothing behind it is not set, where opts_set() takes NULL.
 * Options before the faulty one have been set. opts_parse() is the same for
 * text in memory (for tests and the fuzz target). */
#define OPT_FILE_MAX (1u << 20)
int opts_read(struct opts *o, const char *path, char why[OPT_WHY]);
int opts_parse(struct opts *o, const char *text, size_t n, const char *name,
	       char why[OPT_WHY]);

/* The command line after the command's name: argv[0..argc-1]. Options may stand
 * anywhere; "--" ends them; the others are moved to the front of argv and
 * counted in *rest ("-" is one of them). --name=value, --name value, -nVALUE,
 * -n VALUE, -ab for flags, --no-flag. Of two the last counts; but lists (and
 * ports) are put together, and what stands on the command line alone (cli_only)
 * is refused with two values, --config excepted: it is no habit of somebody's that is overridden.
 * A value that begins with "--" must be written with "=". An option with cli_only
 * type FLAG named "help" is set like any other. `--config FILE` is read first
 * wherever it stands, when a row of that name exists in "". */
int opts_command(struct opts *o, int argc, char **argv, int *rest, char why[OPT_WHY]);

struct buf;
/* The options for --help, at most `width` columns (40 at least). */
void opts_help(const struct opts *o, struct buf *out, int width);
/* The same as mdoc(7) lists, each with its title before. */
void opts_manual(const struct opts *o, struct buf *out);
/* All options that a file may hold, as YAML with comments and sources;
 * opts_parse() reads it back to the same values. */
void opts_show(const struct opts *o, struct buf *out);
/* Value as text, as it could be written in the file. */
void opt_value(const struct opt_group *g, const struct opt *row, struct buf *out);
/* What may be written: "1M to 64G", "low, medium or high", "true or false". */
void opt_allowed(const struct opt *row, struct buf *out);
/* The long spelling on the command line, without hyphens: "tunnel-min-bytes". */
void opt_spelling(const struct opt_group *g, const struct opt *row, struct buf *out);
