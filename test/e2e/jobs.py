#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""jobs - files sent to a server and the work on them, one line "ok WHAT" or "not WHAT" each.

    jobs.py begin URL PASSWORD      first sign-in; users; leaves jobs.json behind
    jobs.py work URL                captures, zones, reports; limits; who may
    jobs.py live URL                a larger capture, and what is told while it is analysed
    jobs.py again URL               after kills: what is there, what is not
    jobs.py send URL FILE [octets]  one upload, stopped after so many octets; its number
    jobs.py full URL FILE [limited] one upload, while FILE takes the disk's room
    jobs.py state URL NUMBER        prints it; wait URL NUMBER STATE: until it is that
"""
import gzip
import http.client
import json
import re
import socket
import sys
import time

from served import NEW, Server, ok

LIMIT = 120     # seconds that anything may take


def call(s, method, path, body=None, raw=None, headers=None):
    h = {"Cookie": s.cookie, "X-CSRF": s.csrf, **(headers or {})}
    return s.ask(method, path, body, h, raw)


def keep(**users):
    with open("jobs.json", "w", encoding="utf-8") as f:
        json.dump({n: [s.cookie, s.csrf] for n, s in users.items()}, f)


def user(url, name):
    s = Server(url)
    with open("jobs.json", encoding="utf-8") as f:
        s.cookie, s.csrf = json.load(f)[name]
    return s


def send(s, octets, kind="capture", name="a.pcap", more=""):
    return call(s, "POST", f"/api/v1/jobs?kind={kind}&name={name}{more}", raw=octets,
        headers={"Content-Type": "application/octet-stream"})


def wait(s, number, states):
    end = time.monotonic() + LIMIT
    job = None
    while time.monotonic() < end:
        try:
            job = call(s, "GET", f"/api/v1/jobs/{number}")[3]
        except (OSError, http.client.HTTPException):    # its web process was just killed
            pass
        if job and job.get("state") in states:
            break
        time.sleep(0.05)
    return job


def done(s, number):
    return wait(s, number, ["done", "failed", "cancelled", "interrupted"])


def begin(url, password):
    admin = Server(url)
    admin.sign_in("admin", password)
    admin.mine("POST", "/api/v1/users/admin/password", {"password": NEW})
    time.sleep(1.1)
    admin.sign_in("admin", NEW)
    users = {"admin": admin}
    for login, role in ("ana", "analyst"), ("vic", "viewer"):
        said = admin.mine("POST", "/api/v1/users", {"login": login, "role": role,
            "tlp": "TLP:GREEN", "pap": "PAP:GREEN"})[3]
        s = Server(url)
        time.sleep(1.1)
        s.sign_in(login, said["password"])
        s.mine("POST", f"/api/v1/users/{login}/password", {"password": "correct horse 9"})
        time.sleep(1.1)
        s.sign_in(login, "correct horse 9")
        users[login] = s
    keep(**users)
    ok("signed in", all(u.cookie for u in users.values()))


def captures(s):
    with open("demo.pcap", "rb") as f:
        octets = f.read()
    status, headers, _, said = send(s, octets, name="%2e%2e%2f%2e%2e%2fetc%2f-x%3aa%20b.pcap")
    ok("a capture is taken", status == 200 and headers["Location"] ==
        f"/api/v1/jobs/{said['number']}", said)
    job = done(s, said["number"])
    ok("  and analysed", job["state"] == "done" and job["run"] and job["found"], job)
    ok("  its name is made harmless", job["name"] == "_x_a_b.pcap", job["name"])
    ok("  nothing of it stays", job["folder"] == "" and job["octets"] == len(octets), job)
    path = f"/api/v1/findings?run={job['run']}&limit=100"
    items = call(s, "GET", path)[3]["items"]
    with open("expected", encoding="utf-8") as f:
        expected = sorted(f.read().split())
    ok("  its findings are those of vedette observe",
        sorted(i["id"] for i in items) == expected and expected, len(items))
    return items[0]["id"]


def judged(s, ident):
    status, _, _, said = call(s, "POST", f"/api/v1/findings/{ident}/replay")
    ok("a finding is judged again", status == 200 and said["verdict"] == "same" and
        any("same finding" in line for line in said["lines"]), said)
    ok("  one that is not there is not", call(s, "POST",
        "/api/v1/findings/" + "0" * 64 + "/replay")[0] == 404)
    status, headers, octets, _ = call(s, "GET", f"/api/v1/findings/{ident}/pack")
    ok("its pack can be had", status == 200 and
        headers["Content-Disposition"] == f'attachment; filename="{ident[:12]}.vedette"')
    with open("pack", "wb") as f:
        f.write(octets)
    with open("pack.id", "w", encoding="utf-8") as f:
        f.write(ident)


def others(s):
    zone = b"@ 3600 SOA ns hm 1 1 1 1 1\n@ NS ns\nns A 192.0.2.1\nwww CNAME www\n"
    job = done(s, send(s, zone, "zone", "x.zone", "&origin=example.org")[3]["number"])
    ok("a zone is audited", job["state"] == "done" and job["run"] and job["found"], job)
    found = call(s, "GET", f"/api/v1/findings?run={job['run']}")[3]["items"]
    ok("  under its name and the file's", found and found[0]["zone"].startswith("example.org")
        and {i["file"] for i in found} <= {"x.zone", ""}, found[:1])
    job = done(s, send(s, b"\x00\x01\x02" * 1000, "capture", "no.pcap")[3]["number"])
    ok("what is no capture fails with a sentence", job["state"] == "failed" and job["why"], job)
    es = call(s, "GET", f"/api/v1/jobs/{job['number']}", headers={"Accept-Language": "es"})[3]
    ok("  in the reader's language", es["why"] != job["why"] and es["name"] == job["name"], es)
    bad = done(s, send(s, b'{"XARF":1}', "report", "x.xarf.json")[3]["number"])
    es = call(s, "GET", f"/api/v1/jobs/{bad['number']}", headers={"Accept-Language": "es"})[3]
    ok("  also of a report", bad["why"] and es["why"] != bad["why"] and
        not re.search("[áéíóúñ]", bad["why"]), (bad["why"], es["why"]))
    ok("  and can be given up", call(s, "DELETE", f"/api/v1/jobs/{job['number']}")[0] == 200)
    ok("  once", call(s, "DELETE", f"/api/v1/jobs/{job['number']}")[0] == 422)
    mail = (b"From: a@b.example\r\nTo: abuse@us.example\r\nSubject: phishing\r\n"
        b"Message-ID: <1@b.example>\r\n\r\nPhishing at https://login.bank.example.net/x\r\n")
    said = send(s, mail, "report", "a.eml")[3]
    job = done(s, said["number"])
    ok("a report is taken in", job["state"] == "done" and job["found"] >= 1, job)
    reports = call(s, "GET", "/api/v1/reports")[3]["items"]
    ok("  by who sent it", any("bank" in r["subject"] for r in reports), reports)
    log = [e for e in call(s, "GET", "/api/v1/jobs")[3]["items"]]
    ok("the newest stand first", [j["number"] for j in log] ==
        sorted((j["number"] for j in log), reverse=True) and len(log) == 5)
    first = call(s, "GET", "/api/v1/jobs?limit=3")[3]
    rest = call(s, "GET", "/api/v1/jobs?limit=3&cursor=" + first["next"])[3]
    ok("  pages are the whole", first["items"] + rest["items"] == log and rest["next"] is None)
    ok("  and filters are kept to", [j["kind"] for j in call(s, "GET",
        "/api/v1/jobs?kind=zone&state=done,failed")[3]["items"]] == ["zone"])


def who(url, admin):
    ana, vic, nobody = user(url, "ana"), user(url, "vic"), Server(url)
    path = "/api/v1/jobs?kind=capture&name=a"
    ok("nobody sends without signing in", nobody.ask("POST", path, None, {}, b"x")[0] == 401)
    ok("  nor with a token that is none", nobody.ask("POST", path, None,
        {"Authorization": "Bearer " + "0" * 59}, b"x")[0] == 401)
    ok("  nor without the word", nobody.ask("POST", path, None, {"Cookie": ana.cookie},
        b"x")[0] == 403)
    ok("  nor a viewer", send(vic, b"x")[0] == 403)
    ok("a viewer sees no jobs", call(vic, "GET", "/api/v1/jobs")[0] == 403 and
        call(vic, "POST", "/api/v1/findings/1/replay")[0] == 403)
    ok("who is cleared for less sees none of them", call(ana, "GET",
        "/api/v1/jobs")[3]["items"] == [])
    number = call(admin, "GET", "/api/v1/jobs")[3]["items"][0]["number"]
    ok("  in no way", call(ana, "GET", f"/api/v1/jobs/{number}")[0] == 404 and
        call(ana, "DELETE", f"/api/v1/jobs/{number}")[0] == 404 and
        call(ana, "POST", f"/api/v1/jobs/{number}/again")[0] == 404)
    hers = [f["id"] for f in call(ana, "GET", "/api/v1/findings?limit=500")[3]["items"]]
    ident = next(f["id"] for f in call(admin, "GET", "/api/v1/findings?limit=500")[3]["items"]
        if f["id"] not in hers)
    got = [call(ana, "POST", f"/api/v1/findings/{ident}/replay")[0],
        call(ana, "GET", f"/api/v1/findings/{ident}/pack")[0]]
    ok("  nor replays or packs what they may not see", got == [404, 404], got)
    ok("nobody marks higher than they see", send(ana, b"x", more="&tlp=TLP%3aRED")[0] == 403)
    job = done(ana, send(ana, b"what is no capture")[3]["number"])
    ok("their own they see", job["owner"] == "ana" and job["tlp"] == "TLP:GREEN", job)


def limits(s):
    # the server was started with 64 MiB a file, 3 files each
    port = (s.host, s.port)
    ok("a kind that is none", send(s, b"x", "virus")[0] == 422)
    ok("no kind", call(s, "POST", "/api/v1/jobs?name=x", raw=b"x")[0] == 400)
    ok("a parameter that is none", send(s, b"x", more="&x=y")[0] == 400)
    ok("an empty file", send(s, b"")[0] == 422)
    head = (f"POST /api/v1/jobs?kind=capture&name=a HTTP/1.1\r\nHost: x\r\nCookie: {s.cookie}"
        f"\r\nX-CSRF: {s.csrf}\r\n")
    got = s.raw((head + f"Content-Length: {1 << 40}\r\n\r\n").encode())
    ok("too large is said before it is sent", b" 413 " in got[:20], got[:60])
    part = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    with socket.create_connection(port, timeout=60) as c:
        c.sendall((head + "Transfer-Encoding: chunked\r\n\r\n").encode())
        for _ in range(66):
            c.sendall(part)
        c.sendall(b"0\r\n\r\n")
        got = c.recv(4000)
    ok("  and of a stream when it is", b" 413 " in got[:20], got[:60])
    half = [socket.create_connection(port, timeout=10) for _ in range(3)]
    for c in half:
        c.sendall((head + "Content-Length: 1000\r\n\r\nx").encode())
    time.sleep(0.5)
    ok("so many at a time and no more", send(s, b"x")[0] == 429)
    for c in half:
        c.close()
    end = time.monotonic() + 20
    while send(s, b"no capture")[0] != 200 and time.monotonic() < end:
        time.sleep(0.2)
    ok("  and those that were left are forgotten", time.monotonic() < end)


def live(s):
    """Progress comes by itself while a larger one is analysed."""
    c = http.client.HTTPConnection(s.host, s.port, timeout=LIMIT)
    c.request("GET", "/api/v1/live", None, {"Cookie": s.cookie})
    r = c.getresponse()
    with open("demo.pcap", "rb") as f:
        octets = f.read()
    number = send(s, gzip.compress(octets + 9 * octets[24:], 1))[3]["number"]
    seen = set()
    end = time.monotonic() + LIMIT
    kind = ""
    while time.monotonic() < end and "done" not in seen:
        line = r.readline().decode()
        if line.startswith("event: "):
            kind = line[7:].strip()
        if line.startswith("data: "):
            data = json.loads(line[6:])
            if kind == "job" and data["number"] == number:
                seen.add("progress")
            if kind == "desk" and data["about"] == f"upload:{number}" and \
                    call(s, "GET", f"/api/v1/jobs/{number}")[3]["state"] == "done":
                seen.add("done")
    c.close()
    ok("live events tell of states", "done" in seen)
    ok("  and of progress", "progress" in seen)
    # Jobs are done one after the other: all that was sent before this one has ended.
    for job in call(s, "GET", "/api/v1/jobs?state=failed")[3]["items"]:
        call(s, "DELETE", f"/api/v1/jobs/{job['number']}")


def many_reports(s):
    """A mailbox too long to wait for: others change the store meanwhile, and it is given up."""
    table = "domain,category,time\n" + "".join(
        f"h{i}.example{i % 977}.com,phishing,2026-11-20T10:00:00Z\n" for i in range(60000))
    number = send(s, table.encode(), "report", "many.csv")[3]["number"]
    end = time.monotonic() + LIMIT
    while time.monotonic() < end and not any("example0.com" in r["subject"] for r in
            call(s, "GET", "/api/v1/reports?text=example0.com")[3]["items"]):
        time.sleep(0.05)
    said = call(s, "POST", "/api/v1/incidents", {"title": "meanwhile", "subject": "z.example",
        "family": "spam"})
    ok("while reports are taken in, somebody else's change has its turn", said[0] == 200, said)
    ok("  and the job runs on", wait(s, number, ["running", "done"])["state"] == "running")
    ok("  until it is cancelled", call(s, "DELETE", f"/api/v1/jobs/{number}")[0] == 200)
    job = done(s, number)
    ok("  which says what becomes of those that it had taken", job["state"] == "cancelled" and
        job["why"] == "what it had taken in by then stays in the inbox", job)


def work(url):
    admin = user(url, "admin")
    judged(admin, captures(admin))
    others(admin)
    many_reports(admin)
    who(url, admin)
    limits(admin)


def part(url, path, octets):
    """Sends the beginning of a file, tells so, and waits to be killed."""
    s = user(url, "admin")
    with open(path, "rb") as f:
        whole = f.read()
    c = socket.create_connection((s.host, s.port), timeout=LIMIT)
    c.sendall((f"POST /api/v1/jobs?kind=capture&name=a HTTP/1.1\r\nHost: x\r\nCookie: {s.cookie}"
        f"\r\nX-CSRF: {s.csrf}\r\nContent-Length: {len(whole)}\r\n\r\n").encode() +
        whole[:octets])
    print("sent", flush=True)
    try:
        got = c.recv(100)
    except OSError:
        got = b""
    print("ended", got[:20], flush=True)


def fill(path):
    """Takes all that the disk has left."""
    with open(path, "wb", buffering=0) as f:
        step = 1 << 20
        while step:
            try:
                f.write(b"x" * step)
            except OSError:
                step //= 2


def full(url, path, *room):
    """The disk is full, or a file may be no longer (room), while a capture comes in."""
    s = user(url, "admin")
    with open("long.pcap", "rb") as f:
        whole = f.read()
    before = call(s, "GET", "/api/v1/jobs?limit=500")[3]["items"]
    c = socket.create_connection((s.host, s.port), timeout=LIMIT)
    c.sendall((f"POST /api/v1/jobs?kind=capture&name=a HTTP/1.1\r\nHost: x\r\nCookie: {s.cookie}"
        f"\r\nX-CSRF: {s.csrf}\r\nContent-Length: {len(whole)}\r\n\r\n").encode() + whole[:9000])
    time.sleep(0.3)
    if not room:
        fill(path)
    c.sendall(whole[9000:])
    got = b""
    while b"}" not in got:
        more = c.recv(65536)
        if not more:
            break
        got += more
    ok("a disk that is full while a file comes: 507 and a sentence", b" 507 " in got[:20] and
        b"nothing of it was kept" in got, got)
    ok("  no job came of it", call(s, "GET", "/api/v1/jobs?limit=500")[3]["items"] == before)
    if not room:
        note = {"title": "x" * 190, "reason": "y" * 190, "subject": "z.example", "family": "spam"}
        codes = {call(s, "POST", "/api/v1/incidents", note)[0] for _ in range(40)}
        ok("  a change that finds no room: 507 as well", codes <= {200, 507} and 507 in codes,
            codes)
        ok("  and it can be read on", call(s, "GET", "/api/v1/jobs")[0] == 200)
        with open(path, "wb"):
            pass
        ok("with room again changes are taken", call(s, "POST", "/api/v1/incidents", note)[0]
            == 200)
        ok("  and files", send(s, b"no capture")[0] == 200)


def main():
    verb, url, *args = sys.argv[1:]
    if verb == "begin":
        begin(url, args[0])
    elif verb == "work":
        work(url)
    elif verb == "live":
        live(user(url, "admin"))
    elif verb == "part":
        part(url, args[0], int(args[1]))
        return
    elif verb == "full":
        full(url, *args)
    else:
        s = user(url, "admin")
        if verb == "send":
            with open(args[0], "rb") as f:
                print(send(s, f.read())[3]["number"])
        elif verb == "wait":
            print(wait(s, args[0], args[1].split(","))["state"])
        elif verb == "cancel":
            print(call(s, "DELETE", f"/api/v1/jobs/{args[0]}")[0])
        elif verb == "count":
            print(len(call(s, "GET", "/api/v1/jobs?limit=500")[3]["items"]))
        elif verb == "again":
            print(call(s, "POST", f"/api/v1/jobs/{args[0]}/again")[0])
        return
    print("done")


main()
