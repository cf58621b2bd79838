"""What both sides said to the commands of a case, command by command."""
import re

MARK = "~bt~mark~"
START = f".D{{bt_mark}}{MARK}\n"
STATUS = re.compile(r"^== Ruleset (.*) \(\d+\) status")
# Whose value is not balanced, and why a lookup found nothing, are not compared.
WHOSE = re.compile(r"^.*\.\.\. (Unbalanced '.'|prescan: .*|Address too long)$|^(.*): (?:No such file or directory|Unknown error -?\d+)$")
CODE = re.compile(r"^(map_lookup: .*) \(-?\d+\)$")
WRONG = re.compile(r'^(Address|8-bit character in mailbox address) ".*$')
# What opening a map says stands before, after or amidst the answer.
MAP_FILE = re.compile(r'[a-z]+ map "[\w.]+": ((missing|unsafe) map file|file name must be) [^\n]*\n|\S+: Name server timeout\n')
# Which of sendmail's buffers is full first is not compared.
TOO_LONG = ("rewrite: expansion too long", "Address too long", "prescan: token too long", "prescan: too many tokens")
# A call that was tried once has lost its quotes.
QUOTED = re.compile(r'\$> "(\w+)"')
# Rewriting that broke off leaves sendmail's workspace half made: what is made of it is not compared.
BROKEN = re.compile(r"^== Ruleset .* status (65|78)$|^too long$")
# Where a line may differ without meaning anything.
SILENT = re.compile(r"^(Invalid macro/class character|Name required for macro/class|Macro/class name|Unbalanced \{ on)"
                    r"|^\S+: Name server timeout$"
                    # What opening a map says is a finding, not a part of the answer.
                    r"|^(Switch map|User map|text map) \S+ .*: |^(Switch map|User map) \S+: "
                    r"|^field \(-?\d+\) out of range, only \d+ substrings in pattern$")
NOT_OPEN = re.compile(r'^Map named "(.*)" not open$')


def script(case, most=None):
    """The commands (of the first `most` queries) as standard input, and for each query how many lines were read
    since the one before."""
    out, prompts, pending = [START], [], 1
    for block in case["blocks"]:
        out += [line + "\n" for line in block["state"]]
        pending += len(block["state"])
        for q in block["queries"]:
            if len(prompts) == most:
                return "".join(out).encode("latin-1"), prompts
            out.append(q + "\n${bt_mark}\n")
            prompts.append(pending + 1)
            pending = 0
    return "".join(out).encode("latin-1"), prompts


def queries(case):
    """(block, number in it, text) of each query."""
    return [(b, q, text) for b, block in enumerate(case["blocks"]) for q, text in enumerate(block["queries"])]


def records(output, prompts=None):
    """The lines that each command printed; with prompts, so many "> " are taken off before it."""
    text = MAP_FILE.sub("", output.decode("latin-1"))
    if prompts is not None:
        # What stands before the first prompt is what reading the configuration came to.
        at = text.find("Enter <ruleset> <address>\n")
        text = text[at + len("Enter <ruleset> <address>\n"):] if at >= 0 else text
    parts = re.split(r"(?:^|(?<=\n)|(?<=> ))" + re.escape(MARK) + "\n", text)
    out = []
    for i, part in enumerate(parts[:-1]):
        if prompts is not None:
            if part.endswith("> "):
                part = part[:-2]
            n = prompts[i] if i < len(prompts) else 1
            if part.startswith("> " * n):
                part = part[2 * n:]
        out.append(part.split("\n")[:-1] if part else [])
    return out


def normal(query, lines, bare=False):
    """Lines as they are compared: numbers of rulesets are sendmail's own, words of classes have no order. Rules of a
    bare .cf break off in many ways; what comes after that is left out."""
    lines = [WRONG.sub(r"\1", line) for line in lines]
    if query.startswith("/map "):
        lines = [re.sub(r" \(.*\) no match", " no match", NOT_OPEN.sub(r"map_lookup: \1 no match", line)) for line in lines]
    lines = [QUOTED.sub(r"$> \1", line) for line in lines]
    lines = [CODE.sub(r"\1", WHOSE.sub(r"\1\2", STATUS.sub(r"== Ruleset \1 status", line)))
             for line in lines if not SILENT.match(line)]
    lines = ["too long" if line in TOO_LONG else line for line in lines]
    broken = len(lines) if not bare else next((i for i, line in enumerate(lines) if BROKEN.match(line)), len(lines))
    lines = [line for i, line in enumerate(lines[:broken + 1])
             if not (i and line.startswith("Unbalanced '") and lines[i - 1].startswith("Unbalanced '"))]
    return sorted(line.lower() for line in lines) if query.startswith("$=") else lines


def first_difference(query, real, ours, bare=False):
    """None, or the number of the first line that differs."""
    a, b = normal(query, real, bare), normal(query, ours, bare)
    if b and b[-1].endswith(" status -1"):
        # The interpreter gave rules up that do not come to an end.
        a, b = a[:len(b) - 1], b[:-1]
    # A symbol in the place of a ruleset's name: sendmail reads on in its own bytes.
    strange = next((i for i, line in enumerate(a) if line.startswith("invalid ruleset name")), len(a))
    if bare and strange < len(a):
        a, b = a[:strange], b[:strange]
    # Where buffers of lookups end is known to a byte or two; what follows is not compared.
    if bare and a and b and "too long" in (a[-1], b[-1]) and a != b:
        n = min(len(a) - (a[-1] == "too long"), len(b) - (b[-1] == "too long"))
        a, b = a[:n], b[:n]
    if a == b:
        return None
    return next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
