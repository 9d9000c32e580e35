/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evidence_test.c - packed evidence: there and back, and no octet can change. */
#include "model/evidence.h"
#include "model/digest.h"
#include "base/buf.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const u8 message[] = {
	0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0,
	7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0, 0, 1, 0, 1,
};

static struct evidence sample(void)
{
	struct evidence e = {
		.time_ns = 1769853600000000001, .sport = 53, .dport = 40000,
		.transport = 1, .flags = 2, .full_len = 900, .len = sizeof message,
		.octets = message,
	};

	memset(e.src, 0xab, sizeof e.src);
	memset(e.dst, 0xcd, sizeof e.dst);
	return e;
}

static void there_and_back(void **state)
{
	struct evidence e = sample(), f;
	struct buf packed = { 0 };

	(void)state;
	evidence_identify(&e);
	evidence_pack(&packed, &e);
	assert_int_equal(packed.len, EVIDENCE_HEAD + sizeof message);
	assert_int_equal(evidence_unpack(&f, (u8 *)packed.at, packed.len), 0);
	assert_memory_equal(f.id, e.id, 32);
	assert_int_equal(f.time_ns, e.time_ns);
	assert_memory_equal(f.src, e.src, 16);
	assert_memory_equal(f.dst, e.dst, 16);
	assert_int_equal(f.sport, 53);
	assert_int_equal(f.dport, 40000);
	assert_int_equal(f.transport, 1);
	assert_int_equal(f.flags, 2);
	assert_int_equal(f.full_len, 900);
	assert_int_equal(f.len, sizeof message);
	assert_memory_equal(f.octets, message, sizeof message);
	buf_free(&packed);
}

/* Each octet matters: any change gives another id or no evidence at all. */
static void every_octet_counts(void **state)
{
	struct evidence e = sample(), f;
	struct buf packed = { 0 };

	(void)state;
	evidence_identify(&e);
	evidence_pack(&packed, &e);
	for (size_t i = 0; i < packed.len; i++) {
		packed.at[i] ^= 1;
		if (evidence_unpack(&f, (u8 *)packed.at, packed.len) == 0)
			assert_memory_not_equal(f.id, e.id, 32);
		packed.at[i] ^= 1;
	}
	for (size_t n = 0; n < packed.len; n++)
		assert_int_equal(evidence_unpack(&f, (u8 *)packed.at, n), OOPS_FORMAT);
	buf_byte(&packed, 0);
	assert_int_equal(evidence_unpack(&f, (u8 *)packed.at, packed.len), OOPS_FORMAT);
	buf_free(&packed);
}

static void largest(void **state)
{
	static u8 octets[EVIDENCE_OCTETS_MAX];
	struct evidence e = { .octets = octets, .len = sizeof octets,
			      .full_len = sizeof octets }, f;
	struct buf packed = { 0 };

	(void)state;
	evidence_pack(&packed, &e);
	assert_int_equal(evidence_unpack(&f, (u8 *)packed.at, packed.len), 0);
	buf_byte(&packed, 0);
	packed.at[55] = 0;
	packed.at[54] = 1;	/* len = 65536 */
	packed.at[56] = 0;
	packed.at[53] = 0;
	assert_int_equal(evidence_unpack(&f, (u8 *)packed.at, packed.len), OOPS_FORMAT);
	buf_free(&packed);
}

/* FIPS 180-4 examples: "abc" and the empty text. */
static void digests(void **state)
{
	struct digest d;
	u8 hash[DIGEST_OCTETS], again[DIGEST_OCTETS];
	char text[DIGEST_TEXT];

	(void)state;
	digest_prepare();
	digest_init(&d);
	digest_add(&d, "abc", 3);
	digest_end(&d, hash);
	assert_string_equal(hex_text(hash, sizeof hash, text),
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_int_equal(hex_parse(text, sizeof again, again), 0);
	assert_memory_equal(hash, again, sizeof hash);
	text[5] = 'G';
	assert_int_equal(hex_parse(text, sizeof again, again), OOPS_FORMAT);
	assert_int_equal(hex_parse("ab", sizeof again, again), OOPS_FORMAT);
	digest_init(&d);
	digest_end(&d, hash);
	assert_string_equal(hex_text(hash, sizeof hash, text),
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back), cmocka_unit_test(every_octet_counts),
		cmocka_unit_test(largest), cmocka_unit_test(digests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
