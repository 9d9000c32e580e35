#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""labelled - files sent under labels, and who sees what comes of them; one line "ok WHAT" or
"not WHAT" for each check.

    labelled.py begin URL PASSWORD  people of every clearance; leaves labelled.json behind
    labelled.py sent URL            a file of each kind under GREEN, and under RED
    labelled.py crawled URL         every GET route of the description, as everybody
    labelled.py strictest URL       the same capture under GREEN and then RED
"""
import itertools
import json
import re
import sys
import time
import urllib.parse

from served import NEW, Server, ok

LIMIT = 120     # seconds that a job may take
CANARY = re.compile(r"qzcanary[\w-]*", re.I)
PEOPLE = {"clear": ("viewer", "TLP:CLEAR", "PAP:CLEAR"),
    "green": ("analyst", "TLP:GREEN", "PAP:GREEN"),
    "amber": ("analyst", "TLP:AMBER", "PAP:AMBER"),
    "strict": ("lead", "TLP:AMBER+STRICT", "PAP:RED"),
    "redtlp": ("lead", "TLP:RED", "PAP:AMBER")}
RED = "&tlp=TLP:RED&pap=PAP:RED"
REPORTS = b"subject,abuse,title\nhttp://qzcanary-%s.example/a,phishing,qzcanary-title\n"
ZONE = (b"$ORIGIN qzcanary-%s.example.\n@ 3600 SOA ns hm 1 1 1 1 1\n@ NS ns\n@ NS ns2\n"
    b"ns A 192.0.2.1\nns2 A 192.0.2.2\nwww CNAME www\nsub NS ns.qzcanary-host.example.\n")


class Person:
    def __init__(self, url, token):
        self.server = Server(url)
        self.token = token

    def ask(self, method, path, body=None, raw=None):
        h = {"Authorization": "Bearer " + self.token}
        if raw is not None:
            h["Content-Type"] = "application/octet-stream"
        return self.server.ask(method, path, body, h, raw)

    def get(self, path):
        return self.ask("GET", "/api/v1" + path)[3]

    def send(self, kind, name, octets, more):
        status, _, text, said = self.ask("POST", f"/api/v1/jobs?kind={kind}&name={name}{more}",
            raw=octets)
        if status != 200:
            return {"state": str(status), "why": text}
        return self.wait(said["number"])

    def wait(self, number):
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            job = self.get(f"/jobs/{number}")
            if job["state"] not in ("queued", "running"):
                return job
            time.sleep(0.1)
        return job


def people(url):
    with open("labelled.json", encoding="utf-8") as f:
        return {n: Person(url, t) for n, t in json.load(f).items()}


def enter(url, login, password, role, own):
    """A token of somebody whose password is new."""
    s = Server(url)
    s.sign_in(login, password)
    s.mine("POST", f"/api/v1/users/{login}/password", {"password": own})
    time.sleep(1.1)     # so many tries in a second and no more
    s.sign_in(login, own)
    later = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
    said = s.mine("POST", "/api/v1/tokens", {"name": "t", "role": role, "expires": later})
    return s, said[3]["token"]


def begin(url, password):
    admin, token = enter(url, "admin", password, "admin", NEW)
    kept = {"admin": token}
    for login, (role, tlp, pap) in PEOPLE.items():
        said = admin.mine("POST", "/api/v1/users", {"login": login, "role": role, "tlp": tlp,
            "pap": pap})[3]
        time.sleep(1.1)
        kept[login] = enter(url, login, said["password"], role, "correct horse 9")[1]
    with open("labelled.json", "w", encoding="utf-8") as f:
        json.dump(kept, f)
    ok("people of every clearance", len(kept) == 6)


def sent(url):
    who = people(url)
    admin, green = who["admin"], who["green"]
    made = [green.send("zone", "g.zone", ZONE.replace(b"qzcanary", b"given") % b"green", ""),
        green.send("report", "g.csv", b"subject,abuse,tlp\nhttp://given.example/a,phishing,"
            b"TLP:GREEN\n", "")]     # a format that carries labels and says none is AMBER
    found = green.get(f"/findings?run={made[0]['run']}")["items"]
    ok("what comes of a GREEN zone is GREEN", found and {f["tlp"] for f in found} ==
        {"TLP:GREEN"}, made)
    ok("  its picture, too", green.ask("GET",
        "/api/v1/zones/given-green.example/sharing")[0] == 200)
    ok("  and its run", [r["number"] for r in green.get("/runs")["items"]] ==
        [made[0]["run"]])
    came = green.get("/reports")["items"]
    ok("  as are GREEN reports", {r["tlp"] for r in came} == {"TLP:GREEN"}, (came, made))
    with open("red.pcap", "rb") as f:
        red = f.read()
    made = [admin.send("capture", "qzcanary-a.pcap", red, RED),
        admin.send("zone", "qzcanary-b.zone", ZONE % b"red", RED),
        admin.send("report", "qzcanary-c.csv", REPORTS % b"red", RED),
        admin.send("capture", "qzcanary-d.pcap", b"\0\1\2" * 1000, RED)]
    ok("a capture, a zone and reports are taken under RED",
        [j["state"] for j in made] == ["done"] * 3 + ["failed"] and
        all(j["found"] for j in made[:3]), made)
    for kind, job in zip(("capture", "zone"), made):
        found = admin.get(f"/findings?run={job['run']}&limit=500")["items"]
        ok(f"  what is found in the {kind} is RED", found and
            {(f["tlp"], f["pap"]) for f in found} == {("TLP:RED", "PAP:RED")}, found[:1])
        run = [r for r in admin.get("/runs")["items"] if r["number"] == job["run"]]
        ok("    as its run is", run and run[0]["tlp"] == "TLP:RED", run)
    came = [r for r in admin.get("/reports")["items"] if "qzcanary" in r["subject"]]
    ok("  so are the reports", came and {r["tlp"] for r in came} == {"TLP:RED"}, came)
    said = admin.ask("POST", "/api/v1/reports", {"subject": "http://qzcanary-told.example/",
        "text": "qzcanary-words", "abuse": "phishing", "tlp": "TLP:RED", "pap": "PAP:RED"})
    told = admin.get(f"/reports/{said[3]['number']}") if said[0] == 200 else {}
    ok("  and one that is told as RED", told.get("tlp") == "TLP:RED" and
        told.get("pap") == "PAP:RED", said[2])
    ok("  nobody tells what they could not see", green.ask("POST", "/api/v1/reports",
        {"subject": "http://x.example/", "abuse": "phishing", "tlp": "TLP:RED"})[0] == 403)
    group = admin.ask("POST", "/api/v1/incidents/group", {})
    ok("grouped", group[0] == 200, group[2])


# ---- every route, whatever it is ----

SKIPPED = ("/api/v1/live",)     # does not end


def words_of(what, into):
    """Every text and number in a reply, by the name it stands under."""
    if isinstance(what, dict):
        for key, value in what.items():
            if isinstance(value, (str, int)) and not isinstance(value, bool):
                into.setdefault(key, set()).add(str(value))
            elif isinstance(value, list):
                into.setdefault(key, set()).update(str(v) for v in value
                    if isinstance(v, (str, int)))
            words_of(value, into)
    elif isinstance(what, list):
        for one in what:
            words_of(one, into)


def some(values, most):
    """A few of each shape, those with the word first."""
    return sorted(values, key=lambda v: (not CANARY.search(v), len(v), v))[:most]


def gathered(admin, api):
    """What lists and single things say, under each name: what the paths are filled with."""
    known = {}
    for _ in range(2):
        for path in list(api["paths"]):
            if "get" not in api["paths"][path] or path in SKIPPED:
                continue
            for full in filled(path, known, 2):
                said = admin.ask("GET", full)
                words_of(said[3], known)
    return known


def filled(path, known, most):
    names = re.findall(r"\{([^}]*)\}", path)
    if not names:
        return [path]
    numbers = set().union(*(known.get(n, set()) for n in ("number", "run", "incident",
        "report"))) or {"1"}
    subjects = known.get("subject", set()) | known.get("zone", set()) | known.get("name", set())
    ids = known.get("id", set()) | known.get("finding", set()) | subjects
    choices = []
    for name in names:
        values = known.get(name, set()) | (numbers if name in ("number", "place") else
            subjects if name in ("name", "subject", "zone", "kind") else ids)
        choices.append(some(values, most) or ["1"])
    return [re.sub(r"\{[^}]*\}", lambda _, it=iter(c): urllib.parse.quote(next(it), safe=""),
        path) for c in itertools.islice(itertools.product(*choices), most * 2)]


def queries(route, known):
    """One for each parameter of the route, and what the whole desk is asked with."""
    got = [""]
    for p in route.get("parameters", []):
        if p["in"] != "query":
            continue
        kind = p.get("schema", {})
        name = p["name"]
        values = known.get(name, set()) | known.get(name.rstrip("s"), set())
        if kind.get("type") == "boolean":
            values = {"true"}
        elif "enum" in kind:
            values = set(kind["enum"])
        elif name in ("text", "q", "subject", "begins", "zone"):
            values = {"qzcanary", "qzcanary-red.example"} | values
        elif not values:
            values = {"1"}
        got += ["?" + urllib.parse.urlencode({name: v}) for v in some(values, 4)]
    return got


def leaked(text, asked, secret):
    """What a reply says of RED things beside what was asked."""
    asked = urllib.parse.unquote(asked)
    words = {w for w in CANARY.findall(text) if w.lower() not in asked.lower()}
    return words | {i for i in secret if i[:16] in text and i[:16] not in asked}


def crawled(url):
    who = people(url)
    admin = who["admin"]
    api = admin.ask("GET", "/api/v1/openapi.json")[3]
    known = gathered(admin, api)
    secret = {f["id"] for f in admin.get("/findings?limit=500")["items"]
        if f["tlp"] == "TLP:RED"}
    leaks, seen, tried, broken = [], {}, 0, []
    for path, methods in api["paths"].items():
        if "get" not in methods or path in SKIPPED:
            continue
        for full in filled(path, known, 4):
            for query in queries(methods["get"], known):
                _, _, text, _ = admin.ask("GET", full + query)
                for word in CANARY.findall(text.decode("utf-8", "replace")):
                    seen.setdefault(path, set()).add(word)
                for login, person in who.items():
                    if login == "admin":
                        continue
                    status, _, text, _ = person.ask("GET", full + query)
                    tried += 1
                    got = leaked(text.decode("utf-8", "replace"), full + query, secret)
                    if got:
                        leaks.append((login, full + query, status, sorted(got)[:3]))
                    if status >= 500:
                        broken.append((login, full + query, status))
    ok(f"in {tried} replies nothing RED reaches who may know less", not leaks,
        (len(leaks), leaks[:6]))
    ok("  none of them is trouble", not broken, broken[:5])
    ok("  though who may see it sees it", len(seen) > 10 and len(secret) > 5,
        {p: len(w) for p, w in seen.items()})
    of = set().union(*seen.values())
    ok("  of captures, zones, reports and jobs", all(any(w.startswith("qzcanary-" + k)
        for w in of) for k in ("games", "relay", "red", "host", "told", "a", "b", "c", "d")), of)


def strictest(url):
    who = people(url)
    with open("demo.pcap", "rb") as f:
        octets = f.read()
    job = who["green"].send("capture", "g.pcap", octets, "")
    path = f"/findings?run={job.get('run')}&limit=500"
    ok("a capture under GREEN", {f["tlp"] for f in who["green"].get(path)["items"]} ==
        {"TLP:GREEN"}, job)
    again = who["admin"].send("capture", "r.pcap", octets, RED)
    ok("the same under RED is RED", {f["tlp"] for f in who["admin"].get(path)["items"]} ==
        {"TLP:RED"} and who["green"].get(path)["items"] == [], again)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
    print("done")
