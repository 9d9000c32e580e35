# SPDX-License-Identifier: GPL-3.0-or-later
"""store - a store of so many findings and incidents, and a server of it on the loopback: what
bench/api and bench/page have in common."""
import os
import re
import subprocess
import sys

import harness


def bin_folder():
    return os.path.abspath(f"{harness.cache()}/bin")


def arguments(parser):
    """What both take."""
    parser.add_argument("--vedette", default=f"{harness.ROOT}/build/vedette")
    parser.add_argument("--findings", type=int, default=1000000)
    parser.add_argument("--incidents", type=int, default=10000)
    parser.add_argument("--again", action="store_true")


def made(args):
    """The store and its tokens, made when they are not there."""
    args.vedette = os.path.abspath(args.vedette)
    store = f"{harness.cache()}/house-{args.findings}-{args.incidents}.db"
    subprocess.run(["make", "-s", "-C", harness.HERE, "api", f"OUT={bin_folder()}",
        f"VEDETTE={os.path.dirname(args.vedette)}"], check=True)
    if args.again or not os.path.exists(store + ".tokens") or "ear" not in open(
            store + ".tokens", encoding="ascii").read():
        for end in ("", "-wal", "-shm", ".tokens"):
            if os.path.exists(store + end):
                os.unlink(store + end)
        said = subprocess.run([f"{bin_folder()}/findings", store, str(args.findings),
            str(args.incidents)], capture_output=True, text=True, check=True).stdout
        with open(store + ".tokens", "w", encoding="ascii") as f:
            f.write(said)
    with open(store + ".tokens", encoding="ascii") as f:
        return store, dict(line.split() for line in f)


def serve(args, store):
    """The server's process and port."""
    server = subprocess.Popen([args.vedette, "serve", "--db", store, "--serve-listen",
        "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    for line in server.stdout:
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        if found:
            return server, int(found[1])
    sys.exit("the server did not start")
