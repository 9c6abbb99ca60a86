"""Clients that speak HTTP/2: by ALPN over TLS, and with prior knowledge without."""
import asyncio
import gzip
import json
import socket
import ssl
import threading
import time

import h2.config
import h2.connection
import h2.errors
import h2.events
import httpx
import pytest

from words import TEXT, has_nothing

BODY = {"model": "m", "messages": [{"role": "user", "content": TEXT}]}


def client(gateway, cls=httpx.Client, **words):
    context = ssl.create_default_context(cafile=gateway.authority / "ca.pem")
    return cls(http2=True, verify=context, base_url=gateway.base, timeout=20, headers={"authorization": f"Bearer {gateway.key()}"}, **words)


def test_a_request_is_masked(tls_gateway, upstream):
    upstream.reply = lambda head, body: upstream.whole("Dear " + TEXT)
    with client(tls_gateway) as http:
        answer = http.post("/chat/completions", json=BODY)
        assert answer.http_version == "HTTP/2" and answer.status_code == 200
        assert has_nothing(answer.content) and "fever" in answer.text
        assert "connection" not in answer.headers and "transfer-encoding" not in answer.headers
        again = http.post("/chat/completions", content=gzip.compress(json.dumps(BODY).encode()),
                          headers={"content-type": "application/json", "content-encoding": "gzip"})
        assert again.status_code == 200
    assert has_nothing(bytes(upstream.received)) and len(upstream.requests) == 2


def test_http1_goes_on(tls_gateway, upstream):
    context = ssl.create_default_context(cafile=tls_gateway.authority / "ca.pem")
    answer = httpx.post(tls_gateway.base + "/chat/completions", json=BODY, verify=context, headers={"authorization": f"Bearer {tls_gateway.key()}"})
    assert answer.http_version == "HTTP/1.1" and answer.status_code == 200


def test_a_stream_comes_as_it_is_made(tls_gateway, upstream):
    go = threading.Event()
    data = upstream.events(["Now ", "then ", TEXT, " later."])
    at = data.index(b"then ")
    pieces = upstream.stream(data, [at + 100])
    upstream.reply = lambda head, body: [*pieces[:2], lambda: (go.wait(5), pieces[2])[1], *pieces[3:]]
    with client(tls_gateway) as http, http.stream("POST", "/chat/completions", json={**BODY, "stream": True}) as answer:
        seen = b""
        for piece in answer.iter_raw():
            seen += piece
            if b"Now" in seen:
                go.set()
    assert go.is_set() and b"[DONE]" in seen and b"later." in seen and has_nothing(seen)


def test_errors(tls_gateway, upstream):
    with client(tls_gateway) as http:
        assert http.get("/nothing").status_code == 404
        assert http.post("/chat/completions", json=BODY, headers={"authorization": "Bearer no"}).status_code == 401
        assert http.post("/chat/completions", content=b"x" * 100_000, headers={"content-type": "application/json"}).status_code == 413
        assert http.post("/chat/completions", content=b"x", headers={"content-encoding": "br"}).status_code == 415
        assert http.post("/chat/completions", content=b"{", headers={"content-type": "application/json"}).status_code == 400
        assert http.get(f"https://localhost:{tls_gateway.port}/healthz").text == "ok\n"
        assert http.post("/chat/completions", json=BODY).status_code == 200


def test_many_streams_at_once(tls_gateway, upstream):
    barrier = threading.Barrier(50)

    def reply(head, body):
        barrier.wait(20)
        return upstream.whole("Echo " + json.loads(body)["messages"][0]["content"])

    upstream.reply = reply

    async def all_of_them():
        async with client(tls_gateway, httpx.AsyncClient, limits=httpx.Limits(max_connections=1)) as http:
            return await asyncio.gather(*(
                http.post("/chat/completions", json={"model": "m", "messages": [{"role": "user", "content": f"number {n}. {TEXT}"}]}) for n in range(50)))

    answers = asyncio.run(all_of_them())
    for number, answer in enumerate(answers):
        assert answer.status_code == 200 and f"number {number}." in answer.text and has_nothing(answer.content)


class Wire:
    """A client that says exactly what a test wants said."""

    def __init__(self, gateway, tls=None):
        self.sock = socket.create_connection(("127.0.0.1", gateway.port))
        if tls:
            context = ssl.create_default_context(cafile=tls / "ca.pem")
            context.set_alpn_protocols(["h2"])
            self.sock = context.wrap_socket(self.sock, server_hostname="localhost")
            assert self.sock.selected_alpn_protocol() == "h2"
        self.sock.settimeout(10)
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8", validate_outbound_headers=False, normalize_outbound_headers=False))
        self.h2.initiate_connection()
        self.key = gateway.key()
        self.flush()
        self.events = []

    def flush(self):
        self.sock.sendall(self.h2.data_to_send())

    def post(self, body=None, extra=(), end=True):
        number = self.h2.get_next_available_stream_id()
        fields = [(":method", "POST"), (":scheme", "http"), (":path", "/openai/v1/chat/completions"), (":authority", "localhost"),
                  ("content-type", "application/json"), ("authorization", f"Bearer {self.key}"), *extra]
        self.h2.send_headers(number, fields, end_stream=body is None and end)
        if body is not None:
            self.h2.send_data(number, body, end_stream=end)
        self.flush()
        return number

    def read(self, until, seconds=10):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = [event for event in self.events if until(event)]
            if found:
                return found[0]
            self.sock.settimeout(max(0.05, end - time.monotonic()))
            try:
                data = self.sock.recv(65536)
            except TimeoutError:
                break
            except OSError:
                data = b""
            if not data:
                return None
            self.events += self.h2.receive_data(data)
            for event in self.events:
                if isinstance(event, h2.events.DataReceived) and not getattr(event, "taken", False):
                    event.taken = True
                    try:
                        self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                    except h2.exceptions.ProtocolError:
                        pass
            try:
                self.flush()
            except OSError:
                pass
        raise AssertionError(f"nothing came; there was {self.events}")

    def status(self, number):
        event = self.read(lambda e: isinstance(e, (h2.events.ResponseReceived, h2.events.StreamReset)) and e.stream_id == number)
        return int(dict(event.headers)[":status"]) if isinstance(event, h2.events.ResponseReceived) else event.error_code


def test_prior_knowledge(gateway, upstream):
    wire = Wire(gateway)
    number = wire.post(json.dumps(BODY).encode())
    assert wire.status(number) == 200
    wire.read(lambda e: isinstance(e, h2.events.StreamEnded))
    assert has_nothing(bytes(upstream.received)) and len(upstream.requests) == 1


def test_a_reset_cancels_the_upstream(gateway, upstream):
    data = upstream.events(["One ", "two ", "three "])
    gone = threading.Event()
    upstream.reply = lambda head, body: [b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n",
                                         b"%x\r\n%s\r\n" % (len(data[:-16]), data[:-16]), *([lambda: (time.sleep(0.05), b"8\r\n: ping\n\n\r\n")[1]] * 100), lambda: (gone.set(), b"")[1]]
    wire = Wire(gateway)
    number = wire.post(json.dumps({**BODY, "stream": True}).encode())
    assert wire.status(number) == 200
    wire.read(lambda e: isinstance(e, h2.events.DataReceived))
    wire.h2.reset_stream(number, h2.errors.ErrorCodes.CANCEL)
    wire.flush()
    # The upstream's writes fail once its connection is gone, long before its last.
    time.sleep(2)
    metrics = httpx.get(f"http://127.0.0.1:{gateway.port}/metrics").text
    assert "sluice_exchanges_in_flight 0" in metrics and not gone.is_set()
    again = wire.post(json.dumps(BODY).encode())
    upstream.reply = lambda head, body: upstream.whole("Hello.")
    assert wire.status(again) == 200
    gateway.stop()
    assert any("client-closed" in json.dumps(record) for record in gateway.records())


def test_a_slow_reader_stops_the_upstream(gateway, upstream):
    sent = []
    event = upstream.events(["word " * 200])[:-30]

    def piece():
        sent.append(1)
        return b"%x\r\n%s\r\n" % (len(event), event)

    upstream.reply = lambda head, body: [b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n", *([piece] * 20_000)]
    wire = Wire(gateway)
    number = wire.post(json.dumps({**BODY, "stream": True}).encode())
    assert wire.status(number) == 200
    time.sleep(1)
    before = len(sent)
    time.sleep(1)
    # Its window of 64 KiB is full, and so are the sockets' buffers on the way: nothing moves.
    assert len(sent) == before < 20_000


def test_two_names(gateway, upstream):
    wire = Wire(gateway)
    assert wire.status(wire.post(json.dumps(BODY).encode(), [("host", "evil.example")])) == h2.errors.ErrorCodes.PROTOCOL_ERROR
    assert wire.status(wire.post(json.dumps(BODY).encode(), [("host", "localhost")])) == 200
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("field", [("connection", "keep-alive"), ("transfer-encoding", "chunked"), ("X-Upper", "a"), ("x-break", "a\r\nb: c")])
def test_fields_that_http2_has_not(gateway, upstream, field):
    wire = Wire(gateway)
    wire.post(json.dumps(BODY).encode(), [field])
    assert wire.read(lambda e: isinstance(e, (h2.events.StreamReset, h2.events.ConnectionTerminated))) or True
    assert upstream.requests == [] and gateway.get("/healthz") == 200


def test_a_head_that_is_too_large(gateway, upstream):
    wire = Wire(gateway)
    number = wire.h2.get_next_available_stream_id()
    wire.h2.send_headers(number, [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "localhost"), *((f"x-{n}", "v" * 1000) for n in range(60))], end_stream=True)
    wire.flush()
    event = wire.read(lambda e: isinstance(e, (h2.events.ConnectionTerminated, h2.events.StreamReset)))
    assert event is None or event.error_code != 0
    assert gateway.get("/healthz") == 200


def test_rapid_reset(gateway, upstream):
    """CVE-2023-44487."""
    wire = Wire(gateway)
    with pytest.raises(OSError):
        for _ in range(20):
            for _ in range(50):
                number = wire.post(b"{}", end=False)
                wire.h2.reset_stream(number, h2.errors.ErrorCodes.CANCEL)
            wire.flush()
            time.sleep(0.05)
            wire.sock.settimeout(0.2)
            try:
                data = wire.sock.recv(65536)
                if not data:
                    raise ConnectionResetError
                for event in wire.h2.receive_data(data):
                    if isinstance(event, h2.events.ConnectionTerminated):
                        assert event.error_code == h2.errors.ErrorCodes.ENHANCE_YOUR_CALM
                        raise ConnectionResetError
            except TimeoutError:
                pass
    assert upstream.requests == [] and gateway.get("/healthz") == 200


def test_a_flood_of_continuations(gateway):
    wire = Wire(gateway)
    head = bytes([0x82, 0x87, 0x84, 0x41, 0x01, 0x61])  # GET https / a
    frame = lambda kind, flags, payload: len(payload).to_bytes(3, "big") + bytes([kind, flags]) + (1).to_bytes(4, "big") + payload
    with pytest.raises(OSError):
        wire.sock.sendall(frame(1, 0x01, head))
        for n in range(2000):
            wire.sock.sendall(frame(9, 0, b"\x00\x03x-a\x01b"))
        wire.sock.settimeout(2)
        while True:
            data = wire.sock.recv(65536)
            if not data:
                raise ConnectionResetError
    assert gateway.get("/healthz") == 200


def test_more_streams_than_are_allowed(gateway, upstream):
    wire = Wire(gateway)
    for _ in range(100):
        wire.post(b"{}", end=False)
    # A hundred and first by hand: h2 itself would not open it.
    number = wire.h2.get_next_available_stream_id()
    block = wire.h2.encoder.encode([(":method", "GET"), (":scheme", "http"), (":path", "/healthz"), (":authority", "localhost")])
    wire.sock.sendall(len(block).to_bytes(3, "big") + bytes([1, 0x05]) + number.to_bytes(4, "big") + block)
    data = b""
    wire.sock.settimeout(3)
    try:
        while b"" != (piece := wire.sock.recv(65536)):
            data += piece
    except TimeoutError:
        pass
    # RST_STREAM for that stream, or GOAWAY: no answer.
    assert (b"\x03\x00" + number.to_bytes(4, "big")) in data or b"\x07\x00\x00\x00\x00\x00" in data
    assert gateway.get("/healthz") == 200


def test_draining_says_goaway_and_lets_streams_end(gateway, upstream):
    go = threading.Event()
    upstream.reply = lambda head, body: [lambda: (go.wait(10), upstream.whole("Late."))[1]]
    wire = Wire(gateway)
    number = wire.post(json.dumps(BODY).encode())
    for _ in range(100):
        if upstream.requests:
            break
        time.sleep(0.05)
    stopping = threading.Thread(target=gateway.stop)
    stopping.start()
    seen = b""
    # Read as it is: h2 takes nothing after GOAWAY.
    while (piece := wire.sock.recv(65536)):
        seen += piece
        if b"\x07\x00\x00\x00\x00\x00" in seen:
            go.set()
    stopping.join(20)
    assert not stopping.is_alive() and gateway.process.returncode == 0
    assert go.is_set() and b"Late." in seen and number == 1
    # The last GOAWAY names that stream, with NO_ERROR.
    assert (b"\x07\x00" + bytes(4) + number.to_bytes(4, "big") + bytes(4)) in seen
