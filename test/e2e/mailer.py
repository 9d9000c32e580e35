#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""mailer.py - a mail server and a webhook receiver on the loopback, for notices_test.sh.

	mailer.py serve FOLDER [CERT KEY]   writes FOLDER/ports ("SMTP HTTP"), then serves until
	                                    killed, two minutes or MAILER_LIFE_S at most
	mailer.py check FILE.eml...         reads messages with Python's own parser and prints
	                                    what is in them

A message is kept as FOLDER/N.eml, a posted body as FOLDER/N.json with its headers beside it.
What the server does is in the recipient's name: later (451 at RCPT), never (550), full (452
after the data), hang (no answer after the data,
the first time), drop (closes in the midst of the data),
slow (a second before each answer). Mail without STARTTLS is refused where there is a CERT.
"""
import asyncio
import email
import email.policy
import hashlib
import json
import os
import ssl
import sys

LIFE_S = int(os.environ.get("MAILER_LIFE_S", "120"))
count = 0
hung = set()


def keep(folder, name, octets):
	global count
	count += 1
	with open(f"{folder}/{count}{name}", "wb") as f:
		f.write(octets)
	return count


async def data_of(reader, drop):
	octets = b""
	while True:
		line = await reader.readline()
		if not line:
			return None
		if line == b".\r\n":
			return octets
		octets += line[1:] if line.startswith(b".") else line
		if drop and len(octets) > 200:
			return None


async def smtp(reader, writer, folder, context):
	async def say(text):
		writer.write(text.encode() + b"\r\n")
		await writer.drain()

	to, secure = "", context is None
	await say("220 mail.test ESMTP")
	while line := (await reader.readline()).decode().strip():
		word = line.upper()
		if "slow" in to:
			await asyncio.sleep(1)
		if word.startswith("EHLO"):
			await say("250-mail.test\r\n" + ("250-STARTTLS\r\n" if context else "") +
				"250 8BITMIME")
		elif word == "STARTTLS":
			await say("220 go ahead")
			await writer.start_tls(context)
			secure = True
		elif not secure and not word.startswith("QUIT"):
			await say("530 STARTTLS first")
		elif word.startswith("RCPT"):
			to = line.partition("<")[2].partition("@")[0]
			await say({"later": "451 come back", "never": "550 no such user"}
				.get(to.split("-")[0], "250 fine"))
		elif word == "DATA":
			await say("354 go on")
			octets = await data_of(reader, "drop" in to)
			if octets is None:
				break
			if "full" in to:
				await say("452 no room")
				continue
			keep(folder, ".eml", octets)
			if "hang" in to and to not in hung:
				hung.add(to)
				await asyncio.sleep(LIFE_S)
			await say("250 taken")
		elif word.startswith("QUIT"):
			await say("221 bye")
			break
		else:
			await say("250 fine")
	writer.close()


async def http(reader, writer, folder):
	first = (await reader.readline()).decode()
	headers = {}
	while line := (await reader.readline()).decode().strip():
		name, _, value = line.partition(":")
		headers[name.lower()] = value.strip()
	body = await reader.readexactly(int(headers.get("content-length", 0)))
	path = first.split()[1]
	n = keep(folder, ".json", body)
	with open(f"{folder}/{n}.headers", "w", encoding="utf-8") as f:
		json.dump(headers, f)
	answer = {"/gone": "410 Gone", "/busy": "503 Busy",
		"/moved": "302 Found\r\nLocation: /elsewhere"}.get(path, "200 OK")
	writer.write(f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n".encode())
	await writer.drain()
	writer.close()


async def serve(folder, cert=None, key=None):
	context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if cert else None
	if context:
		context.load_cert_chain(cert, key)
	mail = await asyncio.start_server(
		lambda r, w: smtp(r, w, folder, context), "127.0.0.1", 0)
	hook = await asyncio.start_server(lambda r, w: http(r, w, folder), "127.0.0.1", 0)
	with open(f"{folder}/ports", "w", encoding="utf-8") as f:
		print(*(s.sockets[0].getsockname()[1] for s in (mail, hook)), file=f)
	await asyncio.sleep(LIFE_S)


def check(name):
	with open(name, "rb") as f:
		octets = f.read()
	message = email.message_from_bytes(octets, policy=email.policy.default)
	assert not message.defects, message.defects
	for header in ("From", "To", "Subject", "Message-ID", "Auto-Submitted", "X-Label"):
		assert len(message.get_all(header, [])) == 1, header
		print(f"{header}: {message[header]}")
	body, *parts = message.iter_parts()
	print(body.get_content())
	for part in parts:
		octets = part.get_content()
		octets = octets.encode() if isinstance(octets, str) else octets
		print(f"part {part.get_filename()} {hashlib.sha256(octets).hexdigest()}")


if sys.argv[1] == "serve":
	try:
		asyncio.run(asyncio.wait_for(serve(*sys.argv[2:]), LIFE_S))
	except (TimeoutError, asyncio.CancelledError):
		pass
else:
	for file in sys.argv[2:]:
		check(file)
