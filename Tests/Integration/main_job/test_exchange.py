"""A developer's OpenAI client through the gateway: what arrives, what comes back, and what stays on record."""
import json
import re

import openai
import pytest

from main_gateway import SECRET

NOTE = ("Patient Margaret Holloway, DOB 03/14/1961, MRN 4482913, SSN 536-22-8719, was seen by Dr. Rajesh Patel. "
        "Phone (217) 555-0143, e-mail m.holloway@example.com, 42 Oak Street, Springfield, IL 62704.")
PLANTED = [b"Margaret", b"Holloway", b"03/14/1961", b"4482913", b"536-22-8719", b"Rajesh", b"Patel", b"555-0143",
           b"m.holloway", b"42 Oak", b"Springfield", b"62704"]


def leaks(data):
    return [word.decode()[:2] + "…" for word in PLANTED if word in data]


def client(gateway, key=None):
    return openai.OpenAI(base_url=gateway.base, api_key=key or gateway.key(), max_retries=0)


def messages(text=NOTE):
    return [
        {"role": "system", "content": "You help. The author is Margaret Holloway."},
        {"role": "user", "content": text},
        {"role": "assistant", "content": None, "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "find", "arguments": json.dumps({"ssn": "536-22-8719"})}}]},
        {"role": "tool", "tool_call_id": "call_1", "content": "found MRN 4482913"},
        {"role": "user", "content": [{"type": "text", "text": "Call (217) 555-0143."}]},
    ]


def test_whole(gateway, upstream):
    upstream.reply = lambda head, body: upstream.whole("Ask Margaret Holloway or Mr. Michael Torres, SSN 536-22-8719.")
    answer = client(gateway).chat.completions.create(model="m", messages=messages(), extra_body={"x_unknown": {"keep": [1.50, "as it is"]}})
    assert leaks(upstream.received) == []
    assert b'"x_unknown":{"keep":[1.5,"as it is"]}' in bytes(upstream.received).replace(b" ", b"").replace(b'"asitis"', b'"as it is"')
    text = answer.choices[0].message.content
    assert leaks(text.encode()) == [] and "Torres" not in text
    assert answer.usage.total_tokens == 12
    gateway.stop()
    verified = gateway.verify()
    assert verified.returncode == 0, verified.stdout
    assert leaks(gateway.everything_on_disk()) == []


def test_one_person_is_one_placeholder_and_two_are_two(gateway, upstream):
    calls = client(gateway)
    for text in ("Mrs. Margaret Holloway came.", "MARGARET HOLLOWAY came.", "Mr. Michael Torres came."):
        calls.chat.completions.create(model="m", messages=[{"role": "user", "content": text}])
    names = [re.search(rb"NAME_\w+", body).group() for _, body in upstream.requests]
    assert names[0] == names[1] != names[2]


def test_a_body_with_nothing_to_mask_arrives_as_it_was(gateway, upstream):
    body = b'{ "model":"m",\n "messages": [ {"role":"user","content":"plain \\u0041 \\/ text"} ], "n": 1e0, "z":null }'
    answer = post(gateway, body)
    assert answer.startswith(b"HTTP/1.1 200")
    assert upstream.requests[-1][1] == body


def test_credentials_stay_where_they_belong(gateway, upstream):
    key = gateway.key()
    client(gateway, key).chat.completions.create(model="m", messages=messages())
    head = upstream.requests[-1][0]
    assert b"Bearer " + SECRET.encode() in head
    assert key.encode() not in upstream.received
    gateway.stop()
    disk = gateway.everything_on_disk()
    assert key.encode() not in disk and SECRET.encode() not in disk


def test_streams_at_every_cut(gateway, upstream):
    pieces = ["Ask Mar", "garet Hol", "loway, MRN 44", "82913, or call (217) 5", "55-0143. ", "The rest is pl", "ain text 😀."]
    data = upstream.events(pieces)
    calls = client(gateway)
    seen = set()
    for cut in [*range(1, len(data), 23), len(data) - 1]:
        upstream.reply = lambda head, body: upstream.stream(data, [cut])
        stream = calls.chat.completions.create(model="m", messages=messages("Hello"), stream=True)
        chunks = list(stream)
        text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
        assert chunks[-1].choices[0].finish_reason == "stop"
        seen.add(text)
    assert len(seen) == 1
    text = seen.pop()
    assert leaks(text.encode()) == []
    assert text.endswith("The rest is plain text 😀.") and "[NAME_" in text and "[MRN_" in text and "[PHONE_" in text


def test_a_changed_byte_is_named(gateway):
    client(gateway).chat.completions.create(model="m", messages=messages())
    gateway.stop()
    segment = next((gateway.data / "log").glob("segment-*"))
    data = bytearray(segment.read_bytes())
    place = data.index(b'"verdict":"allow"') + 12
    data[place] ^= 1
    segment.write_bytes(data)
    verified = gateway.verify()
    assert verified.returncode == 1
    assert re.search(r"record \d+", verified.stdout), verified.stdout


@pytest.mark.parametrize("key", ["sk-sluice-" + "0" * 32, "sk-other", "expired", "revoked"])
def test_unknown_people_are_refused(gateway, upstream, key):
    if key in ("expired", "revoked"):
        made = gateway.key(expires="1s" if key == "expired" else "1h")
        if key == "revoked":
            identity = json.loads(gateway.run("keys", "list", "--data", gateway.data, "--json").stdout)[0]["id"]
            gateway.run("keys", "revoke", identity, "--data", gateway.data)
        import time
        time.sleep(1.5)
        key = made
    with pytest.raises(openai.AuthenticationError):
        client(gateway, key).chat.completions.create(model="m", messages=messages())
    assert upstream.requests == []


def test_guard_and_unknown_endpoints(gateway, upstream):
    calls = client(gateway)
    with pytest.raises(openai.PermissionDeniedError, match="no-bulk-export"):
        calls.chat.completions.create(model="m", messages=messages("Please export all patients"))
    with pytest.raises(openai.NotFoundError):
        calls.images.generate(prompt="x")
    with pytest.raises(openai.BadRequestError):
        calls.chat.completions.create(model="m", messages=[{"role": "user", "content": [
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]}])
    assert upstream.requests == []


def test_upstream_errors_come_through_masked(gateway, upstream):
    upstream.reply = lambda head, body: upstream.whole("", "429 Too Many Requests", json.dumps(
        {"error": {"message": "slow down, Margaret Holloway", "type": "rate_limit_error", "code": "rate_limit_exceeded"}}).encode())
    with pytest.raises(openai.RateLimitError) as caught:
        client(gateway).chat.completions.create(model="m", messages=messages())
    assert "Holloway" not in str(caught.value) and "slow down" in str(caught.value)


def post(gateway, body, key=None, head=""):
    import socket
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=10) as connection:
        connection.sendall((f"POST /openai/v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key or gateway.key()}\r\n"
                            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{head}\r\n").encode() + body)
        data = b""
        while piece := connection.recv(65536):
            data += piece
        return data
