/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contacts_trust.c - `vedette contacts vouch | path | drill | answer | reach | sheet`: whom
 * to trust, who can be reached, and the page for the wall. */
#include "base/octets.h"
#include "base/prose.h"
#include "base/stamp.h"
#include "cli/cli.h"
#include "cli/contacts.h"
#include "cli/notify.h"
#include "cli/say.h"
#include "cli/table.h"
#include "model/utf8.h"
#include "respond/drill.h"
#include "respond/notice.h"
#include "respond/trust.h"
#include "run/tell_drill.h"
#include <fcntl.h>
#include <unistd.h>

static int finish(struct sitting *s, int rc, struct buf *out)
{
	rc = desk_end(s->desk, rc);
	if (rc == 0)
		return contacts_print(out);
	buf_free(out);
	return sitting_fault(s, rc);
}

/* ---- trust ---- */

static int take_file(struct sitting *s, const char *path)
{
	struct buf text = { 0 }, out = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = fd < 0 ? -errno : 0;

	if (rc == 0)
		rc = octets_read(&text, fd, 4096);
	if (fd >= 0)
		close(fd);
	if (rc) {
		say_error("%s: %s", path, oops_text(rc));
		buf_free(&text);
		return STATUS_INPUT;
	}
	rc = desk_begin(s->desk);
	if (rc == 0)
		rc = trust_take(s->desk, buf_str(&text));
	buf_free(&text);
	return finish(s, rc, &out);
}

int contacts_vouch(struct sitting *s, int argc, char **argv)
{
	struct address *key = NULL;
	struct buf out = { 0 };
	char *self = NULL;
	struct trust_claim c = { .revokes = contacts_conf.revoke,
		.whom = argc ? argv[0] : "" };
	int rc;

	if (contacts_conf.from && argc == 0)
		return take_file(s, contacts_conf.from);
	c.at = sitting_now(NULL) / STAMP_NS * STAMP_NS;
	c.until = c.at + 365 * 86400 * STAMP_NS;
	if (argc == 0 || (contacts_conf.until && stamp_parse(contacts_conf.until, &c.until))) {
		say_error("vouch for whom, and until when? Write 'vedette contacts vouch ID "
			  "--until 2027-01-31', or 'vedette contacts vouch --from FILE'");
		return STATUS_USAGE;
	}
	rc = desk_begin(s->desk);
	if (rc == 0 && contact_reach(s->desk, c.whom, CHANNEL_KEY, &key) != 1)
		rc = desk_fault(s->desk, OOPS_UNKNOWN, "'%.60s' has no public key on record; a "
			"vouch is for somebody and a key: give it with 'vedette contacts add' or "
			"'change', --public-key HEX", c.whom);
	if (rc == 0)
		rc = trust_self(s->desk, &self);
	if (rc == 0) {
		c.by = self;
		c.key = key->value;
		rc = trust_say(s->desk, &c, &out);
	}
	free(key);
	free(self);
	return finish(s, rc, &out);
}

int contacts_path(struct sitting *s, int argc, char **argv)
{
	struct buf out = { 0 };
	struct trust_path p;
	int rc;

	(void)argc;
	if (desk_signer(s->desk)[0] == 0) {
		say_error("a path begins at your own key; write --key FILE");
		return STATUS_USAGE;
	}
	rc = trust_path(&p, s->desk, desk_signer(s->desk), argv[0], TRUST_STEPS_MAX);
	for (u32 i = 0; i < p.count; i++) {
		char until[STAMP_TEXT_MAX];

		char text[300];

		snprintf(text, sizeof text, _("%u. %.60s vouches for %.60s until %.10s, signed "
			 "with %.16s..."), i + 1, p.step[i]->by, p.step[i]->whom,
			 stamp_text(p.step[i]->until, 0, until), p.step[i]->key);
		utf8_show(&out, text, 0);
		buf_byte(&out, '\n');
	}
	if (rc == OOPS_UNKNOWN)
		buf_fmt(&out, _("No path of at most %u steps leads from your key to %s. "
			"Vouches that were looked at: %llu; past, taken back or not well "
			"signed: %llu.\n"), TRUST_STEPS_MAX, argv[0],
			(unsigned long long)p.looked_at, (unsigned long long)p.bad);
	trust_path_free(&p);
	if (rc && rc != OOPS_UNKNOWN) {
		buf_free(&out);
		return sitting_fault(s, rc);
	}
	return contacts_print(&out) ? STATUS_TROUBLE : rc ? STATUS_FOUND : STATUS_FINE;
}

/* ---- drills ---- */

static int drill_one(struct sitting *s, const char *id)
{
	const struct tell_conf conf = notify_tell();
	struct tell_drill t;

	tell_drill_letter(&t, s->desk, &conf, id, notify_conf.language);
	return notify_drill(s, &t);
}

int contacts_drill(struct sitting *s, int argc, char **argv)
{
	int status = STATUS_FINE;

	for (int i = 0; i < argc && status == STATUS_FINE; i++)
		status = drill_one(s, argv[i]);
	return status;
}

int contacts_answer(struct sitting *s, int argc, char **argv)
{
	struct buf out = { 0 };
	int rc = desk_begin(s->desk);

	(void)argc;
	if (rc == 0)
		rc = drill_answer(s->desk, argv[0], contacts_conf.note ? contacts_conf.note
				  : N_("noted by hand"));
	if (rc == 0)
		buf_fmt(&out, _("The answer to %.40s is noted: who was asked counts as reached "
				"from now on.\n"), argv[0]);
	return finish(s, rc, &out);
}

static const struct column reach_columns[] = {
	{ .title = NC_("column", "ID"), .width = 30 },
	{ .title = NC_("column", "PROVEN"), .width = 10 },
	{ .title = NC_("column", "NAME") },
	{ .title = NULL }
};

struct reaching { struct buf *out; u64 since, count; };

static int not_reached(void *to, const void *record)
{
	const struct contact *c = record;
	struct reaching *r = to;
	struct table t = { r->out, reach_columns, 0 };
	char at[STAMP_TEXT_MAX];

	if (c->proven >= r->since)
		return 0;
	if (r->count++ == 0)
		table_head(&t);
	stamp_text(c->proven, 0, at);
	at[10] = 0;
	table_put(&t, c->id);
	table_put(&t, c->proven ? at : _("never"));
	table_put(&t, c->name);
	table_end(&t);
	return 0;
}

int contacts_reach_report(struct sitting *s, int argc, char **argv)
{
	const struct store_query q = { .table = DESK_contact, .order = "proven id" };
	struct buf out = { 0 };
	struct reaching r = { &out, 0, 0 };
	u64 silent = 0, now = sitting_now(NULL);
	int rc = desk_begin(s->desk);

	(void)argc;
	(void)argv;
	r.since = now - min_u64(now, contacts_conf.days * 86400 * STAMP_NS);
	if (rc == 0)
		rc = drill_lapse(s->desk, &silent);
	if (rc == 0)
		rc = gate_each(s->gate, &q, not_reached, &r);
	buf_fmt(&out, n_("%llu contact was not reached for %llu days.\n",
			 "%llu contacts were not reached for %llu days.\n", r.count),
		(unsigned long long)r.count, (unsigned long long)contacts_conf.days);
	if (silent)
		buf_fmt(&out, n_("%llu drill ended without an answer since this was last looked "
				 "at.\n", "%llu drills ended without an answer since this was "
				 "last looked at.\n", silent), (unsigned long long)silent);
	return finish(s, rc, &out);
}

/* ---- the page for the wall ---- */

struct sheet { struct sitting *s; struct buf *out; unsigned role; bool html, any; };

static void put(struct sheet *h, const char *text)
{
	if (!h->html) {
		utf8_show(h->out, text, 0);
		return;
	}
	for (; *text; text++) {
		if (strchr("<>&\"'", *text))
			buf_fmt(h->out, "&#%d;", *text);
		else
			buf_byte(h->out, (u8)*text);
	}
}

static int sheet_address(void *to, const void *record)
{
	const struct address *a = record;
	struct sheet *h = to;
	char at[STAMP_TEXT_MAX];

	if (a->channel == CHANNEL_KEY)
		return 0;
	buf_text(h->out, h->html ? "<br>" : "    ");
	prose_cell(h->out, C_("channel", channels[a->channel]), h->html ? 0 : 8);
	buf_byte(h->out, ' ');
	put(h, a->value);
	if (a->proof != PROOF_UNTRIED)
		buf_fmt(h->out, " (%s %.10s)", C_("proof", proofs[a->proof]),
			stamp_text(a->at, 0, at));
	if (!h->html)
		buf_byte(h->out, '\n');
	return 0;
}

static int sheet_contact(void *to, const void *record)
{
	const struct contact *c = record;
	const struct store_cond cond = { .field = "contact", .op = STORE_IS, .text = c->id };
	const struct store_query q = { .table = DESK_address, .conds = &cond, .count = 1,
		.order = "channel place" };
	struct sheet *h = to;
	char at[STAMP_TEXT_MAX];
	int rc;

	if (!contact_has(c->roles, contact_roles[h->role]))
		return 0;
	if (!h->any)
		buf_fmt(h->out, h->html ? "<h2>%s</h2>\n" : "\n%s\n",
			C_("contact role", contact_roles[h->role]));
	h->any = true;
	buf_text(h->out, h->html ? "<p><b>" : "  ");
	put(h, c->name);
	buf_fmt(h->out, h->html ? "</b> (%s)" : " (%s)", c->id);
	if (c->hours[0]) {
		buf_text(h->out, ", ");
		put(h, c->hours);
	}
	if (c->proven)
		buf_fmt(h->out, _(", last proven %.10s"), stamp_text(c->proven, 0, at));
	else
		buf_text(h->out, _(", never proven"));
	buf_text(h->out, h->html ? "" : "\n");
	rc = gate_each(h->s->gate, &q, sheet_address, h);
	buf_text(h->out, h->html ? "</p>\n" : "");
	return rc;
}

int contacts_sheet(struct sitting *s, int argc, char **argv)
{
	const struct store_query q = { .table = DESK_contact, .order = "place id" };
	struct buf out = { 0 };
	struct sheet h = { .s = s, .out = &out, .html = contacts_conf.html };
	char at[STAMP_TEXT_MAX];
	int rc = 0;

	(void)argc;
	(void)argv;
	stamp_text(sitting_now(NULL), 0, at);
	if (h.html)
		buf_fmt(&out, "<!DOCTYPE html><html lang=\"%s\"><meta charset=\"utf-8\">"
			"<title>%s</title><style>body{font:11pt sans-serif;columns:2}"
			"p{break-inside:avoid;margin:.4em 0}h2{margin:.6em 0 0}</style>\n<h1>",
			tongue_lang(tongue_now()), _("Who can act"));
	buf_fmt(&out, _("Who can act, as of %.10s. TLP:AMBER+STRICT"), at);
	buf_text(&out, h.html ? "</h1>\n" : "\n");
	for (h.role = 0; h.role < ACTS_COUNT && rc == 0; h.role++) {
		h.any = false;
		rc = gate_each(s->gate, &q, sheet_contact, &h);
	}
	if (h.html)
		buf_text(&out, "</html>\n");
	return rc ? (buf_free(&out), sitting_fault(s, rc)) : contacts_print(&out);
}
