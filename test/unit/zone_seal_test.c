/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zone_seal_test.c - a zone against a model that is too slow for anything but tests: order,
 * cuts, what lies below, what a DNAME hides, repeats, hosts; in order and out of it, by one
 * thread and several. */
#include "draw.h"
#include "dns/rrtype.h"
#include "zone/own.h"
#include "zone_text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define KEY 7
#define RECORDS_MAX 120

struct one {
	u8 owner[NAME_WIRE_MAX], rdata[NAME_WIRE_MAX];
	unsigned owner_len, rdlen;
	u16 type;
	u32 line;
};

static void set_name(u8 *to, unsigned *len, const char *text)
{
	*len = (unsigned)name_parse(text, to);
	name_lower(to, to, *len);
}

/* More different ones than are kept by their number; in short zones few. */
static u32 ttl_of(u32 line)
{
	return line % 5 ? 60 : line;
}

static int add_one(struct zone *z, const struct one *r)
{
	struct zone_input in = { .owner = r->owner, .owner_len = r->owner_len,
		.hash = zone_hash(KEY, r->owner, r->owner_len), .type = r->type,
		.ttl = ttl_of(r->line),
		.line = r->line, .rdata = r->rdata, .rdlen = r->rdlen };

	return zone_add(z, &in);
}

static void draw_name(u64 *seed, char *to, size_t room)
{
	static const char *const parents[] = { "", "x.", "a.x.", "b.x.", "a.b.x.", "*.x.", "y." };
	static const char *const labels[] = { "a", "b", "c", "aa", "a-", "*", "ns", "0" };
	const char *parent = parents[draw_below(seed, COUNT(parents))];

	if (draw_below(seed, 10) == 0)
		snprintf(to, room, "%s", *parent ? parent : ".");
	else if (draw_below(seed, 4) == 0)
		snprintf(to, room, "%s.%s.%s", labels[draw_below(seed, COUNT(labels))],
			 labels[draw_below(seed, COUNT(labels))], parent);
	else
		snprintf(to, room, "%s.%s", labels[draw_below(seed, COUNT(labels))], parent);
}

static void draw_one(u64 *seed, struct one *r)
{
	static const u16 types[] = { TYPE_NS, TYPE_NS, TYPE_A, TYPE_TXT, TYPE_DNAME };
	char text[80];

	draw_name(seed, text, sizeof text);
	set_name(r->owner, &r->owner_len, text);
	r->type = draw_below(seed, 20) ? types[draw_below(seed, 4)] : TYPE_DNAME;
	if (r->type == TYPE_A) {
		r->rdlen = 4;
		memset(r->rdata, (int)draw_below(seed, 3), 4);
	} else {
		draw_name(seed, text, sizeof text);
		set_name(r->rdata, &r->rdlen, text);
	}
}

/* ---- the model ---- */

static bool below(const struct one *r, const u8 *top, unsigned len)
{
	unsigned at = 0;

	while (at < r->owner_len && r->owner_len - at > len)
		at += 1u + r->owner[at];
	return r->owner_len - at == len && memcmp(r->owner + at, top, len) == 0;
}

static bool same_owner(const struct one *a, const struct one *b)
{
	return a->owner_len == b->owner_len && memcmp(a->owner, b->owner, a->owner_len) == 0;
}

static bool is_origin(const struct one *r)
{
	return r->owner_len == 3 && memcmp(r->owner, "\1x", 3) == 0;
}

/* Is there one strictly above r (or, for `self`, at it too), inside the zone, with the type,
 * and not itself below such a one? A walk from the top finds the first. */
static bool has_above(const struct one *all, unsigned n, const struct one *r, u16 type,
		      bool apex)
{
	for (unsigned i = 0; i < n; i++)
		if (all[i].type == type && below(&all[i], (const u8 *)"\1x", 3) &&
		    (apex || !is_origin(&all[i])) && !same_owner(&all[i], r) &&
		    below(r, all[i].owner, all[i].owner_len))
			return true;
	return false;
}

static bool owns(const struct one *all, unsigned n, const struct one *r, u16 type)
{
	for (unsigned i = 0; i < n; i++)
		if (all[i].type == type && same_owner(&all[i], r))
			return true;
	return false;
}

static unsigned flags_of(const struct one *all, unsigned n, const struct one *r)
{
	unsigned flags = ZONE_OWNER;

	if (!below(r, (const u8 *)"\1x", 3))
		return flags;
	flags |= ZONE_INSIDE;
	if (is_origin(r))
		flags |= ZONE_APEX;
	if (has_above(all, n, r, TYPE_NS, false))
		flags |= ZONE_BELOW;
	else if (!is_origin(r) && owns(all, n, r, TYPE_NS))
		flags |= ZONE_CUT;
	if (has_above(all, n, r, TYPE_DNAME, true))
		flags |= ZONE_MASKED;
	return flags;
}

static bool repeats(const struct one *all, const struct one *r)
{
	for (const struct one *o = all; o < r; o++)
		if (same_owner(o, r) && o->type == r->type && o->rdlen == r->rdlen &&
		    memcmp(o->rdata, r->rdata, r->rdlen) == 0)
			return true;
	return false;
}

static int by_place(const void *a, const void *b)
{
	const struct one *x = a, *y = b;
	int order = name_order(x->owner, y->owner);

	if (order)
		return order;
	if (x->type != y->type)
		return x->type < y->type ? -1 : 1;
	return x->line < y->line ? -1 : 1;
}

static unsigned delegations(const struct one *all, unsigned n, const u8 *host, unsigned len)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < n; i++)
		sum += all[i].type == TYPE_NS && all[i].rdlen == len &&
		       memcmp(all[i].rdata, host, len) == 0 && !repeats(all, &all[i]) &&
		       (flags_of(all, n, &all[i]) & ZONE_CUT);
	return sum;
}

static void check_hosts(const struct zone *z, const struct one *all, unsigned n)
{
	u32 hosts, seen = 0;
	const struct zone_host *h = zone_hosts(z, &hosts);

	for (u32 i = 0; i < hosts; i++) {
		const struct zone_name *name = zone_name(z, h[i].name);

		assert_int_equal(zone_host(z, h[i].name), i);
		assert_true(name->flags & ZONE_TARGET);
		assert_int_equal(h[i].delegations, delegations(all, n, name->wire, name->len));
	}
	for (unsigned i = 0; i < n; i++) {
		u32 name = all[i].type == TYPE_NS ? zone_find(z, all[i].rdata, all[i].rdlen) : 0;

		if (all[i].type == TYPE_NS)
			assert_true(name != 0);
		if (name && (flags_of(all, n, &all[i]) & (ZONE_CUT | ZONE_APEX))) {
			assert_true(zone_name(z, name)->flags & ZONE_TARGET);
			seen++;
		}
	}
	assert_int_equal(hosts > 0, seen > 0);
}

static void check_record(const struct zone *z, const struct one *all, unsigned n,
			 const struct zone_record *r)
{
	const struct zone_name *name = zone_name(z, r->owner);
	const struct one *o = all;
	struct zone_rrset set;
	u32 len;
	const u8 *rdata = zone_rdata(z, r, &len);

	while (o->line != zone_line(z, r))
		o++;
	assert_int_equal(name->len, o->owner_len);
	assert_memory_equal(name->wire, o->owner, name->len);
	assert_int_equal(r->type, o->type);
	assert_int_equal(zone_ttl(z, r), ttl_of(o->line));
	assert_int_equal(zone_file(z, r), 0);
	assert_int_equal(len, o->rdlen);
	assert_memory_equal(rdata, o->rdata, len);
	assert_int_equal(name->flags & ~(unsigned)ZONE_TARGET, flags_of(all, n, o));
	assert_int_equal(r->mark & ZONE_REPEAT ? 1 : 0, repeats(all, o));
	assert_int_equal(zone_find(z, o->owner, o->owner_len), r->owner);
	assert_true(zone_rrset(z, r->owner, r->type, &set));
	assert_true(zone_records(z, NULL) + set.first <= r &&
		    r < zone_records(z, NULL) + set.first + set.count);
}

/* `all` in the order of the lines, `added` in that of adding. */
static void check(const struct one *all, const struct one *added, unsigned n, unsigned threads)
{
	struct one sorted[RECORDS_MAX];
	struct zone *z;
	const struct zone_record *r;
	u32 count;

	assert_int_equal(zone_make(&z, (const u8 *)"\1x", 1u << 24, KEY), 0);
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(add_one(z, &added[i]), 0);
	z->threads = threads;
	assert_int_equal(zone_seal(z), 0);
	r = zone_records(z, &count);
	assert_int_equal(count, n);
	memcpy(sorted, all, n * sizeof *all);
	qsort(sorted, n, sizeof *sorted, by_place);
	for (unsigned i = 0; i < n; i++) {
		assert_int_equal(zone_line(z, &r[i]), sorted[i].line);
		check_record(z, all, n, &r[i]);
	}
	assert_int_equal(r[n].owner, 0);
	check_hosts(z, all, n);
	free(zone_dump(z, true));	/* has promises of its own */
	zone_free(z);
}

static void model(void **state)
{
	struct one all[RECORDS_MAX], added[RECORDS_MAX];
	u64 seed = 3;

	(void)state;
	for (int round = 0; round < 400; round++) {
		unsigned n = 1 + (unsigned)draw_below(&seed, RECORDS_MAX);

		for (unsigned i = 0; i < n; i++)
			draw_one(&seed, &all[i]);
		if (round & 1)
			qsort(all, n, sizeof *all, by_place);	/* in order, as registries do */
		for (unsigned i = 0; i < n; i++)
			all[i].line = i + 1;
		memcpy(added, all, sizeof added);
		check(all, added, n, 1);
		for (unsigned i = n; i > 1; i--) {
			unsigned j = (unsigned)draw_below(&seed, i);
			struct one moved = added[j];

			added[j] = added[i - 1];
			added[i - 1] = moved;
		}
		check(all, added, n, 3);
	}
}

/* ---- larger zones ---- */

#define NAMES 60000u

/* Delegations, some with glue, deep names, names outside; line by line into text. */
static void draw_large(struct buf *b, u64 *seed)
{
	buf_text(b, "@ 60 SOA a b 1 2 3 4 5\n@ 60 NS ns.d00007\n");
	for (u32 i = 0; i < NAMES; i++) {
		buf_fmt(b, "d%05u 60 NS ns.d%05u\n", i, (u32)draw_below(seed, NAMES));
		if (draw_below(seed, 4) == 0)
			buf_fmt(b, "d%05u 60 NS ns%u.op.example.\n", i, (u32)draw_below(seed, 99));
		if (draw_below(seed, 4) == 0)
			buf_fmt(b, "ns.d%05u 60 A 192.0.2.%u\n", i, (u32)draw_below(seed, 256));
		if (draw_below(seed, 9) == 0)
			buf_fmt(b, "y.e%05u 60 DNAME z\nx.y.e%05u 60 A 192.0.2.1\n", i, i);
	}
}

static void shuffle_lines(struct buf *to, const struct buf *b, u64 *seed)
{
	const char **lines = calloc(NAMES * 5, sizeof *lines), *p = b->at;
	size_t n = 0;

	for (; p < b->at + b->len; p = strchr(p, '\n') + 1)
		lines[n++] = p;
	draw_order(seed, lines, n, sizeof *lines);
	for (size_t i = 0; i < n; i++)
		buf_add(to, lines[i], (size_t)(strchr(lines[i], '\n') + 1 - lines[i]));
	free(lines);
}

static char *dump_of(const struct buf *b, unsigned threads)
{
	struct zone_text t = { .text = b->at, .len = b->len, .origin = "x.", .threads = threads };
	char *dump;

	assert_int_equal(zone_text_read(&t), 0);
	assert_string_equal(t.troubles, "");
	dump = zone_dump(t.zone, false);
	zone_text_free(&t);
	return dump;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The lines of a text in order: what is the same but for the order of the file. */
static char *in_order(char *text)
{
	char **lines = calloc(strlen(text) + 1, sizeof *lines);
	struct buf b = { 0 };
	size_t n = 0;

	for (char *p = text, *end; *p; p = end + 1) {
		end = strchr(p, '\n');
		*end = '\0';
		lines[n++] = p;
	}
	qsort(lines, n, sizeof *lines, by_text);
	for (size_t i = 0; i < n; i++)
		buf_fmt(&b, "%s\n", lines[i]);
	free(lines);
	free(text);
	return b.at;
}

static void threads_and_order(void **state)
{
	struct buf b = { 0 }, mixed = { 0 };
	u64 seed = 4;
	char *one, *three, *shuffled;

	(void)state;
	draw_large(&b, &seed);
	shuffle_lines(&mixed, &b, &seed);
	one = dump_of(&b, 1);
	three = dump_of(&b, 3);
	shuffled = dump_of(&mixed, 3);
	assert_true(strcmp(one, three) == 0);
	one = in_order(one);
	shuffled = in_order(shuffled);
	assert_true(strcmp(one, shuffled) == 0);
	free(one);
	free(three);
	free(shuffled);
	buf_free(&b);
	buf_free(&mixed);
}

/* What is hostile: all of it at one owner, backwards, and every record twice. */
static void one_owner(void **state)
{
	struct zone *z;
	struct one r = { .type = TYPE_TXT };
	struct zone_rrset set;
	u32 repeated = 0, n;
	const u32 many = 1000000;

	(void)state;
	assert_int_equal(zone_make(&z, (const u8 *)"\1x", 1u << 28, KEY), 0);
	set_name(r.owner, &r.owner_len, "a.x.");
	for (u32 i = 0; i < many; i++) {
		r.line = many - i;
		r.type = i % 3 == 0 ? TYPE_NS : i % 3 == 1 ? TYPE_TXT : TYPE_A;
		r.rdlen = 4;
		if (r.type == TYPE_NS)
			set_name(r.rdata, &r.rdlen, "b.");
		else
			memcpy(r.rdata, &(u32){ i / 6 }, 4);
		assert_int_equal(add_one(z, &r), 0);
	}
	assert_int_equal(zone_seal(z), 0);
	for (const struct zone_record *p = zone_records(z, &n); p->owner; p++)
		repeated += p->mark & ZONE_REPEAT ? 1 : 0;
	assert_int_equal(n, many);
	/* NS: all but one; others: half */
	assert_in_range(repeated, 333333 + 333333 - 5, 333333 + 333333 + 5);
	assert_true(zone_rrset(z, zone_find(z, r.owner, r.owner_len), TYPE_TXT, &set));
	assert_int_equal(set.count, 333333);
	assert_int_equal(set.first, 333333 + 333334);
	for (u32 i = set.first; i < set.first + set.count; i++) {
		const struct zone_record *p = zone_records(z, NULL) + i;

		assert_int_equal(zone_line(z, p), 3 + 3 * (i - set.first));
		assert_int_equal(zone_ttl(z, p), ttl_of(zone_line(z, p)));
	}
	assert_false(zone_rrset(z, set.owner, TYPE_MX, &set));
	assert_int_equal(zone_rrset_at(z, 0).count, 333333);
	zone_free(z);
}

static void memory(void **state)
{
	struct zone *z;
	struct one r = { .type = TYPE_NS };
	char text[40];
	u32 i, n;

	(void)state;
	assert_int_equal(zone_make(&z, NULL, 1u << 20, KEY), 0);
	set_name(r.owner, &r.owner_len, "x.");
	set_name(r.rdata, &r.rdlen, "ns.");
	r.type = TYPE_SOA;
	assert_int_equal(add_one(z, &r), 0);
	r.type = TYPE_NS;
	for (i = 0; i < 1000000; i++) {
		int rc;

		snprintf(text, sizeof text, "d%u.x.", i);
		set_name(r.owner, &r.owner_len, text);
		if ((rc = add_one(z, &r)) < 0) {
			assert_int_equal(rc, OOPS_LIMIT);
			break;
		}
	}
	assert_in_range(i, 10000, 30000);
	assert_in_range(zone_memory(z), 900000, (1u << 20) + 8192);
	assert_int_equal(zone_seal(z), 0);
	assert_int_equal(zone_cut_count(z), i);
	assert_int_equal(zone_hosts(z, &n)->delegations, i);
	zone_free(z);
}

static void looking(void **state)
{
	struct zone_text t = { .origin = "x.", .text = "@ 60 SOA a b 1 2 3 4 5\n@ 60 NS ns.a\n"
		"a 60 NS ns.a\nns.a 60 A 192.0.2.1\nb 60 A 192.0.2.1\n" };
	u8 name[NAME_WIRE_MAX];
	unsigned len;
	u32 a, ns;

	(void)state;
	assert_int_equal(zone_text_read(&t), 0);
	set_name(name, &len, "ns.a.x");
	ns = zone_find(t.zone, name, len);
	assert_int_equal(zone_name(t.zone, ns)->flags,
			 ZONE_OWNER | ZONE_INSIDE | ZONE_BELOW | ZONE_TARGET);
	assert_int_equal(zone_host(t.zone, ns), 0);
	set_name(name, &len, "a.x");
	a = zone_find(t.zone, name, len);
	set_name(name, &len, "z.ns.a.x");
	assert_int_equal(zone_find(t.zone, name, len), 0);
	assert_int_equal(zone_above(t.zone, name, len, ZONE_OWNER), ns);
	assert_int_equal(zone_above(t.zone, name, len, ZONE_CUT), a);
	assert_int_equal(zone_above(t.zone, name, len, ZONE_APEX), zone_origin(t.zone));
	assert_int_equal(zone_above(t.zone, name, len, ZONE_MASKED), 0);
	zone_text_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(model), cmocka_unit_test(threads_and_order),
		cmocka_unit_test(one_owner), cmocka_unit_test(memory), cmocka_unit_test(looking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
