#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""capture.py - captures made out of captures, for the end-to-end tests.

The inputs are classic little-endian pcap files; frames count from 1.

  halves FILE A B          the first and the second half of its time
  shuffle FILE A B         every second frame to A, the others to B
  repeat FILE OUT OCTETS   again and again, each round behind the one before in
                           time, until OUT has so many octets
  without FILE OUT FRAME   all frames but one
  spoil FILE OUT FRAME N   N octets of garbage before that frame
  overwrite FILE OUT FRAME N   N octets of garbage over that frame and what follows
  ng FILE OUT FRAME        as pcapng; the block of that frame (0 = none) is broken
                           inside, its length is right
  offset FILE FRAME        prints where that frame begins
  hostile OUT DOMAIN N     a tunnel of N questions under a domain of any octets
                           (written as in Python: 'a\\x1b.com'), by 192.0.2.9
"""
import random
import struct
import sys

FILE_HEAD = struct.Struct("<IHHiIII")
HEAD = struct.Struct("<IIII")


def frames(data):
    """(offset, offset of the next) of each frame."""
    at, out = FILE_HEAD.size, []
    while at < len(data):
        end = at + HEAD.size + HEAD.unpack_from(data, at)[2]
        out.append((at, end))
        at = end
    return out


def read(name):
    with open(name, "rb") as f:
        return f.read()


def write(name, *parts):
    with open(name, "wb") as f:
        for part in parts:
            f.write(part)


def head_of(data):
    return data[:FILE_HEAD.size]


def seconds(data, frame):
    return HEAD.unpack_from(data, frame[0])[0]


def halves(name, a, b):
    data = read(name)
    all_frames = frames(data)
    middle = (seconds(data, all_frames[0]) + seconds(data, all_frames[-1])) // 2
    early = [data[s:e] for s, e in all_frames if seconds(data, (s, e)) < middle]
    late = [data[s:e] for s, e in all_frames if seconds(data, (s, e)) >= middle]
    write(a, head_of(data), *early)
    write(b, head_of(data), *late)


def shuffle(name, a, b):
    data = read(name)
    all_frames = frames(data)
    write(a, head_of(data), *[data[s:e] for s, e in all_frames[0::2]])
    write(b, head_of(data), *[data[s:e] for s, e in all_frames[1::2]])


def repeat(name, out, octets):
    data = bytearray(read(name))
    body = frames(data)
    span = seconds(data, body[-1]) - seconds(data, body[0]) + 1
    times = [(start, seconds(data, (start, end))) for start, end in body]
    done = rounds = 0
    with open(out, "wb") as f:
        f.write(head_of(data))
        while done < int(octets):
            for start, second in times:
                struct.pack_into("<I", data, start, second + rounds * span)
            f.write(memoryview(data)[FILE_HEAD.size:])
            done += len(data)
            rounds += 1


def without(name, out, frame):
    data = read(name)
    start, end = frames(data)[int(frame) - 1]
    write(out, data[:start], data[end:])


def garbage(n):
    draw = random.Random(1)
    return bytes(draw.randrange(256) for _ in range(int(n)))


def spoil(name, out, frame, n):
    data = read(name)
    start, _ = frames(data)[int(frame) - 1]
    write(out, data[:start], garbage(n), data[start:])


def overwrite(name, out, frame, n):
    data = read(name)
    start, _ = frames(data)[int(frame) - 1]
    write(out, data[:start], garbage(n), data[start + int(n):])


def offset(name, frame):
    print(frames(read(name))[int(frame) - 1][0])


def block(kind, body):
    body += bytes(-len(body) % 4)
    size = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + size + body + size


def ng(name, out, broken):
    data = read(name)
    link = FILE_HEAD.unpack_from(data)[6]
    parts = [block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)),
             block(1, struct.pack("<HHI", link, 0, 0))]
    for number, (start, end) in enumerate(frames(data), 1):
        second, micro, cap, full = HEAD.unpack_from(data, start)
        at = second * 1000000 + micro
        said = 0x7fffffff if number == int(broken) else cap
        parts.append(block(6, struct.pack("<IIIII", 0, at >> 32, at & 0xffffffff, said, full)
                           + data[start + HEAD.size:end]))
    write(out, *parts)


def name_wire(labels):
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def udp(src, dst, sport, dport, payload):
    """A raw IPv4 packet; checksums are left out, as an offloading card does."""
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 28 + len(payload), 0, 0, 64, 17, 0,
                     bytes(src), bytes(dst))
    return ip + struct.pack(">HHHH", sport, dport, 8 + len(payload), 0) + payload


def hostile(out, domain, count):
    draw = random.Random(2)
    client, server = (192, 0, 2, 9), (192, 0, 2, 53)
    labels = domain.encode().decode("unicode_escape").encode("latin-1").split(b".")
    packets = []
    for i in range(int(count)):
        text = [bytes(draw.choice(b"abcdefghijklmnopqrstuvwxyz234567") for _ in range(50))
                for _ in range(2)]
        question = name_wire(text + labels) + struct.pack(">HH", 16, 1)
        rdata = bytes(draw.randrange(256) for _ in range(100))
        record = b"\xc0\x0c" + struct.pack(">HHIHB", 16, 1, 0, len(rdata) + 1, len(rdata))
        ask = struct.pack(">HHHHHH", i, 0x0100, 1, 0, 0, 0) + question
        tell = struct.pack(">HHHHHH", i, 0x8580, 1, 1, 0, 0) + question + record + rdata
        for packet, micros in ((udp(client, server, 4096 + i, 53, ask), 0),
                               (udp(server, client, 53, 4096 + i, tell), 400)):
            at = 1700000000 * 1000000 + i * 30000 + micros
            packets.append(HEAD.pack(at // 1000000, at % 1000000, len(packet), len(packet)))
            packets.append(packet)
    write(out, FILE_HEAD.pack(0xa1b2c3d4, 2, 4, 0, 0, 65535, 101), *packets)


def main():
    commands = (halves, shuffle, repeat, without, spoil, overwrite, ng, offset,
                hostile)
    for command in commands:
        if len(sys.argv) > 1 and sys.argv[1] == command.__name__:
            return command(*sys.argv[2:])
    sys.exit(__doc__)


main()
