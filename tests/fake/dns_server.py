"""A name server on the loopback interface that tells what it is given, and lies in many ways.

    server = Server({"mx example.com": ["10 mail.example.com"], ...}); server.port; server.asked; server.close()

The records are the `dns` of a facts file; "cname" is followed as a resolver would do. Any other name does
not exist. A name with a label of MISCHIEF gets that treatment, whatever the records say. Run by hand
(`dns_server.py [ADDRESS:PORT] FACTS.json`) it prints the address and port and serves until its input ends.
"""
import ipaddress
import json
import socket
import struct
import sys
import threading

TYPES = {"a": 1, "ns": 2, "cname": 5, "soa": 6, "ptr": 12, "mx": 15, "txt": 16, "aaaa": 28}
MISCHIEF = ("silent", "servfail", "refused", "garbage", "wrong-id", "wrong-question", "truncated", "cut",
            "pointer-loop", "cname-loop", "cname-endless", "many", "long-text", "bad-length", "echo",
            "wrong-owner", "empty", "count-lies")


def encode(name):
    out = b""
    for label in name.rstrip(".").split("."):
        if label:
            raw = label.encode("latin-1")
            out += bytes([len(raw)]) + raw
    return out + b"\0"


def decode(message, at):
    labels = []
    while message[at]:
        labels.append(message[at + 1:at + 1 + message[at]].decode("latin-1"))
        at += 1 + message[at]
    return ".".join(labels).lower(), at + 1


def record(owner, kind, data, length=None):
    return encode(owner) + struct.pack("!HHIH", kind, 1, 60, len(data) if length is None else length) + data


def texts(value):
    raw = value.encode("latin-1")
    return b"".join(bytes([len(raw[i:i + 255])]) + raw[i:i + 255] for i in range(0, max(len(raw), 1), 255))


def data_of(kind, value):
    """The record's data, or None where the value is not of that kind."""
    if kind in (TYPES["a"], TYPES["aaaa"]):
        ip = ipaddress.ip_address(value)
        return ip.packed if (ip.version == 4) == (kind == TYPES["a"]) else None
    if kind == TYPES["mx"]:
        preference, _, host = value.rpartition(" ")
        return struct.pack("!H", int(preference or 0)) + encode(host)
    return texts(value) if kind == TYPES["txt"] else encode(value)


def reverse(text):
    try:
        return ipaddress.ip_address(text).reverse_pointer
    except ValueError:
        return text


class Zone:
    """The `dns` of a facts file, by name and type."""

    def __init__(self, dns):
        self.entries = {}
        for key, value in dns.items():
            kind, name = key.lower().split(" ", 1)
            if kind == "list":
                what, zone = name.split(" ")
                name = reverse(what).replace(".in-addr.arpa", "").replace(".ip6.arpa", "") + "." + zone
            if kind == "ptr":
                name = reverse(name)
            numbers = {"address": ("a", "aaaa"), "list": ("a", "aaaa")}.get(kind, (kind,))
            for number in numbers:
                self.entries[(name.rstrip("."), TYPES[number])] = [value] if isinstance(value, str) else value

    def exists(self, name):
        return any(n == name and v != ["none"] for n, _ in self.entries for v in [self.entries[(n, _)]])

    def look_up(self, name, kind):
        """Response code and records of the answer section."""
        answer = b""
        count = 0
        for _ in range(16):
            values = self.entries.get((name, kind))
            if values == ["tempfail"]:
                return 2, 0, b""
            found = [data_of(kind, v) for v in values or [] if v != "none"]
            found = [d for d in found if d is not None]
            if found:
                return 0, count + len(found), answer + b"".join(record(name, kind, d) for d in found)
            alias = self.entries.get((name, TYPES["cname"]))
            if not alias or alias == ["none"] or kind == TYPES["cname"]:
                return (0 if self.exists(name) else 3), count, answer
            answer += record(name, TYPES["cname"], encode(alias[0]))
            count += 1
            name = alias[0].rstrip(".").lower()
        return 0, count, answer


class Server:
    """UDP and TCP on one port, each in a thread."""

    def __init__(self, dns, address="127.0.0.1", port=0):
        self.zone, self.asked, self.closed = Zone(dns), [], False
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        for _ in range(20):
            self.udp = socket.socket(family, socket.SOCK_DGRAM)
            self.udp.bind((address, port))
            self.port = self.udp.getsockname()[1]
            self.tcp = socket.socket(family, socket.SOCK_STREAM)
            self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                self.tcp.bind((address, self.port))
                break
            except OSError:
                self.udp.close()
                self.tcp.close()
        self.tcp.listen(16)
        threading.Thread(target=self.serve_udp, daemon=True).start()
        threading.Thread(target=self.serve_tcp, daemon=True).start()

    def close(self):
        self.closed = True
        for s in (self.udp, self.tcp):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            s.close()

    def serve_udp(self):
        while not self.closed:
            try:
                query, peer = self.udp.recvfrom(4096)
                if not query:
                    return
                for answer in self.answer(query, False):
                    self.udp.sendto(answer, peer)
            except OSError:
                return

    def serve_tcp(self):
        while not self.closed:
            try:
                sock, _ = self.tcp.accept()
            except OSError:
                return
            threading.Thread(target=self.serve_connection, args=(sock,), daemon=True).start()

    def serve_connection(self, sock):
        sock.settimeout(5)
        with sock:
            try:
                while True:
                    head = sock.recv(2, socket.MSG_WAITALL)
                    if len(head) < 2:
                        return
                    query = sock.recv(struct.unpack("!H", head)[0], socket.MSG_WAITALL)
                    for answer in self.answer(query, True):
                        sock.sendall(struct.pack("!H", len(answer)) + answer)
            except OSError:
                return

    def answer(self, query, tcp):
        name, end = decode(query, 12)
        kind = struct.unpack("!H", query[end:end + 2])[0]
        self.asked.append((name, kind, "tcp" if tcp else "udp"))
        mischief = next((label for label in name.split(".") if label in MISCHIEF), None)
        head = query[:2]
        question = query[12:end + 4]

        def message(rcode=0, answers=0, body=b"", flags=0x8180, ident=head, asked=question):
            return ident + struct.pack("!HHHHH", flags | rcode, 1, answers, 0, 0) + asked + body

        address = record(name, TYPES["a"], b"\xc0\x00\x02\x01")
        if mischief is None:
            rcode, count, body = self.zone.look_up(name, kind)
            whole = message(rcode, count, body)
            if len(whole) > 512 and not tcp:
                return [message(flags=0x8380)]
            return [whole]
        simple = {
            "silent": [], "servfail": [message(2)], "refused": [message(5)], "garbage": [b"\xff" * 40],
            "echo": [query], "empty": [b""], "cut": [message(0, 1, address)[:-2]],
            "wrong-question": [message(0, 1, address, asked=encode("other.example") + question[-4:])],
            "count-lies": [message(0, 65535, address)],
            "wrong-owner": [message(0, 1, record("other.example", TYPES["a"], b"\xc0\x00\x02\x63"))],
            "bad-length": [message(0, 1, record(name, kind, b"\xc0\x00\x02", 3) + address)],
            "wrong-id": [message(0, 1, address, ident=bytes([head[0] ^ 255, head[1]]))],
            "cname-loop": [message(0, 2, record(name, 5, encode("x." + name)) + record("x." + name, 5, encode(name)))],
            "cname-endless": [message(0, 1, record(name, 5, encode("x." + name)))],
            # The owner's name is a pointer to itself.
            "pointer-loop": [message(0, 1, b"\xc0" + bytes([12 + len(question)]) + address[len(encode(name)):])],
        }
        if mischief in simple:
            return simple[mischief]
        if not tcp:
            return [message(flags=0x8380)]
        if mischief == "truncated":
            return [message(0, 1, address)] if kind == TYPES["a"] else [message()]
        if mischief == "many":
            return [message(0, 1000, b"".join(
                record(name, TYPES["a"], bytes([192, 0, 2, i % 256])) for i in range(1000)))]
        return [message(0, 1, record(name, TYPES["txt"], texts("x" * 9000)))]  # long-text


def main():
    where = "127.0.0.1:0" if len(sys.argv) < 3 else sys.argv[1]
    with open(sys.argv[-1], encoding="utf-8") as f:
        dns = json.load(f).get("dns", {})
    address, _, port = where.rpartition(":")
    server = Server(dns, address.strip("[]"), int(port))
    print("%s:%d" % (address, server.port), flush=True)
    sys.stdin.read()
    server.close()


if __name__ == "__main__":
    main()
