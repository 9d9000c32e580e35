/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zscan.c - the yardstick for zones: libzscanner alone, on one core, keeping nothing.
 *
 *	zscan FILE ORIGIN
 *
 * The library maps the file and calls back for each record, as knotd and kzonecheck have
 * it do; the calls count. Nobody who uses libzscanner on one core can take less. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <libzscanner/scanner.h>

static void on_record(zs_scanner_t *s)
{
	++*(unsigned long long *)s->process.data;
}

int main(int argc, char **argv)
{
	unsigned long long records = 0;
	zs_scanner_t *s = malloc(sizeof *s);

	if (argc != 3)
		errx(2, "usage: zscan FILE ORIGIN");
	if (s == NULL || zs_init(s, argv[2], 1, 3600) < 0 ||
	    zs_set_input_file(s, argv[1]) < 0 ||
	    zs_set_processing(s, on_record, NULL, &records) < 0)
		errx(1, "%s: cannot be read", argv[1]);
	if (zs_parse_all(s) < 0)
		errx(1, "%s:%llu: %s", argv[1], (unsigned long long)s->line_counter,
		     zs_strerror(s->error.code));
	printf("%llu records\n", records);
	zs_deinit(s);
	free(s);
	return 0;
}
