#!/usr/bin/env python3
"""Each way to let mail through that a .mc knows: what predict lists as openings, and the real sendmail, which carries the
mail of who is listed and refuses that of their neighbours. Prints TAP."""
import json
import os
import subprocess
import tempfile

import compare
from authority import Authority

GOOD, OWN, RELAYME, NONE = "203.0.113.5", "198.51.100.11", "198.51.100.12", "198.51.100.8"
EHLO, FOREIGN = "EHLO probe.example.net", "RCPT TO:<x@example.com>"
LOGIN = ["AUTH PLAIN AGFsaWNlAHNlY3JldA=="]
ACCESS, TLS = "FEATURE(`access_db')\n", ["STARTTLS", EHLO]
HOST = [("127.0.0.1", "anywhere"), ("192.0.2.10", "anywhere")]
CERTIFICATES = """define(`confCACERT_PATH',`/etc/mail')
define(`confCACERT',`/etc/mail/ca.crt')
define(`confSERVER_CERT',`/etc/mail/server.crt')
define(`confSERVER_KEY',`/etc/mail/server.key')
"""
suite = compare.Suite()
keep = tempfile.TemporaryDirectory()
authority = Authority(keep.name)


def try_it(name, client=GOOD, sender="a@example.com", to=FOREIGN, first=(), who=None, ehlo=EHLO):
    dialogue = {"name": name, "client": client, "send": [ehlo, *first, f"MAIL FROM:<{sender}>", to, "QUIT"]}
    return authority.presents(who, dialogue) if who else dialogue


def openings(report):
    """(who, where to) of each opening; a star: the client can forge what is looked at."""
    out = []
    for s in report["surface"]:
        words = []
        for kind, what in s["from"].items():
            words += what if isinstance(what, list) else [kind] if what is True else [str(what)]
        out.append((" ".join(words) + ("*" if s["forgeable"] else ""), s["to"]))
    return sorted(out)


def predict(mc, files, facts):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in dict(compare.STOCK_FILES, **files, **{"sendmail.mc": compare.HEAD + mc + compare.TAIL}).items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                f.write(text)
        facts_file = os.path.join(folder, "facts.json")
        with open(facts_file, "w", encoding="utf-8") as f:
            json.dump(facts, f)
        done = subprocess.run([compare.PROGRAM, "predict", "--isolated", "--cf-dir", compare.cf_library(), "--format", "json", "--facts", facts_file, folder],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        return json.loads(done.stdout)


def case(title, mc, files, listed, carried=(), refused=()):
    """listed: the openings beside those of the host itself (a client of a listed name counts by its address); dialogues that are carried, and that are not, by the real one."""
    files = dict(files, **(authority.server_files() if mc.find("confCACERT") >= 0 else {}))
    if "AUTH" not in mc:
        mc += "define(`confAUTH_MECHANISMS',`')\n"  # without it challenges are offered, whose answers are not simulated
    report = predict(mc, files, compare.FACTS)
    found = openings(report)
    suite.ok(all(o in found for o in listed), f"{title}: the openings are listed", f"listed: {found}\nmissing: {[o for o in listed if o not in found]}")
    more = [o for o in found if o not in listed + HOST]
    suite.ok(not more, f"{title}: and no others", more)
    suite.ok(report["surface_complete"], f"{title}: nothing is left open", report["surface_notes"])
    suite.case(mc, [*carried, *refused], [(d["name"], d["send"][-2], "250") for d in carried] + [(d["name"], d["send"][-2], "550") for d in refused], files=files)


NEIGHBOUR = [try_it("a stranger", sender="a@example.com")]
case("nothing", "", {}, [], [try_it("the host itself", "192.0.2.10")], NEIGHBOUR)
case("promiscuous_relay", "FEATURE(`promiscuous_relay')\n", {}, [("anyone", "anywhere")], NEIGHBOUR)
case("relay_local_from", "FEATURE(`relay_local_from')\n", {}, [("mail.example.org example.org*", "anywhere")], [try_it("own sender", sender="x@example.org")], NEIGHBOUR)
case("relay_mail_from", ACCESS + "FEATURE(`relay_mail_from',`domain')\n", {"access": "From:good.example.com\tRELAY\n"}, [("good.example.com*", "anywhere")],
     [try_it("a friend's sender", sender="x@good.example.com")], NEIGHBOUR)
case("a network in the access map", ACCESS, {"access": "Connect:203.0.113\tRELAY\n"}, [("203.0.113.0/24", "anywhere")], [try_it("of the network")], [try_it("outside", NONE)])
case("an old key in the access map", ACCESS, {"access": "198.51.100.12\tRELAY\nold.example\tRELAY\n"}, [("198.51.100.12", "anywhere"), ("anyone", "old.example")],
     [try_it("of the address", RELAYME), try_it("to the domain", to="RCPT TO:<x@old.example>")], NEIGHBOUR)
case("a domain in the access map", ACCESS, {"access": "To:partner.example\tRELAY\n"}, [("anyone", "partner.example")], [try_it("to the partner", to="RCPT TO:<x@partner.example>")], NEIGHBOUR)
case("a host name in the access map", ACCESS, {"access": "Connect:host.relayme.example\tRELAY\n"}, [(RELAYME, "anywhere")], [try_it("of that name", RELAYME)], NEIGHBOUR)
case("class R", "RELAY_DOMAIN(`relayme.example 198.51.100.8')\n", {}, [("anyone", "relayme.example"), ("anyone", ".relayme.example"), (f"{NONE} {RELAYME}", "anywhere")],
     [try_it("to the domain", to="RCPT TO:<x@relayme.example>"), try_it("below it", to="RCPT TO:<x@sub.relayme.example>"), try_it("of the address", NONE), try_it("of a host below", RELAYME)], NEIGHBOUR)
case("relay_hosts_only", "FEATURE(`relay_hosts_only')\nRELAY_DOMAIN(`relayme.example')\n", {}, [("anyone", "relayme.example")],
     [try_it("to the domain", to="RCPT TO:<x@relayme.example>")], [try_it("below it", to="RCPT TO:<x@sub.relayme.example>"), try_it("of a host below", RELAYME)])
case("relay_entire_domain", "FEATURE(`relay_entire_domain')\n", {}, [("anyone", ".example.org"), (OWN, "anywhere")],
     [try_it("of a host of the domain", OWN), try_it("to a host of the domain", to="RCPT TO:<x@other.example.org>")], NEIGHBOUR)
case("logins", "define(`confAUTH_MECHANISMS',`LOGIN PLAIN')\nTRUST_AUTH_MECH(`LOGIN PLAIN')\n", {}, [("any", "anywhere")], [try_it("logged in", first=LOGIN)], NEIGHBOUR)
case("logins that nobody trusts", "define(`confAUTH_MECHANISMS',`LOGIN PLAIN')\n", {}, [], [], [try_it("logged in", first=LOGIN)])
case("certificates of an authority", ACCESS + CERTIFICATES, {"access": "CERTIssuer:/CN=Test+20CA/O=Example\tRELAY\n"}, [("issued by /cn=test+20ca/o=example", "anywhere")],
     [try_it("with a certificate", first=TLS, who="client")], [try_it("with another's", first=TLS, who="stranger"), try_it("with none", first=TLS)])
case("certificates of a subject", ACCESS + CERTIFICATES,
     {"access": "CERTIssuer:/CN=Test+20CA/O=Example\tSUBJECT\nCERTSubject:/C=US/O=Example+20Org/CN=client.example.net\tRELAY\n"},
     [("of /c=us/o=example+20org/cn=client.example.net issued by /cn=test+20ca/o=example", "anywhere")],
     [try_it("with that certificate", first=TLS, who="client")], [try_it("with another's", first=TLS, who="stranger")])
case("a subject alone", ACCESS + CERTIFICATES, {"access": "CERTSubject:/C=US/O=Example+20Org/CN=client.example.net\tRELAY\n"}, [], [], [try_it("with that certificate", first=TLS, who="client")])
case("a rule by hand", "LOCAL_RULESETS\nSLocal_check_rcpt\nR$*\t$#OK\n", {}, [("anyone", "anywhere")], NEIGHBOUR)
# What a rule by hand lets through: by a name of its own, by the beginning of an address, by the end of a name.
for helo in ("trusted.helo.example", "friend"):
    case(f"a HELO name by hand, {helo}", f"LOCAL_RULESETS\nSLocal_check_rcpt\nR$*\t$: $&s\nR{helo}\t$#OK\n", {}, [(helo + "*", "anywhere")],
         [try_it("that calls itself so", ehlo=f"EHLO {helo}")], NEIGHBOUR)
case("a sender by hand", "LOCAL_RULESETS\nSLocal_check_rcpt\nR$*\t$: $&f\nRboss@example.com\t$#OK\n", {}, [("boss@example.com*", "anywhere")],
     [try_it("from that sender", sender="boss@example.com")], NEIGHBOUR)
case("a recipient by hand", "LOCAL_RULESETS\nSLocal_check_rcpt\nR$* list @ lists.example $*\t$#OK\n", {}, [("anyone", "list@lists.example")],
     [try_it("to that recipient", to="RCPT TO:<list@lists.example>")], [try_it("to another", to="RCPT TO:<x@lists.example>")])
for rule, client in (("R198.51.100.$-", "198.51.100.0/24"), ("R198.$*", "198.0.0.0/8")):
    case(f"a network by hand, {rule}", f"LOCAL_RULESETS\nSLocal_check_rcpt\nR$*\t$: $&{{client_addr}}\n{rule}\t$#OK\n", {}, [(client, "anywhere")],
         [try_it("of the network", NONE)], NEIGHBOUR)
for rule in ("R$+.relayme.example", "R$+.example"):
    case(f"names by hand, {rule}", f"LOCAL_RULESETS\nSLocal_check_rcpt\nR$*\t$: $&{{client_name}}\n{rule}\t$#OK\n", {}, [(RELAYME, "anywhere")],
         [try_it("of such a name", RELAYME)], NEIGHBOUR)
# Expressions: samples of them are tried as names, addresses and mailboxes; where none can be made, that is said.
def expression(title, flags, macro, listed, carried=(), refused=(), pattern="OK"):
    case(f"an expression by hand, {title}", f"LOCAL_CONFIG\nKexpr regex -a@OK {flags}\nLOCAL_RULESETS\nSLocal_check_rcpt\nR$*\t$: $(expr $&{macro} $: NO $)\nR@{pattern}\t$#OK\n", {}, listed, carried, refused)


expression("the end of a name", r"\.relayme\.example$", "{client_name}", [(RELAYME, "anywhere")], [try_it("of such a name", RELAYME)], NEIGHBOUR)
expression("an address", r"^198\.51\.100\.(8|12)$", "{client_addr}", [(r"198.51.100.12 /^198\.51\.100\.(8|12)$/", "anywhere")], [try_it("of that address", NONE)], NEIGHBOUR)
expression("a sender", r"^boss[0-9]@(example|friend)\.com$", "f", [(r"/^boss[0-9]@(example|friend)\.com$/*", "anywhere")], [try_it("from that sender", sender="boss7@example.com")], NEIGHBOUR)
expression("a HELO name", r"^let-me-in$", "s", [("/^let-me-in$/*", "anywhere")], [try_it("that calls itself so", ehlo="EHLO let-me-in")], NEIGHBOUR)
suite.done()
