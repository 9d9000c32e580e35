/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan.c - see scan.h. */
#include "zone/scan.h"
#include "dns/rdata.h"
#include "dns/rrtype.h"
#include "zone/directive.h"
#include "zone/rewrite.h"

int scanner_make(struct scanner **ret, u64 key)
{
	struct scanner *s = calloc(1, sizeof *s);

	if (s == NULL)
		return -ENOMEM;
	if (zs_init(&s->zs, ".", CLASS_IN, 0) < 0)
		return free(s), -ENOMEM;
	s->zs_start = s->zs.cs;
	s->key = key;
	*ret = s;
	return 0;
}

struct scanner *scanner_free(struct scanner *s)
{
	if (s == NULL)
		return NULL;
	zs_deinit(&s->zs);
	free(s->flat);
	for (int i = 0; i < REWRITES_MAX; i++)
		free(s->other[i]);
	free(s);
	return NULL;
}

static int room(char **at, size_t *cap, size_t n)
{
	char *more;

	if (*cap >= n)
		return 0;
	if ((more = realloc(*at, n)) == NULL)
		return -ENOMEM;
	*at = more;
	*cap = n;
	return 0;
}

/* ---- what was found ---- */

static void trouble(struct scanner *s, enum zone_trouble_kind kind, const char *text)
{
	s->cut = kind == ZONE_BAD_LINE && s->last;
	block_trouble(s->b, s->cut ? ZONE_CUT_SHORT : kind, s->line, text);
}

/* The same with the line from where it is bad, as far as it can be shown. */
static void trouble_at(struct scanner *s, enum zone_trouble_kind kind, const char *text,
		       const char *token)
{
	char said[200], shown[61];
	size_t n = min_u64(strcspn(token, "\n"), sizeof shown - 1);

	for (size_t i = 0; i < n; i++)
		shown[i] = token[i] >= ' ' && token[i] < 0x7f ? token[i] : '?';
	shown[n] = '\0';
	snprintf(said, sizeof said, n ? "%s: %s" : "%s", text, shown);
	trouble(s, kind, said);
}

static void no_origin(struct scanner *s, const char *token)
{
	u64 at = s->b->pack_len;

	trouble_at(s, ZONE_BAD_LINE, N_("a relative name, but nothing says the origin"),
		token);
	if (s->b->pack_len > at)
		((struct packed *)(s->b->pack + at))->flags |= ITEM_ORIGIN;
}

void scan_owner(struct scanner *s, const u8 *wire, unsigned len)
{
	if (s->b->owner_is == CARRY_NEW && len == s->owner_len &&
	    memcmp(wire, s->owner, len) == 0)
		return;
	memcpy(s->owner, wire, len);
	s->owner_len = (u8)len;
	s->owner_hash = zone_hash(s->key, wire, len);
	s->b->owner_is = CARRY_NEW;
	s->packed = false;
}

/* Does the owner stand behind the one packed before? */
static u8 place_flags(struct scanner *s)
{
	const u8 *a = s->b->pack + s->before, *b = s->owner;
	unsigned rest = s->before_len - 1u - *a, n;
	int order;

	if (s->before == 0)
		return 0;
	if (s->owner_len == rest + 1u + *b && memcmp(a + 1 + *a, b + 1 + *b, rest) == 0) {
		n = *a < *b ? *a : *b;	/* sisters, as in most zones */
		order = memcmp(a + 1, b + 1, n);
		order = order ? order : *a - *b;
	} else {
		order = name_order(a, b);
	}
	return order < 0 ? ITEM_AFTER : 0;
}

static void pack_owner(struct scanner *s, struct packed *it)
{
	if (s->b->owner_is == CARRY_OLD) {
		it->flags = ITEM_CARRIED;
	} else if (it->owner_len == 0) {
		it->flags = ITEM_SAME;
	} else {
		it->flags = place_flags(s);
		s->before = (u64)(it->rest - s->b->pack);
		s->before_len = it->owner_len;
		memcpy(it->rest, s->owner, it->owner_len);
	}
	s->packed = true;
}

/* The TTL that later records take over, when this one says it. */
static void note_ttl(struct block *b, const struct scanned *r)
{
	if (r->has_ttl) {
		b->ttl = r->ttl;
		b->ttl_is = CARRY_NEW;
	}
}

static void pack_ttl(struct scanner *s, struct packed *it, const struct scanned *r)
{
	struct block *b = s->b;

	note_ttl(b, r);
	if (r->has_ttl) {
		it->ttl = r->ttl;
	} else if (s->state.has_ttl) {
		it->ttl = s->state.ttl;
	} else if (b->ttl_is == CARRY_NEW) {
		it->ttl = b->ttl;
		it->flags |= ITEM_TTL_TAKEN;
	} else {
		it->flags |= ITEM_TTL;
	}
}

void scan_pack(struct scanner *s, const struct scanned *r)
{
	struct block *b = s->b;
	unsigned wire = b->owner_is == CARRY_NEW && !s->packed ? s->owner_len : 0;
	u32 rdlen = r->rdlen + (r->type == TYPE_NS ? 8 : 0);
	u16 size = (u16)((sizeof(struct packed) + wire + rdlen + 7) / 8);
	struct packed *it = (struct packed *)block_room(b, size * 8u);
	u8 *at;

	if (it == NULL)
		return;
	*it = (struct packed){ .hash = s->owner_hash, .line = s->line, .ttl = r->ttl,
		.type = r->type, .rdlen = (u16)rdlen, .size = size, .owner_len = (u8)wire };
	pack_owner(s, it);
	pack_ttl(s, it, r);
	at = it->rest + wire;
	if (r->type == TYPE_NS) {
		u64 hash = zone_hash(s->key, r->rdata, r->rdlen);

		memcpy(at, &hash, 8);
		at += 8;
	}
	memcpy(at, r->rdata, r->rdlen);
	b->pack_len += size * 8u;
}

/* ---- RDATA ---- */

static void zs_origin(zs_scanner_t *zs, const u8 *wire, unsigned len)
{
	memcpy(zs->zone_origin, wire, len);
	zs->zone_origin_length = len;
}

/* Scans " TYPE RDATA\n" from the state that zs_init() left: NULL, or what is wrong. */
static const char *zs_one(struct scanner *s, const char *p)
{
	zs_scanner_t *zs = &s->zs;

	zs->cs = s->zs_start;
	zs->top = 0;
	zs->multiline = zs->long_string = zs->comma_list = false;
	zs->error.code = ZS_OK;
	zs->error.fatal = false;
	zs->r_owner[0] = 0;
	zs->r_owner_length = 1;
	if (zs_set_input_string(zs, p, strlen(p)) < 0)
		return N_("not enough memory");
	zs_parse_record(zs);
	if (zs->state == ZS_STATE_DATA)
		return NULL;
	return zs->error.code ? zs_strerror(zs->error.code) : N_("no record");
}

/* The same, in other words when these are not understood. */
static const char *zs_rdata(struct scanner *s, const char *p)
{
	const char *why = zs_one(s, p);
	u16 type = 0;

	for (int i = 0; why && i < REWRITES_MAX; i++) {
		size_t n = REWRITE_ROOM(strlen(p));

		if (room(&s->other[i], &s->other_cap[i], n) < 0)
			return N_("not enough memory");
		if (!rewrite_rdata(p, s->zs.error.code, s->other[i], &type))
			break;
		p = s->other[i];
		if (zs_one(s, p) == NULL)
			why = NULL;
	}
	if (type)
		s->zs.r_type = type;
	return why;
}

/* Scans with two origins, when there is none: what depends on it was a relative name. */
static const char *zs_without_origin(struct scanner *s, const char *p, bool *relative)
{
	static const u8 other[] = "\5other";
	const char *why;
	u32 len;
	u8 *first;

	zs_origin(&s->zs, (const u8 *)"", 1);
	if ((why = zs_rdata(s, p)))
		return why;
	len = s->zs.r_data_length;
	if ((first = malloc(len + 1)) == NULL)
		return N_("not enough memory");
	memcpy(first, s->zs.r_data, len);
	zs_origin(&s->zs, other, sizeof other);
	why = zs_rdata(s, p);
	*relative = why || s->zs.r_data_length != len || memcmp(first, s->zs.r_data, len) != 0;
	free(first);
	return *relative ? N_("a relative name") : NULL;
}

/* Types that stand for questions or for other records (RFC 6895, 3.1; RFC 6891). */
static bool is_meta(u16 type)
{
	return type == 0 || type == TYPE_OPT || (type >= 128 && type <= 255);
}

static bool is_type(const char *p, const char *end)
{
	char word[32];

	if (end - p >= (ptrdiff_t)sizeof word)
		return false;
	snprintf(word, sizeof word, "%.*s", (int)(end - p), p);
	return rrtype_parse(word) >= 0;
}

/* The record whose type stands at p: NULL, or what is wrong. */
static const char *read_rdata(struct scanner *s, const char *p, struct scanned *r,
			      bool *relative)
{
	const char *why;

	if (s->state.origin_len)
		why = zs_rdata(s, p - 1);
	else
		why = zs_without_origin(s, p - 1, relative);
	if (why)
		return is_type(p, text_token(p)) ? why : N_("a type that is not known");
	r->type = s->zs.r_type;
	r->rdata = s->zs.r_data;
	r->rdlen = s->zs.r_data_length;
	if (is_meta(r->type))
		return N_("a type that cannot stand in a zone");
	if (!rdata_good(r->type, r->rdata, r->rdlen))
		return N_("data that is not good for its type");
	if (r->type == TYPE_NS)
		name_lower(s->zs.r_data, s->zs.r_data, r->rdlen);
	return NULL;
}

/* ---- lines ---- */

/* The origin of state, in the forms that are wanted. */
static void set_origin(struct scanner *s)
{
	zs_origin(&s->zs, s->state.origin, s->state.origin_len);
	name_lower(s->origin, s->state.origin, s->state.origin_len);
	s->token = NULL;
}

static void scan_directive(struct scanner *s, char *flat)
{
	static const char *const refused[] = {
		[INCLUDE_CLOSED] = N_("no file may be included here"),
		[INCLUDE_DEEP] = N_("files include each other more than 16 deep"),
		[INCLUDE_MANY] = N_("more than 1024 files are included"),
	};
	struct directive d;

	directive_read(flat, &s->state, &d);
	if (d.no_origin)
		no_origin(s, flat);
	else if (d.why)
		trouble_at(s, ZONE_BAD_LINE, d.why, flat);
	else if (d.kind == DIRECTIVE_INCLUDE)
		trouble_at(s, ZONE_BAD_INCLUDE, refused[s->b->refused], d.name);
	else if (d.kind == DIRECTIVE_STATE)
		set_origin(s);
}

/* What the next line may take over is no owner. */
static void lose_owner(struct scanner *s)
{
	s->b->owner_is = CARRY_BAD;
	s->token = NULL;
}

/* Reads the owner at p: what follows it, or NULL (told). */
static const char *read_owner(struct scanner *s, const char *p)
{
	const char *end = text_token(p);
	u8 wire[NAME_WIRE_MAX];
	int len;

	if (*p == ' ')
		return p + 1;
	s->token = NULL;
	len = text_name(p, end, &s->state, wire);
	if (len > 0) {
		name_lower(wire, wire, (size_t)len);
		scan_owner(s, wire, (unsigned)len);
		return *end == ' ' ? end + 1 : end;
	}
	lose_owner(s);
	if (len == OOPS_UNKNOWN)
		no_origin(s, p);
	else
		trouble_at(s, ZONE_BAD_LINE, N_("an owner that is no name"), p);
	return NULL;
}

/* One line of flat text. */
static void scan_flat(struct scanner *s, char *flat)
{
	const char *p = flat, *why;
	struct scanned r = { 0 };
	struct text_header head;
	bool relative = false;

	if (*p == '$') {
		scan_directive(s, flat);
		return;
	}
	if (*p == '\n' || (p = read_owner(s, p)) == NULL)
		return;
	why = text_header(p, &head);
	r.has_ttl = head.has_ttl;
	r.ttl = head.ttl;
	if (why) {
		trouble_at(s, ZONE_BAD_LINE, why, p);
	} else if (head.class != CLASS_IN) {
		trouble_at(s, ZONE_BAD_CLASS, N_("a record of another class"), p);
	} else if ((why = read_rdata(s, head.type, &r, &relative))) {
		if (relative)
			no_origin(s, head.type);
		else
			trouble_at(s, ZONE_BAD_LINE, why, head.type);
	} else if (s->b->owner_is == CARRY_BAD) {
		note_ttl(s->b, &r);
		block_trouble(s->b, ZONE_BAD_LINE, s->line, BLOCK_OWNER_BAD);
	} else {
		scan_pack(s, &r);
	}
}

/* Any logical line [p, end). */
static void scan_line(struct scanner *s, const char *p, const char *end)
{
	const char *why;

	if (room(&s->flat, &s->flat_cap, TEXT_FLAT_ROOM(end - p)) < 0) {
		s->b->error = -ENOMEM;
		return;
	}
	if ((why = text_flatten(s->flat, p, end))) {
		trouble(s, ZONE_BAD_LINE, why);
		if (*p != ' ' && *p != '\t' && *p != '$')
			lose_owner(s);
	} else {
		scan_flat(s, s->flat);
	}
}

/* Newlines at p, a word at a time; there is one octet behind the text that is none. */
static u32 newlines(const char *p, const char *end)
{
	static const char eight[8] = "\n\n\n\n\n\n\n\n";
	const char *from = p;

	while (end - p >= 8 && memcmp(p, eight, 8) == 0)
		p += 8;
	while (p < end && *p == '\n')
		p++;
	return (u32)(p - from);
}

/* Behind the lines at p that hold blanks or a comment only; p when there are none. */
static const char *empty_lines(struct scanner *s, const char *p, const char *end)
{
	while (p < end) {
		const char *at = p;
		u32 n = newlines(p, end);

		s->line += n;
		p = at += n;
		while (*at == ' ' || *at == '\t')
			at++;
		at += *at == '\r' && at[1] == '\n';
		if (*at == ';')
			at = memchr(at, '\n', (size_t)(end - at));
		if (at == end || *at != '\n')
			break;
		s->line++;
		p = at + 1;
	}
	return p;
}

static void scan_text(struct scanner *s)
{
	struct block *b = s->b;
	const char *p = b->text, *end = p + b->len, *next;
	u64 before = 0;
	u32 lines;

	while (p < end && b->error == 0) {
		before = b->pack_len;
		if ((next = empty_lines(s, p, end)) > p) {
			p = next;
			continue;
		}
		if ((next = plain_line(s, p, end))) {
			s->line++;
			p = next;
			continue;
		}
		next = text_end(p, end, &lines);
		must(next);
		s->last = b->open_end && next == end;
		scan_line(s, p, next);
		s->line += lines;
		p = next;
	}
	b->lines = s->line;
	if (b->open_end && b->pack_len > before && !s->cut)
		block_trouble(b, ZONE_WARNING, s->line - 1,
			      N_("no newline ends the last line: perhaps the text was cut "
			      	"short"));
}

static void scan_generate(struct scanner *s)
{
	const struct generate *g = &s->b->generate;
	char line[GENERATE_TEXT_MAX];
	const char *why;

	for (u64 n = g->first; n <= g->last && s->b->error == 0; n += g->step) {
		if ((why = generate_line(g, s->b->text, (u32)n, line))) {
			trouble(s, ZONE_BAD_LINE, why);
			return;
		}
		scan_flat(s, line);
	}
}

void scan_block(struct scanner *s, struct block *b)
{
	b->pack_len = 0;
	b->error = 0;
	b->owner_is = b->ttl_is = CARRY_OLD;
	s->b = b;
	s->state = b->state;
	s->line = 0;
	s->packed = s->last = s->cut = false;
	s->before = 0;
	set_origin(s);
	if (b->kind == BLOCK_TEXT)
		scan_text(s);
	else
		scan_generate(s);
	memcpy(b->owner, s->owner, s->owner_len);
	b->owner_len = s->owner_len;
	b->owner_hash = s->owner_hash;
}
