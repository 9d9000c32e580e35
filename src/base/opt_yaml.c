/* SPDX-License-Identifier: GPL-3.0-or-later */
/* opt_yaml.c - the file of options, by libyaml's event parser.
 *
 *   memory: 256M          STREAM DOCUMENT MAPPING  memory 256M
 *   tunnel:                                        tunnel MAPPING
 *     min-bytes: 4k                                  min-bytes 4k  END
 *   ports: [53, 5353]                              ports SEQUENCE 53 5353 END
 *
 * Events are taken one by one and whatever is not in that picture is refused at
 * once, with its line: so nothing nests, nothing is expanded, and a hostile file
 * costs no more than its octets. YAML's own types do not matter: a value is the
 * text that the option's type reads, quoted or not. */
#include "base/opt_own.h"
#include "base/buf.h"
#include "base/near.h"
#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>
#include <yaml.h>

struct reader {
	yaml_parser_t parser;
	yaml_event_t event;	/* the one at hand */
	struct opts *o;
	const char *name, *text;	/* of the file */
	size_t n;
	char *why;
	u32 *group_line;	/* where each group was, to find a second one */
};

/* "file:line: sentence"; gives code. */
static int fail(struct reader *r, u32 line, int code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
static int fail(struct reader *r, u32 line, int code, const char *format, ...)
{
	char inner[OPT_WHY];
	va_list args;

	va_start(args, format);
	vsnprintf(inner, sizeof inner, format, args);
	va_end(args);
	return opt_why(r->why, code, "%s:%u: %s", r->name, line, inner);
}

static u32 line_of(const struct reader *r)
{
	return (u32)r->event.start_mark.line + 1;
}

/* Encoding errors come with an offset only. */
static u32 line_at(const struct reader *r, size_t offset)
{
	u32 line = 1;

	for (size_t i = 0; i < offset && i < r->n; i++)
		line += r->text[i] == '\n';
	return line;
}

static int not_yaml(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	u32 line = (u32)p->problem_mark.line + 1;

	if (p->error == YAML_MEMORY_ERROR)
		return opt_why(r->why, -ENOMEM, "%s: %s", r->name, oops_text(-ENOMEM));
	if (p->error == YAML_READER_ERROR)
		return fail(r, line_at(r, p->problem_offset), OOPS_FORMAT,
			    N_("not UTF-8 text: %s (octet %zu)"), p->problem,
			    p->problem_offset);
	if (p->context)
		return fail(r, line, OOPS_FORMAT, "not YAML: %s %s", p->problem, p->context);
	return fail(r, line, OOPS_FORMAT, "not YAML: %s", p->problem);
}

static bool decorated(const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return e->data.scalar.anchor || e->data.scalar.tag;
	case YAML_MAPPING_START_EVENT:
		return e->data.mapping_start.anchor || e->data.mapping_start.tag;
	case YAML_SEQUENCE_START_EVENT:
		return e->data.sequence_start.anchor || e->data.sequence_start.tag;
	default:
		return e->type == YAML_ALIAS_EVENT;
	}
}

/* The next event: 0, or negative. The one before is gone. */
static int next(struct reader *r)
{
	yaml_event_delete(&r->event);
	if (!yaml_parser_parse(&r->parser, &r->event))
		return not_yaml(r);
	if (decorated(&r->event))
		return fail(r, line_of(r), OOPS_FORMAT,
			    N_("aliases (*), anchors (&) and tags (!) are not taken"));
	if (r->event.type == YAML_SCALAR_EVENT &&
	    strlen((const char *)r->event.data.scalar.value) != r->event.data.scalar.length)
		return fail(r, line_of(r), OOPS_FORMAT, N_("a NUL character inside a "
			"text"));
	return 0;
}

static const char *scalar(const struct reader *r)
{
	return (const char *)r->event.data.scalar.value;
}

/* `key:`, `key: ~` and `key: null`, not quoted: nothing. */
static bool scalar_is_null(const struct reader *r)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL" };

	for (size_t i = 0; i < COUNT(nulls); i++)
		if (strcmp(scalar(r), nulls[i]) == 0)
			return r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	return false;
}

/* ---- values ---- */

/* [53, 5353] as the text "53,5353". */
static int list_text(struct reader *r, struct buf *text)
{
	int rc;

	while ((rc = next(r)) == 0 && r->event.type == YAML_SCALAR_EVENT) {
		if (text->len)
			buf_byte(text, ',');
		buf_text(text, scalar(r));
	}
	if (rc < 0)
		return rc;
	if (r->event.type != YAML_SEQUENCE_END_EVENT)
		return fail(r, line_of(r), OOPS_TYPE, N_("a list holds plain values "
			"only"));
	return 0;
}

static int value_text(struct reader *r, const char *key, const struct opt *row,
		      struct buf *text)
{
	char quote[OPT_QUOTE];

	if (r->event.type == YAML_SCALAR_EVENT) {
		buf_text(text, scalar(r));
		return 0;
	}
	if (r->event.type == YAML_SEQUENCE_START_EVENT && row->type == OPT_PORTS)
		return list_text(r, text);
	return fail(r, line_of(r), OOPS_TYPE, N_("%s wants %s, not %s"),
		opt_quote(key, quote),
		    opt_kinds[row->type].noun,
		    r->event.type == YAML_SEQUENCE_START_EVENT ? N_("a list") :
								  N_("keys of its own"));
}

/* The value of group.key, whose first row is `at`. */
static int option(struct reader *r, struct opt_ref at, u32 line)
{
	const char *group = r->o->groups[at.group].name;
	const struct opt *row = opt_row(r->o, at);
	struct opt_slot *slot = opt_slot(r->o, at);
	struct buf text = { .limit = 2 * OPT_FILE_MAX };
	char inner[OPT_WHY];
	bool null;
	int rc;

	if (slot->line)
		return fail(r, line, OOPS_FORMAT, N_("'%s' is here twice; first in line "
			"%u"),
			    row->name, slot->line);
	if ((rc = next(r)) < 0)
		return rc;
	null = r->event.type == YAML_SCALAR_EVENT && scalar_is_null(r);
	rc = value_text(r, row->name, row, &text);
	if (rc == 0 && (rc = buf_error(&text)) < 0)
		fail(r, line, rc, "%s", oops_text(rc));
	else if (rc == 0 && (rc = opts_set(r->o, group, row->name,
					   null ? NULL : text.len ? text.at : "",
					   OPT_FILE, inner)) < 0)
		fail(r, line, rc, "%s%s%s: %s", group, *group ? "." : "", row->name, inner);
	buf_free(&text);
	if (rc == 0)
		slot->line = line;
	return rc;
}

/* ---- keys ---- */

static bool is_group(const struct opts *o, const char *name)
{
	for (unsigned i = 0; i < o->count && name[0]; i++)
		if (strcmp(o->groups[i].name, name) == 0)
			return true;
	return false;
}

/* "tunnel-min-bytes: 4k": spelled as on the command line. */
static int misplaced(struct reader *r, const char *key, u32 line)
{
	for (struct opt_ref at = { 0 }; opt_each(r->o, &at); at.row++) {
		const char *group = r->o->groups[at.group].name;
		const char *name = opt_row(r->o, at)->name;
		size_t n = strlen(group);

		if (n && strncmp(key, group, n) == 0 && key[n] == '-' &&
		    strcmp(key + n + 1, name) == 0)
			return fail(r, line, OOPS_UNKNOWN,
				    N_("unknown key '%s'; write '%s' below '%s:'"),
				    	key, name,
				    group);
	}
	return 0;
}

static int unknown(struct reader *r, const char *group, const char *key, u32 line)
{
	struct near near = near_to(key);
	struct opt_ref at = { 0 };
	char quote[OPT_QUOTE];
	int rc = *group ? 0 : misplaced(r, key, line);

	if (rc < 0)
		return rc;
	opt_quote(key, quote);
	if (opt_find(r->o, group, key, OPT_DEFAULT, &at))
		return fail(r, line, OOPS_UNKNOWN, N_("%s is for the command line only"),
			quote);
	for (at = (struct opt_ref){ 0 }; opt_each(r->o, &at); at.row++)
		if (strcmp(r->o->groups[at.group].name, group) == 0 &&
		    !opt_row(r->o, at)->cli_only)
			near_try(&near, opt_row(r->o, at)->name);
	for (unsigned i = 0; i < r->o->count && *group == 0; i++)
		near_try(&near, r->o->groups[i].name);
	if (near_best(&near))
		return fail(r, line, OOPS_UNKNOWN, N_("unknown key %s; did you mean "
			"'%s'?"),
			    quote, near_best(&near));
	return fail(r, line, OOPS_UNKNOWN, N_("unknown key %s%s%s%s"), quote,
		    *group ? " below '" : "", group, *group ? ":'" : "");
}

static int mapping(struct reader *r, const char *group);

/* The keys of a group; nothing there is no key. */
static int group_keys(struct reader *r, const char *key, u32 line)
{
	unsigned i = 0;
	int rc;

	while (strcmp(r->o->groups[i].name, key) != 0)
		i++;
	if (r->group_line[i])
		return fail(r, line, OOPS_FORMAT, N_("'%s' is here twice; first in line "
			"%u"), key,
			    r->group_line[i]);
	r->group_line[i] = line;
	if ((rc = next(r)) < 0)
		return rc;
	if (r->event.type == YAML_MAPPING_START_EVENT)
		return mapping(r, r->o->groups[i].name);
	if (r->event.type == YAML_SCALAR_EVENT && scalar_is_null(r))
		return 0;
	return fail(r, line_of(r), OOPS_TYPE,
		    N_("'%s' wants keys of its own, each on a line, indented"), key);
}

static int pair(struct reader *r, const char *group, const char *key, u32 line)
{
	struct opt_ref at = { 0 };

	if (opt_find(r->o, group, key, OPT_FILE, &at))
		return option(r, at, line);
	if (*group == 0 && is_group(r->o, key))
		return group_keys(r, key, line);
	return unknown(r, group, key, line);
}

/* Keys up to the end of the mapping; `group` "" is the top. */
static int mapping(struct reader *r, const char *group)
{
	int rc;

	while ((rc = next(r)) == 0 && r->event.type != YAML_MAPPING_END_EVENT) {
		u32 line = line_of(r);
		char *key;

		if (r->event.type != YAML_SCALAR_EVENT)
			return fail(r, line, OOPS_TYPE, N_("a key is one word"));
		if ((key = strdup(scalar(r))) == NULL)
			return fail(r, line, -ENOMEM, "%s", oops_text(-ENOMEM));
		rc = pair(r, group, key, line);
		free(key);
		if (rc < 0)
			return rc;
	}
	return rc;
}

/* ---- the file ---- */

static int content(struct reader *r)
{
	int rc = 0;

	if (r->event.type == YAML_MAPPING_START_EVENT)
		rc = mapping(r, "");
	else if (r->event.type != YAML_SCALAR_EVENT || !scalar_is_null(r))
		return fail(r, line_of(r), OOPS_TYPE,
			    N_("the file holds 'key: value' lines, nothing else"));
	if (rc == 0)
		rc = next(r);	/* the document's end */
	if (rc == 0)
		rc = next(r);
	if (rc == 0 && r->event.type != YAML_STREAM_END_EVENT)
		return fail(r, line_of(r), OOPS_FORMAT, N_("a second document is not "
			"taken"));
	return rc;
}

static int stream(struct reader *r)
{
	int rc = next(r);	/* the stream's start */

	if (rc == 0)
		rc = next(r);
	if (rc < 0 || r->event.type == YAML_STREAM_END_EVENT)
		return rc;
	rc = next(r);	/* behind the document's start */
	return rc < 0 ? rc : content(r);
}

/* Remembers the file's name for `config show` and forgets lines of another. */
static int begin(struct opts *o, const char *name)
{
	char *copy = strdup(name);

	if (copy == NULL)
		return -ENOMEM;
	free(opt_own(o)->file);
	opt_own(o)->file = copy;
	for (struct opt_ref at = { 0 }; opt_each(o, &at); at.row++)
		opt_slot(o, at)->line = 0;
	return 0;
}

int opts_parse(struct opts *o, const char *text, size_t n, const char *name,
	       char why[OPT_WHY])
{
	struct reader r = { .o = o, .name = name, .text = text, .n = n, .why = why };
	int rc = -ENOMEM;

	if (n > OPT_FILE_MAX)
		return opt_why(why, OOPS_LIMIT, "%s: larger than %u octets", name,
			       OPT_FILE_MAX);
	r.group_line = calloc(o->count + 1, sizeof *r.group_line);
	if (r.group_line == NULL || begin(o, name) < 0 || !yaml_parser_initialize(&r.parser)) {
		opt_why(why, rc, "%s: %s", name, oops_text(rc));
		goto out;
	}
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, n);
	rc = stream(&r);
	yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
out:
	free(r.group_line);
	return rc;
}

/* The whole file, one octet more than allowed at most: 0 or -errno. */
static int file_text(const char *path, struct buf *text)
{
	char part[4096];
	ssize_t n = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = 0;

	if (fd < 0)
		return -errno;
	while (text->len <= OPT_FILE_MAX && (n = read(fd, part, sizeof part)) != 0) {
		if (n > 0)
			buf_add(text, part, (size_t)n);
		else if (errno != EINTR)
			break;
	}
	if (n < 0)
		rc = -errno;
	close(fd);
	return rc < 0 ? rc : buf_error(text);
}

int opts_read(struct opts *o, const char *path, char why[OPT_WHY])
{
	struct buf text = { 0 };
	int rc = file_text(path, &text);

	if (rc < 0)
		opt_why(why, rc, "%s: %s", path, oops_text(rc));
	else
		rc = opts_parse(o, buf_str(&text), text.len, path, why);
	buf_free(&text);
	return rc;
}
