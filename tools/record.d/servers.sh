# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034 # shared with tools/record
#
# servers.sh - the servers of the recording; sourced by tools/record.
#
# One function a program writes its settings for one place under $work/PLACE and says
# in `command` how to run it in the foreground. All state stays under $work, nothing
# is read from /etc, and every server binds the addresses of its own namespace only.
#
# Settings differ from the defaults where the story wants it: the knot at host_b is
# badly run (UDP answers up to 4096 octets, no rate limit), which is what makes it
# worth abusing. The resolver keeps unbound's defaults, with an own root and its
# trust anchor; the older one sends whole names upwards (no QNAME minimisation,
# RFC 9156), without which iodine gets almost nothing through.
#
# Not here: zones (zones.sh), namespaces (tools/record).

# Zone names of a place, the root as "root".
zones_at()
{
	sed 's/\(.\)\.$/\1/; s/^\.$/root/' "$work/$1.zones"
}

# knot_at PLACE UDP_BYTES V4 V6
knot_at()
{
	local conf=$work/$1/knot.conf name

	mkdir -p "$work/$1/db"
	{
		cat <<-END
			server:
			    rundir: $work/$1
			    listen: [ $3@53, $4@53 ]
			    udp-max-payload: $2
			    udp-workers: 1
			    tcp-workers: 1
			    background-workers: 1
			    identity: ""
			    version: ""
			log:
			  - target: stderr
			    any: info
			database:
			    storage: $work/$1/db
			policy:
			  - id: curve
			    algorithm: ecdsap256sha256
			    single-type-signing: on
			    nsec3: on
			    nsec3-iterations: 0
			  - id: plain
			    algorithm: ecdsap256sha256
			    single-type-signing: on
			  - id: rsa
			    algorithm: rsasha256
			    ksk-size: 2048
			    zsk-size: 2048
			zone:
		END
		while read -r name; do
			cat <<-END
				  - domain: ${name/#root/.}
				    file: $work/zones/$name.zone
				    zonefile-sync: -1
				    dnssec-signing: on
				    dnssec-policy: $(policy_of "$name")
			END
		done < <(zones_at "$1")
	} > "$conf"
	command=(knotd -c "$conf")
}

policy_of()
{
	case $1 in
	invented-archive.org) echo rsa ;;
	root | test) echo plain ;;
	*) echo curve ;;
	esac
}

# keys_make PLACE: keys for every zone there, and each DS where the parent needs it.
keys_make()
{
	local name keymgr=(keymgr -c "$work/$1/knot.conf") ds

	while read -r name; do
		if [[ $(policy_of "$name") == rsa ]]; then
			"${keymgr[@]}" "$name." generate algorithm=rsasha256 size=2048 ksk=yes
			"${keymgr[@]}" "$name." generate algorithm=rsasha256 size=2048 zsk=yes
		else
			"${keymgr[@]}" "${name/#root/.}" generate \
				algorithm=ecdsap256sha256 ksk=yes zsk=yes
		fi > "$work/log/keymgr"
		ds=$("${keymgr[@]}" "${name/#root/.}" ds | awk '$5 == 2')
		if [[ $name == root ]]; then
			echo "$ds" > "$work/root.ds"
		elif [[ ${place_of[$(parent_of "$name")]} == root ]]; then
			echo "$ds" >> "$work/zones/$(parent_of "$name").zone"
		fi
	done < <(zones_at "$1")
}

# bind_at PLACE V4 V6
bind_at()
{
	local conf=$work/$1/named.conf name

	mkdir -p "$work/$1"
	{
		cat <<-END
			options {
				directory "$work/$1";
				pid-file "$work/$1/pid";
				session-keyfile "$work/$1/session.key";
				listen-on { $2; };
				listen-on-v6 { $3; };
				recursion no;
				dnssec-validation no;
				notify no;
				version none;
				hostname none;
				server-id none;
			};
			controls { };
		END
		while read -r name; do
			echo "zone \"$name\" { type primary;" \
				"file \"$work/zones/$name.zone\"; };"
		done < <(zones_at "$1")
	} > "$conf"
	command=(named -g -n 1 -c "$conf")
}

# nsd_at PLACE V4 V6
nsd_at()
{
	local conf=$work/$1/nsd.conf name

	mkdir -p "$work/$1"
	{
		cat <<-END
			server:
			    ip-address: $2
			    ip-address: $3
			    username: ""
			    chroot: ""
			    zonesdir: "$work/zones"
			    database: ""
			    pidfile: "$work/$1/pid"
			    xfrdfile: "$work/$1/xfrd"
			    xfrdir: "$work/$1"
			    zonelistfile: "$work/$1/zone.list"
			    hide-version: yes
			    hide-identity: yes
			remote-control:
			    control-enable: no
		END
		while read -r name; do
			printf 'zone:\n    name: "%s"\n    zonefile: "%s.zone"\n' \
				"$name" "$name"
		done < <(zones_at "$1")
	} > "$conf"
	command=(nsd -d -c "$conf")
}

# unbound_at PLACE V4 V6 MINIMISE: reverse zones and test. come from our own root.
unbound_at()
{
	local conf=$work/$1/unbound.conf name

	mkdir -p "$work/$1"
	{
		cat <<-END
			server:
			    interface: $2
			    interface: $3
			    access-control: 0.0.0.0/0 allow
			    access-control: ::/0 allow
			    username: ""
			    chroot: ""
			    directory: "$work/$1"
			    pidfile: "$work/$1/pid"
			    use-syslog: no
			    log-time-ascii: yes
			    root-hints: "$work/root.hints"
			    trust-anchor-file: "$work/root.ds"
			    hide-identity: yes
			    hide-version: yes
			    qname-minimisation: $4
			remote-control:
			    control-enable: no
			server:
		END
		for name in test 2.0.192.in-addr.arpa 100.51.198.in-addr.arpa \
			113.0.203.in-addr.arpa 8.b.d.0.1.0.0.2.ip6.arpa; do
			echo "    local-zone: \"$name.\" nodefault"
		done
	} > "$conf"
	command=(unbound -d -c "$conf")
}

# answers FROM SERVER NAME TYPE: wait until it does.
answers()
{
	local tries

	for ((tries = 0; tries < 60; tries++)); do
		if inside "$1" dig "@$2" "$3" "$4" +time=1 +tries=1 +noall +answer |
			grep -q .; then
			return
		fi
		sleep 0.5
	done
	die "$2 does not answer for $3 $4"
}

# Keys of a child come before its parent starts, and all before the resolvers.
start_servers()
{
	local run_host_b

	# shellcheck disable=SC2046 # names hold no blanks
	zones_write $(attack names "$day" "$generated_count" | sed -n '97p; 251p')
	knot_at host_b 4096 "${v4_of[host_b]}" "$(v6 host_b)"
	keys_make host_b
	run_host_b=("${command[@]}")
	knot_at root 1232 "${v4_of[root]}" "$(v6 root)"
	keys_make root
	run root root "${command[@]}"
	run host_b host_b "${run_host_b[@]}"
	bind_at tld "${v4_of[tld]}" "$(v6 tld)"
	run tld tld "${command[@]}"
	bind_at host_c "${v4_of[host_c]}" "$(v6 host_c)"
	run host_c host_c "${command[@]}"
	nsd_at host_a "${v4_of[host_a]}" "$(v6 host_a)"
	run host_a host_a "${command[@]}"
	run exit exit iodined -f -c -P invented -l "${v4_of[exit]}" 10.77.0.1/28 \
		"$tunnel_zone"
	answers resolv "${v4_of[root]}" . DNSKEY
	answers resolv "${v4_of[tld]}" com SOA
	answers resolv "${v4_of[host_a]}" example.com SOA
	answers resolv "${v4_of[host_b]}" "$archive" DNSKEY
	answers resolv "${v4_of[host_c]}" "$flooded" SOA
	unbound_at resolv "$resolver" "$resolver6" yes
	run resolv resolv "${command[@]}"
	unbound_at older "$older" "$older6" no
	run older older "${command[@]}"
	answers lan "$resolver" www.invented-library.org A
	answers lan "$older" www.invented-library.org A
}
