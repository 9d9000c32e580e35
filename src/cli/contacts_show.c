/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contacts_show.c - `vedette contacts list | show | route | sheet`: what is known of people,
 * as tables, JSON Lines and the page for the wall. */
#include "cli/contacts.h"
#include "base/buf.h"
#include "base/stamp.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/table.h"
#include "model/utf8.h"
#include "respond/letter.h"

#define LINE 200

int contacts_print(struct buf *out)
{
	int status = say_print(out);

	buf_free(out);
	return status;
}

static const char *day(u64 at, char to[STAMP_TEXT_MAX])
{
	if (at == 0)
		return _("never");
	stamp_text(at, 0, to);
	to[10] = 0;
	return to;
}

static void record_json(struct buf *out, enum desk_table t, const void *record)
{
	buf_byte(out, '{');
	fields_json(out, desk_nouns[t].fields, record);
	buf_text(out, "}\n");
}

static const struct column columns[] = {
	{ .title = NC_("column", "ID"), .width = 26 },
	{ .title = NC_("column", "ROLES"), .width = 24 },
	{ .title = NC_("column", "PROVEN"), .width = 10 },
	{ .title = NC_("column", "CLEARED FOR"), .width = 12 },
	{ .title = NC_("column", "NAME") },
	{ .title = NULL }
};

/* "registrar\nabuse" as "registrador, abuso". */
static char *roles_said(const char *lines, char to[LINE])
{
	size_t n = 0;

	to[0] = 0;
	for (const char *p = lines; *p && n < LINE; p += strcspn(p, "\n"), p += *p == '\n') {
		char word[40];

		snprintf(word, sizeof word, "%.*s", (int)strcspn(p, "\n"), p);
		n += (size_t)snprintf(to + n, LINE - n, "%s%s", n ? ", " : "",
				      C_("contact role", word));
	}
	return to;
}

struct listing { struct buf *out; u64 count; };

static int list_one(void *to, const void *record)
{
	const struct contact *c = record;
	struct listing *l = to;
	struct table t = { l->out, columns, 0 };
	char line[LINE], at[STAMP_TEXT_MAX];

	if (contacts_conf.role && !contact_has(c->roles, contacts_conf.role))
		return 0;
	if (contacts_conf.json) {
		record_json(l->out, DESK_contact, c);
		return 0;
	}
	if (l->count++ == 0)
		table_head(&t);
	table_put(&t, c->id);
	table_put(&t, roles_said(c->roles, line));
	table_put(&t, day(c->proven, at));
	table_put(&t, label_text(c->tlp) + 4);
	table_put(&t, c->name);
	table_end(&t);
	return buf_error(l->out);
}

int contacts_list(struct sitting *s, int argc, char **argv)
{
	const struct store_query q = { .table = DESK_contact, .order = "id",
		.any = "id name covers note", .text = argc ? argv[0] : NULL };
	struct buf out = { 0 };
	struct listing l = { &out, 0 };
	int rc = gate_each(s->gate, &q, list_one, &l);

	if (rc) {
		buf_free(&out);
		return sitting_fault(s, rc);
	}
	if (l.count == 0 && !contacts_conf.json && gate_withheld(s->gate) == 0)
		buf_text(&out, argc || contacts_conf.role ? _("No contact is like that.\n")
			 : _("There are no contacts yet: those who can act, and how they are "
			     "reached. 'vedette contacts add' enters one, 'vedette contacts "
			     "import' takes those of RDAP answers and tables.\n"));
	return contacts_print(&out);
}

/* ---- one contact ---- */

static void fact(struct buf *out, const char *what, const char *text)
{
	table_fact(out, (struct fact_style){ 2, 13 }, what, text);
}

static int show_address(void *to, const void *record)
{
	const struct address *a = record;
	char text[700], at[STAMP_TEXT_MAX];

	if (a->proof == PROOF_UNTRIED)
		snprintf(text, sizeof text, "%.500s", a->value);
	else
		snprintf(text, sizeof text, "%.500s   (%s %s)", a->value,
			 C_("proof", proofs[a->proof]),
			 day(a->at, at));
	if (contacts_conf.json)
		record_json(to, DESK_address, a);
	else
		fact(to, C_("channel", channels[a->channel]), text);
	return 0;
}

static void show_contact(struct buf *out, const struct contact *c)
{
	char line[CONTACT_TEXT_MAX], at[STAMP_TEXT_MAX], text[MARKING_TEXT_MAX], acts[LINE];
	struct buf source = { 0 };

	utf8_show(out, c->name, 0);
	buf_fmt(out, "  (%s, %s)\n", c->id, C_("contact kind", contact_kinds[c->kind]));
	fact(out, C_("contact", "roles"), roles_said(c->roles, acts));
	fact(out, C_("contact", "covers"), contact_words(c->covers, line, sizeof line));
	fact(out, C_("contact", "belongs to"), c->organisation);
	fact(out, C_("contact", "languages"), c->languages);
	if (c->languages[0])
		fact(out, C_("contact", "letters in"), letter_language(c->languages));
	fact(out, C_("contact", "hours"), c->hours);
	fact(out, C_("contact", "prefers"), c->prefers);
	fact(out, _("cleared for"), marking_text((struct marking){ c->tlp, c->pap }, text));
	fact(out, _("last proven"), day(c->proven, at));
	say_stored(&source, tongue_now(), c->source);
	fact(out, C_("contact", "from"), buf_str(&source));
	buf_free(&source);
	fact(out, C_("contact", "note"), c->note);
}

int contacts_show(struct sitting *s, int argc, char **argv)
{
	const struct store_cond cond = { .field = "contact", .op = STORE_IS, .text = argv[0] };
	const struct store_query q = { .table = DESK_address, .conds = &cond, .count = 1,
		.order = "channel place value" };
	struct buf out = { 0 };
	void *found = NULL;
	int rc = gate_take(s->gate, DESK_contact, &(struct contact){ .id = argv[0] }, &found);

	(void)argc;
	if (rc == 0) {
		say_error("there is no contact '%s'; 'vedette contacts list' lists "
			  "them", argv[0]);
		return STATUS_USAGE;
	}
	if (rc == 1 && contacts_conf.json)
		record_json(&out, DESK_contact, found);
	else if (rc == 1)
		show_contact(&out, found);
	if (rc == 1)
		rc = gate_each(s->gate, &q, show_address, &out);
	free(found);
	if (rc < 0) {
		say_error("%s", gate_error(s->gate));
		buf_free(&out);
		return STATUS_USAGE;
	}
	return contacts_print(&out);
}

/* ---- who can act ---- */

static int roles_of(const char *text, u32 *ret)
{
	*ret = 0;
	for (const char *p = text ? text : ""; *p; p += strcspn(p, ","), p += *p == ',') {
		char word[40];
		int role;

		snprintf(word, sizeof word, "%.*s", (int)strcspn(p, ","), p);
		if ((role = choice_parse(contact_roles, word)) < 0)
			return OOPS_UNKNOWN;
		*ret |= 1u << role;
	}
	return 0;
}

static const struct column steps[] = {
	{ .title = NC_("column", "ROLE"), .width = 9, .context = "contact role",
	  .words = contact_roles },
	{ .title = NC_("column", "ID"), .width = 30 },
	{ .title = NC_("column", "COVERS"), .width = 22 },
	{ .title = NC_("column", "ADDRESS") },
	{ .title = NULL }
};

static void step_text(struct buf *out, struct sitting *s, const struct route_step *st,
		      const char *role)
{
	struct table t = { out, steps, 0 };
	struct address *a = NULL;
	char cover[120];

	snprintf(cover, sizeof cover, "%.*s", (int)strcspn(st->cover, "\n"), st->cover);
	if (contact_reach(s->desk, st->contact->id, CHANNEL_MAIL, &a) == 0)
		contact_reach(s->desk, st->contact->id, CHANNEL_PHONE, &a);
	if (contacts_conf.json) {
		buf_text(out, "{\"role\":");
		utf8_json(out, contact_roles[st->role]);
		buf_text(out, ",\"contact\":");
		utf8_json(out, st->contact->id);
		buf_text(out, ",\"covers\":");
		utf8_json(out, cover);
		buf_text(out, ",\"address\":");
		utf8_json(out, a ? a->value : "");
		buf_text(out, "}\n");
	} else {
		table_put(&t, role);
		table_put(&t, st->contact->id);
		table_put(&t, cover);
		table_put(&t, a ? a->value : _("no address"));
		table_end(&t);
	}
	free(a);
}

int contacts_route(struct sitting *s, int argc, char **argv)
{
	struct route *r = calloc(1, sizeof *r);
	struct buf out = { 0 };
	int rc = r ? 0 : -ENOMEM;
	u32 wanted;

	if (roles_of(contacts_conf.role, &wanted)) {
		say_error("--role: '%s' is no role", contacts_conf.role);
		free(r);
		return STATUS_USAGE;
	}
	if (!marking_allows(DESK_MARKING, gate_audience(s->gate)->clearance)) {
		say_error("they are TLP:AMBER+STRICT PAP:AMBER");
		free(r);
		return STATUS_USAGE;
	}
	for (int i = 0; i < argc; i++)
		if (!cover_may_match(argv[i])) {
			say_error("'%s' is nothing that somebody answers for; write a "
				  "domain, an address, a URL, AS64500 or iana:9999", argv[i]);
			free(r);
			return STATUS_USAGE;
		}
	if (rc == 0)
		rc = route_find(r, s->desk, (const char *const *)argv, (size_t)argc, wanted);
	if (rc == 0 && r->count && !contacts_conf.json)
		table_head(&(struct table){ &out, steps, 0 });
	for (u32 i = 0; rc == 0 && i < r->count; i++) {
		bool same = i && r->step[i].role == r->step[i - 1].role;

		step_text(&out, s, &r->step[i], same ? "" : contact_roles[r->step[i].role]);
	}
	if (rc == 0 && r->count == 0 && !contacts_conf.json)
		buf_text(&out, _("Nobody on record covers this. 'vedette contacts "
			 "add' enters who does.\n"));
	if (r)
		route_free(r);
	free(r);
	return rc ? (buf_free(&out), sitting_fault(s, rc)) : contacts_print(&out);
}
