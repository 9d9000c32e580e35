/* SPDX-License-Identifier: GPL-3.0-or-later */
/* traffic.h - DNS messages made in memory, and what the detectors say of them.
 *
 *   struct ask --traffic_ask()--> wire messages --traffic_fold()--> window
 *   windows --judge()--> findings as JSON lines, sorted, identified
 *
 * Messages are real ones: they go through msg_read() and observe() as those of a
 * capture do. All memory is the traffic's. */
#pragma once
#include "base/buf.h"
#include "base/opt.h"
#include "detect/detect.h"
#include "observe/observe.h"

#define TRAFFIC_KEY 0x7465737474657374ull	/* hash key of the tests' windows */
#define TRAFFIC_T0 1767225600000000000ull	/* 2026-01-01T00:00:00Z */

/* One record of a response. The owner is the question's name from its label
 * `skip` on (a pointer), or the root when it has no such label. */
struct answer {
	u16 type;
	u8 section, skip;
	u32 ttl;
	u16 len;
	u8 rdata[4096];
};

struct ask {		/* a query or response to be made */
	u64 time_ns;
	struct addr client, server;
	u16 port, id, qtype, flags,
		edns; /* flags: MSG_ bits and RCODE; edns: size or 0 */
	u8 transport;
	bool response;
	u8 qname[NAME_WIRE_MAX];
	unsigned qname_len;
	const struct answer *answers;
	unsigned answer_count;
};

struct letter {		/* one message as it stands in the traffic */
	struct payload p;	/* data is set when it is read */
	u64 at;
};

struct traffic {	/* zeroed = empty */
	struct buf wire;
	struct letter *letters;
	u32 count, room;
	struct fragment_loss *losses;	/* fragments that never made a datagram */
	u32 loss_count, loss_room;
};

void traffic_add(struct traffic *t, const struct ask *a);
void traffic_lose(struct traffic *t, const struct fragment_loss *loss);
void traffic_free(struct traffic *t);
/* By time; messages of one time stay in the order they came. */
void traffic_sort(struct traffic *t);
/* A mix of everything under some hundreds of domains, over `minutes` minutes. */
void traffic_random(struct traffic *t, u64 seed, u32 n, unsigned minutes);

/* All messages of a capture file, and its lost fragments, as the analyser would see them.
 * False when it cannot be read at all. */
bool traffic_load(struct traffic *t, const char *path);
/* Calls `each` for every file below VEDETTE_DATA/folder, in the order of their paths;
 * their number, -1 when there is no such folder. */
typedef void path_fn(void *to, const char *path);
int traffic_files(const char *folder, path_fn *each, void *to);

/* The list of public suffixes of the tests: loaded once, never freed. */
const struct suffixes *traffic_suffixes(void);
/* Puts one message in, as it stands on the wire. */
void traffic_put(struct traffic *t, const struct payload *p);
/* Message i as an observation, a view into the traffic. False when it is none. */
bool traffic_read(const struct traffic *t, u32 i, struct observation *ret);
/* Folds those messages for which which[i] == mine into w, and likewise the losses (loss j
 * is number count + j); which NULL takes all. */
void traffic_fold(const struct traffic *t, struct window *w, const u8 *which, u8 mine);

struct window *traffic_window(u64 memory);	/* opened, never NULL */

/* The detectors with their default options, or as changed by judge_set(). */
struct judge { struct opts opts; struct opt_group groups[18]; unsigned count; };
void judge_open(struct judge *j);
void judge_close(struct judge *j);
/* "tunnel.names" "8"; false when there is no such option. */
bool judge_set(struct judge *j, const char *option, const char *value, char why[OPT_WHY]);
/* All detectors over one window. */
void judge_look(const struct judge *j, const struct window *w, bool day, say_fn *say,
		void *to);
/* What they say, as JSON lines in the order of finding_compare(). */
void judge_text(const struct judge *j, const struct window *w, bool day, struct buf *out);
/* Every entry of every kind, packed, by kind and key. */
void judge_pack(const struct window *w, struct buf *out);
