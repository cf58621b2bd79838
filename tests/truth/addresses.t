#!/usr/bin/env python3
"""addresses.t [--seed N] [--count N] [--only SETTINGS] [--mta-root DIR] [--build DIR] [--keep DIR]

Holds the engine's reading of addresses against a real Postfix: RCPT TO with generated arguments
(quotes, routes, % and !, literals, comments, dots, bytes above 127) under several settings of the
rewrite service, each to two listeners. One refuses everything with the resolved address in its
words, the other with the class's own reply. Prints the disagreements; needs root.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "..", "..")

FACTS = {"hostname": "mail.example.org", "local_users": ["root", "nobody", "postfix", "alice", "bob", "a", "joe"],
         "addresses": ["192.0.2.10/24", "2001:db8:2::10/64", "127.0.0.1/8", "::1/128"]}

MAIN = """\
compatibility_level = 3.6
myhostname = mail.example.org
mydomain = example.org
myorigin = origin.test
mydestination = local.test, mail.example.org, localhost, dest
proxy_interfaces = 198.51.100.7, [2001:db8:7::7]
relay_domains = relay.test
virtual_alias_domains = valias.test
virtual_alias_maps = inline:{ { known@valias.test = x@y } { @catch.test = x } { "a b"@local.test = x } }
virtual_mailbox_domains = vbox.test
virtual_mailbox_maps = inline:{ { w@vbox.test = w } { @sub.vbox.test = x } }
relay_recipient_maps = inline:{ { u@relay.test = 1 } { @sub.relay.test = 1 } { o'x = 1 } }
relocated_maps = inline:{ { moved@local.test = new@place.test } { gone@remote.test = nowhere } { "b c" = q } }
transport_maps = inline:{ { err.remote.test = error:5.4.4 no way there } { .relay.test = retry:later } { e@local.test = error: } { n@local.test = :x } }
alias_maps =
smtpd_peername_lookup = no
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 1000000
smtpd_hard_error_limit = 1000000
smtpd_recipient_limit = 1000000
smtpd_recipient_overshoot_limit = 1000000
"""

# The services behind every smtpd; each variant adds two listeners and a rewrite service.
MASTER = """\
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
local unix - n n - - local
virtual unix - n n - - virtual
smtp unix - - n - - smtp
relay unix - - n - - smtp
anvil unix - - n - 1 anvil
"""

# Settings of the rewrite service, settings of smtpd.
VARIANTS = {
    "default": ({}, {}),
    "strict": ({}, {"strict_rfc821_envelopes": "yes"}),
    "plain": ({"swap_bangpath": "no", "allow_percent_hack": "no"}, {}),
    "percent": ({"swap_bangpath": "no"}, {"allow_untrusted_routing": "yes"}),
    "bang": ({"allow_percent_hack": "no", "append_dot_mydomain": "yes"}, {}),
    "quoted": ({"resolve_dequoted_address": "no"}, {}),
    "numeric": ({"resolve_numeric_domain": "yes", "resolve_null_domain": "yes",
                 "allow_min_user": "yes"}, {}),
    "bare": ({"append_at_myorigin": "no", "append_dot_mydomain": "yes",
              "smtputf8_enable": "no"}, {"smtputf8_enable": "no"}),
    "extension": ({"recipient_delimiter": "+-", "parent_domain_matches_subdomains":
                   "transport_maps"}, {"recipient_delimiter": "+-",
                                       "show_user_unknown_table_name": "no"}),
}

DOMAINS = ["local.test", "remote.test", "relay.test", "sub.relay.test", "valias.test", "vbox.test",
           "sub.vbox.test", "sub.local.test", "origin.test", "mail.example.org", "example.org",
           "err.remote.test", "a.err.remote.test", "catch.test", "dest", "localhost", "single",
           "LOCAL.Test", "Remote.TEST", "[127.0.0.1]", "[127.0.0.9]", "[192.0.2.10]",
           "[192.0.2.11]", "[198.51.100.7]", "[IPv6:2001:db8:2::10]", "[ipv6:2001:DB8:7::7]",
           "[IPv6:::1]", "[::1]", "[IPv6:2001:db8::1]", "[1.2.3]", "[]", "[300.1.1.1]",
           "[local.test]", "1.2.3.4", "127.0.0.1", "192.0.2.10", "::1", "1.2.3", "12", "a..b",
           "local.test.", "local.test..", "remote.test.", ".local.test", ".", "", "-a.test",
           "a-.test", "a_b.test", "loc al.test", "\udcc3\udca4.test", "\udcff.test",
           "x" * 63 + ".test", "x" * 64 + ".test", "local.test.remote.test", "0.1.2.3",
           "010.1.1.1", "[010.0.0.1]", "[0.0.0.0]", "[127.0.0.1", "127.0.0.1]", "[127.0.0.1] ",
           "[127.0.0.1].", "[IPv6:::ffff:127.0.0.1]", "[IPv6:1::2::3]", "l\\ocal.test",
           "\"local.test\"", "local(x).test", "(x)local.test", "local.test(x)", "{host.name}"]
LOCALS = ["joe", "alice", "a", "u", "w", "b", "known", "moved", "gone", "e", "n", "user", "nobody",
          "postmaster", "Postmaster", "MAILER-DAEMON", "mailer-daemon", "double-bounce", "", "-x",
          "-", ".a", "a.", "a..b", "a.b", "A.B", "joe+ext", "alice+x", "alice-x", "owner-alice",
          "alice-request", "+x", "a b", "\"a b\"", "\"b c\"", "\"\"", "\"a\"", "\"a.b\"", "\"a..b\"",
          "\"a\\\"b\"", "\"a\\b\"", "a\\ b", "a\\@b", "\\a", "a\\", "\"", "\"a", "a\"", "\"a\"b",
          "\"a\".b", "a.\"b c\"", "(c)", "a(c)", "(c)a", "(", ")", "a(b(c)d)e", "a(b\\)c)d", "a,b",
          "a;b", "a:b", "a<b", "a>b", "<", ">", "[a]", "a[b]", "\"[a]\"", "\udcc3\udca4", "\udcc3\udc84\udce1\udcba\udc9e", "\udcff",
          "\x01", "a\tb", "a|b", "|x", "\"|x y\"", "/x", "o'x", "a*b", "a=b", "{a}", "x" * 70,
          "joe%remote.test", "joe%local.test", "remote.test!joe", "local.test!joe",
          "a!b!c", "a%b%c", "a%b!c", "!", "%", "!a", "a!", "%a", "a%", "a%%b", "a!!b",
          "\"joe@remote.test\"", "\"joe%remote.test\"", "\"remote.test!joe\"", "\"a b@remote.test\"",
          "\"a b%local.test\"", "\"joe@local.test\"", "\"@\"", "\"%\"", "\"!\"", "\"a@\"", "\"@b\"",
          "joe@remote.test", "joe@local.test", "joe@relay.test", "@", "a@", "@a"]
EXTRA = ["", "<>", "<", ">", "<<a@local.test>>", "a@local.test b@local.test",
         "a@local.test,b@local.test", "Joe Doe <joe@local.test>", "<joe@local.test> x",
         "group:;", "group:joe@local.test;", "group:a@local.test,b@local.test;", "x:joe@local.test",
         "@relay.test:joe@local.test", "@a,@b:joe@local.test", "@relay.test,@remote.test:joe@local.test",
         "@local.test:user@remote.test", "@a:@b:joe@local.test", "@a:", ":joe@local.test", "@:joe@b",
         "@local.test", "@remote.test", "\"\"@local.test", "\"@local.test:joe\"@local.test",
         "joe@local.test (comment)", "(comment) joe@local.test", "joe(c)@(d)local.test",
         "joe @ local.test", "joe@local . test", "joe\\@remote.test", "joe\\@remote.test@local.test",
         "<joe@local.test", "joe@local.test>", "<a <joe@local.test>", "a b <joe@local.test>",
         "<joe@local.test><a@b>", "<>joe@local.test", ";", ",", ",joe@local.test", "joe@local.test,",
         ";joe@local.test", "a;joe@local.test", "joe@local.test;", ":;", "a:b:joe@local.test;",
         "a:b@c;d@e", "()", "(a)", "\"", "\"\"", "\"\\", "\\", "[", "]", "[127.0.0.1]", "@@", "@@a",
         "a@@b", "a@@local.test", "joe@local.test@", "joe@remote.test@", "@local.test@local.test",
         "a@b@c@local.test", "a%b@c%d@local.test", "a!b@c!d@local.test", "a!b%c@local.test",
         "joe%local.test%remote.test", "joe%remote.test%local.test", "local.test!remote.test!joe",
         "remote.test!local.test!joe", "\"a@b\"@local.test@local.test", "\"\"@", "\"\"",
         "\"joe@remote.test\"", "\"joe%remote.test\"", "\"a\"@remote.test", "'joe@local.test'",
         "joe@local.test\x7f", "\x7f", "a\x01@local.test", "joe@local.test.\x20", "." , "..", "a.",
         ".@local.test", "..@local.test", "a%", "!a", "a%@local.test", "!a@local.test", "a!@local.test",
         "%a@local.test", "%@local.test", "!@local.test", "\"%\"@local.test", "\"a%\"@local.test"]
PIECES = ["a", "joe", "b c", "remote.test", "local.test", "relay.test", "\"", "\\", "@", "@", "%",
          "!", ".", ":", ",", ";", "<", ">", "(", ")", "[", "]", " ", "127.0.0.1", "[127.0.0.1]",
          "\"a b\"", "(x)", "|", "-", "+", "\udcc3\udca4", "\"a@remote.test\"", "IPv6:", "\"\""]


def made_up(rng):
    """One argument of RCPT TO:."""
    kind = rng.random()
    if kind < 0.45:
        text = f"{rng.choice(LOCALS)}@{rng.choice(DOMAINS)}"
    elif kind < 0.55:
        text = f"{rng.choice(LOCALS)}{rng.choice('@%!')}{rng.choice(DOMAINS)}@{rng.choice(DOMAINS)}"
    elif kind < 0.62:
        text = f"\"{rng.choice(LOCALS)}{rng.choice('@%!')}{rng.choice(DOMAINS)}\"@{rng.choice(DOMAINS)}"
    elif kind < 0.68:
        text = f"@{rng.choice(DOMAINS)}:{rng.choice(LOCALS)}@{rng.choice(DOMAINS)}"
    elif kind < 0.72:
        text = rng.choice(LOCALS)
    elif kind < 0.78:
        text = f"{rng.choice(DOMAINS)}!{rng.choice(LOCALS)}@{rng.choice(DOMAINS)}"
    else:
        text = "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 9)))
    if rng.random() < 0.03 and text:
        at = rng.randrange(len(text))
        text = text[:at] + rng.choice("\\\"()<>@,;:[].%! ") + text[at:]
    return text


def argument(text, rng):
    """The way it is written in the command; smtpd ends a bare argument at a blank."""
    if rng.random() < 0.9 or text[:1] in (" ", "") or " " in text:
        return f"<{text}>"
    return text


def one_token(text):
    """Whether smtpd's command reader takes it for one well-formed word."""
    pairs = {"<": ">", "[": "]", "\"": "\""}
    open_pairs, start, i = [], "", 0
    while i < len(text):
        c = text[i]
        i += 1
        if c == "\\":
            i += 1
            if i > len(text) and open_pairs:
                return False
        elif open_pairs and c == open_pairs[-1]:
            open_pairs.pop()
        elif open_pairs:
            if open_pairs[-1] != "\"" and c in (start, "\""):
                open_pairs.append(pairs[c])
        elif c in pairs:
            start = c
            open_pairs.append(pairs[c])
        elif c in " \t" or (c == ":" and text[:i].lower() in ("to:", "from:")):
            return False
    return not open_pairs


def generate(seed, count):
    rng = random.Random(seed)
    fixed = [f"<{t}>" for t in EXTRA]
    fixed += [f"<{local}@local.test>" for local in LOCALS]
    fixed += [f"<{local}@{d}>" for local in ("joe", "u") for d in DOMAINS]
    fixed += [f"<{local}>" for local in LOCALS]
    rng.shuffle(fixed)
    texts = fixed[:count // 2]
    while len(texts) < count:
        texts.append(argument(made_up(rng), rng))
    return list(dict.fromkeys(t for t in texts if one_token(t)))


def options(settings):
    return "".join(f" -o {{ {k} = {v} }}" for k, v in settings.items())


def write_config(path, names):
    master = MASTER
    for i, name in enumerate(names):
        rewrite, smtpd = VARIANTS[name]
        smtpd = {"rewrite_service_name": f"rw{i}", **smtpd}
        key = {**smtpd, "smtpd_relay_restrictions": "permit", "smtpd_recipient_restrictions":
               "check_recipient_access pcre:/etc/postfix/key, reject"}
        plain = {**smtpd, "smtpd_relay_restrictions": "reject_unauth_destination"}
        master += f"{2600 + 2 * i} inet n - n - - smtpd{options(key)}\n"
        master += f"{2601 + 2 * i} inet n - n - - smtpd{options(plain)}\n"
        master += f"rw{i} unix - - n - - trivial-rewrite{options(rewrite)}\n"
    files = {"main.cf": MAIN, "master.cf": master, "facts.json": json.dumps(FACTS),
             "key": "/^(.*)$/ 554 5.7.1 key=$1\n"}
    for name, text in files.items():
        with open(os.path.join(path, name), "w", encoding="utf-8") as out:
            out.write(text)


def real(config, opt, names, texts):
    """{(variant, half): [reply lines]}"""
    script = os.path.join(config, "script.jsonl")
    rounds = []
    with open(script, "w", encoding="utf-8") as out:
        for i, name in enumerate(names):
            for half in (0, 1):
                for start in range(0, len(texts), 500):
                    part = texts[start:start + 500]
                    groups = [[f"RCPT TO:{t}" for t in part[n:n + 25]]
                              for n in range(0, len(part), 25)]
                    dialogue = {"listener": f"127.0.0.1:{2600 + 2 * i + half}", "client": "127.0.0.1",
                                "send": ["EHLO client.example", "MAIL FROM:<s@remote.test>"] + groups}
                    out.write(json.dumps(dialogue) + "\n")
                    rounds.append((name, half, len(part)))
    command = [os.path.join(HERE, "ask"), "--facts", os.path.join(config, "facts.json")]
    if opt.mta_root:
        command += ["--mta-root", opt.mta_root]
    done = subprocess.run(command + [config, script], check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    out = {}
    answers = done.stdout.decode().splitlines()
    if len(answers) != len(rounds):
        sys.exit("addresses: the real server did not answer")
    for (name, half, n), answer in zip(rounds, answers):
        replies = json.loads(answer)["worlds"][0]["replies"]
        lines = ["\n".join(r.get("lines", ["none"])) for r in replies[3:3 + n]]
        lines += ["none"] * (n - len(lines))
        out.setdefault((name, half), []).extend(lines)
    return out


def show(raw):
    return bytes.fromhex(raw).decode("utf-8", "surrogateescape")


def valid_utf8(text):
    return not any("\ud800" <= c <= "\udfff" for c in
                   text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape"))


def predicted(opt, config, name, i, texts):
    """The two replies for each argument."""
    tool = os.path.join(opt.build, "tests/tool/address_query")
    done = subprocess.run(
        [tool, config, os.path.join(config, "facts.json"), f"rewrite=rw{i}", f"smtpd={2600 + 2 * i}"],
        input="".join(t.encode("utf-8", "surrogateescape").hex() + "\n" for t in texts).encode(),
        stdout=subprocess.PIPE, check=True)
    out = []
    for line in done.stdout.decode("utf-8", "surrogateescape").splitlines():
        verdict, addresses, *rest = line.split(" ", 4)
        given, resolved = (show(x) for x in addresses.split(":"))
        if not valid_utf8(texts[len(out)]) and name != "bare":
            out.append(("500 5.5.2 Error: bad UTF-8 syntax",) * 2)
            continue
        if not resolved.rpartition("@")[2].isascii():  # MAIL had no SMTPUTF8
            verdict = "syntax"
        if verdict == "syntax":
            out.append(("501 5.1.3 Bad recipient address syntax",) * 2)
            continue
        probe = "double-bounce" if name == "bare" else "double-bounce@origin.test"
        if given.lower() in ("postmaster", probe):
            out.append(("250 2.1.5 Ok",) * 2)
            continue
        if verdict == "fail":
            out.append((f"451 4.3.0 <{given}>: Temporary lookup failure",) * 2)
            continue
        _, authorised, listed = rest
        key = f"554 5.7.1 <{given}>: Recipient address rejected: key={resolved}"
        if authorised != "yes":
            plain = f"554 5.7.1 <{given}>: Relay access denied"
        elif listed == "listed":
            plain = "250 2.1.5 Ok"
        elif listed.startswith("unlisted"):
            _, code, dsn, words = listed.split(" ", 3)
            plain = f"{code} {dsn} <{given}>: Recipient address rejected: {words}"
        else:
            plain = listed
        out.append((key, plain))
    return out


def same(want, got, utf8):
    """got has unprintable bytes replaced by blanks, and is cut."""
    if utf8:
        want = want.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    else:
        want = want.encode("utf-8", "surrogateescape").decode("latin-1")
    want = "".join(c if c >= " " and c != "\x7f" and (utf8 or c < "\x7f") else " " for c in want)
    return want[:500] == got[:500]


def compare(name, texts, wanted, seen, limit):
    """The disagreements of one variant as lines, and their number."""
    bad, lines = 0, []
    for at, want in enumerate(wanted):
        for half in (0, 1):
            got = seen[name, half][at]
            if not same(want[half], got, name != "bare"):
                bad += 1
                lines += [f"RCPT TO:{texts[at]!a}", f"  predicted {want[half]!a}",
                          f"  real      {got!a}"]
    return bad, lines[:3 * limit]


def main():
    parse = argparse.ArgumentParser()
    parse.add_argument("--seed", type=int, default=1)
    parse.add_argument("--count", type=int, default=400)
    parse.add_argument("--only", help="one variant of the settings")
    parse.add_argument("--mta-root", default=os.environ.get("MTA_ROOT", os.path.join(
        os.environ.get("MTA", os.path.join(TOP, "build/mta")), "postfix")))
    parse.add_argument("--build", default=os.environ.get("BUILD", os.path.join(TOP, "build/release")))
    parse.add_argument("--keep", help="folder for the configuration and the script")
    parse.add_argument("--limit", type=int, default=10, help="disagreements printed for a variant")
    opt = parse.parse_args()
    if not os.access(os.path.join(opt.mta_root, "usr/lib/postfix/sbin/smtpd"), os.X_OK):
        print("1..0 # SKIP the real Postfix is not there (.ci/mta postfix)")
        return 0
    if os.geteuid():
        print("1..0 # SKIP private namespaces need root")
        return 0
    names = [opt.only] if opt.only else list(VARIANTS)
    texts = generate(opt.seed, opt.count)
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        config = opt.keep or scratch
        os.makedirs(config, exist_ok=True)
        write_config(config, names)
        began = time.monotonic()
        seen = real(config, opt, names, texts)
        print(f"# seed {opt.seed}: {len(texts)} addresses, {len(names)} settings, "
              f"{time.monotonic() - began:.1f} s")
        for i, name in enumerate(names):
            bad, lines = compare(
                name, texts, predicted(opt, config, name, i, texts), seen, opt.limit)
            failed += bad > 0
            print(f"{'not ok' if bad else 'ok'} {i + 1} - {name}: {2 * len(texts)} replies"
                  + (f", {bad} differ" if bad else ""))
            for line in lines:
                print(f"#   {line}")
    print(f"1..{len(names)}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
