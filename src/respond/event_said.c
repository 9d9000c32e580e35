/* SPDX-License-Identifier: GPL-3.0-or-later */
/* event_said.c - see event_said.h. A row a kind of event: a sentence with places in it.
 *
 *   {owner}         the member of the body, as it is
 *   {#members}      how many a list holds
 *   {state:was}     a word of ours, of that context ("state", "task", "clock")
 *   {said:title}    a sentence that was stored in English
 *   {short:id}      the first twelve characters
 *   {why?}          ": " and the sentence, when there is one
 *
 * Of several rows of a kind the first counts whose member `with` says something ("" and 1970
 * do not). Kinds without a row are shown as they stand in the log. */
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
	{ "incident.met", "met", N_("met '{clock:name}' at {met}") },
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
	{ "contact.set", NULL, N_("wrote down {name}") },
	{ "contact.remove", NULL, N_("took {id} away") },
	{ "contact.address", NULL, N_("wrote down an address: {value}") },
	{ "contact.address-remove", NULL, N_("took an address away: {value}") },
	{ "proof.made", NULL, N_("made a proof for {audience}") },
	{ "gate.refused", NULL, N_("refused it to {audience}; items: {count}") },
	{ "gate.told", NULL, N_("gave it to {audience} ({format}); items: {count}") },
	{ "report.received", NULL, N_("took report {number}: {subject}") },
	{ "mute.add", NULL, N_("muted {rule} {subject} until {expires}{reason?}") },
	{ "mute.lift", NULL, N_("took mute {number} back{why?}") },
};

static const char *text_of(json_t *body, const char *key)
{
	const char *text = json_string_value(json_object_get(body, key));

	return text ? text : "";
}

static bool says(json_t *body, const char *key)
{
	const char *text = text_of(body, key);

	return key == NULL || (text[0] && strncmp(text, "1970-01-01T00:00:00", 19));
}

static void put_value(struct buf *out, json_t *body, const char *key)
{
	json_t *value = json_object_get(body, key);
	char stamp[STAMP_TEXT_MAX];
	u64 at;

	if (json_is_integer(value))
		buf_fmt(out, "%lld", (long long)json_integer_value(value));
	else if (stamp_parse(text_of(body, key), &at) == 0)
		buf_text(out, stamp_text(at, 0, stamp));
	else
		buf_text(out, text_of(body, key));
}

/* One place: what stands between the braces. */
static void put_place(struct buf *out, json_t *body, char *place)
{
	char *colon = strchr(place, ':'), *ask = strchr(place, '?');
	const char *text;

	if (ask) {
		*ask = 0;
		if ((text = text_of(body, place))[0]) {
			buf_text(out, ": ");
			say_stored(out, tongue_now(), text);
		}
	} else if (*place == '#') {
		buf_fmt(out, "%zu", json_array_size(json_object_get(body, place + 1)));
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
