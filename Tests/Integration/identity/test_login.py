"""`sluice login`: people log in with their provider and get a key for their tools, which ends when their access does."""
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import time

import pytest

from canaille_provider import LOGIN_PORT, canaille  # noqa: F401
from device_provider import DeviceProvider
from identity_gateway import SLUICE

TIMES = "check-every: 2s\n  without-provider: 6s\n"


def settings(issuer, more=""):
    return f"""roles:
  approver: [staff]
  admin: [platform]
login:
  issuer: {issuer}
  client-id: sluice
  scopes: [openid, email, groups]
  required-groups: [clinicians]
  {more}"""


@pytest.fixture
def login_gateway(make_gateway, tmp_path):
    def make(issuer, more="", authenticate="  - authenticate: keys"):
        file = tmp_path / "sluice.yaml"
        file.write_text(settings(issuer, more))
        return make_gateway(authenticate, options=["--settings", file])

    return make


@pytest.fixture
def device_provider():
    provider = DeviceProvider()
    yield provider
    provider.close()


class Laptop:
    """Somebody's machine: their own home, and the command line."""

    def __init__(self, folder):
        self.home = folder / "home"
        self.home.mkdir()
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(self.home), "LANG": "C.UTF-8"}

    def start(self, *words, **environment):
        return subprocess.Popen([SLUICE, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                text=True, env={**self.environment, **environment})

    def run(self, *words, **environment):
        done = self.start(*words, **environment)
        output, complaint = done.communicate(timeout=60)
        return done.returncode, output, complaint

    @property
    def file(self):
        return self.home / ".config" / "sluice" / "login.json"

    def log_in_by_browser(self, gateway, provider):
        process = self.start("login", f"http://127.0.0.1:{gateway.port}", "--no-open", "--port", str(LOGIN_PORT), "--json")
        address = ""
        for line in process.stderr:
            if line.strip().startswith("http"):
                address = line.strip()
                break
        page = provider.visit(address)
        output, complaint = process.communicate(timeout=60)
        assert process.returncode == 0, complaint
        return json.loads(output), address, page

    def log_in_by_device(self, gateway, provider, **words):
        process = self.start("login", f"http://127.0.0.1:{gateway.port}", "--device", "--json")
        deadline = time.time() + 20
        while len(provider.devices) == len(provider.granted):
            assert time.time() < deadline and process.poll() is None, process.communicate()
            time.sleep(0.05)
        time.sleep(words.pop("after", 0))
        provider.approve(**words)
        output, complaint = process.communicate(timeout=60)
        return process.returncode, json.loads(output) if output else None, complaint


@pytest.fixture
def laptop(tmp_path):
    return Laptop(tmp_path)


def refused_within(gateway, key, seconds):
    began = time.time()
    while gateway.ask(key)[0] == 200:
        assert time.time() - began < seconds, "the key still works"
        time.sleep(0.1)
    return time.time() - began


def test_with_a_browser(login_gateway, canaille, laptop):  # noqa: F811
    gateway = login_gateway(canaille.issuer)
    answer, address, page = laptop.log_in_by_browser(gateway, canaille)
    assert "code_challenge_method=S256" in address and "logged in" in page
    assert answer["subject"] == "ana" and sorted(answer["groups"]) == ["clinicians", "staff"] and answer["checked"] is True
    assert 11.9 * 3600 < answer["expires"] - time.time() <= 12 * 3600
    assert gateway.ask(answer["key"]) == (200, "")
    assert gateway.ask(answer["key"], "x-api-key") == (200, "")
    # Kept for its owner alone, and printed for tools.
    assert laptop.file.stat().st_mode & 0o777 == 0o600 and laptop.file.parent.stat().st_mode & 0o777 == 0o700
    assert laptop.run("login", "--print-key")[:2] == (0, answer["key"] + "\n")
    code, output, _ = laptop.run("whoami", "--json")
    me = json.loads(output)
    assert code == 0 and me["roles"] == ["developer", "approver"] and me["established"] == "login" and me["id"] == answer["id"]
    assert me["pipelines"] == [{"listen": "/openai", "name": "test", "protocol": "openai"}]
    code, output, _ = laptop.run("logout")
    assert code == 0 and not laptop.file.exists()
    assert refused_within(gateway, answer["key"], 3) < 3
    assert laptop.run("whoami")[0] == 1
    assert laptop.run("logout")[0] == 0
    gateway.stop()
    events = [r["data"] for r in gateway.records() if r["type"] == "administration"]
    assert [e["event"] for e in events] == ["login.began", "login.ended"] and events[1]["reason"] == "logged out"
    request = next(r for r in gateway.records() if r["type"] == "request")["data"]["principal"]
    assert request["subject"] == "ana" and request["credential"] == answer["id"]


def test_no_token_of_the_providers_is_on_the_laptop_or_open_in_the_store(login_gateway, canaille, laptop):  # noqa: F811
    gateway = login_gateway(canaille.issuer)
    answer, _, _ = laptop.log_in_by_browser(gateway, canaille)
    with canaille.app.app_context():
        from canaille.app import models
        from canaille.backends import Backend
        tokens = Backend.instance.query(models.Token)
        secrets = [t for token in tokens for t in (token.access_token, token.refresh_token) if t]
    assert len(secrets) >= 2
    gateway.stop()
    for file in [*laptop.home.rglob("*"), *gateway.data.parent.rglob("*")]:
        if file.is_file():
            text = file.read_bytes()
            assert not any(secret.encode() in text for secret in secrets), file
            if laptop.home not in file.parents:
                assert answer["key"].encode() not in text, file


def test_who_leaves_a_group_is_out_within_the_stated_time(login_gateway, canaille, laptop):  # noqa: F811
    """`check-every: 2s`: the provider is asked so often, and its word is taken at once."""
    gateway = login_gateway(canaille.issuer, TIMES)
    answer, _, _ = laptop.log_in_by_browser(gateway, canaille)
    time.sleep(5)
    assert gateway.ask(answer["key"]) == (200, ""), "a key whose person may come in lives on beyond its lease"
    canaille.leave("clinicians")
    try:
        assert refused_within(gateway, answer["key"], 6) < 6
    finally:
        canaille.join("clinicians")
    # It does not come back by itself.
    time.sleep(3)
    assert gateway.ask(answer["key"])[0] == 401
    assert laptop.run("login", "--print-key", "--no-open", "--port", str(gateway.port))[0] == 2, "it would have to log in again"
    gateway.stop()
    ended = [r["data"] for r in gateway.records() if r["type"] == "administration"][-1]
    assert ended["event"] == "login.ended" and ended["reason"] == "none of their groups may come in"


def test_other_groups_are_taken_up(login_gateway, canaille, laptop):  # noqa: F811
    gateway = login_gateway(canaille.issuer, TIMES)
    laptop.log_in_by_browser(gateway, canaille)
    canaille.leave("staff")
    try:
        deadline = time.time() + 8
        while json.loads(laptop.run("whoami", "--json")[1])["roles"] != ["developer"]:
            assert time.time() < deadline
            time.sleep(0.3)
    finally:
        canaille.join("staff")


def test_keys_of_the_provider_are_rotated_while_it_runs(login_gateway, canaille, laptop):  # noqa: F811
    gateway = login_gateway(canaille.issuer)
    laptop.log_in_by_browser(gateway, canaille)
    canaille.rotate(keep_old=False)
    time.sleep(10.5)  # an unknown key is not looked up earlier
    answer, _, _ = laptop.log_in_by_browser(gateway, canaille)
    assert gateway.ask(answer["key"]) == (200, "")


def test_a_page_without_the_state_gets_nothing(login_gateway, canaille, laptop):  # noqa: F811
    """Another page on the machine calls the address that the browser comes back to."""
    import httpx
    gateway = login_gateway(canaille.issuer)
    process = laptop.start("login", f"http://127.0.0.1:{gateway.port}", "--no-open", "--port", str(LOGIN_PORT), "--json")
    address = next(line.strip() for line in process.stderr if line.strip().startswith("http"))
    back = f"http://127.0.0.1:{LOGIN_PORT}/callback"
    for query in ["?code=evil", "?code=evil&state=guess", "?error=x", "?state=a&state=b&code=c", "?%zz"]:
        assert httpx.get(back + query).status_code == 404
    assert process.poll() is None
    canaille.visit(address)
    assert process.wait(30) == 0


def test_a_code_is_worth_nothing_without_its_verifier(login_gateway, canaille, laptop):  # noqa: F811
    import base64
    import hashlib
    from urllib.parse import parse_qs, urlencode, urlsplit

    import httpx
    gateway = login_gateway(canaille.issuer)
    redirect = f"http://127.0.0.1:{LOGIN_PORT}/callback"

    used = {}

    def code(verifier="v" * 43):
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = urlencode(dict(response_type="code", client_id="sluice", redirect_uri=redirect, scope="openid groups", state="s",
                               nonce=f"{len(used):043}", code_challenge=challenge, code_challenge_method="S256"))
        with httpx.Client() as http:
            back = canaille.follow(http, http.get(f"{canaille.issuer}/oauth/authorize?{query}"), redirect)
        made = parse_qs(urlsplit(back).query)["code"][0]
        used[made] = f"{len(used):043}"
        return made

    def exchange(**fields):
        body = {"code_verifier": "v" * 43, "nonce": used[fields["code"]], "redirect_uri": redirect, **fields}
        answer = httpx.post(f"http://127.0.0.1:{gateway.port}/api/v1/login/exchange", json=body)
        return answer.status_code, answer.json()["error"] if answer.status_code != 200 else "", answer

    used["made-up"] = "n" * 43
    for wrong in [dict(redirect_uri="http://evil.example/callback"), dict(redirect_uri="http://127.0.0.1.evil.example/callback"),
                  dict(redirect_uri="http://localhost/callback"), dict(code_verifier="short"), dict(code="a b")]:
        used[wrong.get("code", "made-up")] = "n" * 43
        assert exchange(**{"code": "made-up", **wrong})[:2] == (400, "invalid_request")
    assert exchange(code=code(), nonce="m" * 43)[0] == 502
    good = code()
    status, _, answer = exchange(code=good)
    assert status == 200 and answer.headers["cache-control"] == "no-store"
    # Twice: the provider has to say no.
    assert exchange(code=good)[:2] == (400, "invalid_grant")
    assert exchange(code=code(), code_verifier="w" * 43)[:2] == (400, "invalid_grant")
    # Canaille takes a code that is left over for the next one of the same client.
    canaille.forget_codes()


def test_with_a_device(login_gateway, device_provider, laptop, tmp_path):
    secret = tmp_path / "client-secret"
    secret.write_text("kept & quiet/1\n")
    gateway = login_gateway(device_provider.issuer, f"client-secret: file:{secret}\n  {TIMES}")
    code, answer, complaint = laptop.log_in_by_device(gateway, device_provider, after=2.5)
    assert code == 0 and answer["subject"] == "ana", complaint
    assert device_provider.calls.count("urn:ietf:params:oauth:grant-type:device_code") >= 2, "it polls"
    assert gateway.ask(answer["key"]) == (200, "")
    # Refreshed with a token that changes each time; two uses of one would end it.
    time.sleep(7)
    assert device_provider.calls.count("refresh_token") >= 2 and gateway.ask(answer["key"]) == (200, "")
    # Taken out of the provider.
    device_provider.groups.pop("ana")
    assert refused_within(gateway, answer["key"], 6) < 6
    assert "invalid_grant" in gateway.read_log() or "invalid_request" in gateway.read_log()
    assert "kept & quiet" not in gateway.read_log()


def test_whose_subject_has_a_prefix(login_gateway, device_provider, laptop, tmp_path):
    secret = tmp_path / "client-secret"
    secret.write_text("kept & quiet/1\n")
    gateway = login_gateway(device_provider.issuer, f"client-secret: file:{secret}\n  subject-prefix: 'care:'\n  {TIMES}")
    code, answer, complaint = laptop.log_in_by_device(gateway, device_provider)
    assert code == 0 and answer["subject"] == "care:ana", complaint
    # And is known again when the provider is asked, who knows nothing of it.
    deadline = time.time() + 12
    while device_provider.calls.count("refresh_token") < 2:
        assert time.time() < deadline
        time.sleep(0.2)
    assert gateway.ask(answer["key"]) == (200, "") and "login-ended" not in gateway.read_log()


def test_a_device_that_is_denied(login_gateway, device_provider, laptop, tmp_path):
    secret = tmp_path / "client-secret"
    secret.write_text("kept & quiet/1\n")
    gateway = login_gateway(device_provider.issuer, f"client-secret: file:{secret}")
    code, _, complaint = laptop.log_in_by_device(gateway, device_provider, yes=False)
    assert code == 1 and "access_denied" in complaint and not laptop.file.exists()


def test_who_is_in_no_group_gets_no_key(login_gateway, device_provider, laptop, tmp_path):
    secret = tmp_path / "client-secret"
    secret.write_text("kept & quiet/1\n")
    device_provider.groups["bo"] = ["visitors"]
    gateway = login_gateway(device_provider.issuer, f"client-secret: file:{secret}")
    code, _, complaint = laptop.log_in_by_device(gateway, device_provider, user="bo")
    assert code == 1 and "none of your groups" in complaint
    assert sqlite3.connect(gateway.data / "sluice.db").execute("SELECT count(*) FROM keys").fetchone() == (0,)
    # What would have asked the provider about them is not left good there.
    assert device_provider.tokens and device_provider.calls[-1] == "revoke" and all(t.is_revoked() for t in device_provider.tokens)


def test_keys_outlive_a_providers_absence_for_the_stated_time_alone(login_gateway, device_provider, laptop, tmp_path):
    """`check-every: 2s` and `without-provider: 6s`: eight seconds after the last good answer it is over."""
    secret = tmp_path / "client-secret"
    secret.write_text("kept & quiet/1\n")
    gateway = login_gateway(device_provider.issuer, f"client-secret: file:{secret}\n  {TIMES}")
    _, answer, _ = laptop.log_in_by_device(gateway, device_provider)
    device_provider.answers_refresh = False
    time.sleep(3)
    assert gateway.ask(answer["key"]) == (200, ""), "a provider that is away ends nothing at once"
    assert refused_within(gateway, answer["key"], 8) < 8


def test_a_provider_that_has_just_rotated_its_keys_ends_nobody(login_gateway, device_provider, laptop, tmp_path):
    """A key that was not there a moment ago is not looked up for ten seconds; and each refresh gives another refresh token."""
    secret = tmp_path / "client-secret"
    secret.write_text("kept & quiet/1\n")
    gateway = login_gateway(device_provider.issuer, f"client-secret: file:{secret}\n  check-every: 2s\n  without-provider: 60s\n")
    _, answer, _ = laptop.log_in_by_device(gateway, device_provider)
    device_provider.rotate()
    deadline = time.time() + 10
    while "login-unchecked" not in gateway.read_log():
        assert time.time() < deadline, "it was not asked, or believed a key that it does not know"
        time.sleep(0.1)
    before = device_provider.calls.count("refresh_token")
    assert before >= 1 and gateway.ask(answer["key"]) == (200, "")
    # Asked again with the newest refresh token, under the newest key: two more, so that the first was believed.
    deadline = time.time() + 40
    while device_provider.calls.count("refresh_token") < before + 2:
        assert time.time() < deadline and gateway.ask(answer["key"]) == (200, ""), gateway.read_log()
        time.sleep(0.3)
    assert gateway.ask(answer["key"]) == (200, "") and "login-ended" not in gateway.read_log()


def test_log_out_is_told_to_the_provider(login_gateway, device_provider, laptop, tmp_path):
    secret = tmp_path / "client-secret"
    secret.write_text("kept & quiet/1\n")
    gateway = login_gateway(device_provider.issuer, f"client-secret: file:{secret}")
    laptop.log_in_by_device(gateway, device_provider)
    assert laptop.run("logout")[0] == 0
    assert "revoke" in device_provider.calls and all(t.is_revoked() for t in device_provider.tokens)


def test_the_browser_that_is_named_is_opened(login_gateway, canaille, laptop, tmp_path):  # noqa: F811
    seen = tmp_path / "seen"
    browser = tmp_path / "browser"
    browser.write_text(f"#!{sys.executable}\nimport sys\nopen({str(seen)!r}, 'w').write(sys.argv[1])\n")
    browser.chmod(0o700)
    gateway = login_gateway(canaille.issuer)
    process = laptop.start("login", f"http://127.0.0.1:{gateway.port}", "--port", str(LOGIN_PORT), BROWSER=str(browser))
    deadline = time.time() + 20
    while not seen.exists() or not seen.read_text():
        assert time.time() < deadline
        time.sleep(0.05)
    canaille.visit(seen.read_text())
    output, complaint = process.communicate(timeout=30)
    assert process.returncode == 0, complaint
    # What it tells of tools is what they are given below.
    assert f"OPENAI_BASE_URL=http://127.0.0.1:{gateway.port}/openai/v1" in output and "sk-sluice-" not in output + complaint


def test_the_openai_sdk_with_what_is_printed(login_gateway, canaille, laptop):  # noqa: F811
    gateway = login_gateway(canaille.issuer)
    laptop.log_in_by_browser(gateway, canaille)
    environment = {**laptop.environment, "PATH": f"{SLUICE.parent}:{laptop.environment['PATH']}", "PYTHON": sys.executable}
    script = f"""set -e
export OPENAI_BASE_URL=http://127.0.0.1:{gateway.port}/openai/v1
export OPENAI_API_KEY="$(sluice login --print-key)"
"$PYTHON" -c 'from openai import OpenAI; print(len(OpenAI().models.list().data))'
"""
    done = subprocess.run(["sh", "-c", script], env=environment, capture_output=True, text=True, timeout=90)
    assert (done.returncode, done.stdout) == (0, "0\n"), done.stderr


def test_the_anthropic_sdk_with_what_is_printed(login_gateway, canaille, laptop, upstream, monkeypatch):  # noqa: F811
    import identity_gateway
    monkeypatch.setattr(identity_gateway, "PIPELINE", identity_gateway.PIPELINE.replace("openai", "anthropic"))
    gateway = login_gateway(canaille.issuer)
    laptop.log_in_by_browser(gateway, canaille)
    environment = {**laptop.environment, "PATH": f"{SLUICE.parent}:{laptop.environment['PATH']}", "PYTHON": sys.executable}
    script = f"""set -e
export ANTHROPIC_BASE_URL=http://127.0.0.1:{gateway.port}/anthropic
export ANTHROPIC_API_KEY="$(sluice login --print-key)"
"$PYTHON" -c 'from anthropic import Anthropic; print(len(Anthropic().models.list().data))'
"""
    done = subprocess.run(["sh", "-c", script], env=environment, capture_output=True, text=True, timeout=90)
    assert (done.returncode, done.stdout) == (0, "0\n"), done.stderr
    assert "sk-sluice" not in str(upstream.requests[-1])


def test_calls_that_make_no_sense(login_gateway, canaille):  # noqa: F811
    import httpx
    gateway = login_gateway(canaille.issuer)
    base = f"http://127.0.0.1:{gateway.port}/api/v1"
    assert httpx.get(base + "/login").json()["flows"] == ["browser"]
    assert httpx.post(base + "/login").status_code == 405
    assert httpx.get(base + "/login/other").status_code == 404
    assert httpx.post(base + "/login/device", json={}).status_code == 400
    for body in [b"", b"[]", b"{", b'{"code":1}', b'{"device_code":""}', b'{"code":"a","code":"b"}', b'{"device_code":"a\\nb"}']:
        assert httpx.post(base + "/login/exchange", content=body).status_code == 400, body
    assert httpx.post(base + "/login/exchange", content=b"x" * 20_000).status_code == 413
    for bearer in ["", "sk-sluice-" + "a" * 32, "x" * 300]:
        assert httpx.get(base + "/me", headers={"authorization": f"Bearer {bearer}"} if bearer else {}).status_code == 401
    # Guessing is slow.
    codes = [httpx.get(base + "/me", headers={"authorization": "Bearer sk-sluice-x"}).status_code for _ in range(40)]
    assert 429 in codes


def test_an_installation_without_a_provider(make_gateway, laptop):
    gateway = make_gateway("  - authenticate: keys")
    code, _, complaint = laptop.run("login", f"http://127.0.0.1:{gateway.port}", "--no-open")
    assert code == 1 and "names no OpenID provider" in complaint
    made = subprocess.run([SLUICE, "keys", "create", "--subject", "bo", "--groups", "a,b", "--data", gateway.data],
                          capture_output=True, text=True)
    code, output, _ = laptop.run("whoami", "--gateway", f"http://127.0.0.1:{gateway.port}", "--json", SLUICE_KEY=made.stdout.strip())
    assert code == 0 and json.loads(output)["subject"] == "bo" and json.loads(output)["established"] == "keys"


MISTAKES = {
    "login: { issuer: 'http://idp.example.org', client-id: sluice }": "an issuer is an https address",
    "login: { issuer: 'https://idp.example.org' }": "'client-id' is missing",
    "login: { issuer: 'https://idp.example.org', client-id: sluice, client-secret: hunter2 }": "names no place to read a secret from",
    "login: { issuer: 'https://idp.example.org', client-id: sluice, subject-prefix: 'Care' }": "is no prefix of subjects",
    "login: { issuer: 'https://idp.example.org', client-id: sluice, scopes: [groups] }": "openid",
    "roles: { aprover: [a] }": "did you mean 'approver'",
    "roles: { approver: everybody }": "is no list of texts",
    "role: { approver: [a] }": "did you mean 'roles'",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_mistakes_in_the_settings_are_explained(tmp_path, text):
    file = tmp_path / "sluice.yaml"
    file.write_text(text)
    pipeline = pathlib.Path(__file__).resolve().parents[3] / "pipelines" / "cursor.yaml"
    done = subprocess.run([SLUICE, "serve", pipeline, "--listen", "127.0.0.1:0", "--data", tmp_path / "data", "--settings", file],
                          capture_output=True, text=True, env={**os.environ, "OPENAI_API_KEY": "sk-x"}, timeout=30)
    assert done.returncode == 1 and MISTAKES[text] in done.stderr and "sluice.yaml:1:" in done.stderr
    assert "hunter2" not in done.stderr
