/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hostile.c - traffic that tries to fill every table, with one real attacker in it.
 *
 *	hostile OUT [COUNT]
 *
 * Ten minutes before a resolver, synthesised straight to pcap (no server could or
 * need answer it). COUNT look-ups (ten million), each from an address never seen
 * before for a name never seen before, each answered:
 *
 *	50 %  a domain of its own: bakotesu.com          NXDOMAIN
 *	30 %  a host under one of 65,536 domains         NOERROR, one address
 *	10 %  a host four labels deep in them            NXDOMAIN
 *	10 %  a random label under flood-victim.org,     NXDOMAIN: the random-subdomain
 *	      sent from ever new addresses               flood
 *
 * and after every fiftieth one look-up of the heavy attacker: client 192.0.2.66
 * carries random data in base32 labels under tunnel-bench.net, 120 octets of TXT
 * come back. Those names are distinct as well. A quarter of the clients are IPv6.
 *
 * The numbers are mixed by bijections, so that "never before" is true by
 * construction and the same arguments give the same bytes. The labels read like
 * syllables (the numbers of a 24-bit space), not like random letters: what is
 * hostile here is quantity. The flood's are letters at random.
 *
 * Cost: some 3 GB, a few seconds of CPU. Limit: COUNT is at most 2^24. */
#include <arpa/inet.h>
#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT	   10000000u
#define COUNT_MAX  (1u << 24)
#define SPAN_US	   600000000ull
#define START_S	   1767225600u	/* 2026-01-01T00:00:00Z */
#define EVERY	   50u		/* one look-up of the attacker after so many */
#define DOMAINS	   65536u
#define ETHER	   14u
#define TXT_OCTETS 120u

enum { TYPE_A = 1, TYPE_TXT = 16, RCODE_NXDOMAIN = 3 };

/* One look-up; `tag` makes ids, ports and answers, `zone` is where in the name the
 * zone that denies it begins. */
struct lookup {
	uint64_t at_us;
	uint32_t tag;
	bool	 v6;
	uint8_t	 client[16];
	char	 name[256];
	uint16_t zone;
	uint16_t type;
	uint8_t	 rcode;
};

struct frame {
	uint8_t at[1600];
	size_t	len;
};

/* A number to another, one to one, on 24 bits: odd factors and shifts. */
static uint32_t mix24(uint32_t x)
{
	x = x * 0x9e3779u & 0xffffff;
	x ^= x >> 11;
	x = x * 0x85ebcbu & 0xffffff;
	return x ^ x >> 13;
}

/* The same on 64 bits (splitmix64's end). */
static uint64_t mix64(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

/* Four syllables for 24 bits: distinct numbers, distinct labels. */
static char *syllables(char *p, uint32_t x)
{
	static const char consonant[] = "bcdfghjklmnprstv", vowel[] = "aeio";

	for (int i = 0; i < 4; i++, x >>= 6) {
		*p++ = consonant[x & 15];
		*p++ = vowel[x >> 4 & 3];
	}
	*p = '\0';
	return p;
}

static char *base32(char *p, uint64_t x, int letters)
{
	static const char digit[] = "abcdefghijklmnopqrstuvwxyz234567";

	for (; letters > 0; letters--, x >>= 5)
		*p++ = digit[x & 31];
	*p = '\0';
	return p;
}

static const char *suffix(uint32_t x)
{
	static const char *const known[] = { "com", "net", "org", "de", "co.uk", "nl",
		"fr", "info", "io", "com.br", "it", "pl", "co.jp", "ca", "se", "xyz" };

	return known[x & 15];
}

/* One of the DOMAINS that exist; its suffix follows from its number. */
static void known_domain(char *p, uint32_t x)
{
	x %= DOMAINS;
	p = syllables(p, mix24(x));
	sprintf(p, "-%u.%s", x % 10, suffix(x >> 4));
}

static void crowd_name(struct lookup *q, uint32_t i)
{
	uint32_t x = mix24(i);
	char *p = q->name;

	q->type = TYPE_A;
	q->rcode = RCODE_NXDOMAIN;
	if (i % 10 < 5) {
		p = syllables(p, x);
		*p++ = '.';
		strcpy(p, suffix(x));
	} else if (i % 10 < 8) {
		p = syllables(p, x);
		*p++ = '.';
		known_domain(p, x >> 3);
		q->rcode = 0;
	} else if (i % 10 < 9) {
		p = syllables(p, x);
		p += sprintf(p, ".eu-%u.prod.edge.", x % 9);
		known_domain(p, x >> 5);
	} else {
		p = base32(p, mix64(i), 13);
		*p++ = '.';
		strcpy(p, "flood-victim.org");
	}
	q->zone = (uint16_t)(p - q->name);
}

static void crowd_client(struct lookup *q, uint32_t i)
{
	uint64_t x = mix64(i);
	uint32_t host = mix24(i ^ 0x5a5a5a);

	q->v6 = i % 4 == 3;
	if (q->v6) {
		static const uint8_t block[] = { 0x20, 0x01, 0x0d, 0xb8, 0x60, 0, 0, 0 };

		memcpy(q->client, block, 8);
		memcpy(q->client + 8, &x, 8);
		return;
	}
	q->client[0] = 10;
	q->client[1] = (uint8_t)(host >> 16);
	q->client[2] = (uint8_t)(host >> 8);
	q->client[3] = (uint8_t)host;
}

static void attacker(struct lookup *q, uint32_t n)
{
	char *p = q->name;

	for (uint32_t part = 0; part < 12; part++) {
		p = base32(p, mix64(((uint64_t)n << 8 | part) + (1ull << 40)), 12);
		if (part % 4 == 3)
			*p++ = '.';
	}
	strcpy(p, "t.tunnel-bench.net");
	q->type = TYPE_TXT;
	q->rcode = 0;
	q->v6 = false;
	memcpy(q->client, (const uint8_t[]){ 192, 0, 2, 66 }, 4);
}

static uint8_t *put16(uint8_t *p, unsigned v)
{
	*p++ = (uint8_t)(v >> 8);
	*p++ = (uint8_t)v;
	return p;
}

static uint8_t *put32(uint8_t *p, uint32_t v)
{
	return put16(put16(p, v >> 16), v & 0xffff);
}

static uint8_t *put_bytes(uint8_t *p, const void *from, size_t n)
{
	memcpy(p, from, n);
	return p + n;
}

static uint8_t *put_name(uint8_t *p, const char *name)
{
	while (*name != '\0') {
		size_t n = strcspn(name, ".");

		*p++ = (uint8_t)n;
		p = put_bytes(p, name, n);
		name += n + (name[n] == '.');
	}
	*p++ = 0;
	return p;
}

/* Owner (a pointer to `at` of the question's name), type, class, TTL, length. The
 * text of a name is as long as its wire form before the point: 12 + at it is. */
static uint8_t *put_record(uint8_t *p, unsigned at, uint16_t type, uint16_t rdlen)
{
	p = put16(put16(put16(p, 0xc00c + at), type), 1);
	return put16(put32(p, type == TYPE_TXT ? 0 : 300), rdlen);
}

/* The SOA that denies the name, RFC 2308, 3. */
static uint8_t *put_soa(uint8_t *p, unsigned zone)
{
	p = put_record(p, zone, 6, 5 + 13 + 20);
	p = put16(put_bytes(p, "\2ns", 3), 0xc00c + zone);
	p = put16(put_bytes(p, "\12hostmaster", 11), 0xc00c + zone);
	p = put32(put32(p, 2026010100), 7200);
	return put32(put32(put32(p, 900), 1209600), 300);
}

static uint8_t *put_txt(uint8_t *p, uint32_t tag)
{
	p = put_record(p, 0, TYPE_TXT, TXT_OCTETS + 1);
	*p++ = TXT_OCTETS;
	for (uint32_t i = 0; i < TXT_OCTETS / 12; i++)
		p = (uint8_t *)base32((char *)p, mix64((uint64_t)tag << 8 | i), 12);
	return p;
}

static uint8_t *put_opt(uint8_t *p)
{
	return put_bytes(p, "\0\0\x29\x04\xd0\0\0\0\0\0", 11);
}

static uint8_t *put_message(uint8_t *p, const struct lookup *q, bool answer)
{
	bool found = answer && q->rcode == 0;

	p = put16(p, q->tag * 40503u & 0xffff);
	p = put16(p, answer ? 0x8180u | q->rcode : 0x0100u);
	p = put16(put16(p, 1), found);
	p = put16(put16(p, answer && !found), 1);
	p = put16(put16(put_name(p, q->name), q->type), 1);
	if (found && q->type == TYPE_TXT)
		p = put_txt(p, q->tag);
	else if (found)
		p = put32(put_record(p, 0, TYPE_A, 4), 0xc6130000 | (q->tag & 0xffff));
	else if (answer)
		p = put_soa(p, q->zone);
	return put_opt(p);
}

static uint32_t sum_add(uint32_t sum, const uint8_t *p, size_t n)
{
	for (; n > 1; n -= 2, p += 2)
		sum += (uint32_t)(p[0] << 8 | p[1]);
	return n ? sum + (uint32_t)(p[0] << 8) : sum;
}

static uint16_t sum_end(uint32_t sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~(sum + (sum >> 16));
}

/* The IP header before `payload` octets of UDP; gives where UDP begins. */
static uint8_t *put_ip(uint8_t *p, const struct lookup *q, bool answer, size_t payload)
{
	static const uint8_t server4[] = { 192, 0, 2, 53 };
	static const uint8_t server6[16] = { 0x20, 0x01, 0x0d, 0xb8, 0, 0x53,
		[15] = 0x53 };
	size_t size = q->v6 ? 16 : 4;
	const uint8_t *server = q->v6 ? server6 : server4;
	uint8_t *head = p;

	if (q->v6) {
		p = put16(put32(p, 0x60000000), (unsigned)payload);
		p = put_bytes(p, "\x11\x40", 2);
	} else {
		p = put16(put16(p, 0x4500), (unsigned)payload + 20);
		p = put_bytes(put16(p, q->tag & 0xffff), "\0\0\x40\x11\0\0", 6);
	}
	p = put_bytes(p, answer ? server : q->client, size);
	p = put_bytes(p, answer ? q->client : server, size);
	if (!q->v6)
		put16(head + 10, sum_end(sum_add(0, head, 20)));
	return p;
}

static void frame_make(struct frame *f, const struct lookup *q, bool answer)
{
	uint8_t *ip = f->at + ETHER, *udp = ip + (q->v6 ? 40 : 20);
	uint8_t *end = put_message(udp + 8, q, answer);
	size_t payload = (size_t)(end - udp), addrs = q->v6 ? 32 : 8;
	uint16_t port = (uint16_t)(1024 + q->tag * 7919u % 64000), sum;

	memcpy(f->at, "\2\0\0\0\0\1\2\0\0\0\0\2\x08", 13);
	put16(f->at + 12, q->v6 ? 0x86dd : 0x0800);
	put_ip(ip, q, answer, payload);
	put16(put16(udp, answer ? 53 : port), answer ? port : 53);
	put16(put16(udp + 4, (unsigned)payload), 0);
	/* RFC 768: pseudo header (addresses, protocol, length), header, data. */
	sum = sum_end(sum_add((uint32_t)payload + 17, udp - addrs, addrs + payload));
	put16(udp + 6, sum ? sum : 0xffff);
	f->len = (size_t)(end - f->at);
}

static void frame_write(FILE *out, const struct frame *f, uint64_t at_us)
{
	uint32_t head[4] = { START_S + (uint32_t)(at_us / 1000000),
		(uint32_t)(at_us % 1000000), (uint32_t)f->len, (uint32_t)f->len };

	fwrite(head, sizeof head, 1, out);
	fwrite(f->at, f->len, 1, out);
}

/* The answer to the look-up before, then this one: so time never runs back. */
static void lookup_write(FILE *out, const struct lookup *q, const struct lookup *before)
{
	struct frame f;

	if (before->name[0] != '\0') {
		frame_make(&f, before, true);
		frame_write(out, &f, q->at_us);
	}
	if (q->name[0] != '\0') {
		frame_make(&f, q, false);
		frame_write(out, &f, q->at_us);
	}
}

static void all_write(FILE *out, uint32_t count)
{
	struct lookup before = { 0 }, q;
	uint32_t tag = 0;

	for (uint32_t i = 0; i < count; i++) {
		q = (struct lookup){ .at_us = SPAN_US * i / count, .tag = ++tag };
		crowd_name(&q, i);
		crowd_client(&q, i);
		lookup_write(out, &q, &before);
		before = q;
		if (i % EVERY != EVERY - 1)
			continue;
		q.tag = ++tag;
		attacker(&q, i / EVERY);
		lookup_write(out, &q, &before);
		before = q;
	}
	lookup_write(out, &(struct lookup){ .at_us = SPAN_US + 1000 }, &before);
}

int main(int argc, char **argv)
{
	static const uint32_t head[6] = { 0xa1b2c3d4, 4u << 16 | 2, 0, 0, 262144, 1 };
	unsigned long count = COUNT;
	FILE *out;

	if (argc < 2 || argc > 3)
		errx(2, "usage: hostile OUT [COUNT]");
	if (argc == 3)
		count = strtoul(argv[2], NULL, 10);
	if (count < 1 || count > COUNT_MAX)
		errx(2, "COUNT is 1 to %u", COUNT_MAX);
	if ((out = fopen(argv[1], "wb")) == NULL)
		err(1, "%s", argv[1]);
	setvbuf(out, NULL, _IOFBF, 1 << 20);
	fwrite(head, sizeof head, 1, out);
	all_write(out, (uint32_t)count);
	if (ferror(out) || fclose(out) != 0)
		err(1, "%s", argv[1]);
	return 0;
}
