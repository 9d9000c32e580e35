/* SPDX-License-Identifier: GPL-3.0-or-later */
/* op.c - the lists of operations, and the checks before one is run; see op.h. */
#include "respond/op.h"
#include "base/stamp.h"

/* One line a file, so that two who add theirs do not meet. */
#define LISTS(F)                                                               \
	F(user_ops)                                                            \
	F(case_ops)                                                            \
	F(open_ops)                                                            \
	F(group_ops)                                                           \
	F(inbox_ops)                                                           \
	F(contact_ops)                                                         \
	F(share_ops)                                                           \
	F(notice_ops)                                                          \
	F(look_ops)                                                            \
	F(taxii_ops)                                                           \
	F(upload_ops)

#define F(name) extern const struct op name[];
LISTS(F)
#undef F
#define F(name) name,
const struct op *const op_lists[] = {
	LISTS(F)
	NULL
#undef F
};

const struct op *op_find(const char *name)
{
	for (const struct op *const *list = op_lists; *list; list++)
		for (const struct op *o = *list; o->name; o++)
			if (strcmp(o->name, name) == 0)
				return o;
	return NULL;
}

static int bad(struct desk *d, int error, const struct op_arg *a, const char *what)
{
	return desk_fault(d, error, "%s: %s", a->name, what);
}

static int check_text(struct desk *d, const struct op_arg *a, json_t *v)
{
	size_t most = a->most ? a->most : 200;

	if (!json_is_string(v))
		return bad(d, OOPS_TYPE, a, N_("a text is wanted"));
	if (json_string_length(v) > most)
		return desk_fault(d, OOPS_RANGE, "%s: at most %zu octets are taken", a->name,
				  most);
	if (a->needed && json_string_length(v) == 0)
		return bad(d, OOPS_RANGE, a, N_("it must not be empty"));
	return 0;
}

static int check_count(struct desk *d, const struct op_arg *a, json_t *v)
{
	if (!json_is_integer(v) || json_integer_value(v) < 0)
		return bad(d, OOPS_TYPE, a, N_("a whole number, 0 or more, is wanted"));
	if (a->most && (u64)json_integer_value(v) > a->most)
		return desk_fault(d, OOPS_RANGE, "%s: at most %llu", a->name,
				  (unsigned long long)a->most);
	return 0;
}

static int check_choice(struct desk *d, const struct op_arg *a, json_t *v)
{
	char all[300];
	size_t n = 0;

	if (json_is_string(v) && choice_parse(a->choices, json_string_value(v)) >= 0)
		return 0;
	for (const char *const *c = a->choices; *c && n < sizeof all; c++)
		n += (size_t)snprintf(all + n, sizeof all - n, "%s%s", n ? ", " : "",
				      **c ? *c : "(nothing)");
	return desk_fault(d, OOPS_RANGE, "%s: one of these is wanted: %s", a->name, all);
}

#define OP_MANY 10000u	/* elements of a list */

static int check_list(struct desk *d, const struct op_arg *a, json_t *v)
{
	size_t i;
	json_t *one;
	int rc = 0;

	if (!json_is_array(v) || json_array_size(v) > OP_MANY)
		return desk_fault(d, OOPS_TYPE, "%s: a list of at most %u is wanted", a->name,
				  OP_MANY);
	json_array_foreach(v, i, one)
		if (rc == 0)
			rc = a->kind == OP_TEXTS ? check_text(d, a, one)
						 : check_count(d, a, one);
	return rc;
}

static int check_value(struct desk *d, const struct op_arg *a, json_t *v)
{
	u64 at;

	switch (a->kind) {
	case OP_TEXT:
		return check_text(d, a, v);
	case OP_COUNT:
		return check_count(d, a, v);
	case OP_FLAG:
		return json_is_boolean(v) ? 0 : bad(d, OOPS_TYPE, a, N_("true or false "
			"is wanted"));
	case OP_CHOICE:
		return check_choice(d, a, v);
	case OP_TIME:
		return json_is_string(v) && stamp_parse(json_string_value(v), &at) == 0 ? 0
		     : bad(d, OOPS_TYPE, a, N_("a time is wanted: 2026-01-31T10:00:00Z"));
	case OP_TEXTS:
	case OP_COUNTS:
		return check_list(d, a, v);
	case OP_OBJECT:
		return json_is_object(v) ? 0 : bad(d, OOPS_TYPE, a, N_("an object is "
			"wanted"));
	}
	return OOPS_TYPE;
}

static const struct op_arg *arg_of(const struct op *o, const char *name)
{
	for (const struct op_arg *a = o->args; a && a->name; a++)
		if (strcmp(a->name, name) == 0)
			return a;
	return NULL;
}

static int check_args(struct desk *d, const struct op *o, json_t *args)
{
	const char *key;
	json_t *value;
	int rc = 0;

	if (!json_is_object(args))
		return desk_fault(d, OOPS_FORMAT, "the arguments are a JSON object");
	json_object_foreach(args, key, value) {
		const struct op_arg *a = arg_of(o, key);

		if (a == NULL)
			return desk_fault(d, OOPS_FORMAT, "%s takes no '%.60s'", o->name, key);
		if ((rc = check_value(d, a, value)))
			return rc;
	}
	for (const struct op_arg *a = o->args; a && a->name; a++)
		if (a->needed && json_object_get(args, a->name) == NULL)
			return bad(d, OOPS_FORMAT, a, N_("it is missing"));
	return 0;
}

int op_run(struct desk *d, const struct caller *who, const char *name, json_t *args,
	   json_t *reply)
{
	const struct op *o = op_find(name);
	int rc;

	if (o == NULL)
		return desk_fault(d, OOPS_UNKNOWN, "there is no operation %.60s", name);
	if (who->role < o->role)
		return desk_fault(d, -EPERM, "%s is for the role %s and above", o->name,
				  roles[o->role]);
	if ((rc = check_args(d, o, args)) || (rc = desk_as(d, who->login)))
		return rc;
	return o->run(d, who, args, reply);
}

const char *op_text(json_t *args, const char *name)
{
	const char *text = json_string_value(json_object_get(args, name));

	return text ? text : "";
}

u64 op_count(json_t *args, const char *name)
{
	return (u64)json_integer_value(json_object_get(args, name));
}

bool op_flag(json_t *args, const char *name)
{
	return json_is_true(json_object_get(args, name));
}

u64 op_time(json_t *args, const char *name)
{
	u64 at = 0;

	if (op_given(args, name))
		stamp_parse(op_text(args, name), &at);
	return at;
}

u8 op_choice(json_t *args, const char *name, const char *const *choices, u8 none)
{
	int n = op_given(args, name) ? choice_parse(choices, op_text(args, name)) : none;

	return n < 0 ? none : (u8)n;
}

bool op_given(json_t *args, const char *name)
{
	return json_object_get(args, name) != NULL;
}
