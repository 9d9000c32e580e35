#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# crash_test.sh - the analyser crashes (it gets a SIGSEGV while it reads): it costs one
# frame, which is named, and the run goes on, on a pipe, too; when it crashes again and
# again, or on a pipe that was not kept, that is said and nothing half is printed.
#
# Usage: crash_test.sh PATH-OF-VEDETTE. Makes 200 MB in TMPDIR, removed at the end.
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"
capture() { python3 "$here/capture.py" "$@"; }

megabytes=200
sanitized && megabytes=60	# it reads so much more slowly
xzcat "$demo" >demo.pcap || exit 1
capture repeat demo.pcap large.pcap $((megabytes * 1000000))
run observe --json large.pcap
cp out whole
result "without a crash" is 1 '^\{"id":' ''

# crash SECONDS ARGS...: vedette with them; its analyser gets a SIGSEGV so long after it began
crash() {
	local pause=$1 job parent
	shift
	"$vedette" "$@" >out 2>err </dev/null &
	parent=$!
	if job=$(child "$parent" analyser); then
		sleep "$pause"
		kill -SEGV "$job" 2>/dev/null
	fi
	wait "$parent"
	status=$?
}

# until_crash PATTERN ARGS...: tries pauses until standard error is as wanted: the
# processes race, and whether a frame or a batch is in work is by chance.
until_crash() {
	local pattern=$1 try
	shift
	for ((try = 0; try < 60; try++)); do
		crash "0.0$((RANDOM % 10))$((RANDOM % 10))" "$@"
		grep -qE "$pattern" err && return 0
	done
	echo "# it did not crash in time"
	sed 's/^/# /' err
	return 1
}

# ---- one frame ----

crashed='^vedette: large\.pcap: the analyser crashed \(Segmentation fault\)'
left_out="$crashed"' at frame [0-9]+ \(offset [0-9]+\); '
left_out+='that frame is left out and all others are analysed$'
for round in 1 2; do
	result "it crashes at a frame, round $round" \
		until_crash "$left_out" observe --json large.pcap
	result "  one sentence with file, frame and offset; status 3" \
		is 3 '^\{"id":' "$left_out"
	result "  and no other" sentences 1
	cp out crashed
	frame=$(sed -n 's/.* at frame \([0-9]*\) .*/\1/p' err)
	offset=$(sed -n 's/.*(offset \([0-9]*\)).*/\1/p' err)
	result "  the offset is that of the frame" \
		[ "$(capture offset large.pcap "$frame")" = "$offset" ]
	result "  one frame is counted as left out" \
		[ "$(counter crashed frames.skipped)" = 1 ]
	result "  all frames are accounted for" python3 "$here/observed.py" json crashed
	capture without large.pcap less.pcap "$frame"
	run observe --json less.pcap
	result "  all others are analysed: the findings of a file without it" \
		same_findings out crashed
	rm -f less.pcap
done
result "vedette stats says it, too" until_crash "$left_out" stats --json large.pcap
result "  with its status" is 3 '"frames.skipped"' "$left_out"

# ---- a batch, or several workers ----

near="$crashed"' near frame [0-9]+ \(offset [0-9]+\); '
near+='everything is read again, more slowly, to see which frame it is$'
result "three workers: read again by one" \
	until_crash "$near" observe --workers 3 --json large.pcap
result "  it does not come again: nothing is left out" is 1 '^\{"id":' "$near"
result "  the same findings" same_findings whole out
result "while a batch is folded: read again" until_crash "$near" observe --json large.pcap
result "  the same findings" same_findings whole out

# ---- again and again ----

# storm ARGS...: every analyser that comes up crashes
storm() {
	local job parent
	"$vedette" "$@" >out 2>err </dev/null &
	parent=$!
	crashes=0
	while job=$(child "$parent" analyser) && [ $crashes -lt 100 ]; do
		sleep 0.03
		kill -SEGV "$job" 2>/dev/null && crashes=$((crashes + 1))
		gone "$job"
	done
	wait "$parent"
	status=$?
}
for try in 1 2 3 4 5; do
	storm observe --db a.db --json large.pcap
	[ "$status" -eq 4 ] && break
	echo "# one came through, try $try"
done
result "crash after crash: it gives up" \
	is 4 '' 'the analyser did not come to its end; nothing of its'
result "  after eight frames that were left out" \
	[ "$(grep -c 'that frame is left out' err)" -eq 8 ]
result "  and one that was too many" \
	[ "$(grep -c 'too many frames have been left out by now' err)" -eq 1 ]
result "  a sentence for each crash" [ "$(wc -l <err)" -eq $((crashes + 1)) ]
result "  nothing is stored" [ ! -e a.db ]

# ---- a pipe ----

mkfifo fifo
# crash_on_pipe ARGS...: vedette with them gets the demo by a pipe that does not end; its
# analyser crashes when it has read that and waits for more. Sets parent.
crash_on_pipe() {
	local job
	exec 7<>fifo
	"$vedette" "$@" <fifo >out 2>err 7>&- &
	parent=$!
	job=$(child "$parent" analyser)
	cat demo.pcap >&7
	idle "$job"
	kill -SEGV "$job"
	gone "$job"
}
on_pipe='^vedette: -: the analyser crashed .* at frame [1-9][0-9]* \(offset [1-9][0-9]*\); '
crash_on_pipe observe --json -
result "on a pipe that goes on: its end is waited for" [ -d "/proc/$parent" ]
exec 7>&-
wait "$parent"
status=$?
result "  one frame is left out" is 3 '^\{"id":' "$on_pipe"'that frame is left out and all'
result "  and no other sentence" sentences 1
cp out crashed
frame=$(sed -n 's/.* at frame \([0-9]*\) .*/\1/p' err)
capture without demo.pcap less.pcap "$frame"
run observe --json less.pcap
result "  all others are analysed, with their messages" same_findings out crashed

# lost NAME WHY ARGS...
lost() {
	crash_on_pipe observe --json "${@:3}" -
	gone "$parent"
	result "$1: the end of the pipe is not waited for" [ $? -eq 0 ]
	exec 7>&-
	wait "$parent"
	status=$?
	result "  nothing is printed" is 4 '' "$on_pipe"
	result "  and why" grep -q "$2, so its findings are lost$" err
	result "  and what that means" grep -q 'nothing of its work is used' err
	result "  two sentences" sentences 2
}
lost "a pipe of which nothing was kept" 'a pipe cannot be read again' --spool 0
lost "a pipe longer than its spool" 'is not all in its spool (--spool)' --spool 1M

# ---- what else may happen to it ----

# A signal that asks it to end, as an administrator sends.
"$vedette" observe large.pcap >out 2>err </dev/null &
parent=$!
job=$(child "$parent" analyser)
kill -TERM "$parent"
wait "$parent"
status=$?
result "asked to end: it ends" [ "$status" -eq 143 ]
result "  and takes the analyser along" gone "$job"

tap_end
