/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case_text.c - the words of a case that stand for many: see case.h.
 *
 *   {1..60}      the number of the repetition; {} is the same number again
 *   <a|b|c>      one of them
 *   <hex:12>     12 letters of an alphabet; <hex:8-20> as many as the lot says
 *   <net:ADDR/N> an address below a prefix */
#include "case.h"
#include "draw.h"
#include <arpa/inet.h>

static const struct { const char *name, *letters; } alphabets[] = {
	{ "hex", "0123456789abcdef" },
	{ "dec", "0123456789" },
	{ "az", "abcdefghijklmnopqrstuvwxyz" },
	{ "az09", "abcdefghijklmnopqrstuvwxyz0123456789" },
	{ "b32", "abcdefghijklmnopqrstuvwxyz234567" },
	{ "b64", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" },
	{ "b64url", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" },
	{ "raw", NULL },	/* octets, written as \DDD */
};

struct out { char *at; size_t used; u64 *seed; bool bad; };

static void add(struct out *o, const char *text, size_t n)
{
	if (o->used + n + 1 > CASE_LINE_MAX) {
		o->bad = true;
		return;
	}
	memcpy(o->at + o->used, text, n);
	o->used += n;
	o->at[o->used] = 0;
}

bool case_address(const char *text, struct addr *ret)
{
	u8 raw[16];

	if (inet_pton(AF_INET, text, raw) == 1)
		*ret = addr_of4(raw);
	else if (inet_pton(AF_INET6, text, raw) == 1)
		*ret = addr_of6(raw);
	else
		return false;
	return true;
}

static void add_letters(struct out *o, const char *letters, u64 n)
{
	char text[8];

	while (n--) {
		if (letters)
			snprintf(text, sizeof text, "%c",
				 letters[draw_below(o->seed, strlen(letters))]);
		else
			snprintf(text, sizeof text, "\\%03u",
				 (unsigned)draw_below(o->seed, 256));
		add(o, text, strlen(text));
	}
}

/* "192.0.2.0/24": the octets behind the prefix are drawn. */
static bool add_net(struct out *o, const char *text)
{
	char net[INET6_ADDRSTRLEN], back[INET6_ADDRSTRLEN];
	unsigned bits, from;
	struct addr a;

	if (sscanf(text, "%45[0-9a-f.:]/%u", net, &bits) != 2 || !case_address(net, &a) ||
	    bits % 8 || bits > (addr_is4(&a) ? 32u : 128u))
		return false;
	from = (addr_is4(&a) ? 96 + bits : bits) / 8;
	for (unsigned i = from; i < 16; i++)
		a.at[i] = (u8)draw(o->seed);
	if (addr_is4(&a))
		inet_ntop(AF_INET, a.at + 12, back, sizeof back);
	else
		inet_ntop(AF_INET6, a.at, back, sizeof back);
	add(o, back, strlen(back));
	return true;
}

static void add_choice(struct out *o, const char *text)
{
	u64 n = 1, which;

	for (const char *p = text; *p; p++)
		n += *p == '|';
	for (which = draw_below(o->seed, n); which; which--)
		text = strchr(text, '|') + 1;
	add(o, text, strcspn(text, "|"));
}

/* What stands between the angle brackets. */
static bool add_lot(struct out *o, const char *text)
{
	unsigned from, to;
	char name[16];
	int n;

	if (strchr(text, '|')) {
		add_choice(o, text);
		return true;
	}
	if (strncmp(text, "net:", 4) == 0)
		return add_net(o, text + 4);
	n = sscanf(text, "%15[a-z0-9]:%u-%u", name, &from, &to);
	if (n < 2 || (n == 3 && to < from))
		return false;
	for (unsigned i = 0; i < COUNT(alphabets); i++)
		if (strcmp(alphabets[i].name, name) == 0) {
			add_letters(o, alphabets[i].letters,
				    n == 3 ? from + draw_below(o->seed, to - from + 1ull)
					   : from);
			return true;
		}
	return false;
}

static bool parse_range(const char *text, u64 *from, u64 *to)
{
	unsigned long long a, b;
	int n = 0;

	if (sscanf(text, "{%llu..%llu}%n", &a, &b, &n) != 2 || n == 0 || b < a ||
	    b - a > 1000000)
		return false;
	*from = a;
	*to = b;
	return true;
}

bool case_range(const char *line, u64 *from, u64 *to, bool *bad)
{
	bool found = false;

	*bad = false;
	for (const char *p = line; (p = strchr(p, '{')); p++) {
		if (p[1] == '}')
			continue;
		*bad |= found || !parse_range(p, from, to);
		found = true;
	}
	return found;
}

bool case_expand(const char *word, u64 number, u64 *seed, char *out)
{
	struct out o = { .at = out, .seed = seed };
	char part[CASE_LINE_MAX];
	const char *end;

	*out = 0;
	for (const char *p = word; *p; p = end) {
		size_t n = strcspn(p, "{<");

		end = p + n;
		if (n) {
			add(&o, p, n);
			continue;
		}
		end = strchr(p, *p == '{' ? '}' : '>');
		if (end++ == NULL)
			return false;
		if (*p == '{')
			n = (size_t)snprintf(part, sizeof part, "%llu",
					     (unsigned long long)number);
		else
			snprintf(part, sizeof part, "%.*s", (int)(end - p - 2), p + 1);
		if (*p == '{')
			add(&o, part, n);
		else if (!add_lot(&o, part))
			return false;
	}
	return !o.bad;
}
