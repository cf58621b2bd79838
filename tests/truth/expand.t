#!/usr/bin/env python3
"""expand.t [-n CASES] [-s SEED] [-k] - settings as the engine evaluates them, against the real Postfix.

Writes random main.cf files, lets the real smtpd, trivial-rewrite and postscreen read them with their own
trace switched on, and compares every parameter that they read: its value, the order trap (defaults that
are not visible yet), and the first fatal error. Nothing is started: the programs end once they have read
their parameters, or are killed then.
"""

import argparse
import os
import random
import re
import select
import subprocess
import sys
import tempfile

TOP = os.environ.get("TOP") or os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.environ.get("BUILD") or os.path.join(TOP, "build", "release")
MTA = os.environ.get("MTA_ROOT") or os.path.join(
    os.environ.get("MTA") or os.path.join(TOP, "build", "mta"), "postfix")
DUMP = os.path.join(BUILD, "tests", "tool", "settings_dump")

STRINGS = ["smtpd_banner", "smtpd_helo_restrictions", "smtpd_reject_footer", "relayhost", "mydestination",
           "relay_domains", "virtual_alias_domains", "smtpd_sasl_path", "transport_maps", "myorigin",
           "smtpd_expansion_filter", "default_rbl_reply", "recipient_delimiter", "local_recipient_maps",
           "smtpd_client_restrictions", "mail_name", "notify_classes", "postscreen_dnsbl_sites",
           "mynetworks", "smtpd_tls_ciphers", "reject_tempfail_action", "parent_domain_matches_subdomains"]
BOOLS = ["soft_bounce", "smtpd_delay_reject", "smtpd_sasl_auth_enable", "append_dot_mydomain", "swap_bangpath",
         "smtputf8_enable", "smtpd_relay_before_recipient_restrictions", "strict_rfc821_envelopes",
         "smtpd_per_request_deadline", "postscreen_pipelining_enable"]
INTS = ["smtpd_recipient_limit", "reject_code", "message_size_limit", "smtpd_hard_error_limit", "line_length_limit",
        "unverified_sender_reject_code", "queue_minfree", "smtpd_junk_command_limit", "postscreen_dnsbl_threshold"]
TIMES = ["smtpd_timeout", "smtpd_error_sleep_time", "in_flow_delay", "address_verify_sender_ttl", "max_idle",
         "postscreen_greet_ttl", "postscreen_greet_wait"]
OWN = ["u1", "u2", "u3", "u_4", "stress", "mua_client_restrictions"]
UNSET = ["smtpd_soft_error_limit", "smtpd_sasl_type", "smtp_tls_security_level", "mydomain", "myhostname", "nosuch",
         "smtpd_helo_required", "mail_version", "process_name", "service_name", "config_directory", "mynetworks_style"]
LEVELS = ["0", "1", "2", "3.6", "3.9", "3", "3.6.1", "x", "3.", "", "1000", "2.1"]


class Cases:
    """Random configurations."""

    def __init__(self, seed):
        self.r = random.Random(seed)

    def name(self):
        return self.r.choice(OWN + OWN + UNSET + STRINGS + BOOLS + INTS)

    def words(self):
        r = self.r
        return r.choice(["a", "permit", "x.example", "10", "1000", " b", "c d", "", "!e", "a,b", "yes", "no", ":", "?",
                         "{", "}", "{x}", "hash:/x", "#y", "[::1]"])

    def text(self, depth):
        r = self.r
        return "".join(self.words() if r.random() < .55 else self.macro(depth + 1) for _ in range(r.randint(0, 3)))

    def macro(self, depth):
        r = self.r
        if depth > 3:
            return "$" + self.name()
        n, b = self.name(), lambda: r.choice(["", "", "", " "])
        t = lambda: self.text(depth)
        form = r.randint(0, 14)
        if form < 3:
            return r.choice(["$%s", "${%s}", "$(%s)", "${ %s }"]) % n
        if form == 3:
            return "$$"
        if form < 7:
            return "${%s%s%s%s%s}" % (b(), n, b(), r.choice("?:"), t())
        if form < 10:
            return "${%s%s?%s{%s}%s:%s{%s}%s}" % (n, b(), b(), t(), b(), b(), t(), b())
        if form == 10:
            return "${%s?{%s}:%s}" % (n, t(), t())
        if form < 14:
            op = r.choice(["==", "!=", "<", "<=", ">", ">=", "=="]) + r.choice(["", "", "", "level"])
            sides = (r.choice(LEVELS), r.choice(LEVELS)) if "level" in op else (t(), r.choice([t(), "10", "2", ""]))
            if r.random() < .3:
                sides = ("$compatibility_level", sides[1])
            tail = r.choice(["", "?{%s}" % t(), ":{%s}" % t(), "?{%s}:{%s}" % (t(), t()), "? {%s} : {%s} " % (t(), t())])
            return "${%s{%s}%s%s%s{%s}%s%s}" % (b(), sides[0], b(), op, b(), sides[1], b(), tail)
        return r.choice(["$", "${", "${}", "$()", "${a b}", "${u1?{a}b}", "${u1?{a}:{b}c}", "${{a}}", "${{a} ~ {b}}",
                         "${{a} ==foo {b}}", "$(u1", "${{a} == b}", "${-}", "${u1 ?x}", "${?x}", "${:x}", "${ }"])

    def value(self, name):
        r = self.r
        if name in BOOLS:
            return r.choice(["yes", "no", "YES", "No", "$u1", "${stress?{yes}:{no}}", "true", "", "yes # x",
                             "${{$compatibility_level} <level {3.6} ? {no} : {yes}}"])
        if name in INTS:
            return r.choice(["1", "550", "0", "-1", "+7", "10 ", "99999999999", "9223372036854775808", "1k", "", "$u2",
                             "${stress?{1}:{20}}", "600", "2147483648", "0x10", "08"])
        if name in TIMES:
            return r.choice(["1", "30s", "2m", "1h", "1d", "1w", "5x", "", "h", "10 s", "-1", "99999w", "1sx", "$u2",
                             "${stress?{10}:{300}}s", "+3s", "0"])
        return self.text(0)

    def main_cf(self):
        r = self.r
        lines = ["compatibility_level = %s" % (r.choice(LEVELS) if r.random() < .3 else "3.6")]
        if r.random() < .15:
            lines = []
        chosen = [r.choice(STRINGS) for _ in range(r.randint(1, 3))]
        if r.random() < .5:
            chosen.append(r.choice(BOOLS + INTS + TIMES))
        chosen += r.sample(OWN, r.randint(1, 4))
        for name in chosen:
            sep = r.choice([" = ", "=", "  =\t", " =\n    ", " =\n# c\n  ", "="])
            lines.append(name + sep + self.value(name))
        if r.random() < .1:
            lines.append(r.choice(["myhostname = a_b.test", "myhostname = -x", "mydomain = 1.2", "inet_protocols = ipv5",
                                   "inet_protocols = ipv4, ipv4", "relayhost = $myhostname", "myorigin = a, b", "foo bar",
                                   "= x", "syslog_facility = none", "mynetworks_style = host, class",
                                   "mynetworks_style = subnet", "mynetworks_style = foo", "inet_interfaces = 192.0.2.77",
                                   "inet_interfaces = 127.0.0.1, ::1\ninet_protocols = ipv4", "mynetworks_style = class"]))
        return "\n".join(lines) + "\n"


def fixed(folder):
    """What the real programs need to get through their start-up, and do without."""
    return ("mail_owner = daemon\nsetgid_group = mail\nqueue_directory = %s\ndata_directory = %s\n"
            "inet_interfaces = 127.0.0.1\nmaillog_file_prefixes = /\nmaillog_file = %s/log\n" % ((folder,) * 3))


# The last parameter that each reads, and one shortly before (the last may be looked at early, too).
LAST = {"smtpd": ("smtpd_policy_service_retry_delay", "smtpd_upstream_proxy_timeout"),
        "trivial-rewrite": ("append_dot_mydomain", "allow_min_user"),
        "postscreen": ("postscreen_enforce_tls", "postscreen_use_tls")}


def lines_of(run, finished):
    """Lines of the trace; once finished() is true, only as long as more comes at once."""
    fd, rest = run.stderr.fileno(), b""
    while select.select([fd], [], [], 0.1 if finished() else 20)[0]:
        chunk = os.read(fd, 65536)
        if not chunk:
            break
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield re.sub(r"^(\S+/)?(smtpd|trivial-rewrite|postscreen)(\[\d+\])?: ", "", line.decode("latin1"))


def real(folder, program, options):
    """Values, first fatal error and the parameter that it is about, as the real program has them."""
    libraries = "%s/usr/lib/postfix:%s/usr/lib/x86_64-linux-gnu:%s/usr/lib/aarch64-linux-gnu" % (MTA, MTA, MTA)
    run = subprocess.Popen([f"{MTA}/usr/lib/postfix/sbin/{program}", "-S", "-V", "-v", "-v"] + options,
                           env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "LD_LIBRARY_PATH": libraries,
                                "MAIL_CONFIG": folder},
                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    values, read, about, open_name, fatal = {}, set(), None, None, None
    last, before = LAST[program]
    for line in lines_of(run, lambda: about == last and before in read):
        if line.startswith("fatal:"):
            fatal = line[7:]
            break
        m = re.match(r"dict_lookup: (\S+) = (.*)$", line)
        if m:
            if about == last and before in read and m.group(1) != about:
                break
            about = open_name = m.group(1)
            read.add(about)
            if m.group(2) != "(notfound)":
                values.setdefault(about, m.group(2))
            continue
        m = re.match(r"dict_update: (\S+) = (.*)$", line)
        if m:
            values[m.group(1)], open_name = m.group(2), None
            continue
        m = re.match(r"dict_eval: (?:const  |expand .* -> )(.*)$", line)
        if m and open_name:
            values[open_name], open_name = m.group(1), None
    run.kill()
    run.wait()
    run.stderr.close()
    if about is None and fatal is None:
        fatal = "the file"  # errors of main.cf itself come before the program speaks to stderr
    return {name: values[name] for name in read if name in values}, fatal, about


def ours(folder, program, host, service):
    run = subprocess.run([DUMP, folder, f"program={program}", f"host={host}", "version=30711",
                          "addresses=127.0.0.1/8"] + service,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    values = {}
    for line in run.stdout.decode("latin1").split("\n"):
        m = re.match(r"(\w+) = (.*)$", line)
        if m:
            values[m.group(1)] = m.group(2)
    m = re.match(r"fatal: [^ ]*: \[(\w*)\] (.*)", run.stderr.decode("latin1"))
    if run.returncode not in (0, 1):
        return values, run.stderr.decode("latin1").strip() or f"status {run.returncode}", "?"
    return values, m.group(2) if m else None, m.group(1) if m else None


def same_fatal(real_text, real_parameter, text, parameter):
    if (real_text is None) != (text is None):
        return False
    if real_text is None:
        return True
    if real_text == "the file":
        return parameter == ""
    if "macro processing error" in real_text:
        return real_parameter == parameter
    real_text = re.sub(r"^(file )?\S*/main\.cf(, line \d+)?: ", "", real_text)
    return real_text[:120].rstrip() == text[:120].rstrip()


def compare(folder, program, host, options):
    want, want_fatal, want_parameter = real(folder, program, options)
    service = ["service=t"] if options else []
    got, got_fatal, got_parameter = ours(folder, program, host, service)
    problems = []
    if want_fatal and re.search(r"(mail_owner|proxymap|open lock file|open dictionary|at least one working|unsupported|subsystem|watchdog)", want_fatal):
        want_fatal = None
    if not same_fatal(want_fatal, want_parameter, got_fatal, got_parameter):
        problems.append(f"fatal: real [{want_parameter}] {want_fatal!r}, ours [{got_parameter}] {got_fatal!r}")
    if want_fatal is None:
        for name, value in want.items():
            value = value.replace(folder, "/etc/postfix")  # $config_directory
            if name in got and got[name].strip().replace(folder, "/etc/postfix") != value.strip():
                problems.append(f"{name}: real {value!r}, ours {got[name]!r}")
    return problems


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("-n", type=int, default=40)
    arguments.add_argument("-s", type=int, default=1)
    arguments.add_argument("-k", action="store_true", help="print each disagreement's main.cf")
    a = arguments.parse_args()
    if not os.access(f"{MTA}/usr/lib/postfix/sbin/smtpd", os.X_OK) or not os.access(DUMP, os.X_OK):
        print("1..0 # SKIP the real Postfix is not there (.ci/mta postfix)")
        return 0
    host = os.uname().nodename
    cases, passed, failed = Cases(a.s), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for i in range(a.n):
            text = fixed(folder) + cases.main_cf()
            override = [f"{n}={cases.value(n)}" for n in cases.r.sample(STRINGS + BOOLS + OWN, 2)]
            with_options = cases.r.random() < .4
            with open(f"{folder}/main.cf", "w", encoding="latin1") as out:
                out.write(text)
            os.utime(f"{folder}/main.cf", (1e9, 1e9))  # Postfix reads a file that is young twice
            with open(f"{folder}/master.cf", "w", encoding="latin1") as out:
                braced = all(o.count("{") == o.count("}") and "\n" not in o for o in override)
                with_options = with_options and braced
                if with_options:
                    out.write("t unix - - n - - smtpd\n" + "".join(" -o { %s }\n" % o for o in override))
            options = [x for o in override for x in ("-o", o.strip())] + ["-n", "t"] if with_options else []
            program = "smtpd" if with_options else cases.r.choice(["smtpd", "smtpd", "trivial-rewrite", "postscreen"])
            problems = compare(folder, program, host, options)
            if problems:
                failed += 1
                print(f"not ok {i + 1} - {program} seed {a.s}")
                for p in problems[:6]:
                    print(f"#   {p}")
                if a.k:
                    print("".join(f"#   | {line}\n" for line in (text + repr(options)).split("\n")[7:]))
            else:
                passed += 1
                print(f"ok {i + 1} - {program}")
    print(f"1..{a.n}")
    return 1 if failed else 0


sys.exit(main())
