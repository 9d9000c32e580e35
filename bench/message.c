/* SPDX-License-Identifier: GPL-3.0-or-later */
/* message.c - nanoseconds a message: our decoder beside libknot's.
 *
 *   VEDETTE_DATA=../shared/data message pcap/benign [ROUNDS]
 *
 * Reads the DNS messages of all captures under the folder into one stretch of
 * memory, then walks them ROUNDS times with each reader and prints the best and
 * the median round. libknot is given the better of its ways: one packet object and
 * an allocator that only moves a pointer, dropped after each message. */
#include "../test/unit/captures.h"
#include "dns/msg.h"
#include <libknot/libknot.h>
#include <time.h>

#define ROUNDS_MAX 1000
#define ARENA (8u << 20)

struct load {
	u8 *bytes;
	size_t used, room;
	u32 *at;	/* count + 1 offsets */
	u32 count;
	u64 good, records;
};

static void keep(void *to, const struct payload *p)
{
	struct load *l = to;

	if (!p->dns || l->used + p->len > l->room || p->len == 0)
		return;
	memcpy(l->bytes + l->used, p->wire, p->len);
	l->used += p->len;
	l->at[++l->count] = (u32)l->used;
}

static void read_only(struct load *l, const u8 *wire, size_t len)
{
	struct msg m;

	l->good += msg_read(&m, wire, len) == MSG_OK;
	l->records += m.count[1];
}

static void read_start(struct load *l, const u8 *wire, size_t len)
{
	struct msg m;

	l->good += msg_read_start(&m, wire, len) == MSG_OK;
	l->records += m.qname_len;
}

static void read_and_iterate(struct load *l, const u8 *wire, size_t len)
{
	struct msg m;
	struct rr_iter it;
	struct rr r;

	l->good += msg_read(&m, wire, len) == MSG_OK;
	for (it = rr_first(&m); rr_next(&it, &r);)
		l->records += r.ttl;
}

struct arena { u8 *at; size_t used; };

static void *arena_get(void *to, size_t n)
{
	struct arena *a = to;
	void *p = a->at + a->used;

	a->used += (n + 15) & ~(size_t)15;
	must(a->used <= ARENA);
	return p;
}

static void arena_put(void *p)
{
	(void)p;
}

static void read_by_knot(struct load *l, const u8 *wire, size_t len)
{
	static u8 memory[ARENA];
	struct arena a = { .at = memory };
	knot_mm_t mm = { .ctx = &a, .alloc = arena_get, .free = arena_put };
	knot_pkt_t *p = knot_pkt_new((void *)wire, (uint16_t)len, &mm);

	l->good += knot_pkt_parse(p, KNOT_PF_KEEPWIRE | KNOT_PF_NOCANON) == KNOT_EOK;
	l->records += p->rrset_count;
}

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

typedef void read_fn(struct load *, const u8 *, size_t);

static void measure(struct load *l, const char *name, read_fn *read, unsigned rounds)
{
	double took[ROUNDS_MAX], start;

	l->good = l->records = 0;
	for (unsigned r = 0; r < rounds; r++) {
		start = now_ns();
		for (u32 i = 0; i < l->count; i++)
			read(l, l->bytes + l->at[i], l->at[i + 1] - l->at[i]);
		took[r] = (now_ns() - start) / l->count;
	}
	qsort(took, rounds, sizeof *took, by_value);
	printf("%-28s %7.1f ns best, %7.1f median, %llu good (sum %llu)\n", name, took[0],
	       took[rounds / 2], (unsigned long long)(l->good / rounds),
	       (unsigned long long)l->records);
}

int main(int argc, char **argv)
{
	unsigned rounds = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 30;
	struct load l = { .room = (size_t)1 << 28 };

	if (argc < 2 || rounds == 0 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: message FOLDER [ROUNDS up to %u]\n", ROUNDS_MAX);
		return 2;
	}
	l.bytes = malloc(l.room);
	l.at = calloc((size_t)1 << 24, sizeof *l.at);
	must(l.bytes && l.at);
	if (captures_each(argv[1], keep, &l) <= 0 || l.count == 0) {
		fprintf(stderr, "no captures there; set VEDETTE_DATA\n");
		return 1;
	}
	printf("%s: %u messages, %.1f octets each\n", argv[1], l.count,
	       (double)l.used / l.count);
	measure(&l, "msg_read_start", read_start, rounds);
	measure(&l, "msg_read", read_only, rounds);
	measure(&l, "msg_read and all records", read_and_iterate, rounds);
	measure(&l, "knot_pkt_parse", read_by_knot, rounds);
	free(l.bytes);
	free(l.at);
	return 0;
}
