/* SPDX-License-Identifier: GPL-3.0-or-later */
/* audit_include.h - what files an auditor may have beside the zone file: those below its
 * folder, by openat2(2) (RESOLVE_BENEATH: no "..", no absolute link leads out of it), regular
 * ones, ZONE_FILES_MAX of them. Each is noted when it is opened, and looked at again by its
 * name in the end: one that was written to meanwhile is told. */
#pragma once
#include "base/base.h"
#include <sys/stat.h>

struct included;
struct includes {
	int folder;		/* of the zone file; -1: nothing may be included */
	char *path;		/* its real path, with a slash at the end; or NULL; owned */
	unsigned tried, count;
	struct included *at;
};
/* Answers an auditor that wants the file of that name (n octets): the descriptor, or why not.
 * 0, or negative when the socket is broken. */
int includes_give(struct includes *p, int socket, const u8 *body, size_t n);
/* The name of one that was written to since it was opened, or NULL. One that took another's
 * place by its name is another file: what was read of the old one was whole. */
const char *includes_changed(const struct includes *p);
/* Forgets what was opened, before an auditor begins anew. */
void includes_forget(struct includes *p);
/* And closes the folder, frees the path. */
void includes_free(struct includes *p);
/* True when size or time of change differ. */
bool includes_differ(const struct stat *is, const struct stat *was);
