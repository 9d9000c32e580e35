#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# serve_start_test.sh - how `vedette serve` begins and ends: what it says at start, a store
# that is not there, a port that is taken, certificates that are no good, SIGTERM.
#
# Usage: serve_start_test.sh PATH-OF-VEDETTE. Everything is on the loopback.
# shellcheck disable=SC2317	# functions are called by result
# shellcheck source=test/e2e/tap.sh
. "${0%/*}/tap.sh" "$@"

# says STATUS WORDS: the last run ended so and said this, in one line
says() { [ "$status" -eq "$1" ] && grep -q "$2" err && [ "$(wc -l <err)" -eq 1 ]; }
# refused STATUS WORDS ARGS...
refused() {
	run serve --serve-listen 127.0.0.1:0 "${@:3}"
	says "$1" "$2"
}

# ---- the store ----

result "without a store it asks for one" refused 2 'which store'
serve_begin --db "$work/new.db"
result "a store that is not there is made, which is said" grep -q 'new.db did not exist' served
result "  with an admin's password, once" [ "$(grep -c '^    [A-Za-z0-9_-]\{43\}$' served)" -eq 1 ]
port=${url##*:}
run serve --db new.db --serve-listen "127.0.0.1:$port"
result "a port that is taken is said" says 4 'another program listens at'
kill -TERM "$server"
wait "$server"
result "SIGTERM ends it well" [ $? -eq 0 ]
echo "$work/new.db" >name
nobody() { not grep -qsFf name /proc/[0-9]*/cmdline; }
result "  and nothing stays behind" soon nobody
serve_begin --db new.db
result "the second start makes nothing" [ "$(grep -c 'did not exist\|^    ' served)" -eq 0 ]
# What the machine had to do beside it is not counted.
result "  and costs less than a second" [ "$(sed 's/.*) //' "/proc/$server/stat" |
	awk '{ print $12 + $13 }')" -lt "$(getconf CLK_TCK)" ]
kill -INT "$server"
wait "$server"
result "Control-C ends it well" [ $? -eq 0 ]
result "a folder that is not there is said" refused 3 'cannot be made' --db none/a.db
echo text >text.db
result "what is no store is said" refused 3 'text.db' --db text.db

# ---- the address ----

for word in nonsense :80 127.0.0.1 127.0.0.1: 127.0.0.1:x 127.0.0.1:70000 127.0.0.1:-1 1.2.3:1 \
	'[::1' '[::g]:1'; do
	run serve --db new.db --serve-listen "$word"
	result "'$word' is no address" says 2 'is not ADDRESS:PORT'
done
run serve --db new.db --serve-listen 192.0.2.1:80
result "without a certificate on the loopback only" says 2 'is not a loopback address'

# ---- certificates ----

certificate() { # NAME SUBJECT-ARGS...: NAME.pem and NAME.key
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" \
		-out "$1.pem" -subj "/CN=$1" -addext subjectAltName=IP:127.0.0.1 \
		"${@:2}" >/dev/null 2>&1
}
tls() { refused "$1" "$2" --db new.db --serve-certificate "$3" --serve-certificate-key "$4"; }
certificate good -days 60
certificate other -days 60
certificate soon -days 3
result "a certificate without a key is refused" refused 2 'go together' --db new.db \
	--serve-certificate good.pem
result "a certificate that is not there" tls 3 'none.pem' none.pem good.key
result "what is no certificate" tls 3 'holds no certificate' good.key good.key
result "what is no key" tls 3 'holds no secret key' good.pem good.pem
result "the key of another" tls 3 'is not that of the first certificate' good.pem other.key
openssl ec -in good.key -aes128 -passout pass:secret -out locked.key 2>/dev/null
result "a key with a password" tls 3 'without a password' good.pem locked.key
serve_begin --db new.db --serve-certificate soon.pem --serve-certificate-key soon.key
result "one that ends soon is warned of" grep -q 'expires in [23] days' served.err
result "  and it serves" \
	[ "$(health --cacert soon.pem)" = '{"status":"well"}' ]

# expired: NAME.pem of good.key that ended two days ago, by a small authority of our own
expired() {
	mkdir -p ca && : >ca/index && echo 01 >ca/serial
	echo '[ca]
default_ca = us
[us]
dir = ca
database = ca/index
serial = ca/serial
new_certs_dir = ca
default_md = sha256
policy = any
[any]
commonName = supplied' >ca.cnf
	openssl req -new -key good.key -subj /CN=past -out past.csr 2>/dev/null &&
		openssl ca -batch -config ca.cnf -selfsign -keyfile good.key -in past.csr -notext \
			-startdate 20200101000000Z -enddate "$1" -out past.pem >/dev/null 2>&1
}
serve_end
expired "$(date -u -d '2 days ago 1 hour ago' +%Y%m%d%H%M%SZ)"
serve_begin --db new.db --serve-certificate past.pem --serve-certificate-key good.key
result "one that has expired is warned of" grep -q 'past.pem expired [23] days ago' served.err
result "  it serves" [ "$(health -k)" = '{"status":"well"}' ]
curl -s -o /dev/null --cacert past.pem "$url/api/v1/health"
result "  and who looks at the certificate refuses it" [ $? -eq 60 ]
serve_end
serve_begin --db new.db --serve-certificate soon.pem --serve-certificate-key soon.key

# ---- connections of one address ----

many() { # N [FROM]: how many of so many connections that are open at a time are answered
	python3 - "$1" "${url##*:}" "${2:-127.0.0.1}" <<-'END'
		import socket, ssl, sys
		c = ssl.create_default_context()
		c.check_hostname, c.verify_mode = False, ssl.CERT_NONE
		kept, good = [], 0
		for _ in range(int(sys.argv[1])):
		    try:
		        s = socket.create_connection(("127.0.0.1", int(sys.argv[2])), 5,
		            (sys.argv[3], 0))
		        s = c.wrap_socket(s)
		        s.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
		        good += s.recv(12) == b"HTTP/1.1 200"
		        kept.append(s)
		    except OSError:
		        pass
		print(good)
	END
}
result "on a loopback address connections are not counted by address" [ "$(many 30)" = 30 ]
serve_end
run serve --db new.db --serve-connections-each 1000000
result "a limit that is none" [ "$status" -eq 2 ]
serve_begin --serve-listen 0.0.0.0:0 --db new.db --serve-certificate soon.pem \
	--serve-certificate-key soon.key --serve-connections-each 8
eight() { [ "$(many 30)" = 8 ]; }
result "on others an address has so many" soon eight	# when the last one of curl is gone
result "  and again when those are closed" [ "$(many 3)" = 3 ]
serve_end
serve_begin --serve-listen 0.0.0.0:0 --db new.db --serve-certificate soon.pem \
	--serve-certificate-key soon.key --serve-connections-each 8 --serve-proxy 127.0.0.1
result "a proxy that is believed has as many as it likes" [ "$(many 30)" = 30 ]
result "  who comes past it does not" [ "$(many 30 127.0.0.2)" = 8 ]
serve_end
if unshare -rn ip link set lo up 2>/dev/null; then
	networks=$(unshare -rn python3 "$here/networks.py" "$vedette" new.db good.pem good.key 8)
	result "  of IPv6 a network of 64 bits ($networks)" [ "$networks" = "8 8 8" ]
else
	skip "  of IPv6 a network of 64 bits" "no network namespaces here"
fi
serve_begin --db new.db --serve-certificate soon.pem --serve-certificate-key soon.key

# ---- a renewed certificate ----

cp good.pem soon.pem
cp good.key soon.key
kill -HUP "$server"
cp other.pem root.pem	# not this one
result "SIGHUP takes the renewed certificate" \
	soon curl -s -o /dev/null --cacert good.pem "$url/api/v1/health"
result "  and no other" not curl -s -o /dev/null --cacert root.pem "$url/api/v1/health"
echo nonsense >soon.pem
kill -HUP "$server"
result "one that is no good is said" soon grep -q 'soon.pem holds no certificate' served.err
result "  and the one of before is used on" \
	[ "$(health --cacert good.pem)" = '{"status":"well"}' ]
serve_end
tap_end
