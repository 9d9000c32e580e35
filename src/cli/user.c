/* SPDX-License-Identifier: GPL-3.0-or-later */
/* user.c - `vedette user`: who may sign in at `vedette serve`, for who has the store's file.
 *
 * Who can write that file can do everything anyway; this does it whole and in the log. It is
 * the way back in when the only admin lost the password, or the device of the codes. A server
 * may run meanwhile: it asks the store at each request. */
#include "base/buf.h"
#include "base/stamp.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/sitting.h"
#include "cli/table.h"
#include "respond/user.h"

struct conf {
	const char *name, *email, *language, *cleared;
	u64 role, standing;	/* place in the choices and 1; 0: not given */
	bool drop_codes, json;
};
#define AT(f) offsetof(struct conf, f)
static const char *const role_choices[] = { "", "viewer", "analyst", "lead", "admin", NULL };
static const char *const standing_choices[] = { "", "active", "must-change", "locked", NULL };
static const struct opt rows[] = {
	{ .name = "name", .type = OPT_TEXT, .at = AT(name), .arg = "TEXT", .cli_only = true,
	  .help = N_("as it is written") },
	{ .name = "email", .type = OPT_TEXT, .at = AT(email), .arg = "ADDRESS", .cli_only = true,
	  .help = N_("where to reach them") },
	{ .name = "language", .type = OPT_TEXT, .at = AT(language), .arg = "WORD",
	  .cli_only = true, .help = N_("en, es or fr") },
	{ .name = "role", .type = OPT_CHOICE, .at = AT(role), .choices = role_choices,
	  .cli_only = true, .help = N_("what they may do; analyst when nothing is said") },
	{ .name = "cleared", .type = OPT_TEXT, .at = AT(cleared), .arg = "LABELS",
	  .cli_only = true, .help = N_("the strictest they may see: \"TLP:AMBER PAP:GREEN\"") },
	{ .name = "standing", .type = OPT_CHOICE, .at = AT(standing),
	  .choices = standing_choices, .cli_only = true,
	  .help = N_("change: may they sign in?") },
	{ .name = "drop-codes", .type = OPT_FLAG, .at = AT(drop_codes), .cli_only = true,
	  .help = N_("password: take their one-time codes away as well") },
	{ .name = "json", .type = OPT_FLAG, .at = AT(json), .cli_only = true,
	  .help = N_("print JSON Lines") },
	{ .name = NULL }
};
#undef AT
static struct conf conf;
static struct stored_conf stored;
static struct sitting_conf by;

static unsigned groups(struct opt_group *out, unsigned max)
{
	must(max >= 3);
	out[0] = (struct opt_group){ "", N_("Store"), stored_rows, &stored };
	out[1] = (struct opt_group){ "", N_("User"), rows, &conf };
	out[2] = (struct opt_group){ "", N_("Who acts"), sitting_rows, &by };
	return 3;
}

static int print(struct buf *out)
{
	int status = say_print(out);

	buf_free(out);
	return status;
}

/* ---- who there is ---- */

static const struct column columns[] = {
	{ .title = NC_("column", "LOGIN"), .width = 16 },
	{ .title = NC_("column", "ROLE"), .width = 8, .context = "role", .words = roles },
	{ .title = NC_("column", "CLEARED FOR"), .width = 26 },
	{ .title = NC_("column", "STANDING"), .width = 12, .context = "standing",
	  .words = standings },
	{ .title = NC_("column", "CODES"), .width = 5 },
	{ .title = NC_("column", "SIGNED IN"), .width = 20 },
	{ .title = NC_("column", "NAME") },
	{ .title = NULL }
};

struct listing { struct buf *out; struct store *store; u64 count; };

static int list_one(void *to, const void *record)
{
	const struct user *u = record;
	struct listing *l = to;
	struct table t = { l->out, columns, 0 };
	const int codes = user_totp_wanted(l->store, u->login);
	char cleared[60], at[STAMP_TEXT_MAX] = "";
	u64 last;
	int rc = codes < 0 ? codes : user_signed_in(l->store, u->login, &last);

	if (rc)
		return rc;
	if (conf.json) {
		buf_byte(l->out, '{');
		fields_json(l->out, desk_nouns[DESK_user].fields, u);
		buf_fmt(l->out, ",\"codes\":%s,\"signed_in\":", codes ? "true" : "false");
		if (last)
			buf_fmt(l->out, "\"%s\"}\n", stamp_text(last, 0, at));
		else
			buf_text(l->out, "null}\n");
		return buf_error(l->out);
	}
	if (l->count++ == 0)
		table_head(&t);
	snprintf(cleared, sizeof cleared, "%s %s", label_text(u->tlp), pap_text(u->pap));
	table_put(&t, u->login);
	table_put(&t, roles[u->role]);
	table_put(&t, cleared);
	table_put(&t, standings[u->standing]);
	table_put(&t, codes ? _("yes") : _("no"));
	table_put(&t, last ? stamp_text(last, 0, at) : _("never"));
	table_put(&t, u->name);
	table_end(&t);
	return buf_error(l->out);
}

static int list(struct sitting *s, int argc, char **argv)
{
	const struct store_query all = { .table = DESK_user, .order = "login" };
	struct buf out = { 0 };
	struct listing l = { &out, desk_store(s->desk), 0 };
	int rc = store_each(l.store, &all, list_one, &l);

	(void)argc, (void)argv;
	if (rc) {
		buf_free(&out);
		return sitting_fault(s, rc);
	}
	if (l.count == 0 && !conf.json)
		buf_text(&out, _("There are no users yet: 'vedette serve' makes the first one, "
				 "or 'vedette user add'.\n"));
	return print(&out);
}

/* ---- changing ---- */

/* What the command line says, over what there is. */
static int amend(struct user *u)
{
	struct marking m = { u->tlp, u->pap };

	if (conf.cleared && marking_parse(conf.cleared, &m)) {
		say_no_label("--cleared", conf.cleared);
		return STATUS_USAGE;
	}
	u->tlp = m.tlp;
	u->pap = m.pap;
	u->name = conf.name ? conf.name : u->name;
	u->email = conf.email ? conf.email : u->email;
	u->language = conf.language ? conf.language : u->language;
	u->role = conf.role ? (u8)(conf.role - 1) : u->role;
	u->standing = conf.standing ? (u8)(conf.standing - 1) : u->standing;
	return STATUS_FINE;
}

static int say_password(const char *login, const char *made)
{
	struct buf out = { 0 };

	if (conf.json)
		buf_fmt(&out, "{\"login\":\"%s\",\"password\":\"%s\"}\n", login, made);
	else
		buf_fmt(&out, _("'%s' signs in with this password, which is shown once and "
			"counts until they have set their own:\n\n    %s\n\n"), login, made);
	return print(&out);
}

static int add(struct sitting *s, int argc, char **argv)
{
	struct user u = { .login = argv[0], .name = "", .email = "", .language = "en",
		.timezone = "", .role = ROLE_ANALYST, .tlp = LABEL_AMBER_STRICT,
		.pap = PAP_AMBER };
	char made[USER_SECRET_TEXT];
	int status = amend(&u), rc;

	(void)argc;
	if (status != STATUS_FINE)
		return status;
	rc = user_add(s->desk, &u, NULL, made);
	return rc ? sitting_fault(s, rc) : say_password(u.login, made);
}

static int find(struct sitting *s, const char *login, struct user **ret)
{
	const struct user key = { .login = login };
	void *found = NULL;
	int rc = desk_find(s->desk, DESK_user, &key, &found);

	if (rc == 0)
		rc = desk_fault(s->desk, OOPS_UNKNOWN, "there is no user %.64s", login);
	*ret = found;
	return rc < 0 ? sitting_fault(s, rc) : STATUS_FINE;
}

static int told(const char *format, const char *login) __attribute__((format(printf, 1, 0)));
static int told(const char *format, const char *login)
{
	struct buf out = { 0 };

	if (!conf.json)
		buf_fmt(&out, format, login);
	return print(&out);
}

static int change(struct sitting *s, int argc, char **argv)
{
	struct user *was = NULL, u;
	int status = find(s, argv[0], &was), rc;

	(void)argc;
	if (status == STATUS_FINE) {
		u = *was;
		status = amend(&u);
	}
	if (status == STATUS_FINE && (rc = user_change(s->desk, &u)))
		status = sitting_fault(s, rc);
	free(was);
	return status == STATUS_FINE ? told(_("'%s' was changed.\n"), argv[0]) : status;
}

static int password(struct sitting *s, int argc, char **argv)
{
	struct user *u = NULL;
	char made[USER_SECRET_TEXT];
	int status = find(s, argv[0], &u), rc;

	(void)argc;
	if (status != STATUS_FINE)
		return status;
	rc = user_reset(s->desk, argv[0], conf.drop_codes, made);
	status = rc ? sitting_fault(s, rc) : say_password(argv[0], made);
	if (rc == 0 && u->standing == STANDING_LOCKED)
		say_error("'%s' is still locked; 'vedette user change %s --standing "
			  "must-change' lets them in", argv[0], argv[0]);
	else if (rc == 0 && !conf.drop_codes &&
		 user_totp_wanted(desk_store(s->desk), argv[0]) == 1)
		say_error("one-time codes are still wanted of '%s'; 'vedette user codes %s' "
			  "takes them away", argv[0], argv[0]);
	free(u);
	return status;
}

static int codes(struct sitting *s, int argc, char **argv)
{
	int rc = user_totp_take(s->desk, argv[0]);

	(void)argc;
	return rc ? sitting_fault(s, rc)
	     : told(_("No one-time codes are wanted of '%s' any more.\n"), argv[0]);
}

static const struct verb verbs[] = {
	{ "list", "", 0, 0, READS, list },
	{ "add", "LOGIN [--role ROLE] [--cleared LABELS] [--name TEXT]", 1, 1, MAKES, add },
	{ "change", "LOGIN [--standing WORD] [--role ROLE] [OPTIONS]", 1, 1, CHANGES, change },
	{ "password", "LOGIN [--drop-codes]", 1, 1, CHANGES, password },
	{ "codes", "LOGIN", 1, 1, CHANGES, codes },
	{ .name = NULL }
};

static int run(int argc, char **argv, struct opts *o)
{
	static const struct look_conf all = { NULL };

	(void)o;
	return verb_run(verbs, argc, argv, &(struct sitting_setup){ .stored = &stored,
		.as = &all, .by = &by, .command = "user" });
}

const struct command command_user = {
	.name = "user",
	.args = "list | add LOGIN | change LOGIN | password LOGIN | codes LOGIN",
	.least = 1,
	.most = 2,
	.summary = N_("who may sign in at the server; the way back in"),
	.story =
		N_("Who may sign in at 'vedette serve', for who has the store on this machine. "
		"Admins do the same on the settings page; this is for when no admin can sign "
		"in any more. What is done is in the log. A server may run meanwhile.\n\n"
		"  vedette user list --db vedette.db\n"
		"  vedette user password admin --db vedette.db\n"
		"  vedette user codes ana --db vedette.db\n"
		"  vedette user add ben --role lead --cleared \"TLP:RED PAP:RED\" --db "
		"vedette.db\n"
		"  vedette user change ben --standing locked --db vedette.db\n\n"
		"'password' makes a new password that counts once and ends their sessions and "
		"tokens; 'codes' takes away the one-time codes of a device that was lost."),
	.start = "vedette user list --db vedette.db",
	.groups = groups,
	.run = run,
};
