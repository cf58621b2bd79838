"""Cases from a seed: a configuration (.mc or .cf), its tables, what DNS says, and commands for `sendmail -bt`.

    case(seed, index, commands)    {"name", "kind": "mc"|"cf", "text", "files", "maps", "dns", "commands"}

Commands are in blocks: each begins with the lines that set the client's state, so that every command has one
state whatever was left out before it.
"""
import random
import re

import bare
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


def tables(rng, names, pieces=()):
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


def mc(rng, pieces):
    """The text of a .mc from the names of its pieces."""
    own = ["LOCAL_DOMAIN(`example.org own.example')"] if "cw-file" not in pieces else []
    head, body, hand, mailers = ["divert(-1)", "divert(0)dnl", "VERSIONID(`rulesets')"], [], [], []
    head.append("OSTYPE(`debian')" if "debian" in pieces else "OSTYPE(`linux')")
    for piece in pieces:
        if piece.startswith("hand:"):
            hand.append(features.HAND[piece[5:]])
        elif piece.startswith("mailer:"):
            mailers.append(features.MAILERS[piece[7:]])
        elif piece in features.ACCESS:
            body.append(features.ACCESS[piece])
        elif piece in features.PIECES:
            body.append(features.PIECES[piece][0])
    if "nullclient" in pieces:
        body.append("FEATURE(`nullclient', `hub.example.net')")
        own = []
    hand.append("LOCAL_RULESETS\nSTranslate\nR$* $$| $*\t$: $1 $| $2\nR$* $$| $* $$| $*\t$: $1 $| $2 $| $3\n")
    if "nullclient" not in pieces:
        mailers = ["MAILER(`local')", "MAILER(`smtp')"] + mailers
    return "\n".join(head + own + body + mailers + hand) + "\n"


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


def mixture(rng):
    pool = list(features.PIECES) + list(features.ACCESS) * 3 + ["hand:" + h for h in features.HAND] + ["mailer:" + m for m in features.MAILERS]
    pool += ["relay-domains", "delay", "blocklist", "trust", "entire", "mx", "debian"] * 2
    chosen = rng.sample(pool, rng.randrange(2, 10))
    chosen.sort(key=lambda p: (not p.startswith("access"), not p.startswith("delay")))
    return complete(chosen)


def pair(rng, names):
    """Two arguments, for a ruleset called through Translate."""
    address, name, _ = rng.choice(words.CLIENTS)
    r = rng.random()
    if r < 0.5:
        return name, address
    if r < 0.65:
        return names.domain(), rng.choice(ADDRESSES)
    if r < 0.85:
        return (rng.choice(["OK", "NO", "NOT", "FAIL", "", "TEMP", "SOFTWARE", "TRUSTED", "PROTOCOL", "CONFIG"]),
                rng.choice(["MAIL", "STARTTLS", "", name]))
    if r < 0.93:
        return rng.choice(VERIFY), f"<{rng.choice(TLS)}>"
    return names.plain(), names.plain()


VERIFY = ["OK", "NO", "NOT", "FAIL", "", "TEMP", "SOFTWARE", "TRUSTED", "PROTOCOL", "CONFIG", "NONE", "DANE_FAIL"]


def focused(rng, names, pieces):
    """A command about one of the configuration's pieces, or None."""
    choices = [(ruleset, True) for p in pieces for ruleset in features.FOCUS.get(p, [])]
    choices += [(ruleset, False) for p in pieces for ruleset in features.FOCUS_ADDRESS.get(p, [])]
    if not choices:
        return None
    ruleset, two = rng.choice(choices)
    if not two:
        return f"{ruleset} {names.plain() if rng.random() < 0.6 else names.path() if ruleset.startswith('check') else names.address()}"
    address, name, _ = rng.choice(words.CLIENTS)
    if ruleset == "TLS_connection":
        return f"Translate,TLS_connection {rng.choice(VERIFY)} $| <{rng.choice(TLS)}>"
    if ruleset == "tls_client":
        return f"Translate,tls_client {rng.choice(VERIFY)} $| {rng.choice(['MAIL', 'STARTTLS'])}"
    if ruleset == "tls_server":
        return f"tls_server {rng.choice(VERIFY)}"
    if ruleset in ("tls_rcpt", "try_tls"):
        return f"{ruleset} {names.plain() if ruleset == 'tls_rcpt' else name}"
    if ruleset == "check_compat":
        return f"Translate,check_compat {names.plain()} $| {names.plain()}"
    if ruleset == "check_other":
        return f"Translate,check_other {rng.choice(['GET / HTTP/1.0', 'XYZ', 'XCLIENT', 'FOO bar'])} $| {rng.choice(['2', '5'])}"
    return f"Translate,{ruleset} {name} $| {address}"


def search(rng, names):
    """A call of one of the rulesets that look into the access map."""
    which = rng.choice(features.SEARCHES)
    tag = rng.choice(["Connect", "From", "To", "Spam", "TLS_Clt", "GreetPause"])
    mark = rng.choice("+!")
    if which == "A":
        return f"A <{rng.choice(ADDRESSES)}> <?> <{mark} {tag}> <x>"
    if which == "D":
        return f"D <{names.domain()}> <?> <{mark} {tag}> <{names.plain()}>"
    if which == "F":
        return f"F <{names.plain()}> <?> <{mark} {tag}> <x>"
    if which == "U":
        return f"U <{names.user()}> <?> <{mark} {tag}> <x>"
    if which == "E":
        return f"E <{rng.choice(['', 'x', names.domain()])}> <?> <{mark} {tag}> <x>"
    keys = "".join(rng.choice([f" <F:{names.plain()}>", f" <D:{names.domain()}>", f" <U:{names.user()}@>", f" <E:{tag}>", f" <A:{rng.choice(ADDRESSES)}>"])
                   for _ in range(rng.randrange(1, 4)))
    return f"Translate,SearchList <{mark} {tag}> $|{keys} <>"


def query(rng, names, local, pieces=()):
    if pieces and rng.random() < 0.3:
        about = focused(rng, names, pieces)
        if about:
            return about
    if local and rng.random() < 0.25:
        return hand_query(rng, names, local)
    r = rng.random()
    if r < 0.28:
        return rng.choice(["check_rcpt", "check_rcpt", "checkrcpt", "Rcpt_ok"]) + " " + names.path()
    if r < 0.42:
        return rng.choice(["check_mail", "checkmail", "Basic_check_mail"]) + " " + names.path()
    if r < 0.55:
        return rng.choice(["3,0", "canonify,parse", "canonify,Parse0", "3", "CanonAddr", "ParseRecipient"]) + " " + names.address()
    if r < 0.66:
        first, second = pair(rng, names)
        return f"Translate,{rng.choice(features.PAIRS)} {first} $| {second}"
    if r < 0.7:
        return rng.choice(["Relay_ok", "Relay_ok", "RelayTLS", "RelayAuth"]) + " " + names.path()
    if r < 0.74:
        return "trust_auth " + rng.choice(["bob", "alice@example.org", "bob@mail.example.org", "x", names.address()])
    if r < 0.79:
        return search(rng, names)
    if r < 0.88:
        ruleset = rng.choice(features.RULESETS) if rng.random() < 0.5 else "canonify," + rng.choice(features.AFTER)
        return ruleset + " " + (names.address() if rng.random() < 0.7 else names.path())
    if r < 0.9:
        return rng.choice(["$=w", "$=R", "$=m", "$=P", "$={TrustAuthMech}", "$={VirtHost}", "$=M", "$={Accept}", "$=t", "$j", "$m", "$w",
                           "${client_addr}", "$=O", "${local_note}", "$=L", "$=E", "$={Canonify}", "$={nosuch}", "$=N", "$=G", "$={Bad}"])
    if r < 0.94:
        key = rng.choice([names.domain(), names.user() + "@" + names.domain(), "Connect:" + rng.choice(ADDRESSES), "To:" + names.domain(), "From:" + names.plain()])
        key = re.sub(r'["\\{}]', "", key).strip() or "x"
        return f"/map {rng.choice(['access', 'virtuser', 'mailertable', 'host', 'dequote', 'arith', 'resolve', 'macro', 'genericstable', 'nosuch', 'bestmx'])} {key}"
    return rng.choice(["3,0", "check_rcpt"]) + " " + names.path()


def hand_query(rng, names, local):
    """A call of a ruleset that was written by hand."""
    return rng.choice(local) + " " + rng.choice([
        names.address(), names.plain(), "a b c", "loop a", "res x y", "ret a.b", "deep a", "again b", "1", "15", "19", "+ 3 4", "/ 9 2", "l 1 2", '"a b"', '"a"',
        "x-y @ a.b", "spam @ example.com", "a $| b", names.domain(), "mail . own.example", "own.example . localhost x", "bad.example x", "x.y.z y",
        "sw is yes y", "good.example.com x", "spam@bad.example", "<xx@temp.example>", "<a@example.com>", "NTLM", "LOGIN", "NO", "good.example.com",
        "smtp.example.com", "special x", "a@x.old.example", "b/c", "3", "1 2", "alice x", "a bad.example b", "res a b", "b . c . d"])


LOCAL = {"hand:maps": ["Maps", "Maps", "Count", "canonify,Maps"], "hand:loops": ["Loops", "Inner", "Translate,Loops", "Loops"],
         "hand:conditions": ["Conditions"], "hand:rule123": ["1", "2", "3"], "hand:catch-all": ["check_vrfy", "check_data"],
         "hand:check-relay": ["Local_check_relay"], "hand:check-rcpt": ["Local_check_rcpt"], "hand:check-mail": ["Local_check_mail"],
         "hand:relay-auth": ["Local_Relay_Auth"], "hand:trust-auth": ["Local_trust_auth", "trust_auth"], "hand:rule0": ["3,0"], "hand:tls": ["try_tls", "tls_server", "srv_features"]}


def blocks(rng, names, count, local, pieces=()):
    """Lists of commands; the first ones of each set the state."""
    out, total = [], 0
    while total < count:
        block = words.situation(rng, names)
        n = min(rng.randrange(4, 16), count - total)
        queries = []
        for _ in range(n):
            q = query(rng, names, local, pieces).replace("\n", " ").replace("\0", " ")
            queries.append(q[:1900].rstrip())
        out.append({"state": block, "queries": queries})
        total += n
    return out


FIXED = len(features.FIXED)
INDEXED = ("access", "virtusertable", "mailertable", "domaintable", "genericstable", "uudomain", "bitdomain", "authinfo", "sts", "mydomains")


def case(seed, index, commands=300):
    rng = random.Random(f"{seed}:{index}")
    names = words.Names(rng)
    if index >= FIXED and index % 2 == 1:
        return bare.case(rng, commands)
    pieces = complete(features.FIXED[index]) if index < FIXED else mixture(rng)
    local = [call for p in pieces for call in LOCAL.get(p, [])]
    dns = dict(words.DNS)
    if rng.random() < 0.3:
        for key in rng.sample(sorted(dns), 6):
            # What /etc/hosts says of the server itself is not asked for.
            if not re.search(r"192\.0\.2\.10|127\.0\.0\.1|localhost|mail\.example\.org|temp\.example", key):
                dns[key] = rng.choice(["none", "tempfail"])
    if rng.random() < 0.3:
        dns = {key: "none" if value == "tempfail" else value for key, value in dns.items()}
        names.literals += words.NO_LITERALS
    text = mc(rng, pieces)
    files = tables(rng, names, pieces)
    for name in ("access", "virtusertable", "mailertable", "domaintable", "genericstable"):
        if any(name.startswith(p.split("-")[0]) or p.startswith(name[:6]) for p in pieces):
            names.learn(files[name])
    maps = [("hash", n) for n in INDEXED]
    if "access-btree" in pieces:
        maps[0] = ("btree", "access")
    return {"name": " ".join(pieces) or "plain", "kind": "mc", "text": text, "files": files, "maps": maps, "dns": dns,
            "blocks": blocks(rng, names, commands, local, pieces)}
