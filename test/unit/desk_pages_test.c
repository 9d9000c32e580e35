/* SPDX-License-Identifier: GPL-3.0-or-later */
/* desk_pages_test.c - pages of a noun's records, each behind the last record of the one before:
 * in every order they are the whole, and stay so while others come and go between them. */
#include "desk_place.h"
#include "store/desk.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define MANY 300u

static const char *const orders[] = { "number", "-number", "-changed number", "due number",
	"-severity -confidence number", "title -due number", "-owner title -number" };

static u64 draw(u64 *seed, u64 below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (*seed >> 33) % below;
}

/* Few different values, so that most records are alike in all but the number. */
static void put(struct desk_place *p, u64 number, u64 *seed)
{
	static const char *const words[] = { "", "a", "B", "ab", "\xc3\xa9", "'; --", "%_" };
	const struct incident i = { .number = number, .changed = draw(seed, 5),
		.due = draw(seed, 2) ? draw(seed, 4) : 0, .severity = (u8)draw(seed, 5),
		.confidence = draw(seed, 3), .title = words[draw(seed, COUNT(words))],
		.owner = words[draw(seed, COUNT(words))], .version = 7 };

	assert_int_equal(store_put(desk_store(p->desk), DESK_incident, &i), 0);
}

struct page {
	u64 at[MANY * 2], count, most;
	struct incident last;
	char title[20], owner[20];
};

static int take(void *to, const void *record)
{
	const struct incident *i = record;
	struct page *p = to;

	if (p->most && p->most-- == 1)
		return 1;
	assert_true(p->count < COUNT(p->at));
	p->at[p->count++] = i->number;
	p->last = *i;
	snprintf(p->title, sizeof p->title, "%s", i->title);
	snprintf(p->owner, sizeof p->owner, "%s", i->owner);
	p->last.title = p->title;
	p->last.owner = p->owner;
	return 0;
}

static void ask(struct desk_place *p, struct page *to, const char *order, bool go_on, u64 limit)
{
	const struct incident after = to->last;
	const struct store_query q = { .table = DESK_incident, .order = order, .limit = limit,
		.after = go_on ? &after : NULL };

	assert_int_equal(store_each(desk_store(p->desk), &q, take, to), 0);
}

static void pages_are_the_whole(void **state)
{
	struct desk_place *p = *state;
	u64 seed = 1;

	assert_int_equal(store_begin(desk_store(p->desk)), 0);
	for (u64 n = 1; n <= MANY; n++)
		put(p, n, &seed);
	for (size_t o = 0; o < COUNT(orders); o++)
		for (u64 size = 1; size < 80; size += 13) {
			struct page whole = { 0 }, parts = { 0 };
			u64 before;

			ask(p, &whole, orders[o], false, 0);
			assert_int_equal(whole.count, MANY);
			do {
				before = parts.count;
				ask(p, &parts, orders[o], before > 0, size);
			} while (parts.count > before);
			assert_int_equal(parts.count, MANY);
			assert_memory_equal(parts.at, whole.at, MANY * sizeof whole.at[0]);
		}
	store_undo(desk_store(p->desk));
}

/* Records 1 to MANY / 2 stay; the others come and go between the pages. */
static void others_come_and_go(void **state)
{
	struct desk_place *p = *state;
	u64 seed = 2;

	assert_int_equal(store_begin(desk_store(p->desk)), 0);
	for (u64 n = 1; n <= MANY / 2; n++)
		put(p, n, &seed);
	for (size_t o = 0; o < COUNT(orders); o++) {
		u8 seen[MANY + 1] = { 0 };
		struct page parts = { 0 };
		u64 before;

		do {
			before = parts.count;
			ask(p, &parts, orders[o], before > 0, 9);
			for (int k = 0; k < 4; k++) {
				const u64 n = MANY / 2 + 1 + draw(&seed, MANY / 2);
				const struct incident key = { .number = n };

				if (draw(&seed, 2))
					put(p, n, &seed);
				else
					store_drop(desk_store(p->desk), DESK_incident, &key);
			}
		} while (parts.count > before);
		for (u64 k = 0; k < parts.count; k++)
			seen[parts.at[k]]++;
		for (u64 n = 1; n <= MANY / 2; n++)
			assert_int_equal(seen[n], 1);
	}
	store_undo(desk_store(p->desk));
}

static int take_narrow(void *to, const void *record)
{
	const struct incident *i = record;

	assert_null(i->title);
	assert_int_equal(i->version, 0);
	*(u64 *)to += i->number;
	return 0;
}

static void only_some_fields(void **state)
{
	struct desk_place *p = *state;
	const struct store_query q = { .table = DESK_incident, .order = "-number",
		.only = "due number" };
	u64 seed = 3, sum = 0;

	assert_int_equal(store_begin(desk_store(p->desk)), 0);
	for (u64 n = 1; n <= 10; n++)
		put(p, n, &seed);
	assert_int_equal(store_each(desk_store(p->desk), &q, take_narrow, &sum), 0);
	assert_int_equal(sum, 55);
	store_undo(desk_store(p->desk));
}

static int count_one(void *to, const void *record)
{
	(void)record;
	++*(u64 *)to;
	return 0;
}

/* In a process that can write no file, as behind the walls: more than is sorted in the cache. */
static int sort_all(const char *path, u64 wanted)
{
	const struct rlimit none = { 0, 0 };
	const struct store_query q = { .table = DESK_incident, .order = "title -due number" };
	struct store *s = NULL;
	char why[STORE_WHY];
	u64 count = 0;

	if (store_open(&s, path, STORE_READ, why) || store_total(s, &q, &count) ||
	    count != wanted)
		return 1;
	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &none))
		return 2;
	count = 0;
	return store_each(s, &q, count_one, &count) || count != wanted ? 3 : 0;
}

static void sorted_without_a_file(void **state)
{
	struct desk_place *p = *state;
	const u64 many = 60000;
	u64 seed = 4;
	int status;
	pid_t child;

	assert_int_equal(store_begin(desk_store(p->desk)), 0);
	for (u64 n = 1; n <= many; n++)
		put(p, n, &seed);
	assert_int_equal(store_commit(desk_store(p->desk)), 0);
	if ((child = fork()) == 0)
		_exit(sort_all(p->place->path, many));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sorted_without_a_file, desk_up, desk_down),
		cmocka_unit_test_setup_teardown(pages_are_the_whole, desk_up, desk_down),
		cmocka_unit_test_setup_teardown(others_come_and_go, desk_up, desk_down),
		cmocka_unit_test_setup_teardown(only_some_fields, desk_up, desk_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
