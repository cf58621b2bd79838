#!/usr/bin/env python3
"""Port 25 that does not answer: a server that is closed, or a network that keeps its clients from it?

The client, a router and the servers live in network namespaces of their own. The router drops, rejects or
resets what goes to port 25, or answers it itself. Prints TAP."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

top = os.environ.get("TOP") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(top, "tests"))
from tap import done_testing, ok, skip_all  # noqa: E402

mtaproof = os.environ.get("MTAPROOF") or os.path.join(top, "build", "mtaproof")


def sh(*argv, check=True):
    run = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if check and run.returncode != 0:
        raise SystemExit("%s: %s" % (" ".join(argv), run.stdout))
    return run.returncode == 0


if os.environ.get("PORT25_INSIDE") is None:
    if os.getuid() != 0:
        skip_all("network namespaces need root")
    if not shutil.which("ip") or not sh("unshare", "-m", "-n", "-p", "-f", "true", check=False):
        skip_all("no private namespaces here")
    os.environ["PORT25_INSIDE"] = "1"
    os.execvp("unshare", ["unshare", "-m", "-n", "-p", "-f", "--mount-proc", sys.executable, os.path.abspath(__file__)])


SERVE = """
import sys, time
sys.path.insert(0, %r)
from smtp_server import Server
Server.ehlo = lambda self, s: s.say("250-mail.example.org", "250-PIPELINING", "250 ENHANCEDSTATUSCODES")
servers = [Server("good", host=a, port=int(p), name=n, trusted=bool(relay))
           for a, p, n, *relay in (w.split(",") for w in sys.argv[1:])]
print("ready", flush=True)
time.sleep(600)
""" % os.path.join(top, "tests", "fake")


def serve(namespace, *places):
    """Servers that greet; each place is "address,port,name", with ",relay" for an open relay."""
    child = subprocess.Popen(["ip", "netns", "exec", namespace, sys.executable, "-c", SERVE, *places],
                             stdout=subprocess.PIPE, text=True)
    child.stdout.readline()
    return child


def stop(child):
    child.kill()
    child.wait()


# 203.0.113.5 (we) - router - 192.0.2.10 (mail.example.org), .11 (the reference), .12 (nobody)
sh("mount", "-t", "tmpfs", "none", "/run")
os.mkdir("/run/netns")
for name in ("router", "servers"):
    sh("ip", "netns", "add", name)
sh("ip", "link", "set", "lo", "up")
sh("ip", "link", "add", "c", "type", "veth", "peer", "name", "r1", "netns", "router")
sh("ip", "-n", "router", "link", "add", "r2", "type", "veth", "peer", "name", "s", "netns", "servers")
sh("ip", "addr", "add", "203.0.113.5/24", "dev", "c")
sh("ip", "link", "set", "c", "up")
for where, dev, address in (("router", "r1", "203.0.113.1/24"), ("router", "r2", "192.0.2.1/24"),
                            ("servers", "s", "192.0.2.10/24"), ("servers", "s", "192.0.2.11/24")):
    sh("ip", "-n", where, "addr", "add", address, "dev", dev)
    sh("ip", "-n", where, "link", "set", dev, "up")
    sh("ip", "-n", where, "link", "set", "lo", "up")
sh("ip", "route", "add", "default", "via", "203.0.113.1")
sh("ip", "-n", "servers", "route", "add", "default", "via", "192.0.2.1")
for key, value in (("ip_forward", 1), ("icmp_ratelimit", 0), ("conf/all/rp_filter", 0), ("conf/r2/rp_filter", 0),
                   ("conf/all/accept_local", 1)):
    sh("ip", "netns", "exec", "router", "sh", "-c", "echo %d >/proc/sys/net/ipv4/%s" % (value, key))
# An address of a server can be the router's own, too: it then answers all ports but 587.
sh("ip", "-n", "router", "rule", "add", "pref", "100", "lookup", "local")
sh("ip", "-n", "router", "rule", "del", "pref", "0")
sh("ip", "-n", "router", "rule", "add", "pref", "50", "iif", "r1", "ipproto", "tcp", "dport", "587", "lookup", "main")


class Router:
    """While it stands, the router treats TCP port 25 of these servers in this way."""

    def __init__(self, kind, *to):
        self.kind, self.to = kind, to or ("192.0.2.10", "192.0.2.11", "192.0.2.12")

    def set(self, what):
        for to in self.to:
            if self.kind == "answer":
                sh("ip", "-n", "router", "addr", what, to + "/32", "dev", "lo")
            else:
                sh("ip", "-n", "router", "rule", what, "pref", "10", "to", to, "ipproto", "tcp", "dport", "25", self.kind)

    def __enter__(self):
        self.set("add")

    def __exit__(self, *unused):
        self.set("del")


folder = tempfile.mkdtemp(prefix="mtaproof-port25-")


def config(name, *services):
    path = os.path.join(folder, name)
    os.mkdir(path)
    with open(os.path.join(path, "main.cf"), "w") as f:
        f.write("compatibility_level = 3.6\nmyhostname = mail.example.org\nsmtpd_banner = $myhostname ESMTP\n"
                "mydestination = example.org\nlocal_recipient_maps =\nmynetworks = 127.0.0.0/8\n")
    with open(os.path.join(path, "master.cf"), "w") as f:
        for service in services:
            f.write("%s inet n - n - - smtpd\n" % service)
        f.write("rewrite unix - - n - - trivial-rewrite\n")
    return path


both = config("both", "25", "587")
only_25 = config("only25", "25")
only_587 = config("only587", "587")
facts = os.path.join(folder, "facts.json")
with open(facts, "w") as f:
    json.dump({"hostname": "mail.example.org", "version": "3.7.11", "addresses": ["192.0.2.10/24", "127.0.0.1/8"],
               "dns_complete": True, "local_users": []}, f)


def run(command, *arguments):
    done = subprocess.run([mtaproof, command, "--timeout", "1", *arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False, timeout=120)
    return done.returncode, done.stdout, done.stderr


def verify(configuration, *arguments):
    """Exit status, the reasons and verdicts of all played checks of each target, the report."""
    status, out, err = run("verify", "--format", "json", "--isolated", "--facts", facts, *arguments[1:], configuration,
                           arguments[0])
    try:
        report = json.loads(out)
    except ValueError:
        return status, set(), {"error": err}
    seen = set()
    for target in report["targets"]:
        for c in target["checks"]:
            if c["verdict"] != "skipped":
                seen.add((c["verdict"], c.get("reason", "")))
    for m in report["mismatches"]:
        seen.add((m["kind"], m["step"]))
    return status, seen, report


def expect(name, got, status, wanted, explained=None):
    text = " ".join(t.get("explanation", "") for t in got[2].get("targets", []))
    good = got[0] == status and got[1] == wanted and (explained is None or explained in text)
    ok(good, name, "exit %s, %s\n%s\n%s" % (got[0], sorted(got[1]), text, json.dumps(got[2])[:3000] if not got[1] else ""))


BLOCKED = {("inconclusive", "port-25-blocked")}
UNREACHABLE = {("inconclusive", "unreachable")}
CLOSED = {("mismatch", ""), ("stricter", "greeting")}
CONFIRMED = {("confirmed", "")}
server = ("192.0.2.10,25,mail.example.org", "192.0.2.10,587,mail.example.org")
reference = "192.0.2.11,25,mx.example.net"
REFERENCE = ("--reference", "192.0.2.11")

up = serve("servers", *server, reference)
status, seen, report = verify(both, "192.0.2.10")
ok(("inconclusive", "port-25-blocked") not in seen and any(v == "confirmed" for v, _ in seen), "nothing in the way", report)
for kind, word in (("blackhole", "does not answer"), ("prohibit", "is said to be unreachable"),
                   ("unreachable", "is said to be unreachable")):
    with Router(kind):
        got = verify(both, "192.0.2.10")
        expect(kind + ": the predicted port 587 was tried, and answers", got, 4, BLOCKED, "while port 587 answers")
        for _ in range(3):  # a busy machine may bring the router's message too late
            if word in json.dumps(got[2]):
                break
            got = verify(both, "192.0.2.10")
        expect(kind + ": said how", got, 4, BLOCKED, word)
        expect(kind + ": the reference says the same", verify(both, "192.0.2.10", *REFERENCE), 4, BLOCKED,
               "this network keeps its clients from port 25")
        expect(kind + ": a port 25 that is not predicted is not confirmed then",
               verify(only_587, "192.0.2.10:25", *REFERENCE), 4, BLOCKED, "does not show that nothing listens")
        expect(kind + ": without a reference its silence is what is predicted",
               verify(only_587, "192.0.2.10:25"), 0, CONFIRMED)
        expect(kind + ": only port 25 is predicted, and nothing can tell", verify(only_25, "192.0.2.10"), 4, UNREACHABLE,
               "--reference HOST tells")
        expect(kind + ": --allow-inconclusive", verify(both, "192.0.2.10", "--allow-inconclusive"), 0, BLOCKED)
with Router("blackhole", "192.0.2.10"):
    expect("only the server is silent, the reference answers", verify(both, "192.0.2.10", *REFERENCE), 4, UNREACHABLE,
           "this network does not keep us from port 25")
with Router("answer"):  # nothing listens on the router: a reset
    expect("a reset proves nothing of port 25", verify(both, "192.0.2.10"), 4, UNREACHABLE, "--reference HOST tells")
    expect("a reset from the reference, too", verify(both, "192.0.2.10", *REFERENCE), 4, BLOCKED)
    expect("a reset where nothing is predicted", verify(only_587, "192.0.2.10:25"), 0, CONFIRMED)
with Router("answer", "192.0.2.10"):
    expect("a reset from the server alone: closed", verify(both, "192.0.2.10", *REFERENCE), 1, CLOSED, "nothing listens")
with Router("blackhole"):
    status, out, err = run("verify", "--isolated", "--facts", facts, both, "192.0.2.10")
    ok(status == 4 and "port-25-blocked" in out and "run this from another network" in out and "closed" not in out,
       "as text", out + err)
    status, out, err = run("probe", "--client", "outsider", "--local", "example.org", "192.0.2.10")
    ok(status == 4 and "(port-25-blocked)" in out and "while port 587 answers" in out, "probe", out + err)
    status, out, err = run("probe", "--client", "outsider", "--local", "example.org", "192.0.2.12", *REFERENCE)
    ok(status == 4 and "(port-25-blocked)" in out, "probe with a reference", out + err)
    status, out, err = run("probe", "--client", "outsider", "--local", "example.org", "192.0.2.12")
    ok(status == 4 and "(unreachable)" in out, "probe of a host that is down", out + err)

# Something in the network answers in the place of all.
proxy = serve("router", "0.0.0.0,25,proxy.provider.example")
with Router("answer"):
    got = verify(both, "192.0.2.10", *REFERENCE)
    expect("a proxy on the way, by the reference's greeting", got, 4, BLOCKED, "answers port 25 in place of the servers")
    ok(got[2].get("findings") == [], "no finding about the server", got[2].get("findings"))
    got = verify(only_587, "192.0.2.10:25", *REFERENCE)
    expect("it is no listener of the server", got, 4, BLOCKED, "answers port 25 in place of the servers")
    done = subprocess.run([mtaproof, "verify", "--timeout", "1", "--format", "json", "--isolated", "--facts", facts, both,
                           "192.0.2.10:25", "192.0.2.10:587"], stdout=subprocess.PIPE, text=True, check=False)
    report = json.loads(done.stdout)
    ok("it may be that something on the way" in report["targets"][0].get("explanation", ""),
       "without a reference it is only mentioned", report["targets"][0].get("explanation"))
    status, out, err = run("probe", "--client", "outsider", "--local", "example.org", "192.0.2.10", *REFERENCE)
    ok(status == 1 and "session/same-greeting" in out, "probe says so, too", out + err)
stop(proxy)
stop(up)

# A server that really has nothing on port 25, and one that is down.
up = serve("servers", server[1], reference)
expect("nothing listens on port 25", verify(both, "192.0.2.10", *REFERENCE), 1, CLOSED, "nothing listens")
expect("and nothing should", verify(only_587, "192.0.2.10:25", *REFERENCE), 0, CONFIRMED)
stop(up)
up = serve("servers", server[0], reference)
done = subprocess.run([mtaproof, "verify", "--timeout", "1", "--format", "json", "--isolated", "--facts", facts, both,
                       "192.0.2.10:25", "192.0.2.10:587"], stdout=subprocess.PIPE, text=True, check=False)
kinds = {(m["target"], m["kind"], m["step"]) for m in json.loads(done.stdout)["mismatches"]}
ok(("192.0.2.10:587", "stricter", "greeting") in kinds, "a submission port that is closed, while port 25 answers", kinds)
stop(up)
up = serve("servers", reference)
expect("a host that is down, with a reference", verify(both, "192.0.2.12", *REFERENCE), 4, UNREACHABLE,
       "the server is down, or a packet filter")
expect("a host that is down: its silence confirms nothing", verify(only_587, "192.0.2.12:25"), 4, UNREACHABLE,
       "shows nothing")
status, out, err = run("verify", "--reference", "192.0.2.11:587", both, "192.0.2.10")
ok(status == 2 and "--reference" in err, "a reference is for port 25", err)
stop(up)

# The examples of the manual pages are what really comes out.
with open("/run/hosts", "w") as f:
    f.write("127.0.0.1 localhost\n192.0.2.10 mail.example.org\n")
sh("mount", "--bind", "/run/hosts", "/etc/hosts")
os.rename(both, os.path.join(folder, "postfix"))
with open(os.path.join(folder, "postfix", "main.cf"), "a") as f:
    f.write("smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\n")


def examples(page):
    """The commands of a page with what it says that they print."""
    with open(os.path.join(top, "doc", page)) as f:
        for block in re.findall(r"^\.Bd -literal[^\n]*\n(.*?)^\.Ed", f.read(), re.S | re.M):
            prompt, _, printed = block.partition("\n")
            yield prompt.split(" ")[2:], printed.replace("\\\\&", "")


def prints(page, number):
    arguments, wanted = list(examples(page))[number]
    done = subprocess.run([mtaproof, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          check=False, timeout=120)
    ok(wanted and done.stdout.startswith(wanted), "%s, example %d: %s" % (page, number + 1, " ".join(arguments)),
       done.stdout + done.stderr)


up = serve("servers", server[0] + ",relay", server[1])
prints("mtaproof-verify.1", 0)
stop(up)
up = serve("servers", *server)
with Router("blackhole"):
    prints("mtaproof-verify.1", 1)
prints("mtaproof-verify.1", 2)
prints("mtaproof-probe.1", 0)
stop(up)

shutil.rmtree(folder)
done_testing()
