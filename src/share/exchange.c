/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange.c - the formats of exchange, one row each; see exchange.h. */
#include "share/exchange.h"

extern const struct exchange exchange_jsonl, exchange_stix;

const struct exchange *const exchanges[] = {
	&exchange_jsonl,
	&exchange_stix,
	NULL
};

const struct exchange *exchange_find(const char *id)
{
	for (const struct exchange *const *e = exchanges; *e; e++)
		if (strcmp((*e)->id, id) == 0)
			return *e;
	return NULL;
}

const struct exchange *exchange_guess(const u8 *octets, size_t n)
{
	for (const struct exchange *const *e = exchanges; *e; e++)
		if ((*e)->knows && (*e)->knows(octets, n))
			return *e;
	return NULL;
}

u64 exchange_carries(const struct exchange *e)
{
	const char *p = e->carries;
	char name[32];
	u64 bits = 0;

	while (*(p += strspn(p, " "))) {
		size_t n = strcspn(p, " ");

		snprintf(name, sizeof name, "%.*s", (int)n, p);
		bits |= (u64)1 << item_bit(name);
		p += n;
	}
	return bits;
}

int exchange_write(const struct exchange *e, struct buf *out,
		   const struct exchange_write *w, char why[EXCHANGE_WHY])
{
	char marking[MARKING_TEXT_MAX];
	const struct refusal *first;

	if (release_good(w->release))
		return e->write(out, w, why);
	first = release_refusal(w->release, 0);
	snprintf(why, EXCHANGE_WHY, "%s %.16s is %s, which %s may not have",
		 item_kinds[first->kind], first->id, marking_text(first->marking, marking),
		 release_audience(w->release)->name);
	return -EPERM;
}
