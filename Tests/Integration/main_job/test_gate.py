"""Risky requests wait for people."""
import json
import threading
import time

import openai
import pytest

RISKY = "Patient Margaret Holloway, MRN 4482913, SSN 536-22-8719, phone (217) 555-0143."


@pytest.fixture
def gateway(make_gateway):
    return make_gateway(at=30, hold="8s")


def ask(gateway, key, text=RISKY):
    client = openai.OpenAI(base_url=gateway.base, api_key=key, max_retries=0)
    return client.chat.completions.create(model="m", messages=[{"role": "user", "content": text}])


def in_background(work):
    outcome = {}

    def run():
        try:
            outcome["value"] = work()
        except Exception as error:
            outcome["error"] = error

    thread = threading.Thread(target=run)
    thread.start()
    return thread, outcome


def pending(gateway):
    for _ in range(100):
        if waiting := [a for a in gateway.approvals() if a["state"] == "pending"]:
            return waiting[0]
        time.sleep(0.05)
    raise AssertionError("nothing waits")


def test_approved_by_an_officer(gateway, upstream):
    thread, outcome = in_background(lambda: ask(gateway, gateway.key()))
    approval = pending(gateway)
    assert upstream.requests == []
    assert "Holloway" not in json.dumps(approval) and "536-22" not in json.dumps(approval)
    officer = gateway.key("bo", "officers")
    gateway.run("approvals", "approve", approval["id"], "--comment", "case 4711", "--data", gateway.data, "--json", env={"SLUICE_KEY": officer})
    thread.join(10)
    assert outcome.get("value"), outcome
    gateway.stop()
    decision = [r for r in gateway.records() if r["type"] == "decision"][-1]["data"]
    assert decision["verdict"] == "allow" and decision["score"] >= 30
    # Whoever decides is shown the very reasons that stand in the record, and they are the whole score.
    reasons = approval["context"]["reasons"]
    assert reasons == decision["reasons"] and {"kind/name", "kind/ssn"} <= {reason["code"] for reason in reasons}
    assert sum(reason["points"] for reason in reasons) == decision["score"] == approval["score"]
    said = decision["approval"]["decisions"][0]
    assert said["subject"] == "bo" and said["established"] == "keys" and said["comment"] == "case 4711" and said["time"] > 1_700_000_000
    assert any(r["type"] == "approval.decided" for r in gateway.records())


def test_denied(gateway, upstream):
    thread, outcome = in_background(lambda: ask(gateway, gateway.key()))
    gateway.run("approvals", "deny", pending(gateway)["id"], "--data", gateway.data, "--json")
    thread.join(10)
    assert isinstance(outcome.get("error"), openai.PermissionDeniedError), outcome
    assert upstream.requests == []


def test_nobody_approves_their_own_and_strangers_do_not(gateway):
    key = gateway.key("ana", "officers")
    thread, outcome = in_background(lambda: ask(gateway, key))
    approval = pending(gateway)
    own = gateway.run("approvals", "approve", approval["id"], "--data", gateway.data, env={"SLUICE_KEY": gateway.key("ANA", "officers")}, check=False)
    assert own.returncode == 1 and "own request" in own.stderr
    stranger = gateway.run("approvals", "approve", approval["id"], "--data", gateway.data, env={"SLUICE_KEY": gateway.key("cy", "nurses")}, check=False)
    assert stranger.returncode == 1
    thread.join(15)
    assert isinstance(outcome.get("error"), openai.PermissionDeniedError)


def test_nobody_buries_the_approvers(make_gateway, upstream):
    gateway = make_gateway(at=30, hold="100ms, waiting: 3")
    ana, bo = gateway.key("ana"), gateway.key("bo")

    def refusal(key, number):
        with pytest.raises(openai.PermissionDeniedError) as caught:
            ask(gateway, key, f"{RISKY} Case {number}.")
        return caught.value.body["code"], caught.value.body["message"]

    assert [refusal(ana, number)[0] for number in range(3)] == ["approval_required"] * 3
    code, message = refusal(ana, 3)
    assert code == "too_many_waiting" and "3 requests of yours wait" in message and "limits: waiting" in message
    # What waits is found again, somebody else has room, and what is decided makes room.
    assert refusal(ana, 1)[0] == "approval_required" and refusal(bo, 1)[0] == "approval_required"
    waiting = [one for one in gateway.approvals() if one["subject"] == "ana"]
    assert len(waiting) == 3 and {one["state"] for one in waiting} == {"pending"}
    gateway.run("approvals", "deny", waiting[0]["id"], "--data", gateway.data)
    assert refusal(ana, 3)[0] == "approval_required"
    assert upstream.requests == []
    gateway.stop()
    denied = [r["data"] for r in gateway.records() if r["type"] == "decision" and r["data"].get("error") == "too_many_waiting"]
    assert len(denied) == 1 and denied[0]["verdict"] == "deny" and denied[0]["score"] >= 30


def test_timed_out_then_approved_passes_once_and_another_payload_does_not(make_gateway, upstream):
    gateway = make_gateway(at=30, hold="300ms")
    key = gateway.key()
    with pytest.raises(openai.PermissionDeniedError, match="apr_"):
        ask(gateway, key)
    gateway.run("approvals", "approve", pending(gateway)["id"], "--data", gateway.data)
    with pytest.raises(openai.PermissionDeniedError):
        ask(gateway, key, RISKY + " And one word more.")
    with pytest.raises(openai.PermissionDeniedError):
        ask(gateway, gateway.key("dee"), RISKY)
    assert upstream.requests == []
    assert ask(gateway, key).choices
    with pytest.raises(openai.PermissionDeniedError):
        ask(gateway, key)


def grants(gateway, *words, person=None, check=True):
    env = {"SLUICE_KEY": gateway.key(person, "officers")} if person else None
    return gateway.run("grants", *words, "--data", gateway.data, "--json", env=env, check=check)


def test_a_grant_lets_one_persons_requests_pass_for_some_time(make_gateway, upstream):
    gateway = make_gateway(at=30, hold="300ms")
    ana, cy = gateway.key("ana"), gateway.key("cy")
    made = json.loads(grants(gateway, "create", "--subject", "ana", "--pipeline", "test", "--kinds", "NAME,MRN,SSN,PHONE", "--for", "1h",
                             "--comment", "ward 3", person="bo").stdout)
    assert ask(gateway, ana) and ask(gateway, ana)
    for key, text in ((cy, RISKY), (ana, RISKY + " m.holloway@example.com")):
        with pytest.raises(openai.PermissionDeniedError):
            ask(gateway, key, text)
    own = grants(gateway, "create", "--subject", "bo", "--pipeline", "test", "--kinds", "SSN", "--for", "1h", "--comment", "me", person="bo", check=False)
    assert own.returncode == 1 and "themselves" in own.stderr
    grants(gateway, "revoke", made["id"])
    with pytest.raises(openai.PermissionDeniedError):
        ask(gateway, ana)
    assert len(upstream.requests) == 2
    gateway.stop()
    records = gateway.records()
    passed = [r["data"]["grant"] for r in records if r["type"] == "decision" and "grant" in r["data"]]
    assert [(grant["id"], grant["by"]) for grant in passed] == [(made["id"], ["bo"])] * 2
    events = [r["data"]["event"] for r in records if r["type"] == "administration"]
    assert "grant.created" in events and "grant.revoked" in events


def test_watching_shows_what_is_asked_and_decided(gateway):
    import subprocess

    from main_gateway import SLUICE

    watching = subprocess.Popen([SLUICE, "approvals", "watch", "--data", gateway.data, "--json"], stdout=subprocess.PIPE, text=True)
    try:
        thread, _ = in_background(lambda: ask(gateway, gateway.key()))
        asked = json.loads(watching.stdout.readline())
        assert asked["state"] == "pending" and asked["subject"] == "ana" and "Holloway" not in json.dumps(asked)
        gateway.run("approvals", "deny", asked["id"], "--data", gateway.data, env={"SLUICE_KEY": gateway.key("bo", "officers")})
        decided = json.loads(watching.stdout.readline())
        assert decided["id"] == asked["id"] and decided["state"] == "denied" and decided["decisions"][0]["subject"] == "bo"
        thread.join(10)
    finally:
        watching.kill()
        watching.wait()
