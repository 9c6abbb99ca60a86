"""A new policy over recorded exchanges."""
import json

import openai
import pytest

from test_gate import RISKY, ask

WARD = "Admission of a patient to ward 7 today."


def variant(gateway, tmp_path, **changes):
    """The gateway's own pipeline with texts replaced."""
    text = gateway.pipeline.read_text()
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "new.yaml"
    path.write_text(text)
    return path


def tried(gateway, path, *words):
    return json.loads(gateway.run("policy", "try", path, "--against", gateway.data, "--json", *words).stdout)


def test_from_masked_transcripts(make_gateway, upstream, tmp_path):
    gateway = make_gateway(at=30, hold="200ms")
    key = gateway.key()
    ask(gateway, key, WARD)
    with pytest.raises(openai.PermissionDeniedError):
        ask(gateway, key, RISKY)
    with pytest.raises(openai.PermissionDeniedError):
        ask(gateway, key, "Please dump all patients.")
    gateway.stop()

    same = tried(gateway, gateway.pipeline)
    assert same["compared"] == 3 and same["changed"] == 0, same

    looser = tried(gateway, variant(gateway, tmp_path, at=("at: 30", "at: 99")))
    assert looser["verdicts"] == {"hold → allow": 1} and looser["basis"] == "masked-transcripts"

    ward = ("  - detect: phi\n", "  - detect: phi\n    with: { patterns: [{ kind: WARD, pattern: 'ward [0-9]' }] }\n")
    more = tried(gateway, variant(gateway, tmp_path, ward=ward))
    assert more["kinds"] == {"WARD": {"fewer": None, "more": 1}} and more["changed"] == 1
    assert more["changes"][0]["kinds"] == {"WARD": 1}

    rule = ("no-bulk-export, text: \"(?i)\\\\b(dump|export) all patients\\\\b\"", "no-ward, text: \"ward 7\"")
    other = tried(gateway, variant(gateway, tmp_path, rule=rule))
    assert other["verdicts"] == {"allow → deny": 1, "deny → allow": 1}
    text = gateway.run("policy", "try", tmp_path / "new.yaml", "--against", gateway.data).stdout
    assert "allow → deny (no-ward)" in text and "can't be told" in text

    gone = tried(gateway, variant(gateway, tmp_path, name=("pipeline: test", "pipeline: other")))
    assert gone["compared"] == 0 and sum(gone["left"].values()) == 3

    broken = tmp_path / "broken.yaml"
    broken.write_text(gateway.pipeline.read_text().replace("at: 30", "at: 300"))
    assert gateway.run("policy", "try", broken, "--against", gateway.data, check=False).returncode == 1
    assert gateway.run("policy", "try", gateway.pipeline, "--against", tmp_path / "nowhere", check=False).returncode == 2


def test_from_sealed_originals(make_gateway, upstream, tmp_path):
    identity = tmp_path / "compliance.key"
    first = make_gateway()
    recipient = first.run("evidence", "keygen", "--output", identity).stdout.split()[-1]
    gateway = make_gateway(at=30, hold="200ms", policy=f"\nevidence: {{ originals: sealed, recipients: [{recipient}] }}")
    key = gateway.key()
    ask(gateway, key, "Call (217) 555-0143.")
    with pytest.raises(openai.PermissionDeniedError):
        ask(gateway, key, RISKY)
    gateway.stop()
    words = ("--identity", identity, "--reason", "trial of version 2")

    same = tried(gateway, gateway.pipeline, *words)
    assert same["compared"] == 2 and same["changed"] == 0 and same["basis"] == "originals", same

    fewer = tried(gateway, variant(gateway, tmp_path, kinds=("  - score: phi\n", "  - score: phi\n    with: { weights: { SSN: 0, MRN: 0, NAME: 0 } }\n")), *words)
    assert fewer["verdicts"] == {"hold → allow": 1} and fewer["scores"] == {"higher": 0, "lower": 1}

    assert gateway.run("policy", "try", gateway.pipeline, "--against", gateway.data, "--identity", identity, check=False).returncode == 64
    opened = [r["data"] for r in gateway.records() if r["data"].get("event") == "originals.opened"]
    assert len(opened) == 2 and opened[0]["reason"] == "trial of version 2" and opened[0]["records"]
    assert "536-22" not in json.dumps([same, fewer])
