/* SPDX-License-Identifier: GPL-3.0-or-later */
/* decoded_fuzz.c - any octets as a message that is shown field by field, and as a zone's
 * picture.
 *
 * Every part lies inside the message and inside the part one less deep that is before it, its
 * text is printable ASCII, and no more parts than wanted are told. The JSON of the message,
 * packed as evidence, is JSON. A picture that is read is asked, and what falls is no more than
 * there is. */
#include "base/buf.h"
#include "dns/msg_parts.h"
#include "model/evidence.h"
#include "share/decoded.h"
#include "verify/picture.h"
#include <jansson.h>

#define DEEP 4u

struct watching { u32 len, told, most; struct { u32 at, end; } in[DEEP]; };

static void watch(void *to, const struct msg_part *p)
{
	struct watching *w = to;

	must(++w->told <= w->most);
	must(p->depth < DEEP && p->at <= w->len && p->len <= w->len - p->at);
	if (p->depth)
		must(p->at >= w->in[p->depth - 1].at &&
		     p->at + p->len <= w->in[p->depth - 1].end);
	w->in[p->depth].at = p->at;
	w->in[p->depth].end = p->at + p->len;
	must(p->name[0] && strlen(p->text) <= MSG_PART_TEXT);
	for (const char *c = p->text; *c; c++)
		must(*c >= ' ' && *c < 0x7f);
}

static void parts(const u8 *data, size_t size, u32 most)
{
	struct watching w = { .len = (u32)size, .most = most };
	u32 left_out = 0;

	msg_parts(data, size, most, watch, &w, &left_out);
	must(left_out == 0 || w.told == most);
}

static void json(const u8 *data, size_t size)
{
	const struct evidence e = { .time_ns = 1, .sport = 53, .len = (u32)size,
		.full_len = (u32)size, .octets = data };
	struct buf packed = { 0 }, out = { 0 };
	json_t *read;

	evidence_pack(&packed, &e);
	must(buf_error(&packed) == 0);
	must(decoded_json(&out, (const u8 *)packed.at, packed.len) == 0);
	read = json_loadb(out.at, out.len, JSON_REJECT_DUPLICATES, NULL);
	must(json_is_object(read));
	json_decref(read);
	buf_clear(&out);
	must(decoded_json(&out, data, size) == 0 || out.len == 0);
	buf_free(&packed);
	buf_free(&out);
}

static void picture(const char *text, size_t size)
{
	char unused[PICTURE_UNUSED];
	struct picture p;

	if (picture_read(&p, text, size) == 0) {
		must(picture_ask(&p, "operator:a,host:b,prefix:192.0.2.0/24,as:1", unused) == 0);
		must(p.known <= p.delegations && p.fall + p.weak <= p.known);
	}
	picture_free(&p);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	if (size > DNS_MESSAGE_MAX)
		return 0;
	parts(data, size, MSG_PARTS_MAX);
	parts(data, size, 7);
	json(data, size);
	if (size && data[0] == '{')
		picture((const char *)data, size);
	return 0;
}
