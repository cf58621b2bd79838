#!/usr/bin/env python3
"""The table of live vectors: what the real sendmail answers, and that the simulation says the same. Prints TAP."""
import compare

GOOD, FORGED, NONE, SLOW, OWN, RELAYME = ("203.0.113.5", "198.51.100.7", "198.51.100.8", "198.51.100.9",
                                          "198.51.100.11", "198.51.100.12")
EHLO = "EHLO probe.example.net"
MAIL = "MAIL FROM:<a@example.com>"
REMOTE = "RCPT TO:<x@example.com>"
LOCAL = "RCPT TO:<alice@example.org>"
suite = compare.Suite()


def talk(name, client, *lines, **more):
    return dict({"name": name, "client": client, "send": [EHLO, *lines, "QUIT"]}, **more)


def remote(name, client):
    return talk(name, client, MAIL, REMOTE)


DENIED = "550 5.7.1 <x@example.com>... Relaying denied"
SAME_ADDRESS = ["x%example.com@example.org", "example.com!x@example.org", '"x@example.com"@example.org',
                "@example.org:x@example.com", "x%example.com", '"x@example.com"']

suite.case(
    "",
    [remote("1", GOOD), remote("2", FORGED), remote("3", NONE), remote("4", SLOW), remote("5 loopback", "127.0.0.1"),
     remote("5 own address", "192.0.2.10"), remote("6", "127.0.0.2"), talk("7", GOOD, MAIL, *[f"RCPT TO:<{a}>" for a in SAME_ADDRESS]),
     talk("8", GOOD, MAIL, "RCPT TO:<nosuch@example.org>"), talk("9", GOOD, MAIL, "RCPT TO:<>"),
     talk("27", GOOD, "MAIL FROM:<x@nxdomain.example>"), talk("28", GOOD, "MAIL FROM:<x@servfail.example>"),
     talk("29", GOOD, "MAIL FROM:<bare>"), talk("29 loopback", "127.0.0.1", "MAIL FROM:<bare>"),
     talk("30", GOOD, "MAIL FROM:<x@localhost>"), talk("30 loopback", "127.0.0.1", "MAIL FROM:<x@localhost>")],
    [("1", REMOTE, DENIED),
     ("2", REMOTE, DENIED + ". IP name possibly forged [198.51.100.7]"),
     ("3", REMOTE, DENIED + ". IP name lookup failed [198.51.100.8]"),
     ("4", REMOTE, "450 4.4.0 <x@example.com>... Relaying temporarily denied. Cannot resolve PTR record for 198.51.100.9"),
     ("5 loopback", REMOTE, "250 2.1.5 <x@example.com>... Recipient ok"),
     ("5 own address", REMOTE, "250 2.1.5 <x@example.com>... Recipient ok"),
     ("6", REMOTE, DENIED + ". IP name lookup failed [127.0.0.2]"),
     *[("7", f"RCPT TO:<{a}>", f"550 5.7.1 <{a}>... Relaying denied") for a in SAME_ADDRESS],
     ("8", "RCPT TO:<nosuch@example.org>", "550 5.1.1 <nosuch@example.org>... User unknown"),
     ("9", "RCPT TO:<>", "553 5.0.0 <>... User address required"),
     ("27", "MAIL FROM:<x@nxdomain.example>", "553 5.1.8 <x@nxdomain.example>... Domain of sender address x@nxdomain.example does not exist"),
     ("28", "MAIL FROM:<x@servfail.example>", "451 4.1.8 Domain of sender address x@servfail.example does not resolve"),
     ("29", "MAIL FROM:<bare>", "553 5.5.4 <bare>... Domain name required for sender address bare"),
     ("29 loopback", "MAIL FROM:<bare>", "553 5.5.4 <bare>... Domain name required for sender address bare"),
     ("30", "MAIL FROM:<x@localhost>", "553 5.5.4 <x@localhost>... Real domain name required"),
     ("30 loopback", "MAIL FROM:<x@localhost>", "250 2.1.0 <x@localhost>... Sender ok")])

suite.case("TRUST_AUTH_MECH(`LOGIN PLAIN')\n", [remote("10", GOOD)],
           [("10", REMOTE, DENIED + ". Proper authentication required.")])
LOGIN = ["AUTH LOGIN", "YWxpY2U=", "c2VjcmV0"]
suite.case("define(`confAUTH_MECHANISMS',`DIGEST-MD5 CRAM-MD5 LOGIN PLAIN')\n",
           [talk("11", GOOD, *LOGIN, MAIL, REMOTE),
            talk("11 wrong", GOOD, "AUTH LOGIN", "YWxpY2U=", "eHh4", "AUTH PLAIN AGFsaWNlAHNlY3JldA==", "AUTH PLAIN x"),
            talk("11 realm", GOOD, "AUTH PLAIN AGJvYgBoaWRkZW4=", "AUTH PLAIN AGJvYkBleGFtcGxlLm9yZwBoaWRkZW4=", MAIL),
            talk("11 oddities", GOOD, "AUTH", "AUTH GSSAPI", "AUTH PLAIN !!", "AUTH LOGIN", "*", "AUTH LOGIN", "!!",
                 "AUTH PLAIN =", MAIL, "AUTH LOGIN")],
           [("11", REMOTE, DENIED), ("11", "c2VjcmV0", "235 2.0.0 OK Authenticated"),
            ("11 wrong", "eHh4", "535 5.7.0 authentication failed")])
suite.case("DAEMON_OPTIONS(`Port=25, Name=MTA, M=Ea')\n", [talk("12", GOOD, MAIL, REMOTE, "ETRN x")],
           [("12", MAIL, "530 5.7.0 Authentication required"), ("12", REMOTE, "503 5.0.0 Need MAIL before RCPT")])
suite.case("DAEMON_OPTIONS(`Port=25, Name=MTA, M=A')\n", [talk("13", GOOD, "AUTH PLAIN x")],
           [("13", "AUTH PLAIN x", "503 5.3.3 AUTH not available")])
suite.case("", [talk("14", GOOD, "AUTH PLAIN x")], [("14", "AUTH PLAIN x", "504 5.3.3 AUTH mechanism PLAIN not available")])
suite.case("define(`confAUTH_MECHANISMS',`DIGEST-MD5 CRAM-MD5 LOGIN PLAIN')\ndefine(`confAUTH_OPTIONS',`p')\n",
           [talk("15", GOOD, "AUTH LOGIN")])
suite.case("define(`confAUTH_MECHANISMS',`LOGIN PLAIN')\ndefine(`confAUTH_OPTIONS',`p')\n", [talk("16", GOOD, "AUTH LOGIN")])
suite.case("FEATURE(`access_db')\n", [talk("17", GOOD, MAIL, LOCAL), talk("17 loopback", "127.0.0.1", MAIL)],
           [("17", MAIL, "451 4.3.0 Temporary system failure. Please try again later.")])

ACCESS = """Connect:198.51.100.8\tRELAY
Connect:client.example.org\tOK
Connect:198.51.100.7\tREJECT
To:elsewhere.example\tRELAY
To:x@full.example\tRELAY
From:spam@example.com\tREJECT
From:err.example\tERROR:5.1.8:550 no such
To:root@example.org\tREJECT
From:text.example\t550 go away
From:odd.example\tREALY
To:drop.example\tDISCARD
From:quarantine.example\tQUARANTINE:odd
"""
FILES = {"access": ACCESS}
SENDERS = ["spam+tag@example.com", "x@sub.err.example", "x@text.example", "x@odd.example", "x@quarantine.example"]
suite.case(
    "FEATURE(`access_db')\nFEATURE(`blocklist_recipients')\n",
    [remote("18", NONE), remote("19", OWN), talk("20", FORGED, MAIL, REMOTE, "NOOP", "RSET", "HELP", "VRFY x", "FOO", "AUTH x", "DATA"),
     talk("21", GOOD, MAIL, "RCPT TO:<x@a.elsewhere.example>", "RCPT TO:<x@full.example>"),
     talk("23", GOOD, *[f"MAIL FROM:<{s}>" for s in SENDERS]),
     talk("25", GOOD, MAIL, "RCPT TO:<root@example.org>", "RCPT TO:<x@drop.example>", LOCAL)],
    [("18", REMOTE, "250 2.1.5"), ("19", REMOTE, "550 5.7.1"), ("20", MAIL, "550 5.7.1 Access denied"),
     ("20", EHLO, "250-mail.example.org Hello forged.example.net [198.51.100.7] (may be forged), pleased to meet you\n250 ENHANCEDSTATUSCODES"),
     ("21", "RCPT TO:<x@a.elsewhere.example>", "250 2.1.5"), ("21", "RCPT TO:<x@full.example>", "550 5.7.1"),
     ("23", "MAIL FROM:<spam+tag@example.com>", "550 5.7.1 <spam+tag@example.com>... Access denied"),
     ("23", "MAIL FROM:<x@sub.err.example>", "550 5.1.8 <x@sub.err.example>... no such"),
     ("25", "RCPT TO:<root@example.org>", "550 5.2.1 <root@example.org>... Mailbox disabled for this recipient")],
    files=FILES)
suite.case("FEATURE(`access_db',,`relaytofulladdress')\n", [talk("22", GOOD, MAIL, "RCPT TO:<x@full.example>")],
           [("22", "RCPT TO:<x@full.example>", "250 2.1.5")], files=FILES)
suite.case("FEATURE(`access_db')\nFEATURE(`delay_checks')\n", [talk("26", GOOD, "MAIL FROM:<spam@example.com>", LOCAL, REMOTE)],
           [("26", "MAIL FROM:<spam@example.com>", "250"), ("26", LOCAL, "550 5.7.1 <alice@example.org>... Access denied"),
            ("26", REMOTE, DENIED)], files=FILES)
suite.case("RELAY_DOMAIN(`198.51.100')\n", [remote("31", NONE)], [("31", REMOTE, "250")])
suite.case("RELAY_DOMAIN(`198.51.100.0/24')\n", [remote("31 cidr", NONE)], [("31 cidr", REMOTE, "550")])
suite.case("VIRTUSER_DOMAIN(`elsewhere.example')\n", [talk("32", GOOD, MAIL, "RCPT TO:<x@elsewhere.example>")],
           [("32", "RCPT TO:<x@elsewhere.example>", "250")])
suite.case("FEATURE(`promiscuous_relay')\n", [remote("33", GOOD), remote("33 none", NONE)], [("33", REMOTE, "250")])
suite.case("FEATURE(`relay_local_from')\n", [talk("34", GOOD, "MAIL FROM:<a@example.org>", REMOTE)], [("34", REMOTE, "250")])
suite.case("FEATURE(`nopercenthack',`nospecial')\n", [talk("35", GOOD, MAIL, "RCPT TO:<x%h@example.org>")],
           [("35", "RCPT TO:<x%h@example.org>", "550 5.1.1 <x%h@example.org>... User unknown")])
suite.case("FEATURE(`dnsbl',`bl.example')\n", [talk("37", GOOD, MAIL), remote("37 not listed", NONE)],
           [("37", MAIL, "550 5.7.1 Rejected: 203.0.113.5 listed at bl.example")],
           facts={"dns": dict(compare.FACTS["dns"], **{"list 203.0.113.5 bl.example": ["127.0.0.2"]})})
suite.case("FEATURE(`access_db')\n", [talk("40", GOOD, MAIL), talk("40 temporary", NONE, MAIL)], [("40", MAIL, "530 5.7.0 Authentication required")],
           files={"access": "Srv_Features:203.0.113.5\tl A p\nSrv_Features:198.51.100.8\tTEMP\n"})
suite.case("LOCAL_RULESETS\nSLocal_check_rcpt\nR$*\t\t$# OK\n", [remote("41", GOOD)], [("41", REMOTE, "250")])
suite.case("LOCAL_RULESETS\nSLocal_check_rcpt\nR$*\t\t$@ OK\n", [remote("41 no", GOOD)], [("41 no", REMOTE, "550")])
suite.case("define(`confDELIVERY_MODE',`deferred')\n", [remote("42", NONE)], [("42", REMOTE, "250 2.1.5 <x@example.com>... Recipient ok (will queue)")])
suite.case("define(`confMAX_RCPTS_PER_MESSAGE',`2')\n", [talk("43", GOOD, MAIL, LOCAL, "RCPT TO:<bob@example.org>", "RCPT TO:<root@example.org>", LOCAL, "DATA", "x\r\n.")],
           [("43", "RCPT TO:<root@example.org>", "452 4.5.3 Too many recipients")])
suite.case("define(`confSOFT_BOUNCE',`true')\n", [talk("soft bounce", GOOD, MAIL, REMOTE, "FOO")],
           [("soft bounce", REMOTE, "450 4.7.1 <x@example.com>... Relaying denied")])

START = [("unknown privacy flag", "define(`confPRIVACY_FLAGS',`authwarnings,nosuchflag')\n"),
         ("unknown option", "LOCAL_CONFIG\nO NoSuchOption=1\n"), ("stray text", "stray\n"),
         ("rule without tab", "LOCAL_RULESETS\nSfoo\nRa b\n"), ("bad key", "DAEMON_OPTIONS(`Port=25, X=1')\n"),
         ("unknown service", "DAEMON_OPTIONS(`Port=nosuchservice')\n"), ("unknown family", "DAEMON_OPTIONS(`Family=foo')\n")]
for title, mc in START:
    suite.case(mc, [dict(talk(f"45 {title}", GOOD), listener="192.0.2.10:25")], [(f"45 {title}", "(greeting)", '{"refused": true}')])
suite.case("", [dict(talk("45 missing class file", GOOD), listener="192.0.2.10:25")],
           [("45 missing class file", "(greeting)", '{"refused": true}')], files={"local-host-names": None})
suite.done()
