"""Makes a failing case smaller: what can be left out while it still fails is left out."""

import copy
import time


def attempts(case):
    """Smaller versions, the boldest first; each a function that changes a copy."""
    dialogue = case["dialogues"][0]
    main, master, files = case["main"], case["master"], case["files"]
    if case.get("style"):
        yield "style", lambda c: c.update(style=0)
    send = dialogue["send"]
    for i in reversed(range(len(send))):
        yield f"send {i}", lambda c, i=i: c["dialogues"][0]["send"].pop(i)
    for i in range(len(send)):
        if isinstance(send[i], list):
            yield f"unpipeline {i}", lambda c, i=i: c["dialogues"][0]["send"].__setitem__(
                slice(i, i + 1), c["dialogues"][0]["send"][i])
    half = max(1, len(main) // 2)
    while half >= 1:
        for start in range(0, len(main), half):
            yield f"main {start}+{half}", lambda c, s=start, h=half: c["main"].__delitem__(slice(s, s + h))
        half //= 2
    for i, (_, value) in enumerate(main):
        if isinstance(value, list):
            for k in range(len(value)):
                yield f"item {i}.{k}", lambda c, i=i, k=k: c["main"][i][1].pop(k)
    for i, service in enumerate(master):
        if service["args"] and service["head"][7] != "spawn":
            yield f"args {i}", lambda c, i=i: c["master"][i].update(args=[])
        elif service["head"][1] == "inet" and i > 0:
            yield f"service {i}", lambda c, i=i: c["master"].pop(i)
    for name, lines in files.items():
        if name == "policy.sh":
            continue
        yield f"file {name}", lambda c, n=name: c["files"].pop(n)
        for k in range(len(lines)):
            yield f"line {name}.{k}", lambda c, n=name, k=k: c["files"][n].pop(k)


def shrink(case, dialogue, fails, smaller_versions=attempts, seconds=120):
    """The smallest case found in that time for which fails() is still true."""
    end = time.monotonic() + seconds
    best = copy.deepcopy(case)
    best["dialogues"] = [best["dialogues"][dialogue]]
    if not fails(best):
        return best
    progress = True
    while progress and time.monotonic() < end:
        progress = False
        tried = set()
        again = True
        while again and time.monotonic() < end:
            again = False
            for name, change in list(smaller_versions(best)):
                if name in tried:
                    continue
                tried.add(name)
                smaller = copy.deepcopy(best)
                try:
                    change(smaller)
                except (IndexError, KeyError):
                    continue
                if smaller == best:
                    continue
                if fails(smaller):
                    best = smaller
                    progress = again = True
                    if not name.startswith(("send", "item", "line")):
                        break
                    tried.discard(name)
                    break
                if time.monotonic() >= end:
                    break
    return best
