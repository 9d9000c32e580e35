/* SPDX-License-Identifier: GPL-3.0-or-later */
/* share_test.c - the formats: whole, safe whatever the text, honest about loss. */
#include "share/share.h"
#include "share/html.h"
#include "model/digest.h"
#include "model/utf8.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <ctype.h>
#include <jansson.h>
#include <openssl/evp.h>

#define EVIL "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;" \
	"\x1b[31m\xe2\x80\xae" "gpj\xff]]>-->\r\n"

static const char *const references[] = { "RFC 1035 <2.3.4>", NULL };
static const struct catalogue_row known = {
	.id = "tunnel.data", .title = "Data & channel", .first = 20, .detect = "a",
	.meaning = "What it means <b>.", .remedy = "What to do & how.",
	.references = references,
};
static const struct catalogue_row *const catalogue[] = { &known, NULL };

static const struct report_input inputs[] = {
	{ .name = "a" EVIL, .octets = 1000, .frames = 90, .trouble = "broken " EVIL },
};
static const struct report_counter counters[] = {
	{ "frames.dns", "DNS messages", COUNTER_PART, 80 },
	{ "frames.cut", "cut by the snap length", COUNTER_LOSS, 10 },
	{ "frames.bad", "malformed", COUNTER_LOSS, 0 },
	{ "limit.x", "TCP streams given up", COUNTER_LIMIT, 4 },
};
static const struct run_report lossy = {
	.from = 1769853600000000000, .until = 1769857200000000000, .inputs = inputs,
	.input_count = 1, .counters = counters, .counter_count = 4,
};
static const struct run_report clean = { .counters = counters, .counter_count = 1 };

static void make(struct finding *f, unsigned n, const char *text)
{
	struct related who = { .role = "client" };
	const char *evil = strchr(text, '<') ? text : "";

	*f = (struct finding){ .rule_version = 1, .frames = 90, .confidence = 80,
			       .severity = (enum severity)(n % SEVERITY_COUNT),
			       .evidence_count = 2, .summary.len = 3 };
	snprintf(f->rule, sizeof f->rule, "%s", n % 2 ? "tunnel.data" : "other.rule");
	snprintf(f->subject_kind, sizeof f->subject_kind, "domain");
	snprintf(f->subject, sizeof f->subject, "d%u.%s", n, text);
	snprintf(f->sentence, sizeof f->sentence, "Seen under %s, %u times.", text, n);
	snprintf(f->label, sizeof f->label, "TLP:AMBER");
	f->from = 1769853600000000000 + n * 600000000ull;
	f->until = f->from + 60000000000;
	for (int i = 0; i < FEATURE_RULE_COUNT; i++) {
		struct feature add = { .rule = (u8)i, .value = 41200, .threshold = 500 };

		snprintf(add.name, sizeof add.name, "n%s", evil);
		snprintf(add.unit, sizeof add.unit, "u%s", evil);
		snprintf(add.help, sizeof add.help, "h%s", text);
		finding_feature(f, &add);
	}
	snprintf(who.name, sizeof who.name, "%s", text);
	snprintf(who.note, sizeof who.note, "did %s", text);
	finding_related(f, &who);
	finding_identify(f);
}

/* What a format makes of `n` findings; the caller frees it. */
__attribute__((noinline)) static char *shared(const char *format, unsigned n, const char *text,
		    const struct share_style *style, const struct run_report *r)
{
	struct finding *f = malloc(sizeof *f);
	struct share s;
	char *out = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&out, &len);

	share_begin(&s, share_find(format), file, style);
	for (unsigned i = 0; i < n; i++) {
		make(f, i, text);
		share_finding(&s, f);
	}
	assert_int_equal(share_end(&s, r), 0);
	share_free(&s);
	fclose(file);
	free(f);
	return out;
}

static const struct share_style plain = { .version = "1", .catalogue = catalogue };

/* No octet that acts: only printable UTF-8 and line ends. */
static void harmless(const char *text)
{
	size_t n = strlen(text);
	u32 c;

	for (size_t i = 0; i < n;) {
		i += utf8_next(text + i, n - i, &c);
		if (c != '\n' && c != '\t')
			assert_false(c == UTF8_BAD || utf8_hidden(c));
	}
}

static void registry(void **state)
{
	(void)state;
	for (unsigned i = 0; share_formats[i]; i++) {
		assert_ptr_equal(share_find(share_formats[i]->id), share_formats[i]);
		assert_non_null(share_formats[i]->finding);
		assert_non_null(share_formats[i]->end);
	}
	assert_null(share_find("pdf"));
}

/* Every line of the table stays in the width but words that are longer. */
static void within(const char *text, unsigned width)
{
	char line[4096];

	while (*text) {
		size_t n = strcspn(text, "\n");

		assert_true(n < sizeof line);
		memcpy(line, text, n);
		line[n] = 0;
		if (utf8_width(line) > width && strchr(line + strspn(line, " "), ' '))
			fail_msg("%u: %s", width, line);
		text += n + (text[n] == '\n');
	}
}

static void text_width(void **state)
{
	static const unsigned widths[] = { 40, 63, 64, 80, 100, 200 };
	static const char *const texts[] = {
		"example.com",
		"a-very-long-name-that-will-not-fit.into.narrow.terminals.example.co.uk",
		"\xe4\xb8\xad\xe6\x96\x87.example",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(widths) * COUNT(texts); i++) {
		struct share_style style = plain;
		char *out;

		style.width = widths[i % COUNT(widths)];
		style.verbose = true;
		out = shared("text", 6, texts[i / COUNT(widths)], &style, &clean);
		within(out, style.width);
		assert_non_null(strstr(out, texts[i / COUNT(widths)]));
		assert_null(strstr(out, " \n"));
		free(out);
	}
}

static void text_is_safe(void **state)
{
	struct share_style style = plain;
	char *out;

	(void)state;
	style.verbose = true;
	out = shared("text", 5, EVIL, &style, &lossy);
	harmless(out);
	assert_non_null(strstr(out, "\\u001b[31m\\u202egpj\\xff"));
	free(out);
	style.color = true;
	out = shared("text", 5, "example.com", &style, &lossy);
	assert_non_null(strstr(out, "\x1b[1;31mcritical\x1b[0m"));
	free(out);
}

static void text_is_honest(void **state)
{
	char *out = shared("text", 0, "", &plain, &lossy);

	(void)state;
	assert_non_null(strstr(out, "Nothing found."));
	assert_non_null(strstr(out, "            10  cut by the snap length"));
	assert_non_null(strstr(out, "             4  TCP streams given up"));
	assert_non_null(strstr(out, "can hide more"));
	assert_null(strstr(out, "malformed"));
	free(out);
	out = shared("text", 7, "x", &plain, &clean);
	assert_non_null(strstr(out, "7 findings: 1 critical, 1 high, 1 medium, 2 low, "
				    "2 info."));
	assert_non_null(strstr(out, "Nothing was lost and no limit was reached."));
	free(out);
	out = shared("text", 1, "x", &plain, &clean);
	assert_non_null(strstr(out, "1 finding: 1 info."));
	assert_non_null(strstr(out, "info      2026-01-31 10:00:00  1m       d0.x"));
	free(out);
}

static void json_lines(void **state)
{
	char *out = shared("json", 9, EVIL, &plain, &lossy), *line = out;
	struct finding *f = malloc(sizeof *f);
	struct buf schema = { 0 };
	json_t *run;

	(void)state;
	harmless(out);
	for (unsigned i = 0; i < 9; i++) {
		size_t n = strcspn(line, "\n");

		assert_int_equal(finding_parse(f, line, n, NULL), 0);
		line += n + 1;
	}
	run = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(json_object_get(json_object_get(run, "run"), "counters"));
	assert_string_equal(line + strlen(line) - 3, "}}\n");
	json_decref(run);
	share_schema(&schema);
	run = json_loads(buf_str(&schema), JSON_REJECT_DUPLICATES, NULL);
	assert_int_equal(json_array_size(json_object_get(run, "oneOf")), 2);
	json_decref(run);
	buf_free(&schema);
	free(out);
	free(f);
}

/* A reader of our own HTML: every tag is known, closed in order, every `<` is a
 * tag; attributes hold no event handler and no address but anchors. */
static const char *const voids[] = { "meta", "br", NULL };

static bool listed(const char *const *list, const char *name)
{
	for (; *list; list++)
		if (strcmp(*list, name) == 0)
			return true;
	return false;
}

static void well_formed(const char *page)
{
	static const char *const tags[] = {
		"html", "head", "meta", "title", "style", "body", "header", "main",
		"footer", "section", "article", "h1", "h2", "h3", "h4", "p", "b",
		"ul", "li", "a", "span", "div", "br", "time", "bdi", "code", "table",
		"caption", "thead",
		"tbody", "tr", "th", "td", "dl", "dt", "dd", "details", "summary",
		"figure", "figcaption", "svg", "path", "line", "rect", NULL
	};
	char open[64][16];
	int depth = 0;

	for (const char *p = strchr(page, '<'); p; p = strchr(p + 1, '<')) {
		char name[16];
		bool closing = p[1] == '/', self;
		const char *at = p + 1 + closing, *end = strchr(p, '>');
		size_t n = strspn(at, "abcdefghijklmnopqrstuvwxyz123456");

		if (strncmp(p, "<!DOCTYPE html>", 15) == 0)
			continue;
		assert_non_null(end);
		assert_true(n && n < sizeof name);
		memcpy(name, at, n);
		name[n] = 0;
		assert_true(listed(tags, name));
		assert_null(memmem(p, (size_t)(end - p), " on", 3));
		assert_null(memmem(p, (size_t)(end - p), "src=", 4));
		if (memmem(p, (size_t)(end - p), "href=", 5))
			assert_non_null(memmem(p, (size_t)(end - p), "href=\"#", 7));
		self = end[-1] == '/' || listed(voids, name);
		if (closing) {
			assert_true(depth > 0);
			assert_string_equal(open[--depth], name);
		} else if (!self) {
			assert_true(depth < 64);
			memcpy(open[depth++], name, n + 1);
		}
		p = end;
		if (strcmp(name, "style") == 0 && !closing)
			p = strstr(p, "</style>") - 1;
	}
	assert_int_equal(depth, 0);
}

static unsigned times(const char *text, const char *word)
{
	unsigned n = 0;

	for (; (text = strstr(text, word)); text += strlen(word))
		n++;
	return n;
}

static void html_is_safe(void **state)
{
	static const char *const texts[] = { EVIL, "example.com", "</style>", "" };

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct share_style style = plain;
		char *out;

		style.title = texts[i];
		out = shared("html", 12, texts[i], &style, &lossy);
		well_formed(out);
		harmless(out);
		assert_null(strstr(out, "<script"));
		assert_null(strstr(out, "<img"));
		assert_int_equal(times(out, "<article id=\"f-"), 12);
		assert_int_equal(times(out, "<path "), 12);
		free(out);
	}
}

static void html_sizes(void **state)
{
	static const unsigned sizes[] = { 0, 1, 3, 300, HTML_FINDINGS_MAX + 7 };

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		char *out = shared("html", sizes[i], "x", &plain,
				   i % 2 ? &lossy : &clean);
		u64 full = min_u64(sizes[i], HTML_FINDINGS_MAX);

		well_formed(out);
		assert_int_equal(times(out, "<article id=\"f-"), full);
		assert_int_equal(times(out, "This page is not all:</b> 7 more"),
				 sizes[i] > HTML_FINDINGS_MAX);
		assert_int_equal(times(out, "<b>Nothing found.</b>"), sizes[i] == 0);
		assert_int_equal(times(out, "Not everything was seen"), i % 2);
		assert_int_equal(times(out, "Nothing was lost."), !(i % 2));
		free(out);
	}
}

/* The policy names the style of the page by its hash, and allows nothing else. */
static void html_policy(void **state)
{
	char *out = shared("html", 1, "x", &plain, &clean);
	const char *style = strstr(out, "<style>");
	struct digest d;
	u8 hash[DIGEST_OCTETS], text[48];
	char want[160];

	(void)state;
	assert_non_null(style);
	style += strlen("<style>");
	digest_init(&d);
	digest_add(&d, style, (size_t)(strstr(style, "</style>") - style));
	digest_end(&d, hash);
	EVP_EncodeBlock(text, hash, sizeof hash);
	snprintf(want, sizeof want, "content=\"default-src 'none'; "
		 "style-src 'sha256-%s'; base-uri 'none'; form-action 'none'\"", text);
	assert_non_null(strstr(out, want));
	assert_null(strstr(out, " style="));
	assert_null(strstr(out, "http:"));
	assert_null(strstr(out, "https:"));
	assert_null(strstr(style, "url("));
	assert_null(strstr(style, "@import"));
	free(out);
}

/* The page bears the strictest label of what stands in it. */
static void html_label_joins(void **state)
{
	static const char *const labels[] = {
		"TLP:GREEN", "", "TLP:AMBER+STRICT", "TLP:CLEAR"
	};
	struct finding *f = malloc(sizeof *f);
	struct share s;
	char *out = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&out, &len);

	(void)state;
	share_begin(&s, share_find("html"), file, &plain);
	for (unsigned i = 0; i < COUNT(labels); i++) {
		make(f, i, "x");
		snprintf(f->label, sizeof f->label, "%s", labels[i]);
		share_finding(&s, f);
	}
	assert_int_equal(share_end(&s, &clean), 0);
	share_free(&s);
	fclose(file);
	assert_non_null(strstr(out, "<header>\n<span class=\"tlp tlp3\">TLP:AMBER+"));
	assert_int_equal(times(out, "AMBER+STRICT"), 3);	/* top, finding, end */
	well_formed(out);
	free(out);
	free(f);
}

static void same_octets(void **state)
{
	(void)state;
	for (unsigned i = 0; share_formats[i]; i++) {
		char *a = shared(share_formats[i]->id, 20, EVIL, &plain, &lossy);
		char *b = shared(share_formats[i]->id, 20, EVIL, &plain, &lossy);

		assert_string_equal(a, b);
		free(a);
		free(b);
	}
}

static void full_disk(void **state)
{
	FILE *full = fopen("/dev/full", "w");
	struct finding *f = malloc(sizeof *f);

	(void)state;
	make(f, 1, "x");
	for (unsigned i = 0; full && share_formats[i]; i++) {
		struct share s;

		share_begin(&s, share_formats[i], full, &plain);
		share_finding(&s, f);
		assert_int_equal(share_end(&s, &clean), -ENOSPC);
		share_free(&s);
	}
	if (full)
		fclose(full);
	free(f);
}

static void numbers(void **state)
{
	char to[REAL_TEXT_MAX], span[NUM_TEXT_MAX], at[SHARE_TIME_MAX];

	(void)state;
	assert_string_equal(share_value(41200, to), "41,200");
	assert_string_equal(share_value(0.0312345, to), "0.0312");
	assert_string_equal(share_value(1234.5678, to), "1234.6");
	assert_string_equal(share_value(4.7123, to), "4.71");
	assert_string_equal(share_value(-2, to), "-2");
	assert_string_equal(share_span(60000000000, span), "1m");
	assert_string_equal(share_span(86400000000000, span), "1d");
	assert_string_equal(share_span(3660000000000, span), "61m");
	assert_string_equal(share_span(86460000000000, span), "1d 0h");
	assert_string_equal(share_time(1769853600000000000, at), "2026-01-31 10:00:00");
	assert_string_equal(share_time(1769853600250000000, at),
			    "2026-01-31 10:00:00.250");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registry), cmocka_unit_test(text_width),
		cmocka_unit_test(text_is_safe), cmocka_unit_test(text_is_honest),
		cmocka_unit_test(json_lines), cmocka_unit_test(html_is_safe),
		cmocka_unit_test(html_sizes), cmocka_unit_test(html_policy),
		cmocka_unit_test(html_label_joins),
		cmocka_unit_test(same_octets), cmocka_unit_test(full_disk),
		cmocka_unit_test(numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
