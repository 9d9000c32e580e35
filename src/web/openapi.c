/* SPDX-License-Identifier: GPL-3.0-or-later */
/* openapi.c - the API described by its own tables, as OpenAPI 3.1. */
#include "web/api.h"
#include "model/utf8.h"

static void schema_type(struct buf *out, enum op_kind kind, const char *const *choices)
{
	static const char *const types[] = {
		[OP_TEXT] = "\"type\":\"string\"",
		[OP_COUNT] = "\"type\":\"integer\",\"minimum\":0",
		[OP_FLAG] = "\"type\":\"boolean\"",
		[OP_CHOICE] = "\"type\":\"string\"",
		[OP_TIME] = "\"type\":\"string\",\"format\":\"date-time\"",
		[OP_TEXTS] = "\"type\":\"array\",\"items\":{\"type\":\"string\"}",
		[OP_COUNTS] = "\"type\":\"array\",\"items\":{\"type\":\"integer\",\"minimum\":0}",
		[OP_OBJECT] = "\"type\":\"object\"",
	};

	buf_text(out, types[kind]);
	if (kind != OP_CHOICE)
		return;
	buf_text(out, ",\"enum\":[");
	for (unsigned i = 0; choices[i]; i++) {
		buf_text(out, i ? "," : "");
		utf8_json(out, choices[i]);
	}
	buf_byte(out, ']');
}

static void put_parameter(struct buf *out, const char *in, const char *name, const char *help)
{
	buf_fmt(out, "{\"in\":\"%s\",\"name\":\"%s\",\"required\":%s", in, name,
		*in == 'p' ? "true" : "false");
	if (help) {
		buf_text(out, ",\"description\":");
		utf8_json(out, help);
	}
	buf_text(out, ",\"schema\":{");
}

static void put_parameters(struct buf *out, const struct api_route *r)
{
	const char *comma = "";
	char name[32];

	buf_text(out, ",\"parameters\":[");
	for (unsigned i = 0; api_value_name(r, i, name); i++, comma = ",") {
		buf_text(out, comma);
		put_parameter(out, "path", name, NULL);
		buf_text(out, "\"type\":\"string\"}}");
	}
	for (const struct api_param *p = r->params; p && p->name; p++, comma = ",") {
		buf_text(out, comma);
		put_parameter(out, "query", p->name, p->help);
		schema_type(out, p->kind, p->choices);
		buf_text(out, "}}");
	}
	buf_byte(out, ']');
}

static bool in_path(const struct api_route *r, const char *arg)
{
	char name[32];

	for (unsigned i = 0; api_value_name(r, i, name); i++)
		if (strcmp(name, arg) == 0)
			return true;
	return false;
}

static void put_required(struct buf *out, const struct api_route *r,
			 const struct op_arg *args)
{
	const char *comma = "";

	buf_text(out, ",\"required\":[");
	for (const struct op_arg *a = args; a->name; a++) {
		if (!a->needed || in_path(r, a->name))
			continue;
		buf_fmt(out, "%s\"%s\"", comma, a->name);
		comma = ",";
	}
	buf_byte(out, ']');
}

static void put_body(struct buf *out, const struct api_route *r, const struct op_arg *args)
{
	const char *comma = "";

	buf_text(out, ",\"requestBody\":{\"content\":{\"application/json\":{\"schema\":{"
		 "\"type\":\"object\",\"additionalProperties\":false");
	put_required(out, r, args);
	buf_text(out, ",\"properties\":{");
	for (const struct op_arg *a = args; a->name; a++) {
		if (in_path(r, a->name))
			continue;
		buf_fmt(out, "%s\"%s\":{\"description\":", comma, a->name);
		utf8_json(out, a->help);
		buf_byte(out, ',');
		schema_type(out, a->kind, a->choices);
		if (a->kind == OP_TEXT)
			buf_fmt(out, ",\"maxLength\":%llu",
				(unsigned long long)(a->most ? a->most : 200));
		buf_byte(out, '}');
		comma = ",";
	}
	buf_text(out, "}}}}}");
}

static void put_route(struct buf *out, const struct api_route *r)
{
	const struct op *o = r->op ? op_find(r->op) : NULL;
	enum role role = o && o->role > r->role ? o->role : r->role;

	for (const char *p = r->method; *p; p++)
		buf_byte(out, (u8)(*p | 32));
	buf_text(out, "\":{\"summary\":");
	utf8_json(out, r->help ? r->help : o->help);
	buf_fmt(out, ",\"x-role\":\"%s\"%s", r->open ? "" : roles[role],
		r->open ? ",\"security\":[]" : "");
	put_parameters(out, r);
	if (r->upload)
		buf_text(out, ",\"requestBody\":{\"required\":true,\"content\":{"
			 "\"application/octet-stream\":{}}}");
	if (r->args || (o && o->args))
		put_body(out, r, r->args ? r->args : o->args);
	buf_fmt(out, ",\"responses\":{\"200\":{\"description\":\"done\",\"content\":{\"%s\":{",
		r->media ? r->media : "application/json");
	if (r->reply)
		buf_fmt(out, "\"schema\":{\"$ref\":\"#/components/schemas/%s\"}", r->reply);
	buf_text(out, "}}},\"default\":{\"description\":\"an error\",\"content\":{"
		 "\"application/problem+json\":{\"schema\":{\"$ref\":"
		 "\"#/components/schemas/problem\"}}}}}}");
}

/* Routes of one path stand together: the first one of it writes them all. */
static bool first_of_path(const struct api_route *r)
{
	for (const struct api_route *const *list = api_lists; *list; list++)
		for (const struct api_route *s = *list; s->method; s++)
			if (strcmp(s->path, r->path) == 0)
				return s == r;
	return false;
}

static void put_path(struct buf *out, const struct api_route *first)
{
	const char *comma = "";

	buf_fmt(out, "\"%s\":{", first->path);
	for (const struct api_route *const *list = api_lists; *list; list++)
		for (const struct api_route *r = *list; r->method; r++)
			if (strcmp(r->path, first->path) == 0) {
				buf_fmt(out, "%s\"", comma);
				put_route(out, r);
				comma = ",";
			}
	buf_byte(out, '}');
}

static void put_schemas(struct buf *out)
{
	buf_text(out, "\"problem\":{\"type\":\"object\",\"required\":[\"title\",\"status\"],"
		 "\"properties\":{\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
		 "\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},"
		 "\"code\":{\"type\":\"string\",\"description\":\"by which a program knows the "
		 "refusal\",\"enum\":[");
	for (unsigned i = 1; i < CODE_COUNT; i++)
		buf_fmt(out, "%s\"%s\"", i > 1 ? "," : "", desk_codes[i]);
	buf_text(out, "]},\"refused\":{\"type\":\"integer\",\"description\":\"items that a label "
		 "forbids\"},\"redacted\":{\"type\":\"boolean\",\"description\":\"it can be had "
		 "without them\"},\"items\":{\"type\":\"array\",\"description\":\"which\","
		 "\"items\":{\"type\":\"object\"}}}},"
		 "\"finding\":");
	finding_schema(out);
	for (unsigned t = 0; t < DESK_TABLES; t++) {
		buf_fmt(out, ",\"%s\":{", desk_nouns[t].name);
		fields_schema(out, desk_nouns[t].fields, "");
		buf_text(out, "}}");
	}
	buf_text(out, ",\"findings\":{\"type\":\"object\",\"required\":[\"items\",\"next\"],"
		 "\"properties\":{\"next\":{\"type\":[\"string\",\"null\"]},\"items\":{"
		 "\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/finding\"}}}}");
	for (unsigned t = 0; t < DESK_TABLES; t++)
		buf_fmt(out, ",\"%ss\":{\"type\":\"object\",\"required\":[\"items\",\"next\"],"
			"\"properties\":{\"next\":{\"type\":[\"string\",\"null\"]},\"items\":{"
			"\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/%s\"}}}}",
			desk_nouns[t].name, desk_nouns[t].name);
	api_put_shapes(out);
}

/* What somebody who has this description and nothing else must know. */
static const char how[] =
	"Scripts: a token (POST /api/v1/tokens, or the settings page) in `Authorization: Bearer "
	"TOKEN`. Nothing else is needed.\n\n"
	"Browsers: POST /api/v1/sign-in with login and password gives a cookie and the word "
	"`csrf`. `code_wanted` in place of it: send the same once more with `code`. Whoever has "
	"a cookie sends that word as the header X-CSRF with each request that is no GET. With "
	"`must_change` nothing is possible but POST /api/v1/users/{login}/password.\n\n"
	"Roles: `x-role` is the least role of an operation; viewer, analyst, lead, admin, each "
	"may what those before it may; a token at most what its own says. What one sees is "
	"bounded by the clearance (`tlp`, `pap`), whatever the role.\n\n"
	"Errors are problem documents (RFC 9457): `detail` is a sentence in the language of "
	"Accept-Language, `code` is for programs. 400: it cannot be understood, or has a member "
	"or parameter that there is not; 401: who is it?; 403: not for you; 404; 409: somebody "
	"was faster; 413: too large; 422: a value that cannot be; 429: too often, wait; 503, "
	"507: the server or its disk is full.\n\n"
	"Lists: `next` of an answer is the `cursor` of the next page; null: there is none.";

void api_openapi(struct buf *out, const char *version)
{
	const char *comma = "";

	buf_text(out, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Vedette\",\"version\":");
	utf8_json(out, version);
	buf_text(out, ",\"description\":");
	utf8_json(out, how);
	buf_text(out, "},\"security\":[{\"token\":[]},{\"session\":[]}],\"paths\":{");
	for (const struct api_route *const *list = api_lists; *list; list++)
		for (const struct api_route *r = *list; r->method; r++)
			if (first_of_path(r)) {
				buf_text(out, comma);
				put_path(out, r);
				comma = ",";
			}
	buf_text(out, "},\"components\":{\"securitySchemes\":{\"token\":{\"type\":\"http\","
		 "\"scheme\":\"bearer\"},\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\","
		 "\"name\":\"vedette\"}},\"schemas\":{");
	put_schemas(out);
	buf_text(out, "}}}\n");
}
