/* SPDX-License-Identifier: GPL-3.0-or-later */
/* charmodel_test.c - words of many languages look human, random strings do not;
 * code lengths are those of a code; any octets will do; the table is the one
 * whose checksum the header states. Recall and false-positive rates are not
 * tested here: tools/train-charmodel measures them (src/dns/charmodel.md). */
#include "dns/charmodel.h"
#include "dns/charmodel_table.h"
#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
static const char alnum[] = "abcdefghijklmnopqrstuvwxyz0123456789";
static const char hex[] = "0123456789abcdef";

static int llr(const char *label)
{
	return charmodel_llr((const u8 *)label, strlen(label));
}

/* xorshift64: the tests are the same every time. */
static u64 next(u64 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	return *state ^= *state << 17;
}

static void fill(u8 *to, size_t n, const char *alphabet, u64 *state)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (u8)alphabet[next(state) % strlen(alphabet)];
}

/* Names, places and things; English is one language of many. */
static const char *const words[] = {
	"wikipedia", "facebook", "weather", "elections", "bundesregierung",
	"deutschebahn", "krankenversicherung", "universidad", "telefonica",
	"corriere", "repubblica", "leboncoin", "meteofrance", "szkolenia",
	"huurwoningen", "helsinki", "rakuten", "zhongguo", "beijing", "taobao",
	"xinhuanet", "163", "360", "10086", "51job", "58", "bbc", "hdfcbank",
	"kremlin", "odnoklassniki", "ankara", "istanbul", "saigon", "hanoi",
	"bangkok", "jakarta", "nairobi", "johannesburg", "open-source",
	"my-shop24", "web2print", "w3schools", "strengths", "kubernetes",
};

static void test_words_look_human(void **state)
{
	int sum = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		if (llr(words[i]) >= 0)
			fail_msg("%s: %d", words[i], llr(words[i]));
		sum += llr(words[i]);
	}
	assert_true(sum / (int)COUNT(words) < -5 * CHARMODEL_BIT);
}

/* Of 2,000 random labels of n octets, the percentage above 0, and the mean. */
static int random_above(const char *alphabet, size_t n, int *ret_mean)
{
	u64 state = 0x9e3779b97f4a7c15;
	int above = 0;
	i64 sum = 0;
	u8 label[CHARMODEL_LABEL_MAX];

	for (int i = 0; i < 2000; i++) {
		fill(label, n, alphabet, &state);
		above += charmodel_llr(label, n) > 0;
		sum += charmodel_llr(label, n);
	}
	*ret_mean = (int)(sum / 2000);
	return above / 20;
}

static void test_random_looks_made(void **state)
{
	const char *const alphabets[] = { letters, alnum, hex };
	int mean;

	(void)state;
	for (size_t i = 0; i < COUNT(alphabets); i++) {
		assert_true(random_above(alphabets[i], 12, &mean) >= 95);
		assert_true(random_above(alphabets[i], 16, &mean) >= 98);
		assert_true(mean > 7 * CHARMODEL_BIT);
	}
}

static void test_longer_random_is_surer(void **state)
{
	int before = -CHARMODEL_BIT, mean;

	(void)state;
	for (size_t n = 6; n <= 62; n += 8) {
		random_above(letters, n, &mean);
		assert_true(mean > before);
		before = mean;
	}
}

/* Whatever is appended, only the old end of the label can be had back. */
static void test_bits_grow(void **state)
{
	const unsigned end_max = 12 * CHARMODEL_BIT;
	u64 seed = 7;
	u8 label[CHARMODEL_LABEL_MAX];

	(void)state;
	for (int i = 0; i < 2000; i++) {
		fill(label, sizeof label, i & 1 ? alnum : letters, &seed);
		for (size_t n = 1; n < sizeof label; n++)
			assert_true(charmodel_bits(label, n + 1) + end_max >
				    charmodel_bits(label, n));
		assert_true(charmodel_bits(label, 40) > charmodel_bits(label, 20));
	}
}

static void test_words_cost_less_than_random(void **state)
{
	u64 seed = 11;
	u8 label[CHARMODEL_LABEL_MAX];
	u64 human = 0, made = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		size_t n = strlen(words[i]);

		fill(label, n, alnum, &seed);
		human += charmodel_bits((const u8 *)words[i], n);
		made += charmodel_bits(label, n);
	}
	assert_true(human * 3 < made * 2);
}

static void test_empty_and_long(void **state)
{
	u8 label[300];
	u64 seed = 3;

	(void)state;
	assert_int_equal(charmodel_llr((const u8 *)"", 0), 0);
	assert_int_equal(charmodel_bits((const u8 *)"", 0), 0);
	fill(label, sizeof label, alnum, &seed);
	assert_int_equal(charmodel_llr(label, sizeof label), charmodel_llr(label, 63));
	assert_int_equal(charmodel_bits(label, sizeof label), charmodel_bits(label, 63));
}

static void test_alabels_say_nothing(void **state)
{
	(void)state;
	assert_int_equal(llr("xn--bcher-kva"), 0);
	assert_int_equal(llr("XN--80AK6AA92E"), 0);
	assert_int_equal(llr("xn--"), 0);
	assert_int_not_equal(llr("xn-"), 0);
	assert_int_not_equal(llr("axn--q9zj3xk1"), 0);
}

static void test_any_octet(void **state)
{
	u8 label[CHARMODEL_LABEL_MAX];
	u64 seed = 5;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		size_t n = next(&seed) % sizeof label + 1;
		int v;

		for (size_t k = 0; k < n; k++)
			label[k] = (u8)(i < 256 ? (unsigned)i : next(&seed) >> 24);
		v = charmodel_llr(label, n);
		assert_true(v >= -3000 && v <= 3000);
		assert_true(charmodel_bits(label, n) > 0);
		assert_true(charmodel_bits(label, n) < 63 * 20 * CHARMODEL_BIT);
	}
}

static void test_case_and_place_do_not_matter(void **state)
{
	u8 place[80], upper[CHARMODEL_LABEL_MAX];
	u64 seed = 13;

	(void)state;
	for (int i = 0; i < 500; i++) {
		size_t n = (size_t)i % sizeof upper + 1;
		u8 *label = place + i % 8;

		fill(label, n, alnum, &seed);
		for (size_t k = 0; k < n; k++)
			upper[k] = (u8)toupper(label[k]);
		assert_int_equal(charmodel_llr(label, n), charmodel_llr(upper, n));
		assert_int_equal(charmodel_bits(label, n), charmodel_bits(upper, n));
	}
}

static double share(const u8 *label, size_t n)
{
	return exp2(-(double)charmodel_bits(label, n) / CHARMODEL_BIT);
}

/* Kraft: all labels of one and two octets, capitals once, leave room for more. */
static void test_bits_are_a_code(void **state)
{
	double sum = 0;
	u8 label[2];

	(void)state;
	for (int a = 0; a < 256; a++) {
		label[0] = (u8)a;
		if (a >= 'A' && a <= 'Z')
			continue;
		sum += share(label, 1);
		for (int b = 0; b < 256; b++) {
			label[1] = (u8)b;
			sum += b >= 'A' && b <= 'Z' ? 0 : share(label, 2);
		}
	}
	assert_true(sum > 0 && sum <= 1);
}

/* The same for every row of the table: so for labels of any length. */
static void test_rows_are_codes(void **state)
{
	(void)state;
	for (int k = 0; k < CHARMODEL_CLASSES; k++)
		for (int i = 0; i < CHARMODEL_CONTEXTS; i++) {
			const char *row = charmodel_cost[k][i];
			double sum = 0;

			for (int s = 0; s < CHARMODEL_SYMBOLS; s++)
				sum += exp2(-(double)(row[s] - '#') / CHARMODEL_UNIT);
			assert_true(sum > 0.9 && sum <= 1);
			assert_int_equal(row[CHARMODEL_SYMBOLS], '\0');
		}
}

static u32 fnv(u32 h, const void *octets, size_t n)
{
	for (size_t i = 0; i < n; i++)
		h = (h ^ ((const u8 *)octets)[i]) * 0x01000193u;
	return h;
}

static u32 fnv_u64(u32 h, u64 v)
{
	for (int i = 0; i < 64; i += 8) {
		u8 octet = (u8)(v >> i);

		h = fnv(h, &octet, 1);
	}
	return h;
}

static void test_table_is_the_stated_one(void **state)
{
	u32 h = 0x811c9dc5u;

	(void)state;
	h = fnv(h, charmodel_symbol, sizeof charmodel_symbol);
	h = fnv(h, charmodel_step, sizeof charmodel_step);
	h = fnv(h, charmodel_class, sizeof charmodel_class);
	h = fnv_u64(h, charmodel_lane_start);
	for (int k = 0; k < 3; k++)
		for (int c = 0; c < CHARMODEL_COLUMNS; c++)
			h = fnv_u64(h, charmodel_lane[k][c]);
	h = fnv(h, charmodel_cost, sizeof charmodel_cost);
	assert_int_equal(h, CHARMODEL_CHECKSUM);
	assert_true(sizeof charmodel_cost <= 16384);
}

/* Mean score of the first labels of a list, one name a line. */
static int mean_of_list(const char *file)
{
	const char *data = getenv("VEDETTE_DATA");
	char path[4096], line[512];
	int n = 0, sum = 0;
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", data ? data : "../shared/data", file);
	if ((f = fopen(path, "r")) == NULL) {
		print_message("%s is absent: skipped\n", path);
		skip();
	}
	while (fgets(line, sizeof line, f) != NULL) {
		sum += charmodel_llr((const u8 *)line, strcspn(line, ".\r\n"));
		n++;
	}
	fclose(f);
	assert_true(n > 50);
	return sum / n;
}

static void test_real_names(void **state)
{
	(void)state;
	assert_true(mean_of_list("dga/baderj/ramnit__example_domains.txt") >
		    5 * CHARMODEL_BIT);
	assert_true(mean_of_list("dga/baderj/chinad__example_domains.txt") >
		    5 * CHARMODEL_BIT);
	assert_true(mean_of_list("dga/andrewaeva-raw/opendns-random-domains.txt") <
		    -5 * CHARMODEL_BIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_look_human),
		cmocka_unit_test(test_random_looks_made),
		cmocka_unit_test(test_longer_random_is_surer),
		cmocka_unit_test(test_bits_grow),
		cmocka_unit_test(test_words_cost_less_than_random),
		cmocka_unit_test(test_empty_and_long),
		cmocka_unit_test(test_alabels_say_nothing),
		cmocka_unit_test(test_any_octet),
		cmocka_unit_test(test_case_and_place_do_not_matter),
		cmocka_unit_test(test_bits_are_a_code),
		cmocka_unit_test(test_rows_are_codes),
		cmocka_unit_test(test_table_is_the_stated_one),
		cmocka_unit_test(test_real_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
