"""A policy is tried before anybody works under it: on a sample, and on what is on record."""
import time

import openai

from test_admin_routes import PATIENT, ask

SAMPLE = {"pipeline": "test", "path": "/v1/chat/completions", "body": '{"model":"m","messages":[{"role":"user","content":"%s"}]}' % PATIENT}


def attempt(gateway, role="admin", **body):
    return gateway.call_as(role, "POST", "/policy/try", body)


def test_a_sample_under_the_policy_in_force_and_under_one_that_is_proposed(admin):
    gateway = admin(at=100)
    before = len(gateway.records())
    found = attempt(gateway, sample=SAMPLE)
    assert found.status == 200, found.body
    assert found.json["verdict"] == "allow" and found.json["kinds"]["SSN"] == 1 and found.json["score"] > 1
    assert any(reason["points"] > 0 for reason in found.json["reasons"])
    # No value comes back, in whatever form.
    for value in ("078-05-1120", "7781234", "1961"):
        assert value.encode() not in found.body
    file = gateway.call_as("admin", "GET", "/policies/1").json["files"][0]
    stricter = {**file, "text": file["text"].replace("at: 100", "at: 1")}
    assert stricter != file
    held = attempt(gateway, pipelines=[stricter], sample=SAMPLE)
    assert held.json["verdict"] == "hold" and held.json["stage"], held.body
    assert attempt(gateway, version=1, sample=SAMPLE).json["verdict"] == "allow"
    denied = attempt(gateway, sample={**SAMPLE, "body": SAMPLE["body"].replace("MRN", "dump all patients, MRN")})
    assert denied.json["verdict"] == "deny" and denied.json["rule"], denied.body
    elsewhere = attempt(gateway, sample={**SAMPLE, "path": "/no/such"})
    assert (elsewhere.json["verdict"], elsewhere.json["rule"]) == ("deny", "unknown_endpoint")
    # Nothing was put in force, asked or recorded.
    assert [one["version"] for one in gateway.call_as("admin", "GET", "/policies").json["policies"]] == [1]
    assert gateway.call_as("approver", "GET", "/approvals").json["approvals"] == []
    time.sleep(1)
    assert not [record for record in gateway.records()[before:] if record["type"] not in ("administration", "checkpoint")]


def test_a_sample_is_nothing_that_somebody_has_sent(admin):
    score = "\n    with: { weights: { SSN: 1 }, history: { window: 60m, people: 4, adds: 90 } }"
    gateway = admin(at=50, score=score)
    subject, text = "developer@example.org", "SSN 536-22-87%02d."
    body = '{"model":"m","messages":[{"role":"user","content":"%s"}]}' % text

    def sample(number):
        return attempt(gateway, sample={**SAMPLE, "subject": subject, "body": body % number}).json["verdict"]

    def passes(number):
        client = openai.OpenAI(base_url=gateway.base, api_key=gateway.keys["developer"], max_retries=0)
        try:
            return bool(client.chat.completions.create(model="m", messages=[{"role": "user", "content": text % number}]))
        except openai.PermissionDeniedError:
            return False

    # In their name, and yet nothing that they have sent.
    assert {sample(number) for number in range(20)} == {"allow"}
    assert [passes(number) for number in (50, 51, 52)] == [True] * 3
    # Nor does a sample tell what they have sent: this would be the fourth.
    assert sample(53) == "allow"
    assert not passes(54)


def test_mistakes_contradictions_and_limits(admin):
    gateway = admin()
    file = gateway.call_as("admin", "GET", "/policies/1").json["files"][0]
    wrong = attempt(gateway, pipelines=[{**file, "text": file["text"].replace("detect: phi", "detect: phy")}], sample=SAMPLE)
    assert wrong.status == 422 and "phy" in wrong.json["mistakes"][0]
    for body in ({}, {"sample": SAMPLE, "recorded": {}}, {"version": 1, "pipelines": [file], "sample": SAMPLE}, {"protocols": [], "sample": SAMPLE}):
        assert attempt(gateway, **body).json["code"] == "contradiction", body
    assert attempt(gateway, version=9, sample=SAMPLE).status == 404
    assert attempt(gateway, sample={**SAMPLE, "pipeline": "other"}).json["code"] == "policy-refused"
    assert attempt(gateway, sample={**SAMPLE, "body": "a" * (256 << 10)}).json["rule"]
    assert attempt(gateway, sample={**SAMPLE, "body": "a" * ((256 << 10) + 1)}).status == 400
    assert attempt(gateway, sample={**SAMPLE, "body": "a" * (2 << 20)}).status == 413
    assert attempt(gateway, sample={**SAMPLE, "method": "FETCH"}).json["verdict"] == "deny"
    # Brackets as deep as a body may have bytes, and no body at all, are told, not suffered.
    for body in ("[" * (256 << 10), "", "\u0000", "{\"model\":"):
        assert attempt(gateway, sample={**SAMPLE, "body": body}).status == 200
    assert gateway.call("GET", "/health").status == 200


def test_what_is_on_record_is_for_auditors_and_that_is_on_record(admin):
    gateway = admin(at=1)
    ask(gateway, gateway.keys["developer"])
    file = gateway.call_as("admin", "GET", "/policies/1").json["files"][0]
    proposed = {**file, "text": file["text"].replace("at: 1,", "at: 100,")}
    assert proposed != file
    refused = attempt(gateway, pipelines=[proposed], recorded={})
    assert (refused.status, refused.json["code"]) == (403, "role-missing")
    # Whoever changes nothing makes no plugins ready with settings of theirs, either.
    for asked in ({"recorded": {}}, {"sample": SAMPLE}):
        assert attempt(gateway, "auditor", pipelines=[proposed], **asked).json["code"] == "role-missing"
    assert attempt(gateway, "auditor", version=1, sample=SAMPLE).json["verdict"] == "hold"
    both = gateway.key("both@example.org", "platform,auditors")
    found = gateway.call("POST", "/policy/try", both, {"pipelines": [proposed], "recorded": {"since": 0}})
    assert found.status == 200 and found.json["basis"] == "masked-transcripts" and found.json["compared"] == 1, found.body
    assert found.json["verdicts"] == {"hold → allow": 1} and b"078-05-1120" not in found.body
    assert attempt(gateway, "auditor", recorded={"since": int(time.time()) + 3600}).json["compared"] == 0
    time.sleep(1)
    assert [r for r in gateway.records() if r["data"].get("event") == "evidence.read" and r["data"]["what"] == "policy-try"]


def test_a_session_is_held_and_released(admin):
    gateway = admin(at=1)
    ask(gateway, gateway.keys["developer"])
    session = gateway.call_as("auditor", "GET", "/evidence/sessions").json["sessions"][0]["id"]
    assert gateway.call_as("auditor", "GET", "/evidence/holds").json == {"holds": []}
    assert gateway.call_as("admin", "POST", "/evidence/holds", {"session": "ses_nothing", "reason": "case"}).status == 404
    assert gateway.call_as("admin", "POST", "/evidence/holds", {"session": session}).status == 400
    assert gateway.call_as("admin", "POST", f"/evidence/holds/{session}/release", {"reason": "x"}).json["code"] == "not-held"
    held = gateway.call_as("admin", "POST", "/evidence/holds", {"session": session, "reason": "litigation 4711"})
    assert held.status == 201 and held.json["session"] == session and held.json["records"], held.body
    # It is in the log when it is answered: retention and the command line know it from there.
    listed = gateway.call_as("auditor", "GET", "/evidence/holds").json["holds"]
    assert [(one["session"], one["reason"], one["subject"]) for one in listed] == [(session, "litigation 4711", "admin@example.org")]
    assert session in gateway.run("evidence", "hold", gateway.data, "--list").stdout
    released = gateway.call_as("admin", "POST", f"/evidence/holds/{session}/release", {"reason": "settled"})
    assert released.status == 200 and released.json == {"held": False, "session": session}
    assert gateway.call_as("admin", "GET", "/evidence/holds").json == {"holds": []}
    events = [r["data"] for r in gateway.records() if r["data"].get("event", "").startswith("session.")]
    assert [(e["event"], e["by"], e["established"]) for e in events] == [
        ("session.held", "admin@example.org", "keys"), ("session.released", "admin@example.org", "keys")]
    gateway.stop()
    assert gateway.verify().returncode == 0
