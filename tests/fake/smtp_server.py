"""SMTP servers on the loopback interface that behave, or misbehave in one way each.

    server = Server("garbage"); server.port; server.received (bytes per connection); server.close()

Every connection is served in a thread of its own and recorded, so that a test can look at what the
client really said. The sizes and durations are bounded: nothing here runs on by itself.
"""
import base64
import os
import socket
import ssl
import subprocess
import tempfile
import threading
import time


def certificate(folder, names=("localhost",), addresses=("127.0.0.1",)):
    """A self-signed certificate; returns the file that holds it and its key."""
    path = os.path.join(folder, "server.pem")
    alt = ",".join(["DNS:" + n for n in names] + ["IP:" + a for a in addresses])
    key = os.path.join(folder, "key.pem")
    cert = os.path.join(folder, "cert.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "30", "-subj", "/CN=" + names[0], "-addext", "subjectAltName=" + alt,
         "-keyout", key, "-out", cert],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(path, "w") as out:
        out.write(open(cert).read() + open(key).read())
    return path


class Gone(Exception):
    """The client has closed."""


class Session:
    """One connection: line reading, replies, TLS; the dialogue is a method of the server's kind."""

    def __init__(self, server, sock):
        self.server, self.sock, self.pending, self.tls = server, sock, b"", False
        self.user, self.inside = None, 1
        self.index = len(server.received)
        server.received.append(b"")
        sock.settimeout(20)

    def read(self):
        try:
            data = self.sock.recv(65536)
        except (OSError, ssl.SSLError):
            data = b""
        if not data:
            raise Gone()
        self.server.received[self.index] += data
        self.pending += data

    def line(self):
        while b"\r\n" not in self.pending:
            self.read()
        line, self.pending = self.pending.split(b"\r\n", 1)
        return line.decode("latin-1")

    def say(self, *lines):
        self.raw("".join(l + "\r\n" for l in lines).encode("latin-1"))

    def raw(self, data):
        try:
            self.sock.sendall(data)
        except OSError:
            raise Gone()

    def leave(self):
        """The client has this connection no longer; said before the last reply, which it waits for."""
        with self.server.lock:
            self.server.open_now -= self.inside
            self.inside = 0

    def start_tls(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server.pem)
        self.sock = context.wrap_socket(self.sock, server_side=True)
        self.pending, self.tls = b"", True

    def wait_for_end(self):
        while True:
            self.read()


class Server:
    def __init__(self, kind, pem=None, family=socket.AF_INET, implicit=False, users=None, trusted=False,
                 auth_clear=False, delay=0, host=None, port=0, name="mail.example.org"):
        self.kind, self.pem, self.implicit, self.received = kind, pem, implicit, []
        self.users, self.trusted, self.auth_clear, self.delay = users or {}, trusted, auth_clear, delay
        self.name = name
        self.open_now, self.open_most = 0, 0
        self.lock = threading.Lock()
        self.listener = socket.socket(family, socket.SOCK_STREAM)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((host or ("::1" if family == socket.AF_INET6 else "127.0.0.1"), port))
        self.listener.listen(128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        except OSError:
            pass
        self.listener.close()

    def accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(sock,), daemon=True).start()

    def serve(self, sock):
        with self.lock:
            self.open_now += 1
            self.open_most = max(self.open_most, self.open_now)
        session = Session(self, sock)
        try:
            if self.implicit:
                session.start_tls()
            getattr(self, "play_" + self.kind)(session)
        except (Gone, OSError, ssl.SSLError):
            pass
        finally:
            session.leave()
            session.sock.close()

    # A server as it should be: relays for users and (if so made) for everybody.

    def ehlo(self, s):
        lines = ["mail.example.org Hello probe [203.0.113.7]", "PIPELINING"]
        if not s.tls and self.pem:
            lines.append("STARTTLS")
        if self.users and (s.tls or self.auth_clear):
            lines.append("AUTH PLAIN LOGIN")
        lines.append("ENHANCEDSTATUSCODES")
        s.say(*["250-" + l for l in lines[:-1]], "250 " + lines[-1])

    def auth(self, s, words):
        if not self.users or not (s.tls or self.auth_clear):
            s.say("503 5.5.1 Error: authentication not enabled")
            return
        if words[1].upper() == "PLAIN" and len(words) == 3:
            _, user, password = base64.b64decode(words[2]).decode().split("\0")
        else:
            s.say("334 VXNlcm5hbWU6")
            answer = s.line()
            if answer == "*":
                s.say("501 5.7.0 Authentication aborted")
                return
            user = base64.b64decode(answer).decode()
            s.say("334 UGFzc3dvcmQ6")
            password = base64.b64decode(s.line()).decode()
        if self.users.get(user) == password:
            s.user = user
            s.say("235 2.7.0 Authentication successful")
        else:
            s.say("535 5.7.8 Error: authentication failed")

    def rcpt(self, s, line):
        domain = line.rsplit("@", 1)[-1].rstrip(">")
        if domain == "example.org" or s.user or self.trusted:
            s.say("250 2.1.5 Ok")
            return True
        s.say("554 5.7.1 <%s>: Relay access denied" % line[len("RCPT TO:"):].strip("<>"))
        return False

    def data(self, s, recipients):
        s.say("354 go ahead" if recipients else "554 5.5.1 Error: no valid recipients")
        if recipients:
            s.wait_for_end()

    def play_good(self, s):
        if self.delay:
            time.sleep(self.delay)
        s.say("220 %s ESMTP" % self.name)
        self.commands(s)

    def commands(self, s):
        recipients = 0
        while True:
            line = s.line()
            words = line.split(" ")
            verb = words[0].upper()
            if verb == "EHLO":
                self.ehlo(s)
            elif verb == "STARTTLS":
                if self.starttls(s):
                    return
            elif verb == "AUTH":
                self.auth(s, words)
            elif verb == "RCPT":
                recipients += self.rcpt(s, line)
            elif verb == "DATA":
                self.data(s, recipients)
            elif verb == "QUIT":
                s.leave()
                s.say("221 2.0.0 Bye")
                return
            else:
                recipients = 0
                s.say("250 2.0.0 Ok")

    def starttls(self, s):
        s.say("220 2.0.0 Ready to start TLS")
        s.start_tls()
        return False

    # Servers as they should not be.

    def play_garbage(self, s):
        s.raw(bytes(range(256)) * 16 + b"\n")
        s.wait_for_end()

    def play_flood(self, s):
        """10 MB without a line end."""
        for _ in range(160):
            s.raw(b"2" * 65536)
        s.wait_for_end()

    def play_lines(self, s):
        """A reply that never ends."""
        for _ in range(100000):
            s.raw(b"220-mail.example.org and so on\r\n" * 20)
        s.wait_for_end()

    def play_silent(self, s):
        s.wait_for_end()

    def play_half(self, s):
        s.say("220 mail.example.org ESMTP")
        s.line()
        s.raw(b"250-mail.exam")
        s.wait_for_end()

    def play_drip(self, s):
        """One byte of an endless greeting every 50 ms: no command deadline ever helps the client."""
        for _ in range(400):
            s.raw(b"2")
            time.sleep(0.05)

    def play_dripreplies(self, s):
        """Whole replies, each just in time; a multi-line one that goes on for 20 s."""
        for _ in range(200):
            s.raw(b"220-still here\r\n")
            time.sleep(0.1)

    def play_close(self, s):
        s.say("220 mail.example.org ESMTP")
        s.line()
        self.ehlo(s)
        s.line()

    def play_reset(self, s):
        s.say("220 mail.example.org ESMTP")
        s.line()
        s.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    def play_inject(self, s):
        """A reply in clear behind the 220 of STARTTLS."""
        s.say("220 mail.example.org ESMTP")
        self.starttls = self.inject
        self.commands(s)

    def inject(self, s):
        s.say("220 2.0.0 Ready to start TLS", "250-evil.example", "250 AUTH PLAIN")
        s.wait_for_end()

    def play_tlsgarbage(self, s):
        s.say("220 mail.example.org ESMTP")
        self.starttls = self.tls_garbage
        self.commands(s)

    def tls_garbage(self, s):
        s.say("220 2.0.0 Ready to start TLS")
        s.read()
        s.raw(b"this is no TLS at all\r\n")
        s.wait_for_end()

    def play_tlssilent(self, s):
        s.say("220 mail.example.org ESMTP")
        self.starttls = lambda session: (session.say("220 go"), session.wait_for_end())
        self.commands(s)

    def play_codes(self, s):
        s.say("220-mail.example.org", "221 ESMTP")
        s.line()
        s.raw(b"250-mail\0.example.org\r\n550-\x1b[2J\r\n250 PIPELINING\n")
        self.commands(s)

    def play_eager(self, s):
        """Takes the message although it has refused the recipient."""
        self.data = lambda session, _: (session.say("354 go ahead"), session.wait_for_end())
        s.say("220 mail.example.org ESMTP")
        self.commands(s)

    def play_busy(self, s):
        s.say("421 4.7.0 mail.example.org Error: too many connections")

    def play_refuse(self, s):
        s.say("554 5.7.1 no mail from you")
        s.line()
        s.say("221 Bye")

    def play_greylist(self, s):
        """Refuses every recipient for now, and says why."""
        self.rcpt = lambda session, _: session.say("450 4.7.1 Recipient address rejected: Greylisted, try later") or 0
        s.say("220 mail.example.org ESMTP Postfix")
        self.commands(s)

    def play_hangup(self, s):
        """A hard limit: the third error brings 421 and the end."""
        errors = [0]
        say = s.say

        def counted(*lines):
            if lines[-1][0] in "45":
                errors[0] += 1
                if errors[0] == 2:  # in one segment, so that the client sees both or none
                    say(*lines, "421 4.7.0 mail.example.org Error: too many errors")
                    raise Gone()
            say(*lines)

        s.say = counted
        s.say("220 mail.example.org ESMTP")
        self.commands(s)


def temporary_pem():
    folder = tempfile.mkdtemp(prefix="mtaproof-fake-")
    return folder, certificate(folder)
