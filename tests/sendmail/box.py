"""A real sendmail in private namespaces: its own /etc, spool, name server, and clients behind a wire.

Runs inside `unshare -mnu` (see ask). The server has the facts' addresses, the clients theirs in a
second network namespace, so that no client address is one of the server's own.
"""

import ctypes
import glob
import ipaddress
import json
import os
import re
import select
import shutil
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(TREE, "tests", "fake"), os.path.join(TREE, "tests", "truth")]
import dns_server  # noqa: E402
import player  # noqa: E402

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000
SYSTEM_USERS = ["root", "daemon", "mail", "nobody", "smmta", "smmsp"]
KEPT = ["group", "services", "protocols", "host.conf", "ld.so.cache", "ssl", "localtime", "alternatives", "sasl2"]
STOCK = {
    "hostname": "mail.example.org",
    "addresses": ["192.0.2.10/24", "127.0.0.1/8"],
    "local_users": ["root", "alice", "bob"],
    "dns_complete": True,
    "dns": {},
}


def run(*argv, **kwargs):
    return subprocess.run(argv, check=True, **kwargs)


def enter(fd):
    """Puts the calling thread into a network namespace."""
    if LIBC.setns(fd, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


def mta_root():
    return os.environ.get("MTA_ROOT") or os.path.join(os.environ.get("MTA") or os.path.join(TREE, "build", "mta"), "sendmail")


class Box:
    """config: the .cf; files beside it are there under /etc/mail, too."""

    def __init__(self, config, facts, clients):
        self.facts = dict(STOCK, **facts)
        self.config, self.clients = config, clients
        self.own = {a.split("/")[0] for a in self.facts["addresses"]}
        self.home = "/run/mtaproof-box"
        self.daemon = self.dns = self.peer = None
        self.log = b""

    # ---- files ----

    def write(self, name, text, mode=0o644):
        path = os.path.join(self.etc, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", errors="surrogateescape") as f:
            f.write(text)
        os.chmod(path, mode)

    def make_etc(self):
        self.etc = os.path.join(self.home, "etc")
        os.makedirs(self.etc)
        for name in KEPT:
            source = os.path.join("/etc", name)
            if os.path.isdir(source):
                shutil.copytree(source, os.path.join(self.etc, name), symlinks=True, ignore_dangling_symlinks=True)
            elif os.path.exists(source):
                shutil.copy(source, os.path.join(self.etc, name))
        name = self.facts["hostname"]
        first = next((a for a in sorted(self.own) if not a.startswith("127.") and ":" not in a), "127.0.0.1")
        self.write("hosts", f"127.0.0.1 localhost\n::1 localhost\n{first} {name}\n")
        self.write("resolv.conf", "nameserver 127.0.0.1\nsearch .\noptions timeout:1 attempts:1\n")
        self.write("nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\nservices: files\n")
        users = list(dict.fromkeys(SYSTEM_USERS[:1] + self.facts["local_users"] + SYSTEM_USERS[1:]))
        needed = self.named_users()
        users += [user for user in needed if user not in users]
        ids = {"root": 0}
        listed = set(self.facts["local_users"])
        passwd = ""
        for number, user in enumerate(users):
            if user in SYSTEM_USERS and user not in listed and user not in {"root", "smmta", "smmsp", "nobody"} | needed:
                continue
            uid = ids.get(user, 2000 + number)
            passwd += f"{user}:x:{uid}:{uid}::/nonexistent:/bin/sh\n"
        self.write("passwd", passwd)
        self.write("group", "root:x:0:\nmail:x:8:\nsmmta:x:1900:\nsmmsp:x:1901:\nnogroup:x:65534:\n")

    def named_users(self):
        """Accounts without which the server does not start."""
        found = set()
        with open(self.config, encoding="utf-8", errors="surrogateescape") as f:
            for line in f:
                match = re.match(r"O (?:DefaultUser|TrustedUser|RunAsUser)=([a-z_][\w-]*)", line)
                if match:
                    found.add(match.group(1))
        return found

    def make_mail(self):
        mail = os.path.join(self.etc, "mail")
        folder = os.path.dirname(os.path.abspath(self.config))
        os.makedirs(mail, exist_ok=True)
        for name in os.listdir(folder):
            source = os.path.join(folder, name)
            if os.path.isfile(source):
                shutil.copy(source, os.path.join(mail, name))
                os.chmod(os.path.join(mail, name), 0o600 if "key" in name else 0o644)
        shutil.copy(self.config, os.path.join(mail, "sendmail.cf"))

    def make_maps(self):
        """Once /etc is in its place: makemap looks into sendmail.cf."""
        makemap = os.path.join(mta_root(), "usr", "libexec", "sendmail", "makemap")
        for kind, name in self.tables():
            path = os.path.join("/etc/mail", name)
            if os.path.exists(path):
                with open(path, "rb") as f:
                    run(makemap, kind, path, stdin=f, env=self.environment())

    def tables(self):
        """The tables in /etc/mail that the configuration has compiled: class and name."""
        found = set()
        with open(self.config, encoding="utf-8", errors="surrogateescape") as f:
            for line in f:
                match = re.match(r"K\S+\s+(hash|btree)\s.*?/etc/mail/([\w.-]+)", line)
                if match:
                    found.add(match.groups())
        return sorted(found)

    def environment(self):
        libraries = glob.glob(os.path.join(mta_root(), "usr", "lib", "*-linux-gnu*"))
        return {"PATH": os.environ["PATH"], "HOME": "/", "TZ": "UTC", "LD_LIBRARY_PATH": ":".join(libraries)}

    def make_sasl(self):
        users = self.facts.get("sasl", {}).get("users", {})
        mechanisms = self.facts.get("sasl", {}).get("mechanisms")
        self.write("sasl2/Sendmail.conf", "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: /etc/sasldb2\n"
                   + (f"mech_list: {' '.join(mechanisms) or 'NONE'}\n" if mechanisms is not None else ""))
        tool = os.path.join(mta_root(), "usr", "sbin", "saslpasswd2")
        for login, password in users.items():
            user, _, realm = login.partition("@")
            run(tool, "-c", "-p", "-f", os.path.join(self.etc, "sasldb2"), "-u", realm or self.facts["hostname"], user,
                input=password.encode(), stderr=subprocess.DEVNULL, env=self.environment())

    def mount(self):
        os.makedirs(self.home, exist_ok=True)
        run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", self.home)
        self.make_etc()
        self.make_mail()
        self.make_sasl()
        for folder in ("mqueue", "mqueue-client", "mail", "spool"):
            os.makedirs(os.path.join(self.home, folder), mode=0o700)
        for source, target in (("etc", "/etc"), ("spool", "/var/spool")):
            run("mount", "--bind", os.path.join(self.home, source), target)
        self.make_maps()
        os.makedirs("/var/spool/mqueue", mode=0o700)
        os.makedirs("/var/spool/mqueue-client", mode=0o770)
        self.program = os.path.join(self.home, "sendmail")
        # The original is set-gid, and then the loader ignores where its libraries are.
        shutil.copyfile(os.path.join(mta_root(), "usr", "libexec", "sendmail", "sendmail"), self.program)
        os.chmod(self.program, 0o755)

    # ---- network ----

    def wire(self):
        run("hostname", self.facts["hostname"])
        run("ip", "link", "set", "lo", "up")
        # pylint: disable-next=consider-using-with
        self.peer = subprocess.Popen(["unshare", "-n", "sleep", "1000000"], stdin=subprocess.DEVNULL)
        own = os.readlink("/proc/self/ns/net")
        while os.readlink(f"/proc/{self.peer.pid}/ns/net") == own:
            time.sleep(0.01)
        run("ip", "link", "add", "srv", "type", "veth", "peer", "name", "cli", "netns", str(self.peer.pid))
        inside = ["nsenter", f"--net=/proc/{self.peer.pid}/ns/net"]
        run("ip", "link", "set", "srv", "up")
        run(*inside, "ip", "link", "set", "lo", "up")
        run(*inside, "ip", "link", "set", "cli", "up")
        for address in sorted(self.own):
            if not address.startswith("127.") and address != "::1":
                self.add_address([], "srv", address)
        for address in sorted(self.clients - self.own):
            if not address.startswith("127.") and address != "::1":
                self.add_address(inside, "cli", address)
        for prefix, device in ((inside, "cli"), ([], "srv")):
            run(*prefix, "ip", "route", "add", "default", "dev", device)
            subprocess.run([*prefix, "ip", "-6", "route", "add", "default", "dev", device], check=False,
                           stderr=subprocess.DEVNULL)
        self.here = os.open("/proc/self/ns/net", os.O_RDONLY)
        self.there = os.open(f"/proc/{self.peer.pid}/ns/net", os.O_RDONLY)

    @staticmethod
    def add_address(prefix, device, address):
        six = ipaddress.ip_address(address).version == 6
        run(*prefix, "ip", "addr", "add", address + ("/128" if six else "/32"), "dev", device,
            *(["nodad"] if six else []))

    # ---- the server ----

    def start(self, *options):
        self.mount()
        self.wire()
        self.dns = dns_server.Server(self.facts["dns"], "127.0.0.1", 53)
        env = self.environment()
        if os.path.exists("/etc/mail/aliases"):
            subprocess.run([self.program, "-C/etc/mail/sendmail.cf", "-bi"], env=env, stdin=subprocess.DEVNULL,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        # pylint: disable-next=consider-using-with
        self.daemon = subprocess.Popen(
            [self.program, "-C/etc/mail/sendmail.cf", "-bD", *options], env=env, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.ports = self.wait()
        return self.ports

    def listening(self):
        """(address, port) of every socket that the server listens on."""
        found = set()
        for name, size in (("tcp", 8), ("tcp6", 32)):
            with open(f"/proc/self/net/{name}", encoding="ascii") as table:
                for line in list(table)[1:]:
                    local, state = line.split()[1], line.split()[3]
                    address, port = local.split(":")
                    if state == "0A" and int(port, 16) != 53 and len(address) == size:
                        raw = b"".join(bytes.fromhex(address[i:i + 8])[::-1] for i in range(0, size, 8))
                        found.add((str(ipaddress.ip_address(raw)), int(port, 16)))
        return found

    def wait(self):
        """Waits until the set of sockets stays the same; empty when the daemon has ended."""
        before, since, start = set(), time.monotonic(), time.monotonic()
        while time.monotonic() - start < 20:
            if self.daemon.poll() is not None:
                self.log = self.daemon.stdout.read()
                return set()
            now = self.listening()
            if now != before:
                before, since = now, time.monotonic()
            if now and time.monotonic() - since > 0.4:
                return self.wait_for_answer(now)
            time.sleep(0.02)
        return before

    def wait_for_answer(self, ports, seconds=70):
        """A daemon that cannot have its socket tries for most of a minute, and until then none answers."""
        sockets = []
        for address, port in sorted(ports):
            s = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
            s.setblocking(False)
            s.connect_ex(({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address), port))
            sockets.append(s)
        end = time.monotonic() + seconds
        plain = False
        while not plain and self.daemon.poll() is None and time.monotonic() < end:
            plain = bool(select.select(sockets, [], [], 0.2)[0]) or self.all_tls()
        for s in sockets:
            s.close()
        if self.daemon.poll() is not None:
            self.log = self.daemon.stdout.read()
            return set()
        return self.listening()

    def all_tls(self):
        """Whether no daemon speaks first."""
        with open(self.config, encoding="utf-8", errors="surrogateescape") as f:
            lines = [line for line in f if line.startswith("O DaemonPortOptions=")]
        return bool(lines) and all(re.search(r"[Mm]\w*\s*=[^,]*s", line) for line in lines)

    def stop(self):
        for process in (self.daemon, self.peer):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()
        if self.dns is not None:
            self.dns.close()

    # ---- dialogues ----

    def is_server(self, address):
        return address.startswith("127.") or address == "::1" or address in self.own

    def resolve(self, dialogue):
        host, _, port = dialogue["listener"].rpartition(":")
        return host.strip("[]"), int(port)

    def open_socket(self, family, source, _host):
        if self.is_server(source):
            return socket.socket(family, socket.SOCK_STREAM)
        enter(self.there)
        try:
            return socket.socket(family, socket.SOCK_STREAM)
        finally:
            enter(self.here)

    def where(self, dialogue):
        """The endpoint behind "listener": an endpoint, or the name of a daemon, by the configuration."""
        text = dialogue.get("listener") or next(iter(self.names), "")
        if text in self.names:
            host, port = self.names[text]
        else:
            host, _, port = text.rpartition(":")
            host = host.strip("[]")
        source = dialogue["client"]
        if host in ("", "0.0.0.0", "::"):
            six = ":" in source
            if source.startswith("127.") or source == "::1":
                host = "::1" if six else "127.0.0.1"
            else:
                host = next((a for a in sorted(self.own) if (":" in a) == six and not self.loop(a)), "127.0.0.1")
        return f"[{host}]:{port}"

    @staticmethod
    def loop(address):
        return address.startswith("127.") or address == "::1"

    @property
    def names(self):
        """Daemons by name, in order."""
        found = {}
        with open(self.config, encoding="utf-8", errors="surrogateescape") as f:
            for line in f:
                if not line.startswith("O DaemonPortOptions="):
                    continue
                keys = {}
                for part in line.rstrip("\n").split("=", 1)[1].split(","):
                    key, equals, value = part.strip().partition("=")
                    if equals:
                        keys[key.strip()[:1].lower()] = value.strip()
                port = keys.get("p", "25")
                number = int(port) if port.isdigit() else {"smtp": 25, "submission": 587, "smtps": 465}.get(port, 25)
                wild = "::" if keys.get("f") == "inet6" else "0.0.0.0"
                found[keys.get("n", f"Daemon{len(found)}")] = (keys.get("a", wild), number)
        return found or {"Daemon0": ("0.0.0.0", 25)}

    def play(self, dialogue, seconds=60):
        dialogue = dict(dialogue)
        dialogue.setdefault("client", "203.0.113.5")
        if not self.ports:
            return [{"refused": True}], dialogue["send"]
        dialogue["listener"] = self.where(dialogue)
        connect = player.connector(self.resolve, self.open_socket)
        return player.play(dialogue, connect, greeting_seconds=20, seconds=seconds)


def options(config):
    """What keeps the server from delivering anything. Deferred mode is left alone: rules look at it."""
    with open(config, encoding="utf-8", errors="surrogateescape") as f:
        deferred = any(line.startswith(("O DeliveryMode=d", "Odd")) for line in f)
    return [] if deferred else ["-ODeliveryMode=q"]


def clients_of(script):
    return {d.get("client", "203.0.113.5") for d in script}


def read_script(path):
    with sys.stdin if path == "-" else open(path, encoding="utf-8") as src:
        return [json.loads(line) for line in src if line.strip()]


def unshared(argv):
    """Starts this very program again in namespaces of its own; returns where it is already."""
    if os.environ.get("MTAPROOF_BOX") == "1":
        return
    os.environ["MTAPROOF_BOX"] = "1"
    os.execvp("unshare", ["unshare", "-mnupf", "--kill-child", "--mount-proc", "--propagation", "private",
                          sys.executable, *argv])
