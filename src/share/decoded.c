/* SPDX-License-Identifier: GPL-3.0-or-later */
/* decoded.c - see decoded.h. */
#include "share/decoded.h"
#include "base/stamp.h"
#include "base/tongue.h"
#include "dns/msg_parts.h"
#include "dns/msg_text.h"
#include "model/digest.h"
#include "model/evidence.h"
#include "model/utf8.h"
#include <arpa/inet.h>

/* Records of a zone came from a file and have no addresses. */
static bool of_zone(const struct evidence *e)
{
	static const u8 none[16];

	return !memcmp(e->src, none, 16) && !memcmp(e->dst, none, 16) && !e->sport && !e->dport;
}

static void put_address(struct buf *out, const char *name, const u8 at[16])
{
	static const u8 mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
	char text[INET6_ADDRSTRLEN];
	bool four = memcmp(at, mapped, sizeof mapped) == 0;

	inet_ntop(four ? AF_INET : AF_INET6, four ? at + 12 : at, text, sizeof text);
	buf_fmt(out, ",\"%s\":\"%s\"", name, text);
}

struct putting { struct buf *out; u32 count; };

static void put_part(void *to, const struct msg_part *p)
{
	struct putting *put = to;

	buf_text(put->out, put->count++ ? ",\n{\"name\":" : "\n{\"name\":");
	utf8_json(put->out, p->name);
	buf_text(put->out, ",\"text\":");
	utf8_json(put->out, p->text);
	buf_fmt(put->out, ",\"at\":%u,\"length\":%u,\"depth\":%u}", p->at, p->len, p->depth);
}

static void put_octets(struct buf *out, const u8 *p, u32 n)
{
	static const char digits[] = "0123456789abcdef";

	for (u32 i = 0; i < n; i++) {
		buf_byte(out, (u8)digits[p[i] >> 4]);
		buf_byte(out, (u8)digits[p[i] & 15]);
	}
}

int decoded_json(struct buf *out, const u8 *packed, size_t n)
{
	struct putting put = { .out = out };
	char hash[DIGEST_TEXT], at[STAMP_TEXT_MAX];
	enum msg_error error;
	struct evidence e;
	u32 left_out = 0;

	if (evidence_unpack(&e, packed, n))
		return OOPS_FORMAT;
	buf_fmt(out, "{\"hash\":\"%s\",\"time\":\"%s\"", hex_text(e.id, sizeof e.id, hash),
		stamp_text(e.time_ns, 9, at));
	if (of_zone(&e)) {
		buf_text(out, ",\"from\":null,\"to\":null");
	} else {
		put_address(out, "from", e.src);
		put_address(out, "to", e.dst);
	}
	buf_fmt(out, ",\"from_port\":%u,\"to_port\":%u,\"transport\":\"%s\",\"full\":%u,"
		"\"octets\":\"", e.sport, e.dport,
		of_zone(&e) ? "zone" : e.transport ? "tcp" : "udp", e.full_len);
	put_octets(out, e.octets, e.len);
	buf_text(out, "\",\"parts\":[");
	error = msg_parts(e.octets, e.len, MSG_PARTS_MAX, put_part, &put, &left_out);
	buf_fmt(out, "],\"left_out\":%u,\"error\":", left_out);
	if (error)
		utf8_json(out, _(msg_error_text(error)));
	else
		buf_text(out, "null");
	buf_byte(out, '}');
	return 0;
}
