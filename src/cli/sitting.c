/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sitting.c - see sitting.h. */
#include "cli/sitting.h"
#include "base/near.h"
#include "base/stamp.h"
#include "cli/cli.h"
#include "cli/say.h"
#include <pwd.h>
#include <time.h>
#include <unistd.h>

#define AT(f) offsetof(struct sitting_conf, f)
const struct opt sitting_rows[] = {
	{ .name = "author", .type = OPT_TEXT, .at = AT(author), .arg = "NAME",
	  .help = N_("who acts, as the log shall say; else the user who runs this") },
	{ .name = "key", .type = OPT_TEXT, .at = AT(key), .arg = "FILE",
	  .help = N_("the key that signs the desk's log, as 'vedette log key' makes "
	  	"it") },
	{ .name = NULL }
};
#undef AT

u64 sitting_now(void *world)
{
	struct timespec t;

	(void)world;
	must(clock_gettime(CLOCK_REALTIME, &t) == 0);
	return (u64)t.tv_sec * STAMP_NS + (u64)t.tv_nsec;
}

static const char *author(const struct sitting_conf *by)
{
	const struct passwd *user;

	if (by->author)
		return by->author;
	user = getpwuid(geteuid());
	return user ? user->pw_name : "unknown";
}

static int open_gate(struct sitting *s, const struct sitting_setup *setup)
{
	struct audience who = { author(setup->by), MARKING_STRICTEST };

	if (setup->as->clearance && marking_parse(setup->as->clearance, &who.clearance)) {
		say_no_label("--clearance", setup->as->clearance);
		return STATUS_USAGE;
	}
	if (gate_open(&s->gate, s->desk, NULL, &who) == 0)
		return STATUS_FINE;
	say_error("%s", oops_text(-ENOMEM));
	return STATUS_TROUBLE;
}

#define LOOK_BACK 100u	/* events */

struct looking { unsigned seen; bool is_signed; };

static int look_back(void *to, const struct event *e)
{
	struct looking *l = to;

	l->is_signed = e->signature[0] != 0;
	return l->is_signed || ++l->seen == LOOK_BACK;
}

/* A log that is signed in parts vouches for less than its readers think. */
static void warn_of_no_key(struct desk *d)
{
	struct looking l = { 0 };

	if (store_each_event_back(desk_store(d), 0, NULL, look_back, &l) >= 0 && l.is_signed)
		say_error("warning: this log is signed, and what is changed now is not: give "
			  "--key FILE, or write 'key: FILE' into the file of --config");
}

int sitting_open(struct sitting *ret, const struct sitting_setup *setup)
{
	const struct desk_setup desk = { .path = setup->stored->db, .now = sitting_now,
		.author = author(setup->by), .key = setup->by->key,
		.reads = setup->way == READS };
	char why[DESK_WHY];
	bool fresh;

	if (setup->stored->db == NULL) {
		say_no_store();
		return STATUS_USAGE;
	}
	fresh = stored_missing(desk.path);
	if (fresh && setup->way == CHANGES) {
		say_error("there is no store at %s", desk.path);
		return STATUS_INPUT;
	}
	if (desk_open(&ret->desk, &desk, why)) {
		say_error("%s", why);
		return STATUS_INPUT;
	}
	if (fresh)
		say_new_store(desk.path);
	if (setup->way != READS && setup->by->key == NULL)
		warn_of_no_key(ret->desk);
	return open_gate(ret, setup);
}

void sitting_close(struct sitting *s)
{
	gate_close(s->gate);
	desk_close(s->desk);
	*s = (struct sitting){ 0 };
}

/* What gets over a refusal, in the words of the command line. */
static const char *const ways[CODE_COUNT] = {
	[CODE_NO_SENDER] = N_("--mail-from ADDRESS sets the sender; in a file of --config it is "
		"'from' under 'mail'"),
	[CODE_STRICTER] = N_("--redacted leaves out what they may not have"),
	[CODE_TOLD] = N_("--again writes it once more"),
	[CODE_MET] = N_("--again says that it was met just now; 'vedette incident clock NUMBER "
		"--unmeet NAME' takes it back"),
	[CODE_HIDES] = N_("--hide-from-me does it all the same"),
	[CODE_NO_REASON] = N_("--reason TEXT says why"),
	[CODE_NO_KEY] = N_("--key FILE signs it; 'vedette log key FILE' makes one"),
	[CODE_NO_OWNER] = N_("an admin adds users on the settings page of 'vedette serve', or by "
		"'vedette user add'"),
};

int sitting_fault(const struct sitting *s, int rc)
{
	const char *why = desk_error(s->desk), *way = ways[desk_code(s->desk)];

	say_error("%s", why[0] ? why : oops_text(rc));
	if (why[0] && way)
		say_error("%s", way);
	return rc == OOPS_FORMAT || rc == OOPS_UNKNOWN || rc == OOPS_CHANGED ||
	       rc == OOPS_RANGE || rc == OOPS_LIMIT || rc == -EPERM || rc == -EINVAL
	       ? STATUS_USAGE : STATUS_TROUBLE;
}

static const struct verb *verb_find(const struct verb *verbs, const char *name,
				    const char *command)
{
	struct near near = near_to(name);

	for (const struct verb *v = verbs; v->name; v++) {
		if (strcmp(v->name, name) == 0)
			return v;
		near_try(&near, v->name);
	}
	if (near_best(&near))
		say_error("'%s' has no '%s'; did you mean '%s'?", command, name, near_best(&near));
	else
		say_error("'%s' has no '%s'; 'vedette help %s' tells what there is", command,
			  name, command);
	return NULL;
}

int verb_run(const struct verb *verbs, int argc, char **argv,
	     const struct sitting_setup *setup)
{
	const struct verb *v = verb_find(verbs, argv[0], setup->command);
	struct sitting_setup is = *setup;
	struct sitting s = { 0 };
	int status;

	if (v == NULL)
		return STATUS_USAGE;
	if ((unsigned)argc - 1 < v->least || (unsigned)argc - 1 > v->most) {
		say_error("write 'vedette %s %s%s%s'", setup->command, v->name,
			  v->args && v->args[0] ? " " : "", v->args ? v->args : "");
		return STATUS_USAGE;
	}
	is.way = v->way;
	status = sitting_open(&s, &is);
	if (status == STATUS_FINE)
		status = v->run(&s, argc - 1, argv + 1);
	sitting_close(&s);
	return status;
}
