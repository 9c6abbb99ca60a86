"""Who takes access without being let, and the race of those who decide."""
import concurrent.futures
import json
import urllib.request

import openai
import pytest

from test_gate import RISKY, ask, in_background, pending

GLASS = ", break-glass: { groups: [physicians], lifetime: 15m, reason: required }"


def break_glass(gateway, approval, *words, key, check=True):
    return gateway.run("break-glass", approval, "--data", gateway.data, "--json", *words, env={"SLUICE_KEY": key}, check=check)


def metric(gateway, name):
    text = urllib.request.urlopen(f"http://127.0.0.1:{gateway.port}/metrics", timeout=5).read().decode()
    return int(next(line for line in text.splitlines() if line.startswith(name + " ")).split()[1])


def test_the_requester_takes_access_and_others_review_it(make_gateway, upstream):
    gateway = make_gateway(at=30, hold="8s", gate=GLASS)
    ana = gateway.key("ana", "physicians")
    thread, outcome = in_background(lambda: ask(gateway, ana))
    approval = pending(gateway)
    for key in (gateway.key("bo", "officers"), gateway.key("cy", "physicians"), gateway.key("ana", "nurses")):
        refused = break_glass(gateway, approval["id"], "--reason", "mine", key=key, check=False)
        assert refused.returncode == 1, refused
    assert break_glass(gateway, approval["id"], "--reason", " ", key=ana, check=False).returncode == 64
    assert upstream.requests == []
    glass = json.loads(break_glass(gateway, approval["id"], "--reason", "resuscitation", key=ana).stdout)["breakGlass"]
    thread.join(10)
    assert outcome.get("value"), outcome
    assert len(upstream.requests) == 1
    assert metric(gateway, "sluice_break_glass_exchanges_total") == 1

    listed = gateway.run("approvals", "list", "--unreviewed", "--data", gateway.data).stdout
    assert glass["id"] in listed and "NOT REVIEWED" in listed and "resuscitation" in listed
    review = ("approvals", "review", glass["id"], "--comment", "seen", "--data", gateway.data)
    own = gateway.run(*review, env={"SLUICE_KEY": gateway.key("ANA", "officers")}, check=False)
    assert own.returncode == 1 and "themselves" in own.stderr
    gateway.run(*review, env={"SLUICE_KEY": gateway.key("bo", "officers")})
    assert "Nothing is left" in gateway.run("approvals", "list", "--unreviewed", "--data", gateway.data).stdout

    gateway.stop()
    assert "broke the glass" in gateway.read_log()
    records = gateway.records()
    decision = [r["data"] for r in records if r["type"] == "decision"][-1]
    assert decision["verdict"] == "allow" and decision["severity"] == "high"
    assert decision["approval"] == {"decisions": [], "id": approval["id"], "state": "break-glass"}
    assert decision["breakGlass"]["subject"] == "ana" and decision["breakGlass"]["reason"] == "resuscitation"
    events = {r["data"]["event"]: r["data"] for r in records if r["type"] == "administration"}
    assert events["glass.broken"]["severity"] == "high" and events["glass.broken"]["subject"] == "ana"
    assert events["glass.reviewed"]["by"] == "bo" and events["glass.reviewed"]["verdict"] == "justified"
    found = gateway.run("evidence", "sessions", gateway.data, "--approval", "break-glass", "--json").stdout
    assert "ana" in found
    assert gateway.verify().returncode == 0


def test_a_time_box_covers_that_person_until_a_reviewer_ends_it(make_gateway, upstream):
    gateway = make_gateway(at=30, hold="300ms", gate=GLASS)
    ana = gateway.key("ana", "physicians")
    with pytest.raises(openai.PermissionDeniedError, match="break-glass"):
        ask(gateway, ana)
    glass = json.loads(break_glass(gateway, pending(gateway)["id"], "--reason", "ward 3", "--for", "10m", key=ana).stdout)["breakGlass"]
    assert ask(gateway, ana) and ask(gateway, ana, RISKY + " And more.")
    with pytest.raises(openai.PermissionDeniedError):
        ask(gateway, gateway.key("cy", "physicians"))
    gateway.run("approvals", "review", glass["id"], "--unjustified", "--comment", "no emergency", "--data", gateway.data)
    with pytest.raises(openai.PermissionDeniedError):
        ask(gateway, ana, RISKY + " And still more.")
    assert len(upstream.requests) == 2


def test_without_the_option_there_is_none(make_gateway, upstream):
    gateway = make_gateway(at=30, hold="300ms")
    ana = gateway.key("ana", "physicians")
    with pytest.raises(openai.PermissionDeniedError) as refused:
        ask(gateway, ana)
    assert "break-glass" not in str(refused.value)
    done = break_glass(gateway, pending(gateway)["id"], "--reason", "please", key=ana, check=False)
    assert done.returncode == 1 and "no break-glass" in done.stderr
    assert upstream.requests == []


def test_each_required_group_takes_somebody(make_gateway, upstream):
    gateway = make_gateway(at=30, hold="8s", gate=", required: [privacy, security]")
    thread, outcome = in_background(lambda: ask(gateway, gateway.key()))
    approval = pending(gateway)["id"]
    for name, groups in (("bo", "privacy"), ("cy", "privacy,officers"), ("di", "officers")):
        said = gateway.run("approvals", "approve", approval, "--data", gateway.data, env={"SLUICE_KEY": gateway.key(name, groups)})
        assert "security" in said.stdout or "more needed" in said.stdout
    assert upstream.requests == []
    gateway.run("approvals", "approve", approval, "--data", gateway.data, env={"SLUICE_KEY": gateway.key("ed", "security")})
    thread.join(10)
    assert outcome.get("value"), outcome


def test_those_who_decide_race_in_processes_of_their_own(make_gateway, upstream):
    """Six people decide at once, each in a process; three clients wait with the same request: one word counts, and one
    request goes on at most."""
    gateway = make_gateway(at=30, hold="20s", gate=GLASS)
    ana = gateway.key("ana", "physicians")
    officers = [gateway.key(f"officer-{number}", "officers") for number in range(5)]
    for round_ in range(4):
        text = f"{RISKY} Visit {round_}."
        before = len(upstream.requests)
        waiting = [in_background(lambda: ask(gateway, ana, text)) for _ in range(3)]
        approval = pending(gateway)["id"]

        def decide(number):
            if number == len(officers):
                return break_glass(gateway, approval, "--reason", "race", key=ana, check=False).returncode
            verdict = "deny" if (number + round_) % 2 else "approve"
            return gateway.run("approvals", verdict, approval, "--data", gateway.data, env={"SLUICE_KEY": officers[number]}, check=False).returncode

        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            codes = list(pool.map(decide, range(6)))
        for thread, _ in waiting:
            thread.join(25)
        assert sorted(codes) == [0, 1, 1, 1, 1, 1], codes
        state = next(a for a in gateway.approvals() if a["id"] == approval)
        passed = [outcome for _, outcome in waiting if "value" in outcome]
        assert len(state["decisions"]) + (state["breakGlass"] is not None) == 1
        if state["state"] == "denied":
            assert not passed and len(upstream.requests) == before
        else:
            assert state["state"] == "consumed"
            assert len(passed) == 1 and len(upstream.requests) == before + 1
