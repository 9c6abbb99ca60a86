"""The provider's credential: from where it is kept, taken up anew without a restart, and nowhere to be seen."""
import http.server
import json
import os
import pathlib
import subprocess
import threading
import time

import pytest
from identity_gateway import ROOT, SLUICE, Gateway
from vault_stand_in import Vault

PIPELINE = """
pipeline: test
listen: /openai
protocol: openai
upstream: {{ url: "http://127.0.0.1:{upstream}", credential: "{credential}" }}
stages:
{authenticate}
  - detect: phi
  - mask: phi
  - sink: file
    with: {{ directory: {evidence} }}
"""


class Model:
    """An upstream that knows which key is good."""

    def __init__(self):
        outer = self
        self.good, self.seen = None, []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.seen.append(self.headers.get("authorization", ""))
                is_good = outer.good is None or self.headers.get("authorization") == f"Bearer {outer.good}"
                body = b'{"object":"list","data":[]}' if is_good else b'{"error":{"message":"no","code":"invalid_api_key"}}'
                self.send_response(200 if is_good else 401)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def model():
    server = Model()
    yield server
    server.close()


@pytest.fixture
def vault():
    server = Vault()
    yield server
    server.close()
    assert server.wrong == []


@pytest.fixture
def serve(tmp_path, model, monkeypatch):
    made = []

    def make(credential, settings="", environment=None):
        folder = tmp_path / f"gateway-{len(made)}"
        folder.mkdir()
        (folder / "sluice.yaml").write_text(settings or "{}")
        monkeypatch.setattr("identity_gateway.PIPELINE", PIPELINE.replace("{credential}", credential))
        for name, value in (environment or {}).items():
            monkeypatch.setenv(name, value)
        gateway = Gateway(folder, model, "  - authenticate: keys", options=["--settings", folder / "sluice.yaml"])
        done = subprocess.run([SLUICE, "keys", "create", "--subject", "ana", "--data", gateway.data], capture_output=True, text=True)
        gateway.key = done.stdout.strip()
        made.append(gateway)
        return gateway

    yield make
    for gateway in made:
        gateway.process.kill()
        gateway.process.wait()


def until(condition, seconds):
    began = time.time()
    while not condition():
        assert time.time() - began < seconds, "it did not happen in time"
        time.sleep(0.1)
    return time.time() - began


def sends(gateway, model, secret):
    return gateway.ask(gateway.key)[0] == 200 and model.seen[-1] == f"Bearer {secret}"


def place(tmp_path, kind, text):
    file = tmp_path / kind
    file.write_text(text)
    return file


FAST = "credentials: { refresh: 1s, keep: 3s }\n"


def test_a_file_that_changes(serve, model, tmp_path):
    file = place(tmp_path, "key", "sk-one\n")
    gateway = serve(f"file:{file}", FAST)
    assert sends(gateway, model, "sk-one")
    file.write_text("sk-two\n")
    until(lambda: sends(gateway, model, "sk-two"), 5)


def test_after_an_answer_of_401_it_is_read_again(serve, model, tmp_path):
    """Five minutes are between two reads; the upstream's word brings the next one forward."""
    file = place(tmp_path, "key", "sk-one")
    gateway = serve(f"file:{file}")
    model.good = "sk-one"
    assert sends(gateway, model, "sk-one")
    model.good = "sk-two"
    file.write_text("sk-two")
    assert gateway.ask(gateway.key)[0] == 401
    until(lambda: gateway.ask(gateway.key)[0] == 200, 12)


def test_a_command_gets_nothing_and_may_fail_for_a_while(serve, model, tmp_path):
    source = place(tmp_path, "key", "sk-one")
    script = place(tmp_path, "get", f"#!/bin/sh\nenv > {tmp_path}/environment\ncat {source}\n")
    script.chmod(0o700)
    gateway = serve("secret:openai", f"secrets: {{ openai: 'command:{script} --for sluice' }}\n" + FAST, {"OTHER_SECRET": "hunter2"})
    assert sends(gateway, model, "sk-one")
    assert "hunter2" not in (tmp_path / "environment").read_text() and "PATH=" in (tmp_path / "environment").read_text()
    source.write_text("sk-two")
    until(lambda: sends(gateway, model, "sk-two"), 5)
    source.unlink()
    time.sleep(2)
    assert sends(gateway, model, "sk-two"), "the last good one goes on"
    # refresh + keep are four seconds: then requests are refused, and none goes out with a credential nobody vouches for.
    until(lambda: gateway.ask(gateway.key)[0] == 503, 8)
    before = len(model.seen)
    status, text = gateway.request(headers={"authorization": f"Bearer {gateway.key}"})
    assert status == 503 and json.loads(text)["error"]["code"] == "credential_unavailable" and len(model.seen) == before
    source.write_text("sk-three")
    until(lambda: sends(gateway, model, "sk-three"), 20)


def test_vault_by_token(serve, model, vault, tmp_path):
    token = place(tmp_path, "token", vault.issue() + "\n")
    gateway = serve(
        "secret:openai",
        f"secrets: {{ openai: 'vault:secret/ai/openai#api_key' }}\nvault: {{ address: '{vault.address}', token: 'file:{token}' }}\n" + FAST)
    assert sends(gateway, model, "sk-first")
    assert ("GET", "/v1/secret/data/ai/openai") in vault.calls
    vault.values["secret/ai/openai"]["api_key"] = "sk-second"
    until(lambda: sends(gateway, model, "sk-second"), 5)
    # Whoever looks after the token gives another; the old one is revoked.
    vault.tokens.clear()
    token.write_text(vault.issue())
    vault.values["secret/ai/openai"]["api_key"] = "sk-third"
    until(lambda: sends(gateway, model, "sk-third"), 8)


def test_vault_by_approle_in_a_namespace(serve, model, tmp_path):
    vault = Vault(namespace="team-a")
    vault.lease = 4
    role, secret = place(tmp_path, "role", "role-1"), place(tmp_path, "secret", "shh-1")
    try:
        gateway = serve(
            "secret:openai",
            f"secrets: {{ openai: 'vault:secret/ai/openai#api_key' }}\nvault: {{ address: '{vault.address}', namespace: team-a, "
            f"role-id: 'file:{role}', secret-id: 'file:{secret}' }}\n" + FAST)
        assert sends(gateway, model, "sk-first")
        time.sleep(7)
        # Renewed in time, not asked for anew.
        assert vault.count("/v1/auth/token/renew-self") >= 2 and vault.count("/v1/auth/approle/login") == 1
        # Revoked: it logs in again, at once.
        vault.tokens.clear()
        vault.values["secret/ai/openai"]["api_key"] = "sk-second"
        until(lambda: sends(gateway, model, "sk-second"), 5)
        assert vault.count("/v1/auth/approle/login") == 2 and vault.wrong == []
        log = gateway.read_log()
        assert "sk-" not in log and "shh-1" not in log and "hvs." not in log
    finally:
        vault.close()


AWAY = {
    "sealed": ((503, {"errors": ["Vault is sealed"]}), "sealed"),
    "quota": ((429, {"errors": ["request path kv: rate limit quota exceeded"]}), "429"),
    "forbidden": ((403, {"errors": ["permission denied"]}), "403"),
    "broken": ((500, {"errors": ["internal error"]}), "500"),
    "another shape": ((200, {"data": {"api_key": "v1 of KV"}}), "version 2"),
    "elsewhere": ((307, {}), "points elsewhere"),
}


@pytest.mark.parametrize("name", AWAY)
def test_vault_is_away(serve, model, vault, tmp_path, name):
    token = place(tmp_path, "token", vault.issue())
    gateway = serve(
        "secret:openai",
        f"secrets: {{ openai: 'vault:secret/ai/openai#api_key' }}\nvault: {{ address: '{vault.address}', token: 'file:{token}' }}\n" + FAST)
    assert sends(gateway, model, "sk-first")
    vault.broken, words = AWAY[name]
    until(lambda: words in gateway.read_log(), 5)
    assert sends(gateway, model, "sk-first"), "the last good one goes on"
    until(lambda: gateway.ask(gateway.key)[0] == 503, 10)
    vault.broken = None
    until(lambda: sends(gateway, model, "sk-first"), 20)
    assert "sk-first" not in gateway.read_log() and "hvs." not in gateway.read_log()


NOT_THERE = {
    "a path": ("vault:secret/ai/other#api_key", "no such secret"),
    "a field": ("vault:secret/ai/openai#apikey", "has no text 'apikey'"),
}


@pytest.mark.parametrize("name", NOT_THERE)
def test_what_vault_does_not_have_is_a_mistake_at_start(vault, tmp_path, model, name):
    token = place(tmp_path, "token", vault.issue())
    where, words = NOT_THERE[name]
    done = start(tmp_path, model, "secret:openai", f"secrets: {{ openai: '{where}' }}\nvault: {{ address: '{vault.address}', token: 'file:{token}' }}")
    assert done.returncode == 1 and words in done.stderr and "pipeline.yaml:5:" in done.stderr and "sk-first" not in done.stderr


def start(folder, model, credential, settings):
    """A gateway that must not start."""
    (folder / "sluice.yaml").write_text(settings)
    (folder / "pipeline.yaml").write_text(
        PIPELINE.format(upstream=model.port, credential=credential, authenticate="  - authenticate: keys", evidence=folder / "evidence"))
    return subprocess.run([SLUICE, "serve", folder / "pipeline.yaml", "--listen", "127.0.0.1:0", "--data", folder / "data",
                           "--settings", folder / "sluice.yaml"], capture_output=True, text=True, timeout=30)


MISTAKES = {
    "secrets: { openai: sk-hunter2 }": "names no place to read a secret from",
    "secrets: { Open_AI: 'env:A' }": "no name of a secret",
    "secrets: { openai: 'command:pass show' }": "names no place to read a secret from",
    "secrets: { openai: 'vault:secret/ai#key' }": "settings name none",
    "vault: { address: 'http://vault.example.org:8200', token: 'env:T' }": "no address of a Vault",
    "vault: { address: 'https://vault.example.org:8200' }": "who asks Vault",
    "vault: { address: 'https://vault.example.org:8200', token: hvs.hunter2 }": "names no place to read it from",
    "vault: { address: 'https://vault.example.org:8200', token: 'vault:a/b#c' }": "names no place to read it from",
    "credentials: { refresh: 1ms }": "'refresh'",
    "{}": "has no secret 'openai'",
}


@pytest.mark.parametrize("settings", MISTAKES)
def test_mistakes_are_explained_and_not_repeated(tmp_path, model, settings):
    done = start(tmp_path, model, "secret:openai", settings)
    assert done.returncode == 1 and MISTAKES[settings] in done.stderr, done.stderr
    assert "hunter2" not in done.stderr


def test_the_credential_is_nowhere_to_be_seen(serve, model, tmp_path):
    file = place(tmp_path, "key", "sk-canary-4711")
    gateway = serve(f"file:{file}", FAST, {"OPENAI_OTHER": "sk-canary-4712"})
    for _ in range(3):
        assert sends(gateway, model, "sk-canary-4711")
    process = gateway.process.pid
    limits = pathlib.Path(f"/proc/{process}/limits").read_text()
    assert next(line for line in limits.splitlines() if line.startswith("Max core file size")).split()[4:6] == ["0", "0"]
    # PR_SET_DUMPABLE 0 (prctl(2)): the process's own folder is root's.
    if os.geteuid() == 0:
        smaps = pathlib.Path(f"/proc/{process}/smaps").read_text()
        # Memory that is left out of dumps (dd) and locked (lo).
        assert any({"dd", "lo"} <= set(line.split()[1:]) for line in smaps.splitlines() if line.startswith("VmFlags:"))
    gateway.stop()
    for found in gateway.data.parent.rglob("*"):
        if found.is_file():
            assert b"sk-canary" not in found.read_bytes(), found


def test_another_user_may_not_look_into_its_memory(serve, model, tmp_path):
    """As one who is not root: a process of the same user may not, once it is not dumpable."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to become two processes of one other user")
    probe = tmp_path / "probe.py"
    probe.write_text("""
import os, subprocess, sys, time
os.setgid(65534); os.setuid(65534)
child = subprocess.Popen([sys.argv[1], "serve", sys.argv[2], "--listen", "127.0.0.1:0", "--data", sys.argv[3]],
                         stderr=subprocess.PIPE, text=True)
line = next(line for line in child.stderr if "serving" in line)
try:
    open(f"/proc/{child.pid}/mem", "rb").close()
    print("open")
except PermissionError:
    print("refused")
child.terminate()
print(child.wait(40))
""")
    folder = pathlib.Path(subprocess.check_output(["mktemp", "-d", "/tmp/sluice-nobody.XXXXXX"], text=True).strip())
    os.chmod(folder, 0o777)
    pipeline = folder / "pipeline.yaml"
    pipeline.write_text(PIPELINE.format(upstream=model.port, credential="env:PROBE_KEY", authenticate="  - authenticate: keys", evidence=folder / "evidence"))
    try:
        done = subprocess.run(["python3", probe, SLUICE, pipeline, folder / "data"], capture_output=True, text=True, timeout=90,
                              env={"PATH": os.environ["PATH"], "PROBE_KEY": "sk-x", "HOME": "/"}, cwd=ROOT)
        if "Permission denied" in done.stderr and not done.stdout:
            pytest.skip("this checkout is not readable for another user")
        assert done.stdout.split() == ["refused", "0"], done.stderr
    finally:
        subprocess.run(["rm", "-rf", folder])
