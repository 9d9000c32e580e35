/* SPDX-License-Identifier: GPL-3.0-or-later */
/* delegation_alike.c - operators whose name is one slip away from a big one's.
 *
 * The zone itself says who is big: registered domains with a host that many delegations
 * name. A small one that differs from a big one by one letter (left out, added, changed,
 * swapped), or by letters that look alike, is a slip of somebody's keyboard, a bit that
 * flipped, or a trap for such slips; who registers it answers for the delegations that name it.
 *
 *   big "bighosting.com"     -> hashes of itself and of itself without each letter
 *   small "bighostng.com"    -> the same of it; a common hash is looked at letter by letter
 *
 * The hash without the letter at i comes from the whole one by one multiplication, so a host
 * costs about as many as it has letters. Only the label below the public suffix may differ.
 * Families that count (dns01, dns02) are no slips: a digit for a digit is passed over. */
#include "verify/delegation.h"
#include "base/hash.h"
#include <pthread.h>

#define TEXT_MAX 256u
#define FOUND_MAX 100000u	/* hosts of look-alikes; past it the row of limits says so */

struct domain {		/* a registered domain: label, then the suffix as it lies */
	const u8 *at;
	u8 label, len;	/* octets of the label; of all of it as a wire name */
};

struct big {
	struct domain name;
	u32 host;	/* its busiest */
};

struct slot { u64 hash; u32 big; };	/* big + 1; 0 = free */

struct found { u32 host, big; };

struct alike {
	struct delegation *d;
	struct big *big;
	struct slot *slot;
	u64 *sieve;		/* a bit for each hash: most are not there */
	u64 slots, power[TEXT_MAX];
	u32 bigs, founds, more;
	struct found *found;
	pthread_mutex_t lock;	/* of found */
	int rc;
};

static bool domain_of(const struct delegation *d, u32 host, struct domain *ret)
{
	const struct zone_name *n = zone_name(d->z, d->hosts[host].name);
	unsigned labels, at, suffix;
	int kind;

	if (n->len <= 1)
		return false;
	suffix = delegation_suffix(d, n, &kind, &labels);
	if (suffix == 0 || suffix >= labels)
		return false;
	at = delegation_tail(n, suffix + 1);
	*ret = (struct domain){ .at = n->wire + at, .label = n->wire[at],
		.len = (u8)(n->len - at) };
	return true;
}

static bool same_domain(const struct domain *a, const struct domain *b)
{
	return a->len == b->len && memcmp(a->at, b->at, a->len) == 0;
}

/* A polynomial in a secret base over the letters, the length octet left out, so that
 * leaving out a letter is one subtraction; mixed at the end. */
static u64 whole(const struct alike *x, const struct domain *n, u64 before[TEXT_MAX])
{
	u64 h = 0;

	for (unsigned i = 1; i < n->len; i++) {
		before[i] = h;
		h = h * x->power[1] + n->at[i] + 1;
	}
	before[n->len] = h;
	return h;
}

/* Of n without its letter at i (1 .. label). */
static u64 without(const struct alike *x, const struct domain *n, const u64 *before,
		   unsigned i)
{
	return before[n->len] + (before[i] - before[i + 1]) * x->power[n->len - 1 - i];
}

static u64 mixed(u64 h)
{
	return hash_mix(h ^ HASH_A, HASH_B);
}

/* Letters that look alike in pairs become one; n octets of `to` (TEXT_MAX). False when nothing
 * changes. */
static bool skeleton(const struct domain *n, u8 *to, struct domain *ret)
{
	static const struct { char from[3], to; } pairs[] = {
		{ "rn", 'm' }, { "vv", 'w' }, { "cl", 'd' },
	};
	unsigned len = 1;
	bool changed = false;

	for (unsigned i = 1; i < n->len; i++) {
		u8 c = n->at[i];

		for (size_t p = 0; p < COUNT(pairs) && i < n->label; p++)
			if (c == (u8)pairs[p].from[0] &&
			    n->at[i + 1] == (u8)pairs[p].from[1]) {
				c = (u8)pairs[p].to;
				i++;
				changed = true;
				break;
			}
		to[len++] = c;
	}
	*ret = (struct domain){ .at = to, .len = (u8)len,
		.label = (u8)(n->label - (n->len - len)) };
	to[0] = ret->label;
	return changed;
}

static void add(struct alike *x, u64 hash, u32 big)
{
	u64 i = hash & (x->slots - 1);

	while (x->slot[i].big)
		i = (i + 1) & (x->slots - 1);
	x->slot[i] = (struct slot){ hash, big + 1 };
	x->sieve[hash >> 40 & (x->slots / 8 - 1)] |= 1ull << (hash >> 58);
}

static bool may_be(const struct alike *x, u64 hash)
{
	return x->sieve[hash >> 40 & (x->slots / 8 - 1)] >> (hash >> 58) & 1;
}

/* Is the digit rule broken, that is: do the names only count? */
static bool digit(u8 c)
{
	return c >= '0' && c <= '9';
}

static bool neighbours(u8 a, u8 b)
{
	static const char *const keys[] = { "1234567890-", "qwertyuiop", "asdfghjkl",
					   "zxcvbnm" };

	for (size_t i = 0; i < COUNT(keys); i++) {
		const char *at = strchr(keys[i], a);

		if (a && at && (at[1] == (char)b || (at > keys[i] && at[-1] == (char)b)))
			return b != 0;
	}
	return false;
}

static bool look_alike(u8 a, u8 b)
{
	static const char pairs[] = "0ool1l1iliuv5szs2zqg";

	for (size_t i = 0; pairs[i]; i += 2)
		if ((pairs[i] == a && pairs[i + 1] == b) ||
		    (pairs[i] == b && pairs[i + 1] == a))
			return true;
	return false;
}

static const char *changed(u8 was, u8 is)
{
	if (digit(was) && digit(is))
		return NULL;
	if (look_alike(was, is))
		return N_("one letter for another that looks like it");
	if (neighbours(was, is))
		return N_("one letter for its neighbour on the keyboard");
	return __builtin_popcount(was ^ is) == 1 ? N_("one letter, by one bit") :
		N_("one letter");
}

/* How two different domains differ by one slip in their label, or NULL. */
static const char *slip(const struct domain *is, const struct domain *was)
{
	unsigned a = is->label, b = was->label, front = 1;

	if (is->len - a != was->len - b ||
	    memcmp(is->at + 1 + a, was->at + 1 + b, is->len - a - 1u))
		return NULL;
	while (front <= a && front <= b && is->at[front] == was->at[front])
		front++;
	while (a >= front && b >= front && is->at[a] == was->at[b])
		a--, b--;
	a = a + 1 - front;	/* letters left in the middle */
	b = b + 1 - front;
	if (a == 1 && b == 1)
		return changed(was->at[front], is->at[front]);
	if (a == 0 && b == 1)
		return digit(was->at[front]) ? NULL : N_("one letter left out");
	if (a == 1 && b == 0)
		return digit(is->at[front]) ? NULL : N_("one letter added");
	if (a == 2 && b == 2 && is->at[front] == was->at[front + 1] &&
	    is->at[front + 1] == was->at[front])
		return N_("two letters swapped");
	return NULL;
}

static const char *differs(const struct domain *is, const struct domain *was)
{
	u8 x[TEXT_MAX], y[TEXT_MAX];
	struct domain a, b;
	const char *how = slip(is, was);
	bool any;

	if (how)
		return how;
	any = skeleton(is, x, &a);
	any = skeleton(was, y, &b) || any;
	return any && same_domain(&a, &b) ? N_("letters that look like others") : NULL;
}

/* ---- the big ones ---- */

static int by_domain(const void *a, const void *b, void *to)
{
	const struct big *x = a, *y = b;
	const struct delegation *d = to;
	int diff = name_order(x->name.at, y->name.at);
	u32 n = d->hosts[x->host].delegations, m = d->hosts[y->host].delegations;

	if (diff)
		return diff;
	if (n != m)
		return n > m ? -1 : 1;
	return x->host < y->host ? -1 : x->host > y->host;
}

static int find_big(struct alike *x)
{
	struct delegation *d = x->d;
	u32 count = 0, kept = 0;

	for (u32 i = 0; i < d->host_count; i++)
		count += d->hosts[i].delegations >= d->c->alike_big;
	if (count == 0)
		return 0;
	if ((x->big = malloc(count * sizeof *x->big)) == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < d->host_count; i++)
		if (d->hosts[i].delegations >= d->c->alike_big &&
		    domain_of(d, i, &x->big[x->bigs].name))
			x->big[x->bigs++].host = i;
	if (x->bigs)
		qsort_r(x->big, x->bigs, sizeof *x->big, by_domain, d);
	for (u32 i = 0; i < x->bigs; i++)
		if (kept == 0 || !same_domain(&x->big[i].name, &x->big[kept - 1].name))
			x->big[kept++] = x->big[i];
	x->bigs = kept;
	return 0;
}

static int index_big(struct alike *x)
{
	u64 hashes = 0, before[TEXT_MAX];

	for (u32 i = 0; i < x->bigs; i++)
		hashes += x->big[i].name.label + 2u;
	for (x->slots = 1024; x->slots < 2 * hashes;)
		x->slots *= 2;
	x->slot = calloc(x->slots, sizeof *x->slot);
	x->sieve = calloc(x->slots / 8, sizeof *x->sieve);
	if (x->slot == NULL || x->sieve == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < x->bigs; i++) {
		struct domain *n = &x->big[i].name, thin;
		u8 text[TEXT_MAX];

		add(x, mixed(whole(x, n, before)), i);
		for (unsigned j = 1; j <= n->label && n->label >= x->d->c->alike_length;
		     j++)
			if (j == n->label || n->at[j] != n->at[j + 1])
				add(x, mixed(without(x, n, before, j)), i);
		skeleton(n, text, &thin);
		if (n->label >= x->d->c->alike_length)
			add(x, mixed(whole(x, &thin, before)), i);
	}
	return 0;
}

/* ---- the small ones ---- */

/* The big domain that one hash leads to and that the name is a slip of: its number, or -1;
 * -2 when the name is a big one itself. */
static i64 match(const struct alike *x, const struct domain *n, u64 hash)
{
	i64 best = -1;

	if (!may_be(x, hash))
		return -1;
	for (u64 i = hash & (x->slots - 1); x->slot[i].big;
	     i = (i + 1) & (x->slots - 1)) {
		u32 big = x->slot[i].big - 1;

		if (x->slot[i].hash != hash)
			continue;
		if (same_domain(n, &x->big[big].name))
			return -2;
		if (best < 0 && x->big[big].name.label >= x->d->c->alike_length &&
		    differs(n, &x->big[big].name))
			best = big;
	}
	return best;
}

static i64 match_any(const struct alike *x, const struct domain *n)
{
	u64 before[TEXT_MAX], h = whole(x, n, before);
	i64 best = match(x, n, mixed(h)), other;
	struct domain thin;
	u8 text[TEXT_MAX];

	if (best == -2)
		return -1;
	for (unsigned i = 1; i <= n->label && best < 0; i++)
		best = match(x, n, mixed(without(x, n, before, i)));
	if (best < 0 && skeleton(n, text, &thin) &&
	    (other = match(x, n, mixed(whole(x, &thin, before)))) >= 0)
		best = other;
	return best;
}

static void keep(struct alike *x, u32 host, u32 big)
{
	pthread_mutex_lock(&x->lock);
	if (x->founds == FOUND_MAX) {
		x->more++;
	} else {
		if ((x->founds & (x->founds - 1)) == 0) {	/* 0, 1, 2, 4, ... */
			u64 room = x->founds ? 2ull * x->founds : 1;
			struct found *more = realloc(x->found, room * sizeof *more);

			if (more == NULL)
				x->rc = -ENOMEM;
			else
				x->found = more;
		}
		if (x->rc == 0)
			x->found[x->founds++] = (struct found){ host, big };
	}
	pthread_mutex_unlock(&x->lock);
}

static int search(void *to, u32 first, u32 end)
{
	struct alike *x = to;
	const struct delegation *d = x->d;

	for (u32 i = first; i < end; i++) {
		struct domain n;
		i64 big;

		if (i + 8 < end)
			__builtin_prefetch(zone_name(d->z, d->hosts[i + 8].name));
		if (d->hosts[i].delegations == 0 ||
		    d->hosts[i].delegations >= d->c->alike_big ||
		    !domain_of(d, i, &n) || n.label + 1u < d->c->alike_length)
			continue;
		if ((big = match_any(x, &n)) >= 0)
			keep(x, i, (u32)big);
	}
	return 0;
}

/* ---- told ---- */

static int by_small(const void *a, const void *b, void *to)
{
	const struct found *f = a, *g = b;
	struct domain x, y;
	int diff;

	must(domain_of(to, f->host, &x) && domain_of(to, g->host, &y));
	diff = name_order(x.at, y.at);
	return diff ? diff : f->host < g->host ? -1 : f->host > g->host;
}

static void brief(const struct domain *n, char to[ZONE_BRIEF])
{
	char text[NAME_TEXT_MAX];

	snprintf(to, ZONE_BRIEF, "%s", name_text(n->at, n->len, text));
}

static void tell(struct alike *x, const struct found *f, u32 hosts, u64 weight)
{
	struct delegation *d = x->d;
	const struct big *b = &x->big[f->big];
	u32 busy = d->hosts[b->host].delegations;
	struct domain n;
	struct finding *said;
	char is[ZONE_BRIEF], was[ZONE_BRIEF], name[NAME_TEXT_MAX];

	if ((double)weight > d->c->alike_share * busy)
		return;
	domain_of(d, f->host, &n);
	said = audit_begin_other(d->a, ROW_LOOKALIKE, "domain",
				 name_text(n.at, n.len, name));
	if (said == NULL)
		return;
	brief(&n, is);
	brief(&b->name, was);
	finding_value(said, "delegations", (double)weight, "",
		      "that name servers of it (each server counted)");
	finding_most(said, "share", (double)weight / busy, d->c->alike_share,
		     "of those that name the busiest server of the big one");
	finding_least(said, "big", busy, (double)d->c->alike_big,
		      "delegations that name that server");
	finding_party(said, "alike", was, busy, "the operator it looks like");
	for (u32 i = 0; i < hosts && i < 8; i++)
		finding_party(said, "server",
			      zone_text(d->z, d->hosts[f[i].host].name, name),
			      d->hosts[f[i].host].delegations, "named by delegations");
	audit_end(d->a, said, weight == 1
		  ? N_("%s serves %llu delegation here and differs from %s, which serves "
		       "at least %u, in %s: a slip, or somebody who waits for slips.")
		  : N_("%s serves %llu delegations here and differs from %s, which "
		       "serves at least %u, in %s: a slip, or somebody who waits for "
		       "slips."), is,
		  (unsigned long long)weight, was, busy,
		  differs(&n, &b->name));
}

static void tell_all(struct alike *x)
{
	struct delegation *d = x->d;
	struct finding *f;

	if (x->founds)
		qsort_r(x->found, x->founds, sizeof *x->found, by_small, d);
	for (u32 i = 0, j; i < x->founds; i = j) {
		struct domain n, m;
		u64 weight = d->hosts[x->found[i].host].delegations;

		domain_of(d, x->found[i].host, &n);
		for (j = i + 1; j < x->founds && domain_of(d, x->found[j].host, &m) &&
		     same_domain(&n, &m); j++)
			weight += d->hosts[x->found[j].host].delegations;
		tell(x, &x->found[i], j - i, weight);
	}
	if (x->more && (f = audit_begin(d->a, ROW_LIMIT, zone_origin(d->z), NULL)))
		audit_end(d->a, f, "%u servers with names like those of big operators "
			  "were not looked at any more.", x->more);
}

int delegation_alike(struct delegation *d)
{
	struct alike x = { .d = d, .lock = PTHREAD_MUTEX_INITIALIZER };
	int rc = 0;

	if (d->in->suffixes == NULL || (rc = find_big(&x)) < 0 || x.bigs == 0)
		goto out;
	x.power[0] = 1;
	for (unsigned i = 1; i < TEXT_MAX; i++)
		x.power[i] = x.power[i - 1] * (hash_u64(d->in->key, 0xa11e) | 1);
	if ((rc = index_big(&x)) < 0)
		goto out;
	rc = delegation_split(d->in->threads, d->host_count, search, &x);
	if (rc == 0 && (rc = x.rc) == 0)
		tell_all(&x);
out:
	free(x.big);
	free(x.slot);
	free(x.sieve);
	free(x.found);
	pthread_mutex_destroy(&x.lock);
	return rc;
}
