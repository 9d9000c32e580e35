/* SPDX-License-Identifier: GPL-3.0-or-later */
/* jsonl.c - JSON Lines: one finding a line, the run's report as the last.
 *
 *   {"id":"9f..","rule":"tunnel.data",...}        model/finding.h, share_schema()
 *   {"id":"03..","rule":"nxstorm.domain",...}
 *   {"run":{"from":..,"inputs":[..],"counters":[..],"stats":{..}}}   model/report.h
 *
 * The last line is always there: a reader that does not see it knows that the
 * output was cut off, and one that reads it knows what the findings rest on. */
#include "share/share.h"

void share_schema(struct buf *out)
{
	buf_text(out, "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\","
		 "\"title\":\"one line of Vedette's JSON Lines\",\"oneOf\":[");
	finding_schema(out);
	buf_text(out, ",{\"type\":\"object\",\"additionalProperties\":false,"
		 "\"required\":[\"run\"],\"properties\":{\"run\":");
	report_schema(out);
	buf_text(out, "}}]}");
}

static void finding(struct share *s, const struct finding *f)
{
	finding_json(&s->text, f);
	buf_byte(&s->text, '\n');
	share_flush(s, &s->text);
}

static void end(struct share *s, const struct run_report *r)
{
	buf_text(&s->text, "{\"run\":");
	report_json(&s->text, r);
	buf_text(&s->text, "}\n");
	share_flush(s, &s->text);
}

const struct share_format share_jsonl = {
	.id = "json",
	.title = N_("JSON Lines, one finding a line"),
	.finding = finding,
	.end = end,
};
