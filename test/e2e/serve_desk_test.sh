#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# serve_desk_test.sh - what the command line can do at the desk, done over the API: incidents,
# clocks, grouping, inbox, letters that the server sends itself to a mail server on the
# loopback; what two people do to one incident; a sender that is killed. The requests are in
# served_desk.py, which prints one line a check.
#
# Usage: serve_desk_test.sh PATH-OF-VEDETTE. Everything is on the loopback.
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tls.key \
	-out tls.pem -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
	2>/dev/null || skip_all "openssl makes no certificate"
xzcat "$demo" >demo.pcap || exit 1
mkdir spool
MAILER_LIFE_S=900 python3 "$here/mailer.py" serve spool tls.pem tls.key 2>mailer.err &
children+=($!)
soon [ -s spool/ports ]
read -r smtp _ <spool/ports || exit 1
mail=(--mail-from desk@us.example --mail-name 'The desk' --mail-ca tls.pem
	--mail-server "smtp://localhost:$smtp" --mail-timeout 30s)

begin() { serve_begin --db a.db "${mail[@]}" --serve-log-key desk.key; }
# checked PART ARGS...: what served_desk.py says of it
checked() { checks "$1" python3 "$here/served_desk.py" "$1" "$url" "${@:2}"; }

run log key desk.key
grep -oE '[0-9a-f]{64}' out | head -1 >desk.pub
run observe --db a.db demo.pcap
contact() { run contacts add "$1" --db a.db --name "$1" --role "$2" --covers "$3" \
	--mail "$4@them.example" --cleared "$5" --languages "${6-en}"; }
contact registrar.example registrar . good 'TLP:AMBER PAP:AMBER' es
contact slow.example host . slow 'TLP:AMBER PAP:AMBER'
contact outsider.example cert . good 'TLP:CLEAR PAP:CLEAR'
begin
password=$(serve_password)
checked first "$password"
checked incidents
checked two
checked inbox
checked tongues
checked letters spool
checked contacts
checked sharing
run log verify --db a.db
python3 "$source/tools/check-proof" proof.jsonl "$(cat desk.pub)" >out 2>&1
result "a proof is checked offline" [ $? -eq 0 ]
checked rules
checked settings
checked pages
checked counts
checked waiting a.db
checked follow
kill -9 "$(child "$server" web)"
for ((i = 0; i < 100; i++)); do curl -s -o /dev/null "$url/api/v1/health" && break; sleep 0.1; done
checked followed
checked hidden
checked abuse

quiet() { # but for what was killed here
	not grep -qE 'Sanitizer|runtime error|ended \((-[^9]|[0-9])|too often' served.err
}
result "none of its processes met trouble" quiet

# ---- a sender that dies ----

keeper=$(child "$server" sender-keeper)
sender=$(child "$keeper" sender)
result "the sender is a process of its own" [ -n "$sender" ]
python3 "$here/served_desk.py" slow "$url" >checks 2>&1 &
python=$!
for ((i = 0; i < 100; i++)); do
	"$vedette" notices list sending --db a.db --json | grep slow.example >/dev/null && break
	sleep 0.05
done
kill -9 "$sender"
wait "$python"
result "killed while a letter is under way: it may have been sent, and that is said" \
	[ "$(tail -1 checks)" = "done" ]
[ "$(tail -1 checks)" = "done" ] || sed 's/^/# /' checks
gone "$sender"
other=$(child "$keeper" sender)
result "  another one takes its place" [ -n "$other" ]
checked after
sender=$(child "$keeper" sender)
web=$(child "$server" web)
kill -9 "$server"
result "the sender ends with the server" gone "$sender"
result "  and so does the web process" gone "$web"
wait "$server" 2>/dev/null
begin
checked kept
serve_end
result "nor did any meanwhile" quiet
mail=()
begin
checked nobody_set
serve_end
run log verify --db a.db
result "the log is whole" [ "$status" -eq 0 ]
run serve --db a.db --serve-listen 127.0.0.1:0 --clocks nothing.yaml
result "a file of clocks that is not there is said" is 2 '' 'nothing.yaml'
tap_end
