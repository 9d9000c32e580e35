/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wish.c - see wish.h. */
#include "respond/wish.h"
#include "base/stamp.h"

static int filters(struct wish *w, const struct wish_words *words)
{
	u64 since = 0;

	if (words->since && stamp_parse(words->since, &since))
		return OOPS_TYPE;
	w->findings = (struct store_filter){ .rule = words->rule, .since = since,
		.subject = words->subject, .limit = RELEASE_ITEMS_MAX };
	w->reports = (struct store_query){ .table = DESK_report, .order = "number",
		.conds = w->conds };
	if (words->subject)
		w->conds[w->reports.count++] = (struct store_cond){ .field = "subject",
			.op = STORE_HOLDS, .text = words->subject };
	w->indicators = w->reports;
	w->indicators.table = DESK_indicator;
	w->indicators.order = "subject id";
	return 0;
}

/* By its id, or the beginning of it. */
static int one_finding(struct wish *w, struct gate *g, const char *id)
{
	int rc = (w->one = malloc(sizeof *w->one)) ? gate_finding(g, id, w->one) : -ENOMEM;

	if (rc == 0)
		w->findings = (struct store_filter){ .id = w->one->id, .limit = 1 };
	return rc;
}

int wish_make(struct wish *w, struct gate *g, const struct wish_words *words)
{
	int rc;

	*w = (struct wish){ .one = NULL };
	rc = filters(w, words);
	if (rc == 0 && words->finding)
		rc = one_finding(w, g, words->finding);
	if (rc == 0 && words->incidents && inbox_set_parse(words->incidents, &w->incidents))
		rc = OOPS_FORMAT;
	if (rc)
		return rc;
	w->is = (struct gate_wish){ .incidents = w->incidents.at,
		.incident_count = w->incidents.count, .parts = GATE_ALL,
		.findings = words->findings || words->finding ? &w->findings : NULL,
		.reports = words->reports ? &w->reports : NULL,
		.indicators = words->indicators ? &w->indicators : NULL,
		.reporters = words->reporters };
	return w->is.incident_count || w->is.findings || w->is.reports || w->is.indicators
	       ? 0 : OOPS_SHORT;
}

void wish_forget(struct wish *w)
{
	free(w->incidents.at);
	free(w->one);
	*w = (struct wish){ .one = NULL };
}
