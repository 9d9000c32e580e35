/* SPDX-License-Identifier: GPL-3.0-or-later */
/* again.c - a finding about a zone, judged again from its evidence alone.
 *
 *   evidence (messages) -> a zone of just those RRsets -> the family, with the same options
 *                                                      -> the same finding, or not
 *
 * Some rules look at no more than the RRsets that they show; then this works anywhere, offline.
 * Others look at the whole zone, or at files beside it. Nobody has to say which: the audit tries
 * it with each finding that it tells, and packs the options only where it worked.
 *
 *   summary: "VZ1" | options of the family that are not at their default, as YAML
 *
 * No public suffix list and no other file takes part. The clock is the finding's. */
#include "verify/audit.h"
#include "base/buf.h"
#include "dns/msg.h"
#include "dns/rdata.h"
#include "dns/suffix.h"

#define ZONE_MEMORY (64ull << 20)
#define KEY 0x7a6f6e65u
#define SECOND 1000000000ull

static const char magic[] = { 'V', 'Z', '1' };

/* ---- options ---- */

void audit_options(struct buf *out, const struct check_family *f, const void *conf)
{
	struct opt_group now = { f->id, f->title, f->opts, (void *)(uintptr_t)conf }, fresh = {
		.name = f->id, .title = f->title, .rows = f->opts, .size = f->conf_size };
	struct buf a = { 0 }, b = { 0 };
	struct opts o;

	if (f->opts == NULL || opts_init(&o, &fresh, 1) < 0)
		return;
	for (const struct opt *row = f->opts; row->name; row++) {
		buf_clear(&a);
		buf_clear(&b);
		opt_value(&now, row, &a);
		opt_value(&fresh, row, &b);
		if (strcmp(buf_str(&a), buf_str(&b)) == 0)
			continue;
		if (out->len == 0)
			buf_fmt(out, "%s:\n", f->id);
		buf_fmt(out, "  %s: %s\n", row->name, buf_str(&a));
	}
	buf_free(&a);
	buf_free(&b);
	opts_free(&o);
}

/* ---- the zone ---- */

static int add_record(struct zone *z, const struct msg *m, const struct rr *rr, u32 line)
{
	u8 owner[NAME_WIRE_MAX], rdata[65536];
	int n = msg_name(m, rr->owner, owner), len = rdata_unpack(m, rr, rdata, sizeof rdata);
	struct zone_input in = { .owner = owner, .owner_len = (unsigned)n, .type = rr->type,
		.ttl = rr->ttl, .line = line, .rdata = rdata, .rdlen = (u32)len };

	if (n <= 0 || len < 0 || len > UINT16_MAX || rr->class != CLASS_IN ||
	    !rdata_good(rr->type, rdata, (u32)len))
		return OOPS_FORMAT;
	name_lower(owner, owner, (size_t)n);
	in.hash = zone_hash(KEY, owner, in.owner_len);
	return zone_add(z, &in);
}

static int add_message(struct zone *z, const struct evidence *e, u32 *line)
{
	struct rr_iter it;
	struct msg m;
	struct rr rr;
	int rc = 0;

	if (msg_read(&m, e->octets, e->len) != MSG_OK)
		return OOPS_FORMAT;
	it = rr_first(&m);
	while (rc == 0 && rr_next(&it, &rr))
		rc = rr.section == SECTION_ANSWER ? add_record(z, &m, &rr, ++*line)
						  : OOPS_FORMAT;
	return rc;
}

static int rebuild(struct zone **ret, const struct finding *f, const struct evidence *items,
		   u32 n)
{
	u8 origin[NAME_WIRE_MAX];
	struct zone *z;
	u32 line = 0;
	int rc;

	if (name_parse(f->zone, origin) < 0)
		return OOPS_FORMAT;
	if ((rc = zone_make(&z, origin, ZONE_MEMORY, KEY)) < 0)
		return rc;
	for (u32 i = 0; i < n && rc == 0; i++)
		rc = add_message(z, &items[i], &line);
	if (rc == 0)
		rc = zone_seal(z);
	if (rc == 0)
		*ret = z;
	else
		zone_free(z);
	return rc;
}

/* ---- the family ---- */

struct wanted {
	const struct finding *was;
	struct finding *is;
	bool found;
};

static void take(void *to, const struct finding *f)
{
	struct wanted *w = to;

	if (w->found || strcmp(f->id, w->was->id))
		return;
	*w->is = *f;
	w->found = true;
}

static int look(const struct check_family *family, const struct zone *z, const void *conf,
		struct wanted *w)
{
	struct audit_conf c = { .zone = z, .most = UINT32_MAX, .finding = take, .to = w,
		.sets = strcmp(w->was->subject_kind, AUDIT_SET) == 0,
		.input = { .at = w->was->from / SECOND, .threads = 1, .key = KEY } };
	struct suffixes *none;
	struct audit *a;
	int rc = suffixes_none(&none, KEY);

	if (rc < 0)
		return rc;
	c.input.suffixes = none;
	if ((rc = audit_open(&a, &c)) == 0) {
		rc = audit_look(a, family, conf);
		audit_close(a);
	}
	suffixes_free(none);
	return rc;
}

static int look_with_options(const struct check_family *family, const struct zone *z,
			     const char *yaml, size_t n, struct wanted *w)
{
	struct opt_group group = { .name = family->id, .title = family->title,
		.rows = family->opts, .size = family->conf_size + 1 };
	char why[OPT_WHY];
	struct opts o;
	int rc = opts_init(&o, &group, 1);

	if (rc < 0)
		return rc;
	if (n)
		rc = opts_parse(&o, yaml, n, "options", why);
	if (rc == 0)
		rc = look(family, z, family->opts ? opts_conf(&o, family->opts) : NULL, w);
	opts_free(&o);
	return rc < 0 ? rc : w->found;
}

const struct check_family *audit_family(const struct finding *f)
{
	for (unsigned i = 0; check_families[i]; i++) {
		size_t n = strlen(check_families[i]->id);

		if (strncmp(f->rule, check_families[i]->id, n) == 0 && f->rule[n] == '.')
			return check_families[i];
	}
	return NULL;
}

void audit_pack(struct finding *f, const char *options)
{
	size_t n = strlen(options);

	f->summary.len = 0;
	if (sizeof magic + n > sizeof f->summary.bytes)
		return;
	memcpy(f->summary.bytes, magic, sizeof magic);
	memcpy(f->summary.bytes + sizeof magic, options, n);
	f->summary.len = (u32)(sizeof magic + n);
}

int audit_again(const struct check_family *family, const struct finding *f,
		const struct evidence *items, u32 n, struct finding *ret)
{
	struct wanted w = { f, ret, false };
	struct zone *z;
	int rc;

	if (f->summary.len < sizeof magic || memcmp(f->summary.bytes, magic, sizeof magic))
		return OOPS_FORMAT;
	if (family->version != f->rule_version)
		return OOPS_VERSION;
	if ((rc = rebuild(&z, f, items, n)) < 0)
		return rc;
	rc = look_with_options(family, z, (const char *)f->summary.bytes + sizeof magic,
			       f->summary.len - sizeof magic, &w);
	zone_free(z);
	return rc;
}

const char *audit_differs(const struct finding *was, const struct finding *is)
{
	if (was->severity != is->severity || was->confidence != is->confidence)
		return N_("the severity or the confidence is another one");
	if (strcmp(was->sentence, is->sentence))
		return N_("the sentence is another one");
	if (was->feature_count != is->feature_count)
		return N_("other values were measured");
	for (u32 i = 0; i < was->feature_count; i++) {
		const struct feature *a = &was->features[i], *b = &is->features[i];

		if (strcmp(a->name, b->name) || a->value != b->value ||
		    a->threshold != b->threshold || a->rule != b->rule)
			return N_("another value was measured");
	}
	if (was->related_count != is->related_count)
		return N_("other parties take part");
	for (u32 i = 0; i < was->related_count; i++)
		if (strcmp(was->related[i].name, is->related[i].name) ||
		    strcmp(was->related[i].note, is->related[i].note))
			return N_("another party takes part");
	return NULL;
}
