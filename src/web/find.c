/* SPDX-License-Identifier: GPL-3.0-or-later */
/* find.c - see find.h. */
#include "web/find.h"
#include "web/put.h"
#include "base/hash.h"
#include "base/rd.h"
#include "base/stamp.h"
#include "base/tongue.h"
#include "model/utf8.h"
#include <sodium.h>

#define CURSOR_VERSION 1
#define CURSOR_HEAD 28u		/* version, order, severity, confidence, hash, until, id */

const char *const find_areas[] = {
#define F(name, text) text,
	AREAS(F) NULL
#undef F
};
const char *const find_severities[] = {
#define F(name, text) text,
	SEVERITIES(F) NULL
#undef F
};

enum area find_area_of(const struct web *w, const char *rule)
{
	const struct catalogue_row *r = web_rule(w, rule);

	return r ? r->area : AREA_COUNT;
}

bool find_rule(const struct find *f, const char *rule)
{
	for (const char *p = f->rules; p && *p; p += strcspn(p, ","), p += *p == ',') {
		size_t n = strcspn(p, ",");

		if (n && strncmp(rule, p, n) == 0)
			return true;
	}
	return f->rules == NULL || f->rules[0] == 0;
}

bool find_area(const struct find *f, const char *rule)
{
	return f->areas == 0 || (f->areas >> find_area_of(f->web, rule) & 1);
}

static bool takes_rule(void *to, const char *rule)
{
	return find_rule(to, rule) && find_area(to, rule);
}

/* The rule's title, in every language: what people read may be any of them. */
static bool rule_says(void *to, const char *rule, const char *word)
{
	const struct find *f = to;
	const struct catalogue_row *r = web_rule(f->web, rule);
	bool says = r && strcasestr(r->title, word);

	for (const struct tongue *t = tongues; r && t->lang && !says; t++)
		says = strcasestr(say_in(t, r->title), word);
	return says;
}

int find_stamp(struct request *q, const char *name, u64 *ret)
{
	const char *text = request_param(q, name);

	*ret = 0;
	if (text == NULL || *text == 0 || stamp_parse(text, ret) == 0)
		return 0;
	return request_fault(q, OOPS_TYPE, "%s: a time is wanted: 2026-01-31T10:00:00Z", name);
}

/* A text of the query string; an empty one is none. */
static const char *text_param(struct request *q, const char *name, u64 *hash)
{
	const char *text = request_param(q, name);

	if (text == NULL || *text == 0)
		return NULL;
	*hash = hash_bytes(*hash, name, strlen(name));
	*hash = hash_bytes(*hash, text, strlen(text));
	return text;
}

/* "high,low" as bits, the choices followed by one more word (may be NULL). */
static int words_param(struct request *q, const char *name, const char *const *choices,
		       const char *more, unsigned *bits)
{
	const char *text = request_param(q, name);
	unsigned all = 0;

	while (choices[all])
		all++;
	for (*bits = 0; text && *text; text += strcspn(text, ","), text += *text == ',') {
		char word[40];
		int n;

		snprintf(word, sizeof word, "%.*s", (int)strcspn(text, ","), text);
		n = more && strcmp(word, more) == 0 ? (int)all : choice_parse(choices, word);
		if (n < 0)
			return request_fault(q, OOPS_RANGE, "%s: '%.40s' is none of its words",
					     name, word);
		*bits |= 1u << n;
	}
	return 0;
}

static int choices_of(struct request *q, struct find *f)
{
	const char *severity = request_param(q, "severity"), *order = request_param(q, "order");
	int s = severity && *severity ? severity_parse(severity) : 0;
	int o = order && *order ? choice_parse(sieve_orders, order) : SIEVE_BY_SEVERITY, rc;

	if (s < 0)
		return request_fault(q, OOPS_RANGE, "severity: info, low, medium, high or "
				     "critical is wanted");
	if (o < 0)
		return request_fault(q, OOPS_RANGE, "order: severity, time, oldest, subject, "
				     "rule or confidence is wanted");
	f->ask.severity = (enum severity)s;
	f->ask.order = (enum sieve_order)o;
	if ((rc = words_param(q, "area", find_areas, NULL, &f->areas)) ||
	    (rc = words_param(q, "label", label_names, NULL, &f->ask.labels)))
		return rc;
	return words_param(q, "state", incident_states, "none", &f->ask.states);
}

/* ---- cursors ---- */

static void put_number(u8 *to, u64 n)
{
	for (int i = 0; i < 8; i++)
		to[i] = (u8)(n >> (56 - 8 * i));
}

void find_cursor(struct buf *out, const struct find *f, const struct sieve_key *last)
{
	u8 octets[CURSOR_HEAD + FINDING_SUBJECT_MAX];
	char text[sodium_base64_ENCODED_LEN(sizeof octets, sodium_base64_VARIANT_URLSAFE)];
	size_t n = strlen(last->text);

	octets[0] = CURSOR_VERSION;
	octets[1] = (u8)f->ask.order;
	octets[2] = last->rank.severity;
	octets[3] = last->rank.confidence;
	put_number(octets + 4, f->hash);
	put_number(octets + 12, last->rank.until);
	put_number(octets + 20, last->rank.id);
	memcpy(octets + CURSOR_HEAD, last->text, n);
	sodium_bin2base64(text, sizeof text, octets, CURSOR_HEAD + n,
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	buf_fmt(out, "\"%s\"", text);
}

static int cursor_of(struct request *q, struct find *f)
{
	const char *text = request_param(q, "cursor");
	u8 octets[CURSOR_HEAD + FINDING_SUBJECT_MAX];
	size_t n;

	if (text == NULL || *text == 0)
		return 0;
	if (sodium_base642bin(octets, sizeof octets - 1, text, strlen(text), NULL, &n, NULL,
			      sodium_base64_VARIANT_URLSAFE_NO_PADDING) || n < CURSOR_HEAD ||
	    octets[0] != CURSOR_VERSION || memchr(octets + CURSOR_HEAD, 0, n - CURSOR_HEAD))
		return request_fault(q, OOPS_FORMAT, "cursor: this is not what `next` was");
	if (octets[1] != f->ask.order || be64(octets + 4) != f->hash)
		return request_fault(q, OOPS_FORMAT, "cursor: it is of a list with other filters "
				     "or another order");
	f->after.rank = (struct sieve_rank){ octets[2], octets[3], be64(octets + 12),
					     be64(octets + 20) };
	memcpy(f->after.text, octets + CURSOR_HEAD, n - CURSOR_HEAD);
	f->after.text[n - CURSOR_HEAD] = 0;
	f->ask.after = &f->after;
	return 0;
}

int find_of(struct request *q, struct find *f)
{
	static const char *const others[] = { "area", "severity", "label", "state", "since",
		"until", "run", "incident", "every" };
	struct sieve_ask *a = &f->ask;
	bool every;
	int rc;

	memset(f, 0, sizeof *f);
	f->web = q->web;
	f->hash = CURSOR_VERSION;
	f->rules = text_param(q, "rule", &f->hash);
	a->kinds = text_param(q, "kind", &f->hash);
	a->subject = text_param(q, "subject", &f->hash);
	a->begins = text_param(q, "begins", &f->hash);
	a->holds = text_param(q, "holds", &f->hash);
	a->under = text_param(q, "under", &f->hash);
	a->zone = text_param(q, "zone", &f->hash);
	a->related = text_param(q, "related", &f->hash);
	a->text = text_param(q, "text", &f->hash);
	for (size_t i = 0; i < COUNT(others); i++)
		text_param(q, others[i], &f->hash);
	a->takes_rule = takes_rule;
	a->rule_says = rule_says;
	a->to = f;
	if ((rc = request_flag(q, "every", &every)) || (rc = choices_of(q, f)) ||
	    (rc = find_stamp(q, "since", &a->since)) ||
	    (rc = find_stamp(q, "until", &a->until)) ||
	    (rc = request_count(q, "run", INT64_MAX, &a->run)) ||
	    (rc = request_count(q, "incident", INT64_MAX, &a->incident)))
		return rc;
	a->once = !every;
	return cursor_of(q, f);
}

/* ---- rows ---- */

void find_put_severities(struct buf *out, const u64 n[SEVERITY_COUNT])
{
	buf_fmt(out, "[%llu,%llu,%llu,%llu,%llu]", (unsigned long long)n[0],
		(unsigned long long)n[1], (unsigned long long)n[2], (unsigned long long)n[3],
		(unsigned long long)n[4]);
}

void find_put_rule(struct request *q, const char *rule, u64 count)
{
	const struct catalogue_row *r = web_rule(q->web, rule);

	buf_text(q->out, "{\"value\":");
	utf8_json(q->out, rule);
	buf_text(q->out, ",\"title\":");
	utf8_json(q->out, r ? _(r->title) : rule);
	buf_fmt(q->out, ",\"area\":\"%s\",\"count\":%llu}", r ? area_name(r->area) : "",
		(unsigned long long)count);
}

/* Since when, and how often: of a fault. */
static void put_fault(struct buf *out, const struct finding *f, const struct sieve_item *i)
{
	char first[STAMP_TEXT_MAX];

	buf_fmt(out, ",\"first\":\"%s\",\"times\":%llu",
		stamp_text(i->times ? i->first : f->from, 9, first),
		(unsigned long long)max_u64(i->times, 1));
}

static void put_row(struct request *q, const struct finding *f, const struct sieve_item *i)
{
	const struct catalogue_row *r = web_rule(q->web, f->rule);

	buf_byte(q->out, '{');
	fields_json(q->out, finding_fields, f);
	buf_text(q->out, ",\"title\":");
	utf8_json(q->out, r ? _(r->title) : f->rule);
	buf_text(q->out, ",\"said\":");
	put_said(q->out, f->sentence);
	buf_fmt(q->out, ",\"area\":\"%s\",\"tlp\":\"%s\",\"pap\":\"%s\"",
		r ? area_name(r->area) : "", label_text(i->marking.tlp), pap_text(i->marking.pap));
	put_fault(q->out, f, i);
	if (i->incident)
		buf_fmt(q->out, ",\"incident\":%llu,\"incident_state\":\"%s\"}",
			(unsigned long long)i->incident, incident_states[i->state]);
	else
		buf_text(q->out, ",\"incident\":null,\"incident_state\":null}");
}

int find_put_rows(struct request *q, const struct sieve_found *found)
{
	struct finding *f = malloc(sizeof *f);
	const char *comma = "\n";
	bool ours = false;
	int rc = f ? gate_still(q->gate, &ours) : -ENOMEM;

	for (u32 i = 0; i < found->count && rc == 0; i++) {
		rc = gate_numbered(q->gate, found->items[i].number, false, f);
		if (rc == 0) {
			buf_text(q->out, comma);
			put_row(q, f, &found->items[i]);
			comma = ",\n";
		}
		if (rc == OOPS_UNKNOWN)	/* it was marked stricter just now */
			rc = 0;
	}
	gate_still_end(q->gate, ours);
	free(f);
	return rc;
}
