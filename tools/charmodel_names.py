# SPDX-License-Identifier: GPL-3.0-or-later
"""charmodel_names.py - which labels tools/train-charmodel learns from and measures.

What is scored is the registered domain's own label, the one left of the public
suffix. Lists of popular names are for training; lists that people keep for other
reasons (universities, banks, resolvers' host names, dynamic-DNS domains, a random
draw of 2014) are never trained on: their labels are taken out of the training
lists too. Names that a family of malware made are taken out of the benign lists
by exact name, and counted: popular lists do hold them.

Labels below private suffixes (cloudfront.net, github.io) are kept apart: a
machine of the provider assigned many of them.

Not here: counting, scoring (train-charmodel), figures (charmodel_roc.py).
"""
import collections
import json
import os
import re
import tarfile

TRAINED = ["umbrella", "cloudflare-top100k", "cisco_top20k", "majestic_million",
           "tranco10k", "moz-top500", "alexa", "opendns-top"]
HELD_OUT = ["university_domains", "bank-website", "public-dns-hostname",
            "dynamic-dns", "opendns-random"]
ASIDE = "disposable-email"                    # half of it is made by machines
PLACES = {"umbrella": "benign/umbrella-top-100k-20260724.txt",
          "opendns-top": "dga/andrewaeva-raw/opendns-top-domains.txt",
          "opendns-random": "dga/andrewaeva-raw/opendns-random-domains.txt"}
RAW = "dga/andrewaeva-raw/"
RAW_FAMILIES = {"conficker": "conficker", "cryptolocker": "cryptolocker",
                "goz": "goz", "new_goz": "newgoz", "pushdo": "pushdo",
                "ramdo": "ramdo", "rovnix": "rovnix", "tinba": "tinba",
                "zeus": "newgoz"}             # that zeus is Gameover's second form
BADERJ = "dga/baderj/"
SECOND = "feeds/maltrail/maltrail-static-trails-20260822.tar.xz"
SECOND_FAMILIES = ["bamital", "matsnu", "necurs"]
SAMPLE = 3000                                 # names a family, at most
FAMILY_MIN = 16                               # families with fewer are left out
GOOD = re.compile(r"[a-z0-9_-]{1,63}\Z")


class Suffixes:
    """The public suffix list: how many labels of a name are its suffix."""

    def __init__(self, path):
        self.rules, private = {}, False
        for line in open(path, encoding="utf-8"):
            private = private or "BEGIN PRIVATE" in line
            rule = line.split()[0] if line.strip() else "//"
            if not rule.startswith("//"):
                self.add(rule, private)

    def add(self, rule, private):
        kind = "!" if rule[0] == "!" else "*" if rule[0] == "*" else "="
        labels = [x if x.isascii() else "xn--" + x.encode("punycode").decode()
                  for x in rule.lstrip("!*.").lower().split(".")]
        self.rules[kind, ".".join(labels)] = private

    def split(self, name):
        """(own label, registered domain, suffix is private) or None."""
        labels = name.lower().strip(".").split(".")
        size, private = 1, False
        for i in range(len(labels)):
            tail, n = ".".join(labels[i:]), len(labels) - i
            found = [(n - 1, "!"), (n + 1, "*"), (n, "=")]
            hit = [(k, self.rules[m, tail]) for k, m in found
                   if (m, tail) in self.rules]
            if hit:
                size, private = hit[0]
                break
        if len(labels) <= size or not GOOD.match(labels[-size - 1]):
            return None
        return labels[-size - 1], ".".join(labels[-size - 1:]), private


def lines(text):
    for line in text:
        line = line.split("#")[0].split("|")[0].strip()
        if line and not line.startswith("-"):
            yield line


def read(data, path):
    with open(os.path.join(data, path), encoding="utf-8", errors="replace") as f:
        return list(lines(f))


def read_benign(data, which):
    if which in PLACES:
        return read(data, PLACES[which])
    path = os.path.join(data, "benign/misp-warninglists", which + ".json")
    with open(path, encoding="utf-8") as f:
        return json.load(f)["list"]


def made_labels(suffixes, names):
    """The generated labels: left of the registered domain where that repeats."""
    under = collections.defaultdict(dict)
    for name in names:
        got = suffixes.split(name)
        if got:
            label, domain, _ = got
            left = name.lower().strip(".")[:-len(domain)].strip(".")
            under[domain][left.split(".")[-1] if left else label] = label
    out = {}
    for made in under.values():
        for left, label in made.items():
            out[left if len(made) > 1 else label] = None
    return [x for x in out if GOOD.match(x)]


def read_families(data, suffixes):
    """{family: labels} and the set of all names that belong to a family."""
    names = collections.defaultdict(list)
    for file in sorted(os.listdir(os.path.join(data, BADERJ))):
        names[file.split("__")[0]] += read(data, BADERJ + file)
    for file, family in RAW_FAMILIES.items():
        names[family] += read(data, RAW + file + ".txt")
    for line in read(data, RAW + "dds-malicious-domains.csv"):
        name, family = line.replace('"', "").split(",")
        names[family].append(name)
    with tarfile.open(os.path.join(data, SECOND)) as tar:
        for family in SECOND_FAMILIES:
            member = tar.extractfile("trails/static/malware/%s.txt" % family)
            text = lines(x.decode("utf-8", "replace") for x in member)
            names[family + " *"] += [x for x in text if not re.search("[/:]", x)]
    known = {n.lower().strip(".") for f in names for n in names[f]}
    families = {}
    for family, got in sorted(names.items()):
        labels = made_labels(suffixes, got[::max(1, len(got) // (2 * SAMPLE))])
        if len(labels) >= FAMILY_MIN:
            families[family] = labels[::-(-len(labels) // SAMPLE)]
    return families, known


def read_lists(data, suffixes, known):
    """{list: labels people chose}, labels below private suffixes, {list: dropped}"""
    chosen, assigned, dropped = {}, {}, collections.Counter()
    for which in TRAINED + HELD_OUT + [ASIDE]:
        chosen[which] = {}
        for name in read_benign(data, which):
            label, domain, private = suffixes.split(name) or (None, None, None)
            if label is None or label.startswith("xn--"):
                continue
            if domain in known:
                dropped[which] += 1
            else:
                (assigned if private else chosen[which])[label] = None
    return chosen, list(assigned), dropped
