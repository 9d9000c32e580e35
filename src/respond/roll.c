/* SPDX-License-Identifier: GPL-3.0-or-later */
/* roll.c - RDAP as contacts; see roll.h. CSV is roll_csv.c. */
#include "respond/roll_own.h"
#include <strings.h>

/* RFC 9083, 10.2.4: what we make of a role; others say nothing about who can act. */
static const char *role_of(const char *rdap, const char *class)
{
	bool network = strcmp(class, "ip network") == 0 || strcmp(class, "autnum") == 0;

	if (strcmp(rdap, "registrar") == 0 || strcmp(rdap, "abuse") == 0 ||
	    strcmp(rdap, "technical") == 0)
		return rdap;
	if (strcmp(rdap, "noc") == 0)
		return "operator";
	if (strcmp(rdap, "registrant") == 0)
		return network ? "operator host" : "registrant";
	return NULL;
}

static const char *text_of(json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text && strlen(text) <= ROLL_TEXT_MAX ? text : "";
}

/* A handle or number as text: strings and integers are both seen. */
static void scalar(json_t *v, char to[200])
{
	if (json_is_string(v))
		snprintf(to, 200, "%s", json_string_value(v));
	else if (json_is_integer(v))
		snprintf(to, 200, "%lld", (long long)json_integer_value(v));
	else
		to[0] = 0;
}

void roll_add(json_t *entry, const char *key, const char *value)
{
	const char *is = json_string_value(json_object_get(entry, key)), *was = is ? is : "";
	char *all = NULL;

	if (value[0] == 0 || strlen(value) > ROLL_TEXT_MAX || strlen(was) > ROLL_TEXT_MAX / 2)
		return;
	if (asprintf(&all, "%s%s%s", was, was[0] ? "\n" : "", value) >= 0)
		json_object_set_new(entry, key, json_string(all));
	free(all);
}

/* Lower-case letters, digits and hyphens of a text, after a word. */
static void slug(const char *word, const char *text, char to[ROLL_ID_MAX])
{
	size_t n = (size_t)snprintf(to, ROLL_ID_MAX, "%s", word);

	for (; *text && n + 1 < ROLL_ID_MAX - 10; text++) {
		char c = *text >= 'A' && *text <= 'Z' ? (char)(*text | 32) : *text;

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			to[n++] = c;
		else if (n && to[n - 1] != '-')
			to[n++] = '-';
	}
	while (n && to[n - 1] == '-')
		n--;
	to[n] = 0;
}

/* ---- jCard ---- */

/* ["tel", {...}, "uri", "tel:+1.555"] */
static void vcard_row(json_t *entry, json_t *row)
{
	const char *what = json_string_value(json_array_get(row, 0));
	const char *value = json_string_value(json_array_get(row, 3));
	json_t *type = json_object_get(json_array_get(row, 1), "type");

	if (what == NULL || value == NULL || value[0] == 0)
		return;
	if (strcmp(what, "fn") == 0 && text_of(entry, "name")[0] == 0)
		roll_add(entry, "name", value);
	else if (strcmp(what, "org") == 0)
		roll_add(entry, "org", value);
	else if (strcmp(what, "kind") == 0 && strcmp(value, "individual") == 0)
		json_object_set_new(entry, "kind", json_string("person"));
	else if (strcmp(what, "email") == 0)
		roll_add(entry, "mail", value);
	else if (strcmp(what, "tel") == 0 && !(json_is_string(type) &&
		 strcmp(json_string_value(type), "fax") == 0))
		roll_add(entry, "phone", strncmp(value, "tel:", 4) == 0 ? value + 4 : value);
	else if (strcmp(what, "contact-uri") == 0)
		roll_add(entry, "web", value);
}

static void vcard(json_t *entry, json_t *entity)
{
	json_t *rows = json_array_get(json_object_get(entity, "vcardArray"), 1), *row;
	const char *org;
	size_t i;

	json_array_foreach(rows, i, row)
		vcard_row(entry, row);
	org = text_of(entry, "org");
	if (org[0] && text_of(entry, "name")[0] == 0)
		roll_add(entry, "name", org);
	json_object_del(entry, "org");
}

/* ---- entities ---- */

/* Where an entity stands. */
struct place {
	const char *class;	/* of the object that it is about */
	json_t *covers;		/* texts: what that object is */
	json_t *organisation;	/* the entry of the entity around it, or NULL */
	unsigned depth;
};

static void roles(json_t *entry, json_t *entity, const struct place *at)
{
	json_t *role;
	size_t i;

	json_array_foreach(json_object_get(entity, "roles"), i, role) {
		const char *is = json_is_string(role)
			? role_of(json_string_value(role), at->class) : NULL;

		if (is)
			roll_add(entry, "roles", is);
	}
}

static void covers(json_t *entry, const struct place *at)
{
	json_t *one;
	size_t i;

	if (at->organisation)	/* covers what the organisation does */
		return;
	json_array_foreach(at->covers, i, one)
		roll_add(entry, "covers", json_string_value(one));
}

/* The IANA number makes a registrar what it is. */
static bool iana(json_t *entry, json_t *entity, char id[ROLL_ID_MAX])
{
	json_t *public;
	char number[200], cover[220];
	size_t i;

	json_array_foreach(json_object_get(entity, "publicIds"), i, public) {
		scalar(json_object_get(public, "identifier"), number);
		if (strcmp(text_of(public, "type"), "IANA Registrar ID") || number[0] == 0 ||
		    number[strspn(number, "0123456789")] || strlen(number) > 9)
			continue;
		snprintf(cover, sizeof cover, "iana:%s", number);
		roll_add(entry, "covers", cover);
		slug("registrar-", number, id);
		return true;
	}
	return false;
}

static void identify(json_t *entry, json_t *entity, const struct place *at)
{
	const char *parent = at->organisation ? text_of(at->organisation, "id") : "";
	char id[ROLL_ID_MAX], handle[200];

	scalar(json_object_get(entity, "handle"), handle);
	if (!iana(entry, entity, id)) {
		if (parent[0] && handle[0] == 0)
			snprintf(id, sizeof id, "%.60s-%s", parent,
				 strstr(text_of(entry, "roles"), "abuse") ? "abuse" : "desk");
		else
			slug("rdap-", handle[0] ? handle : text_of(entry, "name"), id);
	}
	json_object_set_new(entry, "id", json_string(id));
	roll_add(entry, "handle", handle);
	if (parent[0] && strcmp(parent, id))
		roll_add(entry, "organisation", parent);
}

static int entities(struct rolling *r, json_t *list, const struct place *at);

static int entity(struct rolling *r, json_t *e, const struct place *at)
{
	json_t *entry = json_object();
	struct place within = *at;
	bool said = false;
	int rc = entry ? 0 : -ENOMEM;

	vcard(entry, e);
	roles(entry, e, at);
	identify(entry, e, at);
	covers(entry, at);
	if (text_of(entry, "roles")[0] && text_of(entry, "name")[0] == 0 &&
	    text_of(entry, "mail")[0] == 0 && text_of(entry, "covers")[0] == 0) {
		r->counts->redacted++;
	} else if (text_of(entry, "roles")[0]) {
		if (text_of(entry, "name")[0] == 0)
			roll_add(entry, "name", text_of(entry, "id"));
		roll_add(entry, "source", "rdap");
		rc = roll_say(r, entry);
		said = true;
	}
	within.organisation = said ? entry : at->organisation;
	within.depth++;
	if (rc == 0)
		rc = entities(r, json_object_get(e, "entities"), &within);
	json_decref(entry);
	return rc;
}

static int entities(struct rolling *r, json_t *list, const struct place *at)
{
	json_t *e;
	size_t i;
	int rc;

	if (at->depth > ROLL_DEPTH_MAX)
		return 0;
	json_array_foreach(list, i, e)
		if (json_is_object(e) && (rc = entity(r, e, at)))
			return rc;
	return 0;
}

/* ---- objects ---- */

static void cover(json_t *to, const char *text)
{
	size_t n = strlen(text);

	if (n > 1 && text[n - 1] == '.')
		n--;
	if (n && n < 260)
		json_array_append_new(to, json_stringn(text, n));
}

static void object_covers(json_t *o, const char *class, json_t *to)
{
	json_t *prefix;
	char text[300];
	size_t i;

	if (strcmp(class, "domain") == 0)
		cover(to, text_of(o, "ldhName"));
	if (strcmp(class, "autnum") == 0 && json_is_integer(json_object_get(o, "startAutnum"))) {
		snprintf(text, sizeof text, "AS%lld", (long long)json_integer_value(
			json_object_get(o, "startAutnum")));
		cover(to, text);
	}
	json_array_foreach(json_object_get(o, "cidr0_cidrs"), i, prefix) {
		const char *at = text_of(prefix, "v4prefix")[0] ? text_of(prefix, "v4prefix")
			: text_of(prefix, "v6prefix");

		snprintf(text, sizeof text, "%.100s/%lld", at, (long long)json_integer_value(
			json_object_get(prefix, "length")));
		if (at[0])
			cover(to, text);
	}
}

static int object(struct rolling *r, json_t *o)
{
	static const char *const results[] = { "domainSearchResults", "entitySearchResults",
		"nameserverSearchResults" };
	const char *class = text_of(o, "objectClassName");
	struct place at = { .class = class, .covers = json_array() };
	json_t *one;
	size_t i;
	int rc = at.covers ? 0 : -ENOMEM;

	if (rc == 0)
		object_covers(o, class, at.covers);
	if (rc == 0 && strcmp(class, "entity") == 0)
		rc = entity(r, o, &at);
	else if (rc == 0)
		rc = entities(r, json_object_get(o, "entities"), &at);
	json_decref(at.covers);
	for (unsigned k = 0; k < COUNT(results) && rc == 0 && class[0] == 0; k++)
		json_array_foreach(json_object_get(o, results[k]), i, one)
			if (text_of(one, "objectClassName")[0] && (rc = object(r, one)))
				return rc;
	return rc;
}

int roll_say(struct rolling *r, json_t *entry)
{
	if (r->counts->contacts >= ROLL_CONTACTS_MAX) {
		r->counts->left++;
		return 0;
	}
	r->counts->contacts++;
	return r->each(r->to, entry);
}

int roll_read(const char *text, size_t n, roll_fn *each, void *to, struct roll_counts *counts,
	      char why[ROLL_WHY])
{
	struct rolling r = { each, to, counts, why };
	size_t at = 0;
	json_error_t error;
	json_t *root;
	int rc;

	*counts = (struct roll_counts){ 0 };
	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		at = 3;
	while (at < n && strchr(" \t\r\n", text[at]) && text[at])
		at++;
	if (at == n || text[at] != '{')
		return roll_csv(&r, text + at, n - at);
	root = json_loadb(text + at, n - at, 0, &error);
	if (root == NULL) {
		snprintf(why, ROLL_WHY, "line %d: %.120s", error.line, error.text);
		return OOPS_FORMAT;
	}
	rc = object(&r, root);
	json_decref(root);
	return rc;
}
