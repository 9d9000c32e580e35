/* SPDX-License-Identifier: GPL-3.0-or-later */
/* suffix_test.c - registered domains, held against libpsl on the same lists.
 *
 * For every rule (itself, with labels before it, without its first label) and for
 * names put together at random from the rules' labels, both say the same registered
 * domain, save:
 *
 *   a name that is a public suffix   libpsl says none; here it stands for itself
 *   a single label that is on no     libpsl says none; here it belongs to the root
 *   list
 *   "kobe.jp" where the list has     libpsl takes it for a suffix; the algorithm of
 *   "*.kobe.jp" and no "kobe.jp"     publicsuffix.org does not, and nor is it here
 *
 * Lists: the distribution's, and those of VEDETTE_DATA/psl where it is there. */
#include "dns/name.h"
#include "dns/qname.h"
#include "draw.h"
#include <glob.h>
#include <idn2.h>
#include <libpsl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define KEY 12345
#define NAME_MAX_TEXT 512
#define LABELS_MAX 40000u
#define WILD_MAX 1000u

struct lists {		/* one list in both readers */
	struct suffixes *ours;
	psl_ctx_t *theirs;
	char *labels[LABELS_MAX];
	u32 label_count;
	char *wild[WILD_MAX];	/* "kobe.jp" of "*.kobe.jp" */
	u32 wild_count;
	u64 compared, differ;
};

/* The registered domain as text; "." for the root. */
static void our_domain(const struct suffixes *s, const char *name,
		       char out[NAME_TEXT_MAX], bool *listed)
{
	u8 wire[NAME_WIRE_MAX + 1], lower[QNAME_LOWER];
	struct qname q;
	int n = name_parse(name, wire);

	assert_true(n > 0);
	memset(&q, 0xa5, sizeof q);
	qname_read(&q, s, wire, (unsigned)n);
	qname_lower(&q, lower);
	name_text(lower + q.domain_at, q.len - q.domain_at, out);
	*listed = q.listed;
}

static bool is_wild(const struct lists *l, const char *name)
{
	for (u32 i = 0; i < l->wild_count; i++)
		if (strcmp(l->wild[i], name) == 0)
			return true;
	return false;
}

/* What is expected here, given what libpsl says. */
static const char *wanted(const struct lists *l, const char *name)
{
	const char *theirs = psl_registrable_domain(l->theirs, name),
		   *dot = strchr(name, '.');

	if (theirs)
		return theirs;
	if (dot == NULL &&
	    !psl_is_public_suffix2(l->theirs, name, PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE))
		return ".";
	if (dot && is_wild(l, name) && psl_registrable_domain(l->theirs, dot + 1))
		return psl_registrable_domain(l->theirs, dot + 1);
	return name;
}

static void compare(struct lists *l, const char *name)
{
	char ours[NAME_TEXT_MAX];
	const char *theirs = wanted(l, name);
	bool listed;

	our_domain(l->ours, name, ours, &listed);
	l->compared++;
	if (strcmp(ours, theirs)) {
		if (l->differ++ < 10)
			print_error("%s: %s here, %s by libpsl\n", name, ours, theirs);
	}
}

static void compare_with(struct lists *l, const char *before, const char *name)
{
	char text[2 * NAME_MAX_TEXT];

	snprintf(text, sizeof text, "%s.%s", before, name);
	compare(l, text);
}

static void add_labels(struct lists *l, const char *rule)
{
	while (*rule && l->label_count < LABELS_MAX) {
		size_t n = strcspn(rule, ".");

		l->labels[l->label_count++] = strndup(rule, n);
		rule += n + (rule[n] == '.');
	}
}

/* One rule of the list, without "!" and "*.", as A-labels. */
static void try_rule(struct lists *l, const char *rule)
{
	const char *dot = strchr(rule, '.');

	compare(l, rule);
	compare_with(l, "a", rule);
	compare_with(l, "b.a", rule);
	compare_with(l, "www.some-name.b.a", rule);
	if (dot && dot[1]) {
		compare(l, dot + 1);
		compare_with(l, "x", dot + 1);
		compare_with(l, "y.x", dot + 1);
	}
	add_labels(l, rule);
}

static void try_line(struct lists *l, char *line)
{
	char *rule = line + (*line == '!'), *ascii = NULL;
	bool wild;

	line[strcspn(line, " \t\r\n")] = 0;
	if (*line == 0 || strncmp(line, "//", 2) == 0)
		return;
	wild = strncmp(rule, "*.", 2) == 0;
	rule += wild ? 2 : 0;
	if (idn2_lookup_u8((u8 *)rule, (u8 **)&ascii,
			   IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) == 0) {
		if (wild && l->wild_count < WILD_MAX)
			l->wild[l->wild_count++] = strdup(ascii);
		try_rule(l, ascii);
	}
	idn2_free(ascii);
}

/* A name can be wild and a rule of its own; then it is a suffix for both. */
static void forget_rules(struct lists *l, const char *path)
{
	char line[2048];
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	while (fgets(line, sizeof line, f)) {
		line[strcspn(line, " \t\r\n")] = 0;
		for (u32 i = 0; i < l->wild_count; i++)
			if (strcmp(l->wild[i], line) == 0)
				*l->wild[i] = 0;
	}
	fclose(f);
}

static void try_random(struct lists *l, u32 n, u64 seed)
{
	static const char *const odd[] = {
		"www", "a",  "xn--p1ai", "example", "_tcp",
		"com", "uk", "city",	 "1",	    "localhost"
	};

	for (u32 i = 0; i < n; i++) {
		char name[NAME_MAX_TEXT] = "";
		size_t used = 0;

		for (u64 labels = 1 + draw_below(&seed, 6); labels; labels--) {
			const char *label = draw_below(&seed, 3)
				? l->labels[draw_below(&seed, l->label_count)]
				: odd[draw_below(&seed, COUNT(odd))];

			if (used + strlen(label) + 2 < 250)
				used += (size_t)snprintf(name + used, sizeof name - used,
							 "%s%s", used ? "." : "", label);
		}
		compare(l, name);
	}
}

static void hold_list(const char *path)
{
	struct lists *l = calloc(1, sizeof *l);
	char line[2048];
	FILE *f = fopen(path, "r");

	assert_non_null(l);
	assert_non_null(f);
	assert_int_equal(suffixes_open(&l->ours, path, KEY), 0);
	l->theirs = psl_load_file(path);
	assert_non_null(l->theirs);
	while (fgets(line, sizeof line, f))
		try_line(l, line);
	fclose(f);
	forget_rules(l, path);
	try_random(l, 50000, 77);
	print_message("# %s: %u rules, %llu names compared\n", path,
		      suffixes_count(l->ours), (unsigned long long)l->compared);
	assert_true(l->compared > 50000);
	assert_true(l->differ == 0);
	suffixes_free(l->ours);
	psl_free(l->theirs);
	for (u32 i = 0; i < l->label_count; i++)
		free(l->labels[i]);
	for (u32 i = 0; i < l->wild_count; i++)
		free(l->wild[i]);
	free(l);
}

static void test_libpsl(void **state)
{
	(void)state;
	hold_list(SUFFIX_FILE);
}

static void test_libpsl_data(void **state)
{
	const char *data = getenv("VEDETTE_DATA");
	char pattern[4096];
	glob_t g;

	(void)state;
	snprintf(pattern, sizeof pattern, "%s/psl/*.dat", data ? data : "");
	if (data == NULL || glob(pattern, 0, NULL, &g) != 0) {
		print_message("skipped: there are no lists in VEDETTE_DATA/psl\n");
		skip();
	}
	for (size_t i = 0; i < g.gl_pathc; i++)
		hold_list(g.gl_pathv[i]);
	globfree(&g);
}

/* --- the list's own test file: checkPublicSuffix('b.test.om', 'b.test.om'); --- */

static bool quoted(const char **at, char out[NAME_MAX_TEXT])
{
	const char *from, *to;

	*at += strspn(*at, " ,(");
	if (strncmp(*at, "null", 4) == 0) {
		*at += 4;
		*out = 0;
		return true;
	}
	if (**at != '\'' || (to = strchr(from = *at + 1, '\'')) == NULL)
		return false;
	snprintf(out, NAME_MAX_TEXT, "%.*s", (int)(to - from), from);
	*at = to + 1;
	return true;
}

static bool to_ascii(char text[NAME_MAX_TEXT])
{
	char *ascii = NULL;
	bool good = idn2_lookup_u8((u8 *)text, (u8 **)&ascii,
				   IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) == IDN2_OK;

	if (good)
		snprintf(text, NAME_MAX_TEXT, "%s", ascii);
	idn2_free(ascii);
	return good;
}

/* A line of the file, true when it was one: the registered domain is what it says. */
static bool try_check(const struct suffixes *s, const char *line)
{
	char name[NAME_MAX_TEXT], want[NAME_MAX_TEXT], ours[NAME_TEXT_MAX];
	const char *at = line + strlen("checkPublicSuffix");
	bool listed;

	if (strncmp(line, "checkPublicSuffix", strlen("checkPublicSuffix")) != 0 ||
	    !quoted(&at, name) || !quoted(&at, want) || *name == 0 || *name == '.' ||
	    !to_ascii(name) || (*want && !to_ascii(want)))
		return false;
	our_domain(s, name, ours, &listed);
	if (*want == 0)
		snprintf(want, sizeof want, "%s",
			 strchr(name, '.') || listed ? name : ".");
	if (strcmp(ours, want))
		fail_msg("%s: %s, not %s", name, ours, want);
	return true;
}

static void test_own_cases(void **state)
{
	const char *data = getenv("VEDETTE_DATA");
	struct suffixes *s;
	char path[4096], line[1024];
	unsigned tried = 0;
	FILE *f;

	(void)state;
	snprintf(path, sizeof path, "%s/psl/test_psl.txt", data ? data : "");
	if ((f = fopen(path, "r")) == NULL) {
		print_message("skipped: there is no VEDETTE_DATA/psl/test_psl.txt\n");
		skip();
	}
	snprintf(path, sizeof path, "%s/psl/public_suffix_list-20260819.dat", data);
	assert_int_equal(suffixes_open(&s, path, KEY), 0);
	while (fgets(line, sizeof line, f))
		tried += try_check(s, line);
	fclose(f);
	suffixes_free(s);
	assert_true(tried > 50);
}

/* --- small lists --------------------------------------------------------- */

static void small(const char *list, const char *name, const char *want, bool want_listed)
{
	struct suffixes *s;
	char ours[NAME_TEXT_MAX];
	bool listed;

	assert_int_equal(suffixes_parse(&s, list, strlen(list), KEY), 0);
	our_domain(s, name, ours, &listed);
	assert_string_equal(ours, want);
	assert_int_equal(listed, want_listed);
	suffixes_free(s);
}

static void test_small(void **state)
{
	(void)state;
	small("com", "a.b.example.COM", "example.com", true);
	small("com // ICANN\nnet\tx", "a.net", "a.net", true);
	small("com\r\nco.uk\r\n", "www.bbc.co.uk", "bbc.co.uk", true);
	small("com", ".", ".", false);
	small("com", "com", "com", true);
	small("com", "lan", ".", false);
	small("com", "printer.lan", "printer.lan", false);
	small("com", "x.printer.lan", "printer.lan", false);
	small("*.ck\n!www.ck", "ck", "ck", true);
	small("*.ck\n!www.ck", "b.a.ck", "b.a.ck", true);
	small("*.ck\n!www.ck", "a.ck", "a.ck", true);
	small("*.ck\n!www.ck", "x.www.ck", "www.ck", true);
	small("\xe4\xb8\xad\xe5\x9b\xbd", "x.a.xn--fiqs8s", "a.xn--fiqs8s", true);
	small("a.b.c.d.e.f.g\n*.b.c.d.e.f.g", "z.y.x.b.c.d.e.f.g", "y.x.b.c.d.e.f.g",
	      true);
	small("*.a.b.c.d.e.f.g", "3.2.1.0.a.b.c.d.e.f.g", "1.0.a.b.c.d.e.f.g", true);
	small("!a.b.c.d.e.f.g", "2.1.a.b.c.d.e.f.g", "a.b.c.d.e.f.g", true);
}

static void test_broken(void **state)
{
	struct suffixes *s = NULL;
	u64 seed = 5;

	(void)state;
	assert_int_equal(suffixes_parse(&s, "", 0, KEY), OOPS_FORMAT);
	assert_int_equal(suffixes_parse(&s, "// no rule\n\n", 12, KEY), OOPS_FORMAT);
	assert_int_equal(suffixes_open(&s, "/nonexistent", KEY), -ENOENT);
	assert_null(s);
	for (unsigned i = 0; i < 3000; i++) {
		char text[200];
		size_t n = (size_t)draw_below(&seed, sizeof text);

		for (size_t j = 0; j < n; j++)
			text[j] = "ab.*!\n/ \x80\xc3\xa4-"[draw_below(&seed, 13)];
		if (suffixes_parse(&s, text, n, KEY) == 0)
			s = suffixes_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_libpsl),
		cmocka_unit_test(test_libpsl_data),
		cmocka_unit_test(test_own_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
