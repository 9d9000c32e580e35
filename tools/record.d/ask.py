# SPDX-License-Identifier: GPL-3.0-or-later
"""ask.py - one DNS question from a chosen address, the way a stub resolver asks it.

A question goes out by UDP from a fresh port, is repeated once when nothing comes
back, and is asked again over TCP when the answer says it was truncated. Only the
header of the answer is read: what the zones say is the servers' business.

Not here: who asks what and when (people.py, attack.py).
"""
import asyncio
import ipaddress
import random
import struct

TYPES = {"A": 1, "NS": 2, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28,
         "SRV": 33, "DS": 43, "DNSKEY": 48, "HTTPS": 65, "ANY": 255, "CAA": 257}
DO = 0x8000
RD = 0x0100


def pack_query(qid, name, qtype, edns=0, flags=RD, opt_flags=0):
    """The wire form of one query; `edns` is the UDP size offered, 0 for no OPT."""
    out = struct.pack("!6H", qid, flags, 1, 0, 0, 1 if edns else 0)
    for label in name.rstrip(".").split("."):
        out += bytes([len(label)]) + label.encode("ascii")
    out += b"\0" + struct.pack("!HH", TYPES[qtype], 1)
    if edns:
        out += b"\0" + struct.pack("!HHIH", 41, edns, opt_flags, 0)
    return out


def reverse_name(addr):
    """The name under in-addr.arpa or ip6.arpa for an address."""
    return ipaddress.ip_address(addr).reverse_pointer


class _Once(asyncio.DatagramProtocol):
    """Keeps the first datagram whose id fits."""

    def __init__(self, qid):
        self.qid = qid
        self.got = asyncio.get_running_loop().create_future()

    def datagram_received(self, data, addr):
        fits = len(data) >= 12 and data[:2] == struct.pack("!H", self.qid)
        if fits and not self.got.done():
            self.got.set_result(data)

    def error_received(self, exc):
        pass


async def _by_udp(client, server, query, qid, wait_s, tries):
    loop = asyncio.get_running_loop()
    transport, once = await loop.create_datagram_endpoint(
        lambda: _Once(qid), local_addr=(client, 0), remote_addr=(server, 53))
    try:
        for _ in range(tries):
            transport.sendto(query)
            done, _ = await asyncio.wait([once.got], timeout=wait_s)
            if done:
                return once.got.result()
        return None
    finally:
        transport.close()


async def _by_tcp(client, server, query):
    reader, writer = await asyncio.open_connection(server, 53, local_addr=(client, 0))
    try:
        writer.write(struct.pack("!H", len(query)) + query)
        size = struct.unpack("!H", await reader.readexactly(2))[0]
        return await reader.readexactly(size)
    finally:
        writer.close()


async def ask(client, server, name, qtype, edns=0, opt_flags=0, tcp=False, wait_s=5,
              tries=2):
    """Ask; returns the response code, or None when no answer came."""
    qid = random.getrandbits(16)
    query = pack_query(qid, name, qtype, edns, RD, opt_flags)
    try:
        answer = None
        if not tcp:
            answer = await _by_udp(client, server, query, qid, wait_s, tries)
        if tcp or (answer and answer[2] & 0x02):
            answer = await asyncio.wait_for(_by_tcp(client, server, query), 5)
    except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError):
        return None
    return answer[3] & 15 if answer else None
