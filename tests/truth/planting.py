"""Plants errors in an engine, one at a time, and expects a truth command to find each.

The real server is asked once (build/truth/answers.jsonl); each mutant is held against its answers.
A mutant that no longer applies to the source, or does not compile, is an error, and so is one that
is not found.  mutants.json lists them: the file, the text that stands there once, its replacement.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WORK = os.path.join(TREE, "build", "mutants")


class Truth:
    """A truth command in its folder, which has a mutants.json, too. makers: the files that its
    questions are made with."""

    def __init__(self, folder, makers):
        self.folder = folder
        self.command = os.path.join(folder, "truth")
        self.makers = [os.path.join(folder, name) for name in makers]
        self.kept = os.path.join(TREE, "build", os.path.basename(folder), "answers.jsonl")

    def answers(self, opt):
        """The file with the real server's answers, made where it is missing or older than its maker."""
        if opt.answers or (os.path.exists(self.kept) and
                           os.path.getmtime(self.kept) > max(map(os.path.getmtime, self.makers))):
            return opt.answers or self.kept
        os.makedirs(os.path.dirname(self.kept), exist_ok=True)
        new = self.kept + ".new"
        subprocess.run([self.command, "--record", new, "-n", str(opt.n), "--seed", opt.seed, "--no-coverage"],
                       check=True, stdout=subprocess.DEVNULL)
        os.replace(new, self.kept)
        return self.kept

    def found(self, program, path):
        """Whether the truth finds a disagreement, and what it says first."""
        done = subprocess.run([self.command, "--mtaproof", program, "--against", path, "--first", "--show", "1"],
                              check=False, stdout=subprocess.PIPE, text=True)
        first = [line for line in done.stdout.splitlines() if line.startswith("---")]
        return done.returncode != 0 and bool(first), first[0] if first else ""


def leave_out(truth, program, path):
    """The answers without the cases on which the engine disagrees by itself, which are named."""
    done = subprocess.run([truth.command, "--mtaproof", program, "--against", path, "--show", "100000"],
                          check=False, stdout=subprocess.PIPE, text=True)
    known = set(re.findall(r"^--- (\S+) dialogue", done.stdout, re.M))
    print(f"left out, for the engine disagrees without any planted error: {' '.join(sorted(known))}")
    with open(path, encoding="utf-8") as src, open(path + ".sound", "w", encoding="utf-8") as out:
        for line in src:
            case = json.loads(line)["case"]
            if f"{case['seed']}:{case['index']}" not in known:
                out.write(line)
    return path + ".sound"


def same(source, target):
    try:
        with open(source, "rb") as a, open(target, "rb") as b:
            return a.read() == b.read()
    except OSError:
        return False


def copy_tree():
    """A tree of its own, with the objects of the last time: only what differs is written, so that
    make sees it as new."""
    for name in ("Makefile", "src", "rules", "tools", "tests/unit", "tests/tool"):
        top = os.path.join(TREE, name)
        files = [top] if os.path.isfile(top) else [
            os.path.join(folder, f) for folder, _, names in os.walk(top) for f in names]
        for source in files:
            target = os.path.join(WORK, os.path.relpath(source, TREE))
            if not same(source, target):
                os.makedirs(os.path.dirname(target), exist_ok=True)
                shutil.copyfile(source, target)
                shutil.copymode(source, target)


def build():
    """The program of the tree, or None with what the compiler said."""
    done = subprocess.run(["make", "-s", "-C", WORK, "-j2", "V=debug", "build/debug/mtaproof"], check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env={k: v for k, v in os.environ.items()
                               if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "V", "B", "BUILD")})
    program = os.path.join(WORK, "build", "debug", "mtaproof")
    return (program, "") if done.returncode == 0 else (None, done.stdout)


def plant(mutant):
    """Writes the mutant's file; the original text, or None where it does not apply."""
    path = os.path.join(WORK, mutant["file"])
    try:
        with open(path, encoding="utf-8") as src:
            text = src.read()
    except OSError:
        return None
    if text.count(mutant["old"]) != 1:
        return None
    with open(path, "w", encoding="utf-8") as out:
        out.write(text.replace(mutant["old"], mutant["new"]))
    return text


def try_mutant(truth, mutant, path):
    """(passed, what to say)"""
    original = plant(mutant)
    if original is None:
        return False, "no longer applies: " + mutant["file"]
    try:
        program, said = build()
        if program is None:
            return False, "does not compile: " + said[-500:]
        hit, first = truth.found(program, path)
        return hit, first if hit else "NOT FOUND"
    finally:
        with open(os.path.join(WORK, mutant["file"]), "w", encoding="utf-8") as out:
            out.write(original)


def main(truth, description, dialogues=2000, lenient=False):
    """lenient: cases on which the engine disagrees anyway are left out."""
    ap = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("-n", type=int, default=dialogues, help="dialogues")
    ap.add_argument("--seed", default="mutants")
    ap.add_argument("--answers", help="answers that are kept already (truth --record)")
    ap.add_argument("--only", help="mutants whose name holds this")
    opt = ap.parse_args()
    with open(os.path.join(truth.folder, "mutants.json"), encoding="utf-8") as src:
        mutants = [m for m in json.load(src) if not opt.only or opt.only in m["name"]]
    path = truth.answers(opt)
    copy_tree()
    program, said = build()
    if program is None:
        sys.exit(f"mutants: the tree does not build: {said}")
    hit, first = truth.found(program, path)
    if hit and lenient:
        path = leave_out(truth, program, path)
    elif hit:
        sys.exit(f"mutants: the engine disagrees without any planted error ({first}); make truth says more")
    passed = 0
    for i, mutant in enumerate(mutants, 1):
        good, what = try_mutant(truth, mutant, path)
        passed += good
        print(f"{'ok' if good else 'not ok'} {i} - {mutant['name']}{'' if good else ': ' + what}", flush=True)
    print(f"{passed} passed, {len(mutants) - passed} failed")
    return 0 if passed == len(mutants) else 1
