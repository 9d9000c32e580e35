#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# abuse_test.sh - what strangers may try on the port of `vedette serve`: slow, half, huge and
# senseless requests, many connections, 200 listeners of one session. The requests are in abuse.py.
#
# Usage: abuse_test.sh PATH-OF-VEDETTE. Everything is on the loopback and bounded.
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

serve_begin --db a.db
password=$(serve_password)
sign_in() { # PASSWORD: sets $cookie, $word
	curl -s -D head -H 'Content-Type: application/json' \
		-d "{\"login\":\"admin\",\"password\":\"$1\"}" "$url/api/v1/sign-in" >said
	cookie=$(sed -n 's/^Set-Cookie: \(vedette=[^;]*\);.*/\1/p' head)
	word=$(sed -n 's/.*"csrf": *"\([^"]*\)".*/\1/p' said)
}
sign_in "$password"
curl -s -o /dev/null -H "Cookie: $cookie" -H "X-CSRF: $word" -H 'Content-Type: application/json' \
	-d '{"password":"a better one 77"}' "$url/api/v1/users/admin/password"
sleep 1.1
sign_in "a better one 77"
checks abuse timeout 300 python3 "$here/abuse.py" "$url" "$cookie"
result "none took the web process down" [ ! -s served.err ]
kill "$server"
wait "$server"
result "and it ends well" [ $? -eq 0 ]
tap_end
