"""Random K lines of every class that needs no server of its own, tables for them, and lookups."""
import random

import names as words

TABLES = ["t1", "t2", "t3", "mixed.db", "none"]
KEYS = ["a", "b", "x.y", "X.Y", "user@own.example", "own.example", "a b", "k", "key", "Key", "1", "10", "%", "To:own.example", "long" + "g" * 260]
VALUES = ["v", "RELAY", "OK", "z %0 %1 %2", "10% off", "%%", "%", "%9x%0", "a,b", "two words", '"quoted value"', "a(comment)b", "<x>", "e\\mc", "a%1b%1", "tail "]


def table(rng):
    """Lines as makemap and class text may meet them."""
    lines = []
    for _ in range(rng.randrange(3, 14)):
        key, value = rng.choice(KEYS), rng.choice(VALUES)
        between = rng.choice([" ", "\t", "  ", ":", " : ", "\t\t"])
        lines.append(rng.choice([key + between + value] * 6 + ["# " + key, "", " " + key + " " + value, key, key + " ", key + ":", ":" + key,
                                                              '"' + key + '" ' + value, key + "\t" + value + "\r", key + "#x " + value]))
    return "\n".join(lines) + rng.choice(["\n", ""])


def flags(rng, letters):
    out = []
    for letter in letters:
        if rng.random() > 0.25:
            continue
        value = {"a": ["", ".hit", "<OK>", "@x", "%0"], "T": ["<TMPF>", "", "x"], "S": ["_", "", "+"], "s": ["_", "", "1,2"],
                 "k": ["0", "1", " 1", "2", "x"], "v": ["1", "0", " 2", "3", "y"], "z": [":", ",", "\\t", "\\n", "\\x", " ,", ""],
                 "d": ["+", "", "-"], "B": ["example.com", " own.example"], "Z": ["1", "2", "3"]}.get(letter, [""])
        out.append("-" + letter + rng.choice(value) + rng.choice(["", "", "", "junk"] if letter in "ofmqDtN" else [""]))
    rng.shuffle(out)
    return "".join(" " * rng.randrange(1, 3) + f for f in out)


def declaration(rng, name, known):
    """A K line; None where the real one would be left with a class that hangs on it."""
    kind = rng.choice(["hash", "hash", "btree", "text", "text", "implicit", "dequote", "arith", "macro", "regex", "regex", "sequence", "null",
                       "host", "dns", "dns", "bestmx", "arpa", "user", "switch", "syslog"])
    spelled = rng.choice([kind, kind, kind.upper()])
    if kind in ("hash", "btree", "implicit"):
        return spelled + flags(rng, "aTomqSDtA") + " /etc/mail/" + rng.choice(TABLES) + rng.choice(["", "", " trailing text"])
    if kind == "text":
        return spelled + flags(rng, "aTofmqSDtkvz") + " /etc/mail/" + rng.choice(TABLES + ["t1"])
    if kind in ("dequote", "arith", "macro", "arpa"):
        return spelled + flags(rng, "asSDm")
    if kind == "regex":
        pattern = rng.choice(["^x", "^([a-z]+)([.@ ])(.*)$", "(a)|(b)", "A", "b.*$", "[0-9]+", "^(.)(.)?", "a|", "x{1,2}", "\\(a\\)\\(b*\\)", "(", "^$", "."])
        return spelled + flags(rng, "nfbsdamqSD") + " " + pattern
    if kind == "sequence":
        return spelled + " " + rng.choice([" ", ", ", "  "]).join(rng.sample(known, min(len(known), rng.randrange(1, 4))) or ["m0"])
    if kind in ("null", "bestmx"):
        return spelled + flags(rng, "aTmqSDtz" if kind == "bestmx" else "aq")
    if kind == "host":
        return spelled + flags(rng, "aTmtSD")
    if kind == "dns":
        return spelled + flags(rng, "aTmqtzBZ") + " -R" + rng.choice(["A", "AAAA", "MX", "NS", "TXT", "CNAME", "PTR", "a", " MX"])
    if kind == "user":
        return spelled + flags(rng, "aTmqS") + rng.choice(["", " -vname", " -v name", " -vpasswd", " -vnone"])
    if kind == "switch":
        return spelled + flags(rng, "ao") + " " + rng.choice(["aliases", "hosts", "mine", "nothing"])
    return spelled + rng.choice(["", " -D", " -Lnotice", " -L LOG_ERR", " -S_"])


def key(rng, domains):
    base = rng.choice(KEYS + domains + ["[192.0.2.10]", "[203.0.113.5]", "[IPv6:2001:db8::1]", "root", "nosuchuser", "+", "-", "*", "/", "%", "l", "=", "|", "&",
                                        "{m}", "g", "5.113.0.203.bl.example", "66.113.0.203.bl.example", "192.0.2.1", "IPv6:2001:db8::1", "a-b", "ab", "abc"])
    return rng.choice([base] * 6 + [base.upper(), '"' + base + '"', base.replace("", " ", 1), base[:1] + '"' + base[1:] + '"', base + ".", base[:1] + "\\" + base[1:],
                                    "a " + base, base + " b c", "(c) " + base, ""])


def argument(rng):
    return rng.choice(["1", "2", "10", "-3", "0", "0x10", "007", "99999999999", "x", "a b", '"q r"', "v.w", "9223372036854775807", "1,2", "0,9", "%0", ""])


def case(seed, index, commands=300):
    rng = random.Random(f"maps:{seed}:{index}")
    domains = [words.recase(rng, d) for d in words.DOMAINS]
    known, lines = [], []
    for i in range(14):
        name = rng.choice([f"m{i}", f"M{i}", f"m{i}_x", f"m{i}.y"])
        lines.append("K" + name + " " + declaration(rng, name, known))
        known.append(name)
    lines += ["Kmine.files hash -o -a.f /etc/mail/t1", "Kmine.dns null", "Kmine.nis text -k0 -v1 /etc/mail/t2"]
    options = ["O OperatorChars=.:%@!^/[]+~", "O BlankSub=" + rng.choice([".", "_", "+"])]
    rng.shuffle(options)
    head = ["V10/Berkeley", "DnMAILER-DAEMON"]
    text = head + (options + lines if rng.random() < 0.5 else lines + options)
    for i, name in enumerate(known):
        text += [f"SL{i}", f"R$* ~ $* ~ $*\t$@ <$({name} $1 $@ $2 $@ $3 $: NF $)>", f"R$* ~ $*\t$@ <$({name} $1 $@ $2 $)>", f"R$*\t$@ <$({name} $1 $: NF $)> $&g"]
    queries = []
    for _ in range(commands):
        i = rng.randrange(len(known))
        if rng.random() < 0.1:
            k = key(rng, domains).strip()
            queries.append(f"/map {known[i]} {k}" if k else f"L{i} x")
        else:
            queries.append(f"L{i} " + " ~ ".join([key(rng, domains)] + [argument(rng) for _ in range(rng.choice([0, 0, 1, 2, 2]))]))
    files = {name: table(rng) for name in ("t1", "t2", "t3", "mixed")}
    maps = [(rng.choice(["hash", "btree"]), n) for n in files]
    kinds = {}
    for line in lines:
        # A file is compiled for the class that asks for it first.
        parts = line.split()
        for part in parts:
            n = part.rsplit("/", 1)[-1].removesuffix(".db")
            if part.startswith("/etc/mail/") and n in files and parts[1].lower() in ("hash", "btree", "implicit"):
                kinds.setdefault(n, "btree" if parts[1].lower() == "btree" else "hash")
    maps = [(kinds.get(n, k), n) for k, n in maps]
    text = [t for t in text if not any(n in t and kinds.get(n) and t.startswith("K") and t.split()[1].lower() in ("hash", "btree", "implicit")
                                       and ("btree" if t.split()[1].lower() == "btree" else "hash") != kinds[n]
                                       for n in files if f"/etc/mail/{n}" in t)]
    files["service.switch"] = "hosts dns files\naliases files\nmine files nis nosuch dns\n"
    return {"name": "maps", "kind": "cf", "text": "\n".join(text) + "\n", "files": files, "dns": dict(words.DNS), "maps": maps,
            "blocks": [{"state": [".D{g}old"], "queries": queries}]}
