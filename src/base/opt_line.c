/* SPDX-License-Identifier: GPL-3.0-or-later */
/* opt_line.c - the command line.
 *
 * One walker reads the words; it is run twice: first for --config alone, so that
 * the file is read before any other option is set, then for all.
 *
 *   "--memory" "256M" "-o" "x" "a.pcap" "--" "-b"
 *    word       value                   ends options
 *
 * Words that are no options are gathered at the front of argv, in their order. */
#include "base/opt_own.h"
#include "base/buf.h"
#include "base/near.h"

struct line {
	const struct opts *o;
	char *const *argv;
	int argc, i;
	const char *letters;	/* the rest of "-abc", or NULL */
	bool over;		/* "--" was there */
	char *why;
};

/* What the walker found: an option with its text, or another word. */
struct hit {
	struct opt_ref at;
	const char *text;
	char *word;	/* not an option */
};

static bool spelled(const struct opts *o, struct opt_ref at, const char *word, size_t n)
{
	const char *group = o->groups[at.group].name, *name = opt_row(o, at)->name,
		*was = opt_row(o, at)->was;
	size_t g = strlen(group);

	if (g) {
		if (n <= g || memcmp(word, group, g) != 0 || word[g] != '-')
			return false;
		word += g + 1;
		n -= g + 1;
	}
	return (strlen(name) == n && memcmp(name, word, n) == 0) ||
	       (was && strlen(was) == n && memcmp(was, word, n) == 0);
}

static bool find_long(const struct opts *o, const char *word, size_t n,
		      struct opt_ref *at)
{
	for (*at = (struct opt_ref){ 0 }; opt_each(o, at); at->row++)
		if (opt_on_line(o, *at) && spelled(o, *at, word, n))
			return true;
	return false;
}

static bool find_letter(const struct opts *o, char letter, struct opt_ref *at)
{
	for (*at = (struct opt_ref){ 0 }; opt_each(o, at); at->row++)
		if (opt_on_line(o, *at) && opt_row(o, *at)->letter == letter)
			return true;
	return false;
}

/* "no-json": the flag json. */
static bool find_negated(const struct opts *o, const char *word, size_t n,
			 struct opt_ref *at)
{
	return n > 3 && strncmp(word, "no-", 3) == 0 &&
	       find_long(o, word + 3, n - 3, at) && opt_row(o, *at)->type == OPT_FLAG;
}

/* True for one that other commands have; their names to whose[], "" when they have none. */
static bool is_of_another(const struct opts *o, const char *word, size_t n, struct buf *whose)
{
	bool is = false;

	for (struct opt_ref at = { 0 }; opt_each(o, &at); at.row++) {
		const char *of = o->groups[at.group].of;

		if (opt_on_line(o, at) || !spelled(o, at, word, n))
			continue;
		is = true;
		if (of)
			buf_fmt(whose, "%s%s", whose->len ? ", " : "", of);
	}
	return is;
}

static int of_another(const struct line *l, const char *name, const struct buf *whose)
{
	if (whose->len == 0)
		return opt_why(l->why, OOPS_UNKNOWN, "--%s is an option of another command",
			       name);
	return opt_why(l->why, OOPS_UNKNOWN, "--%s is an option of another command: %s", name,
		       buf_str(whose));
}

static int unknown(const struct line *l, const char *word, size_t n)
{
	char name[NEAR_MAX + 1], quote[OPT_QUOTE];
	struct buf one = { 0 };
	struct near near;

	snprintf(name, sizeof name, "%.*s", (int)n, word);
	near = near_to(name);
	if (is_of_another(l->o, word, n, &one)) {
		int rc = of_another(l, name, &one);

		buf_free(&one);
		return rc;
	}
	for (struct opt_ref at = { 0 }; opt_each(l->o, &at); at.row++) {
		if (!opt_on_line(l->o, at) || l->o->groups[at.group].unlisted)
			continue;
		buf_clear(&one);
		opt_spelling(&l->o->groups[at.group], opt_row(l->o, at), &one);
		near_try(&near, buf_str(&one));
	}
	buf_free(&one);
	opt_quote(l->argv[l->i], quote);
	if (near_best(&near))
		return opt_why(l->why, OOPS_UNKNOWN, "unknown option %s; did you mean '--%s'?",
			       quote, near_best(&near));
	return opt_why(l->why, OOPS_UNKNOWN, "unknown option %s; --help lists what there is",
		       quote);
}

/* The value in the next word. One that looks like an option is more likely a
 * forgotten value; "--name=--value" says that it is meant. */
static int value_next(struct line *l, const struct opt *row, const char *word,
		      struct hit *hit)
{
	const char *next = l->i + 1 < l->argc ? l->argv[l->i + 1] : "--";

	if (strncmp(next, "--", 2) == 0) {
		const char *arg = row->arg ? row->arg : opt_kinds[row->type].plain;

		return opt_why(l->why, OOPS_TYPE, "%s needs a value: %s %s", word, word, arg);
	}
	l->i++;
	hit->text = next;
	return 1;
}

static int long_next(struct line *l, struct hit *hit)
{
	const char *word = l->argv[l->i] + 2, *equals = strchr(word, '=');
	size_t n = equals ? (size_t)(equals - word) : strlen(word);
	const struct opt *row;

	if (!find_long(l->o, word, n, &hit->at)) {
		if (!find_negated(l->o, word, n, &hit->at))
			return unknown(l, word, n);
		hit->text = "false";
	}
	row = opt_row(l->o, hit->at);
	if (row->type == OPT_FLAG) {
		if (equals)
			return opt_why(l->why, OOPS_TYPE, "--%.*s takes no value", (int)n,
				       word);
		hit->text = hit->text ? hit->text : "true";
		return 1;
	}
	if (equals) {
		hit->text = equals + 1;
		return 1;
	}
	return value_next(l, row, l->argv[l->i], hit);
}

static int letter_next(struct line *l, struct hit *hit)
{
	char word[3] = { '-', *l->letters++, 0 };

	if (!find_letter(l->o, word[1], &hit->at)) {
		char quote[OPT_QUOTE];

		return opt_why(l->why, OOPS_UNKNOWN, "unknown option -%c in %s; --help lists what "
			       "there is", word[1], opt_quote(l->argv[l->i], quote));
	}
	if (opt_row(l->o, hit->at)->type == OPT_FLAG) {
		hit->text = "true";
		return 1;
	}
	hit->text = *l->letters ? l->letters : NULL;
	l->letters = "";
	return hit->text ? 1 : value_next(l, opt_row(l->o, hit->at), word, hit);
}

/* The next option or word: 1, 0 at the end, negative and `why` is written. */
static int line_next(struct line *l, struct hit *hit)
{
	*hit = (struct hit){ 0 };
	if (l->letters && *l->letters)
		return letter_next(l, hit);
	l->letters = NULL;
	if (++l->i >= l->argc)
		return 0;
	hit->word = l->argv[l->i];
	if (!l->over && strcmp(hit->word, "--") == 0) {
		l->over = true;
		return line_next(l, hit);
	}
	if (l->over || hit->word[0] != '-' || hit->word[1] == 0)
		return 1;
	if (hit->word[1] == '-') {
		hit->word = NULL;
		return long_next(l, hit);
	}
	l->letters = hit->word + 1;
	hit->word = NULL;
	return letter_next(l, hit);
}

static bool is_config(const struct opts *o, struct opt_ref at)
{
	const struct opt *row = opt_row(o, at);

	return o->groups[at.group].name[0] == 0 && row->type == OPT_TEXT &&
	       strcmp(row->name, "config") == 0;
}

/* What the command line said of an option before; NULL: nothing. */
static const char *said_before(const struct opts *o, struct opt_ref at, struct buf *to)
{
	if (opt_slot(o, at)->source != OPT_COMMAND)
		return NULL;
	opt_value(&o->groups[at.group], opt_row(o, at), to);
	return buf_str(to);
}

/* An option that is said once more: lists grow; of one that makes sense on a command line
 * alone somebody means both, and only one can be had. Else the last counts: an alias may hold
 * the first. */
static int set_again(struct opts *o, const struct hit *hit, char why[OPT_WHY])
{
	const struct opt *row = opt_row(o, hit->at);
	struct buf was = { 0 };
	const char *text = hit->text, *before = said_before(o, hit->at, &was);
	int rc = 0;

	if (before && *before && text && *text && (row->list || row->type == OPT_PORTS)) {
		buf_fmt(&was, ",%s", text);
		text = buf_str(&was);
	} else if (before && text && row->cli_only && row->type != OPT_FLAG &&
		   !is_config(o, hit->at) && strcmp(before, text)) {
		rc = opt_why(why, OOPS_TYPE, "it was given before, and takes one value");
	}
	if (rc == 0)
		rc = buf_error(&was) ? opt_why(why, -ENOMEM, "%s", oops_text(-ENOMEM))
		   : opts_set(o, o->groups[hit->at.group].name, row->name, text, OPT_COMMAND, why);
	buf_free(&was);
	return rc;
}

static int set(struct opts *o, const struct hit *hit, char why[OPT_WHY])
{
	const struct opt_group *g = &o->groups[hit->at.group];
	const struct opt *row = opt_row(o, hit->at);
	char inner[OPT_WHY];
	struct buf name = { 0 };
	int rc = set_again(o, hit, inner);

	if (rc < 0) {
		opt_spelling(g, row, &name);
		opt_why(why, rc, "--%s: %s", buf_str(&name), inner);
		buf_free(&name);
	}
	return rc;
}

/* The file named last; "" as well as none means none. */
static int read_config(struct opts *o, struct line l)
{
	const char *path = NULL;
	struct hit hit;
	int rc;

	while ((rc = line_next(&l, &hit)) > 0)
		if (hit.word == NULL && is_config(o, hit.at))
			path = hit.text;
	if (rc < 0)
		return rc;
	return path && *path ? opts_read(o, path, l.why) : 0;
}

int opts_command(struct opts *o, int argc, char **argv, int *rest, char why[OPT_WHY])
{
	struct line l = { .o = o, .argv = argv, .argc = argc, .i = -1, .why = why };
	struct hit hit;
	int rc = read_config(o, l), words = 0;

	if (rc < 0)
		return rc;
	while ((rc = line_next(&l, &hit)) > 0) {
		if (hit.word)
			argv[words++] = hit.word;
		else if ((rc = set(o, &hit, why)) < 0)
			return rc;
	}
	if (rc == 0)
		*rest = words;
	return rc;
}
