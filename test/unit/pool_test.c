/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pool_test.c - blocks never overlap, stay inside the limit and come again. */
#include <setjmp.h>
#include <stdarg.h>
#include "base/pool.h"
#include <cmocka.h>
#include <sys/mman.h>
#include <unistd.h>

#define HELD 4000

static u64 next(u64 *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

struct held {
	u32 handle;
	size_t n;
	u8 mark;
};

/* Each block is filled with its mark; an overlap destroys a mark. */
static void check_and_put(struct pool *p, struct held *h)
{
	const u8 *at = pool_at(p, h->handle);

	for (size_t i = 0; i < h->n; i++)
		if (at[i] != h->mark)
			fail_msg("block %u was written by another", h->handle);
	pool_put(p, h->handle, h->n);
	*h = (struct held){ 0 };
}

static bool get_and_mark(struct pool *p, struct held *h, u64 *seed)
{
	h->n = next(seed) % (POOL_BLOCK_MAX + 1) >> next(seed) % 12;
	h->mark = (u8)next(seed);
	h->handle = pool_get(p, h->n);
	if (h->handle == 0)
		return false;
	assert_int_equal((uintptr_t)pool_at(p, h->handle) % POOL_UNIT, 0);
	assert_true((u64)h->handle * POOL_UNIT + h->n <= p->limit);
	memset(pool_at(p, h->handle), h->mark, h->n);
	return true;
}

static void walk(u64 limit, u64 seed)
{
	static struct held held[HELD];
	unsigned refused = 0, got = 0;
	struct pool p;

	memset(held, 0, sizeof held);
	assert_int_equal(pool_open(&p, limit), 0);
	for (int i = 0; i < 200000; i++) {
		struct held *h = &held[next(&seed) % HELD];

		if (h->handle)
			check_and_put(&p, h);
		else if (get_and_mark(&p, h, &seed))
			got++;
		else
			refused++;
		assert_true(p.top <= limit);
	}
	for (unsigned i = 0; i < HELD; i++)
		if (held[i].handle)
			check_and_put(&p, &held[i]);
	assert_true(got > 1000);
	assert_true(limit > (16u << 20) ? refused == 0 : refused > 0);
	pool_close(&p);
}

static void random_walks(void **state)
{
	(void)state;
	walk(64 << 10, 1);
	walk(100 * 1000 + 13, 2);
	walk(1 << 20, 3);
	walk(64 << 20, 4);
}

static void classes(void **state)
{
	struct pool p;

	(void)state;
	assert_int_equal(pool_open(&p, 1 << 20), 0);
	for (size_t n = 0; n <= POOL_BLOCK_MAX; n++) {
		u64 before = p.top;
		u32 h = pool_get(&p, n), again;
		u64 size = p.top - before;

		assert_true(h != 0);
		pool_put(&p, h, n);
		again = pool_get(&p, n);
		assert_int_equal(h, again);	/* freed last, given first */
		assert_true(size >= n && (n <= POOL_UNIT ? size == POOL_UNIT : size < 2 * n));
		pool_clear(&p);
	}
	assert_int_equal(pool_get(&p, POOL_BLOCK_MAX + 1), 0);
	assert_int_equal(pool_get(&p, SIZE_MAX), 0);
	pool_put(&p, 0, 77);
	pool_close(&p);
}

/* At the limit large free blocks serve small wishes, all of their octets. */
static void halved(void **state)
{
	u32 large[4];
	unsigned small = 0;
	struct pool p;

	(void)state;
	assert_int_equal(pool_open(&p, POOL_UNIT + 4 * POOL_BLOCK_MAX), 0);
	for (int i = 0; i < 4; i++)
		assert_true((large[i] = pool_get(&p, POOL_BLOCK_MAX)) != 0);
	assert_int_equal(pool_get(&p, 1), 0);
	pool_put(&p, large[1], POOL_BLOCK_MAX);
	pool_put(&p, large[3], POOL_BLOCK_MAX);
	while (pool_get(&p, 1))
		small++;
	assert_int_equal(small, 2 * POOL_BLOCK_MAX / POOL_UNIT);
	pool_close(&p);
}

static void tiny_and_huge(void **state)
{
	struct pool p;

	(void)state;
	for (u64 limit = 0; limit < 2 * POOL_UNIT; limit++) {
		assert_int_equal(pool_open(&p, limit), 0);
		assert_int_equal(pool_get(&p, 1), 0);
		pool_close(&p);
	}
	assert_int_equal(pool_open(&p, 2 * POOL_UNIT), 0);
	assert_int_equal(pool_get(&p, 32), 1);
	assert_int_equal(pool_get(&p, 1), 0);
	pool_close(&p);
	if (pool_open(&p, UINT64_MAX) == 0)	/* where addresses are not rationed */
		assert_true(p.limit == POOL_LIMIT_MAX && pool_get(&p, 4096) == 1);
	pool_close(&p);
	pool_close(&p);
}

static unsigned pages_in_memory(const struct pool *p, u64 octets)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char *in = calloc(1, octets / page + 1);
	unsigned n = 0;

	assert_non_null(in);
	assert_int_equal(mincore(p->at, octets, in), 0);
	for (size_t i = 0; i < octets / page; i++)
		n += in[i] & 1;
	free(in);
	return n * (unsigned)(page / 1024);	/* kibibytes */
}

/* Memory is used as far as blocks are, and goes back when all are forgotten. */
static void memory_follows(void **state)
{
	u64 limit = 64 << 20;
	struct pool p;
	u32 h;

	(void)state;
	assert_int_equal(pool_open(&p, limit), 0);
	madvise(p.at, limit, MADV_NOHUGEPAGE);
	assert_true(pages_in_memory(&p, limit) <= 64);
	while ((h = pool_get(&p, POOL_BLOCK_MAX)))
		memset(pool_at(&p, h), 1, POOL_BLOCK_MAX);
	assert_true(pages_in_memory(&p, limit) > 60 * 1024);
	pool_clear(&p);
	assert_true(pages_in_memory(&p, limit) <= POOL_KEEP / 1024);
	assert_int_equal(pool_get(&p, 1), 1);
	pool_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_walks), cmocka_unit_test(classes),
		cmocka_unit_test(halved), cmocka_unit_test(tiny_and_huge),
		cmocka_unit_test(memory_follows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
