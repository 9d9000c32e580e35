#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# typed_test.sh - the examples of doc/contacts.md and doc/inbox.md, typed one after the other as
# somebody does who reads the page from its beginning: none may fail.
#
# Usage: typed_test.sh PATH-OF-VEDETTE
#
# A command is a line of an example that begins with "vedette"; one that ends with a backslash goes
# on. What a page cannot give is here: the files that its examples read, a mail server (there is
# none: sending is tried again later, which is status 3), the token of a drill and the number of an
# event, which nobody knows beforehand.
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

# The commands of a page, one a line, without the remarks behind them.
commands() { # PAGE
	sed -n '/^    vedette /{:a;/\\$/{N;s/\\\n *//;ba};s/^ *//;s/ \{2,\}# .*//;p;}' \
		"$source/doc/$1.md"
}
vedette() { command "$vedette" "$@"; }

# One command of a page, in this folder; the page's words stay as they are otherwise.
typed() { # COMMAND
	local line=$1
	case $line in
	*' answer vd-'*)
		line=${line/vd-0123456789abcdef/$(vedette notices show 1 --db desk.db |
			grep -oE -m1 'vd-[0-9a-f]{16}')} ;;
	*' undo 812'*)
		line=${line/812/$(vedette log show --db desk.db --json |
			sed -n 's/.*"number":\([0-9]*\),.*report\.decided.*/\1/p' | tail -1)} ;;
	esac
	line=${line/mail.us.example:587/127.0.0.1:1}
	eval "$line" >out 2>err </dev/null
	status=$?
	[[ $line != *--mail-server* ]] || status=$((status == 3 ? 0 : 99))
	[ $status -eq 0 ] || sed 's/^/# /' err
	[ $status -eq 0 ]
}
page() { # PAGE
	local line
	while IFS= read -r line <&3; do
		result "$1: $line" typed "$line"
	done 3< <(commands "$1")
}

# ---- what the examples of contacts.md read ----

cat >registrar.json <<'END'
{"objectClassName": "entity", "handle": "9999", "roles": ["registrar"],
 "publicIds": [{"type": "IANA Registrar ID", "identifier": "9999"}],
 "vcardArray": ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", "Example Registrar"],
 ["email", {}, "text", "abuse@registrar.example"]]]}
END
printf '%s\n' id,name,role,covers,mail host,'Example Host',host,192.0.2.0/24,abuse@host.example \
	>people.csv
vedette log key cert.key >cert.pub
vedette log key other.key >other.pub
vedette contacts add stranger --db theirs.db --name Stranger \
	--public-key "$(cat other.pub)" >/dev/null
vedette contacts vouch stranger --db theirs.db --key cert.key >from-them.txt
page contacts
result "who answered a drill is reached at once" not grep -q '^nic.example' <(
	vedette contacts reach --days 90 --db desk.db)

# ---- and inbox.md ----

rm -f desk.db*
mkdir abuse-mailbox
printf '%s\n' 'From: Eva <eva@x.example>' 'Subject: phishing' \
	'Date: Sat, 21 Nov 2026 10:00:00 +0000' \
	'Message-ID: <1@x.example>' '' 'Please look at hxxps://bad[.]example.net/login' \
	>abuse-mailbox/1.eml
printf '%s\n' url,category,first_seen,reporter http://10.1.2.3/x,malware,2026-11-20,tom@y.example \
	>table.csv
cat >report.json <<'END'
{"xarf_version": "4.0.0", "report_id": "6f1ad0f4-0b3f-4b7c-9d35-2a6b0b7d1c11",
 "timestamp": "2026-11-02T10:00:00Z", "reporter": {"org": "R", "contact": "r@r.example",
 "domain": "r.example"}, "sender": {"org": "R", "contact": "r@r.example", "domain":
 "r.example"}, "source_identifier": "198.51.100.7", "category": "content", "type": "phishing",
 "url": "http://hosted.example.net/x", "description": "A page like that of the bank."}
END
result "inbox.md has its examples" test "$(commands inbox | wc -l)" -ge 4
while IFS= read -r line <&3; do
	# What it costs is measured with a mailbox of 100,000 (bench/reports).
	[[ $line != *snapshot* && $line != *d.db* ]] || continue
	result "inbox: $line" typed "$line"
done 3< <(commands inbox)
tap_end
