/* SPDX-License-Identifier: GPL-3.0-or-later */
/* backup.c - `vedette backup`: a copy of the store as of one moment, checked, while it is
 * served. It holds all that the store holds: secrets of sign-in, too. */
#include "base/buf.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/stored.h"
#include "respond/desk.h"

static struct stored_conf stored;

static unsigned groups(struct opt_group *out, unsigned max)
{
	must(max >= 1);
	out[0] = (struct opt_group){ "", N_("Store"), stored_rows, &stored };
	return 1;
}

static int open_store(struct store **ret, const char *path)
{
	char why[STORE_WHY];

	if (store_open(ret, path, STORE_READ, why) == 0)
		return STATUS_FINE;
	say_error("%s", why);
	return STATUS_INPUT;
}

/* The copy is opened as any store is, and its log followed from end to end. */
static int look_at(const char *path)
{
	struct store *s = NULL;
	struct log_report r;
	struct buf out = { 0 };
	int status = open_store(&s, path), rc;

	if (status != STATUS_FINE)
		return status;
	rc = log_verify(s, NULL, NULL, &r);
	store_close(s);
	if (rc) {
		say_error("%s: the log is not what was written: %s", path,
			  r.what[0] ? r.what : oops_text(rc));
		return STATUS_FOUND;
	}
	buf_fmt(&out, n_("%s: whole; %llu event in its log\n",
			 "%s: whole; %llu events in its log\n", r.events), path,
		(unsigned long long)r.events);
	buf_fmt(&out, _("head %s\n"), r.head);
	status = say_print(&out);
	buf_free(&out);
	return status;
}

static int run(int argc, char **argv, struct opts *o)
{
	struct store *s = NULL;
	char why[STORE_WHY];
	int status, rc;

	(void)argc, (void)o;
	if (stored.db == NULL) {
		say_no_store();
		return STATUS_USAGE;
	}
	if ((status = open_store(&s, stored.db)) != STATUS_FINE)
		return status;
	rc = store_backup(s, argv[0], why);
	store_close(s);
	if (rc == -EEXIST) {
		say_error("%s; nothing is written over", why);
		return STATUS_USAGE;
	}
	if (rc) {
		say_error("no copy was made: %s", why);
		return STATUS_TROUBLE;
	}
	return look_at(argv[0]);
}

const struct command command_backup = {
	.name = "backup",
	.args = "FILE",
	.least = 1,
	.most = 1,
	.summary = N_("a copy of the store as of one moment, while it is served"),
	.story =
		N_("Copies the store of --db to FILE, which must not exist yet, as of one moment: "
		"'vedette serve' and others may go on writing. A plain copy of the file would "
		"lack what lies beside it (-wal), without a word. The copy is checked page by "
		"page, and its log from end to end; FILE is there only when it is whole.\n\n"
		"  vedette backup /backup/vedette-monday.db --db vedette.db\n\n"
		"To restore: end the server, put the copy in the place of the store, take away "
		"FILE-wal and FILE-shm of the old one, start the server. Keep the copy as safe "
		"as the store: it holds hashes of passwords and seeds of one-time codes. Keys "
		"of the log, of mail and of TLS, the configuration and uploads that wait are "
		"files of their own.\n\n"
		"The exit status is 1 when the log of the store is not what was written."),
	.start = "vedette backup vedette-copy.db --db vedette.db",
	.groups = groups,
	.run = run,
};
