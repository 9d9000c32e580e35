/* SPDX-License-Identifier: GPL-3.0-or-later */
/* op_own.c - what operations have in common; see op_own.h. */
#include "respond/op_own.h"
#include "respond/case_raise.h"

int op_gate(struct desk *d, const struct caller *who, struct gate **ret)
{
	const struct audience audience = { who->login, who->clearance };
	int rc = gate_open(ret, d, NULL, &audience);

	if (rc == 0)
		gate_discreet(*ret);
	return rc;
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

int op_begin(struct desk *d, const struct caller *who, json_t *args, struct op_case *r)
{
	const u64 number = op_count(args, "number");
	int rc = op_may_see(d, who, number);

	if (rc || (rc = desk_begin(d)))
		return rc;
	if ((rc = op_also(d, who, number, r)))
		return desk_end(d, rc);
	if (op_given(args, "version"))
		r->ref.expected = op_count(args, "version") ? op_count(args, "version")
							    : UINT64_MAX;	/* none has 0 */
	return 0;
}

int op_also(struct desk *d, const struct caller *who, u64 number, struct op_case *r)
{
	struct incident *i = NULL;
	int rc = case_find(d, number, &i);

	*r = (struct op_case){ .ref.number = number, .is_old = true,
		.may_know = marking_allows(DESK_MARKING, who->clearance) };
	if (rc == 0)
		r->was = (struct marking){ i->tlp, i->pap };
	free(i);
	return rc;
}

static json_t *marking_json(struct marking m)
{
	return json_pack("{s:s, s:s}", "tlp", label_text(m.tlp), "pap", pap_text(m.pap));
}

/* "a, b" as a list. */
static json_t *words_json(const char *list)
{
	json_t *all = json_array();

	for (const char *p = list; *p; p += strcspn(p, ","), p += strspn(p, ", "))
		json_array_append_new(all, json_stringn(p, strcspn(p, ",")));
	return all;
}

/* *ret is NULL where it is not stricter. */
static int raised(struct desk *d, u64 number, const struct marking change[2], bool may_know,
		  json_t **ret)
{
	struct case_raised *is = calloc(1, sizeof *is);
	int rc = is ? case_raised(d, number, change[0], change[1], is) : -ENOMEM;

	*ret = rc == 0 && is->rose ? json_pack("{s:o, s:o, s:b, s:o, s:o}", "from",
		marking_json(is->from), "to", marking_json(is->to), "no_mail", (int)is->no_mail,
		"contacts", words_json(may_know ? is->contacts : ""), "people",
		words_json(is->people)) : NULL;
	if (rc == 0 && is->rose && *ret == NULL)
		rc = -ENOMEM;
	free(is);
	return rc;
}

static int tell_raised(struct desk *d, const struct op_case *r, const struct incident *i,
		       json_t *reply)
{
	const struct marking change[2] = { r->was, { i->tlp, i->pap } };
	json_t *is = NULL;
	int rc = raised(d, i->number, change, r->may_know, &is);

	if (is && json_object_set_new(reply, "raised", is))
		rc = -ENOMEM;
	return rc;
}

int op_tell_stricter(struct desk *d, const struct caller *who, u64 number,
		     const struct marking change[2], json_t *list)
{
	json_t *is = NULL;
	int rc = marking_allows(change[1], who->clearance) ? raised(d, number, change,
		marking_allows(DESK_MARKING, who->clearance), &is) : 0;

	if (is && (json_object_set_new(is, "number", json_integer((json_int_t)number)) ||
		   json_array_append(list, is)))
		rc = -ENOMEM;
	json_decref(is);
	return rc;
}

/* What the incident is by now, for a reply. */
static int tell_case(struct desk *d, const struct op_case *r, int rc, json_t *reply)
{
	struct incident *i = NULL;

	if (rc == 0 && (rc = case_find(d, r->ref.number, &i)) == 0)
		rc = op_tell_count(reply, "number", i->number);
	if (rc == 0)
		rc = op_tell_count(reply, "version", i->version);
	if (rc == 0 && r->is_old)
		rc = tell_raised(d, r, i, reply);
	free(i);
	return rc;
}

int op_end(struct desk *d, const struct op_case *r, int rc, json_t *reply)
{
	return desk_end(d, tell_case(d, r, rc, reply));
}

int op_rehearsed(struct desk *d, const struct op_case *r, int rc, json_t *reply)
{
	rc = tell_case(d, r, rc, reply);
	desk_end(d, rc ? rc : -ECANCELED);
	return rc;
}

struct marking op_marking(json_t *args, struct marking none)
{
	return (struct marking){ op_choice(args, "tlp", label_names, none.tlp),
				 op_choice(args, "pap", pap_names, none.pap) };
}

int op_marking_in(struct desk *d, const struct caller *who, json_t *args, struct marking *ret)
{
	const struct marking house = desk_house(d)->inbox.floor, sees = who->clearance;

	*ret = op_marking(args, (struct marking){ min_u64(house.tlp, sees.tlp),
						  min_u64(house.pap, sees.pap) });
	return marking_allows(*ret, sees) ? 0
	       : desk_fault(d, -EPERM, "you could not see it under that marking");
}

int op_sees(struct desk *d, const struct caller *who, json_t *args, struct marking was,
	    struct marking would)
{
	return case_sight(d, &(struct case_sight){ was, would, who->clearance,
			  op_flag(args, "hide_from_me") });
}

int op_tell_count(json_t *reply, const char *name, u64 n)
{
	return json_object_set_new(reply, name, json_integer((json_int_t)n)) ? -ENOMEM : 0;
}

int op_tell_text(json_t *reply, const char *name, const char *text)
{
	return json_object_set_new(reply, name, json_string(text)) ? -ENOMEM : 0;
}
