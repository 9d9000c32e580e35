/* SPDX-License-Identifier: GPL-3.0-or-later */
/* change_keys.c - key rollover steps against what caches still hold (RFC 7583, 3.2; RFC 6781, 4.1).
 *
 * Two snapshots prove two things, with no guess about what happened between them:
 *
 *   early   a key that the first one lacks alone signs the second, and less than the DNSKEY
 *           set's TTL lies between: a validator that fetched the keys at the first holds a set
 *           without the key that signs now
 *   gone    a key that alone signed the first is missing in the second, and less than the
 *           largest TTL lies between: a cache still holds data that only it signed
 *
 * Steps that are further apart may still be wrong; two snapshots cannot show that. */
#include "verify/change.h"
#include "dns/sig.h"

static bool has_key(const struct snapshot *s, const struct snapshot *of, const struct snap_key *k)
{
	for (u32 i = 0; i < s->key_count; i++)
		if (snapshot_same_blob(s, s->keys[i].blob, of, k->blob))
			return true;
	return false;
}

static unsigned tag_of(const struct snapshot *s, const struct snap_key *k)
{
	u32 len;
	const u8 *d = snapshot_blob(s, k->blob, &len);

	return sig_key_tag(d, len);
}

/* The first key that signs the zone in `s`, when none of those that do is in `other`. */
static const struct snap_key *only_here(const struct snapshot *s, const struct snapshot *other)
{
	const struct snap_key *first = NULL;

	for (u32 i = 0; i < s->key_count; i++)
		if (s->keys[i].signs & SNAP_SIGNS_ZONE) {
			if (has_key(other, s, &s->keys[i]))
				return NULL;
			if (first == NULL)
				first = &s->keys[i];
		}
	return first;
}

static void tell_list(struct change *c)
{
	u32 fresh = 0, gone = 0;
	struct finding *f;
	char name[NAME_TEXT_MAX], tag[16];

	for (u32 i = 0; i < c->now->key_count; i++)
		fresh += !has_key(c->old, c->now, &c->now->keys[i]);
	for (u32 i = 0; i < c->old->key_count; i++)
		gone += !has_key(c->now, c->old, &c->old->keys[i]);
	if (fresh + gone == 0 ||
	    (f = change_begin_zone(c, CHANGE_KEYS)) == NULL)
		return;
	for (u32 i = 0; i < c->now->key_count; i++)
		if (!has_key(c->old, c->now, &c->now->keys[i])) {
			snprintf(tag, sizeof tag, "%u", tag_of(c->now, &c->now->keys[i]));
			finding_party(f, "key", tag, 2, "new");
		}
	for (u32 i = 0; i < c->old->key_count; i++)
		if (!has_key(c->now, c->old, &c->old->keys[i])) {
			snprintf(tag, sizeof tag, "%u", tag_of(c->old, &c->old->keys[i]));
			finding_party(f, "key", tag, 1, "gone");
		}
	audit_end(c->a, f, "%s has %u new keys, and %u are gone.",
		  change_zone(c, name), fresh, gone);
}

void change_keys(struct change *c)
{
	u64 between = c->now->head.at > c->old->head.at ? c->now->head.at - c->old->head.at : 0;
	const struct snap_key *early, *gone;
	struct finding *f;
	char name[NAME_TEXT_MAX];

	if (c->old->key_count == 0 || c->now->key_count == 0)
		return;
	tell_list(c);
	change_zone(c, name);
	early = only_here(c->now, c->old);
	if (early && between < c->old->head.key_ttl &&
	    (f = change_begin_zone(c, CHANGE_KEY_EARLY))) {
		finding_most(f, "between", (double)between, c->old->head.key_ttl,
			     "seconds since the snapshot without the key; the DNSKEY set's TTL");
		audit_end(c->a, f, "%s is signed by key %u alone, which was not published %llu "
			  "seconds before: validators with the old key set in cache (TTL %u) "
			  "refuse its data.", name, tag_of(c->now, early),
			  (unsigned long long)between, c->old->head.key_ttl);
	}
	gone = only_here(c->old, c->now);
	if (gone && between < c->old->head.most_ttl &&
	    (f = change_begin_zone(c, CHANGE_KEY_GONE))) {
		finding_most(f, "between", (double)between, c->old->head.most_ttl,
			     "seconds since the key alone signed the zone; the largest TTL");
		audit_end(c->a, f, "%s no longer has key %u, which alone signed it %llu seconds "
			  "before: data in caches (TTL up to %u) cannot be validated any more.",
			  name, tag_of(c->old, gone), (unsigned long long)between,
			  c->old->head.most_ttl);
	}
}
