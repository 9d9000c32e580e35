/* SPDX-License-Identifier: GPL-3.0-or-later */
/* whole.c - see whole.h. */
#include "window/whole.h"
#include "base/buf.h"
#include "base/hash.h"
#include "dns/rrtype.h"
#include "window/table.h"

struct whole *whole_make(void)
{
	struct whole *w = malloc(sizeof *w);

	if (w)
		whole_clear(w);
	return w;
}

struct whole *whole_free(struct whole *w)
{
	free(w);
	return NULL;
}

void whole_clear(struct whole *w)
{
	memset(w, 0, sizeof *w);
	quantile_init(&w->latency);
}

/* The source as RSSAC002 counts it: by address, and for IPv6 by /64 as well. */
static void fold_source(struct whole *w, const struct observation *o)
{
	u64 high;

	if (!o->v6) {
		distinct_add(&w->sources_v4, hash_mix(o->client_key, HASH_B));
		return;
	}
	memcpy(&high, o->client.at, 8);
	distinct_add(&w->sources_v6, hash_mix(o->client_key, HASH_B));
	distinct_add(&w->sources_v6_64, hash_u64(HASH_A, high));
}

static void fold_one(struct whole *w, const struct observation *o)
{
	unsigned way = o->response, type = o->msg.qtype < TYPES - 1 ? o->msg.qtype : TYPES - 1;
	u32 bin = o->octets / SIZE_BIN;

	w->messages[way][o->transport][o->v6]++;
	w->octets[way][o->transport][o->v6] += o->octets;
	w->size[way][o->transport][bin < SIZE_BINS ? bin : SIZE_BINS - 1]++;
	w->opcode[msg_opcode(&o->msg)]++;
	w->edns[way] += o->msg.has_edns;
	w->dnssec_ok[way] += o->msg.has_edns && o->msg.edns.flags & 0x8000;
	w->join[o->join]++;
	stamp_join(&w->first_ns, &w->last_ns, o->time_ns);
	if (!o->response) {
		w->type[type] += o->named;
		w->recursion_desired += (o->msg.flags & MSG_RD) != 0;
		return;
	}
	w->type_response[type] += o->named;
	w->rcode[o->rcode < RCODES - 1 ? o->rcode : RCODES - 1]++;
	w->truncated += (o->msg.flags & MSG_TC) != 0;
	w->authoritative += (o->msg.flags & MSG_AA) != 0;
	if (o->join == JOIN_ANSWERED)
		quantile_add(&w->latency, o->latency_ns);
}

void whole_fold(struct whole *w, const struct turn *t, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		fold_source(w, t[i].o);
		if (t[i].query)
			fold_one(w, t[i].query);
		fold_one(w, t[i].o);
	}
}

static void add_all(u64 *into, const u64 *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		into[i] += from[i];
}

#define ADD(field)                                                                             \
	add_all((u64 *)into->field, (const u64 *)from->field, sizeof into->field / sizeof(u64))

void whole_merge(struct whole *into, const struct whole *from)
{
	u32 *size = &into->size[0][0][0];
	const u32 *more = &from->size[0][0][0];

	ADD(messages);
	ADD(octets);
	ADD(rcode);
	ADD(type);
	ADD(type_response);
	ADD(opcode);
	ADD(edns);
	ADD(dnssec_ok);
	ADD(join);
	into->truncated += from->truncated;
	into->recursion_desired += from->recursion_desired;
	into->authoritative += from->authoritative;
	for (size_t i = 0; i < sizeof into->size / sizeof(u32); i++)
		COUNT_ADD_u32(size[i], more[i]);
	distinct_merge(&into->sources_v4, &from->sources_v4);
	distinct_merge(&into->sources_v6, &from->sources_v6);
	distinct_merge(&into->sources_v6_64, &from->sources_v6_64);
	quantile_merge(&into->latency, &from->latency);
	stamp_join(&into->first_ns, &into->last_ns, from->first_ns);
	stamp_join(&into->first_ns, &into->last_ns, from->last_ns);
}

/* "name":{"a":1,"b":2} of the entries that are not 0, named by `text`. */
static void json_counts(struct buf *out, const char *name, const u64 *at, unsigned n,
			char *(*text)(unsigned number, char to[RRTYPE_TEXT_MAX]))
{
	char to[RRTYPE_TEXT_MAX];
	const char *comma = "";

	buf_fmt(out, "\"%s\":{", name);
	for (unsigned i = 0; i < n; i++) {
		if (at[i] == 0)
			continue;
		buf_fmt(out, "%s\"%s\":%llu", comma, i + 1 == n && n > 16 ? "other" : text(i, to),
			(unsigned long long)at[i]);
		comma = ",";
	}
	buf_text(out, "},");
}

static char *type_name(unsigned number, char to[RRTYPE_TEXT_MAX])
{
	return rrtype_text((u16)number, to);
}

static void json_volume(const struct whole *w, struct buf *out)
{
	static const char *const ways[] = { "queries", "responses" };
	static const char *const transports[] = { "udp", "tcp" };

	buf_text(out, "\"volume\":{");
	for (unsigned way = 0; way < WAYS; way++)
		for (unsigned t = 0; t < TRANSPORT_COUNT; t++)
			for (unsigned f = 0; f < FAMILIES; f++)
				buf_fmt(out,
					"%s\"%s_%s_ipv%c\":{\"messages\":%llu,\"octets\":%llu}",
					way + t + f ? "," : "", ways[way], transports[t],
					f ? '6' : '4',
					(unsigned long long)w->messages[way][t][f],
					(unsigned long long)w->octets[way][t][f]);
	buf_text(out, "},");
}

/* Bins of 16 octets as "0-15", only those that hold something. */
static void json_sizes(const struct whole *w, struct buf *out)
{
	static const char *const names[WAYS][TRANSPORT_COUNT] = {
		{ "udp_request", "tcp_request" }, { "udp_response", "tcp_response" },
	};

	buf_text(out, "\"sizes\":{");
	for (unsigned i = 0; i < WAYS * TRANSPORT_COUNT; i++) {
		const u32 *size = w->size[i / 2][i % 2];
		const char *comma = "";

		buf_fmt(out, "%s\"%s\":{", i ? "," : "", names[i / 2][i % 2]);
		for (u32 b = 0; b < SIZE_BINS; b++) {
			if (size[b] == 0)
				continue;
			buf_fmt(out, "%s\"%u-%u\":%u", comma, b * SIZE_BIN,
				b * SIZE_BIN + SIZE_BIN - 1, size[b]);
			comma = ",";
		}
		buf_text(out, "}");
	}
	buf_text(out, "},");
}

static void json_latency(const struct whole *w, struct buf *out)
{
	static const unsigned marks[] = { 5000, 9000, 9500, 9900, 9990 };

	buf_fmt(out, "\"latency_ms\":{\"count\":%llu", (unsigned long long)w->latency.total);
	for (unsigned i = 0; w->latency.total && i < COUNT(marks); i++)
		buf_fmt(out, ",\"p%g\":%.4g", marks[i] / 100.0,
			(double)quantile_mid(&w->latency, marks[i]) / 1e6);
	buf_text(out, "}");
}

void whole_json(const struct whole *w, struct buf *out)
{
	static const char *const joins[] = { "queries", "answered", "duplicate", "unsolicited" };

	json_volume(w, out);
	json_counts(out, "rcodes", w->rcode, RCODES, rcode_text);
	json_counts(out, "query_types", w->type, TYPES, type_name);
	json_counts(out, "response_types", w->type_response, TYPES, type_name);
	json_counts(out, "opcodes", w->opcode, 16, opcode_text);
	buf_fmt(out, "\"edns\":{\"queries\":%llu,\"responses\":%llu,\"do_queries\":%llu},",
		(unsigned long long)w->edns[0], (unsigned long long)w->edns[1],
		(unsigned long long)w->dnssec_ok[0]);
	buf_fmt(out, "\"flags\":{\"rd\":%llu,\"tc\":%llu,\"aa\":%llu},",
		(unsigned long long)w->recursion_desired, (unsigned long long)w->truncated,
		(unsigned long long)w->authoritative);
	buf_text(out, "\"joined\":{");
	for (unsigned i = 1; i < JOIN_COUNT; i++)
		buf_fmt(out, "%s\"%s\":%llu", i > 1 ? "," : "", joins[i],
			(unsigned long long)w->join[i]);
	buf_text(out, "},");
	buf_fmt(out, "\"sources\":{\"ipv4\":%llu,\"ipv6\":%llu,\"ipv6_64\":%llu,\"error\":%.4f},",
		(unsigned long long)distinct_count(&w->sources_v4),
		(unsigned long long)distinct_count(&w->sources_v6),
		(unsigned long long)distinct_count(&w->sources_v6_64), distinct_error());
	json_sizes(w, out);
	json_latency(w, out);
}
