"""Compressed bodies are looked into like all others, on both sides, and what can't be undone is refused."""
import gzip
import json
import re
import zlib

import httpx
import pytest

from words import TEXT, has_nothing

BODY = {"model": "m", "messages": [{"role": "user", "content": TEXT}]}


def raw_deflate(data):
    made = zlib.compressobj(wbits=-15)
    return made.compress(data) + made.flush()


CODINGS = [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", raw_deflate)]


def post(gateway, body, coding, **fields):
    return httpx.post(
        gateway.base + "/chat/completions", content=body, timeout=20,
        headers={"authorization": f"Bearer {gateway.key()}", "content-type": "application/json", "content-encoding": coding, **fields})


def coded(body, coding, content_type="application/json", stated=True):
    length = f"content-length: {len(body)}\r\n" if stated else "connection: close\r\n"
    return f"HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-encoding: {coding}\r\n{length}\r\n".encode() + body


@pytest.mark.parametrize("coding, compress", CODINGS)
def test_a_compressed_request_is_masked(gateway, upstream, coding, compress):
    answer = post(gateway, compress(json.dumps(BODY).encode()), coding)
    assert answer.status_code == 200, answer.text
    [(head, body)] = upstream.requests
    assert has_nothing(bytes(upstream.received)) and b"fever" in body
    assert b"content-encoding" not in head.lower()
    assert re.search(rb"(?i)\naccept-encoding: gzip, deflate\r", head + b"\r\n")
    assert json.loads(body)["messages"][0]["role"] == "user"


def test_gzip_of_several_members(gateway, upstream):
    data = json.dumps(BODY).encode()
    assert post(gateway, gzip.compress(data[:30]) + gzip.compress(data[30:]), "gzip").status_code == 200
    assert has_nothing(bytes(upstream.received)) and len(upstream.requests) == 1


@pytest.mark.parametrize("coding, compress", CODINGS)
def test_a_compressed_answer_is_masked(gateway, upstream, coding, compress):
    plain = upstream.whole(TEXT).split(b"\r\n\r\n", 1)[1]
    upstream.reply = lambda head, body: coded(compress(plain), coding)
    answer = post(gateway, json.dumps({**BODY, "messages": [{"role": "user", "content": "hi"}]}).encode(), "identity")
    assert answer.status_code == 200 and "fever" in answer.text
    assert has_nothing(answer.content) and "content-encoding" not in answer.headers
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_a_compressed_stream_is_masked_as_it_comes(gateway, upstream):
    data = upstream.events([*(f"word{n} " for n in range(40)), TEXT, " Bye."])
    maker = zlib.compressobj(wbits=31)
    pieces = [maker.compress(part + b"\n\n") + maker.flush(zlib.Z_SYNC_FLUSH) for part in data.split(b"\n\n") if part] + [maker.flush()]
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n"
    upstream.reply = lambda h, b: [head, *(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces), b"0\r\n\r\n"]
    answer = post(gateway, json.dumps({**BODY, "stream": True}).encode(), "identity")
    assert answer.status_code == 200 and "[DONE]" in answer.text and "word39" in answer.text and "Bye." in answer.text
    assert has_nothing(answer.content) and "content-encoding" not in answer.headers


def test_a_bomb_of_a_request(gateway, upstream):
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < 60_000
    answer = post(gateway, bomb, "gzip")
    assert answer.status_code == 413, answer.text
    assert answer.json()["error"]["code"] in ("compression_ratio", "request_too_large")
    assert upstream.requests == [] and gateway.get("/healthz") == 200


def test_a_bomb_that_is_under_the_limit(make_gateway, upstream):
    gateway = make_gateway(request="256MiB")
    answer = post(gateway, gzip.compress(b" " * 50_000_000), "gzip")
    assert answer.status_code == 413 and answer.json()["error"]["code"] == "compression_ratio"
    assert upstream.requests == []


def test_a_body_that_is_too_large_uncompressed(gateway, upstream):
    import random
    random.seed(1)
    text = "".join(random.choice("abcdefghij ") for _ in range(80_000))
    body = gzip.compress(json.dumps({"model": "m", "messages": [{"role": "user", "content": text}]}).encode())
    assert len(body) < 60_000
    answer = post(gateway, body, "gzip")
    assert answer.status_code == 413 and answer.json()["error"]["code"] == "request_too_large"
    assert upstream.requests == []


def test_a_bomb_of_an_answer(gateway, upstream):
    bomb = gzip.compress(b" " * 50_000_000)
    upstream.reply = lambda head, body: coded(bomb, "gzip")
    answer = post(gateway, json.dumps(BODY).encode(), "identity")
    assert answer.status_code == 502 and answer.json()["error"]["code"] in ("upstream_compression_ratio", "response_too_large")


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "compress", "aes128gcm"])
def test_what_can_not_be_undone(gateway, upstream, coding):
    answer = post(gateway, b"whatever", coding)
    assert answer.status_code == 415 and answer.json()["error"]["code"] == "unsupported_encoding"
    assert answer.headers["accept-encoding"] == "gzip, deflate"
    assert upstream.requests == []


@pytest.mark.parametrize("spoil, code", [
    (lambda data: data[:-4], "truncated_encoding"), (lambda data: data[:20], "truncated_encoding"),
    (lambda data: data[:-8] + b"\0" * 8, "malformed_encoding"), (lambda data: data + b"{}", "malformed_encoding"),
    (lambda data: b'{"model": "m"}', "malformed_encoding"),
])
def test_a_broken_request(gateway, upstream, spoil, code):
    answer = post(gateway, spoil(gzip.compress(json.dumps(BODY).encode())), "gzip")
    assert answer.status_code == 400 and answer.json()["error"]["code"] == code
    assert upstream.requests == [] and gateway.get("/healthz") == 200


@pytest.mark.parametrize("spoil, coding, code", [
    (lambda data: data[:-4], "gzip", "upstream_died"), (lambda data: data + b"x", "gzip", "upstream_encoding"),
    (lambda data: data, "br", "upstream_encoding"), (lambda data: data, "gzip, gzip", "upstream_encoding"),
])
def test_a_broken_answer(gateway, upstream, spoil, coding, code):
    plain = upstream.whole(TEXT).split(b"\r\n\r\n", 1)[1]
    upstream.reply = lambda head, body: coded(spoil(gzip.compress(plain)), coding)
    answer = post(gateway, json.dumps(BODY).encode(), "identity")
    assert answer.status_code == 502 and answer.json()["error"]["code"] == code
    assert has_nothing(answer.content)
