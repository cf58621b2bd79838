"""Names, addresses and client states that the rulesets are asked about."""
import re

OWN = ["mail.example.org", "example.org", "own.example", "localhost"]
RELAYED = ["relay.example.net", "10.relayed.example", "relayed.example"]
DOMAINS = OWN + RELAYED + [
    "sub.example.org", "sub.own.example", "host.relay.example.net", "xrelay.example.net", "example.net",
    "a.b.relayed.example", "example.com", "good.example.com", "client.example.org", "virtual.example",
    "sub.virtual.example", "masq.example", "generic.example", "alias.example", "mxonly.example",
    "best.example", "best2.example", "badmx.example", "nullmx.example", "temp.example", "nx.example",
    "mxtemp.example", "short", "mail", "com", "example", "deep.a.b.c.d.example.com", "old.example",
    "localhost.example.org", "localhost.localdomain", "listed.example", "mailer.example", "dot.mailer.example",
]
PSEUDO = ["host.UUCP", "localhost.UUCP", "x.BITNET", "y.DECNET", "f.FAX", "own.example.UUCP", "host.REDIRECT",
          "z.CSNET", "REDIRECT", "UUCP", "e.USENET"]
LITERALS = ["[192.0.2.10]", "[127.0.0.1]", "[203.0.113.5]", "[198.51.100.8]", "[IPv6:2001:db8::1]", "[10.1.2.3]",
            "[IPv6:0:0:0:0:0:0:0:1]"]
# What these come to depends on the lookup before them, where one of those can fail for a time.
NO_LITERALS = ["[host]", "[]", "[1.2.3]", "[999.1.1.1]", "[mail.example.org]", "[IPv6:junk]"]
USERS = ["a", "root", "alice", "bob", "postmaster", "MAILER-DAEMON", "user+detail", "user+", "spam", "friend",
         "x.y", "first.last", "user", "info", "list-request", "0", "abuse", "a_b", "x=y", "full"]
ODD_USERS = ['"a b"', '"x@y"', '"a"', '""', '"x@example.com"', '"a\\"b"', 'a\\@b', "\\alice", '"root"@x', "|prog",
             "/dev/null", ":include:/x", '"|prog arg"', "a'b", "a`b", "a{b}c", "~x", "a b", "a;b", "a:b", "*", "?",
             "a#b", "a&b", "a$b", "=?x?=", "-f", "a..b", ".a", "a.", "user+a+b", "+", '"a%b"', '"a!b"', '"(x)"',
             '"<x>"', '"a.b"."c"', "a^b", "a//b", "a=", "list:"]

CLIENTS = [
    # address, name, resolve
    ("203.0.113.5", "good.example.com", "OK"), ("198.51.100.7", "[198.51.100.7]", "FORGED"),
    ("198.51.100.8", "[198.51.100.8]", "FAIL"), ("198.51.100.9", "[198.51.100.9]", "TEMP"),
    ("198.51.100.11", "client.example.org", "OK"), ("198.51.100.12", "host.relay.example.net", "OK"),
    ("127.0.0.1", "localhost", "OK"), ("127.0.0.2", "[127.0.0.2]", "FAIL"), ("192.0.2.10", "mail.example.org", "OK"),
    ("0", "localhost", "OK"), ("", "", ""), ("10.1.2.3", "a.b.relayed.example", "OK"),
    ("10.20.30.40", "[10.20.30.40]", "FAIL"), ("IPv6:2001:db8::1", "six.example.com", "OK"),
    ("IPv6:2001:db8:0:0:0:0:0:1", "[IPv6:2001:db8:0:0:0:0:0:1]", "FAIL"), ("IPv6:::1", "localhost", "OK"),
    ("IPv6:0:0:0:0:0:0:0:1", "localhost", "OK"), ("192.0.2.77", "own.example", "OK"),
    ("203.0.113.66", "listed.example", "OK"), ("203.0.113.67", "[203.0.113.67]", "FORGED"),
    ("198.51.100.20", "alias.example", "OK"), ("198.51.100.21", "temp.example", "OK"),
    ("198.51.100.22", "sub.own.example", "OK"), ("198.51.100.23", "nx.example", "OK"),
    ("198.51.100.24", "x", "OK"), ("198.51.100.25", "", "OK"), ("2001:db8::2", "six.example.com", "OK"),
]

DNS = {
    "address mail.example.org": ["192.0.2.10"], "address example.org": ["192.0.2.10"],
    "mx example.org": ["10 mail.example.org"], "address own.example": ["192.0.2.77"],
    "mx sub.own.example": ["5 mail.example.org", "10 other.example.net"],
    "address sub.example.org": ["192.0.2.11"], "address client.example.org": ["198.51.100.11"],
    "mx relay.example.net": ["10 mx.relay.example.net", "20 mail.example.org"],
    "address mx.relay.example.net": ["198.51.100.70"], "address host.relay.example.net": ["198.51.100.12"],
    "address example.net": ["198.51.100.80"], "mx relayed.example": ["0 mx.relayed.example"],
    "address mx.relayed.example": ["198.51.100.71"], "address a.b.relayed.example": ["10.1.2.3"],
    "address example.com": ["203.0.113.4"], "mx example.com": ["10 mx1.example.com", "20 mx2.example.com"],
    "address mx1.example.com": ["203.0.113.21"], "address mx2.example.com": ["203.0.113.22"],
    "address good.example.com": ["203.0.113.5"], "address deep.a.b.c.d.example.com": ["203.0.113.6"],
    "address virtual.example": ["192.0.2.10"], "mx mxonly.example": ["10 mx1.example.com"],
    "cname alias.example": ["good.example.com"], "cname www.own.example": ["own.example"],
    "cname loop1.example": ["none.example"],
    "mx best.example": ["10 mail.example.org"], "mx best2.example": ["10 mail.example.org", "20 mx1.example.com"],
    "mx badmx.example": ["10 localhost", "20 127.0.0.1"], "address localhost": ["127.0.0.1"],
    "mx nullmx.example": ["0 ."], "address masq.example": ["192.0.2.12"], "address generic.example": ["192.0.2.13"],
    "address temp.example": "tempfail", "mx temp.example": "tempfail", "cname temp.example": "tempfail",
    "mx mxtemp.example": "tempfail", "address mxtemp.example": ["203.0.113.30"],
    "address six.example.com": ["2001:db8::1", "2001:db8::2"], "address listed.example": ["203.0.113.66"],
    "address mailer.example": ["203.0.113.40"], "mx dot.mailer.example": ["10 mx1.example.com"],
    "ptr 203.0.113.5": ["good.example.com"], "ptr 198.51.100.11": ["client.example.org"],
    "ptr 198.51.100.12": ["host.relay.example.net"], "ptr 198.51.100.9": "tempfail",
    "ptr 198.51.100.7": ["forged.example"], "ptr 192.0.2.10": ["mail.example.org"], "ptr 10.1.2.3": ["a.b.relayed.example"],
    "ptr 192.0.2.77": ["own.example"], "ptr 203.0.113.66": ["listed.example"], "ptr 127.0.0.1": ["localhost"],
    "ptr 2001:db8::1": ["six.example.com"],
    "list 203.0.113.66 bl.example": ["127.0.0.2"], "list 203.0.113.67 bl.example": ["127.0.0.5"],
    "list 198.51.100.9 bl.example": "tempfail", "list 198.51.100.7 bl2.example": ["127.0.0.4", "127.0.0.5"],
    "list 203.0.113.5 bl3.example": ["127.0.0.9"], "address listed.example.rhs.example": ["127.0.0.2"],
    "address temp.example.rhs.example": "tempfail", "txt bl.example": ["a list"],
}


def recase(rng, name):
    """A spelling of a name; one for a whole case, since sendmail remembers the first that it was asked."""
    r = rng.random()
    if r < 0.8:
        return name
    if r < 0.87:
        return name.upper()
    return "".join(c.upper() if rng.random() < 0.3 else c for c in name)


class Names:
    """The names of one case. The server's own keeps its spelling: sendmail asks for it when it starts."""

    def __init__(self, rng, extra=()):
        self.rng = rng
        self.literals = list(LITERALS)
        self.known = []  # addresses that the case's tables name
        self.domains = [d if d in OWN[::3] else recase(rng, d) for d in DOMAINS] + list(extra)
        self.own = self.domains[:len(OWN)]
        self.relayed = self.domains[len(OWN):len(OWN) + len(RELAYED)]
        self.pseudo = [recase(rng, d) for d in PSEUDO]

    def domain(self):
        r = self.rng.random()
        if r < 0.2:
            return self.rng.choice(self.own)
        if r < 0.3:
            return self.rng.choice(self.relayed)
        if r < 0.8:
            return self.rng.choice(self.domains)
        if r < 0.88:
            return self.rng.choice(self.pseudo)
        if r < 0.95:
            return self.rng.choice(self.literals)
        return self.rng.choice(["", ".", "a..b", ".example.com", "example.com.", "example.org.", "foo:bar", "x y",
                                "foo!bar", "a%b", "-x.example", "_x.example", "1.2.3.4", "a,b", "a;b",
                                "example.com..", "mail.example.org.", "a@b", "x" * 60 + ".example", "(c)x.example"])

    def user(self):
        return self.rng.choice(USERS if self.rng.random() < 0.8 else ODD_USERS)

    def learn(self, text):
        """Takes addresses and names from the keys of a table."""
        for line in text.split("\n"):
            key = line.split("\t")[0].split(":")[-1].strip()
            if not key or key[0] in "#." or "/" in key or " " in key or key.replace(".", "").isdigit():
                continue
            user, at, domain = key.rpartition("@")
            if not at:
                user, domain = "", key
            self.known.append((user.replace("*", "x"), domain))

    def plain(self):
        if self.known and self.rng.random() < 0.35:
            user, domain = self.rng.choice(self.known)
            return f"{user or self.rng.choice(USERS)}@{domain or self.domain()}"
        return f"{self.user()}@{self.domain()}"

    def address(self):
        """Any form of an address, without angle brackets."""
        rng, r = self.rng, self.rng.random()
        if r < 0.5:
            return self.plain()
        if r < 0.56:
            return self.user()
        if r < 0.63:
            return f"{self.user()}%{self.domain()}@{self.domain()}"
        if r < 0.67:
            return f"{self.user()}%{self.domain()}"
        if r < 0.72:
            return f"{self.domain()}!{self.user()}"
        if r < 0.76:
            return f"{self.domain()}!{self.user()}@{self.domain()}"
        if r < 0.79:
            return f"{self.domain()}!{self.domain()}!{self.user()}"
        if r < 0.82:
            return f"@{self.domain()}:{self.plain()}"
        if r < 0.84:
            return f"@{self.domain()},@{self.domain()}:{self.plain()}"
        if r < 0.87:
            return f'"{self.plain()}"@{self.domain()}'
        if r < 0.89:
            return f'"{self.plain()}"'
        if r < 0.91:
            return f"{self.user()}%{self.domain()}%{self.domain()}@{self.domain()}"
        if r < 0.93:
            return f"{self.user()}@{self.domain()}@{self.domain()}"
        if r < 0.95:
            return f"{self.domain()}!{self.user()}%{self.domain()}@{self.domain()}"
        if r < 0.97:
            return self.broken()
        if r < 0.98:
            n = rng.choice([40, 120, 200, 250, 255, 256, 257, 300, 600])
            return rng.choice(["x" * n + "@example.com", "a@" + "y" * n + ".example", "a." * n + "b@example.com",
                               '"' + "q" * n + '"@example.org', "a@" + "d." * n + "example"])
        return self.noise()

    def broken(self):
        rng = self.rng
        text = self.plain()
        at = rng.randrange(len(text) + 1)
        return text[:at] + rng.choice(['"', "<", ">", "(", ")", ",", ";", ":", "@", " ", "\t", "<>", "()", "(x)",
                                       "..", "$", "#", "[", "]", "%", "!", "/", "+", "^", "=", "'",
                                       "\xe9", "\x9f", "\x80", "\x7f", "\x01", "$*", "$-", "$1", "$@", "$&x"]) + text[at:]

    def noise(self):
        return "".join(self.rng.choice('ab@.%!<>()",;:[]+/ -$') for _ in range(self.rng.randrange(1, 14)))

    def path(self):
        """An argument as MAIL and RCPT give it."""
        r = self.rng.random()
        if r < 0.86:
            return f"<{self.address()}>"
        if r < 0.9:
            return self.address()
        if r < 0.92:
            return "<>"
        if r < 0.94:
            return f"{self.user()} <{self.address()}>"
        if r < 0.96:
            return f"<{self.plain()}> (comment)"
        if r < 0.97:
            return f"list: {self.plain()};"
        if r < 0.98:
            return f"<{self.plain()}"
        if r < 0.99:
            return f"{self.plain()}>"
        return f"<<{self.plain()}>>"


def situation(rng, names):
    """Lines that set what is known of a client and its session."""
    address, name, resolve = rng.choice(CLIENTS if rng.random() < 0.75 else CLIENTS[:6])
    if rng.random() < 0.06:
        name, resolve = rng.choice(["[" + address + "]", "x.example", "localhost", ""]), rng.choice(["OK", "FAIL", "FORGED", "TEMP", "", "x"])
    lines = [f".D{{client_addr}}{address}", f".D{{client_name}}{name}", f".D{{client_resolve}}{resolve}"]
    if rng.random() < 0.3:
        lines.append(".D{client_ptr}" + rng.choice([name, "ptr.example", "good.example.com", "bad.example", ""]))
    auth = rng.choice(["", "", "", "PLAIN", "LOGIN", "plain", "EXTERNAL", "CRAM-MD5", "DIGEST-MD5", "NTLM"])
    lines.append(f".D{{auth_type}}{auth}")
    lines.append(".D{auth_authen}" + (rng.choice(["bob", "alice@example.org", "bob@mail.example.org"]) if auth else ""))
    lines.append(".D{auth_author}" + (rng.choice(["", "bob", "alice@example.org"]) if auth else ""))
    if rng.random() < 0.4:
        verify = rng.choice(["OK", "NO", "NOT", "FAIL", "TRUSTED", "SOFTWARE", "PROTOCOL", "TEMP", "NONE", "CONFIG", "DANE_FAIL", "CLEAR"])
        lines += [f".D{{verify}}{verify}", ".D{cipher_bits}" + rng.choice(["256", "128", "56", "0", ""]),
                  ".D{auth_ssf}" + rng.choice(["", "0", "128"]),
                  ".D{cert_issuer}" + rng.choice(["/C=AT/CN=Test+20CA", "/CN=Other", ""]),
                  ".D{cert_subject}" + rng.choice(["/C=AT/CN=client.example.org", "/CN=x+20y", ""]),
                  ".D{cn_subject}" + rng.choice(["client.example.org", "good.example.com", "x+20y", ""]),
                  ".D{cn_issuer}" + rng.choice(["Test+20CA", "Other", ""]),
                  ".D{tls_version}" + rng.choice(["TLSv1.3", "TLSv1.2", ""]),
                  ".D{alg_bits}256", ".D{cipher}" + rng.choice(["TLS_AES_256_GCM_SHA384", ""])]
    else:
        lines += [".D{verify}", ".D{cipher_bits}", ".D{cert_issuer}", ".D{cert_subject}", ".D{cn_subject}", ".D{cn_issuer}"]
    lines.append(".D{daemon_flags}" + rng.choice(["", "", "", "f", "u", "cc f", "a", "EE", "f u", "CC", "r", "s"]))
    lines.append(".D{deliveryMode}" + (rng.choice(["d", "b", "q", "dd", "i"]) if rng.random() < 0.1 else ""))
    sender = rng.choice(["", names.plain(), names.address(), names.user(), "root", "spam@example.com"])
    lines.append(f".Df{sender}")
    lines.append(f".D{{mail_from}}<{sender}>")
    lines.append(".Ds" + rng.choice(["helo.example", "localhost", "mail.example.org", "[192.0.2.10]", "bare", "[1.2.3.4]",
                                     "good.example.com", "", "own.example", "[IPv6:2001:db8::1]", ".x", "x."]))
    if rng.random() < 0.3:
        lines += [".D{client_rate}" + rng.choice(["0", "1", "5", "11", "100", ""]),
                  ".D{client_connections}" + rng.choice(["0", "1", "3", "20", ""]),
                  ".D{total_rate}" + rng.choice(["0", "7"]),
                  ".D{server_name}" + rng.choice(["good.example.com", "example.com", ""]),
                  ".D{server_addr}" + rng.choice(["203.0.113.5", ""])]
    if rng.random() < 0.2:
        lines += [".D{addr_type}" + rng.choice(["e s", "e r", "h", ""]), ".D{rcpt_mailer}esmtp", ".D{rcpt_host}example.com",
                  ".D{rcpt_addr}a@example.com", ".D{nrcpts}3", ".D{msg_size}1000", ".D{mail_host}example.com"]
    # A value given at the prompt is read as the .cf is: what is special there is left out.
    return [re.sub(r"[\t$#\\]", "", line).rstrip() for line in lines]
