"""Plays dialogues of the simulate contract to a real server and records its replies.

A dialogue is one script line: {"listener", "client", "send", "tls", ...}.  The answer is the list
of replies in the form that `mtaproof simulate --script` prints.
"""

import json
import re
import select
import socket
import ssl
import time

ENHANCED = re.compile(r"^([245]\.\d{1,3}\.\d{1,3})(?= |$)")
PORTS = {"smtp": 25, "lmtp": 24, "smtps": 465, "submissions": 465, "submission": 587}


class Closed(Exception):
    """The server ended the connection."""


def show(raw):
    """Text of server bytes; what is not UTF-8 becomes \\xNN."""
    return raw.decode("utf-8", "backslashreplace")


def wire(text):
    """Bytes of a script text; lone surrogates U+DC80..U+DCFF stand for raw bytes."""
    return text.encode("utf-8", "surrogateescape")


def reply_of(lines):
    """The contract's reply object of the lines of one reply."""
    first = lines[0]
    code = int(first[:3]) if first[:3].isdigit() else 0
    match = ENHANCED.match(first[4:])
    return {"code": code, "enhanced": match.group(1) if match else "", "lines": lines}


class Session:
    def __init__(self, sock, deadline):
        self.sock = sock
        self.deadline = deadline
        self.buffer = b""
        self.done = 0  # elements of the script that were dealt with

    def remaining(self):
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def fill(self):
        self.sock.settimeout(self.remaining())
        try:
            data = self.sock.recv(65536)
        except (ConnectionError, ssl.SSLError) as err:
            if isinstance(err, ssl.SSLWantReadError):
                raise TimeoutError from err
            raise Closed from err
        except OSError as err:
            if isinstance(err, TimeoutError):
                raise
            raise Closed from err
        if not data:
            raise Closed
        self.buffer += data

    def line(self):
        while b"\n" not in self.buffer:
            self.fill()
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line[:-1] if line.endswith(b"\r") else line

    def reply(self):
        lines = []
        while True:
            line = self.line()
            lines.append(show(line))
            if line[3:4] != b"-":
                return reply_of(lines)

    def unasked(self):
        """Takes what has arrived without being asked for; True when a whole line is there."""
        if b"\n" not in self.buffer:
            self.sock.setblocking(False)
            try:
                self.buffer += self.sock.recv(65536)
            except OSError:
                pass
        return b"\n" in self.buffer

    def send(self, data):
        self.sock.settimeout(self.remaining())
        try:
            self.sock.sendall(data)
        except (ConnectionError, ssl.SSLError):
            pass

    def start_tls(self, certificate, stuck=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("ALL:@SECLEVEL=0")
        if certificate:
            context.load_cert_chain(certificate)
        self.sock.setblocking(False)
        try:
            self.sock = context.wrap_socket(self.sock, do_handshake_on_connect=False)
        except OSError as err:  # the server has closed already
            raise Closed from err
        while True:
            try:
                self.sock.do_handshake()
                return
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                ready, _, _ = select.select([self.sock], [], [], min(0.1, self.remaining()))
                if not ready and stuck and stuck():
                    raise TimeoutError from None
            except (OSError, ssl.SSLError) as err:
                raise Closed from err


def elements(send):
    """One list of lines for each write."""
    for item in send:
        yield item if isinstance(item, list) else [item]


def play(dialogue, connect, greeting_seconds=9.0, seconds=60.0, stuck=None):
    """Plays one dialogue; connect(dialogue) gives a connected socket or raises
    ConnectionRefusedError.  stuck(), where given, says that no greeting will ever come.
    Returns the replies, and what was sent (see converse())."""
    replies, sent = [], []
    try:
        sock = connect(dialogue)
    except ConnectionRefusedError:
        return [{"refused": True}], dialogue["send"]
    with sock:
        session = Session(sock, time.monotonic() + greeting_seconds)
        try:
            if dialogue.get("tls"):
                session.start_tls(dialogue.get("certificate_file"), stuck)
            greeting(session, stuck)
            replies.append(session.reply())
            session.deadline = time.monotonic() + seconds
            converse(session, dialogue, replies, sent)
        except Closed:
            # What ended before the line that was being said got its reply, ended there; a failed
            # handshake, at the next line.
            if len(replies) <= sum(len(e) for e in elements(sent)) or session.done < len(dialogue["send"]):
                replies.append({"closed": True})
        except TimeoutError:
            replies.append({"timeout": True})
        session.sock.close()
    return replies, sent + dialogue["send"][session.done:]


def greeting(session, stuck):
    """Waits for the first byte of the greeting."""
    if stuck is None:
        return
    end = session.deadline
    while not session.buffer:
        session.deadline = min(end, time.monotonic() + 0.1)
        try:
            session.fill()
        except TimeoutError:
            if time.monotonic() >= end or stuck():
                raise
    session.deadline = end


def is_content(element):
    return isinstance(element, str) and (element == "." or element.endswith("\n."))


def converse(session, dialogue, replies, sent):
    """Says the lines.  A dialogue cannot know whether DATA will be answered by 354: content that
    was not asked for is left out, and where it was asked for and none is there, "." is said.
    `sent` gets what was said."""
    queue = list(dialogue["send"])
    while queue:
        wanted = bool(replies) and replies[-1].get("code") == 354
        if wanted and not is_content(queue[0]):
            queue.insert(0, ".")
            session.done -= 1
        element = queue.pop(0)
        session.done += 1
        if not wanted and is_content(element) and not session.unasked():
            continue
        sent.append(element)
        say(session, element if isinstance(element, list) else [element], dialogue, replies)


def say(session, lines, dialogue, replies):
    pending = len(lines)
    while pending and session.unasked():
        replies.append(session.reply())
        pending -= 1
    lines = lines[len(lines) - pending:]
    if not lines:
        return
    session.send(b"".join(wire(line) + b"\r\n" for line in lines))
    for line in lines:
        reply = session.reply()
        replies.append(reply)
        if reply["code"] == 220 and line.upper().split(None, 1)[:1] == ["STARTTLS"]:
            session.buffer = b""
            session.start_tls(dialogue.get("certificate_file"))


def connector(resolve, open_socket):
    """connect() for play(): resolve(listener) gives (host, port), open_socket(family, client, host)
    a socket in the right place."""

    def connect(dialogue):
        host, port = resolve(dialogue)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        sock = open_socket(family, dialogue.get("client"), host)
        sock.settimeout(5)
        try:
            client = dialogue.get("client")
            if client:
                sock.bind((client, 0))
            sock.connect((host, port))
        except BaseException:
            sock.close()
            raise
        return sock

    return connect


def answer(dialogue, replies, sent=None):
    """The script answer in the form of one world; `sent`, where it is not the script's."""
    out = {"schema": "mtaproof.simulation/1"}
    for key in ("listener", "client"):
        if key in dialogue:
            out[key] = dialogue[key]
    if sent is not None and sent != dialogue["send"]:
        out["sent"] = sent
    out["worlds"] = [{"assumptions": [], "replies": replies}]
    return json.dumps(out, ensure_ascii=False)
