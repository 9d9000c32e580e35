/* SPDX-License-Identifier: GPL-3.0-or-later */
/* audit_result.c - see audit_result.h. */
#include "run/audit_result.h"
#include "model/digest.h"
#include "model/evidence.h"
#include "verify/picture.h"

void result_forget(struct audit_result *r)
{
	for (u32 i = 0; i < r->finding_count; i++)
		free(r->findings[i].at);
	for (u32 i = 0; i < r->evidence_count; i++)
		free(r->evidence[i].at);
	report_free(&r->report);
	free(r->picture);
	r->picture = NULL;
	r->finding_count = r->evidence_count = 0;
	r->octets = 0;
	r->complete = false;
}

void audit_result_free(struct audit_result *r)
{
	result_forget(r);
	free(r->findings);
	free(r->evidence);
	*r = (struct audit_result){ 0 };
}

int audit_finding(const struct audit_result *r, u32 i, struct finding *ret)
{
	int rc = finding_parse(ret, r->findings[i].at, r->findings[i].len, NULL);

	if (rc == 0)	/* the auditor knows nothing of labels */
		snprintf(ret->label, sizeof ret->label, "%s", r->label);
	return rc;
}

/* One more at the end of a list that doubles; NULL without memory or past the bounds. */
static struct audit_item *one_more(struct audit_result *r, bool evidence, size_t n)
{
	struct audit_item **list = evidence ? &r->evidence : &r->findings, *it;
	u32 *count = evidence ? &r->evidence_count : &r->finding_count;
	u32 *room = evidence ? &r->evidence_room : &r->finding_room;

	if (*count >= AUDIT_FINDINGS_MAX || r->octets + n > AUDIT_OCTETS_MAX)
		return NULL;
	if (*count == *room) {
		u32 more = *room ? *room * 2 : 64;
		void *at = realloc(*list, more * sizeof **list);

		if (at == NULL)
			return NULL;
		*list = at;
		*room = more;
	}
	it = &(*list)[*count];
	if ((it->at = malloc(n)) == NULL)
		return NULL;
	r->octets += n;
	++*count;
	return it;
}

int result_finding(struct audit_result *r, const u8 *body, size_t n)
{
	struct finding *f = malloc(sizeof *f);
	struct audit_item *it;
	int rc = f ? finding_parse(f, (const char *)body, n, NULL) : -ENOMEM;

	if (rc == 0) {
		if ((it = one_more(r, false, n))) {
			memcpy(it->at, body, n);
			it->len = (u32)n;
			it->severity = f->severity;
			it->place = r->finding_count;
			memcpy(it->rule, f->rule, sizeof it->rule);
			must(hex_parse(f->id, sizeof it->id, it->id) == 0);
		} else {
			rc = OOPS_LIMIT;
		}
	}
	free(f);
	return rc;
}

int result_evidence(struct audit_result *r, const u8 *body, size_t n)
{
	struct evidence e;
	struct audit_item *it;

	if (evidence_unpack(&e, body, n) < 0)
		return OOPS_FORMAT;
	if ((it = one_more(r, true, n)) == NULL)
		return OOPS_LIMIT;
	memcpy(it->at, body, n);
	it->len = (u32)n;
	memcpy(it->id, e.id, sizeof it->id);
	return 0;
}

int result_picture(struct audit_result *r, const u8 *body, size_t n)
{
	struct picture p;
	int rc = picture_read(&p, (const char *)body, n);

	picture_free(&p);
	if (rc)
		return rc;
	free(r->picture);
	r->picture = strndup((const char *)body, n);
	return r->picture ? 0 : -ENOMEM;
}

/* The most severe first, those of a rule together, in the order of the names. */
static int by_weight(const void *a, const void *b)
{
	const struct audit_item *x = a, *y = b;

	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (strcmp(x->rule, y->rule))
		return strcmp(x->rule, y->rule);
	return x->place < y->place ? -1 : x->place > y->place;
}

static int by_id(const void *a, const void *b)
{
	return memcmp(((const struct audit_item *)a)->id, ((const struct audit_item *)b)->id, 32);
}

void result_settle(struct audit_result *r)
{
	u32 kept = 0;

	if (r->finding_count)
		qsort(r->findings, r->finding_count, sizeof *r->findings, by_weight);
	if (r->evidence_count)
		qsort(r->evidence, r->evidence_count, sizeof *r->evidence, by_id);
	for (u32 i = 0; i < r->evidence_count; i++) {
		if (kept && by_id(&r->evidence[i], &r->evidence[kept - 1]) == 0)
			free(r->evidence[i].at);
		else
			r->evidence[kept++] = r->evidence[i];
	}
	r->evidence_count = kept;
	for (u32 i = 0; i < r->report.report.input_count; i++)
		r->unread |= r->report.report.inputs[i].trouble[0] != 0;
}
