/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec_anchor.c - trust anchors of the zone against its DNSKEY set.
 *
 *   anchor (tag, algorithm, digest, times) --digest--> DNSKEY --signs--> DNSKEY set
 *
 * A validator with these anchors trusts the zone when one of them, valid at the audit's
 * instant, is the digest of a key whose signature over the DNSKEY set holds (RFC 4035,
 * 5.2). Others may be for later or for before: told, not judged. */
#include "base/stamp.h"
#include "verify/dnssec.h"

static char *anchor_text(const struct dnssec_anchor *t, char to[NAME_TEXT_MAX + 40])
{
	char name[NAME_TEXT_MAX];

	snprintf(to, NAME_TEXT_MAX + 40, N_("%s tag %u, algorithm %u"),
		 name_text(t->owner, t->owner_len, name), t->tag, t->algorithm);
	return to;
}

static struct finding *begin(struct dnssec *d, unsigned row,
	const struct dnssec_anchor *t)
{
	char text[NAME_TEXT_MAX + 40];
	struct finding *f = audit_begin_other(d->a, row, "anchor", anchor_text(t, text));

	if (f)
		finding_value(f, "line", t->line, "", "of the file with the anchors");
	return f;
}

static bool in_time(struct dnssec *d, const struct dnssec_anchor *t)
{
	bool early = d->in->at < t->from;
	struct finding *f;
	char when[STAMP_TEXT_MAX];

	if (!early && (t->until == 0 || d->in->at < t->until))
		return true;
	if ((f = begin(d, DNSSEC_ANCHOR_TIMES, t)))
		audit_end(d->a, f, early
			  ? N_("This trust anchor is not good before %s, so it does not count.")
			  : N_("This trust anchor is no longer good since %s, so it does not "
			       "count."),
			  stamp_text((early ? t->from : t->until) * STAMP_NS, 0, when));
	return false;
}

static const struct dnssec_key *key_of(const struct dnssec *d,
	const struct dnssec_anchor *t)
{
	u8 digest[64];

	for (u32 i = 0; i < d->key_count; i++) {
		const struct dnssec_key *k = &d->keys[i];

		if (k->algorithm == t->algorithm && k->tag == t->tag &&
		    sig_ds_digest(t->digest_type, t->owner, t->owner_len, k->rdata,
		    k->len,
				  digest) == t->digest_len &&
		    memcmp(digest, t->digest, t->digest_len) == 0)
			return k;
	}
	return NULL;
}

/* True when this anchor makes a validator trust the zone. */
static bool judge(struct dnssec *d, const struct dnssec_anchor *t)
{
	const struct dnssec_key *k = key_of(d, t);
	struct finding *f;
	char text[24];

	if (t->digest_type != 2 && t->digest_type != 4 &&
	    (f = begin(d, DNSSEC_ANCHOR_DIGEST, t)))
		audit_end(d->a, f, "This trust anchor uses %s, which must not be used "
			  "or which validators do not know.",
			  dnssec_digest_text(t->digest_type, text));
	if (k == NULL) {
		if ((f = begin(d, DNSSEC_ANCHOR_NO_KEY, t)))
			audit_end(d->a, f, "No DNSKEY of the zone has the digest of "
			"this trust anchor.");
		return false;
	}
	if (k->signs_keys && !(k->flags & KEY_REVOKED))
		return true;
	if (k->unchecked)
		return true;	/* cannot be told */
	if ((f = begin(d, DNSSEC_ANCHOR_SILENT, t)))
		audit_end(d->a, f, "The key of this trust anchor is published and does "
			  "not sign the DNSKEY set.");
	return false;
}

static void say_none(struct dnssec *d, const char *why)
{
	struct finding *f = audit_begin(d->a, DNSSEC_ANCHOR_NONE, d->apex, d->soa);

	if (f)
		audit_end(d->a, f, "The trust anchors given hold none for this zone%s.",
		why);
}

static void judge_all(struct dnssec *d, const struct dnssec_anchors *all)
{
	u32 ours = 0, valid = 0, good = 0;
	struct finding *f;

	for (u32 i = 0; i < all->count; i++) {
		const struct dnssec_anchor *t = &all->at[i];

		if (!name_equal(t->owner, t->owner_len, d->apex_name->wire,
			d->apex_name->len))
			continue;
		ours++;
		if (!in_time(d, t))
			continue;
		valid++;
		good += judge(d, t);
	}
	if (ours == 0)
		say_none(d, "");
	else if (valid == 0)
		say_none(d, N_(" that is good at this time"));
	else if (good == 0 && (f = audit_begin(d->a, DNSSEC_ANCHOR_BROKEN, d->apex,
		d->soa)))
		audit_end(d->a, f, "None of the %u trust anchors of this zone leads to "
			  "a key whose signature over the DNSKEY set holds: validators "
			  "that have them refuse the zone and all below it.", valid);
}

static void say_bad(struct dnssec *d, const struct audit_file *file,
		    const struct dnssec_anchors *all)
{
	struct finding *f = audit_begin_other(d->a, DNSSEC_ANCHOR_MALFORMED, "file", file->name);

	if (f == NULL)
		return;
	finding_value(f, "line", all->bad_line, "", "of the file with the anchors");
	audit_end(d->a, f, "The trust anchors are not well written, line %u: %s.", all->bad_line,
		  all->why);
}

int dnssec_anchors(struct dnssec *d)
{
	const struct audit_file *file = &d->in->files[AUDIT_FILE_ANCHORS];
	struct dnssec_anchors *all;
	int rc;

	if (file->name == NULL)
		return 0;
	if ((all = malloc(sizeof *all)) == NULL)
		return -ENOMEM;
	rc = dnssec_anchors_read(all, file->at, file->len);
	if (rc == 0) {
		if (all->bad_line)
			say_bad(d, file, all);
		if (all->ignored)
			dnssec_limit(d, 0, N_("trust anchors"),
				(double)all->count + all->ignored,
				     DNSSEC_ANCHORS_MAX, N_("the others were not looked "
				     	"at"));
		judge_all(d, all);
	}
	free(all);
	return rc;
}
