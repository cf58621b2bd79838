"""Configurations made from .mc text, dialogues played to the real sendmail and to the simulation."""

import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.environ.get("MTAPROOF") or os.path.join(TREE, "build", "release", "mtaproof")
HOLES = re.compile(r"\\\{(date|queue\\-id|challenge|client\\.port)\\\}")

HEAD = """divert(-1)
divert(0)dnl
OSTYPE(`linux')
define(`confDOMAIN_NAME',`mail.example.org')
define(`confDONT_PROBE_INTERFACES',`true')
FEATURE(`no_default_msa')
FEATURE(`use_cw_file')
"""
TAIL = """MAILER(`local')
MAILER(`smtp')
"""
STOCK_FILES = {"local-host-names": "example.org\n", "aliases": "postmaster: root\nlist: alice, bob\n"}
FACTS = {
    "hostname": "mail.example.org", "addresses": ["192.0.2.10/24", "127.0.0.1/8"], "version": "8.17.1.9",
    "distribution": "debian", "local_users": ["root", "alice", "bob"], "config_complete": True, "dns_complete": True,
    "sasl": {"mechanisms": ["DIGEST-MD5", "CRAM-MD5", "PLAIN", "LOGIN"],
             "users": {"alice@mail.example.org": "secret", "bob@example.org": "hidden"}},
    "dns": {
        "ptr 203.0.113.5": "good.example.com", "address good.example.com": ["203.0.113.5"],
        "ptr 198.51.100.7": "forged.example.net", "address forged.example.net": ["198.51.100.99"],
        "ptr 198.51.100.9": "tempfail", "ptr 127.0.0.1": "localhost", "address localhost": ["127.0.0.1"],
        "ptr 198.51.100.11": "client.example.org", "address client.example.org": ["198.51.100.11"],
        "ptr 198.51.100.12": "host.relayme.example", "address host.relayme.example": ["198.51.100.12"],
        "ptr 192.0.2.10": "mail.example.org", "address mail.example.org": ["192.0.2.10"],
        "address example.org": ["192.0.2.10"],
        "address example.com": ["203.0.113.80"], "mx example.com": ["10 good.example.com"],
        "address servfail.example": "tempfail", "mx servfail.example": "tempfail",
    },
}


def mta_root():
    return os.environ.get("MTA_ROOT") or os.path.join(os.environ.get("MTA") or os.path.join(TREE, "build", "mta"), "sendmail")


def cf_library():
    return os.path.join(mta_root(), "usr", "share", "sendmail", "cf")


def make_cf(mc, path):
    """Runs m4 over .mc text; its complaints are an error."""
    library = cf_library()
    done = subprocess.run(["m4", f"-D_CF_DIR_={library}/", f"{library}/m4/cf.m4", "-"], input=mc.encode(),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    with open(path, "wb") as f:
        f.write(done.stdout)
    if done.returncode or b"ERROR" in done.stderr:
        raise RuntimeError(done.stderr.decode())


def script_text(dialogues, *more):
    known = ("listener", "client", "tls", "certificate", "send", *more)
    return "".join(json.dumps({k: v for k, v in d.items() if k in known}) + "\n" for d in dialogues).encode()


def answers(text):
    return [json.loads(line) for line in text.decode().split("\n") if line]


def output_of(command, text):
    """What it writes, given the text. What it says beside that is shown only where it fails: several run at a time, and
    their notes would part the lines of this test."""
    done = subprocess.run(command, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[:2]}: {done.stderr.decode(errors='replace')}")
    return done.stdout


def ask(cf, facts_file, dialogues):
    """What the real server says to each dialogue."""
    return answers(output_of([sys.executable, os.path.join(HERE, "ask"), "--facts", facts_file, cf, "-"], script_text(dialogues, "certificate_file")))


def simulate(config, facts_file, dialogues):
    """What is predicted for each."""
    return answers(output_of([PROGRAM, "simulate", "--isolated", "--cf-dir", cf_library(), "--format", "json", "--facts", facts_file, "--script", "-", config],
                             script_text(dialogues)))


def as_sent(dialogues, told):
    """What a dialogue could not know (whether DATA is answered by 354) the player has put right."""
    return [dict(d, send=r.get("sent", d["send"])) for d, r in zip(dialogues, told)]


def play(cf, facts, dialogues):
    """The real replies and the simulated worlds of each dialogue."""
    facts_file = os.path.join(os.path.dirname(cf), "facts.json")
    with open(facts_file, "w", encoding="utf-8") as f:
        json.dump(facts, f)
    told = ask(cf, facts_file, dialogues)
    return list(zip(told, simulate(cf, facts_file, as_sent(dialogues, told))))


def line_equal(simulated, real):
    return re.fullmatch(HOLES.sub(".*", re.escape(simulated)), real) is not None


def reply_equal(simulated, real):
    """Whether the real reply is what was predicted. False for what is unknown."""
    for key in ("refused", "closed", "timeout"):
        if simulated.get(key) or real.get(key):
            return simulated.get(key) == real.get(key)
    if "any" in simulated:
        return "code" in real and str(real["code"])[:1] in simulated["any"]
    if simulated.get("unknown"):
        return False
    return len(simulated["lines"]) == len(real["lines"]) and all(map(line_equal, simulated["lines"], real["lines"]))


def said(dialogue, real):
    out = ["(greeting)"]
    for item in real.get("sent") or dialogue["send"]:
        out += item if isinstance(item, list) else [item]
    return out


def show(reply):
    return "\n".join(reply["lines"]) if reply.get("lines") else json.dumps(reply)


def differences(dialogue, real, simulated):
    """What is wrong with a prediction, for people."""
    out = []
    if len(simulated["worlds"]) != 1:
        asked = [a["question"] for w in simulated["worlds"] for a in w["assumptions"]]
        out.append(f"{len(simulated['worlds'])} worlds: {sorted(set(asked))}")
    have, want = simulated["worlds"][0]["replies"], real["worlds"][0]["replies"]
    lines = said(dialogue, real)
    for i in range(max(len(have), len(want))):
        a = have[i] if i < len(have) else {"missing": True, "lines": []}
        b = want[i] if i < len(want) else {"missing": True, "lines": []}
        if not reply_equal(a, b):
            out.append(f"{lines[i] if i < len(lines) else '-'}\n  predicted: {show(a)}\n  real:      {show(b)}")
    return out


def play_case(mc, dialogues, facts, files, cf):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "sendmail.cf")
        for name, text in dict(STOCK_FILES, **(files or {})).items():
            if text is not None:
                with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                    f.write(text)
        if cf is None:
            make_cf(HEAD + mc + TAIL, path)
        else:
            with open(path, "w", encoding="utf-8") as f:
                f.write(cf)
        return play(path, dict(FACTS, **(facts or {})), dialogues)


# Servers at a time: they wait more than they work.
SERVERS = 4


class Suite:
    """Counts and prints TAP. Where no real sendmail can be started, all is skipped."""

    def __init__(self):
        program = os.path.join(mta_root(), "usr", "libexec", "sendmail", "sendmail")
        if os.geteuid() != 0 or not os.path.exists(program):
            print("1..0 # skip: needs root and the real sendmail (.ci/mta sendmail)")
            sys.exit(0)
        self.count = self.failed = 0
        self.pool = concurrent.futures.ThreadPoolExecutor(SERVERS)
        self.cases = []

    def ok(self, good, name, detail=""):
        self.count += 1
        self.failed += not good
        print("ok" if good else "not ok", self.count, "-", name, flush=True)
        if not good:
            for line in str(detail).splitlines():
                print("#", line)

    def case(self, mc, dialogues, expected=(), facts=None, files=None, cf=None):
        """One configuration: .mc lines between head and tail (or a whole .cf), its files, dialogues, and the
        texts that the real server must answer with: (number of the dialogue, line said, beginning of the reply).
        It is played beside others, and judged at the end."""
        self.cases.append((dialogues, self.pool.submit(play_case, mc, dialogues, facts, files, cf), expected))

    def judge(self, dialogues, played, expected):
        for number, (dialogue, (real, simulated)) in enumerate(zip(dialogues, played)):
            wrong = differences(dialogue, real, simulated)
            self.ok(not wrong, f"{dialogue.get('name', number)}: predicted to the letter", "\n".join(wrong))
            lines, replies = said(dialogue, real), real["worlds"][0]["replies"]
            for which, line, text in expected:
                if which != dialogue.get("name", number):
                    continue
                at = lines.index(line)
                got = show(replies[at]) if at < len(replies) else "(nothing)"
                self.ok(got.startswith(text), f"{which}: {line}: {text}", got)

    def done(self):
        for dialogues, played, expected in self.cases:
            self.judge(dialogues, played.result(), expected)
        self.pool.shutdown()
        print(f"1..{self.count}")
        sys.exit(self.failed > 0)
