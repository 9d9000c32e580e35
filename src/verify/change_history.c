/* SPDX-License-Identifier: GPL-3.0-or-later */
/* change_history.c - what the moves that a snapshot remembers say about today's.
 *
 *   now->moves, sorted by name: | left A at 1st | left B at 5th | left A at 7th (today) |
 *
 * A delegation that moved today and is now where it was before a move within the memory has
 * returned; one that moves again and again churns. */
#include "verify/change.h"

static int by_name(const void *a, const void *b, void *snapshot)
{
	const struct snap_move *x = a, *y = b;
	int diff = snapshot_order(snapshot, x->name, snapshot, y->name);

	if (diff)
		return diff;
	return x->since > y->since ? -1 : x->since < y->since;
}

static void tell_returned(struct change *c, const struct snap_cut *now,
			  const struct snap_move *today, const struct snap_move *before)
{
	struct finding *f = change_begin(c, CHANGE_RETURNED, now);
	char name[NAME_TEXT_MAX], away[CHANGE_SET_TEXT], after[40];
	u64 days = (today->since - before->since + 43200) / 86400;

	if (f == NULL)
		return;
	finding_value(f, "away", (double)(today->since - before->since), "seconds",
		      "between the snapshots that saw it leave and come back");
	snprintf(after, sizeof after, days == 1 ? N_("about %llu "
		"day") : N_("about %llu days"),
		 (unsigned long long)days);
	audit_end(c->a, f, "%s is back where it was after %s at %s.",
		  snapshot_text(c->now, now->name, false, name),
		  days ? after : N_("less than a day"), change_set(c->now, today->set, away));
}

/* One delegation's moves, the latest first. */
static void judge(struct change *c, const struct snap_cut *now, const struct snap_move *m, u32 n)
{
	struct finding *f;
	char name[NAME_TEXT_MAX];

	if (m[0].since != c->now->head.at)
		return;
	for (u32 i = 1; i < n; i++)
		if (m[i].set == now->set) {
			tell_returned(c, now, &m[0], &m[i]);
			break;
		}
	if (n < c->conf->churn || (f = change_begin(c, CHANGE_CHURN, now)) == NULL)
		return;
	finding_least(f, "moves", n, (double)c->conf->churn, "moves that the snapshot remembers");
	audit_end(c->a, f, "%s moved %u times lately.",
		  snapshot_text(c->now, now->name, false, name), n);
}

int change_history(struct change *c)
{
	const struct snapshot *s = c->now;
	u32 n = s->move_count, cut = 0;
	struct snap_move *all;

	if (n == 0)
		return 0;
	if ((all = malloc((u64)n * sizeof *all)) == NULL)
		return -ENOMEM;
	memcpy(all, s->moves, (u64)n * sizeof *all);
	qsort_r(all, n, sizeof *all, by_name, (void *)s);
	for (u32 i = 0, j; i < n; i = j) {
		for (j = i + 1; j < n && snapshot_order(s, all[i].name, s, all[j].name) == 0;)
			j++;
		while (cut < s->cut_count &&
		       snapshot_order(s, s->cuts[cut].name, s, all[i].name) < 0)
			cut++;
		if (cut < s->cut_count &&
		    snapshot_order(s, s->cuts[cut].name, s, all[i].name) == 0)
			judge(c, &s->cuts[cut], all + i, j - i);
	}
	free(all);
	return 0;
}
