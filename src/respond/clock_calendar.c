/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clock_calendar.c - spans of months, working hours and working days; see clock.h.
 *
 * A day's working time is made from its local begin and end by ICU, so a day on which the
 * clocks change has the working time that it has: between 09:00 and 17:00 of that day. */
#include "respond/clock_own.h"
#include "base/num.h"
#include "base/stamp.h"
#include <unicode/ucal.h>
#include <unicode/ustring.h>

#define DAYS_TRIED 3660u
#define MS 1000000ull

int span_read(const char *text, struct span *ret)
{
	char number[16], unit[24] = "";

	if (sscanf(text, "%15[0-9] %23[a-z ]", number, unit) == 2) {
		u64 n;

		if (num_u64(number, 1, 10000, &n) == 0) {
			*ret = (struct span){ SPAN_MONTHS, n };
			if (strcmp(unit, "month") == 0 || strcmp(unit, "months") == 0)
				return 0;
			ret->kind = SPAN_WORKING_HOURS;
			if (strcmp(unit, "working hours") == 0 ||
			    strcmp(unit, "working hour") == 0)
				return 0;
			ret->kind = SPAN_WORKING_DAYS;
			if (strcmp(unit, "working days") == 0 ||
			    strcmp(unit, "working day") == 0)
				return 0;
		}
	}
	ret->kind = SPAN_REAL;
	return num_span(text, STAMP_NS, 3660ull * 86400 * STAMP_NS, &ret->n);
}

static void zone_text(const char *zone, UChar to[64])
{
	UErrorCode e = U_ZERO_ERROR;
	int32_t n;

	u_strFromUTF8(to, 63, &n, zone, -1, &e);
	to[U_SUCCESS(e) ? n : 0] = 0;
}

bool zone_known(const char *zone)
{
	UErrorCode e = U_ZERO_ERROR;
	UChar is[64], name[64];
	UBool system = 0;

	zone_text(zone, is);
	ucal_getCanonicalTimeZoneID(is, -1, name, 64, &system, &e);
	return is[0] && U_SUCCESS(e) && system;
}

static UCalendar *calendar_open(const struct calendar *c)
{
	UErrorCode e = U_ZERO_ERROR;
	UChar zone[64];
	UCalendar *cal;

	zone_text(c ? c->zone : "UTC", zone);
	cal = ucal_open(zone, -1, "en", UCAL_GREGORIAN, &e);
	return U_SUCCESS(e) ? cal : NULL;
}

struct date { int32_t year, month, day, weekday; };	/* month and weekday from 0, 0 */

static struct date date_of(UCalendar *cal, u64 ns, UErrorCode *e)
{
	ucal_setMillis(cal, (UDate)(ns / MS), e);
	return (struct date){ ucal_get(cal, UCAL_YEAR, e), ucal_get(cal, UCAL_MONTH, e),
		ucal_get(cal, UCAL_DATE, e), ucal_get(cal, UCAL_DAY_OF_WEEK, e) - 1 };
}

/* The instant of a minute of that day; 1440 is the begin of the next one. */
static u64 instant(UCalendar *cal, const struct date *d, u16 minute, UErrorCode *e)
{
	ucal_clear(cal);
	ucal_setDateTime(cal, d->year, d->month, d->day + minute / 1440, minute % 1440 / 60,
			 minute % 60, 0, e);
	ucal_set(cal, UCAL_MILLISECOND, 0);
	return (u64)ucal_getMillis(cal, e) * MS;
}

static bool works(const struct calendar *c, const struct date *d)
{
	if (!(c->days >> d->weekday & 1))
		return false;
	for (unsigned i = 0; i < c->holiday_count; i++)
		if (c->holidays[i].month == d->month + 1 && c->holidays[i].day == d->day &&
		    (c->holidays[i].year == 0 || c->holidays[i].year == d->year))
			return false;
	return true;
}

/* One day's share: true when the span ends in it. */
static bool spend(UCalendar *cal, const struct calendar *c, const struct date *d, u64 now,
		  u64 *left, u64 *end, UErrorCode *e)
{
	u64 from = max_u64(now, instant(cal, d, c->open, e));
	u64 until = instant(cal, d, c->close, e);

	if (from >= until)
		return false;
	if (*left <= until - from) {
		*end = from + *left;
		return true;
	}
	*left -= until - from;
	return false;
}

static int working(UCalendar *cal, const struct span *s, const struct calendar *c, u64 start,
		   u64 *ret)
{
	UErrorCode e = U_ZERO_ERROR;
	u64 left = s->kind == SPAN_WORKING_HOURS ? s->n * 3600 * STAMP_NS : s->n, now = start;

	for (unsigned i = 0; i < DAYS_TRIED && U_SUCCESS(e); i++) {
		struct date d = date_of(cal, now, &e);

		if (works(c, &d) && s->kind == SPAN_WORKING_HOURS &&
		    spend(cal, c, &d, now, &left, ret, &e))
			return U_SUCCESS(e) ? 0 : -EIO;
		if (works(c, &d) && s->kind == SPAN_WORKING_DAYS && i && --left == 0) {
			*ret = instant(cal, &d, c->close, &e);
			return U_SUCCESS(e) ? 0 : -EIO;
		}
		now = instant(cal, &d, 1440, &e);
	}
	return U_SUCCESS(e) ? OOPS_RANGE : -EIO;
}

static int months(UCalendar *cal, u64 n, u64 start, u64 *ret)
{
	UErrorCode e = U_ZERO_ERROR;

	ucal_setMillis(cal, (UDate)(start / MS), &e);
	ucal_add(cal, UCAL_MONTH, (int32_t)n, &e);	/* 31 January and one: 28 February */
	*ret = (u64)ucal_getMillis(cal, &e) * MS + start % MS;
	return U_SUCCESS(e) ? 0 : -EIO;
}

int span_end(const struct span *s, const struct calendar *c, u64 start, u64 *ret)
{
	UCalendar *cal;
	int rc;

	if (s->kind == SPAN_REAL) {
		*ret = start + s->n;
		return 0;
	}
	if ((cal = calendar_open(c)) == NULL)
		return -EIO;
	rc = s->kind == SPAN_MONTHS ? months(cal, s->n, start, ret)
	   : working(cal, s, c, start, ret);
	ucal_close(cal);
	return rc;
}
