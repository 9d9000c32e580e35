/* SPDX-License-Identifier: GPL-3.0-or-later */
/* term.c - see term.h. */
#include "cli/term.h"
#include "base/buf.h"
#include "base/num.h"
#include "model/utf8.h"
#include <sys/ioctl.h>
#include <unistd.h>

/* A terminal that knows the usual escapes. */
static bool speaks(int fd)
{
	const char *kind = getenv("TERM");

	return isatty(fd) && kind && *kind && strcmp(kind, "dumb") != 0;
}

bool term_color(void)
{
	const char *no = getenv("NO_COLOR");

	return (no == NULL || *no == 0) && speaks(STDOUT_FILENO);
}

static int width_of(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return TERM_WIDTH;
}

int term_width(void)
{
	return width_of(STDOUT_FILENO);
}

unsigned term_room(void)
{
	const char *said = getenv("COLUMNS");
	u64 columns = 0;

	if (isatty(STDOUT_FILENO))
		return (unsigned)term_width();
	return said && num_u64(said, 1, 10000, &columns) == 0 ? (unsigned)columns : 0;
}

void term_progress(const char *text)
{
	struct buf line = { 0 };

	if (!speaks(STDERR_FILENO))
		return;
	utf8_show(&line, text, (unsigned)max_u64((u64)width_of(STDERR_FILENO) - 1, 1));
	fprintf(stderr, "\r%s\033[K", buf_str(&line));
	fflush(stderr);
	buf_free(&line);
}

void term_progress_end(void)
{
	if (speaks(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}
