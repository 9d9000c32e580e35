/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stats.c - see stats.h. Counters of the workers are summed; every number that is not 0
 * and every frame fate class is there, so that "nothing was lost" can be read as well. */
#include "run/stats.h"
#include "model/report.h"
#include "window/whole.h"

#define ROWS_MAX 96

struct rows { struct report_counter at[ROWS_MAX]; u32 count; };

static void row(struct rows *r, const char *name, const char *text, enum counter_class class,
		u64 value)
{
	must(r->count < ROWS_MAX);
	r->at[r->count++] = (struct report_counter){ name, text, class, value };
}

static void sum_packets(const struct analyser *a, struct packets_counts *sum)
{
	memset(sum, 0, sizeof *sum);
	for (unsigned i = 0; i < a->setup->workers; i++) {
		const u64 *from = (const u64 *)packets_counts(a->workers[i].packets);
		u64 *to = (u64 *)sum;

		for (size_t j = 0; j < sizeof *sum / sizeof(u64); j++)
			to[j] += from[j];
	}
}

static void sum_match(const struct analyser *a, struct match_counts *sum)
{
	memset(sum, 0, sizeof *sum);
	for (unsigned i = 0; i < a->setup->workers; i++) {
		const u64 *from = (const u64 *)match_counts(a->workers[i].match);
		u64 *to = (u64 *)sum;

		for (size_t j = 0; j < sizeof *sum / sizeof(u64); j++)
			to[j] += from[j];
	}
}

static void rows_of_fates(struct rows *r, const struct packets_counts *c)
{
	static char names[FRAME_FATE_COUNT][40];

	for (int i = 0; i < FRAME_FATE_COUNT; i++) {
		const char *class = frame_fate_class(i);
		bool fine = strcmp(class, "dns") == 0 || strcmp(class, "other") == 0;

		if (c->fate[i] == 0 && i != FRAME_MESSAGE)
			continue;
		snprintf(names[i], sizeof names[i], "frames.%s", frame_fate_name(i));
		row(r, names[i], frame_fate_text(i), fine ? COUNTER_PART : COUNTER_LOSS,
		    c->fate[i]);
	}
}

static void rows_of_reading(struct rows *r, const struct analyser *a,
			    const struct packets_counts *c)
{
	u64 late = 0, lost = 0, skipped = 0;

	for (unsigned i = 0; i < a->setup->workers; i++) {
		late += a->workers[i].late;
		lost += a->workers[i].lost;
		skipped += a->workers[i].skipped;
	}
	if (skipped)
		row(r, "frames.skipped", N_("left out because the analyser crashed on "
			"it"),
		    COUNTER_LOSS, skipped);
	if (late)
		row(r, "late", N_("messages late for their minute (counted for the day "
			"only)"),
		    COUNTER_LIMIT, late);
	if (lost)
		row(r, "lost_late", N_("messages too late for their day (left out)"),
			 COUNTER_LIMIT, lost);
	row(r, "fragments", N_("IP fragments"), COUNTER_NOTE, c->fragments);
	row(r, "datagrams", N_("datagrams put together from fragments"),
		COUNTER_NOTE, c->datagrams);
	row(r, "streams", N_("TCP directions followed"), COUNTER_NOTE, c->streams);
	row(r, "stream_gaps", N_("gaps in TCP streams"), COUNTER_NOTE, c->stream_gaps);
	row(r, "tunnelled", N_("frames out of tunnels (GRE, VXLAN, ...)"),
		COUNTER_NOTE, c->tunnelled);
}

static void rows_of_limits(struct rows *r, const struct analyser *a, const struct packets_counts *c,
			   const struct match_counts *m)
{
	row(r, "crowded", N_("keys turned away because the tables were full (--memory)"),
	    COUNTER_LIMIT, a->crowded);
	row(r, "reassembly", N_("unfinished datagrams and streams given up early"),
		COUNTER_LIMIT,
	    c->limits_reached);
	row(r, "transactions", N_("queries forgotten because too many waited "
		"(--transactions)"),
	    COUNTER_LIMIT, m->pushed);
	row(r, "findings", N_("findings left out because there were too many"),
		COUNTER_LIMIT,
	    a->verdicts.dropped);
	if (a->once_only)
		row(r, "once_only", N_("inputs that can be read once only (pipes): none "
		    "of their messages are kept as "
		    "evidence"), COUNTER_NOTE, a->once_only);
	if (a->cut_short)
		row(r, "spool", N_("pipes that brought more than was kept (--spool): "
		    "messages after that are not kept as "
		    "evidence"), COUNTER_NOTE, a->cut_short);
}

static void rows_of_match(struct rows *r, const struct match_counts *m)
{
	row(r, "answered", N_("queries that found their response"),
		COUNTER_NOTE, m->answered);
	row(r, "unanswered", N_("queries without a response"),
		COUNTER_NOTE, m->unanswered);
	row(r, "unsolicited", N_("responses without a query"),
		COUNTER_NOTE, m->unsolicited);
	row(r, "duplicate_queries", N_("queries sent again"),
		COUNTER_NOTE, m->duplicate_queries);
	row(r, "duplicate_responses", N_("responses that came again"), COUNTER_NOTE,
	    m->duplicate_responses);
}

void stats_report(struct analyser *a, struct buf *out)
{
	struct report_input *inputs = calloc(a->setup->inputs, sizeof *inputs);
	struct packets_counts c;
	struct match_counts m;
	struct rows rows = { .count = 0 };
	struct run_report report = { .from = a->total->first_ns, .until = a->total->last_ns };
	struct buf stats = { 0 };

	if (inputs == NULL) {
		out->error = -ENOMEM;
		return;
	}
	for (unsigned i = 0; i < a->setup->inputs; i++)
		inputs[i] = (struct report_input){ .name = a->setup->names[i],
			.octets = a->inputs[i].octets, .frames = a->inputs[i].frames,
			.trouble = a->inputs[i].trouble };
	sum_packets(a, &c);
	sum_match(a, &m);
	rows_of_fates(&rows, &c);
	rows_of_reading(&rows, a, &c);
	rows_of_match(&rows, &m);
	rows_of_limits(&rows, a, &c, &m);
	buf_text(&stats, "{");
	whole_json(a->total, &stats);
	buf_text(&stats, ",");
	tops_json(&a->tops, &stats);
	buf_text(&stats, "}");
	report.inputs = inputs;
	report.input_count = a->setup->inputs;
	report.counters = rows.at;
	report.counter_count = rows.count;
	report.stats = buf_str(&stats);
	report_json(out, &report);
	buf_free(&stats);
	free(inputs);
}
