/* SPDX-License-Identifier: GPL-3.0-or-later */
/* proxy.c - behind a reverse proxy: who really asks, and whether over TLS.
 *
 *   browser --TLS--> proxy --X-Forwarded-For, X-Forwarded-Proto--> here
 *
 * Believed are proxies that --serve-proxy names, and nobody else. X-Forwarded-For is read from
 * its end, where the nearest proxy wrote: addresses of proxies that are believed are stepped
 * over, the first other one is who asks. What stands before it may be anything that somebody
 * typed. Where something is no address the walk ends.
 *
 * `Forwarded` (RFC 7239) is not looked at: proxies that write the other header let a
 * client's `Forwarded` through as it came, so who believes both believes clients. */
#include "web/own.h"
#include <arpa/inet.h>

#define LINES_MAX 8u	/* header lines of one name; of more the walk is not begun */
#define STEPS_MAX 32u

static const u8 mapped[12] = { [10] = 0xff, 0xff };

/* "192.0.2.1", "2001:db8::1" as 16 octets, IPv4 mapped (RFC 4291, 2.5.5.2). */
static bool read_ip(const char *text, u8 ip[16])
{
	memcpy(ip, mapped, sizeof mapped);
	return inet_pton(AF_INET, text, ip + 12) == 1 || inet_pton(AF_INET6, text, ip) == 1;
}

static void write_ip(const u8 ip[16], char to[WEB_FROM])
{
	if (memcmp(ip, mapped, sizeof mapped) == 0)
		inet_ntop(AF_INET, ip + 12, to, WEB_FROM);
	else
		inet_ntop(AF_INET6, ip, to, WEB_FROM);
}

static bool in_net(const struct web_proxy *p, const u8 ip[16])
{
	const unsigned whole = p->bits / 8, rest = p->bits % 8;

	return memcmp(p->ip, ip, whole) == 0 &&
	       (rest == 0 || (p->ip[whole] ^ ip[whole]) >> (8 - rest) == 0);
}

static bool believed(const struct web_proxies *p, const u8 ip[16])
{
	for (unsigned i = 0; i < p->count; i++)
		if (in_net(&p->list[i], ip))
			return true;
	return false;
}

bool proxy_is(const struct web *w, const struct sockaddr *a)
{
	u8 ip[16];

	memcpy(ip, mapped, sizeof mapped);
	if (a->sa_family == AF_INET)
		memcpy(ip + 12, &((const struct sockaddr_in *)a)->sin_addr, 4);
	else if (a->sa_family == AF_INET6)
		memcpy(ip, &((const struct sockaddr_in6 *)a)->sin6_addr, 16);
	else
		return false;
	return believed(&w->setup.proxies, ip);
}

/* ---- what --serve-proxy says ---- */

static bool read_net(const char *text, struct web_proxy *ret)
{
	char address[64], *slash, *end;
	unsigned long bits;

	snprintf(address, sizeof address, "%s", text);
	if ((slash = strchr(address, '/')))
		*slash++ = 0;
	if (!read_ip(address, ret->ip))
		return false;
	ret->bits = 128;
	if (slash == NULL)
		return true;
	bits = strtoul(slash, &end, 10);
	if (*slash < '0' || *slash > '9' || *end || bits == 0)
		return false;
	ret->bits = (unsigned)bits + (strchr(address, ':') ? 0 : 96);
	return bits <= 128 && ret->bits <= 128;
}

int web_proxies_read(struct web_proxies *ret, const char *text)
{
	char word[64];

	*ret = (struct web_proxies){ 0 };
	for (const char *p = text; *p; ) {
		const size_t n = strcspn(p, ", ");

		snprintf(word, sizeof word, "%.*s", (int)min_u64(n, sizeof word - 1), p);
		if (n && (n >= sizeof word || ret->count == WEB_PROXIES_MAX ||
			  !read_net(word, &ret->list[ret->count++])))
			return OOPS_FORMAT;
		p += n + strspn(p + n, ", ");
	}
	return ret->count ? 0 : OOPS_FORMAT;
}

/* ---- a request ---- */

/* One of a list, without blanks and port: "192.0.2.1:80", "[2001:db8::1]:80". */
static bool read_step(const char *at, size_t n, u8 ip[16])
{
	char text[80], *end;

	while (n && (*at == ' ' || *at == '\t'))
		at++, n--;
	while (n && (at[n - 1] == ' ' || at[n - 1] == '\t'))
		n--;
	if (n == 0 || n >= sizeof text)
		return false;
	snprintf(text, sizeof text, "%.*s", (int)n, at);
	if (text[0] == '[') {
		if ((end = strchr(text, ']')) == NULL)
			return false;
		*end = 0;
		return read_ip(text + 1, ip);
	}
	end = strchr(text, ':');
	if (end && strchr(end + 1, ':') == NULL)
		*end = 0;
	return read_ip(text, ip);
}

/* Steps of one line from its end; true: the walk goes on with the line before. */
static bool walk_line(const struct web_proxies *p, const char *line, unsigned *steps, u8 ip[16])
{
	size_t end = strlen(line), begin;
	u8 next[16];

	for (;; end = begin - 1) {
		begin = end;
		while (begin && line[begin - 1] != ',')
			begin--;
		if (++*steps > STEPS_MAX || !read_step(line + begin, end - begin, next))
			return false;
		memcpy(ip, next, 16);
		if (!believed(p, ip))
			return false;
		if (begin == 0)
			return true;
	}
}

void web_proxies_walk(const struct web_proxies *p, const char *const *lines, unsigned count,
		      char from[WEB_FROM])
{
	unsigned steps = 0;
	u8 ip[16];

	if (!read_ip(from, ip) || !believed(p, ip))
		return;
	while (count && walk_line(p, lines[count - 1], &steps, ip))
		count--;
	write_ip(ip, from);
}

struct found { const char *name, *lines[LINES_MAX]; unsigned count; };

static enum MHD_Result take(void *to, enum MHD_ValueKind kind, const char *key,
			    const char *value)
{
	struct found *f = to;

	(void)kind;
	if (value == NULL || strcasecmp(key, f->name))
		return MHD_YES;
	if (f->count == LINES_MAX) {
		f->count = LINES_MAX + 1;
		return MHD_NO;
	}
	f->lines[f->count++] = value;
	return MHD_YES;
}

static struct found find(struct MHD_Connection *c, const char *name)
{
	struct found f = { .name = name };

	MHD_get_connection_values(c, MHD_HEADER_KIND, take, &f);
	if (f.count > LINES_MAX)
		f.count = 0;
	return f;
}

/* The last word of the last line, which is the nearest proxy's. */
static bool says_https(const struct found *f)
{
	const char *line = f->count ? f->lines[f->count - 1] : "", *comma = strrchr(line, ',');

	line = comma ? comma + 1 : line;
	line += strspn(line, " \t");
	return strcasecmp(line, "https") == 0;
}

bool proxy_tells(const struct web *w, struct MHD_Connection *c, char from[WEB_FROM])
{
	struct found f;
	u8 ip[16];

	if (w->setup.proxies.count == 0 || !read_ip(from, ip) ||
	    !believed(&w->setup.proxies, ip))
		return false;
	f = find(c, "X-Forwarded-For");
	web_proxies_walk(&w->setup.proxies, f.lines, f.count, from);
	f = find(c, "X-Forwarded-Proto");
	return says_https(&f);
}
