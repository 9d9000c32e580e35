/* SPDX-License-Identifier: GPL-3.0-or-later */
/* traffic_random.c - traffic_random() of traffic.h: a mix in which everything occurs.
 *
 * Every tenth message or so belongs to a tunnel (30 clients, so that there are more
 * parties than a finding names), a generator of names, a flood of random subdomains, a
 * reflection from 21 servers, mostly one; the rest is ordinary, odd and broken in many
 * ways. */
#include "traffic.h"
#include "draw.h"
#include "dns/rrtype.h"

static const char *const domains[] = {
	"example.com",
	"example.co.uk",
	"someone.github.io",
	"shop.example.org",
	"city.kawasaki.jp",
	"www.ck",
	"a.b.kobe.jp",
	"printer.lan",
	"localhost",
	"com",
	"co.uk",
	"",
	"xn--bcher-kva.example",
	"2.0.192.in-addr.arpa",
	"8.b.d.0.1.0.0.2.ip6.arpa",
	"bucket.s3.amazonaws.com",
	"cdn.example.net",
	"under_score.example.com",
};

static const u16 types[] = {
	TYPE_A, TYPE_A, TYPE_AAAA, TYPE_TXT, TYPE_NULL, TYPE_CNAME, TYPE_MX, TYPE_PTR,
	TYPE_ANY, TYPE_DNSKEY, TYPE_HTTPS, TYPE_SRV, 65399,
};

static struct addr client_of(u64 n)
{
	u8 six[16] = { 0x20, 1, 0xd, 0xb8, [8] = (u8)n, [15] = 1 };
	u8 four[4] = { 192, 0, 2, (u8)n };

	return n % 4 == 3 ? addr_of6(six) : addr_of4(four);
}

static struct addr server_of(u64 n)
{
	u8 four[4] = { 198, 51, 100, (u8)n };

	return addr_of4(four);
}

/* Prepends a label of `len` octets out of `alphabet` letters to the name. */
static void add_label(struct ask *a, u64 *seed, unsigned len, unsigned alphabet)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyz0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	u8 label[64];

	if (a->qname_len + len + 1 > NAME_WIRE_MAX)
		return;
	label[0] = (u8)len;
	for (unsigned i = 1; i <= len; i++)
		label[i] = alphabet > 63 ? (u8)draw(seed)
					 : (u8)letters[draw_below(seed, alphabet)];
	memmove(a->qname + len + 1, a->qname, a->qname_len);
	memcpy(a->qname, label, len + 1);
	a->qname_len += len + 1;
}

static void set_name(struct ask *a, const char *text)
{
	u8 wire[NAME_WIRE_MAX] = { 0 };
	int n = *text ? name_parse(text, wire) : 1;

	must(n > 0);
	memcpy(a->qname, wire, (size_t)n);
	a->qname_len = (unsigned)n;
}

static void fill(struct answer *r, u64 *seed, u16 type, unsigned len)
{
	*r = (struct answer){ .type = type, .ttl = (u32)draw_below(seed, 3600), .len = (u16)len };
	for (unsigned i = 0; i < len; i++)
		r->rdata[i] = (u8)draw(seed);
}

/* A SOA of the zone `skip` labels up from the question. */
static void fill_soa(struct answer *r, unsigned skip)
{
	*r = (struct answer){ .type = TYPE_SOA, .section = SECTION_AUTHORITY, .skip = (u8)skip,
		.ttl = 60, .len = 22 };
}

static void ordinary(struct ask *a, struct answer *r, u64 *seed)
{
	set_name(a, domains[draw_below(seed, COUNT(domains))]);
	for (u64 i = draw_below(seed, 4); i; i--)
		add_label(a, seed, 1 + (unsigned)draw_below(seed, 12), i == 1 ? 65 : 3);
	a->qtype = types[draw_below(seed, COUNT(types))];
	a->flags = (u16)(draw(seed) & (MSG_AA | MSG_TC | MSG_RD | MSG_RA));
	if (draw_below(seed, 50) == 0)
		a->flags |= OPCODE_NOTIFY << 11;
	if (draw_below(seed, 50) == 0)
		a->qname_len = 0;
	if (!a->response)
		return;
	a->flags |= (u16)(draw_below(seed, 3) ? 0 : draw_below(seed, 6));
	a->answer_count = a->flags & 15 ? 0 : (unsigned)draw_below(seed, 4);
	for (unsigned i = 0; i < a->answer_count; i++) {
		fill(&r[i], seed, TYPE_TXT, 1 + (unsigned)draw_below(seed, 400));
		r[i].section = (u8)draw_below(seed, SECTION_COUNT);
		r[i].skip = (u8)draw_below(seed, 3);
	}
}

static void tunnel(struct ask *a, struct answer *r, u64 *seed)
{
	a->client = client_of(100 + draw_below(seed, 30));
	set_name(a, "t.evil-example.com");
	add_label(a, seed, 20 + (unsigned)draw_below(seed, 40), 36);
	a->qtype = TYPE_TXT;
	a->answer_count = a->response;
	fill(r, seed, TYPE_TXT, 1 + (unsigned)draw_below(seed, 200));
}

static void generator(struct ask *a, struct answer *r, u64 *seed)
{
	a->client = client_of(77);
	set_name(a, draw_below(seed, 2) ? "com" : "net");
	add_label(a, seed, 12 + (unsigned)draw_below(seed, 6), 26);
	a->qtype = TYPE_A;
	a->answer_count = a->response;
	a->flags = a->response ? RCODE_NXDOMAIN : 0;
	fill_soa(r, 1);
}

static void flood(struct ask *a, struct answer *r, u64 *seed)
{
	set_name(a, "victim-example.org");
	add_label(a, seed, 8, 26);
	a->qtype = TYPE_A;
	a->answer_count = a->response;
	a->flags = a->response ? RCODE_NXDOMAIN : 0;
	fill_soa(r, 1);
}

static void reflection(struct ask *a, struct answer *r, u64 *seed)
{
	a->client = client_of(200);
	a->server = server_of(draw_below(seed, 4) ? 30 : draw_below(seed, 20));
	a->transport = TRANSPORT_UDP;
	a->port = 80;
	set_name(a, "example.com");
	a->qtype = TYPE_ANY;
	a->answer_count = a->response;
	fill(r, seed, TYPE_DNSKEY, 3000);
}

static void lose(struct traffic *t, u64 *seed, u64 time_ns)
{
	struct fragment_loss l = { .src = server_of(draw_below(seed, 20)),
		.dst = client_of(200 + draw_below(seed, 2)), .time_ns = time_ns,
		.octets = 1480, .fragments = 1 + (u32)draw_below(seed, 3) };

	traffic_lose(t, &l);
}

typedef void kind_fn(struct ask *, struct answer *, u64 *);

/* One question, and its response from the same lots; each may be missing, or be there
 * twice. */
static void exchange(struct traffic *t, kind_fn *kind, struct ask base, u64 *seed)
{
	struct answer r[4];
	u64 lots = draw(seed), seen = draw_below(seed, 20);

	for (int way = 0; way < 2; way++) {
		struct ask a = base;
		u64 same = lots;

		a.response = way;
		a.answers = r;
		a.time_ns += way * draw_below(&same, 50000000);
		kind(&a, r, &same);
		if (seen != (u64)way)
			traffic_add(t, &a);
		if (seen == 2u + (u64)way)
			traffic_add(t, &a);
	}
}

void traffic_random(struct traffic *t, u64 seed, u32 n, unsigned minutes)
{
	static kind_fn *const some[] = { tunnel, generator, flood, flood,
					 flood,	 flood,	    flood, reflection };

	for (u32 i = 0; i < n; i++) {
		u64 kind = draw_below(&seed, 20);
		struct ask a = { .client = client_of(draw_below(&seed, 40)),
				 .server = server_of(draw_below(&seed, 25)),
				 .id = (u16)draw(&seed),
				 .port = (u16)(1024 + draw_below(&seed, 60000)),
				 .edns = draw_below(&seed, 2) ? 1232 : 0,
				 .transport = draw_below(&seed, 9) == 0 };

		a.time_ns = TRAFFIC_T0 + draw_below(&seed, minutes * MINUTE_NS);
		exchange(t, kind < COUNT(some) ? some[kind] : ordinary, a, &seed);
		if (draw_below(&seed, 60) == 0)
			lose(t, &seed, a.time_ns);
	}
	traffic_sort(t);
}
