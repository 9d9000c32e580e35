/* SPDX-License-Identifier: GPL-3.0-or-later */
/* op_notice.c - operations on what we tell others (notice.h): a letter is shown or drafted,
 * approved by a lead, and sent by the process that sends (run/sender.h), never here.
 *
 * Whoever writes must be cleared for the incident; what the letter says is what its recipient
 * is cleared for. Contacts are the desk's own: see op_may_know(). */
#include "base/octets.h"
#include "respond/contact.h"
#include "respond/notice.h"
#include "respond/notice_rule.h"
#include "respond/op_own.h"

/* ---- writing ---- */

static int write_it(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const struct house *h = desk_house(d);
	int rc = op_may_know(d, who);

	if (rc == 0)
		rc = op_may_see(d, who, op_count(args, "number"));
	if (rc == 0 && op_given(args, "contact") == op_given(args, "role"))
		rc = desk_fault(d, OOPS_FORMAT, "who is told? Either contact or role is wanted");
	if (rc == 0 && op_flag(args, "approve") && who->role < ROLE_LEAD)
		rc = desk_fault(d, -EPERM, "letters are approved by a lead");
	if (rc == 0 && h->write == NULL)
		rc = desk_fault(d, -EOPNOTSUPP, "letters are not written here");
	return rc ? rc : h->write(h, d, args, reply);
}

static int preview(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	json_t *is = json_copy(args);
	int rc = is && json_object_set_new(is, "dry_run", json_true()) == 0 ? 0 : -ENOMEM;

	if (rc == 0)
		rc = write_it(d, who, is, reply);
	json_decref(is);
	return rc;
}

/* ---- words that are given ---- */

typedef int word_fn(struct desk *d, u64 number, const char *text);

/* The word for one notice that the caller may see; what it is then. */
static int give(struct desk *d, const struct caller *who, json_t *args, json_t *reply,
		word_fn *word)
{
	const u64 number = op_count(args, "number");
	struct notice *n = NULL;
	int rc = op_may_know(d, who);

	if (rc == 0)
		rc = op_may_see_one(d, who, DESK_notice, &(struct notice){ .number = number });
	if (rc || (rc = desk_begin(d)))
		return rc;
	rc = word(d, number, op_given(args, "reason") ? op_text(args, "reason") : NULL);
	if (rc == 0)
		rc = notice_find(d, number, &n);
	if (rc == 0)
		rc = op_tell_count(reply, "number", number);
	if (rc == 0)
		rc = op_tell_text(reply, "state", notice_states[n->state]);
	free(n);
	return desk_end(d, rc);
}

/* What is approved are the octets that were looked at. */
static int approve(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct notice *n = NULL;
	int rc = notice_find(d, op_count(args, "number"), &n);

	if (rc == 0 && op_given(args, "message") && strcmp(n->message, op_text(args, "message")))
		rc = desk_fault(d, OOPS_CHANGED, "notice %llu is another message than the one "
				"that was looked at", (unsigned long long)n->number);
	free(n);
	return rc ? rc : give(d, who, args, reply, notice_approve);
}

static int cancel(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	return give(d, who, args, reply, notice_cancel);
}

static int again(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	return give(d, who, args, reply, notice_again);
}

static int bounced(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	return give(d, who, args, reply, notice_bounce);
}

/* ---- rules ---- */

static int add_rule(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const int severity = op_given(args, "severity")
			   ? severity_parse(op_text(args, "severity")) : 0;
	const struct notice_rule r = { .name = op_text(args, "name"),
		.role = op_text(args, "role"), .letter = op_text(args, "letter"),
		.state = op_choice(args, "state", incident_states, INCIDENT_CONFIRMED),
		.severity = (enum severity)severity, .family = op_text(args, "family"),
		.form = op_flag(args, "redacted") ? LETTER_REDACTED : LETTER_WHOLE };
	u64 number = 0;
	int rc = op_may_know(d, who);

	if (rc || (rc = desk_begin(d)))
		return rc;
	rc = desk_end(d, notice_rule_add(d, &r, &number));
	if (rc == 0 && json_object_set_new(reply, "runs", json_boolean(desk_house(d)->sends)))
		rc = -ENOMEM;
	return rc ? rc : op_tell_count(reply, "number", number);
}

static int lift_rule(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const u64 number = op_count(args, "number");
	int rc = op_may_know(d, who);

	if (rc || (rc = desk_begin(d)))
		return rc;
	rc = desk_end(d, notice_rule_lift(d, number, op_text(args, "reason")));
	return rc ? rc : op_tell_count(reply, "number", number);
}

#define TOLD { "number", "the incident", OP_COUNT, true, 0, NULL },                \
	{ "contact", "who is told", OP_TEXT, false, CONTACT_ID_MAX, NULL },    \
	{ "role", "or: whoever covers the subject in this role", OP_CHOICE, false, 0,  \
	  contact_roles_told },                                                \
	{ "letter", "its name; else the one that fits the contact's role", OP_TEXT, false, 60, \
	  NULL },                                                              \
	{ "language", "en, es or fr; else what the contact reads", OP_CHOICE, false, 0,    \
	  languages },                                                         \
	{ "basis", "why they may know: a contract, a law, consent", OP_TEXT, false, OP_LINE, \
	  NULL },                                                              \
	{ "answer_by", "until when an answer is asked for; else in two days", OP_TIME, false, \
	  0, NULL },                                                           \
	{ "redacted", "leave out what they may not have, instead of refusing", OP_FLAG, false, \
	  0, NULL },                                                           \
	{ "name_reporters", "say who reported; else the desk stands for them", OP_FLAG, false, \
	  0, NULL }
#define F(name, text) text,
static const char *const contact_roles_told[] = { CONTACT_ROLES(F) NULL };
#undef F
static const char *const languages[] = { "en", "es", "fr", NULL };
static const struct op_arg preview_args[] = { TOLD, OP_END };
static const struct op_arg write_args[] = { TOLD,
	{ "approve", N_("and give the word at once; a lead may"),
		OP_FLAG, false, 0, NULL },
	{ "again", N_("also when they were told the same already"),
		OP_FLAG, false, 0, NULL },
	OP_END };
static const struct op_arg approve_args[] = {
	{ "number", N_("the notice"), OP_COUNT, true, 0, NULL },
	{ "message", N_("SHA-256 of the message that was looked at"),
		OP_TEXT, false, 64, NULL },
	OP_END };
static const struct op_arg reason_args[] = {
	{ "number", N_("the notice"), OP_COUNT, true, 0, NULL },
	{ "reason", N_("why; for the log"), OP_TEXT, true, OP_LINE, NULL }, OP_END };

static const char *const severities[] = { "info", "low", "medium", "high", "critical", NULL };
static const struct op_arg rule_args[] = {
	{ "name", "by which the log names it: small letters, digits, hyphens", OP_TEXT, true, 39,
	  NULL },
	{ "role", "who is told", OP_CHOICE, true, 0, contact_roles_told },
	{ "letter", "which letter", OP_TEXT, true, 40, NULL },
	{ "state", "about incidents in this state", OP_CHOICE, true, 0, incident_states },
	{ "severity", "that are at least so severe", OP_CHOICE, false, 0, severities },
	{ "family", "of a family that begins so", OP_TEXT, false, 60, NULL },
	{ "redacted", "leave out what they may not have, instead of refusing", OP_FLAG, false, 0,
	  NULL }, OP_END };
static const struct op_arg lift_args[] = {
	{ "number", "the rule", OP_COUNT, true, 0, NULL },
	{ "reason", "why; for the log", OP_TEXT, true, OP_LINE, NULL }, OP_END };

const struct op notice_ops[] = {
	{ "notice.preview", N_("Shows a letter as it would go out, and what would be "
		"left out."),
	  ROLE_ANALYST, preview_args, preview },
	{ "notice.write", N_("Drafts a letter about an incident."),
		ROLE_ANALYST, write_args,
	  write_it },
	{ "notice.approve", N_("Gives the word: what is approved is sent."),
		ROLE_LEAD, approve_args,
	  approve },
	{ "notice.cancel", N_("Cancels what was not sent."),
		ROLE_ANALYST, reason_args, cancel },
	{ "notice.again", N_("Has one tried again that failed or may have been sent."),
		ROLE_LEAD,
	  reason_args, again },
	{ "notice.bounced", N_("Notes that a letter came back."),
		ROLE_ANALYST, reason_args,
	  bounced },
	{ "rule.add", "Makes a rule that gives the word for letters.", ROLE_LEAD, rule_args,
	  add_rule },
	{ "rule.lift", "Takes a rule back.", ROLE_LEAD, lift_args, lift_rule },
	{ .name = NULL }
};
