#!/usr/bin/env python3
"""Addresses, parameters and commands that are odd: what the real sendmail answers, and that the simulation says the
same. Prints TAP."""
import compare

GOOD = "203.0.113.5"
EHLO, MAIL = "EHLO probe.example.net", "MAIL FROM:<a@example.com>"
suite = compare.Suite()


def mail(*arguments):
    return [f"MAIL FROM:{a}" for a in arguments]


def rcpt(*arguments):
    return [f"RCPT TO:{a}" for a in arguments]


def talk(name, *lines, **more):
    return dict({"name": name, "client": GOOD, "send": [EHLO, *lines, "QUIT"]}, **more)


def senders(name, *arguments):
    """Each in a transaction of its own."""
    return talk(name, *[line for a in arguments for line in (f"MAIL FROM:{a}", "RSET")])


VECTORS = [
    ("sender", "MAIL FROM:<a@@example.com>", "553 5.1.3 <a@@example.com>... Invalid route address"),
    ("sender", 'MAIL FROM:<"a@example.com>', "553 5.0.0 <\"a@example.com>... Unbalanced '\"'"),
    ("sender", "MAIL FROM:<a@example.com>)", "553 5.0.0 <a@example.com>)... Unbalanced ')'"),
    ("sender", "MAIL FROM:<a@example.com", "553 5.0.0 <a@example.com... Unbalanced '<'"),
    ("sender", "MAIL FROM:<a b@example.com>", "250 2.1.0"),
    ("sender", "MAIL FROM:<(c)a@example.com>", "250 2.1.0"),
    ("recipient", "RCPT TO:<a@b@c>", "553 5.1.3 <a@b@c>... Invalid route address"),
    ("recipient", "RCPT TO:<a,b@example.com>", "553 5.1.3 <a,b@example.com>... Invalid route address"),
    ("recipient", "RCPT TO:<a@foo:bar>", "553 5.1.3 <a@foo:bar>... Colon illegal in host name part"),
    ("recipient", "RCPT TO:<a@.foo>", "553 5.1.2 <a@.foo>... Invalid host name"),
    ("recipient", "RCPT TO:<a@foo..bar>", "553 5.1.2 <a@foo..bar>... Invalid host name"),
    ("recipient", "RCPT TO:<a@[1.2.3.4]x>", "553 5.1.2 <a@[1.2.3.4]x>... Invalid address"),
    ("recipient", "RCPT TO:<@>", "553 5.1.3 <@>... List:; syntax illegal for recipient addresses"),
    ("recipient", 'RCPT TO:<"">', '553 5.1.3 <"">... User address required'),
    ("recipient", "RCPT TO:<list:a@b;>", "550 5.7.1 <list:a@b;>... Relaying denied"),
    ("recipient", "RCPT TO:<a;b@example.org>", "550 5.1.1 <a;b@example.org>... User unknown"),
    ("recipient", "RCPT TO:<a:b@example.org>", "550 5.1.1 <a:b@example.org>... User unknown"),
    ("recipient", "RCPT TO:<alice@example.org> FOO=1", "555 5.5.4 FOO parameter unrecognized"),
    ("recipient", "RCPT TO:<alice@example.org> NOTIFY=X", '501 5.5.4 Bad argument "X"  to NOTIFY'),
    ("recipient", "RCPT TO:root", "250 2.1.5 root... Recipient ok"),
]
LONG = "x" * 300
SENDERS = ["<>", "a@example.com", "<a@example.com> SIZE=10", "<a@example.com> SIZE", "<a@example.com> SIZE=x", "<a@example.com> SIZE=-1",
           "<a@example.com> BODY=8BITMIME", "<a@example.com> BODY=7bit", "<a@example.com> BODY=BINARYMIME", "<a@example.com> BODY",
           "<a@example.com> RET=HDRS ENVID=x", "<a@example.com> RET=X", "<a@example.com> RET=FULL RET=FULL", "<a@example.com> RET",
           "<a@example.com> ENVID=+", "<a@example.com> ENVID=x ENVID=y", "<a@example.com> AUTH=<>", "<a@example.com> AUTH=x@y",
           "<a@example.com> AUTH", "<a@example.com> AUTH=+", "<a@example.com> AUTH=x AUTH=x", "<a@example.com> BY=10;R", "<a@example.com> BY=-1;R",
           "<a@example.com> BY=10", "<a@example.com> BY=10;x", "<a@example.com> BY=10;nx", "<a@example.com> BY=9999999999;n", "<a@example.com> BY",
           "<a@example.com> FOO", "<a@example.com> FOO=BAR", "<a@example.com>FOO=BAR", "<a@example.com> =", "<a@example.com> SMTPUTF8",
           f"<{LONG}@example.com>", f"<a@{LONG}.example>", "<a@example.com>>", "<<a@example.com>>", "<a@example.com> (comment)", "(comment)<a@example.com>",
           "A Name <a@example.com>", "<a@>", "<@example.com>", "<a @example.com>", "<\"a b\"@example.com>", "<a\\@b@example.com>", "|prog", "</etc/passwd>",
           "\"|prog\"", "<:include:/x@example.org>", "<root>", "<a@[192.0.2.10]>", "<a@[203.0.113.5]>", "<a@[198.51.100.8]>", "<a@localhost>", "<a@EXAMPLE.COM>",
           "<a@example.com.>", "<a%b@example.com>", "<b!a>", "<@x,@y:a@example.com>", "<a(b)@example.com>", "<a@example.com(x)>", "<a@exa mple.com>", "<a,b@example.com>", "<;>", "<a\t@example.com>", "<%> X=1"]
RECIPIENTS = ["<alice@example.org>", "<ALICE@EXAMPLE.ORG>", "<alice+x@example.org>", "<nosuch+x@example.org>", "<postmaster>", "<Postmaster@example.org>", "<list@example.org>",
              "<alice@mail.example.org>", "<alice@[192.0.2.10]>", "<alice@[127.0.0.1]>", "<alice@localhost>", "<alice@mail>", "<alice@example.org.>", "<\"alice\"@example.org>", "<\"al ice\"@example.org>",
              "<\\alice@example.org>", "<al.ice@example.org>", "<|prog@example.org>", "<\"|prog\"@example.org>", "<\"|/bin/prog\">", "</etc/passwd@example.org>", "</etc/passwd>", "<:include:/etc/passwd>", "<@example.org:alice@example.org>",
              "<alice@example.org>x", "<alice@example.org> NOTIFY=NEVER", "<bob@example.org> NOTIFY=SUCCESS,FAILURE,DELAY", "<bob@example.org> NOTIFY", "<bob@example.org> NOTIFY=SUCCESS,X", "<bob@example.org> ORCPT=rfc822;x",
              "<bob@example.org> ORCPT=x", "<bob@example.org> ORCPT", "<bob@example.org> SIZE=1", "<nosuch@example.org> NOTIFY=X", "<x@example.com> NOTIFY=X", "alice@example.org", "alice", "Alice <alice@example.org>", "(x)alice@example.org",
              "<alice @ example.org>", "<alice@example.org", "alice@example.org>", "<>", "<<alice@example.org>>", f"<{LONG}@example.org>", "<alice%example.org@example.org>", "<alice%example.com>", "<example.org!alice>", "<x@[1.2.3.4]>", "<x@[203.0.113.5]>", "<x@[IPv6:::1]>", "<x@1.2.3.4>",
              "<alice@sub.example.org>", "<>@example.org", "<@example.org>", "<\"@example.org>", "<alice@example.org;>", "<a b c>", "<*@example.org>", "<root@example.org>", "<mailer-daemon>", "<daemon>", "<alice+>", "<+x@example.org>", "<alice++x@example.org>"]

suite.case("", [
    senders("sender", *[line.partition(":")[2] for who, line, _ in VECTORS if who == "sender"]),
    talk("recipient", MAIL, *[line for who, line, _ in VECTORS if who == "recipient"]),
    *[senders(f"senders {i}", *SENDERS[i:i + 8]) for i in range(0, len(SENDERS), 8)],
    *[talk(f"recipients {i}", MAIL, *rcpt(*RECIPIENTS[i:i + 8])) for i in range(0, len(RECIPIENTS), 8)],
], VECTORS)

COMMANDS = [
    ["HELO", "EHLO", "HELO x y", "HELO x ", "HELO [1.2.3.4]"], ["EHLO (x)", "EHLO x_y#:", "EHLO x,y", "ehlo " + "a" * 257], ["HELO \t x", "HELO a\u00e4"],
    ["MAIL", "MAIL FROM", "MAIL FROM:", "MAIL FROM: ", "MAIL TO:<a@example.com>", "MAIL <a@example.com>", "MAIL FROM <a@example.com>", "MAIL FROM :<a@example.com>"],
    ["mail from: <a@example.com>", "MAIL FROM:<b@example.com>", "RSET", "MAIL FROM:<b@example.com>"], ["RCPT TO:<alice@example.org>", "DATA", "MAIL FROM:<>", "DATA", "RCPT", "RCPT TO", "RCPT TO:", "RCPT FROM:<x>"],
    ["MAIL FROM:<a@example.com>", "RCPT TO:<alice@example.org>", "DATA extra", "Subject: x\r\n\r\n..\r\n.", "DATA", "RCPT TO:<alice@example.org>"],
    ["NOOP x", "RSET x", "HELP", "HELP MAIL", "VERB", "VERB x", "TURN", "SEND FROM:<a@example.com>", "SOML", "SAML x"], ["", " ", "  NOOP", "FOO", "wiz", "debug", "showq", "kill", "XCLIENT NAME=x", "BDAT 3 LAST", "STARTTLS", "STARTTLS x"],
    ["EXPN", "VRFY", "VRFY nosuch", "VRFY x@example.com", "VRFY <a@@b>", "EXPN nosuch", "ETRN", "ETRN x", "ETRN @x"], ["x" * 300, "x" * 203, "x" * 204, "y" * 2040], ["x" * 2100, "NOOP"],
    ["QUIT x"], ["quit"], ["GET / HTTP/1.0", "NOOP"], ["NOOP"] + ["FOO"] * 27, ["AUTH", "AUTH x"], ["EHLO x", "EHLO y", "MAIL FROM:<a@example.com>", "EHLO z", "RCPT TO:<alice@example.org>"],
    [["MAIL FROM:<a@example.com>", "RCPT TO:<alice@example.org>", "RCPT TO:<x@example.com>", "DATA"], "x\r\n.", ["RSET", "NOOP"]],
    [["EHLO x", "MAIL FROM:<a@example.com>", "RCPT TO:<alice@example.org>"], "NOOP", "RSET", "MAIL FROM:<>", "EHLO y"], [["HELO", "NOOP"], "MAIL FROM:<>"],
    ["EHLO x", "MAIL FROM:<a@example.com>", "RCPT TO:<alice@example.org>", ["DATA", "x\r\n."], "NOOP"], ["MAIL FROM:<a\u0085@x>", "MAIL FROM:<a@example.com>", "RCPT TO:<a\u0085@example.org>", "RCPT TO:<\u00e9@example.org>", "VRFY \u0085x", "F\u00e9"], [["NOOP", "EHLO x"], "MAIL FROM:<>"], [["DATA", "x\r\n."], "NOOP", "RSET"],
]
suite.case("", [{"name": f"commands {i}", "client": GOOD, "send": lines} for i, lines in enumerate(COMMANDS)])
PRIVACY = [["MAIL FROM:<a@example.com>", "EXPN alice", "VRFY alice", "EHLO x", "EXPN alice", "VRFY alice", "ETRN x", "MAIL FROM:<a@example.com> RET=HDRS", "MAIL FROM:<a@example.com> ENVID=x",
            "MAIL FROM:<a@example.com>", "RCPT TO:<alice@example.org> NOTIFY=NEVER", "RCPT TO:<alice@example.org> ORCPT=x", "VERB"]]
for flags in ("goaway", "needmailhelo,needexpnhelo,needvrfyhelo", "noexpn,novrfy", "noverb", "noetrn", "noreceipts", "authwarnings,public,restrictqrun"):
    suite.case(f"define(`confPRIVACY_FLAGS',`{flags}')\n", [{"name": flags, "client": GOOD, "send": lines} for lines in PRIVACY])
suite.case("define(`confMAX_MESSAGE_SIZE',`100')\ndefine(`confDELIVER_BY_MIN',`1h')\ndefine(`confALLOW_BOGUS_HELO',`true')\ndefine(`confSMTP_LOGIN_MSG',`$j one\\n two $v\\nthree')\n", [
    talk("limits", "MAIL FROM:<a@example.com> SIZE=101", "MAIL FROM:<a@example.com> SIZE=100", "RCPT TO:<alice@example.org>", "DATA", "x" * 60 + "\r\n" + "y" * 60 + "\r\n.", "HELO", "HELO x y", "EHLO a(b)", "MAIL FROM:<a@example.com> BY=100;R", "MAIL FROM:<a@example.com> BY=100;N")])
suite.done()
