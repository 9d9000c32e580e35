/* SPDX-License-Identifier: GPL-3.0-or-later */
/* num.c - see num.h.
 *
 * A decimal is kept as two integers, so that "0.1G" means the same octets on
 * every machine; no floating point but for ratios. */
#include "base/num.h"

#define DECIMALS_MAX 12
#define RATIO_WHOLE_MAX 1000000u

struct decimal {
	u64 whole, part;	/* 12.05 is 12 and 5 ... */
	unsigned decimals;	/* ... with 2 decimals */
	bool negative, huge;	/* huge: beyond 64 bits */
};

struct unit {
	const char *name;
	u64 of;
};

/* Largest first: the exact texts take the first that divides. */
static const struct unit sizes[] = {
	{ "P", 1ull << 50 }, { "T", 1ull << 40 }, { "G", 1ull << 30 },
	{ "M", 1ull << 20 }, { "k", 1ull << 10 }, { "", 1 },
};
static const struct unit spans[] = {
	{ "w", 604800000000000ull }, { "d", 86400000000000ull },
	{ "h", 3600000000000ull },   { "m", 60000000000ull },
	{ "s", 1000000000ull },      { "ms", 1000000ull },
	{ "us", 1000ull },           { "ns", 1ull },
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static u64 ten_to(unsigned n)
{
	u64 v = 1;

	while (n--)
		v *= 10;
	return v;
}

/* Reads sign, digits and decimals; gives what follows, or NULL. */
static const char *decimal_read(struct decimal *d, const char *p)
{
	*d = (struct decimal){ 0 };
	if (*p == '-') {
		d->negative = true;
		p++;
	}
	if (!is_digit(*p))
		return NULL;
	for (; is_digit(*p); p++)
		if (__builtin_mul_overflow(d->whole, 10, &d->whole) ||
		    __builtin_add_overflow(d->whole, (u64)(*p - '0'), &d->whole))
			d->huge = true;
	if (*p != '.')
		return p;
	for (p++; is_digit(*p) && d->decimals < DECIMALS_MAX; p++, d->decimals++)
		d->part = d->part * 10 + (u64)(*p - '0');
	return d->decimals && !is_digit(*p) ? p : NULL;
}

static int in_range(u64 v, u64 min, u64 max, u64 *ret)
{
	if (v < min || v > max)
		return OOPS_RANGE;
	*ret = v;
	return 0;
}

/* whole and part times unit, cut to an integer. */
static int scale(const struct decimal *d, u64 unit, u64 *ret)
{
	unsigned __int128 v = (unsigned __int128)d->whole * unit;

	v += (unsigned __int128)d->part * unit / ten_to(d->decimals);
	if (d->negative || d->huge || v > UINT64_MAX)
		return OOPS_RANGE;
	*ret = (u64)v;
	return 0;
}

int num_u64(const char *text, u64 min, u64 max, u64 *ret)
{
	struct decimal d;
	const char *end = decimal_read(&d, text);

	if (end == NULL || *end || d.decimals)
		return OOPS_TYPE;
	if (d.negative || d.huge)
		return OOPS_RANGE;
	return in_range(d.whole, min, max, ret);
}

/* "", "k", "KB", "MiB", "B": octets in the unit, or 0. */
static u64 size_unit(const char *p)
{
	u64 of = 1;

	for (size_t i = 0; *p && i < COUNT(sizes); i++)
		if (sizes[i].of > 1 && (*p | 0x20) == (sizes[i].name[0] | 0x20)) {
			of = sizes[i].of;
			p++;
			break;
		}
	if (of > 1 && p[0] == 'i' && (p[1] | 0x20) == 'b')
		p++;
	if ((*p | 0x20) == 'b')
		p++;
	return *p ? 0 : of;
}

int num_size(const char *text, u64 min, u64 max, u64 *ret)
{
	struct decimal d;
	const char *end = decimal_read(&d, text);
	u64 unit = end ? size_unit(end) : 0, v;

	if (unit == 0 || (unit == 1 && d.decimals))
		return OOPS_TYPE;
	if (scale(&d, unit, &v) < 0)
		return OOPS_RANGE;
	return in_range(v, min, max, ret);
}

static u64 span_unit(const char *p)
{
	if (*p == 0)
		p = "s";
	for (size_t i = 0; i < COUNT(spans); i++)
		if (strcmp(p, spans[i].name) == 0)
			return spans[i].of;
	return 0;
}

int num_span(const char *text, u64 min_ns, u64 max_ns, u64 *ret)
{
	struct decimal d;
	const char *end = decimal_read(&d, text);
	u64 unit = end ? span_unit(end) : 0, v;

	if (unit == 0 || (unit == 1 && d.decimals))
		return OOPS_TYPE;
	if (scale(&d, unit, &v) < 0)
		return OOPS_RANGE;
	return in_range(v, min_ns, max_ns, ret);
}

int num_ratio(const char *text, double min, double max, double *ret)
{
	struct decimal d;
	const char *end = decimal_read(&d, text);
	unsigned percent = end && *end == '%' ? 2 : 0;
	double v;

	if (end == NULL || end[percent / 2] || d.decimals + percent > DECIMALS_MAX)
		return OOPS_TYPE;
	if (d.negative || d.huge || d.whole > RATIO_WHOLE_MAX)
		return OOPS_RANGE;
	/* One division of two exact integers: the nearest double. */
	v = (double)(d.whole * ten_to(d.decimals) + d.part) /
	    (double)ten_to(d.decimals + percent);
	if (v < min || v > max)
		return OOPS_RANGE;
	*ret = v;
	return 0;
}

char *num_octets_text(u64 octets, char to[NUM_TEXT_MAX])
{
	static const char names[] = "kMGTPE";
	u64 unit = 1000;
	int i = 0;

	if (octets < 1000) {
		snprintf(to, NUM_TEXT_MAX, "%u B", (unsigned)octets);
		return to;
	}
	for (; names[i + 1] && octets / unit >= 1000; i++)
		unit *= 1000;
	snprintf(to, NUM_TEXT_MAX, "%u.%u %cB", (unsigned)(octets / unit),
		 (unsigned)(octets % unit / (unit / 10)), names[i]);
	return to;
}

char *num_count_text(u64 n, char to[NUM_TEXT_MAX])
{
	char digits[NUM_TEXT_MAX];
	int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
	char *p = to;

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			*p++ = ',';
		*p++ = digits[i];
	}
	*p = 0;
	return to;
}

/* A minute or more: two units side by side. */
static char *span_pair(u64 ns, char to[NUM_TEXT_MAX])
{
	size_t i = 1;	/* weeks are not used: days count on */

	while (ns < spans[i].of)
		i++;
	snprintf(to, NUM_TEXT_MAX, "%u%s %u%s", (unsigned)(ns / spans[i].of), spans[i].name,
		 (unsigned)(ns % spans[i].of / spans[i + 1].of), spans[i + 1].name);
	return to;
}

char *num_span_text(u64 ns, char to[NUM_TEXT_MAX])
{
	if (ns >= 60 * 1000000000ull)
		return span_pair(ns, to);
	if (ns >= 1000000000)
		snprintf(to, NUM_TEXT_MAX, "%u.%us", (unsigned)(ns / 1000000000),
			 (unsigned)(ns / 100000000 % 10));
	else if (ns >= 1000000)
		snprintf(to, NUM_TEXT_MAX, "%ums", (unsigned)(ns / 1000000));
	else if (ns >= 1000)
		snprintf(to, NUM_TEXT_MAX, "%uus", (unsigned)(ns / 1000));
	else
		snprintf(to, NUM_TEXT_MAX, "%uns", (unsigned)ns);
	return to;
}

static char *exact(u64 v, const struct unit *u, char to[NUM_TEXT_MAX])
{
	while (v % u->of)
		u++;
	snprintf(to, NUM_TEXT_MAX, "%llu%s", (unsigned long long)(v / u->of), u->name);
	return to;
}

char *num_size_exact(u64 octets, char to[NUM_TEXT_MAX])
{
	return exact(octets, octets ? sizes : &sizes[COUNT(sizes) - 1], to);
}

char *num_span_exact(u64 ns, char to[NUM_TEXT_MAX])
{
	return exact(ns, ns ? spans : &spans[4], to);
}

char *num_ratio_exact(double ratio, char to[NUM_TEXT_MAX])
{
	double back;

	for (int decimals = 0; decimals <= DECIMALS_MAX; decimals++) {
		snprintf(to, NUM_TEXT_MAX, "%.*f", decimals, ratio);
		for (char *p = to; *p; p++)
			if (*p == ',')	/* the locale's decimal point */
				*p = '.';
		if (num_ratio(to, 0, RATIO_WHOLE_MAX, &back) == 0 && back == ratio)
			break;
	}
	return to;
}

char *num_rough_text(u64 ns, char to[NUM_TEXT_MAX])
{
	const u64 s = ns / 1000000000;

	if (s < 120)
		snprintf(to, NUM_TEXT_MAX, "%llu s", (unsigned long long)s);
	else if (s < 7200)
		snprintf(to, NUM_TEXT_MAX, "%llu min", (unsigned long long)s / 60);
	else if (s < 3 * 86400)
		snprintf(to, NUM_TEXT_MAX, "%llu h", (unsigned long long)s / 3600);
	else
		snprintf(to, NUM_TEXT_MAX, N_("%llu d"), (unsigned long long)s / 86400);
	return to;
}
