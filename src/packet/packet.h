/* SPDX-License-Identifier: GPL-3.0-or-later */
/* packet.h - frames in, DNS payloads out; every frame in exactly one counter.
 *
 *   frame -> link -> [tunnel ->] IP -> [fragments ->] UDP ---------> payload
 *                                                \-> TCP -> stream -> payload(s)
 *
 * One `struct packets` belongs to one worker. It keeps what is unfinished:
 * fragments and streams, each bounded by a named limit (limits below); past a
 * limit the oldest is given up and its frames are counted as lost. It reads no
 * clock: timeouts are in event time.
 *
 * Counting. packet_read() returns what became of the frame. A frame whose fate
 * is open (a fragment or a segment that waits for others) counts in FRAME_HELD;
 * when its datagram or message completes it moves to FRAME_PART, when it is
 * given up to FRAME_LOST_*. packets_finish() settles all, after which HELD is 0
 * and the counters sum up to the frames read. Whether a payload is a well-formed
 * DNS message is the caller's to say, with packets_settle(): until then the
 * frame that brought payloads is counted in FRAME_MESSAGE. */
#pragma once
#include "packet/frame.h"

/* Fate of a frame: enum value, name, class (for the totals), text for people.
 * Classes: dns, other, malformed, snapped, lost, open. */
#define FRAME_FATES(F)                                                          \
	F(MESSAGE, "message", dns, N_("brought a whole DNS message"))           \
	F(PART, "part", dns, N_("brought a part of a DNS message that was completed")) \
	F(NOT_IP, "not_ip", other, N_("not IP"))                                \
	F(NOT_TRANSPORT, "not_transport", other, N_("IP, but neither UDP nor TCP")) \
	F(NOT_DNS, "not_dns", other, N_("UDP or TCP on other ports"))           \
	F(TCP_CONTROL, "tcp_control", other, N_("TCP on a DNS port without data")) \
	F(TCP_REPEAT, "tcp_repeat", other, N_("TCP on a DNS port, only data seen before")) \
	F(MDNS, "mdns", other, N_("multicast DNS, left out"))                   \
	F(LINK_UNKNOWN, "link_unknown", other, N_("link type that is not understood")) \
	F(BAD_LINK, "bad_link", malformed, N_("link-layer header broken or too short")) \
	F(BAD_IP, "bad_ip", malformed, N_("IP header broken"))                  \
	F(BAD_IP_LENGTH, "bad_ip_length", malformed,                            \
	  N_("IP length contradicts the frame"))                                \
	F(BAD_EXTENSION, "bad_extension", malformed, N_("IPv6 extension headers broken")) \
	F(BAD_FRAGMENT, "bad_fragment", malformed, N_("IP fragment that cannot be")) \
	F(BAD_UDP, "bad_udp", malformed, N_("UDP header broken"))               \
	F(BAD_TCP, "bad_tcp", malformed, N_("TCP header broken"))               \
	F(TOO_DEEP, "too_deep", malformed, N_("tunnels nested too deep"))       \
	F(BAD_HEADER, "bad_header", malformed, N_("DNS message shorter than its header")) \
	F(BAD_QUESTION, "bad_question", malformed, N_("DNS question broken"))   \
	F(BAD_RECORD, "bad_record", malformed, N_("DNS record broken"))         \
	F(BAD_NAME, "bad_name", malformed, N_("DNS name broken"))               \
	F(BAD_TRAILING, "bad_trailing", malformed, N_("octets after the DNS message")) \
	F(SNAPPED, "snapped", snapped,                                          \
	  N_("cut by the snap length before it could be read"))                 \
	F(LOST_FRAGMENT, "lost_fragment", lost,                                 \
	  N_("fragment of a datagram that never completed"))                    \
	F(LOST_SEGMENT, "lost_segment", lost,                                   \
	  N_("TCP data of a message that never completed"))                     \
	F(LOST_START, "lost_start", lost,                                       \
	  N_("TCP data before the first message boundary"))                     \
	F(HELD, "held", open, N_("waits for the rest of its message"))

enum frame_fate {
#define F(fate, name, class, text) FRAME_##fate,
	FRAME_FATES(F)
#undef F
	FRAME_FATE_COUNT,
	FRAME_OTHER_SHARE = FRAME_FATE_COUNT	/* another worker's; not counted */
};

/* Of a fate below FRAME_FATE_COUNT; never NULL. */
const char *frame_fate_name(int fate);	/* "message", "bad_udp", ... */
const char *frame_fate_class(int fate);	/* "dns", "other", ... */
const char *frame_fate_text(int fate);

/* Limits: what an outsider can grow. */
#define TUNNELS_MAX 8			/* headers unwrapped in one frame */
#define EXTENSIONS_MAX 16		/* IPv6 extension headers in one packet */
#define FRAGMENTED_MAX 4096u		/* datagrams being put together */
#define FRAGMENT_OCTETS_MAX (16u << 20)	/* octets held for them */
#define FRAGMENTS_A_DATAGRAM_MAX 128u
#define FRAGMENT_TIMEOUT_NS 30000000000ull
#define FRAGMENT_REPEAT_NS 100000000ull	/* copies of a datagram just put together */
#define STREAMS_MAX 65536u		/* TCP directions followed */
#define STREAM_OCTETS_MAX (64u << 10)	/* held out of order for one direction */
#define STREAM_CHUNKS_MAX 512u		/* segments held out of order for it */
#define STREAM_WINDOW_MAX (16u << 20)	/* farther off, it is another stream */
#define STREAMS_OCTETS_MAX (64u << 20)	/* held for all */
#define STREAM_TIMEOUT_NS 120000000000ull
#define STREAM_HOLE_NS 10000000000ull	/* a hole is waited for while data go on */
#define PAYLOADS_A_FRAME_MAX 64		/* taken out of one frame at once */

struct packets_conf {
	const u16 *ports;	/* DNS ports; NULL = 53 */
	unsigned port_count;
	bool mdns;		/* take port 5353 as well */
	unsigned share, shares;	/* this worker's share of `shares`; 0, 1 alone */
	u64 key;		/* of the hash that spreads frames over the shares and
				 * tables: the same for all workers (hash.h) */
};

struct packets_counts {
	u64 fate[FRAME_FATE_COUNT];
	u64 frames, octets;	/* read by this worker (without other shares) */
	u64 fragments;		/* IP fragments seen */
	u64 datagrams;		/* put together from fragments */
	u64 fragments_overlapping;
	u64 streams, stream_gaps;
	u64 tunnelled;		/* frames with at least one tunnel header */
	u64 limits_reached;	/* unfinished things given up to stay in bounds */
};

/* A reassembly that ended without its end: datagrams of which only the first
 * fragment, or only later ones, came. Reflection victims see these by the
 * thousand, so what came is reported: packets_fragments(). */
struct fragment_loss {
	struct addr src, dst;
	u64 time_ns;		/* of the first to arrive */
	u64 octets;		/* of all that came, without IP headers */
	u32 fragments;
	bool first;		/* the first one came: packets_partial() may have it */
};

struct packets;

/* 0, -ENOMEM or OOPS_RANGE (shares). Free with packets_free(), which takes NULL. */
int packets_open(struct packets **ret, const struct packets_conf *conf);
struct packets *packets_free(struct packets *p);

/* Reads one frame. Returns its fate, or FRAME_OTHER_SHARE. FRAME_MESSAGE: out[0]
 * to out[*n - 1] are payloads, in stream order; out has PAYLOADS_A_FRAME_MAX
 * places and *n >= 1; otherwise *n is 0. When *n is PAYLOADS_A_FRAME_MAX there
 * may be more: packets_more(). A payload may have no octets.
 * Views stay good until packets_recycle(), or as long as the frame's octets. */
int packet_read(struct packets *p, const struct frame *f, struct payload *out, unsigned *n);
/* Whose share a frame is, by its first IP header, where that is plain to see; SHARE_OPEN: each
 * worker finds out with packet_read(), which gives FRAME_OTHER_SHARE to all but one. */
#define SHARE_OPEN 255
unsigned packet_share(const struct packets *p, const struct frame *f);
/* The rest of a frame that brought more: how many of at most `max` were written;
 * call until 0, before the next packet_read(), which drops them. */
unsigned packets_more(struct packets *p, struct payload *out, unsigned max);

/* The caller found that the payloads of a FRAME_MESSAGE frame are no DNS
 * messages: moves the frame to `fate` (a BAD_ or SNAPPED one, or NOT_DNS). */
void packets_settle(struct packets *p, int fate);

/* Payloads that no frame brings any more, of what was given up since the last
 * call: the beginnings of datagrams whose first fragment arrived, as PARTIAL
 * payloads (their frames are counted as lost), and whole messages found behind a
 * gap of a TCP stream (their frames are counted as parts). How many of at most
 * `max` were written; call until 0 before packets_recycle(), which drops them. */
unsigned packets_partial(struct packets *p, struct payload *out, unsigned max);
/* The same for what was lost of each datagram that was given up; these wait in a
 * list of FRAGMENTED_MAX, also over packets_recycle(). */
unsigned packets_fragments(struct packets *p, struct fragment_loss *out, unsigned max);

/* Views given out so far are no longer needed; what timed out is given up. Call
 * once a batch. */
void packets_recycle(struct packets *p);

/* Gives up all that is unfinished: HELD becomes 0. packets_partial() and
 * packets_fragments() have the last of it. */
void packets_finish(struct packets *p);

/* The reader's own, always up to date: sum(fate) == frames. */
const struct packets_counts *packets_counts(const struct packets *p);
