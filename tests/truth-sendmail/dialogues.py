"""Random dialogues with a configuration (configs.Config).

    Talk(rng, config).dialogue()      {"listener", "client", "send", "marks", ...}
"""

import base64

import paths  # noqa: F401
import authority

import covered

HELOS = ["probe.example.net", "probe.example.net", "good.example.com", "localhost", "mail.example.org", "bare", "[203.0.113.5]", "[192.0.2.10]",
         "own.example", "a.b.c.d", "[IPv6:2001:db8::1]", "under_score.example", "x.", ".x", "UPPER.Example", "1.2.3.4", "a#b:c"]
BAD_HELOS = ["", "two words", "a@b", "x" * 300, "bad;name", "trailing blank ", "a(b)", "caf\u00e9.example", "<x>", "a,b"]
CONTENT = ["Subject: test\r\n\r\nhello\r\n.", "hello\r\n.", "Subject: x\r\n\r\n..stuffed\r\n.", "\r\n.", ".", "From: a@example.com\r\nTo: <x@y>\r\n\r\n" + "z" * 120 + "\r\n.",
           "X-Long: " + "h" * 500 + "\r\n\r\nx\r\n.", "Received: x\r\n" * 4 + "\r\n.", "no header here\r\n..\r\n.", "Subject: caf\u00e9\r\n\r\n\u00fc\r\n.", "From me\r\nMIME-Version: 1.0\r\n\r\n\u00fc\r\n."]
UNKNOWN = ["FOO", "XYZZY a", "MAILFROM:<a@b>", "X", "DEBUG", "ONEX", "WIZ", "SHOWQ", "KILL", "BDAT 5 LAST", "XCLIENT ADDR=1.2.3.4", "LHLO x", "Subject: hi",
           "\u00fcber", "%s%s", "USER", "QUIT\x08", "RCPT:TO", "..", "* x"]
MAIL_PARAMETERS = {
    "SIZE": ["SIZE=100", "SIZE=1500", "SIZE=5000", "SIZE=0", "SIZE=x", "SIZE=-1", "SIZE=99999999999999999999", "size=200", "SIZE=100x"],
    "BODY": ["BODY=8BITMIME", "BODY=7BIT", "BODY=BINARYMIME", "body=7bit", "BODY=x"],
    "RET": ["RET=HDRS", "RET=FULL", "RET=x", "ret=full"], "ENVID": ["ENVID=abc", "ENVID=a+20b", "ENVID=a+zz", "ENVID=a=b"],
    "AUTH": ["AUTH=<>", "AUTH=alice", "AUTH=a+40b", "AUTH=a+4", "AUTH=alice@mail.example.org"],
    "BY": ["BY=100;R", "BY=0;N", "BY=-5;NT", "BY=50;RT", "BY=x", "BY=10;Q", "BY=10;Nx", "BY=9999999999;R", "BY=0;R", "BY=120"],
    "SMTPUTF8": ["SMTPUTF8", "SMTPUTF8=x"], "unknown": ["FOO", "FOO=1", "XVERP", "SOLICIT=x", "=x", "MT-PRIORITY=3"],
    "valueless": ["SIZE", "BODY", "RET", "ENVID", "AUTH", "BY", "BODY=", "SIZE=", "RET="],
    "twice": ["RET=FULL RET=HDRS", "ENVID=a ENVID=b", "AUTH=<> AUTH=<>", "SIZE=1 SIZE=2", "BODY=7BIT BODY=8BITMIME"]}
RCPT_PARAMETERS = {
    "NOTIFY": ["NOTIFY=NEVER", "NOTIFY=SUCCESS,FAILURE", "NOTIFY=x", "NOTIFY=never,delay", "notify=delay", "NOTIFY=SUCCESS,", "NOTIFY="],
    "ORCPT": ["ORCPT=rfc822;a@b", "ORCPT=x", "ORCPT=rfc822;a+zz", "ORCPT=;", "orcpt=rfc822;a+40b"],
    "unknown": ["FOO=1", "SIZE=1", "RRVS=x"], "valueless": ["NOTIFY", "ORCPT"], "twice": ["NOTIFY=NEVER NOTIFY=DELAY", "ORCPT=rfc822;a ORCPT=rfc822;b"]}


def b64(text):
    return base64.b64encode(text.encode()).decode()


class Talk:
    def __init__(self, rng, config):
        self.rng, self.config, self.names = rng, config, config.names

    def chance(self, p):
        return self.rng.random() < p

    def pick(self, *items):
        return self.rng.choice(items)

    def mark(self, kind, name):
        self.now.add(f"{kind} {name}")

    # ---- addresses ----

    def own(self):
        return self.pick("example.org", "own.example", "mail.example.org", self.rng.choice(self.names.own))

    def form(self, kind):
        """An argument of MAIL or RCPT in this form."""
        own, far, relayed, user = self.own(), self.pick("example.com", "elsewhere.example", "good.example.com", "example.net"), \
            self.rng.choice(self.names.relayed), self.pick("alice", "bob", "root", "a", "user", "x")
        known = self.rng.choice(self.names.known) if self.names.known else ("bob", own)
        one = lambda *items: "<" + self.rng.choice(items) + ">"  # noqa: E731
        return {
            "own": f"<{self.pick('alice', 'bob', 'root', 'user', 'info', 'first.last')}@{own}>", "own-unknown": f"<nosuch@{own}>", "foreign": f"<{user}@{far}>",
            "relayed": f"<{user}@{relayed}>", "virtual": one("a@virtual.example", "user+detail@virtual.example", "x@sub.virtual.example"),
            "percent": f"<{user}%{far}>", "percent-at-own": f"<{user}%{far}@{own}>", "percent-at-relayed": f"<{user}%{far}@{relayed}>",
            "bang": f"<{far}!{user}>", "bang-at-own": f"<{far}!{user}@{own}>", "source-route": f"<@{own}:{user}@{far}>",
            "two-routes": f"<@{own},@{far}:{user}@{relayed}>", "quoted": one(f'"{user}"@{own}', f'"{user}@{far}"', f'"{user}"'), "quoted-at": f'<"{user}@{far}"@{own}>',
            "quoted-blank": f'<"two words"@{own}>', "literal-own": f"<{user}@[192.0.2.10]>", "literal-foreign": f"<{user}@[203.0.113.5]>",
            "literal-six": f"<{user}@[IPv6:2001:db8::1]>", "literal-bad": one(f"{user}@[1.2.3]", f"{user}@[999.1.1.1]", f"{user}@[192.0.2.10", f"{user}@[192.0.2.10]x"),
            "bare": one(user, "alice", "nosuch"), "no-brackets": self.pick(f"{user}@{far}", f"{user}@{own}", "alice", "nosuch"),
            "comment": self.pick(f"<(c){user}@{own}>", f"{user}@{own} (comment)", f"<{user}@{far}(x)>"), "phrase": f"Some One <{user}@{own}>", "empty": "<>",
            "two-ats": self.pick(f"<{user}@a@{own}>", f"<{user}@@{own}>"), "trailing-dot": f"<{user}@{self.pick(own, far)}.>", "double-dot": f"<{user}@a..{own}>",
            "leading-dot": f"<{user}@.{far}>", "detail": self.pick(f"<alice+x@{own}>", f"<sales+x@{own}>", f"<support+y@{own}>", f"<nosuch+x@{own}>"),
            "upper": self.pick(f"<ALICE@{own.upper()}>", f"<{user}@{far.upper()}>", f"<POSTMASTER@{own}>"),
            "alias": f"<{self.pick('postmaster', 'list', 'prog', 'file', 'incl', 'away', 'gone', 'self', 'abuse', 'loop1', 'more')}@{own}>",
            "pseudo": f"<{user}@{self.rng.choice(self.names.pseudo)}>", "group": self.pick("<list:a@b;>", "list: a@example.com;", "<list:;>"),
            "backslash": self.pick(f"<\\alice@{own}>", f"<a\\@b@{own}>"), "program": self.pick("<|prog>", f'<"|prog arg"@{own}>', "|prog"),
            "file": self.pick("</dev/null>", f"</tmp/x@{own}>"), "include": self.pick("<:include:/etc/passwd>", f"<:include:/x@{own}>"),
            "eight-bit": self.pick(f"<caf\u00e9@{own}>", f"<a@\u00fc.example>"), "long": self.pick(f"<{'l' * 260}@{own}>", f"<{'l' * 120}@{'d' * 100}.example>", f"<a@{'d.' * 200}example>"),
            "blank": self.pick(f"<a b@{own}>", f"< {user}@{own} >", f"<{user}@ {far}>"),
            "unbalanced": self.pick(f'<"{user}@{own}>', f"<{user}@{own}", f"{user}@{own}>", f"<({user}@{own}>", f"<{user})@{own}>", f"<<{user}@{own}>>"),
            "semicolon": f"<a;b@{own}>", "comma": f"<a,b@{own}>", "colon": self.pick(f"<a:b@{own}>", f"<{user}@foo:bar>"),
            "localhost": self.pick("<x@localhost>", "<alice@localhost>", "<x@localhost.example.org>", "<x@[127.0.0.1]>"),
            "trailing": f"<{user}@{self.pick(own, far)}>{self.pick('x', ' x y', ',', ' <b@c>')}", "known": f"<{known[0] or user}@{known[1] or own}>",
            "random": self.random_path(), "subdomain": f"<{user}@{self.pick('sub.example.org', 'a.b.relayed.example', 'host.relay.example.net')}>",
            "nonexistent": f"<{user}@nosuch.example>", "unresolved": f"<{user}@{self.pick('temp.example', 'mxtemp.example', 'badmx.example', 'nullmx.example')}>",
            "only-at": self.pick("<@>", f"<@{own}>", "<alice@>"),
        }[kind]

    def random_path(self):
        text = self.names.path().replace("\r", "").replace("\n", " ").replace("\0", "")
        return text.encode("latin-1", "replace").decode("latin-1")

    def address(self, recipient):
        usual = ["own"] * 5 + ["foreign"] * 6 + ["relayed"] * 2 + ["known"] * 3 + ["own-unknown", "alias", "percent-at-own", "virtual", "random", "random"]
        if not recipient:
            usual = ["foreign"] * 8 + ["own"] * 2 + ["known"] * 3 + ["empty", "bare", "nonexistent", "random"]
        kind = self.rng.choice(usual if self.chance(0.6) else covered.ADDRESSES)
        self.mark("address", kind)
        return self.form(kind)

    # ---- lines ----

    def verb(self, text):
        r = self.rng.random()
        if r < 0.06:
            self.mark("command", "lower")
            return text.lower()
        if r < 0.09:
            self.mark("command", "blanks")
            return self.pick(" ", "\t", "  ") + text
        return text

    def parameters(self, which):
        out = ""
        for _ in range(self.pick(1, 1, 1, 2, 3)):
            name = self.rng.choice(list(which))
            self.mark("parameter", name)
            out += self.pick(" ", " ", "  ") + self.rng.choice(which[name])
        self.mark("command", "parameters")
        return out

    def mail(self, recipient):
        self.mark("command", "RCPT" if recipient else "MAIL")
        head = "RCPT TO:" if recipient else "MAIL FROM:"
        if self.telnet:
            return head.lower() + " " + self.form(self.pick("own", "foreign", "relayed", "known")).strip("<>")
        if self.chance(0.04):
            self.mark("command", "bad-syntax")
            return self.pick("MAIL", "RCPT", "MAIL FROM", "MAIL TO:<a@b>", "RCPT FROM:<x>", "MAIL FROM a@b", "MAIL FROM:", "RCPT TO:", "RCPT TO : <root>", "MAIL FROM :<>", "MAIL  FROM:  <>")
        text = self.verb(head) + self.pick("", "", "", " ") + self.address(recipient)
        return text + (self.parameters(RCPT_PARAMETERS if recipient else MAIL_PARAMETERS) if self.chance(0.15) else "")

    def hello(self):
        word = self.pick("EHLO", "EHLO", "EHLO", "HELO")
        self.mark("command", word)
        if self.chance(0.06):
            self.mark("command", "bad-helo")
            return f"{word} {self.rng.choice(BAD_HELOS)}".rstrip(" ") if self.chance(0.8) else f"{word} x "
        return self.verb(word) + " " + self.rng.choice(HELOS)

    def odd(self):
        kind = self.pick("NOOP", "RSET", "VRFY", "VRFY", "EXPN", "EXPN", "ETRN", "ETRN", "HELP", "SEND", "SAML", "SOML", "TURN", "unknown", "unknown", "empty", "long", "DATA", "HELO", "AUTH", "STARTTLS")
        self.mark("command", kind)
        if kind == "AUTH":
            return self.login()
        if kind == "HELO":
            return [self.hello()]
        return [self.verb({
            "NOOP": self.pick("NOOP", "NOOP x y"), "RSET": self.pick("RSET", "RSET x"), "VRFY": "VRFY" + self.who(), "EXPN": "EXPN" + self.who(),
            "ETRN": "ETRN", "HELP": self.pick("HELP", "HELP mail"),
            "SEND": "SEND FROM:<a@b>", "SAML": "SAML FROM:<a@b>", "SOML": "SOML FROM:<a@b>", "TURN": "TURN", "unknown": self.rng.choice(UNKNOWN),
            "empty": self.pick("", " "), "long": "NOOP " + "n" * self.pick(200, 2040, 2050, 3000), "DATA": self.pick("DATA", "DATA x"), "STARTTLS": self.pick("STARTTLS x", "STARTTLS"),
        }[kind])]

    def who(self):
        """What VRFY and EXPN ask for: rarely a local user, whose full name no fact tells."""
        if self.chance(0.02):
            return " alice"
        return self.pick(" nosuch", "", " nosuch@example.org", " x@example.com", " <nosuch@own.example>", " <x@nosuch.example>", " a%b@example.org", " <", " postmaster@nosuch.example")

    def login(self):
        self.mark("command", "AUTH")
        user, word = self.pick(("alice", "secret"), ("alice", "secret"), ("bob@example.org", "hidden"), ("carol", "hunter2"), ("bob", "hidden"), ("alice@mail.example.org", "secret"))
        if self.chance(0.2):
            self.mark("login", "wrong")
            user, word = self.pick((user, "wrong"), ("nosuch", word), ("", ""), (user, ""))
        way = self.rng.choice(covered.LOGINS + ["PLAIN", "PLAIN", "LOGIN", "LOGIN"])
        self.mark("login", way)
        plain = b64(f"{self.pick('', '', '', 'alice')}\0{user}\0{word}")
        return {
            "PLAIN": [f"AUTH PLAIN {plain}"], "PLAIN-continued": ["AUTH PLAIN", plain], "LOGIN": ["AUTH LOGIN", b64(user), b64(word)],
            "LOGIN-initial": [f"AUTH LOGIN {b64(user)}", b64(word)], "CRAM-MD5": ["AUTH CRAM-MD5", self.pick("*", b64("alice 0123456789abcdef0123456789abcdef"))],
            "DIGEST-MD5": ["AUTH DIGEST-MD5", "*"], "ANONYMOUS": self.pick(["AUTH ANONYMOUS", b64("x@y")], [f"AUTH ANONYMOUS {b64('x')}"]),
            "EXTERNAL": self.pick(["AUTH EXTERNAL ="], ["AUTH EXTERNAL", "="], ["AUTH EXTERNAL", "*"]), "unknown": [self.pick("AUTH FOO", "AUTH GSSAPI", "AUTH FOO " + plain, "AUTH NTLM")], "wrong": [f"AUTH PLAIN {plain}"],
            "abort": self.pick(["AUTH LOGIN", "*"], ["AUTH PLAIN", "*"], ["AUTH LOGIN", b64(user), "*"]),
            "broken": self.pick(["AUTH PLAIN !!!"], ["AUTH LOGIN", "not base64!"], ["AUTH PLAIN =="], ["AUTH PLAIN " + b64("no nul")], ["AUTH PLAIN", ""], ["AUTH PLAIN a b c"], ["AUTH PLAIN ="]),
            "no-mechanism": [self.pick("AUTH", "AUTH ")], "again": [f"AUTH PLAIN {plain}", f"AUTH PLAIN {plain}"], "lower": [f"auth plain {plain}"],
        }[way]

    def transaction(self):
        out = [self.mail(False)]
        if self.chance(0.06):
            out += self.odd()
        for _ in range(self.rng.choice([1, 1, 2, 2, 3, 4, 6])):
            out.append(self.mail(True))
        if self.chance(0.1):
            at = self.rng.randint(1, len(out))
            out[at:at] = self.odd()
        if self.chance(0.12) and not any(x.upper().startswith(("AUTH", "STARTTLS", "DATA")) for x in out):
            self.mark("command", "pipelined")
            out = [out]
        if self.chance(0.35):
            self.mark("command", "DATA")
            out += [self.pick("DATA", "DATA", "data"), self.rng.choice(CONTENT)]
        elif self.chance(0.5):
            self.mark("command", "RSET")
            out.append("RSET")
        return out

    # ---- the whole ----

    def where(self):
        """The dialogue's ends: a daemon, and a client that can reach it."""
        name, implicit, family = self.rng.choice(self.config.listeners)
        kinds = [k for k, a in covered.CLIENTS.items() if (":" in a) == (family == "inet6")]
        if family == "loop":
            kinds = ["loopback", "loopback-other"]
        kind = "good" if self.chance(0.35) and "good" in kinds else self.rng.choice(kinds)
        self.mark("client", kind)
        d = {"listener": name, "client": covered.CLIENTS[kind]}
        if implicit:
            d["tls"] = self.chance(0.97)
            self.mark("command", "implicit")
        if self.config.has_tls and self.chance(0.35):
            who = self.pick("client", "client", "stranger")
            d["who"] = who
            d["certificate"] = {"client": authority.CLIENT, "stranger": authority.STRANGER}[who]
            self.mark("command", "certificate" if who == "client" else "stranger")
        return d

    def beginning(self, implicit):
        out = []
        if self.chance(0.02):
            self.mark("command", "http")
            return [self.pick("GET / HTTP/1.0", "POST /x HTTP/1.1", "CONNECT example.com:25", "USER x", "get /", "GETX /", "GET")]
        if self.chance(0.93):
            out.append(self.hello())
        if self.chance(0.45 if self.config.has_tls else 0.05) and not implicit:
            self.mark("command", "STARTTLS")
            self.mark("command", "tls")
            out.append(self.pick("STARTTLS", "STARTTLS", "starttls"))
            out += [self.hello()] if self.chance(0.9) else []
        if self.chance(0.4):
            out += self.login()
        return out

    def dialogue(self):
        self.now = set()
        self.telnet = self.chance(0.12)
        if self.telnet:
            self.mark("command", "telnet")
        d = self.where()
        send = self.beginning(d.get("tls"))
        for _ in range(self.pick(0, 1, 1, 1, 2, 2, 3)):
            send += self.transaction()
        if self.chance(0.3):
            for _ in range(self.rng.randint(1, 4)):
                send += self.odd()
        if self.chance(0.04):
            self.mark("command", "VERB")
            send.append("VERB")
        if self.chance(0.06):
            # Nothing comes behind it: what runs the queue says what is left in the session's buffer once more, some time later.
            self.mark("command", "ETRN")
            send.append(self.pick("ETRN example.org", "ETRN @own.example", "ETRN x y", "ETRN <a@b>", "ETRN <", "etrn x"))
        elif self.chance(0.75) or not send:
            self.mark("command", "QUIT")
            send.append("QUIT")
            if self.chance(0.05):
                self.mark("command", "after-quit")
                send.append("NOOP")
        return dict(d, send=send, marks=sorted(self.now))
