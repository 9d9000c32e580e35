/* SPDX-License-Identifier: GPL-3.0-or-later */
/* multiply.c - a capture many times over, each time with other clients.
 *
 *	multiply FILE TIMES OUT
 *
 * Copy number k of bench/traffic's capture comes k spans later and its clients move
 * to their own block of addresses:
 *
 *	100.64.0.0/14       -> 100.(64+4k).0.0/14        so at most 16 copies
 *	2001:db8:4000::/48  -> 2001:db8:(4000+k)::/48
 *
 * Checksums (IPv4, UDP, TCP) are kept right by the difference, RFC 1624. Names,
 * ids, servers and the resolver stay as they were: ten times the clients and the
 * packets over ten times the time, of the same names. It is a replica, not a longer
 * recording, and a measurement of cost a message is all that it is good for.
 *
 * Cost: one pass over the input a copy, one frame of memory. */
#define _DEFAULT_SOURCE		/* madvise */
#include <stdio.h>
#include <stdlib.h>

#include "capfile.h"

#define COPIES_MAX 16		/* the blocks of /14 in 100.64.0.0/10 */
#define FRAME_MAX  262144

/* A 16-bit word of the frame changes from `was` to `now`: RFC 1624, eqn. 3. */
static void sum_adjust(uint8_t *sum, uint16_t was, uint16_t now)
{
	uint32_t s = (uint16_t)~cap_u16(sum);

	s += (uint16_t)~was + (uint32_t)now;
	s = (s & 0xffff) + (s >> 16);
	s = ~(s + (s >> 16)) & 0xffff;
	sum[0] = (uint8_t)(s >> 8);
	sum[1] = (uint8_t)s;
}

/* The checksum of the transport header; NULL where there is none to keep. */
static uint8_t *transport_sum(uint8_t *p, size_t n, uint8_t proto)
{
	if (proto == 6 && n >= 20)
		return p + 16;
	if (proto == 17 && n >= 8)
		return p + 6;
	if (proto == 58 && n >= 4)
		return p + 2;
	return NULL;
}

/* Zero would mean "no checksum" in UDP; its other form stands for it, RFC 768. */
static void udp_sum_end(uint8_t *sum, uint8_t proto)
{
	if (sum && proto == 17 && cap_u16(sum) == 0)
		sum[0] = sum[1] = 0xff;
}

static void word_move(uint8_t *word, unsigned by, uint8_t *sum1, uint8_t *sum2)
{
	uint16_t was = cap_u16(word), now = (uint16_t)(was + by);

	word[0] = (uint8_t)(now >> 8);
	word[1] = (uint8_t)now;
	if (sum1)
		sum_adjust(sum1, was, now);
	if (sum2)
		sum_adjust(sum2, was, now);
}

static void frame_move4(uint8_t *ip, size_t n, unsigned copy)
{
	size_t head = (ip[0] & 15u) * 4u;
	bool first = (cap_u16(ip + 6) & 0x1fff) == 0;
	uint8_t *sum;

	if (n < head)
		return;
	sum = first ? transport_sum(ip + head, n - head, ip[9]) : NULL;
	for (uint8_t *a = ip + 12; a <= ip + 16; a += 4)
		if (a[0] == 100 && (a[1] & 0xfc) == 64)
			word_move(a, copy * 4, ip + 10, sum);
	udp_sum_end(sum, ip[9]);
}

static void frame_move6(uint8_t *ip, size_t n, unsigned copy)
{
	static const uint8_t block[] = { 0x20, 0x01, 0x0d, 0xb8, 0x40, 0x00 };
	uint8_t *sum = transport_sum(ip + 40, n - 40, ip[6]);

	for (uint8_t *a = ip + 8; a <= ip + 24; a += 16)
		if (memcmp(a, block, sizeof block) == 0)
			word_move(a + 4, copy, NULL, sum);
	udp_sum_end(sum, ip[6]);
}

static void frame_move(uint8_t *p, size_t n, unsigned copy)
{
	uint16_t type = n > CAP_ETHER ? cap_u16(p + 12) : 0;

	if (type == 0x0800 && n >= CAP_ETHER + 20)
		frame_move4(p + CAP_ETHER, n - CAP_ETHER, copy);
	else if (type == 0x86dd && n >= CAP_ETHER + 40)
		frame_move6(p + CAP_ETHER, n - CAP_ETHER, copy);
}

/* Whole seconds from the first record to the last, and one more. */
static uint32_t span_s(struct cap c)
{
	struct cap_record r;
	const uint8_t *frame;
	uint32_t first = 0, last = 0;

	while (cap_next(&c, &r, &frame)) {
		if (first == 0)
			first = r.sec;
		last = r.sec;
	}
	return last - first + 1;
}

static void copy_write(struct cap c, unsigned copy, uint32_t shift_s, FILE *out)
{
	static uint8_t buf[FRAME_MAX];
	struct cap_record r;
	const uint8_t *frame;

	while (cap_next(&c, &r, &frame)) {
		if (r.held > sizeof buf)
			errx(1, "a frame of %u octets", r.held);
		memcpy(buf, frame, r.held);
		frame_move(buf, r.held, copy);
		r.sec += copy * shift_s;
		fwrite(&r, sizeof r, 1, out);
		fwrite(buf, r.held, 1, out);
	}
}

int main(int argc, char **argv)
{
	unsigned long times;
	uint32_t shift_s;
	struct cap c;
	FILE *out;

	if (argc != 4)
		errx(2, "usage: multiply FILE TIMES OUT");
	times = strtoul(argv[2], NULL, 10);
	if (times < 1 || times > COPIES_MAX)
		errx(2, "TIMES is 1 to %d", COPIES_MAX);
	cap_open(&c, argv[1]);
	if ((out = fopen(argv[3], "wb")) == NULL)
		err(1, "%s", argv[3]);
	setvbuf(out, NULL, _IOFBF, 1 << 20);
	shift_s = span_s(c);
	fwrite(c.file, CAP_HEAD, 1, out);
	for (unsigned copy = 0; copy < times; copy++)
		copy_write(c, copy, shift_s, out);
	if (ferror(out) || fclose(out) != 0)
		err(1, "%s", argv[3]);
	return 0;
}
