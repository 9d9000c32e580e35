/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pack.c - `vedette pack`: a finding and its messages as one file for others. */
#include "share/pack.h"
#include "cli/cli.h"
#include "cli/look.h"
#include "cli/output.h"
#include "cli/say.h"

struct conf { const char *output; };
static const struct opt rows[] = {
	{ .name = "output", .letter = 'o', .type = OPT_TEXT, .at = offsetof(struct conf, output),
	  .arg = "FILE",
	  .help = N_("the file to write; default is the finding's id with .vedette"),
	  .cli_only = true },
	{ .name = NULL }
};
static struct conf conf;
static struct stored_conf stored;
static struct look_conf as;

static unsigned groups(struct opt_group *out, unsigned max)
{
	must(max >= 3);
	out[0] = (struct opt_group){ "", N_("Store"), stored_rows, &stored };
	out[1] = (struct opt_group){ "", N_("Labels"), look_rows, &as };
	out[2] = (struct opt_group){ "", N_("Output"), rows, &conf };
	return 3;
}

static int pack_one(struct gate *s, const char *id, struct finding *f, struct pack_items *items)
{
	struct buf out = { .limit = PACK_MAX };
	char name[FINDING_ID_MAX + 16];
	const char *to = conf.output;
	int rc = gate_finding(s, id, f);

	if (rc == 0)
		rc = gate_evidence(s, f, pack_item, items);
	if (rc < 0) {
		say_error("%s", gate_error(s)[0] ? gate_error(s) : oops_text(rc));
		return rc == OOPS_UNKNOWN || rc == -EPERM || (rc == OOPS_LIMIT && items->count == 0)
			? STATUS_USAGE : STATUS_INPUT;
	}
	if ((rc = pack_items_write(&out, f, items)) == 0) {
		if (to == NULL) {
			snprintf(name, sizeof name, "%.12s.vedette", f->id);
			to = name;
		}
		rc = output_write(to, &out);
	}
	if (rc < 0)
		say_error("%s: the pack cannot be written: %s", to ? to : id, oops_text(rc));
	else
		printf(n_("%s: %s about %s, %u message, %zu octets\n",
			  "%s: %s about %s, %u messages, %zu octets\n", items->count), to,
		       f->rule, f->subject, items->count, out.len);
	buf_free(&out);
	return rc < 0 ? STATUS_TROUBLE : STATUS_FINE;
}

static int run(int argc, char **argv, struct opts *o)
{
	struct finding *f = calloc(1, sizeof *f);
	struct pack_items *items = calloc(1, sizeof *items);
	struct look s = { 0 };
	int status = f && items ? look_open(&s, &stored, &as) : STATUS_TROUBLE;

	(void)o;
	(void)argc;
	if (status == STATUS_FINE)
		status = pack_one(s.gate, argv[0], f, items);
	look_close(&s);
	if (items)
		pack_items_free(items);
	free(items);
	free(f);
	return status;
}

const struct command command_pack = {
	.name = "pack", .args = "ID", .least = 1, .most = 1,
	.summary = N_("write a finding and its messages for somebody else"),
	.story =
	N_("Writes an evidence pack: one file (a tar archive) that holds the finding, "
	"the packed summary that its rule looked at, and the messages that show it, also "
	"as a capture that other tools open. Whoever gets it can check every octet "
	"(sha256sum -c MANIFEST.sha256) and reach the verdict again with `vedette "
	"replay`, without a network and without this store.\n\n"
	"ID is the finding's id or its beginning. A pack holds the messages of the "
	"people concerned: mind its label before you pass it on. The secret of "
	"--hash-key is not in it, nor can it be told from it."),
	.groups = groups, .run = run,
};
