"""Makes a failing case smaller: what can be left out while it still fails is left out."""
import copy
import time


def lines_without(text, start, count):
    lines = text.split("\n")
    return "\n".join(lines[:start] + lines[start + count:])


def attempts(case):
    """Changes of a copy, the boldest first."""
    for b in range(len(case["blocks"])):
        yield lambda c, b=b: c["blocks"].pop(b)
    for b, block in enumerate(case["blocks"]):
        for q in range(len(block["queries"])):
            yield lambda c, b=b, q=q: c["blocks"][b]["queries"].pop(q)
        for s in range(len(block["state"])):
            yield lambda c, b=b, s=s: c["blocks"][b]["state"].pop(s)
    n = case["text"].count("\n") + 1
    step = max(1, n // 2)
    while step >= 1:
        # The version line stays: it says how the prompt reads parentheses.
        for start in range(case["kind"] == "cf", n, step):
            yield lambda c, s=start, k=step: c.update(text=lines_without(c["text"], s, k))
        step //= 2
    for name, text in case["files"].items():
        n = text.count("\n") + 1
        step = n
        while step >= 1 and text:
            for start in range(0, n, step):
                yield lambda c, f=name, s=start, k=step: c["files"].update({f: lines_without(c["files"][f], s, k)})
            step //= 2
    for b, block in enumerate(case["blocks"]):
        for q, text in enumerate(block["queries"]):
            for i in range(text.rfind(" ") + 1 or len(text), len(text)):
                yield lambda c, b=b, q=q, i=i: c["blocks"][b]["queries"].__setitem__(
                    q, c["blocks"][b]["queries"][q][:i] + c["blocks"][b]["queries"][q][i + 1:])


def shrink(case, fails, seconds=60):
    """The smallest case found in that time for which fails() is still true."""
    end = time.monotonic() + seconds
    best = copy.deepcopy(case)
    if not fails(best):
        return best
    progress = True
    while progress and time.monotonic() < end:
        progress = False
        for change in list(attempts(best)):
            if time.monotonic() >= end:
                break
            candidate = copy.deepcopy(best)
            try:
                change(candidate)
            except (IndexError, KeyError):
                continue
            if candidate != best and any(b["queries"] for b in candidate["blocks"]) and fails(candidate):
                best = candidate
                progress = True
    return best
