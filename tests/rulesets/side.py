"""Plays cases to the real sendmail and to the interpreter; runs under `unshare -m -n -u`, one case a line.

Reads JSON: {"case": ..., "trace": false, "ours": true}. Writes JSON: {"queries", "lines", "differences": [...], "error", ...}.
"""
import json
import os
import re
import subprocess
import sys
import time

import compare
import sandbox

CF = "/etc/mail/sendmail.cf"


def build(place, case):
    """Puts the case's files in place; an error or None."""
    files = dict(case["files"])
    files["sendmail.mc" if case["kind"] == "mc" else "sendmail.cf"] = case["text"]
    place.configure(files, case["dns"])
    if case["kind"] == "mc":
        status, cf, complaints = place.m4(case["text"].encode("latin-1"))
        if status != 0:
            return f"m4: {status}: {complaints.decode('latin-1')[:400]}"
        sandbox.write(CF, cf)
        if case.get("append"):
            sandbox.write(CF, cf + case["append"].encode("latin-1"))
    for kind, name in case["maps"]:
        if name in files:
            status, _, complaints = place.makemap(kind, name)
            if status not in (0, 65):
                return f"makemap {name}: {complaints.decode('latin-1')[:200]}"
    sandbox.write(f"{place.base}/case/facts.json", json.dumps(dict(sandbox.FACTS, dns=case["dns"])))
    return None


def ours(place, script):
    tool = os.environ["RULESET_BT"]
    environment = dict(place.environment, **{k: v for k, v in os.environ.items() if k.startswith(("ASAN", "UBSAN"))})
    return place.run([tool, CF, f"{place.base}/case/facts.json"], script, 120, environment)


def rules_of(output):
    """The rules that a trace with -d21.12 shows as matched: "left\\tright"."""
    found, left = set(), None
    for line in output.decode("latin-1").split("\n"):
        if line.startswith("-----trying rule: "):
            left = line[18:]
        elif line.startswith("-----rule matches: ") and left is not None:
            found.add(left.strip() + "\t" + line[19:].strip())
    return found


def known_rules(place, names):
    """All rules of those rulesets, as =S shows them."""
    _, out, _ = place.sendmail(CF, "".join(f"=S{n}\n" for n in names).encode("latin-1"))
    found = set()
    for line in out.decode("latin-1").replace("> ", "", 0).split("\n"):
        m = re.match(r"^(?:> )*R(.*?) \t\t(.*)$", line)
        if m:
            found.add(m[1].strip() + "\t" + m[2].strip())
    return found


def play(place, job):
    case = job["case"]
    error = build(place, case)
    if error:
        return {"error": error}
    script, prompts = compare.script(case)
    if job.get("rules"):
        with open(CF, encoding="latin-1") as f:
            names = sorted(set(re.findall(r"^S\s*([A-Za-z0-9_]+)", f.read(), re.M)))
        status, out, _ = place.sendmail(CF, script, ["-d21.12"], 300)
        return {"matched": sorted(rules_of(out)), "known": sorted(known_rules(place, names))}
    started = time.monotonic()
    status, out, err = place.sendmail(CF, script)
    middle = time.monotonic()
    real = compare.records(out, prompts)
    asked = compare.queries(case)
    cut = status is None or status < 0
    if cut:
        # Rules that take for ever, or longer workspaces than sendmail's own buffers: what was answered counts.
        real = real[:-1]
        asked = asked[:len(real)]
    if len(real) != len(asked):
        return {"error": f"the real sendmail answered {len(real)} of {len(asked)} (status {status}): "
                         f"{out[-300:].decode('latin-1')} {err[-300:].decode('latin-1')}", "queries": 0}
    answer = {"queries": len(asked), "cut": cut, "lines": sum(len(r) for r in real), "differences": [],
              "rulesets": sorted({m[1] for r in real for line in r for m in [re.match(r"^(\S+) +input:", line)] if m})}
    if job.get("real"):
        answer["records"] = real
        return answer
    status, out, err = ours(place, compare.script(case, len(asked))[0])
    answer["seconds"] = [middle - started, time.monotonic() - middle]
    mine = compare.records(out)
    if status != 0 or len(mine) != len(asked):
        at = asked[min(len(mine), len(asked) - 1)]
        answer["differences"].append({"block": at[0], "query": at[1], "text": at[2], "line": 0,
                                      "real": real[min(len(mine), len(asked) - 1)][:40],
                                      "ours": [f"the tool ended with {status} after {len(mine)} of {len(asked)} answers",
                                               *err[-3000:].decode("latin-1").split("\n")]})
    bare = case["name"] == "bare"
    for (b, q, text), r, m in zip(asked, real, mine):
        line = compare.first_difference(text, r, m, bare)
        if line is not None:
            answer["differences"].append({"block": b, "query": q, "text": text, "line": line,
                                          "real": compare.normal(text, r, bare), "ours": compare.normal(text, m, bare)})
    if job.get("trace") and answer["differences"]:
        _, out, _ = place.sendmail(CF, script, ["-d21.12", "-d60.1"])
        answer["trace"] = out.decode("latin-1")
    if job.get("keep"):
        subprocess.run(["cp", "-r", "/etc/mail/.", job["keep"]], check=False)
        subprocess.run(["cp", f"{place.base}/case/facts.json", job["keep"]], check=False)
        with open(os.path.join(job["keep"], "script"), "wb") as f:
            f.write(script)
    return answer


def main():
    place = sandbox.Place(sys.argv[1])
    for line in sys.stdin:
        try:
            answer = play(place, json.loads(line))
        except (OSError, subprocess.SubprocessError, ValueError) as e:
            answer = {"error": f"{type(e).__name__}: {e}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
