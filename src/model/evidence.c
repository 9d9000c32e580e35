/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evidence.c - see evidence.h. */
#include "model/evidence.h"
#include "model/digest.h"
#include "base/buf.h"
#include "base/rd.h"

static const char magic[3] = "VE1";

static void pack_head(struct buf *out, const struct evidence *e)
{
	buf_add(out, magic, sizeof magic);
	buf_u64(out, e->time_ns);
	buf_add(out, e->src, sizeof e->src);
	buf_add(out, e->dst, sizeof e->dst);
	buf_u16(out, e->sport);
	buf_u16(out, e->dport);
	buf_byte(out, e->transport);
	buf_byte(out, e->flags);
	buf_u32(out, e->full_len);
	buf_u32(out, e->len);
}

void evidence_pack(struct buf *out, const struct evidence *e)
{
	must(e->len <= EVIDENCE_OCTETS_MAX);
	pack_head(out, e);
	buf_add(out, e->octets, e->len);
}

void evidence_identify(struct evidence *e)
{
	struct buf head = { 0 };
	struct digest d;

	pack_head(&head, e);
	must(buf_error(&head) == 0 && head.len == EVIDENCE_HEAD);
	digest_init(&d);
	digest_add(&d, head.at, head.len);
	digest_add(&d, e->octets, e->len);
	digest_end(&d, e->id);
	buf_free(&head);
}

int evidence_unpack(struct evidence *ret, const u8 *packed, size_t n)
{
	struct rd r = rd_of(packed, n);
	struct evidence e = { 0 };
	const u8 *at = rd_take(&r, sizeof magic);
	struct digest d;

	if (at == NULL || memcmp(at, magic, sizeof magic))
		return OOPS_FORMAT;
	e.time_ns = rd_u64(&r);
	if ((at = rd_take(&r, 16)))
		memcpy(e.src, at, 16);
	if ((at = rd_take(&r, 16)))
		memcpy(e.dst, at, 16);
	e.sport = rd_u16(&r);
	e.dport = rd_u16(&r);
	e.transport = rd_u8(&r);
	e.flags = rd_u8(&r);
	e.full_len = rd_u32(&r);
	e.len = rd_u32(&r);
	e.octets = rd_take(&r, e.len);
	if (r.bad || rd_left(&r) || e.len > EVIDENCE_OCTETS_MAX)
		return OOPS_FORMAT;
	digest_init(&d);
	digest_add(&d, packed, n);
	digest_end(&d, e.id);
	*ret = e;
	return 0;
}
