#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""abuse - what strangers may try on a server's port, one line "ok WHAT" or "not WHAT" each.

    abuse.py URL [COOKIE]

Bounded: some hundred connections on the loopback, a few seconds each. After each kind of
abuse somebody else still gets an answer at once."""
import socket
import sys
import time
import urllib.parse

URL = urllib.parse.urlparse(sys.argv[1])
WHERE = (URL.hostname, URL.port)
HEALTH = b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n"
# what, octets, how the answer begins (b"" = it may just be closed)
TABLE = [
    ("octets that are no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20, b""),
    ("a header of 60 KB", b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 60000 + b"\r\n\r\n", b""),
    ("two thousand headers", b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 2000 + b"\r\n", b""),
    ("a path of 40 KB", b"GET /" + b"a" * 40000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b""),
    ("garbage behind a request", HEALTH + b"\x00\xff\r\n" * 500, b"HTTP/1.1 200"),
    ("requests in a row", HEALTH * 50, b"HTTP/1.1 200"),
    ("a length that is none", b"POST /api/v1/sign-in HTTP/1.1\r\nHost: x\r\n"
        b"Content-Length: -1\r\n\r\n", b"HTTP/1.1 4"),
    ("a huge length", b"POST /api/v1/sign-in HTTP/1.1\r\nHost: x\r\n"
        b"Content-Length: 99999999999999999999\r\n\r\n", b"HTTP/1.1 4"),
    ("an upload of nobody", b"POST /api/v1/jobs?kind=capture&name=a HTTP/1.1\r\nHost: x\r\n"
        b"Content-Length: 1000000000\r\n\r\n" + b"x" * 100000, b""),
    ("two Hosts", b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"HTTP/1.1 400"),
    ("no Host", b"GET /api/v1/health HTTP/1.1\r\n\r\n", b"HTTP/1.1 400"),
    ("no Host as in HTTP/1.0", b"GET /api/v1/health HTTP/1.0\r\n\r\n", b"HTTP/1.1 200"),
    ("a coding that is none", b"POST /api/v1/sign-in HTTP/1.1\r\nHost: x\r\n"
        b"Transfer-Encoding: xchunked\r\n\r\n", b"HTTP/1.1 4"),
    ("chunks in HTTP/1.0", b"POST /api/v1/sign-in HTTP/1.0\r\nHost: x\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"HTTP/1.1 400"),
    ("CR inside a line", b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\nA: b\rC: d\r\n\r\n",
        b"HTTP/1.1 400"),
    ("a method of 10 KB", b"G" * 10000 + b" / HTTP/1.1\r\nHost: x\r\n\r\n", b""),
]


def ok(what, good, said=""):
    print("ok" if good else "not", what, "" if good else f"({said})", flush=True)


def tried(octets, wait=5):
    got = b""
    try:
        with socket.create_connection(WHERE, timeout=wait) as c:
            c.sendall(octets)
            c.shutdown(socket.SHUT_WR)
            while len(got) < 100000:
                more = c.recv(65536)
                if not more:
                    break
                got += more
    except OSError:
        pass
    return got


def well():
    begun = time.monotonic()
    return tried(HEALTH).startswith(b"HTTP/1.1 200") and time.monotonic() - begun < 10


def many(count, octets):
    """So many connections at a time, each with the beginning of a request."""
    opened = []
    for _ in range(count):
        try:
            c = socket.create_connection(WHERE, timeout=5)
            c.sendall(octets)
            opened.append(c)
        except OSError:
            break
    return opened


def trickle():
    """An octet now and then keeps no connection; who sends whole requests keeps theirs."""
    head = b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\nX-Slow: "
    body = (b"POST /api/v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Content-Length: 8000\r\n\r\n")
    whole = b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n"
    begun, left = time.time(), {}
    slow = {"head": many(50, head), "body": many(50, body), "second head": many(50, whole)}
    good = many(1, whole)[0]
    answers = 0
    for c in slow["second head"]:
        c.settimeout(10)
        c.recv(4096)
        c.sendall(head)
    while time.time() < begun + 70:
        for c in [c for some in slow.values() for c in some]:
            try:
                c.sendall(b"x")
            except OSError:
                pass
        good.settimeout(10)
        answers += good.recv(4096).startswith(b"HTTP/1.1 200")
        good.sendall(whole)
        time.sleep(4)
    for what, some in slow.items():
        left[what] = 0
        for c in some:
            c.settimeout(0.01)
            try:
                left[what] += c.recv(4096) != b""
            except TimeoutError:
                left[what] += 1
            except OSError:
                pass
            c.close()
    ok("an octet now and then keeps no connection", not any(left.values()), left)
    ok("  whole requests do", answers > 10 and well(), answers)
    good.close()


def main():
    for what, octets, begins in TABLE:
        got = tried(octets)
        ok(f"{what}: a clear answer, or none", got.startswith(begins) and
            (begins or not got or b" 4" in got[:14]), got[:60])
        ok("  others are served", well())
    for what, more, body in (("two lengths", b"Content-Length: 2\r\nContent-Length: 40\r\n", b"{}"),
            ("a length and chunks", b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
             b"0\r\n\r\n"), ("a blank behind a name", b"Content-Length : 40\r\n", b"{}"),
            ("a blank before a name", b" Content-Length: 40\r\n", b"{}"),
            ("a length in the next line", b"Content-Length:\r\n 40\r\n", b"{}")):
        got = tried(b"POST /api/v1/sign-in HTTP/1.1\r\nHost: x\r\n"
            b"Content-Type: application/json\r\n" + more + b"\r\n" + body + HEALTH)
        ok(f"{what}: refused, and what follows is no request",
            got.startswith(b"HTTP/1.1 4") and got.count(b"HTTP/1.1 ") == 1, got[:60])
    slow = many(300, b"GET /api/v1/health HTTP/1.1\r\nHos")
    ok("300 that send half a request", len(slow) == 300 and well(), len(slow))
    for c in slow:
        c.close()
    idle = many(300, b"")
    ok("300 that send nothing", len(idle) == 300 and well(), len(idle))
    for c in idle:
        c.close()
    trickle()
    if len(sys.argv) > 2:
        live = many(200, b"GET /api/v1/live HTTP/1.1\r\nHost: x\r\nCookie: " +
            sys.argv[2].encode() + b"\r\n\r\n")
        time.sleep(1)
        heard = 0
        for c in live:
            c.settimeout(5)
            try:
                heard += c.recv(200).startswith(b"HTTP/1.1 200")
            except OSError:
                pass
        ok("200 listeners of one session: 16 may, the others are served", heard == 16 and well(),
            heard)
        for c in live:
            c.close()
    print("done")


main()
