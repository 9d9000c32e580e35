/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gate_release.c - what may leave: nouns become items, items go into a release, what is
 * refused goes into the log; see gate.h.
 *
 * Who reported something is no part of it unless the wish says so: the desk stands for them.
 * Their name stays here, and where their address stands in what they wrote, "[reporter]"
 * stands instead. Else whoever is reported, or a host that they pay, would learn it. */
#include "respond/gate_own.h"
#include "base/buf.h"
#include "store/read.h"
#include "model/digest.h"
#include "model/remark.h"

/* ---- items of nouns ---- */

static u8 kind_of(const char *text)
{
	int n = choice_parse(subject_kinds, text);

	return n < 0 ? (u8)subject_kind_of(text) : (u8)n;
}

void item_of_finding(struct item *ret, const struct finding *f, struct gate_room *room)
{
	const struct marking m = marking_read(f->label);
	size_t n = 0;

	room->a[0] = 0;
	for (u32 i = 0; i < f->related_count && n < sizeof room->a - 1; i++)
		n += (size_t)snprintf(room->a + n, sizeof room->a - n, "%s%s:%s",
			i ? "\n" : "", f->related[i].role, f->related[i].name);
	if (n >= sizeof room->a)	/* only whole lines */
		*strrchr(room->a, '\n') = 0;
	*ret = (struct item){
		.id = f->id, .kind = ITEM_OBSERVATION, .subject_kind = kind_of(f->subject_kind),
		.subject = f->subject, .rule = f->rule, .title = f->rule,
		.text = f->sentence, .severity = f->severity, .confidence = f->confidence,
		.first_seen = f->from, .last_seen = f->until, .created = f->until,
		.modified = f->until, .sightings = f->evidence_all, .tags = room->a,
		.tlp = m.tlp, .pap = m.pap,
	};
}

void item_of_incident(struct item *ret, const struct incident *i, struct gate_room *room)
{
	snprintf(room->a, sizeof room->a, "state:%s\nfamily:%s", incident_states[i->state],
		 i->family);
	*ret = (struct item){
		.id = room->id, .kind = ITEM_INCIDENT, .subject_kind = i->subject_kind,
		.subject = i->subject, .title = i->title, .text = i->reason,
		.severity = i->severity, .confidence = i->confidence,
		.first_seen = i->first_seen, .last_seen = i->last_seen, .created = i->opened,
		.modified = i->changed, .sightings = i->findings + i->reports,
		.tags = room->a, .tlp = i->tlp, .pap = i->pap,
	};
	if (choice_parse(abuse_names, i->family) > 0)
		ret->abuse = (u8)choice_parse(abuse_names, i->family);
}

void item_of_note(struct item *ret, const struct note *n, struct gate_room *room)
{
	*ret = (struct item){ .kind = ITEM_NOTE, .title = N_("note"), .text = n->text,
		.source = n->author, .created = n->at, .modified = n->at, .tlp = n->tlp,
		.pap = n->pap, .parent = room->parent };
	item_identify(ret, room->id);
}

void item_of_report(struct item *ret, const struct report *r, struct gate_room *room)
{
	(void)room;
	*ret = (struct item){ .id = r->item, .kind = ITEM_REPORT,
		.subject_kind = r->subject_kind, .subject = r->subject, .abuse = r->abuse,
		.title = r->title, .text = behind_remark(r->text ? r->text : ""),
		.confidence = r->weight,
		.first_seen = r->seen, .last_seen = r->seen, .created = r->received,
		.modified = max_u64(r->received, r->changed), .sightings = 1 + r->copies,
		.references = r->references, .evidence = r->original, .tlp = r->tlp,
		.pap = r->pap };
}

void item_of_indicator(struct item *ret, const struct indicator *i)
{
	*ret = (struct item){ .id = i->id, .kind = ITEM_INDICATOR,
		.subject_kind = i->subject_kind, .subject = i->subject, .abuse = i->abuse,
		.title = i->title, .severity = i->severity, .confidence = i->confidence,
		.first_seen = i->first_seen, .last_seen = i->last_seen, .created = i->taken,
		.modified = i->taken, .valid_until = i->valid_until,
		.source = i->source && strchr(i->source, '@') ? "" : i->source,
		.references = i->references, .tags = i->tags, .evidence = i->document,
		.action = i->action, .tlp = i->tlp, .pap = i->pap };
}

static int first_hash(void *to, const struct event *e)
{
	snprintf(to, 65, "%s", e->hash);
	return 1;
}

int gate_incident_id(struct gate *g, u64 number, char ret[65])
{
	char hash[65] = "";
	u8 raw[DIGEST_OCTETS];
	struct digest d;
	int rc = store_each_event(g->store, 1, 1, NULL, first_hash, hash);

	if (rc < 0)
		return rc;
	digest_init(&d);
	digest_text(&d, "VN1");
	digest_text(&d, hash);
	digest_u64(&d, number);
	digest_end(&d, raw);
	hex_text(raw, sizeof raw, ret);
	return 0;
}

/* ---- filling ---- */

struct filling {
	struct gate *gate;
	struct release *release;
	const struct gate *asker;	/* struct gate_wish */
	bool reporters;
	const char *parent;	/* of what is added */
};

/* Is it there for who asks? */
static bool is_there(const struct filling *f, struct marking m)
{
	return f->asker == NULL || marking_allows(m, f->asker->who.clearance);
}

static int add(struct filling *f, struct item *i)
{
	int rc;

	if (!is_there(f, item_marking(i)))
		return 0;

	if (f->parent)
		i->parent = f->parent;
	rc = release_add(f->release, i);
	return rc < 0 ? rc : 0;
}

static int add_finding(void *to, const struct finding *f)
{
	struct filling *fill = to;
	struct gate_room room;
	struct marking m;
	struct item i;
	int rc = gate_finding_marking(fill->gate, f, &m);

	if (rc)
		return rc;
	item_of_finding(&i, f, &room);
	i.tlp = m.tlp;
	i.pap = m.pap;
	return add(fill, &i);
}

/* The e-mail address in what a reporter is called: its length, 0 when there is none. */
static size_t address_in(const char *sender, const char **ret)
{
	static const char ends[] = " \t<>()\"',;";
	const char *at = sender ? strchr(sender, '@') : NULL, *from = at;

	while (at && from > sender && !strchr(ends, from[-1]))
		from--;
	*ret = from;
	return at ? (size_t)(at - from) + strcspn(at, ends) : 0;
}

static const char *without(struct buf *to, const char *text, const char *address, size_t n)
{
	for (size_t step; *text; text += step) {
		const bool is = strncasecmp(text, address, n) == 0;

		step = is ? n : 1;
		buf_add(to, is ? "[reporter]" : text, is ? 10 : 1);
	}
	return buf_str(to);
}

static int add_report(void *to, const void *record)
{
	struct buf title = { 0 }, text = { 0 }, references = { 0 };
	const struct report *r = record;
	struct filling *f = to;
	struct gate_room room;
	const char *address;
	struct item i;
	size_t n;
	int rc;

	item_of_report(&i, r, &room);
	if (f->reporters) {
		i.source = r->sender;
	} else if ((n = address_in(r->sender, &address))) {
		i.title = without(&title, i.title, address, n);
		i.text = without(&text, i.text, address, n);
		i.references = without(&references, i.references, address, n);
	}
	rc = buf_error(&title) || buf_error(&text) || buf_error(&references) ? -ENOMEM
	     : add(f, &i);
	buf_free(&title);
	buf_free(&text);
	buf_free(&references);
	return rc;
}

static int add_indicator(void *to, const void *record)
{
	const struct indicator *is = record;
	struct filling *f = to;
	struct item i;

	item_of_indicator(&i, is);
	if (f->reporters)
		i.source = is->source;
	return add(f, &i);
}

static int add_note(void *to, const void *record)
{
	const struct note *n = record;
	struct filling *fill = to;
	struct gate_room room;
	struct item i;

	if (n->place == NOTE_APART)	/* for people at the desk, and nobody else */
		return 0;
	snprintf(room.parent, sizeof room.parent, "%s", fill->parent);
	item_of_note(&i, n, &room);
	return add(fill, &i);
}

/* A finding that was named by an incident and is in the store no more is left out. */
static int add_member(void *to, const void *record)
{
	const struct member *m = record;
	struct filling *fill = to;
	const struct report key = { .number = strtoull(m->id, NULL, 10) };
	const struct store_filter one = { .id = m->id, .limit = 1 };
	int rc;

	if (m->kind == MEMBER_FINDING)
		return store_each_finding(fill->gate->store, &one, add_finding, fill);
	rc = store_take(fill->gate->store, DESK_report, &key, add_report, fill);
	return rc < 0 ? rc : 0;
}

static int add_members(struct filling *f, u64 number, enum member_kind kind)
{
	const struct store_cond conds[] = {
		{ .field = "incident", .op = STORE_IS, .number = number },
		{ .field = "kind", .op = STORE_IS, .number = kind },
	};
	const struct store_query q = { .table = DESK_member, .conds = conds, .count = 2,
		.order = "id" };

	return store_each(f->gate->store, &q, add_member, f);
}

static int add_notes(struct filling *f, u64 number)
{
	const struct store_cond cond = { .field = "incident", .op = STORE_IS,
		.number = number };
	const struct store_query q = { .table = DESK_note, .conds = &cond, .count = 1,
		.order = "event" };

	return store_each(f->gate->store, &q, add_note, f);
}

struct one { struct filling *fill; char id[65]; bool there; };

static int add_incident(void *to, const void *record)
{
	const struct incident *is = record;
	struct one *one = to;
	struct gate_room room;
	struct item i;

	one->there = is_there(one->fill, (struct marking){ is->tlp, is->pap });
	if (!one->there)
		return 0;

	memcpy(room.id, one->id, sizeof room.id);
	item_of_incident(&i, record, &room);
	return add(one->fill, &i);
}

static int fill_incident(struct filling *f, u64 number, unsigned parts)
{
	const struct incident key = { .number = number };
	struct one one = { .fill = f };
	int rc = gate_incident_id(f->gate, number, one.id);

	f->parent = NULL;
	if (rc == 0)
		rc = store_take(f->gate->store, DESK_incident, &key, add_incident, &one);
	if (rc >= 0 && !one.there) {
		snprintf(f->gate->why, sizeof f->gate->why, N_("there is no incident "
			"%llu"),
			 (unsigned long long)number);
		return OOPS_UNKNOWN;
	}
	f->parent = one.id;
	rc = rc < 0 ? rc : 0;
	if (rc == 0 && parts & GATE_FINDINGS)
		rc = add_members(f, number, MEMBER_FINDING);
	if (rc == 0 && parts & GATE_REPORTS)
		rc = add_members(f, number, MEMBER_REPORT);
	if (rc == 0 && parts & GATE_NOTES)
		rc = add_notes(f, number);
	f->parent = NULL;
	return rc;
}

static int fill(struct filling *f, const struct gate_wish *w)
{
	int rc = 0;

	if ((w->incident_count || w->reports || w->indicators) && !f->gate->has_desk) {
		snprintf(f->gate->why, sizeof f->gate->why, N_("the store has no desk "
			"yet"));
		return OOPS_UNKNOWN;
	}
	for (size_t i = 0; i < w->incident_count && rc == 0; i++)
		rc = fill_incident(f, w->incidents[i], w->parts);
	if (rc == 0 && w->findings)
		rc = store_each_finding(f->gate->store, w->findings, add_finding, f);
	if (rc == 0 && w->reports)
		rc = store_each(f->gate->store, w->reports, add_report, f);
	if (rc == 0 && w->indicators)
		rc = store_each(f->gate->store, w->indicators, add_indicator, f);
	return rc;
}

/* ---- the log ---- */

#define REFUSED_NAMED 100u	/* items named in one event; all are counted */

const struct desk_kind gate_kinds[] = {
	{ "gate.refused", "audience, count, items: id, kind, tlp, pap", NULL },
	{ "gate.told", "audience, format, count, items: ids, tlp, pap, document", NULL },
	{ .name = NULL }
};

static json_t *refused(const struct gate *g, const struct release *r)
{
	json_t *items = json_array();

	for (size_t i = 0; i < release_refused(r) && i < REFUSED_NAMED; i++) {
		const struct refusal *one = release_refusal(r, i);

		json_array_append_new(items, json_pack("{s:s, s:s, s:s, s:s}", "id", one->id,
			"kind", item_kinds[one->kind], "tlp", label_text(one->marking.tlp),
			"pap", pap_text(one->marking.pap)));
	}
	return json_pack("{s:s, s:I, s:o}", "audience", g->name, "count",
			 (json_int_t)release_refused(r), "items", items);
}

int gate_log(struct gate *g, const struct release *r)
{
	int rc;

	if (release_refused(r) == 0 || g->desk == NULL || desk_reads(g->desk))
		return 0;
	rc = desk_begin(g->desk);
	if (rc == 0)
		rc = desk_say(g->desk, "gate.refused", "", refused(g, r), NULL);
	return desk_end(g->desk, rc);
}

int gate_told(struct gate *g, const struct release *r, const char *format, const char *hash)
{
	const struct marking m = release_marking(r);
	json_t *ids = json_array();
	int rc = desk_begin(g->desk);

	for (size_t i = 0; i < release_count(r) && i < REFUSED_NAMED; i++)
		json_array_append_new(ids, json_string(release_item(r, i)->id));
	if (rc == 0)
		rc = desk_say(g->desk, "gate.told", "", json_pack("{s:s, s:s, s:I, s:O, s:s, "
			"s:s, s:s}", "audience", g->name, "format", format, "count",
			(json_int_t)release_count(r), "items", ids, "tlp", label_text(m.tlp),
			"pap", pap_text(m.pap), "document", hash), NULL);
	json_decref(ids);
	return desk_end(g->desk, rc);
}

int gate_release(struct gate *g, const struct gate_wish *wish, struct marking cap,
		 enum release_mode mode, struct release **ret)
{
	struct filling f = { .gate = g, .asker = wish->asker, .reporters = wish->reporters };
	int rc = release_new(&f.release, &g->who, cap, mode);

	if (rc == 0)
		rc = fill(&f, wish);
	if (rc == 0)
		rc = gate_log(g, f.release);
	if (rc) {
		release_free(f.release);
		return rc;
	}
	*ret = f.release;
	return 0;
}
