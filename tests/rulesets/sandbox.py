"""A place where the real sendmail can be asked: private mounts, network and host name.

    with sandbox.enter(): ...            in a process that runs under `unshare -m -n -u`
    place.configure(files, dns)          what is in /etc/mail, and what the name server says
    place.run(argv, input, seconds)      the program's output, as bytes

/etc is an overlay: nothing of the host is touched, and no packet can leave.
"""
import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fake"))
import dns_server  # noqa: E402

HOSTNAME = "mail.example.org"
ADDRESS = "192.0.2.10"
FACTS = {"hostname": HOSTNAME, "addresses": [ADDRESS + "/24", "127.0.0.1/8"], "version": "8.17.1.9",
         "config_complete": True, "dns_complete": True, "local_users": ["root", "alice", "bob", "nobody", "daemon", "mail"]}
ETC = {
    "passwd": "".join(f"{user}:x:{i}:{i}:{user}:/:/bin/sh\n" for i, user in enumerate(FACTS["local_users"])),
    "group": "root:x:0:\ndaemon:x:4:\nmail:x:5:\nnogroup:x:3:\n",
    "hosts": f"127.0.0.1 localhost\n::1 localhost\n{ADDRESS} {HOSTNAME}\n",
    "resolv.conf": "nameserver 127.0.0.1\nsearch .\noptions timeout:2 attempts:1\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n",
    "host.conf": "multi on\n",
}
SWITCH = "hosts dns files\naliases files\n"
SIOCSIFADDR, SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8916, 0x8913, 0x8914, 1


def command(*argv):
    subprocess.run(argv, check=True, stdin=subprocess.DEVNULL)


def write(path, text):
    with open(path, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode("latin-1"))
    os.chmod(path, 0o644)


def interface_up():
    """lo with its own address, and the server's as lo:1."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        flags = struct.unpack("16sh", fcntl.ioctl(s, SIOCGIFFLAGS, struct.pack("16sh", b"lo", 0))[:18])[1]
        fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sh", b"lo", flags | IFF_UP))
        fcntl.ioctl(s, SIOCSIFADDR, struct.pack("16sHH4s8x", b"lo:1", socket.AF_INET, 0, socket.inet_aton(ADDRESS)))


class Place:
    """The process's own /etc, host name, network; the programs of the unpacked package."""

    def __init__(self, package):
        self.package = os.path.abspath(package)
        command("mount", "--make-rprivate", "/")
        # What the overlay is made of lies on a file system of its own: an overlay is no upper layer.
        base = "/run" if os.path.isdir("/run") else "/mnt"
        command("mount", "-t", "tmpfs", "-o", "mode=755", "rulesets", base)
        for name in ("upper", "work", "bin", "case"):
            os.mkdir(f"{base}/{name}")
        self.base = base
        command("mount", "-t", "overlay", "overlay", "-o",
                f"lowerdir=/etc,upperdir={base}/upper,workdir={base}/work", "/etc")
        socket.sethostname(HOSTNAME)
        # Debian's own pieces of the library name it by its place.
        command("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={self.package}/usr/share:/usr/share", "/usr/share")
        for name, text in ETC.items():
            write(f"/etc/{name}", text)
        shutil.rmtree("/etc/mail", ignore_errors=True)
        os.mkdir("/etc/mail", 0o755)
        interface_up()
        # A copy has no set-group-id bit, with which the loader would ignore the path of the libraries.
        for name in ("sendmail", "makemap"):
            shutil.copyfile(f"{self.package}/usr/libexec/sendmail/{name}", f"{base}/bin/{name}")
            os.chmod(f"{base}/bin/{name}", 0o755)
        self.environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC",
                            "LD_LIBRARY_PATH": self.package + "/usr/lib/x86_64-linux-gnu"}
        self.dns = dns_server.Server({}, "127.0.0.1", 53)

    def program(self, name):
        return f"{self.base}/bin/{name}"

    def configure(self, files, dns):
        for entry in os.scandir("/etc/mail"):
            shutil.rmtree(entry.path) if entry.is_dir(follow_symlinks=False) else os.unlink(entry.path)
        write("/etc/mail/service.switch", SWITCH)
        for name, text in files.items():
            os.makedirs(os.path.dirname(f"/etc/mail/{name}"), 0o755, exist_ok=True)
            write(f"/etc/mail/{name}", text)
        self.dns.zone = dns_server.Zone(dns)
        self.dns.asked.clear()

    def run(self, argv, data=b"", seconds=60, environment=None):
        """Exit status (None: it took too long), standard output and errors, as bytes."""
        with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              cwd="/etc/mail", env=environment or self.environment) as process:
            try:
                out, err = process.communicate(data, seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                out, err = process.communicate()
                return None, out, err
            return process.returncode, out, err

    def m4(self, mc, library=None):
        """The .cf that the cf library makes of a .mc: exit status, text, complaints."""
        lib = library or "/usr/share/sendmail/cf/"
        return self.run(["m4", "-D_NO_MAKEINFO_", f"-D_CF_DIR_={lib}", lib + "m4/cf.m4", "-"], mc)

    def sendmail(self, cf, script, flags=(), seconds=20):
        return self.run([self.program("sendmail"), "-C", cf, "-bt", *flags], script, seconds)

    def makemap(self, kind, name):
        with open(f"/etc/mail/{name}", "rb") as f:
            return self.run([self.program("makemap"), kind, f"/etc/mail/{name}"], f.read())
