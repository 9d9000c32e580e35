/* SPDX-License-Identifier: GPL-3.0-or-later */
/* overblock.c - see overblock.h. */
#include "share/overblock.h"
#include "base/num.h"
#include "base/stamp.h"
#include "dns/name.h"
#include "dns/suffix.h"
#include <arpa/inet.h>
#include <idn2.h>
#include <jansson.h>

#define LISTS_MAX 64u

struct listed { const char *turned; u8 list; };		/* "com.example." */
struct prefix { u8 at[16]; u8 bits, list; };

struct overblock {
	const struct suffixes *suffixes;
	bool allow;
	char *lists[LISTS_MAX];		/* their names */
	unsigned list_count;
	struct listed *names;
	struct prefix *prefixes;
	size_t name_count, name_room, prefix_count, prefix_room, sealed, sealed_prefixes;
	bool lengths[129];		/* of prefixes that are there */
	char *block;			/* where the texts of names go, part by part */
	size_t left;
	void *blocks;			/* each begins with a pointer to the one before */
};

/* Without these nobody resolves anything. */
static const char *const vital[] = { "arpa", "root-servers.net", "gtld-servers.net",
				     "in-addr-servers.arpa", "ip6-servers.arpa" };

#define BLOCK_OCTETS (1u << 20)

int overblock_new(struct overblock **ret, const struct suffixes *s, bool allow)
{
	struct overblock *g = calloc(1, sizeof *g);

	if (g == NULL)
		return -ENOMEM;
	g->suffixes = s;
	g->allow = allow;
	*ret = g;
	return 0;
}

struct overblock *overblock_free(struct overblock *g)
{
	void *next;

	if (g == NULL)
		return NULL;
	for (unsigned i = 0; i < g->list_count; i++)
		free(g->lists[i]);
	for (void *b = g->blocks; b; b = next) {
		next = *(void **)b;
		free(b);
	}
	free(g->names);
	free(g->prefixes);
	free(g);
	return NULL;
}

u64 overblock_count(const struct overblock *g)
{
	return g->name_count + g->prefix_count;
}

bool overblock_ascii(const char *name, char to[OVERBLOCK_NAME_MAX])
{
	u8 wire[NAME_WIRE_MAX];
	char *ascii = NULL;
	bool beyond = false;
	size_t n;

	for (const char *p = name; *p; p++)
		beyond |= (u8)*p >= 0x80;
	if (beyond && idn2_to_ascii_8z(name, &ascii, IDN2_NONTRANSITIONAL) != IDN2_OK)
		return false;
	n = strlen(ascii ? ascii : name);
	if (n && (ascii ? ascii : name)[n - 1] == '.')
		n--;
	if (n < OVERBLOCK_NAME_MAX) {
		for (size_t i = 0; i < n; i++) {
			char c = (ascii ? ascii : name)[i];

			to[i] = (char)(c >= 'A' && c <= 'Z' ? c | 32 : c);
		}
		to[n] = 0;
	}
	idn2_free(ascii);
	return n && n < OVERBLOCK_NAME_MAX &&
	       strspn(to, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == n &&
	       name_parse(to, wire) > 0;
}

/* "www.example.com" as "com.example.www." */
static size_t turn_round(const char *name, char *to)
{
	size_t end = strlen(name), n = 0;

	while (end) {
		size_t from = end;

		while (from && name[from - 1] != '.')
			from--;
		memcpy(to + n, name + from, end - from);
		n += end - from;
		to[n++] = '.';
		end = from ? from - 1 : 0;
	}
	to[n] = 0;
	return n;
}

static int more_room(void **list, size_t count, size_t *room, size_t size)
{
	size_t more = *room ? *room * 2 : 256;
	void *at;

	if (count < *room)
		return 0;
	if (count >= OVERBLOCK_NAMES_MAX)
		return OOPS_LIMIT;
	if ((at = reallocarray(*list, more, size)) == NULL)
		return -ENOMEM;
	*list = at;
	*room = more;
	return 0;
}

static char *keep_text(struct overblock *g, const char *text, size_t n)
{
	char *at;

	if (g->left < n) {
		void **block = malloc(BLOCK_OCTETS);

		if (block == NULL)
			return NULL;
		*block = g->blocks;
		g->blocks = block;
		g->block = (char *)(block + 1);
		g->left = BLOCK_OCTETS - sizeof *block;
	}
	at = memcpy(g->block, text, n);
	g->block += n;
	g->left -= n;
	return at;
}

static int add_name(struct overblock *g, const char *name)
{
	char turned[OVERBLOCK_NAME_MAX + 1], *kept;
	int rc = more_room((void **)&g->names, g->name_count, &g->name_room,
			   sizeof *g->names);

	if (rc)
		return rc;
	kept = keep_text(g, turned, turn_round(name, turned) + 1);
	if (kept == NULL)
		return -ENOMEM;
	g->names[g->name_count++] = (struct listed){ kept, (u8)(g->list_count - 1) };
	return 1;
}

bool overblock_bits(const char *prefix, u8 ret[16], unsigned *bits)
{
	char text[INET6_ADDRSTRLEN];
	size_t n = strcspn(prefix, "/");
	u64 length = 0;
	bool four;

	if (n >= sizeof text)
		return false;
	memcpy(text, prefix, n);
	text[n] = 0;
	memset(ret, 0, 16);
	four = inet_pton(AF_INET, text, ret + 12) == 1;
	if (four)
		ret[10] = ret[11] = 0xff;
	else if (inet_pton(AF_INET6, text, ret) != 1)
		return false;
	if (prefix[n] && num_u64(prefix + n + 1, 0, four ? 32 : 128, &length))
		return false;
	*bits = prefix[n] ? (unsigned)length + (four ? 96 : 0) : 128;
	return true;
}

static void cut_bits(u8 at[16], unsigned bits)
{
	for (unsigned i = 0; i < 16; i++)
		at[i] &= bits >= 8 * i + 8 ? 0xff : bits <= 8 * i ? 0
			: (u8)(0xff << (8 * i + 8 - bits));
}

static int add_prefix(struct overblock *g, const u8 at[16], unsigned bits)
{
	struct prefix *p;
	int rc = more_room((void **)&g->prefixes, g->prefix_count, &g->prefix_room,
			   sizeof *g->prefixes);

	if (rc)
		return rc;
	p = &g->prefixes[g->prefix_count++];
	memcpy(p->at, at, 16);
	cut_bits(p->at, bits);
	p->bits = (u8)bits;
	g->lengths[bits] = true;
	p->list = (u8)(g->list_count - 1);
	return 1;
}

/* One entry of a list: 1 taken, 0 nothing that we compare, or an error. */
static int add_entry(struct overblock *g, const char *text)
{
	char name[OVERBLOCK_NAME_MAX];
	unsigned bits;
	u8 at[16];

	text += strspn(text, "*.|");
	if (overblock_bits(text, at, &bits))
		return add_prefix(g, at, bits);
	return overblock_ascii(text, name) ? add_name(g, name) : 0;
}

static int add_json(struct overblock *g, const u8 *octets, size_t n)
{
	json_t *root = json_loadb((const char *)octets, n, 0, NULL), *entry;
	json_t *list = json_is_array(root) ? root : json_object_get(root, "list");
	u64 taken = 0;
	size_t i;
	int rc = 0;

	json_array_foreach(list, i, entry) {
		if (json_is_string(entry) &&
		    (rc = add_entry(g, json_string_value(entry))) < 0)
			break;
		taken += rc > 0;
	}
	json_decref(root);
	return rc < 0 ? rc : taken ? 0 : OOPS_FORMAT;
}

/* "name", "12,name", "name  # remark": what is behind the last comma. */
static int add_line(struct overblock *g, const char *p, size_t n)
{
	char text[OVERBLOCK_NAME_MAX + 64];
	const char *comma;

	while (n && strchr(" \t\r\"", p[n - 1]))
		n--;
	if (n == 0 || *p == '#' || n >= sizeof text)
		return 0;
	if ((comma = memrchr(p, ',', n))) {
		n -= (size_t)(comma + 1 - p);
		p = comma + 1;
	}
	for (; n && strchr(" \t\"", *p); n--)
		p++;
	memcpy(text, p, n);
	text[n] = 0;
	text[strcspn(text, " \t#")] = 0;
	return add_entry(g, text);
}

static int add_lines(struct overblock *g, const u8 *octets, size_t n)
{
	const char *p = (const char *)octets, *end = p + n, *stop;
	u64 taken = 0;
	int rc;

	for (; p < end; p = stop + 1) {
		stop = memchr(p, '\n', (size_t)(end - p));
		stop = stop ? stop : end;
		if ((rc = add_line(g, p, (size_t)(stop - p))) < 0)
			return rc;
		taken += rc > 0;
	}
	return taken ? 0 : OOPS_FORMAT;
}

int overblock_add(struct overblock *g, const char *name, const u8 *octets, size_t n)
{
	size_t blank = 0;

	if (g->list_count == LISTS_MAX)
		return OOPS_LIMIT;
	if ((g->lists[g->list_count] = strdup(name)) == NULL)
		return -ENOMEM;
	g->list_count++;
	while (blank < n && strchr(" \t\r\n", octets[blank]) && octets[blank])
		blank++;
	if (blank < n && (octets[blank] == '{' || octets[blank] == '['))
		return add_json(g, octets, n);
	return add_lines(g, octets, n);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct listed *)a)->turned, ((const struct listed *)b)->turned);
}

static int by_prefix(const void *a, const void *b)
{
	const struct prefix *x = a, *y = b;
	int d = memcmp(x->at, y->at, 16);

	return d ? d : (int)x->bits - (int)y->bits;
}

void overblock_seal(struct overblock *g)
{
	if (g->name_count)
		qsort(g->names, g->name_count, sizeof *g->names, by_text);
	if (g->prefix_count)
		qsort(g->prefixes, g->prefix_count, sizeof *g->prefixes, by_prefix);
	g->sealed = g->name_count;
	g->sealed_prefixes = g->prefix_count;
}

/* ---- questions ---- */

/* The labels of a name that are its public suffix. */
static unsigned suffix_of(const struct suffixes *s, const char *name, unsigned *labels)
{
	u8 wire[NAME_WIRE_MAX + 8] = { 0 }, at[NAME_LABELS_MAX];
	u64 hash[SUFFIX_LABELS_MAX], right = suffixes_root(s);
	int n = name_parse(name, wire) > 0 ? name_labels(wire, NAME_WIRE_MAX, at) : -1;

	*labels = n > 0 ? (unsigned)n : 0;
	for (unsigned i = 0; i < *labels && i < SUFFIX_LABELS_MAX; i++) {
		const u8 *label = wire + at[*labels - 1 - i];

		hash[i] = right = suffix_hash(right, label + 1, label[0]);
	}
	return *labels ? suffix_labels(s, hash, *labels, NULL) : 0;
}

/* Is `below` the name, or below it? */
static bool covers(const char *name, const char *below)
{
	size_t n = strlen(name), m = strlen(below);

	return m >= n && strcmp(below + m - n, name) == 0 &&
	       (m == n || below[m - n - 1] == '.');
}

/* The first listed name that is this or below it. */
static const struct listed *first_at(const struct overblock *g, const char *turned, size_t n)
{
	size_t low = 0, high = g->sealed;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(g->names[mid].turned, turned) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < g->sealed && strncmp(g->names[low].turned, turned, n) == 0
		? &g->names[low] : NULL;
}

static bool is_popular(const struct overblock *g, const char *name, char why[EXCHANGE_WHY])
{
	char turned[OVERBLOCK_NAME_MAX + 1], back[OVERBLOCK_NAME_MAX + 1];
	size_t n = turn_round(name, turned);
	const struct listed *l = first_at(g, turned, n);

	if (l == NULL)
		return false;
	snprintf(turned, sizeof turned, "%.*s", (int)strlen(l->turned) - 1, l->turned);
	n = turn_round(turned, back);
	back[n - 1] = 0;
	if (strcmp(back, name) == 0)
		snprintf(why, EXCHANGE_WHY, N_("it is in %.80s"), g->lists[l->list]);
	else
		snprintf(why, EXCHANGE_WHY, N_("it is the parent of %.180s, which is in "
			"%.80s"),
			 back, g->lists[l->list]);
	return true;
}

bool overblock_name(const struct overblock *g, const char *name, char why[EXCHANGE_WHY])
{
	unsigned labels = 0, suffix;

	if (g && g->allow)
		return false;
	if (strchr(name, '.') == NULL) {
		snprintf(why, EXCHANGE_WHY, N_("it is a top-level domain"));
		return true;
	}
	for (size_t i = 0; i < COUNT(vital); i++) {
		if (covers(vital[i], name) || covers(name, vital[i])) {
			snprintf(why, EXCHANGE_WHY, N_("the DNS itself needs %s"),
				vital[i]);
			return true;
		}
	}
	if (g && g->suffixes) {
		suffix = suffix_of(g->suffixes, name, &labels);
		if (suffix >= labels) {
			snprintf(why, EXCHANGE_WHY,
				 N_("it is a public suffix: others register names below "
				 	"it"));
			return true;
		}
	}
	return g && is_popular(g, name, why);
}

/* The first prefix that is not before this one. */
static const struct prefix *prefix_from(const struct overblock *g, const struct prefix *want)
{
	size_t low = 0, high = g->sealed_prefixes;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (by_prefix(&g->prefixes[mid], want) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < g->sealed_prefixes ? &g->prefixes[low] : NULL;
}

/* One that covers this prefix (each length in turn) or lies in it. */
static const struct prefix *prefix_near(const struct overblock *g, const u8 at[16],
					unsigned bits)
{
	const struct prefix *p;
	struct prefix want;

	for (unsigned n = 1; n <= bits; n++) {
		memcpy(want.at, at, 16);
		cut_bits(want.at, n);
		want.bits = (u8)n;
		if (g->lengths[n] && (p = prefix_from(g, &want)) &&
		    by_prefix(p, &want) == 0)
			return p;
	}
	want.bits = (u8)bits;
	memcpy(want.at, at, 16);
	cut_bits(want.at, bits);
	if ((p = prefix_from(g, &want)) == NULL)
		return NULL;
	memcpy(want.at, p->at, 16);
	cut_bits(want.at, bits);
	return p->bits >= bits && memcmp(want.at, at, 16) == 0 ? p : NULL;
}

bool overblock_prefix(const struct overblock *g, const char *prefix, char why[EXCHANGE_WHY])
{
	const struct prefix *p;
	unsigned bits;
	u8 at[16];

	if (g && g->allow)
		return false;
	if (!overblock_bits(prefix, at, &bits)) {
		snprintf(why, EXCHANGE_WHY, N_("it is no address"));
		return true;
	}
	cut_bits(at, bits);
	if (bits < (at[10] == 0xff ? 96 + 8 : 16)) {
		snprintf(why, EXCHANGE_WHY, N_("it is a prefix of many networks"));
		return true;
	}
	p = g ? prefix_near(g, at, bits) : NULL;
	if (p)
		snprintf(why, EXCHANGE_WHY, N_("it is, covers or lies in an entry of "
			"%.80s"),
			 g->lists[p->list]);
	return p != NULL;
}

static bool is_over(const struct exchange_write *w, const struct item *i,
		    char why[EXCHANGE_WHY])
{
	char name[OVERBLOCK_NAME_MAX], reason[EXCHANGE_WHY];
	unsigned bits;
	bool over;
	u8 at[16];

	if (overblock_bits(i->subject, at, &bits))
		over = overblock_prefix(w->gate, i->subject, reason);
	else if (overblock_ascii(i->subject, name))
		over = overblock_name(w->gate, name, reason);
	else
		return false;
	if (over)
		snprintf(why, EXCHANGE_WHY, N_("would block too much: %.300s"), reason);
	return over;
}

bool overblock_omits(const struct exchange_write *w, const struct item *i,
		     char why[EXCHANGE_WHY])
{
	char stamp[STAMP_TEXT_MAX];

	if (i->kind != ITEM_INDICATOR) {
		snprintf(why, EXCHANGE_WHY, N_("%s: only indicators stand in a block "
			"list"),
			 item_kinds[i->kind]);
		return true;
	}
	if (i->valid_until && i->valid_until <= w->at) {
		snprintf(why, EXCHANGE_WHY, N_("expired at %s"),
			 stamp_text(i->valid_until, 0, stamp));
		return true;
	}
	return i->action != ACTION_PASSTHRU && is_over(w, i, why);
}
