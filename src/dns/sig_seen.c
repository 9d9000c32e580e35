/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sig_seen.c - see sig_seen.h.
 *
 * Marks are evenly spread, being hashes. Sorting uses that (65,536 heaps by the first two
 * octets, each sorted by itself: 40 ns a mark), and looking up, too: where in the range the
 * mark would lie tells where to look. A set made to mislead that costs a binary search. */
#include "dns/sig_seen.h"
#include "dns/sig_own.h"
#include "base/rd.h"

#define HEAD 64u
#define HASHED_HEAD 32u	/* octets before the hash */
#define HEAPS 65536u
#define GUESSES 8	/* then by halves */

static const u8 magic[8] = { 'V', 'd', 'S', 'e', 'e', 'n', '\r', '\n' };

/* ---- gathering ---- */

static int room_for(struct sig_marks *m, u64 more)
{
	u64 want = m->room ? m->room : 1024;
	void *at;

	if (m->count + more > SIG_MARKS_MAX)
		return OOPS_LIMIT;
	if (m->count + more <= m->room)
		return 0;
	while (want < m->count + more)
		want *= 2;
	if ((at = realloc(m->at, want * SIG_MARK)) == NULL)
		return -ENOMEM;
	m->at = at;
	m->room = (u32)want;
	return 0;
}

int sig_marks_add(struct sig_marks *m, const u8 mark[SIG_MARK])
{
	int rc = room_for(m, 1);

	if (rc == 0)
		memcpy(m->at[m->count++], mark, SIG_MARK);
	return rc;
}

int sig_marks_join(struct sig_marks *into, struct sig_marks *from)
{
	int rc = room_for(into, from->count);

	if (rc)
		return rc;
	if (from->count)
		memcpy(into->at[into->count], from->at, (size_t)from->count * SIG_MARK);
	into->count += from->count;
	sig_marks_free(from);
	return 0;
}

void sig_marks_free(struct sig_marks *m)
{
	free(m->at);
	*m = (struct sig_marks){ 0 };
}

/* ---- sorting ---- */

static int by_octets(const void *a, const void *b) { return memcmp(a, b, SIG_MARK); }

/* Into `to`, heap after heap; ends[] is where each heap ends. */
static void deal(const struct sig_marks *m, u8 (*to)[SIG_MARK], u32 *ends)
{
	u32 at = 0;

	for (u32 i = 0; i < m->count; i++)
		ends[be16(m->at[i])]++;
	for (u32 h = 0; h < HEAPS; h++) {
		u32 n = ends[h];

		ends[h] = at;
		at += n;
	}
	for (u32 i = 0; i < m->count; i++)
		memcpy(to[ends[be16(m->at[i])]++], m->at[i], SIG_MARK);
}

static u32 drop_twins(u8 (*at)[SIG_MARK], u32 count)
{
	u32 kept = 0;

	for (u32 i = 0; i < count; i++)
		if (kept == 0 || memcmp(at[kept - 1], at[i], SIG_MARK))
			memmove(at[kept++], at[i], SIG_MARK);
	return kept;
}

int sig_marks_sort(struct sig_marks *m)
{
	u8 (*to)[SIG_MARK] = malloc((size_t)(m->count + 1) * SIG_MARK);
	u32 *ends = calloc(HEAPS, sizeof *ends), begin = 0;

	if (to == NULL || ends == NULL) {
		free(to);
		free(ends);
		return -ENOMEM;
	}
	deal(m, to, ends);
	for (u32 h = 0; h < HEAPS; begin = ends[h++])
		if (ends[h] - begin > 1)
			qsort(to[begin], ends[h] - begin, SIG_MARK, by_octets);
	free(ends);
	free(m->at);
	m->at = to;
	m->room = m->count + 1;
	m->count = drop_twins(to, m->count);
	return 0;
}

/* ---- the set ---- */

static void le_write(u8 *to, u64 v, unsigned octets)
{
	for (unsigned i = 0; i < octets; i++)
		to[i] = (u8)(v >> 8 * i);
}

/* SHA-256 of the head's beginning and the marks: 0 or -ENOMEM. */
static int hash_set(const u8 *head, const void *marks, size_t n, u8 to[32])
{
	EVP_MD *md = EVP_MD_fetch(NULL, "SHA256", NULL);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool done = md && ctx && EVP_DigestInit_ex2(ctx, md, NULL) == 1 &&
		    EVP_DigestUpdate(ctx, head, HASHED_HEAD) == 1 &&
		    EVP_DigestUpdate(ctx, marks, n) == 1 &&
		    EVP_DigestFinal_ex(ctx, to, NULL) == 1;

	EVP_MD_CTX_free(ctx);
	EVP_MD_free(md);
	return done ? 0 : -ENOMEM;
}

u64 sig_seen_size(const struct sig_marks *m)
{
	return HEAD + (u64)m->count * SIG_MARK;
}

int sig_seen_write(const struct sig_marks *m,
		   int (*put)(void *to, const void *octets, size_t n), void *to)
{
	size_t octets = (size_t)m->count * SIG_MARK;
	const void *marks = m->at ? (const void *)m->at : "";
	u8 head[HEAD] = { 0 };
	int rc;

	memcpy(head, magic, sizeof magic);
	le_write(head + 8, SIG_SEEN_VERSION, 4);
	le_write(head + 12, SIG_MARK, 4);
	le_write(head + 16, m->count, 8);
	rc = hash_set(head, marks, octets, head + HASHED_HEAD);
	if (rc == 0)
		rc = put(to, head, HEAD);
	return rc || octets == 0 ? rc : put(to, marks, octets);
}

/* The head alone: 0 and the number of marks. */
static int head_read(const u8 *octets, size_t n, u64 *count)
{
	if (n < sizeof magic || memcmp(octets, magic, sizeof magic))
		return OOPS_FORMAT;
	if (n < HEAD)
		return OOPS_SHORT;
	if (le32(octets + 8) != SIG_SEEN_VERSION)
		return OOPS_VERSION;
	if (le32(octets + 12) != SIG_MARK || le32(octets + 24) || le32(octets + 28))
		return OOPS_FORMAT;
	*count = (u64)le32(octets + 20) << 32 | le32(octets + 16);
	if (*count > SIG_MARKS_MAX)
		return OOPS_LIMIT;
	if ((n - HEAD) / SIG_MARK < *count)
		return OOPS_SHORT;
	return n - HEAD == *count * SIG_MARK ? 0 : OOPS_FORMAT;
}

int sig_seen_view(struct sig_seen *ret, const u8 *octets, size_t n)
{
	const u8 (*at)[SIG_MARK];
	u8 hash[32];
	u64 count;
	int rc = head_read(octets, n, &count);

	if (rc)
		return rc;
	at = (const u8 (*)[SIG_MARK])(octets + HEAD);
	if ((rc = hash_set(octets, at, count * SIG_MARK, hash)))
		return rc;
	if (memcmp(hash, octets + HASHED_HEAD, sizeof hash))
		return OOPS_CHANGED;
	for (u64 i = 1; i < count; i++)
		if (memcmp(at[i - 1], at[i], SIG_MARK) >= 0)
			return OOPS_CHANGED;
	*ret = (struct sig_seen){ .at = at, .count = (u32)count };
	return 0;
}

/* Where in [low, high] a mark should lie, by its first octets. */
static u32 guess(const struct sig_seen *s, u32 low, u32 high, const u8 *mark)
{
	u64 first = be64(s->at[low]), last = be64(s->at[high]), wanted = be64(mark);

	if (wanted <= first)
		return low;
	if (wanted >= last)
		return high;
	return low + (u32)((unsigned __int128)(wanted - first) * (high - low) / (last - first));
}

bool sig_seen_has(const struct sig_seen *s, const u8 mark[SIG_MARK])
{
	u32 low = 0, high = s->count;	/* it is in [low, high) if at all */

	for (int tries = 0; low < high; tries++) {
		u32 at = tries < GUESSES ? guess(s, low, high - 1, mark)
					 : low + (high - low) / 2;
		int order = memcmp(mark, s->at[at], SIG_MARK);

		if (order == 0)
			return true;
		if (order < 0)
			high = at;
		else
			low = at + 1;
	}
	return false;
}
