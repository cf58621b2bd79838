"""Holds what was predicted against what was observed.

Sound: the observed dialogue is one of the predicted worlds.  Sharp: there is only one.
"""

import re

HOLE = re.compile(r"\{(client\.name|date|queue-id|challenge)\}")


def line_matches(predicted, observed):
    if predicted == observed:
        return True
    if not HOLE.search(predicted):
        return False
    parts = HOLE.split(predicted)
    pattern = "".join(re.escape(p) if i % 2 == 0 else ".*" for i, p in enumerate(parts))
    return re.fullmatch(pattern, observed, re.S) is not None


def reply_matches(predicted, observed):
    """One predicted reply against one observed reply."""
    for word in ("closed", "refused", "timeout"):
        if word in predicted or word in observed:
            return bool(predicted.get(word)) and bool(observed.get(word))
    if "any" in predicted:
        return any(str(observed["code"]).startswith(p) for p in predicted["any"])
    if "code" not in predicted:
        return False
    if predicted["code"] != observed["code"] or predicted["enhanced"] != observed["enhanced"]:
        return False
    return (len(predicted["lines"]) == len(observed["lines"]) and
            all(line_matches(p, o) for p, o in zip(predicted["lines"], observed["lines"])))


def world_matches(world, observed):
    """None when all replies match, else the index of the first that does not."""
    predicted = world["replies"]
    for i, (p, o) in enumerate(zip(predicted, observed)):
        if not reply_matches(p, o):
            return i
    return None if len(predicted) == len(observed) else min(len(predicted), len(observed))


class Verdict:
    def __init__(self, sound, sharp, why="", at=None, world=None):
        self.sound, self.sharp, self.why, self.at, self.world = sound, sharp, why, at, world


def judge(prediction, observed, any_allowed=False):
    """A verdict on one dialogue; prediction is the simulator's object, or None."""
    if prediction is None:
        return Verdict(False, False, "no prediction")
    if prediction.get("truncated"):
        return Verdict(False, False, "truncated")
    worlds = prediction["worlds"]
    best = (-1, None)
    found = False
    for world in worlds:
        at = world_matches(world, observed)
        if at is None:
            found = True
            break
        if at > best[0]:
            best = (at, world)
    sharp = len(worlds) == 1
    if sharp and not any_allowed:
        sharp = not any("any" in r for r in worlds[0]["replies"])
    if found:
        return Verdict(True, sharp, "" if sharp else f"{len(worlds)} worlds")
    at, world = best
    return Verdict(False, sharp, "disagrees", at, world)


def show_reply(reply):
    if reply is None:
        return "(nothing)"
    if "lines" in reply:
        return " / ".join(reply["lines"])
    return ", ".join(f"{k}: {v}" for k, v in reply.items() if k != "because")
