"""A score that looks beyond one request: where it goes, and what the same person sent before."""
import openai
import pytest

from test_gate import ask


def decisions(gateway):
    return [r["data"] for r in gateway.records() if r["type"] == "decision"]


def test_what_a_person_sent_before_counts_and_a_resent_chat_does_not(make_gateway, upstream):
    score = "\n    with: { weights: { SSN: 1 }, history: { window: 60m, people: 4, adds: 60 } }"
    gateway = make_gateway(at=50, hold="200ms", score=score)
    ana, bo = gateway.key("ana"), gateway.key("bo")
    one = "SSN 536-22-8719."
    for _ in range(6):
        assert ask(gateway, ana, one).choices  # the same person again and again
    assert ask(gateway, ana, "SSN 536-22-8720.").choices
    assert ask(gateway, ana, one + " And SSN 536-22-8721.").choices
    with pytest.raises(openai.PermissionDeniedError):
        ask(gateway, ana, "SSN 536-22-8722.")
    assert ask(gateway, bo, "SSN 536-22-8722.").choices  # another's history is another's
    gateway.stop()
    held = next(d for d in decisions(gateway) if d["verdict"] == "deny")
    assert {"code": "history/people", "count": 4, "points": 60} in held["reasons"]
    assert b"536-22-872" not in gateway.everything_on_disk()


def test_where_it_goes_and_which_way_a_value_travels(make_gateway, upstream):
    score = """
    with:
      weights: { SSN: 5 }
      destinations:
        - { name: loopback, upstream: "127.*", model: "m*", adds: 7 }
        - { name: elsewhere, upstream: "*.example.org", adds: 50 }
      roles: { tool: 11, tool-arguments: 13 }"""
    gateway = make_gateway(score=score)
    client = openai.OpenAI(base_url=gateway.base, api_key=gateway.key(), max_retries=0)
    client.chat.completions.create(model="m1", messages=[{"role": "user", "content": "SSN 536-22-8719"}])
    call = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    client.chat.completions.create(
        model="other",
        messages=[
            {"role": "user", "content": "look"},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c1", "content": "SSN 536-22-8719"},
        ])
    gateway.stop()
    first, second = decisions(gateway)
    assert [r["code"] for r in first["reasons"]] == ["kind/ssn", "destination/loopback"] and first["score"] == 12
    assert [r["code"] for r in second["reasons"]] == ["kind/ssn", "direction/tool"] and second["score"] == 16
