#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# stats_test.sh - `vedette stats`: its numbers against tshark's, its three outputs
# against each other, and that they do not depend on how the packets come in.
#
# Usage: stats_test.sh PATH-OF-VEDETTE. The comparison is skipped without tshark.
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"
counted() { python3 "$here/counted.py" "$@"; }
# Statistics without the line about inputs.
numbers() { sed 's/.*"stats"://' "$1"; }

xzcat "$demo" >demo.pcap || exit 1
run stats --json demo.pcap
cp out stats
result "statistics" is 0 '^\{"from":"2026-11-21T20:49:57' ''
result "one line of JSON" [ "$(wc -l <stats)" -eq 1 ]

# ---- against tshark ----

# dissect FILE: what counted.py wants to know
dissect() {
	local options
	read -ra options < <(counted fields)
	tshark -r "$1" -Y dns -T fields "${options[@]}" 2>tshark.err >dissected
}
if command -v tshark >/dev/null; then
	dissect demo.pcap
	result "volumes, octets, rcodes, types, latency, sources, domains: as tshark counts" \
		\
		counted tshark stats dissected
	python3 "$here/capture.py" halves demo.pcap early late
	dissect early
	run stats --json early
	cp out half
	result "the same of its first half" counted tshark half dissected
else
	skip "numbers as tshark counts" "tshark is not installed"
fi

# ---- sums ----

cat >sums.py <<'P'
import json
run = json.load(open("stats"))
counters = {c["name"]: c for c in run["counters"]}
fates = sum(c["value"] for c in run["counters"] if c["class"] in ("part", "loss"))
assert fates == sum(i["frames"] for i in run["inputs"]) == 50935
stats = run["stats"]
ways = {w: sum(v["messages"] for k, v in stats["volume"].items() if k.startswith(w))
        for w in ("queries", "responses")}
assert ways["queries"] == sum(stats["query_types"].values()) == 22538
assert ways["responses"] == sum(stats["rcodes"].values())
assert ways["responses"] == sum(stats["response_types"].values())
assert sum(ways.values()) == sum(stats["opcodes"].values())
assert counters["answered"]["value"] + counters["unanswered"]["value"] == ways["queries"]
assert counters["answered"]["value"] == stats["latency_ms"]["count"]
for way, key in (("request", "queries"), ("response", "responses")):
    for how in ("udp", "tcp"):
        assert sum(stats["sizes"][how + "_" + way].values()) == sum(
            v["messages"] for k, v in stats["volume"].items() if k.startswith(key + "_" + how))
p = [stats["latency_ms"][k] for k in ("p50", "p90", "p95", "p99", "p99.9")]
assert p == sorted(p) and p[0] > 0
for top in ("top_domains", "top_clients", "top_servers"):
    amounts = [row["messages"] for row in stats[top]]
    assert amounts == sorted(amounts, reverse=True) and amounts[0] > 0
bounds = [max(row["bound_out"], 0) for row in stats["top_bounds"]]
assert bounds == sorted(bounds, reverse=True)
tunnel = next(row for row in stats["top_bounds"] if row["name"] == "invented-relay.net")
assert tunnel["bound_out"] >= 120000 and tunnel["bound_in"] >= 180000
P
result "every sum is right" python3 sums.py

# ---- the other outputs ----

run stats --rssac002 --service root.example demo.pcap
cp out yaml
result "RSSAC002" is 0 '^metric: traffic-volume$' ''
result "  the same numbers" counted rssac002 stats yaml
if python3 -c 'import yaml' 2>/dev/null; then
	result "  is YAML" \
		python3 -c 'import yaml; assert len(list(yaml.safe_load_all(open("yaml")))) == 4'
fi
run stats --rssac002 --service $'a"b\n: c' demo.pcap
result "  a name that is no word is quoted" is 0 '^service: "a\\"b\\n: c"$' ''
run stats demo.pcap
result "text" is 0 '^Messages +UDP IPv4' ''
result "  the same numbers" counted text stats out
result "  80 columns" not grep -qE '^.{81}' out
run stats --top 3 demo.pcap
result "--top 3" [ "$(sed -n '/^Clients   *messages/,/^$/p' out | grep -c '^  ')" -eq 3 ]
run stats --top 0 demo.pcap
result "--top 0" is 0 '^Messages' ''
result "  no lists" not grep -q 'invented-relay' out

# ---- ways in ----

run stats --json --workers 3 demo.pcap
result "three workers: the same numbers" cmp -s stats out
run stats --json "$demo"
result "xz: the same numbers" cmp -s <(numbers stats) <(numbers out)
xzcat "$demo" | "$vedette" stats --json - >out 2>err
status=$?
result "a pipe" is 0 . ''
result "  the same numbers" cmp -s <(numbers stats) <(numbers out)
python3 "$here/capture.py" shuffle demo.pcap odd even
run stats --json even odd
result "cut in two: the same numbers" cmp -s <(numbers stats) <(numbers out)

# ---- one way only ----

if command -v tshark >/dev/null; then
	tshark -r demo.pcap -Y 'dns.flags.response == 0 && udp' -F pcap -w queries.pcap 2>tshark.err
	run stats --json queries.pcap
	result "queries alone" is 0 '"queries_udp_ipv4":\{"messages":17043,' ''
	result "  have no response codes" grep -q '"rcodes":{}' out
	result "  and no latency" grep -q '"latency_ms":{"count":0}' out
	run stats queries.pcap
	result "  as text, too" is 0 '^Types ' ''
	result "  without what cannot be known" not grep -qE '^(Latency|Rcodes)' out
else
	skip "queries alone" "tshark is not installed"
fi

# ---- trouble ----

run stats
result "no file" is 2 '' "write 'vedette stats FILE...'"
run stats missing
result "a missing file" \
	is 3 '' '^vedette: missing: cannot be opened: No such file'
head -c 5000000 demo.pcap >short
run stats --json short
result "a cut file: what was before is counted" \
	is 3 '"stats":' '^vedette: short: the file ends in the'
run stats --json missing demo.pcap
result "a good one beside it" is 3 . 'missing: cannot be opened'
result "  counts all the same" cmp -s <(numbers stats) <(numbers out)
"$vedette" stats demo.pcap >/dev/full 2>err
status=$?
: >out
result "a full disk behind standard output" is 4 '' 'No space left'
run stats --rssac002 --json --top 1000000 demo.pcap
result "too many rows" is 2 '' '--top'

tap_end
