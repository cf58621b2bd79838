#!/usr/bin/env python3
"""A server that takes mail on port 25 and from those who log in on 587 (and 465): what fixtures/sendmail/mission*
say that it answers, the real sendmail answers, and the simulation predicts, by the .mc and by the .cf; what predict
says of each. Prints TAP."""
import concurrent.futures
import json
import os
import shutil
import subprocess
import tempfile

import compare
import transcript
from authority import Authority

FIXTURES = os.path.join(compare.TREE, "fixtures", "sendmail")
MAIL, FOREIGN, OWN = "MAIL FROM:<a@example.com>", "RCPT TO:<x@elsewhere.example>", "RCPT TO:<alice@example.org>"
mail, foreign, own = "mail from: a@example.com", "rcpt to: x@elsewhere.example", "rcpt to: alice@example.org"
DENIED = "Relaying denied. Proper authentication required."

# The words by which an administrator knows that A and a are where they belong: for each fixture the dialogue (it is there
# with EHLO and as typed by people), and what is answered to which line.
NO_AUTH = [("auth login", "503 5.3.3 AUTH not available"), (mail, "250 2.1.0 a@example.com... Sender ok"), (foreign, "550 5.7.1 x@elsewhere.example... " + DENIED),
           ("data", "503 5.0.0 Need RCPT (recipient)"), (own, "250 2.1.5 alice@example.org... Recipient ok")]
REQUIRED = [(mail, "530 5.7.0 Authentication required"), (foreign, "503 5.0.0 Need MAIL before RCPT"), ("data", "503 5.0.0 Need MAIL command")]
LOGIN = [("auth login", "334 VXNlcm5hbWU6"), ("YWxpY2U=", "334 UGFzc3dvcmQ6"), ("c2VjcmV0", "235 2.0.0 OK Authenticated"), (mail, "250 2.1.0 a@example.com... Sender ok"),
         (foreign, "250 2.1.5 x@elsewhere.example... Recipient ok"), ("data", "354 End data with <CR><LF>.<CR><LF>")]
TYPED = {mail: MAIL, foreign: FOREIGN, own: OWN, "data": "DATA", "auth login": "AUTH LOGIN"}
WORDS = {
    "mission": [("25", NO_AUTH), ("587 without login", REQUIRED), ("587 with login", LOGIN)],
    "mission-smtps": [("25", NO_AUTH), ("587 without login", REQUIRED), ("587 with login", LOGIN), ("465 without login", NO_AUTH[1:]), ("465 with login", LOGIN)],
    "mission-swapped": [("25 without login", REQUIRED), ("25 with login", LOGIN), ("587", NO_AUTH)],
    "mission-default-msa": [],
}


def bracketed(text):
    """The reply to what a program says, from that to what people type."""
    for address in ("a@example.com", "x@elsewhere.example", "alice@example.org"):
        text = text.replace(address + "...", f"<{address}>...")
    return text


def expected(fixture):
    """(dialogue, line, reply), in both styles."""
    out = []
    for name, lines in WORDS[fixture]:
        out += [(name + ", telnet", line, text) for line, text in lines]
        out += [(name + ", EHLO", TYPED.get(line, line), bracketed(text)) for line, text in lines]
    return out


def against_transcript(suite, fixture, wanted, told):
    for t, real in zip(wanted, told):
        promised = {"worlds": [{"assumptions": [], "replies": t.replies}]}
        wrong = compare.differences(t.script, real, promised)
        suite.ok(not wrong, f"{fixture}: {t.name}: as written down", "\n".join(wrong).replace("predicted:", "written:  "))


def play(fixture, authority):
    """Every dialogue to the real server, and to the simulation of the .mc and of the .cf."""
    with tempfile.TemporaryDirectory() as folder:
        for name in os.listdir(os.path.join(FIXTURES, fixture)):
            shutil.copy(os.path.join(FIXTURES, fixture, name), folder)
        mc, cf, facts = (os.path.join(folder, name) for name in ("sendmail.mc", "sendmail.cf", "facts.json"))
        with open(mc, encoding="utf-8") as f:
            compare.make_cf(f.read(), cf)
        for name, text in authority.server_files().items():
            with open(os.path.join(folder, name), "w", encoding="ascii") as f:
                f.write(text)
        wanted = transcript.read(os.path.join(folder, "dialogues.txt"))
        scripts = [authority.presents(t.certificate, t.script) if t.certificate else t.script for t in wanted]
        told = compare.ask(cf, facts, scripts)
        return wanted, scripts, told, {os.path.basename(x): compare.simulate(x, facts, compare.as_sent(scripts, told)) for x in (mc, cf)}


def judge(suite, fixture, wanted, scripts, told, simulated):
    against_transcript(suite, fixture, wanted, told)
    for config, replies in simulated.items():
        suite.judge([dict(s, name=f"{fixture}, {config}: {s['name']}") for s in scripts], list(zip(told, replies)), ())
    names = {s["name"]: number for number, s in enumerate(scripts)}
    for name, line, text in expected(fixture):
        real = told[names[name]]
        replies = dict(reversed(list(zip(compare.said(scripts[names[name]], real), real["worlds"][0]["replies"]))))
        got = compare.show(replies.get(line, {"missing": True}))
        suite.ok(got == text, f"{fixture}: {name}: {line}: {text}", got)


def predict(fixture, change=None):
    with tempfile.TemporaryDirectory() as folder:
        facts = os.path.join(folder, "facts.json")
        with open(os.path.join(FIXTURES, fixture, "facts.json"), encoding="utf-8") as f:
            told = json.load(f)
        (change or (lambda _: None))(told)
        with open(facts, "w", encoding="utf-8") as f:
            json.dump(told, f)
        return predict_with(facts, os.path.join(FIXTURES, fixture))


def predict_with(facts, config):
    done = subprocess.run([compare.PROGRAM, "predict", "--isolated", "--cf-dir", compare.cf_library(), "--format", "json", "--facts",
                           facts, config], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return done.returncode, json.loads(done.stdout)


def came(report, listener, scenario, client="outsider"):
    return [o["outcome"] for o in report["outcomes"] if (o["listener"], o["scenario"], o["client"]) == (listener, scenario, client)]


def carried(report):
    """Who may have mail carried anywhere, and through which daemons."""
    out = set()
    for s in report["surface"]:
        who = s["from"].get("addresses") or sorted(s["from"])
        out.add((" ".join(map(str, who)), " ".join(sorted(s["listeners"])), s["forgeable"]))
    return out


def warned(report):
    """Findings by rule, and the line of the .mc that they name; 0: none."""
    return sorted((f["rule"], f.get("origin", {}).get("line", 0)) for f in report["findings"] if f["severity"] != "note")


def judge_predictions(suite):
    reports = {fixture: predict(fixture) for fixture in WORDS}
    for fixture, (status, report) in reports.items():
        # How much the disk has free is no matter of the configuration.
        asked = {a["question"] for o in report["outcomes"] for a in o["assumptions"]} - {"limit disk-space 203.0.113.5", "limit disk-space 192.0.2.10"}
        suite.ok(status == 1 and not asked, f"predict {fixture}: findings, and no open question", (status, asked))
    good, swapped, smtps, dead = (reports[f][1] for f in ("mission", "mission-swapped", "mission-smtps", "mission-default-msa"))

    def listeners(report):
        return [(x["name"], x["port"], x["tls"], x["auth"]["clear"], x["auth"]["required"]) for x in report["listeners"]]

    offered = ["DIGEST-MD5", "CRAM-MD5", "LOGIN", "PLAIN"]
    for what, got, want in (
            ("daemons", listeners(good), [("MTA", 25, "none", [], False), ("MSA", 587, "none", offered, True)]),
            ("daemons when swapped", listeners(swapped), [("MTA", 25, "none", offered, True), ("MSA", 587, "none", [], False)]),
            ("daemons with certificates", listeners(smtps), [("MTA", 25, "starttls", [], False), ("MSA", 587, "starttls", offered, True), ("TLSMTA", 465, "implicit", [], False)]),
            ("25 refuses to relay", came(good, "MTA", "relay/plain"), ["refused"]), ("25 takes own mail", came(good, "MTA", "local/recipient"), ["accepted-local"]),
            ("25 offers no AUTH", came(good, "MTA", "auth/offered-clear"), ["not-offered"]), ("587 offers AUTH", came(good, "MSA", "auth/offered-clear"), ["offered"]),
            ("587 relays for who has logged in", came(good, "MSA", "login/foreign-clear"), ["accepted-relay"]),
            ("swapped: 25 takes no mail", came(swapped, "MTA", "local/recipient"), ["not-reached"]), ("swapped: 25 offers AUTH", came(swapped, "MTA", "auth/offered-clear"), ["offered"]),
            ("swapped: 587 offers none", came(swapped, "MSA", "auth/offered-clear"), ["not-offered"]),
            ("465 relays for who has logged in", came(smtps, "TLSMTA", "login/foreign"), ["accepted-relay"]),
            ("the surface", carried(good), {("127.0.0.1", "MTA", False), ("192.0.2.10", "MTA", False), ("logins", "MSA", False)}),
            ("the surface when swapped", carried(swapped), {("127.0.0.1", "MSA", False), ("192.0.2.10", "MSA", False), ("logins", "MTA", False)}),
            ("the surface with 465", carried(smtps), {("127.0.0.1", "MTA TLSMTA", False), ("192.0.2.10", "MTA TLSMTA", False), ("logins", "MSA TLSMTA", False)}),
            ("what is said of it", warned(good), [("auth/clear", 10)]),
            ("what is said of it when swapped", warned(swapped), [("auth/clear", 9), ("local/refused", 9), ("submission/no-auth", 0)]),
            ("what is said of it with 465", warned(smtps), [("auth/clear", 10), ("submission/no-auth", 0)]),
            ("two daemons on 587: nothing listens", dead["listeners"], [])):
        suite.ok(got == want, "predict: " + what, got)
    # A sender's domain that does not exist is no want of a login.
    unresolved = predict("mission-smtps", lambda facts: facts["dns"].pop("address probe.example.net"))[1]
    suite.ok(listeners(unresolved)[2] == ("TLSMTA", 465, "implicit", [], False) and warned(unresolved) == [("auth/clear", 10)],
             "predict: a refusal for the sender's domain is none for want of a login", listeners(unresolved))
    suite.ok(any(f["severity"] == "error" and "does not start" in f["message"] and "587" in f["message"] for f in dead["findings"]),
             "predict: without no_default_msa it does not start, and why", json.dumps(dead["findings"]))


def main():
    suite = compare.Suite()
    with tempfile.TemporaryDirectory() as folder:
        authority = Authority(folder)
        with concurrent.futures.ThreadPoolExecutor(compare.SERVERS) as pool:
            played = {fixture: pool.submit(play, fixture, authority) for fixture in WORDS}
            for fixture, what in played.items():
                judge(suite, fixture, *what.result())
    judge_predictions(suite)
    suite.done()


if __name__ == "__main__":
    main()
