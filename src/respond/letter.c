/* SPDX-License-Identifier: GPL-3.0-or-later */
/* letter.c - filling a letter; see letter.h. One reader walks the text; what lies in a part
 * that is not taken is walked too, muted, so that its names are looked up all the same. */
#include "respond/letter.h"
#include "model/utf8.h"

struct filling {
	const struct letter_data *data;
	const char *at, *end, *begin;
	struct buf *out;
	const struct letter_list *list;	/* the one that is being gone through, or NULL */
	size_t row;
	char *why;
};

static int wrong(struct filling *f, int error, const char *what, const char *name, size_t n)
{
	unsigned line = 1;

	for (const char *p = f->begin; p < f->at; p++)
		line += *p == '\n';
	snprintf(f->why, LETTER_WHY, "line %u: %s%s%.*s%s", line, what, n ? " '" : "",
		 (int)min_u64(n, 60), name, n ? "'" : "");
	return error;
}

static bool same(const char *name, const char *text, size_t n)
{
	return strlen(name) == n && memcmp(name, text, n) == 0;
}

/* The text of a name: NULL when there is none of that name. */
static const char *look_up(const struct filling *f, const char *name, size_t n)
{
	size_t width = 0;

	for (const struct letter_word *w = f->data->words; w->name; w++)
		if (same(w->name, name, n))
			return w->text ? w->text : "";
	if (f->list == NULL)
		return NULL;
	while (f->list->names[width])
		width++;
	for (size_t i = 0; i < width; i++)
		if (same(f->list->names[i], name, n)) {
			const char *cell = f->row < f->list->rows
				? f->list->cells[f->row * width + i] : "";

			return cell ? cell : "";
		}
	return NULL;
}

/* Foreign text, line by line. */
static void put(struct buf *out, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");
		char *line = strndup(text, n);

		if (line == NULL) {
			out->error = -ENOMEM;
			return;
		}
		utf8_show(out, line, 0);
		free(line);
		text += n;
		if (*text)
			buf_byte(out, (u8)*text++);
	}
}

enum ended { AT_END, AT_ELSE, AT_TEXT_END };
static int block(struct filling *f, bool mute, unsigned depth, enum ended *ended);

/* {if name}: its first part is read, then perhaps a second. */
static int conditional(struct filling *f, const char *name, size_t n, bool mute,
		       unsigned depth)
{
	const char *text = look_up(f, name, n);
	enum ended ended;
	int rc;

	if (text == NULL)
		return wrong(f, OOPS_UNKNOWN, N_("there is nothing called"), name, n);
	rc = block(f, mute || text[0] == 0, depth + 1, &ended);
	if (rc == 0 && ended == AT_ELSE)
		rc = block(f, mute || text[0] != 0, depth + 1, &ended);
	if (rc == 0 && ended != AT_END)
		return wrong(f, OOPS_FORMAT, ended == AT_ELSE ? N_("a second {else}")
			     : N_("an {end} is missing"), "", 0);
	return rc;
}

static int each(struct filling *f, const char *name, size_t n, bool mute, unsigned depth)
{
	const struct letter_list *l = f->data->lists;
	const char *begin = f->at;
	enum ended ended = AT_END;
	int rc = 0;

	while (l->name && !same(l->name, name, n))
		l++;
	if (l->name == NULL)
		return wrong(f, OOPS_UNKNOWN, N_("there is no list called"), name, n);
	if (f->list)
		return wrong(f, OOPS_FORMAT, N_("a list in a list"), "", 0);
	f->list = l;
	f->row = 0;
	do {
		f->at = begin;
		rc = block(f, mute || l->rows == 0, depth + 1, &ended);
		if (buf_error(f->out))
			rc = buf_error(f->out);
	} while (rc == 0 && ended == AT_END && !mute && ++f->row < l->rows);
	f->list = NULL;
	if (rc == 0 && ended != AT_END)
		return wrong(f, OOPS_FORMAT, ended == AT_ELSE ? N_("{else} in a list")
			     : N_("an {end} is missing"), "", 0);
	return rc;
}

/* A tag alone on its line takes the line with it: `open` is where its brace was. */
static void take_line(struct filling *f, const char *open)
{
	if ((open == f->begin || open[-1] == '\n') && f->at < f->end && *f->at == '\n')
		f->at++;
}

/* What is between the braces: *ended is set when the block ends with it. */
static int tag(struct filling *f, bool mute, unsigned depth, enum ended *ended)
{
	const char *open = f->at - 1, *name = f->at;
	const char *close = memchr(f->at, '}', (size_t)(f->end - f->at));
	size_t n = close ? (size_t)(close - name) : 0;
	const char *text;

	if (close == NULL || n > 60 || memchr(name, '\n', n))
		return wrong(f, OOPS_FORMAT, N_("a brace that is not closed; {{ is a "
			"brace"), "", 0);
	f->at = close + 1;
	*ended = AT_TEXT_END;
	if (same("end", name, n) || same("else", name, n)) {
		*ended = n == 3 ? AT_END : AT_ELSE;
		take_line(f, open);
		return depth ? 0 : wrong(f, OOPS_FORMAT, N_("what does this end?"),
			name, n);
	}
	if (n > 3 && memcmp(name, "if ", 3) == 0) {
		take_line(f, open);
		return conditional(f, name + 3, n - 3, mute, depth);
	}
	if (n > 5 && memcmp(name, "each ", 5) == 0) {
		take_line(f, open);
		return each(f, name + 5, n - 5, mute, depth);
	}
	if ((text = look_up(f, name, n)) == NULL)
		return wrong(f, OOPS_UNKNOWN, N_("there is nothing called"), name, n);
	if (!mute)
		put(f->out, text);
	return 0;
}

static int block(struct filling *f, bool mute, unsigned depth, enum ended *ended)
{
	if (depth > LETTER_DEPTH_MAX)
		return wrong(f, OOPS_LIMIT, N_("too many tags in tags"), "", 0);
	*ended = AT_TEXT_END;
	while (f->at < f->end) {
		char c = *f->at++;
		int rc;

		if (c == '{' && f->at < f->end && *f->at == '{') {
			f->at++;
		} else if (c == '{') {
			rc = tag(f, mute, depth, ended);
			if (rc || *ended != AT_TEXT_END)
				return rc;
			continue;
		}
		if (!mute)
			buf_byte(f->out, (u8)c);
	}
	return 0;
}

/* Fills begin..end into out. */
static int fill(struct filling *f, const char *from, const char *end, struct buf *out)
{
	enum ended ended;
	int rc;

	f->at = from;
	f->end = end;
	f->out = out;
	rc = block(f, false, 0, &ended);
	if (rc == 0 && buf_error(out))
		return wrong(f, buf_error(out), buf_error(out) == OOPS_LIMIT ? N_("it "
			     "grows beyond all "
			     "bounds") : N_("there is no memory left"), "", 0);
	return rc;
}

static bool letter_text_good(const char *text, size_t n)
{
	u32 c;

	for (size_t at = 0; at < n;) {
		unsigned took = utf8_next(text + at, n - at, &c);

		if (c == UTF8_BAD || (utf8_hidden(c) && c != '\n' && c != '\t'))
			return false;
		at += took;
	}
	return true;
}

int letter_fill(const char *text, size_t n, const struct letter_data *data,
		struct buf *title, struct buf *body, char why[LETTER_WHY])
{
	struct filling f = { .data = data, .begin = text, .at = text, .why = why };
	const char *line = memchr(text, '\n', n);
	struct buf raw = { .limit = LETTER_FILLED_MAX };
	size_t had = body->limit;
	int rc;

	if (n > LETTER_OCTETS_MAX)
		return wrong(&f, OOPS_LIMIT, N_("it is too long"), "", 0);
	if (line == NULL || n < 9 || memcmp(text, "Subject: ", 9) || line + 1 >= text + n ||
	    line[1] != '\n')
		return wrong(&f, OOPS_FORMAT, N_("a letter begins with 'Subject: ...' "
			     "and an empty line"), "", 0);
	if (!letter_text_good(text, n))
		return wrong(&f, OOPS_FORMAT, N_("it is no UTF-8 text"), "", 0);
	rc = fill(&f, text + 9, line, &raw);
	if (rc == 0) {
		for (size_t i = 0; i < raw.len; i++)
			raw.at[i] = raw.at[i] == '\n' || raw.at[i] == '\t' ? ' ' : raw.at[i];
		utf8_show(title, buf_str(&raw), LETTER_TITLE_MAX);
	}
	buf_free(&raw);
	body->limit = LETTER_FILLED_MAX;
	if (rc == 0)
		rc = fill(&f, line + 2, text + n, body);
	body->limit = had;
	return rc;
}
