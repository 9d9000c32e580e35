#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""delay.py NEAR FAR [MAC=MS ...] - a long wire between two tap devices.

Not every kernel has netem, so this program is the distance between the access
network and the servers: it carries Ethernet frames from one tap to the other and
holds each one for the given milliseconds, chosen by the address of its far end,
plus a little jitter. Frames of one far end and one direction never overtake.

    bridge near0 --- NEAR [ heap of frames by due time ] FAR --- bridge far0

Cost: one system call to read and one to write a frame; good for some thousand
frames a second. Runs until it is killed.
"""
import fcntl
import heapq
import os
import random
import select
import struct
import sys
import time

TUNSETIFF = 0x400454CA
TAP_PLAIN = 0x0002 | 0x1000         # IFF_TAP | IFF_NO_PI
FRAME_MAX = 65536
OTHERS_MS = 3.0                     # broadcast, multicast, unlisted hosts
JITTER_MS = 0.4                     # mean of the exponential part


def tap_open(name):
    fd = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), TAP_PLAIN))
    os.set_blocking(fd, False)
    return fd


def read_distances(words):
    pairs = (word.split("=") for word in words)
    return {bytes.fromhex(mac.replace(":", "")): float(ms) for mac, ms in pairs}


def main():
    near, far = tap_open(sys.argv[1]), tap_open(sys.argv[2])
    distance = read_distances(sys.argv[3:])
    held, last, serial = [], {}, 0

    while True:
        now = time.monotonic()
        while held and held[0][0] <= now:
            _, _, out, frame = heapq.heappop(held)
            try:
                os.write(out, frame)
            except OSError:
                pass                # a full or vanished wire loses the frame
        wait_s = max(0.0, held[0][0] - now) if held else None
        for fd in select.select([near, far], [], [], wait_s)[0]:
            frame = os.read(fd, FRAME_MAX)
            end = frame[6:12] if fd == far else frame[0:6]
            ms = distance.get(end, OTHERS_MS) + random.expovariate(1 / JITTER_MS)
            due = max(time.monotonic() + ms / 1000, last.get((fd, end), 0))
            last[fd, end] = due
            serial += 1
            heapq.heappush(held, (due, serial, near if fd == far else far, frame))


if __name__ == "__main__":
    main()
