/* SPDX-License-Identifier: GPL-3.0-or-later */
/* popular.c - see popular.h. */
#include "run/popular.h"
#include "base/octets.h"
#include "dns/suffix.h"
#include <fcntl.h>
#include <unistd.h>

#define AT(m) offsetof(struct popular_conf, m)
static const char *const overs[] = { "refuse", "allow", NULL };
const struct opt popular_rows[] = {
	{ .name = "popular", .type = OPT_TEXT, .list = true, .at = AT(popular), .arg = "FILE,...",
	  .help = N_("names that no block list may hold, nor their parents: a list of "
		  "popular names, or a warning list of MISP") },
	{ .name = "own", .type = OPT_TEXT, .at = AT(own), .arg = "FILE",
	  .help = N_("names and addresses of your own that must never be blocked") },
	{ .name = "suffixes", .type = OPT_TEXT, .at = AT(suffixes), .def = SUFFIX_FILE,
	  .arg = "FILE", .help = N_("public suffix list; none of its names is blocked") },
	{ .name = "over", .type = OPT_CHOICE, .at = AT(over), .def = "refuse",
	  .choices = overs, .arg = "WHAT",
	  .help = N_("what to do with names that would block too much") },
	{ .name = NULL }
};

static int add_file(struct overblock *g, const char *path, char why[OPT_WHY])
{
	struct buf text = { 0 };
	const char *slash = strrchr(path, '/');
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), rc = fd < 0 ? -errno : 0;

	if (rc == 0)
		rc = octets_read(&text, fd, POPULAR_OCTETS_MAX);
	if (rc == 0)
		rc = overblock_add(g, slash ? slash + 1 : path, (const u8 *)buf_str(&text),
				   text.len);
	if (rc < 0)
		snprintf(why, OPT_WHY, N_("%.180s: no list of names: %s"),
			path, oops_text(rc));
	if (fd >= 0)
		close(fd);
	buf_free(&text);
	return rc;
}

static int add_files(struct overblock *g, const char *paths, char why[OPT_WHY])
{
	int rc = 0;

	while (paths && rc == 0 && *(paths += strspn(paths, ","))) {
		size_t n = strcspn(paths, ",");
		char *path = strndup(paths, n);

		rc = path ? add_file(g, path, why) : -ENOMEM;
		free(path);
		paths += n;
	}
	return rc;
}

int popular_open(struct popular *ret, const struct popular_conf *c, char why[OPT_WHY])
{
	int rc = 0;

	*ret = (struct popular){ 0 };
	if (c->suffixes && (rc = suffixes_open(&ret->suffixes, c->suffixes, 0)) < 0) {
		snprintf(why, OPT_WHY, N_("%.180s: the public suffix list cannot be "
			"read: %s"),
			 c->suffixes, oops_text(rc));
		return rc;
	}
	if ((rc = overblock_new(&ret->gate, ret->suffixes, c->over)) == 0)
		rc = add_files(ret->gate, c->popular, why);
	if (rc == 0)
		rc = add_files(ret->gate, c->own, why);
	if (rc == 0)
		overblock_seal(ret->gate);
	return rc;
}

void popular_close(struct popular *p)
{
	overblock_free(p->gate);
	suffixes_free(p->suffixes);
	*p = (struct popular){ 0 };
}
