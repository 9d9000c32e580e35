/* SPDX-License-Identifier: GPL-3.0-or-later */
/* desk.c - what the desk costs: grouping, listing, searching, appending, verifying.
 *
 *   desk FILE FINDINGS    makes a store of so many findings, groups them, and measures
 *
 * The findings are made, not drawn from traffic: FINDINGS/10 subjects of the form
 * dN.example, ten findings each, on two days; every thirtieth subject shares a client with
 * its neighbour; one client (a resolver) takes part everywhere. Prints a line a measure. */
#include "model/finding.h"
#include "respond/group.h"
#include "respond/priority.h"
#include <time.h>

#define S 1000000000ull

static u64 now_ns(void *world)
{
	struct timespec t;

	(void)world;
	clock_gettime(CLOCK_REALTIME, &t);
	return (u64)t.tv_sec * S + (u64)t.tv_nsec;
}

static void check(int rc, const char *why)
{
	if (rc >= 0)
		return;
	fprintf(stderr, "desk: %s\n", why);
	exit(1);
}

/* Of the wall clock and of this process. */
struct watch { u64 wall; clock_t cpu; };

static struct watch begin(void)
{
	return (struct watch){ now_ns(NULL), clock() };
}

static void say(const char *what, struct watch from, u64 times)
{
	double s = (double)(now_ns(NULL) - from.wall) / 1e9;
	double cpu = (double)(clock() - from.cpu) / CLOCKS_PER_SEC;
	double by = times > 1 ? 1e3 / (double)times : 1;

	printf("%-40s %9.3f %s, CPU %9.3f\n", what, s * by, times > 1 ? "ms each" : "s",
	       cpu * by);
	fflush(stdout);
}

static void make(struct finding *f, u64 n, u64 count)
{
	const u64 subject = n % (count / 10 + 1);

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

static void fill(const char *path, u64 count)
{
	const struct store_run run = { .started = 1, .version = "", .arguments = "" };
	struct finding *f = calloc(1, sizeof *f);
	struct store *s = NULL;
	char why[STORE_WHY];

	check(store_open(&s, path, STORE_WRITE, why), why);
	check(store_begin_run(s, &run), store_error(s));
	for (u64 n = 0; n < count; n++) {
		make(f, n, count);
		check(store_add_finding(s, f), store_error(s));
	}
	check(store_commit(s), store_error(s));
	store_close(s);
	free(f);
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
	struct watch from = begin();
	u64 n = 0;

	for (int i = 0; i < 10; i++)
		check(store_each(desk_store(d), &q, count_one, &n), desk_error(d));
	say(what, from, 10);
}

static void append(struct desk *d, u64 incidents)
{
	struct watch from = begin();

	for (u64 i = 0; i < 200; i++) {
		check(desk_begin(d), desk_error(d));
		check(desk_end(d, case_assign(d, (struct case_ref){ 1 + i * 37 % incidents, 0 },
					      "ana")), desk_error(d));
	}
	say("one event, folded and on the disk", from, 200);
}

static void hub(void *to, const struct group_hub *h)
{
	(void)to;
	printf("not used: %s %s\n", h->role, h->name);
}

int main(int argc, char **argv)
{
	const struct group_conf conf = { .gap = GROUP_GAP_DEFAULT, .hub = GROUP_HUB_DEFAULT,
		.tell = hub };
	const struct desk_setup setup = { .path = argv[1], .author = "bench", .now = now_ns };
	struct group_report r;
	struct log_report log;
	struct desk *d = NULL;
	char why[DESK_WHY];
	struct watch from;
	u64 count;

	if (argc != 3)
		return 2;
	count = strtoull(argv[2], NULL, 10);
	from = begin();
	fill(argv[1], count);
	say("storing the findings", from, 1);
	check(desk_open(&d, &setup, why), why);
	from = begin();
	check(desk_begin(d), desk_error(d));
	check(desk_end(d, group_findings(d, &conf, &r)), desk_error(d));
	say("grouping", from, 1);
	printf("%llu findings, %llu incidents\n", (unsigned long long)r.findings,
	       (unsigned long long)r.opened);
	from = begin();
	check(desk_begin(d), desk_error(d));
	check(desk_end(d, group_findings(d, &conf, &r)), desk_error(d));
	say("grouping again, nothing new", from, 1);
	ask(d, "list of open ones, the worst 51", NULL, false);
	ask(d, "list of those with a deadline", NULL, true);
	ask(d, "search that finds few", "d4242.example", false);
	ask(d, "search that finds nothing", "no such text", false);
	append(d, 1000);
	from = begin();
	check(log_verify(desk_store(d), NULL, NULL, &log), log.what);
	say("verifying the log", from, 1);
	from = begin();
	check(desk_rebuild(d), desk_error(d));
	say("rebuilding the tables from the log", from, 1);
	desk_close(d);
	return 0;
}
