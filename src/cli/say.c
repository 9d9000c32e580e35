/* SPDX-License-Identifier: GPL-3.0-or-later */
/* say.c - see say.h. */
#include "cli/say.h"
#include "base/buf.h"
#include "base/tongue.h"
#include "cli/cli.h"
#include "cli/term.h"
#include "model/utf8.h"
#include <stdarg.h>

#define SENTENCE_MAX 4096

void say_error(const char *format, ...)
{
	char sentence[SENTENCE_MAX];
	struct buf line = { 0 }, said = { 0 };
	int keep = errno;
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);
	term_progress_end();
	buf_text(&line, "vedette: ");
	say_anew(&said, tongue_now(), sentence);
	utf8_show(&line, buf_str(&said), 0);
	buf_byte(&line, '\n');
	fwrite(buf_str(&line), 1, line.len, stderr);
	buf_free(&said);
	buf_free(&line);
	errno = keep;
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
