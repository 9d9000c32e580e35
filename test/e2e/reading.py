#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""reading - what the API's lists, counts, messages, overview, subjects and zones say of a
store with the demo capture and two audits of a zone, one line "ok WHAT" or "not WHAT" each.

    reading.py URL PASSWORD
"""
import sys
import time

import jsonschema

from served import NEW, Server, ok

ORDERS = ("severity", "time", "oldest", "subject", "rule", "confidence")


class Reader:
    """Somebody who asks; each reply is held against its schema."""

    def __init__(self, server):
        self.server = server
        self.api = server.mine("GET", "/api/v1/openapi.json")[3]

    def get(self, path, route=None):
        status, _, text, parsed = self.server.mine("GET", path)
        if status != 200:
            return status, text
        answer = self.api["paths"][route or path.split("?")[0]]["get"]["responses"]["200"]
        schema = answer["content"]["application/json"]["schema"]
        jsonschema.validate(parsed, {**schema, "components": self.api["components"]})
        return status, parsed


def pages(get, query):
    got, cursor = [], ""
    while True:
        part = get(f"/api/v1/findings?limit=3{query}{cursor}")[1]
        got += [i["id"] for i in part["items"]]
        if part["next"] is None:
            return got
        cursor = "&cursor=" + part["next"]


def lists(get):
    whole = get("/api/v1/findings?facets=true&limit=500")[1]
    ids = sorted(i["id"] for i in whole["items"])
    ok("a list is whole and counted", whole["total"] == len(ids) > 20, whole["total"])
    ok("each facet counts all of it", all(sum(v["count"] for v in facet) == len(ids)
        for facet in whole["facets"].values()), whole["facets"])
    good = [order for order in ORDERS if sorted(pages(get, f"&order={order}")) == ids]
    ok("pages are the whole in every order", good == list(ORDERS), good)
    for name, test in {"area=availability": lambda i: i["area"] == "availability",
            "rule=tunnel.,dga.": lambda i: i["rule"].startswith(("tunnel.", "dga.")),
            "severity=high": lambda i: i["severity"] in ("high", "critical"),
            "zone=example": lambda i: i["zone"] == "example",
            "holds=INVENTED": lambda i: "invented" in i["subject"],
            "under=example": lambda i: ("." + i["subject"]).endswith(".example"),
            "text=invented data": lambda i: all(w in " ".join((i["subject"], i["rule"],
                i["title"], i["sentence"])).lower() for w in ("invented", "data")),
            "text=different names": lambda i: "different names" in i["sentence"],
            "text=nombres distintos": lambda i: "different names" in i["sentence"],
            "state=none": lambda i: i["incident"] is None}.items():
        wanted = sorted(i["id"] for i in whole["items"] if test(i))
        got = get("/api/v1/findings?limit=500&" + name.replace(" ", "%20"))[1]
        ok(f"  {name}", sorted(i["id"] for i in got["items"]) == wanted and
            got["total"] == len(wanted), (len(wanted), got["total"]))
    every = get("/api/v1/findings?limit=500&every=true")[1]
    one = lambda items: {(i["rule"], i["subject"], i["zone"] or i["id"]): i["id"]
        for i in sorted(items, key=lambda i: i["from"])}
    ok("  a fault of two audits stands once, by the last", len(every["items"]) > len(ids) and
        sorted(one(every["items"]).values()) == sorted(i["id"] for i in whole["items"]))
    ok("  and says so", {i["times"] for i in whole["items"]} == {1, 2} and all(
        i["first"] < i["from"] for i in whole["items"] if i["times"] == 2))
    got = get("/api/v1/findings?limit=500&until=2026-11-21T12:00:00Z")[1]["items"]
    ok("  of a time by the last of that time", got and sorted(i["id"] for i in got) == sorted(
        one(i for i in every["items"] if i["from"] < "2026-11-21T12").values()), len(got))
    high = get("/api/v1/findings?severity=high&area=trust&facets=true")[1]["facets"]
    alone = get("/api/v1/findings?area=trust&facets=true")[1]["facets"]
    ok("a facet does not count its own filter", high["severity"] == alone["severity"], high)
    return whole["items"]


def cursors(get):
    cursor = get("/api/v1/findings?limit=1")[1]["next"]
    for what, query in {"another filter": "severity=low", "another order": "order=time",
            "another text": "text=a"}.items():
        ok(f"a cursor is not taken with {what}",
            get(f"/api/v1/findings?limit=1&{query}&cursor={cursor}")[0] == 400)
    ok("nor one that is none", [get(f"/api/v1/findings?cursor={c}")[0] for c in
        ("0", "AAAA", cursor[:-4], "%01", "A" * 3000)] == [400] * 5)


def messages(get, items):
    seen = broken = 0
    for i in items:
        path = f"/api/v1/findings/{i['id']}"
        one = get(path, "/api/v1/findings/{id}")[1]
        said = get(path + "/evidence?limit=100", "/api/v1/findings/{id}/evidence")[1]
        seen += len(said["items"]) == min(100, len(one["evidence"]) - len(said["missing"]))
        for m in said["items"]:
            octets, inside = len(m["octets"]) // 2, [(0, len(m["octets"]) // 2)] * 5
            for p in m["parts"]:
                begin, end = p["at"], p["at"] + p["length"]
                outer = inside[p["depth"]]
                broken += begin < outer[0] or end > outer[1] or end > octets
                inside[p["depth"] + 1:] = [(begin, end)] * (4 - p["depth"])
            top = [p for p in m["parts"] if p["depth"] == 0]
            broken += sum(p["length"] for p in top) != octets
    ok("every message of every finding is there", seen == len(items), seen)
    ok("  its fields cover its octets, none outside of another", broken == 0, broken)


def overview(s, get):
    one = get("/api/v1/overview")[1]
    ok("the overview counts all", one["total"] ==
        sum(sum(a["all"]) for a in one["areas"]) and len(one["areas"]) == 8, one["total"])
    ok("  all of it is new at first", one["fresh"]["since"] is None and
        sum(one["fresh"]["findings"]) == one["total"])
    ok("  and nothing when one has looked", s.mine("POST", "/api/v1/overview/looked", {})[0]
        == 200 and sum(get("/api/v1/overview")[1]["fresh"]["findings"]) == 0)
    line = get("/api/v1/timeline")[1]
    ok("a timeline counts all", sum(map(sum, line["counts"])) ==
        get("/api/v1/findings?every=true")[1]["total"], line)


def zones(get):
    ok("the zone is there", [z["zone"] for z in get("/api/v1/zones")[1]["items"]] == ["example"])
    zone = get("/api/v1/zones/example", "/api/v1/zones/{name}")[1]
    ok("  with both audits and what changed", len(zone["audits"]) == 2 and
        ["delegation.few-servers"] == [i["rule"] for i in zone["gone"]["items"]] and
        zone["new"]["total"] == 1, zone["gone"])

    def falls(question):
        said = get("/api/v1/zones/example/sharing?without=" + question,
            "/api/v1/zones/{name}/sharing")[1]
        return said["fall"], said["weakened"], said["unknown"]
    ok("without a provider two fall", falls("operator:provider.net") == (2, 1, 0))
    ok("without a server they are weakened", falls("host:ns1.provider.net") == (0, 3, 0))
    ok("a question that is none is refused", get("/api/v1/zones/example/sharing?without=x",
        "/api/v1/zones/{name}/sharing")[0] == 400)
    ok("a zone that is not known", get("/api/v1/zones/nowhere")[0] == 404)
    said = get("/api/v1/subjects/domain/example", "/api/v1/subjects/{kind}/{value}")[1]
    ok("a domain's findings are those below it, too", said["findings"]["total"] > 5)


def lesser(s, items):
    """Everything here is TLP:AMBER; ana has GREEN."""
    password = s.mine("POST", "/api/v1/users", {"login": "ana", "role": "analyst",
        "tlp": "TLP:GREEN", "pap": "PAP:GREEN"})[3]["password"]
    ana = Server(f"http://{s.host}:{s.port}")
    time.sleep(1.1)
    ana.sign_in("ana", password)
    ana.mine("POST", "/api/v1/users/ana/password", {"password": NEW})
    time.sleep(1.1)
    ana.sign_in("ana", NEW)
    get = Reader(ana).get
    said = get("/api/v1/findings?facets=true")[1]
    ok("who is cleared for less is shown and counted nothing", said["total"] == 0 and
        not any(said["facets"].values()), said)
    one = get("/api/v1/overview")[1]
    ok("  in the overview", one["total"] == 0 and not any(map(sum, one["timeline"]["counts"]))
        and sum(one["fresh"]["findings"]) == 0 and all(not r["inputs"] and
        r["arguments"] is None for r in one["runs"]), one)
    ok("  by a search", get("/api/v1/findings?text=invented")[1]["total"] == 0)
    about = get("/api/v1/subjects/domain/invented-relay.net",
        "/api/v1/subjects/{kind}/{value}")[1]
    ok("  about a subject", about["findings"]["total"] == about["as_party"]["total"] == 0 and
        not about["contacts"])
    ok("  of zones", get("/api/v1/zones")[1]["items"] == [] and
        get("/api/v1/zones/example")[0] == 404 and
        get("/api/v1/zones/example/sharing")[0] == 404)
    ok("  nor the messages of a finding", get(f"/api/v1/findings/{items[0]['id']}/evidence")[0]
        == 404)


def main():
    s = Server(sys.argv[1])
    s.sign_in("admin", sys.argv[2])
    s.mine("POST", "/api/v1/users/admin/password", {"password": NEW})
    time.sleep(1.1)
    s.sign_in("admin", NEW)
    get = Reader(s).get
    items = lists(get)
    cursors(get)
    messages(get, items)
    overview(s, get)
    zones(get)
    ok("the catalogue has the rules", get("/api/v1/catalogue/tunnel.data",
        "/api/v1/catalogue/{id}")[1]["area"] == "dns-as-vehicle" and
        get("/api/v1/catalogue/no.such")[0] == 404)
    ok("runs say what was lost", [r["lost"] for r in get("/api/v1/runs")[1]["items"]] == [0] * 3)
    lesser(s, items)
    print("done")


main()
