#!/usr/bin/env python3
"""verify where a sendmail.mc stands beside the sendmail.cf: which of them the server follows. The server answers as the
simulation of a .cf does (the real one: tests/sendmail/pair.t). Prints TAP."""
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

library = os.path.join(os.environ.get("MTA") or os.path.join(top, "build", "mta"), "sendmail/usr/share/sendmail/cf")
fixture = os.path.join(top, "fixtures", "sendmail", "mission")
facts = os.path.join(fixture, "facts.json")
if not os.path.exists(os.path.join(library, "m4", "cf.m4")) or not shutil.which("m4"):
    print("1..0 # SKIP there is no m4, or no cf library in " + library)
    sys.exit(0)
temporary = tempfile.TemporaryDirectory()
mail, running = os.path.join(temporary.name, "mail"), os.path.join(temporary.name, "running.cf")

with open(os.path.join(fixture, "sendmail.mc"), encoding="ascii") as source:
    GOOD = source.read()
SWAPPED = GOOD.replace("M=A'", "M=x'").replace("M=Ea'", "M=A'").replace("M=x'", "M=Ea'")
QUIET = GOOD.replace("VERSIONID", "define(`confLOG_LEVEL', `14')dnl\nVERSIONID")
THIRD = GOOD.replace("M=A'", "M=E'").replace("LOGIN PLAIN')dnl\nMAILER", "PLAIN')dnl\nMAILER")


def build(mc):
    done = subprocess.run(["m4", "-D_CF_DIR_=" + library + "/", os.path.join(library, "m4", "cf.m4"), "-"], input=mc, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return done.stdout


def write(path, text):
    with open(path, "w", encoding="ascii") as f:
        f.write(text)


def verify(mc, cf, runs, *options, taken="", listener="MSA"):
    """The server runs with `runs`; in the folder are the .mc and a .cf, which is built from `cf` unless it is one."""
    server = SimulatedServer(mtaproof, running, facts, "203.0.113.5", listener)
    daemon = {"MTA": "smtp", "MSA": "submission"}[listener]

    def here(text):
        return text.replace("Port=" + daemon, "Port=%d" % server.port)

    shutil.rmtree(mail, ignore_errors=True)
    os.mkdir(mail)
    if mc is not None:
        write(os.path.join(mail, "sendmail.mc"), here(mc))
    write(os.path.join(mail, "sendmail.cf"), here(cf) if cf.startswith("#") else build(here(cf)))
    write(running, build(here(runs)))
    done = subprocess.run([mtaproof, "verify", "--isolated", "--cf-dir", library, "--facts", facts, "--seen-as", "203.0.113.5", "--sender",
                           "a@example.com", *options, os.path.join(mail, taken), "127.0.0.1:%d" % server.port],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, timeout=120)
    server.close()
    return done.returncode, done.stdout, done.stderr


def found(*arguments, **more):
    status, out, err = verify(*arguments, "--format", "json", **more)
    report = json.loads(out)
    errors = schema_errors(report, "verification")
    if errors:
        ok(False, "valid by its schema", errors[0])
    return status, {f["rule"]: f for f in report["findings"] if f["rule"].startswith("mc/")}, report


def expect(what, wanted, *arguments, **more):
    status, findings, report = found(*arguments, **more)
    ok({rule: f["severity"] for rule, f in findings.items()} == wanted, what,
       "%s\n%s" % (json.dumps(findings, indent=1), json.dumps(report["summary"])))
    return status, findings, report


expect("all three are one: nothing is said", {}, GOOD, GOOD, GOOD)
status, findings, report = expect("edited, not rebuilt", {"mc/cf-differs": "warning", "mc/not-rebuilt": "warning"}, SWAPPED, GOOD, GOOD)
f = findings.get("mc/not-rebuilt", {"message": "", "fix": "", "because": []})
ok("edited" in f["message"] and "not rebuilt" in f["message"] and "dialogue" in f["message"] and "run make (m4)" in f["fix"] and
   "restart" in f["fix"] and {"sendmail.mc", "sendmail.cf"} == {b["file"] for b in f["because"]}, "what was seen, and what is to be done", f)
ok(status == 1 and not report["mismatches"] and any("sendmail.cf is taken" in n for n in report["notes"]), "and it is the only thing that is wrong",
   (status, report["mismatches"], report["notes"]))
status, findings, report = expect("rebuilt, not restarted", {"mc/not-restarted": "warning"}, SWAPPED, SWAPPED, GOOD)
f = findings.get("mc/not-restarted", {"message": "", "fix": ""})
ok("probably not restarted" in f["message"] and "restart sendmail" in f["fix"] and report["mismatches"], "what was seen, and what is to be done", f)
expect("the .cf was changed after the start", {"mc/cf-differs": "warning", "mc/cf-not-running": "warning"}, GOOD, SWAPPED, GOOD)
expect("neither runs", {"mc/cf-differs": "warning", "mc/neither-running": "warning"}, SWAPPED, GOOD, THIRD, listener="MTA")
expect("they differ in nothing that is played", {"mc/cf-differs": "note", "mc/not-told": "note"}, QUIET, GOOD, GOOD)
expect("only a comment was changed", {}, GOOD + "dnl a comment\n", GOOD, GOOD)
expect("no .mc", {}, None, GOOD, SWAPPED)
expect("a .mc that breaks off", {"mc/cf-not-compared": "note"}, GOOD + "define(`x, `y')\n", GOOD, GOOD)
expect("the .mc is taken by name, the .cf runs", {"mc/cf-differs": "warning", "mc/not-rebuilt": "warning"}, SWAPPED, GOOD, GOOD, taken="sendmail.mc")
edited = build(GOOD).replace("\nC{w}example.org", "\nC{w}example.org\nC{R}partner.example")
expect("a .cf that relays, edited by hand", {"mc/cf-relays": "error", "mc/not-told": "note"}, GOOD, edited, GOOD)

status, out, err = verify(SWAPPED, GOOD, GOOD)
ok("verified against sendmail.cf\n" in out and "note: both sendmail.mc and sendmail.cf are here: sendmail.cf is taken\n" in out and
   "[mc/not-rebuilt]" in out, "as text: which was taken", out)
done_testing()
