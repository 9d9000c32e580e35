# SPDX-License-Identifier: GPL-3.0-or-later
"""accuracy_wire.py - DNS messages, and captures of them, for tools/accuracy.

A capture is a classic pcap file of raw IPv4 packets (link type 101). Messages are
questions and plain answers to them: no EDNS, no DNSSEC, one question each. Names in
records are written behind a pointer into the question, as servers write them.

  question ─► packet ┐
  response ─► packet ┴─► Capture, sorted by time ─► FILE.pcap

Clients have addresses of the benchmark range 198.18.0.0/15 (RFC 2544), the resolver
one of documentation. Nothing is ever sent.

Not here: what is asked, and what is made of it (the other accuracy_*.py)."""
import struct

A, CNAME, NULL, PTR, MX, TXT, AAAA, SRV = 1, 5, 10, 12, 15, 16, 28, 33
NOERROR, NXDOMAIN = 0, 3
SERVER = 0xc0000235                           # 192.0.2.53
CLIENTS = 0xc6120000                          # 198.18.0.0, and 131,071 more
BEGIN = 1767225600                            # 2026-01-01T00:00:00Z


def wire(name):
    """A name of text or octets; empty labels are left out. None when too long."""
    octets = name if isinstance(name, bytes) else name.encode()
    labels = [x for x in octets.split(b".") if x]
    if any(len(x) > 63 for x in labels) or sum(len(x) + 1 for x in labels) > 254:
        return None
    return b"".join(bytes([len(x)]) + x for x in labels) + b"\0"


def question(ident, name, qtype):
    """A query for a wire name, recursion desired."""
    return struct.pack("!6H", ident, 0x0100, 1, 0, 0, 0) + name + \
        struct.pack("!2H", qtype, 1)


def record(rtype, ttl, data, owner=12):
    """A record whose owner is found at `owner` in the message (12: the question's)."""
    return struct.pack("!3HIH", 0xc000 | owner, rtype, 1, ttl, len(data)) + data


def response(query, rcode, answers=(), authority=()):
    """What a resolver says to the query: its question and these records."""
    head = struct.pack("!6H", struct.unpack_from("!H", query)[0], 0x8180 | rcode, 1,
                       len(answers), len(authority), 0)
    return head + query[12:] + b"".join(answers) + b"".join(authority)


def denial(query, zone):
    """NXDOMAIN with the SOA of `zone`, a wire name that ends the question's."""
    at = len(query) - 4 - len(zone)           # where the zone begins in the question
    to = struct.pack("!H", 0xc000 | at)
    soa = b"\1a" + to + b"\1h" + to + struct.pack("!5I", 1, 1800, 900, 604800, 3600)
    return response(query, NXDOMAIN, authority=[record(6, 900, soa, at)])


def text_data(octets):
    """RDATA of a TXT record."""
    parts = [octets[i:i + 255] for i in range(0, len(octets), 255)] or [b""]
    return b"".join(bytes([len(x)]) + x for x in parts)


def dotted(address):
    return ".".join(str(address >> s & 255) for s in (24, 16, 8, 0))


def packet(source, target, ports, message):
    """IPv4 and UDP around a message; no UDP checksum (RFC 768 allows it)."""
    head = struct.pack("!2B3H2BH2I", 0x45, 0, 28 + len(message), 0, 0, 64, 17, 0,
                       source, target)
    check = sum(struct.unpack("!10H", head))
    check = (check & 0xffff) + (check >> 16)
    head = head[:10] + struct.pack("!H", ~(check + (check >> 16)) & 0xffff) + head[12:]
    return head + struct.pack("!4H", *ports, 8 + len(message), 0) + message


class Capture:
    """Packets in any order; write() sorts them. Times are seconds after BEGIN."""

    def __init__(self):
        self.packets = []

    def ask(self, at, client, query, port=40000):
        self.packets.append((at, packet(client, SERVER, (port, 53), query)))

    def answer(self, at, client, message, port=40000):
        self.packets.append((at, packet(SERVER, client, (53, port), message)))

    def both(self, at, client, query, message):
        """A query, and its response 20 ms later."""
        self.ask(at, client, query)
        self.answer(at + 0.02, client, message)

    def write(self, path):
        with open(path, "wb") as f:
            f.write(struct.pack("<I2H4I", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
            for at, octets in sorted(self.packets, key=lambda x: x[0]):
                second = int(at)
                f.write(struct.pack("<4I", BEGIN + second, int((at - second) * 1e6),
                                    len(octets), len(octets)) + octets)
