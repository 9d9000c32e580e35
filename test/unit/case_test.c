/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case_test.c - runs every replay case below test/case, and sees that each catalogue
 * id has one that wants it and one that must not have it.
 *
 *   case_test FILE...   runs these only; with CASE_SHOW=1 it prints all that was said */
#include "case.h"
#include "detect/detect.h"
#include "respond/catalogue.h"
#include <fts.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define RULES_MAX 1024

struct tally {
	unsigned cases, failed;
	unsigned wanted[RULES_MAX], never[RULES_MAX]; /* by the order of the catalogue */
};

/* "never finding tunnel" speaks of every rule of the detector, "any" of all of them. */
static void count_wishes(struct tally *t, const struct replay_case *c)
{
	unsigned rules;
	const struct catalogue_row *const *rows = catalogue_all(&rules);

	assert_true(rules <= RULES_MAX);
	for (unsigned i = 0; i < c->wish_count; i++)
		for (unsigned r = 0; r < rules; r++) {
			const char *text = c->wishes[i].text;
			size_t n = strcspn(text, " ");
			bool all = n == 3 && strncmp(text, "any", 3) == 0;
			bool same = strncmp(rows[r]->id, text, n) == 0 &&
				    (rows[r]->id[n] == 0 || rows[r]->id[n] == '.');

			if (same && c->wishes[i].wanted)
				t->wanted[r]++;
			if ((same || all) && !c->wishes[i].wanted)
				t->never[r]++;
		}
}

static void run_file(struct tally *t, const char *path)
{
	static struct replay_case c;
	bool good = case_read(&c, path) && case_run(&c);

	t->cases++;
	count_wishes(t, &c);
	if (!good) {
		t->failed++;
		print_error("%s\n", c.why);
	}
	case_free(&c);
}

/* Checks of zones are in the catalogue as well, but no traffic shows them. */
static bool is_of_traffic(const char *id)
{
	for (unsigned i = 0; detectors[i]; i++)
		if (strncmp(id, detectors[i]->id, strcspn(id, ".")) == 0)
			return true;
	return false;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static void test_cases(void **state)
{
	const char *root = getenv("VEDETTE_SOURCE");
	unsigned rules;
	const struct catalogue_row *const *rows = catalogue_all(&rules);
	struct tally t = { .cases = 0 };
	char path[4096];
	FTSENT *e;
	FTS *fts;

	(void)state;
	snprintf(path, sizeof path, "%s/test/case", root ? root : ".");
	fts = fts_open((char *[]){ path, NULL }, FTS_LOGICAL, by_name);
	assert_non_null(fts);
	while ((e = fts_read(fts)))
		if (e->fts_info == FTS_F && e->fts_namelen > 5 &&
		    strcmp(e->fts_name + e->fts_namelen - 5, ".case") == 0)
			run_file(&t, e->fts_path);
	fts_close(fts);
	print_message("%u cases, %u failed\n", t.cases, t.failed);
	for (unsigned r = 0; r < rules; r++)
		if (is_of_traffic(rows[r]->id) && (t.wanted[r] == 0 || t.never[r] == 0))
			fail_msg("%s: %u cases want it, %u must not have it", rows[r]->id,
				 t.wanted[r], t.never[r]);
	assert_true(t.cases > 0);
	assert_int_equal(t.failed, 0);
}

/* --- the language itself ------------------------------------------------- */

static void refuses(const char *text, const char *says)
{
	static struct replay_case c;
	char path[] = "/tmp/case-test-XXXXXX";
	int fd = mkstemp(path);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	assert_false(case_read(&c, path) && case_run(&c));
	if (strstr(c.why, says) == NULL)
		fail_msg("'%s' does not say '%s'", c.why, says);
	case_free(&c);
	remove(path);
}

static void test_language(void **state)
{
	static const char good[] =
		"title x\nexchange 192.0.2.1 a{1..9}.example.com A NOERROR "
		"A=192.0.2.2\n";
	char text[400], out[CASE_LINE_MAX];
	u64 seed = 1, from, to;
	bool bad;

	(void)state;
	refuses("title x\nbark\n", ":2: there is no 'bark'");
	refuses("title x\nquery 192.0.2.1 www.example.com\n",
		":2: 'query' wants more words");
	refuses("title x\nquery nobody www.example.com A\n", "'nobody' is no address");
	refuses("title x\nquery 192.0.2.1 a..b A\n", "is no name");
	refuses("title x\nquery 192.0.2.1 a B\n", "'B' is no record type");
	refuses("title x\nexchange 192.0.2.1 a A WELL\n", "'WELL' is no response code");
	refuses("title x\nexchange 192.0.2.1 a A NOERROR A=x\n", "'A=x' is no record");
	refuses("title x\nquery 192.0.2.1 {1..2}.{3..4} A\n", "one range");
	refuses("title x\nset tunnel.nams 8\n", "tunnel.nams");
	refuses("title x\nquery 192.0.2.1 <what:3> A\n", "is no name");
	refuses("title x\n", "at least one wish");
	snprintf(text, sizeof text, "%swant finding tunnel example.com\n", good);
	refuses(text, ":3: there is no finding tunnel");
	snprintf(text, sizeof text, "%snever finding tunnel\nset tunnel.names x\n", good);
	refuses(text, ":4: ");
	assert_true(case_range("a{3..9}", &from, &to, &bad) && from == 3 && to == 9 &&
		    !bad);
	assert_true(case_expand("a{3..9}.{}<x|x>", 5, &seed, out));
	assert_string_equal(out, "a5.5x");
	assert_true(case_expand("<hex:6>", 5, &seed, out) && strlen(out) == 6);
	assert_true(strspn(out, "0123456789abcdef") == 6);
	assert_true(case_expand("<net:192.0.2.0/24>", 5, &seed, out));
	assert_true(strncmp(out, "192.0.2.", 8) == 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_language),
		cmocka_unit_test(test_cases),
	};
	struct tally t = { .cases = 0 };

	if (argc < 2)
		return cmocka_run_group_tests(tests, NULL, NULL);
	for (int i = 1; i < argc; i++) {
		printf("%s\n", argv[i]);
		run_file(&t, argv[i]);
	}
	return t.failed > 0;
}
