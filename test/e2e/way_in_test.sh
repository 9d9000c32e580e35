#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# way_in_test.sh - who cannot get in any more: by an admin, and by `vedette user` for who has
# the store's file. Then who asks, behind a proxy. The requests are in way_in.py.
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
	[ "$status/$(grep -c '^admin .*TLP:RED PAP:RED .*active .*no  *20' out)" = 0/1 ]
run user password admin --drop-codes --db a.db
made=$(grep '^    ' out | tr -d ' ')
result "the only admin gets a password that counts once" [ "$status/${#made}" = 0/43 ]
checks back python3 "$here/way_in.py" back "$url" admin "$made"
run user add ben --role viewer --cleared TLP:GREEN --db a.db --json
result "somebody is added" [ "$status/$(grep -c '"login":"ben","password":' out)" = 0/1 ]
run user change ben --language xx --db a.db
result "  in a language that there is" \
	[ "$status/$(grep -c "'xx' is no language of Vedette; there are en, es, fr" err)" = 2/1 ]
run user change ben --standing locked --db a.db
result "  and locked" [ "$status" -eq 0 ]
run user password ben --db a.db
result "  a new password does not unlock" [ "$status/$(grep -c 'is still locked' err)" = 0/1 ]
run user list --db a.db --json
result "  which the list says" \
	grep -q '"login":"ben".*"role":"viewer".*"locked".*"codes":false,"signed_in":null}' out
run user change admin --role viewer --db a.db
result "the last admin stays one" [ "$status/$(grep -c 'only admin' err)" = 2/1 ]
run user codes ben --db a.db
result "codes that are not wanted are not taken away" [ "$status" -eq 2 ]
run user password nobody --db a.db
result "nobody has no password" [ "$status" -eq 2 ]
run log show user:ben --db a.db
result "all of it is in the log" [ "$(grep -c 'user:ben' out)" -ge 3 ]
serve_end

# ---- a key that everybody can read ----

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem \
	-out cert.pem -days 60 -subj /CN=localhost >/dev/null 2>&1
for mode in 644 640; do
	chmod "$mode" key.pem
	serve_begin --db a.db --serve-certificate cert.pem --serve-certificate-key key.pem
	result "a key of mode $mode is warned of or not" \
		[ "$(grep -c 'can be read by everybody' served.err)" = "$((mode == 644 ? 2 : 0))" ]
	serve_end
done

# ---- behind a proxy ----

# Signs in with these headers: the cookies' names in `names`, where from in `from`
through() { # CURL-OPTION...
	curl -s -o said -D head "$@" -H 'Content-Type: application/json' \
		-d '{"login":"admin","password":"one more horse 3"}' "$url/api/v1/sign-in"
	names=$(sed -n 's/^Set-Cookie: \([^=]*\)=.*/\1/p' head | paste -sd' ')
	curl -s "$@" -H "Cookie: $(sed -n 's/^Set-Cookie: \([^;]*\).*/\1/p' head | head -1)" \
		"$url/api/v1/me/sessions" >said
	from=$(python3 -c 'import json, sys
print([s["from"] for s in json.load(sys.stdin)["items"] if s["this"]][0])' <said)
}
told=(-H 'X-Forwarded-For: 6.6.6.6, 203.0.113.9' -H 'X-Forwarded-Proto: https'
	-H 'Forwarded: for=6.6.6.6;proto=https')
serve_begin --db a.db
through "${told[@]}"
result "nobody is believed who is not named" \
	[ "$names/$from" = "vedette vedette-device/127.0.0.1" ]
serve_end
run serve --db a.db --serve-proxy proxy.example
result "a name is no address" [ "$status/$(grep -c 'are no addresses' err)" = 2/1 ]
serve_begin --db a.db --serve-proxy 127.0.0.1
through "${told[@]}"
result "a proxy that is named is" \
	[ "$names/$from" = "__Host-vedette __Host-vedette-device/203.0.113.9" ]
result "  its cookies are for TLS alone" [ "$(grep -c '^Set-Cookie: .*; Secure' head)" = 2 ]
through -H 'X-Forwarded-For: 2001:db8::7'
result "  and what it does not say is not so" \
	[ "$names/$from" = "vedette vedette-device/2001:db8::7" ]
through "${told[@]}" --interface 127.0.0.5
result "  another address is not" [ "$names/$from" = "vedette vedette-device/127.0.0.5" ]
for i in {1..7}; do
	code=$(curl -s -o /dev/null -w '%{http_code}' -H "X-Forwarded-For: 2001:db8:0:9::$i" \
		-H 'Content-Type: application/json' \
		-d '{"login":"admin","password":"wrong one 123"}' "$url/api/v1/sign-in")
done
result "tries are counted by who asks" [ "$code" = 429 ]
through "${told[@]}"
result "  and others behind the proxy are others" [ "$from" = 203.0.113.9 ]
serve_end
run log show user:admin --db a.db
result "the log has who asked" grep -q 'user.sign-in .*203.0.113.9' out
tap_end
