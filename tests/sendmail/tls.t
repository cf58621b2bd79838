#!/usr/bin/env python3
"""STARTTLS, TLS from the first byte, client certificates and what rulesets make of them, AUTH under TLS: the real
sendmail and the simulation. Prints TAP."""
import tempfile

import compare
from authority import CERTIFICATES, Authority

GOOD = "203.0.113.5"
EHLO, MAIL, REMOTE = "EHLO probe.example.net", "MAIL FROM:<a@example.com>", "RCPT TO:<x@example.com>"
suite = compare.Suite()
keep = tempfile.TemporaryDirectory()
authority = Authority(keep.name)
FILES = authority.server_files()
presents = authority.presents
TLS = CERTIFICATES


def talk(name, *lines, **more):
    return dict({"name": name, "client": GOOD, "send": [*lines, "QUIT"]}, **more)


suite.case(TLS + "define(`confAUTH_MECHANISMS',`EXTERNAL DIGEST-MD5 CRAM-MD5 LOGIN PLAIN')\ndefine(`confAUTH_OPTIONS',`p y')\nTRUST_AUTH_MECH(`EXTERNAL LOGIN PLAIN')\n"
           "DAEMON_OPTIONS(`Port=25, Name=MTA')\nDAEMON_OPTIONS(`Port=465, Name=TLSMTA, M=s')\nDAEMON_OPTIONS(`Port=587, Name=MSA, M=SEa')\n", [
    talk("starttls", EHLO, "AUTH PLAIN AGFsaWNlAHNlY3JldA==", "STARTTLS", EHLO, "STARTTLS", "AUTH PLAIN AGFsaWNlAHNlY3JldA==", MAIL, REMOTE),
    talk("starttls at once", "STARTTLS", MAIL, REMOTE), talk("starttls late", EHLO, MAIL, "STARTTLS", "RSET", "STARTTLS x", "STARTTLS", MAIL),
    dict(talk("smtps", EHLO, "STARTTLS", "AUTH LOGIN", "YWxpY2U=", "c2VjcmV0", MAIL, REMOTE), listener="TLSMTA", tls=True),
    dict(talk("no starttls", EHLO, "STARTTLS", MAIL), listener="MSA"),
    presents("client", talk("external", EHLO, "AUTH EXTERNAL =", "STARTTLS", EHLO, "AUTH EXTERNAL =", MAIL, REMOTE)),
    presents("stranger", talk("stranger", EHLO, "STARTTLS", EHLO, "AUTH EXTERNAL =", MAIL, REMOTE)),
], [("starttls", "STARTTLS", "220 2.0.0 Ready to start TLS"), ("no starttls", "STARTTLS", "503 5.5.0 TLS not available"),
    ("starttls late", "STARTTLS", "503 5.5.0 TLS not permitted during a mail transaction")], files=FILES,
    facts={"sasl": dict(compare.FACTS["sasl"], mechanisms=["EXTERNAL", "DIGEST-MD5", "CRAM-MD5", "PLAIN", "LOGIN"])})

for title, change in (("no key", {"server.key": None}), ("no certificate", {"server.crt": None}), ("no authorities", {"ca.crt": None}), ("garbage", {"server.crt": "x\n"})):
    suite.case(TLS + "DAEMON_OPTIONS(`Port=25, Name=MTA')\nDAEMON_OPTIONS(`Port=465, Name=TLSMTA, M=s')\n",
               [talk(title, EHLO, "STARTTLS", MAIL), dict(talk(title + " smtps", EHLO), listener="TLSMTA")],
               [(title, "STARTTLS", "454 4.3.3 TLS not available after start")], files=dict(FILES, **change))
# TLSSrvOptions=C: nothing of it is required; without certificate and key STARTTLS is offered, and breaks.
for options in ("", "define(`confTLS_SRV_OPTIONS',`C')\n"):
    for name, file in (("SERVER_CERT", "server.crt"), ("SERVER_KEY", "server.key"), ("CACERT", "ca.crt"), ("CACERT_PATH", None)):
        for title, lines, files in (("unset", TLS.replace(f"`conf{name}'", "`confNOTHING'"), FILES), ("absent", TLS, FILES | {file: None}), ("garbage", TLS, FILES | {file: "x\n"})):
            if file or title == "unset":
                title = f"{options[-5:-3]} {name} {title}"
                suite.case(lines + options + "DAEMON_OPTIONS(`Port=25, Name=MTA')\nDAEMON_OPTIONS(`Port=465, Name=TLSMTA, M=s')\n",
                           [talk(title, EHLO, "STARTTLS", MAIL), dict(talk(title + " smtps", EHLO), listener="TLSMTA"), dict(talk(title + " begins", EHLO), listener="TLSMTA", tls=True)],
                           [("C SERVER_KEY absent", "STARTTLS", "220 2.0.0 Ready to start TLS")] if title == "C SERVER_KEY absent" else [], files=files)
# Lists of what was revoked: one that is not there ends TLS, one that cannot be read is none.
for options in ("O CRLFile=/etc/mail/absent.crl\n", "O CRLFile=/etc/mail/list\n", "O CRLPath=/etc/mail/absent\n", "O CRLPath=/etc/mail\n", "O DHParameters=/etc/mail/absent\n", "O DHParameters=/etc/mail/list\n", "O DHParameters=x\n",
                "O CipherList=nonsense\n", "O CipherSuites=nonsense\n", "O CRLFile=\n"):
    suite.case(TLS + "LOCAL_CONFIG\n" + options, [presents("client", talk(f"revoked {options.strip()}", EHLO, "STARTTLS", EHLO, MAIL)), presents("stranger", talk(f"revoked {options.strip()} stranger", EHLO, "STARTTLS", EHLO, MAIL))],
               files=dict(FILES, list="x\n", access=""))
# Two certificates, each with its key.
C1, K1, C2, K2 = "/etc/mail/server.crt", "/etc/mail/server.key", "/etc/mail/second.crt", "/etc/mail/second.key"
for certificates, keys, title in ((f"{C1},{C2}", f"{K1},{K2}", "two"), (f"{C1},/etc/mail/absent", f"{K1},{K2}", "absent"), (f"{C1},{C2}", f"{K1},/etc/mail/absent", "absent key"), (f"{C1},{C2}", K1, "one key"), (C1, f"{K1},{K2}", "one certificate"),
                                  (f"{C1}, {C2}", f"{K1}, {K2}", "blank"), (f"{C1},", f"{K1},", "empty"), (f"{C1},{C2},{C1}", f"{K1},{K2}", "three"), (f",{C1}", f",{K1}", "first empty"), (f"{C1},/etc/mail/list", f"{K1},{K2}", "garbage"), (f"{C1},/etc/mail/list", K1, "garbage alone")):
    for options in ("", "define(`confTLS_SRV_OPTIONS',`C')\n"):
        suite.case(TLS.replace(f"`{C1}'", f"``{certificates}''").replace(f"`{K1}'", f"``{keys}''") + options, [talk(f"pairs {title} {options[-5:-3]}", EHLO, "STARTTLS", EHLO, MAIL)],
                   [("pairs two ", "STARTTLS", "220 2.0.0 Ready to start TLS"), ("pairs two ", MAIL, "250")] if title == "two" else [], files=dict(FILES, **{"second.crt": FILES["server.crt"], "second.key": FILES["server.key"], "list": "x\n"}))
# Of each word the first letter counts.
for options in ("VC", "V C", "V,C", "C V", "v", " C", "CV", "x C"):
    suite.case(TLS.replace("confSERVER_KEY", "confNOTHING") + f"define(`confTLS_SRV_OPTIONS',`{options}')\n", [talk(f"letters {options}", EHLO, "STARTTLS", MAIL)],
               [("letters V C", "STARTTLS", "220"), ("letters VC", "STARTTLS", "454")] if options in ("V C", "VC") else [], files=FILES)
suite.case(TLS.replace("confCACERT_PATH", "confNOTHING"), [talk("no folder", EHLO, "STARTTLS")], [("no folder", "STARTTLS", "454 4.3.3 TLS not available after start")], files=FILES)

ACCESS = """TLS_Clt:203.0.113.5\tVERIFY
TLS_Clt:198.51.100.8\tENCR:112
TLS_Clt:198.51.100.9\tPERM+VERIFY
TLS_Clt:198.51.100.7\tENCR:512
"""
suite.case(TLS + "FEATURE(`access_db')\n", [
    talk("38", EHLO, MAIL), talk("38 tls", EHLO, "STARTTLS", EHLO, MAIL, "NOOP"), presents("client", talk("38 client", EHLO, "STARTTLS", EHLO, MAIL)), presents("stranger", talk("38 stranger", EHLO, "STARTTLS", EHLO, MAIL)),
    dict(talk("encr", EHLO, MAIL, "STARTTLS", MAIL), client="198.51.100.8"), dict(talk("perm", EHLO, MAIL, "STARTTLS", MAIL), client="198.51.100.9"), dict(talk("weak", EHLO, MAIL, "STARTTLS", MAIL), client="198.51.100.7"),
], [("38", MAIL, "454 4.7.0 authentication required")], files=dict(FILES, access=ACCESS))
RELAY = "CERTIssuer:/CN=Test+20CA/O=Example\tRELAY\n"
suite.case(TLS + "FEATURE(`access_db')\n", [presents("client", talk("39", EHLO, "STARTTLS", EHLO, MAIL, REMOTE)), talk("39 none", EHLO, "STARTTLS", EHLO, MAIL, REMOTE), presents("stranger", talk("39 stranger", EHLO, "STARTTLS", EHLO, MAIL, REMOTE))],
           [("39", REMOTE, "250"), ("39 stranger", REMOTE, "550")], files=dict(FILES, access=RELAY))
SUBJECT = "CERTIssuer:/CN=Test+20CA/O=Example\tSUBJECT\nCERTSubject:/C=US/O=Example+20Org/CN=client.example.net\tRELAY\n"
suite.case(TLS + "FEATURE(`access_db')\n", [presents("client", talk("39 subject", EHLO, "STARTTLS", EHLO, MAIL, REMOTE))], [("39 subject", REMOTE, "250")], files=dict(FILES, access=SUBJECT))
suite.case(TLS + "FEATURE(`access_db')\ndefine(`confTLS_SRV_OPTIONS',`V')\n", [presents("client", talk("not asked", EHLO, "STARTTLS", EHLO, MAIL, REMOTE))], [("not asked", REMOTE, "550")], files=dict(FILES, access=RELAY))
suite.case(TLS + "FEATURE(`access_db')\n", [talk("feature S", EHLO, "STARTTLS", MAIL)], [("feature S", "STARTTLS", "503 5.5.0 TLS not available")], files=dict(FILES, access="Srv_Features:203.0.113.5\tS\n"))
suite.done()
