#!/usr/bin/env python3
"""What the truth takes for agreement."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import compare  # noqa: E402
import gen  # noqa: E402
import inventory  # noqa: E402


def reply(*lines):
    first = lines[0]
    return {"code": int(first[:3]), "enhanced": first[4:9] if first[4:5].isdigit() else "", "lines": list(lines)}


def world(*replies):
    return {"assumptions": [], "replies": list(replies)}


OK = reply("250 2.1.0 Ok")
BYE = reply("221 2.0.0 Bye")
HELLO = reply("220 a.example ESMTP")
CASES = [
    ("the same", {"worlds": [world(HELLO, OK)]}, [HELLO, OK], True, True),
    ("other code", {"worlds": [world(HELLO, OK)]}, [HELLO, BYE], False, True),
    ("other text", {"worlds": [world(reply("220 b.example ESMTP"))]}, [HELLO], False, True),
    ("too short", {"worlds": [world(HELLO)]}, [HELLO, OK], False, True),
    ("too long", {"worlds": [world(HELLO, OK, BYE)]}, [HELLO, OK], False, True),
    ("one of two worlds", {"worlds": [world(HELLO, BYE), world(HELLO, OK)]}, [HELLO, OK], True, False),
    ("a hole", {"worlds": [world(reply("250 2.0.0 Ok: queued as {queue-id}"))]},
     [reply("250 2.0.0 Ok: queued as 4F0")], True, True),
    ("a hole fills one place only", {"worlds": [world(reply("250 2.0.0 Ok: queued as {queue-id}"))]},
     [reply("250 2.0.0 no: queued as 4F0")], False, True),
    ("no hole of ours", {"worlds": [world(reply("250 2.0.0 {x}"))]}, [reply("250 2.0.0 y")], False, True),
    ("any", {"worlds": [world({"any": ["4", "5"]})]}, [reply("450 4.7.1 no")], True, False),
    ("any other", {"worlds": [world({"any": ["4", "5"]})]}, [OK], False, False),
    ("unknown is never right", {"worlds": [world({"unknown": True})]}, [OK], False, True),
    ("closed", {"worlds": [world(HELLO, {"closed": True})]}, [HELLO, {"closed": True}], True, True),
    ("closed is not refused", {"worlds": [world({"refused": True})]}, [{"closed": True}], False, True),
    ("truncated", {"truncated": True, "worlds": [world(OK)]}, [OK], False, False),
    ("nothing said", None, [OK], False, False),
]


def main():
    n = 0
    for name, prediction, observed, sound, sharp in CASES:
        n += 1
        v = compare.judge(prediction, observed)
        good = v.sound == sound and v.sharp == sharp
        print(f"{'ok' if good else 'not ok'} {n} - {name}")
    a, b, c = gen.make_case("t", 3), gen.make_case("t", 3), gen.make_case("t", 4)
    n += 1
    print(f"{'ok' if a == b and a != c else 'not ok'} {n} - a seed and a number make the same case again")
    marks = set()
    for i in range(100):
        case = gen.make_case("t", i)
        marks.update(case["marks"])
        for d in case["dialogues"]:
            marks.update(d["marks"])
    missing = [f"{k} {w}" for k, words in inventory.ALL.items() for w in words if f"{k} {w}" not in marks]
    n += 1
    print(f"{'ok' if len(missing) < 8 else 'not ok'} {n} - a hundred configurations cover the inventory: {missing}")
    print(f"1..{n}")


main()
