"""A stand-in upstream for any protocol: a whole body or a stream of events, cut where a test says, with any head."""

import json
import threading

from upstream import Upstream


class Scripted(Upstream):
    """`self.reply(head, body)` is as in `Upstream`; `self.left` is set when the gateway has ended a connection that waited for it."""

    def __init__(self):
        self.local = threading.local()
        self.left = threading.Event()
        super().__init__()
        self.home = lambda head, body: self.whole_body(b"{}")

    def _serve(self, connection):
        self.local.connection = connection
        try:
            super()._serve(connection)
        except OSError:
            pass

    def reset(self):
        self.requests.clear()
        self.received.clear()
        self.left.clear()
        self.reply = self.home

    def wait_for_leaving(self):
        """A piece of an answer: waits until the other side ends the connection."""

        def wait():
            self.local.connection.settimeout(20)
            try:
                while self.local.connection.recv(65536):
                    pass
                self.left.set()
            except TimeoutError:
                pass
            except OSError:
                self.left.set()
            return b""

        return wait

    @staticmethod
    def head(status="200 OK", content_type="application/json", **fields):
        lines = [f"HTTP/1.1 {status}", f"content-type: {content_type}", *(f"{name.replace('_', '-')}: {value}" for name, value in fields.items())]
        return ("\r\n".join(lines) + "\r\n").encode()

    @classmethod
    def whole_body(cls, body, status="200 OK", content_type="application/json", **fields):
        if not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode()
        return cls.head(status, content_type, content_length=len(body), **fields) + b"\r\n" + body

    @classmethod
    def pieces(cls, data, cuts=(), status="200 OK", content_type="text/event-stream", **fields):
        """The bytes as a chunked body, cut at these places, one chunk and one write for each piece."""
        edges = [0, *sorted(cuts), len(data)]
        parts = [data[a:b] for a, b in zip(edges, edges[1:]) if a < b]
        return [
            cls.head(status, content_type, transfer_encoding="chunked", **fields) + b"\r\n",
            *(b"%x\r\n%s\r\n" % (len(p), p) for p in parts),
            b"0\r\n\r\n",
        ]

    def answers(self, body, **more):
        self.reply = lambda head, _: self.whole_body(body, **more)

    def streams(self, data, cuts=(), **more):
        self.reply = lambda head, _: self.pieces(data, cuts, **more)

    @property
    def last(self):
        assert self.requests, "nothing arrived upstream"
        return self.requests[-1][1]

    @property
    def last_head(self):
        return self.requests[-1][0]

    @property
    def last_line(self):
        return self.requests[-1][0].split(b"\r\n")[0].decode()

    def field(self, name):
        """The values of a header field of the last request."""
        found = []
        for line in self.last_head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name.encode().lower():
                found.append(value.strip().decode())
        return found


def sse(*items, names=True):
    """Events as vendors write them: with the kind's name where `names` says so."""
    out = b""
    for item in items:
        if isinstance(item, bytes):
            out += item
            continue
        name = f"event: {item['type']}\n".encode() if names and "type" in item else b""
        out += name + b"data: " + json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode() + b"\n\n"
    return out
