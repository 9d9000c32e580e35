#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# proof_test.sh - `vedette incident proof`: what it writes is checked by a program that knows
# nothing of Vedette, which finds changed octets; the label holds.
#
# Usage: proof_test.sh PATH-OF-VEDETTE
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

python3 -c 'import secrets; print(secrets.token_hex(32))' >key && chmod 600 key
db=(--db desk.db --author ana --key key)
run contacts add cnmc "${db[@]}" --name Regulator --role regulator --mail x@cnmc.example \
	--cleared 'TLP:AMBER PAP:AMBER'
run contacts add press "${db[@]}" --name Press --role reporter --mail x@press.example
run incident open "${db[@]}" --title 'A first' --subject a.example --label TLP:AMBER
run incident open "${db[@]}" --title 'SECRET OTHER' --subject other.example
run incident notify 1 --to cnmc --letter regulator-warning "${db[@]}" \
	--mail-from desk@us.example --approve
run incident state 1 triaged "${db[@]}"
run incident title 2 'SECRET TITLE' "${db[@]}"
run incident state 1 confirmed "${db[@]}"

run incident proof 1 --to cnmc -o proof "${db[@]}"
result "a proof is made, and a page printed" is 0 'Record of incident 1' ''
result "  the log says so" grep -q 'proof.made' <(python3 -c '
import sqlite3
for row in sqlite3.connect("desk.db").execute("SELECT kind FROM event"): print(*row)')
check() { python3 "$source/tools/check-proof" "$@" >checked; }
result "  a program without Vedette finds it well" check proof
result "  and what was sent is in it" grep -q 'as they went out' checked
result "  nothing of others" not grep -q 'SECRET\|other.example' proof out
signer=$(tail -1 proof | sed 's/.*"signer":"\([0-9a-f]*\)".*/\1/')
result "  it is signed" check proof "$signer"
result "  with that key and no other" not check proof "${signer//[0-7]/0}"

# Each line without one octet, and with one changed, and left out, and two exchanged.
python3 - "$source/tools/check-proof" <<'PY' && well=true || well=false
import json, random, subprocess, sys
octets = open("proof", "rb").read()
lines = octets.splitlines(keepends=True)
random.seed(1)
def caught(name, changed):
	open("changed", "wb").write(changed)
	done = subprocess.run([sys.executable, sys.argv[1], "changed"], capture_output=True)
	if done.returncode != 1 or b"WRONG" not in done.stdout:
		sys.exit(f"{name}: not caught: {done.stdout[-300:]} {done.stderr[-300:]}")
at = 0
for n, line in enumerate(lines[:-1]):
	caught(f"line {n} left out", b"".join(lines[:n] + lines[n + 1:]))
	i = at + random.randrange(len(line) - 1)
	caught(f"octet {i}", octets[:i] + bytes([octets[i] ^ 1]) + octets[i + 1:])
	at += len(line)
caught("cut off", octets[:-200])
# A forger who seals anew is found by the chain, and by the key.
import hashlib
def seal(some):
	body = b"".join(some)
	last = json.dumps({"seal": hashlib.sha256(body).hexdigest(), "signature": "",
		"signer": ""}).encode()
	return body + last + b"\n"
for n in range(2, len(lines) - 2):
	if b'"event"' in lines[n] and b'"event"' in lines[n + 1] or b"between" in lines[n]:
		caught(f"line {n} left out, sealed anew", seal(lines[:n] + lines[n + 1:-1]))
	if b'"event"' in lines[n]:
		caught(f"line {n} changed, sealed anew", seal(lines[:n] +
			[lines[n].replace(b'"ana"', b'"bob"')] + lines[n + 1:-1]))
PY
result "changed octets, missing lines, forged seals are found" "$well"

run incident proof 1 --to press -o no "${db[@]}"
result "who may not know gets none" is 2 '' 'may not have'
result "  and no file" [ ! -e no ]
result "  the refusal is in the log" grep -q 'gate.refused' <(python3 -c '
import sqlite3
for row in sqlite3.connect("desk.db").execute("SELECT kind FROM event"): print(*row)')

run incident note 1 'kept apart' --apart --label 'TLP:RED PAP:RED' "${db[@]}"
run incident proof 1 -o own "${db[@]}"
result "one's own has a note kept apart, and is marked as strictly" \
	[ "$(grep -c 'kept apart\|^{"proof".*"marking":"TLP:RED PAP:RED"' own)" = 2 ]
result "  on the page, too" grep -q '^Record of incident 1 (TLP:RED PAP:RED)' out
result "  and checks" check own "$signer"

# ---- what was not signed yet, and what should have been ----

early=(--db early.db --author ana)
run incident open "${early[@]}" --title 'Without a key' --subject a.example
run incident state 1 triaged "${early[@]}"
run incident state 1 confirmed "${early[@]}" --key key
run incident proof 1 -o later "${early[@]}" --key key
result "events before the first signed one are no fault" check later "$signer"
result "  and are counted" grep -q '^Not signed: [0-9]* before event [0-9]*' checked
run incident note 1 'forgotten' "${early[@]}"
run incident proof 1 -o mixed "${early[@]}" --key key
result "one after it is" not check mixed "$signer"
result "  in the words of the log" \
	grep -q '^WRONG: event [0-9]* .incident.note. is not signed, though events before' checked
run log verify "${early[@]}" --signer "$signer"
result "  which says the same" is 1 '' 'it is not signed, though events before it are'
run incident proof 1 -o unsealed "${early[@]}"
result "a seal that nobody signed" not check unsealed "$signer"
result "  is told" grep -q '^WRONG: the seal is not signed' checked
result "  without a key it is no fault" check unsealed
check --help
result "help is a page" grep -q 'PUBLIC-KEY (64 hex' checked
check none 2>err
result "a file that is not there is 2" [ $? -eq 2 ]
check proof abc 2>err
result "and so is a key that is none" [ $? -eq 2 ]

# ---- redacted ----

"$vedette" observe --db desk.db "$demo" >/dev/null 2>&1
finding=$("$vedette" findings --db desk.db --json | sed -n 's/^{"id":"\([0-9a-f]*\)".*/\1/p' |
	head -1)
run contacts add cert "${db[@]}" --name CERT --role cert --mail x@cert.example \
	--cleared 'TLP:AMBER PAP:AMBER'
run incident open "$finding" "${db[@]}" --title 'SECRET TITLE OF IT'
run incident notify 3 --to cert "${db[@]}" --mail-from desk@us.example --approve
run incident note 3 'the SECRET SOURCE' --label 'TLP:RED PAP:RED' "${db[@]}"
run incident state 3 confirmed --reason 'SECRET WORD' "${db[@]}"
run incident proof 3 --to cert -o no "${db[@]}"
result "one that became too strict is refused" is 2 '' '--redacted leaves it out'
run incident proof 3 --to cert --redacted -o redacted "${db[@]}"
result "  and given redacted" is 0 'events about it are withheld: they are marked up to TLP:RED' ''
result "  not a word of what is withheld" not grep -qa SECRET redacted out
result "  it checks offline, and says what is withheld" check redacted "$signer"
result "  in numbers" grep -q '^Well: 2 events and [0-9]* withheld' checked
result "  with what was told to them" grep -q 'as they went out' checked
python3 - <<'PY'
import base64, hashlib, json
octets = open("redacted", "rb").read()
lines = octets.splitlines(keepends=True)
def seal(name, some):
	body = b"".join(some)
	last = {"seal": hashlib.sha256(body).hexdigest(), "signature": "", "signer": ""}
	open(name, "wb").write(body + json.dumps(last).encode() + b"\n")
at = next(i for i, l in enumerate(lines) if b'"withheld"' in l)
line = json.loads(lines[at])
line["withheld"].append(9999)
seal("more", lines[:at] + [json.dumps(line).encode() + b"\n"] + lines[at + 1:-1])
line = json.loads(next(l for l in lines if b'"between"' in l))
line["between"][-1] = "0" * 64
seal("other", [json.dumps(line).encode() + b"\n" if b'"from":%d' % line["from"] in l else l
	for l in lines[:-1]])
PY
result "  one too many is found" not check more
result "  a changed hash before an event is found" not check other
run incident proof 3 --to press --redacted -o no "${db[@]}"
result "who was told nothing gets none" is 2 '' "nothing of incident 3 .* is left that 'press'"
run incident proof 99 -o no "${db[@]}"
result "an incident that is not there" is 2 '' 'there is no incident 99'
tap_end
