/* SPDX-License-Identifier: GPL-3.0-or-later */
/* collect.c - a second look at the inputs for the messages behind each verdict.
 *
 * Summaries hold no messages; a finding without its messages convinces nobody. So when there
 * are verdicts, the inputs are read again from the start, and the first messages that belong
 * to each verdict's subject and window are sent to the parent as evidence, up to --evidence
 * each. Reading stops when no verdict wants more or event time has passed the last window.
 * Of a pipe that is what its spool holds (run/spool.h); what it does not hold is counted.
 *
 * Subjects are found by their table key. The rules of the suffix list that apply to what is
 * kept go into the finding, so that a replay needs no list. */
#include "base/buf.h"
#include "link/codec.h"
#include "model/evidence.h"
#include "observe/observe.h"
#include "run/judged.h"
#include "run/worker.h"
#include "dns/name.h"
#include "window/network.h"

enum { BY_DOMAIN, BY_CLIENT, BY_SERVER, BY_NETWORK };

struct target {
	u64 key;
	struct finding *f;
	struct buf rules;	/* of the suffix list, that apply to what was kept */
	u32 next;	/* in the same slot, + 1 */
	u8 by;
};

#define SLOTS 1024u

struct hunt {
	struct analyser *a;
	struct target *targets;
	u32 count, hungry;	/* targets that still want messages */
	u32 slot[SLOTS];
	u64 until;
	struct buf packed;
};

static void target_of(struct finding *f, struct target *t)
{
	t->f = f;
	t->key = f->key;
	t->by = strcmp(f->subject_kind, "domain") == 0 ? BY_DOMAIN :
		strcmp(f->subject_kind, "server") == 0 ? BY_SERVER :
		strcmp(f->subject_kind, "network") == 0 ? BY_NETWORK : BY_CLIENT;
}

static int open_hunt(struct hunt *h, struct analyser *a)
{
	*h = (struct hunt){ .a = a };
	h->targets = calloc(a->verdicts.count, sizeof *h->targets);
	if (h->targets == NULL)
		return -ENOMEM;
	for (u32 i = 0; i < a->verdicts.count; i++) {
		struct target *t = &h->targets[h->count];
		u32 *slot;

		target_of(a->verdicts.at[i].f, t);
		slot = &h->slot[t->key >> 32 & (SLOTS - 1)];
		t->next = *slot;
		*slot = ++h->count;
		h->hungry++;
		h->until = max_u64(h->until, t->f->until);
	}
	return 0;
}

/* As the list marks its section, one rule at a time. */
#define PRIVATE_RULE "// BEGIN PRIVATE DOMAINS===\n%s// END PRIVATE DOMAINS===\n"

/* The rule that gave a name its public suffix, as a line of the list, once. */
static void note_rule(struct target *t, const struct observation *o)
{
	struct qname q = o->qname;
	unsigned at = q.domain_at;
	char text[NAME_TEXT_MAX + 1], line[NAME_TEXT_MAX + 80], *known;
	u8 lower[QNAME_LOWER];
	size_t n;

	if (!o->named || !q.listed)
		return;
	qname_lower(&q, lower);
	if (q.domain != q.suffix)
		at += 1u + lower[at];
	name_text(lower + at, q.len - at, text);
	n = strlen(text);
	text[n++] = '\n';
	text[n] = 0;
	if (q.listed == SUFFIX_PRIVATE)
		n = (size_t)snprintf(line, sizeof line, PRIVATE_RULE, text);
	else
		n = (size_t)snprintf(line, sizeof line, "%s", text);
	known = strstr(buf_str(&t->rules), line);
	if (known == NULL || (known != t->rules.at && known[-1] != '\n'))
		buf_add(&t->rules, line, n);
}

static void keep(struct hunt *h, struct target *t, const struct observation *o,
		 const struct payload *p)
{
	struct evidence e = { .time_ns = p->time_ns, .sport = p->sport, .dport = p->dport,
		.transport = p->transport, .flags = p->flags, .full_len = p->full_len,
		.len = p->len, .octets = p->data };
	struct finding *f = t->f;

	memcpy(e.src, p->src.at, 16);
	memcpy(e.dst, p->dst.at, 16);
	buf_clear(&h->packed);
	evidence_pack(&h->packed, &e);
	evidence_identify(&e);
	if (buf_error(&h->packed) ||
	    codec_write(h->a->socket, CODEC_EVIDENCE, h->packed.at, h->packed.len) < 0)
		return;
	note_rule(t, o);
	memcpy(f->evidence[f->evidence_count++], e.id, 32);
	f->evidence_kept = f->evidence_count;
	if (f->evidence_count == h->a->setup->conf->evidence ||
	    f->evidence_count == f->evidence_all)
		h->hungry--;
}

static void offer(struct hunt *h, const struct observation *o, u64 key, u8 by,
		  const struct payload *p)
{
	for (u32 i = h->slot[key >> 32 & (SLOTS - 1)]; i; i = h->targets[i - 1].next) {
		struct target *t = &h->targets[i - 1];

		if (t->key == key && t->by == by && o->time_ns >= t->f->from &&
		    o->time_ns < t->f->until &&
		    t->f->evidence_count < h->a->setup->conf->evidence)
			keep(h, t, o, p);
	}
}

static void look_at(struct hunt *h, const struct payload *p)
{
	struct observation o;

	if (reader_message(&o.msg, p) != FRAME_MESSAGE)
		return;
	observe(&o, p, &(struct observe_setup){ .suffixes = h->a->setup->suffixes,
						.key = h->a->setup->hash_key });
	if (o.named)
		offer(h, &o, o.qname.domain, BY_DOMAIN, p);
	offer(h, &o, o.client_key, BY_CLIENT, p);
	offer(h, &o, o.server_key, BY_SERVER, p);
	offer(h, &o, network_key(&o.client, h->a->setup->hash_key), BY_NETWORK, p);
}

static void hunt_frame(struct hunt *h, struct packets *packets, const struct frame *f)
{
	struct payload out[PAYLOADS_A_FRAME_MAX];
	unsigned n;

	if (packet_read(packets, f, out, &n) != FRAME_MESSAGE)
		return;
	for (; n; n = n == PAYLOADS_A_FRAME_MAX ? packets_more(packets, out, n) : 0)
		for (unsigned i = 0; i < n; i++)
			look_at(h, &out[i]);
}

static bool may_hunt(const struct worker *w, const struct frame *f)
{
	const struct analysis_setup *s = w->a->setup;

	for (unsigned i = 0; i < s->poisons; i++)
		if (s->poison[i].frame == f->number && s->poison[i].file == f->file)
			return false;
	w->note->file = f->file;
	w->note->frame = f->number;
	w->note->offset = f->offset;
	return true;
}

static void hunt_all(struct hunt *h, struct worker *w, struct packets *packets)
{
	struct frame frames[FRAMES_A_BATCH];
	struct payload part[16];
	u64 end = h->until + h->a->setup->conf->late;
	unsigned which, n;
	int got;

	while (h->hungry && (got = merge_read(w->merge, frames, FRAMES_A_BATCH, &which)) != 0) {
		if (got > 0 && frames[0].time_ns > end)
			break;
		for (int i = 0; i < got; i++)
			if (may_hunt(w, &frames[i]))
				hunt_frame(h, packets, &frames[i]);
		while ((n = packets_partial(packets, part, 16)) > 0)
			for (unsigned i = 0; i < n; i++)
				look_at(h, &part[i]);
		packets_recycle(packets);
	}
}

/* The inputs from their start. Of a pipe the spool may hold less than was read. */
static int open_again(struct worker *w)
{
	const struct analysis_setup *s = w->a->setup;
	u64 *read = calloc(s->inputs, sizeof *read), all, here;
	int rc;

	if (read == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < w->sources; i++)
		source_progress(merge_source(w->merge, i), &read[w->file_of[i]], &all);
	merge_close(w->merge);
	w->merge = NULL;
	rc = reader_open(w, SET_SECOND);
	for (unsigned i = 0; i < w->sources && rc == 0; i++) {
		source_progress(merge_source(w->merge, i), &here, &all);
		w->a->cut_short += s->piped[w->file_of[i]] && all < read[w->file_of[i]];
	}
	free(read);
	return rc;
}

void collect_evidence(struct analyser *a)
{
	struct worker *w = &a->workers[0];
	const struct run_conf *c = a->setup->conf;
	struct packets_conf pc = { .ports = c->ports.at, .port_count = c->ports.count,
		.mdns = c->mdns, .shares = 1, .key = a->setup->hash_key };
	struct packets *packets;
	struct hunt h;

	if (a->verdicts.count == 0 || c->evidence == 0)
		return;
	if (open_hunt(&h, a) == 0 && packets_open(&packets, &pc) == 0) {
		if (open_again(w) == 0)
			hunt_all(&h, w, packets);
		packets_free(packets);
	}
	for (u32 i = 0; i < h.count; i++) {
		judged_add_rules(h.targets[i].f, buf_str(&h.targets[i].rules),
				 h.targets[i].rules.len);
		buf_free(&h.targets[i].rules);
	}
	buf_free(&h.packed);
	free(h.targets);
}
