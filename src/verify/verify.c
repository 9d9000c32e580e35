/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verify.c - the registry of families, and how a finding about a zone is put together;
 * see verify.h and audit.h.
 *
 * A finding's id is made of rule, version, subject, zone and window; the window of an audit is
 * its instant, one second long. What a family says twice about one subject is told once: the
 * second case is counted only. */
#include "base/hash.h"
#include "base/rd.h"
#include "dns/rrtype.h"
#include "model/digest.h"
#include "model/evidence.h"
#include "base/buf.h"
#include "verify/audit.h"
#include <stdarg.h>

extern const struct check_family family_reading;
extern const struct check_family family_structure;
extern const struct check_family family_dnssec;
extern const struct check_family family_change;
extern const struct check_family family_delegation;
extern const struct check_family family_cost;
extern const struct check_family family_sharing;

const struct check_family *const check_families[] = {
	&family_reading,
	&family_structure,
	&family_dnssec,
	&family_change,
	&family_delegation,
	&family_cost,
	&family_sharing,
	NULL
};

#define SECOND 1000000000ull
#define TEXT(to, from) snprintf(to, sizeof(to), "%s", from)
#define ROWS_MAX 128u

struct count {
	u64 cases, told;
	u32 name;	/* of the last set that was told; 0: none yet */
	u16 type;
};

struct audit {
	struct audit_conf conf;
	const struct check_family *family;	/* that looks now */
	struct count rows[ROWS_MAX];		/* of it */
	unsigned row;				/* of the open finding */
	struct audit_counted counts[AUDIT_COUNTS_MAX];	/* of the family */
	unsigned count_count;
	u8 (*ids)[32];				/* of what was told: open addressing */
	u32 id_count, id_room;			/* a power of two */
	struct buf item;			/* evidence on its way */
	struct buf options;			/* of the family, as YAML */
	struct buf shown;			/* packed evidence of the open finding */
	struct finding *again;			/* judged again */
	struct finding f;			/* the open one */
};

int audit_open(struct audit **ret, const struct audit_conf *conf)
{
	struct audit *a = calloc(1, sizeof *a);

	if (a == NULL)
		return -ENOMEM;
	a->conf = *conf;
	*ret = a;
	return 0;
}

struct audit *audit_close(struct audit *a)
{
	if (a) {
		free(a->ids);
		buf_free(&a->item);
		buf_free(&a->options);
		buf_free(&a->shown);
		free(a->again);
	}
	free(a);
	return NULL;
}

int audit_look(struct audit *a, const struct check_family *f, const void *conf)
{
	memset(a->rows, 0, sizeof a->rows);
	a->count_count = 0;
	a->family = f;
	buf_clear(&a->options);
	if (a->conf.again)
		audit_options(&a->options, f, conf);
	return f->look(a, a->conf.zone, conf);
}

u64 audit_cases(const struct audit *a, unsigned row)
{
	must(row < ROWS_MAX);
	return a->rows[row].cases;
}

u64 audit_told(const struct audit *a, unsigned row)
{
	must(row < ROWS_MAX);
	return a->rows[row].told;
}

void audit_count(struct audit *a, const char *name, const char *text, u64 value)
{
	if (a->count_count < AUDIT_COUNTS_MAX)
		a->counts[a->count_count++] = (struct audit_counted){ name, text, value };
}

unsigned audit_counts(const struct audit *a, const struct audit_counted **ret)
{
	*ret = a->counts;
	return a->count_count;
}

const struct audit_input *audit_input(const struct audit *a)
{
	return &a->conf.input;
}

bool audit_certifies(const struct audit *a)
{
	return a->conf.certificate != NULL;
}

bool audit_pictures(const struct audit *a)
{
	return a->conf.picture != NULL;
}

void audit_picture(struct audit *a, const char *text, size_t n)
{
	a->conf.picture(a->conf.to, text, n);
}

void audit_certificate(struct audit *a, const char *lines, size_t n)
{
	if (a->conf.certificate)
		a->conf.certificate(a->conf.to, lines, n);
}

/* ---- telling each id once ---- */

static bool id_grow(struct audit *a)
{
	u32 room = a->id_room ? a->id_room * 2 : 256;
	u8 (*ids)[32] = calloc(room, sizeof *ids);
	u8 (*old)[32] = a->ids;
	static const u8 none[32];

	if (ids == NULL)
		return false;
	for (u32 i = 0; i < a->id_room; i++) {
		u32 at = (u32)hash_load(old[i], 8) & (room - 1);

		if (memcmp(old[i], none, 32) == 0)
			continue;
		while (memcmp(ids[at], none, 32))
			at = (at + 1) & (room - 1);
		memcpy(ids[at], old[i], 32);
	}
	free(old);
	a->ids = ids;
	a->id_room = room;
	return true;
}

/* True when this id was not told before, and remembers it. Without memory it may be told
 * twice: the reader keeps one of the same id. */
static bool id_new(struct audit *a, const char *hex)
{
	static const u8 none[32];
	u8 id[32];
	u32 at;

	must(hex_parse(hex, sizeof id, id) == 0);
	if (a->id_count >= a->id_room / 2 && !id_grow(a))
		return true;
	for (at = (u32)hash_load(id, 8) & (a->id_room - 1); memcmp(a->ids[at], none, 32);
	     at = (at + 1) & (a->id_room - 1))
		if (memcmp(a->ids[at], id, 32) == 0)
			return false;
	memcpy(a->ids[at], id, 32);
	a->id_count++;
	return true;
}

/* ---- a finding ---- */

const char *audit_file(const struct audit *a, unsigned file)
{
	return a->conf.files && file < a->conf.file_count ? a->conf.files[file] : "zone";
}

static struct finding *begin(struct audit *a, unsigned row)
{
	const struct catalogue_row *c = &a->family->rows[row];
	struct finding *f = &a->f;
	char text[NAME_TEXT_MAX];

	must(row < ROWS_MAX && c->id);
	a->row = row;
	a->rows[row].cases++;
	if (a->rows[row].told >= a->conf.most)
		return NULL;
	memset(f, 0, offsetof(struct finding, features));
	f->summary.len = 0;
	buf_clear(&a->shown);
	TEXT(f->rule, c->id);
	f->rule_version = a->family->version;
	f->severity = c->severity;
	f->confidence = 100;
	f->from = a->conf.input.at * SECOND;
	f->until = f->from + SECOND;
	f->frames = a->conf.records;
	f->lost = a->conf.lost;
	TEXT(f->label, "TLP:AMBER");
	TEXT(f->zone, a->conf.zone ? zone_text(a->conf.zone, zone_origin(a->conf.zone), text)
				   : audit_file(a, 0));
	return f;
}

/* Where it stands. */
static void place(struct audit *a, struct finding *f, unsigned file, u32 line)
{
	f->line = line;
	TEXT(f->file, audit_file(a, file));
}

static const char *kind_of(const struct zone_name *n)
{
	if (n->flags & ZONE_APEX)
		return "zone";
	if (n->flags & ZONE_CUT)
		return "delegation";
	return n->flags & ZONE_TARGET ? "server" : "name";
}

struct finding *audit_begin(struct audit *a, unsigned row, u32 name,
			    const struct zone_record *record)
{
	struct finding *f = begin(a, row);
	char text[NAME_TEXT_MAX];

	if (f == NULL)
		return NULL;
	TEXT(f->subject_kind, kind_of(zone_name(a->conf.zone, name)));
	TEXT(f->subject, zone_text(a->conf.zone, name, text));
	if (record)
		place(a, f, zone_file(a->conf.zone, record), zone_line(a->conf.zone, record));
	return f;
}

/* The type of the set that a record belongs to; of a signature that which it covers. */
static u16 set_type(const struct zone *z, const struct zone_record *r)
{
	u32 len;
	const u8 *rdata;

	if (r->type != TYPE_RRSIG)
		return r->type;
	rdata = zone_rdata(z, r, &len);
	return len < 2 ? TYPE_RRSIG : be16(rdata);
}

struct finding *audit_begin_set(struct audit *a, unsigned row, u32 name,
				const struct zone_record *record)
{
	struct count *c = &a->rows[row];
	u16 type = set_type(a->conf.zone, record);
	char text[NAME_TEXT_MAX], set[RRTYPE_TEXT_MAX];
	bool second = c->name == name;
	struct finding *f;

	if (second && c->type == type) {
		c->cases++;
		return NULL;
	}
	if ((f = audit_begin(a, row, name, record)) == NULL)
		return NULL;
	c->name = name;
	c->type = type;
	if (second || a->conf.sets) {
		TEXT(f->subject_kind, AUDIT_SET);
		snprintf(f->subject, sizeof f->subject, "%s %s",
			 zone_text(a->conf.zone, name, text), rrtype_text(type, set));
	}
	return f;
}

struct finding *audit_begin_other(struct audit *a, unsigned row, const char *kind,
				  const char *subject)
{
	struct finding *f = begin(a, row);

	if (f == NULL)
		return NULL;
	TEXT(f->subject_kind, kind);
	TEXT(f->subject, subject);
	return f;
}

struct finding *audit_begin_place(struct audit *a, unsigned row, unsigned file, u32 line)
{
	struct finding *f = begin(a, row);

	if (f == NULL)
		return NULL;
	TEXT(f->subject_kind, "line");
	if (line)
		snprintf(f->subject, sizeof f->subject, "%s:%u", audit_file(a, file), line);
	else
		TEXT(f->subject, audit_file(a, file));
	place(a, f, file, line);
	return f;
}

void audit_more(struct audit *a, unsigned row, u64 cases)
{
	must(row < ROWS_MAX);
	a->rows[row].cases += cases;
}

/* Keeps in f->summary what it takes to judge the finding again, when its evidence alone leads
 * to it. */
static void try_again(struct audit *a, struct finding *f)
{
	struct evidence *items = calloc(f->evidence_count + 1, sizeof *items);
	const u8 *at = (const u8 *)buf_str(&a->shown), *end = at + a->shown.len;
	u32 n = 0;
	int rc = OOPS_FORMAT;

	if (a->again == NULL)
		a->again = malloc(sizeof *a->again);
	for (; items && n < f->evidence_count && at < end; n++) {
		u32 len;

		memcpy(&len, at, sizeof len);
		if (evidence_unpack(&items[n], at + sizeof len, len) < 0)
			break;
		at += sizeof len + len;
	}
	audit_pack(f, buf_str(&a->options));
	if (items && a->again && n == f->evidence_count && buf_error(&a->shown) == 0)
		rc = audit_again(a->family, f, items, n, a->again);
	if (rc != 1 || audit_differs(f, a->again))
		f->summary.len = 0;
	free(items);
}

void audit_end(struct audit *a, struct finding *f, const char *format, ...)
{
	va_list args;

	must(f == &a->f);
	va_start(args, format);
	vsnprintf(f->sentence, sizeof f->sentence, format, args);
	va_end(args);
	f->evidence_all = f->evidence_kept = f->evidence_count;
	finding_identify(f);
	if (!id_new(a, f->id))
		return;
	a->rows[a->row].told++;
	if (a->conf.again && f->evidence_count)
		try_again(a, f);
	a->conf.finding(a->conf.to, f);
}

/* ---- evidence ---- */

#define FLAGS_ANSWER 0x8400u	/* QR, AA (RFC 1035, 4.1.1) */
#define FLAG_TC 0x0200u
#define COUNT_AT 6		/* of ANCOUNT in a header */

static void put_name(struct buf *out, const struct zone_name *n)
{
	buf_add(out, n->wire, n->len);
}

/* A response message that holds the set in its answer section, as an authoritative server
 * would say it, without compression. What does not fit is left out and TC says so. */
static void put_message(struct buf *out, const struct zone *z, const struct zone_rrset *set)
{
	const struct zone_record *r = zone_records(z, NULL) + set->first;
	const struct zone_name *owner = zone_name(z, set->owner);
	u16 flags = FLAGS_ANSWER, count = 0;
	const size_t begun = out->len;

	buf_fill(out, 0, 12);
	put_name(out, owner);
	buf_u16(out, set->type);
	buf_u16(out, CLASS_IN);
	for (u32 i = 0; i < set->count; i++, r++) {
		u32 len;
		const u8 *rdata = zone_rdata(z, r, &len);

		if (out->len - begun + owner->len + 10 + len > EVIDENCE_OCTETS_MAX) {
			flags |= FLAG_TC;
			break;
		}
		put_name(out, owner);
		buf_u16(out, r->type);
		buf_u16(out, CLASS_IN);
		buf_u32(out, zone_ttl(z, r));
		buf_u16(out, (u16)len);
		buf_add(out, rdata, len);
		count++;
	}
	if (buf_error(out))
		return;
	out->at[begun + 2] = (char)(flags >> 8);
	out->at[begun + 3] = (char)flags;
	out->at[begun + 5] = 1;
	out->at[begun + COUNT_AT] = (char)(count >> 8);
	out->at[begun + COUNT_AT + 1] = (char)count;
}

/* Is this its evidence already? */
static bool shows(const struct finding *f, const u8 id[32])
{
	for (u32 i = 0; i < f->evidence_count; i++)
		if (memcmp(f->evidence[i], id, 32) == 0)
			return true;
	return false;
}

void audit_rrset(struct audit *a, struct finding *f, const struct zone_rrset *set)
{
	struct evidence e = { .time_ns = f->from, .transport = 1 };
	struct buf message = { 0 };

	if (f->evidence_count == FINDING_EVIDENCE_MAX)
		return;
	put_message(&message, a->conf.zone, set);
	e.octets = (const u8 *)buf_str(&message);
	e.len = e.full_len = (u32)message.len;
	buf_clear(&a->item);
	evidence_pack(&a->item, &e);
	evidence_identify(&e);
	if (buf_error(&message) == 0 && buf_error(&a->item) == 0 && !shows(f, e.id)) {
		u32 len = (u32)a->item.len;

		buf_add(&a->shown, &len, sizeof len);
		buf_add(&a->shown, a->item.at, a->item.len);
		memcpy(f->evidence[f->evidence_count++], e.id, 32);
		if (a->conf.evidence)
			a->conf.evidence(a->conf.to, (const u8 *)a->item.at, a->item.len);
	}
	buf_free(&message);
}
