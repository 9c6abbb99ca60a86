"""What the design promises beyond one exchange: bytes outside edits, placeholders over time, text that is not held back, and a
log that can be read without our code."""
import base64
import hashlib
import json
import re
import socket
import subprocess
import threading

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from main_gateway import SLUICE
from test_exchange import NOTE, client, leaks, messages, post
from test_gate import ask, in_background, pending

MASK = re.compile(rb"\[[A-Z_]+(?:_[0-9A-HJKMNP-TV-Z]{6})?\]")


def placeholder(gateway, upstream, text="Mrs. Margaret Holloway came."):
    client(gateway).chat.completions.create(model="m", messages=[{"role": "user", "content": text}])
    return re.search(rb"\[NAME_\w+\]", upstream.requests[-1][1]).group()


def test_bytes_outside_the_edits_are_the_clients_own(gateway, upstream):
    body = (b'{ "x_first":{"a" : 1.50e+02,"b":[ 1,2 ],"c":"caf\\u00e9 \\/ \\ud83d\\ude00"},\r\n\t"model":"m", "messages":[{"content": '
            + json.dumps(NOTE).encode() + b' ,"role":"user","x_in":null}], "temperature":0.10, "x_last":[true , {} ] }')
    assert post(gateway, body).startswith(b"HTTP/1.1 200")
    arrived = upstream.requests[-1][1]
    assert leaks(arrived) == []
    kept = MASK.split(arrived)
    assert len(kept) > 8, "most of the identifiers are masked"
    # What is left between the masks stands in the client's bytes, in this order, from the first byte to the last.
    assert re.fullmatch(b"(?s:.+?)".join(map(re.escape, kept)), body)


def test_a_placeholder_outlives_the_process_and_means_nothing_elsewhere(make_gateway, upstream):
    first = make_gateway()
    before = placeholder(first, upstream)
    first.stop()
    first.start()
    assert placeholder(first, upstream) == before
    assert placeholder(make_gateway(), upstream) != before


def test_text_that_can_be_no_finding_is_not_held_back(gateway, upstream):
    data = upstream.events(["the heart sounds are normal and the lungs are clear on both sides, so the plan ", "does not change."])
    middle = data.index(b'"does not')
    head, first, second, end = upstream.stream(data, [data.rindex(b"data: ", 0, middle)])
    released = threading.Event()
    upstream.reply = lambda _, body: [head, first, lambda: released.wait(20) and second, end]
    parts = client(gateway).chat.completions.create(model="m", messages=messages("Hello"), stream=True)
    text = ""
    for chunk in parts:
        text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
        if len(text) > 20:
            released.set()
    assert released.is_set(), "the first part came only when the second had been sent"
    assert text == "the heart sounds are normal and the lungs are clear on both sides, so the plan does not change."


def test_arguments_of_a_tool_call_are_masked_in_a_stream(gateway, upstream):
    def event(delta, finish=None):
        return b"data: " + json.dumps({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [
            {"index": 0, "delta": delta, "finish_reason": finish}]}).encode() + b"\n\n"

    def call(text, **more):
        return event({"tool_calls": [{"index": 0, **more, "function": {"arguments": text}}]})

    data = (event({"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": {"name": "find", "arguments": ""}}]})
            + call('{"ssn": "536-2') + call('2-8719", "who": "Mrs. Marg') + call('aret Holloway"}')
            + event({}, "tool_calls") + b"data: [DONE]\n\n")
    upstream.reply = lambda head, body: upstream.stream(data, [])
    arguments = ""
    for chunk in client(gateway).chat.completions.create(model="m", messages=messages("Hello"), stream=True):
        for made in (chunk.choices[0].delta.tool_calls or []) if chunk.choices else []:
            arguments += made.function.arguments or ""
    assert leaks(arguments.encode()) == []
    assert set(json.loads(arguments)) == {"ssn", "who"}


def test_a_key_also_comes_as_x_api_key(gateway, upstream):
    key = gateway.key()
    body = b'{"model":"m","messages":[]}'

    def status(fields):
        with socket.create_connection(("127.0.0.1", gateway.port), timeout=10) as connection:
            connection.sendall((f"POST /openai/v1/chat/completions HTTP/1.1\r\nHost: x\r\n{fields}Cookie: a=b\r\n"
                                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body)
            return connection.recv(65536).split()[1]

    assert status("") == b"401" and upstream.requests == []
    assert status(f"X-API-Key: {key}\r\n") == b"200"
    head = upstream.requests[-1][0].lower()
    assert key.encode() not in upstream.received and b"x-api-key" not in head and b"cookie" not in head


def test_two_people_have_to_agree(make_gateway, upstream):
    gateway = make_gateway(at=30, hold="20s")
    text = gateway.pipeline.read_text().replace("expires: 15m", "quorum: 2, expires: 15m")
    gateway.stop()
    gateway.pipeline.write_text(text)
    gateway.start()
    thread, outcome = in_background(lambda: ask(gateway, gateway.key()))
    approval = pending(gateway)["id"]
    one, other = gateway.key("bo", "officers"), gateway.key("cy", "officers")

    def approve(key):
        return gateway.run("approvals", "approve", approval, "--data", gateway.data, env={"SLUICE_KEY": key}, check=False).returncode

    assert approve(one) == 0 and approve(one) == 1
    assert thread.is_alive() and upstream.requests == []
    assert approve(other) == 0
    thread.join(20)
    assert outcome.get("value"), outcome
    assert len(upstream.requests) == 1


def test_one_log_has_one_writer(gateway, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
    second = subprocess.run([SLUICE, "serve", gateway.pipeline, "--listen", f"127.0.0.1:{free}", "--data", gateway.data],
                            capture_output=True, text=True, timeout=60, env={"TEST_CREDENTIAL": "x", "PATH": "/usr/bin"})
    assert second.returncode in (1, 2) and second.stderr
    assert gateway.get("/readyz") == 200
    client(gateway).chat.completions.create(model="m", messages=messages())
    gateway.stop()
    assert gateway.verify().returncode == 0


def leaves(log):
    """The leaf hashes (RFC 6962, 2.1) of the records in the segments, in order."""
    found = []
    for segment in sorted(log.glob("segment-*.log")):
        data = segment.read_bytes()
        place = 4096
        while place + 40 <= len(data) and (length := int.from_bytes(data[place:place + 4], "little")):
            record = data[place + 40:place + 40 + length]
            assert json.loads(record)["sequence"] == len(found)
            found.append(hashlib.sha256(b"\0" + record).digest())
            assert data[place + 8:place + 40] == found[-1]
            place += 40 + length
    return found


def root(hashes):
    """The Merkle tree's root, by the standard's own recursive definition."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return hashlib.sha256(b"\1" + root(hashes[:split]) + root(hashes[split:])).digest()


def test_the_log_can_be_verified_by_other_hands(gateway):
    calls = client(gateway)
    for number in range(5):
        calls.chat.completions.create(model="m", messages=messages(f"number {number}"))
    gateway.stop()
    log = gateway.data / "log"
    hashes = leaves(log)
    name, _, key = (log / "checkpoint.pub").read_text().strip().split("+", 2)
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key)[1:])
    notes = [n for n in re.split(r"\n\n(?=sluice/)", (log / "checkpoints").read_text().strip("\n")) if n]
    assert notes
    for note in notes:
        text, signature = note.split("\n\n\u2014 ", 1)
        origin, size, expected = text.split("\n")
        assert origin == name
        assert root(hashes[:int(size)]) == base64.b64decode(expected)
        public.verify(base64.b64decode(signature.split()[1])[4:], (text + "\n").encode())
    assert int(notes[-1].split("\n")[1]) == len(hashes), "the last checkpoint, at shutdown, covers everything"


def test_the_demo_proves_itself(tmp_path):
    done = subprocess.run([SLUICE, "demo", "--once", "--data", tmp_path / "demo"], capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert not done.stderr, "what should have ended went on"
