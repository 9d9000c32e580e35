#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# cli_test.sh - the frame of the commands as a user meets it: help, mistakes,
# configuration, manual, completion, exit statuses.
#
# Usage: cli_test.sh PATH-OF-VEDETTE. Prints "ok" and "not ok" lines (TAP); the
# exit status is 1 when one is not ok. What needs mandoc or shellcheck is skipped
# where they are not installed.
set -u
vedette=$(realpath "${1:?usage: cli_test.sh PATH-OF-VEDETTE}")
[ -x "$vedette" ] || { echo "Bail out! $vedette is no program"; exit 1; }
work=$(mktemp -d) && cd "$work" || exit 1
trap 'rm -rf "$work"' EXIT
export TERM=xterm
n=0 bad=0 status=0

# result NAME TRUE-OR-FALSE
result() {
	n=$((n + 1))
	if "$2"; then echo "ok $n - $1"; else echo "not ok $n - $1"; bad=$((bad + 1)); fi
}

# run ARGS...: fills out, err and status
run() {
	"$vedette" "$@" >out 2>err </dev/null
	status=$?
}

# holds FILE PATTERN: '' is an empty file
holds() {
	if [ -z "$2" ]; then [ ! -s "$1" ]; else grep -qE -- "$2" "$1"; fi
}

# is NAME STATUS OUT-PATTERN ERR-PATTERN: of the last run; '' is nothing at all
is() {
	local good=true
	[ "$status" -eq "$2" ] || good=false
	holds out "$3" && holds err "$4" || good=false
	$good || sed 's/^/# /' out err | head -20
	$good || echo "# exit status $status"
	result "$1" "$good"
}

commands() { "$vedette" | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p'; }

# ---- help ----

run; is "alone it says what it is and lists commands" 0 '^  config +show' ''
mv out front
run --help; is "--help" 0 '^Exit status:' ''
same=true; cmp -s front out || same=false
result "--help is the same page" $same
run -h; is "-h" 0 '^Commands:' ''
run help; is "help alone" 0 '^Commands:' ''
run --version; is "--version" 0 '^vedette [0-9]+\.[0-9]+' ''
run version; is "version, as a word" 0 '^vedette [0-9]+\.[0-9]+' ''
run --lang es explain dga.client
is "--lang before the command" 0 'dominio' ''
run --lang es; is "  and nothing behind it" 2 '' 'es|orden|--lang'
run -V; is "-V" 0 '^vedette ' ''
[ "$(commands | wc -l)" -ge 4 ] && some=true || some=false
result "the list of commands can be read" "$some"
for c in $(commands); do
	run help "$c"; is "help $c" 0 "^  vedette $c \[OPTIONS\]" ''
	mv out page
	run "$c" --help; is "$c --help" 0 '--config FILE' ''
	same=true; cmp -s page out || same=false
	result "$c --help is the same page" $same
	fits=true
	awk 'length($0) > 80 { print "# " FILENAME ": " $0; bad = 1 } END { exit bad }' \
		page front || fits=false
	result "help $c fits 80 columns" $fits
done
run config --help --config /nowhere
is "--help does not hide a missing file" 2 '' '/nowhere: '

# ---- mistakes ----

run confg
is "unknown command, near" 2 '' \
	"^vedette: unknown command 'confg'; did you mean 'config'\?$"
run xyzzy
is "unknown command, far" 2 '' "unknown command 'xyzzy'; 'vedette help' lists them"
run help confg; is "help of an unknown command" 2 '' "did you mean 'config'"
run --config x config show
is "option before the command" 2 '' "write 'vedette COMMAND --config'"
run config; is "a missing word" 2 '' "write 'vedette config show | check FILE'"
run config shw; is "unknown word" 2 '' "did you mean 'show'"
run config show x; is "a word too many" 2 '' "write 'vedette config show'"
run config check; is "check without a file" 2 '' "check FILE"
run manual x
is "a word where none is wanted" 2 '' "too many words; write 'vedette manual'"
run findings --db ''; is "an empty name of a store" 2 '' \
	"^vedette: --db: an empty value; write FILE, or leave the option out$"
run observe --html '' x.pcap
is "an empty name of a page" 2 '' "--html: an empty value; write FILE"
for c in observe 'verify zone'; do
	# shellcheck disable=SC2086
	run $c --hash-key '' x; is "$c: an empty key" 2 '' "--hash-key: an empty value"
done
run help incident
is "a choice is never shown empty" 0 '\(open, new, triaged' ''
run config show --confg x
is "unknown option" 2 '' \
	"^vedette: unknown option '--confg'; did you mean '--config'\?$"
run config show --config
is "option without its value" 2 '' "--config needs a value: --config FILE"
run config show --help=x; is "flag with a value" 2 '' "--help takes no value"
run config show -Z; is "unknown letter" 2 '' "unknown option -Z"
run config show --config /nowhere
is "no such file" 2 '' "^vedette: /nowhere: No such file"
run $'a\e[31m\nb'; is "foreign text is escaped" 2 '' 'a\\u001b\[31m'
[ "$(wc -l <err)" -eq 1 ] && one=true || one=false
result "and stays on one line" "$one"
for c in $(commands); do
	run "$c" --no-such-option; is "$c: unknown option" 2 '' "^vedette: unknown option"
	[ "$(wc -l <err)" -eq 1 ] && one=true || one=false
	result "$c: one line" "$one"
done

# ---- configuration ----

run config show; is "config show" 0 '^# All options' ''
mv out all.yaml
run config check all.yaml; is "config show gives a good file" 0 '' ''
run config show --config all.yaml; is "which is taken" 0 '^# All options' ''
sed 's/  # from .*//' out >again.yaml
same=true; cmp -s all.yaml again.yaml || same=false
result "and holds the same values" $same
printf 'no-such-key: 1\n' >bad.yaml
run config check bad.yaml
is "unknown key" 2 '' "^vedette: bad.yaml:1: unknown key 'no-such-key'"
run config show --config bad.yaml
is "unknown key by --config" 2 '' "^vedette: bad.yaml:1: "
run manual --config=bad.yaml; is "every command checks its file" 2 '' "bad.yaml:1: "
printf 'a: &x 1\nb: *x\n' >alias.yaml
run config check alias.yaml; is "aliases" 2 '' "alias.yaml:1: "
printf '\tx: 1\n' >tab.yaml
run config check tab.yaml; is "a tab" 2 '' "tab.yaml:1: not YAML"
head -c 4096 "$vedette" >junk.yaml
run config check junk.yaml; is "binary junk" 2 '' "junk.yaml:1: not UTF-8"
cp bad.yaml vedette.yaml
run config show; is "./vedette.yaml is not read by itself" 0 '^# All options' ''
run config show --config <(printf '# nothing\n')
is "a file from a pipe" 0 '^# All options' ''

# ---- manual ----

run manual; is "manual" 0 '^\.Dt VEDETTE 1$' ''
mv out vedette.1
all=true
for c in $(commands); do grep -q "^\.Ss vedette $c\$" vedette.1 || all=false; done
result "manual has every command" $all
all=true
for c in $(commands); do
	"$vedette" help "$c" | grep -oE '^ {2,6}(-., )?--(\[no-\])?[a-z0-9-]+' |
		sed 's/.*--//; s/^\[no-\]/no-/'
done | sort -u >options
while read -r o; do
	grep -qE "^\.It .*Fl \\\\-(no\\\\-)?${o#no-}( |\$)" vedette.1 ||
		{ all=false; echo "# $o"; }
done <options
[ -s options ] || all=false
result "manual has every option of help" $all
statuses=true
for s in 0 1 2 3 4; do grep -q "^\.It $s\$" vedette.1 || statuses=false; done
result "manual has every exit status" $statuses
if command -v mandoc >/dev/null; then
	clean=true
	mandoc -Tlint -W warning vedette.1 || clean=false
	result "mandoc finds nothing to warn of" $clean
else
	n=$((n + 1)); echo "ok $n - manual lint # SKIP mandoc is not installed"
fi

# ---- completion ----

run complete bash; is "complete bash" 0 '^complete -F _vedette vedette$' ''
mv out complete.bash
good=true; bash -n complete.bash || good=false
result "bash reads the completion script" $good
if command -v shellcheck >/dev/null; then
	good=true; shellcheck -s bash complete.bash || good=false
	result "shellcheck finds nothing" $good
else
	n=$((n + 1)); echo "ok $n - completion lint # SKIP shellcheck is not installed"
fi
run complete fish; is "another shell" 2 '' "write bash"

# proposes NAME PATTERN WORDS...: what bash would offer for the last word
proposes() {
	local name=$1 pattern=$2 good=true
	shift 2
	bash -c 'source ./complete.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _vedette
		[ ${#COMPREPLY[@]} -eq 0 ] || printf "%s\n" "${COMPREPLY[@]}"' - "$@" >got 2>&1
	holds got "$pattern" || good=false
	$good || sed 's/^/# /' got
	result "completion: $name" $good
}
proposes "a command" '^config$' vedette conf
proposes "every command" '^manual$' vedette ''
proposes "an option" '^--config$' vedette config --conf
proposes "a word" '^show$' vedette config sh
proposes "commands behind help" '^complete$' vedette help com
proposes "files behind --config" '^all\.yaml$' vedette config --config all
proposes "files behind --config=" '^all\.yaml$' vedette config --config = all
proposes "files as words" '^bad\.yaml$' vedette config check ba
touch 'with blank.yaml'
proposes "a file with a blank in its name" '^with blank\.yaml$' vedette config check with
"$vedette" contacts add nic.example --db ids.db --author ana --name Nic --role registry \
	--covers example --mail a@nic.example --cleared 'TLP:AMBER PAP:AMBER' >/dev/null
for i in 1 2; do
	"$vedette" incident open --db ids.db --author ana --title "$i" --subject a.example \
		--label 'TLP:GREEN PAP:GREEN' >/dev/null
done
"$vedette" inbox form --db ids.db --author ana --subject x.example >/dev/null
"$vedette" incident notify 1 --to nic.example --db ids.db --author ana --mail-from a@b.example \
	>/dev/null
store=(--db ids.db)
proposes "numbers of incidents" '^2$' "$vedette" incident "${store[@]}" show ''
proposes "and behind the verb" '^2$' "$vedette" incident show "${store[@]}" ''
proposes "ids of contacts" '^nic\.example$' "$vedette" contacts show "${store[@]}" n
proposes "and behind --to" '^nic\.example$' "$vedette" incident notify "${store[@]}" 1 --to n
proposes "numbers of notices" '^1$' "$vedette" notices approve "${store[@]}" ''
proposes "numbers of reports" '^1$' "$vedette" inbox accept "${store[@]}" ''
proposes "incidents behind --incident" '^2$' "$vedette" inbox accept "${store[@]}" 1 --incident ''
proposes "files for what reads files" '^all\.yaml$' "$vedette" inbox add "${store[@]}" al
proposes "nothing behind a finished choice" '' vedette complete zsh

# ---- output that fails ----

"$vedette" manual >/dev/full 2>err; status=$?; : >out
is "a full disk is no success" 4 '' '^vedette: standard output: No space left'
"$vedette" >/dev/full 2>err; status=$?
is "not for short pages either" 4 '' '^vedette: standard output: '

echo "1..$n"
[ "$bad" -eq 0 ]
