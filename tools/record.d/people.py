#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""people.py SECONDS SITES - the ordinary customers of the resolver, for a while.

Every customer is a small endless story in one event loop:

    browsers    pages of a few popular sites: A, AAAA, HTTPS; images with hashed
                names at a CDN; typing errors; single-label probes at the start
    mail        for each connection: PTR, its A, two DNSBL look-ups, MX, SPF, DMARC
    scanner     a virus scanner that asks for file hashes as names
    sweeper     a monitor that walks the reverse zone of its own network
    things      devices that ask for the same name for ever, and report by name to
                the older resolver

The stories draw from one seeded generator each, so that two recordings hold the
same kinds and about the same numbers. SITES holds one host name a line, most
popular first. Ends by itself; prints what was asked as `kind=count` words.

Not here: the attacks (attack.py), the zones (zones.sh).
"""
import asyncio
import collections
import random
import string
import sys

from ask import DO, ask, reverse_name

NEAR4, NEAR6 = "192.0.2.", "2001:db8:2::"
RESOLVER4, RESOLVER6, OLDER4 = NEAR4 + "53", NEAR6 + "53", NEAR4 + "54"
BROWSERS = range(10, 22)
MAIL, SCANNER, SWEEPER, THINGS = 25, 26, 27, (28, 29)
TCP_ONLY = 19                       # a browser's host whose stub was told so
INFECTED = 31                       # browses too; attack.py adds its generated names
SENDERS = ["example.com", "example.net", "example.org", "invented-shop.com",
           "invented-mail.net", "invented-museum.co.uk", "invented-library.org"]
TARGETS = ["news", "shop", "play", "docs"]
asked = collections.Counter()


async def put(kind, host, name, qtype, six=False, resolver=RESOLVER4, **how):
    asked[kind] += 1
    client, server = (NEAR6, RESOLVER6) if six else (NEAR4, resolver)
    return await ask(client + str(host), server, name, qtype, **how)


def letters(rng, least, most):
    return "".join(rng.choices(string.ascii_lowercase, k=rng.randint(least, most)))


def hex_digits(rng, count):
    return f"{rng.getrandbits(4 * count):0{count}x}"


def mistype(rng, name):
    """Two neighbouring letters of the longest label change places."""
    labels = name.split(".")
    at = max(range(len(labels)), key=lambda i: len(labels[i]))
    word = labels[at]
    i = rng.choice([k for k in range(len(word) - 1) if word[k] != word[k + 1]])
    labels[at] = word[:i] + word[i + 1] + word[i] + word[i + 2:]
    return ".".join(labels)


async def look_up(kind, host, name, style, https=False):
    """What a browser asks for one name: its types at the same time."""
    types = ["A", "AAAA"] + (["HTTPS"] if https else [])
    return await asyncio.gather(*(put(kind, host, name, t, **style) for t in types))


async def browser(host, sites):
    rng = random.Random(host)
    style = {"six": host % 4 == 1, "edns": rng.choice([0, 0, 512, 1232, 4096])}
    if host == TCP_ONLY:
        style["tcp"] = True
    if host % 5 == 0:
        style["opt_flags"] = DO if style["edns"] else 0
    weights = [1 / (rank + 1) for rank in range(len(sites))]
    pictures = [hex_digits(random.Random(n), 12) for n in range(160)]

    await asyncio.sleep(rng.uniform(0, 12))
    if host % 3 == 0:
        await asyncio.gather(*(put("probe", host, letters(rng, 7, 15), "A", **style)
                               for _ in range(3)))
    while True:
        site = rng.choices(sites, weights)[0]
        if rng.random() < 0.05:
            await look_up("typo", host, mistype(rng, site), style)
            await asyncio.sleep(rng.uniform(1, 3))
        await look_up("page", host, site, style, https=host % 2 == 0)
        for _ in range(rng.randint(0, 4)):
            name = f"{rng.choice(pictures)}.{rng.choice(TARGETS)}.img.invented-cdn.net"
            await look_up("cdn", host, name, style)
        if rng.random() < 0.04:
            await put("private-ptr", host, reverse_name(f"192.168.1.{host}"), "PTR")
        await asyncio.sleep(rng.expovariate(1 / 7))


async def mail(host):
    rng = random.Random(host)
    how = {"edns": 1232}
    while True:
        await asyncio.sleep(rng.expovariate(1 / 3.5))
        sender, peer = rng.choice(SENDERS), f"203.0.113.{rng.randint(20, 119)}"
        backward = ".".join(reversed(peer.split(".")))
        await put("mail", host, reverse_name(peer), "PTR", **how)
        for list_name in ("bl", "dul"):
            name = f"{backward}.{list_name}.invented-dnsbl.org"
            await put("dnsbl", host, name, "A", **how)
        for name, qtype in ((sender, "MX"), (sender, "TXT"), ("_dmarc." + sender, "TXT"),
                            ("s1._domainkey." + sender, "TXT"), ("mx." + sender, "A")):
            await put("mail", host, name, qtype, **how)


async def scanner(host):
    rng = random.Random(host)
    while True:
        await asyncio.sleep(rng.uniform(15, 40))
        for _ in range(rng.randint(8, 24)):
            name = hex_digits(rng, 32) + ".files.invented-antivirus.com"
            await put("antivirus", host, name, "A", edns=1232)


async def sweeper(host):
    while True:
        for last in range(1, 255):
            await put("sweep", host, reverse_name(NEAR4 + str(last)), "PTR")
            await asyncio.sleep(1)


async def thing(host):
    rng = random.Random(host)
    serial = 0
    while True:
        serial += 1
        await put("same", host, "pool.invented-time.org", "A", six=host % 2 == 1)
        name = f"{serial:04d}.dev{host}.report.invented-weather.net"
        await put("report", host, name, "TXT", resolver=OLDER4, tcp=serial % 8 == 0)
        await asyncio.sleep(rng.uniform(8, 12))


async def main():
    seconds = float(sys.argv[1])
    with open(sys.argv[2], encoding="ascii") as f:
        sites = f.read().split()
    stories = [browser(h, sites) for h in [*BROWSERS, INFECTED]]
    stories += [mail(MAIL), scanner(SCANNER), sweeper(SWEEPER)]
    stories += [thing(h) for h in THINGS]
    tasks = [asyncio.create_task(s) for s in stories]
    done, _ = await asyncio.wait(tasks, timeout=seconds,
                                 return_when=asyncio.FIRST_EXCEPTION)
    for task in done:
        task.result()               # a story never ends: only an error gets here
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    print(*(f"{kind}={count}" for kind, count in sorted(asked.items())))


if __name__ == "__main__":
    asyncio.run(main())
