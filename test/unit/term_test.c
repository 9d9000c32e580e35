/* SPDX-License-Identifier: GPL-3.0-or-later */
/* term_test.c - colours, width, the progress line and errors, on a terminal of
 * our own (a pseudo-terminal) and where there is none. Each case runs in a child
 * whose standard output and error are that terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include "cli/say.h"
#include "cli/term.h"
#include <cmocka.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct world {
	const char *kind, *no_color;	/* TERM, NO_COLOR; NULL = not set */
	unsigned columns;		/* 0 = no terminal: a pipe */
};

static void variable(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

/* Runs `act` in that world: its result; what it wrote goes to shown[]. */
static int in_world(struct world w, int (*act)(void), char shown[1000])
{
	struct winsize size = { .ws_row = 25, .ws_col = (unsigned short)w.columns };
	int ends[2], status = -1;
	size_t n = 0;
	ssize_t got;
	pid_t pid;

	if (w.columns)
		assert_int_equal(openpty(&ends[0], &ends[1], NULL, NULL, &size), 0);
	else
		assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(ends[1], 1), dup2(ends[1], 2), close(ends[0]);
		variable("TERM", w.kind), variable("NO_COLOR", w.no_color);
		status = act();
		fflush(NULL);
		_exit(status);
	}
	close(ends[1]);
	while (n < 999 && (got = read(ends[0], shown + n, 999 - n)) > 0)
		n += (size_t)got;
	shown[n] = 0;
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int colour(void) { return term_color(); }
static int width(void) { return term_width(); }

static int progress(void)
{
	term_progress("read 10% of a\n.pcap");
	term_progress("0123456789012345678901234567890123456789");
	term_progress_end();
	return 0;
}

static int trouble(void)
{
	term_progress("half");
	say_error("%s: %s", "a\x1b[31m\nb", "is bad");
	return 0;
}

static void colours(void **state)
{
	char shown[1000];

	(void)state;
	assert_int_equal(in_world((struct world){ "xterm", NULL, 80 }, colour, shown), 1);
	assert_int_equal(in_world((struct world){ "xterm", "", 80 }, colour, shown), 1);
	assert_int_equal(in_world((struct world){ "xterm", "1", 80 }, colour, shown), 0);
	assert_int_equal(in_world((struct world){ "dumb", NULL, 80 }, colour, shown), 0);
	assert_int_equal(in_world((struct world){ NULL, NULL, 80 }, colour, shown), 0);
	assert_int_equal(in_world((struct world){ "xterm", NULL, 0 }, colour, shown), 0);
}

static void widths(void **state)
{
	char shown[1000];

	(void)state;
	assert_int_equal(in_world((struct world){ "xterm", NULL, 132 }, width, shown), 132);
	assert_int_equal(in_world((struct world){ "xterm", NULL, 20 }, width, shown), 20);
	assert_int_equal(in_world((struct world){ "xterm", NULL, 0 }, width, shown), 80);
}

static void progress_line(void **state)
{
	char shown[1000];

	(void)state;
	in_world((struct world){ "xterm", NULL, 30 }, progress, shown);
	assert_non_null(strstr(shown, "\rread 10% of a"));
	assert_null(strstr(shown, "\n"));
	assert_null(strstr(shown, "012345678901234567890123456789"));
	assert_string_equal(shown + strlen(shown) - 4, "\r\033[K");
	in_world((struct world){ "xterm", NULL, 0 }, progress, shown);
	assert_string_equal(shown, "");
	in_world((struct world){ "dumb", NULL, 80 }, progress, shown);
	assert_string_equal(shown, "");
}

static void error_line(void **state)
{
	char shown[1000];
	const char *line;

	(void)state;
	in_world((struct world){ "xterm", NULL, 80 }, trouble, shown);
	line = strstr(shown, "\r\033[Kvedette: ");
	assert_non_null(line);
	assert_null(strstr(line + 4, "\033"));
	in_world((struct world){ "xterm", NULL, 0 }, trouble, shown);
	assert_int_equal(strncmp(shown, "vedette: a", 10), 0);
	assert_null(strstr(shown, "\033"));
	assert_ptr_equal(strchr(shown, '\n'), shown + strlen(shown) - 1);
	assert_non_null(strstr(shown, "b: is bad\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(colours), cmocka_unit_test(widths),
		cmocka_unit_test(progress_line), cmocka_unit_test(error_line),
	};
	int probe[2];

	if (openpty(&probe[0], &probe[1], NULL, NULL, NULL)) {
		fputs("skipped: no pseudo-terminal here (is /dev/pts mounted?)\n", stderr);
		return 77;
	}
	close(probe[0]), close(probe[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
