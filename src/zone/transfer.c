/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transfer.c - see transfer.h. */
#include "zone/transfer_own.h"
#include "base/hash.h"
#include <stdarg.h>
#include <sys/socket.h>
#include <unistd.h>

#define MESSAGE_MAX 65535u
#define UNSIGNED_MAX 99u	/* messages between two signed ones: RFC 8945, 5.3.1 */
#define MAC_MAX 64u

struct transferring {
	const struct zone_read_conf *conf;
	const struct transfer *t;
	struct zone_read_result *result;
	struct zone *zone;
	int fd;
	u8 message[MESSAGE_MAX + 2];
	u32 len;
	u8 soa[MESSAGE_MAX];	/* RDATA of the first record */
	u32 soa_len;
	u64 messages;
	bool done, bad;		/* bad: nothing of it may be used */
	/* TSIG: the digest that the next signature goes on from, and the messages since */
	u8 mac[MAC_MAX];
	size_t mac_len;
	u64 signed_at;
	u8 *since;
	size_t since_len;
	unsigned unsigned_count;
};

static void tell(struct transferring *x, enum zone_trouble_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void tell(struct transferring *x, enum zone_trouble_kind kind, const char *format, ...)
{
	struct zone_trouble t = { .kind = kind, .line = (u32)x->result->records };
	va_list args;

	va_start(args, format);
	vsnprintf(t.text, sizeof t.text, format, args);
	va_end(args);
	x->result->troubles++;
	x->conf->trouble(x->conf->to, &t);
	x->done = true;
}

/* The transfer is not what was asked for: thrown away. */
#define REFUSE(x, ...) (tell(x, ZONE_BROKEN, __VA_ARGS__), (x)->bad = true)

/* ---- octets ---- */

/* All n octets: 1; 0 at the end of the stream, -errno. */
static int take(struct transferring *x, u8 *to, size_t n)
{
	while (n) {
		ssize_t got = read(x->fd, to, n);

		if (got == 0)
			return 0;
		if (got < 0 && errno != EINTR)
			return -errno;
		if (x->t->late && x->t->late(x->conf->to))
			return -ETIME;
		if (got > 0) {
			to += got;
			n -= (size_t)got;
			x->result->octets += (u64)got;
		}
	}
	return 1;
}

/* The next message; false and it was told what is wrong. */
static bool next_message(struct transferring *x)
{
	u8 head[2];
	int rc = take(x, head, 2);

	if (rc > 0) {
		x->len = (u32)(head[0] << 8 | head[1]);
		rc = take(x, x->message, x->len);
	}
	if (rc > 0)
		return true;
	if (rc == 0)
		tell(x, ZONE_CUT_SHORT, N_("the server closed the connection before the "
			"end"));
	else if (rc == -EAGAIN || rc == -ETIME)
		tell(x, ZONE_CUT_SHORT, N_("the server is too slow, or has stopped "
			"sending"));
	else
		tell(x, ZONE_BROKEN, N_("reading failed: %s"), oops_text(rc));
	return false;
}

static int send_all(int fd, const u8 *at, size_t n)
{
	while (n) {
		ssize_t sent = send(fd, at, n, MSG_NOSIGNAL);

		if (sent < 0 && errno != EINTR)
			return -errno;
		if (sent > 0) {
			at += sent;
			n -= (size_t)sent;
		}
	}
	return 0;
}

static int send_query(struct transferring *x)
{
	u8 octets[2 + 1024] = { 0 };
	knot_pkt_t *q = knot_pkt_new(octets + 2, sizeof octets - 2, NULL);
	size_t n = 0;
	int rc = q ? 0 : -ENOMEM;

	if (rc == 0) {
		knot_pkt_clear(q);	/* it takes octets for a message */
		knot_wire_set_id(q->wire, x->t->id);
		rc = knot_pkt_put_question(q, x->conf->origin, KNOT_CLASS_IN, KNOT_RRTYPE_AXFR);
		n = q->size;
	}
	if (rc == 0 && x->t->key) {
		x->mac_len = sizeof x->mac;
		rc = knot_tsig_sign(octets + 2, &n, sizeof octets - 2, NULL, 0, x->mac,
				    &x->mac_len, &x->t->key->tsig, 0, 0);
	}
	knot_pkt_free(q);
	if (rc != 0)
		return -ENOMEM;
	octets[0] = (u8)(n >> 8);
	octets[1] = (u8)n;
	rc = send_all(x->fd, octets, n + 2);
	if (rc < 0)
		tell(x, ZONE_BROKEN, N_("the question cannot be sent: %s"),
			oops_text(rc));
	return 0;
}

/* ---- TSIG (RFC 8945, 5.3.1) ---- */

/* Adds the message as it was without its signature to what the next one signs. */
static int keep_message(struct transferring *x, const knot_pkt_t *m)
{
	u8 *at = realloc(x->since, x->since_len + m->size);

	if (at == NULL)
		return -ENOMEM;
	memcpy(at + x->since_len, m->wire, m->size);
	x->since = at;
	x->since_len += m->size;
	return 0;
}

static int check_signature(struct transferring *x, const knot_pkt_t *m)
{
	const knot_rrset_t *tsig = m->tsig_rr;
	int rc;

	if (x->t->key == NULL)
		return 0;
	if ((rc = keep_message(x, m)) < 0)
		return rc;
	if (tsig == NULL) {
		if (knot_wire_get_rcode(m->wire))
			return 0;	/* a refusal; nothing of it is used */
		if (x->messages == 1)
			REFUSE(x, N_("the answer is not signed (TSIG), though a key was "
				"given"));
		else if (++x->unsigned_count > UNSIGNED_MAX)
			REFUSE(x, N_("more than %u messages in a row are not signed"),
				UNSIGNED_MAX);
		return 0;
	}
	rc = x->signed_at == 0
		? knot_tsig_client_check(tsig, x->since, x->since_len, x->mac, x->mac_len,
					 &x->t->key->tsig, 0)
		: knot_tsig_client_check_next(tsig, x->since, x->since_len, x->mac, x->mac_len,
					      &x->t->key->tsig, x->signed_at);
	if (rc == KNOT_EOK && knot_tsig_rdata_error(tsig))
		rc = KNOT_TSIG_EBADSIG;
	if (rc != KNOT_EOK) {
		REFUSE(x, N_("the signature (TSIG) of message %llu is wrong: %s"),
		       (unsigned long long)x->messages, knot_strerror(rc));
		return 0;
	}
	x->mac_len = min_u64(knot_tsig_rdata_mac_length(tsig), sizeof x->mac);
	memcpy(x->mac, knot_tsig_rdata_mac(tsig), x->mac_len);
	x->signed_at = knot_tsig_rdata_time_signed(tsig);
	x->since_len = 0;
	x->unsigned_count = 0;
	return 0;
}

/* ---- records ---- */

static const char *rcode_name(u16 rcode)
{
	const knot_lookup_t *l = knot_lookup_by_id(knot_rcode_names, rcode);

	return l ? l->name : N_("an unknown code");
}

static bool same_question(const struct transferring *x, const knot_pkt_t *m)
{
	return knot_wire_get_qdcount(m->wire) == 0
		? x->messages > 1
		: knot_dname_is_case_equal(knot_pkt_qname(m), x->conf->origin) &&
		  knot_pkt_qtype(m) == KNOT_RRTYPE_AXFR;
}

/* RFC 5936, 2.2.1: the header and the question of every message. */
static void check_head(struct transferring *x, const knot_pkt_t *m)
{
	u16 rcode = knot_wire_get_rcode(m->wire);

	if (knot_wire_get_id(m->wire) != x->t->id || !knot_wire_get_qr(m->wire) ||
	    knot_wire_get_opcode(m->wire) != 0 || knot_wire_get_tc(m->wire))
		REFUSE(x, N_("message %llu is no answer to the question"),
		       (unsigned long long)x->messages);
	else if (rcode)
		REFUSE(x, N_("the server answers %s%s"), rcode_name(rcode),
		       rcode == KNOT_RCODE_REFUSED || rcode == KNOT_RCODE_NOTAUTH
		       ? N_(": it does not give the zone to us") : "");
	else if (!same_question(x, m))
		REFUSE(x, N_("message %llu answers another question"),
		       (unsigned long long)x->messages);
	else if (knot_pkt_section(m, KNOT_ANSWER)->count == 0)
		REFUSE(x, N_("message %llu holds no record"),
			(unsigned long long)x->messages);
}

static int add(struct transferring *x, const knot_rrset_t *rr)
{
	const knot_rdata_t *rdata = rr->rrs.rdata;
	u8 owner[NAME_WIRE_MAX];
	size_t n = knot_dname_size(rr->owner);
	struct zone_input in = { .owner = owner, .owner_len = (unsigned)n, .type = rr->type,
		.ttl = rr->ttl, .line = (u32)x->result->records, .rdata = rdata->data,
		.rdlen = rdata->len };
	int rc;

	name_lower(owner, rr->owner, n);
	in.hash = zone_hash(x->conf->key, owner, in.owner_len);
	rc = zone_add(x->zone, &in);
	if (rc == OOPS_LIMIT)
		tell(x, ZONE_FULL, N_("the memory for one zone (--memory) is used up"));
	return rc == OOPS_LIMIT ? 0 : rc;
}

/* The first record is the zone's SOA record, and so is the last one (RFC 5936, 2.2). */
static int take_record(struct transferring *x, const knot_rrset_t *rr)
{
	const knot_rdata_t *rdata = rr->rrs.rdata;
	bool soa = rr->type == KNOT_RRTYPE_SOA &&
		knot_dname_is_case_equal(rr->owner, x->conf->origin);

	if (x->result->records == 0) {
		if (!soa) {
			REFUSE(x, N_("the first record is not the zone's SOA record"));
			return 0;
		}
		memcpy(x->soa, rdata->data, rdata->len);
		x->soa_len = rdata->len;
	} else if (soa) {
		if (rdata->len != x->soa_len || memcmp(x->soa, rdata->data, rdata->len))
			REFUSE(x, N_("the SOA record at the end is another one than at "
			       "the beginning: the zone changed while it was sent"));
		x->done = x->result->whole = true;
		return 0;
	}
	x->result->records++;
	if (rr->rclass == KNOT_CLASS_IN)
		return add(x, rr);
	REFUSE(x, N_("record %llu is of another class"),
		(unsigned long long)x->result->records);
	return 0;
}

static int take_records(struct transferring *x, const knot_pkt_t *m)
{
	const knot_pktsection_t *s = knot_pkt_section(m, KNOT_ANSWER);
	int rc = 0;

	for (u16 i = 0; i < s->count && rc == 0 && !x->done; i++) {
		rc = take_record(x, knot_pkt_rr(s, i));
		if (x->result->whole && i + 1 < s->count) {
			x->result->whole = false;
			REFUSE(x, N_("records follow the SOA record at the end"));
		}
	}
	return rc;
}

static int take_message(struct transferring *x)
{
	knot_pkt_t *m = knot_pkt_new(x->message, x->len, NULL);
	int rc;

	if (m == NULL)
		return -ENOMEM;
	x->messages++;
	rc = knot_pkt_parse(m, KNOT_PF_NOCANON);
	if (rc == KNOT_ENOMEM) {
		rc = -ENOMEM;
	} else if (rc != KNOT_EOK) {
		REFUSE(x, N_("message %llu is no DNS message"),
			(unsigned long long)x->messages);
		rc = 0;
	} else if ((rc = check_signature(x, m)) == 0 && !x->done) {
		check_head(x, m);
		if (!x->done)
			rc = take_records(x, m);
	}
	knot_pkt_free(m);
	return rc;
}

int zone_transfer(struct zone **ret, int fd, const struct zone_read_conf *conf,
		  const struct transfer *t, struct zone_read_result *result)
{
	struct transferring *x = calloc(1, sizeof *x);
	int rc = -ENOMEM;

	*result = (struct zone_read_result){ .files = 1 };
	snprintf(result->names[0], sizeof result->names[0], "%s", conf->name);
	*ret = NULL;
	if (x == NULL)
		return rc;
	x->conf = conf;
	x->t = t;
	x->result = result;
	x->fd = fd;
	if ((rc = zone_make(&x->zone, conf->origin, conf->memory, conf->key)) == 0)
		rc = send_query(x);
	while (rc == 0 && !x->done && next_message(x)) {
		rc = take_message(x);
		if (conf->progress)
			conf->progress(conf->to, result->octets);
	}
	if (rc == 0 && result->whole && x->unsigned_count)
		REFUSE(x, N_("the last message is not signed"));
	if (rc == 0 && !x->bad) {
		*ret = x->zone;
		x->zone = NULL;
	}
	zone_free(x->zone);
	free(x->since);
	free(x);
	return rc;
}
