#!/usr/bin/env python3
"""Features, options and daemons of every kind, each with the same dialogues from clients of every kind: the real sendmail
and the simulation. Prints TAP."""
import compare

GOOD, FORGED, NONE, SLOW, OWN, RELAYME = ("203.0.113.5", "198.51.100.7", "198.51.100.8", "198.51.100.9",
                                          "198.51.100.11", "198.51.100.12")
EHLO, MAIL, REMOTE = "EHLO probe.example.net", "MAIL FROM:<a@example.com>", "RCPT TO:<x@example.com>"
suite = compare.Suite()
SAID = [EHLO, "AUTH LOGIN", "YWxpY2U=", "c2VjcmV0", "AUTH PLAIN AGFsaWNlAHNlY3JldA==", "MAIL FROM:<spam@bad.example>", "RSET", MAIL, REMOTE, "RCPT TO:<alice@example.org>", "RCPT TO:<nosuch@example.org>",
        "RCPT TO:<x@relayme.example>", "RCPT TO:<x%example.com@example.org>", "RCPT TO:<x@a.elsewhere.example>", "RCPT TO:<bob+x@example.org>", "RCPT TO:<list@example.org>", "DATA", "ETRN x", "EXPN nosuch", "QUIT"]
PLAIN = [EHLO, MAIL, REMOTE, "RCPT TO:<alice@example.org>", "RCPT TO:<x@host.relayme.example>", "RSET", "MAIL FROM:<x@nosuch.example>", "RSET", "MAIL FROM:<alice>", "RSET", "MAIL FROM:<x@localhost>", "RSET", "MAIL FROM:<>", REMOTE, "RCPT TO:<root>", "QUIT"]
BARE = ["mail from: a@example.com", "rcpt to: x@example.com", "rcpt to: alice@example.org", "data", "quit"]


def battery(**more):
    out = [dict({"name": f"{client} {name}", "client": client, "send": lines}, **more)
           for client in (GOOD, FORGED, NONE, SLOW, OWN, RELAYME, "127.0.0.1", "192.0.2.10") for name, lines in (("plain", PLAIN), ("bare", BARE))]
    return out + [dict({"name": "login", "client": GOOD, "send": SAID}, **more)]


ACCESS = """Connect:198.51.100.8\tRELAY
Connect:198.51.100.7\tREJECT
client.example.org\tREJECT
To:elsewhere.example\tRELAY
bad.example\tREJECT
bob@\tERROR:4.2.1:450 later
ClientRate:\t0
ClientConn:\t0
GreetPause:203.0.113.5\t0
Spam:alice@example.org\tFRIEND
"""
FILES = {"access": ACCESS, "virtusertable": "bob@example.org\talice\nvirt@example.org\tx@example.com\n@virtual.example\terror:nouser User gone\n", "mailertable": "relayme.example\tesmtp:[127.0.0.9]\nerr.example\terror:5.1.2:550 no way\n",
         "domaintable": "old.example\texample.org\n"}
AUTH = "define(`confAUTH_MECHANISMS',`DIGEST-MD5 CRAM-MD5 LOGIN PLAIN')\nTRUST_AUTH_MECH(`LOGIN PLAIN')\n"
ACCESS_DB = "FEATURE(`access_db')\n"
CONFIGS = {
    "everything at once": AUTH + ACCESS_DB + "FEATURE(`blocklist_recipients')\nFEATURE(`delay_checks')\nFEATURE(`dnsbl',`bl.example')\nFEATURE(`virtusertable')\nFEATURE(`mailertable')\nFEATURE(`domaintable')\nRELAY_DOMAIN(`relayme.example')\n",
    "no delay": AUTH + ACCESS_DB + "FEATURE(`blocklist_recipients')\nRELAY_DOMAIN(`relayme.example')\nFEATURE(`relay_hosts_only')\n",
    "entire domain": "FEATURE(`relay_entire_domain')\n", "accept": "FEATURE(`accept_unqualified_senders')\nFEATURE(`accept_unresolvable_domains')\n",
    "require_rdns": ACCESS_DB + "FEATURE(`require_rdns')\n", "block_bad_helo": "FEATURE(`block_bad_helo')\n", "block_bad_helo late": ACCESS_DB + "FEATURE(`delay_checks')\nFEATURE(`block_bad_helo')\n",
    "friends": ACCESS_DB + "FEATURE(`delay_checks',`friend')\n", "badmx": "FEATURE(`badmx')\n", "client ptr": ACCESS_DB + "FEATURE(`use_client_ptr')\n",
    "relay mail from": ACCESS_DB + "FEATURE(`relay_mail_from',`domain')\n", "nocanonify": "FEATURE(`nocanonify')\n", "loose": "FEATURE(`loose_relay_check')\nRELAY_DOMAIN(`relayme.example')\n",
    "nouucp": "FEATURE(`nouucp',`reject')\nFEATURE(`nopercenthack',`reject')\n", "relay messages": "define(`confRELAY_MSG',`\"551 go away\"')\ndefine(`confREJECT_MSG',`\"550 5.7.9 no\"')\n" + ACCESS_DB,
    "smart host": "define(`SMART_HOST',`esmtp:[127.0.0.9]')\n", "hub": "define(`MAIL_HUB',`hub.example.com')\ndefine(`LUSER_RELAY',`local:alice')\n",
    "rate": ACCESS_DB + "FEATURE(`ratecontrol')\nFEATURE(`conncontrol')\n", "pause": ACCESS_DB + "FEATURE(`greet_pause',`20')\n", "realm": AUTH + "define(`confAUTH_REALM',`example.org')\n",
    "bounce": "define(`confSOFT_BOUNCE',`true')\n" + ACCESS_DB, "virtual": "FEATURE(`virtusertable')\nVIRTUSER_DOMAIN(`virtual.example')\n", "always": "FEATURE(`always_add_domain')\nFEATURE(`masquerade_envelope')\nMASQUERADE_AS(`example.com')\n",
    "preserve": "define(`confDELIVERY_MODE',`queue')\n", "plussed off": "define(`LOCAL_MAILER_FLAGS',`lsDFM')\n", "mx": "FEATURE(`relay_based_on_MX')\nFEATURE(`bestmx_is_local')\n",
    "stickyhost": "FEATURE(`stickyhost')\nFEATURE(`local_procmail')\n", "noprobe": "define(`confDONT_PROBE_INTERFACES',`loopback')\n",
}
for options in ("A", "a", "c", "d", "f", "m", "p", "y", "Ap", "A p y", "p,y"):
    CONFIGS["auth options " + options] = AUTH + f"define(`confAUTH_OPTIONS',`{options}')\n"
CONFIGS["auth with commas"] = "define(`confAUTH_MECHANISMS',`LOGIN, PLAIN, CRAM-MD5')\n"
CONFIGS["auth empty"] = "define(`confAUTH_MECHANISMS',`')\n"
for name, mc in CONFIGS.items():
    suite.case(mc, [dict(d, name=f"{name}: {d['name']}") for d in battery()], files=FILES)
DAEMONS = "".join(f"DAEMON_OPTIONS(`{o}')\n" for o in (
    "Port=25, Name=MTA, M=f", "Port=587, Name=MSA, M=Ea", "Port=2500, Name=U, M=u", "Port=2501, Name=R, M=r", "Port=2502, Name=AA, M=aA", "Port=2503, Addr=192.0.2.10, N=addr, m = cC h b", "Port=2504, D=q", "port=2505, Name=X, M=E,a", "P=2506, N=Y, M=Ea, M=u"))
suite.case(AUTH + DAEMONS, [dict(d, name=f"daemon {name}: {d['name']}", listener=name) for name in ("MTA", "MSA", "U", "R", "AA", "addr", "Daemon6", "X", "Y")
                            for d in battery() if d["client"] in (GOOD, "127.0.0.1")], files=FILES)
HEADERS = """LOCAL_CONFIG
HSubject: $>CheckSubject
HX-Foo: $>+CheckFoo
H*: $>CheckAny
LOCAL_RULESETS
SCheckSubject
R$* spam $*\t$#error $@ 5.7.1 $: "553 No spam"
SCheckFoo
R$* ( $* ) $*\t$#error $: 550 5.6.1 comment $2
SCheckAny
R$* any $*\t$#error $: "550 any " $&{hdr_name}
Scheck_eom
R15\t$#error $@ 5.7.7 $: "550 fifteen"
Scheck_data
R2\t$#error $@ 4.7.7 $: "450 two"
"""
BODIES = ["Subject: buy spam now\r\n\r\nx", "Subject: ok\r\n\r\nspam", "X-Foo: a (b) c\r\n\r\n", "X-Bar: any thing\r\n\r\nx", "Subject: any spam\r\nX-Bar: any\r\n\r\n", "x",
          "subject:spam\r\n folded\r\n\r\nx", "Subject: a\r\n spam\r\n\r\n", "1234567890123", "12345678901234", "no header spam\r\n\r\nx", "From: any\r\nSubject: spam\r\n\r\nx"]
suite.case(HEADERS, [{"name": f"headers {i}", "client": GOOD, "send": [EHLO, MAIL, "RCPT TO:<alice@example.org>", "DATA", body + "\r\n.", "QUIT"]} for i, body in enumerate(BODIES)]
           + [{"name": "check_data", "client": GOOD, "send": [EHLO, MAIL, "RCPT TO:<alice@example.org>", "RCPT TO:<bob@example.org>", "DATA", "QUIT"]}])
suite.case(ACCESS_DB + "FEATURE(`delay_checks')\nFEATURE(`ratecontrol',`nodelay',`terminate')\nFEATURE(`conncontrol')\n",
           [{"name": f"rate limits {client}", "client": client, "send": PLAIN} for client in (GOOD, NONE)],
           files={"access": "ClientRate:\t2\nClientConn:\t3\nClientRate:198.51.100.8\t1\n"})
suite.done()
