/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wish.h - what somebody wishes to have a release of, by the words that they say it with; for
 * `vedette share` and the API alike.
 *
 *   incidents "12,14-16"  finding "9d0f"  findings by rule, subject, since  reports  indicators
 *      --> gate_wish (gate.h)
 *
 * Not here: for whom (the caller has the gate of the audience). */
#pragma once
#include "respond/gate.h"
#include "respond/inbox.h"

struct wish_words {	/* texts may be NULL */
	const char *incidents, *finding;
	bool findings, reports, indicators;
	bool reporters;		/* who reported is named */
	const char *rule, *subject, *since;	/* which findings; subject: which reports, too */
};
struct wish {
	struct gate_wish is;	/* refers to what is below: a wish is not copied */
	struct inbox_set incidents;
	struct store_filter findings;
	struct store_query reports, indicators;
	struct store_cond conds[2];
	struct finding *one;	/* that `finding` named */
};
/* 0; OOPS_TYPE: `since` is no time; OOPS_FORMAT: `incidents` are no numbers; OOPS_SHORT: nothing
 * is wished; OOPS_UNKNOWN, OOPS_LIMIT, -EPERM: `finding`, as gate_finding() and gate_error()
 * say; others. `g` is the gate that the finding is looked up through. The texts must outlive
 * it; wish_forget() in any case. */
int wish_make(struct wish *ret, struct gate *g, const struct wish_words *words);
void wish_forget(struct wish *w);
