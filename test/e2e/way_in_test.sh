#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# way_in_test.sh - who cannot get in any more: by an admin, and by `vedette user` for who has
# the store's file. The requests are in way_in.py.
#
# Usage: way_in_test.sh PATH-OF-VEDETTE. Everything is on the loopback.
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

serve_begin --db a.db
checks codes python3 "$here/way_in.py" codes "$url" "$(serve_password)"

# ---- by the store's file, while a server runs ----

run user list --db a.db
result "users are listed" \
	[ "$status/$(grep -c '^admin .*TLP:RED PAP:RED .*active .*no' out)" = 0/1 ]
run user password admin --no-codes --db a.db
made=$(grep '^    ' out | tr -d ' ')
result "the only admin gets a password that counts once" [ "$status/${#made}" = 0/43 ]
checks back python3 "$here/way_in.py" back "$url" admin "$made"
run user add ben --role viewer --cleared TLP:GREEN --db a.db --json
result "somebody is added" [ "$status/$(grep -c '"login":"ben","password":' out)" = 0/1 ]
run user change ben --standing locked --db a.db
result "  and locked" [ "$status" -eq 0 ]
run user password ben --db a.db
result "  a new password does not unlock" [ "$status/$(grep -c 'is still locked' err)" = 0/1 ]
run user list --db a.db --json
result "  which the list says" \
	grep -q '"login":"ben".*"role":"viewer".*"standing":"locked".*"codes":false' out
run user change admin --role viewer --db a.db
result "the last admin stays one" [ "$status/$(grep -c 'only admin' err)" = 2/1 ]
run user codes ben --db a.db
result "codes that are not wanted are not taken away" [ "$status" -eq 2 ]
run user password nobody --db a.db
result "nobody has no password" [ "$status" -eq 2 ]
run log show user:ben --db a.db
result "all of it is in the log" [ "$(grep -c 'user:ben' out)" -ge 3 ]
serve_end
tap_end
