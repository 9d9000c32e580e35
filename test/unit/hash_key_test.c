/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hash_key_test.c - the key of an analysis: the same for the same input, whatever its name and
 * place; another for another; none tells the secret. */
#include "run/hash_key.h"
#include "base/hash.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static int file_of(const char *octets)
{
	int fd = memfd_create("input", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, octets, strlen(octets)), strlen(octets));
	return fd;
}

static u64 key(const char *secret, int fd)
{
	return hash_key_of(secret, &fd, 1, 20000);
}

static void of_files(void **state)
{
	const int a = file_of("one capture"), same = file_of("one capture"),
		b = file_of("another capture");
	const int ab[] = { a, b }, ba[] = { b, a };

	(void)state;
	assert_int_equal(lseek(a, 3, SEEK_SET), 3);
	assert_true(key("secret", a) == key("secret", same));
	assert_int_equal(lseek(a, 0, SEEK_CUR), 3);	/* where it was */
	assert_true(key("secret", a) != key("secret", b));
	assert_true(key("secret", a) != key("other", a));
	assert_true(hash_key_of("secret", ab, 2, 1) == hash_key_of("secret", ba, 2, 2));
	assert_true(key("secret", a) != hash_bytes(0, "secret", 6));
	close(a);
	close(same);
	close(b);
}

static void of_pipes(void **state)
{
	int p[2];

	(void)state;
	assert_int_equal(pipe(p), 0);
	assert_int_equal(write(p[1], "x", 1), 1);
	assert_true(hash_key_of("secret", p, 1, 1) == hash_key_of("secret", p, 1, 1));
	assert_true(hash_key_of("secret", p, 1, 1) != hash_key_of("secret", p, 1, 2));
	assert_true(hash_key_of("secret", (int[]){ -ENOENT }, 1, 1) != 0);
	close(p[0]);
	close(p[1]);
}

/* Whoever has no secret can compare results with everybody. */
static void in_public(void **state)
{
	const int a = file_of("one"), b = file_of("two");

	(void)state;
	assert_true(key(HASH_KEY_PUBLIC, a) == key(HASH_KEY_PUBLIC, b));
	assert_true(key(NULL, a) == key(HASH_KEY_PUBLIC, b));
	close(a);
	close(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(of_files),
		cmocka_unit_test(of_pipes), cmocka_unit_test(in_public) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
