/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contacts_import.c - `vedette contacts import`: contacts of RDAP answers and tables, shown
 * before anything is changed. What people decided here (clearance, hours, notes) is never
 * taken from RDAP. */
#include "base/buf.h"
#include "base/num.h"
#include "cli/cli.h"
#include "cli/contacts.h"
#include "cli/say.h"
#include "model/utf8.h"
#include "run/enrol.h"

struct importing {
	struct sitting *s;
	struct buf *out;
	u64 added, changed, same, bad;
};

static const char *text_of(json_t *e, const char *key)
{
	const char *text = json_string_value(json_object_get(e, key));

	return text ? text : "";
}

/* Takes what the entry says of a text; true when that is new. */
static bool amend(const char **to, json_t *e, const char *key)
{
	const char *is = text_of(e, key);

	if (is[0] == 0 || strcmp(*to ? *to : "", is) == 0)
		return false;
	*to = is;
	return true;
}

/* Lines of both, each once, in `all`; true when the entry brought some. */
static bool join(struct buf *all, const char *was, const char *more)
{
	bool is_new = false;
	char line[300];

	buf_text(all, was ? was : "");
	for (const char *p = more; *p; p += strcspn(p, " ,;\n"), p += *p != 0) {
		snprintf(line, sizeof line, "%.*s", (int)strcspn(p, " ,;\n"), p);
		if (line[0] == 0 || contact_has(buf_str(all), line))
			continue;
		buf_fmt(all, "%s%s", all->len ? "\n" : "", line);
		is_new = true;
	}
	return is_new;
}

static void tell(struct importing *m, char sign, const char *id, const char *what)
{
	buf_fmt(m->out, "%c ", sign);
	utf8_show(m->out, id, 60);
	buf_text(m->out, "  ");
	utf8_show(m->out, what, 200);
	buf_byte(m->out, '\n');
}

/* Addresses that are not there yet; how many, or negative. */
static int addresses(struct importing *m, json_t *e)
{
	struct desk *d = m->s->desk;
	int added = 0;

	for (unsigned ch = 0; ch < CHANNEL_COUNT; ch++)
		for (const char *p = text_of(e, channels[ch]); *p;
		     p += strcspn(p, "\n"), p += *p == '\n') {
			char value[600];
			void *was = NULL;
			struct address a = { .contact = text_of(e, "id"), .channel = (u8)ch,
				.value = value };
			int rc;

			snprintf(value, sizeof value, "%.*s", (int)strcspn(p, "\n"), p);
			rc = desk_find(d, DESK_address, &a, &was);
			free(was);
			if (rc == 0) {
				rc = contact_address(d, &a);
				if (rc == OOPS_FORMAT) {
					tell(m, '!', a.contact, desk_error(d));
					m->bad++;
					rc = 0;
				} else if (rc == 0) {
					added++;
				}
			}
			if (rc < 0)
				return rc;
		}
	return added;
}

/* What a cell says that has no meaning: a sentence into why[]. */
static int cell_wrong(char why[200], const char *format, const char *text)
	__attribute__((format(printf, 2, 0)));
static int cell_wrong(char why[200], const char *format, const char *text)
{
	snprintf(why, 200, format, text);
	return OOPS_FORMAT;
}

/* A table's words for what people decide here: 0, or OOPS_FORMAT and why[]. */
static int by_table_only(struct contact *c, json_t *e, bool *changed, char why[200])
{
	struct marking mark = { c->tlp, c->pap };
	const char *text;

	if (strcmp(text_of(e, "source"), "csv"))
		return 0;
	*changed |= amend(&c->languages, e, "languages");
	*changed |= amend(&c->hours, e, "hours");
	*changed |= amend(&c->prefers, e, "prefers");
	*changed |= amend(&c->note, e, "note");
	if ((text = text_of(e, "place"))[0] && num_u64(text, 0, UINT32_MAX, &c->place))
		return cell_wrong(why, _("'%.80s' is no place in an order: write a number"),
				  text);
	if ((text = text_of(e, "tlp"))[0] && marking_parse(text, &mark))
		return cell_wrong(why, _("'%.80s' is no label; write \"TLP:AMBER "
				  "PAP:GREEN\""), text);
	if ((text = text_of(e, "pap"))[0] && pap_parse(text) < 0)
		return cell_wrong(why, _("'%.80s' is no label; write PAP:GREEN"), text);
	if (text[0])
		mark.pap = (u8)pap_parse(text);
	if ((text = text_of(e, "kind"))[0] && choice_parse(contact_kinds, text) < 0)
		return cell_wrong(why, _("'%.80s' is no kind of contact: write organisation "
				  "or person"), text);
	*changed |= mark.tlp != c->tlp || mark.pap != c->pap;
	c->tlp = mark.tlp;
	c->pap = mark.pap;
	return 0;
}

static int one(struct importing *m, json_t *e)
{
	struct contact *was = NULL, c = { .id = text_of(e, "id") };
	struct buf covers = { 0 }, roles_are = { 0 };
	char why[200] = "";
	bool changed = false;
	int rc = contact_find(m->s->desk, c.id, &was), more = 0;

	if (was)
		c = *was;
	changed = amend(&c.name, e, "name");
	changed |= amend(&c.organisation, e, "organisation");
	changed |= amend(&c.source, e, "source");
	changed |= amend(&c.handle, e, "handle");
	changed |= join(&covers, c.covers, text_of(e, "covers"));
	changed |= join(&roles_are, c.roles, text_of(e, "roles"));
	c.covers = buf_str(&covers);
	c.roles = buf_str(&roles_are);
	if (choice_parse(contact_kinds, text_of(e, "kind")) > 0)
		c.kind = (u8)choice_parse(contact_kinds, text_of(e, "kind"));
	if (rc >= 0 && by_table_only(&c, e, &changed, why))
		rc = OOPS_FORMAT;
	if (rc >= 0 && (changed || was == NULL))
		rc = contact_set(m->s->desk, &c);
	if (rc >= 0)
		more = rc = addresses(m, e);
	if (rc == OOPS_FORMAT || rc == OOPS_UNKNOWN || rc == OOPS_LIMIT) {
		tell(m, '!', c.id ? c.id : "", why[0] ? why : desk_error(m->s->desk));
		m->bad++;
		rc = 0;
	} else if (rc >= 0) {
		*(was == NULL ? &m->added : changed || more ? &m->changed : &m->same) += 1;
		if (was == NULL || changed || more)
			tell(m, was ? '~' : '+', c.id, c.name);
	}
	free(was);
	buf_free(&covers);
	buf_free(&roles_are);
	return rc < 0 ? rc : 0;
}

/* Columns that nobody reads: which, and what they are called. */
static void tell_unread(struct importing *m, const char *name, const char *columns)
{
	struct buf shown = { 0 };

	if (columns[0] == 0)
		return;
	utf8_show(&shown, columns, 180);
	buf_fmt(m->out, _("%s: columns that are not known, and not read: %s. Known are: id, name, "
		"kind, roles, covers, organisation, languages, hours, prefers, place, note, "
		"cleared (or tlp and pap), mail, phone, web, webhook, post, key.\n"), name,
		buf_str(&shown));
	buf_free(&shown);
}

static int import_all(struct importing *m, json_t *entries)
{
	json_t *e;
	size_t i;
	int rc = 0;

	json_array_foreach(entries, i, e)
		if ((rc = one(m, e)))
			break;
	return rc;
}

int contacts_import(struct sitting *s, int argc, char **argv)
{
	struct buf out = { 0 };
	struct importing m = { .s = s, .out = &out };
	struct roll_counts counts, all = { 0 };
	char why[ROLL_WHY];
	json_t *entries;
	int rc = desk_begin(s->desk), trouble = 0;

	for (int i = 0; i < argc && rc == 0; i++) {
		if (enrol_read(argv[i], &entries, &counts, why)) {
			say_error("%s: %s", argv[i], why);
			trouble++;
			continue;
		}
		tell_unread(&m, argv[i], counts.unread);
		rc = import_all(&m, entries);
		all.redacted += counts.redacted;
		all.left += counts.left;
		json_decref(entries);
	}
	if (rc || contacts_conf.yes)
		rc = desk_end(s->desk, rc);
	else
		desk_end(s->desk, -ECANCELED);
	if (rc || (trouble && trouble == argc)) {
		buf_free(&out);
		return rc ? sitting_fault(s, rc) : STATUS_INPUT;
	}
	buf_fmt(&out, _("New: %llu; changed: %llu; as they were: %llu; not good: %llu; left "
		"out: %llu redacted, %llu without an id.\n%s"), (unsigned long long)m.added,
		(unsigned long long)m.changed, (unsigned long long)m.same,
		(unsigned long long)m.bad, (unsigned long long)all.redacted,
		(unsigned long long)all.left, contacts_conf.yes ? ""
		: _("Nothing was changed; --yes does it.\n"));
	rc = contacts_print(&out);
	return rc ? rc : trouble ? STATUS_INPUT : STATUS_FINE;
}
