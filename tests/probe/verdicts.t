#!/usr/bin/env python3
"""verify against servers that behave, or misbehave in one way each: verdicts, exit status, the text that a
person reads, and JSON. Prints TAP. (Every combination of prediction and reply: tests/unit/test_verify_compare.c.)"""
import json
import os
import shutil
import subprocess
import sys

top = os.environ.get("TOP") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
mtaproof = os.environ.get("MTAPROOF") or os.path.join(top, "build", "mtaproof")
sys.path[:0] = [os.path.join(top, "tests"), os.path.join(top, "tests", "fake")]
from smtp_server import Server, temporary_pem  # noqa: E402
from tap import done_testing, ok, schema_errors  # noqa: E402

folder, pem = temporary_pem()

RELAY = "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\n"


def config(port, *more, service=None):
    path = os.path.join(folder, "config%d" % port)
    shutil.rmtree(path, ignore_errors=True)
    os.mkdir(path)
    with open(os.path.join(path, "main.cf"), "w") as f:
        f.write("compatibility_level = 3.6\nmyhostname = mail.example.org\nsmtpd_banner = $myhostname ESMTP\n"
                "mydestination = example.org\nlocal_recipient_maps =\nmynetworks = 127.0.0.0/8 10.0.0.0/8\n"
                "%s"
                "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /etc/ssl/mail.pem\n"
                % ("" if "relay_restrictions" in str(more) else RELAY) + "".join(m + "\n" for m in more))
    with open(os.path.join(path, "master.cf"), "w") as f:
        f.write("%s inet n - n - - smtpd\nrewrite unix - - n - - trivial-rewrite\n" % (service or port))
    return path


facts = os.path.join(folder, "facts.json")
with open(facts, "w") as f:
    json.dump({"hostname": "mail.example.org", "version": "3.7.11", "addresses": ["127.0.0.1/8"], "local_users": [],
               "dns_complete": True, "dns": {"address example.net": ["198.51.100.1"]},
               "answers": {"tls.usable /etc/ssl/mail.pem": "found"}}, f)

OUTSIDER = ("--seen-as", "203.0.113.5")


def verify(server, *arguments, more=(), service=None, env=None):
    """Exit status and output of verify with a configuration that has the server's port, or another."""
    run = subprocess.run([mtaproof, "verify", "--isolated", "--facts", facts, "--helo", "probe.example.net", "--sender",
                          "a@example.net", "--timeout", "1", *arguments, config(server.port, *more, service=service),
                          "127.0.0.1:%d" % server.port],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, timeout=120,
                         env={**os.environ, **(env or {})})
    return run.returncode, run.stdout, run.stderr


def judge(server, *arguments, **more):
    status, out, err = verify(server, "--format", "json", *arguments, **more)
    report = json.loads(out)
    errors = schema_errors(report, "verification")
    if errors:
        ok(False, "valid by its schema", errors[0])
    return status, {c["scenario"]: c for c in report["targets"][0]["checks"]}, report


def reasons(checks):
    return {(c["verdict"], c.get("reason", "")) for c in checks.values() if c["verdict"] != "skipped"}


# One server, one way to misbehave: the verdict, the reason, the exit status.
for kind, wanted, status in (
        ("garbage", {("inconclusive", "protocol-error")}, 1), ("flood", {("inconclusive", "protocol-error")}, 1),
        ("silent", {("inconclusive", "timeout")}, 4), ("half", {("inconclusive", "timeout")}, 4),
        ("reset", {("inconclusive", "cut-off")}, 4),
        ("close", {("confirmed", ""), ("inconclusive", "cut-off")}, 4),
        ("busy", {("inconclusive", "rate-limited")}, 4)):
    got, checks, report = judge(Server(kind, pem=pem), *OUTSIDER)
    ok((got, reasons(checks)) == (status, wanted), "%s: %s" % (kind, sorted(wanted)), "%s %s" % (got, reasons(checks)))
got, checks, report = judge(Server("tlssilent", pem=pem), *OUTSIDER)
ok(checks["auth/offered-tls"].get("reason") == "timeout" and got in (1, 4), "no handshake", reasons(checks))
got, checks, report = judge(Server("tlsgarbage", pem=pem), *OUTSIDER)
ok(checks["auth/offered-tls"].get("reason") == "tls-failed", "a failed handshake", reasons(checks))
got, checks, report = judge(Server("greylist", pem=pem), *OUTSIDER)
ok(checks["local/recipient"].get("reason") == "greylisted" and checks["relay/plain"].get("reason") == "greylisted",
   "greylisted", reasons(checks))
got, checks, report = judge(Server("silent"), *OUTSIDER, "--allow-inconclusive")
ok(got == 0, "--allow-inconclusive", got)
got, checks, report = judge(Server("refuse", pem=pem), *OUTSIDER)
ok(got == 1 and {m["kind"] + " " + m["step"] for m in report["mismatches"]} == {"stricter greeting"},
   "turned away by the greeting", report["mismatches"])

run = subprocess.run([mtaproof, "verify", "--isolated", "--facts", facts, "--format", "json", config(2525), "nosuch.invalid"],
                     stdout=subprocess.PIPE, text=True, check=False, timeout=60)
report = json.loads(run.stdout)
errors = schema_errors(report, "verification")
ok(run.returncode == 4 and not errors and report["targets"][0]["address"] == "" and
   reasons({c["scenario"]: c for c in report["targets"][0]["checks"]}) == {("inconclusive", "unresolved")},
   "a name without address", "%s %s" % (errors, run.stdout))
run = subprocess.run([mtaproof, "verify", "--isolated", "--facts", facts, config(2525), "nosuch.invalid"],
                     stdout=subprocess.PIPE, text=True, check=False, timeout=60)
ok(run.stdout.startswith("The outsider's view was not tested: unresolved."), "and as text", run.stdout)

# What differs, and how it is said.
good = Server("good", pem=pem)
got, checks, report = judge(good, *OUTSIDER)
ok(got == 0 and {c["verdict"] for c in checks.values()} == {"confirmed", "skipped"}, "all as predicted", checks)
relay = Server("good", pem=pem, trusted=True)
got, checks, report = judge(relay, *OUTSIDER)
kinds = {(m["scenario"], m["kind"], m["severity"], m["step"]) for m in report["mismatches"]}
ok(got == 1 and ("relay/plain", "more-permissive", "error", "RCPT") in kinds, "an open relay that should not be one", kinds)
clear = Server("good", users={"alice": "s3cret"}, auth_clear=True)
got, checks, report = judge(clear, *OUTSIDER)
kinds = {(m["scenario"], m["kind"]) for m in report["mismatches"]}
ok(got == 1 and {("tls/starttls-offered", "more-permissive"), ("auth/offered-clear", "more-permissive")} <= kinds,
   "STARTTLS missing, AUTH in clear", kinds)
m = [m for m in report["mismatches"] if m["scenario"] == "auth/offered-clear"][0]
ok(m["observed"]["text"] == "AUTH PLAIN LOGIN" and m["expected"]["outcome"] == "not-offered", "the keyword's line is shown", m)
got, checks, report = judge(clear, *OUTSIDER, "--suite", "relay")
ok("mismatch" not in {c["verdict"] for c in checks.values()} or got == 1, "other suites", report["mismatches"])
words = ("smtpd_relay_restrictions = permit_mynetworks, defer_unauth_destination",)
got, checks, report = judge(good, *OUTSIDER, more=words)
ok(got == 0 and checks["relay/plain"]["verdict"] == "mismatch" and report["mismatches"][0]["kind"] == "other-words",
   "other words do not fail", report["mismatches"])
got, checks, report = judge(good, *OUTSIDER, "--strict", more=words)
ok(got == 1, "but for --strict", got)
got, checks, report = judge(good, *OUTSIDER, service="127.0.0.2:25")
kinds = {(m["kind"], m["severity"], m["step"]) for m in report["mismatches"]}
ok(got == 1 and kinds == {("more-permissive", "error", "greeting")}, "a listener that is not predicted", kinds)
got, checks, report = judge(Server("close", pem=pem), *OUTSIDER, service="127.0.0.2:25")
kinds = {(m["kind"], m["severity"], m["step"]) for m in report["mismatches"]}
ok(got == 1 and kinds == {("more-permissive", "error", "greeting")}, "even if it hangs up", kinds)
off = Server("good")
off.close()
got, checks, report = judge(off, *OUTSIDER, service="127.0.0.2:25")
ok(got == 0 and reasons(checks) == {("confirmed", "")}, "nothing listens, and nothing is predicted", reasons(checks))
got, checks, report = judge(off, *OUTSIDER)
ok(got == 4 and reasons(checks) == {("inconclusive", "unreachable")}, "nothing listens where it is predicted", reasons(checks))
early = Server("good", pem=pem)
got, checks, report = judge(early, *OUTSIDER, "--sender", "a@nosuch.example", more=("smtpd_sender_restrictions = reject_unknown_sender_domain", "smtpd_delay_reject = no"))
ok({m["step"] + " " + m["kind"] for m in report["mismatches"]} == {"MAIL more-permissive"},
   "a sender is taken that should be refused", report["mismatches"])

# Who we are to the server: what it says of us, unless the caller knows better.
got, checks, report = judge(Server("good", pem=pem))
target = report["targets"][0]
ok(target["seen_as"] == "203.0.113.7" and target["client"] == "outsider" and checks["relay/plain"]["verdict"] == "confirmed",
   "the address in the reply to EHLO decides", {k: target[k] for k in ("seen_as", "client")})
got, checks, report = judge(Server("good", pem=pem), "--seen-as", "10.1.2.3")
target = report["targets"][0]
ok(target["client"] == "trusted" and checks["relay/plain"].get("reason") == "not-reachable-from-here", "--seen-as goes before it", checks)

# The text: first the viewpoint, then what a person can type.
status, out, err = verify(Server("good", pem=pem), "--seen-as", "10.1.2.3")
ok(out.startswith("The outsider's view was not tested") and status != 0, "first of all what was not tested", out)
status, out, err = verify(relay, *OUTSIDER)
lines = out.splitlines()
ok(lines[0] == "Tested as an outsider (203.0.113.5); not tested as a trusted client or the server itself.", "the viewpoint", out)
for wanted in ("    error: more-permissive  relay/plain, at RCPT", "        telnet 127.0.0.1 %d" % relay.port,
               "        S: 220 mail.example.org ESMTP", "        C: EHLO probe.example.net", "        S: 250-STARTTLS",
               "        C: MAIL FROM:<a@example.net>", "        C: RCPT TO:<mtaproof@example.com>", "        S: 250 2.1.5 Ok",
               "        ^ predicted here: refused: 554 5.7.1 <mtaproof@example.com>: Relay access denied"):
    ok(wanted in lines, "the session: " + wanted.strip(), out)
status, out, err = verify(good, *OUTSIDER)
ok("confirmed  " not in out and "C: " not in out, "what agrees is not shown", out)
status, out, err = verify(good, *OUTSIDER, "--show", "checks")
ok("    confirmed  relay/plain" in out and "C: " not in out, "--show checks", out)
status, out, err = verify(good, *OUTSIDER, "--show", "all")
ok("    confirmed  relay/plain" in out and "        ^ tested here: as predicted" in out and "        (TLS begins)" in out,
   "--show all", out)
status, out, err = verify(good, *OUTSIDER, "--show", "relay/plain")
ok("    confirmed  relay/plain" in out and "local/recipient" not in out and out.count("telnet") == 1, "--show SCENARIO", out)
status, out, err = verify(good, *OUTSIDER, "--show", "auth", "--show", "local/")
ok("auth/offered-clear" in out and "local/recipient" in out and "relay/plain" not in out, "--show GROUP, twice", out)
status, out, err = verify(good, *OUTSIDER, "--show", "nosuch")
ok(status == 2 and "nosuch" in err and not out, "--show of nothing", err)
status, out, err = verify(Server("half"), *OUTSIDER, "--show", "relay/plain")
ok("        S: 250-mail.exam\n        (broken off)\n" in out and
   "        (not said, and to be tested: RCPT TO:<mtaproof@example.com>)" in out, "a session that ended early", out)
status, out, err = verify(Server("silent"), *OUTSIDER)
ok("    inconclusive  all " in out and out.count("(timeout)") == 1, "what all checks have in common is said once", out)
controls = Server("good")
controls.ehlo = lambda session: session.raw(b"250-mail\0.example.org\r\n250-\x1b[2J\r\n250 PIPELINING\r\n")
status, out, err = verify(controls, *OUTSIDER, "--show", "all")
ok("\x1b" not in out and "\0" not in out and "\\x00" in out and "\\x1B[2J" in out, "what a server sends is escaped", out)

# Passwords never.
login = Server("good", pem=pem, implicit=True, users={"alice": "s3cret"})
arguments = ("--login", "alice", "--password-env", "PW", "--show", "all")
for form in ("text", "json"):
    run = subprocess.run([mtaproof, "probe", "--client", "outsider", *arguments, "--format", form, "smtps://127.0.0.1:%d" % login.port],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, env={**os.environ, "PW": "s3cret"})
    ok("AUTH PLAIN ***" in run.stdout and "s3cret" not in run.stdout + run.stderr and "AGFsaWNlAHMzY3JldA" not in run.stdout,
       "no password in a transcript, as " + form, run.stdout)
ok("openssl s_client -quiet -crlf -connect 127.0.0.1:%d" % login.port in subprocess.run(
    [mtaproof, "probe", "--client", "outsider", "--show", "auth/offered-tls", "smtps://127.0.0.1:%d" % login.port],
    stdout=subprocess.PIPE, text=True, check=False).stdout, "probe --show SCENARIO, TLS from the first byte")

shutil.rmtree(folder)
done_testing()
