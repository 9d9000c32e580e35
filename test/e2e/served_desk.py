#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""served_desk - the desk over the API, one line "ok WHAT" or "not WHAT" for each check.

    served_desk.py PART URL [ARGUMENT]    a function of that name below

Every reply is held against its schema in the description. What one part leaves behind the
next one finds: tokens are in people.json.
"""
import json
import re
import sys
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

    def get(self, path):
        status, said = self.do("GET", path)
        if status != 200:
            raise SystemExit(f"GET {path}: {status} {said}")
        return said

    def post(self, path, **body):
        return self.do("POST", path, body)


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
    ok("other clocks", ana.post("/incidents/2/clock", set="registrar-ack")[0] == 200 and
        [d["name"] for d in ana.get("/incidents/2/whole")["deadlines"]] ==
        ["acknowledgement", "mitigation"])
    ok("  a set that is none", ana.post("/incidents/2/clock", set="nonsense")[0] == 422)
    ok("  known since a time", ana.post("/incidents/1/clock",
        aware="2026-01-01T00:00:00Z")[0] == 200)
    ok("  so it is overdue", ana.get("/incidents/1")["overdue"] and
        [i["number"] for i in ana.get("/incidents?overdue=true")["items"]] == [1])
    name = ana.get("/incidents/1/whole")["deadlines"][0]["name"]
    ok("a deadline is met", ana.post("/incidents/1/met", name=name, met=True)[0] == 200 and
        any(d["name"] == name and "ana" in d["by"]
            for d in ana.get("/incidents/1/whole")["deadlines"]))
    ok("  and was not", ana.post("/incidents/1/met", name=name, met=False)[0] == 200)
    ok("  one that is none", ana.post("/incidents/1/met", name="x", met=True)[0] == 404)
    shown = leo.post("/incidents/group", dry_run=True)[1]
    ok("grouping is rehearsed", shown["opened"] > 0 and len(shown["incidents"]) > 0 and
        "all" in shown, shown)
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
    ok("a false alarm", leo.post("/incidents/2/state", state="false-alarm",
        verdict="our own test", mute_until=until)[0] == 200)
    ok("  becomes a mute", [m["subject"] for m in leo.get("/mutes")["items"]] ==
        ["evil.example"])
    ok("  which an analyst sets none", ana.post("/incidents/1/state", state="false-alarm",
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
    ok("each its own", ana.post("/reports/accept", set="8-10", each=True)[1]["opened"] == 3)
    ok("facts again", ana.post("/reports/weigh", set="11-12")[0] == 200)
    ok("by weight and fact", all("url" in [f["fact"] for f in r["facts"]] for r in
        ana.get("/reports?fact=url&weight_least=1&order=weight")["items"]))
    ok("  a fact that is none", ana.do("GET", "/reports?fact=nonsense")[0] == 422)
    ok("what can speak", len(ana.get("/inbox/facts")["items"]) > 20)
    ok("no document", ana.do("GET", "/reports/1/original")[0] == 404)


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
    ana.post(one + "/state", state="confirmed")
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
    ok("who may not have it is refused", status == 403 and "marked stricter" in said["detail"],
        said)
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
    ok("  not twice", ana.post(one + "/notices", role="registrar")[0] == 409)
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
        len(leo.get("/notices")["items"]) == 3 and leo.get("/reports/1")["incident"] > 0)


# What is wrong in a body, whatever the route.
BAD = [
    ("no JSON", b"{\"a\":", 400), ("a list", b"[]", 400), ("a text", b"\"x\"", 400),
    ("a key twice", b"{\"a\":1,\"a\":2}", 400),
    ("too deep", b"{\"a\":" + b"[" * 3000 + b"]" * 3000 + b"}", 400),
    ("a member that is none", b"{\"nonsense\":1}", 404),
    ("bad UTF-8", b"{\"reason\":\"\xff\xfe\"}", 400),
    ("a NUL", b"{\"nonsense\":\"a\\u0000b\"}", (400, 404, 422)),
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
            if "requestBody" not in route or method == "get":
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
