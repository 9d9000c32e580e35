/* SPDX-License-Identifier: GPL-3.0-or-later */
/* notices.c - `vedette notices`: what was told, what waits to be told, and the sending. */
#include "base/buf.h"
#include "base/num.h"
#include "cli/cli.h"
#include "cli/incident.h"
#include "cli/notices.h"
#include "cli/queue.h"
#include "cli/returned.h"
#include "cli/say.h"
#include "cli/table.h"
#include "cli/term.h"
#include "model/utf8.h"
#include "respond/notice.h"

static struct stored_conf stored;
static struct look_conf as;
static struct sitting_conf by;

static unsigned groups(struct opt_group *out, unsigned max)
{
	unsigned n = 3;

	must(max >= 7);
	out[0] = (struct opt_group){ "", N_("Store"), stored_rows, &stored };
	out[1] = (struct opt_group){ "", N_("Labels"), look_rows, &as };
	out[2] = (struct opt_group){ "", N_("Who acts"), sitting_rows, &by };
	n += notify_groups(out + n, max - n);
	return n + notify_queue_groups(out + n, max - n);
}

static bool number_of(const char *text, u64 *ret)
{
	if (num_u64(text, 1, INT64_MAX, ret) == 0)
		return true;
	say_error("'%s' is no number of a notice", text);
	return false;
}

static int print(struct buf *out)
{
	int status = say_print(out);

	buf_free(out);
	return status;
}

/* ---- looking ---- */

/* "3 h ago"; of one that waits for its next try "in 5 min". */
static const char *when(const struct notice *n, char to[TABLE_TIME_MAX])
{
	u64 now = sitting_now(NULL), at = n->sent ? n->sent : n->at;
	bool ahead = n->state == NOTICE_APPROVED && n->next > now;

	return table_ago(now, ahead ? n->next : min_u64(at, now), to);
}

/* Its state, and what it waits for, in the reader's language. */
static const char *state_said(const struct notice *n)
{
	const char *words = notice_words(n);

	return words == notice_states[n->state] ? C_("notice", words) : _(words);
}

/* What somebody has to look at stands out, on a terminal. */
static const char *colour(const struct notice *n)
{
	if (!term_color())
		return "";
	return n->state == NOTICE_BOUNCED || n->state == NOTICE_FAILED ? "\033[31m"
	     : n->state == NOTICE_SENDING || n->state == NOTICE_DRAFT ? "\033[33m" : "";
}

static const struct column columns[] = {
	{ .title = NC_("column", "NOTICE"), .width = 6 },
	{ .title = NC_("column", "STATE"), .width = 18 },
	{ .title = NC_("column", "WHEN"), .width = 10, .ago = true },
	{ .title = NC_("column", "INCIDENT"), .width = 8 },
	{ .title = NC_("column", "LETTER"), .width = 15, .context = "letter",
	  .words = notify_letters },
	{ .title = NC_("column", "TO") },
	{ .title = NULL }
};

struct listing { struct buf *out; u64 count; };

static int list_one(void *to, const void *record)
{
	const struct notice *n = record;
	struct listing *l = to;
	struct buf *out = l->out;
	struct table t = { out, columns, 0 };
	char at[TABLE_TIME_MAX], to_whom[400];

	if (notify_conf.json) {
		buf_byte(out, '{');
		fields_json(out, desk_nouns[DESK_notice].fields, n);
		buf_text(out, "}\n");
		return 0;
	}
	if (l->count++ == 0)
		table_head(&t);
	table_number(&t, n->number);
	table_paint(&t, colour(n), state_said(n));
	table_put(&t, when(n, at));
	table_number(&t, n->incident);
	table_put(&t, n->letter);
	snprintf(to_whom, sizeof to_whom, "%.100s  %.200s", n->contact, n->value);
	table_put(&t, to_whom);
	table_end(&t);
	return buf_error(out);
}

static int list(struct sitting *s, int argc, char **argv)
{
	const int state = argc ? choice_parse(notice_states, argv[0]) : 0;
	const struct store_cond cond = { .field = "state", .op = STORE_IS,
		.number = (u64)state };
	const struct store_query q = { .table = DESK_notice, .conds = &cond,
		.count = argc ? 1 : 0, .order = "-number", .limit = 1000 };
	struct buf out = { 0 };
	struct listing l = { &out, 0 };
	int rc;

	if (state < 0) {
		say_error("'%s' is no state; there are draft, approved, sending, sent, "
			  "failed, bounced and cancelled", argv[0]);
		return STATUS_USAGE;
	}
	rc = gate_each(s->gate, &q, list_one, &l);
	if (rc < 0) {
		buf_free(&out);
		return sitting_fault(s, rc);
	}
	if (l.count == 0 && !notify_conf.json && gate_withheld(s->gate) == 0)
		say_hint(&out, "%s", argc ? _("No notice is in that state.\n")
			 : _("There are no notices yet: letters to those who can act. 'vedette "
			     "notices new' writes one about an incident.\n"));
	return print(&out);
}

static void fact(struct buf *out, const char *what, const char *text)
{
	table_fact(out, (struct fact_style){ 2, 11 }, C_("notice fact", what), text);
}

static void fact_number(struct buf *out, const char *what, u64 n)
{
	char text[24];

	snprintf(text, sizeof text, "%llu", (unsigned long long)n);
	fact(out, what, text);
}

/* Of one that came back: who else can be told. */
static void show_next(struct sitting *s, const struct notice *n, struct buf *out)
{
	struct returned_next next;
	char text[300];

	if (n->state != NOTICE_BOUNCED || returned_next(s->desk, n, &next))
		return;
	snprintf(text, sizeof text, "%s%s", next.id[0] ? next.id : _("nobody is on record"),
		 next.same ? _(", by another address") : "");
	fact(out, NC_("notice fact", "next"), text);
}

/* "primer aviso al registrador (first-registrar)" */
static const char *letter_line(const char *name, char to[900])
{
	const char *said = notify_letter_said(name);

	if (said == name || strcmp(said, name) == 0)
		return name;
	snprintf(to, 900, "%s (%s)", said, name);
	return to;
}

static void show_facts(struct buf *out, const struct notice *n)
{
	char text[900];

	fact_number(out, NC_("notice fact", "incident"), n->incident);
	fact(out, NC_("notice fact", "letter"), letter_line(n->letter, text));
	snprintf(text, sizeof text, "%.200s (%s %.600s)", n->contact,
		 C_("channel", channels[n->channel]), n->value);
	fact(out, NC_("notice fact", "to"), text);
	snprintf(text, sizeof text, "%s %s", label_text(n->tlp), pap_text(n->pap));
	fact(out, NC_("notice fact", "marked"), text);
	fact(out, NC_("notice fact", "word by"), n->by[0] ? n->by : _("nobody yet"));
	fact(out, NC_("notice fact", "basis"), n->basis[0] ? n->basis : _("not said"));
	fact_number(out, NC_("notice fact", "tries"), n->tries);
	fact(out, NC_("notice fact", "answer"), n->answer);
}

static int show(struct sitting *s, int argc, char **argv)
{
	struct buf out = { 0 };
	void *found = NULL;
	struct notice *n;
	u64 number;
	int rc;

	(void)argc;
	if (!number_of(argv[0], &number))
		return STATUS_USAGE;
	rc = gate_take(s->gate, DESK_notice, &(struct notice){ .number = number }, &found);
	n = found;
	if (rc == 1) {
		buf_fmt(&out, _("Notice %llu: %s\n"), (unsigned long long)number, state_said(n));
		show_facts(&out, n);
		show_next(s, n, &out);
		fact(&out, NC_("notice fact", "key"), n->key);
		fact(&out, "SHA-256", n->message);
		buf_byte(&out, '\n');
		rc = gate_kept(s->gate, n->message, (struct marking){ n->tlp, n->pap }, &out);
		buf_byte(&out, '\n');
	} else {
		if (rc)
			say_error("%s", gate_error(s->gate));
		else
			say_error("there is no notice %llu", (unsigned long long)number);
		rc = STATUS_USAGE;
	}
	free(found);
	return rc ? (buf_free(&out), STATUS_USAGE) : print(&out);
}

/* ---- words that are given ---- */

/* A word that is given on notices: what it does, and what is said when it was done. */
struct word {
	int (*give)(struct desk *d, u64 number, const char *text);
	const char *done;
};

static int each_number(struct sitting *s, int argc, char **argv, const struct word *w)
{
	const char *text = notify_conf.reason ? notify_conf.reason : "";
	int rc = desk_begin(s->desk);
	u64 number;

	for (int i = 0; i < argc && rc == 0; i++)
		rc = num_u64(argv[i], 1, INT64_MAX, &number) ? desk_fault(s->desk, OOPS_FORMAT,
			"'%.60s' is no number of a notice", argv[i])
			: w->give(s->desk, number, text);
	return desk_end(s->desk, rc);
}

static int give(struct sitting *s, int argc, char **argv, const struct word *w)
{
	int rc = each_number(s, argc, argv, w);

	if (rc)
		return sitting_fault(s, rc);
	for (int i = 0; i < argc && !notify_conf.json; i++)
		say_line(_(w->done), argv[i]);
	return STATUS_FINE;
}

static int approve_one(struct desk *d, u64 number, const char *text)
{
	(void)text;
	return notice_approve(d, number, NULL);
}

static int approve(struct sitting *s, int argc, char **argv)
{
	return give(s, argc, argv, &(struct word){ approve_one,
		N_("Notice %s is approved; 'vedette notices send' sends it.\n") });
}

static int cancel(struct sitting *s, int argc, char **argv)
{
	return give(s, argc, argv, &(struct word){ notice_cancel,
		N_("Notice %s is cancelled.\n") });
}

static int again(struct sitting *s, int argc, char **argv)
{
	return give(s, argc, argv, &(struct word){ notice_again,
		N_("Notice %s is approved again; 'vedette notices send' sends it.\n") });
}

static int bounced(struct sitting *s, int argc, char **argv)
{
	return give(s, argc, argv, &(struct word){ notice_bounce,
		N_("Notice %s is noted as come back.\n") });
}

static int new(struct sitting *s, int argc, char **argv)
{
	u64 number;

	(void)argc;
	return incident_number(argv[0], &number) ? notify_incident(s, number) : STATUS_USAGE;
}

static int send_all(struct sitting *s, int argc, char **argv)
{
	u64 only = 0;

	if (argc && !number_of(argv[0], &only))
		return STATUS_USAGE;
	return queue_send(s, only);
}

static const struct verb verbs[] = {
	{ "list", "[STATE]", 0, 1, READS, list },
	{ "show", "NUMBER", 1, 1, READS, show },
	{ "new", "INCIDENT --to CONTACT | --role ROLE", 1, 1, CHANGES, new },
	{ "approve", "NUMBER...", 1, CLI_ANY, CHANGES, approve },
	{ "send", "[NUMBER]", 0, 1, CHANGES, send_all },
	{ "rules", "FILE [--dry-run]", 1, 1, CHANGES, notices_rules },
	{ "cancel", "NUMBER... --reason TEXT", 1, CLI_ANY, CHANGES, cancel },
	{ "again", "NUMBER... --reason TEXT", 1, CLI_ANY, CHANGES, again },
	{ "bounced", "NUMBER... --reason TEXT", 1, CLI_ANY, CHANGES, bounced },
	{ "returned", "FILE|DIR...", 1, CLI_ANY, CHANGES, notices_returned },
	{ .name = NULL }
};

static int run(int argc, char **argv, struct opts *o)
{
	(void)o;
	return verb_run(verbs, argc, argv, &(struct sitting_setup){ .stored = &stored,
		.as = &as, .by = &by, .command = "notices" });
}

const struct command command_notices = {
	.name = "notices",
	.args = "list | show | new | approve | send | rules | cancel | again | bounced | "
		"returned NUMBER|FILE...",
	.least = 1,
	.most = CLI_ANY,
	.summary = N_("tell those who can act, and keep what they were told"),
	.story =
		N_("A notice is a letter to one contact about one incident. 'new' writes "
		"a draft from a letter (English, Spanish, French) and what the contact "
		"is cleared for; with --dry-run it only shows what would go where. "
		"'approve' gives the word; nothing leaves without it. 'send' hands over "
		"what is approved and due, by mail or signed webhook, and is run again "
		"by a timer: what a server cannot take now is tried again after a "
		"minute, five, thirty, two hours, eight, a day.\n\n"
		"A notice that 'may have been sent' was handed over when the program or "
		"the line broke: it stays so until 'again' or 'cancel' says what to do. "
		"'bounced' notes that a letter came back; 'returned' finds that out from "
		"the mail that came in (a message, an mbox, a Maildir), marks the "
		"address and says who is next. 'rules' writes and approves what the "
		"rules in a file say: 'phishing: registrar first-registrar "
		"state=confirmed severity=high family=phishing'; each letter once for "
		"each incident.\n\n"
		"The exit status is 3 when something was not sent.\n\n"
		"  vedette notices new 12 --role registrar --dry-run\n"
		"  vedette notices new 12 --role registrar --approve\n"
		"  vedette notices send --mail-server smtp://mail.example --mail-from "
		"a@b.example"),
	.start = "vedette notices list --db vedette.db",
	.groups = groups,
	.run = run,
};
