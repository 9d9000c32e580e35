# SPDX-License-Identifier: GPL-3.0-or-later
"""harness - what a command costs, its whole process tree counted.

A child that outlives its parent becomes ours (PR_SET_CHILD_SUBREAPER), so that
wait4() sees every process of the tree end and the kernel's own accounts, which are
exact, are what we add up. Memory is the sum of VmHWM over the tree, looked at every
few milliseconds: pages that workers share are counted once for each, so the figure
is never too small for that reason; a process shorter than a look is not seen.
"""
import ctypes
import os
import subprocess
import sys
import tempfile
import threading
import time
from typing import NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
PR_SET_CHILD_SUBREAPER = 36
LOOK_S = 0.02


class Cost(NamedTuple):
    cpu: float  # seconds, user and system, all processes
    wall: float  # seconds, start to the end of the last process
    peak: int  # octets, sum over the tree; 0 when not watched
    status: int  # exit status of the command itself; negative: the signal
    error: str  # end of what it said on standard error


def cache():
    """The folder of captures; made when it is not there."""
    path = os.path.abspath(os.environ.get("VEDETTE_BENCH_DIR") or f"{HERE}/cache")
    os.makedirs(path, exist_ok=True)
    return path


def capture(name):
    """The path of a capture, made by bench/traffic when it is not there."""
    path = f"{cache()}/{name}.pcap"
    if not os.path.exists(path):
        done = subprocess.run([f"{HERE}/traffic", name], stdout=sys.stderr, check=False)
        if done.returncode:
            sys.exit(f"{path} is not there and bench/traffic could not make it")
    return path


def warm(path):
    """Reads the file, so that all find it in the page cache."""
    with open(path, "rb", buffering=0) as f:
        while f.read(1 << 22):
            pass


def children():
    """{parent: [pid, ...]} of the processes that there are."""
    below = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as f:
                parent = int(f.read().rpartition(")")[2].split()[1])
        except OSError:
            continue
        below.setdefault(parent, []).append(int(pid))
    return below


def high_water(pid):
    """VmHWM in octets; 0 when the process is gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8") as f:
            for line in f:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def watch_tree(done, peaks):
    """Notes the peak of each process below us until `done`."""
    while not done.wait(LOOK_S):
        below, todo = children(), [os.getpid()]
        while todo:
            for pid in below.get(todo.pop(), []):
                todo.append(pid)
                peaks[pid] = max(peaks.get(pid, 0), high_water(pid))


def reap(first):
    """Waits for all processes below us; CPU seconds and the status of `first`."""
    cpu, status = 0.0, 0
    while True:
        try:
            pid, how, used = os.wait4(-1, 0)
        except ChildProcessError:
            return cpu, status
        cpu += used.ru_utime + used.ru_stime
        if pid == first:
            status = os.waitstatus_to_exitcode(how)


def run(command, folder, watch=False, output=os.devnull):
    """Runs `command` in `folder` and gives its Cost."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    done, peaks = threading.Event(), {}
    watcher = threading.Thread(target=watch_tree, args=(done, peaks))
    with tempfile.TemporaryFile() as said, open(output, "wb") as out:
        start = time.monotonic()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out,
            stderr=said, cwd=folder)
        if watch:
            watcher.start()
        cpu, status = reap(child.pid)
        child.returncode = status
        wall = time.monotonic() - start
        done.set()
        if watch:
            watcher.join()
        said.seek(0)
        error = said.read()[-300:].decode(errors="replace").strip()
    return Cost(cpu, wall, sum(peaks.values()), status, error)


def machine():
    """One line: processors, memory, system."""
    def field(path, key):
        with open(path, encoding="utf-8") as f:
            return next((x.split(":", 1)[1].strip() for x in f if x.startswith(key)), "?")

    memory = int(field("/proc/meminfo", "MemTotal").split()[0]) / 1048576
    release = ".".join(os.uname().release.split(".")[:2])
    name = "?"
    if os.path.exists("/etc/os-release"):
        with open("/etc/os-release", encoding="utf-8") as f:
            name = next((x.split("=", 1)[1].strip().strip('"') for x in f
                if x.startswith("PRETTY_NAME")), "?")
    load = os.getloadavg()[0]
    return (f"{os.cpu_count()} processors ({field('/proc/cpuinfo', 'model name')}), "
        f"{memory:.0f} GiB, {name}, Linux {release}, load at the end {load:.1f}")


def keep(name, text):
    """Writes bench/results/NAME.md and gives its path."""
    folder = f"{HERE}/results"
    os.makedirs(folder, exist_ok=True)
    path = f"{folder}/{name}.md"
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    return path
