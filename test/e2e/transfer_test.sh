#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# transfer_test.sh - `vedette verify zone axfr:NAME@SERVER`: a zone that a server gives is
# audited like its file; servers that lie, stop or refuse are told and nothing of theirs is
# used. Signed transfers from Knot DNS and BIND, where they are installed.
#
# Usage: transfer_test.sh PATH-OF-VEDETTE. Only the loopback is used.
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"
only='--only structure --at 20260101'

# ask KIND ARGS...: an audit of what a server of our own sends
ask() {
	local kind=$1
	shift
	rm -f port
	python3 "$here/transfers.py" port "$kind" &
	children+=($!)
	soon [ -s port ]
	# shellcheck disable=SC2086	# several words
	run verify zone $only --json "axfr:example@127.0.0.1:$(cat port)" "$@"
}

ask one
result "a zone in one message" is 0 '"name":"zone.records","class":"part","value":5,' ''
ask many
result "a zone in many" is 0 '"name":"zone.records","class":"part","value":5005,' ''
ask outside
result "what is wrong with it is told by record" is 1 '"rule":"structure.outside".*"line":6' ''
declare -A says=(
	[id]='no answer to the question' [query]='no answer to the question'
	[truncated]='no answer to the question' [question]='answers another question'
	[refused]='answers REFUSED: it does not give the zone' [empty]='holds no record'
	[first]='first record is not the zone.s SOA' [changed]='changed while it was sent'
	[after]='records follow the SOA record' [class]='of another class'
	[noise]='no DNS message' [short]='no DNS message' [loop]='no DNS message'
)
for kind in "${!says[@]}"; do
	ask "$kind"
	result "$kind" is 3 "\"rule\":\"zone.unreadable\".*${says[$kind]}" ''
	result "  nothing of it is used" [ "$(findings out | wc -l)" -eq 1 ]
done
ask cut
result "a connection that ends too early" is 3 '"rule":"zone.truncated"' ''
ask large --memory 1M
result "a zone that is too large" is 3 '"rule":"zone.limit"' ''

run verify zone axfr:example@127.0.0.1:1
result "nobody there" is 3 '' '^vedette: 127\.0\.0\.1 port 1: no connection: Connection refused$'
for wrong in axfr: axfr:example axfr:@127.0.0.1 axfr:example@ axfr:example@127.0.0.1:x \
	axfr:example@127.0.0.1:99999 'axfr:example@[::1' axfr:..@127.0.0.1; do
	run verify zone "$wrong"
	result "$wrong" is 2 '' 'is no transfer; write axfr:NAME@SERVER'
done
run verify zone axfr:example@127.0.0.1:1#key
result "a key without a file" is 2 '' 'stands in which file\? Write --tsig-file FILE'
echo 'key "a" { algorithm hmac-sha256; secret "AAAA"; }' >bad.keys
run verify zone axfr:example@127.0.0.1:1#a --tsig-file bad.keys
result "a file of keys without its end" is 3 '' 'is no file of keys'

# ---- servers ----

secret=c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0ISE=
cat >keys <<-EOF
	// a comment; # another
	key "transfer.example." { algorithm hmac-sha256; secret "$secret"; };
	key other { /* not this one */ secret "b3RoZXItb3RoZXItb3RoZXItb3RoZXIhISE=";
		algorithm hmac-sha512; };
EOF
{
	printf '%s\n' '$ORIGIN example.' '$TTL 3600' \
		'@ SOA ns1 hostmaster 1 7200 900 1209600 3600' '@ NS ns1' '@ NS ns2' \
		'ns1 A 9.9.9.9' 'ns2 A 149.112.112.112'
	for ((i = 0; i < 30000; i++)); do echo "n$i TXT \"some text number $i\""; done
	echo 'a_b A 9.9.9.10'
} >example.zone
# shellcheck disable=SC2086
run verify zone $only --json example.zone
findings out | sed -E 's/"(id|file|line)":("[^"]*"|[0-9]+)//g' >by-file
port=$(python3 -c 'import socket
with socket.create_server(("127.0.0.1", 0)) as s: print(s.getsockname()[1])')

knock() { (: <"/dev/tcp/127.0.0.1/$port"); }
up() { # waits until somebody listens
	soon knock
}
transfers() { # SERVER'S NAME: the cases that each goes through
	local at=axfr:example@127.0.0.1:$port
	# shellcheck disable=SC2086
	{
	run verify zone $only --json "$at#transfer.example" --tsig-file keys
	result "$1: a signed transfer" is 1 '"value":30006,"text":"records of the zone"' ''
	result "  the same findings as from the file" cmp -s by-file \
		<(findings out | sed -E 's/"(id|file|line)":("[^"]*"|[0-9]+)//g')
	run verify zone $only "$at#other" --tsig-file keys
	result "  the wrong key" is 3 'signature \(TSIG\) of message 1|NOTAUTH|REFUSED' ''
	run verify zone $only "$at"
	result "  no key" is 3 'NOTAUTH|REFUSED' ''
	run verify zone $only "axfr:other@127.0.0.1:$port#transfer.example" --tsig-file keys
	result "  another zone" is 3 'the server answers' ''
	}
}

if command -v knotd >/dev/null; then
	cat >knot.conf <<-EOF
		server:
		    rundir: "$work"
		    listen: 127.0.0.1@$port
		key:
		  - id: transfer.example.
		    algorithm: hmac-sha256
		    secret: $secret
		acl:
		  - id: signed
		    key: transfer.example.
		    action: transfer
		database:
		    storage: "$work"
		zone:
		  - domain: example
		    file: "$work/example.zone"
		    acl: signed
	EOF
	knotd -c knot.conf >knot.log 2>&1 &
	knot=$!
	children+=("$knot")
	if up && sleep 1; then
		transfers "Knot DNS"
	else
		skip "Knot DNS" "knotd does not start here"
	fi
	kill "$knot" 2>/dev/null
	wait "$knot" 2>/dev/null
else
	skip "Knot DNS" "knotd is not installed"
fi
if command -v named >/dev/null; then
	cat >named.conf <<-EOF
		options {
			directory "$work"; pid-file "$work/named.pid";
			listen-on-v6 { none; };
			listen-on port $port { 127.0.0.1; }; recursion no;
			check-names primary ignore;
			session-keyfile "$work/session.key"; managed-keys-directory "$work";
			dnssec-validation no;
		};
		controls { };
		key "transfer.example" { algorithm hmac-sha256; secret "$secret"; };
		zone "example" {
			type primary; file "$work/example.zone";
			allow-transfer { key "transfer.example"; };
		};
	EOF
	named -g -c named.conf >named.log 2>&1 &
	named=$!
	children+=("$named")
	if up && sleep 1; then
		transfers BIND
	else
		skip BIND "named does not start here"
	fi
	kill "$named" 2>/dev/null
	wait "$named" 2>/dev/null
else
	skip BIND "named is not installed"
fi
tap_end
