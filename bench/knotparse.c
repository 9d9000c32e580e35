/* SPDX-License-Identifier: GPL-3.0-or-later */
/* knotparse.c - the floor's loop with libknot's parser in it.
 *
 *	knotparse FILE
 *
 * The same messages as floor.c, each parsed whole by knot_pkt_parse: what a good
 * general-purpose library costs that makes an object of every record. libknot gets
 * an allocator as cheap as can be, one block that is reset at each message, so
 * that we do not measure malloc.
 *
 * Not here: TCP, and anything done with what was parsed but counting it. */
#define _DEFAULT_SOURCE		/* madvise */
#include <libknot/errcode.h>
#include <libknot/packet/pkt.h>
#include <stdio.h>
#include <stdlib.h>

#include "capfile.h"

#define ROOM (4u << 20)		/* the objects of one message, at most */

/* Memory of one message; libknot never frees single things in it. */
struct room {
	uint8_t *at;
	size_t	 used;
};

static void *room_get(void *ctx, size_t n)
{
	struct room *r = ctx;
	void *p = r->at + r->used;

	n = (n + 15) & ~(size_t)15;
	if (n > ROOM - r->used)
		return NULL;
	r->used += n;
	return p;
}

static void room_keep(void *p)
{
	(void)p;
}

struct sums {
	uint64_t frames, messages, broken, records;
};

static void message_parse(struct sums *s, knot_mm_t *mm, const uint8_t *msg, size_t len)
{
	knot_pkt_t *pkt;

	((struct room *)mm->ctx)->used = 0;
	s->messages++;
	if (len > UINT16_MAX)
		len = UINT16_MAX;
	/* Parsing does not write, but the type has no const. */
	pkt = knot_pkt_new((void *)(uintptr_t)msg, (uint16_t)len, mm);
	if (pkt == NULL)
		errx(1, "no room for a message of %zu octets", len);
	if (knot_pkt_parse(pkt, 0) != KNOT_EOK)
		s->broken++;
	s->records += pkt->rrset_count;
	knot_pkt_free(pkt);
}

int main(int argc, char **argv)
{
	struct room room = { .at = malloc(ROOM) };
	knot_mm_t mm = { .ctx = &room, .alloc = room_get, .free = room_keep };
	struct sums s = { 0 };
	struct cap_record r;
	const uint8_t *frame, *msg;
	struct cap c;
	size_t len;

	if (argc != 2)
		errx(2, "usage: knotparse FILE");
	if (room.at == NULL)
		err(1, "malloc");
	cap_open(&c, argv[1]);
	for (; cap_next(&c, &r, &frame); s.frames++)
		if (cap_dns(frame, r.held, &msg, &len) == CAP_UDP)
			message_parse(&s, &mm, msg, len);
	printf("frames %ju, udp messages %ju, records %ju, broken messages %ju\n",
	       (uintmax_t)s.frames, (uintmax_t)s.messages, (uintmax_t)s.records,
	       (uintmax_t)s.broken);
	free(room.at);
	return 0;
}
