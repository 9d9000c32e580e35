/* SPDX-License-Identifier: GPL-3.0-or-later */
/* incident_clock.c - `vedette incident clock | task`: deadlines that run, and what is to be
 * done. */
#include "cli/incident.h"
#include "base/num.h"
#include "base/stamp.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "respond/clock.h"
#include "respond/task.h"

/* ---- clocks ---- */

static void say_sets(const struct clocks *c, const char *set)
{
	char names[400] = "";
	size_t n = 0;

	for (unsigned i = 0; clocks_name(c, i) && n < sizeof names; i++)
		n += (size_t)snprintf(names + n, sizeof names - n, "%s%s", i ? ", " : "",
				      clocks_name(c, i));
	say_error("there is no set '%s'; there are: %s", set, names);
}

/* Another set, or another time from which on it runs. */
static int start(struct sitting *s, struct case_ref r, const struct clocks *c)
{
	struct deadline list[CLOCK_DEADLINES_MAX];
	struct incident *i = NULL;
	struct case_clock clock = { .deadlines = list };
	int n = 0, rc = case_find(s->desk, r.number, &i);

	if (rc)
		return rc;
	clock.set = incident_conf.set ? incident_conf.set : i->clocks;
	incident_time("aware", incident_conf.aware, i->aware, &clock.aware);
	if (strcmp(clock.set, "none") == 0)
		clock.set = "";
	if (clock.set[0] && (n = clocks_deadlines(c, clock.set, clock.aware, list)) < 0) {
		if (n == OOPS_UNKNOWN)
			say_sets(c, clock.set);
		free(i);
		return desk_fault(s->desk, n, "the clocks were left as they are");
	}
	clock.count = (size_t)n;
	rc = case_clock(s->desk, r, &clock);
	free(i);
	return rc;
}

static int meet(struct sitting *s, struct case_ref r, const struct clocks *c)
{
	struct deadline follow[CLOCK_DEADLINES_MAX];
	const bool met = incident_conf.meet != NULL;
	struct case_met m = { .name = met ? incident_conf.meet : incident_conf.unmeet,
		.met = met ? desk_now(s->desk) : 0, .follow = follow };
	struct incident *i = NULL;
	char by[200];
	int n, rc = case_find(s->desk, r.number, &i);

	if (rc)
		return rc;
	snprintf(by, sizeof by, N_("%.100s, by hand"), desk_author(s->desk));
	m.by = by;
	n = met ? clocks_follow(c, i->clocks, m.name, m.met, follow) : 0;
	m.count = n > 0 ? (size_t)n : 0;
	free(i);
	return case_met(s->desk, r, &m);
}

int incident_clock(struct sitting *s, int argc, char **argv)
{
	const struct incident_conf *k = &incident_conf;
	struct clocks *c = NULL;
	struct case_ref r;
	char why[CLOCK_WHY];
	u64 at;
	int rc;

	(void)argc;
	if (!incident_ref(s, argv[0], &r) || !incident_time("aware", k->aware, 0, &at))
		return STATUS_USAGE;
	if (!k->set && !k->aware && !k->meet && !k->unmeet) {
		say_error("write --set, --aware, --meet or --unmeet");
		return STATUS_USAGE;
	}
	if (clocks_open(&c, k->clocks, why)) {
		say_error("%s", why);
		return STATUS_USAGE;
	}
	rc = desk_begin(s->desk);
	if (rc == 0 && (k->set || k->aware)) {
		rc = start(s, r, c);
		r.expected = 0;	/* it was looked at just now */
	}
	if (rc == 0 && (k->meet || k->unmeet))
		rc = meet(s, r, c);
	rc = incident_done(s, rc, &r.number, 1);
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
	u64 number, place = 0;

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
	rc = desk_begin(s->desk);
	if (rc == 0)
		rc = state < 0 ? add_task(s, number, argv[2])
		   : task_set(s->desk, number, place, (enum task_state)state,
			      incident_conf.reason);
	return incident_done(s, rc, &number, 1);
}
