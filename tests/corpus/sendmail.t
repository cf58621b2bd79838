#!/usr/bin/env python3
"""Real sendmail configurations from the wild: each is loaded, and refused where the real sendmail refuses it.

CORPUS=DIR names a folder with sendmail/ID/. Without it there is nothing to run. Each .mc is made into a .cf by m4
itself, and the real `sendmail -bC` reads it where it belongs, in private namespaces; the simulation reads the .mc (or
the .cf where there is no .mc). With --list the verdict of each is printed. Prints TAP."""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

top = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(top, "tests"), os.path.join(top, "tests", "rulesets")]
import sandbox  # noqa: E402
from tap import done_testing, ok  # noqa: E402

PACKAGE = os.path.join(os.environ.get("MTA", os.path.join(top, "build", "mta")), "sendmail")
MTAPROOF = os.path.abspath(os.environ.get("MTAPROOF", os.path.join(top, "build", "release", "mtaproof")))
LIBRARY = "/usr/share/sendmail/cf/"


def main_file(folder):
    """The .mc, by the names that these have; else the .cf."""
    names = sorted(os.listdir(folder))
    for pattern in (r"^sendmail\.mc", r"^(?!submit).*\.mc$", r"^sendmail\.(m4|config|cf)$", r"\.mc"):
        for name in names:
            if re.search(pattern, name):
                return name
    return None


def by_m4(place, text):
    """The .cf, m4's exit status, and its first complaint."""
    own = re.search(r"^\s*include\(`[^']*cf\.m4'\)", text, re.M)
    # Where the library lies elsewhere than on the host that the file is from.
    text = re.sub(r"include\(`[^']*cf\.m4'\)", f"include(`{LIBRARY}m4/cf.m4')", text)
    argv = ["m4", "-D_NO_MAKEINFO_", f"-D_CF_DIR_={LIBRARY}"] + ([] if own else [LIBRARY + "m4/cf.m4"]) + ["-"]
    done = subprocess.run(argv, input=text.encode("latin-1"), capture_output=True, cwd="/etc/mail", check=False)
    complaints = [line for line in done.stderr.decode("latin-1").splitlines() if line.strip()]
    return done.stdout, done.returncode, complaints[0] if complaints else ""


def by_sendmail(place):
    """What `sendmail -bC` says; "" when it accepts the configuration."""
    done = subprocess.run([f"{place.base}/bin/sendmail", "-C", "/etc/mail/sendmail.cf", "-bC"], env=place.environment,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)
    lines = [line for line in (done.stdout + done.stderr).decode("latin-1").splitlines()
             if line.strip() and not line.startswith(("WARNING", "Warning"))]
    return f"{done.returncode}: " + "; ".join(lines[:2]) if done.returncode else ""


def by_us(folder, name, facts, scratch):
    script = os.path.join(scratch, "script")
    with open(script, "w", encoding="utf-8") as f:
        f.write(json.dumps({"client": "203.0.113.5", "send": ["EHLO probe.example.net", "QUIT"]}))
    done = subprocess.run([MTAPROOF, "simulate", "--format", "json", "--facts", facts, "--script", script, "--overlay",
                           f"{name}={folder}/{name}", "/etc/mail/" + name], capture_output=True, text=True, timeout=120,
                          check=False)
    return done


def check(place, folder, facts, scratch, listing):
    name = main_file(folder)
    files = {}
    for path in sorted(glob.glob(os.path.join(folder, "*"))):
        if os.path.isfile(path):
            with open(path, "rb") as f:
                files[os.path.basename(path)] = f.read()
    place.configure(files, {})
    m4 = ""
    if not name.endswith(".cf"):
        cf, status, complaint = by_m4(place, files[name].decode("latin-1"))
        m4 = f"m4 {status}" + (f" ({complaint[:100]})" if complaint else "")
        sandbox.write("/etc/mail/sendmail.cf", cf)
    said = by_sendmail(place)
    done = by_us(folder, name, facts, scratch)
    errors = [line for line in done.stderr.splitlines() if "error: sendmail does not start" in line]
    try:
        replies = json.loads(done.stdout)["worlds"][0]["replies"]
        refused = bool(replies[0].get("refused"))
    except (ValueError, KeyError, IndexError):
        replies, refused = [], None
    submits = any("NoMTA" in line for line in errors)
    good = done.returncode == 0 and refused is not None and (submits or refused == bool(said))
    ident = "sendmail/" + os.path.basename(folder)
    ok(good, f"{ident} {name}", f"real: {said or 'accepted'}\nours: {done.returncode} {refused} {errors or done.stderr[-400:]}")
    if listing:
        print(f"# {ident} {name} | {m4} | -bC {said or 'accepted'} | "
              f"{'submits mail, does not serve' if submits else 'refused: ' + errors[0] if refused and errors else 'loaded'}")


def installed():
    """What an installation has beside the configuration: queues, and the accounts that it runs as."""
    sandbox.command("mount", "-t", "tmpfs", "-o", "mode=755", "spool", "/var/spool")
    for queue in ("mqueue", "clientmqueue"):
        os.mkdir("/var/spool/" + queue, 0o700)
    os.chown("/var/spool/clientmqueue", 991, 991)
    with open("/etc/passwd", "a", encoding="utf-8") as passwd:
        passwd.write("smmta:x:990:990::/:/bin/false\nsmmsp:x:991:991::/:/bin/false\n")
    with open("/etc/group", "a", encoding="utf-8") as group:
        group.write("smmta:x:990:\nsmmsp:x:991:\n")


def run():
    corpus = os.environ.get("CORPUS")
    if not corpus:
        print("corpus: CORPUS=DIR was not given, nothing to run\n0 passed, 0 failed")
        return
    if not os.environ.get("MTAPROOF_PLACE"):
        os.execvpe("unshare", ["unshare", "-m", "-n", "-u", sys.executable] + sys.argv, dict(os.environ, MTAPROOF_PLACE="1"))
    place = sandbox.Place(PACKAGE)
    installed()
    with tempfile.TemporaryDirectory() as scratch:
        facts = os.path.join(scratch, "facts.json")
        with open(facts, "w", encoding="utf-8") as f:
            json.dump(dict(sandbox.FACTS, sasl={"mechanisms": []}), f)
        for folder in sorted(glob.glob(os.path.join(corpus, "sendmail", "*", ""))):
            check(place, folder.rstrip("/"), facts, scratch, "--list" in sys.argv)
    done_testing()


run()
