/* SPDX-License-Identifier: GPL-3.0-or-later */
/* opt_kind.c - what each type of option reads, writes and allows.
 *
 * A new type is a row of opt_kinds[] and its functions, and a line in enum
 * opt_type. Written texts are read back to the same value. */
#include "base/opt_own.h"
#include "base/buf.h"
#include "base/num.h"
#include "base/plain.h"

static u64 row_max(const struct opt *row)
{
	return row->max ? row->max : UINT64_MAX;
}

/* ---- flags ---- */

static int flag_read(const struct opt *row, const char *text, void *value)
{
	bool on = strcmp(text, "true") == 0;

	(void)row;
	if (!on && strcmp(text, "false") != 0)
		return OOPS_TYPE;
	memcpy(value, &on, sizeof on);
	return 0;
}

static void flag_write(const struct opt *row, const void *value, struct buf *out)
{
	(void)row;
	buf_text(out, *(const bool *)value ? "true" : "false");
}

static void flag_allowed(const struct opt *row, struct buf *out)
{
	(void)row;
	buf_text(out, N_("true or false"));
}

/* ---- counts, sizes, spans: a u64 with a range ---- */

typedef char *exact_fn(u64 v, char to[NUM_TEXT_MAX]);

static char *count_exact(u64 v, char to[NUM_TEXT_MAX])
{
	snprintf(to, NUM_TEXT_MAX, "%llu", (unsigned long long)v);
	return to;
}

static int count_read(const struct opt *row, const char *text, void *value)
{
	return num_u64(text, row->min, row_max(row), value);
}

static int size_read(const struct opt *row, const char *text, void *value)
{
	return num_size(text, row->min, row_max(row), value);
}

static int span_read(const struct opt *row, const char *text, void *value)
{
	return num_span(text, row->min, row_max(row), value);
}

/* A row without a default, not set: its 0 is no number of the range. */
static bool is_unset(const struct opt *row, bool zero)
{
	return zero && row->def == NULL && row->min > 0;
}

static void exact_write(const struct opt *row, u64 v, exact_fn *exact, struct buf *out)
{
	char text[NUM_TEXT_MAX];

	buf_text(out, is_unset(row, v == 0) ? "null" : exact(v, text));
}

static void count_write(const struct opt *row, const void *value, struct buf *out)
{
	exact_write(row, *(const u64 *)value, count_exact, out);
}

static void size_write(const struct opt *row, const void *value, struct buf *out)
{
	exact_write(row, *(const u64 *)value, num_size_exact, out);
}

static void span_write(const struct opt *row, const void *value, struct buf *out)
{
	exact_write(row, *(const u64 *)value, num_span_exact, out);
}

static void range(const struct opt *row, exact_fn *exact, struct buf *out)
{
	char text[NUM_TEXT_MAX], most[NUM_TEXT_MAX];

	if (row->max)
		buf_fmt(out, C_("range", "%s to %s"), exact(row->min, text),
			exact(row->max, most));
	else
		buf_fmt(out, C_("range", "%s or more"), exact(row->min, text));
}

static void count_allowed(const struct opt *row, struct buf *out)
{
	range(row, count_exact, out);
}

static void size_allowed(const struct opt *row, struct buf *out)
{
	range(row, num_size_exact, out);
}

static void span_allowed(const struct opt *row, struct buf *out)
{
	range(row, num_span_exact, out);
}

/* ---- ratios ---- */

static int ratio_read(const struct opt *row, const char *text, void *value)
{
	return num_ratio(text, (double)row->min / 1000, (double)row_max(row) / 1000, value);
}

static void ratio_write(const struct opt *row, const void *value, struct buf *out)
{
	char text[NUM_TEXT_MAX];
	double v = *(const double *)value;

	buf_text(out, is_unset(row, v == 0) ? "null" : num_ratio_exact(v, text));
}

static void ratio_allowed(const struct opt *row, struct buf *out)
{
	char text[NUM_TEXT_MAX], most[NUM_TEXT_MAX];

	num_ratio_exact((double)row->min / 1000, text);
	if (row->max)
		buf_fmt(out, C_("range", "%s to %s"), text,
			num_ratio_exact((double)row->max / 1000, most));
	else
		buf_fmt(out, C_("range", "%s or more"), text);
}

/* ---- texts: the value is a view of what the set owns ---- */

static int text_read(const struct opt *row, const char *text, void *value)
{
	size_t n = strlen(text);

	if (n > OPT_TEXT_MAX || (n == 0 && row->some))
		return OOPS_RANGE;
	if (!plain_is_utf8(text, n))
		return OOPS_TYPE;
	if (n == 0)
		text = NULL;
	memcpy(value, &text, sizeof text);
	return 0;
}

/* Words that a reader of YAML 1.1 or 1.2 may take for something else. */
static bool text_is_word(const char *text)
{
	static const char *const taken[] = {
		"null", "true", "false", "yes", "no", "on", "off", "y", "n",
	};
	static const char marks[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/.+@%-";
	size_t rest = strspn(text, marks);

	if (text[rest] || strchr("0123456789.+@%-", text[0]))
		return false;
	for (size_t i = 0; i < COUNT(taken); i++)
		if (strcasecmp(text, taken[i]) == 0)
			return false;
	return true;
}

/* A double-quoted YAML scalar; the text is valid UTF-8. */
static void text_quoted(const char *text, struct buf *out)
{
	size_t n = strlen(text), len;

	buf_byte(out, '"');
	for (size_t at = 0; at < n; at += len) {
		u32 c = 0;

		len = plain_utf8(text + at, n - at, &c);
		must(len > 0);
		if (c == '"' || c == '\\')
			buf_fmt(out, "\\%c", (int)c);
		else if (plain_shows(c))
			buf_add(out, text + at, len);
		else
			buf_fmt(out, c < 0x100 ? "\\x%02X" : c < 0x10000 ? "\\u%04X" : "\\U%08X",
				(unsigned)c);
	}
	buf_byte(out, '"');
}

static void text_write(const struct opt *row, const void *value, struct buf *out)
{
	const char *text = *(const char *const *)value;

	(void)row;
	if (text == NULL)
		buf_text(out, "null");
	else if (text_is_word(text))
		buf_text(out, text);
	else
		text_quoted(text, out);
}

static void text_allowed(const struct opt *row, struct buf *out)
{
	(void)row;
	buf_fmt(out, _("UTF-8 text of at most %d octets"), OPT_TEXT_MAX);
}

/* ---- choices ---- */

static int choice_read(const struct opt *row, const char *text, void *value)
{
	for (int i = 0; row->choices[i]; i++)
		if (strcmp(text, row->choices[i]) == 0) {
			memcpy(value, &i, sizeof i);
			return 0;
		}
	return OOPS_TYPE;
}

static void choice_write(const struct opt *row, const void *value, struct buf *out)
{
	const char *text = row->choices[*(const int *)value];

	text_write(row, &text, out);
}

/* An empty choice, the first, is that nothing was said: nobody types it. */
static void choice_allowed(const struct opt *row, struct buf *out)
{
	const int first = row->choices[0] && row->choices[0][0] == 0;

	for (int i = first; row->choices[i]; i++) {
		if (i > first)
			buf_text(out, row->choices[i + 1] ? ", " : C_("choices", " or "));
		buf_text(out, row->choices[i]);
	}
}

/* ---- ports ---- */

static bool ports_have(const struct opt_ports *ports, u16 port)
{
	for (unsigned i = 0; i < ports->count; i++)
		if (ports->at[i] == port)
			return true;
	return false;
}

static int ports_read(const struct opt *row, const char *text, void *value)
{
	struct opt_ports ports = { 0 };
	char one[8];
	u64 port;

	(void)row;
	for (const char *end;; text = end + 1) {
		end = strchrnul(text, ',');
		if ((size_t)(end - text) >= sizeof one)
			return OOPS_TYPE;
		memcpy(one, text, (size_t)(end - text));
		one[end - text] = 0;
		int rc = num_u64(one, 1, 65535, &port);

		if (rc < 0)
			return rc;
		if (!ports_have(&ports, (u16)port)) {
			if (ports.count == OPT_PORTS_MAX)
				return OOPS_RANGE;
			ports.at[ports.count++] = (u16)port;
		}
		if (*end == 0)
			break;
	}
	memcpy(value, &ports, sizeof ports);
	return 0;
}

static void ports_write(const struct opt *row, const void *value, struct buf *out)
{
	const struct opt_ports *ports = value;

	(void)row;
	if (ports->count == 0)
		buf_text(out, "null");
	for (unsigned i = 0; i < ports->count; i++)
		buf_fmt(out, "%s%u", i ? "," : "", ports->at[i]);
}

static void ports_allowed(const struct opt *row, struct buf *out)
{
	(void)row;
	buf_fmt(out, _("up to %d ports from 1 to 65535, as in 53,5353"), OPT_PORTS_MAX);
}

const struct opt_kind opt_kinds[] = {
	[OPT_FLAG] = { N_("a flag"),
		"", sizeof(bool), flag_read, flag_write, flag_allowed },
	[OPT_COUNT] = { N_("a whole number"), "N", sizeof(u64), count_read, count_write,
			count_allowed },
	[OPT_SIZE] = { N_("a size"),
		"SIZE", sizeof(u64), size_read, size_write, size_allowed },
	[OPT_SPAN] = { N_("a time span"), "TIME", sizeof(u64), span_read, span_write,
		       span_allowed },
	[OPT_RATIO] = { N_("a ratio"), "RATIO", sizeof(double), ratio_read, ratio_write,
			ratio_allowed },
	[OPT_TEXT] = { N_("a text"), "TEXT", sizeof(char *), text_read, text_write,
		       text_allowed },
	[OPT_CHOICE] = { N_("one of the choices"), "WORD", sizeof(int), choice_read,
			 choice_write, choice_allowed },
	[OPT_PORTS] = { N_("a list of ports"),
		"PORT,...", sizeof(struct opt_ports), ports_read,
			ports_write, ports_allowed },
};
_Static_assert(sizeof(struct opt_ports) <= OPT_VALUE_MAX, "values fit");

void opt_value(const struct opt_group *g, const struct opt *row, struct buf *out)
{
	opt_kinds[row->type].write(row, opt_at(g, row), out);
}

void opt_allowed(const struct opt *row, struct buf *out)
{
	opt_kinds[row->type].allowed(row, out);
}
