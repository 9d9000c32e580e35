/* SPDX-License-Identifier: GPL-3.0-or-later */
/* output.c - see output.h. A page is written beside its name and renamed when it is whole,
 * so that a full disk leaves the old one. */
#include "cli/output.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/term.h"
#include "respond/catalogue.h"
#include "share/share.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const severities[] = { "info", "low", "medium", "high", "critical", NULL };
static const char *const fails[] = { "info", "low", "medium", "high", "critical", "never", NULL };

#define AT(f) offsetof(struct output_conf, f)
const struct opt output_rows[] = {
	{ .name = "json", .letter = 'j', .type = OPT_FLAG, .at = AT(json),
	  .help = N_("print JSON Lines: a finding a line, and what the run did as the "
	  	"last") },
	{ .name = "html", .type = OPT_TEXT, .some = true, .at = AT(html), .arg = "FILE",
	  .help = N_("write a page that needs no network") },
	{ .name = "verbose", .letter = 'v', .type = OPT_FLAG, .at = AT(verbose),
	  .help = N_("tell each finding with its features and thresholds") },
	{ .name = "severity", .type = OPT_CHOICE, .at = AT(severity), .def = "info",
	  .arg = "SEVERITY", .choices = severities,
	  .help = N_("show findings from this severity on") },
	{ .name = "fail-on", .type = OPT_CHOICE, .at = AT(fail_on), .def = "medium",
	  .arg = "SEVERITY", .choices = fails,
	  .help = N_("exit with 1 when something of this severity or more was found") },
	{ .name = NULL }
};

static int write_all(const char *format, FILE *out, const struct share_style *style,
		     const struct output_conf *c, const struct output_from *from,
		     const struct run_report *report)
{
	struct share s;
	int rc;

	share_begin(&s, share_find(format), out, style);
	for (u32 i = 0; i < from->count; i++) {
		const struct finding *f = from->at(from->of, i);

		if (f && (int)f->severity >= c->severity)
			share_finding(&s, f);
	}
	rc = share_end(&s, report);
	share_free(&s);
	return rc;
}

bool output_replaces(const char *name)
{
	struct stat st;

	return lstat(name, &st) != 0 || S_ISREG(st.st_mode);
}

/* 0, or OOPS_KEPT: the file is a store, or 64 hex digits, as a signing key is (respond/log.c). */
static int look_before(const char *name)
{
	static const char store[] = "SQLite format 3";
	char head[66] = "";
	struct stat st;
	int fd = stat(name, &st) == 0 && S_ISREG(st.st_mode)
	       ? open(name, O_RDONLY | O_CLOEXEC) : -1;
	ssize_t n = fd < 0 ? 0 : read(fd, head, sizeof head);
	bool kept = n >= (ssize_t)sizeof store && memcmp(head, store, sizeof store) == 0;

	if (n == 65 && head[64] == '\n' && strspn(head, "0123456789abcdef") == 64)
		kept = true;
	explicit_bzero(head, sizeof head);
	if (fd >= 0)
		close(fd);
	return kept ? OOPS_KEPT : 0;
}

bool output_may(const struct output_conf *c)
{
	int rc = c->html ? look_before(c->html) : 0;

	if (rc)
		say_error("%s: the page cannot be written: %s", c->html, oops_text(rc));
	return rc == 0;
}

/* Is the file one of those that were read? */
static bool is_input(const char *name, const struct run_report *r)
{
	struct stat a, b;

	if (stat(name, &a) != 0 || !S_ISREG(a.st_mode))
		return false;
	for (u32 i = 0; i < r->input_count; i++)
		if (stat(r->inputs[i].name, &b) == 0 && a.st_dev == b.st_dev &&
		    a.st_ino == b.st_ino)
			return true;
	return false;
}

static int write_page(const struct share_style *style, const struct output_conf *c,
		      const struct output_from *from, const struct run_report *report)
{
	bool beside = output_replaces(c->html);
	struct buf name = { 0 };
	FILE *out;
	int rc;

	if (!output_may(c))	/* perhaps made meanwhile, by --db */
		return OOPS_KEPT;
	if (is_input(c->html, report)) {
		say_error("%s: the page is not written: that file was read; name another",
			  c->html);
		return -EEXIST;
	}
	buf_fmt(&name, "%s%s", c->html, beside ? ".part" : "");
	out = buf_error(&name) ? NULL : fopen(buf_str(&name), "w");
	if (out == NULL) {
		rc = -errno;
	} else {
		rc = write_all("html", out, style, c, from, report);
		if (fclose(out) != 0 && rc == 0)
			rc = -errno;
		if (rc == 0 && beside && rename(buf_str(&name), c->html) != 0)
			rc = -errno;
		if (rc < 0 && beside)
			unlink(buf_str(&name));
	}
	if (rc < 0)
		say_error("%s: the page cannot be written: %s", c->html, oops_text(rc));
	buf_free(&name);
	return rc;
}

int output_from(const struct output_conf *c, const struct output_from *from,
		const struct run_report *report, const char *title)
{
	struct share_style style = { .width = (unsigned)term_width(), .color = term_color(),
		.verbose = c->verbose, .title = title, .version = VEDETTE_VERSION,
		.catalogue = catalogue_all(NULL) };
	int rc = write_all(c->json ? "json" : "text", stdout, &style, c, from, report);

	if (rc < 0) {
		say_error("standard output cannot be written: %s", oops_text(rc));
		return STATUS_TROUBLE;
	}
	if (c->html && write_page(&style, c, from, report) < 0)
		return STATUS_TROUBLE;
	for (u32 i = 0; i < from->count; i++) {
		const struct finding *f = from->at(from->of, i);

		if (f && (int)f->severity >= c->fail_on)
			return STATUS_FOUND;
	}
	return STATUS_FINE;
}

static const struct finding *in_memory(void *of, u32 i)
{
	return ((struct finding *const *)of)[i];
}

int output_findings(const struct output_conf *c, struct finding *const *findings, u32 count,
		    const struct run_report *report, const char *title)
{
	const struct output_from from = { count, in_memory, (void *)(uintptr_t)findings };

	return output_from(c, &from, report, title);
}

int output_write(const char *name, const struct buf *b)
{
	bool replaces = output_replaces(name);
	struct buf beside = { 0 };
	int fd, rc = look_before(name);

	if (rc)
		return rc;
	buf_fmt(&beside, "%s%s", name, replaces ? ".part" : "");
	fd = open(buf_str(&beside), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	if (fd < 0) {
		rc = -errno;
	} else {
		for (size_t at = 0; at < b->len && rc == 0;) {
			ssize_t n = write(fd, b->at + at, b->len - at);

			if (n > 0)
				at += (size_t)n;
			else if (errno != EINTR)
				rc = -errno;
		}
		if (rc == 0 && replaces && fsync(fd) != 0)
			rc = -errno;
		if (close(fd) != 0 && rc == 0)
			rc = -errno;
		if (rc == 0 && replaces && rename(buf_str(&beside), name) != 0)
			rc = -errno;
		if (rc < 0 && replaces)
			unlink(buf_str(&beside));
	}
	buf_free(&beside);
	return rc;
}
