#!/usr/bin/env python3
"""round_trips.py SERVER PLAY CONFIG - counts how often the conversation changes its direction, through a relay.

Runs where the lab's clients are. The sixteen pairs of sender and recipient that the relay test of Nmap tries are
played to SERVER twice: one command at a time, as that test does it (greeting, EHLO, then RSET, MAIL and RCPT for
each pair, QUIT), and by the program PLAY (tests/tool/probe_play). Prints both counts, the connection included, and
what a pair costs in the suite "relay" with the names of CONFIG (mtaproof verify).
"""

import json
import os
import selectors
import socket
import subprocess
import sys
import threading

server, play, config = sys.argv[1:4]
DOMAIN, LITERAL, NAME = "relay.test", f"[{server}]", "mail.example.org"
PLAIN = f"to@{DOMAIN}"
PAIRS = [("", PLAIN), (f"from@{DOMAIN}", PLAIN), (f"from@{NAME}", PLAIN)] + [(f"from@{LITERAL}", to) for to in (
    PLAIN, f"to%{DOMAIN}@{LITERAL}", f"to%{DOMAIN}@{NAME}", f'"{PLAIN}"', f'"to%{DOMAIN}"', f"{PLAIN}@{LITERAL}",
    f'"{PLAIN}"@{LITERAL}', f"{PLAIN}@{NAME}", f"@{LITERAL}:{PLAIN}", f"@{NAME}:{PLAIN}", f"{DOMAIN}!to",
    f"{DOMAIN}!to@{LITERAL}", f"{DOMAIN}!to@{NAME}")]


class Relay(threading.Thread):
    """Passes connections on, one after the other, and counts."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.turns = self.connections = 0
        self.start()

    def run(self):
        while True:
            client, _ = self.listener.accept()
            self.connections += 1
            self.carry(client, socket.create_connection((server, 25), source_address=("203.0.113.5", 0)))

    def carry(self, client, upstream):
        last = client  # connecting is the client's first turn
        self.turns += 1
        with selectors.DefaultSelector() as ready, client, upstream:
            ready.register(client, selectors.EVENT_READ, upstream)
            ready.register(upstream, selectors.EVENT_READ, client)
            while True:
                for key, _ in ready.select():
                    data = key.fileobj.recv(65536)
                    if not data:
                        return
                    if key.fileobj is not last:
                        last = key.fileobj
                        self.turns += 1
                    key.data.sendall(data)


def one_at_a_time(port):
    with socket.create_connection(("127.0.0.1", port)) as s, s.makefile("rb") as replies:
        def hear():
            while True:
                line = replies.readline()
                if line[3:4] != b"-":
                    return line

        def say(line):
            s.sendall(line.encode() + b"\r\n")
            return hear()

        hear()
        say(f"EHLO {DOMAIN}")
        refused = 0
        for sender, recipient in PAIRS:
            say("RSET")
            if say(f"MAIL FROM:<{sender}>").startswith(b"2"):
                refused += say(f"RCPT TO:<{recipient}>")[:1] in b"45"
        say("QUIT")
        return refused


relay = Relay()
refused = one_at_a_time(relay.port)
print(f"one at a time: {relay.turns} turns, {relay.connections} connections, {refused} refused")
theirs = relay.turns
relay = Relay()
run = subprocess.run([play, "--suite", "smtp-open-relay", "--pipelining", "--local", "example.org",
                      f"127.0.0.1:{relay.port}"], stdout=subprocess.PIPE, text=True, check=True)
refused = sum(line.startswith("check ") and " refused RCPT " in line for line in run.stdout.splitlines())
print(f"mtaproof: {relay.turns} turns, {relay.connections} connections, {refused} refused")
print(f"ratio: {relay.turns / theirs:.3f}")

for suite in ("relay", "full"):
    relay = Relay()
    run = subprocess.run([os.environ["MTAPROOF"], "verify", "--suite", suite, "--format", "json", "--seen-as",
                          "203.0.113.5", config, f"127.0.0.1:{relay.port}"],
                         stdout=subprocess.PIPE, text=True, check=False)
    checks = [c for c in json.loads(run.stdout)["targets"][0]["checks"] if c["observed"].get("transcript")]
    pairs = [c for c in checks if any(e["send"].startswith("RCPT") for e in c["observed"]["transcript"])]
    print(f"suite {suite}: {relay.turns} turns, {relay.connections} connections, {len(checks)} checks, "
          f"{len(pairs)} pairs, {sum('with' in c for c in pairs)} of them with names of the configuration")
    print(f"{suite}, ratio for a pair: {relay.turns / len(pairs) / (theirs / len(PAIRS)):.3f}")
