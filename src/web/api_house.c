/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_house.c - how this house works, for the settings page: options with the manual's help,
 * sets of clocks, playbooks. They are set by the command line and the file of --config, not
 * here; what they are made from was read before the walls stood. */
#include "web/put.h"
#include "base/octets.h"
#include "base/tongue.h"
#include "model/utf8.h"
#include "respond/clock.h"

static int options(struct request *q)
{
	buf_text(q->out, q->web->setup.options[tongue_index(tongue_now())]);
	return 0;
}

static int playbooks(struct request *q)
{
	buf_text(q->out, q->web->setup.playbooks[tongue_index(tongue_now())]);
	return 0;
}

static void put_set(struct request *q, const struct clocks *c, const char *name)
{
	struct clock_words w;

	buf_text(q->out, "{\"name\":");
	utf8_json(q->out, name);
	buf_text(q->out, ",\"deadlines\":[");
	for (unsigned i = 0; clocks_words(c, name, i, &w); i++) {
		buf_text(q->out, i ? ",{\"name\":" : "{\"name\":");
		utf8_json(q->out, w.name);
		buf_text(q->out, ",\"title\":");
		utf8_json(q->out, C_("clock", w.name));
		buf_text(q->out, ",\"within\":");
		put_said(q->out, w.within);
		buf_text(q->out, ",\"calendar\":");
		utf8_json(q->out, w.calendar);
		buf_text(q->out, ",\"after\":");
		utf8_json(q->out, w.after);
		buf_text(q->out, ",\"meets\":");
		request_put_lines(q->out, w.meets);
		buf_byte(q->out, '}');
	}
	buf_text(q->out, "]}");
}

static int clock_sets(struct request *q)
{
	const struct clocks *c = q->web->setup.clocks;

	buf_text(q->out, "{\"items\":[");
	for (unsigned i = 0; c && clocks_name(c, i); i++) {
		buf_text(q->out, i ? ",\n" : "\n");
		put_set(q, c, clocks_name(c, i));
	}
	buf_text(q->out, "]}\n");
	return 0;
}

static const char *const sources[] = { "default", "file", "command", NULL };
static const struct api_member option_members[] = {
	{ "name", "text", "as on the command line, without hyphens", NULL },
	{ "help", "said", "what it is for", NULL },
	{ "allowed", "said", "what may be written", NULL },
	{ "value", "text", "what it is", NULL }, { "default", "text", "when nobody says", NULL },
	{ "source", "choice", "who said so", sources }, { .name = NULL } };
static const struct api_member group_members[] = {
	{ "group", "text", "key in the file; empty: none", NULL },
	{ "title", "said", "heading", NULL }, { "options", "[option]", "in order", NULL },
	{ .name = NULL } };
static const struct api_member groups_members[] = {
	{ "items", "[option_group]", "all there are", NULL }, { .name = NULL } };
static const struct api_member due_members[] = {
	{ "name", "text", "early warning, notification, ...", NULL },
	{ "title", "said", "the same for people", NULL },
	{ "within", "said", "24h, 1 month, 2 working days", NULL },
	{ "calendar", "text", "that working days are of; empty: real time", NULL },
	{ "after", "text", "the deadline that it counts from; empty: when we knew", NULL },
	{ "meets", "[text]", "what meets it: state:mitigated, notice:LETTER", NULL },
	{ .name = NULL } };
static const struct api_member set_members[] = {
	{ "name", "text", "of the set", NULL },
	{ "deadlines", "[clock_due]", "in order", NULL }, { .name = NULL } };
static const struct api_member sets_members[] = {
	{ "items", "[clock_set]", "a team's own first", NULL }, { .name = NULL } };
static const struct api_member task_members[] = {
	{ "title", "said", "what is to be done", NULL },
	{ "actor", "said", "who can do it", NULL }, { "ask", "said", "what to ask for", NULL },
	{ "needs", "said", "what evidence they need", NULL }, { .name = NULL } };
static const struct api_member playbook_members[] = {
	{ "family", "text", "of findings: tunnel, phishing", NULL },
	{ "title", "said", "one line", NULL },
	{ "own", "flag", "the team's, not the program's", NULL },
	{ "trouble", "said", "why it cannot be read; empty: it can", NULL },
	{ "tasks", "[playbook_task]", "in order", NULL }, { .name = NULL } };
static const struct api_member playbooks_members[] = {
	{ "items", "[playbook]", "all there are", NULL }, { .name = NULL } };
const struct api_shape house_shapes[] = {
	{ .name = "option", .members = option_members },
	{ .name = "option_group", .members = group_members },
	{ .name = "options", .members = groups_members },
	{ .name = "clock_due", .members = due_members },
	{ .name = "clock_set", .members = set_members },
	{ .name = "clock_sets", .members = sets_members },
	{ .name = "playbook_task", .members = task_members },
	{ .name = "playbook", .members = playbook_members },
	{ .name = "playbooks", .members = playbooks_members },
	{ .name = NULL }
};

const struct api_route house_routes[] = {
	{ .method = "GET", .path = "/api/v1/settings/options", .run = options,
	  .reply = "options", .role = ROLE_ADMIN, .help = "All options: help, value, source." },
	{ .method = "GET", .path = "/api/v1/settings/clocks", .run = clock_sets,
	  .reply = "clock_sets", .help = "The sets of deadlines that can run." },
	{ .method = "GET", .path = "/api/v1/settings/playbooks", .run = playbooks,
	  .reply = "playbooks", .help = "What is to be done about each family." },
	{ .method = NULL }
};
