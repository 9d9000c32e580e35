# SPDX-License-Identifier: GPL-3.0-or-later
"""way_in.py - people who cannot get in any more, and who helps them. Prints one line a check.

Usage: way_in.py codes URL PASSWORD        the first admin; ana with one-time codes
       way_in.py back URL LOGIN PASSWORD   signs in with a password that counts once
"""
import base64
import hashlib
import hmac
import re
import struct
import sys
import time

from served import NEW, Server, ok


def code_of(uri, now):
    """RFC 6238, from the seed in the URI."""
    seed = base64.b32decode(re.search("secret=([A-Z2-7]+)", uri)[1])
    mac = hmac.new(seed, struct.pack(">Q", int(now) // 30), hashlib.sha1).digest()
    at = mac[19] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000:06}"


def codes(url, password):
    """An admin takes away the codes of somebody who lost the device."""
    s, ana = Server(url), Server(url)
    s.sign_in("admin", password)
    s.mine("POST", "/api/v1/users/admin/password", {"password": NEW})
    s.sign_in("admin", NEW)
    made = s.mine("POST", "/api/v1/users", {"login": "ana", "role": "lead"})[3]["password"]
    gone = "/api/v1/users/ana/codes"
    ok("without codes there is nothing to take away", s.mine("DELETE", gone)[0] == 422)
    ana.sign_in("ana", made)
    ana.mine("POST", "/api/v1/users/ana/password", {"password": "correct horse 9"})
    ana.sign_in("ana", "correct horse 9")
    uri = ana.mine("POST", "/api/v1/me/totp", {"step": "begin",
        "current": "correct horse 9"})[3]["uri"]
    ana.mine("POST", "/api/v1/me/totp", {"step": "confirm", "code": code_of(uri, time.time())})
    again = Server(url)
    ok("with codes the password is not enough",
        again.sign_in("ana", "correct horse 9")[2] == {"code_wanted": True})
    ok("others do not take codes away", ana.mine("DELETE", "/api/v1/users/admin/codes")[0] == 403)
    ok("  nor an admin their own", s.mine("DELETE", "/api/v1/users/admin/codes")[0] == 403)
    ok("  nor anybody of nobody", s.mine("DELETE", "/api/v1/users/nobody/codes")[0] == 404)
    ok("an admin takes codes away", s.mine("DELETE", gone)[0] == 200)
    ok("  and sessions with them", ana.mine("GET", "/api/v1/me")[0] == 401)
    ok("  which stands in the log", [e["author"] for e in
        s.mine("GET", "/api/v1/events?limit=500")[3]["items"] if e["kind"] == "user.totp"] ==
        ["ana", "admin"])
    ok("  the password opens again", ana.sign_in("ana", "correct horse 9")[0] == 200)
    print("done")


def back(url, login, password):
    """Whoever came back in sets a password of their own first."""
    s = Server(url)
    said = s.sign_in(login, password)[2]
    ok("the password of the command line opens", said.get("must_change") is True, said)
    ok("  and counts until there is another",
        s.mine("GET", "/api/v1/incidents")[0] == 403 and
        s.mine("POST", f"/api/v1/users/{login}/password",
               {"password": "one more horse 3"})[0] == 200)
    print("done")


if __name__ == "__main__":
    {"codes": codes, "back": back}[sys.argv[1]](*sys.argv[2:])
