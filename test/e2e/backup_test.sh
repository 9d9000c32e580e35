#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# backup_test.sh - `vedette backup`: all that was said is in the copy, while a server runs and
# writes; what it refuses; and what restoring is.
#
# Usage: backup_test.sh PATH-OF-VEDETTE. Everything is on the loopback.
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

events() { "$vedette" log export --db "$1" | wc -l; }

xzcat "$demo" >demo.pcap || exit 1
run observe --db a.db demo.pcap
serve_begin --db a.db
for i in {1..20}; do run user add "ana$i" --db a.db; done
cp a.db plain.db	# what people do
run backup copy.db --db a.db
result "a copy is made while it is served" [ "$status" -eq 0 ]
there=$(events a.db)
cp out said
result "  with all that was said" [ "$(events copy.db)" = "$there" ]
result "  which it says" grep -q "whole; $there events in its log" said
result "  where a plain copy lacks some" [ "$(events plain.db)" -lt "$there" ]
result "  it is one file, for owner and group" \
	[ "$(echo copy.db*)/$(stat -c %a copy.db)" = copy.db/640 ]
run findings --db copy.db --json
cp out found
run findings --db a.db --json
result "  with the same findings" cmp -s found out
before=$(sha256sum <copy.db)
run backup copy.db --db a.db
result "nothing is written over" [ "$status/$(grep -c 'it is there already' err)" = 2/1 ]
result "  not a bit" [ "$(sha256sum <copy.db)" = "$before" ]
ln -s a.db link.db
run backup link.db --db a.db
result "  nor through a link" [ "$status" -eq 2 ]
run backup no/such/folder.db --db a.db
result "a folder that is not there is said" [ "$status/$(wc -l <err)" = 4/1 ]
run backup b.db --db none.db
result "a store that is not there as well" [ "$status" -eq 3 ]
( ulimit -f 100; "$vedette" backup small.db --db a.db >out 2>err )
result "a disk that is full leaves nothing" [ "$(echo small.db*)" = 'small.db*' ]
# What a copy that was interrupted left; one that is being written; somebody's own file.
cp copy.db left.db.part
run backup left.db --db a.db
result "what an interrupted copy left is in nobody's way" [ "$status/$(echo left.db*)" = 0/left.db ]
cp copy.db busy.db.part
exec 8<busy.db.part
flock 8
run backup busy.db --db a.db
result "a copy that is being written is left alone" is 2 '' "busy.db.part': File exists"
exec 8<&-
result "  to its end" cmp -s copy.db busy.db.part
echo mine >own.db.part
run backup own.db --db a.db
result "and so is what is no copy" [ "$status/$(cat own.db.part)" = 2/mine ]

# ---- while somebody writes as fast as they can ----

( for i in {1..60}; do "$vedette" user add "bo$i" --db a.db >/dev/null 2>&1; done ) &
writer=$!
good=0
for i in {1..5}; do
	"$vedette" backup "while$i.db" --db a.db >out 2>err &&
		"$vedette" log verify --db "while$i.db" >out 2>err && good=$((good + 1))
done
wait "$writer"
result "five copies while others write are whole" [ "$good" = 5 ]
result "  and nobody's change was lost" [ "$("$vedette" user list --db a.db | grep -c '^bo')" = 60 ]
serve_end

# ---- restoring ----

rm -f a.db a.db-wal a.db-shm
mv copy.db a.db
serve_begin --db a.db
result "the copy in its place is served" [ "$(events a.db)" = "$there" ]
result "  with the users there were" [ "$(grep -c '^    ' served)" = 0 ]
serve_end
tap_end
