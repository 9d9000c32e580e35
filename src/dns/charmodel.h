/* SPDX-License-Identifier: GPL-3.0-or-later */
/* charmodel.h - does this label look chosen by people or made by a machine?
 *
 * Two questions about one label, answered from its octets alone. The intended
 * label is a registered domain's own (the one left of the public suffix): that
 * is what the model was counted on. See charmodel.c for how, charmodel.md for
 * how well.
 *
 * What it cannot do: generators that join dictionary words, or change a few
 * octets of a fixed name, look human to it, and labels of less than six octets
 * mean little. One name never proves anything; sums over the names of one client
 * do. Labels below private suffixes (d111111abcdef8.cloudfront.net) are often
 * machine-made and benign: do not score them with the others. */
#pragma once
#include "base/base.h"

#define CHARMODEL_BIT 16	/* results are in 1/16 bit */
#define CHARMODEL_LABEL_MAX 63	/* octets looked at: RFC 1035, 2.3.4 */

/* Log-likelihood ratio in 1/16 bit that the label was made by a machine: above
 * 0 a machine explains it better, below 0 people do. Add it up over names that
 * are independent (distinct names of one client): past 8 bits either way only
 * an eighth is counted, so no single name decides a sum. 0 for the empty label
 * and for "xn--" labels (RFC 5890, 2.3.2.1): Punycode looks random whatever it
 * encodes, so it is no evidence at all. Always within -3000 .. 3000.
 *
 * Any octets, any case; len is 0..63, of a longer label the first 63 count. */
int charmodel_llr(const u8 *label, size_t len);

/* Code length of the label in 1/16 bit under the model of human-chosen names,
 * its end included. A prefix code with these lengths exists: 2^-bits summed over
 * all labels that are not empty is at most 1. So whatever encoder made them, the
 * mean over its labels is no less than the bits it put into one (Shannon), case
 * apart: capitals fold, and an encoder that uses them has up to one bit more a
 * letter. Natural names take about 4 bits an octet, random letters 6, letters
 * and digits 7, random octets 16. 0 for the empty label; of a label longer than
 * 63 octets the first 63 count. */
unsigned charmodel_bits(const u8 *label, size_t len);
