/* SPDX-License-Identifier: GPL-3.0-or-later */
/* op_own.c - what operations have in common; see op_own.h. */
#include "respond/op_own.h"

int op_gate(struct desk *d, const struct caller *who, struct gate **ret)
{
	const struct audience audience = { who->login, who->clearance };

	return gate_open(ret, d, NULL, &audience);
}

/* "12", "cert.example": the key as people say it. */
static const char *key_text(enum desk_table t, const void *key, char to[64])
{
	const struct field *f = &desk_nouns[t].fields[0];
	const char *at = (const char *)key + f->at;

	if (f->kind == FIELD_words)
		snprintf(to, 64, "%.60s", *(const char *const *)(const void *)at);
	else
		snprintf(to, 64, "%llu", (unsigned long long)*(const u64 *)(const void *)at);
	return to;
}

int op_may_see_one(struct desk *d, const struct caller *who, enum desk_table t,
		   const void *key)
{
	struct gate *g = NULL;
	void *found = NULL;
	char text[64];
	int rc = op_gate(d, who, &g);

	if (rc == 0)
		rc = gate_take(g, t, key, &found);
	if (rc == 0)
		rc = desk_fault(d, OOPS_UNKNOWN, "there is no %s %s", desk_nouns[t].name,
				key_text(t, key, text));
	else if (rc == -EPERM)
		desk_fault(d, rc, "%s", gate_error(g));
	free(found);
	gate_close(g);
	return rc == 1 ? 0 : rc;
}

int op_may_see(struct desk *d, const struct caller *who, u64 incident)
{
	return op_may_see_one(d, who, DESK_incident, &(struct incident){ .number = incident });
}

int op_may_know(struct desk *d, const struct caller *who)
{
	char text[MARKING_TEXT_MAX];

	if (marking_allows(DESK_MARKING, who->clearance))
		return 0;
	return desk_fault(d, -EPERM, "this is %s, which %.64s may not have",
			  marking_text(DESK_MARKING, text), who->login);
}

int op_begin(struct desk *d, const struct caller *who, json_t *args, struct case_ref *r)
{
	int rc;

	*r = (struct case_ref){ op_count(args, "number"), op_count(args, "version") };
	rc = op_may_see(d, who, r->number);
	return rc ? rc : desk_begin(d);
}

int op_end(struct desk *d, u64 number, int rc, json_t *reply)
{
	struct incident *i = NULL;

	if (rc == 0 && (rc = case_find(d, number, &i)) == 0)
		rc = op_tell_count(reply, "number", number);
	if (rc == 0)
		rc = op_tell_count(reply, "version", i->version);
	free(i);
	return desk_end(d, rc);
}

struct marking op_marking(json_t *args, struct marking none)
{
	return (struct marking){ op_choice(args, "tlp", label_names, none.tlp),
				 op_choice(args, "pap", pap_names, none.pap) };
}

int op_tell_count(json_t *reply, const char *name, u64 n)
{
	return json_object_set_new(reply, name, json_integer((json_int_t)n)) ? -ENOMEM : 0;
}

int op_tell_text(json_t *reply, const char *name, const char *text)
{
	return json_object_set_new(reply, name, json_string(text)) ? -ENOMEM : 0;
}
