/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tld.c - the zone of a top-level domain, as a registry publishes it.
 *
 *	tld OUT [COUNT [SEED]]
 *
 * COUNT delegations (five million) below bench., sorted, one record a line, every name
 * written out, as in the files that registries hand out:
 *
 *	bakotesu-7.bench.	3600	in	ns	ns1.operator-12.example.net.
 *
 * What is in it, a delegation:
 *
 *	NS      two to four: 62 % two, 10 % three, 28 % four
 *	        94 % at an operator. Operators are one for fifty delegations, drawn with
 *	        1/rank: the first has some 9 % of all, half of them have one to three.
 *	        The ten largest spread their customers over 256 pairs of names each.
 *	        Of the operators' names one in six lies below bench. itself.
 *	        6 % serve themselves, with glue: two addresses each of A, half AAAA too
 *	DS      8 %, one, SHA-256; one in eight of them a second one
 *
 * Labels are syllables with digits and hyphens, 6 to 40 octets, 11 on average; 2 % are
 * A-labels (an e with an acute accent before ASCII letters). All of it from SEED: the same
 * arguments give the same octets. Cost: 160 octets of text a delegation, 3 records; 40
 * octets of memory. */
#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT	  5000000u
#define COUNT_MAX 40000000u
#define LABEL_MAX 40
#define BIG	  10u	/* operators with many names */
#define PAIRS	  256u

struct maker {
	FILE *out;
	uint64_t seed;
	uint32_t count, operators;
	char (*labels)[LABEL_MAX + 1];
};

static uint64_t mix64(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

/* A number drawn for a thing: the same one each time it is asked for. */
static uint64_t drawn(const struct maker *m, uint64_t thing, unsigned what)
{
	return mix64(m->seed ^ mix64(thing * 64 + what));
}

static uint32_t below(uint64_t number, uint32_t n)
{
	return (uint32_t)((number >> 32) * n >> 32);
}

/* ---- names ---- */

static size_t syllables(char *to, uint64_t x, unsigned n)
{
	static const char consonant[] = "bcdfghjklmnprstv", vowel[] = "aeio";
	size_t len = 0;

	for (; n > 0; n--, x >>= 6) {
		to[len++] = consonant[x & 15];
		to[len++] = vowel[x >> 4 & 3];
	}
	return len;
}

/* Punycode (RFC 3492, 6.3) of U+00E9 before n ASCII letters, behind these. */
static size_t accent(char *to, unsigned n)
{
	unsigned q = (0xe9 - 0x80) * (n + 1), k = 36, t;
	size_t len = 0;

	to[len++] = '-';
	for (;; k += 36) {	/* the first bias is 72 */
		t = k <= 72 ? 1 : k >= 98 ? 26 : k - 72;
		if (q < t)
			break;
		to[len++] = "abcdefghijklmnopqrstuvwxyz0123456789"[t + (q - t) % (36 - t)];
		q = (q - t) / (36 - t);
	}
	to[len++] = "abcdefghijklmnopqrstuvwxyz0123456789"[q];
	return len;
}

static void make_label(const struct maker *m, uint32_t i, char *to)
{
	uint64_t x = drawn(m, i, 0), y = drawn(m, i, 1);
	unsigned n = 3 + below(y, 4) + (below(y << 8, 8) == 0 ? 2 + below(y << 16, 6) : 0);
	unsigned end = below(y << 4, 12);
	size_t len;

	if (below(y << 24, 50) == 0) {
		memcpy(to, "xn--", 4);
		len = 4 + syllables(to + 4, x, n < 10 ? n : 10);
		len += accent(to + len, (unsigned)len - 4);
		to[len] = '\0';
		return;
	}
	len = syllables(to, x, n < 10 ? n : 10);
	if (n > 10)
		len += syllables(to + len, mix64(x), n - 10);
	if (end < 2)
		len += (size_t)sprintf(to + len, "-%u", below(x, 1000));
	else if (end < 4)
		len += (size_t)sprintf(to + len, "%u", below(x, 100));
	to[len] = '\0';
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* COUNT different labels in order; what came twice is made again. */
static void make_labels(struct maker *m)
{
	uint32_t made = 0, have = 0;
	size_t size = sizeof *m->labels;

	m->labels = malloc((size_t)m->count * size);
	if (m->labels == NULL)
		err(1, NULL);
	while (have < m->count) {
		uint32_t kept = 0;

		for (; have < m->count; have++)
			make_label(m, made++, m->labels[have]);
		qsort(m->labels, have, size, by_text);
		for (uint32_t i = 0; i < have; i++)
			if (i == 0 || strcmp(m->labels[i], m->labels[kept - 1]) != 0)
				memmove(m->labels[kept++], m->labels[i], size);
		have = kept;
	}
}

/* ---- records ---- */

static bool is_own(const struct maker *m, uint32_t i)
{
	return below(drawn(m, i, 2), 100) < 6;
}

static unsigned servers_of(const struct maker *m, uint32_t i)
{
	uint32_t lot = below(drawn(m, i, 3), 100);

	return lot < 62 ? 2 : lot < 72 ? 3 : 4;
}

/* The domain of an operator, and how many servers it has: in another zone, or a delegation
 * of this one that serves itself. */
static unsigned operator_domain(const struct maker *m, uint32_t rank, char *to)
{
	static const char *const ends[] = { "com", "net", "org", "de", "co.uk" };
	uint64_t x = drawn(m, rank, 8);
	uint32_t i = below(x << 16, m->count);

	if (rank >= BIG && below(x, 6) == 0) {
		while (!is_own(m, i))
			i = (i + 1) % m->count;
		snprintf(to, 120, "%s.bench.", m->labels[i]);
		return servers_of(m, i);
	}
	to += syllables(to, x, 3 + below(x << 30, 3));
	snprintf(to, 100, "-%u.%s.", rank, ends[below(x << 8, 5)]);
	return 4;
}

static void put_ns(const struct maker *m, const char *label, const char *server)
{
	fprintf(m->out, "%s.bench.\t3600\tin\tns\t%s\n", label, server);
}

static void operator_servers(const struct maker *m, uint32_t i)
{
	double lot = (double)(drawn(m, i, 4) >> 11) / (double)(1ull << 53);
	uint32_t rank = (uint32_t)exp(lot * log((double)m->operators)) - 1;
	unsigned n = servers_of(m, i), pair = below(drawn(m, i, 5), PAIRS);
	char domain[128], server[200];
	unsigned most = operator_domain(m, rank, domain);

	for (unsigned k = 0; k < n && k < most; k++) {
		if (rank < BIG)
			snprintf(server, sizeof server, "%c%u.ns.%s", "abcd"[k], pair, domain);
		else
			snprintf(server, sizeof server, "ns%u.%s", k + 1, domain);
		put_ns(m, m->labels[i], server);
	}
}

static void own_servers(const struct maker *m, uint32_t i)
{
	unsigned n = servers_of(m, i);
	char server[100];

	for (unsigned k = 1; k <= n; k++) {
		snprintf(server, sizeof server, "ns%u.%s.bench.", k, m->labels[i]);
		put_ns(m, m->labels[i], server);
	}
}

/* Addresses that are no special ones: 11.0.0.0/8 and below 2a00::/16. */
static void put_glue(const struct maker *m, uint32_t i)
{
	unsigned n = servers_of(m, i);

	for (unsigned k = 1; k <= n; k++) {
		uint64_t x = drawn(m, i, 16 + k);

		fprintf(m->out, "ns%u.%s.bench.\t3600\tin\ta\t11.%u.%u.%u\n", k, m->labels[i],
			(unsigned)(x & 255), (unsigned)(x >> 8 & 255), 1 + below(x, 254));
		if (x >> 20 & 1)
			fprintf(m->out, "ns%u.%s.bench.\t3600\tin\taaaa\t2a00:%x:%x::%u\n", k,
				m->labels[i], (unsigned)(x >> 24 & 0xffff),
				(unsigned)(x >> 40 & 0xffff), k);
	}
}

static void put_ds(const struct maker *m, uint32_t i)
{
	uint64_t x = drawn(m, i, 6);
	unsigned n = below(x, 100) >= 8 ? 0 : x & 7 ? 1 : 2;

	for (unsigned k = 0; k < n; k++) {
		fprintf(m->out, "%s.bench.\t3600\tin\tds\t%u 13 2 ", m->labels[i],
			(unsigned)(drawn(m, i, 24 + k) & 0xffff));
		for (unsigned part = 0; part < 4; part++)
			fprintf(m->out, "%016llX",
				(unsigned long long)drawn(m, i, 28 + 4 * k + part));
		fputc('\n', m->out);
	}
}

int main(int argc, char **argv)
{
	struct maker m = { .count = COUNT, .seed = 1 };

	if (argc < 2 || argc > 4)
		errx(2, "usage: tld OUT [COUNT [SEED]]");
	if (argc > 2)
		m.count = (uint32_t)strtoul(argv[2], NULL, 10);
	if (argc > 3)
		m.seed = strtoull(argv[3], NULL, 10);
	if (m.count < 100 || m.count > COUNT_MAX)
		errx(2, "COUNT is 100 to %u", COUNT_MAX);
	if ((m.out = fopen(argv[1], "w")) == NULL)
		err(1, "%s", argv[1]);
	m.operators = m.count / 50;
	make_labels(&m);
	fprintf(m.out, "bench.\t86400\tin\tsoa\ta.nic.bench. hostmaster.nic.bench. 2026010100 "
		       "1800 900 604800 3600\n");
	for (int k = 0; k < 4; k++)
		fprintf(m.out, "bench.\t86400\tin\tns\t%c.nic.example.\n", "abcd"[k]);
	for (uint32_t i = 0; i < m.count; i++) {
		if (is_own(&m, i))
			own_servers(&m, i);
		else
			operator_servers(&m, i);
		put_ds(&m, i);
		if (is_own(&m, i))
			put_glue(&m, i);
	}
	free(m.labels);
	if (fflush(m.out) == EOF || ferror(m.out) || fclose(m.out) == EOF)
		err(1, "%s", argv[1]);
	return 0;
}
