/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig_seen_test.c - sets of what was found good: what is in is found, nothing else is, what
 * was written is read, and a file that was touched anywhere is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include "base/base.h"
#include "dns/sig_seen.h"
#include "draw.h"
#include "sig_make.h"
#include <cmocka.h>

struct file { u8 at[1 << 22]; size_t n; };
static struct file file;

static int put(void *to, const void *octets, size_t n)
{
	struct file *f = to;

	if (sizeof f->at - f->n < n)
		return -ENOSPC;
	memcpy(f->at + f->n, octets, n);
	f->n += n;
	return 0;
}

static void some_mark(u64 *seed, u8 mark[SIG_MARK])
{
	for (unsigned i = 0; i < SIG_MARK; i++)
		mark[i] = (u8)draw(seed);
}

/* A set of `count` marks, each put in twice; the last `alike` octets alone differ. */
static void make(u64 seed, unsigned count, unsigned alike)
{
	struct sig_marks m = { 0 }, other = { 0 };
	u8 mark[SIG_MARK];

	for (unsigned twice = 0; twice < 2; twice++) {
		u64 s = seed;

		for (unsigned i = 0; i < count; i++) {
			some_mark(&s, mark);
			memset(mark, 7, SIG_MARK - alike);
			assert_int_equal(sig_marks_add(twice ? &m : &other, mark), 0);
		}
	}
	assert_int_equal(sig_marks_join(&m, &other), 0);
	assert_null(other.at);
	assert_int_equal(m.count, 2 * count);
	assert_int_equal(sig_marks_sort(&m), 0);
	file.n = 0;
	assert_int_equal(sig_seen_write(&m, put, &file), 0);
	assert_int_equal(file.n, sig_seen_size(&m));
	sig_marks_free(&m);
}

static void looked_up(void **state)
{
	static const struct { unsigned count, alike; } sets[] = {
		{ 0, 16 }, { 1, 16 }, { 2, 16 }, { 1000, 16 }, { 100000, 16 }, { 200, 1 },
		{ 5000, 8 }, { 30000, 4 },
	};

	(void)state;
	for (unsigned k = 0; k < COUNT(sets); k++) {
		u64 seed = 1000 + k, s = seed;
		struct sig_seen seen;
		u8 mark[SIG_MARK];

		make(seed, sets[k].count, sets[k].alike);
		assert_int_equal(sig_seen_view(&seen, file.at, file.n), 0);
		assert_in_range(seen.count, sets[k].count / 4, sets[k].count);
		for (unsigned i = 0; i < sets[k].count; i++) {
			some_mark(&s, mark);
			memset(mark, 7, SIG_MARK - sets[k].alike);
			assert_true(sig_seen_has(&seen, mark));
			mark[0] ^= 1;
			assert_false(sig_seen_has(&seen, mark));
		}
		memset(mark, 0, SIG_MARK);
		assert_false(sig_seen_has(&seen, mark));
		memset(mark, 0xff, SIG_MARK);
		assert_false(sig_seen_has(&seen, mark));
	}
	assert_false(sig_seen_has(&(struct sig_seen){ 0 }, file.at));
}

/* Marks at the ends of the range and in heaps far apart, where guesses go wrong. */
static void uneven(void **state)
{
	struct sig_marks m = { 0 };
	struct sig_seen seen;
	u8 mark[SIG_MARK];

	(void)state;
	for (unsigned i = 0; i < 4000; i++) {
		memset(mark, 0, SIG_MARK);
		for (unsigned b = 0; b <= i % 100; b++)	/* 1, 11, 111 ... binary */
			mark[15 - b / 8] |= (u8)(1u << b % 8);
		mark[0] ^= (u8)(i / 100 % 3 == 0 ? 0xff : 0);
		mark[14] ^= (u8)(i / 100);
		assert_int_equal(sig_marks_add(&m, mark), 0);
	}
	assert_int_equal(sig_marks_sort(&m), 0);
	file.n = 0;
	assert_int_equal(sig_seen_write(&m, put, &file), 0);
	assert_int_equal(sig_seen_view(&seen, file.at, file.n), 0);
	assert_int_equal(seen.count, m.count);
	for (u32 i = 0; i < m.count; i++)
		assert_true(sig_seen_has(&seen, m.at[i]));
	sig_marks_free(&m);
}

static void touched(void **state)
{
	struct sig_seen seen = { 0 };

	(void)state;
	make(5, 50, 16);
	for (size_t n = 0; n < file.n; n++)
		assert_true(sig_seen_view(&seen, file.at, n) < 0);
	assert_true(sig_seen_view(&seen, file.at, file.n + 1) < 0);
	assert_true(sig_seen_view(&seen, file.at, file.n + SIG_MARK) < 0);
	for (size_t i = 0; i < file.n * 8; i++) {
		file.at[i / 8] ^= (u8)(1u << i % 8);
		assert_true(sig_seen_view(&seen, file.at, file.n) < 0);
		file.at[i / 8] ^= (u8)(1u << i % 8);
	}
	assert_int_equal(seen.count, 0);
	assert_int_equal(sig_seen_view(&seen, file.at, file.n), 0);
	assert_int_equal(sig_seen_view(&seen, file.at, 8), OOPS_SHORT);
	assert_int_equal(sig_seen_view(&seen, file.at, file.n - 1), OOPS_SHORT);
	assert_int_equal(sig_seen_view(&seen, file.at, 7), OOPS_FORMAT);
	file.at[8]++;
	assert_int_equal(sig_seen_view(&seen, file.at, file.n), OOPS_VERSION);
}

/* The hash is right and the order is not: still refused. */
static void out_of_order(void **state)
{
	struct sig_marks m = { 0 };
	struct sig_seen seen;
	u8 mark[SIG_MARK] = { 2 };

	(void)state;
	assert_int_equal(sig_marks_add(&m, mark), 0);
	mark[0] = 1;
	assert_int_equal(sig_marks_add(&m, mark), 0);
	file.n = 0;
	assert_int_equal(sig_seen_write(&m, put, &file), 0);	/* not sorted */
	assert_int_equal(sig_seen_view(&seen, file.at, file.n), OOPS_CHANGED);
	memcpy(m.at[0], m.at[1], SIG_MARK);
	file.n = 0;
	assert_int_equal(sig_seen_write(&m, put, &file), 0);	/* twins */
	assert_int_equal(sig_seen_view(&seen, file.at, file.n), OOPS_CHANGED);
	file.n = sizeof file.at;
	assert_int_equal(sig_seen_write(&m, put, &file), -ENOSPC);
	sig_marks_free(&m);
}

/* Whatever changes changes the mark; where the octets end and the signature begins, too. */
static void marks_differ(void **state)
{
	enum { N = 7 };
	u8 marks[N][SIG_MARK], again[SIG_MARK], sig[512] = "signature";
	const u8 *data = (const u8 *)"octets";
	struct sig_worker *w;
	struct sig_key *k, *other;
	struct signer s;

	(void)state;
	signer_make(&s, SIG_ED25519, 0);
	assert_int_equal(sig_worker_make(&w), 0);
	assert_int_equal(sig_key_open(&k, s.rdata, s.rdlen, 1), 0);
	s.rdata[0] ^= 1;	/* the flags alone */
	assert_int_equal(sig_key_open(&other, s.rdata, s.rdlen, 1), 0);
	const struct sig_check c[N] = {
		{ k, data, 6, sig, 9, 0 }, { other, data, 6, sig, 9, 0 },
		{ k, data, 5, sig, 9, 0 }, { k, data, 6, sig, 8, 0 },
		{ k, data + 1, 5, sig, 9, 0 }, { k, data, 0, sig, 0, 0 },
		{ k, (const u8 *)"octetss", 7, sig + 1, 8, 0 },
	};
	for (unsigned i = 0; i < N; i++) {
		assert_int_equal(sig_mark(w, &c[i], marks[i]), 0);
		assert_int_equal(sig_mark(w, &c[i], again), 0);
		assert_memory_equal(marks[i], again, SIG_MARK);
		for (unsigned j = 0; j < i; j++)
			assert_memory_not_equal(marks[i], marks[j], SIG_MARK);
	}
	sig_key_free(k);
	sig_key_free(other);
	sig_worker_free(w);
	signer_end(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(looked_up),
		cmocka_unit_test(uneven),
		cmocka_unit_test(touched),
		cmocka_unit_test(out_of_order),
		cmocka_unit_test(marks_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
