/* SPDX-License-Identifier: GPL-3.0-or-later */
/* look.c - what routes that look have in common: values, filters, pages; see own.h. */
#include "web/put.h"
#include "base/num.h"
#include "base/stamp.h"
#include "base/tongue.h"
#include "model/utf8.h"
#include "respond/event_said.h"

int request_number(struct request *q, unsigned n, u64 *ret)
{
	if (num_u64(q->values.at[n], 1, INT64_MAX, ret) == 0)
		return 0;
	return request_fault(q, OOPS_UNKNOWN, "%.60s is no number", q->values.at[n]);
}

int request_take(struct request *q, unsigned n, enum desk_table t, void **ret)
{
	const struct field *key = &desk_nouns[t].fields[0];
	_Alignas(8) u8 record[DESK_RECORD_MAX] = { 0 };
	const char *text = q->values.at[n];
	u64 number;
	int rc = 0;

	if (key->kind == FIELD_words)
		memcpy(record + key->at, &text, sizeof text);
	else if ((rc = request_number(q, n, &number)) == 0)
		memcpy(record + key->at, &number, sizeof number);
	if (rc)
		return rc;
	rc = gate_take(q->gate, t, record, ret);
	if (rc == 0)
		return request_fault(q, OOPS_UNKNOWN, "there is no %s %.60s", desk_nouns[t].name,
				     text);
	return rc < 0 ? request_fault(q, rc, "%s", gate_error(q->gate)) : 0;
}

int request_may_know(struct request *q)
{
	char text[MARKING_TEXT_MAX];

	if (marking_allows(DESK_MARKING, q->who.clearance))
		return 0;
	return request_fault(q, -EPERM, "this is %s, which %.64s may not have",
			     marking_text(DESK_MARKING, text), q->who.login);
}

static u64 now_of(void *world)
{
	return ((const struct web *)world)->setup.now();
}

int request_desk(struct request *q, struct desk **ret)
{
	int rc = desk_look(ret, q->store, now_of, q->web);

	return rc == OOPS_UNKNOWN ? request_fault(q, rc, "the store has no desk yet") : rc;
}

int request_flag(struct request *q, const char *name, bool *ret)
{
	const char *text = request_param(q, name);

	*ret = text && strcmp(text, "true") == 0;
	if (text == NULL || *ret || strcmp(text, "false") == 0)
		return 0;
	return request_fault(q, OOPS_TYPE, "%s: true or false is wanted", name);
}

int request_words(struct request *q, const char *name, const char *const *choices, u64 *bits)
{
	const char *text = request_param(q, name);

	for (*bits = 0; text && *text; text += strcspn(text, ","), text += *text == ',') {
		char word[40];
		int n;

		snprintf(word, sizeof word, "%.*s", (int)strcspn(text, ","), text);
		if ((n = choice_parse(choices, word)) < 0)
			return request_fault(q, OOPS_RANGE, "%s: '%.40s' is none of its words",
					     name, word);
		*bits |= (u64)1 << n;
	}
	return 0;
}

int request_page(struct request *q, u64 most, u64 *limit, u64 *after)
{
	int rc = request_count(q, "limit", WEB_PAGE_MAX, limit);

	*limit = *limit ? *limit : WEB_PAGE;
	return rc ? rc : request_count(q, "cursor", most, after);
}

void request_next(struct request *q, bool more, u64 at)
{
	if (more)
		buf_fmt(q->out, "],\n\"next\":\"%llu\"}\n", (unsigned long long)at);
	else
		buf_text(q->out, "],\n\"next\":null}\n");
}

struct putting {
	struct request *q;
	const struct store_query *query;
	request_put_fn *put;
	void *to;
	u64 count, most;
	struct buf next;	/* the cursor behind a page that is full */
};

static int put_one(void *to, const void *record)
{
	struct putting *p = to;
	struct buf *out = p->q->out;
	const size_t before = out->len;

	buf_text(out, p->count ? ",\n{" : "\n{");
	if (p->put(p->to, out, record)) {
		out->len = before;
		return 0;
	}
	if (p->count == p->most) {	/* there is one behind the page */
		out->len = before;
		return 1;
	}
	buf_byte(out, '}');
	if (++p->count == p->most)
		cursor_put(p->q, &p->next, p->query, record);
	return buf_error(out);
}

static int put_page(struct request *q, struct putting *p, const struct store_query *query)
{
	int rc;

	buf_text(q->out, "{\"items\":[");
	rc = gate_each(q->gate, query, put_one, p);
	if (rc < 0)
		return request_fault(q, rc, "%s", gate_error(q->gate));
	buf_fmt(q->out, "],\n\"next\":%s}\n", rc == 1 ? buf_str(&p->next) : "null");
	return buf_error(&p->next);
}

int request_list(struct request *q, struct store_query *query, request_put_fn *put, void *to)
{
	struct cursor *room = malloc(sizeof *room);
	struct putting p = { .q = q, .query = query, .put = put, .to = to };
	int rc = room ? request_count(q, "limit", WEB_PAGE_MAX, &p.most) : -ENOMEM;

	p.most = p.most ? p.most : WEB_PAGE;
	if (query->limit == 0)
		query->limit = p.most + 1;
	if (rc == 0)
		rc = cursor_take(q, query, room);
	if (rc == 0)
		rc = put_page(q, &p, query);
	buf_free(&p.next);
	free(room);
	return rc;
}

int request_one(struct request *q, enum desk_table t, request_put_fn *put, void *to)
{
	void *found = NULL;
	int rc = request_take(q, 0, t, &found);

	if (rc == 0) {
		buf_byte(q->out, '{');
		put(to, q->out, found);
		buf_text(q->out, "}\n");
	}
	free(found);
	return rc;
}

static const char *text_of(json_t *body, const char *name)
{
	const char *text = json_string_value(json_object_get(body, name));

	return text ? text : "";
}

/* The log stays as it is written; what of it is a sentence or word of ours stands beside it,
 * for people. */
static void put_event_said(struct buf *out, const struct event *e, json_t *body)
{
	static const char *const whys[] = { "why", "reason", "verdict" };
	const char *why = "";
	struct buf said = { 0 };

	buf_text(out, ",\"said\":");
	utf8_json(out, event_said(&said, e) ? buf_str(&said) : "");
	buf_free(&said);
	for (size_t i = 0; i < COUNT(whys) && why[0] == 0; i++)
		why = text_of(body, whys[i]);
	buf_text(out, ",\"why\":");
	put_stored(out, why);
	buf_text(out, ",\"what\":");
	if (strcmp(e->kind, "incident.met") == 0)
		utf8_json(out, C_("clock", text_of(body, "name")));
	else
		put_stored(out, text_of(body, "title"));
}

void request_put_event(struct buf *out, const struct event *e)
{
	json_t *body = json_loads(e->body, 0, NULL);
	char *text = body ? json_dumps(body, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
	char at[STAMP_TEXT_MAX];

	buf_fmt(out, "{\"number\":%llu,\"at\":\"%s\",\"author\":", (unsigned long long)e->number,
		stamp_text(e->at, 9, at));
	utf8_json(out, e->author);
	buf_text(out, ",\"kind\":");
	utf8_json(out, e->kind);
	buf_text(out, ",\"about\":");
	utf8_json(out, e->about);
	put_event_said(out, e, body);
	buf_fmt(out, ",\"body\":%s,\"hash\":\"%s\",\"signer\":\"%s\"}", text ? text : "{}", e->hash,
		e->signer);
	free(text);
	json_decref(body);
}

void request_put_lines(struct buf *out, const char *lines)
{
	char one[2000];

	buf_byte(out, '[');
	for (const char *p = lines; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		snprintf(one, sizeof one, "%.*s", (int)strcspn(p, "\n"), p);
		buf_text(out, p == lines ? "" : ",");
		utf8_json(out, one);
	}
	buf_byte(out, ']');
}
