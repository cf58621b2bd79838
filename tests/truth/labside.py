"""The client side of a lab (mtaproof lab CONFIG --run PROGRAM): where its server is, and how a
dialogue reaches it from every address."""

import ctypes
import os
import re
import socket
import time

import player

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000


def enter(fd):
    """Puts the calling thread into a network namespace."""
    if LIBC.setns(fd, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


class Lab:
    def __init__(self):
        env = os.environ
        self.server4 = env.get("MTAPROOF_SERVER", "")
        self.server6 = env.get("MTAPROOF_SERVER6", "")
        self.client4 = env.get("MTAPROOF_CLIENT", "")
        self.log = env.get("MTAPROOF_LOG")
        self.listeners = [listener(x) for x in env.get("MTAPROOF_LISTENERS", "").split()]
        self.home = os.open("/proc/self/ns/net", os.O_RDONLY)
        self.server_ns = os.open(env["MTAPROOF_SERVER_NS"], os.O_RDONLY)
        self.silent = set()  # listeners that never greeted
        self.own = os.environ.get("MTAPROOF_OWN", "").split()

    def is_server(self, address):
        return (address.startswith("127.") or address == "::1"
                or address in (self.server4, self.server6) or address in self.own)

    def trouble(self):
        """How often the master gave up on a server program for a while, and whether one of them
        ever took a connection, or waits before it greets."""
        with open(self.log, "rb") as log:
            text = log.read()
        return text.count(b"throttling"), b"]: connect from " in text, b"postscreen" in text

    def resolve(self, dialogue):
        """Where the dialogue's listener is."""
        host, _, port = dialogue.get("listener", "smtp").rpartition(":")
        host = host.strip("[]")
        number = int(port) if port.isdigit() else player.PORTS.get(port)
        if number is None:
            number = socket.getservbyname(port)
        source = dialogue["client"]
        inside = self.is_server(source)
        loop = host.startswith("127.") or host == "::1"
        if host in ("", "0.0.0.0", "::") or (loop and not inside):
            six = ":" in source
            host = self.server6 if six else self.server4
            if inside and (source.startswith("127.") or source == "::1"):
                host = source
        return host, number

    def open_socket(self, family, source, _host):
        if not self.is_server(source):
            return socket.socket(family, socket.SOCK_STREAM)
        enter(self.server_ns)
        try:
            return socket.socket(family, socket.SOCK_STREAM)
        finally:
            enter(self.home)

    def play(self, dialogue):
        dialogue = dict(dialogue)
        dialogue.setdefault("client", self.client4)
        before, start = self.trouble()[0], time.monotonic()
        where = dialogue.get("listener")

        def stuck():
            now, accepts, postscreen = self.trouble()
            if where in self.silent:
                patience = 1.5
            elif now == 0 or postscreen:
                patience = 12
            elif accepts:
                patience = 20  # one that dies with each connection is started once a second
            else:
                patience = 2.5 if now > before else 4
            return time.monotonic() - start > patience

        connect = player.connector(self.resolve, self.open_socket)
        replies, sent = player.play(dialogue, connect, greeting_seconds=30, stuck=stuck)
        if replies == [{"timeout": True}]:
            self.silent.add(where)
        return replies, sent


def listener(text):
    host, _, port = text.rpartition(":")
    return re.sub(r"[\[\]]", "", host), int(port)
