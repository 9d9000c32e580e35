# SPDX-License-Identifier: GPL-3.0-or-later
"""accuracy_tunnels.py - lists of tunnels' names, and how tight the bound is.

Part 3. The lists hold questions only. Each is put into two captures: the questions
alone, as a sensor sees them that stands where answers do not pass; and with answers
that this script makes: of the type, number and length of records that the list gives
where it does (the log rows do), else 60 octets in TXT for a tunnel and two addresses
for an ordinary name. A tunnel's answers are drawn anew each time, as a far end that
speaks would; an ordinary name always has the same. So the second column shows what
the rule does with a talking far end, and is no measurement of these tools' answers.

Part 5. Random octets leave in base32 labels of TXT questions, each asked once and
answered with the same short text. What left is known to the octet; the bound must
never be below it. And two ways out that the bound does not cover are shown."""
import base64
import collections
import csv
import os
import random
import zlib

import accuracy_wire as dns
from accuracy_run import GRAVE, count, feature, octets, related, table

CLIENT = dns.CLIENTS + 77
GAP = 0.05               # seconds between the questions of a list without times
NAMES_LISTS = [("netrack-dns2tcp-names.csv", "dns2tcp"),
               ("netrack-dnscapy-names.csv", "dnscapy"),
               ("netrack-iodine-names.csv", "iodine"),
               ("netrack-train.csv", "all three, and plain"),
               ("netrack-validate.csv", "all three, and plain"),
               ("netrack-plain-names.csv", "plain")]
LOGS = "tunnel-names/bonelee"
LETTERS = b"abcdefghijklmnopqrstuvwxyz0123456789"

WAYS_OF_LISTS = ["questions alone", "with made answers"]

# What a list asks: time, query, made response or None, whether it is a tunnel's
Asked = collections.namedtuple("Asked", "at query answer tunnel")


# ---- reading ------------------------------------------------------------------------

def read_names(path):
    """[(tunnel's, name in octets)]; a doubled dot in a name is one that was lost."""
    with open(path, encoding="latin-1", newline="") as f:
        for row in csv.reader(f):
            if row[0] in ("0", "1"):
                yield row[0] == "1", row[1].encode("latin-1").rstrip(b".\r")


def from_names(path, rng):
    out, dropped = [], 0
    for i, (tunnel, text) in enumerate(read_names(path)):
        name = dns.wire(text)
        if name is None:
            dropped += 1
            continue
        reverse = text.endswith(b".arpa")
        query = dns.question(rng.getrandbits(16), name,
                             dns.TXT if tunnel else dns.PTR if reverse else dns.A)
        made = plain_answer(query, tunnel, reverse, rng)
        out.append(Asked(i * GAP, query, made, tunnel))
    return out, dropped


def plain_answer(query, tunnel, reverse, rng):
    if tunnel:
        made = [dns.record(dns.TXT, 0, dns.text_data(rng.randbytes(60)))]
    elif reverse:
        made = [dns.record(dns.PTR, 3600, b"\4host" + b"\xc0\x0c")]
    else:
        made = [dns.record(dns.A, 300, fixed(query, i, 4)) for i in range(2)]
    return dns.response(query, dns.NOERROR, made)


def fixed(query, i, size):
    """Octets that depend on the name alone."""
    return random.Random(zlib.crc32(query[12:]) + i).randbytes(size)


def from_log(path, tunnel, rng):
    """Log rows: 4 port, 11 time, 53 rcode, 58 TTLs, 61 types of answers, 80 the query,
    89 lengths of records (of tunnels). Counted from nought."""
    out, lost = [], 0
    with open(path, encoding="utf-8", errors="replace") as f:
        rows = [line.rstrip("\n").split("^") for line in f]
    first = min(float(r[11]) for r in rows)
    for i, r in enumerate(rows):
        query = bytes.fromhex(r[80])
        if not whole(query):
            lost += 1
            continue
        made = tunnel_answer(query, r, rng) if tunnel else log_answer(query, r)
        # times are in seconds: rows of one second stand a millisecond apart
        out.append(Asked(float(r[11]) - first + i % 1000 / 1000, query, made, tunnel))
    return out, lost


def whole(query):
    """Does a row hold all of its question?"""
    try:
        return len(query) >= end_of_name(query) + 4
    except IndexError:
        return False


def end_of_name(query):
    at = 12
    while query[at]:
        at += query[at] + 1
    return at + 1


def asked_type(query):
    at = end_of_name(query)
    return query[at] << 8 | query[at + 1]


def name_data(size, rng):
    """RDATA of a name of `size` octets: labels drawn, then the question's name."""
    out, left = b"", size - 2
    while left > 1:
        n = min(63, left - 1)
        out += bytes([n]) + bytes(rng.choices(LETTERS, k=n))
        left -= n + 1
    return out + b"\xc0\x0c"


def drawn(rtype, size, rng):
    """RDATA of that type, about `size` octets long, drawn."""
    if rtype == dns.TXT:
        return dns.text_data(rng.randbytes(max(1, size - 1)))
    if rtype in (dns.CNAME, dns.PTR):
        return name_data(size, rng)
    if rtype == dns.MX:
        return b"\0\12" + name_data(size - 2, rng)
    if rtype == dns.SRV:
        return b"\0\12\0\12\0\65" + name_data(size - 6, rng)
    return rng.randbytes(4 if rtype == dns.A else size)


def tunnel_answer(query, row, rng):
    rtype, sizes = asked_type(query), [int(x) for x in row[89].split(",") if x]
    ttl = int(row[58].split(",")[0] or 0)
    made = [dns.record(rtype, ttl, drawn(rtype, x, rng)) for x in sizes[:1]]
    return dns.response(cut(query), int(row[53] or 0), made)


def log_answer(query, row):
    """None where the row says that no response came."""
    if row[10] in ("", "0"):
        return None
    made, ttls = [], row[58].split(";")
    for i, kind in enumerate(x for x in row[61].split(";") if x not in ("", "0000")):
        rtype, ttl = int(kind, 16), int(ttls[min(i, len(ttls) - 1)] or 0)
        rng = random.Random(fixed(query, i, 8))
        made.append(dns.record(rtype, ttl, drawn(
            rtype, {dns.A: 4, dns.AAAA: 16}.get(rtype, 24), rng)))
    return dns.response(cut(query), int(row[53] or 0), made)


def cut(query):
    """The query without what follows its question (EDNS)."""
    return query[:end_of_name(query) + 4]


# ---- 3: what is found in the lists -----------------------------------------------

def captured(asked, answers):
    capture = dns.Capture()
    for i, x in enumerate(asked):
        client = CLIENT if x.tunnel else CLIENT + 1 + i % 50
        capture.ask(x.at, client, x.query)
        if answers and x.answer:
            capture.answer(x.at + 0.02, client, x.answer)
    return capture


def domains_of(asked, suffixes):
    """Registered domains of the tunnel's names that have eight names and more."""
    got = collections.Counter()
    for x in asked:
        if x.tunnel:
            labels, at = [], 12
            while x.query[at]:
                labels.append(x.query[at + 1:at + 1 + x.query[at]])
                at += x.query[at] + 1
            split = suffixes.split(b".".join(labels[-3:]).decode("latin-1").lower())
            got[split[1] if split else "?"] += 1
    return {d for d, n in got.items() if n >= 8}


def said_of(run, domains):
    """({domain: finding or None}, findings of medium and more of other domains)"""
    said = {d: next((f for f in run.findings if f["subject"] == d), None)
            for d in sorted(domains)}
    return said, [f for f in run.grave() if f["subject"] not in domains]


def called(finding):
    return "%s %s" % (finding["rule"], finding["severity"]) if finding else "nothing"


def why(asked, domain, finding):
    """What kept a tunnel's domain from being an alarm."""
    if finding:
        return "%.0f octets a name; from %d on it is medium" % (
            feature(finding, "mean_name"),
            next(x["threshold"] for x in finding["features"] if x["name"] == "mean_name"))
    end = dns.wire(domain)
    lower = {x.query[12:end_of_name(x.query)].lower() for x in asked}
    sub = [len(x) - len(end) for x in lower if x.endswith(end)]
    return "%s in %d names; the rule wants 2 KiB in a minute or 4 in a day" % (
        octets(sum(sub)), len(sub))


class Group:
    """Lists of one kind: what was said, alone and with answers."""

    def __init__(self):
        self.files = self.names = 0
        self.said = [collections.Counter(), collections.Counter()]

    def cells(self):
        out = []
        for said in self.said:
            out.append(", ".join("%d × %s" % (n, k) for k, n in sorted(said.items()))
                       or "–")
        return out


def look(observer, suffixes, group, file, asked):
    """Adds a list to its group; the rows of domains missed, and of other findings."""
    domains, rows = domains_of(asked, suffixes), []
    group.files += 1
    group.names += len({x.query[12:] for x in asked})
    for i, way in enumerate(WAYS_OF_LISTS):
        run = observer.run_capture(captured(asked, i == 1))
        said, others = said_of(run, domains)
        group.said[i].update(called(f) for f in said.values())
        rows += [[file, way, d, called(f), why(asked, d, f)] for d, f in said.items()
                 if f is None or f["severity"] not in GRAVE]
        for f in others:
            group.said[i]["**%s**" % called(f)] += 1
            rows.append([file, way, f["subject"], called(f), "**unexplained**"])
    return rows


def lists(observer, data, suffixes):
    """(the groups' table, the exceptions' table, questions dropped)"""
    groups, rows, dropped = collections.defaultdict(Group), [], 0
    for file in sorted(os.listdir(os.path.join(data, LOGS))):
        short = file.replace("sample_data__labeled_", "")
        kind, rest = short.split("__")
        tool = rest.replace("download_", "").split("_")[0] if kind == "black" else kind
        asked, lost = from_log(os.path.join(data, LOGS, file), kind == "black",
                               random.Random(file))
        dropped += lost
        rows += look(observer, suffixes, groups["log rows", tool], short, asked)
    for file, tool in NAMES_LISTS:
        asked, lost = from_names(os.path.join(data, "tunnel-names", file),
                                 random.Random(file))
        dropped += lost
        rows += look(observer, suffixes, groups["names", tool], file, asked)
    short = [[a, b, g.files, count(g.names)] + g.cells() for (a, b), g in groups.items()]
    heads = ["lists", "what asked", ">files", ">different questions"] + WAYS_OF_LISTS
    return (table(heads, short),
            table(["list", "capture", "domain", "said", "why no alarm"], rows), dropped)


# ---- 5: how tight the bound is ---------------------------------------------------

SIZES = [1000, 10000, 100000, 1000000]
SEEDS = 8
WAYS = [("full names, 110 octets each", 110), ("short names, 20 octets each", 20)]
DOMAIN = "invented-leak.com"


def leak(size, step, seed):
    """A capture in which `size` random octets leave, and the octets of its names."""
    rng, capture, long = random.Random(seed), dns.Capture(), 0
    domain, payload = dns.wire(DOMAIN), rng.randbytes(size)
    gap = min(GAP, 3000 * step / size)
    for i in range(0, size, step):
        text = base64.b32encode(payload[i:i + step]).rstrip(b"=").lower()
        labels = b"".join(bytes([len(x)]) + x for x in
                          (text[j:j + 60] for j in range(0, len(text), 60)))
        long += len(labels)
        query = dns.question(rng.getrandbits(16), labels + domain, dns.TXT)
        capture.both(i / step * gap, CLIENT, query, dns.response(
            query, dns.NOERROR, [dns.record(dns.TXT, 0, dns.text_data(b"ok"))]))
    return capture, long


def octets_of(note):
    """The 39400 of "at most 39.4 kB out, ...", as the program rounds it down."""
    number, unit = note.split()[2:4]
    return float(number) * {"B": 1, "kB": 1e3, "MB": 1e6}[unit]


def leak_row(observer, size, what, step):
    ratios, of_names, mine, said = [], [], [], collections.Counter()
    for seed in range(SEEDS):
        capture, long = leak(size, step, "leak %d %d %d" % (size, step, seed))
        run = observer.run_capture(capture)
        f = said_of(run, [DOMAIN])[0][DOMAIN]
        top = next(x for x in run.run["stats"]["top_bounds"] if x["name"] == DOMAIN)
        said[called(f)] += 1
        bound = feature(f, "bound_out") if f else top["bound_out"]
        ratios.append(bound / size)
        of_names.append(bound / long)
        if f:
            mine.append(octets_of(related(f, "client")[0]["note"]) / size)
    ratios.sort()
    below = sum(r < 1 for r in ratios + of_names + mine)
    return [octets(size), what] + ["%.2f" % x for x in (
        ratios[0], ratios[len(ratios) // 2], ratios[-1], min(of_names))] + [
        "%.2f" % min(mine) if mine else "–", below,
        ", ".join("%d × %s" % (n, k) for k, n in sorted(said.items()))]


def tightness(observer):
    rows = [leak_row(observer, size, what, step) for size in SIZES for what, step in WAYS]
    return table([">left", "in", ">bound / left, least", ">median", ">most",
                  ">bound / octets of the names, least", ">client's bound / left, least",
                  ">below 1", "found as"], rows)


# ---- 5: what the bound does not cover ----------------------------------------------

def in_order(octet):
    """One of 256 known names, asked again each time."""
    return b"\3c%02x" % octet


def in_case(octet):
    """Eight letters of one name, large or small."""
    return b"\10" + bytes(b"aA"[octet >> i & 1] for i in range(8))


OUTSIDE = [("the order of 256 known names", in_order),
           ("large and small letters of one name", in_case)]


def outside_row(observer, what, way):
    rng, capture, size = random.Random(what), dns.Capture(), 10000
    for i in range(size):
        query = dns.question(rng.getrandbits(16),
                             way(rng.getrandbits(8)) + dns.wire(DOMAIN), dns.TXT)
        capture.both(i * GAP, CLIENT, query, dns.response(
            query, dns.NOERROR, [dns.record(dns.TXT, 0, dns.text_data(b"ok"))]))
    run = observer.run_capture(capture)
    f = said_of(run, [DOMAIN])[0][DOMAIN]
    top = next(x for x in run.run["stats"]["top_bounds"] if x["name"] == DOMAIN)
    return [what, octets(size), octets(top["bound_out"]), called(f)]


def outside(observer):
    return table(["way", ">left", ">bound", "found as"],
                 [outside_row(observer, what, way) for what, way in OUTSIDE])
