/* SPDX-License-Identifier: GPL-3.0-or-later */
/* decode_test.c - kept messages become text behind walls: good ones, hostile ones,
 * and a decoder that dies in the middle. */
#include "run/decode.h"
#include "base/buf.h"
#include "model/evidence.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <signal.h>
#include <unistd.h>

static const u8 query[] = {
	0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0,
	4, 0x1b, '[', '3', 'm', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0, 0, 16, 0, 1,
};

static void add(struct decode *d, const u8 *octets, u32 n)
{
	struct evidence e = { .time_ns = 1769853600000000001, .sport = 40000, .dport = 53,
			      .full_len = n + 5, .len = n, .octets = octets };
	struct buf packed = { 0 };

	memcpy(e.src, (u8[]){ [10] = 0xff, [11] = 0xff, 192, 0, 2, 7 }, 16);
	e.dst[0] = 0x20;
	e.dst[15] = 1;
	evidence_pack(&packed, &e);
	assert_int_equal(decode_add(d, (const u8 *)packed.at, packed.len), 0);
	buf_free(&packed);
}

static int keep(void *to, const char *text, size_t n)
{
	buf_add(to, text, n);
	return 0;
}

static void printable(const struct buf *b)
{
	for (size_t i = 0; i < b->len; i++)
		assert_true(b->at[i] == '\n' || b->at[i] == '\t' ||
			    ((u8)b->at[i] >= 0x20 && (u8)b->at[i] < 0x7f));
}

static void good(void **state)
{
	struct decode d;
	struct buf out = { 0 };

	(void)state;
	assert_int_equal(decode_open(&d), 0);
	assert_int_equal(decode_text(&d, false, keep, &out), 0);
	assert_int_equal(out.len, 0);
	add(&d, query, sizeof query);
	assert_int_equal(decode_text(&d, true, keep, &out), 0);
	printable(&out);
	assert_non_null(strstr(out.at, ";; message 1 of 1, "
		"2026-01-31T10:00:00.000000001Z, UDP, 192.0.2.7:40000 to "
		"[2000::1]:53, 35 octets, of which 30 were captured\n"));
	assert_non_null(strstr(out.at, ";; 0000  12 34 01 00 00 01 00 00"));
	assert_non_null(strstr(out.at, "\\027[3m.example."));
	decode_close(&d);
	buf_free(&out);
}

/* Any octets: each item gets its heading, nothing gets out but plain text. */
static void hostile(void **state)
{
	struct decode d;
	struct buf out = { 0 };
	u8 octets[600];
	u64 z = 42;

	(void)state;
	assert_int_equal(decode_open(&d), 0);
	for (unsigned i = 0; i < 300; i++) {
		for (size_t k = 0; k < sizeof octets; k++) {
			z = z * 6364136223846793005ull + 1442695040888963407ull;
			octets[k] = (u8)(z >> 56);
		}
		if (i % 2)
			memcpy(octets, query, i % sizeof query);
		add(&d, octets, i * 2);
	}
	assert_int_equal(decode_add(&d, (const u8 *)"VE1 and no more", 15), 0);
	assert_int_equal(decode_text(&d, false, keep, &out), 0);
	printable(&out);
	assert_non_null(strstr(out.at, ";; message 1 of 301,"));
	assert_non_null(strstr(out.at, ";; message 300 of 301,"));
	assert_non_null(strstr(out.at, ";; message 301 of 301 is not in the form"));
	decode_close(&d);
	buf_free(&out);
}

static int stop(void *to, const char *text, size_t n)
{
	(void)text;
	(void)n;
	++*(unsigned *)to;
	return -ENOSPC;
}

static void stopped(void **state)
{
	static u8 octets[60000];
	struct decode d;
	unsigned calls = 0;

	(void)state;
	assert_int_equal(decode_open(&d), 0);
	for (int i = 0; i < 40; i++)
		add(&d, octets, sizeof octets);
	assert_int_equal(decode_text(&d, true, stop, &calls), -ENOSPC);
	assert_int_equal(calls, 1);
	decode_close(&d);
}

/* The only child of this process. */
static pid_t child(void)
{
	char path[64], text[64] = "";
	FILE *f;

	snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
	f = fopen(path, "r");
	if (f && fgets(text, sizeof text, f) == NULL)
		text[0] = 0;
	if (f)
		fclose(f);
	return (pid_t)strtol(text, NULL, 10);
}

struct killer { struct buf out; unsigned kills; };

static int kill_it(void *to, const char *text, size_t n)
{
	struct killer *k = to;

	if (k->kills == 0 && child() > 0) {
		kill(child(), SIGSEGV);
		k->kills++;
	}
	return keep(&k->out, text, n);
}

static unsigned times(const char *text, const char *word)
{
	unsigned n = 0;

	for (; (text = strstr(text, word)); text += strlen(word))
		n++;
	return n;
}

/* Text of one message does not fit into the socket, so the decoder is in the
 * middle of one when it dies; the ones behind it are shown. */
static void crash(void **state)
{
	static u8 octets[60000];
	struct decode d;
	struct killer k = { 0 };

	(void)state;
	assert_int_equal(decode_open(&d), 0);
	for (int i = 0; i < 40; i++)
		add(&d, octets, sizeof octets);
	assert_int_equal(decode_text(&d, true, kill_it, &k), 0);
	if (k.kills == 0) {
		print_message("this kernel does not list children\n");
		skip();
	}
	assert_int_equal(times(k.out.at, "cannot be shown: the decoder ended"), 1);
	assert_in_range(times(k.out.at, ";; SHA-256"), 39, 40);
	assert_non_null(strstr(k.out.at, ";; message 40 of 40, "));
	decode_close(&d);
	buf_free(&k.out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good), cmocka_unit_test(hostile),
		cmocka_unit_test(stopped), cmocka_unit_test(crash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
