#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# jobs_test.sh - files sent to `vedette serve` and the work on them: what comes of them, who may,
# limits, and that kill -9 of any of its processes loses nothing that was acknowledged and
# leaves nothing behind. The requests are in jobs.py.
#
# Usage: jobs_test.sh PATH-OF-VEDETTE. Everything is on the loopback.
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

xzcat "$demo" >demo.pcap || exit 1
run observe --db plain.db demo.pcap
"$vedette" findings --db plain.db --json | sed -n 's/^{"id":"\([0-9a-f]*\)".*/\1/p' >expected

db=a.db
begin() { serve_begin --db "$db" --serve-upload-size 64M --serve-jobs-each 3 "$@"; }
jobs() { timeout 200 python3 "$here/jobs.py" "$1" "$url" "${@:2}"; }
told() { checks "$1" jobs "$@"; }
# uploads: how many folders with octets there are
uploads() { find "$db.uploads" -mindepth 1 -maxdepth 1 2>/dev/null | wc -l; }
none() { [ "$(uploads)" -eq 0 ]; }
no_uploads() { soon none; }

LANG=es_ES.UTF-8 LC_ALL=es_ES.UTF-8 begin --lang en
told begin "$(serve_password)"
told work
run replay pack
result "the pack that was downloaded is judged again" [ "$status" -eq 0 ]
run pack --db a.db -o mine "$(cat pack.id)"
result "  it is what vedette pack writes" cmp -s pack mine
[ -e mine ] || cat err
told live	# which sends more of the same, and findings grow

# ---- a job that is stopped in the middle, so that something can happen to it ----

foreman=$(child "$server" foreman)
{ cat demo.pcap; for _ in 1 2 3; do tail -c +25 demo.pcap; done; } >long.pcap
hold() { # sends a capture and stops its analyser: $number
	jobs send long.pcap >number &
	stopped=
	errand=$(child "$foreman" errand)
	[ -z "$errand" ] || stopped=$(child "$errand" analyser)
	[ -n "$stopped" ] && kill -STOP "$stopped" 2>/dev/null
	wait "$!"
	number=$(cat number)
}
held() { # tries until one was caught
	for _ in 1 2 3 4; do
		hold
		[ -n "$stopped" ] && [ "$(jobs wait "$number" running,done)" = running ] && return
		jobs wait "$number" done,failed >/dev/null
	done
	return 1
}
result "a job that runs" held
second=$(jobs send demo.pcap)
result "  another one waits" [ "$(jobs wait "$second" queued,running,done)" = queued ]
result "  which can be cancelled" [ "$(jobs cancel "$second")" = 200 ]
result "  as the one that runs" [ "$(jobs cancel "$number")" = 200 ]
result "  its worker ends" gone "$stopped"
result "  and nothing stays" no_uploads

held
kill -9 "$errand"
result "a worker that is killed: failed, with its octets" \
	[ "$(jobs wait "$number" failed)/$(uploads)" = failed/1 ]
result "  no process of it stays" gone "$stopped"
result "  and it can be started again" [ "$(jobs again "$number")" = 200 ]
result "  to its end" [ "$(jobs wait "$number" done,failed)" = "done" ]

held
kill -9 "$foreman"
result "the foreman killed: interrupted" [ "$(jobs wait "$number" interrupted)" = interrupted ]
result "  no process of it stays" gone "$stopped"
foreman=$(child "$server" foreman)
result "  another one has its place" [ -n "$foreman" ]
result "  the job is started again" [ "$(jobs again "$number")" = 200 ]
result "  to its end" [ "$(jobs wait "$number" done,failed)" = "done" ]

held
kill -9 "$(child "$server" web)"
soon curl -s -o /dev/null "$url/api/v1/health"
kill -CONT "$stopped"
result "the web process killed: the job goes on" [ "$(jobs wait "$number" "done")" = "done" ]

# ---- another server on the same store ----

held
half_way=$(ls "$db.uploads")
ln -s a.db link.db
ln a.db twin.db
for name in a.db ./a.db "$work/link.db" twin.db; do
	run serve --serve-listen 127.0.0.1:0 --db "$name"
	result "a second server is refused, which names the first ($name)" \
		is 4 '' "$name' is served already, by process $server:"
done
rm link.db twin.db
result "  no octets are gone" [ "$(ls "$db.uploads")" = "$half_way" ]
result "  the job goes on" [ "$(jobs wait "$number" running,interrupted)" = running ]
kill -CONT "$stopped"
result "  to its end" [ "$(jobs wait "$number" done,failed,interrupted)" = "done" ]
run user list --db a.db
result "  who only asks the store is let in" is 0 admin ''

held
second=$(jobs send demo.pcap)
kill -9 "$server"
wait "$server" 2>/dev/null
result "the server killed: no process stays" gone "$stopped"
begin
foreman=$(child "$server" foreman)
result "  what ran is interrupted" [ "$(jobs wait "$number" interrupted)" = interrupted ]
result "  what waited goes on" [ "$(jobs wait "$second" "done")" = "done" ]
result "  and it is started again" [ "$(jobs again "$number")" = 200 ]
result "  to its end" [ "$(jobs wait "$number" "done")" = "done" ]
result "nothing stays of all this" no_uploads

# ---- uploads that are cut off ----

under_way() { [ "$(uploads)" -gt 0 ] && grep -q sent part; }
half() { # sends a part and waits until it is there
	rm -f part
	timeout 200 python3 "$here/jobs.py" part "$url" demo.pcap 9000000 >part 2>&1 &
	sender=$!
	soon under_way
}
jobs=$(jobs count)
half
kill -TERM "$sender"
wait "$sender" 2>/dev/null
result "a sender that goes away leaves nothing" no_uploads
half
kill -9 "$(child "$server" web)"
result "nor does a web process that is killed" no_uploads
wait "$sender"
sleep 1
half
kill -9 "$foreman"
wait "$sender"
result "nor the foreman" no_uploads
half
kill -9 "$server"
wait "$server" "$sender" 2>/dev/null
begin
result "nor the server" no_uploads
result "no job came of any of them" [ "$(jobs count)" = "$jobs" ]
serve_end
run log verify --db a.db
[ "$status" -ne 2 ] && result "the log is whole" [ "$status" -eq 0 ]
result "no folder stays when there is nothing" [ ! -e a.db.uploads ]

# ---- a time limit ----

rm -rf a.db a.db-*
begin --serve-job-time 1s
told begin "$(serve_password)"
foreman=$(child "$server" foreman)
held
result "a job that takes too long is ended, with a sentence" \
	[ "$(jobs wait "$number" failed)" = failed ]
result "  and no process of it stays" gone "$stopped"
serve_end

# ---- a full disk ----

mkdir small
if mount -t tmpfs -o size=140m none small 2>/dev/null; then
	db=small/a.db
	begin
	told begin "$(serve_password)"
	foreman=$(child "$server" foreman)
	prlimit --pid "$foreman" --fsize=1048576:
	told full none limited
	result "  nothing of it stays" no_uploads
	prlimit --pid "$foreman" --fsize=unlimited:
	told full small/fill
	serve_end
	rm small/fill
	run log verify --db small/a.db
	result "the log is whole" [ "$status" -eq 0 ]
else
	skip "a full disk" "nothing can be mounted here"
fi
tap_end
