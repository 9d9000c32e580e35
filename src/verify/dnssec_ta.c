/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dnssec_ta.c - trust anchors out of text: DS and DNSKEY lines, or root-anchors XML.
 *
 *   . IN DS 20326 8 2 E06D...              libzscanner reads it, as any master file
 *
 *   <TrustAnchor id source>                RFC 7958, 2.1; RFC 9718, 2.1
 *     <Zone>.</Zone>
 *     <KeyDigest id validFrom [validUntil]>
 *       <KeyTag> <Algorithm> <DigestType> <Digest> [<PublicKey> <Flags>]
 *
 * The XML reader is for this one document: XML 1.0, elements, attributes, comments; no
 * DOCTYPE, entities, CDATA or processing instructions, so nothing can be opened or grow.
 * What is not in the schema is refused: a trust anchor that was half understood is none.
 *
 * Cost: linear. Limits: DNSSEC_ANCHORS_MAX. No clock: validity is judged elsewhere. */
#include "base/num.h"
#include "base/stamp.h"
#include "model/digest.h"
#include "verify/dnssec.h"
#include <libzscanner/scanner.h>
#include <stdarg.h>

static struct dnssec_anchor *add(struct dnssec_anchors *a)
{
	if (a->count < DNSSEC_ANCHORS_MAX)
		return &a->at[a->count++];
	a->ignored++;
	return NULL;
}

static void bad(struct dnssec_anchors *a, u64 line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static void bad(struct dnssec_anchors *a, u64 line, const char *format, ...)
{
	va_list args;

	if (a->bad_line)
		return;
	a->bad_line = (u32)line;
	va_start(args, format);
	vsnprintf(a->why, sizeof a->why, format, args);
	va_end(args);
}

/* ---- lines ---- */

static void take_record(zs_scanner_t *s)
{
	struct dnssec_anchors *a = s->process.data;
	struct dnssec_anchor *t;
	const u8 *p = s->r_data;
	u32 len = s->r_data_length;
	int n;

	if ((s->r_type != TYPE_DS && s->r_type != TYPE_DNSKEY) ||
		s->r_class != CLASS_IN) {
		bad(a, s->line_counter, N_("a record that is neither DS nor DNSKEY"));
		return;
	}
	if (len < 5 || (s->r_type == TYPE_DS && len > 4 + sizeof a->at[0].digest)) {
		bad(a, s->line_counter, N_("a record without a digest or key of usual "
			"length"));
		return;
	}
	if ((t = add(a)) == NULL)
		return;
	*t = (struct dnssec_anchor){ .owner_len = (u8)s->r_owner_length,
		.line = (u32)s->line_counter };
	name_lower(t->owner, s->r_owner, s->r_owner_length);
	if (s->r_type == TYPE_DS) {
		t->tag = (u16)(p[0] << 8 | p[1]);
		t->algorithm = p[2];
		t->digest_type = p[3];
		t->digest_len = (u8)(len - 4);
		memcpy(t->digest, p + 4, len - 4);
		return;
	}
	t->tag = sig_key_tag(p, len);
	t->algorithm = p[3];
	t->digest_type = 2;
	if ((n = sig_ds_digest(2, t->owner, t->owner_len, p, len, t->digest)) < 0)
		a->count--;
	t->digest_len = n < 0 ? 0 : (u8)n;
}

/* Records one by one, not by callbacks, so that an $INCLUDE is seen and refused. */
static void read_records(struct dnssec_anchors *a, zs_scanner_t *s)
{
	/* the line end after a last line that has none was given */
	bool ended = false;

	while (zs_parse_record(s) == 0) {
		switch (s->state) {
		case ZS_STATE_DATA:
			take_record(s);
			break;
		case ZS_STATE_ERROR:
			bad(a, s->line_counter, N_("a line that cannot be read as a record"));
			if (s->error.fatal)
				return;
			break;
		case ZS_STATE_EOF:
			if (ended || zs_set_input_string(s, "\n", 1) != 0)
				return;
			ended = true;
			break;
		default:
			bad(a, s->line_counter, N_("a directive that is not for trust "
				"anchors"));
			return;
		}
	}
}

static int read_lines(struct dnssec_anchors *a, const u8 *text, size_t n)
{
	zs_scanner_t *s = calloc(1, sizeof *s);

	if (s == NULL)
		return -ENOMEM;
	if (zs_init(s, ".", CLASS_IN, 3600) != 0) {
		free(s);
		return -ENOMEM;
	}
	if (zs_set_processing(s, NULL, NULL, a) == 0 &&
	    zs_set_input_string(s, (const char *)text, n) == 0)
		read_records(a, s);
	else
		bad(a, 1, N_("it cannot be read as text"));
	zs_deinit(s);
	free(s);
	return 0;
}

/* ---- XML ---- */

struct xml {
	const char *p, *end;
	u32 line;
	struct dnssec_anchors *to;
};

static bool fail(struct xml *x, const char *why)
{
	bad(x->to, x->line, "%s", why);
	return false;
}

static void step(struct xml *x, size_t n)
{
	for (; n > 0; n--)
		x->line += *x->p++ == '\n';
}

static bool at(const struct xml *x, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(x->end - x->p) >= n && memcmp(x->p, word, n) == 0;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Blanks and comments. */
static bool skip(struct xml *x)
{
	for (;;) {
		while (x->p < x->end && is_space(*x->p))
			step(x, 1);
		if (!at(x, "<!--"))
			return true;
		step(x, 4);
		while (x->p < x->end && !at(x, "-->"))
			step(x, 1);
		if (x->p == x->end)
			return fail(x, N_("a comment without an end"));
		step(x, 3);
	}
}

struct attribute { const char *name; char value[80]; bool there; };

/* name="value" into the one of the list that it is. */
static bool read_attribute(struct xml *x, struct attribute *list)
{
	size_t n = 0;
	char quote;

	while (list->name && !(at(x, list->name) &&
		x->end - x->p > (i64)strlen(list->name) &&
			       x->p[strlen(list->name)] == '='))
		list++;
	if (list->name == NULL)
		return fail(x, N_("an attribute that is not in RFC 7958"));
	if (list->there)
		return fail(x, N_("an attribute twice"));
	step(x, strlen(list->name) + 1);
	if (x->p == x->end || (*x->p != '"' && *x->p != '\''))
		return fail(x, N_("an attribute without quotes"));
	quote = *x->p;
	step(x, 1);
	while (x->p < x->end && *x->p != quote) {
		if (*x->p == '<' || *x->p == '&' || (u8)*x->p < 32 ||
		    n + 1 >= sizeof list->value)
			return fail(x, N_("an attribute whose value is too long or not "
			"plain"));
		list->value[n++] = *x->p;
		step(x, 1);
	}
	if (x->p == x->end)
		return fail(x, N_("an attribute without an end"));
	step(x, 1);
	list->there = true;
	return true;
}

/* "<Name attributes>". False without a complaint when another element stands here. */
static bool open_tag(struct xml *x, const char *name, struct attribute *list)
{
	size_t n = strlen(name);

	if (!skip(x) || !at(x, "<") || (size_t)(x->end - x->p) < n + 2 ||
	    memcmp(x->p + 1, name, n) || (x->p[1 + n] != '>' && !is_space(x->p[1 + n])))
		return false;
	step(x, 1 + n);
	for (;;) {
		bool space = x->p < x->end && is_space(*x->p);

		while (x->p < x->end && is_space(*x->p))
			step(x, 1);
		if (at(x, ">")) {
			step(x, 1);
			return true;
		}
		if (!space || list == NULL)
			return fail(x, N_("a tag that is not in RFC 7958"));
		if (!read_attribute(x, list))
			return false;
	}
}

static bool close_tag(struct xml *x, const char *name)
{
	if (!skip(x))
		return false;
	if (!at(x, "</"))
		return fail(x, N_("an element that is not in RFC 7958, or one without an "
		"end"));
	step(x, 2);
	if (!at(x, name))
		return fail(x, N_("elements that overlap"));
	step(x, strlen(name));
	while (x->p < x->end && is_space(*x->p))
		step(x, 1);
	if (!at(x, ">"))
		return fail(x, N_("elements that overlap"));
	step(x, 1);
	return true;
}

/* <Name>text</Name>, blanks inside the text left out. False without a complaint when
 * another element stands here. */
static bool element(struct xml *x, const char *name, char *to, size_t size)
{
	size_t n = 0;

	if (!open_tag(x, name, NULL))
		return false;
	for (; x->p < x->end && *x->p != '<'; step(x, 1)) {
		if (is_space(*x->p))
			continue;
		if (*x->p == '&' || (u8)*x->p < 32 || n + 1 >= size)
			return fail(x, N_("a text that is too long or not plain"));
		to[n++] = *x->p;
	}
	to[n] = 0;
	return close_tag(x, name);
}

/* xsd:dateTime with an offset or Z (RFC 7958, 2.1.1). */
static bool read_time(struct xml *x, const char *text, u64 *ret)
{
	size_t n = strlen(text);
	char plain[80];
	i64 offset = 0;
	u64 ns;

	if (n >= 25 && text[n - 3] == ':' && (text[n - 6] == '+' || text[n - 6] == '-')) {
		const char *o = text + n - 5;

		if (strspn(o, "0123456789") < 2 || strspn(o + 3, "0123456789") != 2)
			return fail(x, N_("a time that is none"));
		offset = ((o[0] - '0') * 10 + (o[1] - '0')) * 3600 +
			 ((o[3] - '0') * 10 + (o[4] - '0')) * 60;
		offset = text[n - 6] == '-' ? -offset : offset;
		n -= 6;
	} else if (n > 0 && text[n - 1] == 'Z') {
		n--;
	}
	snprintf(plain, sizeof plain, "%.*sZ", (int)n, text);
	if (n < 19 || plain[10] != 'T' || stamp_parse(plain, &ns) < 0 ||
	    (i64)(ns / STAMP_NS) < offset)
		return fail(x, N_("a time that is none"));
	*ret = (u64)((i64)(ns / STAMP_NS) - offset);
	return true;
}

static bool number(struct xml *x, const char *text, u64 most, u64 *ret)
{
	return num_u64(text, 0, most, ret) == 0 ? true : fail(x, N_("a number that is "
		"none"));
}

struct fields {	/* of one KeyDigest */
	char tag[8], algorithm[8], type[8], digest[136], key[4096], flags[8];
};

/* The elements in any order, each once. */
static bool read_fields(struct xml *x, struct fields *f)
{
	const struct { const char *name; char *to; size_t size; bool needed; } all[] = {
		{ "KeyTag", f->tag, sizeof f->tag, true },
		{ "Algorithm", f->algorithm, sizeof f->algorithm, true },
		{ "DigestType", f->type, sizeof f->type, true },
		{ "Digest", f->digest, sizeof f->digest, true },
		{ "PublicKey", f->key, sizeof f->key, false },
		{ "Flags", f->flags, sizeof f->flags, false },
	};
	unsigned seen = 0, i;

	do {
		for (i = 0; i < COUNT(all); i++)
			if (element(x, all[i].name, all[i].to, all[i].size))
				break;
		if (i < COUNT(all) && seen >> i & 1)
			return fail(x, N_("an element twice"));
		seen |= i < COUNT(all) ? 1u << i : 0;
	} while (i < COUNT(all) && !x->to->bad_line);
	for (i = 0; i < COUNT(all); i++)
		if (all[i].needed && !(seen >> i & 1))
			return fail(x, N_("a KeyDigest in which an element is missing or "
			"too much"));
	return !x->to->bad_line;
}

/* The next KeyDigest: false when there is none, or it is bad. */
static bool read_digest(struct xml *x, const u8 *zone, unsigned zone_len)
{
	struct attribute attributes[] = {
		{ .name = "id" }, { .name = "validFrom" }, { .name = "validUntil" },
			{ .name = NULL },
	};
	struct dnssec_anchor t = { .owner_len = (u8)zone_len }, *to;
	struct fields f = { .tag = "" };
	u64 tag, algorithm, type;
	size_t n;

	if (!open_tag(x, "KeyDigest", attributes))
		return false;
	t.line = x->line;
	if (!attributes[0].there || !attributes[1].there)
		return fail(x, N_("a KeyDigest without id or validFrom"));
	if (!read_time(x, attributes[1].value, &t.from) ||
	    (attributes[2].there && !read_time(x, attributes[2].value, &t.until)) ||
	    !read_fields(x, &f) || !close_tag(x, "KeyDigest") ||
	    !number(x, f.tag, 65535, &tag) || !number(x, f.algorithm, 255, &algorithm) ||
	    !number(x, f.type, 255, &type))
		return false;
	n = strlen(f.digest);
	for (size_t i = 0; i < n; i++)
		if (f.digest[i] >= 'A' && f.digest[i] <= 'F')
			f.digest[i] = (char)(f.digest[i] - 'A' + 'a');
	if (n == 0 || n % 2 || n / 2 > sizeof t.digest ||
	    hex_parse(f.digest, n / 2, t.digest) < 0)
		return fail(x, N_("a digest that is none"));
	t.digest_len = (u8)(n / 2);
	t.tag = (u16)tag;
	t.algorithm = (u8)algorithm;
	t.digest_type = (u8)type;
	memcpy(t.owner, zone, zone_len);
	if ((to = add(x->to)))
		*to = t;
	return true;
}

static bool read_document(struct xml *x)
{
	struct attribute attributes[] = {
		{ .name = "id" }, { .name = "source" }, { .name = NULL },
	};
	struct attribute prolog[] = {
		{ .name = "version" }, { .name = "encoding" }, { .name = "standalone" },
		{ .name = NULL },
	};
	char name[NAME_TEXT_MAX];
	u8 zone[NAME_WIRE_MAX];
	int len;

	if (at(x, "<?xml")) {
		step(x, 5);
		while (x->p < x->end && is_space(*x->p)) {
			while (x->p < x->end && is_space(*x->p))
				step(x, 1);
			if (!at(x, "?>") && !read_attribute(x, prolog))
				return false;
		}
		if (!at(x, "?>"))
			return fail(x, N_("a prolog without an end"));
		step(x, 2);
		if (strcmp(prolog[0].value, "1.0"))
			return fail(x, N_("an XML version other than 1.0"));
	}
	if (!open_tag(x, "TrustAnchor", attributes))
		return fail(x, N_("a document that is no TrustAnchor"));
	if (!element(x, "Zone", name, sizeof name) || (len = name_parse(name, zone)) < 0)
		return fail(x, N_("a TrustAnchor without a Zone"));
	name_lower(zone, zone, (size_t)len);
	while (read_digest(x, zone, (unsigned)len))
		;
	if (x->to->bad_line || !close_tag(x, "TrustAnchor") || !skip(x))
		return false;
	return x->p == x->end ? true : fail(x, N_("something behind the TrustAnchor"));
}

int dnssec_anchors_read(struct dnssec_anchors *ret, const u8 *text, size_t n)
{
	struct xml x = { .p = (const char *)text, .end = (const char *)text + n,
		.line = 1,
		.to = ret };

	memset(ret, 0, sizeof *ret);
	if (n >= 3 && memcmp(text, N_("\xef\xbb\xbf"), 3) == 0)	/* a byte order mark */
		x.p += 3;
	if (!skip(&x) || !at(&x, "<"))
		return ret->bad_line ? 0 : read_lines(ret, text, n);
	if (!read_document(&x)) {
		if (ret->bad_line == 0)
			bad(ret, x.line, N_("it does not end well"));
		ret->count = 0;
	}
	return 0;
}
