/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judged.h - what a verdict rests on, packed so that anybody can judge it again.
 *
 * A finding carries the summaries that its rule read (not the messages: a flood has
 * millions), the rule's options and the window's totals:
 *
 *   "VJ2" | day 1 | key 8 | from until frames lost late crowded queries responses (8 each) |
 *   sections: type 1 | length 4 | octets
 *     'O'  the detector's options as YAML
 *     'D' 'C' 'S' 'P'  one packed entry of a domain, client, server, pair
 *     'R'  rules of the public suffix list that apply to the evidence
 *
 * Replay unpacks that into an empty window, lets the same detector look at it, and
 * compares. The key of the analysis is part of it: names in a sample can only be checked with
 * it. It says nothing of the secret that it was made from (hash_key.h). */
#pragma once
#include "base/buf.h"
#include "detect/detect.h"
#include "dns/suffix.h"

/* Packs what the verdict rests on into f->summary. False when it does not fit: then the
 * finding has no summary and cannot be replayed. */
bool judged_pack(struct finding *f, const struct look *l, const struct detector *d);
/* Adds the rules of the suffix list ("co.uk\n") that apply to a finding's evidence. */
bool judged_add_rules(struct finding *f, const char *rules, size_t n);

struct judged {
	struct window *w;
	const struct detector *d;
	void *conf;
	struct suffixes *suffixes;	/* of the pack's rules; may be NULL */
	bool day;
	u64 key;
};
/* Unpacks a finding's summary: 0, OOPS_FORMAT, OOPS_UNKNOWN (no such detector),
 * OOPS_VERSION (another version of the rule), -ENOMEM. why[OPT_WHY] says more.
 * judged_close() in any case. */
int judged_open(struct judged *ret, const struct finding *f, char why[OPT_WHY]);
void judged_close(struct judged *j);
/* Lets the detector look at window w; the finding of the same rule family and subject into
 * *ret: true when there is one. */
bool judged_again(const struct judged *j, const struct window *w, const struct finding *f,
		  struct finding *ret);
/* The first difference between two findings' verdicts as one sentence into why[]; false
 * when there is none. Evidence, minutes and labels do not count. */
bool judged_differs(const struct finding *was, const struct finding *is, char why[OPT_WHY]);
/* The same for what a finding tells beside its verdict: the sentence, the parties, the words
 * about its features, the totals of the window. Of findings from the same window only. */
bool judged_misquotes(const struct finding *was, const struct finding *is, char why[OPT_WHY]);
