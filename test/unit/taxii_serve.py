#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""taxii_serve.py [CERTIFICATE KEY] - a TAXII 2.1 server on the loopback, for taxii_test.

Prints its port and serves until its standard input ends. /api/ serves the recorded pages below
VEDETTE_DATA/stix/taxii, one envelope a page; /bad/CASE/ misbehaves in one way each."""
import glob
import http.server
import json
import os
import ssl
import sys
import threading
import time
from urllib.parse import parse_qs, urlparse

MEDIA = "application/taxii+json;version=2.1"
DATA = os.path.join(os.environ.get("VEDETTE_DATA", ""), "stix", "taxii")
COLLECTION = "b7dc78af-1d12-5059-898c-3f0e77636204"
OBJECT = {"type": "indicator", "spec_version": "2.1", "id": "indicator--1",
          "created": "2024-01-01T00:00:00.000Z", "modified": "2024-01-01T00:00:00.000Z",
          "pattern": "[domain-name:value = 'a.example']", "pattern_type": "stix",
          "valid_from": "2024-01-01T00:00:00Z"}


def pages(kind):
    """Recorded pages in the order of their names, which is that of time."""
    return [json.load(open(f)) for f in
            sorted(glob.glob(os.path.join(DATA, f"tweetfeed-{kind}-*.json")))]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, body, status=200, media=MEDIA, headers=()):
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        self.send_response(status)
        if media:
            self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def page(self, objects, more=False, after=None, dates=()):
        envelope = {"objects": objects} if objects else {}
        if more or after:
            envelope["more"] = more
        if after:
            envelope["next"] = after
        names = ("X-TAXII-Date-Added-First", "X-TAXII-Date-Added-Last")
        self.answer(envelope, headers=list(zip(names, dates)))

    def recorded(self, kind, query):
        """The page that `next` names, of what was added after a time."""
        after = query.get("added_after", [""])[0]
        when = "date_added" if kind == "manifest" else "created"
        all_pages = [[o for o in p if o[when][:23] > after[:23]] for p in pages(kind)]
        all_pages = [p for p in all_pages if p]
        at = int(query.get("next", ["0"])[0])
        if at >= len(all_pages):
            return self.page([])
        dates = [o[when] for o in all_pages[at]]
        more = at + 1 < len(all_pages)
        return self.page(all_pages[at], more, str(at + 1) if more else None,
                         (min(dates), max(dates)))

    def good(self, parts, query):
        if parts == []:
            return self.answer({"title": "Recorded\x1b[31m", "versions": [MEDIA],
                                "max_content_length": 1000})
        if parts == ["collections"]:
            return self.answer({"collections": [
                {"id": COLLECTION, "title": "Recorded", "can_read": True, "can_write": False,
                 "media_types": ["application/stix+json;version=2.1"]},
                {"id": "secret", "title": "Other", "can_read": False, "can_write": False}]})
        if parts[:2] == ["collections", COLLECTION]:
            if parts[2:] == ["objects"]:
                return self.recorded("page", query)
            if parts[2:] == ["manifest"]:
                return self.recorded("manifest", query)
            if parts[2] == "objects" and parts[4:] == ["versions"]:
                return self.answer({"versions": ["2024-01-01T00:00:00.000Z",
                                                 "2024-02-01T00:00:00.000Z"]})
        return self.answer({"title": "No such thing", "description": "line\nbreak"}, 404)

    def bad(self, case, query):
        number = int(query.get("next", ["n0"])[0][1:] or 0)
        if case.isdigit():
            more = [("Retry-After", "120")] if case == "429" else []
            return self.answer({"title": "Sorry", "http_status": case}, int(case),
                               headers=more)
        if case == "endless":
            return self.page([OBJECT], True, f"n{number + 1}")
        if case == "circle":
            return self.page([OBJECT], True, f"n{(number + 1) % 3}")
        if case == "empty":
            return self.page([], True, f"n{number + 1}")
        if case == "nowhere":
            return self.page([OBJECT], True, None, ["2024-01-01T00:00:00Z"] * 2)
        if case == "bytime":
            after = query.get("added_after", ["2024-01-00"])[0]
            day = int(after[8:10]) + 1
            return self.page([OBJECT], day < 4, None, [f"2024-01-{day:02}T00:00:00.000000Z"] * 2)
        if case == "html":
            return self.answer(b"<html>log in</html>", media="text/html")
        if case == "plainjson":
            return self.answer({}, media="application/json")
        if case == "old":
            return self.answer({}, media="application/taxii+json;version=2.0")
        if case == "untyped":
            return self.answer({}, media=None)
        if case == "nojson":
            return self.answer(b'{"objects":[')
        if case == "list":
            return self.answer([])
        if case == "deep":
            return self.answer(b'{"objects":' + b"[" * 50000)
        if case == "inside":
            return self.move("/api/collections/" + COLLECTION + "/objects/")
        if case == "outside":
            return self.move(f"http://127.0.0.2:{self.server.server_port}/stolen/")
        if case == "loop":
            return self.move(self.path)
        return self.raw(case)

    def move(self, to):
        self.answer(b"", 302, headers=[("Location", to)])

    def raw(self, case):
        """What is wrong below JSON."""
        self.close_connection = True
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {MEDIA}\r\n"
        if case == "short":
            self.wfile.write(f"{head}Content-Length: 1000\r\n\r\n{{".encode())
        elif case == "large":
            self.wfile.write(f"{head}Content-Length: 1000000000000\r\n\r\n{{".encode())
        elif case == "growing":
            self.wfile.write(f"{head}Connection: close\r\n\r\n".encode())
            for _ in range(4000):
                self.wfile.write(b" " * 1024)
        elif case == "heads":
            self.wfile.write(head.encode())
            for k in range(4000):
                self.wfile.write(f"X-Header-{k}: {'x' * 60}\r\n".encode())
        elif case == "slow":
            self.wfile.write(f"{head}Content-Length: 1000\r\n\r\n".encode())
            for _ in range(20):
                self.wfile.write(b" ")
                time.sleep(0.3)
        elif case == "nonsense":
            self.wfile.write(b"\x00\x01nonsense\r\n\r\n")

    def do_GET(self):
        url = urlparse(self.path)
        parts, query = url.path.strip("/").split("/"), parse_qs(url.query)
        if parts[0] == "stolen":
            self.server.stolen = True
        if parts[0] == "taxii2":
            self.answer({"title": "T", "default": "/api/", "api_roots": [
                "/api/", "https://elsewhere.example/api/"]})
        elif parts[0] == "api":
            self.good(parts[1:], query)
        elif parts[0] == "secret":
            ok = self.headers.get("Authorization") in ("Bearer s3cret", "Basic bWU6czNjcmV0")
            self.good(parts[1:], query) if ok else self.answer({}, 401)
        else:
            try:
                self.bad(parts[1], query)
            except OSError:
                pass	# the client had enough


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if len(sys.argv) > 2:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_port, flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


main()
