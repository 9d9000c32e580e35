/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_stix_object.c - what an object of STIX says in the terms of items.
 *
 *   indicator      indicator, one for each subject of its pattern
 *   observed-data  observation, one for each observable that can be a subject
 *   report         report          grouping, incident   incident         note   note
 *
 * What the sender does not say: severity medium, confidence 50. An indicator that was
 * revoked is not valid any more from its last change on. Writers ask here, too: what comes
 * back of their object needs no place in the extension. */
#include "share/exchange_stix.h"
#include <strings.h>

static const struct { const char *type; enum item_kind kind; } types[] = {
	{ "indicator", ITEM_INDICATOR }, { "observed-data", ITEM_OBSERVATION },
	{ "report", ITEM_REPORT }, { "grouping", ITEM_INCIDENT },
	{ "incident", ITEM_INCIDENT }, { "note", ITEM_NOTE },
};

bool stix_is_item(const char *type)
{
	for (size_t k = 0; k < COUNT(types); k++)
		if (strcmp(type, types[k].type) == 0)
			return true;
	return false;
}

const char *stix_type(const struct item *i, const struct stix_value *v)
{
	bool observable = v->type != NULL;

	switch (i->kind) {
	case ITEM_INDICATOR:
		return observable ? "indicator" : "note";
	case ITEM_OBSERVATION:
		return observable ? "observed-data" : "note";
	case ITEM_REPORT:
		return "report";
	case ITEM_INCIDENT:
		return "grouping";
	default:
		return "note";
	}
}

void stix_room_free(struct stix_room *room)
{
	buf_free(&room->id);
	buf_free(&room->tags);
	buf_free(&room->references);
	buf_free(&room->text);
	buf_free(&room->title);
	buf_free(&room->subject);
}

/* ---- what all objects have ---- */

/* Labels: the first that names an abuse is the abuse, the others are tags. */
static void take_labels(struct stix_take *t, struct item *i)
{
	json_t *labels = json_object_get(t->object, "labels");

	buf_clear(&t->room->tags);
	for (size_t k = 0; k < json_array_size(labels); k++) {
		const char *label = json_string_value(json_array_get(labels, k));
		int abuse = label && !i->abuse ? choice_parse(abuse_names, label) : -1;

		if (abuse > 0)
			i->abuse = (u8)abuse;
		else if (label)
			rest_line(&t->room->tags, label);
	}
	rest_more(&t->room->tags, t->near->tags);
	i->tags = buf_str(&t->room->tags);
}

/* A URL, else an id, else the words for it. */
static void take_references(struct stix_take *t, struct item *i)
{
	static const char *const keys[] = { "url", "external_id", "description" };
	json_t *all = json_object_get(t->object, "external_references");

	buf_clear(&t->room->references);
	for (size_t k = 0; k < json_array_size(all); k++) {
		const char *text = "";

		for (size_t key = 0; key < COUNT(keys) && *text == 0; key++)
			text = rest_text(json_array_get(all, k), keys[key]);
		rest_line(&t->room->references, text);
	}
	i->references = buf_str(&t->room->references);
}

static void take_common(struct stix_take *t, struct item *i)
{
	json_t *o = t->object, *confidence = json_object_get(o, "confidence");
	const struct stix_near *n = t->near;

	i->severity = SEVERITY_MEDIUM;
	i->confidence = 50;
	if (json_is_integer(confidence) && json_integer_value(confidence) >= 0)
		i->confidence = min_u64((u64)json_integer_value(confidence), 100);
	i->created = rest_stamp(o, "created");
	i->modified = rest_stamp(o, "modified");
	i->source = n->source ? n->source : "";
	i->parent = n->parent ? n->parent : "";
	i->tlp = n->marking.tlp;
	i->pap = n->marking.pap;
	take_labels(t, i);
	take_references(t, i);
	i->title = rest_cut(&t->room->title, rest_text(o, "name"));
	i->text = rest_cut(&t->room->text, rest_text(o, "description"));
}

/* The first one has the object's own id, the others a number behind it. */
static int give(struct stix_take *t, struct item *i)
{
	const char *id = rest_text(t->object, "id");

	if (t->count++ == 0) {
		i->id = id;
	} else {
		buf_clear(&t->room->id);
		buf_fmt(&t->room->id, "%.200s#%u", id, t->count);
		i->id = buf_str(&t->room->id);
	}
	return t->fn(t->to, i);
}

/* ---- indicators ---- */

struct alternatives { struct stix_take *t; struct item *i; int rc; bool flawed; };

/* True when the text has the form of its kind. */
static bool sound(enum subject_kind kind, const char *text)
{
	struct stix_value v;
	bool ok = strlen(text) <= FIELD_WORDS_MAX && stix_value(&v, kind, text) == 0 && v.type;

	if (strlen(text) <= FIELD_WORDS_MAX)
		buf_free(&v.text);
	return ok;
}

static void take_subject(void *to, enum subject_kind kind, const char *text)
{
	struct alternatives *a = to;

	if (a->rc)
		return;
	if (!a->t->lax && !sound(kind, text)) {
		a->flawed = true;
		return;
	}
	a->i->subject_kind = (u8)kind;
	if (!a->t->lax) {
		a->i->subject = text;
	} else {	/* it is looked at after the call */
		buf_clear(&a->t->room->subject);
		buf_text(&a->t->room->subject, text);
		a->i->subject = buf_str(&a->t->room->subject);
	}
	a->rc = give(a->t, a->i);
}

static void take_times(struct stix_take *t, struct item *i)
{
	u64 from = rest_stamp(t->object, "valid_from");

	i->valid_until = rest_stamp(t->object, "valid_until");
	if (json_is_true(json_object_get(t->object, "revoked")) &&
	    (i->valid_until == 0 || i->valid_until > i->modified))
		i->valid_until = i->modified ? i->modified : 1;
	i->sightings = t->near->sightings;
	i->first_seen = t->near->first_seen ? t->near->first_seen : from;
	if (t->near->first_seen == 0 && from == i->created)
		i->first_seen = 0;
	i->last_seen = t->near->last_seen;
}

static int take_indicator(struct stix_take *t, struct item *i)
{
	struct alternatives a = { t, i, 0, false };
	const char *type = rest_text(t->object, "pattern_type");
	json_t *named = json_object_get(t->object, "indicator_types");
	int n;

	if (type[0] && strcmp(type, "stix")) {
		snprintf(t->why, STIX_WHY, N_("its pattern is of type %.40s"), type);
		return 0;
	}
	if (strcmp(rest_text(t->object, "pattern"), "") == 0) {
		snprintf(t->why, STIX_WHY, N_("it has no pattern"));
		return 0;
	}
	if (json_array_size(named) == 1 && json_is_string(json_array_get(named, 0)) &&
	    strcmp(json_string_value(json_array_get(named, 0)), "benign") == 0)
		i->action = ACTION_PASSTHRU;
	take_times(t, i);
	n = stix_pattern_read(rest_text(t->object, "pattern"), take_subject, &a, t->why);
	if (n == -ENOMEM)
		return n;
	if (a.flawed && t->why[0] == 0)
		snprintf(t->why, STIX_WHY, N_("left out: a subject that has not the form "
			"of one"));
	return a.rc;
}

/* ---- observed data ---- */

static u64 number(json_t *of, const char *key)
{
	json_t *v = json_object_get(of, key);

	return json_is_integer(v) && json_integer_value(v) > 0 ? (u64)json_integer_value(v) : 0;
}

static int take_observable(struct stix_take *t, struct item *i, json_t *o)
{
	enum subject_kind kind;
	const char *text;

	if (!stix_subject(o, &kind, &text, &t->room->subject))
		return 0;
	if (!t->lax && !sound(kind, text)) {
		snprintf(t->why, STIX_WHY, N_("left out: a %.40s that has not the form "
			"of one"),
			 rest_text(o, "type"));
		return 0;
	}
	i->subject_kind = (u8)kind;
	i->subject = text;
	return give(t, i);
}

static int take_observed(struct stix_take *t, struct item *i)
{
	json_t *inside = json_object_get(t->object, "objects"), *o;	/* as STIX 2.0 */
	const char *key;
	int rc = 0;

	i->first_seen = rest_stamp(t->object, "first_observed");
	i->last_seen = rest_stamp(t->object, "last_observed");
	i->sightings = number(t->object, "number_observed");
	for (size_t k = 0; rc == 0 && k < t->near->observable_count; k++)
		rc = take_observable(t, i, t->near->observables[k]);
	json_object_foreach(inside, key, o)
		if (rc == 0)
			rc = take_observable(t, i, o);
	if (t->count == 0 && t->why[0] == 0)
		snprintf(t->why, STIX_WHY, N_("left out: nothing in it can be a "
			"subject"));
	return rc;
}

/* ---- reports, groups, notes ---- */

static int take_rest(struct stix_take *t, struct item *i)
{
	enum subject_kind kind;
	const char *text;

	i->subject = "";
	i->subject_kind = SUBJECT_OTHER;
	if (i->kind == ITEM_NOTE) {
		i->title = rest_cut(&t->room->title, rest_text(t->object, "abstract"));
		i->text = rest_cut(&t->room->text, rest_text(t->object, "content"));
	}
	if (t->near->observable_count == 1 &&
	    stix_subject(t->near->observables[0], &kind, &text, &t->room->subject) &&
	    (t->lax || sound(kind, text))) {
		i->subject_kind = (u8)kind;
		i->subject = text;
	}
	return give(t, i);
}

int stix_items(struct stix_take *t)
{
	const char *type = rest_text(t->object, "type");
	struct item i = { .rule = "", .evidence = "" };
	size_t k = 0;

	t->count = 0;
	t->why[0] = 0;
	while (k < COUNT(types) && strcmp(type, types[k].type))
		k++;
	if (k == COUNT(types))
		return 0;
	i.kind = (u8)types[k].kind;
	take_common(t, &i);
	if (i.kind == ITEM_INDICATOR)
		return take_indicator(t, &i);
	if (i.kind == ITEM_OBSERVATION)
		return take_observed(t, &i);
	return take_rest(t, &i);
}
