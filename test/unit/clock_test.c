/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clock_test.c - when deadlines end: real time, months, working time over weekends,
 * holidays and changes of the clocks; what a file of clocks may not hold. And priority. */
#include "respond/clock.h"
#include "respond/letter.h"
#include "respond/priority.h"
#include "base/stamp.h"
#include "base/base.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <unistd.h>

static const char file[] =
	"clocks:\n"
	"  team:\n"
	"    - { name: hours, within: 8 working hours, calendar: office }\n"
	"    - { name: days, within: 2 working days, calendar: office }\n"
	"    - { name: next, within: 1 working hour, after: hours, calendar: office }\n"
	"    - { name: night, within: 3 working hours, calendar: round }\n"
	"    - { name: real, within: 36h }\n"
	"    - { name: month, within: 1 month, meets: state:closed notice:final }\n"
	"calendars:\n"
	"  office: { zone: Europe/Madrid, days: mon tue wed thu fri, hours: 09:00-17:00,\n"
	"            holidays: 01-01 12-25 2026-04-03 }\n"
	"  round: { zone: Europe/Madrid, days: sun mon tue wed thu fri sat }\n";

static int open_text(struct clocks **ret, const char *text, char why[CLOCK_WHY])
{
	char path[] = "/tmp/vedette-clocks-XXXXXX";
	int fd = mkstemp(path), rc;

	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	rc = clocks_open(ret, path, why);
	unlink(path);
	return rc;
}

static u64 at(const char *text)
{
	u64 ns = 0;

	assert_int_equal(stamp_parse(text, &ns), 0);
	return ns;
}

static void due(const struct clocks *c, const char *set, const char *name, const char *from,
		const char *want)
{
	struct deadline list[CLOCK_DEADLINES_MAX];
	int n = clocks_deadlines(c, set, at(from), list);
	char is[STAMP_TEXT_MAX];

	assert_true(n > 0);
	for (int i = 0; i < n; i++)
		if (strcmp(list[i].name, name) == 0) {
			assert_string_equal(stamp_text(list[i].due, 0, is), want);
			return;
		}
	fail_msg("no deadline %s", name);
}

static void ours(void **state)
{
	struct deadline list[CLOCK_DEADLINES_MAX];
	struct clocks *c = NULL;
	char why[CLOCK_WHY];

	(void)state;
	assert_int_equal(clocks_open(&c, NULL, why), 0);
	assert_string_equal(clocks_name(c, 0), "nis2");
	due(c, "nis2", "early warning", "2026-01-30T12:00:00Z", "2026-01-31T12:00:00Z");
	due(c, "nis2", "notification", "2026-01-30T12:00:00Z", "2026-02-02T12:00:00Z");
	due(c, "nis2", "final report", "2026-01-30T12:00:00Z", "2026-03-02T12:00:00Z");
	assert_int_equal(clocks_follow(c, "nis2", "notification", at("2026-01-31T08:00:00Z"),
				       list), 1);
	assert_string_equal(list[0].name, "final report");
	assert_int_equal(list[0].due, at("2026-02-28T08:00:00Z"));
	due(c, "registrar-ack", "acknowledgement", "2026-01-30T12:00:00Z",
	    "2026-02-04T00:00:00Z");
	assert_int_equal(clocks_deadlines(c, "no", 0, list), OOPS_UNKNOWN);
	clocks_free(c);
}

/* What meets a deadline of ours is a letter that there is. */
static void our_letters(void **state)
{
	struct clocks *c = NULL;
	struct clock_words w;
	char why[CLOCK_WHY];
	unsigned letters = 0;

	(void)state;
	assert_int_equal(clocks_open(&c, NULL, why), 0);
	for (unsigned s = 0; clocks_name(c, s); s++)
		for (unsigned n = 0; clocks_words(c, clocks_name(c, s), n, &w); n++)
			if (strncmp(w.meets, "notice:", 7) == 0) {
				letters++;
				assert_true(letter_exists(w.meets + 7));
			}
	assert_int_equal(letters, 3);
	clocks_free(c);
}

static void calendars(void **state)
{
	struct clocks *c = NULL;
	char why[CLOCK_WHY];

	(void)state;
	assert_int_equal(open_text(&c, file, why), 0);
	/* Friday 16:00 in Madrid (UTC+1): one hour left, seven on Monday */
	due(c, "team", "hours", "2026-01-30T15:00:00Z", "2026-02-02T15:00:00Z");
	due(c, "team", "next", "2026-01-30T15:00:00Z", "2026-02-02T16:00:00Z");
	due(c, "team", "days", "2026-01-30T15:00:00Z", "2026-02-03T16:00:00Z");
	/* Saturday: from Monday morning on; from 29 March on UTC+2 */
	due(c, "team", "hours", "2026-03-28T11:00:00Z", "2026-03-30T15:00:00Z");
	/* Thursday evening, Good Friday is a holiday */
	due(c, "team", "hours", "2026-04-02T20:00:00Z", "2026-04-06T15:00:00Z");
	due(c, "team", "days", "2026-12-24T10:00:00Z", "2026-12-29T16:00:00Z");
	/* New Year's Day of any year, a Friday in 2027 */
	due(c, "team", "hours", "2026-12-31T15:30:00Z", "2027-01-04T15:30:00Z");
	/* The hour that is not there: 00:30 local and three hours of real time */
	due(c, "team", "night", "2026-03-28T23:30:00Z", "2026-03-29T02:30:00Z");
	due(c, "team", "night", "2026-10-24T22:30:00Z", "2026-10-25T01:30:00Z");
	due(c, "team", "real", "2026-03-28T11:00:00Z", "2026-03-29T23:00:00Z");
	due(c, "team", "month", "2026-01-31T11:00:00.25Z", "2026-02-28T11:00:00Z");
	due(c, "nis2", "early warning", "2026-01-30T12:00:00Z", "2026-01-31T12:00:00Z");
	clocks_free(c);
}

static void refused(void **state)
{
	static const struct { const char *text, *word; } bad[] = {
		{ "clocks: [", "not YAML" },
		{ "clock:\n  a: []\n", "unknown key 'clock'" },
		{ "clocks:\n  a: 1\n", ":2: a list of deadlines" },
		{ "clocks:\n  a:\n    - { name: x, within: soon }\n", ":3: 'soon' is no span" },
		{ "clocks:\n  a:\n    - { within: 1h }\n", "has a name" },
		{ "clocks:\n  a:\n    - { name: x, within: 1h, after: y }\n",
		  "'y' is no deadline" },
		{ "clocks:\n  a:\n    - { name: x, within: 1 working day }\n",
		  "needs a calendar" },
		{ "clocks:\n  a:\n    - { name: x, within: 1 working day, calendar: k }\n",
		  "wants the calendar 'k'" },
		{ "calendars:\n  k: { zone: Europe/Nowhere, days: mon }\n", "no time zone" },
		{ "calendars:\n  k: { days: mon tuesday }\n", "days are written" },
		{ "calendars:\n  k: { zone: UTC }\n", "has working days" },
		{ "calendars:\n  k: { days: mon, hours: 17:00-09:00 }\n", "hours are written" },
		{ "calendars:\n  k: { days: mon, holidays: 13-01 }\n", "holidays are written" },
	};
	struct clocks *c = NULL;
	char why[CLOCK_WHY];

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_true(open_text(&c, bad[i].text, why) < 0);
		if (strstr(why, bad[i].word) == NULL)
			fail_msg("'%s' is not in: %s", bad[i].word, why);
	}
	assert_int_equal(clocks_open(&c, "/no/such/file", why), -ENOENT);
	assert_non_null(strstr(why, "cannot be read"));
}

static void priority(void **state)
{
	struct incident i = { .severity = SEVERITY_MEDIUM, .confidence = 90, .findings = 1 };
	const u64 now = 1000 * 3600 * STAMP_NS;
	char why[PRIORITY_WHY];

	(void)state;
	assert_int_equal(priority_of(&i, now, why), PRIORITY_NORMAL);
	assert_string_equal(why, "severity medium; nearly certain (confidence 90 of 100)");
	i.confidence = 30;
	assert_int_equal(priority_of(&i, now, why), PRIORITY_LOW);
	assert_non_null(strstr(why, "not sure (confidence 30 of 100)"));
	i.exposed = 12;
	assert_int_equal(priority_of(&i, now, why), PRIORITY_NORMAL);
	assert_non_null(strstr(why, "12 parties or more"));
	i.due = now + 2 * 3600 * STAMP_NS;
	assert_int_equal(priority_of(&i, now, why), PRIORITY_HIGH);
	assert_non_null(strstr(why, "a deadline is due in 2 h"));
	i.due = now - 3 * 86400 * STAMP_NS;
	assert_int_equal(priority_of(&i, now, why), PRIORITY_URGENT);
	assert_non_null(strstr(why, "a deadline is overdue by 3 d"));
	i = (struct incident){ .severity = SEVERITY_CRITICAL, .state = INCIDENT_CLOSED };
	assert_int_equal(priority_of(&i, now, why), PRIORITY_LOW);
	i.due = now - 3 * 86400 * STAMP_NS;
	assert_int_equal(priority_of(&i, now, why), PRIORITY_LOW);
	assert_string_equal(why, "the incident is closed");
	i = (struct incident){ .severity = SEVERITY_CRITICAL, .confidence = 99, .findings = 1,
		.exposed = 16 };
	assert_int_equal(priority_of(&i, now, why), PRIORITY_URGENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ours), cmocka_unit_test(our_letters),
		cmocka_unit_test(calendars), cmocka_unit_test(refused),
		cmocka_unit_test(priority),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
