#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""taxied - a client of TAXII 2.1 that knows nothing of the server but the standard's words.

    taxied.py URL PASSWORD VEDETTE STORE    one line "ok WHAT" or "not WHAT" a check
    taxied.py walk URL LOGIN TOKEN COLLECTION LIMIT   every id of a collection, a line each

Each reply is held against the resources of sections 3.6, 4.1 to 4.3, 5.1, 5.3, 5.4 and 5.8 of
the standard, said here as JSON Schema. Of the objects every page is kept in pages/, for the
validator of STIX.
"""
import base64
import json
import os
import subprocess
import sys
import time
import urllib.parse

import jsonschema

import served
from served import ok

MEDIA = "application/taxii+json;version=2.1"
STIX = "application/stix+json;version=2.1"
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"}
STAMP = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"}
UUID = {"type": "string", "pattern":
        "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"}
TEXT = {"type": "string", "minLength": 1}
IDENTIFIER = {"type": "string", "pattern": "^[a-z0-9-]+--" + UUID["pattern"][1:]}


def thing(needed, **more):
    """An object with these members and no other."""
    return {"type": "object", "required": needed.split(), "properties": more,
            "additionalProperties": False}


def many(of):
    return {"type": "array", "minItems": 1, "items": of}


COLLECTION = thing("id title can_read can_write", id=UUID, title=TEXT, description=TEXT,
                   alias=TEXT, can_read={"type": "boolean"}, can_write={"type": "boolean"},
                   media_types=many({"const": STIX}))
DETAILS = many(thing("id version", id=TEXT, version=STAMP, message=TEXT))
COUNT = {"type": "integer", "minimum": 0}
SHAPES = {
    "discovery": thing("title", title=TEXT, description=TEXT, contact=TEXT, default=TEXT,
                       api_roots=many(TEXT)),
    "root": thing("title versions max_content_length", title=TEXT, description=TEXT,
                  versions={"contains": {"const": MEDIA}, "items": TEXT},
                  max_content_length={"type": "integer", "minimum": 1}),
    "collections": thing("", collections=many(COLLECTION)),
    "collection": COLLECTION,
    "envelope": thing("", more={"type": "boolean"}, next=TEXT, objects=many(
        {"type": "object", "required": ["type", "id"], "properties": {"id": IDENTIFIER}})),
    "manifest": thing("", more={"type": "boolean"}, next=TEXT, objects=many(
        thing("id date_added version", id=IDENTIFIER, date_added=TIME, version=STAMP,
              media_type={"const": STIX}))),
    "versions": thing("", more={"type": "boolean"}, next=TEXT, versions=many(STAMP)),
    "status": thing("id status total_count success_count failure_count pending_count",
                    id=UUID, status={"enum": ["complete", "pending"]},
                    request_timestamp=TIME, total_count=COUNT, success_count=COUNT,
                    failure_count=COUNT, pending_count=COUNT, successes=DETAILS,
                    failures=DETAILS, pendings=DETAILS),
    "error": thing("title", title=TEXT, description=TEXT, error_id=TEXT, error_code=TEXT,
                   http_status={"type": "string", "pattern": "^[45]..$"},
                   external_details=TEXT, details={"type": "object"}),
}


class Client:
    def __init__(self, url, login, token):
        self.server = served.Server(url)
        self.key = "Basic " + base64.b64encode(f"{login}:{token}".encode()).decode()
        self.wrong = []

    def ask(self, path, shape, status=200, method="GET", body=None, **headers):
        """The reply, when it is what the standard says of that resource."""
        h = {"Authorization": self.key, "Accept": MEDIA}
        if body is not None:
            h["Content-Type"] = MEDIA
        h.update({k.replace("_", "-"): v for k, v in headers.items()})
        raw = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        got, heads, text, parsed = self.server.ask(method, path, None,
            {k: v for k, v in h.items() if v is not None}, raw)
        try:
            if got != status:
                raise ValueError(f"status {got}: {text[:200]}")
            if heads["Content-Type"] != MEDIA:
                raise ValueError(heads["Content-Type"])
            jsonschema.validate(parsed, SHAPES[shape])
            if shape == "error" and parsed["http_status"] != str(status):
                raise ValueError(parsed["http_status"])
            if parsed.get("more") and not parsed.get("next"):
                raise ValueError("more and no next")
        except (ValueError, jsonschema.ValidationError) as e:
            self.wrong.append(f"{method} {path}: {str(e)[:300]}")
        self.heads = heads
        return parsed or {}

    def pages(self, path, shape="envelope", limit=None, query="", between=None):
        """All pages of a list, with what their headers say held against a manifest."""
        extra = query
        while True:
            step = f"limit={limit}{extra}" if limit else extra.lstrip("&")
            page = self.ask(f"{path}?{step}" if step else path, shape)
            if limit and len(page.get("objects", [])) > limit:
                self.wrong.append(f"{path}: more than the limit")
            yield page
            if not page.get("more"):
                return
            extra = f"{query}&next={urllib.parse.quote(page['next'])}"
            if between:
                between()


def walk(c, path, limit=None, **more):
    return [o for p in c.pages(path, limit=limit, **more) for o in p.get("objects", [])]


def first_words(c):
    found = c.ask("/taxii2/", "discovery")
    root = found["default"]
    ok("discovery names an API root", root in found["api_roots"])
    c.ask(root, "root")
    got = {x["alias"]: x for x in c.ask(root + "collections/", "collections")["collections"]}
    ok("a collection for each label, and the inbox", sorted(got) ==
        ["amber", "amber-strict", "clear", "green", "inbox", "red"], sorted(got))
    for x in got.values():
        for name in (x["id"], x["alias"]):
            if c.ask(f"{root}collections/{name}/", "collection") != x:
                c.wrong.append(f"collection {name}")
    ok("  and only the inbox takes objects", [a for a, x in got.items() if x["can_write"]] ==
        ["inbox"] and not got["inbox"]["can_read"])
    return root, got


def reading(c, base):
    whole = walk(c, base + "objects/")
    ids = [o["id"] for o in whole]
    ok("objects", len(ids) > 20 and len(set(ids)) == len(ids), len(ids))
    manifest = c.ask(base + "manifest/", "manifest")["objects"]
    ok("  as the manifest has them", [m["id"] for m in manifest] == ids)
    dates = [m["date_added"] for m in manifest]
    ok("  in the order in which they came", dates == sorted(dates))
    ok("  which the headers say", [c.heads["X-TAXII-Date-Added-First"],
        c.heads["X-TAXII-Date-Added-Last"]] == [dates[0], dates[-1]])
    ok("  in the versions that they have", all(m["version"] == o.get("modified",
        o.get("created", m["date_added"])) for m, o in zip(manifest, whole)))
    for limit in (1, 4, 7, 500):
        ok(f"  the same in pages of {limit}", walk(c, base + "objects/", limit) == whole)
    for kind in ("objects", "manifest"):
        got, by, most = [], "", max(dates.count(d) for d in set(dates))
        while by is not None:	# as a client does that knows of no `next`
            page = c.ask(f"{base}{kind}/?limit={most + 2}{by}", "envelope" if kind == "objects"
                else "manifest")
            got += [o["id"] for o in page["objects"]]
            by = "&added_after=" + c.heads["X-TAXII-Date-Added-Last"] if page["more"] else None
        ok(f"  the same by the times of pages ({kind})", got == ids, (most, len(got), len(ids)))
    after = urllib.parse.quote(dates[len(dates) // 2])
    ok("  after a time those that came later", [o["id"] for o in walk(c, base + "objects/",
        3, query=f"&added_after={after}")] ==
        [m["id"] for m in manifest if m["date_added"] > dates[len(dates) // 2]])
    ok("  after the last none", walk(c, base + "objects/", query="&added_after=" +
        dates[-1]) == [])
    refs = {r for o in whole for k, v in o.items() if k.endswith(("_ref", "_refs"))
            for r in (v if isinstance(v, list) else [v])}
    ok("  and what they refer to is among them", refs <= set(ids), sorted(refs - set(ids))[:3])
    return whole, manifest


def filters(c, base, whole, manifest):
    def got(query):
        return [o["id"] for o in walk(c, base + "objects/", query="&" + query)]

    kinds = [o["id"] for o in whole if o["type"] in ("indicator", "grouping")]
    ok("of some types", got("match[type]=grouping,indicator") == kinds and len(kinds) > 2)
    ok("  with escapes", got("match%5Btype%5D=indicator%2Cgrouping") == kinds)
    some = [o["id"] for o in whole[3:6]]
    ok("of some ids", got("match[id]=" + ",".join(some)) == some)
    ok("  and types at once", got("match[id]=" + ",".join(some) + "&match[type]=x-none") == [])
    every = [o["id"] for o in whole]
    ok("of every version", all(got("match[version]=" + v) == every
        for v in ("all", "first", "last", "first,last")))
    one = next(m for m in manifest if m["id"].startswith("grouping"))
    ok("  of one", one["id"] in got("match[version]=" + one["version"]) and
        got("match[version]=2001-01-01T00:00:00.000Z") == [])
    ok("of STIX 2.1, and none of 2.0", got("match[spec_version]=2.1") == every and
        got("match[spec_version]=2.0") == [] and got("match[spec_version]=2.0,2.1") == every)
    path = f"{base}objects/{one['id']}/"
    ok("one object", [o["id"] for o in walk(c, path)] == [one["id"]])
    ok("  its versions", c.ask(path + "versions/", "versions")["versions"] == [one["version"]])
    ok("  after a time", c.ask(path + "?added_after=" + manifest[-1]["date_added"],
        "envelope") == {})


def refusals(c, root, base, inbox, token):
    nothing = "objects/indicator--00000000-0000-4000-8000-000000000000/"
    for path, status, more in (
            ("/taxii2/nothing/", 404, {}), (root + "collections/nothing/", 404, {}),
            (base + nothing, 404, {}), (base + "objects/a,b/", 404, {}),
            (root + "status/nothing/", 404, {}), (base + "objects/?limit=0", 400, {}),
            (root + "status/00000000-0000-4000-8000-000000000000/", 404, {}),
            (base + "objects/?limit=x", 400, {}), (base + "objects/?next=x", 400, {}),
            (base + "objects/?next=" + "0" * 48 + "zz", 400, {}),
            (base + "objects/?added_after=yesterday", 400, {}),
            (base + "objects/?match[version]=newest", 400, {}),
            (base + "objects/?match[version]=", 400, {}),
            (base + "objects/?match[version]=last,", 400, {}),
            (base + "objects/", 406, {"Accept": "application/taxii+json;version=2.1;q=0"}),
            (base + "objects/", 406, {"Accept": "*/*; q=0.0, text/html"}),
            (base + "objects/?mach[type]=x", 400, {}), (inbox + "objects/", 403, {}),
            (inbox + "manifest/", 403, {}), (base + "objects/", 406, {"Accept": "text/html"}),
            (base + "objects/", 406, {"Accept": "application/taxii+json;version=2.0"}),
            (root, 401, {"Authorization": None}),
            (root, 401, {"Authorization": "Basic " + base64.b64encode(
                b"eva:" + token.encode()).decode()}),
            (root, 401, {"Authorization": "Basic !"}),
            (root, 401, {"Authorization": "Bearer " + token[:-1]})):
        c.ask(path, "error", status, **more)
        if status == 401 and "Basic realm" not in str(c.heads.get_all("WWW-Authenticate")):
            c.wrong.append("401 without a word how")
    c.ask(base + nothing, "error", 403, "DELETE", b"")
    c.ask(base + "objects/", "error", 405, "PUT", b"{}")
    one = {"objects": [{"type": "indicator"}]}
    c.ask(base + "objects/", "error", 403, "POST", one)
    c.ask(inbox + "objects/", "error", 415, "POST", one, Content_Type="application/json")
    c.ask(inbox + "objects/", "error", 415, "POST", one,
          Content_Type="application/taxii+json;version=2.0")
    for body, status in ((b"{}", 400), (b'{"objects":[]}', 400), (b'{"objects":{}}', 400),
                         (b'{"objects":', 400), (b"[1]", 400), (b'{"objects":[' +
                         b"[" * 40 + b"]" * 40 + b"]}", 400),
                         (b'{"objects":[' + b"1," * 1000 + b"1]}", 413),
                         (b'{"objects":["' + b"a" * 1100000 + b'"]}', 413)):
        c.ask(inbox + "objects/", "error", status, "POST", body)
    c.ask(root, "root", 200, Accept="application/json, application/taxii+json")
    c.ask(root, "root", 200, Accept="text/html;q=0, application/taxii+json;q=0.5")
    c.ask(root, "root", 200, Authorization="Bearer " + token)


def giving(c, root, inbox):
    def indicator(n, **more):
        return {"type": "indicator", "spec_version": "2.1", "pattern_type": "stix",
                "id": f"indicator--00000000-0000-4000-8000-{n:012}",
                "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
                "valid_from": "2026-01-01T00:00:00Z", "indicator_types": ["malicious-activity"],
                "pattern": f"[domain-name:value = 'given{n}.example']", **more}
    red = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
    envelope = {"objects": [indicator(1), indicator(2, object_marking_refs=[red]),
        indicator(3, pattern="[nonsense"), {"type": "x-own", "id": "x-own--1"}]}
    status = c.ask(inbox + "objects/", "status", 202, "POST", envelope)
    ok("objects are taken, each by itself", (status["success_count"], status["failure_count"],
        status["pending_count"]) == (2, 2, 0), status)
    ok("  with a word about those that are not", all(f["message"] for f in status["failures"]))
    ok("  as the status says later", c.ask(f"{root}status/{status['id']}/", "status") == status)
    return status, envelope


def changing(c, base, vedette, store):
    """Pages while the desk changes: what stays is there once, what changes comes again."""
    def run(*args):
        subprocess.run([vedette, *args, "--db", store, "--author", "eva"], check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    before = c.ask(base + "manifest/", "manifest")["objects"]
    done = []

    def change():
        if len(done) == 1:
            run("incident", "title", "1", "Another title")
        elif len(done) == 2:
            run("incident", "note", "2", "a note of these minutes")
        elif len(done) == 3:
            run("inbox", "form", "--subject", "https://later.example.net/", "--abuse", "spam")
            run("inbox", "accept", "--all", "--state", "new")
        done.append(1)
    got = walk(c, base + "objects/", 3, between=change)
    after = c.ask(base + "manifest/", "manifest")["objects"]
    seen = [(o["id"], o.get("modified")) for o in got]
    ok("while the desk changes nothing is given twice", len(seen) == len(set(seen)),
        [s for s in seen if seen.count(s) > 1])
    lost = {m["id"] for m in before + after} - {s[0] for s in seen}
    ok("  and nothing is lost", not lost, sorted(lost))
    ok("  changes come at the end", len(after) > len(before) and
        got[-1]["id"] == after[-1]["id"])
    fresh = {m["id"] for m in after if m["date_added"] > before[-1]["date_added"]}
    ok("  and are what came after the last time", fresh == {o["id"] for o in walk(c, base +
        "objects/", query="&added_after=" + before[-1]["date_added"])} and fresh)


def main():
    if sys.argv[1] == "walk":
        url, login, token, name, limit = sys.argv[2:]
        c = Client(url, login, token)
        for o in walk(c, f"/taxii2/desk/collections/{name}/objects/", int(limit)):
            print(o["id"])
        sys.exit(c.wrong and str(c.wrong[0]) or 0)
    url, password, vedette, store = sys.argv[1:]
    s = served.Server(url)
    s.sign_in("admin", password)
    s.mine("POST", "/api/v1/users/admin/password", {"password": served.NEW})
    time.sleep(1.1)
    s.sign_in("admin", served.NEW)
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
    token = s.mine("POST", "/api/v1/tokens", {"name": "taxii", "role": "analyst",
        "expires": until})[3]["token"]
    c = Client(url, "admin", token)
    root, all_of_them = first_words(c)
    base = f"{root}collections/{all_of_them['red']['id']}/"
    inbox = f"{root}collections/{all_of_them['inbox']['id']}/"
    whole, manifest = reading(c, base)
    os.mkdir("pages")
    with open("pages/red.json", "w", encoding="utf-8") as f:
        json.dump({"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000000",
                   "objects": whole}, f)
    filters(c, base, whole, manifest)
    refusals(c, root, base, inbox, token)
    giving(c, root, inbox)
    changing(c, base, vedette, store)
    ok("every reply is what the standard says", not c.wrong, c.wrong[:5])
    # who is cleared for less
    time.sleep(1.1)
    said = s.mine("POST", "/api/v1/users", {"login": "far", "role": "viewer",
        "tlp": "TLP:GREEN", "pap": "PAP:GREEN"})[3]
    far = served.Server(url)
    far.sign_in("far", said["password"])
    far.mine("POST", "/api/v1/users/far/password", {"password": "correct horse 9"})
    time.sleep(1.1)
    far.sign_in("far", "correct horse 9")
    theirs = far.mine("POST", "/api/v1/tokens", {"name": "t", "expires": until})[3]["token"]
    f = Client(url, "far", theirs)
    names = [x["alias"] for x in f.ask(root + "collections/", "collections")["collections"]]
    ok("who is cleared for less sees fewer collections", names == ["clear", "green", "inbox"],
        names)
    takes = f.ask(root + "collections/inbox/", "collection")["can_write"]
    f.ask(inbox + "objects/", "error", 403, "POST", {"objects": [whole[0]]})
    ok("  a viewer gives nothing", not takes and c.ask(root + "collections/inbox/",
        "collection")["can_write"])
    for name in ("red", "amber", all_of_them["red"]["id"], all_of_them["green"]["id"]):
        f.ask(f"{root}collections/{name}/objects/", "error", 404)
    green = walk(f, root + "collections/green/objects/")
    text = json.dumps(green)
    ok("  and in them what they may have", "open.example.org" in text and
        "canary" not in text and "invented" not in text, len(green))
    status = c.ask(inbox + "objects/", "status", 202, "POST", {"objects": [whole[0]]})
    f.ask(f"{root}status/{status['id']}/", "error", 404)
    ok("  nothing else answers", not f.wrong, f.wrong)
    for name, text in (("tok", f"basic admin:{token}\n"), ("token", token)):
        with os.fdopen(os.open(name, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
            out.write(text)
    print("done")


if __name__ == "__main__":
    main()
