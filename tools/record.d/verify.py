#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""verify.py DIR - are the labels of DIR/demo.labels true of DIR/demo.pcap.xz?

tshark, which shares no code with this project, turns the capture into one line a
frame; here is counted what each label claims. Also looked at: no frame is there
twice, every Ethernet address is locally administered, every IP address is one of
documentation, and every name is reserved, invented or generated.

Every check yields pairs: is it so, and what was counted. Prints one line a pair.
Exit status: 0 all true, 1 something is not, 77 (which test runners count as
skipped) tshark is not installed.

Not here: what Vedette finds in the capture; that is for the tests of Vedette.
"""
import collections
import datetime
import ipaddress
import itertools
import lzma
import os
import re
import shutil
import subprocess
import sys
import tempfile

from attack import generated_names

FIELDS = {                          # column: fields of tshark, the first one present
    "time": ["frame.time_epoch"], "eth_src": ["eth.src"], "eth_dst": ["eth.dst"],
    "src": ["ip.src", "ipv6.src"], "dst": ["ip.dst", "ipv6.dst"],
    "size": ["frame.len"], "more": ["ip.flags.mf"], "offset": ["ip.frag_offset"],
    "six_piece": ["ipv6.fraghdr.nxt"], "tcp": ["tcp.srcport"],
    "response": ["dns.flags.response"], "rcode": ["dns.flags.rcode"],
    "ad": ["dns.flags.authenticated"], "name": ["dns.qry.name"],
    "name_size": ["dns.qry.name.len"],
}
RESOLVERS = {"192.0.2.53", "192.0.2.54", "2001:db8:2::53", "2001:db8:2::54"}
NETS = [ipaddress.ip_network(n) for n in (
    "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")]
OURS = re.compile(r"(^|\.)(invented-[a-z]+\.(com|net|org|co\.uk)|example\.(com|net|org)"
                  r"|test|example|arpa|com|net|org|info|biz|uk|co\.uk)$")
SUFFIX = re.compile(r"\.(com|net|org|info|biz|uk|co\.uk)$")
SUFFIX_NAMES = {"com", "net", "org", "info", "biz", "uk", "co.uk"}
NXDOMAIN = "3"
Frame = collections.namedtuple("Frame", [*FIELDS, "piece"])
Label = collections.namedtuple(
    "Label", "kind subject client server start end says facts what")


def read_frames(pcap):
    fields = [field for group in FIELDS.values() for field in group]
    command = ["tshark", "-n", "-r", pcap, "-T", "fields", "-E", "occurrence=f"]
    for field in fields:
        command += ["-e", field]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL)
    for line in done.stdout.decode("latin-1").rstrip("\n").split("\n"):
        got = dict(zip(fields, line.split("\t")))
        row = {column: next((got[f] for f in group if got[f]), "")
               for column, group in FIELDS.items()}
        row["time"], row["size"] = float(row["time"]), int(row["size"])
        row["name"] = row["name"].lower()
        piece = row["more"] in ("1", "True") or row["offset"] not in ("", "0") \
            or row["six_piece"] != ""
        yield Frame(piece=piece, **row)


def read_labels(path):
    with open(path, encoding="ascii") as f:
        for line in f:
            if line.startswith("#"):
                continue
            label = Label(*line.rstrip("\n").split("\t"))
            start, end = (datetime.datetime.fromisoformat(t.replace("Z", "+00:00"))
                          .timestamp() for t in (label.start, label.end))
            facts = dict(word.split("=") for word in label.facts.split())
            facts = {key: int(value) for key, value in facts.items()}
            nets = [ipaddress.ip_network(n) for n in label.client.split(",")]
            yield label._replace(start=start, end=end, facts=facts, client=nets)


def within(addr, nets):
    addr = ipaddress.ip_address(addr)
    return any(addr in net for net in nets)


def below(name, zone):
    return name == zone or name.endswith("." + zone)


def asked(frames, label, zone=""):
    """Queries of the label's clients to a resolver, for names below `zone`."""
    return [f for f in frames if f.response in ("0", "False") and f.dst in RESOLVERS
            and within(f.src, label.client) and (not zone or below(f.name, zone))]


def told(frames, label, zone=""):
    """What the resolvers answered to the label's clients."""
    return [f for f in frames if f.response in ("1", "True") and f.src in RESOLVERS
            and within(f.dst, label.client) and (not zone or below(f.name, zone))]


def timely(frames, label):
    return all(label.start <= f.time <= label.end for f in frames)


def tunnel(frames, label):
    queries = asked(frames, label, label.subject)
    sizes = {f.name: int(f.name_size) for f in queries}
    out, back = label.facts["out_bytes"], label.facts["in_bytes"]
    answers = sum(f.size for f in told(frames, label, label.subject))
    yield (len(sizes) > 300 and timely(queries, label),
              f"tunnel: {len(sizes)} names below {label.subject}, all in its time")
    yield (sum(sizes.values()) >= out,
              f"tunnel: {sum(sizes.values())} octets of names for {out} bytes out")
    yield (answers >= back, f"tunnel: {answers} octets of answers for {back} bytes in")
    yield (any(f.dst == label.server and below(f.name, label.subject) for f in frames),
              f"tunnel: the names reach {label.server}")


def generated(frames, label):
    made = set(generated_names(label.facts["day"], label.facts["names"]))
    queries = [f for f in asked(frames, label) if f.name in made]
    absent = {f.name for f in told(frames, label)
              if f.name in made and f.rcode == NXDOMAIN}
    seen = {f.name for f in queries}
    yield (seen == made and timely(queries, label),
              f"generated: {len(seen)} of {len(made)} names asked, all in their time")
    yield (len(absent) == label.facts["nxdomain"],
              f"generated: {len(absent)} of them do not exist")


def flood(frames, label):
    queries = asked(frames, label, label.subject)
    names, clients = {f.name for f in queries}, {f.src for f in queries}
    absent = [f for f in told(frames, label, label.subject) if f.rcode == NXDOMAIN]
    upward = [f for f in frames if f.dst == label.server and below(f.name, label.subject)]
    yield (len(queries) == label.facts["queries"] and timely(queries, label),
              f"flood: {len(queries)} queries, all in their time")
    yield (len(names) > 0.99 * len(queries), f"flood: {len(names)} names")
    yield (len(clients) == label.facts["clients"], f"flood: {len(clients)} clients")
    yield (len(absent) == label.facts["nxdomain"],
              f"flood: {len(absent)} answered NXDOMAIN")
    yield (len(upward) > 0, f"flood: {len(upward)} queries reach {label.server}")


def reflection(frames, label):
    queries = [f for f in frames if f.src == label.subject and f.dst == label.server]
    answers = [f for f in frames if f.dst == label.subject and f.src == label.server]
    sent, got = sum(f.size for f in queries), sum(f.size for f in answers)
    whole = sum(f.response in ("1", "True") for f in answers)
    yield (len(queries) == label.facts["queries"] and timely(queries, label),
              f"reflection: {len(queries)} queries to {label.server}, all in their time")
    yield (whole == len(queries) and got > 5 * sent,
              f"reflection: {whole} answers, {got} octets for {sent}, "
              f"{sum(f.piece for f in answers)} fragments")


def zone_asked(frames, label):
    """Repeats after a lost answer are allowed, but they are few."""
    seen, claimed = len(asked(frames, label, label.subject)), label.facts["asked"]
    yield (claimed * 0.98 <= seen <= claimed * 1.1,
              f"{label.kind}: {seen} queries below {label.subject}, {claimed} labelled")


def ordinary(frames, label):
    queries, answers = asked(frames, label), told(frames, label)
    probes = sum("." not in f.name and len(f.name) > 6 for f in queries)
    absent = sum(f.rcode == NXDOMAIN for f in answers)
    facts = label.facts
    yield (len(queries) >= 0.98 * sum(facts.values()),
              f"ordinary: {len(queries)} queries, {sum(facts.values())} labelled")
    yield (probes >= facts["probe"] and absent >= facts["typo"],
              f"ordinary: {probes} queries of one label, {absent} NXDOMAIN answers")
    yield (sum(":" in f.src for f in queries) > 100, "ordinary: IPv6 is there")
    yield (sum(f.tcp != "" for f in queries) > 100, "ordinary: TCP is there")


def admin(frames, label):
    valid = sum(f.ad in ("1", "True") for f in told(frames, label))
    pieces = sum(f.piece for f in frames if within(f.dst, label.client))
    queries = sum(f.response in ("0", "False") and within(f.src, label.client)
                  for f in frames)
    yield (label.facts["asked"] <= queries <= label.facts["asked"] + 3,
           f"admin: {queries} queries, {label.facts['asked']} labelled")
    yield (valid > 3, f"admin: {valid} answers with AD, so validation works")
    yield (pieces > 0, f"admin: {pieces} fragments of large answers")


def shuffled(name):
    return ".".join("".join(sorted(part)) for part in name.split("."))


def nothing_foreign(frames, labels):
    day = next(label.facts for label in labels if label.kind == "generated")
    made = set(generated_names(day["day"], day["names"]))
    names = {f.name for f in frames if f.name and f.name != "<root>"}
    good = {n for n in names if n in made or OURS.search(n) and
            (not SUFFIX.search(n) or "invented-" in n or "example." in n
             or n in SUFFIX_NAMES)}
    # A typing error is a good name, or the end of one, with two letters swapped.
    ends = {shuffled(n.split(".", i)[-1]) for n in good for i in range(n.count(".") + 1)}
    odd = sorted(n for n in names - good if "." in n and shuffled(n) not in ends)
    addresses = {a for f in frames for a in (f.src, f.dst)}
    cards = {a for f in frames for a in (f.eth_src, f.eth_dst)}
    foreign = sorted(a for a in addresses if not within(a, NETS))
    yield (not odd, f"{len(names)} names, foreign: {odd[:5]}")
    yield (not foreign, f"{len(addresses)} addresses, foreign: {foreign[:5]}")
    yield (all(int(a[:2], 16) & 2 for a in cards),
              f"{len(cards)} Ethernet addresses, all locally administered")


def nothing_twice(pcap):
    done = subprocess.run(["editcap", "-D", "16", pcap, os.devnull], check=True,
                          stderr=subprocess.PIPE, text=True)
    twice = re.search(r"(\d+) packets? skipped", done.stderr)
    return twice and twice[1] == "0", "no frame is in the capture twice"


CHECKS = {f.__name__: f for f in (tunnel, generated, flood, reflection, ordinary, admin)}


def main():
    for program in ("tshark", "editcap"):
        if shutil.which(program) is None:
            print(f"skipped: {program} is not installed (package tshark)")
            return 77
    for name in ("demo.pcap.xz", "demo.labels"):
        if not os.path.exists(os.path.join(sys.argv[1], name)):
            print(f"FAILED: {sys.argv[1]} holds no {name}; tools/record makes it")
            return 1
    with tempfile.NamedTemporaryFile(suffix=".pcap") as pcap:
        with lzma.open(sys.argv[1] + "/demo.pcap.xz") as packed:
            shutil.copyfileobj(packed, pcap)
        pcap.flush()
        frames = list(read_frames(pcap.name))
        once = nothing_twice(pcap.name)
    labels = list(read_labels(sys.argv[1] + "/demo.labels"))
    print(f"{len(frames)} frames, {len(labels)} labels")
    checks = [CHECKS.get(label.kind, zone_asked)(frames, label) for label in labels]
    verdicts = [*itertools.chain(*checks), *nothing_foreign(frames, labels), once]
    for good, words in verdicts:
        print("ok:" if good else "FAILED:", words)
    return 0 if all(good for good, _ in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
