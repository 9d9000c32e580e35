/* SPDX-License-Identifier: GPL-3.0-or-later */
/* opt_yaml_test.c - the file of options: what is refused and how it is told, and
 * that what `config show` prints is read back to the same values. */
#include <setjmp.h>
#include <stdarg.h>
#include "base/buf.h"
#include "opt_rows.h"
#include <cmocka.h>

static int parse(struct rows_set *s, const char *text)
{
	return opts_parse(&s->o, text, strlen(text), "f.yaml", s->why);
}

static void good(void **state)
{
	struct rows_set s;

	(void)state;
	assert_int_equal(rows_open(&s), 0);
	assert_int_equal(parse(&s, "%YAML 1.1\n---\n# comment\njson: true\n'color': false\n"
			       "memory: \"1.5G\"\nwindow: 5m # behind\nports: [53, 5353,\n  853]\n"
			       "db: null\nnote: 'null'\nlevel: high\n"
			       "tunnel:\n    min-bytes: 8k\n    ports:\n    - 1\n    - 2\n"
			       "    skip: |\n      two\n      lines\n...\n"), 0);
	assert_true(s.main.json && !s.main.color);
	assert_int_equal(s.main.memory, 1610612736);
	assert_int_equal(s.main.window, 300000000000);
	assert_int_equal(s.main.ports.count, 3);
	assert_int_equal(s.main.ports.at[2], 853);
	assert_null(s.main.db);
	assert_string_equal(s.main.note, "null");
	assert_int_equal(s.main.level, 3);
	assert_int_equal(s.tunnel.min_bytes, 8192);
	assert_int_equal(s.tunnel.ports.at[1], 2);
	assert_string_equal(s.tunnel.skip, "two\nlines\n");
	assert_int_equal(opts_source(&s.o, "tunnel", "skip"), OPT_FILE);
	assert_int_equal(opts_source(&s.o, "", "jobs"), OPT_DEFAULT);
	opts_free(&s.o);
}

static void empty(void **state)
{
	static const char *const texts[] = {
		"", "\n", "# only words\n", "---\n", "---\n...\n", "{}", "null\n", "tunnel:\n",
		"tunnel: {}\n", "tunnel: ~\n", "\xef\xbb\xbf", "\xef\xbb\xbfmemory: 512M\n",
		"\r\n\r\n", "note:\n", "least: ~\n",
	};
	struct rows_set s, t;

	(void)state;
	assert_int_equal(rows_open(&t), 0);
	for (size_t i = 0; i < COUNT(texts); i++) {
		assert_int_equal(rows_open(&s), 0);
		if (parse(&s, texts[i]) < 0)
			fail_msg("%s: %s", texts[i], s.why);
		assert_true(rows_same(&s, &t));
		opts_free(&s.o);
	}
	opts_free(&t.o);
}

struct bad {
	const char *text;
	int rc;
	const char *why;	/* how the sentence begins */
};

static void refuse(const struct bad *rows, size_t count)
{
	struct rows_set s;

	assert_int_equal(rows_open(&s), 0);
	for (size_t i = 0; i < count; i++) {
		int rc = parse(&s, rows[i].text);

		if (rc != rows[i].rc || strncmp(s.why, rows[i].why, strlen(rows[i].why)) != 0)
			fail_msg("%s: %d %s", rows[i].text, rc, s.why);
	}
	opts_free(&s.o);
}

static void keys(void **state)
{
	static const struct bad rows[] = {
		{ "memory: 1M\n\ntunel:\n  x: 1\n", OOPS_UNKNOWN,
		  "f.yaml:3: unknown key 'tunel'; did you mean 'tunnel'?" },
		{ "memroy: 1M\n", OOPS_UNKNOWN,
		  "f.yaml:1: unknown key 'memroy'; did you mean 'memory'?" },
		{ "tunnel:\n  min-byte: 4k\n", OOPS_UNKNOWN,
		  "f.yaml:2: unknown key 'min-byte'; did you mean 'min-bytes'?" },
		{ "tunnel:\n  memory: 4k\n", OOPS_UNKNOWN,
		  "f.yaml:2: unknown key 'memory' below 'tunnel:'" },
		{ "tunnel-min-bytes: 4k\n", OOPS_UNKNOWN,
		  "f.yaml:1: unknown key 'tunnel-min-bytes'; write 'min-bytes' below 'tunnel:'" },
		{ "config: x\n", OOPS_UNKNOWN,
		  "f.yaml:1: 'config' is for the command line only" },
		{ "memory: 1M\nmemory: 2M\n", OOPS_FORMAT,
		  "f.yaml:2: 'memory' is here twice; first in line 1" },
		{ "tunnel: {min-bytes: 4k, min-bytes: 8k}\n", OOPS_FORMAT,
		  "f.yaml:1: 'min-bytes' is here twice; first in line 1" },
		{ "tunnel:\njobs: 2\ntunnel:\n", OOPS_FORMAT,
		  "f.yaml:3: 'tunnel' is here twice; first in line 1" },
		{ "? [a, b]\n: c\n", OOPS_TYPE, "f.yaml:1: a key is one word" },
		{ "{a: b}: c\n", OOPS_TYPE, "f.yaml:1: a key is one word" },
		{ "<<: {memory: 1M}\n", OOPS_UNKNOWN, "f.yaml:1: unknown key '<<'" },
		{ "\"\": 1\n", OOPS_UNKNOWN, "f.yaml:1: unknown key ''" },
		{ "Memory: 1M\n", OOPS_UNKNOWN, "f.yaml:1: unknown key 'Memory'" },
	};

	(void)state;
	refuse(rows, COUNT(rows));
}

static void values(void **state)
{
	static const struct bad rows[] = {
		{ "jobs: 3\nmemory: 9q\n", OOPS_TYPE,
		  "f.yaml:2: memory: '9q' is not a size; write 1M to 64G" },
		{ "tunnel:\n  min-bytes: 1\n", OOPS_RANGE,
		  "f.yaml:2: tunnel.min-bytes: '1' is out of range; write 1k to 1T" },
		{ "memory:\n", OOPS_TYPE, "f.yaml:1: memory: no value given; write 1M to 64G" },
		{ "memory: ''\n", OOPS_TYPE, "f.yaml:1: memory: '' is not a size" },
		{ "memory: [1M]\n", OOPS_TYPE, "f.yaml:1: 'memory' wants a size, not a list" },
		{ "jobs: 1\nmemory:\n  x: 1\n", OOPS_TYPE,
		  "f.yaml:3: 'memory' wants a size, not keys of its own" },
		{ "json: yes\n", OOPS_TYPE, "f.yaml:1: json: 'yes' is not a flag" },
		{ "level: [low]\n", OOPS_TYPE, "f.yaml:1: 'level' wants one of the choices" },
		{ "ports: {a: 1}\n", OOPS_TYPE, "f.yaml:1: 'ports' wants a list of ports" },
		{ "ports: []\n", OOPS_TYPE, "f.yaml:1: ports: '' is not a list of ports" },
		{ "ports:\n- 53\n- [54]\n", OOPS_TYPE,
		  "f.yaml:3: a list holds plain values only" },
		{ "ports: [53, 70000]\n", OOPS_RANGE, "f.yaml:1: ports: '53,70000' is out" },
		{ "ports: [[[[[[[[[[[[[[[[", OOPS_TYPE, "f.yaml:1: a list holds" },
		{ "tunnel: 5\n", OOPS_TYPE, "f.yaml:1: 'tunnel' wants keys of its own" },
		{ "tunnel: [a]\n", OOPS_TYPE, "f.yaml:1: 'tunnel' wants keys of its own" },
		{ "tunnel:\n  skip:\n    deep:\n      er: 1\n", OOPS_TYPE,
		  "f.yaml:3: 'skip' wants a text, not keys of its own" },
		{ "note: \"a\\0b\"\n", OOPS_FORMAT, "f.yaml:1: a NUL character" },
		{ "just words\n", OOPS_TYPE, "f.yaml:1: the file holds 'key: value'" },
		{ "- memory: 1M\n", OOPS_TYPE, "f.yaml:1: the file holds 'key: value'" },
	};

	(void)state;
	refuse(rows, COUNT(rows));
}

static void syntax(void **state)
{
	static const struct bad rows[] = {
		{ "memory: 1M\n\tjobs: 3\n", OOPS_FORMAT, "f.yaml:2: not YAML" },
		{ "tunnel:\n\tmin-bytes: 4k\n", OOPS_FORMAT, "f.yaml:2: not YAML" },
		{ "note: *x\n", OOPS_FORMAT, "f.yaml:1: aliases (*), anchors (&) and tags (!)" },
		{ "jobs: 1\nnote: &x y\n", OOPS_FORMAT, "f.yaml:2: aliases" },
		{ "note: !!str y\n", OOPS_FORMAT, "f.yaml:1: aliases" },
		{ "tunnel: &t\n  skip: x\n", OOPS_FORMAT, "f.yaml:1: aliases" },
		{ "ports: !x [1]\n", OOPS_FORMAT, "f.yaml:1: aliases" },
		{ "!!map {}\n", OOPS_FORMAT, "f.yaml:1: aliases" },
		{ "&k jobs: 3\n", OOPS_FORMAT, "f.yaml:1: aliases" },
		{ "jobs: 3\n---\njobs: 4\n", OOPS_FORMAT, "f.yaml:2: a second document" },
		{ "jobs: 3\n}\n", OOPS_FORMAT, "f.yaml:2: not YAML" },
		{ "jobs: [3\n", OOPS_TYPE, "f.yaml:1: 'jobs' wants a whole number, not a list" },
		{ "ports: [3\n", OOPS_FORMAT, "f.yaml:2: not YAML" },
		{ "note: 'open\n\n\n", OOPS_FORMAT, "f.yaml:4: not YAML" },
		{ "jobs: 3\n  memory: 1M\n", OOPS_TYPE, "f.yaml:1: jobs: '3 memory' is not" },
		{ "a\n", OOPS_TYPE, "f.yaml:1: the file holds" },
		{ "note: a\njobs: \xff\n", OOPS_FORMAT, "f.yaml:2: not UTF-8 text: " },
		{ "\xff\xfej\0o\0", OOPS_FORMAT, "f.yaml:1: not UTF-8 text: " },
		{ "jobs: 3\nnote: \x01\n", OOPS_FORMAT, "f.yaml:2: not UTF-8 text: " },
		{ "\x7f" "ELF\x02\x01", OOPS_FORMAT, "f.yaml:1: not UTF-8 text: " },
	};

	(void)state;
	refuse(rows, COUNT(rows));
}

/* Deep nesting, long texts and binary junk cost no more than their octets. */
static void hostile(void **state)
{
	char *text = malloc(OPT_FILE_MAX + 1);
	static const char *const heads[] = { "", "ports: ", "note: ", "tunnel: " };
	static const char *const bodies[] = { "[", "{", "? ", "- ", "&a ", "!a ", "'", "a: " };
	struct rows_set s;
	u64 seed = 7;

	(void)state;
	assert_non_null(text);
	for (size_t h = 0; h < COUNT(heads); h++)
		for (size_t b = 0; b < COUNT(bodies); b++) {
			size_t n = strlen(heads[h]), step = strlen(bodies[b]);

			memcpy(text, heads[h], n + 1);
			for (; n + step <= OPT_FILE_MAX; n += step)
				memcpy(text + n, bodies[b], step);
			assert_int_equal(rows_open(&s), 0);
			assert_true(opts_parse(&s.o, text, n, "f.yaml", s.why) < 0);
			opts_free(&s.o);
		}
	for (int i = 0; i < 2000; i++) {
		size_t n = seed % 4096;

		for (size_t at = 0; at < n; at++) {
			seed = seed * 6364136223846793005ull + 1442695040888963407ull;
			text[at] = (char)(seed >> 56);
		}
		seed = seed * 6364136223846793005ull + 1442695040888963407ull;
		assert_int_equal(rows_open(&s), 0);
		if (n > 64)
			assert_true(opts_parse(&s.o, text, n, "f.yaml", s.why) < 0);
		opts_free(&s.o);
	}
	assert_int_equal(rows_open(&s), 0);
	memset(text, '\n', OPT_FILE_MAX + 1);
	assert_int_equal(opts_parse(&s.o, text, OPT_FILE_MAX, "f.yaml", s.why), 0);
	assert_int_equal(opts_parse(&s.o, text, OPT_FILE_MAX + 1, "f.yaml", s.why), OOPS_LIMIT);
	assert_string_equal(s.why, "f.yaml: larger than 1048576 octets");
	opts_free(&s.o);
	free(text);
}

/* ---- config show ---- */

static u64 next(u64 *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Texts that tempt a YAML reader: marks, blanks, words with a meaning, UTF-8. */
static void random_text(u64 *seed, char *to, size_t max)
{
	static const char *const parts[] = {
		"a",
		"Z",
		"0",
		"9",
		" ",
		"  ",
		":",
		": ",
		" #",
		"#",
		"-",
		"- ",
		"'",
		"\"",
		"\\",
		"\n",
		"\r",
		"\t",
		"\x01",
		"\x7f",
		"\x1b[31m",
		"{",
		"}",
		"[",
		"]",
		",",
		"&",
		"*",
		"!",
		"|",
		">",
		"%",
		"@",
		"`",
		"?",
		"~",
		"null",
		"true",
		"no",
		".",
		"/",
		"=",
		"\xc3\xa9",
		"\xc2\x85",
		"\xc2\xa0",
		"\xe2\x80\xa8",
		"\xe2\x80\xae",
		"\xef\xbb\xbf",
		"\xef\xbf\xbf",
		"\xf0\x9f\x98\x80",
		"\xf0\x9f\xbf\xbf",
		"\xed\x9f\xbf",
		"---",
		"...",
	};
	size_t n = 0, count = next(seed) % 12;

	for (to[0] = 0; count; count--) {
		const char *part = parts[next(seed) % COUNT(parts)];

		if (n + strlen(part) >= max)
			return;
		memcpy(to + n, part, strlen(part) + 1);
		n += strlen(part);
	}
}

static void random_value(u64 *seed, const struct opt *row, char *to, size_t max)
{
	u64 n = next(seed) >> next(seed) % 64;

	switch (row->type) {
	case OPT_FLAG:
		snprintf(to, max, "%s", n & 1 ? "true" : "false");
		return;
	case OPT_TEXT:
		random_text(seed, to, max);
		return;
	case OPT_CHOICE:
		snprintf(to, max, "%s", row->choices[n % 4]);
		return;
	case OPT_PORTS:
		snprintf(to, max, "%u,%u,%u", (unsigned)(n % 65535) + 1,
			 (unsigned)(n / 7 % 65535) + 1, (unsigned)(n / 3 % 65535) + 1);
		return;
	case OPT_RATIO:
		snprintf(to, max, "0.%llu", (unsigned long long)(n % 1000000000000));
		return;
	default:
		snprintf(to, max, "%llu%s", (unsigned long long)n,
			 row->type == OPT_SPAN ? "ns" : "");
	}
}

static void round_trip(void **state)
{
	u64 seed = 88172645463325252ull;
	unsigned taken = 0;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		struct rows_set s, t;
		struct buf out = { 0 }, again = { 0 };

		assert_int_equal(rows_open(&s), 0);
		assert_int_equal(rows_open(&t), 0);
		for (int j = 0; j < 20; j++) {
			unsigned g = next(&seed) % 2;
			const struct opt *rows = s.groups[g].rows;
			const struct opt *row = &rows[next(&seed) % (g ? 3 : 11)];
			char text[200];

			random_value(&seed, row, text, sizeof text);
			taken += opts_set(&s.o, s.groups[g].name, row->name, text,
					  next(&seed) % 2 ? OPT_FILE : OPT_COMMAND, s.why) == 0;
		}
		opts_show(&s.o, &out);
		assert_int_equal(buf_error(&out), 0);
		if (opts_parse(&t.o, buf_str(&out), out.len, "f.yaml", t.why) < 0)
			fail_msg("%s\n%s", t.why, buf_str(&out));
		if (!rows_same(&s, &t))
			fail_msg("other values:\n%s", buf_str(&out));
		opts_show(&t.o, &again);
		assert_int_equal(buf_error(&again), 0);
		buf_free(&out);
		buf_free(&again);
		opts_free(&s.o);
		opts_free(&t.o);
	}
	assert_true(taken > 50000);
}

static void shown(void **state)
{
	struct buf out = { 0 };
	struct rows_set s;

	(void)state;
	assert_int_equal(rows_open(&s), 0);
	assert_int_equal(opts_parse(&s.o, "jobs: 4\ntunnel:\n  skip: a b\n", 28, "x\ny.yaml",
				    s.why), 0);
	assert_int_equal(opts_set(&s.o, "", "memory", "1024M", OPT_COMMAND, s.why), 0);
	opts_show(&s.o, &out);
	assert_non_null(strstr(buf_str(&out), "\njobs: 4  # from x\\ny.yaml, line 1\n"));
	assert_non_null(strstr(buf_str(&out), "\n# 1M to 64G; default 512M\n"
			       "memory: 1G  # from the command line\n"));
	assert_non_null(strstr(buf_str(&out), "\nwindow: 1m\n"));
	assert_non_null(strstr(buf_str(&out), "\nleast: null\n"));
	assert_non_null(strstr(buf_str(&out), "\ndb: vedette.db\n"));
	assert_non_null(strstr(buf_str(&out), "\n# Tunnels\ntunnel:\n"));
	assert_non_null(strstr(buf_str(&out), "\n  skip: \"a b\"  # from x\\ny.yaml, line 3\n"));
	assert_null(strstr(buf_str(&out), "config"));
	buf_free(&out);
	opts_free(&s.o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good), cmocka_unit_test(empty), cmocka_unit_test(keys),
		cmocka_unit_test(values), cmocka_unit_test(syntax), cmocka_unit_test(hostile),
		cmocka_unit_test(round_trip), cmocka_unit_test(shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
