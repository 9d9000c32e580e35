#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# taxii_follow_test.sh - a TAXII collection follows the log: after changes that are drawn it has
# what a web process that is new makes of the same store.
#
# Usage: taxii_follow_test.sh PATH-OF-VEDETTE. Everything is on the loopback.
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

xzcat "$demo" >demo.pcap || exit 1
run observe --db a.db demo.pcap
run incident group --db a.db --author ana
serve_begin --db a.db
drawn() { checks "$1" python3 "$here/taxii_followed.py" "$1" "$url" "${@:2}"; }
drawn begin "$(serve_password)"
for seed in 1 2 3; do
	drawn follow "$seed" 50 "$vedette" a.db
	kill -9 "$(child "$server" web)"
	for ((i = 0; i < 100; i++)); do
		curl -s -o /dev/null "$url/api/v1/health" && break
		sleep 0.1
	done
	drawn same
done
drawn every
serve_end
run log verify --db a.db
result "the log is whole" [ "$status" -eq 0 ]
tap_end
