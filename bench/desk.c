/* SPDX-License-Identifier: GPL-3.0-or-later */
/* desk.c - what the desk costs: grouping, listing, searching, appending, verifying.
 *
 *   desk FILE FINDINGS    makes a store of so many findings, groups them, and measures
 *
 * The findings are made, not drawn from traffic: subjects of the form dN.example, nearly ten
 * findings each, on two days; every thirtieth subject shares a client with its neighbour;
 * one client (a resolver) takes part everywhere. So FINDINGS/10 incidents come of it. Prints
 * a line a measure, with tabs between: what, times, wall seconds of one (mean), of 95 of
 * 100, CPU seconds of one. bench/respond makes a table of them. In the end the log has a
 * million events. */
#include "made.h"
#include "respond/group.h"
#include "respond/priority.h"

#define EVENTS 1000000ull	/* of the log in the end */

#define TIMES_MAX 1000u

/* What was measured of one thing: each time by the wall clock, all by this process's CPU. */
struct watch { u64 from, took[TIMES_MAX]; size_t times; clock_t cpu; };

static void begin(struct watch *w)
{
	*w = (struct watch){ .cpu = clock() };
	w->from = made_now(NULL);
}

static void lap(struct watch *w)
{
	u64 now = made_now(NULL);

	must(w->times < TIMES_MAX);
	w->took[w->times++] = now - w->from;
	w->from = now;
}

static int by_size(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void say(const char *what, struct watch *w)
{
	double cpu = (double)(clock() - w->cpu) / CLOCKS_PER_SEC, all = 0;

	if (w->times == 0)
		lap(w);
	for (size_t i = 0; i < w->times; i++)
		all += (double)w->took[i] / 1e9;
	qsort(w->took, w->times, sizeof w->took[0], by_size);
	printf("%s\t%zu\t%.6f\t%.6f\t%.6f\n", what, w->times, all / (double)w->times,
	       (double)w->took[(w->times * 95 + 99) / 100 - 1] / 1e9, cpu / (double)w->times);
	fflush(stdout);
}

static void make(void *to, struct finding *f, u64 n)
{
	const u64 count = *(const u64 *)to;
	const u64 subject = n % (count / 10 + count / 290 + 1);

	memset(f, 0, offsetof(struct finding, features));
	snprintf(f->rule, sizeof f->rule, n % 3 ? "tunnel.data" : "dga.domain");
	f->rule_version = 1;
	snprintf(f->subject_kind, sizeof f->subject_kind, "domain");
	snprintf(f->subject, sizeof f->subject, "d%llu.example", (unsigned long long)subject);
	f->from = 1780000000 * S + n * 173 % 172800 * S;
	f->until = f->from + 60 * S;
	f->severity = (enum severity)(n % SEVERITY_COUNT);
	f->confidence = n % 101;
	snprintf(f->label, sizeof f->label, "TLP:GREEN");
	finding_related(f, &(struct related){ .role = "client", .name = "192.0.2.53",
			.amount = 2 });
	if (subject % 30 < 2) {
		struct related r = { .role = "client", .amount = 1 };

		snprintf(r.name, sizeof r.name, "2001:db8::%llx",
			 (unsigned long long)(subject / 30));
		finding_related(f, &r);
	}
	finding_identify(f);
}

static int count_one(void *to, const void *record)
{
	(void)record;
	++*(u64 *)to;
	return 0;
}

static void ask(struct desk *d, const char *what, const char *text, bool with_due)
{
	const struct store_cond conds[] = {
		{ .field = "state", .op = STORE_AMONG, .number = CASE_OPEN_STATES },
		{ .field = "due", .op = with_due ? STORE_LEAST : STORE_IS, .number = with_due },
	};
	const struct store_query q = { .table = DESK_incident, .conds = conds, .count = 2,
		.any = "title subject family owner", .text = text,
		.order = with_due ? "due" : "-severity -confidence", .limit = 51 };
	struct watch w;
	u64 n = 0;

	begin(&w);
	for (int i = 0; i < 100; i++) {
		made_check(store_each(desk_store(d), &q, count_one, &n), desk_error(d));
		lap(&w);
	}
	say(what, &w);
}

static void append(struct desk *d, const char *what, u64 incidents)
{
	struct watch w;

	begin(&w);
	for (u64 i = 0; i < 200; i++) {
		const struct case_ref r = { 1 + i * 37 % incidents, 0 };

		made_check(desk_begin(d), desk_error(d));
		made_check(desk_end(d, case_assign(d, r, i % 2 ? "ana" : "eva")), desk_error(d));
		lap(&w);
	}
	say(what, &w);
}

/* As many events as a house has after years: appended, chained, but not folded (log rebuild
 * does that). */
static void lengthen(struct desk *d, u64 incidents, u64 events)
{
	struct store *s = desk_store(d);
	char prev[65], hash[65], about[40];
	struct event e = { .author = "bench", .kind = "incident.assign", .signature = "",
		.signer = "", .about = about, .prev = prev, .hash = hash };
	u64 last;

	made_check(store_begin(s), store_error(s));
	made_check(store_last_event(s, &last, prev), store_error(s));
	for (u64 n = last + 1; n <= events; n++) {
		snprintf(about, sizeof about, "incident:%llu",
			 (unsigned long long)(1 + n * 7919 % incidents));
		e.number = n;
		e.at = made_now(NULL);
		e.body = n % 2 ? "{\"owner\":\"ana\"}" : "{\"owner\":\"eva\"}";
		event_hash(&e, hash);
		made_check(store_append_event(s, &e), store_error(s));
		memcpy(prev, hash, sizeof prev);
	}
	made_check(store_commit(s), store_error(s));
}

/* Only the findings that no one party ties are told; hubs are counted in the report. */
static void grouping(struct desk *d, const char *what, struct group_report *r)
{
	const struct group_conf conf = { .gap = GROUP_GAP_DEFAULT, .hub = GROUP_HUB_DEFAULT };
	struct watch w;

	begin(&w);
	made_check(desk_begin(d), desk_error(d));
	made_check(desk_end(d, group_findings(d, &conf, r)), desk_error(d));
	say(what, &w);
}

static void the_log(struct desk *d)
{
	struct log_report log;
	struct watch w;

	begin(&w);
	made_check(log_verify(desk_store(d), NULL, NULL, &log), log.what);
	say("verifying the log", &w);
	begin(&w);
	made_check(desk_rebuild(d), desk_error(d));
	say("rebuilding the tables from the log", &w);
}

int main(int argc, char **argv)
{
	const struct desk_setup setup = { .path = argv[1], .author = "bench", .now = made_now };
	struct group_report r, again;
	struct desk *d = NULL;
	char why[DESK_WHY];
	struct watch w;
	u64 count;

	if (argc != 3)
		return 2;
	begin(&w);
	count = strtoull(argv[2], NULL, 10);
	made_store(argv[1], count, made_now(NULL), make, &count);
	say("storing the findings", &w);
	made_check(desk_open(&d, &setup, why), why);
	grouping(d, "grouping", &r);
	printf("# %llu findings, %llu incidents, %llu parties not used\n",
	       (unsigned long long)r.findings, (unsigned long long)r.opened,
	       (unsigned long long)r.hubs);
	grouping(d, "grouping again, nothing new", &again);
	ask(d, "list of open ones, the worst 51", NULL, false);
	ask(d, "list of those with a deadline", NULL, true);
	ask(d, "search that finds few", "d4242.example", false);
	ask(d, "search that finds nothing", "no such text", false);
	append(d, "one event, folded and on the disk", r.opened);
	the_log(d);
	lengthen(d, r.opened, EVENTS);
	append(d, "one event, with a million before it", r.opened);
	desk_close(d);
	return 0;
}
