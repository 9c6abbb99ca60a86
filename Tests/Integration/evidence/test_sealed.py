"""Sealed originals: kept for those who hold the private key, for nobody else, and never in plain; opened with our command and with
Debian's age."""
import json
import pathlib
import subprocess

import pytest

from main_gateway import SLUICE
from test_exchange import NOTE, client, leaks, messages, post


def keygen(folder, name="officer.key"):
    done = subprocess.run([SLUICE, "evidence", "keygen", "-o", folder / name, "--json"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert pathlib.Path(made["identity"]).stat().st_mode & 0o777 == 0o600
    return folder / name, made["recipient"]


def policy(*recipients, more=""):
    return f"\nevidence: {{ originals: sealed, recipients: [{', '.join(recipients)}]{more} }}"


@pytest.fixture
def keys(tmp_path):
    return keygen(tmp_path)


def sealed(gateway):
    return [(r, r["data"]["sealed"]) for r in gateway.records() if "sealed" in r["data"]]


def age(identity, path):
    return subprocess.run(["age", "-d", "-i", identity, path], capture_output=True)


def open_it(gateway, what, identity, *words, reason="complaint 4711"):
    return subprocess.run(
        [SLUICE, "evidence", "open", gateway.data, what, "-i", identity, "--reason", reason, *words], capture_output=True)


def test_request_and_answer_are_kept_as_they_were(make_gateway, upstream, keys, tmp_path):
    identity, recipient = keys
    other = subprocess.run(["age-keygen", "-o", tmp_path / "auditor.key"], capture_output=True, text=True).stderr.split()[-1]
    gateway = make_gateway(policy=policy(recipient, other))
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": NOTE}]}).encode()
    answer = upstream.whole("Ask Margaret Holloway, SSN 536-22-8719.")
    upstream.reply = lambda head, body: answer
    assert post(gateway, body).startswith(b"HTTP/1.1 200")
    (request, kept), (response, kept_answer) = sealed(gateway)
    assert (request["type"], response["type"]) == ("request", "response")
    assert kept["originalSize"] == len(body) and kept["path"].startswith("sealed/")
    # Every holder of a private key opens it, with the standard tool.
    for key in (identity, tmp_path / "auditor.key"):
        assert age(key, gateway.data / kept["path"]).stdout == body
        assert answer.endswith(age(key, gateway.data / kept_answer["path"]).stdout)
    # While the gateway serves, and with it stopped; each time it is on record.
    opened = open_it(gateway, request["exchange"], identity, "--part", "request")
    assert opened.returncode == 0 and opened.stdout == body, opened.stderr
    gateway.stop()
    opened = open_it(gateway, str(response["sequence"]), identity, "-o", tmp_path / "out", "--json")
    assert opened.returncode == 0, opened.stderr
    assert answer.endswith((tmp_path / "out").read_bytes()) and json.loads(opened.stdout)[0]["type"] == "response"
    events = [r["data"] for r in gateway.records() if r["data"].get("event") == "originals.opened"]
    assert [e["records"] for e in events] == [str(request["sequence"]), str(response["sequence"])]
    assert events[0]["reason"] == "complaint 4711" and events[0]["subject"].startswith("os:") and events[0]["recipients"] == recipient
    assert gateway.run("evidence", "verify", gateway.data, "--originals").returncode == 0
    # The private key was never here, and nothing lies here in plain.
    (tmp_path / "out").unlink()
    assert leaks(gateway.everything_on_disk()) == []
    assert identity.read_bytes().split(b"\n")[2] not in gateway.everything_on_disk()


def test_a_stream_is_kept_in_parts(make_gateway, upstream, keys):
    identity, recipient = keys
    gateway = make_gateway(policy=policy(recipient))
    data = upstream.events(["Margaret Holloway was seen. " * 40] * 1200)
    assert len(data) > 1 << 20
    upstream.reply = lambda head, body: upstream.stream(data, range(0, len(data), 50_000))
    for _ in client(gateway).chat.completions.create(model="m", messages=messages(), stream=True):
        pass
    parts = [kept for record, kept in sealed(gateway) if record["type"] == "response"]
    assert len(parts) > 1, "a part a record"
    assert b"".join(age(identity, gateway.data / p["path"]).stdout for p in parts) == data
    exchange = next(r["exchange"] for r, _ in sealed(gateway))
    assert open_it(gateway, exchange, identity, "--part", "response").stdout == data


def test_a_refused_request_is_kept_too(make_gateway, keys):
    identity, recipient = keys
    gateway = make_gateway(policy=policy(recipient))
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": "dump all patients"}]}).encode()
    assert post(gateway, body).startswith(b"HTTP/1.1 403")
    (record, kept), = sealed(gateway)
    assert record["type"] == "request" and age(identity, gateway.data / kept["path"]).stdout == body


def test_a_full_store_closes(make_gateway, upstream, keys):
    gateway = make_gateway(policy=policy(keys[1]))
    gateway.stop()
    gateway.words = ["--originals-limit", "4KiB"]
    gateway.start()
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": NOTE + " " * 5000}]}).encode()
    before = len(upstream.requests)
    answer = post(gateway, body)
    assert answer.startswith(b"HTTP/1.1 503") and b"evidence_unavailable" in answer
    assert len(upstream.requests) == before, "what can't be kept does not go upstream"
    last = [r["data"] for r in gateway.records() if r["type"] == "decision"][-1]
    assert last["verdict"] == "deny" and last["error"] == "evidence_unavailable"
    # A small one has room; its large answer has none, and is not released.
    upstream.reply = lambda head, body: upstream.whole("Margaret Holloway. " * 400)
    answer = post(gateway, b'{"model":"m","messages":[{"role":"user","content":"hi"}]}')
    assert answer.startswith(b"HTTP/1.1 503"), answer[:80]
    assert [r["data"]["outcome"] for r in gateway.records() if r["type"] == "response"] == ["evidence_unavailable"]
    gateway.stop()
    assert gateway.verify().returncode == 0


@pytest.mark.parametrize("change", ["flip", "cut", "longer", "gone", "swap"])
def test_what_was_changed_is_not_opened(make_gateway, keys, change):
    identity, recipient = keys
    gateway = make_gateway(policy=policy(recipient))
    for text in ("one", "two"):
        assert post(gateway, json.dumps({"model": "m", "messages": [{"role": "user", "content": text}]}).encode()).startswith(b"HTTP/1.1 200")
    (record, kept), *_, (_, other) = [s for s in sealed(gateway) if s[0]["type"] == "request"]
    path = gateway.data / kept["path"]
    data = path.read_bytes()
    if change == "gone":
        path.unlink()
    else:
        path.write_bytes({"flip": data[:-1] + bytes([data[-1] ^ 1]), "cut": data[:-40], "longer": data + b"x",
                          "swap": (gateway.data / other["path"]).read_bytes()}[change])
    opened = open_it(gateway, str(record["sequence"]), identity)
    done = json.loads(gateway.run("evidence", "verify", gateway.data, "--originals", "--json", check=False).stdout)
    assert done["verdict"] == "not-whole" and [(p["kind"], p["first"]) for p in done["problems"]] == [("original", record["sequence"])]
    assert opened.returncode == 2 and opened.stdout == b""
    assert (b"not there any more" if change == "gone" else b"was changed") in opened.stderr, opened.stderr
    assert [r for r in gateway.records() if r["data"].get("event") == "originals.opened"] == [], "what was not opened is not on record"


def test_a_strangers_key_opens_nothing(make_gateway, keys, tmp_path):
    gateway = make_gateway(policy=policy(keys[1]))
    assert post(gateway, b'{"model":"m","messages":[]}').startswith(b"HTTP/1.1 200")
    stranger, _ = keygen(tmp_path, "stranger.key")
    record, _ = sealed(gateway)[0]
    opened = open_it(gateway, str(record["sequence"]), stranger)
    assert opened.returncode == 2 and b"sealed to others" in opened.stderr and opened.stdout == b""
    again = subprocess.run([SLUICE, "evidence", "keygen", "-o", stranger], capture_output=True)
    assert again.returncode == 2 and b"there already" in again.stderr, "no key is overwritten"


def test_check_finds_a_wrong_letter(make_gateway, keys, tmp_path):
    recipient = keys[1]
    wrong = recipient[:20] + ("q" if recipient[20] != "q" else "p") + recipient[21:]
    gateway = make_gateway(policy=policy(recipient))
    file = tmp_path / "wrong.yaml"
    file.write_text(gateway.pipeline.read_text().replace(recipient, wrong))
    done = gateway.run("check", file, check=False)
    assert done.returncode == 1 and "a letter is wrong" in done.stderr and "wrong.yaml:9:" in done.stderr, done.stderr
