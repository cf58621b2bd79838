"""Transcripts: dialogues with the replies that they must get, as people write them.

    == NAME [LISTENER, KEY VALUE, KEY]
    S: the greeting
    C: a line that the client says
    S: the reply to it

What the clock decides is a hole, as in a simulation: {date}, {queue-id}, {challenge}. After a 354
everything up to the "." is one message. "S: (connection refused)" and "S: (closed)" are no replies.
"""
import re

HEAD = re.compile(r"== (.*) \[(.*)\]$")
NOT_SAID = {"(connection refused)": {"refused": True}, "(closed)": {"closed": True}}


class Transcript:
    """One dialogue: `script` is its line of a script, `replies` what must come."""

    def __init__(self, line):
        self.name, where = HEAD.match(line).groups()
        listener, *more = [part.strip() for part in where.split(",")]
        keys = dict(part.partition(" ")[::2] for part in more)
        self.certificate = keys.get("certificate")
        self.script = {"name": self.name, "listener": listener, "client": keys.get("client", "203.0.113.5"), "send": []}
        if "tls" in keys:
            self.script["tls"] = True
        self.replies = []
        self.content = None  # the lines of a message so far

    def said(self, line):
        if self.replies and self.replies[-1].get("lines", [""])[0].startswith("354") and self.content is None:
            self.content = []
        if self.content is None:
            self.script["send"].append(line)
            return
        self.content.append(line)
        if line == ".":
            self.script["send"].append("\r\n".join(self.content))

    def replied(self, line):
        line += " " * (len(line) == 3)  # a code alone: the blank behind it is not written down
        if line in NOT_SAID:
            self.replies.append(NOT_SAID[line])
        elif self.replies and self.replies[-1]["lines"][-1][3:4] == "-":
            self.replies[-1]["lines"].append(line)
        else:
            self.replies.append({"lines": [line]})
            self.content = None


def read(path):
    found = []
    with open(path, encoding="utf-8") as f:
        for line in map(str.rstrip, f):
            if line.startswith("== "):
                found.append(Transcript(line))
            elif line.startswith("C:"):
                found[-1].said(line[3:])
            elif line.startswith("S:"):
                found[-1].replied(line[3:])
            elif line and not line.startswith("#"):
                raise ValueError(f"{path}: {line}")
    return found
