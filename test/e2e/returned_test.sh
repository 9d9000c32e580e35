#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# returned_test.sh - what comes back to letters: delivery reports, mailers' own words, replies,
# answers to drills; forged ones; the same twice; who is next.
#
# Usage: returned_test.sh PATH-OF-VEDETTE
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

db=(--db desk.db --author ana)
mkdir spool
python3 "$here/mailer.py" serve spool 2>mailer.err &
children+=($!)
soon [ -s spool/ports ]
read -r smtp _ <spool/ports || exit 1
mail=(--mail-from desk@us.example --mail-server "smtp://localhost:$smtp" --mail-plain)

state() { "$vedette" notices list "${db[@]}" --json | grep "\"number\":$1," |
	sed 's/.*"state":"\([a-z]*\)".*/\1/'; }
is_state() { [ "$(state "$1")" = "$2" ]; }
reports() { "$vedette" inbox list "${db[@]}" --json | wc -l; }
label() { "$vedette" incident list "${db[@]}" --json | grep "\"number\":$1," |
	sed 's/.*"tlp":"\([^"]*\)","pap":"\([^"]*\)".*/\1 \2/'; }
has() { "$vedette" contacts show "$1" "${db[@]}" | grep -q -- "$2"; }
# back KIND SENT.eml TO-FILE: an answer of that kind to what was sent
back() {
	python3 - "$@" <<'PY'
import email, email.policy, sys
kind, sent, to = sys.argv[1:]
m = email.message_from_binary_file(open(sent, "rb"), policy=email.policy.default)
key = m["Message-ID"]
if "forged" in kind:
	key = "<" + "0123456789abcdef" * 4 + "@us.example>"
them = m["To"].addresses[0].addr_spec
quoted = f"Message-ID: {key}\nSubject: {m['Subject']}\nTo: {them}\n"
head = f"To: desk@us.example\nDate: Mon, 2 Nov 2026 10:00:00 +0000\n"
if "dsn" in kind:
	action, status = ("delayed", "4.4.1") if "late" in kind else ("failed", "5.1.1")
	text = f"""From: Mail Delivery System <MAILER-DAEMON@mx.example>
{head}Subject: Delivery Status Notification
Message-ID: <{kind}@mx.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

This is the mail system. See http://mx.example/help and bait.example.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {them}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user here

--b
Content-Type: {'text/rfc822-headers' if 'heads' in kind else 'message/rfc822'}

{quoted}
--b--
"""
elif "plain" in kind:
	text = f"""Return-Path: <>
From: MAILER-DAEMON@qmail.example
{head}Subject: failure notice
Message-ID: <{kind}@qmail.example>

Hi. This is the qmail-send program at qmail.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<{them}>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

{quoted}
"""
else:
	body = m.get_body().get_content()
	auto = "Auto-Submitted: auto-replied\n" if "auto" in kind else ""
	body = "> " + body.replace("\n", "\n> ")
	text = f"""From: Eva <{them}>
{head}{auto}Subject: Re: {m['Subject']}
Message-ID: <{kind}-{key[1:9]}@them.example>
In-Reply-To: {key}

Thank you, we look at it.

{body}
"""
with open(to, "w") as f:
	f.write(text)
PY
}
contact() { run contacts add "$1" "${db[@]}" --name "$1" --role registrar --covers "$2" \
	--mail "$1@them.example" --cleared 'TLP:AMBER PAP:GREEN' "${@:3}"; }
sent=0
one() { # an incident about a.example and a notice to the contact, sent
	run incident open "${db[@]}" --title "Phishing $1" --family phishing \
		--subject a.example --label 'TLP:GREEN PAP:GREEN'
	sent=$((sent + 1))
	run incident notify $sent --to "$1" "${db[@]}" "${mail[@]}" --approve
	run notices send "${db[@]}" "${mail[@]}"
}

contact first a.example --place 1
contact second a.example --place 2
contact third a.example --place 3

# ---- bounces ----

one first
result "a letter is sent" is_state 1 sent
back dsn-late spool/1.eml late.eml
run inbox add late.eml "${db[@]}"
result "a delay changes nothing" is_state 1 sent
back dsn-forged spool/1.eml forged.eml
run inbox add forged.eml "${db[@]}"
result "a forged bounce changes nothing" is_state 1 sent
before=$(reports)
back dsn spool/1.eml dsn.eml
run inbox add dsn.eml "${db[@]}"
result "a delivery report: it came back" is_state 1 bounced
result "  it says why, and who is next" grep -q \
	"Next is second: 'vedette incident notify 1 --to second --db" out
result "  the address is marked" has first bounced
result "  its texts are no reports" [ "$(reports)" = "$before" ]
"$vedette" notices show 1 "${db[@]}" >shown
result "  the notice says what came" grep -q 'answer *5.1.1 .*no such user here' shown
result "  and who is next" grep -q 'next *second' shown
run inbox add dsn.eml "${db[@]}"
result "  read again, it changes nothing" is 0 'known before: 1' ''
one second
back dsn-heads spool/2.eml heads.eml
run notices returned heads.eml "${db[@]}" --json
result "with quoted headers alone" is 0 '"returned":"bounced","notice":2,.*"next":"third"' ''
one third
back plain spool/3.eml plain.eml
run notices returned plain.eml "${db[@]}"
result "in a mailer's own words" is_state 3 bounced
result "  nobody is left" grep -q 'Nobody else is on record' out

# ---- answers ----

contact fourth a.example --place 4
one fourth
back reply spool/4.eml reply.eml
before=$(reports)
run inbox add reply.eml "${db[@]}"
cp out added
run incident show 4 "${db[@]}"
result "a reply is a note of the incident" is 0 'Answer to notice 4 .fourth., from Eva' ''
result "  in their words, without ours" not grep -q 'What we ask of you' out
cp out shown
result "  and no report" [ "$(reports)" = "$before" ]
result "  it is marked as the letter was" grep -q 'incident 4, TLP:GREEN PAP:GREEN' added
result "  and raises nothing" [ "$(label 4)" = 'TLP:GREEN PAP:GREEN' ]
run incident notify 4 --to fourth "${db[@]}" "${mail[@]}" --letter reminder --dry-run
result "  so that they can be written to again" is 0 '^To: fourth' ''
run inbox add reply.eml "${db[@]}"
run incident show 4 "${db[@]}"
result "  once" [ "$(grep -c 'Answer to notice' out)" = "$(grep -c 'Answer to notice' shown)" ]
sed 's/^Message-ID: </&mbox-/; s/^Thank you.*/Another answer, see http:\/\/new.example\/x/
	1s/^/From eva Mon Nov  2 10:00:00 2026\n/' reply.eml >reply.mbox
run inbox add reply.mbox "${db[@]}" --json
result "in a folder of mails, neither" [ "$(reports)" = "$before" ]
result "  and programs are told" grep -q \
	'"reply",.*"tlp":"TLP:GREEN","pap":"PAP:GREEN","apart":false' out
sed 's/^Message-ID: </&red-/; s/^Thank you.*/TLP:RED Only for you: the customer is Q./' \
	reply.eml >red.eml
run inbox add red.eml "${db[@]}"
result "what they mark stricter is kept apart" is 0 'kept apart, TLP:RED' ''
result "  and raises nothing" [ "$(label 4)" = 'TLP:GREEN PAP:GREEN' ]

# ---- drills ----

contact drilled b.example
run contacts drill drilled "${db[@]}" "${mail[@]}" --approve
run notices send "${db[@]}" "${mail[@]}"
back auto spool/5.eml auto.eml
run inbox add auto.eml "${db[@]}"
result "an automatic answer proves nothing" has drilled asked
back reply spool/5.eml answer.eml
sed 's/vd-[0-9a-f]\{16\}/vd-0123456789abcdef/; s/^In-Reply-To.*//' answer.eml >wrong.eml
run inbox add wrong.eml "${db[@]}"
result "an answer with another token, neither" has drilled asked
run inbox add answer.eml "${db[@]}"
result "an answer with the token proves the address" has drilled answered
result "  and says so" grep -q 'drill was answered' out
run inbox add answer.eml "${db[@]}"
result "  once" is 0 'known before: 1' ''
contact gone c.example
run contacts drill gone "${db[@]}" "${mail[@]}" --approve
run notices send "${db[@]}" "${mail[@]}"
back dsn spool/6.eml drill.eml
mkdir -p box/cur box/new box/tmp
cp drill.eml box/new/1
cp wrong.eml box/cur/2
run notices returned box "${db[@]}"
result "a drill that came back, out of a Maildir" has gone bounced
run contacts reach "${db[@]}"
result "  has ended: it is not silent, too" has gone bounced
run log rebuild --db desk.db
result "the tables made anew are the same" has drilled answered
run log verify --db desk.db
result "and the log is whole" is 0 . ''
tap_end
