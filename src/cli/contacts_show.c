/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contacts_show.c - `vedette contacts list | show | route | sheet`: what is known of people,
 * as tables, JSON Lines and the page for the wall. */
#include "cli/contacts.h"
#include "base/buf.h"
#include "base/stamp.h"
#include "cli/cli.h"
#include "cli/say.h"
#include "cli/term.h"
#include "model/utf8.h"

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
		return "never";
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

/* A cell of `columns` columns, padded, or the last one without a bound. */
static void cell(struct buf *out, const char *text, unsigned columns)
{
	unsigned used = utf8_show(out, text, columns);

	if (columns)
		buf_fill(out, ' ', columns - used + 2);
}

static int list_one(void *to, const void *record)
{
	const struct contact *c = record;
	struct buf *out = to;
	char line[LINE], at[STAMP_TEXT_MAX];

	if (contacts_conf.role && !contact_has(c->roles, contacts_conf.role))
		return 0;
	if (contacts_conf.json) {
		record_json(out, DESK_contact, c);
		return 0;
	}
	cell(out, c->id, 26);
	cell(out, contact_words(c->roles, line, sizeof line), 20);
	cell(out, day(c->proven, at), 10);
	cell(out, label_text(c->tlp) + 4, 12);
	utf8_show(out, c->name, 0);
	buf_byte(out, '\n');
	return buf_error(out);
}

int contacts_list(struct sitting *s, int argc, char **argv)
{
	const struct store_query q = { .table = DESK_contact, .order = "id",
		.any = "id name covers note", .text = argc ? argv[0] : NULL };
	struct buf out = { 0 };
	int rc;

	if (!contacts_conf.json)
		buf_fmt(&out, "%-26s  %-20s  %-10s  %-12s  %s\n", "ID", "ROLES", "PROVEN",
			"CLEARED FOR", "NAME");
	rc = gate_each(s->gate, &q, list_one, &out);
	if (rc) {
		buf_free(&out);
		return sitting_fault(s, rc);
	}
	return contacts_print(&out);
}

/* ---- one contact ---- */

static void fact(struct buf *out, const char *what, const char *text)
{
	if (text == NULL || text[0] == 0)
		return;
	buf_fmt(out, "  %-13s ", what);
	for (const char *p = text; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		char line[1000];

		snprintf(line, sizeof line, "%.*s", (int)strcspn(p, "\n"), p);
		if (p != text)
			buf_fmt(out, "\n  %-13s ", "");
		utf8_show(out, line, 0);
	}
	buf_byte(out, '\n');
}

static int show_address(void *to, const void *record)
{
	const struct address *a = record;
	char text[700], at[STAMP_TEXT_MAX];

	if (a->proof == PROOF_UNTRIED)
		snprintf(text, sizeof text, "%.500s", a->value);
	else
		snprintf(text, sizeof text, "%.500s   (%s %s)", a->value, proofs[a->proof],
			 day(a->at, at));
	if (contacts_conf.json)
		record_json(to, DESK_address, a);
	else
		fact(to, channels[a->channel], text);
	return 0;
}

static void show_contact(struct buf *out, const struct contact *c)
{
	char line[CONTACT_TEXT_MAX], at[STAMP_TEXT_MAX], text[MARKING_TEXT_MAX];

	utf8_show(out, c->name, 0);
	buf_fmt(out, "  (%s, %s)\n", c->id, contact_kinds[c->kind]);
	fact(out, "roles", contact_words(c->roles, line, sizeof line));
	fact(out, "covers", contact_words(c->covers, line, sizeof line));
	fact(out, "organisation", c->organisation);
	fact(out, "languages", c->languages);
	fact(out, "hours", c->hours);
	fact(out, "prefers", c->prefers);
	fact(out, _("cleared for"),
		marking_text((struct marking){ c->tlp, c->pap }, text));
	fact(out, _("last proven"), day(c->proven, at));
	fact(out, "from", c->source);
	fact(out, "note", c->note);
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
		say_error("contacts: there is no contact '%s'; 'vedette contacts list' lists "
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

static void step_text(struct buf *out, struct sitting *s, const struct route_step *st,
		      const char *role)
{
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
		cell(out, role, 9);
		cell(out, st->contact->id, 30);
		cell(out, cover, 22);
		utf8_show(out, a ? a->value : _("no address"), 0);
		buf_byte(out, '\n');
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
		say_error("contacts: --role: '%s' is no role", contacts_conf.role);
		free(r);
		return STATUS_USAGE;
	}
	if (!marking_allows(DESK_MARKING, gate_audience(s->gate)->clearance)) {
		say_error("contacts: they are TLP:AMBER+STRICT PAP:AMBER");
		free(r);
		return STATUS_USAGE;
	}
	for (int i = 0; i < argc; i++)
		if (!cover_may_match(argv[i])) {
			say_error("contacts: '%s' is nothing that somebody answers for; write a "
				  "domain, an address, a URL, AS64500 or iana:9999", argv[i]);
			free(r);
			return STATUS_USAGE;
		}
	if (rc == 0)
		rc = route_find(r, s->desk, (const char *const *)argv, (size_t)argc, wanted);
	for (u32 i = 0; rc == 0 && i < r->count; i++) {
		bool same = i && r->step[i].role == r->step[i - 1].role;

		step_text(&out, s, &r->step[i], same ? "" : contact_roles[r->step[i].role]);
	}
	if (rc == 0 && r->count == 0 && !contacts_conf.json)
		buf_text(&out, _("Nobody on record covers this.\n"));
	if (r)
		route_free(r);
	free(r);
	return rc ? (buf_free(&out), sitting_fault(s, rc)) : contacts_print(&out);
}
