"""What must not come through, and what must not take the gateway down."""
import json
import re
import signal
import socket
import subprocess
import time

import openai
import pytest

from main_gateway import SLUICE
from test_exchange import client, messages, post

HEAD = "POST /openai/v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"


def talk(gateway, data, wait=4):
    """Sends bytes as they are; returns what comes back until the connection ends."""
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=wait) as connection:
        connection.sendall(data)
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
        except TimeoutError:
            pass
        return answer


def error_of(answer):
    return json.loads(answer.split(b"\r\n\r\n", 1)[1])["error"]


@pytest.mark.parametrize("body, code", [
    (b'{"model":', "invalid_json"),
    (b'{"model":"m","messages":[{"role":"user","content":"\xff\xfe"}]}', "invalid_utf8"),
    (b'{"a":' * 1000 + b"1" + b"}" * 1000, "too_deep"),
    (b'{"model":"m","model":"n"}', "duplicate_key"),
    (b'{"model":"m","messages":[],"logprobs":true}', "forbidden_field"),
])
def test_bodies(gateway, upstream, body, code):
    answer = post(gateway, body)
    assert answer.startswith(b"HTTP/1.1 400"), answer[:80]
    assert error_of(answer)["code"] == code
    assert upstream.requests == [] and gateway.get("/healthz") == 200


def test_a_body_over_the_limit(gateway, upstream):
    answer = post(gateway, b'{"model":"' + b"a" * 70_000 + b'"}')
    assert answer.startswith(b"HTTP/1.1 413") and error_of(answer)["type"] == "invalid_request_error"
    chunk = b"8000\r\n" + b"a" * 0x8000 + b"\r\n"
    answer = talk(gateway, (HEAD.format(key=gateway.key()) + "Transfer-Encoding: chunked\r\n\r\n").encode() + chunk * 3)
    assert answer.startswith(b"HTTP/1.1 413")
    assert upstream.requests == [] and gateway.get("/healthz") == 200


@pytest.mark.parametrize("lines", [
    "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 2\r\nContent-Length: 3\r\n",
    "X: a\nContent-Length: 2\r\n", "X: a\r\n b\r\nContent-Length: 2\r\n", "X : a\r\nContent-Length: 2\r\n",
    "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    "Content-Length: +2\r\n", "Content-Encoding: gzip\r\nContent-Length: 2\r\n", "Host: y\r\nContent-Length: 2\r\n",
])
def test_smuggling(gateway, upstream, lines):
    answer = talk(gateway, (HEAD.format(key=gateway.key()) + lines + "\r\n").encode() + b"{}GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 4"), answer[:60]
    assert len(re.findall(rb"HTTP/1.1 \d\d\d", answer)) == 1
    assert upstream.requests == [] and gateway.get("/healthz") == 200


def test_bodies_that_are_not_whole(gateway, upstream):
    head = HEAD.format(key=gateway.key())
    answer = talk(gateway, (head + "Content-Length: 100\r\n\r\n").encode() + b'{"model"')
    assert answer.startswith(b"HTTP/1.1 408"), answer[:60]
    with socket.create_connection(("127.0.0.1", gateway.port)) as connection:
        connection.sendall((head + "Transfer-Encoding: chunked\r\n\r\n10\r\n{").encode())
    assert talk(gateway, (head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n").encode()).startswith(b"HTTP/1.1 400")
    assert upstream.requests == [] and gateway.get("/healthz") == 200


def test_an_upstream_that_fails(gateway, upstream):
    calls = client(gateway)
    upstream.reply = lambda head, body: [None]
    with pytest.raises(openai.InternalServerError) as caught:
        calls.chat.completions.create(model="m", messages=messages())
    assert caught.value.status_code == 502
    upstream.reply = lambda head, body: [b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{\"id\":", None]
    try:
        r = calls.chat.completions.with_raw_response.create(model="m", messages=messages())
        raise AssertionError(repr((r.status_code, dict(r.headers), r.text, upstream.requests[-3:], len(upstream.requests))))
    except openai.InternalServerError: pass
    upstream.reply = lambda head, body: time.sleep(4) or upstream.whole("late")
    with pytest.raises(openai.InternalServerError) as caught:
        calls.chat.completions.create(model="m", messages=messages())
    assert caught.value.status_code == 504
    upstream.reply = lambda head, body: b"nonsense\r\n\r\n"
    with pytest.raises(openai.InternalServerError):
        calls.chat.completions.create(model="m", messages=messages())
    upstream.close()
    gateway.stop()
    assert gateway.verify().returncode == 0


def test_an_upstream_that_dies_in_a_stream(gateway, upstream):
    data = upstream.events(["Ask Margaret Hol", "loway and Mr. Mich"])
    upstream.reply = lambda head, body: [*upstream.stream(data, [len(data) - 190])[:2], None]
    text = ""
    with pytest.raises(openai.APIError):
        for chunk in client(gateway).chat.completions.create(model="m", messages=messages("Hello"), stream=True):
            text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
    assert "Hol" not in text and "Mich" not in text
    outcomes = [r["data"]["outcome"] for r in gateway.records() if r["type"] == "response"]
    assert outcomes == ["upstream_died"]


def test_a_client_that_leaves(gateway, upstream):
    data = upstream.events(["word "] * 50)
    upstream.reply = lambda head, body: [upstream.stream(data, [])[0], b"%x\r\n%s\r\n" % (200, data[:200])] + [time.sleep(1) or b""]
    body = json.dumps({"model": "m", "stream": True, "messages": [{"role": "user", "content": "x"}]}).encode()
    with socket.create_connection(("127.0.0.1", gateway.port)) as connection:
        connection.sendall((HEAD.format(key=gateway.key()) + f"Content-Length: {len(body)}\r\n\r\n").encode() + body)
        connection.recv(100)
    for _ in range(100):
        found = [r["data"]["outcome"] for r in gateway.records() if r["type"] == "response"]
        if found:
            break
        time.sleep(0.05)
    assert found == ["client-closed"]
    assert gateway.get("/healthz") == 200


def test_a_stream_in_flight_ends_before_the_gateway_does(gateway, upstream):
    data = upstream.events(["one ", "two ", "three ", "four."])
    head, *pieces = upstream.stream(data, range(100, len(data), 100))
    upstream.reply = lambda _, body: [head, *(lambda p=p: time.sleep(0.1) or p for p in pieces)]
    text = ""
    for number, chunk in enumerate(client(gateway).chat.completions.create(model="m", messages=messages("Hello"), stream=True)):
        if number == 0:
            gateway.process.send_signal(signal.SIGTERM)
        text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
    assert text == "one two three four."
    assert gateway.process.wait(20) == 0
    assert gateway.verify().returncode == 0
    assert [r["data"]["outcome"] for r in gateway.records() if r["type"] == "response"] == ["complete"]


def test_a_kill_loses_nothing_that_was_answered(gateway, upstream):
    key = gateway.key()
    calls = client(gateway, key)
    for number in range(20):
        calls.chat.completions.create(model="m", messages=messages(f"number {number}"))
    gateway.process.send_signal(signal.SIGKILL)
    gateway.process.wait()
    assert gateway.verify().returncode == 0
    assert sum(r["type"] == "response" for r in gateway.records()) == 20
    gateway.start()
    calls.chat.completions.create(model="m", messages=messages())
    gateway.stop()
    assert gateway.verify().returncode == 0
    assert sum(r["type"] == "response" for r in gateway.records()) == 21
    kept = b"".join(p.read_bytes() for p in (gateway.data.parent / "evidence").glob("*.jsonl"))
    sequences = [json.loads(line)["sequence"] for line in kept.splitlines()]
    assert sequences == list(range(len(gateway.records()))), "the sink has each record once, in order"


def test_metrics_say_nothing_of_anybody(gateway):
    client(gateway).chat.completions.create(model="m", messages=messages())
    import urllib.request
    text = urllib.request.urlopen(f"http://127.0.0.1:{gateway.port}/metrics").read().decode()
    assert "sluice_exchanges_total 1" in text
    assert "Holloway" not in text and "ana" not in text.replace("manag", "")


@pytest.mark.parametrize("change, what", [
    (("detect: phi", "detect: phy"), "did you mean"), (("detect: phi", "detect: nowhere\n    plugin: /nowhere.so"), "nowhere.so"),
    (("at: 100", "at: 1000"), ":"), (("listen:", "lissten:"), "listen"),
])
def test_a_pipeline_that_is_wrong_starts_nothing(gateway, tmp_path, change, what):
    broken = tmp_path / "broken.yaml"
    broken.write_text(gateway.pipeline.read_text().replace(*change))
    for words in (["check", broken], ["serve", broken, "--listen", "127.0.0.1:0", "--data", tmp_path / "d"]):
        done = subprocess.run([SLUICE, *words], capture_output=True, text=True, timeout=20, env={"TEST_CREDENTIAL": "x", "PATH": "/usr/bin"})
        assert done.returncode == 1
        assert "broken.yaml:" in done.stderr and what in done.stderr, done.stderr


def test_a_plugin_for_another_abi_is_refused(gateway, tmp_path):
    source = tmp_path / "old.c"
    source.write_text("#include <stdint.h>\nstruct p { uint32_t size, major, minor, reserved; const void *a; uint64_t b; const void *c; uint64_t d; void *f; };\n"
                      "static struct p table = { sizeof(struct p), 9, 0, 0, \"x\", 1, \"1\", 1, 0 };\nconst void *sluice_plugin_v1(const void *host) { return &table; }\n")
    library = tmp_path / "libold.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    pipeline = tmp_path / "old.yaml"
    pipeline.write_text(gateway.pipeline.read_text().replace("detect: phi", f"detect: old\n    plugin: {library}"))
    done = gateway.run("check", pipeline, check=False)
    assert done.returncode == 1 and "built for ABI 9.0" in done.stderr, done.stderr


def test_filter_on_lines(gateway, tmp_path):
    lines = tmp_path / "notes.jsonl"
    lines.write_text(json.dumps({"id": 7, "text": "é SSN 536-22-8719"}, ensure_ascii=False) + "\n")
    done = subprocess.run([SLUICE, "filter", "--pipeline", gateway.pipeline, "--format", "jsonl", "--text-field", "text", "--findings", lines],
                          capture_output=True, text=True, env={"PATH": "/usr/bin"})
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["id"] == 7
    assert [(f["start"], f["end"], f["kind"]) for f in answer["findings"]] == [(7, 18, "SSN")]


def test_what_was_encrypted_is_turned_back_with_the_key_alone(gateway, tmp_path):
    pipeline = tmp_path / "encrypt.yaml"
    pipeline.write_text("""
pipeline: encrypt
listen: /openai
protocol: openai
upstream: { url: "http://127.0.0.1:9" }
stages:
  - authenticate: keys
  - detect: phi
  - mask: phi
    with: { rules: [{ kind: SSN, use: encrypt }, { kind: MRN, use: format-preserving }, { kind: DATE, use: date-shift }] }
  - sink: file
    with: { directory: ./evidence }
""")
    text = "SSN 536-22-8719, MRN 4482913, seen 2024-03-14."

    def run(*words, stdin):
        return subprocess.run([SLUICE, *words], input=stdin, capture_output=True, text=True, env={"PATH": "/usr/bin"})

    data = tmp_path / "data"
    (data / "secrets").mkdir(parents=True, mode=0o700)
    (data / "secrets" / "fingerprint.key").write_bytes(bytes(range(32)))
    (data / "secrets" / "fingerprint.key").chmod(0o600)
    data.chmod(0o700)
    masked = run("filter", "--pipeline", pipeline, "--data", data, stdin=text)
    assert masked.returncode == 0, masked.stderr
    token, number, date = re.fullmatch(r"SSN (\[SSN_ENC_[A-Z2-7]+\]), MRN (\d{7}), seen (\d{4}-\d\d-\d\d)\.\n", masked.stdout).groups()
    assert number != "4482913" and date != "2024-03-14"
    assert run("reveal", "--data", data, stdin=f"It is {token}.\n").stdout == "It is 536-22-8719.\n"
    changed = token.replace(token[12], "A" if token[12] != "A" else "B")
    assert run("reveal", "--data", data, stdin=changed + "\n").stdout == changed + "\n"
    assert run("reveal", "--data", data, "--format-preserving", "MRN", stdin=number + "\n").stdout == "4482913\n"
    missing = run("reveal", "--data", tmp_path / "nothing", stdin=token)
    assert missing.returncode == 2 and "missing" in missing.stderr and not (tmp_path / "nothing").exists()
