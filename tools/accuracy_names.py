# SPDX-License-Identifier: GPL-3.0-or-later
"""accuracy_names.py - clients that ask for generated names, from end to end.

For each family and N a capture is made: clients that ask N of its names, drawn at random
without repetition, all answered NXDOMAIN with the SOA of the zone above (RFC 2308),
and BROWSED popular names with addresses, at random moments of 60 seconds that begin
anywhere in a minute. Each draw is a client of its own. What `vedette observe` then
says of each client is counted. The same is done with names that no machine made.

The families and lists are those of tools/charmodel_names.py; the lists used for false
alarms here were never trained on, except that people mistype popular names.

Not here: figures of single names (src/dns/charmodel.md)."""
import collections
import os
import random
import re

import accuracy_wire as dns
import charmodel_names as names
import charmodel_roc as roc
from accuracy_run import percent, table

SIZES = [10, 20, 40, 100]
DRAWS = 20               # clients a family and N
BENIGN_DRAWS = 500       # clients a benign source and N
BROWSED = 40             # popular names that each client asks for as well
POPULAR = "tranco10k"


def full_names(suffixes, known):
    """{label: [(name, zone)]}: what can be asked for a family's label, who denies it.

    A label is a registered domain's own, or stands left of one that repeats: then
    that domain exists, and denies the name itself."""
    own, left = collections.defaultdict(dict), collections.defaultdict(dict)
    for name in sorted(known):
        got = suffixes.split(name)
        if got:
            label, domain, _ = got
            own[label][domain] = domain[len(label) + 1:]
            rest = name[:-len(domain)].strip(".")
            left[domain][rest.split(".")[-1]] = name
    for domain, under in left.items():
        for label, name in under.items() if len(under) > 1 else ():
            own[label][name] = domain
    return {k: list(v.items()) for k, v in own.items()}


def kinds(root):
    """{family: kind} as src/dns/charmodel.md has it."""
    with open(os.path.join(root, "src/dns/charmodel.md"), encoding="utf-8") as f:
        text = f.read().split("## Families\n")[1]
    return dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \| \d", text, re.M))


def domains(data, suffixes, known, lists, private=False):
    """[(registered domain, its suffix)], each once, none of them a family's."""
    out = {}
    for which in lists:
        for name in names.read_benign(data, which):
            label, domain, below = suffixes.split(name) or ("xn--", None, None)
            if below == private and not label.startswith("xn--") and domain not in known:
                out[domain] = domain[len(label) + 1:]
    return sorted(out.items())


def typos(popular, rng):
    real, out = {d for d, _ in popular}, {}
    for domain, suffix in popular:
        label = roc.typo(domain[:-len(suffix) - 1], rng)
        if label + "." + suffix not in real and names.GOOD.match(label):
            out[label + "." + suffix] = suffix
    return sorted(out.items())


# ---- the captures -----------------------------------------------------------------

def browse(capture, client, begin, popular, rng):
    for name, _ in rng.sample(popular, BROWSED):
        query = dns.question(rng.getrandbits(16), dns.wire(name), dns.A)
        address = dns.record(dns.A, 300, rng.randbytes(4))
        capture.both(begin + 60 * rng.random(), client, query,
                     dns.response(query, dns.NOERROR, [address]))


def infect(capture, client, begin, missing, rng):
    for name, zone in missing:
        query = dns.question(rng.getrandbits(16), dns.wire(name), dns.A)
        capture.both(begin + 60 * rng.random(), client, query,
                     dns.denial(query, dns.wire(zone)))


def draw_n(observer, n, source, popular, clients, rng):
    """What is said of so many clients that ask N each, {rule: clients}; other alarms."""
    capture, asked = dns.Capture(), set()
    for i in range(clients):
        client, begin = dns.CLIENTS + 1 + i, 60 * rng.random()
        asked.add(dns.dotted(client))
        browse(capture, client, begin, popular, rng)
        infect(capture, client, begin, rng.sample(source, n), rng)
    run = observer.run_capture(capture)
    said = collections.Counter(f["rule"] for f in run.findings if f["subject"] in asked)
    return said, [f for f in run.grave() if f["subject"] not in asked]


def draw(observer, source, popular, clients, seed):
    """{N: (share of clients with dga.client, share with dga.missing)}, other alarms."""
    shares, strange = {}, []
    for n in SIZES:
        if n <= len(source):
            said, other = draw_n(observer, n, source, popular, clients,
                                 random.Random("%s %d" % (seed, n)))
            shares[n] = (said["dga.client"] / clients, said["dga.missing"] / clients)
            strange += [(n, f) for f in other]
    return shares, strange


# ---- tables -------------------------------------------------------------------------

HEADS = [">dga.client, N = 10", ">20", ">40", ">100", ">dga.missing, N = 100"]


def cells(shares):
    return [shares.get(n, (None, None))[0] for n in SIZES] + \
        [shares.get(SIZES[-1], (None, None))[1]]


def mean(column):
    got = [x for x in column if x is not None]
    return sum(got) / len(got) if got else None


def family_tables(observer, root, families, at, popular):
    """Tables by kind and by family, and what other rules said."""
    kind, rows, strange = kinds(root), {}, []
    for family, labels in families.items():
        rng = random.Random("names of " + family)
        source = [rng.choice(at[x]) for x in labels]
        shares, other = draw(observer, source, popular, DRAWS, "family " + family)
        rows[family] = cells(shares)
        strange += [(family, n, f) for n, f in other]
    by_kind = collections.defaultdict(list)
    for family in rows:
        by_kind[kind.get(family, "–")].append(family)
    short = [[k, len(v)] + [percent(mean(c)) for c in zip(*(rows[x] for x in v))]
             for k, v in sorted(by_kind.items())]
    long = [[x, k, len(families[x])] + [percent(c) for c in rows[x]]
            for k, v in sorted(by_kind.items()) for x in v]
    return (table(["kind of family", ">families"] + HEADS, short),
            table(["family", "kind", ">names"] + HEADS, long), strange)


def benign_rows(observer, data, suffixes, known, popular):
    held = [x for x in names.HELD_OUT if x != "opendns-random"]
    private = domains(data, suffixes, known, names.TRAINED + names.HELD_OUT, True)
    sources = {
        "typing errors of popular names": typos(popular, random.Random("typo")),
        "names of 2014, many expired (opendns-random)":
            domains(data, suffixes, known, ["opendns-random"]),
        "held-out names, asked as if gone": domains(data, suffixes, known, held),
        "popular names, asked as if gone": popular,
        "below private suffixes, as if gone": private,
        "below cloudfront.net alone, as if gone":
            [x for x in private if x[1] == "cloudfront.net"],
    }
    rows, strange = [], []
    for what, source in sources.items():
        shares, other = draw(observer, source, popular, BENIGN_DRAWS, what)
        got = cells(shares)
        rows.append([what, len(source)] + ["–" if x is None else "%.1f" % (100 * x)
                                           for x in got])
        strange += [(what, n, f) for n, f in other]
    return rows, strange


def section(observer, root, data, psl):
    """Tables: kinds, families, benign, alarms of other rules."""
    suffixes = names.Suffixes(psl)
    families, known = names.read_families(data, suffixes)
    popular = domains(data, suffixes, known, [POPULAR])
    at = full_names(suffixes, known)
    short, long, strange = family_tables(observer, root, families, at, popular)
    rows, more = benign_rows(observer, data, suffixes, known, popular)
    benign = table(["what was asked", ">names"] + HEADS, rows)
    other = table(["row", ">N", "alarm", "severity", "subject"],
                  [[what, n, "**%s**" % f["rule"], f["severity"], f["subject"]]
                   for what, n, f in strange + more])
    return short, long, benign, other if strange + more else []
