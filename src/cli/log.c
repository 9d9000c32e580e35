/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log.c - `vedette log`: the desk's log shown, checked, exported; its key; the tables made
 * anew from it. An export is JSON Lines, one event a line, and is checked by `log verify
 * --file` without the store. */
#include "base/buf.h"
#include "base/stamp.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/sitting.h"
#include "cli/term.h"
#include "model/digest.h"
#include "model/utf8.h"
#include "respond/event_said.h"

#define LINE_MAX_OCTETS (4u << 20)

struct conf { const char *head, *signer, *file; bool json, log_only; };
#define AT(f) offsetof(struct conf, f)
static const struct opt rows[] = {
	{ .name = "head", .type = OPT_TEXT, .at = AT(head), .arg = "HASH", .cli_only = true,
	  .help = N_("verify: this hash, noted earlier ('log head'), must be in the log: "
	  "so a log that was cut off is found") },
	{ .name = "signer", .type = OPT_TEXT, .at = AT(signer), .arg = "HEX", .cli_only = true,
	  .help = N_("verify: from the first signed event on all must be signed with "
	  "this public key") },
	{ .name = "file", .type = OPT_TEXT, .at = AT(file), .arg = "FILE", .cli_only = true,
	  .help = N_("verify: an export instead of the store") },
	{ .name = "log-only", .type = OPT_FLAG, .at = AT(log_only), .cli_only = true,
	  .help = N_("verify: the log alone, without comparing the tables with it, which "
	  "takes as long as 'log rebuild'") },
	{ .name = "json", .type = OPT_FLAG, .at = AT(json), .cli_only = true,
	  .help = N_("print JSON Lines") },
	{ .name = NULL }
};
#undef AT
static struct conf conf;
static struct stored_conf stored;
static struct look_conf as;
static struct sitting_conf by;

static unsigned groups(struct opt_group *out, unsigned max)
{
	must(max >= 4);
	out[0] = (struct opt_group){ "", N_("Store"), stored_rows, &stored };
	out[1] = (struct opt_group){ "", N_("Log"), rows, &conf };
	out[2] = (struct opt_group){ "", N_("Labels"), look_rows, &as };
	out[3] = (struct opt_group){ "", N_("Who acts"), sitting_rows, &by };
	return 4;
}

/* ---- showing ---- */

static int print_event(void *to, const struct event *e)
{
	struct buf out = { 0 }, said = { 0 };
	char at[STAMP_TEXT_MAX];
	int status;

	++*(u64 *)to;
	if (conf.json) {
		buf_byte(&out, '{');
		fields_json(&out, event_fields, e);
		buf_text(&out, "}\n");
	} else {
		buf_fmt(&out, "%6llu  %s  %c  ", (unsigned long long)e->number,
			stamp_text(e->at, 0, at), e->signature[0] ? 's' : ' ');
		utf8_show(&out, e->author, 24);
		buf_text(&out, "  ");
		utf8_show(&out, e->kind, 0);
		buf_text(&out, e->about[0] ? "  " : "");
		utf8_show(&out, e->about, 0);
		buf_text(&out, "  ");
		event_said(&said, e);
		utf8_show(&out, buf_str(&said), term_room());
		buf_free(&said);
		buf_byte(&out, '\n');
	}
	status = say_print(&out);
	buf_free(&out);
	return status == STATUS_FINE ? 0 : -EIO;
}

static int each_event(struct sitting *s, const char *about)
{
	u64 count = 0;
	int rc = gate_each_event(s->gate, about, print_event, &count);

	if (rc == 0 && count == 0 && !conf.json)
		say_line("%s", about ? _("No event is about that. Write incident:12, contact:ID "
					 "or mute:7.\n")
			 : _("The log is empty: what is done at the desk is written here.\n"));
	if (rc == 0 || rc == -EIO)
		return rc ? STATUS_TROUBLE : STATUS_FINE;
	say_error("%s", gate_error(s->gate));
	return rc == -EPERM ? STATUS_USAGE : STATUS_TROUBLE;
}

static int show(struct sitting *s, int argc, char **argv)
{
	return each_event(s, argc ? argv[0] : NULL);
}

static int export(struct sitting *s, int argc, char **argv)
{
	(void)argc, (void)argv;
	conf.json = true;
	return each_event(s, NULL);
}

/* ---- checking ---- */

static int take_line(char *line, size_t n, store_event_fn *take, void *to)
{
	json_t *json = json_loadb(line, n, JSON_REJECT_DUPLICATES, NULL);
	struct event e = { 0 };
	int rc = json_is_object(json) ? fields_parse(json, event_fields, NULL, &e, NULL)
		: OOPS_FORMAT;

	if (rc == 0)
		rc = take(to, &e);
	json_decref(json);
	return rc;
}

static int each_line(void *from, store_event_fn *take, void *to)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	int rc = 0;

	while (rc == 0 && (n = getline(&line, &room, from)) > 0)
		rc = n > (ssize_t)LINE_MAX_OCTETS ? OOPS_LIMIT : take_line(line, (size_t)n, take,
									    to);
	free(line);
	return rc ? rc : ferror(from) ? -EIO : 0;
}

static int tell(int rc, const struct log_report *r, const char *name)
{
	if (rc && r->what[0] == 0) {
		say_error("%s: cannot be verified after event %llu: %s", name,
			  (unsigned long long)r->events, oops_text(rc));
		return STATUS_INPUT;
	}
	if (rc) {
		say_error("%s: the log is not what was written: %s", name, r->what);
		return STATUS_FOUND;
	}
	printf(n_("%llu event, ", "%llu events, each follows the one before; ", r->events),
	       (unsigned long long)r->events);
	printf(r->signers[0] ? _("%llu signed by %s") : _("%llu signed%s"),
	       (unsigned long long)r->is_signed, r->signers);
	printf("\n");
	if (r->bare)
		printf(n_("%llu event after the first signed one is not signed, between event "
			  "%llu and %llu: no --key was given for it\n",
			  "%llu events after the first signed one are not signed, between event "
			  "%llu and %llu: no --key was given for them\n", r->bare),
		       (unsigned long long)r->bare, (unsigned long long)r->bare_first,
		       (unsigned long long)r->bare_last);
	printf(_("head %s\n"), r->head);
	return STATUS_FINE;
}

static int verify_file(const struct log_wanted *wanted)
{
	struct log_report r;
	FILE *f = fopen(conf.file, "r");
	int rc;

	if (f == NULL) {
		say_error("%s: %s", conf.file, strerror(errno));
		return STATUS_INPUT;
	}
	rc = log_verify_from(each_line, f, wanted, &r);
	fclose(f);
	return tell(rc, &r, conf.file);
}

/* What people see are tables, which another program can write to. */
static int verify_tables(struct store *s)
{
	struct tables_report r;
	int rc = log_tables(s, &r);

	if (rc == 0) {
		printf(_("the tables are what the log says\n"));
		return STATUS_FINE;
	}
	if (rc == OOPS_UNKNOWN) {
		printf(_("the tables are of another version, or there are none: they were not "
			 "compared with the log\n"));
		return STATUS_FINE;
	}
	if (rc == OOPS_CHANGED) {
		say_error("%s: the tables are not what the log says: %s; 'vedette log rebuild' "
			  "makes them anew from it", stored.db, r.what);
		return STATUS_FOUND;
	}
	say_error("%s: the tables cannot be compared with the log: %s", stored.db,
		  r.what[0] ? r.what : oops_text(rc));
	return STATUS_INPUT;
}

static bool is_hex(const char *text)
{
	u8 unused[32];

	return strlen(text) == 64 && hex_parse(text, sizeof unused, unused) == 0;
}

/* A store whose tables are of another shape, or that may not be written, has a log, too. */
static int verify(void)
{
	const struct log_wanted wanted = { conf.head, conf.signer };
	struct store *s = NULL;
	struct log_report r;
	char why[STORE_WHY];
	int status;

	if (conf.head && !is_hex(conf.head)) {
		say_error("--head: '%.80s' is no hash; write the 64 hex digits that 'vedette log "
			  "head' printed", conf.head);
		return STATUS_USAGE;
	}
	if (conf.signer && !is_hex(conf.signer)) {
		say_error("--signer: '%.80s' is no public key; write the 64 hex digits that "
			  "'vedette log key FILE' printed", conf.signer);
		return STATUS_USAGE;
	}
	if (conf.file)
		return verify_file(&wanted);
	if (stored.db == NULL) {
		say_no_store();
		return STATUS_USAGE;
	}
	if (store_open(&s, stored.db, STORE_READ, why)) {
		say_error("%s", why);
		return STATUS_INPUT;
	}
	status = tell(log_verify(s, conf.head, conf.signer, &r), &r, stored.db);
	if (status == STATUS_FINE && !conf.log_only)
		status = verify_tables(s);
	store_close(s);
	return status;
}

static int head(struct sitting *s, int argc, char **argv)
{
	struct log_report r;
	int rc = log_verify(desk_store(s->desk), NULL, NULL, &r);

	(void)argc, (void)argv;
	if (rc)
		return tell(rc, &r, stored.db);
	printf("%s\n", r.head);
	return STATUS_FINE;
}

static int rebuild(struct sitting *s, int argc, char **argv)
{
	int rc = desk_rebuild(s->desk);

	(void)argc, (void)argv;
	if (rc)
		return sitting_fault(s, rc);
	printf(_("The tables were made anew from the log.\n"));
	return STATUS_FINE;
}

static int key(const char *path)
{
	char public[65];
	int rc = log_key(path, public);

	if (rc == 0) {
		printf("%s\n", public);
		return STATUS_FINE;
	}
	if (rc == OOPS_CHANGED)
		say_error("%s: it is there already, and a key is never written over", path);
	else
		say_error("%s: %s", path, oops_text(rc));
	return rc == OOPS_CHANGED ? STATUS_USAGE : STATUS_TROUBLE;
}

static const struct verb verbs[] = {
	{ "show", "[incident:12 | contact:ID | mute:7]", 0, 1, READS, show },
	{ "verify", "[--head HASH] [--signer HEX] [--file FILE]", 0, 0, READS, NULL },
	{ "head", "", 0, 0, READS, head },
	{ "export", "", 0, 0, READS, export },
	{ "rebuild", "", 0, 0, CHANGES, rebuild },
	{ "key", "FILE", 1, 1, READS, NULL },
	{ .name = NULL }
};

static int run(int argc, char **argv, struct opts *o)
{
	(void)o;
	if (strcmp(argv[0], "key") == 0 && argc == 2)
		return key(argv[1]);
	if (strcmp(argv[0], "verify") == 0 && argc == 1)
		return verify();
	return verb_run(verbs, argc, argv, &(struct sitting_setup){ .stored = &stored,
		.as = &as, .by = &by, .command = "log" });
}

const struct command command_log = {
	.name = "log",
	.args = "show | verify | head | export | rebuild | key FILE",
	.least = 1,
	.most = 2,
	.summary = N_("what was said and done at the desk, and is it whole"),
	.story =
		N_("Everything at the desk is an event in a log: who, when, what. Each "
		"event holds the hash of the one before, and with --key a signature, so "
		"that a changed, dropped, reordered or truncated log is found.\n\n"
		"  vedette log show incident:12 --db vedette.db\n"
		"  vedette log verify --db vedette.db --head HASH\n"
		"  vedette log export --db vedette.db > log.jsonl\n"
		"  vedette log verify --file log.jsonl\n\n"
		"'head' prints the hash of the last event: keep it somewhere else, for a "
		"log that was cut off at its end is whole otherwise. 'verify' also compares "
		"the tables that all commands show with what the log says. 'rebuild' makes "
		"all tables of the desk anew from the log. 'key' makes a signing key and "
		"prints its public half.\n\n"
		"The exit status of verify is 1 when the log is not what was written, or "
		"the tables are not what it says."),
	.groups = groups,
	.run = run,
};
