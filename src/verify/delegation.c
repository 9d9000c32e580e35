/* SPDX-License-Identifier: GPL-3.0-or-later */
/* delegation.c - can every delegation of this zone be resolved, and by whom it should be?
 *
 * A parent zone alone shows which servers have addresses, which cannot have any, which
 * domains they lie in, and who leans on whom. It does not show whether a server answers,
 * what the child says of itself, or whether a name that is not delegated is registered:
 * that needs queries, or the registry's database, and is not told here.
 *
 *   hosts -> cuts -> graph -> findings          see delegation.h
 *
 * A zone without delegations has nothing to say. Cost: bench/README.md. */
#include "verify/delegation.h"
#include "dns/suffix.h"

/* Are names right below the origin given out to others? Below the root by IANA, below a
 * public suffix to whoever asks; not under arpa, where addresses and protocols have names. */
static void judge_origin(struct delegation *d)
{
	static const u8 arpa[] = "\4arpa";
	int kind;
	unsigned labels, suffix;

	d->units = d->listed = d->origin->len <= 1;
	if (d->units || d->in->suffixes == NULL)
		return;
	suffix = delegation_suffix(d, d->origin, &kind, &labels);
	d->units = suffix == labels;
	d->listed = d->units && kind != SUFFIX_UNLISTED;
	d->claims = d->units && (d->origin->len < sizeof arpa ||
		memcmp(d->origin->wire + d->origin->len - sizeof arpa, arpa,
		       sizeof arpa) != 0);
}

static int open_all(struct delegation *d, struct audit *a, const struct zone *z,
		    const void *conf)
{
	*d = (struct delegation){ .a = a, .z = z, .c = conf, .in = audit_input(a) };
	d->origin = zone_name(z, zone_origin(z));
	d->records = zone_records(z, &d->record_count);
	d->hosts = zone_hosts(z, &d->host_count);
	d->cut_count = zone_cut_count(z);
	d->host = calloc((u64)d->host_count + 1, sizeof *d->host);
	d->ref = calloc((u64)d->host_count + 1, sizeof *d->ref);
	d->mark = calloc((u64)d->cut_count + 1, sizeof *d->mark);
	if (!d->host || !d->ref || !d->mark)
		return -ENOMEM;
	judge_origin(d);
	return 0;
}

static int look(struct audit *a, const struct zone *z, const void *conf)
{
	struct delegation d;
	int rc = open_all(&d, a, z, conf);

	if (rc == 0)
		rc = delegation_hosts(&d);
	if (rc == 0)
		rc = delegation_cuts(&d);
	if (rc == 0)
		rc = delegation_graph(&d);
	if (rc == 0) {
		delegation_tell(&d);
		rc = delegation_glue(&d);
	}
	if (rc == 0)
		rc = delegation_alike(&d);
	if (rc == 0)
		rc = delegation_groups(&d);
	free(d.host);
	free(d.ref);
	free(d.mark);
	free(d.answer);
	return rc;
}

const struct check_family family_delegation = {
	.id = "delegation", .title = N_("Delegations"), .version = 1,
	.opts = delegation_opts, .conf_size = sizeof(struct delegation_conf),
	.rows = delegation_rows, .look = look,
};
