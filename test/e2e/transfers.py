# SPDX-License-Identifier: GPL-3.0-or-later
"""transfers.py - a name server on the loopback that sends zones in good and in bad ways.

  transfers.py PORT-FILE KIND     writes its port, answers one transfer, ends

Nothing here is a DNS library: octets are put together by hand, so that they can be wrong."""
import os
import socket
import struct
import sys
import time

ZONE = b"\x07example\x00"


def name(text):
    return b"".join(bytes([len(p)]) + p.encode() for p in text.rstrip(".").split(".") if p) + b"\0"


def rr(owner, kind, data, ttl=3600, rclass=1):
    return name(owner) + struct.pack(">2HIH", kind, rclass, ttl, len(data)) + data


def soa(serial=1):
    return rr("example", 6, name("ns1.example") + name("hostmaster.example") +
              struct.pack(">5I", serial, 7200, 900, 1209600, 3600))


def record(i):
    return rr(f"h{i}.example", 1, bytes([9, 9, i >> 8 & 255, i & 255]))


BODY = [rr("example", 2, name("ns1.example")), rr("example", 2, name("ns2.example")),
        rr("ns1.example", 1, b"\x09\x09\x09\x09"), rr("ns2.example", 1, b"\x95\x70\x70\x70")]


def message(ident, records, flags=0x8400, question=True, rcode=0):
    head = struct.pack(">6H", ident, flags | rcode, int(question), len(records), 0, 0)
    asked = ZONE + struct.pack(">2H", 252, 1) if question else b""
    return head + asked + b"".join(records)


def parts(kind, ident):
    """The messages of one answer."""
    whole = [soa()] + BODY
    if kind == "one":
        return [message(ident, whole + [soa()])]
    if kind in ("many", "large"):
        count = 5000 if kind == "many" else 40000
        records = whole + [record(i) for i in range(count)] + [soa()]
        return [message(ident, records[i:i + 7], question=i == 0)
                for i in range(0, len(records), 7)]
    return {
        "id": [message(ident ^ 1, whole + [soa()])],
        "query": [message(ident, whole + [soa()], flags=0)],
        "truncated": [message(ident, whole + [soa()], flags=0x8600)],
        "question": [message(ident, whole + [soa()]).replace(b"\x07example\0\0\xfc",
                                                             b"\x07exempla\0\0\xfc", 1)],
        "refused": [message(ident, [], rcode=5)],
        "empty": [message(ident, whole), message(ident, [])],
        "first": [message(ident, BODY + [soa()])],
        "changed": [message(ident, whole), message(ident, [soa(2)])],
        "after": [message(ident, whole + [soa()] + BODY[:1])],
        "class": [message(ident, whole + [rr("x.example", 16, b"\x01a", rclass=3), soa()])],
        "noise": [bytes(range(256))],
        "short": [b"\x12"],
        "cut": [message(ident, whole)],
        "outside": [message(ident, whole + [rr("www.example.net", 1, b"\x09\x09\x09\x01"), soa()])],
        "loop": [message(ident, [soa()])[:-2] + b"\xc0\x0c" + b"\xc0\x0c" * 20],
    }[kind]


def serve(connection, kind):
    length = struct.unpack(">H", connection.recv(2, socket.MSG_WAITALL))[0]
    ident = struct.unpack(">H", connection.recv(length, socket.MSG_WAITALL)[:2])[0]
    for part in parts(kind, ident):
        connection.sendall(struct.pack(">H", len(part)) + part)
    if kind == "half":
        connection.sendall(b"\x00")
    if kind == "cut":
        connection.sendall(b"\x10\x00half")
    time.sleep(0.05)


def main():
    with socket.create_server(("127.0.0.1", 0)) as server:
        with open(sys.argv[1] + ".new", "w", encoding="ascii") as f:
            f.write(str(server.getsockname()[1]))
        os.rename(sys.argv[1] + ".new", sys.argv[1])
        server.settimeout(20)
        connection, _ = server.accept()
        with connection:
            serve(connection, sys.argv[2])


main()
