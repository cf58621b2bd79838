#!/usr/bin/env python3
"""startup.t [-a | NAME...] - what keeps Postfix from starting, and where it listens, against the real one.

Each case is a main.cf and a master.cf. The real master is started with them in the lab, one dialogue is
played to it and to the simulation, and the replies must be the same: refused (nothing listens), timeout
(connected, but no greeting comes), closed, or the dialogue itself. Without -a only a selection is played.
"""

import json
import os
import subprocess
import sys
import tempfile

TOP = os.environ.get("TOP") or os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
MTAPROOF = os.environ.get("MTAPROOF") or os.path.join(TOP, "build", "mtaproof")
ASK = os.path.join(TOP, "tests", "truth", "ask")
MTA = os.environ.get("MTA_ROOT") or os.path.join(
    os.environ.get("MTA") or os.path.join(TOP, "build", "mta"), "postfix")

# name, main.cf, master.cf
CASES = [
    ('private', '',
     'smtp inet - - n - - smtpd\n'),
    ('other service broken', '',
     'smtp inet n - n - - smtpd\nfoo unix - - n\n'),
    ('chroot x', '',
     'smtp inet n - x - - smtpd\n'),
    ('blank option', '',
     'smtp inet n - n - - smtpd -o smtpd_banner = foo\n'),
    ('brace option', '',
     'smtp inet n - n - - smtpd -o { smtpd_banner = hello world }\n'),
    ('brace glued', '',
     'smtp inet n - n - - smtpd -o {smtpd_banner=hello world}\n'),
    ('brace no -o', '',
     'smtp inet n - n - - smtpd { -o smtpd_banner=x }\n'),
    ('dup', '',
     'smtp inet n - n - - smtpd -o smtpd_banner=one\n25 inet n - n - - smtpd -o smtpd_banner=two\n'),
    ('disable name', 'master_service_disable = smtp/inet\n',
     'smtp inet n - n - - smtpd\n26 inet n - n - - smtpd\n'),
    ('disable broken', 'master_service_disable = foo/inet\n',
     'smtp inet n - n - - smtpd\nfoo inet - - n - - smtpd\n'),
    ('conflict', '',
     'smtp inet n - n - - smtpd\n127.0.0.1:25 inet n - n - - smtpd\n'),
    ('conflict other order', '',
     '127.0.0.1:25 inet n - n - - smtpd\nsmtp inet n - n - - smtpd\n'),
    ('no protocols', 'inet_protocols =\n',
     'smtp inet n - n - - smtpd\n'),
    ('v6 only', 'inet_protocols = ipv6\n',
     'smtp inet n - n - - smtpd\n'),
    ('interfaces one', 'inet_interfaces = 127.0.0.1\n',
     'smtp inet n - n - - smtpd\n'),
    ('interfaces own', 'inet_interfaces = 192.0.2.10\n',
     'smtp inet n - n - - smtpd\n'),
    ('interfaces upper', 'inet_interfaces = ALL\n',
     'smtp inet n - n - - smtpd\n'),
    ('interfaces foreign', 'inet_interfaces = 192.0.2.99\n',
     'smtp inet n - n - - smtpd\n'),
    ('interfaces name', 'inet_interfaces = $myhostname\n',
     'smtp inet n - n - - smtpd\n'),
    ('interfaces localhost', 'inet_interfaces = localhost\n',
     'smtp inet n - n - - smtpd\n'),
    ('interfaces empty', 'inet_interfaces =\n',
     'smtp inet n - n - - smtpd\n'),
    ('extra arg', '',
     'smtp inet n - n - - smtpd -o smtpd_recipient_restrictions=permit_mynetworks, reject\n'),
    ('main broken', 'foo\n',
     'smtp inet n - n - - smtpd\n'),
    ('wakeup bad', '',
     'smtp inet n - n ? - smtpd\n'),
    ('unknown port', '',
     'foosvc inet n - n - - smtpd\nsmtp inet n - n - - smtpd\n'),
    ('port 0', '',
     '0 inet n - n - - smtpd\nsmtp inet n - n - - smtpd\n'),
    ('colon', '',
     ':25 inet n - n - - smtpd\n'),
    ('host name', '',
     'localhost:26 inet n - n - - smtpd\nsmtp inet n - n - - smtpd\n'),
    ('host unknown', '',
     'nosuch.example:26 inet n - n - - smtpd\nsmtp inet n - n - - smtpd\n'),
    ('orphan', '',
     'smtp inet n - n - - smtpd\n#587 inet n - n - - smtpd\n  -o smtpd_banner=orphan\n'),
    ('leading', '',
     '  smtp inet n - n - - smtpd\nsmtp inet n - n - - smtpd -o smtpd_banner=lead\n'),
    ('type', '',
     'smtp inet n - n - - smtpd\nfoo tcp n - n - - smtpd\n'),
    ('maxproc', '',
     'smtp inet n - n - x smtpd\n'),
    ('bad int', '',
     'smtp inet n - n - - smtpd -o smtpd_recipient_limit=x\n'),
    ('undefined', '',
     'smtp inet n - n - - smtpd -o smtpd_client_restrictions=$nosuch\n'),
    ('service_name', '',
     'smtp inet n - n - - smtpd -o smtpd_banner=$service_name/$process_name\n'),
    ('stress', 'stress = yes\n',
     'smtp inet n - n - - smtpd -o smtpd_banner=x${stress?{S}:{N}}\n'),
    ('stress 1', 'stress = yes\n',
     'smtp inet n - n - 1 smtpd -o smtpd_banner=x${stress?{S}:{N}}\n'),
    ('stress lo', 'stress = yes\n',
     '192.0.2.10:25 inet n - n - - smtpd -o smtpd_banner=x${stress?{S}:{N}}\n'),
    ('compat line', '',
     'smtp inet n - n - - smtpd -o compatibility_level=0 -o smtpd_relay_restrictions=reject_unauth_destination -o smtpd_banner=$compatibility_level$append_dot_mydomain\n'),
    ('bad option', '',
     'smtp inet n - n - - smtpd -q\n'),
    ('mail_name empty', 'mail_name =\n',
     'smtp inet n - n - - smtpd\n'),
    ('smtpd only bad', 'smtpd_helo_required = maybe\n',
     'smtp inet n - n - - smtpd\n'),
    ('macro loop', 'a = $a\nsmtpd_banner = $a\n',
     'smtp inet n - n - - smtpd\n'),
    ('loop operand', 'a = ${{$a} == {}}\nsmtpd_banner = $a\n',
     'smtp inet n - n - - smtpd\n'),
    ('list neg', 'relay_domains = a !\n',
     'smtp inet n - n - - smtpd\n'),
    ('mynet neg', 'mynetworks = 127.0.0.1 !\n',
     'smtp inet n - n - - smtpd\n'),
    ('map no type', 'virtual_alias_maps = foo\n',
     'smtp inet n - n - - smtpd\n'),
    ('dir in list', 'mynetworks = /etc\n',
     'smtp inet n - n - - smtpd\n'),
    ('path with slash', '',
     'smtp inet n - n - - ./smtpd\n'),
]
QUICK = ["private", "blank option", "brace glued", "dup", "disable broken", "conflict", "interfaces name",
         "interfaces foreign", "extra arg", "unknown port", "orphan", "stress lo", "smtpd only bad", "macro loop",
         "map no type", "dir in list"]
REST = ("rewrite unix - - n - - trivial-rewrite\nproxymap unix - - n - - proxymap\n"
        "anvil unix - - n - 1 anvil\ncleanup unix n - n - 0 cleanup\n")
DIALOGUE = {"listener": "192.0.2.10:25", "client": "203.0.113.5",
            "send": ["EHLO x", "MAIL FROM:<a@b.example>", "RCPT TO:<c@d.example>"]}


def put(path, text):
    with open(path, "w", encoding="ascii") as out:
        out.write(text)


def short(reply):
    if reply.get("lines"):
        return reply["lines"][-1]
    return next((k for k in ("refused", "timeout", "closed", "unknown", "any") if reply.get(k)), "?")


def play(argv):
    """The dialogue's replies in each world."""
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    try:
        answer = json.loads(done.stdout.strip().split("\n")[-1])
    except ValueError:
        return [[done.stderr.strip()[-300:] or f"exit status {done.returncode}"]]
    return [[short(r) for r in world["replies"]] for world in answer.get("worlds", [answer])]


def main():
    wanted = [] if sys.argv[1:] == ["-a"] else sys.argv[1:] or QUICK
    if os.geteuid() != 0 or not os.access(f"{MTA}/usr/lib/postfix/sbin/master", os.X_OK) \
            or not os.access(MTAPROOF, os.X_OK):
        print("1..0 # SKIP needs root, the program and the real Postfix (.ci/mta postfix)")
        return 0
    failed = count = 0
    with tempfile.TemporaryDirectory() as folder:
        script, facts = f"{folder}/script", f"{folder}/facts"
        put(script, json.dumps(DIALOGUE) + "\n")
        for name, main_cf, master_cf in CASES:
            if wanted and name not in wanted:
                continue
            count += 1
            config = f"{folder}/{count}"
            os.mkdir(config)
            put(f"{config}/main.cf", "compatibility_level = 3.6\nsmtpd_peername_lookup = no\n" + main_cf)
            put(f"{config}/master.cf", master_cf + REST)
            real = play([ASK, "--mta-root", MTA, "--print-facts", facts, config, script])
            ours = play([MTAPROOF, "simulate", "--facts", facts, "--script", script, "--format", "json", config])
            if real == ours:
                print(f"ok {count} - {name}")
            else:
                failed += 1
                print(f"not ok {count} - {name}\n#   real {real}\n#   ours {ours}")
    print(f"1..{count}")
    return 1 if failed else 0


sys.exit(main())
