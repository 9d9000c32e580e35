/* SPDX-License-Identifier: GPL-3.0-or-later */
/* incident.c - `vedette incident`: the frame, the options and the list of verbs. What each
 * does is in incident_*.c. */
#include "cli/incident.h"
#include "cli/notify.h"
#include "base/buf.h"
#include "base/num.h"
#include "base/stamp.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/share.h"
#include "cli/table.h"
#include "cli/term.h"
#include "respond/case_raise.h"
#include <unistd.h>

#define AT(f) offsetof(struct incident_conf, f)
#define TEXT(option, member, word, says) { .name = option, .type = OPT_TEXT,               \
	.at = AT(member), .arg = word, .help = says, .cli_only = true }
#define FLAG(option, member, says) { .name = option, .type = OPT_FLAG, .at = AT(member),   \
	.help = says, .cli_only = true }
static const char *const state_choices[] = { "open", "new", "triaged", "confirmed", "notified",
	"mitigating", "mitigated", "closed", "false-alarm", "merged", NULL };

static const struct opt choice_rows[] = {
	{ .name = "state", .type = OPT_CHOICE, .at = AT(state), .choices = state_choices,
	  .cli_only = true,
	  .help = N_("list: only in this state; open: in any that is no end") },
	{ .name = "severity", .type = OPT_CHOICE, .at = AT(severity), .cli_only = true,
	  .choices = (const char *const []){ "info", "low", "medium", "high", "critical",
	  NULL }, .help = N_("list, group: this or more; group without it: low; open: of one "
	  "without members") },
	TEXT("owner", owner, "NAME", N_("list: only theirs; open: who works on it")),
	FLAG("mine", mine, N_("list: only yours")),
	FLAG("nobodys", nobodys, N_("list: only those that nobody works on")),
	FLAG("all", all, N_("list: the ended ones, too")),
	FLAG("overdue", overdue, N_("list: only with a deadline that is past")),
	{ .name = "limit", .type = OPT_COUNT, .at = AT(limit), .def = "50", .min = 1,
	  .max = 100000, .arg = "NUMBER", .cli_only = true,
	  .help = N_("list: at most so many") },
	FLAG("json", json, N_("print JSON Lines")),
	{ .name = NULL }
};

static const struct opt change_rows[] = {
	{ .name = "if-version", .type = OPT_COUNT, .at = AT(if_version), .arg = "NUMBER",
	  .cli_only = true,
	  .help = N_("only if the incident has this version still; without it, "
	  "the one that was last shown to you") },
	TEXT("reason", reason, "TEXT", N_("why: of a merge, split, removal, false alarm, "
	     "mute, lower label, stopped clock")),
	TEXT("title", title, "TEXT", N_("open, split: one line")),
	TEXT("subject", subject, "NAME", N_("open, mute: who or what it is about")),
	TEXT("family", family, "WORD", N_("open: tunnel, dnssec, phishing, ...: names "
		"the playbook")),
	TEXT("label", label, "LABELS", N_("open, note: \"TLP:AMBER PAP:GREEN\"")),
	FLAG("apart", apart, N_("note: only for who may have its label; the incident's stays")),
	FLAG("hide-from-me", hide, N_("note, label: though you may not see it under that label "
	     "afterwards")),
	FLAG("redacted", redacted, N_("notify, proof, export: leave out what they may "
	     "not have, instead of refusing")),
	FLAG("name-reporters", name_reporters, N_("notify, export: say who reported; else "
	     "your desk stands for them")),
	TEXT("format", format, "FORMAT", N_("export: stix, misp, xarf, ... ('share "
	     "formats')")),
	{ .name = "output", .letter = 'o', .type = OPT_TEXT, .at = AT(output), .arg = "FILE",
	  .cli_only = true, .help = N_("proof, export: where it goes") },
	TEXT("member", member, "ID", N_("label: of this member alone")),
	{ .name = NULL }
};
const struct opt incident_house_rows[] = {
	{ .name = "clocks", .type = OPT_TEXT, .at = AT(clocks), .arg = "FILE",
	  .help = N_("sets of deadlines and calendars of your own") },
	{ .name = "playbooks", .type = OPT_TEXT, .at = AT(playbooks), .arg = "DIR",
	  .help = N_("playbooks of your own, FAMILY.txt, before those of the program") },
	{ .name = NULL }
};
static const struct opt clock_rows[] = {
	TEXT("set", set, "NAME", N_("clock: a set of deadlines that runs beside the others: nis2, "
	     "registrar-ack, one of --clocks; group: of what is opened. Several with commas")),
	TEXT("stop", stop, "NAME", N_("clock: this set runs no more; with --reason")),
	TEXT("aware", aware, "TIME", N_("clock: when we knew; all its deadlines count anew from "
	     "then")),
	TEXT("meet", meet, "NAME", N_("clock: this deadline is met; SET/NAME where several sets "
	     "have it")),
	TEXT("at", at, "TIME", N_("clock --meet: when it was, if not now")),
	TEXT("unmeet", unmeet, "NAME", N_("clock: it was not, after all")),
	TEXT("actor", actor, "WHO", N_("task add: who can do it")),
	TEXT("ask", ask, "TEXT", N_("task add: what to ask for")),
	TEXT("needs", needs, "TEXT", N_("task add: what evidence they need")),
	{ .name = NULL }
};

static const struct opt group_rows[] = {
	{ .name = "gap", .type = OPT_SPAN, .at = AT(gap_ns), .def = "7d", .min = 60 * STAMP_NS,
	  .max = 3650ull * 86400 * STAMP_NS, .arg = "TIME",
	  .help = N_("group: findings about one "
	  "subject, or with one party, belong together when no more lies between them") },
	{ .name = "hub", .type = OPT_COUNT, .at = AT(hub), .def = "100", .min = 1,
	  .max = 1000000, .arg = "NUMBER",
	  .help = N_("group: a party that takes part in more "
	  "subjects ties nothing") },
	TEXT("rule", rule, "RULE", N_("mute: rules that begin so")),
	TEXT("until", until, "TIME", N_("mute, state false-alarm: a mute until then, or so "
		"long (30d); a year at most")),
	FLAG("lift", lift, N_("mute NUMBER: take it back before its time")),
	{ .name = NULL }
};
#undef TEXT
#undef FLAG
#undef AT
struct incident_conf incident_conf;
static struct stored_conf stored;
static struct look_conf as;
static struct sitting_conf by;

static unsigned groups(struct opt_group *out, unsigned max)
{
	must(max >= 8);
	out[0] = (struct opt_group){ "", N_("Store"), stored_rows, &stored };
	out[1] = (struct opt_group){ "", N_("Who acts"), sitting_rows, &by };
	out[2] = (struct opt_group){ "", N_("Which incidents"),
		choice_rows, &incident_conf };
	out[3] = (struct opt_group){ "", N_("Changes"), change_rows, &incident_conf };
	out[4] = (struct opt_group){ "", N_("Labels"), look_rows, &as };
	out[5] = (struct opt_group){ "", N_("Grouping and mutes"),
		group_rows, &incident_conf };
	out[6] = (struct opt_group){ "", N_("Clocks and tasks"),
		clock_rows, &incident_conf };
	out[7] = (struct opt_group){ "", N_("Sets of clocks, playbooks"),
		incident_house_rows,
		&incident_conf };
	return 8 + notify_groups(out + 8, max - 8);
}

/* ---- for the files of the verbs ---- */

bool incident_number(const char *text, u64 *ret)
{
	if (num_u64(text[0] == '#' ? text + 1 : text, 1, INT64_MAX, ret) == 0)
		return true;
	say_error("'%s' is no number of an incident", text);
	return false;
}

bool incident_ref(struct sitting *s, const char *text, struct case_ref *ret)
{
	if (!incident_number(text, &ret->number))
		return false;
	ret->expected = incident_conf.if_version;
	if (ret->expected == 0 && case_last_seen(s->desk, ret->number, &ret->expected))
		ret->expected = 0;
	return true;
}

/* What ends is also told by how long it lasts from now. */
static int end_parse(const char *text, u64 *ret)
{
	u64 span;
	int rc = num_span(text, STAMP_NS, 100ull * 366 * 86400 * STAMP_NS, &span);

	*ret = rc ? 0 : sitting_now(NULL) + span;
	return rc;
}

bool incident_time(const char *option, const char *text, u64 none, u64 *ret)
{
	const bool ends = strcmp(option, "until") == 0;

	*ret = none;
	if (text == NULL || stamp_parse(text, ret) == 0 || (ends && end_parse(text, ret) == 0))
		return true;
	if (ends) {
		say_error("--%s: '%s' is not a time; write 30d, 2026-01-31 or "
			  "2026-01-31T10:00:00Z", option, text);
		return false;
	}
	say_error("--%s: '%s' is not a time; write 2026-01-31T10:00:00Z, "
		  "2026-01-31 or unix seconds", option, text);
	return false;
}

/* Looking opens the store for reading; what was seen is noted when it can be written. */
void incident_saw(struct sitting *s, u64 number, u64 version)
{
	const struct desk_setup setup = { .path = stored.db, .author = desk_author(s->desk),
		.now = sitting_now };
	struct desk *other = NULL, *d = s->desk;
	char why[DESK_WHY];

	if (desk_reads(d) && (access(stored.db, W_OK) || desk_open(&other, &setup, why)))
		return;
	d = other ? other : d;
	if (desk_begin(d) == 0)
		desk_end(d, case_saw(d, number, version));
	desk_close(other);
}

u64 incident_behind(struct sitting *s, u64 number)
{
	struct incident *i = NULL;
	u64 seen = 0;

	if (case_last_seen(s->desk, number, &seen) || case_find(s->desk, number, &i) ||
	    i->version == seen)
		seen = 0;
	free(i);
	return seen;
}

/* ---- what is so after a change ---- */

struct next { struct buf *out; u64 now; bool found; };

static int put_next(void *to, const void *record)
{
	const struct deadline *t = record;
	struct next *n = to;
	char span[TABLE_TIME_MAX];
	const bool late = t->due <= n->now;

	buf_fmt(n->out, late ? C_("after a change", "; %s (%s) is overdue by %s")
		: C_("after a change", "; next is %s (%s), due in %s"), C_("clock", t->name),
		t->set, table_rough(late ? n->now - t->due : t->due - n->now, span));
	n->found = true;
	return 0;
}

static int count_open(void *to, const void *record)
{
	*(u64 *)to += ((const struct task *)record)->state == TASK_OPEN;
	return 0;
}

static int count_missed(void *to, const void *record)
{
	(void)record;
	++*(u64 *)to;
	return 0;
}

/* What is next due, or was never met; and the tasks that are left. */
static void put_left(struct buf *out, struct sitting *s, const struct incident *i)
{
	const struct store_cond conds[] = {
		{ .field = "incident", .op = STORE_IS, .number = i->number },
		{ .field = "met", .op = STORE_IS, .number = 0 },
	};
	struct store_query q = { .table = DESK_deadline, .conds = conds, .count = 2,
		.order = "due" };
	const bool ended = case_ended((enum incident_state)i->state);
	struct next next = { out, desk_now(s->desk), false };
	u64 missed = 0, open = 0;

	q.limit = ended ? 0 : 1;
	if (ended)
		gate_each(s->gate, &q, count_missed, &missed);
	else
		gate_each(s->gate, &q, put_next, &next);
	if (missed)
		buf_fmt(out, n_("; %llu deadline was not met", "; %llu deadlines were not met",
				missed), (unsigned long long)missed);
	q = (struct store_query){ .table = DESK_task, .conds = conds, .count = 1 };
	gate_each(s->gate, &q, count_open, &open);
	if (open)
		buf_fmt(out, n_("; %llu task is open", "; %llu tasks are open", open),
			(unsigned long long)open);
	if (!ended && !next.found)
		buf_text(out, C_("after a change", "; no deadline runs"));
}

/* "Incident 12: triaged, owner ana, version 40; next is early warning (nis2), due in 23 h." */
static void say_now(struct sitting *s, const struct incident *i)
{
	struct buf line = { 0 };

	buf_fmt(&line, _("Incident %llu: %s, owner %s, version %llu"),
		(unsigned long long)i->number, C_("state", incident_states[i->state]),
		i->owner[0] ? i->owner : _("nobody"), (unsigned long long)i->version);
	put_left(&line, s, i);
	buf_text(&line, ".\n");
	incident_print(&line);
}

int incident_done(struct sitting *s, int rc, const u64 *numbers, size_t count)
{
	if ((rc = desk_end(s->desk, rc)))
		return sitting_fault(s, rc);
	for (size_t i = 0; i < count; i++) {
		struct incident *is = NULL;

		if (case_find(s->desk, numbers[i], &is) == 0) {
			incident_saw(s, is->number, is->version);
			say_now(s, is);
		}
		free(is);
	}
	return STATUS_FINE;
}

struct marking incident_marking(struct sitting *s, u64 number)
{
	struct incident *i = NULL;
	struct marking m = MARKING_STRICTEST;

	if (case_find(s->desk, number, &i) == 0)
		m = (struct marking){ i->tlp, i->pap };
	free(i);
	return m;
}

static void put_left_out(struct buf *out, const struct case_raised *r)
{
	if (r->no_mail)
		buf_fmt(out, "%s\n", _("  the whole of it can go by mail no more"));
	if (r->contact_count)
		buf_fmt(out, _("  it can no longer be told to: %s%s\n"), r->contacts,
			r->contact_count > RAISED_NAMED ? ", ..." : "");
	if (r->people_count)
		buf_fmt(out, _("  these users may see it no more: %s%s\n"), r->people,
			r->people_count > RAISED_NAMED ? ", ..." : "");
}

static void put_raised(struct buf *out, struct sitting *s, u64 number,
		       const struct marking *was, const struct marking *would)
{
	const struct marking now = would ? *would : incident_marking(s, number);
	char from[MARKING_TEXT_MAX], to[MARKING_TEXT_MAX];
	struct case_raised *r = calloc(1, sizeof *r);

	if (r && case_raised(s->desk, number, *was, now, r) == 0 && r->rose) {
		buf_fmt(out, would ? _("incident %llu would be raised from %s to %s\n")
			: _("incident %llu is raised from %s to %s\n"),
			(unsigned long long)number, marking_text(r->from, from),
			marking_text(r->to, to));
		put_left_out(out, r);
	}
	free(r);
}

void incident_put_raised(struct buf *out, struct sitting *s, u64 number,
			 const struct marking *was)
{
	put_raised(out, s, number, was, NULL);
}

void incident_say_raised(struct sitting *s, u64 number, struct marking was,
			 const struct marking *would)
{
	struct buf out = { 0 };

	put_raised(&out, s, number, &was, would);
	incident_print(&out);
}

int incident_print(struct buf *out)
{
	int status = say_print(out);

	buf_free(out);
	return status;
}

const char *incident_colour(const char *name)
{
	if (!term_color())
		return "";
	return *name == 'r' ? "\033[31m" : *name == 'y' ? "\033[33m" : *name == 'g'
	       ? "\033[32m" : *name == 'b' ? "\033[1m" : "\033[0m";
}

/* ---- the verbs ---- */

static const struct verb verbs[] = {
	{ "list", "[TEXT]", 0, 1, READS, incident_list },
	{ "show", "NUMBER", 1, 1, READS, incident_show },
	{ "open", "[FINDING...] --title TEXT", 0, CLI_ANY, MAKES, incident_open },
	{ "add", "NUMBER FINDING...", 2, CLI_ANY, CHANGES, incident_add },
	{ "remove", "NUMBER FINDING --reason TEXT", 2, 2, CHANGES, incident_remove },
	{ "merge", "NUMBER INTO --reason TEXT", 2, 2, CHANGES, incident_merge },
	{ "split", "NUMBER [FINDING...] --reason TEXT", 1, CLI_ANY, CHANGES, incident_split },
	{ "assign", "NUMBER [NAME]", 1, 2, CHANGES, incident_assign },
	{ "title", "NUMBER TEXT", 2, 2, CHANGES, incident_title },
	{ "note", "NUMBER TEXT [--label LABELS] [--apart] [--dry-run]", 2, 2, CHANGES,
	  incident_note },
	{ "apart", "NUMBER NOTE --reason TEXT", 2, 2, CHANGES, incident_apart },
	{ "state", "NUMBER STATE [--reason TEXT]", 2, 2, CHANGES, incident_state },
	{ "notify", "NUMBER --to CONTACT | --role ROLE", 1, 1, CHANGES, incident_notify },
	{ "proof", "NUMBER -o FILE [--to CONTACT]", 1, 1, CHANGES, incident_proof },
	{ "export", "NUMBER[,...] --format FORMAT --to CONTACT [-o FILE]",
		1, 1, CHANGES,
	  incident_export },
	{ "label", "NUMBER LABELS [--reason TEXT] [--member ID]", 2, 3, CHANGES,
	  incident_label },
	{ "clock", "NUMBER --set NAME | --stop NAME --reason TEXT | --aware TIME | --meet "
	  "NAME [--at TIME]", 1, 1, CHANGES,
	  incident_clock },
	{ "task", "NUMBER add TITLE | done PLACE | drop PLACE --reason TEXT", 3, 3, CHANGES,
	  incident_task },
	{ "group", "", 0, 0, CHANGES, incident_group },
	{ "mute", "[NUMBER --lift]", 0, 1, CHANGES, incident_mute },
	{ .name = NULL }
};

static int run(int argc, char **argv, struct opts *o)
{
	incident_conf.graded = opts_source(o, "", "severity") != OPT_DEFAULT;
	share_clearance = opts_source(o, "", "clearance") == OPT_DEFAULT ? NULL : as.clearance;
	return verb_run(verbs, argc, argv, &(struct sitting_setup){ .stored = &stored,
		.as = &as, .by = &by, .command = "incident" });
}

const struct command command_incident = {
	.name = "incident",
	.args = "list | show | open | add | remove | merge | split | assign | title | note | "
		"apart | state | label | clock | task | group | mute | notify | proof | export "
		"NUMBER...",
	.least = 1,
	.most = CLI_ANY,
	.summary = N_("work on incidents: who does what, by when"),
	.story =
		N_("Findings and reports that belong together are an incident: somebody "
		"works on it, clocks run, tasks are done, and everything that was said "
		"and done is in a log that shows when it was changed.\n\n"
		"  vedette incident list --db vedette.db\n"
		"  vedette incident show 12 --db vedette.db\n"
		"  vedette incident assign 12 ana --db vedette.db\n"
		"  vedette incident state 12 false-alarm --reason \"our own scanner\"\n\n"
		"'list' puts first what is due and what matters; a word behind it is "
		"searched in title, subject, family and owner. 'merge' lets one incident "
		"go on in another, 'split' undoes that, or lets some members go on "
		"alone. 'group' makes incidents of the findings that are in none, by "
		"subject and by who takes part, and says why; 'mute' keeps what is known "
		"to be harmless out of that, for a time. States: new, triaged, "
		"confirmed, notified, mitigating, mitigated, closed, false-alarm.\n\n"
		"Who changes what somebody else has changed since they looked is told "
		"so, and nothing happens: look again.\n\n"
		"With 'db' in a file of --config no command needs --db."),
	.start = "vedette incident list --db vedette.db",
	.groups = groups,
	.run = run,
};
