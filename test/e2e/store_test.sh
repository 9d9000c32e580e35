#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# store_test.sh - `vedette observe --db`: what was stored stays, whatever happens: kills
# at many moments, full disks, runs that overlap, files that are no store or not ours.
#
# Usage: store_test.sh PATH-OF-VEDETTE. A full disk is a small tmpfs where that may be
# mounted, and a limit on the size of files everywhere.
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

xzcat "$demo" >demo.pcap || exit 1
capture() { python3 "$here/capture.py" "$@"; }
# query FILE SQL: python3 has SQLite in it, no tool is needed
query() {
	python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
for row in db.execute(sys.argv[2]): print(*row, sep="|")' "$1" "$2"
}
sound() { [ "$(query "$1" 'PRAGMA integrity_check')" = ok ]; }

# ---- there and back ----

run observe --db a.db --json demo.pcap
cp out observed
run findings --db a.db --json
result "findings prints the octets that observe printed" same_findings observed out
result "  and the same of the run" cmp -s <(field observed from; field observed until) \
	<(field out from; field out until)
every=true
while read -r id; do
	run show "$id" --db a.db --json
	cmp -s out <(grep "^{\"id\":\"$id\"" observed) || every=false
	run show "$id" --db a.db
	[ "$(grep -c '^;; message ' out)" -eq 64 ] || every=false
	rule=$(sed -n 's/^{"id":"'"$id"'","rule":"\([^"]*\)".*/\1/p' observed)
	run explain "$rule"
	grep -q "^$rule: " out || every=false
	run pack "$id" --db a.db -o one.vedette
	run replay one.vedette
	[ "$status" -eq 0 ] || every=false
done < <(ids observed)
result "show, explain, pack, replay: every finding" $every
result "  nothing is left beside the store" [ "$(echo a.db*)" = a.db ]
result "the store is sound" sound a.db

# ---- the same from two runs ----

run observe --db a.db --json demo.pcap
result "a second run finds the same" same_findings observed out
result "  each finding is one row" \
	[ "$(query a.db 'SELECT count(*), count(DISTINCT id) FROM finding')" = \
	"$(ids observed | wc -l)|$(ids observed | wc -l)" ]
result "  with two runs" [ "$(query a.db 'SELECT DISTINCT (SELECT count(*) FROM run_finding
	WHERE finding = number) FROM finding')" = 2 ]
result "  each message once" \
	[ "$(query a.db 'SELECT count(*) - count(DISTINCT hash) FROM evidence')" = 0 ]
run show "$(ids observed | head -1)" --db a.db --no-messages
result "  show names both" [ "$(grep -c '^  Run [12], ' out)" -eq 2 ]
# Half of it: the same finding, measured on less, does not take the place of the whole.
capture shuffle demo.pcap odd even
run observe --db a.db --json odd
run findings --db a.db --run 1 --json
result "a run that saw half leaves what the whole showed" same_findings observed out
# shellcheck disable=SC2016	# the dollars are for the shell inside
result "two at a time wait for each other" sh -c '
	"$1" observe --db b.db demo.pcap >o1 2>e1 & "$1" observe --db b.db demo.pcap >o2 2>e2
	two=$?; wait $!; [ $? -eq 1 ] && [ $two -eq 1 ] && [ ! -s e1 ] && [ ! -s e2 ]' sh "$vedette"
result "  both are there" [ "$(query b.db 'SELECT count(*) FROM run WHERE ended > 0')" = 2 ]
result "  no more findings than one of them has" \
	[ "$(query b.db 'SELECT count(*) FROM finding')" = "$(ids observed | wc -l)" ]

# ---- killed ----

rounds=60
sanitized && rounds=24
result "$rounds kills: runs are whole or have nothing, all that was before is there" \
	python3 "$here/kills.py" "$vedette" demo.pcap $rounds

# ---- no room ----

# full NAME ARGS...: with a limit of so many KiB on files
full() {
	(
		ulimit -f "$1"
		shift
		"$vedette" "$@" >out 2>err </dev/null
		echo $? >status
	)
	status=$(cat status)
}
no_room="^vedette: 'c\.db' could not grow: the disk is full"
full 200 observe --db c.db --evidence 512 demo.pcap
result "no room for a new store: status 4, the findings are printed" \
	is 4 '^SEVERITY' "$no_room"
result "  one sentence" sentences 1
result "  all of them" grep -q "^$(ids observed | wc -l) findings: " out
result "  what is on the disk is sound" sound c.db
result "  and has nothing half" [ "$(query c.db 'SELECT count(*) FROM run_finding')" = 0 ]
run observe --db c.db --json demo.pcap
result "  with room again it is taken up" is 1 '^\{"id":' ''
run findings --db c.db --json
result "  and whole" same_findings observed out
capture hostile other.pcap 'some-other.com' 1500
full 100 observe --db c.db --evidence 512 other.pcap
result "no room in a store that has something" is 4 '^SEVERITY' "$no_room"
result "  what was before is safe, it says" \
	grep -q 'are not stored, all before are safe$' err
run findings --db c.db --json
result "  and is so" same_findings observed out
result "  it is sound" sound c.db

mkdir small
if mount -t tmpfs -o size=256k none small 2>/dev/null; then
	run observe --db small/a.db --evidence 512 --json demo.pcap
	result "a full disk" is 4 '^\{"id":' "^vedette: 'small/a\.db' .*the disk is full"
	result "  one sentence" sentences 1
	result "  what is on it is sound" sound small/a.db
	umount small
	mount -t tmpfs -o size=2m none small
	run observe --db small/a.db --json demo.pcap
	query small/a.db 'PRAGMA wal_checkpoint' >checkpoint
	head -c 4000000 /dev/zero >small/ballast 2>/dev/null
	run observe --db small/a.db --evidence 512 --json other.pcap
	result "a disk that fills up later" \
		is 4 '^\{"id":' 'the disk is full|No space left|cannot be'
	result "  one sentence" sentences 1
	rm small/ballast
	run findings --db small/a.db --json
	result "  what was before is there" same_findings observed out
	run observe --html small/page.html demo.pcap
	head -c 4000000 /dev/zero >small/ballast 2>/dev/null
	cp small/page.html page.html
	run observe --html small/page.html demo.pcap
	result "a page on a full disk" is 4 '^SEVERITY' \
		'^vedette: small/page\.html: the page cannot be written: No space left'
	result "  leaves the old page" cmp -s page.html small/page.html
	result "  and nothing beside it" [ ! -e small/page.html.part ]
	umount small
else
	skip "a full disk" "no file system may be mounted here"
fi

# ---- what may not be written, what is none, what is not ours ----

cp a.db ro.db
chmod a-w ro.db
if [ -w ro.db ]; then
	skip "a store that may not be written" "root writes everything"
else
	run observe --db ro.db --json demo.pcap
	result "a store that may not be written" is 4 '^\{"id":' "^vedette: 'ro\.db' "
fi
mkdir medium && cp a.db medium/
if mount -t tmpfs -o size=4m none small 2>/dev/null; then
	cp a.db small/ && mount -o remount,ro small
	run findings --db small/a.db --run 1 --json
	result "a store on a medium that is read-only can be read" \
		same_findings observed out
	run show "$(ids observed | head -1)" --db small/a.db
	result "  and shown" is 0 '^;; message 1 of 64' ''
	run observe --db small/a.db --json demo.pcap
	result "  but not written: the findings are printed" is 4 '^\{"id":' \
		"^vedette: 'small/a\.db' .*(Read-only|may not be written)"
	run observe --db small/new.db --json demo.pcap
	result "  nor made" \
		is 4 '^\{"id":' "^vedette: 'small/new\.db' cannot be made: Read-only"
	umount small
else
	skip "a store on a read-only medium" "no file system may be mounted here"
fi
run observe --db /nowhere/a.db --json demo.pcap
result "a folder that is not there" \
	is 4 '^\{"id":' "^vedette: '/nowhere/a\.db' cannot be made: No such"
run observe --db . --json demo.pcap
result "a folder" is 4 '^\{"id":' "^vedette: '\.' "
result "  one sentence" sentences 1

# foreign NAME FILE PATTERN: neither written nor read, and left as it is
foreign() {
	cp "$2" before
	run observe --db "$2" --json demo.pcap
	result "$1: not written" is 4 '^\{"id":' "^vedette: '$2' $3"
	result "  one sentence" sentences 1
	result "  left as it was" cmp -s before "$2"
	run findings --db "$2"
	result "  not read" is 3 '' "^vedette: '$2' $3"
	run show 00000000 --db "$2"
	result "  not shown" is 3 '' "^vedette: '$2' $3"
	run pack 00000000 --db "$2"
	result "  not packed" is 3 '' "^vedette: '$2' $3"
}
head -c 100000 demo.pcap >capture.db
foreign "a capture" capture.db 'is no SQLite database'
query other.db 'CREATE TABLE t(a)' >created
foreign "another program's database" other.db 'is an SQLite database of another program'
cp a.db newer.db
query newer.db 'PRAGMA user_version = 999' >created
foreign "a store of a newer Vedette" newer.db 'was written by a newer Vedette \(schema 999'
cp a.db hurt.db
python3 - <<'P'
import random
draw = random.Random(7)
with open("hurt.db", "r+b") as f:
    size = f.seek(0, 2)
    for _ in range(200):
        f.seek(draw.randrange(4096, size))
        f.write(bytes([draw.randrange(256)]))
P
run findings --db hurt.db --json
if [ "$status" -eq 1 ]; then
	result "a damaged store: what is printed was checked" \
		sh -c '! grep -v "^{\"run\"" out | grep -vxFf observed'
else
	result "a damaged store: that is said" is "$status" '' "^vedette: 'hurt\.db' "
	result "  with status 3 or 4" grep -qx '[34]' <<<"$status"
	result "  one sentence" sentences 1
fi
cp a.db lie.db
query lie.db "UPDATE finding SET subject = 'bank.example' WHERE number = 1" >created
run findings --db lie.db --json
result "a row that somebody changed is not believed" not grep -q 'bank\.example' out

tap_end
