/* SPDX-License-Identifier: GPL-3.0-or-later */
/* oops.c - one phrase for each error; broken promises end here. */
#include "base/base.h"

static const char *const texts[] = {
	[OOPS_FORMAT - OOPS_FIRST] = N_("not a format that Vedette knows"),
	[OOPS_SHORT - OOPS_FIRST] = N_("ends too early"),
	[OOPS_RANGE - OOPS_FIRST] = N_("out of range"),
	[OOPS_TYPE - OOPS_FIRST] = N_("of the wrong type"),
	[OOPS_UNKNOWN - OOPS_FIRST] = N_("not known"),
	[OOPS_CHANGED - OOPS_FIRST] = N_("changed since it was made"),
	[OOPS_VERSION - OOPS_FIRST] = N_("made by another version"),
	[OOPS_LIMIT - OOPS_FIRST] = N_("over a limit"),
	[OOPS_KEPT - OOPS_FIRST] = N_("a store or a key is there, which is not written over; "
		"name another file"),
};

/* What the C library says most often, here for translation. */
static const char *const common[] __attribute__((unused)) = {
	N_("No such file or directory"), N_("Permission denied"), N_("Is a directory"),
	N_("Not a directory"), N_("File exists"), N_("No space left on device"),
	N_("Read-only file system"), N_("Input/output error"), N_("Cannot allocate memory"),
	N_("Connection refused"), N_("Connection timed out"), N_("Broken pipe"),
	N_("Operation not permitted"), N_("Too many open files"), N_("Invalid argument"),
};

const char *oops_text(int error)
{
	if (error > OOPS_FIRST && error < OOPS_LAST)
		return texts[error - OOPS_FIRST];
	return strerror(error < 0 ? -error : error);
}

void must_failed(const char *what, const char *file, int line)
{
	fprintf(stderr, "vedette: broken promise: %s at %s:%d\n", what, file, line);
	abort();
}
