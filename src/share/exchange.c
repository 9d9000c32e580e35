/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange.c - the formats of exchange, one row each; see exchange.h. */
#include "share/exchange.h"

extern const struct exchange
	exchange_jsonl, exchange_stix, exchange_misp,
	exchange_rpz, exchange_unbound, exchange_dnsmasq, exchange_hosts, exchange_list,
	exchange_csv, exchange_xarf, exchange_mail, exchange_iodef;

/* In the order of guessing: what is least like others first. */
const struct exchange *const exchanges[] = {
	&exchange_jsonl,
	&exchange_stix,
	&exchange_misp,
	&exchange_xarf,
	&exchange_iodef,
	&exchange_mail,
	&exchange_rpz,
	&exchange_unbound,
	&exchange_dnsmasq,
	&exchange_hosts,
	&exchange_list,
	&exchange_csv,
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

/* Options at their defaults, for callers that bring none. */
struct defaults { struct opts opts; struct opt_group group; };

static int take_defaults(struct defaults *d, const struct exchange *e, const void **conf)
{
	int rc;

	if (*conf || e->rows == NULL)
		return 0;
	d->group = (struct opt_group){ .name = e->id, .title = e->title, .rows = e->rows,
				       .size = e->conf_size };
	if ((rc = opts_init(&d->opts, &d->group, 1)) == 0)
		*conf = opts_conf(&d->opts, e->rows);
	return rc;
}

/* A refusal without a sentence gets the error's. */
static int say(int rc, char why[EXCHANGE_WHY])
{
	if (rc < 0 && why[0] == 0)
		snprintf(why, EXCHANGE_WHY, "%s", oops_text(rc));
	return rc;
}

/* Says which items have no place in it. */
static void tell_omitted(const struct exchange *e, const struct exchange_write *w)
{
	char why[EXCHANGE_WHY];

	for (size_t i = 0; e->omits && w->trouble && i < release_count(w->release); i++) {
		const struct item *it = release_item(w->release, i);

		why[0] = 0;
		if (e->omits(w, it, why))
			w->trouble(w->to, it->subject && it->subject[0] ? it->subject : it->id,
				   why);
	}
}

int exchange_write(const struct exchange *e, struct buf *out,
		   const struct exchange_write *w, char why[EXCHANGE_WHY])
{
	char marking[MARKING_TEXT_MAX];
	const struct refusal *first;
	struct exchange_write with = *w;
	struct defaults d = { 0 };
	int rc;

	why[0] = 0;
	if (release_good(w->release)) {
		if ((rc = take_defaults(&d, e, &with.conf)) == 0) {
			tell_omitted(e, &with);
			rc = e->write(out, &with, why);
		}
		opts_free(&d.opts);
		return say(rc, why);
	}
	first = release_refusal(w->release, 0);
	snprintf(why, EXCHANGE_WHY, N_("%s %.16s is %s, which %s may not have"),
		 item_kinds[first->kind], first->id, marking_text(first->marking, marking),
		 release_audience(w->release)->name);
	return -EPERM;
}

/* Counts the items on their way. */
struct counted { const struct exchange_read *r; u32 items; };

static int take_counted(void *to, const struct item *i)
{
	struct counted *c = to;

	if (++c->items > EXCHANGE_ITEMS_MAX)
		return OOPS_LIMIT;
	return c->r->item(c->r->to, i);
}

static void tell_on(void *to, const char *where, const char *why)
{
	const struct counted *c = to;

	c->r->trouble(c->r->to, where, why);
}

int exchange_read(const struct exchange *e, const struct exchange_read *r,
		  char why[EXCHANGE_WHY])
{
	struct counted c = { .r = r };
	struct exchange_read with = *r;
	struct defaults d = { 0 };
	int rc;

	why[0] = 0;
	if (e->read == NULL)
		return say(OOPS_TYPE, why);
	if (r->n > EXCHANGE_OCTETS_MAX)
		return say(OOPS_LIMIT, why);
	with.item = take_counted;
	with.trouble = tell_on;
	with.to = &c;
	if ((rc = take_defaults(&d, e, &with.conf)) == 0)
		rc = e->read(&with, why);
	opts_free(&d.opts);
	return say(rc, why);
}
