/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msg_fuzz.c - any octets as a DNS message.
 *
 * msg_read() has to say what libknot says, save for the differences listed in
 * src/dns/msg.md (test/unit/knot_diff.h recognises them). Then everything that
 * reads a message is walked: records, names at every offset, unpacked RDATA, EDNS
 * options and the text for people, which must be printable. */
#include "../unit/knot_diff.h"
#include "dns/msg_text.h"
#include "dns/rdata.h"

static void walk(const struct msg *m)
{
	struct rr_iter it = rr_first(m);
	struct option_iter options = option_first(m);
	u8 name[NAME_WIRE_MAX], *rdata = malloc(DNS_MESSAGE_MAX);
	char text[NAME_TEXT_MAX];
	struct edns_option o;
	struct rr r;
	int n;

	must(rdata != NULL);
	while (rr_next(&it, &r)) {
		n = msg_name(m, r.owner, name);
		must(n > 0 && name_labels(name, (size_t)n, NULL) >= 0);
		must(name_parse(name_text(name, (size_t)n, text), name) == n);
		must(r.rdata + r.rdlen <= m->end);
		must(rdata_unpack(m, &r, rdata, r.rdlen / 2u) <= r.rdlen / 2);
		rdata_unpack(m, &r, rdata, DNS_MESSAGE_MAX);
	}
	while (option_next(&options, &o))
		must(o.data + o.len <= m->wire + m->len);
	for (u32 at = 0; at < m->len + 3 && at < 2000; at++)
		must(msg_name(m, at, name) <= NAME_WIRE_MAX);
	free(rdata);
}

static void same_start(const struct msg *m, const u8 *wire, size_t len)
{
	struct msg start;
	enum msg_error e = msg_read_start(&start, wire, len);

	must(start.id == m->id && start.flags == m->flags && start.body == m->body);
	must(start.qname_len == m->qname_len && start.qtype == m->qtype);
	must(e == MSG_OK || e == msg_read(&start, wire, len));
}

static void readable(const u8 *wire, size_t len)
{
	struct buf out = { 0 };

	msg_text(wire, len, &out);
	must(buf_error(&out) == 0);
	for (size_t i = 0; i < out.len; i++)
		must((out.at[i] >= ' ' && out.at[i] < 0x7f) || out.at[i] == '\n' ||
		     out.at[i] == '\t');
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	char why[KNOT_WHY];
	struct msg m;

	if (size > DNS_MESSAGE_MAX)
		return 0;
	if (knot_diff(data, size, why) < 0) {
		fprintf(stderr, "%s\n", why);
		abort();
	}
	msg_read(&m, data, size);
	walk(&m);
	same_start(&m, data, size);
	readable(data, size);
	return 0;
}
