#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""counted.py - holds `vedette stats` against numbers of others, for the end-to-end tests.

  tshark STATS FIELDS    STATS is the output of stats --json; FIELDS what tshark prints of
                         the same capture with -T fields and the fields in FIELDS below
  rssac002 STATS YAML    the output of stats --rssac002, key by key
  fields               prints those fields as options for tshark
  text STATS TEXT        the output of stats: the numbers that people read

Prints what is wrong, one line each, and ends with 1 when something is.
"""
import collections
import json
import re
import sys

# Several messages in one frame stand with commas between; the first four are of the
# message, the others of the frame.
FIELDS = ("dns.flags.response dns.flags.rcode dns.qry.type dns.length ip.version ipv6.version "
          "udp.length ip.src ipv6.src dns.time dns.qry.name dns.flags.truncated").split()
TYPES = {1: "A", 2: "NS", 6: "SOA", 10: "NULL", 12: "PTR", 15: "MX", 16: "TXT", 28: "AAAA",
         33: "SRV", 43: "DS", 48: "DNSKEY", 65: "HTTPS", 252: "AXFR", 255: "ANY", 257: "CAA"}
RCODES = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}
SUFFIXES = "com net org uk co.uk arpa in-addr.arpa ip6.arpa".split()
wrong = []


def same(ours, theirs, what):
    if ours != theirs:
        wrong.append("%s: %s, the other says %s" % (what, ours, theirs))


def near(ours, theirs, part, what):
    if abs(ours - theirs) > part * theirs:
        wrong.append("%s: %s, the other says %s" % (what, ours, theirs))


def read(name):
    with open(name, encoding="utf-8") as f:
        return f.read()


def first(text):
    return text.split(",")[0]


class Counted:
    """What tshark saw."""

    def __init__(self, lines):
        self.volume, self.octets = collections.Counter(), collections.Counter()
        self.rcodes, self.times = collections.Counter(), []
        self.types = {"query": collections.Counter(), "response": collections.Counter()}
        self.sources, self.names = {"4": set(), "6": set()}, []
        self.truncated = self.sizes = 0
        for line in lines:
            self.frame(dict(zip(FIELDS, line.split("\t"))))

    def frame(self, f):
        way = "response" if first(f["dns.flags.response"]) in ("1", "True") else "query"
        v6, tcp = bool(f["ipv6.version"]), not f["udp.length"]
        key = "%s_%s_%s" % ("responses" if way == "response" else "queries",
                            "tcp" if tcp else "udp", "ipv6" if v6 else "ipv4")
        count = f["dns.flags.response"].count(",") + 1
        self.volume[key] += count
        self.octets[key] += (sum(map(int, f["dns.length"].split(","))) if tcp
                             else int(f["udp.length"]) - 8)
        for rcode in f["dns.flags.rcode"].split(",") if way == "response" else ():
            self.rcodes[RCODES[int(rcode)]] += 1
        for number in f["dns.qry.type"].split(",") if f["dns.qry.type"] else ():
            self.types[way][TYPES.get(int(number), "TYPE" + number)] += 1
        if way == "query":
            self.sources["6" if v6 else "4"].add(f["ipv6.src"] or f["ip.src"])
        self.times += [float(t) for t in f["dns.time"].split(",") if t]
        self.names += f["dns.qry.name"].lower().split(",")
        self.truncated += f["dns.flags.truncated"].count("1")


def check_tshark(stats, fields):
    ours = json.loads(read(stats))["stats"]
    theirs = Counted(read(fields).splitlines())
    for key, value in ours["volume"].items():
        same(value["messages"], theirs.volume[key], key)
        same(value["octets"], theirs.octets[key], key + ", octets")
    same(ours["rcodes"], dict(theirs.rcodes), "rcodes")
    same(ours["query_types"], dict(theirs.types["query"]), "types of queries")
    same(ours["response_types"], dict(theirs.types["response"]), "types of responses")
    same(ours["flags"]["tc"], theirs.truncated, "truncated")
    for family in "46":
        near(ours["sources"]["ipv" + family], len(theirs.sources[family]),
             2 * ours["sources"]["error"], "sources IPv" + family)
    same(ours["latency_ms"]["count"], len(theirs.times), "queries with a response")
    theirs.times.sort()
    for part in ("p50", "p90", "p99"):
        at = theirs.times[int(float(part[1:]) / 100 * len(theirs.times))]
        near(ours["latency_ms"][part], at * 1000, 0.03, "latency " + part)
    for row in ours["top_domains"]:
        # A public suffix is counted when it was asked by itself.
        below = "" if row["name"] in SUFFIXES else "." + row["name"]
        count = sum(n == row["name"] or bool(below) and n.endswith(below) for n in theirs.names)
        if row["name"] != ".":
            same(row["messages"], count, "messages of " + row["name"])


def documents(text):
    """The metrics of flat YAML: {metric: {key: value or {key: value}}}."""
    out = {}
    for part in text.split("---\n")[1:]:
        one, inside = {}, None
        for line in part.splitlines():
            key, _, value = line.strip().partition(": ")
            key = key.strip("'")
            if line.startswith("  "):
                one[inside][key] = int(value)
            elif line.endswith(":"):
                inside = key.rstrip(":")
                one[inside] = {}
            else:
                one[key] = {} if value == "{}" else value.strip("'\"")
        out[one["metric"]] = one
    return out


def check_rssac002(stats, yaml):
    run = json.loads(read(stats))
    ours, metrics = run["stats"], documents(read(yaml))
    same(sorted(metrics), ["rcode-volume", "traffic-sizes", "traffic-volume", "unique-sources"],
         "metrics")
    for metric in metrics.values():
        same(metric["version"], "rssac002v4", "version")
        same(metric["service"], "root.example", "service")
        same(metric["start-period"], run["from"][:10] + "T00:00:00Z", "period")
    for way, done in (("queries", "received"), ("responses", "sent")):
        for how in ("udp", "tcp"):
            for family in ("ipv4", "ipv6"):
                key = "dns-%s-%s-%s-%s" % (how, way, done, family)
                same(int(metrics["traffic-volume"][key]),
                     ours["volume"]["%s_%s_%s" % (way, how, family)]["messages"], key)
    for how in ("udp", "tcp"):
        for way, name in (("request", "queries"), ("response", "responses")):
            bins = metrics["traffic-sizes"]["%s-%s-sizes" % (how, way)]
            want = sum(ours["volume"]["%s_%s_%s" % (name, how, family)]["messages"]
                       for family in ("ipv4", "ipv6"))
            same(sum(bins.values()), want, "sizes of %s" % way)
            for edge in bins:
                low, high = map(int, edge.split("-"))
                same((low % 16, high - low), (0, 15), "bin " + edge)
    rcodes = {int(key): int(value) for key, value in metrics["rcode-volume"].items()
              if key.isdigit()}
    same({RCODES[key]: value for key, value in rcodes.items()}, ours["rcodes"], "rcodes")
    for key, name in (("num-sources-ipv4", "ipv4"), ("num-sources-ipv6", "ipv6"),
                      ("num-sources-ipv6-aggregate", "ipv6_64")):
        same(int(metrics["unique-sources"][key]), ours["sources"][name], key)


def check_text(stats, text):
    ours, lines = json.loads(read(stats))["stats"], read(text)
    rows = dict(re.findall(r"^  (queries|responses) +(.*)$", lines, re.M))
    for way in ("queries", "responses"):
        want = ["{:,}".format(ours["volume"]["%s_%s" % (way, kind)]["messages"])
                for kind in ("udp_ipv4", "udp_ipv6", "tcp_ipv4", "tcp_ipv6")]
        same(rows[way].split(), want, way)
    for key, title in (("top_domains", "Domains"), ("top_clients", "Clients"),
                       ("top_servers", "Servers")):
        section = re.search(r"^%s +messages.*\n((  .*\n)+)" % title, lines, re.M).group(1)
        for row in ours[key][:10]:
            found = re.search(r"^  %s +([0-9,]+)" % re.escape(row["name"]), section, re.M)
            same(found and found.group(1), "{:,}".format(row["messages"]), row["name"])
    shares = [float(s) for s in re.findall(r"[A-Z]+ ([0-9.]+) %", lines.split("\nTypes")[0])]
    if not 99.8 < sum(shares) < 100.2:
        wrong.append("rcodes are not 100 %%: %s" % shares)


def main():
    commands = {"tshark": check_tshark, "rssac002": check_rssac002, "text": check_text}
    if len(sys.argv) == 2 and sys.argv[1] == "fields":
        return print(" ".join("-e " + field for field in FIELDS))
    if len(sys.argv) != 4 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])
    for line in wrong[:20]:
        print("#", line)
    return sys.exit(bool(wrong))


main()
