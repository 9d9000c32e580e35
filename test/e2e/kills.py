#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kills.py - kills `vedette observe --db` at many moments, for the end-to-end tests.

  kills.py VEDETTE CAPTURE ROUNDS

Every second time at any moment of the run, the other times soon after its store is
first written. All runs write into one store. After each kill: no process is left, the
store is sound, every run in it is whole or has nothing, and what was there before is
there. At the end `vedette findings` shows what one run alone would. Prints what is
wrong, a line each, and how often a kill met the store; ends with 1 when something is.
"""
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

STORE = "killed.db"
wrong = []


def observe(vedette, capture, store):
    return [vedette, "observe", "--evidence", "512", "--db", store, "--json", capture]


def quietly(command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)


def ids(output):
    return [line for line in output.splitlines() if line.startswith(b'{"id":')]


def sizes():
    out = []
    for suffix in ("", "-wal"):
        try:
            out.append(os.stat(STORE + suffix).st_size)
        except OSError:
            out.append(-1)
    return out


def children(pid):
    """The analyser has a session of its own: the group does not reach it."""
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as f:
            return [int(child) for child in f.read().split()]
    except OSError:
        return []


def lives(pid):
    try:
        with open("/proc/%d/stat" % pid, encoding="ascii") as f:
            return f.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def kill(vedette, capture, moment, soon):
    """Starts one, kills it and all that it started."""
    before = sizes()
    p = subprocess.Popen(observe(vedette, capture, STORE), stdin=subprocess.DEVNULL,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                         start_new_session=True)
    while soon and p.poll() is None and sizes() == before:
        time.sleep(0.0002)
    left = children(p.pid)
    time.sleep(moment)
    left += children(p.pid)
    if p.poll() is None:
        os.killpg(p.pid, signal.SIGKILL)
    p.wait()
    for _ in range(100):
        if not any(lives(pid) for pid in left):
            return
        time.sleep(0.05)
    wrong.append("a process is left")


def check(count, known):
    """(whole runs, begun runs) of the store, which must be sound."""
    if not os.path.exists(STORE) or os.path.getsize(STORE) == 0:
        return 0, 0
    db = sqlite3.connect(STORE)
    try:
        sound = db.execute("PRAGMA integrity_check").fetchone()[0]
        if sound != "ok":
            wrong.append("integrity: " + sound)
        if db.execute("PRAGMA foreign_key_check").fetchone():
            wrong.append("a reference to nothing")
        if not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'run'").fetchone():
            return 0, 0
        runs = db.execute("SELECT ended, (SELECT count(*) FROM run_finding WHERE run = number)"
                          " FROM run").fetchall()
        for ended, linked in runs:
            if linked != (count if ended else 0):
                wrong.append("a run (%s) with %d of %d findings" % (ended, linked, count))
        lost = db.execute("SELECT count(*) FROM finding_evidence WHERE hash NOT IN"
                          " (SELECT hash FROM evidence)").fetchone()[0]
        if lost:
            wrong.append("%d messages are missing" % lost)
        whole = sum(1 for ended, _ in runs if ended)
        if whole < known:
            wrong.append("%d whole runs, where there were %d" % (whole, known))
        return whole, len(runs)
    finally:
        db.close()


def main():
    vedette, capture, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    begun = time.monotonic()
    alone = quietly(observe(vedette, capture, "alone.db"))
    takes = time.monotonic() - begun
    want, draw = ids(alone.stdout), random.Random(6)
    whole = met = unfinished = 0
    for i in range(rounds):
        if i % 6 == 0:  # its making can be met as well
            met += unfinished
            whole = unfinished = 0
            for suffix in ("", "-wal", "-shm"):
                if os.path.exists(STORE + suffix):
                    os.remove(STORE + suffix)
        moment = draw.uniform(0, takes) if i % 2 else draw.uniform(0, takes / 4)
        kill(vedette, capture, moment, soon=i % 2 == 0)
        whole, runs = check(len(want), whole)
        unfinished = runs - whole
    last = quietly(observe(vedette, capture, STORE))
    if last.returncode != alone.returncode:
        wrong.append("a run into that store: status %d" % last.returncode)
    if check(len(want), whole)[0] != whole + 1:
        wrong.append("the last run is not whole")
    listed = quietly([vedette, "findings", "--db", STORE, "--json"])
    if ids(listed.stdout) != want or listed.stderr:
        wrong.append("the findings are others: %r" % listed.stderr)
    met += unfinished
    print("# %d kills, %d of them while a run was being stored" % (rounds, met))
    for line in wrong[:20]:
        print("#", line)
    sys.exit(bool(wrong) or not want or met == 0)


main()
