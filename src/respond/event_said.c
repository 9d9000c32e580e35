/* SPDX-License-Identifier: GPL-3.0-or-later */
/* event_said.c - see event_said.h. A row a kind of event: a sentence with places in it.
 *
 *   {owner}         the member of the body, as it is; {status.total}: a member of that member
 *   {#members}      how many a list holds
 *   {state:was}     a word of ours, of that context ("state", "task", "clock")
 *   {said:title}    a sentence that was stored in English
 *   {short:id}      the first twelve characters
 *   {why?}          ": " and the sentence, when there is one
 *
 * Of several rows of a kind the first counts whose members `with` all say something ("", 0 and
 * 1970 do not). Every kind has a row whose `with` is NULL: a unit test goes through them. Kinds
 * of a newer program are shown as they stand in the log. */
#include "respond/event_said.h"
#include "base/buf.h"
#include "base/stamp.h"
#include "base/tongue.h"

static const struct row { const char *kind, *with, *says; } rows[] = {
	{ "incident.open", NULL, N_("opened it (members: {#members}): {said:title}") },
	{ "incident.add", NULL, N_("took members in: {#members}") },
	{ "incident.remove", NULL, N_("took the member {short:id} out{why?}") },
	{ "incident.merge", NULL, N_("merged it into incident {into}{why?}") },
	{ "incident.unmerge", NULL, N_("undid its merge{why?}") },
	{ "incident.split", NULL, N_("split it off (members: {#members}): {said:title}") },
	{ "incident.assign", "owner", N_("gave it to {owner}") },
	{ "incident.assign", NULL, N_("gave it to nobody") },
	{ "incident.title", NULL, N_("called it: {said:title}") },
	{ "incident.note", NULL, N_("noted: {text}") },
	{ "incident.apart", NULL, N_("set note {note} apart{why?}") },
	{ "incident.state", NULL, N_("{state:was} became {state:state}{verdict?}") },
	{ "incident.label", NULL, N_("marked it {own_tlp} {own_pap}{why?}") },
	{ "incident.mark", NULL, N_("marked the member {short:id} {tlp} {pap}") },
	{ "incident.clock", "clocks", N_("started the clocks {clocks}, known since {aware}") },
	{ "incident.clock", NULL, N_("stopped the clocks") },
	{ "incident.clocks", "started", N_("started the clocks {started}, known since {aware}") },
	{ "incident.clocks", "stopped", N_("stopped the clocks {stopped}{why?}") },
	{ "incident.clocks", "clocks", N_("set the clocks anew, known since {aware}") },
	{ "incident.clocks", NULL, N_("it is known since {aware}; no clock runs") },
	{ "incident.met", "met set", N_("met '{clock:name}' of {set} at {met}") },
	{ "incident.met", "met", N_("met '{clock:name}' at {met}") },
	{ "incident.met", "set", N_("took back that '{clock:name}' of {set} was met") },
	{ "incident.met", NULL, N_("took back that '{clock:name}' was met") },
	{ "task.add", NULL, N_("added tasks: {#tasks}") },
	{ "task.state", NULL, N_("task {place} is {task:state}{why?}") },
	{ "notice.draft", NULL, N_("drafted notice {number} to {contact}: {title}") },
	{ "notice.approved", NULL, N_("gave the word for notice {number}") },
	{ "notice.cancelled", NULL, N_("cancelled notice {number}{reason?}") },
	{ "notice.again", NULL, N_("has notice {number} tried again{reason?}") },
	{ "notice.sending", NULL, N_("began to send notice {number}") },
	{ "notice.sent", NULL, N_("sent notice {number}{answer?}") },
	{ "notice.later", NULL, N_("notice {number} is tried again at {next}{answer?}") },
	{ "notice.failed", NULL, N_("notice {number} failed{answer?}") },
	{ "notice.unsure", NULL, N_("notice {number} may have been sent{answer?}") },
	{ "notice.bounced", NULL, N_("notice {number} came back{answer?}") },
	{ "contact.proof", NULL, N_("marked the address {value}: {proof:proof}") },
	{ "contact.set", NULL, N_("wrote down {name}") },
	{ "contact.remove", NULL, N_("took {id} away") },
	{ "contact.address", NULL, N_("wrote down an address: {value}") },
	{ "contact.address-remove", NULL, N_("took an address away: {value}") },
	{ "proof.made", NULL, N_("made a proof for {audience}") },
	{ "gate.refused", NULL, N_("withheld items from {audience} for their labels: {count}") },
	{ "gate.told", NULL, N_("gave items to {audience} ({format}): {count}") },
	{ "report.received", NULL, N_("took report {number}: {subject}") },
	{ "report.weighed", NULL, N_("weighed reports again: {#items}") },
	{ "report.bulk", NULL, N_("accepted reports {numbers} together; incidents opened: "
	  "{opened}, joined: {joined}") },
	{ "report.decided", "undoes", N_("took decision {undoes} back; reports {numbers}: "
	  "{report:state}{reason?}") },
	{ "report.decided", "incident", N_("reports {numbers}: {report:state}, incident "
	  "{incident}{reason?}") },
	{ "report.decided", "same", N_("reports {numbers}: {report:state} of report "
	  "{same}{reason?}") },
	{ "report.decided", NULL, N_("reports {numbers}: {report:state}{reason?}") },
	{ "indicators.taken", NULL, N_("took indicators of others in ({format}): {#items}") },
	{ "taxii.received", NULL, N_("took objects in over TAXII: {status.success_count} of "
	  "{status.total_count}") },
	{ "group.run", NULL, N_("grouped findings: {findings}; incidents opened: {opened}, "
	  "joined: {joined}, come back: {came_back}; muted: {muted}") },
	{ "mute.add", "rule", N_("muted {rule} {subject} until {expires}{reason?}") },
	{ "mute.add", NULL, N_("muted {subject} until {expires}{reason?}") },
	{ "mute.lift", NULL, N_("took mute {number} back{why?}") },
	{ "rule.add", "family", N_("made the rule {name}: {letter:letter} to the "
	  "{contact role:role} when an incident of {family} is {state:state}, from "
	  "{severity:severity} on") },
	{ "rule.add", NULL, N_("made the rule {name}: {letter:letter} to the "
	  "{contact role:role} when an incident is {state:state}, from {severity:severity} on") },
	{ "rule.lift", NULL, N_("took rule {number} back{why?}") },
	{ "drill.asked", NULL, N_("asked {value} for an answer until {due}, drill {token}") },
	{ "drill.answered", NULL, N_("noted the answer to drill {token}{answer?}") },
	{ "drill.silent", NULL, N_("noted that drill {token} had no answer in time") },
	{ "drill.bounced", NULL, N_("noted that the letter of drill {token} came back{answer?}") },
	{ "vouch.given", NULL, N_("noted that {by} vouches for {whom} until {until}") },
	{ "vouch.revoked", NULL, N_("noted that {by} no longer vouches for {whom}") },
	{ "upload.add", NULL, N_("sent the file {name} ({octets} octets)") },
	{ "upload.state", "found", N_("upload {number}: {upload:state}; found: {found}{why?}") },
	{ "upload.state", NULL, N_("upload {number}: {upload:state}{why?}") },
	{ "user.add", NULL, N_("added the user {login}: {user role:role}, up to {tlp} {pap}") },
	{ "user.change", NULL, N_("changed the user {login}: {user role:role}, up to {tlp} {pap}, "
	  "{standing:standing}") },
	{ "user.password", NULL, N_("set a new password") },
	{ "user.totp", NULL, N_("one-time codes: {codes:codes}") },
	{ "user.sign-in", "from", N_("signed in from {from}") },
	{ "user.sign-in", NULL, N_("signed in") },
	{ "user.sign-in-refused", "untold", N_("sign-in from {from} refused; tries before it that "
	  "are not in the log: {untold}") },
	{ "user.sign-in-refused", "from", N_("sign-in from {from} refused") },
	{ "user.sign-in-refused", NULL, N_("sign-in refused") },
	{ "user.sign-out", NULL, N_("signed out") },
	{ "token.add", NULL, N_("made the token {id} of {login} for {name}: {user role:role}, "
	  "until {expires}") },
	{ "token.revoke", NULL, N_("took the token {id} of {login} back ({name})") },
};

static json_t *member(json_t *body, const char *path)
{
	const char *dot = strchr(path, '.');
	char first[40];

	if (dot == NULL)
		return json_object_get(body, path);
	snprintf(first, sizeof first, "%.*s", (int)(dot - path), path);
	return member(json_object_get(body, first), dot + 1);
}

static const char *text_of(json_t *body, const char *key)
{
	const char *text = json_string_value(member(body, key));

	return text ? text : "";
}

static bool says_one(json_t *body, const char *key)
{
	const char *text = text_of(body, key);

	return json_integer_value(member(body, key)) ||
	       (text[0] && strncmp(text, "1970-01-01T00:00:00", 19));
}

static bool says(json_t *body, const char *keys)
{
	bool all = true;

	for (const char *p = keys ? keys : ""; *p && all; p += strcspn(p, " "), p += *p == ' ') {
		char key[40];

		snprintf(key, sizeof key, "%.*s", (int)strcspn(p, " "), p);
		all = says_one(body, key);
	}
	return all;
}

/* As the log writes them: "3" is a number, which stamp_parse() would take for seconds. */
static bool is_stamp(const char *text)
{
	return strlen(text) >= 20 && text[4] == '-' && text[10] == 'T';
}

static void put_value(struct buf *out, json_t *body, const char *key)
{
	json_t *value = member(body, key);
	const char *text = text_of(body, key);
	char stamp[STAMP_TEXT_MAX];
	u64 at;

	if (json_is_integer(value))
		buf_fmt(out, "%lld", (long long)json_integer_value(value));
	else if (is_stamp(text) && stamp_parse(text, &at) == 0)
		buf_text(out, stamp_text(at, 0, stamp));
	else
		buf_text(out, text);
}

/* One place: what stands between the braces. */
static void put_place(struct buf *out, json_t *body, char *place)
{
	char *colon = strchr(place, ':'), *ask = strchr(place, '?');
	const char *text;

	if (ask) {
		*ask = 0;
		if ((text = text_of(body, place))[0]) {
			buf_text(out, C_("sentence", ": "));
			say_stored(out, tongue_now(), text);
		}
	} else if (*place == '#') {
		buf_fmt(out, "%zu", json_array_size(member(body, place + 1)));
	} else if (colon == NULL) {
		put_value(out, body, place);
	} else {
		*colon = 0;
		text = text_of(body, colon + 1);
		if (strcmp(place, "said") == 0)
			say_stored(out, tongue_now(), text);
		else if (strcmp(place, "short") == 0)
			buf_fmt(out, "%.12s", text);
		else
			buf_text(out, text[0] ? C_(place, text) : "");
	}
}

static void fill(struct buf *out, json_t *body, const char *sentence)
{
	for (const char *p = sentence; *p; p++) {
		size_t n = *p == '{' ? strcspn(p, "}") : 0;
		char place[40];

		if (n < 2 || n >= sizeof place || p[n] != '}') {
			buf_byte(out, (u8)*p);
			continue;
		}
		snprintf(place, sizeof place, "%.*s", (int)n - 1, p + 1);
		put_place(out, body, place);
		p += n;
	}
}

bool event_said(struct buf *out, const struct event *e)
{
	json_t *body = json_loads(e->body, 0, NULL);
	bool known = false;

	for (size_t i = 0; i < COUNT(rows) && !known; i++) {
		known = strcmp(rows[i].kind, e->kind) == 0 && says(body, rows[i].with);
		if (known)
			fill(out, body, _(rows[i].says));
	}
	if (!known)
		buf_text(out, e->body);
	json_decref(body);
	return known;
}
