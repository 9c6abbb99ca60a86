"""A stand-in upstream that does what a test tells it to, and keeps every byte that it was sent."""
import json
import socket
import threading


def end_listening(listener):
    """A thread that waits in accept() isn't woken by close(). Whatever stops and continues the process makes it wait anew, at the
    descriptor's number, which is another listener's by then: it would answer in that one's place."""
    try:
        listener.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    listener.close()


class Upstream:
    """Answers each request with `self.reply(head, body)`: bytes, or a list of bytes sent one after another; a function in it is called
    for what to send, None ends the connection."""

    def __init__(self, tls=None):
        self.tls = tls
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.received = bytearray()
        self.requests = []
        self.reply = lambda head, body: self.whole("Hello.")
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve_until_cut, args=(connection,), daemon=True).start()

    def _serve_until_cut(self, connection):
        try:
            self._serve(connection)
        except ConnectionError:
            pass  # a gateway that is killed says no goodbye

    def _serve(self, connection):
        pending = b""
        if self.tls:
            try:
                connection = self.tls.wrap_socket(connection, server_side=True)
            except OSError:
                return
        with connection:
            while True:
                while b"\r\n\r\n" not in pending:
                    data = connection.recv(65536)
                    if not data:
                        return
                    self.received += data
                    pending += data
                head, pending = pending.split(b"\r\n\r\n", 1)
                length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
                while len(pending) < length:
                    data = connection.recv(65536)
                    if not data:
                        return
                    self.received += data
                    pending += data
                body, pending = pending[:length], pending[length:]
                self.requests.append((head, body))
                answer = self.reply(head, body)
                for piece in answer if isinstance(answer, list) else [answer]:
                    if piece is None:
                        return
                    if callable(piece):
                        piece = piece()
                    try:
                        connection.sendall(piece)
                    except OSError:
                        return

    def close(self):
        end_listening(self.listener)

    @staticmethod
    def whole(text, status="200 OK", extra=None):
        body = extra if extra is not None else json.dumps({
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1764000000, "model": "m",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}}, ensure_ascii=False).encode()
        return f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body

    @staticmethod
    def events(pieces):
        def event(delta, finish=None):
            return b"data: " + json.dumps({
                "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1764000000, "model": "m",
                "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}, ensure_ascii=False).encode() + b"\n\n"
        return event({"role": "assistant", "content": ""}) + b"".join(event({"content": p}) for p in pieces) + event({}, "stop") + b"data: [DONE]\n\n"

    @staticmethod
    def stream(data, cuts):
        """The events as a chunked body, cut at these places, one chunk and one write for each piece."""
        edges = [0, *sorted(cuts), len(data)]
        pieces = [data[a:b] for a, b in zip(edges, edges[1:]) if a < b]
        head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
        return [head, *(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces), b"0\r\n\r\n"]
