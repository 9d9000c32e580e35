/* SPDX-License-Identifier: GPL-3.0-or-later */
/* finding.c - identity and order of findings; see finding.h.
 *
 * What identifies a finding is hashed as
 *   "VF1" NUL | rule NUL | rule_version 8 | subject_kind NUL | subject NUL |
 *   from 8 | until 8 [ | zone NUL ]
 * so that the same rule on the same window always speaks of the same finding,
 * whatever it measured. */
#include "model/finding.h"
#include "model/digest.h"
#include "model/utf8.h"
#include <math.h>

#define TEXT(to, from) snprintf(to, sizeof(to), "%s", from)

#define F(k, member, text)                                                     \
	{ #member, text, FIELD_##k, offsetof(struct WHOSE, member),            \
	  sizeof(((struct WHOSE *)0)->member) },
#define WHOSE finding
const struct field finding_fields[] = { FINDING_FIELDS(F) { .name = NULL } };
#undef WHOSE
#define WHOSE feature
const struct field feature_fields[] = { FEATURE_FIELDS(F) { .name = NULL } };
#undef WHOSE
#define WHOSE related
const struct field related_fields[] = { RELATED_FIELDS(F) { .name = NULL } };
#undef WHOSE
#undef F

void finding_id(const struct finding *f, char ret[FINDING_ID_MAX])
{
	struct digest d;
	u8 hash[DIGEST_OCTETS];

	digest_init(&d);
	digest_text(&d, "VF1");
	digest_text(&d, f->rule);
	digest_u64(&d, f->rule_version);
	digest_text(&d, f->subject_kind);
	digest_text(&d, f->subject);
	digest_u64(&d, f->from);
	digest_u64(&d, f->until);
	if (f->zone[0])
		digest_text(&d, f->zone);
	digest_end(&d, hash);
	hex_text(hash, sizeof hash, ret);
}

void finding_identify(struct finding *f)
{
	fields_mend(finding_fields, f);
	for (u32 i = 0; i < f->feature_count; i++)
		fields_mend(feature_fields, &f->features[i]);
	for (u32 i = 0; i < f->related_count; i++)
		fields_mend(related_fields, &f->related[i]);
	finding_id(f, f->id);
}

static int order(u64 a, u64 b)
{
	return a < b ? -1 : a > b;
}

/* JSON has no word for what is not finite (RFC 8259, 6). */
static double in_range(double v)
{
	if (isnan(v))
		return 0;
	return fmax(-FINDING_VALUE_MAX, fmin(FINDING_VALUE_MAX, v)) + 0.0;
}

void finding_feature(struct finding *f, const struct feature *add)
{
	struct feature *to = &f->features[f->feature_count];

	if (f->feature_count == FINDING_FEATURES_MAX)
		return;
	*to = *add;
	to->value = in_range(add->value);
	to->threshold = in_range(add->threshold);
	f->feature_count++;
}

static int related_order(const struct related *a, const struct related *b)
{
	int by = order(b->amount, a->amount);

	if (by == 0)
		by = strcmp(a->name, b->name);
	return by ? by : strcmp(a->note, b->note);
}

void finding_related(struct finding *f, const struct related *add)
{
	u32 at = f->related_count;

	while (at && related_order(add, &f->related[at - 1]) < 0)
		at--;
	if (at == FINDING_RELATED_MAX)
		return;
	if (f->related_count < FINDING_RELATED_MAX)
		f->related_count++;
	memmove(&f->related[at + 1], &f->related[at],
		(f->related_count - 1 - at) * sizeof *add);
	f->related[at] = *add;
}

static struct feature feature_of(const char *name, double value, const char *help)
{
	struct feature x = { .value = value };

	TEXT(x.name, name);
	TEXT(x.help, help);
	return x;
}

void finding_value(struct finding *f, const char *name, double value, const char *unit,
		   const char *help)
{
	struct feature x = feature_of(name, value, help);

	TEXT(x.unit, unit);
	finding_feature(f, &x);
}

void finding_least(struct finding *f, const char *name, double value, double threshold,
		   const char *help)
{
	struct feature x = feature_of(name, value, help);

	x.rule = FEATURE_AT_LEAST;
	x.threshold = threshold;
	finding_feature(f, &x);
}

void finding_most(struct finding *f, const char *name, double value, double threshold,
		  const char *help)
{
	struct feature x = feature_of(name, value, help);

	x.rule = FEATURE_AT_MOST;
	x.threshold = threshold;
	finding_feature(f, &x);
}

void finding_party(struct finding *f, const char *role, const char *name, u64 amount,
		   const char *note)
{
	struct related r = { .amount = amount };

	TEXT(r.role, role);
	TEXT(r.name, name);
	TEXT(r.note, note);
	finding_related(f, &r);
}

bool feature_meets(const struct feature *f)
{
	if (f->rule == FEATURE_AT_LEAST)
		return f->value >= f->threshold;
	return f->rule != FEATURE_AT_MOST || f->value <= f->threshold;
}

const char *feature_rule_name(enum feature_rule r)
{
#define F(name, text) text,
	static const char *const names[] = { FEATURE_RULES(F) };
#undef F

	must(r < COUNT(names));
	return names[r];
}

int finding_compare(const struct finding *a, const struct finding *b)
{
	int by = order(b->severity, a->severity);

	if (by == 0)
		by = order(a->until, b->until);
	if (by == 0)
		by = strcmp(a->rule, b->rule);
	if (by == 0)
		by = strcmp(a->subject, b->subject);
	return by ? by : strcmp(a->id, b->id);
}
