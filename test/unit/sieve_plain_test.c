/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sieve_plain_test.c - whatever happens at the desk and whatever is asked, the sieve says what
 * a plain loop over the store says.
 *
 *   lots: findings come, are measured anew, become members, leave, are raised; incidents change
 *   after each few: lots of questions (conditions, audience, order, cursor, facets)
 *     the sieve's answer  ==  read all, keep what fits, sort, take the first few
 *
 * The loop reads the tables and shares nothing with the sieve but the words of the question.
 * A cursor may be of a state before the last changes. VEDETTE_SEQUENCES: longer runs. */
#include "sieve_world.h"
#include "base/tongue.h"
#include "store/read.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define SEQUENCES 6u
#define STEPS 60u
#define QUESTIONS 12u
#define lot world_lot

/* ---- the plain reading ---- */

static int read_one(void *to, const struct finding *f)
{
	struct world *w = to;
	struct plain *p = &w->at[w->count++];

	*p = (struct plain){ .from = f->from, .until = f->until, .severity = (u8)f->severity,
		.confidence = (u8)f->confidence, .state = INCIDENT_STATE_COUNT,
		.marking = marking_read(f->label), .parties = f->related_count };
	snprintf(p->id, sizeof p->id, "%s", f->id);
	snprintf(p->rule, sizeof p->rule, "%s", f->rule);
	snprintf(p->kind, sizeof p->kind, "%s", f->subject_kind);
	snprintf(p->subject, sizeof p->subject, "%s", f->subject);
	snprintf(p->zone, sizeof p->zone, "%s", f->zone);
	snprintf(p->said[0], sizeof p->said[0], "%s", f->sentence);
	for (unsigned i = 0; i < 2; i++)
		say_anew_to(&tongues[i], f->sentence, p->said[1 + i], sizeof p->said[0]);
	for (unsigned i = 0; i < f->related_count; i++)
		snprintf(p->party[i], sizeof p->party[i], "%s", f->related[i].name);
	return 0;
}

static struct plain *of_id(struct world *w, const char *id)
{
	for (u32 i = 0; i < w->count; i++)
		if (strcmp(w->at[i].id, id) == 0)
			return &w->at[i];
	return NULL;
}

static int read_member(void *to, const void *record)
{
	const struct member *m = record;
	struct plain *p = of_id(to, m->id);

	if (m->kind == MEMBER_FINDING && p) {
		p->marking = marking_join(p->marking, (struct marking){ m->tlp, m->pap });
		p->incident = max_u64(p->incident, m->incident);
	}
	return 0;
}

static int read_incident(void *to, const void *record)
{
	const struct incident *c = record;
	struct world *w = to;

	for (u32 i = 0; i < w->count; i++)
		if (w->at[i].incident == c->number) {
			w->at[i].state = c->state;
			w->at[i].home = (struct marking){ c->tlp, c->pap };
		}
	return 0;
}

struct reading_run { struct world *w; unsigned bit; };

static int read_run(void *to, const struct finding *f)
{
	struct reading_run *r = to;

	of_id(r->w, f->id)->runs |= r->bit;
	return 0;
}

static int read_brief(void *to, const struct store_brief *b)
{
	struct plain *p = of_id(to, b->id);

	p->number = b->number;
	p->revision = b->revision;
	return 0;
}

static void read_all(struct world *w)
{
	const struct store_filter every = { 0 };
	const struct store_query members = { .table = DESK_member }, cases = {
		.table = DESK_incident };

	w->count = 0;
	assert_int_equal(store_each_finding(w->store, &every, read_one, w), 0);
	assert_int_equal(store_each(w->store, &members, read_member, w), 0);
	assert_int_equal(store_each(w->store, &cases, read_incident, w), 0);
	assert_int_equal(store_each_brief(w->store, 0, read_brief, w), 0);
	for (u64 run = 1; run <= w->runs; run++) {
		const struct store_filter of = { .run = run };

		assert_int_equal(store_each_finding(w->store, &of, read_run,
			&(struct reading_run){ w, 1u << run }), 0);
	}
}

/* ---- the plain answer ---- */

struct question {
	struct sieve_ask ask;
	struct audience who;
	const char *rule;	/* they begin so; NULL = all */
};

static bool takes_rule(void *to, const char *rule)
{
	const struct question *q = to;

	return q->rule == NULL || strncmp(rule, q->rule, strlen(q->rule)) == 0;
}

static bool says(const struct plain *p, const char *word)
{
	bool is = strcasestr(p->subject, word) || strcasestr(p->zone, word) ||
		  strcasestr(p->rule, word);

	for (unsigned i = 0; i < COUNT(p->said) && !is; i++)
		is = strcasestr(p->said[i], word);
	return is;
}

/* Words of the questions have no stops around them. */
static bool has_words(const struct plain *p, const char *text)
{
	char copy[100], *save, *word;
	bool all = true;
	unsigned words = 0;

	snprintf(copy, sizeof copy, "%s", text);
	for (word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save), words++)
		all = all && says(p, word);
	for (unsigned i = 0; i < p->parties && words == 1 && strlen(text) >= 3; i++)
		all = all || strncasecmp(p->party[i], text, strlen(text)) == 0;
	return all;
}

static bool names_party(const struct plain *p, const char *name)
{
	for (unsigned i = 0; i < p->parties; i++)
		if (strcasecmp(p->party[i], name) == 0)
			return true;
	return false;
}

static bool is_under(const char *name, const char *domain)
{
	size_t n = strlen(name), d = strlen(domain);

	return n >= d && strcasecmp(name + n - d, domain) == 0 &&
	       (n == d || name[n - d - 1] == '.');
}

static bool sees_home(const struct question *q, const struct plain *p)
{
	return p->incident && marking_allows(p->home, q->who.clearance);
}

/* Conditions without facets. */
static bool fits(const struct question *q, const struct plain *p)
{
	const struct sieve_ask *a = &q->ask;

	return marking_allows(p->marking, q->who.clearance) &&
	       (!a->since || p->until > a->since) && (!a->until || p->from < a->until) &&
	       (!a->incident || (p->incident == a->incident && sees_home(q, p))) &&
	       (!a->run || p->runs >> a->run & 1) &&
	       (!a->revision || p->revision > a->revision) &&
	       (!a->subject || strcasecmp(p->subject, a->subject) == 0) &&
	       (!a->begins || strncasecmp(p->subject, a->begins, strlen(a->begins)) == 0) &&
	       (!a->holds || strcasestr(p->subject, a->holds)) &&
	       (!a->under || is_under(p->subject, a->under)) &&
	       (!a->zone || strcasecmp(p->zone, a->zone) == 0) &&
	       (!a->related || names_party(p, a->related)) &&
	       (!a->text || has_words(p, a->text));
}

static unsigned state_of(const struct question *q, const struct plain *p)
{
	return sees_home(q, p) ? p->state : INCIDENT_STATE_COUNT;
}

enum { SEVERITY = 1, RULE = 2, LABEL = 4, KIND = 8, STATE = 16 };

/* Those with a facet, that are not fulfilled. */
static unsigned fails(struct question *q, const struct plain *p)
{
	const struct sieve_ask *a = &q->ask;

	return (p->severity < a->severity ? SEVERITY : 0) |
	       (takes_rule(q, p->rule) ? 0 : RULE) |
	       (a->labels && !(a->labels >> p->marking.tlp & 1) ? LABEL : 0) |
	       (a->kinds && !strstr(a->kinds, p->kind) ? KIND : 0) |
	       (a->states && !(a->states >> state_of(q, p) & 1) ? STATE : 0);
}

static int by(u64 a, u64 b)
{
	return (a > b) - (a < b);
}

struct rank { struct sieve_rank is; const char *text; };

/* What comes first, by the words of sieve.h. */
static int in_order(enum sieve_order order, const struct rank *a, const struct rank *b)
{
	const struct sieve_rank *x = &a->is, *y = &b->is;
	int first = order == SIEVE_BY_TIME ? by(y->until, x->until)
		: order == SIEVE_BY_OLDEST ? by(x->until, y->until)
		: order == SIEVE_BY_SUBJECT ? strcasecmp(a->text, b->text)
		: order == SIEVE_BY_RULE ? strcmp(a->text, b->text)
		: order == SIEVE_BY_CONFIDENCE ? by(y->confidence, x->confidence) : 0;

	if (first)
		return first;
	if (order != SIEVE_BY_SUBJECT && order != SIEVE_BY_RULE && x->severity != y->severity)
		return by(y->severity, x->severity);
	return x->until != y->until ? by(y->until, x->until) : by(x->id, y->id);
}

static struct rank rank_of(enum sieve_order order, const struct plain *p)
{
	char half[17];

	snprintf(half, sizeof half, "%.16s", p->id);
	return (struct rank){ { p->severity, p->confidence, p->until, strtoull(half, NULL, 16) },
		order == SIEVE_BY_RULE ? p->rule : p->subject };
}

static int by_rank(const void *a, const void *b, void *of)
{
	const enum sieve_order order = *(const enum sieve_order *)of;
	const struct rank x = rank_of(order, *(struct plain *const *)a),
		y = rank_of(order, *(struct plain *const *)b);

	return in_order(order, &x, &y);
}

static bool is_behind(const struct question *q, const struct plain *p)
{
	const struct sieve_key *k = q->ask.after;
	const struct rank is = rank_of(q->ask.order, p);

	return k == NULL || in_order(q->ask.order, &(struct rank){ k->rank, k->text }, &is) < 0;
}

/* ---- the same ---- */

static u64 count_if(struct world *w, struct question *q, unsigned but, unsigned value)
{
	u64 n = 0;

	for (u32 i = 0; i < w->count; i++) {
		const struct plain *p = &w->at[i];
		unsigned is = but == SEVERITY ? p->severity : but == LABEL ? p->marking.tlp
			: state_of(q, p);

		n += is == value && fits(q, p) && (fails(q, p) & ~but) == 0;
	}
	return n;
}

static u64 count_named(struct world *w, struct question *q, unsigned but, const char *name)
{
	u64 n = 0;

	for (u32 i = 0; i < w->count; i++)
		n += strcmp(but == RULE ? w->at[i].rule : w->at[i].kind, name) == 0 &&
		     fits(q, &w->at[i]) && (fails(q, &w->at[i]) & ~but) == 0;
	return n;
}

static void same_facets(struct world *w, struct question *q, const struct sieve_found *f)
{
	const char *name;

	for (unsigned i = 0; i < SEVERITY_COUNT; i++)
		assert_int_equal(f->severities[i], count_if(w, q, SEVERITY, i));
	for (unsigned i = 0; i < LABEL_COUNT; i++)
		assert_int_equal(f->labels[i], count_if(w, q, LABEL, i));
	for (unsigned i = 0; i <= INCIDENT_STATE_COUNT; i++)
		assert_int_equal(f->states[i], count_if(w, q, STATE, i));
	for (u32 i = 0; (name = sieve_rule(w->sieve, i)); i++)
		assert_int_equal(f->rules[i], count_named(w, q, RULE, name));
	for (u32 i = 0; (name = sieve_kind(w->sieve, i)); i++)
		assert_int_equal(f->kinds[i], count_named(w, q, KIND, name));
}

static void same_page(struct question *q, struct plain **list, u32 n,
		      const struct sieve_found *f)
{
	u32 at = 0;

	for (u32 i = 0; i < n && at < f->count; i++) {
		if (!is_behind(q, list[i]))
			continue;
		assert_int_equal(f->items[at].number, list[i]->number);
		assert_int_equal(f->items[at].incident, sees_home(q, list[i])
				 ? list[i]->incident : 0);
		assert_int_equal(f->items[at].state, state_of(q, list[i]));
		assert_memory_equal(&f->items[at].marking, &list[i]->marking,
				    sizeof list[i]->marking);
		at++;
	}
	assert_int_equal(at, f->count);
}

static void same(struct world *w, struct question *q, const struct sieve_found *f)
{
	struct plain *list[WORLD_MOST];
	u32 n = 0, behind = 0;

	for (u32 i = 0; i < w->count; i++)
		if (fits(q, &w->at[i]) && fails(q, &w->at[i]) == 0)
			list[n++] = &w->at[i];
	qsort_r(list, n, sizeof list[0], by_rank, &q->ask.order);
	for (u32 i = 0; i < n; i++)
		behind += is_behind(q, list[i]);
	assert_int_equal(f->total, n);
	assert_int_equal(f->count, min_u64(behind, q->ask.limit));
	if (q->ask.limit)
		assert_int_equal(f->more, behind > q->ask.limit);
	same_page(q, list, n, f);
	if (q->ask.facets)
		same_facets(w, q, f);
}

/* ---- questions ---- */

static const char *one_of(struct world *w, const char *const *words, size_t n)
{
	return lot(w, 5) ? NULL : words[lot(w, n)];
}
#define ONE_OF(w, ...) one_of(w, (const char *const[]){ __VA_ARGS__ },          \
	sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static void draw_question(struct world *w, struct question *q)
{
	static const char *const texts[] = { "asked", "MACHINE", "exist 7.7", "dominios", "seen",
		"Party", "party-1", "n1", "n1.example seen", "zone2 odd", "data", "localhost1",
		"machine registered", "198.51", "none-such", "5", "tunnel others", "bits made n",
		"92.0.2." };
	const u64 t = 1790000000ull * 1000000000;
	const struct marking clear = { (u8)lot(w, LABEL_COUNT), (u8)lot(w, PAP_COUNT) };

	*q = (struct question){ .who = { "them", lot(w, 2) ? MARKING_STRICTEST : clear },
		.rule = ONE_OF(w, "tunnel.", "dga.client", "none") };
	q->ask = (struct sieve_ask){ .takes_rule = takes_rule, .to = q,
		.severity = lot(w, 3) ? 0 : (enum severity)lot(w, SEVERITY_COUNT),
		.since = lot(w, 5) ? 0 : t + lot(w, 40) * 60000000000ull,
		.until = lot(w, 5) ? 0 : t + lot(w, 40) * 60000000000ull,
		.labels = lot(w, 5) ? 0 : (unsigned)lot(w, 1u << LABEL_COUNT),
		.states = lot(w, 4) ? 0 : (unsigned)lot(w, 2 * SIEVE_NO_INCIDENT),
		.kinds = ONE_OF(w, "domain", "client,zone"),
		.incident = lot(w, 8) ? 0 : lot(w, w->incidents + 1),
		.run = lot(w, 6) ? 0 : 1 + lot(w, w->runs),
		.revision = lot(w, 8) ? 0 : lot(w, w->findings + 1),
		.subject = ONE_OF(w, "n3.example", "192.0.2.5", "none"),
		.begins = ONE_OF(w, "n1", "192.", "N"), .holds = ONE_OF(w, "exam", "2.1", "."),
		.under = ONE_OF(w, "example", "n2.EXAMPLE"), .zone = ONE_OF(w, "zone1", "Zone2"),
		.related = ONE_OF(w, "party-1.example", "198.51.100.7", "nobody"),
		.text = lot(w, 2) ? NULL : texts[lot(w, COUNT(texts))],
		.order = (enum sieve_order)lot(w, SIEVE_ORDER_COUNT),
		.limit = (u32)lot(w, 12), .facets = lot(w, 2),
		.after = lot(w, 3) ? NULL : &w->after };
}

static void ask_some(struct world *w)
{
	struct sieve_found *found = malloc(sizeof *found);
	struct question q;

	read_all(w);
	for (unsigned i = 0; i < QUESTIONS; i++) {
		struct gate *g = NULL;

		draw_question(w, &q);
		assert_int_equal(gate_open(&g, w->place->desk, NULL, &q.who), 0);
		assert_int_equal(sieve_ask(w->sieve, g, &q.ask, found), 0);
		same(w, &q, found);
		if (found->count)
			w->after = found->last;
		gate_close(g);
	}
	free(found);
}

/* A key of another order has no text: it is a place as good as any. */
static void sequence(struct world *w)
{
	for (unsigned step = 0; step < STEPS; step++) {
		for (u64 i = lot(w, 8); i > 0; i--)
			world_go_on(w);
		ask_some(w);
		if (lot(w, 40) == 0) {	/* another start of the program */
			sieve_close(w->sieve);
			assert_int_equal(sieve_open(&w->sieve, w->seed), 0);
		}
	}
}

static void as_a_plain_loop(void **state)
{
	const char *more = getenv("VEDETTE_SEQUENCES");
	u64 sequences = more ? strtoull(more, NULL, 10) : SEQUENCES;
	struct world *w = malloc(sizeof *w);

	(void)state;
	for (u64 n = 0; n < sequences; n++) {
		memset(w, 0, sizeof *w);
		w->seed = 77 + n;
		w->room = calloc(1, sizeof *w->room);
		assert_int_equal(desk_up((void **)&w->place), 0);
		w->store = desk_store(w->place->desk);
		place_begin(w->store);
		w->runs = 1;
		assert_int_equal(sieve_open(&w->sieve, n), 0);
		sequence(w);
		assert_true(w->count > 20 && w->incidents > 5);
		sieve_close(w->sieve);
		desk_down((void **)&w->place);
		free(w->room);
	}
	free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_a_plain_loop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
