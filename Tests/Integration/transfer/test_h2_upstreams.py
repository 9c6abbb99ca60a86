"""Upstreams that speak HTTP/2."""
import concurrent.futures
import gzip
import json
import threading
import time

import h2.errors
import httpx
import pytest

from h2_upstream import H2Upstream
from words import TEXT, has_nothing

BODY = {"model": "m", "messages": [{"role": "user", "content": TEXT}]}


def post(gateway, body=BODY, key=None, timeout=20):
    return httpx.post(gateway.base + "/chat/completions", json=body, timeout=timeout, headers={"authorization": f"Bearer {key or gateway.key()}"})


def test_a_request_and_its_answer(h2_behind, h2_upstream):
    h2_upstream.reply = lambda stream: h2_upstream.whole(stream, "Dear " + TEXT)
    answer = post(h2_behind)
    assert answer.status_code == 200 and "fever" in answer.text and has_nothing(answer.content)
    [(head, body)] = h2_upstream.requests
    assert has_nothing(body) and b"fever" in body
    assert head[":scheme"] == "https" and head[":authority"] == f"localhost:{h2_upstream.port}"
    assert head["authorization"].startswith("Bearer sk-provider") and "connection" not in head and "host" not in head


def test_a_large_request_waits_for_the_window(make_gateway, h2_upstream, authority):
    gateway = make_gateway(url=f"https://localhost:{h2_upstream.port}", trust=f"\n  ca: {authority}/ca.pem", request="4MiB")
    text = "a plain line of text without anything in it. " * 20_000
    assert post(gateway, {"model": "m", "messages": [{"role": "user", "content": text}]}).status_code == 200
    assert json.loads(h2_upstream.requests[0][1])["messages"][0]["content"] == text


def test_a_stream_and_gzip(h2_behind, h2_upstream):
    from upstream import Upstream
    data = gzip.compress(Upstream.events(["One ", TEXT, " two."]))

    def reply(stream):
        stream.connection.head(stream, content_type="text/event-stream", content_encoding="gzip")
        for place in range(0, len(data), 50):
            stream.connection.data(stream, data[place:place + 50])
        stream.connection.data(stream, b"", end=True)

    h2_upstream.reply = reply
    answer = post(h2_behind, {**BODY, "stream": True})
    assert answer.status_code == 200 and "[DONE]" in answer.text and "two." in answer.text and has_nothing(answer.content)


def test_an_interim_answer_is_passed_over(h2_behind, h2_upstream):
    def reply(stream):
        stream.connection.head(stream, status=103, link="</a>; rel=preload")
        H2Upstream.whole(stream, "Hello.")

    h2_upstream.reply = reply
    assert post(h2_behind).json()["choices"][0]["message"]["content"] == "Hello."


def test_many_exchanges_share_few_connections(h2_behind, h2_upstream):
    barrier = threading.Barrier(40)

    def reply(stream):
        barrier.wait(20)
        H2Upstream.whole(stream, "Echo " + json.loads(stream.body)["messages"][0]["content"])

    h2_upstream.reply = reply
    key = h2_behind.key()
    with concurrent.futures.ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(lambda n: post(h2_behind, {"model": "m", "messages": [{"role": "user", "content": f"number {n}. {TEXT}"}]}, key), range(40)))
    for number, answer in enumerate(answers):
        assert answer.status_code == 200 and f"number {number}." in answer.text and has_nothing(answer.content)
    # One for each event loop.
    assert len(h2_upstream.connections) <= 2


def test_more_than_the_upstream_takes_at_once(make_gateway, authority):
    server = H2Upstream(authority, maximum_streams=3)
    gateway = make_gateway(url=f"https://localhost:{server.port}", trust=f"\n  ca: {authority}/ca.pem", response_time="20s")
    most = [0, 0]
    lock = threading.Lock()

    def reply(stream):
        with lock:
            most[0] += 1
            most[1] = max(most)
        time.sleep(0.1)
        with lock:
            most[0] -= 1
        H2Upstream.whole(stream, "Hello.")

    server.reply = reply
    key = gateway.key()
    with concurrent.futures.ThreadPoolExecutor(40) as pool:
        assert all(answer.status_code == 200 for answer in pool.map(lambda n: post(gateway, key=key), range(60)))
    assert len(server.connections) <= 8 and len(server.requests) == 60
    server.close()


def test_a_client_that_leaves_resets_the_stream_alone(h2_behind, h2_upstream):
    go = threading.Event()

    def reply(stream):
        if b"slow" in stream.body:
            stream.connection.head(stream, content_type="text/event-stream")
            from upstream import Upstream
            stream.connection.data(stream, Upstream.events(["One two three "])[:-16])
            stream.is_reset.wait(10)
            go.set()
        else:
            H2Upstream.whole(stream, "Hello.")

    h2_upstream.reply = reply
    key = h2_behind.key()
    body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "slow"}]}
    with httpx.stream("POST", h2_behind.base + "/chat/completions", json=body, headers={"authorization": f"Bearer {key}"}) as answer:
        next(answer.iter_raw())
    assert go.wait(5) and h2_upstream.resets and h2_upstream.resets[0][1] == h2.errors.ErrorCodes.CANCEL
    assert post(h2_behind, key=key).status_code == 200
    assert not any(connection.is_closed for connection in h2_upstream.connections)


def test_refused_streams_are_tried_once_more(h2_behind, h2_upstream):
    seen = []

    def reply(stream):
        seen.append(stream)
        if len(seen) % 2 == 1:
            stream.connection.reset(stream)
        else:
            H2Upstream.whole(stream, "Hello.")

    h2_upstream.reply = reply
    assert post(h2_behind).status_code == 200
    assert len(seen) == 2


def test_refused_for_good(h2_behind, h2_upstream):
    h2_upstream.reply = lambda stream: stream.connection.reset(stream)
    answer = post(h2_behind)
    assert answer.status_code == 502 and len(h2_upstream.requests) == 2


def test_goaway_moves_to_another_connection(h2_behind, h2_upstream):
    def reply(stream):
        if len(h2_upstream.requests) == 1:
            # As servers do after so many requests: the last that is answered is named.
            H2Upstream.whole(stream, "Last.")
            stream.connection.go_away(stream.number)
        else:
            H2Upstream.whole(stream, "Hello.")

    h2_upstream.reply = reply
    key = h2_behind.key()
    for _ in range(6):
        assert post(h2_behind, key=key).status_code == 200
    assert len(h2_upstream.connections) >= 2


def test_goaway_among_many(h2_behind, h2_upstream):
    """Connections end all the time, in the middle of exchanges, and no client notices."""
    def reply(stream):
        time.sleep(0.01)
        H2Upstream.whole(stream, "Hello.")
        if stream.number >= 41:
            with stream.connection.lock:
                if not stream.connection.is_leaving:
                    stream.connection.is_leaving = True
                    stream.connection.go_away_gently(stream.connection.last)

    h2_upstream.reply = reply
    key = h2_behind.key()
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: post(h2_behind, key=key), range(300)))
    assert [answer.text for answer in answers if answer.status_code != 200] == []
    assert len(h2_upstream.connections) > 4


def test_a_handshake_that_does_not_end(make_gateway, authority):
    import socket
    listener = socket.create_server(("127.0.0.1", 0))
    gateway = make_gateway(url=f"https://localhost:{listener.getsockname()[1]}", trust=f"\n  ca: {authority}/ca.pem", response_time="30s")
    key = gateway.key()
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda n: post(gateway, key=key), range(6)))
    assert {(answer.status_code, answer.json()["error"]["code"]) for answer in answers} == {(504, "upstream_timeout")}
    # One tries, the others wait for it and not for a try of their own.
    assert time.monotonic() - began < 12
    listener.close()


def test_a_connection_that_dies(h2_behind, h2_upstream):
    h2_upstream.reply = lambda stream: stream.connection.cut()
    answer = post(h2_behind)
    assert answer.status_code == 502 and answer.json()["error"]["code"] == "upstream_died"
    h2_upstream.reply = lambda stream: H2Upstream.whole(stream, "Hello.")
    assert post(h2_behind).status_code == 200


@pytest.mark.parametrize("size, stated", [(10, 20), (20, 10)])
def test_an_answer_that_is_not_as_long_as_it_says(h2_behind, h2_upstream, size, stated):
    def reply(stream):
        stream.connection.head(stream, content_type="application/json", content_length=str(stated))
        with stream.connection.lock:
            stream.connection.h2.streams[stream.number]._expected_content_length = None
        stream.connection.data(stream, b"1" * size, end=True)

    h2_upstream.reply = reply
    assert post(h2_behind).status_code == 502


def test_a_slow_client_stops_the_stream(make_gateway, h2_upstream, authority):
    import socket
    from upstream import Upstream
    gateway = make_gateway(url=f"https://localhost:{h2_upstream.port}", trust=f"\n  ca: {authority}/ca.pem", idle="20s", response_time="20s")
    event = Upstream.events(["word " * 200])[:-30]

    def reply(stream):
        stream.connection.head(stream, content_type="text/event-stream")
        for _ in range(20_000):
            stream.connection.data(stream, event)

    h2_upstream.reply = reply
    key = gateway.key()
    slow = socket.create_connection(("127.0.0.1", gateway.port))
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    body = json.dumps({**BODY, "stream": True}).encode()
    slow.sendall(f"POST /openai/v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    time.sleep(2)
    before = h2_upstream.sent
    time.sleep(1)
    assert 0 < h2_upstream.sent == before < 20_000 * len(event) // 2
    # Another exchange on the same connection is not held up.
    h2_upstream.reply = lambda stream: H2Upstream.whole(stream, "Hello.")
    assert [post(gateway, key=key).status_code for _ in range(4)] == [200] * 4
    slow.close()


def test_an_upstream_that_stays_with_http1(make_gateway, authority):
    import ssl
    from upstream import Upstream
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "server.pem", authority / "server.key")
    context.set_alpn_protocols(["http/1.1"])
    server = Upstream(context)
    gateway = make_gateway(url=f"https://localhost:{server.port}", trust=f"\n  ca: {authority}/ca.pem")
    key = gateway.key()
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        assert all(answer.status_code == 200 for answer in pool.map(lambda n: post(gateway, key=key), range(20)))
    server.close()
