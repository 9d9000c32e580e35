/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_csv.c - items as a table: RFC 4180, a header row, every field a column.
 *
 *   id,kind,subject_kind,subject,...
 *   9f..,indicator,domain,bad.example,...
 *
 * People open such files with spreadsheets, and those run what begins with = + - @ or a
 * tab. Such a cell, and one that begins with an apostrophe, is written with an apostrophe
 * before it, which a spreadsheet takes for "this is text", and which is taken off again
 * when it is read.
 *
 * Read are also tables of others: with --csv-columns subject=indicator,abuse=type (or
 * subject=4: the fourth column), else by the names that their columns have, else, without a
 * header, by what stands in the cells (a column of addresses, names or URLs is the subject,
 * one of times when it was seen). Commas, semicolons, tabs and bars part the cells. A line
 * that begins with # or ; before the header is a remark; the last of them may be the
 * header. Dates like 21/11/2026 are read when the table shows somewhere which part is the day,
 * and else left out with a sentence: never guessed. */
#include "share/exchange_csv.h"
#include "share/exchange.h"
#include "share/rest.h"
#include "share/rows.h"
#include "base/stamp.h"
#include <strings.h>

struct csv_conf { const char *columns, *separator; };
#define AT(m) offsetof(struct csv_conf, m)
static const struct opt rows[] = {
	{ .name = "columns", .type = OPT_TEXT, .at = AT(columns), .arg = "FIELD=COLUMN,...",
	  .help = N_("which column holds which field: subject=indicator,first_seen=3") },
	{ .name = "separator", .type = OPT_TEXT, .at = AT(separator), .arg = "CHAR",
	  .help = N_("what parts the cells; guessed when not said") },
	{ .name = NULL }
};

/* ---- writing ---- */

static void put_cell(struct buf *out, const char *text)
{
	bool quoted = strpbrk(text, ",\"\r\n") != NULL;

	if (quoted)
		buf_byte(out, '"');
	if (text[0] && strchr("=+-@\t\r'", text[0]))
		buf_byte(out, '\'');
	for (; *text; text++) {
		if (*text == '"')
			buf_byte(out, '"');
		buf_byte(out, (u8)*text);
	}
	if (quoted)
		buf_byte(out, '"');
}

static void put_row(struct buf *out, const struct item *i)
{
	struct buf cell = { 0 };

	for (const struct field *f = item_fields; f->name; f++) {
		buf_clear(&cell);
		item_text(&cell, i, f);
		if (f > item_fields)
			buf_byte(out, ',');
		put_cell(out, buf_str(&cell));
		if (buf_error(&cell))
			out->error = buf_error(&cell);
	}
	buf_text(out, "\r\n");
	buf_free(&cell);
}

static int csv_write(struct buf *out, const struct exchange_write *w, char why[EXCHANGE_WHY])
{
	(void)why;
	for (const struct field *f = item_fields; f->name; f++)
		buf_fmt(out, "%s%s", f > item_fields ? "," : "", f->name);
	buf_text(out, "\r\n");
	for (size_t i = 0; i < release_count(w->release); i++)
		put_row(out, release_item(w->release, i));
	return buf_error(out);
}

/* ---- which column is what ---- */

static const struct { const char *column, *field; } known[] = {
	{ "indicator", "subject" }, { "ioc", "subject" }, { "value", "subject" },
	{ "domain", "subject" }, { "fqdn", "subject" }, { "host", "subject" },
	{ "hostname", "subject" }, { "url", "subject" }, { "uri", "subject" },
	{ "ip", "subject" }, { "ip_address", "subject" }, { "ipaddress", "subject" },
	{ "address", "subject" }, { "source_ip", "subject" }, { "source.ip", "subject" },
	{ "src_ip", "subject" }, { "source.fqdn", "subject" }, { "source.url", "subject" },
	{ "dst_ip", "subject" }, { "cc", "subject" }, { "domain_name", "subject" },
	{ "ioc_value", "subject" }, { "phish_url", "subject" }, { "observable", "subject" },
	{ "type", "abuse" }, { "threat", "abuse" }, { "threat_type", "abuse" },
	{ "category", "abuse" }, { "classification.type", "abuse" }, { "abuse_type", "abuse" },
	{ "time", "first_seen" }, { "date", "first_seen" }, { "timestamp", "first_seen" },
	{ "firstseen", "first_seen" }, { "first_seen_utc", "first_seen" },
	{ "time.source", "first_seen" }, { "submission_time", "first_seen" },
	{ "dateadded", "first_seen" }, { "date_added", "first_seen" }, { "seen", "last_seen" },
	{ "lastseen", "last_seen" }, { "last_seen_utc", "last_seen" },
	{ "last_online", "last_seen" }, { "expires", "valid_until" },
	{ "expiry", "valid_until" }, { "reporter", "source" }, { "user", "source" },
	{ "feed.name", "source" }, { "feed", "source" }, { "provider", "source" },
	{ "author", "source" }, { "reference", "references" }, { "link", "references" },
	{ "source_url", "references" }, { "urlhaus_link", "references" },
	{ "phish_detail_url", "references" }, { "tweet", "references" },
	{ "tag", "tags" }, { "malware", "tags" }, { "malware.name", "tags" },
	{ "malware_printable", "tags" }, { "botname", "tags" }, { "family", "tags" },
	{ "comment", "text" }, { "description", "text" }, { "notes", "text" },
	{ "event_description.text", "text" }, { "name", "title" },
	{ "count", "sightings" }, { "hits", "sightings" }, { "score", "confidence" },
	{ "confidence_level", "confidence" },
};

/* Which of 03/04/2026 is the day? What the table shows somewhere holds for all of it; where it
 * shows nothing, or both, nobody knows. */
enum order { ORDER_UNKNOWN, ORDER_DAY_FIRST, ORDER_MONTH_FIRST, ORDER_BOTH };

struct table {
	const struct exchange_read *r;
	const char *columns;		/* the option */
	const struct field *is[CSV_COLUMNS_MAX];
	unsigned count;
	bool own;			/* our own header */
	enum order order;		/* of 21/11/2026 */
	char separator;
	u64 line;
};

static const struct field *field_of(const char *column)
{
	const struct field *f = field_find(item_fields, column);

	for (size_t i = 0; f == NULL && i < COUNT(known); i++)
		if (strcasecmp(known[i].column, column) == 0)
			f = field_find(item_fields, known[i].field);
	return f;
}

static bool holds(const struct table *t, const char *field)
{
	for (unsigned i = 0; i < t->count; i++)
		if (t->is[i] && strcmp(t->is[i]->name, field) == 0)
			return true;
	return false;
}

/* The option: "subject=indicator,abuse=4". 0, or OOPS_UNKNOWN and why[]. */
static int by_option(struct table *t, const struct csv_row *head, char why[EXCHANGE_WHY])
{
	for (const char *p = t->columns; *p; p += *p == ',') {
		char field[64], column[64], name[64];
		size_t n = strcspn(p, "=,"), m;
		bool found = false;

		snprintf(field, sizeof field, "%.*s", (int)min_u64(n, 63), p);
		p += n + (p[n] == '=');
		m = strcspn(p, ",");
		snprintf(column, sizeof column, "%.*s", (int)min_u64(m, 63), p);
		p += m;
		if (field_find(item_fields, field) == NULL || m == 0) {
			snprintf(why, EXCHANGE_WHY, N_("--csv-columns: '%s' is no field "
				 "of an item"), field);
			return OOPS_UNKNOWN;
		}
		for (unsigned i = 0; i < head->count; i++) {
			snprintf(name, sizeof name, "%u", i + 1);
			if (strcmp(name, column) &&
			    strcasecmp(csv_name(csv_row_cell(head, i), name), column))
				continue;
			t->is[i] = field_find(item_fields, field);
			found = true;
		}
		if (!found) {
			snprintf(why, EXCHANGE_WHY, N_("--csv-columns: there is no "
				"column '%s'"),
				 column);
			return OOPS_UNKNOWN;
		}
	}
	return 0;
}

/* ---- dates with the year behind ---- */

struct shown { unsigned a, b, year; const char *rest; };	/* "21/11/2026 10:00" */

/* 21/11/2026, 21.11.2026, 11-21-2026, with or without a time behind it. */
static bool shown_read(const char *text, struct shown *ret)
{
	static const char digits[] = "0123456789";
	size_t a = strspn(text, digits), b, y;
	const char *p = text + a;
	char mark = *p;

	if (a < 1 || a > 2 || !mark || !strchr("/.-", mark))
		return false;
	b = strspn(p + 1, digits);
	p += 1 + b;
	if (b < 1 || b > 2 || *p != mark)
		return false;
	y = strspn(p + 1, digits);
	*ret = (struct shown){ (unsigned)strtoul(text, NULL, 10),
		(unsigned)strtoul(text + a + 1, NULL, 10), (unsigned)strtoul(p + 1, NULL, 10),
		p + 1 + y };
	return y == 4 && (*ret->rest == 0 || *ret->rest == ' ' || *ret->rest == 'T');
}

static void learn_order(struct table *t, const char *text)
{
	struct shown s;

	if (!shown_read(text, &s))
		return;
	if (s.a > 12 && s.b <= 12)
		t->order |= ORDER_DAY_FIRST;
	else if (s.b > 12 && s.a <= 12)
		t->order |= ORDER_MONTH_FIRST;
}

/* The same as 2026-11-21 where the table's order says it; else the text itself. */
static const char *date_ordered(const struct table *t, const char *text, char to[64])
{
	struct shown s;

	if (!shown_read(text, &s) || t->order == ORDER_UNKNOWN || t->order == ORDER_BOTH)
		return text;
	snprintf(to, 64, "%04u-%02u-%02u%.40s", s.year,
		 t->order == ORDER_DAY_FIRST ? s.b : s.a,
		 t->order == ORDER_DAY_FIRST ? s.a : s.b, s.rest);
	return to;
}

/* By the names of the columns; the first that a field has counts. */
static bool by_names(struct table *t, const struct csv_row *head)
{
	unsigned same = 0;
	struct shown date;
	char name[64];
	u64 ns;

	for (unsigned i = 0; i < head->count; i++) {
		enum subject_kind kind = subject_kind_of(csv_row_cell(head, i));

		if ((kind && kind != SUBJECT_DOMAIN) ||
		    stamp_foreign(csv_row_cell(head, i), &ns) == 0 ||
		    shown_read(csv_row_cell(head, i), &date))
			return false;	/* a row of data */
	}
	for (unsigned i = 0; i < head->count; i++) {
		const struct field *f = field_of(csv_name(csv_row_cell(head, i), name));

		if (f == NULL || (strcmp(f->name, "subject") && holds(t, f->name)))
			continue;
		t->is[i] = f;
		same += strcmp(name, f->name) == 0;
	}
	t->own = same == head->count && same > item_bit("pap");
	return holds(t, "subject");
}

/* Without a header: by what stands in the cells of the first row. */
static bool by_cells(struct table *t, const struct csv_row *row)
{
	static const char *const fields[] = { "subject", "first_seen", "references" };

	for (unsigned i = 0; i < row->count; i++) {
		const char *text = csv_row_cell(row, i);
		const char *field = NULL;
		struct buf clean = { 0 };
		struct shown date;
		u64 ns;

		subject_clean(&clean, text, strlen(text));
		if (shown_read(text, &date) ||
		    (strpbrk(text, "-/:") && stamp_foreign(text, &ns) == 0))
			field = fields[1];
		else if (subject_kind_of(buf_str(&clean)) != SUBJECT_OTHER)
			field = fields[holds(t, "subject") ? 2 : 0];
		else if (text[0] == '#' && !holds(t, "tags"))
			field = "tags";
		else if (!holds(t, "abuse") && choice_parse(abuse_names, text) > 0)
			field = "abuse";
		if (field && !holds(t, field))
			t->is[i] = field_find(item_fields, field);
		buf_free(&clean);
	}
	return holds(t, "subject");
}

/* ---- items ---- */

static void trouble(const struct table *t, const char *why, const char *what)
{
	char where[40], text[300];

	snprintf(where, sizeof where, "line %llu", (unsigned long long)t->line);
	snprintf(text, sizeof text, "%s%s%.60s", why, what[0] ? ": " : "", what);
	t->r->trouble(t->r->to, where, text);
}

/* A cell of somebody else's: what kind of abuse it is about, if it says so. */
static u8 abuse_of(const char *text)
{
	static const struct { const char *word; u8 is; } words[] = {
		{ "phish", ABUSE_PHISHING }, { "malware", ABUSE_MALWARE },
		{ "botnet", ABUSE_BOTNET }, { "c2", ABUSE_BOTNET }, { "c&c", ABUSE_BOTNET },
		{ "pharm", ABUSE_PHARMING }, { "spam", ABUSE_SPAM },
		{ "payload", ABUSE_MALWARE }, { "ransom", ABUSE_MALWARE },
		{ "trojan", ABUSE_MALWARE }, { "scam", ABUSE_PHISHING },
	};

	for (size_t i = 0; i < COUNT(words); i++)
		if (strcasestr(text, words[i].word))
			return words[i].is;
	return ABUSE_NONE;
}

/* A time that was not taken: why, and what would be. */
static void bad_time(const struct table *t, const struct field *f, const char *cell)
{
	char why[260];
	struct shown date;

	if (shown_read(cell, &date) && date.a <= 12 && date.b <= 12)
		snprintf(why, sizeof why, N_("%s: '%.40s' is left out: which is the day and which "
			 "the month, nothing in the table shows; write %04u-%02u-%02u"), f->name,
			 cell, date.year, date.b, date.a);
	else
		snprintf(why, sizeof why, N_("%s: '%.40s' is left out: it is no time; write "
			 "2026-01-31, 2026-01-31T10:00:00Z or Unix seconds"), f->name, cell);
	trouble(t, why, "");
}

/* Sets one field from a foreign cell; what it cannot hold stays unsaid, but for subjects. */
static void set_foreign(const struct table *t, struct item *i, const struct field *f,
			const char *text)
{
	char iso[64];

	if (strcmp(f->name, "subject") == 0) {
		if (i->subject == NULL || i->subject[0] == 0)
			i->subject = text;
		return;
	}
	if (strcmp(f->name, "abuse") == 0) {
		i->abuse = abuse_of(text);
		return;
	}
	if (f->kind == FIELD_stamp)
		text = date_ordered(t, text, iso);
	if (text[0] == 0 || strcmp(text, "-") == 0 || item_set(i, f, text) == 0)
		return;
	if (f->kind == FIELD_stamp)
		bad_time(t, f, text);
	else
		trouble(t, f->name, text);
}

/* "#phishing #c2" or "a,b": one a line. */
static void split_tags(struct buf *out, const char *text)
{
	while (*(text += strspn(text, " ,;#\t\n"))) {
		size_t n = strcspn(text, " ,;#\t\n");

		if (out->len)
			buf_byte(out, '\n');
		buf_add(out, text, n);
		text += n;
	}
}

static int say_foreign(struct table *t, const struct csv_row *row)
{
	struct marking unmarked = rest_unmarked(NULL);
	struct item i = { .kind = ITEM_INDICATOR, .confidence = 50,
		.tlp = unmarked.tlp, .pap = unmarked.pap,
			  .severity = SEVERITY_MEDIUM, .title = N_("row of a table") };
	struct buf subject = { 0 }, tags = { 0 };
	char id[65];
	int rc = 0;

	for (unsigned c = 0; c < row->count && c < t->count; c++)
		if (t->is[c])
			set_foreign(t, &i, t->is[c], csv_row_cell(row, c));
	if (i.subject)
		subject_clean(&subject, i.subject, strlen(i.subject));
	i.subject = buf_str(&subject);
	if (i.subject_kind == SUBJECT_OTHER)
		i.subject_kind = (u8)subject_kind_of(i.subject);
	split_tags(&tags, i.tags ? i.tags : "");
	i.tags = buf_str(&tags);
	if (i.abuse == ABUSE_NONE)
		i.abuse = abuse_of(i.tags);
	if (i.id == NULL || i.id[0] == 0)
		item_identify(&i, id);
	if (i.subject[0] == 0)
		trouble(t, N_("no subject"), "");
	else
		rc = t->r->item(t->r->to, &i);
	buf_free(&subject);
	buf_free(&tags);
	return rc;
}

static int say_own(struct table *t, const struct csv_row *row)
{
	struct item i = { 0 };

	if (row->count != t->count) {
		trouble(t, N_("another number of cells than the header has"), "");
		return 0;
	}
	for (unsigned c = 0; c < row->count; c++) {
		const char *text = csv_row_cell(row, c);

		if (text[0] == '\'' && text[1] && strchr("=+-@\t\r'", text[1]))
			text++;
		if (t->is[c] && item_set(&i, t->is[c], text) < 0) {
			trouble(t, t->is[c]->name, text);
			return 0;
		}
	}
	return t->r->item(t->r->to, &i);
}

/* ---- the whole ---- */

static bool is_known(const char *column)
{
	return field_of(column) != NULL;
}

static char separator_of(const char *p, const char *end, const char *said)
{
	if (said && said[0])
		return strcmp(said, "tab") == 0 ? '\t' : said[0];
	return csv_separator(p, end, is_known);
}

static u64 lines_in(const char *p, const char *end)
{
	u64 n = 0;

	for (; p < end; p++)
		n += *p == '\n';
	return n;
}

/* Finds out what the columns are; *from is set behind the header. */
static int learn(struct table *t, struct csv_row *row, const char **from, const char *end,
		 char why[EXCHANGE_WHY])
{
	const char *p = *from, *remark = NULL, *next;

	p = csv_past_remarks(p, end, &remark);
	t->line = 1 + lines_in(*from, p);
	*from = p;
	next = csv_row_read(row, p, end, t->separator);
	t->count = row->count;
	if (t->columns) {
		int rc = by_option(t, row, why);

		if (rc == OOPS_UNKNOWN && remark) {	/* the header is a remark */
			csv_row_read(row, remark, end, t->separator);
			t->count = row->count;
			return by_option(t, row, why);
		}
		if (rc == 0 && by_names(&(struct table){ .count = row->count }, row)) {
			t->line += lines_in(p, next);
			*from = next;
		}
		return rc;
	}
	if (by_names(t, row)) {
		t->line += lines_in(p, next);
		*from = next;
		return 0;
	}
	memset(t->is, 0, sizeof t->is);
	if (remark) {
		csv_row_read(row, remark, end, t->separator);
		t->count = row->count;
		if (by_names(t, row))
			return 0;
		memset(t->is, 0, sizeof t->is);
		csv_row_read(row, p, end, t->separator);
		t->count = row->count;
	}
	if (by_cells(t, row))
		return 0;
	snprintf(why, EXCHANGE_WHY, N_("no column is a name, address or URL; say which "
		 "with --csv-columns subject=NAME"));
	return OOPS_FORMAT;
}

/* Looks at every date of the table before the first is taken. */
static void learn_dates(struct table *t, struct csv_row *row, const char *p, const char *end)
{
	bool any = false;

	for (unsigned c = 0; c < t->count; c++)
		any |= t->is[c] && t->is[c]->kind == FIELD_stamp;
	while (any && p < end) {
		p = csv_row_read(row, p, end, t->separator);
		for (unsigned c = 0; c < row->count && c < t->count && !row->cut; c++)
			if (t->is[c] && t->is[c]->kind == FIELD_stamp)
				learn_order(t, csv_row_cell(row, c));
	}
}

static int csv_read(const struct exchange_read *r, char why[EXCHANGE_WHY])
{
	const struct csv_conf *c = r->conf;
	const char *p = (const char *)r->octets, *end = p + r->n, *next;
	struct table t = { .r = r, .columns = c ? c->columns : NULL };
	struct csv_row row = { 0 };
	int rc;

	if (r->n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	t.separator = separator_of(p, end, c ? c->separator : NULL);
	rc = learn(&t, &row, &p, end, why);
	if (rc == 0 && !t.own)
		learn_dates(&t, &row, p, end);
	for (; rc == 0 && p < end; p = next) {
		next = csv_row_read(&row, p, end, t.separator);
		if (row.cut)
			trouble(&t, N_("too long, or not text"), "");
		else if (row.count > 1 || csv_row_cell(&row, 0)[0])
			rc = t.own ? say_own(&t, &row) : csv_remark(p, end) ? 0
				: say_foreign(&t, &row);
		if (buf_error(&row.text))
			rc = buf_error(&row.text);
		t.line += lines_in(p, next);
	}
	buf_free(&row.text);
	return rc;
}

bool csv_headed(const u8 *octets, size_t n)
{
	const char *p = (const char *)octets, *end = p + min_u64(n, 65536);
	struct table t = { .r = NULL };
	struct csv_row row = { 0 };
	bool is;

	if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	p = csv_past_remarks(p, end, NULL);
	t.separator = separator_of(p, end, NULL);
	csv_row_read(&row, p, end, t.separator);
	t.count = row.count;
	is = !row.cut && row.count > 1 && by_names(&t, &row);
	buf_free(&row.text);
	return is;
}

bool csv_cell(const char *p, size_t n)
{
	char text[256];
	u64 ns;

	while (n && strchr(" \t\"", *p))
		p++, n--;
	while (n && strchr(" \t\"\r", p[n - 1]))
		n--;
	snprintf(text, sizeof text, "%.*s", (int)min_u64(n, sizeof text - 1), p);
	switch (subject_kind_of(text)) {
	case SUBJECT_ADDRESS:
	case SUBJECT_EMAIL:
	case SUBJECT_URL:
		return true;
	default:
		return choice_parse(abuse_names, text) > 0 ||
		       (strpbrk(text, "-/:") && stamp_foreign(text, &ns) == 0);
	}
}

/* A header that names a subject, or a first row of several cells with one in it. */
static bool csv_knows(const u8 *octets, size_t n)
{
	const char *p = (const char *)octets, *end = p + min_u64(n, 65536);
	struct exchange_read r = { 0 };
	struct table t = { .r = &r };
	struct csv_row row = { 0 };
	char why[EXCHANGE_WHY];
	bool good;

	if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	if (p == end || memchr(p, 0, (size_t)(end - p)) || *p == '{' || *p == '<')
		return false;
	t.separator = separator_of(p, end, NULL);
	good = learn(&t, &row, &p, end, why) == 0 && t.count > 1;
	buf_free(&row.text);
	return good;
}

const struct exchange exchange_csv = {
	.id = "csv",
	.title = N_("CSV table"),
	.extension = ".csv",
	.media = "text/csv; charset=utf-8; header=present",
	.story = N_("Every item as a row with all its fields; cells that a spreadsheet "
		 "would run begin with an apostrophe. Nothing is lost. Read are tables "
		 "of others, too, by their columns' names or as --csv-columns says."),
	.carries = "id kind subject_kind subject abuse rule title text severity confidence "
		   "first_seen last_seen created modified valid_until sightings source "
		   "references tags parent evidence action tlp pap",
	.cap = { LABEL_RED, PAP_RED },
	.rows = rows,
	.conf_size = sizeof(struct csv_conf),
	.write = csv_write,
	.knows = csv_knows,
	.read = csv_read,
};
