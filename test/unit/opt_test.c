/* SPDX-License-Identifier: GPL-3.0-or-later */
/* opt_test.c - options: defaults, every type and its range, the command line,
 * precedence, help. The file has its own tests: opt_yaml_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include "base/buf.h"
#include "opt_rows.h"
#include <cmocka.h>
#include <unistd.h>

static void defaults(void **state)
{
	struct rows_set s;

	(void)state;
	assert_int_equal(rows_open(&s), 0);
	assert_false(s.main.json);
	assert_true(s.main.color);
	assert_int_equal(s.main.jobs, 1);
	assert_int_equal(s.main.memory, 512 << 20);
	assert_int_equal(s.main.window, 60000000000);
	assert_int_equal(s.main.least, 0);
	assert_true(s.main.share == 0.5);
	assert_string_equal(s.main.db, "vedette.db");
	assert_null(s.main.note);
	assert_int_equal(s.main.level, 2);
	assert_int_equal(s.main.ports.count, 1);
	assert_int_equal(s.main.ports.at[0], 53);
	assert_int_equal(s.tunnel.min_bytes, 4096);
	assert_int_equal(s.tunnel.ports.count, 0);
	assert_int_equal(opts_source(&s.o, "tunnel", "min-bytes"), OPT_DEFAULT);
	assert_ptr_equal(opts_conf(&s.o, rows_tunnel), &s.tunnel);
	assert_null(opts_conf(&s.o, rows_tunnel + 1));
	opts_free(&s.o);
	opts_free(&s.o);
}

struct refused {
	const char *name, *text;
	int rc;
	const char *why;
};

static void refuses(void **state)
{
	static const struct refused rows[] = {
		{ "json", "yes", OOPS_TYPE, "'yes' is not a flag; write true or false" },
		{ "jobs", "0", OOPS_RANGE, "'0' is out of range; write 1 to 64" },
		{ "jobs", "65", OOPS_RANGE, "'65' is out of range; write 1 to 64" },
		{ "jobs", "-1", OOPS_RANGE, "'-1' is out of range; write 1 to 64" },
		{ "jobs", "two", OOPS_TYPE, "'two' is not a whole number; write 1 to 64" },
		{ "least", "4", OOPS_RANGE, "'4' is out of range; write 5 or more" },
		{ "memory", "9q", OOPS_TYPE, "'9q' is not a size; write 1M to 64G" },
		{ "memory", "1.5", OOPS_TYPE, "'1.5' is not a size; write 1M to 64G" },
		{ "memory", "100G", OOPS_RANGE, "'100G' is out of range; write 1M to 64G" },
		{ "window", "0.5s", OOPS_RANGE, "'0.5s' is out of range; write 1s to 1d" },
		{ "window", "1h1m", OOPS_TYPE, "'1h1m' is not a time span; write 1s to 1d" },
		{ "share", "101%", OOPS_RANGE, "'101%' is out of range; write 0 to 1" },
		{ "share", "half", OOPS_TYPE, "'half' is not a ratio; write 0 to 1" },
		{ "db", "\xff", OOPS_TYPE, NULL },
		{ "level", "hgih", OOPS_TYPE, "'hgih' is not one of the choices; did you mean "
		  "'high'? Write info, low, medium or high" },
		{ "level", "worst", OOPS_TYPE, "'worst' is not one of the choices; write info, "
		  "low, medium or high" },
		{ "level", "", OOPS_TYPE, NULL },
		{ "ports", "", OOPS_TYPE, NULL }, { "ports", "53,", OOPS_TYPE, NULL },
		{ "ports", ",53", OOPS_TYPE, NULL }, { "ports", "53 54", OOPS_TYPE, NULL },
		{ "ports", "0", OOPS_RANGE, NULL },
		{ "ports", "65536", OOPS_RANGE, "'65536' is out of range; write up to 16 ports "
		  "from 1 to 65535, as in 53,5353" },
		{ "ports", "99999999999", OOPS_TYPE, NULL },
		{ "ports", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17", OOPS_RANGE, NULL },
		{ "memroy", "1M", OOPS_UNKNOWN,
		  "unknown option 'memroy'; did you mean 'memory'?" },
		{ "zzzzzz", "1M", OOPS_UNKNOWN, "unknown option 'zzzzzz'" },
		{ "", "1M", OOPS_UNKNOWN, "unknown option ''" },
		{ "least", NULL, 0, NULL }, { "note", NULL, 0, NULL }, { "db", NULL, 0, NULL },
		{ "memory", NULL, OOPS_TYPE, "no value given; write 1M to 64G" },
		{ "json", NULL, OOPS_TYPE, "no value given; write true or false" },
		{ "ports", NULL, OOPS_TYPE, NULL },
	};
	struct rows_set s, t;

	(void)state;
	assert_int_equal(rows_open(&s), 0);
	assert_int_equal(rows_open(&t), 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		int rc = opts_set(&s.o, "", rows[i].name, rows[i].text, OPT_COMMAND, s.why);

		if (rc != rows[i].rc || (rows[i].why && strcmp(s.why, rows[i].why) != 0))
			fail_msg("%s: %d %s", rows[i].name, rc, s.why);
	}
	assert_null(s.main.db);
	assert_int_equal(opts_set(&s.o, "", "db", "vedette.db", OPT_COMMAND, s.why), 0);
	assert_true(rows_same(&s, &t));
	opts_free(&s.o);
	opts_free(&t.o);
}

static void takes(void **state)
{
	struct rows_set s;
	char *text = calloc(1, OPT_TEXT_MAX + 2);

	(void)state;
	assert_int_equal(rows_open(&s), 0);
#define SET(name, text) \
	assert_int_equal(opts_set(&s.o, "", name, text, OPT_FILE, s.why), 0)
	SET("json", "true"), assert_true(s.main.json);
	SET("json", "false"), assert_false(s.main.json);
	SET("jobs", "64"), assert_int_equal(s.main.jobs, 64);
	SET("memory", "1.5G"), assert_int_equal(s.main.memory, 1610612736);
	SET("window", "1h"), assert_int_equal(s.main.window, 3600000000000);
	SET("share", "12.5%"), assert_true(s.main.share == 0.125);
	SET("db", ""), assert_null(s.main.db);
	SET("db", "/tmp/\xc3\xa9.db"), assert_string_equal(s.main.db, "/tmp/\xc3\xa9.db");
	SET("level", "info"), assert_int_equal(s.main.level, 0);
	SET("ports", "5353,53,5353"), assert_int_equal(s.main.ports.count, 2);
	assert_int_equal(s.main.ports.at[0], 5353);
	memset(text, 'a', OPT_TEXT_MAX);
	SET("note", text), assert_string_equal(s.main.note, text);
	text[OPT_TEXT_MAX] = 'a';
	assert_int_equal(opts_set(&s.o, "", "note", text, OPT_FILE, s.why), OOPS_RANGE);
	assert_true(strlen(s.why) < OPT_WHY);
#undef SET
	free(text);
	opts_free(&s.o);
}

/* A value never gives way to one from a lower source, in any order. */
static void precedence(void **state)
{
	(void)state;
	for (unsigned first = OPT_DEFAULT; first <= OPT_COMMAND; first++)
		for (unsigned second = OPT_DEFAULT; second <= OPT_COMMAND; second++) {
			struct rows_set s;

			assert_int_equal(rows_open(&s), 0);
			assert_int_equal(opts_set(&s.o, "", "jobs", "11", first, s.why), 0);
			assert_int_equal(opts_set(&s.o, "", "jobs", "22", second, s.why), 0);
			assert_int_equal(s.main.jobs, second >= first ? 22 : 11);
			assert_int_equal(opts_source(&s.o, "", "jobs"),
					 second > first ? second : first);
			/* what is overruled must be right all the same */
			assert_int_equal(opts_set(&s.o, "", "jobs", "x", first, s.why),
					 OOPS_TYPE);
			opts_free(&s.o);
		}
}

/* ---- the command line ---- */

#define WORDS_MAX 32

struct line {
	char *argv[WORDS_MAX];
	int argc, rest;
};

/* Words are separated by blanks; "''" is the empty word. */
static int command(struct rows_set *s, struct line *l, const char *words)
{
	static char text[256];
	char *save = NULL;

	*l = (struct line){ .rest = -1 };
	s->why[0] = 0;
	snprintf(text, sizeof text, "%s", words);
	for (char *w = strtok_r(text, " ", &save); w; w = strtok_r(NULL, " ", &save))
		l->argv[l->argc++] = strcmp(w, "''") ? w : w + 2;
	return opts_command(&s->o, l->argc, l->argv, &l->rest, s->why);
}

static void line_good(void **state)
{
	struct rows_set s;
	struct line l;

	(void)state;
	assert_int_equal(rows_open(&s), 0);
	assert_int_equal(command(&s, &l, "a --json b --memory 2M -n3 -l high - "
				 "--tunnel-min-bytes=8k c --no-color -jd x -m 3M -- --json -j"), 0);
	assert_int_equal(l.rest, 6);
	assert_string_equal(l.argv[0], "a");
	assert_string_equal(l.argv[2], "-");
	assert_string_equal(l.argv[3], "c");
	assert_string_equal(l.argv[4], "--json");
	assert_string_equal(l.argv[5], "-j");
	assert_true(s.main.json && !s.main.color);
	assert_int_equal(s.main.memory, 3 << 20);
	assert_int_equal(s.main.jobs, 3);
	assert_int_equal(s.main.level, 3);
	assert_int_equal(s.tunnel.min_bytes, 8192);
	assert_string_equal(s.main.db, "x");
	assert_int_equal(opts_source(&s.o, "", "color"), OPT_COMMAND);
	assert_int_equal(opts_source(&s.o, "", "window"), OPT_DEFAULT);

	assert_int_equal(command(&s, &l, "--db=--odd --no-json --note= --tunnel-skip -"), 0);
	assert_int_equal(l.rest, 0);
	assert_string_equal(s.main.db, "--odd");
	assert_string_equal(s.tunnel.skip, "-");
	assert_false(s.main.json);
	assert_int_equal(command(&s, &l, ""), 0);
	assert_int_equal(l.rest, 0);
	opts_free(&s.o);
}

/* What an option was called is taken on the command line alone, and shown nowhere. */
static void line_old(void **state)
{
	struct rows_set s;
	struct line l;
	struct buf out = { 0 };

	(void)state;
	assert_int_equal(rows_open(&s), 0);
	assert_int_equal(command(&s, &l, "--remark one x"), 0);
	assert_string_equal(s.main.note, "one");
	assert_int_equal(l.rest, 1);
	assert_int_equal(command(&s, &l, "--remark=two --note=three"), 0);
	assert_string_equal(s.main.note, "three");
	assert_int_equal(opts_parse(&s.o, "remark: x\n", 10, "f.yaml", s.why), OOPS_UNKNOWN);
	opts_help(&s.o, &out, 80);
	opts_manual(&s.o, &out);
	assert_null(strstr(buf_str(&out), "remark"));
	assert_non_null(strstr(buf_str(&out), "--note"));
	buf_free(&out);
	opts_free(&s.o);
}

static void line_bad(void **state)
{
	static const struct { const char *words; int rc; const char *why; } rows[] = {
		{ "--memory 9q", OOPS_TYPE, "--memory: '9q' is not a size; write 1M to 64G" },
		{ "--tunnel-min-bytes 1", OOPS_RANGE,
		  "--tunnel-min-bytes: '1' is out of range; write 1k to 1T" },
		{ "x --memory", OOPS_TYPE, "--memory needs a value: --memory SIZE" },
		{ "--db --json", OOPS_TYPE, "--db needs a value: --db FILE" },
		{ "-d", OOPS_TYPE, "-d needs a value: -d FILE" },
		{ "-jd", OOPS_TYPE, "-d needs a value: -d FILE" },
		{ "-m ''", OOPS_TYPE, "--memory: '' is not a size; write 1M to 64G" },
		{ "--memroy 1M", OOPS_UNKNOWN,
		  "unknown option '--memroy'; did you mean '--memory'?" },
		{ "--tunel-min-bytes=1", OOPS_UNKNOWN, "unknown option '--tunel-min-bytes=1'; did "
		  "you mean '--tunnel-min-bytes'?" },
		{ "--min-bytes 4k", OOPS_UNKNOWN, NULL }, { "--tunnel 4k", OOPS_UNKNOWN, NULL },
		{ "--json=true", OOPS_TYPE, "--json takes no value" },
		{ "--no-color=x", OOPS_TYPE, "--no-color takes no value" },
		{ "--no-memory", OOPS_UNKNOWN, NULL }, { "--JSON", OOPS_UNKNOWN, NULL },
		{ "-x", OOPS_UNKNOWN, "unknown option -x in '-x'; --help lists what there is" },
		{ "-jx", OOPS_UNKNOWN, "unknown option -x in '-jx'; --help lists what there is" },
		{ "--=x", OOPS_UNKNOWN, NULL }, { "--j", OOPS_UNKNOWN, NULL },
		{ "--config /nowhere/x.yaml", -ENOENT,
		  "/nowhere/x.yaml: No such file or directory" },
		{ "--config /", -EISDIR, "/: Is a directory" },
	};
	struct rows_set s;
	struct line l;

	(void)state;
	assert_int_equal(rows_open(&s), 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		int rc = command(&s, &l, rows[i].words);

		if (rc != rows[i].rc || l.rest != -1 ||
		    (rows[i].why && strcmp(s.why, rows[i].why) != 0))
			fail_msg("%s: %d %s", rows[i].words, rc, s.why);
		assert_true(s.why[0]);
	}
	opts_free(&s.o);
}

/* --config is read first wherever it stands, and the last one only. */
static void line_config(void **state)
{
	char path[] = "/tmp/vedette-opt-XXXXXX", words[200];
	const char *text = "memory: 9M\njobs: 7\n";
	int fd = mkstemp(path);
	struct rows_set s;
	struct line l;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	for (int last = 0; last < 2; last++) {
		assert_int_equal(rows_open(&s), 0);
		snprintf(words, sizeof words, last ? "--memory 5M x -c /nowhere -c %s" :
			 "-c /nowhere -c %s x --memory 5M", path);
		assert_int_equal(command(&s, &l, words), 0);
		assert_int_equal(l.rest, 1);
		assert_int_equal(s.main.memory, 5 << 20);
		assert_int_equal(s.main.jobs, 7);
		assert_string_equal(s.main.config, path);
		assert_int_equal(opts_source(&s.o, "", "jobs"), OPT_FILE);
		assert_int_equal(opts_source(&s.o, "", "memory"), OPT_COMMAND);
		opts_free(&s.o);
	}
	/* a value is not taken for the option, nor is what stands behind "--" */
	assert_int_equal(rows_open(&s), 0);
	assert_int_equal(command(&s, &l, "--note=--config x -- --config /nowhere"), 0);
	assert_int_equal(l.rest, 3);
	opts_free(&s.o);
	unlink(path);
}

/* ---- groups that share, and groups of other commands ---- */

struct other {
	u64 memory, depth;
	bool quiet;
};
#define AT(f) offsetof(struct other, f)
static const struct opt other_rows[] = {
	{ "memory", 0, OPT_SIZE, AT(memory), "1G", 1, 0, .help = "the same key" },
	{ "depth", 'd', OPT_COUNT, AT(depth), "3", .help = "of another command" },
	{ "quiet", 0, OPT_FLAG, AT(quiet), .cli_only = true, .help = "on its line only" },
	{ .name = NULL }
};
#undef AT

static void shared_groups(void **state)
{
	struct opt_group groups[] = {
		{ "", "General", rows_main, .size = sizeof(struct rows_main) },
		{ "", "Other", other_rows, .size = sizeof(struct other), .file_only = true },
	};
	struct rows_set s;
	struct line l;
	const struct rows_main *here;
	const struct other *there;

	(void)state;
	assert_int_equal(opts_init(&s.o, groups, 2), 0);
	here = opts_conf(&s.o, rows_main);
	there = opts_conf(&s.o, other_rows);
	assert_int_equal(there->memory, 1 << 30);
	assert_int_equal(opts_parse(&s.o, "memory: 7M\ndepth: 4\n", 20, "f", s.why), 0);
	assert_int_equal(here->memory, 7 << 20);
	assert_int_equal(there->memory, 7 << 20);
	assert_int_equal(there->depth, 4);
	assert_int_equal(command(&s, &l, "--memory 8M"), 0);
	assert_int_equal(here->memory, 8 << 20);
	assert_int_equal(command(&s, &l, "--depth 3"), OOPS_UNKNOWN);
	assert_string_equal(s.why, "--depth is an option of another command");
	assert_int_equal(command(&s, &l, "-d x"), 0);
	assert_string_equal(here->db, "x");

	groups[1].file_only = false;
	groups[1].unlisted = true;
	assert_int_equal(command(&s, &l, "--depth 3 --memory 9M"), 0);
	assert_int_equal(there->depth, 3);
	assert_int_equal(there->memory, 9 << 20);
	assert_int_equal(command(&s, &l, "--quiet"), OOPS_UNKNOWN);
	opts_free(&s.o);
	assert_null(groups[0].conf);
}

/* ---- help ---- */

static void help_fits(void **state)
{
	struct rows_set s;

	(void)state;
	assert_int_equal(rows_open(&s), 0);
	for (int width = 20; width <= 120; width += 20) {
		struct buf out = { 0 };
		int least = width < 40 ? 40 : width;

		opts_help(&s.o, &out, width);
		assert_int_equal(buf_error(&out), 0);
		for (const char *p = buf_str(&out), *end; *p; p = end + 1) {
			end = strchr(p, '\n');
			assert_non_null(end);
			if (end - p > least && width >= 60)
				fail_msg("%d: %.*s", width, (int)(end - p), p);
		}
		for (const struct opt *row = rows_main; row->name; row++)
			assert_non_null(strstr(buf_str(&out), row->name));
		assert_non_null(strstr(buf_str(&out), "--[no-]color"));
		assert_non_null(strstr(buf_str(&out), "  -m, --memory SIZE"));
		assert_non_null(strstr(buf_str(&out), "--tunnel-min-bytes SIZE"));
		buf_free(&out);
	}
	opts_free(&s.o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults), cmocka_unit_test(refuses), cmocka_unit_test(takes),
		cmocka_unit_test(precedence), cmocka_unit_test(line_good),
		cmocka_unit_test(line_bad), cmocka_unit_test(line_old),
		cmocka_unit_test(line_config),
		cmocka_unit_test(shared_groups), cmocka_unit_test(help_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
