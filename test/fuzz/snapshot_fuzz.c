/* SPDX-License-Identifier: GPL-3.0-or-later */
/* snapshot_fuzz.c - a snapshot file of a stranger: opened, looked at everywhere, compared with
 * itself, written again.
 *
 * A random octet is not found out by luck: the hash is made right first, so that what is
 * tested is what comes after it. Laws: what was opened can be walked and compared; written
 * again it is opened again and has the same parts. */
#include "base/buf.h"
#include "zone/snapshot.h"
#include <openssl/evp.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t n);

static int put(void *to, const void *octets, size_t n)
{
	buf_add(to, octets, n);
	return 0;
}

static void make_hash_right(u8 *file, size_t n)
{
	const size_t at = offsetof(struct snapshot_head, hash);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	must(ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1);
	EVP_DigestUpdate(ctx, file, at);
	EVP_DigestUpdate(ctx, file + sizeof(struct snapshot_head),
			 n - sizeof(struct snapshot_head));
	EVP_DigestFinal_ex(ctx, file + at, NULL);
	EVP_MD_CTX_free(ctx);
}

static void look(const struct snapshot *s)
{
	struct snapshot_map map;
	struct snapshot_walk w = { 0 };
	const struct snap_cut *a, *b;
	char text[NAME_TEXT_MAX];
	u32 len;

	must(snapshot_match(&map, s, s, 1) == 0);
	for (u32 i = 0; i < s->host_count; i++)
		snapshot_text(s, s->hosts[i].name, s->hosts[i].outside, text);
	while (snapshot_next(&w, s, s, &a, &b)) {
		must(a == b && a);
		snapshot_text(s, a->name, false, text);
		if (a->ds)
			snapshot_blob(s, a->ds, &len);
	}
	for (u32 i = 0; i < s->key_count; i++)
		must(snapshot_same_blob(s, s->keys[i].blob, s, s->keys[i].blob));
	snapshot_map_free(&map);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t n)
{
	struct snapshot *s, *again;
	struct buf out = { 0 };
	u8 *file = aligned_alloc(8, (n + 15) & ~(size_t)7);

	must(file);
	memcpy(file, data, n);
	if (n >= sizeof(struct snapshot_head))
		make_hash_right(file, n);
	if (snapshot_view(&s, file, n) == 0) {
		look(s);
		must(snapshot_write(s, put, &out) == 0);
		must(snapshot_view(&again, (const u8 *)out.at, out.len) == 0);
		must(again->cut_count == s->cut_count && again->host_count == s->host_count &&
		     again->move_count == s->move_count);
		snapshot_free(again);
		snapshot_free(s);
	}
	buf_free(&out);
	free(file);
	return 0;
}
