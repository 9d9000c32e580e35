/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox.c - `vedette inbox`: reports from outside. Options, which reports are meant, and
 * decisions; what is shown is inbox_show.c, bulk inbox_sift.c. */
#include "cli/inbox.h"
#include "base/buf.h"
#include "base/num.h"
#include "base/near.h"
#include "base/stamp.h"
#include "cli/cli.h"
#include "cli/incident.h"
#include "cli/say.h"
#include "respond/house.h"
#include "run/marked.h"
#include "share/exchange.h"

#define AT(f) offsetof(struct inbox_conf, f)
#define TEXT(option, member, word, says) { .name = option, .type = OPT_TEXT,                 \
	.at = AT(member), .arg = word, .help = says, .cli_only = true }
#define FLAG(option, member, says) { .name = option, .type = OPT_FLAG, .at = AT(member),     \
	.help = says, .cli_only = true }
static const struct opt which_rows[] = {
	{ .name = "state", .type = OPT_TEXT, .at = AT(state), .arg = "STATES", .cli_only = true,
	  .list = true, .help = N_("new, duplicate, noise, accepted, answered; with commas") },
	TEXT("subject", subject, "TEXT", N_("whose subject holds this (form: what is "
		"reported)")),
	TEXT("sender", sender, "TEXT", N_("whose sender holds this (form: who reports)")),
	TEXT("text", text, "TEXT", N_("whose subject, title, text or sender holds this")),
	TEXT("fact", fact, "WORD", N_("that have this reason: absent, listed, popular, "
		"...")),
	TEXT("since", since, "TIME", N_("that came after it")),
	{ .name = "weight-least", .type = OPT_COUNT, .at = AT(least), .def = "0", .max = 100,
	  .cli_only = true, .arg = "NUMBER", .help = N_("that weigh so much at least") },
	{ .name = "weight-most", .type = OPT_COUNT, .at = AT(most), .def = "100", .max = 100,
	  .cli_only = true, .arg = "NUMBER", .help = N_("that weigh so much at most") },
	{ .name = "limit", .type = OPT_COUNT, .at = AT(limit), .def = "100", .min = 1,
	  .max = 1000000, .cli_only = true, .arg = "NUMBER",
	  .help = N_("show at most so many") },
	FLAG("all", all, N_("decide on all reports that the options above choose")),
	{ .name = NULL }
};
static const struct opt what_rows[] = {
	TEXT("reason", reason, "TEXT", N_("why it is decided so")),
	{ .name = "incident", .type = OPT_COUNT, .at = AT(incident), .arg = "NUMBER",
	  .cli_only = true,
	  .help = N_("accept: into this incident; else into the one that is open about the same "
	  	"host, or a new one") },
	TEXT("title", title, "TEXT", N_("accept: of the new incident; form: one line")),
	{ .name = "noise", .type = OPT_COUNT, .at = AT(noise), .def = "20", .max = 100,
	  .arg = "NUMBER", .help = N_("triage: at most this weight looks like noise") },
	{ .name = "genuine", .type = OPT_COUNT, .at = AT(genuine), .def = "65", .max = 101,
	  .arg = "NUMBER", .help = N_("triage: at least this weight looks genuine") },
	FLAG("again", again, N_("triage: look all facts up again first")),
	FLAG("apply", apply, N_("do it; without it bulk decisions are shown only")),
	TEXT("format", format, "FORMAT", N_("add: the format, where it cannot be "
		"guessed")),
	TEXT("abuse", abuse, "WORD", N_("form: phishing, malware, botnet, pharming or "
		"spam")),
	TEXT("seen", seen, "TIME", N_("form: when it was seen")),
	TEXT("url", url, "URL", N_("form: where more is said")),
	TEXT("words", words, "TEXT", N_("form: what they say")),
	FLAG("json", json, N_("print JSON Lines")),
	{ .name = "output", .letter = 'o', .type = OPT_TEXT, .some = true, .at = AT(output),
	  .arg = "FILE", .cli_only = true,
	  .help = N_("original: where the document goes") },
	{ .name = NULL }
};
static const struct opt facts_rows[] = {
	{ .name = "popular", .type = OPT_TEXT, .at = AT(popular), .arg = "FILE",
	  .help = N_("a list of popular names: \"rank,name\" or a name a line") },
	{ .name = "suffixes", .type = OPT_TEXT, .at = AT(suffixes), .arg = "FILE",
	  .help = N_("the public suffix list; default is the system's") },
	{ .name = "zones", .type = OPT_TEXT, .list = true, .at = AT(zones), .arg = "FILES",
	  .help = N_("snapshots of zones that names are looked up in, as 'verify zone "
	  "--snapshot' writes them; with commas") },
	{ .name = "window", .type = OPT_SPAN, .at = AT(window_ns), .def = "7d",
	  .arg = "SPAN",
	  .help = N_("the same subject and abuse within it is a duplicate") },
	{ .name = "old", .type = OPT_SPAN, .at = AT(old_ns), .def = "30d", .arg = "SPAN",
	  .help = N_("what was seen longer ago is old") },
	{ .name = "keep", .type = OPT_SIZE, .at = AT(keep), .def = "16M", .max = 256u << 20,
	  .arg = "SIZE",
	  .help = N_("keep documents up to this size as they came; 0 keeps "
	  "none") },
	{ .name = "faults", .type = OPT_FLAG, .at = AT(faults),
	  .help = N_("take faults that others found in zones as reports, too") },
	{ .name = NULL }
};
static const struct opt marked_rows[] = { MARKED_ROW(AT(marking)), { .name = NULL } };
#undef TEXT
#undef FLAG
#undef AT
struct inbox_conf inbox_conf;
static struct stored_conf stored;
static struct look_conf as;
static struct sitting_conf by;

unsigned inbox_house_groups(struct opt_group *out, unsigned max)
{
	must(max >= 2);
	out[0] = (struct opt_group){ "inbox", N_("Facts"), facts_rows, &inbox_conf };
	out[1] = (struct opt_group){ "", N_("What comes in"), marked_rows, &inbox_conf };
	return 2;
}

unsigned inbox_groups(struct opt_group *out, unsigned max)
{
	unsigned n = inbox_house_groups(out, max);

	for (const struct exchange *const *e = exchanges; *e; e++) {
		if ((*e)->rows == NULL)
			continue;
		must(n < max);
		out[n++] = (struct opt_group){ .name = (*e)->id, .title = (*e)->title,
			.rows = (*e)->rows, .size = (*e)->conf_size };
	}
	return n;
}

static unsigned groups(struct opt_group *out, unsigned max)
{
	must(max >= 6);
	out[0] = (struct opt_group){ "", N_("Store"), stored_rows, &stored };
	out[1] = (struct opt_group){ "", N_("Which reports"), which_rows, &inbox_conf };
	out[2] = (struct opt_group){ "", N_("What to do"), what_rows, &inbox_conf };
	out[3] = (struct opt_group){ "", N_("Labels"), look_rows, &as };
	out[4] = (struct opt_group){ "", N_("Who acts"), sitting_rows, &by };
	return 5 + inbox_groups(out + 5, max - 5);
}

static const struct opts *given;	/* of the command at hand */

static int add(struct sitting *s, int argc, char **argv)
{
	return inbox_take_in(s, &(struct inbox_source){ .opts = given,
		.paths = (const char *const *)argv, .count = (unsigned)argc });
}

int inbox_setup(struct inbox_setup *ret)
{
	char why[OPT_WHY];

	*ret = (struct inbox_setup){ .popular = inbox_conf.popular,
		.suffixes = inbox_conf.suffixes, .zones = inbox_conf.zones,
		.window_ns = inbox_conf.window_ns, .old_ns = inbox_conf.old_ns };
	if (marked_read(inbox_conf.marking, &ret->floor, why) == 0)
		return STATUS_FINE;
	say_error("%s", why);
	return STATUS_USAGE;
}

int inbox_ready(struct sitting *s, struct inbox **ret)
{
	struct inbox_setup setup;
	char why[DESK_WHY];
	int rc = inbox_setup(&setup);

	if (rc)
		return rc;
	if ((rc = inbox_open(ret, s->desk, &setup, why)) == 0)
		return STATUS_FINE;
	say_error("%s", why);
	return rc == -ENOMEM ? STATUS_TROUBLE : STATUS_INPUT;
}

/* ---- which ---- */

/* Says that an option knows no such word; `best`: what was perhaps meant, or NULL. */
static void say_no_word(const char *option, const char *word, const char *best)
{
	if (best)
		say_error("%s: there is no '%s'; did you mean '%s'?", option, word, best);
	else
		say_error("%s: there is no '%s'", option, word);
}

/* "new,noise" as bits; 0 and it was said what is wrong. */
static u64 states(const char *text)
{
	u64 bits = 0;

	while (*text) {
		struct near near;
		char word[24];
		size_t n = strcspn(text, ", ");
		int state;

		snprintf(word, sizeof word, "%.*s", (int)n, text);
		if (n && (state = choice_parse(report_states, word)) < 0) {
			near = near_to(word);
			for (const char *const *p = report_states; *p; p++)
				near_try(&near, *p);
			say_no_word("--state", word, near_best(&near));
			return 0;
		}
		if (n)
			bits |= (u64)1 << state;
		text += n + (text[n] != 0);
	}
	return bits;
}

static void cond(struct inbox_query *room, const char *field, enum store_op op,
		 const char *text, u64 number)
{
	room->conds[room->q.count++] = (struct store_cond){ .field = field, .op = op,
		.text = text, .number = number };
}

static bool fact_good(const char *word)
{
	struct near near = near_to(word);

	for (size_t i = 0; i < INBOX_FACT_COUNT; i++) {
		if (strcmp(inbox_facts[i].word, word) == 0)
			return true;
		near_try(&near, inbox_facts[i].word);
	}
	say_no_word("--fact", word, near_best(&near));
	return false;
}

bool inbox_query(struct inbox_query *room, const char *command)
{
	static char fact[40];
	u64 bits = inbox_conf.state ? states(inbox_conf.state) : 0, since;

	*room = (struct inbox_query){ .q = { .table = DESK_report, .conds = room->conds } };
	if ((inbox_conf.state && bits == 0) || (inbox_conf.fact && !fact_good(inbox_conf.fact)))
		return false;
	if (inbox_conf.since && stamp_parse(inbox_conf.since, &since)) {
		say_error("inbox %s: --since: '%s' is not a time; write 2026-01-31T10:00:00Z or a "
			  "date", command, inbox_conf.since);
		return false;
	}
	if (bits)
		cond(room, "state", STORE_AMONG, NULL, bits);
	if (inbox_conf.subject)
		cond(room, "subject", STORE_HOLDS, inbox_conf.subject, 0);
	if (inbox_conf.sender)
		cond(room, "sender", STORE_HOLDS, inbox_conf.sender, 0);
	if (inbox_conf.since)
		cond(room, "received", STORE_LEAST, NULL, since);
	if (inbox_conf.least)
		cond(room, "weight", STORE_LEAST, NULL, inbox_conf.least);
	if (inbox_conf.most < 100)
		cond(room, "weight", STORE_MOST, NULL, inbox_conf.most);
	if (inbox_conf.fact) {
		snprintf(fact, sizeof fact, " %s: ", inbox_conf.fact);
		cond(room, "reasons", STORE_HOLDS, fact, 0);
	}
	if (inbox_conf.text) {
		room->q.any = "subject title text sender";
		room->q.text = inbox_conf.text;
	}
	return true;
}

static int by_number(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Words 12 3-5 in any order, each number once. */
static int numbers(int argc, char **argv, struct inbox_set *ret)
{
	struct inbox_set all = { 0 };
	size_t n = 0;

	for (int i = 0; i < argc; i++) {
		struct inbox_set one;
		u64 *more;

		if (inbox_set_parse(argv[i], &one)) {
			say_error("'%s' is no number of a report; write 12 or 3-9,12",
				  argv[i]);
			free(all.at);
			return STATUS_USAGE;
		}
		more = reallocarray(all.at, all.count + one.count, sizeof *more);
		must(more);
		memcpy(more + all.count, one.at, one.count * sizeof *more);
		all = (struct inbox_set){ more, all.count + one.count };
		free(one.at);
	}
	qsort(all.at, all.count, sizeof *all.at, by_number);
	for (size_t i = 0; i < all.count; i++)
		if (i == 0 || all.at[i] != all.at[i - 1])
			all.at[n++] = all.at[i];
	all.count = n;
	*ret = all;
	return STATUS_FINE;
}

int inbox_chosen(struct sitting *s, int argc, char **argv, struct inbox_set *ret)
{
	struct inbox_query query;
	int rc;

	if (argc)
		return numbers(argc, argv, ret);
	if (!inbox_conf.all) {
		say_error("which reports? Write their numbers, or --all and what "
			  "chooses them");
		return STATUS_USAGE;
	}
	if (!inbox_query(&query, "decisions"))
		return STATUS_USAGE;
	rc = inbox_find(s->gate, &query.q, ret);
	if (rc == 0 && ret->count == 0) {
		say_error("there is no such report");
		return STATUS_USAGE;
	}
	return rc ? sitting_fault(s, rc) : STATUS_FINE;
}

/* ---- decisions ---- */

static int preview(struct sitting *s, const struct inbox_set *set, const char *what)
{
	struct buf out = { 0 };
	int rc = inbox_examples(s, set, &out), status;

	buf_fmt(&out, n_("%zu report would become: %s. --apply does it.\n",
			 "%zu reports would become: %s. --apply does it.\n", set->count),
		set->count, C_("report", what));
	status = rc ? sitting_fault(s, rc) : say_print(&out);
	buf_free(&out);
	return status;
}

static int told(size_t count, const char *what, u64 event)
{
	if (inbox_conf.json)
		printf("{\"state\":\"%s\",\"count\":%zu,\"event\":%llu}\n", what, count,
		       (unsigned long long)event);
	else
		say_line(n_("%zu report is now: %s. 'vedette inbox undo %llu' takes it back.\n",
			    "%zu reports are now: %s. 'vedette inbox undo %llu' takes it "
			    "back.\n", count), count, C_("report", what),
			 (unsigned long long)event);
	return STATUS_FINE;
}

/* What is weighed by a decision is held against the files that the options name. */
static int settle(struct sitting *s, struct house *ret)
{
	int status;

	*ret = *desk_house(s->desk);
	status = inbox_setup(&ret->inbox);
	if (status == STATUS_FINE)
		desk_settle(s->desk, ret);
	return status;
}

static int decide_set(struct sitting *s, const struct inbox_set *set,
		      const struct inbox_decision *is)
{
	struct house house;
	u64 event = 0;
	int rc, status = settle(s, &house);

	if (status)
		return status;
	rc = inbox_decide(s->desk, set, is, &event);
	desk_settle(s->desk, NULL);
	return rc ? sitting_fault(s, rc) : told(set->count, report_states[is->state], event);
}

static int decide(struct sitting *s, int argc, char **argv, const struct inbox_decision *is)
{
	struct inbox_set set;
	int status;

	if (is->reason == NULL) {
		say_error("why? Write --reason TEXT");
		return STATUS_USAGE;
	}
	status = inbox_chosen(s, argc, argv, &set);
	if (status)
		return status;
	status = argc || inbox_conf.apply ? decide_set(s, &set, is)
					   : preview(s, &set, report_states[is->state]);
	free(set.at);
	return status;
}

static int noise(struct sitting *s, int argc, char **argv)
{
	const struct inbox_decision is = { REPORT_NOISE, inbox_conf.reason, 0 };

	return decide(s, argc, argv, &is);
}

static int reopen(struct sitting *s, int argc, char **argv)
{
	const struct inbox_decision is = { REPORT_NEW, inbox_conf.reason, 0 };

	return decide(s, argc, argv, &is);
}

static int answer(struct sitting *s, int argc, char **argv)
{
	const struct inbox_decision is = { REPORT_ANSWERED, inbox_conf.reason, 0 };

	return decide(s, argc, argv, &is);
}

/* The first word is what the others are duplicates of. */
static int duplicate(struct sitting *s, int argc, char **argv)
{
	struct inbox_decision is = { REPORT_DUPLICATE, inbox_conf.reason, 0 };
	struct inbox_set first;
	int status = numbers(1, argv, &first);

	if (status)
		return status;
	if (first.count == 1)
		is.same = first.at[0];
	free(first.at);
	if (is.same == 0) {
		say_error("write the one that came first, then its duplicates");
		return STATUS_USAGE;
	}
	if (is.reason == NULL)
		is.reason = N_("the same, by hand");
	return decide(s, argc - 1, argv + 1, &is);
}

static int accept_one(struct sitting *s, const struct inbox_set *set)
{
	struct marking was = { 0 };
	u64 incident = inbox_conf.incident, event = 0;
	bool joined = false;
	int rc = desk_begin(s->desk);

	if (rc == 0 && incident == 0 && inbox_conf.title == NULL) {
		rc = inbox_open_about(s->desk, set, &incident);
		joined = incident != 0;
	}
	if (rc == 0 && incident)	/* a refusal keeps its own sentence */
		was = incident_marking(s, incident);
	if (rc == 0)
		rc = incident ? inbox_accept(s->desk, set, incident, &event)
			      : inbox_accept_new(s->desk, set, inbox_conf.title, &incident,
						 &event);
	rc = desk_end(s->desk, rc);
	if (rc)
		return sitting_fault(s, rc);
	if (inbox_conf.json) {
		printf("{\"incident\":%llu,\"count\":%zu,\"event\":%llu}\n",
		       (unsigned long long)incident, set->count, (unsigned long long)event);
		return STATUS_FINE;
	}
	if (joined)
		say_line(_("Incident %llu is open about the same host; with --title they open one "
			   "of their own.\n"), (unsigned long long)incident);
	say_line(n_("Incident %llu has %zu report more. 'vedette inbox undo %llu' takes it "
		    "back.\n", "Incident %llu has %zu reports more. 'vedette inbox undo %llu' "
		    "takes it back.\n", set->count), (unsigned long long)incident, set->count,
		 (unsigned long long)event);
	if (inbox_conf.incident || joined)
		incident_say_raised(s, incident, was, NULL);
	return STATUS_FINE;
}

static int accept_them(struct sitting *s, int argc, char **argv)
{
	struct inbox_set set;
	int status = inbox_chosen(s, argc, argv, &set);

	if (status)
		return status;
	status = argc || inbox_conf.apply ? accept_one(s, &set) : preview(s, &set, "accepted");
	free(set.at);
	return status;
}

static int undo(struct sitting *s, int argc, char **argv)
{
	struct house house;
	u64 count = 0, event;
	int rc, status;

	(void)argc;
	if (num_u64(argv[0], 1, INT64_MAX, &event)) {
		say_error("'%s' is no number of an event; whoever decides is told it, and 'vedette "
			  "log show' lists them", argv[0]);
		return STATUS_USAGE;
	}
	if ((status = settle(s, &house)))
		return status;
	rc = inbox_undo(s->desk, event, inbox_conf.reason ? inbox_conf.reason
			: N_("taken back"), &count);
	desk_settle(s->desk, NULL);
	if (rc)
		return sitting_fault(s, rc);
	if (!inbox_conf.json)
		printf(n_("%llu report is new again.\n", "%llu reports are new again.\n", count),
		       (unsigned long long)count);
	return STATUS_FINE;
}

static const struct verb verbs[] = {
	{ "add", "FILE|-|DIR...", 1, CLI_ANY, MAKES, add },
	{ "list", NULL, 0, 0, READS, inbox_list },
	{ "show", "NUMBER...", 0, CLI_ANY, READS, inbox_show },
	{ "triage", "[--apply]", 0, 0, CHANGES, inbox_sift },
	{ "accept", "NUMBER... [--incident NUMBER]", 0, CLI_ANY, CHANGES, accept_them },
	{ "noise", "NUMBER... --reason TEXT", 0, CLI_ANY, CHANGES, noise },
	{ "duplicate", "FIRST NUMBER...", 1, CLI_ANY, CHANGES, duplicate },
	{ "reopen", "NUMBER... --reason TEXT", 0, CLI_ANY, CHANGES, reopen },
	{ "answer", "NUMBER... --reason TEXT", 0, CLI_ANY, CHANGES, answer },
	{ "undo", "EVENT", 1, 1, CHANGES, undo },
	{ "original", "NUMBER [-o FILE]", 1, 1, READS, inbox_original },
	{ "form", "[print|FILE|-]", 0, 1, MAKES, inbox_form },
	{ .name = NULL }
};

static int run(int argc, char **argv, struct opts *o)
{
	given = o;
	if (argc == 2 && strcmp(argv[0], "form") == 0 && strcmp(argv[1], "print") == 0)
		return inbox_form(NULL, 1, argv + 1);	/* wants no store */
	return verb_run(verbs, argc, argv, &(struct sitting_setup){ .stored = &stored,
		.as = &as, .by = &by, .command = "inbox" });
}

const struct command command_inbox = {
	.name = "inbox",
	.args = "add | list | show | triage | accept | noise | duplicate | reopen | answer | "
		"undo | original | form FILE...",
	.least = 1,
	.most = CLI_ANY,
	.summary = N_("reports from outside: weighed, decided, in bulk"),
	.story =
		N_("What others report: XARF, mail (a message, an mbox, a folder), CSV "
		"and every other format that 'vedette share formats' says is read, and a "
		"form. 'add' takes files in; each report is compared with those that are "
		"open, and held against what the store and the files of --inbox-zones, "
		"--inbox-popular know. What speaks for and against it is shown with its "
		"weight: 40 at the start, 0 to 100.\n\n"
		"'triage' sorts all new reports into heaps by the main reason; with "
		"--apply it closes those that look like noise, one event a heap, and "
		"makes incidents of those that look genuine. 'undo EVENT' takes such a "
		"decision back.\n\n"
		"'accept', 'noise', 'duplicate', 'answer' and 'reopen' decide on the "
		"numbers given, or with --all on what the options choose: then they show "
		"what would be done, and do it with --apply. A duplicate's first word is "
		"the report that came first. 'original' gives back the document that a "
		"report came in, as it came. 'form' asks for a report field by field, "
		"'form print' prints one to fill in.\n\n"
		"  vedette inbox add --db desk.db abuse-mailbox/\n"
		"  vedette inbox triage --db desk.db\n"
		"  vedette inbox noise --db desk.db --all --fact popular --reason 'no "
		"evidence'"),
	.start = "vedette inbox triage --db vedette.db",
	.groups = groups,
	.run = run,
};
