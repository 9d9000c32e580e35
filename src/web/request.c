/* SPDX-License-Identifier: GPL-3.0-or-later */
/* request.c - what a request asks for, once all of it is there, and the answer to it.
 *
 *   ?limit=10&...    the route's parameters and no other ones
 *   {...}            a JSON object of bounded depth (TAXII reads its own)
 *   /12/owner        values of the path, over what the body says
 *     -> the route's own function, or an operation that the writer does
 *
 * How it came here and how the answer goes out: http.c. What functions that look have in
 * common: look.c. */
#include "web/own.h"
#include "base/num.h"
#include "web/taxii.h"

const char *request_param(const struct request *q, const char *name)
{
	return MHD_lookup_connection_value(q->connection, MHD_GET_ARGUMENT_KIND, name);
}

const char *request_header(const struct request *q, const char *name)
{
	return MHD_lookup_connection_value(q->connection, MHD_HEADER_KIND, name);
}

int request_count(struct request *q, const char *name, u64 most, u64 *ret)
{
	const char *text = request_param(q, name);

	*ret = 0;
	if (text == NULL || num_u64(text, 0, most, ret) == 0)
		return 0;
	return request_fault(q, OOPS_TYPE, "%s: a number up to %llu is wanted", name,
			     (unsigned long long)most);
}

struct checking { struct request *q; int rc; };

/* Query parameters that the route does not have are refused: a typing error in a filter
 * would show everything. */
static enum MHD_Result check_param(void *to, enum MHD_ValueKind kind, const char *key,
				   size_t key_size, const char *value, size_t size)
{
	struct checking *c = to;

	(void)kind;
	if (strlen(key) != key_size || (value && strlen(value) != size)) {
		c->rc = request_fault(c->q, OOPS_FORMAT, "a parameter holds no NUL");
		return MHD_NO;
	}
	for (const struct api_param *p = c->q->route->params; p && p->name; p++)
		if (strcmp(p->name, key) == 0)
			return MHD_YES;
	c->rc = request_fault(c->q, OOPS_FORMAT, "there is no parameter '%.60s' here", key);
	return MHD_NO;
}

int request_check(struct request *q)
{
	struct checking c = { .q = q };

	MHD_get_connection_values_n(q->connection, MHD_GET_ARGUMENT_KIND, check_param, &c);
	return c.rc;
}

/* Nesting is bounded before the parser sees it. */
static bool too_deep(const struct buf *b)
{
	unsigned depth = 0;
	bool in_text = false;

	for (size_t i = 0; i < b->len; i++) {
		char c = b->at[i];

		if (in_text && c == '\\')
			i++;
		else if (c == '"')
			in_text = !in_text;
		else if (!in_text && (c == '{' || c == '['))
			depth++;
		else if (!in_text && (c == '}' || c == ']') && depth)
			depth--;
		if (depth > 32)
			return true;
	}
	return false;
}

static int take_body(struct request *q, const struct buf *body)
{
	const char *type = request_header(q, "Content-Type");
	json_error_t e;

	q->octets = body;
	if (q->route->taxii && strcmp(q->route->method, "GET") && !taxii_takes(type))
		return request_fault(q, -EMEDIUMTYPE, "the body must be " TAXII_MEDIA);
	if (body->len == 0)
		return 0;
	if (!q->route->taxii && (type == NULL || strncasecmp(type, "application/json", 16)))
		return request_fault(q, OOPS_FORMAT, "the body must be application/json");
	if (too_deep(body))
		return request_fault(q, OOPS_FORMAT, "the body is nested too deep");
	q->body = json_loadb(body->at, body->len, JSON_REJECT_DUPLICATES, &e);
	if (q->body == NULL)
		return request_fault(q, OOPS_FORMAT, "the body is not JSON: line %d, %.100s",
				     e.line, e.text);
	return json_is_object(q->body) ? 0
	     : request_fault(q, OOPS_FORMAT, "the body must be a JSON object");
}

/* The values of the path, over what the body says of the same name. */
static int take_path(struct request *q, json_t *args)
{
	const struct op *o = op_find(q->route->op);
	char name[32];
	u64 n;

	for (unsigned i = 0; api_value_name(q->route, i, name); i++) {
		const struct op_arg *a = o ? o->args : NULL;
		json_t *value;

		while (a && a->name && strcmp(a->name, name))
			a++;
		if (a == NULL || a->name == NULL || a->kind != OP_COUNT)
			value = json_string(q->values.at[i]);
		else if (num_u64(q->values.at[i], 0, INT64_MAX, &n))
			return request_fault(q, OOPS_UNKNOWN, "%s is a number", name);
		else
			value = json_integer((json_int_t)n);
		json_object_set_new(args, name, value);
	}
	return 0;
}

static int run_op(struct request *q)
{
	json_t *args = q->body ? json_copy(q->body) : json_object(), *answer = NULL;
	int rc = take_path(q, args);

	if (rc == 0)
		rc = request_ask(q, q->route->op, args, &answer);
	if (rc && q->route->unwritten && request_status(rc) >= 500)
		q->route->unwritten(q, rc);
	if (rc == 0) {
		char *text;

		api_say(answer, q->route->reply);
		text = json_dumps(answer ? answer : json_object(),
			JSON_COMPACT | JSON_ENSURE_ASCII);
		buf_text(q->out, text ? text : "{}");
		buf_byte(q->out, '\n');
		free(text);
	}
	json_decref(answer);
	json_decref(args);
	return rc;
}

int request_answer(struct request *q, const struct buf *body)
{
	int rc = auth_check(q);

	if (rc == 0)
		rc = request_check(q);
	if (rc == 0)
		rc = take_body(q, body);
	if (rc == 0)
		rc = q->route->op ? run_op(q) : q->route->run(q);
	return rc ? rc : buf_error(q->out);
}
