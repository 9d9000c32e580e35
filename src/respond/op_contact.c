/* SPDX-License-Identifier: GPL-3.0-or-later */
/* op_contact.c - operations on those who can act (contact.h): adding and changing them, their
 * addresses, vouches, answers to drills. Contacts are for the desk: see op_may_know(). What
 * somebody is cleared for is changed by a lead, because letters follow it. */
#include "base/buf.h"
#include "base/octets.h"
#include "base/stamp.h"
#include "respond/contact.h"
#include "respond/drill.h"
#include "respond/op_own.h"
#include "respond/trust.h"

static void set(const char **to, json_t *args, const char *name)
{
	if (op_given(args, name))
		*to = op_text(args, name);
}

/* What the arguments say, over what there is. */
static void amend(struct contact *c, json_t *args)
{
	const struct marking m = op_marking(args, (struct marking){ c->tlp, c->pap });

	set(&c->name, args, "name");
	set(&c->roles, args, "roles");
	set(&c->covers, args, "covers");
	set(&c->languages, args, "languages");
	set(&c->hours, args, "hours");
	set(&c->prefers, args, "prefers");
	set(&c->organisation, args, "organisation");
	set(&c->note, args, "note");
	c->kind = op_choice(args, "kind", contact_kinds, c->kind);
	if (op_given(args, "place"))
		c->place = op_count(args, "place");
	c->tlp = m.tlp;
	c->pap = m.pap;
}

static int write_it(struct desk *d, const struct caller *who, json_t *args, bool is_new)
{
	struct contact *was = NULL, c = { .id = op_text(args, "id"), .source = "by hand" };
	char about[CONTACT_ID_MAX + 16];
	int rc = op_may_know(d, who), found;

	if (rc == 0 && (op_given(args, "tlp") || op_given(args, "pap")) &&
	    who->role < ROLE_LEAD)
		rc = desk_fault(d, -EPERM, "what contacts are cleared for is said by a lead");
	if (rc || (rc = desk_begin(d)))
		return rc;
	snprintf(about, sizeof about, "contact:%s", c.id);
	found = contact_find(d, c.id, &was);
	if (found < 0)
		rc = found;
	else if ((found == 1) == is_new)
		rc = desk_fault(d, is_new ? OOPS_CHANGED : OOPS_UNKNOWN, is_new
				? N_("there is a contact '%.100s' already")
				: N_("there is no contact '%.100s'"), c.id);
	else if (was)
		rc = desk_still(d, about, was->changed, max_u64(op_time(args, "changed"), 1));
	if (was)
		c = *was;
	amend(&c, args);
	if (rc == 0)
		rc = contact_set(d, &c);
	rc = desk_end(d, rc);
	free(was);
	return rc;
}

static int add(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	int rc = write_it(d, who, args, true);

	return rc ? rc : op_tell_text(reply, "id", op_text(args, "id"));
}

static int change(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	int rc = write_it(d, who, args, false);

	return rc ? rc : op_tell_text(reply, "id", op_text(args, "id"));
}

static int take_away(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	int rc = op_may_know(d, who);

	if (rc || (rc = desk_begin(d)))
		return rc;
	rc = desk_end(d, contact_remove(d, op_text(args, "id")));
	return rc ? rc : op_tell_text(reply, "id", op_text(args, "id"));
}

/* ---- addresses ---- */

static struct address address_of(json_t *args)
{
	return (struct address){ .contact = op_text(args, "id"),
		.channel = op_choice(args, "channel", channels, CHANNEL_MAIL),
		.value = op_text(args, "value"), .place = op_count(args, "place") };
}

static int add_address(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const struct address a = address_of(args);
	int rc = op_may_know(d, who);

	if (rc == 0)
		rc = op_may_see_one(d, who, DESK_contact, &(struct contact){ .id = a.contact });
	if (rc || (rc = desk_begin(d)))
		return rc;
	rc = desk_end(d, contact_address(d, &a));
	return rc ? rc : op_tell_text(reply, "id", a.contact);
}

static int drop_address(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const struct address a = address_of(args);
	int rc = op_may_know(d, who);

	if (rc || (rc = desk_begin(d)))
		return rc;
	rc = desk_end(d, contact_address_remove(d, &a));
	return rc ? rc : op_tell_text(reply, "id", a.contact);
}

/* ---- trust ---- */

static int vouch(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct trust_claim c = { .revokes = op_flag(args, "revoke"),
		.whom = op_text(args, "id") };
	struct address *key = NULL;
	struct buf out = { 0 };
	char *self = NULL;
	int rc = op_may_know(d, who);

	if (rc || (rc = desk_begin(d)))
		return rc;
	c.at = desk_now(d) / STAMP_NS * STAMP_NS;
	c.until = op_given(args, "until") ? op_time(args, "until") / STAMP_NS * STAMP_NS
					  : c.at + 365 * 86400 * STAMP_NS;
	if (contact_reach(d, c.whom, CHANNEL_KEY, &key) != 1)
		rc = desk_fault(d, OOPS_UNKNOWN, "'%.60s' has no public key on record; a vouch is "
				"for somebody and a key", c.whom);
	if (rc == 0)
		rc = trust_self(d, &self);
	if (rc == 0) {
		c.by = self;
		c.key = key->value;
		rc = trust_say(d, &c, &out);
	}
	rc = desk_end(d, rc);
	if (rc == 0)
		rc = op_tell_text(reply, "statement", buf_str(&out));
	free(key);
	free(self);
	buf_free(&out);
	return rc;
}

static int take_vouch(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	int rc = op_may_know(d, who);

	(void)reply;
	if (rc || (rc = desk_begin(d)))
		return rc;
	return desk_end(d, trust_take(d, op_text(args, "statement")));
}

static json_t *steps(const struct trust_path *p)
{
	json_t *all = json_array();
	char at[STAMP_TEXT_MAX], until[STAMP_TEXT_MAX];

	for (u32 i = 0; i < p->count; i++)
		json_array_append_new(all, json_pack("{s:s, s:s, s:s, s:s, s:s}", "by",
			p->step[i]->by, "whom", p->step[i]->whom, "key", p->step[i]->key, "at",
			stamp_text(p->step[i]->at, 0, at), "until",
			stamp_text(p->step[i]->until, 0, until)));
	return all;
}

/* From the key that signs this desk's log; it changes nothing, but only the writer has the
 * key. */
static int path(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	struct trust_path p = { .count = 0 };
	const char *id = op_text(args, "id"), *signer = desk_signer(d);
	int rc = op_may_know(d, who), found = OOPS_UNKNOWN;

	if (rc == 0)
		rc = op_may_see_one(d, who, DESK_contact, &(struct contact){ .id = id });
	if (rc == 0 && signer[0])
		found = trust_path(&p, d, signer, id, TRUST_STEPS_MAX);
	if (rc == 0 && found && found != OOPS_UNKNOWN)
		rc = found;
	if (rc == 0 && json_object_set_new(reply, "steps", steps(&p)))
		rc = -ENOMEM;
	if (rc == 0)
		rc = op_tell_text(reply, "from", signer);
	if (rc == 0)
		rc = op_tell_count(reply, "looked_at", p.looked_at);
	if (rc == 0)
		rc = op_tell_count(reply, "bad", p.bad);
	if (rc == 0)
		rc = json_object_set_new(reply, "trusted", json_boolean(found == 0))
		   ? -ENOMEM : 0;
	if (signer[0])
		trust_path_free(&p);
	return rc;
}

static int answered(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	int rc = op_may_know(d, who);

	if (rc || (rc = desk_begin(d)))
		return rc;
	rc = desk_end(d, drill_answer(d, op_text(args, "token"), op_given(args, "note")
				      ? op_text(args, "note") : N_("noted by hand")));
	return rc ? rc : op_tell_text(reply, "token", op_text(args, "token"));
}

static int drill(struct desk *d, const struct caller *who, json_t *args, json_t *reply)
{
	const struct house *h = desk_house(d);
	int rc = op_may_know(d, who);

	if (rc == 0)
		rc = op_may_see_one(d, who, DESK_contact,
				    &(struct contact){ .id = op_text(args, "id") });
	if (rc == 0 && op_flag(args, "approve") && who->role < ROLE_LEAD)
		rc = desk_fault(d, -EPERM, "letters are approved by a lead");
	if (rc == 0 && h->drill == NULL)
		rc = desk_fault(d, -EOPNOTSUPP, "letters are not written here");
	return rc ? rc : h->drill(h, d, args, reply);
}

#define ID { "id", "the contact", OP_TEXT, true, CONTACT_ID_MAX, NULL }
#define TOLD ID,                                                               \
	{ "name", "as it is written", OP_TEXT, false, OP_LINE, NULL },         \
	{ "kind", "an organisation or one person", OP_CHOICE, false, 0, contact_kinds }, \
	{ "roles", "registrar, operator, host, registry, cert, ...: with commas", OP_TEXT, \
	  false, OP_LINE, NULL },                                              \
	{ "covers", "what it answers for: domains, AS64500, 192.0.2.0/24, iana:9999", OP_TEXT, \
	  false, CONTACT_TEXT_MAX, NULL },                                     \
	{ "organisation", "of a person or desk: whom it belongs to", OP_TEXT, false,       \
	  CONTACT_ID_MAX, NULL },                                              \
	{ "languages", "ISO 639 codes, the best first; letters: en, es or fr, else en",      \
	  OP_TEXT, false, 0, NULL },                                           \
	{ "hours", "when somebody is there", OP_TEXT, false, OP_LINE, NULL },  \
	{ "prefers", "how it wants reports: xarf, mail, web, phone", OP_TEXT, false, 0, NULL }, \
	{ "place", "order of escalation among those that cover the same", OP_COUNT, false, \
	  1000000, NULL },                                                     \
	{ "note", "what one must know", OP_TEXT, false, 8000, NULL }, OP_MARKING
#define ADDRESS ID,                                                            \
	{ "channel", "mail, webhook, phone, web, post or key", OP_CHOICE, true, 0, channels }, \
	{ "value", "the address, number, URL or public key", OP_TEXT, true, 2000, NULL }

static const struct op_arg add_args[] = { TOLD, OP_END };
static const struct op_arg change_args[] = { TOLD,
	{ "changed", "what it said of that when it was looked at; it is refused (409) when "
	  "somebody changed it since", OP_TIME, true, 0, NULL }, OP_END };
static const struct op_arg id_args[] = { ID, OP_END };
static const struct op_arg address_args[] = { ADDRESS,
	{ "place", "which to take first", OP_COUNT, false, 1000000, NULL }, OP_END };
static const struct op_arg drop_args[] = { ADDRESS, OP_END };
static const struct op_arg vouch_args[] = { ID,
	{ "until", "how long it holds; a year when nothing is said", OP_TIME, false, 0, NULL },
	{ "revoke", "take it back", OP_FLAG, false, 0, NULL }, OP_END };
static const struct op_arg statement_args[] = {
	{ "statement", "what somebody else signed and passed on", OP_TEXT, true, 4096, NULL },
	OP_END };
static const struct op_arg drill_args[] = { ID,
	{ "approve", "and give the word at once; a lead may", OP_FLAG, false, 0, NULL },
	{ "dry_run", "only show the letter", OP_FLAG, false, 0, NULL }, OP_END };
static const struct op_arg answered_args[] = {
	{ "token", "of the drill", OP_TEXT, true, 64, NULL },
	{ "note", "what came", OP_TEXT, false, OP_LINE, NULL }, OP_END };

const struct op contact_ops[] = {
	{ "contact.add", "Adds somebody who can act.", ROLE_ANALYST, add_args, add },
	{ "contact.change", "Changes what is told of a contact.", ROLE_ANALYST,
	  change_args, change },
	{ "contact.remove", "Takes a contact away, with addresses and vouches.", ROLE_LEAD,
	  id_args, take_away },
	{ "contact.address", "Adds an address, or changes its place.", ROLE_ANALYST,
	  address_args, add_address },
	{ "contact.drop", "Takes an address away.", ROLE_ANALYST, drop_args, drop_address },
	{ "contact.vouch", "Signs that we vouch for a contact's key, or do no more.", ROLE_LEAD,
	  vouch_args, vouch },
	{ "contact.vouched", "Takes what others signed and passed on.", ROLE_ANALYST,
	  statement_args, take_vouch },
	{ "contact.path", "The path of trust from our key to a contact.", ROLE_VIEWER, id_args,
	  path },
	{ "contact.drill", "Asks a contact for an answer, to see whether it can be reached.",
	  ROLE_ANALYST, drill_args, drill },
	{ "contact.answered", "Notes an answer to a drill.", ROLE_ANALYST, answered_args,
	  answered },
	{ .name = NULL }
};
