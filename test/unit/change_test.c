/* SPDX-License-Identifier: GPL-3.0-or-later */
/* change_test.c - snapshots there and back, and what the change family says of two or three
 * of them: every row must fire somewhere, and an ordinary day must not alarm. */
#include "zone_make.h"
#include "base/buf.h"
#include "dns/suffix.h"
#include "verify/change.h"
#include "zone/snapshot.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define DAY 86400u
#define START 1700000000u

extern const struct check_family family_change;

static struct suffixes *suffixes;
static bool fired[64];

static int setup(void **state)
{
	(void)state;
	return suffixes_none(&suffixes, 7);
}

static int teardown(void **state)
{
	unsigned missing = 0;

	(void)state;
	suffixes_free(suffixes);
	for (unsigned i = 0; change_rows[i].id; i++)
		if (!fired[i]) {
			fprintf(stderr, "no case makes %s speak\n", change_rows[i].id);
			missing++;
		}
	return missing ? -1 : 0;
}

static struct snapshot *snapshot_of(const struct zone *z, u64 at, const struct snapshot *old)
{
	struct snapshot *s;
	struct snapshot_about about = { .at = at, .key = 7, .old = old, .memory = 30 * DAY };

	assert_int_equal(snapshot_make(&s, z, &about), 0);
	return s;
}

static int put(void *to, const void *octets, size_t n)
{
	buf_add(to, octets, n);
	return 0;
}

/* Written and read back, because that is what the next day has. */
static struct snapshot *kept(struct snapshot *s, struct buf *file)
{
	struct snapshot *ret;

	buf_clear(file);
	assert_int_equal(snapshot_write(s, put, file), 0);
	snapshot_free(s);
	assert_int_equal(snapshot_view(&ret, (const u8 *)file->at, file->len), 0);
	return ret;
}

/* A zone, what it is on the days named, and what is said on the last one. */
struct day { unsigned at; const char *text; };

static void look_at(struct said *ret, const char *origin, const struct day *days, unsigned n,
		    const char *options)
{
	struct buf file[2] = { 0 };
	struct snapshot *old = NULL;

	*ret = (struct said){ 0 };
	for (unsigned i = 0; i < n; i++) {
		struct zone *z = zone_of(origin, days[i].text);
		struct snapshot *now = snapshot_of(z, START + days[i].at, old);
		struct audit_input in = { .suffixes = suffixes, .key = 7, .old = old, .now = now };
		struct zone_look how = { .at = START + days[i].at, .options = options,
			.input = &in };

		if (i == n - 1) {
			zone_look(ret, &family_change, z, &how);
			for (unsigned r = 0; change_rows[r].id; r++)
				fired[r] |= ret->cases[r] > 0;
			snapshot_free(now);
			now = NULL;
		}
		zone_free(z);
		if (now)
			now = kept(now, &file[i % 2]);
		snapshot_free(old);
		old = now;
	}
	buf_free(&file[0]);
	buf_free(&file[1]);
}

#define APEX(serial) "@ SOA ns1.reg hostmaster " serial " 7200 3600 1209600 3600\n@ NS ns1.reg\n"
#define DS " DS 12345 13 2 49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC0101\n"
#define DS2 " DS 12346 13 2 49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC0101\n"

/* What came and what went is told, however many servers stay. */
static void which_servers(void **state)
{
#define FIVE(name) name " NS a.one.net.\n" name " NS b.one.net.\n" name " NS c.one.net.\n" \
	name " NS d.one.net.\n" name " NS e.one.net.\n"
	static const struct day days[] = {
		{ 0, APEX("1") FIVE("more") FIVE("less") "less NS f.two.net.\n" FIVE("other")
		     "other NS f.two.net.\nall NS a.one.net.\n" },
		{ DAY, APEX("2") FIVE("more") "more NS f.two.net.\n" FIVE("less") FIVE("other")
		       "other NS g.two.net.\nall NS g.two.net.\n" },
	};
	struct said said;

	(void)state;
	look_at(&said, "example.", days, 2, NULL);
	assert_string_equal(said_find(&said, "change.moved", "more.example")->sentence,
		"more.example got the server f.two.net beside those that it had: a.one.net, "
		"b.one.net, c.one.net, d.one.net and 1 more.");
	assert_string_equal(said_find(&said, "change.moved", "less.example")->sentence,
		"less.example lost the server f.two.net and keeps those that are left: a.one.net, "
		"b.one.net, c.one.net, d.one.net and 1 more.");
	assert_string_equal(said_find(&said, "change.moved", "other.example")->sentence,
		"other.example lost the server f.two.net and got g.two.net; its other servers "
		"stayed.");
	assert_string_equal(said_find(&said, "change.moved", "all.example")->sentence,
		"all.example moved from a.one.net to g.two.net.");
	said_free(&said);
}

static void ordinary(void **state)
{
	static const struct day days[] = {
		{ 0, APEX("1") "a NS ns1.one.net.\na NS ns2.one.net.\nb NS ns1.one.net.\n"
		     "gone NS ns1.one.net.\nc NS ns.c\nns.c A 192.0.2.1\nsec NS ns1.one.net.\n"
		     "signed NS ns1.one.net.\nsigned" DS "roll NS ns1.one.net.\nroll" DS },
		{ DAY, APEX("2") "a NS ns1.two.net.\nb NS ns1.one.net.\nfresh NS ns1.one.net.\n"
		       "c NS ns.c\nns.c A 192.0.2.9\nsec NS ns1.one.net.\nsec" DS
		       "signed NS ns1.one.net.\nroll NS ns1.one.net.\nroll" DS2 },
	};
	struct said said;
	const struct finding *f;

	(void)state;
	look_at(&said, "example.", days, 2, NULL);
	assert_non_null(said_find(&said, "change.moved", "a.example"));
	assert_non_null(said_find(&said, "change.gone", "gone.example"));
	assert_non_null(said_find(&said, "change.new", "fresh.example"));
	assert_non_null(said_find(&said, "change.ds-added", "sec.example"));
	assert_non_null(said_find(&said, "change.ds-removed", "signed.example"));
	assert_non_null(said_find(&said, "change.ds-changed", "roll.example"));
	assert_non_null(said_find(&said, "change.host-moved", "ns.c.example"));
	f = said_find(&said, "change.summary", "example");
	assert_non_null(f);
	assert_true(said_value(f, "moved") == 1 && said_value(f, "gone") == 1 &&
		    said_value(f, "new") == 1 && said_value(f, "ds_changed") == 3);
	for (u32 i = 0; i < said.count; i++)
		assert_true(said.at[i].severity < SEVERITY_MEDIUM);
	said_free(&said);
}

static void nothing(void **state)
{
	static const struct day days[] = { { 0, APEX("1") "a NS ns1.one.net.\n" },
		{ DAY, APEX("1") "a NS ns1.one.net.\n" } };
	struct said said;

	(void)state;
	look_at(&said, "example.", days, 2, NULL);
	assert_int_equal(said_count(&said, NULL), 1);	/* the summary */
	said_free(&said);
}

static void turtle(void **state)
{
	static const struct day days[] = {
		{ 0, APEX("1") "bank NS ns1.one.net.\nbank" DS "half NS ns1.one.net.\n"
		     "half NS ns2.one.net.\nhalf" DS },
		{ DAY, APEX("2") "bank 60 NS ns1.evil.net.\nhalf NS ns1.one.net.\n" },
	};
	struct said said;
	const struct finding *f;

	(void)state;
	look_at(&said, "example.", days, 2, NULL);
	f = said_find(&said, "change.unsigned-and-moved", "bank.example");
	assert_non_null(f);
	assert_int_equal(f->severity, SEVERITY_HIGH);
	f = said_find(&said, "change.unsigned-and-moved", "half.example");
	assert_non_null(f);
	assert_int_equal(f->severity, SEVERITY_MEDIUM);
	assert_non_null(said_find(&said, "change.flux", "bank.example"));
	assert_null(said_find(&said, "change.flux", "half.example"));
	assert_null(said_find(&said, "change.ds-removed", NULL));
	said_free(&said);
}

/* Forty delegations, ten at each of four operators; the day after, where `to` says. */
static char *many(unsigned day, const char *to, unsigned moving)
{
	struct buf b = { 0 };
	char *ret;

	buf_fmt(&b, "@ SOA ns1.reg hostmaster %u 7200 3600 1209600 3600\n@ NS ns1.reg\n", day + 1);
	for (unsigned i = 0; i < 40; i++)
		if (day && i < moving)
			buf_fmt(&b, "n%02u NS %s\n", i, to);
		else
			buf_fmt(&b, "n%02u NS ns1.op%u.net.\n", i, i % 4);
	ret = strdup(buf_str(&b));
	buf_free(&b);
	return ret;
}

static void moving(struct said *said, const char *to, unsigned n, const char *options)
{
	struct day days[] = { { 0, many(0, to, n) }, { DAY, many(1, to, n) } };

	look_at(said, "example.", days, 2, options);
	free((void *)days[0].text);
	free((void *)days[1].text);
}

static void gathering(void **state)
{
	struct said said;
	const char *options = "change:\n  operators: 4\n";
	const struct finding *f;

	(void)state;
	moving(&said, "ns1.evil.net.", 12, options);
	f = said_find(&said, "change.gathering", "ns1.evil.net");
	assert_non_null(f);
	assert_true(said_value(f, "moved") == 12 && said_value(f, "origins") == 4 &&
		    said_value(f, "before") == 0);
	assert_int_equal(f->related_count, 12);
	assert_null(said_find(&said, "change.mass", NULL));
	said_free(&said);
	/* To one who served ten of them before: an ordinary provider. */
	moving(&said, "ns2.op0.net.", 12, options);
	assert_null(said_find(&said, "change.gathering", NULL));
	said_free(&said);
	/* Too few. */
	moving(&said, "ns1.evil.net.", 9, options);
	assert_null(said_find(&said, "change.gathering", NULL));
	said_free(&said);
	moving(&said, "ns1.evil.net.", 20, options);
	assert_non_null(said_find(&said, "change.mass", "example"));
	said_free(&said);
}

static void migration(void **state)
{
	struct said said;
	struct buf a = { 0 }, b = { 0 };
	struct day days[2] = { { .at = 0 }, { .at = DAY } };

	(void)state;
	buf_text(&a, APEX("1"));
	buf_text(&b, APEX("2"));
	for (unsigned i = 0; i < 12; i++) {
		buf_fmt(&a, "n%02u NS ns1.old.net.\n", i);
		buf_fmt(&b, "n%02u NS ns1.renamed.net.\n", i);
	}
	days[0].text = buf_str(&a);
	days[1].text = buf_str(&b);
	look_at(&said, "example.", days, 2, NULL);
	assert_non_null(said_find(&said, "change.migration", "ns1.renamed.net"));
	assert_null(said_find(&said, "change.gathering", NULL));
	said_free(&said);
	buf_free(&a);
	buf_free(&b);
}

static void hosts_gathering(void **state)
{
	struct said said;
	struct buf a = { 0 }, b = { 0 };
	struct day days[2] = { { .at = 0 }, { .at = DAY } };

	(void)state;
	buf_text(&a, APEX("1"));
	buf_text(&b, APEX("2"));
	for (unsigned i = 0; i < 12; i++) {
		buf_fmt(&a, "n%02u NS ns.n%02u\nns.n%02u A 192.0.2.%u\n", i, i, i, i);
		buf_fmt(&b, "n%02u NS ns.n%02u\nns.n%02u A 203.0.113.1\n", i, i, i);
	}
	days[0].text = buf_str(&a);
	days[1].text = buf_str(&b);
	look_at(&said, "example.", days, 2, NULL);
	assert_int_equal(said_count(&said, "change.hosts-gathering"), 1);
	assert_int_equal(said_count(&said, "change.host-moved"), 12);
	said_free(&said);
	buf_free(&a);
	buf_free(&b);
}

static void returned(void **state)
{
	static const char home[] = APEX("1") "bank NS ns1.one.net.\nother NS ns1.one.net.\n";
	static const char away[] = APEX("2") "bank NS ns1.evil.net.\nother NS ns1.one.net.\n";
	static const char again[] = APEX("3") "bank NS ns1.one.net.\nother NS ns1.two.net.\n";
	static const struct day days[] = { { 0, home }, { DAY, away }, { 3 * DAY, again } };
	static const struct day slow[] = { { 0, home }, { DAY, away }, { 90 * DAY, again } };
	static const struct day churn[] = { { 0, home }, { DAY, away }, { 2 * DAY, home },
		{ 3 * DAY, away }, { 4 * DAY, home } };
	struct said said;
	const struct finding *f;

	(void)state;
	look_at(&said, "example.", days, 3, NULL);
	f = said_find(&said, "change.returned", "bank.example");
	assert_non_null(f);
	assert_true(said_value(f, "away") == 2 * DAY);
	assert_int_equal(said_count(&said, "change.returned"), 1);
	said_free(&said);
	look_at(&said, "example.", slow, 3, NULL);
	assert_int_equal(said_count(&said, "change.returned"), 0);
	said_free(&said);
	look_at(&said, "example.", churn, 5, NULL);
	f = said_find(&said, "change.churn", "bank.example");
	assert_non_null(f);
	assert_true(said_value(f, "moves") == 4);
	said_free(&said);
}

static void serials(void **state)
{
	static const struct day back[] = { { 0, APEX("5") "a NS ns1.one.net.\n" },
		{ DAY, APEX("4") "a NS ns1.one.net.\n" } };
	static const struct day same[] = { { 0, APEX("5") "a NS ns1.one.net.\n" },
		{ DAY, APEX("5") "a NS ns1.two.net.\n" } };
	static const struct day around[] = { { 0, APEX("4294967295") "a NS ns1.one.net.\n" },
		{ DAY, APEX("1") "a NS ns1.two.net.\n" } };
	struct said said;

	(void)state;
	look_at(&said, "example.", back, 2, NULL);
	assert_non_null(said_find(&said, "change.serial-back", "example"));
	said_free(&said);
	look_at(&said, "example.", same, 2, NULL);
	assert_non_null(said_find(&said, "change.serial-same", "example"));
	said_free(&said);
	look_at(&said, "example.", around, 2, NULL);
	assert_int_equal(said_count(&said, "change.serial-back"), 0);
	assert_int_equal(said_count(&said, "change.serial-same"), 0);
	said_free(&said);
}

#define KEY_A "@ DNSKEY 256 3 13 " \
	"oJMRESz5E4gYzS/q6XDrvU1qMPYIjCWzJaOau8XNEZeqCYKD5ar0IRd8KqXXFJkqmVfRvMGPmM1x8fGAa2XhSA==\n"
#define KEY_B "@ DNSKEY 256 3 13 " \
	"cSe9O8ndDaQVPAhtMROLPjHSD4YkIcfv5tWGCWZ4uIIEjYWEeDzuvWhaiYPtqMHdIiyCyZmSCtWHKzVkJEhqbw==\n"

static void keys(void **state)
{
	struct zone *z = zone_of("example.", APEX("1") KEY_A KEY_B);
	const struct zone_record *r = zone_records(z, NULL);
	struct zone_rrset set;
	struct buf a = { 0 }, b = { 0 };
	struct day days[2] = { { .at = 0 }, { .at = 600 } };
	unsigned tag[2] = { 0 };
	struct said said;

	(void)state;
	assert_true(zone_rrset(z, zone_origin(z), TYPE_DNSKEY, &set));
	for (u32 i = 0; i < 2; i++) {
		u32 len;
		const u8 *d = zone_rdata(z, &r[set.first + i], &len);

		for (u32 j = 0; j < len; j++)
			tag[i] += j & 1 ? d[j] : (u32)d[j] << 8;
		tag[i] = (tag[i] + (tag[i] >> 16)) & 0xffff;
	}
	zone_free(z);
	buf_fmt(&a, "%s%s@ RRSIG SOA 13 1 86400 20301231235959 20230101000000 %u example. AAAA\n",
		APEX("1"), KEY_A, tag[0]);
	buf_fmt(&b, "%s%s@ RRSIG SOA 13 1 86400 20301231235959 20230101000000 %u example. AAAA\n",
		APEX("2"), KEY_B, tag[1]);
	days[0].text = buf_str(&a);
	days[1].text = buf_str(&b);
	look_at(&said, "example.", days, 2, NULL);
	assert_int_equal(said_count(&said, "change.key-early"), 1);
	assert_int_equal(said_count(&said, "change.key-gone"), 1);
	assert_int_equal(said_count(&said, "change.keys"), 1);
	said_free(&said);
	days[1].at = 2 * DAY;	/* all caches are empty by then */
	look_at(&said, "example.", days, 2, NULL);
	assert_int_equal(said_count(&said, "change.key-early"), 0);
	assert_int_equal(said_count(&said, "change.key-gone"), 0);
	said_free(&said);
	buf_free(&a);
	buf_free(&b);
}

/* Every octet of a file changed, and every length of it: an error each time. */
static void damaged(void **state)
{
	struct zone *z = zone_of("example.", APEX("1") "a NS ns1.one.net.\na" DS
				 "b NS ns.b\nns.b A 192.0.2.1\n" KEY_A);
	struct snapshot *s = snapshot_of(z, START, NULL), *again;
	struct buf file = { 0 };

	(void)state;
	assert_int_equal(snapshot_write(s, put, &file), 0);
	for (size_t i = 0; i < file.len; i++) {
		file.at[i] ^= 0x10;
		assert_true(snapshot_view(&again, (const u8 *)file.at, file.len) < 0);
		file.at[i] ^= 0x10;
	}
	for (size_t n = 0; n < file.len; n++)
		assert_true(snapshot_view(&again, (const u8 *)file.at, n) < 0);
	assert_int_equal(snapshot_view(&again, (const u8 *)file.at, file.len), 0);
	assert_int_equal(again->cut_count, 2);
	snapshot_free(again);
	snapshot_free(s);
	zone_free(z);
	buf_free(&file);
}

/* Random days against a naive comparison of what was written. */
static u32 draw(u32 *seed, u32 below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % below;
}

#define NAMES 60
static void write_day(struct buf *b, u32 *seed, const u8 *was, u8 *ret)
{
	buf_fmt(b, "@ SOA ns1.reg hostmaster %u 7200 3600 1209600 3600\n@ NS ns1.reg\n",
		was ? 2 : 1);
	for (unsigned i = 0; i < NAMES; i++) {
		ret[i] = was && draw(seed, 3) ? was[i] : (u8)draw(seed, 5);
		if (ret[i])	/* 0: no such delegation */
			buf_fmt(b, "n%02u%s NS ns1.op%u.net.\nn%02u%s NS ns2.op%u.net.\n", i,
				i % 7 ? "" : ".deep", ret[i], i, i % 7 ? "" : ".deep", ret[i]);
	}
}

static void naive(void **state)
{
	u32 seed = 20261121;

	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		struct buf a = { 0 }, b = { 0 };
		u8 was[NAMES], is[NAMES];
		u32 fresh = 0, gone = 0, moved = 0;
		struct day days[2] = { { .at = 0 }, { .at = DAY } };
		struct said said;
		const struct finding *f;

		write_day(&a, &seed, NULL, was);
		write_day(&b, &seed, was, is);
		for (unsigned i = 0; i < NAMES; i++) {
			fresh += !was[i] && is[i];
			gone += was[i] && !is[i];
			moved += was[i] && is[i] && was[i] != is[i];
		}
		days[0].text = buf_str(&a);
		days[1].text = buf_str(&b);
		look_at(&said, "example.", days, 2, NULL);
		f = said_find(&said, "change.summary", NULL);
		assert_non_null(f);
		assert_true(said_value(f, "new") == fresh && said_value(f, "gone") == gone &&
			    said_value(f, "moved") == moved);
		assert_int_equal(said_count(&said, "change.new"), fresh);
		assert_int_equal(said_count(&said, "change.gone"), gone);
		assert_int_equal(said_count(&said, "change.moved"), moved);
		said_free(&said);
		buf_free(&a);
		buf_free(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(which_servers),
		cmocka_unit_test(ordinary), cmocka_unit_test(nothing), cmocka_unit_test(turtle),
		cmocka_unit_test(gathering), cmocka_unit_test(migration),
		cmocka_unit_test(hosts_gathering), cmocka_unit_test(returned),
		cmocka_unit_test(serials), cmocka_unit_test(keys), cmocka_unit_test(damaged),
		cmocka_unit_test(naive),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
