/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_evidence.c - the messages behind a finding, field by field with their octets, through
 * the caller's gate. What they hold comes from strangers: it is decoded here because this
 * process is behind walls (THREATS.md), by dns/msg.h, and shown as printable ASCII. */
#include "web/own.h"
#include "model/digest.h"
#include "share/decoded.h"

#define MESSAGES 20u		/* when it is not said */
#define MESSAGES_MAX 100u
#define REPLY_MAX (16u << 20)	/* octets, past which no further message begins */

struct showing {
	struct request *q;
	u64 skip, most, seen, shown;
	struct buf missing;
};

static int show(void *to, const u8 hash[32], const u8 *packed, size_t n)
{
	struct showing *s = to;
	char hex[DIGEST_TEXT];

	if (s->seen < s->skip) {
		s->seen++;
		return 0;
	}
	if (s->shown == s->most || s->q->out->len > REPLY_MAX)
		return 1;
	s->seen++;
	if (packed == NULL) {
		buf_fmt(&s->missing, "%s\"%s\"", s->missing.len ? "," : "",
			hex_text(hash, DIGEST_OCTETS, hex));
		return 0;
	}
	buf_text(s->q->out, s->shown++ ? ",\n" : "\n");
	return decoded_json(s->q->out, packed, n);
}

static int put_messages(struct request *q, const struct finding *f, struct showing *s)
{
	int rc;

	buf_text(q->out, "{\"items\":[");
	rc = gate_evidence(q->gate, f, show, s);
	if (rc < 0)
		return request_fault(q, rc, "%s", gate_error(q->gate));
	buf_fmt(q->out, "],\n\"missing\":[%s],\"kept\":%u,\"all\":%llu", buf_str(&s->missing),
		f->evidence_count, (unsigned long long)f->evidence_all);
	if (rc == 1)
		buf_fmt(q->out, ",\"next\":\"%llu\"}\n", (unsigned long long)s->seen);
	else
		buf_text(q->out, ",\"next\":null}\n");
	return buf_error(&s->missing);
}

static int evidence(struct request *q)
{
	struct showing s = { .q = q };
	struct finding *f = malloc(sizeof *f);
	int rc = f ? request_count(q, "limit", MESSAGES_MAX, &s.most) : -ENOMEM;

	if (rc == 0)
		rc = request_count(q, "cursor", FINDING_EVIDENCE_MAX, &s.skip);
	s.most = s.most ? s.most : MESSAGES;
	if (rc == 0 && (rc = gate_finding(q->gate, q->values.at[0], f)))
		request_fault(q, rc, "%s", gate_error(q->gate));
	if (rc == 0)
		rc = put_messages(q, f, &s);
	buf_free(&s.missing);
	free(f);
	return rc == OOPS_LIMIT ? OOPS_UNKNOWN : rc;
}

static const struct api_param params[] = {
	{ "limit", "at most so many messages, up to 100", OP_COUNT, NULL },
	{ "cursor", "what `next` was", OP_TEXT, NULL },
	{ .name = NULL }
};

const struct api_route evidence_routes[] = {
	{ .method = "GET", .path = "/api/v1/findings/{id}/evidence", .run = evidence,
	  .params = params, .reply = "evidence", .help = "The messages (of a zone: the sets of "
	  "records) that a finding rests on, field by field with the octets of each." },
	{ .method = NULL }
};

static const char *const transports[] = { "udp", "tcp", "zone", NULL };
static const struct api_member part_members[] = {
	{ "name", "text", "of the field: header, id, answer 1, owner", NULL },
	{ "text", "text", "what it says, as printable ASCII", NULL },
	{ "at", "count", "its first octet in the message", NULL },
	{ "length", "count", "its octets", NULL },
	{ "depth", "count", "0: a section or record; deeper ones lie inside the one before",
	  NULL },
	{ .name = NULL }
};
static const struct api_member message_members[] = {
	{ "hash", "text", "SHA-256 of the kept item", NULL },
	{ "time", "stamp", "when it was seen", NULL },
	{ "from", "text|null", "address; null: records of a zone", NULL },
	{ "to", "text|null", "address; null: records of a zone", NULL },
	{ "from_port", "count", "UDP or TCP port", NULL },
	{ "to_port", "count", "UDP or TCP port", NULL },
	{ "transport", "choice", "how it came", transports },
	{ "full", "count", "octets that it had; more than were captured if it was cut", NULL },
	{ "octets", "text", "hexadecimal digits, two an octet", NULL },
	{ "parts", "[message_part]", "its fields in the order of the octets", NULL },
	{ "left_out", "count", "parts past the 4,000 that are told", NULL },
	{ "error", "text|null", "why it is no good message", NULL },
	{ .name = NULL }
};
static const struct api_member evidence_members[] = {
	{ "items", "[message]", "of this page, in the finding's order", NULL },
	{ "missing", "[text]", "hashes of those that are not in the store", NULL },
	{ "kept", "count", "messages that the finding refers to", NULL },
	{ "all", "count", "that there were in its window", NULL },
	{ "next", "text|null", "the cursor of the next page; null: there is none", NULL },
	{ .name = NULL }
};
const struct api_shape evidence_shapes[] = {
	{ .name = "message_part", .members = part_members },
	{ .name = "message", .members = message_members },
	{ .name = "evidence", .members = evidence_members },
	{ .name = NULL }
};
