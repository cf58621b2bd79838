"""Random sendmail configurations: the lines of a .mc, the files beside it, what the host and DNS say.

    Config(rng, wanted)      mc: the pieces of the .mc, files: {name: [lines]}, marks, facts(), names, listeners
"""

import paths  # noqa: F401
import features
import names as words
import tables

import covered

USERS = ["root", "alice", "bob", "nobody", "smmta", "smmsp", "user", "info", "first.last", "x.y"]
LOGINS = {"alice@mail.example.org": "secret", "bob@example.org": "hidden", "carol@named.example": "hunter2"}
CERTIFICATES = ["server.crt", "server.key", "ca.crt"]
TLS = ["define(`confCACERT_PATH',`/etc/mail/certs')", "define(`confCACERT',`/etc/mail/ca.crt')",
       "define(`confSERVER_CERT',`/etc/mail/server.crt')", "define(`confSERVER_KEY',`/etc/mail/server.key')"]
# Of these only one can be there, or the server is of little use for anything else.
ALONE = {"access-missing", "access-missing-optional", "access-default", "virtuser-missing", "nullclient", "deferred", "promiscuous"}
# What fills the tables of `rulesets` differs too much from what a daemon can be asked in one session.
RATES = ["0", "1000", "x", "-1"]
ALIASES = ["postmaster: root", "MAILER-DAEMON: postmaster", "list: alice, bob", "sales+x: alice", "support+*: bob", "prog: \"|/bin/true\"",
           "file: /tmp/mbox", "incl: :include:/etc/mail/list", "away: x@elsewhere.example", "gone: nosuchuser", "self: \\self", "Abuse: root",
           "\"quoted name\": alice", "loop1: loop2", "loop2: loop1", "spam: /dev/null", "list-request: alice"]
# Each keeps the server from its work, within the time that one has.
NO_START = ["define(`confPRIVACY_FLAGS',`novrfy,nosuchflag')", "DAEMON_OPTIONS(`Port=2599, Unknown=x')",
            "LOCAL_CONFIG\nO NoSuchOption=1\n", "DAEMON_OPTIONS(`Port=2599, Family=nosuch')", "LOCAL_CONFIG\nstray text\n",
            "DAEMON_OPTIONS(`Port=nosuchservice')", "LOCAL_CONFIG\nF{Bad}/etc/mail/nosuchfile\n", "LOCAL_RULESETS\nSTest\nR$* $1\n"]


class Config:
    def __init__(self, rng, wanted=()):
        self.rng = rng
        self.wanted = set(wanted)
        self.marks = set()
        self.mc, self.files, self.listeners = [], {}, []
        self.names = words.Names(rng)
        self.six = rng.random() < 0.3 or "client six" in self.wanted
        self.make()

    # ---- choices ----

    def chance(self, p):
        return self.rng.random() < p

    def mark(self, kind, name):
        self.marks.add(f"{kind} {name}")

    def asked(self, kind, name, p=0.0):
        """Whether this word is to be in the configuration, which is noted."""
        if f"{kind} {name}" in self.wanted or self.chance(p):
            self.mark(kind, name)
            return True
        return False

    def define(self, name, value):
        self.mc.append(f"define(`{name}',`{value}')")

    # ---- the parts ----

    def make(self):
        self.pieces = self.choose()
        self.mc += ["VERSIONID(`truth')", "OSTYPE(`linux')"]
        self.identity()
        self.options()
        self.privacy()
        self.auth()
        self.tls()
        self.daemons()
        self.features()
        self.tables()
        if self.asked("other", "no-start", 0.01):
            self.mc.append(self.rng.choice(NO_START))

    def choose(self):
        rng = self.rng
        pool = [p for p in covered.FEATURES if p not in ALONE]
        pool += ["relay-domains", "relay-domains-2", "access", "delay", "blocklist", "trust", "virtuser", "mailertable"] * 4
        # What is wanted goes first: of maps for access there is one only.
        chosen = [p for p in covered.FEATURES if f"feature {p}" in self.wanted] + rng.sample(pool, rng.choice([0, 1, 2, 3, 4, 6, 8]))
        if self.chance(0.02):
            chosen.append(rng.choice(sorted(ALONE)))
        chosen.sort(key=lambda p: (not p.startswith("access"), not p.startswith("delay")))
        return tables.complete(chosen)

    def identity(self):
        if "other fallback-j" in self.wanted:
            self.mark("other", "fallback-j")
        elif self.asked("option", "confDOMAIN_NAME", 0.05) and "domain-name" not in self.pieces:
            self.define("confDOMAIN_NAME", self.rng.choice(covered.OPTIONS["confDOMAIN_NAME"]))
        else:
            self.define("confDOMAIN_NAME", "mail.example.org")
        if self.asked("option", "confDONT_PROBE_INTERFACES", 0.25):
            self.define("confDONT_PROBE_INTERFACES", self.rng.choice(covered.OPTIONS["confDONT_PROBE_INTERFACES"]))
        else:
            self.define("confDONT_PROBE_INTERFACES", "true")
        if not self.asked("other", "default-msa", 0.1):
            self.mc.append("FEATURE(`no_default_msa')")
            self.mark("other", "no-default-msa")

    def options(self):
        for name, values in covered.OPTIONS.items():
            if name not in ("confDOMAIN_NAME", "confDONT_PROBE_INTERFACES", "confTLS_SRV_OPTIONS") and self.asked("option", name, 0.035):
                self.define(name, self.rng.choice(values))

    def privacy(self):
        flags = [flag for flag in covered.PRIVACY if self.asked("privacy", flag, 0.05)]
        if flags:
            self.rng.shuffle(flags)
            self.define("confPRIVACY_FLAGS", self.rng.choice([",", ", ", " "]).join(self.rng.choice([f, f, f.upper()]) for f in flags))
            if self.chance(0.1):
                self.mc.append("define(`confPRIVACY_FLAGS', defn(`confPRIVACY_FLAGS')`,noetrn')")
                self.mark("privacy", "noetrn")

    def auth(self):
        offered = [m for m in covered.MECHANISMS if self.asked("mechanism", m, 0.35)]
        if offered:
            self.rng.shuffle(offered)
            self.define("confAUTH_MECHANISMS", " ".join(m if self.chance(0.9) else m.lower() for m in offered))
        trusted = [m for m in covered.MECHANISMS if self.asked("trust", m, 0.2)]
        if trusted:
            self.mc.append(f"TRUST_AUTH_MECH(`{' '.join(m if self.chance(0.9) else m.lower() for m in trusted)}')")
        letters = [x for x in covered.AUTH_OPTIONS if self.asked("auth-option", x, 0.05)]
        if letters:
            self.define("confAUTH_OPTIONS", self.rng.choice([" ", ",", ", ", ""]).join(letters))

    def tls(self):
        self.has_tls = self.asked("other", "tls", 0.4) or any(x in self.wanted for x in ("other tls-broken", "modifier s", "option confTLS_SRV_OPTIONS"))
        if not self.has_tls:
            return
        self.mark("other", "tls")
        lines = list(TLS)
        self.files.update({name: ["@" + name] for name in CERTIFICATES})
        if self.asked("other", "tls-broken", 0.07):
            way = self.rng.randrange(3)
            if way == 0:
                lines.pop(self.rng.randrange(4))
            elif way == 1:
                del self.files[self.rng.choice(CERTIFICATES)]
            else:
                self.files[self.rng.choice(CERTIFICATES)] = ["junk"]
        self.mc += lines
        if self.asked("option", "confTLS_SRV_OPTIONS", 0.15):
            self.define("confTLS_SRV_OPTIONS", self.rng.choice(covered.OPTIONS["confTLS_SRV_OPTIONS"]))

    # ---- daemons ----

    def daemon(self, name, port):
        keys = [("Port", port)]
        self.mark("key", "Port")
        if self.asked("key", "Name", 0.9):
            keys.append(("Name", name))
        else:
            name = f"Daemon{sum(line.startswith('DAEMON_OPTIONS') for line in self.mc)}"
        family = "inet"
        if self.six and self.chance(0.35) or self.asked("key", "Family", 0.0):
            family = "inet6" if self.six else "inet"
            keys.append(("Family", family))
            self.mark("key", "Family")
        if self.asked("key", "Addr", 0.15):
            keys.append(("Addr", "2001:db8:2::10" if family == "inet6" else self.rng.choice(["192.0.2.10", "192.0.2.10", "127.0.0.1", "mail.example.org"])))
        letters = [x for x in covered.MODIFIERS if x != "s" and self.asked("modifier", x, 0.06)]
        if self.has_tls and self.asked("modifier", "s", 0.15):
            letters.append("s")
        if letters:
            keys.append(("Modifiers", self.rng.choice(["", " "]).join(letters)))
            self.mark("key", "Modifiers")
        for key, value in (("Listen", "5"), ("SndBufSize", "8192"), ("RcvBufSize", "8192"), ("DeliveryMode", self.rng.choice(["q", "d"])),
                           ("delayLA", "500"), ("queueLA", "500"), ("refuseLA", "900"), ("children", "40")):
            if self.asked("key", key, 0.03):
                keys.append((key, value))
        return name, "s" in letters, family, keys

    def daemons(self):
        rng = self.rng
        ports = [("MTA", rng.choice(["25", "smtp", "25"])), ("MSA", rng.choice(["587", "submission"])), ("TLSMTA", "465"), ("Other", "2525")]
        chosen = ports[:1] + [p for p in ports[1:] if self.chance(0.35)]
        if "other default-msa" in self.marks and "no-msa" not in self.pieces:
            self.listeners.append(("MSA", False, "inet"))
            chosen = [p for p in chosen if p[0] != "MSA"]
        if self.chance(0.08) and "modifier s" not in self.wanted:
            self.listeners.append(("MTA", False, "inet"))
            return
        for name, port in chosen:
            name, implicit, family, keys = self.daemon(name, port)
            spell = str.lower if self.asked("key", "lower", 0.1) else str
            self.rng.shuffle(keys)
            text = rng.choice([", ", ","]).join(f"{spell(k) if k not in ('DeliveryMode',) else k}{rng.choice(['=', '=', ' = '])}{v}" for k, v in keys)
            if any(k == "Addr" for k, _ in keys) and "127.0.0.1" in text:
                family = "loop"
            self.mc.append(f"DAEMON_OPTIONS(`{text}')")
            self.listeners.append((name, implicit, family))

    # ---- features and tables ----

    def features(self):
        hand, mailers = [], []
        if "nullclient" not in self.pieces and "cw-file" not in self.pieces:
            if self.asked("other", "local-host-names", 0.2):
                self.mc.append("FEATURE(`use_cw_file')")
            else:
                self.mc.append("LOCAL_DOMAIN(`example.org own.example')")
        for piece in self.pieces:
            self.mark("feature", piece)
            if piece.startswith("hand:"):
                hand.append(features.HAND[piece[5:]])
            elif piece.startswith("mailer:"):
                mailers.append(features.MAILERS[piece[7:]])
            elif piece in features.ACCESS:
                self.mc.append(features.ACCESS[piece])
            elif piece in features.PIECES:
                self.mc.append(features.PIECES[piece][0])
        if "nullclient" in self.pieces:
            self.mc.append("FEATURE(`nullclient', `hub.example.net')")
        else:
            self.mc += ["MAILER(`local')", "MAILER(`smtp')", *mailers]
        self.mc += hand

    def tables(self):
        texts = tables.of(self.rng, self.names, self.pieces)
        if not self.asked("other", "relay-domains", 0.4):
            texts["relay-domains"] = ""
        if "relay-domains" in self.pieces or "relay-domains-2" in self.pieces or texts["relay-domains"]:
            self.mark("other", "relay-domains")
        texts["access"] = "".join(self.entry(line) for line in texts["access"].splitlines(True))
        for name, text in texts.items():
            self.files[name] = text.splitlines()
            if any(name.startswith(p.split("-")[0]) or p.startswith(name[:6]) for p in self.pieces):
                self.names.learn(text)
        self.files["service.switch"] = ["hosts dns files", "aliases files"]
        self.files["aliases"] = self.rng.sample(ALIASES, self.rng.randrange(len(ALIASES) + 1))
        self.files["more"] = ["more: alice"]
        self.files["list"] = ["alice"]

    def entry(self, line):
        """Entries that count a client's sessions are such as the next session cannot exceed."""
        key, tab, value = line.partition("\t")
        if key.lower().startswith(("clientrate:", "clientconn:")) and value.strip() not in RATES:
            value = self.rng.choice(RATES) + "\n"
        if key.lower().startswith("greetpause:") and value.strip() not in ("0", "x"):
            value = "0\n"
        return key + tab + value

    def facts(self):
        """What the host and DNS are."""
        own = ["192.0.2.10/24", "127.0.0.1/8"] + (["2001:db8:2::10/64"] if self.six else [])
        dns = dict(words.DNS, **covered.DNS)
        if self.chance(0.2):
            for key in self.rng.sample(sorted(k for k in dns if k.split()[1] in ("example.com", "relay.example.net", "relayed.example", "own.example")), 2):
                dns[key] = self.rng.choice(["none", "tempfail"])
        mechanisms = [m for m in ["EXTERNAL", "DIGEST-MD5", "CRAM-MD5", "PLAIN", "LOGIN", "ANONYMOUS"] if not self.chance(0.12)]
        return {"hostname": "mail.example.org", "addresses": own, "version": "8.17.1.9", "distribution": "debian", "local_users": USERS,
                "config_complete": True, "dns_complete": True, "dns": dns, "sasl": {"mechanisms": mechanisms, "users": LOGINS}}
