/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clock.h - named sets of deadlines, and when each ends.
 *
 *   clocks:
 *     nis2:
 *       - { name: early warning, within: 24h, meets: "notice:regulator-warning" }
 *       - { name: final report, within: 1 month, after: notification }
 *     registrar-ack:
 *       - { name: acknowledgement, within: 2 working days, calendar: office }
 *   calendars:
 *     office: { zone: Europe/Madrid, days: mon tue wed thu fri, hours: 09:00-17:00,
 *               holidays: 01-01 12-25 2026-04-03 }
 *
 * `within` is a span (24h, 3d: of real time, whatever the clocks on the wall do), months, or
 * working hours or days of a calendar. The day something begins on does not count as a
 * working day; a working day ends with its last hour. `after` names an earlier deadline of
 * the set: until that is met, it is counted from when that is due. `meets` says what meets
 * it: state:STATE, notice:TEMPLATE; several with blanks between.
 *
 * Sets that come with the program: nis2 (Directive (EU) 2022/2555, article 23(4)) and
 * registrar-ack. Time zones and months are ICU's; nothing reads the clock here. */
#pragma once
#include "model/desk.h"

#define CLOCK_WHY 300
#define CLOCK_DEADLINES_MAX 16u	/* of a set */
#define CLOCK_SETS_MAX 64u
#define CLOCK_RUNNING_MAX 8u	/* sets that run at one incident */
#define CLOCK_ROWS_MAX (CLOCK_RUNNING_MAX * CLOCK_DEADLINES_MAX)
#define CLOCK_NAME_MAX 60	/* of a set, with its NUL */
#define CLOCK_NAMES_MAX (CLOCK_RUNNING_MAX * CLOCK_NAME_MAX)
#define CLOCK_FILE_MAX (1u << 20)

struct clocks;
/* From a file, or with path NULL only those of the program; the file's sets stand before
 * those of the program. 0, or negative and a sentence in why[]. */
int clocks_open(struct clocks **ret, const char *path, char why[CLOCK_WHY]);
struct clocks *clocks_free(struct clocks *c);	/* takes NULL, gives NULL */
/* The name of set n, or NULL behind the last. */
const char *clocks_name(const struct clocks *c, unsigned n);

/* Deadline n of a set in words, without working out when it ends: views of c; false behind the
 * last. */
struct clock_words { const char *name, *after, *meets, *calendar; char within[40]; };
bool clocks_words(const struct clocks *c, const char *set, unsigned n,
		  struct clock_words *ret);

/* The deadlines of a set for an incident known since `aware`: how many, or OOPS_UNKNOWN;
 * their texts are views of c. */
int clocks_deadlines(const struct clocks *c, const char *set, u64 aware,
		     struct deadline ret[CLOCK_DEADLINES_MAX]);
/* The same of several sets, one a line: how many, or OOPS_UNKNOWN. */
int clocks_all(const struct clocks *c, const char *sets, u64 aware,
	       struct deadline ret[CLOCK_ROWS_MAX]);
/* Those of the set that count from the deadline `name`, which was met then. */
int clocks_follow(const struct clocks *c, const char *set, const char *name, u64 met,
		  struct deadline ret[CLOCK_DEADLINES_MAX]);

/* Names of sets as people write them, with commas between, one a line and each once; "none" is
 * no set. 0, or OOPS_LIMIT when they are too many or too long. */
int clocks_typed(char to[CLOCK_NAMES_MAX], const char *typed);
/* Is it one of the lines? */
bool clocks_has(const char *lines, const char *name);
/* The next of the lines, to `name`; NULL behind the last, or where the next begins. */
const char *clocks_next(const char *lines, char name[CLOCK_NAME_MAX]);
