"""Holds a simulation against a real server: what is the same for every kind of server.

A `side` knows one kind:
    command                    how it is called by hand: "tests/truth/truth"
    words                      {kind: names} that generated cases must cover
    make(seed, index, per)     a case: plain data with seed, index, marks, dialogues (with marks of their own)
    run(case, record, keep, known)
                               plays it to both, and gives an Outcome; known: (observed, facts) of a recording
    show(case, out)            prints the case for people
    attempts(case)             smaller versions of a case of one dialogue, for shrink
"""

import argparse
import collections
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import compare
import shrink

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class NoLab(Exception):
    """No real server can be started here."""


class Program:
    """The program under test."""

    def __init__(self, path=None):
        build = os.environ.get("BUILD", os.path.join(TREE, "build", "release"))
        path = path or os.environ.get("MTAPROOF", os.path.join(build, "mtaproof"))
        # A copy: a build that goes on meanwhile does not change what is tested.
        self.folder = tempfile.TemporaryDirectory(prefix="mtaproof-truth-")
        self.path = os.path.join(self.folder.name, "mtaproof")
        shutil.copy2(path, self.path)

    def predict(self, script, *argv):
        """What the simulation says, one object for each dialogue, and what it complained of."""
        argv = [self.path, "simulate", "--script", script, "--format", "json", "--isolated", *argv]
        try:
            done = subprocess.run(argv, check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  timeout=120)
        except subprocess.TimeoutExpired:
            return [], "the simulation did not end"
        lines = done.stdout.decode("utf-8", "replace").splitlines()
        error = done.stderr.decode("utf-8", "replace").strip()
        if done.returncode not in (0, 1):
            error = f"exit status {done.returncode}: {error}"
        try:
            return [json.loads(line) for line in lines], error
        except ValueError as err:
            return [], f"{error} ({err})"


def write_json(path, value):
    with open(path, "w", encoding="utf-8") as out:
        json.dump(value, out)


def take_sent(case, answers):
    """Content that was not asked for was left out: the same is said to the simulation."""
    for dialogue, answer in zip(case["dialogues"], answers):
        dialogue["send"] = answer.get("sent", dialogue["send"])


class Outcome:
    """What came of one case."""

    def __init__(self, case, observed, facts, predicted, error="", any_allowed=False):
        self.case, self.observed, self.facts, self.predicted = case, observed, facts, predicted
        self.error = error
        self.verdicts = []
        if predicted is not None:
            for i, replies in enumerate(observed):
                p = predicted[i] if i < len(predicted) else None
                self.verdicts.append(compare.judge(p, replies, any_allowed))


def describe(case):
    return f"{case.get('seed', '?')}:{case.get('index', '?')}"


def flat(send):
    return [x for item in send for x in (item if isinstance(item, list) else [item])]


def print_disagreement(side, outcome, i, out=sys.stdout):
    case, verdict = outcome.case, outcome.verdicts[i]
    dialogue, observed = case["dialogues"][i], outcome.observed[i]
    print(f"--- {describe(case)} dialogue {i}: {verdict.why}", file=out)
    print(f"    again: {side.command} --case {describe(case)} --dialogue {i}", file=out)
    said = ["(connect)"] + flat(dialogue["send"])
    print(f"    listener {dialogue.get('listener')}, client {dialogue['client']}", file=out)
    world = verdict.world["replies"] if verdict.world else []
    for k, reply in enumerate(observed):
        mark = "!" if verdict.at == k else " "
        print(f"  {mark} C: {said[k] if k < len(said) else ''!r}", file=out)
        print(f"    S: {compare.show_reply(reply)}", file=out)
        if verdict.at == k:
            p = world[k] if k < len(world) else None
            print(f"    predicted: {compare.show_reply(p)}", file=out)
            for b in (p or {}).get("because", []):
                print(f"      because {b.get('file')}:{b.get('line')}: {b.get('text')}", file=out)
            break
    if outcome.error:
        print(f"    simulate says: {outcome.error[:500]}", file=out)


class Coverage:
    def __init__(self, words):
        self.words = words
        self.count = collections.Counter()

    def add(self, case):
        for mark in case["marks"]:
            self.count[mark] += len(case["dialogues"])
        for d in case["dialogues"]:
            for mark in d.get("marks", []):
                self.count[mark] += 1

    def missing(self):
        return [f"{kind} {name}" for kind, names in self.words.items() for name in names
                if not self.count[f"{kind} {name}"]]

    def show(self):
        for kind, names in self.words.items():
            print(f"covered {kind}: " + " ".join(f"{n}={self.count[f'{kind} {n}']}" for n in names))


def cases(side, opt):
    """The cases to be played, and what is known of them."""
    for path in opt.against or []:
        with open(path, encoding="utf-8") as src:
            for line in src:
                kept = json.loads(line)
                yield kept["case"], (kept["observed"], kept["facts"])
    if opt.against:
        return
    if opt.replay:
        for path in opt.replay:
            with open(path, encoding="utf-8") as src:
                kept = json.load(src)
                yield kept.get("case", kept), None
        return
    if opt.case:
        seed, index = opt.case.split(":")
        case = side.make(seed, int(index), opt.per)
        if opt.dialogue is not None:
            case["dialogues"] = [case["dialogues"][opt.dialogue]]
        yield case, None
        return
    count = (opt.n + opt.per - 1) // opt.per
    for index in range(count):
        yield side.make(opt.seed, index, opt.per), None


def play_all(side, opt, handle, stop):
    with concurrent.futures.ThreadPoolExecutor(opt.jobs) as pool:
        def one(item):
            case, known = item
            try:
                return side.run(case, bool(opt.record), opt.keep, known)
            except NoLab:
                raise
            except Exception as err:  # a case that cannot be played is a failure of that case
                return (case, err)
        # A few at a time, so that the first failure is seen early.
        waiting = collections.deque()
        for item in cases(side, opt):
            waiting.append(pool.submit(one, item))
            if len(waiting) > 2 * opt.jobs:
                handle(waiting.popleft().result())
            if opt.first and stop():
                for rest in waiting:
                    rest.cancel()
                return
        while waiting:
            handle(waiting.popleft().result())


class Report:
    def __init__(self, side, opt):
        self.opt, self.side = opt, side
        self.coverage = Coverage(side.words)
        self.total = self.sound = self.sharp = self.broken = self.unsteady = 0
        self.configs = 0
        self.unsharp_why = collections.Counter()
        self.failures = []
        self.record = open(opt.record, "w", encoding="utf-8") if opt.record else None

    def handle(self, outcome):
        if isinstance(outcome, tuple):
            case, err = outcome
            self.broken += 1
            print(f"--- {describe(case)} could not be played: {err}")
            return
        self.configs += 1
        self.coverage.add(outcome.case)
        if self.record:
            self.record.write(json.dumps({"case": outcome.case, "observed": outcome.observed,
                                          "facts": outcome.facts}) + "\n")
            self.total += len(outcome.observed)
            return
        outcome = self.second_look(outcome)
        for i, v in enumerate(outcome.verdicts):
            self.total += 1
            self.sound += v.sound
            self.sharp += v.sound and v.sharp
            if not v.sound:
                self.failures.append((outcome, i))
                if len(self.failures) <= self.opt.show:
                    print_disagreement(self.side, outcome, i)
            elif not v.sharp:
                self.note_unsharp(outcome, i)

    def note_unsharp(self, outcome, i):
        asked = {a["question"] for w in outcome.predicted[i]["worlds"] for a in w["assumptions"]}
        self.unsharp_why[" ".join(sorted({q.split()[0] for q in asked})) or (outcome.verdicts[i].why if len(outcome.predicted[i]["worlds"]) > 1 else "any")] += 1
        if self.opt.show_unsharp:
            said = ["(connect)"] + flat(outcome.case["dialogues"][i]["send"])
            lines = [said[k] for k, r in enumerate(outcome.predicted[i]["worlds"][0]["replies"]) if "any" in r]
            print(f"--- {describe(outcome.case)} dialogue {i}: not sharp: {sorted(asked)} {lines}")

    def second_look(self, outcome):
        """A busy machine makes a server's clocks run out. What disagrees is asked once more; where the
        server itself then answers otherwise and agrees, the dialogue is unsteady, and that is counted."""
        bad = [i for i, v in enumerate(outcome.verdicts) if not v.sound]
        if not bad or self.opt.against:
            return outcome
        try:
            again = self.side.run(outcome.case)
        except Exception as err:  # the first look stands
            print(f"--- {describe(outcome.case)} could not be played again: {err}")
            return outcome
        for i in bad:
            if i < len(again.verdicts) and again.verdicts[i].sound:
                self.unsteady += 1
                print(f"--- {describe(outcome.case)} dialogue {i}: unsteady, the server answered otherwise"
                      " when it was asked again")
                outcome.verdicts[i] = again.verdicts[i]
                outcome.observed[i] = again.observed[i]
        return outcome

    def shrink(self):
        seen = set()
        done = 0
        for outcome, i in self.failures:
            if done >= self.opt.shrink:
                return
            kind = outcome.verdicts[i].why, describe(outcome.case)
            if kind in seen:
                continue
            seen.add(kind)
            done += 1
            print(f"--- smaller case of {describe(outcome.case)} dialogue {i}:")
            small = shrink.shrink(outcome.case, i, self.fails, self.side.attempts)
            self.side.show(small)
            again = self.side.run(small)
            if again.verdicts[0].sound:  # what fails only now and then
                continue
            print_disagreement(self.side, again, 0)
            if self.opt.save:
                self.save(f"{describe(outcome.case).replace(':', '-')}-{i}.json", small, again)

    def save(self, name, small, again):
        os.makedirs(self.opt.save, exist_ok=True)
        path = os.path.join(self.opt.save, name)
        with open(path, "w", encoding="utf-8") as out:
            json.dump({"case": small, "observed": again.observed, "facts": again.facts}, out)
            out.write("\n")
        print(f"    saved: {path}")

    def fails(self, case):
        try:
            return not self.side.run(case).verdicts[0].sound
        except Exception:  # what cannot be played is not the disagreement that is looked for
            return False


def finish(report, opt, seconds):
    generated = not (opt.replay or opt.case or opt.against)
    if report.record:
        report.record.close()
    elif report.failures and opt.shrink:
        report.shrink()
    missing = report.coverage.missing()
    if generated:
        report.coverage.show()
    if missing and generated and opt.coverage:
        print("never covered: " + ", ".join(missing))
    print(f"{report.total} dialogues, {report.configs} configurations, {seconds:.0f} s")
    if opt.record:
        return 0
    unsound = report.total - report.sound
    share = 100.0 * report.sharp / report.total if report.total else 0.0
    print(f"unsound: {unsound}; sharp: {report.sharp} ({share:.2f} %); unsteady: {report.unsteady}")
    for why, n in report.unsharp_why.most_common():
        print(f"  not sharp because of {why}: {n}")
    bad = unsound or report.broken or share < opt.sharp or (missing and generated and opt.coverage)
    print(f"{report.sound} passed, {unsound + report.broken} failed")
    return 1 if bad else 0


def options(description, per):
    """The parser of the options that every side has."""
    ap = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("-n", type=int, default=200, help="dialogues")
    ap.add_argument("--per", type=int, default=per, help="dialogues for each configuration")
    ap.add_argument("--seed", default="1")
    ap.add_argument("--jobs", type=int, default=2, help="servers at a time")
    ap.add_argument("--case")
    ap.add_argument("--dialogue", type=int)
    ap.add_argument("--replay", nargs="+")
    ap.add_argument("--record")
    ap.add_argument("--against", nargs="+")
    ap.add_argument("--keep", help="leave the files of the case in this folder")
    ap.add_argument("--save", help="folder for the shrunk cases")
    ap.add_argument("--show", type=int, default=20, help="disagreements printed in full")
    ap.add_argument("--first", action="store_true", help="stop at the first disagreement")
    ap.add_argument("--show-unsharp", action="store_true")
    ap.add_argument("--shrink", type=int, default=0, help="disagreements that are made smaller")
    ap.add_argument("--sharp", type=float, default=99.0, help="per cent of sharp dialogues wanted")
    ap.add_argument("--no-coverage", dest="coverage", action="store_false",
                    help="what is never covered is no failure")
    ap.add_argument("--print", action="store_true", help="print the case")
    ap.add_argument("--mtaproof")
    return ap


def run(side, opt):
    """The exit status."""
    if opt.print:
        for case, _ in cases(side, opt):
            side.show(case)
        return 0
    report = Report(side, opt)
    start = time.monotonic()
    try:
        play_all(side, opt, report.handle, lambda: report.failures)
    except NoLab as err:
        print(f"truth: {err}", file=sys.stderr)
        return 4
    return finish(report, opt, time.monotonic() - start)
