/* SPDX-License-Identifier: GPL-3.0-or-later */
/* detect.c - the registry of detectors, and how a finding is put together. */
#include "detect/detect.h"
#include "dns/name.h"
#include "window/network.h"
#include <arpa/inet.h>

extern const struct detector detector_tunnel, detector_dga, detector_nxstorm,
	detector_reflection;

const struct detector *const detectors[] = {
	&detector_tunnel,
	&detector_dga,
	&detector_nxstorm,
	&detector_reflection,
	NULL
};

#define TEXT(to, from) snprintf(to, sizeof(to), "%s", from)

void find_begin(struct finding *f, const struct look *l, const struct detector *d,
		const char *row)
{
	memset(f, 0, sizeof *f);
	TEXT(f->rule, row);
	f->rule_version = d->version;
	f->from = l->w->from_ns;
	f->until = l->w->until_ns;
	f->frames = l->w->frames;
	f->lost = l->w->lost;
	f->late = l->w->late;
	f->crowded = window_crowded(l->w);
	TEXT(f->label, "TLP:AMBER");
	for (const struct catalogue_row *r = d->rows; r->id; r++)
		if (strcmp(r->id, row) == 0)
			f->severity = r->severity;
}

void find_domain(struct finding *f, const struct window *w, const struct domain_sum *d)
{
	char text[NAME_TEXT_MAX];

	TEXT(f->subject_kind, "domain");
	if (d->name_len)
		name_text(pool_at(&w->pool[SUMMARY_DOMAIN], d->name), d->name_len, text);
	else	/* no memory was left for its name */
		snprintf(text, sizeof text, N_("(name lost, key %016llx)"),
			(unsigned long long)d->key);
	TEXT(f->subject, text);
	f->key = d->key;
}

char *address_text(const struct addr *a, char to[ADDRESS_TEXT_MAX])
{
	if (addr_is4(a))
		inet_ntop(AF_INET, a->at + 12, to, ADDRESS_TEXT_MAX);
	else
		inet_ntop(AF_INET6, a->at, to, ADDRESS_TEXT_MAX);
	return to;
}

void find_address(struct finding *f, const char *kind, const struct addr *a, u64 key)
{
	char text[ADDRESS_TEXT_MAX];

	TEXT(f->subject_kind, kind);
	TEXT(f->subject, address_text(a, text));
	f->key = key;
}

char *network_text(const struct addr *a, char to[ADDRESS_TEXT_MAX])
{
	struct addr net = network_of(a);
	size_t n = strlen(address_text(&net, to));

	snprintf(to + n, ADDRESS_TEXT_MAX - n, "/%u", network_bits(a));
	return to;
}

void find_client(struct finding *f, const char *kind, const struct client_sum *c)
{
	char text[ADDRESS_TEXT_MAX];

	find_address(f, c->network ? "network" : kind, &c->addr, c->key);
	if (c->network)
		TEXT(f->subject, network_text(&c->addr, text));
}

bool is_resolver(const struct window *w, const struct client_sum *c)
{
	const struct server_sum *s = keytab_find(&w->table[SUMMARY_SERVER], c->key);

	return s && s->responses > 0;
}
