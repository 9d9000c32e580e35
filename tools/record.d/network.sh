# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034 # shared with tools/record
#
# network.sh - the namespaces of the recording and the wires between them; sourced by
# tools/record.
#
# One namespace a host, each with one interface eth0 on the bridge of its side; the
# bridges live in the namespace "hub", and delay.py joins them. All hosts are on one
# link, so there is no router and no TTL to fall. Checksums and segments are made
# by the sender (no offload), as they would be on a real wire.
#
# Every name starts with $family and that is how they are found again: what runs in
# such a namespace was started here, and remove_namespaces ends it.
#
# Not here: who runs in the namespaces (servers.sh, story.sh).

# Descriptor 9 is the lock; nothing that may outlive the script shall hold it.
inside()
{
	local ns=$1

	shift
	ip netns exec "$prefix$ns" "$@" 9>&-
}

# run NAMESPACE LOG COMMAND...: in the background, until clean ends it.
run()
{
	local ns=$1 log=$work/log/$2

	shift 2
	inside "$ns" "${unconfined[@]}" "$@" > "$log" 2>&1 9>&- &
}

# The processes in our namespaces are ours: nobody else can get in unasked.
remove_namespaces()
{
	local ns pid

	for ns in $(ip netns list | awk -v p="$family" 'index($1, p) == 1 { print $1 }'); do
		for pid in $(ip netns pids "$ns"); do
			kill -KILL "$pid" 2> /dev/null || true
		done
		ip netns delete "$ns"
	done
}

# kill_in NAMESPACE PROGRAM
kill_in()
{
	local pid

	for pid in $(ip netns pids "$prefix$1"); do
		[[ $(cat "/proc/$pid/comm" 2> /dev/null) != "$2" ]] || kill "$pid"
	done
}

# host NAME SIDE NUMBER: one namespace on the bridge of its side.
host()
{
	local ns=$prefix$1 mac offload net

	printf -v mac '02:00:00:00:%02d:%02d' "$([[ $2 == near ]] && echo 1 || echo 2)" "$3"
	ip netns add "$ns"
	ip -n "$ns" link set lo up
	ip -n "${prefix}hub" link add "$1" type veth peer name eth0 netns "$ns"
	ip -n "${prefix}hub" link set "$1" master "$2" up
	inside "$1" sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0
	ip -n "$ns" link set eth0 address "$mac" up
	for offload in tx tso gso gro; do
		inside "$1" ethtool -K eth0 "$offload" off > /dev/null 2>&1 ||
			die "cannot switch off $offload: checksums would be wrong"
	done
	ip -n "$ns" address add "${v4_of[$1]}/32" dev eth0
	for net in 192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32; do
		ip -n "$ns" route replace "$net" dev eth0
	done
	[[ $2 == near ]] || wires+=("$mac=${distance_ms[$1]}")
}

bridge()
{
	ip -n "${prefix}hub" link add "$1" type bridge forward_delay 0
	ip -n "${prefix}hub" link set "$1" address "02:00:00:00:00:0$2" up
	ip -n "${prefix}hub" tuntap add dev "${1}0" mode tap
	ip -n "${prefix}hub" link set "${1}0" address "02:00:00:00:00:1$2"
	ip -n "${prefix}hub" link set "${1}0" master "$1" up
}

v6()
{
	echo "2001:db8:100::${v4_of[$1]##*.}"
}

build_network()
{
	local name n=0

	wires=()
	ip netns add "${prefix}hub"
	inside hub sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv6.conf.default.disable_ipv6=1
	bridge near 1
	bridge far 2
	for name in $near_hosts; do host "$name" near $((++n)); done
	for name in $far_hosts; do host "$name" far $((++n)); done
	{
		printf 'address add 192.0.2.%d/32 dev eth0\n' {11..31}
		printf 'address add 2001:db8:2::%d/128 dev eth0 nodad\n' {10..31}
		printf 'address add 203.0.113.%d/32 dev eth0\n' {129..254}
	} | ip -n "${prefix}lan" -batch -
	ip -n "${prefix}resolv" address add "$resolver6/128" dev eth0 nodad
	ip -n "${prefix}older" address add "$older6/128" dev eth0 nodad
	for name in $far_hosts; do
		ip -n "$prefix$name" address add "$(v6 "$name")/128" dev eth0 nodad
	done
	run hub delay /usr/bin/python3 -B "$parts/delay.py" near0 far0 "${wires[@]}"
}
