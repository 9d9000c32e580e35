/* SPDX-License-Identifier: GPL-3.0-or-later */
/* share_sample.c - evidence that goes along with a finding in formats that carry evidence
 * itself: the first messages behind it, as a capture that any tool opens.
 *
 * They come through the audience's gate: a finding that it may not have gives none. At most
 * `--samples` messages and SAMPLE_MOST octets, whole messages only: whoever gets a report
 * shall see what was seen, not have all of it. */
#include "cli/share.h"
#include "share/pcap.h"

#define SAMPLE_MOST 32768u

struct sampling { struct buf *out; u64 left; };

static int add(void *to, const u8 hash[32], const u8 *packed, size_t n)
{
	struct sampling *s = to;
	struct evidence e;

	(void)hash;
	if (packed == NULL || evidence_unpack(&e, packed, n))
		return 0;
	if (s->left == 0 || s->out->len + n + 100 > SAMPLE_MOST)
		return 1;
	s->left -= pcap_add(s->out, &e);
	return 0;
}

int share_sample(void *gate, const struct item *i, struct exchange_sample *ret)
{
	struct sampling s = { &ret->octets, share_conf.samples };
	struct finding *f;
	int rc;

	if (i->kind != ITEM_OBSERVATION)
		return 0;
	if ((f = malloc(sizeof *f)) == NULL)
		return -ENOMEM;
	pcap_begin(&ret->octets);
	rc = gate_finding(gate, i->id, f);
	if (rc == 0)
		rc = gate_evidence(gate, f, add, &s);
	free(f);
	ret->media = "application/vnd.tcpdump.pcap";
	ret->says = N_("the first messages behind the finding");
	if (rc == -EPERM || rc == OOPS_UNKNOWN || rc == OOPS_LIMIT)
		return 0;
	return rc < 0 ? rc : s.left < share_conf.samples;
}
