#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# sandbox_test.sh - the process that parses hostile bytes is locked up in the shipped
# program: looked at while it lives, made to try what it must not, and traced.
#
# Usage: sandbox_test.sh PATH-OF-VEDETTE. Looking into the process needs root (it is
# not dumpable), ptrace and strace; what is not allowed here is skipped. What each wall
# refuses by itself is tested in test/unit/sandbox_test.c.
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

xzcat "$demo" >demo.pcap || exit 1
mkfifo fifo

# begin: an analyser that waits for a pipe; sets parent and job
begin() {
	exec 7<>fifo
	"$vedette" observe fifo >out 2>err </dev/null 7>&- &
	parent=$!
	job=$(child "$parent" analyser) || { echo "Bail out! there is no analyser"; exit 1; }
	children+=("$job")
	idle "$job"
}
# end: lets it come to the end of its input
end() {
	exec 7>&-
	wait "$parent"
	status=$?
}
proc() { grep -E "^$1:" "/proc/$job/status" | awk '{ print $2 }'; }

# ---- looked at ----

begin
result "it has a name of its own" [ "$(cat "/proc/$job/comm")" = analyser ]
result "seccomp filters its calls" [ "$(proc Seccomp)" = 2 ]
result "no new privileges" [ "$(proc NoNewPrivs)" = 1 ]
for set in CapEff CapPrm CapInh CapAmb; do
	result "no capabilities: $set" [ "$(proc $set)" = 0000000000000000 ]
done
result "its parent is not locked up" \
	[ "$(grep -c '^Seccomp:.*0' "/proc/$parent/status")" = 1 ]
limit() {
	awk -v name="$1" 'index($0, name) == 1 { sub(name, ""); print $1, $2 }' "/proc/$job/limits"
}
result "no descriptor can be opened" [ "$(limit 'Max open files')" = '0 0' ]
result "no file can grow" [ "$(limit 'Max file size')" = '0 0' ]
result "no core is written" [ "$(limit 'Max core file size')" = '0 0' ]
result "it has no terminal and a session of its own" \
	[ "$(awk '{ print $6, $7 }' "/proc/$job/stat")" = "$job 0" ]
if ls "/proc/$job/fd" >/dev/null 2>&1; then
	for fd in "/proc/$job/fd/"*; do readlink "$fd"; done | sort >held
	sed 's/socket:.*/socket/; s/pipe:.*/pipe/; s/.*\/vedette-.* (deleted)$/spool/' held |
		sort -u >kinds
	ours=$(printf '%s\n' /dev/null pipe socket spool)
	if sanitized; then
		result "it holds the input, its spool, a socket and, for reports, standard error" \
			[ "$(grep -vx "$work/err" kinds)" = "$ours" ]
	else
		result "it holds nothing but the input, its spool, /dev/null and a socket" \
			[ "$(cat kinds)" = "$ours" ]
		result "its root is a directory without files" \
			[ "$(readlink "/proc/$job/root")" != / ]
	fi
	result "  one socket" [ "$(grep -c socket held)" -eq 1 ]
	for fd in "/proc/$job/fd/"*; do
		readlink "$fd" | grep -q ' (deleted)$' &&
			sed -n 's/^flags:.*\(.\)$/\1/p' "/proc/$job/fdinfo/${fd##*/}"
	done >modes
	result "  the spool is only to be read" [ "$(cat modes)" = 0 ]
	result "its environment is empty" \
		[ "$(tr -d '\0' <"/proc/$job/environ" | wc -c)" -eq 0 ]
else
	skip "it holds nothing but the input, its spool, /dev/null and a socket" \
		"the descriptors of a locked-up process are root's to see"
fi
cat demo.pcap >&7
end
result "and it does its work" is 1 '^SEVERITY' ''

# Several threads: each of them.
python3 "$here/capture.py" repeat demo.pcap large.pcap 100000000
for ((try = 0; try < 20; try++)); do
	"$vedette" observe --workers 3 large.pcap >out 2>err </dev/null &
	parent=$!
	job=$(child "$parent" analyser) || { wait "$parent"; continue; }
	threads=1
	while [ "$threads" -gt 0 ] && [ "$threads" -lt 3 ]; do
		threads=$(find "/proc/$job/task" -mindepth 1 -maxdepth 1 2>/dev/null | wc -l)
	done
	kill -STOP "$job" 2>/dev/null || { wait "$parent"; continue; }
	cat "/proc/$job/task/"*/status >threads 2>/dev/null
	kill -CONT "$job"
	wait "$parent"
	status=$?
	[ "$(grep -c '^Seccomp:' threads)" -ge 3 ] && break
done
result "three workers: every thread is filtered" \
	[ "$(grep -c '^Seccomp:.*2$' threads)" -ge 3 ]
result "  none is not" \
	[ "$(grep -c '^Seccomp:' threads)" -eq "$(grep -c '^Seccomp:.*2$' threads)" ]
result "  they do their work" is 1 '^SEVERITY' ''
rm -f large.pcap

# A parent that is killed takes it along.
begin
kill -9 "$parent"
{ wait "$parent"; } 2>/dev/null	# the shell would tell of it
result "killed parent, no orphan" gone "$job"
exec 7>&-

# ---- made to try ----

quiet=(fork vfork clone clone3 kill pipe dup memfd_create unlink rename mkdir chdir chroot stat
	mount prctl setuid mmap-exec mprotect-exec ioctl socketpair accept setrlimit truncate)
deadly=(openat2 creat socket connect bind execve execveat ptrace bpf io_uring_setup
	process_vm_readv)
begin
head -c 100000 demo.pcap >&7	# it is in the middle of it
idle "$job"
python3 "$here/poke.py" "$job" getpid "${quiet[@]}" open openat getpid >poked
tried=$?
kill -9 "$job" 2>/dev/null
end
if [ $tried -eq 77 ] || [ ! -s poked ]; then
	skip "what it must not do" "ptrace of a locked-up process is not allowed, or no x86-64"
else
	result "a call that is allowed works" grep -qx "getpid: $job" poked
	for call in "${quiet[@]}"; do
		result "$call is refused" grep -qxE "$call: (EPERM|ENOSYS)" poked
	done
	if sanitized; then
		result "open is refused" grep -qx 'open: EPERM' poked
		result "openat is refused" grep -qx 'openat: EPERM' poked
		result "it lives on" [ "$(grep -cx "getpid: $job" poked)" -eq 2 ]
	else
		deadly+=(open openat)
	fi
	for call in "${deadly[@]}"; do
		begin
		python3 "$here/poke.py" "$job" "$call" >poked
		gone "$job" || kill -9 "$job"
		end
		result "$call kills it" grep -qx "$call: killed by SIGSYS" poked
		result "  which is said" \
			is 4 '' '^vedette: fifo: the analyser crashed \(Bad system call\)'
	done
fi

# ---- traced ----

# A process that put a filter on itself, and what it called afterwards. Nobody else reads
# hostile bytes: FILE.
# traced NAME FILE ARGS...
traced() {
	local name=$1 file=$2
	shift 2
	ASAN_OPTIONS=detect_leaks=0 strace -f -y -s 0 -o calls "$vedette" "$@" >out 2>err </dev/null
	status=$?
	awk '/ seccomp\(SECCOMP_SET_MODE_FILTER, .* = 0$/ { inside[$1] = 1; next }
		inside[$1]' calls >inside
	awk '/ seccomp\(SECCOMP_SET_MODE_FILTER, .* = 0$/ { inside[$1] = 1 }
		!inside[$1]' calls >outside
	result "$name: a process is locked up and works" grep -qE ' (read|pread64)\(' inside
	result "  no file, socket, program or process is asked for in it" not grep -E \
		' (open(at|at2)?|creat|socket|connect|bind|execve(at)?|v?fork)\(' inside
	if [ "$(id -u)" -eq 0 ]; then	# who else may not see what its descriptors are
		result "  it reads $file" \
			grep -qE " (read|pread64)\([0-9]+<[^>]*${file}[^>]*>" inside
	fi
	result "  nobody else does" \
		not grep -E " (read|pread64|readv|mmap)\([^<]*<[^>]*${file}[^>]*>" outside
}
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	traced "observe" demo.pcap observe --json demo.pcap
	traced "observe, xz" demo.pcap.xz observe --json "$demo"
	traced "stats" demo.pcap stats demo.pcap
	run observe --db a.db --json demo.pcap
	id=$(grep '"rule":"reflection' out | ids /dev/stdin | head -1)	# signatures: times
	run pack "$id" --db a.db -o a.vedette
	traced "replay" a.vedette replay a.vedette
	traced "show" memfd:evidence show "$id" --db a.db
	result "  it shows a signature" grep -q 'RRSIG.* 2026' out
else
	skip "what a trace shows" "strace is not installed or not allowed"
fi

tap_end
