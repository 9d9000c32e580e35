#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# tongue_test.sh - Spanish and French as a user meets them: help, the catalogue, findings,
# pages, errors; and that what machines read is the same in every language.
#
# Usage: tongue_test.sh PATH-OF-VEDETTE
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

holds() { grep -qF -- "$2" "$1"; }
same() { cmp -s "$1" "$2"; }
# No line is wider than 80 characters.
narrow() { LC_ALL=C awk '{ gsub(/[\200-\277]/, ""); if (length() > 80) { print; bad = 1 } }
	END { exit bad }' "$1"; }

commands=$("$vedette" help |
	awk '/^Commands:/ { on = 1; next } /^$/ { on = 0 } on && /^  [a-z]/ { print $1 }')
for lang in es fr; do
	run help --lang $lang
	result "$lang: the first page" [ "$status" -eq 0 ]
	result "$lang: the first page is narrow" narrow out
	result "$lang: the first page is not English" not holds out 'Where to start'
	for command in $commands; do
		run help "$command" --lang $lang
		result "$lang: help of $command is narrow" narrow out
		result "$lang: help of $command is not English" not holds out 'show this help'
		result "$lang: help of $command lists no empty choice" not grep -q '(,' out
	done
	run explain --lang $lang
	result "$lang: the catalogue" [ "$(wc -l <out)" -gt 100 ]
done

run explain tunnel.data --lang es
result "es: one thing explained" holds out 'Canal de datos a través del DNS'
result "es: who can act" holds out 'Quién puede mitigarlo'
run explain tunnel.data --lang=fr
result "fr: one thing explained" holds out 'Canal de données à travers le DNS'
result "fr: who can act" holds out "bureau d'enregistrement"

# ---- findings: sentences, a store, a page ----

run observe "$demo" --db s.db --json
mv out en.json
result "findings are stored" [ -s s.db ]
for lang in es fr; do
	run observe "$demo" --json --lang $lang
	result "$lang: JSON is the same octets" same out en.json
	run findings --db s.db --lang $lang --html $lang.html
	mv out $lang.txt
	result "$lang: a table" [ "$status" -eq 1 ]
	result "$lang: a table is narrow" narrow $lang.txt
	result "$lang: the page says its language" holds $lang.html "<html lang=$lang>"
	result "$lang: no English is left in the table" not grep -qE \
		'different names|frames|findings|were asked|no answer|Nothing was' $lang.txt
	result "$lang: nor in the page" not grep -qE \
		'different names|What to do|Measured|Confidence|Who takes part' $lang.html
done
result "es: a sentence" holds es.txt 'nombres distintos'
result "fr: a sentence" holds fr.txt 'noms différents'
result "es: a severity" holds es.txt 'alta'
result "fr: a severity" holds fr.txt 'élevée'
result "fr: a page's sentence" holds fr.html 'noms différents'
run findings --db s.db --json
mv out en.json
run findings --db s.db --json --lang fr
result "what is stored is the same in every language" same out en.json
id=$(sed -n 's/^{"id":"\([0-9a-f]*\)".*/\1/p' en.json | head -n 1)
[ -n "$id" ] || id=$(grep -o '"id":"[0-9a-f]\{64\}"' en.json | head -n 1 | cut -d'"' -f4)
run show "$id" --db s.db --lang es
result "es: one finding in full" holds out 'Qué hacer'

# ---- a zone: sentences of parts, numbers, what was read ----

cat >z.zone <<'EOF'
$ORIGIN gal.
$TTL 3600
@ SOA ns1 mail 1 7200 900 1209600 86400
@ NS ns1
ns1 A 192.0.2.1
lame NS ns1.lame
a NS ns1.one.org.
b NS ns1.one.org.
b NS ns1.two.org.
EOF
for lang in es fr; do
	run verify zone z.zone --what-if host:nowhere.example --lang $lang
	result "$lang: a zone, and no English in what is said of it" not grep -qwE \
		'the|of|which|delegations|lines|rest|here' out
	result "$lang: its percentages are written with a comma" grep -q ',[0-9].%' out
	result "$lang: all of them" not grep -qE '[0-9]\.[0-9].?%' out
done

run pack "$id" --db s.db --output p.vedette
run replay p.vedette --lang es
result "es: a verdict that is reached again" holds out 'veredicto'
result "es: and no English in it" not grep -qwE 'the|messages|verdict|of|same' out

# ---- which language ----

# speaks VARIABLE=VALUE...: vedette explain, in that environment; a locale that is not
# installed is no trouble to it, only to this shell
speaks() { env -u LC_ALL -u LANG -u LANGUAGE "$@" "$vedette" explain dga.client >out 2>err; }

speaks LC_ALL=es_ES.UTF-8
result "LC_ALL chooses, without that locale installed" holds out 'Qué significa'
speaks LC_MESSAGES=fr_CA
result "LC_MESSAGES chooses" holds out 'Ce que cela signifie'
speaks LANG=en_GB.UTF-8 LANGUAGE=de:es
result "LANGUAGE is a list" holds out 'Qué significa'
speaks LC_ALL=C LANGUAGE=es
result "LC_ALL=C is English" holds out 'What it means'
speaks LC_ALL=de_DE.UTF-8
result "a language that there is not is English" holds out 'What it means'
LC_ALL=C.UTF-8 LANGUAGE=es run explain dga.client --lang en
result "--lang goes before the environment" holds out 'What it means'
printf 'lang: fr\n' >c.yaml
run explain dga.client --config c.yaml
result "the file chooses" holds out 'Ce que cela signifie'

# ---- what goes wrong ----

run findings --db nowhere.db --lang es
result "es: an error" holds err 'nowhere.db'
result "es: an error in Spanish" not grep -qE 'cannot|there is|No such' err
run observe --no-such --lang fr
result "fr: a mistake in the command line" holds err 'option inconnue'
run explain x.y --lang klingon
result "no such language" [ "$status" -eq 2 ]
result "no such language: says which there are" holds err 'en, es or fr'

printf 'hello\n' >text
for command in $commands; do
	run "$command" text text --db none.db --lang en
	cp err en.err
	for lang in es fr; do
		run "$command" text text --db none.db --lang $lang
		result "$lang: what is wrong with '$command text text' is said in it" \
			not grep -qE ' (is|are|the|write|cannot|there) ' err
		run "$command" --no-such-option --lang $lang
		result "$lang:   and with its options" grep -qE 'desconocida|inconnue' err
	done
done
run observe text --lang fr
result "fr: a sentence behind a name, which no short format takes apart" \
	holds err "text : c'est du texte, non une capture"

# ---- hints ----

run contacts add a.example --name A --role team --covers a.example --db s.db
is_hint() { grep -qF -- "$1" err; }
(exec -a ./run "$vedette" contacts show x --db s.db) >out 2>err
result "a hint repeats how the program was called, and the store" \
	is_hint "'./run contacts list --db s.db' lists them"
(exec -a ./run "$vedette" contacts show x --db s.db --lang fr) >out 2>err
result "in French, too" is_hint './run contacts list --db s.db'
cp s.db "my own.db"
run contacts show x --db 'my own.db'
result "as the shell needs it" is_hint "'vedette contacts list --db 'my own.db'' lists them"
run inbox form --db t.db --subject https://a.example.net/x --abuse phishing
run inbox accept 1 --db t.db
run incident list --db t.db --lang fr
result "fr: a time from now has room for 'il y a 119 min'" grep -qE 'MODIFIÉ {9,}TLP' out
run incident list denunciado --db t.db --lang es
result "es: a word of the title is found as it is read" \
	holds out 'Phishing denunciado: a.example.net'
run incident list SIGNAL --db t.db --lang fr
result "fr: too, whatever its case" holds out 'a.example.net'
run incident list denunciado --db t.db
result "en: not as nobody reads it" not holds out 'a.example.net'
for list in 'incident list' 'notices list' 'inbox list'; do
	# shellcheck disable=SC2086	# two words
	run $list --db s.db --lang es
	result "es: $list, empty, says what would be there" holds out '«vedette '
done

tap_end
