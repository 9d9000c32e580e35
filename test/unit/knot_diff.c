/* SPDX-License-Identifier: GPL-3.0-or-later */
/* knot_diff.c - see knot_diff.h. libknot changes the octets it is given (it cuts
 * the TSIG off), so it always gets a copy. */
#include "knot_diff.h"
#include "base/rd.h"
#include "dns/rdata.h"
#include "dns/rrtype.h"
#include <libknot/libknot.h>
#include <stdarg.h>

struct view {	/* both readings of one payload */
	struct msg m;
	enum msg_error e;
	u8 *copy;
	knot_pkt_t *pkt;
	int knot;
	char *why;
};

__attribute__((format(printf, 2, 3)))
static int differ(struct view *v, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(v->why, KNOT_WHY, format, args);
	va_end(args);
	return -1;
}

static void look(struct view *v, const u8 *wire, size_t len, unsigned flags)
{
	v->e = msg_read(&v->m, wire, len);
	v->copy = malloc(len ? len : 1);
	must(v->copy != NULL);
	if (len)
		memcpy(v->copy, wire, len);
	v->pkt = knot_pkt_new(v->copy, (uint16_t)len, NULL);
	must(v->pkt != NULL);
	v->knot = knot_pkt_parse(v->pkt, flags);
}

static void forget(struct view *v)
{
	knot_pkt_free(v->pkt);
	free(v->copy);
}

/* The record that msg_read() stopped at: type, RDATA and what libknot makes of it. */
struct stop {
	const u8 *owner, *rdata, *end;
	u16 type;
};

static bool stop_find(const struct msg *m, struct stop *s)
{
	const u8 *end = m->wire + m->len;
	int n;

	s->owner = m->wire + m->end;
	n = s->owner < end ? knot_dname_wire_check(s->owner, end, m->wire) : 0;
	if (n <= 0 || end - s->owner - n < 10)
		return false;
	s->type = be16(s->owner + n);
	s->rdata = s->owner + n + 10;
	s->end = s->rdata + be16(s->owner + n + 8);
	return s->end <= end;
}

static bool is_name(int block)
{
	return block == KNOT_RDATA_WF_COMPRESSIBLE_DNAME ||
	       block == KNOT_RDATA_WF_DECOMPRESSIBLE_DNAME ||
	       block == KNOT_RDATA_WF_FIXED_DNAME;
}

static const knot_rdata_descriptor_t *descriptor(u16 type)
{
	const knot_rdata_descriptor_t *d = knot_get_rdata_descriptor(type);

	return d->type_name ? d : knot_get_obsolete_rdata_descriptor(type);
}

static unsigned pointers_in(const u8 *wire, const u8 *name)
{
	unsigned n = 0;

	while (*name) {
		if (*name >= 0xc0) {
			name = wire + (be16(name) & 0x3fff);
			n++;
		} else {
			name += 1 + *name;
		}
	}
	return n;
}

/* What is left after the last field, and the most pointers in one name. */
static void stop_walk(const struct msg *m, const struct stop *s, size_t *left,
		      unsigned *pointers)
{
	const int *b = descriptor(s->type)->block_types;
	const u8 *p = s->rdata;
	int n;

	*pointers = pointers_in(m->wire, s->owner);
	*left = 0;
	for (; *b != KNOT_RDATA_WF_END; b++) {
		if (is_name(*b)) {
			unsigned jumps;

			n = knot_dname_wire_check(p, s->end, m->wire);
			if (n <= 0)
				return;
			jumps = pointers_in(m->wire, p);
			*pointers = jumps > *pointers ? jumps : *pointers;
		} else if (*b == KNOT_RDATA_WF_NAPTR_HEADER) {
			n = knot_naptr_header_size(p, s->end);
		} else {
			n = *b == KNOT_RDATA_WF_REMAINDER ? (int)(s->end - p) : *b;
		}
		if (n < 0 || n > s->end - p)
			return;
		p += n;
	}
	*left = (size_t)(s->end - p);
}

static int explain_strict(struct view *v)
{
	struct stop s;
	unsigned pointers;
	size_t left;

	if (!stop_find(&v->m, &s))
		return differ(v, "libknot takes it, we say %d at %u", v->e, v->m.end);
	stop_walk(&v->m, &s, &left, &pointers);
	if (v->e == MSG_BAD_RECORD && left > 0)
		return KNOT_RULE_LEFT_OVER;
	if (v->e == MSG_BAD_NAME && pointers > NAME_POINTERS_MAX)
		return KNOT_RULE_POINTERS;
	return differ(v, "libknot takes it, we say %d at %u (type %u)", v->e, v->m.end,
		      s.type);
}

/* Is there RDATA that is shorter with its names decompressed? */
static bool has_root_pointer(const struct msg *m)
{
	struct rr_iter it = rr_first(m);
	u8 *rdata = malloc(2 * DNS_MESSAGE_MAX);
	bool found = false;
	struct rr r;

	must(rdata != NULL);
	while (!found && rr_next(&it, &r))
		found = rdata_unpack(m, &r, rdata, 2 * DNS_MESSAGE_MAX) < r.rdlen;
	free(rdata);
	return found;
}

/* We take it, libknot does not. An OPT of payload size 1 without options is why if
 * libknot takes it with another size. */
static int explain_lenient(struct view *v, unsigned flags)
{
	struct msg *m = &v->m;
	struct view again = { .why = v->why };
	int knot;
	u8 *copy;

	if (m->len > 65535 - 2 * NAME_WIRE_MAX)
		return KNOT_RULE_LONG_RDATA;
	if (has_root_pointer(m))
		return KNOT_RULE_ROOT_POINTER;
	if (!m->has_edns || m->edns.rdlen || m->edns.udp_size != KNOT_CLASS_IN)
		return differ(v, "we take it, libknot says %s", knot_strerror(v->knot));
	copy = malloc(m->len);
	must(copy != NULL);
	memcpy(copy, m->wire, m->len);
	copy[m->edns.rdata - 7] = 2;	/* CLASS 2 */
	look(&again, copy, m->len, flags);
	knot = again.knot;
	forget(&again);
	free(copy);
	if (knot != KNOT_EOK)
		return differ(v, "we take it, libknot (OPT) %s", knot_strerror(knot));
	return KNOT_RULE_SMALL_OPT;
}

static int same_question(struct view *v)
{
	const struct msg *m = &v->m;
	const knot_pkt_t *p = v->pkt;

	if (m->qname_len != p->qname_size)
		return differ(v, "qname: %u, libknot %u", m->qname_len, p->qname_size);
	if (m->qtype != knot_pkt_qtype(p) || m->qclass != knot_pkt_qclass(p))
		return differ(v, "question %u %u, libknot %u %u", m->qtype, m->qclass,
			      knot_pkt_qtype(p), knot_pkt_qclass(p));
	if (m->id != knot_wire_get_id(p->wire) ||
	    msg_opcode(m) != knot_wire_get_opcode(p->wire) ||
	    msg_is_response(m) != !!knot_wire_get_qr(p->wire))
		return differ(v, "header");
	if (p->tsig_rr == NULL && msg_rcode(m) != knot_pkt_ext_rcode(p))
		return differ(v, "rcode %u", msg_rcode(m));
	return KNOT_SAME;
}

static int same_record(struct view *v, const struct rr *r, const knot_rrset_t *k)
{
	u8 name[NAME_WIRE_MAX], *rdata;
	int n = msg_name(&v->m, r->owner, name), same;

	if (n < 0 || (size_t)n != knot_dname_size(k->owner) ||
	    memcmp(name, k->owner, (size_t)n))
		return differ(v, "owner at %u", r->owner);
	if (r->type != k->type || r->class != k->rclass || r->ttl != k->ttl)
		return differ(v, "fixed fields of the record at %u", r->owner);
	if (k->rrs.count != 1)
		return differ(v, "libknot has no RDATA at %u", r->rdata);
	rdata = malloc(KNOT_RDATA_MAXLEN);
	must(rdata != NULL);
	n = rdata_unpack(&v->m, r, rdata, KNOT_RDATA_MAXLEN);
	same = n == k->rrs.rdata->len &&
	       memcmp(rdata, k->rrs.rdata->data, (size_t)n) == 0;
	free(rdata);
	if (!same)
		return differ(v, "RDATA at %u: %d octets, libknot %u", r->rdata, n,
			      k->rrs.rdata->len);
	return KNOT_SAME;
}

static int same_records(struct view *v)
{
	struct rr_iter it = rr_first(&v->m);
	struct rr r;
	unsigned i = 0, in_section[SECTION_COUNT] = { 0 };

	for (; rr_next(&it, &r); i++) {
		if (i >= v->pkt->rrset_count)
			return differ(v, "libknot has only %u records", i);
		if (same_record(v, &r, &v->pkt->rr[i]))
			return -1;
		in_section[r.section]++;
	}
	if (i != v->pkt->rrset_count)
		return differ(v, "%u records, libknot %u", i, v->pkt->rrset_count);
	for (int s = 0; s < SECTION_COUNT; s++)
		if (in_section[s] != v->pkt->sections[s].count)
			return differ(v, "section %d: %u records", s, in_section[s]);
	return KNOT_SAME;
}

static int same_edns(struct view *v)
{
	const struct msg *m = &v->m;
	const knot_rrset_t *o = v->pkt->opt_rr;
	struct option_iter it = option_first(m);
	struct edns_option option;
	u32 at = m->edns.rdata;

	if (m->has_edns != (o != NULL))
		return differ(v, "EDNS %d", m->has_edns);
	if (o == NULL)
		return KNOT_SAME;
	if (m->edns.udp_size != knot_edns_get_payload(o) ||
	    m->edns.version != knot_edns_get_version(o) ||
	    m->edns.ext_rcode != knot_edns_get_ext_rcode(o) ||
	    !!(m->edns.flags & 0x8000) != knot_edns_do(o))
		return differ(v, "EDNS fields");
	while (option_next(&it, &option))
		at = (u32)(option.data - m->wire) + option.len;
	if (at != m->edns.rdata + m->edns.rdlen)
		return differ(v, "EDNS options end at %u", at);
	return KNOT_SAME;
}

static int compare(struct view *v, unsigned flags)
{
	if (v->e == MSG_OK && v->knot != KNOT_EOK)
		return explain_lenient(v, flags);
	if (v->e != MSG_OK && v->knot == KNOT_EOK)
		return explain_strict(v);
	if (v->e != MSG_OK)
		return KNOT_SAME;
	if (same_question(v) || same_records(v) || same_edns(v))
		return -1;
	return KNOT_SAME;
}

int knot_diff(const u8 *wire, size_t len, char why[KNOT_WHY])
{
	struct view v = { .why = why };
	int got, kept;

	if (len > UINT16_MAX)
		return KNOT_SAME;
	/* the verdict as a server asks for it, then one that keeps names and TSIG */
	look(&v, wire, len, 0);
	got = v.knot == KNOT_EOK && v.e == MSG_OK ? KNOT_SAME : compare(&v, 0);
	forget(&v);
	if (got)
		return got;
	look(&v, wire, len, KNOT_PF_KEEPWIRE | KNOT_PF_NOCANON);
	kept = compare(&v, KNOT_PF_KEEPWIRE | KNOT_PF_NOCANON);
	forget(&v);
	return kept;
}
