"""Tables for the pieces of a .mc (features.py): access maps, virtusertable, lists of names.

    of(rng, names, pieces)    {file: text}
    complete(pieces)          with what they need, without what excludes each other
"""
import features
import names as words

TAGS = ["", "", "Connect:", "From:", "To:", "To:", "Spam:", "TLS_Clt:", "TLS_Srv:", "TLS_Rcpt:", "Try_TLS:", "Srv_Features:",
        "Clt_Features:", "AuthInfo:", "GreetPause:", "ClientRate:", "ClientConn:", "CERTIssuer:", "CERTSubject:", "Compat:",
        "qgrp:", "TLS_Srv_Features:", "Conect:", "bcc:"]
POLICY = ["OK", "RELAY", "relay", "REJECT", "Reject", "DISCARD", "SKIP", "QUARANTINE:held for a look", "ERROR:5.7.1:550 no, thanks",
          "ERROR:4.2.2:450 mailbox full", "ERROR:550 5.1.1 plain", "ERROR:no code", "550 you are bad", "550 5.7.1 enhanced", "REALY",
          "some text", "FRIEND", "HATER", "SUBJECT", "ERROR:\"550 quoted\"", "ERROR:D.S.N:550 x", "ok", "error:550 small"]
TLS = ["VERIFY", "VERIFY:112", "ENCR:112", "ENCR:256", "PERM+VERIFY", "TEMP+ENCR:128", "VERIFY:0+CN", "VERIFY+CN:client.example.org",
       "ENCR:56+CS:/CN=x++CI:/CN=Other", "VERIFY:128++CS:/C=AT/CN=client.example.org", "NO", "ENCR:112++CITag:x", "junk"]
OTHER = {"Try_TLS:": ["NO", "no", "x"], "Srv_Features:": ["A", "a S v", "l", "V R", "TEMP", "x"], "GreetPause:": ["0", "5000", "400000", "x"],
         "ClientRate:": ["0", "1", "5", "10", "x"], "ClientConn:": ["0", "1", "2", "x"], "CERTIssuer:": ["RELAY", "SUBJECT", "relay", "x"],
         "CERTSubject:": ["RELAY", "x"], "Compat:": ["DISCARD", "TEMP: later", "ERROR:5.7.1:550 x", "RELAY"], "qgrp:": ["group1"],
         "AuthInfo:": ['"U:user" "P:secret" "M:PLAIN"'], "Clt_Features:": ["S", "D"], "TLS_Srv_Features:": ["CertFile=/x; KeyFile=/y"],
         "bcc:": ["copy@example.com", "ERROR:5.7.1:550 x"]}
ADDRESSES = ["203.0.113.5", "203.0.113", "203.0", "203", "198.51.100.8", "198.51.100", "127.0.0.1", "127", "10.1.2.3", "10.1", "10", "192.168.0.0/16",
             "192.168.", "IPv6:2001:db8::1", "IPv6:2001:db8", "IPv6:2001", "IPv6", "IPv6:::1", "203.0.113.66", "198.51.100.9", "[198.51.100.8]",
             "[198.51.100]", "0", "10.20", "2001:db8"]


def pick_key(rng, names, tag):
    if tag in ("CERTIssuer:",):
        return rng.choice(["/C=AT/CN=Test+20CA", "/CN=Other", "match"])
    if tag == "CERTSubject:":
        return rng.choice(["/C=AT/CN=client.example.org", "/CN=x+20y", "match"])
    if tag == "Compat:":
        return names.plain() + rng.choice(["<@>", "<@>", ""]) + rng.choice([names.plain(), "example.com"])
    if tag and tag not in ("Connect:", "From:", "To:", "Spam:") and rng.random() < 0.3:
        return ""
    r = rng.random()
    if r < 0.35:
        return rng.choice(ADDRESSES)
    if r < 0.65:
        return rng.choice(words.DOMAINS)
    if r < 0.7:
        return "." + rng.choice(words.DOMAINS)
    if r < 0.8:
        return rng.choice(words.USERS) + "@"
    if r < 0.83:
        return rng.choice(["user+*@", "user+detail@", "user+*@example.com", "user@example.com", "spam+*@example.org"])
    return rng.choice(words.USERS) + "@" + rng.choice(words.DOMAINS)


def access_map(rng, names, n, pieces=()):
    seen, out = set(), ["# access", ""]
    tags = TAGS + [tag for piece in pieces for tag in features.TAGS.get(piece, [])]
    for _ in range(n):
        tag = rng.choice(tags)
        key = tag + pick_key(rng, names, tag)
        if not key or key.lower() in seen or " " in key:
            continue
        seen.add(key.lower())
        if tag.startswith("TLS_") and "Features" not in tag:
            value = rng.choice(TLS)
        else:
            value = rng.choice(OTHER.get(tag, POLICY))
        out.append(f"{words.recase(rng, key)}\t{value}")
    return "\n".join(out) + "\n"


def table(rng, keys, values, n):
    rows = {}
    for _ in range(n):
        rows.setdefault(rng.choice(keys).lower(), rng.choice(values))
    return "".join(f"{k}\t{v}\n" for k, v in rows.items())


def of(rng, names, pieces=()):
    """Every table that a piece may name."""
    d, u = words.DOMAINS, words.USERS
    plain = [f"{x}@{y}" for x in u[:12] for y in d[:20]]
    ats = ["@" + x for x in d]
    return {
        "access": access_map(rng, names, rng.choice([0, 5, 40, 120, 200]), pieces),
        "virtusertable": table(rng, plain + ats + ["user+*@virtual.example", "user+detail@virtual.example", "a@virtual.example"],
                               ["bob", "bob@example.com", "%1@example.net", "error:nouser 550 no such user", "%1", "%2x@own.example",
                                "error:5.7.0:550 none, here", "a+%2@own.example", "user%3@own.example", "@example.com", "root@localhost"], 40),
        "mailertable": table(rng, d + ["." + x for x in d] + ["."], ["smtp:[hub.example.net]", "esmtp:x.example", "error:5.1.1:550 gone",
                             "local:bob", "error:nouser", "smtp:%1.example.net", "local:", "relay:x.example:y.example", "nosuch:x", "junk"], 12),
        "domaintable": table(rng, d, ["example.org", "example.com", "new.example", "x.y.z"], 6),
        "genericstable": table(rng, plain + u + d, ["new@own.example", "new", "a.b@example.com", "%1@gen.example"], 30),
        "uudomain": table(rng, ["host", "x", "y", "mail"], ["uu.example", "example.com"], 3),
        "bitdomain": table(rng, ["x", "y", "host"], ["bit.example"], 2),
        "authinfo": table(rng, d, ['"U:u" "P:p"'], 4), "sts": "", "mydomains": table(rng, d, ["map1", "map2"], 4),
        "table": "a.b:one two\nx:y z\n# c:d\nsub.example.org:<hit>\nEXAMPLE.com:UP\n a:blank\nown.example: lead\ng:\nh\nq \"r:odd\nx@y:at\na_b:under\n",
        "local-host-names": "# own\nown.example\nexample.org more words\n\n10.relayed.example # inline\nUPPER.Example\n[192.0.2.99]\n",
        "relay-domains": rng.choice(["", "relayed.example\n198.51.100\n", "# none\nrelay.example.net second.example\n10\n"
                                     "192.168.1.0/24\nIPv6:2001:db8\nexample.com # comment\n .\n", "\n \nexample\n203.0.113.\nCOM\n"]),
        "relays": "relayed.example\nten words on.this line\n198.51.100.1\n", "virtuser-domains": "virtual.example\nbest.example\n",
        "trusted-users": "root\ndaemon\n", "relay-host-names": "",
    }


INDEXED = ("access", "virtusertable", "mailertable", "domaintable", "genericstable", "uudomain", "bitdomain", "authinfo", "sts", "mydomains")


def complete(pieces):
    """What the pieces need is put before them; what excludes each other is left out."""
    out = []
    for piece in pieces:
        needs = features.PIECES[piece][1] if piece in features.PIECES else []
        for need in needs:
            if need == "access" and any(p.startswith("access") for p in out):
                continue
            if need == "delay" and any(p.startswith("delay") for p in out):
                continue
            if need not in out:
                out.append(need)
        for need in features.HAND_NEEDS.get(piece[5:], []) if piece.startswith("hand:") else []:
            if "hand:" + need not in out:
                out.append("hand:" + need)
        if piece in features.ACCESS and any(p in features.ACCESS for p in out):
            continue
        if piece not in out:
            out.append(piece)
    return out
