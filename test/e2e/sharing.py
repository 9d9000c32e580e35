# SPDX-License-Identifier: GPL-3.0-or-later
"""sharing.py - zones and tampering for sharing_test.sh.

	sharing.py zone SEED FOLDER       FOLDER/zone, asn.csv, critical: drawn from the seed
	sharing.py tamper HOW FROM TO     a certificate with one lie in it
"""
import json
import random
import sys


def draw(seed, folder):
	r = random.Random(seed)
	hosts = r.randint(6, 40)
	operators = r.randint(3, hosts)
	text = ["$ORIGIN example.", "$TTL 3600", "@ SOA ns.net. h.net. (", "  1 2 3 ; serial",
		"  4 5 )", "@ NS ns.net."]
	name = [f"h{i}.o{i % operators}" + r.choice([".com.", ".co.uk.", ""]) for i in range(hosts)]
	for i, n in enumerate(name):
		if not n.endswith("."):
			for _ in range(r.randint(1, 3)):
				a, b = r.randint(0, 4), r.randint(1, 3)
				text.append(r.choice([f"{n} A 192.0.{a}.{b}",
						      f"{n} 60 IN AAAA 2001:db8:{a}::{b}"]))
	for i in range(r.randint(10, 300)):
		owner = f"d{i}"
		for n in r.choices(name, k=r.randint(1, 4)):
			text.append(f"{owner} NS {n}")
			owner = r.choice(["", "\t", owner])	# a blank one is the last
	open(f"{folder}/zone", "w").write("\n".join(text) + "\n")
	with open(f"{folder}/asn.csv", "w") as f:
		for a in range(4):
			f.write(f'192.0.{a}.0,192.0.{a}.255,{64500 + a // 2},"AS, number {a}"\n')
			f.write(f"2001:db8:{a}::,2001:db8:{a}:ffff:ffff:ffff:ffff:ffff,"
				f"{64501 + a // 2},Six\n")
	with open(f"{folder}/critical", "w") as f:
		f.write("".join(f"www.d{i}.example\n" for i in range(0, 300, 7)))


def tamper(how, lines):
	"""The lines, with one thing changed in the first place where it can be."""
	for i, line in enumerate(lines):
		it = json.loads(line)
		if how == "smaller" and it.get("possible") and len(it["set"]) > 1:
			it["set"].pop()
			it["at_least"] = min(it["at_least"], len(it["set"]))
		elif how == "larger" and it.get("possible") and it["at_least"] < it["need"]:
			it["at_least"] += 1
			it["set"].append("no.such.element")
		elif how == "weight" and "split" in it:
			it["weight"] += 1
			it["split"][0] += 10000
		elif how == "split" and "split" in it and len(it["split"]) > 1:
			it["split"][0] += 1
		elif how == "negative" and "split" in it and len(it["split"]) > 1:
			it["split"][0] += it["split"][1] + 1
			it["split"][1] = -1
		elif how == "group" and "split" in it:
			it["set"][0] = "other.net"
		elif how == "leaf" and len(it.get("tree", [])) > 1:
			it["tree"].pop()
		elif how == "tree" and len(it.get("tree", [])) > 1:
			it["tree"] = [0]
		elif how == "falls" and it.get("possible"):
			it["falls"] += 1
		elif how == "need" and it.get("possible") and it["need"] > 1:
			it["need"] -= 1
		elif how == "impossible" and it.get("possible"):
			it["possible"] = False
		elif how == "all" and "groups" in it:
			it["delegations"] += 1
		else:
			continue
		return lines[:i] + [json.dumps(it)] + lines[i + 1:]
	return None


if __name__ == "__main__":
	if sys.argv[1] == "zone":
		draw(int(sys.argv[2]), sys.argv[3])
	else:
		told = tamper(sys.argv[2], open(sys.argv[3]).read().splitlines())
		if told is None:
			sys.exit(3)
		open(sys.argv[4], "w").write("\n".join(told) + "\n")
