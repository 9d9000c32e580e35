#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# share_test.sh - what leaves and what comes in: formats, refusals by marking, the redacted
# form, who may have what, imports as reports and as indicators, and what the log says of it.
#
# Usage: share_test.sh PATH-OF-VEDETTE
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

share() { local verb=$1; shift; run share "$verb" --db a.db --author ana "$@"; }
inbox() { local verb=$1; shift; run inbox "$verb" --db a.db --author ana "$@"; }
contact() { run contacts add --db a.db --author ana "$@"; }

# ---- formats ----

run share formats
result "formats, without a store" is 0 '^stix ' ''
result "  and what they cannot carry" grep -q 'cannot carry: ' out
run share formats --json
result "  as JSON" is 0 '^\{"format":"jsonl"' ''
run share formats --table
result "  as the table of the document" is 0 '^\| \| jsonl \| stix ' ''

# ---- a desk with two markings ----

inbox form --subject https://plain.example.net/x --abuse phishing --sender eva@x.example
inbox form --subject https://secret.example.org/y --abuse malware \
	--inbox-marking 'TLP:RED PAP:RED' --words 'canary-of-red'
inbox accept 1
inbox accept 2
contact near.example --name Near --role cert --covers . --cleared 'TLP:RED PAP:RED'
contact far.example --name Far --role host --covers . --cleared 'TLP:AMBER PAP:GREEN'
contact open.example --name Open --role host --covers .

# ---- out ----

share export --format stix
result "for whom is wanted" is 2 '' '--incident|for whom'
share export --format stix --incident 1
result "for whom is wanted, with a wish" is 2 '' 'for whom'
share export --format tea --incident 1 --clearance amber
result "no such format" is 2 '' "no format 'tea'"
share export --format stix --incident 1 --to far.example -o one.json
result "one that they may have" is 0 '^one.json: 2 items, TLP:AMBER PAP:GREEN, for far.example' ''
result "  a bundle" grep -q '"type":"bundle"' one.json
share export --format stix --incident 1-2 --for far.example -o two.json
result "one that they may not have refuses the whole" is 2 '' 'incident 2 is TLP:RED PAP:RED'
result "  whose clearance that is" grep -q 'far.example is cleared for TLP:AMBER PAP:GREEN' err
result "  and how to get the rest" grep -q -- '--redacted leaves 2 items out' err
result "  nothing of what is in it" [ "$(grep -c -e canary -e secret err)" -eq 0 ]
result "  and no file" [ ! -e two.json ]
share export --format stix --incident 1-2 --to far.example --redacted -o two.json
result "redacted" is 0 '; withheld: 2$' ''
result "  without an octet of it" [ "$(grep -c -e canary -e secret two.json)" -eq 0 ]
for format in jsonl stix misp csv xarf iodef; do
	share export --format $format --incident 1-2 --reports --clearance 'amber pap:green' \
		--redact
	result "redacted as $format" [ "$status" -eq 0 ]
	result "  without an octet of it" [ "$(grep -c -e canary -e secret out)" -eq 0 ]
done
share export --format jsonl --incident 1-2 --for near.example
result "the whole for whom may have it" is 0 'canary-of-red' ''
share export --format jsonl --incident 2 --for near.example --clearance green
result "the lesser of contact and clearance holds" is 2 '' 'refused'
share export --format rpz --incident 2 --for near.example
result "what a format's use can honour holds, too" is 2 '' 'its use can honour no more'
share export --format jsonl --incident 9 --clearance red
result "no such incident" is 2 '' 'no incident 9'
share export --format jsonl --incident 1 --for nobody.example
result "no such contact" is 2 '' "no contact 'nobody.example'"
export_it() { run incident export "$@" --db a.db --author ana; }
export_it 1 --format misp --to far.example -o inc.json
result "an incident's own verb exports it, too" is 0 '^inc.json: 2 items' ''
result "  as the format is" grep -q '"Event"' inc.json
export_it 1,2 --format stix --to far.example
result "  refused the same way" is 2 '' 'incident 2 is TLP:RED PAP:RED'
result "  with its own options' names" grep -q -- '--redacted leaves 2' err
export_it 1-2 --format stix --to far.example --redacted
result "  and redacted" [ "$status/$(grep -c canary out)" = 0/0 ]
export_it 1 --format stix
result "  for whom is wanted" is 2 '' 'Write --to CONTACT'
run log show --db a.db
result "the log has the refusals" grep -q 'gate.refused' out
result "  and what left" grep -q 'gate.told' out

# ---- who reported ----

inbox form --subject https://told.example.net/z --abuse phishing \
	--sender 'Eva Roe <eva@x.example>' --words 'answer to EVA@x.example, please'
for format in jsonl stix misp csv xarf iodef; do
	share export --format $format --reports --subject told --clearance 'amber pap:green'
	result "who reported does not leave as $format" \
		[ "$status/$(grep -ciE 'eva@|Roe' out)" = 0/0 ]
	result "  and what was reported does" grep -q 'told.example.net' out
	share export --format $format --reports --subject told --clearance 'amber pap:green' \
		--name-reporters
	result "  unless it is wished" grep -q 'Eva Roe' out
done
inbox noise 3 --reason 'a test'

# ---- evidence ----

xzcat "$demo" >demo.pcap
run observe --db e.db demo.pcap
run share export --db e.db --author ana --format xarf --findings --clearance red,pap:red -o e.json
result "findings as reports of abuse, with some of their messages" is 0 '^e.json: ' ''
result "  as captures that others open" python3 - e.json <<'END'
import base64, hashlib, json, subprocess, sys
reports = [r for r in json.load(open(sys.argv[1])) if "evidence" in r]
assert len(reports) > 3
for r in reports:
    e, = r["evidence"]
    octets = base64.b64decode(e["payload"], validate=True)
    assert len(octets) == e["size"] <= 65536
    assert e["hash"] == "sha256:" + hashlib.sha256(octets).hexdigest()
    said = subprocess.run(["tshark", "-n", "-r", "-"], input=octets, capture_output=True,
                          check=True)
    assert 1 <= len(said.stdout.splitlines()) <= 5, said
END
run share export --db e.db --author ana --format xarf --findings --clearance red,pap:red \
	--samples 0
result "  none when none are wanted" [ "$(grep -c '"payload"' out)" = 0 ]
run share import --db f.db --author fay e.json
result "  and read back" is 0 ' new' 'a new store was made'

# ---- who ----

share who --incident 1-2
result "who may have what" is 0 '^near.example .*4 of 4' ''
result "  some of it" grep -qE '^far.example .* 2 of 4 +TLP:RED PAP:RED' out
result "  nothing of it" grep -qE '^open.example .* 0 of 4 ' out

# ---- in ----

printf '%s\n' 'kind,subject,abuse,source' 'indicator,listed.example.net,phishing,cert.example' \
	'indicator,192.0.2.66,botnet,cert.example' >feed.csv
share import --as indicators feed.csv
result "a list as indicators" is 0 '^2 indicators were taken: 2 new, 0 renewed' ''
echo 'indicator,192.0.2.67,botnet,cert.example' >>feed.csv
share import --as indicators feed.csv
result "  again, with one more" is 0 '^3 indicators were taken: 1 new, 2 renewed' ''
sed -i '$d' feed.csv
share export --format jsonl --indicators --clearance 'red pap:red'
result "  twice is once" [ "$(wc -l <out)" -eq 3 ]
inbox form --subject https://listed.example.net/a --abuse phishing
inbox list --subject listed
result "a report is held against it" is 0 'listed for phishing by cert.example' ''
share import --as tea feed.csv
result "neither reports nor indicators" is 2 '' "'tea' is neither"
share export --format jsonl --incident 1 --clearance amber -o round.jsonl
run share import --db b.db --author ben round.jsonl
result "from desk to desk" is 0 '^2 new' 'a new store was made'
run inbox list --db b.db --json
result "  with the subject" grep -q '"subject":"https://plain.example.net/x"' out
printf '%s\n' 'kind,subject,rule,title' 'observation,lame.example,delegation.lame,lame' \
	'observation,loud.example,tunnel.data,a tunnel' >faults.csv
run share import --db g.db --author gus faults.csv
result "faults that others found in zones are left out" \
	is 0 '^1 new report, ' 'a new store was made'
result "  which is said, and how to have them" grep -q '^1 fault of a zone.*--inbox-faults' out
run share import --db g.db --author gus faults.csv --inbox-faults
result "  or taken" is 0 '^1 new report, ' ''
share feed feed --incident 1 --clearance amber
result "a MISP feed" is 0 '^1 event, hashes.csv, manifest.json' ''
result "  of the files that it should have" [ "$(find feed -name '*-*-*-*-*.json' | wc -l)" -eq 1 ]
result "  whose manifest and hashes name the event" python3 - feed <<'END'
import hashlib, json, os, sys
m = json.load(open(sys.argv[1] + "/manifest.json"))
named = {l.strip().split(",")[1] for l in open(sys.argv[1] + "/hashes.csv")}
assert named == set(m) and {u + ".json" for u in m} < set(os.listdir(sys.argv[1]))
for uuid, about in m.items():
    e = json.load(open(f"{sys.argv[1]}/{uuid}.json"))["Event"]
    assert all(about[k] == e[k] for k in about) and e["uuid"] == uuid
    for a in e["Attribute"]:
        line = hashlib.md5(a["value"].encode()).hexdigest() + "," + uuid + "\n"
        assert "|" in a["type"] or line in open(sys.argv[1] + "/hashes.csv").read(), a
END
echo '{"Event":{"uuid":"00000000-0000-4000-8000-000000000000"}}' \
	>feed/00000000-0000-4000-8000-000000000000.json
run share import --db d.db --author dan feed
result "  read back by its manifest" is 0 '^2 new' 'a new store was made'
share feed feed --incident 1-2 --clearance amber
result "  none of what the audience may not have" is 2 '' 'incident 2 is TLP:RED'
share export --format stix --incident 2 --clearance red,pap:red -o red.json
run share import --db d.db --author dan red.json
run inbox list --db d.db --subject secret --json
result "labels come along, also of a format that is guessed" \
	[ "$(grep -c '"tlp":"TLP:RED","pap":"PAP:RED"' out)" -eq 2 ]
share taxii ftp://x.example/
result "no URL of a server" is 2 '' 'x.example'
share taxii http://127.0.0.1:9/taxii2/
result "a server that is not there" is 3 '' '127.0.0.1'

tap_end
