/* SPDX-License-Identifier: GPL-3.0-or-later */
/* incident_clock.c - `vedette incident clock | task`: deadlines that run, and what is to be
 * done. */
#include "cli/incident.h"
#include "base/num.h"
#include "cli/cli.h"
#include "cli/notify.h"
#include "cli/say.h"
#include "respond/clock.h"
#include "respond/house.h"
#include "respond/task.h"

/* ---- clocks ---- */

/* What is to be stopped, then started, then met: each sees what the one before did. */
static int set_clocks(struct sitting *s, struct case_ref r, u64 aware, u64 at)
{
	const struct incident_conf *k = &incident_conf;
	const char *const names[] = { k->meet, k->unmeet };
	int rc = k->stop ? case_stop(s->desk, r, k->stop, k->reason) : 0;

	if (k->stop)
		r.expected = 0;
	if (rc == 0 && (k->set || k->aware)) {
		rc = case_start(s->desk, r, &(struct case_start){ k->set, aware });
		r.expected = 0;
	}
	for (size_t i = 0; i < COUNT(names) && rc == 0; i++)
		if (names[i]) {
			rc = case_met_by_hand(s->desk, r, &(struct case_by_hand){ names[i],
				i == 0, notify_conf.again, i == 0 ? at : 0 });
			r.expected = 0;
		}
	return rc;
}

int incident_clock(struct sitting *s, int argc, char **argv)
{
	const struct incident_conf *k = &incident_conf;
	struct house house = { 0 };
	struct clocks *c = NULL;
	struct case_ref r;
	char why[CLOCK_WHY];
	u64 aware, at;
	int rc;

	(void)argc;
	if (!incident_ref(s, argv[0], &r) || !incident_time("aware", k->aware, 0, &aware) ||
	    !incident_time("at", k->at, 0, &at))
		return STATUS_USAGE;
	if (k->at && !k->meet) {
		say_error("--at says when a deadline was met: it goes with --meet NAME");
		return STATUS_USAGE;
	}
	if (!k->set && !k->stop && !k->aware && !k->meet && !k->unmeet) {
		say_error("write --set, --stop, --aware, --meet or --unmeet");
		return STATUS_USAGE;
	}
	if (clocks_open(&c, k->clocks, why)) {
		say_error("%s", why);
		return STATUS_USAGE;
	}
	house.clocks = c;
	desk_settle(s->desk, &house);
	rc = desk_begin(s->desk);
	if (rc == 0)
		rc = set_clocks(s, r, aware, at);
	rc = incident_done(s, rc, &r.number, 1);
	desk_settle(s->desk, NULL);
	clocks_free(c);
	return rc;
}

/* ---- tasks ---- */

static int add_task(struct sitting *s, u64 number, const char *title)
{
	const struct incident_conf *k = &incident_conf;
	const struct task t = { .title = title, .actor = k->actor ? k->actor : "",
		.ask = k->ask ? k->ask : "", .needs = k->needs ? k->needs : "" };

	return task_add(s->desk, number, &t, 1);
}

int incident_task(struct sitting *s, int argc, char **argv)
{
	static const char *const words[] = { "open", "done", "drop", NULL };
	int state = choice_parse(words, argv[1]), rc;
	u64 number, place = 0, seen;

	(void)argc;
	if (!incident_number(argv[0], &number))
		return STATUS_USAGE;
	if (state < 0 && strcmp(argv[1], "add")) {
		say_error("write add TITLE, or done, drop or open and the task's "
			  "number");
		return STATUS_USAGE;
	}
	if (state >= 0 && num_u64(argv[2], 1, INT64_MAX, &place)) {
		say_error("'%s' is no number of a task", argv[2]);
		return STATUS_USAGE;
	}
	seen = incident_behind(s, number);
	rc = desk_begin(s->desk);
	if (rc == 0)
		rc = state < 0 ? add_task(s, number, argv[2])
		   : task_set(s->desk, number, place, (enum task_state)state,
			      incident_conf.reason);
	rc = incident_done(s, rc, &number, 1);
	if (rc == STATUS_FINE && seen)
		incident_saw(s, number, seen);
	return rc;
}
