/* SPDX-License-Identifier: GPL-3.0-or-later */
/* signature.c - what one signature costs, without a zone around it.
 *
 *   signature [THREADS]      a table: microseconds a signature
 *
 *   each    EVP_DigestVerifyInit and EVP_DigestVerify for every signature, as most tools do
 *   evp     sig_check() for a key that has no table: libcrypto with prepared contexts
 *   some    sig_check() for a P-256 key of 1,000 uses
 *   many    sig_check() for a P-256 key of 100,000 uses
 *   open    milliseconds until a key of 100,000 uses is ready
 *
 * 1,024 signatures of one key over 200 octets each, all good; the least of three rounds. CPU
 * time of the thread; with THREADS, wall time of that many at once, divided by what they did. */
#include "dns/sig.h"
#include "../test/unit/sig_make.h"
#include <pthread.h>
#include <time.h>

enum { COUNT_OF = 1024, ROUNDS = 3, OCTETS = 200 };

static struct work {
	struct sig_check checks[COUNT_OF];
	u8 sig[COUNT_OF][512], data[COUNT_OF][OCTETS];
} work;

static double now(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void sign_all(const struct signer *s)
{
	for (unsigned i = 0; i < COUNT_OF; i++) {
		memset(work.data[i], (int)i, OCTETS);
		work.data[i][0] = (u8)(i >> 8);
		work.checks[i] = (struct sig_check){ .data = work.data[i],
			.data_len = OCTETS, .sig = work.sig[i] };
		work.checks[i].sig_len = signer_sign(s, work.data[i], OCTETS, work.sig[i]);
	}
}

static double check_all(const struct sig_key *k)
{
	static struct sig_check c[COUNT_OF];
	struct sig_worker *w;
	double least = 1e9;

	must(sig_worker_make(&w) == 0);
	memcpy(c, work.checks, sizeof c);
	for (unsigned i = 0; i < COUNT_OF; i++)
		c[i].key = k;
	for (int r = 0; r < ROUNDS; r++) {
		double begun = now(CLOCK_THREAD_CPUTIME_ID), took;

		sig_check(w, c, COUNT_OF);
		took = now(CLOCK_THREAD_CPUTIME_ID) - begun;
		least = took < least ? took : least;
	}
	for (unsigned i = 0; i < COUNT_OF; i++)
		must(c[i].good == 1);
	sig_worker_free(w);
	return least / COUNT_OF * 1e6;
}

static double with_key(const struct signer *s, u64 uses, double *open_ms)
{
	double begun = now(CLOCK_THREAD_CPUTIME_ID), took;
	struct sig_key *k;

	must(sig_key_open(&k, s->rdata, s->rdlen, uses) == 0);
	*open_ms = (now(CLOCK_THREAD_CPUTIME_ID) - begun) * 1e3;
	took = check_all(k);
	sig_key_free(k);
	return took;
}

/* As it is done without thinking of it; the signature as sign_all() got it from libcrypto. */
static double each(const struct signer *s, const char *digest)
{
	enum { FEW = 1000 };
	static u8 sig[FEW][600];
	static size_t len[FEW];
	EVP_MD_CTX *ctx;
	double begun;

	for (unsigned i = 0; i < FEW; i++) {
		ctx = EVP_MD_CTX_new();
		len[i] = sizeof sig[i];
		must(EVP_DigestSignInit_ex(ctx, NULL, digest, NULL, NULL, s->pkey, NULL) == 1);
		must(EVP_DigestSign(ctx, sig[i], &len[i], work.data[i], OCTETS) == 1);
		EVP_MD_CTX_free(ctx);
	}
	begun = now(CLOCK_THREAD_CPUTIME_ID);
	for (unsigned i = 0; i < FEW; i++) {
		ctx = EVP_MD_CTX_new();
		must(EVP_DigestVerifyInit_ex(ctx, NULL, digest, NULL, NULL, s->pkey, NULL) == 1);
		must(EVP_DigestVerify(ctx, sig[i], len[i], work.data[i], OCTETS) == 1);
		EVP_MD_CTX_free(ctx);
	}
	return (now(CLOCK_THREAD_CPUTIME_ID) - begun) / FEW * 1e6;
}

/* ---- threads ---- */

struct thread { pthread_t id; const struct sig_key *key; };

static void *run_thread(void *arg)
{
	const struct thread *t = arg;
	struct sig_check *c = malloc(sizeof work.checks);
	struct sig_worker *w;

	must(c && sig_worker_make(&w) == 0);
	memcpy(c, work.checks, sizeof work.checks);
	for (unsigned i = 0; i < COUNT_OF; i++)
		c[i].key = t->key;
	for (int r = 0; r < ROUNDS; r++)
		sig_check(w, c, COUNT_OF);
	sig_worker_free(w);
	free(c);
	return NULL;
}

static double threads(const struct signer *s, unsigned n)
{
	struct thread t[64];
	struct sig_key *k;
	double begun;

	must(sig_key_open(&k, s->rdata, s->rdlen, 100000) == 0);
	begun = now(CLOCK_MONOTONIC);
	for (unsigned i = 0; i < n; i++) {
		t[i].key = k;
		must(pthread_create(&t[i].id, NULL, run_thread, &t[i]) == 0);
	}
	for (unsigned i = 0; i < n; i++)
		pthread_join(t[i].id, NULL);
	begun = now(CLOCK_MONOTONIC) - begun;
	sig_key_free(k);
	return begun / (ROUNDS) / COUNT_OF / n * 1e6;
}

int main(int argc, char **argv)
{
	static const struct { const char *name, *digest; u8 algorithm; u16 bits; } rows[] = {
		{ "RSA 1024", "SHA256", SIG_RSASHA256, 1024 },
		{ "RSA 2048", "SHA256", SIG_RSASHA256, 2048 },
		{ "RSA 4096", "SHA256", SIG_RSASHA256, 4096 },
		{ "ECDSA P-256", "SHA256", SIG_ECDSA_P256, 0 },
		{ "ECDSA P-384", "SHA384", SIG_ECDSA_P384, 0 },
		{ "Ed25519", NULL, SIG_ED25519, 0 },
		{ "Ed448", NULL, SIG_ED448, 0 },
	};
	unsigned n = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;

	must(n <= 64 && sig_prepare() == 0);
	printf("%-12s %8s %8s %8s %8s %8s%s\n", "us", "each", "evp", "some", "many", "open ms",
	       n ? "  threads" : "");
	for (unsigned i = 0; i < COUNT(rows); i++) {
		struct signer s;
		double open_ms, evp, some, many;

		signer_make(&s, rows[i].algorithm, rows[i].bits);
		sign_all(&s);
		evp = with_key(&s, 1, &open_ms);
		some = with_key(&s, 1000, &open_ms);
		many = with_key(&s, 100000, &open_ms);
		printf("%-12s %8.2f %8.2f %8.2f %8.2f %8.2f", rows[i].name,
		       each(&s, rows[i].digest), evp, some, many, open_ms);
		if (n)
			printf(" %8.2f", threads(&s, n));
		puts("");
		signer_end(&s);
	}
}
