/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_csv_row.c - the text of a table: rows, cells, and what parts them.
 *
 * Quotes begin a cell (RFC 4180, 2.5) or are octets, as people write them. What parts the
 * cells is told by the first row, if it is a header, since texts below it are full of commas and
 * semicolons themselves; else it is what stands most often in the first twenty rows. */
#include "share/exchange_csv.h"

#define HEAD_MOST 65536u	/* octets of a header */

static void end_cell(struct csv_row *r, size_t *from)
{
	buf_byte(&r->text, 0);
	if (r->count < CSV_COLUMNS_MAX && r->text.len - *from <= CSV_CELL_MAX)
		r->at[r->count++] = *from;
	else
		r->cut = true;
	*from = r->text.len;
}

const char *csv_row_read(struct csv_row *r, const char *p, const char *end, char separator)
{
	size_t from = 0;
	bool quoted = false, begin = true;

	buf_clear(&r->text);
	r->count = 0;
	r->cut = false;
	for (; p < end; p++) {
		if (quoted && *p == '"' && p + 1 < end && p[1] == '"') {
			buf_byte(&r->text, (u8)*p++);
		} else if (*p == '"' && (quoted || begin)) {
			if (begin)
				r->text.len = from;	/* blanks before it */
			quoted = !quoted;
			begin = false;
		} else if (!quoted && *p == separator) {
			end_cell(r, &from);
			begin = true;
		} else if (!quoted && (*p == '\n' || (*p == '\r' && p + 1 < end &&
						      p[1] == '\n'))) {
			p += *p == '\r' ? 2 : 1;
			end_cell(r, &from);
			return p;
		} else if (*p == 0) {
			r->cut = true;
		} else {
			buf_byte(&r->text, (u8)*p);
			begin = begin && *p == ' ';
		}
	}
	end_cell(r, &from);
	return p;
}

const char *csv_name(const char *text, char to[64])
{
	size_t n;

	text += strspn(text, " \t#;\"\xef\xbb\xbf");
	n = strcspn(text, "\"");
	while (n && strchr(" \t", text[n - 1]))
		n--;
	if (n > 63)
		n = 63;
	memcpy(to, text, n);
	to[n] = 0;
	return to;
}

bool csv_remark(const char *p, const char *end)
{
	return p < end && (*p == '#' || *p == ';' || *p == '\n' || *p == '\r');
}

const char *csv_past_remarks(const char *p, const char *end, const char **last)
{
	const char *next;

	for (; csv_remark(p, end); p = next) {
		next = memchr(p, '\n', (size_t)(end - p));
		next = next ? next + 1 : end;
		if (last && next - p > 2)
			*last = p;
	}
	return p;
}

#define SEPARATORS ",;\t|"

/* The one by which the first row is a header with two names that we know or more; 0: none. */
static char separator_named(const char *p, const char *end, csv_known_fn *is_known)
{
	struct csv_row row = { 0 };
	unsigned most = 1;
	char best = 0, name[64];

	for (const char *mark = SEPARATORS; *mark; mark++) {
		unsigned known = 0;

		csv_row_read(&row, p, end, *mark);
		for (unsigned i = 0; i < row.count; i++)
			known += is_known(csv_name(csv_row_cell(&row, i), name));
		if (known > most) {
			most = known;
			best = *mark;
		}
	}
	buf_free(&row.text);
	return best;
}

/* The one that stands most often in the first rows, outside of quotes. */
static char separator_counted(const char *p, const char *end)
{
	size_t best = 0, count[sizeof SEPARATORS] = { 0 };
	const char *stop;

	for (unsigned lines = 0; p < end && lines < 20; p = stop + 1) {
		bool quoted = false;

		stop = memchr(p, '\n', (size_t)(end - p));
		stop = stop ? stop : end;
		if (*p == '#' || p == stop)
			continue;
		for (lines++; p < stop; p++) {
			quoted ^= *p == '"';
			for (size_t i = 0; !quoted && SEPARATORS[i]; i++)
				count[i] += *p == SEPARATORS[i];
		}
	}
	for (size_t i = 0; SEPARATORS[i]; i++)
		if (count[i] > count[best])
			best = i;
	return SEPARATORS[best];
}

char csv_separator(const char *p, const char *end, csv_known_fn *is_known)
{
	const char *head = csv_past_remarks(p, end, NULL);
	size_t left = (size_t)(end - head);
	char named = separator_named(head, head + (left < HEAD_MOST ? left : HEAD_MOST), is_known);

	return named ? named : separator_counted(p, end);
}
