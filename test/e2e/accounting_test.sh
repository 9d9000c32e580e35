#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# accounting_test.sh - on every capture of the test data: it is read to its end or said where
# not, every frame ends in exactly one counter, and three workers say the same octets as one.
#
# Usage: accounting_test.sh PATH-OF-VEDETTE. Skipped where VEDETTE_DATA/pcap is not.
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

data=${VEDETTE_DATA:-$source/../shared/data}/pcap
if [ ! -d "$data" ]; then
	skip_all "there are no captures in VEDETTE_DATA"
fi
data=$(realpath "$data")

# whole FILE: it ends by itself with a status that is meant, and its lines are whole
whole() {
	"$vedette" observe --json --memory 2G "$1" >one 2>err </dev/null
	case $? in
	0 | 1 | 3) ;;
	*) echo "# $1: status $?"; sed 's/^/# /' err; return 1 ;;
	esac
	python3 "$here/observed.py" json one | sed "s|^|# $1: |" | tee complaints
	[ ! -s complaints ]
}

# alike FILE: with three workers the same octets; with memory enough that no table of theirs
# gets full, because what is turned away then depends on how many tables there are
alike() {
	"$vedette" observe --json --workers 3 --memory 2G "$1" >three 2>/dev/null </dev/null
	cmp one three | sed "s|^|# $1: |" | tee complaints
	[ ! -s complaints ]
}

# every FOLDER: all its files, both ways
every() {
	local file good=0
	while IFS= read -r -d '' file; do
		whole "$file" || good=1
		alike "$file" || good=1
	done < <(find "$1" -maxdepth 1 -type f -print0 | sort -z)
	return "$good"
}

while IFS= read -r folder; do
	result "every frame of ${folder#"$data"/} is accounted for" every "$folder"
done < <(find "$data" -mindepth 1 -type d | sort)
tap_end
