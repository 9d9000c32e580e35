#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# notices_hard_test.sh - the queue of notices when things go wrong: a full disk, a store that
# cannot be written, several programs at once, kills at many moments. Nothing is lost, nothing
# is sent twice without saying so. And the signature of a webhook, checked by openssl.
#
# Usage: notices_hard_test.sh PATH-OF-VEDETTE
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

mkdir spool
python3 "$here/mailer.py" serve spool 2>mailer.err &
children+=($!)
soon [ -s spool/ports ]
read -r smtp http <spool/ports || exit 1
mail=(--mail-from desk@us.example --mail-server "smtp://localhost:$smtp" --mail-plain
	--mail-timeout 5s)
store=desk.db
db() { echo --db "$store" --author ana; }
# shellcheck disable=SC2046	# words are meant
v() { "$vedette" "$1" "$2" $(db) "${@:3}"; }
mails() { find spool -name '*.eml' | wc -l; }
states() { v notices list --json | grep -c "\"state\":\"$1\""; }
# make N: N incidents, each with an approved notice
contact() { v contacts add them --name Them --role registrar --covers example \
	--mail them@them.example --cleared 'TLP:AMBER PAP:GREEN'; }
make() {
	local i
	for ((i = 0; i < $1; i++)); do
		v incident open --title "Phishing $i" --subject "a$i.example" \
			--label 'TLP:GREEN PAP:GREEN'
	done | sed -n 's/^Incident \([0-9]*\):.*/\1/p' >numbers
	while read -r i; do
		v incident notify "$i" --to them "${mail[@]}" --approve
	done <numbers
} >/dev/null
contact >/dev/null

# ---- several programs at once ----

make 6
before=$(mails)
for _ in 1 2 3 4; do v notices send "${mail[@]}" >>sent 2>>sent.err & waits+=($!); done
for p in "${waits[@]}"; do wait "$p"; done
result "four programs send one queue: each notice once" [ $(($(mails) - before)) = 6 ]
result "  all of them are sent" [ "$(states sent)" = 6 ]
waits=()
for i in 1 2 3 4; do
	(for j in 1 2 3; do v incident note 1 "note $i.$j"; done) >/dev/null 2>>note.err &
	waits+=($!)
done
for p in "${waits[@]}"; do wait "$p"; done
result "four people write notes at once: none is lost" [ "$(v incident show 1 |
	grep -c 'note [1-4]\.[1-3]$')" -ge 12 ]
# shellcheck disable=SC2046	# words are meant
run log verify --db desk.db
result "  and the log is one chain" is 0 . ''

# ---- killed at many moments ----

make 8
before=$(mails)
for delay in 0.01 0.02 0.03 0.04 0.05 0.06 0.08 0.1 0.12 0.15 0.2 0.25 0.3; do
	timeout -s KILL "$delay" "$vedette" notices send --db desk.db --author ana "${mail[@]}" \
		>/dev/null 2>&1
done
unsure=$(states sending)
went=$(($(mails) - before))
done_=$(($(states sent) - 6))
result "killed: what is said to be sent was" [ "$went" -ge "$done_" ]
result "  what went and is not said to be sent is said to be unsure" \
	[ $((went - done_)) -le "$unsure" ]
v notices send "${mail[@]}" >/dev/null 2>&1
result "  the rest is sent afterwards, what is unsure is not" \
	[ "$(states sending) $(states approved)" = "$unsure 0" ]
keys() { grep -h '^Message-ID' spool/*.eml | sort; }
result "  nothing went twice" [ -z "$(keys | uniq -d)" ]
v notices list --json | sed -n 's/^{"number":\([0-9]*\),.*"state":"sending".*/\1/p' >unsure
while read -r i; do v notices again "$i" --reason 'they have nothing'; done <unsure
v notices send "${mail[@]}" >/dev/null 2>&1
result "  with a word each is sent" [ "$(states sent)" = 14 ]
result "  under the same key: at least once, never as another" \
	[ "$(keys | uniq | wc -l)" = 14 ]
run log verify --db desk.db
result "  the log is whole" is 0 . ''

# ---- a full disk, a store that cannot be written ----

mkdir small
if mount -t tmpfs -o size=6m tmpfs small 2>/dev/null; then
	store=small/desk.db
	contact >/dev/null
	make 2
	head -c 6m /dev/zero >small/fill 2>/dev/null
	before=$(mails)
	v notices send "${mail[@]}" >out 2>err
	status=$?
	result "a full disk: nothing leaves that cannot be noted" [ "$(mails)" = "$before" ]
	result "  a clear word" is 3 '' 'the disk is full'
	# shellcheck disable=SC2046	# words are meant
	run incident notify 1 --to them $(db) "${mail[@]}" --again
	result "  no draft either" is 3 '' 'the disk is full'
	rm small/fill
	result "  nothing was lost" [ "$(states approved)" = 2 ]
	v notices send "${mail[@]}" >/dev/null 2>&1
	result "  with room again both are sent, once" \
		[ "$(states sent) $(($(mails) - before))" = "2 2" ]
	make 1
	before=$(mails)
	sync
	mount -o remount,ro small
	v notices send "${mail[@]}" >out 2>err
	status=$?
	result "a store that cannot be written: nothing leaves" [ "$(mails)" = "$before" ]
	result "  a clear word" is 3 '' 'Read-only file system'
	result "  one sentence" sentences 1
	mount -o remount,rw small
	v notices send "${mail[@]}" >/dev/null 2>&1
	result "  afterwards it is sent" [ $(($(mails) - before)) = 1 ]
	umount small
else
	skip "a full disk, a read-only store" "nothing can be mounted here"
fi
store=desk.db

# ---- a webhook, signed with the key of the log ----

if command -v openssl >/dev/null; then
	# shellcheck disable=SC2046	# words are meant
	run log key desk.key $(db)
	"$vedette" log key other.key >/dev/null
	v contacts add hook --name Hook --role operator --covers hook.example --prefers webhook \
		--webhook "http://127.0.0.1:$http/in" --cleared 'TLP:AMBER PAP:GREEN' >/dev/null
	number=$(v incident open --title Odd --subject hook.example \
		--label 'TLP:GREEN PAP:GREEN' | sed -n 's/^Incident \([0-9]*\):.*/\1/p')
	v incident notify "$number" --to hook "${mail[@]}" --approve --key desk.key >/dev/null
	v notices send --key desk.key --hook-private >out 2>err
	status=$?
	result "a webhook signed with Ed25519 is taken" is 0 ': was sent' ''
	v log export >log.jsonl
	signer=$(sed -n 's/.*"signer":"\([0-9a-f]\{64\}\)".*/\1/p' log.jsonl | tail -1)
	python3 - "$signer" <<'PY'
import glob, json, sys
name = max(glob.glob("spool/*.json"), key=lambda n: int(n.split("/")[1][:-5]))
body = open(name, "rb").read()
headers = json.load(open(name[:-4] + "headers"))
kind, _, signature = headers["vedette-signature"].partition("=")
assert kind == "ed25519", kind
signed = headers["vedette-time"].encode() + b"." + body
open("signed", "wb").write(signed)
open("changed", "wb").write(signed[:-1] + b" ")
open("signature", "wb").write(bytes.fromhex(signature))
open("public", "wb").write(bytes.fromhex("302a300506032b6570032100" + sys.argv[1]))
PY
	good() { openssl pkeyutl -verify -pubin -keyform DER -inkey public -rawin -in "$1" \
		-sigfile signature >/dev/null 2>&1; }
	result "  openssl finds the signature good, by the key of the log" good signed
	result "  and that of a changed body not" not good changed
else
	skip "a signed webhook" "openssl checks it"
fi
tap_end
