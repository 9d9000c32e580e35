/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tell.c - see tell.h. */
#include "run/tell.h"
#include "respond/about.h"
#include "respond/case.h"
#include "respond/notice.h"
#include "respond/op.h"

/* The first of those who cover one of these and can be written to. */
static int first_of(struct desk *d, const struct about *of, enum contact_role role,
		    char id[CONTACT_ID_MAX + 1])
{
	struct route *r = calloc(1, sizeof *r);
	int rc = r ? route_find(r, d, of->at, of->count, 1u << role) : -ENOMEM;

	id[0] = 0;
	for (u32 i = 0; rc == 0 && i < r->count && id[0] == 0; i++) {
		const char *who = r->step[i].contact->id;
		struct address *a = NULL;

		if (contact_reach(d, who, CHANNEL_MAIL, &a) == 1 ||
		    contact_reach(d, who, CHANNEL_WEBHOOK, &a) == 1)
			snprintf(id, CONTACT_ID_MAX + 1, "%s", who);
		free(a);
	}
	if (r)
		route_free(r);
	free(r);
	return rc ? rc : id[0] ? 0 : OOPS_UNKNOWN;
}

int tell_whom(struct desk *d, const struct incident *i, enum contact_role role,
	      char id[CONTACT_ID_MAX + 1])
{
	const struct about subject = { .at = { i->subject }, .count = 1 };
	struct about about = { .count = 0 };
	int rc = first_of(d, &subject, role, id);

	if (rc != OOPS_UNKNOWN)
		return rc;
	rc = about_incident(&about, d, NULL, i);
	if (rc == 0)
		rc = first_of(d, &about, role, id);
	about_forget(&about);
	return rc;
}

/* Whom the wish's role names for the incident. */
static int by_role(struct desk *d, const struct tell_wish *w, char id[CONTACT_ID_MAX + 1],
		   char why[COMPOSE_WHY])
{
	const int role = choice_parse(contact_roles, w->role);
	struct incident *i = NULL;
	int rc = role < 0 ? OOPS_UNKNOWN : case_find(d, w->incident, &i);

	if (role < 0) {
		snprintf(why, COMPOSE_WHY, N_("'%.60s' is no role"), w->role);
	} else if (rc) {
		snprintf(why, COMPOSE_WHY, "%s", desk_error(d));
	} else if ((rc = tell_whom(d, i, (enum contact_role)role, id))) {
		snprintf(why, COMPOSE_WHY, N_("no %s on record covers '%.200s' and can "
			"be written to"),
			 w->role, i->subject);
	}
	free(i);
	return rc;
}

/* A CERT or the police is told first, as anybody. It is asked to step in when whoever could act
 * had their time for an answer, or could not be reached, and nothing has come of it. */
static int letter_for(const char **letter, struct desk *d, const struct tell_conf *conf,
		      const struct tell_wish *w, const char *id, const char *acts_as)
{
	const u64 now = desk_now(d);
	bool asked = false, acted = true;
	struct incident *i = NULL;
	int rc = 0;

	*letter = compose_letter_for(acts_as);
	if (strcmp(*letter, "first-authority"))
		return 0;
	if ((rc = case_find(d, w->incident, &i)))	/* compose() says it */
		return 0;
	acted = i->state == INCIDENT_MITIGATING || i->state == INCIDENT_MITIGATED ||
		case_ended(i->state);
	free(i);
	if (!acted)
		rc = notice_asked(d, w->incident, id, now - min_u64(now, conf->answer_ns), &asked);
	if (asked)
		*letter = "escalation";
	return rc;
}

int tell_compose(struct composed *ret, struct desk *d, const struct tell_conf *conf,
		 const struct tell_wish *w, char why[COMPOSE_WHY])
{
	char id[CONTACT_ID_MAX + 1];
	struct contact *c = NULL;
	struct compose_ask ask = { .contact = w->contact, .incident = w->incident,
		.letter = w->letter, .language = w->language, .letters = conf->letters,
		.basis = w->basis, .redacted = w->redacted, .reporters = w->reporters,
		.shown = w->shown, .us = conf->us, .evidence = conf->evidence,
		.deadline = w->deadline ? w->deadline : desk_now(d) + conf->answer_ns };
	int rc = w->role ? by_role(d, w, id, why) : 0;

	*ret = (struct composed){ 0 };
	if (rc)
		return rc;
	if (w->role)
		ask.contact = id;
	ask.fitting = ask.letter == NULL;
	if (ask.letter == NULL && w->role)
		rc = letter_for(&ask.letter, d, conf, w, id, w->role);
	else if (ask.letter == NULL && contact_find(d, ask.contact, &c) == 1)
		rc = letter_for(&ask.letter, d, conf, w, c->id, c->roles);
	free(c);
	if (rc) {
		snprintf(why, COMPOSE_WHY, "%s", oops_text(rc));
		return rc;
	}
	if (ask.letter == NULL)
		ask.letter = "first-operator";
	return compose(ret, d, &ask, why);
}

int tell_keep(struct desk *d, const struct composed *c, const struct tell_wish *w,
	      u64 *number)
{
	int rc = desk_begin(d);

	if (rc == 0)
		rc = notice_draft(d, &(struct notice_draft){ .notice = &c->notice,
			.octets = c->message.at, .n = c->message.len, .again = w->again },
			number);
	if (rc == 0 && *number != c->notice.number)
		rc = desk_fault(d, OOPS_CHANGED, "somebody else wrote a notice at the same "
				"moment; try again");
	if (rc == 0 && (w->by || w->approve))
		rc = notice_approve(d, *number, w->by);
	return desk_end(d, rc);
}

/* ---- by request ---- */

/* A text of foreign origin: json_string() takes no bad UTF-8, but a letter has none. */
static json_t *text(const struct buf *b)
{
	json_t *is = json_stringn(buf_str(b), b->len);

	return is ? is : json_string("");
}

static json_t *parts(const struct composed *c)
{
	json_t *all = json_array();

	for (size_t i = 0; i < c->part_count; i++)
		json_array_append_new(all, json_pack("{s:s, s:s, s:I}", "name", c->parts[i].name,
			"media", c->parts[i].media, "octets", (json_int_t)c->parts[i].n));
	return all;
}

int tell_shown(const struct composed *c, const char *state, json_t *reply)
{
	const struct notice *n = &c->notice;
	json_t *is = json_pack("{s:I, s:s?, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:I, "
		"s:o, s:I, s:b, s:s?}", "number", (json_int_t)n->number, "state", state, "contact",
		n->contact, "channel", channels[n->channel], "value", n->value, "letter",
		n->letter, "language", n->language, "tlp", label_text(n->tlp), "pap",
		pap_text(n->pap), "title", text(&c->title), "text", text(&c->body), "withheld",
		(json_int_t)c->withheld, "attachments", parts(c), "octets",
		(json_int_t)c->message.len, "no_sender", (int)c->no_sender, "unconfirmed",
		c->unconfirmed == INCIDENT_STATE_COUNT ? NULL : incident_states[c->unconfirmed]);
	int rc = is ? json_object_update(reply, is) : -1;

	json_decref(is);
	return rc ? -ENOMEM : 0;
}

static const char *given(json_t *args, const char *name)
{
	return op_text(args, name)[0] ? op_text(args, name) : NULL;
}

int tell_write(const struct house *h, struct desk *d, json_t *args, json_t *reply)
{
	const bool dry = op_flag(args, "dry_run");
	const struct tell_wish w = { .incident = op_count(args, "number"),
		.contact = given(args, "contact"), .role = given(args, "role"),
		.letter = given(args, "letter"), .language = given(args, "language"),
		.basis = given(args, "basis"), .deadline = op_time(args, "answer_by"),
		.redacted = op_flag(args, "redacted"),
		.reporters = op_flag(args, "name_reporters"), .again = op_flag(args, "again"),
		.shown = dry, .approve = op_flag(args, "approve") };
	struct composed c;
	char why[COMPOSE_WHY] = "";
	u64 number = 0;
	int rc = tell_compose(&c, d, h->own, &w, why);

	if (rc)
		desk_refuse(d, c.code, rc, "%s", why);
	else if (!dry)
		rc = tell_keep(d, &c, &w, &number);
	if (rc == 0)
		rc = tell_shown(&c, dry ? NULL : w.approve ? "approved" : "draft", reply);
	composed_free(&c);
	return rc;
}
