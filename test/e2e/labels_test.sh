#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# labels_test.sh - what is made from something is marked as that is: on the command line, and of
# files sent to `vedette serve`. Files marked RED hold a word that nothing else holds; every
# route that is described is then asked by people who may know less, with whatever numbers, ids
# and names there are. The requests are in labelled.py.
#
# Usage: labels_test.sh PATH-OF-VEDETTE. Everything is on the loopback.
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

xzcat "$demo" >demo.pcap || exit 1
cat >x.zone <<'END'
@ 3600 SOA ns hm 1 1 1 1 1
@ NS ns
ns A 192.0.2.1
www CNAME www
END

# ---- the command line ----

marked() { findings out | grep -o '"label":"[^"]*"' | sort -u; }
only() { [ "$(marked)" = "\"label\":\"$1\"" ]; }
run observe --json demo.pcap
cp out plain
result "what is found is AMBER when nothing is said" only TLP:AMBER
run observe --json --marking 'TLP:RED PAP:RED' demo.pcap
result "  or as it is said" only 'TLP:RED PAP:RED'
result "  and has the same id" cmp -s <(ids plain) <(ids out)
echo 'marking: green' >c.yaml
run observe --json --config c.yaml demo.pcap
result "  or in the configuration" only TLP:GREEN
run verify zone --json --origin x.example --marking 'TLP:CLEAR PAP:CLEAR' x.zone
result "of a zone, too" only 'TLP:CLEAR PAP:CLEAR'
sed 's/1 1 1 1 1/2 1 1 1 1/' x.zone >y.zone
run verify series --json --origin x.example --marking 'TLP:RED' x.zone y.zone
result "  and of a series" only TLP:RED
run observe --marking pink demo.pcap
result "what is no label is said" is 2 '' "^vedette: --marking: 'pink' is no label"
run observe --db a.db --marking green demo.pcap
run observe --db a.db --marking 'TLP:RED PAP:AMBER' demo.pcap
run observe --db a.db --marking clear demo.pcap
run findings --db a.db --json
result "what several runs found is marked as the strictest of them" only 'TLP:RED PAP:AMBER'
run findings --db a.db --json --clearance 'TLP:RED PAP:GREEN'
result "  and seen by who may have that" [ -z "$(ids out)" ]
id=$("$vedette" findings --db a.db --json | ids /dev/stdin | head -1)
run pack --db a.db -o p.vedette "$id"
run replay p.vedette
result "a pack with a label is judged again" is 0 'same' ''
printf 'subject,abuse\nhttp://x.example/a,phishing\n' >r.csv
run inbox add --db a.db --marking red r.csv
run inbox list --db a.db --json --clearance amber
result "reports that came in RED are not AMBER" [ ! -s out ]
run share import --db a.db --marking 'TLP:GREEN PAP:CLEAR' r.csv
run inbox form --db a.db --marking clear --subject http://y.example/ --json
run inbox list --db a.db --json --clearance green
result "  and GREEN ones are GREEN" [ "$(wc -l <out)" -ge 1 ]

# ---- files that are sent ----

sed -e 's/invented-/qzcanary-/g' demo.pcap >red.pcap	# as long as before
serve_begin --db b.db
labelled() { checks "$1" timeout 500 python3 "$here/labelled.py" "$1" "$url" "${@:2}"; }
labelled begin "$(serve_password)"
labelled sent
labelled crawled
labelled strictest
quiet() { not grep -qE 'Sanitizer|runtime error|too often' served.err; }
result "none of its processes met trouble" quiet
serve_end
tap_end
