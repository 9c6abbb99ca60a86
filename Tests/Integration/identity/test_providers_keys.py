"""A provider's keys: rotated, late, broken, gone. A request waits for them; the event loop doesn't."""
import json
import socket
import threading
import time

import pytest

from identity_gateway import Key, Provider, oidc


@pytest.fixture
def own():
    server = Provider()
    server.keys = [Key("first", "ES256")]
    yield server
    server.close()


def test_a_new_key_works_at_once_and_an_old_one_ends(own, make_gateway):
    gateway = make_gateway(oidc(own.issuer, refresh="1s"))
    old = own.token()
    assert gateway.ask(old) == (200, "")
    own.keys = [Key("second", "EdDSA")]
    time.sleep(2.5)
    # The old one was remembered as good; its key is not the provider's any more.
    assert gateway.ask(own.token()) == (200, "")
    assert gateway.ask(old) == (401, "unknown-kid")


def test_a_prefix_stands_before_each_subject(own, make_gateway):
    gateway = make_gateway(oidc(own.issuer, **{"subject-prefix": "care:"}))
    assert [gateway.ask(own.token()) for _ in range(2)] == [(200, "")] * 2
    gateway.stop()
    assert [r["data"]["principal"]["subject"] for r in gateway.records() if r["type"] == "request"] == ["care:ana"] * 2


def test_an_unknown_kid_is_looked_up(own, make_gateway):
    gateway = make_gateway(oidc(own.issuer, refresh="1h"))
    assert gateway.ask(own.token()) == (200, "")
    own.keys.append(Key("second", "ES384"))
    deadline = time.time() + 20
    while gateway.ask(own.token(own.keys[1])) != (200, ""):  # not within ten seconds of the last fetch
        assert time.time() < deadline
        time.sleep(0.5)


def test_a_request_waits_for_keys_and_others_do_not(own, make_gateway):
    """One event loop: while one request waits for a slow provider, the loop serves others."""
    gate = threading.Event()

    def slow(path):
        gate.wait(4)
        own.broken = None
        return own.answer(path)

    own.broken = slow
    gateway = make_gateway(oidc(own.issuer) + "\n  - authenticate: keys")
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": "x" * 20000}]}).encode()
    answers = []
    waiting = [threading.Thread(target=lambda: answers.append(gateway.request(
        "/openai/v1/chat/completions", body, {"authorization": "Bearer " + own.token()})[0])) for _ in range(5)]
    for thread in waiting:
        thread.start()
    time.sleep(0.3)
    began = time.monotonic()
    assert gateway.request("/healthz")[0] == 200
    assert gateway.request(headers={"authorization": "Bearer sk-sluice-unknown"})[0] == 401
    assert not answers and time.monotonic() - began < 3, "the loop stood still"
    gate.set()
    for thread in waiting:
        thread.join()
    assert answers == [200] * 5


def test_a_waiting_token_is_judged_as_any_other(own, make_gateway):
    def slow(path):
        time.sleep(1)
        own.broken = None
        return own.answer(path)

    own.broken = slow
    gateway = make_gateway(oidc(own.issuer))
    assert gateway.ask(own.token(aud="other")) == (401, "wrong-audience")


BROKEN = {
    "an error": lambda own: lambda path: (500, b"", {}),
    "a redirect": lambda own: lambda path: (302, b"", {"location": own.issuer + "/keys"}),
    "no JSON": lambda own: lambda path: (200, b"<html>", {}),
    "another issuer": lambda own: lambda path: (200, json.dumps({"issuer": own.issuer + "/x", "jwks_uri": own.issuer + "/keys"}).encode(), {}),
    "keys by plain HTTP": lambda own: lambda path: (200, json.dumps({"issuer": own.issuer, "jwks_uri": "http://example.org/keys"}).encode(), {}),
    "too much": lambda own: lambda path: (200, b"{" + b" " * (300 << 10) + b"}", {}),
    "no keys": lambda own: lambda path: (200, json.dumps({"issuer": own.issuer, "jwks_uri": own.issuer + "/keys", "keys": []}).encode(), {}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_nobody_comes_in_without_keys(own, make_gateway, name):
    own.broken = BROKEN[name](own)
    gateway = make_gateway(oidc(own.issuer))
    assert gateway.ask(own.token()) == (503, "")
    own.broken = None
    deadline = time.time() + 20
    while gateway.ask(own.token()) != (200, ""):
        assert time.time() < deadline
        time.sleep(0.2)


def test_keys_are_used_for_the_stated_time_while_the_provider_is_gone(own, make_gateway):
    gateway = make_gateway(oidc(own.issuer, refresh="1s", stale="3s"))
    token = own.token()
    assert gateway.ask(token) == (200, "")
    own.broken = lambda path: (503, b"", {})
    time.sleep(2)
    assert gateway.ask(token) == (200, "") and gateway.ask(own.token(sub="bob")) == (200, "")
    time.sleep(4)
    assert gateway.ask(token)[0] == 503 and gateway.ask(own.token(sub="carla"))[0] == 503


@pytest.fixture
def hanging(own):
    """The provider answers when the test says so."""
    gate = threading.Event()

    def slow(path):
        gate.wait(20)
        own.broken = None
        return own.answer(path)

    own.broken = slow
    yield gate
    gate.set()


def test_a_client_may_leave_while_it_waits(own, hanging, make_gateway):
    gateway = make_gateway(oidc(own.issuer))
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", gateway.port)) as client:
            client.sendall(f"GET /openai/v1/models HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {own.token()}\r\n\r\n".encode())
            time.sleep(0.02)
    hanging.set()
    assert gateway.ask(own.token()) == (200, "")
    gateway.stop()


def test_what_follows_a_waiting_request_is_looked_at(own, hanging, make_gateway):
    """Pipelined behind a request that waits: a head with a bare LF, which parsers take and the gateway doesn't."""
    gateway = make_gateway(oidc(own.issuer))
    head = f"GET /openai/v1/models HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {own.token()}\r\n"
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=15) as client:
        client.sendall(f"{head}\r\n".encode())
        time.sleep(0.3)
        client.sendall(f"{head}X-Bad: a\n\r\n".encode())
        time.sleep(0.3)
        hanging.set()
        received = b""
        while piece := client.recv(65536):
            received += piece
    assert received.count(b"HTTP/1.1 200") <= 1 and received.count(b"HTTP/1.1 2") <= 1
    assert gateway.ask(own.token()) == (200, "")


def test_a_body_behind_a_waiting_head_arrives_whole(own, hanging, make_gateway):
    gateway = make_gateway(oidc(own.issuer))
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": "y" * 200000}]}).encode()
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(gateway.request(
        "/openai/v1/chat/completions", body, {"authorization": "Bearer " + own.token(), "expect": "100-continue"})[0]))
    waiting.start()
    time.sleep(0.5)
    assert not answers
    hanging.set()
    waiting.join()
    assert answers == [200]


def test_waiting_ends(own, hanging, make_gateway):
    """A fetch takes five seconds at most, and then it is known that nothing is known."""
    gateway = make_gateway(oidc(own.issuer))
    assert gateway.ask(own.token())[0] == 503
