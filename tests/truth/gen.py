"""Random Postfix configurations with facts, and dialogues to try them with.

A case is plain data, so that it can be saved, shrunk and replayed:
main    [[name, value]]; a value is a string, or a list of items
master  [{"head": [name, type, private, unpriv, chroot, wakeup, max, command], "args": [...]}]
files   {name below the configuration's folder: [line]}
facts, dialogues: as the simulator takes them
"""

import base64
import random

import inventory

CONF = "/etc/postfix/"
HOST = "mail.example.org"
USERS = ["root", "alice", "bob", "nobody", "postfix"]
LOGINS = {"alice": "secret", "bob": "hunter2"}
LOCALS = ["local.test", HOST, "localhost"]
REMOTE = ["remote.test", "other.example", "nosuch.example", "tempfail.example", "null.example",
          "addronly.example", "mxonly.example", "backup.test", "bad.example", "alias.example"]
CLIENTS = ["203.0.113.5", "203.0.113.6", "203.0.113.7", "203.0.113.8", "203.0.113.9",
           "198.51.100.7", "10.1.2.3", "127.0.0.1", "192.0.2.10", "192.0.2.77",
           "2001:db8:113::5", "2001:db8:2::77"]

DNS = {
    "ptr 203.0.113.5": "good.example", "address good.example": ["203.0.113.5"],
    "mx good.example": ["10 mx.remote.test"], "ns good.example": ["ns1.good.example"],
    "address ns1.good.example": ["198.51.100.53"],
    "ptr 203.0.113.7": "forged.example", "address forged.example": ["192.0.2.99"],
    "ptr 203.0.113.8": "tempfail",
    "ptr 203.0.113.9": "host.sub.trusted.example",
    "address host.sub.trusted.example": ["203.0.113.9"],
    "ptr 198.51.100.7": "client.partner.example",
    "address client.partner.example": ["198.51.100.7"],
    "ptr 2001:db8:113::5": "six.example", "address six.example": ["2001:db8:113::5"],
    "list 203.0.113.9 bl.example": ["127.0.0.2"], "txt 9.113.0.203.bl.example": ["listed"],
    "list 203.0.113.6 bl.example": ["127.0.0.10"], "list 203.0.113.5 wl.example": ["127.0.0.1"],
    "list 203.0.113.7 wl.example": "tempfail",
    "list bad.example rhs.example": ["127.0.0.2"], "list good.example rhs.example": ["127.0.0.3"],
    "list host.sub.trusted.example rhswl.example": ["127.0.0.4"],
    "mx remote.test": ["10 mx.remote.test"], "address mx.remote.test": ["198.51.100.25"],
    "ns remote.test": ["ns.remote.test"], "address ns.remote.test": ["198.51.100.54"],
    "address other.example": ["198.51.100.80"], "ns other.example": ["ns.remote.test"],
    "address tempfail.example": "tempfail", "mx tempfail.example": "tempfail",
    "ns tempfail.example": "tempfail", "mx null.example": ["."],
    "address addronly.example": ["198.51.100.81", "2001:db8:81::1"],
    "mx mxonly.example": ["10 mx.remote.test", "20 addronly.example"],
    "mx backup.test": ["10 mx.remote.test", "20 mail.example.org"],
    "mx primary.test": ["10 mail.example.org"],
    "address bad.example": ["198.51.100.66"], "mx bad.example": ["10 bad.example"],
    "cname alias.example": "other.example",
    "address probe.example.net": ["203.0.113.5"], "address relay.test": ["198.51.100.90"],
}

HELOS = ["probe.example.net", "good.example", "localhost", "nodot", "[203.0.113.5]", "203.0.113.5",
         "[IPv6:2001:db8::1]", "[999.1.1.1]", "under_score.example", "bad..example", "-x.example",
         "two words", "nosuch.example", "tempfail.example", "mail.example.org", "a<b>.example",
         "trailing.example.", "mxonly.example", "bad.example", "123", "x", "host.sub.trusted.example",
         "UPPER.Example"]


def b64(text):
    return base64.b64encode(text.encode()).decode()


class Gen:
    def __init__(self, seed, index):
        self.r = random.Random(f"truth {seed} {index}")
        self.files = {}
        self.main = []
        self.classes = {}
        self.marks = set()
        self.serial = 0

    # ---- choices ----------------------------------------------------------------------------

    def chance(self, p):
        return self.r.random() < p

    def pick(self, *items):
        return self.r.choice(items)

    def some(self, items, least, most):
        k = min(len(items), self.r.randint(least, most))
        return self.r.sample(list(items), k)

    def mark(self, kind, name):
        self.marks.add(f"{kind} {name}")

    def set(self, name, value):
        self.main.append([name, value])

    def yesno(self, name, p=0.15):
        if self.chance(p):
            self.set(name, self.pick("yes", "no", "yes", "no", "Yes"))

    # ---- tables -----------------------------------------------------------------------------

    def file(self, lines, suffix=""):
        self.serial += 1
        name = f"t{self.serial}{suffix}"
        self.files[name] = lines
        return CONF + name

    def escape(self, key):
        out = ""
        for c in key:
            out += c if c.isalnum() or c in "@_-% " else "\\" + c
        return out

    def pattern_lines(self, entries, kind):
        lines = []
        for key, value in entries:
            if self.chance(0.1):
                lines.append("# comment")
            if self.chance(0.08):
                lines += [f"if /{self.pick('e', '@', '.', 'test')}/",
                          f"/^{self.escape(key)}$/ {value}", "endif"]
            elif self.chance(0.05):
                lines += ["if !/zzz/", f"/{self.escape(key)}/ {value}", "endif"]
            elif self.chance(0.05):
                lines.append(f"!/{self.escape(key)}/ {value}")
            elif self.chance(0.08):
                lines.append(f"/^({self.escape(key)})$/ {self.pick('REJECT', '550 5.7.1')} $1 x")
            elif self.chance(0.3):
                lines.append(f"/{self.escape(key)}/{self.pick('', 'i', '', 'x' if kind == 'pcre' else '')} {value}")
            else:
                lines.append(f"/^{self.escape(key)}$/ {value}")
        if self.chance(0.03):
            lines.insert(0, self.pick("/unclosed REJECT", "/(/ REJECT", "nonsense", "/x/"))
        return lines

    def cidr_lines(self, entries):
        lines = []
        for key, value in entries:
            if key[:1].isdigit() or ":" in key:
                net = key if "." in key and key.count(".") == 3 or ":" in key else key + ".0" * (
                    3 - key.count(".")) + "/" + str(8 * (key.count(".") + 1))
                lines.append(f"{net} {value}")
        lines.append(f"{self.pick('0.0.0.0/0', '203.0.113.0/24', '10.0.0.0/8', '2001:db8::/32', '198.51.100.0/24')} "
                     f"{entries[0][1] if entries else 'DUNNO'}")
        if self.chance(0.1):
            lines = ["if 203.0.113.0/24"] + lines[:1] + ["endif"] + lines[1:]
        if self.chance(0.06):
            lines.insert(0, f"!198.51.100.0/24 {self.pick('DUNNO', 'REJECT')}")
        if self.chance(0.04):
            lines.insert(0, self.pick("203.0.113.1/24 REJECT", "garbage REJECT", "1.2.3.4"))
        return lines

    def inline(self, entries):
        parts = []
        for key, value in entries:
            if any(c in key + value for c in " ,\t{}"):
                if "{" in key + value or "}" in key + value:
                    continue
                parts.append("{ %s = %s }" % (key, value))
            else:
                parts.append(f"{key}={value}")
        if not parts:
            parts = ["zz=DUNNO"]
        return "inline:{" + self.pick(", ", " ", ",").join(parts) + "}"

    def indexed_lines(self, entries):
        lines = []
        seen = set()
        for key, value in entries:
            if key.lower() in seen or not key or not value:
                continue
            seen.add(key.lower())
            if any(c in key for c in ' \t"'):
                key = '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
            if self.chance(0.06):
                lines.append("# a comment")
            if self.chance(0.06) and " " in value:
                head, tail = value.split(" ", 1)
                lines += [f"{key}  {head}", f"    {tail}"]
            else:
                lines.append(f"{key}{self.pick(' ', chr(9), '   ')}{value}")
        return lines

    def table(self, entries, kinds=None, aliases=False):
        """A table with these entries; returns type:name."""
        kinds = kinds or ["hash"] * 5 + ["texthash"] * 3 + ["inline"] * 4 + [
            "regexp", "regexp", "pcre", "pcre", "btree", "lmdb", "cdb", "unionmap", "pipemap",
            "proxy", "static", "randmap"] + ["cidr"] * 2
        if self.chance(0.03):
            kinds = ["fail", "missing", "unknown"]
        kind = self.r.choice(kinds)
        self.mark("table", kind)
        if kind in ("hash", "btree", "lmdb", "cdb", "texthash"):
            return f"{kind}:" + self.file(self.indexed_lines(entries))
        if kind == "proxy":
            return self.pick("proxy:hash:", "proxy:texthash:") + self.file(self.indexed_lines(entries))
        if kind in ("regexp", "pcre"):
            if self.chance(0.15):
                # No "$": proxy_read_maps repeats the value, and expands it once more.
                parts = ["{%s}" % line.replace("$", "") for line in self.pattern_lines(entries, kind)
                         if "{" not in line and "}" not in line and not line.startswith("#")]
                if parts:
                    return f"{kind}:{{" + " ".join(parts) + "}"
            return f"{kind}:" + self.file(self.pattern_lines(entries, kind))
        if kind == "cidr":
            return "cidr:" + self.file(self.cidr_lines(entries))
        if kind == "inline":
            return self.inline(entries)
        if kind == "static":
            value = entries[0][1] if entries else "DUNNO"
            return "static:{" + value + "}" if " " in value or self.chance(0.3) else f"static:{value}"
        if kind in ("unionmap", "randmap"):
            half = max(1, len(entries) // 2)
            one = self.table(entries[:half], ["texthash", "inline", "hash"])
            if kind == "randmap":
                return "randmap:{" + entries[0][1].replace(",", "").replace(" ", "") + "}"
            two = self.table(entries[half:], ["texthash", "inline", "hash"])
            return f"unionmap:{{{self.brace(one)},{self.brace(two)}}}"
        if kind == "pipemap":
            mid = [(k, f"k{i}") for i, (k, _) in enumerate(entries)]
            end = [(f"k{i}", v) for i, (_, v) in enumerate(entries)]
            one = self.table(mid, ["texthash", "inline", "hash"])
            two = self.table(end, ["texthash", "inline"])
            return f"pipemap:{{{self.brace(one)},{self.brace(two)}}}"
        if kind == "fail":
            return "fail:trouble"
        if kind == "missing":
            return self.pick("hash:", "texthash:", "cidr:", "pcre:", "regexp:") + CONF + "absent"
        return self.pick("nosuchtype:", "dbm:", "ldap:") + CONF + "absent"

    @staticmethod
    def brace(spec):
        return spec

    # ---- access tables ----------------------------------------------------------------------

    def action(self, depth=0):
        """The value of an access table, marked.  No status code stands at its end: there Postfix
        reads the text from what happens to lie behind the value in memory."""
        kind = self.r.choice(
            ["DUNNO"] * 3 + ["OK"] * 3 + ["REJECT"] * 4 + ["5NN"] * 3 + ["4NN"] * 3 +
            ["DEFER", "RELAY", "digits", "DEFER_IF_PERMIT", "DEFER_IF_REJECT", "DISCARD",
             "HOLD", "FILTER", "REDIRECT", "BCC", "PREPEND", "INFO", "WARN", "HANGUP", "colon",
             "restrictions", "restrictions", "restrictions"])
        self.mark("action", kind)
        dsn = self.pick("5.7.1 ", "4.1.8 ", "5.1.1 ", "5.1.2 ", "2.1.5 ", "5.1.7 ", "5.2.1 ",
                        "4.1.3 ", "3.1.1 ", "5.1 ", "5.1.1234 ", "", "", "")
        text = self.pick("go away", "No such thing.", "x", "mail us at https://x.example/")
        case = self.pick(str, str, str.lower, str.title)
        if kind in ("DUNNO", "OK", "RELAY"):
            return case(kind) + self.pick("", "", " trailing words")
        if kind == "digits":
            return self.pick("554", "1", "450", "12345")
        if kind == "REJECT":
            return case("REJECT") + self.pick("", f" {dsn}{text}", f" {text}")
        if kind == "DEFER":
            return case("DEFER") + self.pick("", f" {dsn}{text}", f" {text}")
        if kind == "4NN":
            return f"{self.pick('450', '451', '421', '499', '400')} {dsn}{text}" \
                if self.chance(0.9) else "450-x y"
        if kind == "5NN":
            return f"{self.pick('550', '554', '521', '500', '599')} {dsn}{text}" \
                if self.chance(0.9) else "5500 x"
        if kind in ("DEFER_IF_PERMIT", "DEFER_IF_REJECT"):
            return kind + self.pick("", f" {dsn}{text}")
        if kind == "DISCARD":
            return "DISCARD" + self.pick("", " quietly")
        if kind in ("HOLD", "INFO", "WARN", "HANGUP"):
            return case(kind) + self.pick("", " words")
        if kind == "FILTER":
            return self.pick("FILTER smtp:[127.0.0.1]:10025", "FILTER nothing")
        if kind == "REDIRECT":
            return self.pick("REDIRECT bob@local.test", "REDIRECT bob")
        if kind == "BCC":
            return "BCC bob@local.test"
        if kind == "PREPEND":
            return "PREPEND X-Test: yes"
        if kind == "colon":
            return self.pick("hash:/etc/postfix/x", "foo:bar", "check_sender_access hash:/x")
        return " ".join(self.restriction("any", depth + 1) for _ in range(self.r.randint(1, 2)))

    def keys(self, what):
        """Keys that a lookup for this object could find, and some that it could not."""
        name = ["good.example", "example", "sub.trusted.example", "trusted.example", ".trusted.example",
                ".example", "unknown", "localhost", "client.partner.example", "partner.example"]
        address = ["203.0.113.5", "203.0.113", "203.0", "203", "198.51.100", "127.0.0.1", "192.0.2.10",
                   "2001:db8:113::5", "2001:db8:113", "2001:db8", "10.1"]
        mail = ["a@remote.test", "alice@local.test", "bob@local.test", "u@relay.test", "local.test",
                "remote.test", "test", "relay.test", ".relay.test", "sub.relay.test", "alice@", "bob@",
                "x@", "a@", "postmaster@", "alice+ext@local.test", "alice+ext@", "info@valias.test",
                "valias.test", "vbox.test", "nosuch.example", "bad.example", "other.example",
                "mail.example.org", "example.org", "u%remote.test@local.test"]
        helo = ["probe.example.net", "example.net", "net", ".example.net", "localhost", "nodot",
                "good.example", "example", "203.0.113.5", "203.0.113", "[203.0.113.5]", "bad.example",
                "mail.example.org"]
        if what == "client":
            return name + address * 2
        if what == "sender":
            return mail + ["<>", "<>"]
        if what == "recipient":
            return mail
        if what == "helo":
            return helo
        if what == "etrn":
            return ["relay.test", "local.test", "test", "remote.test", "203.0.113.5", "[203.0.113.5]"]
        if what == "server":
            return ["mx.remote.test", "remote.test", "ns.remote.test", "198.51.100.25", "198.51.100",
                    "good.example", "203.0.113.5", "203", "addronly.example", "ns1.good.example",
                    "198.51.100.53", "203.0.113"]
        if what == "sasl":
            return ["alice", "bob", "alice@mail.example.org", "Alice"]
        return name + address + mail + helo

    def access(self, what, depth=0):
        keys = self.some(self.keys(what), 1, 4)
        entries = [(k, self.action(depth)) for k in keys]
        kinds = None
        if depth > 0:
            kinds = ["texthash", "hash", "static"]
        return self.table(entries, kinds)

    # ---- restrictions -----------------------------------------------------------------------

    PLAIN = {
        "any": """permit reject defer defer_if_permit defer_if_reject reject_plaintext_session
            reject_unauth_pipelining reject_multi_recipient_bounce""".split(),
        "client": """permit_mynetworks permit_mynetworks permit_inet_interfaces
            permit_sasl_authenticated permit_tls_clientcerts permit_tls_all_clientcerts
            reject_unknown_client_hostname reject_unknown_client
            reject_unknown_reverse_client_hostname reject_maps_rbl""".split(),
        "helo": """reject_invalid_helo_hostname reject_invalid_hostname
            reject_non_fqdn_helo_hostname reject_non_fqdn_hostname reject_unknown_helo_hostname
            reject_unknown_hostname permit_naked_ip_address""".split(),
        "sender": """reject_unknown_sender_domain reject_unknown_address reject_non_fqdn_sender
            reject_unlisted_sender reject_authenticated_sender_login_mismatch
            reject_known_sender_login_mismatch reject_unauthenticated_sender_login_mismatch
            reject_sender_login_mismatch""".split(),
        "recipient": """permit_auth_destination reject_unauth_destination
            reject_unauth_destination defer_unauth_destination check_relay_domains
            permit_mx_backup reject_unknown_recipient_domain reject_non_fqdn_recipient
            reject_unlisted_recipient check_recipient_maps""".split(),
    }
    ACCESS = {
        "client": ["check_client_access"] * 4 + ["check_reverse_client_hostname_access"],
        "client-server": """check_client_ns_access check_client_mx_access check_client_a_access
            check_reverse_client_hostname_ns_access check_reverse_client_hostname_mx_access
            check_reverse_client_hostname_a_access""".split(),
        "helo": ["check_helo_access"],
        "helo-server": "check_helo_ns_access check_helo_mx_access check_helo_a_access".split(),
        "sender": ["check_sender_access"],
        "sender-server":
            "check_sender_ns_access check_sender_mx_access check_sender_a_access".split(),
        "recipient": ["check_recipient_access"],
        "recipient-server":
            "check_recipient_ns_access check_recipient_mx_access check_recipient_a_access".split(),
        "sasl": ["check_sasl_access"],
        "ccert": ["check_ccert_access"],
        "etrn": ["check_etrn_access"],
    }
    RBL = {
        "client": ["reject_rbl_client bl.example", "reject_rbl_client bl.example=127.0.0.2",
                   "reject_rbl_client bl.example=127.0.0.[2..9]", "reject_rbl bl.example",
                   "reject_rhsbl_client rhs.example", "reject_rhsbl_reverse_client rhs.example",
                   "permit_dnswl_client wl.example", "permit_rhswl_client rhswl.example",
                   "reject_rbl_client nosuch.example", "reject_rbl_client"],
        "helo": ["reject_rhsbl_helo rhs.example"],
        "sender": ["reject_rhsbl_sender rhs.example"],
        "recipient": ["reject_rhsbl_recipient rhs.example"],
    }

    def restriction(self, topic, depth=0):
        """One item of a restriction list, with its arguments."""
        if topic == "any":
            topic = self.pick("client", "client", "helo", "sender", "sender", "recipient",
                              "recipient", "any")
        roll = self.r.random()
        if roll < 0.07 and topic != "any":
            word = self.pick(*self.RBL.get(topic, self.RBL["client"]))
            self.mark("keyword", word.split()[0])
            return word
        if roll < 0.42 and topic in self.ACCESS and depth < 3:
            return self.check(topic, depth)
        if roll < 0.47:
            extra = self.pick("sleep 0", "sleep x" if self.chance(0.3) else "sleep 0", "warn_if_reject", "policy", "class", "nonsense" if self.chance(0.4) else "class",
                              "sasl", "ccert", "etrn", "bare", "bare", "warn_if_reject", "class",
                              "warn_if_reject", "policy", "sleep 0")
            return self.special(extra, topic, depth)
        words = self.PLAIN[topic] if self.chance(0.9) else self.PLAIN["any"]
        word = self.r.choice(words)
        self.mark("keyword", word)
        return word if self.chance(0.95) else word.upper()

    def check(self, topic, depth):
        what = topic
        if self.chance(0.25) and topic + "-server" in self.ACCESS:
            topic += "-server"
            what = "server"
        word = self.r.choice(self.ACCESS[topic])
        self.mark("keyword", word)
        if self.chance(0.01):
            return word
        return f"{word} {self.access(what, depth)}"

    def special(self, extra, topic, depth):
        if extra.startswith("sleep"):
            self.mark("keyword", "sleep")
            return extra
        if extra == "warn_if_reject":
            self.mark("keyword", "warn_if_reject")
            return "warn_if_reject " + self.restriction(topic, depth)
        if extra == "policy":
            self.mark("keyword", "check_policy_service")
            return "check_policy_service " + self.pick("unix:private/policy", "unix:private/policy",
                                                       "{ unix:private/policy, timeout=5s }",
                                                       "private/policy" if self.chance(0.03)
                                                       else "unix:private/policy")
        if extra == "class" and depth < 2:
            name = self.pick("class_a", "class_b", "Class_C")
            if name not in self.classes:
                self.classes[name] = None
                self.classes[name] = [self.restriction(topic, depth + 1)
                                      for _ in range(self.r.randint(1, 3))]
            return name
        if extra == "nonsense":
            return self.pick("no_such_restriction", "#comment", "reject_unath_destination",
                             "permit_mynetwork")
        if extra == "bare" and depth < 3:
            return self.access(topic, depth)
        if extra in self.ACCESS and depth < 3:
            word = self.ACCESS[extra][0]
            self.mark("keyword", word)
            return f"{word} {self.access(extra, depth)}"
        return "permit_mynetworks"

    def restrictions(self, topic, least=0, most=4):
        topics = {"client": ["client"] * 3 + ["any"], "helo": ["helo"] * 2 + ["client", "any"],
                  "sender": ["sender"] * 3 + ["client", "any"], "data": ["any", "recipient", "sender"],
                  "recipient": ["recipient"] * 3 + ["client", "sender", "helo", "any"],
                  "etrn": ["client", "etrn", "any"]}[topic]
        items = []
        for _ in range(self.r.randint(least, most)):
            t = self.r.choice(topics)
            items.append(self.special("etrn", t, 0) if t == "etrn" else self.restriction(t))
        return items

    def restriction_settings(self):
        lists = {"smtpd_client_restrictions": "client", "smtpd_helo_restrictions": "helo",
                 "smtpd_sender_restrictions": "sender"}
        for name, topic in lists.items():
            if self.chance(0.4):
                self.set(name, self.restrictions(topic, 1, 3))
        shape = self.r.random()
        if shape < 0.35:
            pass
        elif shape < 0.6:
            self.set("smtpd_relay_restrictions", self.guarded(1))
        elif shape < 0.7:
            self.set("smtpd_relay_restrictions", self.restrictions("recipient", 0, 3))
        if self.chance(0.65):
            self.set("smtpd_recipient_restrictions", self.guarded(0) if self.chance(0.7)
                     else self.restrictions("recipient", 1, 4))
        self.require()
        if self.chance(0.15):
            self.set("smtpd_data_restrictions", self.restrictions("data", 1, 2))
        if self.chance(0.08):
            self.set("smtpd_end_of_data_restrictions", self.restrictions("data", 1, 2))
        if self.chance(0.12):
            self.set("smtpd_etrn_restrictions", self.restrictions("etrn", 1, 2))
        if self.classes or self.chance(0.05):
            names = sorted(self.classes) or ["unused_class"]
            if self.chance(0.97):
                self.set("smtpd_restriction_classes", names)
            for name in names:
                self.set(name, self.classes.get(name) or ["permit_mynetworks"])

    def require(self):
        """Most configurations hold one of the words without which smtpd does not start."""
        values = dict((n, v) for n, v in self.main)
        words = set()
        for name in ("smtpd_relay_restrictions", "smtpd_recipient_restrictions"):
            for item in values.get(name) or []:
                if item == "permit":
                    break
                words.add(item.lower())
        guards = {"reject_unauth_destination", "defer_unauth_destination", "reject", "defer",
                  "defer_if_permit", "check_relay_domains"}
        old = values.get("compatibility_level", "0") == "0"
        if words & guards or ("smtpd_relay_restrictions" not in values and not old):
            return
        if self.chance(0.06):
            return
        name = "smtpd_relay_restrictions" if "smtpd_relay_restrictions" in values or self.chance(0.5) \
            else "smtpd_recipient_restrictions"
        for entry in self.main:
            if entry[0] == name:
                entry[1] = ["defer_unauth_destination"] + list(entry[1])
                return
        self.set(name, ["reject_unauth_destination"])

    def guarded(self, least):
        """A list with a rejecting word somewhere."""
        items = self.restrictions("recipient", least, 3)
        guard = self.pick("reject_unauth_destination", "defer_unauth_destination",
                          "reject_unauth_destination", "reject")
        self.mark("keyword", guard)
        usual = self.some(["permit_mynetworks", "permit_sasl_authenticated"], 0, 2)
        for word in usual:
            self.mark("keyword", word)
        at = self.r.randint(0, len(items))
        return usual + items[:at] + [guard] + items[at:]

    # ---- other settings ---------------------------------------------------------------------

    def identity(self):
        r = self.r.random()
        if r < 0.9:
            self.set("compatibility_level", self.pick("3.6", "3.6", "3.6", "3.6", "2", "1", "0", "3.7",
                                                      "99", "3.5"))
        if self.chance(0.4):
            self.set("myhostname", self.pick("mx.local.test", HOST, "mx", "mail.example.org"))
        if self.chance(0.2):
            self.set("mydomain", self.pick("local.test", "example.org"))
        if self.chance(0.3):
            self.set("myorigin", self.pick("$mydomain", "/etc/mailname", "local.test", "remote.test",
                                           "$myhostname"))
        if self.chance(0.1):
            self.set("mail_name", "Postfix (Test)")
        if self.chance(0.15):
            self.set("smtpd_banner", self.pick("$myhostname ESMTP", "$myhostname ESMTP $mail_name (Debian/GNU)",
                                               "${mydomain} NO UCE ESMTP", "x$$y",
                                               "$myhostname ESMTP ${{$compatibility_level} >=level {3.6}?{new}:{old}}"))

    def domains(self):
        r = self.r.random()
        if r < 0.75:
            items = ["$myhostname", "localhost.$mydomain", "localhost", "local.test"]
            if self.chance(0.08):
                items.insert(self.r.randint(0, 4), self.pick("!localhost", "!local.test"))
            if self.chance(0.08):
                items.append(CONF + "dest_domains")
                self.files["dest_domains"] = ["# domains", "filed.test", "other.example"]
            if self.chance(0.08):
                items.append(self.table([("tabled.test", "x"), ("local.test", "x")],
                                        ["hash", "texthash", "inline"]))
            if self.chance(0.05):
                items.append(self.pick("#gone", "$mydomain", "[198.51.100.1]", ".local.test"))
            self.set("mydestination", items)
        elif r < 0.8:
            self.set("mydestination", "")
        if self.chance(0.7):
            items = ["relay.test"]
            if self.chance(0.1):
                items.append(self.pick("backup.test", ".dotted.test", "!sub.relay.test", "$mydestination"))
            if self.chance(0.15):
                items = [self.table([("relay.test", "x"), (".dotted.test", "x")], ["hash", "texthash", "regexp"])]
            self.set("relay_domains", items)
        if self.chance(0.12):
            self.set("parent_domain_matches_subdomains",
                     self.pick([], ["relay_domains"], ["smtpd_access_maps"], ["mynetworks", "relay_domains"]))
        if self.chance(0.4):
            if self.chance(0.7):
                self.set("virtual_alias_domains", ["valias.test"])
            entries = [("info@valias.test", "alice@local.test"), ("valias.test", "x"),
                       ("alice@local.test", "bob")]
            if self.chance(0.15):
                entries.append(("@valias.test", "bob@local.test"))
            self.set("virtual_alias_maps", [self.table(entries, ["hash", "texthash", "inline", "regexp", "pcre", "lmdb"])])
        if self.chance(0.3):
            self.set("virtual_mailbox_domains", self.pick(["vbox.test"], ["vbox.test", "!x.test"]))
            if self.chance(0.8):
                entries = [("box@vbox.test", "vbox/box/"), ("vbox.test", "x")]
                if self.chance(0.15):
                    entries.append(("@vbox.test", "catchall"))
                self.set("virtual_mailbox_maps", [self.table(entries, ["hash", "texthash", "inline", "pcre"])])
        if self.chance(0.3):
            self.set("relay_recipient_maps",
                     [self.table([("u@relay.test", "x"), ("@sub.relay.test", "x")],
                                 ["hash", "texthash", "inline", "regexp", "lmdb"])])
        self.validation()

    def validation(self):
        r = self.r.random()
        if r < 0.15:
            self.set("local_recipient_maps", "")
        elif r < 0.35:
            self.set("local_recipient_maps", ["proxy:unix:passwd.byname", "$alias_maps"])
        elif r < 0.45:
            self.set("local_recipient_maps",
                     [self.table([("alice", "x"), ("bob@local.test", "x"), ("@filed.test", "x")],
                                 ["hash", "texthash", "inline"])])
        self.files["aliases"] = ["postmaster: root", "team: alice, bob", "Upper: bob"]
        self.set("alias_maps", self.pick(f"hash:{CONF}aliases", f"hash:{CONF}aliases",
                                         f"lmdb:{CONF}aliases", ""))
        if self.chance(0.35):
            self.set("recipient_delimiter", self.pick("+", "+", "-", "+-"))
        for name, p in (("canonical_maps", 0.07), ("recipient_canonical_maps", 0.06),
                        ("sender_canonical_maps", 0.06)):
            if self.chance(p):
                self.set(name, [self.table([("nosuch@local.test", "alice@local.test"),
                                            ("x@relay.test", "y@relay.test")], ["hash", "texthash", "inline"])])
        if self.chance(0.1):
            self.set("relocated_maps", [self.table([("moved@local.test", "new@remote.test"),
                                                    ("bob@local.test", "away")], ["hash", "texthash", "inline"])])
        if self.chance(0.15):
            self.set("transport_maps", [self.table(
                [("relay.test", "smtp:[198.51.100.1]"), (".remote.test", "error:5.1.2 no such subdomain"),
                 ("other.example", "error:mail to this domain is refused"),
                 ("bob@local.test", "retry:4.2.1 later please"),
                 ("alice@local.test", "error:5.2.1 mailbox disabled")],
                ["hash", "texthash", "inline"])])
        if self.chance(0.05):
            self.set("relayhost", "[198.51.100.99]")
        if self.chance(0.04):
            self.set("default_transport", self.pick("error:no outside mail", "smtp", "retry:not now"))
        for name in ("smtpd_reject_unlisted_recipient", "smtpd_reject_unlisted_sender",
                     "show_user_unknown_table_name"):
            self.yesno(name, 0.2)
        if self.chance(0.06):
            self.set("receive_override_options", self.pick("no_unknown_recipient_checks",
                                                           "no_address_mappings"))

    def addresses(self):
        for name in ("append_at_myorigin", "swap_bangpath", "allow_percent_hack",
                     "resolve_dequoted_address"):
            if self.chance(0.1):
                self.set(name, self.pick("no", "no", "yes"))
        for name in ("append_dot_mydomain", "resolve_null_domain", "resolve_numeric_domain",
                     "allow_min_user", "allow_untrusted_routing", "strict_rfc821_envelopes"):
            self.yesno(name, 0.12)
        if self.chance(0.06):
            self.set("double_bounce_sender", self.pick("dbl", "double-bounce"))
        if self.chance(0.06):
            self.set("address_verify_sender", self.pick("", "<>", "postmaster", "probe@remote.test"))
        if self.chance(0.1):
            self.set("smtputf8_enable", self.pick("no", "yes"))
        self.yesno("strict_smtputf8", 0.06)

    def networks(self):
        r = self.r.random()
        if r < 0.6:
            items = ["127.0.0.0/8", "[::1]/128"]
            extra = ["198.51.100.0/24", "10.0.0.0/8", "203.0.113.5", "good.example", "!198.51.100.7",
                     "[2001:db8:113::]/48", "[2001:db8:2::77]", "$relay_domains", ".trusted.example",
                     "trusted.example"]
            items += self.some(extra, 0, 3)
            if self.chance(0.1):
                self.files["nets"] = ["# nets", "198.51.100.0/24", "203.0.113.9"]
                items.insert(self.r.randint(0, len(items)), self.pick("", "!") + CONF + "nets")
            if self.chance(0.12):
                items.append(self.table([("203.0.113.6", "x"), ("good.example", "x"), ("trusted.example", "x")],
                                        ["hash", "texthash", "cidr", "inline"]))
            if self.chance(0.05):
                items.append(self.pick("192.0.2.1/24", "10.0.0.0/99", "2001:db8::/32", "1.2.3", "host_name",
                                       "!" if self.chance(0.1) else "10.1.2.0/24"))
            self.set("mynetworks", items)
        if self.chance(0.2):
            self.set("mynetworks_style", self.pick("host", "subnet", "class"))
        if self.chance(0.1):
            self.set("inet_interfaces", self.pick("all", ["192.0.2.10", "127.0.0.1"], ["192.0.2.10", "127.0.0.1"],
                                                 "loopback-only" if self.chance(0.2) else "all"))
        if self.chance(0.07):
            self.set("proxy_interfaces", self.pick("198.51.100.2", ["198.51.100.2", "203.0.113.77"]))
        if self.chance(0.12):
            self.set("inet_protocols", self.pick("ipv4", "ipv4", "all", "ipv6" if self.chance(0.3) else "ipv4"))
        if self.chance(0.1):
            self.set("smtpd_peername_lookup", "no")
        if self.chance(0.1):
            self.set("permit_mx_backup_networks", self.pick("198.51.100.0/24", "10.0.0.0/8"))
        if self.chance(0.1):
            self.set("fast_flush_domains", self.pick("", "relay.test", "$relay_domains"))

    def codes(self):
        names = """reject_code defer_code plaintext_reject_code unknown_client_reject_code
            invalid_hostname_reject_code unknown_hostname_reject_code non_fqdn_reject_code
            unknown_address_reject_code multi_recipient_bounce_reject_code
            relay_domains_reject_code access_map_reject_code access_map_defer_code
            maps_rbl_reject_code unknown_local_recipient_reject_code
            unknown_virtual_mailbox_reject_code unknown_virtual_alias_reject_code
            unknown_relay_recipient_reject_code""".split()
        if self.chance(0.35):
            for name in self.some(names, 1, 5):
                self.set(name, self.pick("550", "450", "554", "521", "421", "451", "599", "300"))
        for name in ("reject_tempfail_action", "unknown_helo_hostname_tempfail_action",
                     "unknown_address_tempfail_action"):
            if self.chance(0.06):
                self.set(name, self.pick("defer", "defer_if_permit", "$reject_tempfail_action"
                                         if name != "reject_tempfail_action" else "defer"))
        if self.chance(0.06):
            self.set("smtpd_null_access_lookup_key", self.pick("null", "<>"))
        if self.chance(0.1):
            self.set("maps_rbl_domains", "bl.example")
        if self.chance(0.08):
            self.set("default_rbl_reply", self.pick(
                "$rbl_code Service unavailable; $rbl_class [$rbl_what] blocked using $rbl_domain${rbl_reason?; $rbl_reason}",
                "$rbl_code 5.7.9 blocked: $client $rbl_reason", "$rbl_code $recipient refused by $rbl_domain"))
        if self.chance(0.08):
            self.set("rbl_reply_maps", self.table([("bl.example", "$rbl_code 5.7.8 listed in $rbl_domain"),
                                                   ("bl.example=127.0.0.2", "$rbl_code see $rbl_what")],
                                                  ["hash", "texthash"]))
        if self.chance(0.05):
            self.set("smtpd_policy_service_default_action", self.pick("DUNNO", "550 no policy"))

    def session(self):
        if self.chance(0.93):
            self.set("smtpd_error_sleep_time", self.pick("0", "0s"))
        for name, p in (("smtpd_delay_reject", 0.2), ("smtpd_helo_required", 0.2),
                        ("disable_vrfy_command", 0.12), ("soft_bounce", 0.08),
                        ("smtpd_forbid_unauth_pipelining", 0.08)):
            self.yesno(name, p)
        if self.chance(0.1):
            self.set("smtpd_forbid_bare_newline", self.pick("no", "yes", "normalize", "reject",
                                                            "note" if self.chance(0.1) else "no"))
        if self.chance(0.08):
            self.set("smtpd_recipient_limit", self.pick("1", "2", "3"))
        if self.chance(0.05):
            self.set("smtpd_recipient_overshoot_limit", self.pick("1", "5", "0" if self.chance(0.1) else "2"))
        if self.chance(0.1):
            self.set("message_size_limit", self.pick("0", "2000", "51200000"))
        if self.chance(0.08):
            self.set("smtpd_hard_error_limit", self.pick("1", "2", "3", "${stress?{1}:{4}}"))
        if self.chance(0.05):
            self.set("smtpd_soft_error_limit", self.pick("1", "100"))
        if self.chance(0.06):
            self.set("smtpd_junk_command_limit", self.pick("1", "2", "${stress?1}${stress:3}"))
        if self.chance(0.08):
            self.set("smtpd_discard_ehlo_keywords",
                     self.some("pipelining size vrfy etrn starttls auth enhancedstatuscodes 8bitmime dsn "
                               "smtputf8 chunking silent-discard nonsense".split(), 1, 4))
        if self.chance(0.06):
            self.set("smtpd_discard_ehlo_keyword_address_maps",
                     self.table([("203.0.113.5", "starttls, dsn"), ("203.0.113.6", "auth silent-discard"),
                                 ("2001:db8:113::5", "vrfy")], ["hash", "cidr", "texthash"]))
        if self.chance(0.06):
            self.set("smtpd_forbidden_commands", self.pick("CONNECT GET POST", "", ["FOO", "regexp:{{/^X/ bad}}"]))
        if self.chance(0.06):
            self.set("smtpd_noop_commands", self.pick("FOO, HELP", "XYZZY", "vrfy"))
        if self.chance(0.06):
            self.set("smtpd_command_filter", self.table(
                [("NOOP ignored", "NOOP"), ("HELP", "NOOP")], ["pcre", "regexp"]))
        if self.chance(0.1):
            self.set("smtpd_reject_footer", self.pick("See http://x.example/", "\\c. See $server_name",
                                                      "one\\ntwo $client_address", "\\c",
                                                      "$client_name $helo_name $recipient_domain"))
        if self.chance(0.05):
            self.set("smtpd_reject_footer_maps", self.table(
                [("5", "five")], ["pcre", "regexp"]))
        for name in ("smtpd_authorized_verp_clients", "smtpd_authorized_xclient_hosts",
                     "smtpd_authorized_xforward_hosts"):
            if self.chance(0.06):
                self.set(name, self.pick("203.0.113.0/24", "127.0.0.1", "good.example"))
        if self.chance(0.05):
            self.set("local_header_rewrite_clients", self.pick("permit_mynetworks", "static:all",
                                                              f"check_address_map hash:{CONF}absent"))
        if self.chance(0.04):
            self.set("daemon_table_open_error_is_fatal", self.pick("no", "yes"))

    def security(self):
        if self.chance(0.45):
            self.set("smtpd_tls_security_level", self.pick("may", "may", "may", "may", "may", "encrypt", "none", "MAY",
                                                           "dane" if self.chance(0.1) else "may",
                                                           "verify" if self.chance(0.3) else "may"))
        else:
            self.yesno("smtpd_use_tls", 0.1)
            self.yesno("smtpd_enforce_tls", 0.05)
        tls = any(n == "smtpd_tls_security_level" for n, _ in self.main)
        if self.chance(0.85 if tls else 0.3):
            self.set("smtpd_tls_cert_file", "/etc/ssl/certs/lab.pem")
            if self.chance(0.7):
                self.set("smtpd_tls_key_file", "/etc/ssl/private/lab.key")
        elif self.chance(0.1):
            self.set("smtpd_tls_cert_file", "none")
        self.yesno("smtpd_tls_auth_only", 0.15)
        self.yesno("smtpd_tls_ask_ccert", 0.1)
        self.yesno("smtpd_tls_req_ccert", 0.05)
        if self.chance(0.06):
            self.set("relay_clientcerts", self.table([("AA:BB", "x")], ["hash", "texthash"]))
        if self.chance(0.5):
            self.set("smtpd_sasl_auth_enable", "yes")
            if self.chance(0.8):
                self.set("smtpd_sasl_type", "dovecot")
                self.set("smtpd_sasl_path", "private/auth")
            elif self.chance(0.5):
                self.set("smtpd_sasl_type", "cyrus")
                self.set("smtpd_sasl_path", "smtpd")
            if self.chance(0.15):
                self.set("smtpd_sasl_security_options",
                         self.pick("noanonymous", ["noplaintext", "noanonymous"], "", "nodictionary", "bogus"
                                   if self.chance(0.1) else "noactive"))
            if self.chance(0.1):
                self.set("smtpd_sasl_tls_security_options", self.pick("noanonymous", "", "noplaintext"))
            if self.chance(0.1):
                self.set("smtpd_sasl_mechanism_filter", self.pick("plain, login", "!login, static:rest", "login"))
            self.yesno("broken_sasl_auth_clients", 0.12)
            if self.chance(0.1):
                self.set("smtpd_sasl_exceptions_networks", self.pick("203.0.113.0/24", "!10.0.0.0/8 static:all"))
            if self.chance(0.1):
                self.set("smtpd_sasl_local_domain", self.pick("$myhostname", "realm.test"))
        if self.chance(0.3):
            self.set("smtpd_sender_login_maps", [self.table(
                [("alice@local.test", "alice"), ("a@remote.test", "bob, alice"), ("@other.example", "bob"),
                 ("bob@local.test", "nobody")], ["hash", "texthash", "inline", "regexp"])])

    def macros(self):
        if self.chance(0.12):
            self.set("user_macro", self.pick("relay.test", "", "$mydomain"))
            self.set("smtpd_helo_required", "${user_macro?{yes}:{no}}")
        if self.chance(0.05):
            self.set("other_macro", "${{$compatibility_level} <level {3}?{old}:{new}}")
            self.set("smtpd_banner", "$myhostname ESMTP $other_macro ${nothing:{empty}}")
        if self.chance(0.012):
            self.set(*self.pick(("smtpd_helo_required", "maybe"), ("smtpd_recipient_limit", "12x"),
                                ("smtpd_banner", "${unclosed"), ("smtpd_error_sleep_time", "1y"),
                                ("smtpd_banner", "${{a} b {c}?d}"), ("reject_tempfail_action", "nonsense")))

    # ---- master.cf --------------------------------------------------------------------------

    def overrides(self):
        out = []
        for _ in range(self.r.randint(0, 3)):
            name, value = self.pick(
                ("smtpd_client_restrictions", "permit_sasl_authenticated,reject"),
                ("smtpd_relay_restrictions", "permit_sasl_authenticated,reject"),
                ("smtpd_recipient_restrictions", ""), ("smtpd_helo_restrictions", "$nowhere"),
                ("smtpd_sasl_auth_enable", "yes"), ("smtpd_tls_security_level", "encrypt" if self.chance(0.4) else "may"), ("mydestination", ""), ("mynetworks", "10.0.0.0/8"),
                ("smtpd_delay_reject", "no"), ("myhostname", "sub.local.test"),
                ("relay_domains", "remote.test"), ("smtpd_reject_unlisted_recipient", "no"),
                ("compatibility_level", "3.6"), ("smtpd_sender_restrictions", "reject_non_fqdn_sender"),
                ("smtpd_tls_auth_only", "yes"), ("local_recipient_maps", ""), ("soft_bounce", "yes"),
                ("smtpd_relay_restrictions", "reject_unauth_destination"),
                ("milter_macro_daemon_name", "ORIGINATING"), ("virtual_alias_domains", "remote.test"))
            form = self.r.random()
            if form < 0.75:
                out += ["-o", f"{name}={value}"]
            elif form < 0.92:
                out += ["-o", "{ %s = %s }" % (name, value.replace(",", ", "))]
            elif form < 0.925:
                out.append("-o{ %s = %s }" % (name, value))
            else:
                out.append(f"-o{name}={value}")
        return out

    def services(self):
        def service(name, kind, command, chroot="n", maxproc="-", private="-", unpriv="-", wakeup="-", args=()):
            return {"head": [name, kind, private, unpriv, chroot, wakeup, maxproc, command], "args": list(args)}

        chroot = "y" if self.chance(0.15) else self.pick("n", "n", "-") if self.chance(0.1) else "n"
        out = [service("smtp", "inet", "smtpd", chroot, private="n",
                       args=self.overrides() if self.chance(0.2) else [])]
        listeners = ["smtp"]
        if self.chance(0.45):
            name = self.pick("submission", "submission", "2525", "587", "127.0.0.1:2526", "192.0.2.10:2527")
            out.append(service(name, "inet", "smtpd", chroot, private="n", args=self.overrides()))
            listeners.append(name)
        if self.chance(0.2):
            name = self.pick("smtps", "submissions", "465")
            out.append(service(name, "inet", "smtpd", chroot, private="n",
                               args=["-o", "smtpd_tls_wrappermode=yes"] + self.overrides()))
            self.mark("setting", "smtpd_tls_wrappermode")
            listeners.append(name)
        rewrite = []
        if self.chance(0.06):
            rewrite = ["-o", self.pick("allow_percent_hack=no", "mydestination=local.test", "relay_domains=remote.test")]
        out += [
            service("pickup", "unix", "pickup", private="n", wakeup="60", maxproc="1"),
            service("cleanup", "unix", "cleanup", private="n", maxproc="0"),
            service("qmgr", "unix", "qmgr", private="n", wakeup="300", maxproc="1"),
            service("tlsmgr", "unix", "tlsmgr", wakeup="1000?", maxproc="1"),
            service("rewrite", "unix", "trivial-rewrite", args=rewrite),
            service("bounce", "unix", "bounce", maxproc="0"),
            service("defer", "unix", "bounce", maxproc="0"),
            service("trace", "unix", "bounce", maxproc="0"),
            service("verify", "unix", "verify", maxproc="1"),
            service("flush", "unix", "flush", private="n", wakeup="1000?", maxproc="0"),
            service("proxymap", "unix", "proxymap"),
            service("proxywrite", "unix", "proxymap", maxproc="1"),
            service("smtp", "unix", "smtp"), service("relay", "unix", "smtp"),
            service("showq", "unix", "showq", private="n"),
            service("error", "unix", "error"), service("retry", "unix", "error"),
            service("discard", "unix", "discard"), service("local", "unix", "local", unpriv="n"),
            service("virtual", "unix", "virtual", unpriv="n"), service("lmtp", "unix", "lmtp"),
            service("anvil", "unix", "anvil", maxproc="1"),
            service("scache", "unix", "scache", maxproc="1"),
            service("policy", "unix", "spawn", unpriv="n", maxproc="0",
                    args=["user=nobody", "argv=/bin/sh", CONF + "policy.sh"]),
        ]
        if self.chance(0.03):
            self.set("master_service_disable", self.pick("submission/inet", "2525/inet", "smtps.inet"))
        return out, listeners

    # ---- dialogues --------------------------------------------------------------------------

    def address(self, role):
        """(form, text in the command, without brackets where text is complete)"""
        user = self.pick("alice", "bob", "nosuch", "u", "x", "a", "info", "box", "team", "moved", "root", "c")
        domain = self.pick("local.test", "local.test", "relay.test", "sub.relay.test", "valias.test",
                           "vbox.test", "remote.test", "remote.test", HOST, "filed.test", "tabled.test",
                           "x.dotted.test", "dotted.test", "primary.test", *REMOTE)
        if role == "sender":
            domain = self.pick("remote.test", "remote.test", "local.test", domain, domain)
            user = self.pick("a", "alice", user)
        if self.chance(0.8 if role == "sender" else 0.5):
            return "plain", f"<{user}@{domain}>"
        other = self.pick("remote.test", "relay.test", "local.test")
        forms = {
            "trailing-dot": f"<{user}@{domain}.>", "two-dots": f"<{user}@{domain}..>",
            "bare": f"<{user}>", "no-brackets": f"{user}@{domain}",
            "percent-at-local": f"<{user}%{other}@{domain}>", "percent": f"<{user}%{other}>",
            "bang": f"<{other}!{user}>", "bang-at-local": f"<{other}!{user}@{domain}>",
            "two-ats": f"<{user}@{other}@{domain}>", "quoted-at": f'<"{user}@{other}"@{domain}>',
            "quoted-percent": f'<"{user}%{other}"@{domain}>', "quoted-bang": f'<"{other}!{user}"@{domain}>',
            "source-route": f"<@{domain}:{user}@{other}>", "two-routes": f"<@a.example,@{domain}:{user}@{other}>",
            "literal-own": f"<{user}@[{self.pick('127.0.0.1', '192.0.2.10')}]>",
            "literal-foreign": f"<{user}@[{self.pick('127.0.0.9', '198.51.100.2', '203.0.113.1')}]>",
            "literal-v6": f"<{user}@[{self.pick('IPv6:::1', 'IPv6:2001:db8:2::10', 'IPv6:2001:db8::9')}]>",
            "literal-bad": f"<{user}@[{self.pick('1.2.3', '300.1.1.1', 'x', 'IPv6:zz', '')}]>",
            "empty-quoted": f'<""@{domain}>', "no-user": f"<@{domain}>", "no-domain": f"<{user}@>",
            "double-dot": f"<{user}@{domain.replace('.', '..', 1)}>",
            "numeric-domain": f"<{user}@{self.pick('1.2.3.4', '192.0.2.10')}>",
            "leading-dash": f"<-{user}@{domain}>", "empty": "<>",
            "two-addresses": f"<{user}@{domain}> <b@{other}>", "comment": f"<{user}(hi)@{domain}>",
            "phrase": f"Some Name <{user}@{domain}>", "quoted-blank": f'<"a b"@{domain}>',
            "quoted-quote": f'<"a\\"b"@{domain}>', "extension": f"<{user}{self.pick('+', '-')}ext@{domain}>",
            "upper": f"<{user.upper()}@{domain.upper()}>",
            "postmaster": self.pick("<postmaster>", "<Postmaster>", "postmaster"),
            "postmaster-at": f"<postmaster@{domain}>",
            "double-bounce": f"<double-bounce@{self.pick(HOST, 'local.test', 'mx.local.test')}>",
            "mailer-daemon": f"<MAILER-DAEMON@{domain}>",
            "utf8": self.pick(f"<j\u00f6e@{domain}>", f"<{user}@b\u00fccher.example>"),
            "long": f"<{'l' * self.pick(70, 300)}@{domain}>", "unclosed": f"<{user}@{domain}",
            "spaced": f" <{user}@{domain}>", "subdomain": f"<{user}@sub.{domain}>",
            "single-label": f"<{user}@{self.pick('localhost', 'nodot', 'mail')}>",
        }
        if role == "sender" and self.chance(0.2):
            return "empty", "<>"
        form = self.r.choice(sorted(forms))
        return form, forms[form]

    def verb(self, word):
        return word if self.chance(0.93) else self.pick(word.lower(), word.title())

    def envelope(self, word, role):
        form, text = self.address(role)
        self.now.add(f"address {form}")
        verb, prep = word.split(" ")
        line = f"{self.verb(verb)} {self.verb(prep)}:{text}"
        if self.chance(0.1):
            line += " " + self.pick(*(
                ["SIZE=100", "SIZE=abc", "SIZE=99999999999", "BODY=8BITMIME", "BODY=X", "SMTPUTF8",
                 "RET=FULL", "RET=X", "ENVID=x", "AUTH=<>", "AUTH=a@b.example AUTH=c", "FOO", "XVERP", "SIZE="]
                if role == "sender" else
                ["NOTIFY=NEVER", "NOTIFY=X", "ORCPT=rfc822;a@b.example", "ORCPT=x", "FOO=1", "NOTIFY=SUCCESS,FAILURE"]))
        self.now.add(f"command {verb}")
        return line

    def hello(self):
        word = self.pick("EHLO", "EHLO", "EHLO", "HELO")
        self.now.add(f"command {word}")
        return f"{self.verb(word)} {self.pick('probe.example.net', 'probe.example.net', *HELOS)}"

    def odd(self):
        """A line that a well-behaved client would not send there."""
        kind = self.pick("RSET", "NOOP", "VRFY", "VRFY", "ETRN", "AUTH", "STARTTLS", "HELP", "EXPN", "XCLIENT",
                         "XFORWARD", "BDAT", "unknown", "header", "empty", "DATA", "RSET", "bad", "NOOP")
        self.now.add(f"command {kind}" if kind != "bad" else "command unknown")
        local = self.address("recipient")[1]
        return {
            "RSET": self.pick("RSET", "RSET", "RSET x"), "NOOP": self.pick("NOOP", "NOOP ignored", "noop"),
            "VRFY": self.pick(f"VRFY {local}", "VRFY alice", "VRFY", "VRFY alice@local.test", "VRFY postmaster"),
            "ETRN": self.pick("ETRN relay.test", "ETRN local.test", "ETRN", "ETRN bad..x", "ETRN remote.test",
                              "ETRN a b", "ETRN @relay.test", "ETRN #x"),
            "AUTH": self.pick("AUTH", "AUTH PLAIN " + b64("\0alice\0wrong"), "AUTH FOO", "AUTH PLAIN a b c",
                              "AUTH PLAIN !!!"),
            "STARTTLS": "STARTTLS x", "HELP": self.pick("HELP", "help me"), "EXPN": "EXPN alice",
            "XCLIENT": self.pick("XCLIENT ADDR=1.2.3.4", "XCLIENT"), "XFORWARD": "XFORWARD NAME=x",
            "BDAT": self.pick("BDAT", "BDAT x", "BDAT 5 FOO"), "unknown": self.pick("FOO", "XYZZY a", "MAILFROM", "X"),
            "header": self.pick("Subject: hi", "GET / HTTP/1.0", "CONNECT x", "\u00fcber"), "empty": self.pick("", " "),
            "DATA": self.pick("DATA x", "DATA"), "bad": self.pick("MAIL", "RCPT", "MAIL FROM", "MAIL TO:<a@b>", "RCPT FROM:<x>",
                                                                 "MAIL FROM a@b", "HELO", "EHLO"),
        }[kind]

    def content(self):
        return self.pick("Subject: test\r\n\r\nhello\r\n.", "hello\r\n.", "Subject: x\r\n\r\n..stuffed\r\n.", "\r\n.", ".")

    def login(self):
        user = self.pick("alice", "alice", "bob", "nosuch")
        word = LOGINS.get(user, "x") if self.chance(0.8) else "wrong"
        self.now.add("command AUTH")
        way = self.r.random()
        if way < 0.5:
            return ["AUTH PLAIN " + b64(f"\0{user}\0{word}")]
        if way < 0.65:
            return ["AUTH PLAIN", b64(f"\0{user}\0{word}")]
        if way < 0.85:
            return ["AUTH LOGIN", b64(user), b64(word)]
        if way < 0.9:
            return ["AUTH LOGIN " + b64(user), b64(word)]
        return self.pick(["AUTH LOGIN", "*"], ["AUTH PLAIN ="], ["AUTH LOGIN", "not base64!", "x"],
                         ["AUTH CRAM-MD5", "*"], ["AUTH ANONYMOUS"])

    def transaction(self):
        out = [self.envelope("MAIL FROM", "sender")]
        if self.chance(0.05):
            out.insert(0, self.odd())
        for _ in range(self.r.choice([1, 1, 2, 2, 3, 4, 6])):
            out.append(self.envelope("RCPT TO", "recipient"))
        if self.chance(0.1):
            out.insert(self.r.randint(0, len(out)), self.odd())
        if self.chance(0.3):
            self.now.add("command DATA")
            out += ["DATA", self.content()]
        elif self.chance(0.5):
            out.append("RSET")
        if self.chance(0.12) and not any(x == "DATA" for x in out):
            self.now.add("command pipelined")
            out = [out]
        return out

    def dialogue(self, listeners, tls):
        self.now = set()
        listener = listeners[0] if self.chance(0.6) else self.r.choice(listeners)
        d = {"listener": listener, "client": self.pick(*CLIENTS, "203.0.113.5", "203.0.113.5", "203.0.113.6")}
        if listener.startswith("127."):
            d["client"] = "127.0.0.1"
        elif "." in listener and ":" in d["client"]:
            d["client"] = "203.0.113.5"
        if tls.get(listener):
            d["tls"] = self.chance(0.95)
        elif self.chance(0.01):
            d["tls"] = True
        send = []
        if self.chance(0.95):
            send.append(self.hello())
        forced = any(n in ("smtpd_tls_security_level", "smtpd_enforce_tls") and
                     str(v).lower() in ("encrypt", "verify", "yes") for n, v in self.main)
        if self.chance(0.8 if forced else 0.25) and not d.get("tls"):
            self.now.add("command STARTTLS")
            send.append("STARTTLS")
            if self.chance(0.9):
                send.append(self.hello())
        if self.chance(0.25):
            send += self.login()
        for _ in range(self.r.choice([1, 1, 1, 2, 2, 3])):
            send += self.transaction()
        if self.chance(0.12):
            send += [self.odd() for _ in range(self.r.randint(1, 4))]
        if self.chance(0.7):
            send.append("QUIT")
            self.now.add("command QUIT")
            if self.chance(0.03):
                send.append("NOOP")
        d["send"] = send
        d["marks"] = sorted(self.now)
        return d

    # ---- the case ---------------------------------------------------------------------------

    def configuration(self):
        self.identity()
        self.domains()
        self.addresses()
        self.networks()
        self.codes()
        self.session()
        self.security()
        self.restriction_settings()
        self.macros()
        self.set("service_throttle_time", "1s")
        self.files["policy.sh"] = ["while read -r line; do", "[ -n \"$line\" ] || printf 'action=DUNNO\\n\\n'", "done"]
        self.master, self.listeners = self.services()
        for name, _ in self.main:
            self.mark("list" if name.endswith("_restrictions") and name != "smtpd_relay_before_recipient_restrictions"
                      else "setting", name)
        if self.chance(0.05):
            self.set("smtpd_relay_before_recipient_restrictions", self.pick("yes", "no"))
            self.mark("setting", "smtpd_relay_before_recipient_restrictions")

    def finish(self, dialogues):
        tls = {s["head"][0]: "smtpd_tls_wrappermode=yes" in " ".join(s["args"]) for s in self.master}
        facts = {"hostname": HOST, "addresses": ["192.0.2.10/24", "2001:db8:2::10/64", "127.0.0.1/8", "::1/128"],
                 "local_users": USERS, "distribution": "debian",
                 "sasl": {"mechanisms": self.pick(["PLAIN", "LOGIN"], ["PLAIN", "LOGIN", "CRAM-MD5"], ["LOGIN"],
                                                  ["PLAIN", "LOGIN", "ANONYMOUS"]),
                          "users": LOGINS},
                 "dns": DNS, "dns_complete": True, "answers": {"policy.reply unix:private/policy": "neutral"}}
        return {"main": self.main, "master": self.master, "files": self.files, "facts": facts,
                "style": self.r.randint(1, 1 << 30), "marks": sorted(self.marks),
                "dialogues": [self.dialogue(self.listeners, tls) for _ in range(dialogues)]}


EVERYTHING = [f"{kind} {name}" for kind in ("keyword", "list", "action", "table", "setting")
              for name in inventory.ALL[kind]]
WANTED, CANDIDATES = 10, 40


def make_case(seed, index, dialogues=10):
    """The case of that number.  Each takes its turn at a few words of the inventory: of a number of
    random configurations the one that holds most of them is taken."""
    wanted = {EVERYTHING[(index * WANTED + k) % len(EVERYTHING)] for k in range(WANTED)}
    best = None
    for attempt in range(CANDIDATES):
        maker = Gen(seed, f"{index}.{attempt}")
        maker.configuration()
        hits = len(wanted & maker.marks)
        if best is None or hits > best[0]:
            best = (hits, maker)
    case = best[1].finish(dialogues)
    case["seed"], case["index"] = seed, index
    return case


# ---- rendering ----------------------------------------------------------------------------------


def render_main(case):
    r = random.Random(case.get("style") or 0)
    plain = not case.get("style")
    out = []
    for name, value in case["main"]:
        if not plain and r.random() < 0.05:
            out.append(r.choice(["# a comment", "", "   # indented comment"]))
        if isinstance(value, list):
            if plain or r.random() < 0.5:
                sep = ", " if plain else r.choice([", ", " ", ",", ", "])
                out.append(f"{name} = {sep.join(value)}")
            else:
                out.append(f"{name} =")
                for item in value:
                    if r.random() < 0.1:
                        out.append(r.choice(["# inside", "", "  # inside, indented"]))
                    out.append(f"    {item}{r.choice(['', ','])}")
        else:
            out.append(f"{name} = {value}" if plain else f"{name}{r.choice(['=', ' = ', ' =', '= '])}{value}")
    return "\n".join(out) + "\n"


def render_master(case):
    r = random.Random(case.get("style") or 0)
    out = []
    for service in case["master"]:
        line = " ".join(service["head"])
        args = service["args"]
        if case.get("style") and r.random() < 0.6:
            i = 0
            while i < len(args):
                pair = args[i:i + 2] if args[i] == "-o" else args[i:i + 1]
                line += "\n  " + " ".join(pair)
                i += len(pair)
        else:
            line = " ".join([line] + args)
        out.append(line)
    return "\n".join(out) + "\n"


def render(case):
    """{name: text} of the configuration's files."""
    out = {"main.cf": render_main(case), "master.cf": render_master(case)}
    for name, lines in case["files"].items():
        out[name] = "".join(line + "\n" for line in lines)
    return out
