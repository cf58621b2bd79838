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
import tables
from tables import ADDRESSES, INDEXED, TLS, complete

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
    files = tables.of(rng, names, pieces)
    for name in ("access", "virtusertable", "mailertable", "domaintable", "genericstable"):
        if any(name.startswith(p.split("-")[0]) or p.startswith(name[:6]) for p in pieces):
            names.learn(files[name])
    maps = [("hash", n) for n in INDEXED]
    if "access-btree" in pieces:
        maps[0] = ("btree", "access")
    return {"name": " ".join(pieces) or "plain", "kind": "mc", "text": text, "files": files, "maps": maps, "dns": dns,
            "blocks": blocks(rng, names, commands, local, pieces)}
