"""Shadow stages: they say what they would change, and change nothing."""
import re

import pytest

from test_break_glass import metric
from test_gate import RISKY, ask

SHADOWS = """
  - guard: rules
    shadow: true
    with: { deny: [{ name: no-holloway, text: "Holloway" }] }
  - detect: phi
    shadow: true
    with: { patterns: [{ kind: WARD, pattern: "ward [0-9]" }] }
  - mask: phi
    shadow: true
    with: { rules: [{ kind: SSN, use: redact }] }
  - score: phi
    shadow: true
    with: { weights: { WARD: 50 } }
  - gate: threshold
    shadow: true
    with: { at: 60 }"""
TEXT = RISKY + " She lies in ward 7."


def test_a_shadow_changes_no_byte_and_leaves_its_word(make_gateway, upstream):
    plain, shadowed = make_gateway(), make_gateway(shadows=SHADOWS)
    for gateway in (plain, shadowed):
        # Each has a key of its own, and so other placeholders.
        ask(gateway, gateway.key(), "Nothing here.")
        ask(gateway, gateway.key(), TEXT)
    bodies = [re.sub(rb"\[([A-Z_]+)_[A-Z0-9]+\]", rb"[\1]", body) for _, body in upstream.requests]
    assert bodies[:2] == bodies[2:] and b"ward 7" in bodies[3] and b"536-22" not in bodies[3]
    shadowed.stop()
    decisions = [r["data"] for r in shadowed.records() if r["type"] == "decision"]
    assert "shadow" not in decisions[0]
    said = {s["stage"]: s for s in decisions[1]["shadow"]}
    assert said["shadow/guard/rules"] == {"rule": "no-holloway", "stage": "shadow/guard/rules", "verdict": "deny"}
    assert said["shadow/detect/phi"]["findings"] == [{"added": 1, "kind": "WARD", "missed": 0}]
    masked = said["shadow/mask/phi"]["operations"]
    assert {"count": 1, "from": "placeholder", "kind": "SSN", "to": "redact"} in masked
    assert said["shadow/score/phi"]["score"] > decisions[1]["score"]
    assert "kind/ward" in [r["code"] for r in said["shadow/score/phi"]["reasons"]]
    assert said["shadow/gate/threshold"]["verdict"] == "hold"
    assert decisions[1]["verdict"] == "allow"
    request = [r["data"] for r in shadowed.records() if r["type"] == "request"][1]
    assert "ward 7" in request["transcript"] and "[SSN" in request["transcript"]
    assert shadowed.verify().returncode == 0


def test_it_is_counted(make_gateway, upstream):
    gateway = make_gateway(shadows=SHADOWS)
    ask(gateway, gateway.key(), TEXT)
    assert metric(gateway, 'sluice_shadow_total{stage="shadow/guard/rules",outcome="differs"}') == 1


@pytest.mark.parametrize("stage", ["authenticate: keys", "sink: file"])
def test_who_asks_and_what_is_kept_have_no_shadow(make_gateway, tmp_path, stage):
    gateway = make_gateway()
    text = gateway.pipeline.read_text() + f"  - {{ {stage}, shadow: true }}\n"
    broken = tmp_path / "broken.yaml"
    broken.write_text(text)
    done = gateway.run("check", broken, check=False)
    assert done.returncode == 1 and "shadow" in done.stderr
