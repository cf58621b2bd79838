"""Cases from a seed, and their rendering.

A case is plain data, so that it can be saved, shrunk and played again:
mc      [lines that belong together]; joined they are the .mc
files   {name below /etc/mail: [line]}; ["@NAME"] stands for the run's own certificate of that name
cf      whether the .cf is predicted from, too
facts, dialogues: as the simulation takes them; "who" of a dialogue is whose certificate the client has
"""

import random

import paths  # noqa: F401
import configs
import covered
import dialogues

# How many words of the inventory each configuration takes its turn at.
WANTED = 6
PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


def make(seed, index, per):
    rng = random.Random(f"truth-sendmail {seed} {index}")
    turn = [covered.EVERYTHING[(index * WANTED + k) * 11 % len(covered.EVERYTHING)] for k in range(WANTED)]
    config = configs.Config(rng, turn)
    talk = dialogues.Talk(rng, config)
    return {"seed": seed, "index": index, "mc": config.mc, "files": config.files, "cf": index % 3 == 0, "facts": config.facts(),
            "marks": sorted(config.marks), "dialogues": [talk.dialogue() for _ in range(per)]}


def mc_text(case):
    return "\n".join(["divert(-1)", "divert(0)dnl", *case["mc"]]) + "\n"


def file_text(lines, certificates):
    """certificates: {name: text} of a run; None where none are needed for a prediction."""
    if len(lines) == 1 and lines[0].startswith("@"):
        return certificates[lines[0][1:]] if certificates else PEM
    return "".join(line + "\n" for line in lines)


def attempts(case):
    """Smaller versions, the boldest first (shrink.py)."""
    send = case["dialogues"][0]["send"]
    for i in reversed(range(len(send))):
        yield f"send {i}", lambda c, i=i: c["dialogues"][0]["send"].pop(i)
    for i, item in enumerate(send):
        if isinstance(item, list):
            yield f"send one by one {i}", lambda c, i=i: c["dialogues"][0]["send"].__setitem__(slice(i, i + 1), c["dialogues"][0]["send"][i])
    for key in ("who", "certificate", "tls"):
        if key in case["dialogues"][0]:
            yield f"without {key}", lambda c, k=key: c["dialogues"][0].pop(k)
    half = max(1, len(case["mc"]) // 2)
    while half >= 1:
        for start in range(0, len(case["mc"]), half):
            yield f"mc {start}+{half}", lambda c, s=start, h=half: c["mc"].__delitem__(slice(s, s + h))
        half //= 2
    for name, lines in case["files"].items():
        yield f"file {name}", lambda c, n=name: c["files"].pop(n)
        n = len(lines) // 2
        while n >= 1:
            for k in range(0, len(lines), n):
                yield f"line {name}.{k}+{n}", lambda c, x=name, k=k, n=n: c["files"][x].__delitem__(slice(k, k + n))
            n //= 2
