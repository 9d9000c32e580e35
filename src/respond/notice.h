/* SPDX-License-Identifier: GPL-3.0-or-later */
/* notice.h - what we tell others: drafts, words given, the queue, and what became of it.
 *
 *   draft --approve--> approved --sending--> sent --> bounced
 *     \--> cancelled      ^  \                 \
 *                         |   later (backoff)   failed
 *                         +-- again ------------/
 *
 * What goes out is made once, when it is drafted, and kept under its hash: who approves it
 * approves those octets, and the log says which. Nothing is sent without an approval, which
 * names a person or the rule that gave it.
 *
 * At least once, with a key: `sending` is in the log (and on the disk) before the first octet
 * leaves, `sent` after the other side took it. Between the two there may be a crash, or no
 * answer: then it may have been sent. Such a notice stands still, is told as that, and is
 * tried again only by a word (notice_again()). Its key, which is its Message-ID too, is the
 * same on every try, so the other side can see that it is the same.
 *
 * A try that surely failed comes again after 1 min, 5 min, 30 min, 2 h, 8 h, 24 h;
 * NOTICE_TRIES_MAX of them. All of this is inside desk_begin() .. desk_end(). */
#pragma once
#include "net/sent.h"
#include "respond/desk.h"

#define NOTICE_TRIES_MAX 7u
#define NOTICE_OCTETS_MAX (16u << 20)
/* What can be sent by mail, which others can read on its way, at most. */
#define NOTICE_CAP ((struct marking){ LABEL_AMBER_STRICT, PAP_AMBER })

/* The number that the next notice has. */
int notice_next(struct desk *d, u64 *number);
/* A key: 64 hex digits, drawn at random, so that who did not get the letter cannot name it. */
char *notice_key(char key[65]);
/* Drafts it: number, state, at and message (the hash of the octets) are set here, and the key
 * when it has none.
 * OOPS_CHANGED when the same letter about the same incident is already there for the same
 * contact and not cancelled, unless `again`. */
struct notice_draft {
	const struct notice *notice;
	const void *octets;	/* what goes out: a MIME message, or a JSON body */
	size_t n;
	bool again;
};
int notice_draft(struct desk *d, const struct notice_draft *draft, u64 *number);
/* Gives the word for a draft. `by`: the rule that does, or NULL: the desk's author. */
int notice_approve(struct desk *d, u64 number, const char *by);
/* A draft, one that waits, has failed, or may have been sent. */
int notice_cancel(struct desk *d, u64 number, const char *reason);
/* The word to try one again that failed or may have been sent. */
int notice_again(struct desk *d, u64 number, const char *reason);
/* It came back: of one that was sent; also marks the address as bounced. */
int notice_bounce(struct desk *d, u64 number, const char *answer);
/* The number of the notice with that key (of a Message-ID, the part before the @): 0 or
 * OOPS_UNKNOWN. */
int notice_by_key(struct desk *d, const char *key, u64 *number);

/* *ret: was anybody but that contact asked to act on the incident, and had the letter at `by` or
 * before, or could not be reached? Thanks, ends, drills and what the law wants ask nobody to.
 * 0 or negative. */
int notice_asked(struct desk *d, u64 incident, const char *but, u64 by, bool *ret);

/* As a copy in *ret: 0, or OOPS_UNKNOWN and the sentence. */
int notice_find(struct desk *d, u64 number, struct notice **ret);
/* The number of the first one that is approved and due: OOPS_UNKNOWN when none is. */
int notice_due(struct desk *d, u64 after, u64 *number);
/* Before the first octet leaves: OOPS_CHANGED when it is not approved and due any more.
 * *ret is a copy as it is from now on. Commit before sending. */
int notice_sending(struct desk *d, u64 number, struct notice **ret);
/* After the try. */
int notice_outcome(struct desk *d, u64 number, const struct sent_report *r);
/* How long to wait after so many tries, ns. */
u64 notice_backoff(u64 tries);
/* "may have been sent", "sent", "waits": in words, for one state. */
const char *notice_words(const struct notice *n);
