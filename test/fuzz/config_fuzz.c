/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config_fuzz.c - hostile octets as the file of options.
 *
 * Whatever comes is refused with one sentence that names the file, or taken; what
 * was taken is printed by `config show` and read back to the same values, and
 * printed from there it is the same text but for the comments on sources. */
#include "../unit/opt_rows.h"
#include "base/buf.h"

static void print(const struct rows_set *s, struct buf *out)
{
	opts_show(&s->o, out);
	must(buf_error(out) == 0);
}

static void round_trip(const struct rows_set *s)
{
	struct buf one = { 0 }, two = { 0 };
	struct rows_set t, u;

	must(rows_open(&t) == 0);
	must(rows_open(&u) == 0);
	print(s, &one);
	must(opts_parse(&t.o, buf_str(&one), one.len, "shown", t.why) == 0);
	must(rows_same(s, &t));
	print(&t, &two);
	must(opts_parse(&u.o, buf_str(&two), two.len, "shown", u.why) == 0);
	must(rows_same(s, &u));
	buf_free(&one);
	buf_free(&two);
	opts_free(&t.o);
	opts_free(&u.o);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rows_set s;
	int rc;

	must(rows_open(&s) == 0);
	s.why[0] = 0;
	rc = opts_parse(&s.o, (const char *)data, size, "input", s.why);
	if (rc < 0) {
		must(strncmp(s.why, "input:", 6) == 0 && strlen(s.why) < OPT_WHY);
		must(strlen(s.why) > sizeof "input:1:");
	}
	/* Options before a mistake were set: they must be printable as well. */
	round_trip(&s);
	opts_free(&s.o);
	return 0;
}
