# SPDX-License-Identifier: GPL-3.0-or-later
"""accuracy_run.py - runs `vedette observe` for tools/accuracy, and writes tables.

Every figure comes out of the JSON Lines that the program prints: a line for each
finding, and as the last one what the run read."""
import json
import os
import subprocess
import tempfile

GRAVE = ["medium", "high", "critical"]


class Run:
    """What one run said."""

    def __init__(self, text):
        lines = [json.loads(x) for x in text.splitlines()]
        self.findings = [x for x in lines if "rule" in x]
        self.run = lines[-1]["run"]

    @property
    def messages(self):
        volume = self.run["stats"]["volume"]
        return sum(x["messages"] for x in volume.values())

    @property
    def trouble(self):
        return [x["trouble"] for x in self.run["inputs"] if x["trouble"]]

    @property
    def limits(self):
        """Names of the limits that were reached: what is counted then is too low."""
        return [x["name"] for x in self.run["counters"]
                if x["class"] == "limit" and x["value"]]

    @property
    def late(self):
        """Messages of a file out of order that no minute could take any more."""
        return sum(x["value"] for x in self.run["counters"] if x["name"] in ("late", "lost_late"))

    def grave(self):
        return [x for x in self.findings if x["severity"] in GRAVE]


class Observer:
    """Runs the program on files, or on captures that it writes to a temporary one."""

    def __init__(self, binary):
        self.binary = binary
        self.folder = tempfile.TemporaryDirectory()

    def run(self, path):
        done = subprocess.run([self.binary, "observe", "--json", path],
                              capture_output=True, check=False)
        if done.returncode not in (0, 1):     # 1: something grave was found
            raise SystemExit("%s: vedette observe ended with %d: %s" % (
                path, done.returncode, done.stderr.decode("utf-8", "replace")))
        return Run(done.stdout.decode("utf-8", "replace"))

    def run_sorted(self, path):
        """The same frames in order of their times."""
        made = os.path.join(self.folder.name, "sorted.pcap")
        subprocess.run(["reordercap", path, made], check=True, stdout=subprocess.DEVNULL)
        return self.run(made)

    def run_capture(self, capture):
        path = os.path.join(self.folder.name, "made.pcap")
        capture.write(path)
        run = self.run(path)
        if run.limits or run.trouble:
            raise SystemExit("a made capture reached a limit: %s" % (
                run.limits + run.trouble))
        return run


def feature(finding, name):
    return next(x["value"] for x in finding["features"] if x["name"] == name)


def related(finding, role):
    return [x for x in finding.get("related", []) if x["role"] == role]


def octets(n):
    """As people read it, three figures: 998 B, 12.3 kB, 1.23 MB."""
    for unit, size in (("MB", 1000000), ("kB", 1000)):
        if n >= size:
            return "%s %s" % (("%.3g" if n < 999.5 * size else "%.0f") % (n / size), unit)
    return "%d B" % n


def count(n):
    return format(n, ",")


def percent(x):
    return "–" if x is None else "%.0f" % (100 * x)


def table(heads, rows):
    """Markdown; a head that begins with > is of a column of numbers."""
    out = ["| " + " | ".join(x.lstrip(">") for x in heads) + " |",
           "|" + "|".join("--:" if x[0] == ">" else "---" for x in heads) + "|"]
    return out + ["| " + " | ".join(map(str, r)) + " |" for r in rows] + [""]
