"""Postgres is stopped and started: whoever calls is told to come again, and nothing is done by halves."""
import os
import pathlib
import queue
import signal
import subprocess
import sys
import time

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "sinks_postgres"))

from postgres_server import PostgresServer  # noqa: E402
from test_admin_events import Listener  # noqa: E402
from test_admin_routes import MAY, ask  # noqa: E402

FREE = {"GET /health", "GET /openapi.json"}


@pytest.fixture
def shared(admin, monkeypatch):
    server = PostgresServer()
    monkeypatch.setenv("SLUICE_STORE", f"postgres://postgres@{server.address}:{server.port}/{server.make_database('console')}")
    gateway = admin()
    yield server, gateway
    gateway.stop()
    server.close()


def call_all(gateway):
    for name, may in MAY.items():
        method, path = name.split(" ")
        role = sorted(may)[0] if may else "admin"
        yield name, gateway.call_as(role, method, path, {} if method == "POST" else None)


def until_answers(gateway, seconds=60):
    deadline = time.monotonic() + seconds
    while gateway.call_as("admin", "GET", "/me").status != 200:
        assert time.monotonic() < deadline, gateway.read_log()
        time.sleep(0.2)


def check_unavailable(name, answer):
    assert answer.status == 503, (name, answer.status, answer.body)
    assert answer.fields["content-type"] == "application/problem+json" and answer.json["code"] == "unavailable", name
    assert int(answer.fields["retry-after"]) > 0, name
    # Nothing of the database's own words.
    assert b"postgres" not in answer.body and b"connection" not in answer.body, (name, answer.body)


def test_every_route_says_when_to_come_again(shared):
    server, gateway = shared
    assert {answer.status for _, answer in call_all(gateway)} <= {200, 400, 404, 415, 422, 428}
    stream = Listener(gateway, gateway.keys["auditor"])
    assert stream.next()[0] == "reset"
    server.stop()
    for name, answer in call_all(gateway):
        if name in FREE:
            assert answer.status == 200, (name, answer.body)
        else:
            check_unavailable(name, answer)
    # Silence must not look like peace.
    found = []
    while not found or found[-1][0] != "end":
        found.append(stream.next(30))
    assert found[-1] == ("end", {"reason": "unavailable"})
    key = {"idempotency-key": "5f2c"}
    check_unavailable("POST /keys", gateway.call_as("admin", "POST", "/keys", {"subject": "ci"}, key))
    server.start()
    until_answers(gateway)
    assert {answer.status for _, answer in call_all(gateway)} <= {200, 400, 404, 415, 422, 428}
    # What was refused was not done.
    assert gateway.call_as("admin", "POST", "/keys", {"subject": "ci"}, key).status == 201
    assert gateway.call_as("admin", "POST", "/keys", {"subject": "ci"}, key).status == 200
    again = Listener(gateway, gateway.keys["auditor"])
    assert again.next()[0] == "reset"


def test_a_database_that_does_not_answer_is_not_waited_for_for_ever(shared):
    server, gateway = shared
    pid = server.process.pid
    children = [int(p) for p in subprocess.run(["ps", "--ppid", str(pid), "-o", "pid="], capture_output=True, text=True).stdout.split()]
    for process in (pid, *children):
        os.kill(process, signal.SIGSTOP)
    try:
        for path in ("/me", "/keys", "/policies"):
            check_unavailable(path, gateway.call_as("admin", "GET", path))
        assert gateway.call("GET", "/openapi.json").status == 200
    finally:
        for process in (*children, pid):
            os.kill(process, signal.SIGCONT)
    until_answers(gateway)


def test_lost_under_load_nothing_but_503_comes(shared):
    import concurrent.futures
    server, gateway = shared
    statuses = queue.Queue()
    deadline = time.monotonic() + 12

    def go_on(number):
        while time.monotonic() < deadline:
            for method, path, role, body in (
                    ("GET", "/keys", "admin", None), ("POST", "/grants", "approver", {
                        "subject": "a", "pipeline": "test", "kinds": ["SSN"], "lifetime-seconds": 60, "comment": "c"}),
                    ("GET", "/approvals", "approver", None), ("POST", "/keys", "admin", {"subject": f"p{number}"})):
                answer = gateway.call_as(role, method, path, body)
                statuses.put((method, path, answer.status))
                assert answer.status != 503 or answer.fields["retry-after"]

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        work = [pool.submit(go_on, number) for number in range(6)]
        time.sleep(2)
        server.kill()
        time.sleep(2)
        server.start()
        for one in work:
            one.result()
    until_answers(gateway)
    seen = set(statuses.queue)
    assert {status for _, _, status in seen} == {200, 201, 503}, seen


def test_what_another_gateway_decides_is_told_here(shared, tmp_path):
    server, gateway = shared
    gateway.text = gateway.text.replace("at: 100,", "at: 1,")
    (gateway.files / "one.yaml").write_text(gateway.text)
    gateway.run("policy", "push", gateway.files, "--data", gateway.data)
    deadline = time.monotonic() + 10
    while "version=2" not in gateway.read_log():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    stream = Listener(gateway, gateway.keys["approver"])
    assert stream.next()[0] == "reset"
    ask(gateway, gateway.keys["developer"])
    waiting = stream.next()[1]
    # At another machine, as the store sees it.
    done = gateway.run("approvals", "approve", waiting["id"], "--data", gateway.data, env={"SLUICE_KEY": gateway.keys["approver"]})
    assert done.returncode == 0
    assert stream.next()[0] == "approval.approved"
