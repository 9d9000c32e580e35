# SPDX-License-Identifier: GPL-3.0-or-later
"""accuracy_captures.py - real captures against what is known of them.

Part 1 is captures that the project does not ship: those with a tunnel must give a
finding that names its domain and its client; the others must give none of medium
severity or more that is not true. What a finding there is, people have looked up
and written into VERDICTS; one that is not in that list is said to be unexplained.
Part 4 is the capture that ships, against the labels of those who made it."""
import ipaddress
import os

from accuracy_run import GRAVE, count, feature, octets, related, table

FOLDERS = {
    "benign": "look-ups of offices, phones and desktop programs",
    "authoritative": "servers' side: a root server's junk, a TLD's test cases",
    "encrypted-dns": "DoH, DoT, DoQ, DNSCrypt; little or no plain DNS",
    "poisoning": "a poisoned cache among decoys; no rule here looks for that",
    "hijack": "NXDOMAIN rewritten by a provider; no rule here looks for that",
    "malware-dns": "sandbox runs: a few look-ups each, no channel, no generator",
    "formats": "link types, tunnels, broken messages",
    "frag": "fragments: reordered, doubled, overlapping, missing",
    "amplification": "a true attack: reflection at its victim",
}

# file, domain, client, tool: from the data's own list of what each capture is
TUNNELS = """\
dmachard-dns2tcp.pcap	dns2tcp.hsc.fr	192.168.1.17	dns2tcp
dmachard-dnscat2.pcap	biillpi.com	192.168.1.17	dnscat2
dmachard-iodine.pcap	t1.biillpi.com	192.168.1.17	iodine
ggyggy-dnscat2-cname.pcap	www.ggy666.tk	192.168.68.62	dnscat2
ggyggy-dnscat2-txt.pcap	www.ggy666.tk	192.168.68.62	dnscat2
ggyggy-iodine-cname.pcap	www.ggy666.tk	192.168.117.128	iodine
ndpi-bad-dns-traffic.pcap	skullseclabs.org	192.168.43.91	dnscat2
ndpi-dns-tunnel-iodine.pcap	pirate.sea	10.0.2.30	iodine
netrack-dns2tcp.pcap	hidemyself.org	172.17.0.3	dns2tcp
"""

# file, rule, subject, what it is
VERDICTS = """\
stopddos-amp.dns.RRSIG.fragmented.pcap	reflection.victim	10.10.10.10	true: \
the capture was taken at this address under attack, 2 MB of answers to RRSIG in 30 s
stopddos-amp.dns.RRSIG.fragmented.pcap	reflection.server	95.214.104.15	true: \
sent the most of the servers in that attack (tshark: 492 packets, 661,248 octets)
"""


def rows_of(text):
    return [line.split("\t") for line in text.splitlines()]


def captures(folder):
    return [os.path.join(folder, f) for f in sorted(os.listdir(folder))
            if not f.endswith((".txt", ".log"))]


def below(name, domain):
    return name == domain or name.endswith("." + domain)


# ---- 1: captures ----------------------------------------------------------------

def tunnel_row(observer, folder, truth):
    """The row of a file, and whether the domain and the client were named."""
    file, domain, client, tool = truth
    run = observer.run(os.path.join(folder, file))
    hits = [f for f in run.grave()
            if f["rule"].startswith("tunnel.") and below(domain, f["subject"])]
    said = ", ".join("**%s %s**" % (f["rule"], f["subject"])
                     for f in run.grave() if f not in hits) or "–"
    if not hits:
        return [file, tool, domain, client, "**no**", "", "", "", "", said], False
    f = hits[0]
    named = client in [x["name"] for x in related(f, "client")]
    return [file, tool, domain, client, "yes" if named else "**domain only**", f["rule"],
            "%s, %d %%" % (f["severity"], f["confidence"]),
            octets(feature(f, "bound_out")), octets(feature(f, "bound_in")), said], named


def tunnels(observer, data):
    folder = os.path.join(data, "pcap/tunnel")
    known = {x[0]: x for x in rows_of(TUNNELS)}
    files = [os.path.basename(p) for p in captures(folder)]
    got = [tunnel_row(observer, folder, known[f]) for f in files if f in known]
    unknown = [f for f in files if f not in known]
    lines = table(["capture", "tool", "domain", "client", "both named", "rule",
                   "severity, confidence", ">out at most", ">in at most",
                   "else, medium or more"], [x[0] for x in got])
    lines += ["Found with domain and client: %d of %d." % (
        sum(named for _, named in got), len(got)), ""]
    if unknown:
        lines += ["**Not in the tool's list of truths:** %s." % ", ".join(unknown), ""]
    return lines


def folder_row(observer, folder, what, said):
    """The row of a folder; findings of medium and more are added to `said`."""
    paths, messages, low, unread, late = captures(folder), 0, 0, 0, 0
    before = len(said)
    for path in paths:
        run = observer.run(path)
        messages += run.messages
        unread += bool(run.trouble)
        low += len(run.findings) - len(run.grave())
        said += [(os.path.basename(path), f) for f in run.grave()]
        if run.late:
            late += run.late
            again = observer.run_sorted(path)
            low += len(again.findings) - len(again.grave())
            said += [(os.path.basename(path) + ", sorted", f) for f in again.grave()]
    return [os.path.basename(folder), what, len(paths), count(messages), count(late), unread,
            low, len(said) - before]


def verdict(file, finding):
    for f, rule, subject, what in rows_of(VERDICTS):
        if (f, rule, subject) == (file, finding["rule"], finding["subject"]):
            return what
    return "**unexplained**"


def others(observer, data):
    said = []
    rows = [folder_row(observer, os.path.join(data, "pcap", folder), what, said)
            for folder, what in FOLDERS.items()]
    lines = table(["folder", "what it holds", ">files", ">messages", ">late",
                   ">not read to the end", ">info or low", ">medium or more"], rows)
    exceptions = [[file, f["rule"], f["severity"], f["subject"], verdict(file, f)]
                  for file, f in said]
    lines += ["Every finding of medium severity or more:" if said else
              "No finding of medium severity or more.", ""]
    return lines + (table(["capture", "rule", "severity", "subject", "is it true?"],
                          exceptions) if said else [])


# ---- 4: the capture that ships ---------------------------------------------------

def read_labels(path):
    lines = [x.rstrip("\n").split("\t") for x in open(path, encoding="utf-8")]
    heads = [x.lstrip("#") for x in lines[0]]
    return [dict(zip(heads, x)) for x in lines[1:]]


def within(address, networks):
    try:
        got = ipaddress.ip_address(address)
        return any(got in ipaddress.ip_network(n) for n in networks.split(","))
    except ValueError:
        return False


def about(finding, label):
    """Is the finding what should be said of this activity? (label's says: not none)"""
    if finding["rule"].split(".")[0] != label["says"]:
        return False
    if finding["subject_kind"] == "victim":
        return finding["subject"] == label["subject"] and \
            label["server"] in [x["name"] for x in related(finding, "server")]
    if finding["subject_kind"] == "server":
        return finding["subject"] == label["server"]
    if finding["subject_kind"] == "client":
        return within(finding["subject"], label["client"])
    return finding["subject"] == label["subject"]


def against(finding, label):
    """Does the finding accuse this harmless activity?"""
    return finding["subject"] == label["subject"] or \
        within(finding["subject"], label["client"])


def label_row(label, findings, explained):
    """`explained`: findings that belong to an activity that should be found."""
    if label["says"] == "none":
        hits = [f for f in findings if f not in explained and against(f, label)]
        good = not any(f["severity"] in GRAVE for f in hits)
    else:
        hits = [f for f in findings if about(f, label)]
        good = any(f["severity"] in GRAVE for f in hits)
    said = ", ".join("%s (%s)" % (f["rule"], f["severity"]) for f in hits) or "nothing"
    return [label["kind"], label["subject"], label["client"], label["says"], said,
            "yes" if good else "**no**"]


def facts(label):
    return {k: int(v) for k, v in (x.split("=") for x in label["facts"].split())}


def bound_rows(labels, findings):
    label = next(x for x in labels if x["kind"] == "tunnel")
    f = next(x for x in findings if about(x, label))
    fact, rows = facts(label), []
    for way in ("out", "in"):
        bound = feature(f, "bound_" + way)
        for what, key in (("random octets of the file", way + "_bytes"),
                          ("whole IP packets in the tunnel", "tun_%s_bytes" % way)):
            rows.append([way, what, count(fact[key]), count(bound),
                         "%.2f" % (bound / fact[key])])
    return rows


def demo(observer, root):
    labels = read_labels(os.path.join(root, "test/data/demo.labels"))
    run = observer.run(os.path.join(root, "test/data/demo.pcap.xz"))
    explained = [f for f in run.findings if any(about(f, x) for x in labels)]
    lines = table(
        ["activity", "subject", "client", "expected", "found", "as it should be"],
        [label_row(x, run.findings, explained) for x in labels])
    stray = ["**%s %s**" % (f["rule"], f["subject"])
             for f in run.grave() if f not in explained]
    lines += ["Findings of medium severity or more that belong to no activity: %s." % (
        ", ".join(stray) or "none"), ""]
    return lines + table(
        ["direction", "really moved", ">octets", ">bound", ">bound / moved"],
        bound_rows(labels, run.findings))
