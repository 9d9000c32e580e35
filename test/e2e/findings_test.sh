#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# findings_test.sh - findings on their way from a capture through the store to
# people: observe --db, findings, show, explain; in every format; with broken
# stores and broken output.
#
# Usage: findings_test.sh PATH-OF-VEDETTE. TAP lines; the exit status is 1 when
# one is not ok. VEDETTE_SOURCE names the checkout (for test/data).
set -u
vedette=$(realpath "${1:?usage: findings_test.sh PATH-OF-VEDETTE}")
source=${VEDETTE_SOURCE:-$(dirname "$(realpath "$0")")/../..}
capture=$(realpath "$source")/test/data/demo.pcap.xz
work=$(mktemp -d) && cd "$work" || exit 1
trap 'rm -rf "$work"' EXIT
export TERM=xterm LC_ALL=C.UTF-8
if [ ! -x "$vedette" ] || [ ! -r "$capture" ]; then
	echo "Bail out! nothing to test"
	exit 1
fi
n=0 bad=0 status=0

# result NAME COMMAND...: ok when the command succeeds
result() {
	local name=$1
	shift
	n=$((n + 1))
	if "$@"; then echo "ok $n - $name"; else echo "not ok $n - $name"; bad=$((bad + 1)); fi
}
run() { "$vedette" "$@" >out 2>err </dev/null; status=$?; }
# is STATUS OUT-PATTERN ERR-PATTERN of the last run; '' = nothing was written
is() {
	[ "$status" -eq "$1" ] || { echo "# status $status"; sed 's/^/# /' err; return 1; }
	if [ -z "$2" ]; then [ ! -s out ]; else grep -qE -- "$2" out; fi &&
		if [ -z "$3" ]; then [ ! -s err ]; else grep -qE -- "$3" err; fi
}
one_sentence() { [ "$(wc -l <err)" -eq 1 ] && [ "$(wc -c <err)" -lt 700 ]; }
ids() { sed -n 's/^{"id":"\([0-9a-f]\{64\}\)".*/\1/p' "$1"; }

# ---- into the store ----

run observe --db a.db --json "$capture"
cp out observed
result "observe finds and stores" is 1 '"id":' ''
result "some findings" [ "$(ids observed | wc -l)" -ge 3 ]
result "only owner and group read the store" [ "$(stat -c %a a.db)" = 640 ]

# ---- findings ----

run findings --db a.db --json
result "findings lists" is 1 '^\{"run":' ''
result "the same findings as observe said" cmp -s <(ids observed) <(ids out)
result "and the same octets" cmp -s <(grep -v '^{"run"' observed) <(grep -v '^{"run"' out)
run findings --db a.db
result "as a table" is 1 '^SEVERITY +FROM' ''
result "with what was read" grep -q '^Read [0-9,]* frames' out
run findings --db a.db --rule tunnel --json
result "of one rule" is 1 '"rule":"tunnel' ''
result "and of no other" [ "$(grep -c '"rule":"tunnel' out)" -eq "$(ids out | wc -l)" ]
run findings --db a.db --rule none
result "of a rule that nothing has: what it rests on" is 0 '^Nothing found' ''
result "  is all that was read" grep -q '^Read [0-9,]* frames' out
run findings --db a.db --limit 1 --json
result "a limit" [ "$(ids out | wc -l)" -eq 1 ]
result "  is counted" grep -q '"store.left","class":"limit","value":[1-9]' out
run findings --db a.db --severity critical --fail-on never
result "a severity" is 0 '.' ''
run findings --db a.db --until 1980-01-01
result "a time" is 0 '^Nothing found' ''
run findings --db a.db --since yesterday
result "what is no time" is 2 '' "'yesterday' is not a time"
subject=$(sed -n '1s/.*"subject":"\([^"]*\)".*/\1/p' observed)
run findings --db a.db --subject "${subject^^}" --json
result "a subject in any case" is 1 "\"subject\":\"$subject\"" ''

# ---- the page ----

run findings --db a.db --html page.html --json
result "a page" is 1 . ''
result "  that is whole" grep -q '^</html>' page.html
result "  with every finding" \
	[ "$(grep -c '^<article id="f-' page.html)" -eq "$(ids out | wc -l)" ]
result "  that loads nothing" sh -c '! grep -qE "(src|href)=\"?[^\"#]" page.html'
run findings --db a.db --html page2.html
result "  twice the same" cmp -s page.html page2.html
for over in a.db desk.key; do
	[ -e $over ] || "$vedette" log key $over >out 2>err
	cp $over before
	run findings --db a.db --json
	id=$(ids out | head -n 1)
	run findings --db a.db --html $over
	result "no page over $over" is 2 '' "^vedette: $over: the page cannot be written: a store"
	run pack "$id" --db a.db -o $over
	result "  nor a pack" is 4 '' "^vedette: $over: the pack cannot be written: a store"
	result "  it is as it was" cmp -s before $over
done
run findings --db a.db --html /nowhere/page.html
result "  that cannot be written" is 4 . 'page cannot be written'

# ---- the same again ----

run observe --db a.db --json "$capture"
run findings --db a.db --json
result "a second run: no second finding" cmp -s <(ids observed) <(ids out)
result "  but two runs, counted once" grep -q '"store.runs","class":"note","value":1' out
result "  which is said" grep -q '"store.again","class":"note","value":1' out
run findings --db a.db --until 2001-01-01
result "runs of another time are not told" is 0 '^Read 0 frames \(0 B\) from 0 inputs' ''
run findings --db a.db --run 2 --json
result "  each of which has them all" cmp -s <(ids observed) <(ids out)
run findings --db a.db --run 3
result "  and no third" is 0 '^Nothing found' ''

# ---- show ----

id=$(ids observed | head -1)
run show "$id" --db a.db
result "show" is 0 '^  id ' ''
result "  features against thresholds" grep -qE 'wanted at (least|most) .*: (met|not met)' out
result "  runs" grep -qE '^  Run [12], .*: observe' out
result "  messages" grep -qE '^;; message 1 of [0-9]+, 20' out
result "  decoded" grep -q '^;; ->>HEADER<<-' out
result "  nothing that acts" sh -c '! LC_ALL=C grep -qP "[^\x09\x20-\x7e\x80-\xff]" out'
cp out shown
run show "${id:0:8}" --db a.db
result "show by the first digits" cmp -s shown out
run show "$id" --db a.db --hex
result "show with octets" is 0 '^;; 0000  ([0-9a-f]{2} ){12}' ''
run show "$id" --db a.db --no-messages
result "show without messages" is 0 '^  id ' ''
result "  has none" sh -c '! grep -q ";; message" out'
run show "$id" --db a.db --json
result "show as JSON" cmp -s <(grep "$id" observed | head -1) out
run show 00 --db a.db
result "too few digits" is 2 '' 'at least the first 4'
run show "${id:0:60}0000" --db a.db
result "an id that is not there" is 2 '' 'no finding whose id begins with'
run show "$id"
result "no store named" is 2 '' 'Write --db FILE'

# ---- stores that are none ----

run findings --db none.db
result "no such file" is 3 '' 'No such file'
result "  is not made" [ ! -e none.db ]
result "  one sentence" one_sentence
echo "not a database, but long enough to be looked at" >text.db
run findings --db text.db
result "a text file" is 3 '' 'is no SQLite database'
: >empty.db
run findings --db empty.db
result "an empty file" is 3 '' 'nothing was stored'
head -c 20000 a.db >cut.db
run findings --db cut.db
result "a store cut off" is 3 '' 'damaged|cannot be|disk image'
result "  one sentence" one_sentence
run observe --db text.db "$capture"
result "observe into a text file: the findings are printed" is 4 '^SEVERITY' 'no SQLite'
result "  the file is left alone" grep -q '^not a database' text.db

# ---- output that fails ----

"$vedette" findings --db a.db >/dev/full 2>err
status=$?
: >out
result "a full disk behind standard output" is 4 '' 'No space left'
"$vedette" show "$id" --db a.db 2>err >/dev/full
status=$?
result "  for show, too" is 4 '' 'No space left'

# ---- explain ----

run explain
result "explain lists" is 0 '^tunnel\.data +high' ''
cut -d' ' -f1 out >all
while read -r rule; do
	run explain "$rule"
	result "explain $rule" is 0 '^What to do' ''
done <all
sed -n 's/^{"id":"[^"]*","rule":"\([^"]*\)".*/\1/p' observed | sort -u >found
while read -r rule; do
	result "a found rule is in the catalogue: $rule" grep -qxF "$rule" all
done <found
run explain tunnel
result "explain a detector" is 0 '^tunnel\.out' ''
run explain tunel.data
result "explain what is not there" is 2 '' "did you mean 'tunnel.data'"

# ---- the schema of JSON Lines ----

run explain --json-schema
result "a schema" is 0 'json-schema\.org/draft/2020-12' ''
mv out schema
cat >validate.py <<'P'
import json, jsonschema
schema = json.load(open("schema"))
kind = jsonschema.validators.validator_for(schema)
kind.check_schema(schema)
lines = [json.loads(line) for line in open("observed")]
for line in lines:
    kind(schema).validate(line)
for key in list(lines[0]):
    short = {k: v for k, v in lines[0].items() if k != key}
    assert list(kind(schema).iter_errors(short)), key
P
if /usr/bin/python3 -c 'import jsonschema' 2>/dev/null; then
	result "every line is as the schema says" /usr/bin/python3 validate.py
else
	n=$((n + 1))
	echo "ok $n - every line is as the schema says # SKIP python3-jsonschema is missing"
fi

echo "1..$n"
[ "$bad" -eq 0 ]
