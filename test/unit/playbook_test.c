/* SPDX-License-Identifier: GPL-3.0-or-later */
/* playbook_test.c - every family of the catalogue and every category of abuse has a playbook
 * that can be read and says who can act; a folder of one's own goes first. */
#include "desk_place.h"
#include "respond/playbook.h"
#include "respond/catalogue.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

static void good(const char *folder, const char *family)
{
	struct playbook p = { 0 };
	char why[PLAYBOOK_WHY];

	if (playbook_read(&p, folder, family, why))
		fail_msg("%s", why);
	assert_true(p.count >= 2 && p.title[0]);
	for (unsigned i = 0; i < p.count; i++)
		assert_true(p.tasks[i].title[0] && p.tasks[i].actor[0] && p.tasks[i].ask[0] &&
			    p.tasks[i].needs[0]);
	playbook_free(&p);
}

static void all_families(void **state)
{
	const struct catalogue_row *const *rows = catalogue_all(NULL);
	char family[48];

	(void)state;
	for (; *rows; rows++) {
		snprintf(family, sizeof family, "%.*s", (int)strcspn((*rows)->id, "."),
			 (*rows)->id);
		good(NULL, family);
	}
	for (unsigned a = ABUSE_NONE + 1; a < ABUSE_COUNT; a++)
		good(NULL, abuse_name((enum abuse)a));
}

static void write_book(const char *folder, const char *text)
{
	char path[120];
	FILE *f;

	snprintf(path, sizeof path, "%s/tunnel.txt", folder);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void own_folder(void **state)
{
	static const struct { const char *text, *word; } bad[] = {
		{ "title: x\n", "has no task" }, { "task: a\nwhat: b\n", "line 2" },
		{ "who: x\n", "line 1" }, { "task:\n", "line 1" }, { "nothing\n", "line 1" },
	};
	char folder[] = "/tmp/vedette-playbook-XXXXXX", path[120], why[PLAYBOOK_WHY];
	struct playbook p = { 0 };

	(void)state;
	assert_non_null(mkdtemp(folder));
	write_book(folder, "# ours\ntitle: Ours\n\ntask: One\n  who: us\n");
	assert_int_equal(playbook_read(&p, folder, "tunnel", why), 0);
	assert_string_equal(p.title, "Ours");
	assert_int_equal(p.count, 1);
	assert_string_equal(p.tasks[0].actor, "us");
	playbook_free(&p);
	good(folder, "dga");
	for (size_t i = 0; i < COUNT(bad); i++) {
		write_book(folder, bad[i].text);
		assert_int_equal(playbook_read(&p, folder, "tunnel", why), OOPS_FORMAT);
		assert_non_null(strstr(why, bad[i].word));
	}
	assert_int_equal(playbook_read(&p, folder, "../tunnel", why), OOPS_UNKNOWN);
	assert_int_equal(playbook_read(&p, folder, "unheard-of", why), OOPS_UNKNOWN);
	snprintf(path, sizeof path, "%s/tunnel.txt", folder);
	unlink(path);
	rmdir(folder);
}

static void applied(void **state)
{
	struct desk_place *p = *state;
	u64 n = desk_incident(p, 0, 1), count = 0;

	WELL(p, playbook_apply(p->desk, n, NULL));
	assert_int_equal(task_count(p->desk, n, &count), 0);
	assert_true(count >= 2);
	n = count;
	WELL(p, playbook_apply(p->desk, 1, NULL));	/* once is enough */
	assert_int_equal(task_count(p->desk, 1, &count), 0);
	assert_int_equal(count, n);
	desk_same_when_rebuilt(p);
}

static u64 tasks_of(struct desk_place *p, u64 number)
{
	u64 count = 0;

	assert_int_equal(task_count(p->desk, number, &count), 0);
	return count;
}

/* Whoever opens one, or takes one on, has the tasks: no command need think of it. */
static void by_operations(void **state)
{
	struct desk_place *p = *state;
	const struct incident is = { .title = "one", .family = "phishing",
		.subject_kind = SUBJECT_DOMAIN, .subject = "d.example", .reason = "by hand" };
	const struct incident unknown = { .title = "two", .family = "no-such-family",
		.subject_kind = SUBJECT_DOMAIN, .subject = "e.example", .reason = "by hand" };
	const struct task own = { .title = "ours", .actor = "us", .ask = "", .needs = "" };
	u64 opened = 0, odd = 0, tasked = 0, bulk = desk_incident(p, 0, 1), many;

	WELL(p, case_open(p->desk, &(struct case_new){ .incident = &is }, &opened));
	assert_true(tasks_of(p, opened) >= 2);
	WELL(p, case_open(p->desk, &(struct case_new){ .incident = &unknown }, &odd));
	assert_int_equal(tasks_of(p, odd), 0);
	WELL(p, case_open(p->desk, &(struct case_new){ .incident = &is, .tasks = &own,
		.task_count = 1 }, &tasked));
	assert_int_equal(tasks_of(p, tasked), 1);
	assert_int_equal(tasks_of(p, bulk), 0);
	WELL(p, case_state(p->desk, (struct case_ref){ bulk, 0 }, INCIDENT_TRIAGED, ""));
	assert_true((many = tasks_of(p, bulk)) >= 2);
	WELL(p, case_state(p->desk, (struct case_ref){ bulk, 0 }, INCIDENT_CONFIRMED, ""));
	assert_int_equal(tasks_of(p, bulk), many);
	WELL(p, case_state(p->desk, (struct case_ref){ odd, 0 }, INCIDENT_CLOSED, "nothing"));
	desk_same_when_rebuilt(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_families), cmocka_unit_test(own_folder),
		cmocka_unit_test_setup_teardown(applied, desk_up, desk_down),
		cmocka_unit_test_setup_teardown(by_operations, desk_up, desk_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
