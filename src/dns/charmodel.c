/* SPDX-License-Identifier: GPL-3.0-or-later */
/* charmodel.c - how people spell names, and how machines make them.
 *
 * The human side is counted on popular names: the cost in bits of each symbol
 * after the last one and the *class* of the one before it, the end of the label
 * included. Ten classes of contexts x 30 contexts x 39 symbols fit in 12,000
 * octets of first-level cache, a third of all triples, and judge nearly as well.
 *
 *   v e d e t t e         cost of the second t: row [class of e][t], column t
 *         | | |           (e is alone in its class, d shares one with l and r)
 *     class t symbol
 *
 * The machine side is written down, not learned. Four lanes of 16 bits in one
 * word add up what the label costs a generator of that kind; the best lane wins:
 *
 *   letters  26 letters, equally likely        hex     0-9 and a-f
 *   alnum    letters and digits                spoken  vowels, consonants in turn
 *
 * llr = human cost - machine cost, tempered: above 8 bits (and below -8) it grows
 * an eighth as fast. People do choose odd names, about one in a thousand, so the
 * tenth odd octet of one label is no news; the tenth odd label of a client is.
 *
 * No octet is special: capitals fold, whatever is no letter, digit or hyphen is
 * one symbol, dear on both sides (which of the 193 it was costs 7.6 bits more).
 *
 * Cost: 1.8 ns an octet, no branch but the loop's; integers only, so the
 * same label has the same score everywhere.
 *
 * Tried and dropped (figures in charmodel.md): pairs alone, all triples and
 * quadruples, machine lanes trained on families, longer tables of classes.
 *
 * Not here: which label to look at (suffix.h), how many names of a client make
 * a finding (detect/). */
#include "dns/charmodel.h"
#include "dns/charmodel_table.h"

#define KNEE (8 * CHARMODEL_BIT)	/* up to here a bit is a bit, ... */
#define SLOPE 8				/* ... past it, an eighth of one */
#define LANE_BITS 16

struct cost {
	u32 human;	/* 1/CHARMODEL_UNIT bit */
	u64 machine;	/* four lanes, 1/16 bit each; 63 octets cannot overflow one */
};

/* What the label costs on both sides. */
static inline struct cost label_cost(const u8 *label, size_t len)
{
	struct cost c = { .machine = charmodel_lane_start };
	unsigned class = charmodel_class[0], last = 0, kind = 0;
	u32 cells = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned s = charmodel_symbol[label[i]];
		const u8 *step = charmodel_step[s];

		cells += (u8)charmodel_cost[class][last][s];
		cells += s == CHARMODEL_OTHER ? CHARMODEL_EXTRA : 0;
		c.machine += charmodel_lane[kind][step[1]];
		class = charmodel_class[last];
		last = step[0];
		kind = step[2];
	}
	cells += (u8)charmodel_cost[class][last][0];
	c.human = cells - '#' * (u32)(len + 1);
	return c;
}

static inline int cheapest_lane(u64 lanes)
{
	unsigned least = lanes & 0xffff;

	for (lanes >>= LANE_BITS; lanes; lanes >>= LANE_BITS)
		least = (lanes & 0xffff) < least ? lanes & 0xffff : least;
	return (int)least;
}

static inline int temper(int llr)
{
	if (llr > KNEE)
		return KNEE + (llr - KNEE) / SLOPE;
	if (llr < -KNEE)
		return -KNEE + (llr + KNEE) / SLOPE;
	return llr;
}

/* RFC 5890, 2.3.2.1: A-labels begin with the ACE prefix, in any case. */
static inline bool is_alabel(const u8 *label, size_t len)
{
	return len >= 4 && (label[0] | 0x20) == 'x' && (label[1] | 0x20) == 'n' &&
	       label[2] == '-' && label[3] == '-';
}

int charmodel_llr(const u8 *label, size_t len)
{
	struct cost c;

	len = len < CHARMODEL_LABEL_MAX ? len : CHARMODEL_LABEL_MAX;
	if (len == 0 || is_alabel(label, len))
		return 0;
	c = label_cost(label, len);
	return temper((int)(c.human * (CHARMODEL_BIT / CHARMODEL_UNIT)) -
		      cheapest_lane(c.machine));
}

unsigned charmodel_bits(const u8 *label, size_t len)
{
	len = len < CHARMODEL_LABEL_MAX ? len : CHARMODEL_LABEL_MAX;
	if (len == 0)
		return 0;
	return label_cost(label, len).human * (CHARMODEL_BIT / CHARMODEL_UNIT);
}
