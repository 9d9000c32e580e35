/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contacts.c - `vedette contacts`: who can act, and how they are reached. Changes are here;
 * what is shown is contacts_show.c, the page for the wall contacts_sheet.c. */
#include "cli/contacts.h"
#include "cli/notify.h"
#include "base/buf.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "respond/letter.h"

#define AT(f) offsetof(struct contacts_conf, f)
#define TEXT(option, member, word, says) { .name = option, .type = OPT_TEXT,               \
	.at = AT(member), .arg = word, .help = says, .cli_only = true }
#define LIST(option, member, word, says) { .name = option, .type = OPT_TEXT,               \
	.at = AT(member), .arg = word, .help = says, .cli_only = true, .list = true }
static const struct opt rows[] = {
	TEXT("name", name, "TEXT", N_("its name, as it is written")),
	{ .name = "kind", .type = OPT_CHOICE, .at = AT(kind), .choices = contact_kinds,
	  .cli_only = true, .help = N_("an organisation or one person") },
	LIST("role", role, "ROLES", N_("what it is: registrar, operator, host, registry, "
	     "cert, regulator, police, abuse, technical, reporter, registrant, team")),
	LIST("covers", covers, "LIST", N_("what it answers for: domains (a name and all "
	     "below it, . for all), AS64500, 192.0.2.0/24, iana:9999")),
	TEXT("mail", mail, "ADDRESS", N_("e-mail address")),
	TEXT("webhook", webhook, "URL", N_("where signed messages are posted")),
	TEXT("phone", phone, "NUMBER", N_("telephone")),
	TEXT("web", web, "URL", N_("form for reports")),
	TEXT("post", post, "TEXT", N_("postal address")),
	TEXT("public-key", public_key, "HEX", N_("Ed25519 public key that it signs "
		"with")),
	TEXT("drop", drop, "ADDRESS", N_("take this address, number or URL away")),
	LIST("languages", languages, "LIST", N_("codes of ISO 639, the best first; "
		"letters are in en, es or fr, else in en")),
	TEXT("hours", hours, "TEXT", N_("when somebody is there")),
	LIST("prefers", prefers, "WORD", N_("how it wants reports: xarf, mail, web, "
		"phone")),
	TEXT("organisation", organisation, "ID", N_("of a person or desk: whom it "
		"belongs to")),
	{ .name = "place", .type = OPT_COUNT, .at = AT(place), .arg = "NUMBER",
	  .cli_only = true,
	  .help = N_("order of escalation among those that cover the same") },
	TEXT("note", note, "TEXT", N_("what one must know")),
	TEXT("cleared", cleared, "LABELS", N_("the strictest it may be told: \"TLP:AMBER "
	     "PAP:GREEN\"; TLP:CLEAR PAP:CLEAR when nothing was said")),
	TEXT("until", until, "TIME", N_("vouch: how long it holds; a year when nothing "
		"is said")),
	TEXT("from", from, "FILE", N_("vouch: take what somebody else signed and passed "
		"on")),
	{ .name = "revoke", .type = OPT_FLAG, .at = AT(revoke), .cli_only = true,
	  .help = N_("vouch: take it back") },
	{ .name = "days", .type = OPT_COUNT, .at = AT(days), .def = "90", .min = 1,
	  .max = 36500, .arg = "NUMBER", .cli_only = true,
	  .help = N_("reach: who was not proven for so many days") },
	{ .name = "html", .type = OPT_FLAG, .at = AT(html), .cli_only = true,
	  .help = N_("sheet: as a page for the printer") },
	{ .name = "yes", .type = OPT_FLAG, .at = AT(yes), .cli_only = true,
	  .help = N_("import: do it, after a look at what would change") },
	{ .name = "json", .type = OPT_FLAG, .at = AT(json), .cli_only = true,
	  .help = N_("print JSON Lines") },
	{ .name = NULL }
};
#undef TEXT
#undef AT
struct contacts_conf contacts_conf;
static struct stored_conf stored;
static struct look_conf as;
static struct sitting_conf by;

static unsigned groups(struct opt_group *out, unsigned max)
{
	must(max >= 6);
	out[0] = (struct opt_group){ "", N_("Store"), stored_rows, &stored };
	out[1] = (struct opt_group){ "", N_("Contact"), rows, &contacts_conf };
	out[2] = (struct opt_group){ "", N_("Labels"), look_rows, &as };
	out[3] = (struct opt_group){ "", N_("Who acts"), sitting_rows, &by };
	return 4 + notify_letter_groups(out + 4, max - 4);
}

/* ---- changing ---- */

static void set(const char **to, const char *from)
{
	if (from)
		*to = from;
}

/* What the command line says, over what there is. */
static int amend(struct contact *c)
{
	const struct contacts_conf *k = &contacts_conf;
	struct marking m = { c->tlp, c->pap };

	set(&c->name, k->name);
	set(&c->roles, k->role);
	set(&c->covers, k->covers);
	set(&c->languages, k->languages);
	set(&c->hours, k->hours);
	set(&c->prefers, k->prefers);
	set(&c->organisation, k->organisation);
	set(&c->note, k->note);
	if (k->kind)
		c->kind = (u8)k->kind;
	if (k->place)
		c->place = k->place;
	if (k->cleared && marking_parse(k->cleared, &m)) {
		say_error("--cleared: '%s' is no label; write TLP:AMBER or "
			  "PAP:GREEN", k->cleared);
		return OOPS_UNKNOWN;
	}
	c->tlp = m.tlp;
	c->pap = m.pap;
	return 0;
}

static int addresses(struct desk *d, const char *id)
{
	const struct contacts_conf *k = &contacts_conf;
	const struct { enum channel channel; const char *value; } given[] = {
		{ CHANNEL_MAIL, k->mail }, { CHANNEL_WEBHOOK, k->webhook },
		{ CHANNEL_PHONE, k->phone }, { CHANNEL_WEB, k->web },
		{ CHANNEL_POST, k->post }, { CHANNEL_KEY, k->public_key },
	};
	int rc = 0;

	for (size_t i = 0; i < COUNT(given) && rc == 0; i++)
		if (given[i].value)
			rc = contact_address(d, &(struct address){ .contact = id,
				.channel = given[i].channel, .value = given[i].value });
	return rc;
}

/* Takes --drop away on whichever channel it is. */
static int drop(struct desk *d, const char *id)
{
	int rc = OOPS_UNKNOWN;

	for (unsigned ch = 0; contacts_conf.drop && ch < CHANNEL_COUNT && rc == OOPS_UNKNOWN;
	     ch++)
		rc = contact_address_remove(d, &(struct address){ .contact = id,
			.channel = (u8)ch, .value = contacts_conf.drop });
	return contacts_conf.drop ? rc : 0;
}

/* Says what was done to a contact, unless a program reads. */
static int told(const char *format, const char *id) __attribute__((format(printf, 1, 0)));
static int told(const char *format, const char *id)
{
	struct buf out = { 0 };

	if (contacts_conf.json)
		return STATUS_FINE;
	buf_fmt(&out, format, id);
	return contacts_print(&out);
}

/* Letters are in few languages: which one it will be, when it is not the first that was said. */
static void tell_letters(struct sitting *s, const char *id)
{
	struct contact *c = NULL;
	const char *in;
	size_t n;

	if (contacts_conf.json || contacts_conf.languages == NULL ||
	    contact_find(s->desk, id, &c) != 1)
		return;
	in = letter_language(c->languages);
	n = strcspn(c->languages, "- ");
	if (n && (strlen(in) != n || memcmp(in, c->languages, n)))
		say_line(_("Letters to '%s' are in '%s': there are none in '%.*s'.\n"), id, in,
			 (int)strcspn(c->languages, " "), c->languages);
	free(c);
}

static int write_contact(struct sitting *s, const char *id, bool is_new)
{
	struct contact *was = NULL, c = { .id = id, .source = N_("by hand") };
	int rc = desk_begin(s->desk);
	bool exists = rc == 0 && contact_find(s->desk, id, &was) == 1;

	if (rc == 0 && exists == is_new)
		rc = desk_fault(s->desk, is_new ? OOPS_CHANGED : OOPS_UNKNOWN, is_new
			? N_("there is a contact '%.100s' already; 'vedette contacts change' "
			     "changes it") : N_("there is no contact '%.100s'"), id);
	if (was)
		c = *was;
	if (rc == 0 && amend(&c)) {
		desk_end(s->desk, OOPS_UNKNOWN);
		free(was);
		return STATUS_USAGE;
	}
	if (rc == 0)
		rc = contact_set(s->desk, &c);
	if (rc == 0)
		rc = addresses(s->desk, id);
	if (rc == 0)
		rc = drop(s->desk, id);
	rc = desk_end(s->desk, rc);
	free(was);
	if (rc == 0)
		tell_letters(s, id);
	return rc ? sitting_fault(s, rc) : told(is_new ? _("Contact '%s' was added.\n")
						: _("Contact '%s' was changed.\n"), id);
}

static int add(struct sitting *s, int argc, char **argv)
{
	(void)argc;
	if (contacts_conf.name == NULL) {
		say_error("who is it? Write --name TEXT");
		return STATUS_USAGE;
	}
	return write_contact(s, argv[0], true);
}

static int change(struct sitting *s, int argc, char **argv)
{
	(void)argc;
	return write_contact(s, argv[0], false);
}

static int take_away(struct sitting *s, int argc, char **argv)
{
	int rc = desk_begin(s->desk);

	for (int i = 0; i < argc && rc == 0; i++)
		rc = contact_remove(s->desk, argv[i]);
	rc = desk_end(s->desk, rc);
	for (int i = 0; i < argc && rc == 0; i++)
		told(_("Contact '%s' was removed.\n"), argv[i]);
	return rc ? sitting_fault(s, rc) : STATUS_FINE;
}

static const struct verb verbs[] = {
	{ "list", "[TEXT]", 0, 1, READS, contacts_list },
	{ "show", "ID", 1, 1, READS, contacts_show },
	{ "add", "ID --name TEXT --role ROLES --covers LIST --mail ADDRESS", 1, 1, MAKES, add },
	{ "change", "ID [OPTIONS]", 1, 1, CHANGES, change },
	{ "remove", "ID...", 1, CLI_ANY, CHANGES, take_away },
	{ "import", "FILE... [--yes]", 1, CLI_ANY, MAKES, contacts_import },
	{ "vouch", "ID [--until TIME] | --from FILE", 0, 1, CHANGES, contacts_vouch },
	{ "path", "ID --key FILE", 1, 1, CHANGES, contacts_path },
	{ "drill", "ID... [--approve]", 1, CLI_ANY, CHANGES, contacts_drill },
	{ "answer", "TOKEN [--note TEXT]", 1, 1, CHANGES, contacts_answer },
	{ "reach", "[--days NUMBER]", 0, 0, CHANGES, contacts_reach_report },
	{ "sheet", "[--html]", 0, 0, READS, contacts_sheet },
	{ "route", "SUBJECT...", 1, 16, READS, contacts_route },
	{ .name = NULL }
};

static int run(int argc, char **argv, struct opts *o)
{
	(void)o;
	return verb_run(verbs, argc, argv, &(struct sitting_setup){ .stored = &stored,
		.as = &as, .by = &by, .command = "contacts" });
}

const struct command command_contacts = {
	.name = "contacts",
	.args = "list | show | add | change | remove | import | route | vouch | path | "
		"drill | answer | reach | sheet ID...",
	.least = 1,
	.most = CLI_ANY,
	.summary = N_("who can act, and how they are reached"),
	.story =
		N_("The people and organisations that can do something about what was "
		"found: registrars, registries, operators, hosts, CERTs, regulators, "
		"police.\n\n"
		"'list' shows all, or those whose name, note or cover holds a text; "
		"'show' one with its addresses; 'add', 'change' and 'remove' do so; "
		"'route' says who can act for a subject, by role, the most exact cover "
		"first: give it all that is known of it, a domain, its address, AS64500, "
		"iana:9999. 'import' reads RDAP answers (JSON) and tables (CSV) behind "
		"the sandbox's walls, and shows what would change. A table's first line "
		"names its columns, in any order: id (it must be there), name, kind, "
		"roles, covers, organisation, languages, hours, prefers, place, note, "
		"cleared (or tlp and pap), mail, phone, web, webhook, post, key; others "
		"are named and not read.\n\n"
		"  vedette contacts add nic.example --name NIC --role registry --covers example\n"
		"  vedette contacts change nic.example --mail abuse@nic.example\n"
		"  vedette contacts route shop.example 192.0.2.7"),
	.start = "vedette contacts list --db vedette.db",
	.groups = groups,
	.run = run,
};
