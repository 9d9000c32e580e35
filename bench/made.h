/* SPDX-License-Identifier: GPL-3.0-or-later */
/* made.h - what the programs share that make a store of findings and measure it: the clock, the
 * end when something goes wrong, and one run of made findings. For the benchmark alone. */
#pragma once
#include "model/finding.h"
#include "store/store.h"
#include <time.h>

#define S 1000000000ull

/* Nanoseconds since 1970; a desk's clock. */
static u64 made_now(void *world)
{
	struct timespec t;

	(void)world;
	clock_gettime(CLOCK_REALTIME, &t);
	return (u64)t.tv_sec * S + (u64)t.tv_nsec;
}

/* Ends the program with that sentence when rc is negative. */
static void made_check(int rc, const char *why)
{
	if (rc >= 0)
		return;
	fprintf(stderr, "%s: %s\n", program_invocation_short_name, why);
	exit(1);
}

/* Makes finding number n. */
typedef void made_fn(void *to, struct finding *f, u64 n);

/* A new store with one run of `count` findings, which began then. */
static void made_store(const char *path, u64 count, u64 started, made_fn *make, void *to)
{
	const struct store_run run = { .started = started, .version = "", .arguments = "made" };
	const struct run_report report = { .from = 1, .until = 2 };
	struct finding *f = calloc(1, sizeof *f);
	struct store *s = NULL;
	char why[STORE_WHY];

	made_check(store_open(&s, path, STORE_WRITE, why), why);
	made_check(store_begin_run(s, &run), store_error(s));
	for (u64 n = 0; n < count; n++) {
		make(to, f, n);
		made_check(store_add_finding(s, f), store_error(s));
	}
	made_check(store_end_run(s, started + S, &report), store_error(s));
	store_close(s);
	free(f);
}
