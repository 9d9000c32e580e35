/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec_nsec3.c - NSEC3 against the names of the zone, and what it costs.
 *
 *   names in canonical order, empty non-terminals too     --hash, in parallel-->  chain
 *     in the chain      the types must be right, the record is seen
 *     not in the chain  an insecure delegation in an opt-out span may be (RFC 5155,
 *                       7.1), and an empty non-terminal above nothing but those; no other
 *   records never seen  orphans
 *
 * A chain that an NSEC3PARAM record announces must be complete; others are being built or
 * taken down (RFC 5155, 10.4). Names are worked on some ten thousands at a time: workers
 * hash and compare, one thread says findings in canonical order.
 *
 * Cost: iterations + 1 SHA-1 a name and chain, which `iterations` bounds. */
#include "base/num.h"
#include "base/rd.h"
#include "verify/dnssec.h"
#include <stdatomic.h>

#define ITEMS 65536u	/* names worked on together */
#define STEP 512u	/* names that a worker takes at a time */
#define ITERATIONS_INSECURE 50u	/* above it validators in use treat the zone as unsigned */

enum kind { KIND_DATA, KIND_SECURE, KIND_INSECURE, KIND_EMPTY };
enum result { RESULT_GOOD, RESULT_BITMAP, RESULT_MISSING, RESULT_OPTOUT };

struct item {		/* a name that must be in the chain */
	u32 owner;	/* itself, or one below it (empty non-terminals) */
	u32 at;		/* place in the chain: written by the workers */
	u8 skip;	/* octets of the owner's wire before it */
	u8 kind, result;
};

struct pending {	/* an empty non-terminal that may be missing so far */
	const u8 *wire;
	u8 len;
	u32 owner;
};

struct job {
	struct dnssec *d;
	const struct dnssec_chain *c;
	struct item *items;
	u32 count;
	atomic_uint next;
	u8 *seen;		/* bits: records of the chain that a name has */
	struct pending pending[NAME_LABELS_MAX];
	u32 pending_count;
	u64 hashes, insecure, left_out;
	bool stopped;		/* `hashes` was reached */
};

/* ---- in the workers ---- */

static void judge_item(const struct job *j, struct item *t, struct dnssec_bits *bits)
{
	const struct dnssec *d = j->d;
	const struct zone_name *n = zone_name(d->z, t->owner);
	u8 hash[NSEC3_HASH], encoded[DNSSEC_BITMAP_MAX];
	struct dnssec_nsec3 r;
	bool exact;
	u32 len = 0;
	const u8 *rdata;

	dnssec_hash(j->c, n->wire + t->skip, n->len - t->skip, hash);
	t->at = dnssec_chain_find(d, j->c, hash, &exact);
	rdata = zone_rdata(d->z, &d->records[j->c->records[t->at]], &len);
	must(dnssec_nsec3_read(&r, rdata, len));
	if (!exact) {
		t->result = r.flags & NSEC3_OPTOUT && t->kind >= KIND_INSECURE ?
			RESULT_OPTOUT :
			RESULT_MISSING;
		return;
	}
	if (t->kind == KIND_EMPTY)
		dnssec_bits_clear(bits);
	else
		dnssec_bits_of(bits, d, t->owner, true);
	len = dnssec_bits_encode(bits, encoded);
	t->result = r.bitmap_len == len && memcmp(r.bitmap, encoded, len) == 0 ?
		RESULT_GOOD :
		RESULT_BITMAP;
}

static void work(void *arg)
{
	struct job *j = arg;
	struct dnssec_bits bits;
	u32 at;

	while ((at = atomic_fetch_add(&j->next, STEP)) < j->count)
		for (u32 i = at; i < min_u64(at + STEP, j->count); i++)
			judge_item(j, &j->items[i], &bits);
}

/* ---- saying ---- */

static const char *item_text(const struct job *j, const struct item *t, char *to)
{
	const struct zone_name *n = zone_name(j->d->z, t->owner);

	return dnssec_name_text(n->wire + t->skip, n->len - t->skip, to);
}

static void say_missing(struct job *j, const struct item *t)
{
	static const char *const kinds[] = {
		[KIND_DATA] = N_("The name %s has no NSEC3 record: the chain denies that it "
				 "exists."),
		[KIND_SECURE] = N_("The signed delegation %s has no NSEC3 record: the chain denies "
				   "that it exists."),
		[KIND_INSECURE] = N_("The delegation %s has no NSEC3 record and lies in no opt-out "
				     "span: the chain denies that it exists."),
		[KIND_EMPTY] = N_("The empty non-terminal %s has no NSEC3 record: the chain denies "
				  "that it exists."),
	};
	struct dnssec *d = j->d;
	const struct zone_record *r = &d->records[zone_name(d->z, t->owner)->first];
	char name[DNSSEC_NAME_TEXT + 4], full[NAME_TEXT_MAX];
	const struct zone_name *n = zone_name(d->z, t->owner);
	struct finding *f;

	f = t->kind == KIND_EMPTY ?
		audit_begin_other(d->a, DNSSEC_NSEC3_MISSING, "name",
				  name_text(n->wire + t->skip, n->len - t->skip, full)) :
		audit_begin_set(d->a, DNSSEC_NSEC3_MISSING, t->owner, r);
	if (f == NULL)
		return;
	audit_end(d->a, f, kinds[t->kind], item_text(j, t, name));
}

static void say_bitmap(struct job *j, const struct item *t)
{
	struct dnssec *d = j->d;
	const struct zone_record *r = &d->records[j->c->records[t->at]];
	struct dnssec_bits *bits = calloc(2, sizeof *bits);
	char name[DNSSEC_NAME_TEXT + 4], diff[DNSSEC_BITS_TEXT];
	struct dnssec_nsec3 n;
	struct finding *f;
	u32 len;
	const u8 *rdata = zone_rdata(d->z, r, &len);

	if (bits && (f = audit_begin_set(d->a, DNSSEC_NSEC3_BITMAP, r->owner, r))) {
		must(dnssec_nsec3_read(&n, rdata, len));
		if (t->kind == KIND_EMPTY)
			dnssec_bits_clear(&bits[1]);
		else
			dnssec_bits_of(&bits[1], d, t->owner, true);
		if (!dnssec_bits_decode(&bits[0], n.bitmap, n.bitmap_len))
			bits[0] = bits[1];
		audit_end(d->a, f, "The types in the NSEC3 record of %s are not those "
			  "of the name: %s.", item_text(j, t, name),
			  dnssec_bits_diff(&bits[0], &bits[1], diff));
	}
	free(bits);
}

/* Is the item below the name, or the name itself? */
static bool below(const struct job *j, const struct item *t, const struct pending *p)
{
	const struct zone_name *n = zone_name(j->d->z, t->owner);
	unsigned at = t->skip;

	while (at + p->len < n->len)
		at += 1u + n->wire[at];
	return at + p->len == n->len && memcmp(n->wire + at, p->wire, p->len) == 0;
}

/* An empty non-terminal in an opt-out span may be missing as long as nothing below it has
 * a record (RFC 5155, 7.1). */
static void settle_pending(struct job *j, const struct item *t)
{
	while (j->pending_count && !below(j, t, &j->pending[j->pending_count - 1]))
		j->pending_count--;
	if (t->result == RESULT_OPTOUT && t->kind == KIND_EMPTY) {
		const struct zone_name *n = zone_name(j->d->z, t->owner);

		must(j->pending_count < NAME_LABELS_MAX);
		j->pending[j->pending_count++] = (struct pending){ n->wire + t->skip,
			(u8)(n->len - t->skip), t->owner };
	} else if (t->result != RESULT_OPTOUT) {
		for (u32 i = 0; i < j->pending_count; i++) {
			struct item e = { .owner = j->pending[i].owner,
				.kind = KIND_EMPTY };

			e.skip = (u8)(j->pending[i].wire - zone_name(j->d->z,
				e.owner)->wire);
			say_missing(j, &e);
		}
		j->pending_count = 0;
	}
}

static void say_items(struct job *j)
{
	for (u32 i = 0; i < j->count; i++) {
		const struct item *t = &j->items[i];

		settle_pending(j, t);
		if (t->result == RESULT_GOOD || t->result == RESULT_BITMAP)
			j->seen[t->at / 8] |= (u8)(1 << t->at % 8);
		if (t->result == RESULT_MISSING)
			say_missing(j, t);
		else if (t->result == RESULT_BITMAP)
			say_bitmap(j, t);
		j->left_out += t->result == RESULT_OPTOUT && t->kind == KIND_INSECURE;
		j->insecure += t->kind == KIND_INSECURE;
	}
}

/* ---- which names ---- */

/* The rest of the names is left out when the zone costs too much. */
static void flush(struct job *j)
{
	unsigned threads = (unsigned)min_u64(j->d->in->threads, j->count / STEP + 1);

	j->hashes += (u64)j->count * (j->c->iterations + 1u);
	if (j->hashes > j->d->conf->hashes) {
		dnssec_limit(j->d, 0, NC_("phrase", "NSEC3 hashes"), (double)j->hashes,
			     (double)j->d->conf->hashes,
			     N_("the other names were not compared with the NSEC3 "
			     	"records"));
		j->stopped = true;
		j->count = 0;
		return;
	}
	atomic_store(&j->next, 0);
	dnssec_parallel(threads, work, j);
	say_items(j);
	j->count = 0;
}

static enum kind kind_of(const struct dnssec *d, u32 owner)
{
	struct zone_rrset set;

	if (!(zone_name(d->z, owner)->flags & ZONE_CUT))
		return KIND_DATA;
	return zone_rrset(d->z, owner, TYPE_DS, &set) ? KIND_SECURE : KIND_INSECURE;
}

/* Labels that two names share at their ends. */
static unsigned shared_labels(const struct zone_name *a, const u8 *a_at, unsigned an,
			      const struct zone_name *b, const u8 *b_at, unsigned bn)
{
	unsigned n = 0;

	while (n < an && n < bn) {
		const u8 *x = a->wire + a_at[an - 1 - n], *y = b->wire + b_at[bn - 1 - n];

		if (x[0] != y[0] || memcmp(x, y, 1u + x[0]))
			break;
		n++;
	}
	return n;
}

struct cursor {		/* the authoritative name before */
	const struct zone_name *last;
	u8 at[NAME_LABELS_MAX];
	unsigned labels;
};

static void add_item(struct job *j, u32 owner, unsigned skip, enum kind kind)
{
	j->items[j->count++] = (struct item){ .owner = owner, .skip = (u8)skip,
		.kind = (u8)kind };
}

/* The name, and before it what is between it and the names before: empty non-terminals.
 * */
static void add_name(struct job *j, struct cursor *c, u32 owner)
{
	const struct zone_name *n = zone_name(j->d->z, owner);
	u8 at[NAME_LABELS_MAX];
	unsigned labels = (unsigned)name_labels(n->wire, n->len, at),
		known = j->d->apex_labels;

	if (c->last)
		known = (unsigned)max_u64(known, shared_labels(c->last, c->at, c->labels,
		n, at,
							       labels));
	for (unsigned i = known + 1; i < labels; i++)
		add_item(j, owner, at[labels - i], KIND_EMPTY);
	add_item(j, owner, 0, kind_of(j->d, owner));
	c->last = n;
	c->labels = labels;
	memcpy(c->at, at, labels);
}

static void walk_names(struct job *j)
{
	struct dnssec *d = j->d;
	struct rank_walk walk = zone_owners_from(d->z, 0);
	struct cursor c = { .last = NULL };

	for (u32 i = 0; i < d->owner_count && !j->stopped; i++) {
		u32 owner = zone_owners_next(d->z, &walk);
		const struct zone_name *n = zone_name(d->z, owner);

		if (!(n->flags & ZONE_INSIDE) || n->flags & (ZONE_BELOW | ZONE_MASKED) ||
		    !dnssec_has_data(d, owner))
			continue;
		if (j->count + NAME_LABELS_MAX + 1 > ITEMS)
			flush(j);
		add_name(j, &c, owner);
	}
	if (!j->stopped)
		flush(j);
}

static void say_orphans(struct job *j)
{
	struct dnssec *d = j->d;

	for (u32 i = 0; i < j->c->count; i++) {
		const struct zone_record *r = &d->records[j->c->records[i]];
		struct finding *f;

		if (!(j->seen[i / 8] >> i % 8 & 1) &&
		    (i == 0 || d->records[j->c->records[i - 1]].owner != r->owner) &&
		    (f = audit_begin_set(d->a, DNSSEC_NSEC3_ORPHAN, r->owner, r)))
			audit_end(d->a, f, "This NSEC3 record is the hash of no name of "
			"the zone.");
	}
}

static void say_optout(struct job *j)
{
	struct finding *f;

	if (j->left_out == 0 ||
	    (f = audit_begin(j->d->a, DNSSEC_NSEC3_OPTOUT, j->d->apex,
			     &j->d->records[j->c->records[0]])) == NULL)
		return;
	finding_value(f, "insecure", (double)j->insecure, "", "delegations without DS");
	finding_value(f, "left_out", (double)j->left_out, "", "of them without NSEC3");
	audit_end(j->d->a, f, "%llu of %llu delegations without DS are left out of the "
		  "NSEC3 chain (opt-out): somebody on the path can add or hide such "
		  "names unseen.",
		  (unsigned long long)j->left_out, (unsigned long long)j->insecure);
}

/* A whole chain against the zone. */
static int compare_chain(struct dnssec *d, const struct dnssec_chain *c)
{
	struct job *j = calloc(1, sizeof *j);
	int rc = -ENOMEM;

	if (j == NULL)
		goto out;
	j->d = d;
	j->c = c;
	j->items = malloc(ITEMS * sizeof *j->items);
	j->seen = calloc(1, c->count / 8 + 1);
	if (j->items == NULL || j->seen == NULL)
		goto out;
	walk_names(j);
	if (!j->stopped) {
		say_orphans(j);
		say_optout(j);
	}
	rc = 0;
out:
	if (j) {
		free(j->items);
		free(j->seen);
	}
	free(j);
	return rc;
}

/* ---- parameters ---- */

static const char *chain_text(const struct dnssec_chain *c, char to[64])
{
	snprintf(to, 64, N_("%u iterations, a salt of %u octets"), c->iterations,
		c->salt_len);
	return to;
}

/* NSEC3PARAM: RDATA begins as that of NSEC3 does (RFC 5155, 4.2). */
static void read_param(struct dnssec *d, struct dnssec_chains *all,
	const struct zone_record *r)
{
	u32 len;
	const u8 *p = zone_rdata(d->z, r, &len);
	struct finding *f;

	if (len < 5 || len < 5u + p[4])
		return;
	if (p[1] != 0) {
		if ((f = audit_begin_set(d->a, DNSSEC_NSEC3_PARAM_FLAGS, d->apex, r)))
			audit_end(d->a, f, "The flags of an NSEC3PARAM record are %u "
				  "instead of 0: servers ignore it.", p[1]);
		return;
	}
	for (u32 i = 0; i < all->count; i++) {
		struct dnssec_chain *c = &all->at[i];

		if (p[0] == c->hash && be16(p + 2) == c->iterations &&
			p[4] == c->salt_len &&
		    memcmp(p + 5, c->salt, c->salt_len) == 0) {
			c->announced = true;
			return;
		}
	}
	if ((f = audit_begin_set(d->a, DNSSEC_NSEC3_NO_CHAIN, d->apex, r)))
		audit_end(d->a, f, "An NSEC3PARAM record announces a chain with %u "
			  "iterations and a salt of %u octets, of which the zone has no "
			  "NSEC3 record.", be16(p + 2), p[4]);
}

static void read_params(struct dnssec *d, struct dnssec_chains *all)
{
	struct zone_rrset set;

	if (!zone_rrset(d->z, d->apex, TYPE_NSEC3PARAM, &set))
		return;
	for (u32 i = 0; i < set.count; i++)
		if (!(d->records[set.first + i].mark & ZONE_REPEAT))
			read_param(d, all, &d->records[set.first + i]);
}

static void say_cost(struct dnssec *d, const struct dnssec_chain *c)
{
	const struct zone_record *r = &d->records[c->records[0]];
	struct finding *f;

	if (c->iterations && (f = audit_begin(d->a, DNSSEC_NSEC3_ITERATIONS, d->apex,
		r))) {
		finding_most(f, "iterations", c->iterations, 0, "of the hash, beyond the "
			"first");
		if (c->iterations > ITERATIONS_INSECURE)
			f->severity = SEVERITY_HIGH;
		audit_end(d->a, f, c->iterations > ITERATIONS_INSECURE
			  ? N_("NSEC3 hashes each name %u times more than needed, which protects "
			       "nothing; validators in use take the zone for unsigned.")
			  : N_("NSEC3 hashes each name %u times more than needed, which protects "
			       "nothing and costs servers and validators."), c->iterations);
	}
	if (c->salt_len && (f = audit_begin(d->a, DNSSEC_NSEC3_SALT, d->apex, r)))
		audit_end(d->a, f, "NSEC3 uses a salt of %u octets, which protects "
			  "nothing: names are hashed whole, so each zone has its own "
			  "hashes anyway.", c->salt_len);
}

/* Keys of the algorithms from before NSEC3 (RFC 5155, 2). */
static void say_algorithm(struct dnssec *d)
{
	for (u32 i = 0; i < d->key_count; i++) {
		const struct dnssec_key *k = &d->keys[i];
		char text[DNSSEC_ALGORITHM_TEXT];
		struct finding *f;

		if ((k->algorithm == SIG_RSASHA1 || k->algorithm == SIG_DSA ||
		     k->algorithm == SIG_RSAMD5) &&
		    (f = dnssec_key_begin(d, DNSSEC_NSEC3_ALGORITHM, k)))
			audit_end(d->a, f, "The zone uses NSEC3 and this key has the "
				  "algorithm %s, which says that it does not.",
				  dnssec_algorithm_text(k->algorithm, text));
	}
}

static int judge_chain(struct dnssec *d, const struct dnssec_chain *c, bool must_be_whole)
{
	char text[64];
	struct finding *f;

	say_cost(d, c);
	if (!must_be_whole) {
		if ((f = audit_begin(d->a, DNSSEC_NSEC3_SECOND, d->apex,
			&d->records[c->records[0]])))
			audit_end(d->a, f, "A second NSEC3 chain (%u records, %s) has "
				  "no NSEC3PARAM: it is being built or taken down.",
				  c->count, chain_text(c, text));
		return 0;
	}
	dnssec_chain_links(d, c);
	if (c->iterations > d->conf->iterations) {
		dnssec_limit(d, 0, NC_("phrase", "NSEC3 iterations"), c->iterations,
			(double)d->conf->iterations,
			     N_("its NSEC3 records were not compared with its names"));
		return 0;
	}
	return compare_chain(d, c);
}

static int judge_chains(struct dnssec *d, struct dnssec_chains *all)
{
	struct dnssec_chain *whole = NULL;
	struct finding *f;
	int rc = 0;

	for (u32 i = 0; i < all->count; i++)
		if (all->at[i].announced)
			whole = &all->at[i];
	if (whole == NULL && all->count) {
		whole = &all->at[0];
		for (u32 i = 1; i < all->count; i++)
			if (all->at[i].count > whole->count)
				whole = &all->at[i];
		if ((f = audit_begin(d->a, DNSSEC_NSEC3_NO_PARAM, d->apex,
				     &d->records[whole->records[0]])))
			audit_end(d->a, f, "The zone has NSEC3 records, and no "
				  "NSEC3PARAM that names them: servers do not know how "
				  "to answer with them.");
	}
	for (u32 i = 0; rc == 0 && i < all->count; i++)
		rc = judge_chain(d, &all->at[i], all->at[i].announced ||
		&all->at[i] == whole);
	return rc;
}

int dnssec_nsec3(struct dnssec *d)
{
	struct dnssec_chains *all = calloc(1, sizeof *all);
	int rc;

	if (all == NULL)
		return -ENOMEM;
	if ((rc = dnssec_chains_read(d, all)) == 0) {
		read_params(d, all);
		rc = judge_chains(d, all);
	}
	if (rc == 0 && d->count[TYPE_NSEC3])
		say_algorithm(d);
	dnssec_chains_free(all);
	free(all);
	return rc;
}
