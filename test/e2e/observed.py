#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""observed.py - looks closely at what `vedette observe` wrote, for the end-to-end tests.

  json FILE            JSON Lines: each line whole, its fields in their bounds, findings
                       in their order, and at the end the run, whose frames add up
  labels FILE LABELS   JSON Lines against the truth about the capture: what was done is
                       found, nothing of medium severity or more that was not done
  page FILE            an HTML page that loads nothing and lets nothing act
  terminal COLUMNS COMMAND...   runs it on a terminal of that width; prints what came,
                       and ends as it did, or with 77 where no terminal can be had

Prints what is wrong, one line each, and ends with 1 when something is.
"""
import base64
import fcntl
import hashlib
import html.parser
import ipaddress
import json
import os
import pty
import re
import struct
import sys
import termios

SEVERITIES = ["info", "low", "medium", "high", "critical"]
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{9})?Z")
HEX = re.compile(r"[0-9a-f]{64}")
wrong = []


def want(good, *what):
    if not good:
        wrong.append(" ".join(str(w) for w in what))


def once(pairs):
    keys = [key for key, _ in pairs]
    want(len(keys) == len(set(keys)), "a key comes twice:", keys)
    return dict(pairs)


def records(name):
    with open(name, encoding="utf-8", newline="\n") as f:
        text = f.read()
    want(text.endswith("\n"), "the last line has no end")
    lines = [json.loads(line, object_pairs_hook=once) for line in text.splitlines()]
    want(list(lines[-1]) == ["run"], "the last line is not the run")
    want(all("id" in line for line in lines[:-1]), "a line before it is no finding")
    return lines[:-1], lines[-1]["run"]


# --- JSON Lines ---------------------------------------------------------------


def feature(f):
    """Whether it speaks for the finding: a weak one shows what was not met, too."""
    met = {"shown": False, "at-least": f["value"] >= f["threshold"],
           "at-most": f["value"] <= f["threshold"]}
    want(f["rule"] in met, "no such rule:", f)
    want(f["name"] and f["help"], "a feature without name or help:", f)
    return met.get(f["rule"])


def finding(f):
    want(HEX.fullmatch(f["id"]), "no id:", f["id"])
    want(re.fullmatch(r"[a-z]+\.[a-z-]+", f["rule"]), "no rule:", f["rule"])
    want(f["rule_version"] >= 1, "no version:", f["rule_version"])
    want(f["subject_kind"] and f["subject"] and f["sentence"], "words are missing")
    want(f["subject"] in f["sentence"], "the sentence is not about the subject")
    want(STAMP.fullmatch(f["from"]) and STAMP.fullmatch(f["until"]), "no stamps:", f["from"])
    want(f["from"] < f["until"], "the window ends before it begins")
    want(f["severity"] in SEVERITIES, "no severity:", f["severity"])
    want(0 < f["confidence"] <= 100, "no confidence:", f["confidence"])
    want(f["lost"] <= f["frames"] and f["frames"] > 0, "frames:", f["frames"], f["lost"])
    want(f["features"], "a finding without features")
    want(len(f["evidence"]) == f["evidence_kept"] <= f["evidence_all"], "evidence")
    want(len(set(f["evidence"])) == len(f["evidence"]), "evidence comes twice")
    want(all(HEX.fullmatch(e) for e in f["evidence"]), "evidence is no hash")
    want(base64.b64decode(f["summary"], validate=True).startswith(b"VJ2"), "no summary")
    amounts = [r["amount"] for r in f["related"]]
    want(amounts == sorted(amounts, reverse=True), "related are not in order:", amounts)
    want(any([feature(one) for one in f["features"]]), "no feature is what the rule wants")


def check_json(name):
    found, run = records(name)
    order = [(-SEVERITIES.index(f["severity"]), f["until"], f["rule"], f["subject"])
             for f in found]
    want(order == sorted(order), "findings are not in order")
    want(len({f["id"] for f in found}) == len(found), "an id comes twice")
    for f in found:
        finding(f)
    frames = sum(i["frames"] for i in run["inputs"])
    fates = sum(c["value"] for c in run["counters"] if c["class"] in ("part", "loss"))
    want(frames == fates, "frames read", frames, "are not the sum of their fates", fates)
    names = [c["name"] for c in run["counters"]]
    want(len(set(names)) == len(names), "a counter comes twice")
    want(all(c["text"] and c["value"] >= 0 for c in run["counters"]), "a counter is empty")


# --- the truth ------------------------------------------------------------------


def labels_of(name):
    with open(name, encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f]
    rows[0][0] = rows[0][0].lstrip("#")
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def is_in(address, networks):
    try:
        at = ipaddress.ip_address(address)
        return any(at in ipaddress.ip_network(n) for n in networks.split(","))
    except ValueError:
        return False


def overlaps(f, label):
    return f["from"][:19] <= label["end"][:19] and f["until"][:19] >= label["start"][:19]


def is_about(f, label):
    """Speaks the finding of what the label says was done?"""
    if label["says"] == "none" or not overlaps(f, label):
        return False
    who = f["subject"]
    return f["rule"].startswith(label["says"] + ".") and (
        who in (label["subject"], label["server"]) or
        label["subject"] == "-" and is_in(who, label["client"]))


def value(f, name):
    return next((x["value"] for x in f["features"] if x["name"] == name), None)


def bounds(f, label):
    facts = dict(fact.split("=") for fact in label["facts"].split())
    for way in ("out", "in"):
        said, true = value(f, "bound_" + way), int(facts[way + "_bytes"])
        want(said is not None, "the tunnel has no bound_" + way)
        want(said is None or said >= true, "bound", way, said, "is below the truth", true)
        want(said is None or said < 20 * true, "bound", way, said, "says nothing about", true)
    want(any(r["role"] == "client" and r["name"] == label["client"] for r in f["related"]),
         "the tunnel's client is not named")


def check_labels(name, truth):
    found, _ = records(name)
    labels = labels_of(truth)
    for label in labels:
        about = [f for f in found if is_about(f, label)]
        if label["says"] == "none":
            continue
        want(about, "not found:", label["what"])
        if label["says"] == "tunnel" and about:
            bounds(about[0], label)
    for f in found:
        if SEVERITIES.index(f["severity"]) >= SEVERITIES.index("medium"):
            want(any(is_about(f, label) for label in labels), "nobody did that:", f["sentence"])


# --- the page -------------------------------------------------------------------

VOID = {"meta", "br", "hr", "input", "link", "img", "wbr", "base"}
LOADS = {"script", "img", "iframe", "object", "embed", "link", "base", "form", "video", "audio",
         "source", "image", "use", "frame", "foreignobject"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.text, self.style, self.csp = [], [], "", ""
        self.ids, self.links = set(), []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        want(tag not in LOADS, "an element that loads or acts:", tag)
        want(not any(key.startswith("on") for key in given), "a handler:", tag, attrs)
        want("style" not in given, "a style of its own:", tag, attrs)
        for key in ("href", "src", "xlink:href", "srcset", "action", "background", "data"):
            want(given.get(key, "#").startswith("#"), "a reference:", key, given.get(key))
        if "href" in given:
            self.links.append(given["href"][1:])
        if "id" in given:
            want(given["id"] not in self.ids, "an id comes twice:", given["id"])
            self.ids.add(given["id"])
        if given.get("http-equiv") == "Content-Security-Policy":
            self.csp = given["content"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        want(self.open and self.open[-1] == tag, "</%s> closes" % tag, self.open[-1:])
        if self.open:
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.style += data
        else:
            self.text.append(data)


def check_page(name):
    with open(name, encoding="utf-8") as f:
        raw = f.read()
    page = Page()
    page.feed(raw)
    page.close()
    want(not page.open, "not closed:", page.open)
    want("default-src 'none'" in page.csp, "no policy:", page.csp)
    own = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    want("'sha256-%s'" % own in page.csp, "the policy does not let the style in")
    want("unsafe" not in page.csp, "the policy is loose:", page.csp)
    want(not re.search(r"url\(|@import|expression", page.style), "the style loads something")
    want(not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", raw),
         "something that acts is in the page")
    for link in page.links:
        want(link in page.ids, "a link to nowhere:", link)


# --- a terminal -----------------------------------------------------------------


def terminal(columns, *command):
    try:
        pid, fd = pty.fork()
    except OSError:
        sys.exit(77)
    if pid == 0:
        size = struct.pack("HHHH", 50, int(columns), 0, 0)
        fcntl.ioctl(1, termios.TIOCSWINSZ, size)
        os.execvp(command[0], command)
    out = b""
    while True:
        try:
            some = os.read(fd, 65536)
        except OSError:  # the other side is closed
            break
        if not some:
            break
        out += some
    sys.stdout.buffer.write(out.replace(b"\r\n", b"\n"))
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def main():
    commands = {"json": check_json, "labels": check_labels, "page": check_page,
                "terminal": terminal}
    if len(sys.argv) < 3 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])
    for line in wrong[:20]:
        print("#", line)
    sys.exit(bool(wrong))


main()
