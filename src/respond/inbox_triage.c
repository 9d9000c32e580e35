/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox_triage.c - thousands of new reports as a few heaps, each with its reason.
 *
 *   9,412 new: 8,770 look like noise (5,103 not delegated, ...), 311 look genuine
 *
 * A heap is what weighs to the same side for the same main reason, so that a person can
 * look at ten of it and close it or not. Nothing is decided here. */
#include "respond/inbox_own.h"

const char *const inbox_piles[] = { "noise", "doubtful", "genuine", NULL };

const char *inbox_heap_text(const struct inbox_heap *h)
{
	return h->is_plain ? N_("nothing in particular") : inbox_facts[h->fact].help;
}

/* ---- sorting ---- */

struct sorting {
	struct inbox_triage *t;
	unsigned noise, genuine;
	size_t heap[PILE_COUNT][INBOX_FACT_COUNT + 1];	/* number + 1; 0 = none yet */
};

static enum inbox_pile pile_of(const struct sorting *s, const struct report *r)
{
	return r->weight <= s->noise ? PILE_NOISE :
	       r->weight >= s->genuine ? PILE_GENUINE : PILE_DOUBTFUL;
}

static int sort_report(void *to, const void *record)
{
	const struct report *r = record;
	struct sorting *s = to;
	enum inbox_pile pile = pile_of(s, r);
	int fact = inbox_main_fact(r->reasons, pile == PILE_GENUINE ? 1 : -1);
	size_t *heap = &s->heap[pile][fact + 1];

	if (*heap == 0) {
		s->t->heaps[s->t->count] = (struct inbox_heap){ .pile = pile,
			.fact = fact < 0 ? 0 : (enum inbox_fact)fact, .is_plain = fact < 0 };
		*heap = ++s->t->count;
	}
	s->t->all++;
	s->t->per[pile]++;
	return inbox_set_add(&s->t->heaps[*heap - 1].set, r->number);
}

static int larger_first(const void *a, const void *b)
{
	const struct inbox_heap *x = a, *y = b;

	if (x->pile != y->pile)
		return x->pile < y->pile ? -1 : 1;
	if (x->set.count != y->set.count)
		return x->set.count > y->set.count ? -1 : 1;
	return (x->fact > y->fact) - (x->fact < y->fact);
}

#define CONDS_MAX 12
/* The query, of new reports only. */
static int of_new(const struct store_query *q, struct store_cond conds[CONDS_MAX],
		  struct store_query *ret)
{
	must(q->count < CONDS_MAX);
	for (unsigned i = 0; i < q->count; i++)
		conds[i] = q->conds[i];
	conds[q->count] = (struct store_cond){ .field = "state", .op = STORE_IS,
		.number = REPORT_NEW };
	*ret = *q;
	ret->table = DESK_report;
	ret->conds = conds;
	ret->count = q->count + 1;
	ret->order = "number";
	return 0;
}

int inbox_sort(struct gate *g, const struct store_query *q, unsigned noise, unsigned genuine,
	       struct inbox_triage *ret)
{
	struct store_cond conds[CONDS_MAX];
	struct sorting s = { .t = ret, .noise = noise, .genuine = genuine };
	struct store_query all;
	int rc;

	*ret = (struct inbox_triage){ 0 };
	of_new(q, conds, &all);
	rc = gate_each(g, &all, sort_report, &s);
	if (rc)
		inbox_triage_free(ret);
	else
		qsort(ret->heaps, ret->count, sizeof ret->heaps[0], larger_first);
	return rc;
}

void inbox_triage_free(struct inbox_triage *t)
{
	for (size_t i = 0; i < t->count; i++)
		free(t->heaps[i].set.at);
	*t = (struct inbox_triage){ 0 };
}

/* ---- looking again ---- */

#define WEIGHED_BATCH 500u

static int weigh_one(struct inbox *in, u64 number, json_t *items)
{
	const struct report key = { .number = number };
	struct buf reasons = { .limit = INBOX_TEXT_MAX };
	struct report r;
	void *copy = NULL;
	int rc = desk_find(in->desk, DESK_report, &key, &copy);

	if (rc <= 0)
		return rc;
	memcpy(&r, copy, sizeof r);
	rc = inbox_weigh(in, &r, inbox_has_fact(r.reasons, FACT_HEADERS), &reasons);
	if (rc == 0 && strcmp(r.reasons, ((struct report *)copy)->reasons) &&
	    json_array_append_new(items, json_pack("{s:I, s:s, s:I, s:s, s:s}", "number",
		(json_int_t)number, "reasons", r.reasons, "weight", (json_int_t)r.weight,
		"tlp", label_text(r.tlp), "pap", pap_text(r.pap))))
		rc = -ENOMEM;
	buf_free(&reasons);
	free(copy);
	return rc;
}

static int weigh_batch(struct inbox *in, const u64 *at, size_t n, u64 *changed)
{
	json_t *items = json_array();
	int rc = items ? 0 : -ENOMEM;

	for (size_t i = 0; i < n && rc == 0; i++)
		rc = weigh_one(in, at[i], items);
	if (rc == 0 && json_array_size(items)) {
		*changed += json_array_size(items);
		rc = desk_say(in->desk, "report.weighed", "",
			      json_pack("{s:O}", "items", items), NULL);
	}
	json_decref(items);
	return rc;
}

int inbox_anew(struct inbox *in, const struct inbox_set *s)
{
	u64 changed = 0;
	int rc = 0;

	for (size_t i = 0; i < s->count && rc == 0; i += WEIGHED_BATCH)
		rc = weigh_batch(in, s->at + i, (size_t)min_u64(s->count - i, WEIGHED_BATCH),
				 &changed);
	return rc;
}

int inbox_again(struct inbox *in, const struct inbox_set *s, struct inbox_looked *ret)
{
	int rc = 0;

	*ret = (struct inbox_looked){ 0 };
	memset(in->kept, 0, sizeof in->kept);
	for (size_t i = 0; i < s->count && rc == 0; i += WEIGHED_BATCH) {
		rc = desk_begin(in->desk);
		if (rc == 0)
			rc = weigh_batch(in, s->at + i, (size_t)min_u64(s->count - i,
					 WEIGHED_BATCH), &ret->changed);
		rc = desk_end(in->desk, rc);
	}
	memcpy(ret->kept, in->kept, sizeof ret->kept);
	return rc;
}

int inbox_fold_weighed(struct desk *d, const struct desk_event *e)
{
	json_t *items = json_object_get(e->body, "items"), *one;
	size_t i;
	int rc = 0;

	json_array_foreach(items, i, one) {
		const struct desk_event each = { e->event, one };
		struct marking was;
		struct report *r;

		if ((rc = inbox_fold_find(d, e, desk_number(&each, "number"), &r)))
			return rc;
		was = (struct marking){ r->tlp, r->pap };
		rc = desk_record_of(d, e, one, DESK_report, r);
		was = marking_join(was, (struct marking){ r->tlp, r->pap });
		r->tlp = was.tlp;
		r->pap = was.pap;
		r->weight = min_u64(r->weight, 100);
		if (rc == 0)
			rc = store_put(desk_store(d), DESK_report, r);
		free(r);
		if (rc)
			return rc;
	}
	return rc;
}
