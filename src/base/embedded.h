/* SPDX-License-Identifier: GPL-3.0-or-later */
/* embedded.h - text files that lie in the program; tools/embed makes the tables. */
#pragma once

struct embedded {
	const char *path;	/* below its folder: "es/first.txt"; NULL ends a table */
	const char *text;
};
