#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""served - requests to a server, one line "ok WHAT" or "not WHAT" for each check.

    served.py all URL PASSWORD    from the first sign-in on; leaves token and cookie behind
    served.py again URL           are they still good?

Every route of the description is tried with no, wrong and lesser credentials, and every
answer is held against its schema there.
"""
import http.client
import json
import re
import socket
import sys
import time
import urllib.parse

import jsonschema

NEW = "a better one 77"


def ok(what, good, said=""):
    print("ok" if good else "not", what, "" if good else f"({said})", flush=True)


class Server:
    def __init__(self, url):
        where = urllib.parse.urlparse(url)
        self.host, self.port = where.hostname, where.port
        self.cookie = self.csrf = None

    def ask(self, method, path, body=None, headers=None, raw=None):
        """(status, headers, text, parsed)"""
        c = http.client.HTTPConnection(self.host, self.port, timeout=20)
        h = dict(headers or {})
        if body is not None or raw is not None:
            h.setdefault("Content-Type", "application/json")
        c.request(method, path, raw if raw is not None else
            None if body is None else json.dumps(body), h)
        r = c.getresponse()
        text = r.read()
        c.close()
        try:
            parsed = json.loads(text)
        except ValueError:
            parsed = None
        return r.status, r.headers, text, parsed

    def mine(self, method, path, body=None, **more):
        """The same with the session."""
        h = {"Cookie": self.cookie, "X-CSRF": self.csrf, **more}
        return self.ask(method, path, body, h)

    def sign_in(self, login, password):
        status, headers, _, said = self.ask("POST", "/api/v1/sign-in",
            {"login": login, "password": password})
        if status == 200 and headers["Set-Cookie"]:
            self.cookie = headers["Set-Cookie"].split(";")[0]
            self.csrf = said["csrf"]
        return status, headers, said

    def raw(self, octets, wait=3):
        """What comes back for octets that are no good request."""
        with socket.create_connection((self.host, self.port), timeout=wait) as s:
            s.sendall(octets)
            got = b""
            try:
                while len(got) < 65536:
                    more = s.recv(4096)
                    if not more:
                        break
                    got += more
            except TimeoutError:
                pass
            return got


def first_steps(s, password):
    ok("nothing without signing in", s.ask("GET", "/api/v1/findings")[0] == 401)
    ok("a wrong password is refused", s.sign_in("admin", "wrong one 123")[0] == 401)
    status, headers, said = s.sign_in("admin", password)
    ok("the shown password opens", status == 200 and said["must_change"])
    flags = headers["Set-Cookie"]
    ok("the cookie is for this site alone", "HttpOnly" in flags and
        "SameSite=Strict" in flags and "Path=/" in flags, flags)
    ok("the session is not in the reply", "session" not in said)
    ok("nothing before a password of one's own", s.mine("GET", "/api/v1/findings")[0] == 403)
    own = "/api/v1/users/admin/password"
    ok("no change without the word", s.ask("POST", own, {"password": NEW},
        {"Cookie": s.cookie})[0] == 403)
    ok("nor with another one", s.mine("POST", own, {"password": NEW},
        **{"X-CSRF": "x" * 43})[0] == 403)
    ok("nor from another site", s.mine("POST", own, {"password": NEW},
        **{"Sec-Fetch-Site": "cross-site"})[0] == 403)
    ok("a password too short is refused", s.mine("POST", own, {"password": "abc"})[0] == 422)
    ok("a password of one's own", s.mine("POST", own, {"password": NEW})[0] == 200)
    ok("  this session goes on", s.mine("GET", "/api/v1/me")[3]["must_change"] is False)
    ok("  and the old one is gone", s.sign_in("admin", password)[0] == 401)
    time.sleep(1.1)     # so many tries in a second and no more
    ok("  the new one opens", s.sign_in("admin", NEW)[0] == 200)


def own_things(ana):
    """What everybody may with their own sessions, tokens, password and codes."""
    mine = "/api/v1/users/ana/password"
    ok("a password is changed by who knows it", ana.mine("POST", mine,
        {"password": "correct horse 10"})[0] == 422)
    ok("  not by who guesses", ana.mine("POST", mine, {"password": "correct horse 10",
        "current": "wrong horse 9"})[0] == 403)
    ok("  nor are codes begun", ana.mine("POST", "/api/v1/me/totp",
        {"step": "begin"})[0] == 422)
    there = Server(f"http://{ana.host}:{ana.port}")
    time.sleep(1.1)
    there.sign_in("ana", "correct horse 9")
    is_open = ana.mine("GET", "/api/v1/me/sessions")[3]["items"]
    ok("one's own sessions are seen", [x["this"] for x in is_open].count(True) == 1 and
        len(is_open) > 1 and all(x["from"] == "127.0.0.1" for x in is_open), is_open)
    other = max((x for x in is_open if not x["this"]), key=lambda x: x["began"])["id"]
    ok("  one of them is ended", ana.mine("DELETE",
        f"/api/v1/me/sessions/{other}")[0] == 200 and
        there.mine("GET", "/api/v1/me")[0] == 401)
    ok("  once", ana.mine("DELETE", f"/api/v1/me/sessions/{other}")[0] == 404)
    later = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
    ana.mine("POST", "/api/v1/tokens", {"name": "hers", "expires": later})
    had = ana.mine("GET", "/api/v1/me/tokens")[3]["items"]
    ok("one's own tokens are seen", [x["name"] for x in had] == ["hers"], had)
    ok("  not all of them", ana.mine("GET", "/api/v1/tokens")[0] == 403)
    ok("  and taken back", ana.mine("DELETE", f"/api/v1/tokens/{had[0]['id']}")[0] == 200 and
        ana.mine("GET", "/api/v1/me/tokens")[3]["items"][0]["revoked"] is not None and
        had[0]["revoked"] is None)


def lesser(s):
    """A viewer's token, an analyst's session."""
    status, _, _, said = s.mine("POST", "/api/v1/users", {"login": "ana", "role": "analyst",
        "tlp": "TLP:GREEN", "pap": "PAP:GREEN"})
    ok("an admin adds a user", status == 200)
    ok("  not twice", s.mine("POST", "/api/v1/users", {"login": "ana"})[0] == 409)
    ana = Server(f"http://{s.host}:{s.port}")
    time.sleep(1.1)
    ana.sign_in("ana", said["password"])
    ana.mine("POST", "/api/v1/users/ana/password", {"password": "correct horse 9"})
    time.sleep(1.1)
    ana.sign_in("ana", "correct horse 9")
    ok("an analyst adds no user", ana.mine("POST", "/api/v1/users", {"login": "eve"})[0] == 403)
    ok("  makes themselves no admin", ana.mine("PATCH", "/api/v1/users/ana",
        {"role": "admin"})[0] == 403)
    ok("  sees nothing above the clearance", ana.mine("GET",
        "/api/v1/findings")[3]["items"] == [])
    ok("  sets nobody else's password", ana.mine("POST", "/api/v1/users/admin/password",
        {"password": "not their own"})[0] == 403)
    ok("  changes their own language", ana.mine("PATCH", "/api/v1/users/ana",
        {"language": "es"})[0] == 200)
    own_things(ana)
    ok("the last admin stays", s.mine("PATCH", "/api/v1/users/admin",
        {"role": "viewer"})[0] == 413)
    status, _, _, said = s.mine("POST", "/api/v1/tokens", {"name": "test",
        "expires": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))})
    ok("a token for scripts", status == 200 and len(said["token"]) == 59)
    ok("  it reads", s.ask("GET", "/api/v1/findings", None,
        {"Authorization": "Bearer " + said["token"]})[0] == 200)
    ok("  it can do no more than a viewer", s.ask("GET", "/api/v1/users", None,
        {"Authorization": "Bearer " + said["token"]})[0] == 403)
    bad = said["token"][:-1] + ("A" if said["token"][-1] != "A" else "B")
    ok("  one octet off is none", s.ask("GET", "/api/v1/findings", None,
        {"Authorization": "Bearer " + bad})[0] == 401)
    ok("  a wrong token does not fall back to the cookie", s.ask("GET", "/api/v1/findings",
        None, {"Authorization": "Bearer " + bad, "Cookie": s.cookie})[0] == 401)
    scope(s)
    return said["token"]


def scope(s):
    """A token does what it is for; it makes no other, lets nobody in, and ends with a password."""
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))

    def made():
        return s.mine("POST", "/api/v1/tokens", {"name": "all", "role": "admin",
            "expires": until})[3]["token"]

    def by(token, method, path, body=None):
        return s.ask(method, path, body, {"Authorization": "Bearer " + token})[0]
    one, two = made(), made()
    tried = [by(one, method, "/api/v1/" + path, body) for method, path, body in (
        ("POST", "tokens", {"name": "longer", "expires": until}),
        ("DELETE", "tokens/" + two[:16], None),
        ("PATCH", "users/admin", {"name": "Eve"}),
        ("POST", "users", {"login": "eve", "role": "admin"}),
        ("POST", "users/ana/password", {"password": "correct horse 9"}),
        ("DELETE", "users/ana/codes", None),
        ("POST", "me/totp", {"step": "begin", "current": NEW}),
        ("DELETE", "me/sessions/0123456789abcdef", None))]
    ok("a token changes no users, passwords, sessions, codes, tokens", set(tried) == {403}, tried)
    ok("  but ends itself", by(one, "DELETE", "/api/v1/tokens/" + one[:16]) == 200 and
        by(one, "GET", "/api/v1/me") == 401 and by(two, "GET", "/api/v1/me") == 200)
    ana = Server(f"http://{s.host}:{s.port}")
    time.sleep(1.1)
    ana.sign_in("ana", "correct horse 9")
    hers = ana.mine("POST", "/api/v1/tokens", {"name": "hers", "expires": until})[3]["token"]
    was = by(hers, "GET", "/api/v1/me")
    ana.mine("POST", "/api/v1/users/ana/password", {"password": "correct horse 7",
        "current": "correct horse 9"})
    ana.mine("POST", "/api/v1/users/ana/password", {"password": "correct horse 9",
        "current": "correct horse 7"})
    ok("a new password ends one's tokens", was == 200 and by(hers, "GET", "/api/v1/me") == 401)
    ok("  not those of others", by(two, "DELETE", "/api/v1/tokens/" + two[:16]) == 200)


def filled(path):
    return re.sub(r"\{[^}]*\}", "1", path)


def described(s, token):
    """Every route: who may not, and that what may comes back as described."""
    status, _, _, api = s.ask("GET", "/api/v1/openapi.json")
    ok("the API describes itself", status == 200 and api["openapi"].startswith("3.1"))
    walked = bare = wrong = 0
    for path, methods in api["paths"].items():
        for method, route in methods.items():
            if route.get("security") == []:
                continue
            walked += 1
            method = method.upper()
            bare += s.ask(method, filled(path))[0] == 401
            wrong += s.ask(method, filled(path), None,
                {"Authorization": "Bearer " + "0" * 59})[0] == 401
            if route["x-role"] == "admin":
                status = s.ask(method, filled(path), {} if method != "GET" else None,
                    {"Authorization": "Bearer " + token})[0]
                if status != 403:
                    ok(f"{method} {path} is for admins", False, status)
    ok(f"each of {walked} routes refuses who is nobody", bare == walked, bare)
    ok("  and a token that is none", wrong == walked, wrong)
    bad = []
    for path, methods in api["paths"].items():
        route = methods.get("get")
        if not route or "{" in path or route.get("security") == []:
            continue
        kind = next(iter(route["responses"]["200"]["content"]))
        if kind == "text/event-stream":     # which does not end
            continue
        status, headers, text, parsed = s.mine("GET", path)
        schema = route["responses"]["200"]["content"][kind].get("schema")
        if status != 200 or headers["Content-Type"] != kind:
            bad.append((path, status, headers["Content-Type"]))
        elif schema:
            try:
                jsonschema.validate(parsed, {**schema, "components": api["components"]})
            except jsonschema.ValidationError as e:
                bad.append((path, e.message[:200]))
    ok("every list comes back as described", not bad, bad)
    ok("what is not there is said so", s.mine("GET", "/api/v1/incidents/999999")[0] == 404 and
        s.mine("GET", "/api/v1/nothing")[0] == 404)
    ok("a method that is none", s.mine("PUT", "/api/v1/findings")[0] == 405)
    ok("a typing error in a filter shows nothing",
        s.mine("GET", "/api/v1/findings?severty=high")[0] == 400)
    ok("  nor a filter that ends at a NUL", s.mine("GET",
        "/api/v1/findings?text=%00x")[0] == 400)


def pages(s):
    whole = s.mine("GET", "/api/v1/findings")[3]["items"]
    got, cursor = [], ""
    while True:
        part = s.mine("GET", "/api/v1/findings?limit=2" + cursor)[3]
        got += part["items"]
        if part["next"] is None:
            break
        cursor = "&cursor=" + part["next"]
    ok("pages are the whole", got == whole and len(whole) > 2, len(got))
    one = s.mine("GET", "/api/v1/findings/" + whole[0]["id"][:12])[3]
    ok("one finding by its first digits", all(one[k] == v for k, v in whole[0].items()
        if k in one) and one["features"] and one["catalogue"]["id"] == one["rule"])


def incidents(s):
    """What two people do with one incident; every change is in the log with its author."""
    one = "/api/v1/incidents/1"
    was = s.mine("GET", one)[3]
    ok("an incident that was opened elsewhere is there", was and was["state"] == "new", was)
    new = s.mine("POST", one + "/state", {"state": "triaged", "version": was["version"]})
    ok("a state may follow", new[0] == 200 and new[3]["version"] > was["version"], new[2])
    late = s.mine("POST", one + "/state", {"state": "confirmed", "version": was["version"]})
    ok("  who looked before is told", late[0] == 409 and "changed by you" in
        late[3]["detail"], late[2])
    seen = new[3]["version"]
    ok("  a state that cannot follow is refused", s.mine("POST", one + "/state",
        {"state": "merged", "version": seen})[0] == 422)
    ok("  a word that is none is refused", s.mine("POST", one + "/state",
        {"state": "done", "version": seen})[0] == 422)
    ok("a number of a path is digits", [s.mine(method, "/api/v1/incidents/" + path, body)[0]
        for method, path, body in (("GET", "+1", None), ("GET", "%201", None),
        ("GET", "1.0", None), ("POST", "+1/notes", {"text": "x"}),
        ("POST", "%201/notes", {"text": "x"}), ("POST", "0x1/notes", {"text": "x"}),
        ("POST", "18446744073709551617/notes", {"text": "x"}))] == [404] * 7)
    ok("a note", s.mine("POST", one + "/notes", {"text": "seen <b>this</b>",
        "tlp": "TLP:RED"})[0] == 200)
    ok("  raises the incident", s.mine("GET", one)[3]["tlp"] == "TLP:RED")
    ok("a task", s.mine("POST", one + "/tasks", {"title": "ask the registrar"})[0] == 200)
    tasks = s.mine("GET", "/api/v1/tasks?incident=1")[3]["items"]
    ok("  is done", s.mine("POST", f"{one}/tasks/{tasks[-1]['place']}",
        {"state": "done"})[0] == 200)
    seen = s.mine("GET", one)[3]["version"]
    ok("an owner", s.mine("POST", one + "/owner", {"owner": "admin", "version": seen})[0] == 200 and
        [i["number"] for i in s.mine("GET", "/api/v1/incidents?owner=admin")[3]["items"]] == [1])
    return one


def hidden(s, one):
    """ana has GREEN: the incident is none of hers, in no way."""
    ana = Server(f"http://{s.host}:{s.port}")
    time.sleep(1.1)
    ana.sign_in("ana", "correct horse 9")
    ok("an incident above the clearance cannot be seen", ana.mine("GET", one)[0] == 404 and
        ana.mine("GET", "/api/v1/incidents")[3]["items"] == [] and
        ana.mine("GET", "/api/v1/notes?incident=1")[3]["items"] == [] and
        ana.mine("GET", "/api/v1/tasks?incident=1")[3]["items"] == [] and
        ana.mine("GET", "/api/v1/members?incident=1")[3]["items"] == [])
    ok("  nor changed", ana.mine("POST", one + "/notes", {"text": "x"})[0] == 404)
    ok("  and the refusal tells nothing of it", b"invented" not in ana.mine("GET", one)[2])


def listen(s, key):
    """Listens with a cookie, or with a token."""
    c = socket.create_connection((s.host, s.port), timeout=5)
    key = "Cookie: " + key if "=" in key else "Authorization: Bearer " + key
    c.sendall(f"GET /api/v1/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{key}\r\n\r\n"
        .encode())
    return c


def heard(c, words, seconds):
    """Do the words come? b"": the end."""
    got, end = b"", time.time() + seconds
    while (not words or words not in got) and time.time() < end:
        c.settimeout(max(0.05, end - time.time()))
        try:
            more = c.recv(65536)
        except TimeoutError:
            return False
        if not more:
            return not words
        got += more
    return bool(words) and words in got


def crowd(s):
    """Eight users, each with a session and four tokens: nobody alone may have 500 listeners."""
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
    people, keys = [], []
    for n in range(8):
        login = f"ear{n}"
        made = s.mine("POST", "/api/v1/users", {"login": login, "role": "viewer",
            "tlp": "TLP:RED", "pap": "PAP:RED"})[3]["password"]
        one = Server(f"http://{s.host}:{s.port}")
        time.sleep(1.1)
        one.sign_in(login, made)
        one.mine("POST", f"/api/v1/users/{login}/password", {"password": "correct horse 9"})
        keys.append([one.mine("POST", "/api/v1/tokens", {"name": "t", "expires": until})[3]
            ["token"] for _ in range(4)])
        people.append(one)
    return people, keys


def live(s):
    """Many listen; what happens reaches them, and only those who may know."""
    green = Server(f"http://{s.host}:{s.port}")
    time.sleep(1.1)
    green.sign_in("ana", "correct horse 9")
    people, keys = crowd(s)
    all_ears = [listen(s, key) for some in keys for key in some for _ in range(16)][:500]
    hers = listen(s, green.cookie)
    there = sum(heard(c, b"\r\n\r\n", 20) for c in [*all_ears, hers])
    ok("500 may listen", there == 501, there)
    more = [listen(s, key) for key in (keys[0][0], people[0].cookie)]
    ok("  not all of them one user, or with one token",
        [heard(c, b" 429 ", 5) for c in more] == [True, True])
    s.mine("POST", "/api/v1/incidents/1/notes", {"text": "news"})
    good = sum(heard(c, b'"kind":"incident.note","about":"incident:1"', 10) for c in all_ears)
    ok("500 listeners hear of a change", good == 500, good)
    ok("  and who may not know hears nothing of it", not heard(hers, b"incident", 1))
    ok("  while others are served", s.ask("GET", "/api/v1/health")[0] == 200)
    for c in [*all_ears, *more, hers]:
        c.close()
    time.sleep(8)       # that they are gone is seen every 3 s
    ending(s, people, keys)


def ending(s, people, keys):
    """Who may not listen any more hears the end, and nothing of what happens then."""
    def change(n, what):
        seen = {u["login"]: u["changed"] for u in s.mine("GET", "/api/v1/users")[3]["items"]}
        return s.mine("PATCH", f"/api/v1/users/ear{n}", {**what, "changed": seen[f"ear{n}"]})[0]
    ears = [listen(s, key) for key in (people[0].cookie, keys[0][0], keys[1][0], keys[1][1],
        people[2].cookie, keys[2][0], keys[3][0], people[4].cookie, people[5].cookie, keys[5][0])]
    there = sum(heard(c, b"HTTP/1.1 200", 10) for c in ears)
    did = [people[0].mine("POST", "/api/v1/sign-out", {})[0],
        people[1].mine("DELETE", "/api/v1/tokens/" + keys[1][0][:16])[0],
        change(2, {"standing": "locked"}), change(3, {"tlp": "TLP:GREEN"}),
        change(4, {"role": "analyst"}),
        s.mine("POST", "/api/v1/users/ear5/password", {"password": "battery staple 5"})[0]]
    s.mine("POST", "/api/v1/incidents/1/notes", {"text": "after that"})
    over = [False, True, False, True, False, False, False, False, False, False]
    told = [heard(c, b"incident.note", 5) for c in ears]
    ok("sign-out, revocation, lock, clearance, role, password end listening at once",
        there == 10 and set(did) == {200} and told == over, (there, did, told))
    closed = [heard(c, b"", 0.5) for c in ears]
    ok("  and the stream is closed", closed == [not stays for stays in over], closed)
    for c in ears:
        c.close()


def rule(s):
    """This server has no way to send, which who makes a rule is told."""
    said = s.mine("POST", "/api/v1/notice_rules", {"name": "x", "role": "registrar",
        "letter": "reminder", "state": "confirmed"})
    ok("a rule that nothing applies is said to be one", said[0] == 200 and
        said[3]["runs"] is False, said[2])
    s.mine("POST", f"/api/v1/notice_rules/{said[3]['number']}/lift", {"reason": "a test"})


def abuse(s):
    deep = b"[" * 5000 + b"]" * 5000
    h = {"Cookie": s.cookie, "X-CSRF": s.csrf}
    own = "/api/v1/users/admin"

    def status(method, path, raw=None, **more):
        return s.ask(method, path, None, {**h, **more}, raw)[0]
    ok("JSON that is none", status("PATCH", own, b"{\"name\":") == 400)
    ok("JSON too deep", status("PATCH", own, b'{"name":' + deep + b"}") == 400)
    ok("JSON with a key twice", status("PATCH", own, b'{"name":"a","name":"b"}') == 400)
    ok("a list instead of an object", status("PATCH", own, b"[1]") == 400)
    ok("a number instead of a text", status("PATCH", own, b'{"name":7}') == 400)
    one = "/api/v1/incidents/1"
    seen = s.mine("GET", one)[3]["version"]
    ok("what the desk finds senseless is no trouble of ours", [s.mine("POST", one + path, body)[0]
        for path, body in (("/title", {"title": "two\nlines", "version": seen}), ("/merge",
        {"into": 1, "reason": "x"}), ("/state", {"state": "false-alarm", "version": seen}),
        ("/notes", {"text": ""}))] ==
        [422] * 4)
    ok("an argument that is none", status("PATCH", own, b'{"x":7}') == 400)
    ok("a text too long", status("PATCH", own, b'{"name":"' + b"a" * 5000 + b'"}') == 422)
    ok("a body that is no JSON", s.ask("PATCH", own, None, {**h, "Content-Type":
        "text/plain"}, b"{}")[0] == 400)
    ok("a body too large", status("PATCH", own, b'{"name":"' + b"a" * 1200000 + b'"}') == 413)
    ok("  is not read from a stranger", all(s.raw(f"{head}\r\nHost: x\r\nContent-Type: "
        f"application/json\r\n{more}\r\n\r\n".encode()).startswith(b"HTTP/1.1 " + code)
        for head, more, code in (
            ("PATCH /api/v1/users/admin HTTP/1.1", "Content-Length: 900000", b"401"),
            ("PATCH /api/v1/users/admin HTTP/1.1", "Transfer-Encoding: chunked", b"401"),
            ("PATCH /api/v1/users/admin HTTP/1.1", "Content-Length: 900\r\nExpect: 100-continue\r\n"
             "Cookie: vedette=x", b"401"),
            ("POST /api/v1/sign-in HTTP/1.1", "Content-Length: 900000", b"413"),
            ("POST /api/v1/nothing HTTP/1.1", "Content-Length: 900000", b"404"),
            ("PUT /api/v1/findings HTTP/1.1", "Content-Length: 900000", b"405"),
            ("POST /taxii2/desk/collections/inbox/objects/ HTTP/1.1", "Content-Length: 900000",
             b"401"))))
    ok("  nor much for a sign-in", s.ask("POST", "/api/v1/sign-in", None, {},
        b'{"login":"' + b"a" * 9000 + b'"}')[0] == 413)
    got = s.raw(f"PATCH {own} HTTP/1.1\r\nHost: x\r\nCookie: {s.cookie}\r\nContent-Length: "
        "900000\r\nContent-Type: application/json\r\n\r\n".encode())
    ok("  nor without the word for changes", got.startswith(b"HTTP/1.1 403"), got[:40])
    for path in ("/api/v1/../../etc/passwd", "/api/v1/findings/..%2f..%2fx",
                 "/api/v1/users/%00", "//api/v1/me", "/api/v1/users/%zz", "/%2e%2e/x"):
        code = status("GET", path)
        ok(f"the path {path}", code in (400, 404), code)
    ok("SQL in a filter is a text", s.mine("GET", "/api/v1/incidents?subject=" +
        urllib.parse.quote("' OR 1=1 --"))[3]["items"] == [])
    got = s.raw(b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100000 + b"\r\n\r\n")
    ok("headers without an end", got.split(b" ")[1:2] in ([b"431"], [b"413"], [b"400"]), got[:60])
    got = s.raw(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 50)
    ok("TLS where there is none", b"200" not in got[:20], got[:40])
    got = s.raw(b"GET /api/v1/users/a%0d%0aSet-Cookie:x=1 HTTP/1.1\r\nHost: x\r\n\r\n")
    ok("no header comes out of a path", b"x=1" not in got.split(b"\r\n\r\n")[0], got[:80])
    ok("half a request is let go", s.raw(b"POST /api/v1/sign-in HTTP/1.1\r\nHost: x\r\n"
        b"Content-Length: 10\r\n\r\nabc", 1) == b"")
    many = [socket.create_connection((s.host, s.port)) for _ in range(300)]
    ok("300 that say nothing hold nobody up", s.ask("GET", "/api/v1/health")[0] == 200)
    for c in many:
        c.close()
    name = "<script>alert(1)</script>\u202e\u0007"
    ok("a name with a script is taken", s.mine("PATCH", own, {"name": name})[0] == 200)
    text = s.mine("GET", own)[2].decode()
    ok("  and acts nowhere", "\u202e" not in text and "\u0007" not in text)
    sign_in_is_not_shut(s)


def tried(s, login, password, source="127.0.0.1", device=""):
    """The status of a sign-in from that address."""
    c = http.client.HTTPConnection(s.host, s.port, timeout=20, source_address=(source, 0))
    c.request("POST", "/api/v1/sign-in", json.dumps({"login": login, "password": password}),
              {"Content-Type": "application/json", "Cookie": device})
    r = c.getresponse()
    r.read()
    c.close()
    known = [v for v in r.headers.get_all("Set-Cookie") or [] if v.startswith("vedette-device=")]
    return r.status, known[0] if known else ""


def sign_in_is_not_shut(s):
    """Who tries wrong passwords shuts out nobody else."""
    status, known = tried(s, "admin", NEW)
    device = known.split(";")[0]
    ok("a browser that signed in is known", status == 200 and "HttpOnly" in known and
        "SameSite=Strict" in known, known)
    codes = [tried(s, "nobody", "wrong one 123")[0] for _ in range(12)]
    ok("many tries are slowed down", codes[0] == 401 and codes[-1] == 429, codes)
    codes = [tried(s, "admin", "wrong one 123", "127.0.0.3")[0] for _ in range(12)]
    ok("  of a login that there is as well", codes[0] == 401 and codes[-1] == 429, codes)
    ok("  which its owner does not notice", tried(s, "admin", NEW)[0] == 200)
    codes = [tried(s, f"nobody{i}", "wrong one 123")[0] for i in range(40)]
    ok("an address that tries many names waits", codes[0] == 401 and codes[-1] == 429, codes)
    ok("  a right password from elsewhere does not", tried(s, "admin", NEW, "127.0.0.2")[0] == 200)
    ok("  nor a known browser behind that address", tried(s, "admin", NEW, device=device)[0] == 200)
    ok("  a browser is known as its login alone",
        tried(s, "ana", "wrong one 123", device=device)[0] == 429)
    log = s.mine("GET", "/api/v1/events?limit=500")[3]["items"]
    ok("  and the log is not full of it",
        sum(e["kind"] == "user.sign-in-refused" for e in log) < 30)


def guides(s):
    """The description alone tells how one gets in."""
    said = s.ask("GET", "/api/v1/openapi.json")[3]["info"]["description"]
    ok("the description says how one gets in", all(word in said for word in
        ("X-CSRF", "Bearer", "x-role", "RFC 9457", "code_wanted", "cursor")))


def main():
    what, url = sys.argv[1:3]
    s = Server(url)
    if what == "again":
        with open("kept.json", encoding="ascii") as f:
            s.cookie, s.csrf, token = json.load(f)
        said = [s.mine("GET", "/api/v1/me")[0], s.ask("GET", "/api/v1/me", None,
            {"Authorization": "Bearer " + token})[0]]
        if said != [200, 200]:
            sys.exit(f"session and token: {said}")
        print("done")
        return
    first_steps(s, sys.argv[3])
    token = lesser(s)
    described(s, token)
    pages(s)
    hidden(s, incidents(s))
    guides(s)
    live(s)
    rule(s)
    abuse(s)
    with open("kept.json", "w", encoding="ascii") as f:
        json.dump([s.cookie, s.csrf, token], f)
    print("done")


if __name__ == "__main__":
    main()
