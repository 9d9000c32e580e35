/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trust_test.c - vouches: what is forged, past, revoked or older counts for nothing; paths are
 * the shortest, of signed steps only, of six at most; circles end. */
#include "desk_place.h"
#include "base/stamp.h"
#include "respond/contact.h"
#include "respond/trust.h"
#include <sodium.h>
#include <unistd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define PEOPLE 9u
#define YEAR (365 * 86400 * STAMP_NS)

/* Person 0 is us; each has a key. */
struct person { u8 public[32], secret[64]; char key[65], id[16]; };
static struct person people[PEOPLE];

static int make_people(void **state)
{
	(void)state;
	assert_true(sodium_init() >= 0);
	for (unsigned i = 0; i < PEOPLE; i++) {
		struct person *p = &people[i];
		u8 seed[32] = { (u8)(i + 1) };

		crypto_sign_seed_keypair(p->public, p->secret, seed);
		sodium_bin2hex(p->key, sizeof p->key, p->public, 32);
		snprintf(p->id, sizeof p->id, i ? "person%u" : "self", i);
	}
	return 0;
}

/* What person `by` passes on about `whom`, signed by person `signer`. */
struct saying { unsigned by, whom, signer; bool revokes; u64 at, until; };

static const char *said(const struct saying *s, char to[1200])
{
	const struct trust_claim c = { .revokes = s->revokes, .by = people[s->by].id,
		.whom = people[s->whom].id, .key = people[s->whom].key, .at = s->at,
		.until = s->until };
	struct buf text = { 0 };
	char hex[129];
	u8 signature[64];

	trust_text(&text, &c);
	assert_int_equal(buf_error(&text), 0);
	crypto_sign_detached(signature, NULL, (const u8 *)text.at, text.len,
			     people[s->signer].secret);
	sodium_bin2hex(hex, sizeof hex, signature, 64);
	snprintf(to, 1200, "%ssigner: %s\nsignature: %s\n", buf_str(&text),
		 people[s->signer].key, hex);
	buf_free(&text);
	return to;
}

static u64 now_of(const struct desk_place *p)
{
	return p->now / STAMP_NS * STAMP_NS;
}

/* `by` vouches for `whom`, for a year. */
static void vouches(struct desk_place *p, unsigned by, unsigned whom)
{
	char text[1200];

	WELL(p, trust_take(p->desk, said(&(struct saying){ by, whom, by, false, now_of(p),
		now_of(p) + YEAR }, text)));
}

/* How many steps lead from us to a person; 0 = none. */
static u32 steps(struct desk_place *p, unsigned whom)
{
	struct trust_path path;
	int rc = trust_path(&path, p->desk, people[0].key, people[whom].id, TRUST_STEPS_MAX);
	u32 n = path.count;

	assert_true(rc == 0 || rc == OOPS_UNKNOWN);
	assert_int_equal(rc == 0, n > 0);
	for (u32 i = 0; i < n; i++) {	/* each step's key was named by the one before */
		if (i == 0)
			assert_string_equal(path.step[i]->key, people[0].key);
		else
			assert_string_equal(path.step[i]->by, path.step[i - 1]->whom);
	}
	if (n)
		assert_string_equal(path.step[n - 1]->whom, people[whom].id);
	trust_path_free(&path);
	return n;
}

static void paths(void **state)
{
	struct desk_place *p = *state;

	assert_int_equal(steps(p, 1), 0);
	vouches(p, 0, 1);
	vouches(p, 1, 2);
	vouches(p, 2, 3);
	assert_int_equal(steps(p, 1), 1);
	assert_int_equal(steps(p, 3), 3);
	vouches(p, 3, 1);	/* a circle */
	vouches(p, 3, 2);
	assert_int_equal(steps(p, 3), 3);
	assert_int_equal(steps(p, 4), 0);
	vouches(p, 0, 2);	/* a shorter way */
	assert_int_equal(steps(p, 3), 2);
	vouches(p, 3, 4);
	vouches(p, 4, 5);
	vouches(p, 5, 6);
	vouches(p, 6, 7);
	assert_int_equal(steps(p, 7), 6);
	vouches(p, 7, 8);	/* seven steps are too many */
	assert_int_equal(steps(p, 8), 0);
	desk_same_when_rebuilt(p);
}

static void forged(void **state)
{
	static const char *const none[] = { "", "VEDETTE-VOUCH-1\n", "VEDETTE-VOUCH-2\nsays: x\n",
		"VEDETTE-VOUCH-1\nsays: vouch\nby: a\nwhom: b\nkey: 00\nat: x\nuntil: y\n" };
	struct desk_place *p = *state;
	struct saying s = { 1, 2, 1, false, now_of(p), now_of(p) + YEAR };
	char text[1200], changed[1200];

	for (size_t i = 0; i < COUNT(none); i++)
		DENIED(p, trust_take(p->desk, none[i]), OOPS_FORMAT, "vouch");
	said(&s, text);
	for (size_t i = 0; text[i]; i++) {	/* each octet of it matters */
		int rc;

		snprintf(changed, sizeof changed, "%s", text);
		changed[i] = (char)(changed[i] == 'a' ? 'b' : 'a');
		assert_int_equal(desk_begin(p->desk), 0);
		rc = desk_end(p->desk, trust_take(p->desk, changed));
		if (rc != OOPS_FORMAT && rc != OOPS_CHANGED)
			fail_msg("octet %zu of a vouch can be changed (%d): %s", i, rc, changed);
	}
	/* Signed by somebody else than it says: taken, and of no use. */
	vouches(p, 0, 1);
	s.signer = 3;
	WELL(p, trust_take(p->desk, said(&s, text)));
	assert_int_equal(steps(p, 2), 0);
	s.signer = 1;
	WELL(p, trust_take(p->desk, said(&s, text)));
	assert_int_equal(steps(p, 2), 2);
}

static void times(void **state)
{
	struct desk_place *p = *state;
	const u64 now = now_of(p), day = 86400 * STAMP_NS;
	struct saying s = { 1, 2, 1, false, now + day, now + 30 * day };
	char text[1200], old[1200];

	vouches(p, 0, 1);
	WELL(p, trust_take(p->desk, said(&s, text)));
	assert_int_equal(steps(p, 2), 0);	/* it begins tomorrow */
	p->now = now + 2 * day;
	assert_int_equal(steps(p, 2), 2);
	said(&s, old);
	s = (struct saying){ 1, 2, 1, true, now + 3 * day, now + 30 * day };
	WELL(p, trust_take(p->desk, said(&s, text)));
	assert_int_equal(steps(p, 2), 0);	/* taken back */
	DENIED(p, trust_take(p->desk, old), OOPS_CHANGED, "something newer");
	assert_int_equal(steps(p, 2), 0);	/* and not brought back by the old one */
	s = (struct saying){ 1, 2, 1, false, now + 4 * day, now + 30 * day };
	WELL(p, trust_take(p->desk, said(&s, text)));
	p->now = now + 5 * day;
	assert_int_equal(steps(p, 2), 2);
	p->now = now + 31 * day;
	assert_int_equal(steps(p, 2), 0);	/* past */
	desk_same_when_rebuilt(p);
}

/* What we say ourselves is signed with the key of the desk, or not said. */
static void our_own(void **state)
{
	struct desk_place *p = *state;
	const struct trust_claim c = { .by = "self", .whom = "person1", .key = people[1].key,
		.at = now_of(p), .until = now_of(p) + YEAR };
	struct buf passed = { 0 };
	char *self = NULL;

	DENIED(p, trust_say(p->desk, &c, &passed), OOPS_RANGE, "a vouch is signed");
	assert_int_equal(passed.len, 0);
	WELL(p, contact_set(p->desk, &(struct contact){ .id = "we", .name = "We" }));
	assert_int_equal(trust_self(p->desk, &self), 0);
	assert_string_equal(self, TRUST_SELF);
	free(self);
	buf_free(&passed);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, desk_up, desk_down)
	const struct CMUnitTest tests[] = { T(paths), T(forged), T(times), T(our_own) };

	return cmocka_run_group_tests(tests, make_people, NULL);
}
