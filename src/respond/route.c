/* SPDX-License-Identifier: GPL-3.0-or-later */
/* route.c - who covers a subject, how exactly, and in which order they are asked; see
 * contact.h.
 *
 * Exactness: a registrar's number 1000; a prefix 300 and its bits (of IPv4 as if mapped); an
 * AS 200; a domain 100 and its labels; the root domain 1. */
#include "respond/contact.h"
#include "base/num.h"
#include <arpa/inet.h>
#include <strings.h>

#define ROLES_THAT_ACT (1u << ACTS_REGISTRAR | 1u << ACTS_OPERATOR | 1u << ACTS_HOST |     \
			1u << ACTS_REGISTRY | 1u << ACTS_CERT | 1u << ACTS_POLICE |        \
			1u << ACTS_REGULATOR)

struct range { u8 at[16]; unsigned bits; bool v4; };

/* An address or prefix: 0 or OOPS_FORMAT. Host bits count as they stand. */
static int range_read(const char *text, size_t n, struct range *ret)
{
	char copy[64];
	char *slash;
	u64 bits;

	if (n == 0 || n >= sizeof copy)
		return OOPS_FORMAT;
	memcpy(copy, text, n);
	copy[n] = 0;
	slash = strchr(copy, '/');
	if (slash)
		*slash = 0;
	memset(ret, 0, sizeof *ret);
	ret->v4 = inet_pton(AF_INET, copy, ret->at) == 1;
	if (!ret->v4 && inet_pton(AF_INET6, copy, ret->at) != 1)
		return OOPS_FORMAT;
	ret->bits = ret->v4 ? 32 : 128;
	if (slash && num_u64(slash + 1, 0, ret->bits, &bits))
		return OOPS_FORMAT;
	ret->bits = slash ? (unsigned)bits : ret->bits;
	return 0;
}

static bool within(const struct range *a, const struct range *of)
{
	if (a->v4 != of->v4 || a->bits < of->bits)
		return false;
	for (unsigned i = 0; i < of->bits; i++)
		if ((a->at[i / 8] ^ of->at[i / 8]) >> (7 - i % 8) & 1)
			return false;
	return true;
}

/* "AS64500", "iana:9999" with that word before: the number, or OOPS_FORMAT. */
static int numbered(const char *text, size_t n, const char *word, u64 *ret)
{
	char copy[24];
	size_t at = strlen(word);

	if (n <= at || n - at >= sizeof copy || strncasecmp(text, word, at))
		return OOPS_FORMAT;
	memcpy(copy, text + at, n - at);
	copy[n - at] = 0;
	return num_u64(copy, 0, UINT32_MAX, ret) ? OOPS_FORMAT : 0;
}

static bool in_names(u8 c)
{
	return c >= 0x80 || ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

/* No top-level domain is a number (RFC 1123, 2.1; RFC 3696, 2): "999.1.1.1" is an address that
 * went wrong. */
static bool is_domain(const char *text, size_t n)
{
	size_t label = 0, digits = 0;

	if (n == 1 && text[0] == '.')
		return true;
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '.' ? label == 0 : !in_names((u8)text[i]) || label == 63)
			return false;
		digits = text[i] == '.' ? 0 : digits + (text[i] >= '0' && text[i] <= '9');
		label = text[i] == '.' ? 0 : label + 1;
	}
	return n > 0 && n <= 253 && label > digits;
}

bool cover_good(const char *line, size_t n)
{
	struct range r;
	u64 number;

	return range_read(line, n, &r) == 0 || numbered(line, n, "AS", &number) == 0 ||
	       numbered(line, n, "iana:", &number) == 0 || is_domain(line, n);
}

/* The host of a URL, what is behind the @ of an e-mail address, or the whole. */
static const char *host_of(const char *about, size_t *n)
{
	const char *scheme = strstr(about, "://");
	const char *from = scheme ? scheme + 3 : about;
	size_t len = scheme ? strcspn(from, "/?#") : strlen(from);
	const char *at = memrchr(from, '@', len);

	if (at) {
		len -= (size_t)(at + 1 - from);
		from = at + 1;
	}
	if (scheme && len && from[0] == '[') {
		from++;
		len = min_u64(len - 1, strcspn(from, "]"));
	} else if (scheme) {
		len = min_u64(len, strcspn(from, ":"));
	}
	if (len > 1 && from[len - 1] == '.')
		len--;
	*n = len;
	return from;
}

static u32 domain_match(const char *line, size_t n, const char *name, size_t len)
{
	u32 labels = 1;

	if (n == 1 && line[0] == '.')
		return is_domain(name, len) ? 1 : 0;
	if (n > len || strncasecmp(name + len - n, line, n) ||
	    (n < len && name[len - n - 1] != '.'))
		return 0;
	for (size_t i = 0; i < n; i++)
		labels += line[i] == '.';
	return 100 + labels;
}

/* The number that both have behind the word: 1 the same, 0 not, -1 the line has none. */
static int same_number(const char *line, size_t n, const char *about, const char *word)
{
	u64 a, b;

	if (numbered(line, n, word, &a))
		return -1;
	return numbered(about, strlen(about), word, &b) == 0 && a == b;
}

u32 cover_match(const char *line, size_t n, const char *about)
{
	struct range cover, is;
	u64 number;
	size_t len;
	const char *host = host_of(about, &len);
	int as = same_number(line, n, about, "AS"), iana = same_number(line, n, about, "iana:");

	if (as >= 0)
		return as ? 200 : 0;
	if (iana >= 0)
		return iana ? 1000 : 0;
	if (range_read(line, n, &cover) == 0)
		return range_read(host, len, &is) == 0 && within(&is, &cover)
		       ? 300 + cover.bits + (cover.v4 ? 96 : 0) : 0;
	if (range_read(host, len, &is) == 0 ||
	    numbered(about, strlen(about), "AS", &number) == 0 ||
	    numbered(about, strlen(about), "iana:", &number) == 0)
		return 0;
	return domain_match(line, n, host, len);
}

bool cover_may_match(const char *about)
{
	struct range r;
	u64 number;
	size_t n;
	const char *host = host_of(about, &n);

	return range_read(host, n, &r) == 0 || is_domain(host, n) ||
	       numbered(about, strlen(about), "AS", &number) == 0 ||
	       numbered(about, strlen(about), "iana:", &number) == 0;
}

/* ---- routes ---- */

/* All contacts, in the order of their ids. */
struct roll {
	struct contact **at;
	size_t count;
};

static int enroll(void *to, const void *record)
{
	struct roll *r = to;
	struct contact **more;

	if ((r->count & (r->count - 1)) == 0) {
		more = realloc(r->at, (r->count ? r->count * 2 : 1) * sizeof *more);
		if (more == NULL)
			return -ENOMEM;
		r->at = more;
	}
	r->at[r->count] = desk_copy(DESK_contact, record);
	return r->at[r->count] ? (r->count++, 0) : -ENOMEM;
}

static void roll_free(struct roll *r)
{
	for (size_t i = 0; r && i < r->count; i++)
		free(r->at[i]);
	if (r)
		free(r->at);
	free(r);
}

static const struct contact *enrolled(const struct roll *r, const char *id)
{
	size_t low = 0, high = r->count;

	while (low < high) {
		size_t mid = (low + high) / 2;
		int c = strcmp(r->at[mid]->id, id);

		if (c == 0)
			return r->at[mid];
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

struct asked { const char *const *about; size_t count; };

/* The most exact line that covers one of the subjects. */
static u32 best_line(const char *covers, const struct asked *a, const char **line)
{
	u32 best = 0;

	for (const char *p = covers; *p; p += strcspn(p, "\n"), p += *p == '\n')
		for (size_t i = 0; i < a->count; i++) {
			u32 exact = cover_match(p, strcspn(p, "\n"), a->about[i]);

			if (exact > best) {
				best = exact;
				*line = p;
			}
		}
	return best;
}

/* Later ones are less exact, no abuse desk, further up. */
static int step_order(const void *a, const void *b)
{
	const struct route_step *x = a, *y = b;
	bool xd = contact_has(x->contact->roles, "abuse"),
	     yd = contact_has(y->contact->roles, "abuse");

	if (x->role != y->role)
		return x->role < y->role ? -1 : 1;
	if (x->exact != y->exact)
		return x->exact > y->exact ? -1 : 1;
	if (xd != yd)
		return xd ? -1 : 1;
	if (x->contact->place != y->contact->place)
		return x->contact->place < y->contact->place ? -1 : 1;
	return strcmp(x->contact->id, y->contact->id);
}

/* A step for each role; an abuse desk acts in the roles of its organisation, too. */
static void add_steps(struct route *r, const struct route_step *like, u32 wanted,
		      const struct contact *org)
{
	const struct contact *c = like->contact;
	bool desk = org && contact_has(c->roles, "abuse");

	for (unsigned role = 0; role < ACTS_COUNT; role++) {
		if (!(wanted >> role & 1) ||
		    (!contact_has(c->roles, contact_roles[role]) &&
		     !(desk && contact_has(org->roles, contact_roles[role]))))
			continue;
		if (r->count == ROUTE_MAX) {
			r->left++;
			continue;
		}
		r->step[r->count] = *like;
		r->step[r->count++].role = (enum contact_role)role;
	}
}

int route_find(struct route *ret, struct desk *d, const char *const *about, size_t count,
	       u32 wanted)
{
	const struct store_query q = { .table = DESK_contact, .order = "id" };
	const struct asked asked = { about, count };
	struct roll *all = calloc(1, sizeof *all);
	int rc = all ? store_each(desk_store(d), &q, enroll, all) : -ENOMEM;

	ret->count = ret->left = 0;
	ret->own = all;
	for (size_t i = 0; rc == 0 && i < all->count; i++) {
		const struct contact *c = all->at[i], *org = enrolled(all, c->organisation);
		const char *covers = c->covers[0] == 0 && org ? org->covers : c->covers;
		struct route_step step = { .contact = c };

		step.exact = best_line(covers, &asked, &step.cover);
		if (step.exact)
			add_steps(ret, &step, wanted ? wanted : ROLES_THAT_ACT, org);
	}
	qsort(ret->step, ret->count, sizeof ret->step[0], step_order);
	return rc;
}

void route_free(struct route *r)
{
	roll_free(r->own);
	r->own = NULL;
	r->count = 0;
}
