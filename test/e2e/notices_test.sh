#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# notices_test.sh - `vedette notices`: letters through a real mail server with STARTTLS and a
# webhook on the loopback; refusals, silence, broken lines, kills: nothing is lost, nothing
# is sent twice without a word.
#
# Usage: notices_test.sh PATH-OF-VEDETTE
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"
command -v openssl >/dev/null || skip_all "openssl makes the certificate"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tls.key \
	-out tls.pem -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
	2>/dev/null || skip_all "openssl makes no certificate"
mkdir spool
python3 "$here/mailer.py" serve spool tls.pem tls.key 2>mailer.err &
children+=($!)
soon [ -s spool/ports ]
read -r smtp http <spool/ports || exit 1

db=(--db desk.db --author ana)
mail=(--mail-from desk@us.example --mail-name 'The desk' --mail-ca tls.pem
	--mail-server "smtp://localhost:$smtp" --mail-timeout 5s)
word() { run notices "$1" "${db[@]}" "${mail[@]}" "${@:2}"; }
state() { "$vedette" notices list "${db[@]}" --json | grep "\"number\":$1," |
	sed 's/.*"state":"\([a-z]*\)".*/\1/'; }
is_state() { [ "$(state "$1")" = "$2" ]; }
mails() { find spool -name '*.eml' | wc -l; }
contact() { run contacts add "$1" "${db[@]}" --name "$1" --role registrar --covers "$2" \
	--mail "$1@them.example" --cleared "${cleared:-TLP:AMBER PAP:GREEN}" "${@:3}"; }
# one NAME: an incident of its own, a contact who covers it; an approved notice
number=0
one() {
	number=$((number + 1))
	contact "$1" "$1.example" "${@:2}"
	run incident open "${db[@]}" --title "Phishing at $1" --family phishing \
		--subject "$1.example" --label 'TLP:GREEN PAP:GREEN'
	run incident notify $number --to "$1" "${db[@]}" "${mail[@]}" --approve
	[ "$status" -eq 0 ] || { cat err; return 1; }
}

# ---- a letter ----

contact good good.example --languages es
run incident open "${db[@]}" --title 'Phishing at good' --family phishing \
	--subject good.example --label 'TLP:GREEN PAP:GREEN'
number=1
run incident notify 1 --role registrar "${db[@]}" "${mail[@]}" --dry-run
result "a dry run shows the letter as it is read" is 0 '^Subject: TLP:GREEN' ''
result "  its files as a line each" grep -qE '^Attached: .* \(.*\), [0-9]+ octets, SHA-256' out
result "  and no octets of them" not grep -qiE '^Content-Transfer|^[A-Za-z0-9+/]{70}' out
run incident notify 1 --role registrar "${db[@]}" "${mail[@]}" --dry-run --raw
result "with --raw the whole message" grep -q '^Message-ID: <[0-9a-f]\{64\}@us.example>' out
result "  and keeps nothing" [ -z "$("$vedette" notices list "${db[@]}" --json)" ]
run incident notify 1 --role registrar "${db[@]}" "${mail[@]}"
result "a draft" is_state 1 draft
word send
result "  does not leave without a word" [ "$status $(mails)" = "0 0" ]
run incident notify 1 --role registrar "${db[@]}" "${mail[@]}"
result "  and is not written twice" grep -q 'notice 1 tells' err
word approve 1
word send
result "approved and sent" is_state 1 sent
result "  once" [ "$(mails)" = 1 ]
word send
result "  also when it is asked again" [ "$(mails)" = 1 ]
python3 "$here/mailer.py" check spool/1.eml >mail.txt
result "Python reads the same message" [ $? -eq 0 ]
result "  in the contact's language" grep -q 'Lo que les pedimos' mail.txt
result "  with label and ticket" grep -q '^Subject: TLP:GREEN .*\[VD-1\]$' mail.txt
# shellcheck disable=SC2016	# the dollars are for the shell inside
result "  the attachment has the hash that the letter names" sh -c \
	'grep -q "SHA-256 $(sed -n "s/^part [^ ]* //p" mail.txt)" mail.txt'
"$vedette" notices show 1 "${db[@]}" >shown
result "  and its octets are kept" grep -q "$(sed -n 's/^Message-ID: <\(.*\)@.*/\1/p' \
	mail.txt)" shown

# ---- refusals, silence, broken lines ----

one later && word send
result "451: it waits" [ "$status $(state 2)" = "3 approved" ]
result "  and is told so" grep -q 'tried again later (451 come back)' out
word send
result "  not before its time" is 0 '^Nothing was sent: no notice is approved and due' ''
one never && word send
result "550: failed for good" is_state 3 failed
one full && word send
result "452 after the data: it waits" is_state 4 approved
one drop && word send
result "a line that breaks after all was written: may have been sent" is_state 5 sending
before=$(mails)
one hang && word send --mail-timeout 2s
result "no answer after the data: may have been sent" [ "$status $(state 6)" = "3 sending" ]
result "  it says what to do" grep -q "may have been sent: ask the other side" err
word send
result "  and is not tried again by itself" [ "$(mails)" = $((before + 1)) ]
word again 6 --reason 'they did not have it'
word send
result "  but with a word" is_state 6 sent
result "  under the same Message-ID" [ "$(grep -h '^Message-ID' spool/*.eml | sort |
	uniq -d | wc -l)" = 1 ]
one slow && word send --mail-timeout 30s
result "a slow server" is_state 7 sent
one silent && word send --mail-server smtp://localhost:1
result "nobody listens: it waits" is_state 8 approved
one strict && run notices send "${db[@]}" --mail-from desk@us.example \
	--mail-server "smtp://localhost:$smtp"
result "a certificate nobody knows: it waits" is_state 9 approved
mkdir bare
python3 "$here/mailer.py" serve bare 2>/dev/null &
children+=($!)
soon [ -s bare/ports ]
read -r bare _ <bare/ports
word send --mail-server "smtp://localhost:$bare"
word again 9 --reason 'the server was the wrong one'
result "one that waits is tried at once, on demand" [ "$status" -eq 0 ]
word send --mail-server "smtp://localhost:$bare"
result "a server without TLS: it waits, and says what to do" is 3 'offers no TLS' ''
result "  with the option" grep -q -- '--mail-plain sends without' out
one plain && word send --mail-plain
result "a server that wants TLS: never sent without" not is_state 10 sent

# ---- killed ----

one hang2
timeout -s KILL 3 "$vedette" notices send "${db[@]}" "${mail[@]}" --mail-timeout 60s \
	>/dev/null 2>&1
result "killed while the server is silent: may have been sent" is_state 11 sending
before=$(mails)
word send
result "  not tried again by itself" [ "$(mails)" = "$before" ]
run incident show 11 "${db[@]}"
result "  the desk is whole" is 0 'hang2' ''
word cancel 11 --reason 'asked them'
result "  and it can be cancelled" is_state 11 cancelled

# ---- labels ----

cleared='TLP:CLEAR PAP:CLEAR' contact public public.example
run incident open "${db[@]}" --title 'Secret thing' --subject public.example \
	--label 'TLP:RED PAP:RED'
run incident notify 1 --to good "${db[@]}" --letter reminder --dry-run
result "without a sender a letter is shown" is 0 '^From: sender-not-set@desk.invalid stands' ''
result "  and who sets it" grep -q -- '--mail-from ADDRESS sets it' out
run incident notify 1 --to good "${db[@]}" --letter reminder
result "  but not drafted" is 2 '' 'nobody is set whom letters come from'
result "  which says what to do" grep -q -- '--mail-from ADDRESS sets the sender' err
run incident notify 12 --to public "${db[@]}" "${mail[@]}"
result "what they may not have is refused" is 2 '' '.public. may have .* is marked stricter'
result "  without a word of it" not grep -q 'Secret\|public.example' err
result "  and how the rest can be had" grep -q -- '--redacted leaves out' err
run incident notify 12 --to public "${db[@]}" "${mail[@]}" --redacted
result "  and there is nothing to redact" is 2 '' 'nothing is left'

# ---- rules ----

contact ruled ruled.example
run incident open "${db[@]}" --title 'By a rule' --family malware \
	--subject ruled.example --label 'TLP:GREEN PAP:GREEN'
printf 'phish: registrar first-registrar severity=info\n' >rules
word rules rules
result "a rule that says no state is refused" is 2 '' 'rules: line 1: .* state='
printf '# ours\n\nphish: registrar first-registrar state=new family=malware redacted\n' >rules
word rules rules --dry-run
result "a rule, dry" is 0 'To: ruled' ''
result "  says what it would do" grep -q '^Rule phish: 1 letter would be written. It has' out
before=$("$vedette" notices list "${db[@]}" --json | grep -c ruled)
result "  keeps nothing" [ "$before" = 0 ]
word rules rules
result "  it gives the word" is_state 12 approved
result "  says what it did" grep -q '^Rule phish: 1 letter was written. Its last .* notice 12' out
result "  in its name" grep -q '"by":"rule phish"' <("$vedette" notices list "${db[@]}" --json |
	grep ruled)
word rules rules
result "  once" [ "$("$vedette" notices list "${db[@]}" --json | grep -c ruled)" = 1 ]
word cancel 12

# ---- webhooks ----

printf 'a shared secret\n' >secret
hook() {
	number=$((number + 1))
	run contacts add "$1" "${db[@]}" --name "$1" --role operator --covers "$1.example" \
		--webhook "http://127.0.0.1:$http/$2" --prefers webhook \
		--cleared 'TLP:AMBER PAP:GREEN'
	run incident open "${db[@]}" --title "Odd $1" --subject "$1.example" \
		--label 'TLP:GREEN PAP:GREEN'
	run incident notify $((number + 1)) --to "$1" "${db[@]}" "${mail[@]}" --approve
}
number=12
hook one in
run notices send "${db[@]}" --hook-secret secret
result "a webhook to this machine is refused" is_state 13 failed
word again 13
run notices send "${db[@]}" --hook-secret secret --hook-private
result "  unless it is allowed" is_state 13 sent
result "  with a signature over time and body" python3 - <<'PY'
import glob, hmac, json
name = max(glob.glob("spool/*.json"), key=lambda n: int(n.split("/")[1][:-5]))
body = open(name, "rb").read()
headers = json.load(open(name[:-4] + "headers"))
want = hmac.new(b"a shared secret", headers["vedette-time"].encode() + b"." + body, "sha256")
assert headers["vedette-signature"] == "hmac-sha256=" + want.hexdigest()
assert headers["vedette-key"] == json.loads(body)["key"]
PY
hook two moved
run notices send "${db[@]}" --hook-secret secret --hook-private
result "  a redirect is not followed" is_state 14 failed
hook three busy
run notices send "${db[@]}" --hook-secret secret --hook-private
result "  503: it waits" is_state 15 approved

# ---- who is asked to step in ----

number=16
one asked --languages en
run contacts add cert.step "${db[@]}" --name Cert --role cert --covers asked.example \
	--mail cert@step.example --cleared 'TLP:AMBER PAP:GREEN'
step() { run incident notify 17 --role cert "${db[@]}" "${mail[@]}" --dry-run "$@"; }
step
result "a CERT is told first, as anybody" grep -q '^whom else we should tell' out
result "  when nobody has answered yet, too" not grep -q 'Escalation' out
word send
step
result "  who was asked a moment ago has time for it" not grep -q 'Escalation' out
escalates() { step --answer-in 1s; grep -q '^Subject:.*Escalation' out; }
result "  after that it is asked to step in" soon escalates
run incident state 17 triaged "${db[@]}"
run incident state 17 confirmed "${db[@]}"
run incident state 17 mitigating "${db[@]}"
result "  not when they act" not escalates
result "  and no empty file goes with it" not grep -q '^Attached: xarf.json' out

tap_end
