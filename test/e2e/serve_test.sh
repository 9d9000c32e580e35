#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# serve_test.sh - `vedette serve` from outside: sign-in, sessions, tokens, roles, what the
# description says against what the server does, and what strangers may try. The requests
# are in served.py, which prints one line a check.
#
# Usage: serve_test.sh PATH-OF-VEDETTE. Everything is on the loopback.
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

xzcat "$demo" >demo.pcap || exit 1

run observe --db a.db demo.pcap
run findings --db a.db --json
run incident open "$(ids out | head -1)" --db a.db --author maria
result "an incident, opened at the command line" [ "$status" -eq 0 ]
run serve --db a.db --serve-listen 192.0.2.1:80
result "without a certificate on the loopback only" \
	[ "$status/$(grep -c 'is not a loopback address' err)" = 2/1 ]
run serve --db a.db --serve-listen nonsense
result "an address that is none is refused" [ "$status" -eq 2 ]

serve_begin --db a.db
password=$(serve_password)
result "the first start shows a password" [ -n "$password" ]
checks all python3 "$here/served.py" all "$url" "$password"

# ---- the process that talks to the network ----

web=$(child "$server" web)
result "the web process has no capability and a filter" \
	[ "$(awk '/^CapEff/ { c = $2 } /^Seccomp:/ { s = $2 } END { print c "/" s }' \
	"/proc/$web/status")" = 0000000000000000/2 ]
kill -9 "$web"
well() { [ "$(health)" = '{"status":"well"}' ]; }
result "when it dies another one takes its place" soon well
python3 "$here/served.py" again "$url" >checks 2>&1
result "  and who was signed in still is" [ "$(tail -1 checks)" = "done" ]
serve_end
serve_begin --db a.db
result "a second start shows no password" [ "$(grep -c '^    ' served)" = 0 ]
python3 "$here/served.py" again "$url" >checks 2>&1
result "  and sessions outlive it" [ "$(tail -1 checks)" = "done" ]
serve_end
run log verify --db a.db
[ "$status" -ne 2 ] && result "the log is whole" [ "$status" -eq 0 ]

# ---- a full disk ----

serve_begin --db a.db
curl -s -D head -o said -H 'Content-Type: application/json' \
	-d '{"login":"admin","password":"a better one 77"}' "$url/api/v1/sign-in"
cookie=$(sed -n 's/^Set-Cookie: \(vedette=[^;]*\).*/\1/p' head)
csrf=$(sed 's/.*"csrf":"\([^"]*\)".*/\1/' said)
me() { curl -s -o said -w '%{http_code}' -H "Cookie: $cookie" "$url/api/v1/$1" "${@:2}"; }
result "signed in" [ "$(me me)" = 200 ]
change() { me "$@" -H 'Content-Type: application/json' -H "X-CSRF: $csrf"; }
body() { sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p' said; }
result "an admin is told when somebody signed in last" [ "$(me users/admin)" = 200 ]
result "  and whether codes are wanted" grep -q '"codes":false,"signed_in":"20' said
change tokens -X POST -d '{"name":"a script","expires":"'"$(date -u -d '5 days' +%FT%TZ)"'"}' >code
token=$(body token)
as_token() { curl -s -o said -w '%{http_code}' -H "Authorization: Bearer $token" "$url/api/v1/me"; }
result "a token" [ "$(as_token)" = 200 ]
curl -s -D head -o said -H 'Content-Type: application/json' \
	-d '{"login":"admin","password":"a better one 77"}' "$url/api/v1/sign-in"
other=$(sed -n 's/^Set-Cookie: \(vedette=[^;]*\).*/\1/p' head)
as_other() { curl -s -o said -w '%{http_code}' -H "Cookie: $other" "$url/api/v1/me"; }
me me/sessions >code
prlimit --pid "$server" --fsize=1:
for id in $(grep '"this":false' said | sed 's/.*"id":"\([0-9a-f]*\)".*/\1/'); do
	change "me/sessions/$id" -X DELETE >code
done
result "on a full disk another session of one's own ends" [ "$(cat code)/$(as_other)" = 507/401 ]
change "me/sessions/$id" -X DELETE >code
result "  and it is said what was not written" grep -q 'that session has ended, but' said
change me/sessions/0123456789abcdef -X DELETE >code
result "  one that is not there has not ended" not grep -q 'has ended' said
change "tokens/${token:0:16}" -X DELETE >code
result "a token ends" grep -q 'that token has ended, but' said
result "  indeed" [ "$(as_token)" = 401 ]
result "  the session that did so goes on" [ "$(me me)" = 200 ]
prlimit --pid "$server" --fsize=unlimited:
result "when there is room it is done for good" [ "$(change "me/sessions/$id" -X DELETE)" = 200 ]
prlimit --pid "$server" --fsize=1:
result "who signs out while the disk is full is told so" [ "$(me sign-out -X POST \
	-H 'Content-Type: application/json' -H "X-CSRF: $csrf" -d '{}')" = 507 ]
result "  in words that help" grep -q 'you are signed out, but' said
result "  and is signed out" [ "$(me me)" = 401 ]
prlimit --pid "$server" --fsize=unlimited:
result "  for good" [ "$(me me)" = 401 ]
serve_end

# ---- TLS ----

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem \
	-out cert.pem -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
	>/dev/null 2>&1
serve_begin --db a.db --serve-certificate cert.pem --serve-certificate-key key.pem
result "with a certificate it speaks TLS" \
	[ "$(health --cacert cert.pem)" = '{"status":"well"}' ]
curl -s -D head --cacert cert.pem -H 'Content-Type: application/json' \
	-d '{"login":"admin","password":"a better one 77"}' "$url/api/v1/sign-in" >/dev/null
result "  cookies are bound to it" grep -q '^Set-Cookie: __Host-vedette=.*; Secure' head
serve_end
tap_end
