/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_info.c - what the server is and what it offers, for everybody and for monitors. */
#include "web/own.h"

/* While findings are read, lists wait for it. */
static int health(struct request *q)
{
	const unsigned read = sieve_read(q->web->sieve);

	if (read < 100)
		buf_fmt(q->out, "{\"status\":\"well\",\"read\":%u}\n", read);
	else
		buf_text(q->out, "{\"status\":\"well\"}\n");
	return 0;
}

static int openapi(struct request *q)
{
	api_openapi(q->out, q->web->setup.version);
	return 0;
}

static void count_case(void *to, const struct sieve_case *c)
{
	*(u64 *)to += c->number != 0;
}

/* OpenMetrics 1.0. */
static int metrics(struct request *q)
{
	const struct sieve_ask all = { 0 };
	struct sieve_found *found = malloc(sizeof *found);
	u64 findings, cases = 0, requests, errors;
	int rc = found ? sieve_ask(q->web->sieve, q->gate, &all, found) : -ENOMEM;

	findings = rc == 0 ? found->total : 0;
	free(found);
	if (rc == 0)
		rc = sieve_cases(q->web->sieve, q->gate, count_case, &cases);
	pthread_mutex_lock(&q->web->lock);
	requests = q->web->requests;
	errors = q->web->errors;
	pthread_mutex_unlock(&q->web->lock);
	buf_fmt(q->out, "# TYPE vedette_findings gauge\nvedette_findings %llu\n"
		"# TYPE vedette_incidents gauge\nvedette_incidents %llu\n"
		"# TYPE vedette_http_requests counter\nvedette_http_requests_total %llu\n"
		"# TYPE vedette_http_errors counter\nvedette_http_errors_total %llu\n# EOF\n",
		(unsigned long long)findings, (unsigned long long)cases,
		(unsigned long long)requests, (unsigned long long)errors);
	return rc;
}

/* Server-sent events: what happens at the desk, as it happens. */
static int live(struct request *q)
{
	return live_listen(q);
}

static const struct api_member health_members[] = {
	{ "status", "text", "well", NULL },
	{ "read", "count?", "how many of a hundred findings are in memory, until all are: lists "
	  "wait for them", NULL },
	{ .name = NULL } };
const struct api_shape info_shapes[] = {
	{ .name = "health", .members = health_members },
	{ .name = NULL }
};

const struct api_route info_routes[] = {
	{ .method = "GET", .path = "/api/v1/live", .run = live, .media = "text/event-stream",
	  .help = "New findings and changes at the desk, as they happen (server-sent events); "
		  "until the session or token ends, or the caller's role or clearance changes." },
	{ .method = "GET", .path = "/api/v1/health", .open = true, .run = health,
	  .reply = "health",
	  .help = "Is it there?" },
	{ .method = "GET", .path = "/api/v1/openapi.json", .open = true, .run = openapi,
	  .help = "This description." },
	{ .method = "GET", .path = "/metrics", .run = metrics,
	  .media = "application/openmetrics-text; version=1.0.0; charset=utf-8",
	  .help = "Counters for monitors." },
	{ .method = NULL }
};
