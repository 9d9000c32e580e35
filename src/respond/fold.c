/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fold.c - from events to the state; see desk.h. An event whose kind this program does
 * not know, or whose body is not what its kind says, stops the fold with a sentence: a
 * state that leaves something out would be a wrong one. */
#include "respond/own.h"
#include "base/stamp.h"

/* One line a file, so that two who add theirs do not meet. */
#define KINDS(F)                                                               \
	F(gate_kinds)                                                          \
	F(user_kinds)                                                          \
	F(people_kinds)                                                        \
	F(notice_kinds)                                                        \
	F(notice_rule_kinds)                                                   \
	F(proof_kinds)                                                         \
	F(trust_kinds)                                                         \
	F(drill_kinds)                                                         \
	F(case_kinds)                                                          \
	F(task_kinds)                                                          \
	F(group_kinds)                                                         \
	F(mute_kinds)                                                          \
	F(inbox_kinds)                                                         \
	F(taxii_kinds)                                                         \
	F(upload_kinds_of_event)

#define F(name) extern const struct desk_kind name[];
KINDS(F)
#undef F
#define F(name) name,
static const struct desk_kind *const all[] = {
	KINDS(F)
#undef F
};

const struct desk_kind *desk_kind_at(size_t n)
{
	for (size_t i = 0; i < COUNT(all); i++)
		for (const struct desk_kind *k = all[i]; k->name; k++)
			if (n-- == 0)
				return k;
	return NULL;
}

static const struct desk_kind *find(const char *name)
{
	for (size_t i = 0; i < COUNT(all); i++)
		for (const struct desk_kind *k = all[i]; k->name; k++)
			if (strcmp(k->name, name) == 0)
				return k;
	return NULL;
}

int desk_damaged(struct desk *d, const struct desk_event *e, const char *what)
{
	return desk_fault(d, OOPS_FORMAT, "event %llu (%s) of the log cannot be understood: %s",
			  (unsigned long long)e->event->number, e->event->kind, what);
}

int fold_said(struct desk *d, const struct event *e, json_t *body)
{
	const struct desk_kind *k = find(e->kind);
	struct desk_event is = { e, body };

	if (k == NULL)
		return desk_fault(d, OOPS_VERSION, "event %llu of the log is of a kind that "
			"this version does not know (%.60s); use a newer Vedette",
			(unsigned long long)e->number, e->kind);
	if (!json_is_object(body))
		return desk_damaged(d, &is, N_("its body is no JSON object"));
	return k->apply ? k->apply(d, &is) : 0;
}

int fold(struct desk *d, const struct event *e)
{
	json_t *body = json_loads(e->body, JSON_REJECT_DUPLICATES, NULL);
	int rc = fold_said(d, e, body);

	json_decref(body);
	return rc;
}

static int fold_each(void *to, const struct event *e)
{
	return fold(to, e);
}

int desk_fold_all(struct desk *d)
{
	return store_each_event(d->store, 1, 0, NULL, fold_each, d);
}

int desk_rebuild(struct desk *d)
{
	int rc = store_begin(d->store);

	if (rc == 0)
		rc = store_desk_fresh(d->store);
	if (rc == 0)
		rc = desk_fold_all(d);
	return desk_end(d, rc);
}

/* ---- bodies ---- */

const char *desk_text(const struct desk_event *e, const char *key)
{
	const char *text = json_string_value(json_object_get(e->body, key));

	return text ? text : "";
}

u64 desk_number(const struct desk_event *e, const char *key)
{
	json_t *v = json_object_get(e->body, key);

	return json_is_integer(v) && json_integer_value(v) >= 0
	       ? (u64)json_integer_value(v) : 0;
}

u8 desk_choice(const struct desk_event *e, const char *key, const char *const *choices)
{
	int n = choice_parse(choices, desk_text(e, key));

	return n < 0 ? 0 : (u8)n;
}

static int take_number(json_t *from, u64 *to)
{
	if (!json_is_integer(from) || json_integer_value(from) < 0)
		return OOPS_TYPE;
	*to = (u64)json_integer_value(from);
	return 0;
}

/* One member into one field: 0, or OOPS_* */
static int take(json_t *from, const struct field *f, void *to)
{
	const char *text = json_string_value(from);
	int n = 0;

	if (f->kind == FIELD_count)
		return take_number(from, to);
	if (text == NULL)
		return OOPS_TYPE;
	switch (f->kind) {
	case FIELD_words:
		*(const char **)to = text;
		return 0;
	case FIELD_stamp:
		return stamp_parse(text, to);
	case FIELD_severity:
		if ((n = severity_parse(text)) >= 0)
			*(enum severity *)to = (enum severity)n;
		return n < 0 ? n : 0;
	case FIELD_choice:
		if ((n = choice_parse(f->choices, text)) >= 0)
			*(u8 *)to = (u8)n;
		return n < 0 ? n : 0;
	default:
		return OOPS_TYPE;	/* nouns of the desk have no others */
	}
}

int desk_record_of(struct desk *d, const struct desk_event *e, json_t *from,
		   enum desk_table t, void *record)
{
	for (const struct field *f = desk_nouns[t].fields; f->name; f++) {
		json_t *member = json_object_get(from, f->name);

		if (member && take(member, f, (char *)record + f->at))
			return desk_damaged(d, e, f->name);
	}
	return 0;
}

int desk_record(struct desk *d, const struct desk_event *e, enum desk_table t, void *record)
{
	return desk_record_of(d, e, e->body, t, record);
}

static json_t *value(const struct field *f, const void *at)
{
	char text[STAMP_TEXT_MAX];
	u64 n = 0;

	if (f->kind == FIELD_count || f->kind == FIELD_stamp)
		memcpy(&n, at, sizeof n);
	switch (f->kind) {
	case FIELD_words:
		return json_string(*(const char *const *)at ? *(const char *const *)at : "");
	case FIELD_count:
		return json_integer((json_int_t)min_u64(n, INT64_MAX));
	case FIELD_stamp:
		return json_string(stamp_text(n, n % STAMP_NS ? 9 : 0, text));
	case FIELD_severity:
		return json_string(severity_name(*(const enum severity *)at));
	case FIELD_choice:
		return json_string(f->choices[*(const u8 *)at]);
	default:
		return NULL;	/* nouns of the desk have no others */
	}
}

static bool among(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

/* Nothing, zero, the first choice: what a record begins with. */
static bool is_empty(const struct field *f, const char *at)
{
	const char *text;

	if (f->kind == FIELD_words) {
		memcpy(&text, at, sizeof text);
		return text == NULL || text[0] == 0;
	}
	for (size_t i = 0; i < f->size; i++)
		if (at[i])
			return false;
	return true;
}

json_t *desk_brief(enum desk_table t, const void *record, const char *const *without)
{
	json_t *body = json_object();

	for (const struct field *f = desk_nouns[t].fields; f->name && body; f++) {
		const char *at = (const char *)record + f->at;

		if (!is_empty(f, at) && !among(without, f->name) &&
		    json_object_set_new_nocheck(body, f->name, value(f, at))) {
			json_decref(body);
			body = NULL;
		}
	}
	return body;
}

json_t *desk_body(enum desk_table t, const void *record)
{
	json_t *body = json_object();

	for (const struct field *f = desk_nouns[t].fields; f->name && body; f++) {
		if (json_object_set_new(body, f->name,
			value(f, (const char *)record + f->at))) {
			json_decref(body);
			body = NULL;
		}
	}
	return body;
}

/* ---- copies ---- */

static const char **words(const void *record, const struct field *f)
{
	return (const char **)((char *)(uintptr_t)record + f->at);
}

void *desk_copy(enum desk_table t, const void *record)
{
	const struct desk_noun *noun = &desk_nouns[t];
	size_t n = noun->size;
	char *copy, *at;

	for (const struct field *f = noun->fields; f->name; f++)
		if (f->kind == FIELD_words)
			n += strlen(*words(record, f) ? *words(record, f) : "") + 1;
	if ((copy = malloc(n)) == NULL)
		return NULL;
	memcpy(copy, record, noun->size);
	at = copy + noun->size;
	for (const struct field *f = noun->fields; f->name; f++) {
		if (f->kind != FIELD_words)
			continue;
		n = strlen(*words(record, f) ? *words(record, f) : "") + 1;
		*words(copy, f) = memcpy(at, *words(record, f) ? *words(record, f) : "", n);
		at += n;
	}
	return copy;
}

struct found { enum desk_table t; void *copy; };

static int keep(void *to, const void *record)
{
	struct found *f = to;

	f->copy = desk_copy(f->t, record);
	return f->copy ? 0 : -ENOMEM;
}

int desk_find(struct desk *d, enum desk_table t, const void *key, void **ret)
{
	struct found f = { .t = t };
	int rc = store_take(d->store, t, key, keep, &f);

	if (rc == 1)
		*ret = f.copy;
	return rc;
}
