/* SPDX-License-Identifier: GPL-3.0-or-later */
/* notify.c - see notify.h. */
#include "cli/notify.h"
#include "base/octets.h"
#include "base/stamp.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "model/utf8.h"
#include "respond/contact.h"
#include "respond/letter.h"
#include "respond/notice.h"
#include <fcntl.h>
#include <unistd.h>

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
	{ .name = "letters", .type = OPT_TEXT, .at = AT(letters), .arg = "DIR",
	  .help = N_("letters of your own, DIR/LANG/NAME.txt, before those in the "
	  	"program") },
	{ .name = "basis", .type = OPT_TEXT, .at = AT(basis), .arg = "TEXT", .cli_only = true,
	  .help = N_("why they may know: a contract, a law, consent; for the log") },
	{ .name = "answer-in", .type = OPT_SPAN, .at = AT(answer_ns), .def = "2d",
	  .help = N_("how soon an answer is asked for") },
	{ .name = "attach", .type = OPT_SIZE, .at = AT(evidence), .def = "4M",
	  .max = 8u << 20, .arg = "SIZE", .help = N_("attach evidence packs of so many "
	  "octets together; the others are named with their hashes") },
	{ .name = "dry-run", .type = OPT_FLAG, .at = AT(dry_run), .cli_only = true,
	  .help = N_("show exactly what would go where; keep and send nothing") },
	{ .name = "approve", .type = OPT_FLAG, .at = AT(approve), .cli_only = true,
	  .help = N_("give the word at once, so that 'send' may send it") },
	{ .name = "again", .type = OPT_FLAG, .at = AT(again), .cli_only = true,
	  .help = N_("also when they were told the same already") },
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
	must(max >= 2);
	out[0] = (struct opt_group){ "", N_("Telling others"), rows, &notify_conf };
	out[1] = (struct opt_group){ "mail", N_("Mail"), mail_rows, &notify_mail };
	return 2;
}

unsigned notify_queue_groups(struct opt_group *out, unsigned max)
{
	must(max >= 2);
	out[0] = (struct opt_group){ "", N_("The queue"), queue_rows, &notify_conf };
	out[1] = (struct opt_group){ "hook", N_("Webhooks"), hook_rows, &notify_hook };
	return 2;
}

struct compose_us notify_us(void)
{
	return (struct compose_us){ notify_mail.name ? notify_mail.name : "Vedette desk",
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
		buf_fmt(out, "Attached: %s, %zu octets, SHA-256 %s\n", c->parts[i].name,
			c->parts[i].n, mime_sha256(c->parts[i].octets, c->parts[i].n, hash));
	for (size_t i = 0; i < c->packs.count; i++)
		if (c->packs.at[i].attached.len == 0)
			buf_fmt(out, "Named: %s, %zu octets, SHA-256 %s\n", c->packs.at[i].name,
				c->packs.at[i].octets, c->packs.at[i].sha256);
	if (c->packs.more)
		buf_fmt(out, "Evidence of %llu more findings is only said to be there\n",
			(unsigned long long)c->packs.more);
}

static int show_dry(const struct composed *c)
{
	struct buf out = { 0 };

	buf_fmt(&out, "To: %s, by %s to ", c->notice.contact, channels[c->notice.channel]);
	utf8_show(&out, c->notice.value, 0);
	buf_fmt(&out, "\nMarked: %s %s; left out for their label: %llu\n",
		label_text(c->notice.tlp), pap_text(c->notice.pap),
		(unsigned long long)c->withheld);
	show_files(&out, c);
	buf_text(&out, "Nothing was kept or sent. This is what would go:\n\n");
	buf_add(&out, c->message.at, c->message.len);
	buf_byte(&out, '\n');
	return print(&out);
}

static int keep(struct sitting *s, struct composed *c, const char *by)
{
	u64 number;
	int rc = desk_begin(s->desk);

	if (rc == 0)
		rc = notice_draft(s->desk, &(struct notice_draft){ .notice = &c->notice,
			.octets = c->message.at, .n = c->message.len,
			.again = notify_conf.again }, &number);
	if (rc == 0 && number != c->notice.number)
		rc = desk_fault(s->desk, OOPS_CHANGED, "somebody else wrote a notice at the "
				"same moment; try again");
	if (rc == 0 && (by || notify_conf.approve))
		rc = notice_approve(s->desk, number, by);
	rc = desk_end(s->desk, rc);
	if (rc)
		return sitting_fault(s, rc);
	printf("notice %llu: %s to %s (%s), %s\n", (unsigned long long)number,
	       c->notice.letter, c->notice.contact, c->notice.value, by || notify_conf.approve
	       ? "approved; 'vedette notices send' sends it"
	       : "a draft; 'vedette notices approve' gives the word");
	return STATUS_FINE;
}

int notify_one(struct sitting *s, struct compose_ask *ask, const char *by)
{
	struct composed c;
	char why[COMPOSE_WHY];
	int status, rc = compose(&c, s->desk, ask, why);

	if (rc) {
		say_error("%s", why);
		status = rc == -ENOMEM || rc == -EIO ? STATUS_TROUBLE : STATUS_USAGE;
	} else {
		status = notify_conf.dry_run ? show_dry(&c) : keep(s, &c, by);
	}
	composed_free(&c);
	return status;
}

/* ---- to whom ---- */

/* The first by route that can be written to; its id is copied. */
static int by_role(struct sitting *s, u64 number, char id[CONTACT_ID_MAX + 1])
{
	struct route *r = calloc(1, sizeof *r);
	void *found = NULL;
	int role = choice_parse(contact_roles, notify_conf.role);
	int rc = gate_take(s->gate, DESK_incident, &(struct incident){ .number = number },
			   &found);
	const char *about = found ? ((struct incident *)found)->subject : "";

	if (role < 0 || rc != 1 || r == NULL) {
		say_error(role < 0 ? "--role: '%s' is no role" : "incident %s is not to be "
			  "had", role < 0 ? notify_conf.role : "");
		free(r);
		free(found);
		return STATUS_USAGE;
	}
	id[0] = 0;
	rc = route_find(r, s->desk, &about, 1, 1u << role);
	for (u32 i = 0; rc == 0 && i < r->count && id[0] == 0; i++) {
		struct address *a = NULL;

		if (contact_reach(s->desk, r->step[i].contact->id, CHANNEL_MAIL, &a) == 1 ||
		    contact_reach(s->desk, r->step[i].contact->id, CHANNEL_WEBHOOK, &a) == 1)
			snprintf(id, CONTACT_ID_MAX + 1, "%s", r->step[i].contact->id);
		free(a);
	}
	if (id[0] == 0)
		say_error("no %s on record covers '%s' and can be written to",
			  notify_conf.role, about);
	route_free(r);
	free(r);
	free(found);
	return id[0] ? STATUS_FINE : STATUS_USAGE;
}

int notify_incident(struct sitting *s, u64 number)
{
	return notify_by(s, number, NULL);
}

int notify_by(struct sitting *s, u64 number, const char *rule)
{
	char id[CONTACT_ID_MAX + 1];
	struct contact *c = NULL;
	struct compose_ask ask = { .contact = notify_conf.to, .incident = number,
		.letter = notify_conf.letter, .language = notify_conf.language,
		.letters = notify_conf.letters, .basis = notify_conf.basis,
		.redacted = notify_conf.redacted, .us = notify_us(),
		.evidence = notify_conf.evidence,
		.deadline = sitting_now(NULL) + notify_conf.answer_ns };

	if ((notify_conf.to != NULL) == (notify_conf.role != NULL)) {
		say_error("who is to be told? Write --to CONTACT or --role ROLE");
		return STATUS_USAGE;
	}
	if (notify_conf.role) {
		if (by_role(s, number, id))
			return STATUS_USAGE;
		ask.contact = id;
	}
	if (ask.letter == NULL && contact_find(s->desk, ask.contact, &c) == 1)
		ask.letter = notify_conf.role ? compose_letter_for(notify_conf.role)
					      : compose_letter_for(c->roles);
	free(c);
	if (ask.letter == NULL)
		ask.letter = "first-operator";
	return notify_one(s, &ask, rule);
}

/* ---- sending ---- */

/* A small file that only its owner may read, without its last line end. */
static int secret(const char *path, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = fd < 0 ? -errno : 0;

	if (rc == 0)
		rc = octets_read(out, fd, 4096);
	if (fd >= 0)
		close(fd);
	if (rc)
		say_error("'%s' cannot be read: %s", path, oops_text(rc));
	while (rc == 0 && out->len && strchr("\r\n", out->at[out->len - 1]))
		out->at[--out->len] = 0;
	return rc;
}

struct signing { struct desk *desk; struct buf secret; };

static int sign(void *own, const void *octets, size_t n, char to[200])
{
	struct signing *k = own;

	if (k->secret.len) {
		hook_hmac(k->secret.at, k->secret.len, octets, n, to);
		return 0;
	}
	snprintf(to, 200, "ed25519=");
	return desk_sign(k->desk, octets, n, to + 8);
}

static void told(void *to, const struct notice *n, const struct sent_report *r)
{
	static const char *const words[] = {
		[SENT_TAKEN] = "sent", [SENT_LATER] = "not sent, tried again later",
		[SENT_NEVER] = "refused for good", [SENT_UNSURE] = "may have been sent",
	};

	(void)to;
	printf("notice %llu to %s: %s (", (unsigned long long)n->number, n->value,
	       words[r->outcome]);
	for (const char *p = r->answer; *p; p++)
		putchar(*p < ' ' || *p > '~' ? '?' : *p);
	puts(")");
	fflush(stdout);
}

static int summary(const struct post_report *r)
{
	if (r->waiting)
		say_error("%llu notices wait: there is no --mail-server and --mail-from, or for "
			  "webhooks no --key and no --hook-secret",
			  (unsigned long long)r->waiting);
	if (r->unsure)
		say_error("%llu may have been sent: ask the other side, then 'vedette notices "
			  "again' or 'cancel'", (unsigned long long)r->unsure);
	return r->later || r->failed || r->unsure || r->waiting ? STATUS_INPUT : STATUS_FINE;
}

int notify_send(struct sitting *s, u64 only)
{
	struct signing signing = { .desk = s->desk };
	struct buf auth = { 0 };
	struct post_report report = { 0 };
	struct post_setup setup = { .from = notify_mail.from, .only = only,
		.most = notify_conf.most,
		.smtp = { notify_mail.server, notify_mail.ca, NULL, NULL, notify_mail.plain,
			  (unsigned)(notify_mail.timeout_ns / STAMP_NS) },
		.hook = { notify_hook.ca, notify_hook.private_too,
			  (unsigned)(notify_mail.timeout_ns / STAMP_NS), NULL, &signing } };
	int rc = notify_mail.auth ? secret(notify_mail.auth, &auth) : 0;

	if (rc == 0 && notify_hook.secret)
		rc = secret(notify_hook.secret, &signing.secret);
	if (rc == 0 && auth.len && strchr(auth.at, ':')) {
		setup.smtp.user = auth.at;
		setup.smtp.password = strchr(auth.at, ':') + 1;
		*strchr(auth.at, ':') = 0;
	}
	if (signing.secret.len || desk_signer(s->desk)[0])
		setup.hook.sign = sign;
	if (rc == 0) {
		rc = post_run(s->desk, &setup, told, NULL, &report);
		rc = rc ? sitting_fault(s, rc) : summary(&report);
	} else {
		rc = STATUS_USAGE;
	}
	buf_free(&auth);
	buf_free(&signing.secret);
	return rc;
}
