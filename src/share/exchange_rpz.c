/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange_rpz.c - a response policy zone: what resolvers shall answer instead
 * (draft-vixie-dnsop-dns-rpz), as a master file that any of them loads.
 *
 *   bad.example            CNAME .               the name: NXDOMAIN, also below it (*.)
 *   bad.example._item      TXT "id=9f.." "source=cert.example" "valid_until=2026-..."
 *   32.1.2.0.192.rpz-ip    CNAME *.              answers with this address: NODATA
 *   24.0.2.0.192.rpz-nsip  CNAME rpz-drop.       names served from there: no answer
 *
 * Owners are relative, so the zone can have any name. Where an entry comes from and until
 * when it holds stands beside it, as attributes of RFC 1464 in a TXT record below an
 * underscored label (RFC 8552): it survives a transfer, which comments do not, and
 * answers no question, because no name ends in "._item". A TTL never outlives the entry;
 * the serial is the time of writing. Several items for one name make one policy (what must
 * pass, passes; else the stricter) and a TXT record each.
 *
 * Read: the same, and zones of others: triggers by name, rpz-ip, rpz-nsip, rpz-nsdname and
 * rpz-client-ip. Actions that we have not (local data, rpz-tcp-only) become a tag.
 * Nothing is included. Not carried: text, evidence, parent. */
#include "share/overblock.h"
#include "share/rest.h"
#include "base/plain.h"
#include "base/stamp.h"
#include "dns/name.h"
#include <arpa/inet.h>
#include <libzscanner/scanner.h>

#define OWNER_WIRE_MAX 200	/* so that the zone's own name has room */
#define OWNER_MAX 1024		/* octets of an owner as text */
#define VALUE_MAX 4096u		/* of one field in a TXT record */
#define PIECE 240u		/* of a field in one string */
#define MARK "._item"

struct rpz_conf { bool wildcard; int provenance; u64 ttl; const char *origin; };
#define AT(m) offsetof(struct rpz_conf, m)
static const char *const provenances[] = { "txt", "none", NULL };
static const struct opt rows[] = {
	{ .name = "wildcard", .type = OPT_FLAG, .at = AT(wildcard), .def = "true",
	  .help = N_("block what is below a name, too") },
	{ .name = "provenance", .type = OPT_CHOICE, .at = AT(provenance), .def = "txt",
	  .choices = provenances, .arg = "HOW",
	  .help = N_("where an entry comes from, in a TXT record beside it") },
	{ .name = "ttl", .type = OPT_SPAN, .at = AT(ttl), .def = "1h", .min = STAMP_NS,
	  .max = 604800 * STAMP_NS, .arg = "SPAN",
	  .help = N_("how long answers may be kept at most") },
	{ .name = "origin", .type = OPT_TEXT, .at = AT(origin), .arg = "NAME",
	  .help = N_("name of a zone that is read and does not say it") },
	{ .name = NULL }
};
static const struct rpz_conf usual = { .wildcard = true, .ttl = 3600 * STAMP_NS };

static const char carried[] = "id kind subject_kind subject abuse rule title severity "
	"confidence first_seen last_seen created modified valid_until sightings source "
	"references tags action tlp pap";

/* What each action is told by. */
static const char *const targets[] = {
	[ACTION_NONE] = ".", [ACTION_NXDOMAIN] = ".", [ACTION_NODATA] = "*.",
	[ACTION_DROP] = "rpz-drop.", [ACTION_PASSTHRU] = "rpz-passthru.",
};
static const u8 weight[] = {	/* of two for one name */
	[ACTION_NONE] = 1, [ACTION_NXDOMAIN] = 1, [ACTION_NODATA] = 0,
	[ACTION_DROP] = 2, [ACTION_PASSTHRU] = 3,
};

/* ---- owners ---- */

/* "128.5.zz.db8.2001": groups from the right; the run of zeros that RFC 5952 would leave out
 * is zz. named refuses an owner that is written in another way. */
static void put_six(struct buf *out, const u8 at[16])
{
	unsigned word[8], best = 8, length = 1;

	for (unsigned i = 0; i < 8; i++)
		word[i] = (unsigned)at[14 - 2 * i] << 8 | at[15 - 2 * i];
	for (unsigned i = 0, n; i < 8; i += n ? n : 1) {
		for (n = 0; i + n < 8 && word[i + n] == 0; n++)
			;
		if (n > 1 && n >= length) {
			best = i;
			length = n;
		}
	}
	for (unsigned i = 0; i < 8; i++) {
		if (i == best) {
			buf_text(out, ".zz");
			i += length - 1;
		} else {
			buf_fmt(out, ".%x", word[i]);
		}
	}
}

static void put_prefix(struct buf *out, const u8 at[16], unsigned bits)
{
	if (at[10] == 0xff && bits >= 96) {
		buf_fmt(out, "%u.%u.%u.%u.%u", bits - 96, at[15], at[14], at[13], at[12]);
	} else {
		buf_fmt(out, "%u", bits);
		put_six(out, at);
	}
}

/* The owner of an item's policy; false when it has none here. Host bits are cut. */
static bool owner_of(struct buf *out, const struct item *i)
{
	char name[OVERBLOCK_NAME_MAX];
	unsigned bits;
	u8 at[16];

	if (i->subject_kind == SUBJECT_DOMAIN || i->subject_kind == SUBJECT_ZONE) {
		if (!overblock_ascii(i->subject, name) || strlen(name) > OWNER_WIRE_MAX)
			return false;
		buf_text(out, name);
		return true;
	}
	if (i->subject_kind == SUBJECT_SERVER && overblock_ascii(i->subject, name) &&
	    !overblock_bits(i->subject, at, &bits)) {
		buf_fmt(out, "%s.rpz-nsdname", name);
		return strlen(name) < OWNER_WIRE_MAX;
	}
	if ((i->subject_kind != SUBJECT_ADDRESS && i->subject_kind != SUBJECT_PREFIX &&
	     i->subject_kind != SUBJECT_SERVER && i->subject_kind != SUBJECT_CLIENT) ||
	    !overblock_bits(i->subject, at, &bits))
		return false;
	for (unsigned b = bits; b < 128; b++)
		at[b / 8] &= (u8)~(0x80 >> b % 8);
	put_prefix(out, at, bits);
	buf_text(out, i->subject_kind == SUBJECT_SERVER ? ".rpz-nsip"
		: i->subject_kind == SUBJECT_CLIENT ? ".rpz-client-ip" : ".rpz-ip");
	return true;
}

static bool rpz_omits(const struct exchange_write *w, const struct item *i,
		      char why[EXCHANGE_WHY])
{
	struct buf owner = { 0 };
	bool bad = !owner_of(&owner, i) || (i->subject_kind == SUBJECT_CLIENT &&
					    i->action == ACTION_NONE);

	buf_free(&owner);
	if (overblock_omits(w, i, why))
		return true;
	if (bad)
		snprintf(why, EXCHANGE_WHY, N_("%s: no trigger of a policy zone"),
			 i->subject_kind ? subject_kinds[i->subject_kind] : N_("not a "
			 	"name"));
	return bad;
}

/* ---- writing ---- */

struct entry { char *owner; const struct item *item; size_t place; };

static int by_owner(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int d = strcmp(x->owner, y->owner);

	return d ? d : x->place < y->place ? -1 : x->place > y->place;
}

/* One character-string of master file text. */
static void put_string(struct buf *out, const char *text, size_t n)
{
	buf_text(out, " \"");
	for (size_t i = 0; i < n; i++) {
		u8 c = (u8)text[i];

		if (c < 0x20 || c > 0x7e)
			buf_fmt(out, "\\%03u", c);
		else if (c == '"' || c == '\\')
			buf_fmt(out, "\\%c", c);
		else
			buf_byte(out, c);
	}
	buf_byte(out, '"');
}

/* "name=value", in strings that a TXT record takes; what goes on begins with a +. */
static void put_field(struct buf *out, const struct item *i, const struct field *f)
{
	struct buf text = { 0 };
	size_t from;

	buf_fmt(&text, "%s=", f->name);
	from = text.len;
	item_text(&text, i, f);
	if (text.len > from && text.len - from <= VALUE_MAX) {
		put_string(out, text.at, text.len < PIECE ? text.len : PIECE);
		for (size_t at = PIECE; at < text.len; at += PIECE) {
			char piece[PIECE + 1] = "+";
			size_t n = text.len - at < PIECE ? text.len - at : PIECE;

			memcpy(piece + 1, text.at + at, n);
			put_string(out, piece, n + 1);
		}
	}
	buf_free(&text);
}

static void put_item(struct buf *out, const struct entry *e, u64 ttl, u64 carries)
{
	buf_fmt(out, "%s" MARK " %llu TXT", e->owner, (unsigned long long)ttl);
	for (const struct field *f = item_fields; f->name; f++)
		if (carries >> (f - item_fields) & 1)
			put_field(out, e->item, f);
	buf_byte(out, '\n');
}

static u64 ttl_of(const struct exchange_write *w, const struct rpz_conf *c,
		  const struct item *i)
{
	u64 left = i->valid_until ? i->valid_until - w->at : c->ttl;

	return max_u64(1, min_u64(left, c->ttl) / STAMP_NS);
}

/* All items of one owner: e[0..n). One RRset has one TTL (RFC 2181, 5.2). */
static void put_policy(struct buf *out, const struct exchange_write *w,
		       const struct entry *e, size_t n)
{
	const struct rpz_conf *c = w->conf;
	enum item_action action = e[0].item->action;
	bool by_name = e[0].item->subject_kind == SUBJECT_DOMAIN ||
		       e[0].item->subject_kind == SUBJECT_ZONE;
	u64 ttl = UINT64_MAX;

	for (size_t i = 0; i < n; i++) {
		if (weight[e[i].item->action] > weight[action])
			action = e[i].item->action;
		ttl = min_u64(ttl, ttl_of(w, c, e[i].item));
	}
	buf_fmt(out, "%s %llu CNAME %s\n", e->owner, (unsigned long long)ttl, targets[action]);
	if (by_name && c->wildcard)
		buf_fmt(out, "*.%s %llu CNAME %s\n", e->owner, (unsigned long long)ttl,
			targets[action]);
	for (size_t i = 0; i < n && c->provenance == 0; i++)
		put_item(out, &e[i], ttl, exchange_carries(exchange_find("rpz")));
}

/* The mailbox of the SOA record (RFC 1035, 8): dots before the @ are escaped. */
static void put_mailbox(struct buf *out, const char *contact)
{
	const char *at = contact ? strchr(contact, '@') : NULL;
	char name[OVERBLOCK_NAME_MAX];

	if (at == NULL || at == contact || !overblock_ascii(at + 1, name) ||
	    at - contact > 60 || strlen(name) > 180 ||
	    (size_t)(at - contact) != strspn(contact, "abcdefghijklmnopqrstuvwxyz"
					     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_+.")) {
		buf_text(out, "nobody.invalid.");
		return;
	}
	for (; contact < at; contact++)
		buf_fmt(out, *contact == '.' ? "\\%c" : "%c", *contact);
	buf_fmt(out, ".%s.", name);
}

static void put_head(struct buf *out, const struct exchange_write *w, size_t entries)
{
	const struct rpz_conf *c = w->conf;
	char stamp[STAMP_TEXT_MAX];

	buf_text(out, "; Response policy zone, made by ");
	plain_text(out, w->producer ? w->producer : "Vedette",
		   strlen(w->producer ? w->producer : "Vedette"));
	buf_fmt(out, " at %s; %zu entries\n", stamp_text(w->at, 0, stamp), entries);
	buf_fmt(out, "$TTL %llu\n@ SOA localhost. ", (unsigned long long)(c->ttl / STAMP_NS));
	put_mailbox(out, w->contact);
	buf_fmt(out, " %u 3600 600 604800 60\n@ NS localhost.\n", (u32)(w->at / STAMP_NS));
}

/* The entries that are written, sorted; their number, or -ENOMEM. */
static i64 gather(const struct exchange_write *w, struct entry **ret)
{
	size_t count = release_count(w->release), n = 0;
	struct entry *e = calloc(count + 1, sizeof *e);
	char why[EXCHANGE_WHY];

	*ret = e;
	if (e == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		const struct item *it = release_item(w->release, i);
		struct buf owner = { 0 };

		if (rpz_omits(w, it, why))
			continue;
		owner_of(&owner, it);
		if (buf_error(&owner))
			return -ENOMEM;
		e[n++] = (struct entry){ owner.at, it, i };
	}
	qsort(e, n, sizeof *e, by_owner);
	return (i64)n;
}

static int rpz_write(struct buf *out, const struct exchange_write *w, char why[EXCHANGE_WHY])
{
	struct exchange_write with = *w;
	struct entry *e;
	i64 n;

	(void)why;
	if (with.conf == NULL)
		with.conf = &usual;
	n = gather(&with, &e);
	if (n >= 0)
		put_head(out, &with, (size_t)n);
	for (i64 i = 0, k; i < n; i = k) {
		for (k = i + 1; k < n && strcmp(e[i].owner, e[k].owner) == 0; k++)
			;
		put_policy(out, &with, &e[i], (size_t)(k - i));
	}
	for (size_t i = 0; e && i < release_count(w->release) && e[i].owner; i++)
		free(e[i].owner);
	free(e);
	return n < 0 ? (int)n : buf_error(out);
}

/* ---- reading ---- */

struct policy { char *owner; const char *tag; u8 action; bool below, told; };
struct zone {
	const struct exchange_read *r;
	u8 origin[NAME_WIRE_MAX];	/* of the SOA record */
	u8 given[NAME_WIRE_MAX];	/* what names without a dot are below */
	struct policy *policies;
	size_t count, room;
	char **told;		/* owners whose items stood in TXT records */
	size_t told_count, told_room;
	u64 line;
};

static void trouble(const struct zone *z, const char *why)
{
	char where[40];

	snprintf(where, sizeof where, "line %llu", (unsigned long long)z->line);
	z->r->trouble(z->r->to, where, why);
}

static void *one_more(void *list, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return list;
	*room = *room ? *room * 2 : 64;
	return reallocarray(list, *room, size);
}

/* The owner as text without the zone's name: false for what is not below it. */
static bool relative(const u8 *origin, const zs_scanner_t *s, char to[OWNER_MAX])
{
	u8 at[NAME_LABELS_MAX], wire[NAME_WIRE_MAX + 1];
	int all = name_labels(s->r_owner, s->r_owner_length, at);
	int above = name_labels(origin, NAME_WIRE_MAX, NULL);
	unsigned cut;

	if (all < 0 || above < 0 || all <= above)
		return false;
	cut = at[all - above - 1] + 1u + s->r_owner[at[all - above - 1]];
	if (!name_equal(s->r_owner + cut, s->r_owner_length - cut, origin,
			s->r_owner_length - cut) || cut >= sizeof wire)
		return false;
	name_lower(wire, s->r_owner, cut);
	wire[cut] = 0;
	name_text(wire, cut + 1, to);
	return true;
}

/* IPv6 as RFC 5952 writes it; false when it is no address or prefix. */
static bool settle(char to[OWNER_MAX])
{
	char *slash = strchr(to, '/'), address[INET6_ADDRSTRLEN], length[16];
	u8 at[16];

	snprintf(length, sizeof length, "%s", slash ? slash : "");
	if (slash)
		*slash = 0;
	if (strchr(to, ':') && inet_pton(AF_INET6, to, at) == 1)
		snprintf(to, OWNER_MAX, "%s%s",
			 inet_ntop(AF_INET6, at, address, sizeof address), length);
	else if (slash)
		*slash = '/';
	return subject_kind_of(to) == SUBJECT_ADDRESS || subject_kind_of(to) == SUBJECT_PREFIX;
}

/* "24.0.2.0.192" or "128.5.zz.db8.2001" as a prefix. */
static bool prefix_of(const char *owner, size_t n, char to[OWNER_MAX])
{
	char text[OWNER_MAX], *part[10], *save = NULL, *p;
	unsigned parts = 0, full = 32;
	size_t used = 0;

	if (n >= sizeof text)
		return false;
	memcpy(text, owner, n);
	text[n] = 0;
	for (p = strtok_r(text, ".", &save); p && parts < 10; p = strtok_r(NULL, ".", &save))
		part[parts++] = p;
	if (p || parts < 2)
		return false;
	if (parts == 5 && !strstr(owner, "zz")) {
		used = (size_t)snprintf(to, OWNER_MAX, "%s.%s.%s.%s", part[4], part[3],
					part[2], part[1]);
	} else {
		full = 128;
		for (unsigned i = parts - 1; i > 0; i--) {
			bool zz = strcmp(part[i], "zz") == 0;
			bool ends = used && to[used - 1] == ':';

			used += (size_t)snprintf(to + used, OWNER_MAX - used, "%s%s",
				zz ? (ends ? ":" : "::") : part[i],
				i > 1 && !zz ? ":" : "");
		}
	}
	if (strtoul(part[0], NULL, 10) != full)
		snprintf(to + used, OWNER_MAX - used, "/%s", part[0]);
	return settle(to);
}

static bool ends(const char *text, const char *with, size_t *left)
{
	size_t n = strlen(text), m = strlen(with);

	*left = n - m;
	return n > m && strcmp(text + n - m, with) == 0;
}

/* What an owner is about. */
static bool subject_of(const char *owner, char to[OWNER_MAX], u8 *kind)
{
	static const struct { const char *end; u8 kind; } triggers[] = {
		{ ".rpz-ip", SUBJECT_ADDRESS }, { ".rpz-nsip", SUBJECT_SERVER },
		{ ".rpz-client-ip", SUBJECT_CLIENT },
	};
	size_t n;

	for (size_t i = 0; i < COUNT(triggers); i++) {
		if (!ends(owner, triggers[i].end, &n))
			continue;
		*kind = triggers[i].kind;
		if (!prefix_of(owner, n, to))
			return false;
		if (*kind == SUBJECT_ADDRESS && strchr(to, '/'))
			*kind = SUBJECT_PREFIX;
		return true;
	}
	*kind = SUBJECT_DOMAIN;
	if (ends(owner, ".rpz-nsdname", &n))
		*kind = SUBJECT_SERVER;
	else
		n = strlen(owner);
	snprintf(to, OWNER_MAX, "%.*s", (int)n, owner);
	return true;
}

static int add_policy(struct zone *z, const char *owner, u8 action, const char *tag)
{
	struct policy *p = one_more(z->policies, z->count, &z->room, sizeof *p);
	bool below = owner[0] == '*' && owner[1] == '.';

	if (p == NULL)
		return -ENOMEM;
	z->policies = p;
	p[z->count] = (struct policy){ strdup(owner + (below ? 2 : 0)), tag, action, below,
				       false };
	return p[z->count].owner ? (z->count++, 0) : -ENOMEM;
}

/* The action that a CNAME's target says; what we have no word for gets a tag. */
static u8 action_of(const zs_scanner_t *s, const char *owner, const char **tag)
{
	char target[NAME_TEXT_MAX];

	*tag = "";
	name_text(s->r_data, s->r_data_length, target);
	if (strcmp(target, ".") == 0)
		return ACTION_NXDOMAIN;
	if (strcmp(target, "*") == 0)
		return ACTION_NODATA;
	if (strcmp(target, "rpz-drop") == 0)
		return ACTION_DROP;
	if (strcmp(target, "rpz-passthru") == 0 || strcmp(target, owner) == 0)
		return ACTION_PASSTHRU;
	*tag = strcmp(target, "rpz-tcp-only") == 0 ? "rpz-tcp-only" : "rpz-local-data";
	return ACTION_NONE;
}

/* The strings of a TXT record as fields of an item: "name=value", "+more". */
static int read_strings(struct zone *z, const zs_scanner_t *s, struct item *i,
			struct buf *text)
{
	size_t at[ITEM_FIELDS_MAX + 1], fields = 0;
	u32 p = 0;

	for (; p < s->r_data_length; p += 1u + s->r_data[p]) {
		const char *from = (const char *)s->r_data + p + 1;
		size_t n = s->r_data[p];

		if (p + 1 + n > s->r_data_length || memchr(from, 0, n))
			return OOPS_FORMAT;
		if (n && *from == '+' && fields) {
			text->len--;	/* its NUL */
			from++, n--;
		} else if (fields == ITEM_FIELDS_MAX) {
			return OOPS_LIMIT;
		} else {
			at[fields++] = text->len;
		}
		buf_add(text, from, n);
		buf_byte(text, 0);
	}
	if (buf_error(text))
		return buf_error(text);
	for (size_t k = 0; k < fields; k++) {
		char *name = text->at + at[k], *value = strchr(name, '=');
		const struct field *f;

		if (value == NULL)
			return OOPS_FORMAT;
		*value = 0;
		if ((f = field_find(item_fields, name)) && item_set(i, f, value + 1) < 0)
			trouble(z, name);
	}
	return 0;
}

static int take_text(struct zone *z, const zs_scanner_t *s, const char *owner, size_t n)
{
	struct item i = { .kind = ITEM_INDICATOR };
	struct buf text = { 0 };
	char **told, id[65];
	int rc = read_strings(z, s, &i, &text);

	if (rc == OOPS_FORMAT || rc == OOPS_LIMIT || (rc == 0 && (!i.subject || !*i.subject))) {
		trouble(z, N_("a TXT record that does not say an item"));
		rc = 0;
	} else if (rc == 0) {
		if (i.id == NULL || i.id[0] == 0)
			item_identify(&i, id);
		rc = z->r->item(z->r->to, &i);
		told = one_more(z->told, z->told_count, &z->told_room, sizeof *told);
		if (told) {
			z->told = told;
			told[z->told_count] = strndup(owner, n);
		}
		if (rc == 0 && (told == NULL || told[z->told_count++] == NULL))
			rc = -ENOMEM;
	}
	buf_free(&text);
	return rc;
}

enum { TYPE_NS = 2, TYPE_CNAME = 5, TYPE_SOA = 6, TYPE_TXT = 16 };

static int take_record(struct zone *z, const zs_scanner_t *s)
{
	char owner[OWNER_MAX];
	const char *tag = "";
	u8 action;
	size_t n;

	z->line = s->line_counter;
	if (s->r_type == TYPE_SOA) {
		memcpy(z->origin, s->r_owner, min_u64(s->r_owner_length, NAME_WIRE_MAX));
		name_lower(z->origin, z->origin, NAME_WIRE_MAX);
		return 0;
	}
	if (!relative(z->origin, s, owner) && !relative(z->given, s, owner))
		return 0;	/* the apex, or another zone's */
	if (s->r_type == TYPE_TXT && ends(owner, MARK, &n))
		return take_text(z, s, owner, n);
	if (s->r_type != TYPE_CNAME)
		return add_policy(z, owner, ACTION_NONE, "rpz-local-data");
	action = action_of(s, owner, &tag);
	return add_policy(z, owner, action, tag);
}

static int by_policy(const void *a, const void *b)
{
	const struct policy *x = a, *y = b;
	int d = strcmp(x->owner, y->owner);

	return d ? d : x->below - y->below;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* One item an owner, with or without its wildcard. */
static int say_policy(struct zone *z, const struct policy *p, bool both)
{
	char subject[OWNER_MAX], id[65];
	struct marking unmarked = rest_unmarked(NULL);
	struct item i = { .kind = ITEM_INDICATOR, .subject = subject, .action = p->action,
		.tlp = unmarked.tlp, .pap = unmarked.pap,
		.tags = p->tag, .confidence = 50, .severity = SEVERITY_MEDIUM,
		.title = N_("entry of a response policy zone") };

	if (!subject_of(p->owner, subject, &i.subject_kind)) {
		z->r->trouble(z->r->to, p->owner, N_("not a trigger of a policy zone"));
		return 0;
	}
	if (p->below && !both && p->tag[0] == 0)
		i.tags = "rpz-only-below";
	item_identify(&i, id);
	return z->r->item(z->r->to, &i);
}

static int say_policies(struct zone *z)
{
	int rc = 0;

	if (z->count)
		qsort(z->policies, z->count, sizeof *z->policies, by_policy);
	if (z->told_count)
		qsort(z->told, z->told_count, sizeof *z->told, by_text);
	for (size_t i = 0, k; i < z->count && rc == 0; i = k) {
		const struct policy *p = &z->policies[i];
		bool both = false;

		for (k = i + 1; k < z->count &&
		     strcmp(z->policies[k].owner, p->owner) == 0; k++)
			both |= z->policies[k].below != p->below;
		if (z->told_count && bsearch(&p->owner, z->told, z->told_count,
					     sizeof *z->told, by_text))
			continue;
		rc = say_policy(z, p, both);
	}
	return rc;
}

static int read_records(struct zone *z, zs_scanner_t *s)
{
	int rc = 0;

	while (rc == 0 && zs_parse_record(s) == 0) {
		z->line = s->line_counter;
		if (s->state == ZS_STATE_DATA) {
			rc = take_record(z, s);
		} else if (s->state == ZS_STATE_ERROR) {
			trouble(z, zs_strerror(s->error.code));
			if (s->error.fatal)
				break;
		} else if (s->state == ZS_STATE_INCLUDE) {
			trouble(z, N_("files are not included"));
		} else {
			break;
		}
	}
	return rc;
}

static int rpz_read(const struct exchange_read *r, char why[EXCHANGE_WHY])
{
	const struct rpz_conf *c = r->conf ? r->conf : &usual;
	zs_scanner_t *s = calloc(1, sizeof *s);
	struct zone z = { .r = r };
	char *text = malloc(r->n + 2), origin[OWNER_MAX];
	int rc = s && text ? 0 : -ENOMEM;

	if (rc == 0) {
		memcpy(text, r->octets, r->n);
		memcpy(text + r->n, "\n", 2);	/* a last line without its end */
		snprintf(origin, sizeof origin, "%.1000s%s",
			 c->origin ? c->origin : "rpz.invalid", c->origin &&
			 c->origin[strlen(c->origin) - 1] == '.' ? "" : ".");
		if (name_parse(origin, z.origin) < 0 || name_parse(origin, z.given) < 0 ||
		    zs_init(s, origin, 1, 300) < 0) {
			snprintf(why, EXCHANGE_WHY, N_("'%.80s' is no name of a zone"),
				c->origin);
			rc = OOPS_RANGE;
		} else {
			if (zs_set_input_string(s, text, r->n + 1) == 0)
				rc = read_records(&z, s);
			zs_deinit(s);
		}
	}
	if (rc == 0)
		rc = say_policies(&z);
	for (size_t i = 0; i < z.count; i++)
		free(z.policies[i].owner);
	for (size_t i = 0; i < z.told_count; i++)
		free(z.told[i]);
	free(z.policies);
	free(z.told);
	free(s);
	free(text);
	return rc;
}

/* A first record that is an SOA. */
static bool rpz_knows(const u8 *octets, size_t n)
{
	const char *p = (const char *)octets, *end = p + n, *stop;
	char line[200];

	for (unsigned lines = 0; p < end && lines < 200; p = stop + 1, lines++) {
		size_t len;

		stop = memchr(p, '\n', (size_t)(end - p));
		stop = stop ? stop : end;
		len = min_u64((u64)(stop - p), sizeof line - 1);
		memcpy(line, p, len);
		line[len] = 0;
		if (len == 0 || line[strspn(line, " \t\r")] == 0 || *p == ';' || *p == '$')
			continue;
		for (char *c = line; *c; c++)
			*c = (char)(*c == '\t' ? ' ' : *c >= 'a' && *c <= 'z' ? *c & ~32 : *c);
		return strstr(line, " SOA ") != NULL;
	}
	return false;
}

const struct exchange exchange_rpz = {
	.id = "rpz",
	.title = N_("response policy zone"),
	.extension = ".rpz",
	.media = "text/dns",
	.story = N_("Indicators that are names, addresses, prefixes or servers, as a "
		 "zone that resolvers load; each with its id, source and expiry in a TXT "
		 "record beside it. Left out is what has expired and what would block "
		 "too much. Not carried: text, evidence, parent, and fields of more than "
		 "4096 octets."),
	.carries = carried,
	.cap = { LABEL_AMBER, PAP_GREEN },
	.rows = rows,
	.conf_size = sizeof(struct rpz_conf),
	.omits = rpz_omits,
	.write = rpz_write,
	.knows = rpz_knows,
	.read = rpz_read,
};
