#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""served_desk - the desk over the API, one line "ok WHAT" or "not WHAT" for each check.

    served_desk.py PART URL [ARGUMENT]    a function of that name below

Every reply is held against its schema in the description. What one part leaves behind the
next one finds: tokens are in people.json.
"""
import json
import re
import sqlite3
import sys
import threading
import time
import urllib.parse

import jsonschema

from served import Server, ok

PASSWORDS = {"admin": "a better one 77", "ana": "correct horse 9", "leo": "battery staple 3"}


class Person(Server):
    """Somebody with a token; replies are checked against the description."""
    api = None

    def __init__(self, url, token):
        super().__init__(url)
        self.token = token
        if Person.api is None:
            Person.api = self.ask("GET", "/api/v1/openapi.json")[3]

    def schema(self, method, path):
        plain = path.split("?")[0]
        found = []
        for pattern, methods in self.api["paths"].items():
            if method.lower() in methods and re.fullmatch(
                    re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(pattern)), plain):
                found.append((pattern.count("{"), methods[method.lower()]))
        content = min(found, key=lambda f: f[0])[1]["responses"]["200"]["content"]
        return next(iter(content.values())).get("schema")

    def do(self, method, path, body=None):
        """(status, reply)"""
        status, headers, text, said = self.ask(method, "/api/v1" + path, body,
            {"Authorization": "Bearer " + self.token})
        if status == 200 and headers["Content-Type"] == "application/json":
            jsonschema.validate(said, {**self.schema(method, "/api/v1" + path),
                "components": self.api["components"]})
        return status, said if said is not None else text

    def do_raw(self, path):
        """(status, reply) of what is not under /api/v1."""
        status, _, text, said = self.ask("GET", path, None,
            {"Authorization": "Bearer " + self.token})
        return status, said if said is not None else text

    def get(self, path):
        status, said = self.do("GET", path)
        if status != 200:
            raise SystemExit(f"GET {path}: {status} {said}")
        return said

    def post(self, path, **body):
        return self.do("POST", path, body)

    def change(self, path, **body):
        """A change of the incident in the path, with what is seen of it just now."""
        one = re.match(r"/incidents/[0-9]+", path)[0]
        return self.post(path, version=self.get(one)["version"], **body)


def in_person(url):
    """The admin, signed in: what no token may do."""
    s = Server(url)
    time.sleep(1.1)
    s.sign_in("admin", PASSWORDS["admin"])
    return s


def people(url):
    with open("people.json", encoding="ascii") as f:
        return {name: Person(url, token) for name, token in json.load(f).items()}


def first(url, password):
    """An admin, an analyst who may have AMBER, a lead; each with a token."""
    s = Server(url)
    s.sign_in("admin", password)
    s.mine("POST", "/api/v1/users/admin/password", {"password": PASSWORDS["admin"]})
    s.sign_in("admin", PASSWORDS["admin"])
    kept = {}
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
    for login, role in (("admin", "admin"), ("ana", "analyst"), ("leo", "lead")):
        one = s
        if login != "admin":
            made = s.mine("POST", "/api/v1/users", {"login": login, "role": role,
                "tlp": "TLP:RED" if role == "lead" else "TLP:AMBER+STRICT",
                "pap": "PAP:RED" if role == "lead" else "PAP:AMBER"})[3]
            one = Server(url)
            time.sleep(1.1)
            one.sign_in(login, made["password"])
            one.mine("POST", f"/api/v1/users/{login}/password",
                {"password": PASSWORDS[login]})
            one.sign_in(login, PASSWORDS[login])
        said = one.mine("POST", "/api/v1/tokens", {"name": "test", "role": role,
            "expires": until})[3]
        kept[login] = said["token"]
    with open("people.json", "w", encoding="ascii") as f:
        json.dump(kept, f)
    ok("an admin, an analyst and a lead", len(kept) == 3)

    twice = []

    def each_once(pairs):
        names = [name for name, _ in pairs]
        twice.extend(n for n in set(names) if names.count(n) > 1)
        return dict(pairs)
    api = json.loads(s.ask("GET", "/api/v1/openapi.json")[2], object_pairs_hook=each_once)
    ok("nothing stands twice in the description", not twice, twice)
    schemas = api["components"]["schemas"]
    gone = {r for r in re.findall(r"#/components/schemas/([a-z_]+)", json.dumps(api))
        if r not in schemas}
    ok("  and all that it refers to is there", not gone, gone)
    bare = [f"{m} {p}" for p, ms in api["paths"].items() for m, r in ms.items()
        if "application/json" in r["responses"]["200"]["content"] and
        "schema" not in r["responses"]["200"]["content"]["application/json"] and
        not p.endswith("openapi.json")]
    ok("  every reply in JSON has a schema", not bare, bare)


def incidents(url):
    who = people(url)
    ana, leo = who["ana"], who["leo"]
    found = ana.get("/findings?order=severity")["items"]
    one = found[0]
    status, said = ana.post("/incidents", findings=[one["id"][:16]], owner="ana",
        clocks="nis2", reason="seen by hand")
    ok("an incident of a finding", status == 200 and said["number"] == 1, said)
    page = ana.get("/incidents/1/whole")
    ok("  has the finding", [m["id"] for m in page["members"]] == [one["id"]])
    ok("  its playbook's tasks", len(page["tasks"]) > 0)
    ok("  its deadlines", len(page["deadlines"]) == 3 and
        page["incident"]["clocks"] == "nis2", page["deadlines"])
    ok("  a priority in words", page["incident"]["priority"] == "urgent" or
        page["incident"]["priority"] == "high", page["incident"]["priority_why"])
    ok("  and the states that may follow", "triaged" in page["incident"]["may_become"])
    ok("the same finding is in no second one", ana.post("/incidents",
        findings=[one["id"]])[0] == 409)
    ok("an id that is none", ana.post("/incidents", findings=["ffffffffffffffff"])[0] == 404)
    status, said = ana.post("/incidents", title="x", subject="x.example", owner="nobodyknown")
    ok("an owner whom nobody knows", status == 422 and said["code"] == "no-such-owner" and
        "ana" in said["detail"], said)
    ok("neither findings nor subject", ana.post("/incidents", title="x")[0] == 400)
    status, said = ana.post("/incidents", title="Phishing at evil.example",
        subject="evil.example", family="phishing", severity="high", tlp="TLP:GREEN",
        pap="PAP:GREEN")
    ok("one by hand", status == 200, said)
    ok("  with its label", ana.get("/incidents/2")["tlp"] == "TLP:GREEN")
    other = found[1]
    ok("a finding more", ana.post("/incidents/2/members", findings=[other["id"]])[0] == 200)
    ok("  is taken out again", ana.post(f"/incidents/2/members/{other['id']}/remove",
        reason="another thing")[0] == 200 and ana.get("/incidents/2/whole")["members"] == [])
    ok("a member's label is raised", ana.post(f"/incidents/1/members/{one['id']}/labels",
        tlp="TLP:AMBER+STRICT")[0] == 200 and
        ana.get("/incidents/1")["tlp"] == "TLP:AMBER+STRICT")
    ok("other clocks", ana.change("/incidents/2/clock", set="registrar-ack")[0] == 200 and
        [d["name"] for d in ana.get("/incidents/2/whole")["deadlines"]] ==
        ["acknowledgement", "mitigation"])
    ok("  beside others", ana.change("/incidents/2/clock", set="nis2")[0] == 200 and
        len(ana.get("/incidents/2/whole")["deadlines"]) == 5 and
        [i["number"] for i in ana.get("/incidents?clocks=nis2")["items"]] == [2, 1])
    status, said = ana.change("/incidents/2/clock", set="nis2")
    ok("  one that runs", status == 422 and "nis2 run already" in said["detail"], said)
    status, said = ana.change("/incidents/2/clock", stop="nis2")
    ok("  is stopped with a reason", said["code"] == "no-reason" and
        ana.change("/incidents/2/clock", stop="nis2", reason="not one of these")[0] == 200 and
        ana.get("/incidents/2")["clocks"] == "registrar-ack")
    ok("  a set that is none", ana.change("/incidents/2/clock", set="nonsense")[0] == 422)
    ok("  known since a time", ana.change("/incidents/1/clock",
        aware="2026-01-01T00:00:00Z")[0] == 200)
    ok("  so it is overdue", ana.get("/incidents/1")["overdue"] and
        [i["number"] for i in ana.get("/incidents?overdue=true")["items"]] == [1])
    name = ana.get("/incidents/1/whole")["deadlines"][0]["name"]
    ok("a deadline is met", ana.change("/incidents/1/met", name=name, met=True)[0] == 200 and
        any(d["name"] == name and "ana" in d["by"]
            for d in ana.get("/incidents/1/whole")["deadlines"]))
    status, said = ana.change("/incidents/1/met", name="nis2/" + name, met=True)
    ok("  once", status == 409 and said["code"] == "met-already" and "ana" in said["detail"], said)
    ok("  and was not", ana.change("/incidents/1/met", name=name, met=False)[0] == 200)
    ok("  one that is none", ana.change("/incidents/1/met", name="x", met=True)[0] == 404)
    shown = leo.post("/incidents/group", dry_run=True)[1]
    ok("grouping is rehearsed", shown["opened"] > 0 and len(shown["incidents"]) > 0 and
        "all" in shown, shown)
    said = leo.ask("POST", "/api/v1/incidents/group", {"dry_run": True}, {"Authorization":
        "Bearer " + leo.token, "Accept-Language": "es"})[3]
    left = []
    in_english(shown, said, left)
    ok("  in the reader's language", not left and said["opened"] == shown["opened"], left)
    ok("  and nothing was done", leo.get("/incidents?limit=500")["items"][0]["number"] == 2)
    done = leo.post("/incidents/group")[1]
    ok("  then it does just that", done["incidents"] == shown["incidents"], done)
    ok("by priority", [i["number"] for i in
        ana.get("/incidents?order=priority&limit=1")["items"]] == [1])
    whole = ana.get("/incidents?order=priority&limit=500")["items"]
    part, cursor = [], ""
    while cursor is not None:
        page = ana.get("/incidents?order=priority&limit=1" + cursor)
        part += page["items"]
        cursor = "&cursor=" + page["next"] if page["next"] else None
    ok("  in pages", [i["number"] for i in part] == [i["number"] for i in whole])
    label = ana.get("/incidents/2")["tlp"]      # of what it once had in it
    ok("filters", [i["number"] for i in ana.get(f"/incidents?state=new,triaged&tlp={label}"
        "&text=evil&family=phishing&open=true")["items"]] == [2])
    ok("  a word that is none", ana.do("GET", "/incidents?state=new,gone")[0] == 422)
    events = ana.get("/incidents/1/events")["items"]
    ok("the timeline", events[0]["kind"] == "incident.open" and
        [e["number"] for e in events] == sorted(e["number"] for e in events))
    ok("  in pages", ana.get("/incidents/1/events?limit=2&cursor=" +
        str(events[1]["number"]))["items"] == events[2:4])
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
    ok("a false alarm", leo.change("/incidents/2/state", state="false-alarm",
        verdict="our own test", mute_until=until)[0] == 200)
    ok("  becomes a mute", [m["subject"] for m in leo.get("/mutes")["items"]] ==
        ["evil.example"])
    ok("  which an analyst sets none", ana.change("/incidents/1/state", state="false-alarm",
        verdict="x", mute_until=until)[0] == 403)


def two(url):
    """Two people at one incident: nothing is lost, and who comes late is told why."""
    who = people(url)
    ana, leo = who["ana"], who["leo"]
    seen = ana.get("/incidents/1")["version"]
    ok("one is faster", leo.post("/incidents/1/state", state="triaged",
        version=seen)[0] == 200)
    for path, body in (("state", {"state": "confirmed"}), ("owner", {"owner": "ana"}),
            ("title", {"title": "x"}), ("labels", {"tlp": "TLP:RED"}),
            ("clock", {"set": "none"}), ("members", {"findings": []})):
        status, said = ana.post("/incidents/1/" + path, version=seen, **body)
        ok(f"  the other is told at {path}", status == 409 and "leo" in said["detail"] and
            "triaged" in said["detail"], said)
    for path, body in (("state", {"state": "confirmed"}), ("owner", {"owner": "ana"}),
            ("title", {"title": "x"}), ("labels", {"tlp": "TLP:RED"}), ("clock", {"set": "none"}),
            ("met", {"name": "x", "met": True})):
        status, said = ana.post("/incidents/1/" + path, **body)
        ok(f"  who does not say what they saw changes nothing at {path}", status == 400 and
            "version" in said["detail"], said)
    seen = ana.get("/incidents/1")["version"]
    ana.post("/incidents/1/title", title="mine", version=seen)
    status, said = ana.post("/incidents/1/title", title="mine too", version=seen)
    ok("  who was faster than themselves is told so", status == 409 and
        "by you, in another window" in said["detail"], said)
    ok("  nor does who says 0", ana.post("/incidents/1/title", title="x", version=0)[0] == 409)
    red = {"text": "the source is Q", "tlp": "TLP:RED", "pap": "PAP:RED"}
    status, said = leo.post("/incidents/1/notes", dry_run=True, **red)
    ok("what a RED note would raise is said before", status == 200 and said["raised"]["to"] ==
        {"tlp": "TLP:RED", "pap": "PAP:RED"} and said["raised"]["no_mail"] and
        "ana" in said["raised"]["people"], said)
    before = ana.get("/incidents/1/whole")
    status, said = leo.post("/incidents/1/notes", apart=True, **red)
    ok("  kept apart it raises nothing", status == 200 and "raised" not in said, said)
    after = ana.get("/incidents/1/whole")
    ok("  and only who may have it sees it", before["notes"] == after["notes"] and
        before["incident"]["tlp"] == after["incident"]["tlp"] and
        "the source is Q" in [n["text"] for n in leo.get("/incidents/1/whole")["notes"]])
    number = leo.post("/incidents", title="y", subject="y.example", tlp="TLP:GREEN",
        pap="PAP:GREEN")[1]["number"]
    status, said = leo.post(f"/incidents/{number}/notes", **red)
    ok("a RED note within raises it, and says so", said.get("raised", {}).get("from") ==
        {"tlp": "TLP:GREEN", "pap": "PAP:GREEN"}, said)
    note = leo.get(f"/incidents/{number}/whole")["notes"][0]["event"]
    one = f"/incidents/{number}"
    ok("  a lead sets it apart", ana.post(f"{one}/notes/{note}/apart", reason="x")[0] == 403 and
        leo.post(f"{one}/notes/{note}/apart", reason="only it is")[0] == 200 and
        leo.change(f"{one}/labels", tlp="TLP:GREEN", pap="PAP:GREEN",
            reason="only the note is")[0] == 200)
    ok("  and a note loses nothing", ana.post("/incidents/1/notes", text="so be it")[0] == 200)


def inbox(url):
    ana = people(url)["ana"]
    def form(**what):
        return ana.post("/reports", **what)
    status, said = form(subject="http://evil.example/login", abuse="phishing",
        sender="eve@reporter.example", text="they copy our bank", seen="2026-01-01T10:00:00Z")
    ok("a report by telephone", status == 200 and said["number"] == 1, said)
    ok("  with neither subject nor text", form(sender="x")[0] == 400)
    row = ana.get("/reports/1")
    ok("  has its facts", any(f["fact"] == "url" and f["weight"] > 0 for f in row["facts"]) and
        row["weight"] == max(0, min(100, 40 + sum(f["weight"] for f in row["facts"]))), row)
    ok("  the same again is a duplicate", form(subject="http://evil.example/login",
        abuse="phishing", text="again")[1]["same"] == 1)
    for i in range(20):
        form(subject=f"host{i}.invalid", abuse="spam", sender="noise@reporter.example")
    heaps = ana.get("/inbox/triage")
    ok("heaps", heaps["all"] == 21 and sum(h["count"] for h in heaps["heaps"]) == 21 and
        heaps["noise"] >= 20, heaps)
    heap = next(h for h in heaps["heaps"] if h["pile"] == "noise")
    took = ana.get("/reports/set?state=new&text=invalid")
    ok("a set before a decision", took["count"] == 20 and len(took["examples"]) == 10)
    status, said = ana.post("/reports/decide", set=heap["set"], state="noise",
        reason="no evidence")
    ok("closed in bulk", status == 200 and said["count"] == heap["count"], said)
    ok("  none is new", ana.get("/reports/set?state=new&text=invalid")["count"] == 0)
    ok("  taken back", ana.post("/reports/undo", event=said["event"],
        reason="too early")[1]["count"] == heap["count"])
    ok("  not twice", ana.post("/reports/undo", event=said["event"],
        reason="again")[0] == 409)
    ok("some by their numbers", ana.post("/reports/decide", reports=[7, 5, 6, 5],
        state="noise", reason="noise")[1]["count"] == 3)
    ok("  one that is noise already refuses all", ana.post("/reports/decide",
        reports=[7, 8], state="noise", reason="x")[0] == 422 and
        ana.get("/reports/8")["state"] == "new")
    ok("  one that is not there", ana.post("/reports/decide", reports=[999],
        state="noise", reason="x")[0] == 404)
    ok("  a set that is none", ana.post("/reports/decide", set="5-", state="noise",
        reason="x")[0] == 400)
    ok("  neither", ana.post("/reports/decide", state="noise", reason="x")[0] == 400)
    ok("  accepted is another route", ana.post("/reports/decide", reports=[1],
        state="accepted", reason="x")[0] == 422)
    status, said = ana.post("/reports/accept", reports=[1], title="A bank is copied")
    ok("accepted into a new incident", status == 200 and said["opened"] == 1, said)
    ok("  which has it", [m["id"] for m in
        ana.get(f"/incidents/{said['number']}/whole")["members"]] == ["1"])
    ok("  and the report says so", ana.get("/reports/1")["incident"] == said["number"])
    status, said = ana.post("/reports/accept", set="8-10", each=True)
    ok("each its own", said["opened"] == 3, said)
    ok("  taken in by mistake: taken back", ana.post("/reports/undo", event=said["event"],
        reason="the wrong ones")[1] == {"count": 3} and
        ana.get("/reports/9")["state"] == "new", said)
    ok("  and once more", ana.post("/reports/accept", set="8-10", each=True)[1]["opened"] == 3)
    where = ana.get("/reports/8")["incident"]
    ok("  one may be there already", ana.change(f"/incidents/{where}/labels", tlp="TLP:GREEN",
        pap="PAP:GREEN", reason="x")[0] in (200, 403))
    form(subject="host5.invalid", abuse="malware", sender="other@reporter.example")
    last = ana.get("/reports?limit=1")["items"][0]["number"]
    leo = people(url)["leo"]
    number = leo.post("/incidents", title="another", subject="stricter.example",
        tlp="TLP:CLEAR", pap="PAP:CLEAR")[1]["number"]
    form(subject="http://stricter.example/a", abuse="phishing")
    status, said = ana.post("/reports/accept", set=f"{last}-{last + 1}", each=True)
    ok("in bulk it is said which incidents are stricter now", status == 200 and
        [(i["number"], i["from"]["tlp"], i["to"]["tlp"]) for i in said["stricter"]] ==
        [(number, "TLP:CLEAR", "TLP:AMBER")], said)
    form(subject="http://stricter.example/b", abuse="phishing")
    status, said = ana.post("/reports/accept", reports=[last + 2])
    ok("one joins the open incident about its host, which is named", status == 200 and
        (said["number"], said["opened"], said["joined"]) == (number, 0, 1), said)
    ana.post("/reports/undo", event=said["event"], reason="again")
    status, said = ana.post("/reports/accept", set=f"{last + 2}", each=True)
    ok("  with each, too", (said.get("number"), said["joined"]) == (number, 1), said)
    ana.post("/reports/undo", event=said["event"], reason="again")
    status, said = ana.post("/reports/accept", reports=[last + 2], new=True)
    ok("  or a new one is made, on demand", said["number"] != number and said["opened"] == 1, said)
    ok("  not both", ana.post("/reports/accept", reports=[last + 2], new=True, each=True)[0] == 400)
    ok("facts again", ana.post("/reports/weigh", set="11-12")[0] == 200)
    ok("by weight and fact", all("url" in [f["fact"] for f in r["facts"]] for r in
        ana.get("/reports?fact=url&weight_least=1&order=weight")["items"]))
    ok("  a fact that is none", ana.do("GET", "/reports?fact=nonsense")[0] == 422)
    ok("what can speak", len(ana.get("/inbox/facts")["items"]) > 20)
    ok("no document", ana.do("GET", "/reports/1/original")[0] == 404)


# Members of replies that people read; others are words, names, or what people wrote.
READ = {"title", "reason", "text", "why", "what", "words", "feature_help", "related_note", "ask",
    "needs", "actor", "story", "priority_why", "verdict", "meaning", "remedy", "within", "detail",
    "said", "trouble", "first_name"}
OF_PEOPLE = ("bank", "evil.example", "seen by hand", "our own test", "too early", "the wrong ones",
    "no evidence", "another thing", "so be it", "only ", "the source", "stricter")


def in_english(a, b, found, at=""):
    """What the two have in common that is read: sentences that were not said anew."""
    if isinstance(a, dict):
        for key in a.keys() & (b.keys() if isinstance(b, dict) else set()) - {"body"}:
            in_english(a[key], b[key], found, key)
    elif isinstance(a, list):
        for x, y in zip(a, b):
            in_english(x, y, found, at)
    elif isinstance(a, str) and a == b and at in READ and \
            re.search(r"[a-z]{2,} [a-z]{2,}", a) and not any(w in a for w in OF_PEOPLE):
        found.append(f"{at}: {a[:100]}")


def tongues(url):
    """Everything that people read is in their language; what machines read is in none."""
    token = people(url)["leo"].token
    def ask(path, lang, method="GET", body=None):
        return Person(url, token).ask(method, path, body, {"Authorization": "Bearer " + token,
            "Accept-Language": lang})
    en = ask("/api/v1/incidents/1/whole", "en")[3]
    paths = ["/api/v1/" + p for p in ("incidents/1/whole", "incidents/1/events", "incidents",
        "incidents?order=priority", "members", "tasks", "deadlines", "reports", "reports/1",
        "inbox/triage", "inbox/facts", "settings/clocks", "settings/playbooks", "catalogue", "runs",
        "findings", "findings/" + en["members"][0]["id"], "notices", "sharing/formats",
        "sharing/who?incidents=1", "subjects/domain/evil.example")]
    gone = ask("/api/v1/findings/" + "f" * 64, "en")[3]
    ok("what is not found is named, and not where we keep it", "no finding" in gone["detail"] and
        "/" not in gone["detail"] and ".db" not in gone["detail"], gone)
    admin = Person(url, people(url)["admin"].token)
    titles = {l: {i["number"]: i["title"] for i in ask("/api/v1/incidents?limit=500",
        l)[3]["items"]} for l in ("en", "es")}
    number, head = next((n, t.split(":")[0]) for n, t in titles["es"].items()
        if t != titles["en"][n] and t.split(":")[0] not in titles["en"][n])
    text = "?limit=500&text=" + urllib.parse.quote(head)
    def found(lang, more=""):
        return [i["number"] for i in ask("/api/v1/incidents" + text + more, lang)[3]["items"]]
    ok("a title is found as it is read", number in found("es"), head)
    ok("  by priority and in the counts, too", number in found("es", "&order=priority") and
        ask("/api/v1/incidents/counts?text=" + urllib.parse.quote(head), "es")[3]["total"] > 0)
    ok("  and not as nobody reads it", number not in found("en"))
    for lang in ("es", "fr"):
        left, same = [], []
        for path in paths:
            a, b = ask(path, "en"), ask(path, lang)
            if a[0] != 200 or b[0] != 200:
                left.append(f"{path}: {a[0]} {b[0]}")
            in_english(a[3], b[3], left)
            same += [path] if a[2] == b[2] and path.endswith("whole") else []
        ok(f"{lang}: nothing that is read is in English", not left and not same,
            sorted(set(left))[:5])
        own = {"Authorization": "Bearer " + admin.token}
        a, b = (admin.ask("GET", "/api/v1/settings/options", None, {**own, "Accept-Language": l})[3]
            for l in ("en", lang))
        left = [o["help"] for g, h in zip(a["items"], b["items"])
            for o, p in zip(g["options"], h["options"]) if o["help"] == p["help"]]
        ok(f"{lang}: nor options", not left and len(a["items"]) > 10, left[:5])
        whole = ask("/api/v1/incidents/1/whole", lang)[3]
        ok(f"{lang}: keys stay, and are said beside", all(d["name"] == e["name"] and
            e["title"] == e["name"] for d, e in zip(whole["deadlines"], en["deadlines"])) and
            any(d["title"] != d["name"] for d in whole["deadlines"]), whole["deadlines"])
        ok(f"{lang}: a member is called what its rule finds", all(m["rule"] == e["rule"] and
            m["title"] != e["title"] for m, e in zip(whole["members"], en["members"])) and
            " " in en["members"][0]["title"], en["members"])
        ok(f"{lang}: what others read of the log is as it is written",
            [e["body"] for e in ask("/api/v1/incidents/1/events", lang)[3]["items"]] ==
            [e["body"] for e in ask("/api/v1/incidents/1/events", "en")[3]["items"]])
        ok(f"{lang}: nor is an export another one", ask("/api/v1/sharing/export/csv?incidents=1",
            lang)[2] == ask("/api/v1/sharing/export/csv?incidents=1", "en")[2])
        wrong = [[ask(p, l)[3] for l in ("en", lang)] for p in ("/api/v1/incidents/77",
            "/api/v1/nothing", "/api/v1/incidents?nonsense=1", "/api/v1/incidents?state=x",
            "/api/v1/sharing/export/nothing?incidents=1")]
        same = [a for a, b in wrong if a["detail"] == b["detail"] or a["title"] == b["title"] or
            a["status"] != b["status"]]
        ok(f"{lang}: what is wrong, too", not same, same)


def wait_for(person, number, state, seconds=15):
    for _ in range(seconds * 10):
        is_now = person.get(f"/notices/{number}")
        if is_now["state"] == state:
            return is_now
        time.sleep(0.1)
    return is_now


def letters(url, spool):
    who = people(url)
    ana, leo = who["ana"], who["leo"]
    number = ana.post("/incidents", title="Phishing at shop.example", subject="shop.example",
        family="phishing", severity="high", tlp="TLP:GREEN", pap="PAP:GREEN")[1]["number"]
    one = f"/incidents/{number}"
    ana.change(one + "/state", state="confirmed")
    steps = ana.get(one + "/route")["steps"]
    ok("who can act", {s["contact"]["id"] for s in steps} == {"registrar.example",
        "slow.example", "outsider.example"}, steps)
    step = next(s for s in steps if s["role"] == "registrar")
    ok("  why, and where", step["cover"] == "." and step["cleared"] and
        step["address"]["value"] == "good@them.example" and step["told"] == [], step)
    ok("the letters there are", "first-registrar" in ana.get("/letters")["items"])
    status, shown = ana.post(one + "/letter", role="registrar")
    ok("a letter is shown in their language", status == 200 and shown["language"] == "es" and
        shown["state"] is None and "shop" in shown["text"], shown)
    ok("  and nothing was kept", ana.get("/notices")["items"] == [])
    status, said = ana.post(one + "/letter", contact="outsider.example")
    ok("who may not have it is refused", status == 403 and "marked stricter" in said["detail"]
        and said["code"] == "stricter" and said["redacted"] is True, said)
    ok("  in no words of the command line", "--" not in said["detail"], said)
    ok("both contact and role", ana.post(one + "/letter", contact="a", role="host")[0] == 400)
    ok("a contact that is none", ana.post(one + "/letter", contact="nobody")[0] == 404)
    ok("a letter that is none", ana.post(one + "/letter", role="registrar",
        letter="../../etc/passwd")[0] == 404)
    status, draft = ana.post(one + "/notices", role="registrar", basis="their contract")
    ok("a draft", status == 200 and draft["state"] == "draft", draft)
    ok("  says what was shown", draft["text"] == shown["text"])
    notice = f"/notices/{draft['number']}"
    message = ana.do("GET", notice + "/message")[1]
    ok("  as it will go out", b"good@them.example" in message, message[:300])
    status, said = ana.post(one + "/notices", role="registrar")
    ok("  not twice", status == 409 and said["code"] == "told-already", said)
    ok("  an analyst gives no word", ana.post(notice + "/approve")[0] == 403)
    ok("  nor for another message", leo.post(notice + "/approve", message="0" * 64)[0] == 409)
    hashed = ana.get(notice)["message"]
    ok("  a lead does", leo.post(notice + "/approve", message=hashed)[1] ==
        {"number": draft["number"], "state": "approved"})
    sent = wait_for(ana, draft["number"], "sent")
    ok("the server sends it", sent["state"] == "sent" and sent["by"] == "leo", sent)
    with open(f"{spool}/1.eml", "rb") as f:
        ok("  those octets", f.read().replace(b"\r\n", b"\n") ==
            message.replace(b"\r\n", b"\n"))
    whole = ana.get(one + "/whole")
    ok("  the incident is notified", whole["incident"]["state"] == "notified" and
        whole["notices"][0]["words"] == "sent")
    ok("  and the route says who was told", next(s for s in ana.get(one + "/route")["steps"]
        if s["role"] == "registrar")["told"] == [draft["number"]])
    ok("it came back", ana.post(notice + "/bounced", reason="mailbox full")[1]["state"] ==
        "bounced")
    ok("another try is a lead's word", ana.post(notice + "/again", reason="x")[0] == 403)
    status, other = ana.post(one + "/notices", contact="registrar.example", letter="reminder",
        language="fr")
    ok("another letter in French", status == 200 and other["language"] == "fr", other)
    ok("  is cancelled", ana.post(f"/notices/{other['number']}/cancel",
        reason="not needed")[1]["state"] == "cancelled")
    ok("  and stays so", leo.post(f"/notices/{other['number']}/approve")[0] == 409)
    ok("filters", [n["number"] for n in ana.get(f"/notices?incident={number}"
        "&state=bounced,cancelled&contact=registrar.example")["items"]] ==
        [other["number"], draft["number"]])


def slow(url):
    """A letter to a server that takes its time; who kills the sender meanwhile is outside."""
    leo = people(url)["leo"]
    number = leo.post("/incidents", title="Slow", subject="slow.example",
        family="phishing", tlp="TLP:GREEN", pap="PAP:GREEN")[1]["number"]
    status, said = leo.post(f"/incidents/{number}/notices", contact="slow.example",
        approve=True)
    if status != 200:
        raise SystemExit(said)
    with open("slow.number", "w", encoding="ascii") as f:
        f.write(str(said["number"]))
    for _ in range(200):
        now = leo.get(f"/notices/{said['number']}")
        if now["state"] == "sending" and "may have" in now["words"]:
            return
        time.sleep(0.05)
    raise SystemExit(f"it is {now}")


def after(url):
    leo = people(url)["leo"]
    with open("slow.number", encoding="ascii") as f:
        number = int(f.read())
    time.sleep(2)
    now = leo.get(f"/notices/{number}")
    ok("it stays so, and is not sent again by itself", now["state"] == "sending" and
        now["tries"] == 1, now)
    ok("  until somebody says so", leo.post(f"/notices/{number}/again",
        reason="they have nothing")[0] == 200)
    now = wait_for(leo, number, "sent", 40)
    ok("  then it is sent", now["state"] == "sent", now)


def kept(url):
    leo = people(url)["leo"]
    ok("after a kill everything is there", leo.get("/incidents/1")["state"] == "triaged" and
        len(leo.get("/notices")["items"]) >= 3 and leo.get("/reports/1")["incident"] > 0)


def contacts(url):
    who = people(url)
    ana, leo = who["ana"], who["leo"]
    all_of = ana.get("/contacts")["items"]
    ok("those who can act", [c["id"] for c in all_of] == ["outsider.example",
        "registrar.example", "slow.example"] and all_of[1]["address"]["value"] ==
        "good@them.example", all_of)
    ok("  by role", [c["id"] for c in ana.get("/contacts?role=cert")["items"]] ==
        ["outsider.example"])
    ok("  a role that is none", ana.do("GET", "/contacts?role=x")[0] == 422)
    ok("one more", ana.post("/contacts", id="nic.example", name="NIC", roles="registry",
        covers="example")[0] == 200)
    ok("  not twice", ana.post("/contacts", id="nic.example")[0] == 409)
    ok("  an id that cannot be", ana.post("/contacts", id="../x")[0] in (400, 422))
    seen = ana.get("/contacts/nic.example")["contact"]["changed"]
    ok("  is changed", ana.do("PATCH", "/contacts/nic.example", {"hours": "always",
        "changed": seen})[0] == 200
        and ana.get("/contacts/nic.example")["contact"]["hours"] == "always" and
        ana.get("/contacts/nic.example")["contact"]["name"] == "NIC")
    status, said = leo.do("PATCH", "/contacts/nic.example", {"hours": "never", "changed": seen})
    ok("  who looked before is told", status == 409 and "nic.example" in said["detail"] and
        ana.get("/contacts/nic.example")["contact"]["hours"] == "always", said)
    ok("  who does not say what they saw changes nothing", leo.do("PATCH",
        "/contacts/nic.example", {"hours": "never"})[0] == 400)
    seen = ana.get("/contacts/nic.example")["contact"]["changed"]
    ok("  one that is not there", ana.do("PATCH", "/contacts/nobody", {"name": "x",
        "changed": seen})[0] == 404)
    ok("  an analyst clears nobody", ana.do("PATCH", "/contacts/nic.example",
        {"tlp": "TLP:RED", "changed": seen})[0] == 403)
    ok("  a lead does", leo.do("PATCH", "/contacts/nic.example", {"tlp": "TLP:GREEN",
        "pap": "PAP:GREEN", "changed": seen})[0] == 200)
    ok("an address", ana.post("/contacts/nic.example/addresses", channel="mail",
        value="abuse@nic.example")[0] == 200 and [a["value"] for a in
        ana.get("/contacts/nic.example")["addresses"]] == ["abuse@nic.example"])
    ok("  that cannot be", ana.post("/contacts/nic.example/addresses", channel="mail",
        value="a b\r\nBcc: x@y")[0] in (400, 422))
    key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    ana.post("/contacts/nic.example/addresses", channel="key", value=key)
    status, said = leo.post("/contacts/nic.example/vouch", until="2030-01-01T00:00:00Z")
    ok("we vouch", status == 200 and key in said["statement"], said)
    path = ana.get("/contacts/nic.example/trust")
    ok("  so they are trusted", path["trusted"] and path["steps"][0]["whom"] == "nic.example"
        and len(path["from"]) == 64, path)
    ok("  others are not", not ana.get("/contacts/slow.example/trust")["trusted"])
    ok("  a statement that is forged", ana.post("/vouches",
        statement=said["statement"].replace("2030", "2031"))[0] in (400, 409))
    time.sleep(1.1)     # statements are of whole seconds, and the later one counts
    ok("  taken back", leo.post("/contacts/nic.example/vouch", revoke=True)[0] == 200 and
        not ana.get("/contacts/nic.example/trust")["trusted"])
    steps = ana.get("/route?about=shop.example,192.0.2.7")["steps"]
    ok("who can act for a name", [s["contact"]["id"] for s in steps
        if s["role"] == "registry"] == ["nic.example"] and len(steps) == 4, steps)
    status, said = ana.do("GET", "/route?about=not..valid")
    ok("  nobody can act for what is no name", status == 422 and "not..valid" in said["detail"])
    ok("who was not reached", len(ana.get("/contacts?unproven_days=1")["items"]) == 4)
    ok("the address goes", ana.post("/contacts/nic.example/addresses/drop", channel="mail",
        value="abuse@nic.example")[0] == 200)
    ok("  and the contact, by a lead", ana.do("DELETE", "/contacts/nic.example")[0] == 403 and
        leo.do("DELETE", "/contacts/nic.example")[0] == 200 and
        ana.do("GET", "/contacts/nic.example")[0] == 404)
    status, said = leo.post("/contacts/registrar.example/drill", dry_run=True)
    ok("a drill is shown", status == 200 and said["letter"] == "drill" and
        said["state"] is None and said["language"] == "es", said)
    status, said = leo.post("/contacts/registrar.example/drill", approve=True)
    token = re.search(r"vd-[0-9a-z]+", said["text"])
    ok("  and sent", status == 200 and token and
        wait_for(leo, said["number"], "sent")["state"] == "sent", said)
    ok("  an answer proves them", ana.post(f"/drills/{token.group(0)}/answer",
        note="by telephone")[0] == 200 and
        ana.get("/contacts/registrar.example")["contact"]["proven"] > "2000")
    ok("  once", ana.post(f"/drills/{token.group(0)}/answer")[0] == 409)
    ok("an answer to no drill", ana.post("/drills/vd-0000000000000000/answer")[0] == 404)


def nobody_set(url):
    """A server that was told of no sender and no mail server."""
    leo = people(url)["leo"]
    number = leo.post("/incidents", title="No sender", subject="unset.example",
        family="phishing", severity="low", tlp="TLP:GREEN", pap="PAP:GREEN")[1]["number"]
    one = f"/incidents/{number}"
    status, shown = leo.post(one + "/letter", contact="registrar.example")
    ok("without a sender a letter is shown", status == 200 and shown["no_sender"] is True and
        "sender-not-set@desk.invalid" in shown["text"], shown)
    status, shown = leo.post("/contacts/registrar.example/drill", dry_run=True)
    ok("  and a drill", status == 200 and shown["no_sender"] is True, shown)
    before = leo.get("/notices")["items"]
    for path, body in ((one + "/notices", {"contact": "registrar.example"}),
            ("/contacts/registrar.example/drill", {})):
        status, said = leo.post(path, **body)
        ok("  none is drafted", status == 409 and said["code"] == "no-sender" and
            "--" not in said["detail"], said)
    ok("  and nothing was kept", leo.get("/notices")["items"] == before)


def sharing(url):
    """What would leave, what leaves, what is refused; all of it is in the log."""
    who = people(url)
    ana, leo = who["ana"], who["leo"]
    number = ana.post("/incidents", title="Shared", subject="shared.example",
        family="phishing", tlp="TLP:GREEN", pap="PAP:GREEN")[1]["number"]
    seen = ana.get(f"/sharing/who?incidents={number}")
    ok("who would see what", seen["count"] == 1 and seen["items"][0]["tlp"] == "TLP:GREEN",
        seen)
    found = leo.get("/sharing/who?findings=true")["items"]
    ok("  findings by what their rule finds", found and not [i["title"] for i in found
        if re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", i["title"])], found[:1])
    by_label = {x["tlp"]: x["may"] for x in seen["labels"]}
    ok("  by label", by_label["TLP:CLEAR"] == 0 and by_label["TLP:GREEN"] == 1)
    by_contact = {x["contact"]: x for x in seen["contacts"]}
    ok("  by contact", by_contact["outsider.example"]["may"] == 0 and
        by_contact["outsider.example"]["strictest"] ==
        {"tlp": "TLP:GREEN", "pap": "PAP:GREEN"} and
        by_contact["registrar.example"]["strictest"] is None)
    written = [f["format"] for f in ana.get("/sharing/formats")["items"] if f["writes"]]
    bad = []
    for name in written:
        status, headers, text, said = ana.ask("GET",
            f"/api/v1/sharing/export/{name}?incidents={number}&findings=true&redacted=true",
            None, {"Authorization": "Bearer " + ana.token})
        if status != 200 or not text or "attachment" not in headers["Content-Disposition"]:
            bad.append((name, status, said))
    ok(f"each of {len(written)} formats is handed out", len(written) > 8 and not bad, bad)
    ok("  and noted", [e["body"]["format"] for e in leo.get("/sharing/exports")["items"]
        if e["author"] == "ana"] == written)
    status, said = ana.do("GET", f"/sharing/export/stix?incidents={number}"
        "&contact=outsider.example")
    ok("what a label forbids is refused", status == 403 and said["refused"] == 1 and
        said["items"][0]["tlp"] == "TLP:GREEN" and said["redacted"] is True, said)
    last = leo.get("/sharing/refusals?limit=500")["items"][-1]
    ok("  and the refusal is noted", last["author"] == "ana" and
        last["body"]["audience"] == "outsider.example" and
        last["body"]["items"][0]["id"] == said["items"][0]["id"], last)
    back = leo.get("/sharing/refusals?latest=true&limit=1")
    ok("  and found from the end", back["items"] == [last] and (back["next"] is None or
        leo.get("/sharing/refusals?latest=true&limit=1&cursor=" + back["next"])["items"][0]
        ["number"] < last["number"]), back)
    ok("  which is for those who may see all", ana.do("GET", "/sharing/refusals")[0] == 403)
    status, text = ana.do("GET", f"/sharing/export/jsonl?incidents={number}"
        "&contact=outsider.example&redacted=true")
    ok("  redacted it leaves without", status == 200 and b"shared.example" not in
        (text if isinstance(text, bytes) else json.dumps(text).encode()), text)
    ok("a clearance is no more than one's own", ana.do("GET", "/sharing/export/jsonl"
        "?incidents=1&tlp=TLP:RED&pap=PAP:RED")[0] in (200, 403))
    leo.post(f"/incidents/{number}/notes", text="qzsecretx", tlp="TLP:RED")
    for path in (f"/sharing/who?incidents={number}",
            f"/sharing/export/jsonl?incidents={number}&tlp=TLP:RED&pap=PAP:RED&redacted=true"):
        status, said = ana.do("GET", path)
        ok("what is too strict for the caller is in nothing", "qzsecretx" not in
            (said.decode() if isinstance(said, bytes) else json.dumps(said)), path)
    ok("a format that is none", ana.do("GET", "/sharing/export/x?incidents=1")[0] == 404)
    ok("nothing wished", ana.do("GET", "/sharing/export/stix")[0] == 400)
    status, said = leo.post(f"/incidents/{number}/proof")
    ok("a proof", status == 200 and said["record"].startswith('{"') and
        said["seal"] in said["record"], said)
    with open("proof.jsonl", "w", encoding="utf-8") as f:
        f.write(said["record"])
    ok("  for whom it is too strict", leo.post(f"/incidents/{number}/proof",
        contact="registrar.example")[0] == 403)
    ok("  redacted", leo.post(f"/incidents/{number}/proof", contact="registrar.example",
        redacted=True)[0] in (200, 403))


# Lists of the desk: what names a record, and orders.
LISTS = [("/incidents", ["number"], ["", "order=changed&", "order=opened&", "order=severity&",
        "order=priority&", "owner=&"]),
    ("/reports", ["number"], ["", "order=weight&", "order=received&"]),
    ("/contacts", ["id"], ["", "order=place&", "order=proven&", "kind=organisation&"]),
    ("/notices", ["number"], [""]), ("/jobs", ["number"], [""]),
    ("/users", ["login"], [""]), ("/people", ["login"], [""]), ("/tokens", ["id"], [""]),
    ("/members", ["incident", "kind", "id"], [""]), ("/notes", ["event"], [""]),
    ("/tasks", ["incident", "place"], ["", "incident=1&"]),
    ("/deadlines", ["incident", "name"], [""]), ("/drills", ["token"], [""]),
    ("/addresses", ["contact", "channel", "value"], [""])]


def pages(url):
    """Something comes in between two pages of a list: nothing is skipped or stands twice."""
    who = people(url)
    admin, leo = who["admin"], who["leo"]
    count, bad, cursors = 0, [], {}
    signed_in = in_person(url)

    def insert(path):
        """Something at the beginning and at the end of most orders."""
        nonlocal count
        count += 1
        if path in ("/incidents", "/tasks", "/deadlines"):
            leo.post("/incidents", title=f"between {count}", family="phishing", clocks="nis2",
                subject=f"b{count}.example", owner="" if count % 2 else "ana", reason="x")
        elif path == "/reports":
            leo.post("/reports", subject=f"b{count}.example", abuse="spam", sender="x@y.example")
        elif path in ("/contacts", "/addresses"):
            for name in ("0", "z"):
                leo.post("/contacts", id=f"{name}{count}", name="x")
                leo.post(f"/contacts/{name}{count}/addresses", channel="phone", value="+1")
        elif path == "/notes":
            leo.post("/incidents/1/notes", text=f"between {count}")
        elif path == "/tokens":
            signed_in.mine("POST", "/api/v1/tokens", {"name": "between", "expires": time.strftime(
                "%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))})

    for path, keys, queries in LISTS:
        for query in queries:
            def name(one, keys=keys):
                return tuple(str(one[k]) for k in keys)
            there = [name(i) for i in admin.get(f"{path}?{query}limit=500")["items"]]
            size = max(1, len(there) // 4)
            got, cursor = [], ""
            while cursor is not None:
                page = admin.get(f"{path}?{query}limit={size}{cursor}")
                got += [name(i) for i in page["items"]]
                cursor = page["next"] and "&cursor=" + page["next"]
                cursors[path] = cursor or cursors.get(path)
                if len(got) < 3 * len(there):
                    insert(path)
            if [n for n in got if n in set(there)] != there or len(set(got)) != len(got):
                bad.append((path, query, there, got))
    ok("pages of each list are the whole, though more comes in between", not bad, bad[:2])
    wrong = {path: [admin.do("GET", f"{path}?{c}")[0] for c in (cursor[1:] + "&text=x",
        cursor[1:-2], "cursor=7", "cursor=%01", "cursor=" + "A" * 9000,
        cursors["/reports" if path == "/incidents" else "/incidents"][1:])]
        for path, cursor in cursors.items() if cursor and path != "/jobs"}
    ok("  a cursor of another list, or none at all, is refused", len(wrong) > 8 and
        all(set(w) == {400} for w in wrong.values()), wrong)


def counts(url):
    who = people(url)
    ana, leo = who["ana"], who["leo"]
    everything = leo.get("/incidents?limit=500")["items"]
    for query in ("", "state=new", "state=new,triaged&severity=low", "owner=", "owner=ana",
            "text=between&owner=ana", "open=true&tlp=TLP:CLEAR,TLP:GREEN", "overdue=true"):
        bad = []
        said = leo.get("/incidents/counts?" + query)
        fit = leo.get("/incidents?limit=500&" + query)["items"]
        if said["total"] != len(fit):
            bad.append((said["total"], len(fit)))
        for facet, name, param in (("state", "state", "state"), ("owner", "owner", "owner"),
                ("severity", "severity", "severity"), ("label", "tlp", "tlp")):
            rest = "&".join(q for q in query.split("&") if not q.startswith(param + "="))
            fit = leo.get("/incidents?limit=500&" + rest)["items"]
            want = {v: sum(i[name] == v for i in fit) for v in {i[name] for i in fit}}
            if {c["value"]: c["count"] for c in said[facet]} != want:
                bad.append((facet, said[facet], want))
        ok(f"counts are those of the list: '{query}'", not bad, bad)
    seen = ana.get("/incidents/counts")
    ok("  of what may be seen", seen["total"] == len(ana.get("/incidents?limit=500")["items"])
        <= len(everything), seen)
    ok("  a filter that is none", [ana.do("GET", "/incidents/counts?" + q)[0] for q in
        ("state=x", "severity=x", "tlp=x", "nonsense=1", "open=x")] == [422, 422, 422, 400, 400])
    ok("  one method", ana.post("/incidents/counts")[0] == 405)
    persons = ana.get("/people")["items"]
    ok("who can own an incident", {p["login"]: p["role"] for p in persons}.items() >=
        {"admin": "admin", "ana": "analyst", "leo": "lead"}.items() and
        all(set(p) == {"login", "name", "role"} for p in persons), persons)
    ok("  by a text", [p["login"] for p in ana.get("/people?text=LEO")["items"]] == ["leo"])
    admin = in_person(url)
    admin.mine("POST", "/api/v1/users", {"login": "vic", "role": "viewer"})
    admin.mine("POST", "/api/v1/users", {"login": "away", "role": "lead"})
    seen = {u["login"]: u["changed"] for u in admin.mine("GET", "/api/v1/users")[3]["items"]}
    ok("  nobody changes others without what they saw of them", admin.mine("PATCH",
        "/api/v1/users/away", {"standing": "locked"})[0] == 400)
    ok("  with that they do", admin.mine("PATCH", "/api/v1/users/away", {"name": "Away",
        "changed": seen["away"]})[0] == 200)
    ok("  and who looked before is told", admin.mine("PATCH", "/api/v1/users/away",
        {"role": "viewer", "changed": seen["away"]})[0] == 409)
    seen = {u["login"]: u["changed"] for u in admin.mine("GET", "/api/v1/users")[3]["items"]}
    admin.mine("PATCH", "/api/v1/users/away", {"standing": "locked", "changed": seen["away"]})
    ok("  no viewer, nobody who is locked", not {"vic", "away"} &
        {p["login"] for p in ana.get("/people")["items"]})


def rules(url):
    """A rule gives the word: written, approved and sent in its name, once."""
    who = people(url)
    ana, leo = who["ana"], who["leo"]
    rule = {"name": "phishing-host", "role": "registrar", "letter": "reminder",
        "state": "confirmed", "family": "phishing"}
    ok("a rule is a lead's", ana.post("/notice_rules", **rule)[0] == 403)
    status, said = leo.post("/notice_rules", **rule)
    ok("  made, and a sender applies it", status == 200 and said["runs"], said)
    number = said["number"]
    ok("  not twice", leo.post("/notice_rules", **rule)[0] == 409)
    ok("  of what has ended: none", leo.post("/notice_rules", **{**rule, "name": "x",
        "state": "closed"})[0] == 422)
    ok("  is listed", [r["name"] for r in leo.get("/notice_rules")["items"]] ==
        ["phishing-host"])
    case = ana.post("/incidents", title="By rule", subject="rule.example", family="phishing",
        tlp="TLP:GREEN", pap="PAP:GREEN")[1]["number"]
    strict = leo.post("/incidents", title="Strict", subject="strict.example",
        family="phishing", tlp="TLP:RED", pap="PAP:RED")[1]["number"]
    for one in (case, strict):
        leo.change(f"/incidents/{one}/state", state="confirmed")
    for _ in range(300):
        notices = leo.get(f"/notices?incident={case}")["items"]
        if notices and notices[0]["state"] == "sent":
            break
        time.sleep(0.1)
    ok("  it gives the word, once", len(notices) == 1 and notices[0]["state"] == "sent" and
        notices[0]["by"] == "rule phishing-host", notices)
    for _ in range(300):
        refused = [e for e in leo.get("/sharing/refusals?limit=500")["items"]
            if e["author"] == "sender"]
        if refused:
            break
        time.sleep(0.1)
    time.sleep(3)
    refused = [e for e in leo.get("/sharing/refusals?limit=500")["items"]
        if e["author"] == "sender"]
    ok("  what a label forbids is not told, and tried once", len(refused) == 1 and
        leo.get(f"/notices?incident={strict}")["items"] == [], refused)
    ok("  lifted", leo.post(f"/notice_rules/{number}/lift", reason="enough")[0] == 200 and
        leo.get("/notice_rules")["items"][0]["lifted"] > "2000" and
        leo.get(f"/incidents/{strict}")["closed"] is None)
    ok("  not twice", leo.post(f"/notice_rules/{number}/lift", reason="enough")[0] == 409)


def settings(url):
    who = people(url)
    groups = who["admin"].get("/settings/options")["items"]
    options = {o["name"]: o for g in groups for o in g["options"]}
    ok("options with help, value and source", len(options) > 100 and
        options["mail-from"]["value"] == "desk@us.example" and
        options["mail-from"]["source"] == "command" and options["mail-from"]["help"])
    names = [o["name"] for g in groups for o in g["options"]]
    ok("  each once", len(options) == len(names),
        sorted(n for n in options if names.count(n) > 1))
    ok("  for admins", who["leo"].do("GET", "/settings/options")[0] == 403)
    sets = {s["name"]: s for s in who["ana"].get("/settings/clocks")["items"]}
    ok("sets of clocks", len(sets["nis2"]["deadlines"]) == 3 and
        [d["within"] for d in sets["nis2"]["deadlines"]][:2] == ["24h", "72h"] and
        sets["registrar-ack"]["deadlines"][0]["within"] == "2 working days", sets)
    books = {b["family"]: b for b in who["ana"].get("/settings/playbooks")["items"]}
    ok("playbooks", books["phishing"]["tasks"] and not books["phishing"]["own"] and
        all(b["trouble"] == "" for b in books.values()))


CANARY = re.compile(r"qz[a-z]+x")


def hidden(url):
    """Whatever is marked RED comes out of no route for who is cleared for GREEN."""
    who = people(url)
    admin, leo = who["admin"], who["leo"]
    red = {"tlp": "TLP:RED", "pap": "PAP:RED"}
    found = leo.get("/findings?limit=500")["items"]
    free = found[0]["id"]
    for home in leo.get("/findings/" + free)["incidents"]:
        leo.post(f"/incidents/{home['number']}/members/{free}/remove", reason="x")
    number = leo.post("/incidents", title="qztitlex", subject="qzsubjectx.example",
        family="phishing", owner="leo", reason="qzreasonx", findings=[free], **red)[1]["number"]
    leo.post(f"/incidents/{number}/notes", text="qznotex", **red)
    leo.post(f"/incidents/{number}/tasks", title="qztaskx", actor="qzactorx", ask="qzaskx")
    leo.change(f"/incidents/{number}/clock", set="nis2")
    leo.change(f"/incidents/{number}/title", title="qzrenamedx")
    leo.change(f"/incidents/{number}/state", state="triaged")
    leo.post("/contacts", id="qzcontactx", name="qznamex", roles="cert", note="qzhintx",
        covers="qzcoverx.example")
    leo.post("/contacts/qzcontactx/addresses", channel="mail", value="qzmailx@x.example")
    leo.post("/mutes", rule="qzrulex", reason="qzmutex", expires=time.strftime(
        "%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400)))
    leo.post("/reports", subject="http://qzreportx.example/", text="qzsaidx",
        sender="qzsenderx@x.example", abuse="phishing")
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
    made = in_person(url).mine("POST", "/api/v1/users", {"login": "eve", "role": "analyst",
        "tlp": "TLP:GREEN", "pap": "PAP:GREEN"})[3]
    eve = Server(url)
    time.sleep(1.1)
    eve.sign_in("eve", made["password"])
    eve.mine("POST", "/api/v1/users/eve/password", {"password": "open sesame 12"})
    time.sleep(1.1)
    eve.sign_in("eve", "open sesame 12")
    eve = Person(url, eve.mine("POST", "/api/v1/tokens", {"name": "t", "role": "analyst",
        "expires": until})[3]["token"])
    report = leo.get("/reports?limit=1")["items"][0]["number"]
    values = {"number": [str(number), str(report), "1"], "id": ["qzcontactx", found[0]["id"]],
        "format": ["jsonl", "stix"], "login": ["leo"], "member": ["1"], "place": ["1"],
        "collection": COLLECTIONS}
    queries = ["", f"?incident={number}", "?text=qz", f"?incidents={number}", "?findings=true",
        f"?incidents={number}&redacted=true", "?reports=true&redacted=true", "?about=qz",
        "?cursor=0", "?order=priority", "?subject=qzsubjectx.example", "?contact=qzcontactx"]
    ana, inside = who["ana"], {f"qz{w}x" for w in ("title", "subject", "reason", "note", "task",
        "actor", "ask", "renamed")}	# hers is the finding, and not its incident
    leaks, seen, tried, answered = [], set(), 0, set()
    for path, methods in Person.api["paths"].items():
        if "get" not in methods or path == "/api/v1/live":
            continue
        paths = [path]
        for name in re.findall(r"\{([^}]*)\}", path):
            paths = [p.replace("{" + name + "}", v) for p in paths
                for v in values.get(name, ["1", "qzcoverx.example"])]
        for plain in paths:
            for query in queries:
                for person in (eve, ana, leo):
                    status, _, text, _ = person.ask("GET", plain + query, None,
                        {"Authorization": "Bearer " + person.token})
                    words = set(CANARY.findall(text.decode("utf-8", "replace"))) - set(
                        CANARY.findall(plain + query))
                    tried += 1
                    if person is eve and words or person is ana and words & inside:
                        leaks.append((plain + query, words))
                    if person is eve and status == 200:
                        answered.add(path)
                    if person is leo:
                        seen |= words
    ok(f"in {tried} replies of every route nothing RED reaches GREEN", not leaks, leaks[:5])
    ok("  though it is there for who may see it", len(seen) > 12, seen)
    ok("  and the routes answer both", len(answered) > 15, len(answered))
    changes = []
    for path, body in ((f"/incidents/{number}/notes", {"text": "x"}),
            (f"/incidents/{number}/state", {"state": "confirmed", "version": 1}),
            (f"/incidents/{number}/letter", {"contact": "qzcontactx"}),
            (f"/incidents/{number}/proof", {}), (f"/incidents/{number}/merge",
            {"into": 1, "reason": "x"}), ("/reports/decide", {"reports": [report],
            "state": "noise", "reason": "x"}), ("/reports/weigh", {"reports": [report]}),
            ("/reports/accept", {"reports": [report]}), ("/contacts/qzcontactx/addresses",
            {"channel": "phone", "value": "+1"}), ("/contacts", {"id": "x", "name": "x"}),
            ("/incidents/group", {"dry_run": True})):
        status, said = eve.post(path, **body)
        words = CANARY.findall(json.dumps(said))
        if words and words[0] not in path or status == 200 and "group" not in path:
            changes.append((path, status, said))
    ok("nor does it by changes, and nothing can be changed", not changes, changes)

    def told(person, path, word):
        status, said = person.do("GET", path + word)
        return status, json.dumps(said).replace(word, "")
    pairs = [("/findings/", found[0]["id"][:8], "00000000"),
        ("/incidents/", str(number), "7777777"), ("/reports/", str(report), "7777777"),
        ("/sharing/who?incidents=", str(number), "7777777"),
        ("/sharing/export/jsonl?incidents=", str(number), "7777777"),
        ("/sharing/export/stix?redacted=true&incidents=", str(number), "7777777"),
        ("/contacts/", "qzcontactx", "qnothing")]
    differ = [(p, told(eve, p, a), told(eve, p, b)) for p, a, b in pairs
        if told(eve, p, a) != told(eve, p, b) or told(eve, p, a)[0] != 404]
    ok("what is hidden is as if it was not there", not differ, differ)
    status, said = ana.post("/incidents", findings=[free])
    ok("which incident has a finding is not said to who may not see it", status == 409 and
        str(number) not in said["detail"].replace(free[:16], ""), said)


COLLECTIONS = ["clear", "green", "amber", "amber-strict", "red"]


def manifest(person, collection):
    """Ids, times and versions of a collection, page after page."""
    got, more = [], ""
    while more is not None:
        status, page = person.do_raw(f"/taxii2/desk/collections/{collection}/manifest/"
            f"?limit=500{more}")
        if status != 200:
            raise SystemExit(f"{collection}: {status} {page}")
        got += [[o["id"], o["date_added"], o["version"]] for o in page.get("objects", [])]
        more = "&next=" + page["next"] if page.get("more") else None
    return got


def waiting(url, store):
    """While the store takes no change, changes wait; who looks does not."""
    leo = people(url)["leo"]
    number = leo.get("/incidents?limit=1")["items"][0]["number"]
    came, sent = [], []
    notes = [threading.Thread(target=lambda n=n: came.append(leo.post(
        f"/incidents/{number}/notes", text=f"waited {n}")[0])) for n in range(12)]
    files = [threading.Thread(target=lambda n=n: sent.append(leo.ask("POST",
        f"/api/v1/jobs?kind=capture&name=waited{n}.pcap", None, {"Authorization": "Bearer " +
        leo.token, "Content-Type": "application/octet-stream"}, b"no capture")[0]))
        for n in range(8)]
    files += [threading.Thread(target=lambda path=path: sent.append(leo.do_raw(path)[0]))
        for path in 6 * [f"/api/v1/sharing/export/jsonl?incidents={number}",
        "/api/v1/contacts/registrar.example/trust"]]
    held = sqlite3.connect(store, isolation_level=None)
    of = held.execute("SELECT findings FROM incident WHERE number=?", (number,)).fetchone()[0]
    held.execute("UPDATE incident SET findings=20001 WHERE number=?", (number,))
    status, said = leo.do("GET", f"/sharing/export/jsonl?incidents={number}")
    ok("an export of too many members is refused before it is made", status == 413 and
        "20001 findings and reports" in said["detail"], said)
    held.execute("UPDATE incident SET findings=? WHERE number=?", (of, number))
    held.execute("BEGIN IMMEDIATE")
    for n in notes + files:
        n.start()
    time.sleep(0.3)
    looks = [leo.get(path)["items"] is not None for path in 8 * ["/incidents", "/findings"]]
    before = list(came)
    held.execute("ROLLBACK")
    held.close()
    for n in notes + files:
        n.join()
    ok("who looks does not wait for those whose changes, files and exports do", len(looks) == 16 and
        not before, before)
    ok("  and each of these is done", came == 12 * [200] and sent == 20 * [200], (came, sent))


def follow(url):
    """TAXII follows one change after the other; what it has at the end is kept."""
    who = people(url)
    leo = who["leo"]
    number = leo.post("/incidents", title="followed", subject="f.example", family="phishing",
        tlp="TLP:GREEN", pap="PAP:GREEN")[1]["number"]
    one = f"/incidents/{number}"
    other = leo.post("/incidents", title="other", subject="o.example",
        family="phishing")[1]["number"]
    reports = [leo.post("/reports", subject=f"http://r{k}.follow.example/", abuse="phishing",
        sender=f"s{k}@x.example")[1]["number"] for k in range(4)]
    member = str(reports[0])
    steps = [(one + "/notes", {"text": "a", "tlp": "TLP:GREEN", "pap": "PAP:GREEN"}),
        ("/reports/accept", {"reports": reports[:2], "incident": number}),
        (one + "/title", {"title": "renamed"}),
        ("/reports", {"subject": "http://r0.follow.example/", "abuse": "phishing",
            "sender": "another@x.example"}),
        (one + f"/members/{member}/labels", {"tlp": "TLP:RED"}),
        (one + "/labels", {"tlp": "TLP:AMBER+STRICT"}), (one + "/state", {"state": "triaged"}),
        (f"/incidents/{other}/owner", {"owner": "ana"}),
        (one + f"/members/{member}/remove", {"reason": "not ours"}),
        ("/reports/decide", {"reports": reports[2:3], "state": "noise", "reason": "x"}),
        (one + "/merge", {"into": other, "reason": "the same"}),
        (f"/incidents/{other}/notes", {"text": "after"}), (one + "/unmerge", {"reason": "not"}),
        (one + "/labels", {"tlp": "TLP:GREEN", "pap": "PAP:GREEN", "reason": "lower"}),
        (one + "/notes", {"text": "b", "tlp": "TLP:AMBER", "pap": "PAP:AMBER"})]
    done, kept = [], {}
    for path, body in steps:
        before = kept
        done.append((path, (leo.change if path.startswith("/incidents") else
            leo.post)(path, **body)[0]))
        kept = {c: manifest(leo, c) for c in COLLECTIONS}
        if before and len(before["red"]) > len(kept["red"]) + 40:
            done.append((path, "lost"))
    ok("changes that TAXII follows", all(d[1] in (200, 403, 422) for d in done) and
        sum(d[1] == 200 for d in done) > 10, done)
    with open("followed.json", "w", encoding="ascii") as f:
        json.dump(kept, f)


def followed(url):
    """A web process that is new makes of the store what the one before followed to."""
    leo = people(url)["leo"]
    with open("followed.json", encoding="ascii") as f:
        was = json.load(f)
    differ = {}
    for collection in COLLECTIONS:
        now = manifest(leo, collection)
        if now != was[collection]:
            differ[collection] = [[x for x in now if x not in was[collection]][:3],
                [x for x in was[collection] if x not in now][:3], len(now), len(was[collection])]
    ok("what TAXII followed to is what it makes anew", not differ and len(was["red"]) > 20, differ)


# What is wrong in a body, whatever the route.
BAD = [
    ("no JSON", b"{\"a\":", 400), ("a list", b"[]", 400), ("a text", b"\"x\"", 400),
    ("a key twice", b"{\"a\":1,\"a\":2}", 400),
    ("too deep", b"{\"a\":" + b"[" * 3000 + b"]" * 3000 + b"}", 400),
    ("a member that is none", b"{\"nonsense\":1}", 400),
    ("bad UTF-8", b"{\"reason\":\"\xff\xfe\"}", 400),
    ("a NUL", b"{\"nonsense\":\"a\\u0000b\"}", 400),
    ("too large", b"{\"reason\":\"" + b"a" * 1100000 + b"\"}", 413),
]
FILL = {"number": "1", "place": "1", "id": "0" * 16, "login": "nobody", "member": "f" * 64}


def wrong_value(schema):
    """Values that are none of the schema's."""
    kind = schema.get("type")
    if kind == "string":
        yield 7
        yield ["x"]
        if "enum" in schema:
            yield "none of these"
        elif "format" in schema:
            yield "yesterday"
        else:
            yield "x" * (schema.get("maxLength", 200) + 1)
    elif kind == "integer":
        yield "7"
        yield -1
        yield 1.5
    elif kind == "boolean":
        yield "true"
        yield 1
    elif kind == "array":
        yield "x"
        yield [{}]


def abuse(url):
    who = people(url)
    leo = who["leo"]
    h = {"Authorization": "Bearer " + who["admin"].token}
    before = leo.get("/incidents?limit=500"), leo.get("/reports?limit=500")
    bad, values, tried = [], [], 0
    for path, methods in Person.api["paths"].items():
        plain = re.sub(r"\{([^}]*)\}", lambda m: FILL.get(m.group(1), "1"), path)
        for method, route in methods.items():
            if "requestBody" not in route or route.get("security") == []:
                continue
            content = route["requestBody"]["content"]
            if "application/json" not in content:
                continue
            for what, raw, wanted in BAD:
                status, _, text, _ = leo.ask(method.upper(), plain, None,
                    {**h, "Content-Type": "application/json"}, raw)
                wanted = wanted if isinstance(wanted, tuple) else (wanted,)
                tried += 1
                if status not in wanted or b"\"title\"" not in text:
                    bad.append((method, path, what, status))
            props = content["application/json"]["schema"]["properties"]
            for name, schema in props.items():
                for value in wrong_value(schema):
                    status = leo.ask(method.upper(), plain, {name: value}, h)[0]
                    tried += 1
                    if not 400 <= status < 500:
                        values.append((method, path, name, str(value)[:20], status))
    ok(f"{tried} bodies that are wrong are each refused", not bad, bad[:5])
    ok("  and each value of another kind", not values, values[:5])
    ok("  and nothing was changed by them", before == (leo.get("/incidents?limit=500"),
        leo.get("/reports?limit=500")))
    paths = []
    for path, methods in Person.api["paths"].items():
        if "{" not in path or "get" not in methods:
            continue
        for value in ("0", "-1", "1e3", "99999999999999999999", "%00", "..%2f..%2fetc%2fpasswd",
                "a%0d%0aX:%201", "%ff%fe", urllib.parse.quote("<script>alert(1)</script>"),
                "' OR 1=1 --".replace(" ", "%20"), "x" * 300, "%2e%2e"):
            status, headers, text, _ = leo.ask("GET",
                re.sub(r"\{[^}]*\}", value, path), None, h)
            if status not in (200, 400, 403, 404, 422) or "X" in headers or \
                    b"<script" in text and headers["Content-Type"] == "text/html":
                paths.append((path, value, status))
    ok("odd values in every path", not paths, paths[:5])
    wrong = []
    for path, methods in Person.api["paths"].items():
        plain = re.sub(r"\{([^}]*)\}", lambda m: FILL.get(m.group(1), "1"), path)
        for p in methods.get("get", {}).get("parameters", []):
            if p["in"] != "query" or path == "/api/v1/live":
                continue
            for value in ("%ff", "%00", "x" * 3000, "' OR 1=1 --".replace(" ", "%20"), "-1",
                    "%0d%0aSet-Cookie:%20a=b"):
                status, headers, _, _ = leo.ask("GET", f"{plain}?{p['name']}={value}", None, h)
                if status >= 500 or headers["Set-Cookie"]:
                    wrong.append((path, p["name"], value[:20], status))
    ok("odd values in every filter", not wrong, wrong[:5])
    roles = []
    for path, methods in Person.api["paths"].items():
        plain = re.sub(r"\{([^}]*)\}", lambda m: FILL.get(m.group(1), "1"), path)
        for method, route in methods.items():
            if route.get("x-role") not in ("lead", "admin"):
                continue
            status = leo.ask(method.upper(), plain, None if method == "get" else {},
                {"Authorization": "Bearer " + who["ana"].token})[0]
            if status != 403:
                roles.append((method, path, status))
    ok("what a lead or an admin may an analyst may not, on any route", not roles, roles)


def main():
    part, url = sys.argv[1:3]
    globals()[part](url, *sys.argv[3:])
    print("done")


if __name__ == "__main__":
    main()
