# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# tap.sh - what the end-to-end tests share. It is sourced:
#
#   . "${0%/*}/tap.sh" "$@"
#
# sets vedette (the program under test), here (this folder), source (the checkout),
# demo (the capture that ships with the project) and goes to a new folder, which is
# removed at the end. A test prints TAP lines and ends with tap_end. A name to take
# down at the end goes into children (process ids of our own). Tests run beside each other:
# they take what ports there are, find processes by their ids, and wait for what they want,
# not for a time. They set no traps: those would take the place of ours.
set -u
vedette=$(realpath "${1:?usage: ${0##*/} PATH-OF-VEDETTE}")
[ -x "$vedette" ] || { echo "Bail out! $vedette is no program"; exit 1; }
here=$(dirname "$(realpath "$0")")
source=$(realpath "${VEDETTE_SOURCE:-$here/../..}")
demo=$source/test/data/demo.pcap.xz
[ -r "$demo" ] || { echo "Bail out! $demo is not there"; exit 1; }
work=$(mktemp -d) && cd "$work" || exit 1
export TERM=xterm LC_ALL=C.UTF-8
unset LANGUAGE
n=0 bad=0 status=0 children=()

tap_clean() {
	local p
	for p in "${children[@]}"; do kill -9 "$p" 2>/dev/null; done
	umount "$work"/small 2>/dev/null	# where a test mounted something
	cd / && rm -rf "$work"
}
trap tap_clean EXIT
trap 'exit 1' INT TERM

# result NAME COMMAND...: ok when the command succeeds
result() {
	local name=$1
	shift
	n=$((n + 1))
	if "$@"; then echo "ok $n - $name"; else echo "not ok $n - $name"; bad=$((bad + 1)); fi
}
not() { if "$@"; then return 1; fi; }

# skip NAME WHY: a case that this machine does not allow
skip() {
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}
# skip_all WHY: the whole test
skip_all() {
	echo "1..0 # SKIP $1"
	exit 77
}
tap_end() {
	echo "1..$n"
	[ "$bad" -eq 0 ]
	exit
}

# soon COMMAND...: it succeeds within a minute (of a machine that has much to do)
soon() {
	local i
	for ((i = 0; i < 600; i++)); do
		"$@" 2>/dev/null && return
		sleep 0.1
	done
	return 1
}

# run ARGS...: vedette with them; files out and err, and status
run() {
	"$vedette" "$@" >out 2>err </dev/null
	status=$?
}

# holds FILE PATTERN: '' is an empty file
holds() {
	if [ -z "$2" ]; then [ ! -s "$1" ]; else grep -qE -- "$2" "$1"; fi
}
# is STATUS OUT-PATTERN ERR-PATTERN of the last run; '' = nothing was written
is() {
	if [ "$status" -ne "$1" ] || ! holds out "$2" || ! holds err "$3"; then
		echo "# status $status, wanted $1"
		head -10 err | cut -c1-300 | sed 's/^/# /'
		head -10 out | cut -c1-300 | sed 's/^/# /'
		return 1
	fi
}
# sentences N: standard error is so many lines for people
sentences() { [ "$(wc -l <err)" -eq "$1" ] && [ "$(wc -c <err)" -lt $((700 * $1)) ]; }

# The findings of JSON Lines without the line about the run, and their ids.
findings() { grep -v '^{"run"' "$1"; }
ids() { sed -n 's/^{"id":"\([0-9a-f]\{64\}\)".*/\1/p' "$1"; }
same_findings() { [ -s "$1" ] && cmp -s <(findings "$1") <(findings "$2"); }

# field FILE KEY: the first value of a key of JSON, a number or a word
field() { grep -oE "\"$2\":(\"[^\"]*\"|[0-9.]+)" "$1" | head -1 | sed 's/^[^:]*://; s/"//g'; }
# counter FILE NAME: of the line about the run
counter() {
	sed -n 's/.*"name":"'"$2"'","class":"[a-z]*","value":\([0-9]*\).*/\1/p' "$1" | head -1
}

# serve_begin ARGS...: `vedette serve` on a free port of the loopback, until it answers; sets
# server, url. What it says is in served and served.err. serve_end ends it.
serve_begin() {
	local i
	rm -f served
	"$vedette" serve --serve-listen 127.0.0.1:0 "$@" >served 2>served.err </dev/null &
	server=$!
	children+=("$server")
	for ((i = 0; i < 600; i++)); do
		url=$(sed -n 's/^Vedette listens at \([^ ]*\)\/.*/\1/p' served 2>/dev/null)
		[ -n "$url" ] && curl -sk -o /dev/null "$url/api/v1/health" && return
		kill -0 "$server" 2>/dev/null || break
		sleep 0.1
	done
	cat served served.err
	exit 1
}
serve_end() { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; }
# health OPTIONS-OF-CURL...: what it says of itself, whether or not it has read its findings by now
health() { curl -s "$@" "$url/api/v1/health" | sed 's/,"read":[0-9]*//'; }
# serve_password: the one that the first start shows
serve_password() { sed -n 's/^    //p' served; }

# checks NAME COMMAND...: lines "ok WHAT" and "not WHAT" of a command as results; its last one
# is "done". They stay in the file checks.
checks() {
	local name=$1 word what
	shift
	"$@" >checks 2>&1 </dev/null
	while read -r word what; do
		[ "$word" = ok ] || [ "$word" = not ] || continue
		result "$what" [ "$word" = ok ]
	done <checks
	result "every check of '$name' was made" [ "$(tail -1 checks)" = "done" ]
	grep -v '^ok\|^done' checks | cut -c1-1000 | sed 's/^/# /'
}

# A build with AddressSanitizer has walls of its own (src/run/sandbox.c).
sanitized() { grep -qa '__asan_init' "$vedette"; }

# child PID NAME: the id of the process of that name which PID started, once it is there
child() {
	local p i all
	for ((i = 0; i < 200; i++)); do
		all=()	# the line has no end, which read takes for a failure
		read -ra all 2>/dev/null <"/proc/$1/task/$1/children"
		for p in "${all[@]}"; do
			[ "$(cat "/proc/$p/comm" 2>/dev/null)" != "$2" ] || { echo "$p"; return; }
		done
		[ -d "/proc/$1" ] || return 1
		sleep 0.05
	done
	return 1
}
# idle PID: it sleeps at five looks one after the other, because it waits for input
idle() {
	local i calm=0
	for ((i = 0; i < 1200 && calm < 5; i++)); do
		sleep 0.02
		[ -d "/proc/$1" ] || return 1
		calm=$((calm + 1))
		grep -q '^State:.*S (sleeping)' "/proc/$1/status" || calm=0
	done
}
# gone PID: it ends within ten seconds (a process that nobody waited for has ended)
gone() {
	local i
	for ((i = 0; i < 200; i++)); do
		[ -d "/proc/$1" ] || return 0
		grep -q '^State:.*Z' "/proc/$1/status" 2>/dev/null && return 0
		sleep 0.05
	done
	return 1
}
