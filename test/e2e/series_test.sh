#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# series_test.sh - `vedette verify zone --snapshot/--since` and `vedette verify series`: what
# changed between two days of a zone is told from snapshots and zone files alike, and a
# snapshot that is no good is named.
#
# Usage: series_test.sh PATH-OF-VEDETTE. The root zones of three years need the shared data.
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

day() { # SERIAL OPERATOR-OF-BANK [MORE]
	cat <<-EOF
		\$ORIGIN example.
		\$TTL 86400
		@ SOA ns1.reg hostmaster $1 7200 3600 1209600 3600
		@ NS ns1.reg
		ns1.reg A 192.0.2.53
		bank NS ns1.$2.
		shop NS ns1.one.net.
		${3-}
	EOF
}
ds='bank DS 12345 13 2 49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC0101'
day 2026010100 one.net "$ds" >mon.zone
day 2026010200 evil.net 'new NS ns1.one.net.' >tue.zone
day 2026010300 one.net "$ds" >wed.zone
rules() { sed -n 's/.*"rule":"\(change[^"]*\)".*/\1/p' out | sort | tr '\n' ' '; }
only='--only change --json --severity info'

# shellcheck disable=SC2086	# several words
{
run verify zone mon.zone --at 20260101 --snapshot mon.snap $only
result "the first day has nothing to compare with" is 0 '^{"run"' ''
result "  and leaves a snapshot" [ -s mon.snap ]
result "  and nothing else" [ ! -e mon.snap.part ]
run verify zone tue.zone --at 20260102 --since mon.snap --snapshot tue.snap $only
result "against a snapshot" is 1 'Z|"change.unsigned-and-moved"' ''
cp out by-snapshot
said=$(rules)
result "  the shape of a hijack, and the facts" [ "$said" = \
	"change.moved change.new change.summary change.unsigned-and-moved " ]
run verify zone tue.zone --at 20260102 --since mon.zone $only
result "against a zone file: the same" cmp -s <(grep '"rule"' out) <(grep '"rule"' by-snapshot)
run verify zone wed.zone --at 20260103 --since tue.snap $only
said=$(rules)
result "the day after: it is back, which yesterday's snapshot remembers" [ "$said" = \
	"change.ds-added change.gone change.moved change.returned change.summary " ]
run verify series mon.zone tue.zone wed.zone --json
cp out by-zones
result "a series of zone files says all of it" is 1 . ''
for rule in unsigned-and-moved returned new gone; do
	result "  $rule" grep -q "\"change.$rule\"" out
done
result "  at the instants of the serials" grep -q '"from":"2026-01-02T00:00:00' out
run verify series mon.snap tue.snap wed.zone --json
result "a series of snapshots: the same rules" [ "$(rules)" = \
	"$(sed -n 's/.*"rule":"\(change[^"]*\)".*/\1/p' by-zones | sort | tr '\n' ' ')" ]
run verify series mon.zone tue.zone --db series.db
run findings --db series.db --json
result "findings of a series are stored" grep -q unsigned-and-moved out

# ---- what is no good ----

head -c 300 mon.snap >short.snap
sed 's/bank/sank/' mon.snap >changed.snap
day 1 one.net | sed 's/ORIGIN example/ORIGIN other/' >other.zone
for pair in short:'the input ends' changed:'not what their hash says' \
		other:'holds the zone other'; do
	file=${pair%%:*}
	[ "$file" = other ] && file=other.zone || file=$file.snap
	run verify zone tue.zone --since "$file" $only
	result "--since $file" is 3 '' "$file: .*"
done
run verify zone tue.zone --since missing.snap $only
result "--since a file that is not there" is 3 '' 'missing.snap: cannot be opened'
run verify zone mon.snap
result "a snapshot is no zone" is 3 '' 'is a snapshot, not a zone'
run verify zone tue.zone --snapshot none/such.snap $only
result "--snapshot where nothing can be written" is 3 '' 'such.snap: cannot be written'
ln -s /dev/null device
run verify zone tue.zone --snapshot device $only
result "--snapshot onto a device" is 3 '' 'something else'
cp mon.zone own.zone
run verify zone own.zone --snapshot own.zone $only
result "--snapshot onto the zone itself" is 3 '' 'own.zone: is there and is something else'
result "  leaves it" cmp -s mon.zone own.zone
cp mon.zone mine.part
run verify zone mine.part --snapshot mine $only
result "--snapshot whose passing file is somebody's" is 3 '' 'mine.part: is there and is'
result "  leaves it" cmp -s mon.zone mine.part
exec 9>busy.snap.part
flock 9
run verify zone mon.zone --snapshot busy.snap $only
result "--snapshot that another audit writes" is 3 '' 'another audit writes it'
exec 9>&-
head -c 100 mon.snap >busy.snap.part
run verify zone mon.zone --at 20260101 --snapshot busy.snap $only
result "--snapshot after one that was killed" cmp -s mon.snap busy.snap
for signal in TERM HUP KILL; do
	mkfifo slow$signal
	env --default-signal=HUP "$vedette" verify zone slow$signal --at 20260101 \
		--snapshot killed.snap --certificates killed.cert >out 2>err </dev/null &
	parent=$!
	exec 7>slow$signal
	cat mon.zone >&7
	job=$(child "$parent" auditor) && idle "$job"
	kill -$signal "$parent"
	exec 7>&-
	wait "$parent" 2>/dev/null
	status=$?
	result "stopped by $signal" [ "$status" -gt 128 ]
	result "  nothing half is left" [ "$(echo killed.*)" = 'killed.*' ]
done
# The auditor is stopped when it has seen that the older snapshot is good.
cp mon.snap short.snap
mkfifo slow
"$vedette" verify zone slow --at 20260101 --since short.snap >out 2>err </dev/null &
parent=$!
exec 7>slow
cat tue.zone >&7
job=$(child "$parent" auditor) && idle "$job"
: >short.snap
exec 7>&-
wait "$parent"
status=$?
result "a snapshot that is cut while it is read" is 3 '' \
	'^vedette: short\.snap: was changed while it was read; nothing of the audit is used$'
result "  one sentence" sentences 1
cp mon.snap touched.snap
"$vedette" verify zone slow --at 20260101 --since touched.snap >out 2>err </dev/null &
parent=$!
exec 7>slow
cat tue.zone >&7
job=$(child "$parent" auditor) && idle "$job"
touch -d 2001-01-01 touched.snap
exec 7>&-
wait "$parent"
status=$?
result "a file that is changed while it is read" is 3 'findings?' \
	'^vedette: touched\.snap: was changed while it was read; what is told may be wrong$'
mkfifo pipe
timeout 10 "$vedette" verify zone tue.zone --since pipe $only >out 2>err
status=$?
result "--since a pipe" is 3 '' 'pipe: cannot be opened: a file is wanted'
run verify zone tue.zone --html device $only
result "--html onto a device writes there" [ -L device ]
cp mon.snap kept.snap
run verify zone /dev/null --snapshot kept.snap $only
result "a file that holds no zone leaves the old snapshot" cmp -s mon.snap kept.snap
for which in 1 2; do
	{
		day 202601010$which one.net
		for ((i = 0; i < 3000; i++)); do echo "d$i NS ns$i.op$which.net."; done
	} >many
	run verify zone many --at 2026010$which --snapshot many$which.snap $only
done
timeout 60 "$vedette" verify series many1.snap many2.snap --json >out 2>err
status=$?
result "snapshots of thousands of sets of servers" is 1 '"rule":"change\.mass"' ''
result "  they are no zones, and need not be" not grep -q 'zone\.none\|holds no zone' out
run verify series mon.zone
result "a series of one" is 2 '' 'two files'
run verify zone mon.zone tue.zone
result "two zones at once" is 2 '' 'series'
}
mkdir small
if mount -t tmpfs -o size=8k tmpfs small 2>/dev/null; then
	cp mon.snap small/s.snap
	head -c 8192 /dev/zero >small/fill 2>/dev/null
	run verify zone tue.zone --snapshot small/s.snap --only change --json
	result "a disk that is full" is 4 '' 'cannot be written'
	result "  leaves the old snapshot" cmp -s mon.snap small/s.snap
	result "  and nothing else" [ ! -e small/s.snap.part ]
	umount small
else
	skip "a disk that is full" "nothing can be mounted here"
fi

# ---- real ones ----

series=${VEDETTE_DATA:-$source/../shared/data}/zone/root-series
if [ -d "$series" ]; then
	for f in "$series"/*.xz; do xzcat "$f" >"$(basename "$f" .xz)"; done
	run verify series --most 2000 --json rza-*.zone
	sed -n 's/.*"rule":"change.\(new\|gone\)".*"subject":"\([^"]*\)".*/\1 \2/p' out |
		sort >told
	for f in rza-*.zone; do
		awk '$4 == "NS" && $1 != "." { print tolower($1) }' "$f" |
			sed 's/\.$//' | sort -u >"cuts.$f"
	done
	last=
	for f in cuts.*; do
		[ -n "$last" ] && comm -13 "$last" "$f" | sed 's/^/new /' >>true.unsorted
		[ -n "$last" ] && comm -23 "$last" "$f" | sed 's/^/gone /' >>true.unsorted
		last=$f
	done
	sort true.unsorted >true.list
	result "the root zone from 2023 to 2026: every TLD that came or went" cmp told true.list
	result "  and no alarm" not grep -qE '"severity":"(medium|high|critical)"' out

	# Signatures that were good before are not checked again; others are.
	root=$series/../root/root-20170821-signed.zone
	signed() { run verify zone --at 20170823 --only dnssec --json "$@"; }
	signed "$root" --snapshot root.snap
	result "a signed zone, and its good signatures in the snapshot" is 0 '^{"run"' ''
	signed "$root" --since root.snap --snapshot again.snap
	result "  the next audit knows them" is 0 '^{"run"' ''
	signed "$root" --since again.snap
	result "  and the one after" is 0 '^{"run"' ''
	awk '$1 == "aaa." && $4 == "RRSIG" && !done { $NF = "A" substr($NF, 2); done = 1 } 1' \
		"$root" >forged.zone
	signed forged.zone --since root.snap
	result "  a forged signature is found all the same" is 1 '"subject":"aaa"' ''
	run verify zone --at 20180801 --only dnssec --json "$root" --since root.snap
	result "  and so is one that has expired meanwhile" is 1 'dnssec.signature-expired' ''
else
	skip "the root zone from 2023 to 2026" "no shared data"
fi
tap_end
