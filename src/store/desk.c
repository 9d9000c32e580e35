/* SPDX-License-Identifier: GPL-3.0-or-later */
/* desk.c - the tables of the desk's nouns, made from their lists; see desk.h.
 *
 * Conditions become SQL from the table of fields: no name and no value of a caller is
 * ever part of the text of a statement. */
#include "store/own.h"
#include "store/desk.h"
#include "base/buf.h"
#include "model/digest.h"

#define CONDS_MAX 16

static void index_text(struct buf *out, const struct desk_noun *n, const char *schema)
{
	unsigned i = 0;

	for (const char *p = n->indexes; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		buf_fmt(out, "CREATE INDEX %s%s_by_%u ON %s(", schema, n->name, i++, n->name);
		buf_add(out, p, strcspn(p, "\n"));
		buf_text(out, ");\n");
	}
}

static void table_text(struct buf *out, const struct desk_noun *n, const char *temp)
{
	buf_fmt(out, "CREATE %sTABLE %s(", temp, n->name);
	schema_columns(out, n->fields);
	buf_text(out, "PRIMARY KEY(");
	for (unsigned i = 0; i < n->keys; i++)
		buf_fmt(out, "%s\"%s\"", i ? ", " : "", n->fields[i].name);
	buf_text(out, ")) STRICT, WITHOUT ROWID;\n");
}

/* The text that makes all tables, and a table whose one row says which text it was. */
static void shape_text(struct buf *out, char shape[65])
{
	struct digest d;
	u8 raw[DIGEST_OCTETS];

	for (unsigned t = 0; t < DESK_TABLES; t++) {
		table_text(out, &desk_nouns[t], "");
		index_text(out, &desk_nouns[t], "");
	}
	digest_init(&d);
	digest_text(&d, buf_str(out));
	digest_end(&d, raw);
	hex_text(raw, sizeof raw, shape);
	buf_fmt(out, "CREATE TABLE desk(shape TEXT NOT NULL) STRICT;\n"
		"INSERT INTO desk VALUES('%s');\n", shape);
}

int store_desk_good(struct store *s, bool *ret)
{
	struct buf text = { 0 };
	sqlite3_stmt *st = NULL;
	int rc = 0;

	*ret = false;
	if (s->shape[0] == 0) {		/* asked with every request of a server */
		shape_text(&text, s->shape);
		if (buf_error(&text)) {
			s->shape[0] = 0;
			rc = store_say(s, -ENOMEM, "needs more memory than there is");
		}
		buf_free(&text);
	}
	if (rc)
		return rc;
	if (sqlite3_prepare_v2(s->db, "SELECT shape FROM desk", -1, &st, NULL))
		return 0;	/* no such table: no tables */
	if ((rc = store_step(s, st)) == 1) {
		const char *is = (const char *)sqlite3_column_text(st, 0);

		*ret = is && strcmp(is, s->shape) == 0;
		rc = 0;
	}
	sqlite3_finalize(st);
	return rc;
}

int store_desk_fresh(struct store *s)
{
	struct buf text = { 0 };
	char shape[65];
	int rc = store_ready(s);

	for (unsigned t = 0; t < DESK_TABLES; t++) {
		sqlite3_finalize(s->put[t]);
		sqlite3_finalize(s->take[t]);
		s->put[t] = s->take[t] = NULL;
		buf_fmt(&text, "DROP TABLE IF EXISTS %s;\n", desk_nouns[t].name);
	}
	buf_text(&text, "DROP TABLE IF EXISTS desk;\n");
	if (rc == 0)
		rc = buf_error(&text) ? store_say(s, -ENOMEM, "needs more memory than there "
						  "is") : store_exec(s, buf_str(&text));
	buf_clear(&text);
	shape_text(&text, shape);
	if (rc == 0)
		rc = buf_error(&text) ? store_say(s, -ENOMEM, "needs more memory than there "
						  "is") : store_exec(s, buf_str(&text));
	buf_free(&text);
	return rc;
}

int store_desk_none(struct store *s)
{
	struct buf text = { 0 };
	char shape[65];
	int rc;

	shape_text(&text, shape);
	buf_clear(&text);
	buf_text(&text, "PRAGMA temp_store=MEMORY;\nPRAGMA query_only=OFF;\n");
	for (unsigned t = 0; t < DESK_TABLES; t++)
		table_text(&text, &desk_nouns[t], "TEMP ");
	buf_fmt(&text, "CREATE TEMP TABLE desk(shape TEXT NOT NULL) STRICT;\n"
		"INSERT INTO temp.desk VALUES('%s');\nPRAGMA query_only=ON;\n", shape);
	rc = buf_error(&text) ? store_say(s, -ENOMEM, "needs more memory than there is")
	   : store_exec(s, buf_str(&text));
	buf_free(&text);
	return rc;
}

void store_desk_temp(struct buf *out)
{
	for (unsigned t = 0; t < DESK_TABLES; t++) {
		table_text(out, &desk_nouns[t], "TEMP ");
		index_text(out, &desk_nouns[t], "temp.");
	}
}

static void where_key(struct buf *out, const struct desk_noun *n)
{
	for (unsigned i = 0; i < n->keys; i++)
		buf_fmt(out, "%s\"%s\"=?", i ? " AND " : " WHERE ", n->fields[i].name);
}

/* A statement kept for a noun, from a text with '@' and '#'. */
static sqlite3_stmt *kept(struct store *s, sqlite3_stmt **st, const char *sql,
			  const struct desk_noun *n)
{
	struct buf text = { 0 }, all = { 0 };

	if (*st) {
		sqlite3_reset(*st);
		return *st;
	}
	buf_fmt(&text, sql, n->name);
	store_template(&all, buf_str(&text), n->fields);
	if (*sql == 'S')
		where_key(&all, n);
	if (buf_error(&text) || buf_error(&all))
		store_say(s, -ENOMEM, "needs more memory than there is");
	else if (sqlite3_prepare_v3(s->db, buf_str(&all), -1, SQLITE_PREPARE_PERSISTENT, st,
				    NULL))
		store_failed(s);
	buf_free(&text);
	buf_free(&all);
	return *st;
}

int store_put(struct store *s, enum desk_table t, const void *record)
{
	const struct desk_noun *n = &desk_nouns[t];
	sqlite3_stmt *st;
	int rc = store_ready(s);

	if (rc)
		return rc;
	st = kept(s, &s->put[t], "INSERT OR REPLACE INTO %s(@) VALUES(#)", n);
	if (st == NULL)
		return s->error;
	store_bind_fields(st, n->fields, record);
	rc = store_done(s, st);
	sqlite3_clear_bindings(st);
	return rc;
}

static void bind_key(sqlite3_stmt *st, const struct desk_noun *n, const void *key)
{
	for (unsigned i = 0; i < n->keys; i++)
		store_bind(st, (int)i + 1, &n->fields[i], key);
}

int store_drop(struct store *s, enum desk_table t, const void *key)
{
	const struct desk_noun *n = &desk_nouns[t];
	struct buf text = { 0 };
	sqlite3_stmt *st = NULL;
	int rc = store_ready(s);

	buf_fmt(&text, "DELETE FROM %s", n->name);
	where_key(&text, n);
	if (rc == 0 && sqlite3_prepare_v2(s->db, buf_str(&text), -1, &st, NULL))
		rc = store_failed(s);
	buf_free(&text);
	if (rc == 0) {
		bind_key(st, n, key);
		rc = store_done(s, st);
	}
	sqlite3_finalize(st);
	return rc;
}

/* The record is on the stack, its words in the statement's row. */
static int hand_over(struct store *s, sqlite3_stmt *st, const struct field *fields,
		     store_record_fn *each, void *to)
{
	_Alignas(8) u8 record[DESK_RECORD_MAX] = { 0 };
	int rc = store_take_fields(s, st, 0, fields, record);

	return rc ? rc : each(to, record);
}

int store_take(struct store *s, enum desk_table t, const void *key,
	       store_record_fn *each, void *to)
{
	const struct desk_noun *n = &desk_nouns[t];
	sqlite3_stmt *st = kept(s, &s->take[t], "SELECT @ FROM %s", n);
	int rc;

	if (st == NULL)
		return s->error;
	bind_key(st, n, key);
	s->take[t] = NULL;	/* the callback may come back here */
	rc = store_step(s, st);
	if (rc == 1 && (rc = hand_over(s, st, n->fields, each, to)) == 0)
		rc = 1;
	sqlite3_reset(st);
	if (s->take[t])
		sqlite3_finalize(st);
	else
		s->take[t] = st;
	return rc;
}

static const struct field *field_of(const struct desk_noun *n, const char *name, size_t len)
{
	char word[32];
	const struct field *f;

	snprintf(word, sizeof word, "%.*s", (int)len, name);
	f = field_find(n->fields, word);
	must(f);
	return f;
}

static u8 low(u8 c)
{
	return c >= 'A' && c <= 'Z' ? c | 32 : c;
}

static bool text_holds(const u8 *text, size_t n, const u8 *part, size_t len)
{
	for (size_t at = 0; at + len <= n; at++) {
		size_t i = 0;

		while (i < len && low(text[at + i]) == low(part[i]))
			i++;
		if (i == len)
			return true;
	}
	return false;
}

/* holds(text, ..., part): is the part in one of the texts, ASCII case folded? Half the cost
 * of instr(lower()), which copies each text. */
static void holds(sqlite3_context *to, int count, sqlite3_value **values)
{
	const u8 *part = sqlite3_value_text(values[count - 1]);
	size_t len = (size_t)sqlite3_value_bytes(values[count - 1]);
	bool does = false;

	for (int i = 0; i + 1 < count && part && !does; i++) {
		const u8 *text = sqlite3_value_text(values[i]);

		does = text && text_holds(text, (size_t)sqlite3_value_bytes(values[i]), part,
					  len);
	}
	sqlite3_result_int(to, does);
}

int store_roomy(struct store *s)
{
	return store_exec(s, "PRAGMA cache_size=-393216");
}

int store_no_files(struct store *s)
{
	return store_exec(s, "PRAGMA temp_store=MEMORY");
}

int store_functions(struct store *s)
{
	return sqlite3_create_function(s->db, "holds", -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC |
		SQLITE_INNOCUOUS, NULL, holds, NULL, NULL) ? store_failed(s) : 0;
}

/* Is there an index by the field, from which the key of a record follows? */
static bool has_index(const struct desk_noun *n, const struct field *f)
{
	size_t len = strlen(f->name);

	for (const char *p = n->indexes; *p; p += strcspn(p, "\n"), p += *p == '\n')
		if (strncmp(p, f->name, len) == 0 && strchr(",\n", p[len]))
			return n->keys == 1;
	return false;
}

/* A text is looked for all over; in an index by it that is a tenth of reading the records. */
static void holds_text(struct buf *sql, const struct desk_noun *n, const struct field *f)
{
	if (has_index(n, f))
		buf_fmt(sql, "\"%s\" IN (SELECT \"%s\" FROM %s WHERE holds(\"%s\", ?))",
			n->fields->name, n->fields->name, n->name, f->name);
	else
		buf_fmt(sql, "holds(\"%s\", ?)", f->name);
}

static void cond_text(struct buf *sql, const struct desk_noun *n, const struct field *f,
		      enum store_op op)
{
	static const char *const forms[] = {
		[STORE_IS] = "\"%s\"=?", [STORE_NOT] = "\"%s\"<>?",
		[STORE_LEAST] = "\"%s\">=?", [STORE_MOST] = "\"%s\"<=?",
		[STORE_BEGINS] = "instr(lower(\"%s\"), lower(?))=1",
		[STORE_AMONG] = "(?>>\"%s\")&1",
		[STORE_LINE] = "instr(char(10)||\"%s\"||char(10), char(10)||?||char(10))>0",
	};

	if (op == STORE_HOLDS)
		holds_text(sql, n, f);
	else
		buf_fmt(sql, forms[op], f->name);
}

/* The next field of *order ("-changed number"), or NULL at its end. */
static const struct field *order_next(const struct desk_noun *n, const char **order, bool *down)
{
	const char *p = *order + strspn(*order, " ");
	size_t len;

	*down = *p == '-';
	p += *down;
	len = strcspn(p, " ");
	*order = p + len;
	return len ? field_of(n, p, len) : NULL;
}

/* Behind a place: ("a">=? AND ("a">? OR ("b"<=? AND ("b"<? OR "c">?)))); the first
 * comparison lets SQLite begin there by an index. */
static void query_after(struct buf *sql, const struct store_query *q)
{
	const struct desk_noun *n = &desk_nouns[q->table];
	const char *order = q->order;
	bool down, next_down;
	const struct field *f = order_next(n, &order, &down), *next;
	unsigned open = 0;

	for (; f; f = next, down = next_down) {
		next = order_next(n, &order, &next_down);
		if (next)
			buf_fmt(sql, "(\"%s\"%s=? AND (\"%s\"%s? OR ", f->name, down ? "<" : ">",
				f->name, down ? "<" : ">");
		else
			buf_fmt(sql, "\"%s\"%s?", f->name, down ? "<" : ">");
		open += next ? 2 : 0;
	}
	while (open--)
		buf_byte(sql, ')');
}

static void query_where(struct buf *sql, const struct store_query *q)
{
	const struct desk_noun *n = &desk_nouns[q->table];
	const char *and = " WHERE ";

	must(q->count <= CONDS_MAX);
	for (unsigned i = 0; i < q->count; i++, and = " AND ") {
		buf_text(sql, and);
		if (q->text && q->conds[i].text == NULL && q->conds[i].op == STORE_IS)
			buf_byte(sql, '+');	/* one walk, not one by way of an index */
		cond_text(sql, n, field_of(n, q->conds[i].field, strlen(q->conds[i].field)),
			  q->conds[i].op);
	}
	if (q->after) {
		buf_text(sql, and);
		query_after(sql, q);
		and = " AND ";
	}
	if (q->text == NULL)
		return;
	buf_fmt(sql, "%s(holds(", and);
	for (const char *p = q->any; *p; p += strcspn(p, " "), p += strspn(p, " "))
		buf_fmt(sql, "\"%s\", ", field_of(n, p, strcspn(p, " "))->name);
	buf_text(sql, "?)");
	if (q->heads) {
		const char *first = field_of(n, q->any, strcspn(q->any, " "))->name;

		buf_fmt(sql, " OR substr(\"%s\", 1, instr(\"%s\", ': ') - 1) IN "
			"(SELECT value FROM json_each(?))", first, first);
	}
	buf_byte(sql, ')');
}

static void query_order(struct buf *sql, const struct store_query *q)
{
	const struct desk_noun *n = &desk_nouns[q->table];
	const char *comma = " ORDER BY ", *order = q->order ? q->order : "";
	const struct field *f;
	bool down;

	for (; (f = order_next(n, &order, &down)); comma = ", ")
		buf_fmt(sql, "%s\"%s\"%s", comma, f->name, down ? " DESC" : "");
	buf_fmt(sql, " LIMIT %lld OFFSET %lld", q->limit ? (long long)min_u64(q->limit, INT64_MAX)
		: -1, (long long)min_u64(q->skip, INT64_MAX));
}

/* Of each field but the last there are two parameters. */
static int bind_after(sqlite3_stmt *st, const struct store_query *q, int at)
{
	const struct desk_noun *n = &desk_nouns[q->table];
	const char *order = q->order;
	bool down;
	const struct field *f = order_next(n, &order, &down), *next;

	for (; f; f = next) {
		next = order_next(n, &order, &down);
		store_bind(st, at++, f, q->after);
		if (next)
			store_bind(st, at++, f, q->after);
	}
	return at;
}

static void query_bind(sqlite3_stmt *st, const struct store_query *q)
{
	int at = 1;

	for (unsigned i = 0; i < q->count; i++, at++) {
		if (q->conds[i].text)
			sqlite3_bind_text(st, at, q->conds[i].text, -1, SQLITE_STATIC);
		else
			sqlite3_bind_int64(st, at, (i64)q->conds[i].number);
	}
	if (q->after)
		at = bind_after(st, q, at);
	if (q->text)
		sqlite3_bind_text(st, at++, q->text, -1, SQLITE_STATIC);
	if (q->text && q->heads)
		sqlite3_bind_text(st, at, q->heads, -1, SQLITE_STATIC);
}

#define FIELDS_MAX 40u

/* The fields that a query reads, as a list that ends as those of nouns do. */
static const struct field *fields_of(const struct store_query *q, struct field room[FIELDS_MAX])
{
	const struct desk_noun *n = &desk_nouns[q->table];
	const char *names = q->only;
	const struct field *f;
	unsigned count = 0;
	bool down;

	if (names == NULL)
		return n->fields;
	while ((f = order_next(n, &names, &down))) {
		must(count + 1 < FIELDS_MAX);
		room[count++] = *f;
	}
	room[count] = (struct field)FIELD_END;
	return room;
}

/* The statement of a query, ready to step, or NULL. */
static sqlite3_stmt *query(struct store *s, const struct store_query *q, const char *select,
			   const struct field *fields)
{
	const struct desk_noun *n = &desk_nouns[q->table];
	struct buf sql = { 0 };
	sqlite3_stmt *st = NULL;

	store_template(&sql, select, fields);
	buf_fmt(&sql, " FROM %s", n->name);
	query_where(&sql, q);
	if (strchr(select, '@'))
		query_order(&sql, q);
	if (buf_error(&sql))
		store_say(s, -ENOMEM, "needs more memory than there is");
	else if (sqlite3_prepare_v2(s->db, buf_str(&sql), -1, &st, NULL))
		store_failed(s);
	buf_free(&sql);
	if (st)
		query_bind(st, q);
	return st;
}

int store_each(struct store *s, const struct store_query *q, store_record_fn *each, void *to)
{
	struct field room[FIELDS_MAX];
	const struct field *fields = fields_of(q, room);
	sqlite3_stmt *st = query(s, q, "SELECT @", fields);
	int rc;

	if (st == NULL)
		return s->error;
	while ((rc = store_step(s, st)) == 1)
		if ((rc = hand_over(s, st, fields, each, to)))
			break;
	sqlite3_finalize(st);
	return rc;
}

int store_total(struct store *s, const struct store_query *q, u64 *ret)
{
	sqlite3_stmt *st = query(s, q, "SELECT count(*)", NULL);
	int rc;

	if (st == NULL)
		return s->error;
	if ((rc = store_step(s, st)) == 1) {
		*ret = (u64)sqlite3_column_int64(st, 0);
		rc = 0;
	}
	sqlite3_finalize(st);
	return rc;
}
