#!/usr/bin/env python3
"""verify against the real sendmail, with a sendmail.mc and a sendmail.cf of which it runs one, or another: edited but not
rebuilt, rebuilt but not restarted, a .cf that was changed after the start. Prints TAP."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

import compare

FIXTURE = os.path.join(compare.TREE, "fixtures", "sendmail", "mission")
HERE = os.path.dirname(os.path.abspath(__file__))


def swapped(mc):
    """A and a have changed places."""
    return mc.replace("M=A'", "M=x'").replace("M=Ea'", "M=A'").replace("M=x'", "M=Ea'")


def verify(folder, mc, cf, running):
    """What verify finds of the pair while the server runs with `running`; all three are texts of a .mc."""
    mail, booted = os.path.join(folder, "mail"), os.path.join(folder, "running")
    for path in (mail, booted):
        shutil.rmtree(path, ignore_errors=True)
        os.mkdir(path)
        shutil.copy(os.path.join(FIXTURE, "aliases"), path)
    with open(os.path.join(mail, "sendmail.mc"), "w", encoding="utf-8") as f:
        f.write(mc)
    compare.make_cf(cf, os.path.join(mail, "sendmail.cf"))
    compare.make_cf(running, os.path.join(booted, "sendmail.cf"))
    facts = os.path.join(FIXTURE, "facts.json")
    done = subprocess.run([sys.executable, os.path.join(HERE, "verified"), "--facts", facts, os.path.join(booted, "sendmail.cf"),
                           os.path.abspath(compare.PROGRAM), "verify", "--isolated", "--cf-dir", compare.cf_library(), "--facts", facts, "--format", "json",
                           "--sender", "a@example.com", mail, "192.0.2.10:25", "192.0.2.10:587"], stdout=subprocess.PIPE, check=False)
    try:
        return done.returncode, json.loads(done.stdout)
    except ValueError:
        return done.returncode, {"findings": [], "mismatches": [], "targets": []}


def main():
    suite = compare.Suite()
    with open(os.path.join(FIXTURE, "sendmail.mc"), encoding="utf-8") as f:
        good = f.read()
    other = swapped(good)
    with tempfile.TemporaryDirectory() as folder:
        for what, mc, cf, running, wanted, kept in (
                ("all are one", good, good, good, [], True),
                ("edited, not rebuilt", other, good, good, ["mc/cf-differs", "mc/not-rebuilt"], True),
                ("rebuilt, not restarted", other, other, good, ["mc/not-restarted"], False),
                ("the .cf was changed after the start", good, other, good, ["mc/cf-differs", "mc/cf-not-running"], False)):
            status, report = verify(folder, mc, cf, running)
            found = sorted(f["rule"] for f in report["findings"] if f["rule"].startswith("mc/"))
            suite.ok(found == wanted, what, "%s %s" % (status, json.dumps(report["findings"], indent=1)))
            suite.ok(kept == (not report["mismatches"]) and len(report["targets"]) == 2, what + ": the verdicts by the .cf",
                     json.dumps(report["mismatches"], indent=1))
    suite.done()


if __name__ == "__main__":
    main()
