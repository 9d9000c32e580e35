/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig_fuzz.c - DNSKEY RDATA and signatures as foreign octets, and sets of marks.
 *
 *   input: how 1 | RDATA's length 2 | RDATA | signature's length 2 | signature | the rest:
 *          signed octets; or marks of 16 octets; or (place 1, octet 1) to spoil a signature
 *
 * A key opens with a table and without one alike; sig_shape() foresees what is refused; both
 * give one verdict on the signature, which is the same when asked twice and among others, and
 * "odd" is never counted. The good signature of RFC 6605 is spoilt where the input says so. A
 * set of marks has what it was made of. The whole input is also read as such a set: what is
 * read is what is written again. */
#include "base/rd.h"
#include "dns/sig_seen.h"
#include "../unit/sig_make.h"

/* ---- keys and signatures ---- */

/* Made once: libFuzzer runs one input after another in one process. */
static struct own {
	struct sig_worker *w;
	struct sig_key *plain, *table;
	u8 data[128], sig[512];
	u32 data_len, sig_len;
} own;

/* RFC 6605, 6.1: a good signature, and what it signs. */
static void own_make(void)
{
	u8 rdata[512] = { 1, 1, 3, SIG_ECDSA_P256 };

	if (own.w)
		return;
	must(sig_prepare() == 0 && sig_worker_make(&own.w) == 0);
	must(base64_read("GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+"
			 "e+MAnLr+Wi9xMWyQLc8NAA==", rdata + 4) == 64);
	own.sig_len = base64_read("qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXAyGmt+3SNruPF"
				  "KG7tZoLBLlUzGGus7ZwmwWep666VCw==", own.sig);
	own.data_len = base64_read("AAENAwAADhBMiLE3TGPHN9lgB2V4YW1wbGUDbmV0AAN3d3cHZXhhbXBs"
				   "ZQNuZXQAAAEAAQAADhAABMAAAgE=", own.data);
	must(sig_key_open(&own.plain, rdata, 68, 1) == 0);
	must(sig_key_open(&own.table, rdata, 68, 1000) == 0);
}

static void same_verdict(struct sig_check *c, unsigned n)
{
	sig_check(own.w, c, n);
	for (unsigned i = 0; i < n; i++)
		must(c[i].good == c[0].good && c[0].good >= 0);
	must(sig_worker_count(own.w)->odd == 0);
}

/* The keys of RDATA that came lately: most inputs change the signature alone. */
static struct opened {
	u8 rdata[1200];
	u32 len;
	struct sig_key *plain, *table;	/* NULL: refused */
} lately[16];

static const struct opened *open_both(const u8 *rdata, u32 len)
{
	struct opened *o = &lately[sig_key_tag(rdata, len) % COUNT(lately)];
	struct sig_shape shape;
	int rc, shaped;

	if (o->len == len && memcmp(o->rdata, rdata, len) == 0)
		return o;
	sig_key_free(o->plain);
	sig_key_free(o->table);
	*o = (struct opened){ .len = len };
	memcpy(o->rdata, rdata, len);
	shaped = sig_shape(rdata, len, &shape);
	rc = sig_key_open(&o->plain, rdata, len, 1);
	must(rc == sig_key_open(&o->table, rdata, len, 200));
	must(shaped == 0 || rc == shaped);
	return o;
}

static const u8 *piece(struct rd *r, u32 most, u32 *len)
{
	*len = rd_u16(r) % most;
	*len = *len > rd_left(r) ? (u32)rd_left(r) : *len;
	return rd_take(r, *len);
}

static void foreign_key(struct rd *r)
{
	u32 len, sig_len;
	const u8 *rdata = piece(r, 1200, &len), *sig = piece(r, 600, &sig_len);
	const struct opened *o;

	if (r->bad)
		return;
	o = open_both(rdata, len);
	if (o->plain) {
		struct sig_check one = { o->plain, r->p, (u32)rd_left(r), sig, sig_len, 0 };
		struct sig_check c[4] = { one, one, one, one };

		c[1].key = c[3].key = o->table;
		same_verdict(c, 4);
	}
}

/* The good signature, with octets of the input laid over it and over what it signs. */
static void spoilt(struct rd *r)
{
	u8 sig[64], data[128];
	struct sig_check c[2] = {
		{ own.table, data, own.data_len, sig, own.sig_len, 0 },
		{ own.plain, data, own.data_len, sig, own.sig_len, 0 },
	};
	bool same;

	memcpy(sig, own.sig, sizeof sig);
	memcpy(data, own.data, sizeof data);
	while (rd_left(r) >= 2) {
		u8 at = rd_u8(r);

		*(at < 64 ? &sig[at] : &data[at % own.data_len]) ^= rd_u8(r);
	}
	same_verdict(c, 2);
	same = memcmp(sig, own.sig, sizeof sig) == 0 && memcmp(data, own.data, sizeof data) == 0;
	must(!same || c[0].good == 1);
}

/* ---- sets ---- */

struct copy { const u8 *left; size_t n; };

static int compare(void *to, const void *octets, size_t n)
{
	struct copy *c = to;

	must(n <= c->n && memcmp(c->left, octets, n) == 0);
	c->left += n;
	c->n -= n;
	return 0;
}

static void set_of(const u8 *octets, size_t n)
{
	struct copy c = { octets, n };
	struct sig_marks m = { 0 };
	struct sig_seen seen;

	if (sig_seen_view(&seen, octets, n))
		return;
	for (u32 i = seen.count; i-- > 0;)
		must(sig_seen_has(&seen, seen.at[i]) && sig_marks_add(&m, seen.at[i]) == 0);
	must(sig_marks_sort(&m) == 0 && m.count == seen.count);
	must(sig_seen_write(&m, compare, &c) == 0 && c.n == 0);
	sig_marks_free(&m);
}

/* Marks out of the input's octets: a set that is made of them has them. */
static void set_from(struct rd *r)
{
	struct sig_marks m = { 0 };
	struct sig_seen seen;

	while (rd_left(r) >= SIG_MARK)
		must(sig_marks_add(&m, rd_take(r, SIG_MARK)) == 0);
	must(sig_marks_sort(&m) == 0);
	seen = (struct sig_seen){ (const u8 (*)[SIG_MARK])m.at, m.count };
	for (u32 i = 0; i < m.count; i++) {
		u8 other[SIG_MARK];

		must(sig_seen_has(&seen, m.at[i]));
		memcpy(other, m.at[i], SIG_MARK);
		other[SIG_MARK - 1]++;
		must(sig_seen_has(&seen, other) ==
		     (i + 1 < m.count && memcmp(other, m.at[i + 1], SIG_MARK) == 0) ||
		     other[SIG_MARK - 1] == 0);
	}
	sig_marks_free(&m);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t n);
int LLVMFuzzerTestOneInput(const u8 *data, size_t n)
{
	struct rd r = rd_of(data, n);

	own_make();
	switch (rd_u8(&r) % 4) {
	case 0: set_from(&r); break;
	case 1: spoilt(&r); break;
	default: foreign_key(&r);
	}
	set_of(data, n);
	return 0;
}
