/* SPDX-License-Identifier: GPL-3.0-or-later */
/* say.c - see say.h. */
#include "cli/say.h"
#include "base/buf.h"
#include "base/tongue.h"
#include "cli/cli.h"
#include "cli/hint.h"
#include "cli/term.h"
#include "model/utf8.h"
#include <stdarg.h>

#define SENTENCE_MAX 4096

void say_error(const char *format, ...)
{
	char sentence[SENTENCE_MAX];
	struct buf line = { 0 }, said = { 0 }, full = { 0 };
	int keep = errno;
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);
	term_progress_end();
	buf_text(&line, "vedette: ");
	say_anew(&said, tongue_now(), sentence);
	hint_put(&full, buf_str(&said));
	utf8_show(&line, buf_str(&full), 0);
	buf_byte(&line, '\n');
	fwrite(buf_str(&line), 1, line.len, stderr);
	buf_free(&said);
	buf_free(&full);
	buf_free(&line);
	errno = keep;
}

void say_no_label(const char *option, const char *text)
{
	say_error("%s: '%s' is no label; write clear, green, amber, amber+strict or red, and "
		  "PAP: the same way", option, text);
}

static void fill(struct buf *out, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
static void fill(struct buf *out, const char *format, va_list args)
{
	char text[SENTENCE_MAX];

	vsnprintf(text, sizeof text, format, args);
	hint_put(out, text);
}

void say_line(const char *format, ...)
{
	struct buf out = { 0 };
	va_list args;

	va_start(args, format);
	fill(&out, format, args);
	va_end(args);
	fputs(buf_str(&out), stdout);
	buf_free(&out);
}

void say_hint(struct buf *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fill(out, format, args);
	va_end(args);
}

int say_print(const struct buf *text)
{
	int rc = buf_error(text);

	errno = 0;
	if (rc == 0 && fwrite(buf_str(text), 1, text->len, stdout) == text->len)
		return STATUS_FINE;
	say_error("standard output: %s", oops_text(rc ? rc : -errno));
	return STATUS_TROUBLE;
}
