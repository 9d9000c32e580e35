/* SPDX-License-Identifier: GPL-3.0-or-later */
/* notify.c - see notify.h. */
#include "cli/notify.h"
#include "base/stamp.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "model/utf8.h"
#include "respond/contact.h"
#include "respond/letter.h"
#include "respond/notice.h"
#include "run/tell_drill.h"

struct notify_mail notify_mail;
struct notify_hook notify_hook;
struct notify_conf notify_conf;

#define AT(f) offsetof(struct notify_mail, f)
static const struct opt mail_rows[] = {
	{ .name = "from", .type = OPT_TEXT, .at = AT(from), .arg = "ADDRESS",
	  .help = N_("the address that letters come from, and answers go to") },
	{ .name = "name", .type = OPT_TEXT, .at = AT(name), .arg = "TEXT",
	  .help = N_("the team's name") },
	{ .name = "phone", .type = OPT_TEXT, .at = AT(phone), .arg = "NUMBER",
	  .help = N_("the team's telephone") },
	{ .name = "server", .type = OPT_TEXT, .at = AT(server), .arg = "URL",
	  .help = N_("the mail server: smtp://mail.example.org:587") },
	{ .name = "ca", .type = OPT_TEXT, .at = AT(ca), .arg = "FILE",
	  .help = N_("authorities that its certificate may be from; else the system's") },
	{ .name = "auth", .type = OPT_TEXT, .at = AT(auth), .arg = "FILE",
	  .help = N_("file with user:password on one line, that only its owner may "
	  	"read") },
	{ .name = "plain", .type = OPT_FLAG, .at = AT(plain),
	  .help = N_("without TLS; for a server on this machine") },
	{ .name = "timeout", .type = OPT_SPAN, .at = AT(timeout_ns), .def = "60s",
	  .min = STAMP_NS, .max = 600 * STAMP_NS,
	  .help = N_("how long one try may take") },
	{ .name = NULL }
};
#undef AT
#define AT(f) offsetof(struct notify_hook, f)
static const struct opt hook_rows[] = {
	{ .name = "secret", .type = OPT_TEXT, .at = AT(secret), .arg = "FILE",
	  .help = N_("sign webhooks with the secret in this file (HMAC-SHA256), not with "
	  	"--key") },
	{ .name = "ca", .type = OPT_TEXT, .at = AT(ca), .arg = "FILE",
	  .help = N_("authorities that certificates may be from; else the system's") },
	{ .name = "private", .type = OPT_FLAG, .at = AT(private_too),
	  .help = N_("let webhooks go to this machine, to private networks, and without "
	  	"TLS") },
	{ .name = NULL }
};
#undef AT
#define AT(f) offsetof(struct notify_conf, f)
static const struct opt rows[] = {
	{ .name = "letter", .type = OPT_TEXT, .at = AT(letter), .arg = "NAME",
	  .cli_only = true,
	  .help = N_("the letter; else the one that fits the contact's role") },
	{ .name = "language", .type = OPT_TEXT, .at = AT(language), .arg = "WORD",
	  .cli_only = true, .help = N_("en, es or fr; else what the contact reads") },
	{ .name = "basis", .type = OPT_TEXT, .at = AT(basis), .arg = "TEXT", .cli_only = true,
	  .help = N_("why they may know: a contract, a law, consent; for the log") },
	{ .name = "dry-run", .type = OPT_FLAG, .at = AT(dry_run), .cli_only = true,
	  .help = N_("show exactly what would go where; keep and send nothing") },
	{ .name = "raw", .type = OPT_FLAG, .at = AT(raw), .cli_only = true,
	  .help = N_("dry-run: the message's octets as they would go, not its text") },
	{ .name = "approve", .type = OPT_FLAG, .at = AT(approve), .cli_only = true,
	  .help = N_("give the word at once, so that 'send' may send it") },
	{ .name = "again", .type = OPT_FLAG, .at = AT(again), .cli_only = true,
	  .help = N_("also when they were told the same already; incident clock --meet: also "
	  "when it was met") },
	{ .name = NULL }
};
static const struct opt house_rows[] = {
	{ .name = "letters", .type = OPT_TEXT, .at = AT(letters), .arg = "DIR",
	  .help = N_("letters of your own, DIR/LANG/NAME.txt, before those in the "
	  	"program") },
	{ .name = "answer-in", .type = OPT_SPAN, .at = AT(answer_ns), .def = "2d",
	  .help = N_("how soon an answer is asked for") },
	{ .name = "attach", .type = OPT_SIZE, .at = AT(evidence), .def = "4M",
	  .max = 8u << 20, .arg = "SIZE", .help = N_("attach evidence packs of so many "
	  "octets together; the others are named with their hashes") },
	{ .name = NULL }
};
static const struct opt whom_rows[] = {
	{ .name = "to", .type = OPT_TEXT, .at = AT(to), .arg = "CONTACT", .cli_only = true,
	  .help = N_("who is told: the contact's id") },
	{ .name = "role", .type = OPT_TEXT, .at = AT(role), .arg = "ROLE", .cli_only = true,
	  .help = N_("tell whoever covers the subject in this role: registrar, host, "
	  	"...") },
	{ .name = NULL }
};
static const struct opt queue_rows[] = {
	{ .name = "reason", .type = OPT_TEXT, .at = AT(reason), .arg = "TEXT",
	  .cli_only = true,
	  .help = N_("why it is cancelled or tried again; for the log") },
	{ .name = "most", .type = OPT_COUNT, .at = AT(most), .def = "1000", .min = 1,
	  .max = 1000000, .arg = "NUMBER", .cli_only = true,
	  .help = N_("tries in one run of 'send'") },
	{ .name = "redacted", .type = OPT_FLAG, .at = AT(redacted), .cli_only = true,
	  .help = N_("leave out what they may not have, instead of refusing") },
	{ .name = "json", .type = OPT_FLAG, .at = AT(json), .cli_only = true,
	  .help = N_("print JSON Lines") },
	{ .name = NULL }
};
#undef AT

unsigned notify_groups(struct opt_group *out, unsigned max)
{
	must(max >= 1);
	out[0] = (struct opt_group){ "", N_("Whom to tell"), whom_rows, &notify_conf };
	return 1 + notify_letter_groups(out + 1, max - 1);
}

unsigned notify_letter_groups(struct opt_group *out, unsigned max)
{
	must(max >= 1);
	out[0] = (struct opt_group){ "", N_("Telling others"), rows, &notify_conf };
	return 1 + notify_house_groups(out + 1, max - 1);
}

unsigned notify_house_groups(struct opt_group *out, unsigned max)
{
	must(max >= 2);
	out[0] = (struct opt_group){ "", N_("Letters"), house_rows, &notify_conf };
	out[1] = (struct opt_group){ "mail", N_("Mail"), mail_rows, &notify_mail };
	return 2;
}

unsigned notify_queue_groups(struct opt_group *out, unsigned max)
{
	must(max >= 1);
	out[0] = (struct opt_group){ "", N_("The queue"), queue_rows, &notify_conf };
	return 1 + notify_hook_groups(out + 1, max - 1);
}

unsigned notify_hook_groups(struct opt_group *out, unsigned max)
{
	must(max >= 1);
	out[0] = (struct opt_group){ "hook", N_("Webhooks"), hook_rows, &notify_hook };
	return 1;
}

struct compose_us notify_us(void)
{
	return (struct compose_us){ notify_mail.name ? notify_mail.name : N_("Vedette "
		"desk"),
		notify_mail.from, notify_mail.phone };
}

/* ---- writing ---- */

static int print(struct buf *out)
{
	int status = say_print(out);

	buf_free(out);
	return status;
}

/* What goes with it, and what is only named. */
static void show_files(struct buf *out, const struct composed *c)
{
	char hash[65];

	for (size_t i = 0; i < c->part_count; i++)
		buf_fmt(out, _("Attached: %s (%s), %zu octets, SHA-256 %s\n"),
			c->parts[i].name, c->parts[i].media, c->parts[i].n,
			mime_sha256(c->parts[i].octets, c->parts[i].n, hash));
	for (size_t i = 0; i < c->packs.count; i++)
		if (c->packs.at[i].attached.len == 0)
			buf_fmt(out, _("Named: %s, %zu octets, SHA-256 %s\n"),
				c->packs.at[i].name, c->packs.at[i].octets,
				c->packs.at[i].sha256);
	if (c->packs.more)
		buf_fmt(out, n_("Evidence of %llu more finding is only said to be there\n",
				"Evidence of %llu more findings is only said to be there\n",
				c->packs.more), (unsigned long long)c->packs.more);
}

/* Nothing forbids it; who sends it should know. */
static void say_unconfirmed(struct buf *out, const struct composed *c)
{
	if (c->unconfirmed != INCIDENT_STATE_COUNT)
		buf_fmt(out, _("Mind: incident %llu is %s; nobody has confirmed it yet.\n"),
			(unsigned long long)c->notice.incident,
			C_("state", incident_states[c->unconfirmed]));
}

/* As its reader sees it. */
static void show_text(struct buf *out, const struct composed *c)
{
	const char *p = buf_str(&c->body);

	buf_fmt(out, "Subject: %s\n\n", buf_str(&c->title));
	for (size_t n; *p; p += n + (p[n] == '\n')) {
		struct buf line = { 0 };

		n = strcspn(p, "\n");
		buf_add(&line, p, n);
		utf8_show(out, buf_str(&line), 0);
		buf_byte(out, '\n');
		buf_free(&line);
	}
}

static int show_dry(const struct composed *c)
{
	struct buf out = { 0 };

	buf_fmt(&out, _("To: %s, by %s to "), c->notice.contact,
		C_("channel", channels[c->notice.channel]));
	utf8_show(&out, c->notice.value, 0);
	buf_fmt(&out, _("\nMarked: %s %s; left out for their label: %llu\n"),
		label_text(c->notice.tlp), pap_text(c->notice.pap),
		(unsigned long long)c->withheld);
	show_files(&out, c);
	if (c->no_sender)
		buf_fmt(&out, _("From: %s stands for the sender, whom nobody has set yet; "
			"%s sets it\n"), COMPOSE_NO_SENDER, "--mail-from ADDRESS");
	say_unconfirmed(&out, c);
	buf_text(&out, _("Nothing was kept or sent. This is what would go:\n\n"));
	if (notify_conf.raw) {
		buf_add(&out, c->message.at, c->message.len);
		buf_byte(&out, '\n');
	} else {
		show_text(&out, c);
	}
	return print(&out);
}

/* What is kept now, or why it is not. */
static int kept(struct sitting *s, const struct composed *c, u64 number, int rc, bool approved)
{
	struct buf mind = { 0 };

	if (rc)
		return sitting_fault(s, rc);
	say_line(approved
		 ? _("Notice %llu: %s to %s (%s), approved; 'vedette notices send' sends it.\n")
		 : _("Notice %llu: %s to %s (%s), a draft; 'vedette notices approve %llu' gives "
		     "the word.\n"), (unsigned long long)number, c->notice.letter,
		 c->notice.contact, c->notice.value, (unsigned long long)number);
	say_unconfirmed(&mind, c);
	return print(&mind);
}

static int keep(struct sitting *s, struct composed *c, const char *by)
{
	const struct tell_wish w = { .again = notify_conf.again, .by = by,
		.approve = notify_conf.approve };
	u64 number = 0;
	int rc = tell_keep(s->desk, c, &w, &number);

	return kept(s, c, number, rc, by || notify_conf.approve);
}

/* Why nothing was composed. */
static int not_composed(struct sitting *s, int rc, const struct composed *c, const char *why)
{
	return sitting_fault(s, desk_refuse(s->desk, c->code, rc, "%s", why));
}

int notify_drill(struct sitting *s, struct tell_drill *t)
{
	struct composed c;
	char why[COMPOSE_WHY];
	u64 number = 0;
	int rc, status;

	t->ask.shown = notify_conf.dry_run;
	if ((rc = compose(&c, s->desk, &t->ask, why))) {
		status = not_composed(s, rc, &c, why);
	} else if (notify_conf.dry_run) {
		status = show_dry(&c);
	} else {
		rc = tell_drill_keep(s->desk, &c, t, notify_conf.approve, &number);
		status = kept(s, &c, number, rc, notify_conf.approve);
	}
	composed_free(&c);
	return status;
}

const char *const notify_letters[] = { NC_("letter", "acknowledgement"),
	NC_("letter", "closing"), NC_("letter", "drill"), NC_("letter", "escalation"),
	NC_("letter", "first-authority"), NC_("letter", "first-fault"),
	NC_("letter", "first-victim"), NC_("letter", "first-host"),
	NC_("letter", "first-operator"),
	NC_("letter", "first-registrar"), NC_("letter", "first-registry"),
	NC_("letter", "regulator-final"), NC_("letter", "regulator-notification"),
	NC_("letter", "regulator-warning"), NC_("letter", "reminder"), NULL };

const char *notify_letter_said(const char *name)
{
	for (const char *const *p = notify_letters; *p; p++)
		if (strcmp(*p, name) == 0)
			return C_("letter", *p);
	return name;
}

/* ---- to whom ---- */

int notify_incident(struct sitting *s, u64 number)
{
	return notify_by(s, number, NULL);
}

/* May they who act here look at it? */
static int may_see(struct sitting *s, u64 number)
{
	void *found = NULL;
	int rc = gate_take(s->gate, DESK_incident, &(struct incident){ .number = number },
			   &found);

	free(found);
	if (rc == 1)
		return STATUS_FINE;
	say_error("incident %llu is not to be had", (unsigned long long)number);
	return STATUS_USAGE;
}

/* What was typed comes first: is there such a letter? Those of --letters are looked for later. */
static bool no_letter(void)
{
	struct buf all = { 0 };
	char name[48];

	if (notify_conf.letter == NULL || notify_conf.letters || letter_exists(notify_conf.letter))
		return false;
	for (unsigned i = 0; letter_name(i, name); i++)
		buf_fmt(&all, "%s%s", i ? ", " : "", name);
	say_error("there is no letter '%s'; there are: %s", notify_conf.letter, buf_str(&all));
	buf_free(&all);
	return true;
}

struct tell_conf notify_tell(void)
{
	return (struct tell_conf){ notify_us(), notify_conf.letters, notify_conf.answer_ns,
		notify_conf.evidence };
}

int notify_by(struct sitting *s, u64 number, const char *rule)
{
	const struct tell_conf conf = notify_tell();
	const struct tell_wish w = { .incident = number, .contact = notify_conf.to,
		.role = notify_conf.role, .letter = notify_conf.letter,
		.language = notify_conf.language, .basis = notify_conf.basis,
		.redacted = notify_conf.redacted, .reporters = notify_conf.name_reporters,
		.shown = notify_conf.dry_run };
	struct composed c;
	char why[COMPOSE_WHY];
	int status, rc;

	if ((notify_conf.to != NULL) == (notify_conf.role != NULL)) {
		say_error("who is to be told? Write --to CONTACT or --role ROLE");
		return STATUS_USAGE;
	}
	if (no_letter())
		return STATUS_USAGE;
	if (notify_conf.role && may_see(s, number))
		return STATUS_USAGE;
	if ((rc = tell_compose(&c, s->desk, &conf, &w, why)))
		status = not_composed(s, rc, &c, why);
	else
		status = notify_conf.dry_run ? show_dry(&c) : keep(s, &c, rule);
	composed_free(&c);
	return status;
}
