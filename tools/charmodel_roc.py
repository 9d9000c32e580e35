# SPDX-License-Identifier: GPL-3.0-or-later
"""charmodel_roc.py - measures a character model and writes src/dns/charmodel.md.

Every figure is of the C code: src/dns/charmodel.c is compiled with the table in
question and asked name by name. A threshold is the score that one in 100, 1,000
or 10,000 benign names passes; a recall is the share of a family above it.

Groups: the sum over N names, as a detector adds up the names of one client. The
sum that one of 10,000 groups of independent benign names passes is worked out
exactly (group_thresholds); the worst source counts. A family's recall is of
DRAWS seeded groups: the report is the same every time.
"""
import bisect
import ctypes
import os
import random
import subprocess
import tempfile

RATES = [100, 1000, 10000]
SIZES = [5, 10, 20]
DRAWS = 4000             # groups drawn of a family
BIT = 16                 # CHARMODEL_BIT


class Scorer:
    """charmodel.c compiled with one table."""

    def __init__(self, root, table):
        with tempfile.TemporaryDirectory() as tmp:
            os.mkdir(tmp + "/dns")
            with open(tmp + "/dns/charmodel_table.h", "w", encoding="ascii") as f:
                f.write(table)
            subprocess.run(["cc", "-std=c17", "-O2", "-shared", "-fPIC", "-I", tmp,
                            "-I", root + "/src", root + "/src/dns/charmodel.c",
                            "-o", tmp + "/charmodel.so"], check=True)
            self.lib = ctypes.CDLL(tmp + "/charmodel.so")
        for f in (self.lib.charmodel_llr, self.lib.charmodel_bits):
            f.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
        self.lib.charmodel_bits.restype = ctypes.c_uint

    def llr(self, labels):
        f = self.lib.charmodel_llr
        return [f(x.encode(), len(x)) for x in labels]

    def bits(self, labels):
        f = self.lib.charmodel_bits
        return [f(x.encode(), len(x)) for x in labels]


def typo(label, rng):
    """The label with one octet dropped, added, changed or swapped with the next."""
    i, c = rng.randrange(len(label)), rng.choice("abcdefghijklmnopqrstuvwxyz")
    j = min(i, max(0, len(label) - 2))
    made = [label[:i] + label[i + 1:], label[:i] + c + label[i:],
            label[:i] + c + label[i + 1:],
            label[:j] + label[j + 1:j + 2] + label[j:j + 1] + label[j + 2:]]
    return rng.choice(made) or label


def above(scores, threshold):
    return sum(1 for s in scores if s > threshold) / len(scores)


def thresholds(scores):
    """The least scores that at most one in 100, 1,000, 10,000 passes."""
    s = sorted(scores, reverse=True)
    return [s[len(s) // r] for r in RATES]


def area(made, human):
    """Area under the ROC curve: P(made > human), ties count half."""
    s = sorted(human)
    hits = sum(bisect.bisect_left(s, x) + bisect.bisect_right(s, x) for x in made)
    return hits / 2 / len(s) / len(made)


def sums(scores, draws, rng):
    """{N: sums of N scores drawn at random}; larger N extend the smaller."""
    out = {n: [] for n in SIZES}
    for _ in range(draws):
        draw = rng.choices(scores, k=SIZES[-1])
        for n in SIZES:
            out[n].append(sum(draw[:n]))
    return out


def group_thresholds(scores):
    """{N: least sum that at most 1 in 10,000 groups of N independent names passes}

    The counts of the scores are the coefficients of a polynomial, its N-th power
    has those of the sums. Powers of one long integer do it, a slot a coefficient."""
    low, octets = min(scores), len(scores) ** SIZES[-1]
    octets = octets.bit_length() // 8 + 1
    slots = [0] * (max(scores) - low + 1)
    for s in scores:
        slots[s - low] += 1
    one = int.from_bytes(b"".join(x.to_bytes(octets, "little") for x in slots), "little")
    out = {}
    for n in SIZES:
        size = n * (len(slots) - 1) + 1
        power = (one ** n).to_bytes(size * octets, "little")
        passing, at = 0, size
        while passing * RATES[-1] <= len(scores) ** n:
            at -= 1
            passing += int.from_bytes(power[at * octets:(at + 1) * octets], "little")
        out[n] = n * low + at
    return out


class Measured:
    """All figures of one table: names are {source or family: labels}."""

    def __init__(self, scorer, sources, families):
        rng = random.Random(2)
        self.benign = {k: scorer.llr(v) for k, v in sources.items()}
        self.families = {k: scorer.llr(v) for k, v in families.items()}
        self.at = thresholds(self.benign["never trained on"])
        self.at_popular = thresholds(self.benign["popular, test part"])
        self.group = {k: group_thresholds(v) for k, v in self.benign.items()
                      if k in GROUP_SOURCES}
        self.group_at = {n: max(g[n] for g in self.group.values()) for n in SIZES}
        self.rows = {k: self.family_row(v, rng) for k, v in self.families.items()}

    def family_row(self, scores, rng):
        """AUC, recall at RATES, at RATES of popular names, of groups of SIZES."""
        g = sums(scores, DRAWS, rng)
        return ([area(scores, self.benign["never trained on"])] +
                [above(scores, t) for t in self.at + self.at_popular] +
                [above(g[n], self.group_at[n]) for n in SIZES])

    def mean(self, chosen):
        rows = [self.rows[k] for k in chosen]
        return [sum(c) / len(rows) for c in zip(*rows)]


GROUP_SOURCES = ["never trained on", "popular, test part", "opendns-random",
                 "typos of never trained on"]


def table(heads, rows):
    out = ["| " + " | ".join(heads) + " |",
           "|---|" + "--:|" * (len(heads) - 1)]
    return out + ["| " + " | ".join(map(str, r)) + " |" for r in rows] + [""]


def percent(x):
    return "%.1f" % (100 * x)


def benign_section(m):
    rows = []
    for k, s in m.benign.items():
        rows.append([k, len(s), "%.1f" % (sum(s) / len(s) / BIT)] +
                    ["%.1f" % (1e4 * above(s, t)) for t in m.at])
    return table(["benign source", "names", "mean, bits"] +
                 ["over the 1 in %s score" % format(r, ",") for r in RATES], rows)


def kind_section(m, kinds, fitted):
    rows = []
    for kind in sorted(set(kinds.values())):
        mine = [k for k in kinds if kinds[k] == kind]
        got, left = m.mean(mine), mean_of(fitted, mine)
        rows.append([kind, len(mine), "%.4f" % got[0]] +
                    [percent(x) for x in got[1:]] + [percent(x) for x in left[7:9]])
    return table(["kind", "families", "AUC", "1 in 100", "1 in 1,000", "1 in 10,000",
                  "popular 1 in 100", "1 in 1,000", "1 in 10,000", "N = 5",
                  "N = 10", "N = 20", "fitted N = 5", "N = 10"], rows)


def mean_of(rows, chosen):
    return [sum(c) / len(chosen) for c in zip(*(rows[k] for k in chosen))]


def family_section(m, kinds):
    rows = [[k, kinds[k], len(m.families[k]), "%.4f" % r[0]] +
            [percent(x) for x in r[1:4] + r[7:]]
            for k, r in sorted(m.rows.items(), key=lambda x: (kinds[x[0]], x[0]))]
    return table(["family", "kind", "names", "AUC", "1 in 100", "1 in 1,000",
                  "1 in 10,000", "N = 5", "N = 10", "N = 20"], rows)


def group_section(m):
    rows = [[k] + ["%.1f" % (g[n] / BIT) for n in SIZES] for k, g in m.group.items()]
    return table(["sum in bits that 1 of 10,000 groups passes"] +
                 ["N = %d" % n for n in SIZES], rows)


def variant_section(variants, kinds):
    rows = []
    for name, size, bits, m in variants:
        row = [name, format(size, ","), "%.3f" % bits]
        for kind in ("letters", "alnum", "spoken"):
            got = m.mean([k for k in kinds if kinds[k] == kind])
            row += [percent(got[2]), percent(got[7]), percent(got[8])]
        rows.append(row)
    heads = ["table", "octets", "bits an octet"]
    for kind in ("letters", "alnum", "spoken"):
        heads += [kind + " 1 in 1,000", "N = 5", "N = 10"]
    return table(heads, rows)


def report(d):
    """The whole of charmodel.md."""
    m, kinds = d["m"], d["kinds"]
    dropped = ", ".join("%s %d" % x for x in sorted(d["dropped"].items()))
    fill = dict(train=len(d["train"]), kept=len(d["kept"]), dropped=dropped,
                cut=len(d["train"]) - len(d["kept"]), lines=d["table"],
                prior=", ".join("%.1f" % x for x in d["prior"]),
                at=", ".join("%.1f" % (t / BIT) for t in m.at),
                popular=", ".join("%.1f" % (t / BIT) for t in m.at_popular))
    parts = [STORY % fill, benign_section(m), KINDS % fill,
             kind_section(m, kinds, d["fitted"]), GROUPED, group_section(m),
             VARIANTS, variant_section(d["variants"], kinds), ONCE,
             family_section(m, kinds)]
    return "".join(x if isinstance(x, str) else "\n".join(x) + "\n" for x in parts)


STORY = """\
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
# The character model: recipe and measurements

Made by `tools/train-charmodel` together with `charmodel_table.h`; change the tool, not
this. Every figure is of `charmodel.c` compiled with the table in question. Scores are
`charmodel_llr()` in bits (its result divided by 16).

**Human side.** Cost of a symbol after the last one and the class of the one before:
10 classes x 30 contexts x 39 symbols, one octet each (%(lines)d lines of source, 12,000
octets of costs, 13,200 with the maps). Counted on popular names (the label left of an
ICANN suffix; no `xn--`), four fifths of them by CRC-32, %(train)d labels. Taken out of
training and test alike: labels that are on any held-out list, and domains that the
family lists name (%(dropped)s).
Taken out of training only: %(cut)d labels that a model of pairs finds 5 bits nearer to a
machine. %(kept)d are left. Contexts are joined by likelihood, smoothed by Witten and Bell
towards pairs, mixed with 2 %% of "any symbol", and rounded to 1/8 bit such that each row
stays a prefix code.

**Machine side.** Written in the tool, not learned: uniform letters, letters and digits,
hexadecimal digits, and vowels and consonants in turn, at 1, 3, 4 and 2 bits, any length
1 in 64. So no family had a part in the table. That these four and their priors were
chosen by people who know the families is the bias that remains; to bound it, the columns
*fitted* below use priors fitted by expectation maximisation in five folds, each family
measured by a model fitted on the others (on all: %(prior)s bits).

The number of classes, the 2 %% and the knee below were chosen with these tables in view
(about a dozen settings, chosen for size first); no other set was kept back for them.

**Tempered.** Past 8 bits a score grows an eighth as fast: the order of single names
stays, and no name decides a sum.

## Benign names

Thresholds come from the lists never trained on: %(at)s bits for 1 in 100, 1,000 and
10,000. Cells are names in 10,000 above each. The last threshold rests on six names.
`opendns-random` was drawn in 2014: many of its names are gone, so it stands for look-ups
of expired names; the typing errors are one octet dropped, added, changed or swapped.

"""
KINDS = """\
The popular lists pass those thresholds far more often, and their own would be
%(popular)s bits. That is the lists and not the spelling: they rank what is asked for, so
they hold live malware, trackers and content networks (nearly all `.biz` names of m0yv
were on one of them; read by eye, hardly one name of the test part above the second
threshold can be pronounced). Labels below private suffixes are often assigned by the
provider's machines (distribution and load-balancer ids): score them apart or not at all.

## Families, by kind

A family's kind is whatever explains most of its names: a lane, or the human model.
Recall in per cent, mean over families: single names at the thresholds above; at those of
the popular test part; and sums over N names of one family that pass what 1 in 10,000
benign groups of N passes (next section).

"""
GROUPED = """\
What one odd name cannot show, ten can. Names that the human model explains best need
twenty (well made syllables; labels of 3 to 5 octets), or no number helps (joined words; a
fixed name with a few octets changed): there the detector needs other signs.

## Sums over N names

Exact for independent names of one source; the largest of a column is the threshold used.

"""
VARIANTS = """\
Benign sums fall as N grows, so a threshold of 1 bit a name is safe from N = 10 on.

## Tried: other tables, same tool

"""
ONCE = """\
`bits an octet` is the code length of the names never trained on. All triples cost three
times the octets and buy little. More of "anything at all" favours letters and costs
digits. A quarter of the training names gives nearly the same: nothing is memorised.

Tried once in floating point while choosing, with another draw of names (compare within a
line only), and left:

| tried | against | letters N = 5 | spoken N = 10 |
|---|---|--:|--:|
| all quadruples, 2.3 million cells | 10 classes: 91.7, 63.5 | 94.4 | 79.1 |
| hashed quadruples, logistic regression | 12 classes: 88.4, 60.5 | 88.8 | 69.2 |
| classes of the last pair but one | 12 classes: 85.4, 60.2 | 85.5 | 62.4 |
| lanes trained on families, five folds | written lanes: 90.0, 53.2 | 90.8 | 51.8 |
| no tempering | tempered: 88.4, 60.5 | 4.3 | 1.2 |
| a hard limit of 8 bits (ends the ROC there) | tempered: 88.4, 60.5 | 89.8 | 62.6 |
| a length prior on both sides | none: 85.2, 57.6 | 80.0 | 48.0 |
| hobby (dynamic-DNS) names added to training | without: 91.5, 63.2 | 91.3 | 56.9 |

Quadruples are better, and too large for the first-level cache; trained lanes found the
written ones again.

## Families

Names: labels measured, at most 3,000 a family, families of 16 and more. Families with a
star come from a second, hand-kept source, whose lists hold a few names that no generator
made.

"""
