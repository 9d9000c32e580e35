/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api.h - the API as a table: one row a route.
 *
 *   GET  /api/v1/incidents/{number}   --> run()      looks through the caller's gate
 *   POST /api/v1/incidents/{number}/state --> op     the writer does it (respond/op.h)
 *
 * Matching, who may, parameters, the OpenAPI description and the tests of abuse all read
 * these rows. A route that changes something names an operation: its arguments are the
 * values in the path and the members of the body, checked by the operation's own table.
 *
 * What comes back is a shape: a name, what a noun of the desk has (its fields) and further
 * members, or a page of others. The schemas of the description are made of them.
 *
 * To add a route or a shape: a row in the list of its file; api.c lists the files. */
#pragma once
#include "base/buf.h"
#include "respond/gate.h"
#include "respond/op.h"

struct web;
struct request;

struct api_param {	/* of the query string */
	const char *name, *help;
	enum op_kind kind;
	const char *const *choices;
};
struct request;
struct api_route {
	const char *method, *path;	/* "/api/v1/findings/{id}" */
	const char *help;		/* one sentence */
	enum role role;			/* the least that may; of `op`, the operation's */
	bool open;			/* without being signed in */
	const struct api_param *params;	/* ends with name NULL */
	const char *op;			/* what the writer does; else run() */
	/* When the writer could not write `op`: what is done about it in memory, the sentence. */
	void (*unwritten)(struct request *q, int error);
	int (*run)(struct request *q);	/* 0, or negative: an error reply is made of it */
	const struct op_arg *args;	/* of run(): the body's members, for the description */
	bool upload;			/* the body is a file of any length (upload.c) */
	const char *reply;		/* what comes back: a name of a schema, or NULL */
	const char *media;		/* NULL = application/json */
	bool aside;			/* may wait though it only looks (aside.c) */
	bool taxii;			/* of TAXII: Basic, too; errors as it has them */
};
extern const struct api_route *const api_lists[];	/* each ends with method NULL */

/* A member: "text", "count", "number" (a whole one), "real", "flag", "stamp", "choice", "any",
 * "said" (a text that may be ours, in the caller's language), or the name of a shape or noun;
 * "[X]" is a list of X; behind it "|null" and "?" (it may be missing). */
struct api_member {
	const char *name, *type, *help;
	const char *const *choices;	/* of a choice, NULL-terminated */
};
struct api_shape {
	const char *name;
	unsigned noun;		/* SHAPE_OF(incident): its fields, too; 0 = none */
	const struct api_member *members;	/* ends with name NULL; NULL = none */
	const char *items;	/* a page of these, with `next`; then nothing else counts */
};
#define SHAPE_OF(noun) (DESK_##noun + 1u)
extern const struct api_shape *const api_shapes[];	/* each ends with name NULL */
/* Appends the schemas of all shapes, each with a comma before it. */
void api_put_shapes(struct buf *out);
/* What another process wrote in English, in the language of this thread: each "said" of a
 * reply of that shape. (What is written here is said as it is written: web/put.h.) */
void api_say(json_t *reply, const char *shape);

#define API_VALUES 3u
/* The values of a path, decoded. */
struct api_values { char at[API_VALUES][256]; };
/* The route of a path: 0; OOPS_UNKNOWN (404); -EOPNOTSUPP when only the method is wrong
 * (405). */
int api_find(const struct api_route **ret, const char *method, const char *path,
	       struct api_values *values);
/* The name of the n-th value of a route's path to `to`; false when there is none. */
bool api_value_name(const struct api_route *r, unsigned n, char to[32]);
/* Appends the OpenAPI 3.1 description of all routes as JSON. */
void api_openapi(struct buf *out, const char *version);

/* ---- for run() ---- */

struct request {
	struct web *web;
	const struct api_route *route;
	struct api_values values;
	struct caller who;
	struct store *store;	/* the thread's connection */
	struct gate *gate;	/* of the caller; NULL for open routes */
	json_t *body;		/* NULL: none */
	const struct buf *octets;	/* the body as it came */
	char token[64];		/* that came as a password */
	u64 now;
	struct buf *out;	/* the reply's octets */
	unsigned status;	/* 200 unless set */
	const char *media;	/* NULL: the route's */
	char cookie[256], known[256], location[200], etag[72];	/* headers, when not empty */
	char file[80];		/* not empty: a file to be saved under this name */
	char added_first[40], added_last[40];	/* of TAXII: X-TAXII-Date-Added-First, -Last */
	char why[DESK_WHY];	/* with a negative answer */
	struct buf more;	/* and further members of it, each with a comma before it */
	bool secure;		/* over TLS */
	const char *session;	/* as it came, or NULL */
	const char *from;	/* the peer's address */
	void *connection;	/* libmicrohttpd's */
	struct waiting *waiting;	/* from one call of run() to the next (REQUEST_LATER) */
	void *response;		/* instead of `out`: a struct MHD_Response */
};
/* A parameter of the query string, or NULL. */
const char *request_param(const struct request *q, const char *name);
/* A header of the request, or NULL. */
const char *request_header(const struct request *q, const char *name);
/* A number of the query string: 0 when it is not there; OOPS_TYPE and q->why. */
int request_count(struct request *q, const char *name, u64 most, u64 *ret);
/* error, with a sentence in q->why. */
int request_fault(struct request *q, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* What run() gives when q->waiting->fd was set and is waited for; then it is called again. */
#define REQUEST_LATER 1
/* Asks the writer for what has a descriptor beside its reply: as request_ask(), *fd is the
 * caller's, or -1 when it is negative. */
int request_ask_fd(struct request *q, const char *op, json_t *args, json_t **reply, int *fd);
/* Asks the writer: the reply's JSON in *reply (the caller's), or negative and q->why. */
int request_ask(struct request *q, const char *op, json_t *args, json_t **reply);
/* The HTTP status that an error of ours is. */
unsigned request_status(int error);
