/* SPDX-License-Identifier: GPL-3.0-or-later */
/* network.c - what the clients of one network got together: carpet bombing.
 *
 * A flood that is spread over every address of a network leaves each of them little. So when a
 * minute is complete, the client table gets an entry more for each network (/24 or /48, what is
 * routed and what is attacked as one) that big answers and fragments were sent to: the sums of
 * its addresses, and how they are spread. Nothing is counted twice while messages are folded,
 * and only networks that come to NETWORK_FLOOR octets and NETWORK_LEAST addresses are made:
 *
 *   clients --octets by a hash of the network--> sums --clients of heavy ones, sorted--> entries
 *
 * Cost: two passes over the clients a minute, a sort of the few that remain. Limits: a table
 * that is full gets no networks; larger networks are not joined. */
#include "window/network.h"
#include "base/hash.h"

#define NETWORK_FLOOR 65536u
#define NETWORK_LEAST 8u
#define CELLS 4096u

unsigned network_bits(const struct addr *a)
{
	return addr_is4(a) ? 24 : 48;
}

struct addr network_of(const struct addr *a)
{
	struct addr n = *a;
	unsigned kept = addr_is4(a) ? 15 : 6;

	memset(n.at + kept, 0, sizeof n.at - kept);
	return n;
}

u64 network_key(const struct addr *a, u64 key)
{
	struct addr n = network_of(a);

	return hash_mix(address_key(&n, key) ^ HASH_B, HASH_A) | 1;
}

static u64 octets_of(const struct window *w, const struct client_sum *c)
{
	const struct client_rare *r = client_rare(w, c);

	return r->big_octets + r->fragment_octets;
}

/* Networks by the upper bits of their keys. */
static u32 cell_of(u64 network)
{
	return (u32)(network >> 52);
}

struct member { u64 network; const struct client_sum *c; };

static int by_network(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->network != y->network)
		return x->network < y->network ? -1 : 1;
	return (x->c->key > y->c->key) - (x->c->key < y->c->key);
}

/* Octets by a hash of the network: is any sum heavy? */
static bool sum_octets(const struct window *w, u64 *sums)
{
	const struct keytab *t = &w->table[SUMMARY_CLIENT];
	u64 most = 0;

	for (u32 i = 0; i < t->count; i++) {
		const struct client_sum *c = keytab_at(t, i);
		u64 *sum;

		if (c->rare == 0)
			continue;
		sum = &sums[cell_of(network_key(&c->addr, w->key))];
		*sum += octets_of(w, c);
		most = max_u64(most, *sum);
	}
	return most >= NETWORK_FLOOR;
}

/* Members in the order of by_network(). Their keys are hashes, so they are first dealt out by the
 * upper bits: what is left to sort is short. */
static struct member *in_order(struct member *m, u32 n)
{
	u32 end[CELLS + 1] = { 0 };
	struct member *out = malloc(n * sizeof *out);

	if (out == NULL) {
		qsort(m, n, sizeof *m, by_network);
		return m;
	}
	for (u32 i = 0; i < n; i++)
		end[cell_of(m[i].network) + 1]++;
	for (u32 c = 0; c < CELLS; c++)
		end[c + 1] += end[c];
	for (u32 i = 0; i < n; i++)	/* each cell's end grows from its beginning */
		out[end[cell_of(m[i].network)]++] = m[i];
	for (u32 c = 0, from = 0; c < CELLS; from = end[c++])
		if (end[c] > from + 1)
			qsort(out + from, end[c] - from, sizeof *out, by_network);
	free(m);
	return out;
}

/* The clients of networks that may be heavy, sorted; NULL when there are none. */
static struct member *collect(const struct window *w, u32 *count)
{
	const struct keytab *t = &w->table[SUMMARY_CLIENT];
	u64 *sums = calloc(CELLS, sizeof *sums);
	bool heavy = sums && sum_octets(w, sums);
	struct member *m = NULL;
	u32 n = 0, room = 0;

	for (u32 i = 0; heavy && i < t->count; i++) {
		const struct client_sum *c = keytab_at(t, i);
		u64 key = network_key(&c->addr, w->key);

		if (sums[cell_of(key)] < NETWORK_FLOOR)
			continue;
		if (n == room) {
			struct member *more = realloc(m, (room = 2 * room + 256) * sizeof *m);

			if (more == NULL)
				break;
			m = more;
		}
		m[n++] = (struct member){ .network = key, .c = c };
	}
	free(sums);
	*count = n;
	return n ? in_order(m, n) : m;
}

static void join(struct window *w, struct client_sum *net, const struct client_sum *c)
{
	struct client_rare *to = client_rare_make(w, net);
	const struct client_rare *from = client_rare(w, c);
	struct pool *p = &w->pool[SUMMARY_CLIENT];

#define F(type, name) COUNT_ADD_##type(net->name, c->name);
	CLIENT_COUNTS(F)
#undef F
#define F(type, name) COUNT_ADD_##type(to->name, from->name);
	CLIENT_RARE_COUNTS(F)
#undef F
	if (net->first_ns == 0 || c->first_ns < net->first_ns)
		net->first_ns = c->first_ns;
	net->last_ns = max_u64(net->last_ns, c->last_ns);
	sample_merge(&to->big_servers, p, &from->big_servers, p);
	sample_merge(&to->big_questions, p, &from->big_questions, p);
	to->each_questions += (u32)(sample_distinct(&from->big_questions, p) + 0.5);
}

/* How many addresses there would be if each had got as much as any other. */
static u32 spread_of(const struct window *w, const struct member *m, u32 n)
{
	unsigned __int128 sum = 0, squares = 0;

	for (u32 i = 0; i < n; i++) {
		u64 octets = octets_of(w, m[i].c);

		sum += octets;
		squares += (unsigned __int128)octets * octets;
	}
	return squares ? (u32)((double)sum * (double)sum / (double)squares) : 0;
}

static void make_network(struct window *w, const struct member *m, u32 n)
{
	struct keytab *t = &w->table[SUMMARY_CLIENT];
	struct client_rare *rare;
	struct client_sum *net;
	u64 octets = 0;
	bool fresh;

	for (u32 i = 0; i < n; i++)
		octets += octets_of(w, m[i].c);
	if (n < NETWORK_LEAST || octets < NETWORK_FLOOR || t->count == t->cap)
		return;
	net = keytab_get(t, m[0].network, &fresh);
	if (!fresh)
		return;
	net->addr = network_of(&m[0].c->addr);
	net->network = (u8)network_bits(&net->addr);
	for (u32 i = 0; i < n; i++)
		join(w, net, m[i].c);
	rare = client_rare_make(w, net);
	rare->spread = spread_of(w, m, n);
	rare->peak_big_octets = octets;
}

void networks_close(struct window *w)
{
	u32 n, from = 0;
	struct member *m = collect(w, &n);

	for (u32 i = 1; i <= n; i++)
		if (i == n || m[i].network != m[from].network) {
			make_network(w, m + from, i - from);
			from = i;
		}
	free(m);
}
