#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""networks - connections to `vedette serve` from several IPv6 addresses, all of them on the
loopback of a network namespace that the caller made:

    unshare -rn networks.py VEDETTE STORE CERTIFICATE KEY EACH

prints how many of 3 * EACH connections that are open at a time are answered: from three
addresses of one network of 64 bits, from one of another network, from one of IPv4.
"""
import re
import socket
import ssl
import subprocess
import sys

SAME, OTHER = ["fd00:1::2", "fd00:1::3", "fd00:1::4"], ["fd00:2::2"]
CONTEXT = ssl.create_default_context()
CONTEXT.check_hostname, CONTEXT.verify_mode = False, ssl.CERT_NONE


def answered(port, addresses, count):
    """How many; the connections are kept."""
    kept = []
    for i in range(count):
        here = addresses[i % len(addresses)]
        try:
            s = socket.create_connection((addresses[0], port), 5, (here, 0))
            s = CONTEXT.wrap_socket(s)
            s.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
            if s.recv(12) == b"HTTP/1.1 200":
                kept.append(s)
        except OSError:
            pass
    return kept


def main():
    vedette, store, certificate, key, each = sys.argv[1:]
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for address in SAME + OTHER:
        subprocess.run(["ip", "addr", "add", address + "/64", "dev", "lo", "nodad"], check=True)
    server = subprocess.Popen([vedette, "serve", "--db", store, "--serve-listen", "[::]:0",
        "--serve-certificate", certificate, "--serve-certificate-key", key,
        "--serve-connections-each", each], stdout=subprocess.PIPE, text=True)
    try:
        for line in server.stdout:
            if (found := re.match(r"Vedette listens at .*:(\d+)/", line)):
                break
        port, many = int(found[1]), 3 * int(each)
        kept = [answered(port, of, many) for of in (SAME, OTHER, ["127.0.0.1"])]
        print(*(len(k) for k in kept))
    finally:
        server.terminate()
        server.wait()


main()
