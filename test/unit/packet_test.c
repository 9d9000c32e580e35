/* SPDX-License-Identifier: GPL-3.0-or-later */
/* packet_test.c - one DNS message in every wrapping; headers that are cut or broken;
 * the fast road and the long one agree; shares are disjoint and whole; and every
 * frame is in exactly one counter, whatever its octets. */
#include "wire.h"
#include "base/rd.h"
#include <ctype.h>

static const u8 text[] = "twelve and more octets of a message";
#define TEXT ((u32)sizeof text)

static void is_text(const struct reader *r, int got)
{
	assert_int_equal(got, FRAME_MESSAGE);
	assert_int_equal(r->n, 1);
	assert_int_equal(r->out[0].len, TEXT);
	assert_int_equal(r->out[0].full_len, TEXT);
	assert_memory_equal(r->out[0].data, text, TEXT);
	assert_int_equal(r->out[0].sport, 4242);
	assert_int_equal(r->out[0].dport, 53);
}

static void the_fields(void **state)
{
	struct reader r = reader_of(NULL);
	struct wire w = { .len = 0 };
	struct addr a = addr_of4((const u8 *)"\xc0\x00\x02\x05");

	ether_head(&w, 0x0800);
	query4(&w, text, TEXT);
	put_fill(&w, 0xee, 9);	/* padding */
	is_text(&r, read_wire(&r, 1, &w));
	assert_memory_equal(&r.out[0].src, &a, sizeof a);
	assert_int_equal(r.out[0].ttl, 64);
	assert_int_equal(r.out[0].flags, 0);
	assert_int_equal(r.out[0].transport, TRANSPORT_UDP);
	assert_true(r.out[0].time_ns == T0 && r.out[0].number == 1);
	assert_true(packets_counts(r.p)->octets == w.len);
	packets_settle(r.p, FRAME_BAD_RECORD);
	assert_true(fate(&r, FRAME_MESSAGE) == 0 && fate(&r, FRAME_BAD_RECORD) == 1);
	law(r.p);
	reader_end(&r);
	(void)state;
}

struct shell {
	const char *name;
	u16 link;
	u8 head[64];
	u8 n;
	bool six;
};

#define MACS 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2
#define SNAP 0xaa, 0xaa, 3, 0, 0, 0
static const struct shell shells[] = {
	{ "Ethernet", 1, { MACS, 8, 0 }, 14, false },
	{ "Ethernet", 1, { MACS, 0x86, 0xdd }, 14, true },
	{ "802.1Q", 1, { MACS, 0x81, 0, 0, 7, 8, 0 }, 18, false },
	{ "802.1Q", 1, { MACS, 0x81, 0, 0, 7, 0x86, 0xdd }, 18, true },
	{ "QinQ", 1, { MACS, 0x88, 0xa8, 0, 7, 0x81, 0, 0, 9, 8, 0 }, 22, false },
	{ "old QinQ", 1, { MACS, 0x91, 0, 0, 7, 0x81, 0, 0, 9, 8, 0 }, 22, false },
	{ "802.3 SNAP", 1, { MACS, 0, 80, SNAP, 8, 0 }, 22, false },
	{ "MPLS", 1, { MACS, 0x88, 0x47, 0, 1, 0, 64, 0, 2, 1, 64 }, 22, false },
	{ "PPPoE", 1, { MACS, 0x88, 0x64, 0x11, 0, 0, 1, 0, 66, 0, 0x21 }, 22, false },
	{ "cooked", 113, { 0, 0, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 8, 0 }, 16, false },
	{ "cooked tagged", 113, { [14] = 0x81, 0, 0, 5, 8, 0 }, 20, false },
	{ "cooked 2", 276, { 0x86, 0xdd }, 20, true },
	{ "raw", 101, { 0 }, 0, false }, { "raw", 101, { 0 }, 0, true },
	{ "raw 12", 12, { 0 }, 0, true }, { "raw 14", 14, { 0 }, 0, false },
	{ "IPv4", 228, { 0 }, 0, false }, { "IPv6", 229, { 0 }, 0, true },
	{ "null LE", 0, { 2, 0, 0, 0 }, 4, false }, { "null BE", 0, { 0, 0, 0, 2 }, 4, false },
	{ "null 6", 0, { 30, 0, 0, 0 }, 4, true }, { "null 6", 0, { 24, 0, 0, 0 }, 4, true },
	{ "loop", 108, { 0, 0, 0, 2 }, 4, false }, { "loop", 108, { 0, 0, 0, 28 }, 4, true },
	{ "PPP", 9, { 0xff, 3, 0, 0x21 }, 4, false }, { "PPP", 9, { 0, 0x57 }, 2, true },
	{ "PPP short", 9, { 0x21 }, 1, false }, { "PPP MPLS", 9, { 2, 0x81, 0, 0, 1, 9 }, 6,
	  false },
	{ "PPP HDLC", 50, { 0xff, 3, 0, 0x21 }, 4, false },
	{ "Cisco HDLC", 104, { 0x0f, 0, 8, 0 }, 4, false },
	{ "PPPoE bare", 51, { 0x11, 0, 0, 1, 0, 66, 0, 0x21 }, 8, false },
	{ "PPP with direction", 204, { 1, 0xff, 3, 0, 0x21 }, 5, false },
	{ "802.11", 105, { 8, 1, [24] = SNAP, 8, 0 }, 32, false },
	{ "802.11 QoS", 105, { 0x88, 1, [26] = SNAP, 8, 0 }, 34, false },
	{ "802.11 WDS", 105, { 8, 3, [30] = SNAP, 8, 0 }, 38, false },
	{ "radiotap", 127, { 0, 0, 8, 0, 0, 0, 0, 0, 8, 1, [32] = SNAP, 0x86, 0xdd }, 40,
	  true },
	{ "radiotap padded", 127, { 0, 0, 9, 0, 2, 0, 0, 0, 0x20, 0x88, 1, [37] = SNAP, 8, 0 },
	  45, false },
	{ "radiotap TSFT", 127, { 0, 0, 17, 0, 3, 0, 0, 0, [17] = 8, 1, [41] = SNAP, 8, 0 }, 49,
	  false },
};

static void shell_make(struct wire *w, const struct shell *s)
{
	w->len = 0;
	put(w, s->head, s->n);
	if (s->six)
		query6(w, text, TEXT);
	else
		query4(w, text, TEXT);
}

static void every_link(void **state)
{
	struct reader r = reader_of(NULL);
	static struct wire w;

	for (unsigned i = 0; i < COUNT(shells); i++) {
		shell_make(&w, &shells[i]);
		print_message("%s ", shells[i].name);
		is_text(&r, read_wire(&r, shells[i].link, &w));
	}
	print_message("\n");
	assert_int_equal(read_wire(&r, 147, &w), FRAME_LINK_UNKNOWN);
	reader_end(&r);
	(void)state;
}

/* Cut by the snap length at every octet: the message's beginning or SNAPPED. Cut in
 * truth (the frame has no more): some BAD_ fate, or nothing of interest. */
static void every_cut(void **state)
{
	struct reader r = reader_of(NULL);
	static struct wire w;

	for (unsigned i = 0; i < COUNT(shells); i++) {
		shell_make(&w, &shells[i]);
		for (u32 cap = 0; cap < w.len; cap++) {
			int got = read_cut(&r, shells[i].link, w.at, cap, w.len);
			bool readable = cap >= w.len - TEXT + 12;

			assert_int_equal(got, readable ? FRAME_MESSAGE : FRAME_SNAPPED);
			if (readable)
				assert_true(r.out[0].flags == PAYLOAD_PARTIAL &&
					    r.out[0].len == cap - (w.len - TEXT) &&
					    r.out[0].full_len == TEXT);
			got = read_cut(&r, shells[i].link, w.at, cap, cap);
			assert_true(got == FRAME_NOT_IP ||
				    strcmp(frame_fate_class(got), "malformed") == 0);
		}
	}
	reader_end(&r);
	(void)state;
}

#define INNER (8 + TEXT)	/* of the UDP datagram inside */
struct tunnel { u8 protocol; u16 port; u8 head[48]; u8 n; };

static const struct tunnel tunnels[] = {
	{ 4, 0, { 0 }, 0 },
	{ 47, 0, { 0, 0, 8, 0 }, 4 },
	{ 47, 0, { 0xb0, 0, 8, 0, [15] = 9 }, 16 },	/* checksum, key, sequence */
	{ 47, 0, { 0, 0, 0x65, 0x58, MACS, 8, 0 }, 18 },
	{ 47, 0, { 0x20, 0, 0x65, 0x58, 0, 0, 9, 0, MACS, 8, 0 }, 22 },	/* NVGRE */
	{ 47, 0, { 0, 0, 0x88, 0x0b, 0xff, 3, 0, 0x21 }, 8 },	/* PPP */
	{ 47, 0, { 0x30, 0x81, 0x88, 0x0b, [16] = 0x21 }, 17 },	/* PPTP */
	{ 47, 0, { 0, 0, 0x88, 0xbe, MACS, 8, 0 }, 18 },	/* ERSPAN I */
	{ 47, 0, { 0x10, 0, 0x88, 0xbe, [16] = MACS, 8, 0 }, 30 },
	{ 47, 0, { 0x10, 0, 0x22, 0xeb, [20] = MACS, 8, 0 }, 34 },
	{ 47, 0, { 0x10, 0, 0x22, 0xeb, [19] = 1, [28] = MACS, 8, 0 }, 42 },
	{ 47, 0, { 0, 0, 0x88, 0x47, 0, 0, 1, 9 }, 8 },
	{ 97, 0, { 0x30, 0, MACS, 8, 0 }, 16 },
	{ 137, 0, { 0, 0, 1, 9 }, 4 },
	{ 17, 4789, { 8, 0, 0, 0, 0, 0, 1, 0, MACS, 8, 0 }, 22 },
	{ 17, 8472, { 8, 0, 0, 0, 0, 0, 1, 0, MACS, 0x81, 0, 0, 1, 8, 0 }, 26 },
	{ 17, 6081, { 0, 0, 0x65, 0x58, 0, 0, 1, 0, MACS, 8, 0 }, 22 },
	{ 17, 6081, { 1, 0, 8, 0, 0, 0, 1, 0, 1, 2, 3, 4 }, 12 },
	{ 17, 2152, { 0x30, 255, 0, 64, 0, 0, 0, 1 }, 8 },
	{ 17, 2152, { 0x32, 255, 0, 68, 0, 0, 0, 1, 0, 9, 0, 0 }, 12 },
	{ 17, 2152, { 0x34, 255, 0, 72, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 9, 0 }, 16 },
};

static void tunnel_make(struct wire *w, const struct tunnel *t, const void *inner, u32 n)
{
	u32 udp = t->protocol == 17 ? 8 : 0;

	ip4_head(w, &(struct ip4){ 0x0a000001, 0x0a000002, 0, 0, t->protocol }, udp + t->n + n);
	if (udp)
		udp_head(w, 50000, t->port, t->n + n);
	put(w, t->head, t->n);
	put(w, inner, n);
}

static void every_tunnel(void **state)
{
	struct reader r = reader_of(NULL);
	static struct wire w, inner;

	query4(&inner, text, TEXT);
	assert_int_equal(inner.len, 64);
	for (unsigned i = 0; i < COUNT(tunnels); i++) {
		w.len = 0;
		tunnel_make(&w, &tunnels[i], inner.at, inner.len);
		print_message("%u ", i);
		is_text(&r, read_wire(&r, 101, &w));
		assert_int_equal(r.out[0].flags, PAYLOAD_TUNNELLED);
	}
	print_message("\n");
	assert_true(packets_counts(r.p)->tunnelled == COUNT(tunnels));
	reader_end(&r);
	(void)state;
}

static void six_in_all(void **state)
{
	struct reader r = reader_of(NULL);
	static struct wire w, inner;

	query6(&inner, text, TEXT);
	ip4_head(&w, &(struct ip4){ 1, 2, 0, 0, 41 }, inner.len);
	put(&w, inner.at, inner.len);
	is_text(&r, read_wire(&r, 101, &w));
	w.len = 0;
	ip6_head(&w, 1, 2, 41, inner.len);
	put(&w, inner.at, inner.len);
	is_text(&r, read_wire(&r, 101, &w));
	w.len = 0;			/* Teredo with both indications */
	ip4_head(&w, &(struct ip4){ 1, 2, 0, 0, 17 }, 8 + 15 + 8 + inner.len);
	udp_head(&w, 3544, 50000, 15 + 8 + inner.len);
	put(&w, "\0\1\1\1ABnonce---\0" "\0\0\1\2\3\4\5\6", 15 + 8);
	put(&w, inner.at, inner.len);
	is_text(&r, read_wire(&r, 101, &w));
	inner.len = w.len = 0;
	query4(&inner, text, TEXT);
	ip6_head(&w, 1, 2, 4, inner.len);
	put(&w, inner.at, inner.len);
	is_text(&r, read_wire(&r, 101, &w));
	reader_end(&r);
	(void)state;
}

static void too_deep(void **state)
{
	struct reader r = reader_of(NULL);
	static struct wire w, inner;

	query4(&inner, text, TEXT);
	for (unsigned depth = 0; depth <= TUNNELS_MAX; depth++) {
		int got = read_wire(&r, 101, &inner);

		assert_int_equal(got, FRAME_MESSAGE);
		w.len = 0;
		tunnel_make(&w, &tunnels[depth % 2], inner.at, inner.len);
		inner = w;
	}
	assert_int_equal(read_wire(&r, 101, &inner), FRAME_TOO_DEEP);
	w.len = 0;			/* tags are bounded too */
	ether_head(&w, 0x8100);
	for (unsigned i = 0; i < 9; i++)
		put32(&w, i < 8 ? 0x00018100 : 0x00010800);
	query4(&w, text, TEXT);
	assert_int_equal(read_wire(&r, 1, &w), FRAME_TOO_DEEP);
	reader_end(&r);
	(void)state;
}

/* A tunnel's port alone makes no tunnel. */
static void false_tunnels(void **state)
{
	struct reader r = reader_of(NULL);
	static struct wire w;
	u64 seed = 7;

	for (unsigned i = 0; i < 20000; i++) {
		static const u16 ports[] = { 4789, 8472, 6081, 2152, 3544 };
		u32 n = upto(&seed, 60);
		int got;

		w.len = 0;
		ip4_head(&w, &(struct ip4){ 1, 2, 0, 0, 17 }, 8 + n);
		udp_head(&w, 9999, ports[i % 5], n);
		for (u32 k = 0; k < n; k++)
			put8(&w, upto(&seed, 256));
		got = read_wire(&r, 101, &w);
		assert_true(got == FRAME_NOT_DNS || got == FRAME_NOT_TRANSPORT ||
			    got == FRAME_SNAPPED || got == FRAME_BAD_UDP ||
			    got == FRAME_BAD_TCP || got == FRAME_BAD_EXTENSION ||
			    got == FRAME_BAD_FRAGMENT || got == FRAME_HELD ||
			    got == FRAME_LOST_FRAGMENT);
	}
	assert_true(fate(&r, FRAME_NOT_DNS) > 19000);
	reader_end(&r);
	(void)state;
}

static void ip_lengths(void **state)
{
	struct reader r = reader_of(NULL);
	static struct wire w;

	query4(&w, text, TEXT);
	w.at[2] = w.at[3] = 0;		/* offload: the frame's length holds */
	w.at[24] = w.at[25] = 0;
	is_text(&r, read_wire(&r, 101, &w));
	w.at[3] = 19;
	assert_int_equal(read_wire(&r, 101, &w), FRAME_BAD_IP_LENGTH);
	w.at[2] = 8;
	assert_int_equal(read_wire(&r, 101, &w), FRAME_BAD_IP_LENGTH);
	w.at[0] = 0x44;
	assert_int_equal(read_wire(&r, 101, &w), FRAME_BAD_IP);
	w.at[0] = 0x55;
	assert_int_equal(read_wire(&r, 228, &w), FRAME_BAD_IP);
	w.len = 0;
	query4(&w, text, TEXT);
	w.at[24] = 0;
	w.at[25] = 7;
	assert_int_equal(read_wire(&r, 101, &w), FRAME_BAD_UDP);
	w.at[24] = 1;
	assert_int_equal(read_wire(&r, 101, &w), FRAME_BAD_UDP);
	w.at[9] = 1;
	assert_int_equal(read_wire(&r, 101, &w), FRAME_NOT_TRANSPORT);
	reader_end(&r);
	(void)state;
}

static void extension_headers(void **state)
{
	struct reader r = reader_of(NULL);
	static struct wire w;

	for (unsigned count = 1; count <= EXTENSIONS_MAX + 1; count++) {
		static const u8 kinds[] = { 0, 60, 43, 135, 139, 140, 51 };

		w.len = 0;
		ip6_head(&w, 1, 2, kinds[0], 8 * count + INNER);
		for (unsigned i = 0; i < count; i++) {
			u8 next = kinds[(i + 1) % 7];

			put8(&w, i + 1 == count ? 17 : next);
			put8(&w, 0);
			put_fill(&w, 1, 6);
		}
		udp_head(&w, 4242, 53, TEXT);
		put(&w, text, TEXT);
		if (count > EXTENSIONS_MAX)
			assert_int_equal(read_wire(&r, 101, &w), FRAME_BAD_EXTENSION);
		else
			is_text(&r, read_wire(&r, 101, &w));
	}
	w.at[41] = 200;			/* longer than the packet */
	assert_int_equal(read_wire(&r, 101, &w), FRAME_BAD_EXTENSION);
	reader_end(&r);
	(void)state;
}

static void the_ports(void **state)
{
	static const u16 ports[] = { 53, 8053 };
	struct reader r = reader_of(&(struct packets_conf){ .ports = ports, .port_count = 2 });
	struct reader m = reader_of(&(struct packets_conf){ .mdns = true });
	static const struct { u16 sport, dport; int fate, with_mdns; } cases[] = {
		{ 53, 1000, FRAME_MESSAGE, FRAME_MESSAGE },
		{ 1000, 8053, FRAME_MESSAGE, FRAME_NOT_DNS },
		{ 5353, 5353, FRAME_MDNS, FRAME_MESSAGE },
		{ 5353, 999, FRAME_MDNS, FRAME_MESSAGE },
		{ 5353, 53, FRAME_MESSAGE, FRAME_MESSAGE },
		{ 5355, 137, FRAME_NOT_DNS, FRAME_NOT_DNS },
		{ 4789, 53, FRAME_MESSAGE, FRAME_MESSAGE },
	};
	static struct wire w;

	for (unsigned i = 0; i < COUNT(cases); i++) {
		w.len = 0;
		ether_head(&w, 0x0800);
		ip4_head(&w, &(struct ip4){ 1, 2, 0, 0, 17 }, 8 + TEXT);
		udp_head(&w, cases[i].sport, cases[i].dport, TEXT);
		put(&w, text, TEXT);
		assert_int_equal(read_wire(&r, 1, &w), cases[i].fate);
		assert_int_equal(read_wire(&m, 1, &w), cases[i].with_mdns);
	}
	reader_end(&r);
	reader_end(&m);
	(void)state;
}

static void empty_payload(void **state)
{
	struct reader r = reader_of(NULL);
	static struct wire w;

	query4(&w, "", 0);
	assert_int_equal(read_wire(&r, 101, &w), FRAME_MESSAGE);
	assert_true(r.n == 1 && r.out[0].len == 0 && r.out[0].flags == 0);
	reader_end(&r);
	(void)state;
}

/* A frame that may take the fast road (Ethernet), and the same behind two VLAN tags,
 * which never does. */
static void roads_agree(void **state)
{
	struct reader a = reader_of(NULL), b = reader_of(NULL);
	static struct wire fast, slow, ip;
	u64 seed = 99;

	for (unsigned i = 0; i < 200000; i++) {
		bool six = chance(&seed) & 1;
		u32 cap, cut;

		ip.len = fast.len = slow.len = 0;
		if (six)
			query6(&ip, text, upto(&seed, TEXT));
		else
			query4(&ip, text, upto(&seed, TEXT));
		for (u32 k = upto(&seed, 3); k; k--)	/* break something */
			ip.at[upto(&seed, ip.len < 48 ? ip.len : 48)] = (u8)chance(&seed);
		put_fill(&ip, 0, upto(&seed, 12));
		ether_head(&fast, six ? 0x86dd : 0x0800);
		ether_head(&slow, 0x8100);
		put32(&slow, 0x00018100);
		put32(&slow, six ? 0x000186dd : 0x00010800);
		put(&fast, ip.at, ip.len);
		put(&slow, ip.at, ip.len);
		cut = upto(&seed, 4) ? 0 : upto(&seed, ip.len);
		cap = fast.len - cut;
		assert_int_equal(read_cut(&a, 1, fast.at, cap, fast.len),
				 read_cut(&b, 1, slow.at, slow.len - cut, slow.len));
		assert_int_equal(a.n, b.n);
		for (unsigned k = 0; k < a.n; k++) {
			const struct payload *x = &a.out[k], *y = &b.out[k];

			assert_true(x->len == y->len && x->full_len == y->full_len &&
				    x->flags == y->flags && x->ttl == y->ttl &&
				    x->sport == y->sport && x->dport == y->dport &&
				    x->transport == y->transport &&
				    memcmp(&x->src, &y->src, 16) == 0 &&
				    memcmp(&x->dst, &y->dst, 16) == 0 &&
				    memcmp(x->data, y->data, x->len) == 0);
		}
	}
	assert_true(fate(&a, FRAME_MESSAGE) > 50000);
	reader_end(&a);
	reader_end(&b);
	(void)state;
}

#define SHARES 3
static void shares_made(struct wire *w, u64 *seed, u32 a, u32 b)
{
	w->len = 0;
	ether_head(w, 0x0800);
	if (upto(seed, 2)) {		/* the outermost pair counts */
		static struct wire inner;

		inner.len = 0;
		ip4_head(&inner, &(struct ip4){ (u32)chance(seed), b, 1, 0, 17 }, INNER);
		udp_head(&inner, 53, 9, TEXT);
		put(&inner, text, TEXT);
		ip4_head(w, &(struct ip4){ a, b, 1, 0, 4 }, inner.len);
		put(w, inner.at, inner.len);
		return;
	}
	ip4_head(w, &(struct ip4){ a, b, 1, 0, 17 }, INNER);
	udp_head(w, 53, 9, TEXT);
	put(w, text, TEXT);
}

static int taker(struct reader *r, const struct wire *w)
{
	int taken = -1;

	for (int i = 0; i < SHARES; i++) {
		if (read_wire(&r[i], 1, w) == FRAME_OTHER_SHARE)
			continue;
		assert_int_equal(taken, -1);
		taken = i;
	}
	assert_true(taken >= 0);
	return taken;
}

static void the_shares(void **state)
{
	struct reader r[SHARES];
	static struct wire w;
	u64 seed = 3, frames = 0;

	assert_int_equal(packets_open(&r[0].p, &(struct packets_conf){ .share = 3, .shares = 3 }),
			 OOPS_RANGE);
	for (unsigned i = 0; i < SHARES; i++)
		r[i] = reader_of(&(struct packets_conf){ .share = i, .shares = SHARES,
							 .key = 77 });
	for (unsigned i = 0; i < 3000; i++) {
		u32 a = (u32)chance(&seed), b = (u32)chance(&seed);
		int there;

		shares_made(&w, &seed, a, b);
		there = taker(r, &w);
		shares_made(&w, &seed, b, a);
		assert_int_equal(taker(r, &w), there);
	}
	w.len = 0;
	ether_head(&w, 0x0806);		/* not IP: share 0 */
	assert_int_equal(taker(r, &w), 0);
	w.len = 9;			/* broken: share 0 */
	assert_int_equal(taker(r, &w), 0);
	for (unsigned i = 0; i < SHARES; i++) {
		u64 n = packets_counts(r[i].p)->frames;

		assert_true(n > 1500 && n < 2500);
		frames += n;
		reader_end(&r[i]);
	}
	assert_true(frames == 6002);
	(void)state;
}

static void any_octets(void **state)
{
	static const u16 links[] = { 1, 0, 9, 12, 50, 51, 101, 104, 105, 108, 113, 119, 127, 163,
				     166, 204, 228, 229, 276, 4711 };
	struct reader r = reader_of(NULL);
	static struct wire w;
	u64 seed = 11;

	for (unsigned i = 0; i < 300000; i++) {
		u32 n = upto(&seed, 200);

		w.len = 0;
		while (w.len < n)
			put8(&w, upto(&seed, 3) ? upto(&seed, 256) : upto(&seed, 8));
		if (n > 60 && (i & 1))	/* far enough in to be of interest */
			shell_make(&w, &shells[i % COUNT(shells)]);
		for (u32 k = upto(&seed, 6); k && w.len; k--)
			w.at[upto(&seed, w.len)] = (u8)chance(&seed);
		r.time_ns += chance(&seed) % 1000000;
		read_cut(&r, (i & 1) && n > 60 ? shells[i % COUNT(shells)].link
			 : links[i % COUNT(links)], w.at, w.len,
			 w.len + (upto(&seed, 3) ? 0 : upto(&seed, 100)));
		if (i % 256 == 0)
			packets_recycle(r.p);
	}
	reader_end(&r);
	(void)state;
}

static void the_names(void **state)
{
	for (int i = 0; i < FRAME_FATE_COUNT; i++) {
		const char *name = frame_fate_name(i);

		for (const char *c = name; *c; c++)
			assert_true(islower(*c) || *c == '_');
		for (int k = 0; k < i; k++)
			assert_string_not_equal(name, frame_fate_name(k));
		assert_non_null(frame_fate_text(i));
	}
	assert_string_equal(frame_fate_name(FRAME_BAD_UDP), "bad_udp");
	assert_string_equal(frame_fate_class(FRAME_HELD), "open");
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_fields), cmocka_unit_test(every_link),
		cmocka_unit_test(every_cut), cmocka_unit_test(every_tunnel),
		cmocka_unit_test(six_in_all), cmocka_unit_test(too_deep),
		cmocka_unit_test(false_tunnels), cmocka_unit_test(ip_lengths),
		cmocka_unit_test(extension_headers), cmocka_unit_test(the_ports),
		cmocka_unit_test(empty_payload), cmocka_unit_test(roads_agree),
		cmocka_unit_test(the_shares), cmocka_unit_test(any_octets),
		cmocka_unit_test(the_names),
	};

	return cmocka_run_group_tests_name("packet", tests, NULL, NULL);
}
