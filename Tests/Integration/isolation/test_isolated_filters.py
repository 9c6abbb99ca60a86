"""A gateway whose filters run in processes of their own: the same exchanges, and what a killed process costs."""
import os
import pathlib
import signal
import time

import main_gateway
import openai
import pytest

NOTE = "Patient Margaret Holloway, DOB 03/14/1961, SSN 536-22-8719, was seen."
PLANTED = [b"Margaret", b"Holloway", b"03/14/1961", b"536-22-8719"]


@pytest.fixture(autouse=True)
def isolated(monkeypatch, tmp_path):
    evidence = tmp_path / "isolated-evidence"  # what is allowed has to be there
    evidence.mkdir()
    pipeline = main_gateway.PIPELINE
    for stage in ("authenticate: keys", "guard: rules", "detect: phi", "mask: phi", "score: phi", "gate: threshold"):
        pipeline = pipeline.replace(f"  - {stage}\n", f"  - {stage}\n    isolation: process\n")
    pipeline = pipeline.replace(
        "  - sink: file\n", "  - sink: file\n    isolation: process\n    allow: {{ write: [" + str(evidence) + "] }}\n")
    pipeline = pipeline.replace("directory: {evidence}", f"directory: {evidence}")
    assert pipeline.count("isolation: process") == 7
    monkeypatch.setattr(main_gateway, "PIPELINE", pipeline)


@pytest.fixture
def gateway(make_gateway):
    return make_gateway()


def children(gateway):
    listed = pathlib.Path(f"/proc/{gateway.process.pid}/task").glob("*/children")
    return [int(number) for file in listed for number in file.read_text().split()]


def client(gateway):
    return openai.OpenAI(base_url=gateway.base, api_key=gateway.key(), max_retries=0)


def ask(client):
    return client.chat.completions.create(model="m", messages=[{"role": "user", "content": NOTE}])


def test_every_stage_isolated(gateway, upstream):
    assert len(children(gateway)) == 5  # one for each library
    ask(client(gateway))
    assert upstream.received and not any(word in upstream.received for word in PLANTED)
    gateway.stop()
    verified = gateway.verify()
    assert verified.returncode == 0, verified.stdout


def test_killed_processes_cost_nothing_but_what_was_inside(gateway, upstream):
    calls = client(gateway)
    passed = 0
    for _ in range(20):
        for child in children(gateway):
            os.kill(child, signal.SIGKILL)
        for _ in range(200):
            try:
                ask(calls)
                passed += 1
                break
            except openai.APIStatusError:
                time.sleep(0.05)
    assert passed == 20
    assert gateway.process.poll() is None
    assert not any(word in upstream.received for word in PLANTED)
