#!/usr/bin/env python3
"""What `mtaproof rules` and `mtaproof explain` know: every rule that a finding can name, every question that a
simulation can ask, every scenario; the manual page and the examples say the same. Prints TAP."""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

top = os.environ.get("TOP") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(top, "tests"))
from tap import done_testing, ok  # noqa: E402

mtaproof = os.environ.get("MTAPROOF") or os.path.join(top, "build", "release", "mtaproof")
os.chdir(top)


def run(*arguments):
    return subprocess.run([mtaproof, *arguments], capture_output=True, text=True, timeout=60)


def sources(*folders):
    """The string literals of the folders' sources, but those of the catalogues, with their files."""
    found = {}
    for folder in folders:
        for name in glob.glob(f"src/{folder}/**/*.[ch]", recursive=True):
            if not re.search(r"/(question|finding_rules|behaviour)\.c$", name):
                with open(name, encoding="utf-8") as f:
                    text = re.sub(r"/\*.*?\*/", "", f.read(), flags=re.S)
                text = re.sub(r"^#include.*$|'\\?\"'", "", text, flags=re.M)
                for literal in re.findall(r'"((?:[^"\\]|\\.)*)"', text):
                    found.setdefault(literal, name)
    return found


listed = json.loads(run("rules", "--format", "json").stdout)
rules = {r["id"]: r for r in listed["rules"]}
scenarios = {s["id"]: s for s in listed["scenarios"]}


def check_rules():
    # What looks like a rule and is none.
    others = {"ns/net", "addr/len"}
    literals = sources("*")
    used = {l for l in literals if re.fullmatch(r"[a-z]+/[a-z0-9-]+", l)} - others
    missing = [f"{l} ({literals[l]})" for l in sorted(used) if l not in rules and l not in scenarios]
    ok(len(used) > 50, "findings are found in the sources", len(used))
    ok(not missing, "every rule that a finding names is listed", "\n".join(missing))
    with open("src/predict/behaviour.c", encoding="utf-8") as f:
        behaviour = f.read()
    alarms = {s["alarm"]["rule"] for s in scenarios.values() if "rule" in s.get("alarm", {})}
    chained = set(re.findall(r'\.(?:within|undecided|discarded|unlisted) = "([^"]+)"', behaviour))
    unused = [r for r in rules if r not in used | alarms | chained]
    ok(not unused, "every rule that is listed is used", "\n".join(unused))
    ok(alarms <= set(rules), "every rule that an alarm names is listed", alarms - set(rules))
    ok(len(rules) == len(listed["rules"]) and len(scenarios) == len(listed["scenarios"]), "every id stands there once")
    for names, what in ((rules, "rule"), (scenarios, "scenario")):
        bad = [n for n in names if names[n]["title"] not in (done := run("explain", n)).stdout.replace("\n    ", " ") or
               done.returncode != 0 or f"{n} ({what}" not in done.stdout]
        ok(not bad, f"every {what} can be explained", bad)


def question_kinds():
    with open("src/world/question.c", encoding="utf-8") as f:
        return re.findall(r'\.word = "([^"]+)"', f.read())


def check_questions():
    kinds = question_kinds()
    # What looks like a question and is none.
    others = {"main.cf", "master.cf", "example.com", "example.net", "example.org", "other.example", "passwd.byname", "group.byname", "sendmail.cf", "aliases.files", "sasl.users",
              "certificate.subject", "certificate.issuer", "certificate.fingerprint"}
    literals = sources("world", "table", "postfix", "server", "sendmail")
    words = {l: re.match(r"\{?([a-z]+(?:\.[a-z_]+)?)(?:\}| %s| |$)", l) for l in literals}
    asked = {m.group(1): l for l, m in words.items() if m and ("." in m.group(1) or m.group(1) in kinds)}
    ok(len(asked) > 20, "questions are found in the sources", asked)
    holes = {"client.port", "dns.error", "dns.value", "host.networks", "list.text", "table.value", "verify.reason"}
    missing = [f"{w}: \"{l}\" in {literals[l]}" for w, l in asked.items() if w not in kinds and w not in others | holes]
    ok(not missing, "every question that a simulation can ask is in the catalogue", "\n".join(missing))
    explained = {k: run("explain", k) for k in kinds}
    ok(all(e.returncode == 0 and e.stdout.startswith(k) for k, e in explained.items()), "every question can be explained")
    reserved = {k for k, e in explained.items() if "No simulation of this release asks it" in e.stdout}
    wrong = [k for k in kinds if (k in asked) == (k in reserved) and k != "dns.canonical"]
    ok(not wrong, "what is not asked is said, and nothing else", wrong)
    return explained


def manual(explained):
    with open("doc/mtaproof-facts.5", encoding="utf-8") as f:
        page = f.read()
    section = page[page.index(".Sh QUESTIONS"):page.index(".Sh EXAMPLES")]
    entries = {}
    for word, arguments, text in re.findall(r"^\.It Cm (\S+)(?: Ar (.*))?\n((?:(?!\.(?:It|El)).*\n)*)", section, flags=re.M):
        entries[word] = (arguments, " ".join(text.replace(".Pq not asked by this release", "").split()))
    ok(list(entries) == list(explained), "mtaproof-facts(5) lists the same questions, in the same order", set(entries) ^ set(explained))
    wrong = []
    for word, done in explained.items():
        lines = done.stdout.splitlines()
        head = (word + " " + entries.get(word, ("", ""))[0]).strip() + " (question)"
        if lines[0] != head or lines[1].strip() != "Asks " + entries.get(word, ("", ""))[1] + ".":
            wrong.append(f"{lines[0]} {lines[1]} / {entries.get(word)}")
    ok(not wrong, "in the same words", "\n".join(wrong))


def examples(explained):
    """What is shown can be typed, and answers the question."""
    script = '{"client": "203.0.113.5", "send": ["EHLO x.example"]}\n'
    bad = []
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "facts.json")
        for word, done in explained.items():
            assumed = re.search(r"--assume '(.*)'$", done.stdout, flags=re.M).group(1)
            fact = re.search(r"^    (\{.*\})$", done.stdout, flags=re.M).group(1)
            with open(path, "w", encoding="utf-8") as out:
                out.write(fact)
            done = subprocess.run([mtaproof, "simulate", "--facts", path, "--assume", assumed, "--script", "-", "fixtures/demo/postfix"],
                                  input=script, capture_output=True, text=True, timeout=60)
            question = assumed.rpartition("=")[0]
            if done.returncode != 0 or not question.startswith(word):
                bad.append(f"{word}: {assumed} {fact}: {done.stderr}")
    ok(not bad, "every example is valid", "\n".join(bad))


def words():
    done = run("explain", "dns.mx", "a.example")
    ok("--assume 'dns.mx a.example=" in done.stdout and '{"mx a.example": [' in done.stdout.replace('{"dns": ', ""),
       "a whole question is explained with its own name", done.stdout)
    done = run("explain", "user.exists o'neil \"x\\")
    ok(r"""--assume 'user.exists o'\''neil "x\=found'""" in done.stdout and r'''"o'neil \"x\\"''' in done.stdout,
       "quotes are quoted", done.stdout)
    done = run("explain", "user.exists \033[1m")
    ok("\033" not in done.stdout, "nothing reaches a terminal that should not", repr(done.stdout))
    done = run("explain", "relay/plain")
    ok("<- its reply is what is tested" in done.stdout and "--suite relay/plain" in done.stdout and "local/recipient" in done.stdout and
       "relay/open" in done.stdout, "a scenario with its control and its alarm", done.stdout)
    ok("--intrusive" in run("explain", next(i for i, s in scenarios.items() if s["impact"] == "intrusive")).stdout, "an intrusive one")
    for word, near in (("relay/plian", "relay/plain"), ("percent-at-locl", "relay/percent-at-local"), ("dns.mxs example.com", "dns.mx"),
                       ("client.nam", "client.name"), ("MAINCF/duplicates", "maincf/duplicate"), ("stale", "table/stale")):
        done = run("explain", word)
        ok(done.returncode == 2 and done.stdout == "" and re.search(rf"Near it: .*{re.escape(near)}\b", done.stderr),
           f"{word}: exit 2, and {near} is near", done.stderr)
    for word in ("zzzzzzzz", "x" * 5000, "", "\033[1m"):
        done = run("explain", word)
        ok(done.returncode == 2 and "mtaproof rules" in done.stderr, f"{word[:10]!r}: exit 2, and where to look", done.stderr)
    for arguments in (("explain",), ("explain", "host.name", "x"), ("explain", "dns.list", "203.0.113.5"), ("rules", "x"),
                      ("rules", "--format", "xml")):
        done = run(*arguments)
        ok(done.returncode == 2 and done.stdout == "" and done.stderr.startswith("mtaproof: "), " ".join(arguments) + ": exit 2", done.stderr)


def folder():
    with tempfile.TemporaryDirectory() as own:
        os.mkdir(own + "/scenarios")
        with open(own + "/scenarios/own.json", "w", encoding="utf-8") as out:
            out.write("""{"scenarios": [{"id": "own/test", "title": "One of ours", "why": "To see.", "group": "own", "client": "any",
                      "impact": "quiet", "tests": "NOOP", "dialogue": ["EHLO {helo}", "NOOP \\u001b[31m"]}]}""")
        done = run("rules", "--rules", own)
        ok(done.returncode == 0 and re.search(r"^  own/test +One of ours$", done.stdout, flags=re.M), "rules lists those of --rules")
        ok(f"{len(scenarios) + 1} scenarios" in done.stdout, "and counts them", done.stdout[:3000])
        done = run("explain", "--rules", own, "own/test")
        ok(done.returncode == 0 and "To see." in done.stdout and "\033" not in done.stdout, "explain knows them", repr(done.stdout))
        listing = json.loads(run("rules", "--rules", own, "--format", "json").stdout)
        ok("own/test" in [s["id"] for s in listing["scenarios"]], "so does the JSON")
        done = run("rules", "--format", "json", "--output", own + "/list")
        with open(own + "/list", encoding="utf-8") as f:
            ok(done.returncode == 0 and done.stdout == "" and json.load(f) == listed, "--output writes a file")
        ok(run("explain", "--rules", own + "/nosuch", "relay/plain").returncode == 3, "no such folder")
        ok(run("explain", "own/test").returncode == 2, "without --rules it is not known")


check_rules()
known = check_questions()
manual(known)
examples(known)
words()
folder()
done_testing()
