/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sieve.c - the columns and how they follow the store; see sieve.h.
 *
 *   revision  the finding written last that was taken in
 *   event     the event taken in last; incidents that changed since are read anew, and the
 *             findings that were or are in them get their markings anew
 *
 * When much changed (the first time; after grouping) all markings are read in one go. */
#include "respond/sieve_own.h"
#include "store/read.h"

#define CASES_FEW 200u		/* incidents that are read one by one */
#define FRESH_FEW 5000u		/* findings that are marked one by one */

const char *const sieve_orders[] = {
#define F(name, text) text,
	SIEVE_ORDERS(F) NULL
#undef F
};

/* ---- words ---- */

static int words_number(struct texts *w, const char *text, u32 *ret)
{
	char low[FINDING_SUBJECT_MAX];
	size_t n = strnlen(text, sizeof low - 1);

	for (size_t i = 0; i < n; i++)
		low[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] | 32) : text[i];
	low[n] = 0;
	return texts_add(w, low, ret);
}

/* Names that are few and stay where they are. */
struct names { struct texts *known; char **at; u32 *count, most; };

/* The last number stands for those that find no room. */
static int name_number(const struct names *n, const char *name)
{
	char *copy;
	u32 at = 0;
	int rc;

	if (texts_find(n->known, name, &at))
		return (int)at;
	if (*n->count == n->most)
		return (int)n->most - 1;
	if ((copy = strdup(name)) == NULL)
		return -ENOMEM;
	if ((rc = texts_add(n->known, name, &at))) {
		free(copy);
		return rc;
	}
	n->at[(*n->count)++] = copy;
	return (int)at;
}

/* ---- one finding ---- */

/* Findings that are to be marked anew, by their numbers. */
struct numbers { u64 *at; size_t count, room; };

static int add_number(struct numbers *n, u64 number)
{
	if (n->count == n->room) {
		size_t room = n->room ? n->room * 2 : 256;
		u64 *at = reallocarray(n->at, room, sizeof *at);

		if (at == NULL)
			return -ENOMEM;
		n->at = at;
		n->room = room;
	}
	n->at[n->count++] = number;
	return 0;
}

/* Room in an array that is found by number. */
static int room_for(void **at, u64 *room, u64 number, size_t size)
{
	u64 more = max_u64(number + 1, *room * 2 + 1024);
	void *is;

	if (number < *room)
		return 0;
	if (number > UINT32_MAX - 1)
		return OOPS_LIMIT;
	if ((is = reallocarray(*at, more, size)) == NULL)
		return -ENOMEM;
	memset((char *)is + *room * size, 0, (more - *room) * size);
	*at = is;
	*room = more;
	return 0;
}

/* Of an id, which is lower-case hex. */
static u64 first_octets(const char *id)
{
	u64 n = 0;

	for (unsigned i = 0; i < 16 && id[i]; i++)
		n = n << 4 | (u8)(id[i] > '9' ? id[i] - 'a' + 10 : id[i] - '0');
	return n;
}

/* Its names, its texts, what its sentence says. */
static int fill_texts(struct sieve *v, u32 i, const struct store_brief *b)
{
	const struct names rules = { &v->rule_texts, v->rules, &v->rule_count, SIEVE_RULES };
	const struct names kinds = { &v->kind_texts, v->kinds, &v->kind_count, SIEVE_KINDS };
	struct sentence of = { .text = b->sentence };
	int rule = name_number(&rules, b->rule), kind = name_number(&kinds, b->subject_kind), rc;
	u32 was = v->values[i];

	if (rule < 0 || kind < 0)
		return rule < 0 ? rule : kind;
	v->hot[i].rule = (u16)rule;
	v->hot[i].kind = (u8)kind;
	if ((rc = words_number(&v->words, b->subject, &v->subject[i])) ||
	    (rc = words_number(&v->words, b->zone, &v->zone[i])))
		return rc;
	of.subject = sieve_word(v, v->subject[i]);
	of.zone = sieve_word(v, v->zone[i]);
	rc = said_add(&v->said, &of, &v->plain[i], &v->values[i]);
	if (rc == 0)
		said_drop(&v->said, was);
	return rc;
}

static u8 own_of(struct marking m)
{
	return (u8)(m.tlp | m.pap << 4);
}

static int fill(struct sieve *v, u32 i, const struct store_brief *b)
{
	v->number[i] = (u32)b->number;
	v->written[i] = (u32)min_u64(b->revision, UINT32_MAX);
	v->from[i] = b->from;
	v->until[i] = b->until;
	v->id[i] = first_octets(b->id);
	v->hot[i] = (struct sieve_hot){ .severity = (u8)b->severity,
		.confidence = (u8)b->confidence, .own = own_of(marking_read(b->label)) };
	return fill_texts(v, i, b);
}

static int grow(struct sieve *v)
{
	u32 room = v->room ? v->room * 2 : 1024;

	if (v->count < v->room)
		return 0;
#define F(type, name)                                                          \
	{                                                                      \
		type *at = reallocarray(v->name, room, sizeof *at);            \
									       \
		if (at == NULL)                                                \
			return -ENOMEM;                                        \
		v->name = at;                                                  \
	}
	SIEVE_COLUMNS(F)
#undef F
	v->room = room;
	return 0;
}

static void begin_marking(struct sieve *v, u32 i)
{
	v->incident[i] = 0;
	v->hot[i].marking = (struct marking){ v->hot[i].own & 15, v->hot[i].own >> 4 };
}

struct taking { struct sieve *v; struct numbers fresh; };

static int take_brief(void *to, const struct store_brief *b)
{
	struct taking *t = to;
	struct sieve *v = t->v;
	const bool is_new = b->number >= v->place_room || v->place[b->number] == 0;
	u32 i;
	int rc = room_for((void **)&v->place, &v->place_room, b->number, sizeof *v->place);

	if (rc)
		return rc;
	if (is_new) {
		if (v->count == SIEVE_MOST) {
			v->left_out++;
			return 0;
		}
		if ((rc = grow(v)))
			return rc;
		v->values[v->count] = SAID_NONE;
		v->place[b->number] = ++v->count;
		atomic_store_explicit(&v->read, v->count, memory_order_relaxed);
	}
	i = v->place[b->number] - 1;
	if ((rc = fill(v, i, b)) || (is_new && (rc = sieve_fault_add(v, i))))
		return rc;
	begin_marking(v, i);
	return v->has_desk && t->fresh.count < FRESH_FEW ? add_number(&t->fresh, b->number) : 0;
}

/* ---- incidents ---- */

static int take_case(void *to, const void *record)
{
	struct sieve *v = to;
	const struct incident *i = record;
	int rc = room_for((void **)&v->cases, &v->case_room, i->number, sizeof *v->cases);

	if (rc == 0)
		v->cases[i->number] = (struct sieve_held){
			{ i->number, i->version, i->opened, i->due, i->state,
			  (u8)i->severity }, { i->tlp, i->pap }, true };
	return rc;
}

static int take_place(void *to, const struct store_place *p)
{
	struct sieve *v = to;
	u32 i;

	if (p->finding >= v->place_room || v->place[p->finding] == 0)
		return 0;
	i = v->place[p->finding] - 1;
	v->hot[i].marking = marking_join(v->hot[i].marking, p->marking);
	if (p->incident <= UINT32_MAX && v->incident[i] < p->incident)
		v->incident[i] = (u32)p->incident;
	return 0;
}

struct touched { struct taking *of; u64 numbers[CASES_FEW]; u32 count; bool many; };

static int take_touched(void *to, const void *record)
{
	struct touched *t = to;
	const struct incident *i = record;

	if (t->count == CASES_FEW)
		t->many = true;
	else
		t->numbers[t->count++] = i->number;
	return take_case(t->of->v, record);
}

static int add_place(void *to, const struct store_place *p)
{
	return add_number(to, p->finding);
}

/* Findings that are in one of the incidents now. */
static int add_members(struct sieve *v, const struct touched *t, struct numbers *n)
{
	u8 *is = calloc(v->case_room + 1, 1);
	int rc = 0;

	if (is == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < t->count; i++)
		is[t->numbers[i]] = 1;
	for (u32 i = 0; i < v->count && rc == 0; i++)
		if (v->incident[i] < v->case_room && is[v->incident[i]])
			rc = add_number(n, v->number[i]);
	free(is);
	return rc;
}

/* Those that came, those that were in an incident that changed, those that are now. */
static int mark_few(struct sieve *v, struct store *s, struct touched *t)
{
	struct numbers *n = &t->of->fresh;
	int rc = t->count ? add_members(v, t, n) : 0;

	for (u32 i = 0; i < t->count && rc == 0; i++) {
		const struct store_places of = { .incident = t->numbers[i] };

		rc = store_each_place(s, &of, add_place, n);
	}
	for (size_t i = 0; i < n->count && rc == 0; i++) {
		const struct store_places of = { .finding = n->at[i] };

		if (n->at[i] >= v->place_room || v->place[n->at[i]] == 0)
			continue;
		begin_marking(v, v->place[n->at[i]] - 1);
		rc = store_each_place(s, &of, take_place, v);
	}
	return rc;
}

static int mark_all(struct sieve *v, struct store *s)
{
	const struct store_places all = { 0 };

	for (u32 i = 0; i < v->count; i++)
		begin_marking(v, i);
	return store_each_place(s, &all, take_place, v);
}

static int follow_desk(struct taking *of, struct store *s, u64 event)
{
	struct sieve *v = of->v;
	const struct store_cond since = { .field = "version", .op = STORE_LEAST,
		.number = v->event + 1 };
	bool first = v->event == 0 || !v->has_desk;
	const struct store_query q = { .table = DESK_incident, .conds = &since,
		.count = first ? 0 : 1 };
	struct touched t = { .of = of, .many = first || of->fresh.count >= FRESH_FEW };
	int rc = store_desk_good(s, &v->has_desk);

	if (rc || !v->has_desk)
		return rc;
	if (first || event != v->event)
		rc = store_each(s, &q, take_touched, &t);
	if (rc == 0)
		rc = t.many ? mark_all(v, s) : mark_few(v, s, &t);
	return rc;
}

/* ---- following ---- */

static int look(struct store *s, u64 *revision, u64 *event)
{
	char hash[65];
	int rc = store_revision(s, revision);

	return rc ? rc : store_last_event(s, event, hash);
}

/* After a failure it holds nothing, rather than something that is not marked. */
static void forget(struct sieve *v)
{
	for (u32 i = 0; i < v->count; i++)
		said_drop(&v->said, v->values[i]);
	sieve_runs_forget(v->runs);
	faults_clear(&v->faults);
	v->count = 0;
	v->revision = v->event = v->left_out = 0;
	if (v->place)
		memset(v->place, 0, v->place_room * sizeof *v->place);
}

static int take_written(struct taking *t, struct store *s)
{
	struct sieve *v = t->v;
	u64 most = 0;
	int rc = 0;

	if (v->count == 0 && (rc = store_most(s, &most)) == 0)
		v->to_read = most;
	if (rc == 0)
		rc = store_each_brief(s, v->revision, take_brief, t);
	if (rc == 0 && said_is_wasteful(&v->said))
		rc = said_tidy(&v->said, v->values, v->count);
	if (rc == 0 && most)	/* the first question by subject is not to wait for all of them */
		rc = sieve_rank_words(v);
	return rc;
}

static int follow(struct sieve *v, struct store *s)
{
	struct taking t = { .v = v };
	u64 revision, event;
	int rc = look(s, &revision, &event);

	if (rc || (revision == v->revision && event == v->event))
		return rc;
	if (revision != v->revision)
		rc = take_written(&t, s);
	if (rc == 0)
		rc = follow_desk(&t, s, event);
	free(t.fresh.at);
	if (rc) {
		forget(v);
		return rc;
	}
	v->revision = revision;
	v->event = event;
	v->to_read = 0;
	return 0;
}

/* all: findings, too, that somebody else will take in shortly. */
static bool is_fresh(struct sieve *v, struct store *s, bool all, int *rc)
{
	u64 revision, event;
	bool fresh;

	*rc = look(s, &revision, &event);
	all = all || !v->watched;
	pthread_rwlock_rdlock(&v->lock);
	fresh = *rc == 0 && event == v->event &&
		(revision == v->revision || (!all && v->revision));
	pthread_rwlock_unlock(&v->lock);
	return fresh;
}

static int refresh(struct sieve *v, struct store *s, bool all)
{
	bool ours;
	int rc;

	if (is_fresh(v, s, all, &rc) || rc)
		return rc;
	pthread_rwlock_wrlock(&v->lock);
	rc = store_snapshot(s, &ours);
	if (rc == 0)
		rc = follow(v, s);
	store_snapshot_end(s, ours);
	pthread_rwlock_unlock(&v->lock);
	return rc;
}

int sieve_refresh(struct sieve *v, struct store *s)
{
	return refresh(v, s, true);
}

int sieve_keep_up(struct sieve *v, struct store *s)
{
	return refresh(v, s, false);
}

void sieve_watch(struct sieve *v)
{
	v->watched = true;
}

unsigned sieve_read(struct sieve *v)
{
	u64 done = v->read, all = v->to_read;

	return all > done ? (unsigned)(done * 100 / all) : 100;
}

int sieve_open(struct sieve **ret, u64 key)
{
	struct sieve *v = calloc(1, sizeof *v);
	pthread_rwlockattr_t a;

	if (v == NULL || sieve_runs_open(&v->runs)) {
		free(v);
		return -ENOMEM;
	}
	v->words.key = v->said.plain.key = v->said.shown.key = v->said.values.key = key;
	v->rule_texts.key = v->kind_texts.key = v->faults.key = key;
	pthread_rwlockattr_init(&a);	/* a refresh is not to starve behind questions */
	pthread_rwlockattr_setkind_np(&a, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(&v->lock, &a);
	pthread_rwlockattr_destroy(&a);
	*ret = v;
	return 0;
}

struct sieve *sieve_close(struct sieve *v)
{
	if (v == NULL)
		return NULL;
	for (u32 i = 0; i < v->rule_count; i++)
		free(v->rules[i]);
	for (u32 i = 0; i < v->kind_count; i++)
		free(v->kinds[i]);
	texts_free(&v->words);
	texts_free(&v->rule_texts);
	texts_free(&v->kind_texts);
	said_free(&v->said);
	faults_free(&v->faults);
	free(v->last);
	sieve_runs_close(v->runs);
#define F(type, name) free(v->name);
	SIEVE_COLUMNS(F)
#undef F
	free(v->sorted);
	free(v->rank);
	free(v->place);
	free(v->cases);
	pthread_rwlock_destroy(&v->lock);
	free(v);
	return NULL;
}

u64 sieve_left_out(struct sieve *v)
{
	u64 n;

	pthread_rwlock_rdlock(&v->lock);
	n = v->left_out;
	pthread_rwlock_unlock(&v->lock);
	return n;
}

u64 sieve_revision(struct sieve *v)
{
	u64 n;

	pthread_rwlock_rdlock(&v->lock);
	n = v->revision;
	pthread_rwlock_unlock(&v->lock);
	return n;
}

static const char *name_at(struct sieve *v, char *const *names, const u32 *count, u32 at)
{
	const char *name;

	pthread_rwlock_rdlock(&v->lock);
	name = at < *count ? names[at] : NULL;
	pthread_rwlock_unlock(&v->lock);
	return name;
}

const char *sieve_rule(struct sieve *v, u32 at)
{
	return name_at(v, v->rules, &v->rule_count, at);
}

const char *sieve_kind(struct sieve *v, u32 at)
{
	return name_at(v, v->kinds, &v->kind_count, at);
}
