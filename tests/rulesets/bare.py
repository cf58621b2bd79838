"""Random .cf files: rules, classes, macros and maps from a grammar, and workspaces that they match.

Rules are made from inputs: some of an input's tokens become wildcards, phrases of classes, macros. Calls go to later
rulesets, and only the last one is called from a rule that is tried again, so that no case runs for ever.
"""
import re

WORDS = ["a", "b", "c", "ab", "x1", "Root", "com", "example", "A", "foo", "10", "user"]
OPERATORS = list(".:%@!^/[]+")
ALWAYS = list("<>(),;")
QUOTED = ['"q r"', '"a.b"', '""', '"a"', '"x\\"y"', "\\a", "a\\@b", "\\\\", '"<"', "\\ b", '"(c)"']
HOSTS = ["mail", "example.com", "good.example.com", "alias.example", "nx.example", "temp.example", "[203.0.113.5]", "[198.51.100.9]",
         "[192.0.2.10]", "example.org", "short"]
CLASSES = ["w", "K", "{multi}", "{words}", "{file}", "{copy}"]
MACROS = ["X", "Y", "{one}", "{two}", "{empty}", "{late}", "{sub}", "{addr}"]
REFERRING = ["{sub}", "{addr}"]
LATE = [m for m in MACROS if m not in REFERRING]
REGEX = ["^a+$", "b", "^(.*)@(.*)$", "[0-9]+", "^foo", "com$", "^$", ".", "(a)(b)?", "^.b"]


def joined(rng, tokens):
    """The tokens as text: blanks only where two words meet, or here and there."""
    out = ""
    for i, token in enumerate(tokens):
        if i and (rng.random() < 0.12 or (word(tokens[i - 1]) and word(token))):
            out += " "
        out += token
    return out


def word(token):
    return token not in OPERATORS and token not in ALWAYS


def balanced(tokens):
    """Without angle brackets that have no partner, mostly: the scanner would mend them."""
    depth, out = 0, []
    for token in tokens:
        if token == "<":
            depth += 1
        elif token == ">":
            if depth == 0:
                continue
            depth -= 1
        out.append(token)
    return out + [">"] * depth


class Bare:
    def __init__(self, rng):
        self.rng = rng
        self.operators = rng.choice([".:%@!^/[]+", ".:%@!^/[]+", ".:@[]", ".:%@!^/[]+-", "", ".@", "abc.:@"])
        self.blank = rng.choice([".", ".", "", "_", "-", "+"])
        self.classes = {name: set() for name in CLASSES}
        self.macros = {}
        self.inputs = [self.tokens(rng.randrange(1, 9)) for _ in range(14)]
        self.count = rng.randrange(3, 8)
        self.names = [f"R{i}" for i in range(self.count - 1)] + ["Low"]
        self.maps = []

    def tokens(self, n):
        rng = self.rng
        out = []
        for _ in range(n):
            r = rng.random()
            out.append(rng.choice(WORDS) if r < 0.5 else rng.choice(OPERATORS) if r < 0.82 else
                       rng.choice(ALWAYS) if r < 0.93 else rng.choice(QUOTED))
        return balanced(out)

    # ---- the left-hand side

    def lhs(self):
        rng = self.rng
        tokens = list(rng.choice(self.inputs))
        if rng.random() < 0.25:
            tokens = self.tokens(rng.randrange(0, 6))
        out, wild, i = [], 0, 0
        while i < len(tokens):
            r = rng.random()
            run = min(len(tokens) - i, rng.choice([1, 1, 1, 2, 2, 3]))
            text = joined(rng, tokens[i:i + run])
            if wild >= 9 and rng.random() < 0.95:
                r = 1
            if r < 0.16:
                out.append("$*")
                i += rng.randrange(0, 4)
            elif r < 0.3:
                out.append("$+")
                i += run
            elif r < 0.4:
                out.append("$-")
                i += 1
            elif r < 0.52:
                name = rng.choice(CLASSES[:4])
                if rng.random() < 0.75 and " " not in text and '"' not in text and "\\" not in text:
                    self.classes[name].add(text.upper() if rng.random() < 0.2 else text)
                out.append("$=" + rng.choice([name, name, rng.choice(CLASSES)]))
                i += run
            elif r < 0.57:
                out.append("$~" + rng.choice(CLASSES))
                i += 1
            elif r < 0.62:
                name = rng.choice(LATE)
                if rng.random() < 0.7 and "\\" not in text:
                    self.macros.setdefault(name, text)
                out.append("$&" + name)
                i += run
                wild -= 1
            elif r < 0.65:
                out.append("$@")
                wild -= 1
            elif r < 0.68:
                out.append("$" + rng.choice(MACROS))
                i += rng.randrange(0, 2)
                wild -= 1
            else:
                token = tokens[i]
                out.append(token.swapcase() if rng.random() < 0.15 and '"' not in token else token)
                i += 1
                wild -= 1
            wild += 1
        if rng.random() < 0.1:
            out.append(rng.choice(["$*", "$@", "$+"]))
            wild += 1
        if not out:
            out.append(rng.choice(["$@", "$*", "$-"]))
        return self.spaced(out), max(0, min(9, sum(o in ("$*", "$+", "$-", "$@") or o[:2] in ("$=", "$~") for o in out) - out.count("$@")))

    def spaced(self, elements):
        out = ""
        for i, e in enumerate(elements):
            if i and (self.rng.random() < 0.7 or (word(e[-1:]) and word(elements[i - 1][-1:]))):
                out += " " * self.rng.choice([1, 1, 1, 2])
            out += e
        return out

    # ---- the right-hand side

    def value(self, wild):
        """One element that is no call."""
        rng, r = self.rng, self.rng.random()
        if r < 0.5 and wild:
            return "$" + str(rng.randrange(1, wild + 1))
        if r < 0.53:
            return "$" + str(rng.randrange(1, 10))
        if r < 0.6:
            return "$&" + rng.choice(LATE)
        if r < 0.65:
            return "$" + rng.choice(MACROS)
        if r < 0.67:
            return "$|"
        if r < 0.68:
            return rng.choice(["$$", "\\#", "$$x", "$:", "$@"])
        r = rng.random()
        return rng.choice(WORDS) if r < 0.5 else rng.choice(OPERATORS) if r < 0.85 else rng.choice(ALWAYS[:4]) if r < 0.93 else rng.choice(QUOTED)

    def plain(self, wild, n):
        """Elements whose angle brackets are balanced."""
        out = balanced([self.value(wild) for _ in range(n)])
        return out

    def lookup(self, wild):
        rng = self.rng
        if rng.random() < 0.2:
            key = rng.choice(["$1", rng.choice(HOSTS), "$" + str(max(1, wild))])
            return ["$["] + [key] + (["$:"] + self.plain(wild, rng.randrange(0, 3)) if rng.random() < 0.6 else []) + ["$]"]
        name = rng.choice(self.maps)
        key = self.plain(wild, rng.choice([1, 1, 2, 3]))
        if name == "calc":
            key = [rng.choice(["+", "-", "*", "/", "l", "=", "%", "&", "|", "x"])]
        if name == "store":
            key = [rng.choice(["{one}", "{two}", "{sub}", "X", "{new}"])]
        out = ["$(" + name + " "] + key
        for _ in range(rng.choice([0, 0, 1, 2]) if name != "calc" else 2):
            out += ["$@"] + (self.plain(wild, rng.choice([1, 1, 2])) if name != "calc" else [rng.choice(["$1", "3", "10", "-2", "a", "0"])])
        if rng.random() < 0.6:
            out += ["$:"] + self.plain(wild, rng.randrange(0, 3))
        return out + ["$)"]

    def rhs(self, number, wild):
        rng = self.rng
        prefix = rng.choice(["$:", "$:", "$:", "$@", "", ""])
        n = rng.choice([0, 1, 1, 2, 3, 4, 5])
        if not prefix and rng.random() < 0.8:
            # Mostly a rule that is tried again makes its workspace smaller.
            n = min(n, max(0, wild - 1))
        out = self.plain(wild, n)
        for _ in range(rng.choice([0, 0, 0, 1, 1, 2])):
            # One element: sendmail refuses a lookup inside of another.
            out.insert(rng.randrange(len(out) + 1), " ".join(self.lookup(wild)))
        later = self.names[number + 1:]
        if later and rng.random() < 0.3:
            for _ in range(rng.choice([1, 1, 2])):
                name = rng.choice(later) if prefix else "Low"
                where = 0 if rng.random() < 0.6 else rng.randrange(len(out) + 1)
                out[where:where] = [rng.choice([f"$>{name} ", f"$> {name} ", f'$>"{name}" ', f"$>{name} "])]
            if rng.random() < 0.04:
                out.insert(0, "$>Nowhere ")
        if rng.random() < 0.08:
            return f"$#error $@ {rng.choice(['5.7.1', 'nouser', '$1'])} $: " + self.spaced(out)
        if rng.random() < 0.03:
            return prefix + " $# " + self.spaced(out)
        return prefix + rng.choice([" ", " ", ""]) + self.spaced(out)

    def rule(self, number):
        rng = self.rng
        left, wild = self.lhs()
        right = self.rhs(number, wild)
        line = "R" + left + rng.choice(["\t", "\t", "\t\t"]) + right
        r = rng.random()
        if r < 0.06:
            line += "\ta comment $1 \"unbalanced"
        elif r < 0.09:
            line += " # cut"
        elif r < 0.12:
            line = line.replace(" ", "\n  ", 1) if line.index("\t") > line.find(" ") > 0 and rng.random() < 0.3 else line + "\n\t\tmore"
        return line

    # ---- the rest of the file

    def map_lines(self):
        rng = self.rng
        lines = ["Kdeq dequote" + rng.choice(["", " -a.x", " -s/", " -m"]), "Kstore macro", "Kcalc arith", "Knull null",
                 f"Kre regex {rng.choice(['', '-a@yes ', '-n ', '-f ', '-m ', '-q ', '-a ', '-s1 ', '-n -a. '])}{rng.choice(REGEX)}",
                 f"Kre2 regex {rng.choice(['-s1,2 -d/ ', '-s0 -d. -a: ', '-s2 '])}^(.*)@(.*)$",
                 f"Ktab text {rng.choice(['', '-a.hit ', '-m ', '-f ', '-q ', '-z: -k1 -v0 ', '-o ', '-S/ ', '-z, -v2 ', '-A ', '-T<T> '])}/etc/mail/tab",
                 f"Khash hash {rng.choice(['', '-a.hit ', '-m ', '-f ', '-q ', '-O ', '-t ', '-S# ', '-a<@> -f '])}/etc/mail/hash",
                 f"Kgone hash {rng.choice(['-o ', '', '-o -T<TMPF> ', '-T<TMPF> '])}/etc/mail/gone",
                 f"Kseq sequence {rng.choice(['tab hash', 'hash re tab', 'gone tab', 'gonet deq', 'null', 'seq0 hash'])}",
                 f"Khost2 host {rng.choice(['', '-a. ', '-m -aX ', '-D ', '-T<T> '])}", "Kimp implicit /etc/mail/hash"]
        self.maps = ["deq", "store", "calc", "null", "re", "re2", "tab", "hash", "gone", "seq", "host2", "imp", "nosuch"]
        return lines

    def text(self):
        rng = self.rng
        maps = self.map_lines()
        rules = []
        for number, name in enumerate(self.names):
            rules.append("S" + name + (f"={20 + number}" if rng.random() < 0.2 else ""))
            rules += [self.rule(number) for _ in range(rng.randrange(2, 9))]
        if rng.random() < 0.3:
            rules += ["SSelf", rng.choice(["R$- $+\t$: $2 $>Self $2", "Ra $*\t$: $>Self $1 b", "R$*\t$: x $>Self $1", "R$+ . $+\t$@ $>Self $1 : $2"])]
        head = ["V10/Berkeley", "# a comment", "O ServiceSwitchFile=/etc/mail/service.switch"]
        if self.operators:
            head.append("O OperatorChars=" + self.operators)
        head.append("O BlankSub=" + self.blank)
        for i, name in enumerate(MACROS):
            # A value refers to macros before it only: sendmail cannot expand one that refers to itself.
            values = ["", "a", "a.b", '"q"', "x y", "<a>", "(c)", "\\", "a\\.b", "$$x"]
            if name in REFERRING:
                values += ["$X", "$?Xyes$|no$.", "b$X", "${one}c", "$?{one}y$.", "$&{late}", "$?X$?Ya$|b$.c$|d$."] * 2
            value = self.macros.get(name, rng.choice(values))
            if name != "{empty}" and (value or rng.random() < 0.5):
                head.append(f"D{name}{value}")
        for name in CLASSES:
            members = sorted(self.classes[name])
            if members:
                half = len(members) // 2
                head.append(f"C{name}" + " ".join(members[:half]))
                head.append(f"C{name} " + "  ".join(members[half:]))
        head.append(rng.choice(["C{copy}$={multi} extra", "C{copy}$={words} $X", "C{copy}$=K a.b ${one}"]))
        head.append("F{file}" + rng.choice(["", "-o ", " "]) + "/etc/mail/words" + rng.choice(["", " %[^\\#]", " %s", " %[^:]", " %*s %s"]))
        head.append("STranslate")
        head.append("R$* $$| $*\t$: $1 $| $2")
        mailers = ["Mlocal, P=/bin/true, F=lsDFM, S=0, R=0, A=true", "Mprog, P=/bin/sh, F=lsD, A=sh"]
        return "\n".join(head + maps + rules + mailers) + "\n"

    def query(self):
        rng = self.rng
        r = rng.random()
        if r < 0.55:
            text = joined(rng, rng.choice(self.inputs))
        elif r < 0.7:
            tokens = list(rng.choice(self.inputs))
            tokens[rng.randrange(len(tokens) + 1):0] = self.tokens(rng.randrange(1, 3))
            text = joined(rng, tokens)
        else:
            text = joined(rng, self.tokens(rng.randrange(1, 10)))
        if rng.random() < 0.06:
            at = rng.randrange(len(text) + 1)
            text = text[:at] + rng.choice(['"', "<", ">", "(", ")", "\\", " ", ",", "\t", "$", "#", "{", "\x01", "\x7f", "\xe4"]) + text[at:]
        if rng.random() < 0.01:
            text = " ".join([text] * rng.choice([20, 60]))[:1800]
        names = self.names + ["Self"]
        call = ",".join(rng.choice(names) for _ in range(rng.choice([1, 1, 1, 1, 2])))
        if rng.random() < 0.05:
            text, call = text + " $| " + joined(rng, rng.choice(self.inputs)), "Translate," + call
        r = rng.random()
        if r < 0.03:
            return "$=" + rng.choice(CLASSES)
        if r < 0.06:
            return "$" + rng.choice(MACROS)
        if r < 0.12:
            text = re.sub(r'["\\]', "", text).strip() or "x"
            return f"/map {rng.choice(self.maps)} {text}"
        return f"{call} {text}".rstrip()

    def state(self):
        rng = self.rng
        out = []
        for _ in range(rng.randrange(0, 3)):
            name = rng.choice(MACROS + ["{new}"])
            value = rng.choice(["", "a", "a.b", joined(rng, rng.choice(self.inputs)), '"un', "x (c) y", "<a"])
            out.append((f".D{name}" + re.sub(r"[\t$#\\]", "", value)).rstrip())
        return out


def case(rng, commands):
    import names
    b = Bare(rng)
    text = b.text()
    keys = [joined(rng, t).lower() for t in b.inputs + [b.tokens(1) for _ in range(8)]]
    values = ["v", "a.b", "x y", "%0", "%1.%0", "%1 %2", "%%", "%9x", "<@>", '"q"', "a:b", "$1", "(c)", ""]
    hashed = {}
    for key in keys:
        if key and key[0] not in "#\t " and not key.startswith(":"):
            hashed.setdefault(key.split()[0] if " " in key else key, rng.choice(values))
    tab = "".join(f"{k}{rng.choice([chr(9), ' ', ':', ', '])}{rng.choice(values)}\n" for k in keys)
    files = {"tab": "# comment\n" + tab, "hash": "".join(f"{k}\t{v}\n" for k, v in hashed.items()),
             "words": "# no\na b c\nfoo:bar\n x1 y\ncom # z\n\nexample\n"}
    blocks, total = [], 0
    while total < commands:
        n = min(rng.randrange(10, 40), commands - total)
        blocks.append({"state": b.state(), "queries": [b.query() for _ in range(n)]})
        total += n
    return {"name": "bare", "kind": "cf", "text": text, "files": files, "maps": [("hash", "hash")], "dns": dict(names.DNS), "blocks": blocks}
