/* SPDX-License-Identifier: GPL-3.0-or-later */
/* label_test.c - TLP labels are a lattice; foreign text is shown safely. */
#include "model/label.h"
#include "model/utf8.h"
#include "base/buf.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* Commutative, associative, idempotent, CLEAR is neutral, RED absorbs. */
static void lattice(void **state)
{
	(void)state;
	for (unsigned a = 0; a < LABEL_COUNT; a++) {
		assert_int_equal(label_join(a, a), a);
		assert_int_equal(label_join(a, LABEL_CLEAR), a);
		assert_int_equal(label_join(a, LABEL_RED), LABEL_RED);
		for (unsigned b = 0; b < LABEL_COUNT; b++) {
			unsigned ab = label_join(a, b);

			assert_int_equal(ab, label_join(b, a));
			assert_true(label_allows(a, ab) && label_allows(b, ab));
			for (unsigned c = 0; c < LABEL_COUNT; c++)
				assert_int_equal(label_join(ab, c),
						 label_join(a, label_join(b, c)));
		}
	}
	assert_false(label_allows(LABEL_AMBER_STRICT, LABEL_AMBER));
}

static void words(void **state)
{
	(void)state;
	for (unsigned l = 0; l < LABEL_COUNT; l++) {
		assert_int_equal(label_parse(label_text(l)), l);
		assert_int_equal(label_parse(label_text(l) + 4), l);
	}
	assert_int_equal(label_parse("tlp:amber+strict"), LABEL_AMBER_STRICT);
	assert_int_equal(label_parse("TLP:WHITE"), LABEL_CLEAR);
	assert_int_equal(label_parse("TLP:AMBER STRICT"), OOPS_UNKNOWN);
	assert_int_equal(label_parse(""), OOPS_UNKNOWN);
	assert_int_equal(label_parse("TLP:"), OOPS_UNKNOWN);
}

static void shows(const char *text, unsigned columns, const char *want)
{
	struct buf out = { 0 };
	unsigned used = utf8_show(&out, text, columns);

	assert_string_equal(buf_str(&out), want);
	assert_int_equal(used, utf8_width(want));
	assert_true(columns == 0 || used <= columns);
	buf_free(&out);
}

/* The label of a finding says the PAP only where it is not PAP:GREEN. */
static void labels(void **state)
{
	char text[MARKING_TEXT_MAX];

	(void)state;
	for (u8 tlp = 0; tlp < LABEL_COUNT; tlp++)
		for (u8 pap = 0; pap < PAP_COUNT; pap++) {
			const struct marking m = { tlp, pap };
			const struct marking again = marking_read(marking_label(m, text));

			assert_int_equal(again.tlp, tlp);
			assert_int_equal(again.pap, pap);
		}
	assert_string_equal(marking_label(MARKING_FOUND, text), "TLP:AMBER");
	assert_int_equal(marking_read("TLP:AMBER").pap, PAP_GREEN);
	assert_false(marking_allows(marking_read(""), (struct marking){ LABEL_RED, PAP_AMBER }));
	assert_false(marking_allows(marking_read("TLP:PINK"),
				    (struct marking){ LABEL_AMBER_STRICT, PAP_RED }));
}

static void shown_text(void **state)
{
	(void)state;
	shows("plain.example", 0, "plain.example");
	shows("a\x1b[31mb", 0, "a\\u001b[31mb");
	shows("x\xe2\x80\xae" "moc", 0, "x\\u202emoc");
	shows("x\xe2\x80\x8by", 0, "x\\u200by");
	shows("bad\xff\xc0\x80", 0, "bad\\xff\\xc0\\x80");
	shows("\xed\xa0\x80", 0, "\\xed\\xa0\\x80");
	shows("\xe4\xb8\xad\xe6\x96\x87", 0, "\xe4\xb8\xad\xe6\x96\x87");
	shows("\xe4\xb8\xad\xe6\x96\x87\xe4\xb8\xad", 5, "\xe4\xb8\xad...");
	shows("averylongname.example", 10, "averylo...");
	shows("exactlyten", 10, "exactlyten");
	shows("abcdef", 2, "..");
	shows("a\nb", 0, "a\\u000ab");
}

static void json_text(void **state)
{
	struct buf out = { 0 };

	(void)state;
	utf8_json(&out, "q\"b\\n\n\xe2\x80\xae\xf3\xa0\x81\x81\xff\xc3\xa9");
	assert_string_equal(buf_str(&out),
			    "\"q\\\"b\\\\n\\n\\u202e\\udb40\\udc41?\xc3\xa9\"");
	buf_free(&out);
}

static void both_once(void **state)
{
	static const char *const none[] = { "", "TLP:RED TLP:CLEAR", "red clear", "red amber",
		"PAP:RED TLP:RED PAP:CLEAR", "TLP:RED TLP:RED", "PAP:PURPLE", "TLP:", "PAP:",
		"TLP:REDTLP:REDTLP:REDTLP:RED" };
	struct marking m = { LABEL_GREEN, PAP_AMBER };

	(void)state;
	for (size_t i = 0; i < COUNT(none); i++) {
		assert_int_equal(marking_parse(none[i], &m), OOPS_UNKNOWN);
		assert_true(m.tlp == LABEL_GREEN && m.pap == PAP_AMBER);
	}
	assert_int_equal(marking_parse("red", &m), 0);
	assert_true(m.tlp == LABEL_RED && m.pap == PAP_AMBER);
	assert_int_equal(marking_parse("PAP:CLEAR, amber+strict", &m), 0);
	assert_true(m.tlp == LABEL_AMBER_STRICT && m.pap == PAP_CLEAR);
	m = marking_read("TLP:CLEAR TLP:GREEN");	/* a store's, which cannot be */
	assert_true(m.tlp == LABEL_RED && m.pap == PAP_RED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lattice), cmocka_unit_test(words),
		cmocka_unit_test(labels), cmocka_unit_test(both_once),
		cmocka_unit_test(shown_text), cmocka_unit_test(json_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
