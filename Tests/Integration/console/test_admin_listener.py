"""The admin API's own listener: with TLS, beside files, and when its address is taken."""
import json
import signal
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request

from admin_gateway import free_port
from main_gateway import SLUICE
from test_admin_routes import ask


def test_tls_is_the_gateways_and_plain_calls_get_nothing(admin, tmp_path):
    gateway = admin()
    gateway.stop()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", tmp_path / "key.pem", "-out", tmp_path / "chain.pem", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    context = ssl.create_default_context(cafile=tmp_path / "chain.pem")
    port = free_port()
    process = subprocess.Popen(
        [SLUICE, "serve", "--listen", f"127.0.0.1:{free_port()}", "--admin", f"0.0.0.0:{port}", "--data", gateway.data, "--certificate",
         tmp_path / "chain.pem", "--key", tmp_path / "key.pem"], env={"TEST_CREDENTIAL": "x"}, stdout=gateway.log, stderr=gateway.log)
    try:
        request = urllib.request.Request(f"https://localhost:{port}/api/v1/me", headers={"authorization": f"Bearer {gateway.keys['admin']}"})
        for _ in range(200):
            try:
                with urllib.request.urlopen(request, timeout=5, context=context) as answer:
                    assert answer.status == 200 and b"admin@example.org" in answer.read()
                break
            except ConnectionRefusedError:
                time.sleep(0.05)
            except urllib.error.URLError as error:
                assert isinstance(error.reason, ConnectionRefusedError), error
                time.sleep(0.05)
        else:
            raise AssertionError("it was never ready: " + gateway.read_log())
        with socket.create_connection(("127.0.0.1", port), timeout=5) as raw:
            raw.sendall(b"GET /api/v1/health HTTP/1.1\r\nhost: a\r\n\r\n")
            raw.settimeout(3)
            try:
                assert b"HTTP/1.1 200" not in raw.recv(100)
            except OSError:
                pass
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def test_a_gateway_that_serves_files_refuses_pushes(admin):
    gateway = admin()
    file = gateway.call_as("admin", "GET", "/policies/1").json["files"][0]
    gateway.stop()
    gateway.words, gateway.pipeline = [f"--admin=127.0.0.1:{gateway.admin_port}"], gateway.files
    gateway.start()
    for path, body in (("/policies", {"pipelines": [file]}), ("/policies/1/roll-back", {})):
        answer = gateway.call_as("admin", "POST", path, body, {"if-match": '"1"'})
        assert (answer.status, answer.json["code"]) == (409, "serves-files")


def test_an_address_that_is_taken_ends_the_gateway(admin, tmp_path):
    gateway = admin()
    gateway.stop()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = subprocess.run(
            [SLUICE, "serve", "--listen", f"127.0.0.1:{free_port()}", "--admin", f"127.0.0.1:{taken.getsockname()[1]}", "--data", gateway.data],
            env={"TEST_CREDENTIAL": "x"}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and "the admin API can't listen on" in done.stderr, done.stderr


def test_the_gateways_listener_has_nothing_of_it(admin):
    gateway = admin()
    assert gateway.get("/api/v1/health") == 404 and gateway.get("/api/v1/openapi.json") == 404


def test_an_approver_over_tls_and_a_handshake_that_never_comes(admin, tmp_path):
    gateway = admin(at=1)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", tmp_path / "key.pem", "-out", tmp_path / "chain.pem", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    ask(gateway, gateway.keys["developer"])
    gateway.stop()
    port = free_port()
    process = subprocess.Popen(
        [SLUICE, "serve", "--listen", f"127.0.0.1:{free_port()}", "--admin", f"127.0.0.1:{port}", "--data", gateway.data, "--certificate",
         tmp_path / "chain.pem", "--key", tmp_path / "key.pem"], env={"TEST_CREDENTIAL": "x"}, stdout=gateway.log, stderr=gateway.log)
    try:
        def listed(*words):
            return subprocess.run(
                [SLUICE, "approvals", "list", "--json", "--gateway", f"https://localhost:{port}", *words], capture_output=True, text=True, timeout=60,
                env={"HOME": str(tmp_path), "SLUICE_KEY": gateway.keys["approver"]})
        deadline = time.monotonic() + 30
        while (done := listed("--ca", tmp_path / "chain.pem")).returncode != 0:
            assert time.monotonic() < deadline, done.stderr
            time.sleep(0.2)
        assert json.loads(done.stdout)[0]["subject"] == "developer@example.org"
        # A certificate that nobody vouches for gets no key.
        refused = listed()
        assert refused.returncode == 2 and "not trusted" in refused.stderr
        # The time of a head begins with the connection, not with TLS.
        with socket.create_connection(("127.0.0.1", port)) as silent:
            silent.settimeout(30)
            assert silent.recv(100) == b""
    finally:
        process.kill()
        process.wait()
