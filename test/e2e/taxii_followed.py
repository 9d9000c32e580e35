#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""taxii_followed - changes at a desk in an order that is drawn, each followed by TAXII.

    taxii_followed.py begin URL PASSWORD                 a token, kept in `who`
    taxii_followed.py follow URL SEED COUNT VEDETTE STORE    changes, then what the collections have
    taxii_followed.py same URL                           a new web process makes the same of it

Every kind of change that a collection can see is drawn: of incidents (notes, labels, states,
members that come and go, merges in chains and back, splits), of reports (received, accepted,
decided, decided in bulk, undone, weighed again) and of indicators. After each of them all
collections are asked for, so that each has followed every step by itself.
"""
import json
import random
import subprocess
import sys
import time

from served import NEW, Server, ok
from served_desk import COLLECTIONS, Person, manifest

LABELS = ["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"]
KINDS = {}


def kind(often):
    """A kind of change, drawn so often."""
    def mark(f):
        KINDS[f] = often
        return f
    return mark


class Desk:
    def __init__(self, url, seed, vedette, store):
        with open("who", encoding="ascii") as f:
            self.leo = Person(url, f.read())
        self.draw, self.run = random.Random(seed), (vedette, store)
        self.serial = seed * 1000
        self.decided = []	# events that can be taken back

    def fresh(self):
        self.serial += 1
        return self.serial

    def incidents(self, merged=False):
        """Some of those that there are, in an order that is drawn."""
        got = self.leo.get("/incidents?limit=500")
        some = [i for i in got["items"] if (i["state"] == "merged") == merged]
        self.draw.shuffle(some)
        return some

    def reports(self, *states):
        got = [r["number"] for r in self.leo.get("/reports?limit=500")["items"]
            if r["state"] in states]
        self.draw.shuffle(got)
        return got

    def one(self):
        return f"/incidents/{self.incidents()[0]['number']}"

    def decide(self, how, **body):
        status, said = self.leo.post("/reports/" + how, **body)
        if status == 200 and body.get("state") != "new":
            self.decided.append(said["event"])
        return status, said

    def members(self, path):
        return [m["id"] for m in self.leo.get(path + "/whole")["members"]]


@kind(2)
def opened(d):
    n = d.fresh()
    return d.leo.post("/incidents", title=f"drawn {n}", subject=f"o{n}.example",
        family="phishing", tlp=d.draw.choice(LABELS), pap="PAP:GREEN")


@kind(3)
def noted(d):
    return d.leo.change(d.one() + "/notes", text=f"note {d.fresh()}", tlp=d.draw.choice(LABELS),
        pap="PAP:GREEN")


@kind(1)
def labelled(d):
    return d.leo.change(d.one() + "/labels", tlp=d.draw.choice(LABELS), reason="drawn")


@kind(1)
def moved(d):
    return d.leo.change(d.one() + "/state", state=d.draw.choice(["triaged", "confirmed"]))


@kind(6)
def merged(d):
    into = d.incidents()[0]["number"]
    return d.leo.change(d.one() + "/merge", into=into, reason="drawn")


@kind(4)
def unmerged(d):
    some = d.incidents(merged=True)
    return some and d.leo.change(f"/incidents/{some[0]['number']}/unmerge", reason="drawn")


@kind(3)
def was_split(d):
    for i in d.incidents():
        path = f"/incidents/{i['number']}"
        ids = d.members(path)
        if len(ids) > 1:
            return d.leo.change(path + "/split", members=ids[:len(ids) // 2],
                title=f"apart {d.fresh()}", reason="drawn")
    return None


@kind(2)
def removed(d):
    for i in d.incidents():
        path = f"/incidents/{i['number']}"
        ids = d.members(path)
        if ids:
            return d.leo.change(f"{path}/members/{ids[0]}/remove", reason="drawn")
    return None


@kind(1)
def raised(d):
    for i in d.incidents():
        path = f"/incidents/{i['number']}"
        ids = d.members(path)
        if ids:
            return d.leo.change(f"{path}/members/{ids[0]}/labels", tlp=d.draw.choice(LABELS))
    return None


@kind(6)
def told(d):
    n = d.draw.choice([d.fresh(), d.draw.randrange(20)])	# some say what others have said
    return d.leo.post("/reports", subject=f"http://r{n}.drawn.example/", abuse="phishing",
        sender=f"s{d.fresh()}@x.example")


@kind(4)
def accepted(d):
    some = d.reports("new")[:d.draw.randrange(1, 5)]
    where = {"incident": d.incidents()[0]["number"]} if d.draw.random() < 0.5 else {}
    return some and d.decide("accept", reports=some, **where)


@kind(2)
def repeated(d):
    some = sorted(d.reports("new", "accepted"))
    new = [r for r in d.reports("new") if r > some[0]]
    return new and d.decide("decide", reports=new[:2], state="duplicate",
        reason="drawn", same=some[0])


@kind(2)
def answered(d):
    some = d.reports("accepted")[:3]
    return some and d.decide("decide", reports=some, state="answered",
        reason="drawn")


@kind(4)
def reopened(d):
    some = d.reports("accepted", "duplicate", "noise")[:2]
    return some and d.decide("decide", reports=some, state="new", reason="drawn")


@kind(2)
def undone(d):
    return d.decided and d.leo.post("/reports/undo", event=d.draw.choice(d.decided),
        reason="drawn")


@kind(1)
def apart(d):
    for i in d.incidents():
        path = f"/incidents/{i['number']}"
        notes = [n["event"] for n in d.leo.get(path + "/whole")["notes"]
            if n["place"] != "apart"]
        if notes:
            return d.leo.change(f"{path}/notes/{notes[0]}/apart", reason="drawn")
    return None


@kind(1)
def noise(d):
    some = d.reports("new")[:2]
    return some and d.decide("decide", reports=some, state="noise", reason="drawn")


@kind(1)
def weighed(d):
    some = d.reports("new", "accepted")[:4]
    return some and d.leo.post("/reports/weigh", reports=some)


@kind(3)
def listed(d):
    with open("some.csv", "w", encoding="ascii") as f:
        f.write("kind,id,subject,abuse,source,sightings,tlp,pap\n")
        for n in d.draw.sample(range(30), 5):
            f.write(f"indicator,drawn-{n},i{n}.drawn.example,phishing,{d.draw.choice('ab')}"
                f".example,{d.draw.randrange(3)},{d.draw.choice(LABELS)},PAP:GREEN\n")
    vedette, store = d.run
    done = subprocess.run([vedette, "share", "import", "--as", "indicators", "some.csv", "--db",
        store, "--author", "ana"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return (200 if done.returncode == 0 else 500), done.stderr


def begin(url, password):
    s = Server(url)
    s.sign_in("admin", password)
    s.mine("POST", "/api/v1/users/admin/password", {"password": NEW})
    time.sleep(1.1)
    s.sign_in("admin", NEW)
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
    with open("who", "w", encoding="ascii") as f:
        f.write(s.mine("POST", "/api/v1/tokens", {"name": "drawn", "role": "admin",
            "expires": until})[3]["token"])
    d = Desk(url, 0, None, None)
    for _ in range(8):
        opened(d)
        told(d)
    for _ in range(3):
        accepted(d)


def follow(url, seed, count, vedette, store):
    d = Desk(url, int(seed), vedette, store)
    kept = {c: manifest(d.leo, c) for c in COLLECTIONS}
    done, odd = {}, []
    for _ in range(int(count)):
        f = d.draw.choices(list(KINDS), KINDS.values())[0]
        said = f(d)
        if said and said[0] == 200:
            done[f.__name__] = done.get(f.__name__, 0) + 1
        elif said and said[0] not in (403, 409, 422):
            odd.append((f.__name__, said))
        kept = {c: manifest(d.leo, c) for c in COLLECTIONS}
    ok(f"changes that are drawn, seed {seed}", not odd and sum(done.values()) > int(count) / 3,
        (odd, done))
    try:
        with open("drawn.json", encoding="ascii") as f:
            before = json.load(f)["done"]
    except OSError:
        before = []
    with open("drawn.json", "w", encoding="ascii") as f:
        json.dump({"kept": kept, "done": sorted(set(before) | set(done))}, f)


def same(url):
    d = Desk(url, 0, None, None)
    with open("drawn.json", encoding="ascii") as f:
        was = json.load(f)
    differ = {}
    for c in COLLECTIONS:
        now = manifest(d.leo, c)
        if now != was["kept"][c]:
            differ[c] = ([x for x in now if x not in was["kept"][c]][:3],
                [x for x in was["kept"][c] if x not in now][:3], len(now))
    ok("  are followed to what a new web process makes of it", not differ and
        len(was["kept"]["red"]) > 30, differ)


def every(_url):
    with open("drawn.json", encoding="ascii") as f:
        done = json.load(f)["done"]
    never = sorted({f.__name__ for f in KINDS} - set(done))
    ok("each kind of change was among them", not never, never)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
    print("done")
