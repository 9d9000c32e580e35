#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# serve_reading_test.sh - what `vedette serve` shows of findings, messages, subjects and
# zones: every filter against the whole, cursors, octets, and nothing to who may not know.
#
# Usage: serve_reading_test.sh PATH-OF-VEDETTE. Everything is on the loopback.
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

xzcat "$demo" >demo.pcap || exit 1
cat >one.zone <<'END'
$ORIGIN example.
$TTL 3600
@ SOA ns1.example. h.example. 2026112201 3600 600 86400 300
@ NS ns1
@ NS ns2
ns1 A 192.0.2.1
ns2 A 198.51.100.1
a NS ns1.dns.a
ns1.dns.a A 192.0.2.10
b NS ns1.dns.a
b NS ns2.host.b
ns2.host.b A 198.51.100.20
c NS ns1.provider.net.
c NS ns2.provider.net.
d NS ns1.provider.net.
d NS ns2.provider.net.
e NS ns1.provider.net.
e NS ns9.other.org.
END
sed 's/2026112201/2026112202/; /^a NS/d' one.zone >two.zone
run observe --db a.db demo.pcap
run verify zone one.zone --db a.db --at 2026-11-21T00:00:00Z
run verify zone two.zone --db a.db --at 2026-11-22T00:00:00Z
serve_begin --db a.db
checks reading python3 "$here/reading.py" "$url" "$(serve_password)"
serve_end
tap_end
