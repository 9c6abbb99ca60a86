"""What waits is told where people are, with enough to decide and nothing protected."""
import email
import json
import ssl
import subprocess
import time

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from notify_gateway import Asking, has_no_secret, pending
from notify_services import Jira, ServiceNow, Slack, Teams, Webhook

PEOPLE = 'people: [{ id: %s, subject: bo, groups: [officers] }]'


def approve(gateway, approval):
    gateway.run("approvals", "approve", approval["id"], "--data", gateway.data, env={"SLUICE_KEY": gateway.key("bo", "officers")})


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
        assert has_no_secret(*(r["body"] for r in service.requests))


def test_slack_shows_what_waits_and_what_it_came_to(make_notified, served):
    slack = served(Slack)
    gateway = make_notified(
        f"  - notify: slack\n    with: {{ api: '{slack.url}/api', token: env:SLACK_TOKEN, channel: C0789, signing-secret: env:SLACK_SIGNING, {PEOPLE % 'T0123/U0456'}, link: 'https://sluice.example/a/{{approval}}' }}",
        {"SLACK_TOKEN": slack.TOKEN, "SLACK_SIGNING": slack.SIGNING})
    asking = Asking(gateway)
    stamp, message = slack.wait(lambda: next(iter(slack.messages.items()), None))
    approval = pending(gateway)
    text = json.dumps(message)
    for needed in (approval["id"], "ana", "test", "gpt-5", "SSN", "officers", f"https://sluice.example/a/{approval['id']}"):
        assert needed in text, needed
    assert slack.buttons(stamp) == {"approve": approval["id"], "deny": approval["id"], "open": None}
    approve(gateway, approval)
    assert asking.end().value
    slack.wait(lambda: True if "Approved" in json.dumps(slack.messages[stamp]) else None)
    assert "bo" in json.dumps(slack.messages[stamp]) and not slack.buttons(stamp)
    assert len(slack.messages) == 1
    gateway.stop()
    assert slack.TOKEN not in gateway.read_log() and slack.TOKEN.encode() not in gateway.everything_on_disk()


def test_teams_gets_a_card_for_each(make_notified, served):
    teams = served(Teams)
    gateway = make_notified(
        f"  - notify: teams\n    with: {{ webhook: env:TEAMS_URL, outgoing-secret: env:TEAMS_KEY, {PEOPLE % 'aaaaaaaa-1111-2222-3333-bbbbbbbbbbbb'} }}",
        {"TEAMS_URL": f"{teams.url}/workflows/abc?sig=secret", "TEAMS_KEY": teams.KEY})
    Asking(gateway)
    card = teams.wait(lambda: teams.cards[0] if teams.cards else None)
    approval = pending(gateway)
    assert f"@Sluice approve {approval['id']}" in teams.text(card) and "Asked by: ana" in teams.text(card)
    gateway.run("approvals", "deny", approval["id"], "--data", gateway.data, env={"SLUICE_KEY": gateway.key("bo", "officers")})
    assert "Denied by: bo" in teams.text(teams.wait(lambda: teams.cards[1] if len(teams.cards) > 1 else None))
    assert "sig=secret" not in gateway.read_log()


def test_a_webhook_is_signed_and_told_again_after_a_failure(make_notified, served):
    hook = served(Webhook)
    hook.failing += [(503, {}, b""), (429, {"retry-after": "1"}, b"")]
    gateway = make_notified(f"  - notify: webhook\n    with: {{ url: '{hook.url}/told', secret: env:HOOK }}", {"HOOK": hook.SECRET})
    Asking(gateway)
    identifier, event = hook.wait(lambda: hook.events[0] if hook.events else None)
    approval = pending(gateway)
    assert event["type"] == "approval.asked" and event["data"]["approval"]["id"] == approval["id"]
    assert event["data"]["approval"]["quorum"] == 1 and event["data"]["approval"]["score"] >= 30
    assert "excerpt" not in json.dumps(event)
    assert [r["headers"]["webhook-id"] for r in hook.requests] == [identifier] * 3
    approve(gateway, approval)
    settled = hook.wait(lambda: hook.events[1] if len(hook.events) > 1 else None)
    assert settled[0] != identifier and settled[1]["type"] == "approval.settled" and settled[1]["data"]["decisions"][0]["subject"] == "bo"
    time.sleep(1)
    assert len(hook.events) == 2


def test_a_notifier_that_refuses_is_on_record_and_changes_nothing_for_the_request(make_notified, served):
    hook = served(Webhook)
    hook.failing += [(410, {}, b"")]
    gateway = make_notified(f"  - notify: webhook\n    with: {{ url: '{hook.url}/gone', secret: env:HOOK }}", {"HOOK": hook.SECRET})
    asking = Asking(gateway)
    approval = pending(gateway)
    for _ in range(100):
        if any(r["type"] == "administration" and r["data"]["event"] == "notification.failed" for r in gateway.records()):
            break
        time.sleep(0.1)
    else:
        raise AssertionError("it is not on record")
    approve(gateway, approval)
    assert asking.end().value
    assert len(hook.requests) == 1


def test_what_a_killed_gateway_did_not_tell_is_told_by_the_next(make_notified, served):
    hook = served(Webhook)
    hook.failing += [(503, {"retry-after": "2"}, b"")] * 2
    gateway = make_notified(f"  - notify: webhook\n    with: {{ url: '{hook.url}/told', secret: env:HOOK }}", {"HOOK": hook.SECRET})
    Asking(gateway)
    approval = pending(gateway)
    hook.wait(lambda: hook.requests or None)
    gateway.process.kill()
    gateway.process.wait()
    assert not hook.events
    gateway.start()
    assert hook.wait(lambda: hook.events[0] if hook.events else None)[1]["data"]["approval"]["id"] == approval["id"]


def test_jira_decides_by_its_status(make_notified, served):
    jira = served(Jira)
    gateway = make_notified(
        f"  - notify: jira\n    with: {{ url: '{jira.url}', user: bot@clinic.example, token: env:JIRA, project: PRIV, {PEOPLE % '5b10ac8d'} }}",
        {"JIRA": "jira-token"}, hold="30s")
    asking = Asking(gateway)
    key = jira.wait(lambda: next(iter(jira.issues), None))
    approval = pending(gateway)
    assert approval["id"] in jira.issues[key]["fields"]["description"]
    jira.move(key, "Approved", "somebody-else")
    polls = len(jira.requests)
    jira.wait(lambda: True if len(jira.requests) > polls + 1 else None)
    assert pending(gateway)["id"] == approval["id"]
    jira.move(key, "Open", "5b10ac8d")
    jira.move(key, "Approved", "5b10ac8d")
    assert asking.end().value
    jira.wait(lambda: jira.comments.get(key))
    decided = [r for r in gateway.records() if r["type"] == "approval.decided"][0]["data"]
    assert decided["subject"] == "bo" and decided["established"] == "jira:5b10ac8d" and decided["comment"] == key


def test_jira_opens_no_second_issue_when_an_answer_was_lost(make_notified, served):
    jira = served(Jira)
    answer = jira.answer

    def lossy(request):
        status, headers, body = answer(request)
        return (502, {}, b"") if request["method"] == "POST" and len(jira.issues) == 1 and not jira.requests[1:] else (status, headers, body)

    jira.answer = lossy
    gateway = make_notified(
        f"  - notify: jira\n    with: {{ url: '{jira.url}', user: bot@clinic.example, token: env:JIRA, project: PRIV, {PEOPLE % '5b10ac8d'} }}",
        {"JIRA": "jira-token"}, hold="30s")
    asking = Asking(gateway)
    jira.wait(lambda: True if any("/search/jql" in r["path"] for r in jira.requests) else None)
    jira.move("PRIV-1", "Approved", "5b10ac8d")
    assert asking.end().value and len(jira.issues) == 1


def test_servicenow_decides_by_its_approvals(make_notified, served):
    now = served(ServiceNow)
    gateway = make_notified(
        f"  - notify: servicenow\n    with: {{ url: '{now.url}', user: sluice, password: env:NOW, {PEOPLE % 'bo.officer'} }}", {"NOW": "now-password"},
        hold="30s")
    asking = Asking(gateway)
    identifier = now.wait(lambda: next(iter(now.records), None))
    now.approvals += [(identifier, "eve", "approved"), (identifier, "bo.officer", "rejected")]
    error = asking.end().error
    assert "denied" in str(error)
    now.wait(lambda: now.records[identifier].get("work_notes"))


class Mailbox:
    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        assert session.ssl is not None and session.authenticated
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 OK"


def certificate(folder):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "k.pem", "-out", folder / "c.pem", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "c.pem", folder / "k.pem")
    return folder / "c.pem", context


def mail_server(mailbox, context=None):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = Controller(
        mailbox, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=context is not None, auth_required=context is not None,
        authenticator=lambda *a: AuthResult(success=a[4].login == b"sluice" and a[4].password == b"mail-password"))
    server.start()
    return server


def test_a_mail_arrives_over_tls(make_notified, tmp_path):
    mailbox = Mailbox()
    authority, context = certificate(tmp_path)
    server = mail_server(mailbox, context)
    try:
        gateway = make_notified(
            f"  - notify: smtp\n    with: {{ server: 'smtp://localhost:{server.port}', user: sluice, password: env:MAIL, from: sluice@clinic.example, to: [privacy@clinic.example, bo@clinic.example], ca: {authority} }}",
            {"MAIL": "mail-password"})
        Asking(gateway)
        approval = pending(gateway)
        for _ in range(200):
            if mailbox.mails:
                break
            time.sleep(0.05)
        sender, recipients, content = mailbox.mails[0]
        message = email.message_from_bytes(content)
        text = message.get_payload(decode=True).decode()
        assert sender == "sluice@clinic.example" and recipients == ["privacy@clinic.example", "bo@clinic.example"]
        assert approval["id"] in text and "sluice approvals approve" in text and has_no_secret(content, text)
        assert "ana waits for approval" in str(email.header.make_header(email.header.decode_header(message["subject"])))
        approve(gateway, approval)
        for _ in range(200):
            if len(mailbox.mails) > 1:
                break
            time.sleep(0.05)
        answer = email.message_from_bytes(mailbox.mails[1][2])
        assert answer["in-reply-to"] == message["message-id"]
    finally:
        server.stop()


def test_no_mail_without_tls(make_notified):
    mailbox = Mailbox()
    server = mail_server(mailbox)
    try:
        gateway = make_notified(
            f"  - notify: smtp\n    with: {{ server: 'smtp://localhost:{server.port}', user: sluice, password: env:MAIL, from: sluice@clinic.example, to: [privacy@clinic.example] }}",
            {"MAIL": "mail-password"})
        Asking(gateway)
        pending(gateway)
        for _ in range(100):
            if "offers no TLS" in gateway.read_log():
                break
            time.sleep(0.1)
        assert "offers no TLS" in gateway.read_log() and not mailbox.mails
    finally:
        server.stop()


@pytest.mark.parametrize("stages, wanted", [
    ("  - notify: slack\n    with: { token: xoxb-1, channel: C0789 }", "the value does not have the right form"),
    ("  - notify: slack\n    with: { token: env:T, channel: C0789, people: [{ id: T0123/U0456, subject: bo, groups: [] }] }", "signing-secret"),
    ("  - notify: webhook\n    with: { url: 'http://clinic.example/', secret: env:S }", "https://"),
    ("  - notify: webhook\n    with: { url: 'https://clinic.example/', secret: env:S, reply-secret: env:S }", "secret of their own"),
    ("  - notify: smtp\n    with: { server: 'smtp://x:25', from: a@b.example, to: ['a@b.example\\nBcc: c@d.example'] }", "no e-mail address"),
    ("  - notify: jira\n    with: { url: 'https://x.example', token: env:T, project: PRIV, approved: Done, denied: done }", "same status"),
])
def test_a_mistake_is_shown_at_its_place(gateway, stages, wanted):
    text = gateway.pipeline.read_text().replace("  - sink: file", stages + "\n  - sink: file")
    gateway.pipeline.write_text(text)
    done = gateway.run("check", gateway.pipeline, check=False)
    assert done.returncode == 1 and wanted in done.stderr, done.stderr
    assert "xoxb-1" not in done.stderr
