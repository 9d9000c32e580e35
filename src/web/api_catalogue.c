/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_catalogue.c - what can be found, and the runs that looked. */
#include "web/put.h"
#include "web/find.h"
#include "base/stamp.h"
#include "base/tongue.h"
#include "model/utf8.h"

static void put_text(struct buf *out, const char *name, const char *text)
{
	buf_fmt(out, ",\"%s\":", name);
	if (text)
		utf8_json(out, text);
	else
		buf_text(out, "null");
}

void put_catalogue(struct buf *out, const struct catalogue_row *r)
{
	if (r == NULL) {
		buf_text(out, "null");
		return;
	}
	buf_text(out, "{\"id\":");
	utf8_json(out, r->id);
	put_text(out, "title", _(r->title));
	put_text(out, "area", area_name(r->area));
	buf_fmt(out, ",\"first\":%u", r->first);
	put_text(out, "first_name", _(first_technique(r->first)));
	put_text(out, "abuse", abuse_name(r->abuse));
	put_text(out, "remit", remit_name(r->remit));
	put_text(out, "detect", _(r->detect ? r->detect : ""));
	put_text(out, "mitigate", _(r->mitigate ? r->mitigate : ""));
	put_text(out, "prevent", _(r->prevent ? r->prevent : ""));
	put_text(out, "severity", severity_name(r->severity));
	put_text(out, "meaning", _(r->meaning ? r->meaning : ""));
	put_text(out, "remedy", _(r->remedy ? r->remedy : ""));
	buf_text(out, ",\"references\":[");
	for (unsigned i = 0; r->references && r->references[i]; i++) {
		buf_text(out, i ? "," : "");
		utf8_json(out, r->references[i]);
	}
	buf_byte(out, ']');
	put_text(out, "zonemaster", r->zonemaster);
	put_text(out, "dnsviz", r->dnsviz);
	buf_byte(out, '}');
}

static int catalogue(struct request *q)
{
	const char *comma = "\n";

	buf_text(q->out, "{\"items\":[");
	for (const struct catalogue_row *const *r = q->web->setup.catalogue; r && *r; r++) {
		buf_text(q->out, comma);
		put_catalogue(q->out, *r);
		comma = ",\n";
	}
	buf_text(q->out, "],\"next\":null}\n");
	return 0;
}

static int rule(struct request *q)
{
	const struct catalogue_row *r = web_rule(q->web, q->values.at[0]);

	if (r == NULL)
		return request_fault(q, OOPS_UNKNOWN, "the catalogue has no %.60s",
				     q->values.at[0]);
	put_catalogue(q->out, r);
	buf_byte(q->out, '\n');
	return 0;
}

/* ---- runs ---- */

static void put_inputs(struct buf *out, const struct run_report *r)
{
	for (u32 i = 0; i < r->input_count && i < 100; i++) {
		const struct report_input *in = &r->inputs[i];

		buf_text(out, i ? ",{\"name\":" : "{\"name\":");
		utf8_json(out, in->name);
		buf_fmt(out, ",\"octets\":%llu,\"frames\":%llu", (unsigned long long)in->octets,
			(unsigned long long)in->frames);
		put_text(out, "sha256", in->sha256);
		buf_text(out, ",\"trouble\":");
		put_stored(out, in->trouble);
		buf_byte(out, '}');
	}
}

static void put_counters(struct buf *out, const struct run_report *r)
{
	for (u32 i = 0; i < r->counter_count; i++) {
		const struct report_counter *c = &r->counters[i];

		buf_text(out, i ? ",{\"name\":" : "{\"name\":");
		utf8_json(out, c->name);
		buf_text(out, ",\"text\":");
		put_said(out, c->text);
		buf_fmt(out, ",\"class\":\"%s\",\"value\":%llu}", counter_class_name(c->class),
			(unsigned long long)c->value);
	}
}

static void put_stamp(struct buf *out, const char *name, u64 at)
{
	char text[STAMP_TEXT_MAX];

	if (at)
		buf_fmt(out, ",\"%s\":\"%s\"", name, stamp_text(at, 9, text));
	else
		buf_fmt(out, ",\"%s\":null", name);
}

int put_run(void *to, const struct store_run *run)
{
	struct putting_runs *p = to;
	const struct run_report *r = &run->report;
	struct buf *out = p->q->out;
	bool may = marking_allows(DESK_MARKING, p->q->who.clearance);
	const struct marking m = marking_read(run->label);
	u64 lost = report_sum(r, COUNTER_LOSS);

	if (p->count == p->most)
		return 1;
	p->last = run->number;
	buf_fmt(out, "%s{\"number\":%llu", p->count++ ? ",\n" : "",
		(unsigned long long)run->number);
	put_stamp(out, "started", run->started);
	put_stamp(out, "ended", run->ended);
	buf_fmt(out, ",\"tlp\":\"%s\",\"pap\":\"%s\"", label_text(m.tlp), pap_text(m.pap));
	put_text(out, "version", run->version);
	put_text(out, "arguments", may ? run->arguments : NULL);
	put_stamp(out, "from", r->from);
	put_stamp(out, "until", r->until);
	put_text(out, "unit", report_unit_name(r->unit));
	buf_fmt(out, ",\"read\":%llu,\"lost\":%llu,\"limits\":%llu,\"inputs\":[",
		(unsigned long long)(lost + report_sum(r, COUNTER_PART)),
		(unsigned long long)lost, (unsigned long long)report_sum(r, COUNTER_LIMIT));
	if (may)
		put_inputs(out, r);
	buf_text(out, "],\"counters\":[");
	put_counters(out, r);
	buf_text(out, "]}");
	return 0;
}

static int runs(struct request *q)
{
	struct putting_runs p = { .q = q };
	u64 before;
	int rc = request_count(q, "limit", WEB_PAGE_MAX, &p.most);

	if (rc == 0)
		rc = request_count(q, "cursor", INT64_MAX, &before);
	if (rc)
		return rc;
	p.most = p.most ? p.most : 50;
	buf_text(q->out, "{\"items\":[");
	rc = gate_latest_runs(q->gate, before, p.most + 1, put_run, &p);
	if (rc < 0)
		return request_fault(q, rc, "%s", gate_error(q->gate));
	request_next(q, rc == 1, p.last);
	return 0;
}

static const struct api_param run_params[] = {
	{ "limit", "at most so many, up to 500", OP_COUNT, NULL },
	{ "cursor", "what `next` was", OP_TEXT, NULL },
	{ .name = NULL }
};

const struct api_route catalogue_routes[] = {
	{ .method = "GET", .path = "/api/v1/catalogue", .run = catalogue, .reply = "catalogue",
	  .help = "Everything that can be found." },
	{ .method = "GET", .path = "/api/v1/catalogue/{id}", .run = rule,
	  .reply = "catalogue_row", .help = "One row of the catalogue." },
	{ .method = "GET", .path = "/api/v1/runs", .run = runs, .reply = "runs",
	  .params = run_params, .help = "What looked, at what, and what was lost: the latest "
	  "first." },
	{ .method = NULL }
};

static const char *const abuses[] = {
#define F(name, text) text,
	ABUSES(F) NULL
#undef F
};
static const char *const remits[] = {
#define F(name, text) text,
	REMITS(F) NULL
#undef F
};
static const char *const classes[] = {
#define F(name, text) text,
	COUNTER_CLASSES(F) NULL
#undef F
};
static const char *const units[] = {
#define F(name, text) text,
	REPORT_UNITS(F) NULL
#undef F
};

static const struct api_member row_members[] = {
	{ "id", "text", "detector or family, dot, what", NULL },
	{ "title", "text", "a short noun phrase", NULL },
	{ "area", "choice", "of DNS security", find_areas },
	{ "first", "count", "FIRST DNS abuse technique, 1 to 21; 0 = none", NULL },
	{ "first_name", "text", "its name", NULL },
	{ "abuse", "choice", "category of the contracts, or empty", abuses },
	{ "remit", "choice", "whose it is", remits },
	{ "detect", "text", "who can detect it", NULL },
	{ "mitigate", "text", "who can end it", NULL },
	{ "prevent", "text", "who can prevent it", NULL },
	{ "severity", "choice", "the usual one", find_severities },
	{ "meaning", "text", "what it is and why it matters", NULL },
	{ "remedy", "text", "what to do now", NULL },
	{ "references", "[text]", "RFCs, papers", NULL },
	{ "zonemaster", "text|null", "the tag there", NULL },
	{ "dnsviz", "text|null", "the tag there", NULL },
	{ .name = NULL }
};
static const struct api_member input_members[] = {
	{ "name", "text", "as given: a path, or - for a pipe", NULL },
	{ "octets", "count", "read", NULL },
	{ "frames", "count", "read; of a zone: records", NULL },
	{ "sha256", "text|null", "of the file, when it was computed", NULL },
	{ "trouble", "text", "what is wrong with it; empty for nothing", NULL },
	{ .name = NULL }
};
static const struct api_member counter_members[] = {
	{ "name", "text", "for programs: frames.dns", NULL },
	{ "text", "text", "for people", NULL },
	{ "class", "choice", "what kind of number it is", classes },
	{ "value", "count", "how many", NULL },
	{ .name = NULL }
};
static const struct api_member run_members[] = {
	{ "number", "count", "from 1", NULL },
	{ "started", "stamp|null", "when it began", NULL },
	{ "ended", "stamp|null", "when it ended; null: it did not come to its end", NULL },
	{ "tlp", "choice", "TLP 2.0 label of what it read", label_names },
	{ "pap", "choice", "what may be done with it", pap_names },
	{ "version", "text", "of the program", NULL },
	{ "arguments", "text|null", "null when the caller may not know", NULL },
	{ "from", "stamp|null", "first instant of the data", NULL },
	{ "until", "stamp|null", "last instant of the data", NULL },
	{ "unit", "choice", "what was read", units },
	{ "read", "count", "frames or records, lost ones too", NULL },
	{ "lost", "count", "of them lost, cut, malformed or too late", NULL },
	{ "limits", "count", "how often a limit was reached", NULL },
	{ "inputs", "[run_input]", "the first 100; none when the caller may not know", NULL },
	{ "counters", "[run_counter]", "all of them", NULL },
	{ .name = NULL }
};

const struct api_shape catalogue_shapes[] = {
	{ .name = "catalogue_row", .members = row_members },
	{ .name = "catalogue", .items = "catalogue_row" },
	{ .name = "run_input", .members = input_members },
	{ .name = "run_counter", .members = counter_members },
	{ .name = "run", .members = run_members },
	{ .name = "runs", .items = "run" },
	{ .name = NULL }
};
