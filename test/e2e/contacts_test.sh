#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# contacts_test.sh - `vedette contacts`: import, who can act, vouches and paths of trust,
# drills, the page for the wall.
#
# Usage: contacts_test.sh PATH-OF-VEDETTE
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

db=(--db desk.db --author ana)
says() { grep -q -- "$1" out; }
public() { openssl pkey -in "$1.pem" -pubout -outform DER | tail -c 32 | od -An -tx1 |
	tr -d ' \n'; }
key() { # NAME: a key file of the desk, and its public half in NAME.pub
	python3 -c 'import secrets; print(secrets.token_hex(32))' >"$1.key"
	chmod 600 "$1.key"
	(echo 302e020100300506032b657004220420 | tr -d '\n'; cat "$1.key") |
		python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))' |
		openssl pkey -inform DER -out "$1.pem"
	public "$1" >"$1.pub"
}

# ---- import ----

cat >people.csv <<'CSV'
id,name,roles,covers,mail,cleared
cert.example,"CERT ""Example""",cert,.,cert@cert.example,
host,Host,host operator,192.0.2.0/24,noc@host.example,TLP:GREEN PAP:GREEN
bad id,Bad,cert,,,
CSV
run contacts import people.csv "${db[@]}"
result "a table is shown first" is 0 'Nothing was changed' 'desk.db was not there: a new store'
run contacts list "${db[@]}" --json
result "  and nothing was changed" [ ! -s out ]
run contacts import people.csv "${db[@]}" --yes
result "  then taken" says '^New: 2; changed: 0; as they were: 0; not good: 1'
run contacts import people.csv "${db[@]}" --yes
result "  once" says '^New: 0; changed: 0; as they were: 2'
run contacts show host "${db[@]}"
result "  with the clearance of its column" says 'TLP:GREEN PAP:GREEN'
printf 'id,name,role,fax,tlp\nnew,New,cert,+34 1,\nodd,Odd,cert,,TLP:PINK\n' >odd.csv
run contacts import odd.csv "${db[@]}"
result "columns that are not known are named" says \
	'^odd.csv: columns that are not known, and not read: fax. Known are: id, name'
result "  a label that is none makes the row no good" says "^! odd  'TLP:PINK' is no label"
result "  and 'role' is the option's name for roles" says '^New: 1; .*; not good: 1'
head -c 100000 /dev/urandom >noise
run contacts import noise "${db[@]}" --yes
result "noise is refused in one sentence" is 3 '' '^vedette: noise: '
printf '{"objectClassName":"domain","entities":%s' "$(printf '[%.0s' {1..3000})" >deep
run contacts import deep "${db[@]}" --yes
result "nesting without end, too" is 3 '' '^vedette: deep: '
run contacts route www.example.com 192.0.2.9 "${db[@]}"
result "who can act" says '^operator *host *192.0.2.0/24'
run contacts route www.example.com "${db[@]}" --clearance green
result "  is not for everybody" is 2 '' 'AMBER'

run contacts route not..valid 999.1.1.1 "${db[@]}"
result "what nobody can cover is refused" is 2 '' "'not..valid' is nothing that somebody answers"
run contacts change host "${db[@]}" --languages 'es xx'
result "a language that there is not, too" is 2 '' "'xx' is no language"
run contacts change host "${db[@]}" --languages 'pt-br, fr'
result "which language letters will be in is said" is 0 "are in 'fr': there are none in 'pt-br'" ''
run contacts show host "${db[@]}"
result "  and shown" is 0 'letters in +fr$' ''

run contacts add twice.example "${db[@]}" --name Twice --role cert --role host,team \
	--covers a.example --covers b.example --mail a@twice.example
run contacts show twice.example "${db[@]}" --json
result "lists that are said twice are put together" \
	is 0 '"roles":"cert.nhost.nteam","covers":"a.example.nb.example"' ''
run contacts change twice.example "${db[@]}" --mail b@twice.example --mail c@twice.example
result "two values where one is taken are refused" is 2 '' '--mail: it was given before'

run contacts add nameless "${db[@]}"
result "who has no name is asked for it" is 2 '' 'Write --name TEXT'

# ---- trust ----

if command -v openssl >/dev/null; then
	for k in ours cert other; do key $k; done
	run contacts change cert.example "${db[@]}" --public-key "$(cat cert.pub)"
	run contacts add stranger "${db[@]}" --name Stranger --role cert \
		--public-key "$(cat other.pub)"
	(exec -a ./run "$vedette" contacts vouch cert.example "${db[@]}") >out 2>err
	status=$?
	result "a vouch without a key says how to get one, as one writes it here" \
		is 2 '' "'./run log key FILE' makes one"
	run contacts vouch cert.example "${db[@]}" --key ours.key
	result "we vouch for somebody" is 0 '^signature: ' ''
	run contacts path stranger "${db[@]}" --key ours.key
	result "  which leads to no stranger" is 1 '^No path' ''
	# The CERT vouches at its own desk and passes it on.
	run contacts add stranger --db theirs.db --name S --public-key "$(cat other.pub)"
	run contacts add cert.example --db theirs.db --name We --public-key "$(cat cert.pub)"
	run contacts vouch stranger --db theirs.db --key cert.key
	cp out good
	sed 's/^whom: stranger/whom: strange/' good >forged
	run contacts vouch --from forged "${db[@]}"
	result "a changed vouch is refused" is 2 '' 'signature'
	run contacts vouch --from good "${db[@]}"
	result "one that they signed is taken" is 0 '' 'give --key FILE'
	run contacts path stranger "${db[@]}" --key ours.key
	result "  and now a path of two steps leads there" says '^2. cert.example vouches for st'
	sleep 1.1
	run contacts vouch cert.example --revoke "${db[@]}" --key ours.key
	run contacts path stranger "${db[@]}" --key ours.key
	result "  until we take ours back" is 1 '^No path' ''
	run contacts path stranger "${db[@]}" --key other.key
	result "with another root there is none" is 1 '^No path' ''
else
	skip "vouches" "there is no openssl to make keys"
fi

# ---- drills ----

run contacts drill host "${db[@]}" --mail-from desk@us.example --answer-in 1s
result "a drill is a draft" says 'drill to host'
run notices show 1 "${db[@]}"
token=$(grep -o 'vd-[0-9a-f]\{16\}' out | head -1)
result "  with a token" [ -n "$token" ]
sleep 1.2
run contacts reach "${db[@]}"
result "who did not answer in time is told" says '1 drill ended without an answer'
run contacts show host "${db[@]}"
result "  and the address is marked" says 'silent'
run contacts answer "$token" "${db[@]}" --note 'by telephone'
run contacts show host "${db[@]}"
result "a late answer proves it still" says '(answered 20'
run contacts reach "${db[@]}"
result "  and is no more among those not reached" not says '^host '
run contacts answer vd-0000000000000000 "${db[@]}"
result "a token of nobody" is 2 '' 'no drill has'
run contacts sheet "${db[@]}"
result "the sheet, by role" says 'noc@host.example'
run contacts sheet --html "${db[@]}"
result "  as a page without tags of others" says 'CERT &#34;Example&#34;'
run log key once.key
run contacts change host "${db[@]}" --note signed --key once.key
run contacts change host "${db[@]}" --note bare
result "a change without the key of a signed log is warned of" \
	is 0 Contact 'warning: this log is signed, and what is changed now is not'
run log verify "${db[@]}" --log-only
result "  and log verify tells it" \
	is 0 ' after the first signed one (is|are) not signed, between event ' ''
run log verify "${db[@]}" --signer xyz
result "what is no public key is said to be none" is 2 '' "'xyz' is no public key"

tap_end
