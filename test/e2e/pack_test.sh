#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# pack_test.sh - `vedette pack` and `vedette replay`: the verdict of every finding is
# reached again by a stranger, offline; whatever is changed in a pack is noticed.
#
# Usage: pack_test.sh PATH-OF-VEDETTE. What needs tshark, or namespaces, is skipped
# where they are not to be had.
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"
packs() { python3 "$here/packs.py" "$@"; }

run observe --db a.db --json "$demo"
cp out observed
run observe --db all.db --evidence 512 --json "$demo"
[ "$(ids observed | wc -l)" -ge 6 ] || { echo "Bail out! too few findings"; exit 1; }

# id_of RULE: of its first finding
id_of() { sed -n 's/^{"id":"\([0-9a-f]*\)","rule":"'"$1"'".*/\1/p' observed | head -1; }

# ---- a secret of one's own ----

key_in() { # PACK: the key that its summary begins with, behind "VJ2" and the day
	rm -rf k && mkdir k && tar -C k -xf "$1" && python3 -c '
import base64, json
is_ = json.load(open("k/finding.json", encoding="utf-8"))
print(base64.b64decode(is_["summary"])[4:12].hex())'
}
xzcat "$demo" >plain.pcap
for secret in ours theirs; do
	run observe --db "$secret.db" --json --hash-key "$secret" plain.pcap
	run pack "$(ids out | head -1)" --db "$secret.db" -o "$secret.vedette"
	run replay "$secret.vedette"
	result "with a secret of one's own ($secret) the verdict is reached again" \
		is 0 '^replay +the same rule reaches the same finding' ''
done
run observe --db again.db --json --hash-key ours plain.pcap
run pack "$(ids out | head -1)" --db again.db -o again.vedette
ours=$(key_in ours.vedette)
result "  the same capture has the same key" [ "$ours" = "$(key_in again.vedette)" -a -n "$ours" ]
result "  which another secret has not" [ "$ours" != "$(key_in theirs.vedette)" ]
# The same packets with another snap length in the file's head are another capture.
{ head -c 16 plain.pcap; printf '\377\377\003\0'; tail -c +21 plain.pcap; } >other.pcap
run observe --db other.db --json --hash-key ours other.pcap
run pack "$(ids out | head -1)" --db other.db -o other.vedette
result "  nor another capture" [ "$ours" != "$(key_in other.vedette)" -a "$status" -eq 0 ]

# ---- every finding ----

while read -r id; do
	rule=$(sed -n 's/^{"id":"'"$id"'","rule":"\([^"]*\)".*/\1/p' observed)
	run pack "$id" --db a.db -o "$rule.vedette"
	result "pack of $rule" \
		is 0 "^$rule\.vedette: $rule about .*, 64 messages, [0-9]+ octets$" ''
	run replay "$rule.vedette"
	result "  replay: the same verdict" \
		is 0 '^replay +the same rule reaches the same finding' ''
	result "  every message belongs to it" \
		grep -q '^messages 64 of .* part of what was judged$' out
	result "  the finding is told" grep -q "^finding  $id\$" out
	rm -rf x && mkdir x && tar -C x -xf "$rule.vedette"
	result "  sha256sum agrees" \
		sh -c 'cd x && sha256sum --quiet --strict -c MANIFEST.sha256'
	result "  finding.json is what observe printed" \
		cmp -s <(grep "^{\"id\":\"$id\"" observed) \
		<(cat x/finding.json; echo)
	result "  the store's own octets: each message has its hash" \
		cmp -s <(sha256sum x/evidence/*.msg | cut -d' ' -f1) \
		<(grep -o '"evidence":\[[^]]*' x/finding.json | grep -oE '[0-9a-f]{64}')
	if command -v tshark >/dev/null; then
		tshark -r x/messages.pcap -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE \
			-o tcp.check_checksum:TRUE -T fields -e dns.id -e _ws.malformed \
			-e ip.checksum.status -e udp.checksum.status -e tcp.checksum.status \
			>dissected 2>tshark.err
		result "  tshark reads 64 DNS messages" \
			[ "$(grep -c '^0x' dissected)" -eq 64 ]
		result "  with good checksums, none malformed" \
			not grep -qvP '^0x[0-9a-f]{4}(,0x[0-9a-f]{4})*\t\t1?\t1?\t1?$' dissected
	else
		skip "  tshark reads 64 DNS messages" "tshark is not installed"
	fi
	run pack "$id" --db all.db -o many.vedette
	run replay many.vedette
	result "  with 512 messages" is 0 '^messages 512 of .* part of what was judged$' ''
done < <(ids observed)

id=$(id_of tunnel.data)
run pack "$id" --db a.db
result "without a name it is named by its id" is 0 "^${id:0:12}\.vedette: " ''
result "  and the same octets every time" cmp -s tunnel.data.vedette "${id:0:12}.vedette"
run pack "${id:0:8}" --db a.db -o again.vedette
result "the first digits are enough" cmp -s tunnel.data.vedette again.vedette
run observe --json --db c.db "$demo" --only tunnel
run pack "$id" --db c.db -o again.vedette
result "another store of the same capture: the same octets" \
	cmp -s tunnel.data.vedette again.vedette

# A short capture: all messages are kept, and they alone must lead to the finding.
python3 "$here/capture.py" hostile hostile.pcap 'a<b>\x1b[31m.com' 200
run observe --db h.db --evidence 512 --json hostile.pcap
cp out hostile
run pack "$(ids hostile | head -1)" --db h.db -o hostile.vedette
run replay hostile.vedette
result "all messages kept: they alone lead to it" \
	is 0 '^messages all were kept, and they alone' ''
result "  nothing of a hostile name acts" not grep -qP '[^\x09\x0a\x20-\x7e]' out
rm -rf x && mkdir x && tar -C x -xf hostile.vedette
result "  nor in the pack's texts" \
	not grep -qP '[^\x09\x0a\x20-\x7e]' x/README.txt x/finding.json
run observe --db e.db --evidence 0 --json "$demo"
run pack "$id" --db e.db -o none.vedette
result "no messages kept" is 0 ', 0 messages,' ''
run replay none.vedette
result "  the summary alone reaches the verdict" \
	is 0 '^replay +the same rule reaches the same' ''

# ---- offline ----

offline=(unshare --map-root-user --mount --net)
# shellcheck disable=SC2016	# the dollars are for the shell inside
hide='mount -t tmpfs none /usr/share/publicsuffix && mount -t tmpfs none "$1" &&
	shift && exec "$@"'
if "${offline[@]}" sh -c "$hide" sh /mnt true 2>/dev/null; then
	mkdir store && mv a.db store
	"${offline[@]}" sh -c "$hide" sh "$work/store" env -i "$vedette" replay \
		tunnel.data.vedette >out 2>err </dev/null
	status=$?
	result "no network, no public suffix list, no store, no environment" \
		is 0 '^replay +the same' ''
	mv store/a.db .
else
	skip "no network, no public suffix list, no store" "namespaces are not allowed here"
fi
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	ASAN_OPTIONS=detect_leaks=0 strace -f -e trace=openat,open,socket,connect -o calls \
		"$vedette" replay tunnel.data.vedette >out 2>err </dev/null
	status=$?
	result "replay under strace" is 0 '^replay +the same' ''
	result "  opens no list, no store and no socket" \
		not grep -E 'publicsuffix|\.db|socket\(|connect\(' calls
else
	skip "what replay opens" "strace is not installed or not allowed"
fi

# ---- what is no pack ----

run replay /dev/null
result "/dev/null" is 3 '^pack ' '^vedette: /dev/null: this cannot be replayed$'
run replay "$demo"
result "a capture" is 3 '^pack +this is no evidence pack' 'cannot be replayed'
run replay "$vedette"
result "a program" is 3 '^pack ' 'cannot be replayed'
run replay a.db
result "a store" is 3 '^pack ' 'cannot be replayed'
gzip -k tunnel.data.vedette
run replay tunnel.data.vedette.gz
result "a packed pack" is 3 '^pack ' 'cannot be replayed'
run replay missing.vedette
result "a missing file" is 3 '' '^vedette: missing.vedette: No such file'
run replay /
result "a folder" is 3 '^pack +Is a directory$' '^vedette: /: this cannot be replayed$'
run replay
result "no file" is 2 '' "write 'vedette replay FILE...'"
run replay tunnel.data.vedette /dev/null dga.client.vedette
result "a bad one among good ones: status 3" \
	is 3 '^replay +the same' '^vedette: /dev/null: '
result "  the good ones are replayed" [ "$(grep -c '^replay .*the same' out)" -eq 2 ]

packs bomb bomb.vedette
run replay bomb.vedette
result "gigabytes in a few kilobytes" is 3 '^pack +one of its files is broken or too long$' \
	'cannot be replayed'
timeout 60 "$vedette" replay /dev/zero >out 2>err
status=$?
result "a file without an end" is 3 '^pack +it is too long$' 'cannot be replayed'

# ---- what was changed ----

result "300 changed octets, one at a time: each is noticed" \
	packs flips "$vedette" tunnel.data.vedette 300
result "60 changed octets of a pack of IPv6, TCP and large messages" \
	packs flips "$vedette" reflection.victim.vedette 60
result "cut off at 40 places: each is noticed" packs cuts "$vedette" tunnel.data.vedette 40
cp tunnel.data.vedette long.vedette
printf '\0' >>long.vedette
run replay long.vedette
result "an octet more" is 3 '^pack +it was changed' 'cannot be replayed'
cat tunnel.data.vedette dga.client.vedette >long.vedette
run replay long.vedette
result "two packs in one" is 3 '^pack ' 'cannot be replayed'

mapfile -t members < <(packs list tunnel.data.vedette | cut -d' ' -f1)
packs again tunnel.data.vedette more.vedette "${members[@]}" more.txt
run replay more.vedette
result "a member more, with a manifest that names it" is 3 '^pack ' 'cannot be replayed'
packs again tunnel.data.vedette more.vedette "${members[@]}" evidence/0001.msg
run replay more.vedette
result "a message twice" is 3 '^pack ' 'cannot be replayed'
packs again tunnel.data.vedette less.vedette "${members[@]:0:2}" "${members[@]:3}"
run replay less.vedette
result "no finding in it" is 3 '^pack ' 'cannot be replayed'
packs again tunnel.data.vedette order.vedette MANIFEST.sha256 finding.json README.txt \
	"${members[@]:3}"
run replay order.vedette
result "another order" is 3 '^pack ' 'cannot be replayed'
rm -rf x && mkdir x && tar -C x -xf tunnel.data.vedette
printf 'hello' >>x/evidence/0001.msg
tar -C x -cf other.vedette "${members[@]}"
run replay other.vedette
result "packed by tar, a message changed" \
	is 3 '^pack +it was changed: .*MANIFEST' 'cannot be replayed'

# ---- lies with a manifest that is right ----

# lie NAME STATUS PATTERN OLD NEW: in finding.json
lie() {
	rm -f lie.vedette
	packs forge tunnel.data.vedette lie.vedette finding.json "$4" "$5"
	run replay lie.vedette
	result "a lie: $1" is "$2" "$3" '^vedette: lie.vedette: '
}
lie "the severity" 1 '^replay +the severity was info and is high' \
	'"severity":"high"' '"severity":"info"'
lie "the confidence" 1 '^replay +the confidence was 59' '"confidence":95' '"confidence":59'
lie "what was measured" 1 '^replay +distinct_names was ' \
	'"distinct_names",("[^"]*":"[^"]*",){2}"value":1' "$(grep -aoE \
	'"distinct_names",("[^"]*":"[^"]*",){2}"value":1' x/finding.json | sed 's/1$/9/')"
lie "a threshold" 1 '^replay +density was ' '"threshold":5.5' '"threshold":1.5'
lie "the sentence" 1 '^replay +the rule says something else: About' \
	'"sentence":"About 1' '"sentence":"About 9'
lie "who did it" 1 '^replay +the rule names others' \
	'"role":"client","name":"192.0.2.77"' '"role":"client","name":"192.0.2.78"'
lie "how much it was" 1 '^replay +the rule names others' 'at most 1' 'at most 9'
lie "what the number means" 1 'something else of what was measured' \
	'by all clients; theirs' 'by one client!; theirs'
lie "how much was read" 1 '^replay +the totals of the window are others' \
	'"frames":50935' '"frames":90935'
lie "how many messages there were" 1 '^replay +there were 3644 messages' \
	'"evidence_all":3644' '"evidence_all":9644'
lie "the rule" \
	3 '^pack +its finding is .*\(id\)' '"rule":"tunnel.data"' '"rule":"tunnel.dada"'
lie "the subject" 3 '^pack +its finding is .*\(id\)' \
	'"subject":"invented-relay.net"' '"subject":"imvented-relay.net"'
lie "the version of the rule" \
	3 '^pack +its finding is' '"rule_version":3' '"rule_version":9'
lie "a key that is not known" 3 '^pack +its finding is .*\(odd\)' '"lost":0' '"odd": 0'
lie "a message that it does not name" 3 '^pack +a message in it does not belong' \
	'"evidence":\["[0-9a-f]{8}' '"evidence":["00000000'
lie "the summary" \
	3 '^replay +the finding carries no summary' '"summary":"Vkoy' '"summary":"AAAA'
result "40 other summaries do no harm" packs deep "$vedette" tunnel.data.vedette 40
packs forge tunnel.data.vedette lie.vedette README.txt 'Evidence pack' 'Evidence PACK'
run replay lie.vedette
result "a lie: another read-me" is 3 '^pack +it was changed: the archive is not' 'cannot be'

# ---- pack itself ----

run pack
result "pack: no id" is 2 '' "write 'vedette pack ID'"
run pack "$id"
result "pack: no store" is 2 '' 'Write --db FILE'
run pack "$id" --db missing.db
result "pack: no such store" is 3 '' 'No such file'
run pack 00000000 --db a.db
result "pack: no such finding" is 2 '' 'no finding whose id begins with'
run pack "$id" --db a.db -o /nowhere/x
result "pack: a folder that is not there" \
	is 4 '' '/nowhere/x: the pack cannot be written: No such'
printf 'precious' >kept
(
	ulimit -f 64
	"$vedette" pack "$id" --db a.db -o kept >out 2>err
	echo $? >status
)
status=$(cat status)
result "pack: no room" is 4 '' '^vedette: kept: the pack cannot be written: '
result "  the old file is as it was" grep -qx precious kept
result "  nothing is left beside it" [ ! -e kept.part ]

tap_end
