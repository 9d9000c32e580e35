# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034 # shared with tools/record
#
# zones.sh - the small DNS that the recording lives in; sourced by tools/record.
#
#   .  test  org            knot, signed        place root
#   com net biz info uk ... bind9, unsigned     place tld
#   ordinary, CDN, DNSBL    nsd                 place host_a
#   signed leaf zones       knot, signed        place host_b
#   the flooded zone        bind9               place host_c
#   t.invented-relay.net    iodined             place exit
#
# A zone is said once: its row names the zone and its place. Delegations, glue, DS
# records, the servers' zone lists and the list of sites that people visit follow
# from the rows. Names are reserved (RFC 2606, RFC 6761) or start with "invented-";
# addresses are those of documentation (RFC 5737, RFC 3849).
#
# Written under $work: zones/NAME.zone, PLACE.zones (names), sites.
#
# Not here: the servers and their settings (servers.sh).

declare -A place_of=() ns_of=(
	[root]=a.roots.test [tld]=a.tlds.test
	[host_a]=ns-a.invented-hosting.net [host_b]=ns-b.invented-hosting.net
	[host_c]=ns-c.invented-hosting.net [exit]=ns.t.invented-relay.net
)
sites_made=0

# zone NAME PLACE: SOA and NS, then the records on standard input.
zone()
{
	local file=$work/zones/$1.zone origin=$1.

	[[ $1 == root ]] && origin=.
	place_of[$1]=$2
	echo "$origin" >> "$work/$2.zones"
	{
		echo "\$ORIGIN $origin"
		echo "\$TTL 120"
		echo "@ SOA ${ns_of[$2]}. hostmaster.invented-hosting.net. 1 900 300 604800 60"
		echo "@ NS ${ns_of[$2]}."
		cat
	} > "$file"
}

# site ZONE PLACE: what an ordinary domain holds, then the records on standard input.
site()
{
	local n=$((++sites_made + 120)) v6=2001:db8:113

	printf '%s\n' "www.$1" "$1" "api.$1" >> "$work/sites"
	zone "$1" "$2" <<-END
		@ A 203.0.113.$((n - 100))
		@ AAAA $v6::$n
		@ MX 10 mx
		@ TXT "v=spf1 mx ip4:203.0.113.0/25 -all"
		@ CAA 0 issue "ca.invented-hosting.net"
		@ HTTPS 1 . alpn=h2,h3
		mx A 203.0.113.$((n - 100))
		api A 203.0.113.$((n - 90))
		api AAAA $v6:1::$n
		_dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@$1"
		s1._domainkey TXT "v=DKIM1; k=ed25519; p=$(base64 -w 0 <<< "not a key: $1")"
		$(cat)
	END
}

plain_www()
{
	cat <<-END
		www A 203.0.113.5
		www AAAA 2001:db8:113::5
		www HTTPS 1 . alpn=h2
	END
}

at_cdn()
{
	echo "www CNAME $1.edge.invented-cdn.net."
}

leaf_zones()
{
	at_cdn news | site invented-news.com host_a
	at_cdn shop | site invented-shop.com host_a
	{ plain_www; echo '*.report TXT "ok"'; } | site invented-weather.net host_c
	at_cdn play | site invented-music.com host_c
	plain_www | site invented-bakery.com host_a
	plain_www | site invented-library.org host_b
	plain_www | site invented-museum.co.uk host_a
	plain_www | site example.com host_a
	plain_www | site city.test host_b
	plain_www | site cafe.example host_a
	plain_www | site school.test host_a
	plain_www | site invented-mail.net host_a
	plain_www | site example.org host_a
	plain_www | site example.net host_a
	plain_www | site invented-games.com host_c

	zone invented-hosting.net host_a <<-END
		ns-a A 198.51.100.11
		ns-a AAAA 2001:db8:100::11
		ns-b A 198.51.100.12
		ns-b AAAA 2001:db8:100::12
		ns-c A 198.51.100.13
		ns-c AAAA 2001:db8:100::13
	END
	zone invented-cdn.net host_a <<-END
		\$TTL 20
		*.edge A 203.0.113.2
		*.edge A 203.0.113.3
		*.edge AAAA 2001:db8:113::2
		*.img A 203.0.113.2
		*.img AAAA 2001:db8:113::2
	END
	zone invented-antivirus.com host_a <<-END
		*.files A 127.0.0.1
	END
	zone invented-time.org host_c <<-END
		\$TTL 30
		pool A 203.0.113.4
		pool A 203.0.113.6
	END
	zone invented-relay.net host_a <<-END
		www A 203.0.113.8
		t NS ns.t
		ns.t A 198.51.100.66
	END
	listed_senders | zone invented-dnsbl.org host_a
	archive_records | zone invented-archive.org host_b
}

# Every third sender is on the first list, every ninth on the second one too.
listed_senders()
{
	local n

	echo "2.0.0.127.bl A 127.0.0.2"
	for n in {1..6}; do
		echo "lists TXT \"list $n: $(printf 'an-invented-list-of-senders-%02d ' {1..4})\""
	done
	for ((n = 21; n < 120; n += 3)); do
		echo "$n.113.0.203.bl A 127.0.0.$((2 + n % 3 * 2))"
		((n % 9)) || echo "$n.113.0.203.dul A 127.0.0.10"
	done
}

# Answers of several kilobytes: what a reflection looks for.
archive_records()
{
	local n

	echo "www A 203.0.113.9"
	for ((n = 1; n <= 13; n++)); do
		printf 'shelf TXT "%s" "%s"\n' \
			"row $n: a list of invented books, kept in one RRset to be large" \
			"$(printf 'volume-%02d ' {1..16})"
	done
}

reverse_zones()
{
	local n

	for ((n = 10; n <= 53; n++)); do
		echo "$n PTR host-$n.lan.example.net."
	done | zone 2.0.192.in-addr.arpa host_a
	for ((n = 1; n < 120; n++)); do
		echo "$n PTR mail-$n.example.net."
	done | zone 113.0.203.in-addr.arpa host_a
	for n in 1 2 11 12 13 66; do
		echo "$n PTR server-$n.invented-hosting.net."
	done | zone 100.51.198.in-addr.arpa host_a
	echo "* PTR six.lan.example.net." | zone 8.b.d.0.1.0.0.2.ip6.arpa host_a
}

# The few generated names that somebody registered.
meeting_zones()
{
	local name

	for name in "$@"; do
		echo "@ A 203.0.113.10" | zone "$name" host_c
	done
}

parent_zones()
{
	local name

	for name in com net biz info uk co.uk example in-addr.arpa ip6.arpa; do
		zone "$name" tld < /dev/null
	done
	zone org root < /dev/null
	zone test root <<-END
		a.roots A 198.51.100.1
		a.roots AAAA 2001:db8:100::1
		a.tlds A 198.51.100.2
		a.tlds AAAA 2001:db8:100::2
	END
	zone root root < /dev/null
}

parent_of()
{
	local name=$1

	while [[ $name == *.* ]]; do
		name=${name#*.}
		[[ -n ${place_of[$name]:-} ]] && break
	done
	[[ $name == "$1" || -z ${place_of[$name]:-} ]] && name=root
	echo "$name"
}

# Glue goes where the resolver could not start without it.
delegate_all()
{
	local name parent

	for name in "${!place_of[@]}"; do
		[[ $name == root ]] && continue
		parent=$work/zones/$(parent_of "$name").zone
		echo "$name. NS ${ns_of[${place_of[$name]}]}." >> "$parent"
	done
	grep '^ns-' "$work/zones/invented-hosting.net.zone" |
		sed 's/ /.invented-hosting.net. /' >> "$work/zones/net.zone"
	sed -n 's/^\(a\.[a-z]*\) A/\1.test. A/p' "$work/zones/test.zone" |
		tee "$work/glue" >> "$work/zones/root.zone"
	{ echo ". NS a.roots.test."; grep roots "$work/glue"; } > "$work/root.hints"
}

# zones_write NAME...: everything; the arguments are registered generated names.
zones_write()
{
	mkdir -p "$work/zones"
	leaf_zones
	reverse_zones
	meeting_zones "$@"
	parent_zones
	delegate_all
}
