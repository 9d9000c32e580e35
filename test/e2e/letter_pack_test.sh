#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# letter_pack_test.sh - evidence packs with letters: attached as far as there is room, else
# named with the hash that `vedette pack` gives; never of what the recipient may not have.
#
# Usage: letter_pack_test.sh PATH-OF-VEDETTE
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

db=(--db desk.db --author ana)
"$vedette" observe --db desk.db "$demo" >/dev/null 2>&1
run incident group "${db[@]}"
run contacts add reg "${db[@]}" --name Registrar --role registrar --covers . \
	--mail a@reg.example --cleared 'TLP:AMBER PAP:AMBER'
letter() { run incident notify 1 --to reg "${db[@]}" --mail-from desk@us.example "$@"; }
# The parts of the dry run's message as files in parts/, its text in text.
parts() {
	rm -rf parts && mkdir parts
	python3 - "$1" <<'PY'
import email, email.policy, sys
octets = open(sys.argv[1], "rb").read()
octets = octets[octets.index(b"\n\n") + 2:]
m = email.message_from_bytes(octets, policy=email.policy.default)
open("text", "w").write(m.get_body(("plain",)).get_content())
for p in m.iter_attachments():
	body = p.get_content()
	body = body.encode() if isinstance(body, str) else body
	open("parts/" + p.get_filename(), "wb").write(body)
PY
}
hash_of() { sha256sum "$1" | cut -c1-64; }

letter --dry-run --raw
result "a dry run names what is attached" \
	grep -qa '^Attached: [0-9a-f]*\.vedette (.*), [0-9]* oct' out
parts out
pack=$(ls parts/*.vedette)
result "  an evidence pack goes with it" [ -s "$pack" ]
result "  whose hash the letter names" grep -q "(SHA-256 $(hash_of "$pack"))" text
result "  beside XARF" [ -s parts/xarf.json ]
run replay "$pack"
result "  the recipient judges it again without us" is 0 '^replay +the same rule reaches' ''
name=${pack##*/}
id=${name%.vedette}
result "numbers in sentences stay as they are" not grep -q '[0-9]\[\.\][0-9]' text

letter --dry-run --raw --attach 1k
parts out
result "a pack without room is not attached" not ls parts/*.vedette 2>/dev/null
"$vedette" pack "$id" -o again.vedette --db desk.db >/dev/null
result "  but named, with the hash that 'vedette pack' gives" grep -q \
	"$name .*SHA-256 $(hash_of again.vedette)" text
result "  and how to ask for it" grep -q 'ask for it with \[VD-1\]' text
for language in es fr; do
	letter --dry-run --raw --attach 0 --language $language
	parts out
	result "  in $language" grep -q "$name .*SHA-256" text
done

letter --approve
result "what is approved is what was shown" is 0 'approved' ''

# ---- labels ----

full=$("$vedette" findings --db desk.db --json | grep -o "\"id\":\"${id}[0-9a-f]*" | cut -c7-)
run incident label 1 red --member "$full" "${db[@]}"
letter --again --dry-run --raw
result "raised to RED: refused" is 2 '' 'is marked stricter'
result "  without its pack" not grep -qa "$id.vedette" out
run incident open "${db[@]}" --title Other --subject other.example --label 'TLP:GREEN PAP:GREEN'
run incident show 1 "${db[@]}" --json
run incident notify 1 --to reg "${db[@]}" --mail-from desk@us.example --again --dry-run \
	--raw --redacted
result "redacted: nothing of it either" not grep -qa "$id" out

# ---- by webhook ----

run contacts add hook "${db[@]}" --name Hook --role operator --covers . --prefers webhook \
	--webhook https://hook.example/in --cleared 'TLP:AMBER PAP:AMBER'
run incident notify 3 --to hook "${db[@]}" --mail-from desk@us.example --dry-run --raw
sed '1,/^$/d' out >body
result "a webhook has the files in its body" python3 - <<'PY'
import base64, hashlib, json
files = json.load(open("body"))["files"]
assert any(f["name"].endswith(".vedette") for f in files), files
for f in files:
	assert hashlib.sha256(base64.b64decode(f["base64"])).hexdigest() == f["sha256"]
PY

# ---- who is attacked, and a fault that audits find again ----

cat >gal.zone <<'ZONE'
$ORIGIN gal.
$TTL 3600
@ SOA ns1.nic hostmaster 1 7200 900 1209600 3600
@ NS ns1.nic
@ NS ns2.nic
nic NS ns1.nic
nic NS ns2.nic
ns1.nic A 9.9.9.9
ns2.nic A 149.112.112.112
lame NS ns.lame
ZONE
for day in 10 11 12; do
	"$vedette" verify zone gal.zone --db gal.db --at "2026-11-${day}T10:00:00Z" >/dev/null 2>&1
	run incident group --db gal.db --author ana
done
run contacts add reg --db gal.db --author ana --name Registrar --role registrar --covers gal \
	--mail a@reg.example --cleared 'TLP:AMBER PAP:AMBER'
run incident notify 1 --role registrar --db gal.db --author ana --mail-from desk@us.example \
	--dry-run --raw
parts out
result "a fault is no abuse" not grep -qi 'abuse' text
result "  and goes without XARF" not [ -e parts/xarf.json ]
result "  it is told once, from the first day on" \
	[ "$(grep -c '2026-11-10 10:00 UTC to 2026-11-12 10:00 UTC' text)" = \
	"$(grep -c '^- lame' text)" ]
result "  as often as it has rules" [ "$(grep -c '^- lame' text)" = 2 ]
result "  with one pack each" [ "$(find parts -name '*.vedette' | wc -l)" = 2 ]
flood=$("$vedette" incident list "${db[@]}" --json |
	sed -n 's/^{"number":\([0-9]*\),.*"family":"nxstorm".*/\1/p')
run incident notify "$flood" --to reg "${db[@]}" --mail-from desk@us.example --dry-run --raw
parts out
result "who is attacked is not said to be used for abuse" not grep -qi 'abuse' text
result "  but to be the target" grep -q 'under attack' text
run incident notify "$flood" --to reg --letter first-registrar "${db[@]}" \
	--mail-from desk@us.example --dry-run --raw
result "  and no other first letter is written" is 2 '' "the letter for it is 'first-victim'"
tap_end
