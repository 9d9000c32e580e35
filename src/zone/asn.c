/* SPDX-License-Identifier: GPL-3.0-or-later */
/* asn.c - see asn.h. */
#include "zone/asn.h"
#include <arpa/inet.h>

struct range4 { u32 start, end, as, name; };
struct range6 { u64 start[2], end[2]; u32 as, name; };

struct asn_table {
	struct range4 *four;
	struct range6 *six;
	u32 count4, count6, room4, room6;
	const u8 *text[ASN_FILES];
	size_t len[ASN_FILES];
	unsigned texts;
};

#define NAME_BITS 30	/* of a place in a text; above it the text's number */

struct piece { const u8 *at; size_t n; };

int asn_make(struct asn_table **ret)
{
	*ret = calloc(1, sizeof **ret);
	return *ret ? 0 : -ENOMEM;
}

struct asn_table *asn_free(struct asn_table *t)
{
	if (t) {
		free(t->four);
		free(t->six);
	}
	free(t);
	return NULL;
}

u64 asn_count(const struct asn_table *t)
{
	return (u64)t->count4 + t->count6;
}

/* ---- reading ---- */

/* What stands before the next comma, quoted or not; `from` goes behind it. */
static struct piece field(struct piece *from)
{
	const u8 quote = '"';
	struct piece ret = *from;
	const u8 *end;

	if (from->n && *from->at == quote) {
		ret.at++;
		end = memchr(ret.at, quote, --ret.n);
		ret.n = end ? (size_t)(end - ret.at) : ret.n;
	} else {
		end = memchr(ret.at, ',', ret.n);
		ret.n = end ? (size_t)(end - ret.at) : ret.n;
	}
	end = memchr(ret.at + ret.n, ',', from->n - (size_t)(ret.at + ret.n - from->at));
	end = end ? end + 1 : from->at + from->n;
	from->n -= (size_t)(end - from->at);
	from->at = end;
	return ret;
}

/* Four decimal numbers with dots; false when it is not that. */
static bool read_four(struct piece p, u32 *ret)
{
	u32 all = 0, n = 0, dots = 0, digits = 0;

	for (size_t i = 0; i < p.n; i++) {
		if (p.at[i] == '.') {
			if (digits == 0 || ++dots > 3)
				return false;
			all = all << 8 | n;
			n = digits = 0;
		} else {
			if (p.at[i] < '0' || p.at[i] > '9' || ++digits > 3)
				return false;
			n = n * 10 + p.at[i] - '0';
			if (n > 255)
				return false;
		}
	}
	*ret = all << 8 | n;
	return dots == 3 && digits;
}

static void load_six(const u8 *octets, u64 to[2])
{
	to[0] = to[1] = 0;
	for (unsigned i = 0; i < 16; i++)
		to[i / 8] = to[i / 8] << 8 | octets[i];
}

static bool read_six(struct piece p, u64 to[2])
{
	char text[INET6_ADDRSTRLEN];
	u8 octets[16];

	if (p.n >= sizeof text)
		return false;
	memcpy(text, p.at, p.n);
	text[p.n] = '\0';
	if (inet_pton(AF_INET6, text, octets) != 1)
		return false;
	load_six(octets, to);
	return true;
}

static int before6(const u64 a[2], const u64 b[2])
{
	return a[0] != b[0] ? a[0] < b[0] : a[1] < b[1];
}

int asn_number(const char *text, size_t n, u32 *ret)
{
	u64 as = 0;

	if (n > 2 && (text[0] | 32) == 'a' && (text[1] | 32) == 's') {
		text += 2;
		n -= 2;
	}
	if (n == 0 || n > 10)
		return OOPS_FORMAT;
	for (size_t i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return OOPS_FORMAT;
		as = as * 10 + (u64)(text[i] - '0');
	}
	if (as > UINT32_MAX)
		return OOPS_FORMAT;
	*ret = (u32)as;
	return 0;
}

/* Room for one more of `size` octets: the array, or NULL. */
static void *grow(void *at, u32 count, u32 *room, size_t size)
{
	void *more;

	if (count < *room)
		return at;
	more = realloc(at, (*room ? *room * 2ull : 1024) * size);
	if (more)
		*room = *room ? *room * 2 : 1024;
	return more;
}

/* One line: 0, -ENOMEM, or OOPS_FORMAT. */
static int add_line(struct asn_table *t, struct piece line)
{
	struct piece start = field(&line), end = field(&line), as = field(&line);
	struct range4 four = { .name = (u32)(line.at - t->text[t->texts]) };
	struct range6 six = { .name = four.name | t->texts << NAME_BITS };
	void *at;

	four.name = six.name;
	if (asn_number((const char *)as.at, as.n, &four.as) < 0)
		return OOPS_FORMAT;
	if (read_four(start, &four.start)) {
		if (!read_four(end, &four.end) || four.end < four.start)
			return OOPS_FORMAT;
		if ((at = grow(t->four, t->count4, &t->room4, sizeof four)) == NULL)
			return -ENOMEM;
		t->four = at;
		t->four[t->count4] = four;
		t->count4 += four.as != 0;
		return 0;
	}
	six.as = four.as;
	if (!read_six(start, six.start) || !read_six(end, six.end) ||
	    before6(six.end, six.start))
		return OOPS_FORMAT;
	if ((at = grow(t->six, t->count6, &t->room6, sizeof six)) == NULL)
		return -ENOMEM;
	t->six = at;
	t->six[t->count6] = six;
	t->count6 += six.as != 0;
	return 0;
}

int asn_add(struct asn_table *t, const u8 *text, size_t n, u64 *bad)
{
	const u8 *end;

	*bad = 0;
	if (t->texts == ASN_FILES || n >= ASN_OCTETS_MAX)
		return OOPS_LIMIT;
	t->text[t->texts] = text;
	t->len[t->texts] = n;
	for (const u8 *at = text; at < text + n; at = end + 1) {
		size_t left = (size_t)(text + n - at);
		int rc;

		end = memchr(at, '\n', left);
		if (end == NULL)
			end = text + n;
		left = (size_t)(end - at);
		if (left && at[left - 1] == '\r')
			left--;
		if (left == 0 || *at == '#')
			continue;
		rc = add_line(t, (struct piece){ at, left });
		if (rc == -ENOMEM)
			return rc;
		*bad += rc < 0;
	}
	t->texts++;
	return 0;
}

/* ---- looking ---- */

static int by_start4(const void *a, const void *b)
{
	const struct range4 *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->end != y->end)	/* the narrower one later: it counts */
		return x->end > y->end ? -1 : 1;
	return x->name < y->name ? -1 : x->name > y->name;
}

static int by_start6(const void *a, const void *b)
{
	const struct range6 *x = a, *y = b;

	if (memcmp(x->start, y->start, sizeof x->start))
		return before6(x->start, y->start) ? -1 : 1;
	if (memcmp(x->end, y->end, sizeof x->end))
		return before6(x->end, y->end) ? 1 : -1;
	return x->name < y->name ? -1 : x->name > y->name;
}

void asn_seal(struct asn_table *t)
{
	bool sorted = true;

	for (u32 i = 1; i < t->count4 && sorted; i++)
		sorted = by_start4(&t->four[i - 1], &t->four[i]) < 0;
	if (!sorted)
		qsort(t->four, t->count4, sizeof *t->four, by_start4);
	if (t->count6)
		qsort(t->six, t->count6, sizeof *t->six, by_start6);
}

static u32 find4(const struct asn_table *t, u32 address)
{
	u32 low = 0, high = t->count4;

	while (low < high) {	/* the first range that begins behind it */
		u32 mid = low + (high - low) / 2;

		if (t->four[mid].start <= address)
			low = mid + 1;
		else
			high = mid;
	}
	return low && address <= t->four[low - 1].end ? t->four[low - 1].as : 0;
}

static u32 find6(const struct asn_table *t, const u64 address[2])
{
	u32 low = 0, high = t->count6;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (!before6(address, t->six[mid].start))
			low = mid + 1;
		else
			high = mid;
	}
	return low && !before6(t->six[low - 1].end, address) ? t->six[low - 1].as : 0;
}

u32 asn_find(const struct asn_table *t, const u8 *address, unsigned len)
{
	u64 six[2];

	if (len == 4)
		return find4(t, (u32)address[0] << 24 | (u32)address[1] << 16 |
				(u32)address[2] << 8 | address[3]);
	must(len == 16);
	load_six(address, six);
	return find6(t, six);
}

char *asn_name(const struct asn_table *t, u32 as, char to[ASN_NAME_MAX])
{
	u32 name = UINT32_MAX, i;
	struct piece line, p;

	for (i = 0; i < t->count4 && name == UINT32_MAX; i++)
		if (t->four[i].as == as)
			name = t->four[i].name;
	for (i = 0; i < t->count6 && name == UINT32_MAX; i++)
		if (t->six[i].as == as)
			name = t->six[i].name;
	to[0] = '\0';
	if (name == UINT32_MAX)
		return to;
	line.at = t->text[name >> NAME_BITS] + (name & ((1u << NAME_BITS) - 1));
	line.n = (size_t)(t->text[name >> NAME_BITS] + t->len[name >> NAME_BITS] - line.at);
	p.at = memchr(line.at, '\n', line.n);
	if (p.at)
		line.n = (size_t)(p.at - line.at);
	if (line.n && line.at[line.n - 1] == '\r')
		line.n--;
	if (line.n == 0)
		return to;
	if (*line.at == '"') {
		p = field(&line);
		line = p;
	}
	snprintf(to, ASN_NAME_MAX, "%.*s", (int)(line.n < ASN_NAME_MAX ? line.n : ASN_NAME_MAX - 1),
		 (const char *)line.at);
	return to;
}
