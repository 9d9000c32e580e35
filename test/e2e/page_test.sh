#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# page_test.sh - the page in the distribution's Chromium: what people do with it, axe-core
# everywhere. The flows are ui/test/flows/; ui/test/flows.mjs prints one line a check.
#
# Usage: page_test.sh PATH-OF-VEDETTE [FLOW...]. Everything is on the loopback.
# shellcheck disable=SC2154	# source, vedette: tap.sh
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$1"
shift

command -v node >/dev/null || skip_all "there is no node"
command -v chromium >/dev/null || skip_all "there is no chromium"
strings -n 20 "$vedette" | grep 'There is no page in this build' >/dev/null &&
	skip_all "this program was built without the page"
"$source/tools/page" tests >npm.log 2>&1 || skip_all "npm could not install what it needs"
timeout 900 node "$source/ui/test/flows.mjs" "$vedette" "$@" >checks 2>checks.err
result "every flow ran to its end" [ "$(tail -n 1 checks)" = "done" ]
while read -r word what; do
	[ "$word" = ok ] || [ "$word" = not ] || continue
	result "$what" [ "$word" = ok ]
done <checks
[ "$(tail -n 1 checks)" = "done" ] || cat checks.err
tap_end
