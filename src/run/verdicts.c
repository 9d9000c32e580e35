/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verdicts.c - see verdicts.h. */
#include "run/verdicts.h"
#include "base/stamp.h"
#include "run/judged.h"

static bool same_subject(const struct finding *a, const struct finding *b)
{
	size_t n = strcspn(a->rule, ".");

	return strncmp(a->rule, b->rule, n + 1) == 0 && strcmp(a->subject, b->subject) == 0 &&
	       strcmp(a->subject_kind, b->subject_kind) == 0 &&
	       a->from / DAY_NS == b->from / DAY_NS;
}

static bool stronger(const struct finding *f, bool day, const struct verdict *v)
{
	if (f->severity != v->f->severity)
		return f->severity > v->f->severity;
	if (day != v->day)
		return day;
	if (f->confidence != v->f->confidence)
		return f->confidence > v->f->confidence;
	return f->feature_count && v->f->feature_count &&
	       f->features[0].value > v->f->features[0].value;
}

/* The weakest verdict, if the new one is stronger. */
static struct verdict *weakest(struct verdicts *v, const struct finding *f)
{
	struct verdict *least = &v->at[0];

	for (u32 i = 1; i < v->count; i++)
		if (stronger(least->f, least->day, &v->at[i]))
			least = &v->at[i];
	v->dropped++;
	return stronger(f, v->look->day, least) ? least : NULL;
}

static struct verdict *place(struct verdicts *v, const struct finding *f, bool *fresh)
{
	*fresh = false;
	for (u32 i = 0; i < v->count; i++)
		if (v->at[i].f->key == f->key && same_subject(f, v->at[i].f))
			return &v->at[i];
	*fresh = true;
	if (v->at == NULL && (v->at = calloc(VERDICTS_MAX, sizeof *v->at)) == NULL)
		return NULL;
	if (v->count == VERDICTS_MAX)
		return weakest(v, f);
	if ((v->at[v->count].f = malloc(sizeof *f)) == NULL)
		return NULL;
	return &v->at[v->count++];
}

static void keep(const struct verdicts *v, struct verdict *at, const struct finding *f)
{
	*at->f = *f;
	at->day = v->look->day;
	judged_pack(at->f, v->look, v->detector);
}

void verdicts_say(void *to, struct finding *f)
{
	struct verdicts *v = to;
	bool fresh;
	struct verdict *at = place(v, f, &fresh);

	if (at == NULL)
		return;
	if (fresh)
		*at = (struct verdict){ .f = at->f };
	if (fresh || stronger(f, v->look->day, at))
		keep(v, at, f);
	if (v->look->day)
		return;
	at->minutes++;
	at->first = at->first ? min_u64(at->first, f->from) : f->from;
	at->last = max_u64(at->last, f->until);
}

static int by_finding(const void *a, const void *b)
{
	return finding_compare(((const struct verdict *)a)->f, ((const struct verdict *)b)->f);
}

void verdicts_finish(struct verdicts *v)
{
	for (u32 i = 0; i < v->count; i++) {
		struct verdict *at = &v->at[i];
		struct related r = { .role = "minutes" };
		char first[STAMP_TEXT_MAX], last[STAMP_TEXT_MAX];

		if (at->minutes > 1) {
			snprintf(r.name, sizeof r.name, "%u", at->minutes);
			snprintf(r.note, sizeof r.note, N_("minutes in which the rule spoke, "
				"between %s and %s"),
				 stamp_text(at->first, 0, first), stamp_text(at->last, 0, last));
			finding_related(at->f, &r);
		}
		finding_identify(at->f);
	}
	if (v->count)
		qsort(v->at, v->count, sizeof *v->at, by_finding);
}

void verdicts_free(struct verdicts *v)
{
	for (u32 i = 0; i < v->count; i++)
		free(v->at[i].f);
	free(v->at);
	*v = (struct verdicts){ 0 };
}
