"""Who may call what, and what the calls do."""
import concurrent.futures
import json
import socket
import subprocess
import time
import urllib.request
import urllib.error

import pytest

from admin_gateway import ROLES, free_port
from main_gateway import SLUICE

PATIENT = "MRN 7781234, SSN 078-05-1120, born 1961-03-02"

# Said here again, on purpose: who may call what is not read from what is tested.
MAY = {
    "GET /health": None, "GET /openapi.json": None,
    "GET /version": {*ROLES}, "GET /me": {*ROLES}, "GET /events?seconds=1": {*ROLES},
    "GET /plugins": {"auditor", "admin"},
    "GET /keys": {"developer", "auditor", "admin"}, "POST /keys": {"admin"}, "DELETE /keys/key_000000000000": {"developer", "admin"},
    "GET /approvals": {"developer", "approver", "auditor"}, "GET /approvals/apr_0000000000": {"developer", "approver", "auditor"},
    "POST /approvals/apr_0000000000/approve": {"approver"}, "POST /approvals/apr_0000000000/deny": {"approver"},
    "POST /approvals/apr_0000000000/break-glass": {"developer"},
    "GET /grants": {"developer", "approver", "auditor"}, "POST /grants": {"approver"},
    "POST /grants/grt_0000000000/support": {"approver"}, "DELETE /grants/grt_0000000000": {"approver", "admin"},
    "GET /broken-glass": {"approver", "auditor"}, "POST /broken-glass/gls_0000000000/review": {"approver"},
    "GET /policies": {"auditor", "admin"}, "POST /policies": {"admin"}, "GET /policies/1": {"auditor", "admin"},
    "GET /policies/1/diff": {"auditor", "admin"}, "POST /policies/1/roll-back": {"admin"},
    "GET /evidence/log": {"auditor", "admin"}, "GET /evidence/sessions": {"auditor"}, "GET /evidence/sessions/ses_0": {"auditor"},
    "GET /evidence/records/0": {"auditor"},
    "POST /policy/try": {"auditor", "admin"},
    "GET /evidence/holds": {"auditor", "admin"}, "POST /evidence/holds": {"admin"}, "POST /evidence/holds/ses_0/release": {"admin"},
}


def test_every_route_lets_in_whom_it_should_and_nobody_else(admin):
    gateway = admin()
    nobody = gateway.key("nobody@example.org", "guests")
    made = gateway.call_as("admin", "POST", "/keys", {"subject": "gone@example.org", "groups": ["platform", "engineers"]})
    assert made.status == 201
    gone = made.json["key"]
    assert gateway.call("GET", "/me", gone).json["roles"] == ["admin", "developer"]
    assert gateway.call_as("admin", "DELETE", "/keys/" + made.json["id"]).status == 200
    for name, may in MAY.items():
        method, path = name.split(" ")
        body = {} if method == "POST" else None
        for role in ROLES:
            answer = gateway.call_as(role, method, path, body)
            if may is None or role in may:
                assert answer.status not in (401, 405) and answer.status < 500, (name, role, answer.body)
                assert answer.status != 403 and b"no such path" not in answer.body, (name, role, answer.body)
            else:
                assert (answer.status, answer.json["code"]) == (403, "role-missing"), (name, role, answer.body)
        answer = gateway.call(method, path, nobody, body)
        assert answer.status == (200 if may is None else 403), (name, answer.body)
        # Failures are few in a row: another gateway's worth of them is had by waiting a little.
        for key in (None, gone, "sk-sluice-" + "0" * 32):
            answer = gateway.call(method, path, key, body)
            while answer.status == 429:
                assert answer.fields["retry-after"] == "1"
                time.sleep(1)
                answer = gateway.call(method, path, key, body)
            assert answer.status == (200 if may is None else 401), (name, key, answer.body)
            if may is not None:
                assert answer.fields["www-authenticate"] == "Bearer" and answer.json["code"] == "unauthenticated"
        for field, value in (("cache-control", "no-store"), ("x-content-type-options", "nosniff")):
            assert answer.fields[field] == value
        assert answer.fields["content-security-policy"].startswith("default-src 'none'")
        assert not [field for field in answer.fields if field.lower().startswith("access-control") or field.lower() == "set-cookie"]


def test_the_table_above_is_the_whole_api(admin):
    gateway = admin()
    described = gateway.call("GET", "/openapi.json").json["paths"]
    shape = lambda path: [part if not part[:4] in ("key_", "apr_", "grt_", "gls_", "ses_") and not part.isdigit() else "{}" for part in path.split("/")]
    here = sorted((name.split(" ")[0], shape("/api/v1" + name.split(" ")[1].split("?")[0])) for name in MAY)
    there = sorted((method.upper(), ["{}" if part.startswith("{") else part for part in path.split("/")]) for path in described for method in described[path])
    assert here == there
    for method, path in (("PUT", "/keys"), ("QUERY", "/keys"), ("HEAD", "/me"), ("OPTIONS", "/approvals")):
        answer = gateway.call(method, path)
        assert answer.status == 405 and "GET" in answer.fields["allow"]
    for path in ("", "/", "/nothing", "/keys/a/b", "/../../etc/passwd", "/%2e%2e"):
        assert gateway.call_as("admin", "GET", path).status == 404


def test_failures_of_one_address_are_slowed_and_lock_nobody_out(admin):
    gateway = admin()
    assert gateway.call_as("admin", "GET", "/me").status == 200
    statuses = [gateway.call("GET", "/me", "sk-sluice-" + f"{number:032}").status for number in range(60)]
    assert statuses[:20] == [401] * 20 and 429 in statuses
    # Whoever was known before goes on, also behind the same address.
    assert gateway.call_as("admin", "GET", "/me").status == 200
    assert gateway.call("GET", "/health").status == 200


def test_keys_are_made_ended_and_on_record(admin):
    gateway = admin()
    made = gateway.call_as("admin", "POST", "/keys", {"subject": "ana@example.org", "groups": ["engineers"], "lifetime-seconds": 3600})
    assert made.status == 201 and made.json["state"] == "valid" and made.json["groups"] == ["engineers"]
    ana = made.json["key"]
    assert [key["subject"] for key in gateway.call("GET", "/keys", ana).json["keys"]] == ["ana@example.org"]
    assert len(gateway.call_as("auditor", "GET", "/keys").json["keys"]) == 5
    assert ana.encode() not in gateway.call_as("admin", "GET", "/keys").body
    other = next(key for key in gateway.call_as("admin", "GET", "/keys").json["keys"] if key["subject"].startswith("approver"))
    assert gateway.call("DELETE", "/keys/" + other["id"], ana).status == 404
    assert gateway.call("DELETE", "/keys/" + made.json["id"], ana).json["state"] == "revoked"
    assert gateway.call("GET", "/me", ana).status == 401
    time.sleep(1)
    events = [record["data"] for record in gateway.records() if record["type"] == "administration"]
    created = [event for event in events if event["event"] == "key.created" and event["key"] == made.json["id"]]
    assert created[0]["by"] == "admin@example.org" and created[0]["established"] == "keys"
    revoked = [event for event in events if event["event"] == "key.revoked"]
    assert revoked[0]["by"] == "ana@example.org"


def test_a_retry_makes_no_second_key_and_shows_none(admin):
    gateway = admin()
    wanted = {"subject": "ci@example.org", "groups": ["engineers"]}
    make = lambda name, body=wanted, key=gateway.keys["admin"]: gateway.call("POST", "/keys", key, body, {"idempotency-key": name})
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: make("5f2c"), range(8)))
    first = [answer for answer in answers if answer.status == 201]
    assert len(first) == 1 and first[0].json["key"].startswith("sk-sluice-")
    again = [answer.json for answer in answers if answer.status == 200]
    assert len(again) == 7 and all(one["key"] is None and one["id"] == first[0].json["id"] for one in again)
    assert gateway.call("GET", "/me", first[0].json["key"]).status == 200
    other = make("5f2c", {**wanted, "subject": "else@example.org"})
    assert (other.status, other.json["code"]) == (422, "idempotency-key-reused")
    assert make("5f2d").status == 201
    # Another person's call of the same name is another call.
    second = gateway.key("second@example.org", "platform")
    assert make("5f2c", key=second).status == 201
    for name in ("", " ", "a b", "a" * 256):
        assert make(name).status == 400, name
    assert [key["subject"] for key in gateway.call_as("admin", "GET", "/keys").json["keys"]].count("ci@example.org") == 3
    # It is revoked: the retry says so, and makes nothing.
    gateway.call_as("admin", "DELETE", "/keys/" + first[0].json["id"])
    assert make("5f2c").json["state"] == "revoked"
    # It is in no file: the store knows the key's SHA-256 alone.
    assert first[0].json["key"].encode() not in gateway.everything_on_disk()


def test_nobody_gives_a_role_that_they_do_not_have(admin):
    gateway = admin()
    before = len(gateway.call_as("admin", "GET", "/keys").json["keys"])
    for group in ("officers", "auditors"):
        answer = gateway.call_as("admin", "POST", "/keys", {"subject": "else@example.org", "groups": ["engineers", group]})
        assert (answer.status, answer.json["code"]) == (403, "role-not-yours")
    assert len(gateway.call_as("admin", "GET", "/keys").json["keys"]) == before
    both = gateway.key("both@example.org", "platform,officers")
    assert gateway.call("POST", "/keys", both, {"subject": "else@example.org", "groups": ["officers"]}).status == 201


def ask(gateway, key):
    """Sends a request that is held; its approval is left behind."""
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": PATIENT}]}).encode()
    request = urllib.request.Request(gateway.base + "/chat/completions", data=body, headers={"content-type": "application/json", "authorization": f"Bearer {key}"})
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(request, timeout=20)


def test_approvals_are_seen_by_the_right_people_and_decided_by_others(admin):
    gateway = admin(at=1)
    ask(gateway, gateway.keys["developer"])
    ask(gateway, gateway.key("bo@example.org", "engineers,officers"))
    page = gateway.call_as("approver", "GET", "/approvals?state=pending&limit=1").json
    assert len(page["approvals"]) == 1 and page["next"]
    rest = gateway.call_as("approver", "GET", "/approvals?state=pending&limit=1&cursor=" + page["next"]).json
    assert len(rest["approvals"]) == 1 and rest["next"] is None
    both = page["approvals"] + rest["approvals"]
    assert {one["subject"] for one in both} == {"developer@example.org", "bo@example.org"}
    assert "078-05-1120" not in json.dumps(both)
    own = gateway.call_as("developer", "GET", "/approvals").json["approvals"]
    assert [one["subject"] for one in own] == ["developer@example.org"]
    bos = next(one["id"] for one in both if one["subject"] == "bo@example.org")
    assert gateway.call_as("developer", "GET", "/approvals/" + bos).status == 404
    assert gateway.call_as("auditor", "GET", "/approvals/" + bos).json["id"] == bos
    # Nobody decides about their own.
    bo = gateway.key("bo@example.org", "officers")
    answer = gateway.call("POST", f"/approvals/{bos}/approve", bo, {})
    assert (answer.status, answer.json["code"]) == (403, "own-request")
    answer = gateway.call_as("approver", "POST", f"/approvals/{bos}/approve", {"comment": "case 4711"})
    assert answer.status == 200 and answer.json["state"] == "approved"
    assert answer.json["decisions"][0]["comment"] == "case 4711" and answer.json["decisions"][0]["established"] == "keys"
    assert gateway.call_as("approver", "POST", f"/approvals/{bos}/deny", {}).status == 409
    assert gateway.call_as("approver", "POST", f"/approvals/{own[0]['id']}/deny", {"comment": "no"}).json["state"] == "denied"
    assert gateway.call_as("approver", "GET", "/approvals?state=pending").json["approvals"] == []
    time.sleep(1)
    decided = [record["data"] for record in gateway.records() if record["type"] == "approval.decided"]
    assert {event["verdict"] for event in decided} >= {"approve", "deny"}


def test_grants(admin):
    gateway = admin()
    wanted = {"subject": "developer@example.org", "pipeline": "test", "kinds": ["SSN"], "lifetime-seconds": 600, "comment": "ward 3"}
    made = gateway.call_as("approver", "POST", "/grants", wanted)
    assert made.status == 201 and made.json["state"] == "valid"
    assert gateway.call_as("approver", "POST", f"/grants/{made.json['id']}/support", {}).status == 409
    own = gateway.call_as("approver", "POST", "/grants", {**wanted, "subject": "approver@example.org"})
    assert (own.status, own.json["code"]) == (403, "own-request")
    assert len(gateway.call_as("developer", "GET", "/grants").json["grants"]) == 1
    assert gateway.call_as("admin", "DELETE", "/grants/" + made.json["id"]).json["state"] == "revoked"


def test_policies_are_pushed_whole_and_nobodys_change_is_lost(admin):
    gateway = admin()
    listed = gateway.call_as("admin", "GET", "/policies")
    tag = listed.fields["etag"]
    assert tag == '"1"' and listed.json["policies"][0]["version"] == 1
    file = gateway.call_as("auditor", "GET", "/policies/1").json["files"][0]
    changed = {"pipelines": [{**file, "text": file["text"].replace("(dump|export)", "(dump|export|list)")}], "comment": "lists, too"}
    push = lambda body, tag: gateway.call_as("admin", "POST", "/policies", body, {"if-match": tag} if tag else None)
    assert push(changed, None).status == 428
    assert push(changed, '"7"').status == 412
    made = push(changed, tag)
    assert made.status == 201 and made.json["version"] == 2 and made.fields["etag"] == '"2"', made.body
    assert made.json["author"] == "admin@example.org"
    # Somebody who saw the version before does not undo that.
    assert push({"pipelines": [file]}, tag).status == 412
    wrong = push({"pipelines": [{**file, "text": file["text"].replace("detect: phi", "detect: phy")}]}, '"2"')
    assert wrong.status == 422 and "phy" in wrong.json["mistakes"][0], wrong.body
    diff = gateway.call_as("auditor", "GET", "/policies/2/diff?against=1").json["diff"]
    assert "+" in diff and "(dump|export|list)" in diff and "\x1b" not in diff
    back = gateway.call_as("admin", "POST", "/policies/1/roll-back", {"comment": "too many"}, {"if-match": '"2"'})
    assert back.status == 201 and back.json["version"] == 3 and back.json["comment"] == "roll-back to version 1: too many"
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and "version=3" not in gateway.read_log():
        time.sleep(0.1)
    assert "another policy is in force version=3" in gateway.read_log()
    pushed = [record["data"] for record in gateway.records() if record["data"].get("event") == "policy.pushed"]
    assert [(event["version"], event["by"]) for event in pushed] == [("2", "admin@example.org"), ("3", "admin@example.org")]


def test_evidence_is_read_masked_and_reading_is_on_record(admin):
    gateway = admin(at=1)
    ask(gateway, gateway.keys["developer"])
    sessions = gateway.call_as("auditor", "GET", "/evidence/sessions?person=developer@example.org&kind=SSN").json["sessions"]
    assert len(sessions) == 1
    page = gateway.call_as("auditor", "GET", f"/evidence/sessions/{sessions[0]['id']}?limit=1").json
    assert len(page["records"]) == 1 and page["next"]
    rest = gateway.call_as("auditor", "GET", f"/evidence/sessions/{sessions[0]['id']}?from={page['next']}")
    assert rest.json["records"] and b"078-05-1120" not in rest.body
    record = gateway.call_as("auditor", "GET", f"/evidence/records/{page['next']}").json
    assert record == rest.json["records"][0]
    assert gateway.call_as("auditor", "GET", "/evidence/records/999999").status == 404
    log = gateway.call_as("admin", "GET", "/evidence/log").json
    assert log["state"] == "open" and log["size"] >= log["durable-size"] > 0
    time.sleep(1)
    read = [record["data"] for record in gateway.records() if record["data"].get("event") == "evidence.read"]
    assert read and {event["by"] for event in read} == {"auditor@example.org"}


def test_plugins_and_version(admin):
    gateway = admin()
    assert {plugin["stage"] for plugin in gateway.call_as("admin", "GET", "/plugins").json["plugins"]} >= {"detect/phi", "gate/threshold"}
    assert gateway.call_as("developer", "GET", "/version").json["api"] == "v1"


def test_hostile_calls_are_refused_and_nothing_breaks(admin):
    gateway = admin()
    key = gateway.keys["admin"]
    assert gateway.call("POST", "/keys", key, b'{"subject":"' + b"a" * 70_000 + b'"}').status == 413
    assert gateway.call("POST", "/policies", key, b'{"comment":"' + b"a" * (1 << 20) + b'"}', {"if-match": '"1"'}).status == 413
    assert gateway.call("POST", "/keys", key, b"{}", {"content-type": "text/plain"}).status == 415
    assert gateway.call("POST", "/keys", key, b"[" * 5_000).status == 400
    assert gateway.call("POST", "/keys", key, {"subject": "a", "admin": True}).status == 400
    assert gateway.call("POST", "/keys", key, {"subject": "a\nb"}).status == 400
    assert gateway.call("POST", "/keys", key, {"subject": "a", "groups": ["x,platform"]}).status == 400
    for query in ("state=all", "limit=0", "limit=x", "cursor=1", "cursor=1.apr_'", "state=pending&state=denied", "x=1", "%FF=1"):
        assert gateway.call_as("approver", "GET", "/approvals?" + query).status == 400, query
    for item in ("apr_' OR 1=1--", "apr_%00000000", "%2e%2e%2fkeys", "a" * 5_000):
        answer = gateway.call_as("approver", "GET", "/approvals/" + item.replace(" ", "%20"))
        assert answer.status == 404, item
    for text in (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x00", b"GET /api/v1/me HTTP/1.1\r\nhost: a\r\n" + b"x: y\r\n" * 5_000 + b"\r\n"):
        with socket.create_connection(("127.0.0.1", gateway.admin_port), timeout=5) as raw:
            raw.sendall(text)
            raw.settimeout(2)
            try:
                raw.recv(100)
            except OSError:
                pass
    # Two fields or another scheme are no key.
    assert gateway.call("GET", "/me", headers={"authorization": "Basic " + key}).status == 401
    assert gateway.call("GET", "/me", headers={"cookie": "key=" + key}).status == 401
    assert gateway.call("GET", "/health").status == 200
    assert key not in gateway.read_log()
    gateway.stop()


@pytest.mark.parametrize("address", ["0.0.0.0:{}", "192.0.2.1:{}", "127.0.0.1.example.org:{}", "[::]:{}"])
def test_keys_do_not_travel_in_the_clear(tmp_path, address):
    done = subprocess.run(
        [SLUICE, "serve", "--listen", "127.0.0.1:0", "--admin", address.format(free_port()), "--data", tmp_path / "data"],
        capture_output=True, text=True)
    assert done.returncode == 64 and "in the clear" in done.stderr


def test_a_policys_author_sends_no_secret_elsewhere(admin):
    """Whoever pushes over the API is not whoever runs the installation: its settings say to which hosts a secret goes."""
    gateway = admin()
    gateway.stop()
    here = f"http://127.0.0.1:{gateway.upstream.port}"
    with open(gateway.data / "sluice.yaml", "a") as settings:
        settings.write(f"secrets: {{ model: {{ from: 'env:TEST_CREDENTIAL', hosts: ['{here}'] }} }}\n")
    (gateway.files / "one.yaml").write_text(gateway.text.replace("env:TEST_CREDENTIAL", "secret:model"))
    gateway.run("policy", "push", gateway.files, "--data", gateway.data)
    gateway.start()
    file = gateway.call_as("admin", "GET", "/policies/2").json["files"][0]
    for old, new, words in ((here, "https://evil.example", "is not for evil.example"),
                            ("secret:model", "env:TEST_CREDENTIAL", "no credential by its place")):
        refused = gateway.call_as("admin", "POST", "/policies", {"pipelines": [{**file, "text": file["text"].replace(old, new)}]}, {"if-match": '"2"'})
        assert refused.status == 422 and words in refused.json["mistakes"][0], refused.body
    # Nor by going back to a version from before.
    back = gateway.call_as("admin", "POST", "/policies/1/roll-back", {"comment": ""}, {"if-match": '"2"'})
    assert back.status == 422, back.body
    assert gateway.call_as("admin", "GET", "/policies").json["policies"][0]["version"] == 2
