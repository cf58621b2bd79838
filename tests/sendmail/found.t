#!/usr/bin/env python3
"""Answers that random dialogues (tests/truth-sendmail) once found predicted wrongly: the real sendmail and the
simulation. Prints TAP."""
import tempfile

import compare
from authority import CERTIFICATES, Authority

GOOD = "203.0.113.5"
EHLO, NULL, REMOTE = "EHLO probe.example.net", "MAIL FROM:<>", "RCPT TO:<x@example.com>"
suite = compare.Suite()
keep = tempfile.TemporaryDirectory()
authority = Authority(keep.name)
FILES = authority.server_files()
TLS = CERTIFICATES + """DAEMON_OPTIONS(`Port=25, Name=MTA')
DAEMON_OPTIONS(`Port=465, Name=TLSMTA, M=s')
"""


def talk(name, *lines, **more):
    return dict({"name": name, "client": GOOD, "send": [*lines]}, **more)


def long(n):
    """An address of n bytes, angle brackets and all."""
    return "<" + "l" * 150 + "@" + "d" * (n - 161) + ".example>"


# ORCPT: a type of address, whatever it is made of, and xtext; once.
suite.case("", [talk("orcpt", NULL, *[f"RCPT TO:<root> ORCPT={x}" for x in (";", ";x", "x;", "a+zz;x", "a;x+4", "rfc822;a ORCPT=rfc822;b", "x ORCPT=x;y", "a;b ORCPT=x")],
                     "RCPT TO:<root> ORCPT=a;b")], [("orcpt", "RCPT TO:<root> ORCPT=rfc822;a ORCPT=rfc822;b", "501 5.5.0 Duplicate ORCPT parameter")])
# What a MAIL gave that was refused still counts as given.
BAD = "MAIL FROM:<a@nosuch.example>"
suite.case("", [talk(f"twice {x}", f"{BAD} {x}", f"{BAD} {x}", "RSET", f"{BAD} {x}", EHLO, f"MAIL FROM:<> {x}", EHLO, f"MAIL FROM:<> {x}") for x in ("AUTH=a", "ENVID=a", "RET=FULL")],
           [("twice AUTH=a", f"{BAD} AUTH=a", "553 5.1.8")])
# A proxy's word alone.
suite.case("", [talk(word, word) for word in ("GET", "post", "GETX /", "CONNECT", "USER")], [("GET", "GET", "421 4.7.0 mail.example.org Rejecting open proxy")])
# Long addresses, and errors that are longer than sendmail's buffer for them.
suite.case("define(`confRELAY_MSG',`\"550 5.1.1 " + "m" * 200 + "\" " + "n " * 40 + "')\n",
           [talk("long", *[line for n in (170, 200, 255, 256, 257) for line in (f"MAIL FROM:{long(n)}", "RSET")], NULL, f"RCPT TO:{long(255)}", f"RCPT TO:{long(256)} NOTIFY=NEVER",
                 f"RCPT TO:<{'l' * 254}>", f"RCPT TO:<{'l' * 258}>", REMOTE)], [("long", f"MAIL FROM:{long(256)}", "553 5.1.0 <" + "l" * 99)])
# Rulesets that look at a text which is not balanced get it mended.
suite.case("LOCAL_RULESETS\nScheck_vrfy\nR$*\t$#error $@ 5.7.1 $: \"550 no \" $1\nScheck_etrn\nR$*\t$#error $@ 5.7.1 $: \"550 no \" $1\n",
           [talk("mended", "VRFY <", "VRFY a)", 'VRFY "a', "ETRN <", "ETRN a>")], [("mended", "VRFY <", "550 5.7.1 no <>")])
# check_other: instead of the reply to what is unknown, before the reply of NOOP and VERB; 421 ends the session.
OTHER = "LOCAL_RULESETS\nScheck_other\nR$*\t$#error $@ 4.7.1 $: \"%d other \" $1\n"
for code in (550, 421):
    suite.case(OTHER % code, [talk(f"{code} {line}", line, "RSET") for line in ("NOOP", "FOO bar (x)", "SEND FROM:<a>", "VERB", "HELP", "  DEBUG", "", "DATA", "ETRN")],
               [("550 NOOP", "NOOP", "550 4.7.1 other NOOP"), ("421 FOO bar (x)", "FOO bar (x)", "421 4.7.1 other FOO bar(x)")])
suite.case("FEATURE(`check_other')\n", [talk("header", "NOOP", "FOO", "Subject: x", "NOOP")], [("header", "Subject: x", "421 4.7.0 bad command")])
# What is too long to be taken apart passes every ruleset.
LOOKS = "LOCAL_RULESETS\n" + "".join(f"S{name}\nR$*\t$#error $@ 5.7.1 $: \"550 no\"\n" for name in ("check_vrfy", "check_etrn", "check_other", "CheckHeader")) \
    + "LOCAL_CONFIG\nHX-Long: $>CheckHeader\n"
suite.case(LOOKS, [talk(f"{n} {line}", line + " " + "x" * n) for n in (300, 1500) for line in ("VRFY", "ETRN", "NOOP", "FOO")]
           + [talk(f"header {n}", EHLO, NULL, "RCPT TO:<root>", "DATA", "X-Long: " + "h" * n + "\r\n\r\n.") for n in (100, 300, 3000)],
           [("header 300", "X-Long: " + "h" * 300 + "\r\n\r\n.", "250"), ("header 100", "X-Long: " + "h" * 100 + "\r\n\r\n.", "550 5.7.1 no")])
# SevenBitInput cuts off the eighth bit before anything is taken apart.
suite.case("define(`confSEVEN_BIT_INPUT',`True')\n", [talk("seven bits", "MAIL FROM:<caf\u00e9@own.example>", "MAIL FROM:<a@\u00fc.example>", "FOO \u00fc", "VRFY \u00e9x")])
suite.case("", [talk("blanks", "VRFY nosuch x@example.com", "VRFY nosuch@example.org (x y)")], [("blanks", "VRFY nosuch x@example.com", "550 5.1.1 nosuch... User unknown")])
# Where everything is refused, old words for debugging are refused, too.
suite.case("FEATURE(`access_db')\n", [talk("bogus", "WIZ", "debug", "SHOWQ", "KILL", "ONEX")], [("bogus", "WIZ", "550 5.7.1 Access denied")], files={"access": f"Connect:{GOOD}\tREJECT\n"})
# EXPN of what is not local.
suite.case("", [talk("expn", "EXPN x@example.com", "VRFY x@example.com", "EXPN b!a", "EXPN a%b@example.org")], [("expn", "EXPN x@example.com", "250 2.1.5 <x@example.com>")])
# check_relay runs in the mode of DeliveryMode, all the rest in that of the daemon: D=d spares nobody check_relay.
for mode in ("define(`confDELIVERY_MODE',`deferred')\n", ""):
    suite.case(mode + "FEATURE(`access_db')\nDAEMON_OPTIONS(`Port=25, Name=MTA')\nDAEMON_OPTIONS(`Port=26, Name=Later, D=d')\n",
               [dict(talk(f"{client} {name}", EHLO, "MAIL FROM:<a@nosuch.example>", REMOTE, "RCPT TO:<alice>", "RCPT TO:<alice@localhost>", "RCPT TO:<postmaster@example.org>", "RCPT TO:<nosuch>"),
                     listener=name, client=client) for client in (GOOD, "198.51.100.11") for name in ("MTA", "Later")], files={"access": f"Connect:{GOOD}\tREJECT\n"})
# AuthOptions: one comma or blank parts two letters. "a" leaves out EXTERNAL, too.
EVERY = {"sasl": dict(compare.FACTS["sasl"], mechanisms=["EXTERNAL", "DIGEST-MD5", "CRAM-MD5", "PLAIN", "LOGIN", "ANONYMOUS"])}
for letters in ("c, f, m, y", "p, y", "y,p", "p y", "a", "m , y", " p"):
    suite.case(TLS + f"define(`confAUTH_MECHANISMS',`EXTERNAL DIGEST-MD5 CRAM-MD5 LOGIN PLAIN ANONYMOUS')\ndefine(`confAUTH_OPTIONS',`{letters}')\n",
               [authority.presents("client", talk(letters, EHLO, "AUTH FOO", "STARTTLS", EHLO, "AUTH FOO"))], files=FILES, facts=EVERY)
# TLS from the first byte: who does not begin it waits for ever, who begins it where there is none is closed; a 421 comes in clear.
suite.case(TLS, [dict(talk("in clear", EHLO), listener="TLSMTA"), dict(talk("too early", EHLO), tls=True), dict(talk("tls", EHLO), listener="TLSMTA", tls=True)], files=FILES)
suite.case(TLS + "define(`confREJECT_MSG',`\"421 4.7.0 not you\"')\nFEATURE(`access_db')\n",
           [dict(talk("421 in clear", EHLO), listener="TLSMTA"), dict(talk("421", EHLO), listener="TLSMTA", tls=True), talk("421 without", EHLO)],
           [("421 in clear", "(greeting)", "421 4.7.0 not you")], files=dict(FILES, access=f"Connect:{GOOD}\tREJECT\n"))
suite.case(TLS + "FEATURE(`access_db')\n", [dict(authority.presents("client", talk("temp", "MAIL FROM:<>", "NOOP")), listener="TLSMTA", tls=True), talk("temp in clear", EHLO, "STARTTLS", NULL)],
           [("temp", "MAIL FROM:<>", "454 4.7.0 no authentication requested")], files=dict(FILES, access=f"Srv_Features:{GOOD}\tTEMP\nTLS_Clt:{GOOD}\tVERIFY\n"))
# Bytes that cannot be shown, in what a mailer would be given; blanks of every kind are fit for it. A name before "!" that is
# an address in brackets has the name of that address.
ODD = ["\x01", "\x08", "\x0b", "\x1b", "\x7f"]
suite.case("FEATURE(`virtusertable')\n", [
    talk("control", EHLO, *[line for c in ODD for line in (f"MAIL FROM:<a{c}b@example.com>", "RSET", f"MAIL FROM:<a@exa{c}mple.com>", "RSET", NULL, f"RCPT TO:<ali{c}ce@example.org>",
                                                            f"RCPT TO:<alice@exa{c}mple.org>", "RSET")]),
    talk("quoted", EHLO, "MAIL FROM:<\"a\tb\"@example.org>", "RSET", "MAIL FROM:<\"a\x01b\"@example.org>", NULL, "RCPT TO:<\"a\tb\"@example.org>", "RCPT TO:<\"a\x01b\"@example.org>", "RCPT TO:<a%b\x01@example.org>"),
    talk("loopback", EHLO, NULL, "RCPT TO:<[IPv6:0:0:0:0:0:0:0:1]!bob>", "RCPT TO:<[127.0.0.1]!bob>", "RCPT TO:<bob@[IPv6:0:0:0:0:0:0:0:1]>")],
           [("control", "RCPT TO:<ali\x01ce@example.org>", "501 5.1.3 Syntax error in mailbox address \"ali?ce\" (non-printable character)")],
           files={"virtusertable": "@localhost\terror:nouser 550 no such user\n"})
# Recipients that are the same, spelled otherwise or led to by ruleset 5; aliases, and names with a backslash, which are none. VRFY and EXPN
# leave the transaction's recipients alone. Details take three turns of ruleset 5.
ALIASES = {"aliases": "gone: nosuchuser\nlist: alice, bob\nself: \\self\nsales+x: alice\nsupport+*: bob\nprog: \"|/bin/true\"\n"}
NAMES = ("alice", "alice+", "alice+d", "gone", "list", "self", "sales+x", "sales+X", "sales+y", "support+q", "prog", "nosuch", "nosuch+d")
suite.case("", [talk(f"again {a}", EHLO, NULL, f"RCPT TO:<{a}@example.org>", "RCPT TO:<alice@mail.example.org>", f"VRFY {a}", f"RCPT TO:<{a}@mail.example.org>") for a in NAMES]
           + [talk("backslash", EHLO, NULL, *[f"RCPT TO:<{a}@example.org>" for a in (r"\alice", r"\gone", '"gone"', "GONE", r"\nosuch")]),
              talk("vrfy", "VRFY gone", "VRFY list@example.org", "EXPN nosuch", "VRFY x@example.com", "VRFY |prog", "EXPN /tmp/x", "VRFY :include:/etc/x")],
           [("again alice+", "RCPT TO:<alice+@mail.example.org>", "250 2.1.5 <alice+@example.org>... Recipient ok"), ("backslash", "RCPT TO:<GONE@example.org>", '250 2.1.5 <"gone"@example.org>'),
            ("vrfy", "VRFY gone", "250 2.1.5 <gone@mail.example.org>")], files=ALIASES)
suite.case("define(`confMAX_ALIAS_RECURSION',`2')\n", [talk("deep", EHLO, NULL, "RCPT TO:<alice+>", "RCPT TO:<alice+d>", "RCPT TO:<alice>", "VRFY bob+")],
           [("deep", "RCPT TO:<alice+>", "554 5.4.6 aliasing/forwarding loop broken (3 aliases deep; 2 max)")])
# Nobody is looked for whose mail is thrown away, but programs are refused; nothing is said of a queue.
suite.case("FEATURE(`access_db')\nRELAY_DOMAIN(`servfail.example')\n", [talk("discard", EHLO, NULL, "RCPT TO:<nosuch>", "RCPT TO:|prog", "RCPT TO:<x@servfail.example>", "RCPT TO:/tmp/x", "RCPT TO:<alice>", "RCPT TO:<alice@mail.example.org>", "VRFY nosuch")],
           [("discard", "RCPT TO:|prog", "550 5.7.1 |prog... Cannot mail directly to programs"), ("discard", "RCPT TO:<x@servfail.example>", "250 2.1.5 <x@servfail.example>... Recipient ok")],
           files={"access": f"Connect:{GOOD}\tDISCARD\n"})
# children= of a daemon stands for MaxDaemonChildren; without any, nobody is taken for an attacker. An unknown mode keeps it from starting.
for keys in ("children=40", "children=", "children=0", "children=-1", "children", "D=x", "D=", "D"):
    suite.case("define(`confMAX_NOOP_COMMANDS',`1')\ndefine(`confMAX_DAEMON_CHILDREN',`9')\n" + f"DAEMON_OPTIONS(`{keys}, Port=25, Name=MTA')\n", [talk(keys, "NOOP", "NOOP", "NOOP")])
# newaliases takes the names of aliases apart as the server does addresses: what comes of it is the alias.
SPELLED = "\n".join(("sales@example.org: alice", "Up@Example.ORG: bob", '"quoted name": alice', "x@elsewhere.example: alice", "a%example.org@mail.example.org: bob", "(c) com: alice", "<angle>: alice",
                     "angle2@[192.0.2.10]: bob", "route: x@y", "@mail.example.org:rt: alice", "mail.example.org!uu: bob", "has blank: alice", "dot.name.: alice", "\\back: alice", '"q2": alice', "empty:",
                     "next:", "  alice", ": alice", "foo:bar: alice", "plus+: alice", "post@localhost: bob", "Mixed.Case: bob", '"co:lon": bob')) + "\n"
suite.case("", [talk(f"spelled {a}", EHLO, NULL, f"RCPT TO:<{a}@example.org>", f"RCPT TO:<{a}@mail.example.org>", f"VRFY {a}")
                for a in ("sales", "Up", "up", "quoted name", '"quoted name"', "x", "a", "com", "angle", "angle2", "route", "rt", "uu", "has blank", "has.blank", "dot.name", "dot.name.", "back", "q2", "empty", "next",
                          "foo", "bar", "plus", "plus+", "plus+x", "post", "mixed.case", "MIXED.case", '"co:lon"', "co")],
           [("spelled sales", "RCPT TO:<sales@example.org>", "250"), ("spelled x", "RCPT TO:<x@example.org>", "550"), ("spelled empty", "RCPT TO:<empty@example.org>", "550")], files={"aliases": SPELLED})
# Several addresses: all are taken apart, then they are looked for, the last first. After a comma, blanks part no more addresses of the envelope.
LISTS = ("nosuch nosuch2", "nosuch, nosuch2", "nosuch <bad", "nosuch bad) x", "|prog /file", "nosuch x@example.com", "x@example.com, nosuch", '"nosuch x" y', "(c) nosuch", ",", ", ,", "<nosuch> <nosuch2>",
         "nosuch;nosuch2", "alice, nosuch")
suite.case("", [talk(f"{word} {text}", f"{word} {text}", f"{word} nosuch a", "RSET", f"{word} nosuch a") for word in ("VRFY", "EXPN") for text in LISTS]
           + [talk("blanks again", "VRFY a,b", *again, "VRFY nosuch x") for again in (["RSET"], [EHLO], [EHLO, EHLO], [NULL], [NULL, "RCPT TO:<alice>"], [NULL, "RCPT TO:<alice>", "DATA", "x\r\n."])],
           [("VRFY nosuch nosuch2", "VRFY nosuch nosuch2", "550 5.1.1 nosuch2... User unknown")])
# An access map that is not there: whichever check opens it first says so; srv_features before the greeting, so that every reply comes late.
for table in ("hash -T<TMPF> /nowhere/x", "text /etc/mail/access", "btree /etc/mail/access", "hash -o /etc/mail/access"):
    for delay in ("FEATURE(`delay_checks')\n", ""):
        suite.case(f"FEATURE(`access_db',`{table}')\n{delay}", [talk(f"{table} {delay[9:14]}", "NOOP", "NOOP", EHLO, "NOOP", NULL, "NOOP", "RCPT TO:<alice>", "NOOP", "RSET", "AUTH LOGIN", "*", "STARTTLS", "NOOP", "VRFY nosuch", "ETRN x", "NOOP")],
                   [("hash -T<TMPF> /nowhere/x delay", "(greeting)", '451 4.0.0 hash map "access": missing map file /nowhere/x.db: No such file or directory')], files={"access": None})
# Where TLS begins with the first byte, what is said before it breaks it.
for files in (FILES, dict(FILES, **{"server.key": None})):
    title = "key" if files is FILES else "no key"
    suite.case(TLS + "FEATURE(`access_db',`hash -T<TMPF> /nowhere/x')\nFEATURE(`delay_checks')\n", [dict(talk(f"{title} plain", EHLO, "NOOP"), listener="TLSMTA"), dict(talk(f"{title} tls", EHLO), listener="TLSMTA", tls=True)],
               [(f"{title} plain", "(greeting)", '451 4.0.0 hash map "access": missing map file /nowhere/x.db: No such file or directory')], files=dict(files, access=None))
# What cannot be taken apart is named, not the address of the command: here what -T makes of a key.
suite.case("FEATURE(`access_db',`hash -T<TMPF> /nowhere/x')\nFEATURE(`delay_checks')\nFEATURE(`blocklist_recipients')\n", [talk("named", EHLO, "NOOP", NULL, *[f"RCPT TO:<{a}>" for a in ("user%localhost@[198.51.100.8]", "user%mail.example.org@x.example", "a@[192.0.2.10]")], "RCPT TO:<" + "l" * 300 + "@x>", "RCPT TO:<a@b@>")],
           [("named", "RCPT TO:<user%localhost@[198.51.100.8]>", "553 5.0.0 To:>user%localhost@[198.51.100.8]<TMPF>... Unbalanced '>'")], files={"access": None})
# A CNAME is followed, or the name that has one is taken for the canonical one.
for option in ("", "define(`confDONT_EXPAND_CNAMES',`True')\n"):
    suite.case(option + "FEATURE(`access_db')\nFEATURE(`blocklist_recipients')\n", [talk(f"cname {option[12:16]}", NULL, "RCPT TO:<x@alias.example>", "RCPT TO:<x@good.example.com>", "MAIL FROM:<x@alias.example>")],
               [(f"cname {option[12:16]}", "RCPT TO:<x@alias.example>", "450 4.0.0 <x@alias.example>... " + ("alias" if option else "other"))],
               files={"access": "To:x@alias.example\t450 alias\nTo:x@good.example.com\t450 other\n"}, facts={"dns": dict(compare.FACTS["dns"], **{"cname alias.example": ["good.example.com"]})})
# What rulesets resolve to, with parts that are empty, that are not there, or in other letters.
for i, resolved in enumerate(("$#error", "$#error $: x", "$#error $@ 5.7.1", "$#error $@ $: 550 x", "$#ERROR $: x", "$#Error $@ 5.7.1 $: 550 x", "$#discard", "$#DISCARD", "$#discard $: x", "$#error $@ quarantine", "$#error $@ QUARANTINE $: held",
                              "$#error $@ quarantine $: held", "$#error $:", "$#", "$#nosuch $: x", "$#nosuch", "$#OK", "$#error $@ 5 7 1 $: 550 a b", "$#error $@ 75 $: x", "$#error $@ nohost $: x", "$#error $@ 4.7.1 $: 550 x")):
    suite.case("LOCAL_RULESETS\nSLocal_check_rcpt\nR$*\t" + resolved + "\n", [talk(f"check {i}", EHLO, NULL, "RCPT TO:<alice>", "RCPT TO:<x@example.com>", "DATA", "x\r\n.", "NOOP")])
for i, resolved in enumerate(("$#local", "$#local $: a", "$#local $:", "$#smtp $: a", "$#smtp $@ $: a", "$#smtp $@ x $: a", "$#smtp $@ x", "$#smtp $@ x $:", "$#nosuch", "$#nosuch $: a", "$#error", "$#ERROR $: 550 x", "$#Smtp $@ x $: a", "$#", "$#local $@ x $: alice", "$#smtp $@ x $: $@ y", "$#local $: @ alice", "$#smtp x $@ y $: a", "$#smtp.x $@ y $: a", "$#local.x $@ y $: alice", "$#error x $@ 5.7.1 $: 550 a")):
    suite.case("LOCAL_RULE_0\nRto $* < @ $=w . > $*\t" + resolved + "\n", [talk(f"resolves {i}", EHLO, NULL, "RCPT TO:<to>", "RCPT TO:<alice>", "RSET", "MAIL FROM:<to>", "VRFY to")])
# srv_features: a word of several letters is off by its first, or a variant that there is not.
for value in ("ex", "e2", "e,", "e=1", "c2", "Ax", "a A2", "Ex e", "temporary", "tem", "Srv_Features:example.com", "f", "l2", "l", "P p", "Dx", "bx", "b", "S2", "x:y", "TEMP"):
    suite.case("FEATURE(`access_db')\ndefine(`confAUTH_MECHANISMS',`LOGIN')\nDAEMON_OPTIONS(`Name=MTA,Modifiers=E')\n",
               [talk(f"features {value}", EHLO, NULL, ["NOOP", "NOOP"]), talk(f"early {value}", [EHLO, "NOOP"], [EHLO, "NOOP"])], [("features ex", EHLO, "250")], files={"access": f"Srv_Features:{GOOD}\t{value}\nSrv_Features:good.example.com\t{value}\n"})
# Bad recipients: how many, and what share of all, is borne.
for shutdown, good, throttle in ((1, 0, 0), (2, 0, 1), (2, 50, 0), (2, 60, 2), (2, 67, 1), (3, 0, 5), (0, 50, 0), (-1, 0, 0)):
    bad, fine = "RCPT TO:<nosuch>", "RCPT TO:<root>"
    suite.case(f"LOCAL_CONFIG\nO BadRcptShutdown={shutdown}\nO BadRcptShutdownGood={good}\nO BadRcptThrottle={throttle}\n",
               [talk(f"shut {shutdown} {good} {throttle} {i}", EHLO, NULL, *lines) for i, lines in
                enumerate(([bad] * 5, [fine, bad, bad, fine, bad], [bad, fine, bad, fine, fine, bad], [bad, "RSET", bad, NULL, bad, bad, "NOOP"], [bad, bad, NULL, bad], [bad, "RCPT x", "RSET", NULL, bad, bad, bad, bad]))],
               [("shut 1 0 0 0", bad, "550 5.1.1 <nosuch>... User unknown")], files={"aliases": "root: alice\n"})
# A message: headers, their end, the whole, each with an error of its own; the last is told, but 4 does not hide 5. Headers as they are stored.
HEAD5 = "LOCAL_RULESETS\nSCheckHeader\nR$* bad5 $*\t$#error $@ 5.7.1 $: \"550 head5\"\nR$* bad4 $*\t$#error $@ 4.7.1 $: \"450 head4\"\n"
EOH = "Scheck_eoh\nR$* $| $*\t$#error $@ %d.7.1 $: \"%d50 eoh \" $1 \"/\" $2\n"
EOM = "Scheck_eom\nR$*\t$#error $@ %d.7.1 $: \"%d50 eom \" $1\n"


def message(*headers, body="x"):
    return "".join(h + "\r\n" for h in headers) + "\r\n" + body + "\r\n."


MESSAGES = [message("X-Long: ok"), message("X-Long: bad5", "X-Long: bad4"), message("X-Long: bad4", "X-Y: y", "X-Long: bad5 a"), message("X-Y: " + "y" * 30, "X-Long: bad5"),
            message("X-Y: " + "y" * 160, body="z" * 90), message("X-Y: y", body="z" * 190), message("X-Long: bad5", body="z" * 250), "x" * 5 + "\r\n.", "A: b\r\n.", "A: b\r\n..\r\n.",
            "From me\r\nX-Long: bad5\r\n\r\nx\r\n.", "From me\r\nFrom you\r\nA: b\r\n\r\n.", "A: b\r\n  c\r\n d\r\n\r\nx\r\n.", "A: b\r\nno header line at all that is quite long, in truth\r\n.",
            "X-L\u00e9: bad5\r\nA: b\r\n\r\n.", "\r\n.", message("A: b", "Text: c", "X-Long: bad5"), message("message: b"), message("Text : b")]
for options in ("", "define(`confMAX_HEADERS_LENGTH',`60')\n", "define(`confMAX_MESSAGE_SIZE',`200')\n", "define(`confSAVE_FROM_LINES',`True')\n"):
    for rules in ("", EOH % (5, 5), EOH % (4, 4), EOM % (4, 4), EOH % (5, 5) + EOM % (4, 4)):
        suite.case(options + HEAD5 + rules + "LOCAL_CONFIG\nHX-Long: $>CheckHeader\n", [talk(f"{options[12:24]} {rules[:10].strip()} {i}", EHLO, NULL, "RCPT TO:<root>", "DATA", m, "NOOP") for i, m in enumerate(MESSAGES)])
for most in ("", "0", "-1"):
    suite.case(EOH.join(("LOCAL_RULESETS\n", "")) % (4, 4) + (f"define(`confMAX_HEADERS_LENGTH',`{most}')\n" if most else ""),
               [talk(f"most {most} {n}", EHLO, NULL, "RCPT TO:<root>", "DATA", message("A: " + "x" * n), "NOOP") for n in (32762, 32763, 32764, 32766, 40000)])
# Strict about eight bits, seven bits, and who says that it is MIME. A mode that does not exist keeps the server from starting.
EIGHT = [message("A: b", body="\u00e9"), message("A: \u00e9"), message("MIME-Version: 1.0", body="\u00e9"), message("mime-version: 2", body="\u00e9"), message("Content-Type: text/plain", body="\u00e9")]
for mode in ("strict", "mimify", "pass8", "x"):
    for options in ("", "define(`confSEVEN_BIT_INPUT',`True')\n", "define(`confMAX_MESSAGE_SIZE',`3')\n"):
        suite.case(f"define(`confEIGHT_BIT_HANDLING',`{mode}')\n" + options,
                   [talk(f"{mode} {options[12:20]} {i}{body}", EHLO, NULL + body, "RCPT TO:<root>", "DATA", m, "NOOP", "RSET", "MAIL FROM:<\u00e9> BODY=7BIT", "FOO \u00e9", NULL, "FOO \u00e9")
                    for i, m in enumerate(EIGHT) for body in ("", " BODY=8BITMIME", " BODY=7BIT")], [("strict  0", EIGHT[0], "554 5.6.1 Eight bit data not allowed")])
# More hops than MaxHopCount: taken, and sent back later.
suite.case("define(`confMAX_HOP',`5')\n", [talk(f"hops {n}", EHLO, NULL, "RCPT TO:<root>", "DATA", "Received: x\r\n" * n + "\r\n.", "NOOP") for n in (5, 8)], [("hops 8", "Received: x\r\n" * 8 + "\r\n.", "250")])
suite.done()
