/* SPDX-License-Identifier: GPL-3.0-or-later */
/* floor.c - the least that reading a capture can cost.
 *
 *	floor FILE
 *
 * Maps the file, finds every DNS message over UDP (capfile.h) and walks its
 * question and all its records: names are skipped label by label, types and
 * lengths read, nothing kept but a few sums, so that the work cannot be optimised
 * away. Whoever analyses DNS does this and more; the benchmark prints every other
 * program's CPU time as a multiple of it.
 *
 * Not here: TCP, reassembly, other link types, any memory of what was seen. */
#define _DEFAULT_SOURCE		/* madvise */
#include <stdio.h>

#include "capfile.h"

struct sums {
	uint64_t frames, udp, tcp, other;
	uint64_t octets, answers, nxdomain, records, rrsig, broken;
	uint64_t types[256];
};

/* Past the name at `at`; 0 when it leaves the message. RFC 1035, 4.1.4. */
static size_t name_skip(const uint8_t *m, size_t len, size_t at)
{
	while (at < len) {
		uint8_t n = m[at];

		if (n == 0)
			return at + 1;
		if (n >= 0xc0)
			return at + 2;
		at += n + 1u;
	}
	return 0;
}

static bool records_walk(struct sums *s, const uint8_t *m, size_t len, size_t at)
{
	uint32_t left = cap_u16(m + 6) + (uint32_t)cap_u16(m + 8) + cap_u16(m + 10);

	for (; left > 0; left--) {
		at = name_skip(m, len, at);
		if (at == 0 || at + 10 > len)
			return false;
		s->records++;
		s->rrsig += cap_u16(m + at) == 46;
		at += 10u + cap_u16(m + at + 8);
	}
	return at <= len;
}

static bool message_walk(struct sums *s, const uint8_t *m, size_t len)
{
	size_t at = 12;

	if (len < 12)
		return false;
	s->answers += m[2] >> 7;
	s->nxdomain += (m[2] >> 7) && (m[3] & 15) == 3;
	for (uint16_t n = cap_u16(m + 4); n > 0; n--) {
		at = name_skip(m, len, at);
		if (at == 0 || at + 4 > len)
			return false;
		s->types[m[at + 1]] += m[at] == 0;
		at += 4;
	}
	return records_walk(s, m, len, at);
}

static void frame_count(struct sums *s, const uint8_t *frame, size_t n)
{
	const uint8_t *msg;
	size_t len;

	s->frames++;
	switch (cap_dns(frame, n, &msg, &len)) {
	case CAP_UDP:
		s->udp++;
		s->octets += len;
		s->broken += !message_walk(s, msg, len);
		break;
	case CAP_TCP:
		s->tcp++;
		break;
	case CAP_OTHER:
		s->other++;
		break;
	}
}

int main(int argc, char **argv)
{
	struct sums s = { 0 };
	struct cap_record r;
	const uint8_t *frame;
	struct cap c;

	if (argc != 2)
		errx(2, "usage: floor FILE");
	cap_open(&c, argv[1]);
	while (cap_next(&c, &r, &frame))
		frame_count(&s, frame, r.held);
	printf("frames %ju, udp messages %ju (%ju answers, %ju nxdomain, %ju octets), "
	       "tcp segments %ju, other %ju\n", (uintmax_t)s.frames, (uintmax_t)s.udp,
	       (uintmax_t)s.answers, (uintmax_t)s.nxdomain, (uintmax_t)s.octets,
	       (uintmax_t)s.tcp, (uintmax_t)s.other);
	printf("records %ju (%ju RRSIG), broken messages %ju, questions A %ju, AAAA %ju, "
	       "HTTPS %ju, PTR %ju\n", (uintmax_t)s.records, (uintmax_t)s.rrsig,
	       (uintmax_t)s.broken, (uintmax_t)s.types[1], (uintmax_t)s.types[28],
	       (uintmax_t)s.types[65], (uintmax_t)s.types[12]);
	return 0;
}
