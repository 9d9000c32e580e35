#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""packs.py - evidence packs that somebody tampered with, for the end-to-end tests.

  flips VEDETTE PACK N     changes one octet at each of N places, one at a time, and
                           replays: status 1 or 3 and one sentence every time
  cuts VEDETTE PACK N      the same for packs cut off at N places
  forge PACK OUT MEMBER OLD NEW   changes text in a member into text of the same length
                           and makes the manifest right again; OLD is a pattern
  deep VEDETTE PACK N      changes the packed summary at N places, with a manifest that
                           is right: nothing crashes
  again PACK OUT ORDER...  the members of those names in that order (a name twice is
                           there twice), with a manifest of them
  bomb OUT                 a few kilobytes that say they are gigabytes (sparse files)
  list PACK                names and lengths

Prints what is wrong, one line each, and ends with 1 when something is.
"""
import hashlib
import io
import random
import re
import string
import subprocess
import sys
import tarfile
import tempfile

wrong = []


def read(name):
    with open(name, "rb") as f:
        return f.read()


def write(name, data):
    with open(name, "wb") as f:
        f.write(data)


def replay(vedette, data):
    with tempfile.NamedTemporaryFile(suffix=".vedette") as f:
        f.write(data)
        f.flush()
        return subprocess.run([vedette, "replay", f.name], stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=120, check=False)


def notices(vedette, data, what):
    got = replay(vedette, data)
    if got.returncode not in (1, 3):
        wrong.append("%s: status %d" % (what, got.returncode))
    if got.stderr.count(b"\n") != 1:
        wrong.append("%s: says %r" % (what, got.stderr[:300]))
    if b"crashed" in got.stdout + got.stderr:
        wrong.append("%s: it crashed" % what)


def flips(vedette, pack, count):
    data, draw = read(pack), random.Random(3)
    for _ in range(int(count)):
        at, by = draw.randrange(len(data)), draw.randrange(1, 256)
        bad = bytearray(data)
        bad[at] ^= by
        notices(vedette, bad, "octet %d of %d xor %d" % (at, len(data), by))


def cuts(vedette, pack, count):
    data, draw = read(pack), random.Random(4)
    places = {0, 1, 511, 512, 513, 1024, len(data) - 1, len(data) - 512, len(data) - 1024}
    while len(places) < int(count):
        places.add(draw.randrange(len(data)))
    for at in sorted(places):
        notices(vedette, data[:at], "cut off at %d of %d" % (at, len(data)))


def members(data):
    """(name, offset of the body, length) of each, as they come."""
    at, out = 0, []
    while data[at]:
        size = int(data[at + 124:at + 136].rstrip(b" \0"), 8)
        out.append((data[at:at + 100].rstrip(b"\0").decode(), at + 512, size))
        at += 512 + (size + 511) // 512 * 512
    return out


def manifest(data):
    return "".join("%s  %s\n" % (hashlib.sha256(data[at:at + size]).hexdigest(), name)
                   for name, at, size in members(data)[1:]).encode()


def forge(pack, out, member, old, new):
    data = bytearray(read(pack))
    inside = {name: (at, size) for name, at, size in members(data)}
    at, size = inside[member]
    found = re.search(old.encode(), data[at:at + size])
    if not found or len(found.group()) != len(new.encode()):
        sys.exit("packs.py: %s is not in %s, or of another length" % (old, member))
    data[at + found.start():at + found.end()] = new.encode()
    mend(data)
    write(out, data)


def mend(data):
    at, size = next((at, size) for name, at, size in members(data) if name == "MANIFEST.sha256")
    data[at:at + size] = manifest(data)


def deep(vedette, pack, count):
    """Not every octet of a summary bears on the verdict; none may do harm."""
    draw, whole = random.Random(5), read(pack)
    at = whole.index(b'"summary":"') + len(b'"summary":"')
    end = whole.index(b'"}', at)
    for _ in range(int(count)):
        data = bytearray(whole)
        place = draw.randrange(at, end - 4)
        data[place] = draw.choice((string.ascii_letters + string.digits).encode())
        mend(data)
        got = replay(vedette, data)
        if got.returncode not in (0, 1, 3) or b"crashed" in got.stdout + got.stderr:
            wrong.append("octet %d: status %d, %r" % (place, got.returncode, got.stdout))


def again(pack, out, *order):
    data = read(pack)
    inside = {name: data[at:at + size] for name, at, size in members(data)}
    inside.setdefault("more.txt", b"more\n")
    lines = "".join("%s  %s\n" % (hashlib.sha256(inside[name]).hexdigest(), name)
                    for name in order if name != "MANIFEST.sha256")
    inside["MANIFEST.sha256"] = lines.encode()
    with tarfile.open(out, "w", format=tarfile.USTAR_FORMAT) as tar:
        for name in order:
            info = tarfile.TarInfo(name)
            info.size = len(inside[name])
            tar.addfile(info, io.BytesIO(inside[name]))


def sparse(name, size):
    """A file of the old GNU form: nothing but its last 512 octets is there."""
    head = bytearray(512)
    for at, text in ((0, name), (100, "0000644"), (108, "0000000"), (116, "0000000"),
                     (124, "%011o" % 512), (136, "%011o" % 0), (148, " " * 8), (156, "S"),
                     (257, "ustar  "), (386, "%011o" % (size - 512)), (398, "%011o" % 512),
                     (483, "%011o" % size)):
        head[at:at + len(text)] = text.encode()
    head[148:155] = b"%06o\0" % sum(head)
    return bytes(head) + bytes(512)


def bomb(out):
    names = ["MANIFEST.sha256", "README.txt", "finding.json", "messages.pcap"]
    names += ["evidence/%04d.msg" % i for i in range(1, 513)]
    write(out, b"".join(sparse(name, 60 << 20) for name in names) + bytes(1024))


def show(pack):
    for name, _, size in members(read(pack)):
        print(name, size)


def main():
    commands = {"flips": flips, "cuts": cuts, "forge": forge, "again": again, "deep": deep,
                "bomb": bomb, "list": show}
    if len(sys.argv) < 3 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])
    for line in wrong[:20]:
        print("#", line)
    sys.exit(bool(wrong))


main()
