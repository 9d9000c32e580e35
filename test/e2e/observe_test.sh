#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# observe_test.sh - `vedette observe` on the capture that ships with the project: the
# truth is found, in every output, whatever way the packets come in; broken inputs get
# one sentence each and cost no more than what is broken.
#
# Usage: observe_test.sh PATH-OF-VEDETTE. What lz4 or zstd must pack is skipped where
# they are not installed.
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"
capture() { python3 "$here/capture.py" "$@"; }
observed() { python3 "$here/observed.py" "$@"; }

xzcat "$demo" >demo.pcap || exit 1

# ---- the truth ----

run observe --json demo.pcap
cp out plain
result "something is found: status 1" is 1 '^\{"id":' ''
result "JSON Lines are whole, findings in order, frames add up" observed json plain
result "what was done is found, and nobody is accused of what was not done" \
	observed labels plain "$source/test/data/demo.labels"
result "all frames of the capture" [ "$(field <(tail -1 plain) frames)" -eq 50935 ]
run observe --json demo.pcap
result "a second run: the same octets" cmp -s plain out

# ---- ways in ----

for w in 2 3 7; do
	run observe --workers "$w" --json demo.pcap
	result "$w workers: the same octets" cmp -s plain out
done
run observe --json "$demo"
result "xz: the same findings" same_findings plain out
gzip -k demo.pcap
run observe --workers 2 --json demo.pcap.gz
result "gzip, two workers: the same findings" same_findings plain out
for tool in zstd lz4; do
	if command -v $tool >/dev/null; then
		$tool -q -c demo.pcap >demo.$tool
		run observe --json demo.$tool
		result "$tool: the same findings" same_findings plain out
	else
		skip "$tool: the same findings" "$tool is not installed"
	fi
done
capture ng demo.pcap demo.pcapng 0
run observe --json demo.pcapng
result "pcapng: the same findings" same_findings plain out
"$vedette" observe --json - <demo.pcap >out 2>err
status=$?
result "a file as standard input: the same findings" same_findings plain out
result "  and status" is 1 . ''

# What a pipe brings is kept for the second look (--spool).
# bare FILE: the findings without their messages, nor the suffix rules of those
bare() {
	findings "$1" | sed -E 's/"evidence_kept":[0-9]+/"evidence_kept":0/
		s/"evidence":\[[^]]*\]/"evidence":[]/; s/"summary":"[^"]*"//'
}
# piped ARGS...: vedette with them, and the demo comes by a pipe
piped() {
	cat demo.pcap | "$vedette" "$@" >out 2>err
	status=$?
}
note() { grep -q '"name":"'"$1"'","class":"note","value":1' "${2:-out}"; }
piped observe --json -
result "a pipe: the same findings, with their messages" same_findings plain out
result "  and no trouble" is 1 '^\{"id":' ''
xzcat "$demo" | xz -0 | "$vedette" observe --json - >out 2>err
result "a compressed one" same_findings plain out
mkfifo fifo
cat demo.pcap >fifo &
run observe --workers 3 --json fifo
result "a named pipe, three workers asked for" same_findings plain out
capture halves demo.pcap early late
run observe --json <(cat early) late <(:)
result "pipes and files, one of them empty" is 3 '^\{"id":' ': it is empty'
result "  the same findings" same_findings plain out
piped observe --spool 0 --json -
result "a pipe of which nothing is kept: no messages" is 1 '"evidence_kept":0,' ''
result "  the same findings but for them" cmp -s <(bare plain) <(bare out)
result "  which is said" note once_only
piped observe --spool 4M --json -
result "a pipe longer than its spool" is 1 '"evidence_kept":64,' ''
result "  has messages out of what was kept, not more" grep -q '"evidence_kept":0,' out
result "  the same findings but for them" cmp -s <(bare plain) <(bare out)
result "  which is said" note spool
(ulimit -f 2000; piped observe --json -; echo $status >status)
status=$(cat status)
result "no room for the spool" is 1 '"evidence_kept":0,' \
	'^vedette: -: its temporary file cannot be written \(File too large\): none of its mess'
result "  the same findings but for the messages" cmp -s <(bare plain) <(bare out)
result "  which is said" note once_only
TMPDIR=/nowhere piped observe --json -
result "nowhere to put the spool" is 1 '"evidence_kept":0,' \
	'^vedette: -: no temporary file can be made for it \(No such file or directory\)'
result "  one sentence" sentences 1
result "  the same findings but for the messages" cmp -s <(bare plain) <(bare out)
mkdir empty.tmp
TMPDIR=$PWD/empty.tmp piped observe --json -
result "nothing is left in TMPDIR" rmdir empty.tmp
piped observe --db piping.db --json -
every=true
while read -r id; do
	run pack "$id" --db piping.db -o piped.vedette
	run replay piped.vedette
	[ "$status" -eq 0 ] || every=false
done < <(ids plain)
result "findings from a pipe are packed and replayed" $every

# ---- several files ----

capture shuffle demo.pcap odd even
for pair in 'early late' 'late early' 'odd even' 'even odd'; do
	# shellcheck disable=SC2086	# two names
	run observe --json $pair
	result "cut in two ($pair): the same findings" same_findings plain out
done
run observe --workers 2 --json late early
result "cut in two, two workers: the same findings" same_findings plain out
result "each input counts its own" observed json out
run observe --json early
result "the first half alone: other findings" not same_findings plain out

# Many: a shell allows few descriptors at first, the system more.
head -c "$(capture offset demo.pcap 101)" demo.pcap >small
for ((i = 0; i < 150; i++)); do cp small "small$i" && many[i]=small$i; done
(
	ulimit -S -n 128
	"$vedette" observe --only none --json "${many[@]}" >out 2>err </dev/null
	echo $? >status
)
status=$(cat status)
result "150 files where a shell allows 128 descriptors" is 0 '"frames":100,' ''
result "  all are read" observed json out
(
	ulimit -n 128
	"$vedette" observe --only none "${many[@]}" >out 2>err </dev/null
	echo $? >status
)
status=$(cat status)
result "where the system allows no more" is 4 '' '^vedette: 150 inputs are too many at a time'
result "  one sentence" sentences 1

# ---- what is asked for ----

run observe --severity high --json demo.pcap
result "--severity high" is 1 '"severity":"high"' ''
result "  and nothing below it" not grep -qE '"severity":"(medium|low|info)"' out
run observe --severity critical demo.pcap
result "--severity does not change the status" is 1 '^Nothing found' ''
run observe --fail-on critical demo.pcap
result "--fail-on critical: status 0" is 0 '^SEVERITY' ''
run observe --fail-on never demo.pcap
result "--fail-on never: status 0" is 0 '^SEVERITY' ''
run observe --only tunnel --fail-on low --json demo.pcap
result "--only tunnel" is 1 '"rule":"tunnel' ''
result "  and nothing else" not grep -qE '"rule":"(dga|nxstorm|reflection)' out
cp out some
run observe --only dga,nxstorm,reflection --json demo.pcap
result "--only of the others" not grep -q '"rule":"tunnel' out
result "  together they are all" \
	cmp -s <(cat <(findings some) <(findings out) | sort) <(findings plain | sort)
run observe --only none demo.pcap
result "--only none: nothing found, status 0" is 0 '^Nothing found' ''
run observe --evidence 0 --json demo.pcap
result "--evidence 0" is 1 '"evidence_kept":0,' ''
run observe --evidence 3 --json demo.pcap
result "--evidence 3" [ "$(grep -c '"evidence_kept":3,' out)" -eq "$(ids plain | wc -l)" ]

# ---- the command line is wrong ----

run observe
result "no file" is 2 '' "write 'vedette observe FILE...'"
run observe --only tunel demo.pcap
result "no such detector" \
	is 2 '' "there is no detector 'tunel'; write none or some of tunnel"
run observe --memory 1M demo.pcap
result "less memory than it can do with" is 2 '' '--memory.*32M'
run observe --workers none demo.pcap
result "no number" is 2 '' '--workers'
for option in --severity=awful --fail-on=x --late=9d --ports=0 --evidence=513; do
	run observe $option demo.pcap
	result "$option" is 2 '' "^vedette: ${option%%=*}"
	result "  one sentence" sentences 1
done
printf 'worker: 2\n' >bad.yaml
run observe --config bad.yaml demo.pcap
result "a wrong configuration" \
	is 2 '' "bad.yaml:1: unknown key 'worker'; did you mean 'workers'"
printf 'fail-on: never\ntunnel:\n  out: 900k\n' >good.yaml
run observe --config good.yaml --json demo.pcap
result "a right configuration counts" is 0 . ''

# ---- inputs that are none, or not whole ----

# broken NAME STATUS-PATTERN FILE...: status 3 and one sentence
broken() {
	local name=$1 pattern=$2
	shift 2
	run observe --json "$@"
	result "$name" is 3 '^\{"run":' "$pattern"
	result "  one sentence" sentences 1
	result "  frames add up" observed json out
}
none_found() { not grep -q '"id":' out; }
broken "a missing file" '^vedette: missing: cannot be opened: No such file' missing
broken "a folder" '^vedette: /: cannot be opened: Is a directory' /
: >empty
broken "an empty file" '^vedette: empty: it is empty' empty
broken "a text file" '^vedette: .*/capture.py: it is text, not a capture' "$here/capture.py"
result "  nothing found in it" none_found
broken "a program" 'it is no capture .*begins with 7f 45 4c 46' "$vedette"
head -c 20 demo.pcap >stump
broken "half a file header" '^vedette: stump: the file ends within its header' stump
head -c 30 demo.pcap >stump
broken "half a frame header" \
	'^vedette: stump: .*frame 1 \(offset 24\): no frame was read' stump

at=$(capture offset demo.pcap 40001)
head -c "$((at + 100))" demo.pcap >short
head -c "$at" demo.pcap >whole
broken "a cut file" \
	"^vedette: short: .*frame 40001 \(offset $at\): the 40000 frames before" short
cp out short.json
run observe --json whole
result "  what was before is analysed" same_findings out short.json
head -c 900000 "$demo" >cut.xz
broken "a cut xz file" '^vedette: cut\.xz: .*the [0-9]+ frames before it were read' cut.xz
head -c 900000 demo.pcap.gz >cut.gz
broken "a cut gzip file" '^vedette: cut\.gz: .*the [0-9]+ frames before it were read' cut.gz
result "  what was before is analysed" grep -q '"id":' out

at=$(capture offset demo.pcap 20001)
capture overwrite demo.pcap spoilt 20001 1000
broken "garbage in the middle" \
	"^vedette: spoilt: frame 20001 \(offset $at\) .*: the 20000 frames before it were read" \
	spoilt
cp out spoilt.json
head -c "$at" demo.pcap >whole
run observe --json whole
result "  what was before is analysed" same_findings out spoilt.json
capture ng demo.pcap spoilt.pcapng 20001
broken "a broken block in a pcapng file" \
	'^vedette: spoilt\.pcapng: frame 20001: the block at offset [0-9]+ is broken' spoilt.pcapng
cp out spoilt.json
capture without demo.pcap one-less 20001
run observe --json one-less
result "  what is behind it is analysed" same_findings out spoilt.json

run observe --json missing demo.pcap empty
result "one good file among broken ones" is 3 '"id":' '^vedette: missing: cannot be opened'
result "  a sentence for each" sentences 2
result "  the good one is analysed" same_findings plain out
head -c 5000000 late >short-late
broken "a cut file beside a good one" "^vedette: short-late: the file ends" short-late early
run observe --severity info missing
result "as text: why, and not that nothing was found" is 3 '' '^vedette: missing: cannot be opened'
run observe --severity info missing early
result "beside another the text says it, too" \
	is 3 '^Trouble with missing: cannot be opened' 'missing'
mkdir 'a b'
cp short $'a b/x\e[31m\n<i>'
run observe $'a b/x\e[31m\n<i>'
result "a file name that acts is written out" \
	is 3 '^Trouble with a b/x' 'x\\u001b\[31m\\u000a<i>: '
result "  one sentence" sentences 1
result "  in the text, too" not grep -q $'\e' out

# ---- text ----

run observe demo.pcap
result "text" is 1 '^SEVERITY +FROM \(UTC\) +FOR +SUBJECT$' ''
result "  without a colour" not grep -q $'\e' out
result "  80 columns" not grep -qE '^.{81}' out
mv out text
run observe --verbose demo.pcap
result "--verbose tells thresholds" is 1 'wanted at least .*: met' ''
on_terminals() {
	local columns
	for columns in 40 80 132 250; do
		NO_COLOR=1 observed terminal $columns "$vedette" observe demo.pcap >out 2>err
		status=$?
		# The progress line wipes itself; what is left of it is not text.
		sed -i 's/^.*\r\x1b\[K//' out
		result "a terminal of $columns columns" is 1 '^Read 50,935' ''
		result "  nothing goes over the edge" not grep -qE "^.{$((columns + 1))}" out
		result "  no colour when NO_COLOR is set" not grep -q $'\e' out
	done
	observed terminal 100 "$vedette" observe demo.pcap >out 2>err
	result "a terminal gets colours" grep -q $'\e\[[0-9;]*mhigh\e\[0m' out
	result "  and the progress" grep -qE 'reading: +[0-9]+ %' out
}
observed terminal 80 true
if [ $? -eq 77 ]; then
	skip "terminals" "no pseudo-terminal can be had here"
else
	on_terminals
fi

# ---- the page, and names that act ----

run observe --html page.html demo.pcap
result "a page" is 1 '^SEVERITY' ''
result "  that needs nothing and lets nothing act" observed page page.html
result "  with every finding" \
	[ "$(grep -c '^<article id="f-' page.html)" -eq "$(ids plain | wc -l)" ]
mv page.html page1.html
run observe --html page.html demo.pcap
result "  twice the same octets" cmp -s page.html page1.html
capture hostile hostile.pcap 'a<script>x\x1b[31m\x00\x22\x27&\xe2\x80\xae\xff\r\n.com' 1500
run observe --html page.html hostile.pcap
result "a domain that is written to do harm is found" is 1 'a<script>x' ''
result "  nothing of it acts on a terminal" not grep -qP '[^\x09\x0a\x20-\x7e]' out
result "  nor in the page" observed page page.html
result "  where it is escaped" grep -q 'a&lt;script&gt;x' page.html
run observe --json hostile.pcap
result "  nor in JSON" observed json out
run observe --db a.db hostile.pcap
run show "$(ids <("$vedette" findings --db a.db --json) | head -1)" --db a.db
result "  nor in show" not grep -qP '[^\x09\x0a\x20-\x7e]' out

# ---- a file that is named twice ----

run observe --json demo.pcap ./demo.pcap demo.pcap
result "a file that is named twice is read once, and that is said" \
	is 1 '^\{"id"' '^vedette: 2 files were named before, .*demo.pcap among them'
result "  with the same findings" same_findings out plain

# ---- output that fails ----

run observe --html /nowhere/page.html demo.pcap
result "a page that cannot be written" \
	is 4 '^SEVERITY' '/nowhere/page.html: the page cannot be'
"$vedette" observe demo.pcap >/dev/full 2>err
status=$?
: >out
result "a full disk behind standard output" \
	is 4 '' '^vedette: standard output .*No space left'
run observe --suffixes /nowhere demo.pcap
result "no public suffix list" is 4 '' '/nowhere: the public suffix list cannot be read'
"$vedette" observe --db piped.db demo.pcap 2>err | head -1 >/dev/null
run findings --db piped.db --json
result "a reader that leaves early takes nothing from the store" \
	[ "$(ids out | wc -l)" -eq "$(ids plain | wc -l)" ]

tap_end
