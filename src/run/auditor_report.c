/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auditor_report.c - what the auditor tells at the end: counters of reading, of the zone, and
 * of what was counted and not told. */
#include "run/auditor_own.h"

static void row(struct auditor *a, const char *name, const char *text,
		enum counter_class class, u64 value)
{
	if (a->rows.count < ROWS_MAX)
		a->rows.at[a->rows.count++] =
			(struct report_counter){ name, text, class, value };
}

static void count_types(const struct zone *z, u64 *ds, u64 *signatures)
{
	for (const struct zone_record *r = zone_records(z, NULL); r->owner; r++) {
		*ds += r->type == TYPE_DS;
		*signatures += r->type == TYPE_RRSIG;
	}
}

u64 auditor_left_out(const struct auditor *a)
{
	return a->trouble_cases[ZONE_BAD_LINE] + a->trouble_cases[ZONE_BAD_CLASS] +
	       a->trouble_cases[ZONE_BAD_INCLUDE];
}

static void rows_of_zone(struct auditor *a)
{
	u64 ds = 0, signatures = 0;

	count_types(a->zone, &ds, &signatures);
	row(a, "zone.names", N_("names with records"), COUNTER_NOTE,
	    zone_owner_count(a->zone));
	row(a, "zone.delegations", N_("delegations"), COUNTER_NOTE,
	    zone_cut_count(a->zone));
	row(a, "zone.ds", N_("DS records"), COUNTER_NOTE, ds);
	row(a, "zone.signatures", N_("signatures"), COUNTER_NOTE, signatures);
	row(a, "zone.memory", N_("octets of memory that hold the zone"), COUNTER_NOTE,
	    zone_memory(a->zone));
}

static void rows_of_reading(struct auditor *a)
{
	row(a, "zone.records", N_("records of the zone"), COUNTER_PART, a->read.records);
	row(a, "zone.left_out", N_("lines and files left out because they cannot be "
		"read"),
	    COUNTER_LOSS, auditor_left_out(a));
	row(a, "zone.lines", N_("lines"), COUNTER_NOTE, a->read.lines);
	if (a->read.files > 1)
		row(a, "zone.files", N_("files"), COUNTER_NOTE, a->read.files);
	row(a, "zone.limit", N_("limits reached while the zone was read; the rest is "
		"left out"),
	    COUNTER_LIMIT, a->trouble_cases[ZONE_FULL]);
	row(a, "findings.untold", N_("cases that are counted and not told one by one "
		"(--most)"),
	    COUNTER_NOTE, a->untold);
}

static void count_family(struct auditor *a, unsigned family)
{
	const struct check_family *f = check_families[family];

	for (unsigned i = 0; i < a->counted_count[family]; i++) {
		const struct audit_counted *c = &a->counted[family][i];

		row(a, c->name, c->text, COUNTER_NOTE, c->value);
	}
	for (unsigned i = 0; f->rows[i].id; i++) {
		u64 cases = a->counts[family][i].cases, told = a->counts[family][i].told;
		u32 at = a->rows.count;

		if (cases == told || at == ROWS_MAX)
			continue;
		a->untold += cases - told;
		snprintf(a->names[at], sizeof a->names[at], "cases.%s", f->rows[i].id);
		snprintf(a->texts[at], sizeof a->texts[at], N_("cases of %s, %llu of "
			"them told"),
			 f->rows[i].id, (unsigned long long)told);
		row(a, a->names[at], a->texts[at], COUNTER_NOTE, cases);
	}
}

void auditor_count(struct auditor *a)
{
	for (unsigned i = 0; check_families[i]; i++)
		count_family(a, i);
}

void auditor_report(struct auditor *a)
{
	const struct audit_setup *s = a->setup;
	struct report_input in = { .name = s->name, .octets = a->read.octets,
		.frames = a->read.records + auditor_left_out(a), .trouble =
		a->trouble_cases[ZONE_BROKEN] ? N_("cannot be read on") :
		a->trouble_cases[ZONE_FULL] ? N_("a limit was reached and the rest left "
			"out") :
		a->trouble_cases[ZONE_CUT_SHORT] ? N_("ends in the middle of something") :
		a->trouble_cases[ZONE_BAD_INCLUDE] ? N_("names a file that was not "
			"read") :
		a->zone == NULL && a->now == NULL ? N_("holds no zone") : "" };
	const u64 at = a->at * 1000000000ull;
	struct run_report report = { .from = at, .until = at, .unit = REPORT_RECORDS,
		.inputs = &in,
		.input_count = 1 };

	rows_of_reading(a);
	if (a->zone)
		rows_of_zone(a);
	report.counters = a->rows.at;
	report.counter_count = a->rows.count;
	buf_clear(&a->out);
	report_json(&a->out, &report);
	if (buf_error(&a->out))
		a->error = buf_error(&a->out);
	else
		auditor_send(a, CODEC_DONE, a->out.at, a->out.len);
}
