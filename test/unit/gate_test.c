/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gate_test.c - no octet of a thing reaches an audience that is not cleared for it.
 *
 * Random sequences of operations make findings, incidents, notes, reports, indicators,
 * contacts, notices, mutes and tasks under random markings. Each text that is made holds a
 * word of its own, a canary (qz00017x), and `need` knows what its readers must be cleared
 * for. Then every way out is walked for every audience - lists, searches, counts, events,
 * documents, proofs, releases whole and redacted in every format - and in all that comes
 * out each canary is looked up: one that the audience is not cleared for is a leak.
 *
 * What is derived keeps its strictness: the title of an incident is as strict as the
 * incident was when it was written, also when what made it strict is taken out again. */
#include "desk_place.h"
#include "base/buf.h"
#include "model/digest.h"
#include "respond/contact.h"
#include "respond/group.h"
#include "respond/inbox.h"
#include "respond/mute.h"
#include "respond/notice.h"
#include "respond/proof.h"
#include "respond/sieve.h"
#include "respond/task.h"
#include "share/exchange.h"
#include "store/desk.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define CANARIES_MAX 20000u
#define SEQUENCES 12u
#define STEPS 60u

struct world {
	struct desk_place *place;
	struct desk *desk;
	u64 seed;
	struct marking need[CANARIES_MAX];
	u32 canaries;
	u64 incidents;		/* opened so far */
	char findings[1000][FINDING_ID_MAX];
	u32 finding_count;
	u32 contacts;
	const char *path;	/* the way out that is walked, for words */
	struct sieve *sieve;	/* follows all that is done */
	u64 seen;		/* canaries that came out where they may */
};

static u64 draw(struct world *w, u64 below)
{
	w->seed = w->seed * 6364136223846793005u + 1442695040888963407u;
	return (w->seed >> 33) % below;
}

static struct marking any_marking(struct world *w)
{
	return (struct marking){ (u8)draw(w, LABEL_COUNT), (u8)draw(w, PAP_COUNT) };
}

/* A word of its own that only audiences cleared for `m` may see. */
static const char *canary(struct world *w, struct marking m)
{
	static char words[16][16];
	char *to = words[w->canaries % 16];

	must(w->canaries < CANARIES_MAX);
	w->need[w->canaries] = m;
	snprintf(to, 16, "qz%05ux", w->canaries++);
	return to;
}

/* ---- looking for leaks ---- */

static void look(struct world *w, const struct audience *who, const char *octets, size_t n)
{
	const char *p = octets, *end = octets + n;

	while (p && p < end && (p = memmem(p, (size_t)(end - p), "qz", 2))) {
		u64 which = end - p >= 8 && p[7] == 'x' ? strtoull(p + 2, NULL, 10) : UINT64_MAX;
		char marking[MARKING_TEXT_MAX], mine[MARKING_TEXT_MAX];

		if (which < w->canaries && !marking_allows(w->need[which], who->clearance)) {
			const char *from = p - octets > 200 ? p - 200 : octets;

			fail_msg("%s: %s reached an audience of %s: ...%.*s", w->path,
				 marking_text(w->need[which], marking),
				 marking_text(who->clearance, mine),
				 (int)min_u64((u64)(end - from), 400), from);
		}
		w->seen += which < w->canaries;
		p += 2;
	}
}

struct looking { struct world *world; const struct audience *who; enum desk_table table; };

static int look_record(void *to, const void *record)
{
	struct looking *l = to;
	struct buf text = { 0 };

	fields_json(&text, desk_nouns[l->table].fields, record);
	look(l->world, l->who, buf_str(&text), text.len);
	buf_free(&text);
	return 0;
}

static int look_finding(void *to, const struct finding *f)
{
	struct looking *l = to;
	struct buf text = { 0 };

	finding_json(&text, f);
	look(l->world, l->who, buf_str(&text), text.len);
	buf_free(&text);
	return 0;
}

static int look_event(void *to, const struct event *e)
{
	struct looking *l = to;

	look(l->world, l->who, e->body, strlen(e->body));
	return 0;
}

static void look_error(struct looking *l, struct gate *g)
{
	look(l->world, l->who, gate_error(g), strlen(gate_error(g)));
}

/* ---- the ways out ---- */

static const char *words_of(enum desk_table t, char to[600])
{
	size_t n = 0;

	to[0] = 0;
	for (const struct field *f = desk_nouns[t].fields; f->name; f++)
		if (f->kind == FIELD_words)
			n += (size_t)snprintf(to + n, 600 - n, "%s%s", n ? " " : "", f->name);
	return to;
}

/* A search must not even say that there is something. */
static void search(struct looking *l, struct gate *g)
{
	u32 which = (u32)draw(l->world, l->world->canaries);
	char word[16], fields[600];
	u64 count;

	if (marking_allows(l->world->need[which], l->who->clearance))
		return;
	snprintf(word, sizeof word, "qz%05ux", which);
	for (unsigned t = 0; t < DESK_TABLES; t++) {
		const struct store_query q = { .table = t, .any = words_of(t, fields),
			.text = word };

		assert_int_equal(gate_total(g, &q, &count), 0);
		if (count)
			fail_msg("a search in %s finds %s", desk_nouns[t].name, word);
	}
}

static void lists(struct looking *l, struct gate *g)
{
	const struct store_filter all = { .limit = 10000 };

	for (unsigned t = 0; t < DESK_TABLES; t++) {
		const struct store_query q = { .table = t };

		l->table = t;
		l->world->path = desk_nouns[t].name;
		assert_int_equal(gate_each(g, &q, look_record, l), 0);
	}
	l->world->path = "findings";
	assert_int_equal(gate_each_finding(g, &all, look_finding, l), 0);
	search(l, g);
}

static void single(struct looking *l, struct gate *g)
{
	struct finding *f = malloc(sizeof *f);

	l->world->path = "one finding";
	for (u32 i = 0; i < l->world->finding_count; i++) {
		if (gate_finding(g, l->world->findings[i], f) == 0)
			look_finding(l, f);
		else
			look_error(l, g);
	}
	free(f);
	for (u64 n = 1; n < 30; n++) {
		const struct incident key = { .number = n };
		void *copy = NULL;

		l->world->path = "one incident";
		l->table = DESK_incident;
		if (gate_take(g, DESK_incident, &key, &copy) == 1)
			look_record(l, copy);
		else
			look_error(l, g);
		free(copy);
	}
}

static void events(struct looking *l, struct gate *g)
{
	static const char *const nouns[] = { "incident", "report", "contact", "notice", "mute" };
	char about[40];

	l->world->path = "events";
	for (size_t i = 0; i < COUNT(nouns); i++)
		for (u64 n = 1; n < 40; n++) {
			snprintf(about, sizeof about, i == 2 ? "%s:c%llu" : "%s:%llu", nouns[i],
				 (unsigned long long)n);
			if (gate_each_event(g, about, look_event, l) < 0)
				look_error(l, g);
		}
	if (gate_each_event(g, NULL, look_event, l) < 0)
		look_error(l, g);
}

static void all_proofs(struct looking *l, struct gate *g, bool redacted)
{
	struct buf record = { 0 }, page = { 0 };

	l->world->path = redacted ? "redacted proof" : "proof";
	for (u64 n = 1; n <= l->world->incidents; n++) {
		buf_clear(&record);
		buf_clear(&page);
		if (proof_write(l->world->desk, g, (struct proof_wish){ n, redacted }, &record,
				&page) < 0)
			look_error(l, g);
		look(l->world, l->who, buf_str(&record), record.len);
		look(l->world, l->who, buf_str(&page), page.len);
	}
	buf_free(&record);
	buf_free(&page);
}

static void formats(struct looking *l, struct gate *g, enum release_mode mode)
{
	const struct store_query reports = { .table = DESK_report },
		indicators = { .table = DESK_indicator };
	const struct store_filter findings = { .limit = 10000 };
	u64 numbers[64];
	const struct gate_wish wish = { .incidents = numbers, .parts = GATE_ALL,
		.incident_count = (size_t)min_u64(l->world->incidents, COUNT(numbers)),
		.findings = &findings, .reports = &reports, .indicators = &indicators };

	for (size_t i = 0; i < wish.incident_count; i++)
		numbers[i] = i + 1;
	for (const struct exchange *const *e = exchanges; *e; e++) {
		struct release *r = NULL;
		struct buf out = { 0 };
		char why[EXCHANGE_WHY] = "";
		struct exchange_write w = { .at = l->world->place->now, .version = "1" };

		l->world->path = (*e)->id;
		if (gate_release(g, &wish, (*e)->cap, mode, &r))
			fail_msg("%s", gate_error(g));
		w.release = r;
		if ((*e)->write)
			exchange_write(*e, &out, &w, why);
		if (!release_good(r))
			assert_int_equal(out.len, 0);
		look(l->world, l->who, buf_str(&out), out.len);
		look(l->world, l->who, why, strlen(why));
		release_free(r);
		buf_free(&out);
	}
}

/* ---- the sieve says what the gate says ---- */

struct gathered { char ids[1000][FINDING_ID_MAX]; u32 count; u64 severities[SEVERITY_COUNT]; };

static int gather(void *to, const struct finding *f)
{
	struct gathered *all = to;

	memcpy(all->ids[all->count++], f->id, FINDING_ID_MAX);
	all->severities[f->severity]++;
	return 0;
}

static int ids_order(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void one_item(struct looking *l, struct gate *g, const struct sieve_item *i,
		     struct finding *f)
{
	const struct incident key = { .number = i->incident };
	void *copy = NULL;
	struct marking m;

	assert_int_equal(gate_numbered(g, i->number, l->world->finding_count & 1, f), 0);
	look_finding(l, f);
	assert_int_equal(gate_finding_marking(g, f, &m), 0);
	assert_memory_equal(&m, &i->marking, sizeof m);
	if (i->incident)
		assert_int_equal(gate_take(g, DESK_incident, &key, &copy), 1);
	free(copy);
}

/* All pages of an order together; they are the gate's findings. */
static void pages(struct looking *l, struct gate *g, enum sieve_order order,
		  const struct gathered *all)
{
	struct sieve_found *found = malloc(sizeof *found);
	struct gathered *is = calloc(1, sizeof *is);
	struct finding *f = calloc(1, sizeof *f);
	struct sieve_key after;
	struct sieve_ask ask = { .order = order, .limit = 1 + l->world->finding_count / 3,
		.facets = true };

	do {
		assert_int_equal(sieve_ask(l->world->sieve, g, &ask, found), 0);
		assert_int_equal(found->total, all->count);
		assert_memory_equal(found->severities, all->severities, sizeof all->severities);
		for (u32 i = 0; i < found->count; i++) {
			one_item(l, g, &found->items[i], f);
			gather(is, f);
		}
		look(l->world, l->who, found->last.text, strlen(found->last.text));
		after = found->last;
		ask.after = &after;
	} while (found->more);
	qsort(is->ids, is->count, FINDING_ID_MAX, ids_order);
	assert_int_equal(is->count, all->count);
	assert_memory_equal(is->ids, all->ids, all->count * (size_t)FINDING_ID_MAX);
	free(f);
	free(is);
	free(found);
}

/* What may not be known is found by no filter. */
static void filters(struct looking *l, struct gate *g)
{
	struct sieve_found *found = malloc(sizeof *found);
	u32 which = (u32)draw(l->world, l->world->canaries);
	char word[16], domain[40], party[40];

	snprintf(word, sizeof word, "qz%05ux", which);
	snprintf(domain, sizeof domain, "%s.example.com", word);
	snprintf(party, sizeof party, "%s.example.org", word);
	const struct sieve_ask asks[] = {
		{ .text = word, .facets = true }, { .holds = word, .facets = true },
		{ .under = domain, .facets = true }, { .subject = domain, .facets = true },
		{ .begins = word, .facets = true }, { .related = party, .facets = true },
	};

	for (size_t i = 0; i < COUNT(asks); i++) {
		u64 counted = 0;

		assert_int_equal(sieve_ask(l->world->sieve, g, &asks[i], found), 0);
		for (unsigned s = 0; s < SEVERITY_COUNT; s++)
			counted += found->severities[s];
		assert_int_equal(counted, found->total);
		if (!marking_allows(l->world->need[which], l->who->clearance))
			assert_int_equal(found->total, 0);
	}
	free(found);
}

static void count_case(void *to, const struct sieve_case *c)
{
	*(u64 *)to += c->number > 0;
}

static void sieved(struct looking *l, struct gate *g)
{
	const struct store_filter every = { .limit = 10000 };
	const struct store_query incidents = { .table = DESK_incident };
	struct gathered *all = calloc(1, sizeof *all);
	u64 cases = 0, wanted;

	l->world->path = "sieve";
	assert_int_equal(gate_each_finding(g, &every, gather, all), 0);
	qsort(all->ids, all->count, FINDING_ID_MAX, ids_order);
	for (unsigned o = 0; o < SIEVE_ORDER_COUNT; o++)
		pages(l, g, o, all);
	filters(l, g);
	assert_int_equal(sieve_cases(l->world->sieve, g, count_case, &cases), 0);
	assert_int_equal(gate_total(g, &incidents, &wanted), 0);
	assert_int_equal(cases, wanted);
	free(all);
}

static void every_way(struct world *w)
{
	static const struct marking clearances[] = { { LABEL_CLEAR, PAP_CLEAR },
		{ LABEL_GREEN, PAP_GREEN }, { LABEL_AMBER, PAP_GREEN }, { LABEL_AMBER, PAP_RED },
		{ LABEL_AMBER_STRICT, PAP_AMBER }, { LABEL_RED, PAP_CLEAR },
		{ LABEL_RED, PAP_RED } };

	for (size_t i = 0; i < COUNT(clearances); i++) {
		const struct audience who = { "them", clearances[i] };
		struct looking l = { .world = w, .who = &who };
		struct gate *g;

		assert_int_equal(gate_open(&g, w->desk, NULL, &who), 0);
		lists(&l, g);
		single(&l, g);
		sieved(&l, g);
		events(&l, g);
		all_proofs(&l, g, false);
		all_proofs(&l, g, true);
		formats(&l, g, RELEASE_WHOLE);
		formats(&l, g, RELEASE_REDACTED);
		gate_close(g);
	}
}

/* ---- what people and strangers do ---- */

static struct marking incident_is(struct world *w, u64 number)
{
	struct incident *i = desk_now_is(w->place, number);
	const struct marking m = { i->tlp, i->pap };

	free(i);
	return m;
}

static bool is_open(struct world *w, u64 number)
{
	struct incident *i = desk_now_is(w->place, number);
	bool open = !case_ended(i->state);

	free(i);
	return open;
}

/* An incident that is open, or 0. */
static u64 any_incident(struct world *w)
{
	u64 number = w->incidents ? 1 + draw(w, w->incidents) : 0;

	return number && is_open(w, number) ? number : 0;
}

static void end(struct world *w, int rc)
{
	rc = desk_end(w->desk, rc);
	if (rc && rc != OOPS_CHANGED && rc != OOPS_RANGE && rc != OOPS_UNKNOWN && rc != -EPERM)
		fail_msg("%s", desk_error(w->desk));
}

static void do_finding(struct world *w)
{
	const struct marking m = { (u8)draw(w, LABEL_COUNT), (u8)draw(w, PAP_COUNT) };
	struct finding *f = calloc(1, sizeof *f);
	struct related r = { .role = "server", .amount = 1 };

	if (w->finding_count == COUNT(w->findings)) {
		free(f);
		return;
	}
	snprintf(f->rule, sizeof f->rule, "tunnel.data");
	snprintf(f->subject_kind, sizeof f->subject_kind, "domain");
	if (draw(w, 2))
		snprintf(f->subject, sizeof f->subject, "shared%u.example.net",
			 (unsigned)draw(w, 5));
	else
		snprintf(f->subject, sizeof f->subject, "%s.example.com", canary(w, m));
	snprintf(f->sentence, sizeof f->sentence, "see %s", canary(w, m));
	marking_label(m, f->label);
	snprintf(r.name, sizeof r.name, "%s.example.org", canary(w, m));
	f->severity = (enum severity)draw(w, SEVERITY_COUNT);
	f->from = w->place->now + draw(w, 1000);
	f->until = f->from + 60;
	finding_related(f, &r);
	finding_identify(f);
	assert_int_equal(store_add_finding(desk_store(w->desk), f) >= 0, 1);
	assert_int_equal(store_commit(desk_store(w->desk)), 0);
	memcpy(w->findings[w->finding_count++], f->id, FINDING_ID_MAX);
	free(f);
}

/* A member of a random finding; its texts are in *f. */
static struct member member_any(struct world *w, struct finding *f)
{
	const struct audience us = { "us", MARKING_STRICTEST };
	struct member m;
	struct gate *g;

	assert_int_equal(gate_open(&g, w->desk, NULL, &us), 0);
	assert_int_equal(gate_finding(g, w->findings[draw(w, w->finding_count)], f), 0);
	gate_close(g);
	member_of_finding(&m, f);
	m.reason = "by hand";
	return m;
}

static void do_open(struct world *w)
{
	struct finding *f = calloc(1, sizeof *f);
	struct member m;
	const char *word = canary(w, MARKING_STRICTEST);
	u32 which = w->canaries - 1;
	struct incident is = { .title = word, .family = "tunnel", .reason = word };
	const struct case_new c = { .incident = &is, .members = &m, .member_count = 1 };
	u64 number;
	int rc;

	if (w->finding_count) {
		m = member_any(w, f);
		is.subject = f->subject;
		assert_int_equal(desk_begin(w->desk), 0);
		rc = case_open(w->desk, &c, &number);
		end(w, rc);
		if (rc == 0) {
			w->incidents++;
			w->need[which] = incident_is(w, number);
		}
	}
	free(f);
}

static void do_add(struct world *w)
{
	u64 number = any_incident(w);
	struct finding *f = calloc(1, sizeof *f);
	struct member m;

	if (number && w->finding_count) {
		m = member_any(w, f);
		assert_int_equal(desk_begin(w->desk), 0);
		end(w, case_add(w->desk, (struct case_ref){ number, 0 }, &m, 1, false));
	}
	free(f);
}

static void do_merge(struct world *w)
{
	u64 from = any_incident(w), into = any_incident(w);

	if (from == 0 || into == 0 || from == into)
		return;
	assert_int_equal(desk_begin(w->desk), 0);
	end(w, case_merge(w->desk, (struct case_ref){ from, 0 }, into, "one and the same"));
	if (draw(w, 2))
		return;
	assert_int_equal(desk_begin(w->desk), 0);
	end(w, case_unmerge(w->desk, (struct case_ref){ from, 0 }, "not the same"));
}

struct first { char id[80]; u64 incident, count; };

static int take_member(void *to, const void *record)
{
	const struct member *m = record;
	struct first *f = to;

	f->count++;
	snprintf(f->id, sizeof f->id, "%s", m->id);
	f->incident = m->incident;
	return 0;
}

/* Splits a member off, or takes it out. */
static void do_leave(struct world *w)
{
	u64 number = any_incident(w), made;
	const struct store_cond cond = { .field = "incident", .op = STORE_IS,
		.number = number };
	const struct store_query q = { .table = DESK_member, .conds = &cond, .count = 1 };
	struct first f = { .count = 0 };
	const char *id = f.id;
	const struct case_part part = { &id, 1, "a part", "another matter" };
	int rc;

	if (number == 0)
		return;
	assert_int_equal(store_each(desk_store(w->desk), &q, take_member, &f), 0);
	if (f.count < 2 || strlen(f.id) != 64)
		return;
	assert_int_equal(desk_begin(w->desk), 0);
	if (draw(w, 2)) {
		end(w, case_remove(w->desk, (struct case_ref){ number, 0 }, MEMBER_FINDING, id,
				   "by mistake"));
		return;
	}
	rc = case_split(w->desk, (struct case_ref){ number, 0 }, &part, &made);
	end(w, rc);
	w->incidents += rc == 0;
}

static void do_note(struct world *w)
{
	u64 number = any_incident(w);
	const struct marking m = any_marking(w);

	if (number == 0)
		return;
	assert_int_equal(desk_begin(w->desk), 0);
	end(w, case_note(w->desk, (struct case_ref){ number, 0 }, canary(w, m), &m));
}

/* Its label is its own, whatever the incident's is. */
static void do_note_apart(struct world *w)
{
	u64 number = any_incident(w);
	const struct marking m = any_marking(w);

	if (number == 0)
		return;
	assert_int_equal(desk_begin(w->desk), 0);
	end(w, case_note_apart(w->desk, (struct case_ref){ number, 0 }, canary(w, m), m));
}

static int take_note(void *to, const void *record)
{
	const struct note *n = record;

	*(struct note *)to = (struct note){ .event = n->event, .incident = n->incident };
	return 1;
}

static void do_set_apart(struct world *w)
{
	const struct store_query q = { .table = DESK_note, .order = "event",
		.skip = draw(w, 8), .limit = 1 };
	struct note n = { 0 };

	if (store_each(desk_store(w->desk), &q, take_note, &n) != 1)
		return;
	assert_int_equal(desk_begin(w->desk), 0);
	end(w, case_apart(w->desk, (struct case_ref){ n.incident, 0 }, n.event, "too strict"));
}

static void do_raise(struct world *w)
{
	u64 number = any_incident(w);
	const struct marking m = any_marking(w);

	if (number == 0)
		return;
	assert_int_equal(desk_begin(w->desk), 0);
	end(w, case_label(w->desk, (struct case_ref){ number, 0 },
			  marking_join(incident_is(w, number), m), "careful"));
}

static void declassify(struct world *w, const char *text, struct marking to)
{
	for (const char *p = text; (p = strstr(p, "qz")); p++) {
		struct marking *need = &w->need[strtoul(p + 2, NULL, 10)];

		need->tlp = (u8)min_u64(need->tlp, to.tlp);
		need->pap = (u8)min_u64(need->pap, to.pap);
	}
}

struct lowering { struct world *world; struct marking to; };

static int lower_task(void *to, const void *record)
{
	const struct task *t = record;
	struct lowering *l = to;

	declassify(l->world, t->title, l->to);
	return 0;
}

/* By somebody's word, which takes in what the incident's own texts say: title, tasks. */
static void do_lower(struct world *w)
{
	u64 number = any_incident(w);
	const struct store_cond cond = { .field = "incident", .op = STORE_IS,
		.number = number };
	const struct store_query tasks = { .table = DESK_task, .conds = &cond, .count = 1 };
	struct lowering l = { .world = w };
	struct incident *i;

	if (number == 0 || draw(w, 3))
		return;
	assert_int_equal(desk_begin(w->desk), 0);
	end(w, case_label(w->desk, (struct case_ref){ number, 0 },
			  (struct marking){ LABEL_GREEN, PAP_GREEN }, "nothing of it is left"));
	i = desk_now_is(w->place, number);
	l.to = (struct marking){ i->tlp, i->pap };
	declassify(w, i->title, l.to);
	declassify(w, i->subject, l.to);
	free(i);
	assert_int_equal(store_each(desk_store(w->desk), &tasks, lower_task, &l), 0);
}

static void do_task(struct world *w)
{
	u64 number = any_incident(w);
	struct task t = { .actor = "host" };

	if (number == 0)
		return;
	t.title = t.ask = canary(w, incident_is(w, number));
	assert_int_equal(desk_begin(w->desk), 0);
	end(w, task_add(w->desk, number, &t, 1));
}

static struct inbox *inbox_of(struct world *w)
{
	const struct inbox_setup setup = { .window_ns = 1, .old_ns = UINT64_MAX / 2 };
	char why[DESK_WHY];
	struct inbox *in = NULL;

	if (inbox_open(&in, w->desk, &setup, why))
		fail_msg("%s", why);
	return in;
}

/* About something that findings may be about, too: then its reasons tell of those. */
static void do_report(struct world *w)
{
	const struct marking m = any_marking(w);
	struct inbox *in = inbox_of(w);
	char subject[80];
	struct item i = { .kind = ITEM_REPORT, .tlp = m.tlp, .pap = m.pap, .subject = subject };
	const struct inbox_letter l = { .item = &i, .format = "jsonl", .original = "",
		.is_marked = true };
	struct inbox_told told;

	snprintf(subject, sizeof subject, "https://shared%u.example.net/%s",
		 (unsigned)draw(w, 5), canary(w, m));
	i.text = i.title = canary(w, m);
	i.source = canary(w, m);
	assert_int_equal(desk_begin(w->desk), 0);
	end(w, inbox_take(in, &l, &told));
	inbox_close(in);
}

static void do_indicator(struct world *w)
{
	const struct marking m = any_marking(w);
	struct inbox *in = inbox_of(w);
	char subject[80];
	const struct item i = { .kind = ITEM_INDICATOR, .tlp = m.tlp, .pap = m.pap,
		.subject = subject, .subject_kind = SUBJECT_DOMAIN, .source = canary(w, m),
		.title = canary(w, m), .action = ACTION_NXDOMAIN };
	const struct item *all[] = { &i };
	const struct inbox_batch b = { .items = all, .count = 1, .format = "jsonl",
		.document = "", .is_marked = true };

	if (draw(w, 2))
		snprintf(subject, sizeof subject, "shared%u.example.net", (unsigned)draw(w, 5));
	else
		snprintf(subject, sizeof subject, "%s.example.net", canary(w, m));
	assert_int_equal(desk_begin(w->desk), 0);
	end(w, inbox_indicators(in, &b, NULL));
	inbox_close(in);
}

static int count_one(void *to, const void *record)
{
	(void)record;
	++*(u64 *)to;
	return 0;
}

static void do_decide(struct world *w)
{
	const struct store_query all = { .table = DESK_report };
	struct inbox_accepted made;
	u64 reports = 0, event, changed;
	struct inbox_looked looked;
	struct inbox_set s = { &event, 1 };
	struct inbox *in;

	assert_int_equal(store_each(desk_store(w->desk), &all, count_one, &reports), 0);
	if (reports == 0)
		return;
	event = 1 + draw(w, reports);
	switch (draw(w, 3)) {
	case 0:
		if (inbox_accept_all(w->desk, &s, &made) == 0)
			w->incidents += made.opened;
		break;
	case 1:
		inbox_decide(w->desk, &s, &(struct inbox_decision){ REPORT_NOISE, "no", 0 },
			     &changed);
		break;
	default:
		in = inbox_of(w);
		assert_int_equal(inbox_again(in, &s, &looked), 0);
		inbox_close(in);
	}
}

static void do_contact(struct world *w)
{
	char id[16];
	const struct contact c = { .id = id, .name = canary(w, DESK_MARKING),
		.note = canary(w, DESK_MARKING), .roles = "host", .covers = "example.com" };

	snprintf(id, sizeof id, "c%u", ++w->contacts);
	assert_int_equal(desk_begin(w->desk), 0);
	end(w, contact_set(w->desk, &c));
}

static void do_mute(struct world *w)
{
	const struct mute m = { .rule = "dga", .subject_kind = SUBJECT_DOMAIN,
		.subject = "quiet.example.net", .reason = canary(w, DESK_MARKING),
		.owner = "ana", .expires = w->place->now + 86400000000000ull };
	u64 number;

	assert_int_equal(desk_begin(w->desk), 0);
	end(w, mute_add(w->desk, &m, &number));
}

static void do_notice(struct world *w)
{
	u64 number = any_incident(w), made;
	char id[16];
	struct notice n = { .incident = number, .contact = id, .channel = CHANNEL_MAIL,
		.value = "a@host.example", .letter = "host", .language = "en", .basis = "x" };
	struct notice_draft d = { .notice = &n, .again = true };
	struct marking m;

	if (number == 0 || w->contacts == 0)
		return;
	m = incident_is(w, number);
	n.tlp = m.tlp;
	n.pap = m.pap;
	n.title = canary(w, m);
	snprintf(id, sizeof id, "c%u", 1 + (unsigned)draw(w, w->contacts));
	d.octets = n.title;
	d.n = strlen(n.title);
	assert_int_equal(desk_begin(w->desk), 0);
	end(w, notice_draft(w->desk, &d, &made));
}

static void do_group(struct world *w)
{
	const struct group_conf conf = { .gap = GROUP_GAP_DEFAULT, .hub = 3 };
	struct group_report r = { 0 };

	if (draw(w, 4))
		return;
	assert_int_equal(desk_begin(w->desk), 0);
	end(w, group_findings(w->desk, &conf, &r));
	w->incidents += r.opened;
}

static void (*const deeds[])(struct world *) = {
	do_finding, do_finding, do_finding, do_open, do_open, do_add, do_add, do_merge, do_leave,
	do_leave, do_note, do_note, do_note_apart, do_set_apart, do_raise, do_lower, do_task,
	do_report, do_report, do_indicator, do_decide, do_contact, do_mute, do_notice, do_group,
};

static void nothing_leaks(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	const char *more = getenv("VEDETTE_SEQUENCES");	/* for longer runs by hand */
	u64 seen = 0, sequences = more ? strtoull(more, NULL, 10) : SEQUENCES;

	(void)state;
	for (u64 n = 0; n < sequences; n++) {
		memset(w, 0, sizeof *w);
		w->seed = 1000 + n;
		assert_int_equal(desk_up((void **)&w->place), 0);
		w->desk = w->place->desk;
		place_begin(desk_store(w->desk));
		assert_int_equal(sieve_open(&w->sieve, n), 0);
		for (unsigned step = 0; step < STEPS; step++) {
			deeds[draw(w, COUNT(deeds))](w);
			if (draw(w, 3) == 0)	/* it takes in a little at a time, too */
				assert_int_equal(sieve_refresh(w->sieve, desk_store(w->desk)), 0);
		}
		every_way(w);
		sieve_close(w->sieve);
		desk_same_when_rebuilt(w->place);
		seen += w->seen;
		desk_down((void **)&w->place);
	}
	assert_true(seen > 1000);	/* canaries do come out where they may */
	free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(nothing_leaks) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
