/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stamp.c - see stamp.h.
 *
 * Days and dates are converted in the calendar that begins on 1 March, where the
 * leap day is the last of the year; 146097 days are 400 years. */
#include "base/stamp.h"

#define DAY_S 86400u
#define DAYS_TO_1970 719468u	/* from 0000-03-01 */

struct date {
	unsigned year, month, day;
};

static struct date date_of(u64 days_since_1970)
{
	unsigned days = (unsigned)days_since_1970 + DAYS_TO_1970;
	unsigned era = days / 146097, of_era = days % 146097;
	unsigned year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	unsigned of_year = of_era - (365 * year + year / 4 - year / 100);
	unsigned m = (5 * of_year + 2) / 153;	/* 0 = March */
	unsigned month = m < 10 ? m + 3 : m - 9;

	return (struct date){
		.year = year + era * 400 + (month <= 2),
		.month = month,
		.day = of_year - (153 * m + 2) / 5 + 1,
	};
}

static u64 days_of(struct date d)
{
	unsigned year = d.year - (d.month <= 2), era = year / 400, of_era = year % 400;
	unsigned m = d.month > 2 ? d.month - 3 : d.month + 9;
	unsigned of_year = (153 * m + 2) / 5 + d.day - 1;

	return (u64)era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
	       DAYS_TO_1970;
}

static unsigned month_days(struct date d)
{
	static const u8 days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (d.year % 4 == 0 && d.year % 100) || d.year % 400 == 0;

	return days[d.month - 1] + (d.month == 2 && leap);
}

char *stamp_text(u64 time_ns, int decimals, char to[STAMP_TEXT_MAX])
{
	u64 seconds = time_ns / STAMP_NS;
	struct date d = date_of(seconds / DAY_S);
	unsigned s = (unsigned)(seconds % DAY_S);
	int n = snprintf(to, STAMP_TEXT_MAX, "%04u-%02u-%02uT%02u:%02u:%02u.%09u", d.year,
			 d.month, d.day, s / 3600, s / 60 % 60, s % 60,
			 (unsigned)(time_ns % STAMP_NS));

	must(decimals >= 0 && decimals <= 9);
	n -= decimals ? 9 - decimals : 10;
	to[n] = 'Z';
	to[n + 1] = 0;
	return to;
}

/* Exactly n digits; moves *p behind them, or sets it to NULL. */
static unsigned digits(const char **p, int n)
{
	unsigned v = 0;

	for (; *p && n > 0; n--) {
		if (**p < '0' || **p > '9') {
			*p = NULL;
			return 0;
		}
		v = v * 10 + (unsigned)(*(*p)++ - '0');
	}
	return v;
}

static void sign(const char **p, char want)
{
	if (*p)
		*p = **p == want ? *p + 1 : NULL;
}

/* ".123": nanoseconds; nothing there is 0. */
static unsigned decimals_read(const char **p)
{
	unsigned v = 0, n = 0;

	if (*p == NULL || **p != '.')
		return 0;
	for ((*p)++; **p >= '0' && **p <= '9' && n < 9; (*p)++, n++)
		v = v * 10 + (unsigned)(**p - '0');
	if (n == 0)
		*p = NULL;
	for (; n < 9; n++)
		v *= 10;
	return v;
}

static int stamp_of(u64 seconds, unsigned ns, u64 *ret_ns)
{
	u64 v;

	if (__builtin_mul_overflow(seconds, STAMP_NS, &v) ||
	    __builtin_add_overflow(v, (u64)ns, &v))
		return OOPS_FORMAT;
	*ret_ns = v;
	return 0;
}

static int unix_parse(const char *p, u64 *ret_ns)
{
	u64 seconds = 0;
	unsigned ns;

	for (; *p >= '0' && *p <= '9'; p++)
		if ((seconds = seconds * 10 + (u64)(*p - '0')) > UINT64_MAX / STAMP_NS)
			return OOPS_FORMAT;
	ns = decimals_read(&p);
	return p && *p == 0 ? stamp_of(seconds, ns, ret_ns) : OOPS_FORMAT;
}

int stamp_parse(const char *text, u64 *ret_ns)
{
	const char *p = text;
	struct date d;
	unsigned h = 0, m = 0, s = 0, ns = 0;

	if (text[0] < '0' || text[0] > '9')
		return OOPS_FORMAT;
	if (strchr(text, '-') == NULL)
		return unix_parse(text, ret_ns);
	d.year = digits(&p, 4), sign(&p, '-');
	d.month = digits(&p, 2), sign(&p, '-');
	d.day = digits(&p, 2);
	if (p && *p) {
		sign(&p, 'T'), h = digits(&p, 2);
		sign(&p, ':'), m = digits(&p, 2);
		sign(&p, ':'), s = digits(&p, 2);
		ns = decimals_read(&p);
		sign(&p, 'Z');
	}
	if (p == NULL || *p || d.year < 1970 || d.month < 1 || d.month > 12 || d.day < 1 ||
	    d.day > month_days(d) || h > 23 || m > 59 || s > 59)
		return OOPS_FORMAT;
	return stamp_of(days_of(d) * DAY_S + h * 3600u + m * 60u + s, ns, ret_ns);
}

/* "Z", "UTC", "+02:00", "-0530", " +0200" or nothing, and then the end: seconds east. */
static i64 zone_read(const char **p)
{
	i64 h, m, sign_of = 1;

	while (*p && **p == ' ')
		(*p)++;
	if (*p == NULL || **p == 0)
		return 0;
	if ((**p | 32) == 'z' || strcmp(*p, "UTC") == 0 || strcmp(*p, "GMT") == 0) {
		*p += (**p | 32) == 'z' ? 1 : 3;
		return 0;
	}
	if (**p != '+' && **p != '-') {
		*p = NULL;
		return 0;
	}
	sign_of = *(*p)++ == '-' ? -1 : 1;
	h = digits(p, 2);
	if (*p && **p == ':')
		(*p)++;
	m = digits(p, 2);
	if (h > 23 || m > 59)
		*p = NULL;
	return sign_of * (h * 3600 + m * 60);
}

int stamp_foreign(const char *text, u64 *ret_ns)
{
	const char *p = text;
	unsigned h = 0, m = 0, s = 0, ns = 0;
	struct date d;
	i64 east = 0, seconds;
	char mark;

	if (text[0] < '0' || text[0] > '9')
		return OOPS_FORMAT;
	if (strspn(text, "0123456789.") == strlen(text))
		return unix_parse(text, ret_ns);
	d.year = digits(&p, 4);
	mark = p && *p == '/' ? '/' : '-';
	sign(&p, mark), d.month = digits(&p, 2);
	sign(&p, mark), d.day = digits(&p, 2);
	if (p && *p) {
		sign(&p, (*p | 32) == 't' ? *p : ' '), h = digits(&p, 2);
		sign(&p, ':'), m = digits(&p, 2);
		if (p && *p == ':')
			p++, s = digits(&p, 2);
		ns = decimals_read(&p);
		while (p && *p >= '0' && *p <= '9')
			p++;	/* finer than a nanosecond */
		east = zone_read(&p);
	}
	if (p == NULL || *p || d.year < 1970 || d.month < 1 || d.month > 12 || d.day < 1 ||
	    d.day > month_days(d) || h > 23 || m > 59 || s > 60)
		return OOPS_FORMAT;
	seconds = (i64)days_of(d) * DAY_S + h * 3600 + m * 60 + (s > 59 ? 59 : s) - east;
	return seconds < 0 ? OOPS_FORMAT : stamp_of((u64)seconds, ns, ret_ns);
}
