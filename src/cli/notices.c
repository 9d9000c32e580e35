/* SPDX-License-Identifier: GPL-3.0-or-later */
/* notices.c - `vedette notices`: what was told, what waits to be told, and the sending. */
#include "base/num.h"
#include "cli/cli.h"
#include "cli/notices.h"
#include "cli/queue.h"
#include "cli/returned.h"
#include "cli/say.h"
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
	say_error("notices: '%s' is no number of a notice", text);
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
static const char *when(const struct notice *n, char to[40])
{
	u64 now = sitting_now(NULL), at = n->sent ? n->sent : n->at;
	char span[NUM_TEXT_MAX];
	bool ahead = n->state == NOTICE_APPROVED && n->next > now;

	if (ahead)
		snprintf(to, 40, "in %s", num_rough_text(n->next - now, span));
	else
		snprintf(to, 40, "%s ago", num_rough_text(now > at ? now - at : 0, span));
	return to;
}

/* What somebody has to look at stands out, on a terminal. */
static const char *colour(const struct notice *n)
{
	if (!term_color())
		return "";
	return n->state == NOTICE_BOUNCED || n->state == NOTICE_FAILED ? "\033[31m"
	     : n->state == NOTICE_SENDING || n->state == NOTICE_DRAFT ? "\033[33m" : "";
}

static int list_one(void *to, const void *record)
{
	const struct notice *n = record;
	struct buf *out = to;
	char at[40];

	if (notify_conf.json) {
		buf_byte(out, '{');
		fields_json(out, desk_nouns[DESK_notice].fields, n);
		buf_text(out, "}\n");
		return 0;
	}
	buf_fmt(out, "%6llu  %s%-18s%s  %-10s  %8llu  %-22s  ", (unsigned long long)n->number,
		colour(n), notice_words(n), colour(n)[0] ? "\033[0m" : "", when(n, at),
		(unsigned long long)n->incident, n->letter);
	utf8_show(out, n->contact, 40);
	buf_text(out, "  ");
	utf8_show(out, n->value, 60);
	buf_byte(out, '\n');
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
	int rc;

	if (state < 0) {
		say_error("notices: '%s' is no state; there are draft, approved, sending, sent, "
			  "failed, bounced and cancelled", argv[0]);
		return STATUS_USAGE;
	}
	if (!notify_conf.json)
		buf_fmt(&out, "%6s  %-18s  %-10s  %8s  %-22s  %s\n", "NOTICE", "STATE",
			"WHEN", "INCIDENT", "LETTER", "TO");
	rc = gate_each(s->gate, &q, list_one, &out);
	if (rc < 0) {
		buf_free(&out);
		return sitting_fault(s, rc);
	}
	return print(&out);
}

/* Of one that came back: who else can be told. */
static void show_next(struct sitting *s, const struct notice *n, struct buf *out)
{
	struct returned_next next;

	if (n->state != NOTICE_BOUNCED || returned_next(s->desk, n, &next))
		return;
	buf_fmt(out, "  next      %s%s\n", next.id[0] ? next.id : _("nobody is on "
		"record"),
		next.same ? _(", by another address") : "");
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
		buf_fmt(&out, "Notice %llu: %s\n  incident  %llu\n  to        ",
			(unsigned long long)number, notice_words(n),
			(unsigned long long)n->incident);
		utf8_show(&out, n->contact, 0);
		buf_fmt(&out, " (%s ", channels[n->channel]);
		utf8_show(&out, n->value, 0);
		buf_fmt(&out, ")\n  marked    %s %s\n  word by   %s\n  basis     %s\n"
			"  tries     %llu\n  answer    ", label_text(n->tlp), pap_text(n->pap),
			n->by[0] ? n->by : _("nobody yet"),
				n->basis[0] ? n->basis : _("not said"),
			(unsigned long long)n->tries);
		utf8_show(&out, n->answer, 0);
		buf_byte(&out, '\n');
		show_next(s, n, &out);
		buf_fmt(&out, "  key       %s\n  SHA-256   %s\n\n", n->key, n->message);
		rc = gate_kept(s->gate, n->message, (struct marking){ n->tlp, n->pap }, &out);
		buf_byte(&out, '\n');
	} else {
		say_error("notices: %s", rc ? gate_error(s->gate) : "there is no such notice");
		rc = STATUS_USAGE;
	}
	free(found);
	return rc ? (buf_free(&out), STATUS_USAGE) : print(&out);
}

/* ---- words that are given ---- */

static int give(struct sitting *s, int argc, char **argv,
		int (*word)(struct desk *d, u64 number, const char *text), const char *text)
{
	int rc = desk_begin(s->desk);
	u64 number;

	for (int i = 0; i < argc && rc == 0; i++)
		rc = num_u64(argv[i], 1, INT64_MAX, &number) ? desk_fault(s->desk, OOPS_FORMAT,
			"'%.60s' is no number of a notice", argv[i])
			: word(s->desk, number, text);
	rc = desk_end(s->desk, rc);
	return rc ? sitting_fault(s, rc) : STATUS_FINE;
}

static int approve(struct sitting *s, int argc, char **argv)
{
	return give(s, argc, argv, notice_approve, NULL);
}

static const char *reason(void)
{
	return notify_conf.reason ? notify_conf.reason : "";
}

static int cancel(struct sitting *s, int argc, char **argv)
{
	return give(s, argc, argv, notice_cancel, reason());
}

static int again(struct sitting *s, int argc, char **argv)
{
	return give(s, argc, argv, notice_again, reason());
}

static int bounced(struct sitting *s, int argc, char **argv)
{
	return give(s, argc, argv, notice_bounce, reason());
}

static int new(struct sitting *s, int argc, char **argv)
{
	u64 number;

	(void)argc;
	return number_of(argv[0], &number) ? notify_incident(s, number) : STATUS_USAGE;
}

static int send_all(struct sitting *s, int argc, char **argv)
{
	u64 only = 0;

	if (argc && !number_of(argv[0], &only))
		return STATUS_USAGE;
	return queue_send(s, only);
}

static const struct verb verbs[] = {
	{ "list", "[STATE]", 0, 1, true, list },
	{ "show", "NUMBER", 1, 1, true, show },
	{ "new", "INCIDENT --to CONTACT | --role ROLE", 1, 1, false, new },
	{ "approve", "NUMBER...", 1, CLI_ANY, false, approve },
	{ "send", "[NUMBER]", 0, 1, false, send_all },
	{ "rules", "FILE [--dry-run]", 1, 1, false, notices_rules },
	{ "cancel", "NUMBER... --reason TEXT", 1, CLI_ANY, false, cancel },
	{ "again", "NUMBER... --reason TEXT", 1, CLI_ANY, false, again },
	{ "bounced", "NUMBER... --reason TEXT", 1, CLI_ANY, false, bounced },
	{ "returned", "FILE|DIR...", 1, CLI_ANY, false, notices_returned },
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
