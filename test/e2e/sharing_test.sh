#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# sharing_test.sh - the certificates of smallest sets are accepted by tools/check-cut, which
# shares no code with us, for drawn zones and real root zones; tampered ones are refused. And
# --what-if from outside.
#
# Usage: sharing_test.sh PATH-OF-VEDETTE. The root zones need the shared data.
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

data=${VEDETTE_DATA:-$source/../shared/data}
make() { python3 "$here/sharing.py" "$@"; }
check_cut() { "$source/tools/check-cut" "$@" >checked 2>&1; }
audit() { # ZONE ARGS...
	local zone=$1
	shift
	run verify zone "$zone" --at 20260101 --only sharing --severity info --json "$@"
}

# ---- drawn zones ----

trees=0 fine=0 told=0
for seed in $(seq 25); do
	make zone "$seed" .
	given=(--asn asn.csv --critical critical)
	audit zone "${given[@]}" --certificates cert --sharing-loss 5%,30%,60%
	if [ "$status" -gt 1 ]; then head -3 err; continue; fi
	check_cut zone cert "${given[@]}" || { head -2 checked | sed 's/^/# /'; continue; }
	fine=$((fine + 1)) told=$((told + $(wc -l <checked)))
	if grep -q '"tree":\[\[' cert; then
		trees=$((trees + 1))
		cp cert cert.tree
		cp zone zone.tree
	fi
	[ ! -e cert.part ] || fine=-1
	said=$(grep -c -e sharing.cut -e sharing.critical-cut out)
	[ "$said" -eq "$(wc -l <checked)" ] || fine=-1
done
result "certificates of 25 drawn zones are accepted" [ "$fine" -eq 25 ]
result "  each finding has one, $told in all" [ "$told" -gt 300 ]
result "  some need a tree: $trees" [ "$trees" -gt 2 ]

audit zone --asn asn.csv --certificates again --sharing-loss 30% --sharing-work 0
result "with no work there are gaps, and they are proven too" check_cut zone again --asn asn.csv

cp zone.tree zone; cp cert.tree cert
given=(--asn asn.csv --critical critical)
result "the last one with a tree is accepted" check_cut zone cert "${given[@]}"
for how in smaller larger weight split negative group leaf tree falls need impossible all; do
	make tamper "$how" cert lie
	check_cut zone lie "${given[@]}"
	status=$?
	result "a lie is refused: $how" [ "$status" -eq 1 ]
	result "  with a line that says why" grep -q ^WRONG checked
done
head -5 cert >lie
check_cut zone lie "${given[@]}"
result "half of a file is refused" [ $? -eq 1 ]
: >lie
check_cut zone lie
result "an empty one is refused" [ $? -eq 1 ]
sed 's/ NS h1\./ NS h2./' zone >other
check_cut other cert "${given[@]}"
result "the certificate of another zone is refused" [ $? -eq 1 ]
check_cut nowhere cert
result "without a zone nothing is said" [ $? -eq 2 ]

# ---- what if ----

audit zone --what-if operator:o1.com,address:192.0.2.1
result "what if: answered" is 0 '"sharing.what-if"' ''
audit zone --what-if as:64500 --asn asn.csv
result "what if an AS fails" is 0 '"subject":"as:64500"' 'only --asn was given'
cat >two.zone <<'END'
$ORIGIN two.
$TTL 3600
@ SOA ns h 1 7200 900 1209600 3600
@ NS ns
ns A 192.0.2.1
a NS ns.a
ns.a A 192.0.2.2
b NS ns.b
ns.b AAAA 2a00:1::1
c NS ns.c
ns.c AAAA 2a00:2::1
END
printf '192.0.2.0,192.0.2.255,64500,FOUR\n' >four.csv
printf '2a00::,2a00:ffff:ffff:ffff:ffff:ffff:ffff:ffff,64501,SIX\n' >six.csv
audit two.zone --asn four.csv
result "one AS table of two is told" grep -q 'only --asn was given' err
audit two.zone --asn four.csv --asn6 six.csv
result "  not when both are there" not grep -q 'was given' err
audit two.zone --asn <(cat four.csv)
result "a table that is a pipe is refused in words" is 3 '' 'a file is wanted'
for wrong in as:64500 as:x operator: host:a..b 'prefix:1.2.3.4/40' algorithm:300 other:1; do
	audit zone --what-if "$wrong"
	result "what if: '$wrong' is refused" is 2 '' '^vedette: --what-if: '
	result "  in one sentence" sentences 1
done
audit zone --sharing-loss 120%
result "a share that is none is refused" is 2 '' '^vedette: --sharing-loss: '
mkdir folder
audit zone --certificates folder
result "certificates need a regular file" [ "$status" -ne 0 ]
audit zone --certificates nowhere/cert
result "  in a folder that is there" [ "$status" -ne 0 ]

# ---- real zones ----

if [ ! -d "$data/zone/root-series" ]; then
	skip "certificates of root zones" "no shared data"
	tap_end
fi
given=(--asn "$data/asn/asn-ipv4-20260617.csv.xz" --asn6 "$data/asn/asn-ipv6-20260617.csv.xz")
for zone in "$data"/zone/root/root-2014*.zone "$data"/zone/root-series/*-202311*.xz \
	"$data"/zone/root-series/*-2026081802*.xz; do
	case $zone in *.xz) xz -dc "$zone" >root.zone;; *) cp "$zone" root.zone;; esac
	audit root.zone "${given[@]}" --certificates cert
	result "${zone##*/}: accepted" check_cut root.zone cert "${given[@]}"
	result "  ten claims, all exact" [ "$(grep -c '^ok .*exact$' checked)" -eq 10 ]
done
tap_end
