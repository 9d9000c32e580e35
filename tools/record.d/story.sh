# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034 # shared with tools/record
#
# story.sh - what happens while tcpdump looks on; sourced by tools/record.
#
#     s   0        60        120        180        240        300
#         people  ..............................................
#         admin   ...............
#           tunnel .......
#                    generated .....................
#                                          flood ........
#                                                     reflect .....
#
# Each part runs in the background, ends by itself and leaves one or more labels in
# $work/labels. The numbers in a label come from the program that did it.
#
# Not here: how the packets are made (people.py, attack.py, dig, iodine).

# label KIND SUBJECT CLIENT SERVER START END SAYS FACTS WHAT
label()
{
	local IFS=$'\t'

	printf '%s\n' "$*" > "$work/labels/$1-$4"
}

attack()
{
	/usr/bin/python3 -B "$parts/attack.py" "$@"
}

attack_from()
{
	local ns=$1

	shift
	inside "$ns" /usr/bin/python3 -B "$parts/attack.py" "$@"
}

# What people do all the time; some of it gets a line of its own, because a
# detector that looks at names only would take it for something else.
people()
{
	local start end facts

	start=$(utc)
	facts=$(inside lan /usr/bin/python3 -B "$parts/people.py" "$capture_s" "$work/sites")
	end=$(utc)
	benign()
	{
		label "$1" "$2" "$3" "$4" "$start" "$end" none \
			"asked=$(grep -o "\b$1=[0-9]*" <<< "$facts" | cut -d = -f 2)" "$5"
	}
	label ordinary - 192.0.2.0/27,2001:db8:2::/64 "$resolver" "$start" "$end" none \
		"$facts" "browsers with typing errors and one-label probes, mail, devices"
	benign cdn invented-cdn.net 192.0.2.0/27,2001:db8:2::/64 "$resolver" \
		"images with hashed names at a CDN"
	benign dnsbl invented-dnsbl.org 192.0.2.25 "$resolver" \
		"block list look-ups of a mail server"
	benign antivirus invented-antivirus.com 192.0.2.26 "$resolver" \
		"file hashes asked as names by a virus scanner"
	benign sweep 2.0.192.in-addr.arpa 192.0.2.27 "$resolver" \
		"a monitor walks the reverse zone, most of it NXDOMAIN"
	benign report invented-weather.net 192.0.2.28/31 "$older" \
		"devices that report with a serial number in the name"
}

# One careful person with dig: signatures, large answers, TCP, a refused transfer.
admin()
{
	local start line from n=0

	start=$(utc)
	while read -r line; do
		from=192.0.2.30
		[[ $line == @2001:* ]] && from=2001:db8:2::30
		# shellcheck disable=SC2086 # words of the line are arguments
		inside lan dig +time=3 +tries=1 -b "$from" $line >> "$work/log/dig" || true
		n=$((n + 1))
		sleep 6
	done <<-END
		@$resolver . DNSKEY +dnssec
		@$resolver org DNSKEY +dnssec
		@$resolver invented-library.org SOA +dnssec +bufsize=1232
		@$resolver no-such-name.invented-library.org A +dnssec
		@$resolver no-such-name.city.test AAAA +dnssec
		@$resolver $large TXT +dnssec +bufsize=4096
		@$resolver $archive DNSKEY +dnssec +bufsize=1232
		@$resolver $large TXT +tcp
		@$resolver6 $large TXT +dnssec +bufsize=4096
		@$resolver invented-museum.co.uk CAA
		@$resolver example.com NS +norecurse
		@$(v6 host_b) $large TXT +dnssec +bufsize=4096 +norecurse
		@${v4_of[host_a]} example.com AXFR
		@${v4_of[host_c]} example.com A +norecurse
		@$resolver _submission._tcp.invented-mail.net SRV
		@$resolver -x 203.0.113.21
	END
	label admin - 192.0.2.30,2001:db8:2::30 - "$start" "$(utc)" none "asked=$n" \
		"an administrator with dig: DNSSEC, large answers, TCP, a refused transfer"
}

tun_bytes()
{
	inside mole cat "/sys/class/net/dns0/statistics/$1_bytes"
}

tunnel()
{
	local start facts n

	start=$(utc)
	run mole mole iodine -f -r -d dns0 -P invented "$older" "$tunnel_zone"
	for ((n = 0; n < 60; n++)); do
		grep -qs 'Connection setup complete' "$work/log/mole" && break
		sleep 1
	done
	((n < 60)) || die "iodine found no way through the resolver"
	run exit serve /usr/bin/python3 -B "$parts/attack.py" serve 10.77.0.1 \
		"$tunnel_out" "$tunnel_in"
	sleep 1
	facts=$(attack_from mole move 10.77.0.1 "$tunnel_out" "$tunnel_in")
	facts+=" tun_out_bytes=$(tun_bytes tx) tun_in_bytes=$(tun_bytes rx)"
	kill_in mole iodine
	sleep 2
	label tunnel "$tunnel_domain" "${v4_of[mole]}" "${v4_of[exit]}" "$start" "$(utc)" \
		tunnel "$facts" "iodine through the resolver: a file out and a file in by TCP"
}

generated()
{
	local start facts

	start=$(utc)
	facts=$(attack_from lan generated 192.0.2.31 "$resolver" "$day" \
		"$generated_count" 150)
	label generated - 192.0.2.31 "$resolver" "$start" "$(utc)" dga "day=$day $facts" \
		"a client asks for machine-made names under five suffixes; two exist"
}

flood()
{
	local start facts

	start=$(utc)
	facts=$(attack_from lan flood "$bots_first" "$bots_last" "$resolver" "$flooded" \
		"$flood_count" 45)
	label flood "$flooded" "$bots" "${v4_of[host_c]}" "$start" "$(utc)" nxstorm "$facts" \
		"random subdomains of one domain, asked by many clients of the resolver"
}

# reflect SERVER NAME TYPES COUNT WHAT
reflect()
{
	local start facts

	start=$(utc)
	facts=$(attack_from liar spoof "${v4_of[target]}" "${v4_of[$1]}" "$2" "$3" "$4" 30)
	sleep 1
	label reflection "${v4_of[target]}" "${v4_of[target]}" "${v4_of[$1]}" "$start" \
		"$(utc)" reflection "$facts" "$5"
}

# in_background DELAY FUNCTION...: a part of the story. It goes when the script does.
in_background()
{
	{
		trap 'kill $(jobs -p) 2> /dev/null; exit 143' TERM
		sleep "$1" &
		wait $!
		kill -0 $$ 2> /dev/null || exit 1
		say "$2"
		"${@:2}"
	} 9>&- &
	stories+=($!)
}

live()
{
	local pid

	in_background 2 people
	in_background 5 admin
	in_background 15 tunnel
	in_background 70 generated
	in_background 180 flood
	in_background 245 reflect host_b "$large" ANY,ANY,TXT "$spoof_count" \
		"spoofed queries; large answers in fragments reach the victim"
	in_background 250 reflect host_a "$large2" ANY $((spoof_count / 4)) \
		"spoofed queries to a second server; its answers need no fragments"
	for pid in "${stories[@]}"; do
		wait "$pid" || die "a part of the story failed"
	done
}
