/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page.h - the page's files, which lie in the program.
 *
 *   ui/ --tools/page at build time--> page_files[] --page.c--> the browser
 *
 * Without node and npm the table has one file, index.html, which says that there is no page
 * and why. */
#pragma once
#include "base/base.h"

struct page_file {
	const char *path;		/* "/p/main-AB12.js"; NULL ends the table */
	const char *type;		/* Content-Type */
	const char *etag;		/* with its quotes */
	const u8 *plain, *packed;	/* the octets, and the same by gzip */
	u32 plain_octets, packed_octets;
	bool lasting;			/* its name holds its hash: it never changes */
};
extern const struct page_file page_files[];

/* The file for a path, or NULL. Places inside the page ("/findings/ab12") are index.html;
 * nothing is below /api, /taxii2, /metrics, or /p beyond the table. */
const struct page_file *page_find(const char *path);
