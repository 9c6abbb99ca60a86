"""What somebody may try who may use the chat, the tracker or the network, and may not decide."""
import json
import ssl
import subprocess
import threading
import time

import pytest

from notify_gateway import Asking, pending
from notify_services import Jira, ServiceNow, Slack, Webhook
from test_notify_replies import post

PEOPLE = "people: [ { id: %s, subject: bo, groups: [officers] } ]"


@pytest.fixture
def served():
    made = []

    def make(kind):
        made.append(kind())
        return made[-1]

    yield make
    for service in made:
        service.close()
        assert service.faults == []


def still_waits_after_polls(gateway, service, approval, path):
    """The service is asked twice more, and nothing is decided."""
    def asked():
        return sum(path in request["path"] for request in service.requests)

    before = asked()
    service.wait(lambda: True if asked() > before + 1 else None)
    assert pending(gateway)["id"] == approval


def test_an_issue_of_somebody_else_with_the_label_decides_nothing(make_notified, served):
    jira = served(Jira)
    answer = jira.answer
    lost = []

    def lossy(request):
        if request["method"] == "POST" and request["path"] == "/rest/api/2/issue" and not lost:
            # The first attempt fails, and eve labels an issue that bo has approved long ago.
            label = [x for x in json.loads(request["body"])["fields"]["labels"] if x.startswith("sluice-apr_")]
            jira.issues["PRIV-99"] = {"creator": "eve", "fields": {"labels": label, "status": {"name": "Open"}}, "changelog": {"histories": []}}
            jira.move("PRIV-99", "Approved", "5b10ac8d")
            lost.append(label)
            return 502, {}, b""
        return answer(request)

    jira.answer = lossy
    gateway = make_notified(
        f"  - notify: jira\n    with: {{ url: '{jira.url}', user: bot@clinic.example, token: env:JIRA, project: PRIV, {PEOPLE % '5b10ac8d'} }}",
        {"JIRA": "jira-token"}, hold="60s")
    asking = Asking(gateway)
    own = jira.wait(lambda: next((key for key in jira.issues if key != "PRIV-99"), None))
    still_waits_after_polls(gateway, jira, pending(gateway)["id"], f"/rest/api/2/issue/{own}")
    assert not any("PRIV-99" in request["path"] for request in jira.requests)
    jira.move(own, "Approved", "5b10ac8d")
    assert asking.end().value


def test_a_record_of_somebody_else_and_an_administrators_hand_decide_nothing(make_notified, served):
    now = served(ServiceNow)
    answer = now.answer
    planted = "e" * 32
    lost = []

    def lossy(request):
        if request["method"] == "POST" and not lost:
            record = json.loads(request["body"])
            now.records[planted] = {"correlation_id": record["correlation_id"], "sys_created_by": "eve"}
            now.approvals.append((planted, "bo.officer", "approved"))
            lost.append(planted)
            return 503, {}, b""
        return answer(request)

    now.answer = lossy
    gateway = make_notified(
        f"  - notify: servicenow\n    with: {{ url: '{now.url}', user: sluice, password: env:NOW, {PEOPLE % 'bo.officer'} }}", {"NOW": "now-password"},
        hold="60s")
    asking = Asking(gateway)
    own = now.wait(lambda: next((key for key in now.records if key != planted), None))
    # Somebody with the right to write approvals sets bo's.
    now.approvals.append((own, "bo.officer", "approved", "eve.admin"))
    still_waits_after_polls(gateway, now, pending(gateway)["id"], "sysapproval_approver")
    assert not any(planted in request["path"] for request in now.requests)
    now.approvals[-1] = (own, "bo.officer", "approved")
    assert asking.end().value


def test_a_chat_that_hangs_keeps_nobody_from_answering_elsewhere(make_notified, served):
    slack, hook = served(Slack), served(Webhook)
    go_on = threading.Event()
    answer = slack.answer

    def slow(request):
        if request["path"].endswith("/chat.postEphemeral"):
            go_on.wait(120)
        return answer(request)

    slack.answer = slow
    gateway = make_notified(
        f"""  - notify: slack
    with: {{ api: '{slack.url}/api', token: env:T, channel: C0789, signing-secret: env:S, {PEOPLE % 'T0123/U0456'} }}
  - notify: webhook
    with: {{ url: '{hook.url}', secret: env:A, reply-secret: env:R, {PEOPLE % 'bo'} }}""",
        {"T": slack.TOKEN, "S": slack.SIGNING, "A": hook.SECRET, "R": hook.REPLY}, hold="60s")
    asking = Asking(gateway)
    stamp = slack.wait(lambda: next(iter(slack.messages), None))
    approval = pending(gateway)["id"]
    # Strangers press, and each of them is to be told that they may not.
    presses = [threading.Thread(target=post, args=(gateway, "slack", *slack.press(stamp, user=f"U0X{n:02}"))) for n in range(12)]
    for press in presses:
        press.start()
    slack.wait(lambda: True if sum("postEphemeral" in r["path"] for r in slack.requests) else None)
    assert post(gateway, "webhook", *hook.reply(approval)) == (200, b'{"outcome":"approved"}')
    assert not go_on.is_set()
    assert asking.end().value
    go_on.set()
    for press in presses:
        press.join(60)
        assert not press.is_alive()


def test_a_glass_that_is_broken_at_once_is_told(make_notified, served):
    hook = served(Webhook)
    gateway = make_notified(
        f"  - notify: webhook\n    with: {{ url: '{hook.url}', secret: env:A }}", {"A": hook.SECRET}, hold="60s",
        at="30, break-glass: { anyone: true }")
    key = gateway.key("ana")
    asking = Asking(gateway, subject="ana")
    approval = pending(gateway)["id"]
    gateway.run("break-glass", approval, "--reason", "emergency, bed 4", "--data", gateway.data, env={"SLUICE_KEY": key})
    assert asking.end().value
    settled = hook.wait(lambda: next((event for _, event in hook.events if event["type"] == "approval.settled"), None))
    assert settled["data"]["approval"]["break-glass"]["severity"] == "high"
    assert "bed 4" not in json.dumps(hook.events)


def certificate(folder, name, subject):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem", "-days", "2",
         "-subj", "/CN=test", "-addext", f"subjectAltName={subject}"], check=True, capture_output=True)


@pytest.mark.parametrize("served_by, trusted, version, arrives", [
    ("good", "good", None, True),
    ("good", "other", None, False),  # another authority
    ("good", None, None, False),  # the system's authorities
    ("elsewhere", "elsewhere", None, False),  # another name
    ("good", "good", ssl.TLSVersion.TLSv1_1, False),
])
def test_a_service_is_who_its_certificate_says(make_notified, served, tmp_path, monkeypatch, served_by, trusted, version, arrives):
    for name, subject in [("good", "IP:127.0.0.1"), ("other", "IP:127.0.0.1"), ("elsewhere", "DNS:clinic.example")]:
        certificate(tmp_path, name, subject)
    # A proxy for what leaves this machine: this does not.
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    hook = served(Webhook)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / f"{served_by}.pem", tmp_path / f"{served_by}.key")
    if version:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = version
    hook.server.socket = context.wrap_socket(hook.server.socket, server_side=True)
    hook.server.handle_error = lambda *_: None
    trust = f", ca: {tmp_path / f'{trusted}.pem'}" if trusted else ""
    gateway = make_notified(
        f"  - notify: webhook\n    with: {{ url: '{hook.url.replace('http:', 'https:')}', secret: env:A{trust} }}", {"A": hook.SECRET})
    asking = Asking(gateway)
    pending(gateway)
    if arrives:
        hook.wait(lambda: hook.events or None)
    else:
        for _ in range(200):
            if "certificate is not trusted" in gateway.read_log():
                break
            time.sleep(0.05)
        assert "certificate is not trusted" in gateway.read_log() and not hook.events
    asking.end()


def test_chat_and_command_line_that_decide_at_once_come_to_one_outcome(make_notified, served):
    """On SQLite, which processes of one machine share: for Postgres and two gateways see Tests/Integration/store."""
    hook = served(Webhook)
    people = ", ".join(f"{{ id: w{n}, subject: w{n}, groups: [officers] }}" for n in range(3))
    gateway = make_notified(
        f"  - notify: webhook\n    with: {{ url: '{hook.url}', secret: env:A, reply-secret: env:R, people: [ {people} ] }}",
        {"A": hook.SECRET, "R": hook.REPLY}, hold="60s")
    officers = [gateway.key(f"c{n}", "officers") for n in range(3)]
    for number in range(4):
        asking = Asking(gateway, text=f"Patient Margaret Holloway, MRN 4482913, SSN 536-22-8719, phone (217) 555-0143. Number {number}.")
        approval = pending(gateway)["id"]
        together = threading.Barrier(6)
        words = []

        def by_chat(person):
            headers, body = hook.reply(approval, verdict="approve" if person % 2 else "deny", person=f"w{person}", identifier=f"{number}-{person}")
            together.wait()
            status, answer = post(gateway, "webhook", headers, body)
            words.append((status == 200, json.loads(answer)["outcome"]))

        def by_command(person):
            together.wait()
            done = gateway.run(
                "approvals", "deny" if person % 2 else "approve", approval, "--data", gateway.data, env={"SLUICE_KEY": officers[person]}, check=False)
            words.append((done.returncode == 0, "denied" if person % 2 else "approved"))

        deciding = [threading.Thread(target=work, args=(person,)) for person in range(3) for work in (by_chat, by_command)]
        for one in deciding:
            one.start()
        for one in deciding:
            one.join(60)
        taken = [outcome for was_taken, outcome in words if was_taken]
        assert len(words) == 6 and len(taken) == 1, words
        asking.end()
        assert bool(asking.value) == (taken[0] == "approved"), (taken, asking.error)
    decided = [record for record in gateway.records() if record["type"] == "approval.decided"]
    assert len(decided) == 4
