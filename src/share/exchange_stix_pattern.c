/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_stix_pattern.c - STIX patterns (section 9) to subjects.
 *
 *   [a OR b] OR [c AND d]      OR ( OR (a, b), AND (c, d) )      a, b
 *            text         -->            tree              -->   subjects
 *
 * The whole grammar is read: comparison and observation expressions with all operators,
 * qualifiers, paths, literals. A subject comes out of it when finding that subject alone makes
 * the pattern true; what needs two things at once, a comparison that is no equality, a
 * time or a repetition is left out and said, since acting on a part of it would hit others.
 * Two exceptions: tests that only say of which type a reference is, and tests of one file, of
 * which a hash already says which file it is.
 *
 * Limits: STIX_PATTERN_NODES, STIX_PATTERN_DEPTH. Cost: one pass, 24 octets a node. */
#include "share/exchange_stix.h"
#include <strings.h>

enum node_kind { OR, AND, BOTH, QUALIFIED, EQUAL, SUBSET, OTHER };
struct node {
	enum node_kind kind;
	u32 first, next;	/* children, 0 = none; node 0 is nothing */
	u32 path, value;	/* where in the text; of tests */
};

struct reading {
	const char *begin, *p;
	struct node *nodes;
	u32 count, room;
	struct buf text;
	unsigned depth;
	int rc;
	char *why;
};

static u32 fail(struct reading *r, int rc, const char *what)
{
	if (r->rc == 0) {
		r->rc = rc;
		snprintf(r->why, STIX_WHY, N_("at octet %zu of its pattern: %s"),
			 (size_t)(r->p - r->begin) + 1, what);
	}
	return 0;
}

static u32 node_add(struct reading *r, enum node_kind kind)
{
	if (r->count >= STIX_PATTERN_NODES)
		return fail(r, OOPS_LIMIT, N_("too long"));
	if (r->count == r->room) {
		u32 room = r->room ? 2 * r->room : 16;
		struct node *more = reallocarray(r->nodes, room, sizeof *more);

		if (more == NULL)
			return fail(r, -ENOMEM, N_("no memory"));
		r->nodes = more;
		r->room = room;
		if (r->count == 0)
			r->nodes[r->count++] = (struct node){ 0 };
	}
	r->nodes[r->count] = (struct node){ .kind = kind };
	return r->count++;
}

/* ---- words ---- */

static void blanks(struct reading *r)
{
	for (;;) {
		r->p += strspn(r->p, " \t\r\n\v\f");
		if (r->p[0] == '/' && r->p[1] == '*' && strstr(r->p + 2, "*/"))
			r->p = strstr(r->p + 2, "*/") + 2;
		else if (r->p[0] == '/' && r->p[1] == '/')
			r->p += strcspn(r->p, "\n");
		else
			return;
	}
}

static bool in_word(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' ||
	       c == '-';
}

/* The keyword, and not the beginning of a longer one. */
static bool word(struct reading *r, const char *text)
{
	size_t n = strlen(text);

	blanks(r);
	if (strncmp(r->p, text, n) || (in_word(text[n - 1]) && in_word(r->p[n])))
		return false;
	r->p += n;
	return true;
}

/* 'text' with \' and \\ taken back, appended with its NUL. */
static bool quoted(struct reading *r)
{
	if (*r->p++ != '\'')
		return false;
	for (; *r->p && *r->p != '\''; r->p++) {
		if (r->p[0] == '\\' && (r->p[1] == '\'' || r->p[1] == '\\'))
			r->p++;
		buf_byte(&r->text, (u8)*r->p);
	}
	buf_byte(&r->text, 0);
	return *r->p++ == '\'' || (r->p--, false);
}

static bool plain_word(struct reading *r)
{
	const char *from = r->p;

	while (in_word(*r->p))
		r->p++;
	buf_add(&r->text, from, (size_t)(r->p - from));
	return r->p > from;
}

/* A value of any type; only strings and integers keep their text. True when it is one of
 * those two. */
static bool value(struct reading *r, bool *plain)
{
	blanks(r);
	*plain = true;
	if (*r->p == '\'')
		return quoted(r);
	if ((*r->p == 't' || *r->p == 'b' || *r->p == 'h') && r->p[1] == '\'') {
		*plain = false;
		r->p++;
		return quoted(r);
	}
	if (*r->p == '+' || *r->p == '-')
		buf_byte(&r->text, (u8)*r->p++);
	if (!plain_word(r))
		return false;
	if (*r->p == '.') {	/* 1.5 */
		*plain = false;
		r->p++;
		(void)plain_word(r);
	}
	buf_byte(&r->text, 0);
	return true;
}

/* type:component.component[*].'component', appended without quotes, with its NUL. */
static bool path(struct reading *r)
{
	blanks(r);
	if (!plain_word(r) || *r->p != ':')
		return false;
	r->p++;
	buf_byte(&r->text, ':');
	for (;;) {
		if (*r->p == '\'') {
			if (!quoted(r))
				return false;
			if (r->text.len)	/* its NUL */
				r->text.len--;
		} else if (!plain_word(r)) {
			return false;
		}
		while (*r->p == '[') {
			size_t n = strcspn(r->p, "]");

			if (r->p[n] != ']' || n > 20)
				return false;
			r->p += n + 1;
		}
		if (*r->p != '.')
			break;
		buf_byte(&r->text, '.');
		r->p++;
	}
	buf_byte(&r->text, 0);
	return true;
}

/* ---- tests ---- */

static u32 test_of(struct reading *r, enum node_kind kind, u32 path_at)
{
	u32 at = (u32)r->text.len, n;
	bool plain;

	if (!value(r, &plain))
		return fail(r, OOPS_FORMAT, N_("no value"));
	if ((n = node_add(r, plain ? kind : OTHER)) == 0)
		return 0;
	r->nodes[n].path = path_at;
	r->nodes[n].value = at;
	return n;
}

/* IN ('a', 'b') */
static u32 set_of(struct reading *r, bool not, u32 path_at)
{
	u32 set = node_add(r, OR), *last, n;

	if (!word(r, "("))
		return fail(r, OOPS_FORMAT, N_("no set"));
	for (u32 tail = 0; r->rc == 0; tail = n) {
		if ((n = test_of(r, not ? OTHER : EQUAL, path_at)) == 0)
			return 0;
		last = tail ? &r->nodes[tail].next : &r->nodes[set].first;
		*last = n;
		if (word(r, ")"))
			return set;
		if (!word(r, ","))
			return fail(r, OOPS_FORMAT, N_("no end of the set"));
	}
	return 0;
}

static u32 test(struct reading *r)
{
	static const struct { const char *text; enum node_kind kind; } operators[] = {
		{ "==", EQUAL }, { "=", EQUAL }, { "!=", OTHER }, { "<>", OTHER },
		{ "<=", OTHER }, { ">=", OTHER }, { "<", OTHER }, { ">", OTHER },
		{ "LIKE", OTHER }, { "MATCHES", OTHER }, { "ISSUPERSET", OTHER },
		{ "ISSUBSET", SUBSET },
	};
	bool exists, not = word(r, "NOT");
	u32 at, n;

	exists = word(r, "EXISTS");
	at = (u32)r->text.len;
	if (!path(r))
		return fail(r, OOPS_FORMAT, N_("no object path"));
	if (exists) {
		if ((n = node_add(r, OTHER)))
			r->nodes[n].path = r->nodes[n].value = at;
		return n;
	}
	not |= word(r, "NOT");
	if (word(r, "IN"))
		return set_of(r, not, at);
	for (size_t k = 0; k < COUNT(operators); k++)
		if (word(r, operators[k].text))
			return test_of(r, not ? OTHER : operators[k].kind, at);
	return fail(r, OOPS_FORMAT, N_("no operator"));
}

/* ---- expressions ---- */

/* From the loosest to the tightest; the first three are between observations. */
static const struct { const char *word; enum node_kind kind; } levels[] = {
	{ "FOLLOWEDBY", BOTH }, { "OR", OR }, { "AND", BOTH }, { NULL, 0 },
	{ "OR", OR }, { "AND", AND }, { NULL, 0 },
};
#define OBSERVATIONS 0u
#define COMPARISONS 4u

static u32 expression(struct reading *r, unsigned level);

static u32 bracketed(struct reading *r, unsigned level, const char *end)
{
	u32 n;

	if (++r->depth > STIX_PATTERN_DEPTH)
		return fail(r, OOPS_LIMIT, N_("nested too deep"));
	n = expression(r, level);
	r->depth--;
	if (r->rc == 0 && !word(r, end))
		return fail(r, OOPS_FORMAT, N_("a bracket is not closed"));
	return n;
}

/* START t'..' STOP t'..', WITHIN 5 SECONDS, REPEATS 5 TIMES; any number of them. */
static u32 qualified(struct reading *r, u32 n)
{
	bool plain, within, start;
	u32 outer;

	while (r->rc == 0) {
		if (!(start = word(r, "START")) && !(within = word(r, "WITHIN")) &&
		    !word(r, "REPEATS"))
			return n;
		if (!value(r, &plain))
			return fail(r, OOPS_FORMAT, N_("no value of a qualifier"));
		if (start ? !word(r, "STOP") || !value(r, &plain)
			  : !word(r, within ? "SECONDS" : "TIMES"))
			return fail(r, OOPS_FORMAT, N_("a qualifier is not complete"));
		if ((outer = node_add(r, QUALIFIED)))
			r->nodes[outer].first = n;
		n = outer;
	}
	return 0;
}

static u32 unit(struct reading *r, unsigned level)
{
	if (level >= COMPARISONS)
		return word(r, "(") ? bracketed(r, COMPARISONS, ")") : test(r);
	if (word(r, "["))
		return qualified(r, bracketed(r, COMPARISONS, "]"));
	if (word(r, "("))
		return qualified(r, bracketed(r, OBSERVATIONS, ")"));
	return fail(r, OOPS_FORMAT, "no [");
}

/* One, or several with the level's word between; a single one is itself. */
static u32 expression(struct reading *r, unsigned level)
{
	u32 first, last, next, all = 0;

	if (levels[level].word == NULL)
		return unit(r, level);
	first = last = expression(r, level + 1);
	while (r->rc == 0 && word(r, levels[level].word)) {
		if (all == 0 && (all = node_add(r, levels[level].kind)))
			r->nodes[all].first = first;
		next = expression(r, level + 1);
		r->nodes[last].next = next;
		last = next;
	}
	return all ? all : first;
}

/* ---- what is a subject by itself ---- */

struct telling { struct reading *r; stix_subject_fn *fn; void *to; int count; };

static void left_out(struct telling *t, const char *what)
{
	if (t->r->why[0] == 0)
		snprintf(t->r->why, STIX_WHY, N_("left out: %s"), what);
}

static const char *text_at(const struct telling *t, u32 at)
{
	return buf_str(&t->r->text) + at;
}

static const char *path_of(const struct telling *t, u32 n)
{
	return text_at(t, t->r->nodes[n].path);
}

/* How good a hash is for naming a file: 0 = none that an item can be. */
static unsigned hash_rank(const struct telling *t, u32 n)
{
	static const char *const names[] = { "MD5", "SHA-1", "SHA-512", "SHA-256" };
	const char *of = path_of(t, n);

	if (t->r->nodes[n].kind != EQUAL || strncmp(of, "file:hashes.", 12))
		return 0;
	for (unsigned i = 0; i < COUNT(names); i++)
		if (strcasecmp(of + 12, names[i]) == 0 ||
		    (i && strncasecmp(of + 12, "SHA", 3) == 0 &&
		     strcasecmp(of + 15, names[i] + 4) == 0))
			return i + 1;
	return 0;
}

static enum subject_kind kind_of(const struct telling *t, u32 n)
{
	static const struct { const char *path; enum subject_kind kind; } paths[] = {
		{ "domain-name:value", SUBJECT_DOMAIN }, { "url:value", SUBJECT_URL },
		{ "ipv4-addr:value", SUBJECT_ADDRESS }, { "ipv6-addr:value", SUBJECT_ADDRESS },
		{ "email-addr:value", SUBJECT_EMAIL }, { "autonomous-system:number", SUBJECT_AS },
		{ "email-message:from_ref.value", SUBJECT_EMAIL },
		{ "email-message:sender_ref.value", SUBJECT_EMAIL },
	};
	const char *of = path_of(t, n);

	for (size_t k = 0; k < COUNT(paths); k++)
		if (strcmp(of, paths[k].path) == 0)
			return paths[k].kind;
	if (strcmp(of, "network-traffic:dst_ref.value") == 0 ||
	    strcmp(of, "network-traffic:src_ref.value") == 0)
		return subject_kind_of(text_at(t, t->r->nodes[n].value));
	return hash_rank(t, n) ? SUBJECT_HASH : SUBJECT_OTHER;
}

static void tell_test(struct telling *t, u32 n)
{
	const struct node *node = &t->r->nodes[n];
	enum subject_kind kind = kind_of(t, n);
	const char *text = text_at(t, node->value);
	char number[32];

	if (node->kind == OTHER) {
		left_out(t, "a test that is no equality");
		return;
	}
	if (kind == SUBJECT_OTHER ||
	    (node->kind == SUBSET && (kind != SUBJECT_ADDRESS || !strchr(text, '/')))) {
		left_out(t, "a test of what no item can be");
		return;
	}
	if (kind == SUBJECT_AS) {
		snprintf(number, sizeof number, "AS%.20s", text);
		text = number;
	}
	if (kind == SUBJECT_ADDRESS && strchr(text, '/'))
		kind = SUBJECT_PREFIX;
	t->fn(t->to, kind, text);
	t->count++;
}

static bool is_test(const struct node *n)
{
	return n->kind == EQUAL || n->kind == SUBSET || n->kind == OTHER;
}

static bool ends_in(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

/* The one test of several that says all, or 0. */
static u32 enough(const struct telling *t, u32 first)
{
	const struct node *nodes = t->r->nodes;
	bool one_file = true;
	u32 best = 0, only = 0, others = 0;

	for (u32 n = first; n; n = nodes[n].next) {
		if (!is_test(&nodes[n]))
			return 0;
		one_file &= strncmp(path_of(t, n), "file:", 5) == 0;
		if (hash_rank(t, n) && (best == 0 || hash_rank(t, n) > hash_rank(t, best)))
			best = n;
		if (!ends_in(path_of(t, n), "_ref.type"))
			only = n, others++;
	}
	return one_file && best ? best : others == 1 ? only : 0;
}

static void tell(struct telling *t, u32 n)
{
	const struct node *nodes = t->r->nodes;

	switch (nodes[n].kind) {
	case OR:
		for (u32 c = nodes[n].first; c; c = nodes[c].next)
			tell(t, c);
		return;
	case AND:
		if ((n = enough(t, nodes[n].first)))
			tell_test(t, n);
		else
			left_out(t, "what needs several things at once");
		return;
	case BOTH:
		left_out(t, "what needs several observations");
		return;
	case QUALIFIED:
		left_out(t, "what is bound to a time or a repetition");
		return;
	default:
		tell_test(t, n);
	}
}

int stix_pattern_read(const char *text, stix_subject_fn *fn, void *to, char why[STIX_WHY])
{
	struct reading r = { .begin = text, .p = text, .why = why };
	struct telling t = { &r, fn, to, 0 };
	u32 top;

	why[0] = 0;
	buf_byte(&r.text, 0);
	top = expression(&r, OBSERVATIONS);
	blanks(&r);
	if (r.rc == 0 && *r.p)
		fail(&r, OOPS_FORMAT, N_("something behind its end"));
	if (r.rc == 0)
		r.rc = buf_error(&r.text);
	if (r.rc == 0)
		tell(&t, top);
	free(r.nodes);
	buf_free(&r.text);
	return r.rc ? r.rc : t.count;
}
