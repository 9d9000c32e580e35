/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_finding.c - findings: lists, one of them, its messages' hashes, the catalogue's row. */
#include "web/own.h"
#include "base/stamp.h"

struct putting { struct buf *out; u64 count, most, skip; };

static int put(void *to, const struct finding *f)
{
	struct putting *p = to;

	if (p->skip) {
		p->skip--;
		return 0;
	}
	if (p->count == p->most)
		return 1;
	buf_text(p->out, p->count++ ? ",\n" : "\n");
	finding_json(p->out, f);
	return 0;
}

static int time_param(struct request *q, const char *name, u64 *ret)
{
	const char *text = request_param(q, name);

	if (text == NULL || stamp_parse(text, ret) == 0)
		return 0;
	return request_fault(q, OOPS_TYPE, "%s: a time is wanted: 2026-01-31T10:00:00Z", name);
}

static int filter_of(struct request *q, struct store_filter *f)
{
	const char *severity = request_param(q, "severity"), *order = request_param(q, "order");
	int s = severity ? severity_parse(severity) : 0, rc;

	*f = (struct store_filter){ .rule = request_param(q, "rule"),
		.subject = request_param(q, "subject"),
		.order = order && strcmp(order, "time") == 0 ? STORE_BY_TIME
							     : STORE_BY_SEVERITY };
	if (s < 0)
		return request_fault(q, OOPS_RANGE, "severity: info, low, medium, high or "
				     "critical is wanted");
	f->severity = (enum severity)s;
	if ((rc = time_param(q, "since", &f->since)) || (rc = time_param(q, "until", &f->until)))
		return rc;
	return request_count(q, "run", INT64_MAX, &f->run);
}

static int list(struct request *q)
{
	struct putting p = { .out = q->out };
	struct store_filter f;
	u64 skip;
	int rc = filter_of(q, &f);

	if (rc == 0)
		rc = request_count(q, "limit", WEB_PAGE_MAX, &p.most);
	if (rc == 0)
		rc = request_count(q, "cursor", 1000000000, &skip);
	if (rc)
		return rc;
	p.most = p.most ? p.most : WEB_PAGE;
	p.skip = skip;
	f.limit = skip + p.most + 1;
	buf_text(q->out, "{\"items\":[");
	rc = gate_each_finding(q->gate, &f, put, &p);
	if (rc < 0)
		return request_fault(q, rc, "%s", gate_error(q->gate));
	if (rc == 1)
		buf_fmt(q->out, "],\n\"next\":\"%llu\"}\n", (unsigned long long)(skip + p.most));
	else
		buf_text(q->out, "],\n\"next\":null}\n");
	return 0;
}

static int one(struct request *q)
{
	struct finding *f = malloc(sizeof *f);
	int rc = f ? gate_finding(q->gate, q->values.at[0], f) : -ENOMEM;

	if (rc == 0) {
		finding_json(q->out, f);
		buf_byte(q->out, '\n');
	} else {
		request_fault(q, rc, "%s", gate_error(q->gate));
	}
	free(f);
	return rc == OOPS_LIMIT ? OOPS_UNKNOWN : rc;
}

static const char *const orders[] = { "severity", "time", NULL };
static const struct api_param params[] = {
	{ "rule", "rules that begin so", OP_TEXT, NULL },
	{ "subject", "about this subject", OP_TEXT, NULL },
	{ "severity", "at least so severe", OP_TEXT, NULL },
	{ "since", "windows that end after it", OP_TIME, NULL },
	{ "until", "windows that begin before it", OP_TIME, NULL },
	{ "run", "of this run", OP_COUNT, NULL },
	{ "order", "the most severe or the latest first", OP_CHOICE, orders },
	{ "limit", "at most so many, up to 500", OP_COUNT, NULL },
	{ "cursor", "what `next` was", OP_TEXT, NULL },
	{ .name = NULL }
};

const struct api_route finding_routes[] = {
	{ .method = "GET", .path = "/api/v1/findings", .run = list, .params = params,
	  .reply = "findings", .help = "The findings that the caller may see." },
	{ .method = "GET", .path = "/api/v1/findings/{id}", .run = one, .reply = "finding",
	  .help = "One finding, by its id or its first digits." },
	{ .method = NULL }
};
