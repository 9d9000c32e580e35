/* SPDX-License-Identifier: GPL-3.0-or-later */
/* suffix.c - see suffix.h.
 *
 *   rule "*.ck"      -> "ck" gets WILD (and DEEPER)
 *   rule "!www.ck"   -> "www.ck" gets EXCEPT, "ck" DEEPER
 *   rule "co.uk"     -> "co.uk" gets RULE, "uk" DEEPER
 *
 * The table is open addressing over words of 59 bits of hash and 5 of marks, at
 * most half full: 256 KiB for the list of 2026. */
#include "dns/suffix.h"
#include "base/hash.h"
#include "dns/name.h"
#include <idn2.h>

enum { RULE = 1, WILD = 2, EXCEPT = 4, DEEPER = 8, PRIVATE = 16, MARKS = 31 };

#define SIEVE 65536u	/* bits */

struct suffixes {
	u64 *slots;
	u64 mask, root;
	u32 rules, used;
	bool private;	/* reading the private section */
	u64 known[SIEVE / 64];	/* a bit for each hash in the table: most probes end here */
};

u64 suffixes_root(const struct suffixes *s)
{
	return s->root;
}

u64 suffix_hash(u64 right, const u8 *label, unsigned n)
{
	u64 h = right ^ (u64)n << 56, v;

	for (; n > 8; n -= 8, label += 8)
		h = hash_mix(h ^ hash_load(label, 8) ^ HASH_A, HASH_B);
	v = hash_load(label, 8);
	if (n < 8)
		v &= (1ull << 8 * n) - 1;
	return hash_mix(h ^ v ^ HASH_A, HASH_B);
}

/* The slot of a hash, or the free one where it belongs. */
static u64 *slot_of(const struct suffixes *s, u64 hash)
{
	u64 i = hash >> 20 & s->mask;

	while (s->slots[i] != 0 && (s->slots[i] ^ hash) & ~(u64)MARKS)
		i = (i + 1) & s->mask;
	return &s->slots[i];
}

static bool may_be_known(const struct suffixes *s, u64 hash)
{
	return s->known[hash >> 48 >> 6] >> (hash >> 48 & 63) & 1;
}

static int grow(struct suffixes *s, u64 size)
{
	struct suffixes bigger = { .mask = size - 1, .slots = calloc(size, sizeof(u64)) };

	if (bigger.slots == NULL)
		return -ENOMEM;
	for (u64 i = 0; s->slots && i <= s->mask; i++)
		if (s->slots[i])
			*slot_of(&bigger, s->slots[i]) = s->slots[i];
	free(s->slots);
	s->slots = bigger.slots;
	s->mask = bigger.mask;
	return 0;
}

static int mark(struct suffixes *s, u64 hash, u64 marks)
{
	u64 *slot;

	if (s->used * 2ull > s->mask && grow(s, (s->mask + 1) * 2) < 0)
		return -ENOMEM;
	s->known[hash >> 48 >> 6] |= 1ull << (hash >> 48 & 63);
	slot = slot_of(s, hash);
	s->used += *slot == 0;
	*slot = (hash & ~(u64)MARKS) | (*slot & MARKS) | marks;
	return 0;
}

static enum suffix_kind kind_of(u64 marks)
{
	return marks & PRIVATE ? SUFFIX_PRIVATE : SUFFIX_ICANN;
}

unsigned suffix_labels(const struct suffixes *s, const u64 *hash, unsigned labels,
		       enum suffix_kind *kind)
{
	unsigned best = labels ? 1 : 0;
	enum suffix_kind found = SUFFIX_UNLISTED;
	u64 wild = 0;

	for (unsigned i = 0; i < labels && i < SUFFIX_LABELS_MAX; i++) {
		u64 m = may_be_known(s, hash[i]) ? *slot_of(s, hash[i]) & MARKS : 0;

		if (m & EXCEPT) {
			best = i;
			found = kind_of(m);
			break;
		}
		if (m & RULE || wild) {
			best = i + 1;
			found = kind_of(m & RULE ? m : wild);
		} else if (i == 0 && m & WILD) {
			found = kind_of(m);	/* "ck" of "*.ck" is no junk */
		}
		wild = m & WILD ? m : 0;
		if (!(m & DEEPER))
			break;
	}
	if (kind)
		*kind = found;
	return best;
}

/* One rule, lower-case ASCII text without "!" and "*.". */
static int add_rule(struct suffixes *s, const char *text, u64 marks)
{
	u8 wire[NAME_WIRE_MAX + 8] = { 0 }, at[NAME_LABELS_MAX];
	int n = name_parse(text, wire), labels;
	u64 h = s->root;

	if (n < 0)
		return n;
	name_lower(wire, wire, (size_t)n);
	labels = name_labels(wire, (size_t)n, at);
	if (labels < 1 || labels >= SUFFIX_LABELS_MAX)
		return OOPS_LIMIT;
	for (int i = labels - 1; i >= 0; i--) {
		h = suffix_hash(h, wire + at[i] + 1, wire[at[i]]);
		if (mark(s, h, i > 0 ? (u64)DEEPER : marks) < 0)
			return -ENOMEM;
	}
	return 0;
}

static struct suffixes *make(u64 key)
{
	struct suffixes *s = calloc(1, sizeof *s);

	if (s == NULL || grow(s, 1024) < 0)
		return suffixes_free(s);
	s->root = hash_u64(key, 0x5645444554544531ull);
	return s;
}

static bool is_ascii(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((u8)text[i] >= 0x80)
			return false;
	return true;
}

/* One line of the list: up to the first white space; comments are skipped. */
static int read_line(struct suffixes *s, const char *line, size_t n)
{
	char text[256], *ascii = NULL;
	u64 marks = RULE;
	int rc;

	if (line && n > 2 && memcmp(line, "//", 2) == 0 &&
	    memmem(line, n, "PRIVATE DOMAINS===", 18))
		s->private = memmem(line, n, "BEGIN", 5) != NULL;
	for (size_t i = 0; i < n; i++)
		if (line[i] == ' ' || line[i] == '\t' || line[i] == '\r')
			n = i;
	if (n == 0 || (n >= 2 && memcmp(line, "//", 2) == 0))
		return 0;
	if (line[0] == '!') {
		marks = EXCEPT;
		line++, n--;
	} else if (n > 2 && memcmp(line, "*.", 2) == 0) {
		marks = WILD | DEEPER;
		line += 2, n -= 2;
	}
	if (n >= sizeof text || s->rules >= SUFFIX_RULES_MAX)
		return OOPS_LIMIT;
	memcpy(text, line, n);
	text[n] = 0;
	if (strcmp(text, "*") == 0)
		return 0;	/* the default rule */
	marks |= s->private ? (u64)PRIVATE : 0;
	if (is_ascii(text, n))	/* nearly all are; libidn2 takes its time */
		rc = add_rule(s, text, marks);
	else if (idn2_lookup_u8((const u8 *)text, (u8 **)&ascii,
				IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) == IDN2_OK)
		rc = add_rule(s, ascii, marks);
	else
		rc = OOPS_FORMAT;
	idn2_free(ascii);
	if (rc == 0)
		s->rules++;
	return rc == OOPS_FORMAT ? 0 : rc;
}

int suffixes_parse(struct suffixes **ret, const char *text, size_t n, u64 key)
{
	struct suffixes *s = make(key);
	const char *end = text + n;
	int rc = -ENOMEM;

	if (s == NULL)
		goto out;
	for (const char *p = text; p < end;) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));

		if (eol == NULL)
			eol = end;
		if ((rc = read_line(s, p, (size_t)(eol - p))) < 0)
			goto out;
		p = eol + 1;
	}
	rc = s->rules ? 0 : OOPS_FORMAT;
	if (rc == 0) {
		*ret = s;
		s = NULL;
	}
out:
	suffixes_free(s);
	return rc;
}

int suffixes_none(struct suffixes **ret, u64 key)
{
	struct suffixes *s = make(key);

	if (s == NULL)
		return -ENOMEM;
	*ret = s;
	return 0;
}

int suffixes_open(struct suffixes **ret, const char *path, u64 key)
{
	FILE *f = fopen(path, "rb");
	char *text = NULL;
	long n;
	int rc = -EIO;

	if (f == NULL)
		return -errno;
	if (fseek(f, 0, SEEK_END) != 0 || (n = ftell(f)) < 0 || n > 1 << 26)
		goto out;
	rewind(f);
	rc = -ENOMEM;
	if ((text = malloc((size_t)n + 1)) == NULL)
		goto out;
	rc = fread(text, 1, (size_t)n, f) == (size_t)n
		     ? suffixes_parse(ret, text, (size_t)n, key)
		     : -EIO;
out:
	free(text);
	fclose(f);
	return rc;
}

struct suffixes *suffixes_free(struct suffixes *s)
{
	if (s == NULL)
		return NULL;
	free(s->slots);
	free(s);
	return NULL;
}

u32 suffixes_count(const struct suffixes *s)
{
	return s->rules;
}
