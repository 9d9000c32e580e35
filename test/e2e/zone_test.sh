#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# zone_test.sh - `vedette verify zone`: what is wrong with a zone is told with name and line, in
# every format; files are read whole or it is said what is missing; nothing outside of the
# zone file's folder is opened; what is found can be kept, shown, packed and judged again.
#
# Usage: zone_test.sh PATH-OF-VEDETTE
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

head='$ORIGIN example.
$TTL 3600
@ SOA ns1 hostmaster 1 7200 900 1209600 3600
@ NS ns1
@ NS ns2
ns1 A 9.9.9.9
ns2 A 149.112.112.112'
zone() { # NAME LINES: a good beginning and what is added to it
	printf '%s\n%s\n' "$head" "$2" >"$1"
}
only='--only structure --at 20260101'
# rules FILE: each finding of JSON Lines as rule:line
rules() {
	findings "$1" | sed -E 's/.*"rule":"([^"]*)".*"line":([0-9]+),"features".*/\1:\2/' |
		sort | tr '\n' ' '
}

# ---- formats and statuses ----

zone good.zone ''
zone bad.zone 'www CNAME ns1
www TXT "an alias with more"
a_b A 9.9.9.10'
# shellcheck disable=SC2086	# several words
{
run verify zone $only good.zone
result "a good zone" is 0 '^Nothing found\.$' ''
result "  what was read, and when it was audited" is 0 \
	'^Read 5 records \([0-9]+ B\) from 1 input; audited as of 2026-01-01 00:00:00 UTC\.$' ''
run verify zone $only bad.zone
result "a table with places" is 1 '^SEVERITY  WHERE  +SUBJECT$' ''
result "  of file and line" is 1 '^high      bad\.zone:8 +www\.example$' ''
result "  nothing of traffic in it" not grep -qiE 'frame|window|message|FROM \(UTC\)' out
result "  the tally" is 1 '^2 findings: 1 high, 1 medium\.$' ''
run verify zone $only --fail-on critical bad.zone
result "--fail-on" is 0 '^2 findings' ''
run verify zone $only --severity high bad.zone
result "--severity" is 1 '^1 finding: 1 high\.$' ''
run verify zone $only --verbose bad.zone
result "in full: the instant and the place" is 1 \
	'zone example as of 2026-01-01|bad\.zone:8' ''
run verify zone $only --json bad.zone
cp out json
result "JSON Lines" is 1 '"zone":"example","file":"bad.zone","line":8,' ''
result "  of records" grep -q '"unit":"records"' json
"$vedette" explain --json-schema >schema
if python3 -c 'import jsonschema' 2>/dev/null; then
	result "  as the schema wants them" python3 -c '
import json, jsonschema
kind = jsonschema.validators.validator_for(schema := json.load(open("schema")))
for line in open("json"): kind(schema).validate(json.loads(line))'
else
	skip "  as the schema wants them" "python3-jsonschema is not installed"
fi
run verify zone $only --json --workers 4 bad.zone
result "any number of threads" same_findings out json
run verify zone $only --html page.html bad.zone
result "a page" [ -s page.html ]
result "  with the place" grep -q 'bad\.zone:8' page.html
result "  without a timeline or frames" not grep -qiE 'timeline|frames' page.html
run verify zone $only --most 0 bad.zone
result "--most 0: counted, not told" is 0 \
	'^ +1  cases of structure\.cname-and-other, 0 of them told$' ''
}

run verify zone missing.zone
result "no such file" is 3 '' '^vedette: missing\.zone: cannot be opened: No such file'
run verify zone .
result "a folder" is 3 '' 'cannot be opened: Is a directory'
for wrong in '--at yesterday' '--at 20261301' '--origin ..' '--only nothing' '--most -1'; do
	# shellcheck disable=SC2086	# an option and its value
	run verify zone $wrong good.zone
	result "$wrong" is 2 '' '^vedette: '
done
for option in origin at only since snapshot what-if certificates anchors asn asn6 critical \
	tsig-file suffixes; do
	run verify zone --$option '' good.zone
	result "--$option '' is no value" is 2 '' \
		"^vedette: --$option: an empty value; write [A-Z]*,"
done
for option in since snapshot certificates; do
	run verify zone --$option - good.zone
	result "--$option - is no file" is 2 '' "^vedette: --$option: a file is wanted"
	result "  and none was made" not ls ./- ./-.part
done 2>/dev/null
run verify zone --only ,, good.zone
result "--only without a family" is 2 '' '^vedette: --only: no family is named; write some of zone '
for wrong in 'x y' 'x,y' "$(printf 'b\303\274cher')" '@'; do
	run verify zone --origin "$wrong" good.zone
	result "--origin '$wrong'" is 2 '' '^vedette: --origin: .* is not a name'
done
run verify zone --origin 'x\ y' --only structure --at 20260101 good.zone
result "--origin with a backslash before what is odd" is 1 'x.032y|no SOA' ''
run verify zone --only structure --what-if host:ns1.example good.zone
result "a question that nobody would answer" is 2 '' \
	"^vedette: --what-if is for the checks of 'sharing', which do not run here"
run verify zone --only structure --anchors good.zone good.zone
result "  likewise a file" is 2 '' "^vedette: --anchors is for the checks of 'dnssec'"
run verify cone good.zone
result "something that cannot be verified" is 2 '' "'cone' is nothing that can be verified"
for at in 20260101 20260101000000 2026-01-01 2026-01-01T00:00:00Z 1767225600; do
	run verify zone --at $at --only structure good.zone
	result "--at $at" is 0 'audited as of 2026-01-01 00:00:00 UTC' ''
done

# ---- text that is not whole, or no text ----

# shellcheck disable=SC2086
{
zone line.zone 'x A 300.1.1.1
y A 9.9.9.9'
run verify zone $only --json line.zone
result "a bad line is named" [ "$(rules out)" = 'zone.syntax:8 ' ]
result "  and the rest was read" [ "$(counter out zone.records)" = 6 ]
zone open.zone 'x TXT ( "a"
"b"'
run verify zone $only open.zone
result "an open parenthesis at the end" is 3 '^critical .*open\.zone|zone\.truncated' ''
for pack in gzip xz zstd lz4; do
	command -v $pack >/dev/null || continue
	$pack -c <bad.zone >bad.zone.$pack 2>/dev/null
	run verify zone $only --json bad.zone.$pack
	result "$pack" [ "$(rules out)" = "$(rules json)" ]
done
head -c 120 bad.zone.gzip >cut.gz
run verify zone $only cut.gz
result "compressed and cut" is 3 'zone\.(truncated|unreadable)' ''
"$vedette" verify zone $only --json - <bad.zone >out 2>err
status=$?
result "standard input" is 1 '"file":"-","line":8,' ''
head -c 20000 /dev/urandom >noise
run verify zone noise
result "noise is no zone" is 3 'zone\.' ''
: >empty
run verify zone empty
result "an empty file is none" is 3 'zone\.none' ''
for ((i = 0; i < 40000; i++)); do echo "n$i A 9.9.9.9"; done | cat good.zone - >large.zone
run verify zone $only --memory 1M large.zone
result "a limit is told, and that it hides things" is 3 'zone\.limit' ''
result "  as a counter, too" grep -q 'limits reached while the zone was read' out
gzip -c <large.zone >large.gz
run verify zone $only --unpacked 1M large.gz
result "what fits in --unpacked is read whole" is 0 'Nothing was lost' ''
{ cat bad.zone; head -c 300000000 /dev/zero | tr '\0' '\n'; echo 'x A 9.9.9.9'; } |
	gzip >bomb.gz
run verify zone $only bomb.gz
result "a few octets that unpack to a lot of them" is 3 \
	'zone\.limit|more than 250 times its size; the' ''
result "  and what was read is audited" grep -q 'structure\.cname-and-other' out
run verify zone $only --unpacked 2M --json bomb.gz
result "--unpacked" is 3 'unpacks to more than --unpacked allows' ''
zcat bomb.gz | "$vedette" verify zone $only --json - >out 2>err
status=$?
result "lines that are empty are read as they come" is 1 \
	'"name":"zone.lines","class":"[a-z]*","value":300000011' ''
}

# ---- files that it includes ----

mkdir -p in/sub out.d
echo 'b TXT "below"' >in/sub/part
echo 'secret TXT "outside"' >out.d/secret
ln -s ../out.d/secret in/link
ln -s sub/part in/inner
mkfifo in/fifo
includes() { # NAME LINE: the findings of a zone in in/ with one more line
	zone in/a.zone "$2"
	# shellcheck disable=SC2086
	run verify zone $only --json in/a.zone
}
includes sub '$INCLUDE sub/part'
result "a file below the folder" is 0 '"name":"zone.records","class":"part","value":6,' ''
includes inner '$INCLUDE inner'
result "a link inside the folder" is 0 '"name":"zone.records","class":"part","value":6,' ''
includes full "\$INCLUDE $PWD/in/sub/part"
result "the folder written in full" is 0 '"name":"zone.records","class":"part","value":6,' ''
for name in ../out.d/secret "$PWD/out.d/secret" sub/../../out.d/secret link /etc/passwd \
	/proc/self/environ; do
	includes no "\$INCLUDE $name"
	result "not $name" is 3 '"rule":"zone.include".*outside of the zone file' ''
	result "  nothing of it was read" [ "$(counter out zone.records)" = 5 ]
done
includes fifo '$INCLUDE fifo'
result "no pipe" is 3 'zone\.include.*is not a regular file' ''
includes folder '$INCLUDE sub'
result "no folder" is 3 'zone\.include' ''
includes missing '$INCLUDE nothing'
result "a file that is missing is named" is 3 'zone\.include.*nothing.*does not exist' ''
includes itself '$INCLUDE a.zone'
result "a file that includes itself comes to an end" is 3 'zone\.include' ''
(cat in/a.zone; echo '$INCLUDE sub/part') >with
"$vedette" verify zone --only structure --json - <with >out 2>err
status=$?
result "standard input has no folder" is 3 'zone\.include.*standard input' ''
if ! sanitized && command -v strace >/dev/null; then
	includes strace '$INCLUDE link'
	strace -f -e trace=open,openat,openat2 -o opened "$vedette" verify zone \
		--only structure in/a.zone >out 2>&1
	result "the kernel refuses what leads outside" \
		grep -qE 'openat2\(.*"link".*RESOLVE_BENEATH.* = -1 EXDEV' opened
fi

# ---- kept, shown, packed, judged again ----

# shellcheck disable=SC2086
run verify zone $only --db a.db --json bad.zone
cp out told
run findings --db a.db --json
result "the store gives back what was told" same_findings told out
id=$(sed -n 's/^{"id":"\([0-9a-f]*\)","rule":"structure.cname-and-other".*/\1/p' told)
run show "$id" --db a.db
result "show: the RRsets as text" is 0 '^www\.example\.	3600	IN	CNAME	ns1\.example\.$' ''
result "  out of a zone, not off a wire" grep -q '^;; RRset 1 of 2, out of a zone as of' out
run pack "$id" --db a.db -o a.vedette
result "pack" is 0 'structure\.cname-and-other about www\.example, 2 messages' ''
run replay a.vedette
result "replay: the same verdict from the RRsets alone" is 0 \
	'^replay +the same rule reaches the same finding from the packed RRsets$' ''
zone sets.zone 'x A 9.9.9.9
x A 9.9.9.9
x TXT y
x TXT y'
# shellcheck disable=SC2086
run verify zone $only --db sets.db --json sets.zone
result "two sets of one name" \
	[ "$(rules out)" = 'structure.repeated:11 structure.repeated:9 ' ]
id=$(sed -n 's/^{"id":"\([0-9a-f]*\)".*"subject":"x.example TXT".*/\1/p' out)
run pack "$id" --db sets.db -o sets.vedette
run replay sets.vedette
result "  the second one can be judged again by itself" is 0 'the same rule reaches the same' ''
run verify zone --at 20260101 --db b.db --json --severity info bad.zone
id=$(sed -n 's/^{"id":"\([0-9a-f]*\)","rule":"dnssec.unsigned".*/\1/p' out)
run pack "$id" --db b.db -o b.vedette
run replay b.vedette
result "what rests on the whole zone says so" is 3 'looks at more of the zone' \
	'cannot be replayed'

# ---- an included file that changes ----

mkfifo slow
printf '$ORIGIN ok.\nmore TXT a\n' >part.inc
cp part.inc other.inc
for change in 'cat other.inc >>part.inc' 'touch -d 2001-01-01 part.inc' \
	'cp other.inc new.inc && mv new.inc part.inc'; do
	"$vedette" verify zone slow >out 2>err </dev/null &
	parent=$!
	exec 7>slow
	# More than a pipe and a reader's block hold, so that the file was opened by then.
	{ printf '%s\n$INCLUDE part.inc\n' "$head"; seq -f 'h%g TXT b' 200000; } >&7
	eval "$change"
	exec 7>&-
	wait "$parent"
	status=$?
	case $change in
	cp*) result "an included file that another takes the place of is none" is 1 . '' ;;
	*) result "an included file that is changed while it is read: ${change%% *}" is 3 . \
		'^vedette: part\.inc: was changed while it was read; what is told may be wrong$' ;;
	esac
done
rm -f slow

# ---- a crash ----

mkfifo slow
"$vedette" verify zone slow >out 2>err </dev/null &
parent=$!
exec 7>slow
printf '%s\n' "$head" >&7
job=$(child "$parent" auditor) && idle "$job" && kill -SEGV "$job"
exec 7>&-
wait "$parent"
status=$?
result "a crash while it reads: one sentence, nothing half" is 4 '' \
	'^vedette: slow: the auditor crashed \(Segmentation fault\) while it read the zone'

if [ -n "${VEDETTE_DATA-}" ] && [ -d "$VEDETTE_DATA/zone/broken/bind9-checkzone" ]; then
	silent=() loud=()
	for file in "$VEDETTE_DATA"/zone/broken/bind9-checkzone/*.db; do
		name=${file##*/}
		run verify zone --origin example --fail-on medium "$file"
		case $name in
		# DNSKEY of a type that signs nothing; what it includes is not there; NSEC3
		# hashes of an odd length; addresses for documentation are not routed
		good-cds.db | good-nsec3-nopadhash.db) ;;
		good*) grep -A3 -E '^(critical|high|medium)' out |
			grep -qE '^ +(structure|zone)\.' && loud+=("$name") ;;
		# only with an option of named-checkzone that this file is for
		bad*) [ "$status" -eq 1 ] || [ "$status" -eq 3 ] || silent+=("$name") ;;
		esac
	done
	result "every bad file of named-checkzone's tests is found out: ${silent[*]}" \
		[ ${#silent[@]} -eq 0 ]
	result "every good one is: ${loud[*]}" [ ${#loud[@]} -eq 0 ]
fi
tap_end
