#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# incident_test.sh - `vedette incident` and `vedette log` by hand: from findings to a closed
# incident, two people at one incident, clocks, mutes, and a log that somebody edited.
#
# Usage: incident_test.sh PATH-OF-VEDETTE
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

xzcat "$demo" >demo.pcap || exit 1
"$vedette" observe --db a.db demo.pcap >observed 2>&1
as() { run incident "${@:2}" --db a.db --author "$1"; }
query() {
	python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
for row in db.execute(sys.argv[2]): print(*row, sep="|")' "$1" "$2"
}

run incident group nope --db a.db
result "what to write, as one writes it" \
	is 2 '' "^vedette: write 'vedette incident group --db a.db'$"
run incident group --db mistyped.db
result "a store that is not there: nothing is made" \
	is 3 '' '^vedette: there is no store at mistyped\.db$'
result "  nor left" [ ! -e mistyped.db ]
run incident open --title New --subject new.example --db fresh.db
result "what can begin a store says that it did" \
	is 0 '^Incident 1: new' '^vedette: fresh\.db was not there: a new store was made$'
cp a.db none.db
for list in 'incident list' 'inbox list' 'contacts list' 'notices list' 'log show'; do
	# shellcheck disable=SC2086	# two words
	run $list --db none.db
	result "a store without a desk, $list: says what would be there" \
		is 0 "'vedette |written here" ''
	# shellcheck disable=SC2086	# two words
	run $list --db none.db --json
	result "  as JSON: nothing" is 0 '' ''
done
run incident show 1 --db none.db
result "  and shows no incident" is 2 '' 'there is no incident 1'
result "  the file has no desk" \
	[ "$(query none.db "SELECT count(*) FROM sqlite_master WHERE name='desk'")" = 0 ]
as ana group --set unheard-of
result "grouping wants clocks that there are" is 2 '' "no set of clocks 'unheard-of'"
as ana group --set registrar-ack
result "findings become incidents" is 0 '^  [0-9]+ incidents were opened$' ''
as ana group
result "  once" is 0 '^Every finding is in an incident' ''
as ana list
result "the list" is 0 '^[1-5] +(urgent|high) +new +due in ' ''
as ana list --nobodys
result "  of nobody" is 0 '^1 ' ''
as ana list --json
result "  as JSON Lines" [ "$(grep -c '^{"number":.*"priority_why":"severity ' out)" -eq \
	"$(query a.db 'SELECT count(*) FROM incident')" ]
as ana list tunnel
result "  searched" is 0 'Data channel through DNS: ' ''
as ana list nothing-like-it
result "  and not found" is 0 '^No incident is like that' ''

# ---- two people ----

as ana show 1
result "one incident" is 0 '^  version +1$' ''
as ben show 1
as ben state 1 triaged
result "ben takes it on" is 0 \
	'^Incident 1: triaged, owner nobody, version [0-9]+; next is .* due in .* open.$' ''
as ana assign 1
result "ana is told that ben was faster" is 2 '' \
	'incident 1 was changed by ben .* ago (.*): look again$'
as ana note 1 'a note is always taken'
result "  a note of hers is taken" is 0 '^Incident 1: triaged' ''
as ana assign 1
result "  and is no look" is 2 '' 'incident 1 was changed by .*: look again$'
as ana show 1
result "  the playbook's tasks are there" is 0 '^  \[ \]  1 ' ''
as ana assign 1
result "  and after a look she may" is 0 '^Incident 1: triaged' ''
as ana note 1 'they answered' --if-version 1
result "--if-version holds" is 2 '' 'was changed by you, in another window or command'
as ana state 1 mitigated
result "a state that may not follow" is 2 '' 'what may follow: new, confirmed, notified'

# ---- clocks, labels, merging ----

as ana clock 1 --set nis2 --aware 2026-01-01
result "clocks run" is 0 '^Incident 1' ''
as ana list --overdue
result "  overdue ones come first" is 0 '^1 +urgent .*overdue by' ''
as ana clock 1 --meet 'no such'
result "  no such deadline" is 2 '' "has no deadline 'no such'"
result "  and those that there are" grep -q 'nis2/early warning' err
as ana show 1
result "a set runs beside that of grouping" \
	[ "$(grep -c '(nis2), due\|(registrar-ack), due' out)" = 5 ]
as ana clock 1 --set nis2
result "  one that runs is refused" is 2 '' 'nis2 run already for incident 1'
as ana clock 1 --meet registrar-ack/acknowledgement
as ana clock 1 --meet acknowledgement
result "a deadline is met once" is 2 '' 'was met at 20.* by ana, by hand'
result "  unless it is said again" grep -q -e '--again' err
as ana clock 1 --meet acknowledgement --again
result "  as that way says" is 0 . ''
as ana clock 1 --meet nis2/notification --at 2200-01-01
result "none is met before it happens" is 2 '' 'lies in the future'
as ana clock 1 --unmeet acknowledgement --at 2026-01-02
result "  nor is a time said of anything else" is 2 '' 'it goes with --meet'
as ana clock 1 --meet nis2/notification --at 2026-01-02T10:00:00Z
result "  but then, when they were called" is 0 '^Incident 1' ''
as ana show 1
result "  which is shown" grep -q '2026-01-02.10:00' out
as ana clock 1 --stop registrar-ack
result "a set is stopped with a reason only" is 2 '' 'a reason is missing'
as ana clock 1 --stop registrar-ack --reason 'not our registrar'
as ana show 1
result "  which the log has" grep -q 'stopped the clocks registrar-ack: not our' out
result "  and with what was met" grep -q "met 'acknowledgement' of registrar-ack" out
as ana clock 1 --set unheard-of
result "  no such set" is 2 '' 'there are: nis2, registrar-ack'
as ana label 1 red
as ana label 1 green
result "labels are lowered with a reason only" is 2 '' 'incident 1 cannot be TLP:GREEN'
run incident list --db a.db --clearance amber
result "what is RED is withheld" is 0 '^[2-9]' '1 incident is withheld'
run incident show 1 --db a.db --clearance amber
result "  shown to nobody below" is 2 '' 'TLP:RED'
as ana merge 2 1 --reason 'the same people'
result "merged" is 0 '^Incident 2: merged' ''
as ana note 2 x
result "  goes on elsewhere" is 2 '' 'it goes on in 1'
as ana split 2 --reason 'they were not'
result "  and back" is 0 '^Incident 2: new' ''
as ana note 2 'the source is Q' --label red --dry-run
result "a RED note, before: what it would raise" \
	is 0 '^incident 2 would be raised from TLP:AMBER' ''
result "  nothing is kept" [ -z "$(query a.db 'SELECT * FROM note WHERE incident = 2')" ]
as ana note 2 'the source is Q' --label red --apart
result "  kept apart it raises nothing" not grep -q raised out
run incident show 2 --db a.db --clearance amber
result "  and is not shown below" [ "$status" -eq 0 -a "$(grep -c 'source is Q' out)" = 0 ]
run incident show 2 --db a.db
result "  but to who may" is 0 'TLP:RED .*, kept apart, note [0-9]+$' ''
as ana note 2 'meant for few' --label red
result "  else the incident is raised, and that is said" \
	is 0 'is raised from TLP:AMBER.* to TLP:RED' ''
result "  with what it costs" grep -q 'go by mail no more' out
run incident note 4 'who it is' --db a.db --author ana --clearance amber --label red
result "a note that would hide it from its writer is asked first" is 2 '' 'could not see it afterw'
result "  with the way past that" grep -q -e '--hide-from-me' err
run incident note 4 'who it is' --db a.db --author ana --clearance amber --label red --apart
result "  also one apart" is 2 '' 'could not see it'
note=$(query a.db 'SELECT max(event) FROM note WHERE incident = 2')
as ana label 2 amber --reason x
result "  and stays so" is 2 '' "note $note in it is TLP:RED"
as ana apart 2 "$note" --reason 'only the note is'
as ana label 2 'TLP:AMBER PAP:GREEN' --reason 'only the note is'
run incident list --db a.db --clearance amber
result "  until the note is set apart and the label lowered" is 0 '^2 ' '1 incident is withheld'
as ana state 3 false-alarm
result "a false alarm needs a reason" is 2 '' 'only with a reason'
as ana state 3 false-alarm --reason 'our scanner' --until 2099-01-01
result "  and no mute is for ever" is 2 '' 'within a year'
as ana state 3 false-alarm --reason 'our scanner' --until "$(date -u -d '+30 days' +%F)"
as ana mute --rule tunnel --subject span.example --reason 'as long as that' --until 30d
result "a mute by its length" is 0 . ''
as ana mute --rule tunnel --subject span.example --reason 'as long as that' --until 30x
result "  which is none" is 2 '' 'is not a time; write 30d'
as ana clock 4 --set nis2 --aware 2026-01-01
as ana state 4 closed --reason 'seen to'
as ana list --all
result "what has ended is not urgent" is 0 '^4 +low +closed +- ' ''
as ana show 4
result "  and shows what it missed" grep -q '^  missed .*early warning (nis2), was due' out
as ana mute
result "  it mutes for a time" is 0 'in (29|30) d .* our scanner' ''

# ---- the log in sentences ----

said() { run incident "$@" --db said.db --author ana; }
said open --title 'In words' --subject words.example
said state 1 triaged --reason 'we looked'
said assign 1 bob
said clock 1 --set nis2
said clock 1 --meet 'early warning'
run log show --db said.db
result "the log says what was done" grep -q 'opened it (members: 0): In words$' out
result "  from which state to which, and why" grep -q 'new became triaged: we looked$' out
result "  whose it is" grep -q 'gave it to bob$' out
result "  deadlines" grep -q "met 'early warning' of nis2 at 20" out
result "  not a brace, and nothing of 1970" not grep -q '[{}]\|1970' out
run incident show 1 --db said.db --lang es
result "  in the reader's language" grep -q 'nuevo pasó a clasificado: we looked' out
said proof 1
result "  and in a proof" grep -q 'gave it to bob$' out

# ---- what a program reads is not cut ----

long='A title that is much longer than what is left of eighty columns beside the others'
run incident open --db wide.db --author ana --title "$long" --subject wide.example
run incident list --db wide.db
result "a list that is piped has whole titles, and the subject" \
	grep -qF "$long (wide.example)" out
COLUMNS=120 run incident list --db wide.db
result "  or as many columns as COLUMNS says" [ "$(wc -L <out)" -le 130 ]

# ---- the log ----

run log key k.key
result "a key" is 0 '^[0-9a-f]{64}$' ''
signer=$(cat out)
as ana title 2 'another name' --key k.key
run log verify --db a.db --signer "$signer"
result "the log is whole and signed" is 0 " 1 signed by $signer" ''
run log head --db a.db
head=$(cat out)
run log export --db a.db
cp out log.jsonl
run log verify --file log.jsonl --head "$head"
result "  so is its export" is 0 '^head ' ''
sed 5d log.jsonl >dropped.jsonl
run log verify --file dropped.jsonl
result "a dropped event is found" is 1 '' 'the events before it are missing'
sed -n '1,4p' log.jsonl >short.jsonl
run log verify --file short.jsonl --head "$head"
result "a truncated log is found" is 1 '' 'cut off or replaced'
run log verify --file log.jsonl --head deadbeef
result "what is no hash accuses no log" is 2 '' "--head: 'deadbeef' is no hash; write the 64 hex"
query a.db 'SELECT * FROM incident' >before
cp a.db b.db
query b.db "UPDATE incident SET title='harmless' WHERE number=2"
run log verify --db b.db
result "tables that say something else than the log are found" is 1 \
	'^head ' "incident 2: 'title' is not what the log says; 'vedette log rebuild"
run log verify --db b.db --log-only
result "  --log-only does not look at them" is 0 '^head ' ''
run log rebuild --db b.db
run log verify --db b.db
result "  rebuilt they are well" is 0 '^the tables are what the log says' ''
query b.db "DELETE FROM incident WHERE number=1"
run log verify --db b.db
result "  rows that are gone are found" is 1 '^head ' 'is in the log and not in the tables'
run log rebuild --db a.db
query a.db 'SELECT * FROM incident' >after
result "the tables are what the log says" cmp -s before after
cp a.db b.db
query b.db "UPDATE event SET body=replace(body, 'another', 'no') WHERE kind='incident.title'"
run log verify --db b.db
result "a changed event is found" is 1 '' 'was changed since it was written'
cp a.db b.db
query b.db 'UPDATE event SET number=-number WHERE number IN (3, 4)'
query b.db 'UPDATE event SET number=7+number WHERE number IN (-3, -4)'
run log verify --db b.db
result "reordered events are found" is 1 '' 'event 3 .*does not follow'
cp a.db b.db
query b.db 'DELETE FROM event WHERE number=(SELECT max(number) FROM event)'
run log verify --db b.db --head "$head"
result "one that was cut off is found" is 1 '' 'cut off or replaced'
run log verify --db b.db
result "  by the tables, too, which know more" is 1 '^head ' 'the tables are not what the log says'

tap_end
