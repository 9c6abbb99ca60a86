"""What people answer counts where the service vouches for them, once, and no further than they could decide here."""
import base64
import json
import time
import urllib.error
import urllib.request

import pytest

from notify_gateway import Asking, pending
from notify_services import Slack, Teams, Webhook

TEAMS_PERSON = "aaaaaaaa-1111-2222-3333-bbbbbbbbbbbb"


def post(gateway, name, headers, body, method="POST"):
    request = urllib.request.Request(f"http://127.0.0.1:{gateway.port}/hooks/{name}", data=body, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


@pytest.fixture(params=["none", "process"])
def slack(make_notified, request, tmp_path):
    """In the gateway's process, and in one of its own, which may reach this service and nothing else."""
    service = Slack()
    port = service.url.rsplit(":", 1)[1]
    allow, token, signing = "", "env:SLACK_TOKEN", "env:SLACK_SIGNING"
    if request.param == "process":  # it has no environment
        for name, secret in [("token", service.TOKEN), ("signing", service.SIGNING)]:
            (tmp_path / name).write_text(secret)
            (tmp_path / name).chmod(0o600)
        token, signing = f"file:{tmp_path}/token", f"file:{tmp_path}/signing"
        allow = f"\n    allow: {{ network: [{port}], read: ['{tmp_path}'] }}"
    gateway = make_notified(
        f"""  - notify: slack
    isolation: {request.param}{allow}
    with:
      api: '{service.url}/api'
      token: '{token}'
      channel: C0789
      signing-secret: '{signing}'
      people:
        - {{ id: T0123/U0456, subject: bo, groups: [officers] }}
        - {{ id: T0123/U0AAA, subject: ana, groups: [officers] }}
        - {{ id: T0123/U0BBB, subject: eve, groups: [engineers] }}""",
        {"SLACK_TOKEN": service.TOKEN, "SLACK_SIGNING": service.SIGNING}, hold="30s")
    yield gateway, service
    service.close()
    assert service.faults == []


def shown(service):
    return service.wait(lambda: next(iter(service.messages), None))


def test_a_button_lets_the_request_go_on(slack):
    gateway, service = slack
    asking = Asking(gateway)
    headers, body = service.press(shown(service))
    began = time.monotonic()
    assert post(gateway, "slack", headers, body)[0] == 200
    assert asking.end().value
    print(f"decision to answer: {time.monotonic() - began:.3f} s")
    decided = [r for r in gateway.records() if r["type"] == "approval.decided"][0]["data"]
    assert decided["subject"] == "bo" and decided["established"] == "slack:T0123/U0456" and decided["state"] == "approved"
    # The same message once more, and another press of the same button.
    assert post(gateway, "slack", headers, body)[0] == 200
    assert post(gateway, "slack", *service.press(next(iter(service.messages)), "deny", value=decided["approval"]))[0] == 200
    assert json.loads(gateway.run("approvals", "show", decided["approval"], "--data", gateway.data, "--json").stdout)["state"] in ("approved", "consumed")


@pytest.mark.parametrize("user, words", [("U0AAA", "own request"), ("U0BBB", "may not decide"), ("U0CCC", "not among the people")])
def test_who_may_not_decide_is_told_so_alone(slack, user, words):
    gateway, service = slack
    Asking(gateway)
    stamp = shown(service)
    approval = pending(gateway)
    assert post(gateway, "slack", *service.press(stamp, user=user))[0] == 200
    assert words in service.wait(lambda: service.whispers[0] if service.whispers else None)["text"]
    assert service.whispers[0]["user"] == user
    assert pending(gateway)["id"] == approval["id"]


def test_nothing_forged_or_old_counts(slack):
    gateway, service = slack
    Asking(gateway)
    stamp = shown(service)
    approval = pending(gateway)
    headers, body = service.press(stamp)
    now = time.time()
    for hostile in [
        ({}, body),
        ({**headers, "x-slack-signature": "v0=" + "0" * 64}, body),
        (headers, body.replace(b"U0456", b"U0457")),
        service.sign(body, secret="another"),
        service.sign(body, at=now - 400),
        service.sign(body, at=now + 400),
        ({**headers, "x-slack-request-timestamp": str(int(now) - 1)}, body),
        (headers, b""),
        service.sign(b"payload=%7B%7D"),
        service.sign(b"payload=" + b"%7B" * 10_000),
    ]:
        assert post(gateway, "slack", *hostile)[0] == 401, hostile
    assert post(gateway, "slack", headers, body, method="PUT")[0] == 401
    assert post(gateway, "nobody", headers, body)[0] == 404
    assert post(gateway, "slack/x", headers, body)[0] == 404
    assert post(gateway, "slack", headers, b"x" * 70_000)[0] in (413, 400)
    assert pending(gateway)["id"] == approval["id"]
    # The gateway is well.
    assert post(gateway, "slack", headers, body)[0] == 200
    assert not [a for a in gateway.approvals() if a["state"] == "pending"]


def test_a_late_press_is_told_that_it_is_late(make_notified):
    service = Slack()
    gateway = make_notified(
        f"""  - notify: slack
    with: {{ api: '{service.url}/api', token: env:T, channel: C0789, signing-secret: env:S, people: [ {{ id: T0123/U0456, subject: bo, groups: [officers] }} ] }}""",
        {"T": service.TOKEN, "S": service.SIGNING}, at="30, deny-at: 100")
    text = gateway.pipeline.read_text().replace("expires: 15m", "expires: 2s")
    gateway.stop()
    gateway.pipeline.write_text(text)
    gateway.start()
    asking = Asking(gateway)
    stamp = shown(service)
    press = service.press(stamp)
    asking.end()
    assert post(gateway, "slack", *press)[0] == 200
    assert "expired" in service.wait(lambda: service.whispers[0] if service.whispers else None)["text"]
    service.wait(lambda: True if "Expired" in json.dumps(service.messages[stamp]) else None)
    service.close()


def test_one_pipelines_secret_decides_about_no_other(make_notified, tmp_path):
    mine, other = Webhook(), Webhook()
    people = "people: [ { id: bo, subject: bo, groups: [officers] } ]"
    gateway = make_notified(
        f"  - notify: webhook\n    with: {{ url: '{mine.url}', secret: env:A, reply-secret: env:RA, {people} }}",
        {"A": mine.SECRET, "RA": mine.REPLY, "B": mine.SECRET, "RB": "whsec_" + base64.b64encode(b"x" * 32).decode()})
    second = gateway.pipeline.read_text().replace("pipeline: test", "pipeline: second").replace("listen: /openai", "listen: /second")
    second = second.replace("env:A", "env:B").replace("env:RA", "env:RB").replace(mine.url, other.url).replace(str(gateway.data.parent / "evidence"), str(tmp_path / "evidence-2"))
    gateway.stop()
    (gateway.pipeline.parent / "second.yaml").write_text(second)
    gateway.words = [gateway.pipeline.parent / "second.yaml"]
    gateway.environment = {"A": mine.SECRET, "RA": mine.REPLY, "B": mine.SECRET, "RB": "whsec_" + base64.b64encode(b"x" * 32).decode()}
    gateway.start()
    Asking(gateway)
    approval = pending(gateway)
    status, body = post(gateway, "webhook", *mine.reply(approval["id"], secret="whsec_" + base64.b64encode(b"x" * 32).decode()))
    assert (status, json.loads(body)["outcome"]) == (404, "unknown")
    status, body = post(gateway, "webhook", *mine.reply(approval["id"], identifier="msg_2"))
    assert (status, json.loads(body)["outcome"]) == (200, "approved")
    mine.close(), other.close()


def test_a_webhooks_answers(make_notified):
    hook = Webhook()
    gateway = make_notified(
        f"  - notify: webhook\n    with: {{ url: '{hook.url}', secret: env:A, reply-secret: env:R, people: [ {{ id: bo, subject: bo, groups: [officers] }}, {{ id: eve, subject: eve, groups: [] }}, {{ id: ana, subject: ana, groups: [officers] }} ] }}",
        {"A": hook.SECRET, "R": hook.REPLY}, hold="30s")
    asking = Asking(gateway)
    hook.wait(lambda: hook.events or None)
    approval = pending(gateway)["id"]

    def outcome(*arguments, **changes):
        status, body = post(gateway, "webhook", *hook.reply(*arguments, **changes))
        return status, json.loads(body)["outcome"] if body else None

    assert outcome(approval, person="eve", identifier="m1") == (403, "not-allowed")
    assert outcome(approval, person="ana", identifier="m2") == (403, "own-request")
    assert outcome(approval, person="zoe", identifier="m3") == (403, "unknown-person")
    assert outcome(approval, verdict="allow", identifier="m4") == (400, "malformed")
    assert outcome("apr_zzzzzzzzzz", identifier="m5") == (404, "unknown")
    assert outcome(approval, identifier="m6", secret=hook.SECRET) == (401, None)
    assert outcome(approval, identifier="m7", at=time.time() - 1000) == (401, None)
    headers, body = hook.reply(approval, verdict="deny", identifier="m8", comment="not without a case number")
    assert post(gateway, "webhook", headers, body) == (200, b'{"outcome":"denied"}')
    assert post(gateway, "webhook", headers, body)[0] == 409
    assert "denied" in str(asking.end().error)
    another = Asking(gateway, text="Patient Rosalind Okafor, MRN 7741209, SSN 417-55-2038, phone (312) 555-0188.")
    second = pending(gateway)["id"]
    # A message that was taken is taken no more, whatever is in it.
    assert outcome(second, identifier="m8") == (409, "replayed")
    assert outcome(second, identifier="m9") == (200, "approved")
    assert another.end().value
    decided = [r["data"] for r in gateway.records() if r["type"] == "approval.decided"]
    assert decided[0]["comment"] == "not without a case number" and decided[0]["established"] == "webhook:bo"
    # What the approver wrote stays here.
    assert "case number" not in json.dumps([e for _, e in hook.events])
    hook.close()
    assert hook.faults == []


def test_teams_answers_in_the_channel(make_notified):
    teams = Teams()
    gateway = make_notified(
        f"  - notify: teams\n    with: {{ webhook: env:U, outgoing-secret: env:K, people: [ {{ id: {TEAMS_PERSON}, subject: bo, groups: [officers] }} ] }}",
        {"U": f"{teams.url}/workflows/abc?sig=secret", "K": teams.KEY}, hold="30s")
    asking = Asking(gateway)
    approval = pending(gateway)["id"]

    def say(*arguments, **changes):
        status, body = post(gateway, "teams", *teams.message(*arguments, **changes))
        return status, json.loads(body)["text"] if body else None

    assert say("hello")[0] == 200 and "approve apr_" in say("hello", number="2")[1]
    assert "not among the people" in say(f"approve {approval}", person=TEAMS_PERSON.replace("a", "c"), number="3")[1]
    assert say(f"approve {approval}", at=time.time() - 1000, number="4")[0] == 401
    headers, body = teams.message(f"approve {approval}", number="5")
    assert post(gateway, "teams", {**headers, "authorization": "HMAC AAAA"}, body)[0] == 401
    assert post(gateway, "teams", headers, body.replace(b"approve", b"deny   "))[0] == 401
    assert "Approved" in json.loads(post(gateway, "teams", headers, body)[1])["text"]
    assert asking.end().value
    teams.close()
    assert teams.faults == []


def test_a_quorum_takes_different_people(make_notified):
    hook = Webhook()
    gateway = make_notified(
        f"  - notify: webhook\n    with: {{ url: '{hook.url}', secret: env:A, reply-secret: env:R, people: [ {{ id: bo, subject: bo, groups: [officers] }}, {{ id: bo2, subject: BO, groups: [officers] }}, {{ id: cy, subject: cy, groups: [officers] }} ] }}",
        {"A": hook.SECRET, "R": hook.REPLY}, hold="30s", at="30, quorum: 2")
    asking = Asking(gateway)
    approval = pending(gateway)["id"]
    assert json.loads(post(gateway, "webhook", *hook.reply(approval, identifier="1"))[1]) == {"outcome": "counted"}
    assert json.loads(post(gateway, "webhook", *hook.reply(approval, identifier="2", person="bo2"))[1]) == {"outcome": "already-decided"}
    assert json.loads(post(gateway, "webhook", *hook.reply(approval, identifier="3", person="cy"))[1]) == {"outcome": "approved"}
    assert asking.end().value
    hook.close()
