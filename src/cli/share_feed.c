/* SPDX-License-Identifier: GPL-3.0-or-later */
/* share_feed.c - `vedette share feed DIR`: a MISP feed that others fetch, as a folder.
 *
 *   what is wished --cleared--> events, hashes.csv, manifest.json --> DIR
 *
 * Each file is written beside its name and renamed; the manifest comes last, so who fetches
 * meanwhile finds nothing half. Events of earlier runs that are no longer in it stay in the
 * folder, since a reader may be at them, and are in no manifest. */
#include "base/buf.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/say.h"
#include "cli/share.h"
#include "share/exchange_misp_feed.h"
#include <fcntl.h>
#include <sys/stat.h>

struct feeding {
	const char *folder;
	const struct share_cleared *cleared;
	struct buf files[2];	/* hashes.csv, manifest.json: after what they are about */
	u64 events;
	int status;
};

static int put_file(struct feeding *f, const char *name, const struct buf *octets)
{
	struct buf path = { 0 };
	int rc;

	buf_fmt(&path, "%s/%s", f->folder, name);
	rc = buf_error(&path) ? buf_error(&path) : output_write(buf_str(&path), octets);
	if (rc)
		say_error("%s: cannot be written: %s", buf_str(&path), oops_text(rc));
	buf_free(&path);
	return rc;
}

static int take_file(void *to, const char *name, const void *octets, size_t n)
{
	struct feeding *f = to;
	struct buf one = { 0 };
	int rc;

	buf_add(&one, octets, n);
	rc = buf_error(&one);
	if (rc == 0 && strcmp(name, "manifest.json") == 0 &&
	    (f->status = share_told(f->cleared, "misp-feed", &one)) != STATUS_FINE)
		rc = -EIO;	/* said */
	if (rc == 0)
		rc = put_file(f, name, &one);
	f->events += strcmp(name, "manifest.json") && strcmp(name, "hashes.csv");
	buf_free(&one);
	return rc;
}

int share_feed(struct sitting *s, int argc, char **argv)
{
	const struct exchange *misp = exchange_find("misp");
	struct share_cleared c = { 0 };
	struct feeding f = { .folder = argv[0], .cleared = &c };
	struct exchange_write how;
	char why[EXCHANGE_WHY] = "";
	u64 left_out = 0;
	int status = share_clear(s, misp, &c), rc;

	(void)argc;
	if (status == STATUS_FINE && mkdir(argv[0], 0755) && errno != EEXIST) {
		say_error("%s: %s", argv[0], strerror(errno));
		status = STATUS_TROUBLE;
	}
	if (status == STATUS_FINE) {
		how = share_how(&c, misp, &left_out);
		rc = misp_feed_write(&how, take_file, &f, why);
		if (rc && why[0])
			say_error("%s", why);
		status = rc ? STATUS_TROUBLE : STATUS_FINE;
	}
	if (status == STATUS_FINE) {
		share_say_gone(&c, argv[0], left_out);
		printf(n_("%llu event, hashes.csv, manifest.json\n",
			  "%llu events, hashes.csv, manifest.json\n", f.events),
		       (unsigned long long)f.events);
	}
	share_forget(&c);
	return status;
}
