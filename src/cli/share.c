/* SPDX-License-Identifier: GPL-3.0-or-later */
/* share.c - `vedette share`: what others speak, in and out. Options, the list of formats and
 * what comes in; what leaves is share_export.c, TAXII is share_taxii.c, MISP feeds are
 * share_feed.c. */
#include "cli/share.h"
#include "base/buf.h"
#include "base/prose.h"
#include "cli/cli.h"
#include "cli/inbox.h"
#include "cli/say.h"
#include "cli/term.h"

#define AT(f) offsetof(struct share_conf, f)
#define TEXT(option, member, word, says) { .name = option, .type = OPT_TEXT,                 \
	.at = AT(member), .arg = word, .help = says, .cli_only = true }
#define FLAG(option, member, says) { .name = option, .type = OPT_FLAG, .at = AT(member),     \
	.help = says, .cli_only = true }
static const struct opt rows[] = {
	TEXT("format", format, "FORMAT", N_("the format; 'share formats' tells them")),
	{ .name = "incident", .type = OPT_TEXT, .at = AT(incident), .arg = "NUMBERS",
	  .cli_only = true, .list = true,
	  .help = N_("these incidents, with their findings, reports and notes: 12 or 3-9,12") },
	TEXT("finding", finding, "ID", N_("this finding")),
	FLAG("findings", findings, N_("the findings of the store")),
	FLAG("reports", reports, N_("the reports of the inbox")),
	FLAG("indicators", indicators, N_("the indicators that were imported")),
	TEXT("rule", rule, "RULE", N_("of the findings those whose rule begins so")),
	TEXT("subject", subject, "TEXT", N_("only about it; of reports and indicators: "
		"that hold it")),
	TEXT("since", since, "TIME", N_("findings that end after it; taxii: objects "
		"added after it")),
	{ .name = "to", .was = "for", .type = OPT_TEXT, .at = AT(to), .arg = "CONTACT",
	  .cli_only = true, .help = N_("the contact that gets it; its clearance holds") },
	{ .name = "samples", .type = OPT_COUNT, .at = AT(samples), .def = "5", .max = 50,
	  .arg = "NUMBER", .cli_only = true,
	  .help = N_("xarf: at most so many messages behind a finding go along") },
	{ .name = "redacted", .was = "redact", .type = OPT_FLAG, .at = AT(redact),
	  .cli_only = true, .help = N_("leave out what the audience may not have") },
	{ .name = "name-reporters", .type = OPT_FLAG, .at = AT(name_reporters), .cli_only = true,
	  .help = N_("say who reported; else your desk stands for them") },
	{ .name = "output", .letter = 'o', .type = OPT_TEXT, .at = AT(output), .arg = "FILE",
	  .cli_only = true, .help = N_("the file to write; default is standard output") },
	TEXT("as", as, "WORD", N_("what is taken in: reports (the default) or "
		"indicators")),
	FLAG("json", json, N_("print JSON Lines")),
	FLAG("table", table, N_("formats: what each carries, as a table in Markdown")),
	{ .name = NULL }
};
static const struct opt from_rows[] = {
	{ .name = "producer", .type = OPT_TEXT, .at = AT(producer), .arg = "NAME",
	  .help = N_("who writes: your organisation") },
	{ .name = "contact", .type = OPT_TEXT, .at = AT(contact), .arg = "ADDRESS",
	  .help = N_("where answers go") },
	{ .name = "secret-file", .type = OPT_TEXT, .at = AT(secret), .arg = "FILE",
	  .help = N_("taxii: \"bearer TOKEN\" or \"basic USER:PASSWORD\", for its "
	  	"owner's eyes") },
	{ .name = "authorities", .type = OPT_TEXT, .at = AT(authorities), .arg = "FILE",
	  .help = N_("taxii: certificates to trust instead of the system's") },
	{ .name = "pages", .type = OPT_COUNT, .at = AT(pages), .def = "1000", .min = 1,
	  .max = 10000, .arg = "NUMBER", .help = N_("taxii: pages of one run at most") },
	{ .name = NULL }
};
#undef TEXT
#undef FLAG
#undef AT
struct share_conf share_conf;
struct popular_conf share_block;
const struct opts *share_opts;
const char *share_clearance;
static struct stored_conf stored;
static struct look_conf as;
static struct sitting_conf by;

static unsigned groups(struct opt_group *out, unsigned max)
{
	must(max >= 7);
	out[0] = (struct opt_group){ "", N_("Store"), stored_rows, &stored };
	out[1] = (struct opt_group){ "", N_("What, and for whom"), rows, &share_conf };
	out[2] = (struct opt_group){ "share", N_("Who writes, and TAXII"),
		from_rows, &share_conf };
	out[3] = (struct opt_group){ "block", N_("Block lists"),
		popular_rows, &share_block };
	out[4] = (struct opt_group){ "", N_("Labels"), look_rows, &as };
	out[5] = (struct opt_group){ "", N_("Who acts"), sitting_rows, &by };
	return 6 + inbox_groups(out + 6, max - 6);
}

/* ---- in ---- */

int share_take(struct sitting *s, const char *const *paths, unsigned count)
{
	const char *what = share_conf.as ? share_conf.as : "reports";

	if (strcmp(what, "reports") && strcmp(what, "indicators")) {
		say_error("--as: '%s' is neither reports nor indicators", what);
		return STATUS_USAGE;
	}
	inbox_conf.format = share_conf.format;
	inbox_conf.json = share_conf.json;
	return inbox_take_in(s, &(struct inbox_source){ .opts = share_opts, .paths = paths,
		.count = count, .as_indicators = what[0] == 'i' });
}

static int import(struct sitting *s, int argc, char **argv)
{
	return share_take(s, (const char *const *)argv, (unsigned)argc);
}

/* ---- formats ---- */

static void story_of(struct buf *out, const struct exchange *e, int width)
{
	char cap[MARKING_TEXT_MAX];
	u64 carries = exchange_carries(e);
	const char *comma = "";

	buf_fmt(out, _("%-10s %s\n           %s, up to %s\n           "), e->id, _(e->title),
		e->write && e->read ? _("written and read") : e->write
		? C_("format", "written") : C_("format", "read"),
		marking_text(e->cap, cap));
	prose_wrap(out, _(e->story), (struct prose){ .at = 11, .indent = 11, .width = width });
	buf_text(out, _("\n           cannot carry: "));
	for (const struct field *f = item_fields; f->name; f++)
		if (!(carries >> item_bit(f->name) & 1)) {
			buf_fmt(out, "%s%s", comma, f->name);
			comma = ", ";
		}
	buf_text(out, *comma ? "\n\n" : _("nothing: it loses nothing\n\n"));
}

static void story_json(struct buf *out, const struct exchange *e)
{
	char cap[MARKING_TEXT_MAX];

	buf_fmt(out, "{\"format\":\"%s\",\"title\":\"%s\",\"written\":%s,\"read\":%s,"
		"\"cap\":\"%s\",\"carries\":\"%s\"}\n", e->id, e->title,
		e->write ? "true" : "false", e->read ? "true" : "false",
		marking_text(e->cap, cap), e->carries);
}

static int formats(void)
{
	struct buf out = { 0 };
	int status;

	if (share_conf.table)
		exchange_table(&out);
	for (const struct exchange *const *e = exchanges; *e && !share_conf.table; e++) {
		if (share_conf.json)
			story_json(&out, *e);
		else
			story_of(&out, *e, term_width());
	}
	status = say_print(&out);
	buf_free(&out);
	return status;
}

static int formats_here(struct sitting *s, int argc, char **argv)
{
	(void)s;
	(void)argc;
	(void)argv;
	return formats();
}

static const struct verb verbs[] = {
	{ "formats", NULL, 0, 0, READS, formats_here },
	{ "export", "--format FORMAT --incident NUMBER --to CONTACT -o FILE", 0, 0, CHANGES,
	  share_export },
	{ "import", "FILE|-|DIR... [--as indicators]", 1, CLI_ANY, MAKES, import },
	{ "who", "--incident NUMBER", 0, 0, READS, share_who },
	{ "taxii", "URL | [pull|push] ROOT COLLECTION", 1, 3, MAKES, share_taxii },
	{ "feed", "DIR", 1, 1, CHANGES, share_feed },
	{ .name = NULL }
};

static int run(int argc, char **argv, struct opts *o)
{
	share_opts = o;
	share_clearance = opts_source(o, "", "clearance") == OPT_DEFAULT ? NULL : as.clearance;
	if (argc == 1 && strcmp(argv[0], "formats") == 0)
		return formats();	/* wants no store, */
	if (argc == 2 && strcmp(argv[0], "taxii") == 0)
		return share_taxii(NULL, 1, argv + 1);	/* nor who only looks */
	return verb_run(verbs, argc, argv, &(struct sitting_setup){ .stored = &stored,
		.as = &as, .by = &by, .command = "share" });
}

const struct command command_share = {
	.name = "share",
	.args = "formats | export | import | who | taxii | feed FILE...",
	.least = 1,
	.most = CLI_ANY,
	.summary = N_("incidents, findings and indicators, to and from others"),
	.story =
		N_("'formats' says what each format carries and cannot. 'export' writes "
		"incidents with all that hangs on them, findings, reports or imported "
		"indicators in one of them, for a contact (--to: its clearance holds) "
		"or for a clearance. What the audience may not have refuses the whole "
		"export: each item is named with its marking, and nothing is written; "
		"--redacted leaves those items out. Refusals and what left are in the "
		"log.\n\n"
		"'who' says for each contact how much of it they may have. 'import' "
		"takes documents in as reports, or with --as indicators as what others "
		"list, which reports are then held against. 'taxii' shows what a TAXII "
		"2.1 server offers, takes a collection's objects in (pull), or gives to "
		"it what 'export' would write (push). 'feed' writes a MISP feed, a folder "
		"that others fetch; 'import' reads one.\n\n"
		"  vedette share export --format stix --incident 12 --to cert.example\n"
		"  vedette share who --db desk.db --incident 12\n"
		"  vedette share import --db desk.db --as indicators feed.json"),
	.start = "vedette share formats",
	.groups = groups,
	.run = run,
};
