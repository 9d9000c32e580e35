#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# taxii_test.sh - TAXII 2.1, both ends: `vedette serve` against a client that was written after
# the standard (taxied.py), and `vedette share taxii` against `vedette serve`: from one desk
# to another and back. Objects are held against the schemas of OASIS where those are there.
#
# Usage: taxii_test.sh PATH-OF-VEDETTE. Everything is on the loopback.
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

xzcat "$demo" >demo.pcap || exit 1

# ---- a desk with something of everything ----

run observe --db a.db demo.pcap
run incident group --db a.db --author ana
ana() { run "$@" --db a.db --author ana; }
ana inbox form --subject https://open.example.org/x --abuse phishing --sender eva@x.example \
	--inbox-marking 'TLP:CLEAR PAP:CLEAR'
ana inbox accept 1
ana inbox form --subject https://secret.example.org/ --abuse malware --words 'canary-of-red' \
	--inbox-marking 'TLP:RED PAP:RED'
ana inbox accept 2
ana incident note 1 'a note for the desk'
ana incident note 1 'a note kept apart' --apart
printf '%s\n' 'kind,subject,abuse,source,sightings,tlp,pap' \
	'indicator,listed.example.net,phishing,cert.example.net,7,TLP:GREEN,PAP:GREEN' \
	'indicator,192.0.2.66,botnet,cert.example.net,0,TLP:AMBER,PAP:GREEN' \
	'indicator,192.0.2.67,botnet,Vedette,0,TLP:AMBER,PAP:GREEN' >feed.csv
ana share import --as indicators feed.csv
result "a desk with something to share" is 0 '^3 indicators were taken' ''

# ---- a client of others ----

serve_begin --db a.db --serve-producer cert.example
checks taxied python3 "$here/taxied.py" "$url" "$(serve_password)" "$vedette" a.db

schemas=${VEDETTE_DATA:-none}/stix/oasis/schemas
if [ -d "$schemas" ]; then
	"$source/test/npm/validate" stix.js "$(realpath "$schemas")" "$PWD/pages" >valid 2>&1
	case $? in
	77) skip "objects are valid STIX" "$(tail -1 valid)" ;;
	0) result "objects are valid STIX: $(tail -1 valid)" true ;;
	*) cat valid; result "objects are valid STIX" false ;;
	esac
else
	skip "objects are valid STIX" "the schemas are not there"
fi

# ---- our own client: pull ----

taxii() { run share taxii "$@" --db b.db --author ben --share-secret-file tok; }
taxii "$url/taxii2/"
result "our client finds the API root" is 0 "^$url/taxii2/desk/  \\(default\\)" ''
result "  and, as there is one, its collections" grep -q '^[0-9a-f-]\{36\}  green  ' out
run share taxii "$url/taxii2/" --share-secret-file tok
result "  without a store, for who only looks" is 0 'default' ''
run share taxii "$url/taxii2/" --lang es
result "  who does not say who they are is told so in Spanish" \
	grep -q 'estado 401, el servidor quiere saber quién pregunta' err
taxii "$url/taxii2/desk/"
result "  the collections" is 0 'Inbox  \(takes objects\)' ''
taxii pull "$url/taxii2/desk/" red
result "  and pulls one" is 0 '^[0-9]+ new' 'the next run: --since'
since=$(sed -n 's/.*--since //p' err)
taxii pull "$url/taxii2/" green
result "  a root that is none is refused, and there is no more of it" is 3 '' '404'
result "    which is all that is said" not grep -q 'there is more' err
run inbox list --db b.db --json
result "  subjects are those of the other desk" grep -q '"subject":"192.0.2.31"' out
result "  labels, too" grep -q 'secret.example.org.*"tlp":"TLP:RED"' out
taxii pull "$url/taxii2/desk/" red --since "$since"
result "  the next run has nothing new" is 0 '' ''
run inbox form --db a.db --author ana --subject https://open.example.org/x --abuse spam
ana incident note 1 'a second note'
taxii pull "$url/taxii2/desk/" red --since "$since"
result "  until something changes" is 0 '^[0-9]+ new' '--since'
result "  of which what it refers to came earlier and is asked for" \
	[ "$(grep -c 'not what an item' err)" = 0 ]
taxii pull "$url/taxii2/desk/" inbox
result "what cannot be read is told" is 3 '' '403'
taxii pull "$url/taxii2/desk/" nothing
result "what is not there is told" is 3 '' '404'

# ---- push ----

run inbox form --db b.db --author ben --subject https://pushed.example.net/ --abuse phishing \
	--sender me@b.example --inbox-marking TLP:GREEN
taxii push "$url/taxii2/desk/" inbox --reports --subject pushed --clearance 'amber pap:green'
result "our client pushes" is 0 '^Objects: [0-9]+ taken, 0 refused' ''
run inbox list --db a.db --subject pushed --json
result "  and the other desk has it" grep -q 'pushed.example.net/.*"tlp":"TLP:AMBER"' out
taxii push "$url/taxii2/desk/" inbox --reports --clearance green
result "what the audience may not have is refused, and nothing sent" is 2 '' 'refused'
taxii push "$url/taxii2/desk/" red --reports --subject pushed --clearance amber
result "a collection that takes nothing" is 3 '' '403'
taxii push "$url/taxii2/desk/"
result "words that are missing" is 2 '' 'taxii push ROOT COLLECTION'
run log show --db b.db
result "what was pushed is in the log" grep -q 'gate.told' out
run log show --db a.db
result "what was pulled is in the other's" [ "$(grep -c 'gate.told' out)" -gt 5 ]
result "  and what became of what was given" grep -q 'taxii.received' out

# ---- many ----

awk 'BEGIN { print "kind,subject,abuse,source,tlp,pap"
	for (i = 0; i < 2500; i++)
		print "indicator,host" i ".many.example,phishing,x.example,TLP:GREEN,PAP:GREEN"
}' >many.csv
run share import --db a.db --author ana --as indicators many.csv
python3 "$here/taxied.py" walk "$url" admin "$(cat token)" amber 400 >ids 2>ids.err
result "thousands of objects in pages" \
	[ "$?/$(sort -u ids | grep -c '^indicator')" = "0/2503" ]
run share import --db c.db --author cem --as indicators many.csv
run share taxii push "$url/taxii2/desk/" inbox --indicators --clearance 'amber pap:green' \
	--db c.db --author cem --share-secret-file tok
result "thousands are pushed in envelopes" is 0 '^Objects: 25[0-9][0-9] taken, 0 refused' ''
run inbox list --db a.db --subject many.example --json --limit 5000
result "  and all are there" [ "$(grep -c 'many.example' out)" -eq 2500 ]
serve_end
run log verify --db a.db
result "the log is whole" [ "$status" -eq 0 ]
tap_end
