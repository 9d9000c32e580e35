#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# validns_test.sh - the test zones of validns: what is wrong in each, by line, is found; what
# validns once took for a fault and is none, is none here either. The zones are of 2012 to 2014,
# so each is judged at an instant when its signatures were good.
#
# Where validns and we disagree, tools/zone-table.reasons says why. Needs the shared data.
#
# Usage: validns_test.sh PATH-OF-VEDETTE
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"
zones=${VEDETTE_DATA:-$source/../shared/data}/zone/broken/validns
[ -d "$zones" ] || skip_all "the shared data is not here"

# look FILE ORIGIN AT [OPTION...]: rule:line of every finding into found
look() {
	local file=$1 origin=$2 at=$3
	shift 3
	"$vedette" verify zone --json --most 10000 --origin "$origin" --at "$at" "$@" \
		"$zones/$file" >out 2>err </dev/null
	status=$?
	sed -nE 's/.*"rule":"([^"]*)".*"line":([0-9]+),"features".*/\1:\2/p' out | sort -u >found
}
# has NAME:LINE...: all of them were found
has() {
	local one fine=0
	for one; do
		grep -qxF -- "$one" found || { echo "# not found: $one"; fine=1; }
	done
	return "$fine"
}
# bad RULE LINES...: the rule at each of these lines, ranges too
bad() {
	local rule=$1 lines all=()
	shift
	for lines; do
		for one in $(seq "${lines%-*}" "${lines#*-}"); do all+=("$rule:$one"); done
	done
	has "${all[@]}"
}
# Nothing of medium severity or more from the zone's text and its signatures.
sound() {
	[ "$status" -le 1 ] && grep -q '^{"run"' out &&
		not grep -E '"rule":"(zone|dnssec|structure)\.' out
}

# ---- what is wrong, by line ----

look manyerrors.zone galaxyplus.org 20260101
result "manyerrors: directives" bad zone.syntax 1 3-6 8-18
result "  SOA, NS, A, AAAA, MX that cannot be read" \
	bad zone.syntax 22 43-44 47-50 53-56 59-61
result "  TLSA that cannot be read" bad zone.syntax 80 87 95 103
result "  CERT" bad zone.syntax 138-139 142-144
result "  DNAME with more behind it" bad zone.syntax 159
result "  CAA" bad zone.syntax 170-178 180
result "  more than one SOA, and one elsewhere" has structure.many-soa:35 \
	structure.soa-elsewhere:148
result "  out of the zone" bad structure.outside 126-128
result "  CNAME beside others" bad structure.cname-and-other 135 165
result "  two CNAME, two DNAME" has structure.cname-multiple:134 structure.dname-multiple:161
result "  names below a DNAME" bad structure.hidden 163 167
result "  TLSA of a wrong length, of values that mean nothing" \
	bad structure.fingerprint 68 73 84 92
result "  TTLs that differ in a set" has structure.ttl-mixed:64
result "  names of hosts" bad structure.host-name 154-155
result "  one server of a delegation" has delegation.few-servers:63

look ipseckey-errors example.sec 20260101
# Line 15 has algorithm 3, ECDSA, which came after validns.
result "IPSECKEY" bad zone.syntax 10-14 16-24
result "  nothing else" [ "$(grep -c '^zone.syntax' found)" -eq 14 ]

look 1035-with-include isi.edu 20260101
result "the RFC's own example, without its line breaks" bad zone.syntax 1-6
look 36-include__empty-include.zone example.com 20260101
result "\$INCLUDE of nothing" has zone.syntax:4
look isi-mailboxes.inc example 20260101
result "a part of a zone: owners that are not there" bad zone.syntax 1-6

look 29-slash__example.com example.com 20260101
result "a slash in the names of hosts" bad structure.host-name 12 16 17
look policy-permit-starting-hyphen__example.com example.com 20260101
result "a hyphen at the beginning" bad structure.host-name 16 17
look mx-ns-alias example.jp 20260101
result "NS and MX that point at an alias" has structure.ns-alias:12 structure.mx-alias:10
look rp-policy example.jp 20260101
result "RP of names that are not there is no fault" not grep -q '^structure\.[^n]' found

look dnskey-exponent.zone nz 20260101
result "a key with exponent 3, one with a long one" \
	[ "$(grep -c '"rule":"dnssec.key-exponent"' out)" -eq 2 ]

look example.sec.signed.with-errors example.sec 20120131154038
result "with-errors: DS digest of a wrong length" has delegation.ds-length:695
result "  NSEC bitmaps" bad dnssec.nsec-bitmap 186 360
result "  NSEC that lead elsewhere" has dnssec.nsec-chain:625
result "  a signature over what is not there" has dnssec.signature-orphan:700
result "  another original TTL" has dnssec.original-ttl:669
result "  another signer" has dnssec.signature-signer:681
result "  signatures that are wrong" bad dnssec.signature-bad 187 361 669
result "  signatures that are missing" bad dnssec.signature-missing 492 695

# ---- what was taken for a fault once, and is none ----

while read -r file origin at; do
	look "$file" "$origin" "$at" --severity medium
	result "$file is sound" sound
done <<-'END'
	24-delegated-nsec3__example.sec.signed example.sec 20120908
	25-nsec__example.sec.signed example.sec 20121020
	26-spurios-glue__example.sec.signed.no-optout example.sec 20121019123203
	26-spurios-glue__example.sec.signed.nsec example.sec 20121019123551
	26-spurios-glue__example.sec.signed.optout example.sec 20121019121853
	32-sshfp-ecdsa-sha-256__example.sec.signed example.sec 20131110
	dot-is-single-zero__example.sec.signed example.sec 20121110111111
	nsec-chain__example.com.signed example.com 20130306184221
	misc-regression.zone example.com 20260101
END
# after the end of the signatures
look 25-nsec__example.sec.signed example.sec 20260101
result "and not sound when the signatures ended" grep -q '^dnssec.signature-expired' found
tap_end
