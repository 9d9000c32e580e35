/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sieve_fault.c - findings of one fault: each audit of a zone adds one, and lists and counts
 * want one of them; see fault.h, sieve.h.
 *
 *   older[i] <- i -> newer[i]      findings of a fault in the order of their time, place + 1
 *   last[fault]                    the newest, place + 1
 *
 * Which of them stands for the fault depends on who asks and for what time: the newest that
 * they may see and that the question's time, run and incident let through. That is nearly
 * always the next one along the chain, so a finding costs a look at its neighbour. */
#include "respond/sieve_own.h"

int sieve_fault_add(struct sieve *v, u32 i)
{
	const struct fault is = { v->hot[i].rule, v->subject[i], v->zone[i] };
	const u32 known = v->faults.count;
	u32 n, at, after = 0, *last;
	int rc;

	v->fault[i] = v->older[i] = v->newer[i] = 0;
	if (sieve_word(v, v->zone[i])[0] == 0)
		return 0;
	if ((rc = faults_add(&v->faults, &is, &n)))
		return rc;
	if (v->faults.room > v->last_room) {
		if ((last = reallocarray(v->last, v->faults.room, sizeof *last)) == NULL)
			return -ENOMEM;
		v->last = last;
		v->last_room = v->faults.room;
	}
	if (v->faults.count > known)
		v->last[n] = 0;
	for (at = v->last[n]; at && v->from[at - 1] > v->from[i]; at = v->older[at - 1])
		after = at;
	v->fault[i] = n + 1;
	v->older[i] = at;
	v->newer[i] = after;
	if (at)
		v->newer[at - 1] = i + 1;
	*(after ? &v->older[after - 1] : &v->last[n]) = i + 1;
	v->seen_again = v->seen_again || at || after;
	return 0;
}

/* May it stand for its fault in this answer? */
static bool stands(const struct sieve_asked *a, u32 i)
{
	const struct sieve *v = a->v;
	const struct sieve_ask *ask = a->ask;

	return a->lets[v->hot[i].marking.tlp][v->hot[i].marking.pap] &&
	       (ask->since == 0 || v->until[i] > ask->since) &&
	       (ask->until == 0 || v->from[i] < ask->until) &&
	       (ask->revision == 0 || v->written[i] > ask->revision) &&
	       (ask->incident == 0 || v->incident[i] == ask->incident) &&
	       (a->number == NULL || a->number[i]);
}

static u32 newer(const struct sieve_asked *a, u32 i)
{
	u32 at = a->v->newer[i];

	while (at && !stands(a, at - 1))
		at = a->v->newer[at - 1];
	return at;
}

bool sieve_has_newer(const struct sieve_asked *a, u32 i)
{
	return newer(a, i) != 0;
}

void sieve_fault_seen(const struct sieve_asked *a, u32 i, struct sieve_item *to)
{
	const struct sieve *v = a->v;

	to->first = v->from[i];
	to->times = 1;
	for (u32 at = v->older[i]; at; at = v->older[at - 1])
		if (stands(a, at - 1)) {
			to->first = v->from[at - 1];
			to->times++;
		}
}

u32 sieve_row_fault(const struct sieve_row *r)
{
	return r->of->v->fault[r->at];
}

u64 sieve_row_newer(const struct sieve_row *r)
{
	const u32 at = newer(r->of, r->at);

	return at ? r->of->v->until[at - 1] : 0;
}

bool sieve_row_known(const struct sieve_row *r, u64 revision)
{
	const struct sieve *v = r->of->v;

	for (u32 at = v->older[r->at]; at; at = v->older[at - 1])
		if (v->written[at - 1] <= revision && stands(r->of, at - 1))
			return true;
	return false;
}
