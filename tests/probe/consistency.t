#!/usr/bin/env python3
"""One run, one world: the assumptions of all checks must fit together. Prints TAP."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

top = os.environ.get("TOP") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
mtaproof = os.environ.get("MTAPROOF") or os.path.join(top, "build", "mtaproof")
sys.path[:0] = [os.path.join(top, "tests"), os.path.join(top, "tests", "fake")]
from simulated_server import SimulatedServer  # noqa: E402
from tap import done_testing, ok, schema_errors  # noqa: E402

folder = tempfile.mkdtemp(prefix="mtaproof-consistency-")
CLIENT = "203.0.113.5"
QUESTION = "client.name " + CLIENT


def config(name, ports, main, compatibility="3.6", **services):
    """A folder; services: options of the services a and b, which listen on the two ports."""
    path = os.path.join(folder, name)
    os.mkdir(path)
    with open(os.path.join(path, "main.cf"), "w") as f:
        f.write("compatibility_level = " + compatibility + "\nmyhostname = mail.example.org\nmydestination = example.org\n"
                "local_recipient_maps =\nmynetworks = 127.0.0.0/8\nsmtpd_relay_restrictions =\n" + main)
    with open(os.path.join(path, "master.cf"), "w") as f:
        for port, service in zip(ports, ("a", "b")):
            f.write("%d inet n - n - - smtpd\n" % port)
            for option in services.get(service, ()):
                f.write("  -o { %s }\n" % option)
        f.write("rewrite unix - - n - - trivial-rewrite\n")
    return path


def facts(name, **more):
    path = os.path.join(folder, name + ".json")
    with open(path, "w") as f:
        given = {"hostname": "mail.example.org", "addresses": ["192.0.2.10/24", "127.0.0.1/8"], "version": "3.7.11",
                 "local_users": [], **more}
        json.dump({k: v for k, v in given.items() if v is not None}, f)
    return path


def free_ports(n):
    import socket
    sockets = [socket.socket() for _ in range(n)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def run(name, main, live, known=None, **services):
    """Verifies two ports; live: the facts that hold for each. Returns verdicts by (port name, scenario)."""
    ports = free_ports(2)
    path = config(name, ports, main, **services)
    servers = [SimulatedServer(mtaproof, path, facts(name + word, **known_live), CLIENT, "127.0.0.1:%d" % port, port=port)
               for port, word, known_live in zip(ports, "ab", live)]
    done = subprocess.run([mtaproof, "verify", "--seen-as", CLIENT, "--isolated", "--facts", facts(name, **(known or {})),
                           "--format", "json", "--helo", "probe.example.net", "--sender", "a@example.net", path,
                           *["127.0.0.1:%d" % p for p in ports]],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, timeout=120)
    for s in servers:
        s.close()
    report = json.loads(done.stdout)
    errors = schema_errors(report, "verification")
    if errors:
        ok(False, name + ": valid by its schema", errors[0])
    checks = {}
    for word, target in zip("ab", report["targets"]):
        for c in target["checks"]:
            checks[word, c["scenario"]] = c
    return checks, report, done.returncode


def verdict(checks, *key):
    return checks[key]["verdict"]


DNS = {"dns": {"address example.net": ["198.51.100.1"], "mx example.net": "none"}}
NONE = {**DNS, "answers": {QUESTION: "none"}}
FRIEND = {**DNS, "answers": {QUESTION: "friend.example"}}
OTHER = {**DNS, "answers": {QUESTION: "stranger.example"}}
ACCESS = ("smtpd_recipient_restrictions = check_client_access inline:{ friend.example=OK },\n"
          " reject_unauth_destination\n")

UNKNOWN = ["smtpd_client_restrictions=reject_unknown_client_hostname", "unknown_client_reject_code=550"]

# A friend of one port and nobody to the other: not both can be.
checks, report, status = run("contradiction", ACCESS, [NONE, FRIEND], DNS, a=UNKNOWN)
a, b = checks["a", "relay/plain"], checks["b", "relay/plain"]
ok(b["verdict"] == "mismatch" and status == 1, "what cannot both be is a mismatch", report["targets"])
ok("not both can be" in b.get("explanation", "") and "local/recipient at 127.0.0.1" in b["explanation"] and
   "client.name %s = friend.example" % CLIENT in b["explanation"] and "client.name %s = none" % CLIENT in b["explanation"],
   "and names the other one", b.get("explanation"))
kinds = {m["kind"] for m in report["mismatches"] if m["scenario"] == "relay/plain"}
ok(kinds == {"more-permissive"}, "of the kind that the rest of the run makes it", kinds)

# Where a look-up that fails for now would explain it, it stays possible, and says that it rests on that.
checks, report, status = run("tempfail", ACCESS, [NONE, FRIEND], DNS)
a, b = checks["a", "relay/plain"], checks["b", "relay/plain"]
ok(a["verdict"] == b["verdict"] == "possible" and b["assumptions"] == ["%s = friend.example" % QUESTION] and
   a["assumptions"] == ["%s = tempfail" % QUESTION], "a look-up that fails binds nobody", [a, b])

# The same name everywhere: nothing contradicts, and what is only a decision proves nothing.
checks, report, status = run("possible", ACCESS, [NONE, NONE], DNS)
ok(verdict(checks, "a", "relay/plain") == verdict(checks, "b", "relay/plain") == "possible",
   "the same refusal twice does not prove the assumption", report["targets"])
ok(report["established"] == [], "nothing is known by it", report["established"])

checks, report, status = run("friend", ACCESS, [FRIEND, FRIEND], DNS)
ok(verdict(checks, "a", "relay/plain") == verdict(checks, "b", "relay/plain") == "possible",
   "nor does the same permission", report["targets"])
ok([(e["question"], e["answer"], e["told"]) for e in report["established"]] == [(QUESTION, "friend.example", False)],
   "but all rests on one answer", report["established"])

# One port says in words that the client has no name: the other's alternatives are excluded.
checks, report, status = run("told", ACCESS, [NONE, NONE], DNS, a=UNKNOWN)
b = checks["b", "relay/plain"]
ok(b["verdict"] == "confirmed" and b.get("assumptions") == ["%s = none or forged" % QUESTION],
   "confirmed by what another reply tells, and names it", b)
known = {(e["question"], e["answer"], e["told"]) for e in report["established"]}
ok(known == {(QUESTION, "none or forged", True)}, "the summary lists it", report["established"])

# Two names that are not the same.
SPLIT = "smtpd_recipient_restrictions = check_client_access inline:{ %s=OK }, reject_unauth_destination"
checks, report, status = run("two", ACCESS, [FRIEND, {**DNS, "answers": {QUESTION: "b.example"}}], DNS,
                             b=[SPLIT % "b.example"])
ok(verdict(checks, "a", "relay/plain") == verdict(checks, "b", "relay/plain") == "mismatch",
   "one against one: both are said", [checks["a", "relay/plain"], checks["b", "relay/plain"]])

# The version, told by EHLO: CHUNKING came with 3.4.
PLAIN = "smtpd_recipient_restrictions = reject_unauth_destination\n"
old, new = {**NONE, "version": "3.2.0"}, {**NONE, "version": "3.9.0"}
checks, report, status = run("version", PLAIN, [old, old], {**NONE, "version": None}, compatibility="2")
known = {(e["question"], e["answer"], e["told"], e["by"].split(" of ")[0]) for e in report["established"]}
ok(known == {("mta.version", "3.2", True, "the reply to EHLO")}, "EHLO tells the version", report["established"])
checks, report, status = run("versions", PLAIN, [old, new], {**NONE, "version": None}, compatibility="2")
ok(report["established"] == [], "two versions: neither is known", report["established"])

# What changes within a run binds nobody.
POLICY = "smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:10023, reject_unauth_destination\n"
yes = {**NONE, "answers": {**NONE["answers"], "policy.reply inet:127.0.0.1:10023": "permit"}}
no = {**NONE, "answers": {**NONE["answers"], "policy.reply inet:127.0.0.1:10023": "neutral"}}
checks, report, status = run("policy", POLICY, [yes, no], NONE)
ok(verdict(checks, "a", "relay/plain") == verdict(checks, "b", "relay/plain") == "possible",
   "a policy service may answer otherwise a moment later", report["mismatches"])

# Where the answer does not matter it binds nobody.
checks, report, status = run("no_matter", ACCESS, [NONE, FRIEND], DNS,
                             b=["smtpd_recipient_restrictions=reject_unauth_destination"])
ok(verdict(checks, "a", "relay/plain") == "possible" and verdict(checks, "b", "relay/plain") == "confirmed",
   "where the name does not matter it binds nobody", report["targets"])

shutil.rmtree(folder)
done_testing()
