/* SPDX-License-Identifier: GPL-3.0-or-later */
/* task.c - see task.h. */
#include "respond/task.h"
#include "respond/case_own.h"

static struct store_query of_incident(const struct store_cond *own)
{
	return (struct store_query){ .table = DESK_task, .conds = own, .count = 1 };
}

int task_count(struct desk *d, u64 number, u64 *ret)
{
	const struct store_cond own = { .field = "incident", .op = STORE_IS, .number = number };
	const struct store_query q = of_incident(&own);

	return store_total(desk_store(d), &q, ret);
}

static int take_place(void *to, const void *record)
{
	*(u64 *)to = ((const struct task *)record)->place;
	return 0;
}

static int last_place(struct desk *d, u64 number, u64 *ret)
{
	const struct store_cond own = { .field = "incident", .op = STORE_IS, .number = number };
	struct store_query q = of_incident(&own);

	q.order = "-place";
	q.limit = 1;
	*ret = 0;
	return store_each(desk_store(d), &q, take_place, ret);
}

int task_add(struct desk *d, u64 number, const struct task *tasks, size_t n)
{
	struct incident *i = NULL;
	char about[CASE_ABOUT];
	json_t *list, *one;
	size_t at;
	u64 last;
	int rc = case_seen(d, (struct case_ref){ number, 0 }, &i);

	free(i);
	for (at = 0; at < n && rc == 0; at++)
		rc = case_line(d, "a task", tasks[at].title, true);
	if (rc || (rc = last_place(d, number, &last)))
		return rc;
	list = case_tasks(tasks, n);
	json_array_foreach(list, at, one)
		json_object_set_new(one, "place", json_integer((json_int_t)(last + 1 + at)));
	return desk_say(d, "task.add", case_about(number, about),
			json_pack("{s:o}", "tasks", list), NULL);
}

int task_set(struct desk *d, u64 number, u64 place, enum task_state s, const char *reason)
{
	const struct task key = { .incident = number, .place = place };
	struct incident *i = NULL;
	void *found = NULL;
	char about[CASE_ABOUT];
	int rc = case_line(d, "a reason", reason, s == TASK_DROPPED);

	if (rc == 0)
		rc = case_seen(d, (struct case_ref){ number, 0 }, &i);
	free(i);
	if (rc)
		return rc;
	if ((rc = desk_find(d, DESK_task, &key, &found)) == 0)
		rc = desk_fault(d, OOPS_UNKNOWN, "incident %llu has no task %llu",
				(unsigned long long)number, (unsigned long long)place);
	else if (rc == 1)
		rc = desk_say(d, "task.state", case_about(number, about),
			      json_pack("{s:I, s:s, s:s}", "place", (json_int_t)place, "state",
			      task_states[s], "why", reason ? reason : ""), NULL);
	free(found);
	return rc;
}

/* ---- folding ---- */

static int added(struct desk *d, const struct desk_event *e)
{
	struct incident *i = NULL;
	int rc = fold_load(d, e, &i);

	if (rc == 0)
		rc = fold_tasks(d, e, i->number);
	if (rc == 0)
		rc = fold_save(d, e, i);
	free(i);
	return rc;
}

static int set_state(struct desk *d, const struct desk_event *e, u64 incident)
{
	const struct task key = { .incident = incident, .place = desk_number(e, "place") };
	struct task *t;
	void *found = NULL;
	int rc = desk_find(d, DESK_task, &key, &found);

	if (rc == 0)
		return desk_damaged(d, e, "place");
	if (rc == 1) {
		t = found;
		t->state = desk_choice(e, "state", task_states);
		t->by = e->event->author;
		t->at = t->state == TASK_OPEN ? 0 : e->event->at;
		rc = store_put(desk_store(d), DESK_task, t);
	}
	free(found);
	return rc;
}

static int changed(struct desk *d, const struct desk_event *e)
{
	struct incident *i = NULL;
	int rc = fold_load(d, e, &i);

	if (rc == 0)
		rc = set_state(d, e, i->number);
	if (rc == 0)
		rc = fold_save(d, e, i);
	free(i);
	return rc;
}

const struct desk_kind task_kinds[] = {
	{ "task.add", "tasks: place, title, actor, ask, needs", added },
	{ "task.state", "place, state, why", changed },
	{ .name = NULL }
};
