#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# dnssec_signers_test.sh - zones that the signers of others made must be found sound, for every
# algorithm, with NSEC and NSEC3, and with all record types whose names are written in lower
# case for signing; a changed record in them must be found.
#
# Usage: dnssec_signers_test.sh PATH-OF-VEDETTE. Each signer that is not installed is skipped.
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

at=1800000000 from=20270114080000 until=20270214080000	# 2027-01-15
cat >plain <<'EOZ'
$ORIGIN Example.
$TTL 300
@ SOA NS1 Mail 1 7200 3600 1209600 300
@ NS NS1
@ MX 10 MX.Example.
@ CAA 0 issue "ca.test"
@ NAPTR 1 2 "S" "SIP+D2U" "" SIP.Example.
ns1 A 192.0.2.1
ns1 AAAA 2001:db8::1
MIXED A 192.0.2.9
mixed A 192.0.2.2
mixed TXT "Case Stays" "two"
srv SRV 1 2 3 Host.Example.
rp RP Mail.Example. Txt.Example.
afs AFSDB 1 AFS.Example.
kx KX 1 KX.Example.
ptr PTR Host.Example.
cname CNAME Host.Example.
dname DNAME Other.Test.
svc SVCB 1 Host.Example. alpn=h2
https HTTPS 1 . alpn=h3
host.of.empty A 192.0.2.3
*.wild TXT "any"
tlsa TLSA 3 1 1 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
sshfp SSHFP 4 2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
odd TYPE65280 \# 4 01020304
sub NS NS.Sub
sub DS 1 13 2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
ns.sub A 192.0.2.4
insecure NS ns.other.test.
deep.far NS ns.other.test.
EOZ

# sound NAME FILE: no finding above "low", and one when a record is changed
sound() {
	local serious
	run verify zone "$2" --origin example --only dnssec --at "$at" --json
	serious=$(grep -c '"severity":"\(medium\|high\|critical\)"' out)
	[ "$serious" = 0 ] || cat out
	result "$1 is sound" [ "$serious" = 0 ]
	result "  and was verified" grep -q '"dnssec.checked"' out
	sed 's/192\.0\.2\.2$/192.0.2.77/' "$2" >changed
	run verify zone changed --origin example --only dnssec --at "$at" --json
	result "  and a changed address is found" grep -q '"dnssec.signature-bad".*mixed' out
}

have() { command -v "$1" >/dev/null; }

# ---- BIND ----
bind_zone() { # NAME ALGORITHM SIGNZONE-ARGS...
	local name=$1 algorithm=$2
	shift 2
	mkdir -p keys && rm -f keys/*
	dnssec-keygen -q -K keys -a "$algorithm" -f KSK example >/dev/null 2>&1 &&
		dnssec-keygen -q -K keys -a "$algorithm" example >/dev/null 2>&1 &&
		dnssec-signzone -q -P -K keys -S -o example -s $from -e $until -O full "$@" \
			-f signed plain >/dev/null 2>log ||
		{ cat log; skip "$name" "it cannot sign so"; return; }
	sound "$name" signed
}
if have dnssec-signzone && have dnssec-keygen; then
	bind_zone "BIND, RSASHA256, NSEC" RSASHA256
	bind_zone "BIND, ECDSAP256SHA256, NSEC3" ECDSAP256SHA256 -3 -
	bind_zone "BIND, ECDSAP384SHA384, NSEC3 with opt-out" ECDSAP384SHA384 -3 - -A
	bind_zone "BIND, ED25519, NSEC" ED25519
	bind_zone "BIND, ED448, NSEC3" ED448 -3 -
else
	skip "BIND" "dnssec-signzone is not installed"
fi

# ---- ldns ----
ldns_zone() { # NAME ALGORITHM SIGNZONE-ARGS...
	local name=$1 ksk zsk
	ksk=$(ldns-keygen -k -a "$2" -b 2048 example 2>log) &&
		zsk=$(ldns-keygen -a "$2" -b 2048 example 2>log) &&
		ldns-signzone -o example -i $from -e $until "${@:3}" -f signed plain "$ksk" "$zsk" \
			>log 2>&1 || { cat log; skip "$name" "it cannot sign so"; return; }
	sound "$name" signed
}
if have ldns-signzone && have ldns-keygen; then
	ldns_zone "ldns, RSASHA512, NSEC" RSASHA512
	ldns_zone "ldns, ECDSAP256SHA256, NSEC3" ECDSAP256SHA256 -n -t 0
	ldns_zone "ldns, ECDSAP256SHA256, NSEC3 with opt-out" ECDSAP256SHA256 -n -t 0 -p
	ldns_zone "ldns, ECDSAP384SHA384, ZONEMD" ECDSAP384SHA384 -z 1:1
	run verify zone signed --origin example --only dnssec --at "$at" --json
	result "  ldns's ZONEMD is right" grep -q '"dnssec.zonemd-good"' out
else
	skip "ldns" "ldns-signzone is not installed"
fi

# ---- Knot DNS ----
if have kzonesign; then
	mkdir -p knot/zones && cp plain knot/zones/example.zone
	cat >knot.conf <<-EOF
		policy:
		  - id: p
		    algorithm: ecdsap256sha256
		    nsec3: on
		    nsec3-salt-length: 0
		    rrsig-lifetime: 30d
		template:
		  - id: default
		    storage: "$work/knot/zones"
		    file: "$work/knot/zones/example.zone"
		zone:
		  - domain: example
		    dnssec-signing: on
		    dnssec-policy: p
	EOF
	if kzonesign -c knot.conf -o "$work" example >log 2>&1; then
		cp "$(find "$work" -maxdepth 1 -name 'example*zone' | head -n 1)" signed
		at=$(date +%s)
		sound "Knot DNS, ECDSAP256SHA256, NSEC3" signed
	else
		cat log
		skip "Knot DNS" "kzonesign does not run here"
	fi
else
	skip "Knot DNS" "kzonesign is not installed"
fi
tap_end
