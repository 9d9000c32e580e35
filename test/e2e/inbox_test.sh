#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# inbox_test.sh - reports from outside: taken in, weighed with reasons, decided alone and
# in bulk, taken back; and what people without the clearance see of them.
#
# Usage: inbox_test.sh PATH-OF-VEDETTE
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

inbox() { local verb=$1; shift; run inbox "$verb" --db a.db --author ana "$@"; }

# ---- the form ----

run inbox form print
result "an empty form, without a store" is 0 '^subject: $' ''
inbox form --subject 'hxxps://Bad[.]example.net:443/login' --abuse phishing \
	--seen 2026-11-20 --sender eva@x.example
result "a report by options" is 0 '^Report 1, weight ' 'a new store was made'
inbox form --subject https://bad.example.net/login --abuse malware --sender tom@y.example
result "the same page again" is 0 'Report 2 says the same as report 1' ''
sed 's/^subject: $/subject: 10.1.2.3/; s/^text: $/text: it attacks me\nagain and again/' \
	<("$vedette" inbox form print) >filled
inbox form filled --json
result "a filled form from a file" is 0 '^\{"number":3,"state":"new","same":0' ''
inbox form --subject x.example.net --abuse theft
result "abuse that is none" is 2 '' "abuse: 'theft' is none"
inbox form
result "an empty form" is 2 '' 'nothing to report'
inbox form none.txt
result "a form that is not there" is 3 '' 'none.txt'

# ---- looking ----

inbox list
result "a list with reasons" is 0 '^ +\+10 url: a URL is given' ''
result "  and copies" grep -q 'bad.example.net/login  (+1)' out
result "  and duplicates" grep -q '= 1$' out
inbox list --state new,noise --json
result "as JSON, of some states" [ "$(wc -l <out)" -eq 2 ]
inbox list --fact local
result "of one reason" is 0 '10.1.2.3' ''
inbox list --fact lokal
result "a reason that is none" is 2 '' "did you mean 'local'"
inbox list --state nwe
result "a state that is none" is 2 '' "did you mean 'new'"
inbox show 3
result "one, with its sum" is 0 'weight +0 of 100 = 40, and:' ''
result "  and what they say, line by line" grep -q 'again and again' out
inbox show 99
result "one that is not there" is 2 '' 'there is no report 99'
inbox list --clearance green
result "no report is for TLP:GREEN" is 0 '' 'withheld'
result "  not a line of them" [ "$(wc -l <out)" -eq 0 ]
inbox show 1 --clearance 'green pap:clear'
result "one that may not be seen" is 2 '' 'TLP:AMBER'

# ---- deciding ----

for i in 1 2 3 4 5 6; do inbox form --subject "h$i.example.org" --sender eva@x.example; done
inbox triage
result "triage proposes" is 0 'look like noise, mainly because' ''
result "  and changes nothing" [ "$("$vedette" inbox list --db a.db --state new --json |
	wc -l)" -eq 8 ]
inbox noise 4
result "a reason is wanted" is 2 '' '--reason'
inbox noise --all --subject example.org --reason 'nothing to act on'
result "bulk is shown first" is 0 '6 reports would become: noise' ''
inbox noise --all --subject example.org --reason 'nothing to act on' --apply --json
result "and done with --apply" is 0 '"count":6' ''
event=$(sed -n 's/.*"event":\([0-9]*\).*/\1/p' out)
inbox noise 4 --reason again
result "noise is not made noise twice" is 2 '' 'report 4 is noise already'
inbox answer 5 --reason 'thanks, we looked'
result "one is answered" is 0 'now: answered' ''
inbox undo "$event"
result "the bulk decision is taken back" is 0 '^5 reports are new again' ''
inbox undo "$event"
result "  once" is 2 '' 'stands any more'
inbox duplicate 4 6-7
result "duplicates by hand" is 0 '2 reports are now: duplicate' ''
inbox duplicate 6 8
result "  not of a duplicate" is 2 '' 'itself a duplicate'
inbox accept 1
result "one becomes an incident" is 0 '^Incident 1 has 1 report more' ''
run incident show 1 --db a.db
result "  which has it as a member" is 0 'bad.example.net' ''
inbox accept 4 --incident 1
result "another joins it" is 0 '^Incident 1 ' ''
printf '%s\n' subject,abuse,sender,text \
	http://bad.example.net/more,phishing,x@third.example,again >more.csv
inbox add more.csv
more=$("$vedette" inbox list --db a.db --state new --json | grep example.net/more |
	sed 's/.*"number":\([0-9]*\),.*/\1/')
inbox accept "$more"
result "one about the same host joins the open incident" \
	is 0 '^Incident 1 has 1 report more' ''
result "  which is said" grep -q 'Incident 1 is open about the same host' out
inbox undo "$(grep -oE 'undo [0-9]+' out | grep -oE '[0-9]+')"
inbox accept "$more" --title 'Another kit'
result "  with a title it is a new one" is 0 '^Incident 2 has 1 report more' ''
inbox undo "$(grep -oE 'undo [0-9]+' out | grep -oE '[0-9]+')"
cat >host.json <<'END'
{"xarf_version": "4.0.0", "report_id": "6f1ad0f4-0b3f-4b7c-9d35-2a6b0b7d1c11",
 "timestamp": "2026-11-02T10:00:00Z", "reporter": {"org": "R", "contact": "r@r.example",
 "domain": "r.example"}, "sender": {"org": "R", "contact": "r@r.example", "domain":
 "r.example"}, "source_identifier": "198.51.100.7", "category": "content", "type": "phishing",
 "url": "http://hosted.example.net/x", "description": "A page like that of the bank."}
END
inbox add host.json
result "an address beside the URL is taken" grep -q "^1 new report" out
number=$("$vedette" inbox list --db a.db --state new --json | grep hosted.example |
	sed 's/.*"number":\([0-9]*\),.*/\1/')
inbox show "$number"
result "  and shown" is 0 'its address, as the report says: 198.51.100.7' ''
run contacts add farm --db a.db --name Farm --role host --covers 198.51.100.0/24 \
	--mail abuse@farm.example --cleared 'TLP:AMBER PAP:AMBER'
inbox accept "$number"
incident=$(grep -oE '^Incident [0-9]+' out | grep -oE '[0-9]+')
run incident notify "$incident" --role host --db a.db --dry-run
result "  by it the host is found" is 0 '^To: farm' ''
result "  who reads what was reported" grep -q 'like that of the bank' out
inbox accept 99
result "a report that is not there is named" is 2 '' 'there is no report 99'
inbox accept 8 --incident 77
result "no such incident" is 2 '' 'no incident 77'
inbox reopen 4 --reason 'another kit'
result "and leaves it" is 0 'now: new' ''
inbox accept 8
result "one that was taken in by mistake" \
	is 0 "'vedette inbox undo [0-9]+ --db [^']+' takes it back" ''
incident=$(grep -oE '^Incident [0-9]+' out | grep -oE '[0-9]+')
inbox undo "$(grep -oE 'undo [0-9]+' out | grep -oE '[0-9]+')"
result "  is taken back" is 0 '^1 report is new again' ''
run incident show "$incident" --db a.db
result "  and the incident that it opened ends with it" grep -qE 'closed' out
inbox triage --apply
result "triage closes" is 0 'Closed .*vedette inbox undo' ''
inbox triage --again
result "facts looked up again" is 0 'new report|No report is new' ''
result "  and from where is said" grep -q '^0 reports weigh otherwise now. Looked at: the store' out
echo 1,popular.org >popular
run inbox form --subject a.popular.org --db known.db --inbox-popular popular
run inbox triage --again --db known.db
result "a list that is not given takes nothing away" \
	is 0 '^Kept as it was known: 1 fact of popular' ''
run inbox list --db known.db
result "  with its day" is 0 'place 1 of the popular names of 20' ''
run inbox triage --again --json --db known.db
result "  as JSON" is 0 '"popular":\{"looked":false,"kept":1\}' ''

inbox undo nope
result "an event that is none" is 2 '' "'nope' is no number of an event"
inbox add nowhere.eml
result "a file that is not there: only that is said" is 3 '' '^vedette: nowhere.eml: No such file'
result "  in one line, and no sum" test "$(wc -l <err)" -eq 1 -a ! -s out

# ---- what senders write: dates, and reports of version 3 ----

printf '%s\n' url,type,date http://a.example.net/1,phishing,03/11/2026 \
	http://b.example.net/1,phishing,'21/11/2026 10:30' >day.csv
run inbox add day.csv --db dates.db
result "a day over 12 shows the order of the whole table" \
	is 0 '^2 new reports' 'a new store was made'
result "  which is taken" test "$("$vedette" inbox list --db dates.db --json |
	grep -oE '"seen":"2026-11-(03|21T10:30)' | wc -l)" -eq 2
printf '%s\n' url,type,date http://c.example.net/1,phishing,03/04/2026 >doubt.csv
run inbox add doubt.csv --db dates.db
result "where nothing shows it nothing is guessed" is 3 '^1 new report' \
	"line 2: first_seen: '03/04/2026' is left out: which is the day .* write 2026-04-03"
run inbox list --db dates.db --subject c.example.net --json
result "  and nothing is said of the time" grep -q '"seen":null' out
cat >three.json <<'END'
{"Version": "3", "ReporterInfo": {"ReporterOrg": "R", "ReporterOrgEmail": "r@r.example"},
 "Disclosure": true, "Report": {"ReportClass": "Activity", "ReportType": "Spam",
 "Date": "2026-11-20T12:00:00Z", "SourceIp": "192.0.2.44", "SmtpMessageSubject": "Buy now!",
 "Samples": [{"ContentType": "message/rfc822", "Base64Encoded": false,
 "Payload": "From: x\r\n\r\nBuy now!"}]}}
END
run inbox add three.json --db dates.db
result "XARF of version 3 is read" is 0 '^1 new report' ''
run inbox list --db dates.db --subject 192.0.2.44
result "  with the message that it is about" is 0 '\+10 headers' ''
result "  and its kind" grep -q 'kind: spam' out
run inbox list --db dates.db --subject 192.0.2.44 --json
result "  and who reports" grep -q 'r@r.example' out

# ---- facts that are none ----

xarf() { # NUMBER TYPE: a report with a sample of that type
	cat >"$1.json" <<JSON
{"xarf_version":"4.0.0","report_id":"5d2b8b5c-9d3e-4c7f-8f66-0000000000$1",
"timestamp":"2026-11-20T10:00:00Z","category":"content","type":"phishing",
"source_identifier":"192.0.2.9","url":"https://x$1.example.com/",
"reporter":{"org":"E","contact":"e@x.example","domain":"x.example"},
"evidence":[{"content_type":"$2","description":"d","payload":"aGVsbG8=","hash":"sha256:x",
"size":5}]}
JSON
}
xarf 10 image/png; xarf 11 message/rfc822
run inbox add --db x.db --author ana 10.json 11.json
run inbox list --db x.db --subject x10.example.com
result "a picture is no message" not grep -q 'headers:' out
result "  and what else it says counts" grep -q '+5 time:' out
run inbox list --db x.db --subject x11.example.com
result "  a message is" grep -q '+10 headers:' out
run inbox accept 1 --db x.db --author ana
run share export --format stix --incident 1 --clearance 'TLP:AMBER PAP:AMBER' \
	--db x.db --author ana -o x.stix
run inbox add --db peer.db --author eva x.stix
run inbox list --db peer.db
result "what a peer passes on brings no message that was not there" not grep -q 'headers:' out
result "  and is there" grep -q 'x10.example.com' out

# shellcheck disable=SC2016	# the dollars are the zone's
printf '%s\n' '$ORIGIN registryx.' '$TTL 60' '@ SOA ns.nic h 1 2 3 4 5' '@ NS ns.nic' \
	'ns.nic A 192.0.2.1' 'a NS ns.nic' >tld
run verify zone --snapshot tld.snap tld
for name in a b; do
	run inbox form --db x.db --author ana --inbox-zones tld.snap --subject "$name.registryx"
done
run inbox list --db x.db --subject registryx
result "a zone of ours that the suffix list does not know: its names exist" \
	grep -q '+5 exists: a.registryx is delegated' out
result "  or not, as the zone says" grep -q -- '-45 absent: b.registryx is not delegated' out
result "  and the list has no say" not grep -q 'suffix list has nothing' out

# ---- documents ----

printf '%s\n' 'kind,subject,abuse,source' \
	'report,https://one.example.com/a,phishing,eva@x.example' \
	'report,https://one.example.com/a#x,malware,tom@y.example' \
	'report,10.9.8.7,botnet,tom@y.example' >table.csv
printf '%s\n' 'From: Eva <eva@x.example>' 'To: abuse@registry.example' 'Subject: phishing' \
	'Date: Mon, 2 Nov 2026 10:00:00 +0000' 'Message-ID: <1@x.example>' '' 'Hello,' \
	'please look at hxxps://two[.]example[.]com/login which steals passwords.' >one.eml
run inbox add --db b.db --author ana table.csv one.eml
result "a table and a mail" is 0 '^3 new reports, 1 duplicate of' 'a new store was made'
run inbox add --db b.db --author ana table.csv one.eml
result "the same files once more: nothing is taken twice" is 0 \
	'^0 new reports, 0 duplicates of earlier ones, 4 taken before' ''
run inbox list --db b.db --json
result "  four reports" [ "$(wc -l <out)" -eq 4 ]
result "  with the document's hash" grep -q "\"original\":\"$(sha256sum table.csv | cut -c1-64)" out
result "  the mail's subject refanged" grep -q '"subject":"https://two.example.com/login"' out
run inbox original 4 --db b.db
result "a document as it came" is 0 'hxxps://two\[\.\]example\[\.\]com/login' ''
run inbox original 1 --db b.db -o back.csv
result "  to a file, octet for octet" cmp -s table.csv back.csv
run inbox original 1 --db b.db --clearance green
result "  not for everybody" is 2 '' 'AMBER'
run inbox original 99 --db b.db
result "  of no report" is 2 '' 'no report 99'
run inbox add --db k.db --author ana --inbox-keep 100 table.csv one.eml
result "a large document is not kept, which is said" is 0 \
	'^2 documents larger than --inbox-keep were not kept' 'a new store was made'
run inbox original 1 --db k.db
result "  nor given back" is 2 '' 'was not kept; its SHA-256 is [0-9a-f]{64}'
python3 -c 'import sys; sys.stdout.buffer.write(b"kind,subject\nreport,x.example\n" + b"report,\
y.example\x1b[31m\n")' >odd.csv
run inbox add --db k.db --author ana odd.csv
run inbox original 3 --db k.db
result "what a terminal would obey is shown" not grep -q $'\e' out
run log rebuild --db b.db
run inbox original 1 --db b.db -o again.csv
result "rebuilt tables, the same document" cmp -s table.csv again.csv
echo nothing >nothing.txt
run inbox add --db b.db --author ana --format tea nothing.txt
result "a format that is none" is 2 '' "no format 'tea'"
run inbox add --db b.db --author ana none.csv
result "a file that is not there" is 3 '' 'none.csv'
cat >net.zone <<-'END'
	$ORIGIN net.
	$TTL 60
	@ SOA a.nic.net. h.nic.net. 1 1 1 1 1
	@ NS a.nic.net.
	a.nic.net. A 192.0.2.53
	here NS ns.example.org.
	END
"$vedette" verify zone --snapshot net.snap net.zone >/dev/null 2>&1
printf '1,popular.org\n' >popular
printf '%s\n' 'kind,subject,first_seen' "report,https://gone.net/,$(date -u +%FT%TZ)" \
	"report,https://here.net/,$(date -u +%FT%TZ)" 'report,popular.org,' >facts.csv
run inbox add --db c.db --author ana --inbox-zones net.snap --inbox-popular popular facts.csv
result "facts of the house's files" is 0 '^3 new' 'a new store was made'
run inbox list --db c.db
result "  absent" grep -q -- '-45 absent: gone.net is not delegated in the zone net' out
result "  exists" grep -q -- '+5 exists: here.net is delegated' out
result "  popular" grep -q -- '-20 popular: popular.org is place 1' out
run inbox triage --db c.db --author ana --inbox-zones none.snap --again
result "a snapshot that is not there" is 3 '' "none.snap"

tap_end
