/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cost_dnssec.c - what validators have to do at worst: KeyTrap and NSEC3.
 *
 * A signature names its key by a tag of 16 bits and the algorithm. Where several keys share
 * them a validator has to try each (RFC 4035, 5.3.1): verifications of one set = the sum over
 * its signatures of the keys that each may be of. Honest zones have one key a tag.
 *
 * A proof that a name does not exist makes the validator hash the name and each of its
 * ancestors up to the closest encloser (RFC 5155, 8.3), each with all iterations. The worst
 * question has labels of one octet up to 255 octets. Counted in blocks of SHA-1. */
#include "verify/cost.h"
#include "dns/sig.h"
#include "base/rd.h"
#include "base/num.h"

#define NSEC3PARAM 51u

struct keys {
	u32 *at;	/* algorithm << 16 | tag, sorted */
	u32 count, most;	/* most: keys of one tag and algorithm */
};

static int by_number(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

static int read_keys(const struct cost *c, struct keys *k)
{
	struct zone_rrset s;

	if (!zone_rrset(c->z, zone_origin(c->z), TYPE_DNSKEY, &s))
		return 0;
	if ((k->at = malloc(s.count * sizeof *k->at)) == NULL)
		return -ENOMEM;
	for (u32 i = s.first; i < s.first + s.count; i++) {
		u32 len;
		const u8 *rdata = zone_rdata(c->z, &c->records[i], &len);

		if (len < 4 || !(rdata[0] & 1) || c->records[i].mark & ZONE_REPEAT)
			continue;	/* no zone key (RFC 4034, 2.1.1) */
		k->at[k->count++] = (u32)rdata[3] << 16 | sig_key_tag(rdata, len);
	}
	qsort(k->at, k->count, sizeof *k->at, by_number);
	for (u32 i = 0, run = 0; i < k->count; i++) {
		run = i && k->at[i] == k->at[i - 1] ? run + 1 : 1;
		k->most = run > k->most ? run : k->most;
	}
	return 0;
}

/* How many keys a signature may be of. */
static u32 candidates(const struct keys *k, u32 wanted)
{
	u32 low = 0, high = k->count, n = 0;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (k->at[mid] < wanted)
			low = mid + 1;
		else
			high = mid;
	}
	while (low + n < k->count && k->at[low + n] == wanted && n < k->most)
		n++;
	return n;
}

/* Of one owner, by type covered: verifications in the lower part, signatures above. */
#define WORK_BITS 40
#define WORK ((1ull << WORK_BITS) - 1)
struct sums {
	u64 *work;	/* 65536; zero between owners */
	u16 *types;	/* those that are not */
	u32 count;
};

static void add_work(u64 *work, u32 more)
{
	u64 sum = min_u64((*work & WORK) + more, WORK);	/* never past its bits */

	*work = ((*work >> WORK_BITS) + 1) << WORK_BITS | sum;
}

static u64 one_owner(const struct cost *c, const struct keys *k, struct sums *s,
		     u32 first,
		     u16 *type)
{
	u64 worst = 0;

	for (u32 i = first; c->records[i].owner == c->records[first].owner &&
	     c->records[i].type == TYPE_RRSIG; i++) {
		u32 len;
		const u8 *rdata = zone_rdata(c->z, &c->records[i], &len);
		u16 covered;

		if (len < 18 || c->records[i].mark & ZONE_REPEAT)
			continue;
		covered = be16(rdata);
		if (s->work[covered] == 0)
			s->types[s->count++] = covered;
		add_work(&s->work[covered],
			 candidates(k, (u32)rdata[2] << 16 | be16(rdata + 16)));
	}
	for (u32 i = 0; i < s->count; i++) {
		u64 work = s->work[s->types[i]];

		if ((work & WORK) > (worst & WORK)) {
			worst = work;
			*type = s->types[i];
		}
		s->work[s->types[i]] = 0;
	}
	s->count = 0;
	return worst;
}

static void tell_keytrap(struct cost *c, const struct keys *k,
			 const struct cost_top *top, u64 sets)
{
	char type[RRTYPE_TEXT_MAX], name[ZONE_BRIEF];
	const struct cost_worst *w = &top->at[0];
	struct finding *f;

	if (top->count == 0 || w->amount < c->c->verifications)
		return;
	f = audit_begin(c->a, ROW_KEYTRAP, zone_origin(c->z), &c->records[w->record]);
	if (f == NULL)
		return;
	finding_least(f, "verifications", (double)w->amount, (double)c->c->verifications,
		      "that one RRset may cost a validator");
	finding_value(f, "signatures", w->extra >> 16, "", "over that RRset");
	finding_value(f, "colliding_keys", k->most, "", "keys of one tag and algorithm, "
		      "at most");
	finding_value(f, "keys", k->count, "", "zone keys at the apex");
	finding_value(f, "sets", (double)sets, "", "RRsets that reach the threshold");
	cost_top_parties(c, f, top, "rrset", NC_("phrase", "verifications"));
	audit_end(c->a, f, "To validate %s %s of this zone may take %llu signature "
		  "verifications: %u signatures, %u keys of one "
		  "tag.", zone_brief(c->z, w->owner, name),
		  rrtype_text((u16)w->extra, type), (unsigned long long)w->amount,
		  w->extra >> 16,
		  k->most);
}

static int keytrap(struct cost *c)
{
	struct keys k = { 0 };
	struct sums s = { .work = calloc(65536, sizeof *s.work),
		.types = malloc(65536 * sizeof *s.types) };
	struct cost_top top = { 0 };
	u64 sets = 0;
	int rc = s.work && s.types ? read_keys(c, &k) : -ENOMEM;

	for (u32 i = 0; rc == 0 && k.count && i < c->record_count; i++) {
		u16 type = 0;
		u64 worst, work;

		if (c->records[i].type != TYPE_RRSIG ||
		    (i && c->records[i - 1].owner == c->records[i].owner &&
		     c->records[i - 1].type == TYPE_RRSIG))
			continue;
		worst = one_owner(c, &k, &s, i, &type);
		work = worst & WORK;
		sets += work >= c->c->verifications;
		if (work && cost_top_wants(&top, work))
			cost_top_add(&top, &(struct cost_worst){ .amount = work,
				.owner = c->records[i].owner, .record = i,
				.extra = (u32)min_u64(worst >> WORK_BITS, 65535) << 16 |
					type });
	}
	if (rc == 0)
		tell_keytrap(c, &k, &top, sets);
	free(k.at);
	free(s.work);
	free(s.types);
	return rc;
}

/* ---- NSEC3 ---- */

static u32 blocks_of(u32 octets)
{
	return (octets + 9 + 63) / 64;	/* with the padding (FIPS 180-4, 5.1.1) */
}

/* SHA-1 blocks for the longest name that can be asked: all its ancestors down to the origin. */
static u64 worst_blocks(const struct cost *c, u32 iterations, u32 salt)
{
	u64 sum = 0;

	for (u32 len = c->origin->len; len <= NAME_WIRE_MAX; len += 2)
		sum += blocks_of(len + salt) + (u64)iterations * blocks_of(20 + salt);
	return sum;
}

static void nsec3(struct cost *c)
{
	struct zone_rrset s;
	u64 worst = 0;
	u32 at = 0, iterations = 0, salt = 0;
	char n[NUM_TEXT_MAX];
	struct finding *f;

	if (!zone_rrset(c->z, zone_origin(c->z), NSEC3PARAM, &s))
		return;
	for (u32 i = s.first; i < s.first + s.count; i++) {
		u32 len;
		const u8 *rdata = zone_rdata(c->z, &c->records[i], &len);
		u64 blocks = len >= 5 ? worst_blocks(c, be16(rdata + 2), rdata[4]) : 0;

		if (blocks <= worst)
			continue;
		worst = blocks;
		at = i;
		iterations = be16(rdata + 2);
		salt = rdata[4];
	}
	if (worst < c->c->blocks ||
	    (f = audit_begin(c->a, ROW_NSEC3, zone_origin(c->z),
			     &c->records[at])) == NULL)
		return;
	if (worst >= 10 * c->c->blocks)
		f->severity = SEVERITY_MEDIUM;
	finding_least(f, "blocks", (double)worst, (double)c->c->blocks,
		      "of SHA-1 for one proof that a name does not exist, at worst");
	finding_value(f, "iterations", iterations, "", "of each hash (RFC 9276: 0)");
	finding_value(f, "salt", salt, "octets", "RFC 9276: none");
	finding_value(f, "labels", (NAME_WIRE_MAX - c->origin->len) / 2 + 1, "",
		      "names that one question can make a validator hash");
	audit_rrset(c->a, f, &s);
	audit_end(c->a, f, "One question for a name that does not exist can cost a "
		  "validator %s blocks of SHA-1: %u iterations for each "
		  "label.", num_count_text(worst, n),
		  iterations);
}

int cost_dnssec(struct cost *c)
{
	int rc = keytrap(c);

	if (rc == 0)
		nsec3(c);
	return rc;
}
